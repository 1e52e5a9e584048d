// Code generated from models/apis/ec2/2016-11-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package gen

import "github.com/micacloud/mica/controlplane/wire/query"

// DecodeQuery implements query.Decodable.
func (v *AcceptVpcPeeringConnectionRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcPeeringConnectionId != nil, n, "VpcPeeringConnectionId")
}

// DecodeQuery implements query.Decodable.
func (v *AddPrefixListEntry) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Cidr":
			v.Cidr = d.String(k)
		case "Description":
			v.Description = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Cidr != nil, n, "Cidr")
}

// DecodeQuery implements query.Decodable.
func (v *AllocateAddressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Domain":
			v.Domain = d.Enum(k, valuesDomainType)
		case "Address":
			v.Address = d.String(k)
		case "PublicIpv4Pool":
			v.PublicIpv4Pool = d.String(k)
		case "NetworkBorderGroup":
			v.NetworkBorderGroup = d.String(k)
		case "CustomerOwnedIpv4Pool":
			v.CustomerOwnedIpv4Pool = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *AllocateHostsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AutoPlacement":
			v.AutoPlacement = d.Enum(k, valuesAutoPlacement)
		case "AvailabilityZone":
			v.AvailabilityZone = d.String(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "InstanceType":
			v.InstanceType = d.String(k)
		case "InstanceFamily":
			v.InstanceFamily = d.String(k)
		case "Quantity":
			v.Quantity = d.Int(k, 32)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "HostRecovery":
			v.HostRecovery = d.Enum(k, valuesHostRecovery)
		case "OutpostArn":
			v.OutpostArn = d.String(k)
		case "HostMaintenance":
			v.HostMaintenance = d.Enum(k, valuesHostMaintenance)
		case "AssetId":
			v.AssetIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.AssetIds = append(v.AssetIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AvailabilityZone != nil, n, "AvailabilityZone")
}

// DecodeQuery implements query.Decodable.
func (v *AssignPrivateIpAddressesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllowReassignment":
			v.AllowReassignment = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "PrivateIpAddress":
			v.PrivateIpAddresses = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.PrivateIpAddresses = append(v.PrivateIpAddresses, *e)
				}
			}
		case "SecondaryPrivateIpAddressCount":
			v.SecondaryPrivateIpAddressCount = d.Int(k, 32)
		case "Ipv4Prefix":
			v.Ipv4Prefixes = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Ipv4Prefixes = append(v.Ipv4Prefixes, *e)
				}
			}
		case "Ipv4PrefixCount":
			v.Ipv4PrefixCount = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *AssociateAddressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationId = d.String(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "PublicIp":
			v.PublicIp = d.String(k)
		case "AllowReassociation":
			v.AllowReassociation = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *AssociateDhcpOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DhcpOptionsId":
			v.DhcpOptionsId = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.DhcpOptionsId != nil, n, "DhcpOptionsId")
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *AssociateRouteTableRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "GatewayId":
			v.GatewayId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *AssociateVpcCidrBlockRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AmazonProvidedIpv6CidrBlock":
			v.AmazonProvidedIpv6CidrBlock = d.Bool(k)
		case "CidrBlock":
			v.CidrBlock = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "Ipv6CidrBlockNetworkBorderGroup":
			v.Ipv6CidrBlockNetworkBorderGroup = d.String(k)
		case "Ipv6Pool":
			v.Ipv6Pool = d.String(k)
		case "Ipv6CidrBlock":
			v.Ipv6CidrBlock = d.String(k)
		case "Ipv4IpamPoolId":
			v.Ipv4IpamPoolId = d.String(k)
		case "Ipv4NetmaskLength":
			v.Ipv4NetmaskLength = d.Int(k, 32)
		case "Ipv6IpamPoolId":
			v.Ipv6IpamPoolId = d.String(k)
		case "Ipv6NetmaskLength":
			v.Ipv6NetmaskLength = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *AttachInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InternetGatewayId":
			v.InternetGatewayId = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InternetGatewayId != nil, n, "InternetGatewayId")
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *AttachNetworkInterfaceRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DeviceIndex":
			v.DeviceIndex = d.Int(k, 32)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "NetworkCardIndex":
			v.NetworkCardIndex = d.Int(k, 32)
		case "EnaSrdSpecification":
			v.EnaSrdSpecification = new(EnaSrdSpecification)
			v.EnaSrdSpecification.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.DeviceIndex != nil, n, "DeviceIndex")
	d.Require(v.InstanceId != nil, n, "InstanceId")
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *AttributeBooleanValue) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Value":
			v.Value = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *AttributeValue) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Value":
			v.Value = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *AuthorizeSecurityGroupEgressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupId":
			v.GroupId = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "CidrIp":
			v.CidrIp = d.String(k)
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "SourceSecurityGroupName":
			v.SourceSecurityGroupName = d.String(k)
		case "SourceSecurityGroupOwnerId":
			v.SourceSecurityGroupOwnerId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.GroupId != nil, n, "GroupId")
}

// DecodeQuery implements query.Decodable.
func (v *AuthorizeSecurityGroupIngressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrIp":
			v.CidrIp = d.String(k)
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "SourceSecurityGroupName":
			v.SourceSecurityGroupName = d.String(k)
		case "SourceSecurityGroupOwnerId":
			v.SourceSecurityGroupOwnerId = d.String(k)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *BlobAttributeValue) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Value":
			v.Value = d.Blob(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *BlockDeviceMapping) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DeviceName":
			v.DeviceName = d.String(k)
		case "VirtualName":
			v.VirtualName = d.String(k)
		case "Ebs":
			v.Ebs = new(EbsBlockDevice)
			v.Ebs.DecodeQuery(d, k)
		case "NoDevice":
			v.NoDevice = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CancelCapacityReservationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationId":
			v.CapacityReservationId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.CapacityReservationId != nil, n, "CapacityReservationId")
}

// DecodeQuery implements query.Decodable.
func (v *CapacityReservationSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationPreference":
			v.CapacityReservationPreference = d.Enum(k, valuesCapacityReservationPreference)
		case "CapacityReservationTarget":
			v.CapacityReservationTarget = new(CapacityReservationTarget)
			v.CapacityReservationTarget.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CapacityReservationTarget) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationId":
			v.CapacityReservationId = d.String(k)
		case "CapacityReservationResourceGroupArn":
			v.CapacityReservationResourceGroupArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ConnectionTrackingSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "TcpEstablishedTimeout":
			v.TcpEstablishedTimeout = d.Int(k, 32)
		case "UdpStreamTimeout":
			v.UdpStreamTimeout = d.Int(k, 32)
		case "UdpTimeout":
			v.UdpTimeout = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CpuOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CoreCount":
			v.CoreCount = d.Int(k, 32)
		case "ThreadsPerCore":
			v.ThreadsPerCore = d.Int(k, 32)
		case "AmdSevSnp":
			v.AmdSevSnp = d.Enum(k, valuesAmdSevSnpSpecification)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CreateCapacityReservationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "InstanceType":
			v.InstanceType = d.String(k)
		case "InstancePlatform":
			v.InstancePlatform = d.Enum(k, valuesCapacityReservationInstancePlatform)
		case "AvailabilityZone":
			v.AvailabilityZone = d.String(k)
		case "AvailabilityZoneId":
			v.AvailabilityZoneId = d.String(k)
		case "Tenancy":
			v.Tenancy = d.Enum(k, valuesCapacityReservationTenancy)
		case "InstanceCount":
			v.InstanceCount = d.Int(k, 32)
		case "EbsOptimized":
			v.EbsOptimized = d.Bool(k)
		case "EphemeralStorage":
			v.EphemeralStorage = d.Bool(k)
		case "EndDate":
			v.EndDate = d.Time(k)
		case "EndDateType":
			v.EndDateType = d.Enum(k, valuesEndDateType)
		case "InstanceMatchCriteria":
			v.InstanceMatchCriteria = d.Enum(k, valuesInstanceMatchCriteria)
		case "TagSpecifications":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "OutpostArn":
			v.OutpostArn = d.String(k)
		case "PlacementGroupArn":
			v.PlacementGroupArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceType != nil, n, "InstanceType")
	d.Require(v.InstancePlatform != nil, n, "InstancePlatform")
	d.Require(v.InstanceCount != nil, n, "InstanceCount")
}

// DecodeQuery implements query.Decodable.
func (v *CreateDefaultSubnetRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AvailabilityZone":
			v.AvailabilityZone = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Ipv6Native":
			v.Ipv6Native = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AvailabilityZone != nil, n, "AvailabilityZone")
}

// DecodeQuery implements query.Decodable.
func (v *CreateDefaultVpcRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CreateDhcpOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DhcpConfiguration":
			v.DhcpConfigurations = []*NewDhcpConfiguration{}
			for _, k := range d.Items(k, "") {
				e := new(NewDhcpConfiguration)
				e.DecodeQuery(d, k)
				v.DhcpConfigurations = append(v.DhcpConfigurations, e)
			}
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.DhcpConfigurations) > 0, n, "DhcpConfiguration")
}

// DecodeQuery implements query.Decodable.
func (v *CreateEgressOnlyInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateFlowLogsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "DeliverLogsPermissionArn":
			v.DeliverLogsPermissionArn = d.String(k)
		case "DeliverCrossAccountRole":
			v.DeliverCrossAccountRole = d.String(k)
		case "LogGroupName":
			v.LogGroupName = d.String(k)
		case "ResourceId":
			v.ResourceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ResourceIds = append(v.ResourceIds, *e)
				}
			}
		case "ResourceType":
			v.ResourceType = d.Enum(k, valuesFlowLogsResourceType)
		case "TrafficType":
			v.TrafficType = d.Enum(k, valuesTrafficType)
		case "LogDestinationType":
			v.LogDestinationType = d.Enum(k, valuesLogDestinationType)
		case "LogDestination":
			v.LogDestination = d.String(k)
		case "LogFormat":
			v.LogFormat = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "MaxAggregationInterval":
			v.MaxAggregationInterval = d.Int(k, 32)
		case "DestinationOptions":
			v.DestinationOptions = new(DestinationOptionsRequest)
			v.DestinationOptions.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.ResourceIds) > 0, n, "ResourceId")
	d.Require(v.ResourceType != nil, n, "ResourceType")
}

// DecodeQuery implements query.Decodable.
func (v *CreateInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CreateKeyPairRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "KeyName":
			v.KeyName = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "KeyType":
			v.KeyType = d.Enum(k, valuesKeyType)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "KeyFormat":
			v.KeyFormat = d.Enum(k, valuesKeyFormat)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.KeyName != nil, n, "KeyName")
}

// DecodeQuery implements query.Decodable.
func (v *CreateManagedPrefixListRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListName":
			v.PrefixListName = d.String(k)
		case "Entry":
			v.Entries = []*AddPrefixListEntry{}
			for _, k := range d.Items(k, "") {
				e := new(AddPrefixListEntry)
				e.DecodeQuery(d, k)
				v.Entries = append(v.Entries, e)
			}
			d.Count(k, len(v.Entries), 0, 100)
		case "MaxEntries":
			v.MaxEntries = d.Int(k, 32)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "AddressFamily":
			v.AddressFamily = d.String(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListName != nil, n, "PrefixListName")
	d.Require(v.MaxEntries != nil, n, "MaxEntries")
	d.Require(v.AddressFamily != nil, n, "AddressFamily")
}

