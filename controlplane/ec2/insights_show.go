package ec2

import (
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

// toAnalysis shows an analysis as EC2 does: the components in order, or why there is no
// path.
func toAnalysis(r store.Reader, n *model.InsightsAnalysis) *gen.NetworkInsightsAnalysis {
	out := &gen.NetworkInsightsAnalysis{
		NetworkInsightsAnalysisId: &n.ID, NetworkInsightsAnalysisArn: arnOf(n.Owned, n.ID), NetworkInsightsPathId: &n.Path, StartDate: &n.Started,
		Status: new("succeeded"), NetworkPathFound: &n.Result.Found, Tags: tagsOrEmpty(n.Tags),
	}
	for _, o := range n.Result.Obstacles {
		out.Explanations = append(out.Explanations, toObstacle(r, n.Owned, o))
	}
	out.ForwardPathComponents, out.ReturnPathComponents = toComponents(r, n.Owned, n.Result.Forward), toComponents(r, n.Owned, n.Result.Return)
	return out
}

func toComponents(r store.Reader, o model.Owned, hops []model.Hop) (out []*gen.PathComponent) {
	for k, h := range hops {
		out = append(out, toComponent(r, o, k+1, h))
	}
	return out
}

// component names a resource in an analysis.
func component(r store.Reader, o model.Owned, id string) *gen.AnalysisComponent {
	if id == "" {
		return nil
	}
	c := &gen.AnalysisComponent{Id: &id, Arn: arnOf(o, id)}
	if g := store.SecurityGroups.Get(r, id); g != nil {
		c.Name = &g.Name
	}
	return c
}

func toComponent(r store.Reader, o model.Owned, number int, h model.Hop) *gen.PathComponent {
	out := &gen.PathComponent{
		SequenceNumber: new(int64(number)), Component: component(r, o, h.ID), Vpc: component(r, o, h.VPC), Subnet: component(r, o, h.Subnet),
		AclRule: toAnalysisEntry(h.Entry), RouteTableRoute: toAnalysisRoute(h.Route), SecurityGroupRule: toAnalysisRule(h.Rule),
	}
	if i := store.Interfaces.Get(r, h.ID); h.Kind == model.HopInterface && i != nil && i.Instance != "" {
		out.AttachedTo = component(r, o, i.Instance)
	}
	switch h.Kind {
	case model.HopInterface, model.HopInternet, model.HopNAT:
		out.OutboundHeader = toAnalysisHeader(h.Header)
	default:
		out.InboundHeader = toAnalysisHeader(h.Header)
	}
	return out
}

func portRange(from, to int) *gen.PortRange {
	return &gen.PortRange{From: new(int64(from)), To: new(int64(to))}
}

func toAnalysisHeader(h model.Header) *gen.AnalysisPacketHeader {
	out := &gen.AnalysisPacketHeader{Protocol: aclNumber(h.Protocol)}
	for _, a := range addrStr(h.Source) {
		out.SourceAddresses = append(out.SourceAddresses, a+"/32")
	}
	for _, a := range addrStr(h.Destination) {
		out.DestinationAddresses = append(out.DestinationAddresses, a+"/32")
	}
	if hasPorts(h.Protocol) && h.Protocol != protoICMP {
		out.SourcePortRanges = []*gen.PortRange{portRange(h.FromPort, h.FromPort)}
		out.DestinationPortRanges = []*gen.PortRange{portRange(h.ToPort, h.ToPort)}
	}
	return out
}

// aclNumber is a protocol's number, where that is known by name.
func aclNumber(protocol string) *string {
	if n, err := parseACLProtocol(protocol); err == nil {
		return &n
	}
	return str(protocol)
}

func toAnalysisEntry(e model.ACLEntry) *gen.AnalysisAclRule {
	if e.Number == 0 {
		return nil
	}
	out := &gen.AnalysisAclRule{Cidr: new(e.CIDR.String()), Egress: &e.Egress, Protocol: protocolText(e.Protocol), RuleAction: new(ruleAction(e)), RuleNumber: new(int64(e.Number))}
	if e.Protocol == numberTCP || e.Protocol == numberUDP {
		out.PortRange = portRange(e.FromPort, e.ToPort)
	}
	return out
}

// protocolText is "all" for all protocols, as analyses have it.
func protocolText(p string) *string {
	if p == protoAll {
		return new("all")
	}
	return &p
}

func toAnalysisRule(s model.SecurityRule) *gen.AnalysisSecurityGroupRule {
	if s.ID == "" {
		return nil
	}
	out := &gen.AnalysisSecurityGroupRule{Direction: direction(s.Egress), Protocol: protocolText(s.Protocol), SecurityGroupId: str(s.Source), PrefixListId: str(s.PrefixList)}
	if s.CIDR.IsValid() {
		out.Cidr = new(s.CIDR.String())
	}
	if s.Protocol == protoTCP || s.Protocol == protoUDP {
		out.PortRange = portRange(s.FromPort, s.ToPort)
	}
	return out
}

func direction(egress bool) *string {
	if egress {
		return new("egress")
	}
	return new("ingress")
}

func toAnalysisRoute(x model.Route) *gen.AnalysisRouteTableRoute {
	if x.Target == "" {
		return nil
	}
	out := &gen.AnalysisRouteTableRoute{DestinationPrefixListId: str(x.PrefixList), Origin: &x.Origin}
	if x.Destination.IsValid() {
		out.DestinationCidr = new(x.Destination.String())
	}
	switch kind, _, _ := strings.Cut(x.Target, "-"); kind {
	case ids.NATGateway:
		out.NatGatewayId = &x.Target
	case ids.Peering:
		out.VpcPeeringConnectionId = &x.Target
	case ids.Interface:
		out.NetworkInterfaceId = &x.Target
	default:
		out.GatewayId = &x.Target
	}
	return out
}

func toObstacle(r store.Reader, o model.Owned, x model.Obstacle) *gen.Explanation {
	h := x.Hop
	out := &gen.Explanation{
		ExplanationCode: &x.Code, Component: component(r, o, h.ID), Vpc: component(r, o, h.VPC), Subnet: component(r, o, h.Subnet),
		AclRule: toAnalysisEntry(h.Entry), RouteTableRoute: toAnalysisRoute(h.Route), SecurityGroupRule: toAnalysisRule(h.Rule), Address: addr(h.Header.Destination),
	}
	switch h.Kind {
	case model.HopACL:
		out.Acl, out.Direction = out.Component, direction(h.Egress)
	case model.HopGroup:
		out.Direction = direction(h.Egress)
		for _, g := range x.Groups {
			out.SecurityGroups = append(out.SecurityGroups, component(r, o, g))
		}
		if len(out.SecurityGroups) == 1 {
			out.SecurityGroup = out.SecurityGroups[0]
		}
	case model.HopRouteTable:
		out.RouteTable = out.Component
	case model.HopInternet:
		out.InternetGateway = out.Component
	case model.HopNAT:
		out.NatGateway = out.Component
	case model.HopPeering:
		out.VpcPeeringConnection = out.Component
	case model.HopInterface:
		out.NetworkInterface = out.Component
	}
	if h.Header.Protocol != "" {
		out.Protocols = []string{*aclNumber(h.Header.Protocol)}
	}
	if h.Header.ToPort != 0 {
		out.PortRanges = []*gen.PortRange{portRange(h.Header.ToPort, h.Header.ToPort)}
	}
	return out
}
