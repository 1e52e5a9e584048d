package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/netplane/plan"
)

// Update makes the kernel's state the desired one as Apply does, but looks only at what
// differs from the last plan: what that put into the kernel is taken to be there still. It
// costs what changes, not what is there. Where something is not as it was left, that VPC is
// looked at as a whole; what nobody stumbles over is found by the next Apply.
//
// Connections that no rule allows any more are not ended yet: EndRevoked does.
func (k *Kernel) Update(ctx context.Context, d plan.Desired) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, settled := k.desired, k.settled
	done, err := k.begin(d)
	if err != nil {
		return err
	}
	defer done()
	if !settled {
		return errors.Join(k.applyAll(ctx, d), k.refusals())
	}
	rest := []error{k.applyRootFilters(ctx, d.Root)}
	if rest[0] != nil {
		return rest[0]
	}
	whole, errs := k.updateNamespaces(ctx, before.Root, d)
	if whole || !sameRoot(before.Root, d.Root) {
		rest = append(rest, k.applyRootLinks(d.Root))
	} else {
		rest = append(rest, k.amendRoutes(before.Root.Routes, d.Root.Routes, ""))
	}
	if whole || !reflect.DeepEqual(before.Peers, d.Peers) || !reflect.DeepEqual(before.NATs, d.NATs) {
		rest = append(rest, k.applyPeers(d))
		rest = append(rest, k.applyNATs(ctx, d))
	}
	rest = append(rest, k.dropRootTaps(before, d))
	if !slices.Equal(namesOf(before), namesOf(d)) {
		rest = append(rest, k.removeOrphans(d))
	}
	err = errors.Join(rest...)
	k.settled = err == nil
	return errors.Join(errs, err, k.refusals())
}

// updateNamespaces says whether any namespace was looked at as a whole.
func (k *Kernel) updateNamespaces(ctx context.Context, before plan.Root, d plan.Desired) (whole bool, err error) {
	var errs []error
	for _, n := range d.Namespaces {
		was, known := k.applied[n.VPCID]
		if known && amendable(was, n) && sameVeth(before, d.Root, n.Name) {
			err := k.amend(ctx, was, n)
			if err == nil {
				continue
			}
			k.log.Info("a VPC's network is not as it was left, and is looked at as a whole", "vpc_id", n.VPCID, "why", err)
		}
		whole = true
		if err := k.applyNamespace(ctx, d, n); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", n.Name, err))
		}
	}
	return whole, errors.Join(errs...)
}

// namesOf are the objects that removeOrphans goes by, but for ports.
func namesOf(d plan.Desired) []string {
	names := slices.Concat(d.Keep, d.Root.KeepLinks)
	for _, n := range d.Namespaces {
		names = append(names, n.Name)
	}
	for _, b := range d.NATs {
		names = append(names, b.Name)
	}
	for _, l := range d.Root.Links {
		names = append(names, l.Name)
	}
	return names
}

// sameRoot says that at most routes by links differ.
func sameRoot(a, b plan.Root) bool {
	unreachable := func(r plan.Route) bool { return !r.Unreachable }
	return reflect.DeepEqual(a.Links, b.Links) && reflect.DeepEqual(a.Neighbours, b.Neighbours) && slices.Equal(a.Sysctls, b.Sysctls) &&
		slices.Equal(slices.DeleteFunc(slices.Clone(a.Routes), unreachable), slices.DeleteFunc(slices.Clone(b.Routes), unreachable))
}

func sameVeth(a, b plan.Root, namespace string) bool {
	of := func(r plan.Root) (l plan.Link) {
		if i := slices.IndexFunc(r.Links, func(l plan.Link) bool { return l.PeerIn == namespace }); i >= 0 {
			l = r.Links[i]
		}
		return l
	}
	return reflect.DeepEqual(of(a), of(b))
}

// amendable says that two plans of a VPC differ in nothing but members, rules, neighbours,
// routes, and whole ports.
func amendable(was, n plan.Namespace) bool {
	return slices.Equal(was.Sysctls, n.Sysctls) && reflect.DeepEqual(was.Links, n.Links) && slices.Equal(was.Addresses, n.Addresses) &&
		slices.Equal(was.Policies, n.Policies) && reflect.DeepEqual(outward(was), outward(n)) && sameSets(was, n) && samePorts(was, n) &&
		slices.EqualFunc(was.Tunnels, n.Tunnels, func(a, b plan.Tunnel) bool {
			a.Far, b.Far = nil, nil
			return reflect.DeepEqual(a, b)
		})
}

