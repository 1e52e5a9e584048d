package labtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/internal/testkit"
)

// runs is how often a host is isolated: few times in `make test`, a hundred in `make soak`.
func runs(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("MICA_ISOLATED_RUNS"))
	if err != nil {
		n = 2
	}
	t.Logf("%d runs (MICA_ISOLATED_RUNS)", n)
	return n
}

// TestHostIsolated: the host of a guest loses touch with all servers and nothing else. Its
// guardian ends the guest, and only then it is started on another host, from its disk: by
// the clocks of both, in every run.
func TestHostIsolated(t *testing.T) {
	c := shared(t)
	var least, most time.Duration
	for n := range runs(t) {
		apart := c.isolate(t, c.Guests[0].ID, n+2)
		if t.Failed() {
			return
		}
		c.untouched(t) // the other ran on while its host was cut off: nobody may start it elsewhere
		if least == 0 || apart < least {
			least = apart
		}
		most = max(most, apart)
	}
	t.Logf("from the end of the old QEMU to the start of the new one: %v to %v", least.Round(time.Millisecond), most.Round(time.Millisecond))
}

// isolate does one run. The guest's disk counts its boots: boots is what it must say.
func (c *cluster) isolate(t *testing.T, id string, boots int) time.Duration {
	t.Helper()
	old := c.settled(t, id)
	if err := c.Partition([]string{old.Host}, c.servers(), false); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Heal() }()
	var host string
	var pid int
	testkit.Wait(t, deadline, id+" to be started on another host", func() bool {
		host, pid = c.findBut(t, id, old.Host)
		return pid != 0
	})
	started := startOf(t, pid)
	if alive(old.Pid, id) {
		t.Errorf("the old QEMU %d on %s lives while the new one %d runs on %s", old.Pid, old.Host, pid, host)
		return 0
	}
	cat, err := c.Command(t.Context(), old.Host, "cat", "/run/mica/guardian/ended/"+id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := cat.Output()
	var end guardian.Ended
	if err == nil {
		err = json.Unmarshal(b, &end)
	}
	if err != nil || end.Epoch != int64(boots-1) {
		t.Fatalf("what the guardian says: %s, %v", b, err)
	}
	apart := started - end.Gone
	if apart <= 0 {
		t.Errorf("by the clocks the old QEMU was gone at %v and the new one started at %v", end.Gone, started)
	}
	g := c.settled(t, id)
	c.Guests[0] = g
	if g.Address != old.Address {
		t.Errorf("the address was %s and is %s", old.Address, g.Address)
	}
	console := filepath.Join(c.Dir, g.Host, "data", "instances", id, "console.log")
	said, err := os.ReadFile(console)
	if err != nil || !strings.Contains(string(said), fmt.Sprintf("disk boots=%d ", boots)) {
		t.Errorf("run %d: the disk is not the old one, as %s does not say that it booted %d times: %v\n%s", boots-1, g.Host, boots, err, said)
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
	return apart
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
