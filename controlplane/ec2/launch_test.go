package ec2_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestRunInstances(t *testing.T) {
	c := newCloud(t)
	key := ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "k", "KeyType", "ed25519")
	sg := c.group("web")
	res := c.reserve("KeyName", "k", "SecurityGroupId.1", sg, "UserData", b64("#!/bin/sh\n"), "SubnetId", c.defaultSubnet(zoneA), "PrivateIpAddress", "172.31.0.77",
		"TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "web",
		"TagSpecification.2.ResourceType", "volume", "TagSpecification.2.Tag.1.Key", "a", "TagSpecification.2.Tag.1.Value", "b",
		"TagSpecification.3.ResourceType", "network-interface", "TagSpecification.3.Tag.1.Key", "c", "TagSpecification.3.Tag.1.Value", "d",
		"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "20", "BlockDeviceMapping.1.Ebs.DeleteOnTermination", "false", "BlockDeviceMapping.1.Ebs.VolumeType", "gp2",
		"MetadataOptions.HttpTokens", "required", "MetadataOptions.HttpPutResponseHopLimit", "3", "MetadataOptions.InstanceMetadataTags", "enabled",
		"DisableApiTermination", "true", "InstanceInitiatedShutdownBehavior", "terminate", "CreditSpecification.CpuCredits", "standard",
		"Monitoring.Enabled", "true", "EbsOptimized", "true", "ClientToken", "tok", "MaintenanceOptions.AutoRecovery", "disabled", "Placement.AvailabilityZone", zoneA)
	if *res.OwnerId != me || !strings.HasPrefix(*res.ReservationId, "r-") || len(res.Instances) != 1 {
		t.Fatalf("reservation %s of %s with %d instances", *res.ReservationId, *res.OwnerId, len(res.Instances))
	}
	i := res.Instances[0]
	for what, pair := range map[string][2]string{
		"state":        {*i.State.Name, "pending"},
		"state reason": {*i.StateReason.Code, "pending"},
		"zone":         {*i.Placement.AvailabilityZone, zoneA},
		"address":      {*i.PrivateIpAddress, "172.31.0.77"},
		"private name": {*i.PrivateDnsName, "ip-172-31-0-77.eu-central-1.compute.internal"},
		"key":          {*i.KeyName, "k"},
		"tokens":       {*i.MetadataOptions.HttpTokens, "required"},
		"meta tags":    {*i.MetadataOptions.InstanceMetadataTags, "enabled"},
		"monitoring":   {*i.Monitoring.State, "enabled"},
		"token":        {*i.ClientToken, "tok"},
		"recovery":     {*i.MaintenanceOptions.AutoRecovery, "disabled"},
		"groups":       {list(i.SecurityGroups, func(g *gen.GroupIdentifier) string { return *g.GroupId + "=" + *g.GroupName }), sg + "=web"},
		"tags":         {list(i.Tags, func(x *gen.Tag) string { return *x.Key + "=" + *x.Value }), "Name=web"},
		"root":         {*i.RootDeviceName, "/dev/xvda"},
		"public name":  {text(i.PublicDnsName), strings.Replace("ec2-X.eu-central-1.compute.amazonaws.com", "X", strings.ReplaceAll(text(i.PublicIpAddress), ".", "-"), 1)},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
		}
	}
	if *i.MetadataOptions.HttpPutResponseHopLimit != 3 || *i.CpuOptions.CoreCount != 1 || *i.CpuOptions.ThreadsPerCore != 2 || !*i.EbsOptimized || *i.LaunchTime != c.row(*i.InstanceId).LaunchTime {
		t.Errorf("%+v", i)
	}
	if near := (*i.InstanceId)[2:10]; !strings.HasPrefix(*i.BlockDeviceMappings[0].Ebs.VolumeId, "vol-"+near) || !strings.HasPrefix(*i.NetworkInterfaces[0].NetworkInterfaceId, "eni-"+near) {
		t.Errorf("%s is far from its volume or interface: a page of many would be slow", *i.InstanceId)
	}
	v := ok[gen.DescribeVolumesResult](c, "DescribeVolumes", "Filter.1.Name", "attachment.instance-id", "Filter.1.Value.1", *i.InstanceId).Volumes[0]
	if *v.Size != 20 || *v.VolumeType != "gp2" || *v.State != "creating" || *v.Attachments[0].DeleteOnTermination || *v.Tags[0].Key != "a" || *i.BlockDeviceMappings[0].Ebs.VolumeId != *v.VolumeId {
		t.Errorf("volume %+v", v)
	}
	eni := ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces", "Filter.1.Name", "attachment.instance-id", "Filter.1.Value.1", *i.InstanceId).NetworkInterfaces[0]
	if *eni.TagSet[0].Key != "c" || !*eni.Attachment.DeleteOnTermination || *eni.PrivateIpAddress != "172.31.0.77" {
		t.Errorf("interface %+v", eni)
	}
	row := c.row(*i.InstanceId)
	if string(row.UserData) != "#!/bin/sh\n" || row.ShutdownAction != "terminate" || !row.NoAPITerminate || row.CreditSpec != "standard" {
		t.Errorf("row %+v", row)
	}
	if row.PublicKey == "" || *key.KeyPairId == "" {
		t.Error("the public key was not kept with the instance")
	}
	b := store.Boots.Get(c.db.Stale(), model.BootID(row.ID, 1))
	if b.Host != "host-a1" || b.VCPUs != 2 || b.MemoryMiB != 1024 || !strings.HasPrefix(b.Placement, "spread: 0 of 65536 MiB") {
		t.Errorf("boot %+v", b)
	}
}

