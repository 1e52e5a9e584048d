package libvirt

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/testkit"
)

// daemon is a libvirtd of the test's own, to stop and start: it has a mount namespace
// with directories of its own, so the machine's libvirtd is not touched.
type daemon struct {
	dir      string
	virtlogd *exec.Cmd // also keeps the namespace
	libvirtd *exec.Cmd
}

func newDaemon(t *testing.T) *daemon {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "unshare", "nsenter", "libvirtd", "virtlogd")
	dir, err := os.MkdirTemp("", "mt-lv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &daemon{dir: dir}
	script := `set -e
chmod 0711 "$1"
mkdir "$1/run" "$1/lib" "$1/etc"
cp -a /etc/libvirt/. "$1/etc"
mount --bind "$1/run" /run/libvirt
mount --bind "$1/lib" /var/lib/libvirt
mount --bind "$1/etc" /etc/libvirt
exec virtlogd -p "$1/virtlogd.pid"`
	d.virtlogd = d.spawn(t, "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", dir)
	t.Cleanup(func() { stop(d.virtlogd, syscall.SIGTERM) })
	testkit.Wait(t, 10*time.Second, "virtlogd", func() bool { return present(dir + "/run/virtlogd-sock") })
	d.start(t)
	t.Cleanup(func() { stop(d.libvirtd, syscall.SIGTERM) })
	return d
}

func (d *daemon) spawn(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(name, args...)
	log, err := os.OpenFile(filepath.Join(d.dir, "daemons.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (d *daemon) start(t *testing.T) {
	t.Helper()
	_ = os.Remove(d.socket()) // so that Wait sees the new one
	// nsenter becomes libvirtd, so its pid is libvirtd's.
	d.libvirtd = d.spawn(t, "nsenter", "-t", strconv.Itoa(d.virtlogd.Process.Pid), "--mount", "--", "libvirtd", "-p", d.dir+"/libvirtd.pid")
	testkit.Wait(t, 30*time.Second, "libvirtd", func() bool { return present(d.socket()) })
}

// kill ends libvirtd as an upgrade or the OOM killer does. Its guests go on.
func (d *daemon) kill() { stop(d.libvirtd, syscall.SIGKILL) }

func (d *daemon) socket() string { return filepath.Join(d.dir, "run", "libvirt-sock") }

func stop(c *exec.Cmd, sig syscall.Signal) {
	_ = c.Process.Signal(syscall.SIGCONT)
	_ = c.Process.Signal(sig)
	_ = c.Wait()
}

func present(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// ownRig is a rig on a libvirtd of its own. A libvirtd that starts first asks QEMU
// what it can do, which takes seconds.
func ownRig(t *testing.T) (*daemon, *rig) {
	t.Helper()
	d := newDaemon(t)
	return d, newRig(t, d.options(30*time.Second))
}

func (d *daemon) options(limit time.Duration) Options {
	return Options{Prefix: "mt-hv", Sockets: []string{d.socket()}, CallLimit: limit, Ping: 300 * time.Millisecond, Wait: 30 * time.Second}
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
	d.kill()
	if r.pid(t) != pid {
		t.Fatal("the guest did not outlive libvirtd")
	}
	d.start(t)
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
	d.kill()
	r.shell(t, s, "poweroff -f")
	testkit.Wait(t, 20*time.Second, "the guest to halt", func() bool { return strings.Contains(r.log(t), "reboot: Power down") })
	d.start(t)
	testkit.Wait(t, 30*time.Second, "the guest to be seen off", func() bool { return r.guest(t).State == hypervisor.Ended })
	if g := r.guest(t); g.End != hypervisor.EndPoweroff {
		t.Fatalf("it ended as %q, want %q", g.End, hypervisor.EndPoweroff)
	}
	// The next restart forgets the cause, and nothing else.
	d.kill()
	d.start(t)
	if g := r.guest(t); g.Epoch != 4 || g.State != hypervisor.Ended || g.End != hypervisor.EndUnknown {
		t.Fatalf("after another restart: %+v", g)
	}
}

func TestAGuestKilledWhileLibvirtdIsAwayIsNotTakenForOneThatPoweredOff(t *testing.T) {
	d, r := ownRig(t)
	s := r.run(t, 1)
	d.kill()
	r.kill(t, s)
	d.start(t)
	testkit.Wait(t, 30*time.Second, "the guest to be seen off", func() bool { return r.guest(t).State == hypervisor.Ended })
	if g := r.guest(t); g.End == hypervisor.EndPoweroff || g.End == hypervisor.EndNone {
		t.Fatalf("it ended as %q", g.End)
	}
}

func TestALibvirtdThatHangsCostsOneSession(t *testing.T) {
	d, r := ownRig(t)
	s := r.run(t, 1)
	// A start takes as long as the machine is busy; what is asked for with a short limit is only a look.
	hasty := Open(d.options(3 * time.Second))
	t.Cleanup(hasty.Close)
	look := func() ([]hypervisor.Guest, error) { return hasty.Observe(t.Context(), s.Instance) }
	testkit.Wait(t, 30*time.Second, "the first session", func() bool { _, err := look(); return err == nil })
	if err := d.libvirtd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, err := look(); !errors.Is(err, hypervisor.ErrUnavailable) {
		t.Fatalf("a libvirtd that hangs: %v", err)
	}
	if err := d.libvirtd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, 30*time.Second, "the driver to recover", func() bool {
		g, err := look()
		return err == nil && len(g) == 1 && g[0].State == hypervisor.Running
	})
}
