// Package rulelaw holds the API and the network plan to each other: no rule that the one
// accepts is left out by the other. Neither imports the other.
package rulelaw

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/netplane/plan"
)

const account, region, zone = "111111111111", "eu-central-1", "eu-central-1a"

// cloud takes calls of the API as a server does.
type cloud struct {
	db  *store.Memory
	reg *wire.Registry[*action.Call]
}

func newCloud(t *rapid.T) *cloud {
	c := &cloud{db: store.NewMemory(), reg: wire.NewRegistry[*action.Call](wire.EC2)}
	ec2.Register(c.reg, ec2.Deps{Regions: []ec2.Region{{Name: region, Zones: []ec2.Zone{{Name: zone, ID: "euc1-az1"}}}}})
	err := c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		return ec2.EnsureAccountNetwork(tx, account, region, []string{zone})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cloud) call(name string, form url.Values) error {
	a, err := c.reg.Find(wire.EC2, name)
	if err != nil {
		return err
	}
	in, err := a.Decode(form)
	if err != nil {
		return err
	}
	return c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		_, err := a.Call(&action.Call{Tx: tx, Context: context.Background(), Account: account, Region: region}, in)
		return err
	})
}

var (
	protocols = rapid.OneOf(rapid.SampledFrom([]string{"-1", "tcp", "udp", "icmp", "TCP", "6", "17", "1", "50", "58", "0", "all", "icmpv6", "esp", ""}), rapid.Custom(func(t *rapid.T) string { return strconv.Itoa(rapid.IntRange(-2, 300).Draw(t, "n")) }))
	numbers   = rapid.Custom(func(t *rapid.T) string {
		return strconv.Itoa(rapid.OneOf(rapid.SampledFrom([]int{-1, 0, 1, 80, 254, 255, 256, 65535, 65536}), rapid.IntRange(-3, 70000)).Draw(t, "n"))
	})
	blocks = rapid.OneOf(rapid.SampledFrom([]string{"0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/8", "1.2.3.4/32", "::/0", "10.0.0.0/33", "x", "0.0.0.0/32", "255.255.255.255/32", "224.0.0.0/4"}),
		rapid.Custom(func(t *rapid.T) string {
			b := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(b)), rapid.IntRange(0, 32).Draw(t, "bits")).String()
		}))
)

// TestAcceptedRulesLoad: whatever rules and entries the API takes, the plan of a host that
// has them leaves none out.
func TestAcceptedRulesLoad(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		c := newCloud(t)
		v := c.db.Stale()
		var group, acl string
		for g := range store.SecurityGroups.List(v) {
			group = g.ID
		}
		for n := range store.NetworkACLs.List(v) {
			acl = n.ID
		}
		for n := range rapid.IntRange(1, 12).Draw(t, "rules") {
			protocol, from, to, block := protocols.Draw(t, "protocol"), numbers.Draw(t, "from"), numbers.Draw(t, "to"), blocks.Draw(t, "block")
			if rapid.Bool().Draw(t, "acl") {
				form := url.Values{"NetworkAclId": {acl}, "RuleNumber": {strconv.Itoa(n + 1)}, "Egress": {strconv.FormatBool(rapid.Bool().Draw(t, "egress"))}, "RuleAction": {"deny"}, "Protocol": {protocol}, "CidrBlock": {block}}
				form.Set("PortRange.From", from)
				form.Set("PortRange.To", to)
				form.Set("Icmp.Type", from)
				form.Set("Icmp.Code", to)
				if c.call("CreateNetworkAclEntry", form) == nil {
					accepted++
				}
				continue
			}
			name := rapid.SampledFrom([]string{"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"}).Draw(t, "direction")
			form := url.Values{"GroupId": {group}, "IpPermissions.1.IpProtocol": {protocol}, "IpPermissions.1.FromPort": {from}, "IpPermissions.1.ToPort": {to}, "IpPermissions.1.IpRanges.1.CidrIp": {block}}
			if c.call(name, form) == nil {
				accepted++
			}
		}
		d, err := plan.Build(host(c.db.Stale(), group, acl))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Warnings) > 0 {
			t.Fatalf("the plan leaves something out: %v", d.Warnings)
		}
	})
	if accepted < 20 {
		t.Errorf("the API took %d rules of all: nothing is shown", accepted)
	}
}

// host is one that has an interface in the group, and its subnet behind the ACL.
func host(v store.View, group, acl string) plan.Host {
	g := plan.Group{ID: group, Members: []netip.Addr{netip.MustParseAddr("172.31.0.9")}}
	for r := range store.SecurityRules.By(v, "group", group) {
		rule := plan.Rule{ID: r.ID, Protocol: number(r.Protocol), FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1, CIDR: r.CIDR, Group: r.Source}
		switch rule.Protocol {
		case plan.ProtocolTCP, plan.ProtocolUDP:
			rule.FromPort, rule.ToPort = r.FromPort, r.ToPort
		case plan.ProtocolICMP:
			rule.ICMPType, rule.ICMPCode = r.FromPort, r.ToPort
		}
		if r.Egress {
			g.Egress = append(g.Egress, rule)
		} else {
			g.Ingress = append(g.Ingress, rule)
		}
	}
	list := plan.ACL{ID: acl}
	entries := slices.SortedFunc(slices.Values(store.NetworkACLs.Get(v, acl).Entries), func(x, y model.ACLEntry) int { return x.Number - y.Number })
	for _, e := range entries {
		x := plan.ACLEntry{Allow: e.Allow, Protocol: number(e.Protocol), CIDR: e.CIDR, FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1}
		switch x.Protocol {
		case plan.ProtocolTCP, plan.ProtocolUDP:
			x.FromPort, x.ToPort = e.FromPort, e.ToPort
		case plan.ProtocolICMP:
			x.ICMPType, x.ICMPCode = e.ICMPType, e.ICMPCode
		}
		if e.Egress {
			list.Egress = append(list.Egress, x)
		} else {
			list.Ingress = append(list.Ingress, x)
		}
	}
	return plan.Host{VPCs: []plan.VPC{{
		ID: "vpc-0123456789abcdef0", CIDRs: []netip.Prefix{netip.MustParsePrefix("172.31.0.0/16")},
		Subnets:    []plan.Subnet{{ID: "subnet-0123456789abcdef0", CIDR: netip.MustParsePrefix("172.31.0.0/20"), ACL: acl}},
		Interfaces: []plan.Interface{{ID: "eni-0123456789abcdef0", SubnetID: "subnet-0123456789abcdef0", MAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, PrivateIP: netip.MustParseAddr("172.31.0.9"), Groups: []string{group}, SourceDestCheck: true}},
		Groups:     []plan.Group{g}, ACLs: []plan.ACL{list},
	}}}
}

// number is the protocol as agents get it.
func number(protocol string) int {
	switch protocol {
	case "tcp":
		return plan.ProtocolTCP
	case "udp":
		return plan.ProtocolUDP
	case "icmp":
		return plan.ProtocolICMP
	}
	n, err := strconv.Atoi(protocol)
	if err != nil {
		panic(fmt.Sprintf("the API stored the protocol %q", protocol))
	}
	return n
}
