package agent

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"testing"

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
