package consensus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// LogRecord is one change set of the log, or the opening of an epoch by a new leader.
type LogRecord struct {
	Index, Term uint64
	Time        time.Time     // of the entry, by its leader's clock
	Version     store.Version // that the entry made, or would have
	Epoch       bool          // opens an epoch; there are no rows
	// Refused says that the entry was built on a version that was not the last: no
	// server applied it. Its updates were run again and stand in a later entry.
	Refused bool
	store.Meta
	Rows []LogRow
}

// LogRow is a row that an update wrote.
type LogRow struct {
	Table, ID string
	Deleted   bool
	Row       any // a pointer to the table's row type; nil if deleted
}

// ReadLog gives every change set in the log of a stopped node to fn, oldest first, until fn
// returns an error. The log begins some way behind the last snapshot. Its last entries may
// be uncommitted if the node was one of several. A running node's folder is ErrInUse: ask
// the Node.
func ReadLog(dir string, fn func(LogRecord) error) error {
	if _, err := os.Stat(filepath.Join(dir, "wal")); err != nil {
		return fmt.Errorf("no log in %s: %w", dir, err) // opening would make one
	}
	unlock, err := lock(dir)
	if err != nil {
		return err
	}
	w, err := openWAL(dir, hclog.NewNullLogger(), func(error) {})
	if err != nil {
		return errors.Join(err, unlock())
	}
	last, err := w.LastIndex()
	if err == nil {
		err = readLog(w, last, fn)
	}
	return errors.Join(err, w.Close(), unlock())
}

// ReadLog gives every committed change set in this node's log to fn, oldest first, until fn
// returns an error.
func (n *Node) ReadLog(fn func(LogRecord) error) error {
	return readLog(n.disk.logs, n.raft.CommitIndex(), fn)
}

func readLog(logs raft.LogStore, last uint64, fn func(LogRecord) error) error {
	first, err := logs.FirstIndex()
	if err != nil {
		return err
	}
	var at store.Version // as far as the log tells: where it begins, nobody knows
	for i := max(first, 1); i <= last; i++ {
		var l raft.Log
		if err := logs.GetLog(i, &l); err != nil {
			// A running node may have cut the log behind a snapshot by now.
			if now, ferr := logs.FirstIndex(); ferr == nil && now > i {
				i, at = now-1, store.Version{}
				continue
			}
			return fmt.Errorf("log entry %d: %w", i, err)
		}
		if l.Type != raft.LogCommand {
			continue
		}
		records, err := logRecords(&l, &at)
		if err != nil {
			return fmt.Errorf("log entry %d: %w", i, err)
		}
		for _, r := range records {
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// logRecords reads one entry and moves at on to the version that it made.
func logRecords(l *raft.Log, at *store.Version) ([]LogRecord, error) {
	e, err := store.DecodeEntry(l.Data)
	if err != nil {
		return nil, err
	}
	head := LogRecord{Index: l.Index, Term: l.Term, Time: e.Time(), Version: e.Version(), Epoch: e.Open}
	switch {
	case e.Open:
		head.Version = store.Version{Epoch: int64(l.Index), Rev: at.Rev + 1}
	case *at != (store.Version{}) && *at != e.Parent():
		head.Refused = true
	}
	if !head.Refused {
		*at = head.Version
	}
	if e.Open {
		return []LogRecord{head}, nil
	}
	sets, err := e.Sets()
	if err != nil {
		return nil, err
	}
	out := make([]LogRecord, len(sets))
	for i, set := range sets {
		out[i] = head
		out[i].Meta = store.Meta{Action: set.Action, Actor: set.Actor, RequestID: set.RequestID}
		for _, op := range set.Ops {
			row, err := op.Decode(e.Schema)
			if err != nil {
				return nil, err
			}
			out[i].Rows = append(out[i].Rows, LogRow{op.Table, op.ID, row == nil, row})
		}
	}
	return out, nil
}
