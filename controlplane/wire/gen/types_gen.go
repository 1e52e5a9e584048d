// Code generated from models/apis/ec2/2016-11-15/api-2.json of github.com/aws/aws-sdk-go@v1.55.8; DO NOT EDIT.

package gen

import "time"

// AccountAttribute is the structure of that name in the model.
type AccountAttribute struct {
	AttributeName   *string
	AttributeValues []*AccountAttributeValue
}

// AccountAttributeValue is the structure of that name in the model.
type AccountAttributeValue struct {
	AttributeValue *string
}

// Address is the structure of that name in the model.
type Address struct {
	InstanceId              *string
	PublicIp                *string
	AllocationId            *string
	AssociationId           *string
	Domain                  *string
	NetworkInterfaceId      *string
	NetworkInterfaceOwnerId *string
	PrivateIpAddress        *string
	Tags                    []*Tag
	PublicIpv4Pool          *string
	NetworkBorderGroup      *string
	CustomerOwnedIp         *string
	CustomerOwnedIpv4Pool   *string
	CarrierIp               *string
}

// AttachmentEnaSrdSpecification is the structure of that name in the model.
type AttachmentEnaSrdSpecification struct {
	EnaSrdEnabled          *bool
	EnaSrdUdpSpecification *AttachmentEnaSrdUdpSpecification
}

// AttachmentEnaSrdUdpSpecification is the structure of that name in the model.
type AttachmentEnaSrdUdpSpecification struct {
	EnaSrdUdpEnabled *bool
}

// AttributeBooleanValue is the structure of that name in the model.
type AttributeBooleanValue struct {
	Value *bool
}

// AttributeValue is the structure of that name in the model.
type AttributeValue struct {
	Value *string
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
	Return             *bool
	SecurityGroupRules []*SecurityGroupRule
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
	Return             *bool
	SecurityGroupRules []*SecurityGroupRule
}

// AvailabilityZone is the structure of that name in the model.
type AvailabilityZone struct {
	State              *string
	OptInStatus        *string
	Messages           []*AvailabilityZoneMessage
	RegionName         *string
	ZoneName           *string
	ZoneId             *string
	GroupName          *string
	NetworkBorderGroup *string
	ZoneType           *string
	ParentZoneName     *string
	ParentZoneId       *string
}

// AvailabilityZoneMessage is the structure of that name in the model.
type AvailabilityZoneMessage struct {
	Message *string
}

// BlobAttributeValue is the structure of that name in the model.
type BlobAttributeValue struct {
	Value []byte
}

// BlockDeviceMapping is the structure of that name in the model.
type BlockDeviceMapping struct {
	DeviceName  *string
	VirtualName *string
	Ebs         *EbsBlockDevice
	NoDevice    *string
}

// CapacityReservationSpecification is the structure of that name in the model.
type CapacityReservationSpecification struct {
	CapacityReservationPreference *string
	CapacityReservationTarget     *CapacityReservationTarget
}

// CapacityReservationSpecificationResponse is the structure of that name in the model.
type CapacityReservationSpecificationResponse struct {
	CapacityReservationPreference *string
	CapacityReservationTarget     *CapacityReservationTargetResponse
}

// CapacityReservationTarget is the structure of that name in the model.
type CapacityReservationTarget struct {
	CapacityReservationId               *string
	CapacityReservationResourceGroupArn *string
}

// CapacityReservationTargetResponse is the structure of that name in the model.
type CapacityReservationTargetResponse struct {
	CapacityReservationId               *string
	CapacityReservationResourceGroupArn *string
}

// ConnectionTrackingConfiguration is the structure of that name in the model.
type ConnectionTrackingConfiguration struct {
	TcpEstablishedTimeout *int64
	UdpStreamTimeout      *int64
	UdpTimeout            *int64
}

// ConnectionTrackingSpecificationRequest is the structure of that name in the model.
type ConnectionTrackingSpecificationRequest struct {
	TcpEstablishedTimeout *int64
	UdpStreamTimeout      *int64
	UdpTimeout            *int64
}

// ConnectionTrackingSpecificationResponse is the structure of that name in the model.
type ConnectionTrackingSpecificationResponse struct {
	TcpEstablishedTimeout *int64
	UdpStreamTimeout      *int64
	UdpTimeout            *int64
}

// CpuOptions is the structure of that name in the model.
type CpuOptions struct {
	CoreCount      *int64
	ThreadsPerCore *int64
	AmdSevSnp      *string
}

// CpuOptionsRequest is the structure of that name in the model.
type CpuOptionsRequest struct {
	CoreCount      *int64
	ThreadsPerCore *int64
	AmdSevSnp      *string
}

// CreateKeyPairRequest is the structure of that name in the model.
type CreateKeyPairRequest struct {
	KeyName           *string
	DryRun            *bool
	KeyType           *string
	TagSpecifications []*TagSpecification
	KeyFormat         *string
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
	GroupId *string
	Tags    []*Tag
}

// CreateTagsRequest is the structure of that name in the model.
type CreateTagsRequest struct {
	DryRun    *bool
	Resources []string
	Tags      []*Tag
}

// CreditSpecificationRequest is the structure of that name in the model.
type CreditSpecificationRequest struct {
	CpuCredits *string
}

// DeleteKeyPairRequest is the structure of that name in the model.
type DeleteKeyPairRequest struct {
	KeyName   *string
	KeyPairId *string
	DryRun    *bool
}

// DeleteKeyPairResult is the structure of that name in the model.
type DeleteKeyPairResult struct {
	Return    *bool
	KeyPairId *string
}

// DeleteSecurityGroupRequest is the structure of that name in the model.
type DeleteSecurityGroupRequest struct {
	GroupId   *string
	GroupName *string
	DryRun    *bool
}

