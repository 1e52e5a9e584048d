package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// Probe is a packet to be sent in an interface's place.
type Probe struct {
	VPC, ENI    string
	Source      netip.Addr // one of the interface's
	Destination netip.Addr
	Protocol    int // TCP, UDP or ICMP, which is an echo request
	SourcePort  int // the first one to try; one that is in use is passed over
	Port        int
	Others      []string // further VPCs that it may come to on this host
}

// ProbeResult is what the kernel did with a probe.
type ProbeResult struct {
	Unsent     string         // why there is no such packet; nothing else is said then
	SourcePort int            // ICMP: the echo's id
	Passed     []string       // the VPCs whose filters let it pass
	Reached    netip.AddrPort // where it went, after the address translation of its own VPC
	Answered   bool           // something came back
	Moved      []Counter      // in the order in which a packet meets them
}

// Counter is a rule, or a chain's policy, that counted packets meanwhile: the probe, and
// whatever else passed at that time.
type Counter struct{ VPC, Table, Rule string }

// The probe's veth pair. One end is a port of the subnet's bridge. The other has no name
// of ours: it goes with the first.
const (
	probeLink    = "probe"
	probeFarLink = "probe-guest"
)

// How long is waited: for the links to be up, for a verdict, for an answer.
const (
	probeUp       = 5 * time.Second
	probeVerdict  = time.Second
	probeAnswered = time.Second
)

// probePorts is how many source ports are tried for one that nobody uses.
const probePorts = 256

// probeFlags are a tap's but for the lock: the bridge's one entry for the guest's MAC
// remains its tap's, and what is sent to it goes there. Nothing is learned nor flooded.
var probeFlags = []portFlag{
	{nl.IFLA_BRPORT_LOCKED, 0},
	{nl.IFLA_BRPORT_LEARNING, 0},
	{nl.IFLA_BRPORT_UNICAST_FLOOD, 0},
	{nl.IFLA_BRPORT_MCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_BCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_GUARD, 1},
}

// Probe sends one packet as an interface's guest would, from a port of its own beside the
// guest's, and tells what the filters did with it. What is checked at taps alone, such as
// whether the guest may use its address, is not asked. The plan must be in force.
func (k *Kernel) Probe(ctx context.Context, p Probe) (out ProbeResult, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps = nil
	n, ok := k.applied[p.VPC]
	at := slices.IndexFunc(n.VPC.Interfaces, func(i plan.Interface) bool { return i.ID == p.ENI })
	if !ok || at < 0 {
		return out, fmt.Errorf("probe from %s: %w", p.ENI, ErrNotPlanned)
	}
	from := n.VPC.Interfaces[at]
	if !slices.ContainsFunc(from.Addresses(), func(a plan.PrivateAddress) bool { return a.IP == p.Source }) {
		return out, fmt.Errorf("probe from %s: it does not have the address %s", p.ENI, p.Source)
	}
	to := nextHop(n, from, p.Destination)
	if to == nil {
		out.Unsent = fmt.Sprintf("nobody answers a guest that asks %s for %s by ARP", from.SubnetID, p.Destination)
		return out, nil
	}
	watched := []plan.Namespace{n}
	for _, id := range p.Others {
		if o, ok := k.applied[id]; ok && id != p.VPC {
			watched = append(watched, o)
		}
	}
	before, err := k.countersOf(ctx, watched)
	if err != nil {
		return out, err
	}
	if err := inNamespace(n.Name, func() error { return k.probe(ctx, p, n, from, to, watched, &out) }); err != nil {
		return out, fmt.Errorf("probe from %s: %w", p.ENI, err)
	}
	after, err := k.countersOf(ctx, watched)
	for i, w := range watched {
		out.Moved = append(out.Moved, movedCounters(w.VPCID, before[i], after[i])...)
	}
	return out, err
}

// nextHop is the MAC that a guest would send to: the neighbour's that has the address,
// the router's, or nil where nobody answers.
func nextHop(n plan.Namespace, from plan.Interface, to netip.Addr) net.HardwareAddr {
	bridge := plan.BridgeName(from.SubnetID)
	for _, nb := range n.Neighbours {
		if nb.Link == bridge && nb.IP == to {
			return nb.MAC
		}
	}
	s := n.VPC.Subnets[slices.IndexFunc(n.VPC.Subnets, func(s plan.Subnet) bool { return s.ID == from.SubnetID })]
	own := slices.ContainsFunc(n.Addresses, func(a plan.Address) bool { return a.Prefix.Addr() == to })
	if s.CIDR.Contains(to) && !own {
		return nil
	}
	return n.Links[slices.IndexFunc(n.Links, func(l plan.Link) bool { return l.Name == bridge })].MAC
}

