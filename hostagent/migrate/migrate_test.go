package migrate

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	hostA = "host-aaaaaaaaaaaaaaaaa"
	hostB = "host-bbbbbbbbbbbbbbbbb"
	guest = "i-0123456789abcdef0"
)

// carrier is a hypervisor whose guests are some bytes, which go by the route as QEMU's do.
type carrier struct {
	*sim.Hypervisor
	memory   []byte
	received chan []byte
	stall    chan struct{} // not nil: the sender waits for it in the middle
}

// Send implements hypervisor.Migrator.
func (c *carrier) Send(ctx context.Context, instance string, epoch int64, route hypervisor.Route, to hypervisor.Receiver) (hypervisor.Sent, error) {
	return c.Hypervisor.Send(ctx, instance, epoch, route, copying{c, route, to})
}

type copying struct {
	c     *carrier
	route hypervisor.Route
	hypervisor.Receiver
}

// Prepare passes the offer on, and then sends the bytes.
func (s copying) Prepare(ctx context.Context, o hypervisor.Offer) (hypervisor.Answer, error) {
	a, err := s.Receiver.Prepare(ctx, o)
	if err != nil {
		return a, err
	}
	for _, path := range []string{s.route.Memory, s.route.Disks} {
		conn, err := net.Dial("unix", path)
		if err != nil {
			return a, err
		}
		defer conn.Close()
		if s.c.stall != nil {
			select {
			case <-s.c.stall:
			case <-ctx.Done():
				return a, context.Cause(ctx)
			}
		}
		if _, err := conn.Write(s.c.memory); err != nil {
			return a, err
		}
		if err := conn.(*net.UnixConn).CloseWrite(); err != nil {
			return a, err
		}
		if _, err := io.ReadAll(conn); err != nil { // until the other end has it all
			return a, err
		}
	}
	return a, nil
}

// Receive implements hypervisor.Migrator.
func (c *carrier) Receive(ctx context.Context, spec hypervisor.Spec, route hypervisor.Route, o hypervisor.Offer) (hypervisor.Arriving, error) {
	for _, path := range []string{route.Memory, route.Disks} {
		l, err := net.Listen("unix", path)
		if err != nil {
			return nil, err
		}
		go func() {
			defer l.Close()
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(conn)
			conn.Close()
			c.received <- b
		}()
	}
	return c.Hypervisor.Receive(ctx, spec, route, o)
}

// pair is two hosts' movers over TLS on loopback, and a guest that runs on the first.
type pair struct {
	a, b   *Mover
	ha, hb *carrier
	ca     *pki.Authority
	boot   *agentpb.Boot
}

