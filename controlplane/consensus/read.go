package consensus

import (
	"context"
	"errors"

	"github.com/micacloud/mica/controlplane/store"
)

// ReadIndex returns, on the leader, the number of a version as new as all updates that were
// answered anywhere before the call. A sole voter knows: nobody else can have committed
// anything. Another leader cannot trust that it still leads (an answer to an old heartbeat
// proves nothing), so the question rides on the next entry, if need be an empty one, and
// all that wait share it.
func (n *Node) ReadIndex(ctx context.Context) (int64, error) {
	if n.leads.Load() && n.soleVoter() {
		return n.replica.Version().Rev, nil
	}
	err := n.Update(ctx, store.Meta{}, func(*store.Tx) error { return nil })
	if errors.Is(err, store.ErrUnknownOutcome) {
		err = errors.Join(store.ErrNotLeader, ctx.Err()) // a question has no outcome
	}
	return n.replica.Version().Rev, err
}

// Read implements store.DB. On a follower it asks the leader for its ReadIndex and waits
// until that version is here.
func (n *Node) Read(ctx context.Context) (store.View, error) {
	rev, err := n.ReadIndex(ctx)
	if errors.Is(err, store.ErrNotLeader) && n.cfg.AskLeader != nil && ctx.Err() == nil {
		if leader := n.LeaderServer(); leader.ID != "" && leader.ID != n.cfg.ID {
			rev, err = n.cfg.AskLeader(ctx, leader)
		}
	}
	if err != nil {
		return store.View{}, err
	}
	return n.viewAt(ctx, rev)
}

// viewAt returns a view as new as rev, when there is one.
func (n *Node) viewAt(ctx context.Context, rev int64) (store.View, error) {
	for {
		changed := n.replica.Changed()
		if v := n.replica.View(); v.Version().Rev >= rev {
			return v, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return store.View{}, ctx.Err()
		case <-n.stop:
			return store.View{}, store.ErrNotLeader
		}
	}
}

// Stale implements store.DB.
func (n *Node) Stale() store.View { return n.replica.View() }

// Changed implements store.DB.
func (n *Node) Changed() <-chan struct{} { return n.replica.Changed() }
