package kernel

import (
	"errors"
	"os"
	"slices"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/netplane/plan"
)

// applyPeers ties the namespaces of peered VPCs together, once the filters of both are in
// force.
func (k *Kernel) applyPeers(d plan.Desired) error {
	var errs []error
	for _, p := range d.Peers {
		a, okA := k.applied[p.Ends[0].VPCID]
		b, okB := k.applied[p.Ends[1].VPCID]
		if !okA || !okB || k.joined(p) {
			continue
		}
		errs = append(errs, k.join(p, a, b))
	}
	return errors.Join(errs...)
}

// joined tells whether both ends are there and belong together.
func (k *Kernel) joined(p plan.PeerLink) bool {
	var index int
	err := inNamespace(p.Ends[0].Namespace, func() error {
		link, err := netlink.LinkByName(p.Name)
		if err == nil {
			index = link.Attrs().Index
		}
		return err
	})
	return err == nil && peerIn(p.Ends[1].Namespace, p.Name, index)
}

// join makes the pair anew, and then what of its namespaces hangs on it.
func (k *Kernel) join(p plan.PeerLink, a, b plan.Namespace) error {
	for _, e := range p.Ends {
		err := inNamespace(e.Namespace, func() error {
			link, err := netlink.LinkByName(p.Name)
			if err != nil {
				return nil
			}
			return k.do("delete link "+p.Name+in(e.Namespace), func() error { return netlink.LinkDel(link) })
		})
		if err != nil {
			return err
		}
	}
	other, err := os.Open(netnsDir + "/" + p.Ends[1].Namespace)
	if err != nil {
		return err
	}
	defer other.Close()
	err = inNamespace(p.Ends[0].Namespace, func() error {
		return k.do("create link "+p.Name+" between "+p.Ends[0].Namespace+" and "+p.Ends[1].Namespace, func() error {
			return netlink.LinkAdd(&netlink.Veth{
				LinkAttrs: netlink.LinkAttrs{Name: p.Name, HardwareAddr: p.Ends[0].MAC, MTU: p.MTU, TxQLen: -1},
				PeerName:  p.Name, PeerHardwareAddr: p.Ends[1].MAC, PeerNamespace: netlink.NsFd(other.Fd()),
			})
		})
	})
	if err != nil {
		return err
	}
	for _, n := range []plan.Namespace{a, b} {
		if err := inNamespace(n.Name, func() error { return k.applyLinks(n) }); err != nil {
			return err
		}
	}
	return nil
}

// applyNAT makes the namespace of a NAT gateway and ties it to its subnet's bridge. It
// never touches the connections that it tracks.
func (k *Kernel) applyNAT(b plan.NATBox, vpc plan.Namespace) error {
	i := slices.IndexFunc(vpc.Ports, func(p plan.Port) bool { return p.Name == b.Port })
	if i < 0 {
		return nil
	}
	if !natJoined(b) {
		if err := k.joinNAT(b); err != nil {
			return err
		}
		if err := inNamespace(b.VPC, func() error { return k.applyLinks(vpc) }); err != nil {
			return err
		}
	}
	return inNamespace(b.Name, func() error {
		link, err := netlink.LinkByName(b.Link.Name)
		if err != nil {
			return err
		}
		n := plan.Namespace{Name: b.Name, Addresses: []plan.Address{{Link: b.Link.Name, Prefix: b.Address}}, Routes: []plan.Route{b.Route}}
		if err := k.applyAddresses(link, n); err != nil {
			return err
		}
		if err := k.applyLink(link, b.Link.MAC, b.Link.MTU, b.Name); err != nil {
			return err
		}
		if err := k.applyNeighbours(link, []plan.Neighbour{b.Router}, b.Name); err != nil {
			return err
		}
		return k.applyRouting(n, map[string]netlink.Link{b.Link.Name: link})
	})
}

func natJoined(b plan.NATBox) bool {
	var index int
	err := inNamespace(b.VPC, func() error {
		link, err := netlink.LinkByName(b.Port)
		if err == nil {
			index = link.Attrs().Index
		}
		return err
	})
	return err == nil && peerIn(b.Name, b.Link.Name, index)
}

func (k *Kernel) joinNAT(b plan.NATBox) error {
	box, err := os.Open(netnsDir + "/" + b.Name)
	if err != nil {
		return err
	}
	defer box.Close()
	return inNamespace(b.VPC, func() error {
		if link, err := netlink.LinkByName(b.Port); err == nil {
			if err := k.do("delete link "+b.Port+in(b.VPC), func() error { return netlink.LinkDel(link) }); err != nil {
				return err
			}
		}
		return k.do("create link "+b.Port+in(b.VPC)+" to "+b.Name, func() error {
			return netlink.LinkAdd(&netlink.Veth{
				LinkAttrs: netlink.LinkAttrs{Name: b.Port, MTU: b.MTU, TxQLen: -1},
				PeerName:  b.Link.Name, PeerHardwareAddr: b.Link.MAC, PeerNamespace: netlink.NsFd(box.Fd()),
			})
		})
	})
}
