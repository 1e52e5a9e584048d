package boot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// nicsKey names the set of interfaces that the network serves, in whatever order.
func nicsKey(want *agentpb.Boot) string {
	var ids []string
	for _, i := range want.GetInterfaces() {
		if Served(i) {
			ids = append(ids, i.GetId())
		}
	}
	slices.Sort(ids)
	return "nics " + strings.Join(ids, " ")
}

// Served reports whether an assigned interface is to have traffic: one that the guest is asked
// for has, until it is let go.
func Served(i *agentpb.Interface) bool { return i.GetDetach() != agentpb.Interface_FORCED }

// detachOf says how an interface is to leave the guest. One that is not assigned at all is
// given up by the servers, and is only to be cleared away.
func detachOf(want *agentpb.Boot, id string) agentpb.Interface_Detach {
	for _, i := range want.GetInterfaces() {
		if i.GetId() == id {
			return i.GetDetach()
		}
	}
	return agentpb.Interface_ASKED
}

// attachments says which of the assigned interfaces the guest has, and which of those that it
// is asked for it has no more.
func (o *Observed) attachments(want *agentpb.Boot) []*agentpb.AttachmentStatus {
	r := o.Record
	if r == nil || r.Ended != nil || r.Epoch != want.GetEpoch() {
		return nil
	}
	var out []*agentpb.AttachmentStatus
	for _, i := range want.GetInterfaces() {
		n, there := find(r.NICs, i.GetId())
		at := hypervisor.NICGone
		if o.Guest != nil {
			at = o.Guest.NICs[i.GetMac()]
		}
		state := agentpb.AttachmentStatus_ATTACHED
		switch {
		case i.GetDetach() == agentpb.Interface_NO && there && n.Leaving.IsZero() && r.Resumed && at == hypervisor.NICUp: // a link comes after its rules
		case i.GetDetach() != agentpb.Interface_NO && !there && at == hypervisor.NICGone && o.Taps[i.GetId()] == TapAbsent,
			i.GetDetach() == agentpb.Interface_FORCED && there && !n.Cut.IsZero():
			state = agentpb.AttachmentStatus_DETACHED
		default:
			continue
		}
		out = append(out, &agentpb.AttachmentStatus{Id: i.GetAttachment(), State: state})
	}
	return out
}

// find returns an interface of a list, by its id.
func find(nics []NIC, id string) (NIC, bool) {
	i := slices.IndexFunc(nics, func(n NIC) bool { return n.ID == id })
	if i < 0 {
		return NIC{}, false
	}
	return nics[i], true
}

// without is a list less one interface.
func without(nics []NIC, id string) []NIC {
	return slices.DeleteFunc(slices.Clone(nics), func(n NIC) bool { return n.ID == id })
}

// enlist and delist are steps on the record's interfaces; they note in o that they are done.
func (o *Observed) enlist(n NIC) Step {
	r := *o.Record
	r.NICs = append(without(r.NICs, n.ID), n)
	o.Record = &r
	return Step{Op: OpEnlist, Epoch: r.Epoch, NIC: n}
}

func (o *Observed) delist(n NIC) Step {
	r := *o.Record
	r.NICs = without(r.NICs, n.ID)
	o.Record = &r
	return Step{Op: OpDelist, Epoch: r.Epoch, NIC: n}
}

// reassign gives a boot that has not run yet the interfaces that it is assigned now, in
// their order.
func (o *Observed) reassign(want *agentpb.Boot) []Step {
	r := o.Record
	wanted := newRecord(want, o.Now, o.TapName).NICs
	same := func(a, b NIC) bool { return a.ID == b.ID }
	if slices.EqualFunc(r.NICs, wanted, same) {
		return nil
	}
	var steps []Step
	if o.Guest != nil && o.Guest.State == hypervisor.Paused {
		steps = append(steps, Step{Op: OpDestroy, Epoch: r.Epoch, Why: "it was started with other interfaces, and never ran"})
		*o = o.ended()
	}
	for _, n := range r.NICs {
		if _, keep := find(wanted, n.ID); keep {
			continue
		}
		if o.Taps[n.ID] != TapAbsent {
			steps = append(steps, Step{Op: OpUntap, Epoch: r.Epoch, NIC: n})
		}
		steps = append(steps, o.delist(n))
	}
	for _, n := range wanted {
		if !slices.EqualFunc(o.Record.NICs, wanted, same) { // puts it last, so that all are in order then
			steps = append(steps, o.enlist(n))
		}
	}
	return steps
}

