package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/model"
)

// row is the type of the rows of the tests' own tables.
type row struct {
	ID, Name, Host string
	N              int64
	At             time.Time
	Tags           map[string]string
	List           []string
}

var (
	things = Define("test_things", func(r *row) string { return r.ID }, unique("name", func(r *row) string { return r.Name }),
		by("host", func(r *row) string { return r.Host }), Index[row]{Name: "tag", Keys: func(r *row) []string { return r.List }})
	unhappy = Define("test_unhappy", func(r *struct {
		ID string
		C  chan int
	}) string {
		return r.ID
	})
)

var (
	ctx  = context.Background()
	meta = Meta{Action: "Test", Actor: "tester", RequestID: "r-1"}
)

func update(t *testing.T, db DB, fn func(*Tx) error) {
	t.Helper()
	if err := db.Update(ctx, meta, fn); err != nil {
		t.Fatal(err)
	}
}

func ids[R any](rows []*R) string {
	var out []string
	for _, r := range rows {
		out = append(out, reflect.ValueOf(r).Elem().FieldByName("ID").String())
	}
	return strings.Join(out, " ")
}

func TestTables(t *testing.T) {
	db := NewMemory()
	update(t, db, func(tx *Tx) error {
		for _, r := range []row{{ID: "b", Name: "x", Host: "h1", List: []string{"p", "q"}}, {ID: "a", Name: "y", Host: "h1"}, {ID: "c", Host: "h10"}, {ID: "ab", Host: "h\x001"}, {ID: "d", Host: "h\x00"}} {
			if err := things.Put(tx, &r); err != nil {
				return err
			}
		}
		if got := ids(slices.Collect(things.List(tx))); got != "a ab b c d" {
			t.Errorf("its own writes: %q", got)
		}
		return nil
	})
	v := db.Stale()
	for _, c := range []struct{ what, got, want string }{
		{"get", things.Get(v, "b").Name, "x"},
		{"list", ids(slices.Collect(things.List(v))), "a ab b c d"},
		{"from", ids(slices.Collect(things.From(v, "aa"))), "ab b c d"},
		{"by", ids(slices.Collect(things.By(v, "host", "h1"))), "a b"},
		{"by a key with a zero byte", ids(slices.Collect(things.By(v, "host", "h\x00"))), "d"},
		{"by one key that is another's beginning", ids(slices.Collect(things.By(v, "host", "h"))), ""},
		{"by one of several keys", ids(slices.Collect(things.By(v, "tag", "q"))), "b"},
		{"prefix of an index", ids(slices.Collect(things.Prefix(v, "host", "h1"))), "a b c"},
		{"prefix of keys", ids(slices.Collect(things.Prefix(v, "id", "a"))), "a ab"},
		{"first", things.First(v, "name", "y").ID, "a"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if things.Get(v, "nobody") != nil || things.First(v, "name", "z") != nil {
		t.Error("an absent row was found")
	}
	update(t, db, func(tx *Tx) error { return errors.Join(things.Delete(tx, "b"), things.Delete(tx, "nobody")) })
	if things.Get(v, "b") == nil {
		t.Error("a view changed")
	}
	if v = db.Stale(); things.Get(v, "b") != nil || things.First(v, "name", "x") != nil || ids(slices.Collect(things.By(v, "tag", "p"))) != "" {
		t.Error("a deleted row is still found")
	}
}

func TestUniqueKeysAreKept(t *testing.T) {
	db := NewMemory()
	update(t, db, func(tx *Tx) error { return things.Put(tx, &row{ID: "a", Name: "x"}) })
	err := db.Update(ctx, meta, func(tx *Tx) error { return things.Put(tx, &row{ID: "b", Name: "x"}) })
	var e *ExistsError
	if !errors.Is(err, ErrExists) || !errors.As(err, &e) || *e != (ExistsError{"test_things", "name", "x"}) {
		t.Fatal(err)
	}
	// A name goes from one row to another within one update.
	update(t, db, func(tx *Tx) error {
		return errors.Join(things.Put(tx, &row{ID: "a", Name: "y"}), things.Put(tx, &row{ID: "b", Name: "x"}), things.Put(tx, &row{ID: "a", Name: "y", N: 1}))
	})
	if v := db.Stale(); things.First(v, "name", "x").ID != "b" || things.First(v, "name", "y").N != 1 {
		t.Error("the name did not move")
	}
}

func TestFailureLeavesNoTrace(t *testing.T) {
	db := NewMemory()
	before := db.Stale().Version()
	boom := errors.New("boom")
	put := func(tx *Tx) error { return things.Put(tx, &row{ID: "a"}) }
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		what string
		ctx  context.Context
		fn   func(*Tx) error
		want string
	}{
		{"error", ctx, func(tx *Tx) error { return errors.Join(put(tx), boom) }, "boom"},
		{"panic", ctx, func(tx *Tx) error { put(tx); panic("bang") }, "bang"},
		{"cancelled", gone, put, "canceled"},
		{"no key", ctx, func(tx *Tx) error { return things.Put(tx, &row{}) }, "no key"},
		{"no encoding", ctx, func(tx *Tx) error {
			return unhappy.Put(tx, &struct {
				ID string
				C  chan int
			}{"a", make(chan int)})
		}, "unsupported type"},
		{"put and deleted", ctx, func(tx *Tx) error { return errors.Join(put(tx), things.Delete(tx, "a")) }, ""},
		{"no write", ctx, func(tx *Tx) error { return nil }, ""},
	} {
		err := db.Update(c.ctx, meta, c.fn)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
		if v := db.Stale(); v.Version() != before || len(slices.Collect(things.List(v))) != 0 {
			t.Errorf("%s left a trace", c.what)
		}
	}
	if err := put(db.Stale().ReadOnly()); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	if err := things.Delete(db.Stale().ReadOnly(), "a"); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

func TestRehearseChangesNothing(t *testing.T) {
	db := NewMemory()
	update(t, db, func(tx *Tx) error {
		return errors.Join(things.Put(tx, &row{ID: "a", N: 1}), things.Put(tx, &row{ID: "b"}))
	})
	v := db.Stale()
	got, err := Rehearse(v, func(tx *Tx) error {
		r := *things.Get(tx, "a")
		r.N = 2
		return errors.Join(things.Put(tx, &r), things.Delete(tx, "b"), things.Put(tx, &row{ID: "c"}), things.Put(tx, &row{ID: "d"}), things.Delete(tx, "d"))
	})
	if err != nil || len(got) != 3 {
		t.Fatal(got, err)
	}
	if a := got[0]; a.Table != "test_things" || a.ID != "a" || a.Before.(*row).N != 1 || a.After.(*row).N != 2 {
		t.Error(a)
	}
	if got[1].After != nil || got[2].Before != nil {
		t.Error(got[1], got[2])
	}
	if db.Stale().Version() != v.Version() || things.Get(db.Stale(), "a").N != 1 || things.Get(v, "b") == nil {
		t.Error("a rehearsal changed the state")
	}
}

func TestManyWritesOfARowCountOnce(t *testing.T) {
	l := NewReplica().NewLine()
	if _, err := l.Exec(time.Now(), meta, func(tx *Tx) error {
		for i := range 100 {
			for n := range 3 {
				if err := things.Put(tx, &row{ID: fmt.Sprint(i), N: int64(n)}); err != nil {
					return err
				}
			}
		}
		return things.Delete(tx, "7")
	}); err != nil {
		t.Fatal(err)
	}
	e, err := DecodeEntry(l.Cut().Data)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := e.Sets()
	if err != nil || len(sets) != 1 || len(sets[0].Ops) != 99 || sets[0].Action != "Test" || sets[0].Actor != "tester" || sets[0].RequestID != "r-1" {
		t.Fatal(sets, err)
	}
	for _, o := range sets[0].Ops {
		if r, err := o.Decode(e.Schema); err != nil || r.(*row).N != 2 || o.ID == "7" {
			t.Error(o.ID, r, err)
		}
	}
}

func TestTimeNeverGoesBack(t *testing.T) {
	r := NewReplica()
	apply := func(index uint64, data []byte) {
		t.Helper()
		e, err := DecodeEntry(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Apply(index, e, nil); err != nil {
			t.Fatal(err)
		}
	}
	late, early := time.Unix(100, 0), time.Unix(50, 0)
	apply(1, OpenEntry(late))
	l := r.NewLine()
	if _, err := l.Exec(early, meta, func(tx *Tx) error {
		if !tx.Now().Equal(late) || tx.Now().Location() != time.UTC {
			t.Error(tx.Now())
		}
		return things.Put(tx, &row{ID: "a", At: tx.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	apply(2, l.Cut().Data)
	apply(3, OpenEntry(early))
	if got := r.View().Time(); !got.Equal(late) {
		t.Error(got)
	}
	if v := r.Version(); v != (Version{3, 3}) {
		t.Error(v)
	}
}

// An idle leader's next update has the time of the update, not of the batch before.
func TestTimeOfABatchIsOfItsFirstUpdate(t *testing.T) {
	l := NewReplica().NewLine()
	for _, at := range []time.Time{time.Unix(100, 0), time.Unix(4000, 0)} {
		if _, err := l.Exec(at, meta, func(tx *Tx) error {
			if !tx.Now().Equal(at) {
				t.Error(tx.Now(), at)
			}
			return things.Put(tx, &row{ID: "a", At: tx.Now()})
		}); err != nil {
			t.Fatal(err)
		}
		l.Cut()
	}
}

func TestChangedTellsOfTheNextVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := NewMemory()
		c := db.Changed()
		select {
		case <-c:
			t.Fatal("nothing changed yet")
		default:
		}
		update(t, db, func(tx *Tx) error { return things.Put(tx, &row{ID: "a"}) })
		<-c
		if things.Get(db.Stale(), "a") == nil {
			t.Error("told before it could be read")
		}
	})
}

func snapshotBytes(t interface{ Fatal(...any) }, r *Replica) []byte {
	var b bytes.Buffer
	if n, err := r.Snapshot().WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatal(n, b.Len(), err)
	}
	return b.Bytes()
}

// TestByFrom: the rows under a key from one of theirs on, and none of the next key.
func TestByFrom(t *testing.T) {
	db := NewMemory()
	if err := db.Update(context.Background(), Meta{}, func(tx *Tx) error {
		for _, account := range []string{"1", "2", "21"} {
			for i := range 5 {
				if err := VPCs.Put(tx, &model.VPC{ID: fmt.Sprint("vpc-", i, "-", account), Owned: model.Owned{Account: account}}); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{"": 5, "vpc-2-2": 3, "vpc-2": 3, "vpc-4-2": 1, "vpc-5": 0} {
		n := 0
		for v := range VPCs.ByFrom(db.Stale(), "account", "2", from) {
			if n++; v.Account != "2" || v.ID < from {
				t.Errorf("from %q there is %+v", from, v)
			}
		}
		if n != want {
			t.Errorf("from %q there are %d, want %d", from, n, want)
		}
	}
}

// Who goes through rows while the transaction writes them sees those of the beginning, in
// each of two that do so at once; who begins later sees the writes.
func TestWritesWhileGoingThrough(t *testing.T) {
	db := NewMemory()
	update(t, db, func(tx *Tx) error {
		for i := range 500 {
			if err := things.Put(tx, &row{ID: fmt.Sprint(1000 + i), Name: fmt.Sprint("n", i), Host: "a"}); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, db, func(tx *Tx) error {
		if err := things.Put(tx, &row{ID: "0", Host: "a"}); err != nil {
			return err
		}
		outer := 0
		for r := range things.By(tx, "host", "a") {
			if outer++; r.N != 0 {
				t.Fatalf("%s has a later write", r.ID)
			}
			if outer%100 == 1 {
				seen := 0
				for x := range things.List(tx) {
					seen++
					if x.ID < r.ID && x.N != 1 || x.ID >= r.ID && x.N != 0 {
						t.Fatalf("at %s: %s has N %d", r.ID, x.ID, x.N)
					}
					if err := things.Put(tx, &row{ID: x.ID + "+", Host: "b", N: 1}); err != nil {
						return err
					}
				}
				if want := 501; seen != want {
					t.Fatalf("%d rows, want %d", seen, want)
				}
				for _, x := range slices.Collect(things.By(tx, "host", "b")) {
					if strings.HasSuffix(x.ID, "+") {
						if err := things.Delete(tx, x.ID); err != nil {
							return err
						}
					}
				}
			}
			x := *r
			x.N, x.Host = 1, "b"
			if err := things.Put(tx, &x); err != nil {
				return err
			}
		}
		if outer != 501 {
			t.Errorf("%d rows", outer)
		}
		return nil
	})
	if n := len(slices.Collect(things.By(db.Stale(), "host", "b"))); n != 501 {
		t.Error(n)
	}
	if err := db.Stale().CheckIndexes(); err != nil {
		t.Error(err)
	}
}
