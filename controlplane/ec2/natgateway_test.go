package ec2_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// nat makes a NAT gateway and shows it when its host has done what it is to.
func (c *cloud) nat(params ...string) *gen.NatGateway {
	c.t.Helper()
	id := *ok[gen.CreateNatGatewayResult](c, "CreateNatGateway", params...).NatGateway.NatGatewayId
	c.update(playNATs)
	return c.natNow(id)
}

// playNATs is all hosts: their NAT gateways are as they are to be, and they say so.
func playNATs(tx *store.Tx) error {
	for n := range store.NATGateways.List(tx) {
		if n.Host == "" {
			continue
		}
		if err := lifecycle.ReportNAT(tx, n.Host, n.ID, n.State == model.NATDeleting); err != nil {
			return err
		}
	}
	return nil
}

func (c *cloud) natNow(id string) *gen.NatGateway {
	c.t.Helper()
	return ok[gen.DescribeNatGatewaysResult](c, "DescribeNatGateways", "NatGatewayId.1", id).NatGateways[0]
}

func TestNatGateway(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	s := *ok[gen.CreateSubnetResult](c, "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.1.0/24", "AvailabilityZone", zoneA).Subnet.SubnetId
	g := c.gatewayOf(v)
	eip, ip := c.newAddress()
	made := ok[gen.CreateNatGatewayResult](c, "CreateNatGateway", "SubnetId", s, "AllocationId", eip, "PrivateIpAddress", "10.0.1.50").NatGateway
	if n := c.natNow(*made.NatGatewayId); *made.State != "pending" || *n.State != "pending" {
		t.Errorf("made it is %s, and shown as %s before its host works", *made.State, *n.State)
	}
	c.update(playNATs)
	n := c.natNow(*made.NatGatewayId)
	x := n.NatGatewayAddresses[0]
	if *n.State != "available" || *n.ConnectivityType != "public" || *x.PublicIp != ip || *x.PrivateIp != "10.0.1.50" || *x.AllocationId != eip || *x.AssociationId != *c.address(eip).AssociationId || *n.VpcId != v {
		t.Fatalf("%+v %+v", n, x)
	}
	if row := store.NATGateways.Get(c.db.Stale(), *n.NatGatewayId); row.Host != "host-a1" {
		t.Errorf("its host is %q", row.Host)
	}
	eni := ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces", "Filter.1.Name", "attachment.nat-gateway-id", "Filter.1.Value.1", *n.NatGatewayId).NetworkInterfaces
	if len(eni) != 1 || *eni[0].InterfaceType != "nat_gateway" || !*eni[0].RequesterManaged || *eni[0].Description != "Interface for NAT Gateway "+*n.NatGatewayId || *eni[0].Association.PublicIp != ip || *eni[0].Status != "in-use" || *eni[0].SourceDestCheck {
		t.Errorf("its interface is %+v", eni)
	}
	table := c.tableOf(v)
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "0.0.0.0/0", "NatGatewayId", *n.NatGatewayId)
	if got := routes(c.table(table)); !strings.Contains(got, "0.0.0.0/0>nat>active") {
		t.Error(got)
	}
	c.fails("AuthFailure", "permission", "DisassociateAddress", "AssociationId", *x.AssociationId)
	c.fails("AuthFailure", "permission", "AssociateAddress", "AllocationId", eip, "InstanceId", c.running())
	c.fails("DependencyViolation", "", "DeleteSubnet", "SubnetId", s)
	c.fails("DependencyViolation", "", "DeleteVpc", "VpcId", v)
	c.fails("DependencyViolation", "mapped public address", "DetachInternetGateway", "InternetGatewayId", g, "VpcId", v)

	ok[gen.DeleteNatGatewayResult](c, "DeleteNatGateway", "NatGatewayId", *n.NatGatewayId)
	n = c.natNow(*n.NatGatewayId)
	if *n.State != "deleting" || n.DeleteTime != nil || n.NatGatewayAddresses[0].AssociationId == nil {
		t.Errorf("until its host has done with it it is %+v", n)
	}
	if got := routes(c.table(table)); !strings.Contains(got, "0.0.0.0/0>nat>blackhole") {
		t.Error(got)
	}
	c.fails("InvalidIPAddress.InUse", "", "ReleaseAddress", "AllocationId", eip)
	c.fails("DependencyViolation", "", "DeleteSubnet", "SubnetId", s)
	ok[gen.DeleteNatGatewayResult](c, "DeleteNatGateway", "NatGatewayId", *n.NatGatewayId)
	c.update(playNATs)
	n = c.natNow(*n.NatGatewayId)
	if *n.State != "deleted" || n.DeleteTime == nil || *n.NatGatewayAddresses[0].PublicIp != ip || n.NatGatewayAddresses[0].AssociationId != nil {
		t.Errorf("deleted it is %+v", n)
	}
	if got := routes(c.table(table)); !strings.Contains(got, "0.0.0.0/0>nat>blackhole") {
		t.Error(got)
	}
	c.fails("InvalidNatGatewayID.NotFound", "", "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "1.0.0.0/8", "NatGatewayId", *n.NatGatewayId)
	ok[gen.ReleaseAddressResult](c, "ReleaseAddress", "AllocationId", eip)
	ok[gen.DeleteSubnetResult](c, "DeleteSubnet", "SubnetId", s)
	ok[gen.DetachInternetGatewayResult](c, "DetachInternetGateway", "InternetGatewayId", g, "VpcId", v)
	ok[gen.DeleteNatGatewayResult](c, "DeleteNatGateway", "NatGatewayId", *n.NatGatewayId)
	c.fails("NatGatewayNotFound", "", "DescribeNatGateways", "NatGatewayId.1", "nat-0123456789abcdef0")
	c.fails("NatGatewayNotFound", "", "DeleteNatGateway", "NatGatewayId", "nat-0123456789abcdef0")
}

