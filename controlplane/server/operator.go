package server

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// operatorPaths are not the API's.
var operatorPaths = []string{"/healthz", "/readyz", "/metrics"}

func isPprof(path string) bool { return strings.HasPrefix(path, "/debug/pprof/") }

// operator serves health to all, and what tells more to callers on this machine.
func (s *Server) operator() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if s.cfg.Ready != nil {
			if err := s.cfg.Ready(); err != nil {
				http.Error(w, "not ready: "+err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", local(promhttp.HandlerFor(s.cfg.Metrics, promhttp.HandlerOpts{})))
	if s.cfg.Pprof {
		mux.Handle("/debug/pprof/", local(http.HandlerFunc(pprof.Index)))
		mux.Handle("/debug/pprof/cmdline", local(http.HandlerFunc(pprof.Cmdline)))
		mux.Handle("/debug/pprof/profile", local(http.HandlerFunc(pprof.Profile)))
		mux.Handle("/debug/pprof/symbol", local(http.HandlerFunc(pprof.Symbol)))
		mux.Handle("/debug/pprof/trace", local(http.HandlerFunc(pprof.Trace)))
	}
	return mux
}

// local refuses callers from elsewhere: guests and other tenants reach the API's port
// too, and have no business with the process's inside.
func local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			http.Error(w, "only for callers on the server's own machine", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}
