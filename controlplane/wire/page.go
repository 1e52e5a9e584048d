package wire

import (
	"crypto/sha256"
	"encoding/base64"
	"iter"
	"strings"

	"github.com/micacloud/mica/internal/apierr"
)

// PageLimits says how a Describe may be asked for pages.
type PageLimits struct {
	Min, Max int64 // of MaxResults
	// NotWithIDs refuses MaxResults together with explicit ids, as some of EC2's
	// actions do. It is the name that EC2's message has for the ids ("instancesSet").
	NotWithIDs string
}

// Page is the part of a listing that a request asks for: the matching rows after a
// key, at most Max of them.
type Page struct {
	scope string
	after string // key of the last row of the page before; empty for the first page
	max   int    // 0: all
}

// Page checks a request's pagination. scope names what is listed and for whom (action,
// account, region): a token is good for the scope that gave it alone. ids is how many
// ids the request names.
func (l PageLimits) Page(scope string, ids int, maxResults *int64, nextToken *string) (Page, error) {
	p := Page{scope: scope}
	if maxResults != nil {
		n := *maxResults
		switch {
		case n < l.Min:
			return p, apierr.New("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than %d.", n, l.Min)
		case n > l.Max:
			return p, apierr.New("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value less than %d.", n, l.Max)
		case ids > 0 && l.NotWithIDs != "":
			return p, apierr.New("InvalidParameterCombination", "The parameter %s cannot be used with the parameter maxResults", l.NotWithIDs)
		}
		p.max = int(n)
	}
	if nextToken != nil && *nextToken != "" {
		after, ok := openToken(scope, *nextToken)
		if !ok {
			return p, apierr.New("InvalidNextToken", "The specified NextToken is not valid. Use the token of the answer before, unchanged, in the same action, account and region.")
		}
		p.after = after
	}
	return p, nil
}

// After returns the key after which the page begins, empty for the first page: rows up to
// it need not be given to Take.
func (p Page) After() string { return p.after }

// Take returns the page's rows out of all, which must come in ascending order of key,
// and the token of the next page, nil if there is none. The token holds the last row's
// key, so it stays good when rows come and go: no row that stays is left out or
// repeated.
func Take[R any](p Page, all iter.Seq[R], key func(R) string, match func(R) bool) (rows []R, next *string) {
	for row := range all {
		if p.after != "" && key(row) <= p.after || !match(row) {
			continue
		}
		if p.max > 0 && len(rows) == p.max {
			return rows, new(sealToken(p.scope, key(rows[p.max-1])))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

const (
	tokenVersion = 1
	tokenSum     = 12 // bytes
)

// A token is base64url of a version, a digest over scope and key, and the key. The
// digest finds tokens that were made up, cut or taken from elsewhere. It needs no
// secret: a forged token could only name another place in the caller's own rows.
func sealToken(scope, key string) string {
	b := make([]byte, 0, 1+tokenSum+len(key))
	b = append(b, tokenVersion)
	b = append(b, digest(scope, key)...)
	b = append(b, key...)
	return base64.RawURLEncoding.EncodeToString(b)
}

func openToken(scope, token string) (key string, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) <= 1+tokenSum || b[0] != tokenVersion {
		return "", false
	}
	key = string(b[1+tokenSum:])
	return key, string(b[1:1+tokenSum]) == string(digest(scope, key)) && !strings.ContainsAny(token, "\r\n")
}

func digest(scope, key string) []byte {
	sum := sha256.Sum256([]byte("mica page\x00" + scope + "\x00" + key))
	return sum[:tokenSum]
}
