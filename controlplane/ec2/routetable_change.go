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

func (a *API) registerRouteTableChanges(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateRouteTable", Resource: "route-table", Mutates: true}, a.createRouteTable)
	wire.Check(r, "CreateRouteTable", func(in *gen.CreateRouteTableRequest) error {
		_, err := parseTagSpecs(in.TagSpecifications, "route-table")
		return err
	})
	wire.Handle(r, wire.Spec{Name: "DeleteRouteTable", Resource: "route-table", Mutates: true}, a.deleteRouteTable)
	wire.Handle(r, wire.Spec{Name: "AssociateRouteTable", Resource: "route-table", Mutates: true, Partial: "with subnets; no gateway route tables"}, a.associateRouteTable)
	wire.Check(r, "AssociateRouteTable", checkAssociateRouteTable)
	wire.Handle(r, wire.Spec{Name: "DisassociateRouteTable", Resource: "route-table", Mutates: true}, a.disassociateRouteTable)
	wire.Handle(r, wire.Spec{Name: "ReplaceRouteTableAssociation", Resource: "route-table", Mutates: true}, a.replaceRouteTableAssociation)
}

func getRouteTable(c *action.Call, id string) (*model.RouteTable, error) {
	return require(c, routeTableKind, store.RouteTables, id)
}

func (a *API) createRouteTable(c *action.Call, in *gen.CreateRouteTableRequest) (*gen.CreateRouteTableResult, error) {
	tags, err := parseTagSpecs(in.TagSpecifications, "route-table")
	if err != nil {
		return nil, err
	}
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaRouteTables, count(store.RouteTables.By(c, "vpc", v.ID), nil), 1); err != nil {
		return nil, err
	}
	t := &model.RouteTable{
		ID: ids.New(ids.RouteTable), Owned: owner(c), VPC: v.ID,
		Subnets: map[string]string{}, Routes: localRoutes(v), Tags: tags["route-table"].Clone(),
	}
	c.Made = t.ID
	return &gen.CreateRouteTableResult{RouteTable: toRouteTable(routeTableRow{t, c}), ClientToken: in.ClientToken}, store.RouteTables.Put(c.Tx, t)
}

func (a *API) deleteRouteTable(c *action.Call, in *gen.DeleteRouteTableRequest) (*gen.DeleteRouteTableResult, error) {
	t, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if t.Main || len(t.Subnets) > 0 {
		return nil, dependency("routeTable", t.ID)
	}
	return &gen.DeleteRouteTableResult{}, store.RouteTables.Delete(c.Tx, t.ID)
}

// tableOfSubnet returns the table that a subnet is associated with and the association's
// id; nil if the main one serves it.
func tableOfSubnet(r store.Reader, s *model.Subnet) (*model.RouteTable, string) {
	for t := range store.RouteTables.By(r, "vpc", s.VPC) {
		if id := t.Subnets[s.ID]; id != "" {
			return t, id
		}
	}
	return nil, ""
}

func withoutSubnet(t *model.RouteTable, subnet string) *model.RouteTable {
	next := *t
	next.Subnets = model.Tags(t.Subnets).Clone()
	delete(next.Subnets, subnet)
	return &next
}

// withSubnet is a table with an association more, under a new id.
func withSubnet(t *model.RouteTable, subnet string) (*model.RouteTable, string) {
	next, id := *t, ids.New(ids.RouteTableAssoc)
	next.Subnets = model.Tags(t.Subnets).Clone()
	next.Subnets[subnet] = id
	return &next, id
}

func checkAssociateRouteTable(in *gen.AssociateRouteTableRequest) error {
	switch {
	case in.GatewayId != nil && in.SubnetId != nil:
		return apierr.New("InvalidParameterCombination", "The parameter gatewayId cannot be used with the parameter subnetId")
	case in.GatewayId != nil:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: route tables of gateways. Associate the table with a subnet.")
	case in.SubnetId == nil:
		return missing("subnetId")
	}
	return nil
}

func (a *API) associateRouteTable(c *action.Call, in *gen.AssociateRouteTableRequest) (*gen.AssociateRouteTableResult, error) {
	if err := checkAssociateRouteTable(in); err != nil {
		return nil, err
	}
	t, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	s, err := getSubnet(c, *in.SubnetId)
	if err != nil {
		return nil, err
	}
	old, id := tableOfSubnet(c, s)
	switch {
	case s.VPC != t.VPC:
		return nil, differentNetworks("Route table "+t.ID, "subnet "+s.ID)
	case old != nil && old.ID == t.ID:
		return &gen.AssociateRouteTableResult{AssociationId: &id, AssociationState: associated()}, nil
	case old != nil:
		return nil, apierr.New("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with an existing association", t.ID)
	}
	next, id := withSubnet(t, s.ID)
	return &gen.AssociateRouteTableResult{AssociationId: &id, AssociationState: associated()}, store.RouteTables.Put(c.Tx, next)
}

func differentNetworks(one, other string) error {
	return apierr.New("InvalidParameterValue", "%s and %s belong to different networks", one, other)
}

// findAssociation returns the table that an association is of, and its subnet; the main
// association has none.
func findAssociation(c *action.Call, id string) (*model.RouteTable, string, error) {
	for t := range mine(store.RouteTables)(c) {
		if t.Main && t.MainID == id {
			return t, "", nil
		}
		for subnet, association := range t.Subnets {
			if association == id {
				return t, subnet, nil
			}
		}
	}
	return nil, "", noAssociation(id)
}

func noAssociation(id string) error {
	return apierr.New("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", clip(id))
}

func (a *API) disassociateRouteTable(c *action.Call, in *gen.DisassociateRouteTableRequest) (*gen.DisassociateRouteTableResult, error) {
	t, subnet, err := findAssociation(c, *in.AssociationId)
	if err != nil {
		return nil, err
	}
	if subnet == "" {
		return nil, apierr.New("InvalidParameterValue", "cannot disassociate the main route table association %s", *in.AssociationId)
	}
	return &gen.DisassociateRouteTableResult{}, store.RouteTables.Put(c.Tx, withoutSubnet(t, subnet))
}

// replaceRouteTableAssociation gives a subnet another table, or a VPC another main one.
func (a *API) replaceRouteTableAssociation(c *action.Call, in *gen.ReplaceRouteTableAssociationRequest) (*gen.ReplaceRouteTableAssociationResult, error) {
	old, subnet, err := findAssociation(c, *in.AssociationId)
	if err != nil {
		return nil, err
	}
	to, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if old.VPC != to.VPC {
		return nil, differentNetworks("Route table "+to.ID, "association "+*in.AssociationId)
	}
	if old.ID == to.ID {
		return &gen.ReplaceRouteTableAssociationResult{NewAssociationId: in.AssociationId, AssociationState: associated()}, nil
	}
	var from, next *model.RouteTable
	var id string
	if subnet != "" {
		from = withoutSubnet(old, subnet)
		next, id = withSubnet(to, subnet)
	} else {
		was, is := *old, *to
		id = ids.New(ids.RouteTableAssoc)
		was.Main, was.MainID = false, ""
		is.Main, is.MainID = true, id
		from, next = &was, &is
	}
	if err := store.RouteTables.Put(c.Tx, from); err != nil {
		return nil, err
	}
	return &gen.ReplaceRouteTableAssociationResult{NewAssociationId: &id, AssociationState: associated()}, store.RouteTables.Put(c.Tx, next)
}
