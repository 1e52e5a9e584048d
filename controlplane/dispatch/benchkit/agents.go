// Package benchkit measures what a server spends on agents that do nothing but beat.
package benchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/dispatch"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/proto/agentpb"
)

// Result is what a span of heartbeats cost.
type Result struct {
	Agents  int
	Share   float64 // of one core, by server and simulated agents together
	Entries uint64  // added to the log
	Beats   int64
}

// lease is a server's default; an agent beats four times in it.
const lease = 30 * time.Second

// Agents connects agents that only beat, each over a connection of its own in this
// process's memory, to a server with a log in dir, and measures for a while.
func Agents(ctx context.Context, dir string, n int, span time.Duration) (Result, error) {
	node, err := consensus.Open(consensus.Config{ID: "bench", Dir: dir, Bootstrap: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return Result{}, err
	}
	defer node.Close()
	if err := node.AwaitLeader(ctx); err != nil {
		return Result{}, err
	}
	d := &dispatch.Server{DB: node, Log: slog.New(slog.DiscardHandler), Name: "bench", Lease: lease}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go d.Watch(ctx)
	l := bufconn.Listen(16 << 10)
	// Small buffers: the agents' ends are in this process, too.
	web := grpc.NewServer(grpc.ReadBufferSize(2<<10), grpc.WriteBufferSize(2<<10))
	agentpb.RegisterControlServer(web, d)
	go func() { _ = web.Serve(l) }()
	defer web.Stop()

	beats := make(chan error, n)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	for i := range n {
		a := &beater{id: ids.New(ids.Host), name: fmt.Sprintf("bench-%06d", i), after: time.Duration(i) * (lease / 4) / time.Duration(n), up: beats}
		wg.Go(func() { a.run(ctx, l) })
	}
	for range n {
		if err := <-beats; err != nil {
			return Result{}, err
		}
	}
	if err := settle(ctx, node, n); err != nil {
		return Result{}, err
	}
	entries, cpu := node.Status().Last, used()
	select {
	case <-ctx.Done():
		return Result{}, ctx.Err()
	case <-time.After(span):
	}
	out := Result{Agents: n, Share: (used() - cpu).Seconds() / span.Seconds(), Entries: node.Status().Last - entries, Beats: int64(float64(n) * span.Seconds() / (lease / 4).Seconds())}
	up := 0
	for h := range store.Hosts.List(node.Stale()) {
		if h.Up {
			up++
		}
	}
	if up != n {
		return out, fmt.Errorf("%d of %d agents are up at the end", up, n)
	}
	return out, nil
}

// settle waits until all agents are written down and all they were sent is behind them.
func settle(ctx context.Context, node *consensus.Node, n int) error {
	for {
		changed := node.Changed()
		up := 0
		for range store.Hosts.List(node.Stale()) {
			up++
		}
		quiet := time.After(2 * time.Second)
		select {
		case <-changed:
		case <-quiet:
			if up == n {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// beater is an agent that has nothing to do.
type beater struct {
	id, name string
	after    time.Duration
	up       chan<- error
}

func (a *beater) run(ctx context.Context, l *bufconn.Listener) {
	told := false
	say := func(err error) {
		if !told {
			told = true
			a.up <- err
		}
	}
	if err := a.session(ctx, l, func() { say(nil) }); err != nil && ctx.Err() == nil {
		say(err)
	}
	say(ctx.Err())
}

func (a *beater) session(ctx context.Context, l *bufconn.Listener, up func()) error {
	conn, err := grpc.NewClient("passthrough:///bench", grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithReadBufferSize(2<<10), grpc.WithWriteBufferSize(2<<10))
	if err != nil {
		return err
	}
	defer conn.Close()
	stream, err := agentpb.NewControlClient(conn).Session(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Hello{Hello: &agentpb.Hello{
		HostId: a.id, Name: a.name, Region: "eu-central-1", Zone: "eu-central-1a", Arch: "x86_64", Vcpus: 64, MemoryMib: 1 << 18, Hypervisor: "sim", Accel: "sim",
	}}})
	if err != nil {
		return err
	}
	msg, err := stream.Recv()
	if err != nil {
		return err
	}
	every := time.Duration(msg.GetWelcome().GetHeartbeatMs()) * time.Millisecond
	if every <= 0 {
		return errors.New("no welcome")
	}
	up()
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
	beat := time.NewTimer(a.after) // spread over the time between two beats
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
		}
		beat.Reset(every)
		if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Heartbeat{Heartbeat: &agentpb.Heartbeat{}}}); err != nil {
			return err
		}
	}
}
