package operator

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/proto/agentpb"
)

// Live is what a kernel did with one packet of a path.
type Live struct {
	Host   string       // of the source: the packet was sent there, and what follows is of that host
	Header model.Header // of the packet
	Unsent string       // why there is no packet that the source could send
	Passed []string     // the VPCs whose filters let it pass
	// Reached is where it went after address translation, "" if it did not pass.
	Reached  string
	Answered bool
	Counters []Counter // that moved meanwhile, in the order in which a packet meets them
	Verdict  Verdict
	Why      string // the verdict, in words
	// Disagrees says that this is not what the model says.
	Disagrees bool
	// Far is the host to which the packet was to come first, nil if there is none. It may be
	// the source's own.
	Far *Far `json:",omitempty"`
}

// Counter is a rule, or a chain's policy, that counted packets. One of a NAT gateway's own
// namespace has its interface's id for VPC.
type Counter struct{ VPC, Table, Rule string }

// Verdict is how a probe ended.
type Verdict string

// The verdicts. Unknown is of a packet that passed whatever was asked, and that nobody
// answered: who judges it next was not asked.
const (
	VerdictReached Verdict = "reached"
	VerdictDropped Verdict = "dropped"
	VerdictUnknown Verdict = "unknown"
)

// probeTimeout is what a host has to answer, its agent's own waiting included.
const probeTimeout = 15 * time.Second

var protocolNumbers = map[string]int32{"icmp": 1, "tcp": 6, "udp": 17}

// live answers POST /v1/path?...: the path, and what the source's host does with a packet
// of it.
func (a *API) live(r *http.Request) (any, error) {
	v, out, err := a.walk(r)
	if err != nil {
		return nil, err
	}
	if len(out.Result.Forward) == 0 || out.Result.Forward[0].Kind != model.HopInterface {
		return nil, apierr.New("InvalidParameterValue", "a probe is sent by an interface that is on a host: %s is none", out.Query.Source)
	}
	first := out.Result.Forward[0]
	from := store.Interfaces.Get(v, first.ID)
	host := out.Hosts[first.ID]
	if from == nil || host == "" {
		return nil, apierr.New("IncorrectInstanceState", "interface %s is on no host now, so that nothing can be sent from there", first.ID)
	}
	to := destination(v, out, from)
	p := &agentpb.Probe{
		VpcId: from.VPC, InterfaceId: from.ID, Source: first.Header.Source.String(), Destination: first.Header.Destination.String(),
		Protocol: protocolNumbers[first.Header.Protocol], SourcePort: int32(first.Header.FromPort), Port: int32(first.Header.ToPort),
	}
	if to != nil && to.VPC != from.VPC {
		p.Others = []string{to.VPC}
	}
	next := stationOf(v, out, to, first.Header)
	did, far, err := a.probe(r.Context(), host, p, next)
	if err != nil {
		return nil, fmt.Errorf("the probe on %s: %w", host, err)
	}
	out.Live = judge(out.Result, seen{from, to, host, first.Header, did, next, far})
	return out, nil
}

// destination is the interface that a path's packet is to come to, nil if it is to leave
// for the internet.
func destination(v store.Reader, p *Path, from *model.Interface) *model.Interface {
	if i := store.Interfaces.Get(v, p.Query.Destination); i != nil {
		return i
	}
	if i := store.Instances.Get(v, p.Query.Destination); i != nil && len(i.Interfaces) > 0 {
		return store.Interfaces.Get(v, i.Interfaces[0])
	}
	if p.Query.Destination != "" {
		return nil
	}
	address := p.Query.Header.Destination
	if i := store.Interfaces.First(v, "public", address.String()); i != nil {
		return i
	}
	near := []string{from.VPC}
	for peering := range store.Peerings.By(v, "vpc", from.VPC) {
		near = append(near, peering.Other(from.VPC).VPC)
	}
	for _, vpc := range near {
		for s := range store.Subnets.By(v, "vpc", vpc) {
			if i := store.Interfaces.First(v, "address", store.Key(s.ID, address.String())); i != nil {
				return i
			}
		}
	}
	return nil
}

// seen is what a probe's verdict goes by.
type seen struct {
	from, to *model.Interface // to is nil outside
	host     string
	header   model.Header
	did      *agentpb.ProbeResult
	next     *station
	far      *Far // nil without next, and if nothing was sent
}

// judge makes a verdict of what kernels did, and holds the model's against it.
func judge(m model.Reachability, s seen) *Live {
	out := &Live{Host: s.host, Header: s.header, Unsent: s.did.Unsent, Passed: s.did.Passed, Reached: s.did.Reached, Answered: s.did.Answered, Far: s.far}
	out.Header.FromPort = int(s.did.SourcePort)
	out.Counters = countersOf(s.did.Moved)
	out.Verdict, out.Why = verdict(m, s)
	forward := m.Found // as far as the packet, which is all that an unanswered one tells
	for _, o := range m.Obstacles {
		forward = forward || o.Return
	}
	switch out.Verdict {
	case VerdictDropped:
		out.Disagrees = forward
	case VerdictReached:
		out.Disagrees = !forward || out.Answered && !m.Found
	}
	return out
}

func verdict(m model.Reachability, s seen) (Verdict, string) {
	translated := slices.ContainsFunc(m.Forward, func(h model.Hop) bool { return h.Kind == model.HopNAT })
	switch {
	case s.did.Unsent != "":
		return VerdictDropped, s.did.Unsent
	case !slices.Contains(s.did.Passed, s.from.VPC):
		return VerdictDropped, fmt.Sprintf("it came to %s of %s, and %s", s.from.VPC, s.host, droppedBy(countersOf(s.did.Moved), s.from.VPC))
	case s.did.Answered:
		return VerdictReached, "it passed, and was answered"
	case s.far != nil && s.far.Unasked == "":
		return farVerdict(s.next, s.far, s.host, s.to == nil)
	case s.to == nil && !translated:
		return VerdictReached, fmt.Sprintf("it left %s by its gateway; nothing answered in time, and what is beyond was not asked", s.from.VPC)
	case s.far != nil && s.far.Host == s.host && s.next.destiny && !s.next.public:
		return nearVerdict(s)
	case s.far != nil:
		return VerdictUnknown, fmt.Sprintf("it passed the filters here; nothing answered in time, and %s, which decides next, does not say: %s", s.far.Host, s.far.Unasked)
	}
	return VerdictUnknown, "it passed the filters here; nothing answered in time, and what comes after them was not asked"
}

// nearVerdict is of a destination on the source's own host, which does not watch: all that
// is known is whose filters let the packet pass.
func nearVerdict(s seen) (Verdict, string) {
	if !slices.Contains(s.did.Passed, s.to.VPC) {
		return VerdictDropped, fmt.Sprintf("it passed %s, and a filter of %s dropped it", s.from.VPC, s.to.VPC)
	}
	return VerdictReached, "it passed all filters; the guest did not answer in time"
}
