// Code generated from models/apis/ec2/2016-11-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package gen

import "time"

// AcceptVpcPeeringConnectionRequest is the structure of that name in the model.
type AcceptVpcPeeringConnectionRequest struct {
	DryRun                 *bool
	VpcPeeringConnectionId *string
}

// AcceptVpcPeeringConnectionResult is the structure of that name in the model.
type AcceptVpcPeeringConnectionResult struct {
	VpcPeeringConnection *VpcPeeringConnection `xml:"vpcPeeringConnection"`
}

// AccountAttribute is the structure of that name in the model.
type AccountAttribute struct {
	AttributeName   *string                  `xml:"attributeName"`
	AttributeValues []*AccountAttributeValue `xml:"attributeValueSet>item"`
}

// AccountAttributeValue is the structure of that name in the model.
type AccountAttributeValue struct {
	AttributeValue *string `xml:"attributeValue"`
}

// AddPrefixListEntry is the structure of that name in the model.
type AddPrefixListEntry struct {
	Cidr        *string
	Description *string
}

// AdditionalDetail is the structure of that name in the model.
type AdditionalDetail struct {
	AdditionalDetailType      *string                     `xml:"additionalDetailType"`
	Component                 *AnalysisComponent          `xml:"component"`
	VpcEndpointService        *AnalysisComponent          `xml:"vpcEndpointService"`
	RuleOptions               []*RuleOption               `xml:"ruleOptionSet>item"`
	RuleGroupTypePairs        []*RuleGroupTypePair        `xml:"ruleGroupTypePairSet>item"`
	RuleGroupRuleOptionsPairs []*RuleGroupRuleOptionsPair `xml:"ruleGroupRuleOptionsPairSet>item"`
	ServiceName               *string                     `xml:"serviceName"`
	LoadBalancers             []*AnalysisComponent        `xml:"loadBalancerSet>item"`
}

// Address is the structure of that name in the model.
type Address struct {
	InstanceId              *string `xml:"instanceId"`
	PublicIp                *string `xml:"publicIp"`
	AllocationId            *string `xml:"allocationId"`
	AssociationId           *string `xml:"associationId"`
	Domain                  *string `xml:"domain"`
	NetworkInterfaceId      *string `xml:"networkInterfaceId"`
	NetworkInterfaceOwnerId *string `xml:"networkInterfaceOwnerId"`
	PrivateIpAddress        *string `xml:"privateIpAddress"`
	Tags                    []*Tag  `xml:"tagSet>item"`
	PublicIpv4Pool          *string `xml:"publicIpv4Pool"`
	NetworkBorderGroup      *string `xml:"networkBorderGroup"`
	CustomerOwnedIp         *string `xml:"customerOwnedIp"`
	CustomerOwnedIpv4Pool   *string `xml:"customerOwnedIpv4Pool"`
	CarrierIp               *string `xml:"carrierIp"`
}

// AddressAttribute is the structure of that name in the model.
type AddressAttribute struct {
	PublicIp        *string          `xml:"publicIp"`
	AllocationId    *string          `xml:"allocationId"`
	PtrRecord       *string          `xml:"ptrRecord"`
	PtrRecordUpdate *PtrUpdateStatus `xml:"ptrRecordUpdate"`
}

// AllocateAddressRequest is the structure of that name in the model.
type AllocateAddressRequest struct {
	Domain                *string
	Address               *string
	PublicIpv4Pool        *string
	NetworkBorderGroup    *string
	CustomerOwnedIpv4Pool *string
	DryRun                *bool
	TagSpecifications     []*TagSpecification
}

// AllocateAddressResult is the structure of that name in the model.
type AllocateAddressResult struct {
	PublicIp              *string `xml:"publicIp"`
	AllocationId          *string `xml:"allocationId"`
	PublicIpv4Pool        *string `xml:"publicIpv4Pool"`
	NetworkBorderGroup    *string `xml:"networkBorderGroup"`
	Domain                *string `xml:"domain"`
	CustomerOwnedIp       *string `xml:"customerOwnedIp"`
	CustomerOwnedIpv4Pool *string `xml:"customerOwnedIpv4Pool"`
	CarrierIp             *string `xml:"carrierIp"`
}

// AllocateHostsRequest is the structure of that name in the model.
type AllocateHostsRequest struct {
	AutoPlacement     *string
	AvailabilityZone  *string
	ClientToken       *string
	InstanceType      *string
	InstanceFamily    *string
	Quantity          *int64
	TagSpecifications []*TagSpecification
	HostRecovery      *string
	OutpostArn        *string
	HostMaintenance   *string
	AssetIds          []string
}

// AllocateHostsResult is the structure of that name in the model.
type AllocateHostsResult struct {
	HostIds []string `xml:"hostIdSet>item"`
}

// AlternatePathHint is the structure of that name in the model.
type AlternatePathHint struct {
	ComponentId  *string `xml:"componentId"`
	ComponentArn *string `xml:"componentArn"`
}

// AnalysisAclRule is the structure of that name in the model.
type AnalysisAclRule struct {
	Cidr       *string    `xml:"cidr"`
	Egress     *bool      `xml:"egress"`
	PortRange  *PortRange `xml:"portRange"`
	Protocol   *string    `xml:"protocol"`
	RuleAction *string    `xml:"ruleAction"`
	RuleNumber *int64     `xml:"ruleNumber"`
}

// AnalysisComponent is the structure of that name in the model.
type AnalysisComponent struct {
	Id   *string `xml:"id"`
	Arn  *string `xml:"arn"`
	Name *string `xml:"name"`
}

// AnalysisLoadBalancerListener is the structure of that name in the model.
type AnalysisLoadBalancerListener struct {
	LoadBalancerPort *int64 `xml:"loadBalancerPort"`
	InstancePort     *int64 `xml:"instancePort"`
}

// AnalysisLoadBalancerTarget is the structure of that name in the model.
type AnalysisLoadBalancerTarget struct {
	Address          *string            `xml:"address"`
	AvailabilityZone *string            `xml:"availabilityZone"`
	Instance         *AnalysisComponent `xml:"instance"`
	Port             *int64             `xml:"port"`
}

// AnalysisPacketHeader is the structure of that name in the model.
type AnalysisPacketHeader struct {
	DestinationAddresses  []string     `xml:"destinationAddressSet>item"`
	DestinationPortRanges []*PortRange `xml:"destinationPortRangeSet>item"`
	Protocol              *string      `xml:"protocol"`
	SourceAddresses       []string     `xml:"sourceAddressSet>item"`
	SourcePortRanges      []*PortRange `xml:"sourcePortRangeSet>item"`
}

// AnalysisRouteTableRoute is the structure of that name in the model.
type AnalysisRouteTableRoute struct {
	DestinationCidr             *string `xml:"destinationCidr"`
	DestinationPrefixListId     *string `xml:"destinationPrefixListId"`
	EgressOnlyInternetGatewayId *string `xml:"egressOnlyInternetGatewayId"`
	GatewayId                   *string `xml:"gatewayId"`
	InstanceId                  *string `xml:"instanceId"`
	NatGatewayId                *string `xml:"natGatewayId"`
	NetworkInterfaceId          *string `xml:"networkInterfaceId"`
	Origin                      *string `xml:"origin"`
	TransitGatewayId            *string `xml:"transitGatewayId"`
	VpcPeeringConnectionId      *string `xml:"vpcPeeringConnectionId"`
	State                       *string `xml:"state"`
	CarrierGatewayId            *string `xml:"carrierGatewayId"`
	CoreNetworkArn              *string `xml:"coreNetworkArn"`
	LocalGatewayId              *string `xml:"localGatewayId"`
}

// AnalysisSecurityGroupRule is the structure of that name in the model.
type AnalysisSecurityGroupRule struct {
	Cidr            *string    `xml:"cidr"`
	Direction       *string    `xml:"direction"`
	SecurityGroupId *string    `xml:"securityGroupId"`
	PortRange       *PortRange `xml:"portRange"`
	PrefixListId    *string    `xml:"prefixListId"`
	Protocol        *string    `xml:"protocol"`
}

// AssignPrivateIpAddressesRequest is the structure of that name in the model.
type AssignPrivateIpAddressesRequest struct {
	AllowReassignment              *bool
	NetworkInterfaceId             *string
	PrivateIpAddresses             []string
	SecondaryPrivateIpAddressCount *int64
	Ipv4Prefixes                   []string
	Ipv4PrefixCount                *int64
}

// AssignPrivateIpAddressesResult is the structure of that name in the model.
type AssignPrivateIpAddressesResult struct {
	NetworkInterfaceId         *string                     `xml:"networkInterfaceId"`
	AssignedPrivateIpAddresses []*AssignedPrivateIpAddress `xml:"assignedPrivateIpAddressesSet>item"`
	AssignedIpv4Prefixes       []*Ipv4PrefixSpecification  `xml:"assignedIpv4PrefixSet>item"`
}

// AssignedPrivateIpAddress is the structure of that name in the model.
type AssignedPrivateIpAddress struct {
	PrivateIpAddress *string `xml:"privateIpAddress"`
}

// AssociateAddressRequest is the structure of that name in the model.
type AssociateAddressRequest struct {
	AllocationId       *string
	InstanceId         *string
	PublicIp           *string
	AllowReassociation *bool
	DryRun             *bool
	NetworkInterfaceId *string
	PrivateIpAddress   *string
}

// AssociateAddressResult is the structure of that name in the model.
type AssociateAddressResult struct {
	AssociationId *string `xml:"associationId"`
}

// AssociateDhcpOptionsRequest is the structure of that name in the model.
type AssociateDhcpOptionsRequest struct {
	DhcpOptionsId *string
	VpcId         *string
	DryRun        *bool
}

// AssociateRouteTableRequest is the structure of that name in the model.
type AssociateRouteTableRequest struct {
	DryRun       *bool
	RouteTableId *string
	SubnetId     *string
	GatewayId    *string
}

// AssociateRouteTableResult is the structure of that name in the model.
type AssociateRouteTableResult struct {
	AssociationId    *string                     `xml:"associationId"`
	AssociationState *RouteTableAssociationState `xml:"associationState"`
}

// AssociateVpcCidrBlockRequest is the structure of that name in the model.
type AssociateVpcCidrBlockRequest struct {
	AmazonProvidedIpv6CidrBlock     *bool
	CidrBlock                       *string
	VpcId                           *string
	Ipv6CidrBlockNetworkBorderGroup *string
	Ipv6Pool                        *string
	Ipv6CidrBlock                   *string
	Ipv4IpamPoolId                  *string
	Ipv4NetmaskLength               *int64
	Ipv6IpamPoolId                  *string
	Ipv6NetmaskLength               *int64
}

// AssociateVpcCidrBlockResult is the structure of that name in the model.
type AssociateVpcCidrBlockResult struct {
	Ipv6CidrBlockAssociation *VpcIpv6CidrBlockAssociation `xml:"ipv6CidrBlockAssociation"`
	CidrBlockAssociation     *VpcCidrBlockAssociation     `xml:"cidrBlockAssociation"`
	VpcId                    *string                      `xml:"vpcId"`
}

// AttachInternetGatewayRequest is the structure of that name in the model.
type AttachInternetGatewayRequest struct {
	DryRun            *bool
	InternetGatewayId *string
	VpcId             *string
}

// AttachNetworkInterfaceRequest is the structure of that name in the model.
type AttachNetworkInterfaceRequest struct {
	DeviceIndex         *int64
	DryRun              *bool
	InstanceId          *string
	NetworkInterfaceId  *string
	NetworkCardIndex    *int64
	EnaSrdSpecification *EnaSrdSpecification
}

// AttachNetworkInterfaceResult is the structure of that name in the model.
type AttachNetworkInterfaceResult struct {
	AttachmentId     *string `xml:"attachmentId"`
	NetworkCardIndex *int64  `xml:"networkCardIndex"`
}

// AttachmentEnaSrdSpecification is the structure of that name in the model.
type AttachmentEnaSrdSpecification struct {
	EnaSrdEnabled          *bool                             `xml:"enaSrdEnabled"`
	EnaSrdUdpSpecification *AttachmentEnaSrdUdpSpecification `xml:"enaSrdUdpSpecification"`
}

// AttachmentEnaSrdUdpSpecification is the structure of that name in the model.
type AttachmentEnaSrdUdpSpecification struct {
	EnaSrdUdpEnabled *bool `xml:"enaSrdUdpEnabled"`
}

// AttributeBooleanValue is the structure of that name in the model.
type AttributeBooleanValue struct {
	Value *bool `xml:"value"`
}

// AttributeValue is the structure of that name in the model.
type AttributeValue struct {
	Value *string `xml:"value"`
}

// AuthorizeSecurityGroupEgressRequest is the structure of that name in the model.
type AuthorizeSecurityGroupEgressRequest struct {
	DryRun                     *bool
	GroupId                    *string
	IpPermissions              []*IpPermission
	TagSpecifications          []*TagSpecification
	CidrIp                     *string
	FromPort                   *int64
	IpProtocol                 *string
	ToPort                     *int64
	SourceSecurityGroupName    *string
	SourceSecurityGroupOwnerId *string
}

// AuthorizeSecurityGroupEgressResult is the structure of that name in the model.
type AuthorizeSecurityGroupEgressResult struct {
	Return             *bool                `xml:"return"`
	SecurityGroupRules []*SecurityGroupRule `xml:"securityGroupRuleSet>item"`
}

// AuthorizeSecurityGroupIngressRequest is the structure of that name in the model.
type AuthorizeSecurityGroupIngressRequest struct {
	CidrIp                     *string
	FromPort                   *int64
	GroupId                    *string
	GroupName                  *string
	IpPermissions              []*IpPermission
	IpProtocol                 *string
	SourceSecurityGroupName    *string
	SourceSecurityGroupOwnerId *string
	ToPort                     *int64
	DryRun                     *bool
	TagSpecifications          []*TagSpecification
}

// AuthorizeSecurityGroupIngressResult is the structure of that name in the model.
type AuthorizeSecurityGroupIngressResult struct {
	Return             *bool                `xml:"return"`
	SecurityGroupRules []*SecurityGroupRule `xml:"securityGroupRuleSet>item"`
}

// AvailabilityZone is the structure of that name in the model.
type AvailabilityZone struct {
	State              *string                    `xml:"zoneState"`
	OptInStatus        *string                    `xml:"optInStatus"`
	Messages           []*AvailabilityZoneMessage `xml:"messageSet>item"`
	RegionName         *string                    `xml:"regionName"`
	ZoneName           *string                    `xml:"zoneName"`
	ZoneId             *string                    `xml:"zoneId"`
	GroupName          *string                    `xml:"groupName"`
	NetworkBorderGroup *string                    `xml:"networkBorderGroup"`
	ZoneType           *string                    `xml:"zoneType"`
	ParentZoneName     *string                    `xml:"parentZoneName"`
	ParentZoneId       *string                    `xml:"parentZoneId"`
}

// AvailabilityZoneMessage is the structure of that name in the model.
type AvailabilityZoneMessage struct {
	Message *string `xml:"message"`
}

// AvailableCapacity is the structure of that name in the model.
type AvailableCapacity struct {
	AvailableInstanceCapacity []*InstanceCapacity `xml:"availableInstanceCapacity>item"`
	AvailableVCpus            *int64              `xml:"availableVCpus"`
}

// BlobAttributeValue is the structure of that name in the model.
type BlobAttributeValue struct {
	Value []byte
}

// BlockDeviceMapping is the structure of that name in the model.
type BlockDeviceMapping struct {
	DeviceName  *string         `xml:"deviceName"`
	VirtualName *string         `xml:"virtualName"`
	Ebs         *EbsBlockDevice `xml:"ebs"`
	NoDevice    *string         `xml:"noDevice"`
}

// CancelCapacityReservationRequest is the structure of that name in the model.
type CancelCapacityReservationRequest struct {
	CapacityReservationId *string
	DryRun                *bool
}

// CancelCapacityReservationResult is the structure of that name in the model.
type CancelCapacityReservationResult struct {
	Return *bool `xml:"return"`
}

// CapacityAllocation is the structure of that name in the model.
type CapacityAllocation struct {
	AllocationType *string `xml:"allocationType"`
	Count          *int64  `xml:"count"`
}

// CapacityReservation is the structure of that name in the model.
type CapacityReservation struct {
	CapacityReservationId      *string               `xml:"capacityReservationId"`
	OwnerId                    *string               `xml:"ownerId"`
	CapacityReservationArn     *string               `xml:"capacityReservationArn"`
	AvailabilityZoneId         *string               `xml:"availabilityZoneId"`
	InstanceType               *string               `xml:"instanceType"`
	InstancePlatform           *string               `xml:"instancePlatform"`
	AvailabilityZone           *string               `xml:"availabilityZone"`
	Tenancy                    *string               `xml:"tenancy"`
	TotalInstanceCount         *int64                `xml:"totalInstanceCount"`
	AvailableInstanceCount     *int64                `xml:"availableInstanceCount"`
	EbsOptimized               *bool                 `xml:"ebsOptimized"`
	EphemeralStorage           *bool                 `xml:"ephemeralStorage"`
	State                      *string               `xml:"state"`
	StartDate                  *time.Time            `xml:"startDate"`
	EndDate                    *time.Time            `xml:"endDate"`
	EndDateType                *string               `xml:"endDateType"`
	InstanceMatchCriteria      *string               `xml:"instanceMatchCriteria"`
	CreateDate                 *time.Time            `xml:"createDate"`
	Tags                       []*Tag                `xml:"tagSet>item"`
	OutpostArn                 *string               `xml:"outpostArn"`
	CapacityReservationFleetId *string               `xml:"capacityReservationFleetId"`
	PlacementGroupArn          *string               `xml:"placementGroupArn"`
	CapacityAllocations        []*CapacityAllocation `xml:"capacityAllocationSet>item"`
	ReservationType            *string               `xml:"reservationType"`
}

// CapacityReservationSpecification is the structure of that name in the model.
type CapacityReservationSpecification struct {
	CapacityReservationPreference *string
	CapacityReservationTarget     *CapacityReservationTarget
}

// CapacityReservationSpecificationResponse is the structure of that name in the model.
type CapacityReservationSpecificationResponse struct {
	CapacityReservationPreference *string                            `xml:"capacityReservationPreference"`
	CapacityReservationTarget     *CapacityReservationTargetResponse `xml:"capacityReservationTarget"`
}

// CapacityReservationTarget is the structure of that name in the model.
type CapacityReservationTarget struct {
	CapacityReservationId               *string
	CapacityReservationResourceGroupArn *string
}

// CapacityReservationTargetResponse is the structure of that name in the model.
type CapacityReservationTargetResponse struct {
	CapacityReservationId               *string `xml:"capacityReservationId"`
	CapacityReservationResourceGroupArn *string `xml:"capacityReservationResourceGroupArn"`
}

// CidrBlock is the structure of that name in the model.
type CidrBlock struct {
	CidrBlock *string `xml:"cidrBlock"`
}

// ConnectionTrackingConfiguration is the structure of that name in the model.
type ConnectionTrackingConfiguration struct {
	TcpEstablishedTimeout *int64 `xml:"tcpEstablishedTimeout"`
	UdpStreamTimeout      *int64 `xml:"udpStreamTimeout"`
	UdpTimeout            *int64 `xml:"udpTimeout"`
}

// ConnectionTrackingSpecificationRequest is the structure of that name in the model.
type ConnectionTrackingSpecificationRequest struct {
	TcpEstablishedTimeout *int64
	UdpStreamTimeout      *int64
	UdpTimeout            *int64
}

// ConnectionTrackingSpecificationResponse is the structure of that name in the model.
type ConnectionTrackingSpecificationResponse struct {
	TcpEstablishedTimeout *int64 `xml:"tcpEstablishedTimeout"`
	UdpStreamTimeout      *int64 `xml:"udpStreamTimeout"`
	UdpTimeout            *int64 `xml:"udpTimeout"`
}

// CpuOptions is the structure of that name in the model.
type CpuOptions struct {
	CoreCount      *int64  `xml:"coreCount"`
	ThreadsPerCore *int64  `xml:"threadsPerCore"`
	AmdSevSnp      *string `xml:"amdSevSnp"`
}

// CpuOptionsRequest is the structure of that name in the model.
type CpuOptionsRequest struct {
	CoreCount      *int64
	ThreadsPerCore *int64
	AmdSevSnp      *string
}

// CreateCapacityReservationRequest is the structure of that name in the model.
type CreateCapacityReservationRequest struct {
	ClientToken           *string
	InstanceType          *string
	InstancePlatform      *string
	AvailabilityZone      *string
	AvailabilityZoneId    *string
	Tenancy               *string
	InstanceCount         *int64
	EbsOptimized          *bool
	EphemeralStorage      *bool
	EndDate               *time.Time
	EndDateType           *string
	InstanceMatchCriteria *string
	TagSpecifications     []*TagSpecification
	DryRun                *bool
	OutpostArn            *string
	PlacementGroupArn     *string
}

// CreateCapacityReservationResult is the structure of that name in the model.
type CreateCapacityReservationResult struct {
	CapacityReservation *CapacityReservation `xml:"capacityReservation"`
}

// CreateDefaultSubnetRequest is the structure of that name in the model.
type CreateDefaultSubnetRequest struct {
	AvailabilityZone *string
	DryRun           *bool
	Ipv6Native       *bool
}

// CreateDefaultSubnetResult is the structure of that name in the model.
type CreateDefaultSubnetResult struct {
	Subnet *Subnet `xml:"subnet"`
}

// CreateDefaultVpcRequest is the structure of that name in the model.
type CreateDefaultVpcRequest struct {
	DryRun *bool
}

// CreateDefaultVpcResult is the structure of that name in the model.
type CreateDefaultVpcResult struct {
	Vpc *Vpc `xml:"vpc"`
}

// CreateDhcpOptionsRequest is the structure of that name in the model.
type CreateDhcpOptionsRequest struct {
	DhcpConfigurations []*NewDhcpConfiguration
	TagSpecifications  []*TagSpecification
	DryRun             *bool
}

// CreateDhcpOptionsResult is the structure of that name in the model.
type CreateDhcpOptionsResult struct {
	DhcpOptions *DhcpOptions `xml:"dhcpOptions"`
}

// CreateEgressOnlyInternetGatewayRequest is the structure of that name in the model.
type CreateEgressOnlyInternetGatewayRequest struct {
	ClientToken       *string
	DryRun            *bool
	VpcId             *string
	TagSpecifications []*TagSpecification
}

// CreateEgressOnlyInternetGatewayResult is the structure of that name in the model.
type CreateEgressOnlyInternetGatewayResult struct {
	ClientToken               *string                    `xml:"clientToken"`
	EgressOnlyInternetGateway *EgressOnlyInternetGateway `xml:"egressOnlyInternetGateway"`
}

// CreateFlowLogsRequest is the structure of that name in the model.
type CreateFlowLogsRequest struct {
	DryRun                   *bool
	ClientToken              *string
	DeliverLogsPermissionArn *string
	DeliverCrossAccountRole  *string
	LogGroupName             *string
	ResourceIds              []string
	ResourceType             *string
	TrafficType              *string
	LogDestinationType       *string
	LogDestination           *string
	LogFormat                *string
	TagSpecifications        []*TagSpecification
	MaxAggregationInterval   *int64
	DestinationOptions       *DestinationOptionsRequest
}

// CreateFlowLogsResult is the structure of that name in the model.
type CreateFlowLogsResult struct {
	ClientToken  *string             `xml:"clientToken"`
	FlowLogIds   []string            `xml:"flowLogIdSet>item"`
	Unsuccessful []*UnsuccessfulItem `xml:"unsuccessful>item"`
}

// CreateInternetGatewayRequest is the structure of that name in the model.
type CreateInternetGatewayRequest struct {
	TagSpecifications []*TagSpecification
	DryRun            *bool
}

// CreateInternetGatewayResult is the structure of that name in the model.
type CreateInternetGatewayResult struct {
	InternetGateway *InternetGateway `xml:"internetGateway"`
}

// CreateKeyPairRequest is the structure of that name in the model.
type CreateKeyPairRequest struct {
	KeyName           *string
	DryRun            *bool
	KeyType           *string
	TagSpecifications []*TagSpecification
	KeyFormat         *string
}

// CreateManagedPrefixListRequest is the structure of that name in the model.
type CreateManagedPrefixListRequest struct {
	DryRun            *bool
	PrefixListName    *string
	Entries           []*AddPrefixListEntry
	MaxEntries        *int64
	TagSpecifications []*TagSpecification
	AddressFamily     *string
	ClientToken       *string
}

// CreateManagedPrefixListResult is the structure of that name in the model.
type CreateManagedPrefixListResult struct {
	PrefixList *ManagedPrefixList `xml:"prefixList"`
}

// CreateNatGatewayRequest is the structure of that name in the model.
type CreateNatGatewayRequest struct {
	AllocationId                   *string
	ClientToken                    *string
	DryRun                         *bool
	SubnetId                       *string
	TagSpecifications              []*TagSpecification
	ConnectivityType               *string
	PrivateIpAddress               *string
	SecondaryAllocationIds         []string
	SecondaryPrivateIpAddresses    []string
	SecondaryPrivateIpAddressCount *int64
}

// CreateNatGatewayResult is the structure of that name in the model.
type CreateNatGatewayResult struct {
	ClientToken *string     `xml:"clientToken"`
	NatGateway  *NatGateway `xml:"natGateway"`
}

// CreateNetworkAclEntryRequest is the structure of that name in the model.
type CreateNetworkAclEntryRequest struct {
	CidrBlock     *string
	DryRun        *bool
	Egress        *bool
	IcmpTypeCode  *IcmpTypeCode
	Ipv6CidrBlock *string
	NetworkAclId  *string
	PortRange     *PortRange
	Protocol      *string
	RuleAction    *string
	RuleNumber    *int64
}

