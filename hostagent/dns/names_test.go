package dns

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/micacloud/mica/proto/agentpb"
)

// ask returns the code and the answers to a question.
func ask(h *handler, name string, kind uint16) string {
	m := h.answer(question(name, kind), guestENI)
	got := []string{dns.RcodeToString[m.Rcode]}
	for _, rr := range m.Answer {
		switch rr := rr.(type) {
		case *dns.A:
			got = append(got, rr.A.String())
		case *dns.PTR:
			got = append(got, rr.Ptr)
		}
	}
	return strings.Join(got, " ")
}

// All names of an interface lead to its private address, and those of peered VPCs if they
// let them.
func TestNamesOfAnInterface(t *testing.T) {
	const public = "eu-central-1.compute.amazonaws.com"
	up := newResolver(t)
	v := newVPC(testVPC)
	v.PublicDomain = public
	v.Dhcp = &agentpb.DHCPOptions{DomainName: "corp.example.org second.example.org"}
	v.Names = []*agentpb.Name{
		{Host: "ip-172-31-0-5", Ip: "172.31.0.5", Resource: "i-0123456789abcdef0", PublicName: "ec2-100-127-0-9." + public},
		{Host: "ip-172-31-0-6", Ip: "172.31.0.6"},
		{Ip: "10.200.0.9", PublicName: "ec2-100-127-0-10." + public}, // of a peered VPC
		{Ip: "172.31.0.6", PublicName: "ec2-100-127-0-11." + public}, // of one with the same CIDR
	}
	h := newHandler(t, v, up.addr)
	for _, c := range []struct {
		name string
		kind uint16
		want string
	}{
		{"ip-172-31-0-5." + domain + ".", dns.TypeA, "NOERROR 172.31.0.5"},
		{"i-0123456789abcdef0." + domain + ".", dns.TypeA, "NOERROR 172.31.0.5"},
		{"i-0123456789abcdef0." + domain + ".", dns.TypeAAAA, "NOERROR"},
		{"i-0123456789abcdef1." + domain + ".", dns.TypeA, "NXDOMAIN"},
		{"ip-172-31-0-6.corp.example.org.", dns.TypeA, "NOERROR 172.31.0.6"},
		{"i-0123456789abcdef0.CORP.example.org.", dns.TypeA, "NOERROR 172.31.0.5"},
		{"www.example.org.", dns.TypeA, "NOERROR 192.0.2.80"}, // the rest of its domain is not ours
		{"ip-172-31-0-6.second.example.org.", dns.TypeA, "NXDOMAIN"},
		{"ec2-100-127-0-9." + public + ".", dns.TypeA, "NOERROR 172.31.0.5"},
		{"ec2-100-127-0-9." + public + ".", dns.TypeAAAA, "NOERROR"},
		{"ec2-100-127-0-10." + public + ".", dns.TypeA, "NOERROR 10.200.0.9"},
		{"ec2-100-127-0-77." + public + ".", dns.TypeA, "NOERROR 100.127.0.77"}, // somebody else's: where it is for all
		{"ec2-100-127-0-77." + public + ".", dns.TypeMX, "NOERROR"},
		{"ec2-100-127-0-777." + public + ".", dns.TypeA, "NXDOMAIN"},
		{"ec2-100.127-0-7." + public + ".", dns.TypeA, "NXDOMAIN"},
		{"5.0.31.172.in-addr.arpa.", dns.TypePTR, "NOERROR ip-172-31-0-5." + domain + "."},
		{"6.0.31.172.in-addr.arpa.", dns.TypePTR, "NOERROR ip-172-31-0-6." + domain + "."},
		{"9.0.200.10.in-addr.arpa.", dns.TypePTR, "NXDOMAIN"}, // private names of peers stay theirs
		{"ip-10-200-0-9." + domain + ".", dns.TypeA, "NXDOMAIN"},
	} {
		if got := ask(h, c.name, c.kind); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.name, dns.TypeToString[c.kind], got, c.want)
		}
	}
}

// questions counts what is answered to who asks from an address.
type questions struct {
	dns.ResponseWriter
	from    netip.Addr
	answers int
}

func (q *questions) RemoteAddr() net.Addr {
	return net.UDPAddrFromAddrPort(netip.AddrPortFrom(q.from, 5353))
}
func (q *questions) WriteMsg(*dns.Msg) error { q.answers++; return nil }

// One interface's flood is dropped, from whichever of its addresses it comes, and takes
// nothing from another.
func TestQuestionsAreBounded(t *testing.T) {
	h := newHandler(t, newVPC(testVPC, "ip-172-31-0-5."+domain, "172.31.0.5"))
	now := time.Unix(1e9, 0)
	h.cache.now = func() time.Time { return now }
	ask := func(from netip.Addr, n int) int {
		w := &questions{from: from}
		for range n {
			h.ServeDNS(w, question("ip-172-31-0-5."+domain+".", dns.TypeA))
		}
		return w.answers
	}
	if n := ask(guestAddr, 600); n != 600 {
		t.Errorf("%d of 600 were answered", n)
	}
	if n := ask(secondaryAddr, 3000); n != maxRate-600 {
		t.Errorf("%d of 3000 from the interface's other address, want %d", n, maxRate-600)
	}
	if n := ask(guestAddr, 10); n != 0 {
		t.Errorf("%d more from the first", n)
	}
	if n := ask(netip.MustParseAddr("172.31.0.6"), 10); n != 10 {
		t.Errorf("another guest got %d of 10", n)
	}
	now = now.Add(time.Second / 2)
	if n := ask(secondaryAddr, 1000) + ask(guestAddr, 1000); n != maxRate/2 {
		t.Errorf("%d half a second later, want %d", n, maxRate/2)
	}
	for i := range maxBuckets + 10 {
		h.rates.allow(fmt.Sprint("eni-", i), now)
	}
	if len(h.rates.each) > maxBuckets {
		t.Errorf("%d buckets", len(h.rates.each))
	}
}
