package dns

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

const (
	// askTimeout is how long one resolver is waited for, askTries how often all are
	// asked: together less than the 5 s that a guest's own resolver waits.
	askTimeout = 2 * time.Second
	askTries   = 2
)

var errNoResolver = errors.New("the host has no resolver to ask")

// upstream are the host's own resolvers. Its sockets are made by the calling
// goroutine, so in the process's own namespace.
type upstream struct {
	fixed []string
	conf  string

	mu      sync.Mutex
	read    time.Time // conf's time of change when it was read
	servers []string
}

func newUpstream(fixed []string, conf string) *upstream { return &upstream{fixed: fixed, conf: conf} }

// list is the resolvers as they are now.
func (u *upstream) list() []string {
	if len(u.fixed) > 0 {
		return u.fixed
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	st, err := os.Stat(u.conf)
	if err != nil {
		return u.servers
	}
	if !st.ModTime().Equal(u.read) {
		if c, err := dns.ClientConfigFromFile(u.conf); err == nil {
			u.servers = nil
			for _, s := range c.Servers {
				u.servers = append(u.servers, net.JoinHostPort(s, c.Port))
			}
			u.read = st.ModTime()
		}
	}
	return u.servers
}

// ask asks the resolvers in turn, again over TCP where UDP's answer was cut.
func (u *upstream) ask(ctx context.Context, q dns.Question, dnssec, noCheck bool) (*dns.Msg, error) {
	m := new(dns.Msg)
	m.Id = dns.Id()
	m.RecursionDesired = true
	m.CheckingDisabled = noCheck
	m.Question = []dns.Question{q}
	m.SetEdns0(udpSize, dnssec)
	err := errNoResolver
	for range askTries {
		for _, server := range u.list() {
			var a *dns.Msg
			if a, err = exchange(ctx, m, server); err == nil && usable(m, a) {
				return a, nil
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err == nil {
				err = errors.New(server + " answered " + dns.RcodeToString[a.Rcode])
			}
		}
	}
	return nil, err
}

func exchange(ctx context.Context, m *dns.Msg, server string) (*dns.Msg, error) {
	udp := &dns.Client{Timeout: askTimeout, UDPSize: udpSize}
	a, _, err := udp.ExchangeContext(ctx, m, server)
	if err == nil && a.Rcode == dns.RcodeFormatError { // it knows no EDNS
		plain := m.Copy()
		plain.Extra = nil
		a, _, err = udp.ExchangeContext(ctx, plain, server)
	}
	if err == nil && !a.Truncated {
		return a, nil
	}
	if err != nil && !errors.Is(err, dns.ErrBuf) {
		return nil, err
	}
	a, _, err = (&dns.Client{Net: "tcp", Timeout: askTimeout}).ExchangeContext(ctx, m, server)
	return a, err
}

// usable reports whether a message answers the question; another resolver may know
// what this one does not.
func usable(q, a *dns.Msg) bool {
	return a.Response && len(a.Question) == 1 && a.Question[0].Qtype == q.Question[0].Qtype &&
		strings.EqualFold(a.Question[0].Name, q.Question[0].Name) &&
		(a.Rcode == dns.RcodeSuccess || a.Rcode == dns.RcodeNameError)
}
