package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// panics lets the guest's kernel say that it panicked, which then ends as a crash and
// not as a machine that answers nobody.
func panics(d *libvirtxml.Domain, _ hypervisor.Spec) {
	d.Devices.Panics = []libvirtxml.DomainPanic{{Model: "isa"}}
}
