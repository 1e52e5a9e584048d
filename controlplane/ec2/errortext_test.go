package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/wire/gen"
)

// TestErrorTexts holds messages that people and tools go by against EC2's own, as its users
// have quoted them in public (issues of Terraform's AWS provider, Ansible, eksctl, Cilium, the
// AWS CLI), word by word.
func TestErrorTexts(t *testing.T) {
	c := newCloudOf(t, map[string]int{"elastic-ips-per-region": 2, "nat-gateways-per-zone": 0, "rules-per-security-group": 2, "vpcs-per-region": 3})
	v := c.vpc("10.0.0.0/16")
	s, table, second := c.subnetOf(v, "10.0.1.0/24"), c.tableOf(v), c.tableOf(v)
	gateway, group := c.gatewayOf(v), *ok[gen.CreateSecurityGroupResult](c, "CreateSecurityGroup", "GroupName", "web", "GroupDescription", "web", "VpcId", v).GroupId
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "0.0.0.0/0", "GatewayId", gateway)
	ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", table, "SubnetId", s)
	ssh := []string{"GroupId", group, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "22", "IpPermissions.1.ToPort", "22", "IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"}
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", ssh...)
	acl := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v).NetworkAcls[0]
	instance := c.running("SubnetId", s)
	primary := c.primaryOf(instance)
	eip, ip := c.newAddress()
	bound := *ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", eip, "NetworkInterfaceId", primary.ID).AssociationId
	free, _ := c.newAddress()
	main := ""
	for _, x := range ok[gen.DescribeRouteTablesResult](c, "DescribeRouteTables", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", v, "Filter.2.Name", "association.main", "Filter.2.Value.1", "true").RouteTables[0].Associations {
		main = *x.RouteTableAssociationId
	}
	const none = "0123456789abcdef0"
	elsewhere := c.vpc("10.9.0.0/16")
	third := *c.eni(s).NetworkInterfaceId
	ok[gen.AttachNetworkInterfaceResult](c, "AttachNetworkInterface", "NetworkInterfaceId", third, "InstanceId", instance, "DeviceIndex", "1")
	spare := *c.eni(s).NetworkInterfaceId
	for _, tt := range []struct {
		want   string
		action string
		params []string
	}{
		{"VpcLimitExceeded: The maximum number of VPCs has been reached.", "CreateVpc", []string{"CidrBlock", "10.8.0.0/16"}},
		{"AddressLimitExceeded: The maximum number of addresses has been reached.", "AllocateAddress", nil},
		{"NatGatewayLimitExceeded: The maximum number of NAT Gateways has been reached.", "CreateNatGateway", []string{"SubnetId", s, "AllocationId", free}},
		{"RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.", "AuthorizeSecurityGroupIngress",
			[]string{"GroupId", group, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "80", "IpPermissions.1.ToPort", "80", "IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8", "IpPermissions.1.IpRanges.2.CidrIp", "10.0.0.0/9"}},
		{"InvalidSubnet.Conflict: The CIDR '10.0.1.0/25' conflicts with another subnet", "CreateSubnet", []string{"VpcId", v, "CidrBlock", "10.0.1.0/25"}},
		{"InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid.", "CreateSubnet", []string{"VpcId", v, "CidrBlock", "10.1.0.0/24"}},
		{"InvalidGroup.Duplicate: The security group 'web' already exists for VPC '" + v + "'", "CreateSecurityGroup", []string{"GroupName", "web", "GroupDescription", "web", "VpcId", v}},
		{"InvalidPermission.Duplicate: the specified rule \"peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW\" already exists", "AuthorizeSecurityGroupIngress", ssh},
		{"DependencyViolation: The vpc '" + v + "' has dependencies and cannot be deleted.", "DeleteVpc", []string{"VpcId", v}},
		{"DependencyViolation: The subnet '" + s + "' has dependencies and cannot be deleted.", "DeleteSubnet", []string{"SubnetId", s}},
		{"DependencyViolation: Network " + v + " has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", "DetachInternetGateway", []string{"InternetGatewayId", gateway, "VpcId", v}},
		{"RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.", "CreateRoute", []string{"RouteTableId", table, "DestinationCidrBlock", "0.0.0.0/0", "GatewayId", gateway}},
		{"InvalidRoute.NotFound: no route with destination-cidr-block 1.0.0.0/8 in route table " + table, "DeleteRoute", []string{"RouteTableId", table, "DestinationCidrBlock", "1.0.0.0/8"}},
		{"InvalidGatewayID.NotFound: The gateway ID 'igw-" + none + "' does not exist", "CreateRoute", []string{"RouteTableId", table, "DestinationCidrBlock", "1.0.0.0/8", "GatewayId", "igw-" + none}},
		{"Resource.AlreadyAssociated: the specified association for route table " + second + " conflicts with an existing association", "AssociateRouteTable", []string{"RouteTableId", second, "SubnetId", s}},
		{"InvalidParameterValue: cannot disassociate the main route table association " + main, "DisassociateRouteTable", []string{"AssociationId", main}},
		{"NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists.", "CreateNetworkAclEntry",
			[]string{"NetworkAclId", *acl.NetworkAclId, "RuleNumber", "100", "Egress", "false", "Protocol", "-1", "RuleAction", "allow", "CidrBlock", "0.0.0.0/0"}},
		{"InvalidNetworkAclEntry.NotFound: no ingress entry with number 120 in network acl " + *acl.NetworkAclId, "DeleteNetworkAclEntry", []string{"NetworkAclId", *acl.NetworkAclId, "RuleNumber", "120", "Egress", "false"}},
		{"Resource.AlreadyAssociated: resource " + eip + " is already associated with associate-id " + bound, "AssociateAddress", []string{"AllocationId", eip, "NetworkInterfaceId", third, "AllowReassociation", "false"}},
		{"Resource.AlreadyAssociated: resource " + primary.ID + " and " + primary.PrivateIP.String() + " is already associated with public address " + ip, "AssociateAddress", []string{"AllocationId", free, "NetworkInterfaceId", primary.ID, "AllowReassociation", "false"}},
		{"Gateway.NotAttached: Network " + elsewhere + " is not attached to any internet gateway", "AssociateAddress", []string{"AllocationId", free, "NetworkInterfaceId", *c.eni(c.subnetOf(elsewhere, "10.9.1.0/24")).NetworkInterfaceId}},
		{"InvalidParameterValue: Network " + v + " already has an internet gateway attached", "AttachInternetGateway", []string{"InternetGatewayId", *ok[gen.CreateInternetGatewayResult](c, "CreateInternetGateway").InternetGateway.InternetGatewayId, "VpcId", v}},
		{"InvalidIPAddress.InUse: The specified address is already in use.", "CreateNetworkInterface", []string{"SubnetId", s, "PrivateIpAddress", primary.PrivateIP.String()}},
		{"InvalidIPAddress.InUse: Address " + primary.PrivateIP.String() + " is in use.", "RunInstances", c.launch("SubnetId", s, "PrivateIpAddress", primary.PrivateIP.String())},
		{"InvalidParameterValue: Address 10.7.0.9 does not fall within the subnet's address range", "CreateNetworkInterface", []string{"SubnetId", s, "PrivateIpAddress", "10.7.0.9"}},
		{"InvalidParameterValue: [" + primary.PrivateIP.String() + "] assigned, but move is not allowed.", "AssignPrivateIpAddresses", []string{"NetworkInterfaceId", spare, "PrivateIpAddress.1", primary.PrivateIP.String()}},
		{"InvalidParameterValue: Network interface '" + third + "' is currently in use.", "DeleteNetworkInterface", []string{"NetworkInterfaceId", third}},
		{"InvalidNetworkInterface.InUse: Interface: [" + third + "] in use.", "AttachNetworkInterface", []string{"NetworkInterfaceId", third, "InstanceId", instance, "DeviceIndex", "1"}},
		{"InvalidParameterValue: Instance '" + instance + "' already has an interface attached at device index '1'.", "AttachNetworkInterface", []string{"NetworkInterfaceId", spare, "InstanceId", instance, "DeviceIndex", "1"}},
		{"AttachmentLimitExceeded: Interface count 3 exceeds the limit for t3.micro", "AttachNetworkInterface", []string{"NetworkInterfaceId", spare, "InstanceId", instance, "DeviceIndex", "2"}},
		{"OperationNotPermitted: The network interface at device index 0 and networkCard index 0 cannot be detached.", "DetachNetworkInterface", []string{"AttachmentId", primary.AttachmentID}},
	} {
		_, _, err := c.raw(tt.action, tt.params...)
		if err == nil || strings.TrimSpace(err.Error()) != tt.want {
			t.Errorf("%s %q:\n got %v\nwant %s", tt.action, tt.params, err, tt.want)
		}
	}
}
