package plan

import (
	"fmt"
	"maps"
	"slices"
)

// Chain names in a namespace. Chains of groups are <group id>-in and -out.
const (
	chainBridged   = "bridged"   // destination check of bridged packets
	chainTransit   = "transit"   // egress of interfaces without SourceDestCheck
	chainEgress    = "egress"    // dispatch by source
	chainIngress   = "ingress"   // dispatch by destination; always decides
	chainDelivered = "delivered" // ingress of interfaces without SourceDestCheck
	chainServices  = "services"  // what guests may ask of the namespace itself
	chainGuest     = "guest"     // source check
	chainInbound   = "inbound"   // public to private
	chainOutbound  = "outbound"  // private to public
)

// filterTable decides on connections. Each packet between two interfaces crosses
// FORWARD once, bridged or routed.
func (n *nsBuilder) filterTable() Table {
	forward := []string{
		fmt.Sprintf("-m physdev --physdev-out %s+ --physdev-is-bridged -j %s", n.tapPattern(), chainBridged),
	}
	acls := n.aclChains()
	if len(acls) > 0 {
		forward = append(forward, "-j "+chainACL)
	}
	if len(n.vpc.Peerings) > 0 {
		forward = append(forward, "-i px-+ -j "+chainPeered)
		if n.tunnelled() {
			forward = append(forward, "-i px-+ -m conntrack --ctstate UNTRACKED -j ACCEPT") // the destination's host decides
		}
	}
	forward = append(forward,
		"-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
		"-m conntrack --ctstate INVALID -j DROP",
		"-d 169.254.0.0/16 -j DROP",
		"-s 169.254.0.0/16 -j DROP")
	if n.tunnelled() {
		// The source's host decided on egress, and only what is here is to be delivered.
		forward = append(forward,
			"-m physdev --physdev-in vx-+ -m set --match-set remote dst -j DROP",
			"-m physdev --physdev-in vx-+ -g "+chainIngress)
	}
	if len(n.vpc.Peerings) > 0 {
		forward = append(forward, "-i px-+ -g "+chainIngress)
	}
	if n.vpc.InternetGateway {
		// What is the VPC's stays in it, even where no subnet has the address.
		for _, c := range n.vpc.CIDRs {
			forward = append(forward, fmt.Sprintf("-d %s -o gw -j DROP", c.Masked()))
		}
		forward = append(forward,
			"-i gw -m conntrack ! --ctstate DNAT -j DROP",
			"-i gw -g "+chainIngress,
			"-o gw -m set ! --match-set public src -j DROP")
	}
	forward = append(forward,
		"-j "+chainTransit,
		"-m set --match-set local src -g "+chainEgress)

	t := Table{Name: "filter", Chains: []Chain{
		{Name: "INPUT", Policy: "DROP", Rules: []string{"-i lo -j ACCEPT", "-i br-+ -j " + chainServices}},
		{Name: "FORWARD", Policy: "DROP", Rules: forward},
		{Name: "OUTPUT", Policy: "ACCEPT"},
		{Name: chainBridged, Rules: n.bridgedRules()},
		{Name: chainServices, Rules: n.serviceRules()},
		{Name: chainTransit, Rules: n.transitRules()},
		{Name: chainEgress, Rules: n.dispatch("src", "-out")},
		{Name: chainIngress, Rules: n.ingressRules()},
		{Name: chainDelivered, Rules: n.deliveredRules()},
	}}
	t.Chains = append(t.Chains, acls...)
	if len(n.vpc.Peerings) > 0 {
		t.Chains = append(t.Chains, Chain{Name: chainPeered, Rules: n.peeredRules()})
	}
	for _, g := range n.vpc.Groups {
		if g.VPC != "" && g.VPC != n.vpc.ID {
			continue // of it there are members alone
		}
		t.Chains = append(t.Chains,
			Chain{Name: g.ID + "-in", Rules: n.groupRules(g.ID, g.Ingress, true)},
			Chain{Name: g.ID + "-out", Rules: n.groupRules(g.ID, g.Egress, false)})
	}
	return t
}

func (n *nsBuilder) ingressRules() []string {
	var out []string
	if n.vpc.InternetGateway {
		out = append(out, "-o gw -j ACCEPT")
	}
	if len(n.vpc.Peerings) > 0 {
		out = append(out, "-o px-+ -j ACCEPT") // the other VPC decides
	}
	out = append(out, "-j "+chainDelivered)
	if n.tunnelled() {
		out = append(out, // the host of the destination, or of what leads there, decides
			fmt.Sprintf("-m realm --realm %#x -j ACCEPT", realmElsewhere),
			"-m set --match-set remote dst -j ACCEPT")
	}
	out = append(out, "-m set ! --match-set local dst -j DROP")
	return append(out, n.dispatch("dst", "-in")...)
}

