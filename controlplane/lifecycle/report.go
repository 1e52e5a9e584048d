package lifecycle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

var (
	// ErrStale says that a report is of something that is no longer so. It changed
	// nothing; the errors below are its kinds.
	ErrStale = errors.New("stale report")
	// ErrUnknownBoot says that there is no such boot: whatever the host has of it is an
	// orphan.
	ErrUnknownBoot = fmt.Errorf("%w: unknown boot", ErrStale)
	// ErrOldEpoch says that the boot is not the instance's present one.
	ErrOldEpoch = fmt.Errorf("%w: old epoch", ErrStale)
	// ErrWrongHost says that a host reported what belongs to another.
	ErrWrongHost = fmt.Errorf("%w: not this host's", ErrStale)
)

// BootReport is what a host says of a boot. It is absolute: saying it again changes
// nothing.
type BootReport struct {
	Instance string
	Epoch    int64
	Phase    model.Phase
	Cause    model.EndCause // why it ended, from PhaseEnded on
	Reason   model.Reason   // what went wrong, if anything
	Guarded  bool           // the host's guardian ends it when the host's lease has run out
	Ready    bool           // for the guest that is to move here
	Stays    int64          // the epoch that the guest was to move as, and never will
	Why      string         // it stays
	Steps    []model.Step

	Attachments []AttachmentReport // of a guest that runs
}

// Bounds of what a host may write into a boot: it is not trusted to be sane.
const (
	maxSteps  = 64
	maxDetail = 1024
)

// ReportBoot takes a host's report of a boot. A phase behind the known one is passed
// over, its steps are not. When the guest is gone, the host's capacity is free and
// what follows for the instance is done in the same transaction. Errors are
// ErrUnknownBoot, ErrOldEpoch and ErrWrongHost, and those of the store.
func ReportBoot(tx *store.Tx, host string, st BootReport) error {
	b := store.Boots.Get(tx, model.BootID(st.Instance, st.Epoch))
	i := store.Instances.Get(tx, st.Instance)
	switch {
	case b == nil || i == nil:
		return fmt.Errorf("%w %s", ErrUnknownBoot, model.BootID(st.Instance, st.Epoch))
	case b.Host != host:
		return fmt.Errorf("boot %s: %w but %s's", b.ID, ErrWrongHost, b.Host)
	case b.Coming():
		return reportComing(tx, b, st)
	case b.Epoch != i.Epoch && b.Moves(): // the guest never moved here
		return endOld(tx, b, st)
	case b.Epoch < i.Epoch && st.Phase < model.PhaseEnded:
		return fmt.Errorf("boot %s: %w; the present one is %d", b.ID, ErrOldEpoch, i.Epoch)
	case b.Epoch < i.Epoch:
		return endOld(tx, b, st)
	}
	if st.Stays != 0 {
		if err := staysBySource(tx, b, st.Stays, st.Why); err != nil {
			return err
		}
		b = store.Boots.Get(tx, b.ID)
	}
	if st.Phase < model.PhaseEnded {
		if err := reportAttachments(tx, i.ID, st.Attachments); err != nil {
			return err
		}
		i = store.Instances.Get(tx, i.ID)
	}
	next, changed := merge(*b, st)
	if !changed {
		return nil
	}
	forward := next.Phase > b.Phase
	ended := b.Phase < model.PhaseEnded && next.Phase >= model.PhaseEnded
	if forward {
		next.LastChange = tx.Now()
	}
	if ended && next.Cause == model.EndNone {
		next.Cause = causeUnsaid(i, b)
	}
	if ended {
		if err := endPresent(tx, i, &next); err != nil {
			return err
		}
	} else if err := store.Boots.Put(tx, &next); err != nil {
		return err
	}
	if next.Phase == model.PhaseRunning && forward {
		if err := attached(tx, i.RootVolume); err != nil {
			return err
		}
	}
	_, err := Settle(tx, i.ID)
	return err
}

// endPresent writes the end of an instance's present boot, and gives back what it held.
func endPresent(tx *store.Tx, i *model.Instance, b *model.Boot) error {
	hasMoved := b.Cause == model.EndMoved
	if hasMoved {
		lost, err := moved(tx, i, b)
		if err != nil {
			return err
		}
		if lost != nil {
			hasMoved, b.Cause, b.Reason = false, causeUnsaid(i, b), *lost
		}
	}
	if err := store.Boots.Put(tx, b); err != nil {
		return err
	}
	if hasMoved || b.Cause == model.EndFenced {
		if err := letGoOf(tx, b); err != nil { // the address stays for the next boot
			return err
		}
	} else if err := release(tx, i, b); err != nil {
		return err
	}
	if hasMoved {
		return forgetBoots(tx, store.Instances.Get(tx, i.ID))
	}
	again := b.Cause == model.EndFenced && i.Effective() == model.WantRunning
	if err := guestGone(tx, i.ID, again); err != nil {
		return err
	}
	return dropComing(tx, b, "the guest ended: "+string(b.Cause))
}

// causeUnsaid is why a boot ended when its host lost track and cannot say. If nobody
// asked for it, it was no good end.
func causeUnsaid(i *model.Instance, before *model.Boot) model.EndCause {
	switch {
	case i.Effective() != model.WantRunning:
		return model.EndAsked
	case before.Phase < model.PhaseRunning:
		return model.EndFailed
	}
	return model.EndCrashed
}

// endOld writes the end of a boot that is not its instance's present one: the host is
// done with it. It means nothing for the instance.
func endOld(tx *store.Tx, b *model.Boot, st BootReport) error {
	if st.Phase <= b.Phase || st.Phase > model.PhaseReleased {
		return nil
	}
	next := *b
	next.Phase, next.LastChange = st.Phase, tx.Now()
	if b.Phase < model.PhaseEnded {
		if err := letGoOf(tx, b); err != nil {
			return err
		}
	}
	return store.Boots.Put(tx, &next)
}

// merge returns a boot with what a report adds to it.
func merge(b model.Boot, st BootReport) (model.Boot, bool) {
	changed := false
	if st.Phase > b.Phase && st.Phase <= model.PhaseReleased {
		b.Phase, changed = st.Phase, true
		if b.Cause == model.EndNone {
			b.Cause = st.Cause
		}
	}
	if st.Guarded && !b.Guarded {
		b.Guarded, changed = true, true
	}
	if b.Reason.Code == "" && st.Reason.Code != "" {
		b.Reason, changed = model.Reason{Code: st.Reason.Code, Message: clip(st.Reason.Message)}, true
	}
	b.Steps = slices.Clone(b.Steps)
	for _, s := range st.Steps {
		s.Detail, s.At = clip(s.Detail), s.At.UTC()
		at := slices.IndexFunc(b.Steps, func(have model.Step) bool { return have.Name == s.Name })
		switch {
		case at < 0 && len(b.Steps) < maxSteps:
			b.Steps, changed = append(b.Steps, s), true
		case at >= 0 && b.Steps[at].Detail == "" && s.Detail != "":
			b.Steps[at].Detail, changed = s.Detail, true
		}
	}
	return b, changed
}

func clip(s string) string {
	if len(s) > maxDetail {
		return s[:maxDetail] + "..."
	}
	return s
}

// release gives back what a boot holds once its guest is gone: the host's capacity
// and the address that was lent for this boot.
func release(tx *store.Tx, i *model.Instance, b *model.Boot) error {
	if err := releaseCapacity(tx, i, b); err != nil {
		return err
	}
	for _, id := range i.Interfaces {
		if err := ReleasePublicAddress(tx, id); err != nil {
			return err
		}
	}
	return nil
}
