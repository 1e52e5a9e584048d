package kernel_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// watched sends a probe from a guest, and has it watched on the host of who is to get it.
func (g *guest) watched(far *world, vpc, eni string, protocol int, to netip.Addr, port int) (kernel.ProbeResult, kernel.WatchResult) {
	t := g.w.t
	t.Helper()
	w, err := far.k.Watch(t.Context(), kernel.Watch{VPC: vpc, ENI: eni, Sources: []netip.Addr{g.iface.PrivateIP}, Destinations: []netip.Addr{to}, Protocol: protocol, Port: port})
	must(t, err)
	defer w.Close()
	did := g.probe(protocol, to.String(), port)
	saw, err := w.End(t.Context(), did.SourcePort)
	must(t, err)
	return did, saw
}

func movedAt(r kernel.WatchResult, part string) bool {
	return slices.ContainsFunc(r.Moved, func(c kernel.Counter) bool { return strings.Contains(c.Rule, part) })
}

// On another host a probe is seen to come, to be judged and to be delivered, whatever keeps
// it from that.
func TestProbeWatchedOnAnotherHost(t *testing.T) {
	l := newLab(t)
	from, same, routed, deaf := l.put(l.a, 10, 0, client), l.put(l.b, 20, 0, server), l.put(l.b, 21, 1, server), l.put(l.b, 22, 0, other)
	l.apply()
	a := l.guest(l.a, from)
	for _, i := range []plan.Interface{same, routed, deaf} {
		l.guest(l.b, i)
	}
	tap, vx := plan.TapName(l.b.host.Prefix, same.ID), plan.TunnelName(same.SubnetID)
	damage := func(w *world, line string) func() {
		return func() { w.sh(vpcID(7), "sh", "-c", line) }
	}
	for _, tt := range []struct {
		name                       string
		protocol                   int
		to                         plan.Interface
		port                       int
		arrived, passed, delivered bool
		answered                   bool
		rule                       string // of the other host whose counter moved, among others
		first                      func()
	}{
		{"let in", plan.ProtocolTCP, same, 22, true, true, true, true, "-A " + sgID(server) + "-in", nil},
		{"let in, routed", plan.ProtocolTCP, routed, 22, true, true, true, true, "-A " + sgID(server) + "-in", nil},
		{"not let in, routed", plan.ProtocolTCP, routed, 23, true, false, false, false, "-A ingress -j DROP", nil},
		{"not let in, an echo", plan.ProtocolICMP, same, 8, true, false, false, false, "-A ingress -j DROP", nil},
		{"let in, and nobody answers", plan.ProtocolUDP, deaf, 81, true, true, true, false, "-A " + sgID(other) + "-in", nil},
		{"a rule of somebody's there", plan.ProtocolTCP, same, 22, true, false, false, false, "-A FORWARD -p tcp -m tcp --dport 22 -j DROP",
			damage(l.b, "iptables -I FORWARD -p tcp --dport 22 -j DROP")},
		{"the port sends nothing there", plan.ProtocolTCP, same, 22, true, true, false, false, "-A " + sgID(server) + "-in",
			damage(l.b, "tc qdisc replace dev "+tap+" root bfifo limit 1")},
		{"an entry of the bridge is gone there", plan.ProtocolTCP, same, 22, true, false, false, false, "",
			damage(l.b, fmt.Sprintf("bridge fdb del %s dev %s master", same.MAC, tap))},
		{"the tunnel's entry is gone here", plan.ProtocolTCP, same, 22, false, false, false, false, "",
			damage(l.a, fmt.Sprintf("bridge fdb del %s dev %s self", same.MAC, vx))},
	} {
		if tt.first != nil {
			tt.first()
		}
		did, saw := a.watched(l.b, vpcID(7), tt.to.ID, tt.protocol, tt.to.PrivateIP, tt.port)
		if !slices.Contains(did.Passed, vpcID(7)) || did.Answered != tt.answered {
			t.Errorf("%s: the source's host says %+v", tt.name, did)
		}
		if tt.arrived != (saw.Arrived == plan.TunnelName(tt.to.SubnetID)) || saw.Passed != tt.passed || saw.Delivered != tt.delivered {
			t.Errorf("%s: %+v", tt.name, saw)
		}
		if tt.rule != "" && !movedAt(saw, tt.rule) {
			t.Errorf("%s: no counter of %q moved: %+v", tt.name, tt.rule, saw.Moved)
		}
		if entry := fmt.Sprint("sport=", did.SourcePort); !tt.answered && strings.Contains(l.b.sh(vpcID(7), "conntrack", "-L"), entry) {
			t.Errorf("%s: nobody answered, and a connection with %s is tracked", tt.name, entry)
		}
		if tt.first != nil {
			l.b.sh(vpcID(7), "tc", "qdisc", "replace", "dev", tap, "root", "pfifo")
			l.apply() // puts all else back
		}
	}
	if _, saw := a.watched(l.b, vpcID(7), same.ID, plan.ProtocolTCP, same.PrivateIP, 22); !saw.Delivered {
		t.Errorf("after all was put back: %+v", saw)
	}
	if _, err := l.b.k.Watch(t.Context(), kernel.Watch{VPC: vpcID(7), ENI: from.ID, Destinations: []netip.Addr{from.PrivateIP}}); !errors.Is(err, kernel.ErrNotPlanned) {
		t.Errorf("what is on another host was watched: %v", err)
	}
}

