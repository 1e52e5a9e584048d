package tree

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// same compares a tree with what it should hold, by all ways to read it.
func same(t interface{ Fatalf(string, ...any) }, tree Tree, want map[string]string) {
	keys := slices.Sorted(maps.Keys(want))
	if tree.Len() != len(keys) {
		t.Fatalf("%d keys, want %d", tree.Len(), len(keys))
	}
	c, i := tree.Cursor(), 0
	for ok := c.Seek(""); ok; ok = c.Next() {
		if i == len(keys) || c.Key() != keys[i] || string(c.Value(nil)) != want[keys[i]] || !c.Is(keys[i]) {
			t.Fatalf("entry %d is %q", i, c.Key())
		}
		i++
	}
	if i != len(keys) {
		t.Fatalf("the cursor saw %d of %d", i, len(keys))
	}
	for _, k := range keys {
		if v, ok := tree.Get(nil, k); !ok || string(v) != want[k] {
			t.Fatalf("%q is %q, %v", k, v, ok)
		}
		_, has := want[k+"\x00"]
		if _, ok := tree.Get(nil, k+"\x00"); ok != has {
			t.Fatalf("%q has a neighbour", k)
		}
	}
	wellFormed(t, tree)
}

// wellFormed checks what the code relies on: separators, leaves, and no empty node.
func wellFormed(t interface{ Fatalf(string, ...any) }, tree Tree) {
	n := 0
	var walk func(nd *node, lo, hi string, depth int) int
	walk = func(nd *node, lo, hi string, depth int) int {
		if nd.len() == 0 || nd.len() > maxKids {
			t.Fatalf("a node with %d children", nd.len())
		}
		below := -1
		for i := range nd.seps {
			from, to := lo, hi
			if i > 0 {
				from = nd.seps[i]
			}
			if i+1 < nd.len() {
				to = nd.seps[i+1]
			}
			d := 0
			if nd.kids != nil {
				d = walk(nd.kids[i], from, to, depth+1)
			} else {
				first, last, k, err := check(nd.leaves[i], tree.kind)
				if err != nil || first < from || to != "" && last >= to {
					t.Fatalf("leaf %q to %q below %q to %q: %v", first, last, from, to, err)
				}
				n += k
			}
			if below >= 0 && d != below {
				t.Fatalf("branches of different depth")
			}
			below = d
		}
		return below + 1
	}
	if tree.root != nil {
		walk(tree.root, "", "", 0)
	}
	if n != tree.n {
		t.Fatalf("%d entries, %d counted", n, tree.n)
	}
}

// randomKey makes keys that share beginnings.
func randomKey(r *rand.Rand, space int) string {
	k := fmt.Sprintf("i-%017x", uint64(r.IntN(space))*0x9E3779B97F4A7C15>>4)
	switch r.IntN(12) {
	case 0:
		return k[:r.IntN(len(k))]
	case 1:
		return k + strings.Repeat("\x00", r.IntN(3))
	}
	return k
}

func randomValue(r *rand.Rand, n int) string {
	if n == 0 {
		return ""
	}
	v := "\xa5bAccount\x6c123456789012fRegionibench-1dTags" + fmt.Sprint(r.IntN(1000)) + "enabled-optional-running" + fmt.Sprint(r.Uint64())
	switch r.IntN(40) {
	case 0:
		return v + strings.Repeat("x", r.IntN(3*maxLeaf))
	case 1:
		return v[:r.IntN(len(v))]
	case 2:
		b := make([]byte, r.IntN(2000))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return string(b)
	}
	return v
}

// Random edits make what they make of a map, and versions that are held stay as they were.
func TestEditsAreAsOfAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		values := rapid.Bool().Draw(t, "values")
		space := rapid.SampledFrom([]int{5, 300, 5000}).Draw(t, "space")
		var w Scratch
		tree, model := New(values), map[string]string{}
		type version struct {
			Tree
			model map[string]string
		}
		var held []version
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			e := tree.Edit(&w)
			puts := r.IntN(10) // of ten
			for range r.IntN(1200) {
				k := randomKey(r, space)
				if r.IntN(10) < puts {
					v := randomValue(r, map[bool]int{true: 1}[values])
					e.Put(k, v)
					model[k] = v
				} else {
					_, was := model[k]
					if e.Delete(k) != was {
						t.Fatalf("%q was there: %v", k, was)
					}
					delete(model, k)
				}
				if r.IntN(400) == 0 {
					held = append(held, version{e.Tree(), maps.Clone(model)})
				}
			}
			tree = e.Tree()
			held = append(held, version{tree, maps.Clone(model)})
		}
		for _, v := range held {
			same(t, v.Tree, v.model)
		}
		loaded, leaves := pack(t, tree, values)
		same(t, loaded, model)
		// Another history of the same content packs the same.
		other := New(values).Edit(&w)
		for k, v := range model { // in any order
			other.Put(k, v)
		}
		if _, again := pack(t, other.Tree(), values); !slices.Equal(leaves, again) {
			t.Fatalf("packed leaves depend on history")
		}
	})
}

