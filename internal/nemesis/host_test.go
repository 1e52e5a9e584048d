package nemesis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/hostagent/agent"
	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/proto/agentpb"
)

// host is a machine with guests: what it keeps, and the agent that runs or does not.
type host struct {
	c       *cluster
	name    string
	id      string
	dir     string
	vcpus   int
	memory  int64
	storage string       // shared by all hosts; empty: each has its own
	repeat  atomic.Int64 // of a hundred reports, how many are followed by an older one

	mu       sync.Mutex
	machine  *machine // nil: no power
	stop     func()   // ends the agent; nil: it does not run
	assigned map[string]*agentpb.Boot
	told     []*agentpb.Report
	rng      *rand.Rand
}

// machine is a host from power-on to power-off: its guests die with it.
type machine struct {
	*sim.Hypervisor
	h    *host
	end  func()      // of its guardian; nil: it has none
	away atomic.Bool // libvirtd does not answer; or there is no power any more
}

// Observe implements hypervisor.Hypervisor.
func (m *machine) Observe(ctx context.Context, instance string) ([]hypervisor.Guest, error) {
	if m.away.Load() {
		return nil, hypervisor.ErrUnavailable
	}
	return m.Hypervisor.Observe(ctx, instance)
}

// Start implements hypervisor.Hypervisor, and tells the witness.
func (m *machine) Start(ctx context.Context, spec hypervisor.Spec) error {
	if m.away.Load() {
		return hypervisor.ErrUnavailable
	}
	before, _ := m.Hypervisor.Observe(ctx, spec.Instance)
	err := m.Hypervisor.Start(ctx, spec)
	if err == nil && (len(before) == 0 || !active(before[0])) {
		m.h.c.witness.started(m.h, spec)
	}
	return err
}

// active reports whether a guest has processes.
func active(g hypervisor.Guest) bool {
	return g.State == hypervisor.Paused || g.State == hypervisor.Running
}

// Signal implements hypervisor.Hypervisor, and tells the witness.
func (m *machine) Signal(ctx context.Context, instance string, epoch int64, s hypervisor.Signal) error {
	if m.away.Load() {
		return hypervisor.ErrUnavailable
	}
	err := m.Hypervisor.Signal(ctx, instance, epoch, s)
	if err == nil && s == hypervisor.Resume {
		m.h.c.witness.resumed(m.h, instance, epoch)
	}
	return err
}

// guests returns those with processes.
func (h *host) guests() []hypervisor.Guest {
	m := h.on()
	if m == nil {
		return nil
	}
	all, _ := m.Hypervisor.Observe(context.Background(), "") // also while libvirtd is away
	return slices.DeleteFunc(all, func(g hypervisor.Guest) bool { return !active(g) })
}

// powerOn boots the machine and its agent.
func (h *host) powerOn() {
	hyper, err := sim.New(sim.Options{})
	h.c.must(err)
	h.mu.Lock()
	h.machine = &machine{Hypervisor: hyper, h: h}
	h.mu.Unlock()
	h.c.net.PowerOn(h.name)
	if h.storage != "" {
		m := h.on()
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		m.end = func() { cancel(); <-done }
		g := &guardian.Guardian{Folder: h.guardian(), Log: h.c.log.With("host", h.name, "process", "guardian"), Processes: processes{m}}
		go func() {
			defer close(done)
			if err := g.Run(ctx); err != nil {
				h.c.fail("the guardian of %s: %v", h.name, err)
			}
		}()
	}
	h.startAgent()
}

func (h *host) runDir() string { return filepath.Join(h.dir, "run") }

// guardian is where agent and guardian meet; nothing without storage that others have.
func (h *host) guardian() guardian.Folder {
	if h.storage == "" {
		return ""
	}
	return guardian.Folder(filepath.Join(h.runDir(), "guardian"))
}

// processes are a machine's guests as its guardian finds them: by number and domain.
type processes struct{ *machine }

// Guests implements guardian.Processes.
func (p processes) Guests() (map[string][]int, error) {
	out := map[string][]int{}
	all, err := p.Hypervisor.Observe(context.Background(), "") // whatever libvirtd does
	for _, g := range all {
		if active(g) {
			out[g.Instance] = append(out[g.Instance], int(g.Epoch))
		}
	}
	return out, err
}

