package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerGateways(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeInternetGateways", Resource: "internet-gateway"}, a.describeInternetGateways)
	wire.Handle(r, wire.Spec{Name: "CreateInternetGateway", Resource: "internet-gateway", Mutates: true}, a.createInternetGateway)
	wire.Check(r, "CreateInternetGateway", func(in *gen.CreateInternetGatewayRequest) error {
		_, err := parseTagSpecs(in.TagSpecifications, "internet-gateway")
		return err
	})
	wire.Handle(r, wire.Spec{Name: "AttachInternetGateway", Resource: "internet-gateway", Mutates: true}, a.attachInternetGateway)
	wire.Handle(r, wire.Spec{Name: "DetachInternetGateway", Resource: "internet-gateway", Mutates: true}, a.detachInternetGateway)
	wire.Handle(r, wire.Spec{Name: "DeleteInternetGateway", Resource: "internet-gateway", Mutates: true}, a.deleteInternetGateway)

	wire.Handle(r, wire.Spec{Name: "CreateEgressOnlyInternetGateway", Resource: "egress-only-internet-gateway", Mutates: true, Partial: "no route can use it, as there is no IPv6"}, a.createEgressOnlyGateway)
	wire.Check(r, "CreateEgressOnlyInternetGateway", func(in *gen.CreateEgressOnlyInternetGatewayRequest) error {
		_, err := parseTagSpecs(in.TagSpecifications, "egress-only-internet-gateway")
		return err
	})
	wire.Handle(r, wire.Spec{Name: "DescribeEgressOnlyInternetGateways", Resource: "egress-only-internet-gateway"}, a.describeEgressOnlyGateways)
	wire.Handle(r, wire.Spec{Name: "DeleteEgressOnlyInternetGateway", Resource: "egress-only-internet-gateway", Mutates: true}, a.deleteEgressOnlyGateway)
}

func getGateway(c *action.Call, id string) (*model.InternetGateway, error) {
	return require(c, gatewayKind, store.InternetGateways, id)
}

func (a *API) createInternetGateway(c *action.Call, in *gen.CreateInternetGatewayRequest) (*gen.CreateInternetGatewayResult, error) {
	tags, err := parseTagSpecs(in.TagSpecifications, "internet-gateway")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaGateways, count(mine(store.InternetGateways)(c), nil), 1); err != nil {
		return nil, err
	}
	g := &model.InternetGateway{ID: ids.New(ids.InternetGateway), Owned: owner(c), Tags: tags["internet-gateway"].Clone()}
	return &gen.CreateInternetGatewayResult{InternetGateway: toGateway(g)}, store.InternetGateways.Put(c.Tx, g)
}

