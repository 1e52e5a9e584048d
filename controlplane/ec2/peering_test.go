package ec2_test

import (
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) peer(from, to string, params ...string) *gen.VpcPeeringConnection {
	c.t.Helper()
	return ok[gen.CreateVpcPeeringConnectionResult](c, "CreateVpcPeeringConnection", append([]string{"VpcId", from, "PeerVpcId", to}, params...)...).VpcPeeringConnection
}

func (c *cloud) peering(id string) *gen.VpcPeeringConnection {
	c.t.Helper()
	return ok[gen.DescribeVpcPeeringConnectionsResult](c, "DescribeVpcPeeringConnections", "VpcPeeringConnectionId.1", id).VpcPeeringConnections[0]
}

// TestPeering goes through the life of a peering between two accounts.
func TestPeering(t *testing.T) {
	c := newCloud(t)
	d := c.as(other, region)
	v, w := c.vpc("10.0.0.0/16"), d.vpc("10.1.0.0/16")
	p := c.peer(v, w, "PeerOwnerId", other, "PeerRegion", region, "TagSpecification.1.ResourceType", "vpc-peering-connection", "TagSpecification.1.Tag.1.Key", "Name")
	id := *p.VpcPeeringConnectionId
	if *p.Status.Code != "pending-acceptance" || *p.Status.Message != "Pending Acceptance by "+other || p.ExpirationTime == nil || *p.RequesterVpcInfo.CidrBlock != "10.0.0.0/16" || p.AccepterVpcInfo.CidrBlock != nil || *p.AccepterVpcInfo.OwnerId != other {
		t.Errorf("%+v", p)
	}
	c.fails("VpcPeeringConnectionAlreadyExists", id, "CreateVpcPeeringConnection", "VpcId", v, "PeerVpcId", w, "PeerOwnerId", other)
	d.fails("VpcPeeringConnectionAlreadyExists", id, "CreateVpcPeeringConnection", "VpcId", w, "PeerVpcId", v, "PeerOwnerId", me)
	c.fails("OperationNotPermitted", "", "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", id)
	c.fails("OperationNotPermitted", "", "RejectVpcPeeringConnection", "VpcPeeringConnectionId", id)
	d.fails("OperationNotPermitted", "", "DeleteVpcPeeringConnection", "VpcPeeringConnectionId", id)
	c.fails("OperationNotPermitted", "active", "ModifyVpcPeeringConnectionOptions", "VpcPeeringConnectionId", id, "RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc", "true")
	c.as("333333333333", region).fails("InvalidVpcPeeringConnectionID.NotFound", "", "DescribeVpcPeeringConnections", "VpcPeeringConnectionId.1", id)
	c.as(me, "us-east-1").fails("InvalidVpcPeeringConnectionID.NotFound", "", "DescribeVpcPeeringConnections", "VpcPeeringConnectionId.1", id)

	table := c.tableOf(v)
	ok[gen.CreateRouteResult](c, "CreateRoute", "RouteTableId", table, "DestinationCidrBlock", "10.1.0.0/16", "VpcPeeringConnectionId", id)
	if got := routes(c.table(table)); !strings.Contains(got, "10.1.0.0/16>pcx>blackhole") {
		t.Errorf("before it is accepted: %s", got)
	}
	if got := ok[gen.AcceptVpcPeeringConnectionResult](d, "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", id).VpcPeeringConnection; *got.Status.Code != "active" || *got.AccepterVpcInfo.CidrBlock != "10.1.0.0/16" || got.ExpirationTime != nil {
		t.Errorf("%+v", got)
	}
	if got := routes(c.table(table)); !strings.Contains(got, "10.1.0.0/16>pcx>active") {
		t.Errorf("after it is accepted: %s", got)
	}
	d.fails("InvalidStateTransition", "from active to active", "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", id)
	c.fails("InvalidVpc.Range", "peered", "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.1.0.0/17")
	ok[gen.ModifyVpcPeeringConnectionOptionsResult](c, "ModifyVpcPeeringConnectionOptions", "VpcPeeringConnectionId", id, "RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc", "true")
	c.fails("OperationNotPermitted", "", "ModifyVpcPeeringConnectionOptions", "VpcPeeringConnectionId", id, "AccepterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc", "true")
	got := d.peering(id)
	if !*got.RequesterVpcInfo.PeeringOptions.AllowDnsResolutionFromRemoteVpc || *got.AccepterVpcInfo.PeeringOptions.AllowDnsResolutionFromRemoteVpc {
		t.Errorf("%+v", got)
	}
	for filter, n := range map[string]int{"status-code=active": 1, "status-code=deleted": 0, "requester-vpc-info.vpc-id=" + v: 1, "accepter-vpc-info.owner-id=" + other: 1, "accepter-vpc-info.cidr-block=10.1.0.0/16": 1, "vpc-peering-connection-id=" + id: 1, "requester-vpc-info.cidr-block=10.1.*": 0} {
		name, value, _ := strings.Cut(filter, "=")
		if got := ok[gen.DescribeVpcPeeringConnectionsResult](d, "DescribeVpcPeeringConnections", "Filter.1.Name", name, "Filter.1.Value.1", value).VpcPeeringConnections; len(got) != n {
			t.Errorf("%s finds %d", filter, len(got))
		}
	}
	d.fails("DependencyViolation", "", "DeleteVpc", "VpcId", w)
	ok[gen.DeleteVpcPeeringConnectionResult](d, "DeleteVpcPeeringConnection", "VpcPeeringConnectionId", id)
	if got := c.peering(id); *got.Status.Code != "deleted" || *got.Status.Message != "Deleted by "+other {
		t.Errorf("%+v", got)
	}
	if got := routes(c.table(table)); !strings.Contains(got, "10.1.0.0/16>pcx>blackhole") {
		t.Errorf("after its end: %s", got)
	}
	c.fails("InvalidStateTransition", "", "DeleteVpcPeeringConnection", "VpcPeeringConnectionId", id)
	ok[gen.DeleteVpcResult](d, "DeleteVpc", "VpcId", w)
}

