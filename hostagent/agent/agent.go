// Package agent is a host's half of Mica: it keeps a session with the control plane,
// the host's assignments on disk, and the loops that make the host what they say. It
// adopts what already runs, and works on when the control plane is away.
package agent

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/migrate"
	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/loop"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// Config says what host this is and what it works with.
type Config struct {
	HostID, Name, Zone, Region, Arch, Version string

	VCPUs     int
	MemoryMiB int64

	DataDir, RunDir, Prefix string
	PublicPool              netip.Prefix
	PoolOnLAN               bool // the pool is a range of the uplink's own network
	MTU                     int
	NetworkRates            bool // hold interfaces to what their instances' types may have
	// Underlay is this host's address among the others, by which VPCs reach over hosts.
	Underlay netip.Addr

	HypervisorName string // libvirt or sim
	Hypervisor     hypervisor.Hypervisor
	Accel          hypervisor.Accel

	// Images and Kernel are nil on a simulated host: it has no disks and no network.
	Images *imagestore.Store
	Kernel *kernel.Kernel

	// Storage names what Images is on, if other hosts have it too.
	Storage string
	// Guardian is where the guardian of this host listens; empty without one.
	Guardian guardian.Folder
	// DomainName is how the guardian knows an instance's process; not nil with Guardian.
	DomainName func(instance string) string

	// Servers returns the addresses of servers that are known, in any order. Nil: there is
	// one, which needs no address.
	Servers func() []string
	// Dial opens a connection to the server at an address.
	Dial func(server string) (*grpc.ClientConn, error)
	// Found is told where the servers are. Nil drops it.
	Found func([]*agentpb.Server)
	// FetchImage reads an image that is not on this host; nil if there is no other place.
	FetchImage func(ctx context.Context, digest string) (io.ReadCloser, error)
	// Peers reach other hosts' agents, with Migration where others reach this one's. Nil
	// without: no guest moves from here, nor to here.
	Peers     migrate.Peers
	Migration string
	// Metrics is where the host's counters go; nil drops them.
	Metrics prometheus.Registerer
	Log     *slog.Logger
}

// Agent is one host's.
type Agent struct {
	cfg      Config
	set      *assignments
	exec     *boot.Executor
	net      network
	reports  *reports
	replies  chan *agentpb.Reply
	commands sync.WaitGroup
	boots    *loop.Loop[string]
	volumes  *loop.Loop[string]
	steps    *steps
	refusals refusals
	lease    lease
	mover    *migrate.Mover
	watches  watches
}

// network is what the agent needs of the host's network besides what boots need.
type network interface {
	boot.Network
	// changed is told that VPCs, groups or boots were assigned otherwise.
	changed()
	// run keeps the network as assigned until ctx ends.
	run(ctx context.Context)
	// objects lists what an instance has in the host's network, for people.
	objects(ctx context.Context, b *agentpb.Boot) ([]kernel.Object, error)
	// leases says what DHCP tells each of an instance's interfaces, for people.
	leases(b *agentpb.Boot) []string
	// probe sends one packet in an interface's place.
	probe(ctx context.Context, p kernel.Probe) (kernel.ProbeResult, error)
	// watch looks out for one that is sent elsewhere.
	watch(ctx context.Context, w kernel.Watch) (watching, error)
}

