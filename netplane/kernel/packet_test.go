package kernel_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/internal/testkit"
)

var everybody = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

func htons(v uint16) uint16 { return v<<8 | v>>8 }

// frame is an Ethernet II frame.
func frame(dst, src net.HardwareAddr, etherType uint16, payload []byte) []byte {
	f := append(append(bytes.Clone(dst), src...), 0, 0)
	binary.BigEndian.PutUint16(f[12:], etherType)
	return append(f, payload...)
}

// frame8023 has a length where Ethernet II has a type; LLC (and SNAP) follow.
func frame8023(dst, src net.HardwareAddr, llc []byte) []byte {
	return frame(dst, src, uint16(len(llc)), llc)
}

// tagged puts an 802.1Q (0x8100) or 802.1ad (0x88a8) tag into a frame.
func tagged(tpid uint16, f []byte) []byte {
	out := append(bytes.Clone(f[:12]), byte(tpid>>8), byte(tpid), 0, 1)
	return append(out, f[12:]...)
}

// arp is an ARP packet; what follows it in the frame is padding, which carries mark.
func arp(op uint16, sha net.HardwareAddr, spa netip.Addr, tha net.HardwareAddr, tpa netip.Addr, mark string) []byte {
	p := []byte{0, 1, 8, 0, 6, 4, byte(op >> 8), byte(op)}
	p = append(append(p, sha...), spa.AsSlice()...)
	p = append(append(p, tha...), tpa.AsSlice()...)
	return append(p, mark...)
}

// ipv4 is an IPv4 packet with a right header checksum. frag is the flags and offset field.
func ipv4(protocol byte, src, dst netip.Addr, frag uint16, payload []byte) []byte {
	h := make([]byte, 20)
	h[0], h[8], h[9] = 0x45, 64, protocol
	binary.BigEndian.PutUint16(h[2:], uint16(20+len(payload)))
	binary.BigEndian.PutUint16(h[4:], 0x4d69)
	binary.BigEndian.PutUint16(h[6:], frag)
	copy(h[12:], src.AsSlice())
	copy(h[16:], dst.AsSlice())
	binary.BigEndian.PutUint16(h[10:], ^sum16(0, h))
	return append(h, payload...)
}

// udp is a UDP datagram without a checksum, which IPv4 allows.
func udp(sport, dport uint16, payload string) []byte {
	h := make([]byte, 8)
	binary.BigEndian.PutUint16(h, sport)
	binary.BigEndian.PutUint16(h[2:], dport)
	binary.BigEndian.PutUint16(h[4:], uint16(8+len(payload)))
	return append(h, payload...)
}

func sum16(start uint32, b []byte) uint16 {
	s := start
	for i := 0; i+1 < len(b); i += 2 {
		s += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// send puts frames on the guest's wire as they are.
func (g *guest) send(frames ...[]byte) {
	g.w.t.Helper()
	g.in(func() {
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
		must(g.w.t, err)
		defer unix.Close(fd)
		to := &unix.SockaddrLinklayer{Ifindex: link(g.w.t, "eth0").Attrs().Index}
		for _, f := range frames {
			must(g.w.t, unix.Sendto(fd, f, 0, to))
		}
	})
}

// wire is what arrives at a guest.
type wire struct {
	t      testing.TB
	mu     sync.Mutex
	frames [][]byte
}

// listenRaw records every frame that arrives at the guest from now on. The kernel
// takes VLAN tags off before a packet socket sees the frame; their content stays.
func (g *guest) listenRaw() *wire { return g.listenOn("eth0") }

func (g *guest) listenOn(device string) *wire {
	g.w.t.Helper()
	var fd int
	g.in(func() {
		var err error
		fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(htons(unix.ETH_P_ALL)))
		must(g.w.t, err)
		must(g.w.t, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_ALL), Ifindex: link(g.w.t, device).Attrs().Index}))
	})
	w := &wire{t: g.w.t}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 65536)
		for {
			select {
			case <-stop:
				return
			default:
			}
			p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
			if n, _ := unix.Poll(p, 100); n == 0 {
				continue
			}
			n, from, err := unix.Recvfrom(fd, buf, unix.MSG_DONTWAIT)
			if err != nil {
				continue
			}
			if ll, ok := from.(*unix.SockaddrLinklayer); ok && ll.Pkttype == unix.PACKET_OUTGOING {
				continue
			}
			w.mu.Lock()
			w.frames = append(w.frames, bytes.Clone(buf[:n]))
			w.mu.Unlock()
		}
	})
	g.w.t.Cleanup(func() { close(stop); wg.Wait(); unix.Close(fd) })
	return w
}

// with counts the frames that contain mark.
func (w *wire) with(mark string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, f := range w.frames {
		if bytes.Contains(f, []byte(mark)) {
			n++
		}
	}
	return n
}

// ofType are the frames of an Ethernet type.
func (w *wire) ofType(etherType uint16) (out [][]byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.frames {
		if len(f) >= 42 && binary.BigEndian.Uint16(f[12:]) == etherType {
			out = append(out, f)
		}
	}
	return out
}

// await waits until a frame with mark came.
func (w *wire) await(mark string) {
	w.t.Helper()
	testkit.Wait(w.t, 5*time.Second, "a frame with "+mark, func() bool { return w.with(mark) > 0 })
}
