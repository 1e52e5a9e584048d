package dhcp

import (
	"net"
	"net/netip"
	"strings"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/micacloud/mica/proto/agentpb"
)

// parseRequest reads a client's message. It refuses answers, relayed messages, other
// media, and hardware addresses that are not the frame's sender.
func parseRequest(f frame) (*dhcpv4.DHCPv4, bool) {
	m, err := dhcpv4.FromBytes(f.payload)
	if err != nil || m.OpCode != dhcpv4.OpcodeBootRequest || !m.GatewayIPAddr.IsUnspecified() ||
		len(m.ClientHWAddr) != 6 || m.ClientHWAddr.String() != f.srcMAC.String() {
		return nil, false
	}
	return m, true
}

// answer decides what is said to a request (RFC 2131, table 4); nil is nothing.
func answer(req *dhcpv4.DHCPv4, g guest) *dhcpv4.DHCPv4 {
	mine := req.ServerIdentifier() == nil || req.ServerIdentifier().Equal(ip4(g.router()))
	switch req.MessageType() {
	case dhcpv4.MessageTypeDiscover:
		return reply(req, g, dhcpv4.MessageTypeOffer)
	case dhcpv4.MessageTypeRequest:
		want := req.RequestedIPAddress()
		if want == nil {
			want = req.ClientIPAddr // renewing or rebinding
		}
		switch {
		case !mine:
			return nil // it took another server's offer
		case want.Equal(ip4(g.ip)):
			return reply(req, g, dhcpv4.MessageTypeAck)
		default:
			return nak(req, g)
		}
	case dhcpv4.MessageTypeInform:
		if !mine || !req.ClientIPAddr.Equal(ip4(g.ip)) {
			return nil
		}
		return reply(req, g, dhcpv4.MessageTypeAck)
	default:
		// RELEASE and DECLINE change nothing: the address is the interface's own.
		return nil
	}
}

// reply makes an OFFER or ACK with all that the guest is to know. An INFORM's has
// neither address nor lease.
func reply(req *dhcpv4.DHCPv4, g guest, kind dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	rep := skeleton(req, g, kind)
	inform := req.MessageType() == dhcpv4.MessageTypeInform
	rep.ClientIPAddr = req.ClientIPAddr
	if kind == dhcpv4.MessageTypeOffer {
		rep.ClientIPAddr = net.IPv4zero.To4()
	}
	if !inform {
		rep.YourIPAddr = ip4(g.ip)
		rep.UpdateOption(dhcpv4.OptIPAddressLeaseTime(leaseTime))
		rep.UpdateOption(dhcpv4.OptRenewTimeValue(leaseTime / 2))
		rep.UpdateOption(dhcpv4.OptRebindingTimeValue(leaseTime * 7 / 8))
	}
	rep.UpdateOption(dhcpv4.OptSubnetMask(net.CIDRMask(g.subnet.Bits(), 32)))
	rep.UpdateOption(dhcpv4.OptRouter(ip4(g.router())))
	rep.UpdateOption(dhcpv4.OptBroadcastAddress(broadcast(g.subnet)))
	var dns []net.IP
	for _, a := range g.dns {
		dns = append(dns, ip4(a))
	}
	if len(dns) > 0 {
		rep.UpdateOption(dhcpv4.OptDNS(dns...))
	}
	if g.domain != "" {
		rep.UpdateOption(dhcpv4.OptDomainName(g.domain))
	}
	if len(g.ntp) > 0 {
		rep.UpdateOption(dhcpv4.OptNTPServers(g.ntp...))
	}
	if len(g.netbios) > 0 {
		rep.UpdateOption(dhcpv4.OptNetBIOSNameServers(g.netbios...))
	}
	if g.netbiosNode > 0 {
		rep.UpdateOption(dhcpv4.Option{Code: dhcpv4.OptionNetBIOSOverTCPIPNodeType, Value: dhcpv4.OptionGeneric{Data: []byte{g.netbiosNode}}})
	}
	if g.host != "" {
		rep.UpdateOption(dhcpv4.OptHostName(g.host))
	}
	rep.UpdateOption(dhcpv4.Option{Code: dhcpv4.OptionInterfaceMTU, Value: dhcpv4.Uint16(g.mtu)})
	return rep
}

// nak refuses an address that is not the interface's.
func nak(req *dhcpv4.DHCPv4, g guest) *dhcpv4.DHCPv4 {
	rep := skeleton(req, g, dhcpv4.MessageTypeNak)
	rep.UpdateOption(dhcpv4.OptMessage("the address is not this interface's"))
	return rep
}

