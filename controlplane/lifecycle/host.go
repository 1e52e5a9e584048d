package lifecycle

import (
	"fmt"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// Retired is the reason for the stop of an instance whose host is drained.
var Retired = model.Reason{Code: "Server.ScheduledStop", Message: "Server.ScheduledStop: Stopped due to a scheduled retirement: its host is drained"}

// Cordon lets a host take new boots, or not. It changes nothing that runs. A host that
// is not cordoned is not draining either.
func Cordon(tx *store.Tx, id string, on bool) error {
	h := store.Hosts.Get(tx, id)
	if h == nil || h.Cordoned == on && (on || !h.Draining) {
		return nil
	}
	next := *h
	next.Cordoned, next.Draining = on, on && h.Draining
	return store.Hosts.Put(tx, &next)
}

// Drain cordons a host and stops what is to run on it, as its users would: guests are
// asked to shut down. It returns the instances that it stopped.
func Drain(tx *store.Tx, id string) (stopped []string, err error) {
	h := store.Hosts.Get(tx, id)
	if h == nil {
		return nil, nil
	}
	if !h.Cordoned || !h.Draining {
		next := *h
		next.Cordoned, next.Draining = true, true
		if err := store.Hosts.Put(tx, &next); err != nil {
			return nil, err
		}
	}
	for _, b := range live(tx, id) {
		i := store.Instances.Get(tx, b.Instance)
		if i == nil || i.Epoch != b.Epoch || i.Effective() != model.WantRunning {
			continue
		}
		if err := stopFor(tx, i, model.WantStopped, Retired); err != nil {
			return nil, err
		}
		stopped = append(stopped, i.ID)
	}
	return stopped, nil
}

// stopFor ends an instance's guest for a reason of the operator's.
func stopFor(tx *store.Tx, i *model.Instance, d model.Desired, why model.Reason) error {
	next := *i
	next.Desired, next.DesiredAt, next.ForceStop, next.Reason = d, tx.Now(), false, why
	next.Transition = why.Code
	if err := store.Instances.Put(tx, &next); err != nil {
		return err
	}
	_, err := Settle(tx, i.ID)
	return err
}

// live returns the boots that a host has not ended.
func live(r store.Reader, host string) []*model.Boot {
	var out []*model.Boot
	for b := range store.Boots.By(r, "host", host) {
		if b.Phase < model.PhaseEnded {
			out = append(out, b)
		}
	}
	return out
}

// Remove takes a host out of the cluster for good: it cannot register again. It refuses
// as long as anything is there that would be lost: guests, instances' volumes, a
// Dedicated Host, reserved capacity. The host must be cordoned, so that nothing new
// comes while it is emptied.
func Remove(tx *store.Tx, id string) error {
	h := store.Hosts.Get(tx, id)
	if h == nil {
		return nil
	}
	held := func(format string, args ...any) error {
		return apierr.New("DependencyViolation", "host %s cannot be removed: %s", id, fmt.Sprintf(format, args...))
	}
	u := usage(tx, id)
	volumes := slices.Collect(store.Volumes.By(tx, "host", id))
	switch boots := live(tx, id); {
	case !h.Cordoned:
		return held("it takes new instances; `mica host drain` it first")
	case len(boots) > 0:
		return held("%d guests are on it, such as %s; `mica host drain` stops them", len(boots), boots[0].Instance)
	case len(volumes) > 0 && volumes[0].Instance != "":
		return held("it has %d volumes, such as %s of instance %s; terminate the instances, or say --lost if the host will not come back", len(volumes), volumes[0].ID, volumes[0].Instance)
	case len(volumes) > 0:
		return held("it has %d volumes, such as %s (%s)", len(volumes), volumes[0].ID, volumes[0].State)
	case u.Allocation != "":
		return held("it is the Dedicated Host %s of account %s", u.Allocation, u.AllocatedTo)
	case u.Reserved > 0:
		return held("it keeps %d slots of capacity reservations, for which there is no room elsewhere yet", u.Reserved)
	}
	if err := store.HostUsage.Delete(tx, id); err != nil {
		return err
	}
	if err := store.RemovedHosts.Put(tx, &model.RemovedHost{ID: id, Name: h.Name, Removed: tx.Now()}); err != nil {
		return err
	}
	return store.Hosts.Delete(tx, id)
}

// Lost is the reason for the end of an instance whose host was given up.
func lostReason(host string) model.Reason {
	return model.Reason{Code: "Server.HostLost", Message: fmt.Sprintf("Server.HostLost: host %s was lost with the instance's volume", host)}
}

// GiveUp lets go of all that is on a host that is down and will not come back: its
// instances are terminated, its volumes deleted, its Dedicated Host released. What has
// storage that other hosts have too is for Recover, and is left alone.
func GiveUp(tx *store.Tx, id string) error {
	h := store.Hosts.Get(tx, id)
	switch {
	case h == nil:
		return nil
	case h.Up:
		return apierr.New("IncorrectState", "host %s is up: only one that is down can be given up", id)
	case h.Storage != "":
		return apierr.New("IncorrectState", "host %s has the storage %s, from which its instances are recovered: start or terminate them", id, h.Storage)
	}
	if err := Cordon(tx, id, true); err != nil {
		return err
	}
	for _, v := range slices.Collect(store.Volumes.By(tx, "host", id)) {
		if err := giveUp(tx, v); err != nil {
			return err
		}
	}
	for _, r := range slices.Collect(store.CapacityReservations.By(tx, "slot", id)) {
		if err := dropSlotsOn(tx, r, id); err != nil {
			return err
		}
	}
	if d := store.DedicatedHosts.First(tx, "host", id); d != nil {
		next := *d
		next.Released, next.Host = tx.Now(), ""
		if err := store.DedicatedHosts.Put(tx, &next); err != nil {
			return err
		}
		return Allocate(tx, id, "", "")
	}
	return nil
}

// giveUp lets go of a volume whose host is lost, and of the instance with it.
func giveUp(tx *store.Tx, v *model.Volume) error {
	if i := store.Instances.Get(tx, v.Instance); i != nil && i.RootVolume == v.ID {
		if b := Boot(tx, i); b != nil && b.Phase < model.PhaseReleased {
			end := BootReport{Instance: i.ID, Epoch: b.Epoch, Phase: model.PhaseReleased, Cause: model.EndCrashed, Reason: lostReason(v.Host)}
			if err := ReportBoot(tx, b.Host, end); err != nil {
				return err
			}
		}
		if i = store.Instances.Get(tx, i.ID); i.Terminated.IsZero() {
			if err := stopFor(tx, i, model.WantTerminated, lostReason(v.Host)); err != nil {
				return err
			}
		}
	}
	return store.Volumes.Delete(tx, v.ID)
}

// dropSlotsOn lets go of a reservation's slots on one host; the control loop looks for
// room elsewhere.
func dropSlotsOn(tx *store.Tx, r *model.CapacityReservation, host string) error {
	row := *r
	row.Slots = row.CloneSlots()
	if err := reserve(tx, &row, host, -row.Slots[host]); err != nil {
		return err
	}
	delete(row.Slots, host)
	return store.CapacityReservations.Put(tx, &row)
}
