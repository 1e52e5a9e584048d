// Package lifecycle moves instances, boots, volumes and public addresses through
// their lives. Its functions work on a transaction and are the only ones that change
// those states: package ec2 calls them for users, dispatch for the hosts' reports,
// control when time has passed.
//
// What follows from a state is decided by decide, a pure function over tables;
// Settle carries it out. Settle is level-triggered: it may be called for any instance
// at any time; DueAt says when it has something to do next. ReportBoot and the functions
// that change what is wanted settle at once, in the same transaction, so that no
// reader sees a guest that is gone with an address that is still taken.
package lifecycle

import (
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// The deadlines of states that are not final, and how long what is final is shown.
const (
	// LaunchLimit is how long a boot may take to its guest's first instruction:
	// fetching a large image between hosts is the longest part of it.
	LaunchLimit = 15 * time.Minute
	// StopLimit is how long a guest has to shut down, by itself or asked to. The host
	// forces it sooner; this holds if the host did not.
	StopLimit = 5 * time.Minute
	// SilenceLimit is when users are told that a host does not carry out an end.
	SilenceLimit = 10 * time.Minute
	// TerminatedShown is how long a terminated instance is shown.
	TerminatedShown = time.Hour
)

// Boot returns the boot of an instance's present epoch, or nil.
func Boot(r store.Reader, i *model.Instance) *model.Boot {
	return store.Boots.Get(r, model.BootID(i.ID, i.Epoch))
}

// State returns an instance's state as EC2 names it.
func State(r store.Reader, i *model.Instance) model.State { return model.StateOf(i, Boot(r, i)) }

// Want is what a host is to do with a boot.
type Want int

// What hosts are asked for: see agent.proto's Boot.Want.
const (
	Run     Want = iota
	End          // ask the guest to shut down, then force it
	Destroy      // force it at once
)

// WantOf says what is to become of an instance's present boot. A terminated
// instance's guest gets time to shut down only if its root volume is to be kept.
func WantOf(r store.Reader, i *model.Instance, b *model.Boot) Want {
	want := i.Effective()
	switch {
	case want == model.WantRunning:
		return Run
	case i.ForceStop || b.Phase < model.PhaseRunning:
		return Destroy
	case want == model.WantTerminated:
		if v := store.Volumes.Get(r, i.RootVolume); v == nil || v.DeleteOnTermination {
			return Destroy
		}
	}
	return End
}

// Begin makes the boot of an instance's present epoch on a host, and takes the host's
// capacity. The caller has placed it with View in this transaction, and put the
// instance. The boot before the last is forgotten; the last stays for its timeline.
func Begin(tx *store.Tx, i *model.Instance, size Size, host, why string) error {
	return BeginIn(tx, i, size, schedule.Spot{Host: host, Partition: i.Placement.Partition, Why: why})
}

// BeginIn is Begin for a boot that the scheduler gave a partition, or a slot of a capacity
// reservation.
func BeginIn(tx *store.Tx, i *model.Instance, size Size, spot schedule.Spot) error {
	b := newBoot(tx, i, i.Epoch, size, spot)
	if err := store.Boots.Put(tx, b); err != nil {
		return err
	}
	if err := hold(tx, b); err != nil {
		return err
	}
	return forgetBoots(tx, i)
}

func newBoot(tx *store.Tx, i *model.Instance, epoch int64, size Size, spot schedule.Spot) *model.Boot {
	now := tx.Now()
	return &model.Boot{
		ID: model.BootID(i.ID, epoch), Instance: i.ID, Epoch: epoch, Host: spot.Host,
		VCPUs: size.VCPUs, MemoryMiB: size.MemoryMiB, Network: size.Network, Created: now, LastChange: now, Placement: spot.Why,
		Steps:   []model.Step{{Name: "accepted", At: now}, {Name: "placed", At: now, Detail: spot.Host}},
		Account: i.Account, Dedicated: i.Placement.Tenancy == "dedicated",
		Group: i.Placement.GroupID, Partition: spot.Partition, Reservation: spot.Reservation,
	}
}

// forgetBoots deletes the boots before the last. One that a guest was to move to is kept
// until its host has nothing of it: a guest that never ran may be there.
func forgetBoots(tx *store.Tx, i *model.Instance) error {
	boots := slices.Collect(store.Boots.By(tx, "instance", i.ID))
	last := int64(0)
	for _, b := range boots {
		if b.Epoch < i.Epoch && !b.Moves() {
			last = max(last, b.Epoch)
		}
	}
	for _, b := range boots {
		if b.Epoch >= last || b.Moves() && b.Phase < model.PhaseReleased {
			continue
		}
		if err := store.Boots.Delete(tx, b.ID); err != nil {
			return err
		}
	}
	return nil
}

// Stop records that an instance is to be stopped, and why, as EC2 says it. It changes
// nothing if that is so already; force then still counts.
func Stop(tx *store.Tx, i *model.Instance, force bool) error {
	if i.Effective() == model.WantStopped {
		if !force || i.ForceStop {
			return nil
		}
		next := *i
		next.ForceStop = true
		return store.Instances.Put(tx, &next)
	}
	return want(tx, i, model.WantStopped, force)
}

// Terminate records that an instance is to be terminated. It changes nothing if that
// is so already.
func Terminate(tx *store.Tx, i *model.Instance, force bool) error {
	if i.Effective() == model.WantTerminated {
		return nil
	}
	return want(tx, i, model.WantTerminated, force)
}

func want(tx *store.Tx, i *model.Instance, d model.Desired, force bool) error {
	next := *i
	next.Desired, next.DesiredAt, next.ForceStop = d, tx.Now(), force
	next.Reason = model.Reason{Code: "Client.UserInitiatedShutdown", Message: "Client.UserInitiatedShutdown: User initiated shutdown"}
	next.Transition = "User initiated (" + tx.Now().Format("2006-01-02 15:04:05 GMT") + ")"
	if err := store.Instances.Put(tx, &next); err != nil {
		return err
	}
	if !inGuest(tx, i.ID) { // it waited for its next start
		if err := guestGone(tx, i.ID, false); err != nil {
			return err
		}
	}
	_, err := Settle(tx, i.ID)
	return err
}
