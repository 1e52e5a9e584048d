package plan

import (
	"fmt"
	"net/netip"
	"slices"
)

// Flow is one connection, as the security groups see it: after the destination was
// translated and before the source is.
type Flow struct {
	Protocol           int
	Src, Dst           netip.Addr
	DstPort            int // of TCP and UDP
	ICMPType, ICMPCode int
	// NATSrc and NATDst are the public addresses that stand for Src and Dst on the
	// outside, invalid when not translated.
	NATSrc, NATDst netip.Addr
	// Tracked says that all translations are known: the flow is one that passed before.
	Tracked bool
}

// Verdict is what the security groups say of a flow, and why.
type Verdict struct {
	Allowed bool
	Reason  string
}

func no(format string, args ...any) Verdict  { return Verdict{false, fmt.Sprintf(format, args...)} }
func yes(format string, args ...any) Verdict { return Verdict{true, fmt.Sprintf(format, args...)} }

// Allows judges a flow by the model alone, as the chains of Build do for a new
// connection on this host: egress of the source, where the route leads, then ingress of
// the destination. ACLs are no part of it: they have no memory, and ask each packet.
func Allows(v VPC, f Flow) Verdict { return Judge(v)(f) }

// Judge is Allows for many flows.
func Judge(v VPC) func(Flow) Verdict {
	members := v.groupMembers()
	return func(f Flow) Verdict { return judge{v: v, members: members, flow: f}.allows() }
}

func (j judge) allows() Verdict {
	v, f := j.v, j.flow
	if j.isService() {
		return yes("a service of the host")
	}
	src, srcHere := j.byAddress(f.Src)
	dst, dstHere := j.byAddress(f.Dst)
	if reason := j.nat(src, srcHere, dst, dstHere); reason != "" {
		return no("%s", reason)
	}
	if linkLocal.Contains(f.Dst) || linkLocal.Contains(f.Src) {
		return no("link-local addresses are not routed")
	}
	if ok, reason := j.egress(src, srcHere); !ok {
		return no("%s", reason)
	}
	if srcHere {
		if s, _ := v.subnet(src.SubnetID); !s.CIDR.Contains(f.Dst) { // else it is bridged
			if h := v.hop(s, f.Dst); h.Kind != HopLocal {
				return j.follow(h, src)
			}
		}
		if f.NATSrc.IsValid() {
			return no("it left the VPC as %s, and its route stays inside", f.NATSrc)
		}
	}
	if j.remote(f.Dst) {
		if j.remote(f.Src) {
			return no("neither end is here")
		}
		return yes("the destination's host decides on ingress")
	}
	return j.ingress(dst, dstHere)
}

// follow judges what a route leads out of the VPC's local ones.
func (j judge) follow(h Hop, src Interface) Verdict {
	f := j.flow
	if f.NATSrc.IsValid() && h.Kind != HopInternet {
		return no("it left the VPC as %s, and its route is another one now", f.NATSrc)
	}
	switch h.Kind {
	case HopInternet:
		pub, ok := j.v.publicOf(src, f.Src)
		switch {
		case j.v.contains(f.Dst):
			return no("addresses of the VPC do not leave it")
		case ok && f.Tracked && !f.NATSrc.IsValid():
			return no("it did not leave the VPC as %s", pub)
		case ok:
			return yes("leaves the VPC as %s", pub)
		}
	case HopInterface:
		for _, i := range j.v.unchecked() {
			switch {
			case i.ID != h.ID:
			case i.NAT:
				return yes("by the NAT gateway of %s", i.ID)
			default:
				if r := j.anyRule(i, f.Src, true); r != "" {
					return yes("%s may receive for others", i.ID)
				}
				return no("no ingress rule of %s allows it", i.ID)
			}
		}
		return yes("the host of %s decides on ingress", h.ID)
	case HopPeering:
		return yes("the other VPC of %s decides", h.ID)
	}
	if v := j.toUnchecked(); v.Allowed { // within the subnet, by its MAC
		return v
	}
	if h.Kind == HopInternet {
		return no("%s has no public address, so no way out of the VPC", f.Src)
	}
	return no("the route table has no way to %s", f.Dst)
}

type judge struct {
	v       VPC
	members map[string][]netip.Addr
	flow    Flow
}

func (j judge) byAddress(a netip.Addr) (Interface, bool) {
	i := slices.IndexFunc(j.v.Interfaces, func(i Interface) bool {
		return i.PrivateIP == a || slices.ContainsFunc(i.Secondary, func(p PrivateAddress) bool { return p.IP == a })
	})
	if i < 0 {
		return Interface{}, false
	}
	return j.v.Interfaces[i], true
}

// remote says that an interface on another host has the address.
func (j judge) remote(a netip.Addr) bool {
	return slices.ContainsFunc(j.v.Remotes, func(r Remote) bool { return r.PrivateIP == a || slices.Contains(r.Secondary, a) })
}

