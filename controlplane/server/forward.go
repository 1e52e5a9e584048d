package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
	"github.com/micacloud/mica/internal/apierr"
)

// Forwarder has changes made by the server that leads.
type Forwarder interface {
	// Leads reports whether this server does.
	Leads() bool
	// Forward has the leader run a call, and returns the inner XML of its answer. An
	// *apierr.Error is the action's; store.ErrNotLeader says that nothing was done, and
	// anything else is store.ErrUnknownOutcome.
	Forward(ctx context.Context, call Forwarded) ([]byte, error)
	// Settled waits until this server or another leads.
	Settled(ctx context.Context) error
}

// Forwarded is a call that another server has authenticated and decoded.
type Forwarded struct {
	Service, Action string
	Form            url.Values // the action's parameters
	Who             action.Identity
	RequestID       string
}

// patience is how long a call waits for a leader, when it is certain that nothing was
// done yet or that doing it again is safe.
const patience = 10 * time.Second

// change has an action carried out by the leader, here or elsewhere. While it is
// certain that nothing was done it tries again; with a client token always, as the token
// makes a second run the answer of the first.
func (c *exchange) change(ctx context.Context, in wire.Input, form url.Values) (xmlenc.Appender, error) {
	peers := c.s.cfg.Cluster
	again := c.token(in, form) != nil
	limit := c.began.Add(patience)
	for {
		out, err := c.attempt(ctx, in, form)
		retry := errors.Is(err, store.ErrNotLeader) || again && errors.Is(err, store.ErrUnknownOutcome)
		if !retry || ctx.Err() != nil || time.Now().After(limit) {
			return out, err
		}
		select { // an election takes longer, and a leader that says no is about to lose one
		case <-ctx.Done():
			return out, err
		case <-time.After(10 * time.Millisecond):
		}
		settle, cancel := context.WithDeadline(ctx, limit)
		lost := peers.Settled(settle)
		cancel()
		if lost != nil {
			return out, err
		}
	}
}

func (c *exchange) attempt(ctx context.Context, in wire.Input, form url.Values) (xmlenc.Appender, error) {
	if peers := c.s.cfg.Cluster; !peers.Leads() {
		b, err := peers.Forward(ctx, Forwarded{Service: c.service.Name, Action: c.action.Name, Form: form, Who: c.who, RequestID: c.id})
		return xmlenc.Raw(b), err
	}
	prepared, err := c.action.Prepare(ctx, in)
	if err != nil {
		return nil, err
	}
	return c.mutate(ctx, in, form, prepared)
}

// Run carries out a call that another server forwarded, and returns the answer's inner
// XML. It does what that server would do if it led: the signature, the throttle and the
// dry run were there.
func (s *Server) Run(ctx context.Context, call Forwarded) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if _, own := clientError(err); err != nil && own {
			s.log.Error("forwarded request failed", "request_id", call.RequestID, "action", call.Action, "account", call.Who.Account, "err", err)
		}
	}()
	c := &exchange{s: s, began: time.Now(), id: call.RequestID, service: s.registry.Service(call.Service), who: call.Who}
	if c.service == nil {
		return nil, store.ErrNotLeader // an older program than the caller's: nothing was done
	}
	if c.action, err = s.registry.Find(c.service, call.Action); err != nil {
		return nil, err
	}
	c.name = c.action.Name
	in, err := c.action.Decode(call.Form)
	if err != nil {
		return nil, err
	}
	if s.cfg.Authorize != nil {
		if err := s.cfg.Authorize(ctx, c.who, c.action.Spec); err != nil {
			return nil, err
		}
	}
	prepared, err := c.action.Prepare(ctx, in)
	if err != nil {
		return nil, apierr.From(err)
	}
	out, err := c.mutate(ctx, in, call.Form, prepared)
	switch {
	case err == nil:
		return out.AppendXML(nil), nil
	case errors.Is(err, store.ErrNotLeader), errors.Is(err, store.ErrUnknownOutcome):
		return nil, err
	}
	return nil, apierr.From(err)
}

// view returns a state with all that was answered before the call. A question changes
// nothing, so it waits for a leader.
func (s *Server) view(ctx context.Context) (store.View, error) {
	limit := time.Now().Add(patience)
	for {
		v, err := s.db.Read(ctx)
		peers := s.cfg.Cluster
		if err == nil || peers == nil || !errors.Is(err, store.ErrNotLeader) || time.Now().After(limit) {
			return v, err
		}
		select {
		case <-ctx.Done():
			return v, err
		case <-time.After(10 * time.Millisecond):
		}
		settle, cancel := context.WithDeadline(ctx, limit)
		_ = peers.Settled(settle) // what comes of it, Read says
		cancel()
	}
}