// CreateNetworkAclRequest is the structure of that name in the model.
type CreateNetworkAclRequest struct {
	DryRun            *bool
	VpcId             *string
	TagSpecifications []*TagSpecification
	ClientToken       *string
}

// CreateNetworkAclResult is the structure of that name in the model.
type CreateNetworkAclResult struct {
	NetworkAcl  *NetworkAcl `xml:"networkAcl"`
	ClientToken *string     `xml:"clientToken"`
}

// CreateNetworkInsightsPathRequest is the structure of that name in the model.
type CreateNetworkInsightsPathRequest struct {
	SourceIp            *string
	DestinationIp       *string
	Source              *string
	Destination         *string
	Protocol            *string
	DestinationPort     *int64
	TagSpecifications   []*TagSpecification
	DryRun              *bool
	ClientToken         *string
	FilterAtSource      *PathRequestFilter
	FilterAtDestination *PathRequestFilter
}

// CreateNetworkInsightsPathResult is the structure of that name in the model.
type CreateNetworkInsightsPathResult struct {
	NetworkInsightsPath *NetworkInsightsPath `xml:"networkInsightsPath"`
}

// CreateNetworkInterfaceRequest is the structure of that name in the model.
type CreateNetworkInterfaceRequest struct {
	Description                     *string
	DryRun                          *bool
	Groups                          []string
	Ipv6AddressCount                *int64
	Ipv6Addresses                   []*InstanceIpv6Address
	PrivateIpAddress                *string
	PrivateIpAddresses              []*PrivateIpAddressSpecification
	SecondaryPrivateIpAddressCount  *int64
	Ipv4Prefixes                    []*Ipv4PrefixSpecificationRequest
	Ipv4PrefixCount                 *int64
	Ipv6Prefixes                    []*Ipv6PrefixSpecificationRequest
	Ipv6PrefixCount                 *int64
	InterfaceType                   *string
	SubnetId                        *string
	TagSpecifications               []*TagSpecification
	ClientToken                     *string
	EnablePrimaryIpv6               *bool
	ConnectionTrackingSpecification *ConnectionTrackingSpecificationRequest
}

// CreateNetworkInterfaceResult is the structure of that name in the model.
type CreateNetworkInterfaceResult struct {
	NetworkInterface *NetworkInterface `xml:"networkInterface"`
	ClientToken      *string           `xml:"clientToken"`
}

// CreatePlacementGroupRequest is the structure of that name in the model.
type CreatePlacementGroupRequest struct {
	DryRun            *bool
	GroupName         *string
	Strategy          *string
	PartitionCount    *int64
	TagSpecifications []*TagSpecification
	SpreadLevel       *string
}

// CreatePlacementGroupResult is the structure of that name in the model.
type CreatePlacementGroupResult struct {
	PlacementGroup *PlacementGroup `xml:"placementGroup"`
}

// CreateRouteRequest is the structure of that name in the model.
type CreateRouteRequest struct {
	DestinationCidrBlock        *string
	DestinationIpv6CidrBlock    *string
	DestinationPrefixListId     *string
	DryRun                      *bool
	VpcEndpointId               *string
	EgressOnlyInternetGatewayId *string
	GatewayId                   *string
	InstanceId                  *string
	NatGatewayId                *string
	TransitGatewayId            *string
	LocalGatewayId              *string
	CarrierGatewayId            *string
	NetworkInterfaceId          *string
	RouteTableId                *string
	VpcPeeringConnectionId      *string
	CoreNetworkArn              *string
}

// CreateRouteResult is the structure of that name in the model.
type CreateRouteResult struct {
	Return *bool `xml:"return"`
}

// CreateRouteTableRequest is the structure of that name in the model.
type CreateRouteTableRequest struct {
	DryRun            *bool
	VpcId             *string
	TagSpecifications []*TagSpecification
	ClientToken       *string
}

// CreateRouteTableResult is the structure of that name in the model.
type CreateRouteTableResult struct {
	RouteTable  *RouteTable `xml:"routeTable"`
	ClientToken *string     `xml:"clientToken"`
}

// CreateSecurityGroupRequest is the structure of that name in the model.
type CreateSecurityGroupRequest struct {
	Description       *string
	GroupName         *string
	VpcId             *string
	TagSpecifications []*TagSpecification
	DryRun            *bool
}

// CreateSecurityGroupResult is the structure of that name in the model.
type CreateSecurityGroupResult struct {
	GroupId *string `xml:"groupId"`
	Tags    []*Tag  `xml:"tagSet>item"`
}

// CreateSubnetRequest is the structure of that name in the model.
type CreateSubnetRequest struct {
	TagSpecifications  []*TagSpecification
	AvailabilityZone   *string
	AvailabilityZoneId *string
	CidrBlock          *string
	Ipv6CidrBlock      *string
	OutpostArn         *string
	VpcId              *string
	DryRun             *bool
	Ipv6Native         *bool
	Ipv4IpamPoolId     *string
	Ipv4NetmaskLength  *int64
	Ipv6IpamPoolId     *string
	Ipv6NetmaskLength  *int64
}

// CreateSubnetResult is the structure of that name in the model.
type CreateSubnetResult struct {
	Subnet *Subnet `xml:"subnet"`
}

// CreateTagsRequest is the structure of that name in the model.
type CreateTagsRequest struct {
	DryRun    *bool
	Resources []string
	Tags      []*Tag
}

// CreateVpcPeeringConnectionRequest is the structure of that name in the model.
type CreateVpcPeeringConnectionRequest struct {
	DryRun            *bool
	PeerOwnerId       *string
	PeerVpcId         *string
	VpcId             *string
	PeerRegion        *string
	TagSpecifications []*TagSpecification
}

// CreateVpcPeeringConnectionResult is the structure of that name in the model.
type CreateVpcPeeringConnectionResult struct {
	VpcPeeringConnection *VpcPeeringConnection `xml:"vpcPeeringConnection"`
}

// CreateVpcRequest is the structure of that name in the model.
type CreateVpcRequest struct {
	CidrBlock                       *string
	AmazonProvidedIpv6CidrBlock     *bool
	Ipv6Pool                        *string
	Ipv6CidrBlock                   *string
	Ipv4IpamPoolId                  *string
	Ipv4NetmaskLength               *int64
	Ipv6IpamPoolId                  *string
	Ipv6NetmaskLength               *int64
	DryRun                          *bool
	InstanceTenancy                 *string
	Ipv6CidrBlockNetworkBorderGroup *string
	TagSpecifications               []*TagSpecification
}

// CreateVpcResult is the structure of that name in the model.
type CreateVpcResult struct {
	Vpc *Vpc `xml:"vpc"`
}

// CreditSpecificationRequest is the structure of that name in the model.
type CreditSpecificationRequest struct {
	CpuCredits *string
}

// DeleteDhcpOptionsRequest is the structure of that name in the model.
type DeleteDhcpOptionsRequest struct {
	DhcpOptionsId *string
	DryRun        *bool
}

// DeleteEgressOnlyInternetGatewayRequest is the structure of that name in the model.
type DeleteEgressOnlyInternetGatewayRequest struct {
	DryRun                      *bool
	EgressOnlyInternetGatewayId *string
}

// DeleteEgressOnlyInternetGatewayResult is the structure of that name in the model.
type DeleteEgressOnlyInternetGatewayResult struct {
	ReturnCode *bool `xml:"returnCode"`
}

// DeleteFlowLogsRequest is the structure of that name in the model.
type DeleteFlowLogsRequest struct {
	DryRun     *bool
	FlowLogIds []string
}

// DeleteFlowLogsResult is the structure of that name in the model.
type DeleteFlowLogsResult struct {
	Unsuccessful []*UnsuccessfulItem `xml:"unsuccessful>item"`
}

// DeleteInternetGatewayRequest is the structure of that name in the model.
type DeleteInternetGatewayRequest struct {
	DryRun            *bool
	InternetGatewayId *string
}

// DeleteKeyPairRequest is the structure of that name in the model.
type DeleteKeyPairRequest struct {
	KeyName   *string
	KeyPairId *string
	DryRun    *bool
}

// DeleteKeyPairResult is the structure of that name in the model.
type DeleteKeyPairResult struct {
	Return    *bool   `xml:"return"`
	KeyPairId *string `xml:"keyPairId"`
}

// DeleteManagedPrefixListRequest is the structure of that name in the model.
type DeleteManagedPrefixListRequest struct {
	DryRun       *bool
	PrefixListId *string
}

// DeleteManagedPrefixListResult is the structure of that name in the model.
type DeleteManagedPrefixListResult struct {
	PrefixList *ManagedPrefixList `xml:"prefixList"`
}

// DeleteNatGatewayRequest is the structure of that name in the model.
type DeleteNatGatewayRequest struct {
	DryRun       *bool
	NatGatewayId *string
}

// DeleteNatGatewayResult is the structure of that name in the model.
type DeleteNatGatewayResult struct {
	NatGatewayId *string `xml:"natGatewayId"`
}

// DeleteNetworkAclEntryRequest is the structure of that name in the model.
type DeleteNetworkAclEntryRequest struct {
	DryRun       *bool
	Egress       *bool
	NetworkAclId *string
	RuleNumber   *int64
}

// DeleteNetworkAclRequest is the structure of that name in the model.
type DeleteNetworkAclRequest struct {
	DryRun       *bool
	NetworkAclId *string
}

// DeleteNetworkInsightsAnalysisRequest is the structure of that name in the model.
type DeleteNetworkInsightsAnalysisRequest struct {
	DryRun                    *bool
	NetworkInsightsAnalysisId *string
}

// DeleteNetworkInsightsAnalysisResult is the structure of that name in the model.
type DeleteNetworkInsightsAnalysisResult struct {
	NetworkInsightsAnalysisId *string `xml:"networkInsightsAnalysisId"`
}

// DeleteNetworkInsightsPathRequest is the structure of that name in the model.
type DeleteNetworkInsightsPathRequest struct {
	DryRun                *bool
	NetworkInsightsPathId *string
}

// DeleteNetworkInsightsPathResult is the structure of that name in the model.
type DeleteNetworkInsightsPathResult struct {
	NetworkInsightsPathId *string `xml:"networkInsightsPathId"`
}

// DeleteNetworkInterfaceRequest is the structure of that name in the model.
type DeleteNetworkInterfaceRequest struct {
	DryRun             *bool
	NetworkInterfaceId *string
}

// DeletePlacementGroupRequest is the structure of that name in the model.
type DeletePlacementGroupRequest struct {
	DryRun    *bool
	GroupName *string
}

// DeleteRouteRequest is the structure of that name in the model.
type DeleteRouteRequest struct {
	DestinationCidrBlock     *string
	DestinationIpv6CidrBlock *string
	DestinationPrefixListId  *string
	DryRun                   *bool
	RouteTableId             *string
}

// DeleteRouteTableRequest is the structure of that name in the model.
type DeleteRouteTableRequest struct {
	DryRun       *bool
	RouteTableId *string
}

// DeleteSecurityGroupRequest is the structure of that name in the model.
type DeleteSecurityGroupRequest struct {
	GroupId   *string
	GroupName *string
	DryRun    *bool
}

// DeleteSubnetRequest is the structure of that name in the model.
type DeleteSubnetRequest struct {
	SubnetId *string
	DryRun   *bool
}

// DeleteTagsRequest is the structure of that name in the model.
type DeleteTagsRequest struct {
	DryRun    *bool
	Resources []string
	Tags      []*Tag
}

// DeleteVpcPeeringConnectionRequest is the structure of that name in the model.
type DeleteVpcPeeringConnectionRequest struct {
	DryRun                 *bool
	VpcPeeringConnectionId *string
}

// DeleteVpcPeeringConnectionResult is the structure of that name in the model.
type DeleteVpcPeeringConnectionResult struct {
	Return *bool `xml:"return"`
}

// DeleteVpcRequest is the structure of that name in the model.
type DeleteVpcRequest struct {
	VpcId  *string
	DryRun *bool
}

// DeregisterImageRequest is the structure of that name in the model.
type DeregisterImageRequest struct {
	ImageId *string
	DryRun  *bool
}

// DescribeAccountAttributesRequest is the structure of that name in the model.
type DescribeAccountAttributesRequest struct {
	AttributeNames []string
	DryRun         *bool
}

// DescribeAccountAttributesResult is the structure of that name in the model.
type DescribeAccountAttributesResult struct {
	AccountAttributes []*AccountAttribute `xml:"accountAttributeSet>item"`
}

// DescribeAddressesAttributeRequest is the structure of that name in the model.
type DescribeAddressesAttributeRequest struct {
	AllocationIds []string
	Attribute     *string
	NextToken     *string
	MaxResults    *int64
	DryRun        *bool
}

// DescribeAddressesAttributeResult is the structure of that name in the model.
type DescribeAddressesAttributeResult struct {
	Addresses []*AddressAttribute `xml:"addressSet>item"`
	NextToken *string             `xml:"nextToken"`
}

// DescribeAddressesRequest is the structure of that name in the model.
type DescribeAddressesRequest struct {
	Filters       []*Filter
	PublicIps     []string
	AllocationIds []string
	DryRun        *bool
}

// DescribeAddressesResult is the structure of that name in the model.
type DescribeAddressesResult struct {
	Addresses []*Address `xml:"addressesSet>item"`
}

// DescribeAvailabilityZonesRequest is the structure of that name in the model.
type DescribeAvailabilityZonesRequest struct {
	Filters              []*Filter
	ZoneNames            []string
	ZoneIds              []string
	AllAvailabilityZones *bool
	DryRun               *bool
}

// DescribeAvailabilityZonesResult is the structure of that name in the model.
type DescribeAvailabilityZonesResult struct {
	AvailabilityZones []*AvailabilityZone `xml:"availabilityZoneInfo>item"`
}

// DescribeCapacityReservationsRequest is the structure of that name in the model.
type DescribeCapacityReservationsRequest struct {
	CapacityReservationIds []string
	NextToken              *string
	MaxResults             *int64
	Filters                []*Filter
	DryRun                 *bool
}

// DescribeCapacityReservationsResult is the structure of that name in the model.
type DescribeCapacityReservationsResult struct {
	NextToken            *string                `xml:"nextToken"`
	CapacityReservations []*CapacityReservation `xml:"capacityReservationSet>item"`
}

// DescribeDhcpOptionsRequest is the structure of that name in the model.
type DescribeDhcpOptionsRequest struct {
	DhcpOptionsIds []string
	Filters        []*Filter
	DryRun         *bool
	NextToken      *string
	MaxResults     *int64
}

// DescribeDhcpOptionsResult is the structure of that name in the model.
type DescribeDhcpOptionsResult struct {
	DhcpOptions []*DhcpOptions `xml:"dhcpOptionsSet>item"`
	NextToken   *string        `xml:"nextToken"`
}

// DescribeEgressOnlyInternetGatewaysRequest is the structure of that name in the model.
type DescribeEgressOnlyInternetGatewaysRequest struct {
	DryRun                       *bool
	EgressOnlyInternetGatewayIds []string
	MaxResults                   *int64
	NextToken                    *string
	Filters                      []*Filter
}

// DescribeEgressOnlyInternetGatewaysResult is the structure of that name in the model.
type DescribeEgressOnlyInternetGatewaysResult struct {
	EgressOnlyInternetGateways []*EgressOnlyInternetGateway `xml:"egressOnlyInternetGatewaySet>item"`
	NextToken                  *string                      `xml:"nextToken"`
}

// DescribeFlowLogsRequest is the structure of that name in the model.
type DescribeFlowLogsRequest struct {
	DryRun     *bool
	Filter     []*Filter
	FlowLogIds []string
	MaxResults *int64
	NextToken  *string
}

// DescribeFlowLogsResult is the structure of that name in the model.
type DescribeFlowLogsResult struct {
	FlowLogs  []*FlowLog `xml:"flowLogSet>item"`
	NextToken *string    `xml:"nextToken"`
}

// DescribeHostsRequest is the structure of that name in the model.
type DescribeHostsRequest struct {
	Filter     []*Filter
	HostIds    []string
	MaxResults *int64
	NextToken  *string
}

// DescribeHostsResult is the structure of that name in the model.
type DescribeHostsResult struct {
	Hosts     []*Host `xml:"hostSet>item"`
	NextToken *string `xml:"nextToken"`
}

// DescribeImageAttributeRequest is the structure of that name in the model.
type DescribeImageAttributeRequest struct {
	Attribute *string
	ImageId   *string
	DryRun    *bool
}

// DescribeImagesRequest is the structure of that name in the model.
type DescribeImagesRequest struct {
	ExecutableUsers   []string
	Filters           []*Filter
	ImageIds          []string
	Owners            []string
	IncludeDeprecated *bool
	IncludeDisabled   *bool
	DryRun            *bool
	MaxResults        *int64
	NextToken         *string
}

// DescribeImagesResult is the structure of that name in the model.
type DescribeImagesResult struct {
	Images    []*Image `xml:"imagesSet>item"`
	NextToken *string  `xml:"nextToken"`
}

// DescribeInstanceAttributeRequest is the structure of that name in the model.
type DescribeInstanceAttributeRequest struct {
	Attribute  *string
	DryRun     *bool
	InstanceId *string
}

// DescribeInstanceCreditSpecificationsRequest is the structure of that name in the model.
type DescribeInstanceCreditSpecificationsRequest struct {
	DryRun      *bool
	Filters     []*Filter
	InstanceIds []string
	MaxResults  *int64
	NextToken   *string
}

// DescribeInstanceCreditSpecificationsResult is the structure of that name in the model.
type DescribeInstanceCreditSpecificationsResult struct {
	InstanceCreditSpecifications []*InstanceCreditSpecification `xml:"instanceCreditSpecificationSet>item"`
	NextToken                    *string                        `xml:"nextToken"`
}

// DescribeInstanceStatusRequest is the structure of that name in the model.
type DescribeInstanceStatusRequest struct {
	Filters             []*Filter
	InstanceIds         []string
	MaxResults          *int64
	NextToken           *string
	DryRun              *bool
	IncludeAllInstances *bool
}

// DescribeInstanceStatusResult is the structure of that name in the model.
type DescribeInstanceStatusResult struct {
	InstanceStatuses []*InstanceStatus `xml:"instanceStatusSet>item"`
	NextToken        *string           `xml:"nextToken"`
}

// DescribeInstanceTypeOfferingsRequest is the structure of that name in the model.
type DescribeInstanceTypeOfferingsRequest struct {
	DryRun       *bool
	LocationType *string
	Filters      []*Filter
	MaxResults   *int64
	NextToken    *string
}

// DescribeInstanceTypeOfferingsResult is the structure of that name in the model.
type DescribeInstanceTypeOfferingsResult struct {
	InstanceTypeOfferings []*InstanceTypeOffering `xml:"instanceTypeOfferingSet>item"`
	NextToken             *string                 `xml:"nextToken"`
}

// DescribeInstanceTypesRequest is the structure of that name in the model.
type DescribeInstanceTypesRequest struct {
	DryRun        *bool
	InstanceTypes []string
	Filters       []*Filter
	MaxResults    *int64
	NextToken     *string
}

// DescribeInstanceTypesResult is the structure of that name in the model.
type DescribeInstanceTypesResult struct {
	InstanceTypes []*InstanceTypeInfo `xml:"instanceTypeSet>item"`
	NextToken     *string             `xml:"nextToken"`
}

// DescribeInstancesRequest is the structure of that name in the model.
type DescribeInstancesRequest struct {
	Filters     []*Filter
	InstanceIds []string
	DryRun      *bool
	MaxResults  *int64
	NextToken   *string
}

// DescribeInstancesResult is the structure of that name in the model.
type DescribeInstancesResult struct {
	Reservations []*Reservation `xml:"reservationSet>item"`
	NextToken    *string        `xml:"nextToken"`
}

// DescribeInternetGatewaysRequest is the structure of that name in the model.
type DescribeInternetGatewaysRequest struct {
	Filters            []*Filter
	DryRun             *bool
	InternetGatewayIds []string
	NextToken          *string
	MaxResults         *int64
}

// DescribeInternetGatewaysResult is the structure of that name in the model.
type DescribeInternetGatewaysResult struct {
	InternetGateways []*InternetGateway `xml:"internetGatewaySet>item"`
	NextToken        *string            `xml:"nextToken"`
}

// DescribeKeyPairsRequest is the structure of that name in the model.
type DescribeKeyPairsRequest struct {
	Filters          []*Filter
	KeyNames         []string
	KeyPairIds       []string
	DryRun           *bool
	IncludePublicKey *bool
}

// DescribeKeyPairsResult is the structure of that name in the model.
type DescribeKeyPairsResult struct {
	KeyPairs []*KeyPairInfo `xml:"keySet>item"`
}

// DescribeManagedPrefixListsRequest is the structure of that name in the model.
type DescribeManagedPrefixListsRequest struct {
	DryRun        *bool
	Filters       []*Filter
	MaxResults    *int64
	NextToken     *string
	PrefixListIds []string
}

// DescribeManagedPrefixListsResult is the structure of that name in the model.
type DescribeManagedPrefixListsResult struct {
	NextToken   *string              `xml:"nextToken"`
	PrefixLists []*ManagedPrefixList `xml:"prefixListSet>item"`
}

// DescribeNatGatewaysRequest is the structure of that name in the model.
type DescribeNatGatewaysRequest struct {
	DryRun        *bool
	Filter        []*Filter
	MaxResults    *int64
	NatGatewayIds []string
	NextToken     *string
}

// DescribeNatGatewaysResult is the structure of that name in the model.
type DescribeNatGatewaysResult struct {
	NatGateways []*NatGateway `xml:"natGatewaySet>item"`
	NextToken   *string       `xml:"nextToken"`
}

// DescribeNetworkAclsRequest is the structure of that name in the model.
type DescribeNetworkAclsRequest struct {
	Filters       []*Filter
	DryRun        *bool
	NetworkAclIds []string
	NextToken     *string
	MaxResults    *int64
}

// DescribeNetworkAclsResult is the structure of that name in the model.
type DescribeNetworkAclsResult struct {
	NetworkAcls []*NetworkAcl `xml:"networkAclSet>item"`
	NextToken   *string       `xml:"nextToken"`
}

// DescribeNetworkInsightsAnalysesRequest is the structure of that name in the model.
type DescribeNetworkInsightsAnalysesRequest struct {
	NetworkInsightsAnalysisIds []string
	NetworkInsightsPathId      *string
	AnalysisStartTime          *time.Time
	AnalysisEndTime            *time.Time
	Filters                    []*Filter
	MaxResults                 *int64
	DryRun                     *bool
	NextToken                  *string
}

// DescribeNetworkInsightsAnalysesResult is the structure of that name in the model.
type DescribeNetworkInsightsAnalysesResult struct {
	NetworkInsightsAnalyses []*NetworkInsightsAnalysis `xml:"networkInsightsAnalysisSet>item"`
	NextToken               *string                    `xml:"nextToken"`
}

// DescribeNetworkInsightsPathsRequest is the structure of that name in the model.
type DescribeNetworkInsightsPathsRequest struct {
	NetworkInsightsPathIds []string
	Filters                []*Filter
	MaxResults             *int64
	DryRun                 *bool
	NextToken              *string
}

// DescribeNetworkInsightsPathsResult is the structure of that name in the model.
type DescribeNetworkInsightsPathsResult struct {
	NetworkInsightsPaths []*NetworkInsightsPath `xml:"networkInsightsPathSet>item"`
	NextToken            *string                `xml:"nextToken"`
}

// DescribeNetworkInterfaceAttributeRequest is the structure of that name in the model.
type DescribeNetworkInterfaceAttributeRequest struct {
	Attribute          *string
	DryRun             *bool
	NetworkInterfaceId *string
}

// DescribeNetworkInterfaceAttributeResult is the structure of that name in the model.
type DescribeNetworkInterfaceAttributeResult struct {
	Attachment               *NetworkInterfaceAttachment `xml:"attachment"`
	Description              *AttributeValue             `xml:"description"`
	Groups                   []*GroupIdentifier          `xml:"groupSet>item"`
	NetworkInterfaceId       *string                     `xml:"networkInterfaceId"`
	SourceDestCheck          *AttributeBooleanValue      `xml:"sourceDestCheck"`
	AssociatePublicIpAddress *bool                       `xml:"associatePublicIpAddress"`
}

// DescribeNetworkInterfacesRequest is the structure of that name in the model.
type DescribeNetworkInterfacesRequest struct {
	Filters             []*Filter
	DryRun              *bool
	NetworkInterfaceIds []string
	NextToken           *string
	MaxResults          *int64
}

// DescribeNetworkInterfacesResult is the structure of that name in the model.
type DescribeNetworkInterfacesResult struct {
	NetworkInterfaces []*NetworkInterface `xml:"networkInterfaceSet>item"`
	NextToken         *string             `xml:"nextToken"`
}

// DescribePlacementGroupsRequest is the structure of that name in the model.
type DescribePlacementGroupsRequest struct {
	Filters    []*Filter
	DryRun     *bool
	GroupNames []string
	GroupIds   []string
}

// DescribePlacementGroupsResult is the structure of that name in the model.
type DescribePlacementGroupsResult struct {
	PlacementGroups []*PlacementGroup `xml:"placementGroupSet>item"`
}

// DescribePrefixListsRequest is the structure of that name in the model.
type DescribePrefixListsRequest struct {
	DryRun        *bool
	Filters       []*Filter
	MaxResults    *int64
	NextToken     *string
	PrefixListIds []string
}

// DescribePrefixListsResult is the structure of that name in the model.
type DescribePrefixListsResult struct {
	NextToken   *string       `xml:"nextToken"`
	PrefixLists []*PrefixList `xml:"prefixListSet>item"`
}

// DescribeRegionsRequest is the structure of that name in the model.
type DescribeRegionsRequest struct {
	Filters     []*Filter
	RegionNames []string
	DryRun      *bool
	AllRegions  *bool
}

