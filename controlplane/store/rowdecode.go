package store

import (
	"encoding"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"time"
	"unsafe"
)

// Rows are decoded whenever the cache does not have them, which is always in a large state:
// a page of a listing is made of thousands. So a row is written by address: a decoder is
// made for one type, and gets the address of a value of that type, which is zero as yet.
// Values are written as that type or by package reflect, so the garbage collector sees
// every pointer.

// decodeFunc decodes a value of one type to p.
type decodeFunc = func(d *decoding, p unsafe.Pointer) error

// at returns the value of a type at p.
func at(t reflect.Type, p unsafe.Pointer) reflect.Value { return reflect.NewAt(t, p).Elem() }

func decodeString(d *decoding, p unsafe.Pointer) (err error) {
	*(*string)(p), err = d.text(majorText)
	return err
}

func decodeBool(d *decoding, p unsafe.Pointer) error {
	b, err := d.byte()
	if err == nil && b != cborTrue && b != cborFalse {
		err = d.mismatch("a truth value")
	}
	*(*bool)(p) = b == cborTrue
	return err
}

func intDecoder(t reflect.Type) decodeFunc {
	if t.Size() == 8 {
		return func(d *decoding, p unsafe.Pointer) (err error) {
			*(*int64)(p), err = d.int()
			return err
		}
	}
	return func(d *decoding, p unsafe.Pointer) error {
		n, err := d.int()
		if err == nil && t.OverflowInt(n) {
			err = d.mismatch("a smaller number")
		}
		at(t, p).SetInt(n)
		return err
	}
}

func uintDecoder(t reflect.Type) decodeFunc {
	return func(d *decoding, p unsafe.Pointer) error {
		n, err := d.head(majorUint)
		if err == nil && t.OverflowUint(n) {
			err = d.mismatch("a smaller number")
		}
		at(t, p).SetUint(n)
		return err
	}
}

func decodeFloat(d *decoding, p unsafe.Pointer) error {
	if b, err := d.byte(); err != nil || b != cborFloat64 || len(d.s)-d.p < 8 {
		return d.mismatch("a float")
	}
	*(*float64)(p) = math.Float64frombits(d.big(8))
	return nil
}

func decodeTime(d *decoding, p unsafe.Pointer) error {
	if b, err := d.peek(); err != nil || b&^31 != majorText {
		n, err := d.int()
		*(*time.Time)(p) = time.Unix(0, n).UTC()
		return err
	}
	s, err := d.text(majorText)
	if err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	*(*time.Time)(p) = t.UTC()
	return err
}

func decodeBytes(d *decoding, p unsafe.Pointer) error {
	s, err := d.text(majorBytes)
	*(*[]byte)(p) = []byte(s)
	return err
}

func decodeAddr(d *decoding, p unsafe.Pointer) error {
	s, err := d.text(majorBytes)
	if err != nil {
		return err
	}
	return (*netip.Addr)(p).UnmarshalBinary([]byte(s))
}

// binaryDecoder is of types that say themselves what bytes they are.
func binaryDecoder(t reflect.Type) decodeFunc {
	return func(d *decoding, p unsafe.Pointer) error {
		s, err := d.text(majorBytes)
		if err != nil {
			return err
		}
		return reflect.NewAt(t, p).Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary([]byte(s))
	}
}

func pointerDecoder(t reflect.Type, elem *codec) decodeFunc {
	return func(d *decoding, p unsafe.Pointer) error {
		if d.null() {
			*(*unsafe.Pointer)(p) = nil
			return nil
		}
		v := reflect.New(t.Elem()).UnsafePointer()
		*(*unsafe.Pointer)(p) = v
		return elem.decode(d, v)
	}
}

