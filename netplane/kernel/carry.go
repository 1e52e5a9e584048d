package kernel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// Carried is a tracked connection of a guest that moves to another host: what that host's
// connection tracking needs to know to let it go on.
type Carried struct {
	Protocol uint8          `json:"protocol"` // TCP or UDP
	From     netip.AddrPort `json:"from"`     // as it began
	To       netip.AddrPort `json:"to"`
	// ReplyFrom and ReplyTo are what answers have. They differ from To and From where
	// addresses are translated.
	ReplyFrom netip.AddrPort `json:"reply_from"`
	ReplyTo   netip.AddrPort `json:"reply_to"`
	State     uint8          `json:"state,omitempty"` // TCP's, as the kernel counts them
	Status    uint32         `json:"status"`          // answered, assured
	Seconds   uint32         `json:"seconds"`         // until it is forgotten
}

// Attributes and flags of linux/netfilter/nfnetlink_conntrack.h and nf_conntrack_common.h.
const (
	ctaNATSrc, ctaNATDst             = 6, 13
	ctaNATMinIP, ctaNATMaxIP         = 1, 2
	ctaNATProto                      = 3
	ctaPortMin, ctaPortMax           = 1, 2
	ctaTCPState                      = 1
	ctaTCPFlagsOrig, ctaTCPFlagReply = 4, 5
	tcpLiberal                       = 0x08 // windows are not checked: nobody knows them here
	statusCarried                    = 0x02 | 0x04
	statusConfirmed                  = 0x08 // that of all that are in the table
)

