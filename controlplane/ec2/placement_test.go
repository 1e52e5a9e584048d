package ec2_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// fleet adds hosts to zone a: host-a2 to host-aN, each in a rack of its own.
func (c *cloud) fleet(n int) {
	c.t.Helper()
	for i := 2; i <= n; i++ {
		c.host(fmt.Sprint("host-a", i), zoneA, 64, 65536)
	}
}

// on is the host that an instance is on.
func (c *cloud) on(id string) string {
	c.t.Helper()
	return lifecycle.Boot(c.db.Stale(), c.row(id)).Host
}

func (c *cloud) allocate(params ...string) []string {
	c.t.Helper()
	return ok[gen.AllocateHostsResult](c, "AllocateHosts", append([]string{"AvailabilityZone", zoneA, "InstanceType", "t3.micro"}, params...)...).HostIds
}

func (c *cloud) hosts(params ...string) []*gen.Host {
	c.t.Helper()
	return ok[gen.DescribeHostsResult](c, "DescribeHosts", params...).Hosts
}

func (c *cloud) ended(id string) {
	c.t.Helper()
	c.report(id, model.PhaseReleased, model.EndAsked)
}

func TestDedicatedInstancesShareWithNobodyElse(t *testing.T) {
	c := newCloud(t)
	c.fleet(3)
	them := c.as(other, region)
	ok[gen.ModifyImageAttributeResult](c, "ModifyImageAttribute", "ImageId", c.image, "LaunchPermission.Add.1.UserId", other)
	mine := c.run("Placement.Tenancy", "dedicated")
	if again := c.run("Placement.Tenancy", "dedicated"); c.on(again) != c.on(mine) {
		t.Errorf("a second dedicated instance is on %s, not with the first on %s", c.on(again), c.on(mine))
	}
	shared, theirs := c.run(), them.run("Placement.Tenancy", "dedicated")
	if a, b, x := c.on(mine), c.on(shared), c.on(theirs); a == b || b == x || a == x {
		t.Errorf("dedicated on %s, shared on %s, another account's on %s", a, b, x)
	}
	c.fails("InsufficientInstanceCapacity", "dedicated to others", "RunInstances", c.launch("InstanceType", "t3.2xlarge", "MinCount", "3", "MaxCount", "3")...)
	if got := text(c.describe(mine).Placement.Tenancy); got != "dedicated" {
		t.Errorf("tenancy %s", got)
	}
	if got := c.ids("Filter.1.Name", "tenancy", "Filter.1.Value.1", "dedicated"); len(got) != 2 {
		t.Errorf("the filter finds %v", got)
	}
	// When the last is gone, so is the dedication.
	for _, id := range c.ids("Filter.1.Name", "tenancy", "Filter.1.Value.1", "dedicated") {
		ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id)
		c.ended(id)
	}
	c.run("MinCount", "60", "MaxCount", "60", "InstanceType", "t3.small")
	c.fails("InvalidTenancy", "default", "ModifyInstancePlacement", "InstanceId", c.stopped(), "Tenancy", "dedicated")
}