// skeleton has what all answers share.
func skeleton(req *dhcpv4.DHCPv4, g guest, kind dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	zero := func() net.IP { return net.IPv4zero.To4() }
	rep := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootReply, HWType: req.HWType, ClientHWAddr: req.ClientHWAddr,
		TransactionID: req.TransactionID, Flags: req.Flags,
		ClientIPAddr: zero(), YourIPAddr: zero(), ServerIPAddr: zero(), GatewayIPAddr: zero(),
		Options: dhcpv4.Options{},
	}
	rep.UpdateOption(dhcpv4.OptMessageType(kind))
	rep.UpdateOption(dhcpv4.OptServerIdentifier(ip4(g.router())))
	if id := req.Options.Get(dhcpv4.OptionClientIdentifier); len(id) > 0 { // RFC 6842
		rep.UpdateOption(dhcpv4.OptGeneric(dhcpv4.OptionClientIdentifier, id))
	}
	return rep
}

// isNewLease tells a first acknowledgement from a renewal, whose request carries the
// address as the client's own.
func isNewLease(req, rep *dhcpv4.DHCPv4) bool {
	return rep.MessageType() == dhcpv4.MessageTypeAck && req.MessageType() == dhcpv4.MessageTypeRequest &&
		req.ClientIPAddr.IsUnspecified()
}

// replyFrame addresses an answer as RFC 2131, section 4.1 says.
func replyFrame(req, rep *dhcpv4.DHCPv4, g guest) frame {
	everyone := net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	f := frame{src: g.router(), dst: netip.AddrFrom4([4]byte{255, 255, 255, 255}), dstMAC: everyone, payload: rep.ToBytes()}
	switch {
	case rep.MessageType() == dhcpv4.MessageTypeNak:
	case !req.ClientIPAddr.IsUnspecified():
		f.dst, f.dstMAC = g.ip, g.mac
	case !req.IsBroadcast():
		f.dst, f.dstMAC = g.ip, g.mac
	}
	return f
}

// resolvers are the DNS servers that the guest is told: those that the VPC's options name.
// A server that sends no options has the VPC's own, at its base plus two.
func resolvers(vpc *agentpb.VPC) []netip.Addr {
	options := vpc.GetDhcp()
	if options == nil {
		return baseResolver(vpc)
	}
	var out []netip.Addr
	for _, s := range options.GetDomainNameServers() {
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			out = append(out, a)
		} else if s == "AmazonProvidedDNS" {
			out = append(out, baseResolver(vpc)...)
		}
	}
	return out
}

// addresses are the IPv4 addresses of a list.
func addresses(list []string) (out []net.IP) {
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			out = append(out, ip4(a))
		}
	}
	return out
}

func baseResolver(vpc *agentpb.VPC) []netip.Addr {
	if len(vpc.GetCidrs()) == 0 {
		return nil
	}
	p, err := netip.ParsePrefix(vpc.GetCidrs()[0])
	if err != nil {
		return nil
	}
	return []netip.Addr{p.Masked().Addr().Next().Next()}
}

// hostLabel is the host name without its domain: the VPC's own name for the address,
// or the instance's, which goes before if the instance is named by its id and the address
// is its primary one. It has letters, digits and dashes alone, since guests' scripts
// are known to trust it.
func hostLabel(vpc *agentpb.VPC, ip netip.Addr, b *agentpb.Boot) string {
	name := b.GetMetadata().GetHostname()
	all := b.GetInterfaces()
	byResource := strings.HasPrefix(name, b.GetInstanceId()+".") && len(all) > 0 && all[0].GetPrivateIp() == ip.String()
	for _, n := range vpc.GetNames() {
		if n.GetIp() == ip.String() && n.GetHost() != "" && !byResource {
			name = n.GetHost()
		}
	}
	label, _, _ := strings.Cut(name, ".")
	label = strings.ToLower(label)
	if len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ""
	}
	return label
}

func ip4(a netip.Addr) net.IP { return net.IP(a.AsSlice()) }

// broadcast is the last address of a prefix.
func broadcast(p netip.Prefix) net.IP {
	b := p.Masked().Addr().As4()
	for i := range b {
		b[i] |= ^net.CIDRMask(p.Bits(), 32)[i]
	}
	return net.IP(b[:])
}
