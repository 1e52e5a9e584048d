package store

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
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
	slot    int    // of its tree in a db, of rows by their keys
	codec   *codec // of its rows
	header  tableHeader
}

type index struct {
	name   string
	unique bool
	keys   func(row any) []string
	slot   int // of its tree in a db, of entryKeys
}

// primary is the name of the index of the rows' own keys.
const primary = "id"

// schema has every table of the program. It is complete before the first replica is
// made, and does not change after that.
var schema struct {
	sync.Mutex
	tables map[string]*table
	sorted []*table // by name, once the first replica is made
	trees  int      // how many, likewise
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
		t.indexes = append(t.indexes, index{name: x.Name, unique: x.Unique, keys: func(row any) []string { return distinct(x.Keys(row.(*R))) }})
	}
	schema.Lock()
	defer schema.Unlock()
	if schema.trees != 0 || schema.tables[name] != nil {
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

// closeSchema numbers the trees of all tables, once.
func closeSchema() (trees int) {
	schema.Lock()
	defer schema.Unlock()
	if schema.trees == 0 {
		for _, name := range slices.Sorted(maps.Keys(schema.tables)) {
			t := schema.tables[name]
			t.slot = schema.trees
			t.codec = codecOf(reflect.TypeOf(t.new()).Elem())
			schema.trees++
			for i := range t.indexes {
				t.indexes[i].slot = schema.trees
				schema.trees++
			}
			t.header = t.describe()
			schema.sorted = append(schema.sorted, t)
		}
	}
	return schema.trees
}

// Key joins parts to one key of an index, such as an account and a name. Only the
// last part may be free text.
func Key(parts ...string) string { return strings.Join(parts, "\x1f") }

// terminator ends keys in an index. No escaped key has it.
const terminator = "\x00\x01"

// entryKey is a key in an index's tree: the key, terminated, and the row's own. Without
// that it is what the entries of a key begin with.
func entryKey(key, id string) string {
	n := strings.Count(key, "\x00")
	out := make([]byte, 0, len(key)+n+2+len(id))
	return string(append(append(appendEscaped(out, key), terminator...), id...))
}

// escaped is a key so that no key is the beginning of another once it is terminated, and
// bytes sort as the keys do, whatever is in them.
func escaped(key string) string {
	if !strings.Contains(key, "\x00") {
		return key
	}
	return string(appendEscaped(nil, key))
}

func appendEscaped(out []byte, s string) []byte {
	for i := range len(s) {
		if out = append(out, s[i]); s[i] == 0 {
			out = append(out, 0xff)
		}
	}
	return out
}
