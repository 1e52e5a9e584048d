package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

var (
	noon   = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	signer = Signer{AccessKey: "AKIDEXAMPLE", Secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Region: "r1", Service: "ec2"}
)

const form = "Action=DescribeInstances&Version=2016-11-15"

func verifier() *Verifier {
	return &Verifier{
		Lookup: func(_ context.Context, id string) (*Key, error) {
			if id != signer.AccessKey {
				return nil, nil
			}
			return &Key{Secret: signer.Secret, Account: "123456789012", ARN: "arn:aws:iam::123456789012:root", UserID: "123456789012"}, nil
		},
		Regions: []string{"r1", "r2"}, Services: []string{"ec2", "sts"},
		Now: func() time.Time { return noon },
	}
}

// post is a request as the server gets it.
func post(body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Host = "mica.test:8443"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func signed(t *testing.T, s Signer, at time.Time, r *http.Request, body string) *http.Request {
	t.Helper()
	if err := s.Sign(r, []byte(body), at); err != nil {
		t.Fatal(err)
	}
	return r
}

func presigned(t *testing.T, at time.Time, life time.Duration) *http.Request {
	t.Helper()
	r := httptest.NewRequest("GET", "/?"+form, nil)
	r.Host = "mica.test"
	if err := signer.Presign(r, at, life); err != nil {
		t.Fatal(err)
	}
	r.RequestURI = "/?" + r.URL.RawQuery
	return r
}

func TestGoodRequests(t *testing.T) {
	sts := signer
	sts.Region, sts.Service = "r2", "sts"
	lowered := signed(t, signer, noon, post(form), form)
	lowered.Header.Set("Authorization", strings.ReplaceAll(lowered.Header.Get("Authorization"), ", ", ","))
	long := post(form)
	long.ContentLength = int64(len(form))
	long.Header.Set("Content-Length", "43") // Java's SDK signs it
	signed(t, signer, noon, long, form)
	long.Header.Del("Content-Length") // Go's server may keep it apart
	for _, c := range []struct {
		what string
		r    *http.Request
		body string
		want Identity
	}{
		{"header", signed(t, signer, noon, post(form), form), form, Identity{Region: "r1", Service: "ec2"}},
		{"another region and service", signed(t, sts, noon, post(form), form), form, Identity{Region: "r2", Service: "sts"}},
		{"no spaces in the header", lowered, form, Identity{Region: "r1", Service: "ec2"}},
		{"signed content length", long, form, Identity{Region: "r1", Service: "ec2"}},
		{"slow clock", signed(t, signer, noon.Add(-5*time.Minute), post(form), form), form, Identity{Region: "r1", Service: "ec2"}},
		{"fast clock", signed(t, signer, noon.Add(5*time.Minute), post(form), form), form, Identity{Region: "r1", Service: "ec2"}},
		{"presigned", presigned(t, noon, time.Minute), "", Identity{Region: "r1", Service: "ec2"}},
		{"presigned long ago", presigned(t, noon.Add(-7*24*time.Hour), 7*24*time.Hour), "", Identity{Region: "r1", Service: "ec2"}},
	} {
		c.want.AccessKey, c.want.Account, c.want.ARN, c.want.UserID = signer.AccessKey, "123456789012", "arn:aws:iam::123456789012:root", "123456789012"
		got, err := verifier().Verify(c.r, []byte(c.body))
		if err != nil || *got != c.want {
			t.Errorf("%s: %+v, %v", c.what, got, err)
		}
	}
}

// edit changes one thing of a good request.
func edit(header, from, to string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(header, strings.Replace(r.Header.Get(header), from, to, 1)) }
}