func TestNatGatewayFails(t *testing.T) {
	c := newCloud(t)
	v := c.vpc("10.0.0.0/16")
	s := c.subnetOf(v, "10.0.1.0/28")
	eip, _ := c.newAddress()
	c.fails("MissingParameter", "AllocationId", "CreateNatGateway", "SubnetId", s)
	c.fails("InvalidAllocationID.NotFound", "", "CreateNatGateway", "SubnetId", s, "AllocationId", "eipalloc-0123456789abcdef0")
	c.fails("InvalidSubnetID.NotFound", "", "CreateNatGateway", "SubnetId", "subnet-0123456789abcdef0", "AllocationId", eip)
	c.fails("InvalidParameterCombination", "", "CreateNatGateway", "SubnetId", s, "AllocationId", eip, "ConnectivityType", "private")
	c.fails("Unsupported", "secondary", "CreateNatGateway", "SubnetId", s, "AllocationId", eip, "SecondaryPrivateIpAddressCount", "1")
	failed := func(code string, in ...string) {
		t.Helper()
		n := c.nat(in...)
		if *n.State != "failed" || text(n.FailureCode) != code || text(n.FailureMessage) == "" || n.NatGatewayAddresses == nil {
			t.Errorf("%s %s, want %s", *n.State, text(n.FailureCode), code)
		}
	}
	failed("Gateway.NotAttached", "SubnetId", s, "AllocationId", eip)
	c.gatewayOf(v)
	ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", eip, "InstanceId", c.running())
	failed("Resource.AlreadyAssociated", "SubnetId", s, "AllocationId", eip)
	for n := 11; n > 0; n-- {
		ok[gen.CreateNetworkInterfaceResult](c, "CreateNetworkInterface", "SubnetId", s)
	}
	failed("InsufficientFreeAddressesInSubnet", "SubnetId", s, "ConnectivityType", "private")
	for n := range store.Interfaces.By(c.db.Stale(), "subnet", s) {
		if n.Kind != "" {
			t.Errorf("an interface of a gateway that failed: %+v", n)
		}
	}
}

