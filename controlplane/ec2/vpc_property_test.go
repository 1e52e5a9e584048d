package ec2_test

import (
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// smallQuotas are reached soon.
var smallQuotas = map[string]int{
	"vpcs-per-region": 4, "cidr-blocks-per-vpc": 2, "subnets-per-vpc": 3, "route-tables-per-vpc": 3, "routes-per-route-table": 2,
	"internet-gateways-per-region": 3, "nat-gateways-per-zone": 2, "elastic-ips-per-region": 3, "peerings-per-vpc": 1, "pending-peerings-per-region": 2,
}

// rowIDs are the ids of a table's rows that are the account's.
func rowIDs[R any](c *cloud, t *store.Table[R], id func(*R) string) (out []string) {
	for row := range t.By(c.db.Stale(), "account", me) {
		out = append(out, id(row))
	}
	return out
}

// someCall draws an action with parameters that mostly name what there is.
func someCall(t *rapid.T, c *cloud) (string, []string) {
	pick := func(all []string) string { return rapid.SampledFrom(append(all, "x-0123456789abcdef0")).Draw(t, "id") }
	block := func() string {
		return rapid.SampledFrom([]string{"10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.1.1.0/28", "172.31.9.0/24", "0.0.0.0/0"}).Draw(t, "block")
	}
	vpc := func() string {
		return pick(rowIDs(c, store.VPCs, func(r *model.VPC) string { return r.ID }))
	}
	subnet := func() string {
		return pick(rowIDs(c, store.Subnets, func(r *model.Subnet) string { return r.ID }))
	}
	table := func() string {
		return pick(rowIDs(c, store.RouteTables, func(r *model.RouteTable) string { return r.ID }))
	}
	gateway := func() string {
		return pick(rowIDs(c, store.InternetGateways, func(r *model.InternetGateway) string { return r.ID }))
	}
	nat := func() string {
		return pick(rowIDs(c, store.NATGateways, func(r *model.NATGateway) string { return r.ID }))
	}
	address := func() string {
		return pick(rowIDs(c, store.ElasticIPs, func(r *model.ElasticIP) string { return r.ID }))
	}
	eni := func() string {
		return pick(rowIDs(c, store.Interfaces, func(r *model.Interface) string { return r.ID }))
	}
	instance := func() string {
		return pick(rowIDs(c, store.Instances, func(r *model.Instance) string { return r.ID }))
	}
	peering := func() string {
		return pick(rowIDs(c, store.Peerings, func(r *model.Peering) string { return r.ID }))
	}
	association := func() string {
		var all []string
		for t := range store.RouteTables.By(c.db.Stale(), "account", me) {
			if t.Main {
				all = append(all, t.MainID)
			}
			for _, id := range t.Subnets {
				all = append(all, id)
			}
		}
		slices.Sort(all)
		return pick(all)
	}
	bound := func() string {
		return pick(rowIDs(c, store.ElasticIPs, func(r *model.ElasticIP) string { return r.Association }))
	}
	added := func() string {
		var all []string
		for v := range store.VPCs.List(c.db.Stale()) {
			for _, b := range v.Secondary {
				all = append(all, b.ID)
			}
		}
		return pick(all)
	}
	switch rapid.IntRange(0, 31).Draw(t, "action") {
	case 0:
		return "CreateVpc", []string{"CidrBlock", block()}
	case 1:
		return "DeleteVpc", []string{"VpcId", vpc()}
	case 2:
		return "AssociateVpcCidrBlock", []string{"VpcId", vpc(), "CidrBlock", block()}
	case 3:
		return "DisassociateVpcCidrBlock", []string{"AssociationId", added()}
	case 4, 5:
		return "CreateSubnet", []string{"VpcId", vpc(), "CidrBlock", block(), "AvailabilityZone", zoneA}
	case 6:
		return "DeleteSubnet", []string{"SubnetId", subnet()}
	case 7:
		return "CreateRouteTable", []string{"VpcId", vpc()}
	case 8:
		return "DeleteRouteTable", []string{"RouteTableId", table()}
	case 9, 10:
		return "AssociateRouteTable", []string{"RouteTableId", table(), "SubnetId", subnet()}
	case 11:
		return "DisassociateRouteTable", []string{"AssociationId", association()}
	case 12, 13:
		return "ReplaceRouteTableAssociation", []string{"AssociationId", association(), "RouteTableId", table()}
	case 14, 15:
		target := rapid.SampledFrom([][]string{{"GatewayId", gateway()}, {"NatGatewayId", nat()}, {"NetworkInterfaceId", eni()}, {"InstanceId", instance()}, {"VpcPeeringConnectionId", peering()}}).Draw(t, "target")
		return rapid.SampledFrom([]string{"CreateRoute", "CreateRoute", "ReplaceRoute"}).Draw(t, "route"), append([]string{"RouteTableId", table(), "DestinationCidrBlock", block()}, target...)
	case 16:
		return "DeleteRoute", []string{"RouteTableId", table(), "DestinationCidrBlock", block()}
	case 17:
		return "CreateInternetGateway", nil
	case 18, 19:
		return "AttachInternetGateway", []string{"InternetGatewayId", gateway(), "VpcId", vpc()}
	case 20:
		return "DetachInternetGateway", []string{"InternetGatewayId", gateway(), "VpcId", vpc()}
	case 21:
		return "AllocateAddress", nil
	case 22, 23:
		to := rapid.SampledFrom([][]string{{"InstanceId", instance()}, {"NetworkInterfaceId", eni()}}).Draw(t, "to")
		again := rapid.SampledFrom([]string{"true", "false"}).Draw(t, "again")
		return "AssociateAddress", append([]string{"AllocationId", address(), "AllowReassociation", again}, to...)
	case 24:
		return "DisassociateAddress", []string{"AssociationId", bound()}
	case 25:
		return "ReleaseAddress", []string{"AllocationId", address()}
	case 26:
		if rapid.Bool().Draw(t, "private") {
			return "CreateNatGateway", []string{"SubnetId", subnet(), "ConnectivityType", "private"}
		}
		return "CreateNatGateway", []string{"SubnetId", subnet(), "AllocationId", address()}
	case 27:
		return "DeleteNatGateway", []string{"NatGatewayId", nat()}
	case 28:
		return "RunInstances", c.launch("SubnetId", subnet())
	case 29:
		return rapid.SampledFrom([]string{"StopInstances", "StartInstances", "TerminateInstances"}).Draw(t, "turn"), []string{"InstanceId.1", instance()}
	case 30:
		return "CreateVpcPeeringConnection", []string{"VpcId", vpc(), "PeerVpcId", vpc()}
	}
	return rapid.SampledFrom([]string{"AcceptVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"}).Draw(t, "answer"), []string{"VpcPeeringConnectionId", peering()}
}

// TestNetworkInvariants makes calls at random: each succeeds or fails with an error of
// EC2's, and what is there afterwards fits together.
func TestNetworkInvariants(t *testing.T) {
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		c := newCloudOf(t, smallQuotas)
		c.host("host-b1", zoneB, 64, 65536)
		v := c.vpc("10.0.0.0/16")
		s, table := c.subnetOf(v, "10.0.2.0/24"), c.tableOf(v)
		c.tableOf(v)
		ok[gen.AssociateRouteTableResult](c, "AssociateRouteTable", "RouteTableId", table, "SubnetId", s)
		c.newAddress()
		c.run()
		for range rapid.IntRange(20, 120).Draw(rt, "calls") {
			name, params := someCall(rt, c)
			_, _, err := c.raw(name, params...)
			if err == nil {
				done[name]++
			} else if e, is := errors.AsType[*apierr.Error](err); !is || e.Code == "InternalError" {
				rt.Fatalf("%s %q: %v", name, params, err)
			}
			c.settle()
			checkNetwork(rt, c.db.Stale())
		}
	})
	if len(done) < 20 {
		t.Errorf("too little succeeded: %v", done)
	}
}

