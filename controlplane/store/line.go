package store

import (
	"bytes"
	"time"
)

// Line is the leader's working state: ahead of the committed one by the batches in flight
// and the one being filled. It is for one goroutine.
type Line struct {
	tip  Version
	at   int64
	work *working
	body bytes.Buffer // change sets of the batch being filled
	sets int
	open bool // the batch being filled has its time
}

// Batch is a filled batch: an entry to be sent, and the state that it makes.
type Batch struct {
	Version
	Data []byte // the encoded Entry
	db   *db
}

// NewLine begins a line at the replica's newest version, which must be the one that
// opened the leader's epoch.
func (r *Replica) NewLine() *Line {
	s := r.committed.Load()
	return &Line{tip: s.Version, at: s.at, work: newWorking(s.db)}
}

// Next returns the version that the batch being filled will make.
func (l *Line) Next() Version { return Version{l.tip.Epoch, l.tip.Rev + 1} }

// Sets returns how many change sets are in the batch being filled.
func (l *Line) Sets() int { return l.sets }

// Size returns the bytes of the change sets in the batch being filled.
func (l *Line) Size() int { return l.body.Len() }

// Exec runs fn on the working state. If it returns an error, panics, or writes nothing or
// what cannot be encoded, it leaves no trace and wrote is false. Else its change set is in
// the batch being filled. All updates of a batch have one time: now, or the time of the
// version before if the clock went back.
func (l *Line) Exec(now time.Time, m Meta, fn func(*Tx) error) (wrote bool, err error) {
	if !l.open {
		l.at, l.open = max(l.at, now.UnixNano()), true
	}
	tx := newTx(l.Next(), l.work, l.at)
	defer func() {
		if !wrote {
			l.work.undo(tx.changes)
		}
	}()
	if err := protect(fn, tx); err != nil {
		return false, err
	}
	changes := tx.effects()
	if len(changes) == 0 {
		return false, nil
	}
	set := ChangeSet{Action: m.Action, Actor: m.Actor, RequestID: m.RequestID, Ops: make([]Op, len(changes))}
	for i, c := range changes {
		set.Ops[i] = Op{Table: c.t.name, ID: c.id, Row: c.encoded}
	}
	if err := encodeTo(&l.body, &set); err != nil {
		return false, err
	}
	l.sets++
	return true, nil
}

// Cut ends the batch being filled and begins the next one on it. A batch without change
// sets is good too: committed, it shows that its leader led.
func (l *Line) Cut() *Batch {
	e := Entry{Schema: Schema, Epoch: l.tip.Epoch, Rev: l.tip.Rev, At: l.at, Body: l.body.Bytes()}
	l.tip = e.Version()
	b := &Batch{Version: l.tip, Data: e.encode(), db: l.work.commit()}
	l.work = newWorking(b.db)
	l.body.Reset()
	l.sets, l.open = 0, false
	return b
}
