package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// Attributes of linux/netfilter/nfnetlink_conntrack.h that the library lacks.
const (
	ctaProtoICMPType = 5
	ctaProtoICMPCode = 6
)

// tracked is one entry of the connection tracking table.
type tracked struct {
	orig, reply []byte // the tuples as the kernel wrote them
	id          []byte
	flow        plan.Flow
}

// EndRevoked ends the connections that no rule allows any more since the last Update that
// took something away. The kernel's table of connections can only be walked as a whole, for
// all namespaces, however few it has: this is why it is apart from Update.
func (k *Kernel) EndRevoked() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.endRevoked()
}

func (k *Kernel) endRevoked() error {
	var errs []error
	for id := range k.revoked {
		n, ok := k.applied[id]
		if !ok {
			continue // once it is in force all are looked at
		}
		err := inNamespace(n.Name, func() error {
			if count, err := os.ReadFile(sysctlDir + "net/netfilter/nf_conntrack_count"); err == nil && strings.TrimSpace(string(count)) == "0" {
				return nil
			}
			return k.endFlows(n)
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", n.Name, err))
			continue
		}
		delete(k.revoked, id)
	}
	return errors.Join(errs...)
}

// endFlows deletes tracked connections of the calling thread's namespace that the
// model does not allow, or no longer. Their next packet is judged like a first one.
func (k *Kernel) endFlows(n plan.Namespace) error {
	list, err := retry(listTracked)
	if err != nil {
		return err
	}
	judge := plan.Judge(n.VPC)
	for _, t := range list {
		t.flow.Tracked = true
		v := judge(t.flow)
		if v.Allowed {
			continue
		}
		err := k.do(fmt.Sprintf("end connection %s%s: %s", describe(t.flow), in(n.Name), v.Reason), t.delete)
		if err != nil {
			return err
		}
	}
	return nil
}

func describe(f plan.Flow) string {
	return fmt.Sprintf("%s -> %s protocol %d port %d", f.Src, f.Dst, f.Protocol, f.DstPort)
}

func conntrackRequest(cmd, flags int) *nl.NetlinkRequest {
	req := nl.NewNetlinkRequest(unix.NFNL_SUBSYS_CTNETLINK<<8|cmd, flags)
	req.AddData(&nl.Nfgenmsg{NfgenFamily: unix.AF_INET, Version: nl.NFNETLINK_V0})
	return req
}

func (t tracked) delete() error {
	req := conntrackRequest(nl.IPCTNL_MSG_CT_DELETE, unix.NLM_F_ACK)
	req.AddData(nl.NewRtAttr(nl.CTA_TUPLE_ORIG|unix.NLA_F_NESTED, t.orig))
	if t.id != nil { // so that a successor with the same addresses is left alone
		req.AddData(nl.NewRtAttr(nl.CTA_ID, t.id))
	}
	_, err := req.Execute(unix.NETLINK_NETFILTER, 0)
	if err == unix.ENOENT {
		return nil
	}
	return err
}

func listTracked() ([]tracked, error) {
	msgs, err := conntrackRequest(nl.IPCTNL_MSG_CT_GET, unix.NLM_F_DUMP).Execute(unix.NETLINK_NETFILTER, 0)
	if err != nil {
		return nil, fmt.Errorf("list tracked connections: %w", err)
	}
	var out []tracked
	for _, m := range msgs {
		attrs, err := nl.ParseRouteAttr(m[nl.SizeofNfgenmsg:])
		if err != nil {
			return nil, err
		}
		var t tracked
		for _, a := range attrs {
			switch attrType(a) {
			case nl.CTA_TUPLE_ORIG:
				t.orig = a.Value
			case nl.CTA_TUPLE_REPLY:
				t.reply = a.Value
			case nl.CTA_ID:
				t.id = a.Value
			}
		}
		if t.flow, err = flowOf(t.orig, t.reply); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func attrType(a syscall.NetlinkRouteAttr) int { return int(a.Attr.Type) &^ unix.NLA_F_NESTED }

// tuple is one direction of a tracked connection.
type tuple struct {
	src, dst           netip.Addr
	protocol           int
	dstPort            int
	icmpType, icmpCode int
}

// flowOf sees the connection as FORWARD does: the reply's source is where it really
// went, and the original source is where it really came from.
func flowOf(origRaw, replyRaw []byte) (plan.Flow, error) {
	orig, err := parseTuple(origRaw)
	if err != nil {
		return plan.Flow{}, err
	}
	reply, err := parseTuple(replyRaw)
	if err != nil {
		return plan.Flow{}, err
	}
	f := plan.Flow{
		Protocol: orig.protocol, Src: orig.src, Dst: reply.src,
		DstPort: orig.dstPort, ICMPType: orig.icmpType, ICMPCode: orig.icmpCode,
	}
	if orig.dst != reply.src {
		f.NATDst = orig.dst
	}
	if orig.src != reply.dst {
		f.NATSrc = reply.dst
	}
	return f, nil
}

func parseTuple(raw []byte) (tuple, error) {
	var t tuple
	parts, err := nl.ParseRouteAttr(raw)
	if err != nil {
		return t, err
	}
	for _, part := range parts {
		attrs, err := nl.ParseRouteAttr(part.Value)
		if err != nil {
			return t, err
		}
		for _, a := range attrs {
			switch attrType(part)<<8 | attrType(a) {
			case nl.CTA_TUPLE_IP<<8 | nl.CTA_IP_V4_SRC:
				t.src, _ = netip.AddrFromSlice(a.Value)
			case nl.CTA_TUPLE_IP<<8 | nl.CTA_IP_V4_DST:
				t.dst, _ = netip.AddrFromSlice(a.Value)
			case nl.CTA_TUPLE_PROTO<<8 | nl.CTA_PROTO_NUM:
				t.protocol = int(a.Value[0])
			case nl.CTA_TUPLE_PROTO<<8 | nl.CTA_PROTO_DST_PORT:
				t.dstPort = int(binary.BigEndian.Uint16(a.Value))
			case nl.CTA_TUPLE_PROTO<<8 | ctaProtoICMPType:
				t.icmpType = int(a.Value[0])
			case nl.CTA_TUPLE_PROTO<<8 | ctaProtoICMPCode:
				t.icmpCode = int(a.Value[0])
			}
		}
	}
	return t, nil
}
