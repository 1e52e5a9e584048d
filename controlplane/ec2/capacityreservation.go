package ec2

import (
	"fmt"
	"slices"
	"time"

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

var capacityKind = idKind{ids.CapacityReserve, "InvalidCapacityReservationId.Malformed", "InvalidCapacityReservationId.NotFound", "Capacity Reservation ID"}

// linux is the one platform that there is.
const linux = "Linux/UNIX"

// The criteria by which instances match capacity reservations, and the kinds of their
// end.
const (
	matchOpen     = "open"
	matchTargeted = "targeted"
	endUnlimited  = "unlimited"
	endLimited    = "limited"
)

func (a *API) registerCapacityReservations(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateCapacityReservation", Mutates: true, Resource: "capacity-reservation", Partial: "for Linux/UNIX; not in placement groups"}, a.createCapacityReservation)
	wire.Check(r, "CreateCapacityReservation", checkCreateCapacity)
	wire.Replay(r, "CreateCapacityReservation", func(c *action.Call, id string) (*gen.CreateCapacityReservationResult, error) {
		row := store.CapacityReservations.Get(c, id)
		if row == nil {
			return nil, capacityKind.missing(id)
		}
		return &gen.CreateCapacityReservationResult{CapacityReservation: toCapacityReservation(row)}, nil
	})
	wire.Handle(r, wire.Spec{Name: "ModifyCapacityReservation", Mutates: true, Resource: "capacity-reservation"}, a.modifyCapacityReservation)
	wire.Check(r, "ModifyCapacityReservation", checkModifyCapacity)
	wire.Handle(r, wire.Spec{Name: "CancelCapacityReservation", Mutates: true, Resource: "capacity-reservation"}, a.cancelCapacityReservation)
	wire.Handle(r, wire.Spec{Name: "DescribeCapacityReservations", Resource: "capacity-reservation"}, a.describeCapacityReservations)
	wire.Handle(r, wire.Spec{Name: "GetCapacityReservationUsage", Resource: "capacity-reservation"}, a.getCapacityUsage)
	wire.Handle(r, wire.Spec{Name: "ModifyInstanceCapacityReservationAttributes", Mutates: true, Resource: "instance"}, a.modifyInstanceReservation)
}

func checkCreateCapacity(in *gen.CreateCapacityReservationRequest) error {
	switch {
	case *in.InstanceCount < 1 || *in.InstanceCount > maxLaunch:
		return badCount(*in.InstanceCount)
	case *in.InstancePlatform != linux:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: the platform %s.", *in.InstancePlatform)
	case in.AvailabilityZone == nil && in.AvailabilityZoneId == nil:
		return missing("AvailabilityZone")
	case in.AvailabilityZone != nil && in.AvailabilityZoneId != nil:
		return apierr.New("InvalidParameterCombination", "Specify either an Availability Zone or an Availability Zone ID, not both.")
	case in.OutpostArn != nil || in.PlacementGroupArn != nil || val(in.EphemeralStorage):
		return apierr.New("Unsupported", "The requested configuration is currently not supported: Outposts, placement groups and ephemeral storage of Capacity Reservations.")
	}
	return checkEnd(in.EndDate, in.EndDateType)
}

func badCount(n int64) error {
	return apierr.New("InvalidParameterValue", "Value (%d) for parameter instanceCount is invalid. Expecting 1 to %d.", n, maxLaunch)
}

func checkModifyCapacity(in *gen.ModifyCapacityReservationRequest) error {
	if in.InstanceCount != nil && (*in.InstanceCount < 1 || *in.InstanceCount > maxLaunch) {
		return badCount(*in.InstanceCount)
	}
	return checkEnd(in.EndDate, in.EndDateType)
}

func checkEnd(end *time.Time, kind *string) error {
	switch {
	case kind != nil && *kind == endLimited && end == nil:
		return apierr.New("InvalidParameterCombination", "The endDateType 'limited' needs an endDate.")
	case kind != nil && *kind == endUnlimited && end != nil:
		return apierr.New("InvalidParameterCombination", "The endDateType 'unlimited' takes no endDate.")
	}
	return nil
}

func futureEnd(c *action.Call, end *time.Time) (time.Time, error) {
	if end == nil {
		return time.Time{}, nil
	}
	if !end.After(c.Now()) {
		return time.Time{}, apierr.New("InvalidParameterValue", "Value (%s) for parameter endDate is invalid. It is not in the future.", end.UTC().Format(time.RFC3339))
	}
	return end.UTC(), nil
}

func (a *API) createCapacityReservation(c *action.Call, in *gen.CreateCapacityReservationRequest) (*gen.CreateCapacityReservationResult, error) {
	kind, err := a.instanceType(in.InstanceType)
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "capacity-reservation")
	if err != nil {
		return nil, err
	}
	zone, err := a.zoneOf(c, val(in.AvailabilityZone), val(in.AvailabilityZoneId))
	if err != nil {
		return nil, err
	}
	row := &model.CapacityReservation{
		ID: ids.New(ids.CapacityReserve), Owned: owner(c), Zone: zone, InstanceType: kind.Name, Arch: kind.Arch, Accel: kind.Accel, Platform: linux,
		Tenancy: orDefault(in.Tenancy, tenancyDefault), EBSOptimized: val(in.EbsOptimized), Match: orDefault(in.InstanceMatchCriteria, matchOpen),
		VCPUs: kind.VCPUs, MemoryMiB: kind.MemoryMiB, Total: int(*in.InstanceCount), State: model.ReservationActive, Created: c.Now(),
		Tags: tags["capacity-reservation"].Clone(),
	}
	if row.End, err = futureEnd(c, in.EndDate); err != nil {
		return nil, err
	}
	if err := store.CapacityReservations.Put(c.Tx, row); err != nil {
		return nil, err
	}
	if err := a.addSlots(c, row, row.Total); err != nil {
		return nil, err
	}
	c.Made = row.ID
	return &gen.CreateCapacityReservationResult{CapacityReservation: toCapacityReservation(store.CapacityReservations.Get(c, row.ID))}, nil
}