// DecodeQuery implements query.Decodable.
func (v *CreateNatGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationId = d.String(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "ConnectivityType":
			v.ConnectivityType = d.Enum(k, valuesConnectivityType)
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		case "SecondaryAllocationId":
			v.SecondaryAllocationIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecondaryAllocationIds = append(v.SecondaryAllocationIds, *e)
				}
			}
		case "SecondaryPrivateIpAddress":
			v.SecondaryPrivateIpAddresses = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecondaryPrivateIpAddresses = append(v.SecondaryPrivateIpAddresses, *e)
				}
			}
		case "SecondaryPrivateIpAddressCount":
			v.SecondaryPrivateIpAddressCount = d.Int(k, 32)
			d.InRange(k, v.SecondaryPrivateIpAddressCount, 1, 31)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.SubnetId != nil, n, "SubnetId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateNetworkAclEntryRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrBlock":
			v.CidrBlock = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Egress":
			v.Egress = d.Bool(k)
		case "Icmp":
			v.IcmpTypeCode = new(IcmpTypeCode)
			v.IcmpTypeCode.DecodeQuery(d, k)
		case "Ipv6CidrBlock":
			v.Ipv6CidrBlock = d.String(k)
		case "NetworkAclId":
			v.NetworkAclId = d.String(k)
		case "PortRange":
			v.PortRange = new(PortRange)
			v.PortRange.DecodeQuery(d, k)
		case "Protocol":
			v.Protocol = d.String(k)
		case "RuleAction":
			v.RuleAction = d.Enum(k, valuesRuleAction)
		case "RuleNumber":
			v.RuleNumber = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Egress != nil, n, "Egress")
	d.Require(v.NetworkAclId != nil, n, "NetworkAclId")
	d.Require(v.Protocol != nil, n, "Protocol")
	d.Require(v.RuleAction != nil, n, "RuleAction")
	d.Require(v.RuleNumber != nil, n, "RuleNumber")
}

// DecodeQuery implements query.Decodable.
func (v *CreateNetworkAclRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "ClientToken":
			v.ClientToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateNetworkInsightsPathRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SourceIp":
			v.SourceIp = d.String(k)
			d.Length(k, v.SourceIp, 0, 15)
		case "DestinationIp":
			v.DestinationIp = d.String(k)
			d.Length(k, v.DestinationIp, 0, 15)
		case "Source":
			v.Source = d.String(k)
		case "Destination":
			v.Destination = d.String(k)
		case "Protocol":
			v.Protocol = d.Enum(k, valuesProtocol)
		case "DestinationPort":
			v.DestinationPort = d.Int(k, 32)
			d.InRange(k, v.DestinationPort, 0, 65535)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "FilterAtSource":
			v.FilterAtSource = new(PathRequestFilter)
			v.FilterAtSource.DecodeQuery(d, k)
		case "FilterAtDestination":
			v.FilterAtDestination = new(PathRequestFilter)
			v.FilterAtDestination.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Source != nil, n, "Source")
	d.Require(v.Protocol != nil, n, "Protocol")
	d.Require(v.ClientToken != nil, n, "ClientToken")
}

// DecodeQuery implements query.Decodable.
func (v *CreateNetworkInterfaceRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Description":
			v.Description = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "SecurityGroupId":
			v.Groups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Groups = append(v.Groups, *e)
				}
			}
		case "Ipv6AddressCount":
			v.Ipv6AddressCount = d.Int(k, 32)
		case "Ipv6Addresses":
			v.Ipv6Addresses = []*InstanceIpv6Address{}
			for _, k := range d.Items(k, "") {
				e := new(InstanceIpv6Address)
				e.DecodeQuery(d, k)
				v.Ipv6Addresses = append(v.Ipv6Addresses, e)
			}
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		case "PrivateIpAddresses":
			v.PrivateIpAddresses = []*PrivateIpAddressSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(PrivateIpAddressSpecification)
				e.DecodeQuery(d, k)
				v.PrivateIpAddresses = append(v.PrivateIpAddresses, e)
			}
		case "SecondaryPrivateIpAddressCount":
			v.SecondaryPrivateIpAddressCount = d.Int(k, 32)
		case "Ipv4Prefix":
			v.Ipv4Prefixes = []*Ipv4PrefixSpecificationRequest{}
			for _, k := range d.Items(k, "") {
				e := new(Ipv4PrefixSpecificationRequest)
				e.DecodeQuery(d, k)
				v.Ipv4Prefixes = append(v.Ipv4Prefixes, e)
			}
		case "Ipv4PrefixCount":
			v.Ipv4PrefixCount = d.Int(k, 32)
		case "Ipv6Prefix":
			v.Ipv6Prefixes = []*Ipv6PrefixSpecificationRequest{}
			for _, k := range d.Items(k, "") {
				e := new(Ipv6PrefixSpecificationRequest)
				e.DecodeQuery(d, k)
				v.Ipv6Prefixes = append(v.Ipv6Prefixes, e)
			}
		case "Ipv6PrefixCount":
			v.Ipv6PrefixCount = d.Int(k, 32)
		case "InterfaceType":
			v.InterfaceType = d.Enum(k, valuesNetworkInterfaceCreationType)
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "EnablePrimaryIpv6":
			v.EnablePrimaryIpv6 = d.Bool(k)
		case "ConnectionTrackingSpecification":
			v.ConnectionTrackingSpecification = new(ConnectionTrackingSpecificationRequest)
			v.ConnectionTrackingSpecification.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.SubnetId != nil, n, "SubnetId")
}

// DecodeQuery implements query.Decodable.
func (v *CreatePlacementGroupRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "Strategy":
			v.Strategy = d.Enum(k, valuesPlacementStrategy)
		case "PartitionCount":
			v.PartitionCount = d.Int(k, 32)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "SpreadLevel":
			v.SpreadLevel = d.Enum(k, valuesSpreadLevel)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CreateRouteRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DestinationCidrBlock":
			v.DestinationCidrBlock = d.String(k)
		case "DestinationIpv6CidrBlock":
			v.DestinationIpv6CidrBlock = d.String(k)
		case "DestinationPrefixListId":
			v.DestinationPrefixListId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcEndpointId":
			v.VpcEndpointId = d.String(k)
		case "EgressOnlyInternetGatewayId":
			v.EgressOnlyInternetGatewayId = d.String(k)
		case "GatewayId":
			v.GatewayId = d.String(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "NatGatewayId":
			v.NatGatewayId = d.String(k)
		case "TransitGatewayId":
			v.TransitGatewayId = d.String(k)
		case "LocalGatewayId":
			v.LocalGatewayId = d.String(k)
		case "CarrierGatewayId":
			v.CarrierGatewayId = d.String(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		case "CoreNetworkArn":
			v.CoreNetworkArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateRouteTableRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "ClientToken":
			v.ClientToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateSecurityGroupRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "GroupDescription":
			v.Description = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Description != nil, n, "GroupDescription")
	d.Require(v.GroupName != nil, n, "GroupName")
}

// DecodeQuery implements query.Decodable.
func (v *CreateSubnetRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "AvailabilityZone":
			v.AvailabilityZone = d.String(k)
		case "AvailabilityZoneId":
			v.AvailabilityZoneId = d.String(k)
		case "CidrBlock":
			v.CidrBlock = d.String(k)
		case "Ipv6CidrBlock":
			v.Ipv6CidrBlock = d.String(k)
		case "OutpostArn":
			v.OutpostArn = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Ipv6Native":
			v.Ipv6Native = d.Bool(k)
		case "Ipv4IpamPoolId":
			v.Ipv4IpamPoolId = d.String(k)
		case "Ipv4NetmaskLength":
			v.Ipv4NetmaskLength = d.Int(k, 32)
		case "Ipv6IpamPoolId":
			v.Ipv6IpamPoolId = d.String(k)
		case "Ipv6NetmaskLength":
			v.Ipv6NetmaskLength = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateTagsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "ResourceId":
			v.Resources = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Resources = append(v.Resources, *e)
				}
			}
		case "Tag":
			v.Tags = []*Tag{}
			for _, k := range d.Items(k, "") {
				e := new(Tag)
				e.DecodeQuery(d, k)
				v.Tags = append(v.Tags, e)
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.Resources) > 0, n, "ResourceId")
	d.Require(len(v.Tags) > 0, n, "Tag")
}

// DecodeQuery implements query.Decodable.
func (v *CreateVpcPeeringConnectionRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PeerOwnerId":
			v.PeerOwnerId = d.String(k)
		case "PeerVpcId":
			v.PeerVpcId = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "PeerRegion":
			v.PeerRegion = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *CreateVpcRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrBlock":
			v.CidrBlock = d.String(k)
		case "AmazonProvidedIpv6CidrBlock":
			v.AmazonProvidedIpv6CidrBlock = d.Bool(k)
		case "Ipv6Pool":
			v.Ipv6Pool = d.String(k)
		case "Ipv6CidrBlock":
			v.Ipv6CidrBlock = d.String(k)
		case "Ipv4IpamPoolId":
			v.Ipv4IpamPoolId = d.String(k)
		case "Ipv4NetmaskLength":
			v.Ipv4NetmaskLength = d.Int(k, 32)
		case "Ipv6IpamPoolId":
			v.Ipv6IpamPoolId = d.String(k)
		case "Ipv6NetmaskLength":
			v.Ipv6NetmaskLength = d.Int(k, 32)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceTenancy":
			v.InstanceTenancy = d.Enum(k, valuesTenancy)
		case "Ipv6CidrBlockNetworkBorderGroup":
			v.Ipv6CidrBlockNetworkBorderGroup = d.String(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *CreditSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CpuCredits":
			v.CpuCredits = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.CpuCredits != nil, n, "CpuCredits")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteDhcpOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DhcpOptionsId":
			v.DhcpOptionsId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.DhcpOptionsId != nil, n, "DhcpOptionsId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteEgressOnlyInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "EgressOnlyInternetGatewayId":
			v.EgressOnlyInternetGatewayId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.EgressOnlyInternetGatewayId != nil, n, "EgressOnlyInternetGatewayId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteFlowLogsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "FlowLogId":
			v.FlowLogIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.FlowLogIds = append(v.FlowLogIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.FlowLogIds) > 0, n, "FlowLogId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InternetGatewayId":
			v.InternetGatewayId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InternetGatewayId != nil, n, "InternetGatewayId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteKeyPairRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "KeyName":
			v.KeyName = d.String(k)
		case "KeyPairId":
			v.KeyPairId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DeleteManagedPrefixListRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListId != nil, n, "PrefixListId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNatGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NatGatewayId":
			v.NatGatewayId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NatGatewayId != nil, n, "NatGatewayId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNetworkAclEntryRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Egress":
			v.Egress = d.Bool(k)
		case "NetworkAclId":
			v.NetworkAclId = d.String(k)
		case "RuleNumber":
			v.RuleNumber = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Egress != nil, n, "Egress")
	d.Require(v.NetworkAclId != nil, n, "NetworkAclId")
	d.Require(v.RuleNumber != nil, n, "RuleNumber")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNetworkAclRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkAclId":
			v.NetworkAclId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkAclId != nil, n, "NetworkAclId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNetworkInsightsAnalysisRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInsightsAnalysisId":
			v.NetworkInsightsAnalysisId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInsightsAnalysisId != nil, n, "NetworkInsightsAnalysisId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNetworkInsightsPathRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInsightsPathId":
			v.NetworkInsightsPathId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInsightsPathId != nil, n, "NetworkInsightsPathId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteNetworkInterfaceRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *DeletePlacementGroupRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupName":
			v.GroupName = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.GroupName != nil, n, "GroupName")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteRouteRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DestinationCidrBlock":
			v.DestinationCidrBlock = d.String(k)
		case "DestinationIpv6CidrBlock":
			v.DestinationIpv6CidrBlock = d.String(k)
		case "DestinationPrefixListId":
			v.DestinationPrefixListId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteRouteTableRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteSecurityGroupRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DeleteSubnetRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.SubnetId != nil, n, "SubnetId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteTagsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "ResourceId":
			v.Resources = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Resources = append(v.Resources, *e)
				}
			}
		case "Tag":
			v.Tags = []*Tag{}
			for _, k := range d.Items(k, "") {
				e := new(Tag)
				e.DecodeQuery(d, k)
				v.Tags = append(v.Tags, e)
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.Resources) > 0, n, "ResourceId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteVpcPeeringConnectionRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcPeeringConnectionId != nil, n, "VpcPeeringConnectionId")
}

