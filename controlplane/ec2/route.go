package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

const routePartial = "IPv4; no transit, local, carrier or virtual private gateways, no endpoints"

func (a *API) registerRoutes(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateRoute", Resource: "route-table", Mutates: true, Partial: routePartial}, a.createRoute)
	wire.Check(r, "CreateRoute", func(in *gen.CreateRouteRequest) error { return askedOfCreate(in).check() })
	wire.Handle(r, wire.Spec{Name: "ReplaceRoute", Resource: "route-table", Mutates: true, Partial: routePartial}, a.replaceRoute)
	wire.Check(r, "ReplaceRoute", func(in *gen.ReplaceRouteRequest) error { return askedOfReplace(in).check() })
	wire.Handle(r, wire.Spec{Name: "DeleteRoute", Resource: "route-table", Mutates: true}, a.deleteRoute)
	wire.Check(r, "DeleteRoute", func(in *gen.DeleteRouteRequest) error {
		return destination{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId}.check()
	})
}

// destination is where a request's route leads.
type destination struct{ cidr, ipv6, list *string }

func (d destination) check() error {
	n := 0
	for _, p := range []*string{d.cidr, d.ipv6, d.list} {
		if p != nil {
			n++
		}
	}
	switch {
	case n == 0:
		return apierr.New("MissingParameter", "The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId")
	case n > 1:
		return apierr.New("InvalidParameterCombination", "The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId")
	case d.ipv6 != nil:
		return refuseIPv6("An IPv6 destination")
	case d.cidr != nil:
		_, err := parseBlock("destinationCidrBlock", *d.cidr)
		return err
	}
	return nil
}

// where is the destination as a route has it.
func (d destination) where() (r model.Route, err error) {
	if d.list != nil {
		r.PrefixList = *d.list
		return r, nil
	}
	r.Destination, err = parseBlock("destinationCidrBlock", val(d.cidr))
	return r, err
}

// shown names a route's destination in messages.
func shown(r model.Route) string {
	if r.PrefixList != "" {
		return r.PrefixList
	}
	return r.Destination.String()
}

// find returns the place of the route with a destination, -1 if there is none.
func findRoute(t *model.RouteTable, to model.Route) int {
	return slices.IndexFunc(t.Routes, func(r model.Route) bool {
		return r.Destination == to.Destination && r.PrefixList == to.PrefixList
	})
}

// routeRequest is what CreateRoute and ReplaceRoute ask for.
type routeRequest struct {
	to      destination
	local   bool
	targets []routeTarget
}

// routeTarget is a target that a request may name.
type routeTarget struct {
	parameter string
	id        *string
}

func askedOfCreate(in *gen.CreateRouteRequest) routeRequest {
	return routeRequest{destination{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId}, false, []routeTarget{
		{"gatewayId", in.GatewayId}, {"natGatewayId", in.NatGatewayId}, {"vpcPeeringConnectionId", in.VpcPeeringConnectionId},
		{"networkInterfaceId", in.NetworkInterfaceId}, {"instanceId", in.InstanceId}, {"egressOnlyInternetGatewayId", in.EgressOnlyInternetGatewayId},
		{"transitGatewayId", in.TransitGatewayId}, {"localGatewayId", in.LocalGatewayId}, {"carrierGatewayId", in.CarrierGatewayId},
		{"vpcEndpointId", in.VpcEndpointId}, {"coreNetworkArn", in.CoreNetworkArn},
	}}
}

func askedOfReplace(in *gen.ReplaceRouteRequest) routeRequest {
	return routeRequest{destination{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId}, val(in.LocalTarget), []routeTarget{
		{"gatewayId", in.GatewayId}, {"natGatewayId", in.NatGatewayId}, {"vpcPeeringConnectionId", in.VpcPeeringConnectionId},
		{"networkInterfaceId", in.NetworkInterfaceId}, {"instanceId", in.InstanceId}, {"egressOnlyInternetGatewayId", in.EgressOnlyInternetGatewayId},
		{"transitGatewayId", in.TransitGatewayId}, {"localGatewayId", in.LocalGatewayId}, {"carrierGatewayId", in.CarrierGatewayId},
		{"vpcEndpointId", in.VpcEndpointId}, {"coreNetworkArn", in.CoreNetworkArn},
	}}
}