// Flows returns the tracked connections of a VPC that one of the addresses takes part in.
func (k *Kernel) Flows(_ context.Context, vpcID string, of []netip.Addr) ([]Carried, error) {
	var out []Carried
	err := inNamespace(plan.NamespaceName(k.cfg.Prefix, vpcID), func() error {
		msgs, err := retry(func() ([][]byte, error) {
			return conntrackRequest(nl.IPCTNL_MSG_CT_GET, unix.NLM_F_DUMP).Execute(unix.NETLINK_NETFILTER, 0)
		})
		if err != nil {
			return fmt.Errorf("list tracked connections: %w", err)
		}
		for _, m := range msgs {
			c, err := carriedOf(m)
			if err != nil {
				return err
			}
			if c.touches(of) {
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}

// touches reports whether it is a connection of one of the addresses that can be carried.
// Those with a host's own services end there.
func (c *Carried) touches(of []netip.Addr) bool {
	return !c.To.Addr().IsLinkLocalUnicast() && (c.Protocol == unix.IPPROTO_TCP || c.Protocol == unix.IPPROTO_UDP) &&
		slices.ContainsFunc([]netip.AddrPort{c.From, c.To, c.ReplyFrom, c.ReplyTo}, func(a netip.AddrPort) bool { return slices.Contains(of, a.Addr()) })
}

func carriedOf(m []byte) (Carried, error) {
	var c Carried
	attrs, err := nl.ParseRouteAttr(m[nl.SizeofNfgenmsg:])
	if err != nil {
		return c, err
	}
	for _, a := range attrs {
		switch attrType(a) {
		case nl.CTA_TUPLE_ORIG:
			c.Protocol, c.From, c.To, err = endsOf(a.Value)
		case nl.CTA_TUPLE_REPLY:
			_, c.ReplyFrom, c.ReplyTo, err = endsOf(a.Value)
		case nl.CTA_STATUS:
			c.Status = binary.BigEndian.Uint32(a.Value)
		case nl.CTA_TIMEOUT:
			c.Seconds = binary.BigEndian.Uint32(a.Value)
		case nl.CTA_PROTOINFO:
			c.State, err = tcpStateOf(a.Value)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// endsOf reads the ends of one direction.
func endsOf(raw []byte) (protocol uint8, from, to netip.AddrPort, err error) {
	parts, err := nl.ParseRouteAttr(raw)
	if err != nil {
		return 0, from, to, err
	}
	var src, dst netip.Addr
	var sport, dport uint16
	for _, part := range parts {
		attrs, err := nl.ParseRouteAttr(part.Value)
		if err != nil {
			return 0, from, to, err
		}
		for _, a := range attrs {
			switch attrType(part)<<8 | attrType(a) {
			case nl.CTA_TUPLE_IP<<8 | nl.CTA_IP_V4_SRC:
				src, _ = netip.AddrFromSlice(a.Value)
			case nl.CTA_TUPLE_IP<<8 | nl.CTA_IP_V4_DST:
				dst, _ = netip.AddrFromSlice(a.Value)
			case nl.CTA_TUPLE_PROTO<<8 | nl.CTA_PROTO_NUM:
				protocol = a.Value[0]
			case nl.CTA_TUPLE_PROTO<<8 | nl.CTA_PROTO_SRC_PORT:
				sport = binary.BigEndian.Uint16(a.Value)
			case nl.CTA_TUPLE_PROTO<<8 | nl.CTA_PROTO_DST_PORT:
				dport = binary.BigEndian.Uint16(a.Value)
			}
		}
	}
	return protocol, netip.AddrPortFrom(src, sport), netip.AddrPortFrom(dst, dport), nil
}

func tcpStateOf(raw []byte) (uint8, error) {
	infos, err := nl.ParseRouteAttr(raw)
	if err != nil {
		return 0, err
	}
	for _, info := range infos {
		if attrType(info) != nl.CTA_PROTOINFO_TCP {
			continue
		}
		attrs, err := nl.ParseRouteAttr(info.Value)
		if err != nil {
			return 0, err
		}
		for _, a := range attrs {
			if attrType(a) == ctaTCPState {
				return a.Value[0], nil
			}
		}
	}
	return 0, nil
}

// Carry has a VPC's connection tracking know connections that came from another host. Only
// those of the addresses are taken, and those that are known already stay as they are.
func (k *Kernel) Carry(_ context.Context, vpcID string, of []netip.Addr, flows []Carried) error {
	return inNamespace(plan.NamespaceName(k.cfg.Prefix, vpcID), func() error {
		var errs []error
		for _, c := range flows {
			if !c.touches(of) || !c.whole() {
				continue
			}
			_, err := c.request().Execute(unix.NETLINK_NETFILTER, 0)
			if err != nil && !errors.Is(err, unix.EEXIST) {
				errs = append(errs, fmt.Errorf("carry connection %v -> %v: %w", c.From, c.To, err))
			}
		}
		return errors.Join(errs...)
	})
}

func (c *Carried) whole() bool {
	return c.From.Addr().Is4() && c.To.Addr().Is4() && c.ReplyFrom.Addr().Is4() && c.ReplyTo.Addr().Is4()
}

// request makes the connection as if it had begun here. The kernel is told of the
// direction as it began, and of the translation apart from it.
func (c *Carried) request() *nl.NetlinkRequest {
	req := conntrackRequest(nl.IPCTNL_MSG_CT_NEW, unix.NLM_F_CREATE|unix.NLM_F_EXCL|unix.NLM_F_ACK)
	req.AddData(tupleAttr(nl.CTA_TUPLE_ORIG, c.Protocol, c.From, c.To))
	req.AddData(tupleAttr(nl.CTA_TUPLE_REPLY, c.Protocol, c.To, c.From))
	if c.ReplyFrom != c.To {
		req.AddData(natAttr(ctaNATDst, c.ReplyFrom))
	}
	if c.ReplyTo != c.From {
		req.AddData(natAttr(ctaNATSrc, c.ReplyTo))
	}
	req.AddData(nl.NewRtAttr(nl.CTA_STATUS, be32(c.Status&statusCarried|statusConfirmed)))
	req.AddData(nl.NewRtAttr(nl.CTA_TIMEOUT, be32(max(c.Seconds, 1))))
	if c.Protocol == unix.IPPROTO_TCP {
		info := nl.NewRtAttr(nl.CTA_PROTOINFO|unix.NLA_F_NESTED, nil)
		tcp := info.AddRtAttr(nl.CTA_PROTOINFO_TCP|unix.NLA_F_NESTED, nil)
		tcp.AddRtAttr(ctaTCPState, []byte{c.State})
		tcp.AddRtAttr(ctaTCPFlagsOrig, []byte{tcpLiberal, tcpLiberal})
		tcp.AddRtAttr(ctaTCPFlagReply, []byte{tcpLiberal, tcpLiberal})
		req.AddData(info)
	}
	return req
}

func tupleAttr(kind int, protocol uint8, from, to netip.AddrPort) *nl.RtAttr {
	t := nl.NewRtAttr(kind|unix.NLA_F_NESTED, nil)
	ip := t.AddRtAttr(nl.CTA_TUPLE_IP|unix.NLA_F_NESTED, nil)
	ip.AddRtAttr(nl.CTA_IP_V4_SRC, from.Addr().AsSlice())
	ip.AddRtAttr(nl.CTA_IP_V4_DST, to.Addr().AsSlice())
	proto := t.AddRtAttr(nl.CTA_TUPLE_PROTO|unix.NLA_F_NESTED, nil)
	proto.AddRtAttr(nl.CTA_PROTO_NUM, []byte{protocol})
	proto.AddRtAttr(nl.CTA_PROTO_SRC_PORT, be16(from.Port()))
	proto.AddRtAttr(nl.CTA_PROTO_DST_PORT, be16(to.Port()))
	return t
}

func natAttr(kind int, to netip.AddrPort) *nl.RtAttr {
	n := nl.NewRtAttr(kind|unix.NLA_F_NESTED, nil)
	n.AddRtAttr(ctaNATMinIP, to.Addr().AsSlice())
	n.AddRtAttr(ctaNATMaxIP, to.Addr().AsSlice())
	p := n.AddRtAttr(ctaNATProto|unix.NLA_F_NESTED, nil)
	p.AddRtAttr(ctaPortMin, be16(to.Port()))
	p.AddRtAttr(ctaPortMax, be16(to.Port()))
	return n
}

func be16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
func be32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
