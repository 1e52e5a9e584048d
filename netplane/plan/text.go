package plan

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// String is the plan as text, a line an object, for golden files and people.
func (d Desired) String() string {
	var b strings.Builder
	for _, n := range d.Namespaces {
		n.write(&b)
	}
	for _, x := range d.NATs {
		x.write(&b)
	}
	for _, p := range d.Peers {
		fmt.Fprintln(&b, p)
	}
	d.Root.write(&b)
	for _, k := range d.Keep {
		fmt.Fprintf(&b, "keep %s\n", k)
	}
	for _, w := range d.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	return b.String()
}

func (n Namespace) write(b *strings.Builder) {
	fmt.Fprintf(b, "namespace %s\n", n.Name)
	writeSysctls(b, n.Sysctls)
	for _, s := range n.Sets {
		fmt.Fprintf(b, "  set %s %s", s.Name, s.Type)
		if s.Range.IsValid() {
			fmt.Fprintf(b, " %s", s.Range)
		}
		for _, m := range s.Members {
			fmt.Fprintf(b, " %s", m)
		}
		b.WriteByte('\n')
	}
	writeTables(b, "iptables", n.Tables)
	writeTables(b, "ebtables", n.Bridge)
	writeLinks(b, n.Links, n.Addresses, n.Routes, n.Neighbours)
	for _, p := range n.Policies {
		fmt.Fprintf(b, "  rule iif %s lookup %d\n", p.Link, p.Table)
	}
	for _, p := range n.Ports {
		fmt.Fprintf(b, "  port %s of %s in %s mac %s mtu %d", p.Name, p.ENI, p.Bridge, p.MAC, p.MTU)
		if p.Rate != (Rate{}) {
			fmt.Fprintf(b, " rate %s", p.Rate)
			if p.Shared {
				fmt.Fprintf(b, " with all of %s", p.Shaper)
			}
		}
		b.WriteByte('\n')
	}
	for _, t := range n.Tunnels {
		fmt.Fprintf(b, "  tunnel %s in %s vni %d from %s mtu %d\n", t.Name, t.Bridge, t.VNI, t.Local, t.MTU)
		for _, f := range t.Far {
			fmt.Fprintf(b, "    %s is at %s\n", f.MAC, f.Host)
		}
	}
}

func (x NATBox) write(b *strings.Builder) {
	fmt.Fprintf(b, "namespace %s behind %s of %s\n", x.Name, x.Port, x.VPC)
	writeSysctls(b, x.Sysctls)
	writeTables(b, "iptables", x.Tables)
	writeLinks(b, []Link{x.Link}, []Address{{x.Link.Name, x.Address}}, []Route{x.Route}, []Neighbour{x.Router})
}

func (r Root) write(b *strings.Builder) {
	b.WriteString("host\n")
	writeSysctls(b, r.Sysctls)
	writeTables(b, "iptables", r.Tables)
	for _, j := range r.Jumps {
		fmt.Fprintf(b, "  jump %s %s -> %s\n", j.Table, j.Chain, j.To)
	}
	writeLinks(b, r.Links, nil, r.Routes, r.Neighbours)
}

// String is the member as ipset prints it.
func (m Member) String() string {
	if m.Bits > 0 {
		return netip.PrefixFrom(m.IP, m.Bits).String()
	}
	if m.MAC == "" {
		return m.IP.String()
	}
	return m.IP.String() + "," + strings.ToUpper(m.MAC)
}

func writeSysctls(b *strings.Builder, list []Sysctl) {
	for _, s := range list {
		fmt.Fprintf(b, "  sysctl %s = %s\n", s.Path, s.Value)
	}
}

func writeTables(b *strings.Builder, program string, tables []Table) {
	for _, t := range tables {
		fmt.Fprintf(b, "  %s %s\n", program, t.Name)
		for _, c := range t.Chains {
			fmt.Fprintf(b, "    %s %s\n", c.Name, c.Policy)
			for _, r := range c.Rules {
				fmt.Fprintf(b, "      %s\n", r)
			}
		}
	}
}

func writeLinks(b *strings.Builder, links []Link, addrs []Address, routes []Route, neighs []Neighbour) {
	for _, l := range links {
		fmt.Fprintf(b, "  link %s %s mac %s mtu %d", l.Name, l.Kind, macOrNone(l.MAC), l.MTU)
		if l.Peer != "" {
			fmt.Fprintf(b, " peer %s mac %s in %s", l.Peer, l.PeerMAC, l.PeerIn)
		}
		b.WriteByte('\n')
	}
	for _, a := range addrs {
		fmt.Fprintf(b, "  address %s dev %s\n", a.Prefix, a.Link)
	}
	for _, r := range routes {
		fmt.Fprintf(b, "  route %s\n", r)
	}
	for _, n := range neighs {
		fmt.Fprintf(b, "  neighbour %s is %s dev %s\n", n.IP, n.MAC, n.Link)
	}
}

// String is the route as ip prints it.
func (r Route) String() string {
	s := r.To.String()
	switch {
	case r.Unreachable:
		s = "unreachable " + s
	case r.Blackhole:
		s = "blackhole " + s
	case r.Via.IsValid():
		s += " via " + r.Via.String()
	}
	if r.Link != "" {
		s += " dev " + r.Link
	}
	if r.Table != 0 {
		s += fmt.Sprintf(" table %d", r.Table)
	}
	if r.Source.IsValid() {
		s += " src " + r.Source.String()
	}
	if r.Realm != 0 {
		s += fmt.Sprintf(" realm %d", r.Realm)
	}
	return s
}

func macOrNone(m net.HardwareAddr) string {
	if len(m) == 0 {
		return "-"
	}
	return m.String()
}
