package kernel_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/netplane/plan"
)

// Numbers of the VPC of routers: subnets of clients, routers and servers, and the NAT
// gateways.
const (
	vpcR          = 0xd
	rc, rr, rs    = 0xd1, 0xd2, 0xd3
	openR         = 0xd1           // their group
	r0, r1        = 0xd010, 0xd011 // routers, on hosts 0 and 1
	natPub        = 0xdaf1
	natPriv       = 0xdaf2
	vpcP, p1, ofP = 0xe, 0xe1, 0xe1 // the peer, its subnet and its group
)

// routers: a VPC with a router on each host, a public and a private NAT gateway on host 1, and
// a peer. Everybody's groups allow all but the peer's, which takes the
// private NAT gateway alone.
func (s *site) routers() {
	all, pcx := []plan.Rule{allowAll()}, pcxID(0xde)
	s.vpcs = []plan.VPC{{
		ID: vpcID(vpcR), CIDRs: []netip.Prefix{prefix("10.1.0.0/16")}, InternetGateway: true,
		Subnets: []plan.Subnet{
			{ID: subnetID(rc), CIDR: prefix("10.1.1.0/24"), VNI: 4001},
			{ID: subnetID(rr), CIDR: prefix("10.1.2.0/24"), VNI: 4002, Routes: []plan.SubnetRoute{plan.ToInternet(), to("10.2.0.0/16", pcx)}},
			{ID: subnetID(rs), CIDR: prefix("10.1.3.0/24"), VNI: 4003},
		},
		Peerings: []plan.Peering{{ID: pcx, VPC: vpcID(vpcP), CIDRs: []netip.Prefix{prefix("10.2.0.0/16")}}},
		Groups:   []plan.Group{{ID: sgID(openR), Ingress: all, Egress: all}},
	}, {
		ID: vpcID(vpcP), CIDRs: []netip.Prefix{prefix("10.2.0.0/16")},
		Subnets:  []plan.Subnet{{ID: subnetID(p1), CIDR: prefix("10.2.1.0/24"), VNI: 5001, Routes: []plan.SubnetRoute{to("10.1.0.0/16", pcx)}}},
		Peerings: []plan.Peering{{ID: pcx, VPC: vpcID(vpcR), CIDRs: []netip.Prefix{prefix("10.1.0.0/16")}}},
		Groups:   []plan.Group{{ID: sgID(ofP), Egress: all, Ingress: []plan.Rule{tcp(22, prefix("10.1.2.99/32"))}}},
	}}
	put := func(vpc, subnet, group, n, host int, ip string) *plan.Interface {
		v := s.vpc(vpcID(vpc))
		i := plan.Interface{ID: eniID(n), SubnetID: subnetID(subnet), MAC: mac(n), PrivateIP: addr(ip), Groups: []string{sgID(group)}, SourceDestCheck: true}
		v.Interfaces = append(v.Interfaces, i)
		s.at[i.ID] = host
		return &v.Interfaces[len(v.Interfaces)-1]
	}
	put(vpcR, rc, openR, 0xd001, 0, "10.1.1.10")
	put(vpcR, rs, openR, 0xd020, 0, "10.1.3.10")
	put(vpcR, rs, openR, 0xd021, 1, "10.1.3.11")
	put(vpcP, p1, ofP, 0xe001, 0, "10.2.1.10")
	for n, id := range []int{r0, r1} {
		r := put(vpcR, rr, openR, id, n, "10.1.2.1"+string(rune('0'+n)))
		r.SourceDestCheck, r.PublicIP = false, s.public(1+n)
	}
	for id, ip := range map[int]string{natPub: "10.1.2.98", natPriv: "10.1.2.99"} {
		nat := put(vpcR, rr, openR, id, 1, ip)
		nat.NAT, nat.Groups, nat.SourceDestCheck = true, nil, false
	}
	s.iface(eniID(natPub)).PublicIP = s.public(3)
}

// forward makes a guest a router that has an address beyond it, and translates to its own
// what goes to the world.
func (g *guest) forward(beyond string) {
	g.in(func() {
		must(g.w.t, run("sh", "-c", "set -e; sysctl -qw net.ipv4.ip_forward=1; ip addr add "+beyond+"/32 dev lo; "+
			"iptables -t nat -A POSTROUTING -s 10.1.1.0/24 -d 192.168.7.0/24 -j MASQUERADE"))
	})
}

// mirror answers each connection with the address that it comes from.
func (g *guest) mirror(port string) {
	var l net.Listener
	g.in(func() {
		var err error
		l, err = net.Listen("tcp4", ":"+port)
		must(g.w.t, err)
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			from, _, _ := net.SplitHostPort(c.RemoteAddr().String())
			_, _ = c.Write([]byte(from))
			c.Close()
		}
	}()
	g.w.t.Cleanup(func() { l.Close(); <-done })
}

// seenAs is the address by which a mirror sees the guest, "" if it does not see it.
func (g *guest) seenAs(mirror string) string {
	c, err := g.dial(mirror)
	if err != nil {
		return ""
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(short))
	buf := make([]byte, 64)
	n, _ := c.Read(buf)
	return string(buf[:n])
}