// DecodeQuery implements query.Decodable.
func (v *DeleteVpcRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "VpcId":
			v.VpcId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *DeregisterImageRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ImageId":
			v.ImageId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.ImageId != nil, n, "ImageId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeAccountAttributesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AttributeName":
			v.AttributeNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.Enum(k, valuesAccountAttributeName); e != nil {
					v.AttributeNames = append(v.AttributeNames, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeAddressesAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.AllocationIds = append(v.AllocationIds, *e)
				}
			}
		case "Attribute":
			v.Attribute = d.Enum(k, valuesAddressAttributeName)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 1000)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeAddressesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "PublicIp":
			v.PublicIps = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.PublicIps = append(v.PublicIps, *e)
				}
			}
		case "AllocationId":
			v.AllocationIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.AllocationIds = append(v.AllocationIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeAvailabilityZonesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "ZoneName":
			v.ZoneNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ZoneNames = append(v.ZoneNames, *e)
				}
			}
		case "ZoneId":
			v.ZoneIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ZoneIds = append(v.ZoneIds, *e)
				}
			}
		case "AllAvailabilityZones":
			v.AllAvailabilityZones = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeCapacityReservationsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationId":
			v.CapacityReservationIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.CapacityReservationIds = append(v.CapacityReservationIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 1000)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeDhcpOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DhcpOptionsId":
			v.DhcpOptionsIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.DhcpOptionsIds = append(v.DhcpOptionsIds, *e)
				}
			}
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeEgressOnlyInternetGatewaysRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "EgressOnlyInternetGatewayId":
			v.EgressOnlyInternetGatewayIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.EgressOnlyInternetGatewayIds = append(v.EgressOnlyInternetGatewayIds, *e)
				}
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 255)
		case "NextToken":
			v.NextToken = d.String(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeFlowLogsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filter = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filter = append(v.Filter, e)
			}
		case "FlowLogId":
			v.FlowLogIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.FlowLogIds = append(v.FlowLogIds, *e)
				}
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeHostsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filter = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filter = append(v.Filter, e)
			}
		case "HostId":
			v.HostIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.HostIds = append(v.HostIds, *e)
				}
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeImageAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.Enum(k, valuesImageAttributeName)
		case "ImageId":
			v.ImageId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Attribute != nil, n, "Attribute")
	d.Require(v.ImageId != nil, n, "ImageId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeImagesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ExecutableBy":
			v.ExecutableUsers = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ExecutableUsers = append(v.ExecutableUsers, *e)
				}
			}
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "ImageId":
			v.ImageIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ImageIds = append(v.ImageIds, *e)
				}
			}
		case "Owner":
			v.Owners = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Owners = append(v.Owners, *e)
				}
			}
		case "IncludeDeprecated":
			v.IncludeDeprecated = d.Bool(k)
		case "IncludeDisabled":
			v.IncludeDisabled = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstanceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.Enum(k, valuesInstanceAttributeName)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Attribute != nil, n, "Attribute")
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstanceCreditSpecificationsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstanceStatusRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "IncludeAllInstances":
			v.IncludeAllInstances = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstanceTypeOfferingsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "LocationType":
			v.LocationType = d.Enum(k, valuesLocationType)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstanceTypesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceType":
			v.InstanceTypes = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceTypes = append(v.InstanceTypes, *e)
				}
			}
			d.Count(k, len(v.InstanceTypes), 0, 100)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 100)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeInternetGatewaysRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InternetGatewayId":
			v.InternetGatewayIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InternetGatewayIds = append(v.InternetGatewayIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeKeyPairsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "KeyName":
			v.KeyNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.KeyNames = append(v.KeyNames, *e)
				}
			}
		case "KeyPairId":
			v.KeyPairIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.KeyPairIds = append(v.KeyPairIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "IncludePublicKey":
			v.IncludePublicKey = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeManagedPrefixListsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 100)
		case "NextToken":
			v.NextToken = d.String(k)
		case "PrefixListId":
			v.PrefixListIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.PrefixListIds = append(v.PrefixListIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNatGatewaysRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filter = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filter = append(v.Filter, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		case "NatGatewayId":
			v.NatGatewayIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.NatGatewayIds = append(v.NatGatewayIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNetworkAclsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkAclId":
			v.NetworkAclIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.NetworkAclIds = append(v.NetworkAclIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNetworkInsightsAnalysesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "NetworkInsightsAnalysisId":
			v.NetworkInsightsAnalysisIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.NetworkInsightsAnalysisIds = append(v.NetworkInsightsAnalysisIds, *e)
				}
			}
		case "NetworkInsightsPathId":
			v.NetworkInsightsPathId = d.String(k)
		case "AnalysisStartTime":
			v.AnalysisStartTime = d.Time(k)
		case "AnalysisEndTime":
			v.AnalysisEndTime = d.Time(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 100)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNetworkInsightsPathsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "NetworkInsightsPathId":
			v.NetworkInsightsPathIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.NetworkInsightsPathIds = append(v.NetworkInsightsPathIds, *e)
				}
			}
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 100)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNetworkInterfaceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.Enum(k, valuesNetworkInterfaceAttribute)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeNetworkInterfacesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.NetworkInterfaceIds = append(v.NetworkInterfaceIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribePlacementGroupsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupName":
			v.GroupNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.GroupNames = append(v.GroupNames, *e)
				}
			}
		case "GroupId":
			v.GroupIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.GroupIds = append(v.GroupIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribePrefixListsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		case "PrefixListId":
			v.PrefixListIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.PrefixListIds = append(v.PrefixListIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeRegionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "RegionName":
			v.RegionNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.RegionNames = append(v.RegionNames, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "AllRegions":
			v.AllRegions = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeRouteTablesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RouteTableId":
			v.RouteTableIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.RouteTableIds = append(v.RouteTableIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 100)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeSecurityGroupReferencesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupId":
			v.GroupId = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.GroupId = append(v.GroupId, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.GroupId) > 0, n, "GroupId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeSecurityGroupRulesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "SecurityGroupRuleId":
			v.SecurityGroupRuleIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecurityGroupRuleIds = append(v.SecurityGroupRuleIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeSecurityGroupsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "GroupId":
			v.GroupIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.GroupIds = append(v.GroupIds, *e)
				}
			}
		case "GroupName":
			v.GroupNames = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.GroupNames = append(v.GroupNames, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeStaleSecurityGroupsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 255)
		case "NextToken":
			v.NextToken = d.String(k)
			d.Length(k, v.NextToken, 1, 1024)
		case "VpcId":
			v.VpcId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeSubnetsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "SubnetId":
			v.SubnetIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SubnetIds = append(v.SubnetIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeTagsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeVolumesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "VolumeId":
			v.VolumeIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.VolumeIds = append(v.VolumeIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeVpcAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.Enum(k, valuesVpcAttributeName)
		case "VpcId":
			v.VpcId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Attribute != nil, n, "Attribute")
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *DescribeVpcPeeringConnectionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.VpcPeeringConnectionIds = append(v.VpcPeeringConnectionIds, *e)
				}
			}
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DescribeVpcsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "VpcId":
			v.VpcIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.VpcIds = append(v.VpcIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DestinationOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "FileFormat":
			v.FileFormat = d.Enum(k, valuesDestinationFileFormat)
		case "HiveCompatiblePartitions":
			v.HiveCompatiblePartitions = d.Bool(k)
		case "PerHourPartition":
			v.PerHourPartition = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DetachInternetGatewayRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InternetGatewayId":
			v.InternetGatewayId = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InternetGatewayId != nil, n, "InternetGatewayId")
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *DetachNetworkInterfaceRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AttachmentId":
			v.AttachmentId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Force":
			v.Force = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AttachmentId != nil, n, "AttachmentId")
}

// DecodeQuery implements query.Decodable.
func (v *DisassociateAddressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociationId":
			v.AssociationId = d.String(k)
		case "PublicIp":
			v.PublicIp = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *DisassociateRouteTableRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociationId":
			v.AssociationId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AssociationId != nil, n, "AssociationId")
}

// DecodeQuery implements query.Decodable.
func (v *DisassociateVpcCidrBlockRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociationId":
			v.AssociationId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AssociationId != nil, n, "AssociationId")
}

// DecodeQuery implements query.Decodable.
func (v *EbsBlockDevice) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DeleteOnTermination":
			v.DeleteOnTermination = d.Bool(k)
		case "Iops":
			v.Iops = d.Int(k, 32)
		case "SnapshotId":
			v.SnapshotId = d.String(k)
		case "VolumeSize":
			v.VolumeSize = d.Int(k, 32)
		case "VolumeType":
			v.VolumeType = d.Enum(k, valuesVolumeType)
		case "KmsKeyId":
			v.KmsKeyId = d.String(k)
		case "Throughput":
			v.Throughput = d.Int(k, 32)
		case "OutpostArn":
			v.OutpostArn = d.String(k)
		case "Encrypted":
			v.Encrypted = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *EbsInstanceBlockDeviceSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DeleteOnTermination":
			v.DeleteOnTermination = d.Bool(k)
		case "VolumeId":
			v.VolumeId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ElasticGpuSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Type":
			v.Type = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Type != nil, n, "Type")
}

// DecodeQuery implements query.Decodable.
func (v *ElasticInferenceAccelerator) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Type":
			v.Type = d.String(k)
		case "Count":
			v.Count = d.Int(k, 32)
			d.InRange(k, v.Count, 1, 9223372036854775807)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Type != nil, n, "Type")
}

// DecodeQuery implements query.Decodable.
func (v *EnaSrdSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "EnaSrdEnabled":
			v.EnaSrdEnabled = d.Bool(k)
		case "EnaSrdUdpSpecification":
			v.EnaSrdUdpSpecification = new(EnaSrdUdpSpecification)
			v.EnaSrdUdpSpecification.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *EnaSrdSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "EnaSrdEnabled":
			v.EnaSrdEnabled = d.Bool(k)
		case "EnaSrdUdpSpecification":
			v.EnaSrdUdpSpecification = new(EnaSrdUdpSpecificationRequest)
			v.EnaSrdUdpSpecification.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *EnaSrdUdpSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "EnaSrdUdpEnabled":
			v.EnaSrdUdpEnabled = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *EnaSrdUdpSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "EnaSrdUdpEnabled":
			v.EnaSrdUdpEnabled = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *EnclaveOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Enabled":
			v.Enabled = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Filter) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Name":
			v.Name = d.String(k)
		case "Value":
			v.Values = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Values = append(v.Values, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *GetCapacityReservationUsageRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationId":
			v.CapacityReservationId = d.String(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 1000)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.CapacityReservationId != nil, n, "CapacityReservationId")
}

