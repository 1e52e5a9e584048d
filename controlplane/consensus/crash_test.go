package consensus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/testkit"
)

// writerDir makes the test binary a server that writes to a folder until it is killed.
const writerDir = "MICA_TEST_CONSENSUS_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		if err := writeForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		return
	}
	os.Exit(m.Run())
}

// writeForEver puts rows from 8 goroutines and prints the key of each that was answered.
func writeForEver(dir string) error {
	n, err := Open(Config{ID: "n1", Dir: dir, Bootstrap: true, SnapshotEvery: 200, KeepEntries: 100, Heartbeat: 200 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		tune:   func(rc *raft.Config) { rc.SnapshotInterval = 20 * time.Millisecond }})
	if err != nil {
		return err
	}
	if err := n.AwaitLeader(ctx); err != nil {
		return err
	}
	start := 0
	for range done.List(n.Stale()) {
		start++
	}
	failed := make(chan error)
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", start, w, i)
				if err := n.Update(ctx, meta, func(tx *store.Tx) error {
					add(tx, counters, "all", 1)
					return done.Put(tx, &row{ID: id, Name: strings.Repeat("x", i%500)})
				}); err != nil {
					failed <- err
					return
				}
				if _, err := os.Stdout.WriteString(id + "\n"); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// writer starts the writer, maybe under another program, and collects what it prints until
// it has printed enough; then it ends it, if asked to, with SIGKILL.
func writer(t *testing.T, dir string, enough int, under ...string) (acked []string, stderr string, err error) {
	t.Helper()
	args := append(slices.Clone(under), os.Args[0])
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), writerDir+"="+dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timeout := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timeout.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		acked = append(acked, lines.Text())
		if enough > 0 && len(acked) == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait() // and only then is stderr whole
	return acked, errs.String(), err
}

// expectThere opens the folder as a new server would, and compares it with what was
// acknowledged by earlier ones.
func expectThere(t *testing.T, dir string, acked []string) {
	t.Helper()
	n := openAlone(t, dir, nil)
	v, err := n.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, id := range acked {
		if done.Get(v, id) == nil {
			lost++
		}
	}
	rows := len(slices.Collect(done.List(v)))
	if all := counters.Get(v, "all"); lost > 0 || all != nil && int(all.N) != rows {
		t.Errorf("%d of %d acknowledged are lost; %d rows, counted %+v", lost, len(acked), rows, all)
	}
	if err := v.CheckIndexes(); err != nil {
		t.Error(err)
	}
	closeNode(t, n)
}

// Killed at any moment, again and again, a server has what it acknowledged.
func TestKill9KeepsWhatWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	var acked []string
	for round := range rounds {
		more, stderr, err := writer(t, dir, 1+rng.IntN(1500))
		if err == nil || len(more) == 0 {
			t.Fatalf("round %d: the writer ended by itself: %v, %d written, %s", round, err, len(more), stderr)
		}
		acked = append(acked, more...)
		expectThere(t, dir, acked)
	}
}

// A disk that fails to sync ends the server at once, and what it had acknowledged is there
// when the disk is good again.
func TestFailedSyncEndsTheProgram(t *testing.T) {
	testkit.NeedProgram(t, "strace")
	if out, err := exec.Command("strace", "-f", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		testkit.Skip(t, fmt.Sprintf("strace cannot trace here: %v: %s", err, out))
	}
	for _, call := range []string{"fsync", "fdatasync"} { // the log's segments; its catalogue
		dir := t.TempDir()
		more, _, _ := writer(t, dir, 20)
		acked := more
		when := 40
		if call == "fdatasync" {
			when = 1
		}
		more, stderr, err := writer(t, dir, 0, "strace", "-f", "-o", "/dev/null", "-e", "trace="+call, "-e", "inject="+call+":error=EIO:when="+strconv.Itoa(when))
		if code, ok := errors.AsType[*exec.ExitError](err); !ok || code.ExitCode() <= 0 {
			t.Errorf("%s: the server went on, or was killed: %v %s", call, err, stderr)
		}
		if !strings.Contains(stderr, "input/output error") {
			t.Errorf("%s: it does not say why: %s", call, stderr)
		}
		t.Logf("%s: after %d writes: %v", call, len(more), err)
		expectThere(t, dir, append(acked, more...))
	}
}

