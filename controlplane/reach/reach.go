// Package reach says from the rows whether one thing of a network can reach another, and
// what decides on the way: security groups, network ACLs, routes, gateways, peerings. It
// sends no packet. The codes are those of EC2's Reachability Analyzer ("Reachability
// Analyzer explanation codes").
package reach

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// Query asks whether a packet gets from a source to a destination.
type Query struct {
	Source      string // i-..., eni-... or igw-...
	Destination string // the same; empty with an address in Header
	// Header is the packet, as far as it is said: a port or an address that is not may be
	// any. The source's port is EphemeralPort then.
	Header model.Header
}

// EphemeralPort is the source's port where a query names none: one that clients of all
// systems use.
const EphemeralPort = 49152

// maxTries bounds how many packets stand for those that a query leaves open.
const maxTries = 400

// Walk answers a query. Where that leaves open what the packet is, one that gets through
// counts; if none does, it says why the one did not that got furthest.
func Walk(r store.Reader, q Query) model.Reachability {
	from, why := find(r, q.Source)
	if why != "" {
		return refused(why, q.Source)
	}
	to := end{}
	if q.Destination != "" {
		if to, why = find(r, q.Destination); why != "" {
			return refused(why, q.Destination)
		}
	}
	var best *model.Reachability
	for n, h := range candidates(r, from, to, q.Header) {
		if n == maxTries {
			break
		}
		w := &walker{r: r, to: to}
		got := w.run(from, h)
		if got.Found {
			return got
		}
		if best == nil || len(got.Forward)+len(got.Return) > len(best.Forward)+len(best.Return) {
			best = &got
		}
	}
	if best == nil {
		return refused("NO_PATH", q.Source)
	}
	return *best
}

func refused(code, id string) model.Reachability {
	return model.Reachability{Obstacles: []model.Obstacle{{Code: code, Hop: model.Hop{ID: id}}}}
}

// end is one end of a walk: an interface, or an internet gateway.
type end struct {
	eni     *model.Interface
	gateway *model.InternetGateway
}

// find returns what an id stands for, or the code of why there is nothing.
func find(r store.Reader, id string) (end, string) {
	switch {
	case strings.HasPrefix(id, "igw-"):
		g := store.InternetGateways.Get(r, id)
		if g == nil {
			return end{}, "NO_SOURCE_OR_DESTINATION"
		}
		if g.VPC == "" {
			return end{}, "UNASSOCIATED_COMPONENT"
		}
		return end{gateway: g}, ""
	case strings.HasPrefix(id, "eni-"):
		if i := store.Interfaces.Get(r, id); i != nil {
			return end{eni: i}, ""
		}
		return end{}, "NO_SOURCE_OR_DESTINATION"
	case strings.HasPrefix(id, "i-"):
		i := store.Instances.Get(r, id)
		if i == nil {
			return end{}, "NO_SOURCE_OR_DESTINATION"
		}
		if len(i.Interfaces) > 0 {
			if eni := store.Interfaces.Get(r, i.Interfaces[0]); eni != nil {
				return end{eni: eni}, ""
			}
		}
		return end{}, "UNASSOCIATED_COMPONENT"
	}
	return end{}, "UNSUPPORTED_COMPONENT"
}

// someone is an address that stands for the internet.
var someone = netip.MustParseAddr("198.51.100.1")

// candidates are packets that stand for all those which a query means: what it leaves
// open is taken from the rules that could let it through.
func candidates(r store.Reader, from, to end, h model.Header) []model.Header {
	if h.FromPort == 0 && hasPorts(h.Protocol) {
		h.FromPort = EphemeralPort
	}
	sources, destinations := []netip.Addr{h.Source}, []netip.Addr{h.Destination}
	if !h.Source.IsValid() {
		sources = addressesOf(r, from, to, false)
	}
	if !h.Destination.IsValid() {
		destinations = addressesOf(r, to, from, true)
	}
	ports := []int{h.ToPort}
	if h.ToPort == 0 && hasPorts(h.Protocol) {
		ports = openPorts(r, from, to)
	}
	var out []model.Header
	for _, s := range sources {
		for _, d := range destinations {
			for _, p := range ports {
				c := h
				c.Source, c.Destination, c.ToPort = s, d, p
				out = append(out, c)
			}
		}
	}
	return out
}

