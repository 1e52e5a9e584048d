package kernel

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/micacloud/mica/netplane/plan"
)

// Watch is a probe to look out for, which another host sends, or this one.
type Watch struct {
	VPC          string       // that it is to come to
	ENI          string       // that is to get it: a guest's, or a NAT gateway's
	Sources      []netip.Addr // it has one of these; nil is any
	Destinations []netip.Addr // as it comes, and as it is delivered if that is another
	Protocol     int
	Port         int
}

// WatchResult is what became of a probe on this host.
type WatchResult struct {
	Arrived    string         // the link that it came by, "" if it did not come
	Passed     bool           // the VPC's filters let it pass to the interface
	Delivered  bool           // it went out at the interface's port
	Translated netip.AddrPort // of a NAT gateway: what its source became there
	Left       string         // of a NAT gateway: the link by which it went on after that
	Seen       []Sighting     // in order
	// Moved is in the order in which a packet meets them. Those of a NAT gateway's own
	// namespace have its interface's id for VPC.
	Moved []Counter
}

// Sighting is the probe on a link of the VPC's namespace.
type Sighting struct {
	Link        string
	Out         bool
	Source      netip.AddrPort
	Destination netip.AddrPort
}

// watchGrace is how long a probe may take from one host to the other after its sender
// gave up.
const watchGrace = 500 * time.Millisecond

// mostSights bounds what is kept of others' packets that look like the probe.
const mostSights = 512

// Watching looks out for a probe until End or Close.
type Watching struct {
	k       *Kernel
	of      Watch
	vpc     plan.Namespace
	box     place // of the NAT gateway; its namespace is "" if there is none
	own     []netip.Addr
	counted []plan.Namespace // the VPC's and the NAT gateway's, which goes by its interface's id
	before  [][]savedChain
	tracked *trackedWatch
	links   *linkWatch
	closed  sync.Once

	mu     sync.Mutex
	sights []sight
	frames []Sighting
	more   chan struct{} // has an element after more was seen
}

// Watch begins to look out for a probe: when it returns, nothing of it can be missed. The
// plan must be in force.
func (k *Kernel) Watch(ctx context.Context, of Watch) (*Watching, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n, ok := k.applied[of.VPC]
	at := slices.IndexFunc(n.VPC.Interfaces, func(i plan.Interface) bool { return i.ID == of.ENI })
	if !ok || at < 0 {
		return nil, fmt.Errorf("watch for a probe to %s: %w", of.ENI, ErrNotPlanned)
	}
	w := &Watching{k: k, of: of, vpc: n, counted: []plan.Namespace{n}, more: make(chan struct{}, 1)}
	places, from := placesOf([]plan.Namespace{n}), of.Sources
	if i := n.VPC.Interfaces[at]; i.NAT {
		w.box = place{namespace: plan.NATName(k.cfg.Prefix, i.ID)}
		w.own = []netip.Addr{i.PrivateIP}
		if i.PublicIP.IsValid() {
			w.own = append(w.own, i.PublicIP)
		}
		places = append(places, w.box)
		w.counted = append(w.counted, plan.Namespace{Name: w.box.namespace, VPCID: i.ID})
		if from != nil {
			from = append(slices.Clone(from), w.own...)
		}
	}
	var err error
	if w.before, err = k.countersOf(ctx, w.counted); err != nil {
		return nil, err
	}
	if w.tracked, err = watchTracked(places, w.matches, w.track); err != nil {
		return nil, err
	}
	if w.links, err = watchLinks(n.Name, linkFilter{of.Protocol, of.Port, from, of.Destinations}, w.sighted); err != nil {
		w.tracked.close()
		return nil, fmt.Errorf("watch for a probe%s: %w", in(n.Name), err)
	}
	return w, nil
}

// matches says whether a connection may be the probe's: its source's port is not known
// before it is sent.
func (w *Watching) matches(t probeTuple) bool {
	port := w.of.Port
	if w.of.Protocol == plan.ProtocolICMP {
		port = 0
	}
	return int(t.protocol) == w.of.Protocol && int(t.dst.Port()) == port && slices.Contains(w.of.Destinations, t.dst.Addr()) &&
		(w.of.Sources == nil || slices.Contains(w.of.Sources, t.src.Addr()) || slices.Contains(w.own, t.src.Addr()))
}

func (w *Watching) track(s sight) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sights) < mostSights {
		w.sights = append(w.sights, s)
	}
	w.tell()
}

func (w *Watching) sighted(s Sighting) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.frames) < mostSights && s.Link != probeFarLink { // that is its being sent
		w.frames = append(w.frames, s)
	}
	w.tell()
}

func (w *Watching) tell() {
	select {
	case w.more <- struct{}{}:
	default:
	}
}

// Close ends the watch.
func (w *Watching) Close() {
	w.closed.Do(func() {
		w.links.close()
		w.tracked.close()
	})
}

// End ends the watch, and tells what became of the probe from a source port. A connection
// of it that nobody answered is forgotten.
func (w *Watching) End(ctx context.Context, port int) (WatchResult, error) {
	defer w.Close()
	timer := time.NewTimer(watchGrace)
	defer timer.Stop()
	out, of, over := w.result(port)
	for waiting := true; waiting && !over; out, of, over = w.result(port) {
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-timer.C:
			waiting = false
		case <-w.more:
		}
	}
	w.k.mu.Lock()
	defer w.k.mu.Unlock()
	after, err := w.k.countersOf(ctx, w.counted)
	if err != nil {
		return out, errors.Join(err, forget(of))
	}
	for n, c := range w.counted {
		out.Moved = append(out.Moved, movedCounters(c.VPCID, w.before[n], after[n])...)
	}
	if slices.ContainsFunc(of, func(s sight) bool { return s.answered }) {
		return out, nil
	}
	return out, forget(of)
}

// result is what was seen so far of the probe from a source port, with its connections. It
// is over when nothing can be added to it.
func (w *Watching) result(port int) (out WatchResult, of []sight, over bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sights {
		switch again := slices.Contains(w.own, s.tuple.src.Addr()); { // as the gateway sent it on
		case again && s.tuple.src == out.Translated:
		case again || int(s.tuple.src.Port()) != port:
			continue
		case s.place == w.box:
			out.Translated = s.back
		default:
			out.Passed = true
		}
		of = append(of, s)
	}
	tap := plan.TapName(w.k.cfg.Prefix, w.of.ENI)
	for _, f := range w.frames {
		again := slices.Contains(w.own, f.Source.Addr())
		if !again && int(f.Source.Port()) != port {
			continue
		}
		out.Seen = append(out.Seen, f)
		switch {
		case again && f.Out && out.Delivered && !slices.ContainsFunc(w.vpc.Links, func(l plan.Link) bool { return l.Name == f.Link && l.Kind == plan.KindBridge }):
			out.Left = f.Link
		case !again && f.Out && f.Link == tap:
			out.Delivered, out.Passed = true, true
		case !again && !f.Out:
			out.Arrived = cmp.Or(out.Arrived, f.Link)
		}
	}
	return out, of, out.Delivered && w.box.namespace == "" || out.Left != ""
}
