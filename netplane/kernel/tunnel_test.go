package kernel_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/plan"
)

// lab is two hosts and a stranger on one wire, with a VPC on both hosts.
type lab struct {
	t        testing.TB
	a, b     *world
	stranger *guest
}

const (
	hostA, hostB, strangerIP = "192.168.7.1", "192.168.7.2", "192.168.7.3"
	client, server, other    = 1, 2, 3 // groups: servers take TCP 22 from clients
)

func newLab(t *testing.T) *lab {
	base := newWorld(t)
	l := &lab{t: t, a: base, b: newWorldOf(t, base.host.Prefix+"b")}
	l.stranger = &guest{w: base, name: base.host.Prefix + "-stranger"}
	wire := &guest{w: base, name: base.host.Prefix + "-wire"}
	hosts := []*guest{{w: base, name: base.host.Prefix + "-hosta"}, {w: l.b, name: base.host.Prefix + "-hostb"}, l.stranger}
	wire.create()
	wire.in(func() { must(t, run("sh", "-c", "ip link add wire type bridge; ip link set wire up")) })
	for i, h := range hosts {
		h.create()
		h.in(func() {
			must(t, run("sh", "-c", fmt.Sprintf("set -e; ip link set lo up; ip link add eth0 type veth peer name p%d netns %s; ip addr add 192.168.7.%d/24 dev eth0; ip link set eth0 up", i, wire.name, i+1)))
		})
		wire.in(func() { must(t, run("sh", "-c", fmt.Sprintf("ip link set p%d master wire up", i))) })
	}
	l.a.settle(hosts[0].ns)
	l.b.settle(hosts[1].ns)
	for _, w := range []*world{l.a, l.b} {
		w.host.MTU = 1450
		w.host.VPCs = []plan.VPC{{
			ID: vpcID(7), CIDRs: []netip.Prefix{prefix("10.7.0.0/16")},
			Subnets: []plan.Subnet{{ID: subnetID(0x71), CIDR: prefix("10.7.0.0/24"), VNI: 7001}, {ID: subnetID(0x72), CIDR: prefix("10.7.1.0/24"), VNI: 7002}},
			Groups: []plan.Group{
				{ID: sgID(client), Egress: []plan.Rule{allowAll()}},
				{ID: sgID(server), Ingress: []plan.Rule{tcpFrom(22, sgID(client))}, Egress: []plan.Rule{allowAll()}},
				{ID: sgID(other), Ingress: []plan.Rule{tcp(80, everywhere), {ID: "sgr-udp", Protocol: plan.ProtocolUDP, FromPort: 81, ToPort: 81, CIDR: everywhere}}, Egress: []plan.Rule{allowAll()}},
			},
		}}
	}
	l.a.host.Underlay, l.b.host.Underlay = addr(hostA), addr(hostB)
	return l
}

// put makes an interface on one host known to both.
func (l *lab) put(w *world, n int, subnet int, group int) plan.Interface {
	ip := addr(fmt.Sprintf("10.7.%d.%d", subnet, n))
	i := plan.Interface{ID: eniID(n), SubnetID: subnetID(0x71 + subnet), MAC: mac(n), PrivateIP: ip, Groups: []string{sgID(group)}, SourceDestCheck: true}
	far := l.a
	if w == l.a {
		far = l.b
	}
	w.host.VPCs[0].Interfaces = append(w.host.VPCs[0].Interfaces, i)
	far.host.VPCs[0].Remotes = append(far.host.VPCs[0].Remotes, plan.Remote{ID: i.ID, SubnetID: i.SubnetID, MAC: i.MAC, PrivateIP: ip, Host: w.host.Underlay})
	far.host.VPCs[0].Groups[group-1].Members = append(far.host.VPCs[0].Groups[group-1].Members, ip)
	return i
}

func (l *lab) apply() {
	l.t.Helper()
	for _, w := range []*world{l.a, l.b} {
		w.onHost(w.apply)
	}
}