func TestPeeringThatCannotBe(t *testing.T) {
	c := newCloud(t)
	d := c.as(other, region)
	v, w, same := c.vpc("10.0.0.0/16"), d.vpc("10.0.128.0/20"), d.vpc("10.2.0.0/16")
	c.fails("Unsupported", "another region", "CreateVpcPeeringConnection", "VpcId", v, "PeerVpcId", w, "PeerOwnerId", other, "PeerRegion", "us-east-1")
	c.fails("InvalidParameterValue", "same", "CreateVpcPeeringConnection", "VpcId", v, "PeerVpcId", v)
	c.fails("InvalidVpcID.NotFound", "", "CreateVpcPeeringConnection", "VpcId", v, "PeerVpcId", w)
	c.fails("MissingParameter", "", "CreateVpcPeeringConnection", "VpcId", v)
	const why = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
	for _, to := range []string{w, "vpc-0123456789abcdef0"} { // the two cannot be told apart
		p := c.peer(v, to, "PeerOwnerId", other)
		if *p.Status.Code != "failed" || *p.Status.Message != why {
			t.Errorf("%+v", p.Status)
		}
		d.fails("InvalidStateTransition", "", "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", *p.VpcPeeringConnectionId)
	}
	// What is true of a request may no longer be when it is accepted.
	p := *c.peer(v, same, "PeerOwnerId", other).VpcPeeringConnectionId
	ok[gen.AssociateVpcCidrBlockResult](c, "AssociateVpcCidrBlock", "VpcId", v, "CidrBlock", "10.2.0.0/24")
	if got := ok[gen.AcceptVpcPeeringConnectionResult](d, "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", p).VpcPeeringConnection; *got.Status.Code != "failed" {
		t.Errorf("%+v", got.Status)
	}
	x := *c.peer(v, d.vpc("10.3.0.0/16"), "PeerOwnerId", other).VpcPeeringConnectionId
	ok[gen.RejectVpcPeeringConnectionResult](d, "RejectVpcPeeringConnection", "VpcPeeringConnectionId", x)
	if got := c.peering(x); *got.Status.Code != "rejected" {
		t.Errorf("%+v", got.Status)
	}
}

func TestPeeringQuotas(t *testing.T) {
	c := newCloudOf(t, map[string]int{"peerings-per-vpc": 1, "pending-peerings-per-region": 2, "vpcs-per-region": 9})
	v := c.vpc("10.0.0.0/16")
	one, two := *c.peer(v, c.vpc("10.1.0.0/16")).VpcPeeringConnectionId, *c.peer(v, c.vpc("10.2.0.0/16")).VpcPeeringConnectionId
	c.fails("OutstandingVpcPeeringConnectionLimitExceeded", "", "CreateVpcPeeringConnection", "VpcId", v, "PeerVpcId", c.vpc("10.3.0.0/16"))
	ok[gen.AcceptVpcPeeringConnectionResult](c, "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", one)
	c.fails("ActiveVpcPeeringConnectionPerVpcLimitExceeded", "", "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", two)
}

// TestPeeringInTime: a request waits a week, and what ended is shown for hours.
func TestPeeringInTime(t *testing.T) {
	c := newCloud(t)
	v, w := c.vpc("10.0.0.0/16"), c.vpc("10.1.0.0/16")
	id := *c.peer(v, w).VpcPeeringConnectionId
	back := func(by time.Duration) {
		c.update(func(tx *store.Tx) error {
			p := *store.Peerings.Get(tx, id)
			p.Expires, p.Changed = p.Expires.Add(-by), p.Changed.Add(-by)
			return store.Peerings.Put(tx, &p)
		})
	}
	tend := func() *model.Peering {
		c.update(func(tx *store.Tx) error { return lifecycle.TendPeering(tx, id) })
		return store.Peerings.Get(c.db.Stale(), id)
	}
	back(lifecycle.PeeringWaits - time.Minute)
	if p := tend(); p.State != model.PeeringPending {
		t.Fatalf("a minute before its time it is %s", p.State)
	}
	back(2 * time.Minute)
	c.fails("InvalidStateTransition", "", "AcceptVpcPeeringConnection", "VpcPeeringConnectionId", id)
	if p := tend(); p.State != model.PeeringExpired {
		t.Fatalf("after its time it is %s", p.State)
	}
	back(lifecycle.PeeringShownLater - time.Minute)
	if tend() == nil {
		t.Fatal("an expired request is not shown for two days")
	}
	back(2 * time.Minute)
	if tend() != nil {
		t.Error("an expired request is shown for ever")
	}
}