// outward are the neighbours on links to other namespaces, which stand for those links.
func outward(n plan.Namespace) (out []plan.Neighbour) {
	for _, nb := range n.Neighbours {
		if nb.Link == plan.GatewayLink || peerLink.MatchString(nb.Link) {
			out = append(out, nb)
		}
	}
	return out
}

// sameSets says that sets of one name are of one kind.
func sameSets(was, n plan.Namespace) bool {
	kinds := map[string]plan.Set{}
	for _, s := range was.Sets {
		kinds[s.Name] = s
	}
	return !slices.ContainsFunc(n.Sets, func(s plan.Set) bool {
		old, there := kinds[s.Name]
		return there && (old.Type != s.Type || old.Range != s.Range)
	})
}

// samePorts says that ports of one name are the same.
func samePorts(was, n plan.Namespace) bool {
	gone, added := differences(was.Ports, n.Ports, samePort, portName)
	for _, p := range added {
		if slices.ContainsFunc(gone, func(o plan.Port) bool { return o.Name == p.Name }) {
			return false
		}
	}
	return true
}

func samePort(a, b plan.Port) bool {
	return a.Name == b.Name && a.Bridge == b.Bridge && bytes.Equal(a.MAC, b.MAC) && a.MTU == b.MTU && a.ENI == b.ENI &&
		a.Rate == b.Rate && a.Shaper == b.Shaper && a.Shared == b.Shared
}

func portName(p plan.Port) string { return p.Name }

// differences tells what of two lists in one order is only in the first and only in the
// second. What lies between the first and the last difference is compared by key.
func differences[T any, K comparable](was, want []T, same func(a, b T) bool, key func(T) K) (gone, added []T) {
	for len(was) > 0 && len(want) > 0 && same(was[0], want[0]) {
		was, want = was[1:], want[1:]
	}
	for len(was) > 0 && len(want) > 0 && same(was[len(was)-1], want[len(want)-1]) {
		was, want = was[:len(was)-1], want[:len(want)-1]
	}
	have := make(map[K]T, len(was))
	for _, v := range was {
		have[key(v)] = v
	}
	for _, v := range want {
		if old, there := have[key(v)]; there && same(old, v) {
			delete(have, key(v))
		} else {
			added = append(added, v)
		}
	}
	for _, v := range was {
		if _, left := have[key(v)]; left {
			gone = append(gone, v)
		}
	}
	return gone, added
}

// amend makes of a VPC as one plan has it what another wants, in the order of
// applyNamespace: what lets packets pass is there before what they need, and goes after it.
func (k *Kernel) amend(ctx context.Context, was, n plan.Namespace) error {
	delete(k.applied, n.VPCID) // until it is in force again
	return inNamespace(n.Name, func() error {
		if err := k.addMembers(was, n); err != nil {
			return err
		}
		revoked, err := k.applyTables(ctx, n.Name, n.Tables, n.Bridge)
		if err != nil {
			return err
		}
		links := linksByName{}
		if err := k.amendPorts(was, n); err != nil {
			return err
		}
		if err := k.amendNeighbours(links, was, n); err != nil {
			return err
		}
		if err := k.amendRoutes(was.Routes, n.Routes, n.Name); err != nil {
			return err
		}
		for i, t := range n.Tunnels {
			if err := k.amendTunnel(links, was.Tunnels[i], t, n.Name); err != nil {
				return err
			}
		}
		dropped, err := k.dropMembers(was, n)
		if err != nil {
			return err
		}
		if revoked || dropped || !slices.Equal(was.Routes, n.Routes) {
			k.revoked[n.VPCID] = true
		}
		k.applied[n.VPCID] = n
		return nil
	})
}

// linksByName are devices of one namespace that were looked up.
type linksByName map[string]netlink.Link

func (l linksByName) get(name string) (netlink.Link, error) {
	if link := l[name]; link != nil {
		return link, nil
	}
	link, err := netlink.LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("link %s: %w", name, err)
	}
	l[name] = link
	return link, nil
}

