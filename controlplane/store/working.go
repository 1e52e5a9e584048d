package store

import (
	"slices"
	"sync"

	"github.com/micacloud/mica/controlplane/store/tree"
)

// db is one version of all tables: a tree of encoded rows for each, and one of keys for
// each index. It never changes.
type db struct {
	trees []tree.Tree // by slot
	cache *cache
}

// newDB returns a database without rows.
func newDB() *db {
	d := &db{make([]tree.Tree, closeSchema()), new(cache)}
	for _, t := range schema.sorted {
		d.trees[t.slot] = tree.New(true)
		for _, x := range t.indexes {
			d.trees[x.slot] = tree.New(false)
		}
	}
	return d
}

// get returns a row, nil if there is none.
func (d *db) get(t *table, id string) any {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	enc, ok := d.trees[t.slot].Get((*buf)[:0], id)
	*buf = enc
	if !ok {
		return nil
	}
	return d.cache.decode(t, id, enc, true)
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// working is the state with the writes of one batch so far. A failed update is undone row
// by row, so that the batch's trees are copied once and not for each update.
type working struct {
	db    *db
	edits []*tree.Edit // by slot; nil where nothing was written
	held  []int        // by slot, how many are going through the tree
	rows  map[rowKey]any
	tree.Scratch
}

func newWorking(d *db) *working {
	return &working{db: d, edits: make([]*tree.Edit, len(d.trees)), held: make([]int, len(d.trees)), rows: map[rowKey]any{}}
}

// commit ends the batch and returns the state with it.
func (w *working) commit() *db {
	d := &db{slices.Clone(w.db.trees), w.db.cache}
	for slot, e := range w.edits {
		if e != nil {
			d.trees[slot] = e.Tree()
		}
	}
	return d
}

// get returns a row as the batch has it.
func (w *working) get(k rowKey) any {
	if row, ok := w.rows[k]; ok {
		return row
	}
	return w.db.get(k.t, k.id) // what the batch wrote is in rows
}

// tree returns a tree as the batch has it now.
func (w *working) tree(slot int) tree.Tree {
	if e := w.edits[slot]; e != nil {
		return e.Peek()
	}
	return w.db.trees[slot]
}

// edit returns a tree to write to. Whoever holds the tree goes on with what it was.
func (w *working) edit(slot int) *tree.Edit {
	if w.edits[slot] == nil {
		w.edits[slot] = w.db.trees[slot].Edit(&w.Scratch)
	}
	if w.held[slot] > 0 {
		w.edits[slot].Tree()
	}
	return w.edits[slot]
}

// owner returns the key of the row that has a unique key, "" if none has.
func (w *working) owner(x *index, key string) string {
	return firstAfter(w.tree(x.slot), entryKey(key, ""))
}

// set replaces what is under a key, before, by after with its encoding; either row may be
// nil.
func (w *working) set(k rowKey, before, after any, encoded []byte) {
	w.rows[k] = after
	switch {
	case after != nil:
		w.edit(k.t.slot).Put(k.id, string(encoded))
	case before != nil:
		w.edit(k.t.slot).Delete(k.id)
	}
	for i := range k.t.indexes {
		x := &k.t.indexes[i]
		var had, has []string
		if before != nil {
			had = x.keys(before)
		}
		if after != nil {
			has = x.keys(after)
		}
		if slices.Equal(had, has) {
			continue
		}
		for _, key := range had {
			if !slices.Contains(has, key) {
				w.edit(x.slot).Delete(entryKey(key, k.id))
			}
		}
		for _, key := range has {
			if !slices.Contains(had, key) {
				w.edit(x.slot).Put(entryKey(key, k.id), "")
			}
		}
	}
}

// undo takes back the changes of a failed update.
func (w *working) undo(changes []change) {
	for _, c := range changes {
		var encoded []byte
		if c.before != nil {
			var err error
			if encoded, err = c.t.encodeRow(nil, c.before); err != nil {
				panic(err) // it was decoded, so it has an encoding
			}
		}
		w.set(c.rowKey, c.after, c.before, encoded)
	}
}