func TestDedicatedHosts(t *testing.T) {
	c := newCloud(t)
	c.fleet(3)
	plain := c.run()
	busy := c.on(plain)
	c.fails("InsufficientHostCapacity", "1 not empty", "AllocateHosts", "AvailabilityZone", zoneA, "InstanceType", "t3.micro", "Quantity", "3")
	hosts := c.allocate("Quantity", "2", "AutoPlacement", "off", "TagSpecification.1.ResourceType", "dedicated-host", "TagSpecification.1.Tag.1.Key", "k", "TagSpecification.1.Tag.1.Value", "v")
	if len(hosts) != 2 {
		t.Fatalf("allocated %v", hosts)
	}
	// Nobody else's instance goes there, nor do ours without being named.
	for range 5 {
		if id := c.run(); c.on(id) != busy {
			t.Errorf("an instance with default tenancy is on %s", c.on(id))
		}
	}
	c.fails("IncompatibleHostRequirements", "", "RunInstances", c.launch("Placement.Tenancy", "host")...)
	named := c.running("Placement.HostId", hosts[0])
	h := c.hosts("HostId.1", hosts[0])[0]
	if p := c.describe(named).Placement; text(p.HostId) != hosts[0] || text(p.Tenancy) != "host" || text(p.Affinity) != "default" {
		t.Errorf("placement %+v", p)
	}
	if *h.State != "available" || len(h.Instances) != 1 || *h.Instances[0].InstanceId != named || *h.HostProperties.TotalVCpus != 64*schedule.DefaultVCPURatio ||
		*h.AvailableCapacity.AvailableInstanceCapacity[0].AvailableCapacity != 63 || *h.AvailableCapacity.AvailableInstanceCapacity[0].TotalCapacity != 64 {
		t.Errorf("host %+v, properties %+v, capacity %+v", h, h.HostProperties, h.AvailableCapacity)
	}
	c.fails("IncompatibleHostRequirements", "t3.small", "RunInstances", c.launch("Placement.HostId", hosts[0], "InstanceType", "t3.small")...)
	c.fails("InsufficientCapacityOnHost", "room for 63 of 64", "RunInstances", c.launch("Placement.HostId", hosts[0], "MinCount", "64", "MaxCount", "64")...)
	ok[gen.ModifyHostsResult](c, "ModifyHosts", "HostId.1", hosts[1], "AutoPlacement", "on", "InstanceFamily", "t3", "HostRecovery", "on")
	auto := c.run("Placement.Tenancy", "host", "Placement.Affinity", "host", "InstanceType", "t3.small")
	if p := c.describe(auto).Placement; text(p.HostId) != hosts[1] || text(p.Affinity) != "host" {
		t.Errorf("auto-placed at %+v", p)
	}
	if m := ok[gen.ModifyHostsResult](c, "ModifyHosts", "HostId.1", hosts[1], "HostId.2", "h-0123456789abcdef0", "InstanceType", "t3.micro"); len(m.Successful) != 0 || len(m.Unsuccessful) != 2 ||
		*m.Unsuccessful[0].Error.Code != "Client.InvalidHostConfiguration" || *m.Unsuccessful[1].Error.Code != "Client.InvalidHostID.NotFound" {
		t.Errorf("modified %+v", m)
	}
	for n, want := range map[string]int{"host-id": 1, "affinity": 1} {
		value := map[string]string{"host-id": hosts[1], "affinity": "host"}[n]
		if got := c.ids("Filter.1.Name", n, "Filter.1.Value.1", value); len(got) != want || got[0] != auto {
			t.Errorf("filter %s finds %v", n, got)
		}
	}
	for name, value := range map[string]string{"auto-placement": "on", "instance-type": "t3.micro", "tag:k": "v", "state": "available", "availability-zone": zoneA} {
		want := map[string]int{"auto-placement": 1, "instance-type": 1}[name]
		if got := c.hosts("Filter.1.Name", name, "Filter.1.Value.1", value); len(got) != max(want, 1) && len(got) != 2 {
			t.Errorf("filter %s finds %d", name, len(got))
		}
	}
	c.releases(t, hosts, named, auto)
}

