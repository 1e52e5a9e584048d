package boot

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/dhcp"
	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

// subnet is what the DHCP server on a test's bridge knows.
type subnet struct {
	vpc  *agentpb.VPC
	boot *agentpb.Boot // with all interfaces that there ever are
}

func (s subnet) VPC(string) *agentpb.VPC { return s.vpc }

func (s subnet) BootByMAC(_, mac string) *agentpb.Boot {
	for _, n := range s.boot.Interfaces {
		if n.Mac == mac {
			return s.boot
		}
	}
	return nil
}

// echoes says whether the guest's own stack answers at an address.
func echoes(ns *nstest.NS, ip string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := ns.Dial(nil)(ctx, "tcp4", ip+":7")
	if err != nil {
		return false
	}
	defer c.Close()
	if c.SetDeadline(time.Now().Add(2*time.Second)) != nil {
		return false
	}
	if _, err := io.WriteString(c, "mica\n"); err != nil {
		return false
	}
	got := make([]byte, 5)
	_, err = io.ReadFull(c, got)
	return err == nil && string(got) == "mica\n"
}

// An interface is plugged into a guest that runs: its own kernel finds it, it gets its
// address by DHCP, and traffic goes by it; until it is unplugged. A new agent takes over
// every few steps.
func TestAnInterfaceIsPluggedIntoARealGuest(t *testing.T) {
	h := newHost(t)
	ns := &nstest.NS{Name: h.ns}
	h.bridge = "br0"
	ns.MustIP(t, "link set lo up", "link add br0 address 02:00:00:00:00:fe type bridge", "addr add 10.9.0.1/24 dev br0", "link set br0 up")
	all := h.boot(1, running)
	all.MaxInterfaces = 2
	all.Interfaces = []*agentpb.Interface{
		{Id: h.eni, VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:01", PrivateIp: "10.9.0.5"},
		{Id: ids.New(ids.Interface), VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:02", PrivateIp: "10.9.0.6", DeviceIndex: 1},
	}
	server := dhcp.New(dhcp.Config{
		Guests:      subnet{&agentpb.VPC{Id: "vpc-1", Cidrs: []string{"10.9.0.0/24"}, Subnets: []*agentpb.Subnet{{Id: "subnet-1", Cidr: "10.9.0.0/24"}}}, all},
		InNamespace: func(_ string, fn func() error) error { return ns.Do(fn) },
	})
	served, stop := make(chan error, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		served <- server.Serve(ctx, dhcp.Segment{VPCID: "vpc-1", SubnetID: "subnet-1", Device: "br0"})
		close(stop)
	}()
	t.Cleanup(func() {
		cancel()
		<-stop
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	one := h.boot(1, running)
	one.MaxInterfaces, one.Interfaces = 2, all.Interfaces[:1]

	h.reach(one, PhaseRunning, false)
	h.said("MICA-TINY: ready")
	if !echoes(ns, "10.9.0.5") || echoes(ns, "10.9.0.6") {
		t.Fatal("before it is plugged, the guest does not answer at its one address alone")
	}
	for range 2 {
		h.rewired(all, 2)
		h.said("MICA-TINY: plugged eth1 mac=02:00:00:00:00:02")
		h.said("MICA-TINY: dhcp dev=eth1 ip=10.9.0.6/24 router=10.9.0.1")
		testkit.Wait(t, 20*time.Second, "an answer at the new address", func() bool { return echoes(ns, "10.9.0.6") })
		if !strings.Contains(h.sh("ip", "-n", h.ns, "neigh", "show", "10.9.0.6"), "02:00:00:00:00:02") {
			t.Error("the answer did not come by the new interface")
		}
		h.rewired(one, 1)
		h.said("MICA-TINY: unplugged eth1")
		if at, _ := h.Tap(t.Context(), NIC{Tap: TapName(all.Interfaces[1].Id)}); at != TapAbsent {
			t.Fatalf("its tap is at %v", at)
		}
		if echoes(ns, "10.9.0.6") || !echoes(ns, "10.9.0.5") {
			t.Fatal("after it is unplugged, the guest does not answer at its one address alone")
		}
	}
	s := h.reach(h.boot(1, ended), PhaseReleased, false)
	wantStatus(t, s, 1, PhaseReleased, CauseAsked)
}

// rewired reconciles, by a new agent every second step, until the guest has so many
// interfaces and all is at rest.
func (h *host) rewired(b *agentpb.Boot, n int) {
	h.t.Helper()
	steps := 0
	testkit.Wait(h.t, time.Minute, "the guest's interfaces", func() bool {
		for {
			if steps++; steps%2 == 0 && steps < 12 {
				h.restart()
			}
			_, next, err := h.exec.Reconcile(h.t.Context(), b, h.instance)
			if err != nil {
				h.t.Fatal(err)
			}
			if next != Again {
				return next == 0 && len(h.guest().NICs) == n
			}
		}
	})
}
