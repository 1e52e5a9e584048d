// Package hypervisortest holds every hypervisor to the port's contract: the same
// tests run over the simulation and over real guests.
package hypervisortest

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/testkit"
)

// Bench is a hypervisor to test, with the hands that reach into its guests.
type Bench struct {
	Hypervisor hypervisor.Hypervisor
	// Spec returns what a guest of the epoch is started with. It is called for one
	// instance a test.
	Spec func(t *testing.T, epoch int64) hypervisor.Spec
	// Ready waits until a resumed guest's own software is up.
	Ready func(t *testing.T, s hypervisor.Spec)
	// Kill ends the guest's process from outside; PowerOff, Reboot are done by the
	// guest itself, once Ready.
	Kill, PowerOff, Reboot func(t *testing.T, s hypervisor.Spec)
	// NIC returns an interface that no guest has yet, its tap in the host's namespace.
	NIC func(t *testing.T) hypervisor.NIC
	// Patience bounds each wait for a guest.
	Patience time.Duration
}

// Run tests what open returns, opened anew for each test.
func Run(t *testing.T, open func(t *testing.T) *Bench) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Bench)
	}{
		{"a started guest is paused and has run nothing", startsPaused},
		{"start is idempotent for an epoch and refuses another", startTwice},
		{"a signal of another epoch touches nothing", otherEpoch},
		{"a guest that could not start says so and can be started over", failedStart},
		{"a guest that was not resumed can be destroyed and started over", startOver},
		{"the power button ends a guest, which stays known until forgotten", powerButton},
		{"a guest that is destroyed is told from one that powered off", destroyed},
		{"a guest whose process is killed has crashed", killed},
		{"reboots are counted, whoever asked, and end nothing", reboots},
		{"interfaces are plugged into a running guest and let go", plugs},
		{"events hint at changes", events},
		{"a context that has ended stops calls", ended},
		{"a guest can be described", described},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func (b *Bench) start(t *testing.T, s hypervisor.Spec) {
	t.Helper()
	if err := b.Hypervisor.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func (b *Bench) run(t *testing.T, s hypervisor.Spec) {
	t.Helper()
	b.start(t, s)
	b.signal(t, s, hypervisor.Resume)
}

func (b *Bench) signal(t *testing.T, s hypervisor.Spec, sig hypervisor.Signal) {
	t.Helper()
	if err := b.Hypervisor.Signal(t.Context(), s.Instance, s.Epoch, sig); err != nil {
		t.Fatal(err)
	}
}

// guest returns the instance's guest, or nil, and checks that the list of all agrees.
func (b *Bench) guest(t *testing.T, instance string) *hypervisor.Guest {
	t.Helper()
	one, err := b.Hypervisor.Observe(t.Context(), instance)
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Hypervisor.Observe(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, g := range all {
		if g.Instance == instance {
			listed++
		}
	}
	if len(one) > 1 || listed != len(one) {
		t.Fatalf("instance %s: %d guests by name, %d in the list", instance, len(one), listed)
	}
	if len(one) == 0 {
		return nil
	}
	return &one[0]
}

func (b *Bench) want(t *testing.T, s hypervisor.Spec, state hypervisor.State, end hypervisor.End) {
	t.Helper()
	g := b.guest(t, s.Instance)
	if g == nil {
		t.Fatalf("no guest, want %v", state)
	}
	if g.Instance != s.Instance || g.Epoch != s.Epoch || g.State != state || g.End != end {
		t.Fatalf("guest %s/%d is %v %q, want %s/%d %v %q", g.Instance, g.Epoch, g.State, g.End, s.Instance, s.Epoch, state, end)
	}
}

// become waits for a state.
func (b *Bench) become(t *testing.T, s hypervisor.Spec, state hypervisor.State, end hypervisor.End) {
	t.Helper()
	testkit.Wait(t, b.Patience, "the guest to be "+state.String(), func() bool {
		g := b.guest(t, s.Instance)
		return g != nil && g.State == state
	})
	b.want(t, s, state, end)
}

func (b *Bench) refuses(t *testing.T, s hypervisor.Spec, sig hypervisor.Signal, want error) {
	t.Helper()
	if err := b.Hypervisor.Signal(t.Context(), s.Instance, s.Epoch, sig); !errors.Is(err, want) {
		t.Fatalf("%s: %v, want %v", sig, err, want)
	}
}

func startsPaused(t *testing.T, b *Bench) {
	s := b.Spec(t, 3)
	if g := b.guest(t, s.Instance); g != nil {
		t.Fatalf("before the start: %+v", g)
	}
	b.refuses(t, s, hypervisor.Resume, hypervisor.ErrNoGuest)
	b.start(t, s)
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone)
	for _, sig := range []hypervisor.Signal{hypervisor.Forget, hypervisor.Shutdown, hypervisor.Reboot, hypervisor.Reset} {
		b.refuses(t, s, sig, hypervisor.ErrState)
	}
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone)
	if out, err := os.ReadFile(s.ConsoleLog); err == nil && len(out) > 0 {
		t.Fatalf("a guest that was not resumed said %q", out)
	}
	b.signal(t, s, hypervisor.Resume)
	b.signal(t, s, hypervisor.Resume)
	b.want(t, s, hypervisor.Running, hypervisor.EndNone)
	b.refuses(t, s, hypervisor.Forget, hypervisor.ErrState)
}

func startTwice(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.start(t, s)
	b.start(t, s)
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone)
	b.signal(t, s, hypervisor.Resume)
	b.start(t, s)
	b.want(t, s, hypervisor.Running, hypervisor.EndNone) // not started over under its feet
	newer := b.Spec(t, 2)
	if err := b.Hypervisor.Start(t.Context(), newer); !errors.Is(err, hypervisor.ErrEpoch) {
		t.Fatalf("start of a newer epoch beside an older: %v", err)
	}
	b.want(t, s, hypervisor.Running, hypervisor.EndNone)
	b.signal(t, s, hypervisor.Destroy)
	if err := b.Hypervisor.Start(t.Context(), newer); !errors.Is(err, hypervisor.ErrEpoch) {
		t.Fatalf("start of a newer epoch over one that ended and is still known: %v", err)
	}
	b.signal(t, s, hypervisor.Forget)
	b.start(t, newer)
	b.want(t, newer, hypervisor.Paused, hypervisor.EndNone)
}

