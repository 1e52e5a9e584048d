package control

import (
	"context"
	"iter"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/store"
)

func (c *Control) fenced(host string) bool { return c.Fenced != nil && c.Fenced(host) }

// lost yields the instances that their hosts have lost.
func (c *Control) lost() iter.Seq[string] {
	return func(yield func(string) bool) {
		v := c.DB.Stale()
		for h := range store.Hosts.List(v) {
			if h.Storage == "" {
				continue // nothing of it can be started elsewhere
			}
			for b := range store.Boots.By(v, "host", h.ID) {
				i := store.Instances.Get(v, b.Instance)
				if i != nil && i.Epoch == b.Epoch && lifecycle.Lost(v, i, c.fenced) && !yield(i.ID) {
					return
				}
			}
		}
	}
}

// recover starts a lost instance elsewhere.
func (c *Control) recover(ctx context.Context, id string) (time.Duration, error) {
	v := c.DB.Stale()
	if i := store.Instances.Get(v, id); i == nil || !lifecycle.Lost(v, i, c.fenced) {
		return 0, nil
	}
	return 0, c.DB.Update(ctx, store.Meta{Action: "RecoverInstance", Actor: "control"}, func(tx *store.Tx) error {
		return lifecycle.Recover(tx, id, c.Placement, c.fenced)
	})
}
