package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// ErrRefused is every replica's answer to an entry that was not built on its last version.
// Nothing was changed.
var ErrRefused = errors.New("batch refused: it was built on another version of the state")

// state is one version. It is never changed, only followed by another.
type state struct {
	Version
	at int64 // the leaders' clock, never going back
	db *db
}

func (s *state) view() View { return View{s.Version, s.at, s.db, nil} }

// Replica is the state as the log has made it so far. One goroutine, the log's, calls
// Apply and Restore; everything else may be called by any.
type Replica struct {
	committed atomic.Pointer[state]

	mu      sync.Mutex
	changed chan struct{} // closed by the next version, if anybody waits for one
}

// NewReplica returns an empty replica. From now on no table can be defined.
func NewReplica() *Replica {
	r := new(Replica)
	r.committed.Store(&state{db: newDB()})
	return r
}

// Apply makes the next version from the entry at an index of the log. own, if not nil, is
// the Batch that the entry was made of here: its rows are there already. ErrRefused is an
// answer; any other error says that this replica cannot go on, and nothing was changed.
func (r *Replica) Apply(index uint64, e *Entry, own *Batch) error {
	cur := r.committed.Load()
	next := &state{Version: Version{e.Epoch, cur.Rev + 1}, at: max(cur.at, e.At), db: cur.db}
	switch {
	case e.Open:
		next.Epoch = int64(index)
	case cur.Version != e.Parent():
		return ErrRefused
	case own != nil:
		next.db = own.db
	default:
		db, err := replay(cur.db, e)
		if err != nil {
			return err
		}
		next.db = db
	}
	r.publish(next)
	return nil
}

// replay writes the rows of an entry to a copy of db.
func replay(db *db, e *Entry) (*db, error) {
	sets, err := e.Sets()
	if err != nil {
		return nil, err
	}
	w := newWorking(db)
	for _, set := range sets {
		for i := range set.Ops {
			if err := set.Ops[i].do(w, e.Schema); err != nil {
				return nil, err
			}
		}
	}
	return w.commit(), nil
}

// do writes an op's row as it stands in the log: the leader, who made it, has the same
// bytes. One of an older schema is written anew.
func (o *Op) do(w *working, schema int) error {
	row, err := o.Decode(schema)
	if err != nil {
		return err
	}
	k := rowKey{tableNamed(o.Table), o.ID}
	if row == nil {
		w.set(k, w.get(k), nil, nil)
		return nil
	}
	if id := k.t.key(row); id != o.ID || id == "" {
		return fmt.Errorf("store: the row %q of table %s is called %q", id, o.Table, o.ID)
	}
	enc := []byte(o.Row)
	if schema < Schema {
		if enc, err = k.t.encodeRow(nil, row); err != nil {
			return err
		}
	}
	w.set(k, w.get(k), row, enc)
	return nil
}

func (r *Replica) publish(next *state) {
	r.committed.Store(next)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// View returns the newest version.
func (r *Replica) View() View { return r.committed.Load().view() }

// Version returns which version is the newest.
func (r *Replica) Version() Version { return r.committed.Load().Version }

// Changed returns a channel that is closed when there is a newer version than now. Ask for
// it before reading, or a version may be missed.
func (r *Replica) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return r.changed
}
