package ec2

import (
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerPlacement(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "ModifyInstancePlacement", Mutates: true, Resource: "instance", Partial: "no host resource groups"}, a.modifyInstancePlacement)
	a.registerDedicatedHosts(r)
	a.registerPlacementGroups(r)
	a.registerCapacityReservations(r)
}

// The tenancies of instances.
const (
	tenancyDefault   = "default"
	tenancyDedicated = "dedicated"
	tenancyHost      = "host"
)

func tenancy(p model.Placement) string  { return nonEmpty(p.Tenancy, tenancyDefault) }
func affinity(p model.Placement) string { return nonEmpty(p.Affinity, "default") }

// resolvePlacement reads what a launch asks of the hosts.
func (a *API) resolvePlacement(c *action.Call, l *launch) (p model.Placement, err error) {
	if in := l.in.Placement; in != nil {
		if in.HostResourceGroupArn != nil || in.SpreadDomain != nil {
			return p, apierr.New("Unsupported", "The requested configuration is currently not supported: host resource groups and spread domains.")
		}
		p.Tenancy = val(in.Tenancy)
		if in.Affinity != nil && *in.Affinity != "" {
			if *in.Affinity != "default" && *in.Affinity != "host" {
				return p, apierr.New("InvalidAffinity", "The affinity '%s' is not valid. Expecting default or host.", clip(*in.Affinity))
			}
			p.Affinity = *in.Affinity
		}
		if in.GroupName != nil && *in.GroupName != "" || in.GroupId != nil && *in.GroupId != "" {
			g, err := findGroup(c, val(in.GroupName), val(in.GroupId))
			if err != nil {
				return p, err
			}
			p.GroupID = g.ID
		}
		p.HostID, p.Partition = val(in.HostId), int(val(in.PartitionNumber))
	}
	if p.Tenancy == "" && p.HostID == "" && len(l.nics) > 0 && l.nics[0].subnet != nil {
		if v := store.VPCs.Get(c, l.nics[0].subnet.VPC); v != nil && v.Tenancy == tenancyDedicated {
			p.Tenancy = tenancyDedicated
		}
	}
	if p, err = reservationWish(c, p, l.in.CapacityReservationSpecification); err != nil {
		return p, err
	}
	return p, checkPlacement(c, &p)
}

// checkPlacement holds the parts of a placement against each other.
func checkPlacement(c *action.Call, p *model.Placement) error {
	if p.HostID != "" {
		d, err := require(c, dedicatedHostKind, store.DedicatedHosts, p.HostID)
		switch {
		case err != nil:
			return err
		case hostState(c, d) != "available":
			return apierr.New("InvalidHostState", "The Dedicated Host '%s' is %s, not available.", d.ID, hostState(c, d))
		}
		if p.Tenancy == "" {
			p.Tenancy = tenancyHost
		}
	}
	if p.Tenancy != tenancyHost && (p.HostID != "" || p.Affinity == "host") {
		return apierr.New("InvalidParameterCombination", "A host ID and affinity need the tenancy 'host', not '%s'.", tenancy(*p))
	}
	g := store.PlacementGroups.Get(c, p.GroupID)
	switch {
	case g != nil && p.Tenancy == tenancyHost:
		return apierr.New("InvalidParameterCombination", "Instances with the tenancy 'host' cannot be in a placement group.")
	case p.Partition != 0 && (g == nil || g.Strategy != groupPartition):
		return apierr.New("InvalidParameterCombination", "A partition number needs a placement group with the strategy 'partition'.")
	case p.Partition < 0 || g != nil && p.Partition > g.Partitions:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter partitionNumber is invalid. The placement group '%s' has %d partitions.", p.Partition, g.Name, g.Partitions)
	}
	return nil
}

// placementRequest turns a placement into what the scheduler is asked.
func (a *API) placementRequest(c *action.Call, p model.Placement, kind *InstanceType, zones []string) (schedule.Request, error) {
	r := schedule.Request{Account: c.Account, Zones: zones, Arch: kind.Arch, Accel: kind.Accel, VCPUs: kind.VCPUs, MemoryMiB: kind.MemoryMiB, Min: 1, Max: 1}
	switch p.Tenancy {
	case tenancyDedicated:
		r.Tenancy = schedule.Dedicated
	case tenancyHost:
		r.Tenancy = schedule.OnHost
		if r.Hosts = hostsFor(c, p, kind); len(r.Hosts) == 0 {
			return r, apierr.New("IncompatibleHostRequirements", "There is no Dedicated Host on which an instance of the type %s can be started: allocate one of that type, with auto-placement unless it is named.", kind.Name)
		}
	}
	if g := store.PlacementGroups.Get(c, p.GroupID); g != nil {
		r.Group = lifecycle.GroupOf(c, g)
		if !p.Chosen {
			r.Group.Partition = p.Partition
		}
	}
	return r, addSlots(c, p, kind, &r)
}

// noRoom is the error for a request that the scheduler refused.
func noRoom(p model.Placement, kind string, zones []string, why schedule.Explanation) error {
	switch {
	case p.Tenancy == tenancyHost:
		return apierr.New("InsufficientCapacityOnHost", "There is not enough capacity on the Dedicated Host to launch or start the instance: %s.", why)
	case p.Target != "":
		return reservationExceeded(p.Target)
	}
	return noCapacity(kind, zones, why)
}

