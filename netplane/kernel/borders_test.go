package kernel_test

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

func (s *site) iface(id string) *plan.Interface {
	for v := range s.vpcs {
		for i := range s.vpcs[v].Interfaces {
			if s.vpcs[v].Interfaces[i].ID == id {
				return &s.vpcs[v].Interfaces[i]
			}
		}
	}
	s.t.Fatalf("no %s", id)
	return nil
}

// by is the guest that has an address in a VPC.
func (s *site) by(vpc int, ip string) *guest {
	for _, i := range s.vpc(vpcID(vpc)).Interfaces {
		if i.PrivateIP == addr(ip) {
			return s.guests[i.ID]
		}
	}
	s.t.Fatalf("nobody has %s", ip)
	return nil
}

// open dials and leaves the connection open.
func (g *guest) open(to string) net.Conn {
	g.w.t.Helper()
	c, err := g.dial(to)
	must(g.w.t, err)
	g.w.t.Cleanup(func() { c.Close() })
	if !talks(c) {
		g.w.t.Fatalf("%s does not talk to %s", g.name, to)
	}
	return c
}

// TestNATGatewayKeepsConnections: what was begun by a NAT gateway on another host lives
// through changes of rules, of other VPCs and of its host's agent, and ends with the route.
// Nothing comes in by it.
func TestNATGatewayKeepsConnections(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	s.outside.listen(7)
	g := s.by(vpcA, "10.1.2.10") // on host 0; the gateway is on host 1
	c := g.open(outsideIP + ":7")
	if from := c.LocalAddr().String(); !strings.HasPrefix(from, "10.1.2.10:") {
		t.Fatalf("it comes from %s", from)
	}
	s.vpc(vpcID(vpcA)).Groups[1].Ingress = nil
	s.vpc(vpcID(vpcA)).ACLs[0].Ingress = []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 0, ToPort: 65535}}
	s.vpc(vpcID(vpcC)).Groups[0].Ingress = nil
	s.apply()
	for _, w := range s.hosts {
		w.again()
	}
	s.apply()
	for n, w := range s.hosts {
		for _, step := range w.k.LastSteps() {
			t.Errorf("host %d: the new agent did %q", n, step)
		}
	}
	if !talks(c) {
		t.Error("the connection ended with changes that are not its own")
	}

	// From outside: no new connection, by whatever protocol, and none to what is behind it.
	wires := []*wire{g.listenRaw(), s.by(vpcA, "10.1.2.11").listenRaw()}
	var inNAT *wire
	box := &guest{w: s.hosts[1], name: plan.NATName(s.hosts[1].host.Prefix, eniID(natENI))}
	box.enter()
	inNAT = box.listenOn("eth0")
	nat := s.public(7)
	s.outside.in(func() {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW)
		must(t, err)
		defer unix.Close(fd)
		for _, dst := range []netip.Addr{nat, addr("10.1.2.10"), addr("10.1.1.99")} {
			for _, port := range []uint16{7, 22, 53, 40000} {
				_ = unix.Sendto(fd, ipv4(17, addr(outsideIP), dst, 0, udp(7, port, "intruder")), 0, &unix.SockaddrInet4{Addr: nat.As4()})
			}
		}
	})
	if s.outside.reaches(nat.String()+":22") || !talks(c) {
		t.Error("the NAT gateway takes connections from outside, or has lost its own")
	}
	for _, w := range append(wires, inNAT) {
		if n := w.with("intruder"); n > 0 {
			t.Errorf("%d packets from outside came in", n)
		}
	}

	// The route away, and the connection with it.
	s.vpc(vpcID(vpcA)).Subnets[1].Routes = nil
	s.apply()
	if talks(c) {
		t.Error("the connection outlives its route")
	}

	// What is said of the gateway is where it is.
	wantNAT := func(host int, works, gone bool) {
		t.Helper()
		if w, g := s.hosts[host].k.NATState(vpcID(vpcA), eniID(natENI)); w != works || g != gone {
			t.Errorf("host %d: works %v, gone %v; want %v, %v", host, w, g, works, gone)
		}
	}
	wantNAT(0, false, true)
	wantNAT(1, true, false)
	s.at[eniID(natENI)] = 0
	if wantNAT(1, true, false); t.Failed() {
		return
	}
	s.apply()
	wantNAT(0, true, false)
	wantNAT(1, false, true)
}

