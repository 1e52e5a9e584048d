package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// plain is a table as anybody would write one: what the store must agree with.
type plain map[string]row

func (p plain) where(keep func(row) bool) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(p)) {
		if keep(p[id]) {
			out = append(out, id)
		}
	}
	return strings.Join(out, " ")
}

// named returns ids in the order of names, of rows that have one.
func (p plain) named(from, prefix string) string {
	names, by := []string(nil), map[string]string{}
	for id, r := range p {
		if r.Name >= from && r.Name != "" && strings.HasPrefix(r.Name, prefix) {
			names, by[r.Name] = append(names, r.Name), id
		}
	}
	slices.Sort(names)
	for i, n := range names {
		names[i] = by[n]
	}
	return strings.Join(names, " ")
}

// agrees compares all ways to read a state with a model.
func agrees(t *rapid.T, r Reader, p plain, rng *rand.Rand) {
	t.Helper()
	same := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Fatalf("%s: %q, want %q", what, got, want)
		}
	}
	all := func(row) bool { return true }
	same("list", ids(slices.Collect(things.List(r))), p.where(all))
	for id, want := range p {
		if got := things.Get(r, id); got == nil || got.Name != want.Name || got.N != want.N || !slices.Equal(got.List, want.List) || !got.At.Equal(want.At) {
			t.Fatalf("%s is %+v, want %+v", id, got, want)
		}
	}
	for range 3 {
		x := randomThing(rng, 3000)
		from, host, tag := x.ID, x.Host, x.List[0]
		same("from", ids(slices.Collect(things.From(r, from))), p.where(func(r row) bool { return r.ID >= from }))
		same("by", ids(slices.Collect(things.By(r, "host", host))), p.where(func(r row) bool { return r.Host == host && host != "" }))
		same("by one of several", ids(slices.Collect(things.By(r, "tag", tag))), p.where(func(r row) bool { return slices.Contains(r.List, tag) }))
		same("by from", ids(slices.Collect(things.ByFrom(r, "host", host, from))), p.where(func(r row) bool { return r.Host == host && host != "" && r.ID >= from }))
		prefix := x.Name[:rng.IntN(len(x.Name)+1)]
		same("prefix", ids(slices.Collect(things.Prefix(r, "name", prefix))), p.named("", prefix))
		same("range", ids(slices.Collect(things.Range(r, "name", prefix, x.Name))), p.named(x.Name, prefix))
		same("prefix of ids", ids(slices.Collect(things.Prefix(r, "id", from[:4]))), p.where(func(r row) bool { return strings.HasPrefix(r.ID, from[:4]) }))
		got := ""
		if f := things.First(r, "name", x.Name); f != nil {
			got = f.ID
		}
		same("first", got, p.where(func(r row) bool { return r.Name == x.Name && x.Name != "" }))
	}
}

func randomThing(r *rand.Rand, space int) row {
	n := r.IntN(space)
	x := row{ID: fmt.Sprintf("i-%08x", uint32(n)*2654435761), Name: fmt.Sprint("name-", r.IntN(space)), Host: fmt.Sprint("host-", r.IntN(9)), N: r.Int64N(1 << 40),
		At: time.Unix(r.Int64N(1<<33), r.Int64N(1e9)).UTC(), List: []string{fmt.Sprint("t", r.IntN(30)), fmt.Sprint("t", r.IntN(30)), "all\x00"}}
	switch r.IntN(20) {
	case 0:
		x.Name = ""
	case 1:
		x.Host = strings.Repeat("h\x00", r.IntN(3))
	case 2:
		x.Tags = map[string]string{"data": strings.Repeat("x", r.IntN(6000))}
	}
	return x
}

// Thousands of rows through random batches are what a model says, on the leader, on a
// follower and on one that is restored midway; views that were held stay as they were.
func TestStoreAgreesWithAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		space := rapid.SampledFrom([]int{30, 3000}).Draw(t, "space")
		leader, follower, late := NewReplica(), NewReplica(), NewReplica()
		line, model := leader.NewLine(), plain{}
		type version struct {
			View
			plain
		}
		var held []version
		n := rapid.IntRange(2, 6).Draw(t, "batches")
		for i := range n {
			for range rng.IntN(4) {
				next, fails := maps.Clone(model), rng.IntN(5) == 0
				puts, steps := rng.IntN(11), rng.IntN(150)
				_, err := line.Exec(time.Unix(int64(i), 0), meta, func(tx *Tx) error {
					for range steps {
						x := randomThing(rng, space)
						if rng.IntN(10) >= puts {
							delete(next, x.ID)
							if err := things.Delete(tx, x.ID); err != nil {
								return err
							}
							continue
						}
						taken := next.where(func(r row) bool { return r.Name == x.Name && x.Name != "" && r.ID != x.ID }) != ""
						if err := things.Put(tx, &x); errors.Is(err, ErrExists) != taken {
							return fmt.Errorf("name %s taken: %v, %w", x.Name, taken, err)
						} else if !taken {
							next[x.ID] = x
						}
					}
					if rng.IntN(3) == 0 {
						agrees(t, tx, next, rng)
					}
					if fails {
						return errors.ErrUnsupported
					}
					return nil
				})
				if fails != (err == errors.ErrUnsupported) || err != nil && !fails {
					t.Fatal(err)
				}
				if !fails {
					model = next
				}
			}
			b := line.Cut()
			for r, own := range map[*Replica]*Batch{leader: b, follower: nil, late: nil} {
				if r == late && i < n/2 {
					continue
				}
				e, err := DecodeEntry(b.Data)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Apply(uint64(i), e, own); err != nil {
					t.Fatal(err)
				}
			}
			if i == n/2-1 {
				if err := late.Restore(bytes.NewReader(snapshotBytes(t, follower))); err != nil {
					t.Fatal(err)
				}
			}
			held = append(held, version{follower.View(), maps.Clone(model)})
		}
		for _, v := range held {
			agrees(t, v.View, v.plain, rng)
		}
		want := snapshotBytes(t, leader)
		for i, r := range []*Replica{leader, follower, late} {
			if err := r.View().CheckIndexes(); err != nil {
				t.Error(i, err)
			}
			if !bytes.Equal(want, snapshotBytes(t, r)) {
				t.Errorf("replica %d has other bytes", i)
			}
		}
	})
}
