package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	testVPC = "vpc-0123456789abcdef0"
	domain  = "eu-central-1.compute.internal"
)

// fakeVPCs is an agent's assignments.
type fakeVPCs struct {
	mu   sync.Mutex
	vpcs map[string]*agentpb.VPC
}

func (f *fakeVPCs) VPC(id string) *agentpb.VPC {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.vpcs[id]
}

// InterfaceAt knows one interface, with two addresses.
func (f *fakeVPCs) InterfaceAt(id string, a netip.Addr) string {
	if id == testVPC && (a == guestAddr || a == secondaryAddr) {
		return "eni-1"
	}
	return ""
}

func (f *fakeVPCs) set(v *agentpb.VPC) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.vpcs == nil {
		f.vpcs = map[string]*agentpb.VPC{}
	}
	f.vpcs[v.GetId()] = v
}

func newVPC(id string, names ...string) *agentpb.VPC {
	v := &agentpb.VPC{Id: id, Cidrs: []string{"172.31.0.0/16", "10.9.0.0/16"}, DnsSupport: true, Domain: domain}
	for i := 0; i+1 < len(names); i += 2 {
		v.Names = append(v.Names, &agentpb.Name{Host: names[i], Ip: names[i+1]})
	}
	return v
}

// resolver is the host's resolver, a fake: it knows a few names of example.org, and
// counts what it is asked.
type resolver struct {
	addr  string
	asked atomic.Int64
	dead  atomic.Bool // answers SERVFAIL
}

func newResolver(t *testing.T) *resolver {
	t.Helper()
	var pc net.PacketConn
	var l net.Listener
	testkit.Wait(t, 5*time.Second, "a port that is free for UDP and TCP", func() bool {
		var err error
		if pc, err = net.ListenPacket("udp4", "127.0.0.1:0"); err != nil {
			return false
		}
		if l, err = net.Listen("tcp4", pc.LocalAddr().String()); err != nil {
			_ = pc.Close()
		}
		return err == nil
	})
	r := &resolver{addr: pc.LocalAddr().String()}
	for _, s := range []*dns.Server{{PacketConn: pc, Handler: r}, {Listener: l, Handler: r}} {
		go func() { _ = s.ActivateAndServe() }()
	}
	t.Cleanup(func() { _ = pc.Close(); _ = l.Close() })
	return r
}