// Kill implements guardian.Processes.
func (p processes) Kill(_ int, domain string) (func() error, error) {
	if !p.Crash(domain) {
		return nil, syscall.ESRCH
	}
	return func() error { return nil }, nil
}

// powerOff ends everything that runs on the machine.
func (h *host) powerOff() {
	h.mu.Lock()
	m := h.machine
	h.machine = nil
	h.mu.Unlock()
	if m == nil {
		return
	}
	m.away.Store(true)
	h.c.net.PowerOff(h.name)
	h.stopAgent()
	if m.end != nil {
		m.end()
	}
	_ = os.RemoveAll(h.runDir()) // it is in memory
}

func (h *host) startAgent() {
	m := h.on()
	if m == nil {
		return
	}
	a, err := agent.New(agent.Config{
		HostID: h.id, Name: h.name, Zone: zone, Region: region, Arch: "x86_64", VCPUs: h.vcpus, MemoryMiB: h.memory,
		DataDir: h.dir, RunDir: h.runDir(), Prefix: "n", HypervisorName: "sim", Hypervisor: m, Accel: "sim",
		Peers: peers{h}, Migration: h.migration(),
		Storage: h.storage, Guardian: h.guardian(), DomainName: func(instance string) string { return instance },
		Log: h.c.log.With("host", h.name), Servers: h.servers, Dial: h.dial,
	})
	h.c.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	h.mu.Lock()
	h.stop = func() { cancel(); <-done }
	h.mu.Unlock()
}

// stopAgent ends the agent alone, as when its process is killed.
func (h *host) stopAgent() {
	h.mu.Lock()
	stop := h.stop
	h.stop = nil
	h.mu.Unlock()
	if stop != nil {
		h.c.net.Kill(h.name)
		stop()
	}
}

// servers are the addresses at which servers listen for agents.
func (h *host) servers() (all []string) {
	for _, s := range h.c.servers {
		all = append(all, s.name+":agents")
	}
	return all
}

// dial opens a connection to a server.
func (h *host) dial(to string) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///"+to,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) { return h.c.net.Dial(ctx, h.name, address) }),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: 3 * time.Second}),
		grpc.WithStreamInterceptor(h.listen))
}

// listen lets the harness hear a session, and say things again.
func (h *host) listen(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, next grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	s, err := next(ctx, desc, cc, method, opts...)
	return heard{s, h}, err
}

type heard struct {
	grpc.ClientStream
	h *host
}

// SendMsg sends, and now and then sends an older report again.
func (s heard) SendMsg(m any) error {
	if err := s.ClientStream.SendMsg(m); err != nil {
		return err
	}
	if r := m.(*agentpb.FromAgent).GetReport(); r != nil {
		if old := s.h.remember(r); old != nil {
			return s.ClientStream.SendMsg(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Report{Report: old}})
		}
	}
	return nil
}

// remember keeps a report, and returns one to be sent again, or nil.
func (h *host) remember(r *agentpb.Report) *agentpb.Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, proto.CloneOf(r))
	if h.rng.IntN(100) >= int(h.repeat.Load()) {
		return nil
	}
	return h.told[h.rng.IntN(len(h.told))]
}

// RecvMsg receives, and keeps what the host is to run.
func (s heard) RecvMsg(m any) error {
	if err := s.ClientStream.RecvMsg(m); err != nil {
		return err
	}
	u := m.(*agentpb.ToAgent).GetUpdate()
	if u == nil {
		return nil
	}
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if u.Complete {
		s.h.assigned = map[string]*agentpb.Boot{}
	}
	for _, item := range u.Put {
		if b := item.GetBoot(); b != nil {
			s.h.assigned[item.Key] = b
		}
	}
	for _, key := range u.Del {
		delete(s.h.assigned, key)
	}
	return nil
}

// boot returns what the host was told of an instance's boot, or nil.
func (h *host) boot(instance string, epoch int64) *agentpb.Boot {
	h.mu.Lock()
	defer h.mu.Unlock()
	if b := h.assigned["boot/"+instance]; b.GetEpoch() == epoch {
		return b
	}
	return nil
}

func hostID(n int) string { return fmt.Sprintf("host-%017x", n) }

// on returns the machine, or nil when it has no power.
func (h *host) on() *machine {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.machine
}

// libvirt lets libvirtd answer, or not.
func (h *host) libvirt(answers bool) {
	if m := h.on(); m != nil {
		m.away.Store(!answers)
	}
}
