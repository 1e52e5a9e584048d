package ec2

import (
	"iter"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

var peeringKind = idKind{ids.Peering, "InvalidVpcPeeringConnectionId.Malformed", "InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection ID"}

func (a *API) registerPeerings(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec {
		return wire.Spec{Name: name, Resource: "vpc-peering-connection", Mutates: true}
	}
	create := spec("CreateVpcPeeringConnection")
	create.Partial = "within a region"
	wire.Handle(r, create, a.createPeering)
	wire.Check(r, "CreateVpcPeeringConnection", checkCreatePeering)
	wire.Handle(r, spec("AcceptVpcPeeringConnection"), a.acceptPeering)
	wire.Handle(r, spec("RejectVpcPeeringConnection"), a.rejectPeering)
	wire.Handle(r, spec("DeleteVpcPeeringConnection"), a.deletePeering)
	wire.Handle(r, spec("ModifyVpcPeeringConnectionOptions"), a.modifyPeeringOptions)
	wire.Handle(r, wire.Spec{Name: "DescribeVpcPeeringConnections", Resource: "vpc-peering-connection"}, a.describePeerings)
}

// seesPeering reports whether one side of a peering is the caller's.
func seesPeering(c *action.Call, p *model.Peering) bool {
	return p.Requester.OwnedBy(c.Account, c.Region) || p.Accepter.OwnedBy(c.Account, c.Region)
}

// getPeering returns a peering of which one side is the caller's.
func getPeering(c *action.Call, id string) (*model.Peering, error) {
	if err := peeringKind.check(id); err != nil {
		return nil, err
	}
	p := store.Peerings.Get(c, id)
	if p == nil || !seesPeering(c, p) {
		return nil, peeringKind.missing(id)
	}
	return p, nil
}

// endPeering puts a peering into a state from which it does not come back.
func endPeering(c *action.Call, p *model.Peering, state, message string) error {
	next := *p
	next.State, next.Message, next.Changed = state, message, c.Now()
	return store.Peerings.Put(c.Tx, &next)
}

func checkCreatePeering(in *gen.CreateVpcPeeringConnectionRequest) error {
	if in.PeerVpcId == nil {
		return missing("peerVpcId")
	}
	_, err := parseTagSpecs(in.TagSpecifications, "vpc-peering-connection")
	return err
}

// peeringFailed is EC2's message of a request that cannot come to anything.
const peeringFailed = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"

func (a *API) createPeering(c *action.Call, in *gen.CreateVpcPeeringConnectionRequest) (*gen.CreateVpcPeeringConnectionResult, error) {
	if err := checkCreatePeering(in); err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "vpc-peering-connection")
	if err != nil {
		return nil, err
	}
	if in.PeerRegion != nil && *in.PeerRegion != c.Region {
		return nil, apierr.New("Unsupported", "The requested configuration is currently not supported: VPC peering connections to another region (%s).", clip(*in.PeerRegion))
	}
	from, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if err := vpcKind.check(*in.PeerVpcId); err != nil {
		return nil, err
	}
	to := model.PeeringSide{Owned: model.Owned{Account: orDefault(in.PeerOwnerId, c.Account), Region: c.Region}, VPC: *in.PeerVpcId}
	peer := store.VPCs.Get(c, to.VPC)
	if peer != nil && peer.Owned != to.Owned {
		peer = nil
	}
	switch {
	case peer == nil && to.Account == c.Account:
		return nil, vpcKind.missing(to.VPC)
	case to.VPC == from.ID:
		return nil, apierr.New("InvalidParameterValue", "The requester VPC and the accepter VPC of a peering connection must not be the same.")
	}
	for p := range store.Peerings.By(c, "vpc", from.ID) {
		if p.Other(from.ID).VPC == to.VPC && (p.State == model.PeeringActive || p.State == model.PeeringPending) {
			return nil, apierr.New("VpcPeeringConnectionAlreadyExists", "A VPC peering connection between '%s' and '%s' already exists: %s.", from.ID, to.VPC, p.ID)
		}
	}
	if err := a.within(quotaPendingPeerings, count(store.Peerings.By(c, "account", c.Account), isPending), 1); err != nil {
		return nil, err
	}
	p := &model.Peering{
		ID: ids.New(ids.Peering), Owned: owner(c), Requester: model.PeeringSide{Owned: owner(c), VPC: from.ID}, Accepter: to,
		State: model.PeeringPending, Message: "Pending Acceptance by " + to.Account,
		Created: c.Now(), Changed: c.Now(), Expires: c.Now().Add(lifecycle.PeeringWaits), Tags: tags["vpc-peering-connection"].Clone(),
	}
	if peer == nil || vpcsOverlap(from, peer) {
		p.State, p.Message = model.PeeringFailed, peeringFailed
	}
	c.Made = p.ID
	return &gen.CreateVpcPeeringConnectionResult{VpcPeeringConnection: toPeering(peeringRow{p, c})}, store.Peerings.Put(c.Tx, p)
}

