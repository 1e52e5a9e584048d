package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// This file and others, which law_test.go lists, are run by every replica on the log alone:
// they read no clock, no random and no map order. A test holds them to it.

// ErrNewerSchema says that an entry, a row or a snapshot was written by a newer program.
// This one must stop: to guess would make it another replica than the rest.
var ErrNewerSchema = errors.New("written under a newer schema than this program knows; upgrade it")

// Version names a version of the state. Epoch is the index of the log's entry that opened
// the line it is in, Rev counts all versions and only grows.
type Version struct{ Epoch, Rev int64 }

// Meta says on whose behalf an update runs. It goes to the log, which is the audit trail.
type Meta struct{ Action, Actor, RequestID string }

// Entry is the only command in the log: a batch of change sets, and what it was built on.
// One that opens an epoch has none, and says that nothing more comes of earlier epochs.
type Entry struct {
	Schema int    `cbor:"1,keyasint"`
	Open   bool   `cbor:"2,keyasint,omitempty"`
	Epoch  int64  `cbor:"3,keyasint,omitempty"` // with Rev, the parent
	Rev    int64  `cbor:"4,keyasint,omitempty"`
	At     int64  `cbor:"5,keyasint,omitempty"` // the leader's clock, Unix nanoseconds
	Body   []byte `cbor:"6,keyasint,omitempty"` // change sets, one after the other
}

// ChangeSet is what one update wrote.
type ChangeSet struct {
	Action    string `cbor:"1,keyasint,omitempty"`
	Actor     string `cbor:"2,keyasint,omitempty"`
	RequestID string `cbor:"3,keyasint,omitempty"`
	Ops       []Op   `cbor:"4,keyasint"`
}

// Op is one row in a change set. A nil Row says that it was deleted.
type Op struct {
	Table string          `cbor:"1,keyasint"`
	ID    string          `cbor:"2,keyasint"`
	Row   cbor.RawMessage `cbor:"3,keyasint,omitempty"`
}

// OpenEntry returns the entry by which a new leader opens its epoch.
func OpenEntry(now time.Time) []byte {
	return (&Entry{Schema: Schema, Open: true, At: now.UnixNano()}).encode()
}

func (e *Entry) encode() []byte {
	var buf bytes.Buffer
	buf.Grow(len(e.Body) + 64)
	if err := encodeTo(&buf, e); err != nil {
		panic(err) // numbers and bytes always have an encoding
	}
	return buf.Bytes()
}

// DecodeEntry reads an entry of the log. It returns an ErrNewerSchema for one that this
// program must not apply, though the fields it knows are read.
func DecodeEntry(data []byte) (*Entry, error) {
	e := new(Entry)
	if err := lenient.Unmarshal(data, e); err != nil {
		return nil, fmt.Errorf("store: entry of the log: %w", err)
	}
	if e.Schema > Schema {
		return e, fmt.Errorf("store: entry of schema %d, we know %d: %w", e.Schema, Schema, ErrNewerSchema)
	}
	return e, nil
}

// Parent returns the version that the entry was built on.
func (e *Entry) Parent() Version { return Version{e.Epoch, e.Rev} }

// Version returns the version that the entry makes, unless it opens an epoch.
func (e *Entry) Version() Version { return Version{e.Epoch, e.Rev + 1} }

// Time returns the leader's clock when the entry was made, UTC.
func (e *Entry) Time() time.Time { return time.Unix(0, e.At).UTC() }

// Sets reads the change sets of the entry.
func (e *Entry) Sets() ([]ChangeSet, error) {
	var out []ChangeSet
	for rest := e.Body; len(rest) > 0; {
		var set ChangeSet
		var err error
		if rest, err = decoder(e.Schema).UnmarshalFirst(rest, &set); err != nil {
			return nil, fmt.Errorf("store: change set %d: %w", len(out), err)
		}
		out = append(out, set)
	}
	return out, nil
}

// Decode reads the row of the op, a pointer to the table's row type; nil if it was deleted.
// schema is the entry's.
func (o *Op) Decode(schema int) (any, error) {
	t := tableNamed(o.Table)
	switch {
	case t == nil:
		return nil, fmt.Errorf("store: no table %q: %w", o.Table, ErrNewerSchema)
	case len(o.Row) == 0:
		return nil, nil
	}
	return t.decodeRow(schema, string(o.Row))
}