func hasPorts(protocol string) bool { return protocol == "tcp" || protocol == "udp" }

// addressesOf are the addresses that one end of a walk may have, as the other sees it.
func addressesOf(r store.Reader, of, other end, destination bool) []netip.Addr {
	if of.eni != nil {
		if other.gateway != nil && destination { // from outside, only the public ones count
			if out := of.eni.PublicIPs(); len(out) > 0 {
				return out
			}
		}
		return of.eni.PrivateIPs()
	}
	out := []netip.Addr{someone}
	if other.eni == nil {
		return out
	}
	for _, g := range other.eni.Groups { // whom its rules name
		for rule := range store.SecurityRules.By(r, "group", g) {
			if rule.CIDR.IsValid() && rule.Egress == destination && !rule.CIDR.Addr().IsPrivate() && rule.CIDR.Bits() > 0 {
				out = append(out, rule.CIDR.Addr())
			}
		}
	}
	return out
}

// openPorts are ports that rules of either end name.
func openPorts(r store.Reader, from, to end) []int {
	out := []int{443}
	for _, e := range []end{from, to} {
		if e.eni == nil {
			continue
		}
		for _, g := range e.eni.Groups {
			for rule := range store.SecurityRules.By(r, "group", g) {
				if hasPorts(rule.Protocol) && !slices.Contains(out, rule.FromPort) {
					out = append(out, rule.FromPort)
				}
			}
		}
	}
	return out
}

// walker follows one packet.
type walker struct {
	r       store.Reader
	to      end
	out     model.Reachability
	crossed []crossing // borders of subnets, in order: the answer crosses them back
	visited []string   // interfaces that passed it on
}

// crossing is a border of a subnet that the packet went over, in or out.
type crossing struct {
	subnet *model.Subnet
	header model.Header
	egress bool
	// back says that the answer needs a route here, and where it comes by.
	target string
}

func (w *walker) run(from end, h model.Header) model.Reachability {
	done := false
	if from.gateway != nil {
		done = w.enter(from.gateway, h)
	} else {
		done = w.leave(from.eni, h, from.eni)
	}
	if done {
		done = w.back()
	}
	w.out.Found = done
	return w.out
}

func (w *walker) hop(h model.Hop) { w.out.Forward = append(w.out.Forward, h) }

// stop notes why the packet gets no further.
func (w *walker) stop(code string, at model.Hop, groups ...string) bool {
	w.out.Obstacles = append(w.out.Obstacles, model.Obstacle{Code: code, Hop: at, Groups: groups})
	return false
}

func at(i *model.Interface, h model.Header) model.Hop {
	return model.Hop{Kind: model.HopInterface, ID: i.ID, VPC: i.VPC, Subnet: i.Subnet, Header: h}
}

// enter takes a packet in from the internet.
func (w *walker) enter(g *model.InternetGateway, h model.Header) bool {
	here := model.Hop{Kind: model.HopInternet, ID: g.ID, VPC: g.VPC, Header: h}
	i := store.Interfaces.First(w.r, "public", h.Destination.String())
	if i != nil && i.VPC == g.VPC && (i.Instance != "" || i.Kind != "") {
		k := slices.IndexFunc(i.PrivateIPs(), func(a netip.Addr) bool { return publicOf(i, a) == h.Destination })
		if h.Source.IsPrivate() {
			return w.stop("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS", here)
		}
		h.Destination = i.PrivateIPs()[k]
		here.Header = h
		w.hop(here)
		return w.deliver(i, h, nil, "", g.ID)
	}
	return w.stop("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", here)
}

