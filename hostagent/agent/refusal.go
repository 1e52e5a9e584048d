package agent

import (
	"fmt"
	"sync"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/proto/agentpb"
)

// refusals are boots that this host could not take on, because it could not write their
// assignment down. Nothing of them is here; they are reported as failed, and stay so.
type refusals struct {
	mu   sync.Mutex
	seen map[string]*agentpb.BootStatus // by instance
}

// refuse reports the boots of an update that are new here as failed: a user who waits
// should hear why now, and not when the launch has run out of time.
func (a *Agent) refuse(u *agentpb.Update, why error) {
	for _, item := range u.Put {
		b := item.GetBoot()
		if b == nil || b.Want != agentpb.Boot_WANT_RUNNING {
			continue
		}
		if have := a.set.boot(b.InstanceId); have != nil && have.Epoch >= b.Epoch {
			continue // taken on before: its assignment is on disk
		}
		a.refusals.mu.Lock()
		if a.refusals.seen == nil {
			a.refusals.seen = map[string]*agentpb.BootStatus{}
		}
		s := &agentpb.BootStatus{
			InstanceId: b.InstanceId, Epoch: b.Epoch, Phase: boot.PhaseReleased, Cause: boot.CauseFailed,
			ReasonCode: "Server.InternalError", ReasonMessage: fmt.Sprintf("Server.InternalError: the host could not take the launch on: %v", why),
		}
		a.refusals.seen[b.InstanceId] = s
		a.refusals.mu.Unlock()
		a.reports.boot(s)
	}
}

// of returns the report of a boot that was refused, or nil.
func (r *refusals) of(b *agentpb.Boot) *agentpb.BootStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.seen[b.GetInstanceId()]; s != nil && s.Epoch == b.GetEpoch() {
		return s
	}
	return nil
}
