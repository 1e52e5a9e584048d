package kernel_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/micacloud/mica/netplane/plan"
)

// open is a VPC whose groups allow everything: what is dropped there is dropped for
// being forged. Guests a, b and d are in one subnet, c in another.
func (w *world) open() *plan.VPC {
	all := []plan.Rule{allowAll()}
	w.host.VPCs = []plan.VPC{{
		ID: vpcID(1), CIDRs: []netip.Prefix{prefix("10.7.0.0/16")}, DNS: true,
		Subnets: []plan.Subnet{
			{ID: subnetID(1), CIDR: prefix("10.7.0.0/24"), Routes: []plan.SubnetRoute{plan.ToInternet()}},
			{ID: subnetID(2), CIDR: prefix("10.7.2.0/24"), Routes: []plan.SubnetRoute{plan.ToInternet()}},
		},
		Groups: []plan.Group{{ID: sgID(1), Ingress: all, Egress: all}},
		Interfaces: []plan.Interface{
			{ID: eniID(0xa), SubnetID: subnetID(1), MAC: mac(0xa), PrivateIP: addr("10.7.0.10"), Groups: []string{sgID(1)}, SourceDestCheck: true},
			{ID: eniID(0xb), SubnetID: subnetID(1), MAC: mac(0xb), PrivateIP: addr("10.7.0.11"), Groups: []string{sgID(1)}, SourceDestCheck: true},
			{ID: eniID(0xc), SubnetID: subnetID(2), MAC: mac(0xc), PrivateIP: addr("10.7.2.12"), Groups: []string{sgID(1)}, SourceDestCheck: true},
			{ID: eniID(0xd), SubnetID: subnetID(1), MAC: mac(0xd), PrivateIP: addr("10.7.0.13"), Groups: []string{sgID(1)}, SourceDestCheck: true},
		},
	}}
	return &w.host.VPCs[0]
}

// router is the MAC that a guest learns for its gateway.
func (g *guest) router() net.HardwareAddr {
	d, err := plan.Build(g.w.host)
	must(g.w.t, err)
	for _, n := range d.Namespaces {
		for _, l := range n.Links {
			if n.VPCID == g.vpc && l.Kind == plan.KindBridge {
				return l.MAC
			}
		}
	}
	g.w.t.Fatal("no router")
	return nil
}

// forgery is a frame that must reach nobody.
type forgery struct {
	name string
	make func(mark string) []byte
}

