package imds

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/proto/agentpb"
)

// openTTL is the IP TTL of answers that no hop limit concerns.
const openTTL = 64

// giveUpAfter is how long sent bytes may stay unacknowledged. Connections inherit it.
const giveUpAfter = 20 * time.Second

// synackLimits returns the addresses whose connections may not even be accepted from
// further than the hop limit: those of instances that require tokens. The others'
// must be accepted from anywhere in the guest, because version 1 knows no hop limit
// and the request is not known when the SYN is.
func synackLimits(boots []*agentpb.Boot, vpcID string) map[netip.Addr]int {
	out := map[netip.Addr]int{}
	for _, b := range boots {
		if b.GetMetadata().GetHttpTokens() != "required" {
			continue
		}
		for _, n := range b.GetInterfaces() {
			ip, err := netip.ParseAddr(n.GetPrivateIp())
			if err == nil && ip.Is4() && n.GetVpcId() == vpcID {
				out[ip] = hopLimit(b)
			}
		}
	}
	return out
}

// group is a VPC's listening sockets: one for each TTL that its SYN-ACKs need, all on
// one address (SO_REUSEPORT), with a program in the kernel that chooses by the
// caller's address. A SYN-ACK takes its TTL from the listening socket.
type group struct {
	serve     func(net.Listener)
	listeners []*net.TCPListener // in the kernel's order; never closed one by one, which would renumber them
	index     map[int]int        // TTL -> place in listeners
	limits    map[netip.Addr]int
}

func newGroup(serve func(net.Listener)) *group { return &group{serve: serve, index: map[int]int{}} }

// apply makes the group such that SYN-ACKs to the addresses have these TTLs, and all
// others openTTL. It runs inside the namespace.
func (g *group) apply(limits map[netip.Addr]int) error {
	if g.limits != nil && maps.Equal(g.limits, limits) {
		return nil
	}
	if err := g.need(openTTL); err != nil {
		return err
	}
	for _, ttl := range slices.Sorted(maps.Values(limits)) {
		if err := g.need(ttl); err != nil {
			return err
		}
	}
	if err := g.choose(limits); err != nil {
		return err
	}
	g.limits = maps.Clone(limits)
	return nil
}

// need adds the listener of a TTL.
func (g *group) need(ttl int) error {
	if _, ok := g.index[ttl]; ok {
		return nil
	}
	lc := net.ListenConfig{Control: func(_, _ string, rc syscall.RawConn) error {
		return control(rc, func(fd int) error {
			return cmp.Or(
				unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
				unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1),
				// The address may be put on its link after us, or again.
				unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_FREEBIND, 1),
				// An answer that dies at its hop limit is not sent for ever.
				unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(giveUpAfter.Milliseconds())),
				unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TTL, ttl))
		})
	}}
	lc.SetMultipathTCP(false)
	l, err := lc.Listen(context.Background(), "tcp4", Address.String())
	if err != nil {
		return err
	}
	g.index[ttl] = len(g.listeners)
	g.listeners = append(g.listeners, l.(*net.TCPListener))
	g.serve(l)
	return nil
}

// choose loads the program that picks a SYN's listener.
func (g *group) choose(limits map[netip.Addr]int) error {
	rc, err := g.listeners[0].SyscallConn()
	if err != nil {
		return err
	}
	prog := g.program(limits)
	return control(rc, func(fd int) error {
		return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF,
			&unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]})
	})
}

// maxChosen is how many addresses fit a program: BPF_MAXINSNS is 4096, two each. The
// SYN-ACKs of those past it are not limited; their tokens' answers still are.
const maxChosen = 2000

// program is classic BPF: load the source address, compare it with each that is
// limited, and return the place of its listener.
func (g *group) program(limits map[netip.Addr]int) []unix.SockFilter {
	const netOffset = 0xfff00000 // SKF_NET_OFF: from the IP header on
	prog := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: netOffset + 12}}
	addrs := slices.SortedFunc(maps.Keys(limits), netip.Addr.Compare)
	for _, ip := range addrs[:min(len(addrs), maxChosen)] {
		b := ip.As4()
		prog = append(prog,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: binary.BigEndian.Uint32(b[:]), Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: uint32(g.index[limits[ip]])})
	}
	return append(prog, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: uint32(g.index[openTTL])})
}

// close closes all listeners.
func (g *group) close() {
	for _, l := range g.listeners {
		_ = l.Close()
	}
}