// settle lets hosts do at once what they are asked for.
func (c *cloud) settle() {
	v := c.db.Stale()
	for i := range store.Instances.List(v) {
		b := lifecycle.Boot(v, i)
		switch {
		case b == nil || b.Phase == model.PhaseReleased:
		case i.Effective() == model.WantRunning && b.Phase < model.PhaseRunning:
			c.report(i.ID, model.PhaseRunning, "")
		case i.Effective() != model.WantRunning:
			c.report(i.ID, model.PhaseReleased, model.EndAsked)
		}
	}
	c.update(playNATs)
}

func checkNetwork(t *rapid.T, v store.View) {
	checkAddresses(t, v)
	checkTables(t, v)
	at := func(name string, n int) {
		if n > smallQuotas[name] {
			t.Fatalf("%d of %s, the limit is %d", n, name, smallQuotas[name])
		}
	}
	at("vpcs-per-region", many(store.VPCs.By(v, "account", me), nil))
	at("internet-gateways-per-region", many(store.InternetGateways.By(v, "account", me), nil))
	at("elastic-ips-per-region", many(store.ElasticIPs.By(v, "account", me), nil))
	at("pending-peerings-per-region", many(store.Peerings.By(v, "account", me), func(p *model.Peering) bool { return p.State == model.PeeringPending }))
	for _, zone := range []string{zoneA, zoneB} {
		at("nat-gateways-per-zone", many(store.NATGateways.By(v, "account", me), func(n *model.NATGateway) bool {
			return n.Deleted.IsZero() && store.Subnets.Get(v, n.Subnet).Zone == zone
		}))
	}
	for vpc := range store.VPCs.By(v, "account", me) {
		at("cidr-blocks-per-vpc", len(vpc.CIDRs()))
		at("subnets-per-vpc", many(store.Subnets.By(v, "vpc", vpc.ID), nil))
		at("route-tables-per-vpc", many(store.RouteTables.By(v, "vpc", vpc.ID), nil))
		at("peerings-per-vpc", many(store.Peerings.By(v, "vpc", vpc.ID), func(p *model.Peering) bool { return p.State == model.PeeringActive }))
		if n := many(store.InternetGateways.By(v, "vpc", vpc.ID), nil); n > 1 {
			t.Fatalf("%s has %d internet gateways", vpc.ID, n)
		}
	}
	for n := range store.NATGateways.List(v) {
		i := store.Interfaces.Get(v, n.Interface)
		if lives := n.State == model.NATPending || n.State == model.NATAvailable || n.State == model.NATDeleting; lives != (i != nil && i.Kind == "nat_gateway") || lives == !n.Deleted.IsZero() {
			t.Fatalf("NAT gateway %+v with interface %+v", n, i)
		}
	}
	for p := range store.Peerings.List(v) {
		if p.State == model.PeeringActive && (store.VPCs.Get(v, p.Requester.VPC) == nil || store.VPCs.Get(v, p.Accepter.VPC) == nil) {
			t.Fatalf("a peering with a VPC that is gone: %+v", p)
		}
	}
}

