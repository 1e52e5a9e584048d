package wire

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

type fruit struct {
	name   string
	colors []string
	tags   map[string]string
}

var fruitFilters = FilterTable[*fruit]{
	Fields: map[string]func(*fruit) []string{
		"name":  func(f *fruit) []string { return []string{f.name} },
		"color": func(f *fruit) []string { return f.colors },
	},
	Tags: func(f *fruit) map[string]string { return f.tags },
}

var fruits = []*fruit{
	{"apple", []string{"red", "green"}, map[string]string{"Name": "a", "env": "prod"}},
	{"banana", []string{"yellow"}, map[string]string{"Name": "b*"}},
	{"cherry", []string{"red"}, map[string]string{"env": ""}},
	{"date", nil, nil},
	{`do\ub?t*`, []string{"grün"}, map[string]string{"tag:x": "y"}},
}

func filter(name string, values ...string) *gen.Filter {
	return &gen.Filter{Name: &name, Values: values}
}

func TestFilters(t *testing.T) {
	for _, tt := range []struct {
		reason  string
		filters []*gen.Filter
		want    string
	}{
		{"no filter matches all", nil, `apple banana cherry date do\ub?t*`},
		{"values are ORed", []*gen.Filter{filter("name", "apple", "date")}, "apple date"},
		{"names are ANDed", []*gen.Filter{filter("color", "red"), filter("name", "a*")}, "apple"},
		{"the same name twice is ANDed too", []*gen.Filter{filter("color", "red"), filter("color", "green")}, "apple"},
		{"any value of the row counts", []*gen.Filter{filter("color", "green")}, "apple"},
		{"values are case-sensitive", []*gen.Filter{filter("name", "Apple")}, ""},
		{"no values match nothing", []*gen.Filter{filter("name")}, ""},
		{"an empty value is a value", []*gen.Filter{filter("tag:env", "")}, "cherry"},
		{"a row without any value matches nothing, not even *", []*gen.Filter{filter("color", "*")}, `apple banana cherry do\ub?t*`},
		{"* and ?", []*gen.Filter{filter("name", "?a*")}, "banana date"},
		{"? is one character, not a byte", []*gen.Filter{filter("color", "gr?n")}, `do\ub?t*`},
		{"escaped wildcards are plain", []*gen.Filter{filter("name", `do\\ub\?t\*`)}, `do\ub?t*`},
		{"a tag's value", []*gen.Filter{filter("tag:Name", "a", "c")}, "apple"},
		{"a tag's value with an escape", []*gen.Filter{filter("tag:Name", `b\*`)}, "banana"},
		{"a tag key with a colon", []*gen.Filter{filter("tag:tag:x", "y")}, `do\ub?t*`},
		{"a tag's key", []*gen.Filter{filter("tag-key", "env")}, "apple cherry"},
		{"a tag's key is case-sensitive", []*gen.Filter{filter("tag-key", "ENV")}, ""},
		{"tag-value", []*gen.Filter{filter("tag-value", "prod")}, "apple"},
	} {
		match, err := fruitFilters.Compile(tt.filters)
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
			continue
		}
		var got []string
		for _, f := range fruits {
			if match(f) {
				got = append(got, f.name)
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: got %q, want %q", tt.reason, g, tt.want)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	many := slices.Repeat([]string{"x"}, MaxFilterValues)
	untagged := FilterTable[*fruit]{Fields: fruitFilters.Fields}
	for _, tt := range []struct {
		table   FilterTable[*fruit]
		filters []*gen.Filter
		code    string
		message string
	}{
		{fruitFilters, []*gen.Filter{filter("colour", "red")}, "InvalidParameterValue", "The filter 'colour' is invalid"},
		{fruitFilters, []*gen.Filter{filter("Name", "red")}, "InvalidParameterValue", "The filter 'Name' is invalid"},
		{fruitFilters, []*gen.Filter{filter("tag:", "red")}, "InvalidParameterValue", "The filter 'tag:' is invalid"},
		{fruitFilters, []*gen.Filter{{Values: []string{"red"}}}, "InvalidParameterValue", "The filter 'null' is invalid"},
		{untagged, []*gen.Filter{filter("tag:Name", "a")}, "InvalidParameterValue", "The filter 'tag:Name' is invalid"},
		{untagged, []*gen.Filter{filter("tag-key", "a")}, "InvalidParameterValue", "The filter 'tag-key' is invalid"},
		{fruitFilters, []*gen.Filter{filter("name", many...)}, "", ""},
		{fruitFilters, []*gen.Filter{filter("name", append(many, "y")...)}, "FilterLimitExceeded", ""},
		{fruitFilters, slices.Repeat([]*gen.Filter{filter("name", "a")}, MaxFilters), "", ""},
		{fruitFilters, slices.Repeat([]*gen.Filter{filter("name", "a")}, MaxFilters+1), "FilterLimitExceeded", ""},
	} {
		_, err := tt.table.Compile(tt.filters)
		if tt.code == "" {
			if err != nil {
				t.Errorf("%d filters: %v", len(tt.filters), err)
			}
			continue
		}
		e := apierr.From(err)
		if e.Code != tt.code || tt.message != "" && e.Message != tt.message {
			t.Errorf("got %v, want %s %q", err, tt.code, tt.message)
		}
	}
}

// TestGlobIsTheRegexp holds the matcher against regexp's, over a small alphabet so
// that patterns do match.
func TestGlobIsTheRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alphabet := []rune{'a', 'b', 'é', '*', '?', '\\', '.', '\n'}
		text := func(label string) string {
			return string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 12).Draw(t, label))
		}
		pattern, s := text("pattern"), text("text")
		var re strings.Builder
		re.WriteString(`(?s)\A`)
		rs := []rune(pattern)
		for i := 0; i < len(rs); i++ {
			switch {
			case rs[i] == '*':
				re.WriteString(`.*`)
			case rs[i] == '?':
				re.WriteString(`.`)
			case rs[i] == '\\' && i+1 < len(rs):
				i++
				re.WriteString(regexp.QuoteMeta(string(rs[i])))
			default:
				re.WriteString(regexp.QuoteMeta(string(rs[i])))
			}
		}
		re.WriteString(`\z`)
		want := regexp.MustCompile(re.String()).MatchString(s)
		if got := newPatterns([]string{pattern}).match(s); got != want {
			t.Fatalf("pattern %q on %q: %v, regexp %q says %v", pattern, s, got, re.String(), want)
		}
	})
}

