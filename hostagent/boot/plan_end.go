package boot

import (
	"fmt"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// stop ends a boot that is wanted no longer.
func stop(want *agentpb.Boot, o Observed) []Step {
	r, g := o.Record, o.Guest
	asked := Ending{Cause: CauseAsked}
	if g == nil || g.State == hypervisor.Ended {
		return finish(o, asked)
	}
	destroy := func(why string) []Step {
		return append([]Step{{Op: OpDestroy, Epoch: r.Epoch, Why: why}}, finish(o.ended(), asked)...)
	}
	switch {
	case want.GetWant() == agentpb.Boot_WANT_DESTROYED:
		return destroy("asked to end it at once")
	case g.State != hypervisor.Running:
		return destroy("it does not run, so it cannot be asked")
	case r.StopAsked.IsZero():
		button := []Step{{Op: OpButton, Epoch: r.Epoch}, {Op: OpWait, After: o.Limits.Button, Why: "for the guest to power off"}}
		return append(button, finish(o.ended(), asked)...)
	}
	left := r.StopAsked.Add(o.Limits.Stop).Sub(o.Now)
	if left <= 0 {
		return destroy(fmt.Sprintf("it did not power off within %v", o.Limits.Stop))
	}
	again := r.Button.Add(o.Limits.Button).Sub(o.Now)
	wait := Step{Op: OpWait, After: min(left, max(again, 0)), Why: "for the guest to power off"}
	if again <= 0 {
		wait.After = min(left, o.Limits.Button)
		return append([]Step{{Op: OpButton, Epoch: r.Epoch}, wait}, finish(o.ended(), asked)...)
	}
	return append([]Step{wait}, finish(o.ended(), asked)...)
}

// ended returns o as it is once the guest has ended.
func (o Observed) ended() Observed {
	if o.Guest != nil {
		g := *o.Guest
		g.State = hypervisor.Ended
		o.Guest = &g
	}
	return o
}

// finish records an end and clears the guest away.
func finish(o Observed, e Ending) []Step {
	return append([]Step{{Op: OpEnd, Epoch: o.Record.Epoch, Ending: e}}, clear(o)...)
}

// clear removes what a boot whose end is recorded has left.
func clear(o Observed) []Step { return clearFor(nil, o) }

func clearFor(want *agentpb.Boot, o Observed) []Step {
	r := o.Record
	var steps []Step
	if g := o.Guest; g != nil {
		if g.State != hypervisor.Ended {
			if r.Ended != nil && r.Ended.Cause == CauseMoved {
				steps = append(steps, Step{Op: OpLetGo, Epoch: g.Epoch})
			}
			steps = append(steps, Step{Op: OpDestroy, Epoch: g.Epoch, Why: "its boot has ended"})
		}
		steps = append(steps, Step{Op: OpForget, Epoch: g.Epoch})
	}
	steps = append(steps, untap(&o)...)
	steps = append(steps, drops(want, o)...)
	return append(steps, Step{Op: OpRelease, Epoch: r.Epoch})
}

// ending says why a guest that had run is there no longer.
func ending(want *agentpb.Boot, r *Record, g *hypervisor.Guest) Ending {
	if want != nil && want.GetWant() != agentpb.Boot_WANT_RUNNING || !r.StopAsked.IsZero() {
		return Ending{Cause: CauseAsked}
	}
	end := hypervisor.EndUnknown
	if g != nil {
		end = g.End
	}
	crashed := func(why string) Ending {
		return Ending{Cause: CauseCrashed, Code: "Server.InternalError", Message: "Server.InternalError: " + why}
	}
	if r.Coming != nil && !r.Arrived.IsZero() && !r.Resumed {
		return lostOnArrival("it could not be made to run here")
	}
	switch end {
	case hypervisor.EndPoweroff:
		return Ending{Cause: CausePoweroff, Code: "Client.InstanceInitiatedShutdown",
			Message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown"}
	case hypervisor.EndCrashed:
		return crashed("the guest's process died, or its kernel panicked")
	case hypervisor.EndDestroyed:
		return crashed("the guest was destroyed on its host, not by Mica")
	case hypervisor.EndFailed:
		return crashed("the guest failed")
	default:
		return crashed("the guest is gone and nobody knows why: its host or hypervisor was restarted")
	}
}

// orphan looks after an instance that nobody assigns to this host. What runs goes on.
func orphan(o Observed) []Step {
	r, g := o.Record, o.Guest
	if r == nil && g == nil {
		return nil
	}
	if g != nil && g.State == hypervisor.Paused && r != nil && r.Coming != nil && r.Arrived.IsZero() {
		return append([]Step{{Op: OpDestroy, Epoch: g.Epoch, Why: "it never ran here, and is not to come any more"}}, finish(o.ended(), notArrived("its assignment was withdrawn"))...)
	}
	if g != nil && g.State != hypervisor.Ended {
		return nil
	}
	if r == nil {
		return []Step{{Op: OpForget, Epoch: g.Epoch}}
	}
	switch {
	case r.Released.IsZero() && r.Ended == nil:
		e := Ending{Cause: CauseAsked, Message: "its assignment was withdrawn before it ran"}
		if r.Resuming {
			e = ending(nil, r, g)
		}
		return finish(o, e)
	case r.Released.IsZero():
		return clear(o)
	}
	if left := r.Released.Add(o.Limits.Keep).Sub(o.Now); left > 0 {
		return []Step{{Op: OpWait, After: left, Why: "to keep the console"}, {Op: OpDiscard, Epoch: r.Epoch}}
	}
	return []Step{{Op: OpDiscard, Epoch: r.Epoch}}
}
