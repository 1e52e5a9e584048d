package ec2

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInstanceTypes(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeInstanceTypes", Resource: "instance-type"}, a.describeInstanceTypes)
	wire.Handle(r, wire.Spec{Name: "DescribeInstanceTypeOfferings", Resource: "instance-type"}, a.describeOfferings)
}

// The firmware that types can start with.
var (
	bootModesNitro = []string{"legacy-bios", "uefi"}
	bootModesXen   = []string{"legacy-bios"}
)

type typeField = func(*InstanceType) []string

func alwaysType(v ...string) typeField { return func(*InstanceType) []string { return v } }

func number(v func(*InstanceType) int) typeField {
	return func(t *InstanceType) []string { return intStr(v(t)) }
}

func decimal(v func(*InstanceType) float64) typeField {
	return func(t *InstanceType) []string { return []string{strconv.FormatFloat(v(t), 'g', -1, 64)} }
}

var typeFilters = wire.FilterTable[*InstanceType]{Fields: map[string]typeField{
	"auto-recovery-supported":         alwaysType("false"),
	"bare-metal":                      alwaysType("false"),
	"burstable-performance-supported": func(t *InstanceType) []string { return boolStr(t.Burstable) },
	"current-generation":              func(t *InstanceType) []string { return boolStr(!t.Previous) },
	"dedicated-hosts-supported":       alwaysType("true"),
	"ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps":  ebsRate(func(r EBSRate) float64 { return float64(r.BaselineMbps) }),
	"ebs-info.ebs-optimized-info.baseline-iops":               ebsRate(func(r EBSRate) float64 { return float64(r.BaselineIOPS) }),
	"ebs-info.ebs-optimized-info.baseline-throughput-in-mbps": ebsRate(func(r EBSRate) float64 { return float64(r.BaselineMbps) / 8 }),
	"ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps":   ebsRate(func(r EBSRate) float64 { return float64(r.MaximumMbps) }),
	"ebs-info.ebs-optimized-info.maximum-iops":                ebsRate(func(r EBSRate) float64 { return float64(r.MaximumIOPS) }),
	"ebs-info.ebs-optimized-info.maximum-throughput-in-mbps":  ebsRate(func(r EBSRate) float64 { return float64(r.MaximumMbps) / 8 }),
	"ebs-info.ebs-optimized-support":                          func(t *InstanceType) []string { return one(ebsOptimized(t)) },
	"ebs-info.encryption-support":                             alwaysType("unsupported"),
	"ebs-info.nvme-support":                                   func(t *InstanceType) []string { return one(nvmeSupport(t)) },
	"free-tier-eligible":                                      func(t *InstanceType) []string { return boolStr(t.FreeTier) },
	"hibernation-supported":                                   alwaysType("false"),
	"hypervisor":                                              func(t *InstanceType) []string { return one(hypervisorName(t)) },
	"instance-storage-supported":                              alwaysType("false"),
	"instance-type":                                           func(t *InstanceType) []string { return one(t.Name) },
	"memory-info.size-in-mib":                                 number(func(t *InstanceType) int { return t.MemoryMiB }),
	"network-info.efa-supported":                              alwaysType("false"),
	"network-info.ena-support":                                func(t *InstanceType) []string { return one(enaSupport(t)) },
	"network-info.encryption-in-transit-supported":            alwaysType("false"),
	"network-info.flexible-ena-queues-support":                alwaysType("unsupported"),
	"network-info.ipv4-addresses-per-interface":               number(func(t *InstanceType) int { return t.Addresses }),
	"network-info.ipv6-addresses-per-interface":               alwaysType("0"),
	"network-info.ipv6-supported":                             alwaysType("false"),
	"network-info.maximum-network-cards":                      alwaysType("1"),
	"network-info.maximum-network-interfaces":                 number(func(t *InstanceType) int { return t.Interfaces }),
	"network-info.network-performance":                        func(t *InstanceType) []string { return one(t.Network) },
	"nitro-enclaves-support":                                  alwaysType("unsupported"),
	"nitro-tpm-support":                                       alwaysType("unsupported"),
	"phc-support":                                             alwaysType("unsupported"),
	"processor-info.supported-architecture":                   func(t *InstanceType) []string { return one(t.Arch) },
	"processor-info.sustained-clock-speed-in-ghz":             decimal(func(t *InstanceType) float64 { return t.ClockGHz }),
	"reboot-migration-support":                                alwaysType("unsupported"),
	"supported-boot-mode":                                     bootModes,
	"supported-root-device-type":                              alwaysType("ebs"),
	"supported-usage-class":                                   alwaysType("on-demand"),
	"supported-virtualization-type":                           alwaysType("hvm"),
	"vcpu-info.default-cores":                                 number((*InstanceType).cores),
	"vcpu-info.default-threads-per-core":                      number(func(t *InstanceType) int { return t.ThreadsPer }),
	"vcpu-info.default-vcpus":                                 number(func(t *InstanceType) int { return t.VCPUs }),
	"vcpu-info.valid-cores":                                   number((*InstanceType).cores),
	"vcpu-info.valid-threads-per-core":                        number(func(t *InstanceType) int { return t.ThreadsPer }),

	"instance-storage-info.disk.count":             none[*InstanceType],
	"instance-storage-info.disk.size-in-gb":        none[*InstanceType],
	"instance-storage-info.disk.type":              none[*InstanceType],
	"instance-storage-info.encryption-support":     none[*InstanceType],
	"instance-storage-info.nvme-support":           none[*InstanceType],
	"instance-storage-info.total-size-in-gb":       none[*InstanceType],
	"network-info.bandwidth-weightings":            none[*InstanceType],
	"network-info.efa-info.maximum-efa-interfaces": none[*InstanceType],
	"nitro-tpm-info.supported-versions":            none[*InstanceType],
	"processor-info.supported-features":            none[*InstanceType],
}}