// DeleteTagsRequest is the structure of that name in the model.
type DeleteTagsRequest struct {
	DryRun    *bool
	Resources []string
	Tags      []*Tag
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
	AccountAttributes []*AccountAttribute
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
	Addresses []*Address
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
	AvailabilityZones []*AvailabilityZone
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
	DhcpOptions []*DhcpOptions
	NextToken   *string
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
	Images    []*Image
	NextToken *string
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
	InstanceCreditSpecifications []*InstanceCreditSpecification
	NextToken                    *string
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
	InstanceStatuses []*InstanceStatus
	NextToken        *string
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
	InstanceTypeOfferings []*InstanceTypeOffering
	NextToken             *string
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
	InstanceTypes []*InstanceTypeInfo
	NextToken     *string
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
	Reservations []*Reservation
	NextToken    *string
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
	InternetGateways []*InternetGateway
	NextToken        *string
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
	KeyPairs []*KeyPairInfo
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
	NetworkAcls []*NetworkAcl
	NextToken   *string
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
	NetworkInterfaces []*NetworkInterface
	NextToken         *string
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
	Regions []*Region
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
	RouteTables []*RouteTable
	NextToken   *string
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
	SecurityGroupRules []*SecurityGroupRule
	NextToken          *string
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
	SecurityGroups []*SecurityGroup
	NextToken      *string
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
	Subnets   []*Subnet
	NextToken *string
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
	NextToken *string
	Tags      []*TagDescription
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
	Volumes   []*Volume
	NextToken *string
}

// DescribeVpcAttributeRequest is the structure of that name in the model.
type DescribeVpcAttributeRequest struct {
	Attribute *string
	VpcId     *string
	DryRun    *bool
}

// DescribeVpcAttributeResult is the structure of that name in the model.
type DescribeVpcAttributeResult struct {
	VpcId                            *string
	EnableDnsHostnames               *AttributeBooleanValue
	EnableDnsSupport                 *AttributeBooleanValue
	EnableNetworkAddressUsageMetrics *AttributeBooleanValue
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
	Vpcs      []*Vpc
	NextToken *string
}

// DhcpConfiguration is the structure of that name in the model.
type DhcpConfiguration struct {
	Key    *string
	Values []*AttributeValue
}

// DhcpOptions is the structure of that name in the model.
type DhcpOptions struct {
	DhcpConfigurations []*DhcpConfiguration
	DhcpOptionsId      *string
	OwnerId            *string
	Tags               []*Tag
}

// DiskInfo is the structure of that name in the model.
type DiskInfo struct {
	SizeInGB *int64
	Count    *int64
	Type     *string
}

// EbsBlockDevice is the structure of that name in the model.
type EbsBlockDevice struct {
	DeleteOnTermination *bool
	Iops                *int64
	SnapshotId          *string
	VolumeSize          *int64
	VolumeType          *string
	KmsKeyId            *string
	Throughput          *int64
	OutpostArn          *string
	Encrypted           *bool
}

// EbsInfo is the structure of that name in the model.
type EbsInfo struct {
	EbsOptimizedSupport *string
	EncryptionSupport   *string
	EbsOptimizedInfo    *EbsOptimizedInfo
	NvmeSupport         *string
}

// EbsInstanceBlockDevice is the structure of that name in the model.
type EbsInstanceBlockDevice struct {
	AttachTime          *time.Time
	DeleteOnTermination *bool
	Status              *string
	VolumeId            *string
	AssociatedResource  *string
	VolumeOwnerId       *string
}

// EbsInstanceBlockDeviceSpecification is the structure of that name in the model.
type EbsInstanceBlockDeviceSpecification struct {
	DeleteOnTermination *bool
	VolumeId            *string
}

// EbsOptimizedInfo is the structure of that name in the model.
type EbsOptimizedInfo struct {
	BaselineBandwidthInMbps  *int64
	BaselineThroughputInMBps *float64
	BaselineIops             *int64
	MaximumBandwidthInMbps   *int64
	MaximumThroughputInMBps  *float64
	MaximumIops              *int64
}

// EfaInfo is the structure of that name in the model.
type EfaInfo struct {
	MaximumEfaInterfaces *int64
}

// ElasticGpuAssociation is the structure of that name in the model.
type ElasticGpuAssociation struct {
	ElasticGpuId               *string
	ElasticGpuAssociationId    *string
	ElasticGpuAssociationState *string
	ElasticGpuAssociationTime  *string
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
	ElasticInferenceAcceleratorArn              *string
	ElasticInferenceAcceleratorAssociationId    *string
	ElasticInferenceAcceleratorAssociationState *string
	ElasticInferenceAcceleratorAssociationTime  *time.Time
}

// EnaSrdSpecificationRequest is the structure of that name in the model.
type EnaSrdSpecificationRequest struct {
	EnaSrdEnabled          *bool
	EnaSrdUdpSpecification *EnaSrdUdpSpecificationRequest
}

// EnaSrdUdpSpecificationRequest is the structure of that name in the model.
type EnaSrdUdpSpecificationRequest struct {
	EnaSrdUdpEnabled *bool
}

// EnclaveOptions is the structure of that name in the model.
type EnclaveOptions struct {
	Enabled *bool
}

// EnclaveOptionsRequest is the structure of that name in the model.
type EnclaveOptionsRequest struct {
	Enabled *bool
}

// Filter is the structure of that name in the model.
type Filter struct {
	Name   *string
	Values []string
}

// FpgaDeviceInfo is the structure of that name in the model.
type FpgaDeviceInfo struct {
	Name         *string
	Manufacturer *string
	Count        *int64
	MemoryInfo   *FpgaDeviceMemoryInfo
}

// FpgaDeviceMemoryInfo is the structure of that name in the model.
type FpgaDeviceMemoryInfo struct {
	SizeInMiB *int64
}

// FpgaInfo is the structure of that name in the model.
type FpgaInfo struct {
	Fpgas                []*FpgaDeviceInfo
	TotalFpgaMemoryInMiB *int64
}

