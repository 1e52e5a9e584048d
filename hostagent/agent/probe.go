package agent

import (
	"context"
	"errors"
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
func probeOf(in *agentpb.Probe) (p kernel.Probe, err error) {
	p = kernel.Probe{VPC: in.VpcId, ENI: in.InterfaceId, Protocol: int(in.Protocol), SourcePort: int(in.SourcePort), Port: int(in.Port), Others: in.Others}
	if p.Source, err = probeAddress(in.Source); err != nil {
		return p, err
	}
	if p.Destination, err = probeAddress(in.Destination); err != nil {
		return p, err
	}
	return p, errors.Join(probeProtocol(in.Protocol), probePort(in.SourcePort), probePort(in.Port))
}

func probeAddress(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() || a.IsMulticast() || a.IsUnspecified() {
		return a, fmt.Errorf("a probe goes between two IPv4 addresses, and %q is none", text)
	}
	return a, nil
}

func probeProtocol(n int32) error {
	if !slices.Contains([]int{plan.ProtocolTCP, plan.ProtocolUDP, plan.ProtocolICMP}, int(n)) {
		return fmt.Errorf("a probe is TCP, UDP or ICMP, not protocol %d", n)
	}
	return nil
}

func probePort(n int32) error {
	if n < 0 || n > 65535 {
		return fmt.Errorf("a probe's ports are from 0 to 65535, and %d is none", n)
	}
	return nil
}

func probeResult(r kernel.ProbeResult) *agentpb.ProbeResult {
	out := &agentpb.ProbeResult{Unsent: r.Unsent, SourcePort: int32(r.SourcePort), Passed: r.Passed, Answered: r.Answered}
	out.Reached, out.Moved = end(r.Reached), counters(r.Moved)
	return out
}

// end is one end of a packet, as people write it: "" if there is none, and without a port
// of ICMP, which has none.
func end(a netip.AddrPort) string {
	switch {
	case !a.IsValid():
		return ""
	case a.Port() == 0:
		return a.Addr().String()
	}
	return a.String()
}

func counters(list []kernel.Counter) (out []*agentpb.Counter) {
	for _, c := range list {
		out = append(out, &agentpb.Counter{VpcId: c.VPC, Table: c.Table, Rule: c.Rule})
	}
	return out
}
