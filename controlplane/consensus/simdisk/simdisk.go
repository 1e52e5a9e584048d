// Package simdisk is a server's disk in memory, for whole clusters in a synctest bubble:
// it outlives the server, takes its time, and forgets what was not written when the
// server was killed. It refuses what raft-wal refuses.
package simdisk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/consensus"
)

// ErrDead is the answer to what a killed server still tries.
var ErrDead = errors.New("the server was killed")

// Disk is one server's. The zero value is empty and fast.
type Disk struct {
	// Delay is asked for each write, how long it takes; nil is no time. It is set before
	// the disk is used.
	Delay func() time.Duration

	mu     sync.Mutex
	opened int // the handle that may write; older ones are of killed servers
	logs   map[uint64]raft.Log
	first  uint64
	last   uint64
	keys   map[string][]byte
	snap   *snapshot
	writes int
}

// Open returns what a server is started with. What an earlier one still writes is lost.
func (d *Disk) Open() *consensus.Storage {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logs == nil {
		d.logs, d.keys = map[uint64]raft.Log{}, map[string][]byte{}
	}
	d.opened++
	h := &handle{d: d, n: d.opened}
	return &consensus.Storage{Logs: h, Stable: h, Snaps: snapshots{h}}
}

// Kill loses what is being written, as when the server's process is killed before the
// write reached the disk.
func (d *Disk) Kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened++
}

// Writes returns how many writes there were.
func (d *Disk) Writes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// handle is the disk as one run of the server has it.
type handle struct {
	d *Disk
	n int
}

// write does fn after the disk's delay, unless the server was killed meanwhile.
func (h *handle) write(fn func() error) error {
	if h.d.Delay != nil {
		if t := h.d.Delay(); t > 0 {
			time.Sleep(t)
		}
	}
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.n != h.d.opened {
		return ErrDead
	}
	h.d.writes++
	return fn()
}

func (h *handle) read(fn func()) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	fn()
}

// IsMonotonic implements raft.MonotonicLogStore, as raft-wal does.
func (h *handle) IsMonotonic() bool { return true }

// FirstIndex implements raft.LogStore.
func (h *handle) FirstIndex() (i uint64, _ error) {
	h.read(func() { i = h.d.first })
	return i, nil
}

// LastIndex implements raft.LogStore.
func (h *handle) LastIndex() (i uint64, _ error) {
	h.read(func() { i = h.d.last })
	return i, nil
}

// GetLog implements raft.LogStore.
func (h *handle) GetLog(index uint64, log *raft.Log) (err error) {
	h.read(func() {
		l, ok := h.d.logs[index]
		if !ok {
			err = raft.ErrLogNotFound
		}
		*log = l
	})
	return err
}

// StoreLog implements raft.LogStore.
func (h *handle) StoreLog(l *raft.Log) error { return h.StoreLogs([]*raft.Log{l}) }

// StoreLogs implements raft.LogStore: all of them or none.
func (h *handle) StoreLogs(ls []*raft.Log) error {
	return h.write(func() error {
		d := h.d
		next := d.last + 1
		for n, l := range ls {
			if (n > 0 || len(d.logs) > 0) && l.Index != next {
				return fmt.Errorf("non-monotonic log entries: tried to append index %d after %d", l.Index, next-1)
			}
			next = l.Index + 1
		}
		for _, l := range ls {
			if len(d.logs) == 0 {
				d.first = l.Index
			}
			kept := *l
			kept.Data, kept.Extensions = bytes.Clone(l.Data), bytes.Clone(l.Extensions)
			d.logs[l.Index], d.last = kept, l.Index
		}
		return nil
	})
}

// DeleteRange implements raft.LogStore: from one of the log's ends.
func (h *handle) DeleteRange(from, to uint64) error {
	return h.write(func() error {
		d := h.d
		if from > d.first && to < d.last {
			return fmt.Errorf("delete from the middle: %d to %d of %d to %d", from, to, d.first, d.last)
		}
		maps.DeleteFunc(d.logs, func(i uint64, _ raft.Log) bool { return i >= from && i <= to })
		switch {
		case len(d.logs) == 0:
			d.first, d.last = 0, 0
		case from <= d.first:
			d.first = max(d.first, to+1)
		default:
			d.last = from - 1
		}
		return nil
	})
}

// Set implements raft.StableStore. Raft panics when it cannot write these; a killed server
// is not told that it could not, and nobody hears what it makes of it.
func (h *handle) Set(key, val []byte) error {
	err := h.write(func() error { h.d.keys[string(key)] = bytes.Clone(val); return nil })
	if errors.Is(err, ErrDead) {
		return nil
	}
	return err
}

// Get implements raft.StableStore.
func (h *handle) Get(key []byte) (val []byte, _ error) {
	h.read(func() { val = bytes.Clone(h.d.keys[string(key)]) })
	return val, nil
}

// SetUint64 implements raft.StableStore.
func (h *handle) SetUint64(key []byte, v uint64) error {
	return h.Set(key, fmt.Append(nil, v))
}

// GetUint64 implements raft.StableStore.
func (h *handle) GetUint64(key []byte) (v uint64, err error) {
	b, _ := h.Get(key)
	if len(b) > 0 {
		_, err = fmt.Sscan(string(b), &v)
	}
	return v, err
}

// snapshot is one that is whole.
type snapshot struct {
	meta raft.SnapshotMeta
	data []byte
}

// snapshots keeps the newest snapshot. One that is being written counts when it is closed.
type snapshots struct{ *handle }

// Create implements raft.SnapshotStore.
func (s snapshots) Create(version raft.SnapshotVersion, index, term uint64, c raft.Configuration, at uint64, _ raft.Transport) (raft.SnapshotSink, error) {
	return &sink{handle: s.handle, snap: snapshot{meta: raft.SnapshotMeta{
		Version: version, ID: fmt.Sprintf("%d-%d", term, index), Index: index, Term: term, Configuration: c, ConfigurationIndex: at,
	}}}, nil
}

// List implements raft.SnapshotStore.
func (s snapshots) List() (out []*raft.SnapshotMeta, _ error) {
	s.read(func() {
		if s.d.snap != nil {
			meta := s.d.snap.meta
			out = append(out, &meta)
		}
	})
	return out, nil
}

// Open implements raft.SnapshotStore.
func (s snapshots) Open(id string) (*raft.SnapshotMeta, io.ReadCloser, error) {
	var have *snapshot
	s.read(func() { have = s.d.snap })
	if have == nil || have.meta.ID != id {
		return nil, nil, fmt.Errorf("there is no snapshot %s", id)
	}
	meta := have.meta
	return &meta, io.NopCloser(bytes.NewReader(have.data)), nil
}

// sink takes a snapshot.
type sink struct {
	*handle
	snap snapshot
}

// Write implements io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	s.snap.data = append(s.snap.data, p...)
	return len(p), nil
}

// Close implements io.Closer.
func (s *sink) Close() error {
	s.snap.meta.Size = int64(len(s.snap.data))
	return s.write(func() error { s.d.snap = &s.snap; return nil })
}

// ID implements raft.SnapshotSink.
func (s *sink) ID() string { return s.snap.meta.ID }

// Cancel implements raft.SnapshotSink.
func (s *sink) Cancel() error { return nil }
