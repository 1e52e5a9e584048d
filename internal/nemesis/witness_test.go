package nemesis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// witness sees every guest of every host, and knows nothing of the control plane.
type witness struct {
	c   *cluster
	mu  sync.Mutex
	ran map[string]*host // boots whose guest was let run, by instance and epoch
}

// started is told of each guest that was not there before.
func (w *witness) started(h *host, spec hypervisor.Spec) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := model.BootID(spec.Instance, spec.Epoch)
	if before := w.ran[id]; before != nil {
		w.c.fail("boot %s was started on %s, and had run before on %s", id, h.name, before.name)
	}
	var memory int64
	for _, o := range w.c.hosts {
		for _, g := range o.guests() {
			if o != h && g.Instance == spec.Instance && w.ran[model.BootID(g.Instance, g.Epoch)] != nil {
				w.c.fail("boot %s was started on %s while %s has boot %d of it", id, h.name, o.name, g.Epoch)
			}
			if o == h {
				memory += h.memoryOf(g)
			}
		}
	}
	if memory > h.memory {
		w.c.fail("the guests of %s take %d of its %d MiB", h.name, memory, h.memory)
	}
}

// resumed is told of each guest that may run from now on.
func (w *witness) resumed(h *host, instance string, epoch int64) {
	w.mu.Lock()
	w.ran[model.BootID(instance, epoch)] = h
	w.mu.Unlock()
	w.alone(h, instance, epoch)
	w.addresses()
}

// addresses checks that no two guests have one address.
func (w *witness) addresses() {
	holder := map[string]string{}
	for _, h := range w.c.hosts {
		for _, g := range h.guests() {
			for _, n := range h.boot(g.Instance, g.Epoch).GetInterfaces() {
				for _, a := range []string{n.VpcId + " " + n.PrivateIp, "public " + n.PublicIp, n.VpcId + " " + n.Mac} {
					if other := holder[a]; other != "" && other != g.Instance && a != "public " {
						w.c.fail("%s and %s (on %s) both have %s", other, g.Instance, h.name, a)
					}
					holder[a] = g.Instance
				}
			}
		}
	}
}

// states checks every version of the state on every server.
type states struct {
	c      *cluster
	mu     sync.Mutex
	newest int64
	at     time.Time
	phases map[string]model.Phase // the furthest that boots were, as of newest
	hashes map[int64][32]byte     // of some versions, by their number
	seen   int
}

// follow checks a server's state whenever it changes.
func (c *cluster) follow(ctx context.Context, name string, node *consensus.Node) {
	for {
		changed := node.Changed()
		c.states.check(name, node.Stale())
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// check holds one version against what must always be so.
func (s *states) check(server string, v store.View) {
	bad := func(format string, args ...any) {
		s.c.fail("%s at version %d: %s", server, v.Version().Rev, fmt.Sprintf(format, args...))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	if v.Version().Rev%16 == 0 {
		s.same(server, v)
	}
	if v.Version().Rev <= s.newest {
		return // the same bytes were checked on another server
	}
	if v.Time().Before(s.at) {
		bad("its time %v is before %v", v.Time(), s.at)
	}
	s.newest, s.at = v.Version().Rev, v.Time()
	capacity(v, bad)
	tokens(v, bad)
	s.boots(v, bad)
	if v.Version().Rev%32 == 0 { // it is slow
		if err := v.CheckIndexes(); err != nil {
			bad("%v", err)
		}
	}
}

// same checks that all servers have the same bytes at one version.
func (s *states) same(server string, v store.View) {
	sum := sha256.Sum256(stateBytes(s.c, v))
	if have, ok := s.hashes[v.Version().Rev]; ok && have != sum {
		s.c.fail("%s has other bytes than another server at version %d", server, v.Version().Rev)
	}
	s.hashes[v.Version().Rev] = sum
}

func stateBytes(c *cluster, v store.View) []byte {
	var b bytes.Buffer
	if _, err := v.Snapshot().WriteTo(&b); err != nil {
		c.fail("write a snapshot: %v", err)
	}
	return b.Bytes()
}

// capacity: what boots hold is what is written down, and never more than there is.
func capacity(v store.View, bad func(string, ...any)) {
	held := map[string]model.HostUsage{}
	for b := range store.Boots.List(v) {
		if b.Phase < model.PhaseEnded {
			u := held[b.Host]
			u.ID, u.Boots, u.VCPUs, u.MemoryMiB = b.Host, u.Boots+1, u.VCPUs+b.VCPUs, u.MemoryMiB+b.MemoryMiB
			held[b.Host] = u
		}
	}
	for h := range store.Hosts.List(v) {
		u, written := held[h.ID], model.HostUsage{}
		if w := store.HostUsage.Get(v, h.ID); w != nil {
			// What boots hold; the room that is left is the scheduler's to test.
			written = model.HostUsage{ID: w.ID, Boots: w.Boots, VCPUs: w.VCPUs, MemoryMiB: w.MemoryMiB}
		}
		if u.ID = written.ID; u != written {
			bad("the boots of %s hold %+v, and %+v is written down", h.Name, u, written)
		}
		if u.MemoryMiB > h.MemoryMiB || u.VCPUs > h.VCPUs*schedule.DefaultVCPURatio {
			bad("%s gives out %d of %d MiB and %d vCPUs of %d processors", h.Name, u.MemoryMiB, h.MemoryMiB, u.VCPUs, h.VCPUs)
		}
	}
}

// tokens: all instances of a token are of one reservation.
func tokens(v store.View, bad func(string, ...any)) {
	of := map[string]string{}
	for i := range store.Instances.List(v) {
		if have, ok := of[i.ClientToken]; ok && i.ClientToken != "" && have != i.ReservationID {
			bad("token %s made %s and %s", i.ClientToken, have, i.ReservationID)
		}
		of[i.ClientToken] = i.ReservationID
	}
}

// boots: they only move forward, and an instance has one at a time.
func (s *states) boots(v store.View, bad func(string, ...any)) {
	alive := map[string]string{}
	for b := range store.Boots.List(v) {
		if b.Phase < s.phases[b.ID] {
			bad("boot %s went back from %v to %v", b.ID, s.phases[b.ID], b.Phase)
		}
		s.phases[b.ID] = b.Phase
		if b.Phase >= model.PhaseEnded || b.Coming() {
			continue
		}
		if other := alive[b.Instance]; other != "" {
			bad("boots %s and %s of one instance are both alive", other, b.ID)
		}
		alive[b.Instance] = b.ID
	}
}

// memoryOf is what a guest was given.
func (h *host) memoryOf(g hypervisor.Guest) int64 {
	return h.boot(g.Instance, g.Epoch).GetMemoryMib()
}
