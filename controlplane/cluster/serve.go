package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

type callerKey struct{}

// callerOf returns the member that a request comes from, nil for one without a
// certificate.
func callerOf(r *http.Request) *pki.Identity {
	who, _ := r.Context().Value(callerKey{}).(*pki.Identity)
	return who
}

// serversOnly refuses all but other servers.
func serversOnly(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if who := callerOf(r); who == nil || who.Role != pki.RoleServer {
			http.Error(w, "only for servers of the cluster", http.StatusForbidden)
			return
		}
		h(w, r)
	}
}

// membersOnly refuses those without a certificate.
func membersOnly(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if callerOf(r) == nil {
			http.Error(w, "only for members of the cluster", http.StatusForbidden)
			return
		}
		h(w, r)
	}
}

// handlers are the paths of the port. Each says who may: without saying so it is for
// everybody, and joining alone is.
func (c *Cluster) handlers() {
	c.mux.HandleFunc("POST "+join.PathJoin, c.onLeader(c.join))
	c.mux.HandleFunc("POST "+join.PathRenew, membersOnly(c.renew))
	c.mux.HandleFunc("GET "+pathReadIndex, serversOnly(func(w http.ResponseWriter, r *http.Request) {
		rev, err := c.node.Load().ReadIndex(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, strconv.FormatInt(rev, 10))
	}))
	c.mux.HandleFunc("GET "+pathStatus, serversOnly(func(w http.ResponseWriter, r *http.Request) { writeJSON(w, c.status()) }))
	c.mux.HandleFunc("POST "+pathAnnounce, serversOnly(c.onLeader(c.announced)))
}

// HandleMembers adds a path for members of the cluster.
func (c *Cluster) HandleMembers(pattern string, h http.HandlerFunc) {
	c.mux.HandleFunc(pattern, membersOnly(h))
}

// HandleLeader adds a path that any server may be asked for by another, and that the
// leader answers.
func (c *Cluster) HandleLeader(pattern string, h http.HandlerFunc) {
	c.mux.HandleFunc(pattern, serversOnly(c.onLeader(h)))
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a caller who left hears nothing
}

// serve answers HTTP until ctx ends.
func (c *Cluster) serve(ctx context.Context) {
	web := &http.Server{
		Handler:           c.mux,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(c.cfg.Log.Handler(), slog.LevelDebug),
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, callerKey{}, conn.(*Conn).Caller)
		},
	}
	stop := context.AfterFunc(ctx, func() { _ = web.Close() })
	defer stop()
	if err := web.Serve(c.port.Door(join.ProtoHTTP)); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		c.cfg.Log.Error("the cluster's HTTP ended", "err", err)
	}
}
