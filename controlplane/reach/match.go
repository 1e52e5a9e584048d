package reach

import (
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// numbers are the protocols that have names in rules.
var numbers = map[string]string{"tcp": "6", "udp": "17", "icmp": "1"}

func number(protocol string) string {
	if n := numbers[protocol]; n != "" {
		return n
	}
	return protocol
}

// entryMatches reports whether an ACL's entry is about a packet.
func entryMatches(e model.ACLEntry, h model.Header) bool {
	peer := h.Source
	if e.Egress {
		peer = h.Destination
	}
	if !e.CIDR.Contains(peer) {
		return false
	}
	switch {
	case e.Protocol == "-1":
		return true
	case e.Protocol != number(h.Protocol):
		return false
	case hasPorts(h.Protocol):
		return e.FromPort <= h.ToPort && h.ToPort <= e.ToPort
	case h.Protocol == "icmp":
		return matchesICMP(e.ICMPType, e.ICMPCode, h)
	}
	return true
}

// matchesICMP holds an echo request, or the answer to one, against a type and a code.
func matchesICMP(kind, code int, h model.Header) bool {
	return kind == -1 || kind == h.ToPort && (code == -1 || code == 0)
}

// ruleMatches reports whether a group's rule is about a packet. remote is the interface
// that is at the other end, if rules may know that.
func ruleMatches(r store.Reader, rule *model.SecurityRule, h model.Header, remote *model.Interface) bool {
	switch {
	case rule.Protocol == "-1":
	case number(rule.Protocol) != number(h.Protocol):
		return false
	case hasPorts(h.Protocol) && (h.ToPort < rule.FromPort || h.ToPort > rule.ToPort):
		return false
	case h.Protocol == "icmp" && !matchesICMP(rule.FromPort, rule.ToPort, h):
		return false
	}
	if rule.Source != "" {
		return remote != nil && slices.Contains(remote.Groups, rule.Source)
	}
	peer := h.Source
	if rule.Egress {
		peer = h.Destination
	}
	return slices.ContainsFunc(prefixesOf(r, rule.CIDR, rule.PrefixList), func(p netip.Prefix) bool { return p.Contains(peer) })
}

// groups holds a packet against the groups of an interface: any rule of any lets it pass.
func (w *walker) groups(i *model.Interface, h model.Header, egress bool, remote *model.Interface) bool {
	if egress {
		remote = w.holder(i.VPC, h.Destination)
	}
	any := false
	for _, g := range i.Groups {
		for rule := range store.SecurityRules.By(w.r, "group", g) {
			if rule.Egress != egress {
				continue
			}
			any = true
			if ruleMatches(w.r, rule, h, remote) {
				w.hop(model.Hop{Kind: model.HopGroup, ID: g, VPC: i.VPC, Subnet: i.Subnet, Egress: egress, Header: h, Rule: *rule})
				return true
			}
		}
	}
	code := "ENI_SG_RULES_MISMATCH"
	if !any {
		code = "SG_HAS_NO_RULES"
	}
	return w.stop(code, model.Hop{Kind: model.HopGroup, VPC: i.VPC, Subnet: i.Subnet, Egress: egress, Header: h}, i.Groups...)
}

// holder is the interface that has an address, in a VPC or in one that is peered with it:
// rules that name groups know its groups.
func (w *walker) holder(vpc string, a netip.Addr) *model.Interface {
	near := []string{vpc}
	for p := range store.Peerings.By(w.r, "vpc", vpc) {
		if p.State == model.PeeringActive {
			near = append(near, p.Other(vpc).VPC)
		}
	}
	for _, v := range near {
		for subnet := range store.Subnets.By(w.r, "vpc", v) {
			if i := store.Interfaces.First(w.r, "address", store.Key(subnet.ID, a.String())); i != nil {
				return i
			}
		}
	}
	return nil
}
