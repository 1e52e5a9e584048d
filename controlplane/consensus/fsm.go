package consensus

import (
	"errors"
	"io"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// fsm is the node as Raft sees it: what every server does by the log alone.
type fsm struct{ *Node }

// errStopped is the answer of a server that cannot go on, to what it was still given.
var errStopped = errors.New("this server has stopped")

// Apply implements raft.FSM. Its answer is nil, store.ErrRefused or errStopped.
func (f fsm) Apply(l *raft.Log) any {
	if f.dead.Load() != nil {
		return errStopped
	}
	e, err := store.DecodeEntry(l.Data)
	if err == nil {
		err = f.replica.Apply(l.Index, e, f.ownBatch(e))
	}
	switch {
	case errors.Is(err, store.ErrRefused):
		return store.ErrRefused
	case err != nil:
		f.fail(err)
		return errStopped
	}
	f.settle(false)
	return nil
}

// ownBatch returns the batch that an entry was made of, if that was here and lately.
func (n *Node) ownBatch(e *store.Entry) *store.Batch {
	n.mu.Lock()
	defer n.mu.Unlock()
	if b := n.own[e.Version()]; b != nil && !e.Open {
		return b.Batch
	}
	return nil
}

// settle tells the callers of what was sent from here, as far as the newest version
// decides it.
func (n *Node) settle(restored bool) {
	now := n.replica.Version()
	type told struct {
		*batch
		fate error
	}
	var room [4]told // as many as are in flight by default
	fates := room[:0]
	n.mu.Lock()
	for v, b := range n.own {
		switch {
		case v.Epoch == now.Epoch && v.Rev <= now.Rev:
			fates = append(fates, told{b, nil})
		case v.Epoch == now.Epoch: // comes later in the log
		case restored: // a snapshot does not tell
			fates = append(fates, told{b, store.ErrUnknownOutcome})
		default: // another epoch is open: it will be refused, if it comes at all
			fates = append(fates, told{b, errAgain})
		}
	}
	n.mu.Unlock()
	for _, t := range fates {
		n.decide(t.batch, t.fate)
	}
}

// Snapshot implements raft.FSM.
func (f fsm) Snapshot() (raft.FSMSnapshot, error) { return snapshot{f.replica.Snapshot()}, nil }

// Restore implements raft.FSM. A snapshot that cannot be read stops this server: Raft
// would go on with an older one.
func (f fsm) Restore(in io.ReadCloser) error {
	err := errors.Join(f.replica.Restore(in), in.Close())
	if err != nil {
		f.fail(err)
		return err
	}
	f.settle(true)
	return nil
}

type snapshot struct{ store.Snapshot }

// Persist implements raft.FSMSnapshot.
func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if _, err := s.WriteTo(sink); err != nil {
		return errors.Join(err, sink.Cancel())
	}
	return sink.Close()
}

// Release implements raft.FSMSnapshot.
func (snapshot) Release() {}