// GetConsoleOutputRequest is the structure of that name in the model.
type GetConsoleOutputRequest struct {
	InstanceId *string
	DryRun     *bool
	Latest     *bool
}

// GetConsoleOutputResult is the structure of that name in the model.
type GetConsoleOutputResult struct {
	InstanceId *string
	Output     *string
	Timestamp  *time.Time
}

// GetInstanceUefiDataRequest is the structure of that name in the model.
type GetInstanceUefiDataRequest struct {
	InstanceId *string
	DryRun     *bool
}

// GetInstanceUefiDataResult is the structure of that name in the model.
type GetInstanceUefiDataResult struct {
	InstanceId *string
	UefiData   *string
}

// GpuDeviceInfo is the structure of that name in the model.
type GpuDeviceInfo struct {
	Name         *string
	Manufacturer *string
	Count        *int64
	MemoryInfo   *GpuDeviceMemoryInfo
}

// GpuDeviceMemoryInfo is the structure of that name in the model.
type GpuDeviceMemoryInfo struct {
	SizeInMiB *int64
}

// GpuInfo is the structure of that name in the model.
type GpuInfo struct {
	Gpus                []*GpuDeviceInfo
	TotalGpuMemoryInMiB *int64
}

// GroupIdentifier is the structure of that name in the model.
type GroupIdentifier struct {
	GroupName *string
	GroupId   *string
}

// HibernationOptions is the structure of that name in the model.
type HibernationOptions struct {
	Configured *bool
}

// HibernationOptionsRequest is the structure of that name in the model.
type HibernationOptionsRequest struct {
	Configured *bool
}

// IamInstanceProfile is the structure of that name in the model.
type IamInstanceProfile struct {
	Arn *string
	Id  *string
}

// IamInstanceProfileSpecification is the structure of that name in the model.
type IamInstanceProfileSpecification struct {
	Arn  *string
	Name *string
}

// IcmpTypeCode is the structure of that name in the model.
type IcmpTypeCode struct {
	Code *int64
	Type *int64
}

// Image is the structure of that name in the model.
type Image struct {
	Architecture             *string
	CreationDate             *string
	ImageId                  *string
	ImageLocation            *string
	ImageType                *string
	Public                   *bool
	KernelId                 *string
	OwnerId                  *string
	Platform                 *string
	PlatformDetails          *string
	UsageOperation           *string
	ProductCodes             []*ProductCode
	RamdiskId                *string
	State                    *string
	BlockDeviceMappings      []*BlockDeviceMapping
	Description              *string
	EnaSupport               *bool
	Hypervisor               *string
	ImageOwnerAlias          *string
	Name                     *string
	RootDeviceName           *string
	RootDeviceType           *string
	SriovNetSupport          *string
	StateReason              *StateReason
	Tags                     []*Tag
	VirtualizationType       *string
	BootMode                 *string
	TpmSupport               *string
	DeprecationTime          *string
	ImdsSupport              *string
	SourceInstanceId         *string
	DeregistrationProtection *string
	LastLaunchedTime         *string
}

// ImageAttribute is the structure of that name in the model.
type ImageAttribute struct {
	BlockDeviceMappings      []*BlockDeviceMapping
	ImageId                  *string
	LaunchPermissions        []*LaunchPermission
	ProductCodes             []*ProductCode
	Description              *AttributeValue
	KernelId                 *AttributeValue
	RamdiskId                *AttributeValue
	SriovNetSupport          *AttributeValue
	BootMode                 *AttributeValue
	TpmSupport               *AttributeValue
	UefiData                 *AttributeValue
	LastLaunchedTime         *AttributeValue
	ImdsSupport              *AttributeValue
	DeregistrationProtection *AttributeValue
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
	KeyFingerprint *string
	KeyName        *string
	KeyPairId      *string
	Tags           []*Tag
}

// InferenceAcceleratorInfo is the structure of that name in the model.
type InferenceAcceleratorInfo struct {
	Accelerators              []*InferenceDeviceInfo
	TotalInferenceMemoryInMiB *int64
}

// InferenceDeviceInfo is the structure of that name in the model.
type InferenceDeviceInfo struct {
	Count        *int64
	Name         *string
	Manufacturer *string
	MemoryInfo   *InferenceDeviceMemoryInfo
}

// InferenceDeviceMemoryInfo is the structure of that name in the model.
type InferenceDeviceMemoryInfo struct {
	SizeInMiB *int64
}

// Instance is the structure of that name in the model.
type Instance struct {
	AmiLaunchIndex                          *int64
	ImageId                                 *string
	InstanceId                              *string
	InstanceType                            *string
	KernelId                                *string
	KeyName                                 *string
	LaunchTime                              *time.Time
	Monitoring                              *Monitoring
	Placement                               *Placement
	Platform                                *string
	PrivateDnsName                          *string
	PrivateIpAddress                        *string
	ProductCodes                            []*ProductCode
	PublicDnsName                           *string
	PublicIpAddress                         *string
	RamdiskId                               *string
	State                                   *InstanceState
	StateTransitionReason                   *string
	SubnetId                                *string
	VpcId                                   *string
	Architecture                            *string
	BlockDeviceMappings                     []*InstanceBlockDeviceMapping
	ClientToken                             *string
	EbsOptimized                            *bool
	EnaSupport                              *bool
	Hypervisor                              *string
	IamInstanceProfile                      *IamInstanceProfile
	InstanceLifecycle                       *string
	ElasticGpuAssociations                  []*ElasticGpuAssociation
	ElasticInferenceAcceleratorAssociations []*ElasticInferenceAcceleratorAssociation
	NetworkInterfaces                       []*InstanceNetworkInterface
	OutpostArn                              *string
	RootDeviceName                          *string
	RootDeviceType                          *string
	SecurityGroups                          []*GroupIdentifier
	SourceDestCheck                         *bool
	SpotInstanceRequestId                   *string
	SriovNetSupport                         *string
	StateReason                             *StateReason
	Tags                                    []*Tag
	VirtualizationType                      *string
	CpuOptions                              *CpuOptions
	CapacityReservationId                   *string
	CapacityReservationSpecification        *CapacityReservationSpecificationResponse
	HibernationOptions                      *HibernationOptions
	Licenses                                []*LicenseConfiguration
	MetadataOptions                         *InstanceMetadataOptionsResponse
	EnclaveOptions                          *EnclaveOptions
	BootMode                                *string
	PlatformDetails                         *string
	UsageOperation                          *string
	UsageOperationUpdateTime                *time.Time
	PrivateDnsNameOptions                   *PrivateDnsNameOptionsResponse
	Ipv6Address                             *string
	TpmSupport                              *string
	MaintenanceOptions                      *InstanceMaintenanceOptions
	CurrentInstanceBootMode                 *string
}

