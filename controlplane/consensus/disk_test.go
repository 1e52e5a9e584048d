package consensus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/store"
)

// openAlone opens a sole voter in dir and waits until it serves.
func openAlone(t testing.TB, dir string, change func(*Config)) *Node {
	t.Helper()
	cfg := Config{ID: "n1", Dir: dir, Bootstrap: true, Heartbeat: 200 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
		Fatal: func(err error) { t.Errorf("fatal: %v", err) }}
	if change != nil {
		change(&cfg)
	}
	n, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := n.AwaitLeader(ctx); err != nil {
		t.Fatal(err)
	}
	return n
}

func closeNode(t testing.TB, n *Node) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// count makes 1,000 updates of which each counts one and leaves a row.
func count(t *testing.T, n *Node) {
	t.Helper()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 50 {
				if err := n.Update(ctx, meta, func(tx *store.Tx) error {
					c := add(tx, counters, "a", 1)
					return names.Put(tx, &row{ID: fmt.Sprint(c), Name: fmt.Sprint("name-", c)})
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func counted(t *testing.T, n *Node, want int64) {
	t.Helper()
	v, err := n.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := counters.Get(v, "a")
	if c == nil || c.N != want || len(slices.Collect(names.List(v))) != int(want) || names.First(v, "name", fmt.Sprint("name-", want)) == nil {
		t.Errorf("%+v, want %d", c, want)
	}
}

// A node comes back from its disk: from the log, then from a snapshot and the log.
func TestRestartFromDisk(t *testing.T) {
	dir := t.TempDir()
	keep := func(c *Config) { c.KeepEntries = 10 }
	n := openAlone(t, dir, keep)
	count(t, n)
	counted(t, n, 1000)
	before := stateBytes(t, n)
	closeNode(t, n)

	n = openAlone(t, dir, keep)
	counted(t, n, 1000)
	if rowsOf(before) != rowsOf(stateBytes(t, n)) {
		t.Error("the log gave other rows than there were")
	}
	if err := n.Snapshot(); err != nil {
		t.Fatal(err)
	}
	first, _ := n.disk.logs.FirstIndex()
	if first == 1 {
		t.Error("the log was not cut")
	}
	if err := n.ReadLog(func(r LogRecord) error {
		if r.Index < first || r.Refused {
			t.Errorf("a log without its beginning: %+v", r)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	count(t, n)
	before = stateBytes(t, n)
	closeNode(t, n)

	n = openAlone(t, dir, keep)
	counted(t, n, 2000)
	if rowsOf(before) != rowsOf(stateBytes(t, n)) {
		t.Error("snapshot and log gave other rows than there were")
	}
	closeNode(t, n)
}

func TestFolderIsLocked(t *testing.T) {
	dir := t.TempDir()
	n := openAlone(t, dir, nil)
	if _, err := Open(Config{ID: "n2", Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	if err := ReadLog(dir, nil); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	closeNode(t, n)
	closeNode(t, openAlone(t, dir, nil))
}

func TestReadLog(t *testing.T) {
	dir := t.TempDir()
	if err := ReadLog(dir, nil); err == nil {
		t.Error("an empty folder has a log")
	}
	n := openAlone(t, dir, nil)
	start := time.Now()
	for _, u := range []struct {
		m  store.Meta
		fn func(*store.Tx) error
	}{
		{store.Meta{Action: "Make", Actor: "ann", RequestID: "r1"}, func(tx *store.Tx) error {
			return errors.Join(names.Put(tx, &row{ID: "1", Name: "x"}), names.Put(tx, &row{ID: "2"}))
		}},
		{store.Meta{Action: "Fail", Actor: "bob", RequestID: "r2"}, func(tx *store.Tx) error { return names.Put(tx, &row{ID: "3", Name: "x"}) }},
		{store.Meta{Action: "Unmake", Actor: "cid", RequestID: "r3"}, func(tx *store.Tx) error { return names.Delete(tx, "1") }},
	} {
		if err := n.Update(ctx, u.m, u.fn); (err != nil) != (u.m.Action == "Fail") {
			t.Fatal(err)
		}
	}
	read := func(log func(func(LogRecord) error) error) (got []string) {
		t.Helper()
		var index uint64
		if err := log(func(r LogRecord) error {
			if r.Index < index || r.Term == 0 || r.Time.Before(start.Add(-time.Minute)) || r.Time.After(time.Now()) || r.Refused {
				t.Errorf("%+v", r)
			}
			index = r.Index
			line := fmt.Sprint(r.Epoch, " ", r.Action, " ", r.Actor, " ", r.RequestID)
			for _, o := range r.Rows {
				line += fmt.Sprint(" ", o.Table, "/", o.ID, " ", o.Deleted)
				if !o.Deleted && o.Row.(*row).ID != o.ID {
					t.Errorf("%+v", o.Row)
				}
			}
			got = append(got, line)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return got
	}
	want := []string{"true   ", "false Make ann r1 test_names/1 false test_names/2 false", "false Unmake cid r3 test_names/1 true"}
	if got := read(n.ReadLog); !slices.Equal(got, want) {
		t.Errorf("running: %q", got)
	}
	closeNode(t, n)
	if got := read(func(fn func(LogRecord) error) error { return ReadLog(dir, fn) }); !slices.Equal(got, want) {
		t.Errorf("stopped: %q", got)
	}
	stop := errors.New("enough")
	if err := ReadLog(dir, func(LogRecord) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}
