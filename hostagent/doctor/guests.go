package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/micacloud/mica/hostagent/hypervisor/accel"
)

func (h *host) privileges(context.Context, Config) Check {
	c := Check{Name: "privileges", Status: Pass, Detail: "running as root"}
	if os.Geteuid() != 0 {
		c.Status, c.Detail, c.Fix = Warn, "not running as root: some checks below cannot see the truth", "run mica doctor as root"
	}
	return c
}

func (h *host) acceleration(ctx context.Context, cfg Config) Check {
	c := Check{Name: "acceleration"}
	measure := func() (accel.Result, error) { return accel.Measure(ctx, cfg.QEMU, cfg.Accel) }
	if cfg.AccelCache != "" {
		measure = func() (accel.Result, error) { return accel.Cached(ctx, cfg.AccelCache, cfg.QEMU, cfg.Accel) }
	}
	r, err := measure()
	switch {
	case err != nil:
		c.Status, c.Detail, c.Fix = Fail, err.Error(), "start with --accel auto, or repair KVM"
	case r.Accel == accel.KVM:
		c.Status, c.Detail = Pass, r.Reason
	default:
		c.Status, c.Detail = Warn, r.Reason+"; guests run correctly, about ten times slower"
		c.Fix = "use a machine with hardware virtualization, switch it on in the firmware, or (in a virtual machine) nested virtualization in its host; then modprobe kvm_intel or kvm_amd"
	}
	return c
}

func (h *host) kvmGroup(context.Context, Config) Check {
	c := Check{Name: "/dev/kvm group"}
	info, err := os.Stat(h.path("/dev/kvm"))
	if errors.Is(err, os.ErrNotExist) {
		c.Status, c.Detail = Pass, "there is no /dev/kvm, so nobody needs access to it"
		return c
	}
	if err != nil {
		c.Status, c.Detail = Fail, err.Error()
		return c
	}
	u, err := h.qemuUser()
	if err != nil {
		c.Status, c.Detail, c.Fix = Warn, err.Error(), "apt-get install libvirt-daemon-system"
		return c
	}
	st := info.Sys().(*syscall.Stat_t)
	if mayWrite(u, st.Uid, st.Gid, info.Mode().Perm()) {
		c.Status, c.Detail = Pass, fmt.Sprintf("QEMU's user %s may open it (%v)", u.name, info.Mode().Perm())
		return c
	}
	c.Status = Fail
	c.Detail = fmt.Sprintf("QEMU's user %s may not open it (group %d, %v): libvirt then asks QEMU for its abilities anew at every start, for about a minute", u.name, st.Gid, info.Mode().Perm())
	c.Fix = "chgrp kvm /dev/kvm; chmod 660 /dev/kvm"
	c.apply = h.sh("chgrp kvm /dev/kvm && chmod 660 /dev/kvm")
	return c
}

func mayWrite(u user, uid, gid uint32, mode os.FileMode) bool {
	switch {
	case u.uid == 0:
		return true
	case u.uid == uid:
		return mode&0o600 == 0o600
	case slices.Contains(u.groups, gid):
		return mode&0o060 == 0o060
	}
	return mode&0o006 == 0o006
}

// version compares dotted numbers.
type version []int

var dotted = regexp.MustCompile(`\d+(\.\d+)+`)

func parseVersion(s string) version {
	var v version
	for part := range strings.SplitSeq(dotted.FindString(s), ".") {
		n, _ := strconv.Atoi(part)
		v = append(v, n)
	}
	return v
}

// Tried with these; older ones may work.
var (
	wantQEMU    = version{7, 2}
	wantLibvirt = version{9, 0}
)

func (h *host) qemu(ctx context.Context, cfg Config) Check {
	return h.program(ctx, Check{Name: "qemu", Fix: "apt-get install qemu-system-x86"}, wantQEMU, cfg.QEMU, "--version")
}

func (h *host) qemuImg(ctx context.Context, _ Config) Check {
	return h.program(ctx, Check{Name: "qemu-img", Fix: "apt-get install qemu-utils"}, wantQEMU, "qemu-img", "--version")
}

// program checks that a program is there, and new enough when want says so.
func (h *host) program(ctx context.Context, c Check, want version, name string, args ...string) Check {
	out, err := h.run(ctx, name, args...)
	first, _, _ := strings.Cut(out, "\n")
	switch {
	case missing(err):
		c.Status, c.Detail = Fail, name+" is not installed"
	case err != nil:
		c.Status, c.Detail = Fail, fmt.Sprintf("%s: %v: %s", name, err, out)
	case slices.Compare(parseVersion(first), want) < 0:
		c.Status, c.Detail = Warn, fmt.Sprintf("%s: older than what Mica is tested with", first)
	default:
		c.Status, c.Detail, c.Fix = Pass, first, ""
	}
	return c
}

var libvirtSockets = []string{"/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"}

func (h *host) libvirtSocket(ctx context.Context, _ Config) Check {
	c := Check{Name: "libvirt socket", Status: Fail, Detail: "nobody listens on " + strings.Join(libvirtSockets, " or ")}
	if h.exists("/run/systemd/system") {
		c.Fix = "systemctl enable --now libvirtd.socket"
	} else {
		c.Fix = "virtlogd -d; libvirtd -d"
	}
	c.apply = h.sh(c.Fix)
	for _, path := range libvirtSockets {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "unix", h.path(path))
		if err == nil {
			conn.Close()
			return Check{Name: c.Name, Status: Pass, Detail: path}
		}
		if !errors.Is(err, os.ErrNotExist) {
			c.Detail = err.Error()
		}
	}
	return c
}

func (h *host) libvirtVersion(ctx context.Context, _ Config) Check {
	c := Check{Name: "libvirt version", Fix: "apt-get install libvirt-daemon-system libvirt-daemon-driver-qemu libvirt-clients"}
	out, err := h.run(ctx, "virsh", "-c", "qemu:///system", "version", "--daemon")
	var daemon string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "Running against daemon:") {
			daemon = strings.TrimSpace(line)
		}
	}
	switch {
	case missing(err):
		c.Status, c.Detail = Fail, "virsh is not installed"
	case err != nil:
		c.Status, c.Detail = Fail, "libvirt does not answer: "+out
	case slices.Compare(parseVersion(daemon), wantLibvirt) < 0:
		c.Status, c.Detail = Warn, fmt.Sprintf("%s: older than what Mica is tested with", daemon)
	default:
		c.Status, c.Detail, c.Fix = Pass, daemon, ""
	}
	return c
}