// InstanceAttachmentEnaSrdSpecification is the structure of that name in the model.
type InstanceAttachmentEnaSrdSpecification struct {
	EnaSrdEnabled          *bool
	EnaSrdUdpSpecification *InstanceAttachmentEnaSrdUdpSpecification
}

// InstanceAttachmentEnaSrdUdpSpecification is the structure of that name in the model.
type InstanceAttachmentEnaSrdUdpSpecification struct {
	EnaSrdUdpEnabled *bool
}

// InstanceAttribute is the structure of that name in the model.
type InstanceAttribute struct {
	Groups                            []*GroupIdentifier
	BlockDeviceMappings               []*InstanceBlockDeviceMapping
	DisableApiTermination             *AttributeBooleanValue
	EnaSupport                        *AttributeBooleanValue
	EnclaveOptions                    *EnclaveOptions
	EbsOptimized                      *AttributeBooleanValue
	InstanceId                        *string
	InstanceInitiatedShutdownBehavior *AttributeValue
	InstanceType                      *AttributeValue
	KernelId                          *AttributeValue
	ProductCodes                      []*ProductCode
	RamdiskId                         *AttributeValue
	RootDeviceName                    *AttributeValue
	SourceDestCheck                   *AttributeBooleanValue
	SriovNetSupport                   *AttributeValue
	UserData                          *AttributeValue
	DisableApiStop                    *AttributeBooleanValue
}

// InstanceBlockDeviceMapping is the structure of that name in the model.
type InstanceBlockDeviceMapping struct {
	DeviceName *string
	Ebs        *EbsInstanceBlockDevice
}

// InstanceBlockDeviceMappingSpecification is the structure of that name in the model.
type InstanceBlockDeviceMappingSpecification struct {
	DeviceName  *string
	Ebs         *EbsInstanceBlockDeviceSpecification
	NoDevice    *string
	VirtualName *string
}

// InstanceCreditSpecification is the structure of that name in the model.
type InstanceCreditSpecification struct {
	InstanceId *string
	CpuCredits *string
}

// InstanceIpv4Prefix is the structure of that name in the model.
type InstanceIpv4Prefix struct {
	Ipv4Prefix *string
}

// InstanceIpv6Address is the structure of that name in the model.
type InstanceIpv6Address struct {
	Ipv6Address   *string
	IsPrimaryIpv6 *bool
}

// InstanceIpv6Prefix is the structure of that name in the model.
type InstanceIpv6Prefix struct {
	Ipv6Prefix *string
}

// InstanceMaintenanceOptions is the structure of that name in the model.
type InstanceMaintenanceOptions struct {
	AutoRecovery *string
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
	State                   *string
	HttpTokens              *string
	HttpPutResponseHopLimit *int64
	HttpEndpoint            *string
	HttpProtocolIpv6        *string
	InstanceMetadataTags    *string
}

// InstanceNetworkInterface is the structure of that name in the model.
type InstanceNetworkInterface struct {
	Association                     *InstanceNetworkInterfaceAssociation
	Attachment                      *InstanceNetworkInterfaceAttachment
	Description                     *string
	Groups                          []*GroupIdentifier
	Ipv6Addresses                   []*InstanceIpv6Address
	MacAddress                      *string
	NetworkInterfaceId              *string
	OwnerId                         *string
	PrivateDnsName                  *string
	PrivateIpAddress                *string
	PrivateIpAddresses              []*InstancePrivateIpAddress
	SourceDestCheck                 *bool
	Status                          *string
	SubnetId                        *string
	VpcId                           *string
	InterfaceType                   *string
	Ipv4Prefixes                    []*InstanceIpv4Prefix
	Ipv6Prefixes                    []*InstanceIpv6Prefix
	ConnectionTrackingConfiguration *ConnectionTrackingSpecificationResponse
}

// InstanceNetworkInterfaceAssociation is the structure of that name in the model.
type InstanceNetworkInterfaceAssociation struct {
	CarrierIp       *string
	CustomerOwnedIp *string
	IpOwnerId       *string
	PublicDnsName   *string
	PublicIp        *string
}

// InstanceNetworkInterfaceAttachment is the structure of that name in the model.
type InstanceNetworkInterfaceAttachment struct {
	AttachTime          *time.Time
	AttachmentId        *string
	DeleteOnTermination *bool
	DeviceIndex         *int64
	Status              *string
	NetworkCardIndex    *int64
	EnaSrdSpecification *InstanceAttachmentEnaSrdSpecification
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
	Association      *InstanceNetworkInterfaceAssociation
	Primary          *bool
	PrivateDnsName   *string
	PrivateIpAddress *string
}

// InstanceState is the structure of that name in the model.
type InstanceState struct {
	Code *int64
	Name *string
}

// InstanceStateChange is the structure of that name in the model.
type InstanceStateChange struct {
	CurrentState  *InstanceState
	InstanceId    *string
	PreviousState *InstanceState
}

