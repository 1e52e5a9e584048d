package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/dhcp"
	"github.com/micacloud/mica/hostagent/dns"
	"github.com/micacloud/mica/hostagent/imds"
	"github.com/micacloud/mica/hostagent/metrics"
	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// resyncNetwork is how often the kernel is held against the plan without a hint: what
// somebody deleted by hand is back by then.
const resyncNetwork = 10 * time.Second

// hostNetwork is the real network of a host: it keeps the kernel as planned from the
// assignments, and in each VPC's namespace the metadata, DHCP and DNS services.
type hostNetwork struct {
	a        *Agent
	kernel   *kernel.Kernel
	imds     *imds.Server
	dhcp     *dhcp.Server
	dns      *dns.Server
	wake     chan struct{}
	applying sync.Mutex // one Apply at a time; a second sees the newest assignments

	mu       sync.Mutex
	applied  uint64 // the assignments' revision that the kernel has
	services map[string]*service
	ctx      context.Context // of run; nil before
}

// service is one goroutine in a VPC: a server, or a subnet's DHCP.
type service struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func newHostNetwork(a *Agent) (*hostNetwork, error) {
	n := &hostNetwork{a: a, kernel: a.cfg.Kernel, wake: make(chan struct{}, 1), services: map[string]*service{}}
	counted := metrics.NewServices(a.cfg.Metrics)
	var err error
	n.imds, err = imds.New(imds.Config{
		Guests: guests{a.set}, InNamespace: n.kernel.InNamespace, Dir: filepath.Join(a.cfg.DataDir, "agent"), Step: a.steps.mark, Answered: counted.IMDS, Log: a.cfg.Log,
	})
	if err != nil {
		return nil, err
	}
	n.dhcp = dhcp.New(dhcp.Config{Guests: guests{a.set}, InNamespace: n.kernel.InNamespace, Step: a.steps.mark, Answered: counted.DHCP, MTU: a.cfg.MTU, Log: a.cfg.Log})
	n.dns = dns.New(dns.Config{VPCs: guests{a.set}, InNamespace: n.kernel.InNamespace, Answered: counted.DNS, Log: a.cfg.Log})
	return n, nil
}

// changed implements network.
func (n *hostNetwork) changed() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// run implements network.
func (n *hostNetwork) run(ctx context.Context) {
	n.mu.Lock()
	n.ctx = ctx
	n.mu.Unlock()
	tick := time.NewTicker(resyncNetwork)
	defer tick.Stop()
	n.serveAtOnce()
	look := n.kernel.Apply
	for {
		if err := n.apply(ctx, look); err != nil && ctx.Err() == nil {
			n.a.cfg.Log.Error("the network is not as planned", "host_id", n.a.cfg.HostID, "err", err)
		}
		if look = n.due(ctx, tick.C); look == nil {
			n.stopServices(nil)
			return
		}
	}
}

// serveAtOnce serves in the namespaces that the agent before this one has left. Guests wait for
// that, and the look at the whole kernel takes long on a host with many. Where something is
// not as planned a service fails, and is started again.
func (n *hostNetwork) serveAtOnce() {
	input, _ := networkInput(n.a.set, n.a.cfg.Prefix, n.a.cfg.PublicPool, n.a.over) // apply tells of errors
	input.VPCs = slices.DeleteFunc(input.VPCs, func(v plan.VPC) bool {
		return n.kernel.InNamespace(v.ID, func() error { return nil }) != nil
	})
	n.serve(n.wanted(input))
}

// gather is how long changes gather before they are applied: those of many launches come
// in a burst, and those of one would hold up the making of its own tap.
const gather = 20 * time.Millisecond

// due waits until the kernel is to be held against the plan again, and returns how: as a
// whole at each tick, and where the plan differs from the last one after a change. It
// returns nil when ctx ends.
func (n *hostNetwork) due(ctx context.Context, tick <-chan time.Time) func(context.Context, plan.Desired) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			return n.kernel.Apply
		case <-n.wake:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(gather):
		}
		if !n.current() { // else a boot has seen to it meanwhile
			return n.update
		}
	}
}

