package agent

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// probeTimeout bounds a probe, which no other change of the network can overtake.
const probeTimeout = 10 * time.Second

// probe sends one packet in an interface's place and replies with what the kernel did.
func (a *Agent) probe(ctx context.Context, in *agentpb.Probe) ([]byte, error) {
	p, err := probeOf(in)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	r, err := a.net.probe(ctx, p)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(probeResult(r))
}

// probeOf reads a command, which comes from a server but makes a packet of a guest's.
func probeOf(in *agentpb.Probe) (kernel.Probe, error) {
	p := kernel.Probe{VPC: in.VpcId, ENI: in.InterfaceId, Protocol: int(in.Protocol), SourcePort: int(in.SourcePort), Port: int(in.Port), Others: in.Others}
	for _, f := range []struct {
		text string
		to   *netip.Addr
	}{{in.Source, &p.Source}, {in.Destination, &p.Destination}} {
		a, err := netip.ParseAddr(f.text)
		if err != nil || !a.Is4() || a.IsMulticast() || a.IsUnspecified() {
			return p, fmt.Errorf("a probe goes between two IPv4 addresses, and %q is none", f.text)
		}
		*f.to = a
	}
	if !slices.Contains([]int{plan.ProtocolTCP, plan.ProtocolUDP, plan.ProtocolICMP}, p.Protocol) {
		return p, fmt.Errorf("a probe is TCP, UDP or ICMP, not protocol %d", p.Protocol)
	}
	if p.SourcePort < 0 || p.SourcePort > 65535 || p.Port < 0 || p.Port > 65535 {
		return p, fmt.Errorf("a probe from port %d to port %d: those are not ports", p.SourcePort, p.Port)
	}
	return p, nil
}

func probeResult(r kernel.ProbeResult) *agentpb.ProbeResult {
	out := &agentpb.ProbeResult{Unsent: r.Unsent, SourcePort: int32(r.SourcePort), Passed: r.Passed, Answered: r.Answered}
	switch {
	case r.Reached.IsValid() && r.Reached.Port() == 0: // ICMP
		out.Reached = r.Reached.Addr().String()
	case r.Reached.IsValid():
		out.Reached = r.Reached.String()
	}
	for _, c := range r.Moved {
		out.Moved = append(out.Moved, &agentpb.Counter{VpcId: c.VPC, Table: c.Table, Rule: c.Rule})
	}
	return out
}
