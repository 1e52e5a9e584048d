package libvirt

import (
	"fmt"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// A device adds its part to a domain. There is one small file a device.
type device func(d *libvirtxml.Domain, spec hypervisor.Spec)

// devices are all that a guest has, in the order of their PCI slots.
var devices = []device{smbios, cpu, disks, nics, ports, console, display, rng, balloon, panics}

// DomainXML returns the definition of a guest. Nothing in it is left for libvirt or
// QEMU to find out by looking into a file that a guest has written.
func DomainXML(prefix string, spec hypervisor.Spec) (string, error) {
	meta, err := metadataXML(spec.Instance, spec.Epoch)
	if err != nil {
		return "", fmt.Errorf("domain of %s: %w", spec.Instance, err)
	}
	off := &libvirtxml.DomainPMPolicy{Enabled: "no"}
	d := &libvirtxml.Domain{
		Type:     virtType(spec.Accel),
		Name:     DomainName(prefix, spec.Instance),
		UUID:     hypervisor.UUID(spec.Instance),
		Metadata: &libvirtxml.DomainMetadata{XML: meta},
		Memory:   &libvirtxml.DomainMemory{Value: uint(spec.MemoryMiB), Unit: "MiB"},
		VCPU:     &libvirtxml.DomainVCPU{Placement: "static", Value: uint(spec.VCPUs)},
		OS:       &libvirtxml.DomainOS{Type: &libvirtxml.DomainOSType{Arch: "x86_64", Machine: "q35", Type: "hvm"}},
		Features: &libvirtxml.DomainFeatureList{ACPI: &libvirtxml.DomainFeature{}, APIC: &libvirtxml.DomainFeatureAPIC{}},
		Clock: &libvirtxml.DomainClock{Offset: "utc", Timer: []libvirtxml.DomainTimer{
			{Name: "rtc", TickPolicy: "catchup"}, {Name: "pit", TickPolicy: "delay"}, {Name: "hpet", Present: "no"},
		}},
		// A guest that ends stays defined and off, and libvirt remembers why.
		OnPoweroff: "destroy",
		OnReboot:   "restart",
		OnCrash:    "destroy",
		PM:         &libvirtxml.DomainPM{SuspendToMem: off, SuspendToDisk: off}, // nobody could wake it
		Devices: &libvirtxml.DomainDeviceList{
			Controllers: []libvirtxml.DomainController{{Type: "usb", Model: "none"}},
		},
	}
	for _, add := range devices {
		add(d, spec)
	}
	xml, err := d.Marshal()
	if err != nil {
		return "", fmt.Errorf("domain of %s: %w", spec.Instance, err)
	}
	return xml + "\n", nil
}

func virtType(a hypervisor.Accel) string {
	if a == hypervisor.KVM {
		return "kvm"
	}
	return "qemu"
}

// DomainName is libvirt's name of an instance's guest; QEMU has it on its command line.
func DomainName(prefix, instance string) string { return prefix + "-" + instance }