// DescribeRegionsResult is the structure of that name in the model.
type DescribeRegionsResult struct {
	Regions []*Region `xml:"regionInfo>item"`
}

// DescribeRouteTablesRequest is the structure of that name in the model.
type DescribeRouteTablesRequest struct {
	Filters       []*Filter
	DryRun        *bool
	RouteTableIds []string
	NextToken     *string
	MaxResults    *int64
}

// DescribeRouteTablesResult is the structure of that name in the model.
type DescribeRouteTablesResult struct {
	RouteTables []*RouteTable `xml:"routeTableSet>item"`
	NextToken   *string       `xml:"nextToken"`
}

// DescribeSecurityGroupReferencesRequest is the structure of that name in the model.
type DescribeSecurityGroupReferencesRequest struct {
	DryRun  *bool
	GroupId []string
}

// DescribeSecurityGroupReferencesResult is the structure of that name in the model.
type DescribeSecurityGroupReferencesResult struct {
	SecurityGroupReferenceSet []*SecurityGroupReference `xml:"securityGroupReferenceSet>item"`
}

// DescribeSecurityGroupRulesRequest is the structure of that name in the model.
type DescribeSecurityGroupRulesRequest struct {
	Filters              []*Filter
	SecurityGroupRuleIds []string
	DryRun               *bool
	NextToken            *string
	MaxResults           *int64
}

// DescribeSecurityGroupRulesResult is the structure of that name in the model.
type DescribeSecurityGroupRulesResult struct {
	SecurityGroupRules []*SecurityGroupRule `xml:"securityGroupRuleSet>item"`
	NextToken          *string              `xml:"nextToken"`
}

// DescribeSecurityGroupsRequest is the structure of that name in the model.
type DescribeSecurityGroupsRequest struct {
	Filters    []*Filter
	GroupIds   []string
	GroupNames []string
	DryRun     *bool
	NextToken  *string
	MaxResults *int64
}

// DescribeSecurityGroupsResult is the structure of that name in the model.
type DescribeSecurityGroupsResult struct {
	SecurityGroups []*SecurityGroup `xml:"securityGroupInfo>item"`
	NextToken      *string          `xml:"nextToken"`
}

// DescribeStaleSecurityGroupsRequest is the structure of that name in the model.
type DescribeStaleSecurityGroupsRequest struct {
	DryRun     *bool
	MaxResults *int64
	NextToken  *string
	VpcId      *string
}

// DescribeStaleSecurityGroupsResult is the structure of that name in the model.
type DescribeStaleSecurityGroupsResult struct {
	NextToken             *string               `xml:"nextToken"`
	StaleSecurityGroupSet []*StaleSecurityGroup `xml:"staleSecurityGroupSet>item"`
}

// DescribeSubnetsRequest is the structure of that name in the model.
type DescribeSubnetsRequest struct {
	Filters    []*Filter
	SubnetIds  []string
	DryRun     *bool
	NextToken  *string
	MaxResults *int64
}

// DescribeSubnetsResult is the structure of that name in the model.
type DescribeSubnetsResult struct {
	Subnets   []*Subnet `xml:"subnetSet>item"`
	NextToken *string   `xml:"nextToken"`
}

// DescribeTagsRequest is the structure of that name in the model.
type DescribeTagsRequest struct {
	DryRun     *bool
	Filters    []*Filter
	MaxResults *int64
	NextToken  *string
}

// DescribeTagsResult is the structure of that name in the model.
type DescribeTagsResult struct {
	NextToken *string           `xml:"nextToken"`
	Tags      []*TagDescription `xml:"tagSet>item"`
}

// DescribeVolumesRequest is the structure of that name in the model.
type DescribeVolumesRequest struct {
	Filters    []*Filter
	VolumeIds  []string
	DryRun     *bool
	MaxResults *int64
	NextToken  *string
}

// DescribeVolumesResult is the structure of that name in the model.
type DescribeVolumesResult struct {
	Volumes   []*Volume `xml:"volumeSet>item"`
	NextToken *string   `xml:"nextToken"`
}

// DescribeVpcAttributeRequest is the structure of that name in the model.
type DescribeVpcAttributeRequest struct {
	Attribute *string
	VpcId     *string
	DryRun    *bool
}

// DescribeVpcAttributeResult is the structure of that name in the model.
type DescribeVpcAttributeResult struct {
	VpcId                            *string                `xml:"vpcId"`
	EnableDnsHostnames               *AttributeBooleanValue `xml:"enableDnsHostnames"`
	EnableDnsSupport                 *AttributeBooleanValue `xml:"enableDnsSupport"`
	EnableNetworkAddressUsageMetrics *AttributeBooleanValue `xml:"enableNetworkAddressUsageMetrics"`
}

// DescribeVpcPeeringConnectionsRequest is the structure of that name in the model.
type DescribeVpcPeeringConnectionsRequest struct {
	Filters                 []*Filter
	DryRun                  *bool
	VpcPeeringConnectionIds []string
	NextToken               *string
	MaxResults              *int64
}

// DescribeVpcPeeringConnectionsResult is the structure of that name in the model.
type DescribeVpcPeeringConnectionsResult struct {
	VpcPeeringConnections []*VpcPeeringConnection `xml:"vpcPeeringConnectionSet>item"`
	NextToken             *string                 `xml:"nextToken"`
}

// DescribeVpcsRequest is the structure of that name in the model.
type DescribeVpcsRequest struct {
	Filters    []*Filter
	VpcIds     []string
	DryRun     *bool
	NextToken  *string
	MaxResults *int64
}

// DescribeVpcsResult is the structure of that name in the model.
type DescribeVpcsResult struct {
	Vpcs      []*Vpc  `xml:"vpcSet>item"`
	NextToken *string `xml:"nextToken"`
}

// DestinationOptionsRequest is the structure of that name in the model.
type DestinationOptionsRequest struct {
	FileFormat               *string
	HiveCompatiblePartitions *bool
	PerHourPartition         *bool
}

// DestinationOptionsResponse is the structure of that name in the model.
type DestinationOptionsResponse struct {
	FileFormat               *string `xml:"fileFormat"`
	HiveCompatiblePartitions *bool   `xml:"hiveCompatiblePartitions"`
	PerHourPartition         *bool   `xml:"perHourPartition"`
}

// DetachInternetGatewayRequest is the structure of that name in the model.
type DetachInternetGatewayRequest struct {
	DryRun            *bool
	InternetGatewayId *string
	VpcId             *string
}

// DetachNetworkInterfaceRequest is the structure of that name in the model.
type DetachNetworkInterfaceRequest struct {
	AttachmentId *string
	DryRun       *bool
	Force        *bool
}

// DhcpConfiguration is the structure of that name in the model.
type DhcpConfiguration struct {
	Key    *string           `xml:"key"`
	Values []*AttributeValue `xml:"valueSet>item"`
}

// DhcpOptions is the structure of that name in the model.
type DhcpOptions struct {
	DhcpConfigurations []*DhcpConfiguration `xml:"dhcpConfigurationSet>item"`
	DhcpOptionsId      *string              `xml:"dhcpOptionsId"`
	OwnerId            *string              `xml:"ownerId"`
	Tags               []*Tag               `xml:"tagSet>item"`
}

// DisassociateAddressRequest is the structure of that name in the model.
type DisassociateAddressRequest struct {
	AssociationId *string
	PublicIp      *string
	DryRun        *bool
}

// DisassociateRouteTableRequest is the structure of that name in the model.
type DisassociateRouteTableRequest struct {
	AssociationId *string
	DryRun        *bool
}

// DisassociateVpcCidrBlockRequest is the structure of that name in the model.
type DisassociateVpcCidrBlockRequest struct {
	AssociationId *string
}

// DisassociateVpcCidrBlockResult is the structure of that name in the model.
type DisassociateVpcCidrBlockResult struct {
	Ipv6CidrBlockAssociation *VpcIpv6CidrBlockAssociation `xml:"ipv6CidrBlockAssociation"`
	CidrBlockAssociation     *VpcCidrBlockAssociation     `xml:"cidrBlockAssociation"`
	VpcId                    *string                      `xml:"vpcId"`
}

// DiskInfo is the structure of that name in the model.
type DiskInfo struct {
	SizeInGB *int64  `xml:"sizeInGB"`
	Count    *int64  `xml:"count"`
	Type     *string `xml:"type"`
}

// EbsBlockDevice is the structure of that name in the model.
type EbsBlockDevice struct {
	DeleteOnTermination *bool   `xml:"deleteOnTermination"`
	Iops                *int64  `xml:"iops"`
	SnapshotId          *string `xml:"snapshotId"`
	VolumeSize          *int64  `xml:"volumeSize"`
	VolumeType          *string `xml:"volumeType"`
	KmsKeyId            *string `xml:"kmsKeyId"`
	Throughput          *int64  `xml:"throughput"`
	OutpostArn          *string `xml:"outpostArn"`
	Encrypted           *bool   `xml:"encrypted"`
}

// EbsInfo is the structure of that name in the model.
type EbsInfo struct {
	EbsOptimizedSupport *string           `xml:"ebsOptimizedSupport"`
	EncryptionSupport   *string           `xml:"encryptionSupport"`
	EbsOptimizedInfo    *EbsOptimizedInfo `xml:"ebsOptimizedInfo"`
	NvmeSupport         *string           `xml:"nvmeSupport"`
}

// EbsInstanceBlockDevice is the structure of that name in the model.
type EbsInstanceBlockDevice struct {
	AttachTime          *time.Time `xml:"attachTime"`
	DeleteOnTermination *bool      `xml:"deleteOnTermination"`
	Status              *string    `xml:"status"`
	VolumeId            *string    `xml:"volumeId"`
	AssociatedResource  *string    `xml:"associatedResource"`
	VolumeOwnerId       *string    `xml:"volumeOwnerId"`
}

// EbsInstanceBlockDeviceSpecification is the structure of that name in the model.
type EbsInstanceBlockDeviceSpecification struct {
	DeleteOnTermination *bool
	VolumeId            *string
}

// EbsOptimizedInfo is the structure of that name in the model.
type EbsOptimizedInfo struct {
	BaselineBandwidthInMbps  *int64   `xml:"baselineBandwidthInMbps"`
	BaselineThroughputInMBps *float64 `xml:"baselineThroughputInMBps"`
	BaselineIops             *int64   `xml:"baselineIops"`
	MaximumBandwidthInMbps   *int64   `xml:"maximumBandwidthInMbps"`
	MaximumThroughputInMBps  *float64 `xml:"maximumThroughputInMBps"`
	MaximumIops              *int64   `xml:"maximumIops"`
}

// EfaInfo is the structure of that name in the model.
type EfaInfo struct {
	MaximumEfaInterfaces *int64 `xml:"maximumEfaInterfaces"`
}

// EgressOnlyInternetGateway is the structure of that name in the model.
type EgressOnlyInternetGateway struct {
	Attachments                 []*InternetGatewayAttachment `xml:"attachmentSet>item"`
	EgressOnlyInternetGatewayId *string                      `xml:"egressOnlyInternetGatewayId"`
	Tags                        []*Tag                       `xml:"tagSet>item"`
}

// ElasticGpuAssociation is the structure of that name in the model.
type ElasticGpuAssociation struct {
	ElasticGpuId               *string `xml:"elasticGpuId"`
	ElasticGpuAssociationId    *string `xml:"elasticGpuAssociationId"`
	ElasticGpuAssociationState *string `xml:"elasticGpuAssociationState"`
	ElasticGpuAssociationTime  *string `xml:"elasticGpuAssociationTime"`
}

// ElasticGpuSpecification is the structure of that name in the model.
type ElasticGpuSpecification struct {
	Type *string
}

// ElasticInferenceAccelerator is the structure of that name in the model.
type ElasticInferenceAccelerator struct {
	Type  *string
	Count *int64
}

// ElasticInferenceAcceleratorAssociation is the structure of that name in the model.
type ElasticInferenceAcceleratorAssociation struct {
	ElasticInferenceAcceleratorArn              *string    `xml:"elasticInferenceAcceleratorArn"`
	ElasticInferenceAcceleratorAssociationId    *string    `xml:"elasticInferenceAcceleratorAssociationId"`
	ElasticInferenceAcceleratorAssociationState *string    `xml:"elasticInferenceAcceleratorAssociationState"`
	ElasticInferenceAcceleratorAssociationTime  *time.Time `xml:"elasticInferenceAcceleratorAssociationTime"`
}

// EnaSrdSpecification is the structure of that name in the model.
type EnaSrdSpecification struct {
	EnaSrdEnabled          *bool
	EnaSrdUdpSpecification *EnaSrdUdpSpecification
}

// EnaSrdSpecificationRequest is the structure of that name in the model.
type EnaSrdSpecificationRequest struct {
	EnaSrdEnabled          *bool
	EnaSrdUdpSpecification *EnaSrdUdpSpecificationRequest
}

// EnaSrdUdpSpecification is the structure of that name in the model.
type EnaSrdUdpSpecification struct {
	EnaSrdUdpEnabled *bool
}

// EnaSrdUdpSpecificationRequest is the structure of that name in the model.
type EnaSrdUdpSpecificationRequest struct {
	EnaSrdUdpEnabled *bool
}

// EnclaveOptions is the structure of that name in the model.
type EnclaveOptions struct {
	Enabled *bool `xml:"enabled"`
}

// EnclaveOptionsRequest is the structure of that name in the model.
type EnclaveOptionsRequest struct {
	Enabled *bool
}

// Explanation is the structure of that name in the model.
type Explanation struct {
	Acl                           *AnalysisComponent             `xml:"acl"`
	AclRule                       *AnalysisAclRule               `xml:"aclRule"`
	Address                       *string                        `xml:"address"`
	Addresses                     []string                       `xml:"addressSet>item"`
	AttachedTo                    *AnalysisComponent             `xml:"attachedTo"`
	AvailabilityZones             []string                       `xml:"availabilityZoneSet>item"`
	Cidrs                         []string                       `xml:"cidrSet>item"`
	Component                     *AnalysisComponent             `xml:"component"`
	CustomerGateway               *AnalysisComponent             `xml:"customerGateway"`
	Destination                   *AnalysisComponent             `xml:"destination"`
	DestinationVpc                *AnalysisComponent             `xml:"destinationVpc"`
	Direction                     *string                        `xml:"direction"`
	ExplanationCode               *string                        `xml:"explanationCode"`
	IngressRouteTable             *AnalysisComponent             `xml:"ingressRouteTable"`
	InternetGateway               *AnalysisComponent             `xml:"internetGateway"`
	LoadBalancerArn               *string                        `xml:"loadBalancerArn"`
	ClassicLoadBalancerListener   *AnalysisLoadBalancerListener  `xml:"classicLoadBalancerListener"`
	LoadBalancerListenerPort      *int64                         `xml:"loadBalancerListenerPort"`
	LoadBalancerTarget            *AnalysisLoadBalancerTarget    `xml:"loadBalancerTarget"`
	LoadBalancerTargetGroup       *AnalysisComponent             `xml:"loadBalancerTargetGroup"`
	LoadBalancerTargetGroups      []*AnalysisComponent           `xml:"loadBalancerTargetGroupSet>item"`
	LoadBalancerTargetPort        *int64                         `xml:"loadBalancerTargetPort"`
	ElasticLoadBalancerListener   *AnalysisComponent             `xml:"elasticLoadBalancerListener"`
	MissingComponent              *string                        `xml:"missingComponent"`
	NatGateway                    *AnalysisComponent             `xml:"natGateway"`
	NetworkInterface              *AnalysisComponent             `xml:"networkInterface"`
	PacketField                   *string                        `xml:"packetField"`
	VpcPeeringConnection          *AnalysisComponent             `xml:"vpcPeeringConnection"`
	Port                          *int64                         `xml:"port"`
	PortRanges                    []*PortRange                   `xml:"portRangeSet>item"`
	PrefixList                    *AnalysisComponent             `xml:"prefixList"`
	Protocols                     []string                       `xml:"protocolSet>item"`
	RouteTableRoute               *AnalysisRouteTableRoute       `xml:"routeTableRoute"`
	RouteTable                    *AnalysisComponent             `xml:"routeTable"`
	SecurityGroup                 *AnalysisComponent             `xml:"securityGroup"`
	SecurityGroupRule             *AnalysisSecurityGroupRule     `xml:"securityGroupRule"`
	SecurityGroups                []*AnalysisComponent           `xml:"securityGroupSet>item"`
	SourceVpc                     *AnalysisComponent             `xml:"sourceVpc"`
	State                         *string                        `xml:"state"`
	Subnet                        *AnalysisComponent             `xml:"subnet"`
	SubnetRouteTable              *AnalysisComponent             `xml:"subnetRouteTable"`
	Vpc                           *AnalysisComponent             `xml:"vpc"`
	VpcEndpoint                   *AnalysisComponent             `xml:"vpcEndpoint"`
	VpnConnection                 *AnalysisComponent             `xml:"vpnConnection"`
	VpnGateway                    *AnalysisComponent             `xml:"vpnGateway"`
	TransitGateway                *AnalysisComponent             `xml:"transitGateway"`
	TransitGatewayRouteTable      *AnalysisComponent             `xml:"transitGatewayRouteTable"`
	TransitGatewayRouteTableRoute *TransitGatewayRouteTableRoute `xml:"transitGatewayRouteTableRoute"`
	TransitGatewayAttachment      *AnalysisComponent             `xml:"transitGatewayAttachment"`
	ComponentAccount              *string                        `xml:"componentAccount"`
	ComponentRegion               *string                        `xml:"componentRegion"`
	FirewallStatelessRule         *FirewallStatelessRule         `xml:"firewallStatelessRule"`
	FirewallStatefulRule          *FirewallStatefulRule          `xml:"firewallStatefulRule"`
}

// Filter is the structure of that name in the model.
type Filter struct {
	Name   *string
	Values []string
}

// FilterPortRange is the structure of that name in the model.
type FilterPortRange struct {
	FromPort *int64 `xml:"fromPort"`
	ToPort   *int64 `xml:"toPort"`
}

// FirewallStatefulRule is the structure of that name in the model.
type FirewallStatefulRule struct {
	RuleGroupArn     *string      `xml:"ruleGroupArn"`
	Sources          []string     `xml:"sourceSet>item"`
	Destinations     []string     `xml:"destinationSet>item"`
	SourcePorts      []*PortRange `xml:"sourcePortSet>item"`
	DestinationPorts []*PortRange `xml:"destinationPortSet>item"`
	Protocol         *string      `xml:"protocol"`
	RuleAction       *string      `xml:"ruleAction"`
	Direction        *string      `xml:"direction"`
}

// FirewallStatelessRule is the structure of that name in the model.
type FirewallStatelessRule struct {
	RuleGroupArn     *string      `xml:"ruleGroupArn"`
	Sources          []string     `xml:"sourceSet>item"`
	Destinations     []string     `xml:"destinationSet>item"`
	SourcePorts      []*PortRange `xml:"sourcePortSet>item"`
	DestinationPorts []*PortRange `xml:"destinationPortSet>item"`
	Protocols        []int64      `xml:"protocolSet>item"`
	RuleAction       *string      `xml:"ruleAction"`
	Priority         *int64       `xml:"priority"`
}

// FlowLog is the structure of that name in the model.
type FlowLog struct {
	CreationTime             *time.Time                  `xml:"creationTime"`
	DeliverLogsErrorMessage  *string                     `xml:"deliverLogsErrorMessage"`
	DeliverLogsPermissionArn *string                     `xml:"deliverLogsPermissionArn"`
	DeliverCrossAccountRole  *string                     `xml:"deliverCrossAccountRole"`
	DeliverLogsStatus        *string                     `xml:"deliverLogsStatus"`
	FlowLogId                *string                     `xml:"flowLogId"`
	FlowLogStatus            *string                     `xml:"flowLogStatus"`
	LogGroupName             *string                     `xml:"logGroupName"`
	ResourceId               *string                     `xml:"resourceId"`
	TrafficType              *string                     `xml:"trafficType"`
	LogDestinationType       *string                     `xml:"logDestinationType"`
	LogDestination           *string                     `xml:"logDestination"`
	LogFormat                *string                     `xml:"logFormat"`
	Tags                     []*Tag                      `xml:"tagSet>item"`
	MaxAggregationInterval   *int64                      `xml:"maxAggregationInterval"`
	DestinationOptions       *DestinationOptionsResponse `xml:"destinationOptions"`
}

// FpgaDeviceInfo is the structure of that name in the model.
type FpgaDeviceInfo struct {
	Name         *string               `xml:"name"`
	Manufacturer *string               `xml:"manufacturer"`
	Count        *int64                `xml:"count"`
	MemoryInfo   *FpgaDeviceMemoryInfo `xml:"memoryInfo"`
}

// FpgaDeviceMemoryInfo is the structure of that name in the model.
type FpgaDeviceMemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// FpgaInfo is the structure of that name in the model.
type FpgaInfo struct {
	Fpgas                []*FpgaDeviceInfo `xml:"fpgas>item"`
	TotalFpgaMemoryInMiB *int64            `xml:"totalFpgaMemoryInMiB"`
}

// GetCapacityReservationUsageRequest is the structure of that name in the model.
type GetCapacityReservationUsageRequest struct {
	CapacityReservationId *string
	NextToken             *string
	MaxResults            *int64
	DryRun                *bool
}

// GetCapacityReservationUsageResult is the structure of that name in the model.
type GetCapacityReservationUsageResult struct {
	NextToken              *string          `xml:"nextToken"`
	CapacityReservationId  *string          `xml:"capacityReservationId"`
	InstanceType           *string          `xml:"instanceType"`
	TotalInstanceCount     *int64           `xml:"totalInstanceCount"`
	AvailableInstanceCount *int64           `xml:"availableInstanceCount"`
	State                  *string          `xml:"state"`
	InstanceUsages         []*InstanceUsage `xml:"instanceUsageSet>item"`
}

// GetConsoleOutputRequest is the structure of that name in the model.
type GetConsoleOutputRequest struct {
	InstanceId *string
	DryRun     *bool
	Latest     *bool
}

// GetConsoleOutputResult is the structure of that name in the model.
type GetConsoleOutputResult struct {
	InstanceId *string    `xml:"instanceId"`
	Output     *string    `xml:"output"`
	Timestamp  *time.Time `xml:"timestamp"`
}

// GetInstanceUefiDataRequest is the structure of that name in the model.
type GetInstanceUefiDataRequest struct {
	InstanceId *string
	DryRun     *bool
}

// GetInstanceUefiDataResult is the structure of that name in the model.
type GetInstanceUefiDataResult struct {
	InstanceId *string `xml:"instanceId"`
	UefiData   *string `xml:"uefiData"`
}

// GetManagedPrefixListAssociationsRequest is the structure of that name in the model.
type GetManagedPrefixListAssociationsRequest struct {
	DryRun       *bool
	PrefixListId *string
	MaxResults   *int64
	NextToken    *string
}

// GetManagedPrefixListAssociationsResult is the structure of that name in the model.
type GetManagedPrefixListAssociationsResult struct {
	PrefixListAssociations []*PrefixListAssociation `xml:"prefixListAssociationSet>item"`
	NextToken              *string                  `xml:"nextToken"`
}

// GetManagedPrefixListEntriesRequest is the structure of that name in the model.
type GetManagedPrefixListEntriesRequest struct {
	DryRun        *bool
	PrefixListId  *string
	TargetVersion *int64
	MaxResults    *int64
	NextToken     *string
}

// GetManagedPrefixListEntriesResult is the structure of that name in the model.
type GetManagedPrefixListEntriesResult struct {
	Entries   []*PrefixListEntry `xml:"entrySet>item"`
	NextToken *string            `xml:"nextToken"`
}

// GetSecurityGroupsForVpcRequest is the structure of that name in the model.
type GetSecurityGroupsForVpcRequest struct {
	VpcId      *string
	NextToken  *string
	MaxResults *int64
	Filters    []*Filter
	DryRun     *bool
}

// GetSecurityGroupsForVpcResult is the structure of that name in the model.
type GetSecurityGroupsForVpcResult struct {
	NextToken            *string                `xml:"nextToken"`
	SecurityGroupForVpcs []*SecurityGroupForVpc `xml:"securityGroupForVpcSet>item"`
}

// GpuDeviceInfo is the structure of that name in the model.
type GpuDeviceInfo struct {
	Name         *string              `xml:"name"`
	Manufacturer *string              `xml:"manufacturer"`
	Count        *int64               `xml:"count"`
	MemoryInfo   *GpuDeviceMemoryInfo `xml:"memoryInfo"`
}

// GpuDeviceMemoryInfo is the structure of that name in the model.
type GpuDeviceMemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// GpuInfo is the structure of that name in the model.
type GpuInfo struct {
	Gpus                []*GpuDeviceInfo `xml:"gpus>item"`
	TotalGpuMemoryInMiB *int64           `xml:"totalGpuMemoryInMiB"`
}

// GroupIdentifier is the structure of that name in the model.
type GroupIdentifier struct {
	GroupName *string `xml:"groupName"`
	GroupId   *string `xml:"groupId"`
}

// HibernationOptions is the structure of that name in the model.
type HibernationOptions struct {
	Configured *bool `xml:"configured"`
}

// HibernationOptionsRequest is the structure of that name in the model.
type HibernationOptionsRequest struct {
	Configured *bool
}