func isPending(p *model.Peering) bool { return p.State == model.PeeringPending }
func isActive(p *model.Peering) bool  { return p.State == model.PeeringActive }

func vpcsOverlap(x, y *model.VPC) bool {
	for _, block := range x.CIDRs() {
		if overlapsAny(y.CIDRs(), block) {
			return true
		}
	}
	return false
}

// notIn is the answer to an operation on a peering in a state that it is not for.
func notIn(p *model.Peering, to string) error {
	return apierr.New("InvalidStateTransition", "Invalid state transition for %s, attempted to transition from %s to %s", p.ID, p.State, to)
}

// toAccept returns a peering whose request is the caller's to answer.
func toAccept(c *action.Call, id, to string) (*model.Peering, error) {
	p, err := getPeering(c, id)
	switch {
	case err != nil:
		return nil, err
	case !p.Accepter.OwnedBy(c.Account, c.Region):
		return nil, apierr.New("OperationNotPermitted", "User %s cannot answer the request %s: it is to account %s.", c.Account, p.ID, p.Accepter.Account)
	case p.State != model.PeeringPending || !c.Now().Before(p.Expires):
		return nil, notIn(p, to)
	}
	return p, nil
}

func (a *API) acceptPeering(c *action.Call, in *gen.AcceptVpcPeeringConnectionRequest) (*gen.AcceptVpcPeeringConnectionResult, error) {
	p, err := toAccept(c, *in.VpcPeeringConnectionId, model.PeeringActive)
	if err != nil {
		return nil, err
	}
	next := *p
	next.State, next.Message, next.Changed = model.PeeringActive, "Active", c.Now()
	from, to := store.VPCs.Get(c, p.Requester.VPC), store.VPCs.Get(c, p.Accepter.VPC)
	if from == nil || to == nil || vpcsOverlap(from, to) { // since the request
		next.State, next.Message = model.PeeringFailed, peeringFailed
	} else {
		for _, v := range []string{from.ID, to.ID} {
			if err := a.within(quotaPeerings, count(store.Peerings.By(c, "vpc", v), isActive), 1); err != nil {
				return nil, err
			}
		}
	}
	return &gen.AcceptVpcPeeringConnectionResult{VpcPeeringConnection: toPeering(peeringRow{&next, c})}, store.Peerings.Put(c.Tx, &next)
}

func (a *API) rejectPeering(c *action.Call, in *gen.RejectVpcPeeringConnectionRequest) (*gen.RejectVpcPeeringConnectionResult, error) {
	p, err := toAccept(c, *in.VpcPeeringConnectionId, model.PeeringRejected)
	if err != nil {
		return nil, err
	}
	return &gen.RejectVpcPeeringConnectionResult{Return: new(true)}, endPeering(c, p, model.PeeringRejected, "Rejected by "+c.Account)
}

// deletePeering ends a peering. Routes to it stay, as blackholes; so do rules that name
// the other side's groups.
func (a *API) deletePeering(c *action.Call, in *gen.DeleteVpcPeeringConnectionRequest) (*gen.DeleteVpcPeeringConnectionResult, error) {
	p, err := getPeering(c, *in.VpcPeeringConnectionId)
	switch {
	case err != nil:
		return nil, err
	case p.State == model.PeeringPending && !p.Requester.OwnedBy(c.Account, c.Region):
		return nil, apierr.New("OperationNotPermitted", "User %s cannot delete the request %s: reject it.", c.Account, p.ID)
	case p.State != model.PeeringActive && p.State != model.PeeringPending:
		return nil, notIn(p, model.PeeringDeleted)
	}
	return &gen.DeleteVpcPeeringConnectionResult{Return: new(true)}, endPeering(c, p, model.PeeringDeleted, "Deleted by "+c.Account)
}

func (a *API) modifyPeeringOptions(c *action.Call, in *gen.ModifyVpcPeeringConnectionOptionsRequest) (*gen.ModifyVpcPeeringConnectionOptionsResult, error) {
	p, err := getPeering(c, *in.VpcPeeringConnectionId)
	if err != nil {
		return nil, err
	}
	next, out := *p, &gen.ModifyVpcPeeringConnectionOptionsResult{}
	for _, x := range []struct {
		asked *gen.PeeringConnectionOptionsRequest
		side  *model.PeeringSide
		shown **gen.PeeringConnectionOptions
	}{
		{in.RequesterPeeringConnectionOptions, &next.Requester, &out.RequesterPeeringConnectionOptions},
		{in.AccepterPeeringConnectionOptions, &next.Accepter, &out.AccepterPeeringConnectionOptions},
	} {
		switch {
		case x.asked == nil:
			continue
		case !x.side.OwnedBy(c.Account, c.Region):
			return nil, apierr.New("OperationNotPermitted", "User %s cannot change the options of the other side of %s.", c.Account, p.ID)
		case val(x.asked.AllowEgressFromLocalClassicLinkToRemoteVpc) || val(x.asked.AllowEgressFromLocalVpcToRemoteClassicLink):
			return nil, apierr.New("InvalidParameterValue", "There is no ClassicLink.")
		case p.State != model.PeeringActive:
			return nil, apierr.New("OperationNotPermitted", "The options of %s can be changed once it is active; it is %s.", p.ID, p.State)
		}
		x.side.RemoteDNS = orDefault(x.asked.AllowDnsResolutionFromRemoteVpc, x.side.RemoteDNS)
		*x.shown = &gen.PeeringConnectionOptions{AllowDnsResolutionFromRemoteVpc: new(x.side.RemoteDNS)}
	}
	if out.RequesterPeeringConnectionOptions == nil && out.AccepterPeeringConnectionOptions == nil {
		return nil, missing("AccepterPeeringConnectionOptions or RequesterPeeringConnectionOptions")
	}
	return out, store.Peerings.Put(c.Tx, &next)
}