// zoneOf returns the zone of a name or an id.
func (a *API) zoneOf(c *action.Call, name, id string) (string, error) {
	if region := a.region(c.Region); region != nil {
		for _, z := range region.Zones {
			if z.Name == name || id != "" && z.ID == id {
				return z.Name, nil
			}
		}
	}
	return "", apierr.New("InvalidParameterValue", "Invalid availability zone: [%s]", clip(name+id))
}

// addSlots finds room for n more instances of a reservation: for all of them or none.
func (a *API) addSlots(c *action.Call, row *model.CapacityReservation, n int) error {
	place, why := schedule.Place(lifecycle.View(c, c.Region, a.deps.Placement), lifecycle.SlotRequest(row, n, n))
	if len(place.Spots) == 0 {
		return noCapacity(row.InstanceType, []string{row.Zone}, why)
	}
	return lifecycle.AddSlots(c.Tx, row.ID, lifecycle.HostsOf(place)...)
}

func (a *API) modifyCapacityReservation(c *action.Call, in *gen.ModifyCapacityReservationRequest) (*gen.ModifyCapacityReservationResult, error) {
	row, err := activeReservation(c, in.CapacityReservationId)
	if err != nil {
		return nil, err
	}
	if in.InstanceCount == nil && in.EndDate == nil && in.EndDateType == nil {
		return nil, apierr.New("InvalidParameterCombination", "No attributes specified.")
	}
	next := *row
	if in.EndDate != nil {
		if next.End, err = futureEnd(c, in.EndDate); err != nil {
			return nil, err
		}
	} else if val(in.EndDateType) == endUnlimited {
		next.End = time.Time{}
	}
	next.Total = int(orDefault(in.InstanceCount, int64(next.Total)))
	if next.Total < row.Used {
		return nil, apierr.New("InvalidParameterValue", "Value (%d) for parameter instanceCount is invalid. %d instances run in the Capacity Reservation.", next.Total, row.Used)
	}
	if err := store.CapacityReservations.Put(c.Tx, &next); err != nil {
		return nil, err
	}
	switch more := next.Total - row.Total; {
	case more > 0:
		err = a.addSlots(c, &next, more)
	case next.Used+next.Available() > next.Total:
		_, err = lifecycle.DropSlots(c.Tx, row.ID, next.Used+next.Available()-next.Total)
	}
	return &gen.ModifyCapacityReservationResult{Return: new(true)}, err
}

// activeReservation returns the caller's reservation, if it has not ended.
func activeReservation(c *action.Call, id *string) (*model.CapacityReservation, error) {
	row, err := require(c, capacityKind, store.CapacityReservations, val(id))
	if err == nil && row.State != model.ReservationActive {
		err = apierr.New("InvalidCapacityReservationState", "The Capacity Reservation '%s' is %s, not active.", row.ID, row.State)
	}
	return row, err
}

