package kernel_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/micacloud/mica/netplane/plan"
)

// pair is a VPC with two subnets and groups web and db; web asks db on port 80.
func (w *world) pair() *plan.VPC {
	web, db := sgID(1), sgID(2)
	w.host.VPCs = []plan.VPC{{
		ID: vpcID(1), CIDRs: []netip.Prefix{prefix("10.7.0.0/16")}, DNS: true,
		Subnets: []plan.Subnet{
			{ID: subnetID(1), CIDR: prefix("10.7.1.0/24"), Routes: []plan.SubnetRoute{plan.ToInternet()}},
			{ID: subnetID(2), CIDR: prefix("10.7.2.0/24"), Routes: []plan.SubnetRoute{plan.ToInternet()}},
		},
		Groups: []plan.Group{
			{ID: web, Egress: []plan.Rule{tcpFrom(80, db), tcpFrom(81, db)}, Ingress: []plan.Rule{tcp(22, everywhere)}},
			{ID: db, Egress: []plan.Rule{allowAll()}, Ingress: []plan.Rule{tcpFrom(80, web), tcp(82, everywhere)}},
		},
		Interfaces: []plan.Interface{
			{ID: eniID(0xa), SubnetID: subnetID(1), MAC: mac(0xa), PrivateIP: addr("10.7.1.5"), Groups: []string{web}, SourceDestCheck: true},
			{ID: eniID(0xb), SubnetID: subnetID(1), MAC: mac(0xb), PrivateIP: addr("10.7.1.6"), Groups: []string{db}, SourceDestCheck: true},
			{ID: eniID(0xc), SubnetID: subnetID(2), MAC: mac(0xc), PrivateIP: addr("10.7.2.5"), Groups: []string{db}, SourceDestCheck: true},
		},
	}}
	return &w.host.VPCs[0]
}

// boot applies and makes a guest of every interface.
func (w *world) boot() {
	w.t.Helper()
	w.apply()
	for _, v := range w.host.VPCs {
		for _, i := range v.Interfaces {
			if w.guests[i.ID] == nil {
				w.addGuest(v.ID, i)
			}
		}
	}
}

func TestGroupsThatReferenceEachOther(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.boot()
	a, b, c := w.guests[eniID(0xa)], w.guests[eniID(0xb)], w.guests[eniID(0xc)]
	for _, g := range []*guest{a, b, c} {
		for _, port := range []int{22, 80, 81, 82} {
			g.listen(port)
		}
	}
	for _, tt := range []struct {
		name string
		from *guest
		to   string
		want bool
	}{
		{"bridged, web to db 80", a, "10.7.1.6:80", true},
		{"routed, web to db 80", a, "10.7.2.5:80", true},
		{"bridged, db does not let 81 in", a, "10.7.1.6:81", false},
		{"routed, db does not let 81 in", a, "10.7.2.5:81", false},
		{"bridged, web does not let 82 out", a, "10.7.1.6:82", false},
		{"routed, web does not let 82 out", a, "10.7.2.5:82", false},
		{"bridged, web lets 22 in", b, "10.7.1.5:22", true},
		{"routed, web lets 22 in", c, "10.7.1.5:22", true},
		{"bridged, web does not let 80 in", b, "10.7.1.5:80", false},
		{"db is not among those who may ask db on 80", b, "10.7.2.5:80", false},
		{"routed, within db on 82", c, "10.7.1.6:82", true},
	} {
		if got := tt.from.reaches(tt.to); got != tt.want {
			t.Errorf("%s: %s -> %s: reaches is %v, want %v", tt.name, tt.from.iface.PrivateIP, tt.to, got, tt.want)
		}
	}
	if a.pings("10.7.1.6") || a.pings("10.7.1.1") {
		t.Error("a ping passed that no rule allows")
	}
}

func TestApplyTwiceDoesNothing(t *testing.T) {
	w := newWorld(t)
	w.pair().InternetGateway = true
	w.host.VPCs[0].Interfaces[0].PublicIP = w.host.PublicPool.Addr().Next()
	w.boot()
	w.apply() // the guests' ports are there now
	before := w.k.Counts()
	w.apply()
	after := w.k.Counts()
	if after.Steps != before.Steps {
		t.Errorf("the second Apply did %d steps:\n%s", after.Steps-before.Steps, strings.Join(w.k.LastSteps(), "\n"))
	}
	if n := execs(before, after); n != 0 {
		t.Errorf("the second Apply started %d processes", n)
	}
}
