package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/store/tree"
)

// manyThings is a replica with rows that need several blocks.
func manyThings(t *testing.T, n int) *Replica {
	t.Helper()
	m := NewMemory()
	update(t, m, func(tx *Tx) error {
		for i := range n {
			if err := things.Put(tx, &row{ID: fmt.Sprintf("i-%05d", i), Name: fmt.Sprint("n", i), Host: fmt.Sprint("h", i%7), N: int64(i), At: time.Unix(int64(i), 1), List: []string{"a", fmt.Sprint(i % 3)}}); err != nil {
				return err
			}
		}
		return nil
	})
	return m.replica
}

// split returns the frames of a snapshot, and glue makes one of them.
func split(t *testing.T, snapshot []byte) (out []string) {
	t.Helper()
	for in := bufio.NewReader(bytes.NewReader(snapshot)); ; {
		if _, err := in.Peek(1); err == io.EOF {
			return out
		}
		f, err := readFrame(in)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
}

func glue(t *testing.T, list []string) []byte {
	t.Helper()
	var out bytes.Buffer
	f := frames{w: bufio.NewWriterSize(&out, 1<<20)}
	for _, data := range list {
		if err := f.write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A snapshot with a byte changed anywhere is refused, as is one whose frames are good but
// lost, repeated or in another order.
func TestCorruptSnapshotsAreRefused(t *testing.T) {
	good := snapshotBytes(t, manyThings(t, 150))
	r := NewReplica()
	refuse := func(what string, data []byte) {
		t.Helper()
		if err := r.Restore(bytes.NewReader(data)); err == nil || r.Version() != (Version{}) {
			t.Fatalf("%s: %v, %v", what, err, r.Version())
		}
	}
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= byte(1 + i%255)
		refuse(fmt.Sprint("byte ", i), bad)
	}
	list := split(t, good)
	for i := range list {
		refuse(fmt.Sprint("lost frame ", i), glue(t, slices.Delete(slices.Clone(list), i, i+1)))
		if list[i] != "" {
			refuse(fmt.Sprint("frame twice ", i), glue(t, slices.Insert(slices.Clone(list), i, list[i])))
		}
		if i > 0 && list[i-1] != list[i] {
			swapped := slices.Clone(list)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			refuse(fmt.Sprint("swapped frame ", i), glue(t, swapped))
		}
	}
	if err := r.Restore(bytes.NewReader(glue(t, list))); err != nil {
		t.Error("the good one:", err)
	}
}

// What another program made of rows or indexes is made anew: the state is the same.
func TestSnapshotsOfOtherShapesAreMadeAnew(t *testing.T) {
	from := manyThings(t, 700)
	good := snapshotBytes(t, from)
	thing := func(h *header) *tableHeader {
		return &h.Tables[slices.IndexFunc(h.Tables, func(h tableHeader) bool { return h.Name == "test_things" })]
	}
	for what, change := range map[string]func(*header){
		"rows of another type":          func(h *header) { thing(h).Shape[0]++ },
		"an index of other keys":        func(h *header) { thing(h).Indexes[1].Shape[0]++ },
		"an index that is gone since":   func(h *header) { thing(h).Indexes[2].Name = "gone" },
		"an older schema":               func(h *header) { h.Schema-- },
		"an older schema, a table gone": func(h *header) { h.Schema--; h.Tables[0].Name = "gone" },
	} {
		r := NewReplica()
		if err := r.Restore(bytes.NewReader(reframe(t, good, change))); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if err := r.View().CheckIndexes(); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !bytes.Equal(good, snapshotBytes(t, r)) {
			t.Errorf("%s: another state", what)
		}
	}
	if err := NewReplica().Restore(bytes.NewReader(reframe(t, good, func(h *header) { thing(h).Name = "later" }))); !errors.Is(err, ErrNewerSchema) {
		t.Error("a table that we lack:", err)
	}
}

// An index that says to be ours and is not is seen by a sample of the rows.
func TestStaleIndexesAreSeen(t *testing.T) {
	from := manyThings(t, 700)
	state := *from.committed.Load()
	state.db = &db{slices.Clone(state.db.trees), state.db.cache}
	state.db.trees[things.indexNamed("host").slot] = tree.New(false)
	var stale bytes.Buffer
	if _, err := (Snapshot{&state}).WriteTo(&stale); err != nil {
		t.Fatal(err)
	}
	r := NewReplica()
	if err := r.Restore(&stale); err != nil {
		t.Fatal(err)
	}
	if err := r.View().CheckIndexes(); err != nil || !bytes.Equal(snapshotBytes(t, from), snapshotBytes(t, r)) {
		t.Error(err)
	}
}

// An index whose function gives other keys has another shape.
func TestShapesTellIndexesApart(t *testing.T) {
	tb := &table{name: "x", new: func() any { return new(row) }, codec: things.codec}
	shape := func(keys func(*row) []string) string {
		x := index{name: "i", keys: func(r any) []string { return keys(r.(*row)) }}
		return string(x.shape(tb))
	}
	seen := map[string]int{}
	for i, keys := range []func(*row) []string{
		func(r *row) []string { return []string{r.Name} },
		func(r *row) []string { return []string{r.Host} },
		func(r *row) []string { return []string{r.Name + r.Host} },
		func(r *row) []string { return r.List },
		func(r *row) []string { return r.List[:min(1, len(r.List))] },
		func(r *row) []string { return []string{fmt.Sprint(r.N)} },
		func(r *row) []string { return []string{fmt.Sprint(r.At.Unix())} },
	} {
		first, again := shape(keys), shape(keys)
		if was, ok := seen[first]; ok {
			t.Errorf("%d and %d look alike", was, i)
		}
		seen[first] = i
		if again != first {
			t.Error(i, "looks different each time")
		}
	}
}

// Whatever is in a snapshot's frames, it is taken or refused, and never panics.
func FuzzRestoreFrames(f *testing.F) {
	f.Add("\x01\x00\x01\x12a\xa1bIDaa", "\x00\x00\x04h\x00\x01a", true)
	f.Fuzz(func(t *testing.T, rows, entries string, older bool) {
		h := header{Schema: Schema, Epoch: 1, Rev: 1, Tables: []tableHeader{things.header}}
		if older {
			h.Schema--
		}
		var head bytes.Buffer
		if err := encodeTo(&head, &h); err != nil {
			t.Fatal(err)
		}
		for _, n := range []string{"\x01", "\x02", "\x03"} {
			r := NewReplica()
			if err := r.Restore(bytes.NewReader(glue(t, []string{head.String(), rows, "", entries, "", "", "", n}))); err != nil && r.Version() != (Version{}) {
				t.Error("a refused snapshot changed the state")
			}
		}
	})
}
