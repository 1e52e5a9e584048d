package kernel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// Numbers of linux/netfilter/nfnetlink_conntrack.h and nf_conntrack_common.h.
const (
	ctNew           = 0
	ctaProtoICMPID  = 4
	statusSeenReply = 1 << 1
)

// probeTuple is how connection tracking knows a probe.
type probeTuple struct {
	protocol uint8
	src, dst netip.AddrPort // ICMP: the source's port is the echo's id
}

func (p Probe) tuple() probeTuple {
	t := probeTuple{uint8(p.Protocol), netip.AddrPortFrom(p.Source, uint16(p.SourcePort)), netip.AddrPortFrom(p.Destination, uint16(p.Port))}
	if p.Protocol == plan.ProtocolICMP {
		t.dst = netip.AddrPortFrom(p.Destination, 0)
	}
	return t
}

func tupleOf(b []byte) (t probeTuple, ok bool) {
	t.src, t.dst, t.protocol, ok = flowTuple(b)
	if t.protocol == plan.ProtocolICMP {
		if id := attributes(attributes(b)[nl.CTA_TUPLE_PROTO])[ctaProtoICMPID]; len(id) == 2 {
			t.src = netip.AddrPortFrom(t.src.Addr(), binary.BigEndian.Uint16(id))
		}
	}
	return t, ok
}

// place is a namespace in which connections are tracked; a NAT gateway's is of no VPC.
type place struct{ vpc, namespace string }

func placesOf(list []plan.Namespace) (out []place) {
	for _, n := range list {
		out = append(out, place{n.VPCID, n.Name})
	}
	return out
}

// sight is what connection tracking of a place said of a probe. It speaks once all
// filters let the packet pass, and not before.
type sight struct {
	place    place
	tuple    probeTuple
	answered bool
	to, back netip.AddrPort // where it went, and where answers go, after translation
	entry    tracked
}

// trackedWatch listens to connection tracking. To look at its table afterwards would not
// do: an answer that refuses a connection takes the entry away at once.
type trackedWatch struct {
	match   func(probeTuple) bool
	see     func(sight) // from a goroutine a place
	sockets []*os.File
	readers sync.WaitGroup
}

func watchTracked(places []place, match func(probeTuple) bool, see func(sight)) (*trackedWatch, error) {
	w := &trackedWatch{match: match, see: see}
	const groups = 1<<(unix.NFNLGRP_CONNTRACK_NEW-1) | 1<<(unix.NFNLGRP_CONNTRACK_UPDATE-1) | 1<<(unix.NFNLGRP_CONNTRACK_DESTROY-1)
	for _, at := range places {
		var f *os.File
		err := inNamespace(at.namespace, func() (err error) {
			f, err = netfilterSocket(groups)
			return err
		})
		if err != nil {
			w.close()
			return nil, fmt.Errorf("watch connections%s: %w", in(at.namespace), err)
		}
		w.sockets = append(w.sockets, f)
		w.readers.Go(func() { w.read(f, at) })
	}
	return w, nil
}

func (w *trackedWatch) close() {
	for _, f := range w.sockets {
		_ = f.SetReadDeadline(longAgo)
	}
	w.readers.Wait()
	for _, f := range w.sockets {
		f.Close()
	}
}

func (w *trackedWatch) read(f *os.File, at place) {
	buf := make([]byte, 1<<17)
	for {
		got, err := f.Read(buf)
		if errors.Is(err, unix.ENOBUFS) {
			continue
		}
		if err != nil {
			return
		}
		eachMessage(buf[:got], func(kind uint16, body []byte) {
			if s, ok := sightOf(kind, body, w.match); ok {
				s.place = at
				w.see(s)
			}
		})
	}
}

// sightOf reads an event, if it is about the probe. An entry that ends this soon was ended
// by an answer that refuses the connection.
func sightOf(kind uint16, body []byte, match func(probeTuple) bool) (s sight, ok bool) {
	if kind>>8 != unix.NFNL_SUBSYS_CTNETLINK || len(body) < nl.SizeofNfgenmsg {
		return s, false
	}
	attrs := attributes(body[nl.SizeofNfgenmsg:])
	if s.tuple, ok = tupleOf(attrs[nl.CTA_TUPLE_ORIG]); !ok || !match(s.tuple) {
		return s, false
	}
	s.answered = kind&0xff == ctDelete
	if status := attrs[nl.CTA_STATUS]; len(status) == 4 && binary.BigEndian.Uint32(status)&statusSeenReply != 0 {
		s.answered = true
	}
	if from, to, _, ok := flowTuple(attrs[nl.CTA_TUPLE_REPLY]); ok {
		s.to, s.back = from, to
	}
	s.entry = tracked{orig: slices.Clone(attrs[nl.CTA_TUPLE_ORIG]), id: slices.Clone(attrs[nl.CTA_ID])}
	return s, true
}

// await waits for a verdict, and after one that is yes for an answer. A connection that
// nobody answered is forgotten again.
func await(ctx context.Context, sights <-chan sight, own string, places int, out *ProbeResult) error {
	seen := map[string]sight{}
	timer := time.NewTimer(probeVerdict)
	defer timer.Stop()
	for len(seen) < places || !out.Answered {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			if out.Answered {
				return nil
			}
			return forget(slices.Collect(maps.Values(seen)))
		case s := <-sights:
			id := s.place.vpc
			if _, known := seen[id]; !known {
				seen[id] = s
				out.Passed = append(out.Passed, id)
				timer.Reset(probeAnswered)
			}
			if id == own {
				out.Reached, out.Answered = s.to, out.Answered || s.answered
			}
		}
	}
	return nil
}

// forget ends the connections of a probe.
func forget(list []sight) error {
	var errs []error
	for _, s := range list {
		errs = append(errs, inNamespace(s.place.namespace, s.entry.delete))
	}
	return errors.Join(errs...)
}
