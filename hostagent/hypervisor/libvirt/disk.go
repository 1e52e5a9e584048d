package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// disks adds the volumes as virtio disks. The format is said all along the backing
// chain, and its end too: nothing is probed.
//
// The host's page cache is used (writeback): guests' flushes are still fsyncs, and
// guests of one image share its pages. A full disk pauses the guest instead of
// showing it errors.
func disks(d *libvirtxml.Domain, spec hypervisor.Spec) {
	for i, v := range spec.Disks {
		d.Devices.Disks = append(d.Devices.Disks, libvirtxml.DomainDisk{
			Device: "disk",
			Driver: &libvirtxml.DomainDiskDriver{
				Name: "qemu", Type: v.Format, Cache: "writeback", Discard: "unmap",
				ErrorPolicy: "enospace", RErrorPolicy: "report",
			},
			Source:       &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: v.Path}},
			BackingStore: backing(v.Backing),
			Target:       &libvirtxml.DomainDiskTarget{Dev: "vd" + string(rune('a'+i)), Bus: "virtio"},
			Serial:       v.Serial,
			Boot:         &libvirtxml.DomainDeviceBoot{Order: uint(i + 1)},
		})
	}
}

// backing returns a chain that ends in an empty element: without it libvirt would
// look into the file for more. What backs others is shared, so its owner stays root:
// QEMU's user must not come to own, and so to write, an image.
func backing(v *hypervisor.Disk) *libvirtxml.DomainDiskBackingStore {
	if v == nil {
		return &libvirtxml.DomainDiskBackingStore{}
	}
	return &libvirtxml.DomainDiskBackingStore{
		Format: &libvirtxml.DomainDiskFormat{Type: v.Format},
		Source: &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{
			File:     v.Path,
			SecLabel: []libvirtxml.DomainDeviceSecLabel{{Model: "dac", Relabel: "no"}},
		}},
		BackingStore: backing(v.Backing),
	}
}
