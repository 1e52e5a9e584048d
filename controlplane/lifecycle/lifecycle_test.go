package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"pgregory.net/rapid"
)

var pool = netip.MustParsePrefix("100.127.0.0/24")

// world is a store with one host and what the tests do to it.
type world struct {
	t  fataler
	db *store.Memory
}

// fataler is the part of testing.TB that rapid.T has too.
type fataler interface{ Fatalf(string, ...any) }

func newWorld(t fataler) *world {
	w := &world{t, store.NewMemory()}
	w.update(func(tx *store.Tx) error {
		return store.Hosts.Put(tx, &model.Host{ID: "host-1", Name: "h", Region: "r", Zone: "ra", Arch: "x86_64", VCPUs: 64, MemoryMiB: 65536, Up: true})
	})
	return w
}

func (w *world) update(fn func(*store.Tx) error) {
	if err := w.try(fn); err != nil {
		w.t.Fatalf("update: %v", err)
	}
}

func (w *world) try(fn func(*store.Tx) error) error {
	return w.db.Update(context.Background(), store.Meta{Action: "test"}, fn)
}

func (w *world) view() store.View { return w.db.Stale() }

// launch makes an instance with an interface, a volume and a boot.
func (w *world) launch(id string, change func(*model.Instance, *model.Interface, *model.Volume)) {
	w.update(func(tx *store.Tx) error {
		i := &model.Instance{ID: id, Owned: model.Owned{Account: "1", Region: "r"}, ReservationID: "r-" + id, Interfaces: []string{"eni-" + id}, RootVolume: "vol-" + id,
			ShutdownAction: "stop", Desired: model.WantRunning, DesiredAt: tx.Now(), LaunchTime: tx.Now(), Created: tx.Now(), Epoch: 1}
		eni := &model.Interface{ID: "eni-" + id, VPC: "vpc-1", MAC: id, Subnet: "subnet-1", Instance: id, AttachmentID: "a", AutoPublicIP: true, DeleteOnTermination: true, Groups: []string{"sg-1"}}
		v := &model.Volume{ID: "vol-" + id, Host: "host-1", Instance: id, Device: "/dev/xvda", DeleteOnTermination: true, State: model.VolumeCreating}
		if change != nil {
			change(i, eni, v)
		}
		return errors.Join(store.Reservations.Put(tx, &model.Reservation{ID: i.ReservationID}), store.Instances.Put(tx, i), store.Interfaces.Put(tx, eni), store.Volumes.Put(tx, v),
			AssignPublicAddress(tx, pool, eni.ID), Begin(tx, i, Size{VCPUs: 2, MemoryMiB: 1024}, "host-1", "because"))
	})
}

func (w *world) report(id string, epoch int64, phase model.Phase, cause model.EndCause) error {
	return w.try(func(tx *store.Tx) error {
		return ReportBoot(tx, "host-1", BootReport{Instance: id, Epoch: epoch, Phase: phase, Cause: cause})
	})
}

func (w *world) reported(id string, epoch int64, phase model.Phase, cause model.EndCause) {
	if err := w.report(id, epoch, phase, cause); err != nil {
		w.t.Fatalf("report %s/%d %v: %v", id, epoch, phase, err)
	}
}

func (w *world) instance(id string) *model.Instance { return store.Instances.Get(w.view(), id) }

func (w *world) state(id string) string {
	i := w.instance(id)
	if i == nil {
		return "gone"
	}
	return State(w.view(), i).Name
}

func (w *world) wantState(id, state string) {
	if got := w.state(id); got != state {
		w.t.Fatalf("%s is %s, want %s", id, got, state)
	}
}

// wantUsage holds the host's usage against what its boots hold.
func (w *world) wantUsage() {
	var want model.HostUsage
	for b := range store.Boots.List(w.view()) {
		if b.Phase < model.PhaseEnded {
			want.Boots, want.VCPUs, want.MemoryMiB = want.Boots+1, want.VCPUs+b.VCPUs, want.MemoryMiB+b.MemoryMiB
		}
	}
	want.ID = "host-1"
	got := usage(w.view(), "host-1")
	if got.Room = (model.Room{}); got != want {
		w.t.Fatalf("the host's usage is %+v, its boots hold %+v", got, want)
	}
}

