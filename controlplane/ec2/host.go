package ec2

import (
	"errors"
	"iter"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

var dedicatedHostKind = idKind{ids.DedicatedHost, "InvalidHostID.Malformed", "InvalidHostID.NotFound", "host ID"}

func (a *API) registerDedicatedHosts(r *wire.Registry[*action.Call]) {
	const recovery = "HostRecovery and HostMaintenance are kept and shown, nothing acts on them"
	wire.Handle(r, wire.Spec{Name: "AllocateHosts", Mutates: true, Resource: "dedicated-host", Partial: recovery}, a.allocateHosts)
	wire.Check(r, "AllocateHosts", checkAllocateHosts)
	wire.Handle(r, wire.Spec{Name: "ReleaseHosts", Mutates: true, Resource: "dedicated-host"}, a.releaseHosts)
	wire.Handle(r, wire.Spec{Name: "ModifyHosts", Mutates: true, Resource: "dedicated-host", Partial: recovery}, a.modifyHosts)
	wire.Check(r, "ModifyHosts", func(in *gen.ModifyHostsRequest) error {
		if in.InstanceType != nil && in.InstanceFamily != nil {
			return typeOrFamily()
		}
		return nil
	})
	wire.Handle(r, wire.Spec{Name: "DescribeHosts", Resource: "dedicated-host"}, a.describeHosts)
}

func typeOrFamily() error {
	return apierr.New("InvalidParameterCombination", "Specify either an instance type or an instance family, not both.")
}

func checkAllocateHosts(in *gen.AllocateHostsRequest) error {
	switch n := orDefault(in.Quantity, 1); {
	case in.InstanceType != nil && in.InstanceFamily != nil:
		return typeOrFamily()
	case in.InstanceType == nil && in.InstanceFamily == nil:
		return missing("InstanceType")
	case n < 1 || n > maxLaunch:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter quantity is invalid. Expecting 1 to %d.", n, maxLaunch)
	case in.OutpostArn != nil || len(in.AssetIds) > 0:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: Outposts.")
	}
	return nil
}

// hostConfiguration is what a Dedicated Host of a type or family must have room for.
func (a *API) hostConfiguration(typ, family string) (*InstanceType, error) {
	if typ != "" {
		if t := a.deps.Types.Get(typ); t != nil {
			return t, nil
		}
		return nil, apierr.New("InvalidHostConfiguration", "The instance type '%s' is not on offer.", clip(typ))
	}
	var least *InstanceType
	for _, t := range a.deps.Types.All() {
		if t.family() == family && (least == nil || t.MemoryMiB < least.MemoryMiB) {
			least = t
		}
	}
	if least == nil {
		return nil, apierr.New("InvalidHostConfiguration", "The instance family '%s' is not on offer.", clip(family))
	}
	return least, nil
}

// allocateHosts gives the caller whole hosts, with nothing on them.
func (a *API) allocateHosts(c *action.Call, in *gen.AllocateHostsRequest) (*gen.AllocateHostsResult, error) {
	kind, err := a.hostConfiguration(val(in.InstanceType), val(in.InstanceFamily))
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "dedicated-host")
	if err != nil {
		return nil, err
	}
	if _, err := a.zoneOf(c, *in.AvailabilityZone, ""); err != nil {
		return nil, err
	}
	n := int(orDefault(in.Quantity, 1))
	place, why := schedule.Place(lifecycle.View(c, c.Region, a.deps.Placement), schedule.Request{
		Account: c.Account, Zones: []string{*in.AvailabilityZone}, Arch: kind.Arch, Accel: kind.Accel,
		VCPUs: kind.VCPUs, MemoryMiB: kind.MemoryMiB, Min: n, Max: n, Tenancy: schedule.Whole,
	})
	if len(place.Spots) == 0 {
		return nil, apierr.WithStatus(500, "InsufficientHostCapacity", "There is not enough capacity to fulfill your Dedicated Host request: %s.", why)
	}
	out := &gen.AllocateHostsResult{}
	for _, spot := range place.Spots {
		d := &model.DedicatedHost{
			ID: ids.New(ids.DedicatedHost), Owned: owner(c), Zone: place.Zone, Host: spot.Host,
			InstanceType: val(in.InstanceType), InstanceFamily: val(in.InstanceFamily), AutoPlacement: orDefault(in.AutoPlacement, "on"),
			HostRecovery: orDefault(in.HostRecovery, "off"), Maintenance: orDefault(in.HostMaintenance, "off"),
			ClientToken: val(in.ClientToken), Allocated: c.Now(), Tags: tags["dedicated-host"].Clone(),
		}
		if err := store.DedicatedHosts.Put(c.Tx, d); err != nil {
			return nil, err
		}
		if err := lifecycle.Allocate(c.Tx, spot.Host, d.ID, d.Account); err != nil {
			return nil, err
		}
		out.HostIds = append(out.HostIds, d.ID)
	}
	return out, nil
}

