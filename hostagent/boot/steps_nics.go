package boot

import (
	"context"

	"github.com/micacloud/mica/hostagent/hypervisor"
)

// interfaces does a step on one of a boot's interfaces.
func (t *task) interfaces(ctx context.Context, s Step) error {
	r := t.o.Record
	switch s.Op {
	case OpEnlist:
		r.NICs = append(without(r.NICs, s.NIC.ID), s.NIC)
	case OpDelist:
		if r.Resuming {
			r.mark(StepLetGo, t.at, s.NIC.ID)
		}
		r.NICs = without(r.NICs, s.NIC.ID)
	case OpPlug:
		return t.plug(ctx, s, hypervisor.NICDown)
	case OpLink:
		if err := t.plug(ctx, s, hypervisor.NICUp); err != nil {
			return err
		}
		r.mark(StepPlugged, t.at, s.NIC.ID)
	case OpUnplug:
		// Saved before the guest is asked: an interface that is assigned again meanwhile has
		// to leave first.
		if n := r.nic(s.NIC.ID); n != nil {
			if n.Leaving.IsZero() {
				n.Leaving = t.at
			}
			n.Asked = t.at
		}
		if err := t.save(); err != nil {
			return err
		}
		return t.plug(ctx, s, hypervisor.NICGone)
	case OpCut:
		if n := r.nic(s.NIC.ID); n != nil {
			n.Cut = t.at
		}
		r.mark(StepCut, t.at, s.NIC.ID)
	case OpStuck:
		if n := r.nic(s.NIC.ID); n != nil {
			n.Stuck = t.at
		}
		r.mark(StepStuck, t.at, s.NIC.ID)
		t.log().Warn("a guest does not let go of an interface", "instance_id", t.instance, "boot", s.Epoch, "interface", s.NIC.ID)
	}
	return t.save()
}

// plug brings the guest's interface to a state.
func (t *task) plug(ctx context.Context, s Step, want hypervisor.NICState) error {
	n := hypervisor.NIC{Tap: s.NIC.Tap, MAC: s.NIC.MAC, MTU: t.MTU}
	return t.Hypervisor.Plug(ctx, t.instance, s.Epoch, n, want)
}

// nic returns the record's interface of that id, or nil.
func (r *Record) nic(id string) *NIC {
	for i := range r.NICs {
		if r.NICs[i].ID == id {
			return &r.NICs[i]
		}
	}
	return nil
}
