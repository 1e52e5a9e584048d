package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-memdb"
)

// Schema is the version of the row encoding that this program writes. Raise it when
// an older program must not read what this one writes: a new table, a new field, a
// field with a new meaning. Rows of an older schema are read; of a newer one never.
const Schema = 1

// Table holds rows of one type under their key, in the order of their keys. Rows are
// pointers to structs that nobody changes once they are in a table.
type Table[R any] struct{ *table }

// Index finds rows by other keys than their own. A row without keys is not in the
// index. Unique makes Put refuse a key that another row has.
type Index[R any] struct {
	Name   string
	Unique bool
	Keys   func(*R) []string
}

// table is a Table without its type.
type table struct {
	name    string
	key     func(row any) string
	new     func() any
	indexes []index
}

type index struct {
	name   string
	unique bool
	keys   func(row any) []string
}

// primary is the name of the index of the rows' own keys.
const primary = "id"

// schema has every table of the program. It is complete before the first replica is
// made, and does not change after that.
var schema struct {
	sync.Mutex
	tables map[string]*table
	db     *memdb.DBSchema // nil until the first replica is made
}

// Define adds a table to the program's schema. It is called when packages are
// initialised; a second table of a name, a malformed index name or a call after the
// first replica was made is a mistake in the program and panics.
func Define[R any](name string, key func(*R) string, indexes ...Index[R]) *Table[R] {
	t := &table{name: name, new: func() any { return new(R) }, key: func(row any) string { return key(row.(*R)) }}
	for _, x := range indexes {
		if x.Name == "" || x.Name == primary || strings.HasSuffix(x.Name, "_prefix") {
			panic(fmt.Sprintf("store: table %s: %q cannot be the name of an index", name, x.Name))
		}
		t.indexes = append(t.indexes, index{x.Name, x.Unique, func(row any) []string { return distinct(x.Keys(row.(*R))) }})
	}
	schema.Lock()
	defer schema.Unlock()
	if schema.db != nil || schema.tables[name] != nil {
		panic(fmt.Sprintf("store: table %s: defined twice or too late", name))
	}
	if schema.tables == nil {
		schema.tables = map[string]*table{}
	}
	schema.tables[name] = t
	return &Table[R]{t}
}

// distinct drops repeated keys: a row is once in an index under a key.
func distinct(keys []string) []string {
	for i := 1; i < len(keys); i++ {
		if slices.Contains(keys[:i], keys[i]) {
			kept := slices.Clone(keys[:i])
			for _, k := range keys[i:] {
				if !slices.Contains(kept, k) {
					kept = append(kept, k)
				}
			}
			return kept
		}
	}
	return keys
}

// Name returns the name of the table, as it stands in the log.
func (t *Table[R]) Name() string { return t.name }

// Tables returns the names of all tables in order.
func Tables() []string {
	schema.Lock()
	defer schema.Unlock()
	return slices.Sorted(maps.Keys(schema.tables))
}

// tableNamed returns a table of the program, or nil.
func tableNamed(name string) *table { return schema.tables[name] }

// emptyDB returns a database without rows.
func emptyDB() *memdb.MemDB {
	schema.Lock()
	defer schema.Unlock()
	if schema.db == nil {
		schema.db = &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{}}
		for _, name := range slices.Sorted(maps.Keys(schema.tables)) {
			t := schema.tables[name]
			ts := &memdb.TableSchema{Name: name, Indexes: map[string]*memdb.IndexSchema{
				primary: {Name: primary, Unique: true, Indexer: primaryIndexer{t.key}},
			}}
			for _, x := range t.indexes {
				// Not Unique here: go-memdb does not refuse duplicates, it overwrites. Put checks.
				ts.Indexes[x.name] = &memdb.IndexSchema{Name: x.name, AllowMissing: true, Indexer: indexer{x.keys}}
			}
			schema.db.Tables[name] = ts
		}
	}
	db, err := memdb.NewMemDB(schema.db)
	if err != nil {
		panic(err) // a schema that go-memdb refuses: found by any test
	}
	return db.Snapshot() // not a primary one: in those go-memdb keeps watches, which cost time
}

// Key joins parts to one key of an index, such as an account and a name. Only the
// last part may be free text.
func Key(parts ...string) string { return strings.Join(parts, "\x1f") }

type primaryIndexer struct{ key func(any) string }

func (primaryIndexer) FromArgs(args ...any) ([]byte, error) { return terminated(args[0].(string)), nil }
func (primaryIndexer) PrefixFromArgs(args ...any) ([]byte, error) {
	return escaped(args[0].(string)), nil
}
func (x primaryIndexer) FromObject(row any) (bool, []byte, error) {
	return true, terminated(x.key(row)), nil
}

type indexer struct{ keys func(any) []string }

// FromArgs takes a key, and for LowerBound the key of a row under it.
func (indexer) FromArgs(args ...any) ([]byte, error) {
	key := terminated(args[0].(string))
	if len(args) > 1 {
		key = append(key, terminated(args[1].(string))...)
	}
	return key, nil
}

func (indexer) PrefixFromArgs(args ...any) ([]byte, error) { return escaped(args[0].(string)), nil }
func (x indexer) FromObject(row any) (bool, [][]byte, error) {
	keys := x.keys(row)
	if len(keys) == 0 {
		return false, nil, nil
	}
	out := make([][]byte, len(keys))
	for i, k := range keys {
		out[i] = terminated(k)
	}
	return true, out, nil
}

// terminated is a key as go-memdb needs it: no key is the beginning of another, and
// bytes sort as the keys do, whatever is in them.
func terminated(s string) []byte { return append(escaped(s), 0, 1) }

func escaped(s string) []byte {
	out := make([]byte, 0, len(s)+24) // room for the terminator and the row's own key, which go-memdb appends
	for i := range len(s) {
		if out = append(out, s[i]); s[i] == 0 {
			out = append(out, 0xff)
		}
	}
	return out
}
