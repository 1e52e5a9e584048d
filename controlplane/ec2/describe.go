package ec2

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// listing says how a Describe finds its rows. R is a pointer to a row, or a small
// structure around one where filters look at other tables too.
type listing[R any] struct {
	action  string // scope of the page tokens
	kind    idKind
	rows    func(c *action.Call) iter.Seq[R]          // the caller's, in this region, ascending by id
	from    func(*action.Call, string) iter.Seq[R]    // rows from an id on; nil goes through all
	get     func(c *action.Call, id string) (R, bool) // the same, by id
	id      func(R) string
	filters wire.FilterTable[R]
	limits  wire.PageLimits
}

// selection is what a request says about the rows it wants.
type selection struct {
	IDs        []string
	Filters    []*gen.Filter
	MaxResults *int64
	NextToken  *string
}

// page returns the rows that a request selects and the token of the next page. Each
// named id must exist.
func (l *listing[R]) page(c *action.Call, s selection) (rows []R, next *string, err error) {
	match, err := l.filters.Compile(s.Filters)
	if err != nil {
		return nil, nil, err
	}
	p, err := l.limits.Page(store.Key(l.action, c.Account, c.Region), len(s.IDs), s.MaxResults, s.NextToken)
	if err != nil {
		return nil, nil, err
	}
	if len(s.IDs) == 0 {
		all := l.rows
		if l.from != nil {
			all = func(c *action.Call) iter.Seq[R] { return l.from(c, p.After()) }
		}
		rows, next = wire.Take(p, all(c), l.id, match)
		return rows, next, nil
	}
	named, err := l.named(c, s.IDs)
	if err != nil {
		return nil, nil, err
	}
	rows, next = wire.Take(p, slices.Values(named), l.id, match)
	return rows, next, nil
}

// named returns the rows with the given ids, each once, in the order of their ids.
func (l *listing[R]) named(c *action.Call, wanted []string) ([]R, error) {
	if err := l.kind.check(wanted...); err != nil {
		return nil, err
	}
	wanted = slices.Compact(slices.Sorted(slices.Values(wanted)))
	rows := make([]R, 0, len(wanted))
	var missing []string
	for _, id := range wanted {
		if row, ok := l.get(c, id); ok {
			rows = append(rows, row)
		} else {
			missing = append(missing, id)
		}
	}
	if missing != nil {
		return nil, l.kind.missing(missing...)
	}
	return rows, nil
}

// described turns a page's rows into those of an answer. The list is never nil: an
// empty one is encoded as an empty element, which clients index without asking.
func described[R, T any](rows []R, to func(R) *T) []*T {
	out := make([]*T, 0, len(rows))
	for _, r := range rows {
		out = append(out, to(r))
	}
	return out
}

// ownedRow is a pointer to a row that knows whose it is.
type ownedRow[T any] interface {
	*T
	OwnedBy(account, region string) bool
}

// mine lists a table's rows that are the caller's.
func mine[T any, P ownedRow[T]](t *store.Table[T]) func(*action.Call) iter.Seq[P] {
	return func(c *action.Call) iter.Seq[P] {
		return func(yield func(P) bool) {
			for row := range t.By(c, "account", c.Account) {
				if p := P(row); p.OwnedBy(c.Account, c.Region) && !yield(p) {
					return
				}
			}
		}
	}
}

// mineFrom is mine from an id on, for tables that may be large.
func mineFrom[T any, P ownedRow[T]](t *store.Table[T]) func(*action.Call, string) iter.Seq[P] {
	return func(c *action.Call, id string) iter.Seq[P] {
		return func(yield func(P) bool) {
			for row := range t.ByFrom(c, "account", c.Account, id) {
				if p := P(row); p.OwnedBy(c.Account, c.Region) && !yield(p) {
					return
				}
			}
		}
	}
}

// mineByID finds a row of a table by its key, if it is the caller's.
func mineByID[T any, P ownedRow[T]](t *store.Table[T]) func(*action.Call, string) (P, bool) {
	return func(c *action.Call, id string) (P, bool) {
		p := P(t.Get(c, id))
		return p, p != nil && p.OwnedBy(c.Account, c.Region)
	}
}

// joined is a row with a reader for the tables around it.
type joined[P any] struct {
	row P
	r   store.Reader
}

// joinedRows and joinedByID are mine and mineByID for filters that look further.
func joinedRows[T any, P ownedRow[T]](t *store.Table[T]) func(*action.Call) iter.Seq[joined[P]] {
	rows := mine[T, P](t)
	return func(c *action.Call) iter.Seq[joined[P]] {
		return func(yield func(joined[P]) bool) {
			for p := range rows(c) {
				if !yield(joined[P]{p, c}) {
					return
				}
			}
		}
	}
}

func joinedByID[T any, P ownedRow[T]](t *store.Table[T]) func(*action.Call, string) (joined[P], bool) {
	get := mineByID[T, P](t)
	return func(c *action.Call, id string) (joined[P], bool) {
		p, ok := get(c, id)
		return joined[P]{p, c}, ok
	}
}

// What filters compare with, as EC2 writes it. A value that is not there is no value.

// none is for filters on what Mica does not have: they match nothing.
func none[R any](R) []string { return nil }

// always is for fields with one value for all rows.
func always[R any](v string) func(R) []string {
	one := []string{v}
	return func(R) []string { return one }
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

var trueStr, falseStr = []string{"true"}, []string{"false"}

func boolStr(b bool) []string {
	if b {
		return trueStr
	}
	return falseStr
}

func intStr[T ~int | ~int64](n T) []string { return []string{strconv.FormatInt(int64(n), 10)} }

func timeStr(t time.Time) []string {
	if t.IsZero() {
		return nil
	}
	return []string{t.UTC().Format("2006-01-02T15:04:05.000Z")}
}

func addrStr(a netip.Addr) []string {
	if !a.IsValid() {
		return nil
	}
	return []string{a.String()}
}

func prefixStr(p netip.Prefix) []string {
	if !p.IsValid() {
		return nil
	}
	return []string{p.String()}
}

// str returns a pointer to s for an answer, or nil for no member at all.
func str(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// val returns what a scalar of a request says, or its zero value if it was not sent.
func val[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
