package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/failpoint"
)

// exchange is one request and its answer.
type exchange struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	began   time.Time
	id      string
	service *wire.Service // nil until the signature is checked
	who     action.Identity
	action  *wire.Action[*action.Call]
	name    string // of the action, for metrics; empty unless AWS has it
	slot    bool   // it has one of the slots
}

// enter takes a slot. It comes after the signature is checked: who cannot sign, or
// sends slowly, must not keep out those who can.
func (c *exchange) enter() error {
	select {
	case c.s.slots <- struct{}{}:
		c.slot = true
		return nil
	default:
		return errOverloaded
	}
}

// leave gives the slot back.
func (c *exchange) leave() {
	if c.slot {
		<-c.s.slots
	}
}

// run takes the request through the chain and appends the answer to b.
func (c *exchange) run(ctx context.Context, b []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	out, err := c.do(ctx)
	if err != nil {
		return nil, err
	}
	return c.service.AppendAnswer(b, c.action.Name, c.id, out), nil
}

// do takes the request through the chain up to the handler's answer.
func (c *exchange) do(ctx context.Context) (xmlenc.Appender, error) {
	form, stale, err := c.admit(ctx)
	if err != nil {
		return nil, err
	}
	name := form.Get("Action")
	if c.service.Knows(name) {
		c.name = name
	}
	if c.action, err = c.s.registry.Find(c.service, name); err != nil {
		return nil, err
	}
	if err := checkVersion(form); err != nil {
		return nil, err
	}
	for _, own := range []string{"Action", "Version"} {
		if len(form[own]) > 1 {
			return nil, apierr.New("MalformedQueryString", "The parameter %s was given %d times.", own, len(form[own]))
		}
		form.Del(own)
	}
	in, err := c.action.Decode(form)
	if err != nil {
		return nil, err
	}
	if c.s.cfg.Authorize != nil {
		if err := c.s.cfg.Authorize(ctx, c.who, c.action.Spec); err != nil {
			return nil, err
		}
	}
	if asked, _ := in.AsksDryRun(); asked {
		return nil, errDryRun
	}
	if c.action.Mutates && c.s.cfg.Cluster != nil {
		return c.change(ctx, in, form)
	}
	prepared, err := c.action.Prepare(ctx, in)
	if err != nil {
		return nil, err
	}
	if c.action.Mutates {
		return c.mutate(ctx, in, form, prepared)
	}
	return c.read(ctx, in, prepared, stale)
}

// authenticate says who sent the request. A server that has just started may not have
// replayed its log: nobody is told that a key is bad before all that was committed is here.
func (c *exchange) authenticate(ctx context.Context, body []byte) (action.Identity, error) {
	who, err := c.s.auth.Authenticate(c.r, body)
	if err == nil || c.s.caughtUp.Load() {
		return who, err
	}
	if _, err := c.s.db.Read(ctx); err != nil {
		return action.Identity{}, err
	}
	c.s.caughtUp.Store(true)
	return c.s.auth.Authenticate(c.r, body)
}

// admit reads the request, checks who sent it, and throttles. It returns the
// parameters that are left for the action.
func (c *exchange) admit(ctx context.Context) (form url.Values, stale bool, err error) {
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodPost {
		c.w.Header().Set("Allow", "GET, POST")
		return nil, false, apierr.WithStatus(http.StatusMethodNotAllowed, "UnsupportedHttpVerb", "The HTTP verb %s is not supported; use GET or POST.", c.r.Method)
	}
	raw, err := c.s.readBody(c.w, c.r)
	if err != nil {
		return nil, false, err
	}
	if c.who, err = c.authenticate(ctx, raw); err != nil {
		return nil, false, err
	}
	if err := c.enter(); err != nil {
		return nil, false, err
	}
	service := c.s.registry.Service(c.who.Service)
	if service == nil {
		return nil, false, apierr.WithStatus(http.StatusUnauthorized, "AuthFailure", "Credential should be scoped to a service that is here, not to %q.", c.who.Service)
	}
	c.service = service
	if !slices.Contains(c.s.cfg.Regions, c.who.Region) {
		// STS is one for all regions; its clients may sign for AWS's home region.
		if service != wire.STS || c.who.Region != "us-east-1" {
			return nil, false, apierr.WithStatus(http.StatusUnauthorized, "AuthFailure", "Credential should be scoped to a valid region; here are %s.", strings.Join(c.s.cfg.Regions, ", "))
		}
		c.who.Region = c.s.cfg.Regions[0]
	}
	if form, err = parseForm(c.r, raw); err != nil {
		return nil, false, err
	}
	stale = form.Get("consistency") == "stale"
	form.Del("consistency")
	mutates := false
	if a, err := c.s.registry.Find(service, form.Get("Action")); err == nil {
		mutates = a.Mutates
	}
	if !c.s.throttle.allow(c.who.Account, mutates, c.began) {
		return nil, false, errThrottled
	}
	return form, stale, nil
}

