package ec2_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) vpc(block string) string {
	c.t.Helper()
	return *ok[gen.CreateVpcResult](c, "CreateVpc", "CidrBlock", block).Vpc.VpcId
}

func (c *cloud) subnetOf(vpc, block string) string {
	c.t.Helper()
	return *ok[gen.CreateSubnetResult](c, "CreateSubnet", "VpcId", vpc, "CidrBlock", block).Subnet.SubnetId
}

func (c *cloud) gatewayOf(vpc string) string {
	c.t.Helper()
	id := *ok[gen.CreateInternetGatewayResult](c, "CreateInternetGateway").InternetGateway.InternetGatewayId
	ok[gen.AttachInternetGatewayResult](c, "AttachInternetGateway", "InternetGatewayId", id, "VpcId", vpc)
	return id
}

// mainTable returns a VPC's main route table.
func (c *cloud) mainTable(vpc string) *gen.RouteTable {
	c.t.Helper()
	return ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", vpc, "Filter.2.Name", "association.main", "Filter.2.Value.1", "true").RouteTables[0]
}

func (c *cloud) table(id string) *gen.RouteTable {
	c.t.Helper()
	return ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "RouteTableId.1", id).RouteTables[0]
}

func (c *cloud) tableOf(vpc string) string {
	c.t.Helper()
	return *ok[gen.CreateRouteTableResult](c, "CreateRouteTable", "VpcId", vpc).RouteTable.RouteTableId
}

// routes are a table's: destination, target and state of each.
func routes(t *gen.RouteTable) string {
	return list(t.Routes, func(r *gen.Route) string {
		for _, target := range []*string{r.NatGatewayId, r.VpcPeeringConnectionId, r.InstanceId, r.NetworkInterfaceId, r.EgressOnlyInternetGatewayId, r.GatewayId} {
			if target != nil {
				kind, _, _ := strings.Cut(*target, "-")
				to := r.DestinationCidrBlock
				if to == nil {
					to = new("list")
				}
				return *to + ">" + kind + ">" + *r.State
			}
		}
		return "nothing"
	})
}

