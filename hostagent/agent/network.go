package agent

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// NetworkInput makes the network plan's input of what is assigned to a host, by key, as an
// agent does that has ended none of it. What cannot be read is an error of its own.
func NetworkInput(items map[string]*agentpb.Item, prefix string, pool netip.Prefix) (plan.Host, []error) {
	return networkInput(&assignments{items: items}, prefix, pool, func(*agentpb.Boot) bool { return false })
}

// networkInput makes the network plan's input from the assignments. What cannot be read
// is left out and said: one bad row must not take the network of the others away. A boot
// that is over has no public address here any more: another host may have it by now.
func networkInput(set *assignments, prefix string, pool netip.Prefix, over func(*agentpb.Boot) bool) (plan.Host, []error) {
	in := reader{vpcs: map[string]*plan.VPC{}, lists: map[string]plan.PrefixList{}}
	host := plan.Host{Prefix: prefix, PublicPool: pool}
	var order []string
	set.each("vpc/", func(item *agentpb.Item) {
		v := in.vpc(item.GetVpc())
		in.vpcs[v.ID], order = v, append(order, v.ID)
	})
	set.each("remote/", func(item *agentpb.Item) {
		if v := in.vpcs[item.GetRemote().GetVpcId()]; v != nil {
			v.Remotes = append(v.Remotes, in.remote(item.GetRemote()))
		}
	})
	groups := map[string]*agentpb.Group{}
	set.each("group/", func(item *agentpb.Item) {
		groups[item.GetGroup().GetId()] = item.GetGroup()
		if v := in.vpcs[item.GetGroup().GetVpcId()]; v != nil {
			v.Groups = append(v.Groups, in.group(item.GetGroup()))
		}
	})
	set.each("list/", func(item *agentpb.Item) { in.lists[item.GetPrefixList().GetId()] = in.list(item.GetPrefixList()) })
	for _, v := range in.vpcs {
		in.named(v, groups)
	}
	set.each("boot/", func(item *agentpb.Item) {
		for _, n := range item.GetBoot().GetInterfaces() {
			if !boot.Served(n) || set.elsewhere(item.GetBoot(), n.Id, over) {
				continue
			}
			if v := in.vpcs[n.VpcId]; v != nil {
				i := in.iface(n)
				if over(item.GetBoot()) {
					i.PublicIP = netip.Addr{}
					for s := range i.Secondary {
						i.Secondary[s].Public = netip.Addr{}
					}
				}
				v.Interfaces = append(v.Interfaces, i)
			}
		}
	})
	set.each("nat/", func(item *agentpb.Item) {
		n := item.GetNat().GetInterface()
		if item.GetNat().GetDeleted() {
			return
		}
		if v := in.vpcs[n.GetVpcId()]; v != nil {
			i := in.iface(n)
			i.NAT, i.SourceDestCheck, i.Groups = true, false, nil
			v.Interfaces = append(v.Interfaces, i)
		}
	})
	for _, id := range order {
		host.VPCs = append(host.VPCs, *in.vpcs[id])
	}
	return host, in.errs
}

// reader parses and gathers what it cannot.
type reader struct {
	vpcs  map[string]*plan.VPC
	lists map[string]plan.PrefixList
	errs  []error
}

func (r *reader) prefix(what, s string) netip.Prefix {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", what, err))
	}
	return p
}

func (r *reader) addr(what, s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", what, err))
	}
	return a
}

func (r *reader) vpc(v *agentpb.VPC) *plan.VPC {
	out := &plan.VPC{ID: v.Id, InternetGateway: v.InternetGateway, DNS: v.DnsSupport}
	for _, c := range v.Cidrs {
		out.CIDRs = append(out.CIDRs, r.prefix(v.Id, c))
	}
	for _, s := range v.Subnets {
		out.Subnets = append(out.Subnets, r.subnet(s))
	}
	for _, l := range v.Acls {
		out.ACLs = append(out.ACLs, r.acl(l))
	}
	for _, p := range v.Peerings {
		x := plan.Peering{ID: p.Id, VPC: p.VpcId}
		for _, c := range p.Cidrs {
			x.CIDRs = append(x.CIDRs, r.prefix(p.Id, c))
		}
		out.Peerings = append(out.Peerings, x)
	}
	return out
}

