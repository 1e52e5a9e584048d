// Code generated from models/apis/ec2/2016-11-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package gen

import "github.com/micacloud/mica/controlplane/wire/xmlenc"

// AppendXML implements xmlenc.Appender.
func (v *AcceptVpcPeeringConnectionResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.VpcPeeringConnection != nil {
		b = append(b, "<vpcPeeringConnection>"...)
		b = v.VpcPeeringConnection.AppendXML(b)
		b = append(b, "</vpcPeeringConnection>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AccountAttribute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<attributeName>", v.AttributeName)
	if v.AttributeValues != nil {
		b = append(b, "<attributeValueSet>"...)
		for _, e := range v.AttributeValues {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</attributeValueSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AccountAttributeValue) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<attributeValue>", v.AttributeValue)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AdditionalDetail) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<additionalDetailType>", v.AdditionalDetailType)
	if v.Component != nil {
		b = append(b, "<component>"...)
		b = v.Component.AppendXML(b)
		b = append(b, "</component>"...)
	}
	if v.VpcEndpointService != nil {
		b = append(b, "<vpcEndpointService>"...)
		b = v.VpcEndpointService.AppendXML(b)
		b = append(b, "</vpcEndpointService>"...)
	}
	if v.RuleOptions != nil {
		b = append(b, "<ruleOptionSet>"...)
		for _, e := range v.RuleOptions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ruleOptionSet>"...)
	}
	if v.RuleGroupTypePairs != nil {
		b = append(b, "<ruleGroupTypePairSet>"...)
		for _, e := range v.RuleGroupTypePairs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ruleGroupTypePairSet>"...)
	}
	if v.RuleGroupRuleOptionsPairs != nil {
		b = append(b, "<ruleGroupRuleOptionsPairSet>"...)
		for _, e := range v.RuleGroupRuleOptionsPairs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ruleGroupRuleOptionsPairSet>"...)
	}
	b = xmlenc.String(b, "<serviceName>", v.ServiceName)
	if v.LoadBalancers != nil {
		b = append(b, "<loadBalancerSet>"...)
		for _, e := range v.LoadBalancers {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</loadBalancerSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Address) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	b = xmlenc.String(b, "<allocationId>", v.AllocationId)
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.String(b, "<domain>", v.Domain)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<networkInterfaceOwnerId>", v.NetworkInterfaceOwnerId)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<publicIpv4Pool>", v.PublicIpv4Pool)
	b = xmlenc.String(b, "<networkBorderGroup>", v.NetworkBorderGroup)
	b = xmlenc.String(b, "<customerOwnedIp>", v.CustomerOwnedIp)
	b = xmlenc.String(b, "<customerOwnedIpv4Pool>", v.CustomerOwnedIpv4Pool)
	b = xmlenc.String(b, "<carrierIp>", v.CarrierIp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AddressAttribute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	b = xmlenc.String(b, "<allocationId>", v.AllocationId)
	b = xmlenc.String(b, "<ptrRecord>", v.PtrRecord)
	if v.PtrRecordUpdate != nil {
		b = append(b, "<ptrRecordUpdate>"...)
		b = v.PtrRecordUpdate.AppendXML(b)
		b = append(b, "</ptrRecordUpdate>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AllocateAddressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	b = xmlenc.String(b, "<allocationId>", v.AllocationId)
	b = xmlenc.String(b, "<publicIpv4Pool>", v.PublicIpv4Pool)
	b = xmlenc.String(b, "<networkBorderGroup>", v.NetworkBorderGroup)
	b = xmlenc.String(b, "<domain>", v.Domain)
	b = xmlenc.String(b, "<customerOwnedIp>", v.CustomerOwnedIp)
	b = xmlenc.String(b, "<customerOwnedIpv4Pool>", v.CustomerOwnedIpv4Pool)
	b = xmlenc.String(b, "<carrierIp>", v.CarrierIp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AllocateHostsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.HostIds != nil {
		b = append(b, "<hostIdSet>"...)
		for _, e := range v.HostIds {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</hostIdSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AlternatePathHint) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<componentId>", v.ComponentId)
	b = xmlenc.String(b, "<componentArn>", v.ComponentArn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisAclRule) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidr>", v.Cidr)
	b = xmlenc.Bool(b, "<egress>", v.Egress)
	if v.PortRange != nil {
		b = append(b, "<portRange>"...)
		b = v.PortRange.AppendXML(b)
		b = append(b, "</portRange>"...)
	}
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	b = xmlenc.String(b, "<ruleAction>", v.RuleAction)
	b = xmlenc.Int(b, "<ruleNumber>", v.RuleNumber)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisComponent) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<id>", v.Id)
	b = xmlenc.String(b, "<arn>", v.Arn)
	b = xmlenc.String(b, "<name>", v.Name)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisLoadBalancerListener) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<loadBalancerPort>", v.LoadBalancerPort)
	b = xmlenc.Int(b, "<instancePort>", v.InstancePort)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisLoadBalancerTarget) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<address>", v.Address)
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	if v.Instance != nil {
		b = append(b, "<instance>"...)
		b = v.Instance.AppendXML(b)
		b = append(b, "</instance>"...)
	}
	b = xmlenc.Int(b, "<port>", v.Port)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisPacketHeader) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.DestinationAddresses != nil {
		b = append(b, "<destinationAddressSet>"...)
		for _, e := range v.DestinationAddresses {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</destinationAddressSet>"...)
	}
	if v.DestinationPortRanges != nil {
		b = append(b, "<destinationPortRangeSet>"...)
		for _, e := range v.DestinationPortRanges {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</destinationPortRangeSet>"...)
	}
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	if v.SourceAddresses != nil {
		b = append(b, "<sourceAddressSet>"...)
		for _, e := range v.SourceAddresses {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</sourceAddressSet>"...)
	}
	if v.SourcePortRanges != nil {
		b = append(b, "<sourcePortRangeSet>"...)
		for _, e := range v.SourcePortRanges {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</sourcePortRangeSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisRouteTableRoute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<destinationCidr>", v.DestinationCidr)
	b = xmlenc.String(b, "<destinationPrefixListId>", v.DestinationPrefixListId)
	b = xmlenc.String(b, "<egressOnlyInternetGatewayId>", v.EgressOnlyInternetGatewayId)
	b = xmlenc.String(b, "<gatewayId>", v.GatewayId)
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<natGatewayId>", v.NatGatewayId)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<origin>", v.Origin)
	b = xmlenc.String(b, "<transitGatewayId>", v.TransitGatewayId)
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<carrierGatewayId>", v.CarrierGatewayId)
	b = xmlenc.String(b, "<coreNetworkArn>", v.CoreNetworkArn)
	b = xmlenc.String(b, "<localGatewayId>", v.LocalGatewayId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AnalysisSecurityGroupRule) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidr>", v.Cidr)
	b = xmlenc.String(b, "<direction>", v.Direction)
	b = xmlenc.String(b, "<securityGroupId>", v.SecurityGroupId)
	if v.PortRange != nil {
		b = append(b, "<portRange>"...)
		b = v.PortRange.AppendXML(b)
		b = append(b, "</portRange>"...)
	}
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssignPrivateIpAddressesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	if v.AssignedPrivateIpAddresses != nil {
		b = append(b, "<assignedPrivateIpAddressesSet>"...)
		for _, e := range v.AssignedPrivateIpAddresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</assignedPrivateIpAddressesSet>"...)
	}
	if v.AssignedIpv4Prefixes != nil {
		b = append(b, "<assignedIpv4PrefixSet>"...)
		for _, e := range v.AssignedIpv4Prefixes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</assignedIpv4PrefixSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssignedPrivateIpAddress) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssociateAddressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssociateRouteTableResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	if v.AssociationState != nil {
		b = append(b, "<associationState>"...)
		b = v.AssociationState.AppendXML(b)
		b = append(b, "</associationState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssociateVpcCidrBlockResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Ipv6CidrBlockAssociation != nil {
		b = append(b, "<ipv6CidrBlockAssociation>"...)
		b = v.Ipv6CidrBlockAssociation.AppendXML(b)
		b = append(b, "</ipv6CidrBlockAssociation>"...)
	}
	if v.CidrBlockAssociation != nil {
		b = append(b, "<cidrBlockAssociation>"...)
		b = v.CidrBlockAssociation.AppendXML(b)
		b = append(b, "</cidrBlockAssociation>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AttachNetworkInterfaceResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<attachmentId>", v.AttachmentId)
	b = xmlenc.Int(b, "<networkCardIndex>", v.NetworkCardIndex)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AttachmentEnaSrdSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<enaSrdEnabled>", v.EnaSrdEnabled)
	if v.EnaSrdUdpSpecification != nil {
		b = append(b, "<enaSrdUdpSpecification>"...)
		b = v.EnaSrdUdpSpecification.AppendXML(b)
		b = append(b, "</enaSrdUdpSpecification>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AttachmentEnaSrdUdpSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<enaSrdUdpEnabled>", v.EnaSrdUdpEnabled)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AttributeBooleanValue) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<value>", v.Value)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AttributeValue) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<value>", v.Value)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AuthorizeSecurityGroupEgressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	if v.SecurityGroupRules != nil {
		b = append(b, "<securityGroupRuleSet>"...)
		for _, e := range v.SecurityGroupRules {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupRuleSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AuthorizeSecurityGroupIngressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	if v.SecurityGroupRules != nil {
		b = append(b, "<securityGroupRuleSet>"...)
		for _, e := range v.SecurityGroupRules {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupRuleSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AvailabilityZone) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<zoneState>", v.State)
	b = xmlenc.String(b, "<optInStatus>", v.OptInStatus)
	if v.Messages != nil {
		b = append(b, "<messageSet>"...)
		for _, e := range v.Messages {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</messageSet>"...)
	}
	b = xmlenc.String(b, "<regionName>", v.RegionName)
	b = xmlenc.String(b, "<zoneName>", v.ZoneName)
	b = xmlenc.String(b, "<zoneId>", v.ZoneId)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.String(b, "<networkBorderGroup>", v.NetworkBorderGroup)
	b = xmlenc.String(b, "<zoneType>", v.ZoneType)
	b = xmlenc.String(b, "<parentZoneName>", v.ParentZoneName)
	b = xmlenc.String(b, "<parentZoneId>", v.ParentZoneId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AvailabilityZoneMessage) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<message>", v.Message)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AvailableCapacity) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.AvailableInstanceCapacity != nil {
		b = append(b, "<availableInstanceCapacity>"...)
		for _, e := range v.AvailableInstanceCapacity {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</availableInstanceCapacity>"...)
	}
	b = xmlenc.Int(b, "<availableVCpus>", v.AvailableVCpus)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *BlockDeviceMapping) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<deviceName>", v.DeviceName)
	b = xmlenc.String(b, "<virtualName>", v.VirtualName)
	if v.Ebs != nil {
		b = append(b, "<ebs>"...)
		b = v.Ebs.AppendXML(b)
		b = append(b, "</ebs>"...)
	}
	b = xmlenc.String(b, "<noDevice>", v.NoDevice)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CancelCapacityReservationResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CapacityAllocation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<allocationType>", v.AllocationType)
	b = xmlenc.Int(b, "<count>", v.Count)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CapacityReservation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<capacityReservationId>", v.CapacityReservationId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<capacityReservationArn>", v.CapacityReservationArn)
	b = xmlenc.String(b, "<availabilityZoneId>", v.AvailabilityZoneId)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.String(b, "<instancePlatform>", v.InstancePlatform)
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	b = xmlenc.String(b, "<tenancy>", v.Tenancy)
	b = xmlenc.Int(b, "<totalInstanceCount>", v.TotalInstanceCount)
	b = xmlenc.Int(b, "<availableInstanceCount>", v.AvailableInstanceCount)
	b = xmlenc.Bool(b, "<ebsOptimized>", v.EbsOptimized)
	b = xmlenc.Bool(b, "<ephemeralStorage>", v.EphemeralStorage)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.Time(b, "<startDate>", v.StartDate)
	b = xmlenc.Time(b, "<endDate>", v.EndDate)
	b = xmlenc.String(b, "<endDateType>", v.EndDateType)
	b = xmlenc.String(b, "<instanceMatchCriteria>", v.InstanceMatchCriteria)
	b = xmlenc.Time(b, "<createDate>", v.CreateDate)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.String(b, "<capacityReservationFleetId>", v.CapacityReservationFleetId)
	b = xmlenc.String(b, "<placementGroupArn>", v.PlacementGroupArn)
	if v.CapacityAllocations != nil {
		b = append(b, "<capacityAllocationSet>"...)
		for _, e := range v.CapacityAllocations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</capacityAllocationSet>"...)
	}
	b = xmlenc.String(b, "<reservationType>", v.ReservationType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CapacityReservationSpecificationResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<capacityReservationPreference>", v.CapacityReservationPreference)
	if v.CapacityReservationTarget != nil {
		b = append(b, "<capacityReservationTarget>"...)
		b = v.CapacityReservationTarget.AppendXML(b)
		b = append(b, "</capacityReservationTarget>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CapacityReservationTargetResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<capacityReservationId>", v.CapacityReservationId)
	b = xmlenc.String(b, "<capacityReservationResourceGroupArn>", v.CapacityReservationResourceGroupArn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CidrBlock) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ConnectionTrackingConfiguration) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<tcpEstablishedTimeout>", v.TcpEstablishedTimeout)
	b = xmlenc.Int(b, "<udpStreamTimeout>", v.UdpStreamTimeout)
	b = xmlenc.Int(b, "<udpTimeout>", v.UdpTimeout)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ConnectionTrackingSpecificationResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<tcpEstablishedTimeout>", v.TcpEstablishedTimeout)
	b = xmlenc.Int(b, "<udpStreamTimeout>", v.UdpStreamTimeout)
	b = xmlenc.Int(b, "<udpTimeout>", v.UdpTimeout)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CpuOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<coreCount>", v.CoreCount)
	b = xmlenc.Int(b, "<threadsPerCore>", v.ThreadsPerCore)
	b = xmlenc.String(b, "<amdSevSnp>", v.AmdSevSnp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateCapacityReservationResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.CapacityReservation != nil {
		b = append(b, "<capacityReservation>"...)
		b = v.CapacityReservation.AppendXML(b)
		b = append(b, "</capacityReservation>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateDefaultSubnetResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Subnet != nil {
		b = append(b, "<subnet>"...)
		b = v.Subnet.AppendXML(b)
		b = append(b, "</subnet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateDefaultVpcResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Vpc != nil {
		b = append(b, "<vpc>"...)
		b = v.Vpc.AppendXML(b)
		b = append(b, "</vpc>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateDhcpOptionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.DhcpOptions != nil {
		b = append(b, "<dhcpOptions>"...)
		b = v.DhcpOptions.AppendXML(b)
		b = append(b, "</dhcpOptions>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateEgressOnlyInternetGatewayResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	if v.EgressOnlyInternetGateway != nil {
		b = append(b, "<egressOnlyInternetGateway>"...)
		b = v.EgressOnlyInternetGateway.AppendXML(b)
		b = append(b, "</egressOnlyInternetGateway>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateFlowLogsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	if v.FlowLogIds != nil {
		b = append(b, "<flowLogIdSet>"...)
		for _, e := range v.FlowLogIds {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</flowLogIdSet>"...)
	}
	if v.Unsuccessful != nil {
		b = append(b, "<unsuccessful>"...)
		for _, e := range v.Unsuccessful {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unsuccessful>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateInternetGatewayResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InternetGateway != nil {
		b = append(b, "<internetGateway>"...)
		b = v.InternetGateway.AppendXML(b)
		b = append(b, "</internetGateway>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateManagedPrefixListResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PrefixList != nil {
		b = append(b, "<prefixList>"...)
		b = v.PrefixList.AppendXML(b)
		b = append(b, "</prefixList>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateNatGatewayResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	if v.NatGateway != nil {
		b = append(b, "<natGateway>"...)
		b = v.NatGateway.AppendXML(b)
		b = append(b, "</natGateway>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateNetworkAclResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkAcl != nil {
		b = append(b, "<networkAcl>"...)
		b = v.NetworkAcl.AppendXML(b)
		b = append(b, "</networkAcl>"...)
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateNetworkInsightsPathResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInsightsPath != nil {
		b = append(b, "<networkInsightsPath>"...)
		b = v.NetworkInsightsPath.AppendXML(b)
		b = append(b, "</networkInsightsPath>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateNetworkInterfaceResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInterface != nil {
		b = append(b, "<networkInterface>"...)
		b = v.NetworkInterface.AppendXML(b)
		b = append(b, "</networkInterface>"...)
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreatePlacementGroupResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PlacementGroup != nil {
		b = append(b, "<placementGroup>"...)
		b = v.PlacementGroup.AppendXML(b)
		b = append(b, "</placementGroup>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateRouteResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateRouteTableResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.RouteTable != nil {
		b = append(b, "<routeTable>"...)
		b = v.RouteTable.AppendXML(b)
		b = append(b, "</routeTable>"...)
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateSecurityGroupResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateSubnetResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Subnet != nil {
		b = append(b, "<subnet>"...)
		b = v.Subnet.AppendXML(b)
		b = append(b, "</subnet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateVpcPeeringConnectionResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.VpcPeeringConnection != nil {
		b = append(b, "<vpcPeeringConnection>"...)
		b = v.VpcPeeringConnection.AppendXML(b)
		b = append(b, "</vpcPeeringConnection>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *CreateVpcResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Vpc != nil {
		b = append(b, "<vpc>"...)
		b = v.Vpc.AppendXML(b)
		b = append(b, "</vpc>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteEgressOnlyInternetGatewayResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<returnCode>", v.ReturnCode)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteFlowLogsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Unsuccessful != nil {
		b = append(b, "<unsuccessful>"...)
		for _, e := range v.Unsuccessful {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unsuccessful>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteKeyPairResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	b = xmlenc.String(b, "<keyPairId>", v.KeyPairId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteManagedPrefixListResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PrefixList != nil {
		b = append(b, "<prefixList>"...)
		b = v.PrefixList.AppendXML(b)
		b = append(b, "</prefixList>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNatGatewayResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<natGatewayId>", v.NatGatewayId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNetworkInsightsAnalysisResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkInsightsAnalysisId>", v.NetworkInsightsAnalysisId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNetworkInsightsPathResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkInsightsPathId>", v.NetworkInsightsPathId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteVpcPeeringConnectionResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeAccountAttributesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.AccountAttributes != nil {
		b = append(b, "<accountAttributeSet>"...)
		for _, e := range v.AccountAttributes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</accountAttributeSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeAddressesAttributeResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Addresses != nil {
		b = append(b, "<addressSet>"...)
		for _, e := range v.Addresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</addressSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeAddressesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Addresses != nil {
		b = append(b, "<addressesSet>"...)
		for _, e := range v.Addresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</addressesSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeAvailabilityZonesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.AvailabilityZones != nil {
		b = append(b, "<availabilityZoneInfo>"...)
		for _, e := range v.AvailabilityZones {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</availabilityZoneInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeCapacityReservationsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.CapacityReservations != nil {
		b = append(b, "<capacityReservationSet>"...)
		for _, e := range v.CapacityReservations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</capacityReservationSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeDhcpOptionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.DhcpOptions != nil {
		b = append(b, "<dhcpOptionsSet>"...)
		for _, e := range v.DhcpOptions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</dhcpOptionsSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeEgressOnlyInternetGatewaysResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.EgressOnlyInternetGateways != nil {
		b = append(b, "<egressOnlyInternetGatewaySet>"...)
		for _, e := range v.EgressOnlyInternetGateways {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</egressOnlyInternetGatewaySet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeFlowLogsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.FlowLogs != nil {
		b = append(b, "<flowLogSet>"...)
		for _, e := range v.FlowLogs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</flowLogSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeHostsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Hosts != nil {
		b = append(b, "<hostSet>"...)
		for _, e := range v.Hosts {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</hostSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeImagesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Images != nil {
		b = append(b, "<imagesSet>"...)
		for _, e := range v.Images {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</imagesSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInstanceCreditSpecificationsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InstanceCreditSpecifications != nil {
		b = append(b, "<instanceCreditSpecificationSet>"...)
		for _, e := range v.InstanceCreditSpecifications {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instanceCreditSpecificationSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInstanceStatusResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InstanceStatuses != nil {
		b = append(b, "<instanceStatusSet>"...)
		for _, e := range v.InstanceStatuses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instanceStatusSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInstanceTypeOfferingsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InstanceTypeOfferings != nil {
		b = append(b, "<instanceTypeOfferingSet>"...)
		for _, e := range v.InstanceTypeOfferings {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instanceTypeOfferingSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInstanceTypesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InstanceTypes != nil {
		b = append(b, "<instanceTypeSet>"...)
		for _, e := range v.InstanceTypes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instanceTypeSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInstancesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Reservations != nil {
		b = append(b, "<reservationSet>"...)
		for _, e := range v.Reservations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</reservationSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeInternetGatewaysResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.InternetGateways != nil {
		b = append(b, "<internetGatewaySet>"...)
		for _, e := range v.InternetGateways {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</internetGatewaySet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeKeyPairsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.KeyPairs != nil {
		b = append(b, "<keySet>"...)
		for _, e := range v.KeyPairs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</keySet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeManagedPrefixListsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.PrefixLists != nil {
		b = append(b, "<prefixListSet>"...)
		for _, e := range v.PrefixLists {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</prefixListSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNatGatewaysResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NatGateways != nil {
		b = append(b, "<natGatewaySet>"...)
		for _, e := range v.NatGateways {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</natGatewaySet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNetworkAclsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkAcls != nil {
		b = append(b, "<networkAclSet>"...)
		for _, e := range v.NetworkAcls {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkAclSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNetworkInsightsAnalysesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInsightsAnalyses != nil {
		b = append(b, "<networkInsightsAnalysisSet>"...)
		for _, e := range v.NetworkInsightsAnalyses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkInsightsAnalysisSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNetworkInsightsPathsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInsightsPaths != nil {
		b = append(b, "<networkInsightsPathSet>"...)
		for _, e := range v.NetworkInsightsPaths {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkInsightsPathSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNetworkInterfaceAttributeResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Attachment != nil {
		b = append(b, "<attachment>"...)
		b = v.Attachment.AppendXML(b)
		b = append(b, "</attachment>"...)
	}
	if v.Description != nil {
		b = append(b, "<description>"...)
		b = v.Description.AppendXML(b)
		b = append(b, "</description>"...)
	}
	if v.Groups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.Groups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	if v.SourceDestCheck != nil {
		b = append(b, "<sourceDestCheck>"...)
		b = v.SourceDestCheck.AppendXML(b)
		b = append(b, "</sourceDestCheck>"...)
	}
	b = xmlenc.Bool(b, "<associatePublicIpAddress>", v.AssociatePublicIpAddress)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeNetworkInterfacesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInterfaces != nil {
		b = append(b, "<networkInterfaceSet>"...)
		for _, e := range v.NetworkInterfaces {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkInterfaceSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribePlacementGroupsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PlacementGroups != nil {
		b = append(b, "<placementGroupSet>"...)
		for _, e := range v.PlacementGroups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</placementGroupSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribePrefixListsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.PrefixLists != nil {
		b = append(b, "<prefixListSet>"...)
		for _, e := range v.PrefixLists {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</prefixListSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeRegionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Regions != nil {
		b = append(b, "<regionInfo>"...)
		for _, e := range v.Regions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</regionInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeRouteTablesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.RouteTables != nil {
		b = append(b, "<routeTableSet>"...)
		for _, e := range v.RouteTables {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</routeTableSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeSecurityGroupReferencesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SecurityGroupReferenceSet != nil {
		b = append(b, "<securityGroupReferenceSet>"...)
		for _, e := range v.SecurityGroupReferenceSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupReferenceSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeSecurityGroupRulesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SecurityGroupRules != nil {
		b = append(b, "<securityGroupRuleSet>"...)
		for _, e := range v.SecurityGroupRules {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupRuleSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeSecurityGroupsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SecurityGroups != nil {
		b = append(b, "<securityGroupInfo>"...)
		for _, e := range v.SecurityGroups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupInfo>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeStaleSecurityGroupsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.StaleSecurityGroupSet != nil {
		b = append(b, "<staleSecurityGroupSet>"...)
		for _, e := range v.StaleSecurityGroupSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</staleSecurityGroupSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeSubnetsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Subnets != nil {
		b = append(b, "<subnetSet>"...)
		for _, e := range v.Subnets {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</subnetSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeTagsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeVolumesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Volumes != nil {
		b = append(b, "<volumeSet>"...)
		for _, e := range v.Volumes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</volumeSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeVpcAttributeResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	if v.EnableDnsHostnames != nil {
		b = append(b, "<enableDnsHostnames>"...)
		b = v.EnableDnsHostnames.AppendXML(b)
		b = append(b, "</enableDnsHostnames>"...)
	}
	if v.EnableDnsSupport != nil {
		b = append(b, "<enableDnsSupport>"...)
		b = v.EnableDnsSupport.AppendXML(b)
		b = append(b, "</enableDnsSupport>"...)
	}
	if v.EnableNetworkAddressUsageMetrics != nil {
		b = append(b, "<enableNetworkAddressUsageMetrics>"...)
		b = v.EnableNetworkAddressUsageMetrics.AppendXML(b)
		b = append(b, "</enableNetworkAddressUsageMetrics>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeVpcPeeringConnectionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.VpcPeeringConnections != nil {
		b = append(b, "<vpcPeeringConnectionSet>"...)
		for _, e := range v.VpcPeeringConnections {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</vpcPeeringConnectionSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DescribeVpcsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Vpcs != nil {
		b = append(b, "<vpcSet>"...)
		for _, e := range v.Vpcs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</vpcSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DestinationOptionsResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<fileFormat>", v.FileFormat)
	b = xmlenc.Bool(b, "<hiveCompatiblePartitions>", v.HiveCompatiblePartitions)
	b = xmlenc.Bool(b, "<perHourPartition>", v.PerHourPartition)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DhcpConfiguration) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<key>", v.Key)
	if v.Values != nil {
		b = append(b, "<valueSet>"...)
		for _, e := range v.Values {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</valueSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DhcpOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.DhcpConfigurations != nil {
		b = append(b, "<dhcpConfigurationSet>"...)
		for _, e := range v.DhcpConfigurations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</dhcpConfigurationSet>"...)
	}
	b = xmlenc.String(b, "<dhcpOptionsId>", v.DhcpOptionsId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DisassociateVpcCidrBlockResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Ipv6CidrBlockAssociation != nil {
		b = append(b, "<ipv6CidrBlockAssociation>"...)
		b = v.Ipv6CidrBlockAssociation.AppendXML(b)
		b = append(b, "</ipv6CidrBlockAssociation>"...)
	}
	if v.CidrBlockAssociation != nil {
		b = append(b, "<cidrBlockAssociation>"...)
		b = v.CidrBlockAssociation.AppendXML(b)
		b = append(b, "</cidrBlockAssociation>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *DiskInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInGB>", v.SizeInGB)
	b = xmlenc.Int(b, "<count>", v.Count)
	b = xmlenc.String(b, "<type>", v.Type)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EbsBlockDevice) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<deleteOnTermination>", v.DeleteOnTermination)
	b = xmlenc.Int(b, "<iops>", v.Iops)
	b = xmlenc.String(b, "<snapshotId>", v.SnapshotId)
	b = xmlenc.Int(b, "<volumeSize>", v.VolumeSize)
	b = xmlenc.String(b, "<volumeType>", v.VolumeType)
	b = xmlenc.String(b, "<kmsKeyId>", v.KmsKeyId)
	b = xmlenc.Int(b, "<throughput>", v.Throughput)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.Bool(b, "<encrypted>", v.Encrypted)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EbsInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ebsOptimizedSupport>", v.EbsOptimizedSupport)
	b = xmlenc.String(b, "<encryptionSupport>", v.EncryptionSupport)
	if v.EbsOptimizedInfo != nil {
		b = append(b, "<ebsOptimizedInfo>"...)
		b = v.EbsOptimizedInfo.AppendXML(b)
		b = append(b, "</ebsOptimizedInfo>"...)
	}
	b = xmlenc.String(b, "<nvmeSupport>", v.NvmeSupport)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EbsInstanceBlockDevice) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<attachTime>", v.AttachTime)
	b = xmlenc.Bool(b, "<deleteOnTermination>", v.DeleteOnTermination)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.String(b, "<volumeId>", v.VolumeId)
	b = xmlenc.String(b, "<associatedResource>", v.AssociatedResource)
	b = xmlenc.String(b, "<volumeOwnerId>", v.VolumeOwnerId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EbsOptimizedInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<baselineBandwidthInMbps>", v.BaselineBandwidthInMbps)
	b = xmlenc.Float(b, "<baselineThroughputInMBps>", v.BaselineThroughputInMBps)
	b = xmlenc.Int(b, "<baselineIops>", v.BaselineIops)
	b = xmlenc.Int(b, "<maximumBandwidthInMbps>", v.MaximumBandwidthInMbps)
	b = xmlenc.Float(b, "<maximumThroughputInMBps>", v.MaximumThroughputInMBps)
	b = xmlenc.Int(b, "<maximumIops>", v.MaximumIops)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EfaInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<maximumEfaInterfaces>", v.MaximumEfaInterfaces)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EgressOnlyInternetGateway) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Attachments != nil {
		b = append(b, "<attachmentSet>"...)
		for _, e := range v.Attachments {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</attachmentSet>"...)
	}
	b = xmlenc.String(b, "<egressOnlyInternetGatewayId>", v.EgressOnlyInternetGatewayId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ElasticGpuAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<elasticGpuId>", v.ElasticGpuId)
	b = xmlenc.String(b, "<elasticGpuAssociationId>", v.ElasticGpuAssociationId)
	b = xmlenc.String(b, "<elasticGpuAssociationState>", v.ElasticGpuAssociationState)
	b = xmlenc.String(b, "<elasticGpuAssociationTime>", v.ElasticGpuAssociationTime)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ElasticInferenceAcceleratorAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<elasticInferenceAcceleratorArn>", v.ElasticInferenceAcceleratorArn)
	b = xmlenc.String(b, "<elasticInferenceAcceleratorAssociationId>", v.ElasticInferenceAcceleratorAssociationId)
	b = xmlenc.String(b, "<elasticInferenceAcceleratorAssociationState>", v.ElasticInferenceAcceleratorAssociationState)
	b = xmlenc.Time(b, "<elasticInferenceAcceleratorAssociationTime>", v.ElasticInferenceAcceleratorAssociationTime)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *EnclaveOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<enabled>", v.Enabled)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Explanation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Acl != nil {
		b = append(b, "<acl>"...)
		b = v.Acl.AppendXML(b)
		b = append(b, "</acl>"...)
	}
	if v.AclRule != nil {
		b = append(b, "<aclRule>"...)
		b = v.AclRule.AppendXML(b)
		b = append(b, "</aclRule>"...)
	}
	b = xmlenc.String(b, "<address>", v.Address)
	if v.Addresses != nil {
		b = append(b, "<addressSet>"...)
		for _, e := range v.Addresses {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</addressSet>"...)
	}
	if v.AttachedTo != nil {
		b = append(b, "<attachedTo>"...)
		b = v.AttachedTo.AppendXML(b)
		b = append(b, "</attachedTo>"...)
	}
	if v.AvailabilityZones != nil {
		b = append(b, "<availabilityZoneSet>"...)
		for _, e := range v.AvailabilityZones {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</availabilityZoneSet>"...)
	}
	if v.Cidrs != nil {
		b = append(b, "<cidrSet>"...)
		for _, e := range v.Cidrs {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</cidrSet>"...)
	}
	if v.Component != nil {
		b = append(b, "<component>"...)
		b = v.Component.AppendXML(b)
		b = append(b, "</component>"...)
	}
	if v.CustomerGateway != nil {
		b = append(b, "<customerGateway>"...)
		b = v.CustomerGateway.AppendXML(b)
		b = append(b, "</customerGateway>"...)
	}
	if v.Destination != nil {
		b = append(b, "<destination>"...)
		b = v.Destination.AppendXML(b)
		b = append(b, "</destination>"...)
	}
	if v.DestinationVpc != nil {
		b = append(b, "<destinationVpc>"...)
		b = v.DestinationVpc.AppendXML(b)
		b = append(b, "</destinationVpc>"...)
	}
	b = xmlenc.String(b, "<direction>", v.Direction)
	b = xmlenc.String(b, "<explanationCode>", v.ExplanationCode)
	if v.IngressRouteTable != nil {
		b = append(b, "<ingressRouteTable>"...)
		b = v.IngressRouteTable.AppendXML(b)
		b = append(b, "</ingressRouteTable>"...)
	}
	if v.InternetGateway != nil {
		b = append(b, "<internetGateway>"...)
		b = v.InternetGateway.AppendXML(b)
		b = append(b, "</internetGateway>"...)
	}
	b = xmlenc.String(b, "<loadBalancerArn>", v.LoadBalancerArn)
	if v.ClassicLoadBalancerListener != nil {
		b = append(b, "<classicLoadBalancerListener>"...)
		b = v.ClassicLoadBalancerListener.AppendXML(b)
		b = append(b, "</classicLoadBalancerListener>"...)
	}
	b = xmlenc.Int(b, "<loadBalancerListenerPort>", v.LoadBalancerListenerPort)
	if v.LoadBalancerTarget != nil {
		b = append(b, "<loadBalancerTarget>"...)
		b = v.LoadBalancerTarget.AppendXML(b)
		b = append(b, "</loadBalancerTarget>"...)
	}
	if v.LoadBalancerTargetGroup != nil {
		b = append(b, "<loadBalancerTargetGroup>"...)
		b = v.LoadBalancerTargetGroup.AppendXML(b)
		b = append(b, "</loadBalancerTargetGroup>"...)
	}
	if v.LoadBalancerTargetGroups != nil {
		b = append(b, "<loadBalancerTargetGroupSet>"...)
		for _, e := range v.LoadBalancerTargetGroups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</loadBalancerTargetGroupSet>"...)
	}
	b = xmlenc.Int(b, "<loadBalancerTargetPort>", v.LoadBalancerTargetPort)
	if v.ElasticLoadBalancerListener != nil {
		b = append(b, "<elasticLoadBalancerListener>"...)
		b = v.ElasticLoadBalancerListener.AppendXML(b)
		b = append(b, "</elasticLoadBalancerListener>"...)
	}
	b = xmlenc.String(b, "<missingComponent>", v.MissingComponent)
	if v.NatGateway != nil {
		b = append(b, "<natGateway>"...)
		b = v.NatGateway.AppendXML(b)
		b = append(b, "</natGateway>"...)
	}
	if v.NetworkInterface != nil {
		b = append(b, "<networkInterface>"...)
		b = v.NetworkInterface.AppendXML(b)
		b = append(b, "</networkInterface>"...)
	}
	b = xmlenc.String(b, "<packetField>", v.PacketField)
	if v.VpcPeeringConnection != nil {
		b = append(b, "<vpcPeeringConnection>"...)
		b = v.VpcPeeringConnection.AppendXML(b)
		b = append(b, "</vpcPeeringConnection>"...)
	}
	b = xmlenc.Int(b, "<port>", v.Port)
	if v.PortRanges != nil {
		b = append(b, "<portRangeSet>"...)
		for _, e := range v.PortRanges {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</portRangeSet>"...)
	}
	if v.PrefixList != nil {
		b = append(b, "<prefixList>"...)
		b = v.PrefixList.AppendXML(b)
		b = append(b, "</prefixList>"...)
	}
	if v.Protocols != nil {
		b = append(b, "<protocolSet>"...)
		for _, e := range v.Protocols {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</protocolSet>"...)
	}
	if v.RouteTableRoute != nil {
		b = append(b, "<routeTableRoute>"...)
		b = v.RouteTableRoute.AppendXML(b)
		b = append(b, "</routeTableRoute>"...)
	}
	if v.RouteTable != nil {
		b = append(b, "<routeTable>"...)
		b = v.RouteTable.AppendXML(b)
		b = append(b, "</routeTable>"...)
	}
	if v.SecurityGroup != nil {
		b = append(b, "<securityGroup>"...)
		b = v.SecurityGroup.AppendXML(b)
		b = append(b, "</securityGroup>"...)
	}
	if v.SecurityGroupRule != nil {
		b = append(b, "<securityGroupRule>"...)
		b = v.SecurityGroupRule.AppendXML(b)
		b = append(b, "</securityGroupRule>"...)
	}
	if v.SecurityGroups != nil {
		b = append(b, "<securityGroupSet>"...)
		for _, e := range v.SecurityGroups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupSet>"...)
	}
	if v.SourceVpc != nil {
		b = append(b, "<sourceVpc>"...)
		b = v.SourceVpc.AppendXML(b)
		b = append(b, "</sourceVpc>"...)
	}
	b = xmlenc.String(b, "<state>", v.State)
	if v.Subnet != nil {
		b = append(b, "<subnet>"...)
		b = v.Subnet.AppendXML(b)
		b = append(b, "</subnet>"...)
	}
	if v.SubnetRouteTable != nil {
		b = append(b, "<subnetRouteTable>"...)
		b = v.SubnetRouteTable.AppendXML(b)
		b = append(b, "</subnetRouteTable>"...)
	}
	if v.Vpc != nil {
		b = append(b, "<vpc>"...)
		b = v.Vpc.AppendXML(b)
		b = append(b, "</vpc>"...)
	}
	if v.VpcEndpoint != nil {
		b = append(b, "<vpcEndpoint>"...)
		b = v.VpcEndpoint.AppendXML(b)
		b = append(b, "</vpcEndpoint>"...)
	}
	if v.VpnConnection != nil {
		b = append(b, "<vpnConnection>"...)
		b = v.VpnConnection.AppendXML(b)
		b = append(b, "</vpnConnection>"...)
	}
	if v.VpnGateway != nil {
		b = append(b, "<vpnGateway>"...)
		b = v.VpnGateway.AppendXML(b)
		b = append(b, "</vpnGateway>"...)
	}
	if v.TransitGateway != nil {
		b = append(b, "<transitGateway>"...)
		b = v.TransitGateway.AppendXML(b)
		b = append(b, "</transitGateway>"...)
	}
	if v.TransitGatewayRouteTable != nil {
		b = append(b, "<transitGatewayRouteTable>"...)
		b = v.TransitGatewayRouteTable.AppendXML(b)
		b = append(b, "</transitGatewayRouteTable>"...)
	}
	if v.TransitGatewayRouteTableRoute != nil {
		b = append(b, "<transitGatewayRouteTableRoute>"...)
		b = v.TransitGatewayRouteTableRoute.AppendXML(b)
		b = append(b, "</transitGatewayRouteTableRoute>"...)
	}
	if v.TransitGatewayAttachment != nil {
		b = append(b, "<transitGatewayAttachment>"...)
		b = v.TransitGatewayAttachment.AppendXML(b)
		b = append(b, "</transitGatewayAttachment>"...)
	}
	b = xmlenc.String(b, "<componentAccount>", v.ComponentAccount)
	b = xmlenc.String(b, "<componentRegion>", v.ComponentRegion)
	if v.FirewallStatelessRule != nil {
		b = append(b, "<firewallStatelessRule>"...)
		b = v.FirewallStatelessRule.AppendXML(b)
		b = append(b, "</firewallStatelessRule>"...)
	}
	if v.FirewallStatefulRule != nil {
		b = append(b, "<firewallStatefulRule>"...)
		b = v.FirewallStatefulRule.AppendXML(b)
		b = append(b, "</firewallStatefulRule>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FilterPortRange) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<fromPort>", v.FromPort)
	b = xmlenc.Int(b, "<toPort>", v.ToPort)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FirewallStatefulRule) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ruleGroupArn>", v.RuleGroupArn)
	if v.Sources != nil {
		b = append(b, "<sourceSet>"...)
		for _, e := range v.Sources {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</sourceSet>"...)
	}
	if v.Destinations != nil {
		b = append(b, "<destinationSet>"...)
		for _, e := range v.Destinations {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</destinationSet>"...)
	}
	if v.SourcePorts != nil {
		b = append(b, "<sourcePortSet>"...)
		for _, e := range v.SourcePorts {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</sourcePortSet>"...)
	}
	if v.DestinationPorts != nil {
		b = append(b, "<destinationPortSet>"...)
		for _, e := range v.DestinationPorts {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</destinationPortSet>"...)
	}
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	b = xmlenc.String(b, "<ruleAction>", v.RuleAction)
	b = xmlenc.String(b, "<direction>", v.Direction)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FirewallStatelessRule) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ruleGroupArn>", v.RuleGroupArn)
	if v.Sources != nil {
		b = append(b, "<sourceSet>"...)
		for _, e := range v.Sources {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</sourceSet>"...)
	}
	if v.Destinations != nil {
		b = append(b, "<destinationSet>"...)
		for _, e := range v.Destinations {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</destinationSet>"...)
	}
	if v.SourcePorts != nil {
		b = append(b, "<sourcePortSet>"...)
		for _, e := range v.SourcePorts {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</sourcePortSet>"...)
	}
	if v.DestinationPorts != nil {
		b = append(b, "<destinationPortSet>"...)
		for _, e := range v.DestinationPorts {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</destinationPortSet>"...)
	}
	if v.Protocols != nil {
		b = append(b, "<protocolSet>"...)
		for _, e := range v.Protocols {
			b = xmlenc.Int(b, "<item>", &e)
		}
		b = append(b, "</protocolSet>"...)
	}
	b = xmlenc.String(b, "<ruleAction>", v.RuleAction)
	b = xmlenc.Int(b, "<priority>", v.Priority)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FlowLog) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<creationTime>", v.CreationTime)
	b = xmlenc.String(b, "<deliverLogsErrorMessage>", v.DeliverLogsErrorMessage)
	b = xmlenc.String(b, "<deliverLogsPermissionArn>", v.DeliverLogsPermissionArn)
	b = xmlenc.String(b, "<deliverCrossAccountRole>", v.DeliverCrossAccountRole)
	b = xmlenc.String(b, "<deliverLogsStatus>", v.DeliverLogsStatus)
	b = xmlenc.String(b, "<flowLogId>", v.FlowLogId)
	b = xmlenc.String(b, "<flowLogStatus>", v.FlowLogStatus)
	b = xmlenc.String(b, "<logGroupName>", v.LogGroupName)
	b = xmlenc.String(b, "<resourceId>", v.ResourceId)
	b = xmlenc.String(b, "<trafficType>", v.TrafficType)
	b = xmlenc.String(b, "<logDestinationType>", v.LogDestinationType)
	b = xmlenc.String(b, "<logDestination>", v.LogDestination)
	b = xmlenc.String(b, "<logFormat>", v.LogFormat)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.Int(b, "<maxAggregationInterval>", v.MaxAggregationInterval)
	if v.DestinationOptions != nil {
		b = append(b, "<destinationOptions>"...)
		b = v.DestinationOptions.AppendXML(b)
		b = append(b, "</destinationOptions>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FpgaDeviceInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<manufacturer>", v.Manufacturer)
	b = xmlenc.Int(b, "<count>", v.Count)
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FpgaDeviceMemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *FpgaInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Fpgas != nil {
		b = append(b, "<fpgas>"...)
		for _, e := range v.Fpgas {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</fpgas>"...)
	}
	b = xmlenc.Int(b, "<totalFpgaMemoryInMiB>", v.TotalFpgaMemoryInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetCapacityReservationUsageResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	b = xmlenc.String(b, "<capacityReservationId>", v.CapacityReservationId)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.Int(b, "<totalInstanceCount>", v.TotalInstanceCount)
	b = xmlenc.Int(b, "<availableInstanceCount>", v.AvailableInstanceCount)
	b = xmlenc.String(b, "<state>", v.State)
	if v.InstanceUsages != nil {
		b = append(b, "<instanceUsageSet>"...)
		for _, e := range v.InstanceUsages {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instanceUsageSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetConsoleOutputResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<output>", v.Output)
	b = xmlenc.Time(b, "<timestamp>", v.Timestamp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetInstanceUefiDataResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<uefiData>", v.UefiData)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetManagedPrefixListAssociationsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PrefixListAssociations != nil {
		b = append(b, "<prefixListAssociationSet>"...)
		for _, e := range v.PrefixListAssociations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</prefixListAssociationSet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetManagedPrefixListEntriesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Entries != nil {
		b = append(b, "<entrySet>"...)
		for _, e := range v.Entries {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</entrySet>"...)
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GetSecurityGroupsForVpcResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<nextToken>", v.NextToken)
	if v.SecurityGroupForVpcs != nil {
		b = append(b, "<securityGroupForVpcSet>"...)
		for _, e := range v.SecurityGroupForVpcs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</securityGroupForVpcSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GpuDeviceInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<manufacturer>", v.Manufacturer)
	b = xmlenc.Int(b, "<count>", v.Count)
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GpuDeviceMemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GpuInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Gpus != nil {
		b = append(b, "<gpus>"...)
		for _, e := range v.Gpus {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</gpus>"...)
	}
	b = xmlenc.Int(b, "<totalGpuMemoryInMiB>", v.TotalGpuMemoryInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *GroupIdentifier) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *HibernationOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<configured>", v.Configured)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Host) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<autoPlacement>", v.AutoPlacement)
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	if v.AvailableCapacity != nil {
		b = append(b, "<availableCapacity>"...)
		b = v.AvailableCapacity.AppendXML(b)
		b = append(b, "</availableCapacity>"...)
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	b = xmlenc.String(b, "<hostId>", v.HostId)
	if v.HostProperties != nil {
		b = append(b, "<hostProperties>"...)
		b = v.HostProperties.AppendXML(b)
		b = append(b, "</hostProperties>"...)
	}
	b = xmlenc.String(b, "<hostReservationId>", v.HostReservationId)
	if v.Instances != nil {
		b = append(b, "<instances>"...)
		for _, e := range v.Instances {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instances>"...)
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.Time(b, "<allocationTime>", v.AllocationTime)
	b = xmlenc.Time(b, "<releaseTime>", v.ReleaseTime)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<hostRecovery>", v.HostRecovery)
	b = xmlenc.String(b, "<allowsMultipleInstanceTypes>", v.AllowsMultipleInstanceTypes)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<availabilityZoneId>", v.AvailabilityZoneId)
	b = xmlenc.Bool(b, "<memberOfServiceLinkedResourceGroup>", v.MemberOfServiceLinkedResourceGroup)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.String(b, "<hostMaintenance>", v.HostMaintenance)
	b = xmlenc.String(b, "<assetId>", v.AssetId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *HostInstance) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *HostProperties) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<cores>", v.Cores)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.String(b, "<instanceFamily>", v.InstanceFamily)
	b = xmlenc.Int(b, "<sockets>", v.Sockets)
	b = xmlenc.Int(b, "<totalVCpus>", v.TotalVCpus)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *IamInstanceProfile) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<arn>", v.Arn)
	b = xmlenc.String(b, "<id>", v.Id)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *IcmpTypeCode) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<code>", v.Code)
	b = xmlenc.Int(b, "<type>", v.Type)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Image) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<architecture>", v.Architecture)
	b = xmlenc.String(b, "<creationDate>", v.CreationDate)
	b = xmlenc.String(b, "<imageId>", v.ImageId)
	b = xmlenc.String(b, "<imageLocation>", v.ImageLocation)
	b = xmlenc.String(b, "<imageType>", v.ImageType)
	b = xmlenc.Bool(b, "<isPublic>", v.Public)
	b = xmlenc.String(b, "<kernelId>", v.KernelId)
	b = xmlenc.String(b, "<imageOwnerId>", v.OwnerId)
	b = xmlenc.String(b, "<platform>", v.Platform)
	b = xmlenc.String(b, "<platformDetails>", v.PlatformDetails)
	b = xmlenc.String(b, "<usageOperation>", v.UsageOperation)
	if v.ProductCodes != nil {
		b = append(b, "<productCodes>"...)
		for _, e := range v.ProductCodes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</productCodes>"...)
	}
	b = xmlenc.String(b, "<ramdiskId>", v.RamdiskId)
	b = xmlenc.String(b, "<imageState>", v.State)
	if v.BlockDeviceMappings != nil {
		b = append(b, "<blockDeviceMapping>"...)
		for _, e := range v.BlockDeviceMappings {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</blockDeviceMapping>"...)
	}
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.Bool(b, "<enaSupport>", v.EnaSupport)
	b = xmlenc.String(b, "<hypervisor>", v.Hypervisor)
	b = xmlenc.String(b, "<imageOwnerAlias>", v.ImageOwnerAlias)
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<rootDeviceName>", v.RootDeviceName)
	b = xmlenc.String(b, "<rootDeviceType>", v.RootDeviceType)
	b = xmlenc.String(b, "<sriovNetSupport>", v.SriovNetSupport)
	if v.StateReason != nil {
		b = append(b, "<stateReason>"...)
		b = v.StateReason.AppendXML(b)
		b = append(b, "</stateReason>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<virtualizationType>", v.VirtualizationType)
	b = xmlenc.String(b, "<bootMode>", v.BootMode)
	b = xmlenc.String(b, "<tpmSupport>", v.TpmSupport)
	b = xmlenc.String(b, "<deprecationTime>", v.DeprecationTime)
	b = xmlenc.String(b, "<imdsSupport>", v.ImdsSupport)
	b = xmlenc.String(b, "<sourceInstanceId>", v.SourceInstanceId)
	b = xmlenc.String(b, "<deregistrationProtection>", v.DeregistrationProtection)
	b = xmlenc.String(b, "<lastLaunchedTime>", v.LastLaunchedTime)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ImageAttribute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.BlockDeviceMappings != nil {
		b = append(b, "<blockDeviceMapping>"...)
		for _, e := range v.BlockDeviceMappings {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</blockDeviceMapping>"...)
	}
	b = xmlenc.String(b, "<imageId>", v.ImageId)
	if v.LaunchPermissions != nil {
		b = append(b, "<launchPermission>"...)
		for _, e := range v.LaunchPermissions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</launchPermission>"...)
	}
	if v.ProductCodes != nil {
		b = append(b, "<productCodes>"...)
		for _, e := range v.ProductCodes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</productCodes>"...)
	}
	if v.Description != nil {
		b = append(b, "<description>"...)
		b = v.Description.AppendXML(b)
		b = append(b, "</description>"...)
	}
	if v.KernelId != nil {
		b = append(b, "<kernel>"...)
		b = v.KernelId.AppendXML(b)
		b = append(b, "</kernel>"...)
	}
	if v.RamdiskId != nil {
		b = append(b, "<ramdisk>"...)
		b = v.RamdiskId.AppendXML(b)
		b = append(b, "</ramdisk>"...)
	}
	if v.SriovNetSupport != nil {
		b = append(b, "<sriovNetSupport>"...)
		b = v.SriovNetSupport.AppendXML(b)
		b = append(b, "</sriovNetSupport>"...)
	}
	if v.BootMode != nil {
		b = append(b, "<bootMode>"...)
		b = v.BootMode.AppendXML(b)
		b = append(b, "</bootMode>"...)
	}
	if v.TpmSupport != nil {
		b = append(b, "<tpmSupport>"...)
		b = v.TpmSupport.AppendXML(b)
		b = append(b, "</tpmSupport>"...)
	}
	if v.UefiData != nil {
		b = append(b, "<uefiData>"...)
		b = v.UefiData.AppendXML(b)
		b = append(b, "</uefiData>"...)
	}
	if v.LastLaunchedTime != nil {
		b = append(b, "<lastLaunchedTime>"...)
		b = v.LastLaunchedTime.AppendXML(b)
		b = append(b, "</lastLaunchedTime>"...)
	}
	if v.ImdsSupport != nil {
		b = append(b, "<imdsSupport>"...)
		b = v.ImdsSupport.AppendXML(b)
		b = append(b, "</imdsSupport>"...)
	}
	if v.DeregistrationProtection != nil {
		b = append(b, "<deregistrationProtection>"...)
		b = v.DeregistrationProtection.AppendXML(b)
		b = append(b, "</deregistrationProtection>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ImportKeyPairResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<keyFingerprint>", v.KeyFingerprint)
	b = xmlenc.String(b, "<keyName>", v.KeyName)
	b = xmlenc.String(b, "<keyPairId>", v.KeyPairId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InferenceAcceleratorInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Accelerators != nil {
		b = append(b, "<accelerators>"...)
		for _, e := range v.Accelerators {
			b = append(b, "<member>"...)
			b = e.AppendXML(b)
			b = append(b, "</member>"...)
		}
		b = append(b, "</accelerators>"...)
	}
	b = xmlenc.Int(b, "<totalInferenceMemoryInMiB>", v.TotalInferenceMemoryInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InferenceDeviceInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<count>", v.Count)
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<manufacturer>", v.Manufacturer)
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InferenceDeviceMemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Instance) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<amiLaunchIndex>", v.AmiLaunchIndex)
	b = xmlenc.String(b, "<imageId>", v.ImageId)
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.String(b, "<kernelId>", v.KernelId)
	b = xmlenc.String(b, "<keyName>", v.KeyName)
	b = xmlenc.Time(b, "<launchTime>", v.LaunchTime)
	if v.Monitoring != nil {
		b = append(b, "<monitoring>"...)
		b = v.Monitoring.AppendXML(b)
		b = append(b, "</monitoring>"...)
	}
	if v.Placement != nil {
		b = append(b, "<placement>"...)
		b = v.Placement.AppendXML(b)
		b = append(b, "</placement>"...)
	}
	b = xmlenc.String(b, "<platform>", v.Platform)
	b = xmlenc.String(b, "<privateDnsName>", v.PrivateDnsName)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	if v.ProductCodes != nil {
		b = append(b, "<productCodes>"...)
		for _, e := range v.ProductCodes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</productCodes>"...)
	}
	b = xmlenc.String(b, "<dnsName>", v.PublicDnsName)
	b = xmlenc.String(b, "<ipAddress>", v.PublicIpAddress)
	b = xmlenc.String(b, "<ramdiskId>", v.RamdiskId)
	if v.State != nil {
		b = append(b, "<instanceState>"...)
		b = v.State.AppendXML(b)
		b = append(b, "</instanceState>"...)
	}
	b = xmlenc.String(b, "<reason>", v.StateTransitionReason)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<architecture>", v.Architecture)
	if v.BlockDeviceMappings != nil {
		b = append(b, "<blockDeviceMapping>"...)
		for _, e := range v.BlockDeviceMappings {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</blockDeviceMapping>"...)
	}
	b = xmlenc.String(b, "<clientToken>", v.ClientToken)
	b = xmlenc.Bool(b, "<ebsOptimized>", v.EbsOptimized)
	b = xmlenc.Bool(b, "<enaSupport>", v.EnaSupport)
	b = xmlenc.String(b, "<hypervisor>", v.Hypervisor)
	if v.IamInstanceProfile != nil {
		b = append(b, "<iamInstanceProfile>"...)
		b = v.IamInstanceProfile.AppendXML(b)
		b = append(b, "</iamInstanceProfile>"...)
	}
	b = xmlenc.String(b, "<instanceLifecycle>", v.InstanceLifecycle)
	if v.ElasticGpuAssociations != nil {
		b = append(b, "<elasticGpuAssociationSet>"...)
		for _, e := range v.ElasticGpuAssociations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</elasticGpuAssociationSet>"...)
	}
	if v.ElasticInferenceAcceleratorAssociations != nil {
		b = append(b, "<elasticInferenceAcceleratorAssociationSet>"...)
		for _, e := range v.ElasticInferenceAcceleratorAssociations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</elasticInferenceAcceleratorAssociationSet>"...)
	}
	if v.NetworkInterfaces != nil {
		b = append(b, "<networkInterfaceSet>"...)
		for _, e := range v.NetworkInterfaces {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkInterfaceSet>"...)
	}
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.String(b, "<rootDeviceName>", v.RootDeviceName)
	b = xmlenc.String(b, "<rootDeviceType>", v.RootDeviceType)
	if v.SecurityGroups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.SecurityGroups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	b = xmlenc.Bool(b, "<sourceDestCheck>", v.SourceDestCheck)
	b = xmlenc.String(b, "<spotInstanceRequestId>", v.SpotInstanceRequestId)
	b = xmlenc.String(b, "<sriovNetSupport>", v.SriovNetSupport)
	if v.StateReason != nil {
		b = append(b, "<stateReason>"...)
		b = v.StateReason.AppendXML(b)
		b = append(b, "</stateReason>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<virtualizationType>", v.VirtualizationType)
	if v.CpuOptions != nil {
		b = append(b, "<cpuOptions>"...)
		b = v.CpuOptions.AppendXML(b)
		b = append(b, "</cpuOptions>"...)
	}
	b = xmlenc.String(b, "<capacityReservationId>", v.CapacityReservationId)
	if v.CapacityReservationSpecification != nil {
		b = append(b, "<capacityReservationSpecification>"...)
		b = v.CapacityReservationSpecification.AppendXML(b)
		b = append(b, "</capacityReservationSpecification>"...)
	}
	if v.HibernationOptions != nil {
		b = append(b, "<hibernationOptions>"...)
		b = v.HibernationOptions.AppendXML(b)
		b = append(b, "</hibernationOptions>"...)
	}
	if v.Licenses != nil {
		b = append(b, "<licenseSet>"...)
		for _, e := range v.Licenses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</licenseSet>"...)
	}
	if v.MetadataOptions != nil {
		b = append(b, "<metadataOptions>"...)
		b = v.MetadataOptions.AppendXML(b)
		b = append(b, "</metadataOptions>"...)
	}
	if v.EnclaveOptions != nil {
		b = append(b, "<enclaveOptions>"...)
		b = v.EnclaveOptions.AppendXML(b)
		b = append(b, "</enclaveOptions>"...)
	}
	b = xmlenc.String(b, "<bootMode>", v.BootMode)
	b = xmlenc.String(b, "<platformDetails>", v.PlatformDetails)
	b = xmlenc.String(b, "<usageOperation>", v.UsageOperation)
	b = xmlenc.Time(b, "<usageOperationUpdateTime>", v.UsageOperationUpdateTime)
	if v.PrivateDnsNameOptions != nil {
		b = append(b, "<privateDnsNameOptions>"...)
		b = v.PrivateDnsNameOptions.AppendXML(b)
		b = append(b, "</privateDnsNameOptions>"...)
	}
	b = xmlenc.String(b, "<ipv6Address>", v.Ipv6Address)
	b = xmlenc.String(b, "<tpmSupport>", v.TpmSupport)
	if v.MaintenanceOptions != nil {
		b = append(b, "<maintenanceOptions>"...)
		b = v.MaintenanceOptions.AppendXML(b)
		b = append(b, "</maintenanceOptions>"...)
	}
	b = xmlenc.String(b, "<currentInstanceBootMode>", v.CurrentInstanceBootMode)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceAttachmentEnaSrdSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<enaSrdEnabled>", v.EnaSrdEnabled)
	if v.EnaSrdUdpSpecification != nil {
		b = append(b, "<enaSrdUdpSpecification>"...)
		b = v.EnaSrdUdpSpecification.AppendXML(b)
		b = append(b, "</enaSrdUdpSpecification>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceAttachmentEnaSrdUdpSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<enaSrdUdpEnabled>", v.EnaSrdUdpEnabled)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceAttribute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Groups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.Groups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	if v.BlockDeviceMappings != nil {
		b = append(b, "<blockDeviceMapping>"...)
		for _, e := range v.BlockDeviceMappings {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</blockDeviceMapping>"...)
	}
	if v.DisableApiTermination != nil {
		b = append(b, "<disableApiTermination>"...)
		b = v.DisableApiTermination.AppendXML(b)
		b = append(b, "</disableApiTermination>"...)
	}
	if v.EnaSupport != nil {
		b = append(b, "<enaSupport>"...)
		b = v.EnaSupport.AppendXML(b)
		b = append(b, "</enaSupport>"...)
	}
	if v.EnclaveOptions != nil {
		b = append(b, "<enclaveOptions>"...)
		b = v.EnclaveOptions.AppendXML(b)
		b = append(b, "</enclaveOptions>"...)
	}
	if v.EbsOptimized != nil {
		b = append(b, "<ebsOptimized>"...)
		b = v.EbsOptimized.AppendXML(b)
		b = append(b, "</ebsOptimized>"...)
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	if v.InstanceInitiatedShutdownBehavior != nil {
		b = append(b, "<instanceInitiatedShutdownBehavior>"...)
		b = v.InstanceInitiatedShutdownBehavior.AppendXML(b)
		b = append(b, "</instanceInitiatedShutdownBehavior>"...)
	}
	if v.InstanceType != nil {
		b = append(b, "<instanceType>"...)
		b = v.InstanceType.AppendXML(b)
		b = append(b, "</instanceType>"...)
	}
	if v.KernelId != nil {
		b = append(b, "<kernel>"...)
		b = v.KernelId.AppendXML(b)
		b = append(b, "</kernel>"...)
	}
	if v.ProductCodes != nil {
		b = append(b, "<productCodes>"...)
		for _, e := range v.ProductCodes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</productCodes>"...)
	}
	if v.RamdiskId != nil {
		b = append(b, "<ramdisk>"...)
		b = v.RamdiskId.AppendXML(b)
		b = append(b, "</ramdisk>"...)
	}
	if v.RootDeviceName != nil {
		b = append(b, "<rootDeviceName>"...)
		b = v.RootDeviceName.AppendXML(b)
		b = append(b, "</rootDeviceName>"...)
	}
	if v.SourceDestCheck != nil {
		b = append(b, "<sourceDestCheck>"...)
		b = v.SourceDestCheck.AppendXML(b)
		b = append(b, "</sourceDestCheck>"...)
	}
	if v.SriovNetSupport != nil {
		b = append(b, "<sriovNetSupport>"...)
		b = v.SriovNetSupport.AppendXML(b)
		b = append(b, "</sriovNetSupport>"...)
	}
	if v.UserData != nil {
		b = append(b, "<userData>"...)
		b = v.UserData.AppendXML(b)
		b = append(b, "</userData>"...)
	}
	if v.DisableApiStop != nil {
		b = append(b, "<disableApiStop>"...)
		b = v.DisableApiStop.AppendXML(b)
		b = append(b, "</disableApiStop>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceBlockDeviceMapping) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<deviceName>", v.DeviceName)
	if v.Ebs != nil {
		b = append(b, "<ebs>"...)
		b = v.Ebs.AppendXML(b)
		b = append(b, "</ebs>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceCapacity) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<availableCapacity>", v.AvailableCapacity)
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.Int(b, "<totalCapacity>", v.TotalCapacity)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceCreditSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<cpuCredits>", v.CpuCredits)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceIpv4Prefix) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv4Prefix>", v.Ipv4Prefix)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceIpv6Address) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv6Address>", v.Ipv6Address)
	b = xmlenc.Bool(b, "<isPrimaryIpv6>", v.IsPrimaryIpv6)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceIpv6Prefix) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv6Prefix>", v.Ipv6Prefix)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceMaintenanceOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<autoRecovery>", v.AutoRecovery)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceMetadataOptionsResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<httpTokens>", v.HttpTokens)
	b = xmlenc.Int(b, "<httpPutResponseHopLimit>", v.HttpPutResponseHopLimit)
	b = xmlenc.String(b, "<httpEndpoint>", v.HttpEndpoint)
	b = xmlenc.String(b, "<httpProtocolIpv6>", v.HttpProtocolIpv6)
	b = xmlenc.String(b, "<instanceMetadataTags>", v.InstanceMetadataTags)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceNetworkInterface) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Association != nil {
		b = append(b, "<association>"...)
		b = v.Association.AppendXML(b)
		b = append(b, "</association>"...)
	}
	if v.Attachment != nil {
		b = append(b, "<attachment>"...)
		b = v.Attachment.AppendXML(b)
		b = append(b, "</attachment>"...)
	}
	b = xmlenc.String(b, "<description>", v.Description)
	if v.Groups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.Groups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	if v.Ipv6Addresses != nil {
		b = append(b, "<ipv6AddressesSet>"...)
		for _, e := range v.Ipv6Addresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6AddressesSet>"...)
	}
	b = xmlenc.String(b, "<macAddress>", v.MacAddress)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<privateDnsName>", v.PrivateDnsName)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	if v.PrivateIpAddresses != nil {
		b = append(b, "<privateIpAddressesSet>"...)
		for _, e := range v.PrivateIpAddresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</privateIpAddressesSet>"...)
	}
	b = xmlenc.Bool(b, "<sourceDestCheck>", v.SourceDestCheck)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<interfaceType>", v.InterfaceType)
	if v.Ipv4Prefixes != nil {
		b = append(b, "<ipv4PrefixSet>"...)
		for _, e := range v.Ipv4Prefixes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv4PrefixSet>"...)
	}
	if v.Ipv6Prefixes != nil {
		b = append(b, "<ipv6PrefixSet>"...)
		for _, e := range v.Ipv6Prefixes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6PrefixSet>"...)
	}
	if v.ConnectionTrackingConfiguration != nil {
		b = append(b, "<connectionTrackingConfiguration>"...)
		b = v.ConnectionTrackingConfiguration.AppendXML(b)
		b = append(b, "</connectionTrackingConfiguration>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceNetworkInterfaceAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<carrierIp>", v.CarrierIp)
	b = xmlenc.String(b, "<customerOwnedIp>", v.CustomerOwnedIp)
	b = xmlenc.String(b, "<ipOwnerId>", v.IpOwnerId)
	b = xmlenc.String(b, "<publicDnsName>", v.PublicDnsName)
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceNetworkInterfaceAttachment) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<attachTime>", v.AttachTime)
	b = xmlenc.String(b, "<attachmentId>", v.AttachmentId)
	b = xmlenc.Bool(b, "<deleteOnTermination>", v.DeleteOnTermination)
	b = xmlenc.Int(b, "<deviceIndex>", v.DeviceIndex)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.Int(b, "<networkCardIndex>", v.NetworkCardIndex)
	if v.EnaSrdSpecification != nil {
		b = append(b, "<enaSrdSpecification>"...)
		b = v.EnaSrdSpecification.AppendXML(b)
		b = append(b, "</enaSrdSpecification>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstancePrivateIpAddress) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Association != nil {
		b = append(b, "<association>"...)
		b = v.Association.AppendXML(b)
		b = append(b, "</association>"...)
	}
	b = xmlenc.Bool(b, "<primary>", v.Primary)
	b = xmlenc.String(b, "<privateDnsName>", v.PrivateDnsName)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceState) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<code>", v.Code)
	b = xmlenc.String(b, "<name>", v.Name)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStateChange) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.CurrentState != nil {
		b = append(b, "<currentState>"...)
		b = v.CurrentState.AppendXML(b)
		b = append(b, "</currentState>"...)
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	if v.PreviousState != nil {
		b = append(b, "<previousState>"...)
		b = v.PreviousState.AppendXML(b)
		b = append(b, "</previousState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStatus) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	if v.Events != nil {
		b = append(b, "<eventsSet>"...)
		for _, e := range v.Events {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</eventsSet>"...)
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	if v.InstanceState != nil {
		b = append(b, "<instanceState>"...)
		b = v.InstanceState.AppendXML(b)
		b = append(b, "</instanceState>"...)
	}
	if v.InstanceStatus != nil {
		b = append(b, "<instanceStatus>"...)
		b = v.InstanceStatus.AppendXML(b)
		b = append(b, "</instanceStatus>"...)
	}
	if v.SystemStatus != nil {
		b = append(b, "<systemStatus>"...)
		b = v.SystemStatus.AppendXML(b)
		b = append(b, "</systemStatus>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStatusDetails) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<impairedSince>", v.ImpairedSince)
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<status>", v.Status)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStatusEvent) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceEventId>", v.InstanceEventId)
	b = xmlenc.String(b, "<code>", v.Code)
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.Time(b, "<notAfter>", v.NotAfter)
	b = xmlenc.Time(b, "<notBefore>", v.NotBefore)
	b = xmlenc.Time(b, "<notBeforeDeadline>", v.NotBeforeDeadline)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStatusSummary) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Details != nil {
		b = append(b, "<details>"...)
		for _, e := range v.Details {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</details>"...)
	}
	b = xmlenc.String(b, "<status>", v.Status)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceStorageInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<totalSizeInGB>", v.TotalSizeInGB)
	if v.Disks != nil {
		b = append(b, "<disks>"...)
		for _, e := range v.Disks {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</disks>"...)
	}
	b = xmlenc.String(b, "<nvmeSupport>", v.NvmeSupport)
	b = xmlenc.String(b, "<encryptionSupport>", v.EncryptionSupport)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceTypeInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.Bool(b, "<currentGeneration>", v.CurrentGeneration)
	b = xmlenc.Bool(b, "<freeTierEligible>", v.FreeTierEligible)
	if v.SupportedUsageClasses != nil {
		b = append(b, "<supportedUsageClasses>"...)
		for _, e := range v.SupportedUsageClasses {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedUsageClasses>"...)
	}
	if v.SupportedRootDeviceTypes != nil {
		b = append(b, "<supportedRootDeviceTypes>"...)
		for _, e := range v.SupportedRootDeviceTypes {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedRootDeviceTypes>"...)
	}
	if v.SupportedVirtualizationTypes != nil {
		b = append(b, "<supportedVirtualizationTypes>"...)
		for _, e := range v.SupportedVirtualizationTypes {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedVirtualizationTypes>"...)
	}
	b = xmlenc.Bool(b, "<bareMetal>", v.BareMetal)
	b = xmlenc.String(b, "<hypervisor>", v.Hypervisor)
	if v.ProcessorInfo != nil {
		b = append(b, "<processorInfo>"...)
		b = v.ProcessorInfo.AppendXML(b)
		b = append(b, "</processorInfo>"...)
	}
	if v.VCpuInfo != nil {
		b = append(b, "<vCpuInfo>"...)
		b = v.VCpuInfo.AppendXML(b)
		b = append(b, "</vCpuInfo>"...)
	}
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	b = xmlenc.Bool(b, "<instanceStorageSupported>", v.InstanceStorageSupported)
	if v.InstanceStorageInfo != nil {
		b = append(b, "<instanceStorageInfo>"...)
		b = v.InstanceStorageInfo.AppendXML(b)
		b = append(b, "</instanceStorageInfo>"...)
	}
	if v.EbsInfo != nil {
		b = append(b, "<ebsInfo>"...)
		b = v.EbsInfo.AppendXML(b)
		b = append(b, "</ebsInfo>"...)
	}
	if v.NetworkInfo != nil {
		b = append(b, "<networkInfo>"...)
		b = v.NetworkInfo.AppendXML(b)
		b = append(b, "</networkInfo>"...)
	}
	if v.GpuInfo != nil {
		b = append(b, "<gpuInfo>"...)
		b = v.GpuInfo.AppendXML(b)
		b = append(b, "</gpuInfo>"...)
	}
	if v.FpgaInfo != nil {
		b = append(b, "<fpgaInfo>"...)
		b = v.FpgaInfo.AppendXML(b)
		b = append(b, "</fpgaInfo>"...)
	}
	if v.PlacementGroupInfo != nil {
		b = append(b, "<placementGroupInfo>"...)
		b = v.PlacementGroupInfo.AppendXML(b)
		b = append(b, "</placementGroupInfo>"...)
	}
	if v.InferenceAcceleratorInfo != nil {
		b = append(b, "<inferenceAcceleratorInfo>"...)
		b = v.InferenceAcceleratorInfo.AppendXML(b)
		b = append(b, "</inferenceAcceleratorInfo>"...)
	}
	b = xmlenc.Bool(b, "<hibernationSupported>", v.HibernationSupported)
	b = xmlenc.Bool(b, "<burstablePerformanceSupported>", v.BurstablePerformanceSupported)
	b = xmlenc.Bool(b, "<dedicatedHostsSupported>", v.DedicatedHostsSupported)
	b = xmlenc.Bool(b, "<autoRecoverySupported>", v.AutoRecoverySupported)
	if v.SupportedBootModes != nil {
		b = append(b, "<supportedBootModes>"...)
		for _, e := range v.SupportedBootModes {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedBootModes>"...)
	}
	b = xmlenc.String(b, "<nitroEnclavesSupport>", v.NitroEnclavesSupport)
	b = xmlenc.String(b, "<nitroTpmSupport>", v.NitroTpmSupport)
	if v.NitroTpmInfo != nil {
		b = append(b, "<nitroTpmInfo>"...)
		b = v.NitroTpmInfo.AppendXML(b)
		b = append(b, "</nitroTpmInfo>"...)
	}
	if v.MediaAcceleratorInfo != nil {
		b = append(b, "<mediaAcceleratorInfo>"...)
		b = v.MediaAcceleratorInfo.AppendXML(b)
		b = append(b, "</mediaAcceleratorInfo>"...)
	}
	if v.NeuronInfo != nil {
		b = append(b, "<neuronInfo>"...)
		b = v.NeuronInfo.AppendXML(b)
		b = append(b, "</neuronInfo>"...)
	}
	b = xmlenc.String(b, "<phcSupport>", v.PhcSupport)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceTypeOffering) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceType>", v.InstanceType)
	b = xmlenc.String(b, "<locationType>", v.LocationType)
	b = xmlenc.String(b, "<location>", v.Location)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InstanceUsage) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<accountId>", v.AccountId)
	b = xmlenc.Int(b, "<usedInstanceCount>", v.UsedInstanceCount)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InternetGateway) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Attachments != nil {
		b = append(b, "<attachmentSet>"...)
		for _, e := range v.Attachments {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</attachmentSet>"...)
	}
	b = xmlenc.String(b, "<internetGatewayId>", v.InternetGatewayId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *InternetGatewayAttachment) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *IpPermission) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<fromPort>", v.FromPort)
	b = xmlenc.String(b, "<ipProtocol>", v.IpProtocol)
	if v.IpRanges != nil {
		b = append(b, "<ipRanges>"...)
		for _, e := range v.IpRanges {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipRanges>"...)
	}
	if v.Ipv6Ranges != nil {
		b = append(b, "<ipv6Ranges>"...)
		for _, e := range v.Ipv6Ranges {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6Ranges>"...)
	}
	if v.PrefixListIds != nil {
		b = append(b, "<prefixListIds>"...)
		for _, e := range v.PrefixListIds {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</prefixListIds>"...)
	}
	b = xmlenc.Int(b, "<toPort>", v.ToPort)
	if v.UserIdGroupPairs != nil {
		b = append(b, "<groups>"...)
		for _, e := range v.UserIdGroupPairs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groups>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *IpRange) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrIp>", v.CidrIp)
	b = xmlenc.String(b, "<description>", v.Description)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Ipv4PrefixSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv4Prefix>", v.Ipv4Prefix)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Ipv6CidrBlock) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv6CidrBlock>", v.Ipv6CidrBlock)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Ipv6PrefixSpecification) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv6Prefix>", v.Ipv6Prefix)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Ipv6Range) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrIpv6>", v.CidrIpv6)
	b = xmlenc.String(b, "<description>", v.Description)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *KeyPair) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<keyFingerprint>", v.KeyFingerprint)
	b = xmlenc.String(b, "<keyMaterial>", v.KeyMaterial)
	b = xmlenc.String(b, "<keyName>", v.KeyName)
	b = xmlenc.String(b, "<keyPairId>", v.KeyPairId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *KeyPairInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<keyPairId>", v.KeyPairId)
	b = xmlenc.String(b, "<keyFingerprint>", v.KeyFingerprint)
	b = xmlenc.String(b, "<keyName>", v.KeyName)
	b = xmlenc.String(b, "<keyType>", v.KeyType)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<publicKey>", v.PublicKey)
	b = xmlenc.Time(b, "<createTime>", v.CreateTime)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *LaunchPermission) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<group>", v.Group)
	b = xmlenc.String(b, "<userId>", v.UserId)
	b = xmlenc.String(b, "<organizationArn>", v.OrganizationArn)
	b = xmlenc.String(b, "<organizationalUnitArn>", v.OrganizationalUnitArn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *LicenseConfiguration) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<licenseConfigurationArn>", v.LicenseConfigurationArn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ManagedPrefixList) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	b = xmlenc.String(b, "<addressFamily>", v.AddressFamily)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<stateMessage>", v.StateMessage)
	b = xmlenc.String(b, "<prefixListArn>", v.PrefixListArn)
	b = xmlenc.String(b, "<prefixListName>", v.PrefixListName)
	b = xmlenc.Int(b, "<maxEntries>", v.MaxEntries)
	b = xmlenc.Int(b, "<version>", v.Version)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *MediaAcceleratorInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Accelerators != nil {
		b = append(b, "<accelerators>"...)
		for _, e := range v.Accelerators {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</accelerators>"...)
	}
	b = xmlenc.Int(b, "<totalMediaMemoryInMiB>", v.TotalMediaMemoryInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *MediaDeviceInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<count>", v.Count)
	b = xmlenc.String(b, "<name>", v.Name)
	b = xmlenc.String(b, "<manufacturer>", v.Manufacturer)
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *MediaDeviceMemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *MemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyAddressAttributeResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Address != nil {
		b = append(b, "<address>"...)
		b = v.Address.AppendXML(b)
		b = append(b, "</address>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyCapacityReservationResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyHostsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Successful != nil {
		b = append(b, "<successful>"...)
		for _, e := range v.Successful {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</successful>"...)
	}
	if v.Unsuccessful != nil {
		b = append(b, "<unsuccessful>"...)
		for _, e := range v.Unsuccessful {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unsuccessful>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyInstanceCapacityReservationAttributesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyInstanceMetadataOptionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	if v.InstanceMetadataOptions != nil {
		b = append(b, "<instanceMetadataOptions>"...)
		b = v.InstanceMetadataOptions.AppendXML(b)
		b = append(b, "</instanceMetadataOptions>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyInstancePlacementResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyManagedPrefixListResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PrefixList != nil {
		b = append(b, "<prefixList>"...)
		b = v.PrefixList.AppendXML(b)
		b = append(b, "</prefixList>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyPrivateDnsNameOptionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifySecurityGroupRulesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyVpcPeeringConnectionOptionsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.AccepterPeeringConnectionOptions != nil {
		b = append(b, "<accepterPeeringConnectionOptions>"...)
		b = v.AccepterPeeringConnectionOptions.AppendXML(b)
		b = append(b, "</accepterPeeringConnectionOptions>"...)
	}
	if v.RequesterPeeringConnectionOptions != nil {
		b = append(b, "<requesterPeeringConnectionOptions>"...)
		b = v.RequesterPeeringConnectionOptions.AppendXML(b)
		b = append(b, "</requesterPeeringConnectionOptions>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyVpcTenancyResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.ReturnValue)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Monitoring) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NatGateway) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<createTime>", v.CreateTime)
	b = xmlenc.Time(b, "<deleteTime>", v.DeleteTime)
	b = xmlenc.String(b, "<failureCode>", v.FailureCode)
	b = xmlenc.String(b, "<failureMessage>", v.FailureMessage)
	if v.NatGatewayAddresses != nil {
		b = append(b, "<natGatewayAddressSet>"...)
		for _, e := range v.NatGatewayAddresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</natGatewayAddressSet>"...)
	}
	b = xmlenc.String(b, "<natGatewayId>", v.NatGatewayId)
	if v.ProvisionedBandwidth != nil {
		b = append(b, "<provisionedBandwidth>"...)
		b = v.ProvisionedBandwidth.AppendXML(b)
		b = append(b, "</provisionedBandwidth>"...)
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<connectivityType>", v.ConnectivityType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NatGatewayAddress) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<allocationId>", v.AllocationId)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<privateIp>", v.PrivateIp)
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.Bool(b, "<isPrimary>", v.IsPrimary)
	b = xmlenc.String(b, "<failureMessage>", v.FailureMessage)
	b = xmlenc.String(b, "<status>", v.Status)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkAcl) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Associations != nil {
		b = append(b, "<associationSet>"...)
		for _, e := range v.Associations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</associationSet>"...)
	}
	if v.Entries != nil {
		b = append(b, "<entrySet>"...)
		for _, e := range v.Entries {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</entrySet>"...)
	}
	b = xmlenc.Bool(b, "<default>", v.IsDefault)
	b = xmlenc.String(b, "<networkAclId>", v.NetworkAclId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkAclAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkAclAssociationId>", v.NetworkAclAssociationId)
	b = xmlenc.String(b, "<networkAclId>", v.NetworkAclId)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkAclEntry) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	b = xmlenc.Bool(b, "<egress>", v.Egress)
	if v.IcmpTypeCode != nil {
		b = append(b, "<icmpTypeCode>"...)
		b = v.IcmpTypeCode.AppendXML(b)
		b = append(b, "</icmpTypeCode>"...)
	}
	b = xmlenc.String(b, "<ipv6CidrBlock>", v.Ipv6CidrBlock)
	if v.PortRange != nil {
		b = append(b, "<portRange>"...)
		b = v.PortRange.AppendXML(b)
		b = append(b, "</portRange>"...)
	}
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	b = xmlenc.String(b, "<ruleAction>", v.RuleAction)
	b = xmlenc.Int(b, "<ruleNumber>", v.RuleNumber)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkCardInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<networkCardIndex>", v.NetworkCardIndex)
	b = xmlenc.String(b, "<networkPerformance>", v.NetworkPerformance)
	b = xmlenc.Int(b, "<maximumNetworkInterfaces>", v.MaximumNetworkInterfaces)
	b = xmlenc.Float(b, "<baselineBandwidthInGbps>", v.BaselineBandwidthInGbps)
	b = xmlenc.Float(b, "<peakBandwidthInGbps>", v.PeakBandwidthInGbps)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkPerformance>", v.NetworkPerformance)
	b = xmlenc.Int(b, "<maximumNetworkInterfaces>", v.MaximumNetworkInterfaces)
	b = xmlenc.Int(b, "<maximumNetworkCards>", v.MaximumNetworkCards)
	b = xmlenc.Int(b, "<defaultNetworkCardIndex>", v.DefaultNetworkCardIndex)
	if v.NetworkCards != nil {
		b = append(b, "<networkCards>"...)
		for _, e := range v.NetworkCards {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</networkCards>"...)
	}
	b = xmlenc.Int(b, "<ipv4AddressesPerInterface>", v.Ipv4AddressesPerInterface)
	b = xmlenc.Int(b, "<ipv6AddressesPerInterface>", v.Ipv6AddressesPerInterface)
	b = xmlenc.Bool(b, "<ipv6Supported>", v.Ipv6Supported)
	b = xmlenc.String(b, "<enaSupport>", v.EnaSupport)
	b = xmlenc.Bool(b, "<efaSupported>", v.EfaSupported)
	if v.EfaInfo != nil {
		b = append(b, "<efaInfo>"...)
		b = v.EfaInfo.AppendXML(b)
		b = append(b, "</efaInfo>"...)
	}
	b = xmlenc.Bool(b, "<encryptionInTransitSupported>", v.EncryptionInTransitSupported)
	b = xmlenc.Bool(b, "<enaSrdSupported>", v.EnaSrdSupported)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInsightsAnalysis) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkInsightsAnalysisId>", v.NetworkInsightsAnalysisId)
	b = xmlenc.String(b, "<networkInsightsAnalysisArn>", v.NetworkInsightsAnalysisArn)
	b = xmlenc.String(b, "<networkInsightsPathId>", v.NetworkInsightsPathId)
	if v.AdditionalAccounts != nil {
		b = append(b, "<additionalAccountSet>"...)
		for _, e := range v.AdditionalAccounts {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</additionalAccountSet>"...)
	}
	if v.FilterInArns != nil {
		b = append(b, "<filterInArnSet>"...)
		for _, e := range v.FilterInArns {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</filterInArnSet>"...)
	}
	b = xmlenc.Time(b, "<startDate>", v.StartDate)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.String(b, "<statusMessage>", v.StatusMessage)
	b = xmlenc.String(b, "<warningMessage>", v.WarningMessage)
	b = xmlenc.Bool(b, "<networkPathFound>", v.NetworkPathFound)
	if v.ForwardPathComponents != nil {
		b = append(b, "<forwardPathComponentSet>"...)
		for _, e := range v.ForwardPathComponents {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</forwardPathComponentSet>"...)
	}
	if v.ReturnPathComponents != nil {
		b = append(b, "<returnPathComponentSet>"...)
		for _, e := range v.ReturnPathComponents {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</returnPathComponentSet>"...)
	}
	if v.Explanations != nil {
		b = append(b, "<explanationSet>"...)
		for _, e := range v.Explanations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</explanationSet>"...)
	}
	if v.AlternatePathHints != nil {
		b = append(b, "<alternatePathHintSet>"...)
		for _, e := range v.AlternatePathHints {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</alternatePathHintSet>"...)
	}
	if v.SuggestedAccounts != nil {
		b = append(b, "<suggestedAccountSet>"...)
		for _, e := range v.SuggestedAccounts {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</suggestedAccountSet>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInsightsPath) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<networkInsightsPathId>", v.NetworkInsightsPathId)
	b = xmlenc.String(b, "<networkInsightsPathArn>", v.NetworkInsightsPathArn)
	b = xmlenc.Time(b, "<createdDate>", v.CreatedDate)
	b = xmlenc.String(b, "<source>", v.Source)
	b = xmlenc.String(b, "<destination>", v.Destination)
	b = xmlenc.String(b, "<sourceArn>", v.SourceArn)
	b = xmlenc.String(b, "<destinationArn>", v.DestinationArn)
	b = xmlenc.String(b, "<sourceIp>", v.SourceIp)
	b = xmlenc.String(b, "<destinationIp>", v.DestinationIp)
	b = xmlenc.String(b, "<protocol>", v.Protocol)
	b = xmlenc.Int(b, "<destinationPort>", v.DestinationPort)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	if v.FilterAtSource != nil {
		b = append(b, "<filterAtSource>"...)
		b = v.FilterAtSource.AppendXML(b)
		b = append(b, "</filterAtSource>"...)
	}
	if v.FilterAtDestination != nil {
		b = append(b, "<filterAtDestination>"...)
		b = v.FilterAtDestination.AppendXML(b)
		b = append(b, "</filterAtDestination>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInterface) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Association != nil {
		b = append(b, "<association>"...)
		b = v.Association.AppendXML(b)
		b = append(b, "</association>"...)
	}
	if v.Attachment != nil {
		b = append(b, "<attachment>"...)
		b = v.Attachment.AppendXML(b)
		b = append(b, "</attachment>"...)
	}
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	if v.ConnectionTrackingConfiguration != nil {
		b = append(b, "<connectionTrackingConfiguration>"...)
		b = v.ConnectionTrackingConfiguration.AppendXML(b)
		b = append(b, "</connectionTrackingConfiguration>"...)
	}
	b = xmlenc.String(b, "<description>", v.Description)
	if v.Groups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.Groups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	b = xmlenc.String(b, "<interfaceType>", v.InterfaceType)
	if v.Ipv6Addresses != nil {
		b = append(b, "<ipv6AddressesSet>"...)
		for _, e := range v.Ipv6Addresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6AddressesSet>"...)
	}
	b = xmlenc.String(b, "<macAddress>", v.MacAddress)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<privateDnsName>", v.PrivateDnsName)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	if v.PrivateIpAddresses != nil {
		b = append(b, "<privateIpAddressesSet>"...)
		for _, e := range v.PrivateIpAddresses {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</privateIpAddressesSet>"...)
	}
	if v.Ipv4Prefixes != nil {
		b = append(b, "<ipv4PrefixSet>"...)
		for _, e := range v.Ipv4Prefixes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv4PrefixSet>"...)
	}
	if v.Ipv6Prefixes != nil {
		b = append(b, "<ipv6PrefixSet>"...)
		for _, e := range v.Ipv6Prefixes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6PrefixSet>"...)
	}
	b = xmlenc.String(b, "<requesterId>", v.RequesterId)
	b = xmlenc.Bool(b, "<requesterManaged>", v.RequesterManaged)
	b = xmlenc.Bool(b, "<sourceDestCheck>", v.SourceDestCheck)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	if v.TagSet != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.TagSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.Bool(b, "<denyAllIgwTraffic>", v.DenyAllIgwTraffic)
	b = xmlenc.Bool(b, "<ipv6Native>", v.Ipv6Native)
	b = xmlenc.String(b, "<ipv6Address>", v.Ipv6Address)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInterfaceAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<allocationId>", v.AllocationId)
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.String(b, "<ipOwnerId>", v.IpOwnerId)
	b = xmlenc.String(b, "<publicDnsName>", v.PublicDnsName)
	b = xmlenc.String(b, "<publicIp>", v.PublicIp)
	b = xmlenc.String(b, "<customerOwnedIp>", v.CustomerOwnedIp)
	b = xmlenc.String(b, "<carrierIp>", v.CarrierIp)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInterfaceAttachment) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<attachTime>", v.AttachTime)
	b = xmlenc.String(b, "<attachmentId>", v.AttachmentId)
	b = xmlenc.Bool(b, "<deleteOnTermination>", v.DeleteOnTermination)
	b = xmlenc.Int(b, "<deviceIndex>", v.DeviceIndex)
	b = xmlenc.Int(b, "<networkCardIndex>", v.NetworkCardIndex)
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<instanceOwnerId>", v.InstanceOwnerId)
	b = xmlenc.String(b, "<status>", v.Status)
	if v.EnaSrdSpecification != nil {
		b = append(b, "<enaSrdSpecification>"...)
		b = v.EnaSrdSpecification.AppendXML(b)
		b = append(b, "</enaSrdSpecification>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInterfaceIpv6Address) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ipv6Address>", v.Ipv6Address)
	b = xmlenc.Bool(b, "<isPrimaryIpv6>", v.IsPrimaryIpv6)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NetworkInterfacePrivateIpAddress) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Association != nil {
		b = append(b, "<association>"...)
		b = v.Association.AppendXML(b)
		b = append(b, "</association>"...)
	}
	b = xmlenc.Bool(b, "<primary>", v.Primary)
	b = xmlenc.String(b, "<privateDnsName>", v.PrivateDnsName)
	b = xmlenc.String(b, "<privateIpAddress>", v.PrivateIpAddress)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NeuronDeviceCoreInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<count>", v.Count)
	b = xmlenc.Int(b, "<version>", v.Version)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NeuronDeviceInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<count>", v.Count)
	b = xmlenc.String(b, "<name>", v.Name)
	if v.CoreInfo != nil {
		b = append(b, "<coreInfo>"...)
		b = v.CoreInfo.AppendXML(b)
		b = append(b, "</coreInfo>"...)
	}
	if v.MemoryInfo != nil {
		b = append(b, "<memoryInfo>"...)
		b = v.MemoryInfo.AppendXML(b)
		b = append(b, "</memoryInfo>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NeuronDeviceMemoryInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sizeInMiB>", v.SizeInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NeuronInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NeuronDevices != nil {
		b = append(b, "<neuronDevices>"...)
		for _, e := range v.NeuronDevices {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</neuronDevices>"...)
	}
	b = xmlenc.Int(b, "<totalNeuronDeviceMemoryInMiB>", v.TotalNeuronDeviceMemoryInMiB)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *NitroTpmInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SupportedVersions != nil {
		b = append(b, "<supportedVersions>"...)
		for _, e := range v.SupportedVersions {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedVersions>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PathComponent) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<sequenceNumber>", v.SequenceNumber)
	if v.AclRule != nil {
		b = append(b, "<aclRule>"...)
		b = v.AclRule.AppendXML(b)
		b = append(b, "</aclRule>"...)
	}
	if v.AttachedTo != nil {
		b = append(b, "<attachedTo>"...)
		b = v.AttachedTo.AppendXML(b)
		b = append(b, "</attachedTo>"...)
	}
	if v.Component != nil {
		b = append(b, "<component>"...)
		b = v.Component.AppendXML(b)
		b = append(b, "</component>"...)
	}
	if v.DestinationVpc != nil {
		b = append(b, "<destinationVpc>"...)
		b = v.DestinationVpc.AppendXML(b)
		b = append(b, "</destinationVpc>"...)
	}
	if v.OutboundHeader != nil {
		b = append(b, "<outboundHeader>"...)
		b = v.OutboundHeader.AppendXML(b)
		b = append(b, "</outboundHeader>"...)
	}
	if v.InboundHeader != nil {
		b = append(b, "<inboundHeader>"...)
		b = v.InboundHeader.AppendXML(b)
		b = append(b, "</inboundHeader>"...)
	}
	if v.RouteTableRoute != nil {
		b = append(b, "<routeTableRoute>"...)
		b = v.RouteTableRoute.AppendXML(b)
		b = append(b, "</routeTableRoute>"...)
	}
	if v.SecurityGroupRule != nil {
		b = append(b, "<securityGroupRule>"...)
		b = v.SecurityGroupRule.AppendXML(b)
		b = append(b, "</securityGroupRule>"...)
	}
	if v.SourceVpc != nil {
		b = append(b, "<sourceVpc>"...)
		b = v.SourceVpc.AppendXML(b)
		b = append(b, "</sourceVpc>"...)
	}
	if v.Subnet != nil {
		b = append(b, "<subnet>"...)
		b = v.Subnet.AppendXML(b)
		b = append(b, "</subnet>"...)
	}
	if v.Vpc != nil {
		b = append(b, "<vpc>"...)
		b = v.Vpc.AppendXML(b)
		b = append(b, "</vpc>"...)
	}
	if v.AdditionalDetails != nil {
		b = append(b, "<additionalDetailSet>"...)
		for _, e := range v.AdditionalDetails {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</additionalDetailSet>"...)
	}
	if v.TransitGateway != nil {
		b = append(b, "<transitGateway>"...)
		b = v.TransitGateway.AppendXML(b)
		b = append(b, "</transitGateway>"...)
	}
	if v.TransitGatewayRouteTableRoute != nil {
		b = append(b, "<transitGatewayRouteTableRoute>"...)
		b = v.TransitGatewayRouteTableRoute.AppendXML(b)
		b = append(b, "</transitGatewayRouteTableRoute>"...)
	}
	if v.Explanations != nil {
		b = append(b, "<explanationSet>"...)
		for _, e := range v.Explanations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</explanationSet>"...)
	}
	if v.ElasticLoadBalancerListener != nil {
		b = append(b, "<elasticLoadBalancerListener>"...)
		b = v.ElasticLoadBalancerListener.AppendXML(b)
		b = append(b, "</elasticLoadBalancerListener>"...)
	}
	if v.FirewallStatelessRule != nil {
		b = append(b, "<firewallStatelessRule>"...)
		b = v.FirewallStatelessRule.AppendXML(b)
		b = append(b, "</firewallStatelessRule>"...)
	}
	if v.FirewallStatefulRule != nil {
		b = append(b, "<firewallStatefulRule>"...)
		b = v.FirewallStatefulRule.AppendXML(b)
		b = append(b, "</firewallStatefulRule>"...)
	}
	b = xmlenc.String(b, "<serviceName>", v.ServiceName)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PathFilter) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<sourceAddress>", v.SourceAddress)
	if v.SourcePortRange != nil {
		b = append(b, "<sourcePortRange>"...)
		b = v.SourcePortRange.AppendXML(b)
		b = append(b, "</sourcePortRange>"...)
	}
	b = xmlenc.String(b, "<destinationAddress>", v.DestinationAddress)
	if v.DestinationPortRange != nil {
		b = append(b, "<destinationPortRange>"...)
		b = v.DestinationPortRange.AppendXML(b)
		b = append(b, "</destinationPortRange>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PeeringConnectionOptions) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<allowDnsResolutionFromRemoteVpc>", v.AllowDnsResolutionFromRemoteVpc)
	b = xmlenc.Bool(b, "<allowEgressFromLocalClassicLinkToRemoteVpc>", v.AllowEgressFromLocalClassicLinkToRemoteVpc)
	b = xmlenc.Bool(b, "<allowEgressFromLocalVpcToRemoteClassicLink>", v.AllowEgressFromLocalVpcToRemoteClassicLink)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Placement) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	b = xmlenc.String(b, "<affinity>", v.Affinity)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.Int(b, "<partitionNumber>", v.PartitionNumber)
	b = xmlenc.String(b, "<hostId>", v.HostId)
	b = xmlenc.String(b, "<tenancy>", v.Tenancy)
	b = xmlenc.String(b, "<spreadDomain>", v.SpreadDomain)
	b = xmlenc.String(b, "<hostResourceGroupArn>", v.HostResourceGroupArn)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PlacementGroup) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<strategy>", v.Strategy)
	b = xmlenc.Int(b, "<partitionCount>", v.PartitionCount)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<groupArn>", v.GroupArn)
	b = xmlenc.String(b, "<spreadLevel>", v.SpreadLevel)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PlacementGroupInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SupportedStrategies != nil {
		b = append(b, "<supportedStrategies>"...)
		for _, e := range v.SupportedStrategies {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedStrategies>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PortRange) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<from>", v.From)
	b = xmlenc.Int(b, "<to>", v.To)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrefixList) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Cidrs != nil {
		b = append(b, "<cidrSet>"...)
		for _, e := range v.Cidrs {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</cidrSet>"...)
	}
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	b = xmlenc.String(b, "<prefixListName>", v.PrefixListName)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrefixListAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<resourceId>", v.ResourceId)
	b = xmlenc.String(b, "<resourceOwner>", v.ResourceOwner)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrefixListEntry) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidr>", v.Cidr)
	b = xmlenc.String(b, "<description>", v.Description)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrefixListId) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrivateDnsNameOptionsOnLaunch) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<hostnameType>", v.HostnameType)
	b = xmlenc.Bool(b, "<enableResourceNameDnsARecord>", v.EnableResourceNameDnsARecord)
	b = xmlenc.Bool(b, "<enableResourceNameDnsAAAARecord>", v.EnableResourceNameDnsAAAARecord)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PrivateDnsNameOptionsResponse) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<hostnameType>", v.HostnameType)
	b = xmlenc.Bool(b, "<enableResourceNameDnsARecord>", v.EnableResourceNameDnsARecord)
	b = xmlenc.Bool(b, "<enableResourceNameDnsAAAARecord>", v.EnableResourceNameDnsAAAARecord)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ProcessorInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.SupportedArchitectures != nil {
		b = append(b, "<supportedArchitectures>"...)
		for _, e := range v.SupportedArchitectures {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedArchitectures>"...)
	}
	b = xmlenc.Float(b, "<sustainedClockSpeedInGhz>", v.SustainedClockSpeedInGhz)
	if v.SupportedFeatures != nil {
		b = append(b, "<supportedFeatures>"...)
		for _, e := range v.SupportedFeatures {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</supportedFeatures>"...)
	}
	b = xmlenc.String(b, "<manufacturer>", v.Manufacturer)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ProductCode) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<productCode>", v.ProductCodeId)
	b = xmlenc.String(b, "<type>", v.ProductCodeType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PropagatingVgw) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<gatewayId>", v.GatewayId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ProvisionedBandwidth) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<provisionTime>", v.ProvisionTime)
	b = xmlenc.String(b, "<provisioned>", v.Provisioned)
	b = xmlenc.Time(b, "<requestTime>", v.RequestTime)
	b = xmlenc.String(b, "<requested>", v.Requested)
	b = xmlenc.String(b, "<status>", v.Status)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *PtrUpdateStatus) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<value>", v.Value)
	b = xmlenc.String(b, "<status>", v.Status)
	b = xmlenc.String(b, "<reason>", v.Reason)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ReferencedSecurityGroup) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	b = xmlenc.String(b, "<peeringStatus>", v.PeeringStatus)
	b = xmlenc.String(b, "<userId>", v.UserId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Region) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<regionEndpoint>", v.Endpoint)
	b = xmlenc.String(b, "<regionName>", v.RegionName)
	b = xmlenc.String(b, "<optInStatus>", v.OptInStatus)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RejectVpcPeeringConnectionResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ReleaseHostsResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Successful != nil {
		b = append(b, "<successful>"...)
		for _, e := range v.Successful {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</successful>"...)
	}
	if v.Unsuccessful != nil {
		b = append(b, "<unsuccessful>"...)
		for _, e := range v.Unsuccessful {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unsuccessful>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ReplaceNetworkAclAssociationResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<newAssociationId>", v.NewAssociationId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ReplaceRouteTableAssociationResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<newAssociationId>", v.NewAssociationId)
	if v.AssociationState != nil {
		b = append(b, "<associationState>"...)
		b = v.AssociationState.AppendXML(b)
		b = append(b, "</associationState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Reservation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Groups != nil {
		b = append(b, "<groupSet>"...)
		for _, e := range v.Groups {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groupSet>"...)
	}
	if v.Instances != nil {
		b = append(b, "<instancesSet>"...)
		for _, e := range v.Instances {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instancesSet>"...)
	}
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<requesterId>", v.RequesterId)
	b = xmlenc.String(b, "<reservationId>", v.ReservationId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *ResetAddressAttributeResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Address != nil {
		b = append(b, "<address>"...)
		b = v.Address.AppendXML(b)
		b = append(b, "</address>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RestoreManagedPrefixListVersionResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.PrefixList != nil {
		b = append(b, "<prefixList>"...)
		b = v.PrefixList.AppendXML(b)
		b = append(b, "</prefixList>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RevokeSecurityGroupEgressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	if v.UnknownIpPermissions != nil {
		b = append(b, "<unknownIpPermissionSet>"...)
		for _, e := range v.UnknownIpPermissions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unknownIpPermissionSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RevokeSecurityGroupIngressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	if v.UnknownIpPermissions != nil {
		b = append(b, "<unknownIpPermissionSet>"...)
		for _, e := range v.UnknownIpPermissions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</unknownIpPermissionSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Route) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<destinationCidrBlock>", v.DestinationCidrBlock)
	b = xmlenc.String(b, "<destinationIpv6CidrBlock>", v.DestinationIpv6CidrBlock)
	b = xmlenc.String(b, "<destinationPrefixListId>", v.DestinationPrefixListId)
	b = xmlenc.String(b, "<egressOnlyInternetGatewayId>", v.EgressOnlyInternetGatewayId)
	b = xmlenc.String(b, "<gatewayId>", v.GatewayId)
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<instanceOwnerId>", v.InstanceOwnerId)
	b = xmlenc.String(b, "<natGatewayId>", v.NatGatewayId)
	b = xmlenc.String(b, "<transitGatewayId>", v.TransitGatewayId)
	b = xmlenc.String(b, "<localGatewayId>", v.LocalGatewayId)
	b = xmlenc.String(b, "<carrierGatewayId>", v.CarrierGatewayId)
	b = xmlenc.String(b, "<networkInterfaceId>", v.NetworkInterfaceId)
	b = xmlenc.String(b, "<origin>", v.Origin)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	b = xmlenc.String(b, "<coreNetworkArn>", v.CoreNetworkArn)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RouteTable) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Associations != nil {
		b = append(b, "<associationSet>"...)
		for _, e := range v.Associations {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</associationSet>"...)
	}
	if v.PropagatingVgws != nil {
		b = append(b, "<propagatingVgwSet>"...)
		for _, e := range v.PropagatingVgws {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</propagatingVgwSet>"...)
	}
	b = xmlenc.String(b, "<routeTableId>", v.RouteTableId)
	if v.Routes != nil {
		b = append(b, "<routeSet>"...)
		for _, e := range v.Routes {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</routeSet>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RouteTableAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<main>", v.Main)
	b = xmlenc.String(b, "<routeTableAssociationId>", v.RouteTableAssociationId)
	b = xmlenc.String(b, "<routeTableId>", v.RouteTableId)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	b = xmlenc.String(b, "<gatewayId>", v.GatewayId)
	if v.AssociationState != nil {
		b = append(b, "<associationState>"...)
		b = v.AssociationState.AppendXML(b)
		b = append(b, "</associationState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RouteTableAssociationState) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<statusMessage>", v.StatusMessage)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RuleGroupRuleOptionsPair) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ruleGroupArn>", v.RuleGroupArn)
	if v.RuleOptions != nil {
		b = append(b, "<ruleOptionSet>"...)
		for _, e := range v.RuleOptions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ruleOptionSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RuleGroupTypePair) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<ruleGroupArn>", v.RuleGroupArn)
	b = xmlenc.String(b, "<ruleGroupType>", v.RuleGroupType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *RuleOption) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<keyword>", v.Keyword)
	if v.Settings != nil {
		b = append(b, "<settingSet>"...)
		for _, e := range v.Settings {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</settingSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SecurityGroup) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupDescription>", v.Description)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	if v.IpPermissions != nil {
		b = append(b, "<ipPermissions>"...)
		for _, e := range v.IpPermissions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipPermissions>"...)
	}
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	if v.IpPermissionsEgress != nil {
		b = append(b, "<ipPermissionsEgress>"...)
		for _, e := range v.IpPermissionsEgress {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipPermissionsEgress>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SecurityGroupForVpc) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<primaryVpcId>", v.PrimaryVpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SecurityGroupReference) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	b = xmlenc.String(b, "<referencingVpcId>", v.ReferencingVpcId)
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	b = xmlenc.String(b, "<transitGatewayId>", v.TransitGatewayId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SecurityGroupRule) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<securityGroupRuleId>", v.SecurityGroupRuleId)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	b = xmlenc.String(b, "<groupOwnerId>", v.GroupOwnerId)
	b = xmlenc.Bool(b, "<isEgress>", v.IsEgress)
	b = xmlenc.String(b, "<ipProtocol>", v.IpProtocol)
	b = xmlenc.Int(b, "<fromPort>", v.FromPort)
	b = xmlenc.Int(b, "<toPort>", v.ToPort)
	b = xmlenc.String(b, "<cidrIpv4>", v.CidrIpv4)
	b = xmlenc.String(b, "<cidrIpv6>", v.CidrIpv6)
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	if v.ReferencedGroupInfo != nil {
		b = append(b, "<referencedGroupInfo>"...)
		b = v.ReferencedGroupInfo.AppendXML(b)
		b = append(b, "</referencedGroupInfo>"...)
	}
	b = xmlenc.String(b, "<description>", v.Description)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StaleIpPermission) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<fromPort>", v.FromPort)
	b = xmlenc.String(b, "<ipProtocol>", v.IpProtocol)
	if v.IpRanges != nil {
		b = append(b, "<ipRanges>"...)
		for _, e := range v.IpRanges {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</ipRanges>"...)
	}
	if v.PrefixListIds != nil {
		b = append(b, "<prefixListIds>"...)
		for _, e := range v.PrefixListIds {
			b = xmlenc.Text(b, "<item>", e)
		}
		b = append(b, "</prefixListIds>"...)
	}
	b = xmlenc.Int(b, "<toPort>", v.ToPort)
	if v.UserIdGroupPairs != nil {
		b = append(b, "<groups>"...)
		for _, e := range v.UserIdGroupPairs {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</groups>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StaleSecurityGroup) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	if v.StaleIpPermissions != nil {
		b = append(b, "<staleIpPermissions>"...)
		for _, e := range v.StaleIpPermissions {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</staleIpPermissions>"...)
	}
	if v.StaleIpPermissionsEgress != nil {
		b = append(b, "<staleIpPermissionsEgress>"...)
		for _, e := range v.StaleIpPermissionsEgress {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</staleIpPermissionsEgress>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StartInstancesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.StartingInstances != nil {
		b = append(b, "<instancesSet>"...)
		for _, e := range v.StartingInstances {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instancesSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StartNetworkInsightsAnalysisResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.NetworkInsightsAnalysis != nil {
		b = append(b, "<networkInsightsAnalysis>"...)
		b = v.NetworkInsightsAnalysis.AppendXML(b)
		b = append(b, "</networkInsightsAnalysis>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StateReason) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<code>", v.Code)
	b = xmlenc.String(b, "<message>", v.Message)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *StopInstancesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.StoppingInstances != nil {
		b = append(b, "<instancesSet>"...)
		for _, e := range v.StoppingInstances {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instancesSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Subnet) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	b = xmlenc.String(b, "<availabilityZoneId>", v.AvailabilityZoneId)
	b = xmlenc.Int(b, "<availableIpAddressCount>", v.AvailableIpAddressCount)
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	b = xmlenc.Bool(b, "<defaultForAz>", v.DefaultForAz)
	b = xmlenc.Int(b, "<enableLniAtDeviceIndex>", v.EnableLniAtDeviceIndex)
	b = xmlenc.Bool(b, "<mapPublicIpOnLaunch>", v.MapPublicIpOnLaunch)
	b = xmlenc.Bool(b, "<mapCustomerOwnedIpOnLaunch>", v.MapCustomerOwnedIpOnLaunch)
	b = xmlenc.String(b, "<customerOwnedIpv4Pool>", v.CustomerOwnedIpv4Pool)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<subnetId>", v.SubnetId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.Bool(b, "<assignIpv6AddressOnCreation>", v.AssignIpv6AddressOnCreation)
	if v.Ipv6CidrBlockAssociationSet != nil {
		b = append(b, "<ipv6CidrBlockAssociationSet>"...)
		for _, e := range v.Ipv6CidrBlockAssociationSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6CidrBlockAssociationSet>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<subnetArn>", v.SubnetArn)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.Bool(b, "<enableDns64>", v.EnableDns64)
	b = xmlenc.Bool(b, "<ipv6Native>", v.Ipv6Native)
	if v.PrivateDnsNameOptionsOnLaunch != nil {
		b = append(b, "<privateDnsNameOptionsOnLaunch>"...)
		b = v.PrivateDnsNameOptionsOnLaunch.AppendXML(b)
		b = append(b, "</privateDnsNameOptionsOnLaunch>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SubnetCidrBlockState) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<statusMessage>", v.StatusMessage)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *SubnetIpv6CidrBlockAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.String(b, "<ipv6CidrBlock>", v.Ipv6CidrBlock)
	if v.Ipv6CidrBlockState != nil {
		b = append(b, "<ipv6CidrBlockState>"...)
		b = v.Ipv6CidrBlockState.AppendXML(b)
		b = append(b, "</ipv6CidrBlockState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Tag) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<key>", v.Key)
	b = xmlenc.String(b, "<value>", v.Value)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *TagDescription) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<key>", v.Key)
	b = xmlenc.String(b, "<resourceId>", v.ResourceId)
	b = xmlenc.String(b, "<resourceType>", v.ResourceType)
	b = xmlenc.String(b, "<value>", v.Value)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *TerminateInstancesResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.TerminatingInstances != nil {
		b = append(b, "<instancesSet>"...)
		for _, e := range v.TerminatingInstances {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</instancesSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *TransitGatewayRouteTableRoute) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<destinationCidr>", v.DestinationCidr)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<routeOrigin>", v.RouteOrigin)
	b = xmlenc.String(b, "<prefixListId>", v.PrefixListId)
	b = xmlenc.String(b, "<attachmentId>", v.AttachmentId)
	b = xmlenc.String(b, "<resourceId>", v.ResourceId)
	b = xmlenc.String(b, "<resourceType>", v.ResourceType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *UnsuccessfulItem) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Error != nil {
		b = append(b, "<error>"...)
		b = v.Error.AppendXML(b)
		b = append(b, "</error>"...)
	}
	b = xmlenc.String(b, "<resourceId>", v.ResourceId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *UnsuccessfulItemError) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<code>", v.Code)
	b = xmlenc.String(b, "<message>", v.Message)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *UpdateSecurityGroupRuleDescriptionsEgressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *UpdateSecurityGroupRuleDescriptionsIngressResult) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<return>", v.Return)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *UserIdGroupPair) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<description>", v.Description)
	b = xmlenc.String(b, "<groupId>", v.GroupId)
	b = xmlenc.String(b, "<groupName>", v.GroupName)
	b = xmlenc.String(b, "<peeringStatus>", v.PeeringStatus)
	b = xmlenc.String(b, "<userId>", v.UserId)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VCpuInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Int(b, "<defaultVCpus>", v.DefaultVCpus)
	b = xmlenc.Int(b, "<defaultCores>", v.DefaultCores)
	b = xmlenc.Int(b, "<defaultThreadsPerCore>", v.DefaultThreadsPerCore)
	if v.ValidCores != nil {
		b = append(b, "<validCores>"...)
		for _, e := range v.ValidCores {
			b = xmlenc.Int(b, "<item>", &e)
		}
		b = append(b, "</validCores>"...)
	}
	if v.ValidThreadsPerCore != nil {
		b = append(b, "<validThreadsPerCore>"...)
		for _, e := range v.ValidThreadsPerCore {
			b = xmlenc.Int(b, "<item>", &e)
		}
		b = append(b, "</validThreadsPerCore>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Volume) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.Attachments != nil {
		b = append(b, "<attachmentSet>"...)
		for _, e := range v.Attachments {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</attachmentSet>"...)
	}
	b = xmlenc.String(b, "<availabilityZone>", v.AvailabilityZone)
	b = xmlenc.Time(b, "<createTime>", v.CreateTime)
	b = xmlenc.Bool(b, "<encrypted>", v.Encrypted)
	b = xmlenc.String(b, "<kmsKeyId>", v.KmsKeyId)
	b = xmlenc.String(b, "<outpostArn>", v.OutpostArn)
	b = xmlenc.Int(b, "<size>", v.Size)
	b = xmlenc.String(b, "<snapshotId>", v.SnapshotId)
	b = xmlenc.String(b, "<status>", v.State)
	b = xmlenc.String(b, "<volumeId>", v.VolumeId)
	b = xmlenc.Int(b, "<iops>", v.Iops)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<volumeType>", v.VolumeType)
	b = xmlenc.Bool(b, "<fastRestored>", v.FastRestored)
	b = xmlenc.Bool(b, "<multiAttachEnabled>", v.MultiAttachEnabled)
	b = xmlenc.Int(b, "<throughput>", v.Throughput)
	b = xmlenc.String(b, "<sseType>", v.SseType)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VolumeAttachment) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Time(b, "<attachTime>", v.AttachTime)
	b = xmlenc.String(b, "<device>", v.Device)
	b = xmlenc.String(b, "<instanceId>", v.InstanceId)
	b = xmlenc.String(b, "<status>", v.State)
	b = xmlenc.String(b, "<volumeId>", v.VolumeId)
	b = xmlenc.Bool(b, "<deleteOnTermination>", v.DeleteOnTermination)
	b = xmlenc.String(b, "<associatedResource>", v.AssociatedResource)
	b = xmlenc.String(b, "<instanceOwningService>", v.InstanceOwningService)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *Vpc) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	b = xmlenc.String(b, "<dhcpOptionsId>", v.DhcpOptionsId)
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	b = xmlenc.String(b, "<instanceTenancy>", v.InstanceTenancy)
	if v.Ipv6CidrBlockAssociationSet != nil {
		b = append(b, "<ipv6CidrBlockAssociationSet>"...)
		for _, e := range v.Ipv6CidrBlockAssociationSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6CidrBlockAssociationSet>"...)
	}
	if v.CidrBlockAssociationSet != nil {
		b = append(b, "<cidrBlockAssociationSet>"...)
		for _, e := range v.CidrBlockAssociationSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</cidrBlockAssociationSet>"...)
	}
	b = xmlenc.Bool(b, "<isDefault>", v.IsDefault)
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcCidrBlockAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	if v.CidrBlockState != nil {
		b = append(b, "<cidrBlockState>"...)
		b = v.CidrBlockState.AppendXML(b)
		b = append(b, "</cidrBlockState>"...)
	}
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcCidrBlockState) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<state>", v.State)
	b = xmlenc.String(b, "<statusMessage>", v.StatusMessage)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcIpv6CidrBlockAssociation) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<associationId>", v.AssociationId)
	b = xmlenc.String(b, "<ipv6CidrBlock>", v.Ipv6CidrBlock)
	if v.Ipv6CidrBlockState != nil {
		b = append(b, "<ipv6CidrBlockState>"...)
		b = v.Ipv6CidrBlockState.AppendXML(b)
		b = append(b, "</ipv6CidrBlockState>"...)
	}
	b = xmlenc.String(b, "<networkBorderGroup>", v.NetworkBorderGroup)
	b = xmlenc.String(b, "<ipv6Pool>", v.Ipv6Pool)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcPeeringConnection) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	if v.AccepterVpcInfo != nil {
		b = append(b, "<accepterVpcInfo>"...)
		b = v.AccepterVpcInfo.AppendXML(b)
		b = append(b, "</accepterVpcInfo>"...)
	}
	b = xmlenc.Time(b, "<expirationTime>", v.ExpirationTime)
	if v.RequesterVpcInfo != nil {
		b = append(b, "<requesterVpcInfo>"...)
		b = v.RequesterVpcInfo.AppendXML(b)
		b = append(b, "</requesterVpcInfo>"...)
	}
	if v.Status != nil {
		b = append(b, "<status>"...)
		b = v.Status.AppendXML(b)
		b = append(b, "</status>"...)
	}
	if v.Tags != nil {
		b = append(b, "<tagSet>"...)
		for _, e := range v.Tags {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</tagSet>"...)
	}
	b = xmlenc.String(b, "<vpcPeeringConnectionId>", v.VpcPeeringConnectionId)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcPeeringConnectionOptionsDescription) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.Bool(b, "<allowDnsResolutionFromRemoteVpc>", v.AllowDnsResolutionFromRemoteVpc)
	b = xmlenc.Bool(b, "<allowEgressFromLocalClassicLinkToRemoteVpc>", v.AllowEgressFromLocalClassicLinkToRemoteVpc)
	b = xmlenc.Bool(b, "<allowEgressFromLocalVpcToRemoteClassicLink>", v.AllowEgressFromLocalVpcToRemoteClassicLink)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcPeeringConnectionStateReason) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<code>", v.Code)
	b = xmlenc.String(b, "<message>", v.Message)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *VpcPeeringConnectionVpcInfo) AppendXML(b []byte) []byte {
	if v == nil {
		return b
	}
	b = xmlenc.String(b, "<cidrBlock>", v.CidrBlock)
	if v.Ipv6CidrBlockSet != nil {
		b = append(b, "<ipv6CidrBlockSet>"...)
		for _, e := range v.Ipv6CidrBlockSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</ipv6CidrBlockSet>"...)
	}
	if v.CidrBlockSet != nil {
		b = append(b, "<cidrBlockSet>"...)
		for _, e := range v.CidrBlockSet {
			b = append(b, "<item>"...)
			b = e.AppendXML(b)
			b = append(b, "</item>"...)
		}
		b = append(b, "</cidrBlockSet>"...)
	}
	b = xmlenc.String(b, "<ownerId>", v.OwnerId)
	if v.PeeringOptions != nil {
		b = append(b, "<peeringOptions>"...)
		b = v.PeeringOptions.AppendXML(b)
		b = append(b, "</peeringOptions>"...)
	}
	b = xmlenc.String(b, "<vpcId>", v.VpcId)
	b = xmlenc.String(b, "<region>", v.Region)
	return b
}

// AppendXML implements xmlenc.Appender.
func (v *AssociateDhcpOptionsResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *AttachInternetGatewayResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *CreateNetworkAclEntryResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *CreateTagsResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteDhcpOptionsResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteInternetGatewayResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNetworkAclResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNetworkAclEntryResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteNetworkInterfaceResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeletePlacementGroupResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteRouteResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteRouteTableResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteSecurityGroupResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteSubnetResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteTagsResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeleteVpcResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DeregisterImageResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DetachInternetGatewayResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DetachNetworkInterfaceResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DisassociateAddressResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *DisassociateRouteTableResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyImageAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyInstanceAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyNetworkInterfaceAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ModifySubnetAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ModifyVpcAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *RebootInstancesResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ReleaseAddressResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ReplaceNetworkAclEntryResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ReplaceRouteResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ResetInstanceAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *ResetNetworkInterfaceAttributeResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}

// AppendXML implements xmlenc.Appender.
func (v *UnassignPrivateIpAddressesResult) AppendXML(b []byte) []byte {
	return xmlenc.Bool(b, "<return>", new(true))
}
