package dns

import (
	"sync"
	"time"

	"github.com/miekg/dns"
)

const (
	cacheSize = 2000 // answers a VPC
	maxKeep   = time.Hour
	maxNeg    = 5 * time.Minute
)

type cacheKey struct {
	name    string
	kind    uint16
	dnssec  bool
	noCheck bool
}

type cached struct {
	msg      *dns.Msg
	at, till time.Time
}

// cache keeps answers of the host's resolvers, for one VPC.
type cache struct {
	now func() time.Time

	mu  sync.Mutex
	has map[cacheKey]cached
}

func newCache() *cache { return &cache{now: time.Now, has: map[cacheKey]cached{}} }

// get returns a kept answer, its TTLs less the time it was kept; or nil.
func (c *cache) get(k cacheKey) *dns.Msg {
	c.mu.Lock()
	e, ok := c.has[k]
	c.mu.Unlock()
	now := c.now()
	if !ok || !now.Before(e.till) {
		return nil
	}
	age := uint32(now.Sub(e.at) / time.Second)
	m := e.msg.Copy()
	for _, part := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		for _, rr := range part {
			if h := rr.Header(); h.Rrtype != dns.TypeOPT {
				h.Ttl -= min(age, h.Ttl)
			}
		}
	}
	return m
}

// put keeps an answer as long as its shortest TTL says; a negative one as its SOA
// says (RFC 2308), and not at all without one.
func (c *cache) put(k cacheKey, m *dns.Msg) {
	keep := lifetime(m)
	if keep <= 0 {
		return
	}
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.has) >= cacheSize {
		c.evict(now)
	}
	c.has[k] = cached{m.Copy(), now, now.Add(keep)}
}

// evict makes room: all that is too old, else any one.
func (c *cache) evict(now time.Time) {
	for k, e := range c.has {
		if !now.Before(e.till) {
			delete(c.has, k)
		}
	}
	for k := range c.has {
		if len(c.has) < cacheSize {
			return
		}
		delete(c.has, k)
	}
}

func lifetime(m *dns.Msg) time.Duration {
	if m.Truncated {
		return 0
	}
	if len(m.Answer) == 0 || m.Rcode == dns.RcodeNameError {
		for _, rr := range m.Ns {
			if s, ok := rr.(*dns.SOA); ok {
				return min(time.Duration(min(s.Minttl, s.Hdr.Ttl))*time.Second, maxNeg)
			}
		}
		return 0
	}
	keep := maxKeep
	for _, part := range [][]dns.RR{m.Answer, m.Ns} {
		for _, rr := range part {
			keep = min(keep, time.Duration(rr.Header().Ttl)*time.Second)
		}
	}
	return keep
}
