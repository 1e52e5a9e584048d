package plan

import (
	"slices"
	"strconv"
	"strings"
)

// Object is something of the plan that a person can look at.
type Object struct {
	Kind, Name string
	// Check is the command that shows it: it fails, or with NeedsOutput prints
	// nothing, when the object isn't there.
	Check       []string
	NeedsOutput bool
}

// Command is the object's command as one types it.
func (o Object) Command() string { return strings.Join(o.Check, " ") }

// Objects lists what of the plan concerns one interface, or the whole VPC when eniID
// is empty.
func (d Desired) Objects(n Namespace, eniID string) []Object {
	inside := func(args ...string) []string { return append([]string{"ip", "netns", "exec", n.Name}, args...) }
	out := []Object{{Kind: "namespace", Name: n.Name, Check: []string{"ip", "-n", n.Name, "link", "show"}}}
	for _, l := range d.Root.Links {
		if l.PeerIn == n.Name {
			out = append(out, Object{Kind: "veth", Name: l.Name, Check: []string{"ip", "-d", "link", "show", "dev", l.Name}})
		}
	}
	var groups, bridges []string
	for _, i := range n.VPC.Interfaces {
		if eniID != "" && i.ID != eniID {
			continue
		}
		tap := TapName(d.Prefix, i.ID)
		groups, bridges = append(groups, i.Groups...), append(bridges, BridgeName(i.SubnetID))
		out = append(out,
			Object{Kind: "tap", Name: tap, Check: []string{"ip", "-n", n.Name, "-d", "link", "show", "dev", tap}},
			Object{Kind: "fdb", Name: i.MAC.String(), Check: inside("bridge", "fdb", "get", i.MAC.String(), "br", BridgeName(i.SubnetID))},
			Object{Kind: "neighbour", Name: i.PrivateIP.String(), NeedsOutput: true,
				Check: []string{"ip", "-n", n.Name, "neigh", "show", i.PrivateIP.String(), "dev", BridgeName(i.SubnetID)}},
			Object{Kind: "set", Name: pairsSet(i.SubnetID), Check: inside("ipset", "test", pairsSet(i.SubnetID), Member{IP: i.PrivateIP, MAC: i.MAC.String()}.String())},
			Object{Kind: "set", Name: setLocal, Check: inside("ipset", "test", setLocal, i.PrivateIP.String())})
		for _, g := range i.Groups {
			out = append(out, Object{Kind: "set", Name: g, Check: inside("ipset", "test", g, i.PrivateIP.String())})
		}
		for _, a := range n.VPC.public(i) {
			out = append(out, Object{Kind: "route", Name: a.Public.String(), Check: []string{"ip", "route", "show", a.Public.String()}, NeedsOutput: true})
		}
		out = append(out, Object{Kind: "routes", Name: i.SubnetID, Check: []string{"ip", "-n", n.Name, "route", "show", "table", strconv.Itoa(RouteTable(i.SubnetID))}, NeedsOutput: true})
	}
	slices.Sort(bridges)
	for _, b := range slices.Compact(bridges) {
		out = append(out, Object{Kind: "bridge", Name: b, Check: []string{"ip", "-n", n.Name, "-d", "addr", "show", "dev", b}})
	}
	for _, t := range n.Tunnels {
		if slices.Contains(bridges, t.Bridge) {
			out = append(out,
				Object{Kind: "tunnel", Name: t.Name, Check: []string{"ip", "-n", n.Name, "-d", "link", "show", "dev", t.Name}},
				Object{Kind: "fdb", Name: t.Name, Check: inside("bridge", "fdb", "show", "dev", t.Name)})
		}
	}
	slices.Sort(groups)
	for _, g := range slices.Compact(groups) {
		for _, c := range []string{g + "-in", g + "-out"} {
			out = append(out, Object{Kind: "chain", Name: c, Check: inside("iptables", "-nvL", c)})
		}
	}
	for _, c := range [][2]string{{"filter", "FORWARD"}, {"filter", chainIngress}, {"raw", chainGuest}, {"nat", chainInbound}} {
		out = append(out, Object{Kind: "chain", Name: c[1], Check: inside("iptables", "-t", c[0], "-nvL", c[1])})
	}
	return append(out,
		Object{Kind: "chain", Name: "arp", Check: inside("ebtables", "-t", "nat", "-L", "arp", "--Lc")},
		Object{Kind: "connections", Name: n.Name, Check: inside("conntrack", "-L")})
}