func TestCreateVpc(t *testing.T) {
	c := newCloud(t)
	v := ok[gen.CreateVpcResult](c, "CreateVpc", "CidrBlock", "10.1.2.3/16", "InstanceTenancy", "dedicated",
		"TagSpecification.1.ResourceType", "vpc", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "x").Vpc
	if *v.CidrBlock != "10.1.0.0/16" || *v.IsDefault || *v.InstanceTenancy != "dedicated" || *v.State != "available" || len(v.Tags) != 1 || len(v.CidrBlockAssociationSet) != 1 {
		t.Errorf("%+v", v)
	}
	of := []string{"Filter.1.Name", "vpc-id", "Filter.1.Value.1", *v.VpcId}
	if got := routes(c.mainTable(*v.VpcId)); got != "10.1.0.0/16>local>active" {
		t.Errorf("the main route table has %s", got)
	}
	groups := ok[gen.DescribeSecurityGroupsResult](c, "DescribeSecurityGroups", of...).SecurityGroups
	if len(groups) != 1 || *groups[0].GroupName != "default" || len(groups[0].IpPermissions) != 1 || len(groups[0].IpPermissionsEgress) != 1 {
		t.Errorf("groups %+v", groups)
	}
	acls := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", of...).NetworkAcls
	if len(acls) != 1 || !*acls[0].IsDefault {
		t.Errorf("network ACLs %+v", acls)
	}
	usual := ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "Filter.1.Name", "is-default", "Filter.1.Value.1", "true").Vpcs[0]
	if *usual.DhcpOptionsId != *v.DhcpOptionsId {
		t.Errorf("DHCP options %s, the default VPC has %s", *v.DhcpOptionsId, *usual.DhcpOptionsId)
	}
	for attribute, want := range map[string]bool{"enableDnsSupport": true, "enableDnsHostnames": false, "enableNetworkAddressUsageMetrics": false} {
		out := ok[gen.DescribeVpcAttributeResult](c, "DescribeVpcAttribute", "VpcId", *v.VpcId, "Attribute", attribute)
		for _, got := range []*gen.AttributeBooleanValue{out.EnableDnsHostnames, out.EnableDnsSupport, out.EnableNetworkAddressUsageMetrics} {
			if got != nil && *got.Value != want {
				t.Errorf("%s is %v", attribute, *got.Value)
			}
		}
	}
	// Two VPCs may overlap.
	c.vpc("10.1.0.0/16")
	for _, tt := range []struct{ code, says, block string }{
		{"InvalidVpc.Range", "The CIDR '10.0.0.0/15' is invalid.", "10.0.0.0/15"},
		{"InvalidVpc.Range", "", "10.0.0.0/29"},
		{"InvalidVpc.Range", "", "127.0.0.0/16"},
		{"InvalidVpc.Range", "", "169.254.0.0/16"},
		{"InvalidVpc.Range", "", "224.0.0.0/24"},
		{"InvalidParameterValue", "Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.", "10.0.0.0"},
		{"InvalidParameterValue", "", "fd00::/56"},
		{"InvalidParameterValue", "", "10.0.0.0/33"},
	} {
		c.fails(tt.code, tt.says, "CreateVpc", "CidrBlock", tt.block)
	}
	c.fails("MissingParameter", "cidrBlock", "CreateVpc")
	c.fails("InvalidParameterValue", "IPv6", "CreateVpc", "CidrBlock", "10.0.0.0/16", "AmazonProvidedIpv6CidrBlock", "true")
	c.fails("Unsupported", "IPAM", "CreateVpc", "CidrBlock", "10.0.0.0/16", "Ipv4IpamPoolId", "ipam-pool-1")
	c.fails("InvalidParameterValue", "", "CreateVpc", "CidrBlock", "10.0.0.0/16", "InstanceTenancy", "host")
	c.fails("InvalidParameterValue", "", "CreateVpc", "CidrBlock", "10.0.0.0/16", "TagSpecification.1.ResourceType", "subnet", "TagSpecification.1.Tag.1.Key", "x")

	ok[gen.ModifyVpcTenancyResult](c, "ModifyVpcTenancy", "VpcId", *v.VpcId, "InstanceTenancy", "default")
	if got := ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "VpcId.1", *v.VpcId).Vpcs[0]; *got.InstanceTenancy != "default" {
		t.Errorf("its tenancy is %s", *got.InstanceTenancy)
	}
	c.vpc("10.3.0.0/28")
	c.vpc("8.8.0.0/16")
	c.fails("VpcLimitExceeded", "The maximum number of VPCs has been reached", "CreateVpc", "CidrBlock", "10.4.0.0/16")
	c.as(other, region).vpc("10.1.0.0/16")
}

func TestModifyVpcAttribute(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	set := func(name, value string) []string { return []string{"VpcId", v, name + ".Value", value} }
	row := func() *model.VPC { return store.VPCs.Get(c.db.Stale(), v) }
	ok[gen.ModifyVpcAttributeResult](c, "ModifyVpcAttribute", set("EnableDnsHostnames", "true")...)
	ok[gen.ModifyVpcAttributeResult](c, "ModifyVpcAttribute", set("EnableNetworkAddressUsageMetrics", "true")...)
	if r := row(); !r.DNSHostnames || !r.DNSSupport || !r.AddressUsage {
		t.Errorf("%+v", r)
	}
	ok[gen.ModifyVpcAttributeResult](c, "ModifyVpcAttribute", set("EnableDnsHostnames", "false")...)
	ok[gen.ModifyVpcAttributeResult](c, "ModifyVpcAttribute", set("EnableDnsSupport", "false")...)
	if r := row(); r.DNSHostnames || r.DNSSupport {
		t.Errorf("%+v", r)
	}
	c.fails("InvalidParameterValue", "DNS support", "ModifyVpcAttribute", set("EnableDnsHostnames", "true")...)
	c.fails("InvalidParameterCombination", "one attribute", "ModifyVpcAttribute", append(set("EnableDnsHostnames", "true"), "EnableDnsSupport.Value", "true")...)
	c.fails("MissingParameter", "", "ModifyVpcAttribute", "VpcId", v)
}

