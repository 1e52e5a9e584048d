package agent

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/proto/agentpb"
)

// dial keeps a session with a server open until ctx ends. Losing it changes nothing that
// runs: the agent goes on with the assignments it has.
func (a *Agent) dial(ctx context.Context) {
	var next *link
	for ctx.Err() == nil {
		if next == nil {
			if next = a.find(ctx); next == nil {
				return
			}
		}
		l := next
		var err error
		next, err = a.session(ctx, l)
		l.close()
		if ctx.Err() != nil {
			break
		}
		if next != nil {
			a.cfg.Log.Warn("the server answered no heartbeat, and another leads", "host_id", a.cfg.HostID, "server", l.server, "leader", next.server)
			continue
		}
		a.cfg.Log.Warn("lost the control plane; guests are not touched", "host_id", a.cfg.HostID, "server", l.server, "err", err)
	}
	if next != nil {
		next.close()
	}
}

// session speaks to a server until that breaks, or another has taken this host over.
func (a *Agent) session(ctx context.Context, l *link) (other *link, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, l.cancel)()
	a.reports.reset() // a new session hears everything
	a.lease.reset()
	sent, found := make(chan error, 1), make(chan *link, 1)
	go func() {
		defer cancel()
		sent <- a.upward(ctx, l.stream, l.beat)
	}()
	go func() {
		other := a.elsewhere(ctx, l)
		if other != nil {
			cancel()
		}
		found <- other
	}()
	err = a.downward(ctx, l.conn, l.stream)
	cancel()
	err = errors.Join(err, <-sent)
	return <-found, err
}

// elsewhere returns a session with another server when this one leaves heartbeats
// unanswered and another leads, nil when ctx ends first. A server that is paused or cut off
// keeps its connections, and a lease does not wait for that to show. One that is only slow
// keeps its session: nobody else takes the host.
func (a *Agent) elsewhere(ctx context.Context, l *link) *link {
	patience := max(l.beat*2/5, 50*time.Millisecond)
	tick := time.NewTicker(patience / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if a.lease.silence() < patience {
			continue
		}
		search, stop := context.WithCancel(ctx)
		a.lease.whenAnswered(stop)
		other := a.find(search, l.server)
		stop()
		if other != nil {
			return other
		}
	}
}

// upward sends reports, replies and heartbeats.
func (a *Agent) upward(ctx context.Context, stream agentpb.Control_SessionClient, every time.Duration) error {
	beat := time.NewTicker(max(every, 10*time.Millisecond))
	defer beat.Stop()
	first := make(chan struct{}) // the first heartbeat does not wait
	close(first)
	for {
		var msg *agentpb.FromAgent
		select {
		case <-ctx.Done():
			return nil
		case <-a.reports.wake:
			r := a.reports.take()
			if r == nil {
				continue
			}
			msg = &agentpb.FromAgent{Kind: &agentpb.FromAgent_Report{Report: r}}
		case r := <-a.replies:
			msg = &agentpb.FromAgent{Kind: &agentpb.FromAgent_Reply{Reply: r}}
		case <-first:
			first = nil
			msg = &agentpb.FromAgent{Kind: &agentpb.FromAgent_Heartbeat{Heartbeat: a.heartbeat()}}
		case <-beat.C:
			msg = &agentpb.FromAgent{Kind: &agentpb.FromAgent_Heartbeat{Heartbeat: a.heartbeat()}}
		}
		if err := stream.Send(msg); err != nil {
			return err
		}
	}
}

// downward takes assignments and commands.
func (a *Agent) downward(ctx context.Context, conn *grpc.ClientConn, stream agentpb.Control_SessionClient) error {
	for {
		msg, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return errors.New("the server closed the session")
		case err != nil:
			return err
		}
		switch k := msg.Kind.(type) {
		case *agentpb.ToAgent_Update:
			changed, err := a.set.apply(k.Update)
			if err != nil {
				if !errors.Is(err, errGap) {
					a.refuse(k.Update, err)
					select { // the report goes out before the session ends
					case <-ctx.Done():
					case <-time.After(time.Second):
					}
				}
				return err
			}
			failpoint.Hit("agent.assigned")
			a.wake(changed)
		case *agentpb.ToAgent_Lease:
			a.leased(k.Lease)
		case *agentpb.ToAgent_Servers:
			a.cfg.Found(k.Servers.Servers)
		case *agentpb.ToAgent_Command:
			a.commands.Go(func() { a.command(ctx, conn, k.Command) })
		}
	}
}

// underlay is the host's address for tunnels, as the servers are told of it.
func (c *Config) underlay() string {
	if !c.Underlay.IsValid() {
		return ""
	}
	return c.Underlay.String()
}

// migration is where other hosts reach this one, as the servers are told of it.
func (c *Config) migration() string {
	if c.Peers == nil {
		return ""
	}
	return c.Migration
}