// InstanceStatus is the structure of that name in the model.
type InstanceStatus struct {
	AvailabilityZone *string
	OutpostArn       *string
	Events           []*InstanceStatusEvent
	InstanceId       *string
	InstanceState    *InstanceState
	InstanceStatus   *InstanceStatusSummary
	SystemStatus     *InstanceStatusSummary
}

// InstanceStatusDetails is the structure of that name in the model.
type InstanceStatusDetails struct {
	ImpairedSince *time.Time
	Name          *string
	Status        *string
}

// InstanceStatusEvent is the structure of that name in the model.
type InstanceStatusEvent struct {
	InstanceEventId   *string
	Code              *string
	Description       *string
	NotAfter          *time.Time
	NotBefore         *time.Time
	NotBeforeDeadline *time.Time
}

// InstanceStatusSummary is the structure of that name in the model.
type InstanceStatusSummary struct {
	Details []*InstanceStatusDetails
	Status  *string
}

// InstanceStorageInfo is the structure of that name in the model.
type InstanceStorageInfo struct {
	TotalSizeInGB     *int64
	Disks             []*DiskInfo
	NvmeSupport       *string
	EncryptionSupport *string
}

// InstanceTypeInfo is the structure of that name in the model.
type InstanceTypeInfo struct {
	InstanceType                  *string
	CurrentGeneration             *bool
	FreeTierEligible              *bool
	SupportedUsageClasses         []string
	SupportedRootDeviceTypes      []string
	SupportedVirtualizationTypes  []string
	BareMetal                     *bool
	Hypervisor                    *string
	ProcessorInfo                 *ProcessorInfo
	VCpuInfo                      *VCpuInfo
	MemoryInfo                    *MemoryInfo
	InstanceStorageSupported      *bool
	InstanceStorageInfo           *InstanceStorageInfo
	EbsInfo                       *EbsInfo
	NetworkInfo                   *NetworkInfo
	GpuInfo                       *GpuInfo
	FpgaInfo                      *FpgaInfo
	PlacementGroupInfo            *PlacementGroupInfo
	InferenceAcceleratorInfo      *InferenceAcceleratorInfo
	HibernationSupported          *bool
	BurstablePerformanceSupported *bool
	DedicatedHostsSupported       *bool
	AutoRecoverySupported         *bool
	SupportedBootModes            []string
	NitroEnclavesSupport          *string
	NitroTpmSupport               *string
	NitroTpmInfo                  *NitroTpmInfo
	MediaAcceleratorInfo          *MediaAcceleratorInfo
	NeuronInfo                    *NeuronInfo
	PhcSupport                    *string
}

// InstanceTypeOffering is the structure of that name in the model.
type InstanceTypeOffering struct {
	InstanceType *string
	LocationType *string
	Location     *string
}

// InternetGateway is the structure of that name in the model.
type InternetGateway struct {
	Attachments       []*InternetGatewayAttachment
	InternetGatewayId *string
	OwnerId           *string
	Tags              []*Tag
}

// InternetGatewayAttachment is the structure of that name in the model.
type InternetGatewayAttachment struct {
	State *string
	VpcId *string
}

// IpPermission is the structure of that name in the model.
type IpPermission struct {
	FromPort         *int64
	IpProtocol       *string
	IpRanges         []*IpRange
	Ipv6Ranges       []*Ipv6Range
	PrefixListIds    []*PrefixListId
	ToPort           *int64
	UserIdGroupPairs []*UserIdGroupPair
}

// IpRange is the structure of that name in the model.
type IpRange struct {
	CidrIp      *string
	Description *string
}

// Ipv4PrefixSpecification is the structure of that name in the model.
type Ipv4PrefixSpecification struct {
	Ipv4Prefix *string
}

// Ipv4PrefixSpecificationRequest is the structure of that name in the model.
type Ipv4PrefixSpecificationRequest struct {
	Ipv4Prefix *string
}

// Ipv6PrefixSpecification is the structure of that name in the model.
type Ipv6PrefixSpecification struct {
	Ipv6Prefix *string
}

// Ipv6PrefixSpecificationRequest is the structure of that name in the model.
type Ipv6PrefixSpecificationRequest struct {
	Ipv6Prefix *string
}

// Ipv6Range is the structure of that name in the model.
type Ipv6Range struct {
	CidrIpv6    *string
	Description *string
}

// KeyPair is the structure of that name in the model.
type KeyPair struct {
	KeyFingerprint *string
	KeyMaterial    *string
	KeyName        *string
	KeyPairId      *string
	Tags           []*Tag
}

// KeyPairInfo is the structure of that name in the model.
type KeyPairInfo struct {
	KeyPairId      *string
	KeyFingerprint *string
	KeyName        *string
	KeyType        *string
	Tags           []*Tag
	PublicKey      *string
	CreateTime     *time.Time
}

// LaunchPermission is the structure of that name in the model.
type LaunchPermission struct {
	Group                 *string
	UserId                *string
	OrganizationArn       *string
	OrganizationalUnitArn *string
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
	LicenseConfigurationArn *string
}

// LicenseConfigurationRequest is the structure of that name in the model.
type LicenseConfigurationRequest struct {
	LicenseConfigurationArn *string
}

// MediaAcceleratorInfo is the structure of that name in the model.
type MediaAcceleratorInfo struct {
	Accelerators          []*MediaDeviceInfo
	TotalMediaMemoryInMiB *int64
}

// MediaDeviceInfo is the structure of that name in the model.
type MediaDeviceInfo struct {
	Count        *int64
	Name         *string
	Manufacturer *string
	MemoryInfo   *MediaDeviceMemoryInfo
}

// MediaDeviceMemoryInfo is the structure of that name in the model.
type MediaDeviceMemoryInfo struct {
	SizeInMiB *int64
}

// MemoryInfo is the structure of that name in the model.
type MemoryInfo struct {
	SizeInMiB *int64
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
	InstanceId              *string
	InstanceMetadataOptions *InstanceMetadataOptionsResponse
}

