package labtest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestStandStill: an agent, a libvirtd and a guest's QEMU stand still for ten seconds, at
// once and each on its own host as far as there are hosts. Guests and the network go on
// without agent and libvirtd; what was asked for meanwhile is done afterwards, and nothing is
// taken for ended.
func TestStandStill(t *testing.T) {
	c := shared(t)
	paused, other := c.Guests[1], c.Guests[0]
	if paused.Host == other.Host {
		t.Fatalf("the guests are on one host: %+v", c.Guests)
	}
	c.watchLeases(t)
	for _, stop := range [][2]string{{other.Host, "agent"}, {paused.Host, "libvirtd"}, {paused.Host, paused.ID}} {
		if err := c.Pause(stop[0], stop[1]); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Resume(stop[0], stop[1]) })
	}
	until := time.Now().Add(10 * time.Second)
	out := c.ask(t, "RunInstances", "ImageId", c.ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "SecurityGroupId.1", c.group, "ClientToken", fmt.Sprint(until.UnixNano()))
	launched := ids(out)[0]
	answered := 0
	for time.Now().Before(until) {
		if err := other.answers(); err != nil {
			t.Errorf("the guest of a host whose agent stands still: %v", err)
		}
		answered++
		for _, g := range c.Guests {
			if out := c.ask(t, "DescribeInstances", "InstanceId.1", g.ID); !strings.Contains(out, "<name>running</name>") {
				t.Fatalf("%s is taken for ended: %s", g.ID, out)
			}
		}
	}
	for _, stop := range [][2]string{{paused.Host, paused.ID}, {paused.Host, "libvirtd"}, {other.Host, "agent"}} {
		if err := c.Resume(stop[0], stop[1]); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s answered %d times meanwhile", other.ID, answered)
	c.settled(t, launched)
	c.terminate(t, launched)
	c.whole(t)
	c.untouched(t)
}

// TestRollingRestartWithGuests of all servers, then of agents and libvirtds, under load and with real
// guests: what was acknowledged is there, and guests are not touched.
func TestRollingRestartWithGuests(t *testing.T) {
	c := shared(t)
	r := c.record(t)
	for _, s := range c.servers() {
		if err := c.Restart(t.Context(), s, "server"); err != nil {
			t.Fatal(err)
		}
		c.whole(t)
		r.again(t)
	}
	for _, n := range c.Spec.Nodes() {
		if !n.Host {
			continue
		}
		for _, unit := range []string{"guardian", "agent", "libvirtd", "virtlogd"} {
			if err := c.Restart(t.Context(), n.Name, unit); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.untouched(t)
	r.stop(t)
	out := c.ask(t, "RunInstances", "ImageId", c.ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "SecurityGroupId.1", c.group, "ClientToken", fmt.Sprint(time.Now().UnixNano()))
	id := ids(out)[0]
	c.settled(t, id) // hosts take new ones
	c.terminate(t, id)
	c.untouched(t)
}
