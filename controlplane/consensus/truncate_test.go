package consensus

import (
	"fmt"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
)

// TestALogThatWasCutShortOpensAgain: an old leader gives up the entries that nobody else
// has. raft-wal 0.4.0 then wrote a log that no later start could open.
func TestALogThatWasCutShortOpensAgain(t *testing.T) {
	dir := t.TempDir()
	open := func() *walStore {
		t.Helper()
		w, err := openWAL(dir, hclog.NewNullLogger(), func(err error) { t.Error(err) })
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	store := func(w *walStore, from, to, term uint64) {
		t.Helper()
		for i := from; i <= to; i++ {
			if err := w.StoreLog(&raft.Log{Index: i, Term: term, Data: fmt.Append(nil, term, "/", i)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w := open()
	store(w, 1, 10, 1)
	for term := uint64(2); term < 5; term++ { // again and again, in one run and over restarts
		for range 2 {
			if err := w.DeleteRange(8, 10); err != nil {
				t.Fatal(err)
			}
			store(w, 8, 10, term)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		w = open()
		for i := uint64(1); i <= 10; i++ {
			want := uint64(1)
			if i >= 8 {
				want = term
			}
			var l raft.Log
			if err := w.GetLog(i, &l); err != nil || l.Term != want || string(l.Data) != fmt.Sprint(want, "/", i) {
				t.Fatalf("entry %d after the restart: term %d, %q, %v; want term %d", i, l.Term, l.Data, err, want)
			}
		}
		if last, err := w.LastIndex(); err != nil || last != 10 {
			t.Fatalf("the last entry is %d, %v", last, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
