package lifecycle

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// movers is a world whose instance i runs on host-1, which shares storage with host-2,
// and with none that host-3 has.
func movers(t *testing.T) *world {
	w := shared(t, nil)
	for _, id := range []string{"host-1", "host-2", "host-3"} {
		w.update(func(tx *store.Tx) error {
			h := *store.Hosts.Get(tx, id)
			h.Migration = id + ":7446"
			return store.Hosts.Put(tx, &h)
		})
	}
	return w
}

func (w *world) migrate(to string) (b *model.Boot, err error) {
	_ = w.db.Update(context.Background(), store.Meta{Action: "test"}, func(tx *store.Tx) error {
		b, err = Migrate(tx, "i", to, "test", schedule.Policy{})
		return err
	})
	return b, err
}

func (w *world) say(host string, r BootReport) error {
	r.Instance = "i"
	return w.db.Update(context.Background(), store.Meta{Action: "test"}, func(tx *store.Tx) error { return ReportBoot(tx, host, r) })
}

func (w *world) must(err error) {
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

func (w *world) held(host string) int {
	u := usage(w.view(), host)
	return u.MemoryMiB
}

// TestMigrate: until the source has let go the instance is its boot, and capacity is held
// on both; after that it is the destination's, with the volume, and the source's word of
// it counts no more.
func TestMigrate(t *testing.T) {
	w := movers(t)
	address := store.Interfaces.Get(w.view(), "eni-i").PublicIP
	was := w.held("host-1")
	to, err := w.migrate("")
	w.must(err)
	if to.Host != "host-2" || to.Epoch != 2 || w.instance("i").Epoch != 1 {
		t.Fatalf("moves to %+v, and is boot %d", to, w.instance("i").Epoch)
	}
	if w.held("host-1") != was || w.held("host-2") != was {
		t.Errorf("held: %d and %d of %d", w.held("host-1"), w.held("host-2"), was)
	}
	if _, err := w.migrate(""); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second migration: %v", err)
	}
	// Whatever the destination says, it does not run the instance.
	w.must(w.say("host-2", BootReport{Epoch: 2, Phase: model.PhaseRunning, Ready: true}))
	if b := Coming(w.view(), "i"); b == nil || b.Phase >= model.PhaseRunning || !b.Move.Ready || w.instance("i").Epoch != 1 {
		t.Fatalf("the destination's word made it %+v", b)
	}
	if err := w.say("host-3", BootReport{Epoch: 2, Phase: model.PhaseEnded}); !errors.Is(err, ErrWrongHost) {
		t.Errorf("another host's word: %v", err)
	}
	w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseEnded, Cause: model.EndMoved}))
	i, b := w.instance("i"), Boot(w.view(), w.instance("i"))
	if i.Epoch != 2 || b.Host != "host-2" || State(w.view(), i) != model.StateRunning {
		t.Fatalf("after the move: %+v", b)
	}
	if v := store.Volumes.Get(w.view(), i.RootVolume); v.Host != "host-2" {
		t.Errorf("the volume is %s's", v.Host)
	}
	if a := store.Interfaces.Get(w.view(), "eni-i").PublicIP; a != address || !a.IsValid() {
		t.Errorf("the public address was %v and is %v", address, a)
	}
	if w.held("host-1") != 0 || w.held("host-2") != was {
		t.Errorf("held after the move: %d and %d", w.held("host-1"), w.held("host-2"))
	}
	if err := w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseRunning}); !errors.Is(err, ErrOldEpoch) {
		t.Errorf("the old boot's host says that it runs: %v", err)
	}
	w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndMoved}))
	if State(w.view(), w.instance("i")) != model.StateRunning {
		t.Error("the end of the old boot ended the instance")
	}
}

// TestMigrationFails: the instance is where it was, and the epoch that it did not become
// is never given out again.
func TestMigrationFails(t *testing.T) {
	for name, fail := range map[string]func(w *world) error{
		"the source says that it stays": func(w *world) error {
			return w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseRunning, Stays: 2, Why: "no route"})
		},
		"the destination lets go": func(w *world) error {
			return w.say("host-2", BootReport{Epoch: 2, Phase: model.PhaseReleased, Cause: model.EndFailed, Reason: model.Reason{Code: "x", Message: "no route"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := movers(t)
			_, err := w.migrate("host-2")
			w.must(err)
			w.must(fail(w))
			i := w.instance("i")
			if i.Epoch != 1 || State(w.view(), i) != model.StateRunning || Coming(w.view(), "i") != nil || w.held("host-2") != 0 {
				t.Fatalf("after it: %+v", i)
			}
			if b := store.Boots.Get(w.view(), model.BootID("i", 2)); !strings.Contains(b.Reason.Message, "no route") {
				t.Errorf("the reason: %+v", b.Reason)
			}
			again, err := w.migrate("host-2")
			w.must(err)
			if again.Epoch != 3 {
				t.Errorf("the next migration is to boot %d", again.Epoch)
			}
			// A late word of the first attempt means nothing to the second.
			w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseRunning, Stays: 2}))
			if err := w.say("host-2", BootReport{Epoch: 2, Phase: model.PhaseReleased}); err != nil && !errors.Is(err, ErrStale) {
				t.Error(err)
			}
			if Coming(w.view(), "i") == nil {
				t.Error("it ended the second")
			}
		})
	}
}

