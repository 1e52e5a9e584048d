package store

import (
	"github.com/hashicorp/go-memdb"
)

// working is the state with the writes of one batch so far. A go-memdb transaction is cheap
// to write to as long as nobody reads an index that it has written: reading copies the
// transaction's cache away. So it is one for the whole batch, point reads are answered from
// what is remembered here, and a failed update is undone instead of aborted.
type working struct {
	db     *memdb.MemDB
	base   *memdb.Txn          // before the batch
	write  *memdb.Txn          // with the batch
	tables map[*table]bool     // that the batch has written
	rows   map[rowKey]any      // that the batch has written; nil: deleted
	owners map[ownerKey]string // of unique keys that the batch has written; "": nobody
}

type ownerKey struct {
	t     *table
	index string
	key   string
}

func newWorking(db *memdb.MemDB) *working {
	db = db.Snapshot()
	return &working{
		db: db, base: db.Txn(false), write: db.Txn(true),
		tables: map[*table]bool{}, rows: map[rowKey]any{}, owners: map[ownerKey]string{},
	}
}

// commit ends the batch and returns the state with it.
func (w *working) commit() *memdb.MemDB {
	w.write.Commit()
	return w.db
}

// get returns a row as the batch has it.
func (w *working) get(k rowKey) any {
	if row, ok := w.rows[k]; ok {
		return row
	}
	return first(w.base, k.t.name, primary, k.id)
}

// owner returns the key of the row that has a unique key, "" if none has.
func (w *working) owner(k ownerKey) string {
	if id, ok := w.owners[k]; ok {
		return id
	}
	if row := first(w.base, k.t.name, k.index, k.key); row != nil {
		return k.t.key(row)
	}
	return ""
}

// set replaces what is under a key, before, by after; either may be nil.
func (w *working) set(k rowKey, before, after any) error {
	var err error
	if after != nil {
		err = w.write.Insert(k.t.name, after)
	} else if before != nil {
		err = w.write.Delete(k.t.name, before)
	}
	if err != nil {
		return err
	}
	w.tables[k.t], w.rows[k] = true, after
	for _, x := range k.t.indexes {
		if !x.unique {
			continue
		}
		if before != nil {
			for _, key := range x.keys(before) {
				// Undoing goes row by row: another may have the key already.
				if o := (ownerKey{k.t, x.name, key}); w.owner(o) == k.id {
					w.owners[o] = ""
				}
			}
		}
		if after != nil {
			for _, key := range x.keys(after) {
				w.owners[ownerKey{k.t, x.name, key}] = k.id
			}
		}
	}
	return nil
}

// undo takes back the changes of a failed update.
func (w *working) undo(changes []change) {
	for _, c := range changes {
		if err := w.set(c.rowKey, c.after, c.before); err != nil {
			panic(err) // what was there before can be there again
		}
	}
}