func (j judge) isService() bool {
	d := j.flow.Dst
	return d == MetadataAddress || d == broadcast ||
		j.v.DNS && (d == DNSAddress || d == DNSOf(j.v)) ||
		slices.ContainsFunc(j.v.Subnets, func(s Subnet) bool { return s.Router == d })
}

// nat says why the flow's translation is not one that is in force.
func (j judge) nat(src Interface, srcHere bool, dst Interface, dstHere bool) string {
	f := j.flow
	if f.NATDst.IsValid() {
		if pub, ok := j.v.publicOf(dst, f.Dst); !dstHere || !ok || pub != f.NATDst {
			return fmt.Sprintf("%s is no public address of %s", f.NATDst, f.Dst)
		}
		if slices.ContainsFunc(j.v.Peerings, func(p Peering) bool { return containsAddr(p.CIDRs, f.Src) }) {
			return fmt.Sprintf("%s is of a peered VPC and came from outside", f.Src)
		}
	}
	if f.NATSrc.IsValid() {
		if pub, ok := j.v.publicOf(src, f.Src); !srcHere || !ok || pub != f.NATSrc {
			return fmt.Sprintf("%s is no public address of %s", f.NATSrc, f.Src)
		}
	}
	return ""
}

func (j judge) egress(src Interface, here bool) (bool, string) {
	switch {
	case here && src.NAT:
		return true, "a NAT gateway"
	case here:
		if r := j.anyRule(src, j.flow.Dst, false); r != "" {
			return true, r
		}
		return false, fmt.Sprintf("no egress rule of %s allows it", src.ID)
	case j.remote(j.flow.Src):
		return true, "the source's host decided on egress"
	case j.v.contains(j.flow.Src): // the VPC's, and nobody's that we know of
	case j.flow.NATDst.IsValid():
		return true, "from outside by a public address"
	default:
		if s, ok := j.v.subnetOf(j.flow.Dst); ok {
			if p, ok := j.v.peer(s, j.flow.Src); ok {
				return true, p.VPC + " decided on egress"
			}
		}
	}
	// Whoever sends with foreign addresses may do so within its groups.
	for _, i := range j.v.Interfaces {
		if !i.SourceDestCheck && j.anyRule(i, j.flow.Dst, false) != "" {
			return true, i.ID + " may send for others"
		}
	}
	return false, fmt.Sprintf("no interface has the source %s", j.flow.Src)
}

func (j judge) ingress(dst Interface, here bool) Verdict {
	if here {
		if r := j.anyRule(dst, j.flow.Src, true); r != "" {
			return yes("%s", r)
		}
		return no("no ingress rule of %s allows it", dst.ID)
	}
	return j.toUnchecked()
}

// toUnchecked is for destinations that no interface has.
func (j judge) toUnchecked() Verdict {
	for _, i := range j.v.unchecked() {
		if i.NAT && !j.v.contains(j.flow.Dst) && j.remote(j.flow.Src) {
			return yes("by the NAT gateway of %s", i.ID)
		}
		if j.anyRule(i, j.flow.Src, true) != "" {
			return yes("%s may receive for others", i.ID)
		}
	}
	return no("no interface here has the destination %s", j.flow.Dst)
}

// anyRule names a rule of the interface's groups that allows the flow with peer, or "".
func (j judge) anyRule(i Interface, peer netip.Addr, ingress bool) string {
	for _, g := range j.v.Groups {
		if !slices.Contains(i.Groups, g.ID) {
			continue
		}
		rules := g.Egress
		if ingress {
			rules = g.Ingress
		}
		for _, r := range rules {
			if r.check() == nil && j.matches(r, peer) && j.bound(r, i) {
				return fmt.Sprintf("rule %s of %s", r.ID, g.ID)
			}
		}
	}
	return ""
}

// bound says that a rule's group is of this VPC, or of one that the interface's subnet has
// a route to: see qualified.
func (j judge) bound(r Rule, i Interface) bool {
	p, other := j.v.peerOfGroup(r.Group)
	s, _ := j.v.subnet(i.SubnetID)
	return !other || slices.ContainsFunc(s.Routes, func(t SubnetRoute) bool { return t.Target == p.ID })
}

func (j judge) matches(r Rule, peer netip.Addr) bool {
	f := j.flow
	switch {
	case r.Group != "" && !slices.Contains(j.members[r.Group], peer),
		r.PrefixList != "" && !containsAddr(j.v.prefixes(r.PrefixList), peer),
		r.CIDR.IsValid() && !r.CIDR.Contains(peer):
		return false
	}
	switch {
	case r.Protocol == ProtocolAll:
		return true
	case r.Protocol != f.Protocol:
		return false
	case r.hasPorts():
		return r.allPorts() || r.FromPort <= f.DstPort && f.DstPort <= r.ToPort
	case r.Protocol == ProtocolICMP:
		return r.ICMPType == -1 || r.ICMPType == f.ICMPType && (r.ICMPCode == -1 || r.ICMPCode == f.ICMPCode)
	}
	return true
}