// releases ends a test of two Dedicated Hosts with an instance each.
func (c *cloud) releases(t *testing.T, hosts []string, instances ...string) {
	if r := ok[gen.ReleaseHostsResult](c, "ReleaseHosts", "HostId.1", hosts[0], "HostId.2", hosts[1]); len(r.Unsuccessful) != 2 || *r.Unsuccessful[0].Error.Code != "Client.InvalidHost.Occupied" {
		t.Errorf("occupied hosts were released: %+v", r)
	}
	c.report(instances[1], model.PhaseRunning, "")
	for _, id := range instances {
		ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", id)
		c.ended(id)
	}
	c.as(other, region).fails("InvalidHostID.NotFound", "", "DescribeHosts", "HostId.1", hosts[0])
	if r := ok[gen.ReleaseHostsResult](c, "ReleaseHosts", "HostId.1", hosts[0], "HostId.2", hosts[1]); len(r.Successful) != 2 {
		t.Errorf("not released: %+v", r)
	}
	if got := c.hosts("HostId.1", hosts[0])[0]; *got.State != "released" || got.ReleaseTime == nil || len(got.Instances) != 0 {
		t.Errorf("released: %+v", got)
	}
	c.fails("IncompatibleHostRequirements", "", "StartInstances", "InstanceId.1", instances[0])
	ok[gen.ModifyInstancePlacementResult](c, "ModifyInstancePlacement", "InstanceId", instances[0], "Tenancy", "dedicated")
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", instances[0])
}

func (c *cloud) group2(name, strategy string, params ...string) *gen.PlacementGroup {
	c.t.Helper()
	return ok[gen.CreatePlacementGroupResult](c, "CreatePlacementGroup", append([]string{"GroupName", name, "Strategy", strategy}, params...)...).PlacementGroup
}

