package labtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// A moveFault is what goes wrong while a guest's memory is on its way.
type moveFault struct {
	name string
	soak bool // in `make soak` alone
	do   func(t *testing.T, c *cluster, from, to, id string)
	want string // "stays", "moves", "ends", or "runs": on either host
}

var moveFaults = []moveFault{
	{"the guest of the destination is killed", false, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(to, id)) }, "stays"},
	{"the hosts lose each other", false, func(t *testing.T, c *cluster, from, to, id string) {
		must(t, c.Partition([]string{from}, []string{to}, false))
	}, "stays"},
	{"the leader is killed", false, func(t *testing.T, c *cluster, from, to, id string) {
		must(t, c.Kill(c.lead(t), "server"))
		must(t, c.Slow(from, "off"))
	}, "moves"},
	{"the leader stands still", true, func(t *testing.T, c *cluster, from, to, id string) {
		leader := c.lead(t)
		must(t, c.Pause(leader, "server"))
		t.Cleanup(func() { _ = c.Resume(leader, "all") })
		must(t, c.Slow(from, "off"))
		testkit.Wait(t, deadline, "another leader", func() bool {
			for _, s := range c.servers() {
				if s == leader {
					continue
				}
				if l := c.leader(s); l != "" && l != leader {
					return true
				}
			}
			return false
		})
		testkit.Wait(t, deadline, "the guest to have moved", func() bool { return c.onlyOn(t, id) == to })
		must(t, c.Resume(leader, "server"))
	}, "moves"},
	{"the agent of the source is killed", true, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(from, "agent")) }, "runs"},
	{"the agent of the destination is killed", true, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(to, "agent")) }, "runs"},
	{"libvirtd of the source is killed", true, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(from, "libvirtd")) }, "runs"},
	{"libvirtd of the destination is killed", true, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(to, "libvirtd")) }, "runs"},
	{"the destination loses power", true, func(t *testing.T, c *cluster, from, to, id string) {
		must(t, c.PowerOff(t.Context(), to))
		testkit.Wait(t, deadline, "the move to be given up", func() bool {
			return !strings.Contains(c.jobOf(from, id), "Memory processed")
		})
		must(t, c.PowerOn(t.Context(), to))
	}, "stays"},
	{"the guest of the source is killed", false, func(t *testing.T, c *cluster, from, to, id string) { must(t, c.Kill(from, id)) }, "ends"},
}

// TestMoveUnderFault: whatever goes while a guest's memory is on its way, at the end one
// host runs it, with the epoch that the servers know, or it is stopped and says why; at no
// time two do. Where it goes on, it is the process that it was or the one that it moved to,
// and its connections go on.
func TestMoveUnderFault(t *testing.T) {
	c := shared(t)
	g := c.many(t, 1, c.group, "")[0]
	t.Cleanup(func() { c.terminate(t, g.ID) })
	for _, f := range moveFaults {
		if f.soak && !soaking() {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			g = c.moveUnder(t, c.settled(t, g.ID), f)
		})
	}
}

// moveUnder does one move and what goes wrong in it, and returns the guest as it is then.
func (c *cluster) moveUnder(t *testing.T, g guest, f moveFault) guest {
	t.Helper()
	from, to := g.Host, c.other(g.Host)
	s := echo(t, g.Address)
	must(t, s.say())
	epoch := c.epochs(t, g.ID)
	t.Cleanup(func() { must(t, c.Heal()); c.whole(t) })
	must(t, c.Slow(from, slowly))
	said := make(chan error, 1)
	go func() {
		out, err := c.tryMigrate(g.ID, to)
		said <- errors.Join(err, errors.New(out))
	}()
	arriving := c.underWay(t, g, to)
	once := c.neverTwice(t, g.ID, from, to)
	f.do(t, c, from, to, g.ID)
	switch f.want {
	case "ends":
		testkit.Wait(t, deadline, "the instance to be stopped", func() bool {
			out := c.ask(t, "DescribeInstances", "InstanceId.1", g.ID)
			return strings.Contains(out, "<name>stopped</name>") && strings.Contains(between(out, "<stateReason>", "</stateReason>"), "Server.")
		})
		testkit.Wait(t, deadline, "no host to have a process of it", func() bool { return len(c.processes(t, g.ID)) == 0 })
		once()
		must(t, c.Heal())
		t.Logf("%v", <-said)
		c.ask(t, "StartInstances", "InstanceId.1", g.ID)
		return c.settled(t, g.ID)
	case "moves":
		testkit.Wait(t, deadline, "the guest to run on "+to+" alone", func() bool { return c.onlyOn(t, g.ID) == to })
	default:
		testkit.Wait(t, deadline, "the move to be over", func() bool {
			return c.onlyOn(t, g.ID) != "" && !strings.Contains(c.jobOf(from, g.ID), "Memory processed")
		})
	}
	must(t, c.Heal())
	var now guest
	testkit.Wait(t, deadline, "one process of it", func() bool {
		now = c.settled(t, g.ID)
		return c.onlyOn(t, g.ID) == now.Host
	})
	once()
	t.Logf("on %s, was on %s: %v", now.Host, from, <-said)
	want := map[string]int{from: g.Pid, to: arriving}
	if now.Pid != want[now.Host] || f.want == "stays" && now.Host != from || f.want == "moves" && now.Host != to {
		t.Errorf("process %d on %s; it was %d on %s, and %d came to %s", now.Pid, now.Host, g.Pid, from, arriving, to)
	}
	if err := s.say(); err != nil {
		t.Errorf("the connection did not survive: %v", err)
	}
	if after := c.epochs(t, g.ID); (after == epoch) != (now.Host == from) {
		t.Errorf("boot %d was on %s, and boot %d is on %s", epoch, from, after, now.Host)
	}
	return now
}

