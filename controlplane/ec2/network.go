package ec2

import (
	"cmp"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/internal/apierr"
)

// MaxTags is how many tags of a user's a resource may have (EC2 user guide, "Tag your
// resources").
const MaxTags = 50

// registerNetwork adds the actions about networks, groups, tags and regions.
func (a *API) registerNetwork(r *wire.Registry[*action.Call]) {
	a.registerVPC(r)
	a.registerVPCChanges(r)
	a.registerSubnetChanges(r)
	a.registerRouteTableChanges(r)
	a.registerRoutes(r)
	a.registerGateways(r)
	a.registerNATGateways(r)
	a.registerAddresses(r)
	a.registerPeerings(r)
	a.registerSecurityGroups(r)
	a.registerSecurityRules(r)
	a.registerInterfaces(r)
	a.registerACLChanges(r)
	a.registerPrefixLists(r)
	a.registerDHCPChanges(r)
	a.registerFlowLogs(r)
	a.registerInsights(r)
	a.registerGroupReferences(r)
	a.registerTags(r)
	a.registerRegions(r)
}

func (a *API) registerVPC(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeVpcs", Resource: "vpc"}, a.describeVpcs)
	wire.Handle(r, wire.Spec{Name: "DescribeVpcAttribute", Resource: "vpc"}, a.describeVpcAttribute)
	wire.Handle(r, wire.Spec{Name: "DescribeSubnets", Resource: "subnet"}, a.describeSubnets)
	wire.Handle(r, wire.Spec{Name: "DescribeRouteTables", Resource: "route-table"}, a.describeRouteTables)
	wire.Handle(r, wire.Spec{Name: "DescribeNetworkAcls", Resource: "network-acl"}, a.describeNetworkAcls)
	wire.Handle(r, wire.Spec{Name: "DescribeDhcpOptions", Resource: "dhcp-options"}, a.describeDhcpOptions)
}

func getVPC(c *action.Call, id string) (*model.VPC, error) {
	return require(c, vpcKind, store.VPCs, id)
}

func getSubnet(c *action.Call, id string) (*model.Subnet, error) {
	return require(c, subnetKind, store.Subnets, id)
}

func getGroup(c *action.Call, id string) (*model.SecurityGroup, error) {
	return require(c, securityGroupKind, store.SecurityGroups, id)
}

func getInterface(c *action.Call, id string) (*model.Interface, error) {
	return require(c, interfaceKind, store.Interfaces, id)
}

// noDefaultVPC is what requests get that name no network where there is no default one.
func noDefaultVPC() error {
	return apierr.New("VPCIdNotSpecified", "No default VPC for this user. Name a VPC or a subnet.")
}

// findDefaultVPC returns an account's default VPC in a region, or nil.
func findDefaultVPC(r store.Reader, account, region string) *model.VPC {
	for v := range store.VPCs.By(r, "account", account) {
		if v.Default && v.Region == region {
			return v
		}
	}
	return nil
}

// defaultVPC returns the caller's default VPC.
func defaultVPC(c *action.Call) (*model.VPC, error) {
	if v := findDefaultVPC(c, c.Account, c.Region); v != nil {
		return v, nil
	}
	return nil, noDefaultVPC()
}

// defaultSubnet returns the default subnet of a zone, or of the first zone that has
// one if zone is empty.
func defaultSubnet(c *action.Call, zone string) (*model.Subnet, error) {
	vpc, err := defaultVPC(c)
	if err != nil {
		return nil, err
	}
	var found []*model.Subnet
	for s := range store.Subnets.By(c, "vpc", vpc.ID) {
		if s.Default && (zone == "" || s.Zone == zone) {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		if zone == "" {
			return nil, apierr.New("MissingInput", "No subnets found for the default VPC '%s'. Please specify a subnet.", vpc.ID)
		}
		return nil, apierr.New("MissingInput", "No default subnet for availability zone: '%s'.", clip(zone))
	}
	return slices.MinFunc(found, func(x, y *model.Subnet) int { return cmp.Compare(x.Zone, y.Zone) }), nil
}
