package dhcp

import (
	"encoding/binary"
	"net"
	"net/netip"
)

const (
	etherLen = 14
	ipLen    = 20
	udpLen   = 8
)

// frame is a DHCP message on Ethernet.
type frame struct {
	srcMAC, dstMAC net.HardwareAddr // srcMAC of what we send is the device's own
	src, dst       netip.Addr
	payload        []byte
}

// parseFrame reads an Ethernet frame with UDP to the server's port. Checksums are not
// looked at: those of a guest on the same host are often left to a card that does not
// exist, and the message names its own MAC, which must be the frame's.
func parseFrame(b []byte) (frame, bool) {
	if len(b) < etherLen+ipLen+udpLen || binary.BigEndian.Uint16(b[12:]) != 0x0800 {
		return frame{}, false
	}
	f := frame{dstMAC: net.HardwareAddr(b[0:6:6]), srcMAC: net.HardwareAddr(b[6:12:12])}
	ip := b[etherLen:]
	head, total := int(ip[0]&15)*4, int(binary.BigEndian.Uint16(ip[2:]))
	fragment := binary.BigEndian.Uint16(ip[6:])&0x3fff != 0
	if ip[0]>>4 != 4 || head < ipLen || total < head+udpLen || total > len(ip) || ip[9] != 17 || fragment {
		return frame{}, false
	}
	f.src, f.dst = netip.AddrFrom4([4]byte(ip[12:16])), netip.AddrFrom4([4]byte(ip[16:20]))
	udp := ip[head:total]
	n := int(binary.BigEndian.Uint16(udp[4:]))
	if n < udpLen || n > len(udp) || binary.BigEndian.Uint16(udp[2:]) != serverPort {
		return frame{}, false
	}
	f.payload = udp[udpLen:n]
	return f, true
}

// bytes is the frame from the server to a client's port, with its checksums; the
// sender's MAC is f.srcMAC.
func (f frame) bytes() []byte {
	b := make([]byte, etherLen+ipLen+udpLen+len(f.payload))
	copy(b[0:6], f.dstMAC)
	copy(b[6:12], f.srcMAC)
	binary.BigEndian.PutUint16(b[12:], 0x0800)
	ip := b[etherLen:]
	ip[0] = 0x45
	ip[1] = 0x10 // low delay, as DHCP servers send
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	ip[8], ip[9] = 64, 17
	src, dst := f.src.As4(), f.dst.As4()
	copy(ip[12:16], src[:])
	copy(ip[16:20], dst[:])
	binary.BigEndian.PutUint16(ip[10:], ^sum(0, ip[:ipLen]))
	udp := ip[ipLen:]
	binary.BigEndian.PutUint16(udp[0:], serverPort)
	binary.BigEndian.PutUint16(udp[2:], clientPort)
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	copy(udp[udpLen:], f.payload)
	pseudo := sum(sum(0, ip[12:20]), []byte{0, 17, udp[4], udp[5]})
	check := ^sum(pseudo, udp)
	if check == 0 {
		check = 0xffff // 0 says that there is none
	}
	binary.BigEndian.PutUint16(udp[6:], check)
	return b
}

// sum is the one's complement sum of the Internet checksum (RFC 1071), going on from
// an earlier one.
func sum(from uint16, b []byte) uint16 {
	s := uint32(from)
	for ; len(b) >= 2; b = b[2:] {
		s += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
