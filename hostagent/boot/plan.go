package boot

import (
	"fmt"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// Limits bound how long a boot waits for others. Zero fields take the default.
type Limits struct {
	Prepare time.Duration // from the assignment to a running guest; 30 min (an image may have to come from far)
	Starts  int           // failed starts before the boot fails; 3
	Pause   time.Duration // after the first failed start; twice as long after the next; 2 s
	Stop    time.Duration // from the power button to the hard end; 2 min
	Reboot  time.Duration // from the power button to the reset button; 2 min
	Button  time.Duration // between presses: a guest that still boots misses the first; 10 s
	Stall   time.Duration // before a guest that its disk stopped is resumed again; 10 s
	Arrive  time.Duration // from a guest's arrival from another host until it runs; 1 min
	Poll    time.Duration // before looking again at what others are making; 1 s
	Unplug  time.Duration // for a guest to let go of an interface, before it is said that it does not; 2 min
	Force   time.Duration // the same, before one that is taken by force is given up; 5 s
	Keep    time.Duration // how long the console of a boot no longer assigned is kept; 7 days
}

func (l Limits) withDefaults() Limits {
	pick := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	pick(&l.Prepare, 30*time.Minute)
	pick(&l.Pause, 2*time.Second)
	pick(&l.Stop, 2*time.Minute)
	pick(&l.Reboot, 2*time.Minute)
	pick(&l.Button, 10*time.Second)
	pick(&l.Stall, 10*time.Second)
	pick(&l.Arrive, time.Minute)
	pick(&l.Poll, time.Second)
	pick(&l.Unplug, 2*time.Minute)
	pick(&l.Force, 5*time.Second)
	pick(&l.Keep, 7*24*time.Hour)
	if l.Starts <= 0 {
		l.Starts = 3
	}
	return l
}

// Observed is what a plan is made from, besides the assignment.
type Observed struct {
	Now     time.Time
	Limits  Limits
	TapName func(eni string) string // names the taps of a boot that is new here
	Record  *Record                 // nil: none
	Guest   *hypervisor.Guest       // nil: the hypervisor knows none of the instance
	Taps    map[string]TapState     // by interface, of the record's and the assignment's
	// What was seen to for the assignment's epoch: the network by this process, as it
	// may not have outlived the one before, and for the interfaces that are assigned now.
	ImageReady, VolumeReady, NetworkReady bool
	LastResume                            time.Time // zero: this process resumed nothing

	// Of moves, by this process: whether it waits for the guest that comes, and how far
	// an attempt is to send it away, which it may have given up.
	Expected   bool
	Going      Going
	GivenUp    bool
	GoingError string
}

// Op is a kind of step.
type Op string

// The kinds of steps.
const (
	OpAccept  Op = "accept"  // make the record of an epoch
	OpImage   Op = "image"   // see to the image
	OpVolume  Op = "volume"  // see to the root volume
	OpNetwork Op = "network" // see to the VPC on this host
	OpTap     Op = "tap"     // create a tap
	OpStart   Op = "start"   // start the guest, paused
	OpAttach  Op = "attach"  // move a tap into its VPC
	OpResume  Op = "resume"  // let the guest run
	OpSeen    Op = "seen"    // record that the guest runs
	OpReboot  Op = "reboot"  // ask the guest to reboot
	OpReset   Op = "reset"   // reboot it hard
	OpDone    Op = "done"    // record that the reboot was done
	OpButton  Op = "button"  // press the power button
	OpDestroy Op = "destroy" // end the guest at once
	OpEnd     Op = "end"     // record the end and its cause
	OpForget  Op = "forget"  // drop the ended guest from the hypervisor
	OpUntap   Op = "untap"   // remove a tap
	OpEnlist  Op = "enlist"  // record that there is to be an interface
	OpDelist  Op = "delist"  // record that nothing of one is left
	OpPlug    Op = "plug"    // plug an interface into a running guest, without a link
	OpLink    Op = "link"    // give it the link
	OpUnplug  Op = "unplug"  // ask a running guest to let go of an interface
	OpStuck   Op = "stuck"   // say that it does not
	OpCut     Op = "cut"     // record that nothing gets through one that it has not let go
	OpRelease Op = "release" // record that nothing is left but the console
	OpDiscard Op = "discard" // remove the console and the record
	OpWait    Op = "wait"    // look again later
	OpRefuse  Op = "refuse"  // leave alone what is newer than the assignment
)

// Step is one thing to do. String tells it to people.
type Step struct {
	Op     Op
	Epoch  int64
	NIC    NIC           // of those that are about an interface
	Count  int64         // of reboot, reset, done; of go and stay, the epoch of the move
	Ending Ending        // of end
	After  time.Duration // of wait
	Why    string        // of wait, refuse, destroy, stay
}

// String returns the step as a line of a plan.
func (s Step) String() string {
	switch s.Op {
	case OpTap, OpAttach, OpUntap, OpEnlist, OpDelist, OpPlug, OpLink, OpUnplug, OpStuck, OpCut:
		return fmt.Sprintf("%s %s (%s)", s.Op, s.NIC.Tap, s.NIC.ID)
	case OpGo:
		return fmt.Sprintf("go epoch %d, as %d", s.Epoch, s.Count)
	case OpStay:
		return fmt.Sprintf("stay epoch %d, not %d: %s", s.Epoch, s.Count, s.Why)
	case OpReboot, OpReset, OpDone:
		return fmt.Sprintf("%s epoch %d, count %d", s.Op, s.Epoch, s.Count)
	case OpEnd:
		return fmt.Sprintf("end epoch %d: %s", s.Epoch, s.Ending.Cause)
	case OpWait:
		return fmt.Sprintf("wait %v %s", s.After, s.Why)
	case OpRefuse, OpDestroy:
		return fmt.Sprintf("%s epoch %d: %s", s.Op, s.Epoch, s.Why)
	default:
		return fmt.Sprintf("%s epoch %d", s.Op, s.Epoch)
	}
}

// PlanBoot returns what remains to be done to give the assignment what it wants;
// nothing, when all is as it should be. A nil assignment is an orphan's: an instance
// that this host knows of and nobody assigns to it. An orphan's guest is left
// running: only an assignment of that epoch, or of a newer one, ends a guest.
//
// Doing the first step and planning again yields the rest of the plan, unless the
// world has moved.
func PlanBoot(want *agentpb.Boot, o Observed) []Step {
	o.Limits = o.Limits.withDefaults()
	if o.Record != nil && o.Guest != nil && o.Guest.Epoch > o.Record.Epoch {
		o.Record = nil // lost, and an older one found: the guest is the better witness
	}
	if want == nil {
		return orphan(o)
	}
	epoch := want.GetEpoch()
	if known := o.newest(); known > epoch {
		return []Step{{Op: OpRefuse, Epoch: epoch, Why: fmt.Sprintf("epoch %d is on this host", known)}}
	}
	var steps []Step
	if o.Record == nil || o.Record.Epoch < epoch {
		if o.Guest == nil || o.Guest.Epoch < epoch {
			steps = retire(&o)
		}
		steps = append(steps, Step{Op: OpAccept, Epoch: epoch})
		o.Record = newRecord(want, o.Now, o.TapName)
	}
	r := o.Record
	if !r.Released.IsZero() {
		return steps
	}
	if r.Ended != nil {
		return append(steps, clearFor(want, o)...)
	}
	if move, busy := going(want, o); busy {
		return append(steps, move...)
	}
	switch {
	case r.Resuming && (o.Guest == nil || o.Guest.State == hypervisor.Ended):
		return append(steps, finish(o, ending(want, r, o.Guest))...)
	case r.Coming != nil && !r.Resumed && want.GetWant() == agentpb.Boot_WANT_ENDED && r.StopAsked.IsZero() && o.Guest != nil && o.Guest.State == hypervisor.Paused:
		return append(steps, coming(want, o)...) // it was to end when it had moved: it runs, to be asked
	case want.GetWant() != agentpb.Boot_WANT_RUNNING || !r.StopAsked.IsZero():
		return append(steps, stop(want, o)...)
	case r.Coming != nil && r.Arrived.IsZero():
		return append(steps, coming(want, o)...)
	case r.Coming != nil && !r.Resumed && (o.Guest == nil || o.Guest.State != hypervisor.Running):
		return append(steps, arrived(want, o)...)
	case r.Resuming || o.Guest != nil && o.Guest.State == hypervisor.Running:
		return append(steps, keep(want, o)...)
	default:
		return append(steps, prepare(want, o)...)
	}
}

// newest returns the highest epoch known on this host.
func (o *Observed) newest() int64 {
	var e int64
	if o.Record != nil {
		e = o.Record.Epoch
	}
	if o.Guest != nil {
		e = max(e, o.Guest.Epoch)
	}
	return e
}

// newRecord names the taps with tap, or TapName if that is nil.
func newRecord(want *agentpb.Boot, now time.Time, tap func(eni string) string) *Record {
	if tap == nil {
		tap = TapName
	}
	r := &Record{Instance: want.GetInstanceId(), Epoch: want.GetEpoch(), Accepted: now, RebootsDone: want.GetRebootCount(), Volume: want.GetRootVolume()}
	if f := want.GetFrom(); f != nil {
		r.Coming = &Coming{Host: f.GetHost(), Epoch: f.GetEpoch(), Shared: f.GetShared()}
	}
	for _, i := range want.GetInterfaces() {
		if i.GetDetach() == agentpb.Interface_NO || r.Coming != nil { // a guest that moves here brings it along
			r.NICs = append(r.NICs, nicOf(i, tap))
		}
	}
	return r
}

func nicOf(i *agentpb.Interface, tap func(eni string) string) NIC {
	return NIC{ID: i.GetId(), Tap: tap(i.GetId()), VPC: i.GetVpcId(), Subnet: i.GetSubnetId(), MAC: i.GetMac()}
}

// retire clears away an older epoch: its guest is destroyed before the newer starts,
// so that no two ever run here. It leaves o as it will be then.
func retire(o *Observed) []Step {
	var steps []Step
	if g := o.Guest; g != nil {
		if g.State != hypervisor.Ended {
			steps = append(steps, Step{Op: OpDestroy, Epoch: g.Epoch, Why: "a newer epoch is assigned"})
		}
		steps = append(steps, Step{Op: OpForget, Epoch: g.Epoch})
		o.Guest = nil
	}
	if o.Record != nil {
		steps = append(steps, untap(o)...)
	}
	return steps
}

// untap removes the record's taps, and notes in o that they are gone.
func untap(o *Observed) []Step {
	var steps []Step
	taps := map[string]TapState{}
	for id, t := range o.Taps {
		taps[id] = t
	}
	for _, n := range o.Record.NICs {
		if taps[n.ID] != TapAbsent {
			steps = append(steps, Step{Op: OpUntap, Epoch: o.Record.Epoch, NIC: n})
			taps[n.ID] = TapAbsent
		}
	}
	o.Taps = taps
	return steps
}

// prepare brings a boot that has not run yet to where it does.
func prepare(want *agentpb.Boot, o Observed) []Step {
	if why, over := hopeless(o); over {
		return finish(o, Ending{Cause: CauseFailed, Code: "Server.InternalError", Message: "Server.InternalError: " + why})
	}
	steps := o.reassign(want)
	r, g := o.Record, o.Guest
	if r.Starts > 0 && (g == nil || g.State == hypervisor.Ended) {
		pause := o.Limits.Pause << (r.Starts - 1)
		if left := r.StartTried.Add(pause).Sub(o.Now); left > 0 { // hints of the failure itself come at once
			steps = append(steps, Step{Op: OpWait, After: left, Why: "before starting it again"})
		}
	}
	add := func(op Op) { steps = append(steps, Step{Op: op, Epoch: r.Epoch}) }
	paused := g != nil && g.State == hypervisor.Paused
	if !paused && !o.ImageReady {
		add(OpImage)
	}
	if !paused && !o.VolumeReady {
		add(OpVolume)
	}
	for _, n := range r.NICs {
		if paused && o.Taps[n.ID] == TapAbsent {
			steps = append(steps, Step{Op: OpDestroy, Epoch: r.Epoch, Why: "it was started on a tap that is gone, and never ran"})
			paused = false
			break
		}
	}
	if !paused {
		for _, n := range r.NICs {
			if o.Taps[n.ID] == TapAttached {
				steps = append(steps, Step{Op: OpUntap, Epoch: r.Epoch, NIC: n})
			}
			if o.Taps[n.ID] != TapInHost {
				steps = append(steps, Step{Op: OpTap, Epoch: r.Epoch, NIC: n})
			}
		}
		add(OpStart)
	}
	// The network is wanted when the taps move into it, and not before: it is made while
	// the guest's processes start.
	if !o.NetworkReady && !(paused && o.allAttached()) {
		add(OpNetwork)
	}
	for _, n := range r.NICs {
		if !paused || o.Taps[n.ID] == TapInHost {
			steps = append(steps, Step{Op: OpAttach, Epoch: r.Epoch, NIC: n})
		}
	}
	add(OpResume)
	add(OpSeen)
	return steps
}

// allAttached reports whether each of the record's taps is where the guest needs it.
func (o *Observed) allAttached() bool {
	for _, n := range o.Record.NICs {
		if o.Taps[n.ID] != TapAttached {
			return false
		}
	}
	return true
}

// hopeless says why a boot that has not run yet never will.
func hopeless(o Observed) (string, bool) {
	r := o.Record
	if r.Starts >= o.Limits.Starts {
		return fmt.Sprintf("the guest could not be started (%d tries): %s", r.Starts, r.StartError), true
	}
	if o.Now.Sub(r.Accepted) >= o.Limits.Prepare {
		why := "not ready"
		switch {
		case !o.ImageReady:
			why = "the image is not on the host"
		case !o.VolumeReady:
			why = "the root volume is not on the host"
		case !o.NetworkReady:
			why = "the network is not ready"
		}
		return fmt.Sprintf("the guest did not run within %v: %s", o.Limits.Prepare, why), true
	}
	return "", false
}

// keep looks after a boot that runs, or is about to.
func keep(want *agentpb.Boot, o Observed) []Step {
	r, g := o.Record, o.Guest
	switch {
	case g.State == hypervisor.Running && !r.Resumed:
		return append([]Step{{Op: OpSeen, Epoch: r.Epoch}}, abreast(reboots(want, o), rewire(want, o))...)
	case g.State == hypervisor.Running:
		return abreast(reboots(want, o), rewire(want, o))
	case !r.Resumed: // we stopped between recording the intent and resuming
		return []Step{{Op: OpResume, Epoch: r.Epoch}, {Op: OpSeen, Epoch: r.Epoch}}
	case g.Stalled:
		resume := []Step{{Op: OpResume, Epoch: r.Epoch}}
		if left := o.LastResume.Add(o.Limits.Stall).Sub(o.Now); left > 0 {
			return append([]Step{{Op: OpWait, After: left, Why: "for the guest's disk"}}, resume...)
		}
		return resume
	default:
		return nil // an operator has paused it, and will resume it
	}
}

// reboots asks the guest for the reboots that the assignment counts, once for all
// that came together.
func reboots(want *agentpb.Boot, o Observed) []Step {
	r, n := o.Record, want.GetRebootCount()
	if n <= r.RebootsDone {
		return nil
	}
	done := Step{Op: OpDone, Epoch: r.Epoch, Count: n}
	hard := []Step{{Op: OpReset, Epoch: r.Epoch, Count: n}, done}
	wait := func(d time.Duration) Step { return Step{Op: OpWait, After: d, Why: "for the guest to reboot"} }
	if r.RebootAsked.IsZero() {
		return append([]Step{{Op: OpReboot, Epoch: r.Epoch, Count: n}, wait(o.Limits.Reboot)}, hard...)
	}
	if !o.Guest.LastReboot.Before(r.RebootAsked) {
		return []Step{done}
	}
	if left := r.RebootAsked.Add(o.Limits.Reboot).Sub(o.Now); left > 0 {
		return append([]Step{wait(left)}, hard...)
	}
	return hard
}
