package operator

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// The host of the destination begins to watch before the packet is sent, and what it saw
// makes the verdict.
func TestLiveAsksTheOtherHost(t *testing.T) {
	hosts := &prober{}
	call := bench(t, &API{DB: probeWorld(t), Hosts: hosts})
	dropped := []*agentpb.Counter{{VpcId: "vpc-1", Table: "filter", Rule: "-A egress -j sg-a-out"}, {VpcId: "vpc-1", Table: "filter", Rule: "-A ingress -j DROP"}}
	for _, tt := range []struct {
		name, query string
		answered    bool
		saw         *agentpb.WatchResult
		verdict     Verdict
		disagrees   bool
		why         string
	}{
		{"delivered", "to=i-c&protocol=tcp&port=443", false, &agentpb.WatchResult{Arrived: "vx-1", Passed: true, Delivered: true}, VerdictReached, false, "came out at the port of eni-c on h2"},
		{"answered", "to=i-c&protocol=tcp&port=443", true, &agentpb.WatchResult{Arrived: "vx-1", Passed: true, Delivered: true}, VerdictReached, false, "answered"},
		{"dropped there, though it is open", "to=i-c&protocol=tcp&port=443", false, &agentpb.WatchResult{Arrived: "vx-1", Moved: dropped}, VerdictDropped, true, "was dropped there: no rule of its destination's groups lets it in (filter: -A ingress -j DROP)"},
		{"dropped there, and closed", "to=10.0.0.6&protocol=tcp&port=80", false, &agentpb.WatchResult{Arrived: "vx-1", Moved: dropped}, VerdictDropped, false, "came to h2 by vx-1"},
		{"closed, and delivered", "to=i-c&protocol=tcp&port=80", false, &agentpb.WatchResult{Arrived: "vx-1", Passed: true, Delivered: true}, VerdictReached, true, ""},
		{"lost between the hosts", "to=i-c&protocol=tcp&port=443", false, &agentpb.WatchResult{}, VerdictDropped, true, "UDP port 4789"},
		{"lost behind the filters", "to=i-c&protocol=tcp&port=443", false, &agentpb.WatchResult{Arrived: "vx-1", Passed: true}, VerdictDropped, true, "did not come out at the port of eni-c"},
		{"lost without a counter", "to=i-c&protocol=tcp&port=443", false, &agentpb.WatchResult{Arrived: "vx-1"}, VerdictDropped, true, "no filter counts it"},
	} {
		*hosts = prober{did: &agentpb.ProbeResult{SourcePort: 49200, Passed: []string{"vpc-1"}, Answered: tt.answered}, saw: tt.saw}
		status, body := call(http.MethodPost, "/v1/path?from=i-a&"+tt.query, "")
		var p Path
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusOK || p.Live == nil || p.Live.Far == nil {
			t.Errorf("%s: %d %s %v", tt.name, status, body, err)
			continue
		}
		if l := p.Live; l.Verdict != tt.verdict || l.Disagrees != tt.disagrees || !strings.Contains(l.Why, tt.why) {
			t.Errorf("%s: %+v", tt.name, l)
		}
		if f := p.Live.Far; f.Host != "h2" || f.Interface != "eni-c" || f.Unasked != "" || f.Arrived != tt.saw.Arrived || len(f.Counters) != len(tt.saw.Moved) {
			t.Errorf("%s: %+v", tt.name, f)
		}
		if want := []string{"watch h2", "probe h1", "end h2 49200"}; !slices.Equal(hosts.calls, want) {
			t.Errorf("%s: %q, want %q", tt.name, hosts.calls, want)
		}
		w := hosts.watched
		if w.VpcId != "vpc-1" || w.InterfaceId != "eni-c" || !slices.Equal(w.Sources, []string{"10.0.0.4"}) || !slices.Equal(w.Destinations, []string{"10.0.0.6"}) || w.Protocol != 6 || w.Port != hosts.asked.Port || w.Name == "" {
			t.Errorf("%s: it was to watch for %v", tt.name, w)
		}
	}
}

