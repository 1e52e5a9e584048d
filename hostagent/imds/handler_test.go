package imds

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

// response is what a case looks at.
type response struct {
	status int
	body   string
	header http.Header
	hops   int // TTL of the answer's packets; 0 if unknown
}

// rawRequest is a case's request as bytes, so that odd ones reach the server as they
// are.
func (c imdsCase) rawRequest(tokens []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n", c.method, c.path)
	for _, h := range c.header {
		b.WriteString(h + "\r\n")
	}
	for _, t := range tokens {
		b.WriteString("X-aws-ec2-metadata-token: " + t + "\r\n")
	}
	return b.String() + "\r\n"
}

// tokensFor are the values of the token header that a case carries.
func (c imdsCase) tokensFor(t testing.TB, s *Server, id, other string) []string {
	own := s.tokens.issue(id, 60)
	switch c.token {
	case "":
		return nil
	case tokOwn:
		return []string{own}
	case tokOther:
		return []string{s.tokens.issue(other, 60)}
	case tokExpired:
		return []string{s.tokens.issue(id, -1)}
	case tokGarbage:
		return []string{"not-a-token"}
	case tokTampered:
		b, err := base64.URLEncoding.DecodeString(own)
		if err != nil {
			t.Fatal(err)
		}
		b[nonceEnd+6]++
		return []string{base64.URLEncoding.EncodeToString(b)}
	case tokTruncated:
		return []string{own[:len(own)-4]}
	case tokBlank:
		return []string{""}
	case tokTwice:
		return []string{own, own}
	case tokOtherKey:
		o := &tokens{bytes.Repeat([]byte{7}, 32), s.cfg.Now}
		return []string{o.issue(id, 60)}
	}
	t.Fatalf("no such token: %s", c.token)
	return nil
}

// check compares an answer with the case.
func (c imdsCase) check(t *testing.T, r response) {
	t.Helper()
	if r.status != c.status {
		t.Fatalf("%s %s: status %d, EC2's is %d; body %q", c.method, c.path, r.status, c.status, r.body)
	}
	if c.body != "" && r.body != c.body {
		t.Errorf("%s %s: body\n%q, want\n%q", c.method, c.path, r.body, c.body)
	}
	if c.method == "HEAD" && r.body != "" {
		t.Errorf("HEAD has a body: %q", r.body)
	}
	if got := r.header.Get("Server"); got != "EC2ws" {
		t.Errorf("Server: %q", got)
	}
	kind, want := r.header.Get("Content-Type"), "text/plain"
	if r.status != 200 {
		want = "text/html"
	} else if strings.Contains(c.path, "user-data") {
		want = "application/octet-stream"
	}
	if kind != want {
		t.Errorf("Content-Type %q, want %q", kind, want)
	}
	if r.status == 405 && r.header.Get("Allow") == "" {
		t.Error("405 without Allow")
	}
	if c.hops != 0 && r.hops != 0 && r.hops != c.hops {
		t.Errorf("the answer's TTL is %d, want %d", r.hops, c.hops)
	}
	if r.status == 200 && c.method == "PUT" {
		asked := c.header[0][strings.Index(c.header[0], ": ")+2:]
		if got := r.header.Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"); got != asked {
			t.Errorf("the token's life is given as %q, asked were %q", got, asked)
		}
		if len(r.body) != 56 {
			t.Errorf("token %q has %d characters, EC2's have 56", r.body, len(r.body))
		}
	}
	if r.status == 200 && c.token != "" {
		if n, err := strconv.Atoi(r.header.Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds")); c.method != "PUT" && (err != nil || n < 1 || n > 60) {
			t.Errorf("remaining life of the token: %q", r.header.Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"))
		}
	}
}

// fakeHops is a connection that notes its TTL.
type fakeHops struct{ ttl int }

func (f *fakeHops) limitHops(ttl int) error { f.ttl = ttl; return nil }