// TestMovedElasticIPEndsConnections: what was connected to an address by its old interface
// ends, and the new one answers.
func TestMovedElasticIPEndsConnections(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	one, other := s.by(vpcA, "10.1.1.10"), s.by(vpcA, "10.1.1.11")
	s.vpc(vpcID(vpcA)).Groups[0].Ingress = []plan.Rule{tcp(7, everywhere), tcp(22, everywhere)}
	one.in(func() { must(t, run("ip", "addr", "add", "10.1.1.110/32", "dev", "lo")) }) // it has it on eth0 already
	i := s.iface(one.iface.ID)
	eip := i.PublicIP
	i.PublicIP, i.Secondary = s.public(8), []plan.PrivateAddress{{IP: addr("10.1.1.110"), Public: eip}}
	s.apply()
	one.listen(7)
	other.listen(7)
	c := s.outside.open(eip.String() + ":7")
	kept := s.outside.open(s.public(8).String() + ":7")
	if got := s.ask([]cell{{"", "", addr(outsideIP), eip, plan.ProtocolTCP, 22}}, 5*time.Second); !slices.Contains([]string{one.iface.ID}, first(got)) {
		t.Errorf("the Elastic IP of a secondary address leads to %q", first(got))
	}
	i.Secondary = []plan.PrivateAddress{{IP: addr("10.1.1.110")}}
	s.iface(other.iface.ID).PublicIP = eip // on the other host
	s.apply()
	if talks(c) {
		t.Error("a connection outlives the address that it came by")
	}
	if !talks(kept) {
		t.Error("the interface's other address lost its connection")
	}
	if got := s.ask([]cell{{"", "", addr(outsideIP), eip, plan.ProtocolTCP, 22}}, 5*time.Second); first(got) != other.iface.ID {
		t.Errorf("the moved Elastic IP leads to %q, want %s", first(got), other.iface.ID)
	}
}

func first(m map[cell]string) string {
	for _, v := range m {
		return v
	}
	return ""
}

// TestACLHasNoMemory: an ACL judges each packet at its subnet's border, whatever is tracked,
// and none within the subnet.
func TestACLHasNoMemory(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	v := s.vpc(vpcID(vpcA))
	v.Groups[1].Ingress = []plan.Rule{tcp(7, everywhere)}
	v.Subnets[2].ACL = ""
	s.boot()
	near, far := s.by(vpcA, "10.11.3.10"), s.by(vpcA, "10.11.3.11") // of a3, on two hosts
	far.listen(7)
	across := s.by(vpcA, "10.1.2.10").open("10.11.3.11:7")
	within := near.open("10.11.3.11:7")
	v.Subnets[2].ACL = aclID(3) // its answers may leave, but nothing may come in
	v.ACLs[1].Ingress = nil
	s.apply()
	if talks(across) {
		t.Error("a tracked connection crosses a border that the ACL closed")
	}
	if !talks(within) {
		t.Error("the ACL judged packets within the subnet, by a tunnel")
	}
	v.ACLs[1].Ingress = []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 7, ToPort: 7}}
	v.ACLs[1].Egress = []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 7, ToPort: 7}}
	s.apply()
	if talks(across) {
		t.Error("the answer passed, though no entry allows its port")
	}
	v.ACLs[1].Egress[0].ToPort = 65535
	s.apply()
	if !talks(across) {
		t.Error("what the ACL delayed did not go on when it was allowed again")
	}
}

