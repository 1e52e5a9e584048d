// Package control has the loops that run on the leader alone: what must happen because
// time passes, and what must be there before the first call. What happens because
// somebody asked, or a host reported, is done in that very transaction.
package control

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/loop"
)

// Control runs the loops.
type Control struct {
	DB     store.DB
	Log    *slog.Logger
	Resync time.Duration
	// Ensure makes what every account is to have; it is run at the start and now and then.
	Ensure func(tx *store.Tx) error
	// Fenced reports whether the marked guests of a host have ended for certain, as it has
	// not been heard for its lease and more; nil is never.
	Fenced func(host string) bool
	// Placement is the operator's policy for the hosts.
	Placement schedule.Policy
	// Now is this server's wall clock; nil is time.Now.
	Now func() time.Time
}

// Run works until ctx ends. On a server that is not the leader every step is refused,
// and tried again.
func (c *Control) Run(ctx context.Context) {
	instances := &loop.Loop[string]{
		Name: "instance", Do: c.instance, Keys: c.instances, Resync: c.Resync, Workers: 4, Timeout: 10 * time.Second,
		Backoff: [2]time.Duration{100 * time.Millisecond, 10 * time.Second}, Log: c.Log,
	}
	base := &loop.Loop[string]{
		Name: "accounts", Do: c.ensure, Keys: func() iter.Seq[string] { return one },
		Resync: 10 * c.Resync, Workers: 1, Timeout: 10 * time.Second, Backoff: [2]time.Duration{50 * time.Millisecond, 5 * time.Second}, Log: c.Log,
	}
	lost := &loop.Loop[string]{
		Name: "recovery", Do: c.recover, Keys: c.lost, Resync: c.Resync, Workers: 1, Timeout: 10 * time.Second,
		Backoff: [2]time.Duration{100 * time.Millisecond, 5 * time.Second}, Log: c.Log,
	}
	var all sync.WaitGroup
	moves := &loop.Loop[string]{
		Name: "migration", Do: c.migration, Keys: c.migrations, Resync: c.Resync, Workers: 1, Timeout: 10 * time.Second,
		Backoff: [2]time.Duration{100 * time.Millisecond, 5 * time.Second}, Log: c.Log,
	}
	drains := &loop.Loop[string]{
		Name: "drain", Do: c.evacuate, Keys: c.draining, Resync: c.Resync, Workers: 1, Timeout: 10 * time.Second,
		Backoff: [2]time.Duration{100 * time.Millisecond, 5 * time.Second}, Log: c.Log,
	}
	for _, l := range append(append(c.capacity(), c.network()...), instances, base, lost, moves, drains) {
		all.Go(func() { l.Run(ctx) })
	}
	all.Wait()
}

// instances yields every instance: DueAt says which of them time changes.
func (c *Control) instances() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range store.Instances.List(c.DB.Stale()) {
			if !yield(i.ID) {
				return
			}
		}
	}
}

// instance settles one instance, if it is due.
func (c *Control) instance(ctx context.Context, id string) (time.Duration, error) {
	now := c.now()
	due := lifecycle.DueAt(c.DB.Stale(), id, now)
	if due.IsZero() {
		return 0, nil
	}
	if wait := due.Sub(now); wait > 0 {
		return min(wait, time.Hour), nil
	}
	again := false
	err := c.DB.Update(ctx, store.Meta{Action: "Settle", Actor: "control"}, func(tx *store.Tx) (err error) {
		again, err = lifecycle.Settle(tx, id)
		return err
	})
	if err == nil && again {
		return time.Millisecond, nil
	}
	return 0, err
}

func (c *Control) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Control) ensure(ctx context.Context, _ string) (time.Duration, error) {
	return 0, c.DB.Update(ctx, store.Meta{Action: "EnsureAccounts", Actor: "control"}, func(tx *store.Tx) error {
		cutoff := tx.Now().Add(-24 * time.Hour)
		for t := range store.ClientTokens.List(tx) {
			if t.At.Before(cutoff) {
				if err := store.ClientTokens.Delete(tx, t.ID); err != nil {
					return err
				}
			}
		}
		if err := lifecycle.ForgetReleased(tx); err != nil {
			return err
		}
		return c.Ensure(tx)
	})
}

// RootAccount makes the operator's own account and its access key, from the
// configuration. A changed secret takes effect; other keys stay.
func RootAccount(tx *store.Tx, account, key, secret string) error {
	if store.Accounts.Get(tx, account) == nil {
		if err := store.Accounts.Put(tx, &model.Account{ID: account, Name: "root", Created: tx.Now()}); err != nil {
			return err
		}
	}
	row := model.AccessKey{ID: key, Secret: secret, Account: account, User: "root", Created: tx.Now()}
	if old := store.AccessKeys.Get(tx, key); old != nil {
		if old.Secret == secret && old.Account == account {
			return nil
		}
		row.Created = old.Created
	}
	return store.AccessKeys.Put(tx, &row)
}
