package ec2

import (
	"encoding/base64"
	"net/netip"
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

// maxUserData is EC2's bound, before base64.
const maxUserData = 16 << 10

// maxLaunch is how many instances one request may start.
const maxLaunch = 1000

// checkRunInstances holds a request's values against what any of them may be. It looks
// at nothing else: it runs before a dry run is answered.
func checkRunInstances(in *gen.RunInstancesRequest) error {
	if err := checkCounts(val(in.MinCount), val(in.MaxCount)); err != nil {
		return err
	}
	if in.ImageId == nil && in.LaunchTemplate == nil {
		return missing("ImageId")
	}
	if in.ImageId != nil && !ids.Valid(ids.Image, *in.ImageId) {
		return apierr.New("InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")", clip(*in.ImageId))
	}
	if in.SubnetId != nil && !ids.Valid(ids.Subnet, *in.SubnetId) {
		return subnetKind.check(*in.SubnetId)
	}
	if _, err := userData(in.UserData); err != nil {
		return err
	}
	if err := oneOf("instanceInitiatedShutdownBehavior", in.InstanceInitiatedShutdownBehavior, "stop", "terminate"); err != nil {
		return err
	}
	if s := in.CreditSpecification; s != nil {
		if err := oneOf("cpuCredits", s.CpuCredits, creditStandard, creditUnlimited); err != nil {
			return err
		}
	}
	if m := in.MetadataOptions; m != nil {
		if err := checkMetadata(m.HttpTokens, m.HttpEndpoint, m.InstanceMetadataTags, m.HttpProtocolIpv6, m.HttpPutResponseHopLimit); err != nil {
			return err
		}
	}
	if err := checkNetwork(in); err != nil {
		return err
	}
	return checkMappings(in.BlockDeviceMappings)
}

func missing(parameter string) error {
	return apierr.New("MissingParameter", "The request must contain the parameter %s", parameter)
}

func checkCounts(least, most int64) error {
	switch {
	case least < 1:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter minCount is invalid. Expecting a value greater than 0.", least)
	case most < least:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter maxCount is invalid. Expecting a value not less than minCount (%d).", most, least)
	case most > maxLaunch:
		return apierr.New("InstanceLimitExceeded", "You have requested more instances (%d) than one request may start (%d).", most, maxLaunch)
	}
	return nil
}

// userData decodes user data.
func userData(encoded *string) ([]byte, error) {
	if val(encoded) == "" {
		return nil, nil
	}
	plain := strings.Join(strings.Fields(*encoded), "") // some clients fold their lines
	raw, err := base64.StdEncoding.DecodeString(plain)
	if err != nil {
		return nil, apierr.New("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	}
	return raw, checkUserData(raw)
}

func checkUserData(raw []byte) error {
	if len(raw) > maxUserData {
		return apierr.New("InvalidParameterValue", "User data is limited to %d bytes; this has %d", maxUserData, len(raw))
	}
	return nil
}

func checkMetadata(tokens, endpoint, tags, ipv6 *string, hops *int64) error {
	if err := oneOf("httpTokens", tokens, "optional", "required"); err != nil {
		return err
	}
	if err := oneOf("httpEndpoint", endpoint, "enabled", "disabled"); err != nil {
		return err
	}
	if err := oneOf("instanceMetadataTags", tags, "enabled", "disabled"); err != nil {
		return err
	}
	if err := oneOf("httpProtocolIpv6", ipv6, "enabled", "disabled"); err != nil {
		return err
	}
	if hops != nil && (*hops < 1 || *hops > 64) {
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter httpPutResponseHopLimit is invalid. Expecting 1 to 64.", *hops)
	}
	if val(ipv6) == "enabled" {
		return apierr.New("UnsupportedOperation", "The metadata service has no IPv6 endpoint.")
	}
	return nil
}

// withMetadata returns o with what a request sets of it.
func withMetadata(o model.MetadataOptions, tokens, endpoint, tags, ipv6 *string, hops *int64) model.MetadataOptions {
	o.HTTPTokens = orDefault(tokens, o.HTTPTokens)
	o.HTTPEndpoint = orDefault(endpoint, o.HTTPEndpoint)
	o.InstanceTags = orDefault(tags, o.InstanceTags)
	o.HTTPIPv6 = orDefault(ipv6, o.HTTPIPv6)
	o.HopLimit = int(orDefault(hops, int64(o.HopLimit)))
	return o
}

// checkNetwork holds the two ways of describing interfaces apart.
func checkNetwork(in *gen.RunInstancesRequest) error {
	if err := checkAddress(in.PrivateIpAddress); err != nil {
		return err
	}
	if val(in.MaxCount) > 1 && in.PrivateIpAddress != nil {
		return apierr.New("InvalidParameterCombination", "A private IP address cannot be specified when launching multiple instances")
	}
	if len(in.NetworkInterfaces) == 0 {
		return nil
	}
	both := func(what string) error {
		return apierr.New("InvalidParameterCombination", "Network interfaces and an instance-level %s may not be specified on the same request", what)
	}
	switch {
	case in.SubnetId != nil:
		return both("subnet ID")
	case len(in.SecurityGroupIds)+len(in.SecurityGroups) > 0:
		return both("security groups")
	case in.PrivateIpAddress != nil:
		return both("private address")
	}
	seen := map[int64]bool{}
	for _, n := range in.NetworkInterfaces {
		if err := checkInterfaceSpec(n, len(in.NetworkInterfaces), val(in.MaxCount)); err != nil {
			return err
		}
		if seen[*n.DeviceIndex] {
			return apierr.New("InvalidParameterValue", "Each network interface requires a unique device index.")
		}
		seen[*n.DeviceIndex] = true
	}
	if !seen[0] {
		return apierr.New("InvalidParameterCombination", "A network interface with device index 0 must be specified")
	}
	return nil
}

func checkInterfaceSpec(n *gen.InstanceNetworkInterfaceSpecification, count int, most int64) error {
	switch {
	case n == nil || n.DeviceIndex == nil:
		return missing("NetworkInterface.DeviceIndex")
	case *n.DeviceIndex < 0:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter deviceIndex is invalid.", *n.DeviceIndex)
	case n.AssociatePublicIpAddress != nil && *n.DeviceIndex != 0:
		return apierr.New("InvalidParameterCombination", "The associatePublicIPAddress parameter can only be specified for the network interface with DeviceIndex 0.")
	case val(n.AssociatePublicIpAddress) && count > 1:
		return apierr.New("InvalidParameterCombination", "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.")
	case most > 1 && (n.PrivateIpAddress != nil || len(n.PrivateIpAddresses) > 0 || n.NetworkInterfaceId != nil):
		return apierr.New("InvalidParameterCombination", "A network interface or a private IP address cannot be specified when launching multiple instances")
	case n.NetworkInterfaceId != nil && (n.SubnetId != nil || len(n.Groups) > 0 || n.PrivateIpAddress != nil || len(n.PrivateIpAddresses) > 0 || n.SecondaryPrivateIpAddressCount != nil || n.Description != nil || n.AssociatePublicIpAddress != nil):
		return apierr.New("InvalidParameterCombination", "A network interface that exists takes no subnet, security groups, private address, description or public address")
	}
	if err := checkInterfaceText(n.Description); err != nil {
		return err
	}
	_, err := parseWanted(n.PrivateIpAddress, n.PrivateIpAddresses, n.SecondaryPrivateIpAddressCount)
	return err
}

func checkAddress(s *string) error {
	if s == nil {
		return nil
	}
	if a, err := netip.ParseAddr(*s); err != nil || !a.Is4() {
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter privateIpAddress is invalid. It is not a valid IPv4 address", clip(*s))
	}
	return nil
}

func checkMappings(all []*gen.BlockDeviceMapping) error {
	seen := map[string]bool{}
	for _, m := range all {
		if m == nil || val(m.DeviceName) == "" {
			return missing("BlockDeviceMapping.DeviceName")
		}
		if seen[*m.DeviceName] {
			return apierr.New("InvalidBlockDeviceMapping", "The device '%s' is used in more than one block-device mapping", clip(*m.DeviceName))
		}
		seen[*m.DeviceName] = true
		if e := m.Ebs; e != nil {
			if err := oneOf("volumeType", e.VolumeType, "standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"); err != nil {
				return err
			}
			if e.VolumeSize != nil && *e.VolumeSize < 1 {
				return apierr.New("InvalidParameterValue", "Value (%d) for parameter volumeSize is invalid. Expecting a value greater than 0.", *e.VolumeSize)
			}
		}
	}
	return nil
}

// refuse gives EC2's error for what a request asks for and Mica has not: nothing that a
// user asks for is dropped silently.
func refuse(in *gen.RunInstancesRequest) error {
	unsupported := func(what string) error {
		return apierr.New("Unsupported", "The requested configuration is currently not supported: %s.", what)
	}
	switch t := in.LaunchTemplate; {
	case t == nil:
	case t.LaunchTemplateName != nil:
		return apierr.New("InvalidLaunchTemplateName.NotFoundException", "The specified launch template, with template name %s, does not exist.", clip(*t.LaunchTemplateName))
	default:
		return apierr.New("InvalidLaunchTemplateId.NotFound", "The specified launch template, with template ID %s, does not exist.", clip(val(t.LaunchTemplateId)))
	}
	switch p := in.IamInstanceProfile; {
	case p == nil:
	case p.Name != nil:
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", clip(*p.Name))
	default:
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", clip(val(p.Arn)))
	}
	switch {
	case in.KernelId != nil && *in.KernelId != "":
		return apierr.New("InvalidAKIID.NotFound", "The kernel id '[%s]' does not exist", clip(*in.KernelId))
	case in.RamdiskId != nil && *in.RamdiskId != "":
		return apierr.New("InvalidARIID.NotFound", "The ramdisk id '[%s]' does not exist", clip(*in.RamdiskId))
	case val(in.Ipv6AddressCount) > 0 || len(in.Ipv6Addresses) > 0 || val(in.EnablePrimaryIpv6):
		return noIPv6()
	case in.InstanceMarketOptions != nil:
		return unsupported("Spot instances")
	case len(in.ElasticGpuSpecification) > 0 || len(in.ElasticInferenceAccelerators) > 0:
		return unsupported("elastic accelerators")
	case val(in.AdditionalInfo) != "":
		return unsupported("additionalInfo")
	case len(in.LicenseSpecifications) > 0:
		return unsupported("license configurations")
	case in.EnclaveOptions != nil && val(in.EnclaveOptions.Enabled):
		return unsupported("enclaves")
	case in.HibernationOptions != nil && val(in.HibernationOptions.Configured):
		return apierr.New("UnsupportedHibernationConfiguration", "Hibernation is not supported.")
	}
	return refuseOptions(in, unsupported)
}

func refuseOptions(in *gen.RunInstancesRequest, unsupported func(string) error) error {
	if err := checkNames(in.PrivateDnsNameOptions); err != nil {
		return err
	}
	if m := in.MaintenanceOptions; m != nil {
		if err := oneOf("autoRecovery", m.AutoRecovery, "default", "disabled"); err != nil {
			return err
		}
	}
	for _, n := range in.NetworkInterfaces {
		switch {
		case val(n.Ipv6AddressCount) > 0 || len(n.Ipv6Addresses) > 0 || val(n.Ipv6PrefixCount) > 0 || len(n.Ipv6Prefixes) > 0 || val(n.PrimaryIpv6):
			return noIPv6()
		case val(n.Ipv4PrefixCount) > 0 || len(n.Ipv4Prefixes) > 0:
			return unsupported("address prefixes on network interfaces")
		case val(n.AssociateCarrierIpAddress):
			return unsupported("carrier addresses")
		case n.InterfaceType != nil && *n.InterfaceType != "interface":
			return unsupported("network interfaces of type " + clip(*n.InterfaceType))
		case val(n.NetworkCardIndex) != 0:
			return unsupported("network cards other than 0")
		case n.EnaSrdSpecification != nil && val(n.EnaSrdSpecification.EnaSrdEnabled):
			return unsupported("ENA Express")
		case n.ConnectionTrackingSpecification != nil:
			return unsupported("connection tracking settings")
		}
	}
	return nil
}

func noIPv6() error {
	return apierr.New("InvalidParameterCombination", "IPv6 addresses are not supported: no subnet has an IPv6 CIDR block.")
}
