package kernel_test

import (
	"net"
	"net/netip"
	"testing"

	"github.com/micacloud/mica/netplane/kernel"
	"golang.org/x/sys/unix"
)

// TestCarriedConnectionsGoOn: connections of a guest that the host's tracking has never
// seen do not pass, and do once they were carried there: those from outside to its public
// address, its own to the outside, and those to a neighbour. Those of others are not carried.
func TestCarriedConnectionsGoOn(t *testing.T) {
	w := newWorld(t)
	w.twins()
	_, source, err := kernel.DefaultUplink()
	must(t, err)
	w.host.Address = source
	w.boot()
	a, b := w.guests[eniID(0x1a)], w.guests[eniID(0x1b)]
	a.listen(22)
	b.listen(22)
	b.listen(23)
	of := []netip.Addr{addr("10.9.0.10"), w.pool(1)}
	other := w.guests[eniID(0x2a)]
	other.listen(22)
	dial := func() map[string]net.Conn {
		in, err := dialHere(w.pool(1).String() + ":22")
		must(t, err)
		out, err := a.dial(w.pool(2).String() + ":22")
		must(t, err)
		near, err := b.dial("10.9.0.10:22")
		must(t, err)
		all := map[string]net.Conn{"from outside": in, "to the outside": out, "from a neighbour": near}
		for name, c := range all {
			t.Cleanup(func() { c.Close() })
			if !talks(c) {
				t.Fatalf("%s: no word came through", name)
			}
		}
		return all
	}
	lost := dial()
	w.sh(vpcID(1), "conntrack", "-F")
	for name, c := range lost {
		if talks(c) {
			t.Errorf("%s: it passes though nobody knows it", name)
		}
		c.Close()
	}
	w.sh(vpcID(1), "conntrack", "-F")

	kept := dial()
	alien, err := b.dial("10.9.0.11:23") // of the neighbour alone
	if err == nil {
		defer alien.Close()
	}
	flows, err := w.k.Flows(t.Context(), vpcID(1), of)
	must(t, err)
	if len(flows) != 3 {
		t.Fatalf("carried: %+v", flows)
	}
	w.sh(vpcID(1), "conntrack", "-F")
	stranger := flows[0]
	stranger.From = netip.MustParseAddrPort("192.0.2.1:1000")
	stranger.To, stranger.ReplyFrom, stranger.ReplyTo = netip.MustParseAddrPort("192.0.2.2:1"), netip.MustParseAddrPort("192.0.2.2:1"), stranger.From
	must(t, w.k.Carry(t.Context(), vpcID(1), of, append(flows, stranger)))
	for name, c := range kept {
		if !talks(c) {
			t.Errorf("%s: it was carried and does not pass:\n%s", name, w.sh(vpcID(1), "conntrack", "-L"))
		}
	}
	again, err := w.k.Flows(t.Context(), vpcID(1), []netip.Addr{addr("192.0.2.1")})
	if err != nil || len(again) != 0 {
		t.Errorf("a connection of others was taken: %+v, %v", again, err)
	}
	must(t, w.k.Carry(t.Context(), vpcID(1), of, flows)) // known already: nothing happens
	w.apply()
	for name, c := range kept {
		if !talks(c) {
			t.Errorf("%s: the next look at the rules ended it", name)
		}
	}
	for _, f := range flows {
		if f.Protocol != unix.IPPROTO_TCP || f.State == 0 {
			t.Errorf("a connection without its state: %+v", f)
		}
	}
}