func TestSpreadGroup(t *testing.T) {
	c := newCloud(t)
	c.fleet(9)
	g := c.group2("s", "spread")
	if *g.SpreadLevel != "rack" || *g.State != "available" || text(g.GroupArn) != "arn:aws:ec2:eu-central-1:"+me+":placement-group/s" {
		t.Errorf("%+v", g)
	}
	seen := map[string]bool{}
	res := c.reserve("Placement.GroupName", "s", "MinCount", "5", "MaxCount", "9")
	for _, i := range res.Instances {
		if h := c.on(*i.InstanceId); seen[h] {
			t.Errorf("two on %s", h)
		} else {
			seen[h] = true
		}
		if *i.Placement.GroupName != "s" || *i.Placement.GroupId != *g.GroupId {
			t.Errorf("placement %+v", i.Placement)
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d instances in the zone, want 7, though there are 9 hosts", len(seen))
	}
	c.fails("InsufficientInstanceCapacity", "9 against the placement group", "RunInstances", c.launch("Placement.GroupId", *g.GroupId, "Placement.AvailabilityZone", zoneA)...)
	// On the host's level there are no seven, only hosts.
	c.group2("h", "spread", "SpreadLevel", "host")
	if n := len(c.reserve("Placement.GroupName", "h", "MinCount", "9", "MaxCount", "20").Instances); n != 9 {
		t.Errorf("%d instances on 9 hosts", n)
	}
	// A stopped one makes room for another, and finds its own place taken.
	id := *res.Instances[0].InstanceId
	c.report(id, model.PhaseRunning, "")
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", id)
	c.ended(id)
	c.run("Placement.GroupName", "s")
	c.fails("InsufficientInstanceCapacity", "1 against the placement group", "StartInstances", "InstanceId.1", id)
	ok[gen.ModifyInstancePlacementResult](c, "ModifyInstancePlacement", "InstanceId", id, "GroupName", "")
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", id)
	if got := c.ids("Filter.1.Name", "placement-group-name", "Filter.1.Value.1", "s"); len(got) != 7 {
		t.Errorf("in the group are %v", got)
	}
}

func TestPartitionGroup(t *testing.T) {
	c := newCloud(t)
	c.fleet(6)
	c.update(func(tx *store.Tx) error { // three racks of two hosts
		for i := 1; i <= 6; i++ {
			h := *store.Hosts.Get(tx, fmt.Sprint("host-a", i))
			h.Rack = fmt.Sprint("rack-", i%3)
			if err := store.Hosts.Put(tx, &h); err != nil {
				return err
			}
		}
		return nil
	})
	c.group2("p", "partition", "PartitionCount", "3")
	rack := func(id string) string { return store.Hosts.Get(c.db.Stale(), c.on(id)).Rack }
	in := map[string]int64{}
	count := map[int64]int{}
	check := func(i *gen.Instance) {
		p := *i.Placement.PartitionNumber
		count[p]++
		if was, ok := in[rack(*i.InstanceId)]; ok && was != p {
			t.Errorf("rack %s has partitions %d and %d", rack(*i.InstanceId), was, p)
		}
		in[rack(*i.InstanceId)] = p
	}
	for _, i := range c.reserve("Placement.GroupName", "p", "MinCount", "6", "MaxCount", "6").Instances {
		check(i)
	}
	if count[1] != 2 || count[2] != 2 || count[3] != 2 {
		t.Errorf("instances by partition: %v", count)
	}
	second := c.reserve("Placement.GroupName", "p", "Placement.PartitionNumber", "2").Instances[0]
	check(second)
	if *second.Placement.PartitionNumber != 2 {
		t.Errorf("in partition %d, asked for 2", *second.Placement.PartitionNumber)
	}
	if got := c.ids("Filter.1.Name", "placement-partition-number", "Filter.1.Value.1", "2"); len(got) != 3 {
		t.Errorf("partition 2 has %v", got)
	}
	c.fails("InvalidParameterValue", "3 partitions", "RunInstances", c.launch("Placement.GroupName", "p", "Placement.PartitionNumber", "4")...)
	// A fourth partition has no rack left.
	c.group2("p4", "partition", "PartitionCount", "4")
	c.reserve("Placement.GroupName", "p4", "MinCount", "3", "MaxCount", "3")
	c.fails("InsufficientInstanceCapacity", "against the placement group", "RunInstances", c.launch("Placement.GroupName", "p4", "Placement.PartitionNumber", "4")...)
}

func TestClusterGroupStaysInItsZoneAndRack(t *testing.T) {
	c := newCloud(t)
	c.fleet(2)
	c.host("host-b1", zoneB, 64, 131072)
	c.group2("c", "cluster")
	first := c.run("Placement.GroupName", "c", "Placement.AvailabilityZone", zoneA)
	for range 3 { // b is emptier
		if i := c.row(c.run("Placement.GroupName", "c")); i.Zone != zoneA {
			t.Errorf("%s is in %s", i.ID, i.Zone)
		}
	}
	c.fails("InsufficientInstanceCapacity", "against the placement group", "RunInstances", c.launch("Placement.GroupName", "c", "Placement.AvailabilityZone", zoneB)...)
	_ = first
}

func TestPlacementGroupErrors(t *testing.T) {
	c := newCloud(t)
	g := c.group2("g", "cluster", "TagSpecification.1.ResourceType", "placement-group", "TagSpecification.1.Tag.1.Key", "k", "TagSpecification.1.Tag.1.Value", "v")
	c.group2("p", "partition")
	c.group2("s", "spread", "SpreadLevel", "host")
	create := func(p ...string) []string { return append([]string{"GroupName", "x"}, p...) }
	c.fails("InvalidPlacementGroup.Duplicate", "g", "CreatePlacementGroup", "GroupName", "g", "Strategy", "spread")
	c.fails("MissingParameter", "GroupName", "CreatePlacementGroup", "Strategy", "spread")
	c.fails("InvalidParameterValue", "7", "CreatePlacementGroup", create("Strategy", "partition", "PartitionCount", "8")...)
	c.fails("InvalidParameterCombination", "partitionCount", "CreatePlacementGroup", create("Strategy", "spread", "PartitionCount", "2")...)
	c.fails("InvalidParameterCombination", "spreadLevel", "CreatePlacementGroup", create("Strategy", "cluster", "SpreadLevel", "rack")...)
	c.fails("InvalidParameterValue", "", "CreatePlacementGroup", create("Strategy", "scatter")...)
	c.fails("InvalidPlacementGroup.Unknown", "nope", "DeletePlacementGroup", "GroupName", "nope")
	c.fails("InvalidPlacementGroup.Unknown", "nope", "DescribePlacementGroups", "GroupName.1", "nope")
	c.as(other, region).fails("InvalidPlacementGroup.Unknown", *g.GroupId, "DescribePlacementGroups", "GroupId.1", *g.GroupId)
	c.as(me, "us-east-1").fails("InvalidPlacementGroup.Unknown", "g", "DeletePlacementGroup", "GroupName", "g")
	for filter, want := range map[[2]string]int{
		{"group-name", "g"}: 1, {"group-name", "?"}: 3, {"strategy", "partition"}: 1, {"state", "available"}: 3, {"spread-level", "host"}: 1,
		{"group-arn", *g.GroupArn}: 1, {"tag:k", "v"}: 1, {"tag-key", "k"}: 1, {"group-id", *g.GroupId}: 1,
	} {
		if got := ok[gen.DescribePlacementGroupsResult](c, "DescribePlacementGroups", "Filter.1.Name", filter[0], "Filter.1.Value.1", filter[1]).PlacementGroups; len(got) != want {
			t.Errorf("%v finds %d", filter, len(got))
		}
	}
	id := c.running("Placement.GroupName", "g")
	c.fails("InvalidPlacementGroup.InUse", "g", "DeletePlacementGroup", "GroupName", "g")
	c.fails("IncorrectInstanceState", "stopped", "ModifyInstancePlacement", "InstanceId", id, "GroupName", "")
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id)
	c.ended(id)
	ok[gen.DeletePlacementGroupResult](c, "DeletePlacementGroup", "GroupName", "g")
	if len(ok[gen.DescribePlacementGroupsResult](c, "DescribePlacementGroups").PlacementGroups) != 2 {
		t.Error("the deleted group is shown")
	}
	if left := store.GroupHosts.By(c.db.Stale(), "group", *g.GroupId); left != nil {
		for x := range left {
			t.Errorf("left over: %+v", x)
		}
	}
}

