package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"pgregory.net/rapid"
)

// fleet is a store with hosts of two zones, indexed.
func fleet(t fataler, n int, policy schedule.Policy) *store.Memory {
	db := store.NewMemory()
	err := db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		for i := range n {
			h := &model.Host{
				ID: fmt.Sprintf("host-%04d", i), Name: fmt.Sprint(i), Region: "r", Zone: []string{"ra", "rb"}[i%2], Rack: fmt.Sprint("rack-", i%5),
				Arch: "x86_64", Up: true, VCPUs: 4 + i%3*4, MemoryMiB: 4096 + i%4*2048,
			}
			if err := store.Hosts.Put(tx, h); err != nil {
				return err
			}
			if err := Index(tx, policy, h.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return db
}

// TestIndexIsWhatHostsAre changes hosts and what they hold at random. Once hosts whose
// rows changed are indexed again, the index has each host that can take anything once, in
// its order, and nothing else; what boots hold is never more than a host gives out.
func TestIndexIsWhatHostsAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := schedule.Policy{VCPURatio: 2, Strategy: rapid.SampledFrom([]schedule.Strategy{schedule.Spread, schedule.Pack}).Draw(t, "strategy")}
		db := fleet(t, few+6, policy)
		update := func(fn func(*store.Tx) error) {
			if err := db.Update(context.Background(), store.Meta{}, fn); err != nil {
				t.Fatalf("%v", err)
			}
		}
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			size := Size{VCPUs: rapid.SampledFrom([]int{1, 2, 8}).Draw(t, "vcpus"), MemoryMiB: rapid.SampledFrom([]int{512, 2048, 7000}).Draw(t, "mib")}
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0: // an operator
				id := fmt.Sprintf("host-%04d", rapid.IntRange(0, few+5).Draw(t, "host"))
				update(func(tx *store.Tx) error {
					h := *store.Hosts.Get(tx, id)
					h.Cordoned = !h.Cordoned
					if err := store.Hosts.Put(tx, &h); err != nil {
						return err
					}
					return Index(tx, policy, id)
				})
			case 1: // the end of a boot
				update(func(tx *store.Tx) error {
					for b := range store.Boots.List(tx) {
						if err := letGoOf(tx, b); err != nil {
							return err
						}
						return store.Boots.Delete(tx, b.ID)
					}
					return nil
				})
			default:
				update(func(tx *store.Tx) error {
					p, _ := schedule.Place(View(tx, "r", policy), schedule.Request{Zones: []string{"ra", "rb"}, Arch: "x86_64", VCPUs: size.VCPUs, MemoryMiB: size.MemoryMiB, Min: 1, Max: 5})
					for k, s := range p.Spots {
						if err := BeginIn(tx, &model.Instance{ID: fmt.Sprint("i-", n, "-", k), Epoch: 1}, size, s); err != nil {
							return err
						}
					}
					return nil
				})
			}
			checkIndex(t, db.Stale(), policy)
		}
	})
}

func checkIndex(t *rapid.T, v store.View, policy schedule.Policy) {
	all := View(v, "r", policy)
	for _, zone := range []string{"ra", "rb"} {
		for _, s := range []schedule.Strategy{schedule.Spread, schedule.Pack} {
			hosts, ok := all.Hosts.Ordered(schedule.Index{Zone: zone, Arch: "x86_64", Strategy: s, MemoryMiB: 512})
			if !ok {
				t.Fatalf("no index of %d hosts", few+6)
			}
			last, seen := -1, map[string]bool{}
			for h := range hosts {
				figure := schedule.Load(h.UsedVCPUs, policy.VCPUs(&h), h.UsedMemoryMiB, policy.MemoryMiB(&h))
				if s == schedule.Pack {
					figure = policy.MemoryMiB(&h) - h.UsedMemoryMiB
				}
				if figure < last || seen[h.ID] || h.Zone != zone || h.Closed {
					t.Fatalf("%s by %s: %+v after %d", zone, s, h, last)
				}
				last, seen[h.ID] = figure, true
			}
			for h := range all.Hosts.All() {
				left := policy.MemoryMiB(&h) - h.UsedMemoryMiB
				if left < 0 || h.UsedVCPUs > policy.VCPUs(&h) {
					t.Fatalf("over capacity: %+v", h)
				}
				// One without memory may be among those that spread, and is passed over.
				if want := h.Zone == zone && !h.Closed && left >= 512 && h.UsedVCPUs < policy.VCPUs(&h); want && !seen[h.ID] {
					t.Fatalf("%s by %s lacks %+v", zone, s, h)
				}
			}
		}
	}
}

