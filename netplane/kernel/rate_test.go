package kernel_test

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/netplane/plan"
)

// sink is a guest that reads all that comes to a TCP port.
func (g *guest) sink(port int) {
	var l net.Listener
	g.in(func() {
		var err error
		l, err = net.Listen("tcp4", fmt.Sprint(":", port))
		must(g.w.t, err)
	})
	g.w.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				n, _ := io.Copy(io.Discard, c)
				_, _ = fmt.Fprintln(c, n) // all was read
			}()
		}
	}()
}

// transfer sends so many bytes to another guest's sink and returns the bytes a second.
func (g *guest) transfer(to *guest, port, n int) float64 {
	g.w.t.Helper()
	var c net.Conn
	g.in(func() {
		var err error
		c, err = net.Dial("tcp4", netip.AddrPortFrom(to.iface.PrivateIP, uint16(port)).String())
		must(g.w.t, err)
	})
	defer c.Close()
	must(g.w.t, c.SetDeadline(time.Now().Add(time.Minute)))
	began := time.Now()
	buf := make([]byte, 64<<10)
	for sent := 0; sent < n; sent += len(buf) {
		_, err := c.Write(buf)
		must(g.w.t, err)
	}
	must(g.w.t, c.(*net.TCPConn).CloseWrite())
	_, err := io.ReadAll(c)
	must(g.w.t, err)
	return float64(n) / time.Since(began).Seconds()
}

// TestRates measures by how much the bounds on one interface slow it down, in either
// direction, against another bound and against none: ratios, so that a busy machine does
// not matter as long as it can fill the larger bound.
func TestRates(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Groups[0].Ingress = []plan.Rule{tcp(5001, everywhere)}
	w.apply()
	a, b := w.addGuest(v.ID, v.Interfaces[0]), w.addGuest(v.ID, v.Interfaces[1])
	a.sink(5001)
	b.sink(5001)
	bound := func(r plan.Rate) {
		v.Interfaces[0].Rate = r
		w.apply()
	}
	both := func(n int) (out, in float64) { return a.transfer(b, 5001, n), b.transfer(a, 5001, n) }

	freeOut, freeIn := both(8 << 20)
	bound(plan.Rate{BaselineMbps: 8})
	slowOut, slowIn := both(2 << 20)
	bound(plan.Rate{BaselineMbps: 32})
	fastOut, fastIn := both(4 << 20)
	bound(plan.Rate{BaselineMbps: 8, BurstMbps: 32})
	burstOut, burstIn := both(4 << 20)
	bound(plan.Rate{})
	againOut, againIn := both(8 << 20)
	for _, c := range []struct {
		what                           string
		free, slow, fast, burst, again float64
	}{{"sending", freeOut, slowOut, fastOut, burstOut, againOut}, {"receiving", freeIn, slowIn, fastIn, burstIn, againIn}} {
		t.Logf("%s, Mbit/s: %.1f without, %.1f at 8, %.1f at 32, %.1f at 8 to 32, %.1f without again", c.what, c.free*8e-6, c.slow*8e-6, c.fast*8e-6, c.burst*8e-6, c.again*8e-6)
		if r := c.fast / c.slow; r < 2.5 || r > 6 {
			t.Errorf("%s: four times the rate is %.2f times as fast", c.what, r)
		}
		if r := c.burst / c.slow; r < 2.5 || r > 6 {
			t.Errorf("%s: a burst at four times the rate is %.2f times as fast", c.what, r)
		}
		if c.free < 2*c.fast || c.again < 2*c.fast {
			t.Errorf("%s: without a bound %.0f and %.0f bytes a second, with one %.0f", c.what, c.free, c.again, c.fast)
		}
	}
}