// Host is the structure of that name in the model.
type Host struct {
	AutoPlacement                      *string            `xml:"autoPlacement"`
	AvailabilityZone                   *string            `xml:"availabilityZone"`
	AvailableCapacity                  *AvailableCapacity `xml:"availableCapacity"`
	ClientToken                        *string            `xml:"clientToken"`
	HostId                             *string            `xml:"hostId"`
	HostProperties                     *HostProperties    `xml:"hostProperties"`
	HostReservationId                  *string            `xml:"hostReservationId"`
	Instances                          []*HostInstance    `xml:"instances>item"`
	State                              *string            `xml:"state"`
	AllocationTime                     *time.Time         `xml:"allocationTime"`
	ReleaseTime                        *time.Time         `xml:"releaseTime"`
	Tags                               []*Tag             `xml:"tagSet>item"`
	HostRecovery                       *string            `xml:"hostRecovery"`
	AllowsMultipleInstanceTypes        *string            `xml:"allowsMultipleInstanceTypes"`
	OwnerId                            *string            `xml:"ownerId"`
	AvailabilityZoneId                 *string            `xml:"availabilityZoneId"`
	MemberOfServiceLinkedResourceGroup *bool              `xml:"memberOfServiceLinkedResourceGroup"`
	OutpostArn                         *string            `xml:"outpostArn"`
	HostMaintenance                    *string            `xml:"hostMaintenance"`
	AssetId                            *string            `xml:"assetId"`
}

// HostInstance is the structure of that name in the model.
type HostInstance struct {
	InstanceId   *string `xml:"instanceId"`
	InstanceType *string `xml:"instanceType"`
	OwnerId      *string `xml:"ownerId"`
}

// HostProperties is the structure of that name in the model.
type HostProperties struct {
	Cores          *int64  `xml:"cores"`
	InstanceType   *string `xml:"instanceType"`
	InstanceFamily *string `xml:"instanceFamily"`
	Sockets        *int64  `xml:"sockets"`
	TotalVCpus     *int64  `xml:"totalVCpus"`
}

// IamInstanceProfile is the structure of that name in the model.
type IamInstanceProfile struct {
	Arn *string `xml:"arn"`
	Id  *string `xml:"id"`
}

// IamInstanceProfileSpecification is the structure of that name in the model.
type IamInstanceProfileSpecification struct {
	Arn  *string
	Name *string
}

// IcmpTypeCode is the structure of that name in the model.
type IcmpTypeCode struct {
	Code *int64 `xml:"code"`
	Type *int64 `xml:"type"`
}

// Image is the structure of that name in the model.
type Image struct {
	Architecture             *string               `xml:"architecture"`
	CreationDate             *string               `xml:"creationDate"`
	ImageId                  *string               `xml:"imageId"`
	ImageLocation            *string               `xml:"imageLocation"`
	ImageType                *string               `xml:"imageType"`
	Public                   *bool                 `xml:"isPublic"`
	KernelId                 *string               `xml:"kernelId"`
	OwnerId                  *string               `xml:"imageOwnerId"`
	Platform                 *string               `xml:"platform"`
	PlatformDetails          *string               `xml:"platformDetails"`
	UsageOperation           *string               `xml:"usageOperation"`
	ProductCodes             []*ProductCode        `xml:"productCodes>item"`
	RamdiskId                *string               `xml:"ramdiskId"`
	State                    *string               `xml:"imageState"`
	BlockDeviceMappings      []*BlockDeviceMapping `xml:"blockDeviceMapping>item"`
	Description              *string               `xml:"description"`
	EnaSupport               *bool                 `xml:"enaSupport"`
	Hypervisor               *string               `xml:"hypervisor"`
	ImageOwnerAlias          *string               `xml:"imageOwnerAlias"`
	Name                     *string               `xml:"name"`
	RootDeviceName           *string               `xml:"rootDeviceName"`
	RootDeviceType           *string               `xml:"rootDeviceType"`
	SriovNetSupport          *string               `xml:"sriovNetSupport"`
	StateReason              *StateReason          `xml:"stateReason"`
	Tags                     []*Tag                `xml:"tagSet>item"`
	VirtualizationType       *string               `xml:"virtualizationType"`
	BootMode                 *string               `xml:"bootMode"`
	TpmSupport               *string               `xml:"tpmSupport"`
	DeprecationTime          *string               `xml:"deprecationTime"`
	ImdsSupport              *string               `xml:"imdsSupport"`
	SourceInstanceId         *string               `xml:"sourceInstanceId"`
	DeregistrationProtection *string               `xml:"deregistrationProtection"`
	LastLaunchedTime         *string               `xml:"lastLaunchedTime"`
}

// ImageAttribute is the structure of that name in the model.
type ImageAttribute struct {
	BlockDeviceMappings      []*BlockDeviceMapping `xml:"blockDeviceMapping>item"`
	ImageId                  *string               `xml:"imageId"`
	LaunchPermissions        []*LaunchPermission   `xml:"launchPermission>item"`
	ProductCodes             []*ProductCode        `xml:"productCodes>item"`
	Description              *AttributeValue       `xml:"description"`
	KernelId                 *AttributeValue       `xml:"kernel"`
	RamdiskId                *AttributeValue       `xml:"ramdisk"`
	SriovNetSupport          *AttributeValue       `xml:"sriovNetSupport"`
	BootMode                 *AttributeValue       `xml:"bootMode"`
	TpmSupport               *AttributeValue       `xml:"tpmSupport"`
	UefiData                 *AttributeValue       `xml:"uefiData"`
	LastLaunchedTime         *AttributeValue       `xml:"lastLaunchedTime"`
	ImdsSupport              *AttributeValue       `xml:"imdsSupport"`
	DeregistrationProtection *AttributeValue       `xml:"deregistrationProtection"`
}

// ImportKeyPairRequest is the structure of that name in the model.
type ImportKeyPairRequest struct {
	DryRun            *bool
	KeyName           *string
	PublicKeyMaterial []byte
	TagSpecifications []*TagSpecification
}

// ImportKeyPairResult is the structure of that name in the model.
type ImportKeyPairResult struct {
	KeyFingerprint *string `xml:"keyFingerprint"`
	KeyName        *string `xml:"keyName"`
	KeyPairId      *string `xml:"keyPairId"`
	Tags           []*Tag  `xml:"tagSet>item"`
}

// InferenceAcceleratorInfo is the structure of that name in the model.
type InferenceAcceleratorInfo struct {
	Accelerators              []*InferenceDeviceInfo `xml:"accelerators>member"`
	TotalInferenceMemoryInMiB *int64                 `xml:"totalInferenceMemoryInMiB"`
}

// InferenceDeviceInfo is the structure of that name in the model.
type InferenceDeviceInfo struct {
	Count        *int64                     `xml:"count"`
	Name         *string                    `xml:"name"`
	Manufacturer *string                    `xml:"manufacturer"`
	MemoryInfo   *InferenceDeviceMemoryInfo `xml:"memoryInfo"`
}

// InferenceDeviceMemoryInfo is the structure of that name in the model.
type InferenceDeviceMemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// Instance is the structure of that name in the model.
type Instance struct {
	AmiLaunchIndex                          *int64                                    `xml:"amiLaunchIndex"`
	ImageId                                 *string                                   `xml:"imageId"`
	InstanceId                              *string                                   `xml:"instanceId"`
	InstanceType                            *string                                   `xml:"instanceType"`
	KernelId                                *string                                   `xml:"kernelId"`
	KeyName                                 *string                                   `xml:"keyName"`
	LaunchTime                              *time.Time                                `xml:"launchTime"`
	Monitoring                              *Monitoring                               `xml:"monitoring"`
	Placement                               *Placement                                `xml:"placement"`
	Platform                                *string                                   `xml:"platform"`
	PrivateDnsName                          *string                                   `xml:"privateDnsName"`
	PrivateIpAddress                        *string                                   `xml:"privateIpAddress"`
	ProductCodes                            []*ProductCode                            `xml:"productCodes>item"`
	PublicDnsName                           *string                                   `xml:"dnsName"`
	PublicIpAddress                         *string                                   `xml:"ipAddress"`
	RamdiskId                               *string                                   `xml:"ramdiskId"`
	State                                   *InstanceState                            `xml:"instanceState"`
	StateTransitionReason                   *string                                   `xml:"reason"`
	SubnetId                                *string                                   `xml:"subnetId"`
	VpcId                                   *string                                   `xml:"vpcId"`
	Architecture                            *string                                   `xml:"architecture"`
	BlockDeviceMappings                     []*InstanceBlockDeviceMapping             `xml:"blockDeviceMapping>item"`
	ClientToken                             *string                                   `xml:"clientToken"`
	EbsOptimized                            *bool                                     `xml:"ebsOptimized"`
	EnaSupport                              *bool                                     `xml:"enaSupport"`
	Hypervisor                              *string                                   `xml:"hypervisor"`
	IamInstanceProfile                      *IamInstanceProfile                       `xml:"iamInstanceProfile"`
	InstanceLifecycle                       *string                                   `xml:"instanceLifecycle"`
	ElasticGpuAssociations                  []*ElasticGpuAssociation                  `xml:"elasticGpuAssociationSet>item"`
	ElasticInferenceAcceleratorAssociations []*ElasticInferenceAcceleratorAssociation `xml:"elasticInferenceAcceleratorAssociationSet>item"`
	NetworkInterfaces                       []*InstanceNetworkInterface               `xml:"networkInterfaceSet>item"`
	OutpostArn                              *string                                   `xml:"outpostArn"`
	RootDeviceName                          *string                                   `xml:"rootDeviceName"`
	RootDeviceType                          *string                                   `xml:"rootDeviceType"`
	SecurityGroups                          []*GroupIdentifier                        `xml:"groupSet>item"`
	SourceDestCheck                         *bool                                     `xml:"sourceDestCheck"`
	SpotInstanceRequestId                   *string                                   `xml:"spotInstanceRequestId"`
	SriovNetSupport                         *string                                   `xml:"sriovNetSupport"`
	StateReason                             *StateReason                              `xml:"stateReason"`
	Tags                                    []*Tag                                    `xml:"tagSet>item"`
	VirtualizationType                      *string                                   `xml:"virtualizationType"`
	CpuOptions                              *CpuOptions                               `xml:"cpuOptions"`
	CapacityReservationId                   *string                                   `xml:"capacityReservationId"`
	CapacityReservationSpecification        *CapacityReservationSpecificationResponse `xml:"capacityReservationSpecification"`
	HibernationOptions                      *HibernationOptions                       `xml:"hibernationOptions"`
	Licenses                                []*LicenseConfiguration                   `xml:"licenseSet>item"`
	MetadataOptions                         *InstanceMetadataOptionsResponse          `xml:"metadataOptions"`
	EnclaveOptions                          *EnclaveOptions                           `xml:"enclaveOptions"`
	BootMode                                *string                                   `xml:"bootMode"`
	PlatformDetails                         *string                                   `xml:"platformDetails"`
	UsageOperation                          *string                                   `xml:"usageOperation"`
	UsageOperationUpdateTime                *time.Time                                `xml:"usageOperationUpdateTime"`
	PrivateDnsNameOptions                   *PrivateDnsNameOptionsResponse            `xml:"privateDnsNameOptions"`
	Ipv6Address                             *string                                   `xml:"ipv6Address"`
	TpmSupport                              *string                                   `xml:"tpmSupport"`
	MaintenanceOptions                      *InstanceMaintenanceOptions               `xml:"maintenanceOptions"`
	CurrentInstanceBootMode                 *string                                   `xml:"currentInstanceBootMode"`
}

// InstanceAttachmentEnaSrdSpecification is the structure of that name in the model.
type InstanceAttachmentEnaSrdSpecification struct {
	EnaSrdEnabled          *bool                                     `xml:"enaSrdEnabled"`
	EnaSrdUdpSpecification *InstanceAttachmentEnaSrdUdpSpecification `xml:"enaSrdUdpSpecification"`
}

// InstanceAttachmentEnaSrdUdpSpecification is the structure of that name in the model.
type InstanceAttachmentEnaSrdUdpSpecification struct {
	EnaSrdUdpEnabled *bool `xml:"enaSrdUdpEnabled"`
}

// InstanceAttribute is the structure of that name in the model.
type InstanceAttribute struct {
	Groups                            []*GroupIdentifier            `xml:"groupSet>item"`
	BlockDeviceMappings               []*InstanceBlockDeviceMapping `xml:"blockDeviceMapping>item"`
	DisableApiTermination             *AttributeBooleanValue        `xml:"disableApiTermination"`
	EnaSupport                        *AttributeBooleanValue        `xml:"enaSupport"`
	EnclaveOptions                    *EnclaveOptions               `xml:"enclaveOptions"`
	EbsOptimized                      *AttributeBooleanValue        `xml:"ebsOptimized"`
	InstanceId                        *string                       `xml:"instanceId"`
	InstanceInitiatedShutdownBehavior *AttributeValue               `xml:"instanceInitiatedShutdownBehavior"`
	InstanceType                      *AttributeValue               `xml:"instanceType"`
	KernelId                          *AttributeValue               `xml:"kernel"`
	ProductCodes                      []*ProductCode                `xml:"productCodes>item"`
	RamdiskId                         *AttributeValue               `xml:"ramdisk"`
	RootDeviceName                    *AttributeValue               `xml:"rootDeviceName"`
	SourceDestCheck                   *AttributeBooleanValue        `xml:"sourceDestCheck"`
	SriovNetSupport                   *AttributeValue               `xml:"sriovNetSupport"`
	UserData                          *AttributeValue               `xml:"userData"`
	DisableApiStop                    *AttributeBooleanValue        `xml:"disableApiStop"`
}

// InstanceBlockDeviceMapping is the structure of that name in the model.
type InstanceBlockDeviceMapping struct {
	DeviceName *string                 `xml:"deviceName"`
	Ebs        *EbsInstanceBlockDevice `xml:"ebs"`
}

// InstanceBlockDeviceMappingSpecification is the structure of that name in the model.
type InstanceBlockDeviceMappingSpecification struct {
	DeviceName  *string
	Ebs         *EbsInstanceBlockDeviceSpecification
	NoDevice    *string
	VirtualName *string
}

// InstanceCapacity is the structure of that name in the model.
type InstanceCapacity struct {
	AvailableCapacity *int64  `xml:"availableCapacity"`
	InstanceType      *string `xml:"instanceType"`
	TotalCapacity     *int64  `xml:"totalCapacity"`
}

// InstanceCreditSpecification is the structure of that name in the model.
type InstanceCreditSpecification struct {
	InstanceId *string `xml:"instanceId"`
	CpuCredits *string `xml:"cpuCredits"`
}

// InstanceIpv4Prefix is the structure of that name in the model.
type InstanceIpv4Prefix struct {
	Ipv4Prefix *string `xml:"ipv4Prefix"`
}

// InstanceIpv6Address is the structure of that name in the model.
type InstanceIpv6Address struct {
	Ipv6Address   *string `xml:"ipv6Address"`
	IsPrimaryIpv6 *bool   `xml:"isPrimaryIpv6"`
}

// InstanceIpv6Prefix is the structure of that name in the model.
type InstanceIpv6Prefix struct {
	Ipv6Prefix *string `xml:"ipv6Prefix"`
}

// InstanceMaintenanceOptions is the structure of that name in the model.
type InstanceMaintenanceOptions struct {
	AutoRecovery *string `xml:"autoRecovery"`
}

// InstanceMaintenanceOptionsRequest is the structure of that name in the model.
type InstanceMaintenanceOptionsRequest struct {
	AutoRecovery *string
}

// InstanceMarketOptionsRequest is the structure of that name in the model.
type InstanceMarketOptionsRequest struct {
	MarketType  *string
	SpotOptions *SpotMarketOptions
}

// InstanceMetadataOptionsRequest is the structure of that name in the model.
type InstanceMetadataOptionsRequest struct {
	HttpTokens              *string
	HttpPutResponseHopLimit *int64
	HttpEndpoint            *string
	HttpProtocolIpv6        *string
	InstanceMetadataTags    *string
}

// InstanceMetadataOptionsResponse is the structure of that name in the model.
type InstanceMetadataOptionsResponse struct {
	State                   *string `xml:"state"`
	HttpTokens              *string `xml:"httpTokens"`
	HttpPutResponseHopLimit *int64  `xml:"httpPutResponseHopLimit"`
	HttpEndpoint            *string `xml:"httpEndpoint"`
	HttpProtocolIpv6        *string `xml:"httpProtocolIpv6"`
	InstanceMetadataTags    *string `xml:"instanceMetadataTags"`
}

// InstanceNetworkInterface is the structure of that name in the model.
type InstanceNetworkInterface struct {
	Association                     *InstanceNetworkInterfaceAssociation     `xml:"association"`
	Attachment                      *InstanceNetworkInterfaceAttachment      `xml:"attachment"`
	Description                     *string                                  `xml:"description"`
	Groups                          []*GroupIdentifier                       `xml:"groupSet>item"`
	Ipv6Addresses                   []*InstanceIpv6Address                   `xml:"ipv6AddressesSet>item"`
	MacAddress                      *string                                  `xml:"macAddress"`
	NetworkInterfaceId              *string                                  `xml:"networkInterfaceId"`
	OwnerId                         *string                                  `xml:"ownerId"`
	PrivateDnsName                  *string                                  `xml:"privateDnsName"`
	PrivateIpAddress                *string                                  `xml:"privateIpAddress"`
	PrivateIpAddresses              []*InstancePrivateIpAddress              `xml:"privateIpAddressesSet>item"`
	SourceDestCheck                 *bool                                    `xml:"sourceDestCheck"`
	Status                          *string                                  `xml:"status"`
	SubnetId                        *string                                  `xml:"subnetId"`
	VpcId                           *string                                  `xml:"vpcId"`
	InterfaceType                   *string                                  `xml:"interfaceType"`
	Ipv4Prefixes                    []*InstanceIpv4Prefix                    `xml:"ipv4PrefixSet>item"`
	Ipv6Prefixes                    []*InstanceIpv6Prefix                    `xml:"ipv6PrefixSet>item"`
	ConnectionTrackingConfiguration *ConnectionTrackingSpecificationResponse `xml:"connectionTrackingConfiguration"`
}

// InstanceNetworkInterfaceAssociation is the structure of that name in the model.
type InstanceNetworkInterfaceAssociation struct {
	CarrierIp       *string `xml:"carrierIp"`
	CustomerOwnedIp *string `xml:"customerOwnedIp"`
	IpOwnerId       *string `xml:"ipOwnerId"`
	PublicDnsName   *string `xml:"publicDnsName"`
	PublicIp        *string `xml:"publicIp"`
}

// InstanceNetworkInterfaceAttachment is the structure of that name in the model.
type InstanceNetworkInterfaceAttachment struct {
	AttachTime          *time.Time                             `xml:"attachTime"`
	AttachmentId        *string                                `xml:"attachmentId"`
	DeleteOnTermination *bool                                  `xml:"deleteOnTermination"`
	DeviceIndex         *int64                                 `xml:"deviceIndex"`
	Status              *string                                `xml:"status"`
	NetworkCardIndex    *int64                                 `xml:"networkCardIndex"`
	EnaSrdSpecification *InstanceAttachmentEnaSrdSpecification `xml:"enaSrdSpecification"`
}

// InstanceNetworkInterfaceSpecification is the structure of that name in the model.
type InstanceNetworkInterfaceSpecification struct {
	AssociatePublicIpAddress        *bool
	DeleteOnTermination             *bool
	Description                     *string
	DeviceIndex                     *int64
	Groups                          []string
	Ipv6AddressCount                *int64
	Ipv6Addresses                   []*InstanceIpv6Address
	NetworkInterfaceId              *string
	PrivateIpAddress                *string
	PrivateIpAddresses              []*PrivateIpAddressSpecification
	SecondaryPrivateIpAddressCount  *int64
	SubnetId                        *string
	AssociateCarrierIpAddress       *bool
	InterfaceType                   *string
	NetworkCardIndex                *int64
	Ipv4Prefixes                    []*Ipv4PrefixSpecificationRequest
	Ipv4PrefixCount                 *int64
	Ipv6Prefixes                    []*Ipv6PrefixSpecificationRequest
	Ipv6PrefixCount                 *int64
	PrimaryIpv6                     *bool
	EnaSrdSpecification             *EnaSrdSpecificationRequest
	ConnectionTrackingSpecification *ConnectionTrackingSpecificationRequest
}

// InstancePrivateIpAddress is the structure of that name in the model.
type InstancePrivateIpAddress struct {
	Association      *InstanceNetworkInterfaceAssociation `xml:"association"`
	Primary          *bool                                `xml:"primary"`
	PrivateDnsName   *string                              `xml:"privateDnsName"`
	PrivateIpAddress *string                              `xml:"privateIpAddress"`
}

// InstanceState is the structure of that name in the model.
type InstanceState struct {
	Code *int64  `xml:"code"`
	Name *string `xml:"name"`
}

// InstanceStateChange is the structure of that name in the model.
type InstanceStateChange struct {
	CurrentState  *InstanceState `xml:"currentState"`
	InstanceId    *string        `xml:"instanceId"`
	PreviousState *InstanceState `xml:"previousState"`
}

// InstanceStatus is the structure of that name in the model.
type InstanceStatus struct {
	AvailabilityZone *string                `xml:"availabilityZone"`
	OutpostArn       *string                `xml:"outpostArn"`
	Events           []*InstanceStatusEvent `xml:"eventsSet>item"`
	InstanceId       *string                `xml:"instanceId"`
	InstanceState    *InstanceState         `xml:"instanceState"`
	InstanceStatus   *InstanceStatusSummary `xml:"instanceStatus"`
	SystemStatus     *InstanceStatusSummary `xml:"systemStatus"`
}

// InstanceStatusDetails is the structure of that name in the model.
type InstanceStatusDetails struct {
	ImpairedSince *time.Time `xml:"impairedSince"`
	Name          *string    `xml:"name"`
	Status        *string    `xml:"status"`
}

// InstanceStatusEvent is the structure of that name in the model.
type InstanceStatusEvent struct {
	InstanceEventId   *string    `xml:"instanceEventId"`
	Code              *string    `xml:"code"`
	Description       *string    `xml:"description"`
	NotAfter          *time.Time `xml:"notAfter"`
	NotBefore         *time.Time `xml:"notBefore"`
	NotBeforeDeadline *time.Time `xml:"notBeforeDeadline"`
}

// InstanceStatusSummary is the structure of that name in the model.
type InstanceStatusSummary struct {
	Details []*InstanceStatusDetails `xml:"details>item"`
	Status  *string                  `xml:"status"`
}

// InstanceStorageInfo is the structure of that name in the model.
type InstanceStorageInfo struct {
	TotalSizeInGB     *int64      `xml:"totalSizeInGB"`
	Disks             []*DiskInfo `xml:"disks>item"`
	NvmeSupport       *string     `xml:"nvmeSupport"`
	EncryptionSupport *string     `xml:"encryptionSupport"`
}

// InstanceTypeInfo is the structure of that name in the model.
type InstanceTypeInfo struct {
	InstanceType                  *string                   `xml:"instanceType"`
	CurrentGeneration             *bool                     `xml:"currentGeneration"`
	FreeTierEligible              *bool                     `xml:"freeTierEligible"`
	SupportedUsageClasses         []string                  `xml:"supportedUsageClasses>item"`
	SupportedRootDeviceTypes      []string                  `xml:"supportedRootDeviceTypes>item"`
	SupportedVirtualizationTypes  []string                  `xml:"supportedVirtualizationTypes>item"`
	BareMetal                     *bool                     `xml:"bareMetal"`
	Hypervisor                    *string                   `xml:"hypervisor"`
	ProcessorInfo                 *ProcessorInfo            `xml:"processorInfo"`
	VCpuInfo                      *VCpuInfo                 `xml:"vCpuInfo"`
	MemoryInfo                    *MemoryInfo               `xml:"memoryInfo"`
	InstanceStorageSupported      *bool                     `xml:"instanceStorageSupported"`
	InstanceStorageInfo           *InstanceStorageInfo      `xml:"instanceStorageInfo"`
	EbsInfo                       *EbsInfo                  `xml:"ebsInfo"`
	NetworkInfo                   *NetworkInfo              `xml:"networkInfo"`
	GpuInfo                       *GpuInfo                  `xml:"gpuInfo"`
	FpgaInfo                      *FpgaInfo                 `xml:"fpgaInfo"`
	PlacementGroupInfo            *PlacementGroupInfo       `xml:"placementGroupInfo"`
	InferenceAcceleratorInfo      *InferenceAcceleratorInfo `xml:"inferenceAcceleratorInfo"`
	HibernationSupported          *bool                     `xml:"hibernationSupported"`
	BurstablePerformanceSupported *bool                     `xml:"burstablePerformanceSupported"`
	DedicatedHostsSupported       *bool                     `xml:"dedicatedHostsSupported"`
	AutoRecoverySupported         *bool                     `xml:"autoRecoverySupported"`
	SupportedBootModes            []string                  `xml:"supportedBootModes>item"`
	NitroEnclavesSupport          *string                   `xml:"nitroEnclavesSupport"`
	NitroTpmSupport               *string                   `xml:"nitroTpmSupport"`
	NitroTpmInfo                  *NitroTpmInfo             `xml:"nitroTpmInfo"`
	MediaAcceleratorInfo          *MediaAcceleratorInfo     `xml:"mediaAcceleratorInfo"`
	NeuronInfo                    *NeuronInfo               `xml:"neuronInfo"`
	PhcSupport                    *string                   `xml:"phcSupport"`
}

// InstanceTypeOffering is the structure of that name in the model.
type InstanceTypeOffering struct {
	InstanceType *string `xml:"instanceType"`
	LocationType *string `xml:"locationType"`
	Location     *string `xml:"location"`
}

// InstanceUsage is the structure of that name in the model.
type InstanceUsage struct {
	AccountId         *string `xml:"accountId"`
	UsedInstanceCount *int64  `xml:"usedInstanceCount"`
}

// InternetGateway is the structure of that name in the model.
type InternetGateway struct {
	Attachments       []*InternetGatewayAttachment `xml:"attachmentSet>item"`
	InternetGatewayId *string                      `xml:"internetGatewayId"`
	OwnerId           *string                      `xml:"ownerId"`
	Tags              []*Tag                       `xml:"tagSet>item"`
}

