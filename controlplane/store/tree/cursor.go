package tree

import (
	"iter"
	"strings"
)

// maxDepth is beyond any tree: nodes with a quarter of their children would have 16 each.
const maxDepth = 16

// Cursor goes through the entries of a tree in the order of their keys.
type Cursor struct {
	root *node
	path [maxDepth]step
	n    int // steps in path
	leaf reader
	at   int // of the entry in the leaf
	end  int
	e    slot
	ok   bool
}

type step struct {
	*node
	i int
}

// Cursor returns a cursor that is nowhere yet.
func (t Tree) Cursor() Cursor { return Cursor{root: t.root} }

// Seek goes to the first entry from a key on, and reports whether there is one. To go a
// little forward is cheap.
func (c *Cursor) Seek(key string) bool {
	if c.ok && c.ahead(key) {
		if c.at, c.end, c.e = c.leaf.seek(key, c.at); c.at < len(c.leaf.s) {
			return true
		}
		return c.turn()
	}
	n := c.root
	if c.ok, c.n = false, 0; n == nil {
		return false
	}
	for {
		i := n.find(key)
		c.path[c.n] = step{n, i}
		c.n++
		if n.kids == nil {
			break
		}
		n = n.kids[i]
	}
	c.enter()
	if c.at, c.end, c.e = c.leaf.seek(key, c.leaf.start); c.at < len(c.leaf.s) {
		c.ok = true
		return true
	}
	return c.turn()
}

// ahead reports whether a key is in the rest of this leaf, or would be.
func (c *Cursor) ahead(key string) bool {
	last := c.path[c.n-1]
	if last.i+1 >= last.len() || key >= last.seps[last.i+1] {
		return false
	}
	rest, side := c.leaf.rest(key)
	return side == 0 && rest >= c.e.rest
}

// enter opens the leaf that the path leads to.
func (c *Cursor) enter() {
	last := c.path[c.n-1]
	c.leaf = open(last.leaves[last.i])
}

// turn goes to the first entry of the next leaf.
func (c *Cursor) turn() bool {
	c.ok = false
	k := c.n - 1
	for k >= 0 && c.path[k].i+1 >= c.path[k].len() {
		k--
	}
	if k < 0 {
		return false
	}
	c.path[k].i++
	for c.n = k + 1; c.path[c.n-1].kids != nil; c.n++ {
		up := c.path[c.n-1]
		c.path[c.n] = step{up.kids[up.i], 0}
	}
	c.enter()
	c.at = c.leaf.start
	c.e, c.end = c.leaf.entry(c.at)
	c.ok = true
	return true
}

// Next goes to the next entry, and reports whether there is one.
func (c *Cursor) Next() bool {
	if !c.ok {
		return false
	}
	if c.end == len(c.leaf.s) {
		return c.turn()
	}
	c.at = c.end
	c.e, c.end = c.leaf.entry(c.at)
	return true
}

// Key returns the entry's key.
func (c *Cursor) Key() string { return c.leaf.prefix + c.e.rest }

// Is reports whether the entry has a key.
func (c *Cursor) Is(key string) bool {
	return c.ok && len(key) == len(c.leaf.prefix)+len(c.e.rest) && strings.HasPrefix(key, c.leaf.prefix) && key[len(c.leaf.prefix):] == c.e.rest
}

// After returns what the entry's key has after a prefix, and whether it begins with that.
func (c *Cursor) After(prefix string) (string, bool) {
	p := c.leaf.prefix
	if len(prefix) >= len(p) {
		if !strings.HasPrefix(prefix, p) {
			return "", false
		}
		return strings.CutPrefix(c.e.rest, prefix[len(p):])
	}
	if !strings.HasPrefix(p, prefix) {
		return "", false
	}
	return p[len(prefix):] + c.e.rest, true
}

// Value appends the entry's value to dst.
func (c *Cursor) Value(dst []byte) []byte { return c.leaf.appendValue(dst, c.at, c.e) }

// Sample yields the first entry of every so many leaves; the value is good until the next.
func (t Tree) Sample(every int) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		n := 0
		var walk func(nd *node) bool
		walk = func(nd *node) bool {
			for _, kid := range nd.kids {
				if !walk(kid) {
					return false
				}
			}
			for _, leaf := range nd.leaves {
				if n++; n%every != 1%every {
					continue
				}
				if r := open(leaf); !yield(r.first(), []byte(r.base)) {
					return false
				}
			}
			return true
		}
		if t.root != nil {
			walk(t.root)
		}
	}
}
