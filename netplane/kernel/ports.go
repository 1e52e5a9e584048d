package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// portFlag is one setting of a bridge's port.
type portFlag struct {
	attr int
	on   byte
}

// portFlags of a tap in a bridge, which plan's DESIGN.md gives the reasons for.
var portFlags = []portFlag{
	{nl.IFLA_BRPORT_LOCKED, 1},        // only MACs of static entries may send
	{nl.IFLA_BRPORT_LEARNING, 0},      // and nothing makes such an entry but us
	{nl.IFLA_BRPORT_UNICAST_FLOOD, 0}, // every MAC is known: nothing to flood
	{nl.IFLA_BRPORT_MCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_BCAST_FLOOD, 0},
	{nl.IFLA_BRPORT_PROXYARP_WIFI, 1}, // the bridge answers ARP for this guest
	{nl.IFLA_BRPORT_GUARD, 1},         // no BPDUs
}

// portState is what bridges of the calling thread's namespace know of their ports.
type portState struct {
	flags map[int]map[int]byte // by index of the device, then by attribute
	fdb   map[int][]netlink.Neigh

	qdiscs map[int][]netlink.Qdisc
}

func observePorts() (portState, error) {
	s := portState{map[int]map[int]byte{}, map[int][]netlink.Neigh{}, map[int][]netlink.Qdisc{}}
	qdiscs, err := retry(func() ([]netlink.Qdisc, error) { return netlink.QdiscList(nil) })
	if err != nil {
		return s, err
	}
	for _, q := range qdiscs {
		s.qdiscs[q.Attrs().LinkIndex] = append(s.qdiscs[q.Attrs().LinkIndex], q)
	}
	msgs, err := retry(func() ([][]byte, error) {
		req := nl.NewNetlinkRequest(unix.RTM_GETLINK, unix.NLM_F_DUMP)
		req.AddData(nl.NewIfInfomsg(unix.AF_BRIDGE))
		return req.Execute(unix.NETLINK_ROUTE, 0)
	})
	if err != nil {
		return s, err
	}
	for _, m := range msgs {
		info := nl.DeserializeIfInfomsg(m)
		attrs, err := nl.ParseRouteAttr(m[info.Len():])
		if err != nil {
			return s, err
		}
		for _, a := range attrs {
			if a.Attr.Type != unix.IFLA_PROTINFO|unix.NLA_F_NESTED {
				continue
			}
			flags, err := nl.ParseRouteAttr(a.Value)
			if err != nil {
				return s, err
			}
			have := map[int]byte{}
			for _, f := range flags {
				if len(f.Value) > 0 {
					have[int(f.Attr.Type)] = f.Value[0]
				}
			}
			s.flags[int(info.Index)] = have
		}
	}
	entries, err := retry(func() ([]netlink.Neigh, error) { return netlink.NeighList(0, unix.AF_BRIDGE) })
	for _, e := range entries {
		s.fdb[e.LinkIndex] = append(s.fdb[e.LinkIndex], e)
	}
	return s, err
}

func (s portState) has(index int, flags []portFlag) bool {
	for _, f := range flags {
		if v, ok := s.flags[index][f.attr]; !ok || v != f.on {
			return false
		}
	}
	return true
}

// applyPort puts the device into its bridge with everything that guards it, and only
// then brings it up. It runs in the namespace.
func (k *Kernel) applyPort(link, bridge netlink.Link, p plan.Port, state portState, namespace string) error {
	a := link.Attrs()
	if a.MasterIndex != bridge.Attrs().Index {
		err := k.do(fmt.Sprintf("put %s into %s%s", p.Name, p.Bridge, in(namespace)), func() error {
			// Down first: one that is up would be in the bridge without its flags.
			if err := netlink.LinkSetDown(link); err != nil {
				return err
			}
			return netlink.LinkSetMaster(link, bridge)
		})
		if err != nil {
			return err
		}
		if state, err = observePorts(); err != nil {
			return err
		}
		if link, err = netlink.LinkByIndex(a.Index); err != nil {
			return err
		}
	}
	if !state.has(a.Index, portFlags) {
		if err := k.do("guard port "+p.Name+in(namespace), func() error { return guardPort(a.Index, portFlags) }); err != nil {
			return err
		}
	}
	if err := k.applyFDB(a.Index, p, state.fdb[a.Index], namespace); err != nil {
		return err
	}
	if err := k.applyRate(link, p, state, namespace); err != nil {
		return err
	}
	return k.applyLink(link, nil, p.MTU, namespace)
}