// TestMovedToNobody: a source that let go when the destination had let go too has lost the
// guest; the user hears why.
func TestMovedToNobody(t *testing.T) {
	w := movers(t)
	_, err := w.migrate("host-2")
	w.must(err)
	w.must(w.say("host-2", BootReport{Epoch: 2, Phase: model.PhaseReleased, Cause: model.EndFailed}))
	w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndMoved}))
	i := w.instance("i")
	if State(w.view(), i) != model.StateStopped || model.StateReasonOf(i).Code != "Server.MigrationFailed" {
		t.Errorf("%v because %+v", State(w.view(), i), model.StateReasonOf(i))
	}
	if v := store.Volumes.Get(w.view(), i.RootVolume); v.Host != "host-1" {
		t.Errorf("the volume is %s's", v.Host)
	}
}

// TestMoveDiesWithTheGuest: a guest that ends at the source moves nowhere, and a host that
// is lost is recovered from, with an epoch of its own.
func TestMoveDiesWithTheGuest(t *testing.T) {
	w := movers(t)
	_, err := w.migrate("host-2")
	w.must(err)
	w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseEnded, Cause: model.EndCrashed}))
	if Coming(w.view(), "i") != nil || State(w.view(), w.instance("i")) != model.StateStopped {
		t.Error("a guest that crashed moves on")
	}

	w = movers(t)
	_, err = w.migrate("host-2")
	w.must(err)
	w.hostUp("host-1", false)
	b := w.recover(true)
	if b.Epoch != 3 || b.Host != "host-2" || Coming(w.view(), "i") != nil {
		t.Errorf("recovered as %+v while boot %v comes", b, Coming(w.view(), "i"))
	}
}

// TestCancelMove: it is asked for, and decided by the source.
func TestCancelMove(t *testing.T) {
	w := movers(t)
	_, err := w.migrate("host-2")
	w.must(err)
	b := Coming(w.view(), "i")
	if why, due := MoveDue(w.view(), b, b.Created); why != "" || !due.Equal(b.Created.Add(MoveLimit)) {
		t.Errorf("cancelled at once: %q, or at %v", why, due)
	}
	if why, _ := MoveDue(w.view(), b, b.Created.Add(MoveLimit)); why == "" {
		t.Error("it may take for ever")
	}
	w.hostUp("host-2", false)
	why, _ := MoveDue(w.view(), b, b.Created)
	if !strings.Contains(why, "host-2 is down") {
		t.Fatalf("with its destination down: %q", why)
	}
	w.update(func(tx *store.Tx) error { return CancelMove(tx, store.Boots.Get(tx, b.ID), why) })
	if b = Coming(w.view(), "i"); b == nil || b.Move.Cancel == "" {
		t.Fatal("it was decided without the source")
	}
	w.must(w.say("host-1", BootReport{Epoch: 1, Phase: model.PhaseEnded, Cause: model.EndMoved}))
	if w.instance("i").Epoch != 2 {
		t.Error("the source had let go, and the guest was given up")
	}
}

// TestNotMovable: what cannot move is told why.
func TestNotMovable(t *testing.T) {
	w := movers(t)
	for to, about := range map[string]string{"host-1": "is on", "host-3": "storage", "host-9": "no such host"} {
		if _, err := w.migrate(to); err == nil || !strings.Contains(err.Error(), about) {
			t.Errorf("to %s: %v", to, err)
		}
	}
	w.update(func(tx *store.Tx) error { return Cordon(tx, "host-2", true) })
	if _, err := w.migrate(""); err == nil || !strings.Contains(err.Error(), "nowhere to move") {
		t.Errorf("with no open host: %v", err)
	}
	w.update(func(tx *store.Tx) error { return Stop(tx, store.Instances.Get(tx, "i"), false) })
	if _, err := w.migrate(""); err == nil || !strings.Contains(err.Error(), "stopping") {
		t.Errorf("while it stops: %v", err)
	}
}
