package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/proto/agentpb"
)

// volumePort returns what gives boots their volumes.
func (a *Agent) volumePort() boot.Volumes {
	if a.cfg.Images == nil {
		return simVolumes{a, a.volumeDir()}
	}
	return localVolumes{a}
}

// localVolumes are qcow2 files of this host's image store.
type localVolumes struct{ a *Agent }

// Image implements boot.Volumes. An image that is not here is fetched, and checked like
// any other: its digest is its name.
func (v localVolumes) Image(ctx context.Context, volume string) error {
	want := v.a.set.volume(volume)
	if want == nil {
		return boot.ErrNotYet // its assignment comes with the boot's or right after it
	}
	_, err := v.a.cfg.Images.Get(want.ImageDigest)
	if errors.Is(err, imagestore.ErrNotFound) && v.a.cfg.FetchImage != nil {
		return v.fetch(ctx, want.ImageDigest)
	}
	if errors.Is(err, imagestore.ErrNotFound) {
		return &boot.Failure{Code: "Server.InternalError", Message: fmt.Sprintf("the image %s is not on this host: import it here", want.ImageDigest)}
	}
	return err
}

func (v localVolumes) fetch(ctx context.Context, digest string) error {
	body, err := v.a.cfg.FetchImage(ctx, digest)
	if err != nil {
		return fmt.Errorf("fetch the image %s: %w", digest, err)
	}
	defer body.Close()
	_, err = v.a.cfg.Images.Import(ctx, body, imagestore.Options{SHA256: digest, Format: imagestore.FormatQcow2})
	if errors.Is(err, imagestore.ErrNoSpace) {
		return &boot.Failure{Code: "Server.InsufficientVolumeCapacity", Message: fmt.Sprintf("the host's disk is full: %v", err)}
	}
	return err
}

// Volume implements boot.Volumes.
func (v localVolumes) Volume(ctx context.Context, volume string) (hypervisor.Disk, error) {
	want := v.a.set.volume(volume)
	if want == nil || want.Deleted {
		return hypervisor.Disk{}, &boot.Failure{Code: "Server.InternalError", Message: "the root volume is not there any more"}
	}
	if want.Exists && !want.Coming { // an empty one in its place would look like a guest that lost all it had
		if _, err := v.a.cfg.Images.Volume(volume); errors.Is(err, imagestore.ErrNotFound) {
			return hypervisor.Disk{}, &boot.Failure{Code: "Server.InternalError", Message: fmt.Sprintf("the file of the root volume %s is not on this host: is its storage mounted?", volume)}
		}
	}
	path, err := v.a.cfg.Images.CreateRoot(ctx, volume, want.ImageDigest, int(want.SizeGib))
	if errors.Is(err, imagestore.ErrNoSpace) {
		return hypervisor.Disk{}, &boot.Failure{Code: "Server.InsufficientVolumeCapacity", Message: fmt.Sprintf("the host's disk is full: %v", err)}
	}
	if err != nil {
		return hypervisor.Disk{}, err
	}
	image, err := v.a.cfg.Images.Get(want.ImageDigest)
	if err != nil {
		return hypervisor.Disk{}, err
	}
	v.a.reports.volume(&agentpb.VolumeStatus{Id: volume, State: agentpb.VolumeStatus_CREATED})
	return hypervisor.Disk{
		Path: path, Format: "qcow2", Serial: serial(volume),
		Backing: &hypervisor.Disk{Path: image.Path, Format: "qcow2"},
	}, nil
}

// Drop implements boot.Volumes.
func (v localVolumes) Drop(_ context.Context, volume string) error { return v.a.drop(volume) }

// drop removes the file of a volume that another host has.
func (a *Agent) drop(volume string) error {
	if have := a.set.volume(volume); have != nil && !have.Coming {
		return nil
	}
	return a.deleteVolume(volume)
}

// serial is the volume's id as EC2's NVMe disks show it: without the dash.
func serial(volume string) string {
	out := ""
	for _, r := range volume {
		if r != '-' {
			out += string(r)
		}
	}
	return out[:min(len(out), 20)]
}

// simVolumes serves simulated guests: a volume is an empty file.
type simVolumes struct {
	a   *Agent
	dir string
}

// Drop implements boot.Volumes.
func (v simVolumes) Drop(_ context.Context, volume string) error { return v.a.drop(volume) }

// Image implements boot.Volumes.
func (v simVolumes) Image(context.Context, string) error { return nil }

// Volume implements boot.Volumes.
func (v simVolumes) Volume(_ context.Context, volume string) (hypervisor.Disk, error) {
	if err := os.MkdirAll(v.dir, 0o711); err != nil {
		return hypervisor.Disk{}, err
	}
	f, err := os.OpenFile(filepath.Join(v.dir, volume), os.O_CREATE|os.O_RDONLY, 0o600)
	if err != nil {
		return hypervisor.Disk{}, err
	}
	return hypervisor.Disk{Path: f.Name(), Format: "qcow2"}, f.Close()
}

func (s *assignments) volume(id string) *agentpb.Volume {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.items["volume/"+id].GetVolume()
}

func (a *Agent) volumeKeys() iter.Seq[string] {
	return func(yield func(string) bool) {
		var ids []string
		a.set.each("volume/", func(i *agentpb.Item) { ids = append(ids, i.GetVolume().GetId()) })
		for _, id := range ids {
			if !yield(id) {
				return
			}
		}
	}
}

// volume removes a volume that is assigned to be removed. Files that no assignment names
// are left alone: only an explicit word destroys data. Making a volume is its boot's step.
func (a *Agent) volume(_ context.Context, id string) (time.Duration, error) {
	want := a.set.volume(id)
	if want == nil || !want.Deleted {
		return 0, nil
	}
	if b := a.set.boot(want.InstanceId); b != nil && b.RootVolume == id && a.reports.phase(b.InstanceId, b.Epoch) < boot.PhaseReleased {
		return 200 * time.Millisecond, nil // its guest may still have it open
	}
	failpoint.Hit("volume.before")
	if err := a.deleteVolume(id); err != nil {
		return 0, fmt.Errorf("volume %s: %w", id, err)
	}
	failpoint.Hit("volume.after")
	a.reports.volume(&agentpb.VolumeStatus{Id: id, State: agentpb.VolumeStatus_DELETED})
	return 0, nil
}

// deleteVolume removes a volume's file; one that is gone is no error.
func (a *Agent) deleteVolume(id string) error {
	if a.cfg.Images == nil {
		err := os.Remove(filepath.Join(a.volumeDir(), id))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	err := a.cfg.Images.DeleteVolume(id)
	if errors.Is(err, imagestore.ErrNotFound) {
		return nil
	}
	return err
}

func (a *Agent) volumeDir() string { return filepath.Join(a.cfg.DataDir, "volumes") }