// hostState is a Dedicated Host's state as EC2 names it.
func hostState(r store.Reader, d *model.DedicatedHost) string {
	if !d.Released.IsZero() {
		return "released"
	}
	switch h := store.Hosts.Get(r, d.Host); {
	case h == nil:
		return "permanent-failure"
	case !h.Up:
		return "under-assessment"
	}
	return "available"
}

// boots yields what is on a Dedicated Host.
func boots(r store.Reader, d *model.DedicatedHost) iter.Seq[*model.Boot] {
	return func(yield func(*model.Boot) bool) {
		if d.Host == "" {
			return
		}
		for b := range store.Boots.By(r, "host", d.Host) {
			if b.Phase < model.PhaseEnded && !yield(b) {
				return
			}
		}
	}
}

// each does something to each of some Dedicated Hosts, and says how it went.
func each(c *action.Call, hostIDs []string, do func(*model.DedicatedHost) error) (done []string, failed []*gen.UnsuccessfulItem, err error) {
	done, failed = []string{}, []*gen.UnsuccessfulItem{}
	for _, id := range hostIDs {
		d, err := require(c, dedicatedHostKind, store.DedicatedHosts, id)
		if err == nil {
			err = do(d)
		}
		if e, ok := errors.AsType[*apierr.Error](err); ok {
			failed = append(failed, &gen.UnsuccessfulItem{ResourceId: &id, Error: &gen.UnsuccessfulItemError{Code: new("Client." + e.Code), Message: &e.Message}})
			continue
		} else if err != nil {
			return nil, nil, err
		}
		done = append(done, id)
	}
	return done, failed, nil
}

func (a *API) releaseHosts(c *action.Call, in *gen.ReleaseHostsRequest) (*gen.ReleaseHostsResult, error) {
	done, failed, err := each(c, in.HostIds, func(d *model.DedicatedHost) error {
		if !d.Released.IsZero() {
			return apierr.New("InvalidHost.Released", "The Dedicated Host '%s' is released already.", d.ID)
		}
		for range boots(c, d) {
			return apierr.New("InvalidHost.Occupied", "Dedicated host '%s' cannot be released as it is occupied by instances: stop or terminate them.", d.ID)
		}
		if err := lifecycle.Allocate(c.Tx, d.Host, "", ""); err != nil {
			return err
		}
		next := *d
		next.Released, next.Host = c.Now(), ""
		return store.DedicatedHosts.Put(c.Tx, &next)
	})
	return &gen.ReleaseHostsResult{Successful: done, Unsuccessful: failed}, err
}

func (a *API) modifyHosts(c *action.Call, in *gen.ModifyHostsRequest) (*gen.ModifyHostsResult, error) {
	if in.AutoPlacement == nil && in.HostRecovery == nil && in.HostMaintenance == nil && in.InstanceType == nil && in.InstanceFamily == nil {
		return nil, apierr.New("InvalidParameterCombination", "No attributes specified.")
	}
	if in.InstanceType != nil || in.InstanceFamily != nil {
		if _, err := a.hostConfiguration(val(in.InstanceType), val(in.InstanceFamily)); err != nil {
			return nil, err
		}
	}
	done, failed, err := each(c, in.HostIds, func(d *model.DedicatedHost) error {
		if !d.Released.IsZero() {
			return apierr.New("InvalidHostState", "The Dedicated Host '%s' is released.", d.ID)
		}
		next := *d
		next.AutoPlacement = orDefault(in.AutoPlacement, d.AutoPlacement)
		next.HostRecovery = orDefault(in.HostRecovery, d.HostRecovery)
		next.Maintenance = orDefault(in.HostMaintenance, d.Maintenance)
		if in.InstanceType != nil || in.InstanceFamily != nil {
			next.InstanceType, next.InstanceFamily = val(in.InstanceType), val(in.InstanceFamily)
			for b := range boots(c, d) {
				if i := store.Instances.Get(c, b.Instance); i != nil && !supports(&next, a.deps.Types.Get(i.Type)) {
					return apierr.New("InvalidHostConfiguration", "The Dedicated Host '%s' has the instance '%s' of the type %s.", d.ID, i.ID, i.Type)
				}
			}
		}
		return store.DedicatedHosts.Put(c.Tx, &next)
	})
	return &gen.ModifyHostsResult{Successful: done, Unsuccessful: failed}, err
}

// supports reports whether a Dedicated Host is for a type.
func supports(d *model.DedicatedHost, t *InstanceType) bool {
	return t != nil && (d.InstanceType == t.Name || d.InstanceFamily != "" && d.InstanceFamily == t.family())
}

