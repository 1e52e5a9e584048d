package consensus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// WriteState writes the newest state that is here, as a snapshot. For all that was
// answered before, Read first.
func (n *Node) WriteState(w io.Writer) (store.Version, error) {
	s := n.replica.Snapshot()
	_, err := s.WriteTo(w)
	return s.Version, err
}

// currentTerm is where Raft keeps its term.
var currentTerm = []byte("CurrentTerm")

// firstTerm is the term of a state that was restored: it begins a log of its own.
const firstTerm = 1

// Restore makes a server of its own, in a Dir without state, that begins with a state of
// WriteState. address is where the others will reach it.
func Restore(cfg Config, address string, state io.Reader) error {
	cfg = cfg.withDefaults()
	if old, err := os.ReadDir(cfg.Dir); err == nil && len(old) > 0 {
		return fmt.Errorf("consensus: %s has a state already", cfg.Dir)
	}
	rc := cfg.raftConfig()
	d, err := openDisk(cfg.Dir, rc.Logger, cfg.Fatal)
	if err != nil {
		return fmt.Errorf("consensus: %w", err)
	}
	if err := restoreTo(d, rc, address, state); err != nil {
		return errors.Join(fmt.Errorf("consensus: %w", err), d.close(), os.RemoveAll(cfg.Dir))
	}
	return d.close()
}

func restoreTo(d *disk, rc *raft.Config, address string, state io.Reader) error {
	replica := store.NewReplica()
	if err := replica.Restore(state); err != nil {
		return err
	}
	// The index goes on from the epochs that the state has seen: those are indexes.
	index := uint64(max(replica.Version().Epoch, replica.Version().Rev)) + 1
	_, trans := raft.NewInmemTransport(raft.ServerAddress(address))
	self := raft.Configuration{Servers: []raft.Server{{ID: rc.LocalID, Address: raft.ServerAddress(address)}}}
	if err := d.stable.SetUint64(currentTerm, firstTerm); err != nil {
		return err
	}
	sink, err := d.snaps.Create(raft.SnapshotVersionMax, index, firstTerm, self, index, trans)
	if err != nil {
		return err
	}
	return snapshot{replica.Snapshot()}.Persist(sink)
}

// Recover makes this server the only one of its cluster, with all that is in its log,
// committed or not. The other servers must never run again: they could be a majority of
// what was, and take changes that this one knows nothing of.
func Recover(cfg Config, address string) error {
	cfg = cfg.withDefaults()
	if _, err := os.Stat(filepath.Join(cfg.Dir, "wal")); err != nil {
		return fmt.Errorf("consensus: %s has no state to recover: %w", cfg.Dir, err)
	}
	rc := cfg.raftConfig()
	d, err := openDisk(cfg.Dir, rc.Logger, cfg.Fatal)
	if err != nil {
		return fmt.Errorf("consensus: %w", err)
	}
	var failed error
	n := &Node{cfg: cfg, replica: store.NewReplica(), own: map[store.Version]*batch{}}
	n.cfg.Fatal = func(err error) { failed = err }
	_, trans := raft.NewInmemTransport(raft.ServerAddress(address))
	self := raft.Configuration{Servers: []raft.Server{{ID: rc.LocalID, Address: raft.ServerAddress(address)}}}
	err = raft.RecoverCluster(rc, fsm{n}, d.logs, d.stable, d.snaps, trans, self)
	return errors.Join(err, failed, d.close())
}
