"""What users do with interfaces, ACLs, DHCP options, prefix lists and flow logs, by boto3."""
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, account = sys.argv[1:]
ec2 = boto3.client("ec2", endpoint_url=endpoint)


def fails(code, call, **params):
    try:
        call(**params)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return
    raise AssertionError(f"{params} did not fail with {code}")


def flt(name, *values):
    return [{"Name": name, "Values": list(values)}]


def tags(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "py"}]}]


vpc = ec2.describe_vpcs(Filters=flt("is-default", "true"))["Vpcs"][0]["VpcId"]
subnets = ec2.describe_subnets(Filters=flt("vpc-id", vpc))["Subnets"]
subnet = subnets[0]["SubnetId"]

# Network interfaces and their waiter.
eni = ec2.create_network_interface(SubnetId=subnet, Description="py", SecondaryPrivateIpAddressCount=1, TagSpecifications=tags("network-interface"))["NetworkInterface"]
eni_id = eni["NetworkInterfaceId"]
ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[eni_id], WaiterConfig={"Delay": 1, "MaxAttempts": 2})
assert len(eni["PrivateIpAddresses"]) == 2 and eni["TagSet"] == [{"Key": "Name", "Value": "py"}], eni
more = ec2.assign_private_ip_addresses(NetworkInterfaceId=eni_id, SecondaryPrivateIpAddressCount=2)["AssignedPrivateIpAddresses"]
assert len(more) == 2, more
ec2.unassign_private_ip_addresses(NetworkInterfaceId=eni_id, PrivateIpAddresses=[more[0]["PrivateIpAddress"]])
ec2.modify_network_interface_attribute(NetworkInterfaceId=eni_id, SourceDestCheck={"Value": False})
assert ec2.describe_network_interface_attribute(NetworkInterfaceId=eni_id, Attribute="sourceDestCheck")["SourceDestCheck"] == {"Value": False}
ec2.reset_network_interface_attribute(NetworkInterfaceId=eni_id, SourceDestCheck="true")
found = ec2.describe_network_interfaces(Filters=flt("addresses.private-ip-address", more[1]["PrivateIpAddress"]))["NetworkInterfaces"]
assert [n["NetworkInterfaceId"] for n in found] == [eni_id] and found[0]["SourceDestCheck"], found
assert [n["NetworkInterfaceId"] for p in ec2.get_paginator("describe_network_interfaces").paginate(PaginationConfig={"PageSize": 5}) for n in p["NetworkInterfaces"]] == [eni_id]
fails("InvalidInstanceID.NotFound", ec2.attach_network_interface, NetworkInterfaceId=eni_id, InstanceId="i-00000000000000000", DeviceIndex=1)
fails("InvalidAttachmentID.NotFound", ec2.detach_network_interface, AttachmentId="eni-attach-00000000000000000")
fails("DryRunOperation", ec2.delete_network_interface, NetworkInterfaceId=eni_id, DryRun=True)

# Reachability: the group lets all out, and the default group lets its own in.
other = ec2.create_network_interface(SubnetId=subnets[1]["SubnetId"])["NetworkInterface"]["NetworkInterfaceId"]
path = ec2.create_network_insights_path(Source=eni_id, Destination=other, Protocol="tcp", DestinationPort=22)["NetworkInsightsPath"]
analysis = ec2.start_network_insights_analysis(NetworkInsightsPathId=path["NetworkInsightsPathId"])["NetworkInsightsAnalysis"]
analysis = ec2.describe_network_insights_analyses(NetworkInsightsAnalysisIds=[analysis["NetworkInsightsAnalysisId"]])["NetworkInsightsAnalyses"][0]
assert analysis["Status"] == "succeeded" and analysis["NetworkPathFound"], analysis
assert [c["SequenceNumber"] for c in analysis["ForwardPathComponents"]] == [1, 2, 3, 4, 5, 6, 7], analysis
assert ec2.describe_network_insights_paths(Filters=flt("source", eni_id))["NetworkInsightsPaths"]
ec2.delete_network_insights_analysis(NetworkInsightsAnalysisId=analysis["NetworkInsightsAnalysisId"])
ec2.delete_network_insights_path(NetworkInsightsPathId=path["NetworkInsightsPathId"])
ec2.delete_network_interface(NetworkInterfaceId=other)