// Probes from both hosts at once, each watched by the other, find their own.
func TestProbesAtOnce(t *testing.T) {
	l := newLab(t)
	ia, ib, ib2 := l.put(l.a, 10, 0, other), l.put(l.b, 20, 0, other), l.put(l.b, 21, 1, other)
	l.apply()
	a, b := l.guest(l.a, ia), l.guest(l.b, ib)
	l.guest(l.b, ib2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, saw := a.watched(l.b, vpcID(7), ib.ID, plan.ProtocolTCP, ib.PrivateIP, 80); !saw.Delivered {
				t.Errorf("there: %+v", saw)
			}
		})
		wg.Go(func() {
			if _, saw := b.watched(l.a, vpcID(7), ia.ID, plan.ProtocolTCP, ia.PrivateIP, 81); saw.Delivered || saw.Arrived == "" {
				t.Errorf("back, where nobody is let in: %+v", saw)
			}
		})
		wg.Go(func() {
			if _, saw := a.watched(l.b, vpcID(7), ib2.ID, plan.ProtocolUDP, ib2.PrivateIP, 81); !saw.Delivered {
				t.Errorf("there, by UDP: %+v", saw)
			}
		})
	}
	wg.Wait()
}

// By a NAT gateway on another host, and to a peered VPC there.
func TestProbeWatchedAtGatewayAndPeer(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	s.apply()
	add := func(vpc int, ip string) (g *guest) {
		v := s.vpc(vpcID(vpc))
		i := v.Interfaces[slices.IndexFunc(v.Interfaces, func(i plan.Interface) bool { return i.PrivateIP == addr(ip) })]
		w := s.hosts[s.at[i.ID]]
		w.onHost(func() { g = w.addGuest(v.ID, i) })
		return g
	}
	a, b := add(vpcA, "10.1.2.10"), add(vpcB, "10.2.2.11")
	far := s.hosts[1]
	_, saw := a.watched(far, vpcID(vpcB), b.iface.ID, plan.ProtocolTCP, b.iface.PrivateIP, 80)
	if saw.Arrived != plan.TunnelName(subnetID(b2)) || !saw.Delivered {
		t.Errorf("to a peer: %+v", saw)
	}
	_, saw = a.watched(far, vpcID(vpcB), b.iface.ID, plan.ProtocolTCP, b.iface.PrivateIP, 81)
	if saw.Arrived == "" || saw.Passed || !movedAt(saw, "-A ingress -j DROP") {
		t.Errorf("to a peer that does not let it in: %+v", saw)
	}
	// By public addresses, where the source is not known there.
	one, two := add(vpcA, "10.1.1.10"), add(vpcA, "10.1.1.11")
	public := two.iface.PublicIP
	for port, open := range map[int]bool{22: true, 81: false} {
		w, err := far.k.Watch(t.Context(), kernel.Watch{VPC: vpcID(vpcA), ENI: two.iface.ID, Destinations: []netip.Addr{public, two.iface.PrivateIP}, Protocol: plan.ProtocolTCP, Port: port})
		must(t, err)
		defer w.Close()
		did := one.probe(plan.ProtocolTCP, public.String(), port)
		saw, err := w.End(t.Context(), did.SourcePort)
		must(t, err)
		if saw.Arrived != "gw" || saw.Delivered != open || did.Answered != open {
			t.Errorf("by a public address to port %d: %+v, %+v", port, did, saw)
		}
	}
	nat := s.iface(eniID(natENI))
	for _, protocol := range []int{plan.ProtocolTCP, plan.ProtocolICMP} {
		did, saw := a.watched(far, vpcID(vpcA), nat.ID, protocol, addr(outsideIP), 80)
		if saw.Arrived != plan.TunnelName(nat.SubnetID) || !saw.Delivered || saw.Translated.Addr() != nat.PrivateIP || saw.Left != "gw" || !did.Answered {
			t.Errorf("by a NAT gateway: %+v, %+v", did, saw)
		}
	}
	far.sh(vpcID(vpcA), "iptables", "-I", "FORWARD", "-o", "gw", "-j", "DROP")
	if did, saw := a.watched(far, vpcID(vpcA), nat.ID, plan.ProtocolTCP, addr(outsideIP), 81); did.Answered || !saw.Translated.IsValid() || saw.Left != "" || !movedAt(saw, "-A FORWARD -o gw -j DROP") {
		t.Errorf("with a rule behind the NAT gateway: %+v, %+v", did, saw)
	}
	box := plan.NATName(far.host.Prefix, nat.ID)
	must(t, run("ip", "netns", "exec", box, "iptables", "-I", "FORWARD", "-j", "DROP"))
	if _, saw := a.watched(far, vpcID(vpcA), nat.ID, plan.ProtocolTCP, addr(outsideIP), 82); !saw.Delivered || saw.Translated.IsValid() || !slices.Contains(saw.Moved, kernel.Counter{VPC: nat.ID, Table: "filter", Rule: "-A FORWARD -j DROP"}) {
		t.Errorf("with a rule in the NAT gateway: %+v", saw)
	}
}
