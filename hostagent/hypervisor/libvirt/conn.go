package libvirt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/digitalocean/go-libvirt/socket/dialers"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// session is one connection to libvirtd. It ends once and is never mended: a call that
// times out, a missed answer to a ping and a lost socket all close it, and the
// supervisor makes the next.
type session struct {
	lib  *golibvirt.Libvirt
	conn *watched
}

// watched is a connection that says when it has ended. go-libvirt's own word for that
// is not to be had while it connects.
type watched struct {
	net.Conn
	once sync.Once
	dead chan struct{}
}

// Read notes the connection's end.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		w.end()
	}
	return n, err
}

// Close ends the connection.
func (w *watched) Close() error {
	w.end()
	return w.Conn.Close()
}

func (w *watched) end() { w.once.Do(func() { close(w.dead) }) }

// connect makes a session over the first socket that answers.
func connect(ctx context.Context, sockets []string, uri string, limit time.Duration) (*session, error) {
	var errs []error
	for _, path := range sockets {
		if _, err := os.Stat(path); err != nil {
			errs = append(errs, err)
			continue
		}
		s, err := open(ctx, path, uri, limit)
		if err == nil {
			return s, nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", path, err))
	}
	return nil, errors.Join(errs...)
}

func open(ctx context.Context, path, uri string, limit time.Duration) (*session, error) {
	dialer := net.Dialer{Timeout: limit}
	c, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	s := &session{conn: &watched{Conn: c, dead: make(chan struct{})}}
	s.lib = golibvirt.NewWithDialer(dialers.NewAlreadyConnected(s.conn))
	err = s.within(ctx, limit, func(l *golibvirt.Libvirt) error { return l.ConnectToURI(golibvirt.ConnectURI(uri)) })
	if err != nil {
		_ = s.conn.Close()
		return nil, err
	}
	return s, nil
}

// within runs a call with a time limit, which the library has not. When the limit ends
// first, the whole session is closed: libvirtd is stuck, or the answer still to come
// belongs to nobody. A caller whose context ends leaves early, and hurts nobody else.
func (s *session) within(ctx context.Context, limit time.Duration, call func(*golibvirt.Libvirt) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	overdue := time.AfterFunc(limit, func() { _ = s.conn.Close() })
	go func() {
		err := call(s.lib)
		overdue.Stop()
		done <- err
	}()
	select {
	case err := <-done:
		return s.answer(err)
	case <-ctx.Done():
		return ctx.Err()
	case <-s.conn.dead:
	}
	select {
	case err := <-done: // it was answered before the end, or told of the end
		return s.answer(err)
	case <-time.After(time.Second): // the library did not notice
		return fmt.Errorf("%w: no answer", hypervisor.ErrUnavailable)
	}
}

// answer tells libvirt's own errors from those of the connection.
func (s *session) answer(err error) error {
	if _, ok := errors.AsType[golibvirt.Error](err); err == nil || ok {
		return err
	}
	_ = s.conn.Close()
	return fmt.Errorf("%w: %w", hypervisor.ErrUnavailable, err)
}

// supervisor keeps one session alive.
type supervisor struct {
	opt    Options
	log    *slog.Logger
	onOpen func(*session) error // subscribes; called before anybody gets the session

	mu      sync.Mutex
	current *session
	lastErr error
	changed chan struct{} // closed when current or lastErr changes
}

// run connects, watches and connects again until ctx ends.
func (v *supervisor) run(ctx context.Context) {
	for pause := v.opt.Backoff[0]; ctx.Err() == nil; pause = min(2*pause, v.opt.Backoff[1]) {
		s, err := connect(ctx, v.opt.Sockets, v.opt.URI, v.opt.CallLimit)
		if err == nil {
			if err = v.onOpen(s); err != nil {
				_ = s.conn.Close()
			}
		}
		if err == nil {
			v.log.Info("connected to libvirt", "uri", v.opt.URI)
			v.set(s, nil)
			pause = v.opt.Backoff[0]
			v.watch(ctx, s)
			err = errors.New("the connection was lost")
		}
		v.set(nil, err)
		if ctx.Err() == nil {
			v.log.Warn("no connection to libvirt", "err", err, "retry", pause)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// watch returns when the session has ended, and ends it when libvirtd does not
// answer.
func (v *supervisor) watch(ctx context.Context, s *session) {
	defer s.conn.Close()
	ping := time.NewTicker(v.opt.Ping)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.conn.dead:
			return
		case <-ping.C:
			err := s.within(ctx, v.opt.CallLimit, func(l *golibvirt.Libvirt) error {
				_, err := l.ConnectGetLibVersion()
				return err
			})
			if err != nil {
				return
			}
		}
	}
}

func (v *supervisor) set(s *session, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.current, v.lastErr = s, err
	close(v.changed)
	v.changed = make(chan struct{})
}

// call runs one call on the live session, waiting a moment for there to be one.
func (v *supervisor) call(ctx context.Context, limit time.Duration, f func(*golibvirt.Libvirt) error) error {
	wait := time.NewTimer(v.opt.Wait)
	defer wait.Stop()
	for {
		v.mu.Lock()
		s, lastErr, changed := v.current, v.lastErr, v.changed
		v.mu.Unlock()
		if s != nil {
			return s.within(ctx, limit, f)
		}
		select {
		case <-changed:
		case <-wait.C:
			return fmt.Errorf("%w: %v", hypervisor.ErrUnavailable, lastErr)
		case <-ctx.Done():
			return fmt.Errorf("%w: %v: %w", hypervisor.ErrUnavailable, lastErr, ctx.Err())
		}
	}
}
