package dns

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/time/rate"

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
	limits   limits
	rates    rates
	answered func(rcode string, private bool)
	// interfaceAt is the interface that has an address, "" if none is known.
	interfaceAt func(netip.Addr) string
	ctx         context.Context //nolint:containedctx // dns.Handler has none; it is Serve's
}

// ServeDNS answers one question.
func (h *handler) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	from := h.asker(sender(w.RemoteAddr()))
	if !h.rates.allow(from, h.cache.now()) {
		return // as EC2: what is too much is dropped
	}
	h.zones.set(h.vpc())
	m := h.answer(r, from)
	size := dns.MaxMsgSize
	if _, ok := w.RemoteAddr().(*net.UDPAddr); ok {
		size = dns.MinMsgSize
		if o := r.IsEdns0(); o != nil {
			size = min(max(int(o.UDPSize()), dns.MinMsgSize), udpSize)
		}
	}
	m.Truncate(size)
	h.answered(dns.RcodeToString[m.Rcode], m.Authoritative)
	_ = w.WriteMsg(m) // a guest that went away is no matter of ours
}

// answer makes the answer to a message, with its EDNS part.
func (h *handler) answer(r *dns.Msg, asker string) *dns.Msg {
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
		h.forward(r, m, asker)
	}
	if opt != nil {
		m.SetEdns0(udpSize, opt.Do())
	}
	return m
}

// forward answers from the cache or the host's resolvers.
func (h *handler) forward(r, m *dns.Msg, asker string) {
	q := r.Question[0]
	dnssec := r.IsEdns0() != nil && r.IsEdns0().Do()
	key := cacheKey{dns.CanonicalName(q.Name), q.Qtype, dnssec, r.CheckingDisabled}
	if !r.RecursionDesired {
		m.Rcode = dns.RcodeRefused // what others asked before is not for reading
		return
	}
	from := h.cache.get(key)
	if from == nil {
		if !h.limits.enter(asker) {
			m.Rcode = dns.RcodeServerFailure
			return
		}
		defer h.limits.leave(asker)
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

// asker is whose limits a question counts for: the interface's, whichever of its addresses
// it asks from. An address that no interface is known to have stands for itself.
func (h *handler) asker(a netip.Addr) string {
	if id := h.interfaceAt(a); id != "" {
		return id
	}
	return a.String()
}

// sender is the address that a question came from.
func sender(a net.Addr) netip.Addr {
	ap, _ := netip.ParseAddrPort(a.String())
	return ap.Addr().Unmap()
}

// rates bound how often each interface asks.
type rates struct {
	mu   sync.Mutex
	each map[string]*rate.Limiter
}

// allow takes a question from the asker's bucket.
func (r *rates) allow(asker string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.each[asker]
	if b == nil {
		if r.each == nil || len(r.each) >= maxBuckets { // nothing tells of interfaces that are gone
			r.each = map[string]*rate.Limiter{}
		}
		b = rate.NewLimiter(maxRate, maxRate)
		r.each[asker] = b
	}
	return b.AllowN(now, 1)
}

// limits counts the questions that wait for the host's resolvers.
type limits struct {
	mu   sync.Mutex
	all  int
	each map[string]int
}

// enter counts one more, unless there are too many.
func (l *limits) enter(asker string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= maxForwards || l.each[asker] >= maxForwardsEach {
		return false
	}
	if l.each == nil {
		l.each = map[string]int{}
	}
	l.all++
	l.each[asker]++
	return true
}

func (l *limits) leave(asker string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.each[asker]--; l.each[asker] <= 0 {
		delete(l.each, asker)
	}
}