func (r *reader) subnet(s *agentpb.Subnet) plan.Subnet {
	out := plan.Subnet{ID: s.Id, CIDR: r.prefix(s.Id, s.Cidr), VNI: int(s.Vni), ACL: s.Acl}
	if s.PublicRoute && len(s.Routes) == 0 { // a server that knows no other routes
		out.Routes = []plan.SubnetRoute{plan.ToInternet()}
	}
	for _, t := range s.Routes {
		if to := r.prefix(s.Id, t.Destination); to.IsValid() && to.Addr().Is4() {
			out.Routes = append(out.Routes, plan.SubnetRoute{To: to, Target: t.Target})
		}
	}
	return out
}

func (r *reader) acl(l *agentpb.ACL) plan.ACL {
	out := plan.ACL{ID: l.Id}
	for _, e := range l.Entries {
		x := plan.ACLEntry{Allow: e.Allow, Protocol: int(e.Protocol), CIDR: r.prefix(l.Id, e.Cidr), FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1}
		switch e.Protocol {
		case plan.ProtocolTCP, plan.ProtocolUDP:
			x.FromPort, x.ToPort = int(e.FromPort), int(e.ToPort)
		case plan.ProtocolICMP:
			x.ICMPType, x.ICMPCode = int(e.FromPort), int(e.ToPort)
		}
		if e.Egress {
			out.Egress = append(out.Egress, x)
		} else {
			out.Ingress = append(out.Ingress, x)
		}
	}
	return out
}

func (r *reader) list(l *agentpb.PrefixList) plan.PrefixList {
	out := plan.PrefixList{ID: l.GetId()}
	for _, c := range l.GetCidrs() {
		out.CIDRs = append(out.CIDRs, r.prefix(l.Id, c))
	}
	return out
}

// named adds to a VPC what rules of its groups name: prefix lists, and groups of peered VPCs.
func (r *reader) named(v *plan.VPC, groups map[string]*agentpb.Group) {
	lists, others := map[string]bool{}, map[string]bool{}
	for _, g := range v.Groups {
		for _, rule := range slices.Concat(g.Ingress, g.Egress) {
			lists[rule.PrefixList], others[rule.Group] = true, true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		if l, ok := r.lists[id]; ok {
			v.PrefixLists = append(v.PrefixLists, l)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		if g := groups[id]; g != nil && g.VpcId != v.ID {
			members := r.group(&agentpb.Group{Id: g.Id, Members: g.Members})
			members.VPC = g.VpcId
			v.Groups = append(v.Groups, members)
		}
	}
}

func (r *reader) iface(n *agentpb.Interface) plan.Interface {
	mac, err := net.ParseMAC(n.Mac)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", n.Id, err))
	}
	out := plan.Interface{
		ID: n.Id, SubnetID: n.SubnetId, MAC: mac, PrivateIP: r.addr(n.Id, n.PrivateIp), PublicIP: r.addr(n.Id, n.PublicIp),
		Groups: n.Groups, SourceDestCheck: n.SourceDestCheck,
	}
	for _, s := range n.Secondary {
		out.Secondary = append(out.Secondary, plan.PrivateAddress{IP: r.addr(n.Id, s.PrivateIp), Public: r.addr(n.Id, s.PublicIp)})
	}
	return out
}

func (r *reader) remote(n *agentpb.Remote) plan.Remote {
	mac, err := net.ParseMAC(n.Mac)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", n.Id, err))
	}
	out := plan.Remote{ID: n.Id, SubnetID: n.SubnetId, MAC: mac, PrivateIP: r.addr(n.Id, n.PrivateIp), Host: r.addr(n.Id, n.Host)}
	for _, s := range n.Secondary {
		out.Secondary = append(out.Secondary, r.addr(n.Id, s))
	}
	return out
}

func (r *reader) group(g *agentpb.Group) plan.Group {
	out := plan.Group{ID: g.Id}
	for _, m := range g.Members {
		out.Members = append(out.Members, r.addr(g.Id, m))
	}
	for _, p := range g.Rules {
		rule := plan.Rule{ID: p.Id, Protocol: int(p.Protocol), FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1, Group: p.Group, PrefixList: p.PrefixList}
		if p.Cidr != "" {
			rule.CIDR = r.prefix(p.Id, p.Cidr)
		}
		switch p.Protocol {
		case plan.ProtocolTCP, plan.ProtocolUDP:
			rule.FromPort, rule.ToPort = int(p.FromPort), int(p.ToPort)
		case plan.ProtocolICMP:
			rule.ICMPType, rule.ICMPCode = int(p.FromPort), int(p.ToPort)
		}
		if p.Egress {
			out.Egress = append(out.Egress, rule)
		} else {
			out.Ingress = append(out.Ingress, rule)
		}
	}
	return out
}
