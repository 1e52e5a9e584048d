package tree

import "encoding/binary"

// A delta makes a value from another one, its base: by turns the length of new text, the
// text, the length of a part of the base less minMatch, and where it begins, counted from
// the end of the part before. It ends after either.

const (
	minMatch = 4
	hashBits = 9
	maxBase  = 1 << 12 // of a base, what parts are looked for in
)

// matcher finds text in a base.
type matcher struct {
	base string
	at   [1 << hashBits]uint16 // one more than where text with a hash begins
}

func (m *matcher) reset(base string) {
	m.base = base[:min(len(base), maxBase)]
	clear(m.at[:])
	for i := 0; i+minMatch <= len(m.base); i++ {
		m.at[hash(m.base, i)] = uint16(i + 1)
	}
}

func load(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func hash(s string, i int) uint32 { return load(s, i) * 2654435761 >> (32 - hashBits) }

// find returns where the base has what val has at i, or -1. It looks first at likely.
func (m *matcher) find(val string, i, likely int) int {
	x := load(val, i)
	if likely+minMatch <= len(m.base) && load(m.base, likely) == x {
		return likely
	}
	at := int(m.at[x*2654435761>>(32-hashBits)]) - 1
	if at >= 0 && load(m.base, at) == x {
		return at
	}
	return -1
}

// shrink appends the delta of val.
func (m *matcher) shrink(dst []byte, val string) []byte {
	text, expect := 0, 0
	for i := 0; i+minMatch <= len(val); {
		at := m.find(val, i, expect+i-text)
		if at < 0 {
			i++
			continue
		}
		n := minMatch
		for i+n < len(val) && at+n < len(m.base) && val[i+n] == m.base[at+n] {
			n++
		}
		dst = binary.AppendUvarint(dst, uint64(i-text))
		dst = append(dst, val[text:i]...)
		dst = binary.AppendUvarint(dst, uint64(n-minMatch))
		dst = binary.AppendVarint(dst, int64(at-expect))
		i += n
		text, expect = i, at+n
	}
	if text < len(val) {
		dst = binary.AppendUvarint(dst, uint64(len(val)-text))
		dst = append(dst, val[text:]...)
	}
	return dst
}

// grow appends the value that a delta makes of a base. ok is false if it makes none; what
// checkDelta has found good always does.
func grow(dst []byte, base, delta string) (out []byte, ok bool) {
	for p, expect := 0, 0; p < len(delta); {
		n, q := uvarint(delta, p)
		if q < 0 || n > len(delta)-q {
			return dst, false
		}
		dst = append(dst, delta[q:q+n]...)
		if p = q + n; p == len(delta) {
			break
		}
		from, n, q := part(delta, p, expect)
		if q < 0 || n > len(base)-from {
			return dst, false
		}
		dst = append(dst, base[from:from+n]...)
		p, expect = q, from+n
	}
	return dst, true
}

// checkDelta reports whether a delta makes a value of a base of a length.
func checkDelta(base int, delta string) bool {
	for p, expect := 0, 0; p < len(delta); {
		n, q := uvarint(delta, p)
		if q < 0 || n > len(delta)-q {
			return false
		}
		if p = q + n; p == len(delta) {
			return true
		}
		from, n, q := part(delta, p, expect)
		if q < 0 || n > base-from {
			return false
		}
		p, expect = q, from+n
	}
	return true
}

// part reads which part of the base comes next; next is -1 if that is not to be read.
func part(delta string, p, expect int) (from, n, next int) {
	n, p = uvarint(delta, p)
	if p < 0 {
		return 0, 0, -1
	}
	move, p := uvarint(delta, p)
	if p < 0 {
		return 0, 0, -1
	}
	from = expect + (move>>1 ^ -(move & 1))
	if from < 0 || from > 1<<30 {
		return 0, 0, -1
	}
	return from, n + minMatch, p
}

// uvarint reads a number below 1<<30 and returns where it ends, -1 if there is none.
func uvarint(s string, p int) (n, next int) {
	if p < len(s) && s[p] < 0x80 {
		return int(s[p]), p + 1
	}
	for shift := 0; p < len(s) && shift < 30; shift += 7 {
		b := s[p]
		p++
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			if n >= 1<<30 {
				return 0, -1
			}
			return n, p
		}
	}
	return 0, -1
}