func TestCases(t *testing.T) {
	if len(cases) < 100 {
		t.Fatalf("%d cases, at least 100 are wanted", len(cases))
	}
	names := map[string]bool{}
	for _, c := range cases {
		key := c.name + c.path + c.method
		if names[key] {
			t.Errorf("two cases are named %q", key)
		}
		names[key] = true
		t.Run(c.name, func(t *testing.T) {
			s, g := newServer(t)
			g.set(testVPC, bootA(c.mode))
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(c.rawRequest(c.tokensFor(t, s, testID, "i-0fedcba9876543210")))))
			if err != nil {
				t.Fatal(err)
			}
			r.RemoteAddr = addrA + ":4711"
			hops := &fakeHops{ttl: openTTL}
			w := httptest.NewRecorder()
			s.Handler(testVPC).ServeHTTP(w, r.WithContext(context.WithValue(t.Context(), connKey{}, hops)))
			body := w.Body.String()
			if c.method == "HEAD" {
				body = "" // net/http's server drops it
			}
			c.check(t, response{w.Code, body, w.Header(), hops.ttl})
		})
	}
}

// ask is one request of an address to a server, without a network.
func ask(s *Server, ip, method, path string, header ...string) (int, string) {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = ip + ":4711"
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler(testVPC).ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestTokenOutlivesRestartAndDiesAtItsTime(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	first, _ := newServer(t, func(cfg *Config) { cfg.Dir = dir; cfg.Now = c.now })
	_, token := ask(first, addrA, "PUT", tokenPath, headerTTL, "60")
	second, _ := newServer(t, func(cfg *Config) { cfg.Dir = dir; cfg.Now = c.now })
	if code, body := ask(second, addrA, "GET", idPath, headerToken, token); code != 200 || body != testID {
		t.Errorf("after a restart: %d %q", code, body)
	}
	if code, _ := ask(second, addrB, "GET", idPath, headerToken, token); code != 401 {
		t.Errorf("another guest's use of the token: %d", code)
	}
	c.add(60*time.Second - time.Millisecond)
	if code, _ := ask(second, addrA, "GET", idPath, headerToken, token); code != 200 {
		t.Errorf("a moment before its end: %d", code)
	}
	c.add(time.Millisecond)
	if code, _ := ask(second, addrA, "GET", idPath, headerToken, token); code != 401 {
		t.Errorf("at its end: %d", code)
	}
}

func TestKeysAreOnlyRoots(t *testing.T) {
	s, _ := newServer(t)
	if _, err := s.CertificatePEM("eu-central-1"); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(s.cfg.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
		if st, err := f.Info(); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", f.Name(), st.Mode(), err)
		}
	}
	if want := []string{"identity-eu-central-1.pem", "imds.key"}; !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
	if _, err := s.CertificatePEM("../x"); err == nil {
		t.Error("a region named a file elsewhere")
	}
}

func TestDamagedKeyIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "imds.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Guests: &fakeGuests{}, Dir: dir}); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a key of 5 bytes: %v", err)
	}
}

func TestRateIsEachInterfacesOwn(t *testing.T) {
	c := newClock()
	s, _ := newServer(t, func(cfg *Config) { cfg.Rate = 0; cfg.Now = c.now })
	count := func(n int) (ok, busy int) {
		for range n {
			switch code, _ := ask(s, addrA, "GET", idPath); code {
			case 200:
				ok++
			case 503:
				busy++
			default:
				t.Fatalf("status %d", code)
			}
		}
		return ok, busy
	}
	if ok, busy := count(1100); ok != 1024 || busy != 76 {
		t.Errorf("at once: %d answered, %d told to retry; EC2's limit is 1024", ok, busy)
	}
	if code, _ := ask(s, addrB, "PUT", tokenPath, headerTTL, "60"); code != 200 {
		t.Errorf("another interface meanwhile: %d", code)
	}
	c.add(250 * time.Millisecond)
	if ok, _ := count(300); ok != 256 {
		t.Errorf("after a quarter of a second: %d answered, want 256", ok)
	}
	c.add(time.Hour)
	if ok, _ := count(1100); ok != 1024 {
		t.Errorf("after an hour: %d answered; the bucket has no more than 1024", ok)
	}
}

