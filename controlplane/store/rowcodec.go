package store

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// The encoding of rows: CBOR in core deterministic form, of a struct a map by field name
// without the fields that are zero, of a time its Unix nanoseconds. It is what a library
// would make of it, but rows are read so often that their types' codecs are made once.

// codec encodes and decodes values of one type.
type codec struct {
	encode func(dst []byte, v reflect.Value) ([]byte, error)
	decode decodeFunc
	shape  string // of the type, in words
}

// The major types of CBOR.
const (
	majorUint = iota << 5
	majorInt
	majorBytes
	majorText
	majorArray
	majorMap
	_
	majorOther
)

const (
	cborFalse   = majorOther | 20
	cborTrue    = majorOther | 21
	cborNull    = majorOther | 22
	cborFloat64 = majorOther | 27
)

func appendHead(dst []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n <= math.MaxUint8:
		return append(dst, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), n)
}

func appendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return appendHead(dst, majorInt, uint64(-1-n))
	}
	return appendHead(dst, majorUint, uint64(n))
}

// codecs has the codecs that were asked for.
var codecs sync.Map // of *codec by reflect.Type

func codecOf(t reflect.Type) *codec {
	if c, ok := codecs.Load(t); ok {
		return c.(*codec)
	}
	c, _ := codecs.LoadOrStore(t, newCodec(t))
	return c.(*codec)
}

func newCodec(t reflect.Type) *codec {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return timeCodec
	case t == reflect.TypeFor[netip.Addr](), t == reflect.TypeFor[netip.Prefix]():
		return binaryCodec(t)
	}
	switch t.Kind() {
	case reflect.String:
		return stringCodec
	case reflect.Bool:
		return boolCodec
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return intCodec(t)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return uintCodec(t)
	case reflect.Float64:
		return floatCodec
	case reflect.Pointer:
		return pointerCodec(t)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return byteSliceCodec
		}
		return sliceCodec(t)
	case reflect.Array:
		return arrayCodec(t)
	case reflect.Map:
		return mapCodec(t)
	case reflect.Struct:
		return structCodec(t)
	}
	err := fmt.Errorf("store: unsupported type: %v", t)
	return &codec{
		func([]byte, reflect.Value) ([]byte, error) { return nil, err },
		func(*decoding, unsafe.Pointer) error { return err },
		"nothing",
	}
}

var stringCodec = &codec{
	func(dst []byte, v reflect.Value) ([]byte, error) {
		s := v.String()
		return append(appendHead(dst, majorText, uint64(len(s))), s...), nil
	},
	decodeString,
	"text",
}

var boolCodec = &codec{
	func(dst []byte, v reflect.Value) ([]byte, error) {
		if v.Bool() {
			return append(dst, cborTrue), nil
		}
		return append(dst, cborFalse), nil
	},
	decodeBool,
	"bool",
}

func intCodec(t reflect.Type) *codec {
	return &codec{
		func(dst []byte, v reflect.Value) ([]byte, error) { return appendInt(dst, v.Int()), nil },
		intDecoder(t),
		"int",
	}
}

func uintCodec(t reflect.Type) *codec {
	return &codec{
		func(dst []byte, v reflect.Value) ([]byte, error) { return appendHead(dst, majorUint, v.Uint()), nil },
		uintDecoder(t),
		"int",
	}
}

var floatCodec = &codec{
	func(dst []byte, v reflect.Value) ([]byte, error) {
		return binary.BigEndian.AppendUint64(append(dst, cborFloat64), math.Float64bits(v.Float())), nil
	},
	decodeFloat,
	"float",
}

// firstYear and lastYear are those in which Unix nanoseconds are an int64.
const firstYear, lastYear = 1678, 2261

var timeCodec = &codec{
	func(dst []byte, v reflect.Value) ([]byte, error) {
		t := timeOf(v)
		if y := t.UTC().Year(); y >= firstYear && y <= lastYear {
			return appendInt(dst, t.UnixNano()), nil
		}
		s := t.UTC().Format(time.RFC3339Nano)
		return append(appendHead(dst, majorText, uint64(len(s))), s...), nil
	},
	decodeTime,
	"time",
}

func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

var byteSliceCodec = &codec{
	func(dst []byte, v reflect.Value) ([]byte, error) {
		return append(appendHead(dst, majorBytes, uint64(v.Len())), v.Bytes()...), nil
	},
	decodeBytes,
	"bytes",
}

// binaryCodec is of types that say themselves what bytes they are.
func binaryCodec(t reflect.Type) *codec {
	decode := binaryDecoder(t)
	if t == reflect.TypeFor[netip.Addr]() {
		decode = decodeAddr
	}
	return &codec{
		func(dst []byte, v reflect.Value) ([]byte, error) {
			var room [32]byte
			b, err := v.Interface().(encoding.BinaryAppender).AppendBinary(room[:0])
			return append(appendHead(dst, majorBytes, uint64(len(b))), b...), err
		},
		decode,
		t.String(),
	}
}

func pointerCodec(t reflect.Type) *codec {
	elem := codecOf(t.Elem())
	return &codec{
		func(dst []byte, v reflect.Value) ([]byte, error) {
			if v.IsNil() {
				return append(dst, cborNull), nil
			}
			return elem.encode(dst, v.Elem())
		},
		pointerDecoder(t, elem),
		"*" + elem.shape,
	}
}

