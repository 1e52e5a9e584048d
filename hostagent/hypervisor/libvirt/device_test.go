package libvirt

import (
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/testkit"
)

// A tap is made in the host's namespace, opened while the guest is paused, and moved
// into another before it runs: its packets then come out there, and there alone, also
// after a reboot, and libvirt leaves the tap to its owner.
func TestATapCanBeMovedUnderAPausedGuest(t *testing.T) {
	r := newRig(t, Options{})
	testkit.NeedProgram(t, "ip")
	unique := r.instance[len(r.instance)-7:]
	tap, ns := "mttap"+unique, "mt-hv-"+unique
	sh(t, "ip", "tuntap", "add", tap, "mode", "tap", "vnet_hdr")
	t.Cleanup(func() {
		if strings.Contains(sh(t, "ip", "-br", "link"), tap) {
			sh(t, "ip", "link", "del", tap)
		}
	})
	sh(t, "ip", "netns", "add", ns)
	t.Cleanup(func() { sh(t, "ip", "netns", "del", ns) })

	s := r.spec(1)
	s.NICs = []hypervisor.NIC{{Tap: tap, MAC: "02:00:00:aa:bb:01", MTU: 1400}}
	if err := r.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	sh(t, "ip", "link", "set", tap, "netns", ns)
	sh(t, "ip", "-n", ns, "link", "set", tap, "up")
	if err := r.Signal(t.Context(), s.Instance, 1, hypervisor.Resume); err != nil {
		t.Fatal(err)
	}
	received := func() bool { // the guest asks for an address by DHCP
		out := sh(t, "ip", "netns", "exec", ns, "cat", "/sys/class/net/"+tap+"/statistics/rx_packets")
		return strings.TrimSpace(out) != "0"
	}
	testkit.Wait(t, time.Minute, "packets from the guest in the other namespace", received)
	if !strings.Contains(r.log(t), "MICA-TINY: mac 02:00:00:aa:bb:01") {
		t.Errorf("the guest's MAC is not ours:\n%s", r.log(t))
	}
	if err := r.Signal(t.Context(), s.Instance, 1, hypervisor.Destroy); err != nil {
		t.Fatal(err)
	}
	if err := r.Signal(t.Context(), s.Instance, 1, hypervisor.Forget); err != nil {
		t.Fatal(err)
	}
	if out := sh(t, "ip", "-n", ns, "-br", "link"); !strings.Contains(out, tap) {
		t.Errorf("libvirt removed a tap that is not its own:\n%s", out)
	}

	// Without the tap, the start fails instead of making one that nobody guards.
	s.NICs[0].Tap = "mttap" + ids.New("x")[2:9]
	if err := r.Start(t.Context(), s); err == nil {
		t.Error("a guest was started on a tap that is not there")
	}
}

func TestADisplayIsOnASocketAlone(t *testing.T) {
	r := newRig(t, Options{})
	s := r.spec(1)
	s.VNC = true
	if err := r.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d, err := r.Describe(t.Context(), s.Instance)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.Definition, "<graphics type='vnc' socket=") || strings.Contains(d.Definition, "port='59") {
		t.Errorf("display of\n%s", d.Definition)
	}
}

// The running definition still has what the guest relies on, after libvirt has made it
// its own.
func TestTheGuestSeesWhoItIs(t *testing.T) {
	r := newRig(t, Options{})
	s := r.run(t, 1)
	r.ready(t, s)
	want := hypervisor.UUID(s.Instance)
	for file, says := range map[string]string{"product_uuid": want, "product_serial": want, "board_asset_tag": s.Instance} {
		r.shell(t, s, "cat /sys/class/dmi/id/"+file)
		testkit.Wait(t, 20*time.Second, file+" "+says, func() bool { return strings.Contains(r.log(t), "\n"+says) })
	}
	r.shell(t, s, "cat /sys/block/vda/serial")
	testkit.Wait(t, 20*time.Second, "the disk's serial", func() bool { return strings.Contains(r.log(t), "vol0123456789abcdef0") })
}

func TestAGuestsPanicIsACrash(t *testing.T) {
	r := newRig(t, Options{})
	s := r.run(t, 1)
	r.ready(t, s)
	r.shell(t, s, "echo c > /proc/sysrq-trigger")
	testkit.Wait(t, time.Minute, "the guest to end", func() bool { return r.guest(t).State == hypervisor.Ended })
	if g := r.guest(t); g.End != hypervisor.EndCrashed {
		t.Errorf("a panic ended as %q, want %q", g.End, hypervisor.EndCrashed)
	}
}