// TestVpcBlocks: which blocks can be added to which VPC, with the local routes.
func TestVpcBlocks(t *testing.T) {
	for _, tt := range []struct{ first, added, code, says string }{
		{"10.2.0.0/16", "10.3.0.0/16", "", ""},
		{"10.2.0.0/16", "100.64.0.0/16", "", ""},
		{"10.2.0.0/16", "8.8.0.0/16", "", ""},
		{"10.2.0.0/16", "10.0.0.0/16", "", ""},
		{"10.1.0.0/16", "10.0.0.0/24", "InvalidVpc.Range", "restricted"},
		{"10.2.0.0/16", "172.16.0.0/16", "InvalidVpc.Range", "restricted"},
		{"10.2.0.0/16", "192.168.0.0/16", "InvalidVpc.Range", "restricted"},
		{"172.16.0.0/16", "172.17.0.0/16", "", ""},
		{"172.16.0.0/16", "172.31.0.0/16", "InvalidVpc.Range", "restricted"},
		{"172.16.0.0/16", "10.0.0.0/16", "InvalidVpc.Range", "restricted"},
		{"192.168.0.0/24", "192.168.1.0/24", "", ""},
		{"192.168.0.0/24", "172.16.1.0/24", "InvalidVpc.Range", "restricted"},
		{"100.64.0.0/16", "100.65.0.0/16", "", ""},
		{"100.64.0.0/16", "10.0.0.0/16", "InvalidVpc.Range", "restricted"},
		{"10.2.0.0/16", "198.19.0.0/16", "InvalidVpc.Range", "restricted"},
		{"10.2.0.0/16", "10.2.128.0/24", "InvalidVpc.Range", "overlaps"},
		{"10.2.0.0/24", "10.2.0.0/16", "InvalidVpc.Range", "overlaps"},
		{"10.2.0.0/16", "10.128.0.0/9", "InvalidVpc.Range", "invalid"},
		{"10.2.0.0/16", "127.1.0.0/16", "InvalidVpc.Range", "invalid"},
		{"10.2.0.0/16", "nonsense", "InvalidParameterValue", ""},
	} {
		c := newCloud(t)
		v := c.vpc(tt.first)
		if tt.code != "" {
			c.fails(tt.code, tt.says, "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", tt.added)
			continue
		}
		extra := c.tableOf(v)
		got := ok[gen.AssociateVpcCidrBlockResult](c, "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", tt.added).CidrBlockAssociation
		want := tt.first + ">local>active " + tt.added + ">local>active"
		if x, y := routes(c.mainTable(v)), routes(c.table(extra)); x != want || y != want {
			t.Errorf("%s in %s: routes %s and %s", tt.added, tt.first, x, y)
		}
		c.subnetOf(v, tt.added[:strings.Index(tt.added, "/")]+"/28")
		c.fails("InvalidCidrBlock.InUse", "", "DisassociateVpcCidrBlock", "AssociationId", *got.AssociationId)
	}
}

func TestVpcBlocksComeAndGo(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.2.0.0/16")
	var added []string
	for n := range 4 {
		out := ok[gen.AssociateVpcCidrBlockResult](c, "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", fmt.Sprintf("10.%d.0.0/16", 10+n))
		added = append(added, *out.CidrBlockAssociation.AssociationId)
	}
	c.fails("CidrLimitExceeded", "", "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.20.0.0/16")
	ok[gen.DisassociateVpcCidrBlockResult](c, "DisassociateVpcCidrBlock", "AssociationId", added[1])
	got := ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "Filter.1.Name", "cidr-block-association.association-id", "Filter.1.Value.1", added[2]).Vpcs
	if len(got) != 1 || list(got[0].CidrBlockAssociationSet, func(b *gen.VpcCidrBlockAssociation) string { return *b.CidrBlock }) != "10.2.0.0/16 10.10.0.0/16 10.12.0.0/16 10.13.0.0/16" {
		t.Errorf("%+v", got)
	}
	if got := routes(c.mainTable(v)); strings.Contains(got, "10.11.") || !strings.Contains(got, "10.12.0.0/16>local") {
		t.Errorf("routes %s", got)
	}
	c.fails("InvalidVpcCidrBlockAssociationID.NotFound", "", "DisassociateVpcCidrBlock", "AssociationId", added[1])
	first := ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "VpcId.1", v).Vpcs[0].CidrBlockAssociationSet[0].AssociationId
	c.fails("OperationNotPermitted", "primary", "DisassociateVpcCidrBlock", "AssociationId", *first)

	gateway := c.gatewayOf(v)
	main := *c.mainTable(v).RouteTableId
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", main, "DestinationCidrBlock", "10.30.1.0/24", "GatewayId", gateway)
	c.fails("InvalidVpc.Range", "10.30.1.0/24 of a route", "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.30.0.0/16")
	c.fails("InvalidVpc.Range", "of a route", "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.30.1.0/24")
	ok[gen.AssociateVpcCidrBlockResult](c, "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.30.1.0/25")
}

