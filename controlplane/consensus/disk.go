package consensus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	wal "github.com/hashicorp/raft-wal"
	"github.com/hashicorp/raft-wal/metadb"
	"github.com/hashicorp/raft-wal/types"
	"golang.org/x/sys/unix"
)

// disk is what a node keeps: its log, its vote and its snapshots.
type disk struct {
	logs   raft.LogStore
	stable raft.StableStore
	snaps  raft.SnapshotStore
	close  func() error
}

// ErrInUse says that another process has the data folder open.
var ErrInUse = errors.New("in use by another process")

// openDisk opens the log in dir/wal and the snapshots in dir/snapshots, and locks dir.
func openDisk(dir string, log hclog.Logger, fatal func(error)) (*disk, error) {
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	d, err := openLocked(dir, log, fatal)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	closeLog := d.close
	d.close = func() error { return errors.Join(closeLog(), unlock()) }
	return d, nil
}

func openLocked(dir string, log hclog.Logger, fatal func(error)) (*disk, error) {
	w, err := openWAL(dir, log, fatal)
	if err != nil {
		return nil, err
	}
	snaps, err := raft.NewFileSnapshotStoreWithLogger(dir, 2, log)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("snapshots: %w", err), w.Close())
	}
	return &disk{logs: w, stable: w, snaps: snaps, close: w.Close}, nil
}

// walStore is a raft-wal log with its catalogue of segments, which raft-wal itself leaves
// open when it is closed.
type walStore struct {
	*wal.WAL
	meta metadb.BoltMetaDB
}

// Close closes both.
func (w *walStore) Close() error { return errors.Join(w.WAL.Close(), w.meta.Close()) }

// watchedMeta tells of a failed write of the catalogue: when a segment is full raft-wal
// writes it in the background, and only logs the error.
type watchedMeta struct {
	types.MetaStore
	fatal func(error)
}

// CommitState implements types.MetaStore.
func (m watchedMeta) CommitState(s types.PersistentState) error {
	err := m.MetaStore.CommitState(s)
	if err != nil {
		m.fatal(fmt.Errorf("raft log: catalogue of segments: %w", err))
	}
	return err
}

func openWAL(dir string, log hclog.Logger, fatal func(error)) (*walStore, error) {
	path := filepath.Join(dir, "wal")
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	if err := finishRotation(path); err != nil {
		return nil, fmt.Errorf("raft log %s: %w", path, err)
	}
	w := new(walStore)
	var err error
	if w.WAL, err = wal.Open(path, wal.WithLogger(log), wal.WithMetaStore(watchedMeta{&w.meta, fatal})); err != nil {
		return nil, errors.Join(fmt.Errorf("raft log %s: %w", path, err), w.meta.Close())
	}
	return w, nil
}

// lock keeps other processes out of dir: the log has no lock that says so instead of
// waiting for ever.
func lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return f.Close, nil
}

// oneChance is a log and stable store whose first failed write is its last: what a failed
// fsync should have written is lost, though a second one would report success. Raft itself
// would step down, be elected again and go on.
type oneChance struct {
	raft.LogStore
	raft.StableStore
	failed atomic.Bool
	fatal  func(error)
}

var errDiskFailed = errors.New("an earlier write to the log failed")

func (o *oneChance) write(what string, fn func() error) error {
	if o.failed.Load() {
		return errDiskFailed
	}
	err := fn()
	if err != nil {
		o.failed.Store(true)
		o.fatal(fmt.Errorf("raft log: %s: %w; stopping, what is on disk is read again at the next start", what, err))
	}
	return err
}

// StoreLog implements raft.LogStore.
func (o *oneChance) StoreLog(l *raft.Log) error { return o.StoreLogs([]*raft.Log{l}) }

// StoreLogs implements raft.LogStore.
func (o *oneChance) StoreLogs(ls []*raft.Log) error {
	return o.write("append", func() error { return o.LogStore.StoreLogs(ls) })
}

// DeleteRange implements raft.LogStore.
func (o *oneChance) DeleteRange(from, to uint64) error {
	return o.write("truncate", func() error { return o.LogStore.DeleteRange(from, to) })
}

// Set implements raft.StableStore.
func (o *oneChance) Set(k, v []byte) error {
	return o.write("set "+string(k), func() error { return o.StableStore.Set(k, v) })
}

// SetUint64 implements raft.StableStore.
func (o *oneChance) SetUint64(k []byte, v uint64) error {
	return o.write("set "+string(k), func() error { return o.StableStore.SetUint64(k, v) })
}

// IsMonotonic implements raft.MonotonicLogStore as the store below does.
func (o *oneChance) IsMonotonic() bool {
	m, ok := o.LogStore.(raft.MonotonicLogStore)
	return ok && m.IsMonotonic()
}
