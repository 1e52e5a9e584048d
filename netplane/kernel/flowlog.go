package kernel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// Count is how much went one way.
type Count struct{ Packets, Bytes uint64 }

// Flow is a tracked connection with its counters, as the two ends see it that are behind
// the VPC's address translation: A began it.
type Flow struct {
	ID       uint32 // the kernel's, good as long as the connection is tracked
	Protocol uint8
	A, B     netip.AddrPort // without ports, and for ICMP, the port is 0
	AB, BA   Count
}

// Reject is a packet that no rule let pass.
type Reject struct {
	Protocol uint8
	Src, Dst netip.AddrPort
	Bytes    int
	TCPFlags uint8
}

// FlowWatch is told what happens in a VPC's namespace. Its functions are called by one
// goroutine.
type FlowWatch struct {
	Ended    func(Flow)   // a connection is tracked no more; its last counters
	Rejected func(Reject) // only in a VPC whose plan has LogFlows
	Lost     func()       // the kernel had more to tell than was read in time
	Ready    func()       // from now on nothing is missed; may be nil
}

// FlowTable lists the connections that are tracked in a VPC's namespace. Those that began
// before the VPC's plan had LogFlows have no counters and are left out.
func (k *Kernel) FlowTable(vpcID string) (out []Flow, err error) {
	err = k.InNamespace(vpcID, func() error {
		msgs, err := retry(func() ([][]byte, error) {
			return conntrackRequest(nl.IPCTNL_MSG_CT_GET, unix.NLM_F_DUMP).Execute(unix.NETLINK_NETFILTER, 0)
		})
		if err != nil {
			return fmt.Errorf("list tracked connections: %w", err)
		}
		for _, m := range msgs {
			if f, ok := parseFlow(m); ok {
				out = append(out, f)
			}
		}
		return nil
	})
	return out, err
}

// WatchFlows tells of a VPC's flows until ctx ends (then nil) or its socket fails.
func (k *Kernel) WatchFlows(ctx context.Context, vpcID string, w FlowWatch) error {
	var ended, rejected *os.File
	err := k.InNamespace(vpcID, func() (err error) {
		if ended, err = netfilterSocket(1 << (unix.NFNLGRP_CONNTRACK_DESTROY - 1)); err != nil {
			return err
		}
		rejected, err = netfilterSocket(0)
		if err == nil {
			err = bindLog(rejected, plan.RejectGroup)
		}
		return err
	})
	for _, f := range []*os.File{ended, rejected} {
		if f != nil {
			defer f.Close()
			defer context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(longAgo) })()
		}
	}
	if err != nil {
		return fmt.Errorf("watch flows in %s: %w", vpcID, err)
	}
	if w.Ready != nil {
		w.Ready()
	}
	type packet struct {
		from *os.File
		data []byte
		err  error
	}
	packets, done := make(chan packet), make(chan struct{})
	defer close(done)
	for _, f := range []*os.File{ended, rejected} {
		go func() {
			buf := make([]byte, 1<<17)
			for {
				n, err := f.Read(buf)
				p := packet{f, append([]byte(nil), buf[:max(n, 0)]...), err}
				select {
				case packets <- p:
				case <-done:
					return
				}
				if err != nil && !errors.Is(err, unix.ENOBUFS) {
					return
				}
			}
		}()
	}
	for {
		var p packet
		select {
		case <-ctx.Done():
			return nil
		case p = <-packets:
		}
		switch {
		case errors.Is(p.err, unix.ENOBUFS):
			w.Lost()
		case p.err != nil && ctx.Err() != nil:
			return nil
		case p.err != nil:
			return fmt.Errorf("watch flows in %s: %w", vpcID, p.err)
		}
		eachMessage(p.data, func(kind uint16, body []byte) {
			switch {
			case p.from == ended && kind == unix.NFNL_SUBSYS_CTNETLINK<<8|ctDelete:
				if f, ok := parseFlow(body); ok {
					w.Ended(f)
				}
			case p.from == rejected && kind == unix.NFNL_SUBSYS_ULOG<<8|nfulnlPacket:
				if r, ok := parseReject(body); ok {
					w.Rejected(r)
				}
			}
		})
	}
}

var longAgo = time.Unix(1, 0)

// Numbers of linux/netfilter/nfnetlink_conntrack.h and nfnetlink_log.h.
const (
	ctDelete         = 2
	nlaTypeMask      = 0x3fff
	nfulnlPacket     = 0
	nfulnlConfig     = 1
	nfulaCfgCmd      = 1
	nfulaCfgMode     = 2
	nfulaPayload     = 9
	nfulnlCmdBind    = 1
	nfulnlCopyPacket = 2
	ctaCounterBytes  = 2
	ctaCounterPkts   = 1
)