// DecodeQuery implements query.Decodable.
func (v *GetConsoleOutputRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Latest":
			v.Latest = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *GetInstanceUefiDataRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *GetManagedPrefixListAssociationsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 255)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListId != nil, n, "PrefixListId")
}

// DecodeQuery implements query.Decodable.
func (v *GetManagedPrefixListEntriesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		case "TargetVersion":
			v.TargetVersion = d.Int(k, 64)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 1, 100)
		case "NextToken":
			v.NextToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListId != nil, n, "PrefixListId")
}

// DecodeQuery implements query.Decodable.
func (v *GetSecurityGroupsForVpcRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "VpcId":
			v.VpcId = d.String(k)
		case "NextToken":
			v.NextToken = d.String(k)
		case "MaxResults":
			v.MaxResults = d.Int(k, 32)
			d.InRange(k, v.MaxResults, 5, 1000)
		case "Filter":
			v.Filters = []*Filter{}
			for _, k := range d.Items(k, "") {
				e := new(Filter)
				e.DecodeQuery(d, k)
				v.Filters = append(v.Filters, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *HibernationOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Configured":
			v.Configured = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *IamInstanceProfileSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Arn":
			v.Arn = d.String(k)
		case "Name":
			v.Name = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *IcmpTypeCode) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Code":
			v.Code = d.Int(k, 32)
		case "Type":
			v.Type = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ImportKeyPairRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "KeyName":
			v.KeyName = d.String(k)
		case "PublicKeyMaterial":
			v.PublicKeyMaterial = d.Blob(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.KeyName != nil, n, "KeyName")
	d.Require(v.PublicKeyMaterial != nil, n, "PublicKeyMaterial")
}

// DecodeQuery implements query.Decodable.
func (v *InstanceBlockDeviceMappingSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DeviceName":
			v.DeviceName = d.String(k)
		case "Ebs":
			v.Ebs = new(EbsInstanceBlockDeviceSpecification)
			v.Ebs.DecodeQuery(d, k)
		case "NoDevice":
			v.NoDevice = d.String(k)
		case "VirtualName":
			v.VirtualName = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *InstanceIpv6Address) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Ipv6Address":
			v.Ipv6Address = d.String(k)
		case "IsPrimaryIpv6":
			v.IsPrimaryIpv6 = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *InstanceMaintenanceOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AutoRecovery":
			v.AutoRecovery = d.Enum(k, valuesInstanceAutoRecoveryState)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *InstanceMarketOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "MarketType":
			v.MarketType = d.Enum(k, valuesMarketType)
		case "SpotOptions":
			v.SpotOptions = new(SpotMarketOptions)
			v.SpotOptions.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *InstanceMetadataOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "HttpTokens":
			v.HttpTokens = d.Enum(k, valuesHttpTokensState)
		case "HttpPutResponseHopLimit":
			v.HttpPutResponseHopLimit = d.Int(k, 32)
		case "HttpEndpoint":
			v.HttpEndpoint = d.Enum(k, valuesInstanceMetadataEndpointState)
		case "HttpProtocolIpv6":
			v.HttpProtocolIpv6 = d.Enum(k, valuesInstanceMetadataProtocolState)
		case "InstanceMetadataTags":
			v.InstanceMetadataTags = d.Enum(k, valuesInstanceMetadataTagsState)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *InstanceNetworkInterfaceSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociatePublicIpAddress":
			v.AssociatePublicIpAddress = d.Bool(k)
		case "DeleteOnTermination":
			v.DeleteOnTermination = d.Bool(k)
		case "Description":
			v.Description = d.String(k)
		case "DeviceIndex":
			v.DeviceIndex = d.Int(k, 32)
		case "SecurityGroupId":
			v.Groups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Groups = append(v.Groups, *e)
				}
			}
		case "Ipv6AddressCount":
			v.Ipv6AddressCount = d.Int(k, 32)
		case "Ipv6Addresses":
			v.Ipv6Addresses = []*InstanceIpv6Address{}
			for _, k := range d.Items(k, "") {
				e := new(InstanceIpv6Address)
				e.DecodeQuery(d, k)
				v.Ipv6Addresses = append(v.Ipv6Addresses, e)
			}
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		case "PrivateIpAddresses":
			v.PrivateIpAddresses = []*PrivateIpAddressSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(PrivateIpAddressSpecification)
				e.DecodeQuery(d, k)
				v.PrivateIpAddresses = append(v.PrivateIpAddresses, e)
			}
		case "SecondaryPrivateIpAddressCount":
			v.SecondaryPrivateIpAddressCount = d.Int(k, 32)
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "AssociateCarrierIpAddress":
			v.AssociateCarrierIpAddress = d.Bool(k)
		case "InterfaceType":
			v.InterfaceType = d.String(k)
		case "NetworkCardIndex":
			v.NetworkCardIndex = d.Int(k, 32)
		case "Ipv4Prefix":
			v.Ipv4Prefixes = []*Ipv4PrefixSpecificationRequest{}
			for _, k := range d.Items(k, "") {
				e := new(Ipv4PrefixSpecificationRequest)
				e.DecodeQuery(d, k)
				v.Ipv4Prefixes = append(v.Ipv4Prefixes, e)
			}
		case "Ipv4PrefixCount":
			v.Ipv4PrefixCount = d.Int(k, 32)
		case "Ipv6Prefix":
			v.Ipv6Prefixes = []*Ipv6PrefixSpecificationRequest{}
			for _, k := range d.Items(k, "") {
				e := new(Ipv6PrefixSpecificationRequest)
				e.DecodeQuery(d, k)
				v.Ipv6Prefixes = append(v.Ipv6Prefixes, e)
			}
		case "Ipv6PrefixCount":
			v.Ipv6PrefixCount = d.Int(k, 32)
		case "PrimaryIpv6":
			v.PrimaryIpv6 = d.Bool(k)
		case "EnaSrdSpecification":
			v.EnaSrdSpecification = new(EnaSrdSpecificationRequest)
			v.EnaSrdSpecification.DecodeQuery(d, k)
		case "ConnectionTrackingSpecification":
			v.ConnectionTrackingSpecification = new(ConnectionTrackingSpecificationRequest)
			v.ConnectionTrackingSpecification.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *IpPermission) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "IpRanges":
			v.IpRanges = []*IpRange{}
			for _, k := range d.Items(k, "") {
				e := new(IpRange)
				e.DecodeQuery(d, k)
				v.IpRanges = append(v.IpRanges, e)
			}
		case "Ipv6Ranges":
			v.Ipv6Ranges = []*Ipv6Range{}
			for _, k := range d.Items(k, "") {
				e := new(Ipv6Range)
				e.DecodeQuery(d, k)
				v.Ipv6Ranges = append(v.Ipv6Ranges, e)
			}
		case "PrefixListIds":
			v.PrefixListIds = []*PrefixListId{}
			for _, k := range d.Items(k, "") {
				e := new(PrefixListId)
				e.DecodeQuery(d, k)
				v.PrefixListIds = append(v.PrefixListIds, e)
			}
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "Groups":
			v.UserIdGroupPairs = []*UserIdGroupPair{}
			for _, k := range d.Items(k, "") {
				e := new(UserIdGroupPair)
				e.DecodeQuery(d, k)
				v.UserIdGroupPairs = append(v.UserIdGroupPairs, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *IpRange) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrIp":
			v.CidrIp = d.String(k)
		case "Description":
			v.Description = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Ipv4PrefixSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Ipv4Prefix":
			v.Ipv4Prefix = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Ipv6PrefixSpecificationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Ipv6Prefix":
			v.Ipv6Prefix = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Ipv6Range) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrIpv6":
			v.CidrIpv6 = d.String(k)
		case "Description":
			v.Description = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *LaunchPermission) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Group":
			v.Group = d.Enum(k, valuesPermissionGroup)
		case "UserId":
			v.UserId = d.String(k)
		case "OrganizationArn":
			v.OrganizationArn = d.String(k)
		case "OrganizationalUnitArn":
			v.OrganizationalUnitArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *LaunchPermissionModifications) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Add":
			v.Add = []*LaunchPermission{}
			for _, k := range d.Items(k, "") {
				e := new(LaunchPermission)
				e.DecodeQuery(d, k)
				v.Add = append(v.Add, e)
			}
		case "Remove":
			v.Remove = []*LaunchPermission{}
			for _, k := range d.Items(k, "") {
				e := new(LaunchPermission)
				e.DecodeQuery(d, k)
				v.Remove = append(v.Remove, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *LaunchTemplateSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "LaunchTemplateId":
			v.LaunchTemplateId = d.String(k)
		case "LaunchTemplateName":
			v.LaunchTemplateName = d.String(k)
		case "Version":
			v.Version = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *LicenseConfigurationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "LicenseConfigurationArn":
			v.LicenseConfigurationArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ModifyAddressAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationId = d.String(k)
		case "DomainName":
			v.DomainName = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AllocationId != nil, n, "AllocationId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyCapacityReservationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CapacityReservationId":
			v.CapacityReservationId = d.String(k)
		case "InstanceCount":
			v.InstanceCount = d.Int(k, 32)
		case "EndDate":
			v.EndDate = d.Time(k)
		case "EndDateType":
			v.EndDateType = d.Enum(k, valuesEndDateType)
		case "Accept":
			v.Accept = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "AdditionalInfo":
			v.AdditionalInfo = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.CapacityReservationId != nil, n, "CapacityReservationId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyHostsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AutoPlacement":
			v.AutoPlacement = d.Enum(k, valuesAutoPlacement)
		case "HostId":
			v.HostIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.HostIds = append(v.HostIds, *e)
				}
			}
		case "HostRecovery":
			v.HostRecovery = d.Enum(k, valuesHostRecovery)
		case "InstanceType":
			v.InstanceType = d.String(k)
		case "InstanceFamily":
			v.InstanceFamily = d.String(k)
		case "HostMaintenance":
			v.HostMaintenance = d.Enum(k, valuesHostMaintenance)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.HostIds) > 0, n, "HostId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyImageAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.String(k)
		case "Description":
			v.Description = new(AttributeValue)
			v.Description.DecodeQuery(d, k)
		case "ImageId":
			v.ImageId = d.String(k)
		case "LaunchPermission":
			v.LaunchPermission = new(LaunchPermissionModifications)
			v.LaunchPermission.DecodeQuery(d, k)
		case "OperationType":
			v.OperationType = d.Enum(k, valuesOperationType)
		case "ProductCode":
			v.ProductCodes = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.ProductCodes = append(v.ProductCodes, *e)
				}
			}
		case "UserGroup":
			v.UserGroups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.UserGroups = append(v.UserGroups, *e)
				}
			}
		case "UserId":
			v.UserIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.UserIds = append(v.UserIds, *e)
				}
			}
		case "Value":
			v.Value = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "OrganizationArn":
			v.OrganizationArns = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.OrganizationArns = append(v.OrganizationArns, *e)
				}
			}
		case "OrganizationalUnitArn":
			v.OrganizationalUnitArns = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.OrganizationalUnitArns = append(v.OrganizationalUnitArns, *e)
				}
			}
		case "ImdsSupport":
			v.ImdsSupport = new(AttributeValue)
			v.ImdsSupport.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.ImageId != nil, n, "ImageId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyInstanceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SourceDestCheck":
			v.SourceDestCheck = new(AttributeBooleanValue)
			v.SourceDestCheck.DecodeQuery(d, k)
		case "Attribute":
			v.Attribute = d.Enum(k, valuesInstanceAttributeName)
		case "BlockDeviceMapping":
			v.BlockDeviceMappings = []*InstanceBlockDeviceMappingSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(InstanceBlockDeviceMappingSpecification)
				e.DecodeQuery(d, k)
				v.BlockDeviceMappings = append(v.BlockDeviceMappings, e)
			}
		case "DisableApiTermination":
			v.DisableApiTermination = new(AttributeBooleanValue)
			v.DisableApiTermination.DecodeQuery(d, k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "EbsOptimized":
			v.EbsOptimized = new(AttributeBooleanValue)
			v.EbsOptimized.DecodeQuery(d, k)
		case "EnaSupport":
			v.EnaSupport = new(AttributeBooleanValue)
			v.EnaSupport.DecodeQuery(d, k)
		case "GroupId":
			v.Groups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Groups = append(v.Groups, *e)
				}
			}
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "InstanceInitiatedShutdownBehavior":
			v.InstanceInitiatedShutdownBehavior = new(AttributeValue)
			v.InstanceInitiatedShutdownBehavior.DecodeQuery(d, k)
		case "InstanceType":
			v.InstanceType = new(AttributeValue)
			v.InstanceType.DecodeQuery(d, k)
		case "Kernel":
			v.Kernel = new(AttributeValue)
			v.Kernel.DecodeQuery(d, k)
		case "Ramdisk":
			v.Ramdisk = new(AttributeValue)
			v.Ramdisk.DecodeQuery(d, k)
		case "SriovNetSupport":
			v.SriovNetSupport = new(AttributeValue)
			v.SriovNetSupport.DecodeQuery(d, k)
		case "UserData":
			v.UserData = new(BlobAttributeValue)
			v.UserData.DecodeQuery(d, k)
		case "Value":
			v.Value = d.String(k)
		case "DisableApiStop":
			v.DisableApiStop = new(AttributeBooleanValue)
			v.DisableApiStop.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyInstanceCapacityReservationAttributesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "CapacityReservationSpecification":
			v.CapacityReservationSpecification = new(CapacityReservationSpecification)
			v.CapacityReservationSpecification.DecodeQuery(d, k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
	d.Require(v.CapacityReservationSpecification != nil, n, "CapacityReservationSpecification")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyInstanceMetadataOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "HttpTokens":
			v.HttpTokens = d.Enum(k, valuesHttpTokensState)
		case "HttpPutResponseHopLimit":
			v.HttpPutResponseHopLimit = d.Int(k, 32)
		case "HttpEndpoint":
			v.HttpEndpoint = d.Enum(k, valuesInstanceMetadataEndpointState)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "HttpProtocolIpv6":
			v.HttpProtocolIpv6 = d.Enum(k, valuesInstanceMetadataProtocolState)
		case "InstanceMetadataTags":
			v.InstanceMetadataTags = d.Enum(k, valuesInstanceMetadataTagsState)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyInstancePlacementRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Affinity":
			v.Affinity = d.Enum(k, valuesAffinity)
		case "GroupName":
			v.GroupName = d.String(k)
		case "HostId":
			v.HostId = d.String(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "Tenancy":
			v.Tenancy = d.Enum(k, valuesHostTenancy)
		case "PartitionNumber":
			v.PartitionNumber = d.Int(k, 32)
		case "HostResourceGroupArn":
			v.HostResourceGroupArn = d.String(k)
		case "GroupId":
			v.GroupId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyManagedPrefixListRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		case "CurrentVersion":
			v.CurrentVersion = d.Int(k, 64)
		case "PrefixListName":
			v.PrefixListName = d.String(k)
		case "AddEntry":
			v.AddEntries = []*AddPrefixListEntry{}
			for _, k := range d.Items(k, "") {
				e := new(AddPrefixListEntry)
				e.DecodeQuery(d, k)
				v.AddEntries = append(v.AddEntries, e)
			}
			d.Count(k, len(v.AddEntries), 0, 100)
		case "RemoveEntry":
			v.RemoveEntries = []*RemovePrefixListEntry{}
			for _, k := range d.Items(k, "") {
				e := new(RemovePrefixListEntry)
				e.DecodeQuery(d, k)
				v.RemoveEntries = append(v.RemoveEntries, e)
			}
			d.Count(k, len(v.RemoveEntries), 0, 100)
		case "MaxEntries":
			v.MaxEntries = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListId != nil, n, "PrefixListId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyNetworkInterfaceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attachment":
			v.Attachment = new(NetworkInterfaceAttachmentChanges)
			v.Attachment.DecodeQuery(d, k)
		case "Description":
			v.Description = new(AttributeValue)
			v.Description.DecodeQuery(d, k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "SecurityGroupId":
			v.Groups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Groups = append(v.Groups, *e)
				}
			}
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "SourceDestCheck":
			v.SourceDestCheck = new(AttributeBooleanValue)
			v.SourceDestCheck.DecodeQuery(d, k)
		case "EnaSrdSpecification":
			v.EnaSrdSpecification = new(EnaSrdSpecification)
			v.EnaSrdSpecification.DecodeQuery(d, k)
		case "EnablePrimaryIpv6":
			v.EnablePrimaryIpv6 = d.Bool(k)
		case "ConnectionTrackingSpecification":
			v.ConnectionTrackingSpecification = new(ConnectionTrackingSpecificationRequest)
			v.ConnectionTrackingSpecification.DecodeQuery(d, k)
		case "AssociatePublicIpAddress":
			v.AssociatePublicIpAddress = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyPrivateDnsNameOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "PrivateDnsHostnameType":
			v.PrivateDnsHostnameType = d.Enum(k, valuesHostnameType)
		case "EnableResourceNameDnsARecord":
			v.EnableResourceNameDnsARecord = d.Bool(k)
		case "EnableResourceNameDnsAAAARecord":
			v.EnableResourceNameDnsAAAARecord = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifySecurityGroupRulesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "GroupId":
			v.GroupId = d.String(k)
		case "SecurityGroupRule":
			v.SecurityGroupRules = []*SecurityGroupRuleUpdate{}
			for _, k := range d.Items(k, "") {
				e := new(SecurityGroupRuleUpdate)
				e.DecodeQuery(d, k)
				v.SecurityGroupRules = append(v.SecurityGroupRules, e)
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.GroupId != nil, n, "GroupId")
	d.Require(len(v.SecurityGroupRules) > 0, n, "SecurityGroupRule")
}

