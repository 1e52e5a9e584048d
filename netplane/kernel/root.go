package kernel

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// applyRootFilters brings our chains, and the rules that lead to them, into the
// host's own tables, and leaves everything else there alone.
func (k *Kernel) applyRootFilters(ctx context.Context, r plan.Root) error {
	var plain []plan.Sysctl
	for _, s := range r.Sysctls {
		if !strings.Contains(s.Path, "/conf/"+r.LinkPattern) { // those of our links come with the links
			plain = append(plain, s)
		}
	}
	if err := k.applyHostSysctls(plain); err != nil {
		return err
	}
	s := k.state("")
	if k.untouched(s) && sameTables(s.ip, r.Tables) && slices.Equal(s.jumps, r.Jumps) {
		return nil
	}
	s.wanted = false
	defer func(before int) { k.counts.HostExecs += k.counts.Execs - before }(k.counts.Execs)
	text, err := k.run(ctx, "", "iptables-save")
	if err != nil {
		return err
	}
	gen, genErr := generation()
	read := parseSave(text)
	input, names := k.rootDiff(s, r, read)
	if len(names) == 0 {
		s.ip, s.jumps, s.generation, s.wanted = r.Tables, r.Jumps, gen, genErr == nil
		return nil
	}
	err = k.do("iptables-restore "+strings.Join(names, ", "), func() error {
		_, err := k.run(ctx, input, "iptables-restore", k.restoreArgs()...)
		return err
	})
	if err != nil {
		return err
	}
	if err := k.verify(ctx, s, "", r.Tables, nil); err != nil {
		return err
	}
	s.ip, s.jumps, s.wanted = r.Tables, r.Jumps, true
	return nil
}

// rootDiff is the input of iptables-restore --noflush for the host's namespace.
func (k *Kernel) rootDiff(s *tableState, r plan.Root, read chainsAsRead) (string, []string) {
	var input strings.Builder
	var names []string
	for _, table := range []string{"filter", "nat"} {
		have := read[table]
		want := plan.Table{Name: table}
		if i := slices.IndexFunc(r.Tables, func(t plan.Table) bool { return t.Name == table }); i >= 0 {
			want = r.Tables[i]
		}
		diff, what := s.diff("iptables", want, have.only(func(chain string) bool { return isOurs(r, chain) }))
		add, jumps := jumpDiff(r, table, have)
		if len(what)+len(jumps) == 0 {
			continue
		}
		// Chains are declared first and dropped last; the jumps go between, where
		// a new chain exists and an old one has no references left.
		declare, drop := splitDrops(diff)
		fmt.Fprintf(&input, "*%s\n%s%s%sCOMMIT\n", table, declare, add, drop)
		names = append(append(names, what...), jumps...)
	}
	return input.String(), names
}

func splitDrops(diff string) (before, drops string) {
	if i := strings.Index(diff, "-X "); i >= 0 {
		return diff[:i], diff[i:]
	}
	return diff, ""
}

// only is the part of a table with the chains that ours accepts.
func (t *tableAsRead) only(ours func(string) bool) *tableAsRead {
	if t == nil {
		return nil
	}
	out := &tableAsRead{policy: t.policy, rules: t.rules}
	for _, c := range t.order {
		if ours(c) {
			out.order = append(out.order, c)
		}
	}
	return out
}

// otherJump is the way to another Mica's chain, which may stand before ours.
var otherJump = regexp.MustCompile(`^-j [A-Z][A-Z0-9-]*-(FORWARD|INPUT|POSTROUTING)$`)

// rootChains are the built-in chains of the host that lead to ours.
var rootChains = []string{"INPUT", "FORWARD", "POSTROUTING"}

// isOurs tells our chains from those of a Mica whose prefix begins as ours does.
func isOurs(r plan.Root, chain string) bool {
	name, ok := strings.CutPrefix(chain, r.ChainPrefix)
	return ok && (name == "TUNNELS" || slices.Contains(rootChains, name))
}

