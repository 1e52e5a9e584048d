package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

var (
	// ErrNotLeader says that nothing was done, and nothing will be: ask another server.
	ErrNotLeader = errors.New("not the leader")
	// ErrUnknownOutcome says that the update may have been done, or may still be.
	ErrUnknownOutcome = errors.New("unknown outcome: the update may have been done")
)

// DB is what the rest of the control plane sees of the store.
type DB interface {
	// Update runs fn alone, on the newest state, and returns when what it wrote is
	// committed and can be read here. An error of fn is returned as it is, and then fn
	// had no effect. fn must depend on tx alone; it may be run again if an earlier run
	// is certain to have had no effect. It never runs after Update has returned.
	// Errors of Update itself are ErrNotLeader and ErrUnknownOutcome.
	Update(ctx context.Context, m Meta, fn func(*Tx) error) error
	// Read returns a view that has every update answered anywhere before the call.
	Read(ctx context.Context) (View, error)
	// Stale returns the newest view that is here, at once.
	Stale() View
	// Changed returns a channel that is closed when Stale has something newer than now.
	Changed() <-chan struct{}
}

// Memory is a DB in this process's memory, for tests. There is no log, but each update
// takes the whole way: it is encoded, decoded and applied like on another replica.
type Memory struct {
	mu      sync.Mutex
	index   uint64
	replica *Replica
}

var _ DB = (*Memory)(nil)

// NewMemory returns an empty DB.
func NewMemory() *Memory {
	m := &Memory{replica: NewReplica()}
	if err := m.append(OpenEntry(time.Now())); err != nil {
		panic(err)
	}
	return m
}

// Update implements DB. It stands for one update in the log; none waits for another.
func (m *Memory) Update(ctx context.Context, meta Meta, fn func(*Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return errors.Join(ErrNotLeader, err)
	}
	line := m.replica.NewLine()
	if wrote, err := line.Exec(time.Now(), meta, fn); !wrote {
		return err
	}
	return m.append(line.Cut().Data)
}

func (m *Memory) append(data []byte) error {
	e, err := DecodeEntry(data)
	if err != nil {
		return err
	}
	m.index++
	return m.replica.Apply(m.index, e, nil)
}

// Read implements DB.
func (m *Memory) Read(ctx context.Context) (View, error) { return m.replica.View(), ctx.Err() }

// Stale implements DB.
func (m *Memory) Stale() View { return m.replica.View() }

// Changed implements DB.
func (m *Memory) Changed() <-chan struct{} { return m.replica.Changed() }
