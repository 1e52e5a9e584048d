package ec2

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
)

// InstanceType is a size of instances. The json names are those of a types file.
type InstanceType struct {
	Name         string  `json:"name"` // t3.micro
	VCPUs        int     `json:"vcpus"`
	MemoryMiB    int     `json:"memory_mib"`
	ThreadsPer   int     `json:"threads_per_core"` // 2 if zero and VCPUs is even, else 1
	Arch         string  `json:"arch"`             // x86_64 if empty
	Accel        string  `json:"acceleration"`     // kvm or tcg, that hosts must have; empty is any
	ClockGHz     float64 `json:"clock_ghz"`
	Manufacturer string  `json:"manufacturer"` // of the processor; Intel if empty
	Burstable    bool    `json:"burstable"`
	FreeTier     bool    `json:"free_tier"`
	Previous     bool    `json:"previous_generation"`
	Interfaces   int     `json:"interfaces"` // network interfaces at most
	Addresses    int     `json:"addresses"`  // private IPv4 addresses an interface at most
	Network      string  `json:"network"`    // "Up to 5 Gigabit"
	NetworkGbps  float64 `json:"network_gbps"`
	NetworkPeak  float64 `json:"network_peak_gbps"`
	EBS          EBSRate `json:"ebs"`
}

// EBSRate is what a type may move to and from volumes, in megabits and operations a
// second. Zero says that EC2 has no such bound.
type EBSRate struct {
	BaselineMbps int `json:"baseline_mbps"`
	MaximumMbps  int `json:"maximum_mbps"`
	BaselineIOPS int `json:"baseline_iops"`
	MaximumIOPS  int `json:"maximum_iops"`
}

// cores returns how many cores the type's vCPUs are threads of.
func (t *InstanceType) cores() int { return t.VCPUs / t.ThreadsPer }

// size is what an instance of the type takes of its host.
func (t *InstanceType) size() lifecycle.Size {
	mbps := func(gbps float64) int { return int(math.Round(gbps * 1000)) }
	return lifecycle.Size{VCPUs: t.VCPUs, MemoryMiB: t.MemoryMiB, Network: model.NetworkSize{
		Interfaces: t.Interfaces, BaselineMbps: mbps(t.NetworkGbps), BurstMbps: mbps(t.NetworkPeak),
	}}
}

func (t *InstanceType) family() string {
	f, _, _ := strings.Cut(t.Name, ".")
	return f
}

// xen reports whether EC2 runs the type on Xen: it then has no ENA and no NVMe.
func (t *InstanceType) xen() bool { return t.family() == "t2" }

// TypeTable holds the instance types on offer.
type TypeTable struct {
	types map[string]*InstanceType
	names []string // sorted
}

// Get returns a type, or nil.
func (t *TypeTable) Get(name string) *InstanceType { return t.types[name] }

// All returns the types in the order of their names. It must not be changed.
func (t *TypeTable) All() []*InstanceType {
	out := make([]*InstanceType, len(t.names))
	for i, n := range t.names {
		out[i] = t.types[n]
	}
	return out
}

// typeName is what EC2's names look like.
var typeName = regexp.MustCompile(`^[a-z][a-z0-9-]*\.[a-z0-9-]+$`)

// Add adds a type, or replaces the one of its name. Zero fields get what is usual.
func (t *TypeTable) Add(it InstanceType) error {
	switch {
	case !typeName.MatchString(it.Name):
		return fmt.Errorf("instance type %q: the name must look like family.size", it.Name)
	case it.VCPUs < 1 || it.VCPUs > 1024:
		return fmt.Errorf("instance type %s: %d vcpus: expecting 1 to 1024", it.Name, it.VCPUs)
	case it.MemoryMiB < 64 || it.MemoryMiB > 32<<20:
		return fmt.Errorf("instance type %s: %d MiB of memory: expecting 64 to %d", it.Name, it.MemoryMiB, 32<<20)
	case it.ThreadsPer < 0 || it.ThreadsPer > 0 && it.VCPUs%it.ThreadsPer != 0:
		return fmt.Errorf("instance type %s: %d vcpus are no whole number of cores of %d threads", it.Name, it.VCPUs, it.ThreadsPer)
	case it.Arch != "" && it.Arch != "x86_64" && it.Arch != "arm64":
		return fmt.Errorf("instance type %s: arch %q: expecting x86_64 or arm64", it.Name, it.Arch)
	case it.Accel != "" && it.Accel != "kvm" && it.Accel != "tcg":
		return fmt.Errorf("instance type %s: acceleration %q: expecting kvm or tcg, or none for any", it.Name, it.Accel)
	}
	if it.ThreadsPer == 0 {
		it.ThreadsPer = 2 - it.VCPUs%2
	}
	it.Arch = cmp.Or(it.Arch, "x86_64")
	it.Manufacturer = cmp.Or(it.Manufacturer, "Intel")
	it.ClockGHz = cmp.Or(it.ClockGHz, 2.5)
	it.Interfaces = cmp.Or(it.Interfaces, 2)
	it.Addresses = cmp.Or(it.Addresses, 4)
	it.Network = cmp.Or(it.Network, "Up to 5 Gigabit")
	it.NetworkGbps = cmp.Or(it.NetworkGbps, 1)
	it.NetworkPeak = max(it.NetworkPeak, it.NetworkGbps)
	if t.types == nil {
		t.types = map[string]*InstanceType{}
	}
	t.types[it.Name] = &it
	t.names = slices.Sorted(maps.Keys(t.types))
	return nil
}