func (n *hostNetwork) update(ctx context.Context, d plan.Desired) error {
	return errors.Join(n.kernel.Update(ctx, d), n.kernel.EndRevoked())
}

// current says whether the kernel has what the assignments say now.
func (n *hostNetwork) current() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.applied > 0 && n.applied == n.a.set.revision()
}

// apply makes the kernel what the assignments say now.
func (n *hostNetwork) apply(ctx context.Context, look func(context.Context, plan.Desired) error) error {
	n.applying.Lock()
	defer n.applying.Unlock()
	revision := n.a.set.revision()
	nats := n.a.set.nats() // before the rest: what is said of them must have been in force
	input, errs := networkInput(n.a.set, n.a.cfg.Prefix, n.a.cfg.PublicPool, n.a.over)
	for _, err := range errs {
		n.a.cfg.Log.Error("an assignment cannot be read", "host_id", n.a.cfg.HostID, "err", err)
	}
	input.Underlay, input.MTU, input.PoolOnLAN = n.a.cfg.Underlay, n.a.cfg.MTU, n.a.cfg.PoolOnLAN
	logs := flowLogs(n.a.set)
	for i := range input.VPCs {
		input.VPCs[i].LogFlows = len(logs[input.VPCs[i].ID]) > 0
	}
	if n.a.cfg.NetworkRates {
		bound(&input, n.a.set)
	}
	var err error
	if input.Uplink, input.Address, err = kernel.DefaultUplink(); err != nil {
		return err
	}
	desired, err := plan.Build(input)
	if err != nil {
		return err
	}
	desired.Root.KeepLinks = append(desired.Root.KeepLinks, n.a.coming()...)
	wanted := n.wanted(input)
	n.stopServices(wanted) // before what they listen on goes
	failpoint.Hit("network.before")
	err = look(ctx, desired)
	failpoint.Hit("network.after")
	n.serve(wanted) // also where one VPC failed: the others are in force
	n.a.tellNATs(nats, n.kernel.NATState)
	if err != nil {
		return err
	}
	n.mu.Lock()
	n.applied = revision
	n.mu.Unlock()
	return nil
}

// wanted returns the services of every planned VPC, by name.
func (n *hostNetwork) wanted(input plan.Host) map[string]func(context.Context) error {
	out := map[string]func(context.Context) error{}
	for _, v := range input.VPCs {
		out["imds/"+v.ID] = func(ctx context.Context) error { return n.imds.Serve(ctx, v.ID) }
		if v.DNS {
			out["dns/"+v.ID] = func(ctx context.Context) error { return n.dns.Serve(ctx, v.ID) }
		}
		if v.LogFlows {
			out["flow/"+v.ID] = func(ctx context.Context) error { return n.logFlows(ctx, v.ID) }
		}
		for _, s := range v.Subnets {
			seg := dhcp.Segment{VPCID: v.ID, SubnetID: s.ID, Device: plan.BridgeName(s.ID)}
			out["dhcp/"+s.ID] = func(ctx context.Context) error { return n.dhcp.Serve(ctx, seg) }
		}
		n.imds.Changed(v.ID)
	}
	return out
}

// serve starts what is wanted and does not run yet.
func (n *hostNetwork) serve(wanted map[string]func(context.Context) error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ctx == nil || n.ctx.Err() != nil {
		return
	}
	for key, serve := range wanted {
		n.start(key, serve)
	}
}

