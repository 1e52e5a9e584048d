package kernel_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// probe sends one from a guest, in its place.
func (g *guest) probe(protocol int, to string, port int) kernel.ProbeResult {
	g.w.t.Helper()
	r, err := g.w.k.Probe(g.w.t.Context(), kernel.Probe{
		VPC: g.vpc, ENI: g.iface.ID, Source: g.iface.PrivateIP, Destination: addr(to), Protocol: protocol, SourcePort: 49152, Port: port,
	})
	must(g.w.t, err)
	return r
}

// sent counts the IPv4 packets of a protocol that came to a guest from an address and a
// port, as they are: one whose checksum is wrong does not count.
func (w *wire) sent(protocol byte, from netip.Addr, port int) (n int) {
	for _, f := range w.ofType(0x0800) {
		ip := f[14:]
		segment := ip[20:binary.BigEndian.Uint16(ip[2:])]
		if ip[9] != protocol || netip.AddrFrom4([4]byte(ip[12:16])) != from {
			continue
		}
		if protocol == plan.ProtocolICMP {
			if sum16(0, segment) == 0xffff && int(binary.BigEndian.Uint16(segment[4:])) == port {
				n++
			}
			continue
		}
		pseudo := uint32(sum16(0, ip[12:20])) + uint32(protocol) + uint32(len(segment))
		if sum16(pseudo, segment) == 0xffff && int(binary.BigEndian.Uint16(segment)) == port {
			n++
		}
	}
	return n
}

func moved(r kernel.ProbeResult, part string) bool {
	return slices.ContainsFunc(r.Moved, func(c kernel.Counter) bool { return strings.Contains(c.Rule, part) })
}

// A probe passes where the guest's own packet would, arrives, and leaves nothing behind.
func TestProbe(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	v.Groups[1].Ingress = append(v.Groups[1].Ingress, udpFrom(53, everywhere), ping())
	v.Groups[0].Egress = append(v.Groups[0].Egress, udpFrom(53, everywhere), ping())
	w.boot()
	a := w.guests[eniID(0xa)]
	for _, id := range []string{eniID(0xb), eniID(0xc)} {
		w.guests[id].listen(82)
	}
	own, err := w.guests[eniID(0xb)].dial("10.7.2.5:82") // a guest's connection goes on
	must(t, err)
	defer own.Close()
	before := w.snapshot(vpcID(1))
	for _, tt := range []struct {
		name     string
		protocol int
		to       string
		port     int
		pass     bool
		answered bool
		rule     string // whose counter moved, among others
	}{
		{"bridged, refused by the guest itself", plan.ProtocolTCP, "10.7.1.6", 80, true, true, "-A " + sgID(2) + "-in"},
		{"routed, refused by the guest itself", plan.ProtocolTCP, "10.7.2.5", 80, true, true, "-A " + sgID(2) + "-in"},
		{"bridged, not let in", plan.ProtocolTCP, "10.7.1.6", 81, false, false, "-A ingress -j DROP"},
		{"routed, not let in", plan.ProtocolTCP, "10.7.2.5", 81, false, false, "-A ingress -j DROP"},
		{"bridged, not let out", plan.ProtocolTCP, "10.7.1.6", 82, false, false, "-A egress -j DROP"},
		{"routed, not let out", plan.ProtocolTCP, "10.7.2.5", 82, false, false, "-A egress -j DROP"},
		{"UDP, where nobody listens", plan.ProtocolUDP, "10.7.1.6", 53, true, false, "-A " + sgID(2) + "-in"},
		{"UDP, not let out", plan.ProtocolUDP, "10.7.1.6", 54, false, false, "-A egress -j DROP"},
		{"an echo", plan.ProtocolICMP, "10.7.2.5", 8, true, true, "-A " + sgID(2) + "-in"},
	} {
		heard := map[string]*wire{"10.7.1.6": w.guests[eniID(0xb)].listenRaw(), "10.7.2.5": w.guests[eniID(0xc)].listenRaw()}[tt.to]
		r := a.probe(tt.protocol, tt.to, tt.port)
		if got := slices.Contains(r.Passed, vpcID(1)); got != tt.pass || r.Answered != tt.answered || r.Unsent != "" {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if !moved(r, tt.rule) {
			t.Errorf("%s: no counter of %q moved: %+v", tt.name, tt.rule, r.Moved)
		}
		if entry := fmt.Sprint("sport=", r.SourcePort); !tt.answered && strings.Contains(w.sh(vpcID(1), "conntrack", "-L"), entry) {
			t.Errorf("%s: nobody answered, and a connection with %s is tracked", tt.name, entry)
		}
		if tt.pass {
			testkit.Wait(t, short*10, "the probe at its destination: "+tt.name, func() bool {
				return heard.sent(byte(tt.protocol), a.iface.PrivateIP, r.SourcePort) == 1
			})
			if r.Reached.Addr() != addr(tt.to) {
				t.Errorf("%s: reached %s", tt.name, r.Reached)
			}
		} else if n := heard.sent(byte(tt.protocol), a.iface.PrivateIP, r.SourcePort); n != 0 {
			t.Errorf("%s: %d arrived", tt.name, n)
		}
	}
	if after := w.snapshot(vpcID(1)); after != before {
		t.Errorf("the probes left something behind:\n%s\nbefore:\n%s", after, before)
	}
	if !talks(own) {
		t.Error("a guest's connection ended")
	}
	w.guests[eniID(0xb)].listen(80)
	if !a.reaches("10.7.1.6:80") {
		t.Error("the source's own traffic does not go on")
	}
	if r := a.probe(plan.ProtocolTCP, "10.7.1.77", 80); r.Unsent == "" || len(r.Passed) > 0 {
		t.Errorf("to nobody: %+v", r)
	}
}

// A port that a guest's connection has is not taken, and what an agent left that was
// killed is taken away by the next probe, and by Apply.
func TestProbeBesideOthers(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.boot()
	a, b := w.guests[eniID(0xa)], w.guests[eniID(0xb)]
	b.listen(80)
	c, err := a.dial("10.7.1.6:80")
	must(t, err)
	defer c.Close()
	taken := int(netip.MustParseAddrPort(c.LocalAddr().String()).Port())
	left := func() {
		must(t, w.k.InNamespace(vpcID(1), func() error {
			return netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "probe"}, PeerName: "probe-guest"})
		}))
	}
	left()
	ask := kernel.Probe{VPC: vpcID(1), ENI: eniID(0xa), Source: a.iface.PrivateIP, Destination: b.iface.PrivateIP, Protocol: plan.ProtocolTCP, SourcePort: taken, Port: 80}
	r, err := w.k.Probe(t.Context(), ask)
	must(t, err)
	if r.SourcePort == taken || !r.Answered || !slices.Contains(r.Passed, vpcID(1)) {
		t.Errorf("the guest has port %d: %+v", taken, r)
	}
	if !talks(c) {
		t.Error("the guest's connection ended")
	}
	left()
	w.apply()
	if links := w.sh(vpcID(1), "ip", "-o", "link"); strings.Contains(links, "probe") {
		t.Errorf("apply left %s", links)
	}
	ask.Source = addr("10.7.1.99")
	if _, err := w.k.Probe(t.Context(), ask); err == nil {
		t.Error("a probe was sent from an address that the interface does not have")
	}
	ask.ENI = eniID(0xf)
	if _, err := w.k.Probe(t.Context(), ask); !errors.Is(err, kernel.ErrNotPlanned) {
		t.Errorf("a probe from nobody: %v", err)
	}
}