// rewire plugs interfaces into a running guest and has it let go of others, until it has
// those that it is assigned.
func rewire(want *agentpb.Boot, o Observed) []Step {
	wanted := newRecord(want, o.Now, o.TapName).NICs
	had := o.Record.NICs
	var steps, waits []Step
	for _, n := range had {
		if _, keep := find(wanted, n.ID); keep && n.Leaving.IsZero() {
			continue
		}
		if do := leave(&o, n, detachOf(want, n.ID) == agentpb.Interface_FORCED); do[0].Op == OpWait {
			waits = append(waits, do...)
		} else {
			steps = append(steps, do...)
		}
	}
	for _, n := range wanted {
		have, there := find(had, n.ID)
		if !have.Leaving.IsZero() {
			continue // it is plugged again when it has left
		}
		if !there {
			steps = append(steps, o.enlist(n))
		}
		steps = append(steps, join(&o, n)...)
	}
	return abreast(steps, waits)
}

// join gives a running guest an interface. It sees the link when the tap is where its
// packets are filtered, and not before.
func join(o *Observed, n NIC) []Step {
	epoch := o.Record.Epoch
	at, tap := o.Guest.NICs[n.MAC], o.Taps[n.ID]
	step := func(op Op) Step { return Step{Op: op, Epoch: epoch, NIC: n} }
	var steps []Step
	switch {
	case at == hypervisor.NICUp:
		return nil
	case at == hypervisor.NICDown && tap == TapAbsent: // somebody deleted the tap that it has open
		return []Step{step(OpUnplug)}
	case at == hypervisor.NICGone && tap == TapAttached: // of an agent that died, or a guest that let go unasked
		steps, tap = append(steps, step(OpUntap)), TapAbsent
	}
	if tap == TapAbsent {
		steps, tap = append(steps, step(OpTap)), TapInHost
	}
	if at == hypervisor.NICGone {
		steps = append(steps, step(OpPlug))
	}
	if tap == TapInHost {
		if !o.NetworkReady {
			steps, o.NetworkReady = append(steps, Step{Op: OpNetwork, Epoch: epoch}), true
		}
		steps = append(steps, step(OpAttach))
	}
	return append(steps, step(OpLink))
}

// leave has a running guest let go of an interface. One that is taken by force is given up
// soon: the network serves it no more, and what the guest has of it leads nowhere.
func leave(o *Observed, n NIC, force bool) []Step {
	step := func(op Op) Step { return Step{Op: op, Epoch: o.Record.Epoch, NIC: n} }
	var after []Step
	if o.Taps[n.ID] != TapAbsent { // the tap goes last: QEMU has it open
		after = append(after, step(OpUntap))
	}
	after = append(after, o.delist(n))
	if o.Guest.NICs[n.MAC] == hypervisor.NICGone {
		return after
	}
	wait := Step{Op: OpWait, After: o.Limits.Poll, Why: "for the guest to let go of " + n.ID}
	again := o.Limits.Button
	if o.overdue(n) {
		wait.Why += fmt.Sprintf(": it has not within %v", o.Limits.Unplug)
		wait.After, again = o.Limits.Button, o.Limits.Unplug
		if n.Stuck.IsZero() {
			return append([]Step{step(OpStuck), wait}, after...)
		}
	}
	if n.Leaving.IsZero() || o.Now.Sub(n.Asked) >= again {
		return append([]Step{step(OpUnplug), wait}, after...)
	}
	if force && n.Cut.IsZero() && o.Now.Sub(n.Leaving) >= o.Limits.Force {
		var cut []Step
		if !o.NetworkReady {
			cut, o.NetworkReady = append(cut, Step{Op: OpNetwork, Epoch: o.Record.Epoch}), true
		}
		return append(append(cut, step(OpCut), wait), after...)
	}
	return append([]Step{wait}, after...)
}

func (o *Observed) overdue(n NIC) bool {
	return !n.Leaving.IsZero() && o.Now.Sub(n.Leaving) >= o.Limits.Unplug
}

// abreast puts one plan before another, so that what only waits holds up nothing.
func abreast(a, b []Step) []Step {
	waits := func(s []Step) bool { return len(s) > 0 && s[0].Op == OpWait }
	switch {
	case len(a) == 0:
		return b
	case waits(a) && len(b) > 0 && (!waits(b) || b[0].After < a[0].After):
		return append(slices.Clone(b), a...)
	}
	return append(slices.Clone(a), b...)
}
