package agent

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// networkInput makes the network plan's input from the assignments. What cannot be read
// is left out and said: one bad row must not take the network of the others away. A boot
// that is over has no public address here any more: another host may have it by now.
func networkInput(set *assignments, prefix string, pool netip.Prefix, over func(*agentpb.Boot) bool) (plan.Host, []error) {
	in := reader{vpcs: map[string]*plan.VPC{}}
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
	set.each("group/", func(item *agentpb.Item) {
		if v := in.vpcs[item.GetGroup().GetVpcId()]; v != nil {
			v.Groups = append(v.Groups, in.group(item.GetGroup()))
		}
	})
	set.each("boot/", func(item *agentpb.Item) {
		for _, n := range item.GetBoot().GetInterfaces() {
			if v := in.vpcs[n.VpcId]; v != nil {
				i := in.iface(n)
				if over(item.GetBoot()) {
					i.PublicIP = netip.Addr{}
				}
				v.Interfaces = append(v.Interfaces, i)
			}
		}
	})
	for _, id := range order {
		host.VPCs = append(host.VPCs, *in.vpcs[id])
	}
	return host, in.errs
}

// reader parses and gathers what it cannot.
type reader struct {
	vpcs map[string]*plan.VPC
	errs []error
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
		out.Subnets = append(out.Subnets, plan.Subnet{ID: s.Id, CIDR: r.prefix(s.Id, s.Cidr), Public: s.PublicRoute, VNI: int(s.Vni)})
	}
	return out
}

func (r *reader) iface(n *agentpb.Interface) plan.Interface {
	mac, err := net.ParseMAC(n.Mac)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", n.Id, err))
	}
	return plan.Interface{
		ID: n.Id, SubnetID: n.SubnetId, MAC: mac, PrivateIP: r.addr(n.Id, n.PrivateIp), PublicIP: r.addr(n.Id, n.PublicIp),
		Groups: n.Groups, SourceDestCheck: n.SourceDestCheck,
	}
}

func (r *reader) remote(n *agentpb.Remote) plan.Remote {
	mac, err := net.ParseMAC(n.Mac)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", n.Id, err))
	}
	return plan.Remote{ID: n.Id, SubnetID: n.SubnetId, MAC: mac, PrivateIP: r.addr(n.Id, n.PrivateIp), Host: r.addr(n.Id, n.Host)}
}

func (r *reader) group(g *agentpb.Group) plan.Group {
	out := plan.Group{ID: g.Id}
	for _, m := range g.Members {
		out.Members = append(out.Members, r.addr(g.Id, m))
	}
	for _, p := range g.Rules {
		rule := plan.Rule{ID: p.Id, Protocol: int(p.Protocol), FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1, Group: p.Group}
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