// probe makes the port, sends the packet, waits for what becomes of it and takes the port
// away. It runs in the namespace.
func (k *Kernel) probe(ctx context.Context, p Probe, n plan.Namespace, from plan.Interface, to net.HardwareAddr, watched []plan.Namespace, out *ProbeResult) (err error) {
	port, err := freePort(p)
	if err != nil {
		return err
	}
	p.SourcePort, out.SourcePort = port, port
	if err := removeProbe(); err != nil { // of an agent that was killed
		return err
	}
	defer func() { err = errors.Join(err, removeProbe()) }()
	far, err := k.makeProbe(ctx, plan.BridgeName(from.SubnetID), n.Name)
	if err != nil {
		return err
	}
	sights, done := make(chan sight), make(chan struct{})
	w, err := watchTracked(placesOf(watched), func(t probeTuple) bool { return t == p.tuple() }, func(s sight) {
		select {
		case sights <- s:
		case <-done:
		}
	})
	if err != nil {
		return err
	}
	defer w.close()
	defer close(done)
	err = k.do(fmt.Sprintf("send a probe from %s:%d to %s:%d%s", p.Source, port, p.Destination, p.Port, in(n.Name)), func() error {
		return sendFrame(far, p.frame(to, from.MAC))
	})
	if err != nil {
		return err
	}
	return await(ctx, sights, n.VPCID, len(watched), out)
}

// freePort is a source port with which no connection to the destination is tracked.
func freePort(p Probe) (int, error) {
	msgs, err := retry(func() ([][]byte, error) {
		return conntrackRequest(nl.IPCTNL_MSG_CT_GET, unix.NLM_F_DUMP).Execute(unix.NETLINK_NETFILTER, 0)
	})
	if err != nil {
		return 0, fmt.Errorf("list tracked connections: %w", err)
	}
	used := map[probeTuple]bool{}
	for _, m := range msgs {
		if t, ok := tupleOf(attributes(m[nl.SizeofNfgenmsg:])[nl.CTA_TUPLE_ORIG]); ok {
			used[t] = true
		}
	}
	first := max(p.SourcePort, 1024)
	for n := range probePorts {
		p.SourcePort = first + n
		if p.SourcePort > 65535 {
			p.SourcePort -= 65536 - 1024
		}
		if !used[p.tuple()] {
			return p.SourcePort, nil
		}
	}
	return 0, fmt.Errorf("connections from %s to %s take all %d ports from %d on", p.Source, p.Destination, probePorts, first)
}

// removeProbe takes the pair away, if it is there.
func removeProbe() error {
	link, err := netlink.LinkByName(probeLink)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil
	}
	if err != nil {
		return err
	}
	return netlink.LinkDel(link)
}

// makeProbe makes the pair, one end a port of the bridge, and returns the other's index
// once both carry.
func (k *Kernel) makeProbe(ctx context.Context, bridgeName, namespace string) (far int, err error) {
	bridge, err := netlink.LinkByName(bridgeName)
	if err != nil {
		return 0, err
	}
	err = k.do("create link "+probeLink+in(namespace), func() error {
		return netlink.LinkAdd(&netlink.Veth{
			LinkAttrs: netlink.LinkAttrs{Name: probeLink, MTU: bridge.Attrs().MTU, TxQLen: 1000}, PeerName: probeFarLink,
		})
	})
	if err != nil {
		return 0, err
	}
	near, err := netlink.LinkByName(probeLink)
	if err != nil {
		return 0, err
	}
	other, err := netlink.LinkByName(probeFarLink)
	if err != nil {
		return 0, err
	}
	err = k.do("put "+probeLink+" into "+bridgeName+in(namespace), func() error {
		if err := netlink.LinkSetMaster(near, bridge); err != nil {
			return err
		}
		// While it is down: one that is up would learn the guest's MAC.
		if err := guardPort(near.Attrs().Index, probeFlags); err != nil {
			return err
		}
		if err := netlink.LinkSetUp(other); err != nil {
			return err
		}
		return netlink.LinkSetUp(near)
	})
	if err != nil {
		return 0, err
	}
	return other.Attrs().Index, awaitUp(ctx, probeLink, probeFarLink)
}

// awaitUp waits until links carry: the kernel drops what is sent before.
func awaitUp(ctx context.Context, names ...string) error {
	ctx, cancel := context.WithTimeout(ctx, probeUp)
	defer cancel()
	for {
		up := 0
		for _, name := range names {
			l, err := netlink.LinkByName(name)
			if err != nil {
				return err
			}
			if l.Attrs().OperState == netlink.OperUp {
				up++
			}
		}
		if up == len(names) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("links %q do not come up: %w", names, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func sendFrame(link int, frame []byte) error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: link})
}

// countersOf reads the filters' counters of namespaces, in iptables-save's words.
func (k *Kernel) countersOf(ctx context.Context, list []plan.Namespace) (out [][]savedChain, err error) {
	for _, n := range list {
		var text string
		err := inNamespace(n.Name, func() (err error) {
			text, err = k.run(ctx, "", "iptables-save", "-c")
			return err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, parseCounters(bytes.NewBufferString(text)))
	}
	return out, nil
}
