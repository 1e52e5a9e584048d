package lab

import (
	"net/netip"
	"path/filepath"
	"strconv"
)

// Ports of servers, Mica's defaults.
const (
	portHTTPS   = 8443
	portHTTP    = 8080
	portCluster = 7443
)

func at(a netip.Addr, port uint16) string { return netip.AddrPortFrom(a, port).String() }

// Endpoint is the URL of a server's API.
func (s Spec) Endpoint(n Node) string { return "http://" + at(n.Address, portHTTP) }

// tokenFile is what a node joins with. The first server begins the cluster and needs none.
func tokenFile(lab string, n Node) string {
	name := n.Name
	if n.Server {
		name = "server"
	}
	return filepath.Join(lab, "tokens", name)
}

// Units are what runs on a node of the lab in dir.
func (s Spec) Units(n Node, dir string) []Unit {
	switch {
	case n.Server:
		return []Unit{s.server(n, dir)}
	case n.Host:
		return append([]Unit{
			{Name: "virtlogd", Argv: []string{"virtlogd"}},
			{Name: "libvirtd", Argv: []string{"libvirtd"}, Wait: "/run/libvirt/virtlogd-sock"},
		}, s.agent(n, dir)...)
	}
	return nil
}

func (s Spec) server(n Node, dir string) Unit {
	u := Unit{Name: "server", Argv: append([]string{
		s.Binary, "server", "--data-dir", filepath.Join(dir, n.Name, "data"), "--region", s.Region, "--zones", "a",
		"--public-pool", s.Pool().String(), "--throttle=false",
		"--listen", at(n.Address, portHTTPS), "--listen-http", at(n.Address, portHTTP), "--cluster-listen", at(n.Address, portCluster),
	}, s.Flags...)}
	if s.Lease > 0 {
		u.Argv = append(u.Argv, "--host-lease", s.Lease.String())
	}
	if first := s.Nodes()[0]; n.Name == first.Name {
		u.Argv = append(u.Argv, "--bootstrap")
	} else {
		u.Wait = tokenFile(dir, n)
		u.Argv = append(u.Argv, "--join", "https://"+at(first.Address, portCluster), "--token", "@"+u.Wait)
	}
	u.Argv = append(u.Argv, s.NodeFlags[n.Name]...)
	return u
}

// agent is a host's agent, and its guardian if guests can be started elsewhere.
func (s Spec) agent(n Node, dir string) []Unit {
	u := Unit{Name: "agent", Wait: tokenFile(dir, n), Argv: []string{s.Binary, "agent", "--data-dir", filepath.Join(dir, n.Name, "data")}}
	for i := 1; i <= s.Servers; i++ { // any of them: the first may be down
		u.Argv = append(u.Argv, "--join", "https://"+at(s.addr(serverIndex+i), portCluster))
	}
	u.Argv = append(u.Argv, "--token", "@"+u.Wait)
	if s.Accel != "" {
		u.Argv = append(u.Argv, "--accel", s.Accel)
	}
	u.Argv = append(u.Argv, s.NodeFlags[n.Name]...)
	if !s.Shared {
		return []Unit{u}
	}
	u.Argv = append(u.Argv, "--storage-dir", filepath.Join(dir, "shared"), "--storage-name", "lab"+strconv.Itoa(int(s.Range.Addr().As4()[2])))
	return []Unit{{Name: "guardian", Argv: []string{s.Binary, "guardian"}}, u}
}
