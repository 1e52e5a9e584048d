"""Walks the actions of instances, images, key pairs and volumes as boto3's users do."""

import base64
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, image = sys.argv[1:]
ec2 = boto3.client("ec2", endpoint_url=endpoint)


def wait(name, **params):
    waiter = ec2.get_waiter(name)
    waiter.wait(WaiterConfig={"Delay": 0, "MaxAttempts": 200}, **params)


def refused(code, call, **params):
    try:
        call(**params)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return e.response["Error"]["Message"]
    raise AssertionError(f"{call} {params} was not refused with {code}")


# Images and key pairs.
wait("image_exists", ImageIds=[image])
wait("image_available", ImageIds=[image])
shown = ec2.describe_images(Owners=["self"], Filters=[{"Name": "name", "Values": ["deb*"]}])["Images"][0]
assert shown["ImageId"] == image and shown["State"] == "available", shown
root = shown["RootDeviceName"]
key = ec2.create_key_pair(KeyName="k", KeyType="ed25519")
assert key["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----"), key
wait("key_pair_exists", KeyNames=["k"])
public = ec2.describe_key_pairs(KeyNames=["k"], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"]
again = ec2.import_key_pair(KeyName="k2", PublicKeyMaterial=public.encode())
assert again["KeyFingerprint"] == key["KeyFingerprint"], again
refused("InvalidKeyPair.Duplicate", ec2.create_key_pair, KeyName="k")

# A launch with what users give it.
run = dict(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
refused("DryRunOperation", ec2.run_instances, DryRun=True, **run)
refused("DryRunOperation", ec2.run_instances, DryRun=True, **{**run, "ImageId": "ami-00000000000000000"})
assert ec2.describe_instances()["Reservations"] == []
full = dict(
    run, KeyName="k", UserData="#!/bin/sh\necho hello\n", ClientToken="one", DisableApiTermination=True,
    BlockDeviceMappings=[{"DeviceName": root, "Ebs": {"VolumeSize": 9, "DeleteOnTermination": True, "VolumeType": "gp3"}}],
    MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]},
                       {"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "disk"}]}],
)
first = ec2.run_instances(**full)
i = first["Instances"][0]
iid = i["InstanceId"]
assert i["State"] == {"Code": 0, "Name": "pending"}, i["State"]
assert i["StateReason"]["Code"] == "pending" and i["MetadataOptions"]["HttpTokens"] == "required", i
wait("instance_exists", InstanceIds=[iid])
wait("instance_running", InstanceIds=[iid])
wait("instance_status_ok", InstanceIds=[iid])
wait("system_status_ok", InstanceIds=[iid])
second = ec2.run_instances(**full)
assert second["ReservationId"] == first["ReservationId"], "the same token launched again"
assert second["Instances"][0]["State"]["Name"] == "running", second["Instances"][0]["State"]
refused("IdempotentParameterMismatch", ec2.run_instances, **{**full, "InstanceType": "t3.small"})

d = ec2.describe_instances(InstanceIds=[iid])["Reservations"][0]["Instances"][0]
assert d["Tags"] == [{"Key": "Name", "Value": "web"}] and d["KeyName"] == "k", d
volume = d["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
wait("volume_in_use", VolumeIds=[volume])
v = ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]
assert v["Size"] == 9 and v["Tags"] == [{"Key": "Name", "Value": "disk"}] and v["Attachments"][0]["InstanceId"] == iid, v
assert ec2.get_console_output(InstanceId=iid)["Output"] == "login: "
data = ec2.describe_instance_attribute(InstanceId=iid, Attribute="userData")["UserData"]["Value"]
assert base64.b64decode(data) == b"#!/bin/sh\necho hello\n", data
assert ec2.describe_instance_credit_specifications(InstanceIds=[iid])["InstanceCreditSpecifications"][0]["CpuCredits"] == "unlimited"
status = ec2.describe_instance_status(InstanceIds=[iid])["InstanceStatuses"][0]
assert status["InstanceStatus"]["Details"] == [{"Name": "reachability", "Status": "passed"}], status

# Changes of state and of attributes.
ec2.modify_instance_attribute(InstanceId=iid, SourceDestCheck={"Value": False})
assert not ec2.describe_instance_attribute(InstanceId=iid, Attribute="sourceDestCheck")["SourceDestCheck"]["Value"]
ec2.reset_instance_attribute(InstanceId=iid, Attribute="sourceDestCheck")
assert ec2.describe_instance_attribute(InstanceId=iid, Attribute="sourceDestCheck")["SourceDestCheck"]["Value"]
ec2.reboot_instances(InstanceIds=[iid])
change = ec2.stop_instances(InstanceIds=[iid])["StoppingInstances"][0]
assert change["PreviousState"]["Name"] == "running" and change["CurrentState"]["Name"] == "stopping", change
wait("instance_stopped", InstanceIds=[iid])
ec2.modify_instance_attribute(InstanceId=iid, UserData={"Value": b"new"})
data = ec2.describe_instance_attribute(InstanceId=iid, Attribute="userData")["UserData"]["Value"]
assert base64.b64decode(data) == b"new", data
ec2.modify_instance_attribute(InstanceId=iid, InstanceType={"Value": "t3.small"})
ec2.modify_instance_metadata_options(InstanceId=iid, HttpTokens="optional")
ec2.start_instances(InstanceIds=[iid])
wait("instance_running", InstanceIds=[iid])
d2 = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["we*"]}, {"Name": "instance-type", "Values": ["t3.small"]}])["Reservations"][0]["Instances"][0]
assert d2["PrivateIpAddress"] == d["PrivateIpAddress"] and d2["LaunchTime"] > d["LaunchTime"], d2
refused("OperationNotPermitted", ec2.terminate_instances, InstanceIds=[iid])
ec2.modify_instance_attribute(InstanceId=iid, DisableApiTermination={"Value": False})
ec2.terminate_instances(InstanceIds=[iid])
wait("instance_terminated", InstanceIds=[iid])
wait("volume_deleted", VolumeIds=[volume])
assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []

