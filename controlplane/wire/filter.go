package wire

import (
	"strings"

	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// The limits on filters of one request (EC2 user guide, "List and filter your
// resources").
const (
	MaxFilters      = 50
	MaxFilterValues = 200 // of one filter
)

// FilterTable says how a Describe's filters look at a row.
type FilterTable[R any] struct {
	// Fields has, by filter name, what of a row the filter's values are compared with.
	// A filter matches if any of its values matches any of them.
	Fields map[string]func(R) []string
	// Tags adds the filters tag:KEY, tag-key and tag-value. Nil means that the rows
	// have no tags.
	Tags func(R) map[string]string
}

// Compile returns the condition that a request's filters make together: a row must
// match every filter, by one of its values. Names and values are compared exactly, in
// upper and lower case too; in values * and ? stand for any text and any one
// character, unless a backslash precedes them. A filter without values matches
// nothing. No filters match all.
func (t FilterTable[R]) Compile(filters []*gen.Filter) (func(R) bool, error) {
	if len(filters) > MaxFilters {
		return nil, apierr.New("FilterLimitExceeded", "The request has %d filters. The most that a request may have is %d.", len(filters), MaxFilters)
	}
	conds := make([]func(R) bool, 0, len(filters))
	for _, f := range filters {
		if f == nil || f.Name == nil {
			return nil, invalidFilter("null")
		}
		if len(f.Values) > MaxFilterValues {
			return nil, apierr.New("FilterLimitExceeded", "The filter '%s' has %d values. The most that a filter may have is %d.", clip(*f.Name), len(f.Values), MaxFilterValues)
		}
		cond, err := t.condition(*f.Name, newPatterns(f.Values))
		if err != nil {
			return nil, err
		}
		conds = append(conds, cond)
	}
	return func(row R) bool {
		for _, cond := range conds {
			if !cond(row) {
				return false
			}
		}
		return true
	}, nil
}

func (t FilterTable[R]) condition(name string, p patterns) (func(R) bool, error) {
	if field := t.Fields[name]; field != nil {
		return func(row R) bool { return p.matchAny(field(row)) }, nil
	}
	if t.Tags == nil {
		return nil, invalidFilter(name)
	}
	if key, ok := strings.CutPrefix(name, "tag:"); ok && key != "" {
		return func(row R) bool { v, ok := t.Tags(row)[key]; return ok && p.match(v) }, nil
	}
	switch name {
	case "tag-key":
		return func(row R) bool {
			for k := range t.Tags(row) {
				if p.match(k) {
					return true
				}
			}
			return false
		}, nil
	case "tag-value":
		return func(row R) bool {
			for _, v := range t.Tags(row) {
				if p.match(v) {
					return true
				}
			}
			return false
		}, nil
	}
	return nil, invalidFilter(name)
}

func invalidFilter(name string) error {
	return apierr.New("InvalidParameterValue", "The filter '%s' is invalid", clip(name))
}

// patterns are a filter's values: those without wildcards apart, so that 200 ids cost
// one look-up a row.
type patterns struct {
	exact map[string]struct{}
	globs []glob
}

func newPatterns(values []string) patterns {
	p := patterns{exact: make(map[string]struct{}, len(values))}
	for _, v := range values {
		if !strings.ContainsAny(v, `*?\`) {
			p.exact[v] = struct{}{}
		} else {
			p.globs = append(p.globs, newGlob(v))
		}
	}
	return p
}

func (p patterns) match(s string) bool {
	if _, ok := p.exact[s]; ok {
		return true
	}
	for _, g := range p.globs {
		if g.match(s) {
			return true
		}
	}
	return false
}

func (p patterns) matchAny(all []string) bool {
	for _, s := range all {
		if p.match(s) {
			return true
		}
	}
	return false
}

// glob is a parsed pattern. Wildcards are negative, so that no character is taken for
// one.
type glob []rune

const (
	anyText rune = -1 // *
	anyChar rune = -2 // ?
)

// newGlob parses a filter value. A backslash makes the next character plain; a last
// one is itself.
func newGlob(s string) glob {
	g := make(glob, 0, len(s))
	plain := false
	for _, c := range s {
		switch {
		case plain:
			plain = false
			g = append(g, c)
		case c == '\\':
			plain = true
		case c == '?':
			g = append(g, anyChar)
		case c != '*':
			g = append(g, c)
		case len(g) == 0 || g[len(g)-1] != anyText: // ** is *
			g = append(g, anyText)
		}
	}
	if plain {
		g = append(g, '\\')
	}
	return g
}

// match reports whether g matches all of s. Its time is bounded by the product of the
// lengths: after a mismatch only the latest * takes one character more.
func (g glob) match(text string) bool {
	s := []rune(text)
	star, mark := -1, 0
	i, j := 0, 0
	for i < len(s) {
		switch {
		case j < len(g) && g[j] == anyText:
			star, mark = j, i
			j++
		case j < len(g) && (g[j] == anyChar || g[j] == s[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(g) && g[j] == anyText {
		j++
	}
	return j == len(g)
}
