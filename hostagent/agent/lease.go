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
	// answered is called when an answer comes; nil: nobody waits for one.
	answered func()
}

// heartbeat makes the next heartbeat. It asks for a lease if this host has a guardian.
func (a *Agent) heartbeat() *agentpb.Heartbeat {
	if a.cfg.Guardian == "" || a.cfg.Storage == "" {
		return &agentpb.Heartbeat{}
	}
	l := &a.lease
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	l.sent[l.last] = guardian.Now() // before it is sent: the lease counts from here
	return &agentpb.Heartbeat{Number: l.last}
}

// reset forgets the heartbeats of the session before.
func (l *lease) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = map[uint64]time.Duration{}
}

// silence is how long the oldest heartbeat without an answer has waited for it; zero if
// there is none.
func (l *lease) silence() (longest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := guardian.Now()
	for _, sent := range l.sent {
		longest = max(longest, now-sent)
	}
	return longest
}

// whenAnswered calls fn once the next answer comes.
func (l *lease) whenAnswered(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered = fn
}

// leased extends the lease by the answer to a heartbeat.
func (a *Agent) leased(in *agentpb.Lease) {
	a.lease.mu.Lock()
	sent, ok := a.lease.sent[in.Number]
	for n := range a.lease.sent {
		if n <= in.Number { // only the newest is answered
			delete(a.lease.sent, n)
		}
	}
	answered := a.lease.answered
	a.lease.answered = nil
	a.lease.mu.Unlock()
	if answered != nil {
		answered()
	}
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
