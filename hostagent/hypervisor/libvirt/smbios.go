package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// smbios tells the guest who it is. cloud-init takes a system UUID and serial that
// start with ec2 for EC2 (libvirt insists that the UUID is the domain's); the board's
// asset tag is the instance's id, as on EC2.
func smbios(d *libvirtxml.Domain, spec hypervisor.Spec) {
	d.OS.SMBios = &libvirtxml.DomainSMBios{Mode: "sysinfo"}
	d.SysInfo = []libvirtxml.DomainSysInfo{{SMBIOS: &libvirtxml.DomainSysInfoSMBIOS{
		System: &libvirtxml.DomainSysInfoSystem{Entry: []libvirtxml.DomainSysInfoEntry{
			{Name: "manufacturer", Value: "Mica"},
			{Name: "product", Value: "Mica instance"},
			{Name: "serial", Value: d.UUID},
			{Name: "uuid", Value: d.UUID},
		}},
		BaseBoard: []libvirtxml.DomainSysInfoBaseBoard{{Entry: []libvirtxml.DomainSysInfoEntry{
			{Name: "manufacturer", Value: "Mica"},
			{Name: "asset", Value: spec.Instance},
		}}},
	}}}
}
