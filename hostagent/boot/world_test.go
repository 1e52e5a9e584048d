package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/proto/agentpb"
)

const testInstance = "i-0123456789abcdef0"

// world is a host: what outlives the agent. It can end the agent before or after any
// of its effects, and watches that no boot runs twice.
type world struct {
	dropped bool // the volume
	dir     string
	hyp     *sim.Hypervisor
	now     time.Time
	taps    map[string]TapState
	exec    *Executor

	// crashIn counts down at each point around an effect, and ends the agent at 0.
	crashIn int
	crashed int
	// hookRestart, if set, is called after the agent was ended and restarted.
	hookRestart func()

	volumeErr, imageErr, networkErr error
	served                          map[string]bool // interfaces that the network was last applied with

	ran     map[int64]bool // epochs whose guest was resumed
	highest int64          // epoch that was started
	resumes int
	breach  error // what must never happen
}

type crash struct{}

func newWorld(dir string) *world {
	w := &world{dir: dir, now: time.Unix(1e9, 0), taps: map[string]TapState{}, ran: map[int64]bool{}, crashIn: -1}
	w.hyp, _ = sim.New(sim.Options{Now: func() time.Time { return w.now }})
	w.restart()
	return w
}

// restart is a new agent process on the same host.
func (w *world) restart() {
	w.exec = &Executor{
		Hypervisor: watchedHyp{w.hyp, w}, Volumes: w, Network: w, DataDir: w.dir, RunDir: w.dir,
		Accel: hypervisor.TCG, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	}
}

// effect does f, with a point before and a point after where the agent may end.
func (w *world) effect(f func() error) error {
	w.point()
	err := f()
	w.point()
	return err
}

func (w *world) point() {
	if w.crashIn == 0 {
		w.crashIn = -1
		panic(crash{})
	}
	if w.crashIn > 0 {
		w.crashIn--
	}
}

// step reconciles once, and restarts the agent when it ends on the way.
func (w *world) step(want *agentpb.Boot) (s *agentpb.BootStatus, next time.Duration, err error) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case crash:
			w.crashed++
			w.restart()
			if w.hookRestart != nil {
				w.hookRestart()
			}
			next = Again
		default:
			panic(r)
		}
	}()
	return w.exec.Reconcile(context.Background(), want, testInstance)
}

// settle reconciles until nothing is left to do, letting time pass where the executor
// waits, and errors be tried again.
func (w *world) settle(want *agentpb.Boot) (*agentpb.BootStatus, error) {
	var last error
	for range 500 {
		s, next, err := w.step(want)
		if w.breach != nil {
			return s, w.breach
		}
		if err != nil {
			last = err
			w.now = w.now.Add(time.Second)
			continue
		}
		if next == 0 {
			return s, nil
		}
		if next > Again {
			w.now = w.now.Add(next)
		}
	}
	return nil, fmt.Errorf("never settled; last error: %w", last)
}

func (w *world) guest() *hypervisor.Guest {
	g, err := w.hyp.Observe(context.Background(), testInstance)
	if err != nil || len(g) == 0 {
		return nil
	}
	return &g[0]
}

// leftovers says what of the instance is on the host, besides its directory.
func (w *world) leftovers() error {
	if g := w.guest(); g != nil {
		return fmt.Errorf("left: guest %+v", *g)
	}
	for id, t := range w.taps {
		if t != TapAbsent {
			return fmt.Errorf("left: tap of %s", id)
		}
	}
	return nil
}

func (w *world) Image(context.Context, string) error {
	return w.effect(func() error { return w.imageErr })
}

func (w *world) Volume(context.Context, string) (hypervisor.Disk, error) {
	return hypervisor.Disk{Format: "qcow2"}, w.effect(func() error { return w.volumeErr })
}

func (w *world) Drop(context.Context, string) error {
	return w.effect(func() error { w.dropped = true; return nil })
}

func (w *world) Apply(_ context.Context, b *agentpb.Boot) error {
	return w.effect(func() error {
		if w.networkErr == nil {
			w.served = map[string]bool{}
			for _, i := range b.Interfaces {
				w.served[i.Id] = Served(i)
			}
		}
		return w.networkErr
	})
}

func (w *world) Tap(_ context.Context, n NIC) (TapState, error) { return w.taps[n.ID], nil }

func (w *world) CreateTap(_ context.Context, n NIC) error {
	return w.effect(func() error { w.taps[n.ID] = max(w.taps[n.ID], TapInHost); return nil })
}

func (w *world) AttachTap(_ context.Context, n NIC) error {
	return w.effect(func() error {
		if w.taps[n.ID] == TapAbsent {
			return errors.New("no such tap")
		}
		w.taps[n.ID] = TapAttached
		return nil
	})
}

func (w *world) RemoveTap(_ context.Context, n NIC) error {
	return w.effect(func() error {
		if g := w.guest(); g != nil && g.NICs[n.MAC] != hypervisor.NICGone {
			w.violated("the tap of %s was removed while the guest has it open", n.ID)
		}
		w.taps[n.ID] = TapAbsent
		return nil
	})
}

// watchedHyp holds the executor to what it promises of guests.
type watchedHyp struct {
	*sim.Hypervisor
	w *world
}

