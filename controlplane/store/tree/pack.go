package tree

import "fmt"

// Pack makes leaves of entries that come in order. Where it cuts follows from the entries
// alone: equal entries make equal leaves.
type Pack struct {
	kind  byte
	emit  func(leaf string) error
	w     scratch
	list  []entry // values of all but the first are deltas
	arena []byte  // of the deltas' bytes
	ends  []int
	share int // what the keys begin with
	size  int
}

// NewPack returns a Pack that hands leaves to emit.
func NewPack(values bool, emit func(leaf string) error) *Pack {
	return &Pack{kind: New(values).kind, emit: emit}
}

// Add adds an entry, whose key must be above the one before.
func (p *Pack) Add(key string, value []byte) error {
	if len(p.list) == 0 {
		p.start(key, value)
		return nil
	}
	share := min(p.share, common(p.list[0].key, key))
	mark := len(p.arena)
	if p.kind == valued {
		p.arena = p.w.m.shrink(p.arena, string(value))
	}
	add := len(key) + len(p.arena) - mark + 3
	if p.size+add-share*(len(p.list)+1) > maxLeaf {
		if err := p.Close(); err != nil {
			return err
		}
		p.start(key, value)
		return nil
	}
	p.list, p.ends = append(p.list, entry{key: key}), append(p.ends, len(p.arena))
	p.share, p.size = share, p.size+add
	return nil
}

func (p *Pack) start(key string, value []byte) {
	first := entry{key, string(value)}
	p.list, p.ends, p.arena = append(p.list[:0], first), append(p.ends[:0], 0), p.arena[:0]
	p.share, p.size = len(key), len(key)+len(value)+8
	if p.kind == valued {
		p.w.m.reset(first.value)
	}
}

// Close hands on what is left.
func (p *Pack) Close() error {
	if len(p.list) == 0 {
		return nil
	}
	leaf := appendHead(p.w.leaf[:0], p.kind, p.list[0].key[:p.share])
	for i, e := range p.list {
		value := e.value
		if i > 0 {
			value = string(p.arena[p.ends[i-1]:p.ends[i]])
		}
		leaf = appendSlot(leaf, p.kind, e.key[p.share:], value)
	}
	p.w.leaf, p.list = leaf, p.list[:0]
	return p.emit(string(leaf))
}

// Load makes a tree of leaves that come in order.
type Load struct {
	kind   byte
	last   string
	n      int
	levels [maxDepth]*node // filled from the bottom
	depth  int
}

// NewLoad returns an empty Load.
func NewLoad(values bool) *Load { return &Load{kind: New(values).kind} }

// loaded is how many children a node gets: there is room for some more.
const loaded = maxKids * 7 / 8

// Add adds a leaf, which is checked: its keys must be in order and above those before.
func (l *Load) Add(leaf string) error {
	first, last, n, err := check(leaf, l.kind)
	if err != nil {
		return err
	}
	sep := ""
	if l.n > 0 {
		if first <= l.last {
			return fmt.Errorf("keys out of order: %w", ErrMalformed)
		}
		sep = between(l.last, first)
	}
	l.last, l.n = last, l.n+n
	if l.depth == 0 {
		l.levels[0], l.depth = new(node), 1
	}
	b := l.levels[0]
	if b.len() == loaded {
		l.up(1, b)
		b = new(node)
		l.levels[0] = b
	}
	b.seps, b.leaves = append(b.seps, sep), append(b.leaves, leaf)
	return nil
}

// up hands a full node to the level above it.
func (l *Load) up(level int, full *node) {
	if l.depth == level {
		l.levels[level] = new(node)
		l.depth++
	}
	n := l.levels[level]
	if n.len() == loaded {
		l.up(level+1, n)
		n = new(node)
		l.levels[level] = n
	}
	n.seps, n.kids = append(n.seps, full.seps[0]), append(n.kids, full)
}

// Tree ends the load.
func (l *Load) Tree() Tree {
	if l.depth == 0 {
		return Tree{kind: l.kind}
	}
	for level := 0; level+1 < l.depth; level++ {
		l.up(level+1, l.levels[level])
	}
	return Tree{root: l.levels[l.depth-1], n: l.n, kind: l.kind}
}
