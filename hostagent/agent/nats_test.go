package agent

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/proto/agentpb"
)

// What is said of NAT gateways is what the network has, once, and again in each session.
func TestNATGatewaysAreTold(t *testing.T) {
	a := &Agent{reports: newReports()}
	nat := func(id string, deleted bool) *agentpb.NATGateway {
		return &agentpb.NATGateway{Id: id, Deleted: deleted, Interface: &agentpb.Interface{Id: "eni-" + id, VpcId: "vpc-1"}}
	}
	works, gone := map[string]bool{}, map[string]bool{}
	said := func(nats ...*agentpb.NATGateway) string {
		a.tellNATs(nats, func(vpc, eni string) (bool, bool) { return works[vpc+eni], gone[vpc+eni] })
		var out []string
		for _, n := range a.reports.take().GetNats() {
			out = append(out, n.Id+" "+n.State.String())
		}
		return strings.Join(out, ", ")
	}
	want := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
	one, two := nat("one", false), nat("two", false)
	want(said(one, two), "")
	works["vpc-1eni-one"] = true
	want(said(one, two), "one WORKS")
	want(said(one, two), "")
	a.reports.reset()
	want(said(one, two), "one WORKS")
	one.Deleted = true
	want(said(one, two), "") // it works still
	works["vpc-1eni-one"], gone["vpc-1eni-one"], gone["vpc-1eni-two"] = false, true, true
	want(said(one, two), "one GONE")
	want(said(two), "")
	a.reports.reset()
	want(said(two), "")
}
