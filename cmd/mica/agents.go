package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/micacloud/mica/hostagent/agent"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/accel"
	"github.com/micacloud/mica/hostagent/hypervisor/libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/hostagent/uplink"
	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// hosts are the agents of this process: one, or the simulated ones.
type hosts struct {
	agents []*agent.Agent
	images *imagestore.Store
	bg     *group
	close  func()
}

// link is how the hosts of this process reach their servers.
type link struct {
	id      string          // of the host; empty: its own, never joined
	servers func() []string // nil: the one of this process
	dial    func(server string) (*grpc.ClientConn, error)
	found   func([]*agentpb.Server)
	fetch   func(ctx context.Context, digest string) (io.ReadCloser, error)
	metrics prometheus.Registerer
	// sign makes a host's certificate, for when another server than this process's leads;
	// nil without others.
	sign func(host string, request []byte) (leaf, root []byte, err error)
	// member is the host's certificate, if it has one from the start.
	member *pki.Member
}

// elsewhere returns how a host of `mica up` dials: its own server by the socket, and the
// one that leads by its port.
func (l *link) elsewhere(ctx context.Context, bg *group, cfg *config, c *agent.Config) (func(string) (*grpc.ClientConn, error), error) {
	member, err := pki.Join(filepath.Join(c.DataDir, "agent"), func(request []byte) (leaf, root []byte, err error) { return l.sign(c.HostID, request) })
	if err != nil {
		return nil, err
	}
	cfg.peers(c, member)
	bg.wg.Go(func() {
		member.KeepFresh(ctx, c.Log, func(_ context.Context, request []byte) ([]byte, error) {
			leaf, _, err := l.sign(c.HostID, request)
			return leaf, err
		})
	})
	return func(server string) (*grpc.ClientConn, error) {
		if server == "" {
			return l.dial(server)
		}
		return uplink.DialAs(member, server)
	}, nil
}

// startAgents runs the hosts of `mica up`, next to their server.
func startAgents(ctx context.Context, cfg *config, log *slog.Logger, s *cloud) (*hosts, error) {
	if cfg.Underlay == "" && cfg.ClusterListen != "" {
		address, err := advertise(cfg.ClusterListen, cfg.ClusterAdvertise)
		if err != nil {
			return nil, err
		}
		if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().Is4() && !at.Addr().IsLoopback() {
			cfg.Underlay = at.Addr().String()
		}
	}
	h, err := startHosts(ctx, cfg, log, link{metrics: s.metrics, sign: s.signer(), fetch: s.fetcher(), dial: func(string) (*grpc.ClientConn, error) {
		return grpc.NewClient("unix:"+cfg.agentSocket(), grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20), grpc.MaxCallSendMsgSize(64<<20)))
	}})
	if err == nil {
		s.keepImages(h.images)
	}
	return h, err
}

func startHosts(ctx context.Context, cfg *config, log *slog.Logger, l link) (*hosts, error) {
	h := &hosts{close: func() {}}
	var err error
	if h.images, err = openImages(cfg); err != nil {
		return nil, err
	}
	configs, err := h.configs(ctx, cfg, log, l)
	if err != nil {
		return nil, errors.Join(err, h.images.Close())
	}
	ctx, h.bg = newGroup(ctx)
	for _, c := range configs {
		if l.sign != nil {
			if c.Dial, err = l.elsewhere(ctx, h.bg, cfg, &c); err != nil {
				h.bg.stop()
				return nil, errors.Join(err, h.images.Close())
			}
		} else if l.member != nil {
			cfg.peers(&c, l.member)
		}
		a, err := agent.New(c)
		if err != nil {
			h.bg.stop()
			return nil, errors.Join(err, h.images.Close())
		}
		h.agents = append(h.agents, a)
	}
	for _, a := range h.agents {
		h.bg.wg.Go(func() { a.Run(ctx) })
	}
	return h, nil
}

// stop ends the agents; what runs on the host goes on.
func (h *hosts) stop() {
	h.bg.stop()
	h.close()
	_ = h.images.Close()
}