// Whatever keeps the other host from watching, the source's is asked, and nobody is told
// that the packet got there.
func TestLiveWithoutTheOtherHost(t *testing.T) {
	hosts := &prober{}
	call := bench(t, &API{DB: probeWorld(t), Hosts: hosts})
	ask := func() (int, *Live) {
		status, body := call(http.MethodPost, "/v1/path?from=i-a&to=i-c&protocol=tcp&port=443", "")
		var p Path
		_ = json.Unmarshal([]byte(body), &p)
		return status, p.Live
	}
	passed := func() *agentpb.ProbeResult {
		return &agentpb.ProbeResult{SourcePort: 49200, Passed: []string{"vpc-1"}}
	}
	for name, p := range map[string]prober{
		"it is away":           {did: passed(), begin: errors.New("the host is not connected")},
		"it is older":          {did: passed(), begin: errors.New("this agent does not know that command: it is older than the server")},
		"it went in between":   {did: passed(), saw: &agentpb.WatchResult{}, over: errors.New("the host is not connected")},
		"its watch was forgot": {did: passed(), over: errors.New("there is no watch")},
	} {
		*hosts = p
		status, l := ask()
		if status != http.StatusOK || l == nil || l.Verdict != VerdictUnknown || l.Disagrees || l.Far == nil || l.Far.Unasked == "" || !strings.Contains(l.Why, l.Far.Unasked) {
			t.Errorf("%s: %d %+v", name, status, l)
		}
		if !slices.Contains(hosts.calls, "probe h1") {
			t.Errorf("%s: %q", name, hosts.calls)
		}
	}
	// What was sent nowhere, or failed, leaves no watch.
	for name, p := range map[string]prober{
		"nothing to send":  {did: &agentpb.ProbeResult{Unsent: "nobody answers"}, saw: &agentpb.WatchResult{}},
		"the probe failed": {err: errors.New("no such link"), saw: &agentpb.WatchResult{}},
	} {
		*hosts = p
		status, l := ask()
		if want := []string{"watch h2", "probe h1", "end h2 0"}; !slices.Equal(hosts.calls, want) {
			t.Errorf("%s: %q, want %q", name, hosts.calls, want)
		}
		if (status == http.StatusOK) != (p.err == nil) || l != nil && (l.Far != nil || l.Verdict != VerdictDropped) {
			t.Errorf("%s: %d %+v", name, status, l)
		}
	}
	synctest.Test(t, func(t *testing.T) { // an agent that hangs costs its time, and no more
		hosts := &prober{did: passed(), hang: true}
		a := &API{Hosts: hosts}
		_, far, err := a.probe(t.Context(), "h1", &agentpb.Probe{}, &station{eni: &model.Interface{ID: "eni-c"}, host: "h2"})
		if err != nil || !strings.Contains(far.Unasked, "did not answer within") {
			t.Errorf("an agent that hangs: %+v %v", far, err)
		}
	})
}

// What is on the way, and what is on the source's own host.
func TestStations(t *testing.T) {
	db := probeWorld(t)
	err := db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		pub := *store.Interfaces.Get(tx, "eni-c")
		pub.PublicIP = netip.MustParseAddr("198.18.0.6")
		return errors.Join(
			store.Interfaces.Put(tx, &pub),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-nat", VPC: "vpc-1", Subnet: "subnet-1", Kind: "nat_gateway", PrivateIP: netip.MustParseAddr("10.0.0.9")}),
			store.NATGateways.Put(tx, &model.NATGateway{ID: "nat-1", VPC: "vpc-1", Interface: "eni-nat", Host: "h3", State: model.NATAvailable}))
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	eni := func(id string) *model.Interface { return store.Interfaces.Get(v, id) }
	hop := func(kind, id string) model.Hop { return model.Hop{Kind: kind, ID: id} }
	for name, tt := range map[string]struct {
		hops  []model.Hop
		to    string
		dst   string
		want  *station
		watch []string // the destinations
	}{
		"on the same host":          {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopInterface, "eni-b")}, "eni-b", "10.0.0.5", &station{eni: eni("eni-b"), host: "h1", destiny: true}, []string{"10.0.0.5"}},
		"not as far, says model":    {[]model.Hop{hop(model.HopInterface, "eni-a")}, "eni-c", "10.0.0.6", &station{eni: eni("eni-c"), host: "h2", destiny: true}, []string{"10.0.0.6"}},
		"on no host":                {[]model.Hop{hop(model.HopInterface, "eni-a")}, "eni-d", "10.0.0.7", nil, nil},
		"to the internet":           {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopInternet, "igw-1")}, "", "198.51.100.1", nil, nil},
		"by a NAT gateway":          {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopNAT, "nat-1"), hop(model.HopInterface, "eni-nat"), hop(model.HopInternet, "igw-1")}, "", "198.51.100.1", &station{eni: eni("eni-nat"), host: "h3", nat: true}, []string{"198.51.100.1"}},
		"by a router":               {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopInterface, "eni-b"), hop(model.HopInterface, "eni-c")}, "eni-c", "10.0.0.6", &station{eni: eni("eni-b"), host: "h1"}, []string{"10.0.0.6"}},
		"by its public address":     {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopInternet, "igw-1"), hop(model.HopInterface, "eni-c")}, "eni-c", "198.18.0.6", &station{eni: eni("eni-c"), host: "h2", destiny: true, public: true}, []string{"198.18.0.6", "10.0.0.6"}},
		"by a router that is gone":  {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopInterface, "eni-x")}, "eni-c", "10.0.0.6", nil, nil},
		"by a gateway that is gone": {[]model.Hop{hop(model.HopInterface, "eni-a"), hop(model.HopNAT, "nat-2")}, "eni-c", "10.0.0.6", nil, nil},
	} {
		p := &Path{Result: model.Reachability{Forward: tt.hops}, NAT: map[string]string{"nat-1": "eni-nat"}}
		got := stationOf(v, p, eni(tt.to), model.Header{Destination: netip.MustParseAddr(tt.dst)})
		if (got == nil) != (tt.want == nil) || got != nil && (got.eni.ID != tt.want.eni.ID || got.host != tt.want.host || got.nat != tt.want.nat || got.destiny != tt.want.destiny || got.public != tt.want.public) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
			continue
		}
		if got == nil {
			continue
		}
		w := got.watch(&agentpb.Probe{Source: "10.0.0.4", Destination: tt.dst, Protocol: 17, Port: 53})
		if !slices.Equal(w.Destinations, tt.watch) || (len(w.Sources) == 0) != got.public || w.InterfaceId != got.eni.ID || w.Protocol != 17 || w.Port != 53 {
			t.Errorf("%s: it watches for %v", name, w)
		}
	}
}

