package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// Paths of servers among each other.
const (
	pathReadIndex = "/v1/peer/read-index"
	pathCall      = "/v1/peer/call"
	pathStatus    = "/v1/peer/status"
	// PathOperator is where the leader answers what the operator asked another server.
	PathOperator = "/v1/operator"
)

// outcome is the header that says what became of a forwarded call.
const outcome = "Mica-Outcome"

const (
	outcomeDone      = "done"       // the body is the answer's inner XML
	outcomeRefused   = "refused"    // the body is an apierr.Error
	outcomeNotLeader = "not-leader" // nothing was done
	outcomeUnknown   = "unknown"
)

const (
	askLimit = 5 * time.Second
	// patience is how long a question that changes nothing waits for a leader.
	patience = 10 * time.Second
)

// AskLeader is the node's: it asks the leader how new a linearizable read must be.
func (c *Cluster) AskLeader(ctx context.Context, leader consensus.Server) (int64, error) {
	return c.asker.share(ctx, leader)
}

func (c *Cluster) readIndex(ctx context.Context, leader consensus.Server) (int64, error) {
	ctx, cancel := c.whileLeads(ctx, leader.ID)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+leader.Address+pathReadIndex, nil)
	if err != nil {
		return 0, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, errors.Join(store.ErrNotLeader, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, b)
	}
	if err != nil {
		return 0, errors.Join(store.ErrNotLeader, err)
	}
	return strconv.ParseInt(string(b), 10, 64)
}

// whileLeads returns a context that ends when somebody else leads: an old leader that is
// only slow must not keep its callers.
func (c *Cluster) whileLeads(ctx context.Context, id string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	n := c.node.Load()
	go func() {
		for {
			moved := n.LeaderMoved()
			if n.LeaderServer().ID != id {
				cancel()
				return
			}
			select {
			case <-moved:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, cancel
}

// Leads implements server.Forwarder.
func (c *Cluster) Leads() bool { return c.node.Load().Leader() }

// Settled implements server.Forwarder.
func (c *Cluster) Settled(ctx context.Context) error { return c.node.Load().AwaitLeader(ctx) }

// Forward implements server.Forwarder: it has the leader carry out a call.
func (c *Cluster) Forward(ctx context.Context, call server.Forwarded) ([]byte, error) {
	leader := c.node.Load().LeaderServer()
	if leader.ID == "" || leader.ID == c.ID() {
		return nil, store.ErrNotLeader
	}
	body, err := json.Marshal(call)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.whileLeads(ctx, leader.ID)
	defer cancel()
	// Before there is a connection nothing can have been asked. After that, only the
	// leader's word is certain.
	var asked atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { asked.Store(true) }})
	req, err := http.NewRequestWithContext(traced, http.MethodPost, "https://"+leader.Address+pathCall, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := c.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		body, err = io.ReadAll(resp.Body)
	}
	if err != nil {
		if asked.Load() {
			return nil, errors.Join(store.ErrUnknownOutcome, err)
		}
		return nil, errors.Join(store.ErrNotLeader, err)
	}
	switch resp.Header.Get(outcome) {
	case outcomeDone:
		return body, nil
	case outcomeNotLeader:
		return nil, store.ErrNotLeader
	case outcomeRefused:
		refusal := new(apierr.Error)
		if err := json.Unmarshal(body, refusal); err != nil {
			return nil, errors.Join(store.ErrUnknownOutcome, err)
		}
		return nil, refusal
	}
	return nil, fmt.Errorf("%w: the leader said %s: %s", store.ErrUnknownOutcome, resp.Status, body)
}

// ServeCalls answers other servers' Forward with the front's.
func (c *Cluster) ServeCalls(run func(context.Context, server.Forwarded) ([]byte, error)) {
	c.mux.HandleFunc("POST "+pathCall, serversOnly(func(w http.ResponseWriter, r *http.Request) {
		var call server.Forwarded
		if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer, err := run(r.Context(), call)
		say := outcomeDone
		if err != nil {
			refusal, is := errors.AsType[*apierr.Error](err)
			switch {
			case is:
				say = outcomeRefused
				answer, _ = json.Marshal(refusal) // strings and a number
			case errors.Is(err, store.ErrNotLeader):
				say = outcomeNotLeader
			default:
				say, answer = outcomeUnknown, []byte(err.Error())
			}
		}
		w.Header().Set(outcome, say)
		_, _ = w.Write(answer) // a server that is gone hears nothing
	}))
}

// onLeader serves where the leader is: here, or by asking it.
func (c *Cluster) onLeader(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(relayed) == "" {
			ctx, cancel := context.WithTimeout(r.Context(), patience)
			defer cancel()
			_ = c.Settled(ctx) // without a leader the answer is as good as any
		}
		n := c.node.Load()
		leader := n.LeaderServer()
		switch {
		case n.Leader():
			h(w, r)
		case leader.ID == "" || leader.ID == c.ID() || r.Header.Get(relayed) != "":
			http.Error(w, errNoLeader.Error(), http.StatusServiceUnavailable)
		default:
			c.relay(w, r, leader.Address)
		}
	}
}

// relayed marks what another server passed on: it is passed on once.
const relayed = "Mica-Relayed"

func (c *Cluster) relay(w http.ResponseWriter, r *http.Request, address string) {
	proxy := &httputil.ReverseProxy{
		Transport: c.client.Transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "https", Host: address})
			p.Out.Header.Set(relayed, c.ID())
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "the leader cannot be reached: "+err.Error(), http.StatusBadGateway)
		},
	}
	proxy.ServeHTTP(w, r)
}

// Operator returns the handler of the operator's socket on any server: what local says
// is answered here, all else by the leader.
func (c *Cluster) Operator(h http.Handler, local func(*http.Request) bool) http.Handler {
	c.mux.Handle(PathOperator+"/", serversOnly(http.StripPrefix(PathOperator, h).ServeHTTP))
	elsewhere := c.onLeader(h.ServeHTTP)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Leads() || local(r) {
			h.ServeHTTP(w, r)
			return
		}
		out := r.Clone(r.Context())
		out.URL.Path = PathOperator + r.URL.Path
		if c.settledHere(r.Context()) {
			h.ServeHTTP(w, r)
			return
		}
		elsewhere(w, out)
	})
}

// settledHere waits for a leader and reports whether that is this server.
func (c *Cluster) settledHere(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = c.Settled(ctx)
	return c.Leads()
}

// Ask gets JSON from the leader.
func (c *Cluster) Ask(ctx context.Context, path string, out any) error {
	leader := c.node.Load().LeaderServer()
	if leader.ID == "" {
		return errNoLeader
	}
	body, err := c.get(ctx, leader.Address, path)
	if err != nil {
		return err
	}
	defer body.Close()
	return json.NewDecoder(body).Decode(out)
}

// Find asks the other servers for a path, until one has it.
func (c *Cluster) Find(ctx context.Context, path string) (io.ReadCloser, error) {
	failed := errors.New("no other server has it")
	for s := range store.Servers.List(c.node.Load().Stale()) {
		if s.ID == c.ID() {
			continue
		}
		body, err := c.get(ctx, s.Address, path)
		if err == nil {
			return body, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

func (c *Cluster) get(ctx context.Context, address, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+address+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // only for the message
		resp.Body.Close()
		return nil, fmt.Errorf("%s: %s: %s", address, resp.Status, bytes.TrimSpace(b))
	}
	return resp.Body, nil
}