func (c *cloud) reservation(params ...string) *gen.CapacityReservation {
	c.t.Helper()
	all := append([]string{"InstanceType", "t3.2xlarge", "InstancePlatform", "Linux/UNIX", "AvailabilityZone", zoneA, "InstanceCount", "1"}, params...)
	return ok[gen.CreateCapacityReservationResult](c, "CreateCapacityReservation", all...).CapacityReservation
}

func (c *cloud) available(id string) int64 {
	c.t.Helper()
	return *ok[gen.DescribeCapacityReservationsResult](c, "DescribeCapacityReservations", "CapacityReservationId.1", id).CapacityReservations[0].AvailableInstanceCount
}

const target = "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId"

func TestReservedCapacityIsHeld(t *testing.T) {
	c := newCloud(t) // room for two t3.2xlarge
	r := c.reservation()
	id := *r.CapacityReservationId
	if *r.State != "active" || *r.AvailableInstanceCount != 1 || *r.InstanceMatchCriteria != "open" || *r.EndDateType != "unlimited" || r.EndDate != nil || *r.AvailabilityZoneId != "euc1-az1" {
		t.Errorf("%+v", r)
	}
	none := []string{"InstanceType", "t3.2xlarge", "CapacityReservationSpecification.CapacityReservationPreference", "none"}
	outside := c.running(none...)
	c.fails("InsufficientInstanceCapacity", "1 without memory", "RunInstances", c.launch(none...)...)
	c.fails("InsufficientInstanceCapacity", "1 without memory", "RunInstances", c.launch("InstanceType", "t3.nano")...)
	inside := c.running("InstanceType", "t3.2xlarge")
	i := c.describe(inside)
	if text(i.CapacityReservationId) != id || c.available(id) != 0 || *i.CapacityReservationSpecification.CapacityReservationPreference != "open" {
		t.Errorf("in %s, %d available", text(i.CapacityReservationId), c.available(id))
	}
	if x := c.describe(outside); x.CapacityReservationId != nil || *x.CapacityReservationSpecification.CapacityReservationPreference != "none" {
		t.Errorf("outside: %+v", x.CapacityReservationSpecification)
	}
	if got := c.ids("Filter.1.Name", "capacity-reservation-id", "Filter.1.Value.1", id); len(got) != 1 || got[0] != inside {
		t.Errorf("filter finds %v", got)
	}
	u := ok[gen.GetCapacityReservationUsageResult](c, "GetCapacityReservationUsage", "CapacityReservationId", id)
	if *u.TotalInstanceCount != 1 || *u.AvailableInstanceCount != 0 || *u.InstanceUsages[0].UsedInstanceCount != 1 || *u.InstanceUsages[0].AccountId != me {
		t.Errorf("usage %+v", u)
	}
	// What an instance leaves is reserved again; its own start takes it again.
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", inside)
	c.ended(inside)
	if c.available(id) != 1 {
		t.Errorf("%d available after the stop", c.available(id))
	}
	c.fails("InsufficientInstanceCapacity", "", "RunInstances", c.launch("InstanceType", "t3.nano")...)
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", inside)
	if c.available(id) != 0 {
		t.Errorf("%d available after the start", c.available(id))
	}
	// Cancelled: the instance goes on outside, and nothing is held.
	ok[gen.CancelCapacityReservationResult](c, "CancelCapacityReservation", "CapacityReservationId", id)
	c.fails("InvalidCapacityReservationState", "cancelled", "CancelCapacityReservation", "CapacityReservationId", id)
	if x := c.describe(inside); x.CapacityReservationId != nil || *x.State.Name != "pending" {
		t.Errorf("after the end: %s in %s", *x.State.Name, text(x.CapacityReservationId))
	}
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", inside)
	c.ended(inside)
	c.run("InstanceType", "t3.2xlarge")
}

