package plan

import (
	"cmp"
	"crypto/sha256"
	"net"
	"net/netip"
	"slices"
)

// Sets that every namespace has besides one for each group and subnet.
const (
	setLocal  = "local"  // private addresses of interfaces on this host
	setPublic = "public" // those of them with a public address in force
	setRemote = "remote" // private addresses of interfaces on other hosts
)

func (n *nsBuilder) build(root *Root) {
	n.members = n.vpc.groupMembers()
	n.out = Namespace{
		Name:    NamespaceName(n.host.Prefix, n.vpc.ID),
		VPCID:   n.vpc.ID,
		VPC:     n.vpc,
		Sysctls: namespaceSysctls(),
		Sets:    n.sets(),
		Tables:  []Table{n.filterTable(), n.rawTable(), n.natTable()},
		Bridge:  n.bridgeTables(),
	}
	if n.vpc.LogFlows {
		n.out.Tables[0] = logRejects(n.out.Tables[0])
		n.out.Sysctls = append(n.out.Sysctls, Sysctl{Path: "net/netfilter/nf_conntrack_acct", Value: "1"})
	}
	n.out.Links = append(n.out.Links, Link{Name: "lo", Kind: KindLoopback, MTU: 65536})
	for _, a := range n.serviceAddresses() {
		n.out.Addresses = append(n.out.Addresses, Address{"lo", host32(a)})
	}
	for _, s := range n.vpc.Subnets {
		br := BridgeName(s.ID)
		n.out.Links = append(n.out.Links, Link{Name: br, Kind: KindBridge, MAC: n.routerMAC(), MTU: n.host.MTU})
		n.out.Addresses = append(n.out.Addresses, Address{br, netip.PrefixFrom(s.Router, s.CIDR.Bits())})
	}
	for _, i := range n.vpc.Interfaces {
		if known := n.knownGroups(i); len(known) == 0 && !i.NAT {
			n.warn("%s: none of its groups %q is described, so nothing reaches it", i.ID, i.Groups)
		}
		br := BridgeName(i.SubnetID)
		n.out.Ports = append(n.out.Ports, Port{
			Name: n.tap(i), Bridge: br, MAC: i.MAC, MTU: n.host.MTU, ENI: i.ID, Rate: i.Rate,
			Shaper: cmp.Or(i.Instance, i.ID),
		})
		for _, a := range i.Addresses() {
			n.out.Neighbours = append(n.out.Neighbours, Neighbour{br, a.IP, i.MAC})
		}
		if i.NAT {
			n.nats = append(n.nats, n.natBox(i))
		}
	}
	share(n.out.Ports)
	n.buildTunnels()
	n.buildPeerings()
	n.buildRoutes()
	if n.vpc.InternetGateway {
		n.buildGateway(root)
	}
}

// joined says that a subnet reaches other hosts.
func (n *nsBuilder) joined(s Subnet) bool { return s.VNI > 0 && n.host.Underlay.IsValid() }

// buildTunnels leads to the interfaces on other hosts. The router is on every host, so
// that a packet is routed where it starts and arrives in its destination's subnet.
func (n *nsBuilder) buildTunnels() {
	for _, s := range n.vpc.Subnets {
		if !n.joined(s) {
			continue
		}
		t := Tunnel{Name: TunnelName(s.ID), Bridge: BridgeName(s.ID), VNI: s.VNI, Local: n.host.Underlay, MTU: n.host.MTU}
		for _, r := range n.vpc.Remotes {
			if r.SubnetID == s.ID {
				t.Far = append(t.Far, Far{r.MAC, r.Host})
				for _, a := range r.Addresses() {
					n.out.Neighbours = append(n.out.Neighbours, Neighbour{t.Bridge, a, r.MAC})
				}
			}
		}
		n.out.Tunnels = append(n.out.Tunnels, t)
	}
}

// namespaceSysctls in the order of writing: ip_forward resets what follows it.
func namespaceSysctls() []Sysctl {
	return []Sysctl{
		{Path: "net/ipv4/ip_forward", Value: "1"},
		// Bridged packets meet iptables, so that they are filtered as routed ones are.
		{Path: "net/bridge/bridge-nf-call-iptables", Value: "1"},
		{Path: "net/bridge/bridge-nf-call-arptables", Value: "0"},
		{Path: "net/bridge/bridge-nf-call-ip6tables", Value: "0"},
		{Path: "net/bridge/bridge-nf-filter-vlan-tagged", Value: "0"},
		// The pairs sets say more than a reverse path check, and know SourceDestCheck.
		{Path: "net/ipv4/conf/all/rp_filter", Value: "0"},
		{Path: "net/ipv4/conf/default/rp_filter", Value: "0"},
		{Path: "net/ipv4/conf/all/send_redirects", Value: "0"},
		{Path: "net/ipv4/conf/default/send_redirects", Value: "0"},
		{Path: "net/ipv4/conf/all/accept_redirects", Value: "0"},
		{Path: "net/ipv4/conf/default/accept_redirects", Value: "0"},
		{Path: "net/ipv4/conf/all/accept_source_route", Value: "0"},
		{Path: "net/ipv4/conf/default/accept_source_route", Value: "0"},
		// ebtables and the bridge answer ARP; the stack itself never does.
		{Path: "net/ipv4/conf/all/arp_ignore", Value: "8"},
		{Path: "net/ipv4/conf/all/arp_announce", Value: "2"},
		{Path: "net/ipv6/conf/all/disable_ipv6", Value: "1", Optional: true},
		{Path: "net/ipv6/conf/default/disable_ipv6", Value: "1", Optional: true},
		// A connection whose entry was deleted must not come back from its middle.
		{Path: "net/netfilter/nf_conntrack_tcp_loose", Value: "0"},
	}
}