// publicOf is the public address of a private one, or the zero Addr.
func publicOf(i *model.Interface, private netip.Addr) netip.Addr {
	if i.PrivateIP == private {
		return i.PublicIP
	}
	for _, s := range i.Secondary {
		if s.IP == private {
			return s.Public
		}
	}
	return netip.Addr{}
}

// leave takes a packet out of an interface and on to where its subnet's routes lead.
// origin is the interface that rules see as the source, nil once it was translated.
func (w *walker) leave(i *model.Interface, h model.Header, origin *model.Interface) bool {
	if i.SourceDestCheck && i.Kind == "" && !slices.Contains(i.PrivateIPs(), h.Source) {
		return w.stop("ENI_SOURCE_DEST_CHECK_RESTRICTION", at(i, h))
	}
	w.hop(at(i, h))
	if i.Kind == "" && !w.groups(i, h, true, nil) {
		return false
	}
	subnet := store.Subnets.Get(w.r, i.Subnet)
	if subnet == nil {
		return w.stop("UNKNOWN_RESOURCE", at(i, h))
	}
	if subnet.CIDR.Contains(h.Destination) {
		return w.arrive(i.VPC, h, subnet, origin)
	}
	if !w.acl(subnet, h, true) {
		return false
	}
	return w.route(i, subnet, h, origin)
}

// route takes a packet where the routes of a subnet lead.
func (w *walker) route(i *model.Interface, subnet *model.Subnet, h model.Header, origin *model.Interface) bool {
	table, route := routeFor(w.r, subnet, h.Destination)
	here := model.Hop{Kind: model.HopRouteTable, VPC: subnet.VPC, Subnet: subnet.ID, Header: h, Route: route}
	if table != nil {
		here.ID = table.ID
	}
	if route.Target == "" {
		return w.stop("NO_ROUTE_TO_DESTINATION", here)
	}
	w.hop(here)
	w.crossed[len(w.crossed)-1].target = route.Target
	kind, _, _ := strings.Cut(route.Target, "-")
	switch kind {
	case "local":
		return w.arrive(subnet.VPC, h, subnet, origin)
	case "igw":
		return w.toInternet(i, route.Target, here)
	case "nat":
		return w.throughNAT(route.Target, here)
	case "pcx":
		return w.throughPeering(route.Target, here, subnet, origin)
	case "eni":
		next := store.Interfaces.Get(w.r, route.Target)
		if next == nil || next.Instance == "" || slices.Contains(w.visited, route.Target) {
			return w.stop("BAD_STATE_ROUTE", here)
		}
		w.visited = append(w.visited, next.ID)
		return w.deliver(next, h, subnet, "", "") && (w.arrivedAt(next, h) || w.leave(next, h, origin))
	}
	return w.stop("BAD_STATE_ROUTE", here)
}

func (w *walker) toInternet(i *model.Interface, id string, here model.Hop) bool {
	h := here.Header
	g := store.InternetGateways.Get(w.r, id)
	if g == nil || g.VPC != here.VPC {
		return w.stop("BAD_STATE_ROUTE", here)
	}
	gate := model.Hop{Kind: model.HopInternet, ID: id, VPC: g.VPC, Header: h}
	public := publicOf(i, h.Source)
	switch {
	case h.Destination.IsPrivate():
		return w.stop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", gate)
	case !public.IsValid():
		return w.stop("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", gate)
	}
	h.Source = public
	gate.Header = h
	w.hop(gate)
	if w.to.eni == nil {
		return w.to.gateway == nil || w.to.gateway.ID == id || w.stop("NO_POSSIBLE_DESTINATION", gate)
	}
	// The destination is an interface with a public address: the packet comes in again.
	for g := range store.InternetGateways.By(w.r, "vpc", w.to.eni.VPC) {
		return w.enter(g, h)
	}
	return w.stop("NO_POSSIBLE_DESTINATION", gate)
}