// DecodeQuery implements query.Decodable.
func (v *ModifySubnetAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssignIpv6AddressOnCreation":
			v.AssignIpv6AddressOnCreation = new(AttributeBooleanValue)
			v.AssignIpv6AddressOnCreation.DecodeQuery(d, k)
		case "MapPublicIpOnLaunch":
			v.MapPublicIpOnLaunch = new(AttributeBooleanValue)
			v.MapPublicIpOnLaunch.DecodeQuery(d, k)
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "MapCustomerOwnedIpOnLaunch":
			v.MapCustomerOwnedIpOnLaunch = new(AttributeBooleanValue)
			v.MapCustomerOwnedIpOnLaunch.DecodeQuery(d, k)
		case "CustomerOwnedIpv4Pool":
			v.CustomerOwnedIpv4Pool = d.String(k)
		case "EnableDns64":
			v.EnableDns64 = new(AttributeBooleanValue)
			v.EnableDns64.DecodeQuery(d, k)
		case "PrivateDnsHostnameTypeOnLaunch":
			v.PrivateDnsHostnameTypeOnLaunch = d.Enum(k, valuesHostnameType)
		case "EnableResourceNameDnsARecordOnLaunch":
			v.EnableResourceNameDnsARecordOnLaunch = new(AttributeBooleanValue)
			v.EnableResourceNameDnsARecordOnLaunch.DecodeQuery(d, k)
		case "EnableResourceNameDnsAAAARecordOnLaunch":
			v.EnableResourceNameDnsAAAARecordOnLaunch = new(AttributeBooleanValue)
			v.EnableResourceNameDnsAAAARecordOnLaunch.DecodeQuery(d, k)
		case "EnableLniAtDeviceIndex":
			v.EnableLniAtDeviceIndex = d.Int(k, 32)
		case "DisableLniAtDeviceIndex":
			v.DisableLniAtDeviceIndex = new(AttributeBooleanValue)
			v.DisableLniAtDeviceIndex.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.SubnetId != nil, n, "SubnetId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyVpcAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "EnableDnsHostnames":
			v.EnableDnsHostnames = new(AttributeBooleanValue)
			v.EnableDnsHostnames.DecodeQuery(d, k)
		case "EnableDnsSupport":
			v.EnableDnsSupport = new(AttributeBooleanValue)
			v.EnableDnsSupport.DecodeQuery(d, k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "EnableNetworkAddressUsageMetrics":
			v.EnableNetworkAddressUsageMetrics = new(AttributeBooleanValue)
			v.EnableNetworkAddressUsageMetrics.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyVpcPeeringConnectionOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AccepterPeeringConnectionOptions":
			v.AccepterPeeringConnectionOptions = new(PeeringConnectionOptionsRequest)
			v.AccepterPeeringConnectionOptions.DecodeQuery(d, k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RequesterPeeringConnectionOptions":
			v.RequesterPeeringConnectionOptions = new(PeeringConnectionOptionsRequest)
			v.RequesterPeeringConnectionOptions.DecodeQuery(d, k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcPeeringConnectionId != nil, n, "VpcPeeringConnectionId")
}

// DecodeQuery implements query.Decodable.
func (v *ModifyVpcTenancyRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "VpcId":
			v.VpcId = d.String(k)
		case "InstanceTenancy":
			v.InstanceTenancy = d.Enum(k, valuesVpcTenancy)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcId != nil, n, "VpcId")
	d.Require(v.InstanceTenancy != nil, n, "InstanceTenancy")
}

// DecodeQuery implements query.Decodable.
func (v *NetworkInterfaceAttachmentChanges) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AttachmentId":
			v.AttachmentId = d.String(k)
		case "DeleteOnTermination":
			v.DeleteOnTermination = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *NewDhcpConfiguration) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Key":
			v.Key = d.String(k)
		case "Value":
			v.Values = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Values = append(v.Values, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PathRequestFilter) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SourceAddress":
			v.SourceAddress = d.String(k)
			d.Length(k, v.SourceAddress, 0, 15)
		case "SourcePortRange":
			v.SourcePortRange = new(RequestFilterPortRange)
			v.SourcePortRange.DecodeQuery(d, k)
		case "DestinationAddress":
			v.DestinationAddress = d.String(k)
			d.Length(k, v.DestinationAddress, 0, 15)
		case "DestinationPortRange":
			v.DestinationPortRange = new(RequestFilterPortRange)
			v.DestinationPortRange.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PeeringConnectionOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllowDnsResolutionFromRemoteVpc":
			v.AllowDnsResolutionFromRemoteVpc = d.Bool(k)
		case "AllowEgressFromLocalClassicLinkToRemoteVpc":
			v.AllowEgressFromLocalClassicLinkToRemoteVpc = d.Bool(k)
		case "AllowEgressFromLocalVpcToRemoteClassicLink":
			v.AllowEgressFromLocalVpcToRemoteClassicLink = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *Placement) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AvailabilityZone":
			v.AvailabilityZone = d.String(k)
		case "Affinity":
			v.Affinity = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "PartitionNumber":
			v.PartitionNumber = d.Int(k, 32)
		case "HostId":
			v.HostId = d.String(k)
		case "Tenancy":
			v.Tenancy = d.Enum(k, valuesTenancy)
		case "SpreadDomain":
			v.SpreadDomain = d.String(k)
		case "HostResourceGroupArn":
			v.HostResourceGroupArn = d.String(k)
		case "GroupId":
			v.GroupId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PortRange) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "From":
			v.From = d.Int(k, 32)
		case "To":
			v.To = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PrefixListId) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Description":
			v.Description = d.String(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PrivateDnsNameOptionsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "HostnameType":
			v.HostnameType = d.Enum(k, valuesHostnameType)
		case "EnableResourceNameDnsARecord":
			v.EnableResourceNameDnsARecord = d.Bool(k)
		case "EnableResourceNameDnsAAAARecord":
			v.EnableResourceNameDnsAAAARecord = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *PrivateIpAddressSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Primary":
			v.Primary = d.Bool(k)
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *RebootInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.InstanceIds) > 0, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *RejectVpcPeeringConnectionRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.VpcPeeringConnectionId != nil, n, "VpcPeeringConnectionId")
}