// forgeries are what guest a may try.
func forgeries(a, b, c, d *guest) []forgery {
	var (
		aMAC, bMAC, dMAC, rMAC = a.iface.MAC, b.iface.MAC, d.iface.MAC, a.router()
		aIP, bIP, cIP, dIP     = a.iface.PrivateIP, b.iface.PrivateIP, c.iface.PrivateIP, d.iface.PrivateIP
		rIP, nobody            = addr("10.7.0.1"), addr("10.7.0.99")
	)
	ip := func(dstMAC, srcMAC net.HardwareAddr, src, dst netip.Addr) func(string) []byte {
		return func(m string) []byte { return frame(dstMAC, srcMAC, 0x800, ipv4(17, src, dst, 0, udp(9, 9, m))) }
	}
	arpFrame := func(dstMAC, srcMAC net.HardwareAddr, op uint16, sha net.HardwareAddr, spa, tpa netip.Addr) func(string) []byte {
		return func(m string) []byte { return frame(dstMAC, srcMAC, 0x806, arp(op, sha, spa, bMAC, tpa, m)) }
	}
	raw := func(dst net.HardwareAddr, etherType uint16) func(string) []byte {
		return func(m string) []byte { return frame(dst, aMAC, etherType, []byte(m+strings.Repeat("x", 40))) }
	}
	in := func(wrap func([]byte) []byte, f func(string) []byte) func(string) []byte {
		return func(m string) []byte { return wrap(f(m)) }
	}
	vlan := func(f []byte) []byte { return tagged(0x8100, f) }
	qinq := func(f []byte) []byte { return tagged(0x88a8, tagged(0x8100, f)) }
	snap := func(f []byte) []byte { // 802.2 SNAP around an Ethernet II payload
		return frame8023(f[:6], f[6:12], append([]byte{0xaa, 0xaa, 3, 0, 0, 0, f[12], f[13]}, f[14:]...))
	}
	dhcp := func(dstMAC net.HardwareAddr, dst netip.Addr, frag uint16) func(string) []byte {
		return func(m string) []byte {
			return frame(dstMAC, aMAC, 0x800, ipv4(17, aIP, dst, frag, udp(67, 68, strings.Repeat("\x02", 240)+m)))
		}
	}
	llDst := func(last byte) net.HardwareAddr { return net.HardwareAddr{1, 0x80, 0xc2, 0, 0, last} }
	gratuitous := arpFrame(everybody, aMAC, 1, aMAC, rIP, rIP)
	return []forgery{
		{"unknown MAC", ip(bMAC, mac(0x77), aIP, bIP)},
		{"a neighbour's MAC", ip(bMAC, dMAC, aIP, bIP)},
		{"a neighbour's MAC and address", ip(bMAC, dMAC, dIP, bIP)},
		{"the router's MAC", ip(bMAC, rMAC, aIP, bIP)},
		{"the router's MAC and address", ip(bMAC, rMAC, rIP, bIP)},
		{"unknown MAC, routed", ip(rMAC, mac(0x77), aIP, cIP)},
		{"nobody's address", ip(bMAC, aMAC, nobody, bIP)},
		{"a neighbour's address", ip(bMAC, aMAC, dIP, bIP)},
		{"the router's address", ip(bMAC, aMAC, rIP, bIP)},
		{"the metadata service's address", ip(bMAC, aMAC, addr("169.254.169.254"), bIP)},
		{"an address of the world", ip(bMAC, aMAC, addr("198.51.100.7"), bIP)},
		{"a neighbour's address, routed", ip(rMAC, aMAC, dIP, cIP)},
		{"its receiver's address, routed", ip(rMAC, aMAC, cIP, cIP)},
		{"no address", ip(bMAC, aMAC, addr("0.0.0.0"), bIP)},
		{"to a neighbour's MAC for another address", ip(bMAC, aMAC, aIP, dIP)},
		{"to every MAC for one address", ip(everybody, aMAC, aIP, bIP)},
		{"IPv4 broadcast", ip(everybody, aMAC, aIP, addr("255.255.255.255"))},
		{"subnet broadcast", ip(everybody, aMAC, aIP, addr("10.7.0.255"))},
		{"IPv4 multicast", ip(net.HardwareAddr{1, 0, 0x5e, 0, 0, 0xfb}, aMAC, aIP, addr("224.0.0.251"))},
		{"gratuitous ARP for the router", gratuitous},
		{"gratuitous ARP reply for the router", arpFrame(everybody, aMAC, 2, aMAC, rIP, rIP)},
		{"ARP reply for the router, to one", arpFrame(bMAC, aMAC, 2, aMAC, rIP, bIP)},
		{"ARP reply for a neighbour, to one", arpFrame(bMAC, aMAC, 2, aMAC, dIP, bIP)},
		{"ARP reply with a foreign sender MAC", arpFrame(bMAC, aMAC, 2, dMAC, aIP, bIP)},
		{"ARP reply from a foreign MAC", arpFrame(bMAC, dMAC, 2, dMAC, dIP, bIP)},
		{"ARP request with a foreign sender address", arpFrame(bMAC, aMAC, 1, aMAC, dIP, bIP)},
		{"ARP request with a foreign sender, broadcast", arpFrame(everybody, aMAC, 1, aMAC, rIP, bIP)},
		{"ARP request for nobody", arpFrame(everybody, aMAC, 1, aMAC, rIP, nobody)},
		{"true ARP, which the bridge answers itself", arpFrame(everybody, aMAC, 1, aMAC, aIP, bIP)},
		{"ARP of unknown operation", arpFrame(bMAC, aMAC, 9, aMAC, rIP, bIP)},
		{"RARP", func(m string) []byte { return frame(everybody, aMAC, 0x8035, arp(4, aMAC, rIP, bMAC, bIP, m)) }},
		{"VLAN-tagged ARP", in(vlan, gratuitous)},
		{"double-tagged ARP", in(qinq, gratuitous)},
		{"ARP in 802.2 SNAP", in(snap, gratuitous)},
		{"ARP in 802.2 SNAP in a VLAN", func(m string) []byte { return vlan(snap(gratuitous(m))) }},
		{"VLAN-tagged IPv4", in(vlan, ip(bMAC, aMAC, dIP, bIP))},
		{"VLAN-tagged IPv4 of its own", in(vlan, ip(bMAC, aMAC, aIP, bIP))},
		{"IPv4 in 802.2 SNAP", in(snap, ip(bMAC, aMAC, dIP, bIP))},
		{"answer of a DHCP server", dhcp(bMAC, bIP, 0)},
		{"answer of a DHCP server, broadcast", dhcp(everybody, addr("255.255.255.255"), 0)},
		{"answer of a DHCP server, routed", dhcp(rMAC, cIP, 0)},
		{"first fragment of a DHCP answer", dhcp(bMAC, bIP, 0x2000)},
		{"later fragment from a foreign address", func(m string) []byte {
			return frame(bMAC, aMAC, 0x800, ipv4(17, dIP, bIP, 0x0010, []byte(m)))
		}},
		{"IPv6 router advertisement", func(m string) []byte { return frame(everybody, aMAC, 0x86dd, routerAdvertisement(m)) }},
		{"IPv6 router advertisement in a VLAN", func(m string) []byte {
			return vlan(frame(everybody, aMAC, 0x86dd, routerAdvertisement(m)))
		}},
		{"any IPv6", raw(bMAC, 0x86dd)},
		{"STP", func(m string) []byte { return frame8023(llDst(0), aMAC, append([]byte{0x42, 0x42, 3}, m...)) }},
		{"LLDP", raw(llDst(0x0e), 0x88cc)},
		{"CDP", func(m string) []byte {
			return frame8023(net.HardwareAddr{1, 0, 0x0c, 0xcc, 0xcc, 0xcc}, aMAC, append([]byte{0xaa, 0xaa, 3, 0, 0, 0xc, 0x20, 0}, m...))
		}},
		{"EAPOL", raw(bMAC, 0x888e)},
		{"PPPoE discovery", raw(everybody, 0x8863)},
		{"MPLS", raw(bMAC, 0x8847)},
		{"an unknown type", raw(bMAC, 0x88b5)},
	}
}

