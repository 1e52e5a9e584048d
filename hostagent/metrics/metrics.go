// Package metrics has the agent's Prometheus metrics of what it answers to guests.
// The services call plain functions; only this package knows Prometheus.
package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// Services counts the answers of the guests' services. Its methods are made to be the
// Answered functions of their configurations.
type Services struct {
	imds *prometheus.CounterVec
	dhcp *prometheus.CounterVec
	dns  *prometheus.CounterVec
}

// NewServices registers the counters.
func NewServices(reg prometheus.Registerer) *Services {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "mica", Subsystem: "agent", Name: name, Help: help}, labels)
		reg.MustRegister(c)
		return c
	}
	return &Services{
		imds: counter("imds_answers_total", "Answers of the instance metadata service, by HTTP status.", "status"),
		dhcp: counter("dhcp_answers_total", "DHCP messages sent to guests, by type.", "type"),
		dns:  counter("dns_answers_total", "DNS answers to guests, by code and whether the name was private.", "code", "private"),
	}
}

// IMDS counts an answer of the metadata service.
func (s *Services) IMDS(status int) { s.imds.WithLabelValues(strconv.Itoa(status)).Inc() }

// DHCP counts a message to a guest.
func (s *Services) DHCP(kind string) { s.dhcp.WithLabelValues(kind).Inc() }

// DNS counts an answer of a resolver.
func (s *Services) DNS(rcode string, private bool) {
	s.dns.WithLabelValues(rcode, strconv.FormatBool(private)).Inc()
}