// InternetGatewayAttachment is the structure of that name in the model.
type InternetGatewayAttachment struct {
	State *string `xml:"state"`
	VpcId *string `xml:"vpcId"`
}

// IpPermission is the structure of that name in the model.
type IpPermission struct {
	FromPort         *int64             `xml:"fromPort"`
	IpProtocol       *string            `xml:"ipProtocol"`
	IpRanges         []*IpRange         `xml:"ipRanges>item"`
	Ipv6Ranges       []*Ipv6Range       `xml:"ipv6Ranges>item"`
	PrefixListIds    []*PrefixListId    `xml:"prefixListIds>item"`
	ToPort           *int64             `xml:"toPort"`
	UserIdGroupPairs []*UserIdGroupPair `xml:"groups>item"`
}

// IpRange is the structure of that name in the model.
type IpRange struct {
	CidrIp      *string `xml:"cidrIp"`
	Description *string `xml:"description"`
}

// Ipv4PrefixSpecification is the structure of that name in the model.
type Ipv4PrefixSpecification struct {
	Ipv4Prefix *string `xml:"ipv4Prefix"`
}

// Ipv4PrefixSpecificationRequest is the structure of that name in the model.
type Ipv4PrefixSpecificationRequest struct {
	Ipv4Prefix *string
}

// Ipv6CidrBlock is the structure of that name in the model.
type Ipv6CidrBlock struct {
	Ipv6CidrBlock *string `xml:"ipv6CidrBlock"`
}

// Ipv6PrefixSpecification is the structure of that name in the model.
type Ipv6PrefixSpecification struct {
	Ipv6Prefix *string `xml:"ipv6Prefix"`
}

// Ipv6PrefixSpecificationRequest is the structure of that name in the model.
type Ipv6PrefixSpecificationRequest struct {
	Ipv6Prefix *string
}

// Ipv6Range is the structure of that name in the model.
type Ipv6Range struct {
	CidrIpv6    *string `xml:"cidrIpv6"`
	Description *string `xml:"description"`
}

// KeyPair is the structure of that name in the model.
type KeyPair struct {
	KeyFingerprint *string `xml:"keyFingerprint"`
	KeyMaterial    *string `xml:"keyMaterial"`
	KeyName        *string `xml:"keyName"`
	KeyPairId      *string `xml:"keyPairId"`
	Tags           []*Tag  `xml:"tagSet>item"`
}

// KeyPairInfo is the structure of that name in the model.
type KeyPairInfo struct {
	KeyPairId      *string    `xml:"keyPairId"`
	KeyFingerprint *string    `xml:"keyFingerprint"`
	KeyName        *string    `xml:"keyName"`
	KeyType        *string    `xml:"keyType"`
	Tags           []*Tag     `xml:"tagSet>item"`
	PublicKey      *string    `xml:"publicKey"`
	CreateTime     *time.Time `xml:"createTime"`
}

// LaunchPermission is the structure of that name in the model.
type LaunchPermission struct {
	Group                 *string `xml:"group"`
	UserId                *string `xml:"userId"`
	OrganizationArn       *string `xml:"organizationArn"`
	OrganizationalUnitArn *string `xml:"organizationalUnitArn"`
}

// LaunchPermissionModifications is the structure of that name in the model.
type LaunchPermissionModifications struct {
	Add    []*LaunchPermission
	Remove []*LaunchPermission
}

// LaunchTemplateSpecification is the structure of that name in the model.
type LaunchTemplateSpecification struct {
	LaunchTemplateId   *string
	LaunchTemplateName *string
	Version            *string
}

// LicenseConfiguration is the structure of that name in the model.
type LicenseConfiguration struct {
	LicenseConfigurationArn *string `xml:"licenseConfigurationArn"`
}

// LicenseConfigurationRequest is the structure of that name in the model.
type LicenseConfigurationRequest struct {
	LicenseConfigurationArn *string
}

// ManagedPrefixList is the structure of that name in the model.
type ManagedPrefixList struct {
	PrefixListId   *string `xml:"prefixListId"`
	AddressFamily  *string `xml:"addressFamily"`
	State          *string `xml:"state"`
	StateMessage   *string `xml:"stateMessage"`
	PrefixListArn  *string `xml:"prefixListArn"`
	PrefixListName *string `xml:"prefixListName"`
	MaxEntries     *int64  `xml:"maxEntries"`
	Version        *int64  `xml:"version"`
	Tags           []*Tag  `xml:"tagSet>item"`
	OwnerId        *string `xml:"ownerId"`
}

// MediaAcceleratorInfo is the structure of that name in the model.
type MediaAcceleratorInfo struct {
	Accelerators          []*MediaDeviceInfo `xml:"accelerators>item"`
	TotalMediaMemoryInMiB *int64             `xml:"totalMediaMemoryInMiB"`
}

// MediaDeviceInfo is the structure of that name in the model.
type MediaDeviceInfo struct {
	Count        *int64                 `xml:"count"`
	Name         *string                `xml:"name"`
	Manufacturer *string                `xml:"manufacturer"`
	MemoryInfo   *MediaDeviceMemoryInfo `xml:"memoryInfo"`
}

// MediaDeviceMemoryInfo is the structure of that name in the model.
type MediaDeviceMemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// MemoryInfo is the structure of that name in the model.
type MemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// ModifyAddressAttributeRequest is the structure of that name in the model.
type ModifyAddressAttributeRequest struct {
	AllocationId *string
	DomainName   *string
	DryRun       *bool
}

// ModifyAddressAttributeResult is the structure of that name in the model.
type ModifyAddressAttributeResult struct {
	Address *AddressAttribute `xml:"address"`
}

// ModifyCapacityReservationRequest is the structure of that name in the model.
type ModifyCapacityReservationRequest struct {
	CapacityReservationId *string
	InstanceCount         *int64
	EndDate               *time.Time
	EndDateType           *string
	Accept                *bool
	DryRun                *bool
	AdditionalInfo        *string
}

// ModifyCapacityReservationResult is the structure of that name in the model.
type ModifyCapacityReservationResult struct {
	Return *bool `xml:"return"`
}

// ModifyHostsRequest is the structure of that name in the model.
type ModifyHostsRequest struct {
	AutoPlacement   *string
	HostIds         []string
	HostRecovery    *string
	InstanceType    *string
	InstanceFamily  *string
	HostMaintenance *string
}

// ModifyHostsResult is the structure of that name in the model.
type ModifyHostsResult struct {
	Successful   []string            `xml:"successful>item"`
	Unsuccessful []*UnsuccessfulItem `xml:"unsuccessful>item"`
}

// ModifyImageAttributeRequest is the structure of that name in the model.
type ModifyImageAttributeRequest struct {
	Attribute              *string
	Description            *AttributeValue
	ImageId                *string
	LaunchPermission       *LaunchPermissionModifications
	OperationType          *string
	ProductCodes           []string
	UserGroups             []string
	UserIds                []string
	Value                  *string
	DryRun                 *bool
	OrganizationArns       []string
	OrganizationalUnitArns []string
	ImdsSupport            *AttributeValue
}

// ModifyInstanceAttributeRequest is the structure of that name in the model.
type ModifyInstanceAttributeRequest struct {
	SourceDestCheck                   *AttributeBooleanValue
	Attribute                         *string
	BlockDeviceMappings               []*InstanceBlockDeviceMappingSpecification
	DisableApiTermination             *AttributeBooleanValue
	DryRun                            *bool
	EbsOptimized                      *AttributeBooleanValue
	EnaSupport                        *AttributeBooleanValue
	Groups                            []string
	InstanceId                        *string
	InstanceInitiatedShutdownBehavior *AttributeValue
	InstanceType                      *AttributeValue
	Kernel                            *AttributeValue
	Ramdisk                           *AttributeValue
	SriovNetSupport                   *AttributeValue
	UserData                          *BlobAttributeValue
	Value                             *string
	DisableApiStop                    *AttributeBooleanValue
}

// ModifyInstanceCapacityReservationAttributesRequest is the structure of that name in the model.
type ModifyInstanceCapacityReservationAttributesRequest struct {
	InstanceId                       *string
	CapacityReservationSpecification *CapacityReservationSpecification
	DryRun                           *bool
}

// ModifyInstanceCapacityReservationAttributesResult is the structure of that name in the model.
type ModifyInstanceCapacityReservationAttributesResult struct {
	Return *bool `xml:"return"`
}

// ModifyInstanceMetadataOptionsRequest is the structure of that name in the model.
type ModifyInstanceMetadataOptionsRequest struct {
	InstanceId              *string
	HttpTokens              *string
	HttpPutResponseHopLimit *int64
	HttpEndpoint            *string
	DryRun                  *bool
	HttpProtocolIpv6        *string
	InstanceMetadataTags    *string
}

// ModifyInstanceMetadataOptionsResult is the structure of that name in the model.
type ModifyInstanceMetadataOptionsResult struct {
	InstanceId              *string                          `xml:"instanceId"`
	InstanceMetadataOptions *InstanceMetadataOptionsResponse `xml:"instanceMetadataOptions"`
}

// ModifyInstancePlacementRequest is the structure of that name in the model.
type ModifyInstancePlacementRequest struct {
	Affinity             *string
	GroupName            *string
	HostId               *string
	InstanceId           *string
	Tenancy              *string
	PartitionNumber      *int64
	HostResourceGroupArn *string
	GroupId              *string
}

// ModifyInstancePlacementResult is the structure of that name in the model.
type ModifyInstancePlacementResult struct {
	Return *bool `xml:"return"`
}

// ModifyManagedPrefixListRequest is the structure of that name in the model.
type ModifyManagedPrefixListRequest struct {
	DryRun         *bool
	PrefixListId   *string
	CurrentVersion *int64
	PrefixListName *string
	AddEntries     []*AddPrefixListEntry
	RemoveEntries  []*RemovePrefixListEntry
	MaxEntries     *int64
}

// ModifyManagedPrefixListResult is the structure of that name in the model.
type ModifyManagedPrefixListResult struct {
	PrefixList *ManagedPrefixList `xml:"prefixList"`
}

// ModifyNetworkInterfaceAttributeRequest is the structure of that name in the model.
type ModifyNetworkInterfaceAttributeRequest struct {
	Attachment                      *NetworkInterfaceAttachmentChanges
	Description                     *AttributeValue
	DryRun                          *bool
	Groups                          []string
	NetworkInterfaceId              *string
	SourceDestCheck                 *AttributeBooleanValue
	EnaSrdSpecification             *EnaSrdSpecification
	EnablePrimaryIpv6               *bool
	ConnectionTrackingSpecification *ConnectionTrackingSpecificationRequest
	AssociatePublicIpAddress        *bool
}

// ModifyPrivateDnsNameOptionsRequest is the structure of that name in the model.
type ModifyPrivateDnsNameOptionsRequest struct {
	DryRun                          *bool
	InstanceId                      *string
	PrivateDnsHostnameType          *string
	EnableResourceNameDnsARecord    *bool
	EnableResourceNameDnsAAAARecord *bool
}

// ModifyPrivateDnsNameOptionsResult is the structure of that name in the model.
type ModifyPrivateDnsNameOptionsResult struct {
	Return *bool `xml:"return"`
}

// ModifySecurityGroupRulesRequest is the structure of that name in the model.
type ModifySecurityGroupRulesRequest struct {
	GroupId            *string
	SecurityGroupRules []*SecurityGroupRuleUpdate
	DryRun             *bool
}

// ModifySecurityGroupRulesResult is the structure of that name in the model.
type ModifySecurityGroupRulesResult struct {
	Return *bool `xml:"return"`
}

// ModifySubnetAttributeRequest is the structure of that name in the model.
type ModifySubnetAttributeRequest struct {
	AssignIpv6AddressOnCreation             *AttributeBooleanValue
	MapPublicIpOnLaunch                     *AttributeBooleanValue
	SubnetId                                *string
	MapCustomerOwnedIpOnLaunch              *AttributeBooleanValue
	CustomerOwnedIpv4Pool                   *string
	EnableDns64                             *AttributeBooleanValue
	PrivateDnsHostnameTypeOnLaunch          *string
	EnableResourceNameDnsARecordOnLaunch    *AttributeBooleanValue
	EnableResourceNameDnsAAAARecordOnLaunch *AttributeBooleanValue
	EnableLniAtDeviceIndex                  *int64
	DisableLniAtDeviceIndex                 *AttributeBooleanValue
}

// ModifyVpcAttributeRequest is the structure of that name in the model.
type ModifyVpcAttributeRequest struct {
	EnableDnsHostnames               *AttributeBooleanValue
	EnableDnsSupport                 *AttributeBooleanValue
	VpcId                            *string
	EnableNetworkAddressUsageMetrics *AttributeBooleanValue
}

// ModifyVpcPeeringConnectionOptionsRequest is the structure of that name in the model.
type ModifyVpcPeeringConnectionOptionsRequest struct {
	AccepterPeeringConnectionOptions  *PeeringConnectionOptionsRequest
	DryRun                            *bool
	RequesterPeeringConnectionOptions *PeeringConnectionOptionsRequest
	VpcPeeringConnectionId            *string
}

// ModifyVpcPeeringConnectionOptionsResult is the structure of that name in the model.
type ModifyVpcPeeringConnectionOptionsResult struct {
	AccepterPeeringConnectionOptions  *PeeringConnectionOptions `xml:"accepterPeeringConnectionOptions"`
	RequesterPeeringConnectionOptions *PeeringConnectionOptions `xml:"requesterPeeringConnectionOptions"`
}

// ModifyVpcTenancyRequest is the structure of that name in the model.
type ModifyVpcTenancyRequest struct {
	VpcId           *string
	InstanceTenancy *string
	DryRun          *bool
}

// ModifyVpcTenancyResult is the structure of that name in the model.
type ModifyVpcTenancyResult struct {
	ReturnValue *bool `xml:"return"`
}

// Monitoring is the structure of that name in the model.
type Monitoring struct {
	State *string `xml:"state"`
}

// NatGateway is the structure of that name in the model.
type NatGateway struct {
	CreateTime           *time.Time            `xml:"createTime"`
	DeleteTime           *time.Time            `xml:"deleteTime"`
	FailureCode          *string               `xml:"failureCode"`
	FailureMessage       *string               `xml:"failureMessage"`
	NatGatewayAddresses  []*NatGatewayAddress  `xml:"natGatewayAddressSet>item"`
	NatGatewayId         *string               `xml:"natGatewayId"`
	ProvisionedBandwidth *ProvisionedBandwidth `xml:"provisionedBandwidth"`
	State                *string               `xml:"state"`
	SubnetId             *string               `xml:"subnetId"`
	VpcId                *string               `xml:"vpcId"`
	Tags                 []*Tag                `xml:"tagSet>item"`
	ConnectivityType     *string               `xml:"connectivityType"`
}

// NatGatewayAddress is the structure of that name in the model.
type NatGatewayAddress struct {
	AllocationId       *string `xml:"allocationId"`
	NetworkInterfaceId *string `xml:"networkInterfaceId"`
	PrivateIp          *string `xml:"privateIp"`
	PublicIp           *string `xml:"publicIp"`
	AssociationId      *string `xml:"associationId"`
	IsPrimary          *bool   `xml:"isPrimary"`
	FailureMessage     *string `xml:"failureMessage"`
	Status             *string `xml:"status"`
}

// NetworkAcl is the structure of that name in the model.
type NetworkAcl struct {
	Associations []*NetworkAclAssociation `xml:"associationSet>item"`
	Entries      []*NetworkAclEntry       `xml:"entrySet>item"`
	IsDefault    *bool                    `xml:"default"`
	NetworkAclId *string                  `xml:"networkAclId"`
	Tags         []*Tag                   `xml:"tagSet>item"`
	VpcId        *string                  `xml:"vpcId"`
	OwnerId      *string                  `xml:"ownerId"`
}

// NetworkAclAssociation is the structure of that name in the model.
type NetworkAclAssociation struct {
	NetworkAclAssociationId *string `xml:"networkAclAssociationId"`
	NetworkAclId            *string `xml:"networkAclId"`
	SubnetId                *string `xml:"subnetId"`
}

// NetworkAclEntry is the structure of that name in the model.
type NetworkAclEntry struct {
	CidrBlock     *string       `xml:"cidrBlock"`
	Egress        *bool         `xml:"egress"`
	IcmpTypeCode  *IcmpTypeCode `xml:"icmpTypeCode"`
	Ipv6CidrBlock *string       `xml:"ipv6CidrBlock"`
	PortRange     *PortRange    `xml:"portRange"`
	Protocol      *string       `xml:"protocol"`
	RuleAction    *string       `xml:"ruleAction"`
	RuleNumber    *int64        `xml:"ruleNumber"`
}

// NetworkCardInfo is the structure of that name in the model.
type NetworkCardInfo struct {
	NetworkCardIndex         *int64   `xml:"networkCardIndex"`
	NetworkPerformance       *string  `xml:"networkPerformance"`
	MaximumNetworkInterfaces *int64   `xml:"maximumNetworkInterfaces"`
	BaselineBandwidthInGbps  *float64 `xml:"baselineBandwidthInGbps"`
	PeakBandwidthInGbps      *float64 `xml:"peakBandwidthInGbps"`
}

// NetworkInfo is the structure of that name in the model.
type NetworkInfo struct {
	NetworkPerformance           *string            `xml:"networkPerformance"`
	MaximumNetworkInterfaces     *int64             `xml:"maximumNetworkInterfaces"`
	MaximumNetworkCards          *int64             `xml:"maximumNetworkCards"`
	DefaultNetworkCardIndex      *int64             `xml:"defaultNetworkCardIndex"`
	NetworkCards                 []*NetworkCardInfo `xml:"networkCards>item"`
	Ipv4AddressesPerInterface    *int64             `xml:"ipv4AddressesPerInterface"`
	Ipv6AddressesPerInterface    *int64             `xml:"ipv6AddressesPerInterface"`
	Ipv6Supported                *bool              `xml:"ipv6Supported"`
	EnaSupport                   *string            `xml:"enaSupport"`
	EfaSupported                 *bool              `xml:"efaSupported"`
	EfaInfo                      *EfaInfo           `xml:"efaInfo"`
	EncryptionInTransitSupported *bool              `xml:"encryptionInTransitSupported"`
	EnaSrdSupported              *bool              `xml:"enaSrdSupported"`
}

// NetworkInsightsAnalysis is the structure of that name in the model.
type NetworkInsightsAnalysis struct {
	NetworkInsightsAnalysisId  *string              `xml:"networkInsightsAnalysisId"`
	NetworkInsightsAnalysisArn *string              `xml:"networkInsightsAnalysisArn"`
	NetworkInsightsPathId      *string              `xml:"networkInsightsPathId"`
	AdditionalAccounts         []string             `xml:"additionalAccountSet>item"`
	FilterInArns               []string             `xml:"filterInArnSet>item"`
	StartDate                  *time.Time           `xml:"startDate"`
	Status                     *string              `xml:"status"`
	StatusMessage              *string              `xml:"statusMessage"`
	WarningMessage             *string              `xml:"warningMessage"`
	NetworkPathFound           *bool                `xml:"networkPathFound"`
	ForwardPathComponents      []*PathComponent     `xml:"forwardPathComponentSet>item"`
	ReturnPathComponents       []*PathComponent     `xml:"returnPathComponentSet>item"`
	Explanations               []*Explanation       `xml:"explanationSet>item"`
	AlternatePathHints         []*AlternatePathHint `xml:"alternatePathHintSet>item"`
	SuggestedAccounts          []string             `xml:"suggestedAccountSet>item"`
	Tags                       []*Tag               `xml:"tagSet>item"`
}

// NetworkInsightsPath is the structure of that name in the model.
type NetworkInsightsPath struct {
	NetworkInsightsPathId  *string     `xml:"networkInsightsPathId"`
	NetworkInsightsPathArn *string     `xml:"networkInsightsPathArn"`
	CreatedDate            *time.Time  `xml:"createdDate"`
	Source                 *string     `xml:"source"`
	Destination            *string     `xml:"destination"`
	SourceArn              *string     `xml:"sourceArn"`
	DestinationArn         *string     `xml:"destinationArn"`
	SourceIp               *string     `xml:"sourceIp"`
	DestinationIp          *string     `xml:"destinationIp"`
	Protocol               *string     `xml:"protocol"`
	DestinationPort        *int64      `xml:"destinationPort"`
	Tags                   []*Tag      `xml:"tagSet>item"`
	FilterAtSource         *PathFilter `xml:"filterAtSource"`
	FilterAtDestination    *PathFilter `xml:"filterAtDestination"`
}

// NetworkInterface is the structure of that name in the model.
type NetworkInterface struct {
	Association                     *NetworkInterfaceAssociation        `xml:"association"`
	Attachment                      *NetworkInterfaceAttachment         `xml:"attachment"`
	AvailabilityZone                *string                             `xml:"availabilityZone"`
	ConnectionTrackingConfiguration *ConnectionTrackingConfiguration    `xml:"connectionTrackingConfiguration"`
	Description                     *string                             `xml:"description"`
	Groups                          []*GroupIdentifier                  `xml:"groupSet>item"`
	InterfaceType                   *string                             `xml:"interfaceType"`
	Ipv6Addresses                   []*NetworkInterfaceIpv6Address      `xml:"ipv6AddressesSet>item"`
	MacAddress                      *string                             `xml:"macAddress"`
	NetworkInterfaceId              *string                             `xml:"networkInterfaceId"`
	OutpostArn                      *string                             `xml:"outpostArn"`
	OwnerId                         *string                             `xml:"ownerId"`
	PrivateDnsName                  *string                             `xml:"privateDnsName"`
	PrivateIpAddress                *string                             `xml:"privateIpAddress"`
	PrivateIpAddresses              []*NetworkInterfacePrivateIpAddress `xml:"privateIpAddressesSet>item"`
	Ipv4Prefixes                    []*Ipv4PrefixSpecification          `xml:"ipv4PrefixSet>item"`
	Ipv6Prefixes                    []*Ipv6PrefixSpecification          `xml:"ipv6PrefixSet>item"`
	RequesterId                     *string                             `xml:"requesterId"`
	RequesterManaged                *bool                               `xml:"requesterManaged"`
	SourceDestCheck                 *bool                               `xml:"sourceDestCheck"`
	Status                          *string                             `xml:"status"`
	SubnetId                        *string                             `xml:"subnetId"`
	TagSet                          []*Tag                              `xml:"tagSet>item"`
	VpcId                           *string                             `xml:"vpcId"`
	DenyAllIgwTraffic               *bool                               `xml:"denyAllIgwTraffic"`
	Ipv6Native                      *bool                               `xml:"ipv6Native"`
	Ipv6Address                     *string                             `xml:"ipv6Address"`
}

// NetworkInterfaceAssociation is the structure of that name in the model.
type NetworkInterfaceAssociation struct {
	AllocationId    *string `xml:"allocationId"`
	AssociationId   *string `xml:"associationId"`
	IpOwnerId       *string `xml:"ipOwnerId"`
	PublicDnsName   *string `xml:"publicDnsName"`
	PublicIp        *string `xml:"publicIp"`
	CustomerOwnedIp *string `xml:"customerOwnedIp"`
	CarrierIp       *string `xml:"carrierIp"`
}

// NetworkInterfaceAttachment is the structure of that name in the model.
type NetworkInterfaceAttachment struct {
	AttachTime          *time.Time                     `xml:"attachTime"`
	AttachmentId        *string                        `xml:"attachmentId"`
	DeleteOnTermination *bool                          `xml:"deleteOnTermination"`
	DeviceIndex         *int64                         `xml:"deviceIndex"`
	NetworkCardIndex    *int64                         `xml:"networkCardIndex"`
	InstanceId          *string                        `xml:"instanceId"`
	InstanceOwnerId     *string                        `xml:"instanceOwnerId"`
	Status              *string                        `xml:"status"`
	EnaSrdSpecification *AttachmentEnaSrdSpecification `xml:"enaSrdSpecification"`
}

// NetworkInterfaceAttachmentChanges is the structure of that name in the model.
type NetworkInterfaceAttachmentChanges struct {
	AttachmentId        *string
	DeleteOnTermination *bool
}

// NetworkInterfaceIpv6Address is the structure of that name in the model.
type NetworkInterfaceIpv6Address struct {
	Ipv6Address   *string `xml:"ipv6Address"`
	IsPrimaryIpv6 *bool   `xml:"isPrimaryIpv6"`
}

// NetworkInterfacePrivateIpAddress is the structure of that name in the model.
type NetworkInterfacePrivateIpAddress struct {
	Association      *NetworkInterfaceAssociation `xml:"association"`
	Primary          *bool                        `xml:"primary"`
	PrivateDnsName   *string                      `xml:"privateDnsName"`
	PrivateIpAddress *string                      `xml:"privateIpAddress"`
}

// NeuronDeviceCoreInfo is the structure of that name in the model.
type NeuronDeviceCoreInfo struct {
	Count   *int64 `xml:"count"`
	Version *int64 `xml:"version"`
}

// NeuronDeviceInfo is the structure of that name in the model.
type NeuronDeviceInfo struct {
	Count      *int64                  `xml:"count"`
	Name       *string                 `xml:"name"`
	CoreInfo   *NeuronDeviceCoreInfo   `xml:"coreInfo"`
	MemoryInfo *NeuronDeviceMemoryInfo `xml:"memoryInfo"`
}

// NeuronDeviceMemoryInfo is the structure of that name in the model.
type NeuronDeviceMemoryInfo struct {
	SizeInMiB *int64 `xml:"sizeInMiB"`
}

// NeuronInfo is the structure of that name in the model.
type NeuronInfo struct {
	NeuronDevices                []*NeuronDeviceInfo `xml:"neuronDevices>item"`
	TotalNeuronDeviceMemoryInMiB *int64              `xml:"totalNeuronDeviceMemoryInMiB"`
}

