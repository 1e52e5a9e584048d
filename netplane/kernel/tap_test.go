package kernel_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

func TestRealTap(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	w.apply()
	tap := plan.TapName(w.host.Prefix, eniID(0xa))
	is := func(want kernel.TapState) {
		t.Helper()
		if got, err := w.k.TapState(t.Context(), tap, v.ID); err != nil || got != want {
			t.Errorf("the tap's state is %v (%v), want %v", got, err, want)
		}
	}
	is(kernel.TapAbsent)
	must(t, w.k.CreateTap(t.Context(), tap))
	must(t, w.k.CreateTap(t.Context(), tap)) // an idle one is made anew
	is(kernel.TapInHost)
	if err := w.k.MoveTap(t.Context(), tap, vpcID(7)); !errors.Is(err, kernel.ErrNotPlanned) {
		t.Errorf("moved to a VPC of no plan: %v", err)
	}
	f := openTap(t, tap) // as QEMU does
	if err := w.k.CreateTap(t.Context(), tap); !errors.Is(err, kernel.ErrTapBusy) {
		t.Errorf("a tap in use was made anew: %v", err)
	}
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("a tap that waits to be moved is no orphan: %q", steps)
	}
	must(t, w.k.MoveTap(t.Context(), tap, v.ID))
	is(kernel.TapAttached)
	must(t, w.k.MoveTap(t.Context(), tap, v.ID)) // again is fine
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("moving it again did %q", steps)
	}
	// The descriptor that was opened before the move is still good.
	b := w.addGuest(v.ID, v.Interfaces[1])
	wire := b.listenRaw()
	a := &guest{w: w, vpc: v.ID, iface: v.Interfaces[0]}
	vnet := make([]byte, 10) // virtio-net header: no offloads
	for _, f2 := range [][]byte{
		frame(b.iface.MAC, mac(0x77), 0x800, ipv4(17, a.iface.PrivateIP, b.iface.PrivateIP, 0, udp(9, 9, "forged"))),
		frame(b.iface.MAC, a.iface.MAC, 0x800, ipv4(17, a.iface.PrivateIP, b.iface.PrivateIP, 0, udp(9, 9, "from-the-tap"))),
	} {
		if _, err := f.Write(append(vnet[:10:10], f2...)); err != nil {
			t.Fatal(err)
		}
	}
	wire.await("from-the-tap")
	if wire.with("forged") > 0 {
		t.Error("a foreign MAC passed the tap")
	}
	if err := w.k.CreateTap(t.Context(), tap); !errors.Is(err, kernel.ErrTapBusy) {
		t.Errorf("a tap in use in the VPC was made anew: %v", err)
	}
	f.Close()
	must(t, w.k.CreateTap(t.Context(), tap)) // the guest stopped and starts again
	f = openTap(t, tap)
	defer f.Close()
	must(t, w.k.MoveTap(t.Context(), tap, v.ID))
	must(t, w.k.DeleteTap(t.Context(), tap))
	must(t, w.k.DeleteTap(t.Context(), tap))
	is(kernel.TapAbsent)
	if err := w.k.CreateTap(t.Context(), "eth0"); err == nil {
		t.Error("took a name that is not ours")
	}
}

// A tap of no plan is deleted, but for one that a guest still has open: that one is cut off
// until the guest lets go.
func TestATapInUseIsCutOffFirst(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	w.apply()
	tap := plan.TapName(w.host.Prefix, eniID(0xa))
	must(t, w.k.CreateTap(t.Context(), tap))
	f := openTap(t, tap)
	defer f.Close()
	must(t, w.k.MoveTap(t.Context(), tap, v.ID))
	b := w.addGuest(v.ID, v.Interfaces[1])
	wire := b.listenRaw()
	a := v.Interfaces[0]
	send := func(text string) error {
		fr := frame(b.iface.MAC, a.MAC, 0x800, ipv4(17, a.PrivateIP, b.iface.PrivateIP, 0, udp(9, 9, text)))
		_, err := f.Write(append(make([]byte, 10), fr...))
		return err
	}
	must(t, send("before"))
	wire.await("before")
	v.Interfaces = v.Interfaces[1:]
	w.apply()
	if err := send("after"); !errors.Is(err, unix.EIO) {
		t.Errorf("a tap that was cut off takes packets: %v", err)
	}
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("applied again, it did %q", steps)
	}
	if got, err := w.k.TapState(t.Context(), tap, v.ID); err != nil || got != kernel.TapAttached {
		t.Fatalf("the tap is %v (%v)", got, err)
	}
	must(t, w.k.DeleteTap(t.Context(), tap)) // as the boot does, when the guest let go
	if got, err := w.k.TapState(t.Context(), tap, v.ID); err != nil || got != kernel.TapAbsent {
		t.Fatalf("the tap is %v (%v)", got, err)
	}
	if wire.with("after") > 0 {
		t.Error("a packet passed after the interface was taken away")
	}
}

func openTap(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	must(t, err)
	ifr, err := unix.NewIfreq(name)
	must(t, err)
	ifr.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_VNET_HDR)
	must(t, unix.IoctlIfreq(int(f.Fd()), unix.TUNSETIFF, ifr))
	return f
}

// TestNoOpenWindow floods forged frames while the tap is brought in.
func TestNoOpenWindow(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	v.Groups[0].Ingress = []plan.Rule{{ID: "sgr-udp", Protocol: plan.ProtocolUDP, FromPort: 10, ToPort: 10, CIDR: everywhere}}
	w.apply()
	b := w.addGuest(v.ID, v.Interfaces[1])
	wire := b.listenRaw()
	for round := range 3 {
		tap := plan.TapName(w.host.Prefix, eniID(0xa))
		must(t, w.k.CreateTap(t.Context(), tap))
		f := openTap(t, tap)
		a := v.Interfaces[0]
		frames := [][]byte{
			frame(b.iface.MAC, mac(0x77), 0x800, ipv4(17, a.PrivateIP, b.iface.PrivateIP, 0, udp(9, 10, "flood"))),
			frame(b.iface.MAC, a.MAC, 0x800, ipv4(17, addr("10.7.0.13"), b.iface.PrivateIP, 0, udp(9, 10, "flood"))),
			frame(b.iface.MAC, a.MAC, 0x800, ipv4(17, a.PrivateIP, b.iface.PrivateIP, 0, udp(9, 11, "flood"))),
			frame(everybody, a.MAC, 0x806, arp(2, a.MAC, addr("10.7.0.1"), b.iface.MAC, b.iface.PrivateIP, "flood")),
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for ctx.Err() == nil {
				for _, fr := range frames {
					_, _ = f.Write(append(make([]byte, 10), fr...)) // EIO while it is down
				}
			}
		}()
		must(t, w.k.MoveTap(t.Context(), tap, v.ID))
		fence := fmt.Sprint("fence", round)
		good := frame(b.iface.MAC, a.MAC, 0x800, ipv4(17, a.PrivateIP, b.iface.PrivateIP, 0, udp(9, 10, fence)))
		for range 50 {
			_, _ = f.Write(append(make([]byte, 10), good...))
		}
		wire.await(fence)
		stop()
		<-done
		f.Close()
	}
	if n := wire.with("flood"); n > 0 {
		t.Errorf("%d frames passed that must not", n)
	}
}
