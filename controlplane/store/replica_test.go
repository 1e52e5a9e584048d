package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// randomUpdate puts, changes, renames and deletes a few rows, and may fail.
func randomUpdate(t *rapid.T) func(*Tx) error {
	type step struct {
		Delete   bool
		ID, Name int
		Tags     map[string]string
		List     []string
	}
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{rapid.Bool().Draw(t, "delete"), rapid.IntRange(0, 9).Draw(t, "id"), rapid.IntRange(0, 5).Draw(t, "name"),
			rapid.MapOfN(rapid.StringN(0, 3, -1), rapid.String(), -1, 3).Draw(t, "tags"), rapid.SliceOfN(rapid.StringN(0, 3, -1), -1, 3).Draw(t, "list")}
	}), 0, 12).Draw(t, "steps")
	stopAtTaken := rapid.Bool().Draw(t, "stop at a taken name")
	fails := rapid.IntRange(0, 9).Draw(t, "fails") == 0
	return func(tx *Tx) error {
		for _, s := range steps {
			id := fmt.Sprint(s.ID)
			var err error
			if s.Delete {
				err = things.Delete(tx, id)
			} else {
				r := row{ID: id, Host: fmt.Sprint("h", s.Name), N: int64(s.Name), At: tx.Now(), Tags: s.Tags, List: s.List}
				if s.Name > 0 {
					r.Name = fmt.Sprint(s.Name)
				}
				err = things.Put(tx, &r)
			}
			if err != nil && (stopAtTaken || !errors.Is(err, ErrExists)) {
				return err
			}
		}
		if fails {
			return errors.New("fails after its writes")
		}
		return nil
	}
}

// Any sequence of batches on three replicas ends with equal bytes: one is the leader's, with
// the rows its updates made; one decodes all; one is restored from a snapshot midway, over
// what it had. Batches get lost: what was built on a lost one is refused by all alike.
func TestReplicasEndEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leader, follower, restored := NewReplica(), NewReplica(), NewReplica()
		index, clock := uint64(0), time.Unix(1000, 0)
		away := true // the third is away until it is restored
		apply := func(data []byte, own *Batch) (refused bool) {
			index++
			var answers []error
			for r, own := range map[*Replica]*Batch{leader: own, follower: nil, restored: nil} {
				if r == restored && away {
					continue
				}
				e, err := DecodeEntry(data)
				if err != nil {
					t.Fatal(err)
				}
				answers = append(answers, r.Apply(index, e, own))
			}
			for _, err := range answers {
				if err != answers[0] || err != nil && err != ErrRefused {
					t.Fatal(answers)
				}
			}
			return answers[0] == ErrRefused
		}
		apply(OpenEntry(clock), nil)
		line, lost := leader.NewLine(), false
		n := rapid.IntRange(1, 25).Draw(t, "batches")
		joins := rapid.IntRange(0, n).Draw(t, "joins")
		for i := range n {
			if i == joins {
				if err := restored.Restore(bytes.NewReader(snapshotBytes(t, follower))); err != nil {
					t.Fatal(err)
				}
				away = false
			}
			clock = clock.Add(time.Duration(rapid.IntRange(-5, 10).Draw(t, "seconds")) * time.Second)
			for range rapid.IntRange(0, 4).Draw(t, "updates") {
				line.Exec(clock, meta, randomUpdate(t)) // some fail, and leave no trace
			}
			b := line.Cut()
			switch rapid.IntRange(0, 9).Draw(t, "fate") {
			case 0:
				lost = true // Raft never had it, or another leader overwrote it
				continue
			case 1: // another leader in between
				apply(OpenEntry(clock), nil)
				lost = true
			}
			before := leader.Version()
			if refused := apply(b.Data, b); refused != lost {
				t.Fatalf("built on a lost batch: %v, refused: %v", lost, refused)
			} else if refused && leader.Version() != before {
				t.Fatal("a refused batch made a version")
			}
			if lost {
				apply(OpenEntry(clock), nil)
				line, lost = leader.NewLine(), false
			}
		}
		if away {
			if err := restored.Restore(bytes.NewReader(snapshotBytes(t, leader))); err != nil {
				t.Fatal(err)
			}
		}
		want := snapshotBytes(t, leader)
		for name, r := range map[string]*Replica{"leader": leader, "follower": follower, "restored": restored} {
			if got := snapshotBytes(t, r); !bytes.Equal(got, want) {
				t.Errorf("%s: %q\nleader %q", name, got, want)
			}
			if err := r.View().CheckIndexes(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Updates in one batch see and answer what they would in batches of their own, those after
// failed ones too.
func TestBatchedUpdatesAreAsIfAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alone, line := NewMemory(), NewReplica().NewLine()
		view := func(r Reader) string {
			out := ""
			for x := range things.List(r) {
				out += fmt.Sprintf("%s=%s/%s ", x.ID, x.Name, x.Host)
			}
			for i := range 6 {
				if x := things.First(r, "name", fmt.Sprint(i)); x != nil {
					out += fmt.Sprintf("%d:%s ", i, x.ID)
				}
				for x := range things.By(r, "host", fmt.Sprint("h", i)) {
					out += fmt.Sprintf("h%d:%s ", i, x.ID)
				}
			}
			for i := range 10 {
				if x := things.Get(r, fmt.Sprint(i)); x != nil {
					out += x.ID
				}
			}
			return out
		}
		for range rapid.IntRange(1, 12).Draw(t, "updates") {
			fn := randomUpdate(t)
			look := func(saw *string) func(*Tx) error {
				return func(tx *Tx) error {
					*saw = view(tx) + "| "
					err := fn(tx)
					*saw += view(tx.View)
					return err
				}
			}
			var a, b string
			errA := alone.Update(ctx, meta, look(&a))
			_, errB := line.Exec(time.Now(), meta, look(&b))
			if a != b || fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Fatalf("alone   %s %v\nbatched %s %v", a, errA, b, errB)
			}
			if rapid.IntRange(0, 4).Draw(t, "cut") == 0 {
				line.Cut()
			}
		}
	})
}

