package labtest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// most is how much of one log a failed test shows: its beginning, where things went wrong,
// and its end.
const most = 12 << 10

// logsOf shows, if the test fails, how the lab is and what its logs say since begin.
func (c *cluster) logsOf(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		if !t.Failed() || c.Lab == nil {
			return
		}
		c.show(t)
		files, _ := filepath.Glob(filepath.Join(c.Dir, "*", "log", "*.log"))
		for _, file := range files {
			if text := part(file, c.marks[file]); text != "" {
				name, _ := filepath.Rel(c.Dir, file)
				t.Logf("%s:\n%s", name, text)
			}
		}
	})
}

// show logs which units and guests run, and what the guardians have.
func (c *cluster) show(t *testing.T) {
	var out strings.Builder
	nodes, err := c.Status()
	if err != nil {
		fmt.Fprintln(&out, err)
	}
	for _, n := range nodes {
		fmt.Fprintf(&out, "%s init %d", n.Name, n.Pid)
		for _, u := range n.Units {
			fmt.Fprintf(&out, ", %s %d %s", u.Name, u.Pid, u.What)
		}
		for _, g := range n.Guests {
			fmt.Fprintf(&out, ", %s %d", g.Guest, g.Pid)
		}
		fmt.Fprintln(&out)
		if !n.Host {
			continue
		}
		for _, pattern := range []string{"lease", "alive", "guests/*", "ended/*"} {
			files, _ := filepath.Glob(c.guardianFile(n.Name, pattern))
			for _, f := range files {
				b, _ := os.ReadFile(f)
				fmt.Fprintf(&out, "  guardian %s: %s\n", filepath.Base(f), bytes.TrimSpace(b))
			}
		}
	}
	cuts, _ := c.Cuts()
	t.Logf("the lab, cut at %v:\n%s", cuts, out.String())
}

// part returns a file from an offset on, without its middle if it is long.
func part(file string, from int64) string {
	f, err := os.Open(file)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return err.Error()
	}
	b, _ := io.ReadAll(f)
	if len(b) > most {
		b = bytes.Join([][]byte{b[:most/2], b[len(b)-most/2:]}, []byte("\n[...]\n"))
	}
	return string(b)
}