// NewDhcpConfiguration is the structure of that name in the model.
type NewDhcpConfiguration struct {
	Key    *string
	Values []string
}

// NitroTpmInfo is the structure of that name in the model.
type NitroTpmInfo struct {
	SupportedVersions []string `xml:"supportedVersions>item"`
}

// PathComponent is the structure of that name in the model.
type PathComponent struct {
	SequenceNumber                *int64                         `xml:"sequenceNumber"`
	AclRule                       *AnalysisAclRule               `xml:"aclRule"`
	AttachedTo                    *AnalysisComponent             `xml:"attachedTo"`
	Component                     *AnalysisComponent             `xml:"component"`
	DestinationVpc                *AnalysisComponent             `xml:"destinationVpc"`
	OutboundHeader                *AnalysisPacketHeader          `xml:"outboundHeader"`
	InboundHeader                 *AnalysisPacketHeader          `xml:"inboundHeader"`
	RouteTableRoute               *AnalysisRouteTableRoute       `xml:"routeTableRoute"`
	SecurityGroupRule             *AnalysisSecurityGroupRule     `xml:"securityGroupRule"`
	SourceVpc                     *AnalysisComponent             `xml:"sourceVpc"`
	Subnet                        *AnalysisComponent             `xml:"subnet"`
	Vpc                           *AnalysisComponent             `xml:"vpc"`
	AdditionalDetails             []*AdditionalDetail            `xml:"additionalDetailSet>item"`
	TransitGateway                *AnalysisComponent             `xml:"transitGateway"`
	TransitGatewayRouteTableRoute *TransitGatewayRouteTableRoute `xml:"transitGatewayRouteTableRoute"`
	Explanations                  []*Explanation                 `xml:"explanationSet>item"`
	ElasticLoadBalancerListener   *AnalysisComponent             `xml:"elasticLoadBalancerListener"`
	FirewallStatelessRule         *FirewallStatelessRule         `xml:"firewallStatelessRule"`
	FirewallStatefulRule          *FirewallStatefulRule          `xml:"firewallStatefulRule"`
	ServiceName                   *string                        `xml:"serviceName"`
}

// PathFilter is the structure of that name in the model.
type PathFilter struct {
	SourceAddress        *string          `xml:"sourceAddress"`
	SourcePortRange      *FilterPortRange `xml:"sourcePortRange"`
	DestinationAddress   *string          `xml:"destinationAddress"`
	DestinationPortRange *FilterPortRange `xml:"destinationPortRange"`
}

// PathRequestFilter is the structure of that name in the model.
type PathRequestFilter struct {
	SourceAddress        *string
	SourcePortRange      *RequestFilterPortRange
	DestinationAddress   *string
	DestinationPortRange *RequestFilterPortRange
}

// PeeringConnectionOptions is the structure of that name in the model.
type PeeringConnectionOptions struct {
	AllowDnsResolutionFromRemoteVpc            *bool `xml:"allowDnsResolutionFromRemoteVpc"`
	AllowEgressFromLocalClassicLinkToRemoteVpc *bool `xml:"allowEgressFromLocalClassicLinkToRemoteVpc"`
	AllowEgressFromLocalVpcToRemoteClassicLink *bool `xml:"allowEgressFromLocalVpcToRemoteClassicLink"`
}

// PeeringConnectionOptionsRequest is the structure of that name in the model.
type PeeringConnectionOptionsRequest struct {
	AllowDnsResolutionFromRemoteVpc            *bool
	AllowEgressFromLocalClassicLinkToRemoteVpc *bool
	AllowEgressFromLocalVpcToRemoteClassicLink *bool
}

// Placement is the structure of that name in the model.
type Placement struct {
	AvailabilityZone     *string `xml:"availabilityZone"`
	Affinity             *string `xml:"affinity"`
	GroupName            *string `xml:"groupName"`
	PartitionNumber      *int64  `xml:"partitionNumber"`
	HostId               *string `xml:"hostId"`
	Tenancy              *string `xml:"tenancy"`
	SpreadDomain         *string `xml:"spreadDomain"`
	HostResourceGroupArn *string `xml:"hostResourceGroupArn"`
	GroupId              *string `xml:"groupId"`
}

// PlacementGroup is the structure of that name in the model.
type PlacementGroup struct {
	GroupName      *string `xml:"groupName"`
	State          *string `xml:"state"`
	Strategy       *string `xml:"strategy"`
	PartitionCount *int64  `xml:"partitionCount"`
	GroupId        *string `xml:"groupId"`
	Tags           []*Tag  `xml:"tagSet>item"`
	GroupArn       *string `xml:"groupArn"`
	SpreadLevel    *string `xml:"spreadLevel"`
}

// PlacementGroupInfo is the structure of that name in the model.
type PlacementGroupInfo struct {
	SupportedStrategies []string `xml:"supportedStrategies>item"`
}

// PortRange is the structure of that name in the model.
type PortRange struct {
	From *int64 `xml:"from"`
	To   *int64 `xml:"to"`
}

// PrefixList is the structure of that name in the model.
type PrefixList struct {
	Cidrs          []string `xml:"cidrSet>item"`
	PrefixListId   *string  `xml:"prefixListId"`
	PrefixListName *string  `xml:"prefixListName"`
}

// PrefixListAssociation is the structure of that name in the model.
type PrefixListAssociation struct {
	ResourceId    *string `xml:"resourceId"`
	ResourceOwner *string `xml:"resourceOwner"`
}

// PrefixListEntry is the structure of that name in the model.
type PrefixListEntry struct {
	Cidr        *string `xml:"cidr"`
	Description *string `xml:"description"`
}

// PrefixListId is the structure of that name in the model.
type PrefixListId struct {
	Description  *string `xml:"description"`
	PrefixListId *string `xml:"prefixListId"`
}

// PrivateDnsNameOptionsOnLaunch is the structure of that name in the model.
type PrivateDnsNameOptionsOnLaunch struct {
	HostnameType                    *string `xml:"hostnameType"`
	EnableResourceNameDnsARecord    *bool   `xml:"enableResourceNameDnsARecord"`
	EnableResourceNameDnsAAAARecord *bool   `xml:"enableResourceNameDnsAAAARecord"`
}

// PrivateDnsNameOptionsRequest is the structure of that name in the model.
type PrivateDnsNameOptionsRequest struct {
	HostnameType                    *string
	EnableResourceNameDnsARecord    *bool
	EnableResourceNameDnsAAAARecord *bool
}

// PrivateDnsNameOptionsResponse is the structure of that name in the model.
type PrivateDnsNameOptionsResponse struct {
	HostnameType                    *string `xml:"hostnameType"`
	EnableResourceNameDnsARecord    *bool   `xml:"enableResourceNameDnsARecord"`
	EnableResourceNameDnsAAAARecord *bool   `xml:"enableResourceNameDnsAAAARecord"`
}

// PrivateIpAddressSpecification is the structure of that name in the model.
type PrivateIpAddressSpecification struct {
	Primary          *bool
	PrivateIpAddress *string
}

// ProcessorInfo is the structure of that name in the model.
type ProcessorInfo struct {
	SupportedArchitectures   []string `xml:"supportedArchitectures>item"`
	SustainedClockSpeedInGhz *float64 `xml:"sustainedClockSpeedInGhz"`
	SupportedFeatures        []string `xml:"supportedFeatures>item"`
	Manufacturer             *string  `xml:"manufacturer"`
}

// ProductCode is the structure of that name in the model.
type ProductCode struct {
	ProductCodeId   *string `xml:"productCode"`
	ProductCodeType *string `xml:"type"`
}

// PropagatingVgw is the structure of that name in the model.
type PropagatingVgw struct {
	GatewayId *string `xml:"gatewayId"`
}

// ProvisionedBandwidth is the structure of that name in the model.
type ProvisionedBandwidth struct {
	ProvisionTime *time.Time `xml:"provisionTime"`
	Provisioned   *string    `xml:"provisioned"`
	RequestTime   *time.Time `xml:"requestTime"`
	Requested     *string    `xml:"requested"`
	Status        *string    `xml:"status"`
}

// PtrUpdateStatus is the structure of that name in the model.
type PtrUpdateStatus struct {
	Value  *string `xml:"value"`
	Status *string `xml:"status"`
	Reason *string `xml:"reason"`
}

// RebootInstancesRequest is the structure of that name in the model.
type RebootInstancesRequest struct {
	InstanceIds []string
	DryRun      *bool
}

// ReferencedSecurityGroup is the structure of that name in the model.
type ReferencedSecurityGroup struct {
	GroupId                *string `xml:"groupId"`
	PeeringStatus          *string `xml:"peeringStatus"`
	UserId                 *string `xml:"userId"`
	VpcId                  *string `xml:"vpcId"`
	VpcPeeringConnectionId *string `xml:"vpcPeeringConnectionId"`
}

// Region is the structure of that name in the model.
type Region struct {
	Endpoint    *string `xml:"regionEndpoint"`
	RegionName  *string `xml:"regionName"`
	OptInStatus *string `xml:"optInStatus"`
}

// RejectVpcPeeringConnectionRequest is the structure of that name in the model.
type RejectVpcPeeringConnectionRequest struct {
	DryRun                 *bool
	VpcPeeringConnectionId *string
}

// RejectVpcPeeringConnectionResult is the structure of that name in the model.
type RejectVpcPeeringConnectionResult struct {
	Return *bool `xml:"return"`
}

// ReleaseAddressRequest is the structure of that name in the model.
type ReleaseAddressRequest struct {
	AllocationId       *string
	PublicIp           *string
	NetworkBorderGroup *string
	DryRun             *bool
}

// ReleaseHostsRequest is the structure of that name in the model.
type ReleaseHostsRequest struct {
	HostIds []string
}

// ReleaseHostsResult is the structure of that name in the model.
type ReleaseHostsResult struct {
	Successful   []string            `xml:"successful>item"`
	Unsuccessful []*UnsuccessfulItem `xml:"unsuccessful>item"`
}

// RemovePrefixListEntry is the structure of that name in the model.
type RemovePrefixListEntry struct {
	Cidr *string
}

// ReplaceNetworkAclAssociationRequest is the structure of that name in the model.
type ReplaceNetworkAclAssociationRequest struct {
	AssociationId *string
	DryRun        *bool
	NetworkAclId  *string
}

// ReplaceNetworkAclAssociationResult is the structure of that name in the model.
type ReplaceNetworkAclAssociationResult struct {
	NewAssociationId *string `xml:"newAssociationId"`
}

// ReplaceNetworkAclEntryRequest is the structure of that name in the model.
type ReplaceNetworkAclEntryRequest struct {
	CidrBlock     *string
	DryRun        *bool
	Egress        *bool
	IcmpTypeCode  *IcmpTypeCode
	Ipv6CidrBlock *string
	NetworkAclId  *string
	PortRange     *PortRange
	Protocol      *string
	RuleAction    *string
	RuleNumber    *int64
}

// ReplaceRouteRequest is the structure of that name in the model.
type ReplaceRouteRequest struct {
	DestinationCidrBlock        *string
	DestinationIpv6CidrBlock    *string
	DestinationPrefixListId     *string
	DryRun                      *bool
	VpcEndpointId               *string
	EgressOnlyInternetGatewayId *string
	GatewayId                   *string
	InstanceId                  *string
	LocalTarget                 *bool
	NatGatewayId                *string
	TransitGatewayId            *string
	LocalGatewayId              *string
	CarrierGatewayId            *string
	NetworkInterfaceId          *string
	RouteTableId                *string
	VpcPeeringConnectionId      *string
	CoreNetworkArn              *string
}

// ReplaceRouteTableAssociationRequest is the structure of that name in the model.
type ReplaceRouteTableAssociationRequest struct {
	AssociationId *string
	DryRun        *bool
	RouteTableId  *string
}

// ReplaceRouteTableAssociationResult is the structure of that name in the model.
type ReplaceRouteTableAssociationResult struct {
	NewAssociationId *string                     `xml:"newAssociationId"`
	AssociationState *RouteTableAssociationState `xml:"associationState"`
}

// RequestFilterPortRange is the structure of that name in the model.
type RequestFilterPortRange struct {
	FromPort *int64
	ToPort   *int64
}

// Reservation is the structure of that name in the model.
type Reservation struct {
	Groups        []*GroupIdentifier `xml:"groupSet>item"`
	Instances     []*Instance        `xml:"instancesSet>item"`
	OwnerId       *string            `xml:"ownerId"`
	RequesterId   *string            `xml:"requesterId"`
	ReservationId *string            `xml:"reservationId"`
}

// ResetAddressAttributeRequest is the structure of that name in the model.
type ResetAddressAttributeRequest struct {
	AllocationId *string
	Attribute    *string
	DryRun       *bool
}

// ResetAddressAttributeResult is the structure of that name in the model.
type ResetAddressAttributeResult struct {
	Address *AddressAttribute `xml:"address"`
}

// ResetInstanceAttributeRequest is the structure of that name in the model.
type ResetInstanceAttributeRequest struct {
	Attribute  *string
	DryRun     *bool
	InstanceId *string
}

// ResetNetworkInterfaceAttributeRequest is the structure of that name in the model.
type ResetNetworkInterfaceAttributeRequest struct {
	DryRun             *bool
	NetworkInterfaceId *string
	SourceDestCheck    *string
}

// RestoreManagedPrefixListVersionRequest is the structure of that name in the model.
type RestoreManagedPrefixListVersionRequest struct {
	DryRun          *bool
	PrefixListId    *string
	PreviousVersion *int64
	CurrentVersion  *int64
}

// RestoreManagedPrefixListVersionResult is the structure of that name in the model.
type RestoreManagedPrefixListVersionResult struct {
	PrefixList *ManagedPrefixList `xml:"prefixList"`
}

// RevokeSecurityGroupEgressRequest is the structure of that name in the model.
type RevokeSecurityGroupEgressRequest struct {
	DryRun                     *bool
	GroupId                    *string
	IpPermissions              []*IpPermission
	SecurityGroupRuleIds       []string
	CidrIp                     *string
	FromPort                   *int64
	IpProtocol                 *string
	ToPort                     *int64
	SourceSecurityGroupName    *string
	SourceSecurityGroupOwnerId *string
}

// RevokeSecurityGroupEgressResult is the structure of that name in the model.
type RevokeSecurityGroupEgressResult struct {
	Return               *bool           `xml:"return"`
	UnknownIpPermissions []*IpPermission `xml:"unknownIpPermissionSet>item"`
}

// RevokeSecurityGroupIngressRequest is the structure of that name in the model.
type RevokeSecurityGroupIngressRequest struct {
	CidrIp                     *string
	FromPort                   *int64
	GroupId                    *string
	GroupName                  *string
	IpPermissions              []*IpPermission
	IpProtocol                 *string
	SourceSecurityGroupName    *string
	SourceSecurityGroupOwnerId *string
	ToPort                     *int64
	DryRun                     *bool
	SecurityGroupRuleIds       []string
}

// RevokeSecurityGroupIngressResult is the structure of that name in the model.
type RevokeSecurityGroupIngressResult struct {
	Return               *bool           `xml:"return"`
	UnknownIpPermissions []*IpPermission `xml:"unknownIpPermissionSet>item"`
}

// Route is the structure of that name in the model.
type Route struct {
	DestinationCidrBlock        *string `xml:"destinationCidrBlock"`
	DestinationIpv6CidrBlock    *string `xml:"destinationIpv6CidrBlock"`
	DestinationPrefixListId     *string `xml:"destinationPrefixListId"`
	EgressOnlyInternetGatewayId *string `xml:"egressOnlyInternetGatewayId"`
	GatewayId                   *string `xml:"gatewayId"`
	InstanceId                  *string `xml:"instanceId"`
	InstanceOwnerId             *string `xml:"instanceOwnerId"`
	NatGatewayId                *string `xml:"natGatewayId"`
	TransitGatewayId            *string `xml:"transitGatewayId"`
	LocalGatewayId              *string `xml:"localGatewayId"`
	CarrierGatewayId            *string `xml:"carrierGatewayId"`
	NetworkInterfaceId          *string `xml:"networkInterfaceId"`
	Origin                      *string `xml:"origin"`
	State                       *string `xml:"state"`
	VpcPeeringConnectionId      *string `xml:"vpcPeeringConnectionId"`
	CoreNetworkArn              *string `xml:"coreNetworkArn"`
}

// RouteTable is the structure of that name in the model.
type RouteTable struct {
	Associations    []*RouteTableAssociation `xml:"associationSet>item"`
	PropagatingVgws []*PropagatingVgw        `xml:"propagatingVgwSet>item"`
	RouteTableId    *string                  `xml:"routeTableId"`
	Routes          []*Route                 `xml:"routeSet>item"`
	Tags            []*Tag                   `xml:"tagSet>item"`
	VpcId           *string                  `xml:"vpcId"`
	OwnerId         *string                  `xml:"ownerId"`
}

// RouteTableAssociation is the structure of that name in the model.
type RouteTableAssociation struct {
	Main                    *bool                       `xml:"main"`
	RouteTableAssociationId *string                     `xml:"routeTableAssociationId"`
	RouteTableId            *string                     `xml:"routeTableId"`
	SubnetId                *string                     `xml:"subnetId"`
	GatewayId               *string                     `xml:"gatewayId"`
	AssociationState        *RouteTableAssociationState `xml:"associationState"`
}

// RouteTableAssociationState is the structure of that name in the model.
type RouteTableAssociationState struct {
	State         *string `xml:"state"`
	StatusMessage *string `xml:"statusMessage"`
}

// RuleGroupRuleOptionsPair is the structure of that name in the model.
type RuleGroupRuleOptionsPair struct {
	RuleGroupArn *string       `xml:"ruleGroupArn"`
	RuleOptions  []*RuleOption `xml:"ruleOptionSet>item"`
}

// RuleGroupTypePair is the structure of that name in the model.
type RuleGroupTypePair struct {
	RuleGroupArn  *string `xml:"ruleGroupArn"`
	RuleGroupType *string `xml:"ruleGroupType"`
}

// RuleOption is the structure of that name in the model.
type RuleOption struct {
	Keyword  *string  `xml:"keyword"`
	Settings []string `xml:"settingSet>item"`
}

// RunInstancesMonitoringEnabled is the structure of that name in the model.
type RunInstancesMonitoringEnabled struct {
	Enabled *bool
}

// RunInstancesRequest is the structure of that name in the model.
type RunInstancesRequest struct {
	BlockDeviceMappings               []*BlockDeviceMapping
	ImageId                           *string
	InstanceType                      *string
	Ipv6AddressCount                  *int64
	Ipv6Addresses                     []*InstanceIpv6Address
	KernelId                          *string
	KeyName                           *string
	MaxCount                          *int64
	MinCount                          *int64
	Monitoring                        *RunInstancesMonitoringEnabled
	Placement                         *Placement
	RamdiskId                         *string
	SecurityGroupIds                  []string
	SecurityGroups                    []string
	SubnetId                          *string
	UserData                          *string
	AdditionalInfo                    *string
	ClientToken                       *string
	DisableApiTermination             *bool
	DryRun                            *bool
	EbsOptimized                      *bool
	IamInstanceProfile                *IamInstanceProfileSpecification
	InstanceInitiatedShutdownBehavior *string
	NetworkInterfaces                 []*InstanceNetworkInterfaceSpecification
	PrivateIpAddress                  *string
	ElasticGpuSpecification           []*ElasticGpuSpecification
	ElasticInferenceAccelerators      []*ElasticInferenceAccelerator
	TagSpecifications                 []*TagSpecification
	LaunchTemplate                    *LaunchTemplateSpecification
	InstanceMarketOptions             *InstanceMarketOptionsRequest
	CreditSpecification               *CreditSpecificationRequest
	CpuOptions                        *CpuOptionsRequest
	CapacityReservationSpecification  *CapacityReservationSpecification
	HibernationOptions                *HibernationOptionsRequest
	LicenseSpecifications             []*LicenseConfigurationRequest
	MetadataOptions                   *InstanceMetadataOptionsRequest
	EnclaveOptions                    *EnclaveOptionsRequest
	PrivateDnsNameOptions             *PrivateDnsNameOptionsRequest
	MaintenanceOptions                *InstanceMaintenanceOptionsRequest
	DisableApiStop                    *bool
	EnablePrimaryIpv6                 *bool
}

// SecurityGroup is the structure of that name in the model.
type SecurityGroup struct {
	Description         *string         `xml:"groupDescription"`
	GroupName           *string         `xml:"groupName"`
	IpPermissions       []*IpPermission `xml:"ipPermissions>item"`
	OwnerId             *string         `xml:"ownerId"`
	GroupId             *string         `xml:"groupId"`
	IpPermissionsEgress []*IpPermission `xml:"ipPermissionsEgress>item"`
	Tags                []*Tag          `xml:"tagSet>item"`
	VpcId               *string         `xml:"vpcId"`
}

// SecurityGroupForVpc is the structure of that name in the model.
type SecurityGroupForVpc struct {
	Description  *string `xml:"description"`
	GroupName    *string `xml:"groupName"`
	OwnerId      *string `xml:"ownerId"`
	GroupId      *string `xml:"groupId"`
	Tags         []*Tag  `xml:"tagSet>item"`
	PrimaryVpcId *string `xml:"primaryVpcId"`
}

// SecurityGroupReference is the structure of that name in the model.
type SecurityGroupReference struct {
	GroupId                *string `xml:"groupId"`
	ReferencingVpcId       *string `xml:"referencingVpcId"`
	VpcPeeringConnectionId *string `xml:"vpcPeeringConnectionId"`
	TransitGatewayId       *string `xml:"transitGatewayId"`
}

// SecurityGroupRule is the structure of that name in the model.
type SecurityGroupRule struct {
	SecurityGroupRuleId *string                  `xml:"securityGroupRuleId"`
	GroupId             *string                  `xml:"groupId"`
	GroupOwnerId        *string                  `xml:"groupOwnerId"`
	IsEgress            *bool                    `xml:"isEgress"`
	IpProtocol          *string                  `xml:"ipProtocol"`
	FromPort            *int64                   `xml:"fromPort"`
	ToPort              *int64                   `xml:"toPort"`
	CidrIpv4            *string                  `xml:"cidrIpv4"`
	CidrIpv6            *string                  `xml:"cidrIpv6"`
	PrefixListId        *string                  `xml:"prefixListId"`
	ReferencedGroupInfo *ReferencedSecurityGroup `xml:"referencedGroupInfo"`
	Description         *string                  `xml:"description"`
	Tags                []*Tag                   `xml:"tagSet>item"`
}

// SecurityGroupRuleDescription is the structure of that name in the model.
type SecurityGroupRuleDescription struct {
	SecurityGroupRuleId *string
	Description         *string
}

// SecurityGroupRuleRequest is the structure of that name in the model.
type SecurityGroupRuleRequest struct {
	IpProtocol        *string
	FromPort          *int64
	ToPort            *int64
	CidrIpv4          *string
	CidrIpv6          *string
	PrefixListId      *string
	ReferencedGroupId *string
	Description       *string
}

// SecurityGroupRuleUpdate is the structure of that name in the model.
type SecurityGroupRuleUpdate struct {
	SecurityGroupRuleId *string
	SecurityGroupRule   *SecurityGroupRuleRequest
}

// SpotMarketOptions is the structure of that name in the model.
type SpotMarketOptions struct {
	MaxPrice                     *string
	SpotInstanceType             *string
	BlockDurationMinutes         *int64
	ValidUntil                   *time.Time
	InstanceInterruptionBehavior *string
}

// StaleIpPermission is the structure of that name in the model.
type StaleIpPermission struct {
	FromPort         *int64             `xml:"fromPort"`
	IpProtocol       *string            `xml:"ipProtocol"`
	IpRanges         []string           `xml:"ipRanges>item"`
	PrefixListIds    []string           `xml:"prefixListIds>item"`
	ToPort           *int64             `xml:"toPort"`
	UserIdGroupPairs []*UserIdGroupPair `xml:"groups>item"`
}

// StaleSecurityGroup is the structure of that name in the model.
type StaleSecurityGroup struct {
	Description              *string              `xml:"description"`
	GroupId                  *string              `xml:"groupId"`
	GroupName                *string              `xml:"groupName"`
	StaleIpPermissions       []*StaleIpPermission `xml:"staleIpPermissions>item"`
	StaleIpPermissionsEgress []*StaleIpPermission `xml:"staleIpPermissionsEgress>item"`
	VpcId                    *string              `xml:"vpcId"`
}

// StartInstancesRequest is the structure of that name in the model.
type StartInstancesRequest struct {
	InstanceIds    []string
	AdditionalInfo *string
	DryRun         *bool
}

// StartInstancesResult is the structure of that name in the model.
type StartInstancesResult struct {
	StartingInstances []*InstanceStateChange `xml:"instancesSet>item"`
}

// StartNetworkInsightsAnalysisRequest is the structure of that name in the model.
type StartNetworkInsightsAnalysisRequest struct {
	NetworkInsightsPathId *string
	AdditionalAccounts    []string
	FilterInArns          []string
	DryRun                *bool
	TagSpecifications     []*TagSpecification
	ClientToken           *string
}

// StartNetworkInsightsAnalysisResult is the structure of that name in the model.
type StartNetworkInsightsAnalysisResult struct {
	NetworkInsightsAnalysis *NetworkInsightsAnalysis `xml:"networkInsightsAnalysis"`
}

// StateReason is the structure of that name in the model.
type StateReason struct {
	Code    *string `xml:"code"`
	Message *string `xml:"message"`
}

// StopInstancesRequest is the structure of that name in the model.
type StopInstancesRequest struct {
	InstanceIds []string
	Hibernate   *bool
	DryRun      *bool
	Force       *bool
}

// StopInstancesResult is the structure of that name in the model.
type StopInstancesResult struct {
	StoppingInstances []*InstanceStateChange `xml:"instancesSet>item"`
}

