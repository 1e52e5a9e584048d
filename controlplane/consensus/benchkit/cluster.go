package benchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/consensus"
)

// Three servers are three voters in this process, each with a log in a folder of its own,
// that reach each other by TCP over loopback: without TLS, for the baseline has none.

// RawApply3 is RawApply with three servers.
func RawApply3(dir string, clients, size int, d time.Duration) (Result, error) {
	var dirs []string
	var streams []*consensus.Stream
	for i := range 3 {
		s, err := loopback()
		if err != nil {
			return Result{}, err
		}
		dirs, streams = append(dirs, filepath.Join(dir, fmt.Sprint(i))), append(streams, s)
	}
	raw, err := consensus.OpenRawCluster(dirs, streams)
	if err != nil {
		return Result{}, err
	}
	data := make([]byte, size)
	res, err := measure(clients, d, func(int, int) error { return raw.Apply(data) })
	return res, errors.Join(err, raw.Close())
}

// Updates3 is Updates with three servers; the clients ask the leader.
func Updates3(dir string, clients int, d time.Duration) (res Result, err error) {
	var nodes []*consensus.Node
	defer func() {
		for _, n := range nodes {
			err = errors.Join(err, n.Close())
		}
	}()
	for i := range 3 {
		s, err := loopback()
		if err != nil {
			return Result{}, err
		}
		n, err := consensus.Open(consensus.Config{ID: fmt.Sprint("bench", i), Dir: filepath.Join(dir, fmt.Sprint(i)), Bootstrap: i == 0, Stream: s, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return Result{}, err
		}
		nodes = append(nodes, n)
		if err := join(nodes[0], consensus.Server{ID: fmt.Sprint("bench", i), Address: s.Addr().String(), Voter: true}); err != nil {
			return Result{}, err
		}
	}
	return updates(nodes[0], clients, d)
}

// join makes a server a voter, unless it is the leader itself, and waits until there is one.
func join(leader *consensus.Node, s consensus.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := leader.AwaitLeader(ctx); err != nil {
		return err
	}
	if leader.Status().ID == s.ID {
		return nil
	}
	return leader.AddServer(s)
}

func loopback() (*consensus.Stream, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &consensus.Stream{Listener: l, DialPeer: func(address string, timeout time.Duration) (net.Conn, error) {
		return net.DialTimeout("tcp", address, timeout)
	}}, nil
}

// alone is a Node that gives each update an entry of its own, and waits for it before the
// next: group commit is off.
func alone(cfg consensus.Config) consensus.Config {
	cfg.Depth, cfg.MaxSets = 1, 1
	return cfg
}

// Grouped measures Updates with group commit on or off.
func Grouped(dir string, on bool, clients int, d time.Duration) (Result, error) {
	return grouped(consensus.Config{Dir: dir}, on, clients, d)
}

// GroupedSlow is Grouped on a log in memory that takes a time for each fsync.
func GroupedSlow(fsync time.Duration, on bool, clients int, d time.Duration) (Result, error) {
	return grouped(consensus.Config{Storage: &consensus.Storage{
		Logs: slowLog{raft.NewInmemStore(), fsync}, Stable: raft.NewInmemStore(), Snaps: raft.NewInmemSnapshotStore(),
	}}, on, clients, d)
}

func grouped(cfg consensus.Config, on bool, clients int, d time.Duration) (Result, error) {
	if !on {
		cfg = alone(cfg)
	}
	n, err := openNode(cfg)
	if err != nil {
		return Result{}, err
	}
	res, err := updates(n, clients, d)
	return res, errors.Join(err, n.Close())
}

// slowLog is a log on a disk whose fsync takes a time.
type slowLog struct {
	*raft.InmemStore
	fsync time.Duration
}

// StoreLog implements raft.LogStore.
func (s slowLog) StoreLog(l *raft.Log) error { return s.StoreLogs([]*raft.Log{l}) }

// StoreLogs implements raft.LogStore.
func (s slowLog) StoreLogs(logs []*raft.Log) error {
	time.Sleep(s.fsync)
	return s.InmemStore.StoreLogs(logs)
}