// guardPort sets all flags in one message.
func guardPort(index int, flags []portFlag) error {
	req := nl.NewNetlinkRequest(unix.RTM_SETLINK, unix.NLM_F_ACK)
	msg := nl.NewIfInfomsg(unix.AF_BRIDGE)
	msg.Index = int32(index)
	req.AddData(msg)
	info := nl.NewRtAttr(unix.IFLA_PROTINFO|unix.NLA_F_NESTED, nil)
	for _, f := range flags {
		info.AddRtAttr(f.attr, []byte{f.on})
	}
	req.AddData(info)
	_, err := req.Execute(unix.NETLINK_ROUTE, 0)
	return err
}

// applyFDB makes the guest's MAC the only one that the port may send from.
func (k *Kernel) applyFDB(index int, p plan.Port, list []netlink.Neigh, namespace string) error {
	return k.applyStatic(index, p.Name, []net.HardwareAddr{p.MAC}, list, namespace)
}

// applyStatic makes the bridge's entries for a port these ones.
func (k *Kernel) applyStatic(index int, port string, macs []net.HardwareAddr, list []netlink.Neigh, namespace string) error {
	found := map[string]bool{}
	for _, e := range list {
		// NTF_SELF entries are the device's own; permanent ones the bridge's.
		if e.Flags&netlink.NTF_MASTER == 0 && e.MasterIndex == 0 || e.State&netlink.NUD_PERMANENT != 0 || e.Flags&netlink.NTF_SELF != 0 {
			continue
		}
		wanted := slices.ContainsFunc(macs, func(m net.HardwareAddr) bool { return bytes.Equal(m, e.HardwareAddr) })
		if wanted && e.State&netlink.NUD_NOARP != 0 && e.Vlan == 0 {
			found[e.HardwareAddr.String()] = true
			continue
		}
		e.Flags, e.Family = netlink.NTF_MASTER, unix.AF_BRIDGE
		err := k.do(fmt.Sprintf("delete fdb entry %s of %s%s", e.HardwareAddr, port, in(namespace)), func() error {
			return netlink.NeighDel(&e)
		})
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
	for _, mac := range macs {
		if found[mac.String()] {
			continue
		}
		if err := k.setStatic(index, port, mac, namespace); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kernel) setStatic(index int, port string, mac net.HardwareAddr, namespace string) error {
	return k.do(fmt.Sprintf("add fdb entry %s to %s%s", mac, port, in(namespace)), func() error {
		return netlink.NeighSet(&netlink.Neigh{
			LinkIndex: index, Family: unix.AF_BRIDGE, Flags: netlink.NTF_MASTER,
			State: netlink.NUD_NOARP, HardwareAddr: mac,
		})
	})
}

// isTapName tells whether a device in the host's namespace can be a tap of ours.
func (k *Kernel) isTapName(name string) bool {
	ok, _ := regexp.MatchString(`^`+regexp.QuoteMeta(plan.TapPattern(k.cfg.Prefix))+`[0-9a-f]{9}$`, name)
	return ok
}

func (k *Kernel) gatewayPattern() string {
	name := plan.GatewayName(k.cfg.Prefix, "vpc-00000000000000000")
	return name[:len(name)-9]
}

// CreateTap makes the persistent tap name in the host's namespace, ready for libvirt
// to open (<interface type='ethernet'><target dev='...' managed='no'/>). A tap that
// is already there, in whatever namespace, and that nobody has open is made anew.
func (k *Kernel) CreateTap(ctx context.Context, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps = nil
	if !k.isTapName(name) {
		return fmt.Errorf("%q is no name of a tap of ours (see plan.TapName)", name)
	}
	if err := k.deleteTap(name, true); err != nil {
		return err
	}
	return k.do("create tap "+name, func() error { return makeTap(name) })
}

// DeleteTap removes a tap wherever it is. One that doesn't exist is no error.
func (k *Kernel) DeleteTap(ctx context.Context, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps = nil
	if !k.isTapName(name) {
		return fmt.Errorf("%q is no name of a tap of ours (see plan.TapName)", name)
	}
	return k.deleteTap(name, false)
}

// deleteTap looks in the host's namespace and in those of all VPCs.
func (k *Kernel) deleteTap(name string, onlyIdle bool) error {
	del := func(where string) func() error {
		return func() error {
			link, err := netlink.LinkByName(name)
			if errors.As(err, &netlink.LinkNotFoundError{}) {
				return nil
			}
			if err != nil {
				return err
			}
			if onlyIdle && link.Type() == "tuntap" && tapBusy(name) {
				return fmt.Errorf("tap %s%s: %w", name, in(where), ErrTapBusy)
			}
			return k.do("delete tap "+name+in(where), func() error { return netlink.LinkDel(link) })
		}
	}
	names, err := k.ownNamespaces()
	if err != nil {
		return err
	}
	errs := []error{del("")()}
	for _, ns := range names {
		if namespaceExists(ns) {
			errs = append(errs, inNamespace(ns, del(ns)))
		}
	}
	return errors.Join(errs...)
}

// openTap attaches to a tap, making it when it doesn't exist.
func openTap(name string) (*os.File, error) {
	f, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		f.Close()
		return nil, err
	}
	ifr.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_VNET_HDR)
	if err := unix.IoctlIfreq(int(f.Fd()), unix.TUNSETIFF, ifr); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func tapBusy(name string) bool {
	f, err := openTap(name)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, unix.EBUSY)
}

