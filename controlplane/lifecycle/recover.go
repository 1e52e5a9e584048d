package lifecycle

import (
	"cmp"
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
	if i.AutoRecovery == "disabled" || b.Epoch != i.Epoch {
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
	host, why := shelter(tx, i, old, was, policy)
	if host == "" {
		return nil
	}
	if old.Phase < model.PhaseEnded {
		end := *old
		end.Phase, end.Cause, end.LastChange = model.PhaseEnded, model.EndFenced, tx.Now()
		end.Reason = model.Reason{Code: "Server.HostLost", Message: fmt.Sprintf("Server.HostLost: host %s lost touch, and ended the guest when its lease ran out", old.Host)}
		if err := store.Boots.Put(tx, &end); err != nil {
			return err
		}
		if err := releaseCapacity(tx, i, old); err != nil {
			return err
		}
	}
	for v := range store.Volumes.By(tx, "instance", i.ID) {
		next := *v
		next.Host = host
		if err := store.Volumes.Put(tx, &next); err != nil {
			return err
		}
	}
	next := *i
	next.Epoch++
	next.LaunchTime = tx.Now()
	if err := store.Instances.Put(tx, &next); err != nil {
		return err
	}
	return Begin(tx, &next, Size{old.VCPUs, old.MemoryMiB}, host, fmt.Sprintf("recovered from %s: %s", old.Host, why))
}

// shelter finds a host with room that has the storage, the emptiest first.
func shelter(tx *store.Tx, i *model.Instance, old *model.Boot, was *model.Host, policy schedule.Policy) (host, why string) {
	var hosts []*model.Host
	for h := range store.Hosts.List(tx) {
		if h.Up && h.Storage != "" && h.Storage == was.Storage && h.Zone == i.Zone {
			hosts = append(hosts, h)
		}
	}
	slices.SortFunc(hosts, func(a, b *model.Host) int {
		return cmp.Or(cmp.Compare(usage(tx, a.ID).MemoryMiB, usage(tx, b.ID).MemoryMiB), cmp.Compare(a.ID, b.ID))
	})
	view := View(tx, i.Region, policy)
	for _, h := range hosts {
		place, _ := schedule.Place(view, schedule.Request{
			Host: h.ID, Zones: []string{i.Zone}, Arch: i.Arch, VCPUs: old.VCPUs, MemoryMiB: old.MemoryMiB, Min: 1, Max: 1,
		})
		if len(place.Hosts) == 1 {
			return h.ID, fmt.Sprintf("it has the storage %s, and room", h.Storage)
		}
	}
	return "", ""
}

// releaseCapacity gives back what a boot holds of its host.
func releaseCapacity(tx *store.Tx, _ *model.Instance, b *model.Boot) error {
	return addUsage(tx, b.Host, -1, Size{b.VCPUs, b.MemoryMiB})
}
