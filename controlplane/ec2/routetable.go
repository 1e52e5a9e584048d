package ec2

import (
	"maps"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

type routeTableRow = joined[*model.RouteTable]

var routeTableListing = &listing[routeTableRow]{
	action: "DescribeRouteTables",
	kind:   routeTableKind,
	rows:   joinedRows(store.RouteTables),
	get:    joinedByID(store.RouteTables),
	id:     func(t routeTableRow) string { return t.row.ID },
	limits: wire.PageLimits{Min: 5, Max: 100},
	filters: wire.FilterTable[routeTableRow]{
		Tags: func(t routeTableRow) map[string]string { return t.row.Tags },
		Fields: map[string]func(routeTableRow) []string{
			"association.main":                       routeTableMain,
			"association.route-table-association-id": routeTableAssociations,
			"association.route-table-id":             routeTableAssociated,
			"association.subnet-id":                  func(t routeTableRow) []string { return slices.Collect(maps.Keys(t.row.Subnets)) },
			"owner-id":                               func(t routeTableRow) []string { return one(t.row.Account) },
			"route-table-id":                         func(t routeTableRow) []string { return one(t.row.ID) },
			"route.destination-cidr-block":           eachRoute(func(r *gen.Route) *string { return r.DestinationCidrBlock }),
			"route.destination-prefix-list-id":       eachRoute(func(r *gen.Route) *string { return r.DestinationPrefixListId }),
			"route.gateway-id":                       eachRoute(func(r *gen.Route) *string { return r.GatewayId }),
			"route.instance-id":                      eachRoute(func(r *gen.Route) *string { return r.InstanceId }),
			"route.nat-gateway-id":                   eachRoute(func(r *gen.Route) *string { return r.NatGatewayId }),
			"route.network-interface-id":             eachRoute(func(r *gen.Route) *string { return r.NetworkInterfaceId }),
			"route.origin":                           eachRoute(func(r *gen.Route) *string { return r.Origin }),
			"route.state":                            eachRoute(func(r *gen.Route) *string { return r.State }),
			"route.vpc-peering-connection-id":        eachRoute(func(r *gen.Route) *string { return r.VpcPeeringConnectionId }),
			"route.egress-only-internet-gateway-id":  eachRoute(func(r *gen.Route) *string { return r.EgressOnlyInternetGatewayId }),
			"vpc-id":                                 func(t routeTableRow) []string { return one(t.row.VPC) },

			"association.gateway-id":            none[routeTableRow],
			"route.destination-ipv6-cidr-block": none[routeTableRow],
			"route.transit-gateway-id":          none[routeTableRow],
		},
	},
}

// routeTableMain has a value for each of a table's associations.
func routeTableMain(t routeTableRow) (out []string) {
	if t.row.Main {
		out = append(out, "true")
	}
	if len(t.row.Subnets) > 0 {
		out = append(out, "false")
	}
	return out
}

func routeTableAssociations(t routeTableRow) []string {
	out := slices.Collect(maps.Values(t.row.Subnets))
	if t.row.Main {
		out = append(out, t.row.MainID)
	}
	return out
}

// routeTableAssociated is a table's id if it is associated with anything.
func routeTableAssociated(t routeTableRow) []string {
	if t.row.Main || len(t.row.Subnets) > 0 {
		return []string{t.row.ID}
	}
	return nil
}

// eachRoute is for filters on what the answer shows of routes.
func eachRoute(of func(*gen.Route) *string) func(routeTableRow) []string {
	return func(t routeTableRow) (out []string) {
		for _, r := range t.row.Routes {
			if v := of(toRoute(t.r, t.row, r)); v != nil {
				out = append(out, *v)
			}
		}
		return out
	}
}

func (a *API) describeRouteTables(c *action.Call, in *gen.DescribeRouteTablesRequest) (*gen.DescribeRouteTablesResult, error) {
	rows, next, err := routeTableListing.page(c, selection{in.RouteTableIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeRouteTablesResult{RouteTables: described(rows, toRouteTable), NextToken: next}, nil
}

func toRouteTable(row routeTableRow) *gen.RouteTable {
	t := row.row
	out := &gen.RouteTable{
		RouteTableId:    &t.ID,
		OwnerId:         &t.Account,
		VpcId:           &t.VPC,
		Associations:    []*gen.RouteTableAssociation{},
		PropagatingVgws: []*gen.PropagatingVgw{},
		Routes:          make([]*gen.Route, 0, len(t.Routes)),
		Tags:            tagsOrEmpty(t.Tags),
	}
	if t.Main {
		out.Associations = append(out.Associations, toRouteTableAssociation(t, t.MainID, ""))
	}
	for _, subnet := range slices.Sorted(maps.Keys(t.Subnets)) {
		out.Associations = append(out.Associations, toRouteTableAssociation(t, t.Subnets[subnet], subnet))
	}
	for _, r := range t.Routes {
		out.Routes = append(out.Routes, toRoute(row.r, t, r))
	}
	return out
}

// toRouteTableAssociation shows an association; the main one has no subnet.
func toRouteTableAssociation(t *model.RouteTable, id, subnet string) *gen.RouteTableAssociation {
	return &gen.RouteTableAssociation{
		RouteTableAssociationId: &id,
		RouteTableId:            &t.ID,
		SubnetId:                str(subnet),
		Main:                    new(subnet == ""),
		AssociationState:        associated(),
	}
}

func associated() *gen.RouteTableAssociationState {
	return &gen.RouteTableAssociationState{State: new("associated")}
}
