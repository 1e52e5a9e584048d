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
}

// Verdict is what the security groups say of a flow, and why.
type Verdict struct {
	Allowed bool
	Reason  string
}

func no(format string, args ...any) Verdict  { return Verdict{false, fmt.Sprintf(format, args...)} }
func yes(format string, args ...any) Verdict { return Verdict{true, fmt.Sprintf(format, args...)} }

// Allows judges a flow by the model alone, as the chains of Build do for a new
// connection on this host: egress of the source, then ingress of the destination.
func Allows(v VPC, f Flow) Verdict {
	j := judge{v: v, members: v.groupMembers(), flow: f}
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
	if j.remote(f.Dst) {
		if j.remote(f.Src) {
			return no("neither end is here")
		}
		return yes("the destination's host decides on ingress")
	}
	if v.contains(f.Dst) || dstHere {
		return j.ingress(dst, dstHere)
	}
	return j.leaves(src, srcHere)
}

type judge struct {
	v       VPC
	members map[string][]netip.Addr
	flow    Flow
}

func (j judge) byAddress(a netip.Addr) (Interface, bool) {
	i := slices.IndexFunc(j.v.Interfaces, func(i Interface) bool { return i.PrivateIP == a })
	if i < 0 {
		return Interface{}, false
	}
	return j.v.Interfaces[i], true
}

// remote says that an interface on another host has the address.
func (j judge) remote(a netip.Addr) bool {
	return slices.ContainsFunc(j.v.Remotes, func(r Remote) bool { return r.PrivateIP == a })
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
		if pub, ok := j.v.public(dst); !dstHere || !ok || pub != f.NATDst {
			return fmt.Sprintf("%s is no public address of %s", f.NATDst, f.Dst)
		}
	}
	if f.NATSrc.IsValid() {
		if pub, ok := j.v.public(src); !srcHere || !ok || pub != f.NATSrc {
			return fmt.Sprintf("%s is no public address of %s", f.NATSrc, f.Src)
		}
	}
	return ""
}

func (j judge) egress(src Interface, here bool) (bool, string) {
	switch {
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
	for _, i := range j.v.Interfaces {
		if !i.SourceDestCheck && j.anyRule(i, j.flow.Src, true) != "" {
			return yes("%s may receive for others", i.ID)
		}
	}
	return no("no interface here has the destination %s", j.flow.Dst)
}

func (j judge) leaves(src Interface, here bool) Verdict {
	if here {
		if pub, ok := j.v.public(src); ok {
			return yes("leaves the VPC as %s", pub)
		}
	}
	if v := j.toUnchecked(); v.Allowed {
		return v
	}
	return no("%s has no public address, so no way out of the VPC", j.flow.Src)
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
			if r.check() == nil && j.matches(r, peer) {
				return fmt.Sprintf("rule %s of %s", r.ID, g.ID)
			}
		}
	}
	return ""
}

func (j judge) matches(r Rule, peer netip.Addr) bool {
	f := j.flow
	if r.Group != "" {
		if !slices.Contains(j.members[r.Group], peer) {
			return false
		}
	} else if !r.CIDR.Contains(peer) {
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
