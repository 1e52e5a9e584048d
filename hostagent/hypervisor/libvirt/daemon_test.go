package libvirt

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/testkit"
)

// ownRig is a rig on a libvirtd of its own. A libvirtd that starts first asks QEMU
// what it can do, which takes seconds.
func ownRig(t *testing.T) (*testkit.Libvirtd, *rig) {
	t.Helper()
	d := testkit.NewLibvirtd(t)
	return d, newRig(t, options(d, 30*time.Second))
}

func options(d *testkit.Libvirtd, limit time.Duration) Options {
	return Options{Prefix: "mt-hv", Sockets: []string{d.Socket()}, CallLimit: limit, Ping: 300 * time.Millisecond, Wait: 30 * time.Second}
}

func (r *rig) run(t *testing.T, epoch int64) hypervisor.Spec {
	t.Helper()
	s := r.spec(epoch)
	if err := r.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := r.Signal(t.Context(), s.Instance, epoch, hypervisor.Resume); err != nil {
		t.Fatal(err)
	}
	return s
}

// guest looks at the guest, through losses of the connection.
func (r *rig) guest(t *testing.T) hypervisor.Guest {
	t.Helper()
	var guests []hypervisor.Guest
	testkit.Wait(t, time.Minute, "libvirtd to answer", func() (ok bool) {
		var err error
		guests, err = r.Observe(t.Context(), r.instance)
		if err != nil && !errors.Is(err, hypervisor.ErrUnavailable) {
			t.Fatal(err)
		}
		return err == nil
	})
	if len(guests) != 1 {
		t.Fatalf("observed %+v, want one guest", guests)
	}
	return guests[0]
}

func TestGuestsAndTheDriverOutliveLibvirtd(t *testing.T) {
	d, r := ownRig(t)
	s := r.run(t, 4)
	r.ready(t, s)
	pid := r.pid(t)
	events := r.Events(t.Context())
	d.Kill()
	if r.pid(t) != pid {
		t.Fatal("the guest did not outlive libvirtd")
	}
	d.Start()
	all := time.After(20 * time.Second)
	for resync := false; !resync; {
		select {
		case e := <-events:
			resync = e.Instance == ""
		case <-all:
			t.Fatal("nobody was told to look at everything after the reconnection")
		}
	}
	if g := r.guest(t); g.Epoch != 4 || g.State != hypervisor.Running {
		t.Fatalf("after the restart: %+v", g)
	}
	// The new connection has events again.
	r.shell(t, s, "reboot -f")
	testkit.Wait(t, time.Minute, "the reboot to be counted", func() bool { return r.guest(t).Reboots == 1 })

	// A guest that powers itself off while libvirtd is away waits, halted, for libvirtd
	// to come and see why.
	r.ready(t, s)
	d.Kill()
	r.shell(t, s, "poweroff -f")
	testkit.Wait(t, 20*time.Second, "the guest to halt", func() bool { return strings.Contains(r.log(t), "reboot: Power down") })
	d.Start()
	testkit.Wait(t, 30*time.Second, "the guest to be seen off", func() bool { return r.guest(t).State == hypervisor.Ended })
	if g := r.guest(t); g.End != hypervisor.EndPoweroff {
		t.Fatalf("it ended as %q, want %q", g.End, hypervisor.EndPoweroff)
	}
	// The next restart forgets the cause, and nothing else.
	d.Kill()
	d.Start()
	if g := r.guest(t); g.Epoch != 4 || g.State != hypervisor.Ended || g.End != hypervisor.EndUnknown {
		t.Fatalf("after another restart: %+v", g)
	}
}

func TestAGuestKilledWhileLibvirtdIsAwayIsNotTakenForOneThatPoweredOff(t *testing.T) {
	d, r := ownRig(t)
	s := r.run(t, 1)
	d.Kill()
	r.kill(t, s)
	d.Start()
	testkit.Wait(t, 30*time.Second, "the guest to be seen off", func() bool { return r.guest(t).State == hypervisor.Ended })
	if g := r.guest(t); g.End == hypervisor.EndPoweroff || g.End == hypervisor.EndNone {
		t.Fatalf("it ended as %q", g.End)
	}
}

func TestALibvirtdThatHangsCostsOneSession(t *testing.T) {
	d, r := ownRig(t)
	s := r.run(t, 1)
	// A start takes as long as the machine is busy; what is asked for with a short limit is only a look.
	hasty := Open(options(d, 3*time.Second))
	t.Cleanup(hasty.Close)
	look := func() ([]hypervisor.Guest, error) { return hasty.Observe(t.Context(), s.Instance) }
	testkit.Wait(t, 30*time.Second, "the first session", func() bool { _, err := look(); return err == nil })
	d.Signal(syscall.SIGSTOP)
	if _, err := look(); !errors.Is(err, hypervisor.ErrUnavailable) {
		t.Fatalf("a libvirtd that hangs: %v", err)
	}
	d.Signal(syscall.SIGCONT)
	testkit.Wait(t, 30*time.Second, "the driver to recover", func() bool {
		g, err := look()
		return err == nil && len(g) == 1 && g[0].State == hypervisor.Running
	})
}
