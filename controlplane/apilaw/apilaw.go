// Package apilaw holds what must be true of every action of the API, and tests it
// for whatever is registered: nobody has to remember to write these tests for a new
// action, nor to list it in the documentation.
package apilaw

import (
	"bytes"
	"context"
	"encoding/xml"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/wiretest"
	"github.com/micacloud/mica/internal/apierr"
)

// Subject is an assembled API to hold to the laws.
type Subject struct {
	Registry *wire.Registry[*action.Call]
	// DB makes a state in which the account has what it starts with.
	DB              func(testing.TB) store.DB
	Account, Region string
	// Effects has, for every action with a client token, a request that makes something
	// in such a state.
	Effects map[string]func(store.View) url.Values
	// Plausible has values, by the last name of a parameter, that exist in such a state:
	// random requests with them get past the first look-up.
	Plausible func(store.View) map[string]string
	// Foreign makes a second account in such a state, and a world of the two. call makes
	// calls as an account.
	Foreign func(t testing.TB, db store.DB, call func(account string) func(string, url.Values) Answer) World
}

// Check tests all laws.
func Check(t *testing.T, s Subject) {
	t.Run("names", s.names)
	t.Run("anonymous", s.anonymous)
	t.Run("unknown parameter", s.unknownParameter)
	t.Run("missing parameter", s.missingParameter)
	t.Run("dry run", s.dryRun)
	t.Run("client token", s.clientToken)
	t.Run("any request", s.anyRequest)
	t.Run("another account", s.anotherAccount)
}

// anotherAccount: what is another account's is as if it were not there.
func (s Subject) anotherAccount(t *testing.T) {
	b := s.bench(t)
	call := func(account string) func(string, url.Values) Answer {
		return func(name string, form url.Values) Answer {
			for a := range s.Registry.Actions() {
				if a.Name == name {
					got := b.send(a, &auth.Signer{AccessKey: accessKey + account, Secret: secret, Region: s.Region, Service: a.Of.Name}, form)
					return Answer{got.status, got.code, got.text}
				}
			}
			t.Fatalf("%s is not registered", name)
			return Answer{}
		}
	}
	CheckForeign(t, s.Registry, s.Foreign(t, b.db, call))
	s.nameless(t)
}

// nameless: actions that Foreign says take nothing of an account's have no parameter
// that looks like an id.
func (s Subject) nameless(t *testing.T) {
	for service := range s.Registry.Services() {
		client := wiretest.Start(t, service.Name, "7")
		for a := range s.Registry.Actions() {
			if a.Of != service || len(Foreign[a.Name]) > 0 {
				continue
			}
			form, err := url.ParseQuery(client.Request(a.Name).Form)
			if err != nil {
				t.Fatal(err)
			}
			for name := range form {
				if last := strings.TrimRight(name, ".0123456789"); strings.HasSuffix(last, "Id") && !strings.HasSuffix(last, "ZoneId") {
					t.Errorf("%s has %s: Foreign must say what it answers to another account's", a.Name, name)
				}
			}
		}
	}
}

// names: reading actions are those that AWS names so. Their handlers get a transaction
// that cannot write.
func (s Subject) names(t *testing.T) {
	reading := []string{"Describe", "Get", "List", "Search"}
	for a := range s.Registry.Actions() {
		reads := slices.ContainsFunc(reading, func(p string) bool { return strings.HasPrefix(a.Name, p) })
		if reads == a.Mutates {
			t.Errorf("%s is registered with Mutates: %v", a.Name, a.Mutates)
		}
		if a.Resource == "" {
			t.Errorf("%s is registered without its Resource", a.Name)
		}
		if strings.ContainsAny(a.Partial, "|\n") {
			t.Errorf("%s: Partial does not fit into a table", a.Name)
		}
	}
}

// anonymous: no signature, one by a key that is not there, and one by a wrong secret
// are refused before anything else is looked at.
func (s Subject) anonymous(t *testing.T) {
	b := s.bench(t)
	for a := range s.Registry.Actions() {
		if got := b.send(a, nil, minimal(a)); got.status != http.StatusForbidden || got.code != "MissingAuthenticationToken" {
			t.Errorf("%s without a signature: %d %s", a.Name, got.status, got.code)
		}
		form := minimal(a)
		form.Set("Zzz", "not looked at")
		for _, as := range []*auth.Signer{
			{AccessKey: "AKIANOBODY", Secret: secret, Region: s.Region, Service: a.Of.Name},
			{AccessKey: accessKey, Secret: "wrong", Region: s.Region, Service: a.Of.Name},
		} {
			if got := b.send(a, as, form); got.status != http.StatusUnauthorized && got.status != http.StatusForbidden || got.code != "AuthFailure" && got.code != "InvalidClientTokenId" {
				t.Errorf("%s signed by %s: %d %s", a.Name, as.AccessKey, got.status, got.code)
			}
		}
	}
	b.unchanged()
}

