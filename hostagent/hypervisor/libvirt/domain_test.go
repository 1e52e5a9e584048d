package libvirt

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

var update = flag.Bool("update", false, "write the golden files")

func goldenSpecs() map[string]hypervisor.Spec {
	plain := hypervisor.Spec{
		Instance: "i-0123456789abcdef0", Epoch: 3, VCPUs: 2, MemoryMiB: 1024, Accel: hypervisor.TCG,
		Disks: []hypervisor.Disk{{
			Path: "/var/lib/mica/volumes/vol-0aaaaaaaaaaaaaaaa.qcow2", Format: "qcow2", Serial: "vol0aaaaaaaaaaaaaaaa",
			Backing: &hypervisor.Disk{Path: "/var/lib/mica/images/sha256-00ff.qcow2", Format: "qcow2"},
		}},
		NICs:          []hypervisor.NIC{{Tap: "tap6789abcdef0", MAC: "02:11:22:33:44:55"}},
		ConsoleSocket: "/run/mica/consoles/i-0123456789abcdef0.sock",
		ConsoleLog:    "/var/lib/mica/instances/i-0123456789abcdef0/console.log",
	}
	full := plain
	full.Accel, full.VNC = hypervisor.KVM, true
	full.Disks = append([]hypervisor.Disk{}, plain.Disks[0], hypervisor.Disk{Path: "/var/lib/mica/volumes/vol-0bbbbbbbbbbbbbbbb.raw", Format: "raw"})
	full.NICs = append([]hypervisor.NIC{}, plain.NICs[0], hypervisor.NIC{Tap: "tap6789abcdef1", MAC: "02:11:22:33:44:56", MTU: 1450})
	full.MaxNICs = 4
	return map[string]hypervisor.Spec{"tcg": plain, "kvm-two-disks-two-nics-vnc": full}
}

func TestDomainXML(t *testing.T) {
	for name, spec := range goldenSpecs() {
		t.Run(name, func(t *testing.T) {
			got, err := DomainXML("mica", spec)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".xml")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("domain XML (-golden +got; run with -update if it is meant):\n%s", diff)
			}
			if _, err := exec.LookPath("xmllint"); err == nil { // virt-xml-validate needs it
				if out, err := exec.Command("virt-xml-validate", file, "domain").CombinedOutput(); err != nil {
					t.Errorf("virt-xml-validate: %v\n%s", err, out)
				}
			}
		})
	}
}

// Whatever the chain, each of its files has a format and the last an empty
// backingStore: a file without would be probed, and a guest could name any host file.
func TestNoDiskIsProbed(t *testing.T) {
	spec := goldenSpecs()["tcg"]
	spec.Disks[0].Backing.Backing = &hypervisor.Disk{Path: "/deeper", Format: "raw"}
	xml, err := DomainXML("mica", spec)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(xml, "<format type="); got != 2 {
		t.Errorf("%d formats in the chain, want 2:\n%s", got, xml)
	}
	if got := strings.Count(xml, "<backingStore></backingStore>"); got != 1 {
		t.Errorf("%d chain ends, want 1:\n%s", got, xml)
	}
	if got := strings.Count(xml, `relabel="no"`); got != 2 {
		t.Errorf("%d shared files keep their owner, want 2:\n%s", got, xml)
	}
}

func TestDomainXMLRefusesWhatCannotBeNamed(t *testing.T) {
	for _, c := range []struct {
		reason, instance string
		epoch            int64
	}{
		{"epoch 0 is nobody's", "i-0123456789abcdef0", 0},
		{"an id that would break out of the XML", `i-"/><x`, 1},
		{"an id with a path in it", "i-../../etc", 1},
	} {
		if _, err := DomainXML("mica", hypervisor.Spec{Instance: c.instance, Epoch: c.epoch}); err == nil {
			t.Error(c.reason)
		}
	}
}

func TestMetadataIsReadBack(t *testing.T) {
	out, err := metadataXML("i-0123456789abcdef0", 42)
	if err != nil {
		t.Fatal(err)
	}
	id, epoch, err := parseMetadata(out)
	if err != nil || id != "i-0123456789abcdef0" || epoch != 42 {
		t.Fatalf("read back %q %d %v from %s", id, epoch, err, out)
	}
	for _, bad := range []string{"", "<boot/>", `<boot instance="i-1" epoch="0"/>`, `<boot instance="i-1" epoch="x"/>`} {
		if _, _, err := parseMetadata(bad); err == nil {
			t.Errorf("%q was taken for ours", bad)
		}
	}
}

// TestRebootsAreBursts: resets that follow each other closely are one reboot, unless
// another was asked for between them.
func TestRebootsAreBursts(t *testing.T) {
	at := func(s float64) time.Time { return time.Unix(1000, 0).Add(time.Duration(s * float64(time.Second))) }
	var c rebootCount
	for _, step := range []struct {
		at    float64
		asked bool
		n     int
		began float64
	}{
		{at: 0, n: 1, began: 0},
		{at: 0.5, n: 1, began: 0},
		{at: 3.4, n: 1, began: 0},
		{at: 7, n: 2, began: 7},
		{at: 8, asked: true, n: 3, began: 8},
		{at: 8.2, n: 3, began: 8},
	} {
		if step.asked {
			c = c.over()
		}
		if c = c.add(at(step.at)); c.n != step.n || !c.began.Equal(at(step.began)) {
			t.Errorf("a reset at %v: %d reboots, the last at %v; want %+v", step.at, c.n, c.began, step)
		}
	}
}