# Many at once, in pages.
kept = ec2.run_instances(**{**run, "MinCount": 1, "MaxCount": 23, "InstanceType": "t3.nano"})
assert len(kept["Instances"]) == 23
pages = list(ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "reservation-id", "Values": [kept["ReservationId"]]}], PaginationConfig={"PageSize": 10}))
assert [sum(len(r["Instances"]) for r in p["Reservations"]) for p in pages] == [10, 10, 3], pages
types = [t["InstanceType"] for p in ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 10}) for t in p["InstanceTypes"]]
assert len(types) == len(set(types)) == 45, types
offers = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["t3.micro"]}])["InstanceTypeOfferings"]
assert [o["Location"] for o in offers] == ["eu-central-1a", "eu-central-1b"], offers
everyone = [i["InstanceId"] for i in kept["Instances"]]
wait("instance_running", InstanceIds=everyone)
ec2.terminate_instances(InstanceIds=everyone)
wait("instance_terminated", InstanceIds=everyone)

# A volume that is kept.
one = ec2.run_instances(**{**run, "BlockDeviceMappings": [{"DeviceName": root, "Ebs": {"DeleteOnTermination": False}}]})["Instances"][0]
wait("instance_running", InstanceIds=[one["InstanceId"]])
ec2.terminate_instances(InstanceIds=[one["InstanceId"]])
wait("instance_terminated", InstanceIds=[one["InstanceId"]])
wait("volume_available", VolumeIds=[one["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])

# What is refused.
message = refused("InsufficientInstanceCapacity", ec2.run_instances, **{**run, "InstanceType": "r5.24xlarge"})
assert "without memory" in message, message
refused("InvalidInstanceID.NotFound", ec2.describe_instances, InstanceIds=["i-00000000000000000"])
refused("InvalidInstanceID.Malformed", ec2.stop_instances, InstanceIds=["nonsense"])
refused("InvalidParameterValue", ec2.run_instances, **{**run, "InstanceType": "m9.giant"})
refused("InvalidParameterCombination", ec2.describe_instances, InstanceIds=[iid], MaxResults=10)
refused("UnsupportedOperation", ec2.get_instance_uefi_data, InstanceId=iid)

ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": "222222222222"}]})
perms = ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")["LaunchPermissions"]
assert perms == [{"UserId": "222222222222"}], perms
ec2.deregister_image(ImageId=image)
assert ec2.describe_images(Owners=["self"])["Images"] == []
ec2.delete_key_pair(KeyName="k")
refused("InvalidKeyPair.NotFound", ec2.describe_key_pairs, KeyNames=["k"])
print("fine")
