package dns

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/miekg/dns"

	"github.com/micacloud/mica/proto/agentpb"
)

// privateTTL is how long guests may keep private names, in seconds, as EC2's.
const privateTTL = 60

// metadata is the metadata service's address.
var metadata = netip.MustParseAddr("169.254.169.254")

// zones are one VPC's own names: the zone of its domain, the reverse zones of its
// address ranges, and single names outside of both, such as the public ones that lead
// to private addresses from within.
type zones struct{ now atomic.Pointer[zoneSet] }

type zoneSet struct {
	vpc     *agentpb.VPC
	domain  string // fully qualified, lower case; empty if none
	public  string // of public names, likewise
	forward map[string][]netip.Addr
	reverse map[string]string // in-addr.arpa name -> host name
	ranges  []netip.Prefix
}

// set takes the VPC's names, when they are others than before.
func (z *zones) set(vpc *agentpb.VPC) {
	if old := z.now.Load(); old != nil && old.vpc == vpc {
		return
	}
	s := &zoneSet{vpc: vpc, forward: map[string][]netip.Addr{}, reverse: map[string]string{}}
	if d := vpc.GetDomain(); d != "" {
		s.domain = dns.CanonicalName(d)
	}
	if d := vpc.GetPublicDomain(); d != "" {
		s.public = dns.CanonicalName(d)
	}
	for _, c := range vpc.GetCidrs() {
		if p, err := netip.ParsePrefix(c); err == nil && p.Addr().Is4() {
			s.ranges = append(s.ranges, p.Masked())
		}
	}
	own, _, _ := strings.Cut(vpc.GetDhcp().GetDomainName(), " ")
	for _, n := range vpc.GetNames() {
		ip, err := netip.ParseAddr(n.GetIp())
		if err != nil || !ip.Is4() {
			continue
		}
		s.add(n.GetHost(), s.domain, ip)
		s.add(n.GetResource(), s.domain, ip)
		s.add(n.GetPublicName(), "", ip)
		if own != "" && dns.CanonicalName(own) != s.domain { // the domain that its instances are told they are in
			s.add(n.GetHost(), dns.CanonicalName(own), ip)
			s.add(n.GetResource(), dns.CanonicalName(own), ip)
		}
		if host := full(n.GetHost(), s.domain); host != "" {
			arpa, err := dns.ReverseAddr(ip.String())
			if _, has := s.reverse[arpa]; err == nil && (!has || dns.IsSubDomain(s.domain, host)) {
				s.reverse[arpa] = host
			}
		}
	}
	if s.domain != "" { // EC2's name of the metadata service
		s.forward["instance-data."+s.domain] = []netip.Addr{metadata}
	}
	z.now.Store(s)
}

// full is a name with its domain, if the label alone was given.
func full(name, domain string) string {
	if name == "" {
		return ""
	}
	name = dns.CanonicalName(name)
	if domain != "" && dns.CountLabel(name) == 1 {
		name += domain
	}
	return name
}

// add has a name lead to an address. No name adds nothing.
func (s *zoneSet) add(name, domain string, ip netip.Addr) {
	if name = full(name, domain); name != "" && !slices.Contains(s.forward[name], ip) {
		s.forward[name] = append(s.forward[name], ip)
	}
}

// publicAddress reads the address out of a public name of the region that is none of the
// VPC's: it leads to the public address itself, as it does for everybody outside.
func (s *zoneSet) publicAddress(name string) (netip.Addr, bool) {
	if s.public == "" {
		return netip.Addr{}, false
	}
	label, ok := strings.CutSuffix(name, "."+s.public)
	rest, is := strings.CutPrefix(label, "ec2-")
	ip, err := netip.ParseAddr(strings.ReplaceAll(rest, "-", "."))
	return ip, ok && is && err == nil && ip.Is4() && !strings.Contains(rest, ".")
}

// answer answers a question about a private name. False means that the name is none of
// the VPC's.
func (z *zones) answer(q dns.Question, m *dns.Msg) bool {
	s := z.now.Load()
	if s == nil {
		return false
	}
	name := dns.CanonicalName(q.Name)
	_, known := s.forward[name]
	if public, ok := s.publicAddress(name); ok && !known {
		if q.Qtype == dns.TypeA || q.Qtype == dns.TypeANY {
			m.Answer = append(m.Answer, &dns.A{Hdr: header(q.Name, dns.TypeA), A: net.IP(public.AsSlice())})
		} else {
			m.Ns = []dns.RR{soa(s.public)}
		}
		m.Authoritative = true
		return true
	}
	switch {
	case known, s.domain != "" && dns.IsSubDomain(s.domain, name):
		s.answerForward(name, q, m)
	case s.isReverse(name):
		s.answerReverse(name, q, m)
	default:
		return false
	}
	m.Authoritative = true
	if len(m.Answer) == 0 {
		zone := s.domain
		if zone == "" || !dns.IsSubDomain(zone, name) {
			_, zone, _ = strings.Cut(name, ".") // what it is in: of an address, the /24
		}
		m.Ns = []dns.RR{soa(zone)}
	}
	return true
}

func (s *zoneSet) answerForward(name string, q dns.Question, m *dns.Msg) {
	ips, ok := s.forward[name]
	if !ok && !s.isNode(name) {
		m.Rcode = dns.RcodeNameError
		return
	}
	if q.Qtype != dns.TypeA && q.Qtype != dns.TypeANY {
		return // the name is there, such a record is not
	}
	for _, ip := range ips {
		m.Answer = append(m.Answer, &dns.A{Hdr: header(q.Name, dns.TypeA), A: net.IP(ip.AsSlice())})
	}
}

// isNode reports whether the name has no records but exists, because it is the zone
// itself or lies above a name that does.
func (s *zoneSet) isNode(name string) bool {
	if name == s.domain {
		return true
	}
	for host := range s.forward {
		if dns.IsSubDomain(name, host) {
			return true
		}
	}
	return false
}

func (s *zoneSet) answerReverse(name string, q dns.Question, m *dns.Msg) {
	host, ok := s.reverse[name]
	switch {
	case !ok:
		m.Rcode = dns.RcodeNameError
	case q.Qtype == dns.TypePTR || q.Qtype == dns.TypeANY:
		m.Answer = append(m.Answer, &dns.PTR{Hdr: header(q.Name, dns.TypePTR), Ptr: host})
	}
}

// isReverse reports whether the name is the reverse of an address in the VPC.
func (s *zoneSet) isReverse(name string) bool {
	rest, ok := strings.CutSuffix(name, ".in-addr.arpa.")
	labels := strings.Split(rest, ".")
	if !ok || len(labels) != 4 {
		return false
	}
	ip, err := netip.ParseAddr(labels[3] + "." + labels[2] + "." + labels[1] + "." + labels[0])
	if err != nil {
		return false
	}
	for _, p := range s.ranges {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func header(name string, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: privateTTL}
}

// soa says how long "no such name" may be kept: shortly, since names come with
// launches.
func soa(zone string) dns.RR {
	return &dns.SOA{
		Hdr: dns.RR_Header{Name: zone, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: 5},
		Ns:  "ns." + zone, Mbox: "hostmaster." + zone, Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, Minttl: 5,
	}
}
