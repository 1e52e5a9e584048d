"""Walks through the network's actions as a boto3 user would. argv: endpoint, account."""
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

ENDPOINT, ACCOUNT = sys.argv[1:3]
ec2 = boto3.client("ec2", endpoint_url=ENDPOINT)


def refused(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        got = e.response["Error"]["Code"]
        assert got == code, f"{call.__name__}({args}): {e}, want {code}"
        return e.response["Error"]["Message"]
    raise AssertionError(f"{call.__name__}({args}) was done, want {code}")


def paged(operation, key, **args):
    pages = ec2.get_paginator(operation).paginate(PaginationConfig={"PageSize": 5}, **args)
    return [row for page in pages for row in page[key]]


# The default network.
vpc = ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"][0]
vpc_id = vpc["VpcId"]
assert vpc["CidrBlock"] == "172.31.0.0/16" and vpc["OwnerId"] == ACCOUNT, vpc
of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
subnets = ec2.describe_subnets(Filters=of_vpc)["Subnets"]
assert sorted(s["AvailabilityZone"] for s in subnets) == ["eu-central-1a", "eu-central-1b"], subnets
assert all(s["AvailableIpAddressCount"] == 4091 and s["MapPublicIpOnLaunch"] for s in subnets), subnets
routes = ec2.describe_route_tables(Filters=of_vpc + [{"Name": "association.main", "Values": ["true"]}])["RouteTables"][0]
assert routes["Associations"][0]["Main"] and routes["PropagatingVgws"] == [] and routes["Tags"] == [], routes
gateway = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc_id]}])["InternetGateways"][0]
assert {r["GatewayId"] for r in routes["Routes"]} == {"local", gateway["InternetGatewayId"]}, routes
acl = ec2.describe_network_acls(Filters=of_vpc + [{"Name": "default", "Values": ["true"]}])["NetworkAcls"][0]
assert len(acl["Associations"]) == 2 and {e["RuleAction"] for e in acl["Entries"]} == {"allow", "deny"}, acl
options = ec2.describe_dhcp_options(DhcpOptionsIds=[vpc["DhcpOptionsId"]])["DhcpOptions"][0]
assert {c["Key"] for c in options["DhcpConfigurations"]} == {"domain-name", "domain-name-servers"}, options
for attribute, key in {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}.items():
    assert ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)[key]["Value"] is True
assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
assert ec2.describe_addresses()["Addresses"] == []
assert ec2.describe_addresses_attribute(Attribute="domain-name")["Addresses"] == []
zones = ec2.describe_availability_zones()["AvailabilityZones"]
assert [z["ZoneName"] for z in zones] == ["eu-central-1a", "eu-central-1b"] and zones[0]["Messages"] == [], zones
assert [r["RegionName"] for r in ec2.describe_regions()["Regions"]] == ["eu-central-1"]
attributes = {a["AttributeName"]: a["AttributeValues"][0]["AttributeValue"] for a in ec2.describe_account_attributes()["AccountAttributes"]}
assert attributes["default-vpc"] == vpc_id and attributes["supported-platforms"] == "VPC", attributes
for waiter, args in {
    "vpc_available": {"VpcIds": [vpc_id]},
    "vpc_exists": {"VpcIds": [vpc_id]},
    "subnet_available": {"SubnetIds": [s["SubnetId"] for s in subnets]},
    "security_group_exists": {"GroupNames": ["default"]},
}.items():
    ec2.get_waiter(waiter).wait(WaiterConfig={"Delay": 1, "MaxAttempts": 1}, **args)
try:
    ec2.get_waiter("security_group_exists").wait(GroupIds=["sg-0123456789abcdef0"], WaiterConfig={"Delay": 1, "MaxAttempts": 1})
    raise AssertionError("a group that is not there was waited for")
except WaiterError:
    pass

# Errors name what is wrong.
refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-0123456789abcdef0"])
refused("InvalidGroupId.Malformed", ec2.describe_security_groups, GroupIds=["default"])
refused("InvalidParameterValue", ec2.describe_subnets, Filters=[{"Name": "colour", "Values": ["red"]}])
refused("InvalidParameterValue", ec2.describe_subnets, MaxResults=1001)
refused("InvalidNextToken", ec2.describe_subnets, NextToken="made up")
refused("DryRunOperation", ec2.create_security_group, GroupName="web", Description="d", DryRun=True)

# A group as Terraform makes it.
group_id = ec2.create_security_group(
    GroupName="web", Description="Web servers", VpcId=vpc_id,
    TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "w & <w>"}]}])["GroupId"]
