package dhcp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/micacloud/mica/proto/agentpb"
)

// request makes a client's message of guest A.
func request(t testing.TB, kind dhcpv4.MessageType, mods ...dhcpv4.Modifier) *dhcpv4.DHCPv4 {
	t.Helper()
	mods = append([]dhcpv4.Modifier{dhcpv4.WithMessageType(kind), dhcpv4.WithHwAddr(mustMAC(t, macA))}, mods...)
	m, err := dhcpv4.New(mods...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func asked(ip string) dhcpv4.Modifier {
	return dhcpv4.WithOption(dhcpv4.OptRequestedIPAddress(net.ParseIP(ip)))
}

func server(ip string) dhcpv4.Modifier {
	return dhcpv4.WithOption(dhcpv4.OptServerIdentifier(net.ParseIP(ip)))
}

func having(ip string) dhcpv4.Modifier { return dhcpv4.WithClientIP(net.ParseIP(ip)) }

func TestAnswer(t *testing.T) {
	const none = dhcpv4.MessageTypeNone
	for _, c := range []struct {
		name string
		req  *dhcpv4.DHCPv4
		want dhcpv4.MessageType
		to   string // where the answer goes; to guest A's MAC unless it is to everyone
	}{
		{"discover", request(t, dhcpv4.MessageTypeDiscover), dhcpv4.MessageTypeOffer, addrA},
		{"discover, broadcast", request(t, dhcpv4.MessageTypeDiscover, dhcpv4.WithBroadcast(true)), dhcpv4.MessageTypeOffer, "255.255.255.255"},
		{"discover, another address wanted", request(t, dhcpv4.MessageTypeDiscover, asked("172.31.16.9")), dhcpv4.MessageTypeOffer, addrA},
		{"select", request(t, dhcpv4.MessageTypeRequest, asked(addrA), server("172.31.16.1")), dhcpv4.MessageTypeAck, addrA},
		{"select, broadcast", request(t, dhcpv4.MessageTypeRequest, asked(addrA), server("172.31.16.1"), dhcpv4.WithBroadcast(true)), dhcpv4.MessageTypeAck, "255.255.255.255"},
		{"select, wrong address", request(t, dhcpv4.MessageTypeRequest, asked("172.31.16.9"), server("172.31.16.1")), dhcpv4.MessageTypeNak, "255.255.255.255"},
		{"select, another server", request(t, dhcpv4.MessageTypeRequest, asked(addrA), server("172.31.16.7")), none, ""},
		{"reboot", request(t, dhcpv4.MessageTypeRequest, asked(addrA)), dhcpv4.MessageTypeAck, addrA},
		{"reboot, wrong network", request(t, dhcpv4.MessageTypeRequest, asked("192.168.1.5")), dhcpv4.MessageTypeNak, "255.255.255.255"},
		{"renew", request(t, dhcpv4.MessageTypeRequest, having(addrA)), dhcpv4.MessageTypeAck, addrA},
		{"renew, wrong address", request(t, dhcpv4.MessageTypeRequest, having("172.31.16.9")), dhcpv4.MessageTypeNak, "255.255.255.255"},
		{"request of nothing", request(t, dhcpv4.MessageTypeRequest), dhcpv4.MessageTypeNak, "255.255.255.255"},
		{"inform", request(t, dhcpv4.MessageTypeInform, having(addrA)), dhcpv4.MessageTypeAck, addrA},
		{"inform, wrong address", request(t, dhcpv4.MessageTypeInform, having("172.31.16.9")), none, ""},
		{"release", request(t, dhcpv4.MessageTypeRelease, having(addrA), server("172.31.16.1")), none, ""},
		{"decline", request(t, dhcpv4.MessageTypeDecline, asked(addrA), server("172.31.16.1")), none, ""},
		{"a server's offer", request(t, dhcpv4.MessageTypeOffer), none, ""},
		{"a server's ack", request(t, dhcpv4.MessageTypeAck), none, ""},
		{"BOOTP", request(t, none), none, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := guestA(t)
			rep := answer(c.req, g)
			if rep == nil {
				if c.want != none {
					t.Fatalf("no answer, want %v", c.want)
				}
				return
			}
			if rep.MessageType() != c.want {
				t.Fatalf("answered %v, want %v", rep.MessageType(), c.want)
			}
			f := replyFrame(c.req, rep, g)
			if f.dst.String() != c.to {
				t.Errorf("goes to %s, want %s", f.dst, c.to)
			}
			wantMAC := macA
			if c.to == "255.255.255.255" {
				wantMAC = "ff:ff:ff:ff:ff:ff"
			}
			if f.dstMAC.String() != wantMAC {
				t.Errorf("goes to %s, want %s", f.dstMAC, wantMAC)
			}
			if c.want == dhcpv4.MessageTypeNak {
				if !rep.YourIPAddr.IsUnspecified() || rep.Options.Has(dhcpv4.OptionIPAddressLeaseTime) {
					t.Error("a NAK gives an address or a lease")
				}
			}
		})
	}
}

func TestAnswerCarriesTheNetwork(t *testing.T) {
	id := []byte{255, 1, 2, 3}
	req := request(t, dhcpv4.MessageTypeDiscover, dhcpv4.WithOption(dhcpv4.OptGeneric(dhcpv4.OptionClientIdentifier, id)))
	wire := answer(req, guestA(t)).ToBytes()
	if len(wire) < 300 {
		t.Errorf("%d bytes; old clients drop less than 300", len(wire))
	}
	rep, err := dhcpv4.FromBytes(wire)
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]string{
		"address":   {rep.YourIPAddr.String(), addrA},
		"mask":      {net.IP(rep.SubnetMask()).String(), "255.255.240.0"},
		"broadcast": {rep.BroadcastAddress().String(), "172.31.31.255"},
		"router":    {rep.Router()[0].String(), "172.31.16.1"},
		"server":    {rep.ServerIdentifier().String(), "172.31.16.1"},
		"dns":       {rep.DNS()[0].String(), "172.31.0.2"},
		"domain":    {rep.DomainName(), "eu-central-1.compute.internal"},
		"host":      {rep.HostName(), "ip-172-31-16-5"},
		"lease":     {rep.IPAddressLeaseTime(0).String(), time.Hour.String()},
		"renewal":   {rep.IPAddressRenewalTime(0).String(), (30 * time.Minute).String()},
		"rebinding": {rep.IPAddressRebindingTime(0).String(), (52*time.Minute + 30*time.Second).String()},
		"xid":       {rep.TransactionID.String(), req.TransactionID.String()},
		"mac":       {rep.ClientHWAddr.String(), macA},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	if mtu := rep.Options.Get(dhcpv4.OptionInterfaceMTU); len(mtu) != 2 || binary.BigEndian.Uint16(mtu) != 1500 {
		t.Errorf("MTU %v", mtu)
	}
	if !bytes.Equal(rep.Options.Get(dhcpv4.OptionClientIdentifier), id) {
		t.Error("the client's identifier is not given back (RFC 6842)")
	}
	inform := answer(request(t, dhcpv4.MessageTypeInform, having(addrA)), guestA(t))
	if !inform.YourIPAddr.IsUnspecified() || inform.Options.Has(dhcpv4.OptionIPAddressLeaseTime) || len(inform.DNS()) == 0 {
		t.Errorf("the answer to an INFORM: %s", inform.Summary())
	}
}

func TestOnlyTheSegmentsInterfacesAreKnown(t *testing.T) {
	s := New(Config{Guests: newGuests()})
	here := Segment{testVPC, testSubnet, "br0"}
	for name, c := range map[string]struct {
		seg  Segment
		mac  string
		want bool
	}{
		"its own segment":       {here, macA, true},
		"another subnet's MAC":  {here, macB, false},
		"an unknown MAC":        {here, "02:00:00:00:00:99", false},
		"its own, other subnet": {Segment{testVPC, "subnet-2", "br1"}, macA, false},
		"another VPC":           {Segment{"vpc-2", testSubnet, "br0"}, macA, false},
	} {
		if _, ok := s.lookup(c.seg, mustMAC(t, c.mac)); ok != c.want {
			t.Errorf("%s: %v, want %v", name, ok, c.want)
		}
	}
}

func TestResolvers(t *testing.T) {
	options := func(servers ...string) *agentpb.DHCPOptions {
		return &agentpb.DHCPOptions{DomainNameServers: servers}
	}
	for _, c := range []struct {
		options *agentpb.DHCPOptions
		want    string
	}{
		{nil, "172.31.0.2"}, // a server of an earlier version
		{options(), ""},     // no options is no resolver
		{options("AmazonProvidedDNS"), "172.31.0.2"},
		{options("10.0.0.53", "10.0.1.53"), "10.0.0.53 10.0.1.53"},
		{options("10.0.0.53", "AmazonProvidedDNS"), "10.0.0.53 172.31.0.2"},
		{options("rubbish", "fe80::1"), ""},
	} {
		var got []string
		for _, a := range resolvers(&agentpb.VPC{Cidrs: []string{"172.31.0.0/16"}, Dhcp: c.options}) {
			got = append(got, a.String())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%v: %q, want %q", c.options, s, c.want)
		}
	}
}

// A VPC's options are handed out as they are, and a change of them with the next renewal.
func TestOptionsOfTheVPC(t *testing.T) {
	guests := newGuests()
	s := New(Config{Guests: guests})
	renew := func(options *agentpb.DHCPOptions) *dhcpv4.DHCPv4 {
		t.Helper()
		guests.vpc.Dhcp = options
		g, ok := s.lookup(Segment{testVPC, testSubnet, "br0"}, mustMAC(t, macA))
		if !ok {
			t.Fatal("guest A is unknown")
		}
		rep, err := dhcpv4.FromBytes(answer(request(t, dhcpv4.MessageTypeRequest, having(addrA)), g).ToBytes())
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	rep := renew(&agentpb.DHCPOptions{
		DomainName: "corp.example.com other.example.com", DomainNameServers: []string{"10.0.0.53", "AmazonProvidedDNS"}, NtpServers: []string{"169.254.169.123", "10.0.0.123"},
		NetbiosNameServers: []string{"10.0.0.44", "not an address"}, NetbiosNodeType: 2,
	})
	for what, pair := range map[string][2]string{
		"domain":  {rep.DomainName(), "corp.example.com other.example.com"},
		"dns":     {fmt.Sprint(rep.DNS()), "[10.0.0.53 172.31.0.2]"},
		"ntp":     {fmt.Sprint(rep.NTPServers()), "[169.254.169.123 10.0.0.123]"},
		"netbios": {fmt.Sprint(rep.NetBIOSNameServers()), "[10.0.0.44]"},
		"node":    {fmt.Sprint(rep.Options.Get(dhcpv4.OptionNetBIOSOverTCPIPNodeType)), "[2]"},
		"lease":   {rep.IPAddressLeaseTime(0).String(), time.Hour.String()},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	const said = "172.31.16.5/20 router 172.31.16.1 mtu 1500 lease 1h0m0s dns 10.0.0.53,172.31.0.2 domain corp.example.com other.example.com host ip-172-31-16-5 " +
		"ntp 169.254.169.123,10.0.0.123 netbios 10.0.0.44"
	if got := s.Lease(Segment{testVPC, testSubnet, "br0"}, mustMAC(t, macA)); got != said {
		t.Errorf("for people: %q, want %q", got, said)
	}
	if got := s.Lease(Segment{testVPC, testSubnet, "br0"}, mustMAC(t, macB)); !strings.HasPrefix(got, "no answer") {
		t.Errorf("for people, of another segment's interface: %q", got)
	}
	rep = renew(&agentpb.DHCPOptions{NetbiosNodeType: 7}) // "default": no options; and a type that there is not
	for _, code := range []dhcpv4.OptionCode{
		dhcpv4.OptionDomainName, dhcpv4.OptionDomainNameServer, dhcpv4.OptionNTPServers, dhcpv4.OptionNetBIOSOverTCPIPNameServer, dhcpv4.OptionNetBIOSOverTCPIPNodeType,
	} {
		if rep.Options.Has(code) {
			t.Errorf("%v was handed out: %v", code, rep.Options.Get(code))
		}
	}
	if len(rep.Router()) != 1 || !rep.Options.Has(dhcpv4.OptionInterfaceMTU) {
		t.Errorf("without options: %s", rep.Summary())
	}
}

func TestHostLabelIsPlain(t *testing.T) {
	for in, want := range map[string]string{
		"ip-172-31-0-5.eu-central-1.compute.internal": "ip-172-31-0-5",
		"Web": "web", "a\nb": "", "$(reboot)": "", "": "", strings.Repeat("a", 64): "",
	} {
		if got := hostLabel(nil, addr(addrA), &agentpb.Boot{InstanceId: "i-1", Metadata: &agentpb.Metadata{Hostname: in}}); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// An instance that is named by its id is, at its primary address; others have the VPC's names.
func TestHostLabelOfAResourceName(t *testing.T) {
	vpc := &agentpb.VPC{Names: []*agentpb.Name{{Host: "ip-10-0-0-5", Ip: "10.0.0.5"}, {Host: "ip-10-0-0-6", Ip: "10.0.0.6"}}}
	b := &agentpb.Boot{
		InstanceId: "i-0123456789abcdef0", Metadata: &agentpb.Metadata{Hostname: "i-0123456789abcdef0.eu-central-1.compute.internal"},
		Interfaces: []*agentpb.Interface{{PrivateIp: "10.0.0.5"}, {PrivateIp: "10.0.0.6"}},
	}
	if got := hostLabel(vpc, addr("10.0.0.5"), b); got != "i-0123456789abcdef0" {
		t.Errorf("the primary interface: %q", got)
	}
	if got := hostLabel(vpc, addr("10.0.0.6"), b); got != "ip-10-0-0-6" {
		t.Errorf("the second: %q", got)
	}
}

func TestRefusedRequests(t *testing.T) {
	good := request(t, dhcpv4.MessageTypeDiscover)
	for name, change := range map[string]func(*dhcpv4.DHCPv4){
		"":                  func(*dhcpv4.DHCPv4) {},
		"relayed":           func(m *dhcpv4.DHCPv4) { m.GatewayIPAddr = net.IPv4(10, 0, 0, 1) },
		"an answer":         func(m *dhcpv4.DHCPv4) { m.OpCode = dhcpv4.OpcodeBootReply },
		"another's address": func(m *dhcpv4.DHCPv4) { m.ClientHWAddr = mustMAC(t, macB) },
		"a long address":    func(m *dhcpv4.DHCPv4) { m.ClientHWAddr = make([]byte, 16) },
	} {
		m, err := dhcpv4.FromBytes(good.ToBytes())
		if err != nil {
			t.Fatal(err)
		}
		change(m)
		f := frame{srcMAC: mustMAC(t, macA), payload: m.ToBytes()}
		if _, ok := parseRequest(f); ok != (name == "") {
			t.Errorf("%q: taken is %v", name, ok)
		}
	}
}

// clientFrame is a client's message as a frame.
func clientFrame(t testing.TB, m *dhcpv4.DHCPv4, src string) []byte {
	t.Helper()
	f := frame{
		srcMAC: m.ClientHWAddr, dstMAC: net.HardwareAddr{255, 255, 255, 255, 255, 255},
		src: addr(src), dst: addr("255.255.255.255"), payload: m.ToBytes(),
	}
	b := f.bytes()
	binary.BigEndian.PutUint16(b[34:], clientPort)
	binary.BigEndian.PutUint16(b[36:], serverPort)
	return b
}

func TestFrameChecksums(t *testing.T) {
	for _, payload := range [][]byte{{}, {1}, bytes.Repeat([]byte{0xa5}, 301), bytes.Repeat([]byte{0xff}, 400)} {
		f := frame{
			srcMAC: mustMAC(t, macB), dstMAC: mustMAC(t, macA),
			src: addr("172.31.16.1"), dst: addr(addrA), payload: payload,
		}
		b := f.bytes()
		// The sum over a header with its own checksum, and over the pseudo header with
		// the datagram, is all ones.
		if s := sum(0, b[14:34]); s != 0xffff {
			t.Errorf("%d bytes: IP header sums up to %#x", len(payload), s)
		}
		pseudo := append(append([]byte{}, b[26:34]...), 0, 17, b[38], b[39])
		if s := sum(sum(0, pseudo), b[34:]); s != 0xffff {
			t.Errorf("%d bytes: UDP sums up to %#x", len(payload), s)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(clientFrame(f, request(f, dhcpv4.MessageTypeDiscover), "0.0.0.0"))
	f.Add(clientFrame(f, request(f, dhcpv4.MessageTypeRequest, asked(addrA)), "0.0.0.0"))
	f.Add([]byte("short"))
	s := New(Config{Guests: newGuests()})
	f.Fuzz(func(t *testing.T, b []byte) {
		in, ok := parseFrame(b)
		if !ok {
			return
		}
		req, ok := parseRequest(in)
		if !ok {
			return
		}
		g, ok := s.lookup(Segment{testVPC, testSubnet, "br0"}, in.srcMAC)
		if !ok {
			return
		}
		rep := answer(req, g)
		if rep == nil {
			return
		}
		if ip := rep.YourIPAddr; !ip.IsUnspecified() && ip.String() != addrA {
			t.Errorf("gave out %s", ip)
		}
		if _, err := dhcpv4.FromBytes(replyFrame(req, rep, g).payload); err != nil {
			t.Errorf("the answer is unreadable: %v", err)
		}
	})
}
