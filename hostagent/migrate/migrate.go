// Package migrate carries running guests from host to host: the two agents speak to each
// other over one TLS connection a stream, each drives its own hypervisor, and what QEMU
// sends goes through unix sockets at either end.
//
// It decides nothing. That a guest is to move, and whose it is, is in the assignments;
// what came of an attempt is for package boot to write down. The streams of an attempt
// live and die with the agents: one that ends fails the attempt, and the guest runs on
// where it was.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/proto/agentpb"
)

// Peers reach the agents of other hosts.
type Peers interface {
	// Serve hands over connections until ctx ends, each with the host that is proven to
	// have made it.
	Serve(ctx context.Context, accept func(host string, c net.Conn)) error
	// Dial connects to a host at an address, and to no other.
	Dial(ctx context.Context, host, address string) (net.Conn, error)
}

// Flows carry what connection tracking knows of a guest's connections.
type Flows interface {
	// Dump returns those of a boot's interfaces.
	Dump(ctx context.Context, b *agentpb.Boot) ([]byte, error)
	// Restore makes this host know them, and its neighbours that the boot's addresses are
	// here. Without flows it does the latter alone.
	Restore(ctx context.Context, b *agentpb.Boot, flows []byte) error
}

// Mover is boot.Mover over TLS. The exported fields are set before the first call.
type Mover struct {
	Hypervisor hypervisor.Migrator
	Peers      Peers
	Flows      Flows  // nil: connections are not tracked here
	Dir        string // of sockets; it becomes QEMU's. Empty: the hypervisor needs none
	// Keep is a folder for the connections of guests that have arrived, in case this process
	// ends before they are entered; empty: they are lost then.
	Keep string
	Log  *slog.Logger

	mu       sync.Mutex
	expected map[string]*expected // by instance
}

var _ boot.Mover = (*Mover)(nil)

// expected is a guest that this host is ready for, or has.
type expected struct {
	spec  hypervisor.Spec
	from  *agentpb.From
	taken bool // somebody has begun to send it
	flows []byte
}

// How long the steps that a guest may be paused for may take, and how long a connection
// may be silent before the other host is taken for gone.
const (
	prepareLimit = 3 * time.Minute // libvirt may first have to ask QEMU what it can do
	finishLimit  = 30 * time.Second
)

// Expect implements boot.Mover.
func (m *Mover) Expect(spec hypervisor.Spec, from *agentpb.From) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.expected == nil {
		m.expected = map[string]*expected{}
	}
	if e := m.expected[spec.Instance]; e == nil || e.spec.Epoch != spec.Epoch {
		m.expected[spec.Instance] = &expected{spec: spec, from: from}
	}
}

// Expects implements boot.Mover.
func (m *Mover) Expects(instance string, epoch int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.expected[instance]
	return e != nil && e.spec.Epoch == epoch
}

// Forget implements boot.Mover.
func (m *Mover) Forget(instance string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.expected, instance)
	if m.Keep != "" {
		_ = os.Remove(m.kept(instance)) // what is left is replaced by the next
	}
}

func (m *Mover) kept(instance string) string { return filepath.Join(m.Keep, instance+".flows") }

// keep remembers a guest's connections. They need not survive this host, only this process.
func (m *Mover) keep(e *expected, flows []byte) {
	m.mu.Lock()
	e.flows = flows
	m.mu.Unlock()
	if m.Keep == "" {
		return
	}
	err := os.MkdirAll(m.Keep, 0o700)
	if err == nil {
		err = os.WriteFile(m.kept(e.spec.Instance), flows, 0o600)
	}
	if err != nil {
		m.Log.Warn("cannot keep the connections of a guest that arrives", "instance_id", e.spec.Instance, "err", err)
	}
}

// Settle implements boot.Mover.
func (m *Mover) Settle(ctx context.Context, b *agentpb.Boot) error {
	m.mu.Lock()
	var flows []byte
	if e := m.expected[b.InstanceId]; e != nil && e.spec.Epoch == b.Epoch {
		flows = e.flows
	}
	m.mu.Unlock()
	if m.Flows == nil {
		return nil
	}
	if len(flows) == 0 && m.Keep != "" {
		flows, _ = os.ReadFile(m.kept(b.InstanceId)) // it was another process that took the guest
	}
	return m.Flows.Restore(ctx, b, flows)
}

// route returns the sockets of an attempt, with their folder made.
func (m *Mover) route(instance string, epoch int64, shared bool) (hypervisor.Route, error) {
	if m.Dir == "" {
		return hypervisor.Route{}, nil
	}
	if err := os.MkdirAll(m.Dir, 0o700); err != nil {
		return hypervisor.Route{}, err
	}
	base := filepath.Join(m.Dir, fmt.Sprintf("%s-%d", instance, epoch))
	r := hypervisor.Route{Memory: base + ".memory"}
	if !shared {
		r.Disks = base + ".disks"
	}
	return r, nil
}

