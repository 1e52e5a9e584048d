package kernel_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
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
