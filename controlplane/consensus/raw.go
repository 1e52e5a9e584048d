package consensus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
)

// Raw is Raft alone on the log store that a Node has: a state machine that does nothing,
// entries of any bytes. It is the baseline that updates are measured against.
type Raw struct {
	leader  *raft.Raft
	servers []*raft.Raft
	disks   []*disk
}

// OpenRaw starts a Raw of one voter in an empty folder and waits until it leads.
func OpenRaw(dir string) (*Raw, error) { return OpenRawCluster([]string{dir}, nil) }

// OpenRawCluster starts a Raw with a voter in each of some empty folders, which reach each
// other by streams as Nodes do, and waits for a leader. One alone needs no stream.
func OpenRawCluster(dirs []string, streams []*Stream) (*Raw, error) {
	r := &Raw{}
	err := r.open(dirs, streams)
	if err == nil {
		err = r.await(time.Minute)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Raw) open(dirs []string, streams []*Stream) error {
	var all raft.Configuration
	trans := make([]raft.Transport, len(dirs))
	configs := make([]*raft.Config, len(dirs))
	for i := range dirs {
		cfg := Config{ID: fmt.Sprint("raw", i), Dir: dirs[i]}.withDefaults()
		configs[i] = cfg.raftConfig()
		configs[i].Logger = hclog.NewNullLogger()
		if len(dirs) == 1 {
			_, trans[i] = raft.NewInmemTransport("raw")
		} else {
			trans[i] = network(streams[i], configs[i].Logger, nil)
		}
		all.Servers = append(all.Servers, raft.Server{ID: configs[i].LocalID, Address: trans[i].LocalAddr()})
	}
	for i, rc := range configs {
		d, err := openDisk(dirs[i], rc.Logger, func(error) { os.Exit(1) })
		if err != nil {
			return err
		}
		r.disks = append(r.disks, d)
		if err := raft.BootstrapCluster(rc, d.logs, d.stable, d.snaps, trans[i], all); err != nil {
			return err
		}
		server, err := raft.NewRaft(rc, idle{}, d.logs, d.stable, d.snaps, trans[i])
		if err != nil {
			return err
		}
		r.servers = append(r.servers, server)
	}
	return nil
}

// await waits until one leads and the others follow.
func (r *Raw) await(limit time.Duration) error {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		for _, s := range r.servers {
			if s.State() == raft.Leader && s.VerifyLeader().Error() == nil {
				r.leader = s
				return nil
			}
		}
	}
	return errors.New("no leader")
}

// Apply commits data and returns when the state machine has it.
func (r *Raw) Apply(data []byte) error { return r.leader.Apply(data, 0).Error() }

// Close ends it.
func (r *Raw) Close() (err error) {
	for _, s := range r.servers {
		err = errors.Join(err, s.Shutdown().Error())
	}
	for _, d := range r.disks {
		err = errors.Join(err, d.close())
	}
	return err
}

// idle is a state machine without a state.
type idle struct{}

func (idle) Apply(*raft.Log) any                  { return nil }
func (idle) Snapshot() (raft.FSMSnapshot, error)  { return idle{}, nil }
func (idle) Restore(in io.ReadCloser) error       { return in.Close() }
func (idle) Persist(sink raft.SnapshotSink) error { return sink.Close() }
func (idle) Release()                             {}
