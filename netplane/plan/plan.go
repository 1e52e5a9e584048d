// Package plan turns what of VPCs is on a host into the kernel state it needs:
// namespaces, links, routes, sets and filter chains as plain values. It is pure:
// equal input gives equal output, and it touches nothing.
//
// DESIGN.md in this folder walks a packet through what comes out.
package plan

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Addresses inside every VPC's namespace.
var (
	// MetadataAddress is where the instance metadata service listens, on port 80.
	MetadataAddress = netip.MustParseAddr("169.254.169.254")
	// DNSAddress is the second address of the resolver; the first is DNSOf.
	DNSAddress = netip.MustParseAddr("169.254.169.253")
	// The two ends of the link between a namespace and the host. They are next hops
	// with a permanent neighbour and sit on no device.
	hostHop  = netip.MustParseAddr("169.254.0.1")
	guestHop = netip.MustParseAddr("169.254.0.2")

	linkLocal = netip.MustParsePrefix("169.254.0.0/16")
	broadcast = netip.MustParseAddr("255.255.255.255")
)

// GatewayLink is the namespace's end of the link to the host.
const GatewayLink = "gw"

var prefixForm = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$`)

// idForm is how ids look, for people; isID asks for it.
const idForm = "^[a-z]+-[0-9a-f]{8,17}$"

// isID is asked for each interface of a host at each change.
func isID(s string) bool {
	kind, digits, ok := strings.Cut(s, "-")
	return ok && kind != "" && len(digits) >= 8 && len(digits) <= 17 &&
		strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") == "" && strings.Trim(digits, "0123456789abcdef") == ""
}

// Build makes the desired kernel state of a host. A VPC whose input makes no sense
// is kept as it is and named in Warnings; an error means the host as a whole.
func Build(h Host) (Desired, error) {
	h.Prefix = orDefault(h.Prefix)
	if !prefixForm.MatchString(h.Prefix) {
		return Desired{}, fmt.Errorf("prefix %q: want %s", h.Prefix, prefixForm)
	}
	if h.PublicPool.IsValid() && !h.PublicPool.Addr().Is4() {
		return Desired{}, fmt.Errorf("public pool %s: want IPv4", h.PublicPool)
	}
	if h.MTU == 0 {
		h.MTU = 1500
	}
	d := Desired{Prefix: h.Prefix, Root: rootOf(h)}
	interfaces := 0
	for _, v := range h.VPCs {
		interfaces += len(v.Interfaces)
	}
	seen := make(claims, 2*interfaces)
	var members []Remote
	for _, v := range slices.SortedFunc(slices.Values(h.VPCs), func(a, b VPC) int { return cmp.Compare(a.ID, b.ID) }) {
		n := newBuilder(h, v)
		if err := n.check(seen); err != nil {
			if !isID(v.ID) {
				return Desired{}, fmt.Errorf("VPC %q: %w", v.ID, err)
			}
			d.Keep = append(d.Keep, NamespaceName(h.Prefix, v.ID))
			for _, i := range v.Interfaces {
				if i.NAT {
					d.Keep = append(d.Keep, NATName(h.Prefix, i.ID))
				}
			}
			d.Root.KeepLinks = append(d.Root.KeepLinks, GatewayName(h.Prefix, v.ID))
			d.Warnings = append(d.Warnings, fmt.Sprintf("%s stays as it is: %v", v.ID, err))
			continue
		}
		n.build(&d.Root)
		d.NATs = append(d.NATs, n.nats...)
		members = append(members, n.vpc.Remotes...)
		d.Namespaces = append(d.Namespaces, n.out)
		d.Warnings = append(d.Warnings, n.warnings...)
	}
	d.Peers = peerLinks(h, d.Namespaces)
	finishRoot(h, &d.Root)
	d.Root.guardTunnels(h, members)
	return d, nil
}

// DNSOf is the resolver's address in a VPC: the first CIDR's base + 2.
func DNSOf(v VPC) netip.Addr {
	if len(v.CIDRs) == 0 {
		return netip.Addr{}
	}
	return v.CIDRs[0].Masked().Addr().Next().Next()
}

// claims are the names and addresses that only one object of the host may have.
type claims map[claim]string

type claim struct {
	what, name string
	addr       netip.Addr
}

func (c claims) take(what, name, by string) error { return c.claim(claim{what: what, name: name}, by) }

func (c claims) takeAddr(what string, addr netip.Addr, by string) error {
	return c.claim(claim{what: what, addr: addr}, by)
}

func (c claims) claim(key claim, by string) error {
	if other, taken := c[key]; taken {
		name := key.name
		if key.addr.IsValid() {
			name = key.addr.String()
		}
		return fmt.Errorf("%s %s of %s is also that of %s", key.what, name, by, other)
	}
	c[key] = by
	return nil
}

func (c claims) takeAll(what string, list []netip.Addr, by string) error {
	for _, a := range list {
		if err := c.takeAddr(what, a, by); err != nil {
			return err
		}
	}
	return nil
}

// nsBuilder makes one VPC's namespace.
type nsBuilder struct {
	host     Host
	vpc      VPC
	out      Namespace
	members  map[string][]netip.Addr // of each group, sorted
	nats     []NATBox
	warnings []string

	// What is asked for each interface again.
	taps    string // how their names begin
	router  net.HardwareAddr
	loose   []Interface     // those without SourceDestCheck
	grouped map[string]bool // groups that are described
}

func newBuilder(h Host, v VPC) *nsBuilder {
	n := &nsBuilder{host: h, vpc: v.clone(), taps: TapPattern(h.Prefix), router: derivedMAC(v.ID, "router"), grouped: map[string]bool{}}
	n.loose = n.vpc.unchecked()
	for _, g := range n.vpc.Groups {
		n.grouped[g.ID] = true
	}
	return n
}

func (n *nsBuilder) warn(format string, args ...any) {
	n.warnings = append(n.warnings, n.vpc.ID+": "+fmt.Sprintf(format, args...))
}

// clone copies what build sorts or completes.
func (v VPC) clone() VPC {
	v.Subnets = slices.Clone(v.Subnets)
	for i, s := range v.Subnets {
		if !s.Router.IsValid() && s.CIDR.IsValid() {
			v.Subnets[i].Router = s.CIDR.Masked().Addr().Next()
		}
	}
	v.Interfaces = slices.Clone(v.Interfaces)
	v.Groups = slices.Clone(v.Groups)
	v.Remotes = slices.Clone(v.Remotes)
	v.ACLs = slices.Clone(v.ACLs)
	v.PrefixLists = slices.Clone(v.PrefixLists)
	slices.SortFunc(v.ACLs, func(a, b ACL) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(v.PrefixLists, func(a, b PrefixList) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(v.Remotes, func(a, b Remote) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(v.Subnets, func(a, b Subnet) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(v.Interfaces, func(a, b Interface) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(v.Groups, func(a, b Group) int { return cmp.Compare(a.ID, b.ID) })
	return v
}

func (v VPC) subnet(id string) (Subnet, bool) {
	i := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.ID == id })
	if i < 0 {
		return Subnet{}, false
	}
	return v.Subnets[i], true
}

func (v VPC) contains(a netip.Addr) bool { return containsAddr(v.CIDRs, a) }

// subnetOf is the subnet that has the address.
func (v VPC) subnetOf(a netip.Addr) (Subnet, bool) {
	i := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.CIDR.Contains(a) })
	if i < 0 {
		return Subnet{}, false
	}
	return v.Subnets[i], true
}

// public are the interface's addresses that have a public one in force.
func (v VPC) public(i Interface) []PrivateAddress {
	s, ok := v.subnet(i.SubnetID)
	if !ok || !v.reachesInternet(s) {
		return nil
	}
	return slices.DeleteFunc(i.Addresses(), func(a PrivateAddress) bool { return !a.Public.IsValid() })
}

// publicOf is the address that stands for a private one of the interface outside.
func (v VPC) publicOf(i Interface, private netip.Addr) (netip.Addr, bool) {
	for _, a := range v.public(i) {
		if a.IP == private {
			return a.Public, true
		}
	}
	return netip.Addr{}, false
}

// groupMembers joins what the input says of members with the interfaces here. Only
// addresses of the group's VPC can be members.
func (v VPC) groupMembers() map[string][]netip.Addr {
	m, in := map[string][]netip.Addr{}, map[string][]netip.Prefix{}
	for _, g := range v.Groups {
		m[g.ID] = slices.Clone(g.Members)
		if g.VPC == "" || g.VPC == v.ID {
			in[g.ID] = v.CIDRs
		} else if p := slices.IndexFunc(v.Peerings, func(p Peering) bool { return p.VPC == g.VPC }); p >= 0 {
			in[g.ID] = v.Peerings[p].CIDRs
		}
	}
	for _, g := range v.Groups {
		for _, r := range slices.Concat(g.Ingress, g.Egress) {
			if _, known := m[r.Group]; r.Group != "" && !known && isID(r.Group) {
				m[r.Group] = nil // named, and empty as far as we know
			}
		}
	}
	for _, i := range v.Interfaces {
		for _, g := range i.Groups {
			if _, known := m[g]; known {
				for _, a := range i.Addresses() {
					m[g] = append(m[g], a.IP)
				}
			}
		}
	}
	for g, addrs := range m {
		slices.SortFunc(addrs, netip.Addr.Compare)
		m[g] = slices.DeleteFunc(slices.Compact(addrs), func(a netip.Addr) bool { return !containsAddr(in[g], a) || v.ambiguous(g, a) })
	}
	return m
}

// ambiguous says that a member of a peered VPC's group has an address that some subnet with
// a route to that VPC sends to another one: there, whoever has it is not the member.
func (v VPC) ambiguous(group string, member netip.Addr) bool {
	p, other := v.peerOfGroup(group)
	return other && slices.ContainsFunc(v.Subnets, func(s Subnet) bool {
		return slices.ContainsFunc(s.Routes, func(r SubnetRoute) bool { return r.Target == p.ID }) && v.hop(s, member).ID != p.ID
	})
}
