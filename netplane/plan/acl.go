package plan

import (
	"fmt"
	"net/netip"
	"slices"
)

// chainACL judges packets that cross a subnet's border, in both directions and without a
// memory: it comes before connection tracking is asked.
const chainACL = "acl"

// open says that the ACL lets everything pass, so that nothing needs to be asked.
func (a ACL) open() bool {
	all := func(list []ACLEntry) bool {
		return len(list) > 0 && list[0].Allow && list[0].Protocol == ProtocolAll && list[0].CIDR.Bits() == 0
	}
	return all(a.Ingress) && all(a.Egress)
}

// acl is the subnet's, if it has one that decides anything.
func (v VPC) acl(s Subnet) (ACL, bool) {
	i := slices.IndexFunc(v.ACLs, func(a ACL) bool { return a.ID == s.ACL })
	if s.ACL == "" || i < 0 || v.ACLs[i].open() {
		return ACL{}, false
	}
	return v.ACLs[i], true
}

// aclChains are the chain that finds the ACLs to ask, and theirs. Nothing of an ACL that
// allows all is there.
//
// Whoever routes the packet judges what leaves its source's subnet, and what enters the
// destination's if that is here. A packet from a tunnel was routed where it started: then
// it bears the router's MAC, and what it enters is judged here. One that doesn't comes
// from a neighbour in the same subnet, and crosses no border.
func (n *nsBuilder) aclChains() []Chain {
	find := Chain{Name: chainACL}
	used := map[string]bool{}
	var routed []string
	for _, s := range n.vpc.Subnets {
		a, ok := n.vpc.acl(s)
		if !ok {
			continue
		}
		used[a.ID] = true
		br := BridgeName(s.ID)
		if n.joined(s) {
			find.Rules = append(find.Rules, fmt.Sprintf("-o %s -m physdev --physdev-in %s --physdev-is-bridged -m mac --mac-source %s -j %s-in", br, TunnelName(s.ID), n.routerMAC(), a.ID))
		}
		find.Rules = append(find.Rules, fmt.Sprintf("-i %s -o %s -m physdev ! --physdev-is-bridged -j RETURN", br, br)) // by a router in the same subnet
		routed = append(routed, fmt.Sprintf("-i %s -j %s-out", br, a.ID))
		elsewhere := ""
		if n.tunnelled() {
			elsewhere = "-m set ! --match-set remote dst "
		}
		routed = append(routed, fmt.Sprintf("-o %s %s-j %s-in", br, elsewhere, a.ID))
	}
	if len(used) == 0 {
		return nil
	}
	find.Rules = append(append(find.Rules, "-m physdev --physdev-is-bridged -j RETURN"), routed...)
	out := []Chain{find}
	for _, a := range n.vpc.ACLs {
		if used[a.ID] {
			out = append(out,
				Chain{Name: a.ID + "-in", Rules: n.aclRules(a.ID, a.Ingress, true)},
				Chain{Name: a.ID + "-out", Rules: n.aclRules(a.ID, a.Egress, false)})
		}
	}
	return out
}

// aclRules is one direction of an ACL. An entry that makes no sense must neither open
// anything nor have later ones decide what it would have denied: the rest is denied.
func (n *nsBuilder) aclRules(id string, entries []ACLEntry, ingress bool) []string {
	var out []string
	for _, e := range entries {
		match, err := e.rule().match(ingress)
		if err != nil {
			n.warn("%s: an entry denies all from there on: %v", id, err)
			break
		}
		target := "DROP"
		if e.Allow {
			target = "RETURN"
		}
		out = append(out, match+"-j "+target)
	}
	return append(out, "-j DROP")
}

// rule is the entry's matches as those of a security group's rule.
func (e ACLEntry) rule() Rule {
	return Rule{Protocol: e.Protocol, CIDR: e.CIDR, FromPort: e.FromPort, ToPort: e.ToPort, ICMPType: e.ICMPType, ICMPCode: e.ICMPCode}
}

// Allows judges one packet with the peer outside of the subnet, and names the entry that
// decides, counted from 0; -1 is the last one, which denies all.
func (a ACL) Allows(ingress bool, peer netip.Addr, f Flow) (allowed bool, entry int) {
	entries := a.Egress
	if ingress {
		entries = a.Ingress
	}
	for n, e := range entries {
		r := e.rule()
		if r.check() != nil {
			return false, n
		}
		if (judge{flow: f}).matches(r, peer) {
			return e.Allow, n
		}
	}
	return false, -1
}

// crosses asks the subnet's ACL, and says why not.
func (v VPC) crosses(s Subnet, ingress bool, peer netip.Addr, f Flow) string {
	a, ok := v.acl(s)
	if !ok {
		return ""
	}
	if allowed, entry := a.Allows(ingress, peer, f); !allowed {
		way := "out of"
		if ingress {
			way = "into"
		}
		return fmt.Sprintf("entry %d of %s denies it %s %s", entry, a.ID, way, s.ID)
	}
	return ""
}
