package imagestore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// domain is as little of a guest as boots: the overlay of an image, both with their
// formats, and a serial console in a file.
const domain = `<domain type='qemu'>
  <name>%[1]s</name>
  <memory unit='MiB'>256</memory>
  <os><type machine='q35'>hvm</type></os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='%[2]s'/>
      <backingStore type='file'><format type='qcow2'/><source file='%[3]s'><seclabel model='dac' relabel='no'/></source><backingStore/></backingStore>
      <target dev='vda' bus='virtio'/>
    </disk>
    <serial type='file'><source path='%[4]s'/></serial>
  </devices>
</domain>`

// A guest started by libvirt, under its own user, boots from an overlay of ours and
// can change it, and cannot change the image.
func TestLibvirtBootsAnOverlay(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "virsh", "qemu-system-x86_64")
	if out, err := exec.Command("virsh", "-q", "-c", "qemu:///system", "version").CombinedOutput(); err != nil {
		testkit.Skip(t, "needs a running libvirtd: "+string(out))
	}
	// QEMU's user must be able to pass, which a test's own folder does not let it.
	dir, err := os.MkdirTemp("/var/tmp", "mt-imagestore-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	s, err := Open(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	image, err := s.ImportFile(t.Context(), guestimg.Tiny(t), Options{Format: FormatQcow2})
	if err != nil {
		t.Fatal(err)
	}
	volume, err := s.CreateRoot(t.Context(), vol1, image.Digest, 1)
	if err != nil {
		t.Fatal(err)
	}

	name := filepath.Base(dir)
	console := filepath.Join(dir, "console.log")
	xml := filepath.Join(dir, "domain.xml")
	if err := os.WriteFile(xml, fmt.Appendf(nil, domain, name, volume, image.Path, console), 0o600); err != nil {
		t.Fatal(err)
	}
	virsh := func(args ...string) string {
		return run(t, "virsh", append([]string{"-q", "-c", "qemu:///system"}, args...)...)
	}
	for boots := 1; boots <= 2; boots++ {
		if err := os.RemoveAll(console); err != nil {
			t.Fatal(err)
		}
		virsh("create", xml)
		t.Cleanup(func() { exec.Command("virsh", "-q", "-c", "qemu:///system", "destroy", name).Run() }) // gone already if all went well
		said := func() string { b, _ := os.ReadFile(console); return string(b) }
		testkit.Wait(t, 2*time.Minute, "the guest to be ready", func() bool { return strings.Contains(said(), "MICA-TINY: ready") })
		if want := fmt.Sprintf("MICA-TINY: disk boots=%d bytes=%d", boots, 1<<30); !strings.Contains(said(), want) {
			t.Errorf("the console lacks %q:\n%s", want, said())
		}
		virsh("destroy", name)
	}
	if err := s.Verify(t.Context(), image.Digest); err != nil {
		t.Errorf("the image changed: %v", err)
	}
	run(t, "qemu-img", "check", "-q", "-f", "qcow2", volume)
	// Relabelling is off for the image: owned by QEMU's user, any guest that broke out could write it.
	if got := strings.TrimSpace(run(t, "stat", "-c", "%u %a", image.Path)); got != "0 444" {
		t.Errorf("the image's owner and mode are now %s", got)
	}
	for range 2 {
		if err := s.DeleteVolume(vol1); err != nil {
			t.Error(err)
		}
	}
}
