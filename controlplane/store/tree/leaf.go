package tree

import (
	"encoding/binary"
	"errors"
	"strings"
)

// A leaf is a byte that says whether there are values, what all keys begin with, and the
// entries: lengths of the rest of the key and of the value, and these. Numbers are varints.
const (
	keysOnly = 0
	valued   = 1
)

// maxLeaf is from what size on a leaf is cut in two. One entry may be larger.
const maxLeaf = 2048

// reader is a leaf, opened.
type reader struct {
	s      string
	kind   byte
	prefix string
	start  int    // of the entries
	base   string // the first value
}

func open(leaf string) reader {
	if leaf == "" {
		return reader{}
	}
	n, p := uvarint(leaf, 1)
	r := reader{s: leaf, kind: leaf[0], prefix: leaf[p : p+n], start: p + n}
	if r.kind == valued {
		e, _ := r.entry(r.start)
		r.base = e.value
	}
	return r
}

// slot is an entry as it stands in the leaf.
type slot struct{ rest, value string }

// entry returns the entry at p, and where the next one is.
func (r *reader) entry(p int) (slot, int) {
	n, p := uvarint(r.s, p)
	v := 0
	if r.kind == valued {
		v, p = uvarint(r.s, p)
	}
	return slot{r.s[p : p+n], r.s[p+n : p+n+v]}, p + n + v
}

// rest returns what a leaf's entry would have of a key, and whether that belongs before
// all entries (-1), after all (1), or among them.
func (r *reader) rest(key string) (string, int) {
	if strings.HasPrefix(key, r.prefix) {
		return key[len(r.prefix):], 0
	}
	if key < r.prefix {
		return "", -1
	}
	return "", 1
}

// seek returns the first entry from a key on, beginning at p, and where that is, and ends.
func (r *reader) seek(key string, p int) (at, end int, e slot) {
	rest, side := r.rest(key)
	switch {
	case side > 0:
		return len(r.s), len(r.s), slot{}
	case side < 0:
		if p < len(r.s) {
			e, end = r.entry(p)
			return p, end, e
		}
	}
	p = r.skip(rest, p)
	for p < len(r.s) {
		e, end = r.entry(p)
		if e.rest >= rest {
			return p, end, e
		}
		p = end
	}
	return p, p, slot{}
}

// skip passes, from p on, over entries that are below a key by their first eight bytes.
func (r *reader) skip(rest string, p int) int {
	if len(rest) < 8 {
		return p
	}
	s, x := r.s, eight(rest, 0)
	for p < len(s) {
		n, v, q := int(s[p]), 0, p+1
		if n >= 0x80 {
			return p
		}
		if r.kind == valued {
			if v, q = uvarint(s, q); q < 0 {
				return p
			}
		}
		if n < 8 || len(s)-q < 8 || eight(s, q) >= x {
			return p
		}
		p = q + n + v
	}
	return p
}

// eight returns the eight bytes at i as a number.
func eight(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
		uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
}

// appendValue appends the value of the entry e at p.
func (r *reader) appendValue(dst []byte, p int, e slot) []byte {
	if p == r.start {
		return append(dst, e.value...)
	}
	dst, ok := grow(dst, r.base, e.value)
	if !ok {
		panic("tree: a delta that makes no value") // leaves are checked when they come in
	}
	return dst
}

// entry is a key with its value.
type entry struct{ key, value string }

// entries appends all entries of a leaf.
func (r *reader) entries(out []entry) []entry {
	var buf []byte
	for p := r.start; p < len(r.s); {
		e, next := r.entry(p)
		buf = r.appendValue(buf[:0], p, e)
		out = append(out, entry{r.prefix + e.rest, string(buf)})
		p = next
	}
	return out
}

// first returns the first key.
func (r *reader) first() string {
	e, _ := r.entry(r.start)
	return r.prefix + e.rest
}

func common(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func appendHead(dst []byte, kind byte, prefix string) []byte {
	dst = append(dst, kind)
	dst = binary.AppendUvarint(dst, uint64(len(prefix)))
	return append(dst, prefix...)
}

func appendSlot(dst []byte, kind byte, rest, value string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(rest)))
	if kind == valued {
		dst = binary.AppendUvarint(dst, uint64(len(value)))
	}
	return append(append(dst, rest...), value...)
}

// scratch is what making leaves needs besides them.
type scratch struct {
	m     matcher
	leaf  []byte
	value []byte
	list  []entry
}

// make makes a leaf of sorted entries.
func (w *scratch) make(kind byte, list []entry) string {
	prefix := list[0].key[:common(list[0].key, list[len(list)-1].key)]
	w.leaf = appendHead(w.leaf[:0], kind, prefix)
	for i, e := range list {
		value := e.value
		switch {
		case kind == keysOnly:
		case i == 0:
			w.m.reset(value)
		default:
			w.value = w.m.shrink(w.value[:0], value)
			w.leaf = binary.AppendUvarint(w.leaf, uint64(len(e.key)-len(prefix)))
			w.leaf = binary.AppendUvarint(w.leaf, uint64(len(w.value)))
			w.leaf = append(append(w.leaf, e.key[len(prefix):]...), w.value...)
			continue
		}
		w.leaf = appendSlot(w.leaf, kind, e.key[len(prefix):], value)
	}
	return string(w.leaf)
}