// dispatch asks the chain of every group that the address is in. Nothing decided
// means no.
func (n *nsBuilder) dispatch(side, suffix string) []string {
	var out []string
	for _, g := range n.vpc.Groups {
		if g.VPC == "" || g.VPC == n.vpc.ID {
			out = append(out, fmt.Sprintf("-m set --match-set %s %s -j %s%s", g.ID, side, g.ID, suffix))
		}
	}
	return append(out, "-j DROP")
}

// bridgedRules drop what a guest sends to a neighbour's MAC for another address: the
// group asked would be that of the address, the one who gets it that of the MAC.
func (n *nsBuilder) bridgedRules() []string {
	var out []string
	for _, i := range n.unchecked() {
		if i.NAT { // only what was routed to it
			out = append(out, fmt.Sprintf("-m physdev --physdev-out %s -m mac ! --mac-source %s -j DROP", n.tap(i), n.routerMAC()))
		}
		out = append(out, fmt.Sprintf("-m physdev --physdev-out %s -j RETURN", n.tap(i)))
	}
	for _, s := range n.vpc.Subnets {
		out = append(out, fmt.Sprintf("-o %s -m set ! --match-set %s dst,dst -j DROP", BridgeName(s.ID), pairsSet(s.ID)))
	}
	return out
}

// serviceRules let guests ask for DHCP, DNS and metadata. Who asks is known by its
// address, so that the pair is checked here even without SourceDestCheck.
func (n *nsBuilder) serviceRules() []string {
	out := []string{"-s 0.0.0.0/32 -p udp -m udp --sport 68 --dport 67 -j ACCEPT"}
	for _, s := range n.vpc.Subnets {
		out = append(out, fmt.Sprintf("-i %s -m set ! --match-set %s src,src -j DROP", BridgeName(s.ID), pairsSet(s.ID)))
	}
	out = append(out,
		"-p udp -m udp --sport 68 --dport 67 -j ACCEPT",
		fmt.Sprintf("-d %s/32 -p tcp -m tcp --dport 80 -j ACCEPT", MetadataAddress))
	if n.vpc.DNS {
		for _, a := range n.serviceAddresses()[1:] {
			out = append(out,
				fmt.Sprintf("-d %s/32 -p udp -m udp --dport 53 -j ACCEPT", a),
				fmt.Sprintf("-d %s/32 -p tcp -m tcp --dport 53 -j ACCEPT", a))
		}
	}
	return out
}

// transitRules dispatch by port instead of by address, for interfaces whose packets may
// carry any address. After its groups said nothing the packet is dropped. A NAT gateway
// has no groups, and begins nothing but what was translated to its address.
func (n *nsBuilder) transitRules() []string {
	var out []string
	for _, i := range n.unchecked() {
		at := "-m physdev --physdev-in " + n.tap(i)
		if i.NAT {
			out = append(out, fmt.Sprintf("-s %s/32 %s -g %s", i.PrivateIP, at, chainIngress))
		}
		for _, g := range n.knownGroups(i) {
			out = append(out, fmt.Sprintf("%s -j %s-out", at, g))
		}
		out = append(out, at+" -j DROP")
	}
	return out
}

// deliveredRules do so with what comes to such interfaces: bridged by port, routed by the
// realm of the route, as the port isn't known yet then.
func (n *nsBuilder) deliveredRules() []string {
	realms := n.realms()
	var out []string
	for _, i := range n.unchecked() {
		bridged := fmt.Sprintf("-m physdev --physdev-out %s --physdev-is-bridged", n.tap(i))
		for _, at := range []string{bridged, fmt.Sprintf("-m realm --realm %#x", realms[i.ID])} {
			if i.NAT {
				out = append(out, fmt.Sprintf("! -d %s/32 %s -j ACCEPT", i.PrivateIP, at))
			}
			for _, g := range n.knownGroups(i) {
				out = append(out, fmt.Sprintf("%s -j %s-in", at, g))
			}
			out = append(out, at+" -j DROP")
		}
	}
	return out
}