func sliceDecoder(t reflect.Type, elem *codec) decodeFunc {
	size := t.Elem().Size()
	return func(d *decoding, p unsafe.Pointer) error {
		v := at(t, p)
		if d.null() {
			v.SetZero()
			return nil
		}
		n, err := d.count(majorArray, 1)
		if err != nil {
			return err
		}
		if n == 0 {
			v.Set(reflect.MakeSlice(t, 0, 0)) // not nil
			return nil
		}
		v.Grow(n)
		v.SetLen(n)
		v.SetCap(n) // who appends to a copy of the row must not write to its neighbour's
		return elem.decodeAll(d, v.UnsafePointer(), n, size)
	}
}

func arrayDecoder(t reflect.Type, elem *codec) decodeFunc {
	return func(d *decoding, p unsafe.Pointer) error {
		n, err := d.count(majorArray, 1)
		if err == nil && n != t.Len() {
			err = d.mismatch("an array of another length")
		}
		if err != nil {
			return err
		}
		return elem.decodeAll(d, p, n, t.Elem().Size())
	}
}

// decodeAll decodes n values of a size, one after the other.
func (c *codec) decodeAll(d *decoding, p unsafe.Pointer, n int, size uintptr) error {
	for i := range n {
		if err := c.decode(d, unsafe.Add(p, uintptr(i)*size)); err != nil {
			return err
		}
	}
	return nil
}

func mapDecoder(t reflect.Type, key, elem *codec) decodeFunc {
	if t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String {
		return decodeTexts
	}
	return func(d *decoding, p unsafe.Pointer) error {
		v := at(t, p)
		if d.null() {
			v.SetZero()
			return nil
		}
		n, err := d.count(majorMap, 2)
		if err != nil {
			return err
		}
		v.Set(reflect.MakeMapWithSize(t, n))
		for range n {
			k, e := reflect.New(t.Key()), reflect.New(t.Elem())
			if err := key.decode(d, k.UnsafePointer()); err != nil {
				return err
			}
			if err := elem.decode(d, e.UnsafePointer()); err != nil {
				return err
			}
			v.SetMapIndex(k.Elem(), e.Elem())
		}
		return nil
	}
}

// decodeTexts is of maps of text by text, such as tags. The names of such types' parts
// make no difference to what a map of them is in memory.
func decodeTexts(d *decoding, p unsafe.Pointer) error {
	if d.null() {
		*(*map[string]string)(p) = nil
		return nil
	}
	n, err := d.count(majorMap, 2)
	if err != nil {
		return err
	}
	m := make(map[string]string, n)
	*(*map[string]string)(p) = m
	for range n {
		k, err := d.text(majorText)
		if err != nil {
			return err
		}
		if m[k], err = d.text(majorText); err != nil {
			return err
		}
	}
	return nil
}

func structDecoder(fields []field) decodeFunc {
	return func(d *decoding, p unsafe.Pointer) error {
		n, err := d.count(majorMap, 2)
		if err != nil {
			return err
		}
		next := 0
		for range n {
			i, err := d.name(fields, next)
			if err != nil {
				return err
			}
			if i < 0 {
				if err := d.skip(maxDepth); err != nil {
					return err
				}
				continue
			}
			next = i + 1
			if d.null() { // as libraries write what is not there
				continue
			}
			f := &fields[i]
			if err := f.decode(d, unsafe.Add(p, f.offset)); err != nil {
				return fmt.Errorf("field %s: %w", f.name, err)
			}
		}
		return nil
	}
}

// name reads which field comes; it is -1 if we lack it and may. They come in our own order,
// with some left out.
func (d *decoding) name(fields []field, next int) (int, error) {
	rest := d.s[min(d.p, len(d.s)):]
	for i := next; i < len(fields) && len(rest) > 1; i++ {
		// Heads differ by length or first letter, mostly, and are two bytes or more.
		if head := fields[i].head; head[1] == rest[1] && head[0] == rest[0] && strings.HasPrefix(rest, head) {
			d.p += len(head)
			return i, nil
		}
	}
	name, err := d.text(majorText)
	if err != nil {
		return -1, err
	}
	for i := range fields {
		if fields[i].name == name {
			return i, nil
		}
	}
	if !d.lenient {
		return -1, fmt.Errorf("field %q: %w", name, ErrNewerSchema)
	}
	return -1, nil
}
