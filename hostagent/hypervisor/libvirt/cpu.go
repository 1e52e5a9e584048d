package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// cpu gives a guest all that its acceleration can do: the host's own processor under
// KVM, all that the emulator knows under TCG.
func cpu(d *libvirtxml.Domain, spec hypervisor.Spec) {
	d.CPU = &libvirtxml.DomainCPU{Mode: "maximum"}
	if spec.Accel == hypervisor.KVM {
		d.CPU = &libvirtxml.DomainCPU{Mode: "host-passthrough", Check: "none", Migratable: "on"}
	}
}