func (l *lab) guest(w *world, i plan.Interface) (g *guest) {
	w.onHost(func() { g = w.addGuest(vpcID(7), i) })
	g.in(func() { must(l.t, run("ip", "link", "set", "eth0", "mtu", "1450")) })
	return g
}

// Real packets between two hosts: the groups of both ends decide, in the same subnet and
// routed, and what is on another host changes no rule here.
func TestTwoHosts(t *testing.T) {
	l := newLab(t)
	ia, ix, ib, ib2 := l.put(l.a, 10, 0, client), l.put(l.a, 11, 0, other), l.put(l.b, 20, 0, server), l.put(l.b, 21, 1, server)
	l.apply()
	c, x, s, s2 := l.guest(l.a, ia), l.guest(l.a, ix), l.guest(l.b, ib), l.guest(l.b, ib2)
	for _, g := range []*guest{s, s2} {
		g.listen(22)
		g.listen(23)
	}
	x.listen(80)
	for _, tt := range []struct {
		what string
		from *guest
		to   string
		want bool
	}{
		{"a client of the same subnet", c, "10.7.0.20:22", true},
		{"a client of another subnet", c, "10.7.1.21:22", true},
		{"another port", c, "10.7.0.20:23", false},
		{"who is in no group that the rule names", x, "10.7.0.20:22", false},
		{"and routed", x, "10.7.1.21:22", false},
		{"back, where anybody may come in", s2, "10.7.0.11:80", true},
		{"back, where nobody may", s, "10.7.0.10:22", false},
		{"an address that nobody has", c, "10.7.0.99:22", false},
	} {
		if got := tt.from.reaches(tt.to); got != tt.want {
			t.Errorf("%s: %s reached is %v, want %v", tt.what, tt.to, got, tt.want)
		}
	}
	l.stream(c, "10.7.1.21:22")

	// A rule that goes ends what it allowed, on the host of the destination.
	conn, err := c.dial("10.7.0.20:22")
	must(t, err)
	defer conn.Close()
	if !talks(conn) {
		t.Fatal("no connection to begin with")
	}
	before := l.a.k.Counts().Execs
	l.b.host.VPCs[0].Groups[server-1].Ingress = nil
	l.apply()
	if talks(conn) || c.reaches("10.7.0.20:22") {
		t.Error("the revoked rule still lets packets in")
	}

	// Another guest on the other host: entries and set members, no process.
	l.put(l.b, 22, 0, server)
	l.a.onHost(l.a.apply)
	if n := l.a.k.Counts().Execs - before; n != 0 {
		t.Errorf("%d processes for changes on another host: %q", n, l.a.k.LastSteps())
	}
	l.a.onHost(l.a.apply)
	if steps := l.a.k.LastSteps(); len(steps) > 0 {
		t.Errorf("not at rest: %q", steps)
	}
}

// stream sends more than fits a packet and wants it back whole.
func (l *lab) stream(g *guest, to string) {
	conn, err := g.dial(to)
	must(l.t, err)
	defer conn.Close()
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	must(l.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	go func() { _, _ = conn.Write(sent) }()
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, sent) {
		l.t.Errorf("a stream of full-size segments: %v", err)
	}
}

