package control

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

func update(t *testing.T, db store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), store.Meta{Action: "test"}, fn); err != nil {
		t.Fatal(err)
	}
}

// TestTimeAlone: what no call and no report brings about, time does: a launch that its
// host never mentions again fails with a reason, is shown for an hour, and is gone.
func TestTimeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store.NewMemory()
		const id = "i-00000000000000001"
		update(t, db, func(tx *store.Tx) error {
			if err := store.Hosts.Put(tx, &model.Host{ID: "host-1", Name: "h", Region: "r", Zone: "ra", Up: true, VCPUs: 4, MemoryMiB: 1024}); err != nil {
				return err
			}
			i := &model.Instance{ID: id, Owned: model.Owned{Account: "123456789012", Region: "r"}, Desired: model.WantRunning, Epoch: 1, ShutdownAction: "stop", LaunchTime: tx.Now(), DesiredAt: tx.Now(), Created: tx.Now()}
			if err := store.Instances.Put(tx, i); err != nil {
				return err
			}
			return lifecycle.Begin(tx, i, lifecycle.Size{VCPUs: 1, MemoryMiB: 128}, "host-1", "")
		})
		ensured := 0
		c := &Control{DB: db, Log: slog.New(slog.DiscardHandler), Resync: time.Second, Ensure: func(*store.Tx) error { ensured++; return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { c.Run(ctx) })
		defer wg.Wait()
		defer cancel()

		time.Sleep(lifecycle.LaunchLimit - time.Minute)
		if s := lifecycle.State(db.Stale(), store.Instances.Get(db.Stale(), id)); s != model.StatePending {
			t.Fatalf("before the limit: %s", s.Name)
		}
		time.Sleep(2 * time.Minute)
		i := store.Instances.Get(db.Stale(), id)
		if i.Effective() != model.WantTerminated || model.StateReasonOf(i).Code == "" {
			t.Fatalf("after the limit: %s, reason %+v", i.Effective(), model.StateReasonOf(i))
		}
		update(t, db, func(tx *store.Tx) error {
			return lifecycle.ReportBoot(tx, "host-1", lifecycle.BootReport{Instance: id, Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndFailed})
		})
		time.Sleep(lifecycle.TerminatedShown - time.Minute)
		if i := store.Instances.Get(db.Stale(), id); i == nil {
			t.Fatal("a terminated instance is not shown for an hour")
		}
		time.Sleep(2 * time.Minute)
		if i := store.Instances.Get(db.Stale(), id); i != nil {
			t.Errorf("still there after an hour: %+v", i)
		}
		if u := store.HostUsage.Get(db.Stale(), "host-1"); u != nil && u.Boots != 0 {
			t.Errorf("the host's capacity is still taken: %+v", u)
		}
		if ensured < 2 {
			t.Errorf("accounts were ensured %d times", ensured)
		}
	})
}

// TestTokensExpire a day after their first use, by the log's clock.
func TestTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store.NewMemory()
		update(t, db, func(tx *store.Tx) error {
			return store.ClientTokens.Put(tx, &model.ClientToken{ID: "a/r/RunInstances/t", At: tx.Now()})
		})
		c := &Control{DB: db, Log: slog.New(slog.DiscardHandler), Resync: time.Minute, Ensure: func(*store.Tx) error { return nil }}
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Hour)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() { c.Run(ctx) })
		time.Sleep(23 * time.Hour)
		if store.ClientTokens.Get(db.Stale(), "a/r/RunInstances/t") == nil {
			t.Error("gone before a day was over")
		}
		wg.Wait()
		if store.ClientTokens.Get(db.Stale(), "a/r/RunInstances/t") != nil {
			t.Error("still there after a day")
		}
	})
}

// TestRootAccount: a changed secret takes effect, and nothing else is touched.
func TestRootAccount(t *testing.T) {
	db := store.NewMemory()
	for _, secret := range []string{"one", "one", "two"} {
		update(t, db, func(tx *store.Tx) error { return RootAccount(tx, "123456789012", "AKIA", secret) })
		if k := store.AccessKeys.Get(db.Stale(), "AKIA"); k.Secret != secret || k.User != "root" {
			t.Errorf("%+v", k)
		}
	}
	changes, err := store.Rehearse(db.Stale(), func(tx *store.Tx) error { return RootAccount(tx, "123456789012", "AKIA", "two") })
	if err != nil || len(changes) != 0 {
		t.Errorf("done again it changes %v, %v", changes, err)
	}
}

// TestReservedCapacity: the loops end a reservation when its time has come, forget it an
// hour later, move slots off a host that closed, and keep the index of hosts.
func TestReservedCapacity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store.NewMemory()
		var end time.Time
		update(t, db, func(tx *store.Tx) error {
			for _, id := range []string{"host-1", "host-2"} {
				if err := store.Hosts.Put(tx, &model.Host{ID: id, Name: id, Region: "r", Zone: "ra", Arch: "x86_64", Up: true, VCPUs: 4, MemoryMiB: 4096}); err != nil {
					return err
				}
			}
			end = tx.Now().Add(time.Hour)
			row := &model.CapacityReservation{ID: "cr-1", Owned: model.Owned{Account: "1", Region: "r"}, Zone: "ra", Arch: "x86_64", VCPUs: 1, MemoryMiB: 1024, Total: 2, State: model.ReservationActive, End: end, Created: tx.Now()}
			return store.CapacityReservations.Put(tx, row)
		})
		c := &Control{DB: db, Log: slog.New(slog.DiscardHandler), Resync: time.Second, Ensure: func(*store.Tx) error { return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { c.Run(ctx) })
		defer wg.Wait()
		defer cancel()
		row := func() *model.CapacityReservation { return store.CapacityReservations.Get(db.Stale(), "cr-1") }

		time.Sleep(10 * time.Second)
		if r := row(); r.Available() != 2 {
			t.Fatalf("no room was found: %+v", r)
		}
		for _, id := range []string{"host-1", "host-2"} {
			if !lifecycle.Indexed(db.Stale(), schedule.Policy{}, id) {
				t.Errorf("%s is not in the index", id)
			}
		}
		update(t, db, func(tx *store.Tx) error { return lifecycle.Cordon(tx, "host-1", true) })
		time.Sleep(10 * time.Second)
		if r := row(); r.Available() != 2 || r.Slots["host-1"] != 0 {
			t.Errorf("the slots are on %v", r.Slots)
		}
		if u := store.HostUsage.Get(db.Stale(), "host-1"); u.Room.Open || u.Reserved != 0 {
			t.Errorf("the closed host is in the index: %+v", u)
		}
		before := db.Stale().Version()
		time.Sleep(time.Minute)
		if db.Stale().Version() != before {
			t.Error("the loops write though there is nothing to do")
		}
		time.Sleep(time.Until(end) - time.Second)
		if r := row(); r.State != model.ReservationActive {
			t.Errorf("%s before its end", r.State)
		}
		time.Sleep(3 * time.Second)
		if r := row(); r.State != model.ReservationExpired || r.Available() != 0 {
			t.Errorf("after its end: %+v", r)
		}
		if u := store.HostUsage.Get(db.Stale(), "host-2"); u.Reserved != 0 || u.ReservedMemoryMiB != 0 {
			t.Errorf("held after the end: %+v", u)
		}
		time.Sleep(lifecycle.ReservationShown + 10*time.Second)
		if row() != nil {
			t.Error("it is never forgotten")
		}
	})
}
