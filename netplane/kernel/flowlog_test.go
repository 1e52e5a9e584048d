package kernel_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// seen gathers what a watch is told.
type seen struct {
	mu       sync.Mutex
	ended    []kernel.Flow
	rejected []kernel.Reject
	lost     int
}

func (s *seen) watch() kernel.FlowWatch {
	lock := func(fn func()) { s.mu.Lock(); defer s.mu.Unlock(); fn() }
	return kernel.FlowWatch{
		Ended:    func(f kernel.Flow) { lock(func() { s.ended = append(s.ended, f) }) },
		Rejected: func(r kernel.Reject) { lock(func() { s.rejected = append(s.rejected, r) }) },
		Lost:     func() { lock(func() { s.lost++ }) },
	}
}

func (s *seen) count(match func(kernel.Reject) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rejected {
		if match(r) {
			n++
		}
	}
	return n
}

// TestFlowsAreSeen has real packets pass and be dropped, and reads what the kernel tells.
func TestFlowsAreSeen(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Groups[0].Ingress = []plan.Rule{tcp(7, everywhere)}
	v.LogFlows = true
	w.apply()
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Fatalf("applied again, it did %q", steps)
	}
	a, b := w.addGuest(v.ID, v.Interfaces[0]), w.addGuest(v.ID, v.Interfaces[1])
	ctx, cancel := context.WithCancel(t.Context())
	s, done, ready := &seen{}, make(chan error, 1), make(chan struct{})
	watch := s.watch()
	watch.Ready = func() { close(ready) }
	go func() { done <- w.k.WatchFlows(ctx, v.ID, watch) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-done:
		t.Fatal(err)
	}

	// An accepted connection has counters that grow, and ends with its last ones.
	b.listen(7)
	var c net.Conn
	a.in(func() {
		var err error
		c, err = net.Dial("tcp4", netip.AddrPortFrom(b.iface.PrivateIP, 7).String())
		must(t, err)
	})
	talk := func() {
		_, err := c.Write(make([]byte, 1000))
		must(t, err)
		_, err = io.ReadFull(c, make([]byte, 1000))
		must(t, err)
	}
	flow := func() kernel.Flow {
		t.Helper()
		all, err := w.k.FlowTable(v.ID)
		must(t, err)
		i := slices.IndexFunc(all, func(f kernel.Flow) bool { return f.B == netip.AddrPortFrom(b.iface.PrivateIP, 7) })
		if i < 0 {
			t.Fatalf("the connection is not among %v", all)
		}
		return all[i]
	}
	talk()
	first := flow()
	local := netip.MustParseAddrPort(c.LocalAddr().String())
	if first.A != local || first.Protocol != plan.ProtocolTCP || first.AB.Bytes < 1000 || first.AB.Bytes > 3000 || first.BA.Packets < 2 {
		t.Errorf("the flow: %+v", first)
	}
	talk()
	if second := flow(); second.ID != first.ID || second.AB.Bytes < first.AB.Bytes+1000 {
		t.Errorf("the flow later: %+v, before %+v", second, first)
	}

	// What no rule lets pass is shown, packet by packet, with what it is.
	a.in(func() {
		u, err := net.Dial("udp4", netip.AddrPortFrom(b.iface.PrivateIP, 53).String())
		must(t, err)
		defer u.Close()
		for range 40 {
			_, err := u.Write(make([]byte, 72))
			must(t, err)
		}
		d := net.Dialer{Timeout: short}
		if c, err := d.DialContext(t.Context(), "tcp4", netip.AddrPortFrom(b.iface.PrivateIP, 8).String()); err == nil {
			c.Close()
			t.Error("a connection that no rule allows was made")
		}
	})
	testkit.Wait(t, 10*time.Second, "40 rejected datagrams", func() bool {
		return s.count(func(r kernel.Reject) bool {
			return r.Protocol == plan.ProtocolUDP && r.Src.Addr() == a.iface.PrivateIP && r.Dst == netip.AddrPortFrom(b.iface.PrivateIP, 53) && r.Bytes == 100
		}) == 40
	})
	testkit.Wait(t, 10*time.Second, "a rejected SYN", func() bool {
		return s.count(func(r kernel.Reject) bool {
			return r.Protocol == plan.ProtocolTCP && r.Dst == netip.AddrPortFrom(b.iface.PrivateIP, 8) && r.TCPFlags == 2
		}) > 0
	})
	if n := s.count(func(r kernel.Reject) bool { return r.Dst.Port() == 7 }); n > 0 {
		t.Errorf("%d packets of the accepted connection were taken for rejected", n)
	}

	// Its rule goes, and with it the connection: that is its end.
	v.Groups[0].Ingress = nil
	w.apply()
	testkit.Wait(t, 10*time.Second, "the connection's end", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.ContainsFunc(s.ended, func(f kernel.Flow) bool { return f.ID == first.ID && f.A == local && f.AB.Bytes > first.AB.Bytes })
	})
	c.Close()

	// Without logs nobody pays.
	v.LogFlows = false
	w.apply()
	d, err := plan.Build(w.host)
	must(t, err)
	if strings.Contains(d.String(), "NFLOG") {
		t.Error("rules for NFLOG where no flow is logged")
	}
}