func many[R any](rows iter.Seq[R], when func(R) bool) (n int) {
	for r := range rows {
		if when == nil || when(r) {
			n++
		}
	}
	return n
}

// checkAddresses: an address has one holder; an Elastic IP is where its row says, and
// nowhere else.
func checkAddresses(t *rapid.T, v store.View) {
	elastic := map[netip.Addr]*model.ElasticIP{}
	for e := range store.ElasticIPs.List(v) {
		if (e.Association == "") != (e.Interface == "") || (e.Interface == "") == e.PrivateIP.IsValid() {
			t.Fatalf("half an association: %+v", e)
		}
		elastic[e.PublicIP] = e
	}
	holders, seen := map[netip.Addr]string{}, map[string]bool{}
	note := func(i *model.Interface, private, public netip.Addr) {
		s := store.Subnets.Get(v, i.Subnet)
		if s == nil || !s.CIDR.Contains(private) || seen[i.Subnet+private.String()] {
			t.Fatalf("%s has %s of %+v", i.ID, private, s)
		}
		seen[i.Subnet+private.String()] = true
		if !public.IsValid() {
			return
		}
		if holders[public] != "" {
			t.Fatalf("%s is held by %s and %s", public, holders[public], i.ID)
		}
		holders[public] = i.ID
		e := elastic[public]
		if e != nil && (e.Interface != i.ID || e.PrivateIP != private) {
			t.Fatalf("%s has the address of %+v", i.ID, e)
		}
		if e == nil && !i.AutoPublicIP {
			t.Fatalf("%s has %s, of nobody", i.ID, public)
		}
	}
	for i := range store.Interfaces.List(v) {
		note(i, i.PrivateIP, i.PublicIP)
		for _, s := range i.Secondary {
			note(i, s.IP, s.Public)
		}
	}
	for ip, e := range elastic {
		if e.Interface != holders[ip] {
			t.Fatalf("%+v is held by %q", e, holders[ip])
		}
	}
}