type peeringRow = joined[*model.Peering]

var peeringListing = &listing[peeringRow]{
	action: "DescribeVpcPeeringConnections",
	kind:   peeringKind,
	rows: func(c *action.Call) iter.Seq[peeringRow] {
		return func(yield func(peeringRow) bool) {
			for p := range store.Peerings.By(c, "account", c.Account) {
				if seesPeering(c, p) && !yield(peeringRow{p, c}) {
					return
				}
			}
		}
	},
	get: func(c *action.Call, id string) (peeringRow, bool) {
		p := store.Peerings.Get(c, id)
		return peeringRow{p, c}, p != nil && seesPeering(c, p)
	},
	id:     func(p peeringRow) string { return p.row.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[peeringRow]{
		Tags: func(p peeringRow) map[string]string { return p.row.Tags },
		Fields: map[string]func(peeringRow) []string{
			"accepter-vpc-info.cidr-block":  func(p peeringRow) []string { return one(val(toPeering(p).AccepterVpcInfo.CidrBlock)) },
			"accepter-vpc-info.owner-id":    func(p peeringRow) []string { return one(p.row.Accepter.Account) },
			"accepter-vpc-info.vpc-id":      func(p peeringRow) []string { return one(p.row.Accepter.VPC) },
			"expiration-time":               func(p peeringRow) []string { return timeStr(val(toPeering(p).ExpirationTime)) },
			"requester-vpc-info.cidr-block": func(p peeringRow) []string { return one(val(toPeering(p).RequesterVpcInfo.CidrBlock)) },
			"requester-vpc-info.owner-id":   func(p peeringRow) []string { return one(p.row.Requester.Account) },
			"requester-vpc-info.vpc-id":     func(p peeringRow) []string { return one(p.row.Requester.VPC) },
			"status-code":                   func(p peeringRow) []string { return one(p.row.State) },
			"status-message":                func(p peeringRow) []string { return one(p.row.Message) },
			"vpc-peering-connection-id":     func(p peeringRow) []string { return one(p.row.ID) },
		},
	},
}

func (a *API) describePeerings(c *action.Call, in *gen.DescribeVpcPeeringConnectionsRequest) (*gen.DescribeVpcPeeringConnectionsResult, error) {
	rows, next, err := peeringListing.page(c, selection{in.VpcPeeringConnectionIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeVpcPeeringConnectionsResult{VpcPeeringConnections: described(rows, toPeering), NextToken: next}, nil
}

// toPeering shows a peering. What blocks the accepter's VPC has, the requester learns when
// it is accepted.
func toPeering(row peeringRow) *gen.VpcPeeringConnection {
	p := row.row
	out := &gen.VpcPeeringConnection{
		VpcPeeringConnectionId: &p.ID,
		RequesterVpcInfo:       toPeeringSide(row, &p.Requester, p.State != model.PeeringFailed),
		AccepterVpcInfo:        toPeeringSide(row, &p.Accepter, p.State == model.PeeringActive),
		Status:                 &gen.VpcPeeringConnectionStateReason{Code: &p.State, Message: &p.Message},
		Tags:                   tagsOrEmpty(p.Tags),
	}
	if p.State == model.PeeringPending {
		out.ExpirationTime = &p.Expires
	}
	return out
}

func toPeeringSide(row peeringRow, s *model.PeeringSide, open bool) *gen.VpcPeeringConnectionVpcInfo {
	out := &gen.VpcPeeringConnectionVpcInfo{OwnerId: &s.Account, VpcId: &s.VPC, Region: &s.Region}
	v := store.VPCs.Get(row.r, s.VPC)
	if !open || v == nil {
		return out
	}
	out.CidrBlock = new(v.CIDR.String())
	for _, block := range v.CIDRs() {
		out.CidrBlockSet = append(out.CidrBlockSet, &gen.CidrBlock{CidrBlock: new(block.String())})
	}
	out.PeeringOptions = &gen.VpcPeeringConnectionOptionsDescription{
		AllowDnsResolutionFromRemoteVpc: &s.RemoteDNS, AllowEgressFromLocalClassicLinkToRemoteVpc: new(false), AllowEgressFromLocalVpcToRemoteClassicLink: new(false),
	}
	return out
}
