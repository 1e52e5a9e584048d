package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/fxamacker/cbor/v2"
	"github.com/hashicorp/go-memdb"
)

// A snapshot is records with their lengths: a header, the rows table by table in the order
// of names and keys, and an end that counts them. Replicas with one version write the same
// bytes.

type header struct {
	Schema int   `cbor:"1,keyasint"`
	Epoch  int64 `cbor:"2,keyasint"`
	Rev    int64 `cbor:"3,keyasint"`
	At     int64 `cbor:"4,keyasint"`
}

type record struct {
	Table string          `cbor:"1,keyasint,omitempty"` // none: the end
	Row   cbor.RawMessage `cbor:"2,keyasint,omitempty"`
	Rows  int             `cbor:"3,keyasint,omitempty"` // at the end, how many there were
}

type newRecord struct {
	Table string `cbor:"1,keyasint,omitempty"`
	Row   any    `cbor:"2,keyasint,omitempty"`
	Rows  int    `cbor:"3,keyasint,omitempty"`
}

// maxRecord bounds what a damaged length can make us allocate.
const maxRecord = 64 << 20

var errTruncated = fmt.Errorf("store: snapshot: %w", io.ErrUnexpectedEOF)

// Snapshot is a version that can be written out while the replica goes on.
type Snapshot struct{ *state }

// Snapshot returns the newest version. It costs nothing: a version never changes.
func (r *Replica) Snapshot() Snapshot { return Snapshot{r.committed.Load()} }

// Snapshot returns the view's version, to be written out.
func (v View) Snapshot() Snapshot { return Snapshot{&state{v.version, v.at, v.db}} }

// WriteTo implements io.WriterTo.
func (s Snapshot) WriteTo(out io.Writer) (n int64, err error) {
	w := bufio.NewWriterSize(out, 1<<16)
	var buf bytes.Buffer
	write := func(v any) error {
		buf.Reset()
		if err := encodeTo(&buf, v); err != nil {
			return err
		}
		size := binary.AppendUvarint(w.AvailableBuffer(), uint64(buf.Len()))
		n += int64(len(size) + buf.Len())
		if _, err := w.Write(size); err != nil {
			return err
		}
		_, err := w.Write(buf.Bytes())
		return err
	}
	if err := write(&header{Schema, s.Epoch, s.Rev, s.at}); err != nil {
		return n, err
	}
	rows, txn := 0, s.db.Txn(false)
	for _, name := range Tables() {
		for row := range allRows(txn, name, primary) {
			if err := write(&newRecord{Table: name, Row: row}); err != nil {
				return n, fmt.Errorf("store: row of table %s: %w", name, err)
			}
			rows++
		}
	}
	if err := write(&newRecord{Rows: rows}); err != nil {
		return n, err
	}
	return n, w.Flush()
}

// Restore replaces the state by a snapshot's. It changes nothing if it fails.
func (r *Replica) Restore(in io.Reader) error {
	next, err := readSnapshot(bufio.NewReaderSize(in, 1<<16))
	if err != nil {
		return err
	}
	r.publish(next)
	return nil
}

func readSnapshot(in *bufio.Reader) (*state, error) {
	var h header
	if err := readRecord(in, lenient, &h); err != nil {
		return nil, err
	}
	if h.Schema > Schema {
		return nil, fmt.Errorf("store: snapshot of schema %d, we know %d: %w", h.Schema, Schema, ErrNewerSchema)
	}
	next := &state{Version: Version{h.Epoch, h.Rev}, at: h.At, db: emptyDB()}
	txn := next.db.Txn(true)
	defer txn.Abort() // does nothing after Commit
	for rows := 0; ; rows++ {
		var rec record
		if err := readRecord(in, decoder(h.Schema), &rec); err != nil {
			return nil, err
		}
		if rec.Table == "" {
			if rec.Rows != rows {
				return nil, fmt.Errorf("store: snapshot has %d rows and says %d", rows, rec.Rows)
			}
			txn.Commit()
			return next, nil
		}
		if err := rec.insert(txn, h.Schema); err != nil {
			return nil, err
		}
	}
}

func (rec *record) insert(txn *memdb.Txn, schema int) error {
	op := Op{Table: rec.Table, Row: rec.Row}
	if len(op.Row) == 0 {
		return fmt.Errorf("store: snapshot: a row of table %s is empty", rec.Table)
	}
	return op.do(txn, schema)
}

func readRecord(in *bufio.Reader, mode cbor.DecMode, v any) error {
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return errTruncated
	}
	if n > maxRecord {
		return fmt.Errorf("store: snapshot: a record of %d bytes", n)
	}
	var b bytes.Buffer
	b.Grow(int(min(n, 1<<12))) // more only if it comes
	if _, err := io.CopyN(&b, in, int64(n)); err != nil {
		return errTruncated
	}
	if err := mode.Unmarshal(b.Bytes(), v); err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	return nil
}
