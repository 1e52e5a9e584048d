package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/micacloud/mica/controlplane/store/tree"
)

// A snapshot is frames, each of a length, a checksum, and bytes: a header that says what
// follows; for each table and each of its indexes the leaves of its tree, ended by an empty
// frame; and a footer that counts all entries. How leaves are cut follows from what is in
// them, so replicas with one version write the same bytes.

type header struct {
	Schema int           `cbor:"1,keyasint"`
	Epoch  int64         `cbor:"2,keyasint"`
	Rev    int64         `cbor:"3,keyasint"`
	At     int64         `cbor:"4,keyasint"`
	Tables []tableHeader `cbor:"5,keyasint"`
}

type tableHeader struct {
	Name    string        `cbor:"1,keyasint"`
	Shape   []byte        `cbor:"2,keyasint"` // digest of the type of its rows
	Indexes []indexHeader `cbor:"3,keyasint"`
}

type indexHeader struct {
	Name  string `cbor:"1,keyasint"`
	Shape []byte `cbor:"2,keyasint"` // digest of what makes its keys, as far as that can be seen
}

// maxFrame bounds what a damaged length can make us allocate.
const maxFrame = 64 << 20

var (
	errTruncated = fmt.Errorf("store: snapshot: %w", io.ErrUnexpectedEOF)
	errDamaged   = errors.New("store: snapshot is damaged")
	castagnoli   = crc32.MakeTable(crc32.Castagnoli)
)

// Snapshot is a version that can be written out while the replica goes on.
type Snapshot struct{ *state }

// Snapshot returns the newest version. It costs nothing: a version never changes.
func (r *Replica) Snapshot() Snapshot { return Snapshot{r.committed.Load()} }

// Snapshot returns the view's version, to be written out.
func (v View) Snapshot() Snapshot { return Snapshot{&state{v.version, v.at, v.db}} }

// frames writes frames and counts their bytes.
type frames struct {
	w *bufio.Writer
	n int64
}

func (f *frames) write(data string) error {
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(data)))
	binary.LittleEndian.PutUint32(head[4:], checksum(head[:4], []byte(data)))
	f.n += int64(len(head) + len(data))
	if _, err := f.w.Write(head[:]); err != nil {
		return err
	}
	_, err := f.w.WriteString(data)
	return err
}

// checksum is of a frame's length, too: else a damaged one could be another frame.
func checksum(length, data []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, data)
}

// WriteTo implements io.WriterTo.
func (s Snapshot) WriteTo(out io.Writer) (int64, error) {
	f := &frames{w: bufio.NewWriterSize(out, 1<<16)}
	h := header{Schema: Schema, Epoch: s.Epoch, Rev: s.Rev, At: s.at}
	for _, t := range schema.sorted {
		h.Tables = append(h.Tables, t.header)
	}
	var head bytes.Buffer
	if err := encodeTo(&head, &h); err != nil {
		return 0, err
	}
	if err := f.write(head.String()); err != nil {
		return f.n, err
	}
	entries := 0
	for _, t := range schema.sorted { // slots are in the same order
		for slot := t.slot; slot <= t.slot+len(t.indexes); slot++ {
			entries += s.db.trees[slot].Len()
			if err := f.tree(s.db.trees[slot], slot == t.slot); err != nil {
				return f.n, err
			}
		}
	}
	if err := f.write(string(binary.AppendUvarint(nil, uint64(entries)))); err != nil {
		return f.n, err
	}
	return f.n, f.w.Flush()
}

// tree writes the leaves of a tree.
func (f *frames) tree(t tree.Tree, values bool) error {
	p := tree.NewPack(values, f.write)
	c := t.Cursor()
	var buf []byte
	for ok := c.Seek(""); ok; ok = c.Next() {
		buf = c.Value(buf[:0])
		if err := p.Add(c.Key(), buf); err != nil {
			return err
		}
	}
	if err := p.Close(); err != nil {
		return err
	}
	return f.write("")
}

// Restore replaces the state by a snapshot's. It changes nothing if it fails.
func (r *Replica) Restore(in io.Reader) error {
	next, err := readSnapshot(bufio.NewReaderSize(in, 1<<18))
	if err != nil {
		return err
	}
	r.publish(next)
	return nil
}