// one returns the target that a request names; the local one has no parameter.
func (q routeRequest) one() (out routeTarget, n int) {
	for _, t := range q.targets {
		if t.id != nil {
			out = t
			n++
		}
	}
	if q.local {
		out = routeTarget{}
		n++
	}
	return out, n
}

func (q routeRequest) check() error {
	if err := q.to.check(); err != nil {
		return err
	}
	target, n := q.one()
	switch {
	case n == 0:
		return apierr.New("MissingParameter", "The request must contain exactly one of: gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, instanceId, egressOnlyInternetGatewayId")
	case n > 1:
		return apierr.New("InvalidParameterCombination", "The request must contain exactly one target of the route")
	}
	switch target.parameter {
	case "transitGatewayId", "localGatewayId", "carrierGatewayId", "vpcEndpointId", "coreNetworkArn":
		return apierr.New("Unsupported", "The requested configuration is currently not supported: routes with %s.", target.parameter)
	case "egressOnlyInternetGatewayId":
		return apierr.New("InvalidParameterValue", "Egress-only internet gateways take IPv6 destinations alone, and this network has no IPv6.")
	}
	return nil
}

func (a *API) createRoute(c *action.Call, in *gen.CreateRouteRequest) (*gen.CreateRouteResult, error) {
	q := askedOfCreate(in)
	if err := q.check(); err != nil {
		return nil, err
	}
	t, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	r, err := a.resolveRoute(c, t, q)
	if err != nil {
		return nil, err
	}
	if findRoute(t, r) >= 0 {
		return nil, apierr.New("RouteAlreadyExists", "The route identified by %s already exists.", shown(r))
	}
	if err := a.within(quotaRoutes, routesCounted(c, t), weight(c, r)); err != nil {
		return nil, err
	}
	r.Origin = "CreateRoute"
	next := *t
	next.Routes = append(slices.Clip(t.Routes), r)
	return &gen.CreateRouteResult{Return: new(true)}, store.RouteTables.Put(c.Tx, &next)
}

// routesCounted is how many of a table's routes count for its quota: not the local ones.
func routesCounted(r store.Reader, t *model.RouteTable) (n int) {
	for _, x := range t.Routes {
		if x.Origin != localOrigin {
			n += weight(r, x)
		}
	}
	return n
}

// weight is for how many routes one counts: a prefix list for as many as it may have
// entries.
func weight(r store.Reader, x model.Route) int {
	if l := store.PrefixLists.Get(r, x.PrefixList); x.PrefixList != "" && l != nil {
		return l.MaxEntries
	}
	return 1
}

// linkLocal is where metadata, DNS and time are, whatever the routes say.
var linkLocal = netip.MustParsePrefix("169.254.0.0/16")

// resolveRoute makes the route that a request asks for, of things that exist.
func (a *API) resolveRoute(c *action.Call, t *model.RouteTable, q routeRequest) (model.Route, error) {
	r, err := q.to.where()
	if err != nil {
		return r, err
	}
	if r.PrefixList != "" {
		if _, err := require(c, prefixListKind, store.PrefixLists, r.PrefixList); err != nil {
			return r, err
		}
	} else if linkLocal.Contains(r.Destination.Addr()) {
		return r, apierr.New("InvalidParameterValue", "The destination %s is in the link-local range, which is not routed.", r.Destination)
	}
	named, _ := q.one()
	if named.parameter == "" || named.parameter == "gatewayId" && *named.id == localTarget {
		if findRoute(t, r) < 0 || !isLocal(c, t, r) {
			return r, apierr.New("InvalidParameterValue", "The local target is for the CIDR blocks of the VPC, which %s is not.", shown(r))
		}
		r.Target = localTarget
		return r, nil
	}
	if r.Target, err = resolveTarget(c, t, named); err != nil {
		return r, err
	}
	return r, checkInside(c, t, r)
}

