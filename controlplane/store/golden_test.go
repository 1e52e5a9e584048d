package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Golden files are a log and a snapshot as a program of a schema wrote them, with a row in
// every table and a value in every field. They are never written again: what this program
// cannot read of them, it could not read of a cloud that is in use. A test that fails here
// after a change of a row says to raise Schema and to read the older one too.
// MICA_UPDATE=1 writes those of a schema that has none yet.
func goldenFile(kind string) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%d.%s", Schema, kind))
}

// goldenTime is when everything in the files happened.
var goldenTime = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// fillRow gives every field below v a value of its own.
func fillRow(v reflect.Value, path string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(goldenTime))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.MustParseAddr("10.1.2.3")))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.MustParsePrefix("10.1.0.0/16")))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(path)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(len(path)))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(len(path)))
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			fillRow(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillRow(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillRow(v.Index(0), path)
	case reflect.Array:
		for i := range v.Len() {
			fillRow(v.Index(i), path)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillRow(key, path+".key")
		fillRow(value, path)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default:
		panic(fmt.Sprintf("%s: no value for a %v", path, v.Type()))
	}
}

// ownTables are the program's, without those of tests.
func ownTables() []string {
	return slices.DeleteFunc(Tables(), func(name string) bool { return strings.HasPrefix(name, "test_") })
}

// put is Table.Put for a table whose type is not known.
func put(tx *Tx, name string, row any) error {
	t := tableNamed(name)
	return tx.set(rowKey{t, t.key(row)}, nil, row)
}

// goldenEntries makes a log: an epoch, a batch with a row in every table, one that
// removes a row and adds two, and another epoch.
func goldenEntries(t *testing.T) [][]byte {
	t.Helper()
	r := NewReplica()
	var log [][]byte
	add := func(data []byte) {
		e, err := DecodeEntry(data)
		if err == nil {
			err = r.Apply(uint64(len(log)+1), e, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, data)
	}
	row := func(name, id string) any {
		out := tableNamed(name).new()
		fillRow(reflect.ValueOf(out).Elem(), id)
		return out
	}
	batch := func(fn func(*Tx) error) {
		l := r.NewLine()
		if _, err := l.Exec(goldenTime, Meta{Action: "Golden", Actor: "test", RequestID: "r"}, fn); err != nil {
			t.Fatal(err)
		}
		add(l.Cut().Data)
	}
	add(OpenEntry(goldenTime))
	batch(func(tx *Tx) error {
		for _, name := range ownTables() {
			if err := put(tx, name, row(name, "a")); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	batch(func(tx *Tx) error {
		return Accounts.Delete(tx, "a.ID")
	})
	batch(func(tx *Tx) error {
		return put(tx, "accounts", row("accounts", "b"))
	})
	add(OpenEntry(goldenTime.Add(time.Second)))
	return log
}

func writeGolden(t *testing.T) {
	t.Helper()
	log := goldenEntries(t)
	var text bytes.Buffer
	for _, e := range log {
		text.Write(binary.AppendUvarint(nil, uint64(len(e))))
		text.Write(e)
	}
	var snapshot bytes.Buffer
	if _, err := replayGolden(t, log).Snapshot().WriteTo(&snapshot); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	for kind, b := range map[string][]byte{"log": text.Bytes(), "snapshot": snapshot.Bytes()} {
		if err := os.WriteFile(goldenFile(kind), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func replayGolden(t *testing.T, log [][]byte) *Replica {
	t.Helper()
	r := NewReplica()
	for i, data := range log {
		e, err := DecodeEntry(data)
		if err == nil {
			err = r.Apply(uint64(i+1), e, nil)
		}
		if err != nil {
			t.Fatalf("entry %d: %v", i+1, err)
		}
	}
	return r
}

// TestGoldenFilesLoad: what programs of this schema and of older ones wrote is read, and
// log and snapshot make the same state.
func TestGoldenFilesLoad(t *testing.T) {
	if _, err := os.Stat(goldenFile("log")); err != nil && os.Getenv("MICA_UPDATE") == "1" {
		writeGolden(t)
	}
	if _, err := os.Stat(goldenFile("log")); err != nil {
		t.Errorf("schema %d has no golden files: MICA_UPDATE=1 writes them", Schema)
	}
	files, err := filepath.Glob("testdata/schema-*.log")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var log [][]byte
			for len(b) > 0 {
				n, k := binary.Uvarint(b)
				log = append(log, b[k:k+int(n)])
				b = b[k+int(n):]
			}
			fromLog, restored := replayGolden(t, log), NewReplica()
			snapshot, err := os.Open(strings.TrimSuffix(file, "log") + "snapshot")
			if err != nil {
				t.Fatal(err)
			}
			defer snapshot.Close()
			if err := restored.Restore(snapshot); err != nil {
				t.Fatal(err)
			}
			if fromLog.Version() != restored.Version() || restored.Version().Rev != int64(len(log)) {
				t.Errorf("the log makes %v, the snapshot %v", fromLog.Version(), restored.Version())
			}
			var x, y bytes.Buffer
			_, errX := fromLog.Snapshot().WriteTo(&x)
			_, errY := restored.Snapshot().WriteTo(&y)
			if errX != nil || errY != nil || !bytes.Equal(x.Bytes(), y.Bytes()) {
				t.Errorf("log and snapshot make different states: %v, %v", errX, errY)
			}
			if err := restored.View().CheckIndexes(); err != nil {
				t.Error(err)
			}
			if a := Accounts.Get(restored.View(), "b.ID"); a == nil || a.Name != "b.Name" || !a.Created.Equal(goldenTime) {
				t.Errorf("a row: %+v", a)
			}
			if Accounts.Get(restored.View(), "a.ID") != nil {
				t.Error("a row that was deleted is there")
			}
		})
	}
}

// TestGoldenTouchesEveryField: a table that the maker of golden files cannot fill would
// not be tested.
func TestGoldenTouchesEveryField(t *testing.T) {
	empty := map[string]bool{}
	for _, name := range ownTables() {
		row := reflect.New(reflect.TypeOf(tableNamed(name).new()).Elem())
		fillRow(row.Elem(), "x")
		for i := range row.Elem().NumField() {
			if row.Elem().Field(i).IsZero() {
				empty[name+"."+row.Elem().Type().Field(i).Name] = true
			}
		}
	}
	if len(empty) > 0 {
		t.Errorf("not filled: %v", slices.Sorted(maps.Keys(empty)))
	}
}