func routerAdvertisement(mark string) []byte {
	body := append([]byte{134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0}, mark...)
	src, dst := netip.MustParseAddr("fe80::a"), netip.MustParseAddr("ff02::1")
	h := []byte{0x60, 0, 0, 0, 0, byte(len(body)), 58, 255}
	h = append(append(h, src.AsSlice()...), dst.AsSlice()...)
	c := ^sum16(uint32(len(body)+58), append(append(h[8:40:40], body...), make([]byte, len(body)%2)...))
	body[2], body[3] = byte(c>>8), byte(c)
	return append(h, body...)
}

func TestForgedFramesReachNobody(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.boot()
	a, b, c, d := w.guests[eniID(0xa)], w.guests[eniID(0xb)], w.guests[eniID(0xc)], w.guests[eniID(0xd)]
	wires := map[string]*wire{"b": b.listenRaw(), "c": c.listenRaw(), "d": d.listenRaw()}
	for n, f := range forgeries(a, b, c, d) {
		mark := fmt.Sprintf("forged%03d", n)
		a.send(f.make(mark))
		a.trueFrames(b, c, d)(fmt.Sprintf("true%03d", n), wires)
		for who, wire := range wires {
			if got := wire.with(mark); got > 0 {
				t.Errorf("%s: %d frames reached %s", f.name, got, who)
			}
		}
	}
	// All ARP that anybody heard are true answers to what they asked themselves.
	truth := map[string]string{"10.7.0.1": a.router().String(), "10.7.2.1": a.router().String()}
	for _, g := range w.guests {
		truth[g.iface.PrivateIP.String()] = g.iface.MAC.String()
	}
	for who, wire := range wires {
		for _, f := range wire.ofType(0x806) {
			op, sha, spa := f[21], net.HardwareAddr(f[22:28]).String(), net.IP(f[28:32]).String()
			if op != 2 || truth[spa] != sha {
				t.Errorf("ARP operation %d reached %s: %s is at %s", op, who, spa, sha)
			}
		}
	}
}

// trueFrames sends each of the others an honest datagram and waits for it: what was
// sent before it has then arrived or been dropped. It also shows that the listeners
// hear anything at all.
func (a *guest) trueFrames(b, c, d *guest) func(mark string, wires map[string]*wire) {
	return func(mark string, wires map[string]*wire) {
		from := a.iface
		for who, to := range map[string]*guest{"b": b, "c": c, "d": d} {
			dst := to.iface.MAC
			if to == c {
				dst = a.router()
			}
			a.send(frame(dst, from.MAC, 0x800, ipv4(17, from.PrivateIP, to.iface.PrivateIP, 0, udp(9, 9, mark))))
			wires[who].await(mark)
		}
	}
}
