package agent

import (
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/guardian"
	"github.com/micacloud/mica/proto/agentpb"
)

// guarding is boot.Guardian over the folder that the guardian looks at.
type guarding struct {
	guardian.Folder
	domain func(instance string) string
}

// Mark implements boot.Guardian.
func (g guarding) Mark(instance string, epoch int64) error {
	return g.Folder.Mark(guardian.Mark{Instance: instance, Epoch: epoch, Domain: g.domain(instance)})
}

// Ended implements boot.Guardian.
func (g guarding) Ended(instance string, epoch int64) bool {
	e, err := g.EndedGuest(instance)
	return err == nil && e.Epoch == epoch
}

// lease has the times of heartbeats that ask for the host's lease.
type lease struct {
	mu   sync.Mutex
	last uint64
	sent map[uint64]time.Duration // by number, of guardian.Now's clock
}

// mostUnanswered bounds what is kept of heartbeats that nobody answers.
const mostUnanswered = 64

// heartbeat makes the next heartbeat. It asks for a lease if this host has a guardian.
func (a *Agent) heartbeat() *agentpb.Heartbeat {
	if a.cfg.Guardian == "" || a.cfg.Storage == "" {
		return &agentpb.Heartbeat{}
	}
	l := &a.lease
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent == nil || len(l.sent) > mostUnanswered {
		l.sent = map[uint64]time.Duration{}
	}
	l.last++
	l.sent[l.last] = guardian.Now() // before it is sent: the lease counts from here
	return &agentpb.Heartbeat{Number: l.last}
}

// leased extends the lease by the answer to a heartbeat.
func (a *Agent) leased(in *agentpb.Lease) {
	a.lease.mu.Lock()
	sent, ok := a.lease.sent[in.Number]
	delete(a.lease.sent, in.Number)
	a.lease.mu.Unlock()
	if !ok {
		return // of a session before
	}
	until := sent + time.Duration(in.TtlMs)*time.Millisecond
	if until <= a.cfg.Guardian.Until() {
		return
	}
	if err := a.cfg.Guardian.Extend(until); err != nil {
		a.cfg.Log.Error("cannot extend the lease", "host_id", a.cfg.HostID, "err", err)
	}
}
