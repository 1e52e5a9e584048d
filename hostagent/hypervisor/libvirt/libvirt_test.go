package libvirt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/hypervisortest"
	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/testkit"
)

// rig is a driver on a real libvirtd with a place for one guest's files.
type rig struct {
	*Driver
	instance string
	dir      string
	base     string
}

// newRig connects to the machine's libvirtd, or to one at another socket.
func newRig(t *testing.T, opt Options) *rig {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "qemu-img", "qemu-system-x86_64")
	tiny := guestimg.Tiny(t)
	opt.Prefix = "mt-hv"
	d := Open(opt)
	t.Cleanup(d.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := d.Observe(ctx, ""); err != nil {
		testkit.Skip(t, "needs a running libvirtd: "+err.Error())
	}
	// Not t.TempDir: QEMU's own user must reach the files.
	dir, err := os.MkdirTemp("", "mt-hv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	r := &rig{Driver: d, instance: ids.New(ids.Instance), dir: dir, base: filepath.Join(dir, "base.qcow2")}
	image, err := os.ReadFile(tiny)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.base, image, 0o644); err != nil {
		t.Fatal(err)
	}
	sh(t, "qemu-img", "create", "-q", "-f", "qcow2", "-b", r.base, "-F", "qcow2", r.disk())
	t.Cleanup(func() { r.remove(t) })
	return r
}

// remove takes the rig's domain away, whatever state a failed test left it in.
func (r *rig) remove(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	guests, err := r.Observe(ctx, r.instance)
	for _, g := range guests {
		if err = r.Signal(ctx, g.Instance, g.Epoch, hypervisor.Destroy); err == nil {
			err = r.Signal(ctx, g.Instance, g.Epoch, hypervisor.Forget)
		}
	}
	if err != nil {
		t.Errorf("cleaning up: %v", err)
	}
}

func (r *rig) disk() string { return filepath.Join(r.dir, "root.qcow2") }

func (r *rig) spec(epoch int64) hypervisor.Spec {
	return hypervisor.Spec{
		Instance: r.instance, Epoch: epoch, VCPUs: 1, MemoryMiB: 192, Accel: hypervisor.TCG,
		Disks: []hypervisor.Disk{{
			Path: r.disk(), Format: "qcow2", Serial: "vol0123456789abcdef0",
			Backing: &hypervisor.Disk{Path: r.base, Format: "qcow2"},
		}},
		ConsoleSocket: filepath.Join(r.dir, "console.sock"),
		ConsoleLog:    filepath.Join(r.dir, "console.log"),
	}
}

// log returns what the guest has said.
func (r *rig) log(t *testing.T) string {
	b, err := os.ReadFile(filepath.Join(r.dir, "console.log"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// ready waits until the guest has come up as often as it was rebooted, and once more.
func (r *rig) ready(t *testing.T, s hypervisor.Spec) {
	t.Helper()
	g, err := r.Observe(t.Context(), s.Instance)
	if err != nil || len(g) != 1 {
		t.Fatalf("the guest: %v %v", g, err)
	}
	testkit.Wait(t, time.Minute, "the guest to be ready", func() bool {
		said := r.log(t) // the shell drops what was typed before its prompt
		return strings.Count(said, "MICA-TINY: ready") > g[0].Reboots && strings.LastIndex(said, "/ # ") > strings.LastIndex(said, "MICA-TINY: ready")
	})
}

// shell types a line on the guest's serial console, and waits for its echo: QEMU
// drops what is on its way to the guest when the client hangs up.
func (r *rig) shell(t *testing.T, s hypervisor.Spec, line string) {
	t.Helper()
	c, err := net.Dial("unix", s.ConsoleSocket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for buf := make([]byte, 256); !strings.Contains(string(got), line); {
		n, err := c.Read(buf)
		if err != nil {
			t.Fatalf("typing %q: %v after %q", line, err, got)
		}
		got = append(got, buf[:n]...)
	}
}

// pid finds the guest's QEMU by the file that it alone was given.
func (r *rig) pid(t *testing.T) int {
	t.Helper()
	procs, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range procs {
		b, _ := os.ReadFile(p)
		if strings.HasPrefix(string(b), "/usr/bin/qemu-system-x86_64\x00") && strings.Contains(string(b), r.disk()) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(p)))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatal("the guest has no process")
	return 0
}

func (r *rig) kill(t *testing.T, _ hypervisor.Spec) {
	t.Helper()
	if err := syscall.Kill(r.pid(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func sh(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// nic returns what makes interfaces, each on a tap of its own.
func (r *rig) nic() func(*testing.T) hypervisor.NIC {
	made := 0
	return func(t *testing.T) hypervisor.NIC {
		made++
		n := hypervisor.NIC{Tap: fmt.Sprintf("mthv%s%d", r.instance[len(r.instance)-6:], made), MAC: fmt.Sprintf("02:00:00:00:00:%02x", made)}
		sh(t, "ip", "tuntap", "add", n.Tap, "mode", "tap", "vnet_hdr")
		t.Cleanup(func() { sh(t, "ip", "link", "del", n.Tap) })
		return n
	}
}

func TestConformance(t *testing.T) {
	hypervisortest.Run(t, func(t *testing.T) *hypervisortest.Bench {
		r := newRig(t, Options{})
		return &hypervisortest.Bench{
			Hypervisor: r,
			Spec:       func(_ *testing.T, epoch int64) hypervisor.Spec { return r.spec(epoch) },
			Ready:      r.ready,
			Kill:       r.kill,
			PowerOff:   func(t *testing.T, s hypervisor.Spec) { r.shell(t, s, "poweroff -f") },
			Reboot:     func(t *testing.T, s hypervisor.Spec) { r.shell(t, s, "reboot -f") },
			NIC:        r.nic(),
			Patience:   time.Minute,
		}
	})
}

// libvirt's own schema must know every word of what we write, also of what the
// conformance guests do not use.
func TestGoldenDomainsPassLibvirtsSchema(t *testing.T) {
	r := newRig(t, Options{})
	for name, spec := range goldenSpecs() {
		spec.Instance, spec.Accel = r.instance, hypervisor.TCG // a KVM domain cannot be defined where there is none
		xml, err := DomainXML(r.opt.Prefix, spec)
		if err != nil {
			t.Fatal(err)
		}
		err = r.conn.call(t.Context(), time.Minute, func(l *golibvirt.Libvirt) error {
			_, err := l.DomainDefineXMLFlags(xml, golibvirt.DomainDefineValidate)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
