package ec2

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/wire/gen"
)

func TestDescribeRegions(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		reason  string
		names   []string
		filters []*gen.Filter
		want    string
		code    string
	}{
		{"all", nil, nil, "eu-central-1 us-east-1", ""},
		{"by name", []string{"us-east-1"}, nil, "us-east-1", ""},
		{"by filter", nil, flt("region-name", "eu-*"), "eu-central-1", ""},
		{"by endpoint", nil, flt("endpoint", "localhost:7777"), "eu-central-1 us-east-1", ""},
		{"by opt-in status", nil, flt("opt-in-status", "not-opted-in"), "", ""},
		{"one that is not here", []string{"us-east-1", "mars-1"}, nil, "", "InvalidParameterValue"},
		{"a filter that is none", nil, flt("region", "x"), "", "InvalidParameterValue"},
		{"regions have no tags", nil, flt("tag-key", "x"), "", "InvalidParameterValue"},
	} {
		out, err := look(w, w.api.describeRegions, &gen.DescribeRegionsRequest{RegionNames: tt.names, Filters: tt.filters})
		wantCode(t, err, tt.code, tt.reason)
		if err != nil {
			continue
		}
		if got := strings.Join(idsOf(out.Regions, func(r *gen.Region) *string { return r.RegionName }), " "); got != tt.want || out.Regions == nil {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

func TestDescribeAvailabilityZones(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		reason  string
		region  string
		names   []string
		ids     []string
		filters []*gen.Filter
		want    string
		code    string
	}{
		{"of the call's region", testRegion, nil, nil, nil, "eu-central-1a eu-central-1b", ""},
		{"of another", "us-east-1", nil, nil, nil, "us-east-1a", ""},
		{"of one that is not here", "mars-1", nil, nil, nil, "", ""},
		{"by name", testRegion, []string{"eu-central-1b"}, nil, nil, "eu-central-1b", ""},
		{"by id", testRegion, nil, []string{"euc1-az1"}, nil, "eu-central-1a", ""},
		{"by state", testRegion, nil, nil, flt("state", "available"), "eu-central-1a eu-central-1b", ""},
		{"by zone-id", testRegion, nil, nil, flt("zone-id", "*-az2"), "eu-central-1b", ""},
		{"by zone-type", testRegion, nil, nil, flt("zone-type", "local-zone"), "", ""},
		{"by opt-in status, as Terraform does", testRegion, nil, nil, flt("opt-in-status", "opt-in-not-required"), "eu-central-1a eu-central-1b", ""},
		{"by message", testRegion, nil, nil, flt("message", "*"), "", ""},
		{"another region's zone", testRegion, []string{"us-east-1a"}, nil, nil, "", "InvalidParameterValue"},
		{"an unknown id", testRegion, nil, []string{"euc1-az9"}, nil, "", "InvalidParameterValue"},
		{"a filter that is none", testRegion, nil, nil, flt("zone", "x"), "", "InvalidParameterValue"},
	} {
		v := w.as(testAccount, tt.region)
		out, err := look(v, v.api.describeAvailabilityZones, &gen.DescribeAvailabilityZonesRequest{ZoneNames: tt.names, ZoneIds: tt.ids, Filters: tt.filters})
		wantCode(t, err, tt.code, tt.reason)
		if err != nil {
			continue
		}
		if got := strings.Join(idsOf(out.AvailabilityZones, func(z *gen.AvailabilityZone) *string { return z.ZoneName }), " "); got != tt.want || out.AvailabilityZones == nil {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

func TestDescribeAccountAttributes(t *testing.T) {
	w := newWorld(t)
	text := func(v *world, names ...string) (map[string]string, error) {
		out, err := look(v, v.api.describeAccountAttributes, &gen.DescribeAccountAttributesRequest{AttributeNames: names})
		if err != nil {
			return nil, err
		}
		got := map[string]string{}
		for _, at := range out.AccountAttributes {
			got[*at.AttributeName] = *at.AttributeValues[0].AttributeValue
		}
		return got, nil
	}
	got, err := text(w)
	if err != nil || got["supported-platforms"] != "VPC" || got["default-vpc"] != w.defaultVPC().ID || got["vpc-max-security-groups-per-interface"] != "5" || len(got) != 6 {
		t.Errorf("%v, %v", got, err)
	}
	got, err = text(w.as("999988887777", testRegion), "default-vpc")
	if diff := cmp.Diff(map[string]string{"default-vpc": "none"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, err = text(w, "max-fun")
	wantCode(t, err, "InvalidParameterValue", "no such attribute")
}

func TestDescribeAddresses(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		reason string
		in     gen.DescribeAddressesRequest
		code   string
	}{
		{"all", gen.DescribeAddressesRequest{}, ""},
		{"by instance", gen.DescribeAddressesRequest{Filters: flt("instance-id", "i-0123456789abcdef0")}, ""},
		{"by tag", gen.DescribeAddressesRequest{Filters: flt("tag:Name", "x")}, ""},
		{"by address", gen.DescribeAddressesRequest{PublicIps: []string{"198.51.100.1"}}, "InvalidAddress.NotFound"},
		{"by allocation", gen.DescribeAddressesRequest{AllocationIds: []string{"eipalloc-0123456789abcdef0"}}, "InvalidAllocationID.NotFound"},
		{"a filter that is none", gen.DescribeAddressesRequest{Filters: flt("colour", "red")}, "InvalidParameterValue"},
	} {
		out, err := look(w, w.api.describeAddresses, &tt.in)
		wantCode(t, err, tt.code, tt.reason)
		if err == nil && (out.Addresses == nil || len(out.Addresses) != 0) {
			t.Errorf("%s: %v", tt.reason, out.Addresses)
		}
	}
}

func TestDescribeAddressesAttribute(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		reason string
		in     gen.DescribeAddressesAttributeRequest
		code   string
	}{
		{"all", gen.DescribeAddressesAttributeRequest{Attribute: new("domain-name"), MaxResults: new(int64(1))}, ""},
		{"another attribute", gen.DescribeAddressesAttributeRequest{Attribute: new("size")}, "InvalidParameterValue"},
		{"an allocation", gen.DescribeAddressesAttributeRequest{AllocationIds: []string{"eipalloc-0123456789abcdef0"}}, "InvalidAllocationID.NotFound"},
		{"too small a page", gen.DescribeAddressesAttributeRequest{MaxResults: new(int64(0))}, "InvalidParameterValue"},
	} {
		out, err := look(w, w.api.describeAddressesAttribute, &tt.in)
		wantCode(t, err, tt.code, tt.reason)
		if err == nil && (out.Addresses == nil || len(out.Addresses) != 0) {
			t.Errorf("%s: %v", tt.reason, out.Addresses)
		}
	}
}

func TestToInterface(t *testing.T) {
	w := newWorld(t)
	free := w.eni(w.subnet("eu-central-1b"), "")
	used := w.eni(w.subnet("eu-central-1a"), "i-0123456789abcdef0")
	got := toInterface(w.db.Stale(), free)
	if *got.Status != "available" || got.Attachment != nil || got.Association != nil || len(got.PrivateIpAddresses) != 1 || !*got.PrivateIpAddresses[0].Primary || *got.Groups[0].GroupName != "default" || *got.AvailabilityZone != "eu-central-1b" {
		t.Errorf("%+v", got)
	}
	got = toInterface(w.db.Stale(), used)
	if *got.Status != "in-use" || *got.Attachment.InstanceId != "i-0123456789abcdef0" || *got.Attachment.Status != "attaching" || !strings.HasPrefix(*got.Attachment.AttachmentId, "eni-attach-") {
		t.Errorf("%+v", got)
	}
	ip := used.PrivateIP.String()
	name := "ip-" + strings.ReplaceAll(ip, ".", "-") + ".eu-central-1.compute.internal"
	if *got.PrivateDnsName != name || *got.PrivateIpAddress != ip {
		t.Errorf("%s is %s", *got.PrivateIpAddress, *got.PrivateDnsName)
	}
	inst := toInstanceInterface(w.db.Stale(), used)
	if *inst.NetworkInterfaceId != used.ID || *inst.MacAddress != used.MAC || *inst.PrivateDnsName != name || inst.Association != nil || !*inst.Attachment.DeleteOnTermination || *inst.Attachment.DeviceIndex != 0 {
		t.Errorf("%+v", inst)
	}
}