// Go implements boot.Mover.
func (m *Mover) Go(ctx context.Context, b *agentpb.Boot) (hypervisor.Sent, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	to := b.To
	route, err := m.route(b.InstanceId, to.Epoch, to.Shared)
	if err != nil {
		return nil, err
	}
	if err := sweep(route); err != nil { // an agent that died leaves them
		return nil, err
	}
	defer func() { _ = sweep(route) }()
	c, err := m.open(ctx, b, streamControl)
	if err != nil {
		return nil, err
	}
	other := newCaller(c, cancel)
	defer other.close()
	for name, path := range streams(route) {
		stop, err := m.forward(ctx, b, name, path, cancel)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	s, err := m.Hypervisor.Send(ctx, b.InstanceId, b.Epoch, route, receiver{m, b, other})
	if err != nil && ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	return s, err
}

// open connects a stream to the host that a boot goes to.
func (m *Mover) open(ctx context.Context, b *agentpb.Boot, stream string) (net.Conn, error) {
	dial, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	c, err := m.Peers.Dial(dial, b.To.Host, b.To.Address)
	if err != nil {
		return nil, fmt.Errorf("reach host %s at %s: %w", b.To.Host, b.To.Address, err)
	}
	if err := writeFrame(c, hello{Instance: b.InstanceId, Epoch: b.To.Epoch, Stream: stream}); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// receiver is the other host, for the hypervisor.
type receiver struct {
	m     *Mover
	b     *agentpb.Boot
	other *caller
}

// Prepare implements hypervisor.Receiver.
func (r receiver) Prepare(ctx context.Context, o hypervisor.Offer) (hypervisor.Answer, error) {
	failpoint.Hit("move.before.prepare")
	out, err := r.other.call(ctx, prepareLimit, request{Offer: &o})
	failpoint.Hit("move.after.prepare")
	if err != nil {
		return hypervisor.Answer{}, err
	}
	return out.Answer, nil
}

// Finish implements hypervisor.Receiver. The guest is paused by now: its connections are
// what they will be when it runs again.
func (r receiver) Finish(ctx context.Context, cookie []byte, cancelled bool) error {
	in := request{Finish: true, Cookie: cookie, Cancelled: cancelled}
	if !cancelled && r.m.Flows != nil {
		var err error
		if in.Flows, err = r.m.Flows.Dump(ctx, r.b); err != nil {
			r.m.Log.Warn("a guest moves without its connections", "instance_id", r.b.InstanceId, "err", err)
		}
	}
	failpoint.Hit("move.before.finish")
	_, err := r.other.call(ctx, finishLimit, in)
	failpoint.Hit("move.after.finish")
	return err
}

// Serve takes guests that are expected until ctx ends.
func (m *Mover) Serve(ctx context.Context) error {
	return m.Peers.Serve(ctx, func(host string, c net.Conn) {
		defer c.Close()
		stop := context.AfterFunc(ctx, func() { c.Close() })
		defer stop()
		if err := m.accept(ctx, host, c); err != nil && ctx.Err() == nil {
			m.Log.Warn("a stream of a migration ended", "host_id", host, "err", err)
		}
	})
}

// accept serves one stream.
func (m *Mover) accept(ctx context.Context, host string, c net.Conn) error {
	var h hello
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if err := readFrame(c, &h); err != nil {
		return err
	}
	_ = c.SetReadDeadline(time.Time{})
	m.mu.Lock()
	e := m.expected[h.Instance]
	ok := e != nil && e.spec.Epoch == h.Epoch && e.from.Host == host && (h.Stream != streamControl || !e.taken)
	if ok && h.Stream == streamControl {
		e.taken = true // whoever fails starts over with another epoch
	}
	m.mu.Unlock()
	if !ok {
		return fmt.Errorf("boot %d of %s is not expected from host %s", h.Epoch, h.Instance, host)
	}
	route, err := m.route(h.Instance, h.Epoch, e.from.Shared)
	if h.Stream == streamControl {
		if err = errors.Join(err, sweep(route)); err != nil {
			return err
		}
		return m.control(ctx, c, e, route)
	}
	path := streams(route)[h.Stream]
	if path == "" {
		return fmt.Errorf("no such stream: %q", h.Stream)
	}
	var d net.Dialer
	local, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return err
	}
	defer local.Close()
	join(c, local)
	return nil
}

// control does what the sender asks for. When it is gone, so is a guest that has not
// wholly arrived.
func (m *Mover) control(ctx context.Context, c net.Conn, e *expected, route hypervisor.Route) error {
	var guest hypervisor.Arriving
	defer func() {
		if guest != nil {
			guest.Close()
		}
		_ = sweep(route)
	}()
	for {
		var in request
		if err := readFrame(c, &in); err != nil {
			if errors.Is(err, io.EOF) {
				return nil // it is done, one way or the other
			}
			return err
		}
		var out response
		switch {
		case in.Offer != nil && guest == nil:
			failpoint.Hit("receive.before.prepare")
			arriving, err := m.Hypervisor.Receive(ctx, e.spec, route, *in.Offer)
			failpoint.Hit("receive.after.prepare")
			if err == nil {
				guest, out.Answer = arriving, arriving.Answer()
			} else {
				out.Error = err.Error()
			}
		case in.Finish && guest != nil:
			m.keep(e, in.Flows)
			failpoint.Hit("receive.before.finish")
			if err := guest.Finish(ctx, in.Cookie, in.Cancelled); err != nil {
				out.Error = err.Error()
			}
			failpoint.Hit("receive.after.finish")
		default:
			out.Error = "not now"
		}
		if err := writeFrame(c, out); err != nil {
			return err
		}
	}
}
