package kernel_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// flood writes frames to a tap all the time, until what it returns is called.
func flood(f *os.File, frames [][]byte) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			for _, fr := range frames {
				_, _ = f.Write(append(make([]byte, 10), fr...)) // EIO while it is down
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

// heard counts the datagrams that come to a socket.
func heard(t *testing.T, c *net.UDPConn) func() int {
	n, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 2000)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
			n++
		}
	}()
	stop := sync.OnceFunc(func() { c.Close(); <-done })
	t.Cleanup(stop)
	return func() int { stop(); return n }
}

// TestFloodThroughAKilledLaunch: a guest floods from the moment that its tap is there, while
// its network is made, by agents that are killed after each step and come again. Nothing
// forged and nothing that its groups do not let out gets to a neighbour, to the services of its
// VPC, or to the host. What is right does, once it is launched.
func TestFloodThroughAKilledLaunch(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.InternetGateway = true
	mine, all := v.Interfaces[0], v.Interfaces
	mine.Groups, mine.PublicIP = []string{sgID(2)}, w.pool(1)
	groups := v.Groups
	with := func() {
		v.Interfaces = append([]plan.Interface{mine}, all[1:]...)
		v.Groups = append(groups[:1:1], plan.Group{ID: sgID(2), Egress: []plan.Rule{udpFrom(10, everywhere)}})
	}
	without := func() { v.Interfaces, v.Groups = all[1:], groups }
	without()
	w.apply()
	b := w.addGuest(v.ID, all[1])
	wire := b.listenRaw()
	var services, host *net.UDPConn
	must(t, w.k.InNamespace(v.ID, func() (err error) {
		services, err = net.ListenUDP("udp4", &net.UDPAddr{IP: plan.DNSAddress.AsSlice(), Port: 53})
		return err
	}))
	host, err := net.ListenUDP("udp4", &net.UDPAddr{})
	must(t, err)
	hostPort := uint16(host.LocalAddr().(*net.UDPAddr).Port)
	atServices, atHost := heard(t, services), heard(t, host)

	a := &guest{w: w, vpc: v.ID, iface: mine}
	with()
	router, bIP := a.router(), b.iface.PrivateIP
	ip := func(src [6]byte, from string, to string, port uint16, dst net.HardwareAddr) []byte {
		return frame(dst, src[:], 0x800, ipv4(17, addr(from), addr(to), 0, udp(9, port, "flood")))
	}
	own, alien := [6]byte(mine.MAC), [6]byte(mac(0x77))
	plain := ip(own, "10.7.0.10", bIP.String(), 10, b.iface.MAC)
	frames := [][]byte{
		ip(alien, "10.7.0.10", bIP.String(), 10, b.iface.MAC),               // another's MAC
		ip(own, "10.7.0.13", bIP.String(), 10, b.iface.MAC),                 // another's address
		ip(own, "10.7.0.10", bIP.String(), 11, b.iface.MAC),                 // what its group does not let out
		ip(own, "10.7.2.12", bIP.String(), 10, router),                      // another's, routed
		ip(own, bIP.String(), plan.DNSAddress.String(), 53, router),         // to the resolver, as a neighbour
		ip(own, "10.7.0.10", "169.254.0.1", hostPort, router),               // to the host
		ip(own, "10.7.0.10", w.host.PublicPool.Addr().String(), 10, router), // and by its pool
		frame(everybody, mine.MAC, 0x806, arp(2, mine.MAC, addr("10.7.0.1"), b.iface.MAC, bIP, "flood")),
		frame(everybody, mine.MAC, 0x86dd, routerAdvertisement("flood")),
		frame(b.iface.MAC, mine.MAC, 0x800, ipv4(17, addr("10.7.0.10"), bIP, 0, udp(67, 68, "flood"))),
		tagged(0x8100, frame(b.iface.MAC, mine.MAC, 0x800, plain[14:])),
	}
	tap := plan.TapName(w.host.Prefix, mine.ID)
	launch := func() error {
		d, err := plan.Build(w.host)
		must(t, err)
		if err := w.k.Apply(t.Context(), d); err != nil {
			return err
		}
		return w.k.MoveTap(t.Context(), tap, v.ID)
	}
	for steps, over := 0, false; !over; steps++ {
		must(t, w.k.CreateTap(t.Context(), tap))
		f := openTap(t, tap)
		stop := flood(f, frames)
		with()
		w.again()
		w.k.CrashAfter(steps)
		err := launch()
		if over = err == nil; !over && !errors.Is(err, kernel.ErrCrash) {
			t.Fatalf("after %d steps: %v", steps, err)
		}
		w.again()
		must(t, launch())
		fence := fmt.Sprintf("fence%03d", steps)
		good := frame(b.iface.MAC, mine.MAC, 0x800, ipv4(17, mine.PrivateIP, bIP, 0, udp(9, 10, fence)))
		heardIt := make(chan struct{})
		go func() {
			defer close(heardIt)
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for wire.with(fence) == 0 && t.Context().Err() == nil {
				_, _ = f.Write(append(make([]byte, 10), good...))
				<-tick.C
			}
		}()
		wire.await(fence)
		<-heardIt
		stop()
		f.Close()
		without()
		w.apply()
		must(t, w.k.DeleteTap(t.Context(), tap))
		if n := wire.with("flood"); n > 0 {
			t.Fatalf("killed after %d steps: %d frames passed that must not", steps, n)
		}
		if over {
			t.Logf("killed after each of %d steps", steps)
		}
	}
	if n := atServices(); n > 0 {
		t.Errorf("the resolver heard %d datagrams that bore a neighbour's address", n)
	}
	if n := atHost(); n > 0 {
		t.Errorf("the host's own port heard %d datagrams", n)
	}
}