// TestEscapedTextMatchesItself: any text with its wildcards escaped matches itself and
// nothing longer.
func TestEscapedTextMatchesItself(t *testing.T) {
	escape := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		p := newPatterns([]string{escape.Replace(s)})
		if !p.match(s) || p.match(s+"x") {
			t.Fatalf("%q escaped is %q", s, escape.Replace(s))
		}
	})
}

// TestGlobIsNotExponential would not end with a matcher that tries every star again.
func TestGlobIsNotExponential(t *testing.T) {
	p := newPatterns([]string{strings.Repeat("a*", 120) + "b"})
	if p.match(strings.Repeat("a", 250)) {
		t.Fatal("there is no b")
	}
}

func BenchmarkFilter5000Rows(b *testing.B) {
	rows := make([]*fruit, 5000)
	for i := range rows {
		rows[i] = &fruit{fmt.Sprintf("fruit-%d", i), []string{"red"}, map[string]string{"Name": fmt.Sprintf("n%d", i%100)}}
	}
	ids := make([]string, 200)
	for i := range ids {
		ids[i] = fmt.Sprintf("fruit-%d", i*7)
	}
	for b.Loop() {
		match, err := fruitFilters.Compile([]*gen.Filter{filter("name", ids...), filter("tag:Name", "n1*")})
		if err != nil {
			b.Fatal(err)
		}
		rows, _ := Take(Page{}, slices.Values(rows), func(f *fruit) string { return f.name }, match)
		if len(rows) == 0 {
			b.Fatal("nothing found")
		}
	}
}