// start runs a service until it is stopped, again after a pause if it fails.
// The caller holds mu.
func (n *hostNetwork) start(key string, serve func(context.Context) error) {
	if n.services[key] != nil {
		return
	}
	ctx, cancel := context.WithCancel(n.ctx)
	s := &service{cancel: cancel, done: make(chan struct{})}
	n.services[key] = s
	go func() {
		defer close(s.done)
		for ctx.Err() == nil {
			if err := serve(ctx); err != nil && ctx.Err() == nil {
				n.a.cfg.Log.Warn("a service of a VPC failed; it is started again", "service", key, "err", err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
}

// stopServices ends those that are not to be kept, and waits for them.
func (n *hostNetwork) stopServices(keep map[string]func(context.Context) error) {
	n.mu.Lock()
	var ended []*service
	for key, s := range n.services {
		if keep[key] == nil {
			s.cancel()
			ended = append(ended, s)
			delete(n.services, key)
		}
	}
	n.mu.Unlock()
	for _, s := range ended {
		<-s.done
	}
}

// Apply implements boot.Network: when it returns, a plan with the boot's interfaces is in
// force and its VPC's services have been started.
func (n *hostNetwork) Apply(ctx context.Context, b *agentpb.Boot) error {
	for _, i := range b.Interfaces {
		if n.a.set.vpc(i.VpcId) == nil {
			return boot.ErrNotYet
		}
	}
	if n.current() {
		return nil
	}
	err := n.apply(ctx, n.update)
	for _, i := range b.Interfaces {
		if !n.kernel.AppliedVPC(i.VpcId) {
			return err
		}
	}
	return nil // what failed, if anything, is another VPC
}

// Tap implements boot.Network.
func (n *hostNetwork) Tap(ctx context.Context, nic boot.NIC) (boot.TapState, error) {
	state, err := n.kernel.TapState(ctx, nic.Tap, nic.VPC)
	switch state {
	case kernel.TapInHost:
		return boot.TapInHost, err
	case kernel.TapAttached:
		return boot.TapAttached, err
	}
	return boot.TapAbsent, err
}

// CreateTap implements boot.Network.
func (n *hostNetwork) CreateTap(ctx context.Context, nic boot.NIC) error {
	return n.kernel.CreateTap(ctx, nic.Tap)
}

// AttachTap implements boot.Network.
func (n *hostNetwork) AttachTap(ctx context.Context, nic boot.NIC) error {
	return n.kernel.MoveTap(ctx, nic.Tap, nic.VPC)
}

// RemoveTap implements boot.Network.
func (n *hostNetwork) RemoveTap(ctx context.Context, nic boot.NIC) error {
	return n.kernel.DeleteTap(ctx, nic.Tap)
}

func (n *hostNetwork) objects(ctx context.Context, b *agentpb.Boot) ([]kernel.Object, error) {
	var out []kernel.Object
	for _, i := range b.Interfaces {
		all, err := n.kernel.Observe(ctx, i.VpcId, i.Id)
		if err != nil {
			return out, fmt.Errorf("%s: %w", i.Id, err)
		}
		out = append(out, all...)
	}
	return out, nil
}

// probe implements network.
func (n *hostNetwork) probe(ctx context.Context, p kernel.Probe) (kernel.ProbeResult, error) {
	return n.kernel.Probe(ctx, p)
}

// watch implements network.
func (n *hostNetwork) watch(ctx context.Context, w kernel.Watch) (watching, error) {
	return n.kernel.Watch(ctx, w)
}

// leases implements network.
func (n *hostNetwork) leases(b *agentpb.Boot) []string {
	var out []string
	for _, i := range b.Interfaces {
		mac, err := net.ParseMAC(i.Mac)
		if err != nil {
			continue
		}
		seg := dhcp.Segment{VPCID: i.VpcId, SubnetID: i.SubnetId, Device: plan.BridgeName(i.SubnetId)}
		out = append(out, fmt.Sprintf("%s %s", i.Id, n.dhcp.Lease(seg, mac)))
	}
	return out
}

// guests answers the services' questions from the assignments.
type guests struct{ set *assignments }

// Boot implements imds.Guests.
func (g guests) Boot(vpcID string, ip netip.Addr) *agentpb.Boot {
	return g.set.index().byAddress[vpcID+"/"+ip.String()]
}

// Boots implements imds.Guests.
func (g guests) Boots(vpcID string) []*agentpb.Boot { return g.set.index().byVPC[vpcID] }

// BootByMAC implements dhcp.Guests.
func (g guests) BootByMAC(vpcID, mac string) *agentpb.Boot {
	return g.set.index().byMAC[vpcID+"/"+mac]
}

// VPC implements dhcp.Guests and dns.VPCs.
func (g guests) VPC(vpcID string) *agentpb.VPC { return g.set.vpc(vpcID) }

// InterfaceAt implements dns.VPCs.
func (g guests) InterfaceAt(vpcID string, a netip.Addr) string {
	return g.set.index().interfaces[vpcID+"/"+a.String()]
}
