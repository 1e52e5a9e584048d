package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	ec2kit "github.com/micacloud/mica/controlplane/ec2/benchkit"
	"github.com/micacloud/mica/controlplane/lifecycle/benchkit"
	"github.com/micacloud/mica/controlplane/schedule"
)

const seed = 7

// placements returns how many placements a second there are in clouds of two sizes, by
// turns. Both begin as full, and the same is asked of both.
func placements(quick bool, hosts, others int) (ours, baseline float64, err error) {
	clouds := make([]*benchkit.Cloud, 2)
	for i, n := range []int{hosts, others} {
		if clouds[i], err = benchkit.NewCloud(pick(quick, n/50, n), seed, schedule.Policy{}); err != nil {
			return 0, 0, err
		}
	}
	n := pick(quick, 100, 1500) // five rounds leave room in the smaller one
	side := func(c *benchkit.Cloud) func() (time.Duration, error) {
		return func() (time.Duration, error) { return timed(func() error { _, err := c.Place(n); return err }) }
	}
	o, b, err := turns(pick(quick, 1, 5), side(clouds[0]), side(clouds[1]))
	return float64(n) / o, float64(n) / b, err
}

// placementRate compares with a number that the project set itself: it depends on the
// machine, unlike all other comparisons.
func placementRate(hosts int, wanted float64) func(context.Context, bool) (float64, float64, error) {
	return func(_ context.Context, quick bool) (float64, float64, error) {
		rate, _, err := placements(quick, hosts, 1000)
		return rate, wanted, err
	}
}

func placementScale(_ context.Context, quick bool) (float64, float64, error) {
	return placements(quick, 100_000, 1000)
}

func packing(_ context.Context, quick bool) (float64, float64, error) {
	return benchkit.Packing(pick(quick, 1000, 20_000), seed)
}

// many is what a number of instances costs.
type many struct {
	n             int
	each          float64 // bytes
	page          float64 // seconds
	restore, read float64
	err           error
}

// instances measures a number of instances, once in a run of the program.
var instances = func() func(n int) many {
	var mu sync.Mutex
	done := map[int]many{}
	return func(n int) many {
		mu.Lock()
		defer mu.Unlock()
		if _, ok := done[n]; !ok {
			done[n] = measureInstances(n)
		}
		return done[n]
	}
}()

func measureInstances(n int) (m many) {
	m.n = n
	before := ec2kit.Heap()
	c, err := ec2kit.NewCloud(n)
	if err != nil {
		return many{err: err}
	}
	m.each = float64(ec2kit.Heap()-before) / float64(n)
	pages, err := c.Pages(min(21, n/2000))
	if err != nil {
		return many{err: err}
	}
	m.page = median(pages)
	m.err = scratch(func(dir string) error {
		ours, read, bytes, err := c.Restore(dir)
		m.restore, m.read = ours.Seconds(), read.Seconds()
		fmt.Fprintf(os.Stderr, "  %d instances: %.1f KiB each, a page %v, a snapshot of %d MiB read in %v\n", n, m.each/1024, time.Duration(m.page*1e9), bytes>>20, ours)
		return err
	})
	return m
}

func large(quick bool) int { return pick(quick, 4000, 1_000_000) }

func describeScale(_ context.Context, quick bool) (float64, float64, error) {
	few, all := instances(pick(quick, 2000, 10_000)), instances(large(quick))
	if few.err != nil {
		return 0, 0, few.err
	}
	return all.page, few.page, all.err
}

func instanceMemory(_ context.Context, quick bool) (float64, float64, error) {
	m := instances(large(quick))
	return m.each, 1024, m.err
}

func restore(_ context.Context, quick bool) (float64, float64, error) {
	m := instances(large(quick))
	return m.restore, m.read, m.err
}
