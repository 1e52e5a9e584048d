package libvirt

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// TestRehome: of the other host's definition the guest keeps what it has seen, and nothing
// else is taken: what is the host's is this host's own.
func TestRehome(t *testing.T) {
	theirs := hypervisor.Spec{
		Instance: "i-0123456789abcdef0", Epoch: 1, VCPUs: 1, MemoryMiB: 128, Accel: hypervisor.TCG,
		Disks:         []hypervisor.Disk{{Path: "/a/volumes/vol-1.qcow2", Format: "qcow2", Backing: &hypervisor.Disk{Path: "/a/images/x.qcow2", Format: "qcow2"}}},
		NICs:          []hypervisor.NIC{{Tap: "mtap", MAC: "02:00:00:00:00:01"}},
		ConsoleSocket: "/a/console.sock", ConsoleLog: "/a/console.log",
	}
	ours := theirs
	ours.Epoch = 2
	ours.Disks = []hypervisor.Disk{{Path: "/b/volumes/vol-1.qcow2", Format: "qcow2", Backing: &hypervisor.Disk{Path: "/b/images/x.qcow2", Format: "qcow2"}}}
	ours.NICs = []hypervisor.NIC{{Tap: "btap", MAC: "02:00:00:00:00:01"}}
	ours.ConsoleSocket, ours.ConsoleLog = "/b/console.sock", "/b/console.log"

	text, err := DomainXML("mica", theirs)
	if err != nil {
		t.Fatal(err)
	}
	var d libvirtxml.Domain
	if err := d.Unmarshal(text); err != nil {
		t.Fatal(err)
	}
	slot := uint(5)
	zero := uint(0)
	at := &libvirtxml.DomainAddress{PCI: &libvirtxml.DomainAddressPCI{Domain: &zero, Bus: &zero, Slot: &slot, Function: &zero}}
	d.OS.Type.Machine = "pc-q35-7.2"
	d.Devices.Disks[0].Address, d.Devices.Interfaces[0].Address = at, at
	d.Devices.Emulator = "/evil/qemu"
	d.QEMUCommandline = &libvirtxml.DomainQEMUCommandline{Args: []libvirtxml.DomainQEMUCommandlineArg{{Value: "-evil"}}}
	d.OS.Kernel = "/evil/kernel"
	d.Devices.Disks[0].Source.File.File = "/evil/disk"
	offered, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := rehome("mica", offered, ours)
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"/b/volumes/vol-1.qcow2", "/b/images/x.qcow2", "btap", "/b/console.sock", "/b/console.log", `epoch="2"`, "pc-q35-7.2", `slot="0x05"`} {
		if !strings.Contains(got, wanted) {
			t.Errorf("%q is missing in\n%s", wanted, got)
		}
	}
	for _, alien := range []string{"evil", "/a/", "mtap", `epoch="1"`} {
		if strings.Contains(got, alien) {
			t.Errorf("%q came along in\n%s", alien, got)
		}
	}

	other := ours
	other.Instance = "i-0123456789abcdef1"
	if _, err := rehome("mica", offered, other); err == nil {
		t.Error("another guest was taken")
	}
	d.Devices.Interfaces = nil
	if offered, err = d.Marshal(); err != nil {
		t.Fatal(err)
	}
	if _, err := rehome("mica", offered, ours); err == nil {
		t.Error("a guest with other devices was taken")
	}
}
