package kernel

import (
	"encoding/binary"
	"math/rand/v2"
	"net"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// frame is the probe on the wire.
func (p Probe) frame(to, from net.HardwareAddr) []byte {
	src, dst := p.Source.As4(), p.Destination.As4()
	payload := p.segment()
	ip := []byte{0x45, 0}
	ip = binary.BigEndian.AppendUint16(ip, uint16(20+len(payload)))
	ip = binary.BigEndian.AppendUint16(ip, uint16(rand.Uint32()))
	ip = append(ip, 0x40, 0, 64, byte(p.Protocol), 0, 0) // don't fragment, 64 hops, checksum
	ip = append(append(ip, src[:]...), dst[:]...)
	binary.BigEndian.PutUint16(ip[10:], checksum(ip))

	pseudo := append(append([]byte{}, src[:]...), dst[:]...)
	pseudo = append(pseudo, 0, byte(p.Protocol))
	pseudo = binary.BigEndian.AppendUint16(pseudo, uint16(len(payload)))
	switch p.Protocol {
	case plan.ProtocolTCP:
		binary.BigEndian.PutUint16(payload[16:], checksum(append(pseudo, payload...)))
	case plan.ProtocolUDP:
		sum := checksum(append(pseudo, payload...))
		if sum == 0 { // which would say that there is none
			sum = 0xffff
		}
		binary.BigEndian.PutUint16(payload[6:], sum)
	case plan.ProtocolICMP:
		binary.BigEndian.PutUint16(payload[2:], checksum(payload))
	}
	f := append(append([]byte{}, to...), from...)
	f = binary.BigEndian.AppendUint16(f, unix.ETH_P_IP)
	return append(append(f, ip...), payload...)
}

// segment is what IP carries, without its checksum: a TCP SYN, an empty UDP datagram, or
// an ICMP echo request.
func (p Probe) segment() []byte {
	var s []byte
	switch p.Protocol {
	case plan.ProtocolICMP:
		s = binary.BigEndian.AppendUint16([]byte{8, 0, 0, 0}, uint16(p.SourcePort))
		return binary.BigEndian.AppendUint16(s, 1)
	case plan.ProtocolUDP:
		s = binary.BigEndian.AppendUint16(s, uint16(p.SourcePort))
		s = binary.BigEndian.AppendUint16(s, uint16(p.Port))
		return append(s, 0, 8, 0, 0)
	}
	s = binary.BigEndian.AppendUint16(s, uint16(p.SourcePort))
	s = binary.BigEndian.AppendUint16(s, uint16(p.Port))
	s = binary.BigEndian.AppendUint32(s, rand.Uint32())
	s = append(s, 0, 0, 0, 0)
	s = append(s, 5<<4, 2) // five words, SYN
	return append(s, 0xff, 0xff, 0, 0, 0, 0)
}

// checksum is the Internet's (RFC 1071).
func checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i < len(b); i += 2 {
		sum += uint32(b[i]) << 8
		if i+1 < len(b) {
			sum += uint32(b[i+1])
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