// ModifySecurityGroupRulesRequest is the structure of that name in the model.
type ModifySecurityGroupRulesRequest struct {
	GroupId            *string
	SecurityGroupRules []*SecurityGroupRuleUpdate
	DryRun             *bool
}

// ModifySecurityGroupRulesResult is the structure of that name in the model.
type ModifySecurityGroupRulesResult struct {
	Return *bool
}

// Monitoring is the structure of that name in the model.
type Monitoring struct {
	State *string
}

// NetworkAcl is the structure of that name in the model.
type NetworkAcl struct {
	Associations []*NetworkAclAssociation
	Entries      []*NetworkAclEntry
	IsDefault    *bool
	NetworkAclId *string
	Tags         []*Tag
	VpcId        *string
	OwnerId      *string
}

// NetworkAclAssociation is the structure of that name in the model.
type NetworkAclAssociation struct {
	NetworkAclAssociationId *string
	NetworkAclId            *string
	SubnetId                *string
}

// NetworkAclEntry is the structure of that name in the model.
type NetworkAclEntry struct {
	CidrBlock     *string
	Egress        *bool
	IcmpTypeCode  *IcmpTypeCode
	Ipv6CidrBlock *string
	PortRange     *PortRange
	Protocol      *string
	RuleAction    *string
	RuleNumber    *int64
}

// NetworkCardInfo is the structure of that name in the model.
type NetworkCardInfo struct {
	NetworkCardIndex         *int64
	NetworkPerformance       *string
	MaximumNetworkInterfaces *int64
	BaselineBandwidthInGbps  *float64
	PeakBandwidthInGbps      *float64
}

// NetworkInfo is the structure of that name in the model.
type NetworkInfo struct {
	NetworkPerformance           *string
	MaximumNetworkInterfaces     *int64
	MaximumNetworkCards          *int64
	DefaultNetworkCardIndex      *int64
	NetworkCards                 []*NetworkCardInfo
	Ipv4AddressesPerInterface    *int64
	Ipv6AddressesPerInterface    *int64
	Ipv6Supported                *bool
	EnaSupport                   *string
	EfaSupported                 *bool
	EfaInfo                      *EfaInfo
	EncryptionInTransitSupported *bool
	EnaSrdSupported              *bool
}

// NetworkInterface is the structure of that name in the model.
type NetworkInterface struct {
	Association                     *NetworkInterfaceAssociation
	Attachment                      *NetworkInterfaceAttachment
	AvailabilityZone                *string
	ConnectionTrackingConfiguration *ConnectionTrackingConfiguration
	Description                     *string
	Groups                          []*GroupIdentifier
	InterfaceType                   *string
	Ipv6Addresses                   []*NetworkInterfaceIpv6Address
	MacAddress                      *string
	NetworkInterfaceId              *string
	OutpostArn                      *string
	OwnerId                         *string
	PrivateDnsName                  *string
	PrivateIpAddress                *string
	PrivateIpAddresses              []*NetworkInterfacePrivateIpAddress
	Ipv4Prefixes                    []*Ipv4PrefixSpecification
	Ipv6Prefixes                    []*Ipv6PrefixSpecification
	RequesterId                     *string
	RequesterManaged                *bool
	SourceDestCheck                 *bool
	Status                          *string
	SubnetId                        *string
	TagSet                          []*Tag
	VpcId                           *string
	DenyAllIgwTraffic               *bool
	Ipv6Native                      *bool
	Ipv6Address                     *string
}

// NetworkInterfaceAssociation is the structure of that name in the model.
type NetworkInterfaceAssociation struct {
	AllocationId    *string
	AssociationId   *string
	IpOwnerId       *string
	PublicDnsName   *string
	PublicIp        *string
	CustomerOwnedIp *string
	CarrierIp       *string
}

// NetworkInterfaceAttachment is the structure of that name in the model.
type NetworkInterfaceAttachment struct {
	AttachTime          *time.Time
	AttachmentId        *string
	DeleteOnTermination *bool
	DeviceIndex         *int64
	NetworkCardIndex    *int64
	InstanceId          *string
	InstanceOwnerId     *string
	Status              *string
	EnaSrdSpecification *AttachmentEnaSrdSpecification
}

// NetworkInterfaceIpv6Address is the structure of that name in the model.
type NetworkInterfaceIpv6Address struct {
	Ipv6Address   *string
	IsPrimaryIpv6 *bool
}

// NetworkInterfacePrivateIpAddress is the structure of that name in the model.
type NetworkInterfacePrivateIpAddress struct {
	Association      *NetworkInterfaceAssociation
	Primary          *bool
	PrivateDnsName   *string
	PrivateIpAddress *string
}

// NeuronDeviceCoreInfo is the structure of that name in the model.
type NeuronDeviceCoreInfo struct {
	Count   *int64
	Version *int64
}

// NeuronDeviceInfo is the structure of that name in the model.
type NeuronDeviceInfo struct {
	Count      *int64
	Name       *string
	CoreInfo   *NeuronDeviceCoreInfo
	MemoryInfo *NeuronDeviceMemoryInfo
}

// NeuronDeviceMemoryInfo is the structure of that name in the model.
type NeuronDeviceMemoryInfo struct {
	SizeInMiB *int64
}

// NeuronInfo is the structure of that name in the model.
type NeuronInfo struct {
	NeuronDevices                []*NeuronDeviceInfo
	TotalNeuronDeviceMemoryInMiB *int64
}

// NitroTpmInfo is the structure of that name in the model.
type NitroTpmInfo struct {
	SupportedVersions []string
}

// Placement is the structure of that name in the model.
type Placement struct {
	AvailabilityZone     *string
	Affinity             *string
	GroupName            *string
	PartitionNumber      *int64
	HostId               *string
	Tenancy              *string
	SpreadDomain         *string
	HostResourceGroupArn *string
	GroupId              *string
}

// PlacementGroupInfo is the structure of that name in the model.
type PlacementGroupInfo struct {
	SupportedStrategies []string
}

