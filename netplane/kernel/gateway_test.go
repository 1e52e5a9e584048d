package kernel_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// pool is the n-th public address.
func (w *world) pool(n int) netip.Addr {
	a := w.host.PublicPool.Addr()
	for range n {
		a = a.Next()
	}
	return a
}

// twins are two VPCs with the same CIDR, addresses and MACs, both with a gateway.
// Guest a of each has a public address, guest b has none.
func (w *world) twins() {
	for n := 1; n <= 2; n++ {
		all := []plan.Rule{allowAll()}
		w.host.VPCs = append(w.host.VPCs, plan.VPC{
			ID: vpcID(n), CIDRs: []netip.Prefix{prefix("10.9.0.0/16")}, InternetGateway: true, DNS: true,
			Subnets: []plan.Subnet{{ID: subnetID(n), CIDR: prefix("10.9.0.0/20"), Routes: []plan.SubnetRoute{plan.ToInternet()}}},
			Groups: []plan.Group{
				{ID: sgID(1), Egress: all, Ingress: []plan.Rule{tcp(22, everywhere), tcpFrom(23, sgID(1))}},
			},
			Interfaces: []plan.Interface{
				{ID: eniID(n<<4 | 0xa), SubnetID: subnetID(n), MAC: mac(0xa), PrivateIP: addr("10.9.0.10"), PublicIP: w.pool(n), Groups: []string{sgID(1)}, SourceDestCheck: true},
				{ID: eniID(n<<4 | 0xb), SubnetID: subnetID(n), MAC: mac(0xb), PrivateIP: addr("10.9.0.11"), Groups: []string{sgID(1)}, SourceDestCheck: true},
			},
		})
	}
}

// hostReaches is reaches from the host itself.
func hostReaches(to string) bool {
	c, err := dialHere(to)
	if err != nil {
		return false
	}
	defer c.Close()
	return talks(c)
}

// listenOnHost echoes on all addresses of the host.
func listenOnHost(t *testing.T) (port int) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	must(t, err)
	echoAll(t, l)
	return l.Addr().(*net.TCPAddr).Port
}

func TestPublicAddresses(t *testing.T) {
	w := newWorld(t)
	w.twins()
	_, source, err := kernel.DefaultUplink()
	must(t, err)
	w.host.Address = source
	w.boot()
	a1, b1, a2, b2 := w.guests[eniID(0x1a)], w.guests[eniID(0x1b)], w.guests[eniID(0x2a)], w.guests[eniID(0x2b)]
	for _, g := range []*guest{a1, b1, a2, b2} {
		g.listen(22)
		g.listen(23)
	}
	pub1, pub2 := w.pool(1).String(), w.pool(2).String()
	if !hostReaches(pub1+":22") || !hostReaches(pub2+":22") {
		t.Error("the host does not reach a guest by its public address")
	}
	if hostReaches(pub1 + ":23") {
		t.Error("the host reaches what the group does not allow")
	}
	if hostReaches(w.pool(5).String() + ":22") {
		t.Error("an address of nobody answers")
	}
	// Between VPCs there is only the outside, for those who have an address there.
	if !a1.reaches(pub2 + ":22") {
		t.Error("one VPC does not reach the other's public address")
	}
	if b1.reaches(pub2 + ":22") {
		t.Error("a guest without a public address got out")
	}
	// A neighbour's public address is an outside address too: rules that name a
	// group do not apply there, and it sees the public address of who asks.
	if !a1.reaches("10.9.0.11:23") || a1.reaches(pub1+":23") {
		t.Error("the rule that names the group must hold for private addresses and for them only")
	}
	if !a1.reaches(pub1 + ":22") {
		t.Error("a guest does not reach its own public address")
	}

	// Each side's own addresses mean its own neighbour, though the numbers are equal.
	for _, from := range []*guest{a1, a2} {
		c, err := from.dial("10.9.0.11:22")
		must(t, err)
		c.Close()
	}
	out := w.sh(vpcID(1), "conntrack", "-L") + w.sh(vpcID(2), "conntrack", "-L")
	if n := strings.Count(out, "src=10.9.0.10 dst=10.9.0.11 "); n < 2 {
		t.Errorf("want a connection in either VPC:\n%s", out)
	}

	// Taken away, the address is nobody's, and who was connected by it no longer is.
	c, err := dialHere(pub1 + ":22")
	must(t, err)
	defer c.Close()
	if !talks(c) {
		t.Fatal("does not talk")
	}
	w.host.VPCs[0].Interfaces[0].PublicIP = netip.Addr{}
	w.apply()
	if talks(c) || hostReaches(pub1+":22") {
		t.Error("the public address works after it was taken away")
	}
	if !hostReaches(pub2 + ":22") {
		t.Error("the other VPC's went with it")
	}
}