// Subnet is the structure of that name in the model.
type Subnet struct {
	AvailabilityZone              *string                           `xml:"availabilityZone"`
	AvailabilityZoneId            *string                           `xml:"availabilityZoneId"`
	AvailableIpAddressCount       *int64                            `xml:"availableIpAddressCount"`
	CidrBlock                     *string                           `xml:"cidrBlock"`
	DefaultForAz                  *bool                             `xml:"defaultForAz"`
	EnableLniAtDeviceIndex        *int64                            `xml:"enableLniAtDeviceIndex"`
	MapPublicIpOnLaunch           *bool                             `xml:"mapPublicIpOnLaunch"`
	MapCustomerOwnedIpOnLaunch    *bool                             `xml:"mapCustomerOwnedIpOnLaunch"`
	CustomerOwnedIpv4Pool         *string                           `xml:"customerOwnedIpv4Pool"`
	State                         *string                           `xml:"state"`
	SubnetId                      *string                           `xml:"subnetId"`
	VpcId                         *string                           `xml:"vpcId"`
	OwnerId                       *string                           `xml:"ownerId"`
	AssignIpv6AddressOnCreation   *bool                             `xml:"assignIpv6AddressOnCreation"`
	Ipv6CidrBlockAssociationSet   []*SubnetIpv6CidrBlockAssociation `xml:"ipv6CidrBlockAssociationSet>item"`
	Tags                          []*Tag                            `xml:"tagSet>item"`
	SubnetArn                     *string                           `xml:"subnetArn"`
	OutpostArn                    *string                           `xml:"outpostArn"`
	EnableDns64                   *bool                             `xml:"enableDns64"`
	Ipv6Native                    *bool                             `xml:"ipv6Native"`
	PrivateDnsNameOptionsOnLaunch *PrivateDnsNameOptionsOnLaunch    `xml:"privateDnsNameOptionsOnLaunch"`
}

// SubnetCidrBlockState is the structure of that name in the model.
type SubnetCidrBlockState struct {
	State         *string `xml:"state"`
	StatusMessage *string `xml:"statusMessage"`
}

// SubnetIpv6CidrBlockAssociation is the structure of that name in the model.
type SubnetIpv6CidrBlockAssociation struct {
	AssociationId      *string               `xml:"associationId"`
	Ipv6CidrBlock      *string               `xml:"ipv6CidrBlock"`
	Ipv6CidrBlockState *SubnetCidrBlockState `xml:"ipv6CidrBlockState"`
}

// Tag is the structure of that name in the model.
type Tag struct {
	Key   *string `xml:"key"`
	Value *string `xml:"value"`
}

// TagDescription is the structure of that name in the model.
type TagDescription struct {
	Key          *string `xml:"key"`
	ResourceId   *string `xml:"resourceId"`
	ResourceType *string `xml:"resourceType"`
	Value        *string `xml:"value"`
}

// TagSpecification is the structure of that name in the model.
type TagSpecification struct {
	ResourceType *string
	Tags         []*Tag
}

// TerminateInstancesRequest is the structure of that name in the model.
type TerminateInstancesRequest struct {
	InstanceIds []string
	DryRun      *bool
}

// TerminateInstancesResult is the structure of that name in the model.
type TerminateInstancesResult struct {
	TerminatingInstances []*InstanceStateChange `xml:"instancesSet>item"`
}

// TransitGatewayRouteTableRoute is the structure of that name in the model.
type TransitGatewayRouteTableRoute struct {
	DestinationCidr *string `xml:"destinationCidr"`
	State           *string `xml:"state"`
	RouteOrigin     *string `xml:"routeOrigin"`
	PrefixListId    *string `xml:"prefixListId"`
	AttachmentId    *string `xml:"attachmentId"`
	ResourceId      *string `xml:"resourceId"`
	ResourceType    *string `xml:"resourceType"`
}

// UnassignPrivateIpAddressesRequest is the structure of that name in the model.
type UnassignPrivateIpAddressesRequest struct {
	NetworkInterfaceId *string
	PrivateIpAddresses []string
	Ipv4Prefixes       []string
}

// UnsuccessfulItem is the structure of that name in the model.
type UnsuccessfulItem struct {
	Error      *UnsuccessfulItemError `xml:"error"`
	ResourceId *string                `xml:"resourceId"`
}

// UnsuccessfulItemError is the structure of that name in the model.
type UnsuccessfulItemError struct {
	Code    *string `xml:"code"`
	Message *string `xml:"message"`
}

// UpdateSecurityGroupRuleDescriptionsEgressRequest is the structure of that name in the model.
type UpdateSecurityGroupRuleDescriptionsEgressRequest struct {
	DryRun                        *bool
	GroupId                       *string
	GroupName                     *string
	IpPermissions                 []*IpPermission
	SecurityGroupRuleDescriptions []*SecurityGroupRuleDescription
}

// UpdateSecurityGroupRuleDescriptionsEgressResult is the structure of that name in the model.
type UpdateSecurityGroupRuleDescriptionsEgressResult struct {
	Return *bool `xml:"return"`
}

// UpdateSecurityGroupRuleDescriptionsIngressRequest is the structure of that name in the model.
type UpdateSecurityGroupRuleDescriptionsIngressRequest struct {
	DryRun                        *bool
	GroupId                       *string
	GroupName                     *string
	IpPermissions                 []*IpPermission
	SecurityGroupRuleDescriptions []*SecurityGroupRuleDescription
}

// UpdateSecurityGroupRuleDescriptionsIngressResult is the structure of that name in the model.
type UpdateSecurityGroupRuleDescriptionsIngressResult struct {
	Return *bool `xml:"return"`
}

// UserIdGroupPair is the structure of that name in the model.
type UserIdGroupPair struct {
	Description            *string `xml:"description"`
	GroupId                *string `xml:"groupId"`
	GroupName              *string `xml:"groupName"`
	PeeringStatus          *string `xml:"peeringStatus"`
	UserId                 *string `xml:"userId"`
	VpcId                  *string `xml:"vpcId"`
	VpcPeeringConnectionId *string `xml:"vpcPeeringConnectionId"`
}

// VCpuInfo is the structure of that name in the model.
type VCpuInfo struct {
	DefaultVCpus          *int64  `xml:"defaultVCpus"`
	DefaultCores          *int64  `xml:"defaultCores"`
	DefaultThreadsPerCore *int64  `xml:"defaultThreadsPerCore"`
	ValidCores            []int64 `xml:"validCores>item"`
	ValidThreadsPerCore   []int64 `xml:"validThreadsPerCore>item"`
}

// Volume is the structure of that name in the model.
type Volume struct {
	Attachments        []*VolumeAttachment `xml:"attachmentSet>item"`
	AvailabilityZone   *string             `xml:"availabilityZone"`
	CreateTime         *time.Time          `xml:"createTime"`
	Encrypted          *bool               `xml:"encrypted"`
	KmsKeyId           *string             `xml:"kmsKeyId"`
	OutpostArn         *string             `xml:"outpostArn"`
	Size               *int64              `xml:"size"`
	SnapshotId         *string             `xml:"snapshotId"`
	State              *string             `xml:"status"`
	VolumeId           *string             `xml:"volumeId"`
	Iops               *int64              `xml:"iops"`
	Tags               []*Tag              `xml:"tagSet>item"`
	VolumeType         *string             `xml:"volumeType"`
	FastRestored       *bool               `xml:"fastRestored"`
	MultiAttachEnabled *bool               `xml:"multiAttachEnabled"`
	Throughput         *int64              `xml:"throughput"`
	SseType            *string             `xml:"sseType"`
}

// VolumeAttachment is the structure of that name in the model.
type VolumeAttachment struct {
	AttachTime            *time.Time `xml:"attachTime"`
	Device                *string    `xml:"device"`
	InstanceId            *string    `xml:"instanceId"`
	State                 *string    `xml:"status"`
	VolumeId              *string    `xml:"volumeId"`
	DeleteOnTermination   *bool      `xml:"deleteOnTermination"`
	AssociatedResource    *string    `xml:"associatedResource"`
	InstanceOwningService *string    `xml:"instanceOwningService"`
}

// Vpc is the structure of that name in the model.
type Vpc struct {
	CidrBlock                   *string                        `xml:"cidrBlock"`
	DhcpOptionsId               *string                        `xml:"dhcpOptionsId"`
	State                       *string                        `xml:"state"`
	VpcId                       *string                        `xml:"vpcId"`
	OwnerId                     *string                        `xml:"ownerId"`
	InstanceTenancy             *string                        `xml:"instanceTenancy"`
	Ipv6CidrBlockAssociationSet []*VpcIpv6CidrBlockAssociation `xml:"ipv6CidrBlockAssociationSet>item"`
	CidrBlockAssociationSet     []*VpcCidrBlockAssociation     `xml:"cidrBlockAssociationSet>item"`
	IsDefault                   *bool                          `xml:"isDefault"`
	Tags                        []*Tag                         `xml:"tagSet>item"`
}

// VpcCidrBlockAssociation is the structure of that name in the model.
type VpcCidrBlockAssociation struct {
	AssociationId  *string            `xml:"associationId"`
	CidrBlock      *string            `xml:"cidrBlock"`
	CidrBlockState *VpcCidrBlockState `xml:"cidrBlockState"`
}

// VpcCidrBlockState is the structure of that name in the model.
type VpcCidrBlockState struct {
	State         *string `xml:"state"`
	StatusMessage *string `xml:"statusMessage"`
}

// VpcIpv6CidrBlockAssociation is the structure of that name in the model.
type VpcIpv6CidrBlockAssociation struct {
	AssociationId      *string            `xml:"associationId"`
	Ipv6CidrBlock      *string            `xml:"ipv6CidrBlock"`
	Ipv6CidrBlockState *VpcCidrBlockState `xml:"ipv6CidrBlockState"`
	NetworkBorderGroup *string            `xml:"networkBorderGroup"`
	Ipv6Pool           *string            `xml:"ipv6Pool"`
}

// VpcPeeringConnection is the structure of that name in the model.
type VpcPeeringConnection struct {
	AccepterVpcInfo        *VpcPeeringConnectionVpcInfo     `xml:"accepterVpcInfo"`
	ExpirationTime         *time.Time                       `xml:"expirationTime"`
	RequesterVpcInfo       *VpcPeeringConnectionVpcInfo     `xml:"requesterVpcInfo"`
	Status                 *VpcPeeringConnectionStateReason `xml:"status"`
	Tags                   []*Tag                           `xml:"tagSet>item"`
	VpcPeeringConnectionId *string                          `xml:"vpcPeeringConnectionId"`
}

// VpcPeeringConnectionOptionsDescription is the structure of that name in the model.
type VpcPeeringConnectionOptionsDescription struct {
	AllowDnsResolutionFromRemoteVpc            *bool `xml:"allowDnsResolutionFromRemoteVpc"`
	AllowEgressFromLocalClassicLinkToRemoteVpc *bool `xml:"allowEgressFromLocalClassicLinkToRemoteVpc"`
	AllowEgressFromLocalVpcToRemoteClassicLink *bool `xml:"allowEgressFromLocalVpcToRemoteClassicLink"`
}

// VpcPeeringConnectionStateReason is the structure of that name in the model.
type VpcPeeringConnectionStateReason struct {
	Code    *string `xml:"code"`
	Message *string `xml:"message"`
}

// VpcPeeringConnectionVpcInfo is the structure of that name in the model.
type VpcPeeringConnectionVpcInfo struct {
	CidrBlock        *string                                 `xml:"cidrBlock"`
	Ipv6CidrBlockSet []*Ipv6CidrBlock                        `xml:"ipv6CidrBlockSet>item"`
	CidrBlockSet     []*CidrBlock                            `xml:"cidrBlockSet>item"`
	OwnerId          *string                                 `xml:"ownerId"`
	PeeringOptions   *VpcPeeringConnectionOptionsDescription `xml:"peeringOptions"`
	VpcId            *string                                 `xml:"vpcId"`
	Region           *string                                 `xml:"region"`
}

// AssociateDhcpOptionsResult is the answer to AssociateDhcpOptions, which says no more than that it succeeded.
type AssociateDhcpOptionsResult struct{}

// AttachInternetGatewayResult is the answer to AttachInternetGateway, which says no more than that it succeeded.
type AttachInternetGatewayResult struct{}

// CreateNetworkAclEntryResult is the answer to CreateNetworkAclEntry, which says no more than that it succeeded.
type CreateNetworkAclEntryResult struct{}

// CreateTagsResult is the answer to CreateTags, which says no more than that it succeeded.
type CreateTagsResult struct{}

// DeleteDhcpOptionsResult is the answer to DeleteDhcpOptions, which says no more than that it succeeded.
type DeleteDhcpOptionsResult struct{}

// DeleteInternetGatewayResult is the answer to DeleteInternetGateway, which says no more than that it succeeded.
type DeleteInternetGatewayResult struct{}

// DeleteNetworkAclResult is the answer to DeleteNetworkAcl, which says no more than that it succeeded.
type DeleteNetworkAclResult struct{}

// DeleteNetworkAclEntryResult is the answer to DeleteNetworkAclEntry, which says no more than that it succeeded.
type DeleteNetworkAclEntryResult struct{}

// DeleteNetworkInterfaceResult is the answer to DeleteNetworkInterface, which says no more than that it succeeded.
type DeleteNetworkInterfaceResult struct{}

// DeletePlacementGroupResult is the answer to DeletePlacementGroup, which says no more than that it succeeded.
type DeletePlacementGroupResult struct{}

// DeleteRouteResult is the answer to DeleteRoute, which says no more than that it succeeded.
type DeleteRouteResult struct{}

// DeleteRouteTableResult is the answer to DeleteRouteTable, which says no more than that it succeeded.
type DeleteRouteTableResult struct{}

// DeleteSecurityGroupResult is the answer to DeleteSecurityGroup, which says no more than that it succeeded.
type DeleteSecurityGroupResult struct{}

// DeleteSubnetResult is the answer to DeleteSubnet, which says no more than that it succeeded.
type DeleteSubnetResult struct{}

// DeleteTagsResult is the answer to DeleteTags, which says no more than that it succeeded.
type DeleteTagsResult struct{}

// DeleteVpcResult is the answer to DeleteVpc, which says no more than that it succeeded.
type DeleteVpcResult struct{}

// DeregisterImageResult is the answer to DeregisterImage, which says no more than that it succeeded.
type DeregisterImageResult struct{}

// DetachInternetGatewayResult is the answer to DetachInternetGateway, which says no more than that it succeeded.
type DetachInternetGatewayResult struct{}

// DetachNetworkInterfaceResult is the answer to DetachNetworkInterface, which says no more than that it succeeded.
type DetachNetworkInterfaceResult struct{}

// DisassociateAddressResult is the answer to DisassociateAddress, which says no more than that it succeeded.
type DisassociateAddressResult struct{}

// DisassociateRouteTableResult is the answer to DisassociateRouteTable, which says no more than that it succeeded.
type DisassociateRouteTableResult struct{}

// ModifyImageAttributeResult is the answer to ModifyImageAttribute, which says no more than that it succeeded.
type ModifyImageAttributeResult struct{}

// ModifyInstanceAttributeResult is the answer to ModifyInstanceAttribute, which says no more than that it succeeded.
type ModifyInstanceAttributeResult struct{}

// ModifyNetworkInterfaceAttributeResult is the answer to ModifyNetworkInterfaceAttribute, which says no more than that it succeeded.
type ModifyNetworkInterfaceAttributeResult struct{}

// ModifySubnetAttributeResult is the answer to ModifySubnetAttribute, which says no more than that it succeeded.
type ModifySubnetAttributeResult struct{}

// ModifyVpcAttributeResult is the answer to ModifyVpcAttribute, which says no more than that it succeeded.
type ModifyVpcAttributeResult struct{}

// RebootInstancesResult is the answer to RebootInstances, which says no more than that it succeeded.
type RebootInstancesResult struct{}

// ReleaseAddressResult is the answer to ReleaseAddress, which says no more than that it succeeded.
type ReleaseAddressResult struct{}

// ReplaceNetworkAclEntryResult is the answer to ReplaceNetworkAclEntry, which says no more than that it succeeded.
type ReplaceNetworkAclEntryResult struct{}

// ReplaceRouteResult is the answer to ReplaceRoute, which says no more than that it succeeded.
type ReplaceRouteResult struct{}

// ResetInstanceAttributeResult is the answer to ResetInstanceAttribute, which says no more than that it succeeded.
type ResetInstanceAttributeResult struct{}

// ResetNetworkInterfaceAttributeResult is the answer to ResetNetworkInterfaceAttribute, which says no more than that it succeeded.
type ResetNetworkInterfaceAttributeResult struct{}

// UnassignPrivateIpAddressesResult is the answer to UnassignPrivateIpAddresses, which says no more than that it succeeded.
type UnassignPrivateIpAddressesResult struct{}

// The values of AccountAttributeName.
const (
	AccountAttributeNameSupportedPlatforms = "supported-platforms"
	AccountAttributeNameDefaultVpc         = "default-vpc"
)

// The values of AddressAttributeName.
const (
	AddressAttributeNameDomainName = "domain-name"
)

// The values of Affinity.
const (
	AffinityDefault = "default"
	AffinityHost    = "host"
)

// The values of AllocationState.
const (
	AllocationStateAvailable                = "available"
	AllocationStateUnderAssessment          = "under-assessment"
	AllocationStatePermanentFailure         = "permanent-failure"
	AllocationStateReleased                 = "released"
	AllocationStateReleasedPermanentFailure = "released-permanent-failure"
	AllocationStatePending                  = "pending"
)

// The values of AllocationType.
const (
	AllocationTypeUsed = "used"
)

// The values of AllowsMultipleInstanceTypes.
const (
	AllowsMultipleInstanceTypesOn  = "on"
	AllowsMultipleInstanceTypesOff = "off"
)

// The values of AmdSevSnpSpecification.
const (
	AmdSevSnpSpecificationEnabled  = "enabled"
	AmdSevSnpSpecificationDisabled = "disabled"
)

// The values of AnalysisStatus.
const (
	AnalysisStatusRunning   = "running"
	AnalysisStatusSucceeded = "succeeded"
	AnalysisStatusFailed    = "failed"
)

// The values of ArchitectureType.
const (
	ArchitectureTypeI386     = "i386"
	ArchitectureTypeX8664    = "x86_64"
	ArchitectureTypeArm64    = "arm64"
	ArchitectureTypeX8664Mac = "x86_64_mac"
	ArchitectureTypeArm64Mac = "arm64_mac"
)

// The values of ArchitectureValues.
const (
	ArchitectureValuesI386     = "i386"
	ArchitectureValuesX8664    = "x86_64"
	ArchitectureValuesArm64    = "arm64"
	ArchitectureValuesX8664Mac = "x86_64_mac"
	ArchitectureValuesArm64Mac = "arm64_mac"
)

// The values of AttachmentStatus.
const (
	AttachmentStatusAttaching = "attaching"
	AttachmentStatusAttached  = "attached"
	AttachmentStatusDetaching = "detaching"
	AttachmentStatusDetached  = "detached"
)

// The values of AutoPlacement.
const (
	AutoPlacementOn  = "on"
	AutoPlacementOff = "off"
)

// The values of AvailabilityZoneOptInStatus.
const (
	AvailabilityZoneOptInStatusOptInNotRequired = "opt-in-not-required"
	AvailabilityZoneOptInStatusOptedIn          = "opted-in"
	AvailabilityZoneOptInStatusNotOptedIn       = "not-opted-in"
)

// The values of AvailabilityZoneState.
const (
	AvailabilityZoneStateAvailable   = "available"
	AvailabilityZoneStateInformation = "information"
	AvailabilityZoneStateImpaired    = "impaired"
	AvailabilityZoneStateUnavailable = "unavailable"
	AvailabilityZoneStateConstrained = "constrained"
)

// The values of BootModeType.
const (
	BootModeTypeLegacyBios = "legacy-bios"
	BootModeTypeUefi       = "uefi"
)

// The values of BootModeValues.
const (
	BootModeValuesLegacyBios    = "legacy-bios"
	BootModeValuesUefi          = "uefi"
	BootModeValuesUefiPreferred = "uefi-preferred"
)

// The values of CapacityReservationInstancePlatform.
const (
	CapacityReservationInstancePlatformLinuxUNIX                        = "Linux/UNIX"
	CapacityReservationInstancePlatformRedHatEnterpriseLinux            = "Red Hat Enterprise Linux"
	CapacityReservationInstancePlatformSUSELinux                        = "SUSE Linux"
	CapacityReservationInstancePlatformWindows                          = "Windows"
	CapacityReservationInstancePlatformWindowsWithSQLServer             = "Windows with SQL Server"
	CapacityReservationInstancePlatformWindowsWithSQLServerEnterprise   = "Windows with SQL Server Enterprise"
	CapacityReservationInstancePlatformWindowsWithSQLServerStandard     = "Windows with SQL Server Standard"
	CapacityReservationInstancePlatformWindowsWithSQLServerWeb          = "Windows with SQL Server Web"
	CapacityReservationInstancePlatformLinuxWithSQLServerStandard       = "Linux with SQL Server Standard"
	CapacityReservationInstancePlatformLinuxWithSQLServerWeb            = "Linux with SQL Server Web"
	CapacityReservationInstancePlatformLinuxWithSQLServerEnterprise     = "Linux with SQL Server Enterprise"
	CapacityReservationInstancePlatformRHELWithSQLServerStandard        = "RHEL with SQL Server Standard"
	CapacityReservationInstancePlatformRHELWithSQLServerEnterprise      = "RHEL with SQL Server Enterprise"
	CapacityReservationInstancePlatformRHELWithSQLServerWeb             = "RHEL with SQL Server Web"
	CapacityReservationInstancePlatformRHELWithHA                       = "RHEL with HA"
	CapacityReservationInstancePlatformRHELWithHAAndSQLServerStandard   = "RHEL with HA and SQL Server Standard"
	CapacityReservationInstancePlatformRHELWithHAAndSQLServerEnterprise = "RHEL with HA and SQL Server Enterprise"
	CapacityReservationInstancePlatformUbuntuPro                        = "Ubuntu Pro"
)

// The values of CapacityReservationPreference.
const (
	CapacityReservationPreferenceOpen = "open"
	CapacityReservationPreferenceNone = "none"
)

// The values of CapacityReservationState.
const (
	CapacityReservationStateActive         = "active"
	CapacityReservationStateExpired        = "expired"
	CapacityReservationStateCancelled      = "cancelled"
	CapacityReservationStatePending        = "pending"
	CapacityReservationStateFailed         = "failed"
	CapacityReservationStateScheduled      = "scheduled"
	CapacityReservationStatePaymentPending = "payment-pending"
	CapacityReservationStatePaymentFailed  = "payment-failed"
)

// The values of CapacityReservationTenancy.
const (
	CapacityReservationTenancyDefault   = "default"
	CapacityReservationTenancyDedicated = "dedicated"
)

// The values of CapacityReservationType.
const (
	CapacityReservationTypeDefault       = "default"
	CapacityReservationTypeCapacityBlock = "capacity-block"
)

// The values of ConnectivityType.
const (
	ConnectivityTypePrivate = "private"
	ConnectivityTypePublic  = "public"
)

// The values of DestinationFileFormat.
const (
	DestinationFileFormatPlainText = "plain-text"
	DestinationFileFormatParquet   = "parquet"
)

// The values of DeviceType.
const (
	DeviceTypeEbs           = "ebs"
	DeviceTypeInstanceStore = "instance-store"
)

// The values of DiskType.
const (
	DiskTypeHdd = "hdd"
	DiskTypeSsd = "ssd"
)

// The values of DomainType.
const (
	DomainTypeVpc      = "vpc"
	DomainTypeStandard = "standard"
)

// The values of EbsEncryptionSupport.
const (
	EbsEncryptionSupportUnsupported = "unsupported"
	EbsEncryptionSupportSupported   = "supported"
)

// The values of EbsNvmeSupport.
const (
	EbsNvmeSupportUnsupported = "unsupported"
	EbsNvmeSupportSupported   = "supported"
	EbsNvmeSupportRequired    = "required"
)

// The values of EbsOptimizedSupport.
const (
	EbsOptimizedSupportUnsupported = "unsupported"
	EbsOptimizedSupportSupported   = "supported"
	EbsOptimizedSupportDefault     = "default"
)

// The values of EnaSupport.
const (
	EnaSupportUnsupported = "unsupported"
	EnaSupportSupported   = "supported"
	EnaSupportRequired    = "required"
)

// The values of EndDateType.
const (
	EndDateTypeUnlimited = "unlimited"
	EndDateTypeLimited   = "limited"
)

// The values of EphemeralNvmeSupport.
const (
	EphemeralNvmeSupportUnsupported = "unsupported"
	EphemeralNvmeSupportSupported   = "supported"
	EphemeralNvmeSupportRequired    = "required"
)

// The values of EventCode.
const (
	EventCodeInstanceReboot     = "instance-reboot"
	EventCodeSystemReboot       = "system-reboot"
	EventCodeSystemMaintenance  = "system-maintenance"
	EventCodeInstanceRetirement = "instance-retirement"
	EventCodeInstanceStop       = "instance-stop"
)

// The values of FlowLogsResourceType.
const (
	FlowLogsResourceTypeVPC                      = "VPC"
	FlowLogsResourceTypeSubnet                   = "Subnet"
	FlowLogsResourceTypeNetworkInterface         = "NetworkInterface"
	FlowLogsResourceTypeTransitGateway           = "TransitGateway"
	FlowLogsResourceTypeTransitGatewayAttachment = "TransitGatewayAttachment"
)

// The values of HostMaintenance.
const (
	HostMaintenanceOn  = "on"
	HostMaintenanceOff = "off"
)

// The values of HostRecovery.
const (
	HostRecoveryOn  = "on"
	HostRecoveryOff = "off"
)