func (h watchedHyp) Start(ctx context.Context, s hypervisor.Spec) error {
	return h.w.effect(func() error {
		g := h.w.guest()
		active := g != nil && g.State != hypervisor.Ended
		switch {
		case h.w.ran[s.Epoch] && !active:
			h.w.violated("epoch %d was started again after it had run", s.Epoch)
		case s.Epoch < h.w.highest:
			h.w.violated("epoch %d was started after epoch %d", s.Epoch, h.w.highest)
		}
		for _, n := range s.NICs {
			if !active && h.w.taps["eni-"+n.Tap[3:]] != TapInHost {
				h.w.violated("started without tap %s in the host's namespace", n.Tap)
			}
		}
		err := h.Hypervisor.Start(ctx, s)
		h.w.highest = max(h.w.highest, s.Epoch)
		return err
	})
}

func (h watchedHyp) Signal(ctx context.Context, id string, epoch int64, s hypervisor.Signal) error {
	return h.w.effect(func() error {
		err := h.Hypervisor.Signal(ctx, id, epoch, s)
		if s == hypervisor.Resume && err == nil {
			h.w.ran[epoch] = true
			h.w.resumes++
			for nic, t := range h.w.taps {
				if t == TapInHost {
					h.w.violated("resumed while %s was not attached", nic)
				}
			}
		}
		return err
	})
}

func (h watchedHyp) Plug(ctx context.Context, id string, epoch int64, n hypervisor.NIC, want hypervisor.NICState) error {
	return h.w.effect(func() error {
		have, tap := hypervisor.NICGone, h.w.taps["eni-"+n.Tap[3:]]
		if g := h.w.guest(); g != nil {
			have = g.NICs[n.MAC]
		}
		switch {
		case have == hypervisor.NICGone && want != hypervisor.NICGone && tap != TapInHost:
			h.w.violated("%s was plugged while its tap was %v", n.Tap, tap)
		case have == hypervisor.NICGone && want == hypervisor.NICUp, have == hypervisor.NICDown && want == hypervisor.NICUp && tap != TapAttached:
			h.w.violated("the guest saw a link of %s while its tap was %v", n.Tap, tap)
		}
		return h.Hypervisor.Plug(ctx, id, epoch, n, want)
	})
}

func (w *world) violated(format string, args ...any) {
	if w.breach == nil {
		w.breach = fmt.Errorf(format, args...)
	}
}

// rewired gives an assignment the interfaces of these numbers.
func rewired(b *agentpb.Boot, ids ...int) *agentpb.Boot {
	b.Interfaces = nil
	for _, n := range ids {
		b.Interfaces = append(b.Interfaces, &agentpb.Interface{Id: fmt.Sprintf("eni-%011d", n), VpcId: "vpc-1", Mac: fmt.Sprintf("02:00:00:00:00:%02x", n), Attachment: fmt.Sprintf("a%d", n)})
	}
	return b
}

// detaching has an assignment ask the guest for its interface of that place.
func detaching(b *agentpb.Boot, at int, how agentpb.Interface_Detach) *agentpb.Boot {
	b.Interfaces[at].Detach = how
	return b
}

// attachments says what a status tells of attachments.
func attachments(s *agentpb.BootStatus) string {
	var out []string
	for _, a := range s.GetAttachments() {
		out = append(out, a.Id+" "+strings.ToLower(a.State.String()))
	}
	return strings.Join(out, ", ")
}

// falselyTold says what a status tells of attachments that is not so.
func (w *world) falselyTold(b *agentpb.Boot, s *agentpb.BootStatus) error {
	for _, a := range s.GetAttachments() {
		for _, i := range b.Interfaces {
			if i.Attachment != a.Id {
				continue
			}
			at := hypervisor.NICGone
			if g := w.guest(); g != nil {
				at = g.NICs[i.Mac]
			}
			open := at != hypervisor.NICGone && w.served[i.Id] || w.taps[i.Id] != TapAbsent && at == hypervisor.NICGone
			if a.State == agentpb.AttachmentStatus_DETACHED && open {
				return fmt.Errorf("%s is told to be detached: the guest has it %v, its tap is %v, served %v", i.Id, at, w.taps[i.Id], w.served[i.Id])
			}
		}
	}
	return nil
}

// boot returns an assignment of the test's instance.
func boot(epoch int64, want agentpb.Boot_Want) *agentpb.Boot {
	return &agentpb.Boot{
		InstanceId: testInstance, Epoch: epoch, Want: want, Vcpus: 1, MemoryMib: 256, RootVolume: "vol-0123456789abcdef0", MaxInterfaces: 3,
		Interfaces: []*agentpb.Interface{
			{Id: "eni-00000000001", VpcId: "vpc-1", Mac: "02:00:00:00:00:01"},
			{Id: "eni-00000000002", VpcId: "vpc-1", Mac: "02:00:00:00:00:02"},
		},
	}
}

func tempDir(t interface{ Fatal(...any) }) (string, func()) {
	dir, err := os.MkdirTemp("", "mt-boot")
	if err != nil {
		t.Fatal(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}

func awayOrNot(away bool) error {
	if away {
		return hypervisor.ErrUnavailable
	}
	return nil
}

func clearTaps(w *world) {
	for id := range w.taps {
		w.taps[id] = TapAbsent
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