func TestSourceOfTheHostIsItsAddress(t *testing.T) {
	w := newWorld(t)
	w.twins()
	_, source, err := kernel.DefaultUplink()
	must(t, err)
	if !source.IsValid() {
		source = addr("127.0.0.1")
		t.Log("no default route: the host's choice of address stands")
	}
	w.host.Address = source
	w.host.VPCs = w.host.VPCs[:1]
	w.host.VPCs[0].Groups[0].Ingress = []plan.Rule{tcp(22, netip.PrefixFrom(source, 32))}
	w.boot()
	w.guests[eniID(0x1a)].listen(22)
	if !hostReaches(w.pool(1).String() + ":22") {
		t.Errorf("a rule for %s does not let the host in", source)
	}
	w.host.VPCs[0].Groups[0].Ingress = []plan.Rule{tcp(22, prefix("203.0.113.1/32"))}
	w.apply()
	if hostReaches(w.pool(1).String() + ":22") {
		t.Error("a rule for another address lets the host in")
	}
}

// TestOutsideCannotPoseAsInside: by the link from the host come only packets for
// public addresses, and never with a source of the VPC's own.
func TestOutsideCannotPoseAsInside(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.host.VPCs = w.host.VPCs[:1]
	w.boot()
	a := w.guests[eniID(0x1a)]
	a.listen(22)
	a.listen(23)
	gw := link(t, plan.GatewayName(w.host.Prefix, vpcID(1)))
	// A host that lies, in a namespace of its own: its only way is our link.
	liar := &guest{w: w, name: w.host.Prefix + "-liar"}
	liar.create()
	must(t, netlink.LinkSetNsFd(gw, int(liar.ns)))
	liar.in(func() {
		gw := link(t, gw.Attrs().Name)
		must(t, netlink.LinkSetUp(link(t, "lo")))
		must(t, netlink.LinkSetUp(gw))
		d, err := plan.Build(w.host)
		must(t, err)
		must(t, netlink.NeighSet(&netlink.Neigh{LinkIndex: gw.Attrs().Index, Family: netlink.FAMILY_V4,
			State: netlink.NUD_PERMANENT, IP: net.IPv4(169, 254, 0, 2), HardwareAddr: d.Root.Links[0].PeerMAC}))
		must(t, run("ip", "addr", "add", "203.0.113.5/32", "dev", "lo"))
		must(t, run("ip", "addr", "add", "10.9.0.11/32", "dev", "lo"))
		must(t, run("ip", "route", "add", "default", "via", "169.254.0.2", "dev", gw.Attrs().Name, "onlink", "src", "203.0.113.5"))
	})
	testkit.Wait(t, 5*time.Second, "the link to work", func() bool { return liar.reaches(w.pool(1).String() + ":22") })
	if liar.reaches("10.9.0.10:22") {
		t.Error("a private address can be reached from outside")
	}
	if liar.reaches("169.254.169.254:80") {
		t.Error("the metadata service can be reached from outside")
	}
	wire := a.listenRaw()
	liar.in(func() {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW)
		must(t, err)
		defer unix.Close(fd)
		to := &unix.SockaddrInet4{Addr: w.pool(1).As4()}
		syn := func(src netip.Addr, port uint16, mark string) []byte {
			h := make([]byte, 20)
			h[1], h[3], h[12], h[13] = 9, byte(port), 5<<4, 2
			h = append(h, mark...)
			pseudo := append(append(src.AsSlice(), w.pool(1).AsSlice()...), 0, 6, 0, byte(len(h)))
			c := ^sum16(0, append(pseudo, h...))
			h[16], h[17] = byte(c>>8), byte(c)
			return ipv4(6, src, w.pool(1), 0, h)
		}
		must(t, unix.Sendto(fd, syn(addr("10.9.0.11"), 23, "as-a-member!"), 0, to))
		must(t, unix.Sendto(fd, syn(addr("203.0.113.5"), 22, "as-a-strange"), 0, to))
	})
	wire.await("as-a-strange")
	if wire.with("as-a-member!") > 0 {
		t.Error("a packet from outside passed as one of a group's member")
	}

	// The other way: only who has a public address gets out, and by that alone.
	outside := liar.listenOn(gw.Attrs().Name)
	stranger := addr("203.0.113.5")
	b := w.guests[eniID(0x1b)]
	b.send(frame(b.router(), b.iface.MAC, 0x800, ipv4(17, b.iface.PrivateIP, stranger, 0, udp(9, 9, "no-way-out"))))
	a.send(frame(a.router(), a.iface.MAC, 0x800, ipv4(17, a.iface.PrivateIP, addr("10.9.77.7"), 0, udp(9, 9, "no-such-subnet"))))
	a.send(frame(a.router(), a.iface.MAC, 0x800, ipv4(17, a.iface.PrivateIP, stranger, 0, udp(9, 9, "by-its-address"))))
	outside.await("by-its-address")
	for _, f := range outside.ofType(0x800) {
		if src := net.IP(f[26:30]).String(); src != w.pool(1).String() {
			t.Errorf("a packet left with the source %s: %q", src, f[34:])
		}
	}
	if outside.with("no-way-out")+outside.with("no-such-subnet") > 0 {
		t.Error("what must stay in the VPC left it")
	}
}

