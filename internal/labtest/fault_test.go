package labtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// follower names a server that does not lead.
func (c *cluster) follower(t *testing.T) string {
	t.Helper()
	leader := c.leader("")
	for _, s := range c.servers() {
		if s != leader {
			return s
		}
	}
	t.Fatal("all servers lead")
	return ""
}

// lead returns the leader's name, when there is one.
func (c *cluster) lead(t *testing.T) (name string) {
	t.Helper()
	testkit.Wait(t, deadline, "a leader", func() bool { name = c.leader(""); return name != "" })
	return name
}

func TestKillTheLeader(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	r := c.record(t)
	old := c.lead(t)
	if err := c.Kill(old, "server"); err != nil {
		t.Fatal(err)
	}
	r.again(t)
	r.stop(t)
	c.untouched(t)
}

func TestKillAFollower(t *testing.T) {
	c := shared(t)
	r := c.record(t)
	if err := c.Kill(c.follower(t), "server"); err != nil {
		t.Fatal(err)
	}
	r.again(t)
	r.stop(t)
	c.untouched(t)
}

// TestPowerOfTheLeader: its machine is gone and comes back with its disk.
func TestPowerOfTheLeader(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	r := c.record(t)
	old := c.lead(t)
	if err := c.PowerOff(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	r.again(t)
	if err := c.PowerOn(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	r.stop(t)
	c.untouched(t)
}

// TestPauseTheLeader for ten seconds: the others go on, and when it is back it does not
// answer from the past.
func TestPauseTheLeader(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	r := c.record(t)
	old := c.lead(t)
	if err := c.Pause(old, "server"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Resume(old, "all") })
	resume := time.Now().Add(10 * time.Second)
	r.again(t)
	name := fmt.Sprintf("during-%d", time.Now().UnixNano())
	c.askOthers(t, old, "CreateKeyPair", "KeyName", name, "KeyType", "ed25519")
	testkit.Wait(t, deadline, "ten seconds to pass", func() bool { return time.Now().After(resume) })
	if err := c.Resume(old, "server"); err != nil {
		t.Fatal(err)
	}
	// Its first answers are right, or none.
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		out, err := c.call(ctx, old, "DescribeKeyPairs")
		cancel()
		if err == nil && !strings.Contains(out, name) {
			t.Fatalf("the old leader answers from before its pause")
		}
	}
	r.stop(t)
	c.untouched(t)
}

// askOthers makes a call to the servers but one.
func (c *cluster) askOthers(t *testing.T, but, action string, params ...string) {
	t.Helper()
	others := slices.DeleteFunc(c.servers(), func(s string) bool { return s == but })
	n := 0
	testkit.Wait(t, deadline, action, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		n++
		_, err := c.call(ctx, others[n%2], action, params...)
		return err == nil || strings.Contains(err.Error(), "Duplicate") // of a try whose answer was lost
	})
}

// TestPartitionTheLeader from the other servers and the hosts, but not from its clients: it
// answers nothing rather than something wrong.
func TestPartitionTheLeader(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	r := c.record(t)
	old := c.lead(t)
	var others []string
	for _, n := range c.Spec.Nodes() {
		if n.Name != old {
			others = append(others, n.Name)
		}
	}
	if err := c.Partition([]string{old}, others, false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Heal() })
	name := fmt.Sprintf("partition-%d", time.Now().UnixNano())
	c.askOthers(t, old, "CreateKeyPair", "KeyName", name, "KeyType", "ed25519")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	out, err := c.call(ctx, old, "DescribeKeyPairs")
	cancel()
	if err == nil && !strings.Contains(out, name) {
		t.Error("the leader that was cut off answers from the past")
	}
	ctx, cancel = context.WithTimeout(t.Context(), 3*time.Second)
	_, err = c.call(ctx, old, "CreateKeyPair", "KeyName", name+"-lost", "KeyType", "ed25519")
	cancel()
	if err == nil {
		t.Error("the leader that was cut off acknowledged a write")
	}
	if err := c.Heal(); err != nil {
		t.Fatal(err)
	}
	r.stop(t)
	c.untouched(t)
}

// TestKillTheAgentAndLibvirtd of a host: its guest goes on, and the host takes new ones.
func TestKillTheAgentAndLibvirtd(t *testing.T) {
	c := shared(t)
	for _, unit := range []string{"agent", "libvirtd", "virtlogd", "guardian"} {
		if err := c.Kill("h1", unit); err != nil {
			t.Fatal(err)
		}
	}
	c.untouched(t)
	c.whole(t)
	c.untouched(t)
	out := c.ask(t, "RunInstances", "ImageId", c.ami, "InstanceType", "t3.nano", "MinCount", "2", "MaxCount", "2", "SecurityGroupId.1", c.group, "ClientToken", fmt.Sprint(time.Now().UnixNano()))
	hosts := map[string]bool{}
	for _, id := range ids(out) {
		hosts[c.settled(t, id).Host] = true
		defer c.terminate(t, id)
	}
	if !hosts["h1"] {
		t.Errorf("new guests are on %v", hosts)
	}
}

// ids are the instances that an answer of RunInstances speaks of.
func ids(out string) (all []string) {
	for _, part := range strings.Split(out, "<instanceId>")[1:] {
		id, _, _ := strings.Cut(part, "<")
		all = append(all, id)
	}
	return all
}

func (c *cluster) terminate(t *testing.T, id string) {
	t.Helper()
	c.ask(t, "TerminateInstances", "InstanceId.1", id)
	testkit.Wait(t, deadline, id+" to be gone", func() bool { _, pid := c.find(t, id); return pid == 0 })
}

// TestKillQEMU: the instance is stopped, says why, and starts again.
func TestKillQEMU(t *testing.T) {
	c := shared(t)
	out := c.ask(t, "RunInstances", "ImageId", c.ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "SecurityGroupId.1", c.group, "ClientToken", fmt.Sprint(time.Now().UnixNano()))
	id := ids(out)[0]
	defer c.terminate(t, id)
	g := c.settled(t, id)
	if err := c.Kill(g.Host, id); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, deadline, "the instance to be stopped", func() bool {
		out = c.ask(t, "DescribeInstances", "InstanceId.1", id)
		return strings.Contains(out, "<name>stopped</name>")
	})
	if !strings.Contains(out, "<code>Server.InternalError</code>") {
		t.Errorf("why it is stopped: %s", between(out, "<stateReason>", "</stateReason>"))
	}
	c.ask(t, "StartInstances", "InstanceId.1", id)
	c.settled(t, id)
	c.untouched(t)
}

// TestShortPartitionOfAHost: shorter than its lease, so nothing happens to its guests, which
// answer all the time.
func TestShortPartitionOfAHost(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	if err := c.Partition([]string{"h2"}, c.servers(), false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Heal() })
	for _, g := range c.Guests {
		if err := g.answers(); err != nil {
			t.Errorf("%s on %s: %v", g.ID, g.Host, err)
		}
	}
	if err := c.Heal(); err != nil {
		t.Fatal(err)
	}
	c.whole(t)
	c.untouched(t)
}
