package lab

import (
	"net/netip"
	"path/filepath"
)

// Units are what runs on a node whose state is in dir.
func (s Spec) Units(n Node, dir string) []Unit {
	if !n.Host {
		return nil
	}
	return []Unit{
		{Name: "virtlogd", Argv: []string{"virtlogd"}},
		{Name: "libvirtd", Argv: []string{"libvirtd"}, Wait: "/run/libvirt/virtlogd-sock"},
		{Name: "mica", Argv: append([]string{
			s.Binary, "up", "--data-dir", filepath.Join(dir, "data"), "--region", s.Region, "--zones", "a",
			"--listen", netip.AddrPortFrom(n.Address, 8443).String(), "--listen-http", netip.AddrPortFrom(n.Address, 8080).String(),
			"--public-pool", s.Pool().String(),
		}, s.Flags...)},
	}
}
