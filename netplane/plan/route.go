package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// HopKind says where a subnet's route table sends a packet.
type HopKind int

// The kinds of next hops.
const (
	HopNone      HopKind = iota // no route, or one to what is gone
	HopLocal                    // within the VPC
	HopInternet                 // the internet gateway
	HopInterface                // a router's or NAT gateway's interface
	HopPeering
)

// Hop is where a packet goes next.
type Hop struct {
	Kind  HopKind
	ID    string // of the interface or peering
	Route netip.Prefix
}

// hop is the model of a subnet's routing: the longest prefix decides, and a route of the
// table goes before the local one of the same length.
func (v VPC) hop(s Subnet, to netip.Addr) Hop {
	var best Hop
	for _, c := range v.CIDRs {
		if c.Contains(to) {
			best = Hop{HopLocal, "", c.Masked()}
		}
	}
	matched, static := best.Route.IsValid(), false
	for _, r := range s.Routes {
		if !r.To.IsValid() || !r.To.Contains(to) {
			continue
		}
		if matched && (r.To.Bits() < best.Route.Bits() || static && r.To.Bits() == best.Route.Bits()) {
			continue
		}
		matched, static = true, true
		best = v.target(r)
	}
	return best
}

// target is what a route of a table leads to.
func (v VPC) target(r SubnetRoute) Hop {
	h := Hop{HopNone, r.Target, r.To.Masked()}
	switch {
	case r.Target == TargetInternet && v.InternetGateway:
		h.Kind = HopInternet
	case strings.HasPrefix(r.Target, "eni-"):
		if _, _, ok := v.nextHop(r.Target); ok {
			h.Kind = HopInterface
		}
	case strings.HasPrefix(r.Target, "pcx-"):
		if slices.ContainsFunc(v.Peerings, func(p Peering) bool { return p.ID == r.Target }) {
			h.Kind = HopPeering
		}
	}
	return h
}

// nextHop is the address of an interface that routes lead to, here or on another host. One
// with SourceDestCheck takes nothing for others.
func (v VPC) nextHop(eni string) (ip netip.Addr, subnet string, ok bool) {
	for _, i := range v.Interfaces {
		if i.ID == eni {
			return i.PrivateIP, i.SubnetID, !i.SourceDestCheck
		}
	}
	for _, r := range v.Remotes {
		if r.ID == eni {
			return r.PrivateIP, r.SubnetID, true
		}
	}
	return netip.Addr{}, "", false
}

// RouteTable is the number of a subnet's routing table in its VPC's namespace.
func RouteTable(subnetID string) int {
	n, _ := strconv.ParseUint(tail(subnetID, 7), 16, 32)
	return 1<<28 | int(n)
}

// realmElsewhere marks routes to interfaces on other hosts: what may enter is judged there.
const realmElsewhere = 1

// realms numbers the interfaces here that routes lead to. The kernel keeps a route's realm
// with each packet, so that rules know the next hop of a packet that goes to another address.
func (n *nsBuilder) realms() map[string]int {
	out, taken := map[string]int{}, map[int]bool{}
	for _, i := range n.unchecked() {
		sum := sha256.Sum256([]byte(i.ID))
		r := int(binary.BigEndian.Uint16(sum[:]))
		for r <= realmElsewhere || taken[r] {
			r = (r + 1) & 0xffff
		}
		out[i.ID], taken[r] = r, true
	}
	return out
}

// buildRoutes gives each subnet its own table, asked for what comes in by its bridge.
func (n *nsBuilder) buildRoutes() {
	realms := n.realms()
	for _, s := range n.vpc.Subnets {
		table := RouteTable(s.ID)
		n.out.Policies = append(n.out.Policies, Policy{BridgeName(s.ID), table})
		routes := map[netip.Prefix]Route{}
		add := func(r Route) {
			if _, there := routes[r.To]; !there { // the first of equal ones counts
				r.Table = table
				routes[r.To] = r
			}
		}
		for _, r := range s.Routes {
			if r.To.IsValid() && r.To.Addr().Is4() {
				add(n.route(n.vpc.target(r), realms))
			}
		}
		for _, o := range n.vpc.Subnets {
			if n.vpc.hop(s, o.CIDR.Masked().Addr()).Kind == HopLocal {
				add(Route{To: o.CIDR.Masked(), Link: BridgeName(o.ID)})
			}
		}
		for _, c := range n.vpc.CIDRs {
			add(Route{To: c.Masked(), Blackhole: true}) // no subnet has it
		}
		// Nothing is to be looked up in the main table, which is the namespace's own.
		add(Route{To: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Blackhole: true})
		for _, to := range slices.SortedFunc(maps.Keys(routes), comparePrefix) {
			n.out.Routes = append(n.out.Routes, routes[to])
		}
	}
}

// route is a hop as the kernel is told of it.
func (n *nsBuilder) route(h Hop, realms map[string]int) Route {
	r := Route{To: h.Route}
	switch h.Kind {
	case HopInternet:
		r.Via, r.Link = hostHop, GatewayLink
	case HopInterface:
		via, subnet, _ := n.vpc.nextHop(h.ID)
		r.Via, r.Link, r.Realm = via, BridgeName(subnet), cmp.Or(realms[h.ID], realmElsewhere)
	case HopPeering:
		r.Via, r.Link = peerHop, PeeringName(h.ID)
	default:
		r.Blackhole = true
	}
	return r
}

func comparePrefix(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// reachesInternet says that any route of the subnet leads to the internet gateway.
func (v VPC) reachesInternet(s Subnet) bool {
	return v.InternetGateway && slices.ContainsFunc(s.Routes, func(r SubnetRoute) bool { return r.Target == TargetInternet })
}
