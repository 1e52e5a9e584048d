package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// balloon gives the host memory that the guest has freed, and its memory statistics.
func balloon(d *libvirtxml.Domain, _ hypervisor.Spec) {
	d.Devices.MemBalloon = &libvirtxml.DomainMemBalloon{
		Model: "virtio", AutoDeflate: "on", FreePageReporting: "on",
		Stats: &libvirtxml.DomainMemBalloonStats{Period: 10},
	}
}
