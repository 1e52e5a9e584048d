// Package benchkit measures updates against Raft alone on the same kind of log, for
// `make bench`. Both sides run in this process, in folders of the caller's choice: they
// should be on the disk that is asked about.
package benchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// Result is what a number of clients got in a time, each asking again when answered.
type Result struct {
	Clients  int
	Rate     float64 // answers a second
	P50, P99 time.Duration
}

// String is a line for people.
func (r Result) String() string {
	return fmt.Sprintf("%d clients: %.0f/s, p50 %v, p99 %v", r.Clients, r.Rate, r.P50, r.P99)
}

// RawApply measures hashicorp/raft's Apply of entries of size bytes: one voter, the log in
// dir, a state machine that does nothing.
func RawApply(dir string, clients, size int, d time.Duration) (Result, error) {
	raw, err := consensus.OpenRaw(dir)
	if err != nil {
		return Result{}, err
	}
	data := make([]byte, size)
	res, err := measure(clients, d, func(int, int) error { return raw.Apply(data) })
	return res, errors.Join(err, raw.Close())
}

// Updates measures Node.Update of one new row with a unique name: one voter, the log in dir.
func Updates(dir string, clients int, d time.Duration) (Result, error) {
	n, err := OpenNode(dir)
	if err != nil {
		return Result{}, err
	}
	res, err := updates(n, clients, d)
	return res, errors.Join(err, n.Close())
}

func updates(n *consensus.Node, clients int, d time.Duration) (Result, error) {
	ctx := context.Background()
	meta := store.Meta{Action: "ImportKeyPair", Actor: "arn:aws:iam::123456789012:root", RequestID: "00000000-0000-0000-0000-000000000000"}
	return measure(clients, d, func(client, i int) error {
		k := model.KeyPair{ID: fmt.Sprintf("key-%08x%09x", client, i), Owned: model.Owned{Account: "123456789012", Region: "bench-1"},
			Name: fmt.Sprint("bench-", client, "-", i), Type: "ed25519", Fingerprint: "TdkWyXWPcrJUOCcU2RFRgpYqn+8e6BMEBcJwCbGzFzE=",
			PublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmZx0Zc9Q6mS0o0c9VJ0Uj7YyqQwKcT1R5yGJ6mZl0w bench"}
		return n.Update(ctx, meta, func(tx *store.Tx) error {
			k.Created = tx.Now()
			return store.KeyPairs.Put(tx, &k)
		})
	})
}

// OpenNode starts a sole voter in an empty folder and waits until it leads.
func OpenNode(dir string) (*consensus.Node, error) {
	return openNode(consensus.Config{Dir: dir})
}

// openNode starts a sole voter with a configuration and waits until it leads.
func openNode(cfg consensus.Config) (*consensus.Node, error) {
	cfg.ID, cfg.Bootstrap, cfg.Logger = "bench", true, slog.New(slog.DiscardHandler)
	n, err := consensus.Open(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := n.AwaitLeader(ctx); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// measure lets clients call ask, with their number and how often they asked before.
func measure(clients int, d time.Duration, ask func(client, i int) error) (Result, error) {
	var wg sync.WaitGroup
	took, failed := make([][]time.Duration, clients), make([]error, clients)
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			for i := 0; time.Since(start) < d; i++ {
				asked := time.Now()
				if failed[c] = ask(c, i); failed[c] != nil {
					return
				}
				took[c] = append(took[c], time.Since(asked))
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	all := slices.Concat(took...)
	if err := errors.Join(failed...); err != nil || len(all) == 0 {
		return Result{}, errors.Join(errors.New("benchkit: no measurement"), err)
	}
	slices.Sort(all)
	return Result{Clients: clients, Rate: float64(len(all)) / elapsed.Seconds(), P50: all[len(all)/2], P99: all[len(all)*99/100]}, nil
}
