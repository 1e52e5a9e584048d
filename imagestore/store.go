package imagestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/internal/atomicfile"
)

const (
	extension  = ".qcow2"
	tempPrefix = ".tmp-"
)

// A Store keeps the images and volumes under one data directory. Its methods may be
// called from many goroutines; one process at a time has it open.
type Store struct {
	dir    string
	temp   string // what our unfinished files' names begin with
	qemu   string // the qemu-img program
	lock   *os.File
	shared sync.RWMutex // held for writing while an image is deleted, so that no volume of it is born meanwhile

	// One writer a volume: a volume's lock is chosen by its id, and a few may share one.
	locks [64]sync.Mutex
}

// Open opens the store under dir (images in dir/images, volumes in dir/volumes),
// making the folders when missing and sweeping what an earlier process left half
// done. ErrLocked means that another process has it open.
func Open(dir string) (*Store, error) {
	return openAs(dir, tempPrefix, "imagestore.lock")
}

// OpenShared is Open for a folder that several hosts have, on a file system that they
// share. Each opens it under its own name, and sweeps only what it left half done itself.
// Who may write a volume is not decided here: one host has it at a time. An image must
// not be deleted while another host may begin a volume of it.
func OpenShared(dir, host string) (*Store, error) {
	return openAs(dir, tempPrefix+host+"-", "imagestore-"+host+".lock")
}

func openAs(dir, temp, lock string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, temp: temp, qemu: "qemu-img"}
	// Whoever runs QEMU must pass through these folders, and need not list them.
	for _, d := range []string{dir, s.imageDir(), s.volumeDir()} {
		if err := makeDir(d); err != nil {
			return nil, err
		}
	}
	if s.lock, err = lockFile(filepath.Join(dir, lock)); err != nil {
		return nil, err
	}
	for _, d := range []string{s.imageDir(), s.volumeDir()} {
		if err := sweep(d, temp); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// Close lets another process open the store. Files stay as they are.
func (s *Store) Close() error { return s.lock.Close() }

func (s *Store) imageDir() string  { return filepath.Join(s.dir, "images") }
func (s *Store) volumeDir() string { return filepath.Join(s.dir, "volumes") }

// makeDir makes one of the store's folders, with the mode that it needs whatever the
// umask. A folder that was there keeps its mode but for the right to pass.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o711 != 0o711 {
		return os.Chmod(dir, info.Mode().Perm()|0o711)
	}
	return nil
}

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w (%s)", ErrLocked, path)
		}
		return nil, err
	}
	return f, nil
}

// sweep removes our temporary names. Nobody else can be writing them: the lock is ours.
func sweep(dir, temp string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	removed := false
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temp) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
			removed = true
		}
	}
	if removed {
		return atomicfile.SyncDir(dir)
	}
	return nil
}

// crashpoint is called before each step that changes the disk. Tests end the process
// in it, to see that a restart mends what any step leaves behind.
var crashpoint = func(step string) {}

// commit gives the finished temporary file its name: from here on it is whole,
// whatever crashes. The file is closed.
func commit(f *os.File, path string, mode fs.FileMode) error {
	return commitAs(os.Rename, f, path, mode)
}

// commitNew is commit where no file of the name may be lost: one that is there is
// fs.ErrExist, and stays.
func commitNew(f *os.File, path string, mode fs.FileMode) error {
	return commitAs(nameNew, f, path, mode)
}

// nameNew names a file that has a temporary name, as the caller removes. A link is the one
// way that NFS has too; what has no links can rename so.
func nameNew(old, path string) error {
	err := os.Link(old, path)
	if errors.Is(err, unix.EPERM) || errors.Is(err, errors.ErrUnsupported) {
		err = unix.Renameat2(unix.AT_FDCWD, old, unix.AT_FDCWD, path, unix.RENAME_NOREPLACE)
	}
	return err
}

func commitAs(name func(old, path string) error, f *os.File, path string, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	if err := f.Chmod(mode); err != nil {
		return err
	}
	crashpoint("fsync")
	if err := f.Sync(); err != nil {
		return full(dir, err)
	}
	if err := f.Close(); err != nil {
		return full(dir, err)
	}
	crashpoint("rename")
	if err := name(f.Name(), path); err != nil {
		return full(dir, err)
	}
	crashpoint("fsync dir")
	return atomicfile.SyncDir(dir)
}

// remove unlinks a file and makes that durable. That there is none is fine.
func remove(path string) error {
	crashpoint("unlink")
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	crashpoint("fsync dir")
	return atomicfile.SyncDir(filepath.Dir(path))
}