// PortRange is the structure of that name in the model.
type PortRange struct {
	From *int64
	To   *int64
}

// PrefixListId is the structure of that name in the model.
type PrefixListId struct {
	Description  *string
	PrefixListId *string
}

// PrivateDnsNameOptionsOnLaunch is the structure of that name in the model.
type PrivateDnsNameOptionsOnLaunch struct {
	HostnameType                    *string
	EnableResourceNameDnsARecord    *bool
	EnableResourceNameDnsAAAARecord *bool
}

// PrivateDnsNameOptionsRequest is the structure of that name in the model.
type PrivateDnsNameOptionsRequest struct {
	HostnameType                    *string
	EnableResourceNameDnsARecord    *bool
	EnableResourceNameDnsAAAARecord *bool
}

// PrivateDnsNameOptionsResponse is the structure of that name in the model.
type PrivateDnsNameOptionsResponse struct {
	HostnameType                    *string
	EnableResourceNameDnsARecord    *bool
	EnableResourceNameDnsAAAARecord *bool
}

// PrivateIpAddressSpecification is the structure of that name in the model.
type PrivateIpAddressSpecification struct {
	Primary          *bool
	PrivateIpAddress *string
}

// ProcessorInfo is the structure of that name in the model.
type ProcessorInfo struct {
	SupportedArchitectures   []string
	SustainedClockSpeedInGhz *float64
	SupportedFeatures        []string
	Manufacturer             *string
}

// ProductCode is the structure of that name in the model.
type ProductCode struct {
	ProductCodeId   *string
	ProductCodeType *string
}

// PropagatingVgw is the structure of that name in the model.
type PropagatingVgw struct {
	GatewayId *string
}

// RebootInstancesRequest is the structure of that name in the model.
type RebootInstancesRequest struct {
	InstanceIds []string
	DryRun      *bool
}

// ReferencedSecurityGroup is the structure of that name in the model.
type ReferencedSecurityGroup struct {
	GroupId                *string
	PeeringStatus          *string
	UserId                 *string
	VpcId                  *string
	VpcPeeringConnectionId *string
}

// Region is the structure of that name in the model.
type Region struct {
	Endpoint    *string
	RegionName  *string
	OptInStatus *string
}

// Reservation is the structure of that name in the model.
type Reservation struct {
	Groups        []*GroupIdentifier
	Instances     []*Instance
	OwnerId       *string
	RequesterId   *string
	ReservationId *string
}

// ResetInstanceAttributeRequest is the structure of that name in the model.
type ResetInstanceAttributeRequest struct {
	Attribute  *string
	DryRun     *bool
	InstanceId *string
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
	Return               *bool
	UnknownIpPermissions []*IpPermission
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
	Return               *bool
	UnknownIpPermissions []*IpPermission
}

// Route is the structure of that name in the model.
type Route struct {
	DestinationCidrBlock        *string
	DestinationIpv6CidrBlock    *string
	DestinationPrefixListId     *string
	EgressOnlyInternetGatewayId *string
	GatewayId                   *string
	InstanceId                  *string
	InstanceOwnerId             *string
	NatGatewayId                *string
	TransitGatewayId            *string
	LocalGatewayId              *string
	CarrierGatewayId            *string
	NetworkInterfaceId          *string
	Origin                      *string
	State                       *string
	VpcPeeringConnectionId      *string
	CoreNetworkArn              *string
}

// RouteTable is the structure of that name in the model.
type RouteTable struct {
	Associations    []*RouteTableAssociation
	PropagatingVgws []*PropagatingVgw
	RouteTableId    *string
	Routes          []*Route
	Tags            []*Tag
	VpcId           *string
	OwnerId         *string
}

// RouteTableAssociation is the structure of that name in the model.
type RouteTableAssociation struct {
	Main                    *bool
	RouteTableAssociationId *string
	RouteTableId            *string
	SubnetId                *string
	GatewayId               *string
	AssociationState        *RouteTableAssociationState
}

// RouteTableAssociationState is the structure of that name in the model.
type RouteTableAssociationState struct {
	State         *string
	StatusMessage *string
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
	Description         *string
	GroupName           *string
	IpPermissions       []*IpPermission
	OwnerId             *string
	GroupId             *string
	IpPermissionsEgress []*IpPermission
	Tags                []*Tag
	VpcId               *string
}