// fill gives v a random value: nil, empty and filled slices and maps, zero and odd times.
func fill(v reflect.Value, rng *rand.Rand) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf([]time.Time{{}, time.Unix(rng.Int64N(1<<33), rng.Int64N(1e9)).UTC()}[rng.IntN(2)]))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf([]netip.Addr{{}, netip.AddrFrom4([4]byte{10, 0, 0, byte(rng.IntN(256))}), netip.MustParseAddr("fd00::1")}[rng.IntN(3)]))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf([]netip.Prefix{{}, netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::/0")}[rng.IntN(3)]))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), rng)
		}
	case reflect.String:
		v.SetString([]string{"", "x", "é\x00世\n", "longer than that"}[rng.IntN(4)])
	case reflect.Bool:
		v.SetBool(rng.IntN(2) == 0)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt([]int64{0, 1, -1, 1 << 30, -1 << 31}[rng.IntN(5)])
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(rng.IntN(256)))
	case reflect.Slice:
		if n := rng.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(v.Index(i), rng)
			}
		}
	case reflect.Map:
		if n := rng.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				fill(key, rng)
				fill(val, rng)
				v.SetMapIndex(key, val)
			}
		}
	default:
		panic(fmt.Sprintf("a field of a kind that rows have not had so far: %v", v.Type()))
	}
}

// A row of any table comes back from its encoding as it was, and is encoded to the same
// bytes again: a leader has the one, its followers the other.
func TestRowsRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range Tables() {
		if name == "test_unhappy" {
			continue
		}
		tb := tableNamed(name)
		for range 200 {
			want := tb.new()
			fill(reflect.ValueOf(want).Elem(), rng)
			first, err := tb.encodeRow(nil, want)
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := tb.decodeRow(Schema, string(first))
			if err != nil {
				t.Fatal(name, err)
			}
			if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" {
				t.Fatal(name, d)
			}
			second, err := tb.encodeRow(nil, got)
			if err != nil || !bytes.Equal(first, second) {
				t.Fatalf("%s: %v\n%x\n%x", name, err, first, second)
			}
			for _, x := range tb.indexes { // and every index takes it
				x.keys(got)
			}
		}
	}
}

type newOp struct {
	table, id string
	row       any
}

