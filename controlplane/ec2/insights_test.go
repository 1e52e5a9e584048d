package ec2_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

// analyse asks whether one thing reaches another, and returns the analysis as it is
// described later.
func (c *cloud) analyse(params ...string) *gen.NetworkInsightsAnalysis {
	c.t.Helper()
	path := *ok[gen.CreateNetworkInsightsPathResult](c, "CreateNetworkInsightsPath", append(params, "ClientToken", "t")...).NetworkInsightsPath.NetworkInsightsPathId
	started := *ok[gen.StartNetworkInsightsAnalysisResult](c, "StartNetworkInsightsAnalysis", "ClientToken", "t", "NetworkInsightsPathId", path).NetworkInsightsAnalysis.NetworkInsightsAnalysisId
	return ok[gen.DescribeNetworkInsightsAnalysesResult](c, "DescribeNetworkInsightsAnalyses", "NetworkInsightsAnalysisId.1", started).NetworkInsightsAnalyses[0]
}

func codes(n *gen.NetworkInsightsAnalysis) string {
	out := []string{strconv.FormatBool(*n.NetworkPathFound)}
	for _, e := range n.Explanations {
		out = append(out, *e.ExplanationCode)
	}
	return strings.Join(out, " ")
}

// kinds are the prefixes of a path's components.
func kinds(all []*gen.PathComponent) string {
	var out []string
	for _, p := range all {
		kind, _, _ := strings.Cut(*p.Component.Id, "-")
		out = append(out, kind)
	}
	return strings.Join(out, " ")
}

// wantCodes analyses a path and holds the verdict and its codes against want.
func (c *cloud) wantCodes(reason, want string, params ...string) *gen.NetworkInsightsAnalysis {
	c.t.Helper()
	got := c.analyse(params...)
	if codes(got) != want {
		c.t.Errorf("%s: %s, want %s", reason, codes(got), want)
	}
	return got
}

func tcp(source, destination, port string) []string {
	return []string{"Source", source, "Destination", destination, "Protocol", "tcp", "DestinationPort", port}
}

// aclDenies puts a subnet of the default VPC behind an ACL with the given entries.
func (c *cloud) newACL(subnet string, entries ...string) string {
	c.t.Helper()
	id := *ok[gen.CreateNetworkAclResult](c, "CreateNetworkAcl", "VpcId", c.defaultVPC()).NetworkAcl.NetworkAclId
	for k, e := range entries {
		f := strings.Fields(e) // in|out allow|deny protocol from to
		params := []string{"NetworkAclId", id, "RuleNumber", strconv.Itoa(k + 1), "Egress", strconv.FormatBool(f[0] == "out"), "RuleAction", f[1], "Protocol", f[2], "CidrBlock", "0.0.0.0/0"}
		if len(f) > 3 {
			params = append(params, "PortRange.From", f[3], "PortRange.To", f[4])
		}
		ok[gen.CreateNetworkAclEntryResult](c, "CreateNetworkAclEntry", params...)
	}
	acls := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "association.subnet-id", "Filter.1.Value.1", subnet).NetworkAcls
	for _, a := range acls[0].Associations {
		if *a.SubnetId == subnet {
			ok[gen.ReplaceNetworkAclAssociationResult](c, "ReplaceNetworkAclAssociation", "AssociationId", *a.NetworkAclAssociationId, "NetworkAclId", id)
		}
	}
	return id
}

