package lifecycle

import (
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

func (w *world) evacuate(host string) (out Evacuated) {
	w.update(func(tx *store.Tx) (err error) {
		out, err = Evacuate(tx, host, schedule.Policy{})
		return err
	})
	return out
}

// TestEvacuate: a drained host's guests leave two at a time, and what cannot move is
// stopped and says why.
func TestEvacuate(t *testing.T) {
	w := movers(t)
	ids := []string{"i", "j", "k", "new"}
	for _, id := range ids[1:] {
		w.launch(id, func(i *model.Instance, _ *model.Interface, _ *model.Volume) { i.Zone, i.Arch = "ra", "x86_64" })
		if id != "new" {
			w.reported(id, 1, model.PhaseRunning, "")
		}
	}
	out := w.evacuate("host-1")
	if len(out.Moving) != 2 || len(out.Waiting) != 2 || len(out.Stopped) != 0 || !slices.Contains(out.Waiting, "new") {
		t.Fatalf("begun: %+v", out)
	}
	out.Waiting = slices.DeleteFunc(out.Waiting, func(id string) bool { return id == "new" }) // it moves when it runs
	if h := store.Hosts.Get(w.view(), "host-1"); !h.Cordoned || !h.Draining || !Leaving(w.view(), h) {
		t.Errorf("the host is %+v", h)
	}
	// One has moved: the next one's turn.
	first := out.Moving[0]
	w.update(func(tx *store.Tx) error {
		return ReportBoot(tx, "host-1", BootReport{Instance: first, Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndMoved})
	})
	again := w.evacuate("host-1")
	if len(again.Moving) != 1 || !slices.Equal(again.Moving, out.Waiting) || !slices.Equal(again.Waiting, []string{"new"}) {
		t.Fatalf("after the first: %+v", again)
	}
	// One that does not come through twice is stopped, and its user told why.
	stubborn := again.Moving[0]
	for range leavingTries {
		b := Coming(w.view(), stubborn)
		if b == nil {
			t.Fatal("it was not tried again")
		}
		w.update(func(tx *store.Tx) error {
			return ReportBoot(tx, "host-1", BootReport{Instance: stubborn, Epoch: 1, Phase: model.PhaseRunning, Stays: b.Epoch, Why: "no wire"})
		})
		w.evacuate("host-1")
	}
	i := w.instance(stubborn)
	if i.Effective() != model.WantStopped || !strings.Contains(model.StateReasonOf(i).Message, "no wire") {
		t.Errorf("%s is wanted %s because %+v", stubborn, i.Effective(), model.StateReasonOf(i))
	}
	if w.instance(first).Effective() != model.WantRunning {
		t.Error("what has moved was stopped")
	}
	w.update(func(tx *store.Tx) error {
		return ReportBoot(tx, "host-1", BootReport{Instance: out.Moving[1], Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndMoved})
	})
	w.reported("new", 1, model.PhaseRunning, "")
	if last := w.evacuate("host-1"); !slices.Equal(last.Moving, []string{"new"}) {
		t.Errorf("what runs now: %+v", last)
	}
	w.update(func(tx *store.Tx) error {
		return ReportBoot(tx, "host-1", BootReport{Instance: "new", Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndMoved})
	})
	if h := store.Hosts.Get(w.view(), "host-1"); Leaving(w.view(), h) {
		t.Error("there is always something left to do")
	}
	if len(w.evacuate("host-1").Moving) != 0 {
		t.Error("something moves again")
	}
}

// TestEvacuateWithNowhereToGo stops all, as a drain without migration does.
func TestEvacuateWithNowhereToGo(t *testing.T) {
	w := shared(t, nil) // hosts that take no guests from others
	out := w.evacuate("host-1")
	if len(out.Moving) != 0 || !strings.Contains(out.Stopped["i"], "no way to other hosts") {
		t.Fatalf("%+v", out)
	}
	if w.instance("i").Effective() != model.WantStopped {
		t.Error("it runs on")
	}
}

// TestEvacuateWaits: nothing is stopped while a host that could take it is away.
func TestEvacuateWaits(t *testing.T) {
	w := movers(t)
	up := func(is bool) {
		w.update(func(tx *store.Tx) error {
			for _, id := range []string{"host-2", "host-3"} {
				h := *store.Hosts.Get(tx, id)
				if h.Up = is; store.Hosts.Put(tx, &h) != nil {
					t.Fatal("a host cannot be written")
				}
			}
			return nil
		})
	}
	up(false)
	if out := w.evacuate("host-1"); len(out.Stopped) != 0 || !slices.Equal(out.Waiting, []string{"i"}) {
		t.Fatalf("with all others away: %+v", out)
	}
	up(true)
	if out := w.evacuate("host-1"); !slices.Equal(out.Moving, []string{"i"}) {
		t.Errorf("with them back: %+v", out)
	}
}
