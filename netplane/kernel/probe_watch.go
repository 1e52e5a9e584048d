package kernel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
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

// sight is what connection tracking of a namespace said of the probe. It speaks once all
// filters let the packet pass, and not before.
type sight struct {
	namespace plan.Namespace
	answered  bool
	to        netip.AddrPort
	entry     tracked
}

// trackedWatch listens to connection tracking. To look at its table afterwards would not
// do: an answer that refuses a connection takes the entry away at once.
type trackedWatch struct {
	watched []plan.Namespace
	sockets []*os.File
	sights  chan sight
	done    chan struct{}
	readers sync.WaitGroup
}

func watchTracked(ctx context.Context, t probeTuple, watched []plan.Namespace) (*trackedWatch, error) {
	w := &trackedWatch{watched: watched, sights: make(chan sight), done: make(chan struct{})}
	const groups = 1<<(unix.NFNLGRP_CONNTRACK_NEW-1) | 1<<(unix.NFNLGRP_CONNTRACK_UPDATE-1) | 1<<(unix.NFNLGRP_CONNTRACK_DESTROY-1)
	for _, n := range watched {
		var f *os.File
		err := inNamespace(n.Name, func() (err error) {
			f, err = netfilterSocket(groups)
			return err
		})
		if err != nil {
			w.close()
			return nil, fmt.Errorf("watch connections%s: %w", in(n.Name), err)
		}
		w.sockets = append(w.sockets, f)
		w.readers.Go(func() { w.read(f, n, t) })
	}
	return w, nil
}

func (w *trackedWatch) close() {
	close(w.done)
	for _, f := range w.sockets {
		_ = f.SetReadDeadline(longAgo)
	}
	w.readers.Wait()
	for _, f := range w.sockets {
		f.Close()
	}
}

func (w *trackedWatch) read(f *os.File, n plan.Namespace, t probeTuple) {
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
			s, ok := sightOf(kind, body, t)
			if !ok {
				return
			}
			s.namespace = n
			select {
			case w.sights <- s:
			case <-w.done:
			}
		})
	}
}

// sightOf reads an event, if it is about the probe. An entry that ends this soon was ended
// by an answer that refuses the connection.
func sightOf(kind uint16, body []byte, want probeTuple) (s sight, ok bool) {
	if kind>>8 != unix.NFNL_SUBSYS_CTNETLINK || len(body) < nl.SizeofNfgenmsg {
		return s, false
	}
	attrs := attributes(body[nl.SizeofNfgenmsg:])
	if t, ok := tupleOf(attrs[nl.CTA_TUPLE_ORIG]); !ok || t != want {
		return s, false
	}
	s.answered = kind&0xff == ctDelete
	if status := attrs[nl.CTA_STATUS]; len(status) == 4 && binary.BigEndian.Uint32(status)&statusSeenReply != 0 {
		s.answered = true
	}
	if from, _, _, ok := flowTuple(attrs[nl.CTA_TUPLE_REPLY]); ok {
		s.to = from
	}
	s.entry = tracked{orig: slices.Clone(attrs[nl.CTA_TUPLE_ORIG]), id: slices.Clone(attrs[nl.CTA_ID])}
	return s, true
}

// await waits for a verdict, and after one that is yes for an answer. A connection that
// nobody answered is forgotten again.
func (w *trackedWatch) await(ctx context.Context, out *ProbeResult) error {
	own, seen := w.watched[0].VPCID, map[string]sight{}
	timer := time.NewTimer(probeVerdict)
	defer timer.Stop()
	for len(seen) < len(w.watched) || !out.Answered {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return forget(seen, out)
		case s := <-w.sights:
			id := s.namespace.VPCID
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

func forget(seen map[string]sight, out *ProbeResult) error {
	if out.Answered {
		return nil
	}
	var errs []error
	for _, s := range seen {
		errs = append(errs, inNamespace(s.namespace.Name, s.entry.delete))
	}
	return errors.Join(errs...)
}
