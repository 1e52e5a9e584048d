package lifecycle

import (
	"fmt"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// ShutByItself is the reason for the state of an instance whose guest shut down without
// being asked to.
var ShutByItself = model.Reason{Code: "Client.InstanceInitiatedShutdown", Message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown"}

// verdict is what is to be done for an instance.
type verdict int

const (
	nothing     verdict = iota
	recovered           // its host lost touch: Recover gives it the next boot
	endedItself         // the guest shut down: stop or terminate, as its owner asked
	crashed             // the guest died: stop, with the reason
	failed              // it never ran: terminate if it was the first launch, else stop
	timedOut            // the same, because it took too long
	force               // it does not go down: destroy it
	forceItself         // the same, for a guest that shuts down by itself
	complain            // tell the user that the host is silent
	letGo               // the guest is gone: release what a terminated instance has
	forget              // remove the rows
)

// situation is what verdicts rest on.
type situation struct {
	i        *model.Instance
	b        *model.Boot // nil if it never had one, or it is forgotten
	hostGone bool        // the boot's host was removed from the cluster
}

func (s situation) alive() bool { return s.b != nil && s.b.Phase < model.PhaseEnded }

// rules are what follows at once. The first that holds counts.
var rules = []struct {
	when func(situation) bool
	then verdict
}{
	{func(s situation) bool {
		return s.i.Effective() == model.WantTerminated && !s.alive() && s.i.Terminated.IsZero()
	}, letGo},
	{func(s situation) bool { return s.ended() && s.b.Cause == model.EndPoweroff }, endedItself},
	{func(s situation) bool { return s.ended() && s.b.Cause == model.EndFenced }, recovered},
	{func(s situation) bool { return s.ended() && s.b.Cause == model.EndFailed }, failed},
	{func(s situation) bool { return s.ended() }, crashed},
	{func(s situation) bool {
		return s.i.Effective() == model.WantRunning && s.b != nil && s.b.Phase < model.PhaseRunning && s.b.Reason.Code != ""
	}, failed},
}

// ended reports whether the guest is gone although it is to run.
func (s situation) ended() bool {
	return s.i.Effective() == model.WantRunning && s.b != nil && !s.alive()
}

// deadlines are what follows when a state lasts too long: every state that is not
// final has one. The states are EC2's, as model.StateOf derives them.
var deadlines = []struct {
	in    model.State
	when  func(situation) bool // nil is always
	since func(situation) time.Time
	after time.Duration
	then  verdict
}{
	{model.StatePending, nil, func(s situation) time.Time { return s.i.LaunchTime }, LaunchLimit, timedOut},
	{model.StateStopping, itself, lastChange, StopLimit, forceItself},
	{model.StateShuttingDown, itself, lastChange, StopLimit, forceItself},
	{model.StateStopping, gently, decided, StopLimit, force},
	{model.StateShuttingDown, gently, decided, StopLimit, force},
	{model.StateStopping, unsaid, decided, SilenceLimit, complain},
	{model.StateShuttingDown, unsaid, decided, SilenceLimit, complain},
	{model.StateTerminated, removable, func(s situation) time.Time { return s.i.Terminated }, TerminatedShown, forget},
}

// itself holds for a guest that shuts down without being asked to.
func itself(s situation) bool { return s.i.Effective() == model.WantRunning }

// gently holds for a guest that was asked to shut down and not forced yet.
func gently(s situation) bool { return !itself(s) && !s.i.ForceStop }

// unsaid holds until complain has told that the host is silent.
func unsaid(s situation) bool { return !itself(s) && s.i.Transition != silent(s.b) }

// removable holds when no host can have anything of the instance any more.
func removable(s situation) bool {
	return !s.i.Terminated.IsZero() && (s.b == nil || s.b.Phase == model.PhaseReleased || s.hostGone)
}

func lastChange(s situation) time.Time { return s.b.LastChange }

// decided is when it was decided that the guest has to go.
func decided(s situation) time.Time {
	if s.i.Outcome.Epoch == s.i.Epoch && s.i.Outcome.At.After(s.i.DesiredAt) {
		return s.i.Outcome.At
	}
	return s.i.DesiredAt
}

func silent(b *model.Boot) string {
	return fmt.Sprintf("Server.InternalError: host %s has not confirmed the end of the guest; the instance ends when it does", b.Host)
}

// decide says what is to be done for an instance now, and if nothing is, when to look
// again (zero: not before something changes).
func decide(s situation, now time.Time) (v verdict, due time.Time) {
	for _, r := range rules {
		if r.when(s) {
			return r.then, now
		}
	}
	state := model.StateOf(s.i, s.b)
	for _, d := range deadlines {
		if d.in != state || d.when != nil && !d.when(s) {
			continue
		}
		at := d.since(s).Add(d.after)
		if !now.Before(at) {
			return d.then, now
		}
		if due.IsZero() || at.Before(due) {
			due = at
		}
	}
	return nothing, due
}

func look(r store.Reader, i *model.Instance) situation {
	s := situation{i: i, b: Boot(r, i)}
	s.hostGone = s.b != nil && store.Hosts.Get(r, s.b.Host) == nil
	return s
}

// DueAt returns when Settle has something to do for an instance if nothing else
// happens; zero is never. It may lie in the past.
func DueAt(r store.Reader, id string, now time.Time) time.Time {
	i := store.Instances.Get(r, id)
	if i == nil {
		return time.Time{}
	}
	_, due := decide(look(r, i), now)
	return due
}

// Settle does what an instance's state and its age call for, until there is nothing
// more to do, and reports whether it did anything. DueAt says when to call it again.
func Settle(tx *store.Tx, id string) (changed bool, err error) {
	for {
		if did, err := settleOnce(tx, id); err != nil || !did {
			return changed, err
		}
		changed = true
	}
}

// settleOnce does the next thing, and reports whether there was one.
func settleOnce(tx *store.Tx, id string) (changed bool, err error) {
	i := store.Instances.Get(tx, id)
	if i == nil {
		return false, nil
	}
	s := look(tx, i)
	v, _ := decide(s, tx.Now())
	next := *i
	switch v {
	case nothing, recovered:
		return false, nil
	case endedItself, forceItself:
		next.Outcome = outcome(tx, i, shutdownOutcome(i), ShutByItself)
		next.ForceStop = next.ForceStop || v == forceItself
	case crashed:
		next.Outcome = outcome(tx, i, model.WantStopped, fault(s.b.Reason, "the guest ended unexpectedly"))
	case failed:
		next.Outcome = outcome(tx, i, failedOutcome(i), fault(s.b.Reason, "the guest could not be started"))
	case timedOut:
		next.Outcome = outcome(tx, i, failedOutcome(i), fault(model.Reason{}, timeoutText(s.b)))
	case force:
		next.ForceStop = true
	case complain:
		next.Transition = silent(s.b)
	case letGo:
		if err := errorsOf(dropInterfaces(tx, i), dropVolumes(tx, i)); err != nil {
			return false, err
		}
		next.Interfaces, next.Terminated = nil, tx.Now()
	case forget:
		return true, remove(tx, i)
	}
	return true, store.Instances.Put(tx, &next)
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func outcome(tx *store.Tx, i *model.Instance, d model.Desired, why model.Reason) model.Outcome {
	return model.Outcome{Epoch: i.Epoch, Desired: d, Reason: why, At: tx.Now()}
}

// shutdownOutcome is what a guest's own shutdown makes of its instance.
func shutdownOutcome(i *model.Instance) model.Desired {
	if i.ShutdownAction == "terminate" {
		return model.WantTerminated
	}
	return model.WantStopped
}

// failedOutcome is what a failed start makes of an instance: one that never ran is of
// no use, one that did has data.
func failedOutcome(i *model.Instance) model.Desired {
	if i.Epoch <= 1 {
		return model.WantTerminated
	}
	return model.WantStopped
}

// fault is the reason for an end that nobody asked for, in the words of the host if
// it had any.
func fault(host model.Reason, otherwise string) model.Reason {
	code, message := host.Code, host.Message
	if code == "" {
		code = "Server.InternalError"
	}
	if message == "" {
		message = otherwise
	}
	return model.Reason{Code: code, Message: code + ": " + message}
}

func timeoutText(b *model.Boot) string {
	if b == nil {
		return "the instance had no host"
	}
	return fmt.Sprintf("host %s did not start the guest within %v (it was %s)", b.Host, LaunchLimit, b.Phase)
}

// remove deletes the rows of a terminated instance. Its reservation goes with the last
// of its instances.
func remove(tx *store.Tx, i *model.Instance) error {
	for b := range store.Boots.By(tx, "instance", i.ID) {
		if err := store.Boots.Delete(tx, b.ID); err != nil {
			return err
		}
	}
	if err := store.Instances.Delete(tx, i.ID); err != nil {
		return err
	}
	for range store.Instances.By(tx, "reservation", i.ReservationID) {
		return nil
	}
	return store.Reservations.Delete(tx, i.ReservationID)
}
