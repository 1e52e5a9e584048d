package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// prober stands for hosts: it notes who was asked for what, in order.
type prober struct {
	host  string
	asked *agentpb.Probe
	did   *agentpb.ProbeResult
	err   error

	calls       []string
	watched     *agentpb.Watch
	saw         *agentpb.WatchResult
	begin, over error
	hang        bool // an agent that never replies
}

func (p *prober) Probe(_ context.Context, host string, in *agentpb.Probe) (*agentpb.ProbeResult, error) {
	p.calls = append(p.calls, "probe "+host)
	p.host, p.asked = host, in
	return p.did, p.err
}

func (p *prober) BeginWatch(ctx context.Context, host string, in *agentpb.Watch) error {
	p.calls = append(p.calls, "watch "+host)
	p.watched = in
	if p.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return p.begin
}

func (p *prober) EndWatch(_ context.Context, host string, in *agentpb.EndWatch) (*agentpb.WatchResult, error) {
	p.calls = append(p.calls, fmt.Sprint("end ", host, " ", in.SourcePort))
	if in.Name != p.watched.Name {
		return nil, errors.New("no such watch")
	}
	return p.saw, p.over
}

func (*prober) Explain(context.Context, string, string) ([]byte, error) { panic("not asked for") }
func (*prober) OpenConsole(context.Context, string, string) (io.ReadWriteCloser, error) {
	panic("not asked for")
}

// a and b are on one host, c is on another, d nowhere. b and c let in HTTPS alone.
func probeWorld(t *testing.T) store.DB {
	t.Helper()
	db := store.NewMemory()
	err := db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		eni := func(name, address, group, host string) error {
			err := errors.Join(
				store.Interfaces.Put(tx, &model.Interface{ID: "eni-" + name, VPC: "vpc-1", Subnet: "subnet-1", MAC: "02:" + name, PrivateIP: netip.MustParseAddr(address), Groups: []string{group}, Instance: "i-" + name, SourceDestCheck: true}),
				store.Instances.Put(tx, &model.Instance{ID: "i-" + name, VPCID: "vpc-1", Interfaces: []string{"eni-" + name}, Epoch: 1}))
			if host == "" {
				return err
			}
			return errors.Join(err, store.Boots.Put(tx, &model.Boot{ID: model.BootID("i-"+name, 1), Instance: "i-" + name, Epoch: 1, Host: host}))
		}
		return errors.Join(
			store.Subnets.Put(tx, &model.Subnet{ID: "subnet-1", VPC: "vpc-1", CIDR: netip.MustParsePrefix("10.0.0.0/24")}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-1", Group: "sg-a", Egress: true, Protocol: "-1", CIDR: netip.MustParsePrefix("0.0.0.0/0")}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-2", Group: "sg-b", Protocol: "tcp", FromPort: 443, ToPort: 443, Source: "sg-a"}),
			eni("a", "10.0.0.4", "sg-a", "h1"), eni("b", "10.0.0.5", "sg-b", "h1"), eni("c", "10.0.0.6", "sg-b", "h2"), eni("d", "10.0.0.7", "sg-a", ""))
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestLivePath(t *testing.T) {
	hosts := &prober{begin: errors.New("it is older than the server")} // as before hosts could watch
	call := bench(t, &API{DB: probeWorld(t), Hosts: hosts})
	own := []string{"vpc-1"}
	for _, tt := range []struct {
		name, query string
		did         *agentpb.ProbeResult
		verdict     Verdict
		disagrees   bool
	}{
		{"open, and passed", "from=i-a&to=i-b&protocol=tcp&port=443", &agentpb.ProbeResult{Passed: own}, VerdictReached, false},
		{"open, and answered", "from=i-a&to=i-b&protocol=tcp&port=443", &agentpb.ProbeResult{Passed: own, Answered: true}, VerdictReached, false},
		{"open, but dropped", "from=i-a&to=i-b&protocol=tcp&port=443", &agentpb.ProbeResult{}, VerdictDropped, true},
		{"closed, and dropped", "from=i-a&to=i-b&protocol=tcp&port=80", &agentpb.ProbeResult{}, VerdictDropped, false},
		{"closed, but passed", "from=i-a&to=i-b&protocol=tcp&port=80", &agentpb.ProbeResult{Passed: own}, VerdictReached, true},
		{"closed, but answered", "from=i-a&to=10.0.0.5&protocol=icmp", &agentpb.ProbeResult{Passed: own, Answered: true}, VerdictReached, true},
		{"open, to another host", "from=i-a&to=i-c&protocol=tcp&port=443", &agentpb.ProbeResult{Passed: own}, VerdictUnknown, false},
		{"open, answered from another host", "from=i-a&to=10.0.0.6&protocol=tcp&port=443", &agentpb.ProbeResult{Passed: own, Answered: true}, VerdictReached, false},
		{"closed by another host", "from=i-a&to=i-c&protocol=tcp&port=80", &agentpb.ProbeResult{Passed: own}, VerdictUnknown, false},
		{"closed, but answered from another host", "from=i-a&to=i-c&protocol=tcp&port=80", &agentpb.ProbeResult{Passed: own, Answered: true}, VerdictReached, true},
		{"open to another host, but dropped here", "from=i-a&to=i-c&protocol=tcp&port=443", &agentpb.ProbeResult{}, VerdictDropped, true},
		{"nobody has the address", "from=i-a&to=10.0.0.99&protocol=tcp&port=443", &agentpb.ProbeResult{Unsent: "nobody answers"}, VerdictDropped, false},
	} {
		tt.did.SourcePort = 49200
		hosts.did = tt.did
		status, body := call(http.MethodPost, "/v1/path?"+tt.query, "")
		var p Path
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusOK || p.Live == nil {
			t.Errorf("%s: %d %s %v", tt.name, status, body, err)
			continue
		}
		if l := p.Live; l.Verdict != tt.verdict || l.Disagrees != tt.disagrees || l.Why == "" || l.Host != "h1" || l.Header.FromPort != 49200 {
			t.Errorf("%s: %+v", tt.name, l)
		}
		if hosts.host != "h1" || hosts.asked.InterfaceId != "eni-a" || hosts.asked.Source != "10.0.0.4" || hosts.asked.Protocol == 6 && hosts.asked.SourcePort != 49152 {
			t.Errorf("%s: %s was asked for %v", tt.name, hosts.host, hosts.asked)
		}
	}
	if p := hosts.asked; p.Destination != "10.0.0.99" || p.Port != 443 || p.Protocol != 6 {
		t.Errorf("asked for %v", p)
	}
	*hosts = prober{err: errors.New("no agent")}
	for query, want := range map[string]int{
		"from=i-d&to=i-b&protocol=tcp&port=443":   400, // on no host
		"from=igw-1&to=i-b&protocol=tcp&port=443": 400,
		"from=i-a&to=i-b&protocol=gre":            400,
		"from=i-x&to=i-b&protocol=tcp":            404,
	} {
		if status, body := call(http.MethodPost, "/v1/path?"+query, ""); status != want || hosts.asked != nil {
			t.Errorf("%s: %d %s, asked %v", query, status, body, hosts.asked)
		}
	}
	if status, _ := call(http.MethodPost, "/v1/path?from=i-a&to=i-b&protocol=tcp&port=443", ""); status != http.StatusInternalServerError {
		t.Errorf("a host that does not answer: %d", status)
	}
	hosts.asked = nil
	if status, _ := call(http.MethodGet, "/v1/path?from=i-a&to=i-b&protocol=tcp&port=443", ""); status != http.StatusOK || hosts.asked != nil {
		t.Errorf("without --live: %d, and a host was asked for %v", status, hosts.asked)
	}
}

