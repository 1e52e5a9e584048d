package lifecycle

import (
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// AttachmentReport is what a host says of an interface's attachment: that its guest has the
// interface, or that it was to let it go and has.
type AttachmentReport struct {
	ID   string // eni-attach-...
	Gone bool
}

// inGuest reports whether an instance may have a guest now that has its interfaces.
func inGuest(r store.Reader, instance string) bool {
	i := store.Instances.Get(r, instance)
	if i == nil {
		return false
	}
	b := Boot(r, i)
	return b != nil && b.Phase < model.PhaseEnded
}

// Detach asks the guest for an interface, or takes it from an instance without one. Asked
// for again, it can only become more urgent.
func Detach(tx *store.Tx, eni string, force bool) error {
	i := store.Interfaces.Get(tx, eni)
	switch {
	case i == nil || i.Instance == "" || i.Leaving == model.LeaveForced || i.Leaving == model.LeaveAsked && !force:
		return nil
	case !inGuest(tx, i.Instance):
		return detached(tx, eni)
	}
	next := *i
	next.Leaving = model.LeaveAsked
	if force {
		next.Leaving = model.LeaveForced
	}
	return store.Interfaces.Put(tx, &next)
}

// detached ends an interface's attachment: no packet can come through it any more.
func detached(tx *store.Tx, eni string) error {
	if err := ReleasePublicAddress(tx, eni); err != nil {
		return err
	}
	row := store.Interfaces.Get(tx, eni)
	if i := store.Instances.Get(tx, row.Instance); i != nil {
		changed := *i
		changed.Interfaces = slices.DeleteFunc(slices.Clone(i.Interfaces), func(other string) bool { return other == eni })
		if err := store.Instances.Put(tx, &changed); err != nil {
			return err
		}
	}
	return store.Interfaces.Put(tx, free(row))
}

// free is an interface without its attachment.
func free(i *model.Interface) *model.Interface {
	next := *i
	next.Instance, next.AttachmentID, next.DeviceIndex, next.DeleteOnTermination = "", "", 0, false
	next.Arriving, next.Leaving = false, model.LeaveNot
	return &next
}

// reportAttachments takes a host's word on the attachments of the guest that it runs. One
// that is another by now is passed over, and none ends that was not to.
func reportAttachments(tx *store.Tx, instance string, said []AttachmentReport) error {
	for _, s := range said {
		for i := range store.Interfaces.By(tx, "instance", instance) {
			if i.AttachmentID != s.ID {
				continue
			}
			if err := reportAttachment(tx, i, s.Gone); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

func reportAttachment(tx *store.Tx, i *model.Interface, gone bool) error {
	switch {
	case gone && i.Leaving != model.LeaveNot:
		return detached(tx, i.ID)
	case !gone && i.Arriving:
		next := *i
		next.Arriving = false
		return store.Interfaces.Put(tx, &next)
	}
	return nil
}

// guestGone settles attachments when a guest is no more: what was to leave it has, and what
// was on its way will be there from the next start on. again says that the next one is about
// to come, and will be told of.
func guestGone(tx *store.Tx, instance string, again bool) error {
	for i := range store.Interfaces.By(tx, "instance", instance) {
		var err error
		switch {
		case i.Leaving != model.LeaveNot:
			err = detached(tx, i.ID)
		case i.Arriving && !again:
			err = reportAttachment(tx, i, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