// checkTables: each VPC has one main table, each subnet one table and one network ACL, of
// its VPC; subnets do not overlap; all tables lead to all blocks.
func checkTables(t *rapid.T, v store.View) {
	associations, tables := map[string]bool{}, map[string]string{}
	once := func(id string) {
		if id == "" || associations[id] {
			t.Fatalf("association %q is there twice", id)
		}
		associations[id] = true
	}
	mains := map[string]int{}
	for x := range store.RouteTables.List(v) {
		vpc := store.VPCs.Get(v, x.VPC)
		if vpc == nil {
			t.Fatalf("%s is of no VPC", x.ID)
		}
		if x.Main {
			mains[x.VPC]++
			once(x.MainID)
		}
		for subnet, id := range x.Subnets {
			once(id)
			if s := store.Subnets.Get(v, subnet); s == nil || s.VPC != x.VPC || tables[subnet] != "" {
				t.Fatalf("%s serves %s, as does %q", x.ID, subnet, tables[subnet])
			}
			tables[subnet] = x.ID
		}
		var local, to []string
		others := 0
		for _, r := range x.Routes {
			to = append(to, r.Destination.String())
			if r.Origin == "CreateRouteTable" {
				local = append(local, r.Destination.String())
			} else {
				others++
			}
		}
		slices.Sort(to)
		if got, want := strings.Join(local, " "), strings.Trim(fmt.Sprint(vpc.CIDRs()), "[]"); got != want || len(slices.Compact(to)) != len(x.Routes) {
			t.Fatalf("%s has local routes to %s, and routes to %v; the VPC has %s", x.ID, got, to, want)
		}
		if others > smallQuotas["routes-per-route-table"] && !mainOfDefault(vpc, x) {
			t.Fatalf("%s has %d routes", x.ID, others)
		}
	}
	acls := map[string]int{}
	for n := range store.NetworkACLs.List(v) {
		for s := range n.Subnets {
			acls[s]++
		}
	}
	for s := range store.Subnets.List(v) {
		vpc := store.VPCs.Get(v, s.VPC)
		if vpc == nil || acls[s.ID] != 1 || s.VNI == 0 || !slices.ContainsFunc(vpc.CIDRs(), func(p netip.Prefix) bool { return p.Contains(s.CIDR.Addr()) }) {
			t.Fatalf("subnet %+v of %+v, with %d network ACLs", s, vpc, acls[s.ID])
		}
		for x := range store.Subnets.By(v, "vpc", s.VPC) {
			if x.ID != s.ID && x.CIDR.Overlaps(s.CIDR) {
				t.Fatalf("%s and %s overlap", x.ID, s.ID)
			}
		}
	}
	for vpc := range store.VPCs.List(v) {
		if mains[vpc.ID] != 1 {
			t.Fatalf("%s has %d main route tables", vpc.ID, mains[vpc.ID])
		}
	}
}

// mainOfDefault is a table that came with a route of its own.
func mainOfDefault(v *model.VPC, x *model.RouteTable) bool { return v.Default && x.Main }