// isLocal reports whether a route's destination is a block of the table's VPC.
func isLocal(r store.Reader, t *model.RouteTable, x model.Route) bool {
	v := store.VPCs.Get(r, t.VPC)
	return v != nil && x.PrefixList == "" && slices.Contains(v.CIDRs(), x.Destination)
}

// checkInside refuses routes within the VPC that EC2 does: a more specific route than the
// local one is for a whole subnet, and leads to an interface or a NAT gateway.
func checkInside(r store.Reader, t *model.RouteTable, x model.Route) error {
	v := store.VPCs.Get(r, t.VPC)
	if v == nil || x.PrefixList != "" {
		return nil
	}
	within := func(p netip.Prefix) bool { return p.Contains(x.Destination.Addr()) && p.Bits() <= x.Destination.Bits() }
	if !slices.ContainsFunc(v.CIDRs(), within) {
		return nil
	}
	for s := range store.Subnets.By(r, "vpc", v.ID) {
		if s.CIDR != x.Destination {
			continue
		}
		if !ids.Valid(ids.Interface, x.Target) && !ids.Valid(ids.NATGateway, x.Target) {
			return apierr.New("InvalidParameterValue", "A route to the subnet %s must lead to a network interface or a NAT gateway.", s.ID)
		}
		return nil
	}
	if slices.Contains(v.CIDRs(), x.Destination) && ids.Valid(ids.Interface, x.Target) {
		return nil // ReplaceRoute of the local route itself
	}
	return apierr.New("InvalidParameterValue", "Route destination doesn't match any subnet CIDR blocks.")
}

// resolveTarget finds what a route leads to, in the table's VPC.
func resolveTarget(c *action.Call, t *model.RouteTable, named routeTarget) (string, error) {
	id, table := *named.id, "route table "+t.ID
	switch named.parameter {
	case "gatewayId":
		g, err := routeGateway(c, id)
		if err == nil && g.VPC != t.VPC {
			err = differentNetworks(table, "network gateway "+id)
		}
		return id, err
	case "natGatewayId":
		n, err := require(c, routeNATKind, store.NATGateways, id)
		switch {
		case err != nil:
			return "", err
		case !natLives(n):
			return "", routeNATKind.missing(id)
		case n.VPC != t.VPC:
			return "", differentNetworks(table, "NAT gateway "+id)
		}
		return id, nil
	case "vpcPeeringConnectionId":
		p, err := getPeering(c, id)
		switch {
		case err != nil:
			return "", err
		case p.Other(t.VPC) == nil:
			return "", differentNetworks(table, "VPC peering connection "+id)
		case p.State != model.PeeringActive && p.State != model.PeeringPending:
			return "", peeringKind.missing(id)
		}
		return id, nil
	case "networkInterfaceId":
		i, err := getInterface(c, id)
		if err == nil && i.VPC != t.VPC {
			err = differentNetworks(table, "interface "+id)
		}
		return id, err
	}
	eni, err := soleInterface(c, id)
	if err != nil {
		return "", err
	}
	if eni.VPC != t.VPC {
		return "", differentNetworks(table, "interface "+eni.ID)
	}
	return eni.ID, nil
}

var routeNATKind = idKind{ids.NATGateway, "InvalidNatGatewayID.Malformed", "InvalidNatGatewayID.NotFound", "natGateway ID"}

// routeGateway finds an internet gateway by the words that CreateRoute has for it.
func routeGateway(c *action.Call, id string) (*model.InternetGateway, error) {
	g := store.InternetGateways.Get(c, id)
	if g == nil || !g.OwnedBy(c.Account, c.Region) {
		return nil, apierr.New("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", clip(id))
	}
	return g, nil
}

// soleInterface returns the interface of an instance that has one.
func soleInterface(c *action.Call, instance string) (*model.Interface, error) {
	i, err := require(c, instanceKind, store.Instances, instance)
	if err != nil {
		return nil, err
	}
	all := slices.Collect(store.Interfaces.By(c, "instance", i.ID))
	switch len(all) {
	case 0:
		return nil, apierr.New("InvalidInstanceID", "The instance '%s' is not in a valid state for this operation.", i.ID)
	case 1:
		return all[0], nil
	}
	return nil, apierr.New("InvalidInstanceID", "There are multiple interfaces attached to instance '%s'. Please specify an interface ID for the operation instead.", i.ID)
}

