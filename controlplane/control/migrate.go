package control

import (
	"context"
	"iter"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/store"
)

// migrations yields the boots that guests move to.
func (c *Control) migrations() iter.Seq[string] {
	return func(yield func(string) bool) {
		for b := range store.Boots.List(c.DB.Stale()) {
			if b.Coming() && !yield(b.ID) {
				return
			}
		}
	}
}

// migration asks for one to be cancelled that is not to be, or takes too long.
func (c *Control) migration(ctx context.Context, id string) (time.Duration, error) {
	v, now := c.DB.Stale(), c.now()
	b := store.Boots.Get(v, id)
	if b == nil {
		return 0, nil
	}
	why, due := lifecycle.MoveDue(v, b, now)
	if why == "" {
		if due.IsZero() {
			return 0, nil
		}
		return due.Sub(now), nil
	}
	return 0, c.DB.Update(ctx, store.Meta{Action: "CancelMigration", Actor: "control"}, func(tx *store.Tx) error {
		b := store.Boots.Get(tx, id)
		if b == nil {
			return nil
		}
		if why, _ := lifecycle.MoveDue(tx, b, tx.Now()); why != "" {
			return lifecycle.CancelMove(tx, b, why)
		}
		return nil
	})
}

// draining yields the hosts that are to be emptied.
func (c *Control) draining() iter.Seq[string] {
	return func(yield func(string) bool) {
		v := c.DB.Stale()
		for h := range store.Hosts.List(v) {
			if lifecycle.Leaving(v, h) && !yield(h.ID) {
				return
			}
		}
	}
}

// evacuate goes on with the emptying of a host.
func (c *Control) evacuate(ctx context.Context, id string) (time.Duration, error) {
	v := c.DB.Stale()
	if h := store.Hosts.Get(v, id); h == nil || !lifecycle.Leaving(v, h) {
		return 0, nil
	}
	return 0, c.DB.Update(ctx, store.Meta{Action: "EvacuateHost", Actor: "control"}, func(tx *store.Tx) error {
		if h := store.Hosts.Get(tx, id); h == nil || !lifecycle.Leaving(tx, h) {
			return nil // it was uncordoned
		}
		_, err := lifecycle.Evacuate(tx, id, c.Placement)
		return err
	})
}