func (w *world) start(id string) {
	w.update(func(tx *store.Tx) error {
		i := *store.Instances.Get(tx, id)
		i.Epoch, i.Desired, i.DesiredAt, i.LaunchTime, i.ForceStop = i.Epoch+1, model.WantRunning, tx.Now(), tx.Now(), false
		return errors.Join(store.Instances.Put(tx, &i), AssignPublicAddress(tx, pool, i.Interfaces[0]), Begin(tx, &i, Size{VCPUs: 2, MemoryMiB: 1024}, "host-1", "again"))
	})
}

func (w *world) stop(id string, force bool) {
	w.update(func(tx *store.Tx) error { return Stop(tx, store.Instances.Get(tx, id), force) })
}

func (w *world) terminate(id string) {
	w.update(func(tx *store.Tx) error { return Terminate(tx, store.Instances.Get(tx, id), false) })
}

func TestWholeLife(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.wantState("i", "pending")
	w.wantUsage()
	w.reported("i", 1, model.PhasePreparing, "")
	w.reported("i", 1, model.PhaseRunning, "")
	w.wantState("i", "running")
	if v := store.Volumes.Get(w.view(), "vol-i"); v.State != model.VolumeInUse {
		t.Errorf("the volume of a running guest is %s", v.State)
	}
	first := store.Interfaces.Get(w.view(), "eni-i").PublicIP
	if !first.IsValid() || !pool.Contains(first) {
		t.Errorf("public address %v", first)
	}

	w.stop("i", false)
	w.wantState("i", "stopping")
	w.reported("i", 1, model.PhaseStopping, "")
	w.reported("i", 1, model.PhaseEnded, model.EndAsked)
	w.wantState("i", "stopped")
	w.wantUsage()
	if a := store.Interfaces.Get(w.view(), "eni-i").PublicIP; a.IsValid() {
		t.Errorf("a stopped instance keeps the public address %v", a)
	}

	w.start("i")
	w.wantState("i", "pending")
	w.reported("i", 1, model.PhaseReleased, "") // the old boot's end, late
	w.wantState("i", "pending")
	w.reported("i", 2, model.PhaseRunning, "")
	w.wantUsage()

	w.terminate("i")
	w.wantState("i", "shutting-down")
	if want := WantOf(w.view(), w.instance("i"), Boot(w.view(), w.instance("i"))); want != Destroy {
		t.Errorf("the host is asked for %v: the guest's volume goes with it", want)
	}
	w.reported("i", 2, model.PhaseEnded, "")
	w.wantState("i", "terminated")
	if store.Interfaces.Get(w.view(), "eni-i") != nil {
		t.Error("a terminated instance still has its interface, at the moment it is seen as terminated")
	}
	if v := store.Volumes.Get(w.view(), "vol-i"); v.State != model.VolumeDeleting {
		t.Errorf("the volume is %s", v.State)
	}
	w.update(func(tx *store.Tx) error { return ReportVolume(tx, "host-1", "vol-i", VolumeDeleted, "") })
	if store.Volumes.Get(w.view(), "vol-i") != nil {
		t.Error("the volume's row outlives its file")
	}
	w.wantUsage()
}