// DecodeQuery implements query.Decodable.
func (v *ReleaseAddressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationId = d.String(k)
		case "PublicIp":
			v.PublicIp = d.String(k)
		case "NetworkBorderGroup":
			v.NetworkBorderGroup = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ReleaseHostsRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "HostId":
			v.HostIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.HostIds = append(v.HostIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.HostIds) > 0, n, "HostId")
}

// DecodeQuery implements query.Decodable.
func (v *RemovePrefixListEntry) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Cidr":
			v.Cidr = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Cidr != nil, n, "Cidr")
}

// DecodeQuery implements query.Decodable.
func (v *ReplaceNetworkAclAssociationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociationId":
			v.AssociationId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkAclId":
			v.NetworkAclId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AssociationId != nil, n, "AssociationId")
	d.Require(v.NetworkAclId != nil, n, "NetworkAclId")
}

// DecodeQuery implements query.Decodable.
func (v *ReplaceNetworkAclEntryRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrBlock":
			v.CidrBlock = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Egress":
			v.Egress = d.Bool(k)
		case "Icmp":
			v.IcmpTypeCode = new(IcmpTypeCode)
			v.IcmpTypeCode.DecodeQuery(d, k)
		case "Ipv6CidrBlock":
			v.Ipv6CidrBlock = d.String(k)
		case "NetworkAclId":
			v.NetworkAclId = d.String(k)
		case "PortRange":
			v.PortRange = new(PortRange)
			v.PortRange.DecodeQuery(d, k)
		case "Protocol":
			v.Protocol = d.String(k)
		case "RuleAction":
			v.RuleAction = d.Enum(k, valuesRuleAction)
		case "RuleNumber":
			v.RuleNumber = d.Int(k, 32)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Egress != nil, n, "Egress")
	d.Require(v.NetworkAclId != nil, n, "NetworkAclId")
	d.Require(v.Protocol != nil, n, "Protocol")
	d.Require(v.RuleAction != nil, n, "RuleAction")
	d.Require(v.RuleNumber != nil, n, "RuleNumber")
}

// DecodeQuery implements query.Decodable.
func (v *ReplaceRouteRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DestinationCidrBlock":
			v.DestinationCidrBlock = d.String(k)
		case "DestinationIpv6CidrBlock":
			v.DestinationIpv6CidrBlock = d.String(k)
		case "DestinationPrefixListId":
			v.DestinationPrefixListId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "VpcEndpointId":
			v.VpcEndpointId = d.String(k)
		case "EgressOnlyInternetGatewayId":
			v.EgressOnlyInternetGatewayId = d.String(k)
		case "GatewayId":
			v.GatewayId = d.String(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		case "LocalTarget":
			v.LocalTarget = d.Bool(k)
		case "NatGatewayId":
			v.NatGatewayId = d.String(k)
		case "TransitGatewayId":
			v.TransitGatewayId = d.String(k)
		case "LocalGatewayId":
			v.LocalGatewayId = d.String(k)
		case "CarrierGatewayId":
			v.CarrierGatewayId = d.String(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		case "CoreNetworkArn":
			v.CoreNetworkArn = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *ReplaceRouteTableAssociationRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AssociationId":
			v.AssociationId = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "RouteTableId":
			v.RouteTableId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AssociationId != nil, n, "AssociationId")
	d.Require(v.RouteTableId != nil, n, "RouteTableId")
}

// DecodeQuery implements query.Decodable.
func (v *RequestFilterPortRange) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "FromPort":
			v.FromPort = d.Int(k, 32)
			d.InRange(k, v.FromPort, 0, 65535)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
			d.InRange(k, v.ToPort, 0, 65535)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *ResetAddressAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "AllocationId":
			v.AllocationId = d.String(k)
		case "Attribute":
			v.Attribute = d.Enum(k, valuesAddressAttributeName)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.AllocationId != nil, n, "AllocationId")
	d.Require(v.Attribute != nil, n, "Attribute")
}

// DecodeQuery implements query.Decodable.
func (v *ResetInstanceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Attribute":
			v.Attribute = d.Enum(k, valuesInstanceAttributeName)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "InstanceId":
			v.InstanceId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Attribute != nil, n, "Attribute")
	d.Require(v.InstanceId != nil, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *ResetNetworkInterfaceAttributeRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "SourceDestCheck":
			v.SourceDestCheck = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *RestoreManagedPrefixListVersionRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		case "PreviousVersion":
			v.PreviousVersion = d.Int(k, 64)
		case "CurrentVersion":
			v.CurrentVersion = d.Int(k, 64)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.PrefixListId != nil, n, "PrefixListId")
	d.Require(v.PreviousVersion != nil, n, "PreviousVersion")
	d.Require(v.CurrentVersion != nil, n, "CurrentVersion")
}

// DecodeQuery implements query.Decodable.
func (v *RevokeSecurityGroupEgressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupId":
			v.GroupId = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "SecurityGroupRuleId":
			v.SecurityGroupRuleIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecurityGroupRuleIds = append(v.SecurityGroupRuleIds, *e)
				}
			}
		case "CidrIp":
			v.CidrIp = d.String(k)
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "SourceSecurityGroupName":
			v.SourceSecurityGroupName = d.String(k)
		case "SourceSecurityGroupOwnerId":
			v.SourceSecurityGroupOwnerId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.GroupId != nil, n, "GroupId")
}

// DecodeQuery implements query.Decodable.
func (v *RevokeSecurityGroupIngressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "CidrIp":
			v.CidrIp = d.String(k)
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "SourceSecurityGroupName":
			v.SourceSecurityGroupName = d.String(k)
		case "SourceSecurityGroupOwnerId":
			v.SourceSecurityGroupOwnerId = d.String(k)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "SecurityGroupRuleId":
			v.SecurityGroupRuleIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecurityGroupRuleIds = append(v.SecurityGroupRuleIds, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *RunInstancesMonitoringEnabled) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Enabled":
			v.Enabled = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.Enabled != nil, n, "Enabled")
}

// DecodeQuery implements query.Decodable.
func (v *RunInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "BlockDeviceMapping":
			v.BlockDeviceMappings = []*BlockDeviceMapping{}
			for _, k := range d.Items(k, "") {
				e := new(BlockDeviceMapping)
				e.DecodeQuery(d, k)
				v.BlockDeviceMappings = append(v.BlockDeviceMappings, e)
			}
		case "ImageId":
			v.ImageId = d.String(k)
		case "InstanceType":
			v.InstanceType = d.String(k)
		case "Ipv6AddressCount":
			v.Ipv6AddressCount = d.Int(k, 32)
		case "Ipv6Address":
			v.Ipv6Addresses = []*InstanceIpv6Address{}
			for _, k := range d.Items(k, "") {
				e := new(InstanceIpv6Address)
				e.DecodeQuery(d, k)
				v.Ipv6Addresses = append(v.Ipv6Addresses, e)
			}
		case "KernelId":
			v.KernelId = d.String(k)
		case "KeyName":
			v.KeyName = d.String(k)
		case "MaxCount":
			v.MaxCount = d.Int(k, 32)
		case "MinCount":
			v.MinCount = d.Int(k, 32)
		case "Monitoring":
			v.Monitoring = new(RunInstancesMonitoringEnabled)
			v.Monitoring.DecodeQuery(d, k)
		case "Placement":
			v.Placement = new(Placement)
			v.Placement.DecodeQuery(d, k)
		case "RamdiskId":
			v.RamdiskId = d.String(k)
		case "SecurityGroupId":
			v.SecurityGroupIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecurityGroupIds = append(v.SecurityGroupIds, *e)
				}
			}
		case "SecurityGroup":
			v.SecurityGroups = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.SecurityGroups = append(v.SecurityGroups, *e)
				}
			}
		case "SubnetId":
			v.SubnetId = d.String(k)
		case "UserData":
			v.UserData = d.String(k)
		case "AdditionalInfo":
			v.AdditionalInfo = d.String(k)
		case "ClientToken":
			v.ClientToken = d.String(k)
		case "DisableApiTermination":
			v.DisableApiTermination = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "EbsOptimized":
			v.EbsOptimized = d.Bool(k)
		case "IamInstanceProfile":
			v.IamInstanceProfile = new(IamInstanceProfileSpecification)
			v.IamInstanceProfile.DecodeQuery(d, k)
		case "InstanceInitiatedShutdownBehavior":
			v.InstanceInitiatedShutdownBehavior = d.Enum(k, valuesShutdownBehavior)
		case "NetworkInterface":
			v.NetworkInterfaces = []*InstanceNetworkInterfaceSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(InstanceNetworkInterfaceSpecification)
				e.DecodeQuery(d, k)
				v.NetworkInterfaces = append(v.NetworkInterfaces, e)
			}
		case "PrivateIpAddress":
			v.PrivateIpAddress = d.String(k)
		case "ElasticGpuSpecification":
			v.ElasticGpuSpecification = []*ElasticGpuSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(ElasticGpuSpecification)
				e.DecodeQuery(d, k)
				v.ElasticGpuSpecification = append(v.ElasticGpuSpecification, e)
			}
		case "ElasticInferenceAccelerator":
			v.ElasticInferenceAccelerators = []*ElasticInferenceAccelerator{}
			for _, k := range d.Items(k, "") {
				e := new(ElasticInferenceAccelerator)
				e.DecodeQuery(d, k)
				v.ElasticInferenceAccelerators = append(v.ElasticInferenceAccelerators, e)
			}
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "LaunchTemplate":
			v.LaunchTemplate = new(LaunchTemplateSpecification)
			v.LaunchTemplate.DecodeQuery(d, k)
		case "InstanceMarketOptions":
			v.InstanceMarketOptions = new(InstanceMarketOptionsRequest)
			v.InstanceMarketOptions.DecodeQuery(d, k)
		case "CreditSpecification":
			v.CreditSpecification = new(CreditSpecificationRequest)
			v.CreditSpecification.DecodeQuery(d, k)
		case "CpuOptions":
			v.CpuOptions = new(CpuOptionsRequest)
			v.CpuOptions.DecodeQuery(d, k)
		case "CapacityReservationSpecification":
			v.CapacityReservationSpecification = new(CapacityReservationSpecification)
			v.CapacityReservationSpecification.DecodeQuery(d, k)
		case "HibernationOptions":
			v.HibernationOptions = new(HibernationOptionsRequest)
			v.HibernationOptions.DecodeQuery(d, k)
		case "LicenseSpecification":
			v.LicenseSpecifications = []*LicenseConfigurationRequest{}
			for _, k := range d.Items(k, "") {
				e := new(LicenseConfigurationRequest)
				e.DecodeQuery(d, k)
				v.LicenseSpecifications = append(v.LicenseSpecifications, e)
			}
		case "MetadataOptions":
			v.MetadataOptions = new(InstanceMetadataOptionsRequest)
			v.MetadataOptions.DecodeQuery(d, k)
		case "EnclaveOptions":
			v.EnclaveOptions = new(EnclaveOptionsRequest)
			v.EnclaveOptions.DecodeQuery(d, k)
		case "PrivateDnsNameOptions":
			v.PrivateDnsNameOptions = new(PrivateDnsNameOptionsRequest)
			v.PrivateDnsNameOptions.DecodeQuery(d, k)
		case "MaintenanceOptions":
			v.MaintenanceOptions = new(InstanceMaintenanceOptionsRequest)
			v.MaintenanceOptions.DecodeQuery(d, k)
		case "DisableApiStop":
			v.DisableApiStop = d.Bool(k)
		case "EnablePrimaryIpv6":
			v.EnablePrimaryIpv6 = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.MaxCount != nil, n, "MaxCount")
	d.Require(v.MinCount != nil, n, "MinCount")
}

