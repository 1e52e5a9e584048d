package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/micacloud/mica/hostagent/hypervisor"
)

var _ hypervisor.Migrator = (*Hypervisor)(nil)

// Send implements hypervisor.Migrator. Nothing of a simulated guest has to be carried but
// its specification.
func (h *Hypervisor) Send(ctx context.Context, instance string, epoch int64, _ hypervisor.Route, to hypervisor.Receiver) (hypervisor.Sent, error) {
	fail := func(err error) error { return fmt.Errorf("send %s/%d: %w", instance, epoch, err) }
	spec, err := h.leaving(ctx, instance, epoch)
	if err != nil {
		return nil, fail(err)
	}
	offer, err := json.Marshal(spec)
	if err != nil {
		return nil, fail(err)
	}
	if _, err := to.Prepare(ctx, hypervisor.Offer{Definition: string(offer)}); err != nil {
		return nil, fail(err)
	}
	if err := h.turn(instance, epoch, hypervisor.Running, hypervisor.Paused); err != nil {
		_ = to.Finish(context.WithoutCancel(ctx), nil, true)
		return nil, fail(err)
	}
	if err := to.Finish(ctx, nil, false); err != nil {
		return nil, fail(errors.Join(err, h.turn(instance, epoch, hypervisor.Paused, hypervisor.Running)))
	}
	return sent{h, instance, epoch}, nil
}

func (h *Hypervisor) leaving(ctx context.Context, instance string, epoch int64) (hypervisor.Spec, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return hypervisor.Spec{}, err
	}
	g := h.guests[instance]
	switch {
	case g == nil:
		return hypervisor.Spec{}, hypervisor.ErrNoGuest
	case g.Guest.Epoch != epoch:
		return hypervisor.Spec{}, fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Guest.Epoch)
	case g.Guest.State != hypervisor.Running:
		return hypervisor.Spec{}, hypervisor.ErrState
	}
	return g.Spec, nil
}

// turn moves a guest from one state to another, if it is in that.
func (h *Hypervisor) turn(instance string, epoch int64, from, to hypervisor.State) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.guests[instance]
	if g == nil || g.Guest.Epoch != epoch || g.Guest.State != from {
		return hypervisor.ErrState
	}
	h.become(g, to, hypervisor.EndNone)
	return nil
}

type sent struct {
	h        *Hypervisor
	instance string
	epoch    int64
}

// Release implements hypervisor.Sent.
func (s sent) Release(ctx context.Context) error {
	return s.h.Signal(ctx, s.instance, s.epoch, hypervisor.Destroy)
}

// Receive implements hypervisor.Migrator.
func (h *Hypervisor) Receive(ctx context.Context, spec hypervisor.Spec, _ hypervisor.Route, offer hypervisor.Offer) (hypervisor.Arriving, error) {
	fail := func(err error) error { return fmt.Errorf("receive %s/%d: %w", spec.Instance, spec.Epoch, err) }
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return nil, fail(err)
	}
	var theirs hypervisor.Spec
	if err := json.Unmarshal([]byte(offer.Definition), &theirs); err != nil || theirs.Instance != spec.Instance {
		return nil, fail(fmt.Errorf("%q was offered", offer.Definition))
	}
	if g := h.guests[spec.Instance]; g != nil {
		return nil, fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Guest.Epoch))
	}
	g := &guest{Spec: spec, Guest: hypervisor.Guest{Instance: spec.Instance, Epoch: spec.Epoch, NICs: nicsOf(spec)}}
	h.guests[spec.Instance] = g
	h.become(g, hypervisor.Paused, hypervisor.EndNone)
	return &arriving{h: h, spec: spec}, nil
}

type arriving struct {
	h        *Hypervisor
	spec     hypervisor.Spec
	finished bool
}

// Answer implements hypervisor.Arriving.
func (a *arriving) Answer() hypervisor.Answer { return hypervisor.Answer{} }

// Finish implements hypervisor.Arriving.
func (a *arriving) Finish(ctx context.Context, _ []byte, cancelled bool) error {
	if cancelled {
		a.Close()
		return nil
	}
	a.h.mu.Lock()
	defer a.h.mu.Unlock()
	if err := a.h.usable(ctx); err != nil {
		return err
	}
	g := a.h.guests[a.spec.Instance]
	if g == nil || g.Guest.Epoch != a.spec.Epoch || g.Guest.State != hypervisor.Paused {
		return hypervisor.ErrNoGuest
	}
	a.finished = true
	return nil
}

// Close implements hypervisor.Arriving.
func (a *arriving) Close() {
	a.h.mu.Lock()
	defer a.h.mu.Unlock()
	if g := a.h.guests[a.spec.Instance]; !a.finished && g != nil && g.Guest.Epoch == a.spec.Epoch {
		delete(a.h.guests, a.spec.Instance)
		a.h.forget(a.spec.Instance)
		a.h.tell(a.spec.Instance, "undefined")
	}
}
