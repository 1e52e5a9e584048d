package consensus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/store"
)

// result is what one update saw; seq is its place among all, by its own reading.
type result struct {
	seq          int64
	op, arg, saw string
}

// step is a random update, as a function of the state alone.
func step(tx *store.Tx, op, arg string) (saw string, err error) {
	switch op {
	case "name":
		return "made", names.Put(tx, &row{ID: "id-" + arg, Name: arg[:1]})
	case "unname":
		r := names.First(tx, "name", arg[:1])
		if r == nil {
			return "", errors.New("no such name")
		}
		return r.ID, names.Delete(tx, r.ID)
	case "place":
		for h := range hosts.List(tx) {
			if h.N > 0 {
				add(tx, hosts, h.ID, -1)
				return h.ID, vms.Put(tx, &row{ID: arg, Host: h.ID})
			}
		}
		return "", errors.New("full")
	default:
		return fmt.Sprint(add(tx, counters, arg[:1], 1)), nil
	}
}

const room, hostCount = 40, 5

func makeHosts(db store.DB) error {
	return db.Update(ctx, meta, func(tx *store.Tx) error {
		for i := range hostCount {
			add(tx, hosts, fmt.Sprint("h", i), room)
		}
		return nil
	})
}

// Whatever runs at once, each update sees what it would see if they ran one by one.
func TestSerialEquivalence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 3, nil)
		_, n := c.leader()
		if err := makeHosts(n); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var ok []result
		failed := map[string]int{}
		var wg sync.WaitGroup
		for w := range 64 {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(w), 1))
				for i := range 50 {
					op := []string{"name", "unname", "place", "inc"}[rng.IntN(4)]
					arg := fmt.Sprintf("%c-%d-%d", 'a'+rune(rng.IntN(8)), w, i)
					var r result
					err := n.Update(ctx, meta, func(tx *store.Tx) (err error) {
						r = result{op: op, arg: arg, seq: add(tx, counters, "seq", 1)} // undone if the step fails
						r.saw, err = step(tx, op, arg)
						return err
					})
					mu.Lock()
					if err == nil {
						ok = append(ok, r)
					} else {
						failed[op]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		replay(t, ok)
		placed := 0
		for h := range hosts.List(n.Stale()) {
			used := len(slices.Collect(vms.By(n.Stale(), "host", h.ID)))
			if h.N < 0 || int64(used)+h.N != room {
				t.Errorf("%s: %d free and %d used of %d", h.ID, h.N, used, room)
			}
			placed += used
		}
		if placed != room*hostCount || failed["place"] == 0 {
			t.Errorf("%d placed, %d refused", placed, failed["place"])
		}
		if rev := n.replica.Version().Rev; rev > int64(len(ok))/2 {
			t.Errorf("%d updates in %d versions: nothing was grouped", len(ok), rev)
		}
		c.sameBytes()
		c.close()
	})
}

// replay runs the updates one after the other, in the order of their places.
func replay(t *testing.T, ok []result) {
	slices.SortFunc(ok, func(a, b result) int { return int(a.seq - b.seq) })
	alone := store.NewMemory()
	if err := makeHosts(alone); err != nil {
		t.Fatal(err)
	}
	for i, r := range ok {
		if r.seq != int64(i+1) {
			t.Fatalf("place %d is taken by %+v", i+1, r)
		}
		if err := alone.Update(ctx, meta, func(tx *store.Tx) error {
			saw, err := step(tx, r.op, r.arg)
			if saw != r.saw {
				t.Errorf("%+v: alone it sees %q", r, saw)
			}
			return err
		}); err != nil {
			t.Fatalf("%+v: alone it fails: %v", r, err)
		}
	}
}

func TestFailureLeavesNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 3, nil)
		_, n := c.leader()
		before := rowsOf(stateBytes(t, n.Node))
		boom := errors.New("boom")
		if err := n.Update(ctx, meta, func(tx *store.Tx) error { add(tx, counters, "a", 1); return boom }); err != boom {
			t.Error(err)
		}
		if err := n.Update(ctx, meta, func(tx *store.Tx) error { add(tx, counters, "a", 1); panic("bang") }); err == nil || !strings.Contains(err.Error(), "bang") {
			t.Error(err)
		}
		if err := n.Update(ctx, meta, func(tx *store.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
		past, cancel := context.WithCancel(ctx)
		cancel()
		if err := n.Update(past, meta, func(tx *store.Tx) error { add(tx, counters, "a", 1); return nil }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		synctest.Wait()
		if before != rowsOf(stateBytes(t, n.Node)) {
			t.Error("a trace was left in the rows")
		}
		if err := n.Update(ctx, meta, func(tx *store.Tx) error {
			if counters.Get(tx, "a") != nil {
				return errors.New("a trace was left in the working state")
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		c.close()
	})
}

// An error is an answer about the state: it must not be given before the state is committed.
func TestErrorWaitsForWhatItSaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 3, func(cfg *Config) { cfg.Verdict = time.Hour })
		i, old := c.leader()
		c.isolate(i)
		put := func(id string) chan error {
			ch := make(chan error, 1)
			go func() {
				ch <- old.Update(ctx, meta, func(tx *store.Tx) error { return names.Put(tx, &row{ID: id, Name: "x"}) })
			}()
			synctest.Wait()
			return ch
		}
		first, second := put("1"), put("2")
		select {
		case err := <-second:
			t.Fatal("answered from a state that was never committed:", err)
		default:
		}
		if err := c.anywhere(func(tx *store.Tx) error { return nil }); err != nil { // served by the new leader, some time
			t.Fatal(err)
		}
		c.heal()
		if err := <-second; !errors.Is(err, store.ErrNotLeader) {
			t.Error("second:", err)
		}
		if err := <-first; !errors.Is(err, store.ErrNotLeader) {
			t.Error("first: its fate is known when the new epoch arrives, but:", err)
		}
		c.sameBytes()
		c.close()
	})
}

// A cut-off leader says that it does not know, in time.
func TestUnknownOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 3, nil)
		i, old := c.leader()
		if !old.Leader() {
			t.Error("a leader does not know it")
		}
		turned := old.LeaderChanged()
		c.isolate(i)
		start := time.Now()
		err := old.Update(ctx, meta, func(tx *store.Tx) error { add(tx, counters, "a", 1); return nil })
		if took := time.Since(start); !errors.Is(err, store.ErrUnknownOutcome) || took > 6*time.Second {
			t.Error(err, took)
		}
		<-turned
		if old.Leader() {
			t.Error("a cut-off leader still thinks it leads")
		}
		if err := old.Update(ctx, meta, func(tx *store.Tx) error { return nil }); !errors.Is(err, store.ErrNotLeader) {
			t.Error(err)
		}
		if _, err := old.Read(ctx); err == nil {
			t.Error("a cut-off leader answered a read")
		}
		c.close()
	})
}

