package operator

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// Far is what the host saw of a packet to whom it was to come first: its destination, or a
// router or NAT gateway on the way.
type Far struct {
	Host      string
	Interface string // whose port it was to come out at
	Unasked   string // why this host tells nothing; nothing else is said then
	Arrived   string // the link that it came by, "" if it did not come
	Passed    bool   // the VPC's filters let it pass to the interface
	Delivered bool   // it came out at the interface's port
	// Translated and Left are of a NAT gateway: what the source became there, and the link
	// by which the packet went on after that.
	Translated, Left string
	Seen             []Sighting // in order
	Counters         []Counter  // that moved meanwhile, in the order in which a packet meets them
}

// Sighting is a packet on a link of a VPC's namespace.
type Sighting struct {
	Link, Source, Destination string
	Out                       bool
}

// station is where a packet is to come to first.
type station struct {
	eni     *model.Interface
	host    string
	nat     bool
	destiny bool // it is the packet's destination
	public  bool // the way there is the outside's
}

// What a host has to begin a watch, and to end one, its agent's own waiting included.
const (
	watchBegins = 5 * time.Second
	watchEnds   = 12 * time.Second
)

// stationOf is where a path's packet is to come to first, nil if that is on no host. Where
// the model says that it does not get there, it is the destination's.
func stationOf(v store.Reader, p *Path, to *model.Interface, packet model.Header) *station {
	for n, h := range p.Result.Forward {
		switch {
		case h.Kind == model.HopNAT:
			return placed(v, &station{eni: store.Interfaces.Get(v, p.NAT[h.ID]), nat: true})
		case n > 0 && h.Kind == model.HopInterface && (to == nil || h.ID != to.ID):
			return placed(v, &station{eni: store.Interfaces.Get(v, h.ID)})
		}
	}
	return placed(v, &station{eni: to, destiny: true, public: to != nil && !slices.Contains(to.PrivateIPs(), packet.Destination)})
}

func placed(v store.Reader, s *station) *station {
	if s.eni == nil {
		return nil
	}
	if s.host = hostOf(v, s.eni); s.host == "" {
		return nil
	}
	return s
}

// watch is what the station's host is to look out for.
func (s *station) watch(p *agentpb.Probe) *agentpb.Watch {
	w := &agentpb.Watch{
		Name: rand.Text(), VpcId: s.eni.VPC, InterfaceId: s.eni.ID, Protocol: p.Protocol, Port: p.Port,
		Sources: []string{p.Source}, Destinations: []string{p.Destination},
	}
	if s.public { // the source was translated on its way, and its address here is another
		w.Sources = nil
		for _, a := range s.eni.PrivateIPs() {
			w.Destinations = append(w.Destinations, a.String())
		}
	}
	return w
}

// probe has a host send a packet, and the station's host watch for it. That this one does
// not answer is no error: it is told what the first one says.
func (a *API) probe(ctx context.Context, host string, p *agentpb.Probe, s *station) (*agentpb.ProbeResult, *Far, error) {
	send := func() (*agentpb.ProbeResult, error) {
		ctx, cancel := context.WithTimeout(ctx, probeTimeout)
		defer cancel()
		return a.Hosts.Probe(ctx, host, p)
	}
	if s == nil {
		did, err := send()
		return did, nil, err
	}
	far, w := &Far{Host: s.host, Interface: s.eni.ID}, s.watch(p)
	if err := within(ctx, watchBegins, func(ctx context.Context) error { return a.Hosts.BeginWatch(ctx, s.host, w) }); err != nil {
		far.Unasked = err.Error()
		did, err := send()
		return did, far, err
	}
	did, err := send()
	var saw *agentpb.WatchResult
	ended := within(ctx, watchEnds, func(ctx context.Context) (err error) {
		saw, err = a.Hosts.EndWatch(ctx, s.host, &agentpb.EndWatch{Name: w.Name, SourcePort: did.GetSourcePort()})
		return err
	})
	switch {
	case err != nil || did.Unsent != "":
		return did, nil, err
	case ended != nil:
		far.Unasked = ended.Error()
	default:
		far.tell(saw)
	}
	return did, far, nil
}

// within asks a host for something, and says in words that it took too long.
func within(ctx context.Context, d time.Duration, ask func(context.Context) error) error {
	short, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err := ask(short)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return fmt.Errorf("its agent did not answer within %v", d)
	}
	return err
}

