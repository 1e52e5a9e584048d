package boot

import (
	"errors"
	"testing"

	"github.com/micacloud/mica/hostagent/hypervisor"
)

// lender is a Guardian whose lease the test gives and takes.
type lender struct {
	lease  bool
	marked map[string]int64
	ended  map[int64]bool
}

func (l *lender) Mark(instance string, epoch int64) error { l.marked[instance] = epoch; return nil }
func (l *lender) Unmark(instance string) error            { delete(l.marked, instance); return nil }
func (l *lender) Ended(_ string, epoch int64) bool        { return l.ended[epoch] }
func (l *lender) May() error {
	if l.lease {
		return nil
	}
	return errors.New("no lease")
}

func guarded(t *testing.T) (*world, *lender) {
	t.Helper()
	w := newWorld(t.TempDir())
	l := &lender{marked: map[string]int64{}, ended: map[int64]bool{}}
	w.exec.Guardian = l
	return w, l
}

// TestAMarkedGuestRunsUnderALease: it is marked before it is there, and does not begin to
// run without a lease; one that is not recoverable does.
func TestAMarkedGuestRunsUnderALease(t *testing.T) {
	w, l := guarded(t)
	want := boot(1, running)
	want.Recoverable = true
	for range 50 {
		if _, next, err := w.step(want); err != nil {
			t.Fatal(err)
		} else if next > Again {
			w.now = w.now.Add(next)
		}
		if w.guest() != nil && l.marked[testInstance] != 1 {
			t.Fatal("the guest was there before its mark")
		}
	}
	if g := w.guest(); g != nil {
		t.Fatalf("without a lease there is %+v", *g)
	}
	l.lease = true
	s := mustSettle(t, w, want)
	wantStatus(t, s, 1, PhaseRunning, "")
	if !s.Guarded || w.guest().State != hypervisor.Running || l.marked[testInstance] != 1 {
		t.Fatalf("%v, marked %v", s, l.marked)
	}
	wantStatus(t, mustSettle(t, w, boot(1, destroyed)), 1, PhaseReleased, CauseAsked)
	if len(l.marked) != 0 {
		t.Errorf("still marked: %v", l.marked)
	}

	w, l = guarded(t)
	if s := mustSettle(t, w, boot(1, running)); s.Guarded || len(l.marked) != 0 {
		t.Errorf("a guest that stays where it is: %v, marked %v", s, l.marked)
	}
}

// TestALeaseThatRunsOutBetweenStartAndResume: the guest is there, and does not run.
func TestALeaseThatRunsOutBetweenStartAndResume(t *testing.T) {
	w, l := guarded(t)
	want := boot(1, running)
	want.Recoverable, l.lease = true, true
	for w.guest() == nil {
		if _, _, err := w.step(want); err != nil {
			t.Fatal(err)
		}
	}
	l.lease = false
	for range 20 {
		if _, _, err := w.step(want); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(1e9)
	}
	if g := w.guest(); g == nil || g.State != hypervisor.Paused || w.resumes != 0 {
		t.Fatalf("the guest is %+v after %d resumes", g, w.resumes)
	}
}

// TestWhatTheGuardianEndedIsToldApart from a crash.
func TestWhatTheGuardianEndedIsToldApart(t *testing.T) {
	w, l := guarded(t)
	want := boot(1, running)
	want.Recoverable, l.lease = true, true
	mustSettle(t, w, want)
	l.lease, l.ended[1] = false, true
	if !w.hyp.Crash(testInstance) {
		t.Fatal("there is no guest to crash")
	}
	wantStatus(t, mustSettle(t, w, want), 1, PhaseReleased, CauseFenced)
}
