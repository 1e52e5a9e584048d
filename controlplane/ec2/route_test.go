package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func TestRoutes(t *testing.T) {
	c := newCloud(t)
	v, strange := c.vpc("10.0.0.0/16"), c.vpc("10.9.0.0/16")
	s := c.subnetOf(v, "10.0.1.0/24")
	table, g := c.tableOf(v), c.gatewayOf(v)
	i := c.running("SubnetId", s)
	eni := *c.describe(i).NetworkInterfaces[0].NetworkInterfaceId
	add := func(to string, target ...string) []string {
		return append([]string{"RouteTableId", table, "DestinationCidrBlock", to}, target...)
	}
	for _, x := range [][]string{add("0.0.0.0/0", "GatewayId", g), add("192.168.7.7/16", "InstanceId", i), add("192.168.1.0/24", "NetworkInterfaceId", eni), add("10.0.1.0/24", "NetworkInterfaceId", eni)} {
		ok[gen.CreateRouteResult](c, "CreateRoute", x...)
	}
	want := "10.0.0.0/16>local>active 0.0.0.0/0>igw>active 192.168.0.0/16>i>active 192.168.1.0/24>i>active 10.0.1.0/24>i>active"
	if got := routes(c.table(table)); got != want {
		t.Errorf("routes\n%s, want\n%s", got, want)
	}
	strangers, loose := c.tableOf(strange), *ok[gen.CreateInternetGatewayResult](c, "CreateInternetGateway").InternetGateway.InternetGatewayId
	for _, tt := range []struct {
		code, says string
		in         []string
	}{
		{"RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists.", add("0.0.0.0/0", "GatewayId", g)},
		{"RouteAlreadyExists", "", add("10.0.0.0/16", "NetworkInterfaceId", eni)},
		{"InvalidGatewayID.NotFound", "The gateway ID 'igw-0123456789abcdef0' does not exist", add("1.0.0.0/8", "GatewayId", "igw-0123456789abcdef0")},
		{"InvalidGatewayID.NotFound", "", add("1.0.0.0/8", "GatewayId", "vgw-0123456789abcdef0")},
		{"InvalidParameterValue", "belong to different networks", add("1.0.0.0/8", "GatewayId", loose)},
		{"InvalidParameterValue", "belong to different networks", []string{"RouteTableId", strangers, "DestinationCidrBlock", "1.0.0.0/8", "NetworkInterfaceId", eni}},
		{"InvalidParameterValue", "belong to different networks", []string{"RouteTableId", strangers, "DestinationCidrBlock", "1.0.0.0/8", "InstanceId", i}},
		{"InvalidNatGatewayID.NotFound", "The natGateway ID", add("1.0.0.0/8", "NatGatewayId", "nat-0123456789abcdef0")},
		{"InvalidVpcPeeringConnectionID.NotFound", "", add("1.0.0.0/8", "VpcPeeringConnectionId", "pcx-0123456789abcdef0")},
		{"InvalidNetworkInterfaceID.NotFound", "", add("1.0.0.0/8", "NetworkInterfaceId", "eni-0123456789abcdef0")},
		{"InvalidInstanceID.NotFound", "", add("1.0.0.0/8", "InstanceId", "i-0123456789abcdef0")},
		{"InvalidParameterValue", "IPv6", add("1.0.0.0/8", "EgressOnlyInternetGatewayId", "eigw-0123456789abcdef0")},
		{"Unsupported", "transitGatewayId", add("1.0.0.0/8", "TransitGatewayId", "tgw-0123456789abcdef0")},
		{"InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks.", add("10.0.1.0/25", "NetworkInterfaceId", eni)},
		{"InvalidParameterValue", "link-local", add("169.254.169.254/32", "GatewayId", g)},
		{"InvalidParameterValue", "not a valid CIDR block", add("1.0.0.0", "GatewayId", g)},
		{"MissingParameter", "gatewayId", add("1.0.0.0/8")},
		{"MissingParameter", "destinationCidrBlock", []string{"RouteTableId", table, "GatewayId", g}},
		{"InvalidParameterCombination", "", add("1.0.0.0/8", "GatewayId", g, "InstanceId", i)},
		{"InvalidParameterValue", "IPv6", []string{"RouteTableId", table, "GatewayId", g, "DestinationIpv6CidrBlock", "::/0"}},
		{"InvalidPrefixListID.NotFound", "", []string{"RouteTableId", table, "GatewayId", g, "DestinationPrefixListId", "pl-0123456789abcdef0"}},
		{"InvalidRouteTableID.NotFound", "", []string{"RouteTableId", "rtb-0123456789abcdef0", "GatewayId", g, "DestinationCidrBlock", "1.0.0.0/8"}},
	} {
		c.fails(tt.code, tt.says, "CreateRoute", tt.in...)
	}

	ok[gen.ReplaceRouteResult](c, "ReplaceRoute", add("192.168.0.0/16", "GatewayId", g)...)
	c.fails("InvalidParameterValue", "There is no route defined for '1.0.0.0/8'", "ReplaceRoute", add("1.0.0.0/8", "GatewayId", g)...)
	ok[gen.DeleteRouteResult](c, "DeleteRoute", add("10.0.1.0/24")...)
	c.fails("InvalidRoute.NotFound", "no route with destination-cidr-block 10.0.1.0/24 in route table", "DeleteRoute", add("10.0.1.0/24")...)
	c.fails("InvalidParameterValue", "cannot remove local route 10.0.0.0/16", "DeleteRoute", add("10.0.0.0/16")...)

	// What a route leads to may go: the route stays, as a blackhole.
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	if got := routes(c.table(table)); !strings.Contains(got, "192.168.1.0/24>i>blackhole") {
		t.Errorf("with a stopped instance: %s", got)
	}
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", i)
	c.report(i, model.PhaseRunning, "")
	if got := routes(c.table(table)); !strings.Contains(got, "192.168.1.0/24>i>active") {
		t.Errorf("with the instance started: %s", got)
	}
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	ok[gen.DetachInternetGatewayResult](c, "DetachInternetGateway", "InternetGatewayId", g, "VpcId", v)
	want = "10.0.0.0/16>local>active 0.0.0.0/0>igw>blackhole 192.168.0.0/16>igw>blackhole 192.168.1.0/24>eni>blackhole"
	if got := routes(c.table(table)); got != want {
		t.Errorf("routes to what is gone\n%s, want\n%s", got, want)
	}
	for filter, n := range map[string]int{"route.state=blackhole": 1, "route.gateway-id=" + g: 1, "route.network-interface-id=" + eni: 1, "route.destination-cidr-block=192.168.*": 1, "route.nat-gateway-id=*": 0, "route.instance-id=*": 0} {
		name, value, _ := strings.Cut(filter, "=")
		if got := ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", name, "Filter.1.Value.1", value).RouteTables; len(got) != n {
			t.Errorf("%s finds %d tables", filter, len(got))
		}
	}
}