// Who is not a member of the VPC's hosts delivers nothing, and who is cannot pose as what
// is here.
func TestTunnelsTrustMembersAlone(t *testing.T) {
	l := newLab(t)
	victim, mate := l.put(l.a, 10, 0, other), l.put(l.a, 11, 0, other)
	far := l.put(l.b, 20, 0, other)
	l.apply()
	g := l.guest(l.a, victim)
	l.guest(l.a, mate)
	g.listen(80)
	router := l.a.routerMAC(vpcID(7), subnetID(0x71))
	pose := func(ip netip.Addr, hw string) {
		t.Helper()
		l.stranger.in(func() {
			must(t, run("sh", "-c", fmt.Sprintf(`ip link del vx 2>/dev/null; set -e
ip link add vx address %s type vxlan id 7001 remote %s dstport 4789 nolearning
ip link set vx mtu 1450 up; ip addr add %s/24 dev vx
ip neigh replace 10.7.0.10 lladdr %s dev vx nud permanent`, hw, hostA, ip, victim.MAC)))
		})
	}
	hears := func() bool {
		t.Helper()
		var ear *net.UDPConn
		g.in(func() {
			var err error
			ear, err = net.ListenUDP("udp4", &net.UDPAddr{Port: 81})
			must(t, err)
		})
		defer ear.Close()
		l.stranger.in(func() {
			mouth, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: victim.PrivateIP.AsSlice(), Port: 81})
			must(t, err)
			defer mouth.Close()
			_, err = mouth.Write([]byte("hello"))
			must(t, err)
		})
		must(t, ear.SetReadDeadline(time.Now().Add(short)))
		_, err := ear.Read(make([]byte, 16))
		return err == nil
	}
	pose(far.PrivateIP, far.MAC.String())
	if hears() {
		t.Fatal("a host that is no member delivered a packet")
	}
	// The same as a member, so that the test is known to be able to fail.
	remote := &l.a.host.VPCs[0].Remotes[slices.IndexFunc(l.a.host.VPCs[0].Remotes, func(r plan.Remote) bool { return r.ID == far.ID })]
	remote.Host = addr(strangerIP)
	l.a.onHost(l.a.apply)
	testkit.Wait(t, 10*time.Second, "a member to get through", hears)
	if !l.stranger.reaches("10.7.0.10:80") {
		t.Error("a member's guest gets no answer")
	}
	pose(mate.PrivateIP, far.MAC.String())
	if hears() {
		t.Error("another host posed as a guest that is here")
	}
	// The host's services are not for other hosts' guests: each asks its own.
	pose(far.PrivateIP, far.MAC.String())
	l.stranger.in(func() {
		must(t, run("sh", "-c", "ip route replace 169.254.169.254 via 10.7.0.1 dev vx; ip neigh replace 10.7.0.1 lladdr "+router+" dev vx nud permanent"))
	})
	must(t, l.a.k.InNamespace(vpcID(7), func() error { return run("sh", "-c", "ip addr show dev lo | grep -q 169.254.169.254") }))
	if _, err := l.stranger.dial("169.254.169.254:80"); err == nil || !strings.Contains(err.Error(), "timed out") {
		t.Errorf("the metadata address answered another host: %v", err)
	}
}

// routerMAC is the MAC that a subnet's bridge has.
func (w *world) routerMAC(vpc, subnet string) (mac string) {
	must(w.t, w.k.InNamespace(vpc, func() error {
		mac = link(w.t, plan.BridgeName(subnet)).Attrs().HardwareAddr.String()
		return nil
	}))
	return mac
}

// TestMovedAddressIsOneEntry: among 1,000 interfaces on other hosts, one that is on another
// of those hosts now costs one entry and no process, and so does its way back.
func TestMovedAddressIsOneEntry(t *testing.T) {
	l := newLab(t)
	v := &l.a.host.VPCs[0]
	v.CIDRs = []netip.Prefix{prefix("10.7.0.0/16")}
	v.Subnets = []plan.Subnet{{ID: subnetID(0x71), CIDR: prefix("10.7.0.0/20"), VNI: 7001}}
	for n := range 1000 {
		v.Remotes = append(v.Remotes, plan.Remote{ID: eniID(0x1000 + n), SubnetID: subnetID(0x71), MAC: mac(0x1000 + n), Host: addr([]string{hostB, strangerIP}[n%2]),
			PrivateIP: netip.AddrFrom4([4]byte{10, 7, byte(n / 250), byte(4 + n%250)})})
	}
	l.a.onHost(l.a.apply)
	before := l.a.k.Counts().Execs
	for _, host := range []string{strangerIP, hostB} {
		v.Remotes[500].Host = addr(host)
		l.a.onHost(l.a.apply)
		if steps := l.a.k.LastSteps(); len(steps) != 1 || !strings.Contains(steps[0], "is at "+host) {
			t.Errorf("to %s: %q", host, steps)
		}
	}
	if n := l.a.k.Counts().Execs - before; n != 0 {
		t.Errorf("%d processes for a moved address", n)
	}
}
