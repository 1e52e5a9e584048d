package guestimg

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

const qemu = "qemu-system-x86_64"

// guest is a QEMU process with what it says on its serial port.
type guest struct {
	t       *testing.T
	console string
	monitor string
	ended   chan error
}

// boot starts an overlay of the image under plain QEMU, without libvirt.
func boot(t *testing.T, image string, more ...string) *guest {
	t.Helper()
	testkit.NeedProgram(t, qemu, "qemu-img")
	dir := t.TempDir()
	overlay := filepath.Join(dir, "overlay.qcow2")
	if out, err := exec.Command("qemu-img", "create", "-q", "-f", "qcow2", "-b", image, "-F", "qcow2", overlay).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v: %s", err, out)
	}
	g := &guest{t: t, console: filepath.Join(dir, "console.log"), monitor: filepath.Join(dir, "qmp"), ended: make(chan error, 1)}
	cmd := exec.Command(qemu, append(more, "-nodefaults", "-no-user-config", "-display", "none", "-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "256",
		"-drive", "if=none,id=d,format=qcow2,file="+overlay, "-device", "virtio-blk-pci,drive=d,bootindex=1",
		"-netdev", "user,id=n,restrict=on", "-device", "virtio-net-pci,netdev=n",
		"-object", "rng-random,id=r,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=r",
		"-serial", "file:"+g.console, "-qmp", "unix:"+g.monitor+",server=on,wait=off")...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { g.ended <- cmd.Wait(); close(exited) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-exited
		if t.Failed() {
			t.Logf("console:\n%s", g.said())
		}
	})
	return g
}

func (g *guest) said() string {
	b, _ := os.ReadFile(g.console)
	return string(b)
}

func (g *guest) waitFor(marker string) {
	g.t.Helper()
	testkit.Wait(g.t, 2*time.Minute, "the console to say "+marker, func() bool { return strings.Contains(g.said(), marker) })
}

// command sends one command to QEMU's monitor.
func (g *guest) command(name string) {
	g.t.Helper()
	conn, err := net.Dial("unix", g.monitor)
	if err != nil {
		g.t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for _, c := range []string{"", "qmp_capabilities", name} {
		if c != "" {
			fmt.Fprintf(conn, "{\"execute\":%q}\n", c)
		}
		line, err := answers.ReadBytes('\n')
		var answer struct{ Error any }
		if err != nil || json.Unmarshal(line, &answer) != nil || answer.Error != nil {
			g.t.Fatalf("%s: %v: %s", c, err, line)
		}
	}
}

func TestTinyBootsAndPowersOff(t *testing.T) {
	image := Tiny(t)
	if again := Tiny(t); again != image {
		t.Errorf("asked twice: %s and %s", image, again)
	}
	begin := time.Now()
	g := boot(t, image)
	g.waitFor("MICA-TINY: ready")
	t.Logf("ready after %v", time.Since(begin))
	for _, marker := range []string{"MICA-TINY: disk boots=1 bytes=67108864", "MICA-TINY: dhcp ip=10.0.2.15/24", "MICA-TINY: token no"} {
		if !strings.Contains(g.said(), marker) {
			t.Errorf("the console lacks %q", marker)
		}
	}
	if strings.Contains(g.said(), "failed") {
		t.Error("something failed in the guest")
	}
	g.command("system_powerdown")
	g.waitFor("MICA-TINY: power button")
	select {
	case err := <-g.ended:
		if err != nil {
			t.Error(err)
		}
		g.ended <- err
	case <-time.After(time.Minute):
		t.Error("the guest does not power off")
	}
}

// The tests of lost hosts end QEMU at any moment and look for the count on the disk. So when
// the guest has said it, all that it wrote is flushed: QEMU keeps the tables of a qcow2 in
// its memory until then, and what a new cluster holds is lost with them.
func TestTinyHasWrittenWhatItSays(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace")
	g := boot(t, Tiny(t), "-D", trace, "-trace", "virtio_blk_handle_write", "-trace", "qcow2_cache_flush")
	g.waitFor("MICA-TINY: disk boots=1")
	out, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	written, flushed := strings.LastIndex(string(out), "virtio_blk_handle_write"), strings.LastIndex(string(out), "qcow2_cache_flush")
	if written < 0 || flushed < written {
		t.Errorf("the guest counts, and its last write is not flushed:\n%s", out)
	}
}

// Callers that ask at once must not build twice, nor get a half-made image: the
// script's lock is for that. A cache of its own makes it build for real.
func TestManyAskAtOnce(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "extlinux", "parted", "mkfs.ext4", "qemu-img", "cpio", "busybox")
	t.Setenv("MICA_CACHE", t.TempDir())
	type answer struct {
		path string
		err  error
	}
	answers := make(chan answer)
	for range 4 {
		go func() { p, err := cached("tiny"); answers <- answer{p, err} }()
	}
	inodes := map[string]bool{}
	for range 4 {
		a := <-answers
		if a.err != nil {
			t.Error(a.err)
			continue
		}
		info, err := os.Stat(a.path)
		if err != nil {
			t.Error(err)
			continue
		}
		inodes[fmt.Sprint(a.path, info.ModTime())] = true
	}
	if len(inodes) != 1 {
		t.Errorf("built more than once: %v", inodes)
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("MICA_CACHE"), "*build*"))
	if err != nil || left != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if out, _ := exec.Command("losetup", "-a").Output(); strings.Contains(string(out), os.Getenv("MICA_CACHE")) {
		t.Errorf("loop devices: %s", out)
	}
}
