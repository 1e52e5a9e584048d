package plan

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// peerHop is the other VPC's namespace, seen from one of a peering.
var peerHop = netip.MustParseAddr("169.254.0.3")

// chainPeered judges what comes in from peered VPCs, and chainPeerOnly (of raw) lets only
// addresses of the two VPCs cross.
const (
	chainPeered   = "peered"
	chainPeerOnly = "peers"
)

// PeeringName is the link of a peering, in the namespaces of both VPCs.
func PeeringName(id string) string { return "px-" + tail(id, 11) }

// PeerLink is the veth pair of a peering, its ends in the namespaces of two VPCs.
type PeerLink struct {
	Name string
	MTU  int
	Ends [2]PeerEnd // by VPC id
}

// PeerEnd is one end of a PeerLink.
type PeerEnd struct {
	VPCID, Namespace string
	MAC              net.HardwareAddr
}

// String is the link as text, for golden files and people.
func (p PeerLink) String() string {
	return fmt.Sprintf("peering %s mtu %d between %s mac %s and %s mac %s", p.Name, p.MTU,
		p.Ends[0].Namespace, p.Ends[0].MAC, p.Ends[1].Namespace, p.Ends[1].MAC)
}

// checkPeerings leaves out what cannot be: one with a VPC that has addresses of this one.
// One whose other VPC isn't on this host has no link, so that routes to it lead nowhere.
func (n *nsBuilder) checkPeerings(local claims) {
	var kept []Peering
	for _, p := range n.vpc.Peerings {
		overlaps := slices.ContainsFunc(p.CIDRs, func(c netip.Prefix) bool {
			return !c.IsValid() || !c.Addr().Is4() || slices.ContainsFunc(n.vpc.CIDRs, func(own netip.Prefix) bool { return own.Overlaps(c) })
		})
		known := slices.ContainsFunc(n.host.VPCs, func(v VPC) bool {
			return v.ID == p.VPC && slices.ContainsFunc(v.Peerings, func(o Peering) bool { return o.ID == p.ID && o.VPC == n.vpc.ID })
		})
		switch {
		case !known:
		case !isID(p.ID), p.VPC == n.vpc.ID, overlaps:
			n.warn("%s is left out: it makes no sense here", p.ID)
		case local.take("peering", PeeringName(p.ID), p.ID) != nil:
			n.warn("%s is left out: it has the link of another one", p.ID)
		default:
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b Peering) int { return cmp.Compare(a.ID, b.ID) })
	n.vpc.Peerings = kept
}

// buildPeerings adds what the ends of the links need here. The links themselves are the
// host's: see peerLinks.
func (n *nsBuilder) buildPeerings() {
	for _, p := range n.vpc.Peerings {
		n.out.Neighbours = append(n.out.Neighbours, Neighbour{PeeringName(p.ID), peerHop, peerMAC(n.host.Prefix, p.ID, p.VPC)})
	}
}

func peerMAC(prefix, peering, vpc string) net.HardwareAddr { return derivedMAC(prefix, peering, vpc) }

// peerLinks are the links between the namespaces of a plan.
func peerLinks(h Host, namespaces []Namespace) []PeerLink {
	var out []PeerLink
	for _, n := range namespaces {
		for _, p := range n.VPC.Peerings {
			there := slices.IndexFunc(namespaces, func(o Namespace) bool { return o.VPCID == p.VPC })
			if there < 0 || n.VPCID > p.VPC {
				continue
			}
			end := func(vpc string) PeerEnd {
				return PeerEnd{vpc, NamespaceName(h.Prefix, vpc), peerMAC(h.Prefix, p.ID, vpc)}
			}
			out = append(out, PeerLink{PeeringName(p.ID), h.MTU, [2]PeerEnd{end(n.VPCID), end(p.VPC)}})
		}
	}
	return out
}

// peerOnlyRules (raw) let the peer's addresses in to ours and no others. What goes on to
// another host is not tracked: only one direction of it comes by here, and its ends' hosts
// judge it.
func (n *nsBuilder) peerOnlyRules() []string {
	var out []string
	for _, p := range n.vpc.Peerings {
		for _, from := range p.CIDRs {
			for _, to := range n.vpc.CIDRs {
				match := fmt.Sprintf("-s %s -d %s -i %s ", from.Masked(), to.Masked(), PeeringName(p.ID))
				if n.tunnelled() {
					out = append(out, match+"-m set --match-set remote dst -j CT --notrack")
				}
				out = append(out, match+"-j RETURN")
			}
		}
	}
	return append(out, "-j DROP")
}

// peeredRules let a packet in from a peer only where the destination's subnet would send
// the answer to that peer. So an address means one and the same peer to all of a subnet,
// though two peers may both have it.
func (n *nsBuilder) peeredRules() []string {
	out := []string{"! -o br-+ -j DROP"}
	for _, s := range n.vpc.Subnets {
		routes := slices.Clone(s.Routes)
		slices.SortStableFunc(routes, func(a, b SubnetRoute) int { return cmp.Compare(b.To.Bits(), a.To.Bits()) })
		for i, r := range routes {
			if !r.To.IsValid() || !r.To.Addr().Is4() || slices.ContainsFunc(routes[:i], func(o SubnetRoute) bool { return o.To == r.To }) {
				continue
			}
			match := fmt.Sprintf("-s %s ", r.To.Masked())
			if r.To.Bits() == 0 {
				match = ""
			}
			if n.vpc.target(r).Kind == HopPeering {
				out = append(out, fmt.Sprintf("%s-i %s -o %s -j RETURN", match, PeeringName(r.Target), BridgeName(s.ID)))
			}
			out = append(out, fmt.Sprintf("%s-o %s -j DROP", match, BridgeName(s.ID)))
		}
	}
	return append(out, "-j DROP")
}

// peer is the peering by which an address of another VPC is reached from a subnet.
func (v VPC) peer(s Subnet, a netip.Addr) (Peering, bool) {
	h := v.hop(s, a)
	i := slices.IndexFunc(v.Peerings, func(p Peering) bool { return p.ID == h.ID })
	if h.Kind != HopPeering || i < 0 || !containsAddr(v.Peerings[i].CIDRs, a) {
		return Peering{}, false
	}
	return v.Peerings[i], true
}

func containsAddr(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}
