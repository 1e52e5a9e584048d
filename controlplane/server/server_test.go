package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/testkit"
)

const account = "123456789012"

// trust believes what a request says of itself: "account region service" in the
// Authorization header.
type trust struct{}

func (trust) Authenticate(r *http.Request, _ []byte) (action.Identity, error) {
	f := strings.Fields(r.Header.Get("Authorization"))
	if len(f) != 3 {
		return action.Identity{}, apierr.WithStatus(http.StatusUnauthorized, "AuthFailure", "not signed")
	}
	return action.Identity{Account: f[0], User: "root", Region: f[1], Service: f[2]}, nil
}

// fixture is a server over a database in memory, with a few actions of its own.
type fixture struct {
	*Server
	db   store.DB
	log  *bytes.Buffer
	ran  int           // handlers that ran
	hold chan struct{} // DescribeVpcs waits for it, if set
}

func newFixture(t testing.TB, cfg Config) *fixture {
	t.Helper()
	f := &fixture{db: store.NewMemory(), log: new(bytes.Buffer)}
	r := wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	sts.Register(r)
	wire.Handle(r, wire.Spec{Name: "ImportKeyPair", Mutates: true, Resource: "key-pair"}, f.importKeyPair)
	wire.Handle(r, wire.Spec{Name: "DescribeKeyPairs"}, f.describeKeyPairs)
	wire.Handle(r, wire.Spec{Name: "RunInstances", Mutates: true}, f.runInstances)
	wire.Replay(r, "RunInstances", func(c *action.Call, made string) (*gen.Reservation, error) {
		return &gen.Reservation{ReservationId: &made, OwnerId: new("again")}, nil
	})
	wire.Handle(r, wire.Spec{Name: "ModifySecurityGroupRules", Mutates: true}, func(*action.Call, *gen.ModifySecurityGroupRulesRequest) (*gen.ModifySecurityGroupRulesResult, error) {
		panic("in an update")
	})
	wire.Handle(r, wire.Spec{Name: "DescribeSubnets"}, func(*action.Call, *gen.DescribeSubnetsRequest) (*gen.DescribeSubnetsResult, error) {
		panic("in a read")
	})
	wire.Handle(r, wire.Spec{Name: "DescribeVpcs"}, func(c *action.Call, _ *gen.DescribeVpcsRequest) (*gen.DescribeVpcsResult, error) {
		if f.hold != nil {
			<-f.hold
		}
		return nil, c.Err()
	})
	cfg.Regions = []string{"eu-central-1", "eu-west-1"}
	cfg.Log = slog.New(slog.NewTextHandler(f.log, nil))
	var err error
	if f.Server, err = New(cfg, f.db, r, trust{}); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) importKeyPair(c *action.Call, in *gen.ImportKeyPairRequest) (*gen.ImportKeyPairResult, error) {
	f.ran++
	id := fmt.Sprint("key-", f.ran)
	err := store.KeyPairs.Put(c.Tx, &model.KeyPair{ID: id, Owned: model.Owned{Account: c.Account, Region: c.Region}, Name: *in.KeyName})
	if errors.Is(err, store.ErrExists) {
		return nil, apierr.New("InvalidKeyPair.Duplicate", "The keypair already exists")
	}
	return &gen.ImportKeyPairResult{KeyPairId: &id}, err
}

func (f *fixture) describeKeyPairs(c *action.Call, _ *gen.DescribeKeyPairsRequest) (*gen.DescribeKeyPairsResult, error) {
	out := &gen.DescribeKeyPairsResult{KeyPairs: []*gen.KeyPairInfo{}}
	for k := range store.KeyPairs.By(c, "account", c.Account) {
		out.KeyPairs = append(out.KeyPairs, &gen.KeyPairInfo{KeyName: &k.Name})
	}
	return out, nil
}

func (f *fixture) runInstances(c *action.Call, in *gen.RunInstancesRequest) (*gen.Reservation, error) {
	f.ran++
	c.Made = fmt.Sprint("r-", f.ran)
	err := store.Reservations.Put(c.Tx, &model.Reservation{ID: c.Made, Owned: model.Owned{Account: c.Account, Region: c.Region}})
	return &gen.Reservation{ReservationId: &c.Made, OwnerId: new("first")}, err
}