func otherEpoch(t *testing.T, b *Bench) {
	s := b.Spec(t, 5)
	b.run(t, s)
	for _, epoch := range []int64{4, 6} {
		other := s
		other.Epoch = epoch
		for _, sig := range []hypervisor.Signal{hypervisor.Resume, hypervisor.Shutdown, hypervisor.Reboot, hypervisor.Reset, hypervisor.Destroy, hypervisor.Forget} {
			b.refuses(t, other, sig, hypervisor.ErrEpoch)
		}
	}
	b.want(t, s, hypervisor.Running, hypervisor.EndNone)
	if g := b.guest(t, s.Instance); g.Reboots != 0 {
		t.Fatalf("it was rebooted: %+v", g)
	}
}

func failedStart(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	bad := s
	bad.Disks = []hypervisor.Disk{{Path: s.Disks[0].Path + ".missing", Format: "qcow2"}}
	if err := b.Hypervisor.Start(t.Context(), bad); err == nil {
		t.Fatal("a guest without its disk was started")
	}
	if g := b.guest(t, s.Instance); g != nil && g.State != hypervisor.Ended {
		t.Fatalf("after a failed start: %+v", g)
	}
	b.start(t, s)
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone)
}

func startOver(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.start(t, s)
	b.signal(t, s, hypervisor.Destroy)
	b.signal(t, s, hypervisor.Destroy)
	b.want(t, s, hypervisor.Ended, hypervisor.EndDestroyed)
	b.start(t, s)
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone)
}

func powerButton(t *testing.T, b *Bench) {
	s := b.Spec(t, 2)
	b.run(t, s)
	b.Ready(t, s)
	b.signal(t, s, hypervisor.Shutdown)
	b.become(t, s, hypervisor.Ended, hypervisor.EndPoweroff)
	for _, sig := range []hypervisor.Signal{hypervisor.Resume, hypervisor.Shutdown, hypervisor.Reboot, hypervisor.Reset} {
		b.refuses(t, s, sig, hypervisor.ErrState)
	}
	b.signal(t, s, hypervisor.Destroy) // nothing to do, and the cause stays
	b.want(t, s, hypervisor.Ended, hypervisor.EndPoweroff)
	b.signal(t, s, hypervisor.Forget)
	if g := b.guest(t, s.Instance); g != nil {
		t.Fatalf("forgotten, and still there: %+v", g)
	}
	b.refuses(t, s, hypervisor.Forget, hypervisor.ErrNoGuest)
}

func destroyed(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.run(t, s)
	b.signal(t, s, hypervisor.Destroy)
	b.want(t, s, hypervisor.Ended, hypervisor.EndDestroyed)
}

func killed(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.run(t, s)
	b.Kill(t, s)
	b.become(t, s, hypervisor.Ended, hypervisor.EndCrashed)
}

func reboots(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.run(t, s)
	for i, c := range []struct {
		who string
		do  func()
	}{
		{"the guest itself", func() { b.Reboot(t, s) }},
		{"the power button", func() { b.signal(t, s, hypervisor.Reboot) }},
		{"the reset button", func() { b.signal(t, s, hypervisor.Reset) }},
	} {
		b.Ready(t, s)
		before := time.Now()
		c.do()
		testkit.Wait(t, b.Patience, "a reboot by "+c.who, func() bool { return b.guest(t, s.Instance).Reboots > i })
		b.become(t, s, hypervisor.Running, hypervisor.EndNone)
		g := b.guest(t, s.Instance)
		if g.Reboots != i+1 || g.LastReboot.Before(before) || g.LastReboot.After(time.Now()) {
			t.Fatalf("%s: %d reboots, the last at %v, want %d, after %v", c.who, g.Reboots, g.LastReboot, i+1, before)
		}
	}
	b.Ready(t, s)
	b.PowerOff(t, s) // no reboot: it must not be taken for one
	b.become(t, s, hypervisor.Ended, hypervisor.EndPoweroff)
	b.signal(t, s, hypervisor.Forget)
	s = b.Spec(t, 2)
	b.start(t, s)
	if g := b.guest(t, s.Instance); g.Reboots != 0 {
		t.Fatalf("the next epoch begins with %d reboots", g.Reboots)
	}
}