func (a *API) cancelCapacityReservation(c *action.Call, in *gen.CancelCapacityReservationRequest) (*gen.CancelCapacityReservationResult, error) {
	row, err := activeReservation(c, in.CapacityReservationId)
	if err != nil {
		return nil, err
	}
	return &gen.CancelCapacityReservationResult{Return: new(true)}, lifecycle.EndReservation(c.Tx, row.ID, model.ReservationCancelled)
}

var capacityReservations = &listing[*model.CapacityReservation]{
	action: "DescribeCapacityReservations",
	kind:   capacityKind,
	rows:   mine(store.CapacityReservations),
	get:    mineByID(store.CapacityReservations),
	id:     func(r *model.CapacityReservation) string { return r.ID },
	filters: wire.FilterTable[*model.CapacityReservation]{
		Tags: func(r *model.CapacityReservation) map[string]string { return r.Tags },
		Fields: map[string]func(*model.CapacityReservation) []string{
			"availability-zone":       func(r *model.CapacityReservation) []string { return one(r.Zone) },
			"end-date":                func(r *model.CapacityReservation) []string { return timeStr(endOf(r)) },
			"end-date-type":           func(r *model.CapacityReservation) []string { return one(endType(r)) },
			"instance-match-criteria": func(r *model.CapacityReservation) []string { return one(r.Match) },
			"instance-platform":       func(r *model.CapacityReservation) []string { return one(r.Platform) },
			"instance-type":           func(r *model.CapacityReservation) []string { return one(r.InstanceType) },
			"outpost-arn":             none[*model.CapacityReservation],
			"owner-id":                func(r *model.CapacityReservation) []string { return one(r.Account) },
			"placement-group-arn":     none[*model.CapacityReservation],
			"start-date":              func(r *model.CapacityReservation) []string { return timeStr(r.Created) },
			"state":                   func(r *model.CapacityReservation) []string { return one(r.State) },
			"tenancy":                 func(r *model.CapacityReservation) []string { return one(r.Tenancy) },
		},
	},
	limits: wire.PageLimits{Min: 1, Max: 1000},
}

