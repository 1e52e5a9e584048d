package lifecycle

import (
	"fmt"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// What a host may say of a volume's file.
const (
	VolumeCreated = "created"
	VolumeDeleted = "deleted"
	VolumeFailed  = "failed" // it could not be made; the message says why
)

// ReportVolume takes a host's report of a volume. A volume that could not be made
// fails its instance's boot. Reports of volumes without a row are passed over: the
// host learns from its assignments that they are orphans.
func ReportVolume(tx *store.Tx, host, id, state, message string) error {
	v := store.Volumes.Get(tx, id)
	if v == nil {
		return nil
	}
	if v.Host != host {
		return fmt.Errorf("volume %s: %w but %s's", id, ErrWrongHost, v.Host)
	}
	switch state {
	case VolumeCreated:
		return attached(tx, id)
	case VolumeDeleted:
		if v.State == model.VolumeDeleting {
			return store.Volumes.Delete(tx, id)
		}
	case VolumeFailed:
		return failBoot(tx, v, message)
	}
	return nil
}

// attached moves a volume that has its file on from creating.
func attached(tx *store.Tx, id string) error {
	v := store.Volumes.Get(tx, id)
	if v == nil || v.State != model.VolumeCreating {
		return nil
	}
	next := *v
	next.State = model.VolumeInUse
	return store.Volumes.Put(tx, &next)
}

// failBoot notes on a boot that has not run why it cannot.
func failBoot(tx *store.Tx, v *model.Volume, message string) error {
	i := store.Instances.Get(tx, v.Instance)
	if i == nil {
		return nil
	}
	b := Boot(tx, i)
	if b == nil || b.Phase >= model.PhaseRunning || b.Reason.Code != "" {
		return nil
	}
	next := *b
	next.Reason = model.Reason{Code: "Server.InternalError", Message: clip("root volume: " + message)}
	if err := store.Boots.Put(tx, &next); err != nil {
		return err
	}
	_, err := Settle(tx, i.ID)
	return err
}

// dropVolumes ends what a terminated instance has of volumes: they are deleted, or
// kept without it.
func dropVolumes(tx *store.Tx, i *model.Instance) error {
	for v := range store.Volumes.By(tx, "instance", i.ID) {
		next := *v
		if v.DeleteOnTermination {
			next.State = model.VolumeDeleting
		} else {
			next.State, next.Instance, next.Device = model.VolumeAvailable, "", ""
		}
		if err := store.Volumes.Put(tx, &next); err != nil {
			return err
		}
	}
	return nil
}
