package guardian

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// qemu stands for a guest: a process with QEMU's way of naming its domain.
func qemu(t *testing.T, domain string) *exec.Cmd {
	t.Helper()
	c := exec.Command("sh", "-c", "read forever", "-name", "guest="+domain+",debug-threads=on")
	if _, err := c.StdinPipe(); err != nil { // which nobody writes to
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = c.Wait(); close(done) }()
	t.Cleanup(func() { _ = c.Process.Kill(); <-done })
	return c
}

func runs(c *exec.Cmd) bool {
	_, err := os.Stat(filepath.Join("/proc", strconv.Itoa(c.Process.Pid), "cmdline"))
	return err == nil && domainOf(c.Process.Pid) != ""
}

func start(t *testing.T) Folder {
	t.Helper()
	f := Folder(t.TempDir())
	if err := f.Make(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	g := &Guardian{Folder: f, Log: slog.New(slog.DiscardHandler)}
	go func() { done <- g.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	testkit.Wait(t, 10*time.Second, "the guardian", func() bool { return f.Alive(time.Second) })
	return f
}

// TestMarkedGuestsEndWithTheLease: those alone, and not before.
func TestMarkedGuestsEndWithTheLease(t *testing.T) {
	f := start(t)
	until := Now() + 1500*time.Millisecond
	if err := f.Extend(until); err != nil {
		t.Fatal(err)
	}
	marked, other := qemu(t, "mt-i-0aaaaaaaaaaaaaaaa"), qemu(t, "mt-i-0aaaaaaaaaaaaaaaab")
	if err := f.Mark(Mark{Instance: "i-0aaaaaaaaaaaaaaaa", Epoch: 3, Domain: "mt-i-0aaaaaaaaaaaaaaaa"}); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, 20*time.Second, "the marked guest to end", func() bool { return !runs(marked) })
	testkit.Wait(t, 10*time.Second, "the record of it", func() bool { _, err := f.EndedGuest("i-0aaaaaaaaaaaaaaaa"); return err == nil })
	e, err := f.EndedGuest("i-0aaaaaaaaaaaaaaaa")
	if err != nil || e.Epoch != 3 || e.Pid != marked.Process.Pid || e.Killed < until || e.Gone < e.Killed {
		t.Errorf("the lease ended at %v: %+v, %v", until, e, err)
	}
	if !runs(other) {
		t.Error("a guest that is not marked was ended")
	}
	// Whatever starts later without a lease ends too.
	late := qemu(t, "mt-i-0aaaaaaaaaaaaaaaa")
	testkit.Wait(t, 20*time.Second, "the late guest to end", func() bool { return !runs(late) })
}

func TestALeaseThatIsExtendedEndsNothing(t *testing.T) {
	f := start(t)
	if err := f.Extend(Now() + time.Hour); err != nil {
		t.Fatal(err)
	}
	guest := qemu(t, "mt-i-0cccccccccccccccc")
	if err := f.Mark(Mark{Instance: "i-0cccccccccccccccc", Epoch: 1, Domain: "mt-i-0cccccccccccccccc"}); err != nil {
		t.Fatal(err)
	}
	seen := f.lastLook(t)
	testkit.Wait(t, 10*time.Second, "five more looks", func() bool { return f.lastLook(t) > seen+5*Tick })
	if !runs(guest) {
		t.Error("a guest was ended under a lease that holds")
	}
	if err := f.Unmark("i-0cccccccccccccccc"); err != nil {
		t.Fatal(err)
	}
	if err := f.Extend(Now() - 1); err != nil {
		t.Fatal(err)
	}
	seen = f.lastLook(t)
	testkit.Wait(t, 10*time.Second, "five more looks", func() bool { return f.lastLook(t) > seen+5*Tick })
	if !runs(guest) {
		t.Error("a guest that is marked no longer was ended")
	}
}

func (f Folder) lastLook(t *testing.T) (last time.Duration) {
	t.Helper()
	if err := f.read("alive", &last); err != nil {
		t.Fatal(err)
	}
	return last
}

// TestMay: without lease, without guardian, or with a lease of an earlier start of this
// machine, no marked guest begins to run.
func TestMay(t *testing.T) {
	f := Folder(t.TempDir())
	if err := f.Make(); err != nil {
		t.Fatal(err)
	}
	may := func(step string, wanted bool, about string) {
		t.Helper()
		err := f.May()
		if (err == nil) != wanted || err != nil && (!errors.Is(err, ErrNoLease) || !strings.Contains(err.Error(), about)) {
			t.Errorf("%s: %v", step, err)
		}
	}
	may("nothing", false, "lease")
	if err := f.Extend(Now() + time.Hour); err != nil {
		t.Fatal(err)
	}
	may("no guardian", false, "guardian")
	if err := f.write("alive", Now()-time.Minute); err != nil {
		t.Fatal(err)
	}
	may("a guardian that hangs", false, "guardian")
	if err := f.write("alive", Now()+time.Minute); err != nil { // for as long as the test may take
		t.Fatal(err)
	}
	may("both", true, "")
	if err := f.write("lease", lease{Boot: "another", Until: Now() + time.Hour}); err != nil {
		t.Fatal(err)
	}
	may("of another start of the machine", false, "lease")
	if err := os.WriteFile(filepath.Join(string(f), "lease"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	may("damaged", false, "lease")
	if _, err := f.EndedGuest("i-0"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a guest that nobody ended: %v", err)
	}
}
