package boot

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/proto/agentpb"
	"pgregory.net/rapid"
)

// story is a life of an instance: each line is reconciled until it settles.
func story() []*agentpb.Boot {
	rebooted := boot(1, running)
	rebooted.RebootCount = 1
	second := boot(2, running)
	second.RebootCount = 1
	return []*agentpb.Boot{
		boot(1, running), rebooted, boot(1, ended), second,
		boot(3, running), rewired(boot(3, running), 1, 2, 3), rewired(boot(3, running), 1, 3), boot(3, running),
		rewired(boot(3, running), 1, 2, 3), detaching(rewired(boot(3, running), 1, 2, 3), 2, agentpb.Interface_ASKED), boot(3, running),
		detaching(rewired(boot(3, running), 1, 2), 1, agentpb.Interface_FORCED), boot(3, running),
		boot(3, destroyed),
	}
}

// tell runs the story and returns what was so after each line.
func tell(w *world) ([]string, error) {
	var so []string
	for i, b := range story() {
		s, err := w.settle(b)
		if err != nil {
			return so, fmt.Errorf("line %d: %w", i, err)
		}
		g := w.guest()
		line := fmt.Sprintf("epoch %d phase %d cause %q", s.GetEpoch(), s.GetPhase(), s.GetCause())
		if g != nil {
			line += fmt.Sprintf("; guest epoch %d %v %v, taps %v; %s", g.Epoch, g.State, g.NICs, w.taps, attachments(s))
		}
		if err := w.falselyTold(b, s); err != nil {
			return so, fmt.Errorf("line %d: %w", i, err)
		}
		so = append(so, line)
	}
	return so, w.leftovers()
}

// The agent ends at each point around each effect, once and twice in a row: every
// line of the story must end as it does undisturbed, and no boot may run twice.
func TestACrashAtAnyPointEndsInTheSamePlace(t *testing.T) {
	calm := newWorld(t.TempDir())
	want, err := tell(calm)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ second, stride int }{{-1, 1}, {1, 4}} {
		second, points := c.second, 0
		for k := 0; ; k += c.stride {
			w := newWorld(t.TempDir())
			w.crashIn = k
			restarted := false
			w.hookRestart = func() {
				if !restarted && second >= 0 {
					restarted, w.crashIn = true, second
				}
			}
			got, err := tell(w)
			if err != nil {
				t.Fatalf("crash at point %d, then %d: %v", k, second, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("crash at point %d, then %d (-calm +crashed):\n%s", k, second, diff)
			}
			if w.crashed == 0 {
				break // past the story's last point
			}
			points++
		}
		if points*c.stride < 80 {
			t.Fatalf("only %d points were tried", points)
		}
	}
}

// The guest dies while the agent is away, at each point of its launch. If it had been
// resumed it has run, and is never started again; if not, it is.
func TestAGuestThatDiedWhileTheAgentWasAwayNeverRunsAgain(t *testing.T) {
	for k := 0; ; k++ {
		w := newWorld(t.TempDir())
		w.crashIn = k
		w.hookRestart = func() { w.hyp.Crash(testInstance) }
		s, err := w.settle(boot(1, running))
		if err != nil {
			t.Fatalf("crash at point %d: %v", k, err)
		}
		if w.crashed == 0 {
			break
		}
		switch {
		case w.resumes > 1:
			t.Fatalf("crash at point %d: resumed %d times", k, w.resumes)
		case w.guest() == nil && s.GetCause() != CauseCrashed, w.guest() != nil && s.GetPhase() != PhaseRunning:
			t.Fatalf("crash at point %d: %v with guest %v", k, s, w.guest())
		}
		if _, err := w.settle(boot(1, destroyed)); err != nil {
			t.Fatal(err)
		}
		if err := w.leftovers(); err != nil {
			t.Fatalf("crash at point %d: %v", k, err)
		}
	}
}

// Doing the first step of a plan leaves the rest of it: what people were shown is
// what happens.
func TestThePlanIsWhatHappens(t *testing.T) {
	w := newWorld(t.TempDir())
	for _, b := range []*agentpb.Boot{boot(1, running), boot(2, running), rewired(boot(2, running), 1, 2, 3), boot(2, destroyed)} {
		plan, err := w.exec.Plan(t.Context(), b, testInstance)
		if err != nil {
			t.Fatal(err)
		}
		for len(plan) > 0 {
			if _, _, err := w.step(b); err != nil {
				t.Fatal(err)
			}
			rest, err := w.exec.Plan(t.Context(), b, testInstance)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(lines(plan[1:]), lines(rest)); diff != "" {
				t.Fatalf("after %s (-announced +planned):\n%s", plan[0], diff)
			}
			plan = rest
		}
	}
}

