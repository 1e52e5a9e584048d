package boot

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	running   = agentpb.Boot_WANT_RUNNING
	ended     = agentpb.Boot_WANT_ENDED
	destroyed = agentpb.Boot_WANT_DESTROYED
)

func mustSettle(t *testing.T, w *world, want *agentpb.Boot) *agentpb.BootStatus {
	t.Helper()
	s, err := w.settle(want)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantStatus(t *testing.T, s *agentpb.BootStatus, epoch int64, phase int32, cause string) {
	t.Helper()
	if s.GetEpoch() != epoch || s.GetPhase() != phase || s.GetCause() != cause {
		t.Fatalf("status %v, want epoch %d, phase %d, cause %q", s, epoch, phase, cause)
	}
}

func stepNames(s *agentpb.BootStatus) string {
	var names []string
	for _, m := range s.GetSteps() {
		names = append(names, m.GetName())
	}
	return strings.Join(names, " ")
}

func TestABootFromAssignmentToRelease(t *testing.T) {
	w := newWorld(t.TempDir())
	var phases []int32
	for {
		s, next, err := w.step(boot(1, running))
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Second)
		phases = append(phases, s.GetPhase())
		if next == 0 {
			wantStatus(t, s, 1, PhaseRunning, "")
			if got, want := stepNames(s), "image-ready volume-ready domain-started network-ready resumed"; got != want {
				t.Fatalf("timeline %q, want %q", got, want)
			}
			break
		}
	}
	if !slices.IsSorted(phases) || phases[0] != PhasePreparing {
		t.Fatalf("phases %v", phases)
	}
	s := mustSettle(t, w, boot(1, ended))
	wantStatus(t, s, 1, PhaseReleased, CauseAsked)
	if err := w.leftovers(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(stepNames(s), " stopped") {
		t.Fatalf("timeline %q", stepNames(s))
	}
	if !exists(w.exec.ConsoleLog(testInstance)) {
		t.Fatal("the console did not outlive the guest")
	}
	// The assignment goes: the console is kept for its time, then all is gone.
	mustSettle(t, w, nil)
	if exists(w.exec.Dir(testInstance)) {
		t.Fatal("the directory was never discarded")
	}
	if s, next, err := w.step(nil); s != nil || next != 0 || err != nil {
		t.Fatalf("nothing known: %v %v %v", s, next, err)
	}
}

func TestTheGuestsOwnEndIsTold(t *testing.T) {
	for _, c := range []struct {
		reason string
		do     func(*sim.Hypervisor)
		cause  string
		code   string
	}{
		{"poweroff", func(h *sim.Hypervisor) { h.PowerOff(testInstance) }, CausePoweroff, "Client.InstanceInitiatedShutdown"},
		{"crash", func(h *sim.Hypervisor) { h.Crash(testInstance) }, CauseCrashed, "Server.InternalError"},
		{"power cut", func(h *sim.Hypervisor) { h.PowerOff(testInstance); h.LoseCauses() }, CauseCrashed, "Server.InternalError"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			w := newWorld(t.TempDir())
			mustSettle(t, w, boot(1, running))
			c.do(w.hyp)
			s := mustSettle(t, w, boot(1, running))
			wantStatus(t, s, 1, PhaseReleased, c.cause)
			if s.GetReasonCode() != c.code || !strings.HasPrefix(s.GetReasonMessage(), c.code+": ") {
				t.Fatalf("reason %q %q", s.GetReasonCode(), s.GetReasonMessage())
			}
			// It is not started again, also by an agent that was restarted.
			w.restart()
			wantStatus(t, mustSettle(t, w, boot(1, running)), 1, PhaseReleased, c.cause)
			// Stopping what has ended changes no cause that was told.
			wantStatus(t, mustSettle(t, w, boot(1, ended)), 1, PhaseReleased, c.cause)
		})
	}
}