// hostsFor returns the hosts on which an instance with the tenancy host may be.
func hostsFor(c *action.Call, p model.Placement, kind *InstanceType) []string {
	out := []string{}
	for d := range mine(store.DedicatedHosts)(c) {
		named := p.HostID == d.ID
		if named || p.HostID == "" && d.AutoPlacement == "on" {
			if supports(d, kind) && hostState(c, d) == "available" {
				out = append(out, d.Host)
			}
		}
	}
	return out
}

var dedicatedHosts = &listing[joined[*model.DedicatedHost]]{
	action: "DescribeHosts",
	kind:   dedicatedHostKind,
	rows:   joinedRows(store.DedicatedHosts),
	get:    joinedByID(store.DedicatedHosts),
	id:     func(d joined[*model.DedicatedHost]) string { return d.row.ID },
	filters: wire.FilterTable[joined[*model.DedicatedHost]]{
		Tags: func(d joined[*model.DedicatedHost]) map[string]string { return d.row.Tags },
		Fields: map[string]func(joined[*model.DedicatedHost]) []string{
			"auto-placement":      func(d joined[*model.DedicatedHost]) []string { return one(d.row.AutoPlacement) },
			"availability-zone":   func(d joined[*model.DedicatedHost]) []string { return one(d.row.Zone) },
			"client-token":        func(d joined[*model.DedicatedHost]) []string { return one(d.row.ClientToken) },
			"host-reservation-id": none[joined[*model.DedicatedHost]],
			"instance-type":       func(d joined[*model.DedicatedHost]) []string { return one(d.row.InstanceType) },
			"state":               func(d joined[*model.DedicatedHost]) []string { return one(hostState(d.r, d.row)) },
		},
	},
	limits: wire.PageLimits{Min: 5, Max: 500, NotWithIDs: "hostIds"},
}

func (a *API) describeHosts(c *action.Call, in *gen.DescribeHostsRequest) (*gen.DescribeHostsResult, error) {
	rows, next, err := dedicatedHosts.page(c, selection{in.HostIds, in.Filter, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeHostsResult{Hosts: described(rows, func(d joined[*model.DedicatedHost]) *gen.Host { return a.toDedicatedHost(c, d.row) }), NextToken: next}, nil
}

func (a *API) toDedicatedHost(c *action.Call, d *model.DedicatedHost) *gen.Host {
	out := &gen.Host{
		HostId: &d.ID, OwnerId: &d.Account, AvailabilityZone: &d.Zone, AvailabilityZoneId: new(model.ZoneID(d.Zone)), AutoPlacement: &d.AutoPlacement,
		HostRecovery: &d.HostRecovery, HostMaintenance: &d.Maintenance, ClientToken: str(d.ClientToken), State: new(hostState(c, d)),
		AllocationTime: &d.Allocated, Tags: tagsOrEmpty(d.Tags), Instances: []*gen.HostInstance{}, MemberOfServiceLinkedResourceGroup: new(false),
		AllowsMultipleInstanceTypes: new("off"), HostProperties: &gen.HostProperties{InstanceType: str(d.InstanceType), InstanceFamily: str(d.InstanceFamily)},
	}
	if d.InstanceFamily != "" {
		out.AllowsMultipleInstanceTypes = new("on")
	}
	if !d.Released.IsZero() {
		out.ReleaseTime = &d.Released
	}
	h, ok := lifecycle.View(c, c.Region, a.deps.Placement).Hosts.Get(d.Host)
	if !ok {
		return out
	}
	vcpus, mib := a.deps.Placement.VCPUs(&h), a.deps.Placement.MemoryMiB(&h)
	out.HostProperties.Cores, out.HostProperties.TotalVCpus = new(int64(h.VCPUs)), new(int64(vcpus))
	out.AvailableCapacity = &gen.AvailableCapacity{AvailableVCpus: new(int64(vcpus - h.UsedVCPUs)), AvailableInstanceCapacity: []*gen.InstanceCapacity{}}
	for _, t := range a.deps.Types.All() {
		if total := min(vcpus/t.VCPUs, mib/t.MemoryMiB); supports(d, t) && total > 0 {
			left := max(0, min((vcpus-h.UsedVCPUs)/t.VCPUs, (mib-h.UsedMemoryMiB)/t.MemoryMiB))
			out.AvailableCapacity.AvailableInstanceCapacity = append(out.AvailableCapacity.AvailableInstanceCapacity,
				&gen.InstanceCapacity{InstanceType: &t.Name, TotalCapacity: new(int64(total)), AvailableCapacity: new(int64(left))})
		}
	}
	for b := range boots(c, d) {
		if i := store.Instances.Get(c, b.Instance); i != nil {
			out.Instances = append(out.Instances, &gen.HostInstance{InstanceId: &i.ID, InstanceType: &i.Type, OwnerId: &i.Account})
		}
	}
	return out
}
