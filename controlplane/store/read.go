package store

import (
	"fmt"
	"iter"
	"strings"
)

// Get returns the row with a key, or nil. It must not be changed: copy it, change the
// copy and Put that.
func (t *Table[R]) Get(r Reader, id string) *R {
	row, _ := r.get(rowKey{t.table, id}).(*R)
	return row
}

// First returns the first row with a key in an index, or nil. It must not be changed.
func (t *Table[R]) First(r Reader, index, key string) *R {
	if index == primary {
		return t.Get(r, key)
	}
	id := firstAfter(r.tree(t.indexNamed(index).slot), entryKey(key, ""))
	if id == "" {
		return nil
	}
	return t.Get(r, id)
}

// List yields all rows in the order of their keys. They must not be changed. A
// transaction may write while it goes through them: it sees those of the beginning.
func (t *Table[R]) List(r Reader) iter.Seq[*R] { return t.From(r, "") }

// From yields the rows from a key on, in the order of their keys.
func (t *Table[R]) From(r Reader, id string) iter.Seq[*R] { return typed[R](t.list(r, id)) }

// By yields the rows with a key in an index, in the order of their own keys.
func (t *Table[R]) By(r Reader, index, key string) iter.Seq[*R] { return t.ByFrom(r, index, key, "") }

// ByFrom yields what By does, from a row's own key on.
func (t *Table[R]) ByFrom(r Reader, index, key, id string) iter.Seq[*R] {
	return typed[R](t.under(r, index, entryKey(key, ""), entryKey(key, id)))
}

// Range yields the rows whose keys in an index are from on and begin with prefix, in the
// order of those keys. It is for indexes of one key a row.
func (t *Table[R]) Range(r Reader, index, prefix, from string) iter.Seq[*R] {
	return typed[R](t.under(r, index, escaped(prefix), max(escaped(prefix), entryKey(from, ""))))
}

// Prefix yields the rows whose keys in an index begin with prefix, in the order of those
// keys. The index "id" has the rows' own.
func (t *Table[R]) Prefix(r Reader, index, prefix string) iter.Seq[*R] {
	if index == primary {
		return func(yield func(*R) bool) {
			for row := range t.From(r, prefix) {
				if !strings.HasPrefix(t.key(row), prefix) || !yield(row) {
					return
				}
			}
		}
	}
	return typed[R](t.under(r, index, escaped(prefix), escaped(prefix)))
}

// indexNamed returns an index of the table.
func (t *table) indexNamed(name string) *index {
	for i := range t.indexes {
		if t.indexes[i].name == name {
			return &t.indexes[i]
		}
	}
	panic(fmt.Sprintf("store: table %s has no index %q", t.name, name)) // a mistake in the program
}

// list yields the rows from a key on.
func (t *table) list(r Reader, from string) iter.Seq[any] {
	return func(yield func(any) bool) {
		r.hold(t.slot, 1)
		defer r.hold(t.slot, -1)
		c, rows := r.tree(t.slot).Cursor(), r.rows()
		buf := buffers.Get().(*[]byte)
		defer buffers.Put(buf)
		for ok := c.Seek(from); ok; ok = c.Next() {
			*buf = c.Value((*buf)[:0])
			if !yield(rows.decode(t, c.Key(), *buf, false)) {
				return
			}
		}
	}
}

// under yields the rows of an index whose entries begin with a prefix, from one on.
func (t *table) under(r Reader, index, prefix, from string) iter.Seq[any] {
	x, whole := t.indexNamed(index), strings.HasSuffix(prefix, terminator)
	return func(yield func(any) bool) {
		for _, slot := range [...]int{x.slot, t.slot} {
			r.hold(slot, 1)
			defer r.hold(slot, -1)
		}
		c, rows := r.tree(x.slot).Cursor(), r.tree(t.slot).Cursor()
		buf := buffers.Get().(*[]byte)
		defer buffers.Put(buf)
		for ok := c.Seek(from); ok; ok = c.Next() {
			rest, ok := c.After(prefix)
			if !ok {
				return
			}
			id := rest
			if !whole {
				id = rest[strings.Index(rest, terminator)+len(terminator):]
			}
			if !rows.Seek(id) || !rows.Is(id) {
				panic(fmt.Sprintf("store: index %s of table %s has a row %q that is not there", index, t.name, id))
			}
			*buf = rows.Value((*buf)[:0])
			if !yield(r.rows().decode(t, id, *buf, false)) {
				return
			}
		}
	}
}

// typed yields rows as what they are.
func typed[R any](rows iter.Seq[any]) iter.Seq[*R] {
	return func(yield func(*R) bool) {
		for row := range rows {
			if !yield(row.(*R)) {
				return
			}
		}
	}
}
