// Package auth says who sent a request: it checks Signature Version 4 in its header and
// presigned forms, and signs requests of our own tools.
package auth

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/micacloud/mica/internal/apierr"
)

// Identity is who signed a request, and for what.
type Identity struct {
	AccessKey string
	Account   string // 12 digits
	ARN       string
	UserID    string
	Region    string // of the credential's scope
	Service   string // of the credential's scope, such as ec2
}

// Key is what an access key id stands for.
type Key struct {
	Secret  string
	Account string
	ARN     string
	UserID  string
}

// Lookup finds an access key. A nil Key says that there is none; an error is ours.
type Lookup func(ctx context.Context, accessKey string) (*Key, error)

// Verifier checks requests. The zero values of the optional fields check nothing more.
type Verifier struct {
	Lookup   Lookup
	Regions  []string         // that are served; empty: any
	Services []string         // that are served; empty: any
	Skew     time.Duration    // between the clocks; default 5 minutes
	Now      func() time.Time // default time.Now

	keys keyCache
}

// DefaultSkew is how far AWS lets clocks be apart for these services.
const DefaultSkew = 5 * time.Minute

// maxExpires is the longest life of a presigned request: a week.
const maxExpires = 7 * 24 * 60 * 60

// claim is what a request says about its signature.
type claim struct {
	accessKey string
	scope     scope
	signed    []string
	signature []byte
	at        string // X-Amz-Date
	expires   time.Duration
	presigned bool
	params    []param // of the query, without the signature
}