func lines(steps []Step) []string {
	out := []string{}
	for _, s := range steps {
		out = append(out, s.String())
	}
	return out
}

// Whatever happens to guest, agent and hypervisor in whatever order, no boot runs
// twice, phases and epochs only grow, a cause never changes once told, and at the
// end all is cleared away.
func TestAnyLifeEndsClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, remove := tempDir(t)
		defer remove()
		w := newWorld(dir)
		want := boot(1, running)
		var told agentpb.BootStatus
		see := func(s *agentpb.BootStatus) {
			if s == nil {
				return
			}
			if s.Epoch < told.Epoch || s.Epoch == told.Epoch && s.Phase < told.Phase {
				t.Fatalf("went back from %v to %v", &told, s)
			}
			if s.Epoch == told.Epoch && told.Phase >= PhaseEnded && (s.Cause != told.Cause || s.ReasonMessage != told.ReasonMessage) {
				t.Fatalf("the cause changed from %v to %v", &told, s)
			}
			told.Epoch, told.Phase, told.Cause, told.ReasonMessage = s.Epoch, s.Phase, s.Cause, s.ReasonMessage
		}
		t.Repeat(map[string]func(*rapid.T){
			"step": func(*rapid.T) {
				s, next, err := w.step(want)
				if err == nil {
					see(s)
					if err := w.falselyTold(want, s); err != nil {
						t.Fatal(err)
					}
				}
				if next > Again {
					w.now = w.now.Add(next)
				}
			},
			"crash soon":  func(t *rapid.T) { w.crashIn = rapid.IntRange(0, 5).Draw(t, "points") },
			"restart":     func(*rapid.T) { w.restart() },
			"poweroff":    func(*rapid.T) { w.hyp.PowerOff(testInstance) },
			"kill":        func(*rapid.T) { w.hyp.Crash(testInstance) },
			"reboot":      func(*rapid.T) { w.hyp.RebootItself(testInstance) },
			"stall":       func(*rapid.T) { w.hyp.Stall(testInstance) },
			"lose causes": func(*rapid.T) { w.hyp.LoseCauses() },
			"deaf":        func(t *rapid.T) { w.hyp.Inject(testInstance, sim.Fault{Deaf: rapid.Bool().Draw(t, "deaf")}) },
			"away":        func(t *rapid.T) { w.hyp.Fail(awayOrNot(rapid.Bool().Draw(t, "away"))) },
			"ask reboot":  func(*rapid.T) { want.RebootCount++ },
			"rewire": func(t *rapid.T) {
				ids := []int{1}
				for n := 2; n <= 4 && len(ids) < 3; n++ { // a fourth has to wait for a slot
					if rapid.Bool().Draw(t, "has") {
						ids = append(ids, n)
					}
				}
				rewired(want, ids...)
				for n := range want.Interfaces[1:] {
					want.Interfaces[n+1].Detach = rapid.SampledFrom([]agentpb.Interface_Detach{0, 0, 1, 2}).Draw(t, "detach")
				}
			},
			"stop":    func(*rapid.T) { want.Want = max(want.Want, ended) },
			"destroy": func(*rapid.T) { want.Want = destroyed },
			"next epoch": func(*rapid.T) {
				n := boot(want.Epoch+1, running)
				n.RebootCount = want.RebootCount
				want = n
			},
			"lose taps": func(*rapid.T) {
				if g := w.guest(); g == nil {
					clearTaps(w)
				}
			},
			"": func(t *rapid.T) {
				if w.breach != nil {
					t.Fatal(w.breach)
				}
			},
		})
		w.hyp.Fail(nil)
		w.crashIn = -1
		want.Want = destroyed
		s, err := w.settle(want)
		if err != nil {
			t.Fatal(err)
		}
		see(s)
		if s.GetPhase() != PhaseReleased {
			t.Fatalf("in the end %v", s)
		}
		if err := w.leftovers(); err != nil {
			t.Fatal(err)
		}
	})
}
