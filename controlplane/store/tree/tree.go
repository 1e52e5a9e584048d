package tree

import "slices"

// Tree is one version of a map. It never changes, and any number of goroutines may read
// it. New makes an empty one.
type Tree struct {
	root *node
	n    int
	kind byte
}

// New returns an empty tree, of keys alone or with values.
func New(values bool) Tree {
	if values {
		return Tree{kind: valued}
	}
	return Tree{kind: keysOnly}
}

// Len returns how many keys there are.
func (t Tree) Len() int { return t.n }

// node has either leaves or nodes below it. What is below kids[i] is from seps[i] on; the
// first separator is not looked at.
type node struct {
	owner  *owner
	seps   []string
	leaves []string
	kids   []*node
}

// owner is whose nodes may be changed in place: those of one Edit since its last Tree.
type owner struct{ _ byte }

const maxKids = 32

func (n *node) len() int { return len(n.seps) }

// find returns below which child a key is.
func (n *node) find(key string) int {
	lo, hi := 1, len(n.seps)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); n.seps[mid] <= key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// Get appends the value of a key to dst, and reports whether there is one.
func (t Tree) Get(dst []byte, key string) ([]byte, bool) {
	n := t.root
	if n == nil {
		return dst, false
	}
	for n.kids != nil {
		n = n.kids[n.find(key)]
	}
	r := open(n.leaves[n.find(key)])
	at, _, e := r.seek(key, r.start)
	if rest, side := r.rest(key); at == len(r.s) || side != 0 || e.rest != rest {
		return dst, false
	}
	return r.appendValue(dst, at, e), true
}

// Edit makes a tree of another one. It is for one goroutine.
type Edit struct {
	t     Tree
	owner *owner
	w     *Scratch
	out   []piece
}

// Scratch is memory that edits use one after the other.
type Scratch struct{ scratch }

// Edit returns an Edit that begins with t.
func (t Tree) Edit(w *Scratch) *Edit { return &Edit{t: t, w: w} }

// Tree returns the tree as it is now. It costs nothing; what is edited later is copied.
func (e *Edit) Tree() Tree {
	e.owner = nil
	return e.t
}

// Peek returns the tree as it is now, for use before the next Put or Delete.
func (e *Edit) Peek() Tree { return e.t }

// own returns a node that may be changed: n, or a copy.
func (e *Edit) own(n *node) *node {
	if e.owner == nil {
		e.owner = new(owner)
	}
	if n.owner == e.owner {
		return n
	}
	room := min(maxKids+1, len(n.seps)+4)
	c := &node{owner: e.owner, seps: append(make([]string, 0, room), n.seps...)}
	if n.kids != nil {
		c.kids = append(make([]*node, 0, room), n.kids...)
	} else {
		c.leaves = append(make([]string, 0, room), n.leaves...)
	}
	return c
}

// Put sets the value of a key; in a tree of keys alone the value must be empty.
func (e *Edit) Put(key, value string) {
	if e.t.root == nil {
		e.out, _ = e.w.put(e.t.kind, "", key, value, e.out[:0])
		e.t.root, e.t.n = e.own(&node{seps: []string{""}, leaves: []string{e.out[0].leaf}}), 1
		return
	}
	root, right, added := e.put(e.t.root, key, value)
	if right != nil {
		root = e.own(&node{seps: []string{"", right.sep}, kids: []*node{root, right.node}})
	}
	e.t.root = root
	if added {
		e.t.n++
	}
}

// sibling is the right half of a node that was cut.
type sibling struct {
	sep string
	*node
}

func (e *Edit) put(n *node, key, value string) (_ *node, right *sibling, added bool) {
	i := n.find(key)
	n = e.own(n)
	if n.kids == nil {
		e.out, added = e.w.put(e.t.kind, n.leaves[i], key, value, e.out[:0])
		n.leaves[i] = e.out[0].leaf
		for k, p := range e.out[1:] {
			n.seps = slices.Insert(n.seps, i+1+k, p.sep)
			n.leaves = slices.Insert(n.leaves, i+1+k, p.leaf)
		}
	} else {
		var more *sibling
		if n.kids[i], more, added = e.put(n.kids[i], key, value); more != nil {
			n.seps = slices.Insert(n.seps, i+1, more.sep)
			n.kids = slices.Insert(n.kids, i+1, more.node)
		}
	}
	if n.len() > maxKids {
		right = e.halve(n)
	}
	return n, right, added
}

// halve takes the right half of a node away.
func (e *Edit) halve(n *node) *sibling {
	k := n.len() / 2
	r := &sibling{n.seps[k], e.own(&node{seps: n.seps[k:], leaves: tail(n.leaves, k), kids: tail(n.kids, k)})}
	clear(n.seps[k:])
	n.seps = n.seps[:k]
	n.leaves, n.kids = n.leaves[:min(k, len(n.leaves))], n.kids[:min(k, len(n.kids))]
	return r
}

func tail[T any](s []T, k int) []T {
	if s == nil {
		return nil
	}
	return s[k:]
}

// Delete removes a key and reports whether it was there.
func (e *Edit) Delete(key string) bool {
	if e.t.root == nil {
		return false
	}
	if !e.t.Has(key) { // else what is the same would be copied
		return false
	}
	root := e.remove(e.t.root, key)
	for root != nil && len(root.kids) == 1 {
		root = root.kids[0]
	}
	e.t.root, e.t.n = root, e.t.n-1
	return true
}

// Has reports whether a key is there.
func (t Tree) Has(key string) bool {
	c := t.Cursor()
	return c.Seek(key) && c.Is(key)
}

// remove returns a node without a key, nil if it is empty then.
func (e *Edit) remove(n *node, key string) *node {
	i := n.find(key)
	n = e.own(n)
	gone, small := false, false
	if n.kids == nil {
		n.leaves[i], _ = e.w.remove(e.t.kind, n.leaves[i], key)
		gone, small = n.leaves[i] == "", len(n.leaves[i]) < maxLeaf/4
	} else {
		n.kids[i] = e.remove(n.kids[i], key)
		gone = n.kids[i] == nil
		small = !gone && n.kids[i].len() < maxKids/4
	}
	switch {
	case gone && n.len() == 1:
		return nil
	case gone:
		n.drop(i)
	case small && i+1 < n.len() && e.join(n, i):
	case small && i > 0:
		e.join(n, i-1)
	}
	return n
}

// drop removes the child i of a node.
func (n *node) drop(i int) {
	n.seps = slices.Delete(n.seps, i, i+1)
	if n.kids != nil {
		n.kids = slices.Delete(n.kids, i, i+1)
	} else {
		n.leaves = slices.Delete(n.leaves, i, i+1)
	}
}

// join makes one of the children i and i+1 of a node, if that is not large.
func (e *Edit) join(n *node, i int) bool {
	if n.kids == nil {
		leaf := e.w.join(e.t.kind, n.leaves[i], n.leaves[i+1])
		if leaf == "" {
			return false
		}
		n.leaves[i] = leaf
		n.drop(i + 1)
		return true
	}
	a, b := n.kids[i], n.kids[i+1]
	if a.len()+b.len() > maxKids*3/4 {
		return false
	}
	a = e.own(a)
	k := len(a.seps)
	a.seps, a.leaves, a.kids = append(a.seps, b.seps...), append(a.leaves, b.leaves...), append(a.kids, b.kids...)
	a.seps[k] = n.seps[i+1]
	n.kids[i] = a
	n.drop(i + 1)
	return true
}