// TestForgeriesAcrossPeeringAndNAT: nobody poses as a peer, uses a peer as a way to a third
// network, or gets the NAT gateway to carry what was not routed to it.
func TestForgeriesAcrossPeeringAndNAT(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	all := []plan.Rule{allowAll()}
	for v := range s.vpcs {
		for g := range s.vpcs[v].Groups {
			if s.vpcs[v].Groups[g].VPC == "" {
				s.vpcs[v].Groups[g].Ingress, s.vpcs[v].Groups[g].Egress = all, all
			}
		}
	}
	s.vpc(vpcID(vpcA)).Subnets[2].ACL = ""
	// A router in C, which may send what it likes, and a table that sends all to the peering.
	c := s.vpc(vpcID(vpcC))
	c.Subnets[0].Routes = []plan.SubnetRoute{to("0.0.0.0/0", pcxID(0xac))}
	for n := range c.Interfaces {
		c.Interfaces[n].SourceDestCheck = false
	}
	s.boot()
	rogue := s.by(vpcC, "10.2.1.10")
	a1g, a2g, a3g := s.by(vpcA, "10.1.1.10"), s.by(vpcA, "10.1.2.10"), s.by(vpcA, "10.11.3.10")
	b := s.by(vpcB, "10.2.2.10")
	ears := map[string]*wire{"a1": a1g.listenRaw(), "a2": a2g.listenRaw(), "a3": a3g.listenRaw(), "b": b.listenRaw(), "outside": s.outside.listenOn("eth0")}
	router := func(g *guest) (mac net.HardwareAddr) {
		mac, err := net.ParseMAC(s.hosts[0].routerMAC(g.vpc, g.iface.SubnetID))
		must(t, err)
		return mac
	}
	send := func(g *guest, dstMAC net.HardwareAddr, src, dst string, frag uint16, mark string) {
		g.send(frame(dstMAC, g.iface.MAC, 0x800, ipv4(17, addr(src), addr(dst), frag, udp(9, 53, mark))))
	}
	r := router(rogue)
	for n, f := range []struct{ what, src, dst string }{
		{"the peer's own address, to a subnet that is another peer's", "10.2.1.10", "10.1.2.10"},
		{"an address of the other peer, to its subnet", "10.2.2.10", "10.1.2.10"},
		{"an address of the VPC itself", "10.1.2.11", "10.11.3.10"},
		{"an address of the destination's subnet", "10.11.3.11", "10.11.3.10"},
		{"an address of the world", outsideIP, "10.11.3.10"},
		{"the metadata service's address", "169.254.169.254", "10.11.3.10"},
		{"to the world by the peer", "10.2.1.10", outsideIP},
		{"to the world as one of the peer's", "10.1.1.10", outsideIP},
		{"to a third VPC by the peer", "10.2.1.10", "10.2.2.10"},
		{"to the peer's metadata service", "10.2.1.10", "169.254.169.254"},
		{"to the peer's router", "10.2.1.10", "10.11.3.1"},
	} {
		for _, frag := range []uint16{0, 0x2000} {
			mark := fmt.Sprintf("forged-%02d-%d", n, frag)
			send(rogue, r, f.src, f.dst, frag, mark)
			send(rogue, r, f.src, f.dst, frag, mark)
		}
		t.Cleanup(func() {
			for who, w := range ears {
				if got := w.with(fmt.Sprintf("forged-%02d-", n)); got > 0 {
					t.Errorf("%s: %d packets reached %s", f.what, got, who)
				}
			}
		})
	}
	// A neighbour of the NAT gateway gives it frames by its MAC: it carries only what was routed.
	neighbour := s.by(vpcA, "10.1.1.11") // on the gateway's host
	send(neighbour, s.iface(eniID(natENI)).MAC, "10.1.1.11", outsideIP, 0, "by-its-mac")
	send(a1g, s.iface(eniID(natENI)).MAC, "10.1.1.10", outsideIP, 0, "by-its-mac")
	send(a2g, router(a2g), "10.1.1.99", outsideIP, 0, "as-the-gateway")
	// What is right gets through, after all that was forged.
	send(rogue, r, "10.2.1.10", "10.11.3.10", 0, "rightful")
	ears["a3"].await("rightful")
	send(a2g, router(a2g), "10.1.2.10", outsideIP, 0, "translated")
	ears["outside"].await("translated")
	for who, w := range ears {
		if n := w.with("by-its-mac") + w.with("as-the-gateway"); n > 0 {
			t.Errorf("%d packets that were not routed to the NAT gateway reached %s", n, who)
		}
	}
}

