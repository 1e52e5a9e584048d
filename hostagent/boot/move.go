package boot

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/hostagent/hypervisor"
)

// attempt is one to move a guest to another host. It lives as long as this process.
type attempt struct {
	cancel context.CancelFunc

	mu      sync.Mutex
	done    bool
	givenUp bool
	sent    hypervisor.Sent
	err     error
}

func (a *attempt) state() (g Going, givenUp bool, failure string) {
	if a == nil {
		return GoingNot, false, ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case !a.done:
		return GoingOn, a.givenUp, ""
	case a.err != nil:
		return GoingFailed, a.givenUp, a.err.Error()
	}
	return GoingGone, a.givenUp, ""
}

// move does the steps of moves.
func (t *task) move(ctx context.Context, s Step) error {
	r, l := t.o.Record, t.seen(t.instance, t.want.GetEpoch())
	switch s.Op {
	case OpReceive:
		return t.receive(ctx, l)
	case OpArrive:
		r.Arrived = t.now()
		r.markOnce(StepArrived, r.Arrived, "from "+r.Coming.Host)
		l.network = "" // its interfaces are here now, and were not when it was made ready
		return t.save()
	case OpGo:
		return t.begin(l, s.Count)
	case OpGiveUp:
		l.going.mu.Lock()
		l.going.givenUp = true
		l.going.mu.Unlock()
		l.going.cancel()
		return nil
	case OpStay:
		t.log().Warn("a guest stays where it is", "instance_id", t.instance, "boot", s.Epoch, "as", s.Count, "why", s.Why)
		r.Going, r.Stays, r.StaysWhy = s.Count, s.Count, s.Why
		if err := t.save(); err != nil {
			return err
		}
		l.going = nil
		return nil
	case OpLetGo:
		return t.letGo(ctx, l, s)
	}
	if err := t.Volumes.Drop(ctx, r.Volume); err != nil {
		return err
	}
	r.Volume = ""
	return t.save()
}

// receive makes this host ready for the guest. It is marked for the guardian before it can
// be there.
func (t *task) receive(ctx context.Context, l *live) error {
	if t.Mover == nil {
		return &Failure{Code: "Server.InternalError", Message: "this host takes no guests from others"}
	}
	if err := t.guard(); err != nil {
		return err
	}
	spec, err := t.spec(ctx)
	if err != nil {
		return err
	}
	t.Mover.Expect(spec, t.want.GetFrom())
	t.o.Expected = true
	t.note(l, StepReady, "")
	return nil
}

// begin starts an attempt, after it was written down: this process may not see its end.
func (t *task) begin(l *live, epoch int64) error {
	r := t.o.Record
	r.Going, r.GoingShared = epoch, t.want.GetTo().GetShared()
	if err := t.save(); err != nil {
		return err
	}
	if t.Mover == nil {
		l.going = &attempt{done: true, err: errors.New("this host gives no guests to others")}
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &attempt{cancel: cancel}
	l.going = a
	b, hint := proto.CloneOf(t.want), t.Hint
	go func() {
		defer cancel()
		sent, err := t.Mover.Go(ctx, b)
		a.mu.Lock()
		a.done, a.sent, a.err = true, sent, err
		a.mu.Unlock()
		if hint != nil {
			hint(b.InstanceId)
		}
	}()
	return nil
}

// letGo ends the guest whose move is written down. An attempt of a process before leaves
// that to the next step.
func (t *task) letGo(ctx context.Context, l *live, s Step) error {
	if l.going != nil && l.going.sent != nil {
		sent := l.going.sent
		l.going = nil
		if err := sent.Release(ctx); err == nil {
			return nil
		}
	}
	err := t.Hypervisor.Signal(ctx, t.instance, s.Epoch, hypervisor.Destroy)
	if errors.Is(err, hypervisor.ErrNoGuest) {
		return nil
	}
	return err
}
