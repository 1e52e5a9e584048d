package wire

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/internal/apierr"
)

var testLimits = PageLimits{Min: 5, Max: 1000, NotWithIDs: "instancesSet"}

func self(s string) string { return s }

func every(string) bool { return true }

func TestPageErrors(t *testing.T) {
	good := sealToken("scope", "i-1")
	for _, tt := range []struct {
		reason string
		ids    int
		max    *int64
		token  *string
		code   string
	}{
		{"nothing asked", 0, nil, nil, ""},
		{"ids alone", 3, nil, nil, ""},
		{"the least", 0, new(int64(5)), nil, ""},
		{"the most", 0, new(int64(1000)), nil, ""},
		{"a good token", 0, new(int64(5)), &good, ""},
		{"a good token without MaxResults", 0, nil, &good, ""},
		{"an empty token is none", 0, nil, new(""), ""},
		{"too little", 0, new(int64(4)), nil, "InvalidParameterValue"},
		{"negative", 0, new(int64(-1)), nil, "InvalidParameterValue"},
		{"too much", 0, new(int64(1001)), nil, "InvalidParameterValue"},
		{"with ids", 1, new(int64(5)), nil, "InvalidParameterCombination"},
		{"no base64", 0, nil, new("???"), "InvalidNextToken"},
		{"made up", 0, nil, new("aGVsbG8gd29ybGQgdGhpcyBpcyBub3QgYSB0b2tlbg"), "InvalidNextToken"},
		{"cut", 0, nil, new(good[:len(good)-2]), "InvalidNextToken"},
		{"longer", 0, nil, new(good + "AA"), "InvalidNextToken"},
		{"with a line break", 0, nil, new(good[:8] + "\n" + good[8:]), "InvalidNextToken"},
		{"of another scope", 0, nil, new(sealToken("other", "i-1")), "InvalidNextToken"},
	} {
		_, err := testLimits.Page("scope", tt.ids, tt.max, tt.token)
		if got := apierr.From(err).Code; tt.code != "" && got != tt.code || tt.code == "" && err != nil {
			t.Errorf("%s: got %v, want %q", tt.reason, err, tt.code)
		}
	}
	if _, err := (PageLimits{Min: 5, Max: 1000}).Page("s", 1, new(int64(5)), nil); err != nil {
		t.Errorf("ids with MaxResults where EC2 takes both: %v", err)
	}
}

// TestEveryByteOfATokenCounts: no changed token is taken.
func TestEveryByteOfATokenCounts(t *testing.T) {
	token := sealToken("scope", "i-0123456789abcdef0")
	for i := range token {
		for _, c := range "Ab_" {
			changed := token[:i] + string(c) + token[i+1:]
			if key, ok := openToken("scope", changed); ok && changed != token {
				t.Fatalf("the token changed at %d names %q", i, key)
			}
		}
	}
}

func TestPageEndsWithoutToken(t *testing.T) {
	var all []string
	for i := range 10 {
		all = append(all, fmt.Sprintf("i-%02d", i))
	}
	page, err := testLimits.Page("s", 0, new(int64(5)), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, next := Take(page, slices.Values(all), self, every)
	if strings.Join(rows, " ") != "i-00 i-01 i-02 i-03 i-04" || next == nil {
		t.Fatalf("first page %v, next %v", rows, next)
	}
	page, err = testLimits.Page("s", 0, new(int64(5)), next)
	if err != nil {
		t.Fatal(err)
	}
	rows, next = Take(page, slices.Values(all), self, every)
	if strings.Join(rows, " ") != "i-05 i-06 i-07 i-08 i-09" || next != nil {
		t.Fatalf("a full last page has no token: %v, next %v", rows, next)
	}
	odd := func(s string) bool { return s[len(s)-1]%2 == 1 }
	page, _ = testLimits.Page("s", 0, new(int64(5)), nil)
	if rows, next = Take(page, slices.Values(all), self, odd); len(rows) != 5 || next != nil {
		t.Fatalf("rows that do not match make no further page: %v, next %v", rows, next)
	}
}

// TestPagesWhileRowsChange: whatever is inserted and deleted between pages, rows that
// are there from beginning to end come exactly once, and no row comes twice.
func TestPagesWhileRowsChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`i-[0-9a-f]{2}`)
		rows := map[string]bool{}
		for _, s := range rapid.SliceOfN(id, 0, 60).Draw(t, "rows") {
			rows[s] = true
		}
		stayed := maps.Clone(rows)
		seen := map[string]int{}
		var token *string
		for pages := 0; ; pages++ {
			if pages > 300 {
				t.Fatal("the pages do not end")
			}
			page, err := testLimits.Page("s", 0, new(rapid.Int64Range(5, 9).Draw(t, "max")), token)
			if err != nil {
				t.Fatal(err)
			}
			got, next := Take(page, slices.Values(slices.Sorted(maps.Keys(rows))), self, every)
			for _, s := range got {
				seen[s]++
			}
			if next == nil {
				break
			}
			token = next
			for _, s := range rapid.SliceOfN(id, 0, 5).Draw(t, "inserted") {
				rows[s] = true
			}
			for _, s := range rapid.SliceOfN(id, 0, 5).Draw(t, "deleted") {
				delete(rows, s)
				delete(stayed, s)
			}
			if rapid.Bool().Draw(t, "delete the last seen") && len(got) > 0 {
				delete(rows, got[len(got)-1])
				delete(stayed, got[len(got)-1])
			}
		}
		for s, n := range seen {
			if n > 1 {
				t.Fatalf("%s came %d times", s, n)
			}
		}
		for s := range stayed {
			if seen[s] != 1 {
				t.Fatalf("%s stayed and came %d times", s, seen[s])
			}
		}
	})
}
