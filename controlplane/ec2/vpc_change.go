package ec2

import (
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerVPCChanges(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateVpc", Resource: "vpc", Mutates: true, Partial: "no IPv6, no IPAM pools"}, a.createVpc)
	wire.Check(r, "CreateVpc", checkCreateVpc)
	wire.Handle(r, wire.Spec{Name: "DeleteVpc", Resource: "vpc", Mutates: true}, a.deleteVpc)
	wire.Handle(r, wire.Spec{Name: "ModifyVpcAttribute", Resource: "vpc", Mutates: true}, a.modifyVpcAttribute)
	wire.Handle(r, wire.Spec{Name: "ModifyVpcTenancy", Resource: "vpc", Mutates: true}, a.modifyVpcTenancy)
	wire.Handle(r, wire.Spec{Name: "AssociateVpcCidrBlock", Resource: "vpc", Mutates: true, Partial: "no IPv6, no IPAM pools"}, a.associateVpcCidrBlock)
	wire.Handle(r, wire.Spec{Name: "DisassociateVpcCidrBlock", Resource: "vpc", Mutates: true}, a.disassociateVpcCidrBlock)
	wire.Handle(r, wire.Spec{Name: "CreateDefaultVpc", Resource: "vpc", Mutates: true}, a.createDefaultVpc)
	wire.Handle(r, wire.Spec{Name: "CreateDefaultSubnet", Resource: "subnet", Mutates: true, Partial: "no IPv6"}, a.createDefaultSubnet)
	wire.Check(r, "CreateDefaultSubnet", func(in *gen.CreateDefaultSubnetRequest) error {
		if val(in.Ipv6Native) {
			return refuseIPv6("Ipv6Native")
		}
		return nil
	})
}

func checkCreateVpc(in *gen.CreateVpcRequest) error {
	switch {
	case val(in.AmazonProvidedIpv6CidrBlock) || in.Ipv6Pool != nil || in.Ipv6CidrBlock != nil || in.Ipv6IpamPoolId != nil || in.Ipv6NetmaskLength != nil || in.Ipv6CidrBlockNetworkBorderGroup != nil:
		return refuseIPv6("An IPv6 CIDR block")
	case in.Ipv4IpamPoolId != nil || in.Ipv4NetmaskLength != nil:
		return noIPAM()
	case in.CidrBlock == nil:
		return missing("cidrBlock")
	}
	if err := oneOf("instanceTenancy", in.InstanceTenancy, tenancyDefault, tenancyDedicated); err != nil {
		return err
	}
	if _, err := parseVPCBlock(*in.CidrBlock); err != nil {
		return err
	}
	_, err := parseTagSpecs(in.TagSpecifications, "vpc")
	return err
}

func noIPAM() error {
	return apierr.New("Unsupported", "The requested configuration is currently not supported: IPAM pools. Name a CIDR block.")
}

func (a *API) createVpc(c *action.Call, in *gen.CreateVpcRequest) (*gen.CreateVpcResult, error) {
	if err := checkCreateVpc(in); err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "vpc")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaVPCs, count(mine(store.VPCs)(c), nil), 1); err != nil {
		return nil, err
	}
	block, err := parseVPCBlock(*in.CidrBlock)
	if err != nil {
		return nil, err
	}
	n := accountNetwork{tx: c.Tx, owner: owner(c)}
	if err := n.makeVPC(block, orDefault(in.InstanceTenancy, tenancyDefault), tags["vpc"]); err != nil {
		return nil, err
	}
	for _, step := range []func() error{n.makeMainTable, n.makeGroup, n.makeACL} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.Made = n.vpc.ID
	return &gen.CreateVpcResult{Vpc: toVPC(n.vpc)}, nil
}

func dependency(noun, id string) error {
	return apierr.New("DependencyViolation", "The %s '%s' has dependencies and cannot be deleted.", noun, id)
}

// vpcInUse reports whether a VPC has anything that is not its own from the start.
func vpcInUse(r store.Reader, v *model.VPC) bool {
	for range store.Subnets.By(r, "vpc", v.ID) {
		return true
	}
	for range store.Interfaces.By(r, "vpc", v.ID) {
		return true
	}
	for range store.InternetGateways.By(r, "vpc", v.ID) {
		return true
	}
	for range store.EgressOnlyGateways.By(r, "vpc", v.ID) {
		return true
	}
	return count(store.RouteTables.By(r, "vpc", v.ID), func(t *model.RouteTable) bool { return !t.Main })+
		count(store.NetworkACLs.By(r, "vpc", v.ID), func(n *model.NetworkACL) bool { return !n.Default })+
		count(store.SecurityGroups.By(r, "vpc", v.ID), func(g *model.SecurityGroup) bool { return g.Name != defaultGroupName })+
		count(store.NATGateways.By(r, "vpc", v.ID), natLives)+
		count(store.Peerings.By(r, "vpc", v.ID), func(p *model.Peering) bool { return p.State == model.PeeringActive }) > 0
}

