package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Limits on a connection. A client that trickles its request holds a connection for
// at most readLimit.
const (
	headLimit  = 10 * time.Second
	readLimit  = 30 * time.Second
	idleLimit  = 2 * time.Minute
	maxHeaders = 32 << 10
)

// TLS wraps a listener for HTTPS with HTTP/2. cert is asked at each handshake, so a
// renewed certificate needs no restart.
func TLS(l net.Listener, cert func(*tls.ClientHelloInfo) (*tls.Certificate, error)) net.Listener {
	return tls.NewListener(l, &tls.Config{GetCertificate: cert, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
}

// Serve answers on the listeners until ctx ends, then lets the requests under way
// end, for as long as Config.Drain. The listeners are closed when it returns.
func (s *Server) Serve(ctx context.Context, listeners ...net.Listener) error {
	var conns atomic.Int64
	web := &http.Server{
		Handler: s,
		ConnState: func(c net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				if conns.Add(1) > int64(s.cfg.MaxConns) {
					_ = c.Close()
				}
			case http.StateClosed, http.StateHijacked:
				conns.Add(-1)
			}
		},
		ReadHeaderTimeout: headLimit,
		ReadTimeout:       readLimit,
		WriteTimeout:      s.cfg.Timeout + readLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeaders,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // clients' broken handshakes
	}
	return serve(ctx, web, s.cfg.Drain, listeners...)
}

// serve runs a server on its listeners until ctx ends or one of them fails.
func serve(ctx context.Context, web *http.Server, drain time.Duration, listeners ...net.Listener) error {
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- web.Serve(l) }()
	}
	var err error
	running := len(listeners)
	select {
	case err = <-failed:
		running--
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if web.Shutdown(limit) != nil {
		_ = web.Close() // those that are still there had their time
	}
	for range running {
		<-failed
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