func TestRouteToPrefixList(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	table, g := c.tableOf(v), c.gatewayOf(v)
	const pl = "pl-0123456789abcdef0"
	put := func(max int) {
		c.update(func(tx *store.Tx) error {
			return store.PrefixLists.Put(tx, &model.PrefixList{ID: pl, Owned: model.Owned{Account: me, Region: region}, Name: "x", MaxEntries: max})
		})
	}
	put(51)
	in := []string{"RouteTableId", table, "DestinationPrefixListId", pl, "GatewayId", g}
	c.fails("RouteLimitExceeded", "", "CreateRoute", in...) // it counts as all that it may hold
	put(5)
	ok[gen.CreateRouteResult](c, "CreateRoute", in...)
	c.fails("RouteAlreadyExists", pl, "CreateRoute", in...)
	if r := c.table(table).Routes[1]; *r.DestinationPrefixListId != pl || r.DestinationCidrBlock != nil || *r.State != "active" {
		t.Errorf("%+v", r)
	}
	if got := ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", "route.destination-prefix-list-id", "Filter.1.Value.1", pl).RouteTables; len(got) != 1 {
		t.Errorf("%d tables have the list", len(got))
	}
	ok[gen.DeleteRouteResult](c, "DeleteRoute", "RouteTableId", table, "DestinationPrefixListId", pl)
	if got := routes(c.table(table)); got != "10.0.0.0/16>local>active" {
		t.Error(got)
	}
}