// rawTable drops forged packets before connection tracking sees them.
func (n *nsBuilder) rawTable() Table {
	pre := []string{fmt.Sprintf("-m physdev --physdev-in %s+ -j %s", n.tapPattern(), chainGuest)}
	if n.tunnelled() {
		// Nor may another host send as one of ours, or for the services.
		pre = append(pre,
			"-m physdev --physdev-in vx-+ -m set --match-set local src -j DROP")
		for _, s := range n.vpc.Subnets {
			// Only an interface that takes packets for others may get what is for nobody here.
			if n.joined(s) && !slices.ContainsFunc(n.unchecked(), func(i Interface) bool { return i.SubnetID == s.ID }) {
				pre = append(pre, fmt.Sprintf("-m physdev --physdev-in %s -m set ! --match-set local dst -j DROP", TunnelName(s.ID)))
			}
		}
	}
	if len(n.vpc.Peerings) > 0 {
		pre = append(pre, "-i px-+ -j "+chainPeerOnly)
	}
	if n.vpc.InternetGateway {
		// From outside nobody may pretend to be a member of a group.
		for _, c := range n.vpc.CIDRs {
			pre = append(pre, fmt.Sprintf("-s %s -i gw -j DROP", c.Masked()))
		}
		for _, p := range n.vpc.Peerings {
			for _, c := range p.CIDRs {
				pre = append(pre, fmt.Sprintf("-s %s -i gw -j DROP", c.Masked()))
			}
		}
		pre = append(pre, "-s 169.254.0.0/16 -i gw -j DROP")
	}
	guest := []string{
		"-s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67 -j ACCEPT",
		"-p udp -m udp --sport 67 --dport 68 -j DROP", // answers of a DHCP server
	}
	for _, i := range n.unchecked() {
		guest = append(guest, fmt.Sprintf("-m physdev --physdev-in %s -j ACCEPT", n.tap(i)))
	}
	for _, s := range n.vpc.Subnets {
		guest = append(guest, fmt.Sprintf("-i %s -m set ! --match-set %s src,src -j DROP", BridgeName(s.ID), pairsSet(s.ID)))
	}
	t := Table{Name: "raw", Chains: []Chain{
		{Name: "PREROUTING", Policy: "ACCEPT", Rules: pre},
		{Name: "OUTPUT", Policy: "ACCEPT"},
		{Name: chainGuest, Rules: guest},
	}}
	if len(n.vpc.Peerings) > 0 {
		t.Chains = append(t.Chains, Chain{Name: chainPeerOnly, Rules: n.peerOnlyRules()})
	}
	return t
}

// natTable is the internet gateway: one public address for one private one. A guest
// that asks for a neighbour's public address goes out and comes in again, so that
// the neighbour sees the public address, as on EC2.
func (n *nsBuilder) natTable() Table {
	t := Table{Name: "nat", Chains: []Chain{
		{Name: "PREROUTING", Policy: "ACCEPT", Rules: []string{"-i gw -j " + chainInbound}},
		{Name: "INPUT", Policy: "ACCEPT"},
		{Name: "OUTPUT", Policy: "ACCEPT"},
		{Name: "POSTROUTING", Policy: "ACCEPT", Rules: []string{"-o gw -j " + chainOutbound}},
	}}
	in, out := Chain{Name: chainInbound}, Chain{Name: chainOutbound}
	for _, i := range n.vpc.Interfaces {
		for _, a := range n.vpc.public(i) {
			in.Rules = append(in.Rules, fmt.Sprintf("-d %s/32 -j DNAT --to-destination %s", a.Public, a.IP))
			out.Rules = append(out.Rules, fmt.Sprintf("-s %s/32 -j SNAT --to-source %s", a.IP, a.Public))
		}
	}
	t.Chains = append(t.Chains, in, out)
	return t
}

// tunnelled says that any subnet reaches other hosts. It does not depend on what is
// there, so that a launch on another host changes no rule.
func (n *nsBuilder) tunnelled() bool { return slices.ContainsFunc(n.vpc.Subnets, n.joined) }

// unchecked are the interfaces without SourceDestCheck.
func (n *nsBuilder) unchecked() []Interface { return n.loose }

func (v VPC) unchecked() []Interface {
	var out []Interface
	for _, i := range v.Interfaces {
		if !i.SourceDestCheck {
			out = append(out, i)
		}
	}
	return out
}

// knownGroups are the interface's groups that the input describes.
func (n *nsBuilder) knownGroups(i Interface) []string {
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(i.Groups))), func(g string) bool {
		return !n.grouped[g]
	})
}

func (n *nsBuilder) tap(i Interface) string { return n.taps + tail(i.ID, 9) }

func (n *nsBuilder) tapPattern() string { return n.taps }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
