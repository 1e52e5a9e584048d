package kernel

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"sync"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// linkFilter is what of a namespace's packets may be a probe. Only it comes to us, however
// much else passes.
type linkFilter struct {
	protocol, port        int
	sources, destinations []netip.Addr // sources may be nil, for any
}

// Offsets in a frame whose IPv4 header has no options, as a probe's.
const (
	atType     = 12
	atVersion  = 14
	atFragment = 20
	atProtocol = 23
	atSource   = 26
	atDest     = 30
	atPorts    = 34 // of ICMP: the type
	atFlags    = 47 // of TCP
	leastFrame = 42
)

// program is the filter as the kernel runs it.
func (f linkFilter) program() ([]bpf.RawInstruction, error) {
	var p []bpf.Instruction
	// need lets pass what has one of the values; the end is the refusal.
	need := func(offset uint32, size int, mask uint32, values ...uint32) {
		p = append(p, bpf.LoadAbsolute{Off: offset, Size: size}, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: mask})
		for n, v := range values {
			p = append(p, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipTrue: uint8(len(values) - n)})
		}
		p = append(p, bpf.RetConstant{Val: 0})
	}
	addresses := func(list []netip.Addr) (out []uint32) {
		for _, a := range list {
			b := a.As4()
			out = append(out, binary.BigEndian.Uint32(b[:]))
		}
		return out
	}
	const all = 0xffffffff
	need(atType, 2, all, unix.ETH_P_IP)
	need(atVersion, 1, all, 0x45)
	need(atFragment, 2, 0x1fff, 0)
	need(atProtocol, 1, all, uint32(f.protocol))
	need(atDest, 4, all, addresses(f.destinations)...)
	if f.sources != nil {
		need(atSource, 4, all, addresses(f.sources)...)
	}
	switch f.protocol {
	case plan.ProtocolICMP:
		need(atPorts, 1, all, 8)
	case plan.ProtocolTCP:
		need(atPorts+2, 2, all, uint32(f.port))
		need(atFlags, 1, 0x12, 2) // SYN without ACK
	default:
		need(atPorts+2, 2, all, uint32(f.port))
	}
	return bpf.Assemble(append(p, bpf.RetConstant{Val: 128}))
}

// sightingOf reads a frame that the filter let pass.
func (f linkFilter) sightingOf(frame []byte) (s Sighting, ok bool) {
	if len(frame) < leastFrame {
		return s, false
	}
	port := func(at int) uint16 { return binary.BigEndian.Uint16(frame[at:]) }
	from, to := port(atPorts), port(atPorts+2)
	if f.protocol == plan.ProtocolICMP {
		from, to = port(atPorts+4), 0 // the echo's id
	}
	s.Source = netip.AddrPortFrom(netip.AddrFrom4([4]byte(frame[atSource:])), from)
	s.Destination = netip.AddrPortFrom(netip.AddrFrom4([4]byte(frame[atDest:])), to)
	return s, true
}

// linkWatch sees packets on all links of a namespace, in the order of their coming. It sees
// them at ports as they are sent, after queues, and as they come in, before any filter.
type linkWatch struct {
	socket *os.File
	reader sync.WaitGroup
}

func watchLinks(namespace string, filter linkFilter, see func(Sighting)) (*linkWatch, error) {
	program, err := filter.program()
	if err != nil {
		return nil, err
	}
	w := &linkWatch{}
	err = inNamespace(namespace, func() (err error) {
		w.socket, err = packetSocket(program)
		return err
	})
	if err != nil {
		return nil, err
	}
	raw, err := w.socket.SyscallConn()
	if err != nil {
		w.socket.Close()
		return nil, err
	}
	w.reader.Go(func() {
		buf := make([]byte, 256)
		for {
			var got int
			var from unix.Sockaddr
			var link string
			var failed error
			err := raw.Read(func(fd uintptr) bool {
				got, from, failed = unix.Recvfrom(int(fd), buf, 0)
				if failed == nil {
					link = linkName(int(fd), from)
				}
				return !errors.Is(failed, unix.EAGAIN)
			})
			if err != nil {
				return
			}
			at, ok := from.(*unix.SockaddrLinklayer)
			if failed != nil || !ok { // such as a link that went down
				continue
			}
			if s, ok := filter.sightingOf(buf[:got]); ok {
				s.Link, s.Out = link, at.Pkttype == unix.PACKET_OUTGOING
				see(s)
			}
		}
	})
	return w, nil
}

func (w *linkWatch) close() {
	_ = w.socket.SetReadDeadline(longAgo)
	w.reader.Wait()
	w.socket.Close()
}

// packetSocket hears all links of the calling thread's namespace, as far as a filter lets
// it. It is bound after it has the filter, so that nothing else gets in.
func packetSocket(filter []bpf.RawInstruction) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "packets")
	code := make([]unix.SockFilter, len(filter))
	for n, i := range filter {
		code[n] = unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K}
	}
	err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]})
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: unix.ETH_P_ALL<<8 | unix.ETH_P_ALL>>8})
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// linkName asks the socket, which is in its namespace wherever the thread is.
func linkName(fd int, from unix.Sockaddr) string {
	at, ok := from.(*unix.SockaddrLinklayer)
	if !ok {
		return ""
	}
	r, err := unix.NewIfreq("")
	if err != nil {
		return ""
	}
	r.SetUint32(uint32(at.Ifindex))
	if unix.IoctlIfreq(fd, unix.SIOCGIFNAME, r) != nil {
		return "" // it is gone
	}
	return r.Name()
}
