"""Walks hosts, placement groups and capacity reservations as boto3's users do."""

import datetime
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, image = sys.argv[1:]
ec2 = boto3.client("ec2", endpoint_url=endpoint)
zone = "eu-central-1a"
run = dict(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)


def wait(name, *ids):
    ec2.get_waiter(name).wait(InstanceIds=list(ids), WaiterConfig={"Delay": 0, "MaxAttempts": 300})


def refused(code, call, **params):
    try:
        call(**params)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return e.response["Error"]["Message"]
    raise AssertionError(f"{call} {params} was not refused with {code}")


def tags(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "team", "Value": "blue"}]}]


def found(call, list_name, key, filters, want, name="Filters"):
    """Every filter finds what it should, alone."""
    for f, value in filters.items():
        got = [x[key] for x in call(**{name: [{"Name": f, "Values": [value]}]})[list_name]]
        assert got == want, (f, value, got)
        assert call(**{name: [{"Name": f, "Values": ["nothing"]}]})[list_name] == [], f
    refused("InvalidParameterValue", call, **{name: [{"Name": "no-such-filter", "Values": ["x"]}]})


def instance(i):
    return ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]


def launch(**more):
    return [i["InstanceId"] for i in ec2.run_instances(**{**run, **more})["Instances"]]


# Placement groups.
group = ec2.create_placement_group(GroupName="apart", Strategy="partition", PartitionCount=3, TagSpecifications=tags("placement-group"))["PlacementGroup"]
assert group["State"] == "available" and group["PartitionCount"] == 3 and group["Tags"] == [{"Key": "team", "Value": "blue"}], group
refused("DryRunOperation", ec2.create_placement_group, GroupName="dry", Strategy="cluster", DryRun=True)
refused("InvalidPlacementGroup.Duplicate", ec2.create_placement_group, GroupName="apart", Strategy="cluster")
spread = ec2.create_placement_group(GroupName="spread", Strategy="spread")["PlacementGroup"]
assert spread["SpreadLevel"] == "rack", spread
found(ec2.describe_placement_groups, "PlacementGroups", "GroupName", {
    "group-name": "apart", "group-arn": group["GroupArn"], "strategy": "partition", "tag:team": "blue", "tag-key": "team"}, ["apart"])
found(ec2.describe_placement_groups, "PlacementGroups", "GroupName", {"spread-level": "rack"}, ["spread"])
assert len(ec2.describe_placement_groups(Filters=[{"Name": "state", "Values": ["available"]}])["PlacementGroups"]) == 2
assert ec2.describe_placement_groups(GroupIds=[group["GroupId"]])["PlacementGroups"][0] == group
members = launch(MinCount=3, MaxCount=3, Placement={"GroupName": "apart"})
wait("instance_running", *members)
assert sorted(instance(i)["Placement"]["PartitionNumber"] for i in members) == [1, 2, 3]
one = ec2.describe_instances(Filters=[{"Name": "placement-group-name", "Values": ["apart"]}, {"Name": "placement-partition-number", "Values": ["2"]}])
assert len(one["Reservations"]) == 1 and one["Reservations"][0]["Instances"][0]["Placement"]["GroupId"] == group["GroupId"], one
refused("InvalidPlacementGroup.InUse", ec2.delete_placement_group, GroupName="apart")
ec2.stop_instances(InstanceIds=members[:1])
wait("instance_stopped", members[0])
ec2.modify_instance_placement(InstanceId=members[0], GroupName="")
ec2.start_instances(InstanceIds=members[:1])
wait("instance_running", members[0])
assert instance(members[0])["Placement"]["GroupName"] == ""
ec2.terminate_instances(InstanceIds=members)
wait("instance_terminated", *members)
ec2.delete_placement_group(GroupName="apart")
refused("InvalidPlacementGroup.Unknown", ec2.describe_placement_groups, GroupNames=["apart"])
refused("InvalidPlacementGroup.Unknown", ec2.run_instances, Placement={"GroupName": "apart"}, **run)

# Dedicated Hosts.
asked = dict(AvailabilityZone=zone, InstanceType="t3.micro", Quantity=1, AutoPlacement="off", HostRecovery="on", ClientToken="host", TagSpecifications=tags("dedicated-host"))
hid = ec2.allocate_hosts(**asked)["HostIds"][0]
assert ec2.allocate_hosts(**asked)["HostIds"] == [hid]
host = ec2.describe_hosts(HostIds=[hid])["Hosts"][0]
assert host["State"] == "available" and host["HostRecovery"] == "on" and host["AllowsMultipleInstanceTypes"] == "off", host
room = host["AvailableCapacity"]["AvailableInstanceCapacity"][0]
assert room["InstanceType"] == "t3.micro" and room["AvailableCapacity"] == room["TotalCapacity"] > 0, room
found(ec2.describe_hosts, "Hosts", "HostId", {
    "auto-placement": "off", "availability-zone": zone, "client-token": "host", "instance-type": "t3.micro", "state": "available",
    "tag:team": "blue", "tag-key": "team"}, [hid], name="Filter")
assert ec2.describe_hosts(Filter=[{"Name": "host-reservation-id", "Values": ["*"]}])["Hosts"] == []
refused("IncompatibleHostRequirements", ec2.run_instances, Placement={"Tenancy": "host"}, **run)
pinned = launch(Placement={"HostId": hid, "Affinity": "host"})[0]
wait("instance_running", pinned)
place = instance(pinned)["Placement"]
assert (place["HostId"], place["Tenancy"], place["Affinity"]) == (hid, "host", "host"), place
for name, value in {"host-id": hid, "affinity": "host", "tenancy": "host"}.items():
    shown = ec2.describe_instances(Filters=[{"Name": name, "Values": [value]}])["Reservations"]
    assert [r["Instances"][0]["InstanceId"] for r in shown] == [pinned], (name, shown)
