package main

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/controlplane/reach"
	"github.com/micacloud/mica/netplane/plan"
)

// Every hop is printed with what decides, and with a command that names the host's objects
// as the network plan does.
func TestPrintPath(t *testing.T) {
	const vpc, subnet, eni = "vpc-0123456789abcdef0", "subnet-0123456789abcdef0", "eni-0123456789abcdef0"
	h := model.Header{Source: netip.MustParseAddr("10.0.0.5"), Destination: netip.MustParseAddr("10.0.1.7"), Protocol: "tcp", FromPort: reach.EphemeralPort, ToPort: 443}
	p := &operator.Path{
		Query:      reach.Query{Source: "i-a", Destination: "i-b", Header: h},
		Interfaces: map[string]*model.Interface{eni: {ID: eni, Instance: "i-a", Subnet: subnet, MAC: "02:00:00:00:00:01"}},
		Hosts:      map[string]string{eni: "h1"},
		NAT:        map[string]string{"nat-1": "eni-00000000000000009"},
		Result: model.Reachability{
			Forward: []model.Hop{
				{Kind: model.HopInterface, ID: eni, VPC: vpc, Subnet: subnet, Header: h},
				{Kind: model.HopGroup, ID: "sg-1", VPC: vpc, Subnet: subnet, Egress: true, Header: h, Rule: model.SecurityRule{ID: "sgr-1", Egress: true, Protocol: "tcp", FromPort: 443, ToPort: 443, CIDR: netip.MustParsePrefix("10.0.0.0/8")}},
				{Kind: model.HopACL, ID: "acl-1", VPC: vpc, Subnet: subnet, Egress: true, Header: h, Entry: model.ACLEntry{Number: 100, Egress: true, Protocol: "-1", Allow: true, CIDR: netip.MustParsePrefix("0.0.0.0/0")}},
				{Kind: model.HopRouteTable, ID: "rtb-1", VPC: vpc, Subnet: subnet, Header: h, Route: model.Route{Destination: netip.MustParsePrefix("0.0.0.0/0"), Target: "nat-1"}},
				{Kind: model.HopNAT, ID: "nat-1", VPC: vpc, Subnet: subnet, Header: h},
			},
			Obstacles: []model.Obstacle{{Code: "ENI_SG_RULES_MISMATCH", Hop: model.Hop{Kind: model.HopGroup, VPC: vpc, Subnet: subnet, Header: h}, Groups: []string{"sg-2"}}},
		},
	}
	var out strings.Builder
	printPath(&out, p, "")
	ns := plan.NamespaceName("", vpc)
	for _, want := range []string{
		"i-a -> i-b, tcp: not reachable",
		"network interface " + eni + " of i-a, 10.0.0.5:49152 > 10.0.1.7:443",
		"h1# ip -n " + ns + " -d link show dev " + plan.TapName("", eni),
		"h1# ip netns exec " + ns + " bridge fdb get 02:00:00:00:00:01 br " + plan.BridgeName(subnet),
		"security group sg-1 egress: rule sgr-1 tcp 443 out to 10.0.0.0/8",
		"# ip netns exec " + ns + " iptables -S sg-1-out",
		"network acl acl-1 egress of " + subnet + ": entry 100 allows protocol -1, 0.0.0.0/0",
		"# ip netns exec " + ns + " iptables -S acl-1-out",
		"route table rtb-1 of " + subnet + ": 0.0.0.0/0 to nat-1",
		"# ip netns exec " + plan.NATName("", "eni-00000000000000009") + " iptables -t nat -S POSTROUTING",
		"It stops here: ENI_SG_RULES_MISMATCH",
		"no rule of sg-2",
		"# ip netns exec " + ns + " iptables -S sg-2-in",
	} {
		if !strings.Contains(out.String(), want+"\n") {
			t.Errorf("no line ends with %q in\n%s", want, out.String())
		}
	}
}