func (w *walker) throughNAT(id string, here model.Hop) bool {
	n := store.NATGateways.Get(w.r, id)
	if n == nil || n.State != model.NATAvailable {
		return w.stop("BAD_STATE_ROUTE", here)
	}
	h := here.Header
	gate := model.Hop{Kind: model.HopNAT, ID: id, VPC: n.VPC, Subnet: n.Subnet, Header: h}
	eni, subnet := store.Interfaces.Get(w.r, n.Interface), store.Subnets.Get(w.r, n.Subnet)
	switch {
	case eni == nil || subnet == nil || slices.Contains(w.visited, eni.ID):
		return w.stop("BAD_STATE", gate)
	case here.VPC != n.VPC:
		return w.stop("NGW_REQUIRES_SOURCE_IN_VPC", gate)
	}
	w.visited = append(w.visited, eni.ID)
	if here.Subnet != n.Subnet && !w.acl(subnet, h, false) {
		return false
	}
	h.Source = eni.PrivateIP
	gate.Header = h
	w.hop(gate)
	return w.leave(eni, h, nil)
}

func (w *walker) throughPeering(id string, here model.Hop, from *model.Subnet, origin *model.Interface) bool {
	p := store.Peerings.Get(w.r, id)
	if p == nil || p.State != model.PeeringActive || p.Other(here.VPC) == nil {
		return w.stop("BAD_STATE_ROUTE", here)
	}
	gate := model.Hop{Kind: model.HopPeering, ID: id, VPC: here.VPC, Header: here.Header}
	other := store.VPCs.Get(w.r, p.Other(here.VPC).VPC)
	if other == nil || !slices.ContainsFunc(other.CIDRs(), func(c netip.Prefix) bool { return c.Contains(here.Header.Destination) }) {
		return w.stop("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", gate)
	}
	w.hop(gate)
	return w.arriveVia(other.ID, here.Header, from, origin, id)
}

// arrive delivers a packet to whom its destination address belongs to in a VPC.
func (w *walker) arrive(vpc string, h model.Header, from *model.Subnet, origin *model.Interface) bool {
	return w.arriveVia(vpc, h, from, origin, "local")
}

func (w *walker) arriveVia(vpc string, h model.Header, from *model.Subnet, origin *model.Interface, via string) bool {
	for subnet := range store.Subnets.By(w.r, "vpc", vpc) {
		if !subnet.CIDR.Contains(h.Destination) {
			continue
		}
		if i := store.Interfaces.First(w.r, "address", store.Key(subnet.ID, h.Destination.String())); i != nil {
			source := ""
			if origin != nil && slices.Contains(origin.PrivateIPs(), h.Source) {
				source = origin.ID
			}
			return w.deliver(i, h, from, source, via) && (w.arrivedAt(i, h) || w.stop("NO_POSSIBLE_DESTINATION", at(i, h)))
		}
	}
	return w.stop("NO_POSSIBLE_DESTINATION", model.Hop{Kind: model.HopInterface, VPC: vpc, Header: h})
}

// arrivedAt reports whether an interface is where the packet was to go.
func (w *walker) arrivedAt(i *model.Interface, h model.Header) bool {
	if w.to.eni == nil && w.to.gateway == nil {
		return slices.Contains(i.PrivateIPs(), h.Destination)
	}
	return w.to.eni != nil && w.to.eni.ID == i.ID
}

// deliver brings a packet into an interface: through its subnet's ACL, unless it comes
// from there, and its groups. via is the target that the answer's route must have.
func (w *walker) deliver(i *model.Interface, h model.Header, from *model.Subnet, origin, via string) bool {
	subnet := store.Subnets.Get(w.r, i.Subnet)
	if subnet == nil {
		return w.stop("UNKNOWN_RESOURCE", at(i, h))
	}
	if from == nil || from.ID != subnet.ID {
		if !w.acl(subnet, h, false) {
			return false
		}
		w.crossed[len(w.crossed)-1].target = via
	}
	if i.Kind == "" && !w.groups(i, h, false, store.Interfaces.Get(w.r, origin)) {
		return false
	}
	if i.SourceDestCheck && !slices.Contains(i.PrivateIPs(), h.Destination) {
		return w.stop("ENI_SOURCE_DEST_CHECK_RESTRICTION", at(i, h))
	}
	w.hop(at(i, h))
	return true
}

