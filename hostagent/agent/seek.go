package agent

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/proto/agentpb"
)

const (
	// nextAfter is how long one server may think before another is asked as well.
	nextAfter = 250 * time.Millisecond
	// answerLimit bounds a server's first answer: to connect, and to wait for an election.
	answerLimit = 6 * time.Second
)

// link is a session that a server has welcomed.
type link struct {
	server string
	conn   *grpc.ClientConn
	stream agentpb.Control_SessionClient
	beat   time.Duration // between two heartbeats
	cancel func()
}

// close ends the session.
func (l *link) close() {
	l.cancel()
	_ = l.conn.Close()
}

// find asks servers, but those named, until one welcomes this host; nil when ctx ends first.
func (a *Agent) find(ctx context.Context, but ...string) *link {
	for from := time.Now(); ctx.Err() == nil; {
		l, err := a.seek(ctx, but)
		if err == nil {
			return l
		}
		if ctx.Err() != nil {
			return nil
		}
		pause := pauseAfter(time.Since(from))
		a.cfg.Log.Warn("no server takes this host; guests are not touched", "host_id", a.cfg.HostID, "err", err, "retry", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// pauseAfter grows with the time that there was no server: that one is there again is noticed
// late by a small part of the time that it was away. Not by all hosts at once.
func pauseAfter(away time.Duration) time.Duration {
	p := min(max(away/8, 100*time.Millisecond), 5*time.Second)
	return p/2 + rand.N(p/2)
}

// told is what a server said first: a welcome, or who leads, or nothing.
type told struct {
	server, leader string
	link           *link
	err            error
}

// seek opens a session with the server that leads. It asks one, another whenever nobody
// answers for a moment, and whom they name at once; the first welcome counts. Only a server
// that has just shown that it leads gives one.
func (a *Agent) seek(ctx context.Context, but []string) (*link, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rest := []string{""}
	if a.cfg.Servers != nil {
		rest = slices.Clone(a.cfg.Servers())
		rand.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	}
	answers, asked, open := make(chan told), map[string]bool{}, 0
	for _, server := range but {
		asked[server] = true
	}
	ask := func(server string) bool {
		if asked[server] {
			return false
		}
		asked[server] = true
		open++
		go func() {
			t := a.hello(ctx, server)
			select {
			case answers <- t:
			case <-ctx.Done():
				if t.link != nil {
					t.link.close()
				}
			}
		}()
		return true
	}
	next := func() {
		for len(rest) > 0 {
			server := rest[0]
			if rest = rest[1:]; ask(server) {
				return
			}
		}
	}
	failed := errors.New("no other server is known")
	for next(); open > 0; {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(nextAfter):
			next()
		case t := <-answers:
			if open--; t.link != nil {
				return t.link, nil
			}
			if t.leader == "" || !ask(t.leader) {
				next()
			}
			failed = errors.Join(failed, t.err)
		}
	}
	return nil, failed
}

// hello says to a server who we are.
func (a *Agent) hello(ctx context.Context, server string) told {
	t := told{server: server}
	conn, err := a.cfg.Dial(server)
	if err != nil {
		t.err = err
		return t
	}
	// The session outlives the search.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &link{server: server, conn: conn, cancel: cancel}
	abandoned, late := context.AfterFunc(ctx, cancel), time.AfterFunc(answerLimit, cancel)
	first, err := a.greet(own, l)
	inTime := late.Stop()
	if abandoned() && inTime && err == nil && first.GetWelcome() != nil {
		l.beat = time.Duration(first.GetWelcome().HeartbeatMs) * time.Millisecond
		t.link = l
		return t
	}
	l.close()
	switch to := first.GetRedirect(); {
	case to != nil:
		a.cfg.Found(to.Servers)
		t.leader = to.Address
		t.err = fmt.Errorf("%s: the server at %s leads", server, to.Address)
		if to.Address == "" {
			t.err = fmt.Errorf("%s: no server leads at the moment", server)
		}
	case !inTime:
		t.err = fmt.Errorf("%s: no answer in %v", server, answerLimit)
	case err == nil:
		t.err = fmt.Errorf("%s: did not begin with a welcome", server)
	default:
		t.err = fmt.Errorf("%s: %w", server, err)
	}
	return t
}

// greet opens the stream and returns the server's first message.
func (a *Agent) greet(ctx context.Context, l *link) (first *agentpb.ToAgent, err error) {
	if l.stream, err = agentpb.NewControlClient(l.conn).Session(ctx); err != nil {
		return nil, err
	}
	c := &a.cfg
	hello := &agentpb.Hello{
		HostId: c.HostID, Name: c.Name, Zone: c.Zone, Region: c.Region, Arch: c.Arch, Vcpus: int32(c.VCPUs), MemoryMib: c.MemoryMiB,
		Hypervisor: c.HypervisorName, Accel: string(c.Accel), Version: c.Version, Storage: c.Storage, Underlay: c.underlay(), Migration: c.migration(),
	}
	if err := l.stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Hello{Hello: hello}}); err != nil {
		return nil, err
	}
	return l.stream.Recv()
}