func TestWhatAnEndMeans(t *testing.T) {
	for _, c := range []struct {
		name   string
		action string // InstanceInitiatedShutdownBehavior
		epoch  int64
		phase  model.Phase // before the end
		cause  model.EndCause
		reason model.Reason
		state  string
		code   string
		says   string
	}{
		{"poweroff stops", "stop", 1, model.PhaseRunning, model.EndPoweroff, model.Reason{}, "stopped", "Client.InstanceInitiatedShutdown", "Instance initiated shutdown"},
		{"poweroff terminates", "terminate", 1, model.PhaseRunning, model.EndPoweroff, model.Reason{}, "terminated", "Client.InstanceInitiatedShutdown", "Instance initiated shutdown"},
		{"a crash never terminates", "terminate", 1, model.PhaseRunning, model.EndCrashed, model.Reason{Code: "Server.InternalError", Message: "qemu was killed"}, "stopped", "Server.InternalError", "qemu was killed"},
		{"nobody knows why", "stop", 1, model.PhaseRunning, model.EndNone, model.Reason{}, "stopped", "Server.InternalError", "ended unexpectedly"},
		{"nobody knows why, and it never ran", "stop", 1, model.PhasePreparing, model.EndNone, model.Reason{}, "terminated", "Server.InternalError", "could not be started"},
		{"the first start fails", "stop", 1, model.PhasePreparing, model.EndFailed, model.Reason{Code: "Server.InternalError", Message: "no image"}, "terminated", "Server.InternalError", "Server.InternalError: no image"},
		{"a later start fails", "stop", 2, model.PhasePreparing, model.EndFailed, model.Reason{}, "stopped", "Server.InternalError", "could not be started"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", func(i *model.Instance, _ *model.Interface, _ *model.Volume) {
				i.ShutdownAction, i.Epoch = c.action, c.epoch
			})
			w.reported("i", c.epoch, c.phase, "")
			w.update(func(tx *store.Tx) error {
				return ReportBoot(tx, "host-1", BootReport{Instance: "i", Epoch: c.epoch, Phase: model.PhaseEnded, Cause: c.cause, Reason: c.reason})
			})
			w.wantState("i", c.state)
			if r := model.StateReasonOf(w.instance("i")); r.Code != c.code || !strings.Contains(r.Message, c.says) {
				t.Errorf("state reason %+v, want %s with %q", r, c.code, c.says)
			}
			w.wantUsage()
		})
	}
}

func TestStopAskedWhileGuestPowersOff(t *testing.T) {
	w := newWorld(t)
	w.launch("i", func(i *model.Instance, _ *model.Interface, _ *model.Volume) { i.ShutdownAction = "terminate" })
	w.reported("i", 1, model.PhaseRunning, "")
	w.stop("i", false)
	w.reported("i", 1, model.PhaseEnded, model.EndPoweroff)
	w.wantState("i", "stopped") // the user's word came first
}

func TestReportsAreChecked(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	w.reported("i", 1, model.PhaseEnded, model.EndPoweroff)
	w.start("i")
	for _, c := range []struct {
		name string
		host string
		st   BootReport
		want error
	}{
		{"old epoch", "host-1", BootReport{Instance: "i", Epoch: 1, Phase: model.PhaseRunning}, ErrOldEpoch},
		{"future epoch", "host-1", BootReport{Instance: "i", Epoch: 3, Phase: model.PhaseRunning}, ErrUnknownBoot},
		{"no such instance", "host-1", BootReport{Instance: "j", Epoch: 1, Phase: model.PhaseRunning}, ErrUnknownBoot},
		{"another host's", "host-2", BootReport{Instance: "i", Epoch: 2, Phase: model.PhaseRunning}, ErrWrongHost},
	} {
		before := w.view().Version()
		err := w.try(func(tx *store.Tx) error { return ReportBoot(tx, c.host, c.st) })
		if !errors.Is(err, c.want) || !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", c.name, err)
		}
		if w.view().Version() != before {
			t.Errorf("%s: it changed something", c.name)
		}
	}
	w.wantState("i", "pending")
	err := w.try(func(tx *store.Tx) error { return ReportVolume(tx, "host-2", "vol-i", VolumeDeleted, "") })
	if !errors.Is(err, ErrWrongHost) {
		t.Errorf("another host's volume: %v", err)
	}
}

