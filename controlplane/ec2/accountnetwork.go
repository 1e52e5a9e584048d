package ec2

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
)

var (
	defaultVPCBlock = netip.MustParsePrefix("172.31.0.0/16")
	anywhere        = netip.MustParsePrefix("0.0.0.0/0")
)

// defaultSubnetBits is the size of a default subnet: /20, sixteen in the VPC.
const defaultSubnetBits = 20

// EnsureAccountNetwork makes what EC2 gives an account in a region: a default VPC with
// a default subnet in each zone, its main route table and an internet gateway that the
// route table leads to, its default security group, network ACL and set of DHCP
// options. What is there already stays as it is, so it may run at any time; a zone that
// is new gets its subnet.
func EnsureAccountNetwork(tx *store.Tx, account, region string, zones []string) error {
	n := accountNetwork{tx: tx, owner: model.Owned{Account: account, Region: region}}
	n.vpc = findDefaultVPC(tx, account, region)
	if n.vpc == nil {
		for _, step := range []func() error{n.makeVPC, n.makeGatewayAndRoutes, n.makeGroup, n.makeACL} {
			if err := step(); err != nil {
				return fmt.Errorf("make the default network of account %s in %s: %w", account, region, err)
			}
		}
	}
	for _, zone := range zones {
		if err := n.ensureSubnet(zone); err != nil {
			return fmt.Errorf("make the default subnet of account %s in %s: %w", account, zone, err)
		}
	}
	return nil
}

type accountNetwork struct {
	tx    *store.Tx
	owner model.Owned
	vpc   *model.VPC
}

func (n *accountNetwork) makeVPC() error {
	options := &model.DHCPOptions{
		ID: ids.New(ids.DHCPOptions), Owned: n.owner,
		Values: map[string][]string{
			"domain-name":         {model.PrivateDomain(n.owner.Region)},
			"domain-name-servers": {"AmazonProvidedDNS"},
		},
		Tags: model.Tags{},
	}
	n.vpc = &model.VPC{
		ID: ids.New(ids.VPC), Owned: n.owner,
		CIDR: defaultVPCBlock, Default: true,
		DNSSupport: true, DNSHostnames: true,
		DHCPOptions: options.ID, Tenancy: "default",
		Created: n.tx.Now(), Tags: model.Tags{},
	}
	if err := store.DHCPOptions.Put(n.tx, options); err != nil {
		return err
	}
	return store.VPCs.Put(n.tx, n.vpc)
}

func (n *accountNetwork) makeGatewayAndRoutes() error {
	gateway := &model.InternetGateway{ID: ids.New(ids.InternetGateway), Owned: n.owner, VPC: n.vpc.ID, Tags: model.Tags{}}
	if err := store.InternetGateways.Put(n.tx, gateway); err != nil {
		return err
	}
	return store.RouteTables.Put(n.tx, &model.RouteTable{
		ID: ids.New(ids.RouteTable), Owned: n.owner, VPC: n.vpc.ID,
		Main: true, MainID: ids.New(ids.RouteTableAssoc),
		Subnets: map[string]string{},
		Routes: []model.Route{
			{Destination: n.vpc.CIDR, Target: "local", Origin: "CreateRouteTable"},
			{Destination: anywhere, Target: gateway.ID, Origin: "CreateRoute"},
		},
		Tags: model.Tags{},
	})
}

// defaultGroupName is the name of each VPC's own group; no other group may have it.
const defaultGroupName = "default"

func (n *accountNetwork) makeGroup() error {
	group := &model.SecurityGroup{
		ID: ids.New(ids.SecurityGroup), Owned: n.owner, VPC: n.vpc.ID,
		Name: defaultGroupName, Description: "default VPC security group",
		Created: n.tx.Now(), Tags: model.Tags{},
	}
	if err := store.SecurityGroups.Put(n.tx, group); err != nil {
		return err
	}
	if err := store.SecurityRules.Put(n.tx, allowAllRule(n.tx, group, false, netip.Prefix{}, group.ID)); err != nil {
		return err
	}
	return store.SecurityRules.Put(n.tx, allowAllRule(n.tx, group, true, anywhere, ""))
}

// allowAllRule is a rule for all protocols.
func allowAllRule(tx *store.Tx, g *model.SecurityGroup, egress bool, cidr netip.Prefix, source string) *model.SecurityRule {
	return &model.SecurityRule{
		ID: ids.New(ids.SecurityRule), Owned: g.Owned, Group: g.ID, Egress: egress,
		Protocol: "-1", FromPort: -1, ToPort: -1, CIDR: cidr, Source: source,
		Created: tx.Now(), Tags: model.Tags{},
	}
}

func (n *accountNetwork) makeACL() error {
	acl := &model.NetworkACL{ID: ids.New(ids.NetworkACL), Owned: n.owner, VPC: n.vpc.ID, Default: true, Subnets: map[string]string{}, Tags: model.Tags{}}
	for _, egress := range []bool{true, false} {
		acl.Entries = append(acl.Entries, model.ACLEntry{Number: 100, Egress: egress, Protocol: "-1", Allow: true, CIDR: anywhere})
	}
	return store.NetworkACLs.Put(n.tx, acl)
}

// ensureSubnet makes a zone's default subnet in the first free part of the VPC.
func (n *accountNetwork) ensureSubnet(zone string) error {
	var taken []netip.Prefix
	for s := range store.Subnets.By(n.tx, "vpc", n.vpc.ID) {
		if s.Default && s.Zone == zone {
			return giveVNI(n.tx, s)
		}
		taken = append(taken, s.CIDR)
	}
	block, ok := freeBlock(n.vpc.CIDR, defaultSubnetBits, taken)
	if !ok {
		return fmt.Errorf("no /%d is free in %s", defaultSubnetBits, n.vpc.CIDR)
	}
	subnet := &model.Subnet{
		ID: ids.New(ids.Subnet), Owned: n.owner, VPC: n.vpc.ID, Zone: zone, CIDR: block,
		Default: true, MapPublicIP: true, Created: n.tx.Now(), Tags: model.Tags{},
	}
	if err := giveVNI(n.tx, subnet); err != nil {
		return err
	}
	for acl := range store.NetworkACLs.By(n.tx, "vpc", n.vpc.ID) {
		if !acl.Default {
			continue
		}
		changed := *acl
		changed.Subnets = model.Tags(acl.Subnets).Clone()
		changed.Subnets[subnet.ID] = ids.New(ids.NetworkACLAssoc)
		return store.NetworkACLs.Put(n.tx, &changed)
	}
	return nil
}

// firstVNI leaves the lowest identifiers, which people give by hand, to others.
const firstVNI, endVNI = 4096, 1 << 24

// giveVNI writes a subnet with a free VXLAN network identifier, unless it has one.
func giveVNI(tx *store.Tx, s *model.Subnet) error {
	if s.VNI != 0 {
		return nil
	}
	with := *s
	for {
		with.VNI = firstVNI + rand.IntN(endVNI-firstVNI)
		if err := store.Subnets.Put(tx, &with); !errors.Is(err, store.ErrExists) {
			return err
		}
	}
}

// freeBlock returns the first block of a size within a prefix that overlaps none of
// those taken.
func freeBlock(in netip.Prefix, bits int, taken []netip.Prefix) (netip.Prefix, bool) {
	for i := uint32(0); i < 1<<(bits-in.Bits()); i++ {
		block := netip.PrefixFrom(addressAt(in, i<<(32-bits)), bits)
		if !slices.ContainsFunc(taken, block.Overlaps) {
			return block, true
		}
	}
	return netip.Prefix{}, false
}