func TestRunInstancesDefaults(t *testing.T) {
	c := newCloud(t)
	i := c.reserve().Instances[0]
	if *i.MetadataOptions.HttpTokens != "optional" || *i.MetadataOptions.HttpPutResponseHopLimit != 1 || i.KeyName != nil || len(i.SecurityGroups) != 1 || *i.SecurityGroups[0].GroupName != "default" {
		t.Errorf("%+v", i)
	}
	row := c.row(*i.InstanceId)
	if row.ShutdownAction != "stop" || row.CreditSpec != "unlimited" || row.NoAPITerminate {
		t.Errorf("%+v", row)
	}
	v := ok[gen.DescribeVolumesResult](c, "DescribeVolumes").Volumes[0]
	if *v.Size != 3 || *v.VolumeType != "gp3" || *v.Iops != 3000 || !*v.Attachments[0].DeleteOnTermination {
		t.Errorf("the root volume of an image of 2 GiB and a byte: %+v", v)
	}
	ok[gen.ModifyImageAttributeResult](c, "ModifyImageAttribute", "ImageId", c.image, "ImdsSupport.Value", "v2.0")
	if m := c.reserve().Instances[0].MetadataOptions; *m.HttpTokens != "required" || *m.HttpPutResponseHopLimit != 2 {
		t.Errorf("of an image with IMDS support v2.0: %+v", m)
	}
}