// Verify returns who signed r, whose whole body is body. An error is an *apierr.Error for
// the client, unless the Lookup failed. A wrong secret and an unknown key get the same
// answer after the same work.
func (v *Verifier) Verify(r *http.Request, body []byte) (*Identity, error) {
	c, err := parseClaim(r)
	if err != nil {
		return nil, err
	}
	if err := v.checkClaim(r, c); err != nil {
		return nil, err
	}
	bodyHash := hash(body)
	if said, ok := headerValue(r, "x-amz-content-sha256"); ok && said != bodyHash {
		return nil, c.refuse("The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	canonical, missing := canonicalRequest(r, c.params, c.signed, bodyHash)
	if missing != "" {
		return nil, c.refuse("The header %q is named in SignedHeaders and is not in the request.", missing)
	}
	key, err := v.Lookup(r.Context(), c.accessKey)
	if err != nil {
		return nil, fmt.Errorf("look up access key: %w", err)
	}
	secret := unknownSecret
	if key != nil {
		secret = key.Secret
	}
	if !hmac.Equal(c.scope.sign(v.keys.get(secret, c.scope), c.at, canonical), c.signature) || key == nil {
		return nil, c.unknown()
	}
	return &Identity{AccessKey: c.accessKey, Account: key.Account, ARN: key.ARN, UserID: key.UserID, Region: c.scope.region, Service: c.scope.service}, nil
}

// unknownSecret is what a request with an unknown key is checked with all the same, so that
// the time tells nothing. It lets nobody in.
const unknownSecret = "no such key"

// unknown is the answer to a bad secret and an unknown key alike. EC2 has one code for
// both; of the services that tell them apart we use the one for keys.
func (c *claim) unknown() error {
	if c.scope.service == "ec2" {
		return apierr.WithStatus(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
	}
	return apierr.WithStatus(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
}

// refuse is the answer to a signature that cannot be right, whatever the key.
func (c *claim) refuse(format string, args ...any) error {
	if c.scope.service == "ec2" {
		return apierr.WithStatus(http.StatusUnauthorized, "AuthFailure", format, args...)
	}
	return apierr.WithStatus(http.StatusForbidden, "SignatureDoesNotMatch", format, args...)
}

func incomplete(format string, args ...any) error {
	return apierr.New("IncompleteSignature", format, args...)
}

// parseClaim reads the Authorization header or the query's X-Amz-Signature.
func parseClaim(r *http.Request) (*claim, error) {
	params, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, incomplete("The query string is malformed: %v.", err)
	}
	headers := r.Header.Values("Authorization")
	presigned := slices.ContainsFunc(params, func(p param) bool { return strings.HasPrefix(p.name, "X-Amz-") })
	switch {
	case len(headers) > 1 || len(headers) == 1 && presigned:
		return nil, incomplete("The request has more than one signature.")
	case len(headers) == 1:
		c, err := parseHeader(r, headers[0])
		if err == nil {
			c.params = params
		}
		return c, err
	case presigned:
		return parsePresigned(params)
	}
	return nil, apierr.WithStatus(http.StatusForbidden, "MissingAuthenticationToken",
		"Request is missing Authentication Token. Sign it with Signature Version 4.")
}

func parseHeader(r *http.Request, header string) (*claim, error) {
	kind, rest, _ := strings.Cut(header, " ")
	if kind != algorithm {
		return nil, incomplete("Unsupported AWS 'algorithm': %q. It must be %s.", kind, algorithm)
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := fields[name]; !ok || twice {
			return nil, incomplete("The Authorization header is malformed at %q.", strings.TrimSpace(part))
		}
		fields[name] = value
	}
	dates := r.Header.Values("X-Amz-Date")
	if len(dates) != 1 {
		return nil, incomplete("Authorization header requires existence of one 'X-Amz-Date' header.")
	}
	return newClaim(fields, dates[0], "%s")
}

func parsePresigned(params []param) (*claim, error) {
	fields := map[string]string{}
	var rest []param
	for _, p := range params {
		if name, ok := strings.CutPrefix(p.name, "X-Amz-"); ok {
			if _, twice := fields[name]; twice {
				return nil, incomplete("The parameter %s is given twice.", p.name)
			}
			fields[name] = p.value
		}
		if p.name != "X-Amz-Signature" {
			rest = append(rest, p)
		}
	}
	if fields["Algorithm"] != algorithm {
		return nil, incomplete("Unsupported AWS 'algorithm': %q. It must be %s.", fields["Algorithm"], algorithm)
	}
	c, err := newClaim(fields, fields["Date"], "X-Amz-%s")
	if err != nil {
		return nil, err
	}
	if _, ok := fields["Security-Token"]; ok {
		return nil, c.unknown() // no temporary credentials exist
	}
	seconds, err := strconv.Atoi(fields["Expires"])
	if err != nil || seconds < 1 || seconds > maxExpires {
		return nil, incomplete("X-Amz-Expires must be a number of seconds from 1 to %d.", maxExpires)
	}
	c.params, c.presigned, c.expires = rest, true, time.Duration(seconds)*time.Second
	return c, nil
}

// newClaim reads the fields that both forms have. called is how the form calls them.
func newClaim(fields map[string]string, at, called string) (*claim, error) {
	for _, name := range []string{"Credential", "SignedHeaders", "Signature"} {
		if fields[name] == "" {
			return nil, incomplete("The request's signature requires a %q parameter.", fmt.Sprintf(called, name))
		}
	}
	parts := strings.Split(fields["Credential"], "/")
	if len(parts) != 5 || slices.Contains(parts, "") || parts[4] != terminator {
		return nil, incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/%s, got %q.", terminator, fields["Credential"])
	}
	signature, err := hex.DecodeString(fields["Signature"])
	if err != nil {
		return nil, incomplete("The signature is not hexadecimal.")
	}
	return &claim{
		accessKey: parts[0], scope: scope{parts[1], parts[2], parts[3]}, at: at,
		signed: strings.Split(fields["SignedHeaders"], ";"), signature: signature,
	}, nil
}

// checkClaim holds a claim against the clock and against what must be signed. It does not
// know the key yet.
func (v *Verifier) checkClaim(r *http.Request, c *claim) error {
	at, err := time.Parse(timeFormat, c.at)
	if err != nil {
		return incomplete("Date must be in ISO-8601 'basic format'. Got %q.", c.at)
	}
	if err := v.checkTime(c, at); err != nil {
		return err
	}
	switch {
	case c.scope.date != at.Format(dateFormat):
		return c.refuse("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: %q != %q.", c.scope.date, at.Format(dateFormat))
	case len(v.Services) > 0 && !slices.Contains(v.Services, c.scope.service):
		return c.refuse("Credential should be scoped to a service that is served here, not %q.", c.scope.service)
	case len(v.Regions) > 0 && !slices.Contains(v.Regions, c.scope.region):
		return c.refuse("Credential should be scoped to a region that is served here (%s), not %q.", strings.Join(v.Regions, ", "), c.scope.region)
	case !slices.IsSorted(c.signed) || len(slices.Compact(slices.Clone(c.signed))) != len(c.signed):
		return incomplete("SignedHeaders must be sorted and unique.")
	}
	for _, name := range mustSign(r, c) {
		if !slices.Contains(c.signed, name) {
			return c.refuse("The header %q must be a 'SignedHeader'.", name)
		}
	}
	if r.Header.Get("X-Amz-Security-Token") != "" {
		return c.unknown() // no temporary credentials exist
	}
	return nil
}

// mustSign returns the headers that decide what a request means or how long it is good.
func mustSign(r *http.Request, c *claim) []string {
	names := []string{"host"}
	if !c.presigned {
		names = append(names, "x-amz-date")
	}
	for _, name := range []string{"x-amz-content-sha256", "x-amz-security-token", "x-amz-target"} {
		if len(r.Header.Values(name)) > 0 {
			names = append(names, name)
		}
	}
	return names
}

func (v *Verifier) checkTime(c *claim, at time.Time) error {
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	skew := cmp.Or(v.Skew, DefaultSkew)
	late, say := now().UTC(), func(t time.Time) string { return t.UTC().Format(timeFormat) }
	end := at.Add(skew)
	if c.presigned {
		end = at.Add(c.expires)
	}
	switch {
	case at.After(late.Add(skew)):
		return expired("Signature not yet current: %s is still later than %s (%s + %v.). Set the client's clock.", c.at, say(late.Add(skew)), say(late), skew)
	case late.After(end) && c.presigned:
		return expired("Request has expired. It was good until %s, and it is %s.", say(end), say(late))
	case late.After(end):
		return expired("Signature expired: %s is now earlier than %s (%s - %v.). Set the client's clock.", c.at, say(late.Add(-skew)), say(late), skew)
	}
	return nil
}

// expired is a code that SDKs answer with a correction of their clock.
func expired(format string, args ...any) error {
	return apierr.New("RequestExpired", format, args...)
}
