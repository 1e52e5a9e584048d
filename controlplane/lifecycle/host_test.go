package lifecycle

import (
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

func (w *world) host() model.Host { return *store.Hosts.Get(w.view(), "host-1") }

// refusesRemoval holds an attempt to remove the host against the reason it is to give.
func (w *world) refusesRemoval(why string) {
	err := w.try(func(tx *store.Tx) error { return Remove(tx, "host-1") })
	if !apierr.Is(err, "DependencyViolation") || !strings.Contains(err.Error(), why) {
		w.t.Fatalf("remove: %v, want %q", err, why)
	}
}

// TestDrain: a host is emptied step by step, and taken out only when nothing is on it.
func TestDrain(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.launch("off", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	w.stop("off", true)
	w.refusesRemoval("drain")
	w.update(func(tx *store.Tx) error { return Cordon(tx, "host-1", true) })
	if h := w.host(); !h.Cordoned || h.Draining {
		t.Fatalf("%+v", h)
	}
	w.refusesRemoval("2 guests")
	var stopped []string
	w.update(func(tx *store.Tx) (err error) { stopped, err = Drain(tx, "host-1"); return err })
	if len(stopped) != 1 || stopped[0] != "i" {
		t.Fatalf("stopped %v", stopped)
	}
	if h := w.host(); !h.Cordoned || !h.Draining {
		t.Fatalf("%+v", h)
	}
	i := w.instance("i")
	if WantOf(w.view(), i, Boot(w.view(), i)) != End || model.StateReasonOf(i) != Retired || i.Transition != "Server.ScheduledStop" {
		t.Errorf("wanted %v, reason %+v", WantOf(w.view(), i, Boot(w.view(), i)), model.StateReasonOf(i))
	}
	w.update(func(tx *store.Tx) (err error) { stopped, err = Drain(tx, "host-1"); return err })
	if len(stopped) != 0 {
		t.Errorf("stopped again: %v", stopped)
	}
	w.reported("i", 1, model.PhaseReleased, model.EndAsked)
	w.reported("off", 1, model.PhaseReleased, model.EndAsked)
	w.wantState("i", "stopped")
	w.refusesRemoval("--lost")
	w.update(func(tx *store.Tx) error { return Cordon(tx, "host-1", false) })
	if h := w.host(); h.Cordoned || h.Draining {
		t.Fatalf("uncordoned: %+v", h)
	}
	w.update(func(tx *store.Tx) error { return Cordon(tx, "host-1", true) })
	for _, id := range []string{"i", "off"} {
		w.update(func(tx *store.Tx) error { return Terminate(tx, store.Instances.Get(tx, id), false) })
		w.update(func(tx *store.Tx) error { return ReportVolume(tx, "host-1", "vol-"+id, VolumeDeleted, "") })
	}
	w.update(func(tx *store.Tx) error { return Remove(tx, "host-1") })
	if store.Hosts.Get(w.view(), "host-1") != nil || store.HostUsage.Get(w.view(), "host-1") != nil || store.RemovedHosts.Get(w.view(), "host-1") == nil {
		t.Error("the host is not gone, or not known as removed")
	}
}

// TestGiveUp: a host that is down is given up with all that is on it, and one that is up
// is not.
func TestGiveUp(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.launch("off", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	w.stop("off", true)
	w.reported("off", 1, model.PhaseReleased, model.EndAsked)
	give := func() error {
		return w.try(func(tx *store.Tx) error {
			if err := GiveUp(tx, "host-1"); err != nil {
				return err
			}
			return Remove(tx, "host-1")
		})
	}
	if err := give(); !apierr.Is(err, "IncorrectState") {
		t.Fatalf("a host that is up was given up: %v", err)
	}
	w.hostUp("host-1", false)
	w.update(func(tx *store.Tx) error { // and a slot and a Dedicated Host
		r := &model.CapacityReservation{ID: "cr-1", Owned: model.Owned{Account: "1", Region: "r"}, VCPUs: 1, MemoryMiB: 64, Total: 2, State: model.ReservationActive, Created: tx.Now()}
		if err := store.CapacityReservations.Put(tx, r); err != nil {
			return err
		}
		if err := AddSlots(tx, "cr-1", "host-1", "host-1"); err != nil {
			return err
		}
		if err := store.DedicatedHosts.Put(tx, &model.DedicatedHost{ID: "h-1", Host: "host-1"}); err != nil {
			return err
		}
		return Allocate(tx, "host-1", "h-1", "1")
	})
	if err := give(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"i", "off"} {
		w.wantState(id, "terminated")
		if r := model.StateReasonOf(w.instance(id)); r.Code != "Server.HostLost" {
			t.Errorf("%s: %+v", id, r)
		}
		if store.Volumes.Get(w.view(), "vol-"+id) != nil {
			t.Errorf("the volume of %s is still there", id)
		}
	}
	if r := store.CapacityReservations.Get(w.view(), "cr-1"); r.Available() != 0 || store.HostUsage.Get(w.view(), "host-1") != nil {
		t.Errorf("slots %v, usage %+v", r.Slots, store.HostUsage.Get(w.view(), "host-1"))
	}
	if d := store.DedicatedHosts.Get(w.view(), "h-1"); d.Host != "" || d.Released.IsZero() {
		t.Errorf("%+v", d)
	}
	if due := DueAt(w.view(), "i", time.Now()); due.IsZero() {
		t.Error("its row is never forgotten")
	}
}
