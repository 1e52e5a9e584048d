package control

import (
	"context"
	"iter"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/loop"
)

// indexBatch is how many hosts one update brings up to date in the index.
const indexBatch = 500

// one is the key of loops that look at everything at once.
func one(yield func(string) bool) { yield("all") }

// capacity are the loops that keep the scheduler's ground firm.
func (c *Control) capacity() []*loop.Loop[string] {
	return []*loop.Loop[string]{
		{
			Name: "hosts", Do: c.index, Keys: func() iter.Seq[string] { return one },
			Resync: 2 * c.Resync, Workers: 1, Timeout: 10 * time.Second, Backoff: [2]time.Duration{100 * time.Millisecond, 10 * time.Second}, Log: c.Log,
		},
		{
			Name: "capacity reservation", Do: c.reservation, Keys: c.reservations,
			Resync: c.Resync, Workers: 1, Timeout: 10 * time.Second, Backoff: [2]time.Duration{100 * time.Millisecond, 10 * time.Second}, Log: c.Log,
		},
	}
}

// index brings the scheduler's index of hosts up to date with what they are.
func (c *Control) index(ctx context.Context, _ string) (time.Duration, error) {
	v := c.DB.Stale()
	var stale []string
	for h := range store.Hosts.List(v) {
		if !lifecycle.Indexed(v, c.Placement, h.ID) {
			stale = append(stale, h.ID)
		}
	}
	for u := range store.HostUsage.List(v) { // of hosts that are gone
		if store.Hosts.Get(v, u.ID) == nil && u.Room != (model.Room{}) {
			stale = append(stale, u.ID)
		}
	}
	for len(stale) > 0 {
		batch := stale[:min(indexBatch, len(stale))]
		stale = stale[len(batch):]
		err := c.DB.Update(ctx, store.Meta{Action: "IndexHosts", Actor: "control"}, func(tx *store.Tx) error {
			for _, id := range batch {
				if err := lifecycle.Index(tx, c.Placement, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (c *Control) reservations() iter.Seq[string] {
	return func(yield func(string) bool) {
		for r := range store.CapacityReservations.List(c.DB.Stale()) {
			if !yield(r.ID) {
				return
			}
		}
	}
}

// reservation tends one capacity reservation, if it is due.
func (c *Control) reservation(ctx context.Context, id string) (time.Duration, error) {
	now := c.now()
	due := lifecycle.ReservationDue(c.DB.Stale(), id, now)
	if due.IsZero() {
		return 0, nil
	}
	if wait := due.Sub(now); wait > 0 {
		return min(wait, time.Hour), nil
	}
	return 0, c.DB.Update(ctx, store.Meta{Action: "TendReservation", Actor: "control"}, func(tx *store.Tx) error {
		return lifecycle.TendReservation(tx, c.Placement, id)
	})
}
