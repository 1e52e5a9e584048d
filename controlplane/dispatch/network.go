package dispatch

import (
	"cmp"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

var detaches = map[model.Leaving]agentpb.Interface_Detach{
	model.LeaveAsked: agentpb.Interface_ASKED, model.LeaveForced: agentpb.Interface_FORCED,
}

func toInterface(n *model.Interface) *agentpb.Interface {
	out := &agentpb.Interface{
		Id: n.ID, Mac: n.MAC, VpcId: n.VPC, SubnetId: n.Subnet, PrivateIp: text(n.PrivateIP), PublicIp: text(n.PublicIP),
		Groups: n.Groups, SourceDestCheck: n.SourceDestCheck, DeviceIndex: int32(n.DeviceIndex),
		Attachment: n.AttachmentID, Detach: detaches[n.Leaving],
	}
	for _, s := range n.Secondary {
		out.Secondary = append(out.Secondary, &agentpb.PrivateAddress{PrivateIp: text(s.IP), PublicIp: text(s.Public)})
	}
	return out
}

// works says that a NAT gateway's host is to do its work.
func works(g *model.NATGateway) bool {
	return g.Host != "" && (g.State == model.NATPending || g.State == model.NATAvailable)
}

// nats puts the NAT gateways whose work this host does, and returns their VPCs, and those that
// it is to have done with.
func (a *assigner) nats(host string) []string {
	var vpcs []string
	for g := range store.NATGateways.By(a.r, "host", host) {
		n := store.Interfaces.Get(a.r, g.Interface)
		deleted := g.State == model.NATDeleting
		if n == nil || !works(g) && !deleted {
			continue
		}
		if !deleted {
			vpcs = append(vpcs, g.VPC)
		}
		i := toInterface(n)
		i.SourceDestCheck = false
		a.put("nat/"+n.ID, &agentpb.Item{Value: &agentpb.Item_Nat{Nat: &agentpb.NATGateway{Id: g.ID, Interface: i, Deleted: deleted}}})
	}
	return vpcs
}

// withPeers adds the VPCs that are peered with those: packets cross to the other VPC where
// they start, so that it has to be there too.
func (a *assigner) withPeers(vpcs map[string]bool) map[string]bool {
	out := map[string]bool{}
	for id := range vpcs {
		out[id] = true
		for p := range store.Peerings.By(a.r, "vpc", id) {
			if p.State == model.PeeringActive {
				out[p.Other(id).VPC] = true
			}
		}
	}
	return out
}

// peerings are the active ones of a VPC, by id.
func (a *assigner) peerings(vpc string) []*agentpb.Peering {
	var out []*agentpb.Peering
	for p := range store.Peerings.By(a.r, "vpc", vpc) {
		other := store.VPCs.Get(a.r, p.Other(vpc).VPC)
		if p.State != model.PeeringActive || other == nil {
			continue
		}
		x := &agentpb.Peering{Id: p.ID, VpcId: other.ID}
		for _, c := range other.CIDRs() {
			x.Cidrs = append(x.Cidrs, c.String())
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y *agentpb.Peering) int { return cmp.Compare(x.Id, y.Id) })
	return out
}

// tableOf is the route table that serves a subnet: its own, or the VPC's main one.
func (a *assigner) tableOf(s *model.Subnet) *model.RouteTable {
	var table *model.RouteTable
	for t := range store.RouteTables.By(a.r, "vpc", s.VPC) {
		if _, explicit := t.Subnets[s.ID]; explicit {
			return t
		}
		if t.Main {
			table = t
		}
	}
	return table
}

// routes are a subnet's besides the local ones, with prefix lists written out: a route to a
// block goes before one by a list.
func (a *assigner) routes(s *model.Subnet, gateways map[string]bool) []*agentpb.Route {
	table := a.tableOf(s)
	if table == nil {
		return nil
	}
	var out, listed []*agentpb.Route
	for _, r := range table.Routes {
		if r.Target == "local" {
			continue
		}
		target := a.target(r.Target, gateways)
		if r.PrefixList == "" {
			out = append(out, &agentpb.Route{Destination: r.Destination.String(), Target: target})
			continue
		}
		if l := store.PrefixLists.Get(a.r, r.PrefixList); l != nil {
			for _, e := range l.Entries {
				listed = append(listed, &agentpb.Route{Destination: e.CIDR.String(), Target: target})
			}
		}
	}
	return append(out, listed...)
}

// internet is the target of routes to the VPC's internet gateway.
const internet = "igw"

// target is what a host knows a route's target by: "igw" for the VPC's gateway, the
// interface of a NAT gateway, or the id itself. One that is gone is a blackhole.
func (a *assigner) target(id string, gateways map[string]bool) string {
	switch {
	case gateways[id]:
		return internet
	case strings.HasPrefix(id, "nat-"):
		if g := store.NATGateways.Get(a.r, id); g != nil && works(g) {
			return g.Interface
		}
	case strings.HasPrefix(id, "eni-"), strings.HasPrefix(id, "pcx-"):
		return id
	}
	return "blackhole"
}

// acls are the VPC's network ACLs that serve subnets, and aclOf tells which serves which.
func (a *assigner) acls(vpc string) (out []*agentpb.ACL, aclOf func(subnet string) string) {
	var fallback string
	of := map[string]string{}
	for l := range store.NetworkACLs.By(a.r, "vpc", vpc) {
		if l.Default {
			fallback = l.ID
		}
		for s := range l.Subnets {
			of[s] = l.ID
		}
		out = append(out, toACL(l))
	}
	slices.SortFunc(out, func(x, y *agentpb.ACL) int { return cmp.Compare(x.Id, y.Id) })
	return out, func(subnet string) string { return cmp.Or(of[subnet], fallback) }
}

func toACL(l *model.NetworkACL) *agentpb.ACL {
	out := &agentpb.ACL{Id: l.ID}
	for _, e := range slices.SortedStableFunc(slices.Values(l.Entries), func(x, y model.ACLEntry) int { return cmp.Compare(x.Number, y.Number) }) {
		if !e.CIDR.IsValid() || !e.CIDR.Addr().Is4() {
			continue // of IPv6, which nothing here carries
		}
		p := &agentpb.ACLEntry{Egress: e.Egress, Allow: e.Allow, Cidr: e.CIDR.String(), Protocol: protocolNumber(e.Protocol), FromPort: int32(e.FromPort), ToPort: int32(e.ToPort)}
		if p.Protocol == 1 {
			p.FromPort, p.ToPort = int32(e.ICMPType), int32(e.ICMPCode)
		}
		out.Entries = append(out.Entries, p)
	}
	return out
}

// lists puts the prefix lists that rules of these groups name.
func (a *assigner) lists(groups map[string]bool) {
	for id := range groups {
		for rule := range store.SecurityRules.By(a.r, "group", id) {
			if rule.PrefixList == "" {
				continue
			}
			a.share("list/"+rule.PrefixList, "list", func() *agentpb.Item {
				out := &agentpb.PrefixList{Id: rule.PrefixList}
				if l := store.PrefixLists.Get(a.r, rule.PrefixList); l != nil {
					for _, e := range l.Entries {
						out.Cidrs = append(out.Cidrs, e.CIDR.String())
					}
				}
				return &agentpb.Item{Key: "list/" + rule.PrefixList, Value: &agentpb.Item_PrefixList{PrefixList: out}}
			})
		}
	}
}