func TestRouteTableAssociations(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	s := c.subnetOf(v, "10.0.1.0/24")
	one, two := c.tableOf(v), c.tableOf(v)
	strange := c.tableOf(c.vpc("10.1.0.0/16"))
	id := *ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", one, "SubnetId", s).AssociationId
	if again := *ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", one, "SubnetId", s).AssociationId; again != id {
		t.Errorf("associated again as %s, was %s", again, id)
	}
	c.fails("Resource.AlreadyAssociated", "the specified association for route table "+two, "AssociateRouteTable", "RouteTableId", two, "SubnetId", s)
	c.fails("InvalidParameterValue", "belong to different networks", "AssociateRouteTable", "RouteTableId", strange, "SubnetId", s)
	c.fails("Unsupported", "gateways", "AssociateRouteTable", "RouteTableId", two, "GatewayId", "igw-0123456789abcdef0")
	c.fails("InvalidParameterValue", "belong to different networks", "ReplaceRouteTableAssociation", "RouteTableId", strange, "AssociationId", id)
	next := *ok[gen.ReplaceRouteTableAssociationResult](c, "ReplaceRouteTableAssociation", "RouteTableId", two, "AssociationId", id).NewAssociationId
	if next == id || len(c.table(one).Associations) != 0 || *c.table(two).Associations[0].SubnetId != s {
		t.Errorf("%s after %s: %+v", next, id, c.table(two))
	}
	c.fails("InvalidAssociationID.NotFound", "The association ID '"+id+"' does not exist", "DisassociateRouteTable", "AssociationId", id)
	got := ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", "association.route-table-association-id", "Filter.1.Value.1", next).RouteTables
	if len(got) != 1 || *got[0].RouteTableId != two {
		t.Errorf("by association: %+v", got)
	}
	ok[gen.DisassociateRouteTableResult](c, "DisassociateRouteTable", "AssociationId", next)

	main := c.mainTable(v)
	mainID := *main.Associations[0].RouteTableAssociationId
	c.fails("InvalidParameterValue", "cannot disassociate the main route table association", "DisassociateRouteTable", "AssociationId", mainID)
	moved := *ok[gen.ReplaceRouteTableAssociationResult](c, "ReplaceRouteTableAssociation", "RouteTableId", one, "AssociationId", mainID).NewAssociationId
	if now := c.mainTable(v); *now.RouteTableId != one || *now.Associations[0].RouteTableAssociationId != moved {
		t.Errorf("the main table is %+v", now)
	}
	ok[gen.DeleteRouteTableResult](c, "DeleteRouteTable", "RouteTableId", *main.RouteTableId)
	ok[gen.DeleteRouteTableResult](c, "DeleteRouteTable", "RouteTableId", two)
	c.fails("DependencyViolation", "", "DeleteRouteTable", "RouteTableId", one)
}

func TestInternetGateways(t *testing.T) {
	c := newCloud(t)
	v, w := c.vpc("10.0.0.0/16"), c.vpc("10.1.0.0/16")
	g := c.gatewayOf(v)
	c.fails("Resource.AlreadyAssociated", "resource "+g+" is already attached to network "+v, "AttachInternetGateway", "InternetGatewayId", g, "VpcId", w)
	second := *ok[gen.CreateInternetGatewayResult](c, "CreateInternetGateway", "TagSpecification.1.ResourceType", "internet-gateway", "TagSpecification.1.Tag.1.Key", "Name").InternetGateway.InternetGatewayId
	c.fails("InvalidParameterValue", "Network "+v+" already has an internet gateway attached", "AttachInternetGateway", "InternetGatewayId", second, "VpcId", v)
	c.fails("Gateway.NotAttached", "resource "+second+" is not attached to network "+v, "DetachInternetGateway", "InternetGatewayId", second, "VpcId", v)
	s := c.subnetOf(v, "10.0.1.0/24")
	ok[gen.ModifySubnetAttributeResult](c, "ModifySubnetAttribute", "SubnetId", s, "MapPublicIpOnLaunch.Value", "true")
	i := c.running("SubnetId", s)
	c.fails("DependencyViolation", "Network "+v+" has some mapped public address(es)", "DetachInternetGateway", "InternetGatewayId", g, "VpcId", v)
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	ok[gen.DetachInternetGatewayResult](c, "DetachInternetGateway", "InternetGatewayId", g, "VpcId", v)
	ok[gen.AttachInternetGatewayResult](c, "AttachInternetGateway", "InternetGatewayId", g, "VpcId", w)
	e := ok[gen.CreateEgressOnlyInternetGatewayResult](c, "CreateEgressOnlyInternetGateway", "VpcId", v).EgressOnlyInternetGateway
	if *e.Attachments[0].State != "attached" || *e.Attachments[0].VpcId != v {
		t.Errorf("%+v", e)
	}
	if got := ok[gen.DescribeEgressOnlyInternetGatewaysResult](c, "DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGatewayId.1", *e.EgressOnlyInternetGatewayId).EgressOnlyInternetGateways; len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
