package model

import "testing"

// TestStateOfExhaustive walks every combination of what is wanted, what came of the
// boot and how far it is, and holds the derived state against the rules in words.
func TestStateOfExhaustive(t *testing.T) {
	wants := []Desired{WantRunning, WantStopped, WantTerminated}
	outcomes := []Outcome{{}, {Epoch: 1, Desired: WantStopped}, {Epoch: 1, Desired: WantTerminated}, {Epoch: 2, Desired: WantStopped}, {Epoch: 2, Desired: WantTerminated}}
	for _, action := range []string{"stop", "terminate"} {
		for _, want := range wants {
			for _, out := range outcomes {
				for phase := Phase(-1); phase <= PhaseReleased; phase++ {
					for _, cause := range []EndCause{EndNone, EndAsked, EndPoweroff, EndCrashed, EndFailed, EndFenced} {
						i := &Instance{Desired: want, Epoch: 2, Outcome: out, ShutdownAction: action}
						var b *Boot
						if phase >= 0 {
							b = &Boot{Epoch: 2, Phase: phase, Cause: cause}
						}
						got := StateOf(i, b)
						final := want
						if out.Epoch == 2 && want != WantTerminated {
							final = out.Desired
						}
						alive := b != nil && phase < PhaseEnded
						var ok bool
						switch final {
						case WantTerminated:
							ok = alive && got == StateShuttingDown || !alive && got == StateTerminated
						case WantStopped:
							ok = alive && got == StateStopping || !alive && got == StateStopped
						default:
							lost := phase >= PhaseEnded && cause == EndFenced
							ok = phase < PhaseRunning && got == StatePending || (phase == PhaseRunning || lost) && got == StateRunning ||
								phase > PhaseRunning && !lost && (got == StateStopping || got == StateShuttingDown)
						}
						if !ok {
							t.Errorf("want %s, outcome %+v, phase %v, cause %q: %s", want, out, phase, cause, got.Name)
						}
					}
				}
			}
		}
	}
}