// SecurityGroupRule is the structure of that name in the model.
type SecurityGroupRule struct {
	SecurityGroupRuleId *string
	GroupId             *string
	GroupOwnerId        *string
	IsEgress            *bool
	IpProtocol          *string
	FromPort            *int64
	ToPort              *int64
	CidrIpv4            *string
	CidrIpv6            *string
	PrefixListId        *string
	ReferencedGroupInfo *ReferencedSecurityGroup
	Description         *string
	Tags                []*Tag
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

// StartInstancesRequest is the structure of that name in the model.
type StartInstancesRequest struct {
	InstanceIds    []string
	AdditionalInfo *string
	DryRun         *bool
}

// StartInstancesResult is the structure of that name in the model.
type StartInstancesResult struct {
	StartingInstances []*InstanceStateChange
}

// StateReason is the structure of that name in the model.
type StateReason struct {
	Code    *string
	Message *string
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
	StoppingInstances []*InstanceStateChange
}

// Subnet is the structure of that name in the model.
type Subnet struct {
	AvailabilityZone              *string
	AvailabilityZoneId            *string
	AvailableIpAddressCount       *int64
	CidrBlock                     *string
	DefaultForAz                  *bool
	EnableLniAtDeviceIndex        *int64
	MapPublicIpOnLaunch           *bool
	MapCustomerOwnedIpOnLaunch    *bool
	CustomerOwnedIpv4Pool         *string
	State                         *string
	SubnetId                      *string
	VpcId                         *string
	OwnerId                       *string
	AssignIpv6AddressOnCreation   *bool
	Ipv6CidrBlockAssociationSet   []*SubnetIpv6CidrBlockAssociation
	Tags                          []*Tag
	SubnetArn                     *string
	OutpostArn                    *string
	EnableDns64                   *bool
	Ipv6Native                    *bool
	PrivateDnsNameOptionsOnLaunch *PrivateDnsNameOptionsOnLaunch
}

// SubnetCidrBlockState is the structure of that name in the model.
type SubnetCidrBlockState struct {
	State         *string
	StatusMessage *string
}

// SubnetIpv6CidrBlockAssociation is the structure of that name in the model.
type SubnetIpv6CidrBlockAssociation struct {
	AssociationId      *string
	Ipv6CidrBlock      *string
	Ipv6CidrBlockState *SubnetCidrBlockState
}

// Tag is the structure of that name in the model.
type Tag struct {
	Key   *string
	Value *string
}

// TagDescription is the structure of that name in the model.
type TagDescription struct {
	Key          *string
	ResourceId   *string
	ResourceType *string
	Value        *string
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
	TerminatingInstances []*InstanceStateChange
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
	Return *bool
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
	Return *bool
}

// UserIdGroupPair is the structure of that name in the model.
type UserIdGroupPair struct {
	Description            *string
	GroupId                *string
	GroupName              *string
	PeeringStatus          *string
	UserId                 *string
	VpcId                  *string
	VpcPeeringConnectionId *string
}

// VCpuInfo is the structure of that name in the model.
type VCpuInfo struct {
	DefaultVCpus          *int64
	DefaultCores          *int64
	DefaultThreadsPerCore *int64
	ValidCores            []int64
	ValidThreadsPerCore   []int64
}

// Volume is the structure of that name in the model.
type Volume struct {
	Attachments        []*VolumeAttachment
	AvailabilityZone   *string
	CreateTime         *time.Time
	Encrypted          *bool
	KmsKeyId           *string
	OutpostArn         *string
	Size               *int64
	SnapshotId         *string
	State              *string
	VolumeId           *string
	Iops               *int64
	Tags               []*Tag
	VolumeType         *string
	FastRestored       *bool
	MultiAttachEnabled *bool
	Throughput         *int64
	SseType            *string
}

// VolumeAttachment is the structure of that name in the model.
type VolumeAttachment struct {
	AttachTime            *time.Time
	Device                *string
	InstanceId            *string
	State                 *string
	VolumeId              *string
	DeleteOnTermination   *bool
	AssociatedResource    *string
	InstanceOwningService *string
}

// Vpc is the structure of that name in the model.
type Vpc struct {
	CidrBlock                   *string
	DhcpOptionsId               *string
	State                       *string
	VpcId                       *string
	OwnerId                     *string
	InstanceTenancy             *string
	Ipv6CidrBlockAssociationSet []*VpcIpv6CidrBlockAssociation
	CidrBlockAssociationSet     []*VpcCidrBlockAssociation
	IsDefault                   *bool
	Tags                        []*Tag
}

// VpcCidrBlockAssociation is the structure of that name in the model.
type VpcCidrBlockAssociation struct {
	AssociationId  *string
	CidrBlock      *string
	CidrBlockState *VpcCidrBlockState
}

// VpcCidrBlockState is the structure of that name in the model.
type VpcCidrBlockState struct {
	State         *string
	StatusMessage *string
}

// VpcIpv6CidrBlockAssociation is the structure of that name in the model.
type VpcIpv6CidrBlockAssociation struct {
	AssociationId      *string
	Ipv6CidrBlock      *string
	Ipv6CidrBlockState *VpcCidrBlockState
	NetworkBorderGroup *string
	Ipv6Pool           *string
}

// CreateTagsResult is the answer to CreateTags, which says no more than that it succeeded.
type CreateTagsResult struct{}

// DeleteSecurityGroupResult is the answer to DeleteSecurityGroup, which says no more than that it succeeded.
type DeleteSecurityGroupResult struct{}

// DeleteTagsResult is the answer to DeleteTags, which says no more than that it succeeded.
type DeleteTagsResult struct{}

// DeregisterImageResult is the answer to DeregisterImage, which says no more than that it succeeded.
type DeregisterImageResult struct{}

// ModifyImageAttributeResult is the answer to ModifyImageAttribute, which says no more than that it succeeded.
type ModifyImageAttributeResult struct{}

// ModifyInstanceAttributeResult is the answer to ModifyInstanceAttribute, which says no more than that it succeeded.
type ModifyInstanceAttributeResult struct{}

// RebootInstancesResult is the answer to RebootInstances, which says no more than that it succeeded.
type RebootInstancesResult struct{}

// ResetInstanceAttributeResult is the answer to ResetInstanceAttribute, which says no more than that it succeeded.
type ResetInstanceAttributeResult struct{}

// The values of AccountAttributeName.
const (
	AccountAttributeNameSupportedPlatforms = "supported-platforms"
	AccountAttributeNameDefaultVpc         = "default-vpc"
)

// The values of AmdSevSnpSpecification.
const (
	AmdSevSnpSpecificationEnabled  = "enabled"
	AmdSevSnpSpecificationDisabled = "disabled"
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

// The values of CapacityReservationPreference.
const (
	CapacityReservationPreferenceOpen = "open"
	CapacityReservationPreferenceNone = "none"
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

// The values of PlacementGroupStrategy.
const (
	PlacementGroupStrategyCluster   = "cluster"
	PlacementGroupStrategyPartition = "partition"
	PlacementGroupStrategySpread    = "spread"
)

// The values of PlatformValues.
const (
	PlatformValuesWindows = "Windows"
)

// The values of ProductCodeValues.
const (
	ProductCodeValuesDevpay      = "devpay"
	ProductCodeValuesMarketplace = "marketplace"
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

// The values of VpcState.
const (
	VpcStatePending   = "pending"
	VpcStateAvailable = "available"
)
