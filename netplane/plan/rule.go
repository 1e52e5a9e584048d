package plan

import (
	"cmp"
	"fmt"
	"slices"
)

// groupRules compiles one direction of a group. A rule that makes no sense opens
// nothing: it is left out with a warning, so that it cannot keep others from loading.
func (n *nsBuilder) groupRules(group string, rules []Rule, ingress bool) []string {
	var out []string
	for _, r := range rules {
		match, err := r.match(ingress)
		if err != nil {
			n.warn("%s: rule %s left out: %v", group, r.ID, err)
			continue
		}
		target := "-g " + chainIngress
		if ingress {
			target = "-j ACCEPT"
		}
		for _, at := range n.qualified(r, ingress) {
			out = append(out, at+match+target)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// qualified bind a rule that names a group of a peered VPC to the subnets that reach that
// VPC: another peer may have the same addresses. Other rules are not bound.
func (n *nsBuilder) qualified(r Rule, ingress bool) []string {
	p, ok := n.vpc.peerOfGroup(r.Group)
	if !ok {
		return []string{""}
	}
	flag := "-i"
	if ingress {
		flag = "-o"
	}
	var out []string
	for _, s := range n.vpc.Subnets {
		if slices.ContainsFunc(s.Routes, func(t SubnetRoute) bool { return t.Target == p.ID }) {
			out = append(out, fmt.Sprintf("%s %s ", flag, BridgeName(s.ID)))
		}
	}
	return out
}

// peerOfGroup is the peering with the VPC of a group, if that is not this one.
func (v VPC) peerOfGroup(id string) (Peering, bool) {
	g := slices.IndexFunc(v.Groups, func(g Group) bool { return g.ID == id })
	if id == "" || g < 0 || v.Groups[g].VPC == "" || v.Groups[g].VPC == v.ID {
		return Peering{}, false
	}
	p := slices.IndexFunc(v.Peerings, func(p Peering) bool { return p.VPC == v.Groups[g].VPC })
	if p < 0 {
		return Peering{ID: "none"}, true
	}
	return v.Peerings[p], true
}

// check says whether the rule is one that can be enforced.
func (r Rule) check() error {
	switch {
	case r.Protocol < ProtocolAll || r.Protocol > 255:
		return fmt.Errorf("protocol %d", r.Protocol)
	case r.Protocol == 0:
		// iptables takes 0 for all protocols, which is far more than was asked for.
		return fmt.Errorf("protocol 0 cannot be matched")
	case r.Protocol == ProtocolICMP:
		// iptables takes type 255 for any.
		if r.ICMPType < -1 || r.ICMPType > 254 || r.ICMPCode < -1 || r.ICMPCode > 255 {
			return fmt.Errorf("ICMP type %d code %d", r.ICMPType, r.ICMPCode)
		}
		if r.ICMPType == -1 && r.ICMPCode != -1 {
			return fmt.Errorf("ICMP code %d of any type", r.ICMPCode)
		}
	case r.hasPorts():
		if !r.allPorts() && (r.FromPort < 0 || r.ToPort > 65535 || r.FromPort > r.ToPort) {
			return fmt.Errorf("ports %d-%d", r.FromPort, r.ToPort)
		}
	}
	peers := 0
	for _, named := range []bool{r.Group != "", r.PrefixList != "", r.CIDR.IsValid()} {
		if named {
			peers++
		}
	}
	switch {
	case peers > 1:
		return fmt.Errorf("more than one of %q, %q and %s", r.Group, r.PrefixList, r.CIDR)
	case r.PrefixList != "" && !isID(r.PrefixList):
		return fmt.Errorf("prefix list id %q", r.PrefixList)
	case r.Group != "" && !isID(r.Group):
		return fmt.Errorf("group id %q", r.Group)
	case peers == 0:
		return fmt.Errorf("no peer")
	case r.CIDR.IsValid() && !r.CIDR.Addr().Is4():
		return fmt.Errorf("%s is not IPv4", r.CIDR)
	}
	return nil
}

func (r Rule) hasPorts() bool { return r.Protocol == ProtocolTCP || r.Protocol == ProtocolUDP }

func (r Rule) allPorts() bool {
	return r.FromPort == -1 && r.ToPort == -1 || r.FromPort == 0 && r.ToPort == 65535
}

// match renders the rule's matches as iptables-save does.
func (r Rule) match(ingress bool) (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	flag, side := "-d", "dst"
	if ingress {
		flag, side = "-s", "src"
	}
	var m string
	if r.CIDR.IsValid() && r.CIDR.Bits() > 0 {
		m += fmt.Sprintf("%s %s ", flag, r.CIDR.Masked())
	}
	switch r.Protocol {
	case ProtocolAll:
	case ProtocolTCP:
		m += "-p tcp " + r.ports("tcp")
	case ProtocolUDP:
		m += "-p udp " + r.ports("udp")
	case ProtocolICMP:
		m += "-p icmp " + r.icmp()
	default:
		m += fmt.Sprintf("-p %d ", r.Protocol)
	}
	if set := cmp.Or(r.Group, r.PrefixList); set != "" {
		m += fmt.Sprintf("-m set --match-set %s %s ", set, side)
	}
	return m, nil
}

func (r Rule) ports(proto string) string {
	switch {
	case r.allPorts():
		return ""
	case r.FromPort == r.ToPort:
		return fmt.Sprintf("-m %s --dport %d ", proto, r.FromPort)
	}
	return fmt.Sprintf("-m %s --dport %d:%d ", proto, r.FromPort, r.ToPort)
}

func (r Rule) icmp() string {
	switch {
	case r.ICMPType == -1:
		return ""
	case r.ICMPCode == -1:
		return fmt.Sprintf("-m icmp --icmp-type %d ", r.ICMPType)
	}
	return fmt.Sprintf("-m icmp --icmp-type %d/%d ", r.ICMPType, r.ICMPCode)
}
