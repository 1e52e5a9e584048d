package kernel_test

import (
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
)

// TestPoolOnTheLAN: neighbours of the host reach a guest's public address with no route to
// it, see the guest with that address, and get no answer for one that nobody has.
func TestPoolOnTheLAN(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.host.VPCs = w.host.VPCs[:1]
	lan := netip.PrefixFrom(w.host.PublicPool.Addr(), 24).Masked()
	at := func(n byte) netip.Addr { // in the other half of the network
		b := w.host.PublicPool.Addr().As4()
		b[3] = b[3]&0x80 ^ 0x80 | n
		return netip.AddrFrom4(b)
	}
	mine, other := at(1), at(2)
	w.host.Uplink, w.host.Address, w.host.PoolOnLAN = "uplink", mine, true
	host, neighbour := &guest{w: w, name: w.host.Prefix + "-host"}, &guest{w: w, name: w.host.Prefix + "-lan"}
	for _, g := range []*guest{host, neighbour} {
		g.create()
		g.in(func() { must(t, run("ip", "link", "set", "lo", "up")) })
	}
	w.settle(host.ns)
	w.onHost(func() {
		must(t, run("sh", "-c", "ip link add uplink type veth peer name eth0 netns "+neighbour.name+
			"; ip addr add "+netip.PrefixFrom(mine, lan.Bits()).String()+" dev uplink; ip link set uplink up"))
	})
	neighbour.in(func() {
		must(t, run("sh", "-c", "ip addr add "+netip.PrefixFrom(other, lan.Bits()).String()+" dev eth0; ip link set eth0 up"))
	})
	neighbour.listen(80)
	var a *guest
	w.onHost(func() {
		w.boot()
		a = w.guests[eniID(0x1a)]
		a.listen(22)
	})
	if !neighbour.reaches(w.pool(1).String() + ":22") {
		t.Error("a neighbour of the host does not reach a guest's public address")
	}
	if neighbour.reaches(w.pool(9).String() + ":22") {
		t.Error("an address that nobody has answers")
	}
	wire := neighbour.listenOn("eth0")
	if !a.reaches(other.String() + ":80") {
		t.Error("a guest does not reach the host's neighbour")
	}
	testkit.Wait(t, 10*time.Second, "a packet at the neighbour", func() bool { return len(wire.ofType(0x800)) > 0 })
	want := w.pool(1).As4()
	for _, f := range wire.ofType(0x800) {
		if !slices.Equal(f[26:30], want[:]) {
			t.Errorf("the neighbour saw the source %v", f[26:30])
		}
	}
}

// TestPoolOnTheLANOfTwoHosts: each host answers for the addresses that it has, and guests on
// one reach those of the other by them, with nobody told where they are.
func TestPoolOnTheLANOfTwoHosts(t *testing.T) {
	one := newWorld(t)
	two := newWorldOf(t, one.host.Prefix+"-2")
	one.twins()
	two.host.VPCs = slices.Clone(one.host.VPCs[1:])
	one.host.VPCs = one.host.VPCs[:1]
	two.host.PublicPool = one.host.PublicPool
	lan := netip.PrefixFrom(one.host.PublicPool.Addr(), 24).Masked()
	at := func(n byte) netip.Addr { // in the other half of the network
		b := one.host.PublicPool.Addr().As4()
		b[3] = b[3]&0x80 ^ 0x80 | n
		return netip.AddrFrom4(b)
	}
	wire := &guest{w: one, name: one.host.Prefix + "-lan"}
	wire.create()
	wire.in(func() {
		must(t, run("sh", "-c", "ip link add lan0 type bridge; ip link set lan0 up; ip addr add "+netip.PrefixFrom(at(3), lan.Bits()).String()+" dev lan0"))
	})
	for n, w := range []*world{one, two} {
		w.host.Uplink, w.host.Address, w.host.PoolOnLAN = "uplink", at(byte(n+1)), true
		host := &guest{w: w, name: w.host.Prefix + "-host"}
		host.create()
		w.settle(host.ns)
		w.onHost(func() {
			must(t, run("sh", "-c", "ip link set lo up; ip link add uplink type veth peer name h"+strconv.Itoa(n)+" netns "+wire.name+
				"; ip addr add "+netip.PrefixFrom(at(byte(n+1)), lan.Bits()).String()+" dev uplink; ip link set uplink up"))
		})
		wire.in(func() { must(t, run("sh", "-c", "ip link set h"+strconv.Itoa(n)+" master lan0 up")) })
		w.onHost(w.boot)
	}
	a, b := one.guests[eniID(0x1a)], two.guests[eniID(0x2a)]
	a.listen(22)
	b.listen(22)
	for _, tt := range []struct {
		name string
		from *guest
		to   netip.Addr
		want bool
	}{
		{"a guest of the other host", a, one.pool(2), true},
		{"and back", b, one.pool(1), true},
		{"from the network", wire, one.pool(2), true},
		{"nobody's address", a, one.pool(9), false},
	} {
		if got := tt.from.reaches(tt.to.String() + ":22"); got != tt.want {
			t.Errorf("%s: reaches %s is %v, want %v", tt.name, tt.to, got, tt.want)
		}
	}
	// The address goes to the other host: neighbours hear of it when that announces it.
	two.host.VPCs[0].Interfaces[0].PublicIP, one.host.VPCs[0].Interfaces[0].PublicIP = one.pool(1), netip.Addr{}
	one.onHost(one.update)
	two.onHost(func() {
		two.update()
		must(t, kernel.Announce("uplink", []netip.Addr{one.pool(1)}))
	})
	if !wire.reaches(one.pool(1).String() + ":22") {
		t.Error("an address that moved to the other host cannot be reached")
	}
}
