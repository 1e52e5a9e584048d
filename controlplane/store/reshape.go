package store

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/store/tree"
)

// describe says what a table is in this program.
func (t *table) describe() tableHeader {
	h := tableHeader{Name: t.name, Shape: digest(t.codec.shape)}
	for i := range t.indexes {
		h.Indexes = append(h.Indexes, indexHeader{t.indexes[i].name, t.indexes[i].shape(t)})
	}
	return h
}

func digest(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:8]
}

// shape is a digest of the keys that an index gives to a few rows that are made up: a
// change of what makes its keys can be seen by it, mostly.
func (x *index) shape(t *table) []byte {
	text := fmt.Sprint(t.codec.shape, x.unique)
	for seed := range 4 {
		row := t.new()
		probe(reflect.ValueOf(row).Elem(), t.name, seed)
		text += fmt.Sprintf("%q", x.keys(row))
	}
	return digest(text)
}

// probe gives every field below v a value that follows from where it is.
func probe(v reflect.Value, path string, seed int) {
	n := len(path) + seed
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(int64(1<<30+n), 0).UTC()))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{10, 0, byte(seed), byte(n)})))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n), 0, 0}), 16)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint(path, seed))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n % 100))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(n % 100))
	case reflect.Float64:
		v.SetFloat(float64(n))
	case reflect.Bool:
		v.SetBool(seed%2 == 0)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				probe(v.Field(i), path+"."+v.Type().Field(i).Name, seed)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		probe(v.Elem(), path, seed)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), seed, seed))
		for i := range seed {
			probe(v.Index(i), fmt.Sprint(path, i), seed)
		}
	case reflect.Array:
		for i := range v.Len() {
			probe(v.Index(i), fmt.Sprint(path, i), seed)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		probe(key, path+".key", seed)
		probe(value, path, seed)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	}
}

// recode decodes all rows of a table, as another program wrote them, and encodes them as
// this one does.
func (t *table) recode(rows tree.Tree, schema int) (tree.Tree, error) {
	l := tree.NewLoad(true)
	p := tree.NewPack(true, l.Add)
	c := rows.Cursor()
	var buf []byte
	for ok := c.Seek(""); ok; ok = c.Next() {
		row, err := t.decodeRow(schema, string(c.Value(nil)))
		if err != nil {
			return rows, err
		}
		if id := t.key(row); id != c.Key() {
			return rows, fmt.Errorf("store: the row %q of table %s is called %q", id, t.name, c.Key())
		}
		if buf, err = t.encodeRow(buf[:0], row); err != nil {
			return rows, err
		}
		if err := p.Add(c.Key(), buf); err != nil {
			return rows, err
		}
	}
	if err := p.Close(); err != nil {
		return rows, err
	}
	return l.Tree(), nil
}

// reindex makes indexes of the rows.
func (t *table) reindex(d *db, indexes []*index) error {
	entries := make([][]string, len(indexes))
	for row := range t.list(View{db: d}, "") {
		for i, x := range indexes {
			for _, k := range x.keys(row) {
				entries[i] = append(entries[i], entryKey(k, t.key(row)))
			}
		}
	}
	for i, x := range indexes {
		slices.Sort(entries[i])
		l := tree.NewLoad(false)
		p := tree.NewPack(false, l.Add)
		for _, k := range entries[i] {
			if err := p.Add(k, nil); err != nil {
				return err
			}
		}
		if err := p.Close(); err != nil {
			return err
		}
		d.trees[x.slot] = l.Tree()
	}
	return nil
}

// sampleEvery is of how many blocks one row is looked at, when a snapshot is read.
const sampleEvery = 16

// sample looks whether a few rows are in the indexes as this program would have it. If they
// are not, all indexes are made anew.
func (t *table) sample(d *db) error {
	for id, encoded := range d.trees[t.slot].Sample(sampleEvery) {
		row, err := t.decodeRow(Schema, string(encoded))
		if err != nil {
			return err
		}
		for i := range t.indexes {
			for _, k := range t.indexes[i].keys(row) {
				if !d.trees[t.indexes[i].slot].Has(entryKey(k, id)) {
					return t.reindex(d, t.all())
				}
			}
		}
	}
	return nil
}

// all returns all indexes of a table.
func (t *table) all() (out []*index) {
	for i := range t.indexes {
		out = append(out, &t.indexes[i])
	}
	return out
}
