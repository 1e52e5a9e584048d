package store

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/micacloud/mica/controlplane/store/tree"
)

var (
	// ErrExists says that a unique key is taken by another row.
	ErrExists = errors.New("already exists")
	// ErrReadOnly says that a write was tried in a transaction that only reads.
	ErrReadOnly = errors.New("transaction is read-only")
)

// ExistsError is the ErrExists of one key.
type ExistsError struct{ Table, Index, Key string }

// Error implements error.
func (e *ExistsError) Error() string {
	return fmt.Sprintf("%s with %s %q: %v", e.Table, e.Index, e.Key, ErrExists)
}

// Is makes an ExistsError an ErrExists.
func (e *ExistsError) Is(target error) bool { return target == ErrExists }

// Reader is what tables are read through: a View or a Tx.
type Reader interface {
	// tree returns a tree as it is before the next write, or, if it is held, for as long as
	// that; hold adds to how many hold it.
	tree(slot int) tree.Tree
	hold(slot, n int)
	get(rowKey) any
	rows() *cache
}

// View reads one version of the state, which never changes. Any number of goroutines
// may use it. The View within a Tx is the Tx's own: it sees the writes, and is good for as
// long.
type View struct {
	version Version
	at      int64
	db      *db
	work    *working // of a Tx that writes
}

func (v View) tree(slot int) tree.Tree {
	if v.work != nil {
		return v.work.tree(slot)
	}
	return v.db.trees[slot]
}

func (v View) hold(slot, n int) {
	if v.work != nil {
		v.work.held[slot] += n
	}
}

func (v View) get(k rowKey) any {
	if v.work != nil {
		return v.work.get(k)
	}
	return v.db.get(k.t, k.id)
}

func (v View) rows() *cache { return v.db.cache }

// Version returns which version of the state this is.
func (v View) Version() Version { return v.version }

// Time returns when the version was made, by the leader's clock, UTC. It never goes
// back from one version to the next.
func (v View) Time() time.Time { return time.Unix(0, v.at).UTC() }

// ReadOnly returns a transaction for handlers that only read: writing fails with
// ErrReadOnly, and Now is now.
func (v View) ReadOnly() *Tx {
	return &Tx{View: v, now: max(v.at, time.Now().UnixNano()), readOnly: true}
}

// Rehearse runs fn on a version of the state as an update would, and drops what it wrote.
// It returns what would have been changed, in the order of the first writes.
func Rehearse(v View, fn func(*Tx) error) ([]Change, error) {
	w := newWorking(v.db)
	tx := newTx(v.version, w, max(v.at, time.Now().UnixNano()))
	if err := protect(fn, tx); err != nil {
		return nil, err
	}
	var out []Change
	for _, c := range tx.effects() {
		out = append(out, Change{c.t.name, c.id, c.before, c.after})
	}
	return out, nil
}

// Tx is what an update sees: the newest state with its own writes. It is good until the
// update's closure returns, and for one goroutine.
type Tx struct {
	View
	now      int64
	readOnly bool
	changes  []change
	at       map[rowKey]int // into changes, once there are many
}

// newTx opens a transaction that writes to a batch at a time.
func newTx(v Version, w *working, at int64) *Tx {
	return &Tx{View: View{v, at, w.db, w}, now: at}
}

// protect runs fn, and makes a panic of it an error: one bad request must not end the
// server, and the transaction is dropped either way.
func protect(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

// Now returns the time of the update, UTC: every replica stores the same one.
func (tx *Tx) Now() time.Time { return time.Unix(0, tx.now).UTC() }

// Change is a row that a transaction wrote. Before and After are pointers to the table's
// row type; Before is nil for a new row, After for a deleted one.
type Change struct {
	Table, ID     string
	Before, After any
}

type rowKey struct {
	t  *table
	id string
}

type change struct {
	rowKey
	before, after any
	encoded       []byte // after's
}

// many is how many changes are searched one by one.
const many = 8

// note remembers a write: each row counts once, with what it was before the first write
// and what it is after the last one.
func (tx *Tx) note(k rowKey, before, after any, encoded []byte) {
	i, found := 0, false
	if tx.at != nil {
		i, found = tx.at[k]
	} else {
		for i = range tx.changes {
			if found = tx.changes[i].rowKey == k; found {
				break
			}
		}
	}
	if found {
		tx.changes[i].after, tx.changes[i].encoded = after, encoded
		return
	}
	tx.changes = append(tx.changes, change{k, before, after, encoded})
	if tx.at == nil && len(tx.changes) > many {
		tx.at = make(map[rowKey]int, 4*many)
		for i := range tx.changes {
			tx.at[tx.changes[i].rowKey] = i
		}
	} else if tx.at != nil {
		tx.at[k] = len(tx.changes) - 1
	}
}

// effects drops the rows that are as absent as they were before.
func (tx *Tx) effects() []change {
	kept := tx.changes[:0]
	for _, c := range tx.changes {
		if c.before != nil || c.after != nil {
			kept = append(kept, c)
		}
	}
	tx.changes, tx.at = kept, nil
	return kept
}

// Put writes a row, new or instead of the one with its key. It returns an ExistsError if
// another row has one of its unique keys. The row is the table's now: what it points to
// must not be changed any more.
func (t *Table[R]) Put(tx *Tx, row *R) error {
	if tx.readOnly {
		return fmt.Errorf("put into %s: %w", t.name, ErrReadOnly)
	}
	id := t.key(row)
	if id == "" {
		return fmt.Errorf("put into %s: the row has no key", t.name)
	}
	k := rowKey{t.table, id}
	for i := range t.indexes {
		x := &t.indexes[i]
		keys := x.keys(row) // of all indexes before anything is written: one may panic
		for i := 0; x.unique && i < len(keys); i++ {
			if owner := tx.work.owner(x, keys[i]); owner != "" && owner != id {
				return &ExistsError{t.name, x.name, keys[i]}
			}
		}
	}
	mine := *row // the caller may go on with its own
	return tx.set(k, tx.work.get(k), &mine)
}

// set writes and remembers that.
func (tx *Tx) set(k rowKey, before, after any) error {
	var encoded []byte
	if after != nil {
		var err error
		if encoded, err = k.t.encodeRow(nil, after); err != nil {
			return err
		}
	}
	tx.work.set(k, before, after, encoded)
	tx.note(k, before, after, encoded)
	return nil
}

// Delete removes the row with a key, if there is one.
func (t *Table[R]) Delete(tx *Tx, id string) error {
	if tx.readOnly {
		return fmt.Errorf("delete from %s: %w", t.name, ErrReadOnly)
	}
	k := rowKey{t.table, id}
	before := tx.work.get(k)
	if before == nil {
		return nil
	}
	return tx.set(k, before, nil)
}
