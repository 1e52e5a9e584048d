// Package wirebench measures how fast answers are encoded, against encoding/xml on
// the same values.
package wirebench

import (
	"encoding/xml"
	"fmt"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// Result is a page's encoding times, the median of several runs.
type Result struct {
	Ours, Baseline time.Duration
	Bytes          int // of our answer
}

// DescribeInstances encodes a page of n instances both ways in turn, runs times each.
// Ours goes into a buffer that was used before, as the server's do; encoding/xml
// keeps its own.
func DescribeInstances(n, runs int) (Result, error) {
	page := Page(n)
	var r Result
	var ours, baseline []time.Duration
	var answer []byte
	for range runs {
		began := time.Now()
		answer = wire.EC2.AppendAnswer(answer[:0], "DescribeInstances", "59dbff89-35bd-4eac-99ed-be587a000000", page)
		ours = append(ours, time.Since(began))
		r.Bytes = len(answer)

		began = time.Now()
		if _, err := xml.Marshal(page); err != nil {
			return r, err
		}
		baseline = append(baseline, time.Since(began))
	}
	slices.Sort(ours)
	slices.Sort(baseline)
	r.Ours, r.Baseline = ours[runs/2], baseline[runs/2]
	return r, nil
}

// Page returns an answer with n instances as DescribeInstances fills them in.
func Page(n int) *gen.DescribeInstancesResult {
	page := &gen.DescribeInstancesResult{NextToken: new("eyJ0IjoxfQ")}
	for i := range n {
		page.Reservations = append(page.Reservations, &gen.Reservation{
			ReservationId: new(fmt.Sprintf("r-%017x", i)), OwnerId: new("123456789012"),
			Instances: []*gen.Instance{instance(i)}, Groups: []*gen.GroupIdentifier{},
		})
	}
	return page
}

func instance(i int) *gen.Instance {
	at := time.Date(2026, 11, 21, 0, 0, i%60, 0, time.UTC)
	address := fmt.Sprintf("172.31.%d.%d", i/250, i%250+4)
	name := "ip-" + address + ".eu-central-1.compute.internal"
	groups := []*gen.GroupIdentifier{{GroupId: new("sg-0123456789abcdef0"), GroupName: new("web & <db>")}}
	return &gen.Instance{
		InstanceId: new(fmt.Sprintf("i-%017x", i)), ImageId: new("ami-0123456789abcdef0"), InstanceType: new("t3.micro"),
		State: &gen.InstanceState{Code: new(int64(16)), Name: new("running")}, PrivateDnsName: &name, PublicDnsName: new(""),
		StateTransitionReason: new(""), KeyName: new("admin"), AmiLaunchIndex: new(int64(0)), LaunchTime: &at,
		Placement:  &gen.Placement{AvailabilityZone: new("eu-central-1a"), GroupName: new(""), Tenancy: new("default")},
		Monitoring: &gen.Monitoring{State: new("disabled")}, SubnetId: new("subnet-0123456789abcdef0"), VpcId: new("vpc-0123456789abcdef0"),
		PrivateIpAddress: &address, SourceDestCheck: new(true), SecurityGroups: groups, Architecture: new("x86_64"),
		RootDeviceType: new("ebs"), RootDeviceName: new("/dev/xvda"), VirtualizationType: new("hvm"), Hypervisor: new("xen"),
		ClientToken: new("7f0c2a5e-52f9-4b3c-9d3c-7d9a5a3a0b11"), EbsOptimized: new(false), EnaSupport: new(true),
		BlockDeviceMappings: []*gen.InstanceBlockDeviceMapping{{DeviceName: new("/dev/xvda"), Ebs: &gen.EbsInstanceBlockDevice{
			VolumeId: new(fmt.Sprintf("vol-%017x", i)), Status: new("attached"), AttachTime: &at, DeleteOnTermination: new(true)}}},
		Tags: []*gen.Tag{{Key: new("Name"), Value: new(fmt.Sprint("web-", i))}, {Key: new("team"), Value: new("a & b")}},
		NetworkInterfaces: []*gen.InstanceNetworkInterface{{
			NetworkInterfaceId: new(fmt.Sprintf("eni-%017x", i)), SubnetId: new("subnet-0123456789abcdef0"), VpcId: new("vpc-0123456789abcdef0"),
			OwnerId: new("123456789012"), Status: new("in-use"), MacAddress: new("02:00:00:00:00:01"), PrivateIpAddress: &address,
			PrivateDnsName: &name, SourceDestCheck: new(true), Groups: groups, Ipv6Addresses: []*gen.InstanceIpv6Address{},
			Ipv4Prefixes: []*gen.InstanceIpv4Prefix{}, Ipv6Prefixes: []*gen.InstanceIpv6Prefix{}, InterfaceType: new("interface"),
			Attachment: &gen.InstanceNetworkInterfaceAttachment{AttachmentId: new(fmt.Sprintf("eni-attach-%017x", i)), DeviceIndex: new(int64(0)),
				Status: new("attached"), AttachTime: &at, DeleteOnTermination: new(true), NetworkCardIndex: new(int64(0))},
			PrivateIpAddresses: []*gen.InstancePrivateIpAddress{{PrivateIpAddress: &address, PrivateDnsName: &name, Primary: new(true)}},
		}},
		// Empty lists are there, as EC2 and encoding/xml both write them.
		ProductCodes: []*gen.ProductCode{}, Licenses: []*gen.LicenseConfiguration{},
		ElasticGpuAssociations: []*gen.ElasticGpuAssociation{}, ElasticInferenceAcceleratorAssociations: []*gen.ElasticInferenceAcceleratorAssociation{},
		CpuOptions:      &gen.CpuOptions{CoreCount: new(int64(1)), ThreadsPerCore: new(int64(2))},
		MetadataOptions: &gen.InstanceMetadataOptionsResponse{State: new("applied"), HttpTokens: new("required"), HttpPutResponseHopLimit: new(int64(2)), HttpEndpoint: new("enabled"), HttpProtocolIpv6: new("disabled"), InstanceMetadataTags: new("disabled")},
	}
}
