package labtest

import (
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// TestRestartWithManyGuests: agents and libvirtds are restarted while guests run, a few in
// `make test`, MICA_LAB_GUESTS in `make soak`. None of them is touched. What their groups let
// in goes on to get in and nothing else does, and their metadata is away for less than a
// second: that is measured, and held against only where the number of guests was given, as a
// machine may be busy.
func TestRestartWithManyGuests(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("MICA_LAB_GUESTS"))
	strict := err == nil
	if !strict {
		n = 6
	}
	c := shared(t)
	shut := between(c.ask(t, "CreateSecurityGroup", "GroupName", "shut-"+t.Name(), "GroupDescription", "nobody comes in"), "<groupId>", "</groupId>")
	open := c.many(t, 4, c.group, probe) // those that ask all the time are few: they keep a processor busy
	closed := c.many(t, 2, shut, "")
	all := slices.Concat(open, closed, c.many(t, n-6, c.group, ""))
	t.Cleanup(func() {
		for _, g := range all {
			c.terminate(t, g.ID)
		}
		c.ask(t, "DeleteSecurityGroup", "GroupId", shut)
	})
	for _, unit := range []string{"agent", "libvirtd"} {
		c.restartAll(t, unit, open, closed, strict)
		for _, g := range all {
			if host, pid := c.find(t, g.ID); pid != g.Pid {
				t.Errorf("%s was process %d on %s, and is %d on %s after the restart of every %s", g.ID, g.Pid, g.Host, pid, host, unit)
			}
		}
	}
	c.whole(t)
	c.untouched(t)
	t.Logf("%d guests, and %d of before", len(all), len(c.Guests))
}

// restartAll restarts a unit on every host, and watches guests meanwhile.
func (c *cluster) restartAll(t *testing.T, unit string, open, closed []guest, strict bool) {
	t.Helper()
	said := map[string]int{}
	for _, g := range open {
		said[g.ID] = len(c.consoleOf(g))
	}
	testkit.Wait(t, deadline, "guests to ask for metadata", func() bool {
		for _, g := range open {
			if metadataGap(c.consoleOf(g)[said[g.ID]:]).succeeded() < 5 {
				return false
			}
		}
		return true
	})
	watch := watchPorts(open, closed)
	begun := map[string]int{}
	for _, g := range open {
		begun[g.ID] = len(c.consoleOf(g))
	}
	for _, n := range c.Spec.Nodes() {
		if n.Host {
			if err := c.Restart(t.Context(), n.Name, unit); err != nil {
				t.Fatal(err)
			}
		}
	}
	testkit.Wait(t, deadline, "guests to get metadata again", func() bool {
		for _, g := range open {
			if metadataGap(c.consoleOf(g)[begun[g.ID]:]).succeeded() < 5 {
				return false
			}
		}
		return true
	})
	c.whole(t)
	ports := watch()
	for i, g := range open {
		console := c.consoleOf(g)
		before, during := metadataGap(console[said[g.ID]:begun[g.ID]]), metadataGap(console[begun[g.ID]:])
		t.Logf("restart of %s, %s on %s: metadata %v (before: %v); port 80 %v", unit, g.ID, g.Host, during, before.slow.Round(time.Millisecond), ports[i])
		if strict && (during.away >= time.Second || ports[i].away >= time.Second) {
			t.Errorf("%s was without metadata or without what its group lets in for a second", g.ID)
		}
	}
	for i, g := range closed {
		if was := ports[len(open)+i]; was.succeeded() > 0 {
			t.Errorf("%s, whose group lets nobody in, was reached %d times during the restart of every %s", g.ID, was.succeeded(), unit)
		}
	}
}

// many launches so many guests of the smallest type, a few at a time.
func (c *cluster) many(t *testing.T, n int, group, userData string) (out []guest) {
	t.Helper()
	for len(out) < n {
		few := min(4, n-len(out))
		args := []string{"ImageId", c.ami, "InstanceType", smallest, "MinCount", fmt.Sprint(few), "MaxCount", fmt.Sprint(few),
			"SecurityGroupId.1", group, "ClientToken", fmt.Sprint(time.Now().UnixNano())}
		if userData != "" {
			args = append(args, "UserData", base64.StdEncoding.EncodeToString([]byte(userData)))
		}
		for _, id := range ids(c.ask(t, "RunInstances", args...)) {
			g := guest{ID: id}
			testkit.Wait(t, 2*deadline, id+" to be ready", func() bool {
				g.Host, g.Pid = c.find(t, id)
				return g.Pid != 0 && strings.Contains(c.consoleOf(g), "MICA-TINY: ready")
			})
			g.Address = between(c.ask(t, "DescribeInstances", "InstanceId.1", id), "<ipAddress>", "</ipAddress>")
			out = append(out, g)
		}
	}
	return out
}

// consoleOf is what a guest has said so far, from its host's file.
func (c *cluster) consoleOf(g guest) string {
	b, _ := os.ReadFile(filepath.Join(c.Dir, g.Host, "data", "instances", g.ID, "console.log"))
	return string(b)
}

// watchPorts connects to port 80 of guests all the time, until what it returns is called.
func watchPorts(open, closed []guest) (stop func() []gap) {
	all := append(open[:len(open):len(open)], closed...)
	gaps, done := make([]gap, len(all)), make(chan struct{})
	var wg sync.WaitGroup
	begun := time.Now()
	for i, g := range all {
		wg.Go(func() {
			for {
				conn, err := net.DialTimeout("tcp", g.Address+":80", 500*time.Millisecond)
				if err == nil {
					conn.Close()
				}
				gaps[i].note(time.Since(begun), err == nil)
				select {
				case <-done:
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
	return func() []gap { close(done); wg.Wait(); return gaps }
}

// gap is how long something was away: the longest time between two successes with a failure
// between them. What is slow, as all is on a busy machine, is not away.
type gap struct {
	last, away, slow time.Duration
	tries, failed    int
	failing          bool
}

func (g *gap) note(at time.Duration, ok bool) {
	g.tries++
	if !ok {
		g.failed++
		g.failing = true
		return
	}
	if g.failing {
		g.away = max(g.away, at-g.last)
	}
	g.slow, g.last, g.failing = max(g.slow, at-g.last), at, false
}

func (g gap) succeeded() int { return g.tries - g.failed }

// String implements fmt.Stringer.
func (g gap) String() string {
	return fmt.Sprintf("away for %v (%d failed, %d did not, at most %v apart)", g.away.Round(time.Millisecond), g.failed, g.tries-g.failed, g.slow.Round(time.Millisecond))
}

// probe is user data that asks for metadata all the time and says, in the guest's own
// seconds since its start, when an answer came and when none did.
const probe = `#!/bin/sh
t=$(cat /run/imds-token)
while :; do
  if timeout 1 wget -q -O - --header "X-aws-ec2-metadata-token: $t" http://169.254.169.254/latest/meta-data/instance-id >/dev/null 2>&1; then echo "PROBE ok $(cut -d' ' -f1 /proc/uptime)"
  else echo "PROBE no $(cut -d' ' -f1 /proc/uptime)"; fi
  usleep 20000
done &
`

// metadataGap reads what a probe said between two marks on its console.
func metadataGap(console string) (g gap) {
	for line := range strings.Lines(console) {
		var what string
		var at float64
		_, rest, found := strings.Cut(line, "PROBE ")
		if n, _ := fmt.Sscanf(rest, "%s %f", &what, &at); !found || n != 2 {
			continue
		}
		now := time.Duration(at * float64(time.Second))
		if g.tries == 0 {
			g.last = now
		}
		g.note(now, what == "ok")
	}
	return g
}