// TestDeletesWithDependents goes through everything that keeps a VPC from being deleted.
func TestDeletesWithDependents(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	kept := func(why string) {
		t.Helper()
		c.fails("DependencyViolation", "The vpc '"+v+"' has dependencies and cannot be deleted.", "DeleteVpc", "VpcId", v)
		if t.Failed() {
			t.Fatal(why)
		}
	}
	s := c.subnetOf(v, "10.0.1.0/24")
	kept("a subnet")
	table := c.tableOf(v)
	association := *ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", table, "SubnetId", s).AssociationId
	c.fails("DependencyViolation", "The routeTable '"+table+"' has dependencies", "DeleteRouteTable", "RouteTableId", table)
	i := c.running("SubnetId", s)
	c.fails("DependencyViolation", "The subnet '"+s+"' has dependencies", "DeleteSubnet", "SubnetId", s)
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	ok[gen.DeleteSubnetResult](c, "DeleteSubnet", "SubnetId", s)
	c.fails("InvalidAssociationID.NotFound", "", "DisassociateRouteTable", "AssociationId", association)
	if acl := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v).NetworkAcls[0]; len(acl.Associations) != 0 {
		t.Errorf("the network ACL still serves %+v", acl.Associations)
	}
	kept("a route table")
	ok[gen.DeleteRouteTableResult](c, "DeleteRouteTable", "RouteTableId", table)
	c.fails("DependencyViolation", "", "DeleteRouteTable", "RouteTableId", *c.mainTable(v).RouteTableId)
	g := *ok[gen.CreateSecurityGroupResult](c, "CreateSecurityGroup", "GroupName", "web", "GroupDescription", "web", "VpcId", v).GroupId
	kept("a security group")
	ok[gen.DeleteSecurityGroupResult](c, "DeleteSecurityGroup", "GroupId", g)
	gateway := c.gatewayOf(v)
	kept("an internet gateway")
	c.fails("DependencyViolation", "The internetGateway '"+gateway+"' has dependencies", "DeleteInternetGateway", "InternetGatewayId", gateway)
	ok[gen.DetachInternetGatewayResult](c, "DetachInternetGateway", "InternetGatewayId", gateway, "VpcId", v)
	ok[gen.DeleteInternetGatewayResult](c, "DeleteInternetGateway", "InternetGatewayId", gateway)
	e := *ok[gen.CreateEgressOnlyInternetGatewayResult](c, "CreateEgressOnlyInternetGateway", "VpcId", v).EgressOnlyInternetGateway.EgressOnlyInternetGatewayId
	kept("an egress-only gateway")
	ok[gen.DeleteEgressOnlyInternetGatewayResult](c, "DeleteEgressOnlyInternetGateway", "EgressOnlyInternetGatewayId", e)
	ok[gen.DeleteVpcResult](c, "DeleteVpc", "VpcId", v)
	c.fails("InvalidVpcID.NotFound", "", "DescribeVpcs", "VpcId.1", v)
	for _, rows := range []int{
		len(ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v).RouteTables),
		len(ok[gen.DescribeSecurityGroupsResult](c, "DescribeSecurityGroups", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v).SecurityGroups),
		len(ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v).NetworkAcls),
	} {
		if rows != 0 {
			t.Errorf("%d rows of the VPC are left", rows)
		}
	}
	for r := range store.SecurityRules.List(c.db.Stale()) {
		if store.SecurityGroups.Get(c.db.Stale(), r.Group) == nil {
			t.Errorf("rule %s of no group", r.ID)
		}
	}
}

