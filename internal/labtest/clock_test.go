package labtest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// TestWrongClock: the clock of a server is ten minutes fast, in `make soak` then ten minutes slow,
// and it leads. What was acknowledged stays, hosts keep their leases and guests are not touched; new
// ones start. Asked itself, it refuses signatures of the right time, as EC2 does: who asks the
// others is served.
func TestWrongClock(t *testing.T) {
	c := shared(t)
	c.watchLeases(t)
	const wrong = "s2"
	clock := func(offset string) {
		t.Helper()
		if err := c.PowerOff(t.Context(), wrong); err != nil {
			t.Fatal(err)
		}
		c.Spec.NodeFlags = nil
		if offset != "" {
			c.Spec.NodeFlags = map[string][]string{wrong: {"--clock-offset", offset}}
		}
		if err := c.PowerOn(t.Context(), wrong); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if c.Spec.NodeFlags != nil {
			clock("")
		}
	})
	offsets := []string{"10m", "-10m"}
	if !soaking() {
		offsets = offsets[:1]
	}
	for _, offset := range offsets {
		r := c.record(t)
		clock(offset)
		c.answering(t, 3)
		testkit.Wait(t, 2*deadline, wrong+" to lead", func() bool {
			leader := c.lead(t)
			if leader != wrong {
				_ = c.Restart(t.Context(), leader, "server") // which passes leadership on
				c.answering(t, 3)
			}
			return leader == wrong
		})
		testkit.Wait(t, deadline, wrong+" to refuse a call of the right time", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := c.call(ctx, wrong, "DescribeKeyPairs")
			if err == nil {
				t.Fatalf("a server whose clock is %s wrong takes a call of the right time", offset)
			}
			return strings.Contains(err.Error(), "RequestExpired")
		})
		r.again(t) // by the others, which pass it on
		out := c.askOf(t, "s1", "RunInstances", "ImageId", c.ami, "InstanceType", smallest, "MinCount", "1", "MaxCount", "1",
			"SecurityGroupId.1", c.group, "ClientToken", fmt.Sprint(time.Now().UnixNano()))
		id := ids(out)[0]
		g := c.settled(t, id)
		t.Logf("with a leader whose clock is %s wrong %s runs on %s", offset, id, g.Host)
		clock("")
		r.stop(t)
		c.terminate(t, id)
		c.untouched(t)
	}
}

// answering waits until so many voters answer, as one of the servers says.
func (c *cluster) answering(t *testing.T, n int) {
	t.Helper()
	want := fmt.Sprintf("%d of 3 voters answer", n)
	testkit.Wait(t, deadline, want, func() bool {
		for _, s := range c.servers() {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			out, err := c.Mica(ctx, s, "cluster", "status")
			cancel()
			if err == nil && strings.Contains(out, want) {
				return true
			}
		}
		return false
	})
}

// askOf asks one server until it answers.
func (c *cluster) askOf(t *testing.T, server, action string, params ...string) (out string) {
	t.Helper()
	testkit.Wait(t, deadline, server+" to answer", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var err error
		out, err = c.call(ctx, server, action, params...)
		return err == nil
	})
	return out
}
