package libvirt

import (
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// console adds the serial port: a unix socket that libvirt binds, and a log that
// virtlogd writes and rotates. virtlogd bounds it by max_size (2 MiB) and max_backups
// (3) of /etc/libvirt/virtlogd.conf: a guest can fill 8 MiB, not the disk. That holds
// as long as stdio_handler in qemu.conf is logd, its default.
func console(d *libvirtxml.Domain, spec hypervisor.Spec) {
	port := uint(0)
	d.Devices.Serials = []libvirtxml.DomainSerial{{
		Source: &libvirtxml.DomainChardevSource{UNIX: &libvirtxml.DomainChardevSourceUNIX{Mode: "bind", Path: spec.ConsoleSocket}},
		Log:    &libvirtxml.DomainChardevLog{File: spec.ConsoleLog, Append: "on"},
		Target: &libvirtxml.DomainSerialTarget{Port: &port},
	}}
}
