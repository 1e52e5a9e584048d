package dispatch

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// placing is how long an agent is kept waiting for a leader before it is told that there
// is none.
const placing = 2 * time.Second

// prove checks that a caller is the host that it says it is.
func (s *Server) prove(ctx context.Context, host string) error {
	if s.HostOf == nil {
		return nil
	}
	if proven, ok := s.HostOf(ctx); ok && proven != host {
		return status.Errorf(codes.PermissionDenied, "the certificate is %s's, not %s's", proven, host)
	}
	return nil
}

// admit registers a host, or returns where it is to go instead. That it was written, or
// that there was nothing to write, shows that this server leads.
func (s *Server) admit(ctx context.Context, hello *agentpb.Hello) (*agentpb.Redirect, error) {
	for {
		if elsewhere := s.place(ctx); elsewhere != nil {
			return elsewhere, nil
		}
		own, cancel := context.WithCancel(ctx)
		moved := make(chan struct{})
		go func() {
			defer close(moved)
			select {
			case <-s.displaced(own): // a write may wait long for others that have gone
				cancel()
			case <-own.Done():
			}
		}()
		err := s.register(own, hello)
		cancel()
		<-moved
		if err == nil || s.Place == nil || ctx.Err() != nil || !errors.Is(err, store.ErrNotLeader) && !errors.Is(err, store.ErrUnknownOutcome) {
			return nil, err
		}
	}
}

// place returns where an agent is to go, nil if it is right here. Only the leader serves
// agents: leases are in its memory, and what hosts report it alone can write.
func (s *Server) place(ctx context.Context) *agentpb.Redirect {
	if s.Place == nil {
		return nil
	}
	limit := time.After(placing)
	for {
		here, leader, changed := s.Place()
		if here {
			return nil
		}
		to := &agentpb.Redirect{Address: leader, Servers: servers(s.DB.Stale()).Servers}
		if leader != "" {
			return to
		}
		select {
		case <-changed:
		case <-limit:
			return to
		case <-ctx.Done():
			return to
		}
	}
}

// displaced returns a channel that is closed when this server serves agents no more.
func (s *Server) displaced(ctx context.Context) <-chan struct{} {
	over := make(chan struct{})
	if s.Place == nil {
		return over
	}
	go func() {
		for {
			here, _, changed := s.Place()
			if !here {
				close(over)
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return over
}

// servers are where agents find the cluster.
func servers(v store.View) *agentpb.Servers {
	out := &agentpb.Servers{}
	for s := range store.Servers.List(v) {
		out.Servers = append(out.Servers, &agentpb.Server{Id: s.ID, Address: s.Address})
	}
	return out
}