// brokenLog fails one append; the next would succeed, as an fsync after a failed one does.
type brokenLog struct {
	*raft.InmemStore
	mu    sync.Mutex
	fail  bool
	tried int // after the failure
}

var errDisk = errors.New("input/output error")

func (l *brokenLog) StoreLogs(logs []*raft.Log) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail {
		if l.tried++; l.tried == 1 {
			return errDisk
		}
	}
	return l.InmemStore.StoreLogs(logs)
}

func (l *brokenLog) StoreLog(log *raft.Log) error { return l.StoreLogs([]*raft.Log{log}) }

// Once a write of any kind has failed the disk is not tried again.
func TestDiskHasOneChance(t *testing.T) {
	writes := map[string]func(*oneChance) error{
		"append":     func(o *oneChance) error { return o.StoreLog(&raft.Log{Index: 1}) },
		"truncate":   func(o *oneChance) error { return o.DeleteRange(1, 1) },
		"set":        func(o *oneChance) error { return o.Set([]byte("k"), nil) },
		"set number": func(o *oneChance) error { return o.SetUint64([]byte("k"), 1) },
	}
	for first, fail := range writes {
		t.Run(first, func(t *testing.T) {
			d := &failingDisk{InmemStore: raft.NewInmemStore(), fail: true}
			var fatal []error
			o := &oneChance{LogStore: d, StableStore: d, fatal: func(err error) { fatal = append(fatal, err) }}
			if err := fail(o); !errors.Is(err, errDisk) || len(fatal) != 1 || !errors.Is(fatal[0], errDisk) {
				t.Fatal(err, fatal)
			}
			d.fail = false
			for second, write := range writes {
				if err := write(o); err == nil {
					t.Errorf("%s after the failure succeeded", second)
				}
			}
			if d.writes != 1 || len(fatal) != 1 {
				t.Errorf("%d writes, ended for %v", d.writes, fatal)
			}
		})
	}
}

type failingDisk struct {
	*raft.InmemStore
	fail   bool
	writes int
}

func (d *failingDisk) write() error {
	if d.writes++; d.fail {
		return errDisk
	}
	return nil
}

func (d *failingDisk) StoreLogs([]*raft.Log) error        { return d.write() }
func (d *failingDisk) DeleteRange(_, _ uint64) error      { return d.write() }
func (d *failingDisk) Set(_, _ []byte) error              { return d.write() }
func (d *failingDisk) SetUint64(_ []byte, _ uint64) error { return d.write() }

// After a failed append nothing more is written, nobody is told success, and the server
// says why it stopped.
func TestFailedAppendStopsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := raft.NewInmemStore()
		broken := &brokenLog{InmemStore: mem}
		fatal := make(chan error, 10)
		// No election comes before the end: Raft panics when it cannot write its term.
		n, err := Open(Config{ID: "n1", Bootstrap: true, Heartbeat: time.Hour, Logger: slog.New(slog.DiscardHandler), Fatal: func(err error) { fatal <- err },
			disk: &disk{logs: broken, stable: mem, snaps: raft.NewInmemSnapshotStore(), close: func() error { return nil }}})
		if err != nil {
			t.Fatal(err)
		}
		if err := n.AwaitLeader(ctx); err != nil {
			t.Fatal(err)
		}
		put := func(id string) error {
			cx, cancel := context.WithTimeout(ctx, 20*time.Second)
			defer cancel()
			return n.Update(cx, meta, func(tx *store.Tx) error { return done.Put(tx, &row{ID: id}) })
		}
		if err := put("before"); err != nil {
			t.Fatal(err)
		}
		broken.mu.Lock()
		broken.fail = true
		broken.mu.Unlock()
		if err := put("failed"); !errors.Is(err, store.ErrUnknownOutcome) {
			t.Error("the failed write:", err)
		}
		select {
		case err := <-fatal:
			if !errors.Is(err, errDisk) || !errors.Is(n.Err(), errDisk) {
				t.Error(err, n.Err())
			}
		default:
			t.Error("the program was not ended")
		}
		if err := put("after"); err == nil {
			t.Error("a write after the failed one succeeded")
		}
		if broken.tried != 1 || len(fatal) != 0 {
			t.Errorf("%d writes after the failure began, %d more ends", broken.tried, len(fatal))
		}
		if v := n.Stale(); done.Get(v, "before") == nil || done.Get(v, "failed") != nil {
			t.Error("the state is not what was committed")
		}
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
}
