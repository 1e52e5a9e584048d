package store

import (
	"fmt"

	"github.com/micacloud/mica/controlplane/store/tree"
)

// CheckIndexes compares every index with what the rows say it should hold, for tests and
// for a doctor.
func (v View) CheckIndexes() error {
	for _, t := range schema.sorted {
		for i := range t.indexes {
			if err := t.checkIndex(v, &t.indexes[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkIndex finds every row under all its keys, and no entry besides.
func (t *table) checkIndex(v View, x *index) error {
	want, entries := 0, v.tree(x.slot)
	for row := range t.list(v, "") {
		id := t.key(row)
		for _, k := range x.keys(row) {
			want++
			if !entries.Has(entryKey(k, id)) {
				return fmt.Errorf("store: index %s of %s lacks %q under %q", x.name, t.name, id, k)
			}
			if other := firstAfter(entries, entryKey(k, "")); x.unique && other != id {
				return fmt.Errorf("store: unique index %s of %s has %q and %q under %q", x.name, t.name, other, id, k)
			}
		}
	}
	if got := entries.Len(); got != want {
		return fmt.Errorf("store: index %s of %s has %d entries, not %d", x.name, t.name, got, want)
	}
	return nil
}

// firstAfter returns what the first key that begins with begin has after it, or nothing.
func firstAfter(t tree.Tree, begin string) string {
	c := t.Cursor()
	if c.Seek(begin) {
		if rest, ok := c.After(begin); ok {
			return rest
		}
	}
	return ""
}
