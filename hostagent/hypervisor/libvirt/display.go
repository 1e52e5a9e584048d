package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// display adds VNC on a unix socket in the domain's own directory, which libvirt
// names and guards; never on a port. Start drops it where QEMU was built without.
func display(d *libvirtxml.Domain, spec hypervisor.Spec) {
	d.Devices.Videos = []libvirtxml.DomainVideo{{Model: libvirtxml.DomainVideoModel{Type: "none"}}}
	if !spec.VNC {
		return
	}
	d.Devices.Videos[0].Model = libvirtxml.DomainVideoModel{Type: "vga"}
	d.Devices.Graphics = []libvirtxml.DomainGraphic{{VNC: &libvirtxml.DomainGraphicVNC{
		Listeners: []libvirtxml.DomainGraphicListener{{Socket: &libvirtxml.DomainGraphicListenerSocket{}}},
	}}}
}

// hasVNC reads libvirt's answer about what its QEMU can do.
func hasVNC(capabilities string) bool {
	var caps libvirtxml.DomainCaps
	if err := caps.Unmarshal(capabilities); err != nil || caps.Devices == nil || caps.Devices.Graphics == nil {
		return false
	}
	for _, e := range caps.Devices.Graphics.Enums {
		for _, v := range e.Values {
			if e.Name == "type" && v == "vnc" {
				return true
			}
		}
	}
	return false
}
