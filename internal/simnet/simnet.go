// Package simnet is a network in memory, for whole clusters in a synctest bubble. It
// behaves as TCP over links that fail: what is sent over a link that is cut waits, as
// TCP sends it again until it arrives, or until somebody loses patience; a process that
// dies resets its connections; a machine that dies says nothing at all.
//
// An address is a node and a port: "s1:raft". Links have a direction.
package simnet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Network connects nodes. Make it with New.
type Network struct {
	mu        sync.Mutex
	rng       *rand.Rand
	cut       map[link]bool
	silent    map[string]bool // machines that are off
	listeners map[string]*listener
	ends      map[*end]struct{}
	changed   chan struct{} // closed when links change
}

type link struct{ from, to string }

// New returns a network without a fault, whose latencies follow from seed.
func New(seed uint64) *Network {
	return &Network{
		rng: rand.New(rand.NewPCG(seed, 0x6e6574)), cut: map[link]bool{}, silent: map[string]bool{},
		listeners: map[string]*listener{}, ends: map[*end]struct{}{}, changed: make(chan struct{}),
	}
}

type addr string

// Network implements net.Addr.
func (addr) Network() string { return "sim" }

// String implements net.Addr.
func (a addr) String() string { return string(a) }

func (a addr) node() string {
	node, _, _ := strings.Cut(string(a), ":")
	return node
}

// Cut loses what one node sends to another.
func (n *Network) Cut(from, to string) { n.set(func() { n.cut[link{from, to}] = true }) }

// Restore ends a Cut.
func (n *Network) Restore(from, to string) { n.set(func() { delete(n.cut, link{from, to}) }) }

// Heal ends all Cuts.
func (n *Network) Heal() { n.set(func() { clear(n.cut) }) }

// set changes links, and wakes who waits for them.
func (n *Network) set(change func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change()
	close(n.changed)
	n.changed = make(chan struct{})
	for e := range n.ends {
		e.cond.Broadcast()
	}
}

// open reports whether packets pass; the caller holds mu.
func (n *Network) open(from, to string) bool {
	return !n.cut[link{from, to}] && !n.silent[from] && !n.silent[to]
}

// latency is one packet's; the caller holds mu.
func (n *Network) latency() time.Duration {
	return time.Duration(100+n.rng.IntN(900)) * time.Microsecond
}

// Reset breaks the connections between two nodes, at both ends.
func (n *Network) Reset(a, b string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for e := range n.ends {
		if x, y := e.local.node(), e.remote.node(); x == a && y == b || x == b && y == a {
			e.fail()
		}
	}
}

// Kill is the end of a node's process: nobody listens there, and its peers are told so.
func (n *Network) Kill(node string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.unlisten(node)
	for e := range n.ends {
		if e.local.node() == node {
			e.fail()
			e.peer.receive(segment{reset: true})
		}
	}
}

// PowerOff is the end of a node's machine: its peers are not told, and hear nothing until
// PowerOn.
func (n *Network) PowerOff(node string) {
	n.mu.Lock()
	n.unlisten(node)
	for e := range n.ends {
		if e.local.node() == node {
			e.fail()
		}
	}
	n.mu.Unlock()
	n.set(func() { n.silent[node] = true })
}

// PowerOn ends a PowerOff. Connections of before are reset when their peers use them.
func (n *Network) PowerOn(node string) {
	n.set(func() {
		delete(n.silent, node)
		for e := range n.ends {
			if e.remote.node() == node && e.peer.broken {
				e.receive(segment{reset: true})
			}
		}
	})
}

// Close ends all connections.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for e := range n.ends {
		e.fail()
	}
}

func (n *Network) unlisten(node string) {
	for a, l := range n.listeners {
		if addr(a).node() == node {
			l.close()
		}
	}
}

// listener is one port of a node.
type listener struct {
	n       *Network
	at      addr
	waiting []*end
	closed  bool
	cond    *sync.Cond
}

// Listen opens a port.
func (n *Network) Listen(at string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[at] != nil {
		return nil, fmt.Errorf("listen %s: %w", at, syscall.EADDRINUSE)
	}
	l := &listener{n: n, at: addr(at), cond: sync.NewCond(&n.mu)}
	n.listeners[at] = l
	return l, nil
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	for len(l.waiting) == 0 {
		if l.closed {
			return nil, fmt.Errorf("accept %s: %w", l.at, net.ErrClosed)
		}
		l.cond.Wait()
	}
	e := l.waiting[0]
	l.waiting = l.waiting[1:]
	return e, nil
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.n.mu.Lock()
	defer l.n.mu.Unlock()
	l.close()
	return nil
}

func (l *listener) close() {
	if l.closed {
		return
	}
	l.closed = true
	delete(l.n.listeners, string(l.at))
	for _, e := range l.waiting {
		e.fail()
		e.peer.receive(segment{reset: true})
	}
	l.waiting = nil
	l.cond.Broadcast()
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return l.at }

// Dial connects a node to a port of another. Over a link that is cut it waits, as TCP
// does, until ctx ends.
func (n *Network) Dial(ctx context.Context, from, to string) (net.Conn, error) {
	local, remote := addr(from+":"), addr(to)
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "sim", Source: local, Addr: remote, Err: err}
	}
	for {
		n.mu.Lock()
		changed, wait := n.changed, n.latency()+n.latency()
		passes := n.open(local.node(), remote.node()) && n.open(remote.node(), local.node())
		n.mu.Unlock()
		if passes {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return fail(ctx.Err())
			}
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fail(ctx.Err())
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.listeners[to]
	if l == nil {
		return fail(syscall.ECONNREFUSED)
	}
	here := &end{n: n, local: local, remote: remote, cond: sync.NewCond(&n.mu)}
	there := &end{n: n, local: remote, remote: local, cond: sync.NewCond(&n.mu), peer: here}
	here.peer = there
	n.ends[here], n.ends[there] = struct{}{}, struct{}{}
	l.waiting = append(l.waiting, there)
	l.cond.Signal()
	return here, nil
}
