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
	for _, port := range []int{80} {
		w.guests[eniID(0xb)].listen(port)
		if !a.reaches(fmt.Sprint("10.7.1.6:", port)) {
			t.Error("the source's own traffic does not go on")
		}
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
