package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/micacloud/mica/controlplane/consensus/benchkit"
	serverkit "github.com/micacloud/mica/controlplane/server/benchkit"
	"github.com/micacloud/mica/controlplane/wire/wirebench"
	"github.com/micacloud/mica/hostagent/imds/imdsbench"
	"github.com/micacloud/mica/imagestore"
)

// rowSize is about what one ImportKeyPair writes to the log.
const rowSize = 512

func describePage(_ context.Context, quick bool) (float64, float64, error) {
	r, err := wirebench.DescribeInstances(1000, pick(quick, 3, 31))
	return r.Ours.Seconds(), r.Baseline.Seconds(), err
}

func pick[T any](quick bool, short, long T) T {
	if quick {
		return short
	}
	return long
}

// scratch runs fn with a new directory on the disk that the state would be on.
func scratch(fn func(dir string) error) error {
	dir, err := os.MkdirTemp("", "mica-bench-")
	if err != nil {
		return err
	}
	return errors.Join(fn(dir), os.RemoveAll(dir))
}

// kit is one way to write to the log with a number of clients.
type kit func(dir string) (benchkit.Result, error)

// compare runs two kits by turns, each on a log of its own, and returns the medians of a
// figure.
func compare(rounds int, ours, baseline kit, figure func(benchkit.Result) time.Duration) (float64, float64, error) {
	measure := func(do kit) func() (time.Duration, error) {
		return func() (d time.Duration, err error) {
			err = scratch(func(dir string) error {
				r, err := do(dir)
				d = figure(r)
				return err
			})
			return d, err
		}
	}
	return turns(rounds, measure(ours), measure(baseline))
}

func raw(clients int, span time.Duration) kit {
	return func(dir string) (benchkit.Result, error) { return benchkit.RawApply(dir, clients, rowSize, span) }
}

// mutationLatency is one client's: signature, transaction, fsync, answer.
func mutationLatency(_ context.Context, quick bool) (float64, float64, error) {
	ours := func(dir string) (benchkit.Result, error) { return serverkit.Mutations(dir, 1, pick(quick, 200, 6000)) }
	return compare(pick(quick, 1, 7), ours, raw(1, pick(quick, 200*time.Millisecond, time.Second)), func(r benchkit.Result) time.Duration { return r.P50 })
}

// each is the time a client's call takes of the whole: the inverse of the rate.
func each(r benchkit.Result) time.Duration {
	return time.Duration(float64(time.Second) / max(r.Rate, 1e-9))
}

// mutationRate is of transactions in the store, 256 at once.
func mutationRate(_ context.Context, quick bool) (float64, float64, error) {
	span := pick(quick, 200*time.Millisecond, 2*time.Second)
	ours := func(dir string) (benchkit.Result, error) { return benchkit.Updates(dir, 256, span) }
	o, b, err := compare(pick(quick, 1, 5), ours, raw(256, span), each)
	return 1 / o, 1 / b, err
}

// rates compares the rates of two kits.
func rates(quick bool, ours, baseline func(dir string, d time.Duration) (benchkit.Result, error)) (float64, float64, error) {
	span := pick(quick, 200*time.Millisecond, 2*time.Second)
	bound := func(fn func(string, time.Duration) (benchkit.Result, error)) kit {
		return func(dir string) (benchkit.Result, error) { return fn(dir, span) }
	}
	o, b, err := compare(pick(quick, 1, 5), bound(ours), bound(baseline), each)
	return 1 / o, 1 / b, err
}

// clusterRate is mutationRate with three voters that share this machine.
func clusterRate(_ context.Context, quick bool) (float64, float64, error) {
	return rates(quick,
		func(dir string, d time.Duration) (benchkit.Result, error) { return benchkit.Updates3(dir, 256, d) },
		func(dir string, d time.Duration) (benchkit.Result, error) {
			return benchkit.RawApply3(dir, 256, rowSize, d)
		})
}

func groupCommit(_ context.Context, quick bool) (float64, float64, error) {
	side := func(on bool) func(string, time.Duration) (benchkit.Result, error) {
		return func(dir string, d time.Duration) (benchkit.Result, error) { return benchkit.Grouped(dir, on, 256, d) }
	}
	return rates(quick, side(true), side(false))
}

func groupCommitSlow(_ context.Context, quick bool) (float64, float64, error) {
	side := func(on bool) func(string, time.Duration) (benchkit.Result, error) {
		return func(_ string, d time.Duration) (benchkit.Result, error) {
			return benchkit.GroupedSlow(5*time.Millisecond, on, 256, d)
		}
	}
	return rates(quick, side(true), side(false))
}

// requestRate is mutationRate with the clients on the other side of HTTP and SigV4, on the
// same cores.
func requestRate(_ context.Context, quick bool) (float64, float64, error) {
	ours := func(dir string) (benchkit.Result, error) {
		return serverkit.Mutations(dir, 256, pick(quick, 1000, 20000))
	}
	o, b, err := compare(pick(quick, 1, 5), ours, raw(256, pick(quick, 200*time.Millisecond, 2*time.Second)), each)
	return 1 / o, 1 / b, err
}

func metadataRate(ctx context.Context, quick bool) (float64, float64, error) {
	r, err := imdsbench.Run(ctx, pick(quick, time.Second, 8*time.Second))
	return r.Ours, r.Hello, err
}

// rootVolume makes overlays of a 100 GB image (ours) and of a 1 GB one by turns.
func rootVolume(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	err = scratch(func(dir string) error {
		s, err := imagestore.Open(filepath.Join(dir, "store"))
		if err != nil {
			return err
		}
		defer s.Close()
		image := func(size string) (imagestore.Info, error) {
			path := filepath.Join(dir, size+".qcow2")
			if out, err := exec.CommandContext(ctx, "qemu-img", "create", "-q", "-f", "qcow2", path, size).CombinedOutput(); err != nil {
				return imagestore.Info{}, fmt.Errorf("qemu-img: %w: %s", err, out)
			}
			return s.ImportFile(ctx, path, imagestore.Options{Format: imagestore.FormatQcow2})
		}
		large, err := image("100G")
		if err != nil {
			return err
		}
		small, err := image("1G")
		if err != nil {
			return err
		}
		n := 0
		create := func(i imagestore.Info) func() (time.Duration, error) {
			return func() (time.Duration, error) {
				n++
				return timed(func() error {
					_, err := s.CreateRoot(ctx, fmt.Sprintf("vol-%017x", n), i.Digest, 0)
					return err
				})
			}
		}
		ours, baseline, err = turns(pick(quick, 5, 101), create(large), create(small))
		return err
	})
	return ours, baseline, err
}
