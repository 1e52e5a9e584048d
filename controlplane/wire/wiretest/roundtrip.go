package wiretest

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/query"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
)

// Table makes an empty request and an empty answer of each action.
type Table map[string]func() (query.Decodable, xmlenc.Appender)

// rounds is how many random samples each action gets.
const rounds = 8

// Requests has botocore serialise random parameters; what is decoded must be those.
func Requests(t *testing.T, service *wire.Service, table Table) {
	b := Start(t, service.Name, "1")
	for _, action := range slices.Sorted(maps.Keys(table)) {
		sample := table[action]
		for range rounds {
			want := b.Request(action)
			form, err := url.ParseQuery(want.Form)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := query.Parse(form)
			if err != nil {
				t.Fatalf("%s: %v", action, err)
			}
			in, _ := sample()
			if err := query.Decode(tree, in); err != nil {
				t.Fatalf("%s: %v\nfrom %s", action, err, want.Form)
			}
			if d := cmp.Diff(read(t, want.Params), read(t, mustJSON(t, in))); d != "" {
				t.Fatalf("%s (-sent +decoded):\n%s", action, d)
			}
		}
	}
}

// Answers encodes random answers; botocore must read the same values.
func Answers(t *testing.T, service *wire.Service, table Table) {
	b := Start(t, service.Name, "1")
	r := rand.New(rand.NewPCG(1, 2))
	for _, action := range slices.Sorted(maps.Keys(table)) {
		sample := table[action]
		for range rounds {
			_, out := sample()
			fill(r, reflect.ValueOf(out).Elem(), 0)
			got := b.Parse(action, 200, service.AppendAnswer(nil, action, "an-id", out))
			if got.ID != "an-id" {
				t.Errorf("%s: request id %q", action, got.ID)
			}
			if d := cmp.Diff(read(t, mustJSON(t, out)), read(t, got.Params)); d != "" {
				t.Fatalf("%s (-encoded +read):\n%s", action, d)
			}
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// read reads JSON as values to compare: without nulls, and with names as Go's fields
// have them ("arn" is Arn).
func read(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return normal(v)
}

func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if x != nil {
				out[strings.ToUpper(k[:1])+k[1:]] = normal(x)
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	}
	return v
}

var letters = []rune("abcXYZ019 -_.:/&<>\"'äé€😀\t\n\r")

// fill gives random values to what can be set below v.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		if r.IntN(10) < 3 || depth > 6 {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem(), depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.UnixMilli(r.Int64N(4e12)).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(r, v.Field(i), depth+1)
		}
	case reflect.Slice:
		n := r.IntN(4)
		if v.Type().Elem().Kind() == reflect.Uint8 {
			n++ // botocore makes no difference between an empty blob and none
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			e := v.Index(i)
			if e.Kind() == reflect.Pointer {
				e.Set(reflect.New(e.Type().Elem()))
				e = e.Elem()
			}
			fill(r, e, depth+1)
		}
	case reflect.String:
		s := make([]rune, r.IntN(20))
		for i := range s {
			s[i] = letters[r.IntN(len(letters))]
		}
		v.SetString(string(s))
	case reflect.Int64:
		v.SetInt(r.Int64() - r.Int64())
	case reflect.Float64:
		v.SetFloat(float64(2*r.IntN(1000)+1) / 8) // never whole, as Python writes 1 as 1.0
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Uint8:
		v.SetUint(uint64(r.IntN(256)))
	default:
		panic("no value for " + v.Type().String())
	}
}