// configs describes this host, or the simulated ones.
func (h *hosts) configs(ctx context.Context, cfg *config, log *slog.Logger, l link) ([]agent.Config, error) {
	name, err := cfg.hostName()
	if err != nil {
		return nil, err
	}
	underlay, mtu, err := cfg.underlay()
	if err != nil {
		return nil, err
	}
	base := agent.Config{
		Name: name, Arch: arch(), Version: version, Servers: l.servers, Dial: l.dial, Found: l.found, FetchImage: l.fetch, HostID: l.id, Log: log, HypervisorName: cfg.Hypervisor,
		DataDir: cfg.DataDir, RunDir: cfg.RunDir, Prefix: cfg.NamePrefix, PublicPool: cfg.pool, PoolOnLAN: cfg.PoolOnLAN, MTU: mtu, NetworkRates: cfg.Rates, Underlay: underlay,
		Zone: cfg.HostZone, Region: cfg.HostZone[:len(cfg.HostZone)-1],
	}
	if cfg.Hypervisor == "sim" {
		return simulated(base, cfg)
	}
	if base.HostID == "" {
		if base.HostID, err = hostID(cfg.DataDir); err != nil {
			return nil, err
		}
	}
	base.VCPUs = runtime.NumCPU()
	if base.MemoryMiB, err = hostMemory(); err != nil {
		return nil, err
	}
	result, err := accel.Cached(ctx, filepath.Join(cfg.DataDir, "agent", "accel"), cmp.Or(cfg.Emulator, "qemu-system-x86_64"), accel.Mode(cfg.Accel))
	if err != nil {
		return nil, fmt.Errorf("acceleration: %w", err)
	}
	log.Info("acceleration measured", "accel", result.Accel, "reason", result.Reason)
	base.Accel = hypervisor.Accel(result.Accel)
	if base.Kernel, err = kernel.New(kernel.Config{Prefix: cfg.NamePrefix, Logger: log}); err != nil {
		return nil, err
	}
	if base.Storage = cfg.StorageName; base.Storage != "" {
		base.Guardian = guardianFolder(cfg.RunDir)
		base.DomainName = func(instance string) string { return libvirt.DomainName(cfg.NamePrefix, instance) }
	}
	driver := newDriver(cfg, log)
	h.close = driver.Close
	base.Hypervisor, base.Images, base.Metrics = driver, h.images, l.metrics
	return []agent.Config{base}, nil
}

// openImages opens the store of images and volumes, which may be shared with other hosts.
func openImages(cfg *config) (*imagestore.Store, error) {
	if cfg.StorageName == "" {
		return imagestore.Open(cfg.StorageDir)
	}
	id, err := hostID(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	return imagestore.OpenShared(cfg.StorageDir, id)
}

// newDriver connects to libvirt when it is first needed.
func newDriver(cfg *config, log *slog.Logger) *libvirt.Driver {
	opt := libvirt.Options{Prefix: cfg.NamePrefix, Log: log}
	if cfg.LibvirtURI != "" {
		opt.Sockets = []string{cfg.LibvirtURI}
	}
	return libvirt.Open(opt)
}

// simulated describes hosts that exist in this process alone, spread over all zones.
func simulated(base agent.Config, cfg *config) ([]agent.Config, error) {
	memory, err := size(cfg.SimMemory)
	if err != nil {
		return nil, fmt.Errorf("sim-memory: %w", err)
	}
	if base.HostID != "" && cfg.SimHosts != 1 {
		return nil, errors.New("sim-hosts: an agent is one host of its cluster")
	}
	if cfg.SimHosts < 1 || cfg.SimVCPUs < 1 {
		return nil, errors.New("sim-hosts and sim-vcpus: at least 1 is wanted")
	}
	var zones []string
	for _, r := range cfg.regions {
		zones = append(zones, r.Zones...)
	}
	var out []agent.Config
	for n := range cfg.SimHosts {
		c := base
		c.Name = fmt.Sprintf("sim-%03d", n+1)
		c.DataDir = filepath.Join(cfg.DataDir, "sim", c.Name)
		c.RunDir = filepath.Join(cfg.RunDir, "sim", c.Name)
		c.Zone = zones[n%len(zones)]
		c.Region = c.Zone[:len(c.Zone)-1]
		c.VCPUs, c.MemoryMiB, c.Accel = cfg.SimVCPUs, memory, "sim"
		if c.HostID != "" {
			c.Name = "sim-" + c.HostID[len(c.HostID)-6:]
			c.Zone, c.Region = base.Zone, base.Region
		} else if c.HostID, err = hostID(c.DataDir); err != nil {
			return nil, err
		}
		h, err := sim.New(sim.Options{StateDir: filepath.Join(c.DataDir, "guests")})
		if err != nil {
			return nil, err
		}
		c.Hypervisor = h
		out = append(out, c)
	}
	return out, nil
}

// hostID returns the id that this host has for as long as its data directory lives.
func hostID(dir string) (string, error) {
	return keptID(filepath.Join(dir, "agent", "host-id"), ids.Host)
}

// hostName returns what people call this host.
func (c *config) hostName() (string, error) {
	if c.HostName != "" {
		return c.HostName, nil
	}
	return os.Hostname()
}

func arch() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// hostMemory returns what guests may have: all but a share for the host itself.
func hostMemory() (int64, error) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "MemTotal:" {
			kib, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				return 0, err
			}
			mib := kib >> 10
			return max(mib-max(mib/10, 512), 0), nil
		}
	}
	return 0, errors.New("/proc/meminfo does not say MemTotal")
}