// natLives reports whether a NAT gateway counts: it works, or is to.
func natLives(n *model.NATGateway) bool {
	return n.State == model.NATPending || n.State == model.NATAvailable || n.State == model.NATDeleting
}

func (a *API) deleteVpc(c *action.Call, in *gen.DeleteVpcRequest) (*gen.DeleteVpcResult, error) {
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	if vpcInUse(c, v) {
		return nil, dependency("vpc", v.ID)
	}
	for t := range store.RouteTables.By(c, "vpc", v.ID) {
		if err := store.RouteTables.Delete(c.Tx, t.ID); err != nil {
			return nil, err
		}
	}
	for n := range store.NetworkACLs.By(c, "vpc", v.ID) {
		if err := store.NetworkACLs.Delete(c.Tx, n.ID); err != nil {
			return nil, err
		}
	}
	for g := range store.SecurityGroups.By(c, "vpc", v.ID) {
		if err := deleteGroup(c, g); err != nil {
			return nil, err
		}
	}
	for p := range store.Peerings.By(c, "vpc", v.ID) {
		if p.State == model.PeeringPending {
			if err := endPeering(c, p, model.PeeringDeleted, "Deleted with VPC "+v.ID); err != nil {
				return nil, err
			}
		}
	}
	return &gen.DeleteVpcResult{}, store.VPCs.Delete(c.Tx, v.ID)
}

func (a *API) modifyVpcAttribute(c *action.Call, in *gen.ModifyVpcAttributeRequest) (*gen.ModifyVpcAttributeResult, error) {
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	next, asked := *v, 0
	for _, x := range []struct {
		to *gen.AttributeBooleanValue
		at *bool
	}{{in.EnableDnsSupport, &next.DNSSupport}, {in.EnableDnsHostnames, &next.DNSHostnames}, {in.EnableNetworkAddressUsageMetrics, &next.AddressUsage}} {
		if x.to != nil && x.to.Value != nil {
			*x.at = *x.to.Value
			asked++
		}
	}
	switch {
	case asked == 0:
		return nil, apierr.New("MissingParameter", "The request must contain an attribute of the VPC: EnableDnsSupport, EnableDnsHostnames or EnableNetworkAddressUsageMetrics")
	case asked > 1:
		return nil, apierr.New("InvalidParameterCombination", "Only one attribute can be modified at a time")
	case next.DNSHostnames && !next.DNSSupport && !v.DNSHostnames:
		return nil, apierr.New("InvalidParameterValue", "DNS hostnames cannot be enabled for '%s' while its DNS support is disabled.", v.ID)
	}
	return &gen.ModifyVpcAttributeResult{}, store.VPCs.Put(c.Tx, &next)
}

func (a *API) modifyVpcTenancy(c *action.Call, in *gen.ModifyVpcTenancyRequest) (*gen.ModifyVpcTenancyResult, error) {
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	next := *v
	next.Tenancy = *in.InstanceTenancy // the model has no other value than default
	return &gen.ModifyVpcTenancyResult{ReturnValue: new(true)}, store.VPCs.Put(c.Tx, &next)
}

func (a *API) associateVpcCidrBlock(c *action.Call, in *gen.AssociateVpcCidrBlockRequest) (*gen.AssociateVpcCidrBlockResult, error) {
	switch {
	case val(in.AmazonProvidedIpv6CidrBlock) || in.Ipv6Pool != nil || in.Ipv6CidrBlock != nil || in.Ipv6IpamPoolId != nil || in.Ipv6NetmaskLength != nil || in.Ipv6CidrBlockNetworkBorderGroup != nil:
		return nil, refuseIPv6("An IPv6 CIDR block")
	case in.Ipv4IpamPoolId != nil || in.Ipv4NetmaskLength != nil:
		return nil, noIPAM()
	case in.CidrBlock == nil:
		return nil, missing("cidrBlock")
	}
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	block, err := parseBlock("cidrBlock", *in.CidrBlock)
	if err != nil {
		return nil, err
	}
	if err := checkAddedBlock(v.CIDRs(), block); err != nil {
		return nil, err
	}
	if err := checkBlockRoutes(c, v, block); err != nil {
		return nil, err
	}
	if err := a.within(quotaBlocks, len(v.CIDRs()), 1); err != nil {
		return nil, err
	}
	next, added := *v, model.CIDRBlock{ID: ids.New(ids.VPCCIDRAssoc), CIDR: block}
	next.Secondary = append(slices.Clip(v.Secondary), added)
	if err := store.VPCs.Put(c.Tx, &next); err != nil {
		return nil, err
	}
	err = eachTable(c, v.ID, func(routes []model.Route) []model.Route {
		return append(routes, localRoute(block))
	})
	return &gen.AssociateVpcCidrBlockResult{VpcId: &v.ID, CidrBlockAssociation: toBlock(added, "associating")}, err
}

