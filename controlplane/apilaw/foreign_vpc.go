package apilaw

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// foreignVPC is the part of Foreign on VPCs, their routes and their gateways.
var foreignVPC = map[string][]string{
	"AllocateAddress": {}, "CreateDefaultSubnet": {}, "CreateDefaultVpc": {}, "CreateInternetGateway": {},

	"CreateVpc":                {"Unsupported CidrBlock=10.0.0.0/16&Ipv4IpamPoolId=ipam-pool-0123456789abcdef0"},
	"DeleteVpc":                {"InvalidVpcID.NotFound VpcId={vpc}"},
	"ModifyVpcAttribute":       {"InvalidVpcID.NotFound VpcId={vpc}&EnableDnsSupport.Value=false"},
	"ModifyVpcTenancy":         {"InvalidVpcID.NotFound VpcId={vpc}&InstanceTenancy=default"},
	"AssociateVpcCidrBlock":    {"InvalidVpcID.NotFound VpcId={vpc}&CidrBlock=100.64.0.0/16"},
	"DisassociateVpcCidrBlock": {"InvalidVpcCidrBlockAssociationID.NotFound AssociationId=vpc-cidr-{assoc}"},
	"CreateSubnet":             {"InvalidVpcID.NotFound VpcId={vpc}&CidrBlock=172.31.240.0/24"},
	"DeleteSubnet":             {"InvalidSubnetID.NotFound SubnetId={subnet}"},
	"ModifySubnetAttribute":    {"InvalidSubnetID.NotFound SubnetId={subnet}&MapPublicIpOnLaunch.Value=false"},

	"CreateRouteTable":             {"InvalidVpcID.NotFound VpcId={vpc}"},
	"DeleteRouteTable":             {"InvalidRouteTableID.NotFound RouteTableId={rtb}"},
	"AssociateRouteTable":          {"InvalidRouteTableID.NotFound RouteTableId={rtb}&SubnetId={own:subnet}", "InvalidSubnetID.NotFound RouteTableId={own:rtb}&SubnetId={subnet}"},
	"DisassociateRouteTable":       {"InvalidAssociationID.NotFound AssociationId={rtbassoc}"},
	"ReplaceRouteTableAssociation": {"InvalidAssociationID.NotFound AssociationId={rtbassoc}&RouteTableId={own:rtb}", "InvalidRouteTableID.NotFound AssociationId={own:rtbassoc}&RouteTableId={rtb}"},
	"CreateRoute":                  append(routesTo("RouteTableId={own:rtb}&DestinationCidrBlock=10.9.0.0/16"), "InvalidRouteTableID.NotFound RouteTableId={rtb}&DestinationCidrBlock=10.9.0.0/16&GatewayId={own:igw}"),
	"ReplaceRoute":                 append(routesTo("RouteTableId={own:rtb}&DestinationCidrBlock=0.0.0.0/0"), "InvalidRouteTableID.NotFound RouteTableId={rtb}&DestinationCidrBlock=0.0.0.0/0&GatewayId={own:igw}"),
	"DeleteRoute":                  {"InvalidRouteTableID.NotFound RouteTableId={rtb}&DestinationCidrBlock=0.0.0.0/0"},

	"AttachInternetGateway":              {"InvalidInternetGatewayID.NotFound InternetGatewayId={igw}&VpcId={own:vpc}", "InvalidVpcID.NotFound InternetGatewayId={own:igw}&VpcId={vpc}"},
	"DetachInternetGateway":              {"InvalidInternetGatewayID.NotFound InternetGatewayId={igw}&VpcId={own:vpc}", "InvalidVpcID.NotFound InternetGatewayId={own:igw}&VpcId={vpc}"},
	"DeleteInternetGateway":              {"InvalidInternetGatewayID.NotFound InternetGatewayId={igw}"},
	"CreateEgressOnlyInternetGateway":    {"InvalidVpcID.NotFound VpcId={vpc}"},
	"DescribeEgressOnlyInternetGateways": {"InvalidEgressOnlyInternetGatewayId.NotFound EgressOnlyInternetGatewayId.1={eigw}"},
	"DeleteEgressOnlyInternetGateway":    {"InvalidEgressOnlyInternetGatewayId.NotFound EgressOnlyInternetGatewayId={eigw}"},
}

func init() {
	maps.Copy(Foreign, foreignVPC)
	lists = append(lists, "DescribeEgressOnlyInternetGateways")
}

// routesTo are the requests of a route to each of the other account's things.
func routesTo(route string) (out []string) {
	for target, code := range map[string]string{
		"GatewayId={igw}": "InvalidGatewayID", "NetworkInterfaceId={eni}": "InvalidNetworkInterfaceID", "InstanceId={i}": "InvalidInstanceID",
	} {
		out = append(out, code+".NotFound "+route+"&"+target)
	}
	return out
}

var vpcName = regexp.MustCompile(`<vpcId>(vpc-[0-9a-f]+)</vpcId>`)

// network gives the first account what an account does not have from the start.
func (w World) network(t *testing.T) {
	t.Helper()
	vpc := vpcName.FindStringSubmatch(w.First("DescribeVpcs", url.Values{"Filter.1.Name": {"is-default"}, "Filter.1.Value.1": {"true"}}).Text)
	if vpc == nil {
		t.Fatal("no default VPC")
	}
	for _, x := range []struct{ action, form string }{
		{"CreateEgressOnlyInternetGateway", "VpcId=" + vpc[1]},
	} {
		form, err := url.ParseQuery(x.form)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.First(x.action, form); got.Status != http.StatusOK {
			t.Fatalf("%s: %s", x.action, got.Text)
		}
	}
}