func TestNewerAndDamagedDataIsRefused(t *testing.T) {
	good := NewReplica()
	apply := func(e *Entry) error { return good.Apply(1, e, nil) }
	if err := apply(&Entry{Schema: Schema, Open: true}); err != nil {
		t.Fatal(err)
	}
	encode := func(v any) []byte {
		var b bytes.Buffer
		if err := encodeTo(&b, v); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	// The rows here are as a library encodes them, with zero fields.
	body := func(op newOp) []byte {
		return encode(ChangeSet{Ops: []Op{{op.table, op.id, encode(op.row)}}})
	}
	for _, c := range []struct {
		what string
		e    Entry
		err  error
	}{
		{"a table that we lack", Entry{Body: body(newOp{"test_nothing", "a", row{ID: "a"}})}, ErrNewerSchema},
		{"a field that we lack", Entry{Body: body(newOp{"test_things", "a", map[string]any{"ID": "a", "Later": 1}})}, ErrNewerSchema},
		{"a field of another type", Entry{Body: body(newOp{"test_things", "a", map[string]any{"ID": 7}})}, nil},
		{"half a change set", Entry{Body: body(newOp{"test_things", "a", row{ID: "a"}})[:9]}, nil},
	} {
		before := snapshotBytes(t, good)
		c.e.Schema, c.e.Epoch, c.e.Rev = Schema, 1, 1
		c.e.Body = append(body(newOp{"test_things", "first", row{ID: "first"}}), c.e.Body...)
		if err := apply(&c.e); err == nil || err == ErrRefused || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.what, err)
		}
		if !bytes.Equal(before, snapshotBytes(t, good)) {
			t.Errorf("%s: was applied in part", c.what)
		}
	}
	if _, err := DecodeEntry((&Entry{Schema: Schema + 1}).encode()); !errors.Is(err, ErrNewerSchema) {
		t.Error(err)
	}
	if _, err := DecodeEntry([]byte("garbage")); err == nil {
		t.Error("garbage was decoded")
	}
	// A field of an older schema that is gone since is skipped.
	if err := apply(&Entry{Schema: Schema - 1, Epoch: 1, Rev: 1, Body: body(newOp{"test_things", "a", map[string]any{"ID": "a", "Gone": 1}})}); err != nil {
		t.Error(err)
	}
}

func TestDamagedSnapshotsChangeNothing(t *testing.T) {
	from := NewMemory()
	update(t, from, func(tx *Tx) error {
		for i := range 20 {
			if err := things.Put(tx, &row{ID: fmt.Sprint(i), Name: fmt.Sprint("n", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	good := snapshotBytes(t, from.replica)
	r := NewReplica()
	if err := r.Restore(bytes.NewReader(good)); err != nil || !bytes.Equal(good, snapshotBytes(t, r)) {
		t.Fatal("a good snapshot:", err)
	}
	for cut := range len(good) {
		if err := r.Restore(bytes.NewReader(good[:cut])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("%d bytes of %d: %v", cut, len(good), err)
		}
	}
	newer := reframe(t, good, func(h *header) { h.Schema++ })
	if err := r.Restore(bytes.NewReader(newer)); !errors.Is(err, ErrNewerSchema) {
		t.Error(err)
	}
	if !bytes.Equal(good, snapshotBytes(t, r)) {
		t.Error("a damaged snapshot changed the state")
	}
}

// Whatever is in the log, an entry is applied, refused or an error: it never panics, and an
// error changes nothing.
func FuzzApply(f *testing.F) {
	l := NewReplica().NewLine()
	if _, err := l.Exec(time.Now(), meta, func(tx *Tx) error { return things.Put(tx, &row{ID: "a", Name: "x", List: []string{"y"}}) }); err != nil {
		f.Fatal(err)
	}
	f.Add(l.Cut().Data)
	f.Add(OpenEntry(time.Unix(1, 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := DecodeEntry(data)
		if err != nil {
			return
		}
		r := NewReplica()
		before := r.Version()
		if err := r.Apply(7, e, nil); err != nil && r.Version() != before {
			t.Error("an entry was applied in part:", err)
		}
		r.Apply(8, &Entry{Schema: e.Schema, Epoch: 0, Rev: 0, Body: e.Body}, nil)
	})
}

func FuzzRestore(f *testing.F) {
	db := NewMemory()
	if err := db.Update(ctx, meta, func(tx *Tx) error { return things.Put(tx, &row{ID: "a", Name: "x", List: []string{"y"}}) }); err != nil {
		f.Fatal(err)
	}
	f.Add(snapshotBytes(f, db.replica))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReplica()
		if r.Restore(bytes.NewReader(data)) != nil && r.Version() != (Version{}) {
			t.Error("a refused snapshot changed the state")
		}
	})
}

// reframe changes the header of a snapshot.
func reframe(t *testing.T, snapshot []byte, change func(*header)) []byte {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(snapshot))
	head, err := readFrame(in)
	if err != nil {
		t.Fatal(err)
	}
	var h header
	if err := lenient.Unmarshal([]byte(head), &h); err != nil {
		t.Fatal(err)
	}
	change(&h)
	var b, out bytes.Buffer
	if err := encodeTo(&b, &h); err != nil {
		t.Fatal(err)
	}
	f := frames{w: bufio.NewWriter(&out)}
	if err := errors.Join(f.write(b.String()), f.w.Flush()); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), snapshot[8+len(head):]...)
}
