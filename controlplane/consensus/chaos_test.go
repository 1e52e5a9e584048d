package consensus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// seeds is how many random runs a test makes; MICA_SEEDS asks for more.
func seeds() int {
	if n, err := strconv.Atoi(os.Getenv("MICA_SEEDS")); err == nil {
		return n
	}
	return 6
}

// chaos cuts, heals, transfers, snapshots and restarts until told to stop.
func chaos(c *cluster, rng *rand.Rand, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			c.heal()
			return
		case <-time.After(time.Duration(rng.IntN(900)) * time.Millisecond):
		}
		i := rng.IntN(len(c.nodes))
		switch []string{"cut leader", "cut one", "heal", "heal", "transfer", "snapshot", "restart"}[rng.IntN(7)] {
		case "cut leader":
			for j, n := range c.nodes {
				if n.raft.State() == raft.Leader {
					i = j
				}
			}
			c.isolate(i)
		case "cut one":
			c.isolate(i)
		case "heal":
			c.heal()
		case "transfer":
			n := c.node(i)
			go n.TransferLeadership()
		case "snapshot":
			if err := c.node(i).Snapshot(); err != nil {
				c.t.Error(err)
			}
		case "restart":
			c.stop(i)
			time.Sleep(time.Duration(rng.IntN(2000)) * time.Millisecond)
			c.start(i)
		}
	}
}

// chaosRun is one seed's cluster under chaos, with workers that use it.
func chaosRun(t *testing.T, seed, workers int, cfg func(*Config), work func(c *cluster, w int, rng *rand.Rand)) *cluster {
	c := newCluster(t, 3, cfg)
	c.leader()
	stop := make(chan struct{})
	var busy, trouble sync.WaitGroup
	trouble.Go(func() { chaos(c, rand.New(rand.NewPCG(uint64(seed), 7)), stop) })
	for w := range workers {
		busy.Go(func() { work(c, w, rand.New(rand.NewPCG(uint64(seed), uint64(w)+100))) })
	}
	busy.Wait()
	close(stop)
	trouble.Wait()
	time.Sleep(20 * time.Second)
	if err := c.anywhere(func(tx *store.Tx) error { add(tx, counters, "end", 1); return nil }); err != nil {
		t.Fatal(err)
	}
	return c
}

// somewhere tries servers in turn while they say that they do not lead.
func somewhere(ctx context.Context, c *cluster, rng *rand.Rand, try func(*Node) error) error {
	err := store.ErrNotLeader
	for i := rng.IntN(3); errors.Is(err, store.ErrNotLeader) && ctx.Err() == nil; i++ {
		err = try(c.node(i % 3)) // ErrNotLeader must mean that it is safe to go on
		time.Sleep(time.Duration(rng.IntN(10)) * time.Millisecond)
	}
	return err
}

var errFull = errors.New("full")

// fates is what callers were told about their updates.
type fates struct {
	sync.Mutex
	of map[string]error
}

// take takes a place and leaves a row with its number.
func (f *fates) take(c *cluster, w int, rng *rand.Rand) {
	for i := range 100 {
		id := fmt.Sprint(w, "-", i)
		cx, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(8000))*time.Millisecond)
		err := somewhere(cx, c, rng, func(n *Node) error {
			return n.Update(cx, meta, func(tx *store.Tx) error {
				h := hosts.Get(tx, "h")
				if h == nil || h.N == places {
					return errFull
				}
				add(tx, hosts, "h", 1)
				if done.Get(tx, id) != nil {
					panic("twice")
				}
				return done.Put(tx, &row{ID: id, N: h.N})
			})
		})
		cancel()
		f.Lock()
		f.of[id] = err
		f.Unlock()
		time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)
	}
}

const places = 2800

// check compares what callers were told with what is there.
func (f *fates) check(t *testing.T, v store.View, total map[string]int) {
	there := 0
	seen := map[int64]bool{}
	for r := range done.List(v) {
		there++
		if err := f.of[r.ID]; err != nil && !errors.Is(err, store.ErrUnknownOutcome) {
			t.Errorf("%s is there, but was told %v", r.ID, err)
		}
		if seen[r.N] {
			t.Errorf("two took place %d", r.N)
		}
		seen[r.N] = true
	}
	for id, err := range f.of {
		switch {
		case err == nil:
			total["ok"]++
			if done.Get(v, id) == nil {
				t.Errorf("%s was told success and is lost", id)
			}
		case errors.Is(err, store.ErrUnknownOutcome):
			total["unknown"]++
		case errors.Is(err, store.ErrNotLeader), errors.Is(err, context.DeadlineExceeded):
			total["not leader"]++
		case err == errFull:
			total["full"]++
		default:
			t.Error(id, err)
		}
	}
	if taken := hosts.Get(v, "h").N; int(taken) != there || taken > places {
		t.Errorf("%d there and %d taken of %d", there, taken, places)
	}
}

// Every update that was answered with success is there once; every one with ErrNotLeader or
// an error of its own is not; capacity and uniqueness hold; servers are equal.
func TestLeadershipLoss(t *testing.T) {
	total := map[string]int{}
	for seed := range seeds() {
		synctest.Test(t, func(t *testing.T) {
			f := &fates{of: map[string]error{}}
			seeded := false
			c := chaosRun(t, seed, 32, func(cfg *Config) {
				cfg.Depth = 1 + seed%4
				cfg.KeepEntries = 20
			}, func(c *cluster, w int, rng *rand.Rand) {
				if w == 0 && !seeded {
					seeded = true
					if err := c.anywhere(func(tx *store.Tx) error { return hosts.Put(tx, &row{ID: "h"}) }); err != nil && !errors.Is(err, store.ErrUnknownOutcome) {
						t.Error(err)
					}
				}
				f.take(c, w, rng)
			})
			c.sameBytes()
			f.check(t, c.node(0).Stale(), total)
			c.close()
		})
	}
	t.Log(total)
	if total["ok"] == 0 || total["unknown"] == 0 || total["not leader"] == 0 {
		t.Error("the chaos was too small or too big to show anything")
	}
}

