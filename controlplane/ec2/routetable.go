package ec2

import (
	"maps"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

var routeTableListing = &listing[*model.RouteTable]{
	action: "DescribeRouteTables",
	kind:   routeTableKind,
	rows:   mine(store.RouteTables),
	get:    mineByID(store.RouteTables),
	id:     func(t *model.RouteTable) string { return t.ID },
	limits: wire.PageLimits{Min: 5, Max: 100},
	filters: wire.FilterTable[*model.RouteTable]{
		Tags: func(t *model.RouteTable) map[string]string { return t.Tags },
		Fields: map[string]func(*model.RouteTable) []string{
			"association.main":                       routeTableMain,
			"association.route-table-association-id": routeTableAssociations,
			"association.route-table-id":             routeTableAssociated,
			"association.subnet-id":                  func(t *model.RouteTable) []string { return slices.Collect(maps.Keys(t.Subnets)) },
			"owner-id":                               func(t *model.RouteTable) []string { return one(t.Account) },
			"route-table-id":                         func(t *model.RouteTable) []string { return one(t.ID) },
			"route.destination-cidr-block":           eachRoute(func(r model.Route) string { return r.Destination.String() }),
			"route.gateway-id":                       eachRoute(func(r model.Route) string { return r.Target }),
			"route.origin":                           eachRoute(func(r model.Route) string { return r.Origin }),
			"route.state":                            eachRoute(func(model.Route) string { return "active" }),
			"vpc-id":                                 func(t *model.RouteTable) []string { return one(t.VPC) },

			"association.gateway-id":                none[*model.RouteTable],
			"route.destination-ipv6-cidr-block":     none[*model.RouteTable],
			"route.destination-prefix-list-id":      none[*model.RouteTable],
			"route.egress-only-internet-gateway-id": none[*model.RouteTable],
			"route.instance-id":                     none[*model.RouteTable],
			"route.nat-gateway-id":                  none[*model.RouteTable],
			"route.transit-gateway-id":              none[*model.RouteTable],
			"route.vpc-peering-connection-id":       none[*model.RouteTable],
		},
	},
}

// routeTableMain has a value for each of a table's associations.
func routeTableMain(t *model.RouteTable) (out []string) {
	if t.Main {
		out = append(out, "true")
	}
	if len(t.Subnets) > 0 {
		out = append(out, "false")
	}
	return out
}

func routeTableAssociations(t *model.RouteTable) []string {
	out := slices.Collect(maps.Values(t.Subnets))
	if t.Main {
		out = append(out, t.MainID)
	}
	return out
}

// routeTableAssociated is a table's id if it is associated with anything.
func routeTableAssociated(t *model.RouteTable) []string {
	if t.Main || len(t.Subnets) > 0 {
		return []string{t.ID}
	}
	return nil
}

func eachRoute(of func(model.Route) string) func(*model.RouteTable) []string {
	return func(t *model.RouteTable) []string {
		out := make([]string, len(t.Routes))
		for i, r := range t.Routes {
			out[i] = of(r)
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

func toRouteTable(t *model.RouteTable) *gen.RouteTable {
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
		route := &gen.Route{
			DestinationCidrBlock: new(r.Destination.String()),
			Origin:               &r.Origin,
			State:                new("active"),
		}
		if r.Target == "local" || strings.HasPrefix(r.Target, "igw-") {
			route.GatewayId = &r.Target
		}
		out.Routes = append(out.Routes, route)
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
		AssociationState:        &gen.RouteTableAssociationState{State: new("associated")},
	}
}