func TestStepsAreToldOnceABoot(t *testing.T) {
	var got []string
	s, g := newServer(t, func(cfg *Config) {
		cfg.Step = func(id string, epoch int64, step string, _ time.Time) {
			got = append(got, fmt.Sprintf("%s/%d %s", id, epoch, step))
		}
	})
	for range 2 {
		ask(s, addrA, "PUT", tokenPath) // refused: no life
		ask(s, addrA, "PUT", tokenPath, headerTTL, "60")
		ask(s, addrA, "GET", "/latest/user-data", headerToken, "bad")
		ask(s, addrA, "HEAD", "/latest/meta-data/")
		ask(s, addrA, "GET", "/2009-04-04/user-data")
	}
	g.set(testVPC, bootA(required)) // the assignment changed, the boot did not
	ask(s, addrA, "PUT", tokenPath, headerTTL, "60")
	next := bootA()
	next.Epoch++
	g.set(testVPC, next)
	ask(s, addrA, "PUT", tokenPath, headerTTL, "60")
	ask(s, addrB, "GET", "/latest/user-data") // it has none
	want := []string{testID + "/3 first-token", testID + "/3 user-data-fetched", testID + "/4 first-token"}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestAddressWithoutBootIsToldToRetry(t *testing.T) {
	s, _ := newServer(t)
	for _, method := range []string{"GET", "PUT"} {
		if code, body := ask(s, "172.31.0.99", method, tokenPath, headerTTL, "60"); code != 503 || strings.Contains(body, "i-") {
			t.Errorf("%s: %d %q", method, code, body)
		}
	}
}

func TestChangedOptionsHoldAtOnce(t *testing.T) {
	s, g := newServer(t)
	for _, step := range []struct {
		mode func(*agentpb.Metadata)
		want int
	}{{optional, 200}, {required, 401}, {disabled, 403}, {optional, 200}} {
		g.set(testVPC, bootA(step.mode))
		if code, _ := ask(s, addrA, "GET", idPath); code != step.want {
			t.Errorf("status %d, want %d", code, step.want)
		}
	}
}

func TestSameAddressInTwoVPCs(t *testing.T) {
	s, g := newServer(t)
	twin := bootA()
	twin.InstanceId = "i-0aaaaaaaaaaaaaaaa"
	g.set("vpc-0other", twin)
	r := httptest.NewRequest("GET", idPath, nil)
	r.RemoteAddr = addrA + ":1"
	w := httptest.NewRecorder()
	s.Handler("vpc-0other").ServeHTTP(w, r)
	if got, _ := io.ReadAll(w.Body); string(got) != twin.InstanceId {
		t.Errorf("the other VPC's guest was told %q", got)
	}
	if _, body := ask(s, addrA, "GET", idPath); body != testID {
		t.Errorf("the first VPC's guest was told %q", body)
	}
}

func TestDocument(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal(document(bootA()), &got); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]any{
		"accountId": "123456789012", "architecture": "x86_64", "availabilityZone": "eu-central-1a", "imageId": "ami-0123456789abcdef0",
		"instanceId": testID, "instanceType": "t3.micro", "pendingTime": "2026-11-20T12:00:00Z", "privateIp": addrA,
		"region": "eu-central-1", "version": "2017-09-30", "kernelId": nil, "billingProducts": nil,
	} {
		if v, ok := got[k]; !ok || v != want {
			t.Errorf("%s is %v, want %v", k, v, want)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("GET", "/latest/meta-data/", "x", "60")
	f.Add("PUT", "/latest/api/token", "", "60")
	f.Add("GET", "//../%00", "AQAAAA==", "")
	s, _ := newServer(f)
	f.Fuzz(func(t *testing.T, method, path, token, ttl string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.URL.Path, r.RemoteAddr = method, path, addrB+":1"
		r.Header[headerToken], r.Header[headerTTL] = []string{token}, []string{ttl}
		w := httptest.NewRecorder()
		s.Handler(testVPC).ServeHTTP(w, r)
		if w.Code == 200 && method != "PUT" {
			t.Errorf("%s %q answered without a valid token: %q", method, path, w.Body)
		}
	})
}