func TestPhasesOnlyMoveForwardAndStepsAreMerged(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	report := func(phase model.Phase, steps ...model.Step) bool {
		before := w.view().Version()
		w.update(func(tx *store.Tx) error {
			return ReportBoot(tx, "host-1", BootReport{Instance: "i", Epoch: 1, Phase: phase, Steps: steps})
		})
		return w.view().Version() != before
	}
	report(model.PhaseRunning, model.Step{Name: "domain-started", At: at})
	if !report(model.PhasePreparing, model.Step{Name: "image-ready", At: at.Add(-time.Second)}) {
		t.Error("a step of a late report was lost")
	}
	if report(model.PhasePreparing, model.Step{Name: "image-ready", At: at}, model.Step{Name: "domain-started", At: at}) {
		t.Error("saying it again changed something")
	}
	b := Boot(w.view(), w.instance("i"))
	if b.Phase != model.PhaseRunning {
		t.Errorf("phase went back to %v", b.Phase)
	}
	var names []string
	for _, s := range b.Steps {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "accepted placed domain-started image-ready" {
		t.Errorf("steps: %s", got)
	}
	if !b.Steps[3].At.Equal(at.Add(-time.Second)) {
		t.Error("a step's first time was overwritten")
	}
	long := make([]model.Step, 200)
	for n := range long {
		long[n] = model.Step{Name: fmt.Sprint(n), Detail: strings.Repeat("x", 5000)}
	}
	report(model.PhaseRunning, long...)
	if b = Boot(w.view(), w.instance("i")); len(b.Steps) > maxSteps || len(b.Steps[20].Detail) > maxDetail+3 {
		t.Errorf("a host wrote %d steps, one of %d bytes", len(b.Steps), len(b.Steps[20].Detail))
	}
}

func TestVolumeThatCannotBeMade(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.update(func(tx *store.Tx) error { return ReportVolume(tx, "host-1", "vol-i", VolumeFailed, "disk full") })
	w.wantState("i", "shutting-down") // the host still has to say that nothing is left
	if r := model.StateReasonOf(w.instance("i")); r.Message != "Server.InternalError: root volume: disk full" {
		t.Errorf("reason %+v", r)
	}
	if got := WantOf(w.view(), w.instance("i"), Boot(w.view(), w.instance("i"))); got != Destroy {
		t.Errorf("the host is asked for %v", got)
	}
	w.reported("i", 1, model.PhaseReleased, "")
	w.wantState("i", "terminated")
	w.wantUsage()
}

func TestKeptVolumeAndInterface(t *testing.T) {
	w := newWorld(t)
	w.launch("i", func(_ *model.Instance, e *model.Interface, v *model.Volume) {
		e.DeleteOnTermination, v.DeleteOnTermination = false, false
	})
	w.reported("i", 1, model.PhaseRunning, "")
	w.terminate("i")
	if got := WantOf(w.view(), w.instance("i"), Boot(w.view(), w.instance("i"))); got != End {
		t.Errorf("the host is asked for %v: a guest whose volume is kept must get to write it out", got)
	}
	w.reported("i", 1, model.PhaseEnded, "")
	v, e := store.Volumes.Get(w.view(), "vol-i"), store.Interfaces.Get(w.view(), "eni-i")
	if v.State != model.VolumeAvailable || v.Instance != "" {
		t.Errorf("volume %+v", v)
	}
	if e.Instance != "" || e.AttachmentID != "" || e.PublicIP.IsValid() {
		t.Errorf("interface %+v", e)
	}
}

func TestTerminateStopped(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	w.stop("i", false)
	w.reported("i", 1, model.PhaseReleased, "")
	w.terminate("i")
	w.wantState("i", "terminated")
	if store.Interfaces.Get(w.view(), "eni-i") != nil {
		t.Error("the interface was not released in the same transaction")
	}
	before := w.view().Version()
	w.terminate("i")
	if w.view().Version() != before {
		t.Error("terminating a terminated instance changed something")
	}
}

func TestForce(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	want := func(what Want) {
		t.Helper()
		if got := WantOf(w.view(), w.instance("i"), Boot(w.view(), w.instance("i"))); got != what {
			t.Errorf("the host is asked for %v, want %v", got, what)
		}
	}
	want(Run)
	w.stop("i", false)
	want(End)
	w.stop("i", true)
	want(Destroy)
}

// TestDeadlines goes through every deadline in simulated time.
func TestDeadlines(t *testing.T) {
	settle := func(w *world) {
		i := w.instance("i")
		due := DueAt(w.view(), i.ID, time.Now())
		if due.IsZero() {
			w.t.Fatalf("%s: nothing is due", w.state("i"))
		}
		time.Sleep(time.Until(due) - time.Second)
		w.update(func(tx *store.Tx) error {
			if changed, err := Settle(tx, i.ID); changed || err != nil {
				w.t.Fatalf("a second before the deadline: %v %v", changed, err)
			}
			return nil
		})
		time.Sleep(time.Second)
		w.update(func(tx *store.Tx) error {
			if changed, err := Settle(tx, i.ID); !changed || err != nil {
				w.t.Fatalf("at the deadline: %v %v", changed, err)
			}
			return nil
		})
	}
	t.Run("a launch that hangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", nil)
			settle(w)
			w.wantState("i", "shutting-down")
			if r := model.StateReasonOf(w.instance("i")); !strings.Contains(r.Message, "host host-1 did not start the guest within 15m0s (it was assigned)") {
				t.Errorf("reason %+v", r)
			}
		})
	})
	t.Run("a guest that ignores the power button, on a host that is gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", nil)
			w.reported("i", 1, model.PhaseRunning, "")
			if due := DueAt(w.view(), "i", time.Now()); !due.IsZero() {
				t.Errorf("a running instance is due at %v", due)
			}
			w.stop("i", false)
			settle(w)
			if !w.instance("i").ForceStop {
				t.Error("it was not forced")
			}
			settle(w)
			if !strings.Contains(w.instance("i").Transition, "host host-1 has not confirmed") {
				t.Errorf("transition %q", w.instance("i").Transition)
			}
			if due := DueAt(w.view(), "i", time.Now()); !due.IsZero() {
				t.Errorf("it is told again at %v", due)
			}
			w.wantState("i", "stopping") // no second guest can start while this one may live
		})
	})
	t.Run("a guest that hangs while it powers itself off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", func(i *model.Instance, _ *model.Interface, _ *model.Volume) { i.ShutdownAction = "terminate" })
			w.reported("i", 1, model.PhaseStopping, "")
			w.wantState("i", "shutting-down")
			settle(w)
			if !w.instance("i").ForceStop || w.instance("i").Effective() != model.WantTerminated {
				t.Errorf("%+v", w.instance("i"))
			}
		})
	})
	t.Run("a terminated instance is forgotten", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", nil)
			w.terminate("i")
			w.reported("i", 1, model.PhaseEnded, "")
			if due := DueAt(w.view(), "i", time.Now()); !due.IsZero() {
				t.Error("it is to be forgotten while its host may have something of it")
			}
			w.reported("i", 1, model.PhaseReleased, "")
			settle(w)
			w.wantState("i", "gone")
			if store.Boots.Get(w.view(), "i/1") != nil || store.Reservations.Get(w.view(), "r-i") != nil {
				t.Error("its boot or reservation is left")
			}
		})
	})
}

