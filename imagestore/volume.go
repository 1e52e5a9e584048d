package imagestore

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/micacloud/mica/internal/ids"
)

// volumeClusterBits is qcow2's default, 64 KiB: an L2 table of one cluster maps 512 MiB.
const volumeClusterBits = 16

// VolumeInfo describes a volume.
type VolumeInfo struct {
	ID          string // vol-...
	Path        string // absolute; qcow2
	Image       string // digest of the image that it overlays
	VirtualSize int64  // bytes that a guest sees
	Allocated   int64  // bytes that it takes on disk
}

// CreateRoot makes the root volume id (vol-...) as an overlay of the image, sizeGiB
// large (0: as large as the image), and returns its path. It is idempotent: a volume
// that is there already is left as it is, and that it is of another image is
// ErrConflict. ErrNotFound says that the image is not here, ErrTooSmall that the
// image is larger than sizeGiB.
func (s *Store) CreateRoot(ctx context.Context, id, imageDigest string, sizeGiB int) (string, error) {
	path, err := s.volumePath(id)
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", context.Cause(ctx)
	}
	s.shared.RLock()
	defer s.shared.RUnlock()
	defer s.lockVolume(id)()
	image, err := s.Get(imageDigest)
	if err != nil {
		return "", err
	}
	size := int64(sizeGiB) << 30
	if sizeGiB == 0 {
		size = image.VirtualSize
	}
	if size < image.VirtualSize {
		return "", fmt.Errorf("%w: %d GiB asked for, the image has %d bytes", ErrTooSmall, sizeGiB, image.VirtualSize)
	}
	err = s.overlays(id, imageDigest)
	if errors.Is(err, ErrNotFound) {
		err = s.writeOverlay(path, image.Path, size)
	}
	if errors.Is(err, fs.ErrExist) { // of a host that shares the folder, and was faster: a guest may have written to it
		err = s.overlays(id, imageDigest)
	}
	if err != nil {
		return "", err
	}
	return path, nil
}

// overlays is nil if the volume is there and of the image, else ErrNotFound or ErrConflict.
func (s *Store) overlays(id, imageDigest string) error {
	existing, err := s.readVolume(id)
	if err == nil && existing.Image != imageDigest {
		err = fmt.Errorf("volume %s: %w (%s, not %s)", id, ErrConflict, existing.Image, imageDigest)
	}
	return err
}

// writeOverlay makes the volume's file. Writing the header ourselves takes a tenth of
// starting qemu-img for it, and the path is stored as it is given: absolute.
func (s *Store) writeOverlay(path, backing string, size int64) error {
	h := &header{clusterBits: volumeClusterBits, size: uint64(size), backingFile: backing, backingFormat: string(FormatQcow2)}
	content, err := h.marshal()
	if err != nil {
		return err
	}
	crashpoint("create")
	tmp, err := os.CreateTemp(s.volumeDir(), s.temp)
	if err != nil {
		return full(s.volumeDir(), err)
	}
	defer discard(tmp)
	crashpoint("write")
	if _, err := tmp.Write(content); err != nil {
		return full(s.volumeDir(), err)
	}
	return commitNew(tmp, path, 0o600)
}

// Volume describes the volume, or returns ErrNotFound.
func (s *Store) Volume(id string) (VolumeInfo, error) { return s.readVolume(id) }

// Volumes describes all volumes, in the order of their ids.
func (s *Store) Volumes() ([]VolumeInfo, error) {
	entries, err := os.ReadDir(s.volumeDir())
	if err != nil {
		return nil, err
	}
	var all []VolumeInfo
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || !ids.Valid(ids.Volume, id) {
			continue
		}
		info, err := s.readVolume(id)
		if errors.Is(err, ErrNotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		all = append(all, info)
	}
	return all, nil
}

// DeleteVolume removes the volume and what is on it. That there is none is no error.
// The caller knows that no guest uses it.
func (s *Store) DeleteVolume(id string) error {
	path, err := s.volumePath(id)
	if err != nil {
		return err
	}
	defer s.lockVolume(id)()
	return remove(path)
}

func (s *Store) volumePath(id string) (string, error) {
	if !ids.Valid(ids.Volume, id) {
		return "", fmt.Errorf("volume %q: %w (an id is vol- and hexadecimal digits)", id, ErrNotFound)
	}
	return filepath.Join(s.volumeDir(), id+extension), nil
}

func (s *Store) readVolume(id string) (VolumeInfo, error) {
	path, err := s.volumePath(id)
	if err != nil {
		return VolumeInfo{}, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return VolumeInfo{}, fmt.Errorf("volume %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return VolumeInfo{}, err
	}
	defer f.Close()
	h, err := parseHeader(f)
	if err != nil {
		return VolumeInfo{}, fmt.Errorf("volume %s: %w", id, err)
	}
	stat, err := f.Stat()
	if err != nil {
		return VolumeInfo{}, err
	}
	info := VolumeInfo{ID: id, Path: path, VirtualSize: int64(h.size), Allocated: stat.Sys().(*syscall.Stat_t).Blocks * 512}
	// The guest writes inside the virtual disk, never the header: what it names is what we wrote.
	if filepath.Dir(h.backingFile) == s.imageDir() {
		info.Image = strings.TrimSuffix(filepath.Base(h.backingFile), extension)
	}
	return info, nil
}

// volumesOf returns the ids of the volumes that overlay the image.
func (s *Store) volumesOf(digest string) ([]string, error) {
	volumes, err := s.Volumes()
	if err != nil {
		return nil, err
	}
	var users []string
	for _, v := range volumes {
		if v.Image == digest {
			users = append(users, v.ID)
		}
	}
	return users, nil
}

// lockVolume waits until no other goroutine works on the volume, and returns how to
// let the next one.
func (s *Store) lockVolume(id string) (unlock func()) {
	mu := &s.locks[crc32.ChecksumIEEE([]byte(id))%uint32(len(s.locks))]
	mu.Lock()
	return mu.Unlock
}