// answer is what a client sees.
type answer struct {
	status int
	code   string
	text   string
	id     string // the request id in the document
	header http.Header
}

func (f *fixture) do(r *http.Request) answer {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	a := answer{status: w.Code, text: w.Body.String(), header: w.Header()}
	var doc struct {
		EC2   string `xml:"requestId"`
		EC2E  string `xml:"RequestID"`
		Query string `xml:"RequestId"`
		Meta  string `xml:"ResponseMetadata>RequestId"`
		Code  string `xml:"Errors>Error>Code"`
		QCode string `xml:"Error>Code"`
	}
	_ = xml.Unmarshal(w.Body.Bytes(), &doc)
	a.code, a.id = doc.Code+doc.QCode, doc.EC2+doc.EC2E+doc.Query+doc.Meta
	return a
}

func (f *fixture) post(form string) answer { return f.as(account+" eu-central-1 ec2", form) }

func (f *fixture) as(who, form string) answer {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("Authorization", who)
	return f.do(r)
}

func (f *fixture) keys() string { return f.post("Action=DescribeKeyPairs&Version=2016-11-15").text }

const importA = "Action=ImportKeyPair&Version=2016-11-15&KeyName=a&PublicKeyMaterial=aGk%3D"

func TestChain(t *testing.T) {
	const who = account + " eu-central-1 ec2"
	for _, c := range []struct {
		reason, who, form string
		status            int
		code              string
	}{
		{"as it should be", who, importA, 200, ""},
		{"no version is fine", who, "Action=DescribeKeyPairs", 200, ""},
		{"an old version is fine", who, "Action=DescribeKeyPairs&Version=2014-06-15", 200, ""},
		{"no such version", who, "Action=DescribeKeyPairs&Version=latest", 400, "NoSuchVersion"},
		{"not signed", "", importA, 401, "AuthFailure"},
		{"not signed comes before all else", "", "Action=Nonsense&%zz", 401, "AuthFailure"},
		{"another region", account + " mars-1 ec2", importA, 401, "AuthFailure"},
		{"another service", account + " eu-central-1 s3", importA, 401, "AuthFailure"},
		{"no action", who, "Version=2016-11-15", 400, "MissingAction"},
		{"an action AWS lacks", who, "Action=MakeCoffee", 400, "InvalidAction"},
		{"an action we lack", who, "Action=CreateVpnGateway", 400, "UnsupportedOperation"},
		{"two actions", who, "Action=DescribeKeyPairs&Action=DescribeKeyPairs", 400, "MalformedQueryString"},
		{"an unknown parameter", who, importA + "&Color=red", 400, "UnknownParameter"},
		{"a missing one", who, "Action=ImportKeyPair&KeyName=a", 400, "MissingParameter"},
		{"bad escapes", who, "Action=%zz", 400, "MalformedQueryString"},
		{"a dry run", who, importA + "&DryRun=true", 412, "DryRunOperation"},
		{"a dry run of nonsense", who, importA + "&DryRun=true&Color=red", 400, "UnknownParameter"},
		{"a dry run of what is not there", who, "Action=DescribeKeyPairs&KeyName.1=nope&DryRun=true", 412, "DryRunOperation"},
		{"not a dry run", who, importA + "&DryRun=false", 200, ""},
		{"a panic in a read", who, "Action=DescribeSubnets", 500, "InternalError"},
		{"a panic in an update", who, "Action=ModifySecurityGroupRules&GroupId=sg-1&SecurityGroupRule.1.SecurityGroupRuleId=sgr-1", 500, "InternalError"},
		{"STS in its own form", account + " eu-central-1 sts", "Action=MakeCoffee", 400, "InvalidAction"},
		{"STS of AWS's home region", account + " us-east-1 sts", "Action=GetCallerIdentity&Version=2011-06-15", 200, ""},
		{"EC2's actions are not STS's", account + " eu-central-1 sts", "Action=DescribeKeyPairs", 400, "InvalidAction"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			f := newFixture(t, Config{})
			a := f.as(c.who, c.form)
			if a.status != c.status || a.code != c.code {
				t.Fatalf("%d %s, want %d %s\n%s", a.status, a.code, c.status, c.code, a.text)
			}
			if a.id == "" || a.id != a.header.Get("x-amzn-RequestId") {
				t.Errorf("request id %q in the document, %q in the header", a.id, a.header.Get("x-amzn-RequestId"))
			}
			if wrote := strings.Contains(f.keys(), "<keyName>a"); wrote != (c.status == 200 && strings.Contains(c.form, "ImportKeyPair")) {
				t.Errorf("a key is there: %v", wrote)
			}
			logged := strings.Count(f.log.String(), "request failed")
			if own := c.status == 500; own != (logged == 1) {
				t.Errorf("logged %d times", logged)
			}
			if c.status == 500 && (!strings.Contains(f.log.String(), a.id) || strings.Contains(a.text, "panic")) {
				t.Error("the log must have the request id, and the client not the panic")
			}
		})
	}
}