func sliceCodec(t reflect.Type) *codec {
	elem := codecOf(t.Elem())
	return &codec{
		func(dst []byte, v reflect.Value) (_ []byte, err error) {
			if v.IsNil() {
				return append(dst, cborNull), nil
			}
			dst = appendHead(dst, majorArray, uint64(v.Len()))
			for i := 0; i < v.Len() && err == nil; i++ {
				dst, err = elem.encode(dst, v.Index(i))
			}
			return dst, err
		},
		sliceDecoder(t, elem),
		"[]" + elem.shape,
	}
}

func arrayCodec(t reflect.Type) *codec {
	elem := codecOf(t.Elem())
	return &codec{
		func(dst []byte, v reflect.Value) (_ []byte, err error) {
			dst = appendHead(dst, majorArray, uint64(v.Len()))
			for i := 0; i < v.Len() && err == nil; i++ {
				dst, err = elem.encode(dst, v.Index(i))
			}
			return dst, err
		},
		arrayDecoder(t, elem),
		fmt.Sprint("[", t.Len(), "]", elem.shape),
	}
}

func mapCodec(t reflect.Type) *codec {
	key, elem := codecOf(t.Key()), codecOf(t.Elem())
	return &codec{
		func(dst []byte, v reflect.Value) (_ []byte, err error) {
			if v.IsNil() {
				return append(dst, cborNull), nil
			}
			type pair struct {
				key []byte
				v   reflect.Value
			}
			pairs := make([]pair, 0, v.Len())
			for _, k := range v.MapKeys() {
				b, err := key.encode(nil, k)
				if err != nil {
					return dst, err
				}
				pairs = append(pairs, pair{b, v.MapIndex(k)})
			}
			slices.SortFunc(pairs, func(a, b pair) int { return bytes.Compare(a.key, b.key) })
			dst = appendHead(dst, majorMap, uint64(len(pairs)))
			for i := 0; i < len(pairs) && err == nil; i++ {
				dst, err = elem.encode(append(dst, pairs[i].key...), pairs[i].v)
			}
			return dst, err
		},
		mapDecoder(t, key, elem),
		"map[" + key.shape + "]" + elem.shape,
	}
}

// field is one of a struct.
type field struct {
	name   string
	head   string // its name, encoded
	index  []int
	offset uintptr
	*codec
}

// fieldsOf returns a struct's fields in the order of CBOR, those of embedded structs among
// them.
func fieldsOf(t reflect.Type) (out []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for _, in := range fieldsOf(f.Type) {
				in.index, in.offset = append([]int{i}, in.index...), f.Offset+in.offset
				out = append(out, in)
			}
		case f.IsExported():
			head := string(appendHead(nil, majorText, uint64(len(f.Name)))) + f.Name
			out = append(out, field{f.Name, head, []int{i}, f.Offset, codecOf(f.Type)})
		}
	}
	slices.SortFunc(out, func(a, b field) int { return strings.Compare(a.head, b.head) })
	return out
}

func structCodec(t reflect.Type) *codec {
	fields := fieldsOf(t)
	shape := "{"
	for _, f := range fields {
		shape += f.name + " " + f.shape + ";"
	}
	return &codec{
		func(dst []byte, v reflect.Value) (_ []byte, err error) { return encodeFields(dst, fields, v) },
		structDecoder(fields),
		shape + "}",
	}
}

// at is v.FieldByIndex, which is slow.
func (f *field) at(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

func encodeFields(dst []byte, fields []field, v reflect.Value) (_ []byte, err error) {
	mark, n := len(dst), 0
	dst = append(dst, majorMap)
	for i := range fields {
		f := &fields[i]
		x := f.at(v)
		if f.codec == timeCodec && timeOf(x).IsZero() || f.codec != timeCodec && x.IsZero() {
			continue
		}
		if dst, err = f.encode(append(dst, f.head...), x); err != nil {
			return dst, fmt.Errorf("field %s: %w", f.name, err)
		}
		n++
	}
	if n < 24 {
		dst[mark] = majorMap | byte(n)
		return dst, nil
	}
	head := appendHead(nil, majorMap, uint64(n))
	return slices.Replace(dst, mark, mark+1, head...), nil
}

// encodeRow appends the encoding of a row, a pointer to a struct.
func (t *table) encodeRow(dst []byte, row any) ([]byte, error) {
	out, err := t.codec.encode(dst, reflect.ValueOf(row).Elem())
	if err != nil {
		return dst, fmt.Errorf("store: row of table %s: %w", t.name, err)
	}
	return out, nil
}

// decodeRow reads a row that was written under schema. Its strings are parts of s.
func (t *table) decodeRow(schema int, s string) (any, error) {
	row := t.new()
	d := decoding{s: s, lenient: schema < Schema}
	err := t.codec.decode(&d, reflect.ValueOf(row).UnsafePointer())
	if err == nil && d.p != len(s) {
		err = errors.New("more follows")
	}
	if err != nil {
		return nil, fmt.Errorf("store: row of table %s: %w", t.name, err)
	}
	return row, nil
}