// TestRoutersAndGateways: routes lead to routers that are instances, to NAT gateways with and
// without an Elastic IP, on the same host and on the other; the longest prefix decides among
// them, and one whose target is gone leads nowhere.
func TestRoutersAndGateways(t *testing.T) {
	s := newSite(t)
	for _, w := range s.hosts {
		w.host.PoolOnLAN = true // so that the world sees who it is
	}
	s.routers()
	s.boot()
	v := s.vpc(vpcID(vpcR))
	c, peer := s.by(vpcR, "10.1.1.10"), s.by(vpcP, "10.2.1.10")
	routers := []*guest{s.by(vpcR, "10.1.2.10"), s.by(vpcR, "10.1.2.11")}
	for n, r := range routers {
		r.forward([]string{"172.20.0.5", "172.20.1.5"}[n])
		r.listen(7)
	}
	s.outside.mirror("9")
	s.outside.listen(7)
	peer.mirror("9")
	peer.listen(7)
	s.vpc(vpcID(vpcP)).Groups[0].Ingress = []plan.Rule{tcp(9, prefix("10.1.2.99/32")), tcp(7, everywhere)}
	routes := func(list ...plan.SubnetRoute) {
		t.Helper()
		v.Subnets[0].Routes = list
		s.apply()
	}
	want := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	const world = outsideIP + ":9"

	// Networks behind an instance: one router on the client's host, one on the other.
	routes(to("172.20.0.0/16", eniID(r0)), to("172.20.1.0/24", eniID(r1)))
	want("a network behind a router", c.reaches("172.20.0.5:7"), true)
	want("the longer prefix, behind one on the other host", c.reaches("172.20.1.5:7"), true)
	want("what has no route", c.reaches("172.21.0.5:7"), false)
	want("from a subnet without the route", s.by(vpcR, "10.1.3.10").reaches("172.20.0.5:7"), false)
	kept := []net.Conn{c.open("172.20.0.5:7"), c.open("172.20.1.5:7")}
	// Their source/destination check, on.
	for n, id := range []string{eniID(r0), eniID(r1)} {
		to, wire := []string{"172.20.0.5:7", "172.20.1.5:7"}[n], routers[n].listenRaw()
		before := len(wire.ofType(0x800))
		s.iface(id).SourceDestCheck = true
		s.apply()
		want("with the check on, "+id, c.reaches(to), false)
		want("what was connected before", talks(kept[n]), false)
		own := s.by(vpcR, []string{"10.1.3.10", "10.1.3.11"}[n])
		want("its own address", own.reaches(routers[n].iface.PrivateIP.String()+":7"), true)
		for _, f := range wire.ofType(0x800)[before:] {
			if dst := netip.AddrFrom4([4]byte(f[30:34])); dst != routers[n].iface.PrivateIP {
				t.Errorf("with the check on, %s got a packet for %s", id, dst)
			}
		}
		s.iface(id).SourceDestCheck = false
	}
	s.apply()
	want("with the check off again", c.reaches("172.20.1.5:7"), true)

	// Longest prefix among an instance that translates, here and there, and NAT gateways.
	one, two, three := to("0.0.0.0/0", eniID(r0)), to("192.168.0.0/16", eniID(r1)), to("192.168.7.0/24", eniID(natPub))
	routes(one)
	want("by a NAT instance", c.seenAs(world), s.public(1).String())
	routes(one, two)
	want("by one on the other host", c.seenAs(world), s.public(2).String())
	routes(one, two, three)
	want("by a NAT gateway", c.seenAs(world), s.public(3).String())
	routes(one, two, three, to(outsideIP+"/32", eniID(natPriv)))
	want("by a private NAT gateway", c.seenAs(world), "")

	// One that is gone, though shorter ones would lead there.
	routes(one, two)
	lost := c.open(outsideIP + ":7")
	at := slices.IndexFunc(v.Interfaces, func(i plan.Interface) bool { return i.ID == eniID(r1) })
	gone := v.Interfaces[at]
	v.Interfaces = slices.Delete(slices.Clone(v.Interfaces), at, at+1)
	s.apply()
	want("a route to what is gone", c.seenAs(world), "")
	for n, w := range s.hosts {
		if out := w.sh(vpcID(vpcR), "ip", "route", "show", "table", "all"); !strings.Contains(out, "blackhole 192.168.0.0/16") {
			t.Errorf("host %d has no blackhole: %s", n, out)
		}
	}
	want("a connection by what is gone", talks(lost), false)
	routes(one)
	want("without that route", c.seenAs(world), s.public(1).String())
	v.Interfaces = append(v.Interfaces, gone)

	// A private NAT gateway: to a peer with its own address, and to nobody else.
	routes(to("10.2.0.0/16", eniID(natPriv)))
	want("a peer by a private NAT gateway", c.seenAs("10.2.1.10:9"), "10.1.2.99")
	s.at[eniID(natPriv)] = 0
	s.apply()
	want("when it is on the client's host", c.seenAs("10.2.1.10:9"), "10.1.2.99")
	conn := c.open("10.2.1.10:7")
	want("the peer's way to who is behind it", peer.reaches("10.1.2.99:22"), false)
	wire := c.listenRaw()
	peer.send(frame(peerRouter(s, peer), peer.iface.MAC, 0x800, ipv4(17, peer.iface.PrivateIP, addr("10.1.2.99"), 0, udp(9, 9, "by the peer"))))
	s.vpc(vpcID(vpcP)).Groups[0].Egress = []plan.Rule{tcp(1, everywhere)}
	s.apply()
	want("a connection after a change of the peer's rules", talks(conn), true)
	if n := wire.with("by the peer"); n > 0 {
		t.Errorf("%d packets came in by the private NAT gateway", n)
	}
	routes()
	want("a connection after its route", talks(conn), false)
}