// What the kernel did is printed under the walk, and the command fails where that is not
// what the model says.
func TestPrintLive(t *testing.T) {
	const vpc = "vpc-0123456789abcdef0"
	h := model.Header{Source: netip.MustParseAddr("10.0.0.5"), Destination: netip.MustParseAddr("10.0.1.7"), Protocol: "tcp", FromPort: 49160, ToPort: 443}
	p := &operator.Path{Result: model.Reachability{Found: true}}
	var out strings.Builder
	if err := printLive(&out, p, ""); err != nil || out.Len() > 0 {
		t.Errorf("nothing was asked for: %q, %v", out.String(), err)
	}
	p.Live = &operator.Live{
		Host: "h1", Header: h, Verdict: operator.VerdictDropped, Why: "a filter dropped it", Disagrees: true,
		Counters: []operator.Counter{{VPC: vpc, Table: "raw", Rule: "-P PREROUTING ACCEPT"}, {VPC: vpc, Table: "filter", Rule: "-A egress -j DROP"}},
	}
	err := printLive(&out, p, "")
	if !errors.Is(err, errDisagree) {
		t.Errorf("a disagreement ends with %v", err)
	}
	ns := plan.NamespaceName("", vpc)
	for _, want := range []string{
		"Live, on h1: sent tcp 10.0.0.5:49160 > 10.0.1.7:443",
		"     raw    -P PREROUTING ACCEPT",
		"     filter -A egress -j DROP",
		"     h1# ip netns exec " + ns + " iptables -t filter -vnxL",
		"dropped: a filter dropped it",
		"MODEL AND KERNEL DISAGREE: the model says reachable, the kernel's verdict is dropped",
	} {
		if !strings.Contains(out.String(), want+"\n") {
			t.Errorf("no line ends with %q in\n%s", want, out.String())
		}
	}
	p.Live = &operator.Live{Host: "h1", Header: h, Verdict: operator.VerdictReached, Far: &operator.Far{Host: "h1", Counters: []operator.Counter{{VPC: vpc, Table: "raw", Rule: "twice"}}}}
	out.Reset()
	if err := printLive(&out, p, ""); err != nil || strings.Contains(out.String(), "twice") {
		t.Errorf("counters of one host are told twice: %v\n%s", err, out.String())
	}
	for _, tt := range []struct {
		live operator.Live
		want []string
	}{
		{operator.Live{Verdict: operator.VerdictReached, Reached: "10.0.1.7:443", Passed: []string{vpc}}, []string{"went to 10.0.1.7:443", "Model and kernel agree"}},
		{operator.Live{Verdict: operator.VerdictUnknown}, []string{"The model says reachable; what was seen does not contradict it, as far as it goes"}},
		{operator.Live{Verdict: operator.VerdictDropped, Unsent: "nobody has it"}, []string{"Live, on h1: no packet was sent"}},
		{operator.Live{Verdict: operator.VerdictUnknown, Far: &operator.Far{Host: "h2", Interface: "eni-b", Unasked: "it is away"}}, []string{"On h2, at eni-b: not watched: it is away"}},
		{operator.Live{Verdict: operator.VerdictDropped, Far: &operator.Far{Host: "h2", Interface: "eni-b"}}, []string{"On h2, at eni-b: it did not come"}},
		{operator.Live{Verdict: operator.VerdictReached, Far: &operator.Far{
			Host: "h2", Interface: "eni-b", Arrived: "vx-1", Passed: true, Delivered: true,
			Seen:     []operator.Sighting{{Link: "vx-1", Source: "10.0.0.5:49160", Destination: "10.0.1.7:443"}, {Link: "micat1", Source: "10.0.0.5:49160", Destination: "10.0.1.7:443", Out: true}},
			Counters: []operator.Counter{{VPC: vpc, Table: "filter", Rule: "-A sg-1-in -j ACCEPT"}},
		}}, []string{
			"On h2, at eni-b:", "  in by  vx-1            10.0.0.5:49160 > 10.0.1.7:443", "  out by micat1          10.0.0.5:49160 > 10.0.1.7:443",
			"     filter -A sg-1-in -j ACCEPT", "     h2# ip netns exec " + ns + " iptables -t filter -vnxL",
		}},
	} {
		out.Reset()
		tt.live.Host, tt.live.Header = "h1", h
		p.Live = &tt.live
		if err := printLive(&out, p, ""); err != nil {
			t.Errorf("%+v: %v", tt.live, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want+"\n") || strings.Contains(out.String(), "DISAGREE") {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
	}
}