func TestReachWithinAVPC(t *testing.T) {
	c := newCloud(t)
	c.host("host-b1", zoneB, 64, 65536)
	web := c.group("web")
	a, near := c.running("SubnetId", c.defaultSubnet(zoneA)), c.running("SubnetId", c.defaultSubnet(zoneA), "SecurityGroupId.1", web)
	b := c.running("SubnetId", c.defaultSubnet(zoneB), "SecurityGroupId.1", web)

	none := c.wantCodes("a group without ingress rules", "false SG_HAS_NO_RULES", tcp(a, b, "443")...)
	if e := none.Explanations[0]; *e.Direction != "ingress" || *e.SecurityGroup.Id != web || *e.SecurityGroup.Name != "web" || len(e.PortRanges) != 1 {
		t.Errorf("explained by %+v", e)
	}
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", "GroupId", web, "IpProtocol", "tcp", "FromPort", "443", "ToPort", "443", "CidrIp", "172.31.0.0/16")
	c.wantCodes("another port", "false ENI_SG_RULES_MISMATCH", tcp(a, b, "80")...)
	found := c.wantCodes("an open port", "true", tcp(a, b, "443")...)
	if got := kinds(found.ForwardPathComponents); got != "eni sg acl rtb acl sg eni" {
		t.Errorf("the path is %s", got)
	}
	if got := kinds(found.ReturnPathComponents); got != "acl rtb acl" {
		t.Errorf("the way back is %s", got)
	}
	if r := found.ForwardPathComponents[5].SecurityGroupRule; *r.Cidr != "172.31.0.0/16" || *r.Direction != "ingress" || *r.PortRange.From != 443 {
		t.Errorf("the rule is %+v", r)
	}
	same := c.wantCodes("the same subnet", "true", tcp(a, near, "443")...)
	if got := kinds(same.ForwardPathComponents); got != "eni sg sg eni" {
		t.Errorf("within a subnet the path is %s", got)
	}
	c.wantCodes("any port", "true", "Source", a, "Destination", b, "Protocol", "tcp")

	groupOfA := *c.describe(a).SecurityGroups[0].GroupId
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", "GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "22", "IpPermissions.1.ToPort", "22", "IpPermissions.1.Groups.1.GroupId", groupOfA)
	c.wantCodes("a rule that names the source's group", "true", tcp(a, b, "22")...)
	c.wantCodes("from who is not in the group", "false ENI_SG_RULES_MISMATCH", tcp(near, b, "22")...)
	list := c.prefixList(3, "172.31.0.0/16")
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", "GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "25", "IpPermissions.1.ToPort", "25", "IpPermissions.1.PrefixListIds.1.PrefixListId", list)
	c.wantCodes("a rule that names a prefix list", "true", tcp(a, b, "25")...)
	ok[gen.ModifyManagedPrefixListResult](c, "ModifyManagedPrefixList", "PrefixListId", list, "CurrentVersion", "1", "RemoveEntry.1.Cidr", "172.31.0.0/16")
	c.wantCodes("an empty prefix list", "false ENI_SG_RULES_MISMATCH", tcp(a, b, "25")...)
	c.wantCodes("a source address that is not the interface's", "false ENI_SOURCE_DEST_CHECK_RESTRICTION", append(tcp(a, b, "443"), "SourceIp", "172.31.0.99")...)
	c.wantCodes("an address that nobody has", "false NO_POSSIBLE_DESTINATION", "Source", a, "DestinationIp", "172.31.255.7", "Protocol", "tcp")

	c.newACL(c.defaultSubnet(zoneB), "in allow tcp 443 443", "out deny tcp 49152 49152", "out allow -1")
	back := c.wantCodes("an ACL that stops the answer", "false SUBNET_ACL_RESTRICTION", tcp(a, b, "443")...)
	if e := back.Explanations[0]; *e.Direction != "egress" || *e.AclRule.RuleNumber != 2 || *e.AclRule.RuleAction != "deny" {
		t.Errorf("explained by %+v with %+v", e, e.AclRule)
	}
	c.newACL(c.defaultSubnet(zoneB), "in deny tcp 443 443", "in allow -1", "out allow -1")
	in := c.wantCodes("an ACL that denies", "false SUBNET_ACL_RESTRICTION", tcp(a, b, "443")...)
	if e := in.Explanations[0]; *e.Direction != "ingress" || *e.AclRule.RuleNumber != 1 {
		t.Errorf("explained by %+v", e)
	}
	c.wantCodes("the same subnet knows no ACL", "true", tcp(a, near, "443")...)
}

