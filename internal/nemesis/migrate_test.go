package nemesis

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// peers are the other hosts, as one host's agent reaches them. The first line of a
// connection is who calls: TLS proves that where it is real.
type peers struct{ h *host }

func (h *host) migration() string { return h.name + ":guests" }

// Serve implements migrate.Peers.
func (p peers) Serve(ctx context.Context, accept func(string, net.Conn)) error {
	l, err := p.h.c.net.Listen(p.h.migration())
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			var who [32]byte
			if _, err := io.ReadFull(c, who[:]); err != nil {
				c.Close()
				return
			}
			accept(string(bytes.TrimRight(who[:], "\x00")), c)
		}()
	}
}

// Dial implements migrate.Peers.
func (p peers) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	c, err := p.h.c.net.Dial(ctx, p.h.name, address)
	if err != nil {
		return nil, err
	}
	var who [32]byte
	copy(who[:], p.h.id)
	_, err = c.Write(who[:])
	return c, err
}

// Send implements hypervisor.Migrator.
func (m *machine) Send(ctx context.Context, instance string, epoch int64, route hypervisor.Route, to hypervisor.Receiver) (hypervisor.Sent, error) {
	if m.away.Load() {
		return nil, hypervisor.ErrUnavailable
	}
	return m.Hypervisor.Send(ctx, instance, epoch, route, slowly{m, to})
}

// slowly takes the time in which things go wrong: two seconds of copying, and one in which
// the guest is paused on both hosts.
type slowly struct {
	m  *machine
	to hypervisor.Receiver
}

// Prepare implements hypervisor.Receiver.
func (s slowly) Prepare(ctx context.Context, o hypervisor.Offer) (hypervisor.Answer, error) {
	a, err := s.to.Prepare(ctx, o)
	if err == nil {
		err = pause(ctx, 2*time.Second)
	}
	return a, err
}

// Finish implements hypervisor.Receiver.
func (s slowly) Finish(ctx context.Context, cookie []byte, cancelled bool) error {
	if err := pause(ctx, 500*time.Millisecond); err != nil && !cancelled {
		return err
	}
	err := s.to.Finish(ctx, cookie, cancelled)
	if err == nil && !cancelled {
		err = pause(ctx, 500*time.Millisecond)
	}
	return err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive implements hypervisor.Migrator, and tells the witness.
func (m *machine) Receive(ctx context.Context, spec hypervisor.Spec, route hypervisor.Route, offer hypervisor.Offer) (hypervisor.Arriving, error) {
	if m.away.Load() {
		return nil, hypervisor.ErrUnavailable
	}
	a, err := m.Hypervisor.Receive(ctx, spec, route, offer)
	if err == nil {
		m.h.c.witness.arrives(m.h, spec)
	}
	return a, err
}

// arrives is told of each guest that begins to come from another host. It is paused, so
// that it may be there beside the one that runs.
func (w *witness) arrives(h *host, spec hypervisor.Spec) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := model.BootID(spec.Instance, spec.Epoch)
	if before := w.ran[id]; before != nil {
		w.c.fail("boot %s comes to %s, and had run before on %s", id, h.name, before.name)
	}
}

// alone checks that nobody else runs a guest of an instance that is let run.
func (w *witness) alone(h *host, instance string, epoch int64) {
	for _, o := range w.c.hosts {
		for _, g := range o.guests() {
			if o != h && g.Instance == instance && g.State == hypervisor.Running {
				w.c.fail("boot %s/%d runs on %s while %s runs boot %d", instance, epoch, h.name, o.name, g.Epoch)
			}
		}
	}
}

// migrate is a command: migrate web [to=h2] [fails]. It asks for each of a run's guests
// to be moved.
func (s *script) migrate(a words) error {
	to := a.text("to", "")
	if to != "" {
		to = s.host(to).id
	}
	for _, id := range s.w.of(a.word(0)).ids {
		var why error
		ok := s.c.until(20*time.Second, "a migration to begin", func() bool { why = s.c.migrate(id, to); return why == nil })
		if !ok {
			return fmt.Errorf("%s does not move: %w", id, why)
		}
	}
	return a.err
}

// migrate begins to move an instance.
func (c *cluster) migrate(id, to string) error {
	l := c.leading()
	if l == nil || l.node() == nil {
		return fmt.Errorf("nobody leads")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return l.node().Update(ctx, store.Meta{Action: "MigrateInstance", Actor: "nemesis"}, func(tx *store.Tx) error {
		_, err := lifecycle.Migrate(tx, id, to, "nemesis", schedule.Policy{})
		return err
	})
}

// migrate is a fault: any guest is to be anywhere else.
func (n *nemesis) migrate() {
	if m, i := n.guest(); m != nil {
		go func() { _ = n.c.migrate(i, "") }()
	}
}

// drain is a command: drain h1.
func (s *script) drain(a words) error {
	h := s.host(a.word(0))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.c.leader().node().Update(ctx, store.Meta{Action: "DrainHost", Actor: "nemesis"}, func(tx *store.Tx) error {
		_, err := lifecycle.Evacuate(tx, h.id, schedule.Policy{})
		return err
	})
}
