package ec2

import (
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerRegions(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeRegions", Resource: "region"}, a.describeRegions)
	wire.Handle(r, wire.Spec{Name: "DescribeAvailabilityZones", Resource: "availability-zone"}, a.describeAvailabilityZones)
	wire.Handle(r, wire.Spec{Name: "DescribeAccountAttributes", Resource: "account"}, a.describeAccountAttributes)
}

// notOptIn is the opt-in status of everything here.
const notOptIn = "opt-in-not-required"

var regionFilters = wire.FilterTable[Region]{
	Fields: map[string]func(Region) []string{
		"endpoint":      func(r Region) []string { return one(r.Endpoint) },
		"opt-in-status": always[Region](notOptIn),
		"region-name":   func(r Region) []string { return one(r.Name) },
	},
}

func (a *API) describeRegions(_ *action.Call, in *gen.DescribeRegionsRequest) (*gen.DescribeRegionsResult, error) {
	match, err := regionFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	for _, name := range in.RegionNames {
		if a.region(name) == nil {
			return nil, apierr.New("InvalidParameterValue", "Invalid region ( %s ) provided.", clip(name))
		}
	}
	out := &gen.DescribeRegionsResult{Regions: []*gen.Region{}}
	for _, r := range a.deps.Regions {
		if match(r) && (len(in.RegionNames) == 0 || slices.Contains(in.RegionNames, r.Name)) {
			out.Regions = append(out.Regions, &gen.Region{RegionName: &r.Name, Endpoint: str(r.Endpoint), OptInStatus: new(notOptIn)})
		}
	}
	return out, nil
}

// zoneRow is a zone with its region.
type zoneRow struct {
	Zone
	region string
}

var zoneFilters = wire.FilterTable[zoneRow]{
	Fields: map[string]func(zoneRow) []string{
		"group-name":           func(z zoneRow) []string { return one(z.region) },
		"message":              none[zoneRow],
		"network-border-group": func(z zoneRow) []string { return one(z.region) },
		"opt-in-status":        always[zoneRow](notOptIn),
		"parent-zone-id":       none[zoneRow],
		"parent-zone-name":     none[zoneRow],
		"parentZoneId":         none[zoneRow],
		"parentZoneName":       none[zoneRow],
		"region-name":          func(z zoneRow) []string { return one(z.region) },
		"state":                always[zoneRow]("available"),
		"zone-id":              func(z zoneRow) []string { return one(z.ID) },
		"zone-name":            func(z zoneRow) []string { return one(z.Name) },
		"zone-type":            always[zoneRow]("availability-zone"),
	},
}

func (a *API) describeAvailabilityZones(c *action.Call, in *gen.DescribeAvailabilityZonesRequest) (*gen.DescribeAvailabilityZonesResult, error) {
	match, err := zoneFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	var zones []Zone
	if r := a.region(c.Region); r != nil {
		zones = r.Zones
	}
	if err := unknownZones(in.ZoneNames, zones, func(z Zone) string { return z.Name }); err != nil {
		return nil, err
	}
	if err := unknownZones(in.ZoneIds, zones, func(z Zone) string { return z.ID }); err != nil {
		return nil, err
	}
	out := &gen.DescribeAvailabilityZonesResult{AvailabilityZones: []*gen.AvailabilityZone{}}
	for _, z := range zones {
		named := len(in.ZoneNames)+len(in.ZoneIds) == 0 || slices.Contains(in.ZoneNames, z.Name) || slices.Contains(in.ZoneIds, z.ID)
		if named && match(zoneRow{z, c.Region}) {
			out.AvailabilityZones = append(out.AvailabilityZones, toZone(z, c.Region))
		}
	}
	return out, nil
}

func unknownZones(wanted []string, zones []Zone, name func(Zone) string) error {
	var unknown []string
	for _, w := range wanted {
		if !slices.ContainsFunc(zones, func(z Zone) bool { return name(z) == w }) {
			unknown = append(unknown, clip(w))
		}
	}
	if unknown == nil {
		return nil
	}
	return apierr.New("InvalidParameterValue", "Invalid availability zone: [%s]", strings.Join(unknown, ", "))
}

func toZone(z Zone, region string) *gen.AvailabilityZone {
	return &gen.AvailabilityZone{
		ZoneName:           &z.Name,
		ZoneId:             &z.ID,
		ZoneType:           new("availability-zone"),
		RegionName:         &region,
		GroupName:          &region,
		NetworkBorderGroup: &region,
		OptInStatus:        new(notOptIn),
		State:              new("available"),
		Messages:           []*gen.AvailabilityZoneMessage{},
	}
}