// netfilterSocket opens a netlink socket in the calling thread's namespace.
func netfilterSocket(groups uint32) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_NETFILTER)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "netfilter")
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 4<<20)
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups}); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// bindLog has the packets of an NFLOG group sent to the socket, their heads alone.
func bindLog(f *os.File, group uint16) error {
	config := func(attr int, value []byte) []byte {
		req := nl.NewNetlinkRequest(unix.NFNL_SUBSYS_ULOG<<8|nfulnlConfig, 0)
		req.AddData(&nl.Nfgenmsg{NfgenFamily: unix.AF_UNSPEC, Version: nl.NFNETLINK_V0, ResId: group<<8 | group>>8})
		req.AddData(nl.NewRtAttr(attr, value))
		return req.Serialize()
	}
	mode := append(binary.BigEndian.AppendUint32(nil, 64), nfulnlCopyPacket, 0)
	for _, m := range [][]byte{config(nfulaCfgCmd, []byte{nfulnlCmdBind}), config(nfulaCfgMode, mode)} {
		if _, err := f.Write(m); err != nil {
			return err
		}
	}
	return nil
}

// eachMessage walks the messages of a datagram.
func eachMessage(b []byte, fn func(kind uint16, body []byte)) {
	for len(b) >= unix.NLMSG_HDRLEN {
		n := int(binary.NativeEndian.Uint32(b))
		if n < unix.NLMSG_HDRLEN || n > len(b) {
			return
		}
		fn(binary.NativeEndian.Uint16(b[4:]), b[unix.NLMSG_HDRLEN:n])
		b = b[min((n+3)&^3, len(b)):]
	}
}

// attributes reads netlink attributes by number; what is damaged is left out.
func attributes(b []byte) map[int][]byte {
	out := map[int][]byte{}
	for len(b) >= unix.SizeofNlAttr {
		n := int(binary.NativeEndian.Uint16(b))
		if n < unix.SizeofNlAttr || n > len(b) {
			break
		}
		out[int(binary.NativeEndian.Uint16(b[2:])&nlaTypeMask)] = b[unix.SizeofNlAttr:n]
		b = b[min((n+3)&^3, len(b)):]
	}
	return out
}

// parseFlow reads a message of connection tracking; false without counters.
func parseFlow(m []byte) (f Flow, ok bool) {
	if len(m) < nl.SizeofNfgenmsg {
		return f, false
	}
	attrs := attributes(m[nl.SizeofNfgenmsg:])
	origSrc, _, protocol, ok := flowTuple(attrs[nl.CTA_TUPLE_ORIG])
	replySrc, _, _, ok2 := flowTuple(attrs[nl.CTA_TUPLE_REPLY])
	if !ok || !ok2 || len(attrs[nl.CTA_ID]) != 4 || attrs[nl.CTA_COUNTERS_ORIG] == nil {
		return f, false
	}
	// The first packet's source is who began; who it reached, after any translation, is
	// who answers.
	return Flow{
		ID: binary.BigEndian.Uint32(attrs[nl.CTA_ID]), Protocol: protocol, A: origSrc, B: replySrc,
		AB: parseCount(attrs[nl.CTA_COUNTERS_ORIG]), BA: parseCount(attrs[nl.CTA_COUNTERS_REPLY]),
	}, true
}

func parseCount(b []byte) (c Count) {
	attrs := attributes(b)
	if p := attrs[ctaCounterPkts]; len(p) == 8 {
		c.Packets = binary.BigEndian.Uint64(p)
	}
	if p := attrs[ctaCounterBytes]; len(p) == 8 {
		c.Bytes = binary.BigEndian.Uint64(p)
	}
	return c
}

func flowTuple(b []byte) (src, dst netip.AddrPort, protocol uint8, ok bool) {
	attrs := attributes(b)
	ip, proto := attributes(attrs[nl.CTA_TUPLE_IP]), attributes(attrs[nl.CTA_TUPLE_PROTO])
	s, ok1 := netip.AddrFromSlice(ip[nl.CTA_IP_V4_SRC])
	d, ok2 := netip.AddrFromSlice(ip[nl.CTA_IP_V4_DST])
	if !ok1 || !ok2 || len(proto[nl.CTA_PROTO_NUM]) != 1 {
		return src, dst, 0, false
	}
	port := func(attr int) uint16 {
		if p := proto[attr]; len(p) == 2 {
			return binary.BigEndian.Uint16(p)
		}
		return 0
	}
	return netip.AddrPortFrom(s, port(nl.CTA_PROTO_SRC_PORT)), netip.AddrPortFrom(d, port(nl.CTA_PROTO_DST_PORT)), proto[nl.CTA_PROTO_NUM][0], true
}

// parseReject reads the head of a packet that NFLOG shows.
func parseReject(m []byte) (r Reject, ok bool) {
	if len(m) < nl.SizeofNfgenmsg {
		return r, false
	}
	p := attributes(m[nl.SizeofNfgenmsg:])[nfulaPayload]
	if len(p) < 20 || p[0]>>4 != 4 {
		return r, false
	}
	head := int(p[0]&15) * 4
	r.Protocol, r.Bytes = p[9], int(binary.BigEndian.Uint16(p[2:]))
	var from, to uint16
	first := binary.BigEndian.Uint16(p[6:])&0x1fff == 0 // a later fragment has no ports
	if (r.Protocol == plan.ProtocolTCP || r.Protocol == plan.ProtocolUDP) && first && len(p) >= head+4 {
		from, to = binary.BigEndian.Uint16(p[head:]), binary.BigEndian.Uint16(p[head+2:])
	}
	if r.Protocol == plan.ProtocolTCP && first && len(p) >= head+14 {
		r.TCPFlags = p[head+13]
	}
	r.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(p[12:16])), from)
	r.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(p[16:20])), to)
	return r, true
}
