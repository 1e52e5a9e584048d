// Package guardian is the host's half of fencing: guests that the control plane may
// start elsewhere are ended here, by this host's own clock, before it does.
//
// The agent and the guardian are processes apart and share a folder in memory:
//
//	lease        until when this host may run such guests
//	guests/ID    the guests that are marked, one file an instance
//	alive        when the guardian last looked
//	ended/ID     what the guardian ended
//
// The guardian needs no disk, no network, no libvirt and no agent. It never starts
// anything. An agent that hangs lets the lease run out; a guardian that is gone keeps
// the agent from starting marked guests.
package guardian

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Mark is a guest that the guardian is to end when the lease has run out.
type Mark struct {
	Instance string `json:"instance"`
	Epoch    int64  `json:"epoch"`
	Domain   string `json:"domain"` // libvirt's name of it, which is on QEMU's command line
}

// lease is the file of that name. A boot's clock begins anew, so its id is part of it.
type lease struct {
	Boot  string        `json:"boot_id"`
	Until time.Duration `json:"until"` // of Now's clock
}

// Clock is what Now asks; only a simulation of whole hosts sets it, before it uses
// anything here.
var Clock = sinceBoot

// Now is the host's clock for leases: time since it started, suspension included. No
// administrator and no NTP sets it.
func Now() time.Duration { return Clock() }

func sinceBoot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		panic(err) // the kernel has had it since 2.6.39
	}
	return time.Duration(ts.Nano())
}

var bootID = sync.OnceValues(func() (string, error) {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(b)), err
})

// ErrNoLease says why a marked guest may not run now.
var ErrNoLease = errors.New("this host may not run guests that can be started elsewhere")

// Folder is what agent and guardian share, usually guardian in the run directory.
type Folder string

// Make creates the folder. It must be on a file system in memory: a disk that hangs must
// not keep the guardian from its work.
func (f Folder) Make() error {
	for _, d := range []string{"guests", "ended"} {
		if err := os.MkdirAll(filepath.Join(string(f), d), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// Extend moves the end of the lease. The caller has counted from before it asked for it.
func (f Folder) Extend(until time.Duration) error {
	id, err := bootID()
	if err != nil {
		return err
	}
	return f.write("lease", lease{Boot: id, Until: until})
}

// Until returns the end of the lease: the past if there is none.
func (f Folder) Until() time.Duration {
	var l lease
	id, err := bootID()
	if err != nil || f.read("lease", &l) != nil || l.Boot != id {
		return 0
	}
	return l.Until
}

// Mark gives a guest into the guardian's hands. It is in force when it returns.
func (f Folder) Mark(m Mark) error { return f.write(filepath.Join("guests", m.Instance), m) }

// Unmark takes a guest out of them.
func (f Folder) Unmark(instance string) error {
	err := os.Remove(filepath.Join(string(f), "guests", instance))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Marks are the guests that are marked.
func (f Folder) Marks() ([]Mark, error) {
	files, err := os.ReadDir(filepath.Join(string(f), "guests"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []Mark
	for _, file := range files {
		var m Mark
		if strings.HasPrefix(file.Name(), ".") {
			continue // being written
		}
		if err := f.read(filepath.Join("guests", file.Name()), &m); err != nil {
			return out, fmt.Errorf("mark of %s: %w", file.Name(), err)
		}
		out = append(out, m)
	}
	return out, nil
}

// Alive says whether a guardian has looked within a time.
func (f Folder) Alive(within time.Duration) bool {
	var last time.Duration
	return f.read("alive", &last) == nil && Now()-last < within
}

// aliveWithin is how fresh the guardian's last look must be for a marked guest to start.
const aliveWithin = 2 * time.Second

// May returns nil if a marked guest may begin to run now, and why not otherwise.
func (f Folder) May() error {
	if Now() >= f.Until() {
		return fmt.Errorf("%w: its lease has run out, as the control plane has not confirmed that it hears this host", ErrNoLease)
	}
	if !f.Alive(aliveWithin) {
		return fmt.Errorf("%w: `mica guardian` does not run here", ErrNoLease)
	}
	return nil
}

// write replaces a file whole. It is in memory, so there is nothing to sync.
func (f Folder) write(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	path := filepath.Join(string(f), name)
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

func (f Folder) read(name string, v any) error {
	b, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