func (a *API) replaceRoute(c *action.Call, in *gen.ReplaceRouteRequest) (*gen.ReplaceRouteResult, error) {
	q := askedOfReplace(in)
	if err := q.check(); err != nil {
		return nil, err
	}
	t, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	r, err := a.resolveRoute(c, t, q)
	if err != nil {
		return nil, err
	}
	k := findRoute(t, r)
	if k < 0 {
		return nil, apierr.New("InvalidParameterValue", "There is no route defined for '%s' in the route table. Use CreateRoute instead.", shown(r))
	}
	r.Origin = t.Routes[k].Origin
	next := *t
	next.Routes = slices.Clone(t.Routes)
	next.Routes[k] = r
	return &gen.ReplaceRouteResult{}, store.RouteTables.Put(c.Tx, &next)
}

func (a *API) deleteRoute(c *action.Call, in *gen.DeleteRouteRequest) (*gen.DeleteRouteResult, error) {
	d := destination{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId}
	if err := d.check(); err != nil {
		return nil, err
	}
	t, err := getRouteTable(c, *in.RouteTableId)
	if err != nil {
		return nil, err
	}
	r, err := d.where()
	if err != nil {
		return nil, err
	}
	k := findRoute(t, r)
	switch {
	case k < 0:
		return nil, apierr.New("InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", shown(r), t.ID)
	case isLocal(c, t, t.Routes[k]):
		return nil, apierr.New("InvalidParameterValue", "cannot remove local route %s in route table %s", shown(r), t.ID)
	}
	next := *t
	next.Routes = slices.Delete(slices.Clone(t.Routes), k, k+1)
	return &gen.DeleteRouteResult{}, store.RouteTables.Put(c.Tx, &next)
}

// toRoute shows a route as DescribeRouteTables does.
func toRoute(r store.Reader, t *model.RouteTable, x model.Route) *gen.Route {
	out := &gen.Route{Origin: new(x.Origin), State: new("active"), DestinationPrefixListId: str(x.PrefixList)}
	if x.Destination.IsValid() {
		out.DestinationCidrBlock = new(x.Destination.String())
	}
	if !routeWorks(r, t, x.Target) {
		*out.State = "blackhole"
	}
	kind, _, _ := strings.Cut(x.Target, "-")
	switch kind {
	case ids.NATGateway:
		out.NatGatewayId = &x.Target
	case ids.Peering:
		out.VpcPeeringConnectionId = &x.Target
	case ids.EgressOnly:
		out.EgressOnlyInternetGatewayId = &x.Target
	case ids.Interface:
		out.NetworkInterfaceId = &x.Target
		if i := store.Interfaces.Get(r, x.Target); i != nil && i.Instance != "" {
			out.InstanceId, out.InstanceOwnerId = &i.Instance, &i.Account
		}
	default:
		out.GatewayId = &x.Target
	}
	return out
}

// routeWorks reports whether a route's target is there and in a state to take packets: if
// not, EC2 calls the route a blackhole.
func routeWorks(r store.Reader, t *model.RouteTable, target string) bool {
	kind, _, _ := strings.Cut(target, "-")
	switch kind {
	case localTarget:
		return true
	case ids.InternetGateway:
		g := store.InternetGateways.Get(r, target)
		return g != nil && g.VPC == t.VPC
	case ids.NATGateway:
		n := store.NATGateways.Get(r, target)
		return n != nil && (n.State == model.NATPending || n.State == model.NATAvailable)
	case ids.Peering:
		p := store.Peerings.Get(r, target)
		return p != nil && p.State == model.PeeringActive
	case ids.Interface:
		i := store.Interfaces.Get(r, target)
		if i == nil || i.Instance == "" {
			return i != nil && i.Kind != "" && i.Kind != "interface" // a gateway's own
		}
		instance := store.Instances.Get(r, i.Instance)
		if instance == nil {
			return false
		}
		s := lifecycle.State(r, instance)
		return s == model.StateRunning || s == model.StatePending
	}
	return false
}
