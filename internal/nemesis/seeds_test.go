package nemesis

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// plan is which seeds a test runs: MICA_SEED=n that one alone, MICA_SEEDS=n so many from
// MICA_FIRST on, MICA_MINUTES=m until so much time is over.
func plan(t *testing.T, usual int) (seeds []uint64, until time.Time) {
	number := func(name string, otherwise uint64) uint64 {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s=%s: %v", name, text, err)
		}
		return n
	}
	if m := number("MICA_MINUTES", 0); m > 0 {
		until = time.Now().Add(time.Duration(m) * time.Minute)
	}
	if os.Getenv("MICA_SEED") != "" {
		return []uint64{number("MICA_SEED", 0)}, until
	}
	first := number("MICA_FIRST", 1)
	for n := range number("MICA_SEEDS", uint64(usual)) {
		seeds = append(seeds, first+n)
	}
	return seeds, until
}

// TestSeeds: users work on a cluster under all faults at once; every answer, every guest
// and every version of the state is checked, and when the faults end all is well again.
func TestSeeds(t *testing.T) {
	seeds, until := plan(t, 12)
	for _, seed := range seeds {
		if !until.IsZero() && time.Now().After(until) {
			t.Logf("time is up before seed %d", seed)
			break
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { oneSeed(t, seed) })
		})
	}
}

func oneSeed(t *testing.T, seed uint64) {
	z := size{servers: 3, hosts: 4, vcpus: 4, memory: 4096, pool: "100.127.0.0/28", keep: 1 << (4 + seed%10)}
	if seed%4 == 0 {
		z.servers = 5
	}
	if seed%2 == 0 {
		z.storage = "shared"
	}
	users, idle, rage := 5, 600*time.Millisecond, 45*time.Second
	storm := seed%3 == 0
	if storm {
		users, idle, rage = 8, 200*time.Millisecond, 8*time.Second
	}
	c := newCluster(t, seed, z)
	defer c.keepLog()
	defer c.close()
	w, n := startWorkload(c, users, idle), newNemesis(c)
	if storm {
		n.all, n.rest = storms, 600*time.Millisecond
	}
	n.rage(rage)
	n.calm()
	if !storm {
		time.Sleep(10 * time.Second)
	}
	w.finish()
	n.counter.finish()
	c.settle(w)
	w.h.check(c)
	t.Logf("seed %d: %v; %d calls, %d versions, %d refused, %v simulated; %v", seed, w.h.count, len(w.h.ops), c.states.seen, c.refusals(), time.Since(c.began).Round(time.Second), n)
}