func TestTargetedReservation(t *testing.T) {
	c := newCloud(t)
	c.fleet(2)
	r := c.reservation("InstanceMatchCriteria", "targeted", "InstanceType", "t3.micro", "InstanceCount", "2")
	id := *r.CapacityReservationId
	if c.run(); c.available(id) != 2 {
		t.Error("an instance that does not name it took a slot")
	}
	c.fails("ReservationCapacityExceeded", id, "RunInstances", c.launch(target, id, "MinCount", "3", "MaxCount", "3")...)
	c.fails("InvalidParameterValue", "t3.micro", "RunInstances", c.launch(target, id, "InstanceType", "t3.small")...)
	c.fails("InvalidParameterCombination", "not both", "RunInstances", c.launch(target, id, "CapacityReservationSpecification.CapacityReservationPreference", "open")...)
	res := c.reserve(target, id, "MinCount", "1", "MaxCount", "5")
	if len(res.Instances) != 2 || c.available(id) != 0 {
		t.Errorf("%d instances, %d available", len(res.Instances), c.available(id))
	}
	first := *res.Instances[0].InstanceId
	if s := c.describe(first).CapacityReservationSpecification; text(s.CapacityReservationTarget.CapacityReservationId) != id || s.CapacityReservationPreference != nil {
		t.Errorf("%+v", s)
	}
	c.fails("InvalidParameterValue", "2 instances", "ModifyCapacityReservation", "CapacityReservationId", id, "InstanceCount", "1")
	ok[gen.ModifyCapacityReservationResult](c, "ModifyCapacityReservation", "CapacityReservationId", id, "InstanceCount", "3")
	if c.available(id) != 1 {
		t.Errorf("%d available after growing", c.available(id))
	}
	ok[gen.ModifyCapacityReservationResult](c, "ModifyCapacityReservation", "CapacityReservationId", id, "InstanceCount", "2")
	c.fails("InsufficientInstanceCapacity", "", "ModifyCapacityReservation", "CapacityReservationId", id, "InstanceCount", "1000")
	c.report(first, model.PhaseRunning, "")
	c.fails("IncorrectInstanceState", "", "ModifyInstanceCapacityReservationAttributes", "InstanceId", first, "CapacityReservationSpecification.CapacityReservationPreference", "none")
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", first)
	c.ended(first)
	ok[gen.ModifyInstanceCapacityReservationAttributesResult](c, "ModifyInstanceCapacityReservationAttributes", "InstanceId", first, "CapacityReservationSpecification.CapacityReservationPreference", "none")
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", first)
	if c.available(id) != 1 || c.describe(first).CapacityReservationId != nil {
		t.Error("it started inside, though it said none")
	}
}

