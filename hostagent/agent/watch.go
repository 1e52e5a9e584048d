package agent

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// watching is a probe that is looked out for.
type watching interface {
	End(ctx context.Context, sourcePort int) (kernel.WatchResult, error)
	Close()
}

const (
	watchFor      = 30 * time.Second // before a watch that nobody ends is forgotten
	watchTimeout  = 10 * time.Second // to begin one, and to end one
	mostWatches   = 16
	mostAddresses = 16 // of a watch, each side
)

// watches are a host's, by the names that the server gave them.
type watches struct {
	mu  sync.Mutex
	has map[string]*heldWatch
}

// heldWatch is a watch until somebody takes it. It is not made yet without one.
type heldWatch struct {
	watching
	kept []func() bool // that stop what would forget it
}

// begin makes a watch. It ends with the session that asked for it, at the latest.
func (w *watches) begin(ctx context.Context, net network, in *agentpb.Watch) error {
	of, err := watchOf(in)
	if err != nil {
		return err
	}
	held, err := w.reserve(in.Name)
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	made, err := net.watch(short, of)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		delete(w.has, in.Name)
		return err
	}
	forget := func() {
		if made := w.take(in.Name); made != nil {
			made.Close()
		}
	}
	held.watching = made
	held.kept = []func() bool{time.AfterFunc(watchFor, forget).Stop, context.AfterFunc(ctx, forget)}
	return nil
}

// reserve takes a name, so that no more watches are begun than there may be.
func (w *watches) reserve(name string) (*heldWatch, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.has[name] != nil {
		return nil, fmt.Errorf("there is a watch %q already", name)
	}
	if len(w.has) >= mostWatches {
		return nil, fmt.Errorf("this host watches for %d probes already: try again in a minute", mostWatches)
	}
	if w.has == nil {
		w.has = map[string]*heldWatch{}
	}
	held := &heldWatch{}
	w.has[name] = held
	return held, nil
}

// take removes a watch, and returns nil if there is none, or none yet.
func (w *watches) take(name string) watching {
	w.mu.Lock()
	defer w.mu.Unlock()
	held := w.has[name]
	if held == nil || held.watching == nil {
		return nil
	}
	delete(w.has, name)
	for _, stop := range held.kept {
		stop()
	}
	return held.watching
}

// end ends a watch and replies with what it saw.
func (w *watches) end(ctx context.Context, in *agentpb.EndWatch) ([]byte, error) {
	made := w.take(in.Name)
	if made == nil {
		return nil, fmt.Errorf("there is no watch %q: it was ended, or forgotten after %v", in.Name, watchFor)
	}
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	r, err := made.End(ctx, int(in.SourcePort))
	if err != nil {
		return nil, err
	}
	return proto.Marshal(watchResult(r))
}

// watchOf reads a command.
func watchOf(in *agentpb.Watch) (w kernel.Watch, err error) {
	w = kernel.Watch{VPC: in.VpcId, ENI: in.InterfaceId, Protocol: int(in.Protocol), Port: int(in.Port)}
	if len(in.Destinations) == 0 || max(len(in.Destinations), len(in.Sources)) > mostAddresses {
		return w, fmt.Errorf("a watch is for 1 to %d destinations and for up to %d sources, not %d and %d", mostAddresses, mostAddresses, len(in.Destinations), len(in.Sources))
	}
	for _, f := range []struct {
		text []string
		to   *[]netip.Addr
	}{{in.Sources, &w.Sources}, {in.Destinations, &w.Destinations}} {
		for _, text := range f.text {
			a, err := probeAddress(text)
			if err != nil {
				return w, err
			}
			*f.to = append(*f.to, a)
		}
	}
	return w, errors.Join(probeProtocol(in.Protocol), probePort(in.Port))
}

func watchResult(r kernel.WatchResult) *agentpb.WatchResult {
	out := &agentpb.WatchResult{
		Arrived: r.Arrived, Passed: r.Passed, Delivered: r.Delivered, Translated: end(r.Translated), Left: r.Left, Moved: counters(r.Moved),
	}
	for _, s := range r.Seen {
		out.Seen = append(out.Seen, &agentpb.Sighting{Link: s.Link, Out: s.Out, Source: end(s.Source), Destination: end(s.Destination)})
	}
	return out
}