// TestFewHostsAreAllNamed: a small cloud's explanation has every host, a large one's says
// that it has not.
func TestFewHostsAreAllNamed(t *testing.T) {
	for n, want := range map[int]string{
		few:     "0 of 64 hosts have room: 32 in other zones, 32 without memory",
		few + 1: "0 of 65 hosts have room: 32 in other zones, 33 without memory",
		1500:    "0 of 1000 hosts looked at have room: 250 in other zones, 750 without memory",
	} {
		v := View(fleet(t, n, schedule.Policy{}).Stale(), "r", schedule.Policy{})
		_, e := schedule.Place(v, schedule.Request{Zones: []string{"ra"}, Arch: "x86_64", VCPUs: 1, MemoryMiB: 1 << 20, Min: 1, Max: 1})
		if e.String() != want {
			t.Errorf("%d hosts: %s; want %s", n, e, want)
		}
	}
}

// TestSlots: reserved room is kept from others, used by those who may, given back, and
// found again elsewhere when its host closes.
func TestSlots(t *testing.T) {
	policy := schedule.Policy{}
	db := fleet(t, 4, policy) // 4, 6, 8, 10 GiB
	ctx := context.Background()
	update := func(fn func(*store.Tx) error) {
		t.Helper()
		if err := db.Update(ctx, store.Meta{}, fn); err != nil {
			t.Fatal(err)
		}
	}
	row := func() *model.CapacityReservation { return store.CapacityReservations.Get(db.Stale(), "cr-1") }
	total := func() (n int) {
		for u := range store.HostUsage.List(db.Stale()) {
			n += u.ReservedMemoryMiB
		}
		return n
	}
	update(func(tx *store.Tx) error {
		r := &model.CapacityReservation{ID: "cr-1", Owned: model.Owned{Account: "a", Region: "r"}, Zone: "ra", Arch: "x86_64", VCPUs: 2, MemoryMiB: 1024, Total: 3, State: model.ReservationActive, Created: tx.Now()}
		if err := store.CapacityReservations.Put(tx, r); err != nil {
			return err
		}
		return TendReservation(tx, policy, "cr-1")
	})
	if row().Available() != 3 || total() != 3*1024 {
		t.Fatalf("%+v holds %d MiB", row(), total())
	}
	host := slices.Sorted(func(yield func(string) bool) {
		for h := range row().Slots {
			if !yield(h) {
				return
			}
		}
	})[0]
	i := &model.Instance{ID: "i-1", Epoch: 1}
	update(func(tx *store.Tx) error {
		return BeginIn(tx, i, Size{VCPUs: 2, MemoryMiB: 1024}, schedule.Spot{Host: host, Reservation: "cr-1"})
	})
	if r := row(); r.Used != 1 || r.Available() != 2 || total() != 2*1024 {
		t.Fatalf("with one instance: %+v holds %d MiB", r, total())
	}
	// The host closes: its free slots go elsewhere, the instance stays.
	update(func(tx *store.Tx) error {
		h := *store.Hosts.Get(tx, host)
		h.Draining = true
		if err := store.Hosts.Put(tx, &h); err != nil {
			return err
		}
		return TendReservation(tx, policy, "cr-1")
	})
	if r := row(); r.Slots[host] != 0 || r.Available() != 2 || r.Used != 1 || total() != 2*1024 {
		t.Fatalf("after the host closed: %+v holds %d MiB", r, total())
	}
	update(func(tx *store.Tx) error { return letGoOf(tx, store.Boots.Get(tx, "i-1/1")) })
	if r := row(); r.Used != 0 || r.Available() != 3 || total() != 3*1024 {
		t.Fatalf("without instances: %+v holds %d MiB", r, total())
	}
	update(func(tx *store.Tx) error { return EndReservation(tx, "cr-1", model.ReservationExpired) })
	if r := row(); r.State != model.ReservationExpired || r.Available() != 0 || total() != 0 {
		t.Fatalf("ended: %+v holds %d MiB", r, total())
	}
}