func TestBadRequests(t *testing.T) {
	const body = form
	for _, c := range []struct {
		what   string
		edit   func(*http.Request)
		code   string
		status int
	}{
		{"anonymous", func(r *http.Request) { r.Header.Del("Authorization") }, "MissingAuthenticationToken", 403},
		{"unknown key", edit("Authorization", "AKIDEXAMPLE", "AKIDNOBODY"), "AuthFailure", 401},
		{"changed signature", func(r *http.Request) {
			a := r.Header.Get("Authorization")
			last := "0"
			if strings.HasSuffix(a, "0") {
				last = "1"
			}
			r.Header.Set("Authorization", a[:len(a)-1]+last)
		}, "AuthFailure", 401},
		{"short signature", func(r *http.Request) {
			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", a[:len(a)-2])
		}, "AuthFailure", 401},
		{"signature is not hex", edit("Authorization", "Signature=", "Signature=x"), "IncompleteSignature", 400},
		{"no signature", func(r *http.Request) {
			a, _, _ := strings.Cut(r.Header.Get("Authorization"), ", Signature")
			r.Header.Set("Authorization", a)
		}, "IncompleteSignature", 400},
		{"empty header", func(r *http.Request) { r.Header.Set("Authorization", "") }, "IncompleteSignature", 400},
		{"another algorithm", edit("Authorization", "SHA256", "SHA1"), "IncompleteSignature", 400},
		{"version 2", func(r *http.Request) { r.Header.Set("Authorization", "AWS AKIDEXAMPLE:c2ln") }, "IncompleteSignature", 400},
		{"basic", func(r *http.Request) { r.SetBasicAuth("a", "b") }, "IncompleteSignature", 400},
		{"two signatures", func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, "IncompleteSignature", 400},
		{"in header and query", func(r *http.Request) { r.URL.RawQuery = "X-Amz-Signature=00" }, "IncompleteSignature", 400},
		{"a field twice", edit("Authorization", "Signature=", "Signature=00, Signature="), "IncompleteSignature", 400},
		{"credential of four parts", edit("Authorization", "/aws4_request", ""), "IncompleteSignature", 400},
		{"credential of six parts", edit("Authorization", "/ec2/", "/ec2/x/"), "IncompleteSignature", 400},
		{"another terminator", edit("Authorization", "aws4_request", "aws5_request"), "IncompleteSignature", 400},
		{"region not served", edit("Authorization", "/r1/", "/r9/"), "AuthFailure", 401},
		{"another region of ours", edit("Authorization", "/r1/", "/r2/"), "AuthFailure", 401},
		{"service not served", edit("Authorization", "/ec2/", "/s3/"), "SignatureDoesNotMatch", 403},
		{"another service of ours", edit("Authorization", "/ec2/", "/sts/"), "InvalidClientTokenId", 403},
		{"unknown key for another service", func(r *http.Request) {
			edit("Authorization", "/ec2/", "/sts/")(r)
			edit("Authorization", "AKIDEXAMPLE", "AKIDNOBODY")(r)
		}, "InvalidClientTokenId", 403},
		{"scope of yesterday", edit("Authorization", "20260304", "20260303"), "AuthFailure", 401},
		{"host not signed", edit("Authorization", "host;", ""), "AuthFailure", 401},
		{"date not signed", edit("Authorization", ";x-amz-date", ""), "AuthFailure", 401},
		{"a header signed that is not there", edit("Authorization", ";x-amz-date", ";x-amz-date;x-nothing"), "AuthFailure", 401},
		{"a header signed twice", edit("Authorization", "host;", "host;host;"), "IncompleteSignature", 400},
		{"signed headers unsorted", edit("Authorization", "content-type;host", "host;content-type"), "IncompleteSignature", 400},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "IncompleteSignature", 400},
		{"two dates", func(r *http.Request) { r.Header.Add("X-Amz-Date", r.Header.Get("X-Amz-Date")) }, "IncompleteSignature", 400},
		{"bad date", func(r *http.Request) { r.Header.Set("X-Amz-Date", "yesterday") }, "IncompleteSignature", 400},
		{"replayed with another date", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260304T120001Z") }, "AuthFailure", 401},
		{"clock too slow", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260304T115459Z") }, "RequestExpired", 400},
		{"clock too fast", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260304T120501Z") }, "RequestExpired", 400},
		{"another host", func(r *http.Request) { r.Host = "elsewhere.test" }, "AuthFailure", 401},
		{"another content type", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, "AuthFailure", 401},
		{"another method", func(r *http.Request) { r.Method = "PUT" }, "AuthFailure", 401},
		{"another path", func(r *http.Request) { r.RequestURI = "/x" }, "AuthFailure", 401},
		{"an added query", func(r *http.Request) { r.URL.RawQuery = "Action=TerminateInstances" }, "AuthFailure", 401},
		{"a bad query", func(r *http.Request) { r.URL.RawQuery = "a=%zz" }, "IncompleteSignature", 400},
		{"unsigned payload", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") }, "AuthFailure", 401},
		{"session token", func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") }, "AuthFailure", 401},
	} {
		r := signed(t, signer, noon, post(body), body)
		c.edit(r)
		expectError(t, c.what, r, body, c.code, c.status)
	}
	expectError(t, "another body", signed(t, signer, noon, post(body), body), body+"&DryRun=true", "AuthFailure", 401)
	other := signer
	other.Secret = "another"
	expectError(t, "wrong secret", signed(t, other, noon, post(body), body), body, "AuthFailure", 401)
	token := post(body)
	token.Header.Set("X-Amz-Security-Token", "x")
	expectError(t, "signed session token", signed(t, signer, noon, token, body), body, "AuthFailure", 401)
	unsigned := post(body)
	unsigned.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	expectError(t, "signed unsigned payload", signed(t, signer, noon, unsigned, body), body, "AuthFailure", 401)
}

func expectError(t *testing.T, what string, r *http.Request, body, code string, status int) {
	t.Helper()
	id, err := verifier().Verify(r, []byte(body))
	e, ok := errors.AsType[*apierr.Error](err)
	if id != nil || !ok || e.Code != code || e.Status != status || e.Message == "" {
		t.Errorf("%s: %+v, %+v; want %s with %d", what, id, err, code, status)
	}
}

func TestBadPresignedRequests(t *testing.T) {
	set := func(name, value string) func(url.Values) { return func(q url.Values) { q.Set(name, value) } }
	for _, c := range []struct {
		what   string
		edit   func(url.Values)
		code   string
		status int
	}{
		{"no expiry", func(q url.Values) { q.Del("X-Amz-Expires") }, "IncompleteSignature", 400},
		{"for ever", set("X-Amz-Expires", "604801"), "IncompleteSignature", 400},
		{"for no time", set("X-Amz-Expires", "0"), "IncompleteSignature", 400},
		{"negative", set("X-Amz-Expires", "-1"), "IncompleteSignature", 400},
		{"longer than signed", set("X-Amz-Expires", "120"), "AuthFailure", 401},
		{"twice", func(q url.Values) { q.Add("X-Amz-Signature", "00") }, "IncompleteSignature", 400},
		{"no signature", func(q url.Values) { q.Del("X-Amz-Signature") }, "IncompleteSignature", 400},
		{"no algorithm", func(q url.Values) { q.Del("X-Amz-Algorithm") }, "IncompleteSignature", 400},
		{"host not signed", set("X-Amz-SignedHeaders", "content-type"), "AuthFailure", 401},
		{"another action", set("Action", "TerminateInstances"), "AuthFailure", 401},
		{"an action more", func(q url.Values) { q.Add("Action", "DescribeInstances") }, "AuthFailure", 401},
		{"session token", set("X-Amz-Security-Token", "x"), "AuthFailure", 401},
	} {
		r := presigned(t, noon, time.Minute)
		q := r.URL.Query()
		c.edit(q)
		r.URL.RawQuery = q.Encode()
		expectError(t, c.what, r, "", c.code, c.status)
	}
	expectError(t, "expired", presigned(t, noon.Add(-time.Minute-time.Second), time.Minute), "", "RequestExpired", 400)
	expectError(t, "from the future", presigned(t, noon.Add(6*time.Minute), time.Hour), "", "RequestExpired", 400)
	expectError(t, "with a body", presigned(t, noon, time.Minute), "Action=TerminateInstances", "AuthFailure", 401)
}

// The answers to a bad secret and to an unknown key must not differ in anything.
func TestUnknownKeyLooksLikeABadSignature(t *testing.T) {
	for _, service := range []string{"ec2", "sts"} {
		answers := map[string]bool{}
		for _, s := range []Signer{{signer.AccessKey, "wrong", "r1", service}, {"AKIDNOBODY", signer.Secret, "r1", service}} {
			_, err := verifier().Verify(signed(t, s, noon, post(form), form), []byte(form))
			answers[err.Error()] = true
		}
		if len(answers) != 1 {
			t.Error(answers)
		}
	}
}

// A right signature that leaves out what it must cover is refused, and each that covers it
// is taken.
func TestWhatMustBeSigned(t *testing.T) {
	for _, c := range []struct {
		signed []string
		good   bool
	}{
		{[]string{"host", "x-amz-date"}, true},
		{[]string{"content-type", "host", "x-amz-date"}, true},
		{[]string{"x-amz-date"}, false},
		{[]string{"host"}, false},
		{[]string{"content-type", "host"}, false},
		{[]string{"host", "x-amz-date", "x-amz-target"}, true},
	} {
		r := post(form)
		date := noon.Format(timeFormat)
		r.Header.Set("X-Amz-Date", date)
		if slices.Contains(c.signed, "x-amz-target") {
			r.Header.Set("X-Amz-Target", "Service.Action")
		}
		signature, err := signer.signature(r, "", c.signed, []byte(form), date)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", algorithm+" Credential="+signer.AccessKey+"/"+signer.scope(date).String()+", SignedHeaders="+strings.Join(c.signed, ";")+", Signature="+signature)
		if _, err := verifier().Verify(r, []byte(form)); (err == nil) != c.good || err != nil && !apierr.Is(err, "AuthFailure") {
			t.Errorf("%v: %v", c.signed, err)
		}
		r.Header.Set("X-Amz-Target", "Service.Other") // is changed, or added without a signature
		if _, err := verifier().Verify(r, []byte(form)); err == nil {
			t.Errorf("%v: another target is taken", c.signed)
		}
	}
}

// Nobody gets in by the secret that stands for unknown keys.
func TestUnknownKeysHaveNoSecret(t *testing.T) {
	for _, secret := range []string{unknownSecret, ""} {
		s := Signer{"AKIDNOBODY", secret, "r1", "ec2"}
		expectError(t, "secret "+secret, signed(t, s, noon, post(form), form), form, "AuthFailure", 401)
	}
}

// A key that changed its secret is not remembered with the old one.
func TestChangedSecret(t *testing.T) {
	v, secret := verifier(), signer.Secret
	v.Lookup = func(context.Context, string) (*Key, error) { return &Key{Secret: secret}, nil }
	r := signed(t, signer, noon, post(form), form)
	for range 2 {
		if _, err := v.Verify(r, []byte(form)); err != nil {
			t.Fatal(err)
		}
	}
	secret = "rotated"
	if _, err := v.Verify(r, []byte(form)); !apierr.Is(err, "AuthFailure") {
		t.Error("the old secret is still good:", err)
	}
}

func TestKeyCacheIsBounded(t *testing.T) {
	var c keyCache
	for i := range 3 * cachedKeys {
		c.get("s", scope{date: fmt.Sprint(i)})
	}
	if len(c.keys) > cachedKeys {
		t.Error(len(c.keys))
	}
	if s := (scope{"1", "r", "ec2"}); !bytes.Equal(c.get("s", s), s.key("s")) {
		t.Error("another key")
	}
}

func TestSkewIsConfigurable(t *testing.T) {
	v := verifier()
	v.Skew = 24 * time.Hour
	if _, err := v.Verify(signed(t, signer, noon.Add(-23*time.Hour), post(form), form), []byte(form)); err != nil {
		t.Error(err)
	}
}

func TestLookupFailureIsOurs(t *testing.T) {
	v := verifier()
	down := errors.New("down")
	v.Lookup = func(context.Context, string) (*Key, error) { return nil, down }
	_, err := v.Verify(signed(t, signer, noon, post(form), form), []byte(form))
	if !errors.Is(err, down) || apierr.From(err).Status != 500 {
		t.Error(err)
	}
}

func TestFromStore(t *testing.T) {
	db := store.NewMemory()
	if err := db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		return errors.Join(
			store.AccessKeys.Put(tx, &model.AccessKey{ID: "AK1", Secret: "s1", Account: "123456789012", User: "root"}),
			store.AccessKeys.Put(tx, &model.AccessKey{ID: "AK2", Secret: "s2", Account: "123456789012", User: "ann"}))
	}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]*Key{
		"AK1": {"s1", "123456789012", "arn:aws:iam::123456789012:root", "123456789012"},
		"AK2": {"s2", "123456789012", "arn:aws:iam::123456789012:user/ann", "ann"},
		"AK3": nil,
	} {
		got, err := FromStore(db)(context.Background(), id)
		if err != nil || (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	v, r := verifier(), post(form)
	if err := signer.Sign(r, []byte(form), noon); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(r, []byte(form)); err != nil {
			b.Fatal(err)
		}
	}
}