func TestFarVerdict(t *testing.T) {
	eni := &model.Interface{ID: "eni-r", VPC: "vpc-1"}
	nat, router, public := &station{eni: eni, nat: true}, &station{eni: eni}, &station{eni: eni, destiny: true, public: true}
	drop := []Counter{{"vpc-1", "filter", "-A FORWARD -o gw -j DROP"}}
	for _, tt := range []struct {
		name    string
		s       *station
		f       Far
		outside bool
		want    Verdict
		why     string
	}{
		{"a gateway that sent it on", nat, Far{Arrived: "vx", Passed: true, Delivered: true, Translated: "10.0.0.9:1", Left: "gw"}, true, VerdictReached, "left by gw"},
		{"and not to the outside", nat, Far{Arrived: "vx", Passed: true, Delivered: true, Translated: "10.0.0.9:1", Left: "px-1"}, false, VerdictUnknown, "left by px-1"},
		{"a gateway that kept it", nat, Far{Arrived: "vx", Passed: true, Delivered: true, Counters: append([]Counter{{"eni-r", "filter", "-A FORWARD -j DROP"}}, drop...)}, true, VerdictDropped, "came to the NAT gateway on h2, and was dropped there: filter: -A FORWARD -j DROP"},
		{"behind a gateway", nat, Far{Arrived: "vx", Passed: true, Delivered: true, Translated: "10.0.0.9:1", Counters: drop}, true, VerdictDropped, "filter: -A FORWARD -o gw -j DROP"},
		{"before a gateway", nat, Far{}, true, VerdictDropped, "did not come to h2"},
		{"a router that got it", router, Far{Arrived: "vx", Passed: true, Delivered: true}, false, VerdictUnknown, "eni-r on h2 got it"},
		{"a router that did not", router, Far{Arrived: "vx", Counters: drop}, false, VerdictDropped, ""},
		{"by the outside, and lost", public, Far{}, false, VerdictUnknown, "what is between was not asked"},
		{"by the outside, and dropped", public, Far{Arrived: "gw", Counters: drop}, false, VerdictDropped, ""},
		{"several rules that drop", router, Far{Arrived: "vx", Counters: append([]Counter{{"vpc-1", "raw", "-P PREROUTING DROP"}, {"vpc-2", "raw", "-A x -j DROP"}, {"vpc-1", "raw", "-A guest -j ACCEPT"}}, drop...)}, false, VerdictDropped, "by one of these: raw: -P PREROUTING DROP; filter: -A FORWARD -o gw -j DROP"},
	} {
		tt.f.Host = "h2"
		if got, why := farVerdict(tt.s, &tt.f, "h1", tt.outside); got != tt.want || !strings.Contains(why, tt.why) {
			t.Errorf("%s: %s: %s", tt.name, got, why)
		}
	}
	if got, why := farVerdict(router, &Far{Host: "h1"}, "h1", false); got != VerdictDropped || strings.Contains(why, "4789") {
		t.Errorf("on the same host: %s: %s", got, why)
	}
}