// TestDefaultNetworkStaysDeleted: what an owner deletes of the default network does not
// come back by itself, and is made again when asked for.
func TestDefaultNetworkStaysDeleted(t *testing.T) {
	c := newCloud(t)
	ensure := func(zones ...string) {
		c.update(func(tx *store.Tx) error { return ec2.EnsureAccountNetwork(tx, me, region, zones) })
	}
	a := c.defaultSubnet(zoneA)
	ok[gen.DeleteSubnetResult](c, "DeleteSubnet", "SubnetId", a)
	ensure(zoneA, zoneB)
	subnets := func() int {
		return len(ok[gen.DescribeSubnetsResult](c, "DescribeSubnets", "Filter.1.Name", "default-for-az", "Filter.1.Value.1", "true").Subnets)
	}
	if subnets() != 1 {
		t.Fatal("a deleted default subnet is back")
	}
	c.fails("DefaultSubnetAlreadyExistsInAvailabilityZone", "", "CreateDefaultSubnet", "AvailabilityZone", zoneB)
	c.fails("InvalidParameterValue", "", "CreateDefaultSubnet", "AvailabilityZone", "eu-central-1z")
	got := ok[gen.CreateDefaultSubnetResult](c, "CreateDefaultSubnet", "AvailabilityZone", zoneA).Subnet
	if !*got.DefaultForAz || !*got.MapPublicIpOnLaunch || *got.CidrBlock != "172.31.0.0/20" {
		t.Errorf("%+v", got)
	}
	c.fails("DefaultVpcAlreadyExists", "A Default VPC already exists", "CreateDefaultVpc")

	vpc := *got.VpcId
	for _, zone := range []string{zoneA, zoneB} {
		ok[gen.DeleteSubnetResult](c, "DeleteSubnet", "SubnetId", c.defaultSubnet(zone))
	}
	gateway := *ok[gen.DescribeInternetGatewaysResult](c, "DescribeInternetGateways").InternetGateways[0].InternetGatewayId
	ok[gen.DetachInternetGatewayResult](c, "DetachInternetGateway", "InternetGatewayId", gateway, "VpcId", vpc)
	ok[gen.DeleteVpcResult](c, "DeleteVpc", "VpcId", vpc)
	ensure(zoneA, zoneB, "eu-central-1c")
	if n := len(ok[gen.DescribeVpcsResult](c, "DescribeVpcs").Vpcs); n != 0 {
		t.Fatalf("%d VPCs after the default one was deleted", n)
	}
	c.fails("VPCIdNotSpecified", "No default VPC for this user", "RunInstances", c.launch()...)
	c.fails("DefaultVpcDoesNotExist", "", "CreateDefaultSubnet", "AvailabilityZone", zoneA)
	v := ok[gen.CreateDefaultVpcResult](c, "CreateDefaultVpc").Vpc
	if !*v.IsDefault || *v.CidrBlock != "172.31.0.0/16" || subnets() != 2 || routes(c.mainTable(*v.VpcId)) != "172.31.0.0/16>local>active 0.0.0.0/0>igw>active" {
		t.Errorf("%+v, %d subnets, routes %s", v, subnets(), routes(c.mainTable(*v.VpcId)))
	}
	c.running()
}