func TestReachTheInternet(t *testing.T) {
	c := newCloud(t)
	web := c.group("web")
	public := c.running("SecurityGroupId.1", web)
	private := c.running("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", c.defaultSubnet(zoneA), "NetworkInterface.1.SecurityGroupId.1", web, "NetworkInterface.1.AssociatePublicIpAddress", "false")
	gateway := *ok[gen.DescribeInternetGatewaysResult](c, "DescribeInternetGateways").InternetGateways[0].InternetGatewayId

	out := c.wantCodes("out", "true", tcp(public, gateway, "443")...)
	if got := kinds(out.ForwardPathComponents); got != "eni sg acl rtb igw" {
		t.Errorf("the way out is %s", got)
	}
	c.wantCodes("out without a public address", "false IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", tcp(private, gateway, "443")...)
	c.wantCodes("in", "false SG_HAS_NO_RULES", tcp(gateway, public, "443")...)
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", "GroupId", web, "IpProtocol", "tcp", "FromPort", "443", "ToPort", "443", "CidrIp", "203.0.113.0/24")
	in := c.wantCodes("in from whom a rule names", "true", tcp(gateway, public, "443")...)
	if got := kinds(in.ForwardPathComponents); got != "igw acl sg eni" || in.ForwardPathComponents[0].OutboundHeader.SourceAddresses[0] != "203.0.113.0/32" {
		t.Errorf("the way in is %s", got)
	}
	c.wantCodes("in from elsewhere", "false ENI_SG_RULES_MISMATCH", append(tcp(gateway, public, "443"), "SourceIp", "198.51.100.7")...)
	c.wantCodes("in to a private address", "false IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", tcp(gateway, private, "443")...)
	c.wantCodes("out to a private address", "false IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "Source", public, "DestinationIp", "10.0.0.1", "Protocol", "tcp")

	c.update(func(tx *store.Tx) error {
		for r := range store.RouteTables.By(tx, "vpc", c.row(public).VPCID) {
			next := *r
			next.Routes = next.Routes[:1:1]
			return store.RouteTables.Put(tx, &next)
		}
		return nil
	})
	no := c.wantCodes("without a route", "false NO_ROUTE_TO_DESTINATION", tcp(public, gateway, "443")...)
	if no.Explanations[0].RouteTable == nil {
		t.Errorf("explained by %+v", no.Explanations[0])
	}
	c.wantCodes("the answer has no route", "false NO_ROUTE_TO_DESTINATION", tcp(gateway, public, "443")...)
}

// An instance without a public address reaches the internet through a NAT gateway, and one
// in a peered VPC by routes of both sides alone.
func TestReachThroughGateways(t *testing.T) {
	c := newCloud(t)
	c.host("host-b1", zoneB, 64, 65536)
	web := c.group("web")
	subnet, vpc := c.defaultSubnet(zoneB), c.defaultVPC()
	private := c.running("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", subnet, "NetworkInterface.1.SecurityGroupId.1", web, "NetworkInterface.1.AssociatePublicIpAddress", "false")
	gateway := *ok[gen.DescribeInternetGatewaysResult](c, "DescribeInternetGateways").InternetGateways[0].InternetGatewayId
	nat := c.natInterface(c.defaultSubnet(zoneA))
	c.elastic(nat, c.privates(nat), "100.127.0.240")
	id := *c.showENI(nat).NetworkInterfaceId
	natID := ""
	for g := range store.NATGateways.By(c.db.Stale(), "interface", id) {
		natID = g.ID
	}
	table := *ok[gen.CreateRouteTableResult](c, "CreateRouteTable", "VpcId", vpc).RouteTable.RouteTableId
	ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", table, "SubnetId", subnet)
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "0.0.0.0/0", "NatGatewayId", natID)
	found := c.wantCodes("through a NAT gateway", "true", tcp(private, gateway, "443")...)
	if got := kinds(found.ForwardPathComponents); got != "eni sg acl rtb acl nat eni acl rtb igw" {
		t.Errorf("the path is %s", got)
	}
	c.update(func(tx *store.Tx) error {
		row := *store.NATGateways.Get(tx, natID)
		row.State = model.NATDeleted
		return store.NATGateways.Put(tx, &row)
	})
	c.wantCodes("through one that is gone", "false BAD_STATE_ROUTE", tcp(private, gateway, "443")...)

	remoteVPC, _, peering := c.peered(me)
	remote := ids.New(ids.Interface)
	c.update(func(tx *store.Tx) error {
		owned := model.Owned{Account: me, Region: region}
		s := &model.Subnet{ID: "subnet-0123456789abcdef0", Owned: owned, VPC: remoteVPC, Zone: zoneA, CIDR: store.VPCs.Get(tx, remoteVPC).CIDR}
		if err := store.Subnets.Put(tx, s); err != nil {
			return err
		}
		if err := store.RouteTables.Put(tx, &model.RouteTable{ID: "rtb-0123456789abcdef0", Owned: owned, VPC: remoteVPC, Main: true, Routes: []model.Route{{Destination: s.CIDR, Target: "local"}}}); err != nil {
			return err
		}
		if err := store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-0123456789abcdef0", Owned: owned, Group: "sg-0123456789abcdef0", Protocol: "-1", FromPort: -1, ToPort: -1, Source: web, SourceVPC: vpc}); err != nil {
			return err
		}
		return store.Interfaces.Put(tx, &model.Interface{ID: remote, Owned: owned, VPC: remoteVPC, Subnet: s.ID, MAC: "02:00:00:00:00:01", PrivateIP: s.CIDR.Addr().Next().Next().Next().Next().Next(), Groups: []string{"sg-0123456789abcdef0"}, SourceDestCheck: true})
	})
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "10.9.0.0/16", "VpcPeeringConnectionId", peering)
	c.wantCodes("a peered VPC without a route back", "false NO_ROUTE_TO_DESTINATION", tcp(private, remote, "443")...)
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", "rtb-0123456789abcdef0", "DestinationCidrBlock", "172.31.0.0/16", "VpcPeeringConnectionId", peering)
	found = c.wantCodes("a peered VPC", "true", tcp(private, remote, "443")...)
	if got := kinds(found.ForwardPathComponents); got != "eni sg acl rtb pcx acl sg eni" && got != "eni sg acl rtb pcx sg eni" {
		t.Errorf("the path is %s", got)
	}
	c.setPeering(peering, model.PeeringDeleted)
	c.wantCodes("a peering that is gone", "false BAD_STATE_ROUTE", tcp(private, remote, "443")...)
}

