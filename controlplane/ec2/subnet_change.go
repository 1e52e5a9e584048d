package ec2

import (
	"cmp"
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

func (a *API) registerSubnetChanges(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateSubnet", Resource: "subnet", Mutates: true, Partial: "no IPv6, no IPAM pools, no Outposts"}, a.createSubnet)
	wire.Check(r, "CreateSubnet", checkCreateSubnet)
	wire.Handle(r, wire.Spec{Name: "DeleteSubnet", Resource: "subnet", Mutates: true}, a.deleteSubnet)
	wire.Handle(r, wire.Spec{Name: "ModifySubnetAttribute", Resource: "subnet", Mutates: true, Partial: "no IPv6, no Outposts"}, a.modifySubnetAttribute)
}

func checkCreateSubnet(in *gen.CreateSubnetRequest) error {
	switch {
	case in.Ipv6CidrBlock != nil || val(in.Ipv6Native) || in.Ipv6IpamPoolId != nil || in.Ipv6NetmaskLength != nil:
		return refuseIPv6("An IPv6 CIDR block")
	case in.Ipv4IpamPoolId != nil || in.Ipv4NetmaskLength != nil:
		return noIPAM()
	case in.OutpostArn != nil:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: Outposts.")
	case in.CidrBlock == nil:
		return missing("cidrBlock")
	case in.AvailabilityZone != nil && in.AvailabilityZoneId != nil:
		return apierr.New("InvalidParameterCombination", "Specify either an Availability Zone or an Availability Zone ID, not both.")
	}
	if _, err := parseBlock("cidrBlock", *in.CidrBlock); err != nil {
		return err
	}
	_, err := parseTagSpecs(in.TagSpecifications, "subnet")
	return err
}

func (a *API) createSubnet(c *action.Call, in *gen.CreateSubnetRequest) (*gen.CreateSubnetResult, error) {
	if err := checkCreateSubnet(in); err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "subnet")
	if err != nil {
		return nil, err
	}
	v, err := getVPC(c, *in.VpcId)
	if err != nil {
		return nil, err
	}
	block, err := parseBlock("cidrBlock", *in.CidrBlock)
	if err != nil {
		return nil, err
	}
	others := slices.Collect(store.Subnets.By(c, "vpc", v.ID))
	within := func(p netip.Prefix) bool { return p.Contains(block.Addr()) && p.Bits() <= block.Bits() }
	switch {
	case !sized(block) || !slices.ContainsFunc(v.CIDRs(), within):
		return nil, apierr.New("InvalidSubnet.Range", "The CIDR '%s' is invalid.", block)
	case slices.ContainsFunc(others, func(s *model.Subnet) bool { return s.CIDR.Overlaps(block) }):
		return nil, apierr.New("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", block)
	}
	if err := a.within(quotaSubnets, len(others), 1); err != nil {
		return nil, err
	}
	zone, err := a.subnetZone(c, in, others)
	if err != nil {
		return nil, err
	}
	s := &model.Subnet{
		ID: ids.New(ids.Subnet), Owned: owner(c), VPC: v.ID, Zone: zone, CIDR: block,
		Created: c.Now(), Tags: tags["subnet"].Clone(),
	}
	if err := putSubnet(c.Tx, s); err != nil {
		return nil, err
	}
	c.Made = s.ID
	return &gen.CreateSubnetResult{Subnet: toSubnet(subnetRow{store.Subnets.Get(c, s.ID), c})}, nil
}

// subnetZone is the zone of a new subnet: the one that the request names, or the one in
// which the VPC has fewest.
func (a *API) subnetZone(c *action.Call, in *gen.CreateSubnetRequest, others []*model.Subnet) (string, error) {
	if in.AvailabilityZone != nil || in.AvailabilityZoneId != nil {
		return a.zoneOf(c, val(in.AvailabilityZone), val(in.AvailabilityZoneId))
	}
	n := map[string]int{}
	for _, s := range others {
		n[s.Zone]++
	}
	zones := a.region(c.Region).Zones
	return slices.MinFunc(zones, func(x, y Zone) int { return cmp.Compare(n[x.Name], n[y.Name]) }).Name, nil
}

func (a *API) deleteSubnet(c *action.Call, in *gen.DeleteSubnetRequest) (*gen.DeleteSubnetResult, error) {
	s, err := getSubnet(c, *in.SubnetId)
	if err != nil {
		return nil, err
	}
	for range store.Interfaces.By(c, "subnet", s.ID) {
		return nil, dependency("subnet", s.ID)
	}
	for acl := range store.NetworkACLs.By(c, "vpc", s.VPC) {
		if acl.Subnets[s.ID] == "" {
			continue
		}
		next := *acl
		next.Subnets = model.Tags(acl.Subnets).Clone()
		delete(next.Subnets, s.ID)
		if err := store.NetworkACLs.Put(c.Tx, &next); err != nil {
			return nil, err
		}
	}
	if t, _ := tableOfSubnet(c, s); t != nil {
		if err := store.RouteTables.Put(c.Tx, withoutSubnet(t, s.ID)); err != nil {
			return nil, err
		}
	}
	return &gen.DeleteSubnetResult{}, store.Subnets.Delete(c.Tx, s.ID)
}

func (a *API) modifySubnetAttribute(c *action.Call, in *gen.ModifySubnetAttributeRequest) (*gen.ModifySubnetAttributeResult, error) {
	s, err := getSubnet(c, *in.SubnetId)
	if err != nil {
		return nil, err
	}
	next, asked := *s, 0
	set := func(to *gen.AttributeBooleanValue, at *bool) {
		if to != nil && to.Value != nil {
			*at = *to.Value
			asked++
		}
	}
	var ipv6, dns64, aaaa, pool, noLNI bool
	set(in.MapPublicIpOnLaunch, &next.MapPublicIP)
	set(in.EnableResourceNameDnsARecordOnLaunch, &next.ARecord)
	set(in.AssignIpv6AddressOnCreation, &ipv6)
	set(in.EnableDns64, &dns64)
	set(in.EnableResourceNameDnsAAAARecordOnLaunch, &aaaa)
	set(in.MapCustomerOwnedIpOnLaunch, &pool)
	set(in.DisableLniAtDeviceIndex, &noLNI)
	if in.PrivateDnsHostnameTypeOnLaunch != nil {
		next.Hostname = *in.PrivateDnsHostnameTypeOnLaunch
		asked++
	}
	switch {
	case ipv6 || dns64 || aaaa:
		return nil, refuseIPv6("This attribute")
	case pool || in.CustomerOwnedIpv4Pool != nil || in.EnableLniAtDeviceIndex != nil:
		return nil, apierr.New("Unsupported", "The requested configuration is currently not supported: Outposts.")
	case asked == 0:
		return nil, apierr.New("MissingParameter", "The request must contain an attribute of the subnet")
	case asked > 1:
		return nil, apierr.New("InvalidParameterCombination", "Only one attribute can be modified at a time")
	}
	return &gen.ModifySubnetAttributeResult{}, store.Subnets.Put(c.Tx, &next)
}

// hostnameType is how a subnet's instances are named.
func hostnameType(s *model.Subnet) string { return nonEmpty(s.Hostname, model.NameByAddress) }
