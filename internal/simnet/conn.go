package simnet

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// window is how many bytes may be under way before a writer waits.
const window = 1 << 20

// segment is a part of what one end has sent to the other.
type segment struct {
	data  []byte
	due   time.Time
	fin   bool // nothing comes after it
	reset bool // the other end is gone
}

// end is one side of a connection. Its network's mutex guards it.
type end struct {
	n             *Network
	local, remote addr
	peer          *end
	cond          *sync.Cond // told when anything changes

	in     []segment // sent to this end and not read
	size   int       // bytes of in
	closed bool      // by its owner
	broken bool      // by a fault: reset
	read   deadline
	write  deadline
}

var _ net.Conn = (*end)(nil)

type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func (d *deadline) set(e *end, t time.Time) {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.at = t
	if !t.IsZero() {
		if left := time.Until(t); left > 0 {
			d.timer = e.wakeIn(left)
		}
	}
	e.cond.Broadcast()
}

func (e *end) wakeIn(d time.Duration) *time.Timer {
	return time.AfterFunc(d, func() {
		e.n.mu.Lock()
		defer e.n.mu.Unlock()
		e.cond.Broadcast()
	})
}

// state returns why neither reading nor writing is possible.
func (e *end) state() error {
	switch {
	case e.closed:
		return net.ErrClosed
	case e.broken:
		return syscall.ECONNRESET
	}
	return nil
}

func (e *end) err(op string, err error) error {
	return &net.OpError{Op: op, Net: "sim", Source: e.local, Addr: e.remote, Err: err}
}

// Read implements net.Conn.
func (e *end) Read(p []byte) (int, error) {
	e.n.mu.Lock()
	defer e.n.mu.Unlock()
	for {
		if err := e.state(); err != nil {
			return 0, e.err("read", err)
		}
		if e.read.passed() {
			return 0, e.err("read", os.ErrDeadlineExceeded)
		}
		if len(p) == 0 {
			return 0, nil
		}
		var wait *time.Timer
		if len(e.in) > 0 && e.n.open(e.remote.node(), e.local.node()) {
			if left := time.Until(e.in[0].due); left > 0 {
				wait = e.wakeIn(left)
			} else {
				return e.take(p)
			}
		}
		e.cond.Wait()
		if wait != nil {
			wait.Stop()
		}
	}
}

// take reads what has arrived.
func (e *end) take(p []byte) (int, error) {
	s := &e.in[0]
	switch {
	case s.reset:
		e.fail()
		return 0, e.err("read", syscall.ECONNRESET)
	case s.fin:
		return 0, io.EOF
	}
	got := copy(p, s.data)
	if s.data = s.data[got:]; len(s.data) == 0 {
		e.in = e.in[1:]
	}
	e.size -= got
	e.peer.cond.Broadcast()
	return got, nil
}

// Write implements net.Conn.
func (e *end) Write(p []byte) (int, error) {
	e.n.mu.Lock()
	defer e.n.mu.Unlock()
	for {
		if err := e.state(); err != nil {
			return 0, e.err("write", err)
		}
		if e.write.passed() {
			return 0, e.err("write", os.ErrDeadlineExceeded)
		}
		if e.peer.size < window {
			break
		}
		e.cond.Wait()
	}
	if len(p) == 0 {
		return 0, nil
	}
	if e.peer.closed || e.peer.broken {
		if !e.n.silent[e.remote.node()] {
			e.receive(segment{reset: true}) // nobody is there any more
		}
		return len(p), nil
	}
	e.peer.receive(segment{data: append([]byte(nil), p...)})
	return len(p), nil
}

// receive puts a segment on its way to this end.
func (e *end) receive(s segment) {
	s.due = time.Now().Add(e.n.latency())
	if len(e.in) > 0 {
		if last := e.in[len(e.in)-1].due; s.due.Before(last) {
			s.due = last
		}
	}
	if s.reset {
		e.in, e.size = nil, 0
	}
	e.in = append(e.in, s)
	e.size += len(s.data)
	e.cond.Broadcast()
}

// fail breaks this end.
func (e *end) fail() {
	e.broken, e.in, e.size = true, nil, 0
	e.forget()
}

func (e *end) forget() {
	delete(e.n.ends, e)
	e.read.stop()
	e.write.stop()
	e.cond.Broadcast()
	e.peer.cond.Broadcast()
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

// Close implements net.Conn. The other end reads what was sent, and then the end.
func (e *end) Close() error {
	e.n.mu.Lock()
	defer e.n.mu.Unlock()
	if e.closed {
		return e.err("close", net.ErrClosed)
	}
	e.closed = true
	if !e.broken && !e.peer.broken && !e.peer.closed {
		e.peer.receive(segment{fin: true})
	}
	e.in, e.size = nil, 0
	e.forget()
	return nil
}

// LocalAddr implements net.Conn.
func (e *end) LocalAddr() net.Addr { return e.local }

// RemoteAddr implements net.Conn.
func (e *end) RemoteAddr() net.Addr { return e.remote }

// SetDeadline implements net.Conn.
func (e *end) SetDeadline(t time.Time) error {
	_ = e.SetReadDeadline(t)
	return e.SetWriteDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (e *end) SetReadDeadline(t time.Time) error { return e.deadline(&e.read, t) }

// SetWriteDeadline implements net.Conn.
func (e *end) SetWriteDeadline(t time.Time) error { return e.deadline(&e.write, t) }

func (e *end) deadline(d *deadline, t time.Time) error {
	e.n.mu.Lock()
	defer e.n.mu.Unlock()
	if e.closed {
		return e.err("set", net.ErrClosed)
	}
	d.set(e, t)
	return nil
}