func TestRequestForms(t *testing.T) {
	f := newFixture(t, Config{MaxBody: 1000})
	get := httptest.NewRequest(http.MethodGet, "/?"+importA+"&X-Amz-Signature=1&X-Amz-Date=2", nil)
	get.Header.Set("Authorization", account+" eu-central-1 ec2")
	if a := f.do(get); a.status != 200 {
		t.Errorf("GET: %s", a.text)
	}
	put := httptest.NewRequest(http.MethodPut, "/", nil)
	if a := f.do(put); a.status != 405 || a.header.Get("Allow") == "" {
		t.Errorf("PUT: %d", a.status)
	}
	if a := f.post(importA + "&x=" + strings.Repeat("x", 1000)); a.status != 413 || a.code != "RequestEntityTooLarge" {
		t.Errorf("a large body: %d %s", a.status, a.code)
	}
	chunked := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(strings.Repeat("x", 5000))))
	chunked.ContentLength = -1
	if a := f.do(chunked); a.status != 413 {
		t.Errorf("a large body of unsaid length: %d %s", a.status, a.code)
	}
	jsonBody := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"Action":"DescribeKeyPairs"}`))
	jsonBody.Header.Set("Content-Type", "application/json")
	jsonBody.Header.Set("Authorization", account+" eu-central-1 ec2")
	if a := f.do(jsonBody); a.code != "MalformedQueryString" {
		t.Errorf("JSON: %d %s", a.status, a.code)
	}
	split := httptest.NewRequest(http.MethodPost, "/?Action=DescribeKeyPairs", strings.NewReader("Action=DescribeKeyPairs"))
	split.Header.Set("Authorization", account+" eu-central-1 ec2")
	if a := f.do(split); a.code != "MalformedQueryString" {
		t.Errorf("an action in the URL and in the body: %d %s", a.status, a.code)
	}
}

func TestErrorsSpeakTheServicesProtocol(t *testing.T) {
	f := newFixture(t, Config{})
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	// The signature is bad, but its scope says who will have to read the answer.
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AK/20261121/eu-central-1/sts/aws4_request, SignedHeaders=host, Signature=0")
	if a := f.do(r); !strings.Contains(a.text, "<ErrorResponse") {
		t.Error(a.text)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AK/20261121/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=0")
	if a := f.do(r); !strings.Contains(a.text, "<Response><Errors>") {
		t.Error(a.text)
	}
}

func TestClientToken(t *testing.T) {
	const run = "Action=RunInstances&ImageId=ami-1&MinCount=1&MaxCount=1"
	f := newFixture(t, Config{})
	first := f.post(run + "&ClientToken=t")
	again := f.post("MaxCount=1&ClientToken=t&" + run[:strings.LastIndex(run, "&")])
	if !strings.Contains(first.text, ">first<") || !strings.Contains(first.text, "r-1") {
		t.Fatal(first.text)
	}
	if !strings.Contains(again.text, ">again<") || !strings.Contains(again.text, "r-1") || f.ran != 1 {
		t.Errorf("the same token ran %d times: %s", f.ran, again.text)
	}
	if a := f.post(run + "&ClientToken=t&EbsOptimized=true"); a.code != "IdempotentParameterMismatch" || a.status != 400 || f.ran != 1 {
		t.Errorf("other parameters: %d %s", a.status, a.code)
	}
	for i, who := range []string{account + " eu-west-1 ec2", "999999999999 eu-central-1 ec2"} {
		if a := f.as(who, run+"&ClientToken=t"); !strings.Contains(a.text, ">first<") || f.ran != i+2 {
			t.Errorf("%s shares a token that is not its own: %s", who, a.text)
		}
	}
	f.post(run + "&ClientToken=")
	f.post(run + "&ClientToken=")
	if f.ran != 5 {
		t.Errorf("an empty token is none, but %d calls ran", f.ran)
	}
	if a := f.post(run + "&ClientToken=T"); !strings.Contains(a.text, ">first<") {
		t.Error("tokens are case sensitive")
	}
}

func TestClientTokenOfFailedCall(t *testing.T) {
	f := newFixture(t, Config{})
	failed := errors.New("not now")
	broken := &brokenDB{DB: f.db, err: failed}
	f.Server.db = broken
	const run = "Action=RunInstances&ImageId=ami-1&MinCount=1&MaxCount=1&ClientToken=t"
	if a := f.post(run); a.status != 500 {
		t.Fatalf("%d", a.status)
	}
	f.Server.db = f.db
	if a := f.post(run); !strings.Contains(a.text, ">first<") {
		t.Errorf("a call without effect must not be remembered: %s", a.text)
	}
}

// brokenDB runs updates for nothing.
type brokenDB struct {
	store.DB
	err error
}

func (b *brokenDB) Update(ctx context.Context, m store.Meta, fn func(*store.Tx) error) error {
	return b.DB.Update(ctx, m, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return b.err
	})
}

func TestStoreErrors(t *testing.T) {
	for err, want := range map[error]struct {
		status int
		code   string
	}{
		store.ErrNotLeader:       {503, "Unavailable"},
		store.ErrUnknownOutcome:  {500, "InternalError"},
		context.DeadlineExceeded: {503, "Unavailable"},
		errors.New("disk"):       {500, "InternalError"},
	} {
		f := newFixture(t, Config{})
		f.Server.db = &brokenDB{DB: f.db, err: fmt.Errorf("wrapped: %w", err)}
		if a := f.post(importA); a.status != want.status || a.code != want.code {
			t.Errorf("%v: %d %s", err, a.status, a.code)
		}
	}
}

// A token is remembered for a day by the log's clock, and its rows do not pile up.
func TestClientTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{})
		const run = "Action=RunInstances&ImageId=ami-1&MinCount=1&MaxCount=1&ClientToken="
		for i := range 100 {
			f.post(fmt.Sprint(run, "old-", i))
			f.post(fmt.Sprintf("%s%.28x", run, sha256.Sum256([]byte{byte(i)})))
		}
		time.Sleep(tokenLife - time.Second)
		if a := f.post(run + "old-7"); !strings.Contains(a.text, ">again<") {
			t.Error("forgotten too early")
		}
		time.Sleep(2 * time.Second)
		if a := f.post(run + "old-7"); !strings.Contains(a.text, ">first<") {
			t.Error("remembered for too long")
		}
		for i := range 300 { // tokens as clients make them: at random
			f.post(fmt.Sprintf("%s%x", run, sha256.Sum224(fmt.Append(nil, i))))
		}
		rows := 0
		for range store.ClientTokens.List(f.db.Stale()) {
			rows++
		}
		if rows > 400 { // 301 are alive
			t.Errorf("%d rows: the outlived ones are not taken away", rows)
		}
	})
}

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{Throttle: Throttle{Read: Limit{PerSecond: 1, Burst: 3}, Mutate: Limit{PerSecond: 1, Burst: 1}}})
		const read = "Action=DescribeKeyPairs"
		for i := range 3 {
			if a := f.post(read); a.status != 200 {
				t.Fatalf("call %d of the burst: %s", i, a.text)
			}
		}
		if a := f.post(read); a.status != 503 || a.code != "RequestLimitExceeded" {
			t.Errorf("past the burst: %d %s", a.status, a.code)
		}
		if a := f.post(importA); a.status != 200 {
			t.Errorf("another class of actions has its own bucket: %s", a.text)
		}
		if a := f.as("999999999999 eu-central-1 ec2", read); a.status != 200 {
			t.Errorf("so has another account: %s", a.text)
		}
		time.Sleep(time.Second)
		if a := f.post(read); a.status != 200 {
			t.Errorf("a second brings one more: %s", a.text)
		}
		if a := f.post(read); a.status != 503 {
			t.Errorf("but no more than one: %d", a.status)
		}
	})
}

func TestInFlightLimit(t *testing.T) {
	f := newFixture(t, Config{MaxInFlight: 2})
	f.hold = make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if a := f.post("Action=DescribeVpcs"); a.status != 200 {
				t.Errorf("one that was let in: %s", a.text)
			}
		})
	}
	testkit.Wait(t, 10*time.Second, "both to be in", func() bool { return len(f.slots) == 2 })
	if a := f.post("Action=DescribeKeyPairs"); a.status != 503 || a.code != "Unavailable" {
		t.Errorf("a third: %d %s", a.status, a.code)
	}
	if a := f.as("", "Action=DescribeKeyPairs"); a.status != 401 {
		t.Errorf("who is not signed takes no slot, and so needs none: %d", a.status)
	}
	if a := f.do(httptest.NewRequest(http.MethodGet, "/healthz", nil)); a.status != 200 {
		t.Errorf("health is asked for especially then: %d", a.status)
	}
	close(f.hold)
	wg.Wait()
	if a := f.post("Action=DescribeKeyPairs"); a.status != 200 {
		t.Errorf("after they ended: %d", a.status)
	}
}

func TestAuthorize(t *testing.T) {
	f := newFixture(t, Config{Authorize: func(_ context.Context, who action.Identity, what wire.Spec) error {
		if what.Resource == "key-pair" && who.User == "root" {
			return apierr.WithStatus(http.StatusForbidden, "UnauthorizedOperation", "You are not authorized to perform this operation.")
		}
		return nil
	}})
	for form, want := range map[string]string{importA: "UnauthorizedOperation", importA + "&DryRun=true": "UnauthorizedOperation", importA + "&x=1": "UnknownParameter"} {
		if a := f.post(form); a.code != want {
			t.Errorf("%s: %s, want %s", form, a.code, want)
		}
	}
}

func TestOperatorPaths(t *testing.T) {
	ready := errors.New("no leader")
	f := newFixture(t, Config{Ready: func() error { return ready }})
	f.post("Action=DescribeKeyPairs")
	f.post("Action=MakeCoffee")
	from := func(addr, path string) answer {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = addr
		return f.do(r)
	}
	if a := from("10.0.0.1:1", "/readyz"); a.status != 503 || !strings.Contains(a.text, "no leader") {
		t.Errorf("not ready: %d %s", a.status, a.text)
	}
	ready = nil
	if a := from("10.0.0.1:1", "/readyz"); a.status != 200 {
		t.Errorf("ready: %d", a.status)
	}
	if a := from("10.0.0.1:1", "/metrics"); a.status != 403 {
		t.Errorf("metrics from elsewhere: %d", a.status)
	}
	a := from("127.0.0.1:1", "/metrics")
	for _, want := range []string{
		`mica_api_requests_total{action="DescribeKeyPairs",code="",service="ec2"} 1`,
		`mica_api_requests_total{action="unknown",code="InvalidAction",service="ec2"} 1`,
		`mica_api_request_seconds_count{action="DescribeKeyPairs",service="ec2"} 1`,
	} {
		if !strings.Contains(a.text, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if a := from("127.0.0.1:1", "/debug/pprof/cmdline"); a.status != 404 {
		t.Errorf("pprof without its flag: %d", a.status)
	}
	f = newFixture(t, Config{Pprof: true})
	if a := from("127.0.0.1:1", "/debug/pprof/cmdline"); a.status != 200 {
		t.Errorf("pprof: %d", a.status)
	}
	if a := from("10.0.0.1:1", "/debug/pprof/cmdline"); a.status != 403 {
		t.Errorf("pprof from elsewhere: %d", a.status)
	}
}

func TestStaleRead(t *testing.T) {
	f := newFixture(t, Config{})
	f.Server.db = &noReads{f.db}
	if a := f.post("Action=DescribeKeyPairs"); a.status != 503 {
		t.Errorf("a read that cannot be sure: %d", a.status)
	}
	if a := f.post("Action=DescribeKeyPairs&consistency=stale"); a.status != 200 {
		t.Errorf("one that need not be: %s", a.text)
	}
}

type noReads struct{ store.DB }

func (noReads) Read(context.Context) (store.View, error) { return store.View{}, store.ErrNotLeader }

// FuzzRequest sends anything: the answer is always XML with a request id, and never
// the server's own fault.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/", importA, "application/x-www-form-urlencoded")
	f.Add("GET", "/?Action=DescribeKeyPairs&Filter.1.Name=a", "", "")
	f.Add("POST", "/%zz", "Action=RunInstances&MinCount=1&MaxCount=1&ClientToken=%00", "text/plain;;")
	fx := newFixture(f, Config{})
	f.Fuzz(func(t *testing.T, method, target, body, kind string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || strings.Contains(body+target, "DescribeSubnets") || strings.Contains(body+target, "ModifySecurityGroupRules") {
			return
		}
		r := &http.Request{Method: method, URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, RemoteAddr: "10.0.0.1:1"}
		r = r.WithContext(t.Context())
		r.Header.Set("Authorization", account+" eu-central-1 ec2")
		r.Header.Set("Content-Type", kind)
		a := fx.do(r)
		if a.status >= 500 || a.id == "" && !strings.HasPrefix(u.Path, "/healthz") && !strings.HasPrefix(u.Path, "/readyz") && !strings.HasPrefix(u.Path, "/metrics") {
			t.Fatalf("%d %s", a.status, a.text)
		}
	})
}

// BenchmarkRead is what an action costs besides its handler and the signature.
func BenchmarkRead(b *testing.B) {
	f := newFixture(b, Config{})
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action=DescribeKeyPairs&Version=2016-11-15&KeyName.1=a"))
		r.Header.Set("Authorization", account+" eu-central-1 ec2")
		f.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// lagging is a database of a server that has just started: it is empty until caught up.
type lagging struct {
	store.DB
	full store.DB
	err  error
	read int
}

func (l *lagging) Read(ctx context.Context) (store.View, error) {
	l.read++
	if l.err == nil {
		l.DB = l.full
	}
	v, _ := l.full.Read(ctx)
	return v, l.err
}

// TestKeysAfterARestart: a key that is in the log and not here yet is no bad key.
func TestKeysAfterARestart(t *testing.T) {
	f := newFixture(t, Config{})
	err := f.db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		return store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIA", Secret: "secret", Account: account, User: "root"})
	})
	if err != nil {
		t.Fatal(err)
	}
	db := &lagging{DB: store.NewMemory(), full: f.db, err: store.ErrNotLeader}
	f.Server.db = db
	f.Server.auth = Signed(&auth.Verifier{Lookup: func(ctx context.Context, key string) (*auth.Key, error) { return auth.FromStore(db.DB)(ctx, key) }})
	call := func(key string) int {
		t.Helper()
		body := "Action=DescribeKeyPairs&Version=2016-11-15"
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		signer := auth.Signer{AccessKey: key, Secret: "secret", Region: "eu-central-1", Service: "ec2"}
		if err := signer.Sign(r, []byte(body), time.Now()); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		return w.Code
	}
	for _, key := range []string{"AKIA", "AKIANOBODY"} {
		if got := call(key); got != http.StatusServiceUnavailable {
			t.Errorf("before the server knows its keys, %s: %d", key, got)
		}
	}
	db.err = nil
	if got := call("AKIA"); got != http.StatusOK {
		t.Errorf("when it can know: %d", got)
	}
	before := db.read
	if got := call("AKIANOBODY"); got != http.StatusUnauthorized && got != http.StatusForbidden || db.read != before {
		t.Errorf("a key that there is not: %d, after %d more questions to the leader", got, db.read-before)
	}
}