func (s Subject) unknownParameter(t *testing.T) {
	b := s.bench(t)
	for a := range s.Registry.Actions() {
		for _, name := range []string{"Zzz", "Zzz.1", "Zzz.1.Name", "action", "version"} {
			form := minimal(a)
			form.Set(name, "x")
			if got := b.signed(a, form); got.code != "UnknownParameter" || !strings.Contains(got.text, name) {
				t.Errorf("%s with %s: %d %s", a.Name, name, got.status, got.code)
			}
		}
	}
	b.unchanged()
}

func (s Subject) missingParameter(t *testing.T) {
	b := s.bench(t)
	for a := range s.Registry.Actions() {
		for name := range minimal(a) {
			top, _, _ := strings.Cut(name, ".")
			form := minimal(a)
			for other := range form {
				if other == top || strings.HasPrefix(other, top+".") {
					form.Del(other)
				}
			}
			if got := b.signed(a, form); got.code != "MissingParameter" || !strings.Contains(got.text, top) {
				t.Errorf("%s without %s: %d %s", a.Name, top, got.status, got.code)
			}
		}
	}
	b.unchanged()
}

// dryRun: answered before any look whether what is named exists, and nothing changes.
func (s Subject) dryRun(t *testing.T) {
	b := s.bench(t)
	for a := range s.Registry.Actions() {
		if !a.HasDryRun() {
			continue
		}
		forms := []url.Values{minimal(a)}
		if effect := s.Effects[a.Name]; effect != nil {
			forms = append(forms, effect(b.db.Stale()))
		}
		for _, form := range forms {
			form.Set("DryRun", "true")
			want, status := "DryRunOperation", http.StatusPreconditionFailed
			// The action may check values that the model does not; those come first.
			if _, err := a.Decode(form); err != nil {
				want, status = apierr.From(err).Code, http.StatusBadRequest
			}
			if got := b.signed(a, form); got.code != want || got.status != status {
				t.Errorf("%s: %d %s, want %d %s for %s", a.Name, got.status, got.code, status, want, form.Encode())
			}
		}
	}
	b.unchanged()
}

// clientToken: the same request twice makes one thing and gives its name twice; another
// request with the token is refused.
func (s Subject) clientToken(t *testing.T) {
	for a := range s.Registry.Actions() {
		if !a.HasToken() || !a.Mutates {
			continue
		}
		effect := s.Effects[a.Name]
		if effect == nil {
			t.Errorf("%s has a client token: give a request with an effect", a.Name)
			continue
		}
		b := s.bench(t)
		form := effect(b.db.Stale())
		form.Set("ClientToken", "only-once")
		first := b.signed(a, form)
		if first.status != http.StatusOK {
			t.Errorf("%s: the request has no effect: %s", a.Name, first.text)
			continue
		}
		before := b.db.Stale().Version()
		if before == b.version {
			t.Errorf("%s succeeded and changed nothing", a.Name)
		}
		second := b.signed(a, form)
		if second.status != http.StatusOK || b.db.Stale().Version() != before {
			t.Errorf("%s did it again, or failed to answer again: %s", a.Name, second.text)
		}
		if x, y := first.withoutID(), second.withoutID(); x != y {
			t.Errorf("%s answered\n%s\nand then\n%s", a.Name, x, y)
		}
		form.Set("ClientToken", "another")
		if third := b.signed(a, form); third.status == http.StatusOK && third.withoutID() == first.withoutID() {
			t.Errorf("%s: another token gave the first one's answer", a.Name)
		}
		form.Set("ClientToken", "only-once")
		form.Set("TagSpecification.1.ResourceType", "instance")
		form.Set("TagSpecification.1.Tag.1.Key", "other")
		if _, err := a.Decode(form); err != nil {
			continue // an action that cannot be asked differently in this way
		}
		if got := b.signed(a, form); got.code != "IdempotentParameterMismatch" {
			t.Errorf("%s with other parameters: %d %s", a.Name, got.status, got.code)
		}
	}
}

