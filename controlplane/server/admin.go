package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Admin is HTTP on a unix socket for the operator's tools on this machine. Other
// packages add their handlers to it before Serve.
type Admin struct {
	mux     *http.ServeMux
	handler http.Handler
	log     *slog.Logger
}

// NewAdmin returns an Admin with GET /healthz alone.
func NewAdmin(log *slog.Logger) *Admin {
	a := &Admin{mux: http.NewServeMux(), log: log}
	a.handler = a.mux
	a.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return a
}

// Handle adds a handler under a pattern of http.ServeMux.
func (a *Admin) Handle(pattern string, h http.Handler) { a.mux.Handle(pattern, h) }

// HandleFunc adds a function under a pattern of http.ServeMux.
func (a *Admin) HandleFunc(pattern string, h http.HandlerFunc) { a.mux.HandleFunc(pattern, h) }

// Through has requests go through what wrap makes of the handler. It is called before
// Serve.
func (a *Admin) Through(wrap func(http.Handler) http.Handler) { a.handler = wrap(a.handler) }

// Listen makes the socket, mode 0600. A socket that nobody listens on any more is
// replaced; one that is in use is an error, and so is anything else of that name.
func Listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.Mode().Type() != fs.ModeSocket:
		return nil, fmt.Errorf("%s is there and is not a socket", path)
	default:
		if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
			_ = c.Close()
			return nil, fmt.Errorf("%s is in use: another mica runs with this run directory", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	// The socket is made under another name and moved when only its owner may use it:
	// there is no moment in which others can connect.
	tmp := fmt.Sprintf("%s.%d", path, os.Getpid())
	_ = os.Remove(tmp)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: tmp, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(tmp, 0o600), os.Rename(tmp, path)); err != nil {
		_ = os.Remove(tmp)
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Serve answers on the listener until ctx ends. Callers that are neither root nor
// this process's own user are refused, whatever the socket's mode says.
func (a *Admin) Serve(ctx context.Context, l net.Listener) error {
	web := &http.Server{
		Handler:           http.HandlerFunc(a.serveHTTP),
		ReadHeaderTimeout: headLimit,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, peerKey{}, peerOf(c))
		},
	}
	return serve(ctx, web, time.Second, l)
}

type peerKey struct{}

// peer is who is at the other end of the socket.
type peer struct {
	uid uint32
	err error
}

func peerOf(c net.Conn) peer {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return peer{err: errors.New("not a unix socket")}
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return peer{err: err}
	}
	var p peer
	err = raw.Control(func(fd uintptr) {
		cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil {
			p.err = err
			return
		}
		p.uid = cred.Uid
	})
	p.err = errors.Join(p.err, err)
	return p
}

func (a *Admin) serveHTTP(w http.ResponseWriter, r *http.Request) {
	p, ok := r.Context().Value(peerKey{}).(peer)
	if !ok || p.err != nil || p.uid != 0 && p.uid != uint32(os.Geteuid()) {
		http.Error(w, "only root may use this socket", http.StatusForbidden)
		return
	}
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler {
			a.log.Error("admin request panicked", "path", r.URL.Path, "panic", v)
			http.Error(w, fmt.Sprintf("internal error: %v", v), http.StatusInternalServerError)
		}
	}()
	a.handler.ServeHTTP(w, r)
}
