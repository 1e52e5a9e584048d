package lifecycle

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// AddSlots lets a capacity reservation keep room on hosts, one slot for each time that a
// host is named. The caller has placed them with View in this transaction.
func AddSlots(tx *store.Tx, id string, on ...string) error {
	if len(on) == 0 {
		return nil
	}
	row := *store.CapacityReservations.Get(tx, id)
	row.Slots = row.CloneSlots()
	for _, host := range on {
		row.Slots[host]++
		if err := reserve(tx, &row, host, 1); err != nil {
			return err
		}
	}
	return store.CapacityReservations.Put(tx, &row)
}

// DropSlots lets go of free slots of a capacity reservation, n at most: first of those
// on hosts that take no boots, so that what is left can be used. It returns how many.
func DropSlots(tx *store.Tx, id string, n int) (dropped int, err error) {
	row := *store.CapacityReservations.Get(tx, id)
	row.Slots = row.CloneSlots()
	for _, host := range slotHosts(tx, &row) {
		for ; row.Slots[host] > 0 && dropped < n; dropped++ {
			if err := reserve(tx, &row, host, -1); err != nil {
				return dropped, err
			}
			if row.Slots[host]--; row.Slots[host] == 0 {
				delete(row.Slots, host)
			}
		}
	}
	return dropped, store.CapacityReservations.Put(tx, &row)
}

// slotHosts are the hosts with slots of a reservation, those that take no boots first.
func slotHosts(r store.Reader, row *model.CapacityReservation) []string {
	hosts := slices.Sorted(maps.Keys(row.Slots))
	slices.SortStableFunc(hosts, func(a, b string) int { return rank(r, a) - rank(r, b) })
	return hosts
}

// rank is 0 for hosts that take no boots.
func rank(r store.Reader, host string) int {
	if h := store.Hosts.Get(r, host); h == nil || !h.Up || h.Cordoned || h.Draining {
		return 0
	}
	return 1
}

// reserve counts n slots of a reservation on a host.
func reserve(tx *store.Tx, r *model.CapacityReservation, host string, n int) error {
	u := usage(tx, host)
	u.Reserved += n
	u.ReservedVCPUs += n * r.VCPUs
	u.ReservedMemoryMiB += n * r.MemoryMiB
	if r.Tenancy == "dedicated" {
		u.Dedicated += n
		u.Owner = r.Account
	}
	if n < 0 && store.Hosts.Get(tx, host) == nil && u.Boots <= 0 && u.Reserved <= 0 {
		return store.HostUsage.Delete(tx, host)
	}
	return change(tx, u)
}

// takeSlot uses a slot of a reservation on a host; without one there, one elsewhere:
// the boot has room of its own, and the reservation has one instance less to wait for.
func takeSlot(tx *store.Tx, id, host string) error {
	old := store.CapacityReservations.Get(tx, id)
	if old == nil || old.State != model.ReservationActive || old.Available() == 0 {
		return fmt.Errorf("capacity reservation %s has no free slot", id)
	}
	row := *old
	row.Slots = row.CloneSlots()
	if row.Slots[host] == 0 {
		host = slotHosts(tx, &row)[0]
	}
	if row.Slots[host]--; row.Slots[host] == 0 {
		delete(row.Slots, host)
	}
	row.Used++
	if err := reserve(tx, &row, host, -1); err != nil {
		return err
	}
	return store.CapacityReservations.Put(tx, &row)
}

// giveSlot makes the room of a boot that has ended a slot of its reservation again.
func giveSlot(tx *store.Tx, id, host string) error {
	old := store.CapacityReservations.Get(tx, id)
	if old == nil {
		return nil
	}
	row := *old
	row.Used--
	if row.State == model.ReservationActive && row.Used+row.Available() < row.Total && store.Hosts.Get(tx, host) != nil {
		row.Slots = row.CloneSlots()
		row.Slots[host]++
		if err := reserve(tx, &row, host, 1); err != nil {
			return err
		}
	}
	return store.CapacityReservations.Put(tx, &row)
}

// EndReservation ends a capacity reservation and lets go of its free slots. Instances
// that run in it go on, outside.
func EndReservation(tx *store.Tx, id, state string) error {
	if _, err := DropSlots(tx, id, store.CapacityReservations.Get(tx, id).Available()); err != nil {
		return err
	}
	row := *store.CapacityReservations.Get(tx, id)
	row.State, row.Ended, row.Slots = state, tx.Now(), nil
	return store.CapacityReservations.Put(tx, &row)
}

// ReservationDue returns when TendReservation has something to do if nothing else
// happens; zero is never. It may lie in the past. Room that is missing is looked for
// whenever somebody asks.
func ReservationDue(r store.Reader, id string, now time.Time) time.Time {
	row := store.CapacityReservations.Get(r, id)
	switch {
	case row == nil:
		return time.Time{}
	case row.State != model.ReservationActive:
		return row.Ended.Add(ReservationShown)
	case wanting(r, row) > 0:
		return now
	}
	return row.End
}

// ReservationShown is how long a capacity reservation that has ended is shown.
const ReservationShown = time.Hour

// wanting is how many slots of a reservation are missing, or on hosts that take no boots.
func wanting(r store.Reader, row *model.CapacityReservation) int {
	n := row.Total - row.Used
	for host, slots := range row.Slots {
		if rank(r, host) > 0 {
			n -= slots
		}
	}
	return n
}

// TendReservation ends a capacity reservation whose time has come, forgets one that
// ended long ago, and looks for room for slots that were lost with their hosts.
func TendReservation(tx *store.Tx, policy schedule.Policy, id string) error {
	row := store.CapacityReservations.Get(tx, id)
	switch {
	case row == nil:
		return nil
	case row.State != model.ReservationActive:
		if row.Used > 0 || tx.Now().Before(row.Ended.Add(ReservationShown)) {
			return nil
		}
		return store.CapacityReservations.Delete(tx, id)
	case !row.End.IsZero() && !tx.Now().Before(row.End):
		return EndReservation(tx, id, model.ReservationExpired)
	}
	n := wanting(tx, row)
	if n <= 0 {
		return nil
	}
	place, _ := schedule.Place(View(tx, row.Region, policy), SlotRequest(row, 1, n))
	if lost := n - (row.Total - row.Used - row.Available()); lost > 0 && len(place.Spots) > 0 {
		if _, err := DropSlots(tx, id, min(lost, len(place.Spots))); err != nil {
			return err
		}
	}
	return AddSlots(tx, id, HostsOf(place)...)
}

// SlotRequest asks for room for slots of a capacity reservation.
func SlotRequest(row *model.CapacityReservation, least, most int) schedule.Request {
	r := schedule.Request{Account: row.Account, Zones: []string{row.Zone}, Arch: row.Arch, Accel: row.Accel, VCPUs: row.VCPUs, MemoryMiB: row.MemoryMiB, Min: least, Max: most}
	if row.Tenancy == "dedicated" {
		r.Tenancy = schedule.Dedicated
	}
	return r
}

// HostsOf returns the hosts of a placement, one for each spot.
func HostsOf(p schedule.Placement) []string {
	out := make([]string, 0, len(p.Spots))
	for _, s := range p.Spots {
		out = append(out, s.Host)
	}
	return out
}