// acl holds a packet against the ACL of a subnet.
func (w *walker) acl(subnet *model.Subnet, h model.Header, egress bool) bool {
	w.crossed = append(w.crossed, crossing{subnet: subnet, header: h, egress: egress})
	hop, passes := judgeACL(w.r, subnet, h, egress)
	if !passes {
		return w.stop("SUBNET_ACL_RESTRICTION", hop)
	}
	if hop.ID != "" {
		w.hop(hop)
	}
	return true
}

// back looks whether the answer gets to the source: security groups let it, ACLs need an
// entry, and each subnet a route by which the question came.
func (w *walker) back() bool {
	for _, c := range slices.Backward(w.crossed) {
		h := c.header.Back()
		hop, passes := judgeACL(w.r, c.subnet, h, !c.egress)
		if !passes {
			w.out.Obstacles = append(w.out.Obstacles, model.Obstacle{Code: "SUBNET_ACL_RESTRICTION", Hop: hop, Return: true})
			return false
		}
		if hop.ID != "" {
			w.out.Return = append(w.out.Return, hop)
		}
		if c.egress || c.target == "" { // it comes in here, and is there
			continue
		}
		table, route := routeFor(w.r, c.subnet, h.Destination)
		here := model.Hop{Kind: model.HopRouteTable, VPC: c.subnet.VPC, Subnet: c.subnet.ID, Header: h, Route: route}
		if table != nil {
			here.ID = table.ID
		}
		if route.Target != c.target {
			w.out.Obstacles = append(w.out.Obstacles, model.Obstacle{Code: "NO_ROUTE_TO_DESTINATION", Hop: here, Return: true})
			return false
		}
		w.out.Return = append(w.out.Return, here)
	}
	return true
}

// routeFor returns the table of a subnet and its route for an address: the longest prefix.
func routeFor(r store.Reader, subnet *model.Subnet, to netip.Addr) (table *model.RouteTable, best model.Route) {
	for t := range store.RouteTables.By(r, "vpc", subnet.VPC) {
		if t.Subnets[subnet.ID] != "" || t.Main && table == nil {
			table = t
		}
	}
	if table == nil {
		return nil, best
	}
	bits := -1
	for _, route := range table.Routes {
		for _, p := range prefixesOf(r, route.Destination, route.PrefixList) {
			if p.Contains(to) && p.Bits() > bits {
				best, bits = route, p.Bits()
			}
		}
	}
	return table, best
}

// prefixesOf are the blocks that a route or rule is about.
func prefixesOf(r store.Reader, one netip.Prefix, list string) (out []netip.Prefix) {
	if one.IsValid() {
		return []netip.Prefix{one}
	}
	if l := store.PrefixLists.Get(r, list); list != "" && l != nil {
		for _, e := range l.Entries {
			out = append(out, e.CIDR)
		}
	}
	return out
}

// judgeACL finds the entry that decides on a packet at the border of a subnet.
func judgeACL(r store.Reader, subnet *model.Subnet, h model.Header, egress bool) (model.Hop, bool) {
	hop := model.Hop{Kind: model.HopACL, VPC: subnet.VPC, Subnet: subnet.ID, Egress: egress, Header: h}
	for n := range store.NetworkACLs.By(r, "vpc", subnet.VPC) {
		if n.Subnets[subnet.ID] == "" {
			continue
		}
		hop.ID = n.ID
		entries := slices.SortedFunc(slices.Values(n.Entries), func(x, y model.ACLEntry) int { return cmp.Compare(x.Number, y.Number) })
		for _, e := range entries {
			if e.Egress == egress && entryMatches(e, h) {
				hop.Entry = e
				return hop, e.Allow
			}
		}
		hop.Entry = model.ACLEntry{Number: 32767, Egress: egress, Protocol: "-1", CIDR: netip.PrefixFrom(netip.IPv4Unspecified(), 0)}
		return hop, false
	}
	return hop, true // a subnet without an ACL: of a state that nobody made
}
