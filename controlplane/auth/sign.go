package auth

import (
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errNoHost is a request that cannot be signed.
var errNoHost = errors.New("auth: a request to sign needs a host")

// Signer signs requests of our own tools.
type Signer struct {
	AccessKey, Secret string
	Region, Service   string
}

// Sign sets the date and the Authorization header of r, whose whole body is body. All
// headers that r has by then are signed.
func (s Signer) Sign(r *http.Request, body []byte, at time.Time) error {
	date := at.UTC().Format(timeFormat)
	r.Header.Del("Authorization")
	r.Header.Set("X-Amz-Date", date)
	signed := []string{"host"}
	for name := range r.Header {
		if name == "Host" {
			continue // r.Host is what is sent
		}
		signed = append(signed, strings.ToLower(name))
	}
	slices.Sort(signed)
	signature, err := s.signature(r, r.URL.RawQuery, signed, body, date)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", algorithm+" Credential="+s.AccessKey+"/"+s.scope(date).String()+", SignedHeaders="+strings.Join(signed, ";")+", Signature="+signature)
	return nil
}

// Presign puts a signature into the query of r, good for a time of up to a week. Only the
// host is signed of its headers, and its body must be empty.
func (s Signer) Presign(r *http.Request, at time.Time, expires time.Duration) error {
	date := at.UTC().Format(timeFormat)
	query := r.URL.RawQuery
	for _, p := range []param{
		{"X-Amz-Algorithm", algorithm},
		{"X-Amz-Credential", s.AccessKey + "/" + s.scope(date).String()},
		{"X-Amz-Date", date},
		{"X-Amz-Expires", strconv.Itoa(int(expires / time.Second))},
		{"X-Amz-SignedHeaders", "host"},
	} {
		if query != "" {
			query += "&"
		}
		query += p.name + "=" + escape(p.value, "")
	}
	signature, err := s.signature(r, query, []string{"host"}, nil, date)
	if err != nil {
		return err
	}
	r.URL.RawQuery = query + "&X-Amz-Signature=" + signature
	return nil
}

func (s Signer) scope(date string) scope { return scope{date[:8], s.Region, s.Service} }

func (s Signer) signature(r *http.Request, query string, signed []string, body []byte, date string) (string, error) {
	if r.Host == "" && r.URL.Host == "" {
		return "", errNoHost
	}
	params, err := parseQuery(query)
	if err != nil {
		return "", err
	}
	canonical, _ := canonicalRequest(r, params, signed, hash(body))
	sc := s.scope(date)
	return hex.EncodeToString(sc.sign(sc.key(s.Secret), date, canonical)), nil
}