// TestDrainMovesGuests: a host is drained, and the leader goes meanwhile. All of its guests
// are on the other then, none was started again, and their connections go on.
func TestDrainMovesGuests(t *testing.T) {
	c := shared(t)
	here := c.Guests[0].Host
	there := c.other(here)
	id := c.hostID(t, here)
	streams, arriving := map[string]*stream{}, map[string]int{}
	var leaving []guest
	for _, g := range c.Guests {
		if g.Host == here {
			leaving = append(leaving, g)
			streams[g.ID] = echo(t, g.Address)
			must(t, streams[g.ID].say())
		}
	}
	must(t, c.Slow(here, slowly))
	t.Cleanup(func() {
		must(t, c.Heal())
		c.whole(t)
		if _, err := c.Mica(context.Background(), c.lead(t), "host", "uncordon", id); err != nil {
			t.Error(err)
		}
		c.migrate(t, c.Guests[0].ID, here) // one on each host, as others want it
	})
	out, err := c.Mica(t.Context(), c.follower(t), "host", "drain", id)
	must(t, err)
	t.Logf("%s", out)
	var stops []func()
	for _, g := range leaving {
		arriving[g.ID] = c.underWay(t, g, there)
		stops = append(stops, c.neverTwice(t, g.ID, here, there))
	}
	must(t, c.Kill(c.lead(t), "server"))
	must(t, c.Heal())
	for _, g := range leaving {
		testkit.Wait(t, deadline, g.ID+" to run on "+there+" alone", func() bool { return c.onlyOn(t, g.ID) == there })
		if now := c.settled(t, g.ID); now.Pid != arriving[g.ID] {
			t.Errorf("%s is process %d, and %d had come", g.ID, now.Pid, arriving[g.ID])
		}
		if err := streams[g.ID].say(); err != nil {
			t.Errorf("the connection to %s did not survive: %v", g.ID, err)
		}
		c.epochs(t, g.ID)
	}
	for _, stop := range stops {
		stop()
	}
	out, err = c.Mica(t.Context(), c.lead(t), "host", "drain", "--wait", id)
	if err != nil {
		t.Errorf("nothing is left to drain, and: %v\n%s", err, out)
	}
}

// slowly is a wire on which a tiny guest's memory takes half a minute.
const slowly = "16mbit"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// underWay waits until some of a guest's memory has been sent, and returns the process that
// it comes to.
func (c *cluster) underWay(t *testing.T, g guest, to string) (pid int) {
	t.Helper()
	testkit.Wait(t, deadline, "memory of "+g.ID+" to be on its way", func() bool {
		p := c.processes(t, g.ID)[to]
		if len(p) != 1 {
			return false
		}
		pid = p[0]
		sent := regexp.MustCompile(`Memory processed: +([0-9.]+) MiB`).FindStringSubmatch(c.jobOf(g.Host, g.ID))
		var mib float64
		return sent != nil && func() bool { _, err := fmt.Sscan(sent[1], &mib); return err == nil && mib >= 1 }()
	})
	return pid
}

// jobOf is what libvirt of a host says of a guest's migration.
func (c *cluster) jobOf(host, id string) string { return c.virsh(host, "domjobinfo", "mica-"+id) }

// virsh asks a node's libvirt; empty where it does not answer.
func (c *cluster) virsh(node string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd, err := c.Command(ctx, node, append([]string{"virsh", "-c", "qemu:///system"}, args...)...)
	if err != nil {
		return ""
	}
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out)
}

// neverTwice looks all the time whether the host that a guest moves to runs it, and if so,
// whether the one that it leaves still does: it may not from then on.
func (c *cluster) neverTwice(t *testing.T, id, from, to string) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	running := func(host string) bool {
		return strings.TrimSpace(c.virsh(host, "domstate", "mica-"+id)) == "running"
	}
	looked := 0
	wg.Go(func() {
		for {
			if looked++; running(to) && running(from) {
				t.Errorf("%s runs on %s and on %s", id, to, from)
				return
			}
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	})
	stop = sync.OnceFunc(func() { close(done); wg.Wait(); t.Logf("looked %d times for two of %s", looked, id) })
	t.Cleanup(stop)
	return stop
}

var bootNumber = regexp.MustCompile(`\bboot (\d+)`)

// epochs waits until the servers and the host name one boot of an instance, and returns it.
func (c *cluster) epochs(t *testing.T, id string) (epoch int) {
	t.Helper()
	var last string
	defer func() {
		if t.Failed() {
			t.Logf("%s", last)
		}
	}()
	testkit.Wait(t, deadline, "servers and host to name one boot of "+id, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		last, _ = c.Mica(ctx, c.leader(""), "explain", "instance", id)
		found := map[string]bool{}
		for line := range strings.Lines(last) {
			f := strings.Fields(line)
			if m := bootNumber.FindStringSubmatch(line); m != nil && (f[0] == "record" || f[0] == "guest") {
				found[f[0]+m[1]] = true
				_, _ = fmt.Sscan(m[1], &epoch)
			}
		}
		return maps.Equal(found, map[string]bool{fmt.Sprint("record", epoch): true, fmt.Sprint("guest", epoch): true})
	})
	return epoch
}

// hostID is the id of a node that is a host.
func (c *cluster) hostID(t *testing.T, node string) string {
	t.Helper()
	out, err := c.Mica(t.Context(), c.lead(t), "host", "list")
	must(t, err)
	for line := range strings.Lines(out) {
		if f := strings.Fields(strings.ReplaceAll(line, "│", " ")); slices.Contains(f, node) {
			return regexp.MustCompile(`host-[0-9a-f]+`).FindString(line)
		}
	}
	t.Fatalf("no host is %s:\n%s", node, out)
	return ""
}
