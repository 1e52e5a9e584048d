package store

import (
	"fmt"
	"io"
)

// decoding is where the decoding of a row is. A row of this very schema has no field that
// we lack; lenient is for older ones, which may have had fields that are gone.
type decoding struct {
	s       string
	p       int
	lenient bool
}

func (d *decoding) mismatch(want string) error { return fmt.Errorf("no %s at byte %d", want, d.p) }

func (d *decoding) peek() (byte, error) {
	if d.p >= len(d.s) {
		return 0, io.ErrUnexpectedEOF
	}
	return d.s[d.p], nil
}

func (d *decoding) byte() (byte, error) {
	b, err := d.peek()
	d.p++
	return b, err
}

// null reads a null, if one comes.
func (d *decoding) null() bool {
	if b, err := d.peek(); err == nil && b == cborNull {
		d.p++
		return true
	}
	return false
}

// big reads n bytes that are there.
func (d *decoding) big(n int) (x uint64) {
	if s := d.s[d.p:]; n == 8 && len(s) >= 8 { // times, mostly
		d.p += 8
		return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
			uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
	}
	for range n {
		x = x<<8 | uint64(d.s[d.p])
		d.p++
	}
	return x
}

// argument reads a head's number, whose first byte was b.
func (d *decoding) argument(b byte) (uint64, error) {
	switch b &= 31; {
	case b < 24:
		return uint64(b), nil
	case b > 27:
		return 0, d.mismatch("length")
	case len(d.s)-d.p < 1<<(b-24):
		return 0, io.ErrUnexpectedEOF
	default:
		return d.big(1 << (b - 24)), nil
	}
}

func (d *decoding) head(major byte) (uint64, error) {
	b, err := d.byte()
	if err != nil {
		return 0, err
	}
	if b&^31 != major {
		return 0, d.mismatch(fmt.Sprint("value of major type ", major>>5))
	}
	return d.argument(b)
}

func (d *decoding) int() (int64, error) {
	b, err := d.byte()
	if err != nil {
		return 0, err
	}
	n, err := d.argument(b)
	switch {
	case err != nil:
		return 0, err
	case b&^31 > majorInt || n > 1<<63-1:
		return 0, d.mismatch("whole number")
	case b&^31 == majorInt:
		return -1 - int64(n), nil
	}
	return int64(n), nil
}

// text reads text or bytes.
func (d *decoding) text(major byte) (string, error) {
	if p := d.p + 1; p <= len(d.s) { // short ones, without detours
		if n := int(d.s[d.p] ^ major); n < 24 && n <= len(d.s)-p {
			d.p = p + n
			return d.s[p : p+n], nil
		}
	}
	n, err := d.head(major)
	if err != nil {
		return "", err
	}
	if n > uint64(len(d.s)-d.p) {
		return "", io.ErrUnexpectedEOF
	}
	s := d.s[d.p : d.p+int(n)]
	d.p += int(n)
	return s, nil
}

// count reads how many elements of at least some bytes come.
func (d *decoding) count(major byte, size int) (int, error) {
	n, err := d.head(major)
	if err == nil && n > uint64((len(d.s)-d.p)/size) {
		err = io.ErrUnexpectedEOF
	}
	return int(n), err
}

const maxDepth = 32

// skip passes over a value.
func (d *decoding) skip(depth int) error {
	b, err := d.byte()
	if err != nil {
		return err
	}
	n, err := d.argument(b)
	switch major := b &^ 31; {
	case err != nil:
		return err
	case depth == 0:
		return d.mismatch("so deep a value")
	case major == majorBytes || major == majorText:
		if n > uint64(len(d.s)-d.p) {
			return io.ErrUnexpectedEOF
		}
		d.p += int(n)
		return nil
	case major == majorArray || major == majorMap:
		if n > uint64(len(d.s)-d.p) {
			return io.ErrUnexpectedEOF
		}
		for range n << (major >> 5 & 1) { // a map has two values each: 5 is odd
			if err := d.skip(depth - 1); err != nil {
				return err
			}
		}
	case major == 6<<5: // a tag
		return d.skip(depth - 1)
	}
	return nil
}
