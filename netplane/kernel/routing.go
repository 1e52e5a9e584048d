package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// policyPriority is that of our routing rules: after the local table, before the main one.
const policyPriority = 1000

// applyRouting makes all routes and routing rules of the calling thread's namespace those
// of the plan. What is wanted comes before what is not goes: there is no moment in which a
// packet finds a wider route than it should. A route whose link isn't there yet is a
// blackhole until it is.
func (k *Kernel) applyRouting(n plan.Namespace, links map[string]netlink.Link) error {
	names := map[int]string{}
	for name, l := range links {
		names[l.Attrs().Index] = name
	}
	list, err := retry(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_TABLE)
	})
	if err != nil {
		return err
	}
	type place struct {
		to    netip.Prefix
		table int
	}
	wanted, have := map[place]bool{}, map[string]bool{}
	for _, r := range list {
		if ours(r) {
			have[routeOf(r, names[r.LinkIndex]).String()] = true
		}
	}
	for _, r := range n.Routes {
		link := links[r.Link]
		if link == nil {
			r = plan.Route{To: r.To, Table: r.Table, Blackhole: true}
		}
		wanted[place{r.To, r.Table}] = true
		if have[r.String()] {
			continue
		}
		if err := k.setRoute(r, kernelRoute(r, link), n.Name); err != nil {
			return err
		}
	}
	for _, r := range list {
		as := routeOf(r, names[r.LinkIndex])
		if !ours(r) || wanted[place{as.To, as.Table}] {
			continue
		}
		err := k.do("delete route "+as.String()+in(n.Name), func() error { return netlink.RouteDel(&r) })
		if err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return k.applyPolicies(n)
}

func (k *Kernel) setRoute(r plan.Route, as *netlink.Route, namespace string) error {
	return k.do("add route "+r.String()+in(namespace), func() error { return netlink.RouteReplace(as) })
}

// ours says that a route is none that the kernel makes with an address.
func ours(r netlink.Route) bool {
	return r.Protocol != unix.RTPROT_KERNEL && r.Table != unix.RT_TABLE_LOCAL
}

func kernelRoute(r plan.Route, link netlink.Link) *netlink.Route {
	out := &netlink.Route{Dst: ipnet(r.To), Table: r.Table, Realm: r.Realm}
	if r.Table == 0 {
		out.Table = unix.RT_TABLE_MAIN
	}
	if r.Blackhole {
		out.Type = unix.RTN_BLACKHOLE
		return out
	}
	out.LinkIndex = link.Attrs().Index
	if r.Via.IsValid() {
		out.Gw, out.Flags = r.Via.AsSlice(), int(netlink.FLAG_ONLINK)
	} else {
		out.Scope = netlink.SCOPE_LINK
	}
	if r.Source.IsValid() {
		out.Src = r.Source.AsSlice()
	}
	return out
}

// applyPolicies makes the rules that have a bridge's packets routed by its subnet's table.
func (k *Kernel) applyPolicies(n plan.Namespace) error {
	list, err := retry(func() ([]netlink.Rule, error) { return netlink.RuleList(netlink.FAMILY_V4) })
	if err != nil {
		return err
	}
	have := map[plan.Policy]bool{}
	for _, r := range list {
		if r.Table == unix.RT_TABLE_LOCAL || r.Table == unix.RT_TABLE_MAIN || r.Table == unix.RT_TABLE_DEFAULT {
			continue
		}
		p := plan.Policy{Link: r.IifName, Table: r.Table}
		if r.Priority == policyPriority && !have[p] && slices.Contains(n.Policies, p) {
			have[p] = true
			continue
		}
		err := k.do(fmt.Sprintf("delete rule iif %s lookup %d%s", p.Link, p.Table, in(n.Name)), func() error { return netlink.RuleDel(&r) })
		if err != nil {
			return err
		}
	}
	for _, p := range n.Policies {
		if have[p] {
			continue
		}
		err := k.do(fmt.Sprintf("add rule iif %s lookup %d%s", p.Link, p.Table, in(n.Name)), func() error {
			r := netlink.NewRule()
			r.Family, r.IifName, r.Table, r.Priority = netlink.FAMILY_V4, p.Link, p.Table, policyPriority
			return netlink.RuleAdd(r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