// What lies between a source and a destination that are in two VPCs, or outside.
func TestProbeVerdict(t *testing.T) {
	header := model.Header{Destination: netip.MustParseAddr("10.2.0.5")}
	from := &model.Interface{VPC: "vpc-1"}
	to := &model.Interface{VPC: "vpc-2", PrivateIP: header.Destination}
	near, older := &station{eni: to, host: "h1", destiny: true}, &Far{Host: "h1", Unasked: "it is older"}
	nat := model.Reachability{Found: true, Forward: []model.Hop{{Kind: model.HopNAT}}}
	late := model.Reachability{Obstacles: []model.Obstacle{{Return: true}}}
	for _, tt := range []struct {
		name      string
		m         model.Reachability
		s         seen
		passed    []string
		answered  bool
		verdict   Verdict
		disagrees bool
	}{
		{"peered, passed both", model.Reachability{Found: true}, seen{to: to, next: near, far: older}, []string{"vpc-1", "vpc-2"}, false, VerdictReached, false},
		{"peered, dropped by the other", model.Reachability{Found: true}, seen{to: to, next: near, far: older}, []string{"vpc-1"}, false, VerdictDropped, true},
		{"peered, elsewhere", model.Reachability{}, seen{to: to, next: &station{eni: to, host: "h2", destiny: true}, far: &Far{Host: "h2", Unasked: "it is older"}}, []string{"vpc-1"}, false, VerdictUnknown, false},
		{"to the internet", model.Reachability{Found: true}, seen{}, []string{"vpc-1"}, false, VerdictReached, false},
		{"to the internet by a NAT gateway", nat, seen{}, []string{"vpc-1"}, false, VerdictUnknown, false},
		{"answered by a NAT gateway", nat, seen{}, []string{"vpc-1"}, true, VerdictReached, false},
		{"only the answer is stopped, and is", late, seen{}, []string{"vpc-1"}, false, VerdictReached, false},
		{"only the answer is stopped, but came", late, seen{}, []string{"vpc-1"}, true, VerdictReached, true},
		{"only the answer is stopped, but the packet was", late, seen{}, nil, false, VerdictDropped, true},
	} {
		tt.s.from, tt.s.host, tt.s.header = from, "h1", header
		tt.s.did = &agentpb.ProbeResult{Passed: tt.passed, Answered: tt.answered, Moved: []*agentpb.Counter{{Rule: "r"}}}
		l := judge(tt.m, tt.s)
		if l.Verdict != tt.verdict || l.Disagrees != tt.disagrees || !slices.Equal(l.Counters, []Counter{{Rule: "r"}}) {
			t.Errorf("%s: %+v", tt.name, l)
		}
	}
}