func TestReservationErrorsAndFilters(t *testing.T) {
	c := newCloud(t)
	create := func(p ...string) []string {
		return append([]string{"InstanceType", "t3.micro", "InstancePlatform", "Linux/UNIX", "AvailabilityZone", zoneA, "InstanceCount", "1"}, p...)
	}
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	c.fails("InvalidParameterValue", "instanceCount", "CreateCapacityReservation", create("InstanceCount", "0")...)
	c.fails("Unsupported", "Windows", "CreateCapacityReservation", create("InstancePlatform", "Windows")...)
	c.fails("InvalidParameterCombination", "Availability Zone", "CreateCapacityReservation", create("AvailabilityZoneId", "euc1-az1")...)
	c.fails("InvalidParameterCombination", "limited", "CreateCapacityReservation", create("EndDateType", "limited")...)
	c.fails("InvalidParameterCombination", "unlimited", "CreateCapacityReservation", create("EndDateType", "unlimited", "EndDate", soon.Format(time.RFC3339))...)
	c.fails("InvalidParameterValue", "future", "CreateCapacityReservation", create("EndDate", "2020-01-01T00:00:00Z")...)
	c.fails("InvalidParameterValue", "InstanceType", "CreateCapacityReservation", create("InstanceType", "z9.huge")...)
	c.fails("InvalidParameterValue", "zone", "CreateCapacityReservation", create("AvailabilityZone", "eu-central-1z")...)
	c.fails("InsufficientInstanceCapacity", "room for 64 of 100", "CreateCapacityReservation", create("InstanceCount", "100")...)
	r := c.reservation("InstanceType", "t3.micro", "EndDateType", "limited", "EndDate", soon.Format(time.RFC3339), "TagSpecifications.1.ResourceType", "capacity-reservation", "TagSpecifications.1.Tag.1.Key", "k", "TagSpecifications.1.Tag.1.Value", "v")
	id := *r.CapacityReservationId
	c.as(other, region).fails("InvalidCapacityReservationId.NotFound", id, "CancelCapacityReservation", "CapacityReservationId", id)
	if !r.EndDate.Equal(soon) || *r.EndDateType != "limited" {
		t.Errorf("ends %v, %s", r.EndDate, *r.EndDateType)
	}
	c.reservation("InstanceType", "t3.nano", "Tenancy", "default", "InstanceMatchCriteria", "targeted")
	for filter, want := range map[[2]string]int{
		{"instance-type", "t3.micro"}: 1, {"owner-id", me}: 2, {"instance-platform", "Linux/UNIX"}: 2, {"availability-zone", zoneA}: 2, {"tenancy", "default"}: 2,
		{"state", "active"}: 2, {"end-date-type", "limited"}: 1, {"end-date", soon.Format("2006-01-02T15:04:05.000Z")}: 1, {"instance-match-criteria", "targeted"}: 1,
		{"start-date", r.StartDate.UTC().Format("2006-01-02T15:04:05.000Z")}: 1, {"placement-group-arn", "*"}: 0, {"outpost-arn", "*"}: 0, {"tag:k", "v"}: 1,
	} {
		got := ok[gen.DescribeCapacityReservationsResult](c, "DescribeCapacityReservations", "Filter.1.Name", filter[0], "Filter.1.Value.1", filter[1]).CapacityReservations
		if len(got) != want && filter[0] != "start-date" {
			t.Errorf("%v finds %d", filter, len(got))
		}
	}
	page := ok[gen.DescribeCapacityReservationsResult](c, "DescribeCapacityReservations", "MaxResults", "1")
	rest := ok[gen.DescribeCapacityReservationsResult](c, "DescribeCapacityReservations", "MaxResults", "1", "NextToken", text(page.NextToken))
	if len(page.CapacityReservations) != 1 || len(rest.CapacityReservations) != 1 || rest.NextToken != nil {
		t.Error("pages")
	}
	ok[gen.ModifyCapacityReservationResult](c, "ModifyCapacityReservation", "CapacityReservationId", id, "EndDateType", "unlimited")
	if got := ok[gen.DescribeCapacityReservationsResult](c, "DescribeCapacityReservations", "CapacityReservationId.1", id).CapacityReservations[0]; got.EndDate != nil {
		t.Errorf("ends %v", got.EndDate)
	}
	ok[gen.CreateTagsResult](c, "CreateTags", "ResourceId.1", id, "Tag.1.Key", "later", "Tag.1.Value", "1")
}