// TestEveryStateHasADeadline walks all situations: what is not final is settled at once
// or has a time at which something happens, unless its host was already complained of.
func TestEveryStateHasADeadline(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, want := range []model.Desired{model.WantRunning, model.WantStopped, model.WantTerminated} {
		for _, out := range []model.Desired{"", model.WantStopped, model.WantTerminated} {
			for _, force := range []bool{false, true} {
				for phase := model.PhaseAssigned; phase <= model.PhaseReleased; phase++ {
					for _, cause := range []model.EndCause{"", model.EndAsked, model.EndPoweroff, model.EndCrashed, model.EndFailed} {
						i := &model.Instance{ID: "i", Epoch: 1, Desired: want, DesiredAt: now, LaunchTime: now, ForceStop: force}
						if out != "" {
							i.Outcome = model.Outcome{Epoch: 1, Desired: out, At: now}
						}
						b := &model.Boot{Phase: phase, Cause: cause, LastChange: now}
						v, due := decide(situation{i: i, b: b}, now)
						state := model.StateOf(i, b)
						final := state == model.StateRunning || state == model.StateStopped || state == model.StateTerminated
						if !final && v == nothing && due.IsZero() {
							t.Errorf("%s (want %q, outcome %q, %v, %q, force %v) has no deadline", state.Name, want, out, phase, cause, force)
						}
						if state == model.StateRunning && v != nothing {
							t.Errorf("running, and yet verdict %d", v)
						}
					}
				}
			}
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	w := newWorld(t)
	small := netip.MustParsePrefix("100.127.0.0/29")
	seen := map[netip.Addr]bool{}
	eni := func(n int) error {
		return w.try(func(tx *store.Tx) error {
			id := fmt.Sprint("eni-", n)
			if err := store.Interfaces.Put(tx, &model.Interface{ID: id, VPC: "v", MAC: id, AutoPublicIP: true}); err != nil {
				return err
			}
			return AssignPublicAddress(tx, small, id)
		})
	}
	for n := range 5 {
		if err := eni(n); err != nil {
			t.Fatal(err)
		}
		a := store.Interfaces.Get(w.view(), fmt.Sprint("eni-", n)).PublicIP
		if seen[a] || !small.Contains(a) || a == netip.MustParseAddr("100.127.0.0") || a == netip.MustParseAddr("100.127.0.1") || a == netip.MustParseAddr("100.127.0.7") {
			t.Errorf("gave out %v", a)
		}
		seen[a] = true
	}
	if err := eni(5); !errors.Is(err, ErrNoPublicAddress) {
		t.Errorf("a sixth address of five: %v", err)
	}
	w.update(func(tx *store.Tx) error { return ReleasePublicAddress(tx, "eni-2") })
	if err := eni(6); err != nil {
		t.Errorf("the address that was given back is not given out: %v", err)
	}
	for _, bad := range []netip.Prefix{{}, netip.MustParsePrefix("10.0.0.0/31"), netip.MustParsePrefix("fd00::/64")} {
		err := w.try(func(tx *store.Tx) error {
			if err := store.Interfaces.Put(tx, &model.Interface{ID: "eni-x", VPC: "v", MAC: "x", AutoPublicIP: true}); err != nil {
				return err
			}
			return AssignPublicAddress(tx, bad, "eni-x")
		})
		if !errors.Is(err, ErrNoPublicAddress) {
			t.Errorf("pool %v: %v", bad, err)
		}
	}
}

func TestViewIsOfOneRegion(t *testing.T) {
	w := newWorld(t)
	w.update(func(tx *store.Tx) error {
		return store.Hosts.Put(tx, &model.Host{ID: "host-2", Name: "h2", Region: "elsewhere", Up: true})
	})
	w.launch("i", nil)
	v := View(w.view(), "r", schedule.Policy{})
	all := slices.Collect(v.Hosts.All())
	if len(all) != 1 || all[0].UsedMemoryMiB != 1024 || all[0].UsedVCPUs != 2 || all[0].Boots != 1 {
		t.Errorf("%+v", all)
	}
}

// TestAnyOrder throws users' wishes and hosts' reports at instances in any order. After
// each, the host's usage is what its boots hold, no address is taken twice or kept by a
// guest that is gone, phases have not gone back, and nothing is left to settle.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		w.launch("a", nil)
		w.launch("b", func(i *model.Instance, _ *model.Interface, _ *model.Volume) { i.ShutdownAction = "terminate" })
		phases := map[string]model.Phase{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			id := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id")
			i := w.instance(id)
			switch rapid.IntRange(0, 6).Draw(t, "op") {
			case 0:
				if w.state(id) == "stopped" {
					w.start(id)
				}
			case 1:
				if s := w.state(id); s != "terminated" && s != "shutting-down" {
					w.stop(id, rapid.Bool().Draw(t, "force"))
				}
			case 2:
				if rapid.IntRange(0, 3).Draw(t, "really") == 0 {
					w.terminate(id)
				}
			default:
				epoch := i.Epoch - int64(rapid.IntRange(0, 1).Draw(t, "old"))
				phase := model.Phase(rapid.IntRange(0, int(model.PhaseReleased)).Draw(t, "phase"))
				cause := rapid.SampledFrom([]model.EndCause{"", model.EndAsked, model.EndPoweroff, model.EndCrashed, model.EndFailed}).Draw(t, "cause")
				if err := w.report(id, epoch, phase, cause); err != nil && !errors.Is(err, ErrStale) {
					t.Fatalf("report: %v", err)
				}
			}
			w.wantUsage()
			for b := range store.Boots.List(w.view()) {
				if b.Phase < phases[b.ID] {
					t.Fatalf("boot %s went back from %v to %v", b.ID, phases[b.ID], b.Phase)
				}
				phases[b.ID] = b.Phase
			}
			for _, id := range []string{"a", "b"} {
				now := time.Now()
				if due := DueAt(w.view(), id, now); !due.IsZero() && !due.After(now) {
					t.Fatalf("%s is %s and something was left to do", id, w.state(id))
				}
				if s, eni := w.state(id), store.Interfaces.Get(w.view(), "eni-"+id); s == "stopped" && eni.PublicIP.IsValid() || s == "terminated" && eni != nil {
					t.Fatalf("%s is %s with interface %+v", id, s, eni)
				}
			}
		}
	})
}