// anyRequest: whatever a client sends that its own library lets it send, the answer is
// never the server's fault, and what was refused changed nothing.
func (s Subject) anyRequest(t *testing.T) {
	const rounds = 10
	r := rand.New(rand.NewPCG(7, 7))
	for service := range s.Registry.Services() {
		client := wiretest.Start(t, service.Name, "7")
		for a := range s.Registry.Actions() {
			if a.Of != service {
				continue
			}
			b := s.bench(t)
			for range rounds {
				form, err := url.ParseQuery(client.Request(a.Name).Form)
				if err != nil {
					t.Fatal(err)
				}
				form.Del("DryRun")
				s.thin(r, form, b.db.Stale())
				before := b.db.Stale().Version()
				got := b.signed(a, form)
				if got.status >= 500 {
					t.Errorf("%s: %d %s\n%s\nfor %s", a.Name, got.status, got.text, b.log, form.Encode())
					break
				}
				if got.status != http.StatusOK && b.db.Stale().Version() != before {
					t.Errorf("%s was refused with %s and changed something", a.Name, got.code)
				}
			}
		}
	}
}

// thin drops a random part of a request, and gives names of things that exist to a
// random part of the rest, so that many requests get far.
func (s Subject) thin(r *rand.Rand, form url.Values, v store.View) {
	keep := r.Float64()
	plausible := s.Plausible(v)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		last := strings.TrimRight(name, ".0123456789")
		last = last[strings.LastIndexByte(last, '.')+1:]
		if value, ok := plausible[last]; ok && r.IntN(10) > 0 {
			form.Set(name, value)
		} else if r.Float64() > keep {
			form.Del(name)
		}
	}
}

// minimal is the smallest request that the action's type takes.
func minimal(a *wire.Action[*action.Call]) url.Values {
	form, err := url.ParseQuery(a.Of.Minimal[a.Name])
	if err != nil {
		panic(err) // generated
	}
	return form
}

// bench is a server over a state of its own.
type bench struct {
	Subject
	t       *testing.T
	server  *server.Server
	db      store.DB
	version store.Version
	log     *bytes.Buffer
}

func (s Subject) bench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Subject: s, t: t, db: s.DB(t), log: new(bytes.Buffer)}
	b.version = b.db.Stale().Version()
	var err error
	b.server, err = server.New(server.Config{Regions: []string{s.Region}, Log: slog.New(slog.NewTextHandler(b.log, nil))}, b.db, s.Registry, server.Signed(&auth.Verifier{Lookup: s.lookup}))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The access key of the subject's account; with an account's id after it, of that one.
const accessKey, secret = "AKIALAW", "law"

func (s Subject) lookup(_ context.Context, key string) (*auth.Key, error) {
	account, ok := strings.CutPrefix(key, accessKey)
	if !ok {
		return nil, nil
	}
	if account == "" {
		account = s.Account
	}
	return &auth.Key{Secret: secret, Account: account, ARN: "arn:aws:iam::" + account + ":root", UserID: account}, nil
}

func (b *bench) unchanged() {
	b.t.Helper()
	if b.db.Stale().Version() != b.version {
		b.t.Error("the state has changed")
	}
}

// answer is what a client sees.
type answer struct {
	status         int
	code, text, id string
}

// withoutID is the answer's text without what differs from request to request.
func (a answer) withoutID() string { return strings.ReplaceAll(a.text, a.id, "") }

func (b *bench) signed(a *wire.Action[*action.Call], form url.Values) answer {
	return b.send(a, &auth.Signer{AccessKey: accessKey, Secret: secret, Region: b.Region, Service: a.Of.Name}, form)
}

func (b *bench) send(a *wire.Action[*action.Call], as *auth.Signer, form url.Values) answer {
	b.t.Helper()
	body := form.Encode()
	r := httptest.NewRequest(http.MethodPost, "/?Action="+a.Name+"&Version="+a.Of.Version, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if as != nil {
		if err := as.Sign(r, []byte(body), time.Now()); err != nil {
			b.t.Fatal(err)
		}
	}
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	got := answer{status: w.Code, text: w.Body.String(), id: w.Header().Get("x-amzn-RequestId")}
	var doc struct {
		EC2   string `xml:"Errors>Error>Code"`
		Query string `xml:"Error>Code"`
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		b.t.Errorf("%s: not XML: %v\n%s", a.Name, err, got.text)
	}
	if got.id == "" || !strings.Contains(got.text, got.id) {
		b.t.Errorf("%s: the answer lacks the request id %q", a.Name, got.id)
	}
	got.code = doc.EC2 + doc.Query
	return got
}