func (a *API) attachInternetGateway(c *action.Call, in *gen.AttachInternetGatewayRequest) (*gen.AttachInternetGatewayResult, error) {
	g, v, err := gatewayAndVPC(c, *in.InternetGatewayId, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.VPC != "" {
		return nil, apierr.New("Resource.AlreadyAssociated", "resource %s is already attached to network %s", g.ID, g.VPC)
	}
	if gatewayOf(c, v.ID) != nil {
		return nil, apierr.New("InvalidParameterValue", "Network %s already has an internet gateway attached", v.ID)
	}
	next := *g
	next.VPC = v.ID
	return &gen.AttachInternetGatewayResult{}, store.InternetGateways.Put(c.Tx, &next)
}

// gatewayOf returns the internet gateway of a VPC, or nil.
func gatewayOf(r store.Reader, vpc string) *model.InternetGateway {
	return store.InternetGateways.First(r, "vpc", vpc)
}

func gatewayAndVPC(c *action.Call, gateway, vpc string) (*model.InternetGateway, *model.VPC, error) {
	g, err := getGateway(c, gateway)
	if err != nil {
		return nil, nil, err
	}
	v, err := getVPC(c, vpc)
	return g, v, err
}

func (a *API) detachInternetGateway(c *action.Call, in *gen.DetachInternetGatewayRequest) (*gen.DetachInternetGatewayResult, error) {
	g, v, err := gatewayAndVPC(c, *in.InternetGatewayId, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.VPC != v.ID {
		return nil, apierr.New("Gateway.NotAttached", "resource %s is not attached to network %s", g.ID, v.ID)
	}
	for i := range store.Interfaces.By(c, "vpc", v.ID) {
		if len(i.PublicIPs()) > 0 {
			return nil, apierr.New("DependencyViolation", "Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", v.ID)
		}
	}
	next := *g
	next.VPC = ""
	return &gen.DetachInternetGatewayResult{}, store.InternetGateways.Put(c.Tx, &next)
}

func (a *API) deleteInternetGateway(c *action.Call, in *gen.DeleteInternetGatewayRequest) (*gen.DeleteInternetGatewayResult, error) {
	g, err := getGateway(c, *in.InternetGatewayId)
	if err != nil {
		return nil, err
	}
	if g.VPC != "" {
		return nil, dependency("internetGateway", g.ID)
	}
	return &gen.DeleteInternetGatewayResult{}, store.InternetGateways.Delete(c.Tx, g.ID)
}

var egressOnlyKind = idKind{ids.EgressOnly, "InvalidEgressOnlyInternetGatewayId.Malformed", "InvalidEgressOnlyInternetGatewayId.NotFound", "egress only internet gateway ID"}

var egressOnlyListing = &listing[*model.EgressOnlyGateway]{
	action:  "DescribeEgressOnlyInternetGateways",
	kind:    egressOnlyKind,
	rows:    mine(store.EgressOnlyGateways),
	get:     mineByID(store.EgressOnlyGateways),
	id:      func(g *model.EgressOnlyGateway) string { return g.ID },
	limits:  wire.PageLimits{Min: 5, Max: 255},
	filters: wire.FilterTable[*model.EgressOnlyGateway]{Tags: func(g *model.EgressOnlyGateway) map[string]string { return g.Tags }},
}

func (a *API) createEgressOnlyGateway(c *action.Call, in *gen.CreateEgressOnlyInternetGatewayRequest) (*gen.CreateEgressOnlyInternetGatewayResult, error) {
	tags, err := parseTagSpecs(in.TagSpecifications, "egress-only-internet-gateway")
	if err != nil {
		return nil, err
	}
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaEgressGateways, count(mine(store.EgressOnlyGateways)(c), nil), 1); err != nil {
		return nil, err
	}
	g := &model.EgressOnlyGateway{ID: ids.New(ids.EgressOnly), Owned: owner(c), VPC: v.ID, Tags: tags["egress-only-internet-gateway"].Clone()}
	c.Made = g.ID
	return &gen.CreateEgressOnlyInternetGatewayResult{EgressOnlyInternetGateway: toEgressOnlyGateway(g), ClientToken: in.ClientToken}, store.EgressOnlyGateways.Put(c.Tx, g)
}

func (a *API) describeEgressOnlyGateways(c *action.Call, in *gen.DescribeEgressOnlyInternetGatewaysRequest) (*gen.DescribeEgressOnlyInternetGatewaysResult, error) {
	rows, next, err := egressOnlyListing.page(c, selection{in.EgressOnlyInternetGatewayIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeEgressOnlyInternetGatewaysResult{EgressOnlyInternetGateways: described(rows, toEgressOnlyGateway), NextToken: next}, nil
}

func toEgressOnlyGateway(g *model.EgressOnlyGateway) *gen.EgressOnlyInternetGateway {
	return &gen.EgressOnlyInternetGateway{
		EgressOnlyInternetGatewayId: &g.ID,
		Attachments:                 []*gen.InternetGatewayAttachment{{State: new("attached"), VpcId: &g.VPC}},
		Tags:                        tagsOrEmpty(g.Tags),
	}
}

func (a *API) deleteEgressOnlyGateway(c *action.Call, in *gen.DeleteEgressOnlyInternetGatewayRequest) (*gen.DeleteEgressOnlyInternetGatewayResult, error) {
	g, err := require(c, egressOnlyKind, store.EgressOnlyGateways, *in.EgressOnlyInternetGatewayId)
	if err != nil {
		return nil, err
	}
	return &gen.DeleteEgressOnlyInternetGatewayResult{ReturnCode: new(true)}, store.EgressOnlyGateways.Delete(c.Tx, g.ID)
}