# Network ACLs.
acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=tags("network-acl"))["NetworkAcl"]
acl_id = acl["NetworkAclId"]
assert [e["RuleNumber"] for e in acl["Entries"]] == [32767, 32767] and not acl["IsDefault"], acl
entry = dict(NetworkAclId=acl_id, RuleNumber=100, Protocol="6", RuleAction="allow", Egress=False, CidrBlock="10.0.0.0/8")
ec2.create_network_acl_entry(PortRange={"From": 1, "To": 2}, **entry)
fails("NetworkAclEntryAlreadyExists", ec2.create_network_acl_entry, PortRange={"From": 1, "To": 2}, **entry)
ec2.replace_network_acl_entry(PortRange={"From": 3, "To": 4}, **entry)
mine = ec2.describe_network_acls(Filters=flt("association.subnet-id", subnet))["NetworkAcls"][0]
association = next(a["NetworkAclAssociationId"] for a in mine["Associations"] if a["SubnetId"] == subnet)
moved = ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl_id)["NewAssociationId"]
fails("DependencyViolation", ec2.delete_network_acl, NetworkAclId=acl_id)
ec2.replace_network_acl_association(AssociationId=moved, NetworkAclId=mine["NetworkAclId"])
ec2.delete_network_acl_entry(NetworkAclId=acl_id, RuleNumber=100, Egress=False)
ec2.delete_network_acl(NetworkAclId=acl_id)

# DHCP options.
before = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
options = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["10.0.0.2", "AmazonProvidedDNS"]}, {"Key": "domain-name", "Values": ["example.com"]}])["DhcpOptions"]["DhcpOptionsId"]
ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
assert ec2.describe_dhcp_options(Filters=flt("key", "domain-name-servers") + flt("value", "10.0.0.2"))["DhcpOptions"][0]["DhcpOptionsId"] == options
fails("DependencyViolation", ec2.delete_dhcp_options, DhcpOptionsId=options)
ec2.associate_dhcp_options(DhcpOptionsId=before, VpcId=vpc)
ec2.delete_dhcp_options(DhcpOptionsId=options)

# Prefix lists, in a rule.
pl = ec2.create_managed_prefix_list(PrefixListName="py", AddressFamily="IPv4", MaxEntries=5, Entries=[{"Cidr": "10.0.0.0/8", "Description": "ten"}])["PrefixList"]["PrefixListId"]
ec2.modify_managed_prefix_list(PrefixListId=pl, CurrentVersion=1, AddEntries=[{"Cidr": "192.0.2.0/24"}])
fails("PrefixListVersionMismatch", ec2.modify_managed_prefix_list, PrefixListId=pl, CurrentVersion=1, RemoveEntries=[{"Cidr": "192.0.2.0/24"}])
assert [e["Cidr"] for e in ec2.get_managed_prefix_list_entries(PrefixListId=pl)["Entries"]] == ["10.0.0.0/8", "192.0.2.0/24"]
assert len(ec2.get_managed_prefix_list_entries(PrefixListId=pl, TargetVersion=1)["Entries"]) == 1
assert ec2.restore_managed_prefix_list_version(PrefixListId=pl, PreviousVersion=1, CurrentVersion=2)["PrefixList"]["Version"] == 3
group = ec2.create_security_group(GroupName="py", Description="py", VpcId=vpc)["GroupId"]
rule = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "PrefixListIds": [{"PrefixListId": pl}]}])["SecurityGroupRules"][0]
assert rule["PrefixListId"] == pl, rule
assert ec2.get_managed_prefix_list_associations(PrefixListId=pl)["PrefixListAssociations"] == [{"ResourceId": group, "ResourceOwner": account}]
fails("DependencyViolation", ec2.delete_managed_prefix_list, PrefixListId=pl)
assert "py" in [g["GroupName"] for g in ec2.get_security_groups_for_vpc(VpcId=vpc)["SecurityGroupForVpcs"]]
assert ec2.describe_stale_security_groups(VpcId=vpc)["StaleSecurityGroupSet"] == []
assert ec2.describe_security_group_references(GroupId=[group])["SecurityGroupReferenceSet"] == []
ec2.delete_security_group(GroupId=group)
assert ec2.describe_managed_prefix_lists(Filters=flt("prefix-list-name", "py"))["PrefixLists"][0]["PrefixListId"] == pl
ec2.delete_managed_prefix_list(PrefixListId=pl)
assert ec2.describe_prefix_lists()["PrefixLists"] == []

# Flow logs.
made = ec2.create_flow_logs(ResourceType="NetworkInterface", ResourceIds=[eni_id, "eni-00000000000000000"], TrafficType="ALL", LogGroupName="flows", MaxAggregationInterval=60)
assert made["Unsuccessful"][0]["Error"]["Code"] == "InvalidNetworkInterfaceID.NotFound", made
shown = ec2.describe_flow_logs(Filter=flt("resource-id", eni_id))["FlowLogs"]
assert [f["FlowLogId"] for f in shown] == made["FlowLogIds"] and shown[0]["MaxAggregationInterval"] == 60, shown
assert ec2.delete_flow_logs(FlowLogIds=made["FlowLogIds"])["Unsuccessful"] == []
ec2.delete_network_interface(NetworkInterfaceId=eni_id)
print("fine")