func pack(t interface{ Fatalf(string, ...any) }, tree Tree, values bool) (Tree, []string) {
	l, leaves := NewLoad(values), []string(nil)
	p := NewPack(values, func(leaf string) error {
		leaves = append(leaves, leaf)
		return l.Add(leaf)
	})
	c := tree.Cursor()
	for ok := c.Seek(""); ok; ok = c.Next() {
		if err := p.Add(c.Key(), c.Value(nil)); err != nil {
			t.Fatalf("%v", err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	return l.Tree(), leaves
}

// A cursor finds the first key from one on, wherever it was before.
func TestSeek(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var w Scratch
	e, keys := New(false).Edit(&w), []string(nil)
	for range 20_000 {
		k := randomKey(r, 1<<30)
		e.Put(k, "")
		keys = append(keys, k)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	c := e.Tree().Cursor()
	for range 50_000 {
		k := randomKey(r, 1<<30)
		if r.IntN(2) == 0 {
			k = keys[r.IntN(len(keys))]
		}
		i, _ := slices.BinarySearch(keys, k)
		if i+1 < len(keys) && r.IntN(3) == 0 { // a little ahead of where it is
			c.Seek(keys[i])
			i += min(r.IntN(4), len(keys)-1-i)
			k = keys[i]
		}
		if ok := c.Seek(k); ok != (i < len(keys)) || ok && c.Key() != keys[i] {
			t.Fatalf("from %q: %v, %q", k, ok, c.Key())
		}
		if i < len(keys) {
			for _, prefix := range []string{"", "i-", keys[i], keys[i] + "x", "x", keys[i][:len(keys[i])/2]} {
				rest, ok := c.After(prefix)
				if want, has := strings.CutPrefix(keys[i], prefix); ok != has || ok && rest != want {
					t.Fatalf("%q after %q is %q, %v", keys[i], prefix, rest, ok)
				}
			}
		}
	}
}

func TestDelta(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abc")))
		base, val := text.Draw(t, "base"), text.Draw(t, "value")
		var m matcher
		m.reset(base)
		d := string(m.shrink(nil, val))
		if got, ok := grow([]byte("x"), base, d); !ok || string(got) != "x"+val || !checkDelta(len(base), d) {
			t.Fatalf("%q of %q by %q", got, base, d)
		}
	})
}

// Whatever comes as a leaf is refused, or can be read to its end.
func FuzzLoad(f *testing.F) {
	var w scratch
	f.Add(w.make(valued, []entry{{"i-1", "a value that is long"}, {"i-2", "a value that is longer"}}), true)
	f.Add(w.make(keysOnly, []entry{{"a", ""}, {"b", ""}}), false)
	f.Fuzz(func(t *testing.T, leaf string, values bool) {
		l := NewLoad(values)
		if l.Add(leaf) != nil {
			return
		}
		tree, n := l.Tree(), 0
		c := tree.Cursor()
		for ok := c.Seek(""); ok; ok = c.Next() {
			v := c.Value(nil)
			if got, ok := tree.Get(nil, c.Key()); !ok || !bytes.Equal(got, v) {
				t.Fatal("an entry is not found")
			}
			n++
		}
		if n != tree.Len() {
			t.Fatal(n, tree.Len())
		}
	})
}

func TestLeavesOutOfOrderAreRefused(t *testing.T) {
	var w scratch
	a, b := w.make(keysOnly, []entry{{"a", ""}, {"b", ""}}), w.make(keysOnly, []entry{{"b", ""}, {"c", ""}})
	for _, leaves := range [][]string{{a, b}, {b, a}, {a, a}, {w.make(keysOnly, []entry{{"b", ""}, {"a", ""}})}, {w.make(valued, []entry{{"b", ""}})}, {""}} {
		l := NewLoad(false)
		var err error
		for _, leaf := range leaves {
			if err = l.Add(leaf); err != nil {
				break
			}
		}
		if err == nil {
			t.Errorf("%q was taken", leaves)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	var w Scratch
	e := New(false).Edit(&w)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Put(fmt.Sprintf("123456789012\x00\x01i-%017x", uint64(i)*0x9E3779B97F4A7C15>>4), "")
		if i%64 == 63 {
			e.Tree()
		}
	}
}

func BenchmarkGet(b *testing.B) {
	var w Scratch
	e := New(false).Edit(&w)
	key := func(i int) string { return fmt.Sprintf("123456789012\x00\x01i-%017x", uint64(i)*0x9E3779B97F4A7C15>>4) }
	for i := range 200_000 {
		e.Put(key(i), "")
	}
	tree := e.Tree()
	for i := 0; b.Loop(); i++ {
		if !tree.Has(key(i % 200_000)) {
			b.Fatal(i)
		}
	}
}
