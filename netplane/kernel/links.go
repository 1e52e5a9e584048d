package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// retry repeats a dump that the kernel says was interrupted by a change.
func retry[T any](dump func() (T, error)) (T, error) {
	for range 10 {
		if v, err := dump(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			return v, err
		}
	}
	return dump()
}

// ownLinks are the devices in a VPC's namespace that Mica makes there. Others (a
// kernel may put tunl0 and the like into every namespace) are left alone.
var ownLinks = regexp.MustCompile(`^(gw|probe|(br|vx|px|up|dn)-[0-9a-f]{11}|[a-z0-9-]{1,5}t[0-9a-f]{9})$`)

// peerLink are the ends of peerings.
var peerLink = regexp.MustCompile(`^px-[0-9a-f]{11}$`)

func deleteOwnLinks() error {
	links, err := retry(netlink.LinkList)
	if err != nil {
		return err
	}
	for _, l := range links {
		if ownLinks.MatchString(l.Attrs().Name) {
			if err := netlink.LinkDel(l); err != nil && !errors.Is(err, unix.ENODEV) {
				return err
			}
		}
	}
	return nil
}

// applyLinks makes devices, addresses, routes, neighbours and ports of the calling
// thread's namespace, which is n.
func (k *Kernel) applyLinks(n plan.Namespace) error {
	links, err := retry(netlink.LinkList)
	if err != nil {
		return err
	}
	have := map[string]netlink.Link{}
	for _, l := range links {
		have[l.Attrs().Name] = l
	}
	if err := k.removeLinks(n, have); err != nil {
		return err
	}
	for _, l := range n.Links {
		link := have[l.Name]
		if link == nil {
			err := k.do("create link "+l.Name+in(n.Name), func() error { return createBridge(l) })
			if err != nil {
				return err
			}
			if link, err = netlink.LinkByName(l.Name); err != nil {
				return err
			}
			have[l.Name] = link
		}
		if err := k.applyAddresses(link, n); err != nil {
			return err
		}
		if err := k.applyLink(link, l.MAC, l.MTU, n.Name); err != nil {
			return err
		}
	}
	for name, link := range have {
		outward := name == plan.GatewayLink || peerLink.MatchString(name)
		if outward {
			if err := k.applyLink(link, nil, 0, n.Name); err != nil {
				return err
			}
		}
		if outward || link.Type() == "bridge" {
			if err := k.applyNeighbours(link, n.Neighbours, n.Name); err != nil {
				return err
			}
		}
	}
	if err := k.applyRouting(n, have); err != nil {
		return err
	}
	ports, err := observePorts()
	if err != nil {
		return err
	}
	for _, t := range n.Tunnels {
		if err := k.applyTunnel(have[t.Name], have[t.Bridge], t, ports, n.Name); err != nil {
			return err
		}
	}
	for _, p := range n.Ports {
		if link := have[p.Name]; link != nil { // otherwise MoveTap will bring it
			if err := k.applyPort(link, have[p.Bridge], p, ports, n.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeLinks deletes devices of ours that the plan doesn't have, and takes them out
// of have.
func (k *Kernel) removeLinks(n plan.Namespace, have map[string]netlink.Link) error {
	wanted := map[string]string{}
	for _, nb := range n.Neighbours { // of both ends of a veth
		if nb.Link == plan.GatewayLink || peerLink.MatchString(nb.Link) {
			wanted[nb.Link] = "veth"
		}
	}
	for _, l := range n.Links {
		wanted[l.Name] = l.Kind
	}
	for _, p := range n.Ports {
		wanted[p.Name] = ""
		if p.Rate != (plan.Rate{}) {
			wanted[plan.RateName(p.Shaper)] = "ifb"
			if p.Shared {
				wanted[plan.SharedRateName(p.Shaper)] = "ifb"
			}
		}
	}
	for _, t := range n.Tunnels {
		wanted[t.Name] = "vxlan"
	}
	for name, link := range have {
		kind, ok := wanted[name]
		if !ownLinks.MatchString(name) || ok && (kind == "" || kind == link.Type()) {
			continue
		}
		if err := k.removeLink(link, n.Name); err != nil {
			return err
		}
		delete(have, name)
	}
	return nil
}

// removeLink deletes a device. A tap that QEMU has open is only cut off: its guest lets go
// of it in its own time, and QEMU would spin on a descriptor of a tap that is gone.
func (k *Kernel) removeLink(link netlink.Link, namespace string) error {
	a := link.Attrs()
	if link.Type() != "tuntap" || !tapBusy(a.Name) {
		return k.do("delete link "+a.Name+in(namespace), func() error { return netlink.LinkDel(link) })
	}
	if a.Flags&net.FlagUp == 0 && a.MasterIndex == 0 {
		return nil
	}
	return k.do("cut off "+a.Name+in(namespace), func() error {
		if err := netlink.LinkSetDown(link); err != nil {
			return err
		}
		return netlink.LinkSetNoMaster(link)
	})
}

func createBridge(l plan.Link) error {
	if l.Kind != plan.KindBridge {
		return fmt.Errorf("no way to create a %s", l.Kind)
	}
	return netlink.LinkAdd(&netlink.Bridge{
		LinkAttrs:         netlink.LinkAttrs{Name: l.Name, HardwareAddr: l.MAC, MTU: l.MTU, TxQLen: -1},
		MulticastSnooping: new(false),
	})
}

// applyLink sets MAC and MTU where they are given, and brings the device up.
func (k *Kernel) applyLink(link netlink.Link, mac net.HardwareAddr, mtu int, namespace string) error {
	a := link.Attrs()
	if len(mac) > 0 && !bytes.Equal(a.HardwareAddr, mac) {
		err := k.do(fmt.Sprintf("set mac %s of %s%s", mac, a.Name, in(namespace)), func() error {
			return netlink.LinkSetHardwareAddr(link, mac)
		})
		if err != nil {
			return err
		}
	}
	if mtu > 0 && a.MTU != mtu {
		err := k.do(fmt.Sprintf("set mtu %d of %s%s", mtu, a.Name, in(namespace)), func() error {
			return netlink.LinkSetMTU(link, mtu)
		})
		if err != nil {
			return err
		}
	}
	if a.Flags&net.FlagUp != 0 {
		return nil
	}
	return k.do("bring up "+a.Name+in(namespace), func() error { return netlink.LinkSetUp(link) })
}

func (k *Kernel) applyAddresses(link netlink.Link, n plan.Namespace) error {
	name := link.Attrs().Name
	addrs, err := retry(func() ([]netlink.Addr, error) { return netlink.AddrList(link, netlink.FAMILY_V4) })
	if err != nil {
		return err
	}
	have := map[netip.Prefix]netlink.Addr{}
	for _, a := range addrs {
		if !a.IP.IsLoopback() {
			have[prefixOf(a.IPNet)] = a
		}
	}
	for _, a := range n.Addresses {
		if a.Link != name {
			continue
		}
		if _, ok := have[a.Prefix]; ok {
			delete(have, a.Prefix)
			continue
		}
		err := k.do(fmt.Sprintf("add address %s to %s%s", a.Prefix, name, in(n.Name)), func() error {
			return netlink.AddrAdd(link, &netlink.Addr{IPNet: ipnet(a.Prefix)})
		})
		if err != nil {
			return err
		}
	}
	for p, a := range have {
		err := k.do(fmt.Sprintf("remove address %s from %s%s", p, name, in(n.Name)), func() error { return netlink.AddrDel(link, &a) })
		if err != nil {
			return err
		}
	}
	return nil
}

// applyRoutes makes want all the routes of link in the main table that the kernel
// did not make by itself.
func (k *Kernel) applyRoutes(link netlink.Link, want []plan.Route, namespace string) error {
	filter := &netlink.Route{LinkIndex: link.Attrs().Index, Table: unix.RT_TABLE_MAIN}
	routes, err := retry(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_V4, filter, netlink.RT_FILTER_OIF|netlink.RT_FILTER_TABLE)
	})
	if err != nil {
		return err
	}
	name := link.Attrs().Name
	have := map[string]bool{}
	for _, r := range routes {
		if r.Protocol == unix.RTPROT_KERNEL {
			continue
		}
		as := routeOf(r, name)
		if slices.Contains(want, as) {
			have[as.String()] = true
			continue
		}
		if err := k.do("delete route "+as.String()+in(namespace), func() error { return netlink.RouteDel(&r) }); err != nil {
			return err
		}
	}
	for _, r := range want {
		if have[r.String()] {
			continue
		}
		if err := k.setRoute(r, kernelRoute(r, link), namespace); err != nil {
			return err
		}
	}
	return nil
}

func routeOf(r netlink.Route, link string) plan.Route {
	out := plan.Route{To: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Link: link}
	if r.Dst != nil {
		out.To = prefixOf(r.Dst)
	}
	if gw, ok := netip.AddrFromSlice(r.Gw.To4()); ok {
		out.Via = gw
	}
	if src, ok := netip.AddrFromSlice(r.Src.To4()); ok {
		out.Source = src
	}
	if r.Table != unix.RT_TABLE_MAIN {
		out.Table = r.Table
	}
	out.Realm, out.Blackhole = r.Realm, r.Type == unix.RTN_BLACKHOLE
	return out
}

// applyNeighbours makes the permanent entries of link those of want that name it.
func (k *Kernel) applyNeighbours(link netlink.Link, want []plan.Neighbour, namespace string) error {
	a := link.Attrs()
	list, err := retry(func() ([]netlink.Neigh, error) { return netlink.NeighList(a.Index, netlink.FAMILY_V4) })
	if err != nil {
		return err
	}
	have := map[netip.Addr]string{}
	for _, n := range list {
		if ip, ok := netip.AddrFromSlice(n.IP.To4()); ok && n.State == netlink.NUD_PERMANENT {
			have[ip] = n.HardwareAddr.String()
		}
	}
	for _, n := range want {
		if n.Link != a.Name {
			continue
		}
		mac := have[n.IP]
		delete(have, n.IP)
		if mac == n.MAC.String() {
			continue
		}
		if err := k.setNeighbour(link, n, namespace); err != nil {
			return err
		}
	}
	for ip := range have {
		if err := k.deleteNeighbour(link, ip, namespace); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kernel) setNeighbour(link netlink.Link, n plan.Neighbour, namespace string) error {
	a := link.Attrs()
	return k.do(fmt.Sprintf("set neighbour %s = %s on %s%s", n.IP, n.MAC, a.Name, in(namespace)), func() error {
		return netlink.NeighSet(&netlink.Neigh{
			LinkIndex: a.Index, Family: netlink.FAMILY_V4, State: netlink.NUD_PERMANENT,
			IP: n.IP.AsSlice(), HardwareAddr: n.MAC,
		})
	})
}

func (k *Kernel) deleteNeighbour(link netlink.Link, ip netip.Addr, namespace string) error {
	a := link.Attrs()
	return k.do(fmt.Sprintf("delete neighbour %s on %s%s", ip, a.Name, in(namespace)), func() error {
		return netlink.NeighDel(&netlink.Neigh{LinkIndex: a.Index, Family: netlink.FAMILY_V4, IP: ip.AsSlice()})
	})
}

func ipnet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

func prefixOf(n *net.IPNet) netip.Prefix {
	ones, _ := n.Mask.Size()
	a, _ := netip.AddrFromSlice(n.IP.To4())
	return netip.PrefixFrom(a, ones)
}