// DecodeQuery implements query.Decodable.
func (v *SecurityGroupRuleDescription) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SecurityGroupRuleId":
			v.SecurityGroupRuleId = d.String(k)
		case "Description":
			v.Description = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *SecurityGroupRuleRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "IpProtocol":
			v.IpProtocol = d.String(k)
		case "FromPort":
			v.FromPort = d.Int(k, 32)
		case "ToPort":
			v.ToPort = d.Int(k, 32)
		case "CidrIpv4":
			v.CidrIpv4 = d.String(k)
		case "CidrIpv6":
			v.CidrIpv6 = d.String(k)
		case "PrefixListId":
			v.PrefixListId = d.String(k)
		case "ReferencedGroupId":
			v.ReferencedGroupId = d.String(k)
		case "Description":
			v.Description = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *SecurityGroupRuleUpdate) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "SecurityGroupRuleId":
			v.SecurityGroupRuleId = d.String(k)
		case "SecurityGroupRule":
			v.SecurityGroupRule = new(SecurityGroupRuleRequest)
			v.SecurityGroupRule.DecodeQuery(d, k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.SecurityGroupRuleId != nil, n, "SecurityGroupRuleId")
}

// DecodeQuery implements query.Decodable.
func (v *SpotMarketOptions) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "MaxPrice":
			v.MaxPrice = d.String(k)
		case "SpotInstanceType":
			v.SpotInstanceType = d.Enum(k, valuesSpotInstanceType)
		case "BlockDurationMinutes":
			v.BlockDurationMinutes = d.Int(k, 32)
		case "ValidUntil":
			v.ValidUntil = d.Time(k)
		case "InstanceInterruptionBehavior":
			v.InstanceInterruptionBehavior = d.Enum(k, valuesInstanceInterruptionBehavior)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *StartInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "AdditionalInfo":
			v.AdditionalInfo = d.String(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.InstanceIds) > 0, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *StartNetworkInsightsAnalysisRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "NetworkInsightsPathId":
			v.NetworkInsightsPathId = d.String(k)
		case "AdditionalAccount":
			v.AdditionalAccounts = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.AdditionalAccounts = append(v.AdditionalAccounts, *e)
				}
			}
		case "FilterInArn":
			v.FilterInArns = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.FilterInArns = append(v.FilterInArns, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "TagSpecification":
			v.TagSpecifications = []*TagSpecification{}
			for _, k := range d.Items(k, "") {
				e := new(TagSpecification)
				e.DecodeQuery(d, k)
				v.TagSpecifications = append(v.TagSpecifications, e)
			}
		case "ClientToken":
			v.ClientToken = d.String(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInsightsPathId != nil, n, "NetworkInsightsPathId")
	d.Require(v.ClientToken != nil, n, "ClientToken")
}

// DecodeQuery implements query.Decodable.
func (v *StopInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "Hibernate":
			v.Hibernate = d.Bool(k)
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "Force":
			v.Force = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.InstanceIds) > 0, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *Tag) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Key":
			v.Key = d.String(k)
		case "Value":
			v.Value = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *TagSpecification) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "ResourceType":
			v.ResourceType = d.Enum(k, valuesResourceType)
		case "Tag":
			v.Tags = []*Tag{}
			for _, k := range d.Items(k, "") {
				e := new(Tag)
				e.DecodeQuery(d, k)
				v.Tags = append(v.Tags, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *TerminateInstancesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "InstanceId":
			v.InstanceIds = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.InstanceIds = append(v.InstanceIds, *e)
				}
			}
		case "DryRun":
			v.DryRun = d.Bool(k)
		default:
			d.Unknown(k)
		}
	}
	d.Require(len(v.InstanceIds) > 0, n, "InstanceId")
}

// DecodeQuery implements query.Decodable.
func (v *UnassignPrivateIpAddressesRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "NetworkInterfaceId":
			v.NetworkInterfaceId = d.String(k)
		case "PrivateIpAddress":
			v.PrivateIpAddresses = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.PrivateIpAddresses = append(v.PrivateIpAddresses, *e)
				}
			}
		case "Ipv4Prefix":
			v.Ipv4Prefixes = []string{}
			for _, k := range d.Items(k, "") {
				if e := d.String(k); e != nil {
					v.Ipv4Prefixes = append(v.Ipv4Prefixes, *e)
				}
			}
		default:
			d.Unknown(k)
		}
	}
	d.Require(v.NetworkInterfaceId != nil, n, "NetworkInterfaceId")
}

// DecodeQuery implements query.Decodable.
func (v *UpdateSecurityGroupRuleDescriptionsEgressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "SecurityGroupRuleDescription":
			v.SecurityGroupRuleDescriptions = []*SecurityGroupRuleDescription{}
			for _, k := range d.Items(k, "") {
				e := new(SecurityGroupRuleDescription)
				e.DecodeQuery(d, k)
				v.SecurityGroupRuleDescriptions = append(v.SecurityGroupRuleDescriptions, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *UpdateSecurityGroupRuleDescriptionsIngressRequest) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "DryRun":
			v.DryRun = d.Bool(k)
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "IpPermissions":
			v.IpPermissions = []*IpPermission{}
			for _, k := range d.Items(k, "") {
				e := new(IpPermission)
				e.DecodeQuery(d, k)
				v.IpPermissions = append(v.IpPermissions, e)
			}
		case "SecurityGroupRuleDescription":
			v.SecurityGroupRuleDescriptions = []*SecurityGroupRuleDescription{}
			for _, k := range d.Items(k, "") {
				e := new(SecurityGroupRuleDescription)
				e.DecodeQuery(d, k)
				v.SecurityGroupRuleDescriptions = append(v.SecurityGroupRuleDescriptions, e)
			}
		default:
			d.Unknown(k)
		}
	}
}

// DecodeQuery implements query.Decodable.
func (v *UserIdGroupPair) DecodeQuery(d *query.Decoder, n *query.Node) {
	d.Struct(n)
	for _, k := range n.Kids() {
		switch k.Name {
		case "Description":
			v.Description = d.String(k)
		case "GroupId":
			v.GroupId = d.String(k)
		case "GroupName":
			v.GroupName = d.String(k)
		case "PeeringStatus":
			v.PeeringStatus = d.String(k)
		case "UserId":
			v.UserId = d.String(k)
		case "VpcId":
			v.VpcId = d.String(k)
		case "VpcPeeringConnectionId":
			v.VpcPeeringConnectionId = d.String(k)
		default:
			d.Unknown(k)
		}
	}
}

var valuesAccountAttributeName = []string{"supported-platforms", "default-vpc"}

var valuesAddressAttributeName = []string{"domain-name"}

var valuesAffinity = []string{"default", "host"}

var valuesAmdSevSnpSpecification = []string{"enabled", "disabled"}

var valuesAutoPlacement = []string{"on", "off"}

var valuesCapacityReservationInstancePlatform = []string{"Linux/UNIX", "Red Hat Enterprise Linux", "SUSE Linux", "Windows", "Windows with SQL Server", "Windows with SQL Server Enterprise", "Windows with SQL Server Standard", "Windows with SQL Server Web", "Linux with SQL Server Standard", "Linux with SQL Server Web", "Linux with SQL Server Enterprise", "RHEL with SQL Server Standard", "RHEL with SQL Server Enterprise", "RHEL with SQL Server Web", "RHEL with HA", "RHEL with HA and SQL Server Standard", "RHEL with HA and SQL Server Enterprise", "Ubuntu Pro"}

var valuesCapacityReservationPreference = []string{"open", "none"}

var valuesCapacityReservationTenancy = []string{"default", "dedicated"}

var valuesConnectivityType = []string{"private", "public"}

var valuesDestinationFileFormat = []string{"plain-text", "parquet"}

var valuesDomainType = []string{"vpc", "standard"}

var valuesEndDateType = []string{"unlimited", "limited"}

var valuesFlowLogsResourceType = []string{"VPC", "Subnet", "NetworkInterface", "TransitGateway", "TransitGatewayAttachment"}

var valuesHostMaintenance = []string{"on", "off"}

var valuesHostRecovery = []string{"on", "off"}

var valuesHostTenancy = []string{"default", "dedicated", "host"}

var valuesHostnameType = []string{"ip-name", "resource-name"}

var valuesHttpTokensState = []string{"optional", "required"}

var valuesImageAttributeName = []string{"description", "kernel", "ramdisk", "launchPermission", "productCodes", "blockDeviceMapping", "sriovNetSupport", "bootMode", "tpmSupport", "uefiData", "lastLaunchedTime", "imdsSupport", "deregistrationProtection"}

var valuesInstanceAttributeName = []string{"instanceType", "kernel", "ramdisk", "userData", "disableApiTermination", "instanceInitiatedShutdownBehavior", "rootDeviceName", "blockDeviceMapping", "productCodes", "sourceDestCheck", "groupSet", "ebsOptimized", "sriovNetSupport", "enaSupport", "enclaveOptions", "disableApiStop"}

var valuesInstanceAutoRecoveryState = []string{"disabled", "default"}

var valuesInstanceInterruptionBehavior = []string{"hibernate", "stop", "terminate"}

var valuesInstanceMatchCriteria = []string{"open", "targeted"}

var valuesInstanceMetadataEndpointState = []string{"disabled", "enabled"}

var valuesInstanceMetadataProtocolState = []string{"disabled", "enabled"}

var valuesInstanceMetadataTagsState = []string{"disabled", "enabled"}

var valuesKeyFormat = []string{"pem", "ppk"}

var valuesKeyType = []string{"rsa", "ed25519"}

var valuesLocationType = []string{"region", "availability-zone", "availability-zone-id", "outpost"}

var valuesLogDestinationType = []string{"cloud-watch-logs", "s3", "kinesis-data-firehose"}

var valuesMarketType = []string{"spot", "capacity-block"}

var valuesNetworkInterfaceAttribute = []string{"description", "groupSet", "sourceDestCheck", "attachment", "associatePublicIpAddress"}

var valuesNetworkInterfaceCreationType = []string{"efa", "branch", "trunk"}

var valuesOperationType = []string{"add", "remove"}

var valuesPermissionGroup = []string{"all"}

var valuesPlacementStrategy = []string{"cluster", "spread", "partition"}

var valuesProtocol = []string{"tcp", "udp"}