func TestStartWhereTheReservationIsNot(t *testing.T) {
	c := newCloud(t)
	id := c.stopped("InstanceType", "t3.2xlarge")
	home := c.row(id).RootVolume
	c.host("host-a2", zoneA, 64, 131072) // emptier: the slot is there
	r := *c.reservation().CapacityReservationId
	row := store.CapacityReservations.Get(c.db.Stale(), r)
	if row.Slots["host-a2"] != 1 {
		t.Fatalf("slots %v", row.Slots)
	}
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", id)
	if at := store.Volumes.Get(c.db.Stale(), home).Host; c.on(id) != at || text(c.describe(id).CapacityReservationId) != r || c.available(r) != 0 {
		t.Errorf("on %s, volume on %s, in %s, %s available", c.on(id), at, text(c.describe(id).CapacityReservationId), strconv.Itoa(int(c.available(r))))
	}
	if u := store.HostUsage.Get(c.db.Stale(), "host-a2"); u.Reserved != 0 || u.ReservedMemoryMiB != 0 {
		t.Errorf("held elsewhere: %+v", u)
	}
}

// TestTypesMayNeedKVM: a type that says so goes to hosts with that acceleration, its
// reserved capacity too.
func TestTypesMayNeedKVM(t *testing.T) {
	types := ec2.StandardTypes()
	if err := types.Add(ec2.InstanceType{Name: "fast.small", VCPUs: 1, MemoryMiB: 512, Accel: "kvm"}); err != nil {
		t.Fatal(err)
	}
	if err := types.Add(ec2.InstanceType{Name: "odd.small", VCPUs: 1, MemoryMiB: 512, Accel: "magic"}); err == nil {
		t.Error("any acceleration is taken")
	}
	c := newCloudWith(t, types)
	c.fails("InsufficientInstanceCapacity", "1 without the acceleration", "RunInstances", c.launch("InstanceType", "fast.small", "Placement.AvailabilityZone", zoneA)...)
	c.fleet(2)
	c.update(func(tx *store.Tx) error {
		h := *store.Hosts.Get(tx, "host-a2")
		h.Accel = "kvm"
		return store.Hosts.Put(tx, &h)
	})
	if id := c.run("InstanceType", "fast.small"); c.on(id) != "host-a2" || c.row(id).Placement.Accel != "kvm" {
		t.Errorf("on %s: %+v", c.on(id), c.row(id).Placement)
	}
	r := *c.reservation("InstanceType", "fast.small", "InstanceCount", "2").CapacityReservationId
	if row := store.CapacityReservations.Get(c.db.Stale(), r); row.Slots["host-a2"] != 2 {
		t.Errorf("slots %v", row.Slots)
	}
}