func TestInsightsActions(t *testing.T) {
	c := newCloud(t)
	a, b := c.running(), c.running()
	path := ok[gen.CreateNetworkInsightsPathResult](c, "CreateNetworkInsightsPath", append(tcp(a, b, "443"), "ClientToken", "t", "TagSpecification.1.ResourceType", "network-insights-path", "TagSpecification.1.Tag.1.Key", "Name")...).NetworkInsightsPath
	id := *path.NetworkInsightsPathId
	if *path.Source != a || *path.SourceArn != "arn:aws:ec2:"+region+":"+me+":instance/"+a || *path.DestinationPort != 443 || *path.Protocol != "tcp" || len(path.Tags) != 1 {
		t.Errorf("made %+v", path)
	}
	filtered := *ok[gen.CreateNetworkInsightsPathResult](c, "CreateNetworkInsightsPath", "ClientToken", "u", "Source", b, "Destination", a, "Protocol", "udp", "FilterAtSource.SourcePortRange.FromPort", "1000", "FilterAtSource.SourcePortRange.ToPort", "1000", "FilterAtDestination.DestinationPortRange.FromPort", "53", "FilterAtDestination.DestinationPortRange.ToPort", "53").NetworkInsightsPath.NetworkInsightsPathId
	for _, tt := range []struct{ filter, value, want string }{
		{"source", a, id}, {"destination", b, id}, {"protocol", "udp", filtered}, {"destination-port", "443", id}, {"tag-key", "Name", id},
		{"filter-at-source.source-port-range", "1000", filtered}, {"filter-at-destination.destination-port-range", "53", filtered}, {"filter-at-source.source-address", "*", ""},
	} {
		got := list(ok[gen.DescribeNetworkInsightsPathsResult](c, "DescribeNetworkInsightsPaths", "Filter.1.Name", tt.filter, "Filter.1.Value.1", tt.value).NetworkInsightsPaths, func(p *gen.NetworkInsightsPath) string { return *p.NetworkInsightsPathId })
		if got != tt.want {
			t.Errorf("%s=%s finds %s, want %s", tt.filter, tt.value, got, tt.want)
		}
	}
	analysis := ok[gen.StartNetworkInsightsAnalysisResult](c, "StartNetworkInsightsAnalysis", "ClientToken", "t", "NetworkInsightsPathId", id).NetworkInsightsAnalysis
	if *analysis.Status != "succeeded" || !*analysis.NetworkPathFound || *analysis.NetworkInsightsPathId != id {
		t.Errorf("started %+v", analysis)
	}
	ok[gen.StartNetworkInsightsAnalysisResult](c, "StartNetworkInsightsAnalysis", "ClientToken", "t", "NetworkInsightsPathId", filtered)
	if got := ok[gen.DescribeNetworkInsightsAnalysesResult](c, "DescribeNetworkInsightsAnalyses", "NetworkInsightsPathId", id, "Filter.1.Name", "path-found", "Filter.1.Value.1", "true", "Filter.2.Name", "status", "Filter.2.Value.1", "succeeded").NetworkInsightsAnalyses; len(got) != 1 {
		t.Errorf("%d analyses of the path", len(got))
	}
	c.fails("AnalysisExistsForNetworkInsightsPath", id, "DeleteNetworkInsightsPath", "NetworkInsightsPathId", id)
	ok[gen.DeleteNetworkInsightsAnalysisResult](c, "DeleteNetworkInsightsAnalysis", "NetworkInsightsAnalysisId", *analysis.NetworkInsightsAnalysisId)
	ok[gen.DeleteNetworkInsightsPathResult](c, "DeleteNetworkInsightsPath", "NetworkInsightsPathId", id)
	c.fails("InvalidNetworkInsightsPathId.NotFound", id, "StartNetworkInsightsAnalysis", "ClientToken", "t", "NetworkInsightsPathId", id)
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameterValue", "tgw-1", tcp("tgw-1", b, "443")},
		{"InvalidInstanceID.Malformed", "i-1", tcp("i-1", b, "443")},
		{"InvalidInstanceID.NotFound", "i-00000000000000000", tcp("i-00000000000000000", b, "443")},
		{"InvalidParameterValue", "65535", tcp(a, b, "65536")},
		{"MissingParameter", "destination", []string{"Source", a, "Protocol", "tcp"}},
		{"InvalidParameterCombination", "FilterAtSource", append(tcp(a, b, "443"), "FilterAtSource.SourceAddress", "10.0.0.1")},
		{"InvalidParameterValue", "port range", []string{"Source", a, "Destination", b, "Protocol", "tcp", "FilterAtSource.SourcePortRange.FromPort", "1", "FilterAtSource.SourcePortRange.ToPort", "9"}},
	} {
		c.fails(tt.code, tt.says, "CreateNetworkInsightsPath", append(tt.params, "ClientToken", "t")...)
	}
	c.fails("UnsupportedOperation", "intermediate", "StartNetworkInsightsAnalysis", "ClientToken", "t", "NetworkInsightsPathId", filtered, "FilterInArn.1", "arn:aws:ec2:eu-central-1:1:instance/i-1")
}