// A rule that somebody put in by hand is what the kernel goes by, whatever the model says.
func TestProbeFindsAForeignRule(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.boot()
	a := w.guests[eniID(0xa)]
	w.sh(vpcID(1), "iptables", "-I", "FORWARD", "-p", "tcp", "--dport", "80", "-j", "DROP")
	if r := a.probe(plan.ProtocolTCP, "10.7.1.6", 80); len(r.Passed) > 0 || !moved(r, "-A FORWARD -p tcp -m tcp --dport 80 -j DROP") {
		t.Errorf("with a rule in the way: %+v", r)
	}
}

// Of a destination on another host an answer tells; what that host drops is not seen here.
func TestProbeToAnotherHost(t *testing.T) {
	l := newLab(t)
	from, to := l.put(l.a, 10, 0, client), l.put(l.b, 20, 1, server)
	l.apply()
	a := l.guest(l.a, from)
	l.guest(l.b, to)
	if r := a.probe(plan.ProtocolTCP, to.PrivateIP.String(), 22); !slices.Contains(r.Passed, vpcID(7)) || !r.Answered {
		t.Errorf("let in there: %+v", r)
	}
	if r := a.probe(plan.ProtocolTCP, to.PrivateIP.String(), 23); !slices.Contains(r.Passed, vpcID(7)) || r.Answered {
		t.Errorf("not let in there: %+v", r)
	}
}

// A probe that goes by a peering is judged by both VPCs.
func TestProbeByPeering(t *testing.T) {
	w := newWorld(t)
	pcx := pcxID(0x12)
	vpc := func(n, other int, ingress ...plan.Rule) plan.VPC {
		cidr := func(n int) netip.Prefix { return prefix(fmt.Sprintf("10.%d.0.0/16", n)) }
		return plan.VPC{
			ID: vpcID(n), CIDRs: []netip.Prefix{cidr(n)}, Peerings: []plan.Peering{{ID: pcx, VPC: vpcID(other), CIDRs: []netip.Prefix{cidr(other)}}},
			Subnets:    []plan.Subnet{{ID: subnetID(n), CIDR: prefix(fmt.Sprintf("10.%d.1.0/24", n)), Routes: []plan.SubnetRoute{to(cidr(other).String(), pcx)}}},
			Groups:     []plan.Group{{ID: sgID(n), Egress: []plan.Rule{allowAll()}, Ingress: ingress}},
			Interfaces: []plan.Interface{{ID: eniID(n), SubnetID: subnetID(n), MAC: mac(n), PrivateIP: addr(fmt.Sprintf("10.%d.1.5", n)), Groups: []string{sgID(n)}, SourceDestCheck: true}},
		}
	}
	w.host.VPCs = []plan.VPC{vpc(1, 2), vpc(2, 1, tcp(80, everywhere))}
	w.boot()
	ask := kernel.Probe{VPC: vpcID(1), ENI: eniID(1), Source: addr("10.1.1.5"), Destination: addr("10.2.1.5"), Protocol: plan.ProtocolTCP, SourcePort: 49152, Port: 80, Others: []string{vpcID(2)}}
	r, err := w.k.Probe(t.Context(), ask)
	must(t, err)
	if !slices.Contains(r.Passed, vpcID(1)) || !slices.Contains(r.Passed, vpcID(2)) || !r.Answered {
		t.Errorf("let in: %+v", r)
	}
	ask.Port = 81
	r, err = w.k.Probe(t.Context(), ask)
	must(t, err)
	dropped := kernel.Counter{VPC: vpcID(2), Table: "filter", Rule: "-A ingress -j DROP"}
	if !slices.Equal(r.Passed, []string{vpcID(1)}) || r.Answered || !slices.Contains(r.Moved, dropped) {
		t.Errorf("not let in: %+v", r)
	}
}
