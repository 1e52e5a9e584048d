package agent

import (
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

// voter is one server of several.
type voter struct {
	agentpb.UnimplementedControlServer
	c    *voters
	name string
}

// voters stand for servers, of which the leader serves agents.
type voters struct {
	mu       sync.Mutex
	leader   string          // "" for none
	mute     map[string]bool // those that answer nothing, on connections that stay
	sessions map[string]int  // begun, by server
	beats    map[string]int  // heartbeats heard, by server
	open     map[string]int  // sessions
	turned   chan struct{}   // closed when any of this changes
}

func (c *voters) set(leader string, mute ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leader, c.mute = leader, map[string]bool{}
	for _, name := range mute {
		c.mute[name] = true
	}
	close(c.turned)
	c.turned = make(chan struct{})
}

func (c *voters) see(name string) (leader string, mute bool, turned chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.leader, c.mute[name], c.turned
}

func (c *voters) count(of map[string]int, name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return of[name]
}

// Session implements agentpb.ControlServer.
func (v *voter) Session(stream agentpb.Control_SessionServer) error {
	c := v.c
	if _, err := stream.Recv(); err != nil {
		return err
	}
	for {
		leader, mute, turned := c.see(v.name)
		if !mute && leader == v.name {
			break
		}
		if !mute && leader != "" {
			return stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Redirect{Redirect: &agentpb.Redirect{Address: leader}}})
		}
		select {
		case <-turned:
		case <-stream.Context().Done():
			return nil
		}
	}
	if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Welcome{Welcome: &agentpb.Welcome{HeartbeatMs: 100}}}); err != nil {
		return err
	}
	c.mu.Lock()
	c.sessions[v.name]++
	c.open[v.name]++
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open[v.name]--
	}()
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		beat := m.GetHeartbeat()
		if beat == nil {
			continue
		}
		c.mu.Lock()
		c.beats[v.name]++
		mute := c.mute[v.name]
		c.mu.Unlock()
		if mute {
			continue
		}
		if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Lease{Lease: &agentpb.Lease{Number: beat.Number, TtlMs: 60_000}}}); err != nil {
			return err
		}
	}
}

// elect starts three voters, and a host with a guardian that knows them all.
func elect(t *testing.T, leader string, mute ...string) *voters {
	t.Helper()
	dir, names := t.TempDir(), []string{"a", "b", "c"}
	c := &voters{sessions: map[string]int{}, beats: map[string]int{}, open: map[string]int{}, turned: make(chan struct{})}
	c.set(leader, mute...)
	for _, name := range names {
		l, err := net.Listen("unix", filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		g := grpc.NewServer()
		agentpb.RegisterControlServer(g, &voter{c: c, name: name})
		go g.Serve(l)
		t.Cleanup(g.Stop)
	}
	hyper, err := sim.New(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{
		HostID: "host-0123456789abcdef0", Name: "h", Zone: "z", Region: "r", VCPUs: 4, MemoryMiB: 1024, DataDir: dir, RunDir: dir, Prefix: "t",
		HypervisorName: "sim", Hypervisor: hyper, Accel: "sim", Storage: "shared", Guardian: guardian.Folder(filepath.Join(dir, "guardian")),
		DomainName: func(instance string) string { return instance }, Log: slog.New(slog.DiscardHandler),
		Servers: func() []string { return names },
		Dial: func(server string) (*grpc.ClientConn, error) {
			return grpc.NewClient("unix:"+filepath.Join(dir, server), grpc.WithTransportCredentials(insecure.NewCredentials()))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); a.Run(t.Context()) }()
	t.Cleanup(func() { <-done })
	return c
}

func (c *voters) serves(t *testing.T, name string) {
	t.Helper()
	before := c.count(c.beats, name)
	testkit.Wait(t, 30*time.Second, "heartbeats to "+name, func() bool { return c.count(c.beats, name) > before+2 })
}

// TestTheLeaderIsFound past a server that takes connections and says nothing, and one that
// does not lead.
func TestTheLeaderIsFound(t *testing.T) {
	c := elect(t, "c", "a")
	c.serves(t, "c")
}

// TestASilentLeaderIsLeft for the one that was elected, while its connection stays.
func TestASilentLeaderIsLeft(t *testing.T) {
	c := elect(t, "a")
	c.serves(t, "a")
	c.set("b", "a")
	c.serves(t, "b")
	testkit.Wait(t, 30*time.Second, "the old session to end", func() bool { return c.count(c.open, "a") == 0 })
	c.serves(t, "b")
}

// TestASlowLeaderIsKept: nobody else leads, so its session goes on when it answers again.
func TestASlowLeaderIsKept(t *testing.T) {
	c := elect(t, "a")
	c.serves(t, "a")
	c.set("a", "a")
	before := c.count(c.beats, "a")
	testkit.Wait(t, 30*time.Second, "heartbeats without an answer", func() bool { return c.count(c.beats, "a") > before+10 })
	c.set("a")
	c.serves(t, "a")
	if n := c.count(c.sessions, "a"); n != 1 {
		t.Errorf("%d sessions with a leader that was only slow", n)
	}
}

// TestPauses grow with the time without a server, and are bounded.
func TestPauses(t *testing.T) {
	for _, c := range []struct{ away, least, most time.Duration }{
		{0, 50 * time.Millisecond, 100 * time.Millisecond},
		{4 * time.Second, 250 * time.Millisecond, 500 * time.Millisecond},
		{time.Hour, 2500 * time.Millisecond, 5 * time.Second},
	} {
		for range 100 {
			if p := pauseAfter(c.away); p < c.least || p > c.most {
				t.Fatalf("after %v: %v, not %v to %v", c.away, p, c.least, c.most)
			}
		}
	}
}
