package labtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// data is a node's data directory as this machine sees it: what is mounted there is in the
// node alone.
func (c *cluster) data(node string) string {
	init, _ := os.ReadFile(filepath.Join(c.Dir, node, "init.pid"))
	return fmt.Sprintf("/proc/%s/root%s", strings.TrimSpace(string(init)), filepath.Join(c.Dir, node, "data"))
}

// fill leaves no space on a node's disk, and returns how to give it back.
func (c *cluster) fill(t *testing.T, node string) (free func()) {
	t.Helper()
	name := filepath.Join(c.data(node), "fill")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for chunk := 1 << 20; chunk > 0; {
		_, err := f.Write(make([]byte, chunk))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			chunk /= 2
		case err != nil:
			t.Fatal(err)
		}
	}
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	free = func() { _ = os.Remove(filepath.Join(c.data(node), "fill")) }
	t.Cleanup(free)
	return free
}

// stuff writes until ok: a log takes the space for some tens of MiB in advance.
func (c *cluster) stuff(t *testing.T, what string, ok func() bool) {
	t.Helper()
	const keys, tags = 50, 45
	var params []string
	for n := range keys {
		out := c.ask(t, "CreateKeyPair", "KeyName", fmt.Sprintf("stuff-%d-%d", time.Now().UnixNano(), n), "KeyType", "ed25519")
		params = append(params, fmt.Sprint("ResourceId.", n+1), between(out, "<keyPairId>", "</keyPairId>"))
	}
	begun, size := time.Now(), 0
	for round := 0; !ok(); round++ {
		if time.Since(begun) > deadline {
			t.Fatalf("waited in vain for %s while %d MiB were written", what, size>>20)
		}
		these := params
		for n := range tags {
			these = append(these, fmt.Sprintf("Tag.%d.Key", n+1), fmt.Sprint("k", n), fmt.Sprintf("Tag.%d.Value", n+1), strings.Repeat(fmt.Sprint(round%10), 250))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if _, err := c.call(ctx, c.servers()[round%3], "CreateTags", these...); err == nil {
			size += keys * tags * 250
		}
		cancel()
	}
	t.Logf("%s after %d MiB", what, size>>20)
}

// pid is that of a node's unit, 0 if it does not run.
func (c *cluster) pid(node, unit string) int {
	found, err := c.Find(node, unit)
	if err != nil {
		return 0
	}
	return found[0].Pid
}

// TestFullDiskUnderTheLog of the leader, and of a follower: that server ends when its log
// needs space, the others go on, and with space again it is back, and nothing is lost.
func TestFullDiskUnderTheLog(t *testing.T) {
	for _, which := range []string{"leader", "follower"} {
		t.Run(which, func(t *testing.T) {
			c := shared(t)
			r := c.record(t)
			server := c.lead(t)
			if which == "follower" {
				server = c.follower(t)
			}
			old := c.pid(server, "server")
			free := c.fill(t, server)
			c.stuff(t, server+" ended", func() bool { return c.pid(server, "server") != old })
			r.again(t)
			free()
			freed := time.Now()
			c.whole(t)
			t.Logf("whole %v after there was space", time.Since(freed).Round(100*time.Millisecond))
			r.stop(t)
			c.untouched(t)
		})
	}
}

// TestFullImageStore: an import onto a full disk fails, says why, and leaves nothing; with
// space again the same import works.
func TestFullImageStore(t *testing.T) {
	c := shared(t)
	store := func(server string) string {
		files, _ := filepath.Glob(filepath.Join(c.data(server), "images", "*"))
		return strings.Join(files, "\n")
	}
	server, before := "s2", store("s2")
	image := filepath.Join(c.Dir, "other.qcow2") // of another digest than the one that is there
	b, err := os.ReadFile(guestimg.Tiny(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(image, append(b, make([]byte, 64<<10)...), 0o644); err != nil {
		t.Fatal(err)
	}
	free := c.fill(t, server)
	if out, err := c.Mica(t.Context(), server, "image", "import", image, "--name", "full"); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("an import onto a full disk: %q, %v", out, err)
	}
	if after := store(server); after != before {
		t.Errorf("the store had\n%s\nand has\n%s", before, after)
	}
	free()
	if out, err := c.Mica(t.Context(), server, "image", "import", image, "--name", "full"); err != nil || !strings.HasPrefix(out, "ami-") {
		t.Errorf("an import with space again: %q, %v", out, err)
	}
	c.whole(t)
	c.untouched(t)
}

// TestBrokenDisk: one write or sync that fails ends the server at once, as what it did not
// write may be lost whatever a second try says. It starts again, and nothing acknowledged is
// lost.
func TestBrokenDisk(t *testing.T) {
	testkit.NeedProgram(t, "strace")
	for _, broken := range []struct{ which, inject string }{
		{"leader", "fsync,fdatasync:error=EIO:when=1"},
		{"follower", "fsync,fdatasync:error=EIO:when=1"},
		{"leader", "pwrite64:error=EIO:when=1"},
		{"follower", "pwrite64:error=ENOSPC:when=1"},
	} {
		t.Run(broken.which+" "+broken.inject, func(t *testing.T) {
			c := shared(t)
			r := c.record(t)
			server := c.lead(t)
			if broken.which == "follower" {
				server = c.follower(t)
			}
			old := c.pid(server, "server")
			said := c.inject(t, old, broken.inject)
			testkit.Wait(t, deadline, server+" to end", func() bool { return dead(old) })
			if out := said(); strings.Count(out, "(INJECTED)") != 1 {
				t.Errorf("not one call failed:\n%s", out)
			}
			testkit.Wait(t, deadline, server+" to be started again", func() bool { pid := c.pid(server, "server"); return pid != 0 && pid != old })
			c.whole(t)
			r.stop(t)
			c.untouched(t)
		})
	}
}