// TestRevokedConnectionStaysEnded: the guest's side may open connections to anywhere,
// and still cannot take up one that was ended by talking on in it.
func TestRevokedConnectionStaysEnded(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.host.VPCs = w.host.VPCs[:1]
	w.boot()
	var l net.Listener
	w.guests[eniID(0x1a)].in(func() {
		var err error
		l, err = net.Listen("tcp4", ":22")
		must(t, err)
	})
	defer l.Close()
	client, err := dialHere(w.pool(1).String() + ":22")
	must(t, err)
	defer client.Close()
	server, err := l.Accept()
	must(t, err)
	defer server.Close()
	hears := func(word string) bool {
		_, err := server.Write([]byte(word))
		must(t, err)
		buf := make([]byte, 20)
		must(t, client.SetReadDeadline(time.Now().Add(short)))
		n, _ := client.Read(buf)
		return n > 0
	}
	if !hears("before") {
		t.Fatal("does not talk")
	}
	w.host.VPCs[0].Groups[0].Ingress = nil
	w.apply()
	if hears("after") {
		t.Error("the server went on talking in the ended connection")
	}
}

func TestHostServicesAreOutOfReach(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.boot()
	a := w.guests[eniID(0x1a)]
	port := listenOnHost(t)
	addrs, err := net.InterfaceAddrs()
	must(t, err)
	targets := []string{"169.254.0.1", "169.254.0.2", "169.254.169.254", "10.9.0.1", "127.0.0.1"}
	for _, a := range addrs {
		if ip := a.(*net.IPNet).IP; ip.To4() != nil && !ip.IsLoopback() {
			targets = append(targets, ip.String())
		}
	}
	for _, ip := range targets {
		if a.reaches(fmt.Sprint(ip, ":", port)) {
			t.Errorf("a guest reaches the host's port at %s", ip)
		}
	}
}

func TestServicesOfTheNamespace(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.boot()
	a, b, c := w.guests[eniID(0xa)], w.guests[eniID(0xb)], w.guests[eniID(0xc)]
	for _, at := range []string{"169.254.169.254:80", "169.254.169.254:22", "169.254.169.253:53", "10.7.0.2:53", "10.7.0.1:80", "10.7.0.2:80"} {
		must(t, w.k.InNamespace(vpcID(1), func() error {
			l, err := net.Listen("tcp4", at)
			if err == nil {
				echoAll(t, l)
			}
			return err
		}))
	}
	for to, want := range map[string]bool{
		"169.254.169.254:80": true, "169.254.169.253:53": true, "10.7.0.2:53": true,
		"169.254.169.254:22": false, "10.7.0.1:80": false, "10.7.0.2:80": false,
	} {
		for _, g := range []*guest{a, b, c} {
			if got := g.reaches(to); got != want {
				t.Errorf("%s -> %s: reaches is %v, want %v", g.iface.PrivateIP, to, got, want)
			}
		}
	}
	// An on-link route for link-local addresses, as zeroconf makes, works as well.
	a.in(func() { must(t, run("ip", "route", "add", "169.254.0.0/16", "dev", "eth0")) })
	if !a.reaches("169.254.169.254:80") {
		t.Error("metadata cannot be reached by an on-link route")
	}
	// Nobody's link-local address leads to a neighbour.
	b.in(func() { must(t, run("ip", "addr", "add", "169.254.7.7/16", "dev", "eth0")) })
	b.listen(24)
	if a.reaches("169.254.7.7:24") {
		t.Error("a link-local address of a neighbour answers")
	}
}

// dhcpServer hears DHCP requests in the VPC's namespace.
func (w *world) dhcpServer(vpc string) *net.UDPConn {
	var c *net.UDPConn
	must(w.t, w.k.InNamespace(vpc, func() error {
		var err error
		c, err = net.ListenUDP("udp4", &net.UDPAddr{Port: 67})
		return err
	}))
	w.t.Cleanup(func() { c.Close() })
	return c
}