func ebsRate(v func(EBSRate) float64) typeField {
	return func(t *InstanceType) []string {
		if t.EBS == (EBSRate{}) {
			return nil
		}
		return []string{strconv.FormatFloat(v(t.EBS), 'g', -1, 64)}
	}
}

// ebsOptimized says whether the type has a rate for volumes of its own.
func ebsOptimized(t *InstanceType) string {
	if t.EBS == (EBSRate{}) {
		return "unsupported"
	}
	return "default"
}

func nvmeSupport(t *InstanceType) string {
	if t.xen() {
		return "unsupported"
	}
	return "required"
}

func enaSupport(t *InstanceType) string { return nvmeSupport(t) }

func hypervisorName(t *InstanceType) string {
	if t.xen() {
		return "xen"
	}
	return "nitro"
}

func bootModes(t *InstanceType) []string {
	if t.xen() {
		return bootModesXen
	}
	return bootModesNitro
}

func (a *API) describeInstanceTypes(c *action.Call, in *gen.DescribeInstanceTypesRequest) (*gen.DescribeInstanceTypesResult, error) {
	match, err := typeFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	limits := wire.PageLimits{Min: 5, Max: 100, NotWithIDs: "instanceTypes"}
	p, err := limits.Page(store.Key("DescribeInstanceTypes", c.Account, c.Region), len(in.InstanceTypes), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	if len(in.InstanceTypes) > 100 {
		return nil, apierr.New("InvalidParameterValue", "The request names %d instance types. The most that it may name is 100.", len(in.InstanceTypes))
	}
	var unknown []string
	for _, name := range in.InstanceTypes {
		if a.deps.Types.Get(name) == nil {
			unknown = append(unknown, clip(name))
		}
	}
	if unknown != nil {
		return nil, apierr.New("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", strings.Join(unknown, ", "))
	}
	wanted := func(t *InstanceType) bool {
		return (len(in.InstanceTypes) == 0 || slices.Contains(in.InstanceTypes, t.Name)) && match(t)
	}
	rows, next := wire.Take(p, slices.Values(a.deps.Types.All()), func(t *InstanceType) string { return t.Name }, wanted)
	return &gen.DescribeInstanceTypesResult{InstanceTypes: described(rows, toType), NextToken: next}, nil
}

// toType shows a type with every structure filled in: clients look into them without
// asking whether they are there.
func toType(t *InstanceType) *gen.InstanceTypeInfo {
	return &gen.InstanceTypeInfo{
		InstanceType: &t.Name, CurrentGeneration: new(!t.Previous), FreeTierEligible: &t.FreeTier,
		SupportedUsageClasses: []string{"on-demand"}, SupportedRootDeviceTypes: []string{"ebs"}, SupportedVirtualizationTypes: []string{"hvm"},
		BareMetal: new(false), Hypervisor: new(hypervisorName(t)),
		ProcessorInfo:            &gen.ProcessorInfo{SupportedArchitectures: []string{t.Arch}, SustainedClockSpeedInGhz: &t.ClockGHz, Manufacturer: &t.Manufacturer},
		VCpuInfo:                 toVCPUs(t),
		MemoryInfo:               &gen.MemoryInfo{SizeInMiB: new(int64(t.MemoryMiB))},
		InstanceStorageSupported: new(false),
		EbsInfo:                  toEBS(t),
		NetworkInfo:              toNetwork(t),
		PlacementGroupInfo:       &gen.PlacementGroupInfo{SupportedStrategies: []string{groupCluster, groupPartition, groupSpread}},
		HibernationSupported:     new(false), BurstablePerformanceSupported: &t.Burstable, DedicatedHostsSupported: new(true),
		AutoRecoverySupported: new(false), SupportedBootModes: bootModes(t),
		NitroEnclavesSupport: new("unsupported"), NitroTpmSupport: new("unsupported"), NitroTpmInfo: &gen.NitroTpmInfo{SupportedVersions: []string{}},
		PhcSupport: new("unsupported"),
	}
}

// toVCPUs shows the one way that the type's vCPUs are laid out in.
func toVCPUs(t *InstanceType) *gen.VCpuInfo {
	return &gen.VCpuInfo{
		DefaultVCpus: new(int64(t.VCPUs)), DefaultCores: new(int64(t.cores())), DefaultThreadsPerCore: new(int64(t.ThreadsPer)),
		ValidCores: []int64{int64(t.cores())}, ValidThreadsPerCore: []int64{int64(t.ThreadsPer)},
	}
}

func toEBS(t *InstanceType) *gen.EbsInfo {
	out := &gen.EbsInfo{EbsOptimizedSupport: new(ebsOptimized(t)), EncryptionSupport: new("unsupported"), NvmeSupport: new(nvmeSupport(t))}
	if e := t.EBS; e != (EBSRate{}) {
		out.EbsOptimizedInfo = &gen.EbsOptimizedInfo{
			BaselineBandwidthInMbps: new(int64(e.BaselineMbps)), BaselineThroughputInMBps: new(float64(e.BaselineMbps) / 8), BaselineIops: new(int64(e.BaselineIOPS)),
			MaximumBandwidthInMbps: new(int64(e.MaximumMbps)), MaximumThroughputInMBps: new(float64(e.MaximumMbps) / 8), MaximumIops: new(int64(e.MaximumIOPS)),
		}
	}
	return out
}

func toNetwork(t *InstanceType) *gen.NetworkInfo {
	return &gen.NetworkInfo{
		NetworkPerformance: &t.Network, MaximumNetworkInterfaces: new(int64(t.Interfaces)), MaximumNetworkCards: new(int64(1)), DefaultNetworkCardIndex: new(int64(0)),
		NetworkCards: []*gen.NetworkCardInfo{{
			NetworkCardIndex: new(int64(0)), NetworkPerformance: &t.Network, MaximumNetworkInterfaces: new(int64(t.Interfaces)),
			BaselineBandwidthInGbps: &t.NetworkGbps, PeakBandwidthInGbps: new(math.Max(t.NetworkPeak, t.NetworkGbps)),
		}},
		Ipv4AddressesPerInterface: new(int64(t.Addresses)), Ipv6AddressesPerInterface: new(int64(0)), Ipv6Supported: new(false),
		EnaSupport: new(enaSupport(t)), EfaSupported: new(false), EncryptionInTransitSupported: new(false), EnaSrdSupported: new(false),
	}
}

// offering is a type at a location.
type offering struct{ kind, location string }

func (o offering) key() string { return store.Key(o.kind, o.location) }

var offeringFilters = wire.FilterTable[offering]{Fields: map[string]func(offering) []string{
	"instance-type": func(o offering) []string { return one(o.kind) },
	"location":      func(o offering) []string { return one(o.location) },
}}

// describeOfferings says where the types are on offer: everywhere.
func (a *API) describeOfferings(c *action.Call, in *gen.DescribeInstanceTypeOfferingsRequest) (*gen.DescribeInstanceTypeOfferingsResult, error) {
	kind := orDefault(in.LocationType, "region")
	var locations []string
	for _, r := range a.deps.Regions {
		if r.Name != c.Region {
			continue
		}
		switch kind {
		case "region":
			locations = append(locations, r.Name)
		case "availability-zone":
			for _, z := range r.Zones {
				locations = append(locations, z.Name)
			}
		case "availability-zone-id":
			for _, z := range r.Zones {
				locations = append(locations, z.ID)
			}
		case "outpost":
		default:
			return nil, oneOf("locationType", &kind, "region", "availability-zone", "availability-zone-id", "outpost")
		}
	}
	match, err := offeringFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	limits := wire.PageLimits{Min: 5, Max: 1000}
	p, err := limits.Page(store.Key("DescribeInstanceTypeOfferings", kind, c.Account, c.Region), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	rows, next := wire.Take(p, offerings(a.deps.Types, locations), offering.key, match)
	to := func(o offering) *gen.InstanceTypeOffering {
		return &gen.InstanceTypeOffering{InstanceType: &o.kind, LocationType: &kind, Location: &o.location}
	}
	return &gen.DescribeInstanceTypeOfferingsResult{InstanceTypeOfferings: described(rows, to), NextToken: next}, nil
}

// offerings yields all offerings, ascending by key.
func offerings(types *TypeTable, locations []string) iter.Seq[offering] {
	var all []offering
	for _, t := range types.All() {
		for _, l := range locations {
			all = append(all, offering{t.Name, l})
		}
	}
	slices.SortFunc(all, func(x, y offering) int { return cmp.Compare(x.key(), y.key()) })
	return slices.Values(all)
}
