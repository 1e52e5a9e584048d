package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// probed is a host's network that notes what it was to send.
type probed struct {
	*simNetwork
	asked kernel.Probe
	did   kernel.ProbeResult
	err   error
}

func (p *probed) probe(_ context.Context, in kernel.Probe) (kernel.ProbeResult, error) {
	p.asked = in
	return p.did, p.err
}

func TestProbeCommand(t *testing.T) {
	net := &probed{simNetwork: newSimNetwork()}
	a := &Agent{cfg: Config{Log: slog.New(slog.DiscardHandler)}, net: net, replies: make(chan *agentpb.Reply, 1)}
	ask := func(p *agentpb.Probe) *agentpb.Reply {
		a.command(t.Context(), nil, &agentpb.Command{Id: 3, Kind: &agentpb.Command_Probe{Probe: p}})
		return <-a.replies
	}
	good := func() *agentpb.Probe {
		return &agentpb.Probe{VpcId: "vpc-1", InterfaceId: "eni-1", Source: "10.0.0.4", Destination: "10.0.0.5", Protocol: 6, SourcePort: 49152, Port: 443, Others: []string{"vpc-2"}}
	}
	net.did = kernel.ProbeResult{SourcePort: 49153, Passed: []string{"vpc-1"}, Reached: netip.MustParseAddrPort("10.0.0.5:443"), Answered: true, Moved: []kernel.Counter{{VPC: "vpc-1", Table: "filter", Rule: "-A egress -j x"}}}
	r := ask(good())
	got := new(agentpb.ProbeResult)
	if err := proto.Unmarshal(r.Data, got); err != nil || r.Id != 3 || r.Error != "" {
		t.Fatalf("%v %v", r, err)
	}
	want := &agentpb.ProbeResult{SourcePort: 49153, Passed: []string{"vpc-1"}, Reached: "10.0.0.5:443", Answered: true, Moved: []*agentpb.Counter{{VpcId: "vpc-1", Table: "filter", Rule: "-A egress -j x"}}}
	if !proto.Equal(got, want) {
		t.Errorf("the reply is %v", got)
	}
	asked := kernel.Probe{VPC: "vpc-1", ENI: "eni-1", Source: netip.MustParseAddr("10.0.0.4"), Destination: netip.MustParseAddr("10.0.0.5"), Protocol: 6, SourcePort: 49152, Port: 443, Others: []string{"vpc-2"}}
	if !reflect.DeepEqual(net.asked, asked) {
		t.Errorf("the kernel was asked for %+v", net.asked)
	}
	for what, spoil := range map[string]func(*agentpb.Probe){
		"an address that is none": func(p *agentpb.Probe) { p.Destination = "db" },
		"a group of hosts":        func(p *agentpb.Probe) { p.Destination = "224.0.0.1" },
		"IPv6":                    func(p *agentpb.Probe) { p.Source = "::1" },
		"a protocol of no use":    func(p *agentpb.Probe) { p.Protocol = 47 },
		"a port that is none":     func(p *agentpb.Probe) { p.Port = 65536 },
	} {
		net.asked = kernel.Probe{}
		p := good()
		spoil(p)
		if r := ask(p); r.Error == "" || net.asked.VPC != "" {
			t.Errorf("%s: %v, and the kernel was asked for %+v", what, r, net.asked)
		}
	}
	net.err = errors.New("no such link")
	if r := ask(good()); r.Error != "no such link" {
		t.Errorf("a probe that failed: %v", r)
	}
	a.net = net.simNetwork
	if r := ask(good()); !strings.Contains(r.Error, "simulated") {
		t.Errorf("a simulated host: %v", r)
	}
}

// looked is a watch of a host that notes how it ended.
type looked struct {
	of     kernel.Watch
	did    kernel.WatchResult
	port   int
	closed atomic.Bool
}

func (l *looked) End(_ context.Context, port int) (kernel.WatchResult, error) {
	l.port = port
	l.closed.Store(true)
	return l.did, nil
}

func (l *looked) Close() { l.closed.Store(true) }

// looker is a host's network whose watches see what they are told to.
type looker struct {
	*simNetwork
	did  kernel.WatchResult
	made []*looked
	err  error
}

func (l *looker) watch(_ context.Context, of kernel.Watch) (watching, error) {
	if l.err != nil {
		return nil, l.err
	}
	l.made = append(l.made, &looked{of: of, did: l.did})
	return l.made[len(l.made)-1], nil
}

func TestWatchCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &looker{simNetwork: newSimNetwork()}
		a := &Agent{cfg: Config{Log: slog.New(slog.DiscardHandler)}, net: net, replies: make(chan *agentpb.Reply, 1)}
		session, lost := context.WithCancel(t.Context())
		begin := func(name string, change ...func(*agentpb.Watch)) *agentpb.Reply {
			w := &agentpb.Watch{Name: name, VpcId: "vpc-1", InterfaceId: "eni-1", Sources: []string{"10.0.0.4"}, Destinations: []string{"198.18.0.5", "10.0.0.5"}, Protocol: 6, Port: 443}
			for _, c := range change {
				c(w)
			}
			a.command(session, nil, &agentpb.Command{Id: 3, Kind: &agentpb.Command_Watch{Watch: w}})
			return <-a.replies
		}
		end := func(name string) *agentpb.Reply {
			a.command(session, nil, &agentpb.Command{Id: 4, Kind: &agentpb.Command_EndWatch{EndWatch: &agentpb.EndWatch{Name: name, SourcePort: 49153}}})
			return <-a.replies
		}
		net.did = kernel.WatchResult{
			Arrived: "vx-1", Passed: true, Delivered: true, Translated: netip.MustParseAddrPort("10.0.0.9:1024"), Left: "gw",
			Seen:  []kernel.Sighting{{Link: "vx-1", Source: netip.MustParseAddrPort("10.0.0.4:49153"), Destination: netip.MustParseAddrPort("10.0.0.5:443")}, {Link: "micat1", Out: true}},
			Moved: []kernel.Counter{{VPC: "vpc-1", Table: "filter", Rule: "-A ingress -j DROP"}},
		}
		if r := begin("one"); r.Error != "" {
			t.Fatalf("begin: %v", r)
		}
		of := kernel.Watch{VPC: "vpc-1", ENI: "eni-1", Sources: []netip.Addr{netip.MustParseAddr("10.0.0.4")}, Destinations: []netip.Addr{netip.MustParseAddr("198.18.0.5"), netip.MustParseAddr("10.0.0.5")}, Protocol: 6, Port: 443}
		if !reflect.DeepEqual(net.made[0].of, of) {
			t.Errorf("the kernel was asked to watch for %+v", net.made[0].of)
		}
		if r := begin("one"); r.Error == "" {
			t.Error("two watches have one name")
		}
		r, got := end("one"), new(agentpb.WatchResult)
		want := &agentpb.WatchResult{
			Arrived: "vx-1", Passed: true, Delivered: true, Translated: "10.0.0.9:1024", Left: "gw",
			Seen:  []*agentpb.Sighting{{Link: "vx-1", Source: "10.0.0.4:49153", Destination: "10.0.0.5:443"}, {Link: "micat1", Out: true}},
			Moved: []*agentpb.Counter{{VpcId: "vpc-1", Table: "filter", Rule: "-A ingress -j DROP"}},
		}
		if err := proto.Unmarshal(r.Data, got); err != nil || r.Error != "" || !proto.Equal(got, want) || net.made[0].port != 49153 {
			t.Errorf("the reply is %v %v %v", got, r.Error, err)
		}
		if r := end("one"); !strings.Contains(r.Error, "no watch") {
			t.Errorf("ended again: %v", r)
		}
		for what, change := range map[string]func(*agentpb.Watch){
			"no destination":          func(w *agentpb.Watch) { w.Destinations = nil },
			"an address that is none": func(w *agentpb.Watch) { w.Sources = []string{"::1"} },
			"too many addresses":      func(w *agentpb.Watch) { w.Sources = slices.Repeat(w.Sources, mostAddresses+1) },
			"a protocol of no use":    func(w *agentpb.Watch) { w.Protocol = 47 },
			"a port that is none":     func(w *agentpb.Watch) { w.Port = -1 },
		} {
			if r := begin("bad", change); r.Error == "" || len(net.made) > 1 {
				t.Errorf("%s: %v", what, r)
			}
		}
		net.err = errors.New("not planned")
		if r := begin("two"); r.Error != "not planned" {
			t.Errorf("a watch that failed: %v", r)
		}
		net.err = nil
		for n := range mostWatches {
			if r := begin(fmt.Sprint(n)); r.Error != "" {
				t.Fatalf("watch %d: %v", n, r)
			}
		}
		if r := begin("too many"); !strings.Contains(r.Error, "try again") {
			t.Errorf("one too many: %v", r)
		}
		time.Sleep(watchFor + time.Second) // simulated
		for n, l := range net.made {
			if !l.closed.Load() {
				t.Errorf("watch %d was not forgotten", n)
			}
		}
		if r := begin("last"); r.Error != "" {
			t.Errorf("after they were forgotten: %v", r)
		}
		lost()
		synctest.Wait()
		if !net.made[len(net.made)-1].closed.Load() {
			t.Error("a watch outlives its session")
		}
	})
	a := &Agent{cfg: Config{Log: slog.New(slog.DiscardHandler)}, net: newSimNetwork(), replies: make(chan *agentpb.Reply, 1)}
	a.command(t.Context(), nil, &agentpb.Command{Kind: &agentpb.Command_Watch{Watch: &agentpb.Watch{Destinations: []string{"10.0.0.5"}, Protocol: 6}}})
	if r := <-a.replies; !strings.Contains(r.Error, "simulated") {
		t.Errorf("a simulated host: %v", r)
	}
}

// A command of a newer server is refused in words, so that the server can say so.
func TestUnknownCommand(t *testing.T) {
	a := &Agent{cfg: Config{Log: slog.New(slog.DiscardHandler)}, net: newSimNetwork(), replies: make(chan *agentpb.Reply, 1)}
	newer := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 7)
	newer = protowire.AppendBytes(protowire.AppendTag(newer, 1000, protowire.BytesType), nil)
	c := new(agentpb.Command)
	if err := proto.Unmarshal(newer, c); err != nil {
		t.Fatal(err)
	}
	a.command(t.Context(), nil, c)
	if r := <-a.replies; r.Id != 7 || !strings.Contains(r.Error, "older than the server") {
		t.Errorf("the reply is %v", r)
	}
}