// The values of HostTenancy.
const (
	HostTenancyDefault   = "default"
	HostTenancyDedicated = "dedicated"
	HostTenancyHost      = "host"
)

// The values of HostnameType.
const (
	HostnameTypeIpName       = "ip-name"
	HostnameTypeResourceName = "resource-name"
)

// The values of HttpTokensState.
const (
	HttpTokensStateOptional = "optional"
	HttpTokensStateRequired = "required"
)

// The values of HypervisorType.
const (
	HypervisorTypeOvm = "ovm"
	HypervisorTypeXen = "xen"
)

// The values of ImageAttributeName.
const (
	ImageAttributeNameDescription              = "description"
	ImageAttributeNameKernel                   = "kernel"
	ImageAttributeNameRamdisk                  = "ramdisk"
	ImageAttributeNameLaunchPermission         = "launchPermission"
	ImageAttributeNameProductCodes             = "productCodes"
	ImageAttributeNameBlockDeviceMapping       = "blockDeviceMapping"
	ImageAttributeNameSriovNetSupport          = "sriovNetSupport"
	ImageAttributeNameBootMode                 = "bootMode"
	ImageAttributeNameTpmSupport               = "tpmSupport"
	ImageAttributeNameUefiData                 = "uefiData"
	ImageAttributeNameLastLaunchedTime         = "lastLaunchedTime"
	ImageAttributeNameImdsSupport              = "imdsSupport"
	ImageAttributeNameDeregistrationProtection = "deregistrationProtection"
)

// The values of ImageState.
const (
	ImageStatePending      = "pending"
	ImageStateAvailable    = "available"
	ImageStateInvalid      = "invalid"
	ImageStateDeregistered = "deregistered"
	ImageStateTransient    = "transient"
	ImageStateFailed       = "failed"
	ImageStateError        = "error"
	ImageStateDisabled     = "disabled"
)

// The values of ImageTypeValues.
const (
	ImageTypeValuesMachine = "machine"
	ImageTypeValuesKernel  = "kernel"
	ImageTypeValuesRamdisk = "ramdisk"
)

// The values of ImdsSupportValues.
const (
	ImdsSupportValuesV20 = "v2.0"
)

// The values of InstanceAttributeName.
const (
	InstanceAttributeNameInstanceType                      = "instanceType"
	InstanceAttributeNameKernel                            = "kernel"
	InstanceAttributeNameRamdisk                           = "ramdisk"
	InstanceAttributeNameUserData                          = "userData"
	InstanceAttributeNameDisableApiTermination             = "disableApiTermination"
	InstanceAttributeNameInstanceInitiatedShutdownBehavior = "instanceInitiatedShutdownBehavior"
	InstanceAttributeNameRootDeviceName                    = "rootDeviceName"
	InstanceAttributeNameBlockDeviceMapping                = "blockDeviceMapping"
	InstanceAttributeNameProductCodes                      = "productCodes"
	InstanceAttributeNameSourceDestCheck                   = "sourceDestCheck"
	InstanceAttributeNameGroupSet                          = "groupSet"
	InstanceAttributeNameEbsOptimized                      = "ebsOptimized"
	InstanceAttributeNameSriovNetSupport                   = "sriovNetSupport"
	InstanceAttributeNameEnaSupport                        = "enaSupport"
	InstanceAttributeNameEnclaveOptions                    = "enclaveOptions"
	InstanceAttributeNameDisableApiStop                    = "disableApiStop"
)

// The values of InstanceAutoRecoveryState.
const (
	InstanceAutoRecoveryStateDisabled = "disabled"
	InstanceAutoRecoveryStateDefault  = "default"
)

// The values of InstanceBootModeValues.
const (
	InstanceBootModeValuesLegacyBios = "legacy-bios"
	InstanceBootModeValuesUefi       = "uefi"
)

// The values of InstanceInterruptionBehavior.
const (
	InstanceInterruptionBehaviorHibernate = "hibernate"
	InstanceInterruptionBehaviorStop      = "stop"
	InstanceInterruptionBehaviorTerminate = "terminate"
)

// The values of InstanceLifecycleType.
const (
	InstanceLifecycleTypeSpot          = "spot"
	InstanceLifecycleTypeScheduled     = "scheduled"
	InstanceLifecycleTypeCapacityBlock = "capacity-block"
)

// The values of InstanceMatchCriteria.
const (
	InstanceMatchCriteriaOpen     = "open"
	InstanceMatchCriteriaTargeted = "targeted"
)

// The values of InstanceMetadataEndpointState.
const (
	InstanceMetadataEndpointStateDisabled = "disabled"
	InstanceMetadataEndpointStateEnabled  = "enabled"
)

// The values of InstanceMetadataOptionsState.
const (
	InstanceMetadataOptionsStatePending = "pending"
	InstanceMetadataOptionsStateApplied = "applied"
)

// The values of InstanceMetadataProtocolState.
const (
	InstanceMetadataProtocolStateDisabled = "disabled"
	InstanceMetadataProtocolStateEnabled  = "enabled"
)

// The values of InstanceMetadataTagsState.
const (
	InstanceMetadataTagsStateDisabled = "disabled"
	InstanceMetadataTagsStateEnabled  = "enabled"
)

// The values of InstanceStateName.
const (
	InstanceStateNamePending      = "pending"
	InstanceStateNameRunning      = "running"
	InstanceStateNameShuttingDown = "shutting-down"
	InstanceStateNameTerminated   = "terminated"
	InstanceStateNameStopping     = "stopping"
	InstanceStateNameStopped      = "stopped"
)

// The values of InstanceStorageEncryptionSupport.
const (
	InstanceStorageEncryptionSupportUnsupported = "unsupported"
	InstanceStorageEncryptionSupportRequired    = "required"
)

// The values of InstanceTypeHypervisor.
const (
	InstanceTypeHypervisorNitro = "nitro"
	InstanceTypeHypervisorXen   = "xen"
)

// The values of KeyFormat.
const (
	KeyFormatPem = "pem"
	KeyFormatPpk = "ppk"
)

// The values of KeyType.
const (
	KeyTypeRsa     = "rsa"
	KeyTypeEd25519 = "ed25519"
)

// The values of LocationType.
const (
	LocationTypeRegion             = "region"
	LocationTypeAvailabilityZone   = "availability-zone"
	LocationTypeAvailabilityZoneId = "availability-zone-id"
	LocationTypeOutpost            = "outpost"
)

// The values of LogDestinationType.
const (
	LogDestinationTypeCloudWatchLogs      = "cloud-watch-logs"
	LogDestinationTypeS3                  = "s3"
	LogDestinationTypeKinesisDataFirehose = "kinesis-data-firehose"
)

// The values of MarketType.
const (
	MarketTypeSpot          = "spot"
	MarketTypeCapacityBlock = "capacity-block"
)

// The values of MonitoringState.
const (
	MonitoringStateDisabled  = "disabled"
	MonitoringStateDisabling = "disabling"
	MonitoringStateEnabled   = "enabled"
	MonitoringStatePending   = "pending"
)

// The values of NatGatewayAddressStatus.
const (
	NatGatewayAddressStatusAssigning      = "assigning"
	NatGatewayAddressStatusUnassigning    = "unassigning"
	NatGatewayAddressStatusAssociating    = "associating"
	NatGatewayAddressStatusDisassociating = "disassociating"
	NatGatewayAddressStatusSucceeded      = "succeeded"
	NatGatewayAddressStatusFailed         = "failed"
)

// The values of NatGatewayState.
const (
	NatGatewayStatePending   = "pending"
	NatGatewayStateFailed    = "failed"
	NatGatewayStateAvailable = "available"
	NatGatewayStateDeleting  = "deleting"
	NatGatewayStateDeleted   = "deleted"
)

// The values of NetworkInterfaceAttribute.
const (
	NetworkInterfaceAttributeDescription              = "description"
	NetworkInterfaceAttributeGroupSet                 = "groupSet"
	NetworkInterfaceAttributeSourceDestCheck          = "sourceDestCheck"
	NetworkInterfaceAttributeAttachment               = "attachment"
	NetworkInterfaceAttributeAssociatePublicIpAddress = "associatePublicIpAddress"
)

// The values of NetworkInterfaceCreationType.
const (
	NetworkInterfaceCreationTypeEfa    = "efa"
	NetworkInterfaceCreationTypeBranch = "branch"
	NetworkInterfaceCreationTypeTrunk  = "trunk"
)

// The values of NetworkInterfaceStatus.
const (
	NetworkInterfaceStatusAvailable  = "available"
	NetworkInterfaceStatusAssociated = "associated"
	NetworkInterfaceStatusAttaching  = "attaching"
	NetworkInterfaceStatusInUse      = "in-use"
	NetworkInterfaceStatusDetaching  = "detaching"
)

// The values of NetworkInterfaceType.
const (
	NetworkInterfaceTypeInterface                     = "interface"
	NetworkInterfaceTypeNatGateway                    = "natGateway"
	NetworkInterfaceTypeEfa                           = "efa"
	NetworkInterfaceTypeTrunk                         = "trunk"
	NetworkInterfaceTypeLoadBalancer                  = "load_balancer"
	NetworkInterfaceTypeNetworkLoadBalancer           = "network_load_balancer"
	NetworkInterfaceTypeVpcEndpoint                   = "vpc_endpoint"
	NetworkInterfaceTypeBranch                        = "branch"
	NetworkInterfaceTypeTransitGateway                = "transit_gateway"
	NetworkInterfaceTypeLambda                        = "lambda"
	NetworkInterfaceTypeQuicksight                    = "quicksight"
	NetworkInterfaceTypeGlobalAcceleratorManaged      = "global_accelerator_managed"
	NetworkInterfaceTypeApiGatewayManaged             = "api_gateway_managed"
	NetworkInterfaceTypeGatewayLoadBalancer           = "gateway_load_balancer"
	NetworkInterfaceTypeGatewayLoadBalancerEndpoint   = "gateway_load_balancer_endpoint"
	NetworkInterfaceTypeIotRulesManaged               = "iot_rules_managed"
	NetworkInterfaceTypeAwsCodestarConnectionsManaged = "aws_codestar_connections_managed"
)

// The values of NitroEnclavesSupport.
const (
	NitroEnclavesSupportUnsupported = "unsupported"
	NitroEnclavesSupportSupported   = "supported"
)

// The values of NitroTpmSupport.
const (
	NitroTpmSupportUnsupported = "unsupported"
	NitroTpmSupportSupported   = "supported"
)

// The values of OperationType.
const (
	OperationTypeAdd    = "add"
	OperationTypeRemove = "remove"
)

// The values of PermissionGroup.
const (
	PermissionGroupAll = "all"
)

// The values of PhcSupport.
const (
	PhcSupportUnsupported = "unsupported"
	PhcSupportSupported   = "supported"
)

// The values of PlacementGroupState.
const (
	PlacementGroupStatePending   = "pending"
	PlacementGroupStateAvailable = "available"
	PlacementGroupStateDeleting  = "deleting"
	PlacementGroupStateDeleted   = "deleted"
)

// The values of PlacementGroupStrategy.
const (
	PlacementGroupStrategyCluster   = "cluster"
	PlacementGroupStrategyPartition = "partition"
	PlacementGroupStrategySpread    = "spread"
)

// The values of PlacementStrategy.
const (
	PlacementStrategyCluster   = "cluster"
	PlacementStrategySpread    = "spread"
	PlacementStrategyPartition = "partition"
)

// The values of PlatformValues.
const (
	PlatformValuesWindows = "Windows"
)

// The values of PrefixListState.
const (
	PrefixListStateCreateInProgress  = "create-in-progress"
	PrefixListStateCreateComplete    = "create-complete"
	PrefixListStateCreateFailed      = "create-failed"
	PrefixListStateModifyInProgress  = "modify-in-progress"
	PrefixListStateModifyComplete    = "modify-complete"
	PrefixListStateModifyFailed      = "modify-failed"
	PrefixListStateRestoreInProgress = "restore-in-progress"
	PrefixListStateRestoreComplete   = "restore-complete"
	PrefixListStateRestoreFailed     = "restore-failed"
	PrefixListStateDeleteInProgress  = "delete-in-progress"
	PrefixListStateDeleteComplete    = "delete-complete"
	PrefixListStateDeleteFailed      = "delete-failed"
)

// The values of ProductCodeValues.
const (
	ProductCodeValuesDevpay      = "devpay"
	ProductCodeValuesMarketplace = "marketplace"
)

// The values of Protocol.
const (
	ProtocolTcp = "tcp"
	ProtocolUdp = "udp"
)

// The values of ResourceType.
const (
	ResourceTypeCapacityReservation                                    = "capacity-reservation"
	ResourceTypeClientVpnEndpoint                                      = "client-vpn-endpoint"
	ResourceTypeCustomerGateway                                        = "customer-gateway"
	ResourceTypeCarrierGateway                                         = "carrier-gateway"
	ResourceTypeCoipPool                                               = "coip-pool"
	ResourceTypeDedicatedHost                                          = "dedicated-host"
	ResourceTypeDhcpOptions                                            = "dhcp-options"
	ResourceTypeEgressOnlyInternetGateway                              = "egress-only-internet-gateway"
	ResourceTypeElasticIp                                              = "elastic-ip"
	ResourceTypeElasticGpu                                             = "elastic-gpu"
	ResourceTypeExportImageTask                                        = "export-image-task"
	ResourceTypeExportInstanceTask                                     = "export-instance-task"
	ResourceTypeFleet                                                  = "fleet"
	ResourceTypeFpgaImage                                              = "fpga-image"
	ResourceTypeHostReservation                                        = "host-reservation"
	ResourceTypeImage                                                  = "image"
	ResourceTypeImportImageTask                                        = "import-image-task"
	ResourceTypeImportSnapshotTask                                     = "import-snapshot-task"
	ResourceTypeInstance                                               = "instance"
	ResourceTypeInstanceEventWindow                                    = "instance-event-window"
	ResourceTypeInternetGateway                                        = "internet-gateway"
	ResourceTypeIpam                                                   = "ipam"
	ResourceTypeIpamPool                                               = "ipam-pool"
	ResourceTypeIpamScope                                              = "ipam-scope"
	ResourceTypeIpv4poolEc2                                            = "ipv4pool-ec2"
	ResourceTypeIpv6poolEc2                                            = "ipv6pool-ec2"
	ResourceTypeKeyPair                                                = "key-pair"
	ResourceTypeLaunchTemplate                                         = "launch-template"
	ResourceTypeLocalGateway                                           = "local-gateway"
	ResourceTypeLocalGatewayRouteTable                                 = "local-gateway-route-table"
	ResourceTypeLocalGatewayVirtualInterface                           = "local-gateway-virtual-interface"
	ResourceTypeLocalGatewayVirtualInterfaceGroup                      = "local-gateway-virtual-interface-group"
	ResourceTypeLocalGatewayRouteTableVpcAssociation                   = "local-gateway-route-table-vpc-association"
	ResourceTypeLocalGatewayRouteTableVirtualInterfaceGroupAssociation = "local-gateway-route-table-virtual-interface-group-association"
	ResourceTypeNatgateway                                             = "natgateway"
	ResourceTypeNetworkAcl                                             = "network-acl"
	ResourceTypeNetworkInterface                                       = "network-interface"
	ResourceTypeNetworkInsightsAnalysis                                = "network-insights-analysis"
	ResourceTypeNetworkInsightsPath                                    = "network-insights-path"
	ResourceTypeNetworkInsightsAccessScope                             = "network-insights-access-scope"
	ResourceTypeNetworkInsightsAccessScopeAnalysis                     = "network-insights-access-scope-analysis"
	ResourceTypePlacementGroup                                         = "placement-group"
	ResourceTypePrefixList                                             = "prefix-list"
	ResourceTypeReplaceRootVolumeTask                                  = "replace-root-volume-task"
	ResourceTypeReservedInstances                                      = "reserved-instances"
	ResourceTypeRouteTable                                             = "route-table"
	ResourceTypeSecurityGroup                                          = "security-group"
	ResourceTypeSecurityGroupRule                                      = "security-group-rule"
	ResourceTypeSnapshot                                               = "snapshot"
	ResourceTypeSpotFleetRequest                                       = "spot-fleet-request"
	ResourceTypeSpotInstancesRequest                                   = "spot-instances-request"
	ResourceTypeSubnet                                                 = "subnet"
	ResourceTypeSubnetCidrReservation                                  = "subnet-cidr-reservation"
	ResourceTypeTrafficMirrorFilter                                    = "traffic-mirror-filter"
	ResourceTypeTrafficMirrorSession                                   = "traffic-mirror-session"
	ResourceTypeTrafficMirrorTarget                                    = "traffic-mirror-target"
	ResourceTypeTransitGateway                                         = "transit-gateway"
	ResourceTypeTransitGatewayAttachment                               = "transit-gateway-attachment"
	ResourceTypeTransitGatewayConnectPeer                              = "transit-gateway-connect-peer"
	ResourceTypeTransitGatewayMulticastDomain                          = "transit-gateway-multicast-domain"
	ResourceTypeTransitGatewayPolicyTable                              = "transit-gateway-policy-table"
	ResourceTypeTransitGatewayRouteTable                               = "transit-gateway-route-table"
	ResourceTypeTransitGatewayRouteTableAnnouncement                   = "transit-gateway-route-table-announcement"
	ResourceTypeVolume                                                 = "volume"
	ResourceTypeVpc                                                    = "vpc"
	ResourceTypeVpcEndpoint                                            = "vpc-endpoint"
	ResourceTypeVpcEndpointConnection                                  = "vpc-endpoint-connection"
	ResourceTypeVpcEndpointService                                     = "vpc-endpoint-service"
	ResourceTypeVpcEndpointServicePermission                           = "vpc-endpoint-service-permission"
	ResourceTypeVpcPeeringConnection                                   = "vpc-peering-connection"
	ResourceTypeVpnConnection                                          = "vpn-connection"
	ResourceTypeVpnGateway                                             = "vpn-gateway"
	ResourceTypeVpcFlowLog                                             = "vpc-flow-log"
	ResourceTypeCapacityReservationFleet                               = "capacity-reservation-fleet"
	ResourceTypeTrafficMirrorFilterRule                                = "traffic-mirror-filter-rule"
	ResourceTypeVpcEndpointConnectionDeviceType                        = "vpc-endpoint-connection-device-type"
	ResourceTypeVerifiedAccessInstance                                 = "verified-access-instance"
	ResourceTypeVerifiedAccessGroup                                    = "verified-access-group"
	ResourceTypeVerifiedAccessEndpoint                                 = "verified-access-endpoint"
	ResourceTypeVerifiedAccessPolicy                                   = "verified-access-policy"
	ResourceTypeVerifiedAccessTrustProvider                            = "verified-access-trust-provider"
	ResourceTypeVpnConnectionDeviceType                                = "vpn-connection-device-type"
	ResourceTypeVpcBlockPublicAccessExclusion                          = "vpc-block-public-access-exclusion"
	ResourceTypeIpamResourceDiscovery                                  = "ipam-resource-discovery"
	ResourceTypeIpamResourceDiscoveryAssociation                       = "ipam-resource-discovery-association"
	ResourceTypeInstanceConnectEndpoint                                = "instance-connect-endpoint"
	ResourceTypeIpamExternalResourceVerificationToken                  = "ipam-external-resource-verification-token"
)

// The values of RootDeviceType.
const (
	RootDeviceTypeEbs           = "ebs"
	RootDeviceTypeInstanceStore = "instance-store"
)

// The values of RouteOrigin.
const (
	RouteOriginCreateRouteTable          = "CreateRouteTable"
	RouteOriginCreateRoute               = "CreateRoute"
	RouteOriginEnableVgwRoutePropagation = "EnableVgwRoutePropagation"
)

// The values of RouteState.
const (
	RouteStateActive    = "active"
	RouteStateBlackhole = "blackhole"
)

// The values of RouteTableAssociationStateCode.
const (
	RouteTableAssociationStateCodeAssociating    = "associating"
	RouteTableAssociationStateCodeAssociated     = "associated"
	RouteTableAssociationStateCodeDisassociating = "disassociating"
	RouteTableAssociationStateCodeDisassociated  = "disassociated"
	RouteTableAssociationStateCodeFailed         = "failed"
)

// The values of RuleAction.
const (
	RuleActionAllow = "allow"
	RuleActionDeny  = "deny"
)

// The values of SSEType.
const (
	SSETypeSseEbs = "sse-ebs"
	SSETypeSseKms = "sse-kms"
	SSETypeNone   = "none"
)

// The values of ShutdownBehavior.
const (
	ShutdownBehaviorStop      = "stop"
	ShutdownBehaviorTerminate = "terminate"
)

// The values of SpotInstanceType.
const (
	SpotInstanceTypeOneTime    = "one-time"
	SpotInstanceTypePersistent = "persistent"
)

// The values of SpreadLevel.
const (
	SpreadLevelHost = "host"
	SpreadLevelRack = "rack"
)

// The values of StatusName.
const (
	StatusNameReachability = "reachability"
)

// The values of StatusType.
const (
	StatusTypePassed           = "passed"
	StatusTypeFailed           = "failed"
	StatusTypeInsufficientData = "insufficient-data"
	StatusTypeInitializing     = "initializing"
)

// The values of SubnetCidrBlockStateCode.
const (
	SubnetCidrBlockStateCodeAssociating    = "associating"
	SubnetCidrBlockStateCodeAssociated     = "associated"
	SubnetCidrBlockStateCodeDisassociating = "disassociating"
	SubnetCidrBlockStateCodeDisassociated  = "disassociated"
	SubnetCidrBlockStateCodeFailing        = "failing"
	SubnetCidrBlockStateCodeFailed         = "failed"
)

// The values of SubnetState.
const (
	SubnetStatePending     = "pending"
	SubnetStateAvailable   = "available"
	SubnetStateUnavailable = "unavailable"
)

// The values of SummaryStatus.
const (
	SummaryStatusOk               = "ok"
	SummaryStatusImpaired         = "impaired"
	SummaryStatusInsufficientData = "insufficient-data"
	SummaryStatusNotApplicable    = "not-applicable"
	SummaryStatusInitializing     = "initializing"
)

// The values of SupportedAdditionalProcessorFeature.
const (
	SupportedAdditionalProcessorFeatureAmdSevSnp = "amd-sev-snp"
)

// The values of Tenancy.
const (
	TenancyDefault   = "default"
	TenancyDedicated = "dedicated"
	TenancyHost      = "host"
)

// The values of TpmSupportValues.
const (
	TpmSupportValuesV20 = "v2.0"
)

// The values of TrafficType.
const (
	TrafficTypeACCEPT = "ACCEPT"
	TrafficTypeREJECT = "REJECT"
	TrafficTypeALL    = "ALL"
)

// The values of UsageClassType.
const (
	UsageClassTypeSpot          = "spot"
	UsageClassTypeOnDemand      = "on-demand"
	UsageClassTypeCapacityBlock = "capacity-block"
)

// The values of VirtualizationType.
const (
	VirtualizationTypeHvm         = "hvm"
	VirtualizationTypeParavirtual = "paravirtual"
)

// The values of VolumeAttachmentState.
const (
	VolumeAttachmentStateAttaching = "attaching"
	VolumeAttachmentStateAttached  = "attached"
	VolumeAttachmentStateDetaching = "detaching"
	VolumeAttachmentStateDetached  = "detached"
	VolumeAttachmentStateBusy      = "busy"
)

// The values of VolumeState.
const (
	VolumeStateCreating  = "creating"
	VolumeStateAvailable = "available"
	VolumeStateInUse     = "in-use"
	VolumeStateDeleting  = "deleting"
	VolumeStateDeleted   = "deleted"
	VolumeStateError     = "error"
)

// The values of VolumeType.
const (
	VolumeTypeStandard = "standard"
	VolumeTypeIo1      = "io1"
	VolumeTypeIo2      = "io2"
	VolumeTypeGp2      = "gp2"
	VolumeTypeSc1      = "sc1"
	VolumeTypeSt1      = "st1"
	VolumeTypeGp3      = "gp3"
)

// The values of VpcAttributeName.
const (
	VpcAttributeNameEnableDnsSupport                 = "enableDnsSupport"
	VpcAttributeNameEnableDnsHostnames               = "enableDnsHostnames"
	VpcAttributeNameEnableNetworkAddressUsageMetrics = "enableNetworkAddressUsageMetrics"
)

// The values of VpcCidrBlockStateCode.
const (
	VpcCidrBlockStateCodeAssociating    = "associating"
	VpcCidrBlockStateCodeAssociated     = "associated"
	VpcCidrBlockStateCodeDisassociating = "disassociating"
	VpcCidrBlockStateCodeDisassociated  = "disassociated"
	VpcCidrBlockStateCodeFailing        = "failing"
	VpcCidrBlockStateCodeFailed         = "failed"
)

// The values of VpcPeeringConnectionStateReasonCode.
const (
	VpcPeeringConnectionStateReasonCodeInitiatingRequest = "initiating-request"
	VpcPeeringConnectionStateReasonCodePendingAcceptance = "pending-acceptance"
	VpcPeeringConnectionStateReasonCodeActive            = "active"
	VpcPeeringConnectionStateReasonCodeDeleted           = "deleted"
	VpcPeeringConnectionStateReasonCodeRejected          = "rejected"
	VpcPeeringConnectionStateReasonCodeFailed            = "failed"
	VpcPeeringConnectionStateReasonCodeExpired           = "expired"
	VpcPeeringConnectionStateReasonCodeProvisioning      = "provisioning"
	VpcPeeringConnectionStateReasonCodeDeleting          = "deleting"
)

// The values of VpcState.
const (
	VpcStatePending   = "pending"
	VpcStateAvailable = "available"
)

// The values of VpcTenancy.
const (
	VpcTenancyDefault = "default"
)
