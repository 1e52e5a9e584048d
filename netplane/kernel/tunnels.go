package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// tunnelFlags of a VXLAN device in a bridge: it learns nothing and floods nothing. Source
// MACs are not bound to it, as packets that were routed bear the router's.
var tunnelFlags = []portFlag{
	{nl.IFLA_BRPORT_LEARNING, 0},
	{nl.IFLA_BRPORT_UNICAST_FLOOD, 0},
	{nl.IFLA_BRPORT_MCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_BCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_PROXYARP_WIFI, 1}, // the bridge answers ARP for the guests behind it
	{nl.IFLA_BRPORT_GUARD, 1},
}

// applyTunnel has the device as planned, guarded before it comes up. It runs in the
// namespace. A device with another VNI or address is made anew: neither can be changed.
func (k *Kernel) applyTunnel(link, bridge netlink.Link, t plan.Tunnel, ports portState, namespace string) error {
	if v, ok := link.(*netlink.Vxlan); link != nil && (!ok || !isTunnel(v, t)) {
		if err := k.do("delete link "+t.Name+in(namespace), func() error { return netlink.LinkDel(link) }); err != nil {
			return err
		}
		link = nil
	}
	var err error
	if link == nil {
		if err := k.do("create tunnel "+t.Name+in(namespace), func() error { return k.createTunnel(t) }); err != nil {
			return err
		}
		if link, err = netlink.LinkByName(t.Name); err != nil {
			return err
		}
	}
	index := link.Attrs().Index
	if link.Attrs().MasterIndex != bridge.Attrs().Index {
		err := k.do(fmt.Sprintf("put %s into %s%s", t.Name, t.Bridge, in(namespace)), func() error {
			return errors.Join(netlink.LinkSetDown(link), netlink.LinkSetMaster(link, bridge))
		})
		if err != nil {
			return err
		}
		if link, err = netlink.LinkByIndex(index); err != nil {
			return err
		}
		if ports, err = observePorts(); err != nil {
			return err
		}
	}
	if !ports.has(index, tunnelFlags) {
		if err := k.do("guard port "+t.Name+in(namespace), func() error { return guardPort(index, tunnelFlags) }); err != nil {
			return err
		}
	}
	var macs []net.HardwareAddr
	for _, f := range t.Far {
		macs = append(macs, f.MAC)
	}
	if err := k.applyFar(index, t, ports.fdb[index], namespace); err != nil {
		return err
	}
	if err := k.applyStatic(index, t.Name, macs, ports.fdb[index], namespace); err != nil {
		return err
	}
	return k.applyLink(link, nil, t.MTU, namespace)
}

func isTunnel(v *netlink.Vxlan, t plan.Tunnel) bool {
	local, _ := netip.AddrFromSlice(v.SrcAddr.To4())
	return v.VxlanId == t.VNI && local == t.Local && v.Port == plan.TunnelPort && !v.Learning
}

// createTunnel makes the device in the calling thread's namespace at once, with its outer
// side in the host's: a device that were made there and moved could be left behind.
func (k *Kernel) createTunnel(t plan.Tunnel) error {
	here, err := os.Open(threadNS)
	if err != nil {
		return err
	}
	defer here.Close()
	return onThread(func() error {
		if err := unix.Setns(int(k.host.Fd()), unix.CLONE_NEWNET); err != nil {
			return err
		}
		return netlink.LinkAdd(&netlink.Vxlan{
			LinkAttrs: netlink.LinkAttrs{Name: t.Name, MTU: t.MTU, TxQLen: -1, Namespace: netlink.NsFd(int(here.Fd()))},
			VxlanId:   t.VNI, SrcAddr: t.Local.AsSlice(), Port: plan.TunnelPort, Learning: false,
		})
	})
}

// applyFar makes the device's own entries, which say where a MAC is, those of the plan.
func (k *Kernel) applyFar(index int, t plan.Tunnel, list []netlink.Neigh, namespace string) error {
	have := map[string]netip.Addr{}
	for _, e := range list {
		if e.Flags&netlink.NTF_SELF == 0 || e.IP == nil {
			continue
		}
		to, _ := netip.AddrFromSlice(e.IP.To4())
		if slices.ContainsFunc(t.Far, func(f plan.Far) bool { return bytes.Equal(f.MAC, e.HardwareAddr) && f.Host == to }) {
			have[e.HardwareAddr.String()] = to
			continue
		}
		if slices.ContainsFunc(t.Far, func(f plan.Far) bool { return bytes.Equal(f.MAC, e.HardwareAddr) }) {
			continue // it is replaced below: a moment without it would lose packets
		}
		e.Flags, e.Family = netlink.NTF_SELF, unix.AF_BRIDGE
		err := k.do(fmt.Sprintf("forget that %s is at %s by %s%s", e.HardwareAddr, to, t.Name, in(namespace)), func() error {
			return netlink.NeighDel(&e)
		})
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
	for _, f := range t.Far {
		if have[f.MAC.String()] == f.Host {
			continue
		}
		if err := k.setFar(index, t.Name, f, namespace); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kernel) setFar(index int, tunnel string, f plan.Far, namespace string) error {
	return k.do(fmt.Sprintf("tell that %s is at %s by %s%s", f.MAC, f.Host, tunnel, in(namespace)), func() error {
		return netlink.NeighSet(&netlink.Neigh{
			LinkIndex: index, Family: unix.AF_BRIDGE, Flags: netlink.NTF_SELF, State: netlink.NUD_PERMANENT | netlink.NUD_NOARP,
			HardwareAddr: f.MAC, IP: f.Host.AsSlice(),
		})
	})
}

// forgetFar takes both entries of a MAC away: where it is, and that its port may send it.
func (k *Kernel) forgetFar(index int, tunnel string, f plan.Far, namespace string) error {
	return k.do(fmt.Sprintf("forget %s at %s by %s%s", f.MAC, f.Host, tunnel, in(namespace)), func() error {
		entry := netlink.Neigh{LinkIndex: index, Family: unix.AF_BRIDGE, Flags: netlink.NTF_SELF, HardwareAddr: f.MAC, IP: f.Host.AsSlice()}
		if err := netlink.NeighDel(&entry); err != nil {
			return err
		}
		entry.Flags, entry.IP = netlink.NTF_MASTER, nil
		return netlink.NeighDel(&entry)
	})
}
