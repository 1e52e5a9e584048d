package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the API's own. Their labels are bounded: names of actions that AWS
// has, and codes of errors that are ours.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mica_api_requests_total", Help: "API requests by service, action and error code (empty for success).",
		}, []string{"service", "action", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mica_api_request_seconds", Help: "Time from a request's head to its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"service", "action"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "mica_api_in_flight", Help: "API requests being answered."}),
	}
	r.MustRegister(m.requests, m.seconds, m.inFlight)
	return m
}

func (m *metrics) observe(service, action, code string, took time.Duration) {
	if action == "" {
		action = "unknown"
	}
	m.requests.WithLabelValues(service, action, code).Inc()
	m.seconds.WithLabelValues(service, action).Observe(took.Seconds())
}
