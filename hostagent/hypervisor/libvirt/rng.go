package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// rng feeds the guest's entropy, so that a first boot does not wait to make its keys.
func rng(d *libvirtxml.Domain, _ hypervisor.Spec) {
	d.Devices.RNGs = []libvirtxml.DomainRNG{{
		Model:   "virtio",
		Backend: &libvirtxml.DomainRNGBackend{Random: &libvirtxml.DomainRNGBackendRandom{Device: "/dev/urandom"}},
	}}
}