// register is the model of one key, for porcupine.
type (
	regIn struct {
		key  string
		read bool
		val  int64
	}
	regOut struct {
		val     int64
		unknown bool
	}
)

var register = porcupine.Model{
	Partition: func(h []porcupine.Operation) [][]porcupine.Operation {
		m := map[string][]porcupine.Operation{}
		for _, o := range h {
			m[o.Input.(regIn).key] = append(m[o.Input.(regIn).key], o)
		}
		return slices.Collect(maps.Values(m))
	},
	Init: func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		i, o := input.(regIn), output.(regOut)
		if i.read {
			return o.val == state.(int64), state
		}
		return o.unknown || o.val == state.(int64), i.val // a write returns what was there
	},
}

func readRegister(r store.Reader, key string) int64 {
	if c := counters.Get(r, key); c != nil {
		return c.N
	}
	return 0
}

// do makes one operation on one server. Some reads are updates without effect.
func (i regIn) do(ctx context.Context, n *Node, asUpdate bool, o *regOut) error {
	switch {
	case i.read && !asUpdate:
		v, err := n.Read(ctx)
		if err == nil {
			o.val = readRegister(v, i.key)
		}
		return err
	case i.read:
		errRead := errors.New("read")
		err := n.Update(ctx, meta, func(tx *store.Tx) error { o.val = readRegister(tx, i.key); return errRead })
		if err == errRead {
			return nil
		}
		return err
	default:
		return n.Update(ctx, meta, func(tx *store.Tx) error {
			o.val = readRegister(tx, i.key)
			return counters.Put(tx, &row{ID: i.key, N: i.val})
		})
	}
}

// Histories of a few registers, read and written on all servers under chaos, are
// linearizable.
func TestLinearizable(t *testing.T) {
	for seed := range seeds() {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			var hist []porcupine.Operation
			var next atomic.Int64
			start := time.Now()
			c := chaosRun(t, seed, 10, func(cfg *Config) {
				cfg.KeepEntries = 20
				cfg.tune = func(rc *raft.Config) { rc.CommitTimeout = 5 * time.Millisecond }
			}, func(c *cluster, w int, rng *rand.Rand) {
				for range 150 {
					i := regIn{key: fmt.Sprint(rng.IntN(3)), read: rng.IntN(2) == 0, val: next.Add(1)}
					cx, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(4000))*time.Millisecond)
					var o regOut
					asUpdate := rng.IntN(4) == 0
					call := time.Since(start)
					err := somewhere(cx, c, rng, func(n *Node) error { return i.do(cx, n, asUpdate, &o) })
					cancel()
					ret := time.Since(start)
					if errors.Is(err, store.ErrUnknownOutcome) && !i.read {
						o, err, ret = regOut{unknown: true}, nil, 1<<62
					}
					mu.Lock()
					if err == nil {
						hist = append(hist, porcupine.Operation{ClientId: w, Input: i, Call: int64(call), Output: o, Return: int64(ret)})
					}
					mu.Unlock()
					time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
				}
			})
			c.close()
			if len(hist) < 300 {
				t.Errorf("seed %d: only %d operations were answered", seed, len(hist))
			}
			if res := porcupine.CheckOperationsTimeout(register, hist, 0); res != porcupine.Ok {
				t.Errorf("seed %d: %v", seed, res)
			}
		})
	}
}

// Raft's own VerifyLeader counts the answer to a heartbeat that was sent, and answered,
// before it was called. After a leadership transfer, or a pause, an old leader may so be
// told that it still leads when another has committed. Read must not be fooled by that.
func TestReadIsNotFooledByOldHeartbeats(t *testing.T) {
	fooled := 0
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			c := newCluster(t, 3, nil)
			a, old := c.leader()
			b, third := (a+1)%3, (a+2)%3
			next := c.nodes[b]
			if err := old.Update(ctx, meta, func(tx *store.Tx) error { return counters.Put(tx, &row{ID: "x", N: 1}) }); err != nil {
				t.Fatal(err)
			}
			old.late.Store(c.nodes[third].tr.LocalAddr(), 300*time.Millisecond) // its way back is slow
			next.tr.Disconnect(old.tr.LocalAddr())
			time.Sleep(3 * time.Second)
			go old.raft.LeadershipTransferToServer(raft.ServerID(next.name), next.tr.LocalAddr()).Error()
			for next.raft.State() == raft.Follower {
				time.Sleep(time.Millisecond)
			}
			c.isolate(a)
			for next.Update(ctx, meta, func(tx *store.Tx) error { return counters.Put(tx, &row{ID: "x", N: 2}) }) != nil {
				time.Sleep(time.Millisecond)
			}
			// x is 2 now, and its writer has been told so.
			if old.raft.VerifyLeader().Error() == nil && counters.Get(old.Stale(), "x").N == 1 {
				fooled++
			}
			cx, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			if v, err := old.Read(cx); err == nil && counters.Get(v, "x").N != 2 {
				t.Error("a stale read")
			}
			c.close()
		})
	}
	if fooled == 0 {
		t.Error("VerifyLeader was right each time: the test shows nothing any more")
	}
}
