package agent

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/proto/agentpb"
)

// dial keeps a session with a server open until ctx ends. Losing it changes nothing that
// runs: the agent goes on with the assignments it has.
func (a *Agent) dial(ctx context.Context) {
	const first, longest = 100 * time.Millisecond, 5 * time.Second
	pause, next, hops := first, "", 0
	for ctx.Err() == nil {
		start := time.Now()
		err := a.session(ctx, next)
		if ctx.Err() != nil {
			return
		}
		if to, ok := errors.AsType[redirected](err); ok && to != "" && hops < 3 {
			hops++
			next = string(to)
			continue
		}
		next, hops = "", 0
		a.cfg.Log.Warn("lost the control plane; guests are not touched", "host_id", a.cfg.HostID, "err", err, "retry", pause)
		if time.Since(start) > 10*time.Second {
			pause = first
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		// Not all hosts at once: they all lost the same server.
		pause = min(2*pause, longest)/2 + rand.N(min(2*pause, longest)/2)
	}
}

// redirected is the address of the server that serves this host; empty if none does yet.
type redirected string

// Error implements error.
func (r redirected) Error() string {
	if r == "" {
		return "no server leads at the moment"
	}
	return "the server at " + string(r) + " leads"
}

// session speaks to a server over one stream until it breaks.
func (a *Agent) session(ctx context.Context, server string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := a.cfg.Dial(server)
	if err != nil {
		return err
	}
	defer conn.Close()
	stream, err := agentpb.NewControlClient(conn).Session(ctx)
	if err != nil {
		return err
	}
	c := &a.cfg
	if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Hello{Hello: &agentpb.Hello{
		HostId: c.HostID, Name: c.Name, Zone: c.Zone, Region: c.Region, Arch: c.Arch, Vcpus: int32(c.VCPUs), MemoryMib: c.MemoryMiB,
		Hypervisor: c.HypervisorName, Accel: string(c.Accel), Version: c.Version, Storage: c.Storage, Underlay: c.underlay(),
	}}}); err != nil {
		return err
	}
	msg, err := stream.Recv()
	if err != nil {
		return err
	}
	if to := msg.GetRedirect(); to != nil {
		a.cfg.Found(to.Servers)
		return redirected(to.Address)
	}
	if msg.GetWelcome() == nil {
		return errors.New("the server did not begin with a welcome")
	}
	a.reports.reset() // a new session hears everything
	a.lease.reset()
	sent := make(chan error, 1)
	go func() {
		defer cancel()
		sent <- a.upward(ctx, stream, time.Duration(msg.GetWelcome().HeartbeatMs)*time.Millisecond)
	}()
	err = a.downward(ctx, conn, stream)
	cancel()
	return errors.Join(err, <-sent)
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
			if a.lease.overdue() {
				return errors.New("the server answers no heartbeats: another may lead")
			}
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