// peerRouter is the MAC that a guest on host 0 sends to its router.
func peerRouter(s *site, g *guest) net.HardwareAddr {
	mac, err := net.ParseMAC(s.hosts[s.at[g.iface.ID]].routerMAC(g.vpc, g.iface.SubnetID))
	must(s.t, err)
	return mac
}

// TestFragmentsAndTagsAcrossAPeering: a datagram in fragments gets to a peer whole, here and
// on the other host, if the ports of its first fragment are allowed; frames with a VLAN tag do
// not, nor do fragments whose first is missing.
func TestFragmentsAndTagsAcrossAPeering(t *testing.T) {
	s := newSite(t)
	s.routers()
	v, p := s.vpc(vpcID(vpcR)), s.vpc(vpcID(vpcP))
	v.Subnets[0].Routes = []plan.SubnetRoute{to("10.2.0.0/16", pcxID(0xde))}
	p.Groups[0].Ingress = []plan.Rule{udpFrom(10, everywhere), udpFrom(11, everywhere)}
	p.Interfaces = append(p.Interfaces, plan.Interface{ID: eniID(0xe002), SubnetID: subnetID(p1), MAC: mac(0xe002), PrivateIP: addr("10.2.1.11"), Groups: []string{sgID(ofP)}, SourceDestCheck: true})
	s.at[eniID(0xe002)] = 1
	s.boot()
	c := s.by(vpcR, "10.1.1.10")
	router := peerRouter(s, c)
	for _, ip := range []string{"10.2.1.10", "10.2.1.11"} {
		peer := s.by(vpcP, ip)
		ears := map[int]*net.UDPConn{}
		for _, port := range []int{10, 11, 12} {
			peer.in(func() {
				var err error
				ears[port], err = net.ListenUDP("udp4", &net.UDPAddr{Port: port})
				must(t, err)
			})
			defer ears[port].Close()
		}
		wire := peer.listenRaw()
		datagram := func(port uint16, mark string) []byte { return udp(9, port, mark+strings.Repeat("x", 3000)+mark) }
		send := func(d []byte, parts ...[2]int) { // from, to; the kernel of the guest would do the same
			for _, part := range parts {
				flags := uint16(part[0] / 8)
				if part[1] < len(d) {
					flags |= 0x2000
				}
				c.send(frame(router, c.iface.MAC, 0x800, ipv4(17, c.iface.PrivateIP, addr(ip), flags, d[part[0]:part[1]])))
			}
		}
		hears := func(port int, mark string) bool {
			buf := make([]byte, 4000)
			must(t, ears[port].SetReadDeadline(time.Now().Add(short)))
			n, err := ears[port].Read(buf)
			return err == nil && n == 3000+2*len(mark) && strings.HasPrefix(string(buf[:n]), mark) && strings.HasSuffix(string(buf[:n]), mark)
		}
		d := datagram(10, "in-order")
		send(d, [2]int{0, 1400}, [2]int{1400, 2800}, [2]int{2800, len(d)})
		if !hears(10, "in-order") {
			t.Errorf("to %s: a datagram in fragments did not arrive", ip)
		}
		d = datagram(11, "backward")
		send(d, [2]int{2800, len(d)}, [2]int{1400, 2800}, [2]int{0, 1400})
		if !hears(11, "backward") {
			t.Errorf("to %s: a datagram whose last fragment came first did not arrive", ip)
		}
		send(datagram(12, "shut"), [2]int{0, 1400}, [2]int{1400, 2800}, [2]int{2800, len(d) - 8})
		send(datagram(10, "headless"), [2]int{1400, 2800}, [2]int{2800, len(d)})
		plain := frame(router, c.iface.MAC, 0x800, ipv4(17, c.iface.PrivateIP, addr(ip), 0, udp(9, 10, "tagged")))
		c.send(tagged(0x8100, plain), tagged(0x88a8, plain), tagged(0x8100, tagged(0x8100, plain)))
		c.send(frame(router, c.iface.MAC, 0x800, ipv4(17, c.iface.PrivateIP, addr(ip), 0, udp(9, 10, "fence"))))
		wire.await("fence")
		for _, mark := range []string{"shut", "headless", "tagged"} {
			if n := wire.with(mark); n > 0 {
				t.Errorf("to %s: %d frames of %q arrived", ip, n, mark)
			}
		}
	}
}
