package ec2

import (
	"fmt"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInstanceStates(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "StartInstances", Mutates: true, Resource: "instance"}, a.startInstances)
	wire.Handle(r, wire.Spec{Name: "StopInstances", Mutates: true, Resource: "instance", Partial: "no hibernation"}, a.stopInstances)
	wire.Handle(r, wire.Spec{Name: "RebootInstances", Mutates: true, Resource: "instance"}, a.rebootInstances)
	wire.Handle(r, wire.Spec{Name: "TerminateInstances", Mutates: true, Resource: "instance"}, a.terminateInstances)
}

// changeStates moves instances to another state. All of them are checked before the
// first is touched, so that an error means that nothing was.
func changeStates(c *action.Call, wanted []string, check func(*model.Instance, model.State) error, change func(*model.Instance, model.State) error) ([]*gen.InstanceStateChange, error) {
	if len(wanted) == 0 {
		return nil, missing("InstanceId")
	}
	all, err := instanceListing.named(c, wanted)
	if err != nil {
		return nil, err
	}
	before := make([]model.State, len(all))
	for n, row := range all {
		before[n] = row.state
		if err := check(row.Instance, row.state); err != nil {
			return nil, err
		}
	}
	out := make([]*gen.InstanceStateChange, 0, len(all))
	for n, row := range all {
		if err := change(row.Instance, before[n]); err != nil {
			return nil, err
		}
		after := lifecycle.State(c, store.Instances.Get(c, row.ID))
		out = append(out, &gen.InstanceStateChange{InstanceId: &row.ID, PreviousState: toState(before[n]), CurrentState: toState(after)})
	}
	return out, nil
}

func toState(s model.State) *gen.InstanceState {
	return &gen.InstanceState{Code: &s.Code, Name: &s.Name}
}

func wrongState(i *model.Instance, verb string) error {
	return apierr.New("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be %s.", i.ID, verb)
}

func (a *API) startInstances(c *action.Call, in *gen.StartInstancesRequest) (*gen.StartInstancesResult, error) {
	if val(in.AdditionalInfo) != "" {
		return nil, apierr.New("Unsupported", "The requested configuration is currently not supported: additionalInfo.")
	}
	check := func(i *model.Instance, s model.State) error {
		switch s {
		case model.StateStopped, model.StatePending, model.StateRunning:
			return nil
		}
		return wrongState(i, "started")
	}
	changes, err := changeStates(c, in.InstanceIds, check, func(i *model.Instance, s model.State) error {
		if s != model.StateStopped {
			return nil
		}
		return a.start(c, i)
	})
	return &gen.StartInstancesResult{StartingInstances: changes}, err
}

// start begins a stopped instance's next boot, on the host that has its root volume.
func (a *API) start(c *action.Call, i *model.Instance) error {
	kind := a.deps.Types.Get(i.Type)
	if kind == nil {
		return apierr.New("Unsupported", "The instance type %s of '%s' is no longer on offer. Modify its 'instanceType' attribute and try again.", i.Type, i.ID)
	}
	v := store.Volumes.Get(c, i.RootVolume)
	if v == nil {
		return fmt.Errorf("instance %s has lost its root volume %s", i.ID, i.RootVolume)
	}
	spot, err := a.placeStart(c, i, kind, v.Host)
	if err != nil {
		return err
	}
	next := *i
	next.Desired, next.DesiredAt, next.LaunchTime = model.WantRunning, c.Now(), c.Now()
	next.Epoch = next.NextEpoch()
	next.ForceStop, next.Transition = false, ""
	next.Placement = settled(c, next.Placement, kind, spot)
	next.Reason = model.Reason{Code: "pending", Message: "pending"}
	if err := store.Instances.Put(c.Tx, &next); err != nil {
		return err
	}
	if err := a.assignPublic(c, next.Interfaces); err != nil {
		return err
	}
	return lifecycle.BeginIn(c.Tx, &next, kind.size(), spot)
}

// placeStart finds room for a start where the root volume is. A reservation that the
// instance matches counts it even if the slot is on another host: that one is let go of.
func (a *API) placeStart(c *action.Call, i *model.Instance, kind *InstanceType, host string) (schedule.Spot, error) {
	zones := []string{i.Zone}
	request, err := a.placementRequest(c, i.Placement, kind, zones)
	if err != nil {
		return schedule.Spot{}, err
	}
	request.Hosts, request.SlotsOnly = both(request.Hosts, []string{host}), false
	place, why := schedule.Place(lifecycle.View(c, c.Region, a.deps.Placement), request)
	elsewhere := slices.IndexFunc(request.Slots, func(s schedule.Slot) bool { return s.Count > 0 })
	switch {
	case i.Placement.Target != "" && elsewhere < 0:
		return schedule.Spot{}, reservationExceeded(i.Placement.Target)
	case len(place.Spots) == 0 && i.Placement.Tenancy != tenancyHost:
		return schedule.Spot{}, noCapacity(i.Type, zones, why)
	case len(place.Spots) == 0:
		return schedule.Spot{}, noRoom(i.Placement, i.Type, zones, why)
	}
	spot := place.Spots[0]
	if spot.Reservation == "" && elsewhere >= 0 {
		spot.Reservation = request.Slots[elsewhere].Reservation
	}
	return spot, nil
}

func (a *API) stopInstances(c *action.Call, in *gen.StopInstancesRequest) (*gen.StopInstancesResult, error) {
	check := func(i *model.Instance, s model.State) error {
		switch {
		case s == model.StateTerminated || s == model.StateShuttingDown:
			return wrongState(i, "stopped")
		case s == model.StatePending && i.Epoch == 1:
			return apierr.New("IncorrectInstanceState", "Instance '%s' cannot be stopped as it has never reached the 'running' state.", i.ID)
		case val(in.Hibernate):
			return apierr.New("UnsupportedHibernationConfiguration", "The instance '%s' is not enabled for hibernation.", i.ID)
		case i.NoAPIStop:
			return apierr.New("OperationNotPermitted", "The instance '%s' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.", i.ID)
		}
		return nil
	}
	changes, err := changeStates(c, in.InstanceIds, check, func(i *model.Instance, _ model.State) error {
		return lifecycle.Stop(c.Tx, i, val(in.Force))
	})
	return &gen.StopInstancesResult{StoppingInstances: changes}, err
}

func (a *API) terminateInstances(c *action.Call, in *gen.TerminateInstancesRequest) (*gen.TerminateInstancesResult, error) {
	check := func(i *model.Instance, s model.State) error {
		if i.NoAPITerminate && s != model.StateTerminated {
			return apierr.New("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", i.ID)
		}
		return nil
	}
	changes, err := changeStates(c, in.InstanceIds, check, func(i *model.Instance, _ model.State) error {
		return lifecycle.Terminate(c.Tx, i, false)
	})
	return &gen.TerminateInstancesResult{TerminatingInstances: changes}, err
}

func (a *API) rebootInstances(c *action.Call, in *gen.RebootInstancesRequest) (*gen.RebootInstancesResult, error) {
	check := func(i *model.Instance, s model.State) error {
		if s != model.StateRunning {
			return apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'running' state: %s instances cannot be rebooted.", i.ID, strings.ToLower(s.Name))
		}
		return nil
	}
	_, err := changeStates(c, in.InstanceIds, check, func(i *model.Instance, _ model.State) error {
		next := *i
		next.RebootCount++
		return store.Instances.Put(c.Tx, &next)
	})
	return &gen.RebootInstancesResult{}, err
}