func (r *resolver) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	r.asked.Add(1)
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable = true
	name := strings.ToLower(q.Question[0].Name)
	add := func(s string) {
		rr, err := dns.NewRR(s)
		if err != nil {
			panic(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	switch {
	case r.dead.Load():
		m.Rcode = dns.RcodeServerFailure
	case name == "www.example.org." && q.Question[0].Qtype == dns.TypeA:
		add("www.example.org. 300 IN A 192.0.2.80")
	case name == "short.example.org.":
		add("short.example.org. 0 IN A 192.0.2.81")
	case name == "big.example.org.":
		for i := range 200 {
			add(fmt.Sprintf("big.example.org. 300 IN TXT \"record %03d of many\"", i))
		}
	case name == "www.example.org.":
		soa, _ := dns.NewRR("example.org. 300 IN SOA ns.example.org. h.example.org. 1 2 3 4 60")
		m.Ns = append(m.Ns, soa)
	default:
		m.Rcode = dns.RcodeNameError
		soa, _ := dns.NewRR("example.org. 300 IN SOA ns.example.org. h.example.org. 1 2 3 4 60")
		m.Ns = append(m.Ns, soa)
	}
	if _, udp := w.RemoteAddr().(*net.UDPAddr); udp {
		size := dns.MinMsgSize
		if o := q.IsEdns0(); o != nil {
			size = int(o.UDPSize())
		}
		m.Truncate(size)
	}
	_ = w.WriteMsg(m)
}

var guestAddr, secondaryAddr = netip.MustParseAddr("172.31.0.5"), netip.MustParseAddr("172.31.0.105")

const guestENI = "eni-1"

// newHandler is a VPC's handler without sockets.
func newHandler(t *testing.T, v *agentpb.VPC, resolvers ...string) *handler {
	t.Helper()
	h := &handler{
		answered: func(string, bool) {}, zones: &zones{}, vpc: func() *agentpb.VPC { return v }, cache: newCache(),
		upstream: newUpstream(resolvers, filepath.Join(t.TempDir(), "none")), ctx: t.Context(),
		interfaceAt: func(a netip.Addr) string { return (&fakeVPCs{}).InterfaceAt(testVPC, a) },
	}
	h.zones.set(v)
	return h
}

func question(name string, kind uint16) *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(name, kind)
	return m
}

func TestPrivateNames(t *testing.T) {
	h := newHandler(t, newVPC(testVPC, "ip-172-31-0-5."+domain, "172.31.0.5", "ip-10-9-0-7", "10.9.0.7",
		"ec2-100-127-0-9.compute.example.com", "172.31.0.5"))
	for _, c := range []struct {
		name string
		kind uint16
		want string // rcode, then the answers
	}{
		{"ip-172-31-0-5." + domain + ".", dns.TypeA, "NOERROR 172.31.0.5"},
		{"IP-172-31-0-5.EU-central-1.Compute.Internal.", dns.TypeA, "NOERROR 172.31.0.5"},
		{"ip-10-9-0-7." + domain + ".", dns.TypeA, "NOERROR 10.9.0.7"},
		{"ip-172-31-0-5." + domain + ".", dns.TypeAAAA, "NOERROR"},
		{"ip-172-31-0-5." + domain + ".", dns.TypeMX, "NOERROR"},
		{"ip-172-31-0-5." + domain + ".", dns.TypeANY, "NOERROR 172.31.0.5"},
		{"ip-172-31-0-6." + domain + ".", dns.TypeA, "NXDOMAIN"},
		{"x.ip-172-31-0-5." + domain + ".", dns.TypeA, "NXDOMAIN"},
		{domain + ".", dns.TypeA, "NOERROR"},
		{"instance-data." + domain + ".", dns.TypeA, "NOERROR 169.254.169.254"},
		{"EC2-100-127-0-9.compute.example.com.", dns.TypeA, "NOERROR 172.31.0.5"},
		{"ec2-100-127-0-9.compute.example.com.", dns.TypeAAAA, "NOERROR"},
		{"5.0.31.172.in-addr.arpa.", dns.TypePTR, "NOERROR ip-172-31-0-5." + domain + "."},
		{"7.0.9.10.in-addr.arpa.", dns.TypePTR, "NOERROR ip-10-9-0-7." + domain + "."},
		{"5.0.31.172.in-addr.arpa.", dns.TypeA, "NOERROR"},
		{"6.0.31.172.in-addr.arpa.", dns.TypePTR, "NXDOMAIN"},
	} {
		m := h.answer(question(c.name, c.kind), guestENI)
		got := dns.RcodeToString[m.Rcode]
		for _, rr := range m.Answer {
			switch rr := rr.(type) {
			case *dns.A:
				got += " " + rr.A.String()
			case *dns.PTR:
				got += " " + rr.Ptr
			}
		}
		if got != c.want || !m.Authoritative || !m.RecursionAvailable {
			t.Errorf("%s %s: %q (aa %v, ra %v), want %q", c.name, dns.TypeToString[c.kind], got, m.Authoritative, m.RecursionAvailable, c.want)
		}
		if len(m.Answer) == 0 && (len(m.Ns) != 1 || m.Ns[0].Header().Rrtype != dns.TypeSOA || !dns.IsSubDomain(m.Ns[0].Header().Name, dns.CanonicalName(c.name))) {
			t.Errorf("%s: an empty answer needs its zone's SOA to be kept; has %v", c.name, m.Ns)
		}
	}
}

func TestOtherVPCsNamesAreNotTold(t *testing.T) {
	up := newResolver(t)
	h := newHandler(t, newVPC(testVPC, "ip-172-31-0-5."+domain, "172.31.0.5"), up.addr)
	if m := h.answer(question("ip-172-31-0-9."+domain+".", dns.TypeA), guestENI); m.Rcode != dns.RcodeNameError {
		t.Errorf("another VPC's name: %v", m)
	}
	if m := h.answer(question("9.0.31.172.in-addr.arpa.", dns.TypePTR), guestENI); m.Rcode != dns.RcodeNameError {
		t.Errorf("another VPC's address: %v", m)
	}
	if n := up.asked.Load(); n != 0 {
		t.Errorf("private names were asked outside %d times", n)
	}
}

func TestForwardingAndItsCache(t *testing.T) {
	up := newResolver(t)
	h := newHandler(t, newVPC(testVPC), up.addr)
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	h.cache.now = func() time.Time { return now }
	ask := func(name string, kind uint16, rcode, answers int, asked int64) *dns.Msg {
		t.Helper()
		m := h.answer(question(name, kind), guestENI)
		if m.Rcode != rcode || len(m.Answer) != answers || up.asked.Load() != asked {
			t.Errorf("%s %s: rcode %d, %d answers, %d asked; want %d, %d, %d", name, dns.TypeToString[kind],
				m.Rcode, len(m.Answer), up.asked.Load(), rcode, answers, asked)
		}
		return m
	}
	ask("www.example.org.", dns.TypeA, dns.RcodeSuccess, 1, 1)
	now = now.Add(100 * time.Second)
	if m := ask("WWW.example.ORG.", dns.TypeA, dns.RcodeSuccess, 1, 1); m.Answer[0].Header().Ttl != 200 {
		t.Errorf("kept for 100 of 300 seconds, its TTL is %d", m.Answer[0].Header().Ttl)
	}
	now = now.Add(200 * time.Second)
	ask("www.example.org.", dns.TypeA, dns.RcodeSuccess, 1, 2)
	ask("www.example.org.", dns.TypeAAAA, dns.RcodeSuccess, 0, 3)
	ask("www.example.org.", dns.TypeAAAA, dns.RcodeSuccess, 0, 3)
	ask("none.example.org.", dns.TypeA, dns.RcodeNameError, 0, 4)
	ask("none.example.org.", dns.TypeA, dns.RcodeNameError, 0, 4)
	now = now.Add(61 * time.Second)
	ask("none.example.org.", dns.TypeA, dns.RcodeNameError, 0, 5)
	ask("short.example.org.", dns.TypeA, dns.RcodeSuccess, 1, 6)
	ask("short.example.org.", dns.TypeA, dns.RcodeSuccess, 1, 7) // a TTL of 0 is not kept
	if m := ask("big.example.org.", dns.TypeTXT, dns.RcodeSuccess, 200, 9); m.Truncated {
		t.Error("what was cut over UDP was not asked for over TCP")
	}
}

func TestDeadResolverIsPassedOver(t *testing.T) {
	dead, good := newResolver(t), newResolver(t)
	dead.dead.Store(true)
	h := newHandler(t, newVPC(testVPC), dead.addr, good.addr)
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeSuccess || len(m.Answer) != 1 {
		t.Errorf("with one of two resolvers dead: %v", m)
	}
	h = newHandler(t, newVPC(testVPC), dead.addr)
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeServerFailure {
		t.Errorf("with all dead: %v", m)
	}
	h = newHandler(t, newVPC(testVPC))
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeServerFailure {
		t.Errorf("with none: %v", m)
	}
}

func TestForwardsAreBounded(t *testing.T) {
	up := newResolver(t)
	h := newHandler(t, newVPC(testVPC), up.addr)
	for range maxForwardsEach {
		if !h.limits.enter("eni-2") {
			t.Fatal("refused within a guest's limit")
		}
	}
	if h.limits.enter("eni-2") {
		t.Error("a guest may ask more than its limit")
	}
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeSuccess {
		t.Errorf("another guest meanwhile: %v", dns.RcodeToString[m.Rcode])
	}
	h.cache = newCache()
	up.asked.Store(0)
	for i := range maxForwards - maxForwardsEach {
		h.limits.enter(fmt.Sprint("eni-other-", i))
	}
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeServerFailure || up.asked.Load() != 0 {
		t.Errorf("past the limit: %v, %d asked", dns.RcodeToString[m.Rcode], up.asked.Load())
	}
	h.limits.leave("eni-2")
	if m := h.answer(question("www.example.org.", dns.TypeA), guestENI); m.Rcode != dns.RcodeSuccess {
		t.Errorf("within it: %v", m)
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	a, _ := dns.NewRR("x. 300 IN A 192.0.2.1")
	for i := range cacheSize + 500 {
		c.put(cacheKey{name: fmt.Sprint(i)}, &dns.Msg{Answer: []dns.RR{a}})
	}
	if len(c.has) > cacheSize {
		t.Errorf("%d answers are kept, the bound is %d", len(c.has), cacheSize)
	}
}

func TestOddQuestions(t *testing.T) {
	h := newHandler(t, newVPC(testVPC, "a."+domain, "172.31.0.5"))
	badVersion := question("a."+domain+".", dns.TypeA)
	badVersion.SetEdns0(1232, false)
	badVersion.IsEdns0().SetVersion(1)
	chaos := question("version.bind.", dns.TypeTXT)
	chaos.Question[0].Qclass = dns.ClassCHAOS
	notRecursive := question("www.example.org.", dns.TypeA)
	notRecursive.RecursionDesired = false
	two := question("a."+domain+".", dns.TypeA)
	two.Question = append(two.Question, two.Question[0])
	for name, c := range map[string]struct {
		m    *dns.Msg
		want int
	}{
		"unknown EDNS version": {badVersion, dns.RcodeBadVers},
		"chaos class":          {chaos, dns.RcodeRefused},
		"zone transfer":        {question(domain+".", dns.TypeAXFR), dns.RcodeRefused},
		"without recursion":    {notRecursive, dns.RcodeRefused},
		"two questions":        {two, dns.RcodeFormatError},
		"update":               {new(dns.Msg).SetUpdate(domain + "."), dns.RcodeNotImplemented},
	} {
		if m := h.answer(c.m, guestENI); m.Rcode != c.want {
			t.Errorf("%s: %s, want %s", name, dns.RcodeToString[m.Rcode], dns.RcodeToString[c.want])
		} else if _, err := m.Pack(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResolvConfIsReadAgain(t *testing.T) {
	p := filepath.Join(t.TempDir(), "resolv.conf")
	write := func(s string, at time.Time) {
		if err := errors.Join(os.WriteFile(p, []byte(s), 0o600), os.Chtimes(p, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	u := newUpstream(nil, p)
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for i, c := range []struct{ conf, want string }{
		{"nameserver 192.0.2.1\nnameserver 192.0.2.2\n", "[192.0.2.1:53 192.0.2.2:53]"},
		{"search x\nnameserver 192.0.2.3\n", "[192.0.2.3:53]"},
	} {
		write(c.conf, at.Add(time.Duration(i)*time.Second))
		if got := fmt.Sprint(u.list()); got != c.want {
			t.Errorf("%q: %s, want %s", c.conf, got, c.want)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	wire, _ := question("a."+domain+".", dns.TypeA).Pack()
	f.Add(wire)
	v := newVPC(testVPC, "a."+domain, "172.31.0.5")
	h := &handler{zones: &zones{}, cache: newCache(), upstream: newUpstream(nil, "/nonexistent"), ctx: context.Background()}
	h.zones.set(v)
	f.Fuzz(func(t *testing.T, b []byte) {
		q := new(dns.Msg)
		if q.Unpack(b) != nil {
			return
		}
		if m := h.answer(q, guestENI); m.Rcode == dns.RcodeSuccess && len(q.Question) != 1 {
			t.Errorf("answered %d questions", len(q.Question))
		}
	})
}