// parseForm merges the parameters of the URL and the body, without those of the
// signature.
func parseForm(r *http.Request, body []byte) (url.Values, error) {
	form, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, apierr.New("MalformedQueryString", "The query string contains a syntax error.")
	}
	for name := range form {
		if strings.HasPrefix(name, "X-Amz-") {
			delete(form, name)
		}
	}
	if len(body) == 0 {
		return form, nil
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(kind); kind != "" && !strings.EqualFold(kind, "application/x-www-form-urlencoded") {
		return nil, apierr.New("MalformedQueryString", "The body must be a form (application/x-www-form-urlencoded), not %q.", kind)
	}
	inBody, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, apierr.New("MalformedQueryString", "The request's body contains a syntax error.")
	}
	for name, values := range inBody {
		form[name] = append(form[name], values...)
	}
	return form, nil
}

var versionForm = regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)

// checkVersion takes every version of the API: the parameters of one are the same in
// all that clients still send.
func checkVersion(form url.Values) error {
	if v := form.Get("Version"); v != "" && !versionForm.MatchString(v) {
		return apierr.New("NoSuchVersion", "The requested version does not exist.")
	}
	return nil
}

// call is what the handler gets, on a transaction.
func (c *exchange) call(ctx context.Context, tx *store.Tx, prepared any) *action.Call {
	return &action.Call{
		Tx: tx, Context: ctx, Account: c.who.Account, Region: c.who.Region, Actor: c.who.ARN(),
		RequestID: c.id, Identity: c.who, Prepared: prepared,
	}
}

func (c *exchange) read(ctx context.Context, in wire.Input, prepared any, stale bool) (xmlenc.Appender, error) {
	view := c.s.db.Stale()
	if !stale {
		var err error
		if view, err = c.s.view(ctx); err != nil {
			return nil, err
		}
	}
	return c.action.Call(c.call(ctx, view.ReadOnly(), prepared), in)
}

func (c *exchange) mutate(ctx context.Context, in wire.Input, form url.Values, prepared any) (xmlenc.Appender, error) {
	meta := store.Meta{Action: c.service.Name + ":" + c.action.Name, Actor: c.who.ARN(), RequestID: c.id}
	token := c.token(in, form)
	var out xmlenc.Appender
	err := c.s.db.Update(ctx, meta, func(tx *store.Tx) (err error) {
		call := c.call(ctx, tx, prepared)
		if token == nil {
			out, err = c.action.Call(call, in)
		} else {
			out, err = token.once(call, c.action, in)
		}
		return err
	})
	failpoint.Hit("server.committed." + c.name)
	return out, err
}

// fail writes an error, and logs it once if it is the server's own.
func (c *exchange) fail(err error) {
	if c.service == nil {
		c.service = guessService(c.r, c.s.registry)
	}
	e, own := clientError(err)
	if own {
		c.s.log.Error("request failed", "request_id", c.id, "action", c.name, "account", c.who.Account, "err", err)
	}
	c.write(e.Status, e.Code, c.service.AppendError(nil, e, c.id))
}

// write sends the answer and counts it.
func (c *exchange) write(status int, code string, b []byte) {
	h := c.w.Header()
	h.Set("Content-Type", "text/xml;charset=UTF-8")
	h.Set("Cache-Control", "no-cache, no-store")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // a client that is gone needs no answer
	took := time.Since(c.began)
	c.s.metrics.observe(c.service.Name, c.name, code, took)
	c.s.log.LogAttrs(context.Background(), slog.LevelDebug, "request", slog.String("request_id", c.id), slog.String("action", c.name),
		slog.String("account", c.who.Account), slog.Int("status", status), slog.String("code", code), slog.Duration("took", took))
}

// newRequestID returns a random UUID.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

var scopeForm = regexp.MustCompile(`/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request`)

// guessService reads the service from an unchecked credential scope, so that even
// the refusal of a request is in the form that its client understands.
func guessService(r *http.Request, registry *wire.Registry[*action.Call]) *wire.Service {
	scope := r.Header.Get("Authorization")
	if scope == "" {
		scope = r.URL.Query().Get("X-Amz-Credential")
	}
	if m := scopeForm.FindStringSubmatch(scope); m != nil {
		if s := registry.Service(m[1]); s != nil {
			return s
		}
	}
	return wire.EC2
}