// amendPorts removes those that went. A new one is not there yet, and comes by MoveTap.
func (k *Kernel) amendPorts(was, n plan.Namespace) error {
	gone, added := differences(was.Ports, n.Ports, samePort, portName)
	for _, p := range added {
		if _, err := netlink.LinkByName(p.Name); err == nil {
			return fmt.Errorf("%s is there before it was planned", p.Name)
		}
	}
	for _, p := range gone {
		names := []string{p.Name, plan.RateName(p.Shaper), plan.SharedRateName(p.Shaper)}
		if slices.ContainsFunc(n.Ports, func(o plan.Port) bool { return o.Shaper == p.Shaper }) {
			names = names[:1]
		}
		for _, name := range names {
			link, err := netlink.LinkByName(name)
			if errors.As(err, &netlink.LinkNotFoundError{}) {
				continue
			}
			if err != nil {
				return err
			}
			if err := k.removeLink(link, n.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropRootTaps deletes taps in the host's namespace whose ports went before they moved.
func (k *Kernel) dropRootTaps(before, d plan.Desired) error {
	if len(d.Keep) > 0 {
		return nil // they may be those of a VPC that stays as it is
	}
	for _, n := range d.Namespaces {
		i := slices.IndexFunc(before.Namespaces, func(b plan.Namespace) bool { return b.Name == n.Name })
		if i < 0 {
			continue
		}
		gone, _ := differences(before.Namespaces[i].Ports, n.Ports, samePort, portName)
		for _, p := range gone {
			if slices.Contains(d.Root.KeepLinks, p.Name) || slices.ContainsFunc(n.Ports, func(o plan.Port) bool { return o.Name == p.Name }) {
				continue
			}
			link, err := netlink.LinkByName(p.Name)
			if errors.As(err, &netlink.LinkNotFoundError{}) {
				continue
			}
			if err != nil {
				return err
			}
			if err := k.do("delete link "+p.Name, func() error { return netlink.LinkDel(link) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *Kernel) amendNeighbours(links linksByName, was, n plan.Namespace) error {
	type place struct {
		link string
		ip   netip.Addr
	}
	at := func(nb plan.Neighbour) place { return place{nb.Link, nb.IP} }
	gone, added := differences(was.Neighbours, n.Neighbours, func(a, b plan.Neighbour) bool { return at(a) == at(b) && bytes.Equal(a.MAC, b.MAC) }, at)
	held := map[place]bool{}
	for _, nb := range added {
		held[at(nb)] = true
		link, err := links.get(nb.Link)
		if err != nil {
			return err
		}
		if err := k.setNeighbour(link, nb, n.Name); err != nil {
			return err
		}
	}
	for _, nb := range gone {
		if held[at(nb)] {
			continue
		}
		link, err := links.get(nb.Link)
		if err != nil {
			return err
		}
		if err := k.deleteNeighbour(link, nb.IP, n.Name); err != nil {
			return err
		}
	}
	return nil
}

// amendRoutes is for the calling thread's namespace, "" the host's.
func (k *Kernel) amendRoutes(was, want []plan.Route, namespace string) error {
	type place struct {
		to    netip.Prefix
		table int
	}
	at := func(r plan.Route) place { return place{r.To, r.Table} }
	links := linksByName{}
	of := func(r plan.Route) (*netlink.Route, error) {
		if r.Blackhole {
			return kernelRoute(r, nil), nil
		}
		link, err := links.get(r.Link)
		if err != nil {
			return nil, err
		}
		return kernelRoute(r, link), nil
	}
	gone, added := differences(was, want, func(a, b plan.Route) bool { return a == b }, at)
	held := map[place]bool{}
	for _, r := range added {
		held[at(r)] = true
		route, err := of(r)
		if err != nil {
			return err
		}
		if err := k.setRoute(r, route, namespace); err != nil {
			return err
		}
	}
	for _, r := range gone {
		if held[at(r)] {
			continue
		}
		route, err := of(r)
		if err != nil {
			return err
		}
		if err := k.do("delete route "+r.String()+in(namespace), func() error { return netlink.RouteDel(route) }); err != nil {
			return err
		}
	}
	return nil
}

// amendTunnel tells a tunnel of what came to other hosts, moved between them, or went.
func (k *Kernel) amendTunnel(links linksByName, was, t plan.Tunnel, namespace string) error {
	mac := func(f plan.Far) string { return string(f.MAC) }
	gone, added := differences(was.Far, t.Far, func(a, b plan.Far) bool { return a.Host == b.Host && bytes.Equal(a.MAC, b.MAC) }, mac)
	if len(gone)+len(added) == 0 {
		return nil
	}
	link, err := links.get(t.Name)
	if err != nil {
		return err
	}
	index := link.Attrs().Index
	moved := map[string]bool{}
	for _, f := range gone {
		moved[mac(f)] = true
	}
	for _, f := range added {
		if err := k.setFar(index, t.Name, f, namespace); err != nil {
			return err
		}
		if moved[mac(f)] {
			delete(moved, mac(f))
			continue
		}
		if err := k.setStatic(index, t.Name, f.MAC, namespace); err != nil {
			return err
		}
	}
	for _, f := range gone {
		if !moved[mac(f)] {
			continue
		}
		if err := k.forgetFar(index, t.Name, f, namespace); err != nil {
			return err
		}
	}
	return nil
}
