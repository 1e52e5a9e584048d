package lifecycle

import (
	"fmt"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// Recoverable reports whether an instance may be started on another host when the boot's
// host is lost: its owner did not forbid it, and other hosts have the storage that its
// volume is on.
func Recoverable(r store.Reader, i *model.Instance, b *model.Boot) bool {
	if i.AutoRecovery == "disabled" || b.Epoch != i.Epoch && !b.Coming() {
		return false
	}
	h := store.Hosts.Get(r, b.Host)
	return h != nil && h.Storage != ""
}

// Lost reports whether an instance waits for Recover: its guest was ended by its host's
// guardian, or must have been, as fenced says of the host.
func Lost(r store.Reader, i *model.Instance, fenced func(host string) bool) bool {
	b := Boot(r, i)
	if b == nil || i.Effective() != model.WantRunning {
		return false
	}
	if b.Phase >= model.PhaseEnded {
		return b.Cause == model.EndFenced
	}
	return b.Guarded && Recoverable(r, i, b) && fenced(b.Host)
}

// Recover gives an instance whose host lost touch its next boot, on a host that has its
// storage. The instance keeps its addresses. The old host learns, when it is back, that
// its boot is of an older epoch. Without room anywhere nothing is changed, and it is to be
// called again. The caller knows that the guest has ended: see Lost.
func Recover(tx *store.Tx, id string, policy schedule.Policy, fenced func(host string) bool) error {
	i := store.Instances.Get(tx, id)
	if i == nil || !Lost(tx, i, fenced) {
		return nil // it came back, or was settled otherwise
	}
	old := Boot(tx, i)
	was := store.Hosts.Get(tx, old.Host)
	if was == nil {
		return nil
	}
	place, _ := schedule.Place(View(tx, i.Region, policy), shelter(tx, i, old, was))
	if len(place.Spots) == 0 {
		return nil
	}
	spot := place.Spots[0]
	spot.Why = fmt.Sprintf("recovered from %s to storage %s: %s", old.Host, was.Storage, spot.Why)
	if old.Phase < model.PhaseEnded {
		end := *old
		end.Phase, end.Cause, end.LastChange = model.PhaseEnded, model.EndFenced, tx.Now()
		end.Reason = model.Reason{Code: "Server.HostLost", Message: fmt.Sprintf("Server.HostLost: host %s lost touch, and ended the guest when its lease ran out", old.Host)}
		if err := store.Boots.Put(tx, &end); err != nil {
			return err
		}
		if err := errorsOf(releaseCapacity(tx, i, old), guestGone(tx, i.ID, true)); err != nil {
			return err
		}
		if err := dropComing(tx, old, "host "+old.Host+" was lost"); err != nil {
			return err
		}
		i = store.Instances.Get(tx, id)
	}
	for v := range store.Volumes.By(tx, "instance", i.ID) {
		next := *v
		next.Host = spot.Host
		if err := store.Volumes.Put(tx, &next); err != nil {
			return err
		}
	}
	next := *i
	next.Epoch = next.NextEpoch()
	next.LaunchTime = tx.Now()
	if err := store.Instances.Put(tx, &next); err != nil {
		return err
	}
	return BeginIn(tx, &next, Size{old.VCPUs, old.MemoryMiB, old.Network}, spot)
}

// shelter asks for room on a host that has the storage, and that the instance may be on.
func shelter(tx *store.Tx, i *model.Instance, old *model.Boot, was *model.Host) schedule.Request {
	r := schedule.Request{Account: i.Account, Hosts: []string{}, Zones: []string{i.Zone}, Arch: i.Arch, Accel: i.Placement.Accel, VCPUs: old.VCPUs, MemoryMiB: old.MemoryMiB, Min: 1, Max: 1}
	for h := range store.Hosts.By(tx, "zone", store.Key(i.Region, i.Zone)) {
		if h.Storage != "" && h.Storage == was.Storage {
			r.Hosts = append(r.Hosts, h.ID)
		}
	}
	switch i.Placement.Tenancy {
	case "dedicated":
		r.Tenancy = schedule.Dedicated
	case "host":
		r.Tenancy = schedule.OnHost
	}
	if g := store.PlacementGroups.Get(tx, old.Group); g != nil {
		r.Group = GroupOf(tx, g)
		r.Group.Partition = old.Partition
		at := slices.IndexFunc(r.Group.Members, func(m schedule.Member) bool { return m.Host == old.Host })
		if at >= 0 && old.Phase < model.PhaseEnded { // its own place is free
			if r.Group.Members[at].Boots--; r.Group.Members[at].Boots == 0 {
				r.Group.Members = slices.Delete(r.Group.Members, at, at+1)
			}
		}
	}
	return r
}

// releaseCapacity gives back what a boot holds of its host.
func releaseCapacity(tx *store.Tx, _ *model.Instance, b *model.Boot) error {
	return letGoOf(tx, b)
}
