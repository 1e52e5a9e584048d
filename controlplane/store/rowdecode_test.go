package store

import (
	"errors"
	"net/netip"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/model"
)

type word string

type inner struct {
	X int16
	Y []int32
}

// kinds has a field of everything that a row may have.
type kinds struct {
	A     int8
	B     uint16
	C     float64
	D     bool
	E     *inner
	F     [3]inner
	G     []word
	H     map[word]word
	I     map[string]inner
	J     []byte
	K     time.Time
	L     netip.Addr
	M     netip.Prefix
	N     int
	O     uint64
	inner // its fields stand among ours, from here on
	Owned
	Last string
}

// Owned is embedded, too, and exported: its fields are in the encoding.
type Owned struct{ P, Q string }

func decoded[T any](b []byte, lenient bool) (*T, error) {
	d, v := decoding{s: string(b), lenient: lenient}, new(T)
	return v, codecOf(reflect.TypeFor[T]()).decode(&d, unsafe.Pointer(v))
}

// Values of every kind are written where they belong, and nothing beside them.
func TestEveryKindIsDecoded(t *testing.T) {
	want := kinds{
		-128, 65535, 2.5, true, &inner{1, []int32{2, -3}}, [3]inner{{4, nil}, {}, {-5, []int32{}}}, []word{"a", "b", "c"}, map[word]word{"k": "v", "": "w"},
		map[string]inner{"m": {6, nil}}, []byte{0, 1}, time.Unix(1, 2).UTC(), netip.MustParseAddr("fd00::1%eth0"), netip.MustParsePrefix("10.0.0.0/8"), -1 << 40, 1 << 63,
		inner{7, []int32{8}}, Owned{"p", "q"}, "the end",
	}
	b, err := codecOf(reflect.TypeFor[kinds]()).encode(nil, reflect.ValueOf(&want).Elem())
	if err != nil {
		t.Fatal(err)
	}
	got, err := decoded[kinds](b, false)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&want, got, cmp.AllowUnexported(kinds{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" {
		t.Error(d)
	}
	// Who copies a row and appends to the copy's slice must not write into the row.
	if cap(got.G) != 3 || cap(got.E.Y) != 2 {
		t.Error("slices have room:", cap(got.G), cap(got.E.Y))
	}
	for n := range b {
		if _, err := decoded[kinds](b[:n], false); err == nil {
			t.Fatalf("%d of %d bytes are taken", n, len(b))
		}
	}
}

// What does not fit is refused, fields that we lack are skipped in old rows alone, and the
// order of fields does not matter.
func TestFieldsOfOthers(t *testing.T) {
	type small struct{ A int8 }
	type large struct{ A, Zz int }
	encode := func(v any) []byte {
		b, err := codecOf(reflect.TypeOf(v)).encode(nil, reflect.ValueOf(v))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if _, err := decoded[small](encode(large{A: 128}), false); err == nil {
		t.Error("128 is taken for eight bits")
	}
	b := encode(large{A: 5, Zz: 6})
	if _, err := decoded[small](b, false); !errors.Is(err, ErrNewerSchema) {
		t.Error(err)
	}
	if got, err := decoded[small](b, true); err != nil || got.A != 5 {
		t.Error(got, err)
	}
	turned := []byte("\xa2\x62Zz\x06\x61A\x05")
	if got, err := decoded[large](turned, false); err != nil || *got != (large{5, 6}) {
		t.Error(got, err)
	}
}

// The row cache answers for the bytes that a row was made of, and no others.
func TestCacheAnswersForTheBytes(t *testing.T) {
	closeSchema()
	c, tb := new(cache), Boots.table
	row := func(host string) []byte {
		b, err := tb.encodeRow(nil, &model.Boot{ID: "i-1/1", Host: host})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	get := func(b []byte, asked bool) *model.Boot { return c.decode(tb, "i-1/1", b, asked).(*model.Boot) }
	one, two := row("one"), row("two")
	first := get(one, false) // into a free place
	if get(one, true) != first {
		t.Error("a row is decoded twice")
	}
	if got := get(two, false); got.Host != "two" || get(two, false) != got {
		t.Error("a new version is not kept in the place of the old one")
	}
	if got := get(one, false); got.Host != "one" {
		t.Error("an old version reads as", got.Host)
	}
}

func BenchmarkDecodeRow(b *testing.B) {
	closeSchema()
	boot := &model.Boot{ID: "i-0123456789abcdef0/1", Instance: "i-0123456789abcdef0", Epoch: 1, Host: "host-0", VCPUs: 2, MemoryMiB: 1024, Account: "123456789012", Phase: model.PhaseRunning, Created: time.Unix(1<<30, 0)}
	for _, name := range []string{"committed", "image-ready", "volume-ready", "domain-started", "network-ready", "resumed"} {
		boot.Steps = append(boot.Steps, model.Step{Name: name, At: boot.Created})
	}
	enc, err := Boots.encodeRow(nil, boot)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Boots.decodeRow(Schema, string(enc)); err != nil {
			b.Fatal(err)
		}
	}
}