func (f *Far) tell(saw *agentpb.WatchResult) {
	f.Arrived, f.Passed, f.Delivered, f.Translated, f.Left = saw.Arrived, saw.Passed, saw.Delivered, saw.Translated, saw.Left
	for _, s := range saw.Seen {
		f.Seen = append(f.Seen, Sighting{s.Link, s.Source, s.Destination, s.Out})
	}
	f.Counters = countersOf(saw.Moved)
}

func countersOf(list []*agentpb.Counter) (out []Counter) {
	for _, c := range list {
		out = append(out, Counter{c.VpcId, c.Table, c.Rule})
	}
	return out
}

// farVerdict is what becomes of a packet that its source's host let pass, and that nobody
// answered, by what was seen at its station.
func farVerdict(s *station, f *Far, source string, outside bool) (Verdict, string) {
	away := f.Host != source
	switch {
	case f.Arrived == "" && s.public:
		return VerdictUnknown, fmt.Sprintf("it left %s, and did not come to %s of %s; what is between was not asked", source, s.eni.VPC, f.Host)
	case f.Arrived == "" && away:
		return VerdictDropped, fmt.Sprintf("it left %s, and did not come to %s: the tunnel's entry here, the one's address there, or UDP port 4789 between them", source, f.Host)
	case f.Arrived == "":
		return VerdictDropped, fmt.Sprintf("it did not come to %s, which is on the same host", s.eni.VPC)
	case !f.Passed:
		return VerdictDropped, fmt.Sprintf("it came to %s by %s, and %s", f.Host, f.Arrived, droppedBy(f.Counters, s.eni.VPC))
	case !f.Delivered:
		return VerdictDropped, fmt.Sprintf("it passed the filters of %s, and did not come out at the port of %s", f.Host, s.eni.ID)
	case s.nat && f.Translated == "":
		return VerdictDropped, fmt.Sprintf("it came to the NAT gateway on %s, and %s", f.Host, droppedBy(f.Counters, s.eni.ID))
	case s.nat && f.Left == "":
		return VerdictDropped, fmt.Sprintf("the NAT gateway on %s made it come from %s, and then %s", f.Host, f.Translated, droppedBy(f.Counters, s.eni.VPC))
	case s.nat && outside:
		return VerdictReached, fmt.Sprintf("the NAT gateway on %s made it come from %s, and it left by %s; nothing answered in time, and what is beyond was not asked", f.Host, f.Translated, f.Left)
	case s.nat:
		return VerdictUnknown, fmt.Sprintf("the NAT gateway on %s made it come from %s, and it left by %s; nothing answered in time, and what comes next was not asked", f.Host, f.Translated, f.Left)
	case !s.destiny:
		return VerdictUnknown, fmt.Sprintf("%s on %s got it, to pass it on; nothing answered in time, and whether that guest does so was not asked", s.eni.ID, f.Host)
	}
	return VerdictReached, fmt.Sprintf("it came out at the port of %s on %s; the guest did not answer in time", s.eni.ID, f.Host)
}

// last are the rules by which chains of the network plan end, in words.
var last = map[string]string{
	"-A egress -j DROP":  "no rule of its source's groups lets it out",
	"-A ingress -j DROP": "no rule of its destination's groups lets it in",
}

// droppedBy says what dropped a packet, by the counters that moved. Other traffic moves
// them too: of several no single one can be named.
func droppedBy(moved []Counter, vpc string) string {
	var named []string
	for _, c := range moved {
		if c.VPC != vpc || !drops(c.Rule) {
			continue
		}
		what := fmt.Sprintf("%s: %s", c.Table, c.Rule)
		if words := last[c.Rule]; words != "" {
			what = fmt.Sprintf("%s (%s)", words, what)
		}
		named = append(named, what)
	}
	switch len(named) {
	case 0:
		return "was lost there, though no filter counts it as dropped: the bridge's entries and ports, or routes"
	case 1:
		return "was dropped there: " + named[0]
	}
	return "was dropped there, by one of these: " + strings.Join(named, "; ")
}

// drops says whether a rule, or a chain's policy, ends a packet.
func drops(rule string) bool {
	words := strings.Fields(rule)
	if len(words) == 3 && words[0] == "-P" {
		return words[2] == "DROP"
	}
	n := slices.Index(words, "-j")
	return n >= 0 && n+1 < len(words) && (words[n+1] == "DROP" || words[n+1] == "REJECT")
}
