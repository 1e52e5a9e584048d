package ec2

import (
	"errors"
	"fmt"
	"maps"
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
// options. What is there already stays as it is, and what was deleted does not come
// back, so it may run at any time; a zone that is new gets its subnet.
func EnsureAccountNetwork(tx *store.Tx, account, region string, zones []string) error {
	n := accountNetwork{tx: tx, owner: model.Owned{Account: account, Region: region}}
	n.vpc = findDefaultVPC(tx, account, region)
	given := store.DefaultNetworks.Get(tx, store.Key(account, region))
	if n.vpc == nil && given == nil {
		if err := n.makeDefault(); err != nil {
			return fmt.Errorf("make the default network of account %s in %s: %w", account, region, err)
		}
	}
	next := model.DefaultNetwork{ID: store.Key(account, region)}
	if given != nil {
		next.Zones = slices.Clone(given.Zones)
	}
	for _, zone := range zones {
		if slices.Contains(next.Zones, zone) || n.vpc == nil {
			continue
		}
		if err := n.ensureSubnet(zone); err != nil {
			return fmt.Errorf("make the default subnet of account %s in %s: %w", account, zone, err)
		}
		next.Zones = append(next.Zones, zone)
	}
	slices.Sort(next.Zones)
	if given != nil && slices.Equal(given.Zones, next.Zones) {
		return n.giveVNIs()
	}
	return errors.Join(store.DefaultNetworks.Put(tx, &next), n.giveVNIs())
}

type accountNetwork struct {
	tx    *store.Tx
	owner model.Owned
	vpc   *model.VPC
}

// makeDefault makes the default VPC, without its subnets.
func (n *accountNetwork) makeDefault() error {
	if err := n.makeVPC(defaultVPCBlock, tenancyDefault, nil); err != nil {
		return err
	}
	v := *n.vpc
	v.Default, v.DNSHostnames = true, true
	if err := store.VPCs.Put(n.tx, &v); err != nil {
		return err
	}
	n.vpc = &v
	for _, step := range []func() error{n.makeMainTable, n.makeGateway, n.makeGroup, n.makeACL} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (n *accountNetwork) makeVPC(block netip.Prefix, tenancy string, tags model.Tags) error {
	options, err := n.defaultOptions()
	if err != nil {
		return err
	}
	n.vpc = &model.VPC{
		ID: ids.New(ids.VPC), Owned: n.owner,
		CIDR: block, DNSSupport: true, DHCPOptions: options, Tenancy: tenancy,
		Created: n.tx.Now(), Tags: tags.Clone(),
	}
	return store.VPCs.Put(n.tx, n.vpc)
}

// defaultOptions returns the set of DHCP options that new VPCs have: the one that EC2
// gives an account in a region. It is made again if it is gone.
func (n *accountNetwork) defaultOptions() (string, error) {
	values := map[string][]string{
		"domain-name":         {model.PrivateDomain(n.owner.Region)},
		"domain-name-servers": {"AmazonProvidedDNS"},
	}
	for d := range store.DHCPOptions.By(n.tx, "account", n.owner.Account) {
		if d.OwnedBy(n.owner.Account, n.owner.Region) && maps.EqualFunc(d.Values, values, slices.Equal) {
			return d.ID, nil
		}
	}
	options := &model.DHCPOptions{ID: ids.New(ids.DHCPOptions), Owned: n.owner, Values: values, Tags: model.Tags{}}
	return options.ID, store.DHCPOptions.Put(n.tx, options)
}

// localTarget is the target of routes to the VPC's own blocks, localOrigin is how those
// came to be.
const (
	localTarget = "local"
	localOrigin = "CreateRouteTable"
)

func localRoute(block netip.Prefix) model.Route {
	return model.Route{Destination: block, Target: localTarget, Origin: localOrigin}
}

// localRoutes are the routes that every route table of a VPC has.
func localRoutes(v *model.VPC) (out []model.Route) {
	for _, block := range v.CIDRs() {
		out = append(out, localRoute(block))
	}
	return out
}

func (n *accountNetwork) makeMainTable() error {
	return store.RouteTables.Put(n.tx, &model.RouteTable{
		ID: ids.New(ids.RouteTable), Owned: n.owner, VPC: n.vpc.ID,
		Main: true, MainID: ids.New(ids.RouteTableAssoc),
		Subnets: map[string]string{}, Routes: localRoutes(n.vpc), Tags: model.Tags{},
	})
}

// makeGateway makes an internet gateway, to which the main route table leads.
func (n *accountNetwork) makeGateway() error {
	gateway := &model.InternetGateway{ID: ids.New(ids.InternetGateway), Owned: n.owner, VPC: n.vpc.ID, Tags: model.Tags{}}
	if err := store.InternetGateways.Put(n.tx, gateway); err != nil {
		return err
	}
	main := *mainTable(n.tx, n.vpc.ID)
	main.Routes = append(slices.Clip(main.Routes), model.Route{Destination: anywhere, Target: gateway.ID, Origin: "CreateRoute"})
	return store.RouteTables.Put(n.tx, &main)
}

// mainTable returns a VPC's main route table.
func mainTable(r store.Reader, vpc string) *model.RouteTable {
	for t := range store.RouteTables.By(r, "vpc", vpc) {
		if t.Main {
			return t
		}
	}
	return nil
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
			return nil
		}
		taken = append(taken, s.CIDR)
	}
	block, ok := freeBlock(n.vpc.CIDR, defaultSubnetBits, taken)
	if !ok {
		return fmt.Errorf("no /%d is free in %s", defaultSubnetBits, n.vpc.CIDR)
	}
	return putSubnet(n.tx, &model.Subnet{
		ID: ids.New(ids.Subnet), Owned: n.owner, VPC: n.vpc.ID, Zone: zone, CIDR: block,
		Default: true, MapPublicIP: true, Created: n.tx.Now(), Tags: model.Tags{},
	})
}

// putSubnet writes a new subnet, with a VXLAN network identifier and under its VPC's
// default network ACL.
func putSubnet(tx *store.Tx, s *model.Subnet) error {
	if err := giveVNI(tx, s); err != nil {
		return err
	}
	for acl := range store.NetworkACLs.By(tx, "vpc", s.VPC) {
		if !acl.Default {
			continue
		}
		changed := *acl
		changed.Subnets = model.Tags(acl.Subnets).Clone()
		changed.Subnets[s.ID] = ids.New(ids.NetworkACLAssoc)
		return store.NetworkACLs.Put(tx, &changed)
	}
	return nil
}

// giveVNIs gives the account's subnets of before there were VNIs theirs.
func (n *accountNetwork) giveVNIs() error {
	for s := range store.Subnets.By(n.tx, "account", n.owner.Account) {
		if s.VNI == 0 {
			if err := giveVNI(n.tx, s); err != nil {
				return err
			}
		}
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