failed = ec2.release_hosts(HostIds=[hid])["Unsuccessful"]
assert failed[0]["ResourceId"] == hid and failed[0]["Error"]["Code"] == "Client.InvalidHost.Occupied", failed
assert ec2.modify_hosts(HostIds=[hid], AutoPlacement="on", InstanceFamily="t3")["Successful"] == [hid]
assert ec2.describe_hosts(HostIds=[hid])["Hosts"][0]["Instances"][0]["InstanceId"] == pinned
ec2.terminate_instances(InstanceIds=[pinned])
wait("instance_terminated", pinned)
assert ec2.release_hosts(HostIds=[hid])["Successful"] == [hid]
assert ec2.describe_hosts(HostIds=[hid])["Hosts"][0]["State"] == "released"
refused("InvalidHostID.NotFound", ec2.describe_hosts, HostIds=["h-0123456789abcdef0"])
refused("InvalidParameterValue", ec2.describe_hosts, MaxResults=4)
assert [len(p["Hosts"]) for p in ec2.get_paginator("describe_hosts").paginate(PaginationConfig={"PageSize": 5})] == [1]
dedicated = launch(Placement={"Tenancy": "dedicated"})[0]
wait("instance_running", dedicated)
assert instance(dedicated)["Placement"]["Tenancy"] == "dedicated"

# Capacity reservations.
end = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(hours=1)
want = dict(InstanceType="t3.small", InstancePlatform="Linux/UNIX", AvailabilityZone=zone, InstanceCount=2, ClientToken="cr",
            EndDate=end, EndDateType="limited", InstanceMatchCriteria="targeted", TagSpecifications=tags("capacity-reservation"))
refused("DryRunOperation", ec2.create_capacity_reservation, DryRun=True, **want)
made = ec2.create_capacity_reservation(**want)["CapacityReservation"]
cr = made["CapacityReservationId"]
assert ec2.create_capacity_reservation(**want)["CapacityReservation"] == made
assert made["State"] == "active" and made["AvailableInstanceCount"] == made["TotalInstanceCount"] == 2 and made["EndDate"] == end, made
other = ec2.create_capacity_reservation(InstanceType="t3.nano", InstancePlatform="Linux/UNIX", AvailabilityZoneId="euc1-az1", InstanceCount=1, Tenancy="dedicated")["CapacityReservation"]
found(ec2.describe_capacity_reservations, "CapacityReservations", "CapacityReservationId", {
    "instance-type": "t3.small", "tenancy": "default", "end-date": made["EndDate"].strftime("%Y-%m-%dT%H:%M:%S.000Z"), "end-date-type": "limited",
    "instance-match-criteria": "targeted", "tag:team": "blue", "tag-key": "team"}, [cr])
found(ec2.describe_capacity_reservations, "CapacityReservations", "CapacityReservationId", {
    "owner-id": made["OwnerId"], "instance-platform": "Linux/UNIX", "availability-zone": zone, "state": "active"}, sorted([cr, other["CapacityReservationId"]]))
for name in ("outpost-arn", "placement-group-arn"):
    assert ec2.describe_capacity_reservations(Filters=[{"Name": name, "Values": ["*"]}])["CapacityReservations"] == []
started = made["StartDate"].strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (made["StartDate"].microsecond // 1000)
assert cr in [r["CapacityReservationId"] for r in ec2.describe_capacity_reservations(Filters=[{"Name": "start-date", "Values": [started]}])["CapacityReservations"]]
pages = list(ec2.get_paginator("describe_capacity_reservations").paginate(PaginationConfig={"PageSize": 1}))
assert [len(p["CapacityReservations"]) for p in pages] == [1, 1]
small = dict(run, InstanceType="t3.small", CapacityReservationSpecification={"CapacityReservationTarget": {"CapacityReservationId": cr}})
refused("ReservationCapacityExceeded", ec2.run_instances, **{**small, "MinCount": 3, "MaxCount": 3})
inside = ec2.run_instances(**small)["Instances"][0]["InstanceId"]
wait("instance_running", inside)
assert instance(inside)["CapacityReservationId"] == cr
assert instance(inside)["CapacityReservationSpecification"]["CapacityReservationTarget"]["CapacityReservationId"] == cr
usage = ec2.get_capacity_reservation_usage(CapacityReservationId=cr)
assert usage["AvailableInstanceCount"] == 1 and usage["InstanceUsages"][0]["UsedInstanceCount"] == 1, usage
ec2.modify_capacity_reservation(CapacityReservationId=cr, InstanceCount=3, EndDateType="unlimited")
now = ec2.describe_capacity_reservations(CapacityReservationIds=[cr])["CapacityReservations"][0]
assert now["TotalInstanceCount"] == 3 and now["AvailableInstanceCount"] == 2 and "EndDate" not in now, now
ec2.stop_instances(InstanceIds=[inside])
wait("instance_stopped", inside)
ec2.modify_instance_capacity_reservation_attributes(InstanceId=inside, CapacityReservationSpecification={"CapacityReservationPreference": "none"})
ec2.start_instances(InstanceIds=[inside])
wait("instance_running", inside)
assert "CapacityReservationId" not in instance(inside)
ec2.cancel_capacity_reservation(CapacityReservationId=cr)
refused("InvalidCapacityReservationState", ec2.modify_capacity_reservation, CapacityReservationId=cr, InstanceCount=1)
assert ec2.describe_capacity_reservations(CapacityReservationIds=[cr])["CapacityReservations"][0]["State"] == "cancelled"
print("fine")