// A batch that was built on another state is refused everywhere and run again.
func TestRefusedBatchesRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 3, func(cfg *Config) { cfg.MaxSets = 2 })
		_, n := c.leader()
		var wg sync.WaitGroup
		var runs atomic.Int64
		for w := range 32 {
			wg.Go(func() {
				for i := range 40 {
					if err := n.Update(ctx, meta, func(tx *store.Tx) error {
						runs.Add(1)
						add(tx, counters, "a", 1)
						return done.Put(tx, &row{ID: fmt.Sprint(w, "-", i)})
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 20 { // somebody else's epochs
			if err := n.raft.Apply(store.OpenEntry(time.Now()), 0).Error(); err != nil {
				t.Fatal(err)
			}
		}
		wg.Wait()
		v := n.Stale()
		if got := counters.Get(v, "a").N; got != 32*40 || len(slices.Collect(done.List(v))) != 32*40 {
			t.Errorf("counted %d, want %d", got, 32*40)
		}
		if runs.Load() == 32*40 {
			t.Error("nothing was refused")
		}
		refused := 0
		if err := n.ReadLog(func(r LogRecord) error {
			if r.Refused {
				refused++
			}
			return nil
		}); err != nil || refused == 0 {
			t.Error("the log shows no refused change sets:", err)
		}
		c.sameBytes()
		c.close()
	})
}

// Three servers end with the same bytes after random batches. One is cut off, or down, for
// a while, and comes back by a snapshot, over what it had, onto which it applies the rest.
func TestEqualBytesAfterSnapshot(t *testing.T) {
	for _, down := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c := newCluster(t, 3, func(cfg *Config) { cfg.KeepEntries = 4 })
			li, n := c.leader()
			away := (li + 1) % 3
			rng := rand.New(rand.NewPCG(1, 1))
			for i := range 430 {
				switch {
				case i == 100 && down:
					c.stop(away)
				case i == 100:
					c.isolate(away)
				case i == 400:
					if err := n.Snapshot(); err != nil {
						t.Error(err)
					}
					if c.heal(); down {
						c.start(away)
					}
				}
				if err := n.Update(ctx, meta, func(tx *store.Tx) error { return churn(tx, rng) }); err != nil {
					t.Error(err)
				}
			}
			c.sameBytes()
			if first, _ := c.nodes[away].disk.logs.FirstIndex(); first == 1 {
				t.Error("the log of the one that was away has its beginning: it was not restored")
			}
			c.close()
		})
	}
}

// churn puts, changes and deletes some rows, and moves names between them.
func churn(tx *store.Tx, rng *rand.Rand) error {
	for range rng.IntN(12) {
		id := fmt.Sprint(rng.IntN(900))
		if names.Get(tx, id) != nil && rng.IntN(3) == 0 {
			if err := names.Delete(tx, id); err != nil {
				return err
			}
		} else if err := names.Put(tx, &row{ID: id, Name: fmt.Sprint(rng.IntN(2000)), N: rng.Int64()}); err != nil && !errors.Is(err, store.ErrExists) {
			return err
		}
		add(tx, vms, id, 1)
	}
	return nil
}

// A server that joins an alone one gets all there is, and takes over when asked.
func TestAloneGrowsToThree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 1, nil)
		alone := c.nodes[0]
		if err := alone.Update(ctx, meta, func(tx *store.Tx) error { add(tx, counters, "a", 1); return nil }); err != nil {
			t.Fatal(err)
		}
		if !alone.soleVoter() {
			t.Error("it is not alone")
		}
		c.grow("n1")
		c.grow("n2")
		if alone.soleVoter() {
			t.Error("it is alone with two others")
		}
		if err := alone.TransferLeadership(); err != nil {
			t.Fatal(err)
		}
		if err := c.anywhere(func(tx *store.Tx) error { add(tx, counters, "a", 1); return nil }); err != nil {
			t.Fatal(err)
		}
		if alone.Leader() {
			t.Error("leadership was not given away")
		}
		if v, err := alone.Read(ctx); err != nil || counters.Get(v, "a").N != 2 {
			t.Error("a follower's read:", err)
		}
		c.sameBytes()
		c.close()
	})
}

func TestNewerEntryStopsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var stopped []error
		c := newCluster(t, 3, func(cfg *Config) {
			cfg.Fatal = func(err error) {
				mu.Lock()
				defer mu.Unlock()
				stopped = append(stopped, err)
			}
		})
		_, n := c.leader()
		before := stateBytes(t, n.Node)
		open := store.OpenEntry(time.Now())
		newer := bytes.Replace(open, []byte{1, store.Schema}, []byte{1, store.Schema + 1}, 1) // key 1 is the schema
		if err := n.raft.Apply(newer, 0).Error(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if len(stopped) != 3 {
			t.Fatal(stopped)
		}
		for _, err := range stopped {
			if !errors.Is(err, store.ErrNewerSchema) {
				t.Error(err)
			}
		}
		if !bytes.Equal(before, stateBytes(t, n.Node)) {
			t.Error("it was applied in part")
		}
		c.close()
	})
}