// New reads the saved assignments and prepares the loops; nothing runs yet.
func New(cfg Config) (*Agent, error) {
	dir := filepath.Join(cfg.DataDir, "agent")
	for _, d := range []string{dir, filepath.Join(cfg.RunDir, "consoles")} {
		if err := os.MkdirAll(d, 0o711); err != nil {
			return nil, err
		}
	}
	if cfg.Found == nil {
		cfg.Found = func([]*agentpb.Server) {}
	}
	if cfg.Metrics == nil {
		cfg.Metrics = prometheus.NewRegistry()
	}
	a := &Agent{cfg: cfg, set: &assignments{path: filepath.Join(dir, "assignments")}, reports: newReports(), replies: make(chan *agentpb.Reply, 16)}
	if err := a.set.load(); err != nil {
		return nil, err
	}
	a.steps = &steps{agent: a, seen: map[string][]*agentpb.Step{}}
	simulated := newSimNetwork()
	simulated.a, a.net = a, simulated
	if cfg.Kernel != nil {
		n, err := newHostNetwork(a)
		if err != nil {
			return nil, err
		}
		a.net = n
	}
	a.exec = &boot.Executor{
		Hypervisor: cfg.Hypervisor, Volumes: a.volumePort(), Network: a.net, DataDir: cfg.DataDir, RunDir: cfg.RunDir,
		Accel: cfg.Accel, MTU: cfg.MTU, Log: cfg.Log,
		TapName: func(eni string) string { return plan.TapName(cfg.Prefix, eni) },
	}
	if cfg.Guardian != "" {
		if err := cfg.Guardian.Make(); err != nil {
			return nil, err
		}
		a.exec.Guardian = guarding{cfg.Guardian, cfg.DomainName}
	}
	a.exec.Hint = func(instance string) { a.boots.Hint(instance) }
	if m, ok := cfg.Hypervisor.(hypervisor.Migrator); ok && cfg.Peers != nil {
		a.mover = &migrate.Mover{Hypervisor: m, Peers: cfg.Peers, Log: cfg.Log}
		if cfg.HypervisorName != "sim" { // simulated guests have nothing to carry
			a.mover.Dir = filepath.Join(cfg.DataDir, "migrate") // where QEMU gets to its disks too
		}
		if cfg.Kernel != nil {
			a.mover.Flows, a.mover.Keep = flows{cfg.Kernel}, filepath.Join(dir, "flows")
		}
		a.exec.Mover = a.mover
	}
	pauses := [2]time.Duration{200 * time.Millisecond, 15 * time.Second}
	a.boots = &loop.Loop[string]{
		Name: "boot", Do: a.boot, Keys: a.instances, Resync: 10 * time.Second, Workers: 8, Timeout: 2 * time.Minute, Backoff: pauses, Log: cfg.Log,
	}
	a.volumes = &loop.Loop[string]{
		Name: "volume", Do: a.volume, Keys: a.volumeKeys, Resync: time.Minute, Workers: 2, Timeout: time.Minute, Backoff: pauses, Log: cfg.Log,
	}
	return a, nil
}

// Run works until ctx ends. Guests, their network and their rules stay as they are.
func (a *Agent) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { a.net.run(ctx) })
	wg.Go(func() { a.boots.Run(ctx) })
	wg.Go(func() { a.volumes.Run(ctx) })
	wg.Go(func() { a.dial(ctx) })
	wg.Go(func() { a.takeGuests(ctx) })
	wg.Go(func() { a.watchConsoles(ctx) })
	for e := range a.cfg.Hypervisor.Events(ctx) {
		if e.Instance == "" {
			a.boots.HintAll()
		} else {
			a.boots.Hint(e.Instance)
		}
	}
	<-ctx.Done()
	wg.Wait()
	a.commands.Wait()
}

// wake hints the loops at what a changed assignment touches.
func (a *Agent) wake(keys []string) {
	network := false
	for _, key := range keys {
		kind, id, _ := strings.Cut(key, "/")
		switch kind {
		case "boot":
			network = true
			a.boots.Hint(id)
		case "volume":
			a.volumes.Hint(id)
		default:
			network = true
		}
	}
	if network {
		a.net.changed()
	}
}

// instances yields those that are assigned and those that are here.
func (a *Agent) instances() iter.Seq[string] {
	return func(yield func(string) bool) {
		known := map[string]bool{}
		a.set.each("boot/", func(i *agentpb.Item) { known[i.GetBoot().GetInstanceId()] = true })
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		here, err := a.exec.Instances(ctx)
		if err != nil {
			a.cfg.Log.Warn("cannot list what is on this host", "host_id", a.cfg.HostID, "err", err)
		}
		for _, id := range here {
			known[id] = true
		}
		for id := range known {
			if !yield(id) {
				return
			}
		}
	}
}

// over reports whether a boot has ended on this host, whatever the servers know of it.
func (a *Agent) over(b *agentpb.Boot) bool {
	return a.reports.phase(b.GetInstanceId(), b.GetEpoch()) >= boot.PhaseEnded
}

// boot does what is to be done for one instance, until there is nothing to do at once.
func (a *Agent) boot(ctx context.Context, id string) (time.Duration, error) {
	for {
		want := a.set.boot(id)
		if s := a.refusals.of(want); s != nil {
			a.reports.boot(s)
			return 0, nil
		}
		status, again, err := a.exec.Reconcile(ctx, want, id)
		if status == nil && want == nil && err == nil {
			a.reports.forget(id)
			a.steps.forget(id)
		}
		if status != nil {
			status.Steps = append(status.Steps, a.steps.of(id, status.Epoch)...)
			was := a.reports.phase(id, status.Epoch)
			a.reports.boot(status)
			if was < boot.PhaseEnded && status.Phase >= boot.PhaseEnded {
				a.net.changed()
			}
		}
		if err != nil || again != boot.Again {
			return again, err
		}
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("boot of %s: %w", id, err)
		}
	}
}
