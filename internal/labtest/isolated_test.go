package labtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/internal/testkit"
)

// soaking says whether this is `make soak`, which has the time.
func soaking() bool { return os.Getenv("MICA_ISOLATED_RUNS") != "" }

// runs is how often a host is isolated: once in `make test`, a hundred times in `make soak`.
func runs(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("MICA_ISOLATED_RUNS"))
	if err != nil {
		n = 1
	}
	t.Logf("%d runs (MICA_ISOLATED_RUNS)", n)
	return n
}

// isolatedLease is short, as each run waits for it. A machine that stands still for longer
// loses the guest to its guardian before the run has begun; that run is done again.
const isolatedLease = 10 * time.Second

// TestHostIsolated: the host of a guest loses touch with all servers and nothing else. Its
// guardian ends the guest, and only then it is started on another host, from its disk: by
// the clocks of both, in every run. The lab is of its own, for its lease.
func TestHostIsolated(t *testing.T) {
	need(t)
	c := &cluster{}
	t.Cleanup(func() {
		if err := c.end(); err != nil {
			t.Errorf("the lab does not end: %v", err)
		}
	})
	c.logsOf(t)
	if err := c.raise(t, 2, isolatedLease); err != nil {
		t.Fatal(err)
	}
	var apart []time.Duration
	wanted := runs(t)
	for again := 0; len(apart) < wanted; {
		if err := c.begin(t); err != nil {
			t.Fatal(err)
		}
		took, ok := c.isolate(t, c.Guests[0])
		if t.Failed() {
			t.Fatalf("in run %d of %d", len(apart)+1, wanted)
		}
		if !ok {
			if again++; again > 3+wanted/10 {
				t.Fatalf("%d times the lease ran out before the partition: leases are not renewed in time", again)
			}
			continue
		}
		// The other ran on while its host was cut off: nobody may start it elsewhere.
		if other := c.Guests[1]; !alive(other.Pid, other.ID) {
			t.Fatalf("in run %d: %s was process %d on %s, which is gone", len(apart)+1, other.ID, other.Pid, other.Host)
		}
		apart = append(apart, took)
		t.Logf("run %d: %v from the end of the old QEMU to the start of the new one", len(apart), took.Round(time.Millisecond))
	}
	t.Logf("%d of %d runs: from the end of the old QEMU to the start of the new one at least %v, at most %v", len(apart), wanted,
		slices.Min(apart).Round(time.Millisecond), slices.Max(apart).Round(time.Millisecond))
}

// isolate does one run, and returns how long after the old QEMU's end the new one started.
// It is not ok if the guest was ended before its host was cut off.
func (c *cluster) isolate(t *testing.T, old guest) (apart time.Duration, ok bool) {
	t.Helper()
	id, boots, inner := old.ID, c.boots(old), c.inner(old)
	if inner == 0 {
		t.Logf("%s ended before the run began", id)
		return 0, false
	}
	begun := guardian.Now()
	if err := c.Partition([]string{old.Host}, c.servers(), false); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Heal(); err != nil {
			t.Error(err)
		}
		c.whole(t)
	}()
	end := c.ended(t, old, inner)
	if end.Gone < begun {
		t.Logf("the guest was ended %v before its host was cut off", begun-end.Gone)
		return 0, false
	}
	var host string
	var pid int
	testkit.Wait(t, deadline, id+" to be started on another host", func() bool {
		host, pid = c.findBut(t, id, old.Host)
		return pid != 0
	})
	started := startOf(t, pid)
	if alive(old.Pid, id) {
		t.Errorf("the old QEMU %d on %s lives while the new one %d runs on %s", old.Pid, old.Host, pid, host)
	}
	if apart = started - end.Gone; apart <= 0 {
		t.Errorf("by the clocks the old QEMU was gone at %v and the new one started at %v", end.Gone, started)
	}
	g := c.settled(t, id)
	if g.Address != old.Address {
		t.Errorf("the address was %s and is %s", old.Address, g.Address)
	}
	if n := c.boots(g); n != boots+1 {
		t.Errorf("the disk is not the old one: it counted %d boots, and now %d:\n%s", boots, n, c.console(t, id))
	}
	if err := c.Heal(); err != nil {
		t.Fatal(err)
	}
	c.whole(t)
	// The host that is back has nothing of it any more.
	testkit.Wait(t, deadline, "the old host to be clean", func() bool {
		list, err := c.Command(context.Background(), old.Host, "virsh", "-c", "qemu:///system", "list", "--all", "--name")
		if err != nil {
			return false
		}
		b, err := list.Output()
		return err == nil && !strings.Contains(string(b), id)
	})
	return apart, true
}

// ended waits until the guardian has ended a guest, whose pid is inner as its host counts.
func (c *cluster) ended(t *testing.T, g guest, inner int) (end guardian.Ended) {
	t.Helper()
	file := c.guardianFile(g.Host, "ended/"+g.ID)
	testkit.Wait(t, deadline, "the guardian to end "+g.ID, func() bool {
		b, err := os.ReadFile(file)
		return err == nil && json.Unmarshal(b, &end) == nil && end.Pid == inner && !alive(g.Pid, g.ID)
	})
	return end
}

// inner is a guest's pid as its host counts, 0 if it has ended.
func (c *cluster) inner(g guest) int {
	all, _ := c.Processes(g.Host)
	for _, p := range all {
		if p.Pid == g.Pid && p.Guest == g.ID {
			return p.Inner
		}
	}
	return 0
}

var bootsLine = regexp.MustCompile(`disk boots=(\d+) `)

// boots is how often a guest's disk says that it was booted: the newest on its console.
func (c *cluster) boots(g guest) (n int) {
	said, _ := os.ReadFile(filepath.Join(c.Dir, g.Host, "data", "instances", g.ID, "console.log"))
	if all := bootsLine.FindAllSubmatch(said, -1); len(all) > 0 {
		n, _ = strconv.Atoi(string(all[len(all)-1][1]))
	}
	return n
}

// findBut finds a guest's process on any host but one.
func (c *cluster) findBut(t *testing.T, id, but string) (string, int) {
	t.Helper()
	for _, n := range c.Spec.Nodes() {
		if !n.Host || n.Name == but {
			continue
		}
		all, err := c.Processes(n.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.Guest == id {
				return n.Name, p.Pid
			}
		}
	}
	return "", 0
}

// startOf returns when a process started, on the clock that the guardian uses.
func startOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	rest := string(b[strings.LastIndexByte(string(b), ')')+2:])
	ticks, err := strconv.ParseInt(strings.Fields(rest)[19], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(ticks) * 10 * time.Millisecond // USER_HZ is 100
}

// alive says whether a process is still a guest's QEMU.
func alive(pid int, id string) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.Contains(string(b), id)
}
