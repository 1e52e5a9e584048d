package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The canonical form of Signature Version 4, as the AWS General Reference and IAM User
// Guide ("Create a signed AWS API request") have it.

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	timeFormat = "20060102T150405Z"
	dateFormat = "20060102"
)

// param is a parameter of a query string, decoded.
type param struct{ name, value string }

// parseQuery decodes a query string as the API's own decoder will: what is signed must be
// what is acted on, so "+" is a space to both.
func parseQuery(raw string) ([]param, error) {
	var out []param
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
		out = append(out, param{n, v})
	}
	return out, nil
}

// canonicalQuery encodes parameters and sorts them by encoded name, then value.
func canonicalQuery(params []param) string {
	pairs := make([]param, len(params))
	for i, p := range params {
		pairs[i] = param{escape(p.name, ""), escape(p.value, "")}
	}
	slices.SortFunc(pairs, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name + "=" + p.value)
	}
	return b.String()
}

// escape is RFC 3986's percent-encoding: everything but unreserved characters and safe.
func escape(s, safe string) string {
	const digits = "0123456789ABCDEF"
	plain := func(c byte) bool {
		return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 || strings.IndexByte(safe, c) >= 0
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// canonicalPath is the path as it was sent, without dot segments and empty ones, encoded
// once more (all services but S3).
func canonicalPath(r *http.Request) string {
	sent := r.URL.EscapedPath()
	if strings.HasPrefix(r.RequestURI, "/") {
		sent, _, _ = strings.Cut(r.RequestURI, "?")
	}
	if sent == "" {
		return "/"
	}
	clean := path.Clean("/" + sent)
	if strings.HasSuffix(sent, "/") && clean != "/" {
		clean += "/"
	}
	return escape(clean, "/")
}

// headerValue returns a header as it is signed, or false if the request lacks it. Go's
// server takes some out of the header map.
func headerValue(r *http.Request, name string) (string, bool) {
	values := r.Header.Values(name)
	switch {
	case name == "host":
		host := r.Host
		if host == "" {
			host = r.URL.Host
		}
		values = []string{host}
	case name == "content-length" && len(values) == 0 && r.ContentLength >= 0:
		values = []string{strconv.FormatInt(r.ContentLength, 10)}
	case name == "transfer-encoding":
		values = r.TransferEncoding
	}
	if len(values) == 0 {
		return "", false
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(trimmed, ","), true
}

// canonicalRequest returns the canonical request, or the name of a signed header that the
// request lacks.
func canonicalRequest(r *http.Request, params []param, signed []string, bodyHash string) (canonical, missing string) {
	var b strings.Builder
	b.WriteString(r.Method + "\n" + canonicalPath(r) + "\n" + canonicalQuery(params) + "\n")
	for _, name := range signed {
		v, ok := headerValue(r, name)
		if !ok {
			return "", name
		}
		b.WriteString(name + ":" + v + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + bodyHash)
	return b.String(), ""
}

// scope is a credential scope: what a derived key is good for.
type scope struct{ date, region, service string }

func (s scope) String() string {
	return s.date + "/" + s.region + "/" + s.service + "/" + terminator
}

// key derives the signing key of a secret for the scope.
func (s scope) key(secret string) []byte {
	key := mac([]byte("AWS4"+secret), s.date)
	for _, part := range []string{s.region, s.service, terminator} {
		key = mac(key, part)
	}
	return key
}

// sign returns the signature of a canonical request, by a derived key.
func (s scope) sign(key []byte, at, canonical string) []byte {
	return mac(key, algorithm+"\n"+at+"\n"+s.String()+"\n"+hash([]byte(canonical)))
}

func mac(key []byte, data string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	return h.Sum(nil)
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