func TestSubnets(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	first := ok[gen.CreateSubnetResult](c, "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.1.9/24", "AvailabilityZone", zoneB,
		"TagSpecification.1.ResourceType", "subnet", "TagSpecification.1.Tag.1.Key", "Name").Subnet
	if *first.CidrBlock != "10.0.1.0/24" || *first.AvailabilityZone != zoneB || *first.AvailableIpAddressCount != 251 || *first.MapPublicIpOnLaunch || *first.DefaultForAz || len(first.Tags) != 1 {
		t.Errorf("%+v", first)
	}
	if byID := ok[gen.CreateSubnetResult](c, "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.2.0/28", "AvailabilityZoneId", "euc1-az1").Subnet; *byID.AvailabilityZone != zoneA || *byID.AvailableIpAddressCount != 11 {
		t.Errorf("%+v", byID)
	}
	for _, tt := range []struct{ code, block string }{
		{"InvalidSubnet.Conflict", "10.0.1.128/25"},
		{"InvalidSubnet.Conflict", "10.0.0.0/16"},
		{"InvalidSubnet.Range", "10.1.0.0/24"},
		{"InvalidSubnet.Range", "10.0.3.0/29"},
		{"InvalidSubnet.Range", "10.0.0.0/15"},
		{"InvalidParameterValue", "10.0.3/24"},
	} {
		c.fails(tt.code, "", "CreateSubnet", "VpcId", v, "CidrBlock", tt.block)
	}
	c.fails("InvalidParameterValue", "Invalid availability zone", "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.4.0/24", "AvailabilityZone", "us-east-1a")
	c.fails("InvalidParameterValue", "IPv6", "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.4.0/24", "Ipv6CidrBlock", "fd00::/64")
	acl := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "association.subnet-id", "Filter.1.Value.1", *first.SubnetId).NetworkAcls
	if len(acl) != 1 || !*acl[0].IsDefault || *acl[0].VpcId != v {
		t.Errorf("network ACLs %+v", acl)
	}

	id := *first.SubnetId
	for _, change := range [][]string{
		{"MapPublicIpOnLaunch.Value", "true"}, {"PrivateDnsHostnameTypeOnLaunch", "resource-name"}, {"EnableResourceNameDnsARecordOnLaunch.Value", "true"},
		{"AssignIpv6AddressOnCreation.Value", "false"},
	} {
		ok[gen.ModifySubnetAttributeResult](c, "ModifySubnetAttribute", append(change, "SubnetId", id)...)
	}
	got := ok[gen.DescribeSubnetsResult](c, "DescribeSubnets", "Filter.1.Name", "private-dns-name-options-on-launch.hostname-type", "Filter.1.Value.1", "resource-name").Subnets
	if len(got) != 1 || !*got[0].MapPublicIpOnLaunch || *got[0].PrivateDnsNameOptionsOnLaunch.HostnameType != "resource-name" || !*got[0].PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord {
		t.Errorf("%+v", got)
	}
	c.fails("InvalidParameterValue", "IPv6", "ModifySubnetAttribute", "SubnetId", id, "AssignIpv6AddressOnCreation.Value", "true")
	c.fails("InvalidParameterCombination", "", "ModifySubnetAttribute", "SubnetId", id, "MapPublicIpOnLaunch.Value", "true", "EnableResourceNameDnsARecordOnLaunch.Value", "true")
	c.fails("MissingParameter", "", "ModifySubnetAttribute", "SubnetId", id)

	c.host("host-b1", zoneB, 64, 65536)
	i := c.describe(c.running("SubnetId", id))
	if i.PublicIpAddress == nil || *i.VpcId != v || *i.Placement.AvailabilityZone != zoneB || !strings.HasPrefix(*i.PrivateIpAddress, "10.0.1.") {
		t.Errorf("an instance of the subnet: %+v", i)
	}
}

func TestSubnetQuota(t *testing.T) {
	c := newCloudOf(t, map[string]int{"subnets-per-vpc": 2, "route-tables-per-vpc": 2, "vpcs-per-region": 2, "internet-gateways-per-region": 2, "routes-per-route-table": 2})
	v := c.vpc("10.0.0.0/16")
	c.fails("VpcLimitExceeded", "has been reached.", "CreateVpc", "CidrBlock", "10.0.0.0/16")
	c.subnetOf(v, "10.0.1.0/24")
	c.subnetOf(v, "10.0.2.0/24")
	c.fails("SubnetLimitExceeded", "", "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.3.0/24")
	table := c.tableOf(v)
	c.fails("RouteTableLimitExceeded", "", "CreateRouteTable", "VpcId", v)
	g := c.gatewayOf(v)
	c.fails("InternetGatewayLimitExceeded", "", "CreateInternetGateway")
	for n := range 2 {
		ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "GatewayId", g, "DestinationCidrBlock", fmt.Sprintf("10.%d.0.0/16", n+1))
	}
	c.fails("RouteLimitExceeded", "", "CreateRoute", "RouteTableId", table, "GatewayId", g, "DestinationCidrBlock", "10.8.0.0/16")
}