// TestNatGatewayMoves: the work is a host's that can do it, in the zone.
func TestNatGatewayMoves(t *testing.T) {
	c := newCloud(t)
	c.host("host-a2", zoneA, 4, 4096)
	c.host("host-b1", zoneB, 4, 4096)
	v := c.vpc("10.0.0.0/16")
	s := *ok[gen.CreateSubnetResult](c, "CreateSubnet", "VpcId", v, "CidrBlock", "10.0.1.0/24", "AvailabilityZone", zoneA).Subnet.SubnetId
	one, two := *c.nat("SubnetId", s, "ConnectivityType", "private").NatGatewayId, *c.nat("SubnetId", s, "ConnectivityType", "private").NatGatewayId
	want := func(id, host, state string) {
		t.Helper()
		c.update(func(tx *store.Tx) error { return lifecycle.TendNAT(tx, id) })
		if n := store.NATGateways.Get(c.db.Stale(), id); n.Host != host || n.State != state {
			t.Errorf("%s is %s on %q, want %s on %q", id, n.State, n.Host, state, host)
		}
	}
	change := func(host string, fn func(*model.Host)) {
		c.update(func(tx *store.Tx) error {
			h := *store.Hosts.Get(tx, host)
			fn(&h)
			return store.Hosts.Put(tx, &h)
		})
	}
	said := func(host, id string, gone bool) error {
		return c.db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error { return lifecycle.ReportNAT(tx, host, id, gone) })
	}
	want(one, "host-a1", model.NATAvailable)
	want(two, "host-a2", model.NATAvailable) // which has less of this to do
	change("host-a1", func(h *model.Host) { h.Cordoned = true })
	want(one, "host-a1", model.NATAvailable) // it takes nothing new, and keeps what it has
	change("host-a1", func(h *model.Host) { h.Draining = true })
	want(one, "host-a2", model.NATAvailable)
	change("host-a2", func(h *model.Host) { h.Up = false })
	want(one, "", model.NATAvailable)
	three := *c.nat("SubnetId", s, "ConnectivityType", "private").NatGatewayId
	want(three, "", model.NATPending)
	change("host-a1", func(h *model.Host) { h.Draining = false })
	want(one, "host-a1", model.NATAvailable)
	want(three, "host-a1", model.NATPending)
	if err := said("host-a2", three, false); !errors.Is(err, lifecycle.ErrWrongHost) {
		t.Errorf("another host's word: %v", err)
	}
	want(three, "host-a1", model.NATPending)
	if err := said("host-a1", three, false); err != nil {
		t.Error(err)
	}
	want(three, "host-a1", model.NATAvailable)
	if err := said("host-a1", three, true); err != nil { // of one that is to work
		t.Error(err)
	}
	want(three, "host-a1", model.NATAvailable)

	// What ends is its host's to end, be that down or draining, as long as there is one.
	ok[gen.DeleteNatGatewayResult](c, "DeleteNatGateway", "NatGatewayId", three)
	change("host-a1", func(h *model.Host) { h.Draining = true })
	want(three, "host-a1", model.NATDeleting)
	if err := said("host-a1", three, false); err != nil {
		t.Error(err)
	}
	want(three, "host-a1", model.NATDeleting)
	c.update(func(tx *store.Tx) error { return store.Hosts.Delete(tx, "host-a1") })
	want(three, "", model.NATDeleted)
	want(one, "", model.NATAvailable)
	if due := lifecycle.NATDue(c.db.Stale(), one, c.db.Stale().Time()); !due.IsZero() {
		t.Errorf("with no host to go to it is due at %v", due)
	}
}

func TestNatGatewayQuota(t *testing.T) {
	c := newCloudOf(t, map[string]int{"nat-gateways-per-zone": 2})
	s, b := c.defaultSubnet(zoneA), c.defaultSubnet(zoneB)
	in := []string{"SubnetId", s, "ConnectivityType", "private"}
	first := *c.nat(in...).NatGatewayId
	c.nat(in...)
	c.fails("NatGatewayLimitExceeded", "", "CreateNatGateway", in...)
	if n := c.nat("SubnetId", b, "ConnectivityType", "private"); *n.State != "pending" { // the zone has no host
		t.Errorf("%+v", n)
	}
	ok[gen.DeleteNatGatewayResult](c, "DeleteNatGateway", "NatGatewayId", first)
	c.fails("NatGatewayLimitExceeded", "", "CreateNatGateway", in...) // it counts until it is gone
	c.update(playNATs)
	c.nat(in...)
	for filter, n := range map[string]int{"state=deleted": 1, "state=pending": 1, "subnet-id=" + s: 3, "vpc-id=*": 4, "nat-gateway-id=" + first: 1} {
		name, value, _ := strings.Cut(filter, "=")
		if got := ok[gen.DescribeNatGatewaysResult](c, "DescribeNatGateways", "Filter.1.Name", name, "Filter.1.Value.1", value).NatGateways; len(got) != n {
			t.Errorf("%s finds %d", filter, len(got))
		}
	}
}
