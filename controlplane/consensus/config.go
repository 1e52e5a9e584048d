package consensus

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/hashicorp/raft"
)

// Config says how a Node runs. Zero values are replaced by defaults.
type Config struct {
	// ID names this server among the voters; it never changes. Required.
	ID string
	// Dir is the folder of the log, the snapshots and the lock. Required without a Storage.
	Dir string
	// Storage is used instead of files in Dir, for simulations.
	Storage *Storage
	// Now is the wall clock that updates are given. Default: time.Now.
	Now func() time.Time
	// Bootstrap starts a new cluster of this server alone if Dir has no state yet. A
	// server without it waits to be added to a cluster.
	Bootstrap bool
	// Stream is how servers reach each other; without one this server stays alone.
	Stream *Stream
	// Resolve returns the address that a server has now, for servers that moved. Without
	// one, or for a server that it does not know, Raft's configuration has the address.
	Resolve func(id string) (address string, ok bool)
	// Logger gets what Raft has to say, too. Default: slog.Default().
	Logger *slog.Logger
	// Fatal ends the program when this server cannot go on: a write to disk failed, or
	// the log has what this program does not know. It must not return. Default: exit 1.
	Fatal func(error)
	// AskLeader returns the leader's ReadIndex, over the network, for Reads on a follower.
	AskLeader func(ctx context.Context, leader Server) (rev int64, err error)

	// Heartbeat is how long a follower waits for the leader before it stands for
	// election. Default: one second.
	Heartbeat time.Duration
	// Depth is how many entries are in flight at once. Default: 4.
	Depth int
	// MaxSets and MaxBytes bound one entry. Default: 512 updates, 1 MiB.
	MaxSets, MaxBytes int
	// Verdict is how long callers wait to learn the fate of their updates when leadership
	// is lost, before they are told that it is unknown. Default: 3 seconds.
	Verdict time.Duration
	// SnapshotEvery and KeepEntries say after how many entries a snapshot is taken and
	// how many older entries stay in the log, for followers and for the audit trail.
	// Default: 16,384 and 32,768.
	SnapshotEvery, KeepEntries uint64

	disk  *disk          // instead of one in Dir, for tests
	trans raft.Transport // instead of one over Stream, for tests
	tune  func(*raft.Config)
}

// Storage is what a server keeps: its log, its vote and its snapshots.
type Storage struct {
	Logs   raft.LogStore
	Stable raft.StableStore
	Snaps  raft.SnapshotStore
}

// Server is a member of the cluster.
type Server struct {
	ID, Address string
	// Voter says that it takes part in elections, and that commits wait for a majority
	// with it. Others are given the log alone.
	Voter bool
}

// Stream connects servers; its connections must be authenticated both ways.
type Stream struct {
	net.Listener
	// DialPeer connects to another server's Listener.
	DialPeer func(address string, timeout time.Duration) (net.Conn, error)
}

// Dial implements raft.StreamLayer.
func (s *Stream) Dial(to raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return s.DialPeer(string(to), timeout)
}

func (c Config) withDefaults() Config {
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.Heartbeat = cmp.Or(c.Heartbeat, time.Second)
	c.Depth = cmp.Or(c.Depth, 4)
	c.MaxSets = cmp.Or(c.MaxSets, 512)
	c.MaxBytes = cmp.Or(c.MaxBytes, 1<<20)
	c.Verdict = cmp.Or(c.Verdict, 3*time.Second)
	c.SnapshotEvery = cmp.Or(c.SnapshotEvery, 1<<14)
	c.KeepEntries = cmp.Or(c.KeepEntries, 1<<15)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Storage != nil {
		c.disk = &disk{logs: c.Storage.Logs, stable: c.Storage.Stable, snaps: c.Storage.Snaps, close: func() error { return nil }}
	}
	if c.Fatal == nil {
		c.Fatal = func(error) { os.Exit(1) }
	}
	return c
}

// raftConfig is Raft's own configuration.
func (c Config) raftConfig() *raft.Config {
	rc := raft.DefaultConfig()
	rc.LocalID = raft.ServerID(c.ID)
	rc.Logger = newRaftLogger(c.Logger)
	rc.HeartbeatTimeout, rc.ElectionTimeout = c.Heartbeat, c.Heartbeat
	rc.LeaderLeaseTimeout = c.Heartbeat / 2
	rc.CommitTimeout = min(rc.CommitTimeout, c.Heartbeat/10)
	rc.SnapshotThreshold, rc.TrailingLogs = c.SnapshotEvery, c.KeepEntries
	rc.BatchApplyCh = true // else handing an entry to Raft waits for the disk
	rc.MaxAppendEntries = 64
	rc.NoLegacyTelemetry = true
	if c.tune != nil {
		c.tune(rc)
	}
	return rc
}
