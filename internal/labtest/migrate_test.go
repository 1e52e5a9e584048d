package labtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/deploy/lab"
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
	out, err := c.tryMigrate(id, to)
	if err != nil {
		t.Fatalf("mica instance migrate: %v\n%s", err, out)
	}
	return out
}

func (c *cluster) tryMigrate(id, to string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	return c.Mica(ctx, c.leader(""), "instance", "migrate", id, "--to", to)
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
	_ = s.c.SetDeadline(time.Now().Add(time.Minute))
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

// apart is a lab whose hosts have their volumes on their own disks. Its agents end
// themselves at the point that is named in the file.
func apart(t *testing.T) (c *cluster, point string) {
	t.Helper()
	need(t)
	point = filepath.Join(t.TempDir(), "point")
	t.Setenv("MICA_FAILPOINT", "@"+point)
	c = new(cluster)
	t.Cleanup(func() {
		if err := c.end(); err != nil {
			t.Error(err)
		}
	})
	err := c.raise(t, 2, time.Minute, func(s *lab.Spec) { s.Shared = false })
	c.logsOf(t)
	if err != nil {
		t.Fatal(err)
	}
	return c, point
}

// With volumes on the hosts' own disks these move too: what the guest wrote is there, and
// the host that it left keeps nothing. Whatever ends on the way, at whatever step, one
// guest runs: the source's, as long as that has not written down that it let go, and from
// then on the destination's.
func TestMigrateWithItsDisk(t *testing.T) {
	c, point := apart(t)
	g := c.Guests[0]
	c.moves(t, g)
	c.onlyVolume(t, g.ID)

	for _, p := range []struct {
		point string
		moves bool
	}{
		{"move.before.prepare", false}, {"receive.after.prepare", false},
		{"move.before.finish", false}, {"receive.before.finish", false}, {"receive.after.finish", false}, {"move.after.finish", false},
		{"boot.before.end", false}, {"boot.after.end", true}, {"boot.before.let-go", true}, {"boot.after.let-go", true},
		{"boot.after.arrive", true}, {"boot.before.resume", true}, {"boot.after.drop", true},
	} {
		t.Run(p.point, func(t *testing.T) {
			here := c.onlyOn(t, g.ID)
			there := c.other(here)
			s := echo(t, g.Address)
			if err := s.say(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(point, []byte(p.point), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := c.tryMigrate(g.ID, there)
			testkit.Wait(t, deadline, "an agent to end at "+p.point, func() bool { _, err := os.Stat(point); return err != nil })
			want := here
			if p.moves {
				want = there
			}
			testkit.Wait(t, deadline, "the guest to be on "+want+" alone", func() bool { return c.onlyOn(t, g.ID) == want && g.answers() == nil })
			if err := s.say(); err != nil {
				t.Errorf("the connection did not survive: %v\n%s%v", err, out, err)
			}
			if (err == nil) != p.moves {
				t.Errorf("the command said %v\n%s", err, out)
			}
			c.onlyVolume(t, g.ID)
		})
	}
	if err := c.stopAndStart(t, g.ID); err != nil {
		t.Fatal(err)
	}
	// Its second boot finds the count of its first, which was on whichever host.
	testkit.Wait(t, deadline, "the guest to have counted its boots", func() bool {
		return strings.Contains(c.console(t, g.ID), "MICA-TINY: disk boots=2 ")
	})
}

// stopAndStart boots a guest anew.
func (c *cluster) stopAndStart(t *testing.T, id string) error {
	c.ask(t, "StopInstances", "InstanceId.1", id)
	testkit.Wait(t, 3*time.Minute, id+" to stop", func() bool {
		return strings.Contains(c.ask(t, "DescribeInstances", "InstanceId.1", id), "<name>stopped</name>")
	})
	c.ask(t, "StartInstances", "InstanceId.1", id)
	return nil
}

// onlyOn returns the one node with a process of a guest, or nothing.
func (c *cluster) onlyOn(t testing.TB, id string) (node string) {
	for name, pids := range c.processes(t, id) {
		if node != "" || len(pids) != 1 {
			return ""
		}
		node = name
	}
	return node
}

// onlyVolume waits until the guest's host alone has its volume's file.
func (c *cluster) onlyVolume(t *testing.T, id string) {
	t.Helper()
	testkit.Wait(t, deadline, "one host to have the volume", func() bool {
		files, _ := filepath.Glob(filepath.Join(c.Dir, "h*", "data", "volumes", between(c.ask(t, "DescribeInstances", "InstanceId.1", id), "<volumeId>", "</volumeId>")+".qcow2"))
		return len(files) == 1 && strings.Contains(files[0], "/"+c.onlyOn(t, id)+"/")
	})
}
