package agent

import "github.com/micacloud/mica/proto/agentpb"

// nats are the assigned NAT gateways, those that are to go included.
func (a *assignments) nats() (out []*agentpb.NATGateway) {
	a.each("nat/", func(i *agentpb.Item) { out = append(out, i.GetNat()) })
	return out
}

// tellNATs reports which NAT gateways are as assigned, once the network was applied: of what is
// not so yet, nothing is said.
func (a *Agent) tellNATs(nats []*agentpb.NATGateway, state func(vpc, eni string) (works, gone bool)) {
	var out []*agentpb.NATStatus
	for _, n := range nats {
		works, gone := state(n.GetInterface().GetVpcId(), n.GetInterface().GetId())
		switch {
		case n.GetDeleted() && gone:
			out = append(out, &agentpb.NATStatus{Id: n.GetId(), State: agentpb.NATStatus_GONE})
		case !n.GetDeleted() && works:
			out = append(out, &agentpb.NATStatus{Id: n.GetId(), State: agentpb.NATStatus_WORKS})
		}
	}
	a.reports.nat(out)
}
