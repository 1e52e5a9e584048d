package ec2_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func TestStandardTypes(t *testing.T) {
	types := ec2.StandardTypes()
	for name, want := range map[string][3]int{ // vCPUs, GiB, private addresses in all
		"t2.micro": {1, 1, 4}, "t3.micro": {2, 1, 4}, "t3.medium": {2, 4, 18}, "t3.2xlarge": {8, 32, 60}, "t3a.small": {2, 2, 8},
		"m5.large": {2, 8, 30}, "m5.24xlarge": {96, 384, 750}, "c5.xlarge": {4, 8, 60}, "c5.18xlarge": {72, 144, 750}, "r5.large": {2, 16, 30}, "r5.12xlarge": {48, 384, 240},
	} {
		it := types.Get(name)
		if it == nil || it.VCPUs != want[0] || it.MemoryMiB != want[1]<<10 || it.Interfaces*it.Addresses != want[2] {
			t.Errorf("%s: %+v, want %v", name, it, want)
		}
	}
	if it := types.Get("t3.nano"); it.MemoryMiB != 512 || !it.Burstable {
		t.Errorf("t3.nano: %+v", it)
	}
	if n := len(types.All()); n != 7+7+7+8+8+8 {
		t.Errorf("%d types", n)
	}
}

func TestTypesFile(t *testing.T) {
	write := func(text string) string {
		file := filepath.Join(t.TempDir(), "types.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	types := ec2.StandardTypes()
	if err := types.AddFile(write("types:\n- name: x1.tiny\n  vcpus: 1\n  memory_mib: 128\n- {name: t3.micro, vcpus: 1, memory_mib: 256, network: slow}\n")); err != nil {
		t.Fatal(err)
	}
	if err := types.AddFile(write(`{"types": [{"name": "x1.json", "vcpus": 3, "memory_mib": 128, "ebs": {"baseline_mbps": 8}}]}`)); err != nil {
		t.Fatal(err)
	}
	if it := types.Get("x1.tiny"); it == nil || it.ThreadsPer != 1 || it.Arch != "x86_64" || it.Interfaces != 2 {
		t.Errorf("x1.tiny: %+v", it)
	}
	if it := types.Get("t3.micro"); it.MemoryMiB != 256 || it.Network != "slow" {
		t.Errorf("the operator's t3.micro: %+v", it)
	}
	if types.Get("x1.json").EBS.BaselineMbps != 8 {
		t.Error("JSON")
	}
	for text, says := range map[string]string{
		"types: [{name: x, vcpus: 1, memory_mib: 128}]":                        "family.size",
		"types: [{name: x.y, vcpus: 0, memory_mib: 128}]":                      "vcpus",
		"types: [{name: x.y, vcpus: 1, memory_mib: 1}]":                        "memory",
		"types: [{name: x.y, vcpus: 3, memory_mib: 128, threads_per_core: 2}]": "whole number",
		"types: [{name: x.y, vcpus: 1, memory_mib: 128, arch: vax}]":           "vax",
		"types: [{name: x.y, vcpus: 1, memory_mib: 128, colour: red}]":         "colour",
		"types: [{name: x.y, vcpus: one, memory_mib: 128}]":                    "vcpus",
		"types: {": "types.yaml",
	} {
		if err := types.AddFile(write(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v; it should say %q", text, err, says)
		}
	}
	if err := types.AddFile(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there")
	}
}

// TestTypesAreComplete looks into every structure that clients look into without asking:
// none is nil, and no scalar of them is missing.
func TestTypesAreComplete(t *testing.T) {
	c := newCloud(t)
	absent := map[string]bool{ // what EC2 leaves out for types without the thing
		"InstanceStorageInfo": true, "GpuInfo": true, "FpgaInfo": true, "InferenceAcceleratorInfo": true, "MediaAcceleratorInfo": true, "NeuronInfo": true,
		"EfaInfo": true, "SupportedFeatures": true,
	}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		for i := range v.NumField() {
			name, f := v.Type().Field(i).Name, v.Field(i)
			if absent[name] || strings.HasPrefix(path, "t2.") && name == "EbsOptimizedInfo" {
				continue
			}
			if f.IsNil() {
				t.Errorf("%s.%s is missing", path, name)
			} else if f.Kind() == reflect.Pointer && f.Elem().Kind() == reflect.Struct {
				walk(path+"."+name, f.Elem())
			}
		}
	}
	for _, it := range ok[gen.DescribeInstanceTypesResult](c, "DescribeInstanceTypes").InstanceTypes {
		walk(*it.InstanceType, reflect.ValueOf(it).Elem())
	}
}

func TestDescribeInstanceTypes(t *testing.T) {
	c := newCloud(t)
	names := func(params ...string) string {
		t.Helper()
		return list(ok[gen.DescribeInstanceTypesResult](c, "DescribeInstanceTypes", params...).InstanceTypes, func(i *gen.InstanceTypeInfo) string { return *i.InstanceType })
	}
	for _, x := range []struct {
		want   string
		params []string
	}{
		{"m5.large t3.micro", []string{"InstanceType.1", "t3.micro", "InstanceType.2", "m5.large"}},
		{"c5.24xlarge m5.24xlarge r5.24xlarge", []string{"Filter.1.Name", "vcpu-info.default-vcpus", "Filter.1.Value.1", "96"}},
		{"t2.micro t3.micro", []string{"Filter.1.Name", "free-tier-eligible", "Filter.1.Value.1", "true"}},
		{"t3.nano t3a.nano", []string{"Filter.1.Name", "memory-info.size-in-mib", "Filter.1.Value.1", "512", "Filter.2.Name", "hypervisor", "Filter.2.Value.1", "nitro"}},
		{"t3.small t3a.small", []string{"Filter.1.Name", "instance-type", "Filter.1.Value.1", "t3*.small"}},
		{"", []string{"Filter.1.Name", "bare-metal", "Filter.1.Value.1", "true"}},
		{"", []string{"Filter.1.Name", "processor-info.supported-architecture", "Filter.1.Value.1", "arm64"}},
		{"m5.12xlarge r5.12xlarge", []string{"Filter.1.Name", "network-info.network-performance", "Filter.1.Value.1", "12 Gigabit", "Filter.2.Name", "ebs-info.ebs-optimized-info.baseline-iops", "Filter.2.Value.1", "40000", "Filter.3.Name", "instance-type", "Filter.3.Value.1", "?5.12xlarge", "Filter.4.Name", "processor-info.sustained-clock-speed-in-ghz", "Filter.4.Value.1", "3.1"}},
	} {
		if got := names(x.params...); got != x.want {
			t.Errorf("%q gave %q, want %q", x.params, got, x.want)
		}
	}
	seen := 0
	params := []string{"MaxResults", "20"}
	for {
		out := ok[gen.DescribeInstanceTypesResult](c, "DescribeInstanceTypes", params...)
		seen += len(out.InstanceTypes)
		if out.NextToken == nil {
			break
		}
		params = []string{"MaxResults", "20", "NextToken", *out.NextToken}
	}
	if seen != 45 {
		t.Errorf("pages gave %d types", seen)
	}
	c.fails("InvalidInstanceType", "[m9.giant]", "DescribeInstanceTypes", "InstanceType.1", "m9.giant")
	c.fails("InvalidParameterValue", "", "DescribeInstanceTypes", "Filter.1.Name", "colour", "Filter.1.Value.1", "red")
}

func TestOfferings(t *testing.T) {
	c := newCloud(t)
	for _, x := range []struct {
		want   string
		params []string
	}{
		{"t3.micro@eu-central-1", nil},
		{"t3.micro@eu-central-1a t3.micro@eu-central-1b", []string{"LocationType", "availability-zone"}},
		{"t3.micro@euc1-az1 t3.micro@euc1-az2", []string{"LocationType", "availability-zone-id"}},
		{"t3.micro@eu-central-1b", []string{"LocationType", "availability-zone", "Filter.2.Name", "location", "Filter.2.Value.1", zoneB}},
		{"", []string{"LocationType", "outpost"}},
	} {
		out := ok[gen.DescribeInstanceTypeOfferingsResult](c, "DescribeInstanceTypeOfferings", append(x.params, "Filter.1.Name", "instance-type", "Filter.1.Value.1", "t3.micro")...)
		if got := list(out.InstanceTypeOfferings, func(o *gen.InstanceTypeOffering) string { return *o.InstanceType + "@" + *o.Location }); got != x.want {
			t.Errorf("%q gave %q, want %q", x.params, got, x.want)
		}
	}
	c.fails("InvalidParameterValue", "", "DescribeInstanceTypeOfferings", "LocationType", "moon")
}

// TestOperatorsTypeRuns launches a type that EC2 does not have.
func TestOperatorsTypeRuns(t *testing.T) {
	types := ec2.StandardTypes()
	if err := types.Add(ec2.InstanceType{Name: "lab1.tiny", VCPUs: 1, MemoryMiB: 256}); err != nil {
		t.Fatal(err)
	}
	c := newCloudWith(t, types)
	if i := c.describe(c.run("InstanceType", "lab1.tiny")); *i.InstanceType != "lab1.tiny" || *i.CpuOptions.CoreCount != 1 {
		t.Errorf("%+v", i)
	}
}
