package boot

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/console"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/libvirt"
	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

// host is a real one: libvirt, a tiny guest's image, and taps in the kernel.
type host struct {
	t        *testing.T
	dir, ns  string
	instance string
	eni      string
	hyp      *libvirt.Driver
	exec     *Executor
	bridge   string // in ns, that taps are put into
}

func newHost(t *testing.T) *host {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "qemu-img", "qemu-system-x86_64")
	tiny := guestimg.Tiny(t)
	dir, err := os.MkdirTemp("", "mt-bt") // not t.TempDir: QEMU's own user must reach the files
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	h := &host{t: t, dir: dir, instance: ids.New(ids.Instance), eni: ids.New(ids.Interface)}
	h.ns = "mt-bt-" + h.instance[len(h.instance)-6:]
	image, err := os.ReadFile(tiny)
	if err == nil {
		err = os.WriteFile(h.file("base"), image, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.sh("qemu-img", "create", "-q", "-f", "qcow2", "-b", h.file("base"), "-F", "qcow2", h.file("root"))
	h.sh("ip", "netns", "add", h.ns)
	t.Cleanup(func() { h.sh("ip", "netns", "del", h.ns) })
	h.hyp = libvirt.Open(libvirt.Options{Prefix: "mt-bt"})
	t.Cleanup(h.hyp.Close)
	if _, err := h.hyp.Observe(t.Context(), ""); err != nil {
		testkit.Skip(t, "needs a running libvirtd: "+err.Error())
	}
	h.restart()
	t.Cleanup(func() {
		if g := h.guest(); g != nil {
			ctx := context.Background()
			_ = h.hyp.Signal(ctx, h.instance, g.Epoch, hypervisor.Destroy)
			_ = h.hyp.Signal(ctx, h.instance, g.Epoch, hypervisor.Forget)
		}
		r, err := load(h.exec.Dir(h.instance))
		if err != nil || r == nil {
			return
		}
		for _, n := range r.NICs {
			if state, _ := h.Tap(context.Background(), n); state == TapInHost {
				h.sh("ip", "link", "del", n.Tap)
			}
		}
	})
	return h
}

func (h *host) file(name string) string { return filepath.Join(h.dir, name+".qcow2") }

// restart is a new agent on the same host.
func (h *host) restart() {
	h.exec = &Executor{Hypervisor: h.hyp, Volumes: h, Network: h, DataDir: h.dir, RunDir: h.dir, Accel: hypervisor.TCG}
}

func (h *host) sh(name string, args ...string) string {
	h.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		h.t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (h *host) Image(context.Context, string) error { return nil }

func (h *host) Volume(context.Context, string) (hypervisor.Disk, error) {
	return hypervisor.Disk{Path: h.file("root"), Format: "qcow2", Backing: &hypervisor.Disk{Path: h.file("base"), Format: "qcow2"}}, nil
}

func (h *host) Drop(context.Context, string) error { return nil }

func (h *host) Apply(context.Context, *agentpb.Boot) error { return nil }

func (h *host) Tap(_ context.Context, n NIC) (TapState, error) {
	switch {
	case exists("/sys/class/net/" + n.Tap):
		return TapInHost, nil
	case strings.Contains(h.sh("ip", "-n", h.ns, "-br", "link"), n.Tap):
		return TapAttached, nil
	}
	return TapAbsent, nil
}

func (h *host) CreateTap(_ context.Context, n NIC) error {
	h.sh("ip", "tuntap", "add", n.Tap, "mode", "tap", "vnet_hdr")
	return nil
}

func (h *host) AttachTap(_ context.Context, n NIC) error {
	h.sh("ip", "link", "set", n.Tap, "netns", h.ns)
	if h.bridge != "" {
		h.sh("ip", "-n", h.ns, "link", "set", n.Tap, "master", h.bridge)
	}
	h.sh("ip", "-n", h.ns, "link", "set", n.Tap, "up")
	return nil
}

func (h *host) RemoveTap(ctx context.Context, n NIC) error {
	if at, _ := h.Tap(ctx, n); at == TapInHost {
		h.sh("ip", "link", "del", n.Tap)
	} else if at == TapAttached {
		h.sh("ip", "-n", h.ns, "link", "del", n.Tap)
	}
	return nil
}

func (h *host) boot(epoch int64, want agentpb.Boot_Want) *agentpb.Boot {
	return &agentpb.Boot{
		InstanceId: h.instance, Epoch: epoch, Want: want, Vcpus: 1, MemoryMib: 192, RootVolume: "vol-0123456789abcdef0",
		Interfaces: []*agentpb.Interface{{Id: h.eni, VpcId: "vpc-1", Mac: "02:00:00:00:00:01"}},
	}
}

func (h *host) guest() *hypervisor.Guest {
	g, err := h.hyp.Observe(context.Background(), h.instance)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(g) == 0 {
		return nil
	}
	return &g[0]
}

// reach reconciles until the boot is in a phase and at rest; with restarts, by a new
// agent every third step.
func (h *host) reach(b *agentpb.Boot, phase int32, restarts bool) *agentpb.BootStatus {
	h.t.Helper()
	var s *agentpb.BootStatus
	steps := 0
	testkit.Wait(h.t, time.Minute, "the boot's phase", func() bool {
		next := Again
		for next == Again {
			if steps++; steps > 1000 {
				h.t.Fatalf("no progress: %v", s)
			}
			if restarts && steps%3 == 0 { // what was seen to is not on disk: start is the third step after a look
				h.restart()
			}
			var err error
			if s, next, err = h.exec.Reconcile(h.t.Context(), b, h.instance); err != nil {
				h.t.Fatal(err)
			}
		}
		return s.GetPhase() == phase
	})
	return s
}

func (h *host) said(what string) {
	h.t.Helper()
	testkit.Wait(h.t, time.Minute, "the guest to say "+what, func() bool {
		out, _, err := console.Tail(h.exec.ConsoleLog(h.instance))
		return err == nil && strings.Contains(string(out), what)
	})
}

func TestARealGuestsLife(t *testing.T) {
	h := newHost(t)
	s := h.reach(h.boot(1, running), PhaseRunning, false)
	if got, want := stepNames(s), "image-ready volume-ready domain-started network-ready resumed"; got != want {
		t.Fatalf("timeline %q, want %q", got, want)
	}
	if at, _ := h.Tap(t.Context(), NIC{Tap: TapName(h.eni)}); at != TapAttached {
		t.Fatalf("the tap is at %v", at)
	}
	h.said("MICA-TINY: ready")
	h.restart() // the new agent adopts what runs
	h.reach(h.boot(1, running), PhaseRunning, false)
	s = h.reach(h.boot(1, ended), PhaseReleased, false)
	wantStatus(t, s, 1, PhaseReleased, CauseAsked)
	h.said("MICA-TINY: power button")

	// The next boot finds the same disk, and this time the guest goes by itself.
	h.reach(h.boot(2, running), PhaseRunning, true)
	h.said("MICA-TINY: disk boots=2")
	con, err := console.Attach(t.Context(), h.exec.ConsoleSocket(h.instance), h.exec.ConsoleLog(h.instance))
	if err != nil {
		t.Fatal(err)
	}
	defer con.Close()
	testkit.Wait(t, time.Minute, "the second boot's shell", func() bool {
		out, _, err := console.Tail(h.exec.ConsoleLog(h.instance))
		said := string(out)
		return err == nil && strings.Count(said, "MICA-TINY: ready") == 2 && strings.LastIndex(said, "/ # ") > strings.LastIndex(said, "MICA-TINY: ready")
	})
	if _, err := con.Write([]byte("poweroff -f\n")); err != nil {
		t.Fatal(err)
	}
	s = h.reach(h.boot(2, running), PhaseReleased, true)
	wantStatus(t, s, 2, PhaseReleased, CausePoweroff)
	if g := h.guest(); g != nil {
		t.Fatalf("left: %+v", g)
	}
	if at, _ := h.Tap(t.Context(), NIC{Tap: TapName(h.eni)}); at != TapAbsent {
		t.Fatalf("left: tap at %v", at)
	}
	if exists(h.exec.ConsoleSocket(h.instance)) {
		t.Fatal("left: the console's socket")
	}
}
