package plan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Site is everything that packets can meet: all VPCs with all their interfaces, wherever
// these are. It is the model of what the plans of all hosts do together.
type Site struct {
	VPCs []VPC
	Pool netip.Prefix // of public addresses
}

// Probe is the first packet of a connection. From outside, VPC is empty.
type Probe struct {
	VPC                string
	Src, Dst           netip.Addr
	Protocol           int
	SrcPort, DstPort   int
	ICMPType, ICMPCode int
}

// Reached is what becomes of a probe and of the answer to it.
type Reached struct {
	Verdict
	Interface string   // that took it; empty outside of all VPCs
	Steps     []string // what the packet met, in order
}

// Reach follows a probe through groups, ACLs, routes, gateways and peerings, and then looks
// whether the answer comes back the same way.
func (s Site) Reach(p Probe) Reached {
	w := &walk{site: s, probe: p}
	var v Verdict
	if p.VPC == "" {
		v = w.arrive(p.Src, p.Dst)
	} else if vpc, i, ok := s.find(p.VPC, p.Src); !ok {
		v = no("no interface of %s has the source %s", p.VPC, p.Src)
	} else {
		v = w.leave(vpc, i, p.Src, p.Dst)
	}
	if v.Allowed {
		if reason := w.back(); reason != "" {
			v = no("the answer is lost: %s", reason)
		}
	}
	return Reached{v, w.to, w.steps}
}

// find is the interface that has an address in a VPC.
func (s Site) find(vpc string, a netip.Addr) (VPC, Interface, bool) {
	for _, v := range s.VPCs {
		if v.ID == vpc {
			i, ok := judge{v: v}.byAddress(a)
			return v, i, ok
		}
	}
	return VPC{}, Interface{}, false
}

// walk is one probe on its way.
type walk struct {
	site  Site
	probe Probe
	hops  int
	to    string
	steps []string
	// crossed are the borders of subnets that the answer crosses the other way.
	crossed []border
	// ways are the routes that the answer needs.
	ways []way
}

type border struct {
	vpc     VPC
	subnet  Subnet
	ingress bool
	peer    netip.Addr
}

type way struct {
	vpc    VPC
	subnet Subnet
	to     netip.Addr
	by     HopKind
	id     string // of the peering
}

func (w *walk) say(format string, args ...any) {
	w.steps = append(w.steps, fmt.Sprintf(format, args...))
}

// flow is the packet with its present ends.
func (w *walk) flow(src, dst netip.Addr) Flow {
	p := w.probe
	return Flow{Protocol: p.Protocol, Src: src, Dst: dst, DstPort: p.DstPort, ICMPType: p.ICMPType, ICMPCode: p.ICMPCode}
}

func (w *walk) judge(v VPC, src, dst netip.Addr) judge {
	return judge{v: v, members: v.groupMembers(), flow: w.flow(src, dst)}
}

// cross asks a subnet's ACL on the way to or from peer.
func (w *walk) cross(v VPC, s Subnet, ingress bool, peer, src, dst netip.Addr) string {
	w.crossed = append(w.crossed, border{v, s, ingress, peer})
	return v.crosses(s, ingress, peer, w.flow(src, dst))
}

// leave takes the packet from an interface to its next hop.
func (w *walk) leave(v VPC, i Interface, src, dst netip.Addr) Verdict {
	if w.hops++; w.hops > 8 {
		return no("it goes in circles")
	}
	if !i.NAT {
		r := w.judge(v, src, dst).anyRule(i, dst, false)
		if r == "" {
			return no("no egress rule of %s allows it", i.ID)
		}
		w.say("%s: %s lets it out", i.ID, r)
	}
	s, ok := v.subnet(i.SubnetID)
	if !ok {
		return no("%s has no subnet", i.ID)
	}
	if s.CIDR.Contains(dst) {
		return w.enter(v, s, false, src, dst)
	}
	h := v.hop(s, dst)
	w.say("%s: %s is the route, to %s", s.ID, h.Route, cmp.Or(h.ID, "local"))
	if h.Kind == HopInterface {
		return w.nextHop(v, s, h, src, dst)
	}
	if reason := w.cross(v, s, false, dst, src, dst); reason != "" {
		return no("%s", reason)
	}
	switch h.Kind {
	case HopLocal:
		t, ok := v.subnetOf(dst)
		if !ok {
			return no("no subnet has %s", dst)
		}
		w.ways = append(w.ways, way{v, t, src, HopLocal, ""})
		return w.enter(v, t, true, src, dst)
	case HopInternet:
		pub, ok := v.publicOf(i, src)
		switch {
		case v.contains(dst):
			return no("addresses of the VPC do not leave it")
		case !ok:
			return no("%s has no public address, so no way out of the VPC", src)
		}
		w.say("it leaves the VPC as %s", pub)
		return w.arrive(pub, dst)
	case HopPeering:
		return w.peer(v, h, src, dst)
	}
	return no("the route table of %s has no way to %s", s.ID, dst)
}