func isOtherJump(rule string) bool {
	return otherJump.MatchString(rule) && !strings.HasPrefix(rule, "-j DOCKER")
}

// jumpDiff has each of our chains asked first, before a DROP of somebody else's.
func jumpDiff(r plan.Root, table string, have *tableAsRead) (string, []string) {
	var b strings.Builder
	var names []string
	for _, chain := range rootChains {
		var want string
		for _, j := range r.Jumps {
			if j.Table == table && j.Chain == chain {
				want = "-j " + j.To
			}
		}
		var found int
		first := true
		if have != nil {
			early := true
			for _, rule := range have.rules[chain] {
				if rule == want {
					first = early
					found++
					continue
				}
				if to, ok := strings.CutPrefix(rule, "-j "); ok && isOurs(r, to) { // of an older plan
					fmt.Fprintf(&b, "-D %s %s\n", chain, rule)
					names = append(names, "no "+table+"/"+chain+" "+rule)
				}
				early = early && isOtherJump(rule)
			}
		}
		if want == "" || found == 1 && first {
			continue
		}
		for range found {
			fmt.Fprintf(&b, "-D %s %s\n", chain, want)
		}
		fmt.Fprintf(&b, "-I %s 1 %s\n", chain, want)
		names = append(names, table+"/"+chain+" "+want)
	}
	return b.String(), names
}

// routePriority marks the host's unreachable routes as ours and no other Mica's.
func (k *Kernel) routePriority() int {
	return 1<<24 | int(crc32.ChecksumIEEE([]byte(k.cfg.Prefix))&0xffff)
}

// applyRootLinks completes what hangs on the host's ends of the links.
func (k *Kernel) applyRootLinks(r plan.Root) error {
	for _, l := range r.Links {
		link, err := netlink.LinkByName(l.Name)
		if err != nil {
			return fmt.Errorf("link %s: %w", l.Name, err)
		}
		var routes []plan.Route
		for _, route := range r.Routes {
			if route.Link == l.Name {
				routes = append(routes, route)
			}
		}
		if err := k.applyNeighbours(link, r.Neighbours, ""); err != nil {
			return err
		}
		if err := k.applyRoutes(link, routes, ""); err != nil {
			return err
		}
	}
	return k.applyUnreachable(r.Routes)
}