func events(t *testing.T, b *Bench) {
	ctx, cancel := context.WithCancel(t.Context())
	ch := b.Hypervisor.Events(ctx)
	s := b.Spec(t, 1)
	hint := func(after string) {
		t.Helper()
		limit := time.After(b.Patience)
		for {
			select {
			case e, ok := <-ch:
				if !ok {
					t.Fatalf("%s: the events ended", after)
				}
				if e.Instance == s.Instance {
					return
				}
			case <-limit:
				t.Fatalf("%s: no event", after)
			}
		}
	}
	b.start(t, s)
	hint("start")
	b.signal(t, s, hypervisor.Resume)
	hint("resume")
	b.Kill(t, s)
	hint("kill")
	b.become(t, s, hypervisor.Ended, hypervisor.EndCrashed)
	cancel()
	limit := time.After(b.Patience)
	for {
		select {
		case _, ok := <-ch:
			if !ok {
				return
			}
		case <-limit:
			t.Fatal("the events did not end with their context")
		}
	}
}

func ended(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	b.start(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Hypervisor.Observe(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("observe: %v", err)
	}
	if err := b.Hypervisor.Signal(ctx, s.Instance, s.Epoch, hypervisor.Resume); !errors.Is(err, context.Canceled) {
		t.Errorf("signal: %v", err)
	}
	if err := b.Hypervisor.Start(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("start: %v", err)
	}
	b.want(t, s, hypervisor.Paused, hypervisor.EndNone) // and the next call works again
}

func described(t *testing.T, b *Bench) {
	s := b.Spec(t, 1)
	h, ok := b.Hypervisor.(hypervisor.Describer)
	if !ok {
		t.Fatal("it shows no guests")
	}
	if _, err := h.Describe(t.Context(), s.Instance); !errors.Is(err, hypervisor.ErrNoGuest) {
		t.Fatalf("describe before the start: %v", err)
	}
	b.start(t, s)
	d, err := h.Describe(t.Context(), s.Instance)
	if err != nil {
		t.Fatal(err)
	}
	if d.Definition == "" || len(d.Commands) == 0 {
		t.Fatalf("description: %+v", d)
	}
}

func (b *Bench) plug(t *testing.T, s hypervisor.Spec, nic hypervisor.NIC, want hypervisor.NICState) {
	t.Helper()
	if err := b.Hypervisor.Plug(t.Context(), s.Instance, s.Epoch, nic, want); err != nil {
		t.Fatal(err)
	}
}

func (b *Bench) has(t *testing.T, s hypervisor.Spec, nic hypervisor.NIC, want hypervisor.NICState) {
	t.Helper()
	if got := b.guest(t, s.Instance).NICs[nic.MAC]; got != want {
		t.Fatalf("interface %s is %v, want %v", nic.MAC, got, want)
	}
}

func plugs(t *testing.T, b *Bench) {
	s := b.Spec(t, 4)
	first, second := b.NIC(t), b.NIC(t)
	s.NICs, s.MaxNICs = []hypervisor.NIC{first}, 2
	refuses := func(epoch int64, want error) {
		t.Helper()
		if err := b.Hypervisor.Plug(t.Context(), s.Instance, epoch, second, hypervisor.NICDown); !errors.Is(err, want) {
			t.Fatalf("plug: %v, want %v", err, want)
		}
	}
	refuses(4, hypervisor.ErrNoGuest)
	b.run(t, s)
	b.has(t, s, first, hypervisor.NICUp)
	refuses(3, hypervisor.ErrEpoch)
	b.Ready(t, s)
	for range 2 { // again, after the first is let go
		b.plug(t, s, second, hypervisor.NICGone)
		b.plug(t, s, second, hypervisor.NICDown)
		b.plug(t, s, second, hypervisor.NICDown)
		b.has(t, s, second, hypervisor.NICDown)
		b.plug(t, s, second, hypervisor.NICUp)
		b.plug(t, s, second, hypervisor.NICUp)
		b.has(t, s, second, hypervisor.NICUp)
		if err := b.Hypervisor.Plug(t.Context(), s.Instance, 4, b.NIC(t), hypervisor.NICDown); err == nil {
			t.Fatal("there was a slot for one more than MaxNICs")
		}
		b.plug(t, s, second, hypervisor.NICGone)
		b.plug(t, s, second, hypervisor.NICGone) // asked again while it is at it
		testkit.Wait(t, b.Patience, "the guest to let go", func() bool {
			_, there := b.guest(t, s.Instance).NICs[second.MAC]
			return !there
		})
		b.has(t, s, first, hypervisor.NICUp)
	}
	b.want(t, s, hypervisor.Running, hypervisor.EndNone)
	b.signal(t, s, hypervisor.Destroy)
	refuses(4, hypervisor.ErrState)
}
