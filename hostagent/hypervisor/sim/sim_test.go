package sim

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/hypervisortest"
)

func spec(dir string, epoch int64) hypervisor.Spec {
	return hypervisor.Spec{
		Instance: "i-0123456789abcdef0", Epoch: epoch, VCPUs: 1, MemoryMiB: 128,
		Disks:      []hypervisor.Disk{{Path: filepath.Join(dir, "root.qcow2"), Format: "qcow2"}},
		ConsoleLog: filepath.Join(dir, "console.log"),
	}
}

// newNIC returns what makes interfaces, each with a MAC of its own.
func newNIC() func(*testing.T) hypervisor.NIC {
	n := 0
	return func(*testing.T) hypervisor.NIC {
		n++
		return hypervisor.NIC{Tap: fmt.Sprintf("tap%d", n), MAC: fmt.Sprintf("02:00:00:00:00:%02x", n)}
	}
}

func TestConformance(t *testing.T) {
	hypervisortest.Run(t, bench)
	hypervisortest.RunMoves(t, func(t *testing.T) *hypervisortest.Pair {
		return &hypervisortest.Pair{From: bench(t), To: bench(t), Route: func(*testing.T) (from, to hypervisor.Route) { return from, to }}
	})
}

func bench(t *testing.T) *hypervisortest.Bench {
	h, err := New(Options{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "root.qcow2"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	must := func(do func(string) bool) func(*testing.T, hypervisor.Spec) {
		return func(t *testing.T, s hypervisor.Spec) {
			if !do(s.Instance) {
				t.Fatal("the guest does not run")
			}
		}
	}
	return &hypervisortest.Bench{
		Hypervisor: h,
		Spec:       func(_ *testing.T, epoch int64) hypervisor.Spec { return spec(dir, epoch) },
		Ready:      func(*testing.T, hypervisor.Spec) {},
		Kill:       must(h.Crash),
		PowerOff:   must(h.PowerOff),
		Reboot:     must(h.RebootItself),
		NIC:        newNIC(),
		Patience:   time.Second,
	}
}

func TestGuestsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	h, _ := New(Options{StateDir: dir})
	s := spec(t.TempDir(), 7)
	s.Disks[0].Path = ""
	if err := h.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := h.Signal(t.Context(), s.Instance, 7, hypervisor.Resume); err != nil {
		t.Fatal(err)
	}
	h.RebootItself(s.Instance)
	again, err := New(Options{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	got, err := again.Observe(t.Context(), s.Instance)
	if err != nil {
		t.Fatal(err)
	}
	if want := (hypervisor.Guest{Instance: s.Instance, Epoch: 7, State: hypervisor.Running, NICs: map[string]hypervisor.NICState{}}); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Fatalf("after a restart: %+v, want %+v", got, want)
	}
	if err := again.Signal(t.Context(), s.Instance, 7, hypervisor.Destroy); err != nil {
		t.Fatal(err)
	}
	if err := again.Signal(t.Context(), s.Instance, 7, hypervisor.Forget); err != nil {
		t.Fatal(err)
	}
	third, _ := New(Options{StateDir: dir})
	if got, _ := third.Observe(t.Context(), ""); len(got) != 0 {
		t.Fatalf("a forgotten guest came back: %+v", got)
	}
}

func TestFaults(t *testing.T) {
	h, _ := New(Options{})
	s := spec(t.TempDir(), 1)
	s.Disks[0].Path = ""
	boom := errors.New("boom")
	h.Inject(s.Instance, Fault{Start: boom, StartTimes: 1, Deaf: true})
	if err := h.Start(t.Context(), s); !errors.Is(err, boom) {
		t.Fatalf("first start: %v", err)
	}
	if g, _ := h.Observe(t.Context(), s.Instance); len(g) != 1 || g[0].End != hypervisor.EndFailed {
		t.Fatalf("after a failed start: %+v", g)
	}
	if err := h.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	signal := func(sig hypervisor.Signal) {
		t.Helper()
		if err := h.Signal(t.Context(), s.Instance, 1, sig); err != nil {
			t.Fatal(err)
		}
	}
	signal(hypervisor.Resume)
	signal(hypervisor.Shutdown)
	signal(hypervisor.Reboot)
	if g, _ := h.Observe(t.Context(), s.Instance); g[0].State != hypervisor.Running || g[0].Reboots != 0 {
		t.Fatalf("a deaf guest heard: %+v", g)
	}
	signal(hypervisor.Reset)
	if g, _ := h.Observe(t.Context(), s.Instance); g[0].Reboots != 1 {
		t.Fatalf("a deaf guest was not reset: %+v", g)
	}
	h.Stall(s.Instance)
	if g, _ := h.Observe(t.Context(), s.Instance); g[0].State != hypervisor.Paused || !g[0].Stalled {
		t.Fatalf("stalled: %+v", g)
	}
	h.Fail(hypervisor.ErrUnavailable)
	if _, err := h.Observe(t.Context(), ""); !errors.Is(err, hypervisor.ErrUnavailable) {
		t.Fatalf("while failing: %v", err)
	}
}

func TestConsoleSaysWhatHappened(t *testing.T) {
	h, _ := New(Options{BootText: "hello\n"})
	s := spec(t.TempDir(), 1)
	s.Disks[0].Path = ""
	if err := h.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, sig := range []hypervisor.Signal{hypervisor.Resume, hypervisor.Reset, hypervisor.Shutdown} {
		if err := h.Signal(t.Context(), s.Instance, 1, sig); err != nil {
			t.Fatal(err)
		}
	}
	out, err := os.ReadFile(s.ConsoleLog)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out); strings.Count(got, "hello\n") != 2 || !strings.HasSuffix(got, "Power down\n") {
		t.Fatalf("console: %q", got)
	}
}
