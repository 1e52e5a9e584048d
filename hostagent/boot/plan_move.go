package boot

import (
	"fmt"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// Going is how far an attempt of this process is to move a guest to another host.
type Going int

// The stages of an attempt.
const (
	GoingNot    Going = iota
	GoingOn           // under way
	GoingFailed       // the guest is here
	GoingGone         // the other host has all of it, and it is paused here
)

// The steps of moves.
const (
	OpReceive Op = "receive" // be ready for the guest that comes
	OpArrive  Op = "arrive"  // record that it is this boot now
	OpGo      Op = "go"      // begin to move the guest to another host
	OpGiveUp  Op = "give-up" // end the attempt
	OpStay    Op = "stay"    // record that the guest stays
	OpLetGo   Op = "let-go"  // end the guest that has moved
	OpDrop    Op = "drop"    // remove the volume's file, if it is another host's now
)

// coming brings a boot that another host's guest moves to as far as to where it can
// arrive, and no further.
func coming(want *agentpb.Boot, o Observed) []Step {
	r, g := o.Record, o.Guest
	step := func(op Op) Step { return Step{Op: op, Epoch: r.Epoch} }
	switch {
	case !r.Arrived.IsZero():
		return arrived(want, o)
	case want.GetFrom() == nil:
		next := *r
		next.Arrived = o.Now
		o.Record, o.NetworkReady = &next, false
		return append([]Step{step(OpArrive)}, arrived(want, o)...)
	case g != nil && g.State == hypervisor.Running: // somebody resumed it by hand, and the source may run
		return append([]Step{{Op: OpDestroy, Epoch: r.Epoch, Why: "it ran before it had arrived"}}, finish(o.ended(), notArrived("it was resumed on its way"))...)
	case g != nil && g.State == hypervisor.Ended:
		return finish(o, notArrived("its process here ended"))
	case g != nil:
		return []Step{{Op: OpWait, After: o.Limits.Poll, Why: "for the guest to arrive"}}
	}
	var steps []Step
	if !o.ImageReady {
		steps = append(steps, step(OpImage))
	}
	if !o.VolumeReady {
		steps = append(steps, step(OpVolume))
	}
	if !o.NetworkReady {
		steps = append(steps, step(OpNetwork))
	}
	for _, n := range r.NICs {
		if o.Taps[n.ID] == TapAttached {
			steps = append(steps, Step{Op: OpUntap, Epoch: r.Epoch, NIC: n})
		}
		if o.Taps[n.ID] != TapInHost {
			steps = append(steps, Step{Op: OpTap, Epoch: r.Epoch, NIC: n})
		}
	}
	if !o.Expected {
		steps = append(steps, step(OpReceive))
	}
	return append(steps, Step{Op: OpWait, After: o.Limits.Poll, Why: "for the guest to arrive"})
}

func notArrived(why string) Ending {
	return Ending{Cause: CauseFailed, Code: "Server.MigrationFailed", Message: "Server.MigrationFailed: the guest did not arrive: " + why}
}

func lostOnArrival(why string) Ending {
	return Ending{Cause: CauseCrashed, Code: "Server.MigrationFailed", Message: "Server.MigrationFailed: the guest was lost when it had moved here: " + why}
}

// arrived lets a guest run that has moved here: the source let go of it for ever. There is
// nothing to start it from if it is lost.
//
// An interface that was taken from it by force on its way is in no plan of the network: it is
// let go once the guest runs.
func arrived(want *agentpb.Boot, o Observed) []Step {
	r, g := o.Record, o.Guest
	lost := func(why string) []Step {
		e := lostOnArrival(why)
		if g == nil || g.State == hypervisor.Ended {
			return finish(o, e)
		}
		return append([]Step{{Op: OpDestroy, Epoch: r.Epoch, Why: why}}, finish(o.ended(), e)...)
	}
	switch {
	case g == nil || g.State == hypervisor.Ended:
		return lost("its process ended")
	case !r.Arrived.IsZero() && o.Now.Sub(r.Arrived) >= o.Limits.Arrive:
		return lost(fmt.Sprintf("it did not run within %v", o.Limits.Arrive))
	}
	var steps []Step
	if !o.NetworkReady {
		steps = append(steps, Step{Op: OpNetwork, Epoch: r.Epoch})
	}
	for _, n := range r.NICs {
		if detachOf(want, n.ID) == agentpb.Interface_FORCED {
			continue
		}
		switch o.Taps[n.ID] {
		case TapAbsent:
			return lost("its tap is gone")
		case TapInHost:
			steps = append(steps, Step{Op: OpAttach, Epoch: r.Epoch, NIC: n})
		}
	}
	return append(steps, Step{Op: OpResume, Epoch: r.Epoch}, Step{Op: OpSeen, Epoch: r.Epoch})
}

// going moves a guest to the host that the assignment names, or sees to it that it stays.
// It reports false if there is nothing of that to do.
func going(want *agentpb.Boot, o Observed) ([]Step, bool) {
	r, g := o.Record, o.Guest
	to := want.GetTo()
	wanted := to != nil && !to.GetCancel() && want.GetWant() == agentpb.Boot_WANT_RUNNING && r.StopAsked.IsZero()
	wait := Step{Op: OpWait, After: o.Limits.Poll, Why: "for the guest to move"}
	switch o.Going {
	case GoingGone:
		return append([]Step{{Op: OpEnd, Epoch: r.Epoch, Ending: Ending{Cause: CauseMoved}}, {Op: OpLetGo, Epoch: r.Epoch}}, clear(o)...), true
	case GoingOn:
		if !wanted && !o.GivenUp {
			return []Step{{Op: OpGiveUp, Epoch: r.Epoch}, wait}, true
		}
		return []Step{wait}, true
	}
	if g == nil || g.State == hypervisor.Ended {
		return nil, false
	}
	begun := r.Going > r.Stays
	if !begun && (to == nil || to.GetEpoch() <= r.Stays) {
		return nil, false
	}
	if !begun && wanted && r.Resumed && g.State == hypervisor.Running {
		return []Step{{Op: OpGo, Epoch: r.Epoch, Count: to.GetEpoch()}, wait}, true
	}
	var steps []Step
	if begun && g.State == hypervisor.Paused { // the attempt has left it so, and the other host never runs it
		steps = append(steps, Step{Op: OpResume, Epoch: r.Epoch})
	}
	return append(steps, stay(to, r, o)), true
}

// stay records why a guest does not move.
func stay(to *agentpb.To, r *Record, o Observed) Step {
	s := Step{Op: OpStay, Epoch: r.Epoch, Count: max(r.Going, to.GetEpoch())}
	switch {
	case o.Going == GoingFailed:
		s.Why = o.GoingError
	case r.Going > r.Stays:
		s.Why = "the host's agent was restarted meanwhile"
	case to.GetCancel():
		s.Why = "it was cancelled before it began"
	default:
		s.Why = "the guest does not run"
	}
	return s
}

// drops removes what a move leaves of the volume: the source's file once the move is the
// control plane's truth too, the destination's if the guest never came.
func drops(want *agentpb.Boot, o Observed) []Step {
	r := o.Record
	switch {
	case r.Volume == "": // done
	case r.Ended != nil && r.Ended.Cause == CauseMoved && !r.GoingShared:
		if want.GetEpoch() == r.Epoch && want.GetWant() == agentpb.Boot_WANT_RUNNING {
			return []Step{{Op: OpWait, After: 10 * time.Second, Why: "for the control plane to know that the guest has moved"}, {Op: OpDrop, Epoch: r.Epoch}}
		}
		return []Step{{Op: OpDrop, Epoch: r.Epoch}}
	case r.Coming != nil && !r.Coming.Shared && r.Arrived.IsZero():
		return []Step{{Op: OpDrop, Epoch: r.Epoch}}
	}
	return nil
}
