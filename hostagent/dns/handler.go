package dns

import (
	"context"
	"net"

	"github.com/miekg/dns"

	"github.com/micacloud/mica/proto/agentpb"
)

// udpSize is the largest answer over UDP: what passes any path unfragmented, as the
// DNS community agreed on its flag day of 2020.
const udpSize = 1232

// handler answers one VPC's questions.
type handler struct {
	zones    *zones
	vpc      func() *agentpb.VPC // as it is now
	cache    *cache
	upstream *upstream
	slots    chan struct{}
	ctx      context.Context //nolint:containedctx // dns.Handler has none; it is Serve's
}

// ServeDNS answers one question.
func (h *handler) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	h.zones.set(h.vpc())
	m := h.answer(r)
	size := dns.MaxMsgSize
	if _, ok := w.RemoteAddr().(*net.UDPAddr); ok {
		size = dns.MinMsgSize
		if o := r.IsEdns0(); o != nil {
			size = min(max(int(o.UDPSize()), dns.MinMsgSize), udpSize)
		}
	}
	m.Truncate(size)
	_ = w.WriteMsg(m) // a guest that went away is no matter of ours
}

// answer makes the answer to a message, with its EDNS part.
func (h *handler) answer(r *dns.Msg) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(r)
	m.RecursionAvailable = true
	opt := r.IsEdns0()
	switch {
	case r.Opcode != dns.OpcodeQuery:
		m.Rcode = dns.RcodeNotImplemented
	case len(r.Question) != 1:
		m.Rcode = dns.RcodeFormatError
	case opt != nil && opt.Version() != 0:
		m.Rcode = dns.RcodeBadVers
	case r.Question[0].Qclass != dns.ClassINET,
		r.Question[0].Qtype == dns.TypeAXFR, r.Question[0].Qtype == dns.TypeIXFR:
		m.Rcode = dns.RcodeRefused
	case h.zones.answer(r.Question[0], m):
	default:
		h.forward(r, m)
	}
	if opt != nil {
		m.SetEdns0(udpSize, opt.Do())
	}
	return m
}

// forward answers from the cache or the host's resolvers.
func (h *handler) forward(r, m *dns.Msg) {
	q := r.Question[0]
	dnssec := r.IsEdns0() != nil && r.IsEdns0().Do()
	key := cacheKey{dns.CanonicalName(q.Name), q.Qtype, dnssec, r.CheckingDisabled}
	if !r.RecursionDesired {
		m.Rcode = dns.RcodeRefused // what others asked before is not for reading
		return
	}
	from := h.cache.get(key)
	if from == nil {
		select {
		case h.slots <- struct{}{}:
			defer func() { <-h.slots }()
		default:
			m.Rcode = dns.RcodeServerFailure
			return
		}
		var err error
		if from, err = h.upstream.ask(h.ctx, q, dnssec, r.CheckingDisabled); err != nil {
			m.Rcode = dns.RcodeServerFailure
			return
		}
		h.cache.put(key, from)
	}
	m.Rcode, m.Answer, m.Ns = from.Rcode, from.Answer, from.Ns
	m.AuthenticatedData, m.CheckingDisabled = from.AuthenticatedData, r.CheckingDisabled
	for _, rr := range from.Extra {
		if rr.Header().Rrtype != dns.TypeOPT { // it is each hop's own
			m.Extra = append(m.Extra, rr)
		}
	}
}
