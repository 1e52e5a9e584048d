package consensus

import (
	"errors"
	"io"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
)

// Raw is Raft alone on the log store that a Node has: one voter, a state machine that does
// nothing, entries of any bytes. It is the baseline that updates are measured against.
type Raw struct {
	raft *raft.Raft
	disk *disk
}

// OpenRaw starts a Raw in an empty folder and waits until it leads.
func OpenRaw(dir string) (*Raw, error) {
	cfg := Config{ID: "raw", Dir: dir}.withDefaults()
	rc := cfg.raftConfig()
	rc.Logger = hclog.NewNullLogger()
	d, err := openDisk(dir, rc.Logger, cfg.Fatal)
	if err != nil {
		return nil, err
	}
	_, trans := raft.NewInmemTransport("raw")
	self := raft.Configuration{Servers: []raft.Server{{ID: rc.LocalID, Address: trans.LocalAddr()}}}
	if err := raft.BootstrapCluster(rc, d.logs, d.stable, d.snaps, trans, self); err != nil {
		return nil, errors.Join(err, d.close())
	}
	r, err := raft.NewRaft(rc, idle{}, d.logs, d.stable, d.snaps, trans)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	select {
	case <-r.LeaderCh():
		return &Raw{r, d}, nil
	case <-time.After(time.Minute):
		return nil, errors.Join(errors.New("no leader"), r.Shutdown().Error(), d.close())
	}
}

// Apply commits data and returns when the state machine has it.
func (r *Raw) Apply(data []byte) error { return r.raft.Apply(data, 0).Error() }

// Close ends it.
func (r *Raw) Close() error { return errors.Join(r.raft.Shutdown().Error(), r.disk.close()) }

// idle is a state machine without a state.
type idle struct{}

func (idle) Apply(*raft.Log) any                  { return nil }
func (idle) Snapshot() (raft.FSMSnapshot, error)  { return idle{}, nil }
func (idle) Restore(in io.ReadCloser) error       { return in.Close() }
func (idle) Persist(sink raft.SnapshotSink) error { return sink.Close() }
func (idle) Release()                             {}