// eachTable changes the routes of all of a VPC's tables.
func eachTable(c *action.Call, vpc string, change func([]model.Route) []model.Route) error {
	for t := range store.RouteTables.By(c, "vpc", vpc) {
		next := *t
		next.Routes = change(slices.Clone(t.Routes))
		if err := store.RouteTables.Put(c.Tx, &next); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) disassociateVpcCidrBlock(c *action.Call, in *gen.DisassociateVpcCidrBlockRequest) (*gen.DisassociateVpcCidrBlockResult, error) {
	id := *in.AssociationId
	for v := range mine(store.VPCs)(c) {
		if id == vpcCIDRAssociation(v) {
			return nil, apierr.New("OperationNotPermitted", "The vpc CIDR block with association ID %s may not be disassociated. It is the primary IPv4 CIDR block of the VPC", id)
		}
		k := slices.IndexFunc(v.Secondary, func(b model.CIDRBlock) bool { return b.ID == id })
		if k < 0 {
			continue
		}
		gone := v.Secondary[k]
		for s := range store.Subnets.By(c, "vpc", v.ID) {
			if gone.CIDR.Overlaps(s.CIDR) {
				return nil, apierr.New("InvalidCidrBlock.InUse", "The vpc %s currently has a subnet %s within CIDR block %s", v.ID, s.ID, gone.CIDR)
			}
		}
		next := *v
		next.Secondary = slices.Delete(slices.Clone(v.Secondary), k, k+1)
		if err := store.VPCs.Put(c.Tx, &next); err != nil {
			return nil, err
		}
		err := eachTable(c, v.ID, func(routes []model.Route) []model.Route {
			return slices.DeleteFunc(routes, func(r model.Route) bool { return r.Destination == gone.CIDR && r.Origin == localOrigin })
		})
		return &gen.DisassociateVpcCidrBlockResult{VpcId: &v.ID, CidrBlockAssociation: toBlock(gone, "disassociating")}, err
	}
	return nil, apierr.New("InvalidVpcCidrBlockAssociationID.NotFound", "The vpc CIDR block with association ID %s does not exist", clip(id))
}

func toBlock(b model.CIDRBlock, state string) *gen.VpcCidrBlockAssociation {
	return &gen.VpcCidrBlockAssociation{AssociationId: &b.ID, CidrBlock: new(b.CIDR.String()), CidrBlockState: &gen.VpcCidrBlockState{State: &state}}
}

func (a *API) createDefaultVpc(c *action.Call, _ *gen.CreateDefaultVpcRequest) (*gen.CreateDefaultVpcResult, error) {
	if v := findDefaultVPC(c, c.Account, c.Region); v != nil {
		return nil, apierr.New("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
	}
	if err := a.within(quotaVPCs, count(mine(store.VPCs)(c), nil), 1); err != nil {
		return nil, err
	}
	if err := a.within(quotaGateways, count(mine(store.InternetGateways)(c), nil), 1); err != nil {
		return nil, err
	}
	n := accountNetwork{tx: c.Tx, owner: owner(c)}
	if err := n.makeDefault(); err != nil {
		return nil, err
	}
	for _, z := range a.region(c.Region).Zones {
		if err := n.ensureSubnet(z.Name); err != nil {
			return nil, err
		}
	}
	return &gen.CreateDefaultVpcResult{Vpc: toVPC(n.vpc)}, nil
}

func (a *API) createDefaultSubnet(c *action.Call, in *gen.CreateDefaultSubnetRequest) (*gen.CreateDefaultSubnetResult, error) {
	zone, err := a.zoneOf(c, *in.AvailabilityZone, "")
	if err != nil {
		return nil, err
	}
	v := findDefaultVPC(c, c.Account, c.Region)
	if v == nil {
		return nil, apierr.New("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.")
	}
	var taken []netip.Prefix
	for s := range store.Subnets.By(c, "vpc", v.ID) {
		if s.Default && s.Zone == zone {
			return nil, apierr.New("DefaultSubnetAlreadyExistsInAvailabilityZone", "'%s' is already the default subnet in %s.", s.ID, zone)
		}
		taken = append(taken, s.CIDR)
	}
	if err := a.within(quotaSubnets, len(taken), 1); err != nil {
		return nil, err
	}
	if _, ok := freeBlock(v.CIDR, defaultSubnetBits, taken); !ok {
		return nil, apierr.New("InsufficientCidrBlocks", "There is no free /%d block in %s of the default VPC '%s'.", defaultSubnetBits, v.CIDR, v.ID)
	}
	n := accountNetwork{tx: c.Tx, owner: owner(c), vpc: v}
	if err := n.ensureSubnet(zone); err != nil {
		return nil, err
	}
	s, err := defaultSubnet(c, zone)
	if err != nil {
		return nil, err
	}
	return &gen.CreateDefaultSubnetResult{Subnet: toSubnet(subnetRow{s, c})}, nil
}