func readSnapshot(in *bufio.Reader) (*state, error) {
	head, err := readFrame(in)
	if err != nil {
		return nil, err
	}
	var h header
	if err := lenient.Unmarshal([]byte(head), &h); err != nil {
		return nil, fmt.Errorf("store: snapshot: %w", err)
	}
	if h.Schema > Schema {
		return nil, fmt.Errorf("store: snapshot of schema %d, we know %d: %w", h.Schema, Schema, ErrNewerSchema)
	}
	next := &state{Version: Version{h.Epoch, h.Rev}, at: h.At, db: newDB()}
	entries := 0
	for i := range h.Tables {
		n, err := h.Tables[i].read(in, next.db, h.Schema)
		if err != nil {
			return nil, err
		}
		entries += n
	}
	end, err := readFrame(in)
	if err != nil {
		return nil, err
	}
	if end != string(binary.AppendUvarint(nil, uint64(entries))) {
		return nil, fmt.Errorf("%w: %d entries are not what it says", errDamaged, entries)
	}
	if _, err := in.Peek(1); err != io.EOF {
		return nil, fmt.Errorf("%w: more follows", errDamaged)
	}
	return next, nil
}

// read reads a table with its indexes and returns how many entries there were. What has
// the shape that this program gives it is taken as it is; the rest is made anew of the rows.
func (h *tableHeader) read(in *bufio.Reader, into *db, schema int) (entries int, err error) {
	t := tableNamed(h.Name)
	if t == nil && schema == Schema {
		return 0, fmt.Errorf("store: no table %q: %w", h.Name, ErrNewerSchema)
	}
	rows, err := readTree(in, true)
	if err != nil {
		return 0, err
	}
	entries = rows.Len()
	fresh := map[string]tree.Tree{}
	for _, x := range h.Indexes {
		entered, err := readTree(in, false)
		if err != nil {
			return 0, err
		}
		entries += entered.Len()
		fresh[x.Name+"\x00"+string(x.Shape)] = entered
	}
	if t == nil {
		return entries, nil // a table that is gone since
	}
	ours := t.header
	if schema != Schema || string(h.Shape) != string(ours.Shape) {
		if rows, err = t.recode(rows, schema); err != nil {
			return 0, err
		}
	}
	into.trees[t.slot] = rows
	var missing []*index
	for i, x := range ours.Indexes {
		if entered, ok := fresh[x.Name+"\x00"+string(x.Shape)]; ok && schema == Schema {
			into.trees[t.indexes[i].slot] = entered
		} else {
			missing = append(missing, &t.indexes[i])
		}
	}
	if len(missing) > 0 {
		if err := t.reindex(into, missing); err != nil {
			return 0, err
		}
	}
	return entries, t.sample(into)
}

// readTree reads the leaves of a tree.
func readTree(in *bufio.Reader, values bool) (tree.Tree, error) {
	l := tree.NewLoad(values)
	for {
		leaf, err := readFrame(in)
		if err != nil {
			return tree.Tree{}, err
		}
		if leaf == "" {
			return l.Tree(), nil
		}
		if err := l.Add(leaf); err != nil {
			return tree.Tree{}, fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
}

func readFrame(in *bufio.Reader) (string, error) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", errTruncated
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxFrame {
		return "", fmt.Errorf("%w: a frame of %d bytes", errDamaged, n)
	}
	var data []byte
	var err error
	if n <= peeked {
		data, err = in.Peek(int(n))
	} else {
		var b bytes.Buffer // more memory only if more comes
		_, err = io.CopyN(&b, in, int64(n))
		data = b.Bytes()
	}
	switch {
	case err != nil:
		return "", errTruncated
	case checksum(head[:4], data) != binary.LittleEndian.Uint32(head[4:]):
		return "", fmt.Errorf("%w: a checksum is wrong", errDamaged)
	}
	s := string(data)
	if n <= peeked {
		_, err = in.Discard(int(n))
	}
	return s, err
}

// peeked is what frames are small: they are copied once.
const peeked = 1 << 16