// Bounds are kept as they are when nothing changed, come back when somebody deletes them,
// also under a new agent, and leave nothing behind.
func TestRatesAreKept(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Interfaces[0].Rate = plan.Rate{BaselineMbps: 64, BurstMbps: 5000}
	w.apply()
	a := w.addGuest(v.ID, v.Interfaces[0])
	w.addGuest(v.ID, v.Interfaces[1])
	tap, ns := plan.TapName(w.host.Prefix, a.iface.ID), plan.NamespaceName(w.host.Prefix, v.ID)
	unchanged := func(when string) {
		t.Helper()
		w.apply()
		if steps := w.k.LastSteps(); len(steps) > 0 {
			t.Errorf("%s: %q", when, steps)
		}
	}
	tc := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("ip", append([]string{"netns", "exec", ns, "tc"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("tc %v: %v %s", args, err, out)
		}
		return string(out)
	}
	unchanged("applied again")
	w.again()
	unchanged("by a new agent")
	if show := tc("qdisc", "show", "dev", tap); !strings.Contains(show, "rate 64Mbit") || !strings.Contains(show, "peakrate 5Gbit") || !strings.Contains(show, "ingress") {
		t.Errorf("the tap has %s", show)
	}
	for _, del := range [][]string{
		{"qdisc", "del", "dev", tap, "root"}, {"qdisc", "del", "dev", tap, "ingress"}, {"qdisc", "del", "dev", plan.RateName(a.iface.ID), "root"},
	} {
		tc(del...)
		w.apply()
		if len(w.k.LastSteps()) == 0 {
			t.Errorf("after %v nothing was put back", del)
		}
		unchanged("put back")
	}
	tc("filter", "del", "dev", tap, "ingress")
	w.again() // filters are looked for once a process
	w.apply()
	if show := tc("filter", "show", "dev", tap, "ingress"); !strings.Contains(show, plan.RateName(a.iface.ID)) {
		t.Errorf("the filter was not put back: %s", show)
	}
	must(t, w.k.InNamespace(v.ID, func() error { return netlink.LinkDel(link(t, plan.RateName(a.iface.ID))) }))
	w.apply()
	if show := tc("filter", "show", "dev", tap, "ingress"); !strings.Contains(show, plan.RateName(a.iface.ID)) {
		t.Errorf("the device was put back, and nothing leads through it: %s", show)
	}
	unchanged("after all")
	v.Interfaces[0].Rate = plan.Rate{}
	w.apply()
	if show := tc("qdisc", "show"); strings.Contains(show, "tbf") || strings.Contains(show, "ingress") {
		t.Errorf("left behind: %s", show)
	}
	if show := ipLink(t, ns); strings.Contains(show, plan.RateName(a.iface.ID)) {
		t.Errorf("left behind: %s", show)
	}
	unchanged("without a bound")
}

func ipLink(t *testing.T, ns string) string {
	t.Helper()
	out, err := exec.Command("ip", "-n", ns, "link").CombinedOutput()
	must(t, err)
	return string(out)
}

// TestInterfacesOfAnInstanceShareItsRate: two of one instance together are as fast as one
// alone, in either direction; two of two instances are twice as fast.
func TestInterfacesOfAnInstanceShareItsRate(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Groups[0].Ingress = []plan.Rule{tcp(5001, everywhere)}
	w.apply()
	a, b, c := w.addGuest(v.ID, v.Interfaces[0]), w.addGuest(v.ID, v.Interfaces[1]), w.addGuest(v.ID, v.Interfaces[2])
	for _, g := range []*guest{a, b, c} {
		g.sink(5001)
	}
	together := func(one, other func()) float64 {
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(one)
		wg.Go(other)
		wg.Wait()
		return time.Since(began).Seconds()
	}
	const n = 1 << 20
	ratio := func(first, second string) (out, in float64) {
		t.Helper()
		v.Interfaces[0].Rate, v.Interfaces[0].Instance = plan.Rate{BaselineMbps: 16}, first
		v.Interfaces[1].Rate, v.Interfaces[1].Instance = plan.Rate{BaselineMbps: 16}, second
		w.update()
		w.apply()
		if steps := w.k.LastSteps(); len(steps) > 0 {
			t.Errorf("Update left %q", steps)
		}
		out = together(func() { a.transfer(c, 5001, n) }, func() { b.transfer(c, 5001, n) }) / (n / a.transfer(c, 5001, n))
		in = together(func() { c.transfer(a, 5001, n) }, func() { c.transfer(b, 5001, n) }) / (n / c.transfer(a, 5001, n))
		t.Logf("%s and %s: two transfers take %.2f (sending) and %.2f (receiving) times as long as one", first, second, out, in)
		return out, in
	}
	const own, other = "i-0000000000000000a", "i-0000000000000000b"
	freeOut, freeIn := ratio(own, other)
	sharedOut, sharedIn := ratio(own, own)
	againOut, againIn := ratio(own, other)
	if sharedOut < 1.55 || sharedIn < 1.55 {
		t.Errorf("with one rate two transfers take %.2f and %.2f times as long as one, want twice", sharedOut, sharedIn)
	}
	// What TCP makes of two bounds is not all of two measurements.
	if out, in := sharedOut/min(freeOut, againOut), sharedIn/min(freeIn, againIn); out < 1.15 || in < 1.15 {
		t.Errorf("with one rate two transfers take %.2f and %.2f times as long as with two", out, in)
	}
	v.Interfaces[0].Instance = "i-0000000000000000b"
	w.apply()
	w.again()
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("a new process did %q", steps)
	}
	w.guests[b.iface.ID].remove()
	v.Interfaces = append(v.Interfaces[:1:1], v.Interfaces[2:]...)
	w.update()
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("after one went Update left %q", steps)
	}
	if show := ipLink(t, plan.NamespaceName(w.host.Prefix, v.ID)); strings.Contains(show, "dn-") || !strings.Contains(show, "up-") {
		t.Errorf("with one interface left there are %s", show)
	}
}
