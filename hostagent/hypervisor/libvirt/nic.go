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
		d.Devices.Interfaces = append(d.Devices.Interfaces, newNIC(n))
	}
}

func newNIC(n hypervisor.NIC) libvirtxml.DomainInterface {
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
	return i
}

// ports adds the PCIe root ports of the devices that a guest may get later: QEMU can plug
// nothing into q35's root bus, and no port into a running machine. libvirt gives each
// device a port of its own, and would add none but for those that are there at the start.
func ports(d *libvirtxml.Domain, spec hypervisor.Spec) {
	spare := spec.MaxNICs - len(spec.NICs)
	if spare <= 0 {
		return
	}
	const others = 2 // the balloon and the generator of random numbers
	for n := range len(spec.Disks) + len(spec.NICs) + others + spare {
		d.Devices.Controllers = append(d.Devices.Controllers, libvirtxml.DomainController{
			Type: "pci", Index: new(uint(n + 1)), Model: "pcie-root-port", // 0 is the root bus
		})
	}
}