// serviceAddresses are those that the agent's servers listen on.
func (n *nsBuilder) serviceAddresses() []netip.Addr {
	out := []netip.Addr{MetadataAddress}
	if n.vpc.DNS {
		out = append(out, DNSAddress, DNSOf(n.vpc))
	}
	return out
}

func (n *nsBuilder) sets() []Set {
	local := Set{Name: setLocal, Type: SetHashIP}
	public := Set{Name: setPublic, Type: SetHashIP}
	local.Members = make([]Member, 0, len(n.vpc.Interfaces))
	pairs := map[string][]Member{}
	for _, i := range n.vpc.Interfaces {
		for _, a := range i.Addresses() {
			local.Members = append(local.Members, Member{IP: a.IP})
			pairs[i.SubnetID] = append(pairs[i.SubnetID], Member{IP: a.IP, MAC: i.MAC.String()})
		}
		for _, a := range n.vpc.public(i) {
			public.Members = append(public.Members, Member{IP: a.IP})
		}
	}
	out := []Set{local, public}
	if n.tunnelled() {
		remote := Set{Name: setRemote, Type: SetHashIP}
		for _, r := range n.vpc.Remotes {
			for _, a := range r.Addresses() {
				remote.Members = append(remote.Members, Member{IP: a})
			}
		}
		out = append(out, remote)
	}
	for _, s := range n.vpc.Subnets {
		out = append(out, Set{pairsSet(s.ID), SetBitmapIPMAC, s.CIDR.Masked(), pairs[s.ID]})
	}
	for _, g := range sortedKeys(n.members) {
		set := Set{Name: g, Type: SetHashIP}
		for _, a := range n.members[g] {
			set.Members = append(set.Members, Member{IP: a})
		}
		out = append(out, set)
	}
	for _, l := range n.lists() {
		out = append(out, Set{Name: l, Type: SetHashNet, Members: n.listMembers(l)})
	}
	for _, s := range out {
		slices.SortFunc(s.Members, func(a, b Member) int { return cmp.Or(a.IP.Compare(b.IP), cmp.Compare(a.Bits, b.Bits)) })
	}
	return out
}

// lists are the prefix lists that rules name, known or not.
func (n *nsBuilder) lists() []string {
	named := map[string]bool{}
	for _, g := range n.vpc.Groups {
		for _, r := range slices.Concat(g.Ingress, g.Egress) {
			if r.PrefixList != "" && r.check() == nil {
				named[r.PrefixList] = true
			}
		}
	}
	return sortedKeys(named)
}

func (n *nsBuilder) listMembers(id string) []Member {
	seen := map[netip.Prefix]bool{}
	for _, c := range n.vpc.prefixes(id) {
		switch {
		case !c.IsValid() || !c.Addr().Is4():
			n.warn("%s: %v is left out: it is not IPv4", id, c)
		case c.Bits() == 0: // which such a set cannot hold
			seen[netip.MustParsePrefix("0.0.0.0/1")], seen[netip.MustParsePrefix("128.0.0.0/1")] = true, true
		default:
			seen[c.Masked()] = true
		}
	}
	var out []Member
	for p := range seen {
		out = append(out, Member{IP: p.Addr(), Bits: p.Bits()})
	}
	return out
}

func (v VPC) prefixes(list string) []netip.Prefix {
	i := slices.IndexFunc(v.PrefixLists, func(l PrefixList) bool { return l.ID == list })
	if i < 0 {
		return nil
	}
	return v.PrefixLists[i].CIDRs
}

// pairsSet has the (address, MAC) pairs of a subnet's interfaces.
func pairsSet(subnetID string) string { return "pairs-" + tail(subnetID, 11) }

// buildGateway ties the namespace to the host: a veth pair whose ends know each
// other's MAC, so that neither side ever asks by ARP.
func (n *nsBuilder) buildGateway(root *Root) {
	name := GatewayName(n.host.Prefix, n.vpc.ID)
	outer := derivedMAC(n.host.Prefix, n.vpc.ID, "host")
	inner := derivedMAC(n.host.Prefix, n.vpc.ID, "gateway")
	root.Links = append(root.Links, Link{
		Name: name, Kind: KindVeth, MAC: outer, MTU: n.host.MTU,
		Peer: GatewayLink, PeerMAC: inner, PeerIn: n.out.Name,
	})
	root.Sysctls = append(root.Sysctls, Sysctl{Path: "net/ipv6/conf/" + name + "/disable_ipv6", Value: "1", Optional: true})
	root.Neighbours = append(root.Neighbours, Neighbour{name, guestHop, inner})
	n.out.Neighbours = append(n.out.Neighbours, Neighbour{GatewayLink, hostHop, outer})
	n.out.Routes = append(n.out.Routes, Route{To: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Via: hostHop, Link: GatewayLink})
	for _, i := range n.vpc.Interfaces {
		for _, a := range n.vpc.public(i) {
			root.Routes = append(root.Routes, Route{To: host32(a.Public), Via: guestHop, Link: name, Source: n.host.Address})
		}
	}
}

// routerMAC is that of every bridge of the VPC, the same on every host: a guest that
// moves keeps its gateway.
func (n *nsBuilder) routerMAC() net.HardwareAddr { return n.router }

// derivedMAC is a locally administered unicast MAC made from names.
func derivedMAC(parts ...string) net.HardwareAddr {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	mac := net.HardwareAddr(h.Sum(nil)[:6])
	mac[0] = 0x06 // interfaces of guests begin with 02
	return mac
}
