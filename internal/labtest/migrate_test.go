package labtest

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// other returns the node that is not h, of two.
func (c *cluster) other(h string) string {
	if h == "h1" {
		return "h2"
	}
	return "h1"
}

// migrate moves a guest with the operator's command, and returns what it said.
func (c *cluster) migrate(t testing.TB, id, to string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	out, err := c.Mica(ctx, c.leader(""), "instance", "migrate", id, "--to", to)
	if err != nil {
		t.Fatalf("mica instance migrate: %v\n%s", err, out)
	}
	return out
}

// processes are all processes of a guest, by node.
func (c *cluster) processes(t testing.TB, id string) map[string][]int {
	t.Helper()
	out := map[string][]int{}
	for _, n := range c.Spec.Nodes() {
		if !n.Host {
			continue
		}
		all, err := c.Processes(n.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.Guest == id {
				out[n.Name] = append(out[n.Name], p.Pid)
			}
		}
	}
	return out
}

// stream is a TCP connection to a guest's echo that is never silent for long.
type stream struct {
	c    net.Conn
	sent int
}

func echo(t testing.TB, address string) *stream {
	t.Helper()
	c, err := net.DialTimeout("tcp", address+":7", 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &stream{c: c}
}

// say sends a line and waits for it to come back.
func (s *stream) say() error {
	s.sent++
	line := fmt.Sprintf("line %d\n", s.sent)
	_ = s.c.SetDeadline(time.Now().Add(deadline))
	if _, err := s.c.Write([]byte(line)); err != nil {
		return err
	}
	got := make([]byte, len(line))
	for n := 0; n < len(line); {
		k, err := s.c.Read(got[n:])
		if err != nil {
			return err
		}
		n += k
	}
	if string(got) != line {
		return fmt.Errorf("%q came back for %q", got, line)
	}
	return nil
}

// A guest moves between hosts that share their storage: it is the same guest, its
// connections go on, and nothing of it is left behind.
func TestMigrateOnSharedStorage(t *testing.T) {
	c := shared(t)
	g := c.settled(t, c.launch(t, c.group, ""))
	defer c.terminate(t, g.ID)
	c.moves(t, g)
}

// moves moves a guest there and back.
func (c *cluster) moves(t *testing.T, g guest) {
	s := echo(t, g.Address)
	if err := s.say(); err != nil {
		t.Fatal(err)
	}
	here := g.Host
	for range 2 {
		there := c.other(here)
		said := c.migrate(t, g.ID, there)
		t.Logf("%s", said)
		testkit.Wait(t, deadline, "the guest to be on "+there+" alone", func() bool {
			p := c.processes(t, g.ID)
			return len(p[there]) == 1 && len(p[here]) == 0
		})
		if err := s.say(); err != nil {
			t.Errorf("the connection did not survive: %v", err)
		}
		if err := g.answers(); err != nil {
			t.Error(err)
		}
		here = there
	}
	if said := c.console(t, g.ID); strings.Count(said, "MICA-TINY: init") > 1 {
		t.Errorf("the guest booted again:\n%s", said)
	}
}