// TestLargestPacket: over an underlay of 1500 bytes a packet of the guests' MTU passes with
// DF set, and one of a byte more does not.
func TestLargestPacket(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	v := s.vpc(vpcID(vpcA))
	v.Groups[1].Ingress = []plan.Rule{allowAll()}
	s.boot()
	g := s.by(vpcA, "10.1.2.10")
	g.in(func() { must(t, run("ip", "link", "set", "eth0", "mtu", "1500")) }) // it tries more than it was told
	for _, far := range []string{"10.1.2.11", "10.11.3.11"} {
		v.Subnets[2].ACL = ""
		s.apply()
		wire := s.by(vpcA, far).listenRaw()
		dst := s.by(vpcA, far).iface.MAC
		if !v.Subnets[1].CIDR.Contains(addr(far)) {
			var err error
			dst, err = net.ParseMAC(s.hosts[0].routerMAC(vpcID(vpcA), subnetID(a2)))
			must(t, err)
		}
		packet := func(size int, mark string) []byte {
			return frame(dst, g.iface.MAC, 0x800, ipv4(17, g.iface.PrivateIP, addr(far), 0x4000, udp(9, 9, mark+strings.Repeat("x", size-28-len(mark)))))
		}
		g.send(packet(1451, "too-large"), packet(1450, "largest"))
		wire.await("largest")
		if wire.with("too-large") > 0 {
			t.Errorf("to %s: a packet of 1451 bytes passed", far)
		}
	}
}

// TestDeletedByHand: routes, rules of routing, links and namespaces that somebody deletes or
// adds are as planned after one Apply, and wire and model agree again.
func TestDeletedByHand(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	p := s.hosts[1].host.Prefix
	vpc, nat := plan.NamespaceName(p, vpcID(vpcA)), plan.NATName(p, eniID(natENI))
	table, br := fmt.Sprint(plan.RouteTable(subnetID(a2))), plan.BridgeName(subnetID(a2))
	px := plan.PeeringName(pcxID(0xab))
	tap := plan.TapName(p, eniID(natENI))
	for _, c := range []struct{ in, cmd string }{
		{vpc, "ip route flush table " + table},
		{vpc, "ip route replace 0.0.0.0/0 via 169.254.0.1 dev gw onlink table " + table},
		{vpc, "ip route add 10.2.1.0/25 via 169.254.0.1 dev gw onlink table " + table},
		{vpc, "ip rule del iif " + br + " lookup " + table},
		{vpc, "ip rule add from all lookup 77 pref 5"},
		{vpc, "ip link del " + px},
		{vpc, "ip link set " + px + " down"},
		{vpc, "ip neigh del 169.254.0.3 dev " + px},
		{vpc, "ip link del " + tap},
		{vpc, "iptables -F acl; iptables -F peered"},
		{vpc, "iptables -t raw -F peers"},
		{vpc, "ipset flush " + plID(1)},
		{vpc, "ipset add " + plID(1) + " 10.0.0.0/8"},
		{vpc, "ip link set " + br + " down; ip link set " + br + " up"},
		{nat, "iptables -t nat -F; iptables -P FORWARD ACCEPT"},
		{nat, "ip link del eth0"},
		{nat, "ip addr flush dev eth0"},
		{nat, "ip route del default"},
		{nat, "sysctl -qw net.ipv4.ip_forward=0"},
		{"", "ip netns del " + nat},
	} {
		s.hosts[1].onHost(func() {
			cmd := c.cmd
			if c.in != "" {
				cmd = "ip netns exec " + c.in + " sh -c '" + cmd + "'"
			}
			must(t, run("sh", "-c", cmd))
			s.hosts[1].apply()
			if len(s.hosts[1].k.LastSteps()) == 0 {
				t.Errorf("%s: nothing was put back", c.cmd)
			}
			s.hosts[1].apply()
			if steps := s.hosts[1].k.LastSteps(); len(steps) > 0 {
				t.Errorf("%s: not at rest after one Apply: %q", c.cmd, steps)
			}
		})
		s.check("after " + c.cmd)
		if t.Failed() {
			return
		}
	}
}

// enter opens a namespace that somebody else made.
func (g *guest) enter() {
	ns, err := netns.GetFromName(g.name)
	must(g.w.t, err)
	g.ns = ns
	g.w.t.Cleanup(func() { ns.Close() })
}
