package store

import (
	"fmt"

	"github.com/hashicorp/go-memdb"
)

// CheckIndexes compares every index with what the rows say it should hold, for tests and
// for a doctor.
func (v View) CheckIndexes() error {
	for _, name := range Tables() {
		t := tableNamed(name)
		for _, x := range t.indexes {
			if err := t.checkIndex(v.txn, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkIndex finds every row under all its keys, and no entry besides.
func (t *table) checkIndex(txn *memdb.Txn, x index) error {
	want := 0
	for row := range allRows(txn, t.name, primary) {
		for _, k := range x.keys(row) {
			want++
			if !found(txn, t.name, x.name, k, row) {
				return fmt.Errorf("store: index %s of %s lacks %q under %q", x.name, t.name, t.key(row), k)
			}
			if other := first(txn, t.name, x.name, k); x.unique && other != row {
				return fmt.Errorf("store: unique index %s of %s has %q and %q under %q", x.name, t.name, t.key(other), t.key(row), k)
			}
		}
	}
	got := 0
	for range allRows(txn, t.name, x.name) {
		got++
	}
	if got != want {
		return fmt.Errorf("store: index %s of %s has %d entries, not %d", x.name, t.name, got, want)
	}
	return nil
}

func found(txn *memdb.Txn, table, index, key string, row any) bool {
	for r := range allRows(txn, table, index, key) {
		if r == row {
			return true
		}
	}
	return false
}