// applyUnreachable makes the routes that catch what no interface has.
func (k *Kernel) applyUnreachable(routes []plan.Route) error {
	filter := &netlink.Route{Type: unix.RTN_UNREACHABLE, Table: unix.RT_TABLE_MAIN}
	have, err := retry(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_V4, filter, netlink.RT_FILTER_TYPE|netlink.RT_FILTER_TABLE)
	})
	if err != nil {
		return err
	}
	seen := map[netip.Prefix]bool{}
	for _, route := range have {
		if route.Priority != k.routePriority() || route.Dst == nil {
			continue
		}
		to := prefixOf(route.Dst)
		seen[to] = true
		if slices.ContainsFunc(routes, func(r plan.Route) bool { return r.Unreachable && r.To == to }) {
			continue
		}
		if err := k.do("delete route unreachable "+to.String(), func() error { return netlink.RouteDel(&route) }); err != nil {
			return err
		}
	}
	for _, r := range routes {
		if !r.Unreachable || seen[r.To] {
			continue
		}
		err := k.do("add route "+r.String(), func() error {
			return netlink.RouteAdd(&netlink.Route{Dst: ipnet(r.To), Type: unix.RTN_UNREACHABLE, Priority: k.routePriority()})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// applyVeth makes the pair that ties a namespace to the host. It runs in the host's.
func (k *Kernel) applyVeth(r plan.Root, n plan.Namespace) error {
	i := slices.IndexFunc(r.Links, func(l plan.Link) bool { return l.PeerIn == n.Name })
	if i < 0 {
		return nil
	}
	l := r.Links[i]
	link, err := netlink.LinkByName(l.Name)
	if err == nil && (link.Type() != "veth" || !peerIn(n.Name, l.Peer, link.Attrs().Index)) {
		// Half of it, or something else with our name: make it anew.
		if err := k.do("delete link "+l.Name, func() error { return netlink.LinkDel(link) }); err != nil {
			return err
		}
		link = nil
	} else if errors.As(err, &netlink.LinkNotFoundError{}) {
		link = nil
	} else if err != nil {
		return err
	}
	if link == nil {
		if err := k.do("create link "+l.Name, func() error { return createVeth(l, n.Name) }); err != nil {
			return err
		}
		if link, err = netlink.LinkByName(l.Name); err != nil {
			return err
		}
	}
	var own []plan.Sysctl
	for _, s := range r.Sysctls {
		if strings.Contains(s.Path, "/conf/"+l.Name+"/") {
			own = append(own, s)
		}
	}
	if err := k.applySysctls(own, ""); err != nil {
		return err
	}
	return k.applyLink(link, l.MAC, l.MTU, "")
}

// peerIn tells whether the namespace has the other end of the host's link index.
func peerIn(namespace, name string, index int) bool {
	var ok bool
	err := inNamespace(namespace, func() error {
		link, err := netlink.LinkByName(name)
		ok = err == nil && link.Type() == "veth" && link.Attrs().ParentIndex == index
		return nil
	})
	return err == nil && ok
}

func createVeth(l plan.Link, namespace string) error {
	ns, err := os.Open(netnsDir + "/" + namespace)
	if err != nil {
		return err
	}
	defer ns.Close()
	return netlink.LinkAdd(&netlink.Veth{
		LinkAttrs:        netlink.LinkAttrs{Name: l.Name, HardwareAddr: l.MAC, MTU: l.MTU, TxQLen: -1},
		PeerName:         l.Peer,
		PeerHardwareAddr: l.PeerMAC,
		PeerNamespace:    netlink.NsFd(ns.Fd()),
	})
}

// removeRootLinks removes links and taps of ours in the host's namespace that the
// plan doesn't have.
func (k *Kernel) removeRootLinks(d plan.Desired) []error {
	links, err := retry(netlink.LinkList)
	if err != nil {
		return []error{err}
	}
	wanted := map[string]bool{}
	for _, l := range d.Root.Links {
		wanted[l.Name] = true
	}
	for _, name := range d.Root.KeepLinks {
		wanted[name] = true
	}
	for _, n := range d.Namespaces {
		for _, p := range n.Ports {
			wanted[p.Name] = true
		}
	}
	veth := regexp.MustCompile(`^` + regexp.QuoteMeta(k.gatewayPattern()) + `[0-9a-f]{9}$`)
	var errs []error
	for _, l := range links {
		name := l.Attrs().Name
		if wanted[name] || !veth.MatchString(name) && (len(d.Keep) > 0 || !k.isTapName(name)) {
			continue
		}
		errs = append(errs, k.do("delete link "+name, func() error { return netlink.LinkDel(l) }))
	}
	if len(d.Root.Routes) == 0 {
		errs = append(errs, k.applyUnreachable(nil))
	}
	return errs
}

// DefaultUplink is the device and the source address of the host's default route,
// for plan.Host's Uplink and Address. A host without one has neither.
func DefaultUplink() (device string, source netip.Addr, err error) {
	routes, err := retry(func() ([]netlink.Route, error) { return netlink.RouteGet(net.IPv4(192, 0, 2, 1)) })
	if errors.Is(err, unix.ENETUNREACH) || err == nil && len(routes) == 0 {
		return "", netip.Addr{}, nil
	}
	if err != nil {
		return "", netip.Addr{}, err
	}
	link, err := netlink.LinkByIndex(routes[0].LinkIndex)
	if err != nil {
		return "", netip.Addr{}, err
	}
	source, _ = netip.AddrFromSlice(routes[0].Src.To4())
	return link.Attrs().Name, source, nil
}