refused("InvalidGroup.Duplicate", ec2.create_security_group, GroupName="web", Description="d")
everything = {"IpProtocol": "-1", "FromPort": 0, "ToPort": 0}
ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=[everything | {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
refused("InvalidPermission.NotFound", ec2.revoke_security_group_egress, GroupId=group_id,
        IpPermissions=[everything | {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}])
ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}]}
added = ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[ssh])["SecurityGroupRules"]
assert len(added) == 1 and added[0]["CidrIpv4"] == "10.0.0.0/8" and added[0]["IsEgress"] is False, added
message = refused("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group_id, IpPermissions=[ssh])
assert message == 'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists', message
ec2.authorize_security_group_ingress(GroupName="web", IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp="0.0.0.0/0")
ec2.authorize_security_group_egress(GroupId=group_id, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}])
group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
assert group["Tags"] == [{"Key": "Name", "Value": "w & <w>"}], group
assert group["IpPermissions"][0] == ssh | {"Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}, group
assert group["IpPermissionsEgress"][0]["UserIdGroupPairs"] == [{"GroupId": group_id, "UserId": ACCOUNT}], group
assert "FromPort" not in group["IpPermissionsEgress"][0], group
rule_id = added[0]["SecurityGroupRuleId"]
ec2.modify_security_group_rules(GroupId=group_id, SecurityGroupRules=[{
    "SecurityGroupRuleId": rule_id,
    "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "CidrIpv4": "10.0.0.0/16", "Description": "less"}}])
ec2.update_security_group_rule_descriptions_ingress(GroupId=group_id, SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": rule_id, "Description": "still less"}])
rule = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule_id])["SecurityGroupRules"][0]
assert (rule["CidrIpv4"], rule["ToPort"], rule["Description"], rule["Tags"]) == ("10.0.0.0/16", 23, "still less", []), rule
out_id = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])["SecurityGroupRules"]
out_id = [r["SecurityGroupRuleId"] for r in out_id if r["IsEgress"]][0]
assert ec2.update_security_group_rule_descriptions_egress(GroupId=group_id, SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": out_id, "Description": "own"}])["Return"]
assert ec2.describe_security_group_rules(SecurityGroupRuleIds=[out_id])["SecurityGroupRules"][0]["Description"] == "own"
ec2.revoke_security_group_ingress(GroupId=group_id, SecurityGroupRuleIds=[rule_id])
refused("InvalidSecurityGroupRuleId.NotFound", ec2.revoke_security_group_ingress, GroupId=group_id, SecurityGroupRuleIds=[rule_id])
left = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])["SecurityGroupRules"]
assert sorted(r["IpProtocol"] for r in left) == ["-1", "icmp"], left

# Tags, and pages of them.
ec2.create_tags(Resources=[vpc_id, group_id], Tags=[{"Key": f"k{n}", "Value": "ü"} for n in range(7)])
refused("InvalidParameterValue", ec2.create_tags, Resources=[vpc_id], Tags=[{"Key": "aws:x", "Value": "y"}])
refused("InvalidInstanceID.NotFound", ec2.create_tags, Resources=["i-0123456789abcdef0"], Tags=[{"Key": "x", "Value": "y"}])
assert len(paged("describe_tags", "Tags")) == 15
assert ec2.describe_vpcs(Filters=[{"Name": "tag:k3", "Values": ["?"]}])["Vpcs"][0]["VpcId"] == vpc_id
ec2.delete_tags(Resources=[vpc_id, group_id], Tags=[{"Key": f"k{n}"} for n in range(7)])
assert ec2.describe_tags(Filters=[{"Name": "key", "Values": ["k*"]}])["Tags"] == []

# More groups than a page has.
more = [ec2.create_security_group(GroupName=f"g{n}", Description="d")["GroupId"] for n in range(11)]
seen = [g["GroupId"] for g in paged("describe_security_groups", "SecurityGroups", Filters=of_vpc)]
assert len(seen) == len(set(seen)) == 13 and set(more) < set(seen), seen
ec2.authorize_security_group_ingress(GroupId=more[0], IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}])
refused("DependencyViolation", ec2.delete_security_group, GroupId=group_id)
for g in more:
    ec2.delete_security_group(GroupId=g)
ec2.delete_security_group(GroupId=group_id)
refused("InvalidGroup.NotFound", ec2.delete_security_group, GroupId=group_id)
refused("CannotDelete", ec2.delete_security_group, GroupName="default")
print("fine")