// makeTap makes a tap that outlives us and that only root may open: /dev/net/tun
// itself is open to all, and a tap without an owner would be too.
func makeTap(name string) error {
	f, err := openTap(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.IoctlSetInt(int(f.Fd()), unix.TUNSETOWNER, 0); err != nil {
		return err
	}
	return unix.IoctlSetInt(int(f.Fd()), unix.TUNSETPERSIST, 1)
}

// MoveTap brings a tap that QEMU opened into the namespace of its VPC, protects its
// bridge port and then brings it up. A tap that is there already is only checked.
func (k *Kernel) MoveTap(ctx context.Context, name, vpcID string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps = nil
	n, ok := k.applied[vpcID]
	i := slices.IndexFunc(n.Ports, func(p plan.Port) bool { return p.Name == name })
	if !ok || i < 0 {
		return fmt.Errorf("move tap %s into %s: %w", name, vpcID, ErrNotPlanned)
	}
	if err := k.moveLink(name, n.Name); err != nil {
		return err
	}
	return inNamespace(n.Name, func() error {
		link, err := netlink.LinkByName(name)
		if err != nil {
			return fmt.Errorf("tap %s%s: %w", name, in(n.Name), err)
		}
		state, err := observePorts()
		if err != nil {
			return err
		}
		bridge, err := netlink.LinkByName(n.Ports[i].Bridge)
		if err != nil {
			return fmt.Errorf("bridge %s%s: %w", n.Ports[i].Bridge, in(n.Name), err)
		}
		return k.applyPort(link, bridge, n.Ports[i], state, n.Name)
	})
}

// moveLink takes a device out of the host's namespace, if it is there.
func (k *Kernel) moveLink(name, namespace string) error {
	link, err := netlink.LinkByName(name)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil
	}
	if err != nil {
		return err
	}
	ns, err := os.Open(netnsDir + "/" + namespace)
	if err != nil {
		return err
	}
	defer ns.Close()
	return k.do("move "+name+" to "+namespace, func() error {
		// Down, so that it doesn't arrive there running.
		if err := netlink.LinkSetDown(link); err != nil {
			return err
		}
		return netlink.LinkSetNsFd(link, int(ns.Fd()))
	})
}
