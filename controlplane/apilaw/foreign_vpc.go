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
	"CreateNatGateway":                   {"InvalidSubnetID.NotFound SubnetId={subnet}&ConnectivityType=private", "InvalidAllocationID.NotFound SubnetId={own:subnet}&AllocationId={eipalloc}"},
	"DeleteNatGateway":                   {"NatGatewayNotFound NatGatewayId={nat}"},
	"DescribeNatGateways":                {"NatGatewayNotFound NatGatewayId.1={nat}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"AssociateAddress":                   {"InvalidAllocationID.NotFound AllocationId={eipalloc}&InstanceId={own:i}", "InvalidInstanceID.NotFound AllocationId={own:eipalloc}&InstanceId={i}", "InvalidNetworkInterfaceID.NotFound AllocationId={own:eipalloc}&NetworkInterfaceId={eni}"},
	"DisassociateAddress":                {"InvalidAssociationID.NotFound AssociationId={eipassoc}"},
	"ReleaseAddress":                     {"InvalidAllocationID.NotFound AllocationId={eipalloc}"},
	"ModifyAddressAttribute":             {"InvalidAllocationID.NotFound AllocationId={eipalloc}&DomainName=mail.example.com"},
	"ResetAddressAttribute":              {"InvalidAllocationID.NotFound AllocationId={eipalloc}&Attribute=domain-name"},
	"DescribeAddresses":                  {"InvalidAllocationID.NotFound AllocationId.1={eipalloc}", "OK Filter.1.Name=allocation-id&Filter.1.Value.1={eipalloc}"},
	"DescribeAddressesAttribute":         {"InvalidAllocationID.NotFound AllocationId.1={eipalloc}&Attribute=domain-name"},

	"CreateVpcPeeringConnection":        {"InvalidVpcID.NotFound VpcId={vpc}&PeerVpcId={own:vpc}", "InvalidVpcID.NotFound VpcId={own:vpc}&PeerVpcId={vpc}"},
	"AcceptVpcPeeringConnection":        {"InvalidVpcPeeringConnectionID.NotFound VpcPeeringConnectionId={pcx}"},
	"RejectVpcPeeringConnection":        {"InvalidVpcPeeringConnectionID.NotFound VpcPeeringConnectionId={pcx}"},
	"DeleteVpcPeeringConnection":        {"InvalidVpcPeeringConnectionID.NotFound VpcPeeringConnectionId={pcx}"},
	"DescribeVpcPeeringConnections":     {"InvalidVpcPeeringConnectionID.NotFound VpcPeeringConnectionId.1={pcx}", "OK Filter.1.Name=requester-vpc-info.vpc-id&Filter.1.Value.1={vpc}"},
	"ModifyVpcPeeringConnectionOptions": {"InvalidVpcPeeringConnectionID.NotFound VpcPeeringConnectionId={pcx}&RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc=true"},

	"DeleteEgressOnlyInternetGateway": {"InvalidEgressOnlyInternetGatewayId.NotFound EgressOnlyInternetGatewayId={eigw}"},
}

func init() {
	maps.Copy(Foreign, foreignVPC)
	for name, tag := range map[string]string{"CreateTags": "&Tag.1.Key=mine&Tag.1.Value=now", "DeleteTags": "&Tag.1.Key=Name"} {
		for prefix, code := range map[string]string{"eipalloc": "InvalidAllocationID.NotFound", "nat": "NatGatewayNotFound", "pcx": "InvalidVpcPeeringConnectionID.NotFound"} {
			Foreign[name] = append(Foreign[name], code+" ResourceId.1={"+prefix+"}"+tag)
		}
	}
	lists = append(lists, "DescribeEgressOnlyInternetGateways", "DescribeAddresses", "DescribeNatGateways", "DescribeVpcPeeringConnections")
}

// routesTo are the requests of a route to each of the other account's things.
func routesTo(route string) (out []string) {
	for target, code := range map[string]string{
		"NatGatewayId={nat}": "InvalidNatGatewayID", "VpcPeeringConnectionId={pcx}": "InvalidVpcPeeringConnectionID",
		"GatewayId={igw}": "InvalidGatewayID", "NetworkInterfaceId={eni}": "InvalidNetworkInterfaceID", "InstanceId={i}": "InvalidInstanceID",
	} {
		out = append(out, code+".NotFound "+route+"&"+target)
	}
	return out
}

// idIn finds an id of a prefix in an answer.
func idIn(t *testing.T, prefix string, got Answer) string {
	t.Helper()
	id := regexp.MustCompile(`\b` + prefix + `-[0-9a-f]{17}\b`).FindString(got.Text)
	if got.Status != http.StatusOK || id == "" {
		t.Fatalf("no %s: %s", prefix, got.Text)
	}
	return id
}

// network gives the first account what an account does not have from the start, and the
// second an Elastic IP.
func (w World) network(t *testing.T) {
	t.Helper()
	usual := url.Values{"Filter.1.Name": {"is-default"}, "Filter.1.Value.1": {"true"}}
	zonal := url.Values{"Filter.1.Name": {"default-for-az"}, "Filter.1.Value.1": {"true"}}
	vpc, subnet := idIn(t, "vpc", w.First("DescribeVpcs", usual)), idIn(t, "subnet", w.First("DescribeSubnets", zonal))
	idIn(t, "eigw", w.First("CreateEgressOnlyInternetGateway", url.Values{"VpcId": {vpc}}))
	address := idIn(t, "eipalloc", w.First("AllocateAddress", url.Values{}))
	idIn(t, "nat", w.First("CreateNatGateway", url.Values{"SubnetId": {subnet}, "AllocationId": {address}}))
	table := idIn(t, "rtb", w.First("CreateRouteTable", url.Values{"VpcId": {vpc}}))
	idIn(t, "rtbassoc", w.First("AssociateRouteTable", url.Values{"RouteTableId": {table}, "SubnetId": {subnet}}))
	peer := idIn(t, "vpc", w.First("CreateVpc", url.Values{"CidrBlock": {"10.77.0.0/16"}}))
	idIn(t, "pcx", w.First("CreateVpcPeeringConnection", url.Values{"VpcId": {vpc}, "PeerVpcId": {peer}}))
	idIn(t, "eipalloc", w.Second("AllocateAddress", url.Values{}))
}