func TestAPoweroffThatRacesAStopHasOneCause(t *testing.T) {
	for after := range 8 { // the guest powers itself off after so many steps of the stop
		w := newWorld(t.TempDir())
		w.hyp.Inject(testInstance, sim.Fault{Deaf: true})
		mustSettle(t, w, boot(1, running))
		causes := map[string]bool{}
		for i := range 20 {
			if i == after {
				w.hyp.PowerOff(testInstance)
			}
			s, next, err := w.step(boot(1, ended))
			if err != nil {
				t.Fatal(err)
			}
			if s.GetPhase() >= PhaseEnded {
				causes[s.GetCause()] = true
			}
			if next > Again {
				w.now = w.now.Add(next)
			}
		}
		if len(causes) != 1 || !causes[CauseAsked] {
			t.Fatalf("after %d steps: causes %v", after, causes)
		}
		if err := w.leftovers(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADeafGuestIsEndedAtTheDeadline(t *testing.T) {
	w := newWorld(t.TempDir())
	w.hyp.Inject(testInstance, sim.Fault{Deaf: true})
	mustSettle(t, w, boot(1, running))
	began := w.now
	s := mustSettle(t, w, boot(1, ended))
	wantStatus(t, s, 1, PhaseReleased, CauseAsked)
	if took := w.now.Sub(began); took != 2*time.Minute {
		t.Fatalf("it took %v, want the stop limit of 2m", took)
	}
	w = newWorld(t.TempDir())
	w.hyp.Inject(testInstance, sim.Fault{Deaf: true})
	mustSettle(t, w, boot(1, running))
	began = w.now
	mustSettle(t, w, boot(1, destroyed))
	if w.now != began {
		t.Fatal("WANT_DESTROYED waited")
	}
}

func TestRebootsAreDoneOnceAndCounted(t *testing.T) {
	w := newWorld(t.TempDir())
	b := boot(1, running)
	b.RebootCount = 3 // before this boot ran: not its business
	mustSettle(t, w, b)
	if g := w.guest(); g.Reboots != 0 {
		t.Fatalf("rebooted %d times for counts from before", g.Reboots)
	}
	b.RebootCount = 4
	mustSettle(t, w, b)
	mustSettle(t, w, b)
	if g := w.guest(); g.Reboots != 1 {
		t.Fatalf("rebooted %d times, want 1", g.Reboots)
	}
	w.restart()
	mustSettle(t, w, b)
	w.hyp.RebootItself(testInstance)
	s := mustSettle(t, w, b)
	wantStatus(t, s, 1, PhaseRunning, "")
	if m := s.GetSteps()[len(s.GetSteps())-1]; m.GetName() != StepReboot || m.GetAtUnixNano() != w.now.UnixNano() {
		t.Fatalf("the guest's own reboot is not in the timeline: %v", s.GetSteps())
	}
	w.now = w.now.Add(time.Second)
	w.hyp.Inject(testInstance, sim.Fault{Deaf: true})
	before, n := w.now, w.guest().Reboots
	b.RebootCount = 5
	mustSettle(t, w, b)
	if got := w.guest().Reboots - n; got != 1 || w.now.Sub(before) != 2*time.Minute {
		t.Fatalf("a deaf guest was reset %d times after %v", got, w.now.Sub(before))
	}
}

func TestWhatKeepsABootFromRunning(t *testing.T) {
	no := errors.New("no")
	for _, c := range []struct {
		reason string
		set    func(*world)
		took   time.Duration // the least
		says   string
	}{
		{"an image that cannot be: told at once", func(w *world) { w.imageErr = &Failure{"Client.InvalidImage", "not a qcow2"} }, 0, "Client.InvalidImage: not a qcow2"},
		{"a wrapped failure is one too", func(w *world) { w.volumeErr = errors.Join(no, &Failure{"Server.InternalError", "disk full"}) }, 0, "Server.InternalError: disk full"},
		{"an image that never comes", func(w *world) { w.imageErr = ErrNotYet }, 29 * time.Minute, "the image is not on the host"},
		{"a network that never works", func(w *world) { w.networkErr = no }, 29 * time.Minute, "the network is not ready"},
		{"a guest that QEMU will not start", func(w *world) { w.hyp.Inject(testInstance, sim.Fault{Start: errors.New("bad CPU")}) }, 0, "3 tries): bad CPU"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			w := newWorld(t.TempDir())
			c.set(w)
			began := w.now
			var s *agentpb.BootStatus
			for range 4000 {
				var next time.Duration
				var err error
				if s, next, err = w.step(boot(1, running)); err != nil || next > Again {
					w.now = w.now.Add(time.Second)
				} else if next == 0 {
					break
				}
			}
			wantStatus(t, s, 1, PhaseReleased, CauseFailed)
			if !strings.Contains(s.GetReasonMessage(), c.says) || s.GetReasonCode() == "" {
				t.Fatalf("reason %q %q, want it to say %q", s.GetReasonCode(), s.GetReasonMessage(), c.says)
			}
			if took := w.now.Sub(began); took < c.took || took > c.took+2*time.Minute {
				t.Fatalf("it took %v", took)
			}
			if err := w.leftovers(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAHypervisorThatIsAwayFailsNothing(t *testing.T) {
	w := newWorld(t.TempDir())
	for range 5 {
		if _, _, err := w.step(boot(1, running)); err != nil {
			t.Fatal(err)
		}
	}
	w.hyp.Fail(hypervisor.ErrUnavailable)
	for range 10 {
		s, _, err := w.step(boot(1, running))
		if !errors.Is(err, hypervisor.ErrUnavailable) {
			t.Fatalf("error %v", err)
		}
		wantStatus(t, s, 1, PhasePreparing, "") // and the record still speaks
	}
	w.hyp.Fail(nil)
	wantStatus(t, mustSettle(t, w, boot(1, running)), 1, PhaseRunning, "")
}

func TestABrokenRecordStopsTheBootAndTouchesNothing(t *testing.T) {
	w := newWorld(t.TempDir())
	mustSettle(t, w, boot(1, running))
	if err := os.WriteFile(w.exec.Dir(testInstance)+"/boot.json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*agentpb.Boot{boot(1, running), boot(1, destroyed), nil} {
		if _, _, err := w.step(b); err == nil || !strings.Contains(err.Error(), "boot.json") {
			t.Fatalf("error %v", err)
		}
	}
	if g := w.guest(); g.State != hypervisor.Running {
		t.Fatalf("guest %+v", g)
	}
}

func TestInstancesAreThoseOfEitherSide(t *testing.T) {
	w := newWorld(t.TempDir())
	mustSettle(t, w, boot(1, running))
	if err := os.MkdirAll(w.exec.Dir("i-only-a-directory"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.hyp.Start(t.Context(), hypervisor.Spec{Instance: "i-only-a-guest", Epoch: 1, Disks: []hypervisor.Disk{{}}}); err != nil {
		t.Fatal(err)
	}
	got, err := w.exec.Instances(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{testInstance, "i-only-a-directory", "i-only-a-guest"}; !slices.Equal(got, want) {
		t.Fatalf("instances %v, want %v", got, want)
	}
	if _, _, err := w.exec.Reconcile(t.Context(), nil, "../../etc"); err == nil {
		t.Fatal("an instance id with a path in it was taken")
	}
}