// piece is a leaf, and a key that is above all before it and not above any of its own.
type piece struct{ sep, leaf string }

// cut makes as many leaves of sorted entries as they need.
func (w *scratch) cut(kind byte, list []entry, sep string, appending bool, out []piece) []piece {
	leaf := w.make(kind, list)
	if len(leaf) <= maxLeaf || len(list) == 1 {
		return append(out, piece{sep, leaf})
	}
	k := len(list) - 1 // entries that come in order leave full leaves behind
	if !appending {
		k = middle(list)
	}
	out = w.cut(kind, list[:k], sep, false, out)
	return w.cut(kind, list[k:], between(list[k-1].key, list[k].key), false, out)
}

// middle returns where to cut entries so that both sides are about as large, and not empty.
func middle(list []entry) int {
	total, left := 0, 0
	for _, e := range list {
		total += len(e.key) + len(e.value)
	}
	for i, e := range list {
		if left += len(e.key) + len(e.value); 2*left >= total {
			return min(max(1, i), len(list)-1)
		}
	}
	return len(list) - 1
}

// between returns the shortest key above a and not above b.
func between(a, b string) string { return strings.Clone(b[:common(a, b)+1]) }

// put returns the leaves that take the place of one when it gets an entry, and whether its
// key is new there.
func (w *scratch) put(kind byte, leaf, key, value string, out []piece) (_ []piece, added bool) {
	r := open(leaf)
	if leaf != "" && strings.HasPrefix(key, r.prefix) {
		at, end, e := r.seek(key, r.start)
		rest := key[len(r.prefix):]
		if added = at == len(leaf) || e.rest != rest; added {
			end = at
		}
		if kind == keysOnly || at > r.start {
			if kind == valued {
				w.m.reset(r.base)
				w.value = w.m.shrink(w.value[:0], value)
			}
			w.leaf = append(w.leaf[:0], leaf[:at]...)
			w.leaf = binary.AppendUvarint(w.leaf, uint64(len(rest)))
			if kind == valued {
				w.leaf = binary.AppendUvarint(w.leaf, uint64(len(w.value)))
			}
			w.leaf = append(w.leaf, rest...)
			if kind == valued {
				w.leaf = append(w.leaf, w.value...)
			}
			w.leaf = append(w.leaf, leaf[end:]...)
			if len(w.leaf) <= maxLeaf {
				return append(out, piece{"", string(w.leaf)}), added
			}
		}
	}
	w.list = r.entries(w.list[:0])
	i := 0
	for i < len(w.list) && w.list[i].key < key {
		i++
	}
	if added = i == len(w.list) || w.list[i].key != key; added {
		w.list = append(w.list, entry{})
		copy(w.list[i+1:], w.list[i:])
	}
	w.list[i] = entry{key, value}
	return w.cut(kind, w.list, "", added && i == len(w.list)-1, out), added
}

// remove returns a leaf without a key, and whether it was there; "" is an empty leaf.
func (w *scratch) remove(kind byte, leaf, key string) (string, bool) {
	r := open(leaf)
	if leaf == "" || !strings.HasPrefix(key, r.prefix) {
		return leaf, false
	}
	at, end, e := r.seek(key, r.start)
	switch {
	case at == len(leaf) || e.rest != key[len(r.prefix):]:
		return leaf, false
	case at == r.start && end == len(leaf):
		return "", true
	case kind == valued && at == r.start:
		return w.make(kind, r.entries(w.list[:0])[1:]), true
	}
	w.leaf = append(append(w.leaf[:0], leaf[:at]...), leaf[end:]...)
	return string(w.leaf), true
}

// join returns two neighbours as one leaf, "" if that is no small one.
func (w *scratch) join(kind byte, a, b string) string {
	if len(a)+len(b) > maxLeaf*3/4 {
		return ""
	}
	ra, rb := open(a), open(b)
	leaf := w.make(kind, rb.entries(ra.entries(w.list[:0])))
	if len(leaf) > maxLeaf*3/4 {
		return ""
	}
	return leaf
}

// ErrMalformed says that bytes are no leaf.
var ErrMalformed = errors.New("malformed block")

// check returns the first and the last key of what came from outside as a leaf, and how
// many entries it has.
func check(leaf string, kind byte) (first, last string, n int, err error) {
	if len(leaf) < 3 || leaf[0] != kind {
		return "", "", 0, ErrMalformed
	}
	k, p := uvarint(leaf, 1)
	if p < 0 || k >= len(leaf)-p {
		return "", "", 0, ErrMalformed
	}
	prefix, base, before := leaf[p:p+k], 0, ""
	for p += k; p < len(leaf); n++ {
		k, q := uvarint(leaf, p)
		v := 0
		if q >= 0 && kind == valued {
			v, q = uvarint(leaf, q)
		}
		if q < 0 || k+v > len(leaf)-q {
			return "", "", 0, ErrMalformed
		}
		rest, value := leaf[q:q+k], leaf[q+k:q+k+v]
		switch {
		case n == 0:
			first, base = prefix+rest, v
		case rest <= before || kind == valued && !checkDelta(base, value):
			return "", "", 0, ErrMalformed
		}
		before, p = rest, q+k+v
	}
	return first, prefix + before, n, nil
}