// TestRunInstancesErrors has for each bad launch EC2's code, what its message must tell,
// and that nothing is left of it.
func TestRunInstancesErrors(t *testing.T) {
	c := newCloud(t)
	foreign := c.as(other, region)
	foreignGroup, foreignSubnet := foreign.group("theirs"), foreign.defaultSubnet(zoneA)
	used := c.reserve("PrivateIpAddress", "172.31.0.99", "SubnetId", c.defaultSubnet(zoneA)).Instances[0]
	subnet := c.defaultSubnet(zoneA)
	nic := func(p ...string) []string {
		return append([]string{"NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", subnet}, p...)
	}
	for _, x := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidAMIID.Malformed", "ami-xyz", []string{"ImageId", "ami-xyz"}},
		{"InvalidAMIID.NotFound", "ami-00000000000000000", []string{"ImageId", "ami-00000000000000000"}},
		{"InvalidParameterValue", "m9.giant", []string{"InstanceType", "m9.giant"}},
		{"InvalidParameterValue", "minCount", []string{"MinCount", "0"}},
		{"InvalidParameterValue", "maxCount", []string{"MinCount", "3", "MaxCount", "2"}},
		{"InstanceLimitExceeded", "1000", []string{"MaxCount", "1001"}},
		{"InvalidParameterValue", "", []string{"MinCount", "one"}},
		{"InvalidKeyPair.NotFound", "'nokey' does not exist", []string{"KeyName", "nokey"}},
		{"InvalidUserData.Malformed", "BASE64", []string{"UserData", "!!!"}},
		{"InvalidParameterValue", "16384 bytes", []string{"UserData", b64(strings.Repeat("x", 16385))}},
		{"InvalidGroup.NotFound", "", []string{"SecurityGroupId.1", "sg-00000000000000000"}},
		{"InvalidGroup.NotFound", "", []string{"SecurityGroupId.1", foreignGroup}},
		{"InvalidGroup.NotFound", "", []string{"SecurityGroup.1", "nobody"}},
		{"InvalidSubnetID.NotFound", "", []string{"SubnetId", "subnet-00000000000000000"}},
		{"InvalidSubnetID.NotFound", "", []string{"SubnetId", foreignSubnet}},
		{"InvalidSubnetID.Malformed", "", []string{"SubnetId", "net-1"}},
		{"InvalidParameterValue", "Invalid availability zone: [eu-central-1z]", []string{"Placement.AvailabilityZone", "eu-central-1z"}},
		{"InvalidParameterValue", "does not match", []string{"Placement.AvailabilityZone", zoneB, "SubnetId", subnet}},
		{"InvalidIPAddress.InUse", *used.PrivateIpAddress, []string{"PrivateIpAddress", "172.31.0.99", "SubnetId", subnet}},
		{"InvalidParameterValue", "", []string{"PrivateIpAddress", "10.0.0.1", "SubnetId", subnet}},
		{"InvalidParameterValue", "", []string{"PrivateIpAddress", "172.31.0.1", "SubnetId", subnet}},
		{"InvalidParameterValue", "not a valid IPv4", []string{"PrivateIpAddress", "172.31.0"}},
		{"InvalidParameterCombination", "multiple", []string{"PrivateIpAddress", "172.31.0.5", "MaxCount", "2"}},
		{"InsufficientInstanceCapacity", "1 without memory", []string{"InstanceType", "r5.24xlarge"}},
		{"InsufficientInstanceCapacity", "room for 31 of 40", []string{"InstanceType", "t3.small", "MinCount", "40", "MaxCount", "50"}},
		{"InsufficientInstanceCapacity", "1 in other zones", []string{"Placement.AvailabilityZone", zoneB}},
		{"InvalidParameterValue", "InstanceInitiatedShutdownBehavior", []string{"InstanceInitiatedShutdownBehavior", "explode"}},
		{"InvalidParameterValue", "HttpTokens", []string{"MetadataOptions.HttpTokens", "maybe"}},
		{"InvalidParameterValue", "1 to 64", []string{"MetadataOptions.HttpPutResponseHopLimit", "65"}},
		{"UnsupportedOperation", "IPv6", []string{"MetadataOptions.HttpProtocolIpv6", "enabled"}},
		{"InvalidParameterValue", "cpuCredits", []string{"CreditSpecification.CpuCredits", "lots"}},
		{"InvalidParameterCombination", "m5.large", []string{"InstanceType", "m5.large", "CreditSpecification.CpuCredits", "standard"}},

		{"InvalidBlockDeviceMapping", "smaller than snapshot", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "2"}},
		{"InvalidParameterValue", "too large", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "16385"}},
		{"InvalidParameterValue", "VolumeType", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeType", "floppy"}},
		{"InvalidBlockDeviceMapping", "boot volume", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeType", "st1"}},
		{"Unsupported", "io2", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeType", "io2"}},
		{"InvalidParameterCombination", "gp2", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeType", "gp2", "BlockDeviceMapping.1.Ebs.Iops", "3000"}},
		{"Unsupported", "3000 IOPS", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.Iops", "4000"}},
		{"Unsupported", "encrypted", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.Encrypted", "true"}},
		{"InvalidSnapshot.NotFound", "", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.SnapshotId", "snap-00000000000000000"}},
		{"Unsupported", "/dev/sdb", []string{"BlockDeviceMapping.1.DeviceName", "/dev/sdb", "BlockDeviceMapping.1.Ebs.VolumeSize", "20"}},
		{"InvalidBlockDeviceMapping", "ephemeral0", []string{"BlockDeviceMapping.1.DeviceName", "/dev/sdb", "BlockDeviceMapping.1.VirtualName", "ephemeral0"}},
		{"InvalidBlockDeviceMapping", "left out", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.NoDevice", ""}},
		{"InvalidBlockDeviceMapping", "more than one", []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "9", "BlockDeviceMapping.2.DeviceName", "/dev/xvda", "BlockDeviceMapping.2.Ebs.VolumeSize", "8"}},
		{"MissingParameter", "DeviceName", []string{"BlockDeviceMapping.1.Ebs.VolumeSize", "9"}},

		{"InvalidParameterCombination", "instance-level subnet", nic("SubnetId", subnet)},
		{"InvalidParameterCombination", "instance-level security groups", nic("SecurityGroup.1", "default")},
		{"InvalidParameterCombination", "instance-level private address", nic("PrivateIpAddress", "172.31.0.7")},
		{"MissingParameter", "DeviceIndex", []string{"NetworkInterface.1.SubnetId", subnet}},
		{"InvalidParameterCombination", "device index 0", []string{"NetworkInterface.1.DeviceIndex", "1", "NetworkInterface.1.SubnetId", subnet}},
		{"InvalidParameterValue", "unique device index", nic("NetworkInterface.2.DeviceIndex", "0", "NetworkInterface.2.SubnetId", subnet)},
		{"InvalidParameterCombination", "multiple network interfaces", nic("NetworkInterface.1.AssociatePublicIpAddress", "true", "NetworkInterface.2.DeviceIndex", "1", "NetworkInterface.2.SubnetId", subnet)},
		{"AttachmentLimitExceeded", "t3.micro", nic("NetworkInterface.2.DeviceIndex", "1", "NetworkInterface.2.SubnetId", subnet, "NetworkInterface.3.DeviceIndex", "2", "NetworkInterface.3.SubnetId", subnet)},
		{"InvalidParameterCombination", "one Availability Zone", nic("NetworkInterface.2.DeviceIndex", "1", "NetworkInterface.2.SubnetId", c.defaultSubnet(zoneB))},
		{"InvalidNetworkInterfaceID.NotFound", "", []string{"NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.NetworkInterfaceId", "eni-00000000000000000"}},
		{"InvalidNetworkInterface.InUse", "", []string{"NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.NetworkInterfaceId", *used.NetworkInterfaces[0].NetworkInterfaceId}},
		{"PrivateIpAddressLimitExceeded", "exceed limit", nic("NetworkInterface.1.SecondaryPrivateIpAddressCount", "2")},
		{"InvalidParameterCombination", "IPv6", nic("NetworkInterface.1.Ipv6AddressCount", "1")},
		{"Unsupported", "efa", nic("NetworkInterface.1.InterfaceType", "efa")},

		{"InvalidParameterCombination", "IPv6", []string{"Ipv6AddressCount", "1"}},
		{"InvalidPlacementGroup.Unknown", "g", []string{"Placement.GroupName", "g"}},
		{"InvalidPlacementGroupId.Malformed", "g", []string{"Placement.GroupId", "g"}},
		{"InvalidPlacementGroup.Unknown", "pg-", []string{"Placement.GroupId", "pg-0123456789abcdef0"}},
		{"InvalidHostID.Malformed", "h-1", []string{"Placement.HostId", "h-1"}},
		{"InvalidHostID.NotFound", "h-0", []string{"Placement.HostId", "h-0123456789abcdef0"}},
		{"InvalidAffinity", "near", []string{"Placement.Tenancy", "host", "Placement.Affinity", "near"}},
		{"InvalidParameterCombination", "tenancy 'host'", []string{"Placement.Affinity", "host"}},
		{"InvalidParameterCombination", "partition", []string{"Placement.PartitionNumber", "1"}},
		{"IncompatibleHostRequirements", "t3.micro", []string{"Placement.Tenancy", "host"}},
		{"Unsupported", "groups", []string{"Placement.HostResourceGroupArn", "arn"}},
		{"InvalidCapacityReservationId.Malformed", "cr-1", []string{target, "cr-1"}},
		{"InvalidCapacityReservationId.NotFound", "cr-0", []string{target, "cr-0123456789abcdef0"}},
		{"InvalidLaunchTemplateId.NotFound", "lt-1234567890abcdef0", []string{"LaunchTemplate.LaunchTemplateId", "lt-1234567890abcdef0"}},
		{"InvalidLaunchTemplateName.NotFoundException", "tpl", []string{"LaunchTemplate.LaunchTemplateName", "tpl"}},
		{"InvalidParameterValue", "Invalid IAM Instance Profile name", []string{"IamInstanceProfile.Name", "p"}},
		{"InvalidAKIID.NotFound", "", []string{"KernelId", "aki-1"}},
		{"InvalidARIID.NotFound", "", []string{"RamdiskId", "ari-1"}},
		{"Unsupported", "Spot", []string{"InstanceMarketOptions.MarketType", "spot"}},
		{"Unsupported", "enclaves", []string{"EnclaveOptions.Enabled", "true"}},
		{"UnsupportedHibernationConfiguration", "", []string{"HibernationOptions.Configured", "true"}},
		{"InvalidParameterValue", "IPv6", []string{"PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", "true"}},
		{"Unsupported", "cores", []string{"CpuOptions.CoreCount", "2", "CpuOptions.ThreadsPerCore", "1"}},
		{"InvalidParameterCombination", "together", []string{"CpuOptions.CoreCount", "1"}},
		{"Unsupported", "license", []string{"LicenseSpecification.1.LicenseConfigurationArn", "arn"}},
		{"UnknownParameter", "Colour", []string{"Colour", "red"}},
	} {
		c.fails(x.code, x.says, "RunInstances", c.launch(x.params...)...)
	}
	c.fails("MissingParameter", "ImageId", "RunInstances", "MinCount", "1", "MaxCount", "1", "InstanceType", "t3.micro")
	c.fails("MissingParameter", "InstanceType", "RunInstances", "MinCount", "1", "MaxCount", "1", "ImageId", c.image)
	c.fails("MissingParameter", "", "RunInstances", "ImageId", c.image, "InstanceType", "t3.micro")
	foreign.fails("InvalidAMIID.NotFound", c.image, "RunInstances", c.launch()...)
	c.as(me, "us-east-1").fails("InvalidAMIID.NotFound", c.image, "RunInstances", c.launch()...)
	if got := c.ids(); len(got) != 1 || len(listVolumes(c)) != 1 {
		t.Errorf("after all that there are instances %v and volumes %v", got, listVolumes(c))
	}
}

func listVolumes(c *cloud) []*gen.Volume {
	return ok[gen.DescribeVolumesResult](c, "DescribeVolumes").Volumes
}

func TestLaunchPermissionLetsOthersLaunch(t *testing.T) {
	c := newCloud(t)
	them := c.as(other, region)
	ok[gen.ModifyImageAttributeResult](c, "ModifyImageAttribute", "ImageId", c.image, "LaunchPermission.Add.1.UserId", other)
	id := them.run()
	if got := c.ids(); len(got) != 0 {
		t.Errorf("their instance %s is shown to me: %v", id, got)
	}
	c.fails("InvalidInstanceID.NotFound", id, "TerminateInstances", "InstanceId.1", id)
	c.as(other, "us-east-1").fails("InvalidInstanceID.NotFound", id, "DescribeInstances", "InstanceId.1", id)
}

func TestMinAndMaxCountAreOneDecision(t *testing.T) {
	c := newCloud(t)
	res := c.reserve("InstanceType", "t3.2xlarge", "MinCount", "1", "MaxCount", "10") // 32 GiB each, the host has 64
	if len(res.Instances) != 2 {
		t.Fatalf("%d instances, want the 2 that there is room for", len(res.Instances))
	}
	seen := map[string]bool{}
	for n, i := range res.Instances {
		if *i.AmiLaunchIndex != int64(n) || seen[*i.PrivateIpAddress] {
			t.Errorf("index %d is %d at %s", n, *i.AmiLaunchIndex, *i.PrivateIpAddress)
		}
		seen[*i.PrivateIpAddress] = true
	}
	u := store.HostUsage.Get(c.db.Stale(), "host-a1")
	if u.MemoryMiB != 65536 || u.Boots != 2 {
		t.Errorf("usage %+v", u)
	}
	c.fails("InsufficientInstanceCapacity", "1 without memory", "RunInstances", c.launch("InstanceType", "t3.nano")...)
}

func TestZoneIsChosenByRoom(t *testing.T) {
	c := newCloud(t)
	c.host("host-b1", zoneB, 64, 131072)
	if z := *c.reserve().Instances[0].Placement.AvailabilityZone; z != zoneB {
		t.Errorf("placed in %s, want the zone with more room", z)
	}
	i := c.reserve("Placement.AvailabilityZone", zoneA).Instances[0]
	if *i.Placement.AvailabilityZone != zoneA || *i.SubnetId != c.defaultSubnet(zoneA) {
		t.Errorf("placed in %s, subnet %s, though zone a was asked for", *i.Placement.AvailabilityZone, *i.SubnetId)
	}
}

func TestGroupsByName(t *testing.T) {
	c := newCloud(t)
	sg := c.group("web")
	i := c.reserve("SecurityGroup.1", "web", "SecurityGroup.2", "default").Instances[0]
	if got := list(i.SecurityGroups, func(g *gen.GroupIdentifier) string { return *g.GroupName }); got != "web default" || *i.SecurityGroups[0].GroupId != sg {
		t.Errorf("groups %s", got)
	}
}

func TestNetworkInterfaceForm(t *testing.T) {
	c := newCloud(t)
	sg := c.group("web")
	i := c.reserve("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", c.defaultSubnet(zoneA), "NetworkInterface.1.SecurityGroupId.1", sg,
		"NetworkInterface.1.AssociatePublicIpAddress", "false", "NetworkInterface.1.PrivateIpAddress", "172.31.0.200", "NetworkInterface.1.DeleteOnTermination", "false",
		"NetworkInterface.1.Description", "mine").Instances[0]
	e := i.NetworkInterfaces[0]
	if i.PublicIpAddress != nil || *i.PublicDnsName != "" || *i.PrivateIpAddress != "172.31.0.200" || *e.Attachment.DeleteOnTermination || *e.Description != "mine" || *e.Groups[0].GroupId != sg {
		t.Errorf("%+v", e)
	}
	// The interface outlives its instance, and another instance takes it.
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", *i.InstanceId)
	c.report(*i.InstanceId, model.PhaseReleased, "")
	j := c.reserve("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.NetworkInterfaceId", *e.NetworkInterfaceId).Instances[0]
	if *j.PrivateIpAddress != "172.31.0.200" || *j.NetworkInterfaces[0].MacAddress != *e.MacAddress || *j.VpcId == "" || *j.SecurityGroups[0].GroupId != sg {
		t.Errorf("%+v", j)
	}
	// Two interfaces.
	k := c.reserve("NetworkInterface.2.DeviceIndex", "0", "NetworkInterface.2.SubnetId", c.defaultSubnet(zoneA), "NetworkInterface.1.DeviceIndex", "1", "NetworkInterface.1.SubnetId", c.defaultSubnet(zoneA)).Instances[0]
	if len(k.NetworkInterfaces) != 2 || *k.NetworkInterfaces[0].Attachment.DeviceIndex != 0 || *k.NetworkInterfaces[1].Attachment.DeviceIndex != 1 || *k.PrivateIpAddress != *k.NetworkInterfaces[0].PrivateIpAddress {
		t.Errorf("%+v", k.NetworkInterfaces)
	}
}

func TestPublicAddressFollowsTheSubnetAndStops(t *testing.T) {
	c := newCloud(t)
	id := c.running("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "true")
	i := c.describe(id)
	if i.PublicIpAddress == nil || *i.NetworkInterfaces[0].Association.PublicIp != *i.PublicIpAddress {
		t.Fatalf("no public address: %+v", i)
	}
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", id)
	c.report(id, model.PhaseEnded, model.EndAsked)
	if i = c.describe(id); i.PublicIpAddress != nil || *i.PublicDnsName != "" || i.PrivateIpAddress == nil {
		t.Errorf("stopped: public %s, private %s", text(i.PublicIpAddress), text(i.PrivateIpAddress))
	}
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", id)
	if i = c.describe(id); i.PublicIpAddress == nil {
		t.Error("started again without a public address")
	}
}

func TestPublicPoolExhausted(t *testing.T) {
	c := newCloud(t)
	nic := []string{"NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "true", "InstanceType", "t3.nano"}
	c.host("host-a2", zoneA, 64, 262144)
	c.reserve(append(nic, "MinCount", "253", "MaxCount", "253")...)
	c.fails("InsufficientAddressCapacity", "100.127.0.0/24", "RunInstances", c.launch(nic...)...)
}

func TestSubnetExhausted(t *testing.T) {
	c := newCloud(t)
	c.host("host-a2", zoneA, 640, 4<<20)
	c.update(func(tx *store.Tx) error { // a subnet of 11 addresses
		s := *store.Subnets.Get(tx, c.defaultSubnet(zoneA))
		s.ID, s.CIDR, s.Default, s.VNI = "subnet-0123456789abcdef0", mustPrefix("172.31.240.0/28"), false, 0
		return store.Subnets.Put(tx, &s)
	})
	in := []string{"SubnetId", "subnet-0123456789abcdef0", "InstanceType", "t3.nano"}
	c.fails("InsufficientFreeAddressesInSubnet", "", "RunInstances", c.launch(append(in, "MinCount", "12", "MaxCount", "12")...)...)
	if res := c.reserve(append(in, "MaxCount", "20")...); len(res.Instances) != 11 {
		t.Errorf("%d instances, want the 11 that there are addresses for", len(res.Instances))
	}
	c.fails("InsufficientFreeAddressesInSubnet", "", "RunInstances", c.launch(in...)...)
}

func TestNoDefaultVPC(t *testing.T) {
	c := newCloud(t)
	c.update(func(tx *store.Tx) error {
		i := *store.Images.Get(tx, c.image)
		i.Public = true
		return store.Images.Put(tx, &i)
	})
	c.as("333333333333", region).fails("VPCIdNotSpecified", "No default VPC", "RunInstances", c.launch()...)
}

// TestReplayShowsTheReservationAsItIs is what a repeated client token gets.
func TestReplayShowsTheReservationAsItIs(t *testing.T) {
	c := newCloud(t)
	out, made, err := c.raw("RunInstances", c.launch("ClientToken", "tok", "MinCount", "2", "MaxCount", "2")...)
	if err != nil {
		t.Fatal(err)
	}
	res := any(out).(*gen.Reservation)
	if made != *res.ReservationId {
		t.Fatalf("the handler left %q, made %s", made, *res.ReservationId)
	}
	c.report(*res.Instances[1].InstanceId, model.PhaseRunning, "")
	a, err := c.reg.Find(wire.EC2, "RunInstances")
	if err != nil {
		t.Fatal(err)
	}
	call := &action.Call{Context: t.Context(), Account: me, Region: region, Tx: c.db.Stale().ReadOnly()}
	again, ok, err := a.Replay(call, made)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := list(any(again).(*gen.Reservation).Instances, func(i *gen.Instance) string { return *i.State.Name }); got != "pending running" {
		t.Errorf("states %s", got)
	}
}

func BenchmarkRunInstances(b *testing.B) {
	c := newCloud(b)
	c.host("big", zoneA, 1<<20, 1<<34)
	for b.Loop() {
		c.reserve("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "false")
	}
}