func TestDHCPReachesTheNamespaceOnly(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.boot()
	a, b := w.guests[eniID(0xa)], w.guests[eniID(0xb)]
	server, wire := w.dhcpServer(vpcID(1)), b.listenRaw()
	discover := func(src net.HardwareAddr, mark string) []byte {
		return frame(everybody, src, 0x800, ipv4(17, addr("0.0.0.0"), addr("255.255.255.255"), 0, udp(68, 67, mark)))
	}
	a.send(discover(mac(0xd), "forged"), discover(a.iface.MAC, "discover"))
	buf := make([]byte, 1500)
	must(t, server.SetReadDeadline(time.Now().Add(5*time.Second)))
	n, _, err := server.ReadFrom(buf)
	must(t, err)
	if string(buf[:n]) != "discover" {
		t.Errorf("the server heard %q, want only what came with the guest's own MAC", buf[:n])
	}
	b.send(discover(b.iface.MAC, "fence"))
	n, _, err = server.ReadFrom(buf)
	must(t, err)
	if string(buf[:n]) != "fence" || wire.with("discover") > 0 {
		t.Errorf("the server heard %q; the neighbour heard %d discovers", buf[:n], wire.with("discover"))
	}
}

func TestSourceDestCheckLiftsTheAddressAlone(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Interfaces[0].SourceDestCheck = false
	w.boot()
	a, b, c, d := w.guests[eniID(0xa)], w.guests[eniID(0xb)], w.guests[eniID(0xc)], w.guests[eniID(0xd)]
	wire, toA := b.listenRaw(), a.listenRaw()
	foreign := addr("198.51.100.7")
	for n, f := range forgeries(a, b, c, d) {
		a.send(f.make(fmt.Sprintf("forged%03d", n)))
	}
	a.send(frame(b.iface.MAC, a.iface.MAC, 0x800, ipv4(17, foreign, b.iface.PrivateIP, 0, udp(9, 9, "may-send"))))
	wire.await("may-send")
	b.send(frame(a.iface.MAC, b.iface.MAC, 0x800, ipv4(17, b.iface.PrivateIP, foreign, 0, udp(9, 9, "may-get"))))
	toA.await("may-get")
	for n, f := range forgeries(a, b, c, d) {
		// Still forbidden: a foreign MAC, ARP, DHCP answers, and all that is not IPv4.
		lifted := strings.Contains(f.name, "address") && !strings.Contains(f.name, "MAC") && !strings.Contains(f.name, "ARP")
		if got := wire.with(fmt.Sprintf("forged%03d", n)); got > 0 && !lifted {
			t.Errorf("%s: %d frames reached b", f.name, got)
		}
	}
	// The namespace's services know their caller by the address: they take none but its own.
	server := w.dhcpServer(vpcID(1))
	var dns *net.UDPConn
	must(t, w.k.InNamespace(vpcID(1), func() (err error) {
		dns, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(169, 254, 169, 253), Port: 53})
		return err
	}))
	defer dns.Close()
	defer server.Close()
	ask := func(src netip.Addr, mark string) []byte {
		return frame(a.router(), a.iface.MAC, 0x800, ipv4(17, src, plan.DNSAddress, 0, udp(99, 53, mark)))
	}
	a.send(ask(b.iface.PrivateIP, "as-b"), ask(foreign, "as-foreign"), ask(a.iface.PrivateIP, "as-a"))
	buf := make([]byte, 100)
	must(t, dns.SetReadDeadline(time.Now().Add(5*time.Second)))
	n, err := dns.Read(buf)
	must(t, err)
	if string(buf[:n]) != "as-a" {
		t.Errorf("the resolver heard %q", buf[:n])
	}
	// Its groups still hold: without egress it may send nothing at all.
	v.Groups[0].Egress = nil
	w.apply()
	a.send(frame(b.iface.MAC, a.iface.MAC, 0x800, ipv4(17, addr("198.51.100.8"), b.iface.PrivateIP, 0, udp(9, 9, "may-not"))))
	v.Groups[0].Egress = []plan.Rule{allowAll()}
	w.apply()
	d.send(frame(b.iface.MAC, d.iface.MAC, 0x800, ipv4(17, d.iface.PrivateIP, b.iface.PrivateIP, 0, udp(9, 9, "fence2"))))
	wire.await("fence2")
	if wire.with("may-not") > 0 {
		t.Error("an interface without SourceDestCheck went past its groups")
	}
}
