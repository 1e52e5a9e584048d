package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Libvirtd is a libvirtd of a test's own, to stop and start: it has a mount namespace
// with directories of its own, so the machine's libvirtd is not touched.
type Libvirtd struct {
	t        testing.TB
	dir      string
	virtlogd *exec.Cmd // also keeps the namespace
	libvirtd *exec.Cmd
}

// NewLibvirtd starts one that lives until the test ends. Guests that are left then are
// killed.
func NewLibvirtd(t testing.TB) *Libvirtd {
	t.Helper()
	NeedRoot(t)
	NeedProgram(t, "unshare", "nsenter", "libvirtd", "virtlogd")
	dir, err := os.MkdirTemp("", "mt-lv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &Libvirtd{t: t, dir: dir}
	script := `set -e
chmod 0711 "$1"
mkdir "$1/run" "$1/lib" "$1/etc"
cp -a /etc/libvirt/. "$1/etc"
mount --bind "$1/run" /run/libvirt
mount --bind "$1/lib" /var/lib/libvirt
mount --bind "$1/etc" /etc/libvirt
exec virtlogd -p "$1/virtlogd.pid"`
	d.virtlogd = d.spawn("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", dir)
	t.Cleanup(func() { end(d.virtlogd, syscall.SIGTERM) })
	Wait(t, 30*time.Second, "virtlogd", func() bool { return present(dir + "/run/virtlogd-sock") })
	d.Start()
	t.Cleanup(func() {
		end(d.libvirtd, syscall.SIGTERM)
		d.killGuests()
	})
	return d
}

func (d *Libvirtd) spawn(name string, args ...string) *exec.Cmd {
	d.t.Helper()
	c := exec.Command(name, args...)
	log, err := os.OpenFile(filepath.Join(d.dir, "daemons.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} // a test that is killed leaves none
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	return c
}

// Start starts it again after Kill, and waits until it listens.
func (d *Libvirtd) Start() {
	d.t.Helper()
	_ = os.Remove(d.Socket()) // so that Wait sees the new one
	// nsenter becomes libvirtd, so its pid is libvirtd's.
	d.libvirtd = d.spawn("nsenter", "-t", strconv.Itoa(d.virtlogd.Process.Pid), "--mount", "--", "libvirtd", "-p", d.dir+"/libvirtd.pid")
	Wait(d.t, 60*time.Second, "libvirtd", func() bool { return present(d.Socket()) })
}

// Kill ends libvirtd as an upgrade or the OOM killer does. Its guests go on.
func (d *Libvirtd) Kill() { end(d.libvirtd, syscall.SIGKILL) }

// Signal sends libvirtd a signal that does not end it.
func (d *Libvirtd) Signal(sig syscall.Signal) {
	d.t.Helper()
	if err := d.libvirtd.Process.Signal(sig); err != nil {
		d.t.Fatal(err)
	}
}

// Socket is where it listens.
func (d *Libvirtd) Socket() string { return filepath.Join(d.dir, "run", "libvirt-sock") }

// Guests returns the pids of its QEMUs by their domains' names, whatever libvirtd itself
// knows of them.
func (d *Libvirtd) Guests() map[string]int {
	out := map[string]int{}
	files, _ := filepath.Glob(filepath.Join(d.dir, "run", "qemu", "*.pid"))
	for _, f := range files {
		b, _ := os.ReadFile(f)
		pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(f), ".pid")
		line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if strings.Contains(string(line), "guest="+name+",") {
			out[name] = pid
		}
	}
	return out
}

func (d *Libvirtd) killGuests() {
	for name, pid := range d.Guests() {
		d.t.Logf("QEMU %d of %s was left", pid, name)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func end(c *exec.Cmd, sig syscall.Signal) {
	_ = c.Process.Signal(syscall.SIGCONT)
	_ = c.Process.Signal(sig)
	_ = c.Wait()
}

func present(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