func (a *API) describeCapacityReservations(c *action.Call, in *gen.DescribeCapacityReservationsRequest) (*gen.DescribeCapacityReservationsResult, error) {
	rows, next, err := capacityReservations.page(c, selection{in.CapacityReservationIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeCapacityReservationsResult{CapacityReservations: described(rows, toCapacityReservation), NextToken: next}, nil
}

// getCapacityUsage says who uses a reservation: its owner alone, as none are shared.
func (a *API) getCapacityUsage(c *action.Call, in *gen.GetCapacityReservationUsageRequest) (*gen.GetCapacityReservationUsageResult, error) {
	row, err := require(c, capacityKind, store.CapacityReservations, *in.CapacityReservationId)
	if err != nil {
		return nil, err
	}
	if val(in.NextToken) != "" {
		return nil, apierr.New("InvalidNextToken", "The specified NextToken is not valid: there is one page.")
	}
	out := &gen.GetCapacityReservationUsageResult{
		CapacityReservationId: &row.ID, InstanceType: &row.InstanceType, State: &row.State, TotalInstanceCount: new(int64(row.Total)),
		AvailableInstanceCount: new(int64(row.Available())), InstanceUsages: []*gen.InstanceUsage{},
	}
	if row.Used > 0 {
		out.InstanceUsages = append(out.InstanceUsages, &gen.InstanceUsage{AccountId: &row.Account, UsedInstanceCount: new(int64(row.Used))})
	}
	return out, nil
}

func endType(r *model.CapacityReservation) string {
	if r.End.IsZero() {
		return endUnlimited
	}
	return endLimited
}

// endOf is when a reservation ends or ended.
func endOf(r *model.CapacityReservation) time.Time {
	if !r.Ended.IsZero() {
		return r.Ended
	}
	return r.End
}

func toCapacityReservation(r *model.CapacityReservation) *gen.CapacityReservation {
	out := &gen.CapacityReservation{
		CapacityReservationId: &r.ID, OwnerId: &r.Account, CapacityReservationArn: new(fmt.Sprintf("arn:aws:ec2:%s:%s:capacity-reservation/%s", r.Region, r.Account, r.ID)),
		AvailabilityZone: &r.Zone, AvailabilityZoneId: new(model.ZoneID(r.Zone)), InstanceType: &r.InstanceType, InstancePlatform: &r.Platform, Tenancy: &r.Tenancy,
		TotalInstanceCount: new(int64(r.Total)), AvailableInstanceCount: new(int64(r.Available())), EbsOptimized: &r.EBSOptimized, EphemeralStorage: &r.Ephemeral,
		State: &r.State, StartDate: &r.Created, CreateDate: &r.Created, EndDateType: new(endType(r)), InstanceMatchCriteria: &r.Match, Tags: tagsOrEmpty(r.Tags),
		ReservationType: new("default"),
	}
	if end := endOf(r); !end.IsZero() {
		out.EndDate = &end
	}
	return out
}

// reservationWish reads which reservations an instance may run in.
func reservationWish(c *action.Call, p model.Placement, s *gen.CapacityReservationSpecification) (model.Placement, error) {
	if s == nil {
		return p, nil
	}
	t := s.CapacityReservationTarget
	switch {
	case s.CapacityReservationPreference != nil && t != nil:
		return p, apierr.New("InvalidParameterCombination", "Specify either a Capacity Reservation preference or a target, not both.")
	case t != nil && t.CapacityReservationResourceGroupArn != nil:
		return p, apierr.New("Unsupported", "The requested configuration is currently not supported: groups of Capacity Reservations.")
	case t != nil:
		row, err := activeReservation(c, t.CapacityReservationId)
		if err != nil {
			return p, err
		}
		p.Preference, p.Target = "", row.ID
	default:
		p.Preference, p.Target = orDefault(s.CapacityReservationPreference, matchOpen), ""
	}
	return p, nil
}

// addSlots lets a request take slots of the reservations that the instance matches.
func addSlots(c *action.Call, p model.Placement, kind *InstanceType, r *schedule.Request) error {
	fits := func(row *model.CapacityReservation) bool {
		return row.State == model.ReservationActive && row.InstanceType == kind.Name && row.Tenancy == tenancy(p) && row.VCPUs == kind.VCPUs &&
			row.MemoryMiB == kind.MemoryMiB && (len(r.Zones) == 0 || slices.Contains(r.Zones, row.Zone))
	}
	add := func(row *model.CapacityReservation) {
		hosts := make([]string, 0, len(row.Slots))
		for h := range row.Slots {
			hosts = append(hosts, h)
		}
		slices.Sort(hosts)
		for _, h := range hosts {
			r.Slots = append(r.Slots, schedule.Slot{Reservation: row.ID, Host: h, Count: row.Slots[h]})
		}
	}
	switch {
	case p.Target != "":
		row, err := activeReservation(c, &p.Target)
		if err != nil {
			return err
		}
		if !fits(row) {
			return apierr.New("InvalidParameterValue", "The Capacity Reservation '%s' is for %s instances with the tenancy %s in %s.", row.ID, row.InstanceType, row.Tenancy, row.Zone)
		}
		add(row)
		r.SlotsOnly = true
	case p.Preference == "none" || p.Tenancy == tenancyHost:
	default:
		for row := range mine(store.CapacityReservations)(c) {
			if row.Match == matchOpen && fits(row) {
				add(row)
			}
		}
	}
	return nil
}

func reservationExceeded(id string) error {
	return apierr.New("ReservationCapacityExceeded", "The targeted Capacity Reservation '%s' does not have enough available instance capacity to fulfill your request.", id)
}

// inReservation is the reservation that an instance runs in, empty if that has ended.
func inReservation(i *instanceRow) string {
	if i.boot == nil || i.boot.Phase >= model.PhaseEnded {
		return ""
	}
	if row := store.CapacityReservations.Get(i.r, i.boot.Reservation); row == nil || row.State != model.ReservationActive {
		return ""
	}
	return i.boot.Reservation
}

func reservationSpec(p model.Placement) *gen.CapacityReservationSpecificationResponse {
	switch {
	case p.Target != "":
		return &gen.CapacityReservationSpecificationResponse{CapacityReservationTarget: &gen.CapacityReservationTargetResponse{CapacityReservationId: &p.Target}}
	case p.Preference == "none":
		return &gen.CapacityReservationSpecificationResponse{CapacityReservationPreference: new("none")}
	}
	return openReservations
}

// modifyInstanceReservation changes which reservations a stopped instance may run in
// from its next start on.
func (a *API) modifyInstanceReservation(c *action.Call, in *gen.ModifyInstanceCapacityReservationAttributesRequest) (*gen.ModifyInstanceCapacityReservationAttributesResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	next := *i.Instance
	if next.Placement, err = reservationWish(c, next.Placement, in.CapacityReservationSpecification); err != nil {
		return nil, err
	}
	if i.state != model.StateStopped {
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	return &gen.ModifyInstanceCapacityReservationAttributesResult{Return: new(true)}, store.Instances.Put(c.Tx, &next)
}
