// Code generated from models/apis/ec2/2016-11-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package gen_test

import (
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/controlplane/wire/query"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
)

var table = map[string]func() (query.Decodable, xmlenc.Appender){
	"RunInstances": func() (query.Decodable, xmlenc.Appender) { return new(gen.RunInstancesRequest), new(gen.Reservation) },
	"DescribeInstances": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstancesRequest), new(gen.DescribeInstancesResult)
	},
	"DescribeInstanceStatus": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstanceStatusRequest), new(gen.DescribeInstanceStatusResult)
	},
	"StartInstances": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.StartInstancesRequest), new(gen.StartInstancesResult)
	},
	"StopInstances": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.StopInstancesRequest), new(gen.StopInstancesResult)
	},
	"RebootInstances": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.RebootInstancesRequest), new(gen.RebootInstancesResult)
	},
	"TerminateInstances": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.TerminateInstancesRequest), new(gen.TerminateInstancesResult)
	},
	"GetConsoleOutput": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetConsoleOutputRequest), new(gen.GetConsoleOutputResult)
	},
	"DescribeInstanceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstanceAttributeRequest), new(gen.InstanceAttribute)
	},
	"ModifyInstanceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyInstanceAttributeRequest), new(gen.ModifyInstanceAttributeResult)
	},
	"ResetInstanceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ResetInstanceAttributeRequest), new(gen.ResetInstanceAttributeResult)
	},
	"ModifyInstanceMetadataOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyInstanceMetadataOptionsRequest), new(gen.ModifyInstanceMetadataOptionsResult)
	},
	"ModifyPrivateDnsNameOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyPrivateDnsNameOptionsRequest), new(gen.ModifyPrivateDnsNameOptionsResult)
	},
	"DescribeInstanceTypes": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstanceTypesRequest), new(gen.DescribeInstanceTypesResult)
	},
	"DescribeInstanceTypeOfferings": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstanceTypeOfferingsRequest), new(gen.DescribeInstanceTypeOfferingsResult)
	},
	"DescribeInstanceCreditSpecifications": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInstanceCreditSpecificationsRequest), new(gen.DescribeInstanceCreditSpecificationsResult)
	},
	"GetInstanceUefiData": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetInstanceUefiDataRequest), new(gen.GetInstanceUefiDataResult)
	},
	"DescribeImages": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeImagesRequest), new(gen.DescribeImagesResult)
	},
	"DeregisterImage": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeregisterImageRequest), new(gen.DeregisterImageResult)
	},
	"DescribeImageAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeImageAttributeRequest), new(gen.ImageAttribute)
	},
	"ModifyImageAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyImageAttributeRequest), new(gen.ModifyImageAttributeResult)
	},
	"CreateKeyPair": func() (query.Decodable, xmlenc.Appender) { return new(gen.CreateKeyPairRequest), new(gen.KeyPair) },
	"ImportKeyPair": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ImportKeyPairRequest), new(gen.ImportKeyPairResult)
	},
	"DescribeKeyPairs": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeKeyPairsRequest), new(gen.DescribeKeyPairsResult)
	},
	"DeleteKeyPair": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteKeyPairRequest), new(gen.DeleteKeyPairResult)
	},
	"DescribeVpcs": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeVpcsRequest), new(gen.DescribeVpcsResult)
	},
	"DescribeVpcAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeVpcAttributeRequest), new(gen.DescribeVpcAttributeResult)
	},
	"DescribeSubnets": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeSubnetsRequest), new(gen.DescribeSubnetsResult)
	},
	"DescribeRouteTables": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeRouteTablesRequest), new(gen.DescribeRouteTablesResult)
	},
	"DescribeInternetGateways": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeInternetGatewaysRequest), new(gen.DescribeInternetGatewaysResult)
	},
	"DescribeNetworkInterfaces": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNetworkInterfacesRequest), new(gen.DescribeNetworkInterfacesResult)
	},
	"DescribeNetworkAcls": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNetworkAclsRequest), new(gen.DescribeNetworkAclsResult)
	},
	"DescribeDhcpOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeDhcpOptionsRequest), new(gen.DescribeDhcpOptionsResult)
	},
	"DescribeAddresses": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeAddressesRequest), new(gen.DescribeAddressesResult)
	},
	"DescribeAddressesAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeAddressesAttributeRequest), new(gen.DescribeAddressesAttributeResult)
	},
	"DescribeVolumes": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeVolumesRequest), new(gen.DescribeVolumesResult)
	},
	"DescribeAccountAttributes": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeAccountAttributesRequest), new(gen.DescribeAccountAttributesResult)
	},
	"CreateVpc": func() (query.Decodable, xmlenc.Appender) { return new(gen.CreateVpcRequest), new(gen.CreateVpcResult) },
	"DeleteVpc": func() (query.Decodable, xmlenc.Appender) { return new(gen.DeleteVpcRequest), new(gen.DeleteVpcResult) },
	"ModifyVpcAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyVpcAttributeRequest), new(gen.ModifyVpcAttributeResult)
	},
	"ModifyVpcTenancy": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyVpcTenancyRequest), new(gen.ModifyVpcTenancyResult)
	},
	"AssociateVpcCidrBlock": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AssociateVpcCidrBlockRequest), new(gen.AssociateVpcCidrBlockResult)
	},
	"DisassociateVpcCidrBlock": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DisassociateVpcCidrBlockRequest), new(gen.DisassociateVpcCidrBlockResult)
	},
	"CreateDefaultVpc": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateDefaultVpcRequest), new(gen.CreateDefaultVpcResult)
	},
	"CreateDefaultSubnet": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateDefaultSubnetRequest), new(gen.CreateDefaultSubnetResult)
	},
	"CreateSubnet": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateSubnetRequest), new(gen.CreateSubnetResult)
	},
	"DeleteSubnet": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteSubnetRequest), new(gen.DeleteSubnetResult)
	},
	"ModifySubnetAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifySubnetAttributeRequest), new(gen.ModifySubnetAttributeResult)
	},
	"CreateRouteTable": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateRouteTableRequest), new(gen.CreateRouteTableResult)
	},
	"DeleteRouteTable": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteRouteTableRequest), new(gen.DeleteRouteTableResult)
	},
	"AssociateRouteTable": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AssociateRouteTableRequest), new(gen.AssociateRouteTableResult)
	},
	"DisassociateRouteTable": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DisassociateRouteTableRequest), new(gen.DisassociateRouteTableResult)
	},
	"ReplaceRouteTableAssociation": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReplaceRouteTableAssociationRequest), new(gen.ReplaceRouteTableAssociationResult)
	},
	"CreateRoute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateRouteRequest), new(gen.CreateRouteResult)
	},
	"ReplaceRoute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReplaceRouteRequest), new(gen.ReplaceRouteResult)
	},
	"DeleteRoute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteRouteRequest), new(gen.DeleteRouteResult)
	},
	"CreateInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateInternetGatewayRequest), new(gen.CreateInternetGatewayResult)
	},
	"AttachInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AttachInternetGatewayRequest), new(gen.AttachInternetGatewayResult)
	},
	"DetachInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DetachInternetGatewayRequest), new(gen.DetachInternetGatewayResult)
	},
	"DeleteInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteInternetGatewayRequest), new(gen.DeleteInternetGatewayResult)
	},
	"CreateEgressOnlyInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateEgressOnlyInternetGatewayRequest), new(gen.CreateEgressOnlyInternetGatewayResult)
	},
	"DescribeEgressOnlyInternetGateways": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeEgressOnlyInternetGatewaysRequest), new(gen.DescribeEgressOnlyInternetGatewaysResult)
	},
	"DeleteEgressOnlyInternetGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteEgressOnlyInternetGatewayRequest), new(gen.DeleteEgressOnlyInternetGatewayResult)
	},
	"CreateNatGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateNatGatewayRequest), new(gen.CreateNatGatewayResult)
	},
	"DeleteNatGateway": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNatGatewayRequest), new(gen.DeleteNatGatewayResult)
	},
	"DescribeNatGateways": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNatGatewaysRequest), new(gen.DescribeNatGatewaysResult)
	},
	"AllocateAddress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AllocateAddressRequest), new(gen.AllocateAddressResult)
	},
	"AssociateAddress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AssociateAddressRequest), new(gen.AssociateAddressResult)
	},
	"DisassociateAddress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DisassociateAddressRequest), new(gen.DisassociateAddressResult)
	},
	"ReleaseAddress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReleaseAddressRequest), new(gen.ReleaseAddressResult)
	},
	"ModifyAddressAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyAddressAttributeRequest), new(gen.ModifyAddressAttributeResult)
	},
	"ResetAddressAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ResetAddressAttributeRequest), new(gen.ResetAddressAttributeResult)
	},
	"CreateVpcPeeringConnection": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateVpcPeeringConnectionRequest), new(gen.CreateVpcPeeringConnectionResult)
	},
	"AcceptVpcPeeringConnection": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AcceptVpcPeeringConnectionRequest), new(gen.AcceptVpcPeeringConnectionResult)
	},
	"RejectVpcPeeringConnection": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.RejectVpcPeeringConnectionRequest), new(gen.RejectVpcPeeringConnectionResult)
	},
	"DeleteVpcPeeringConnection": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteVpcPeeringConnectionRequest), new(gen.DeleteVpcPeeringConnectionResult)
	},
	"DescribeVpcPeeringConnections": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeVpcPeeringConnectionsRequest), new(gen.DescribeVpcPeeringConnectionsResult)
	},
	"ModifyVpcPeeringConnectionOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyVpcPeeringConnectionOptionsRequest), new(gen.ModifyVpcPeeringConnectionOptionsResult)
	},
	"DescribeStaleSecurityGroups": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeStaleSecurityGroupsRequest), new(gen.DescribeStaleSecurityGroupsResult)
	},
	"AllocateHosts": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AllocateHostsRequest), new(gen.AllocateHostsResult)
	},
	"ReleaseHosts": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReleaseHostsRequest), new(gen.ReleaseHostsResult)
	},
	"DescribeHosts": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeHostsRequest), new(gen.DescribeHostsResult)
	},
	"ModifyHosts": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyHostsRequest), new(gen.ModifyHostsResult)
	},
	"ModifyInstancePlacement": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyInstancePlacementRequest), new(gen.ModifyInstancePlacementResult)
	},
	"CreatePlacementGroup": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreatePlacementGroupRequest), new(gen.CreatePlacementGroupResult)
	},
	"DeletePlacementGroup": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeletePlacementGroupRequest), new(gen.DeletePlacementGroupResult)
	},
	"DescribePlacementGroups": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribePlacementGroupsRequest), new(gen.DescribePlacementGroupsResult)
	},
	"CreateCapacityReservation": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateCapacityReservationRequest), new(gen.CreateCapacityReservationResult)
	},
	"DescribeCapacityReservations": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeCapacityReservationsRequest), new(gen.DescribeCapacityReservationsResult)
	},
	"GetCapacityReservationUsage": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetCapacityReservationUsageRequest), new(gen.GetCapacityReservationUsageResult)
	},
	"ModifyCapacityReservation": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyCapacityReservationRequest), new(gen.ModifyCapacityReservationResult)
	},
	"CancelCapacityReservation": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CancelCapacityReservationRequest), new(gen.CancelCapacityReservationResult)
	},
	"ModifyInstanceCapacityReservationAttributes": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyInstanceCapacityReservationAttributesRequest), new(gen.ModifyInstanceCapacityReservationAttributesResult)
	},
	"CreateSecurityGroup": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateSecurityGroupRequest), new(gen.CreateSecurityGroupResult)
	},
	"DescribeSecurityGroups": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeSecurityGroupsRequest), new(gen.DescribeSecurityGroupsResult)
	},
	"DeleteSecurityGroup": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteSecurityGroupRequest), new(gen.DeleteSecurityGroupResult)
	},
	"AuthorizeSecurityGroupIngress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AuthorizeSecurityGroupIngressRequest), new(gen.AuthorizeSecurityGroupIngressResult)
	},
	"AuthorizeSecurityGroupEgress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AuthorizeSecurityGroupEgressRequest), new(gen.AuthorizeSecurityGroupEgressResult)
	},
	"RevokeSecurityGroupIngress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.RevokeSecurityGroupIngressRequest), new(gen.RevokeSecurityGroupIngressResult)
	},
	"RevokeSecurityGroupEgress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.RevokeSecurityGroupEgressRequest), new(gen.RevokeSecurityGroupEgressResult)
	},
	"DescribeSecurityGroupRules": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeSecurityGroupRulesRequest), new(gen.DescribeSecurityGroupRulesResult)
	},
	"ModifySecurityGroupRules": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifySecurityGroupRulesRequest), new(gen.ModifySecurityGroupRulesResult)
	},
	"UpdateSecurityGroupRuleDescriptionsIngress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.UpdateSecurityGroupRuleDescriptionsIngressRequest), new(gen.UpdateSecurityGroupRuleDescriptionsIngressResult)
	},
	"UpdateSecurityGroupRuleDescriptionsEgress": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.UpdateSecurityGroupRuleDescriptionsEgressRequest), new(gen.UpdateSecurityGroupRuleDescriptionsEgressResult)
	},
	"CreateNetworkInterface": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateNetworkInterfaceRequest), new(gen.CreateNetworkInterfaceResult)
	},
	"AttachNetworkInterface": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AttachNetworkInterfaceRequest), new(gen.AttachNetworkInterfaceResult)
	},
	"DetachNetworkInterface": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DetachNetworkInterfaceRequest), new(gen.DetachNetworkInterfaceResult)
	},
	"DeleteNetworkInterface": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNetworkInterfaceRequest), new(gen.DeleteNetworkInterfaceResult)
	},
	"ModifyNetworkInterfaceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyNetworkInterfaceAttributeRequest), new(gen.ModifyNetworkInterfaceAttributeResult)
	},
	"DescribeNetworkInterfaceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNetworkInterfaceAttributeRequest), new(gen.DescribeNetworkInterfaceAttributeResult)
	},
	"ResetNetworkInterfaceAttribute": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ResetNetworkInterfaceAttributeRequest), new(gen.ResetNetworkInterfaceAttributeResult)
	},
	"AssignPrivateIpAddresses": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AssignPrivateIpAddressesRequest), new(gen.AssignPrivateIpAddressesResult)
	},
	"UnassignPrivateIpAddresses": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.UnassignPrivateIpAddressesRequest), new(gen.UnassignPrivateIpAddressesResult)
	},
	"CreateNetworkAcl": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateNetworkAclRequest), new(gen.CreateNetworkAclResult)
	},
	"DeleteNetworkAcl": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNetworkAclRequest), new(gen.DeleteNetworkAclResult)
	},
	"CreateNetworkAclEntry": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateNetworkAclEntryRequest), new(gen.CreateNetworkAclEntryResult)
	},
	"ReplaceNetworkAclEntry": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReplaceNetworkAclEntryRequest), new(gen.ReplaceNetworkAclEntryResult)
	},
	"DeleteNetworkAclEntry": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNetworkAclEntryRequest), new(gen.DeleteNetworkAclEntryResult)
	},
	"ReplaceNetworkAclAssociation": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ReplaceNetworkAclAssociationRequest), new(gen.ReplaceNetworkAclAssociationResult)
	},
	"CreateDhcpOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateDhcpOptionsRequest), new(gen.CreateDhcpOptionsResult)
	},
	"DeleteDhcpOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteDhcpOptionsRequest), new(gen.DeleteDhcpOptionsResult)
	},
	"AssociateDhcpOptions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.AssociateDhcpOptionsRequest), new(gen.AssociateDhcpOptionsResult)
	},
	"DescribeSecurityGroupReferences": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeSecurityGroupReferencesRequest), new(gen.DescribeSecurityGroupReferencesResult)
	},
	"GetSecurityGroupsForVpc": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetSecurityGroupsForVpcRequest), new(gen.GetSecurityGroupsForVpcResult)
	},
	"CreateManagedPrefixList": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateManagedPrefixListRequest), new(gen.CreateManagedPrefixListResult)
	},
	"ModifyManagedPrefixList": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.ModifyManagedPrefixListRequest), new(gen.ModifyManagedPrefixListResult)
	},
	"DeleteManagedPrefixList": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteManagedPrefixListRequest), new(gen.DeleteManagedPrefixListResult)
	},
	"DescribeManagedPrefixLists": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeManagedPrefixListsRequest), new(gen.DescribeManagedPrefixListsResult)
	},
	"GetManagedPrefixListEntries": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetManagedPrefixListEntriesRequest), new(gen.GetManagedPrefixListEntriesResult)
	},
	"GetManagedPrefixListAssociations": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.GetManagedPrefixListAssociationsRequest), new(gen.GetManagedPrefixListAssociationsResult)
	},
	"RestoreManagedPrefixListVersion": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.RestoreManagedPrefixListVersionRequest), new(gen.RestoreManagedPrefixListVersionResult)
	},
	"DescribePrefixLists": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribePrefixListsRequest), new(gen.DescribePrefixListsResult)
	},
	"CreateFlowLogs": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateFlowLogsRequest), new(gen.CreateFlowLogsResult)
	},
	"DeleteFlowLogs": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteFlowLogsRequest), new(gen.DeleteFlowLogsResult)
	},
	"DescribeFlowLogs": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeFlowLogsRequest), new(gen.DescribeFlowLogsResult)
	},
	"CreateNetworkInsightsPath": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateNetworkInsightsPathRequest), new(gen.CreateNetworkInsightsPathResult)
	},
	"DeleteNetworkInsightsPath": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNetworkInsightsPathRequest), new(gen.DeleteNetworkInsightsPathResult)
	},
	"DescribeNetworkInsightsPaths": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNetworkInsightsPathsRequest), new(gen.DescribeNetworkInsightsPathsResult)
	},
	"StartNetworkInsightsAnalysis": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.StartNetworkInsightsAnalysisRequest), new(gen.StartNetworkInsightsAnalysisResult)
	},
	"DeleteNetworkInsightsAnalysis": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteNetworkInsightsAnalysisRequest), new(gen.DeleteNetworkInsightsAnalysisResult)
	},
	"DescribeNetworkInsightsAnalyses": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeNetworkInsightsAnalysesRequest), new(gen.DescribeNetworkInsightsAnalysesResult)
	},
	"CreateTags": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.CreateTagsRequest), new(gen.CreateTagsResult)
	},
	"DeleteTags": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DeleteTagsRequest), new(gen.DeleteTagsResult)
	},
	"DescribeTags": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeTagsRequest), new(gen.DescribeTagsResult)
	},
	"DescribeRegions": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeRegionsRequest), new(gen.DescribeRegionsResult)
	},
	"DescribeAvailabilityZones": func() (query.Decodable, xmlenc.Appender) {
		return new(gen.DescribeAvailabilityZonesRequest), new(gen.DescribeAvailabilityZonesResult)
	},
}