// nextHop hands the packet to a router's or NAT gateway's interface.
func (w *walk) nextHop(v VPC, s Subnet, h Hop, src, dst netip.Addr) Verdict {
	n := slices.IndexFunc(v.Interfaces, func(i Interface) bool { return i.ID == h.ID })
	i := v.Interfaces[n]
	t, _ := v.subnet(i.SubnetID)
	if t.ID != s.ID {
		if reason := w.cross(v, s, false, dst, src, dst); reason != "" {
			return no("%s", reason)
		}
		if reason := w.cross(v, t, true, src, src, dst); reason != "" {
			return no("%s", reason)
		}
		w.ways = append(w.ways, way{v, t, src, HopLocal, ""})
	}
	if !i.NAT {
		if r := w.judge(v, src, dst).anyRule(i, src, true); r == "" {
			return no("no ingress rule of %s allows it", i.ID)
		}
		w.to = i.ID
		return yes("%s takes it for %s", i.ID, dst)
	}
	w.say("%s translates it to %s", i.ID, i.PrivateIP)
	return w.leave(v, i, i.PrivateIP, dst)
}

// peer crosses to another VPC, if that would send the answer back by the same peering.
func (w *walk) peer(v VPC, h Hop, src, dst netip.Addr) Verdict {
	p := v.Peerings[slices.IndexFunc(v.Peerings, func(p Peering) bool { return p.ID == h.ID })]
	o := slices.IndexFunc(w.site.VPCs, func(o VPC) bool {
		return o.ID == p.VPC && slices.ContainsFunc(o.Peerings, func(q Peering) bool { return q.ID == p.ID })
	})
	if o < 0 || !containsAddr(p.CIDRs, dst) || !v.contains(src) {
		return no("%s leads to no such address", p.ID)
	}
	other := w.site.VPCs[o]
	t, ok := other.subnetOf(dst)
	if !ok {
		return no("no subnet of %s has %s", other.ID, dst)
	}
	if back, ok := other.peer(t, src); !ok || back.ID != p.ID {
		return no("%s has no route back to %s by %s", t.ID, src, p.ID)
	}
	w.ways = append(w.ways, way{other, t, src, HopPeering, p.ID})
	return w.enter(other, t, true, src, dst)
}

// arrive brings the packet to a public address, or to somewhere outside.
func (w *walk) arrive(src, dst netip.Addr) Verdict {
	for _, v := range w.site.VPCs {
		for _, i := range v.Interfaces {
			for _, a := range v.public(i) {
				if a.Public != dst {
					continue
				}
				s, _ := v.subnet(i.SubnetID)
				if v.contains(src) || slices.ContainsFunc(v.Peerings, func(p Peering) bool { return containsAddr(p.CIDRs, src) }) {
					return no("%s is no address outside", src)
				}
				w.say("%s is %s of %s", dst, a.IP, v.ID)
				w.ways = append(w.ways, way{v, s, src, HopInternet, ""})
				return w.enter(v, s, true, src, a.IP)
			}
		}
	}
	if w.site.Pool.IsValid() && w.site.Pool.Contains(dst) || w.probe.VPC == "" {
		return no("nobody has %s", dst)
	}
	return yes("%s is outside", dst)
}

// enter delivers the packet in its destination's subnet.
func (w *walk) enter(v VPC, s Subnet, border bool, src, dst netip.Addr) Verdict {
	if border {
		if reason := w.cross(v, s, true, src, src, dst); reason != "" {
			return no("%s", reason)
		}
	}
	j := w.judge(v, src, dst)
	i, ok := j.byAddress(dst)
	if !ok {
		return no("no interface has %s", dst)
	}
	r := j.anyRule(i, src, true)
	if r == "" {
		return no("no ingress rule of %s allows it", i.ID)
	}
	w.to = i.ID
	return yes("%s of %s lets it in", r, i.ID)
}

// back says why the answer does not come back. What comes from outside by itself does.
func (w *walk) back() string {
	f := w.flow(netip.Addr{}, netip.Addr{})
	f.DstPort = w.probe.SrcPort
	if f.Protocol == ProtocolICMP && f.ICMPType == 8 {
		f.ICMPType = 0
	}
	for _, b := range w.crossed {
		if reason := b.vpc.crosses(b.subnet, !b.ingress, b.peer, f); reason != "" {
			return reason
		}
	}
	for _, y := range w.ways {
		if h := y.vpc.hop(y.subnet, y.to); h.Kind != y.by || y.by == HopPeering && h.ID != y.id {
			return fmt.Sprintf("%s sends it elsewhere than it came from", y.subnet.ID)
		}
	}
	return ""
}
