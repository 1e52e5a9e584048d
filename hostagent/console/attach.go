package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"sync"
	"syscall"
	"time"
)

// ErrNotRunning: there is no guest behind the console.
var ErrNotRunning = errors.New("the guest is not running, so its console cannot be opened: its last output can still be read")

// ErrTooSlow ends a session whose reader did not keep up with the guest: the guest is
// not made to wait.
var ErrTooSlow = errors.New("the console's reader is too slow for what the guest says")

// backlog is how much output waits for a slow reader.
const backlog = 256 << 10

// lines are the open connections of this process, by socket. QEMU serves one client
// at a time and lets others wait unanswered, so all sessions of a guest share one.
var (
	linesMu sync.Mutex
	lines   = map[string]*line{}
)

// Attach opens a session on a guest's serial port: what the log has of it first, then
// what the guest says from now on. Any number of sessions see the same output, and
// what is typed in any of them reaches the guest. ctx bounds the opening alone.
func Attach(ctx context.Context, socket, log string) (*Session, error) {
	s := &Session{wake: make(chan struct{}, 1)}
	if !s.join(socket, nil) {
		conn, err := dial(ctx, socket)
		if err != nil {
			return nil, err
		}
		s.join(socket, conn)
	}
	// Listening before reading the log loses nothing; what is in both is said once.
	scroll, _, err := Tail(log)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	s.prepend(scroll)
	return s, nil
}

// join adds the session to the socket's line. Where there is none, it makes one of
// conn, or reports false if there is no conn either. A conn that is not needed, as
// another session was faster, is closed.
func (s *Session) join(socket string, conn net.Conn) bool {
	linesMu.Lock()
	defer linesMu.Unlock()
	l := lines[socket]
	switch {
	case l != nil && conn != nil:
		_ = conn.Close()
	case l == nil && conn == nil:
		return false
	case l == nil:
		l = &line{socket: socket, conn: conn, sessions: map[*Session]struct{}{}}
		lines[socket] = l
		go l.pump()
	}
	l.sessions[s] = struct{}{}
	s.line = l
	return true
}

func dial(ctx context.Context, socket string) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second}
	conn, err := d.DialContext(ctx, "unix", socket)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, fmt.Errorf("%w (%w)", ErrNotRunning, err)
	}
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	return conn, nil
}

// line is the one connection to a guest's serial port. Its sessions are guarded by
// linesMu.
type line struct {
	socket   string
	conn     net.Conn
	sessions map[*Session]struct{}
	write    sync.Mutex
}

// pump hands the guest's output to every session until the connection ends.
func (l *line) pump() {
	buf := make([]byte, 16<<10)
	for {
		n, err := l.conn.Read(buf)
		linesMu.Lock()
		for s := range l.sessions {
			s.add(buf[:n])
		}
		if err != nil {
			for s := range l.sessions {
				s.end(io.EOF)
			}
			l.drop()
			linesMu.Unlock()
			return
		}
		linesMu.Unlock()
	}
}

// drop ends the line; the caller holds linesMu.
func (l *line) drop() {
	_ = l.conn.Close()
	if lines[l.socket] == l {
		delete(lines, l.socket)
	}
	clear(l.sessions)
}

// Session is one view of a console. One goroutine may read while another writes.
type Session struct {
	line *line
	wake chan struct{}

	mu    sync.Mutex
	ready bool // the scrollback is in front
	out   []byte
	err   error
}

// Read returns scrollback, then output. It returns io.EOF once the guest has ended,
// ErrTooSlow when the session did not keep up, and net.ErrClosed after Close.
func (s *Session) Read(b []byte) (int, error) {
	for {
		s.mu.Lock()
		if s.ready && len(s.out) > 0 {
			n := copy(b, s.out)
			s.out = s.out[n:]
			s.mu.Unlock()
			return n, nil
		}
		err := s.err
		s.mu.Unlock()
		if err != nil {
			return 0, err
		}
		<-s.wake
	}
}

// Write types on the guest's console.
func (s *Session) Write(b []byte) (int, error) {
	s.mu.Lock()
	err := s.err
	s.mu.Unlock()
	if err != nil {
		return 0, err
	}
	s.line.write.Lock()
	defer s.line.write.Unlock()
	n, err := s.line.conn.Write(b)
	if err != nil {
		return n, fmt.Errorf("console: %w", err)
	}
	return n, nil
}

// Close ends the session; the last one's end frees the guest's port.
func (s *Session) Close() error {
	linesMu.Lock()
	defer linesMu.Unlock()
	if _, open := s.line.sessions[s]; open {
		delete(s.line.sessions, s)
		if len(s.line.sessions) == 0 {
			s.line.drop()
		}
	}
	s.end(net.ErrClosed)
	return nil
}

// add queues output.
func (s *Session) add(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if len(s.out)+len(b) > backlog {
		s.err = ErrTooSlow
	} else {
		s.out = append(s.out, b...)
	}
	s.poke()
}

// prepend puts the scrollback in front of what was said since, without what both
// have.
func (s *Session) prepend(scroll []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(scroll), len(s.out))
	for n > 0 && !bytes.HasSuffix(scroll, s.out[:n]) {
		n--
	}
	s.out = append(scroll, s.out[n:]...)
	s.ready = true
	s.poke()
}

func (s *Session) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.ready = true
	s.poke()
}

// poke wakes a reader; the caller holds mu.
func (s *Session) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
