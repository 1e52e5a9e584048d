package hypervisortest

import (
	"context"
	"errors"
	"testing"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/testkit"
)

// Pair is two hosts' hypervisors between which guests move.
type Pair struct {
	From, To *Bench
	// Route returns the sockets of either end, joined to each other.
	Route func(t *testing.T) (from, to hypervisor.Route)
}

// RunMoves tests what open returns, opened anew for each test.
func RunMoves(t *testing.T, open func(t *testing.T) *Pair) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Pair)
	}{
		{"a guest that was sent is paused on both hosts until it is released and resumed", sent},
		{"a guest whose receiver refuses runs on", refused},
		{"a guest whose receiver is lost at the end runs on, and nothing of it is there", lostAtTheEnd},
		{"a guest of another epoch, or that does not run, is not sent", notSent},
		{"a guest is not received over another", occupied},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// receiver is the other hypervisor without a network between.
type receiver struct {
	m      hypervisor.Migrator
	spec   hypervisor.Spec
	route  hypervisor.Route
	guest  hypervisor.Arriving
	refuse error // Prepare's answer
	lose   error // Finish's, after the guest is dropped
}

// Prepare implements hypervisor.Receiver.
func (r *receiver) Prepare(ctx context.Context, o hypervisor.Offer) (hypervisor.Answer, error) {
	if r.refuse != nil {
		return hypervisor.Answer{}, r.refuse
	}
	var err error
	if r.guest, err = r.m.Receive(ctx, r.spec, r.route, o); err != nil {
		return hypervisor.Answer{}, err
	}
	return r.guest.Answer(), nil
}

// Finish implements hypervisor.Receiver.
func (r *receiver) Finish(ctx context.Context, cookie []byte, cancelled bool) error {
	if r.lose != nil {
		r.guest.Close()
		return r.lose
	}
	return r.guest.Finish(ctx, cookie, cancelled)
}

// begin runs a guest of epoch 1, and returns what it is to become on the other host.
func (p *Pair) begin(t *testing.T) (spec hypervisor.Spec, to *receiver, route hypervisor.Route) {
	t.Helper()
	spec = p.From.Spec(t, 1)
	p.From.run(t, spec)
	p.From.Ready(t, spec)
	there := p.To.Spec(t, 2)
	from, at := p.Route(t)
	return spec, &receiver{m: p.To.Hypervisor.(hypervisor.Migrator), spec: there, route: at}, from
}

func (p *Pair) send(t *testing.T, spec hypervisor.Spec, route hypervisor.Route, to hypervisor.Receiver) (hypervisor.Sent, error) {
	t.Helper()
	return p.From.Hypervisor.(hypervisor.Migrator).Send(t.Context(), spec.Instance, spec.Epoch, route, to)
}

// in says which state a guest is in on a host: "none" if there is no such guest.
func (b *Bench) in(t *testing.T, instance string) string {
	t.Helper()
	if g := b.guest(t, instance); g != nil {
		return g.State.String()
	}
	return "none"
}

func (p *Pair) are(t *testing.T, instance, from, to string) {
	t.Helper()
	testkit.Wait(t, p.From.Patience, "the guest to be "+from+" here and "+to+" there", func() bool {
		return p.From.in(t, instance) == from && p.To.in(t, instance) == to
	})
}

func sent(t *testing.T, p *Pair) {
	spec, to, route := p.begin(t)
	s, err := p.send(t, spec, route, to)
	if err != nil {
		t.Fatal(err)
	}
	p.are(t, spec.Instance, "paused", "paused")
	to.guest.Close() // of what has finished it ends nothing
	p.are(t, spec.Instance, "paused", "paused")
	if err := s.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.are(t, spec.Instance, "ended", "paused")
	p.To.signal(t, to.spec, hypervisor.Resume)
	p.are(t, spec.Instance, "ended", "running")
	if g := p.To.guest(t, spec.Instance); g.Epoch != 2 {
		t.Errorf("it is boot %d there", g.Epoch)
	}
	p.From.signal(t, spec, hypervisor.Forget)
	p.are(t, spec.Instance, "none", "running")
}

func refused(t *testing.T, p *Pair) {
	spec, to, route := p.begin(t)
	to.refuse = errors.New("no room")
	if _, err := p.send(t, spec, route, to); !errors.Is(err, to.refuse) {
		t.Errorf("%v", err)
	}
	p.are(t, spec.Instance, "running", "none")
}

func lostAtTheEnd(t *testing.T, p *Pair) {
	spec, to, route := p.begin(t)
	to.lose = errors.New("no wire")
	if _, err := p.send(t, spec, route, to); !errors.Is(err, to.lose) {
		t.Errorf("%v", err)
	}
	p.are(t, spec.Instance, "running", "none")
}

func notSent(t *testing.T, p *Pair) {
	spec, to, route := p.begin(t)
	other := spec
	other.Epoch = 7
	if _, err := p.send(t, other, route, to); !errors.Is(err, hypervisor.ErrEpoch) {
		t.Errorf("another epoch: %v", err)
	}
	p.From.signal(t, spec, hypervisor.Destroy)
	p.are(t, spec.Instance, "ended", "none")
	if _, err := p.send(t, spec, route, to); !errors.Is(err, hypervisor.ErrState) {
		t.Errorf("one that has ended: %v", err)
	}
}

func occupied(t *testing.T, p *Pair) {
	spec, to, route := p.begin(t)
	older := p.To.Spec(t, 1)
	p.To.start(t, older)
	if _, err := p.send(t, spec, route, to); !errors.Is(err, hypervisor.ErrEpoch) {
		t.Errorf("%v", err)
	}
	p.are(t, spec.Instance, "running", "paused")
}