var valuesResourceType = []string{"capacity-reservation", "client-vpn-endpoint", "customer-gateway", "carrier-gateway", "coip-pool", "dedicated-host", "dhcp-options", "egress-only-internet-gateway", "elastic-ip", "elastic-gpu", "export-image-task", "export-instance-task", "fleet", "fpga-image", "host-reservation", "image", "import-image-task", "import-snapshot-task", "instance", "instance-event-window", "internet-gateway", "ipam", "ipam-pool", "ipam-scope", "ipv4pool-ec2", "ipv6pool-ec2", "key-pair", "launch-template", "local-gateway", "local-gateway-route-table", "local-gateway-virtual-interface", "local-gateway-virtual-interface-group", "local-gateway-route-table-vpc-association", "local-gateway-route-table-virtual-interface-group-association", "natgateway", "network-acl", "network-interface", "network-insights-analysis", "network-insights-path", "network-insights-access-scope", "network-insights-access-scope-analysis", "placement-group", "prefix-list", "replace-root-volume-task", "reserved-instances", "route-table", "security-group", "security-group-rule", "snapshot", "spot-fleet-request", "spot-instances-request", "subnet", "subnet-cidr-reservation", "traffic-mirror-filter", "traffic-mirror-session", "traffic-mirror-target", "transit-gateway", "transit-gateway-attachment", "transit-gateway-connect-peer", "transit-gateway-multicast-domain", "transit-gateway-policy-table", "transit-gateway-route-table", "transit-gateway-route-table-announcement", "volume", "vpc", "vpc-endpoint", "vpc-endpoint-connection", "vpc-endpoint-service", "vpc-endpoint-service-permission", "vpc-peering-connection", "vpn-connection", "vpn-gateway", "vpc-flow-log", "capacity-reservation-fleet", "traffic-mirror-filter-rule", "vpc-endpoint-connection-device-type", "verified-access-instance", "verified-access-group", "verified-access-endpoint", "verified-access-policy", "verified-access-trust-provider", "vpn-connection-device-type", "vpc-block-public-access-exclusion", "ipam-resource-discovery", "ipam-resource-discovery-association", "instance-connect-endpoint", "ipam-external-resource-verification-token"}

var valuesRuleAction = []string{"allow", "deny"}

var valuesShutdownBehavior = []string{"stop", "terminate"}

var valuesSpotInstanceType = []string{"one-time", "persistent"}

var valuesSpreadLevel = []string{"host", "rack"}

var valuesTenancy = []string{"default", "dedicated", "host"}

var valuesTrafficType = []string{"ACCEPT", "REJECT", "ALL"}

var valuesVolumeType = []string{"standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"}

var valuesVpcAttributeName = []string{"enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"}

var valuesVpcTenancy = []string{"default"}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AcceptVpcPeeringConnectionRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AcceptVpcPeeringConnectionRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AllocateAddressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AllocateAddressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AllocateHostsRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *AllocateHostsRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssignPrivateIpAddressesRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *AssignPrivateIpAddressesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssociateAddressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AssociateAddressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssociateDhcpOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AssociateDhcpOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssociateRouteTableRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AssociateRouteTableRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AssociateVpcCidrBlockRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *AssociateVpcCidrBlockRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AttachInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AttachInternetGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AttachNetworkInterfaceRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AttachNetworkInterfaceRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AuthorizeSecurityGroupEgressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AuthorizeSecurityGroupEgressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *AuthorizeSecurityGroupIngressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *AuthorizeSecurityGroupIngressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CancelCapacityReservationRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CancelCapacityReservationRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateCapacityReservationRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateCapacityReservationRequest) Token() (token *string, has bool) {
	return v.ClientToken, true
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateDefaultSubnetRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateDefaultSubnetRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateDefaultVpcRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateDefaultVpcRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateDhcpOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateDhcpOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateEgressOnlyInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateEgressOnlyInternetGatewayRequest) Token() (token *string, has bool) {
	return v.ClientToken, true
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateFlowLogsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateFlowLogsRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateInternetGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateKeyPairRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateKeyPairRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateManagedPrefixListRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateManagedPrefixListRequest) Token() (token *string, has bool) {
	return v.ClientToken, true
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateNatGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateNatGatewayRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateNetworkAclEntryRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateNetworkAclEntryRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateNetworkAclRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateNetworkAclRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateNetworkInsightsPathRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateNetworkInsightsPathRequest) Token() (token *string, has bool) {
	return v.ClientToken, true
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateNetworkInterfaceRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateNetworkInterfaceRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreatePlacementGroupRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreatePlacementGroupRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateRouteRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateRouteRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateRouteTableRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateRouteTableRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateSecurityGroupRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateSecurityGroupRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateSubnetRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateSubnetRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateTagsRequest) AsksDryRun() (asked, has bool) { return v.DryRun != nil && *v.DryRun, true }

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateTagsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateVpcPeeringConnectionRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateVpcPeeringConnectionRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *CreateVpcRequest) AsksDryRun() (asked, has bool) { return v.DryRun != nil && *v.DryRun, true }

// Token returns the client token, and whether the action has such a parameter.
func (v *CreateVpcRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteDhcpOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteDhcpOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteEgressOnlyInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteEgressOnlyInternetGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteFlowLogsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteFlowLogsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteInternetGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteKeyPairRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteKeyPairRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteManagedPrefixListRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteManagedPrefixListRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNatGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNatGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNetworkAclEntryRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNetworkAclEntryRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNetworkAclRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNetworkAclRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNetworkInsightsAnalysisRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNetworkInsightsAnalysisRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNetworkInsightsPathRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNetworkInsightsPathRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteNetworkInterfaceRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteNetworkInterfaceRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeletePlacementGroupRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeletePlacementGroupRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteRouteRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteRouteRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteRouteTableRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteRouteTableRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteSecurityGroupRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteSecurityGroupRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteSubnetRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteSubnetRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteTagsRequest) AsksDryRun() (asked, has bool) { return v.DryRun != nil && *v.DryRun, true }

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteTagsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteVpcPeeringConnectionRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteVpcPeeringConnectionRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeleteVpcRequest) AsksDryRun() (asked, has bool) { return v.DryRun != nil && *v.DryRun, true }

// Token returns the client token, and whether the action has such a parameter.
func (v *DeleteVpcRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DeregisterImageRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DeregisterImageRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeAccountAttributesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeAccountAttributesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeAddressesAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeAddressesAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeAddressesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeAddressesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeAvailabilityZonesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeAvailabilityZonesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeCapacityReservationsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeCapacityReservationsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeDhcpOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeDhcpOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeEgressOnlyInternetGatewaysRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeEgressOnlyInternetGatewaysRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeFlowLogsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeFlowLogsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeHostsRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeHostsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeImageAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeImageAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeImagesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeImagesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstanceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstanceAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstanceCreditSpecificationsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstanceCreditSpecificationsRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstanceStatusRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstanceStatusRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstanceTypeOfferingsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstanceTypeOfferingsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstanceTypesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstanceTypesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInstancesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeInternetGatewaysRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeInternetGatewaysRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeKeyPairsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeKeyPairsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeManagedPrefixListsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeManagedPrefixListsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNatGatewaysRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNatGatewaysRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNetworkAclsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNetworkAclsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNetworkInsightsAnalysesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNetworkInsightsAnalysesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNetworkInsightsPathsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNetworkInsightsPathsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNetworkInterfaceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNetworkInterfaceAttributeRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeNetworkInterfacesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeNetworkInterfacesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribePlacementGroupsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribePlacementGroupsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribePrefixListsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribePrefixListsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeRegionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeRegionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeRouteTablesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeRouteTablesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeSecurityGroupReferencesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeSecurityGroupReferencesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeSecurityGroupRulesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeSecurityGroupRulesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeSecurityGroupsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeSecurityGroupsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeStaleSecurityGroupsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeStaleSecurityGroupsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeSubnetsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeSubnetsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeTagsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeTagsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeVolumesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeVolumesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeVpcAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeVpcAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeVpcPeeringConnectionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeVpcPeeringConnectionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DescribeVpcsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DescribeVpcsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DetachInternetGatewayRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DetachInternetGatewayRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DetachNetworkInterfaceRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DetachNetworkInterfaceRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DisassociateAddressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DisassociateAddressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DisassociateRouteTableRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *DisassociateRouteTableRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *DisassociateVpcCidrBlockRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *DisassociateVpcCidrBlockRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetCapacityReservationUsageRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetCapacityReservationUsageRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetConsoleOutputRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetConsoleOutputRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetInstanceUefiDataRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetInstanceUefiDataRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetManagedPrefixListAssociationsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetManagedPrefixListAssociationsRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetManagedPrefixListEntriesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetManagedPrefixListEntriesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *GetSecurityGroupsForVpcRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *GetSecurityGroupsForVpcRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ImportKeyPairRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ImportKeyPairRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyAddressAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyAddressAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyCapacityReservationRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyCapacityReservationRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyHostsRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyHostsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyImageAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyImageAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyInstanceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyInstanceAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyInstanceCapacityReservationAttributesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyInstanceCapacityReservationAttributesRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyInstanceMetadataOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyInstanceMetadataOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyInstancePlacementRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyInstancePlacementRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyManagedPrefixListRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyManagedPrefixListRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyNetworkInterfaceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyNetworkInterfaceAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyPrivateDnsNameOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyPrivateDnsNameOptionsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifySecurityGroupRulesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifySecurityGroupRulesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifySubnetAttributeRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifySubnetAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyVpcAttributeRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyVpcAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyVpcPeeringConnectionOptionsRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyVpcPeeringConnectionOptionsRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ModifyVpcTenancyRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ModifyVpcTenancyRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RebootInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RebootInstancesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RejectVpcPeeringConnectionRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RejectVpcPeeringConnectionRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReleaseAddressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ReleaseAddressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReleaseHostsRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *ReleaseHostsRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReplaceNetworkAclAssociationRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ReplaceNetworkAclAssociationRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReplaceNetworkAclEntryRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ReplaceNetworkAclEntryRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReplaceRouteRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ReplaceRouteRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ReplaceRouteTableAssociationRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ReplaceRouteTableAssociationRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ResetAddressAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ResetAddressAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ResetInstanceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ResetInstanceAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *ResetNetworkInterfaceAttributeRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *ResetNetworkInterfaceAttributeRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RestoreManagedPrefixListVersionRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RestoreManagedPrefixListVersionRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RevokeSecurityGroupEgressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RevokeSecurityGroupEgressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RevokeSecurityGroupIngressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RevokeSecurityGroupIngressRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *RunInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *RunInstancesRequest) Token() (token *string, has bool) { return v.ClientToken, true }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *StartInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *StartInstancesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *StartNetworkInsightsAnalysisRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *StartNetworkInsightsAnalysisRequest) Token() (token *string, has bool) {
	return v.ClientToken, true
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *StopInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *StopInstancesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *TerminateInstancesRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *TerminateInstancesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *UnassignPrivateIpAddressesRequest) AsksDryRun() (asked, has bool) { return false, false }

// Token returns the client token, and whether the action has such a parameter.
func (v *UnassignPrivateIpAddressesRequest) Token() (token *string, has bool) { return nil, false }

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *UpdateSecurityGroupRuleDescriptionsEgressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *UpdateSecurityGroupRuleDescriptionsEgressRequest) Token() (token *string, has bool) {
	return nil, false
}

// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.
func (v *UpdateSecurityGroupRuleDescriptionsIngressRequest) AsksDryRun() (asked, has bool) {
	return v.DryRun != nil && *v.DryRun, true
}

// Token returns the client token, and whether the action has such a parameter.
func (v *UpdateSecurityGroupRuleDescriptionsIngressRequest) Token() (token *string, has bool) {
	return nil, false
}
