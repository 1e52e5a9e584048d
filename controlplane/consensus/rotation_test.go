package consensus

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	wal "github.com/hashicorp/raft-wal"
	"github.com/hashicorp/raft-wal/metadb"
	"github.com/hashicorp/raft-wal/types"
)

// brokenMeta cannot write the catalogue once it is to.
type brokenMeta struct {
	types.MetaStore
	broken *bool
	asked  chan struct{}
}

func (m brokenMeta) CommitState(s types.PersistentState) error {
	if *m.broken {
		close(m.asked)
		return errors.New("no space left on device")
	}
	return m.MetaStore.CommitState(s)
}

// TestALogWhoseSegmentFilledWithTheDiskGoesOn: a segment is full, and the program ends before
// that is noted, or before all of the last batch is on the disk. raft-wal 0.4.1 then took no
// entry at any later start.
func TestALogWhoseSegmentFilledWithTheDiskGoesOn(t *testing.T) {
	for name, tear := range map[string]func(b []byte, commit int){
		"not noted":                    func([]byte, int) {},
		"no end":                       func(b []byte, commit int) { clear(b[commit:]) },
		"half an index":                func(b []byte, commit int) { clear(b[commit-16:]) },
		"half of an entry":             func(b []byte, commit int) { clear(b[commit-600:]) },
		"a hole, and after it the end": func(b []byte, commit int) { clear(b[commit-600 : commit-500]) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			last := fillSegment(t, dir+"/wal")
			files, err := filepath.Glob(dir + "/wal/*.wal")
			if err != nil || len(files) != 1 {
				t.Fatalf("%q, %v", files, err)
			}
			b, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			commit := len(b) - 8
			for ; b[commit] == 0; commit -= 8 {
			}
			if b[commit] != frameCommit {
				t.Fatalf("the last frame is %x", b[commit:commit+8])
			}
			tear(b, commit)
			if err := os.WriteFile(files[0], b, 0o600); err != nil {
				t.Fatal(err)
			}
			if name != "not noted" {
				last-- // nobody was told of it
			}
			goesOn(t, dir, last)
		})
	}
}

// fillSegment makes a log whose only segment is full, which its catalogue does not say, and
// returns its last entry.
func fillSegment(t *testing.T, path string) uint64 {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	var meta metadb.BoltMetaDB
	broken, asked := false, make(chan struct{})
	w, err := wal.Open(path, wal.WithSegmentSize(16<<10), wal.WithMetaStore(brokenMeta{&meta, &broken, asked}))
	if err != nil {
		t.Fatal(err)
	}
	broken = true
	for last := uint64(0); ; last++ {
		if w.StoreLog(&raft.Log{Index: last + 1, Data: bytes.Repeat([]byte("x"), 1000)}) != nil {
			<-asked
			if err := errors.Join(w.Close(), meta.Close()); err != nil {
				t.Fatal(err)
			}
			return last
		}
	}
}

// goesOn: the log has its entries and takes more, at this start and the next.
func goesOn(t *testing.T, dir string, last uint64) {
	t.Helper()
	for range 2 {
		w, err := openWAL(dir, hclog.NewNullLogger(), func(err error) { t.Error(err) })
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.LastIndex(); err != nil || got != last {
			t.Fatalf("the last entry is %d, %v, want %d", got, err, last)
		}
		for range 40 {
			last++
			if err := w.StoreLog(&raft.Log{Index: last, Data: bytes.Repeat([]byte("x"), 1000)}); err != nil {
				t.Fatal(err)
			}
		}
		for i := uint64(1); i <= last; i++ {
			var l raft.Log
			if err := w.GetLog(i, &l); err != nil || l.Index != i || len(l.Data) != 1000 {
				t.Fatalf("entry %d: %d with %d bytes, %v", i, l.Index, len(l.Data), err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
