// Package server is the HTTP front of the API. What every action needs is done here
// once, in one order: request id, body limit, signature, throttle, strict decoding,
// authorisation, dry run, client token, handler, answer. It also has the listeners,
// the operator's endpoints and the local admin socket.
package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
)

// Authenticator checks a request's signature over its head and body and says who
// signed it. Its errors are for the client.
type Authenticator interface {
	Authenticate(r *http.Request, body []byte) (action.Identity, error)
}

// Authorizer says whether an identity may call an action; its error is for the client.
type Authorizer func(ctx context.Context, who action.Identity, what wire.Spec) error

// Config is what an operator may choose. The zero value of a number means its default.
type Config struct {
	Regions []string // that requests may be signed for; the first one serves global calls

	MaxBody     int64         // bytes of a request; 1 MiB
	MaxInFlight int           // signed requests at once; 1024
	MaxConns    int           // connections at once; 4096
	Timeout     time.Duration // of one request; 60 s
	Drain       time.Duration // for requests to end when the server stops; 10 s
	Throttle    Throttle
	Pprof       bool // serve /debug/pprof to local callers

	// Ready says why the server cannot answer yet, or nil. Nil means always.
	Ready func() error
	// Cluster is where changes go when another server leads. Nil means that this server is
	// alone.
	Cluster Forwarder
	// Authorize is asked after decoding. Nil allows all that is signed.
	Authorize Authorizer
	// Metrics is where the server's metrics go, and what /metrics shows. Nil makes one.
	Metrics *prometheus.Registry
	Log     *slog.Logger
}

// Server answers the API. Make it with New.
type Server struct {
	cfg      Config
	db       store.DB
	registry *wire.Registry[*action.Call]
	auth     Authenticator
	log      *slog.Logger
	metrics  *metrics
	throttle *throttle
	slots    chan struct{}
	ops      http.Handler
	caughtUp atomic.Bool // the state here has been as new as the cluster's once
}

// New returns a server for the actions of a registry.
func New(cfg Config, db store.DB, registry *wire.Registry[*action.Call], auth Authenticator) (*Server, error) {
	if len(cfg.Regions) == 0 {
		return nil, fmt.Errorf("server: no region is configured")
	}
	cfg.MaxBody = orDefault(cfg.MaxBody, 1<<20)
	cfg.MaxInFlight = orDefault(cfg.MaxInFlight, 1024)
	cfg.MaxConns = orDefault(cfg.MaxConns, 4096)
	cfg.Timeout = orDefault(cfg.Timeout, time.Minute)
	cfg.Drain = orDefault(cfg.Drain, 10*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Metrics == nil {
		cfg.Metrics = prometheus.NewRegistry()
	}
	s := &Server{
		cfg: cfg, db: db, registry: registry, auth: auth, log: cfg.Log,
		metrics:  newMetrics(cfg.Metrics),
		throttle: newThrottle(cfg.Throttle),
		slots:    make(chan struct{}, cfg.MaxInFlight),
	}
	s.ops = s.operator()
	return s, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// ServeHTTP implements http.Handler: the API on every path but the operator's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if slices.Contains(operatorPaths, r.URL.Path) || isPprof(r.URL.Path) {
		s.ops.ServeHTTP(w, r)
		return
	}
	c := &exchange{s: s, w: w, r: r, began: time.Now(), id: newRequestID()}
	w.Header().Set("x-amzn-RequestId", c.id)
	s.metrics.inFlight.Inc()
	defer s.metrics.inFlight.Dec()
	defer c.leave()
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	b := buffers.Get().(*[]byte)
	defer func() {
		if cap(*b) <= maxBuffer {
			buffers.Put(b)
		}
	}()
	answer, err := c.run(ctx, (*b)[:0])
	if err != nil {
		c.fail(err)
		return
	}
	*b = answer
	c.write(http.StatusOK, "", answer)
}

// buffers are for answers. A page of a thousand instances takes some megabytes, and
// to let each grow its own would cost as much as to fill it.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxBuffer is the capacity up to which a buffer is kept.
const maxBuffer = 8 << 20

// trusted is the announced length up to which memory is set aside before the body comes.
const trusted = 32 << 10

// readBody reads a request's body up to the limit.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > s.cfg.MaxBody {
		return nil, errTooLarge(s.cfg.MaxBody)
	}
	if r.ContentLength >= 0 && r.ContentLength <= trusted {
		b := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, b); err != nil {
			return nil, bodyError(err, s.cfg.MaxBody)
		}
		return b, nil
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.cfg.MaxBody))
	if err != nil {
		return nil, bodyError(err, s.cfg.MaxBody)
	}
	return b, nil
}