func member(t *testing.T, ca *pki.Authority, role pki.Role, id string) *pki.Member {
	t.Helper()
	m, err := pki.Join(t.TempDir(), func(csr []byte) (leaf, root []byte, err error) {
		leaf, err = ca.Sign(csr, pki.Identity{Role: role, ID: id}, time.Hour)
		block, _ := pem.Decode(ca.PEM())
		return leaf, block.Bytes, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newPair(t *testing.T) *pair {
	t.Helper()
	ca, err := pki.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	p := &pair{ca: ca, ha: carry(t), hb: carry(t)}
	log := slog.New(slog.DiscardHandler)
	p.a = &Mover{Hypervisor: p.ha, Peers: &TLS{Member: member(t, ca, pki.RoleHost, hostA)}, Dir: filepath.Join(t.TempDir(), "a"), Log: log}
	p.b = &Mover{Hypervisor: p.hb, Peers: &TLS{Member: member(t, ca, pki.RoleHost, hostB), Listen: address}, Dir: filepath.Join(t.TempDir(), "b"), Log: log}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.b.Serve(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	testkit.Wait(t, 10*time.Second, "the port", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	spec := hypervisor.Spec{Instance: guest, Epoch: 1, Disks: []hypervisor.Disk{{}}}
	if err := errors.Join(p.ha.Start(t.Context(), spec), p.ha.Signal(t.Context(), guest, 1, hypervisor.Resume)); err != nil {
		t.Fatal(err)
	}
	p.boot = &agentpb.Boot{InstanceId: guest, Epoch: 1, To: &agentpb.To{Epoch: 2, Host: hostB, Address: address}}
	return p
}

func carry(t *testing.T) *carrier {
	h, err := sim.New(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &carrier{Hypervisor: h, memory: bytes.Repeat([]byte("memory"), 1<<18), received: make(chan []byte, 2)}
}

// expect has b take the guest.
func (p *pair) expect(from string) {
	p.b.Expect(hypervisor.Spec{Instance: guest, Epoch: 2, Disks: []hypervisor.Disk{{}}}, &agentpb.From{Host: from, Epoch: 1})
}

func state(t *testing.T, h *carrier) string {
	t.Helper()
	all, err := h.Observe(t.Context(), guest)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return "none"
	}
	return all[0].State.String()
}

// TestGo: all of the guest arrives, paused on both hosts, and the source's ends when that
// is told to let go.
func TestGo(t *testing.T) {
	p := newPair(t)
	p.expect(hostA)
	s, err := p.a.Go(t.Context(), p.boot)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := <-p.hb.received; !bytes.Equal(got, p.ha.memory) {
			t.Errorf("%d bytes came of %d", len(got), len(p.ha.memory))
		}
	}
	if a, b := state(t, p.ha), state(t, p.hb); a != "paused" || b != "paused" {
		t.Errorf("at the source it is %s, at the destination %s", a, b)
	}
	if err := s.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, b := state(t, p.ha), state(t, p.hb); a != "ended" || b != "paused" {
		t.Errorf("after it: at the source it is %s, at the destination %s", a, b)
	}
	if files, _ := filepath.Glob(filepath.Join(p.a.Dir, "*")); len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

// TestWhoMayBring: a destination takes what it expects, from whom it expects it, once; and
// a source gives its guest to nobody else.
func TestWhoMayBring(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*pair)
		about  string
	}{
		"nothing is expected":               {func(*pair) {}, ""},
		"it is expected from somebody else": {func(p *pair) { p.expect(hostB) }, ""},
		"another epoch is expected":         {func(p *pair) { p.expect(hostA); p.boot.To.Epoch = 3 }, ""},
		"another host is there":             {func(p *pair) { p.expect(hostA); p.boot.To.Host = "host-ccccccccccccccccc" }, "it is host " + hostB + " there"},
		"a server brings it": {func(p *pair) {
			p.expect(hostA)
			p.a.Peers = &TLS{Member: member(t, p.ca, pki.RoleServer, "server-aaaaaaaaaaaaaaaaa")}
		}, ""},
		"another cluster's host brings it": {func(p *pair) {
			p.expect(hostA)
			other, err := pki.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			p.a.Peers = &TLS{Member: member(t, other, pki.RoleHost, hostA)}
		}, "not a certificate of this cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			c.change(p)
			if _, err := p.a.Go(t.Context(), p.boot); err == nil || !strings.Contains(err.Error(), c.about) {
				t.Errorf("%v", err)
			}
			if a, b := state(t, p.ha), state(t, p.hb); a != "running" || b != "none" {
				t.Errorf("at the source it is %s, at the destination %s", a, b)
			}
		})
	}
	p := newPair(t)
	bare, err := tls.Dial("tcp", p.boot.To.Address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{proto}})
	if err == nil { // TLS 1.3: the refusal comes with the first answer
		_, err = io.ReadFull(bare, make([]byte, 1))
	}
	if err == nil {
		t.Error("a caller without a certificate was let in")
	}
	p.expect(hostA)
	if _, err := p.a.Go(t.Context(), p.boot); err != nil {
		t.Fatal(err)
	}
	if _, err := p.a.Go(t.Context(), p.boot); err == nil {
		t.Error("one boot was taken twice")
	}
}

// TestGivenUp: a source that gives up in the middle keeps its guest, and the destination
// has nothing of it. So it is when the connection ends.
func TestGivenUp(t *testing.T) {
	p := newPair(t)
	p.expect(hostA)
	p.ha.stall = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { _, err := p.a.Go(ctx, p.boot); failed <- err }()
	testkit.Wait(t, 20*time.Second, "the guest to be on its way", func() bool { return state(t, p.hb) == "paused" })
	cancel()
	if err := <-failed; err == nil {
		t.Fatal("it went on")
	}
	testkit.Wait(t, 20*time.Second, "the destination to let go", func() bool { return state(t, p.hb) == "none" })
	if s := state(t, p.ha); s != "running" {
		t.Errorf("at the source it is %s", s)
	}
}
