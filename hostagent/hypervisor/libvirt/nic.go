package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// nics adds virtio interfaces on taps that somebody else made and keeps: libvirt
// opens them in the host's namespace and never touches them again. No boot ROM: EC2
// has no network boot.
func nics(d *libvirtxml.Domain, spec hypervisor.Spec) {
	for _, n := range spec.NICs {
		i := libvirtxml.DomainInterface{
			MAC:    &libvirtxml.DomainInterfaceMAC{Address: n.MAC},
			Source: &libvirtxml.DomainInterfaceSource{Ethernet: &libvirtxml.DomainInterfaceSourceEthernet{}},
			Target: &libvirtxml.DomainInterfaceTarget{Dev: n.Tap, Managed: "no"},
			Model:  &libvirtxml.DomainInterfaceModel{Type: "virtio"},
			ROM:    &libvirtxml.DomainROM{Enabled: "no"},
		}
		if n.MTU > 0 {
			i.MTU = &libvirtxml.DomainInterfaceMTU{Size: uint(n.MTU)}
		}
		d.Devices.Interfaces = append(d.Devices.Interfaces, i)
	}
}
