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

// network are the loops that tend what networks have that lives by itself.
func (c *Control) network() []*loop.Loop[string] {
	make := func(name string, do func(context.Context, string) (time.Duration, error), keys func() iter.Seq[string]) *loop.Loop[string] {
		return &loop.Loop[string]{
			Name: name, Do: do, Keys: keys, Resync: c.Resync, Workers: 1, Timeout: 10 * time.Second,
			Backoff: [2]time.Duration{100 * time.Millisecond, 10 * time.Second}, Log: c.Log,
		}
	}
	return []*loop.Loop[string]{
		make("NAT gateway", c.nat, keysOf(c, store.NATGateways, func(n *model.NATGateway) string { return n.ID })),
		make("VPC peering", c.peering, keysOf(c, store.Peerings, func(p *model.Peering) string { return p.ID })),
	}
}

func keysOf[R any](c *Control, t *store.Table[R], id func(*R) string) func() iter.Seq[string] {
	return func() iter.Seq[string] {
		return func(yield func(string) bool) {
			for row := range t.List(c.DB.Stale()) {
				if !yield(id(row)) {
					return
				}
			}
		}
	}
}

// when runs an update that is due, or says in how long it is.
func (c *Control) when(ctx context.Context, due time.Time, action string, fn func(*store.Tx) error) (time.Duration, error) {
	if due.IsZero() {
		return 0, nil
	}
	if wait := due.Sub(c.now()); wait > 0 {
		return min(wait, time.Hour), nil
	}
	return 0, c.DB.Update(ctx, store.Meta{Action: action, Actor: "control"}, fn)
}

// nat tends one NAT gateway, if it is due.
func (c *Control) nat(ctx context.Context, id string) (time.Duration, error) {
	due := lifecycle.NATDue(c.DB.Stale(), id, c.now())
	return c.when(ctx, due, "TendNATGateway", func(tx *store.Tx) error { return lifecycle.TendNAT(tx, id) })
}

// peering tends one peering, if it is due.
func (c *Control) peering(ctx context.Context, id string) (time.Duration, error) {
	due := lifecycle.PeeringDue(c.DB.Stale(), id)
	return c.when(ctx, due, "TendPeering", func(tx *store.Tx) error { return lifecycle.TendPeering(tx, id) })
}