// modifyInstancePlacement changes what a stopped instance asks of the hosts. The next
// start finds it room; the root volume stays where it is.
func (a *API) modifyInstancePlacement(c *action.Call, in *gen.ModifyInstancePlacementRequest) (*gen.ModifyInstancePlacementResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	if in.HostResourceGroupArn != nil {
		return nil, apierr.New("Unsupported", "The requested configuration is currently not supported: host resource groups.")
	}
	if in.Affinity == nil && in.GroupName == nil && in.GroupId == nil && in.HostId == nil && in.Tenancy == nil && in.PartitionNumber == nil {
		return nil, apierr.New("InvalidParameterCombination", "No placement attributes specified.")
	}
	next := *i.Instance
	p := &next.Placement
	if err := regroup(c, p, in); err != nil {
		return nil, err
	}
	if in.HostId != nil {
		if _, err := require(c, dedicatedHostKind, store.DedicatedHosts, *in.HostId); err != nil {
			return nil, err
		}
	}
	if i.state != model.StateStopped {
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	if in.Tenancy != nil && *in.Tenancy != tenancy(*p) {
		if *in.Tenancy == tenancyDefault || tenancy(*p) == tenancyDefault {
			return nil, apierr.New("InvalidTenancy", "The tenancy of the instance '%s' cannot be changed from %s to %s.", i.ID, tenancy(*p), *in.Tenancy)
		}
		p.Tenancy = *in.Tenancy
		if p.Tenancy != tenancyHost {
			p.HostID, p.Affinity = "", ""
		}
	}
	p.Affinity = orDefault(in.Affinity, p.Affinity)
	p.HostID = orDefault(in.HostId, p.HostID)
	if p.Affinity == "host" && p.HostID == "" {
		return nil, apierr.New("InvalidParameterCombination", "The affinity 'host' needs a host ID.")
	}
	if err := checkPlacement(c, p); err != nil {
		return nil, err
	}
	return &gen.ModifyInstancePlacementResult{Return: new(true)}, store.Instances.Put(c.Tx, &next)
}

// regroup changes the placement group; an empty name takes the instance out of it.
func regroup(c *action.Call, p *model.Placement, in *gen.ModifyInstancePlacementRequest) error {
	if in.GroupName != nil || in.GroupId != nil {
		p.GroupID, p.Partition, p.Chosen = "", 0, false
		if val(in.GroupName) != "" || val(in.GroupId) != "" {
			g, err := findGroup(c, val(in.GroupName), val(in.GroupId))
			if err != nil {
				return err
			}
			p.GroupID = g.ID
		}
	}
	if in.PartitionNumber != nil {
		p.Partition, p.Chosen = int(*in.PartitionNumber), false
	}
	return nil
}

// settled is a placement after the scheduler's decision.
func settled(c *action.Call, p model.Placement, kind *InstanceType, spot schedule.Spot) model.Placement {
	p.Accel = kind.Accel
	if p.Partition == 0 || p.Chosen {
		p.Partition, p.Chosen = spot.Partition, spot.Partition != 0
	}
	if p.Affinity == "host" && p.HostID == "" {
		if d := store.DedicatedHosts.First(c, "host", spot.Host); d != nil {
			p.HostID = d.ID
		}
	}
	return p
}

// toPlacement shows where an instance is.
func toPlacement(i *instanceRow) *gen.Placement {
	out := &gen.Placement{AvailabilityZone: &i.Zone, GroupName: empty, Tenancy: defaultTenancy}
	p := i.Placement
	if p == (model.Placement{}) {
		return out
	}
	out.Tenancy = new(tenancy(p))
	if p.Tenancy == tenancyHost {
		out.Affinity, out.HostId = new(affinity(p)), str(onDedicatedHost(i))
	}
	if g := store.PlacementGroups.Get(i.r, p.GroupID); g != nil {
		out.GroupName, out.GroupId = &g.Name, &g.ID
		if p.Partition != 0 {
			out.PartitionNumber = new(int64(p.Partition))
		}
	}
	return out
}

// onDedicatedHost is the Dedicated Host that an instance is on, or is to start on.
func onDedicatedHost(i *instanceRow) string {
	if i.boot != nil && i.boot.Phase < model.PhaseEnded {
		if d := store.DedicatedHosts.First(i.r, "host", i.boot.Host); d != nil {
			return d.ID
		}
	}
	return i.Placement.HostID
}

// placementFields are the filters of DescribeInstances on all this.
func placementFields() map[string]instanceField {
	hosted := func(v func(*instanceRow) string) instanceField {
		return func(i *instanceRow) []string {
			if i.Placement.Tenancy != tenancyHost {
				return nil
			}
			return one(v(i))
		}
	}
	return map[string]instanceField{
		"tenancy":  func(i *instanceRow) []string { return one(tenancy(i.Placement)) },
		"affinity": hosted(func(i *instanceRow) string { return affinity(i.Placement) }),
		"host-id":  hosted(onDedicatedHost),
		"placement-group-name": func(i *instanceRow) []string {
			if g := store.PlacementGroups.Get(i.r, i.Placement.GroupID); g != nil {
				return one(g.Name)
			}
			return nil
		},
		"placement-partition-number": func(i *instanceRow) []string {
			if i.Placement.Partition == 0 {
				return nil
			}
			return intStr(i.Placement.Partition)
		},
		"capacity-reservation-id": func(i *instanceRow) []string { return one(inReservation(i)) },
		"capacity-reservation-specification.capacity-reservation-preference": func(i *instanceRow) []string {
			if i.Placement.Target != "" {
				return nil
			}
			return one(nonEmpty(i.Placement.Preference, "open"))
		},
		"capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id": func(i *instanceRow) []string { return one(i.Placement.Target) },
	}
}

// both are the hosts that are in two lists; a nil one is all.
func both(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	out := []string{}
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