// AddFile adds the types of a YAML or JSON file: {"types": [{"name": "m5.tiny",
// "vcpus": 1, "memory_mib": 256}, ...]}. The fields are InstanceType's. A field that
// there is not is an error.
func (t *TypeTable) AddFile(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("instance types: %w", err)
	}
	tree, err := yaml.Parser().Unmarshal(raw) // JSON is YAML too
	if err != nil {
		return fmt.Errorf("instance types: %s: %w", path, err)
	}
	again, err := json.Marshal(tree)
	if err != nil {
		return fmt.Errorf("instance types: %s: %w", path, err)
	}
	var file struct {
		Types []InstanceType `json:"types"`
	}
	d := json.NewDecoder(strings.NewReader(string(again)))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return fmt.Errorf("instance types: %s: %w", path, err)
	}
	for _, it := range file.Types {
		if err := t.Add(it); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// StandardTypes returns the types that every installation has. The figures are EC2's
// published ones.
func StandardTypes() *TypeTable {
	t := &TypeTable{}
	for _, f := range standard {
		for _, s := range f.sizes {
			it := f.common
			it.Name = it.Name + "." + s.name
			it.VCPUs, it.MemoryMiB = s.vcpus, s.mib
			it.Interfaces, it.Addresses = s.enis, s.ips
			it.Network, it.NetworkGbps, it.NetworkPeak = s.network, s.gbps, s.peak
			it.EBS = s.ebs
			it.FreeTier = it.Name == "t2.micro" || it.Name == "t3.micro"
			if err := t.Add(it); err != nil {
				panic(err) // the table below is wrong: found by any test
			}
		}
	}
	return t
}

type size struct {
	name       string
	vcpus, mib int
	enis, ips  int
	network    string
	gbps, peak float64
	ebs        EBSRate
}

const (
	upTo5  = "Up to 5 Gigabit"
	upTo10 = "Up to 10 Gigabit"
	lowMod = "Low to Moderate"
)

// m5EBS are the volume rates that m5 and r5 share, by size.
var m5EBS = map[string]EBSRate{
	"large": {650, 4750, 3600, 18750}, "xlarge": {1150, 4750, 6000, 18750}, "2xlarge": {2300, 4750, 12000, 18750},
	"4xlarge": {4750, 4750, 18750, 18750}, "8xlarge": {6800, 6800, 30000, 30000}, "12xlarge": {9500, 9500, 40000, 40000},
	"16xlarge": {13600, 13600, 60000, 60000}, "24xlarge": {19000, 19000, 80000, 80000},
}

// m5Sizes are the sizes of m5 and r5: they differ in memory a vCPU.
func m5Sizes(mibPerVCPU int) []size {
	out := []size{
		{"large", 2, 0, 3, 10, upTo10, 0.75, 10, EBSRate{}},
		{"xlarge", 4, 0, 4, 15, upTo10, 1.25, 10, EBSRate{}},
		{"2xlarge", 8, 0, 4, 15, upTo10, 2.5, 10, EBSRate{}},
		{"4xlarge", 16, 0, 8, 30, upTo10, 5, 10, EBSRate{}},
		{"8xlarge", 32, 0, 8, 30, "10 Gigabit", 10, 10, EBSRate{}},
		{"12xlarge", 48, 0, 8, 30, "12 Gigabit", 12, 12, EBSRate{}},
		{"16xlarge", 64, 0, 15, 50, "20 Gigabit", 20, 20, EBSRate{}},
		{"24xlarge", 96, 0, 15, 50, "25 Gigabit", 25, 25, EBSRate{}},
	}
	for i := range out {
		out[i].mib, out[i].ebs = out[i].vcpus*mibPerVCPU, m5EBS[out[i].name]
	}
	return out
}

var standard = []struct {
	common InstanceType
	sizes  []size
}{
	{InstanceType{Name: "t2", Burstable: true, ClockGHz: 2.5, Previous: false}, []size{
		{"nano", 1, 512, 2, 2, lowMod, 0.032, 0.7, EBSRate{}},
		{"micro", 1, 1024, 2, 2, lowMod, 0.064, 0.7, EBSRate{}},
		{"small", 1, 2048, 3, 4, lowMod, 0.128, 1, EBSRate{}},
		{"medium", 2, 4096, 3, 6, lowMod, 0.256, 1, EBSRate{}},
		{"large", 2, 8192, 3, 12, lowMod, 0.512, 1, EBSRate{}},
		{"xlarge", 4, 16384, 3, 15, "Moderate", 0.75, 1, EBSRate{}},
		{"2xlarge", 8, 32768, 3, 15, "Moderate", 1, 1, EBSRate{}},
	}},
	{InstanceType{Name: "t3", Burstable: true, ClockGHz: 2.5}, []size{
		{"nano", 2, 512, 2, 2, upTo5, 0.032, 5, EBSRate{43, 2085, 250, 11800}},
		{"micro", 2, 1024, 2, 2, upTo5, 0.064, 5, EBSRate{87, 2085, 500, 11800}},
		{"small", 2, 2048, 3, 4, upTo5, 0.128, 5, EBSRate{174, 2085, 1000, 11800}},
		{"medium", 2, 4096, 3, 6, upTo5, 0.256, 5, EBSRate{347, 2085, 2000, 11800}},
		{"large", 2, 8192, 3, 12, upTo5, 0.512, 5, EBSRate{695, 2780, 4000, 15700}},
		{"xlarge", 4, 16384, 4, 15, upTo5, 1.024, 5, EBSRate{695, 2780, 4000, 15700}},
		{"2xlarge", 8, 32768, 4, 15, upTo5, 2.048, 5, EBSRate{695, 2780, 4000, 15700}},
	}},
	{InstanceType{Name: "t3a", Burstable: true, ClockGHz: 2.2, Manufacturer: "AMD"}, []size{
		{"nano", 2, 512, 2, 2, upTo5, 0.032, 5, EBSRate{45, 2085, 250, 11800}},
		{"micro", 2, 1024, 2, 2, upTo5, 0.064, 5, EBSRate{90, 2085, 500, 11800}},
		{"small", 2, 2048, 2, 4, upTo5, 0.128, 5, EBSRate{175, 2085, 1000, 11800}},
		{"medium", 2, 4096, 3, 6, upTo5, 0.256, 5, EBSRate{350, 2085, 2000, 11800}},
		{"large", 2, 8192, 3, 12, upTo5, 0.512, 5, EBSRate{695, 2780, 4000, 15700}},
		{"xlarge", 4, 16384, 4, 15, upTo5, 1.024, 5, EBSRate{695, 2780, 4000, 15700}},
		{"2xlarge", 8, 32768, 4, 15, upTo5, 2.048, 5, EBSRate{695, 2780, 4000, 15700}},
	}},
	{InstanceType{Name: "m5", ClockGHz: 3.1}, m5Sizes(4096)},
	{InstanceType{Name: "c5", ClockGHz: 3.4}, []size{
		{"large", 2, 4096, 3, 10, upTo10, 0.75, 10, EBSRate{650, 4750, 4000, 20000}},
		{"xlarge", 4, 8192, 4, 15, upTo10, 1.25, 10, EBSRate{1150, 4750, 6000, 20000}},
		{"2xlarge", 8, 16384, 4, 15, upTo10, 2.5, 10, EBSRate{2300, 4750, 10000, 20000}},
		{"4xlarge", 16, 32768, 8, 30, upTo10, 5, 10, EBSRate{4750, 4750, 20000, 20000}},
		{"9xlarge", 36, 73728, 8, 30, "12 Gigabit", 12, 12, EBSRate{9500, 9500, 40000, 40000}},
		{"12xlarge", 48, 98304, 8, 30, "12 Gigabit", 12, 12, EBSRate{9500, 9500, 40000, 40000}},
		{"18xlarge", 72, 147456, 15, 50, "25 Gigabit", 25, 25, EBSRate{19000, 19000, 80000, 80000}},
		{"24xlarge", 96, 196608, 15, 50, "25 Gigabit", 25, 25, EBSRate{19000, 19000, 80000, 80000}},
	}},
	{InstanceType{Name: "r5", ClockGHz: 3.1}, m5Sizes(8192)},
}
