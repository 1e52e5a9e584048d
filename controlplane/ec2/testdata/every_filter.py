"""Asks every Describe of the network by every one of its filters. argv: endpoint, image, filters."""
import json
import sys

import boto3

endpoint, image, filters = sys.argv[1:]
filters = json.loads(filters)
ec2 = boto3.client("ec2", endpoint_url=endpoint)
account = boto3.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"]


def tags(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": kind}]}]


def wait(name, **params):
    ec2.get_waiter(name).wait(WaiterConfig={"Delay": 0, "MaxAttempts": 200}, **params)


# One of each, with as much about it as can be asked for.
options = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["filters.example"]}], TagSpecifications=tags("dhcp-options"))["DhcpOptions"]["DhcpOptionsId"]
vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16", TagSpecifications=tags("vpc"))["Vpc"]["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
zone = ec2.describe_availability_zones()["AvailabilityZones"][0]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24", AvailabilityZone=zone["ZoneName"], TagSpecifications=tags("subnet"))["Subnet"]["SubnetId"]
gateway = ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway"))["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
egress_only = ec2.create_egress_only_internet_gateway(VpcId=vpc, TagSpecifications=tags("egress-only-internet-gateway"))["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
other = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other, TagSpecifications=tags("vpc-peering-connection"))["VpcPeeringConnection"]["VpcPeeringConnectionId"]
expires = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])["VpcPeeringConnections"][0].get("ExpirationTime")
prefix_list = ec2.create_managed_prefix_list(PrefixListName="filters", AddressFamily="IPv4", MaxEntries=2, Entries=[{"Cidr": "192.0.2.0/24"}], TagSpecifications=tags("prefix-list"))["PrefixList"]["PrefixListId"]
group = ec2.create_security_group(GroupName="filters", Description="by filter", VpcId=vpc, TagSpecifications=tags("security-group"))["GroupId"]
both = [
    {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "IpRanges": [{"CidrIp": "10.7.0.0/16"}]},
    {"IpProtocol": "udp", "FromPort": 53, "ToPort": 54, "UserIdGroupPairs": [{"GroupId": group}]},
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": prefix_list}]},
]
rule = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=both, TagSpecifications=tags("security-group-rule"))["SecurityGroupRules"][0]["SecurityGroupRuleId"]
ec2.authorize_security_group_egress(GroupId=group, IpPermissions=both)
acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=tags("network-acl"))["NetworkAcl"]["NetworkAclId"]
ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=7, Protocol="6", RuleAction="allow", Egress=False, CidrBlock="10.9.0.0/16", PortRange={"From": 1001, "To": 1002})
ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=8, Protocol="1", RuleAction="deny", Egress=True, CidrBlock="10.9.0.0/16", IcmpTypeCode={"Type": 3, "Code": 4})
before = next(a for n in ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"] for a in n["Associations"] if a["SubnetId"] == subnet)
ec2.replace_network_acl_association(AssociationId=before["NetworkAclAssociationId"], NetworkAclId=acl)
instance = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group])["Instances"][0]["InstanceId"]
wait("instance_running", InstanceIds=[instance])
eni = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["NetworkInterfaces"][0]["NetworkInterfaceId"]
ec2.create_tags(Resources=[eni], Tags=[{"Key": "Name", "Value": "network-interface"}])
ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Description={"Value": "by filter"})
ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, SourceDestCheck={"Value": False})
address = ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip"))["AllocationId"]
association = ec2.associate_address(AllocationId=address, NetworkInterfaceId=eni)["AssociationId"]
nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"], TagSpecifications=tags("natgateway"))["NatGateway"]["NatGatewayId"]
table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table"))["RouteTable"]["RouteTableId"]
linked = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/25", NetworkInterfaceId=eni)
ec2.create_route(RouteTableId=table, DestinationPrefixListId=prefix_list, NatGatewayId=nat)
ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.8.0.0/16", VpcPeeringConnectionId=peering)
flow = ec2.create_flow_logs(ResourceType="VPC", ResourceIds=[vpc], TrafficType="REJECT", LogGroupName="filters", TagSpecifications=tags("vpc-flow-log"))["FlowLogIds"][0]
second = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
ends = {"SourceAddress": "10.7.1.200", "SourcePortRange": {"FromPort": 5, "ToPort": 5}, "DestinationAddress": "10.7.1.201", "DestinationPortRange": {"FromPort": 6, "ToPort": 6}}
path = ec2.create_network_insights_path(Source=eni, Destination=second, Protocol="tcp", FilterAtSource=ends, FilterAtDestination=ends, TagSpecifications=tags("network-insights-path"))["NetworkInsightsPath"]["NetworkInsightsPathId"]
analysis = ec2.start_network_insights_analysis(NetworkInsightsPathId=path, TagSpecifications=tags("network-insights-analysis"))["NetworkInsightsAnalysis"]["NetworkInsightsAnalysisId"]

NEVER = object()  # for what this cloud doesn't have: nothing is found by any value


def time(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S") + "*"


def ports(direction):
    p = {"cidr": "10.7.0.0/16", "from-port": "80", "to-port": "54", "group-id": group, "group-name": "filters", "protocol": "udp",
         "user-id": account, "prefix-list-id": prefix_list, "ipv6-cidr": NEVER}
    return {f"{direction}ip-permission.{k}": v for k, v in p.items()}


def side(name):
    return {f"filter-at-{name}.source-address": "10.7.1.200", f"filter-at-{name}.source-port-range": "5",
            f"filter-at-{name}.destination-address": "10.7.1.201", f"filter-at-{name}.destination-port-range": "6"}


shown = ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]
free = str(ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"])
acl_link = next(a["NetworkAclAssociationId"] for a in ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Associations"])
cidr_link = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlockAssociationSet"][0]["AssociationId"]
found = ec2.describe_network_insights_analyses(NetworkInsightsAnalysisIds=[analysis])["NetworkInsightsAnalyses"][0]["NetworkPathFound"]
request = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])["VpcPeeringConnections"][0]
public = shown["Association"]["PublicIp"]

# By action: the list in the answer, the id in its items, the id that is looked for, and by
# filter what it has.
actions = {
    "describe_vpcs": ("Vpcs", "VpcId", vpc, {
        "cidr": "10.7.0.0/16", "cidr-block": "10.7.0.0/16", "cidr-block-association.cidr-block": "10.7.0.0/16", "cidr-block-association.state": "associated",
        "cidr-block-association.association-id": cidr_link, "dhcp-options-id": options, "dhcpOptionsId": options, "is-default": "false", "isDefault": "false",
        "owner-id": account, "state": "available", "vpc-id": vpc, "ipv6-cidr-block-association.ipv6-cidr-block": NEVER,
        "ipv6-cidr-block-association.ipv6-pool": NEVER, "ipv6-cidr-block-association.association-id": NEVER, "ipv6-cidr-block-association.state": NEVER}),
    "describe_subnets": ("Subnets", "SubnetId", subnet, {
        "availability-zone": zone["ZoneName"], "availabilityZone": zone["ZoneName"], "availability-zone-id": zone["ZoneId"], "availabilityZoneId": zone["ZoneId"],
        "available-ip-address-count": free, "cidr": "10.7.1.0/24", "cidr-block": "10.7.1.0/24", "cidrBlock": "10.7.1.0/24", "default-for-az": "false",
        "defaultForAz": "false", "enable-dns64": "false", "ipv6-native": "false", "map-public-ip-on-launch": "false", "owner-id": account, "state": "available",
        "subnet-arn": f"arn:aws:ec2:*:{account}:subnet/{subnet}", "subnet-id": subnet, "vpc-id": vpc, "map-customer-owned-ip-on-launch": "false",
        "private-dns-name-options-on-launch.hostname-type": "ip-name", "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": "false",
        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": "false", "customer-owned-ipv4-pool": NEVER,
        "enable-lni-at-device-index": NEVER, "ipv6-cidr-block-association.ipv6-cidr-block": NEVER, "ipv6-cidr-block-association.association-id": NEVER,
        "ipv6-cidr-block-association.state": NEVER, "outpost-arn": NEVER}),
    "describe_route_tables": ("RouteTables", "RouteTableId", table, {
        "association.main": "false", "association.route-table-association-id": linked, "association.route-table-id": table, "association.subnet-id": subnet,
        "owner-id": account, "route-table-id": table, "route.destination-cidr-block": "192.0.2.0/25", "route.destination-prefix-list-id": prefix_list,
        "route.gateway-id": gateway, "route.instance-id": instance, "route.nat-gateway-id": nat, "route.network-interface-id": eni,
        "route.origin": "CreateRoute", "route.state": "active", "route.vpc-peering-connection-id": peering, "route.egress-only-internet-gateway-id": NEVER,
        "vpc-id": vpc, "association.gateway-id": NEVER, "route.destination-ipv6-cidr-block": NEVER, "route.transit-gateway-id": NEVER}),
    "describe_internet_gateways": ("InternetGateways", "InternetGatewayId", gateway, {
        "attachment.state": "available", "attachment.vpc-id": vpc, "internet-gateway-id": gateway, "owner-id": account}),
    "describe_egress_only_internet_gateways": ("EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId", egress_only, {}),
    "describe_nat_gateways": ("NatGateways", "NatGatewayId", nat, {"nat-gateway-id": nat, "state": "*a*", "subnet-id": subnet, "vpc-id": vpc}),
    "describe_addresses": ("Addresses", "AllocationId", address, {
        "allocation-id": address, "association-id": association, "domain": "vpc", "instance-id": instance, "network-border-group": zone["RegionName"],
        "network-interface-id": eni, "network-interface-owner-id": account, "private-ip-address": shown["PrivateIpAddress"], "public-ip": public}),
    "describe_network_interfaces": ("NetworkInterfaces", "NetworkInterfaceId", eni, {
        "addresses.association.owner-id": account, "addresses.association.public-ip": public, "addresses.primary": "true",
        "addresses.private-ip-address": shown["PrivateIpAddress"], "association.allocation-id": address, "association.association-id": association,
        "association.ip-owner-id": account, "association.public-dns-name": shown["Association"]["PublicDnsName"], "association.public-ip": public,
        "availability-zone": zone["ZoneName"], "availability-zone-id": zone["ZoneId"], "description": "by filter", "group-id": group, "group-name": "filters",
        "interface-type": "interface", "mac-address": shown["MacAddress"], "network-interface-id": eni, "operator.managed": "false", "owner-id": account,
        "private-dns-name": shown["PrivateDnsName"], "private-ip-address": shown["PrivateIpAddress"], "requester-managed": "false",
        "source-dest-check": "false", "status": "in-use", "subnet-id": subnet, "vpc-id": vpc,
        "attachment.attach-time": time(shown["Attachment"]["AttachTime"]), "attachment.attachment-id": shown["Attachment"]["AttachmentId"],
        "attachment.delete-on-termination": "true", "attachment.device-index": "0", "attachment.instance-id": instance,
        "attachment.instance-owner-id": account, "attachment.status": "attached", "ipv6-addresses.ipv6-address": NEVER, "operator.principal": NEVER,
        "attachment.nat-gateway-id": (nat, "NAT gateway"), "requester-id": ("*", "NAT gateway")}),
    "describe_network_acls": ("NetworkAcls", "NetworkAclId", acl, {
        "association.association-id": acl_link, "association.network-acl-id": acl, "association.subnet-id": subnet, "default": "false",
        "entry.cidr": "10.9.0.0/16", "entry.egress": "true", "entry.icmp.code": "4", "entry.icmp.type": "3", "entry.port-range.from": "1001",
        "entry.port-range.to": "1002", "entry.protocol": "6", "entry.rule-action": "allow", "entry.rule-number": "7", "network-acl-id": acl,
        "owner-id": account, "vpc-id": vpc, "entry.ipv6-cidr": NEVER}),
    "describe_dhcp_options": ("DhcpOptions", "DhcpOptionsId", options, {"dhcp-options-id": options, "key": "domain-name", "value": "filters.example", "owner-id": account}),
    "describe_managed_prefix_lists": ("PrefixLists", "PrefixListId", prefix_list, {"owner-id": account, "prefix-list-id": prefix_list, "prefix-list-name": "filters"}),
    "describe_security_groups": ("SecurityGroups", "GroupId", group, {
        "description": "by filter", "group-id": group, "group-name": "filters", "owner-id": account, "vpc-id": vpc, **ports(""), **ports("egress.")}),
    "describe_security_group_rules": ("SecurityGroupRules", "SecurityGroupRuleId", rule, {"group-id": group, "security-group-rule-id": rule}),
    "get_security_groups_for_vpc": ("SecurityGroupForVpcs", "GroupId", group, {
        "description": "by filter", "group-id": group, "group-name": "filters", "owner-id": account, "primary-vpc-id": vpc}),
    "describe_vpc_peering_connections": ("VpcPeeringConnections", "VpcPeeringConnectionId", peering, {
        "accepter-vpc-info.cidr-block": NEVER if "CidrBlock" not in request["AccepterVpcInfo"] else "10.8.0.0/16", "accepter-vpc-info.owner-id": account,
        "accepter-vpc-info.vpc-id": other, "expiration-time": time(expires), "requester-vpc-info.cidr-block": "10.7.0.0/16",
        "requester-vpc-info.owner-id": account, "requester-vpc-info.vpc-id": vpc, "status-code": "pending-acceptance",
        "status-message": request["Status"]["Message"], "vpc-peering-connection-id": peering}),
    "describe_flow_logs": ("FlowLogs", "FlowLogId", flow, {
        "deliver-log-status": "SUCCESS", "flow-log-id": flow, "log-destination-type": "cloud-watch-logs", "log-group-name": "filters", "resource-id": vpc,
        "traffic-type": "REJECT"}),
    "describe_network_insights_paths": ("NetworkInsightsPaths", "NetworkInsightsPathId", path, {
        "destination": second, "destination-port": "6", "protocol": "tcp", "source": eni, **side("source"), **side("destination")}),
    "describe_network_insights_analyses": ("NetworkInsightsAnalyses", "NetworkInsightsAnalysisId", analysis, {"path-found": str(found).lower(), "status": "succeeded"}),
}
kinds = {"describe_nat_gateways": "natgateway", "describe_addresses": "elastic-ip", "describe_managed_prefix_lists": "prefix-list", "describe_flow_logs": "vpc-flow-log",
         "describe_network_insights_analyses": "network-insights-analysis", "describe_dhcp_options": "dhcp-options"}


def ask(name, filter, value):
    key, item_id, _, _ = actions[name]
    params = {"Filter" if name in ("describe_nat_gateways", "describe_flow_logs") else "Filters": [{"Name": filter, "Values": [value]}]}
    if name == "get_security_groups_for_vpc":
        params["VpcId"] = vpc
    return [item[item_id] for item in getattr(ec2, name)(**params)[key]]


wrong, asked = [], 0
for name, names in sorted(filters.items()):
    _, _, wanted, values = actions[name]
    kind = kinds.get(name, name.removeprefix("describe_").removeprefix("get_").replace("_", "-").removesuffix("s").removesuffix("s-for-vpc"))
    values = {**values, "tag:Name": kind, "tag-key": "Name", "tag-value": kind}
    for filter in names:
        if filter not in values:
            wrong.append(f"{name}: nobody asks by {filter}")
            continue
        value, asked = values[filter], asked + 1
        if value is NEVER:
            if ask(name, filter, "*"):
                wrong.append(f"{name} by {filter}: found something")
            continue
        if isinstance(value, tuple):  # what another resource of the kind has
            value = value[0]
            if not ask(name, filter, value) or wanted in ask(name, filter, value):
                wrong.append(f"{name} by {filter}={value}: {ask(name, filter, value)}")
        elif wanted not in ask(name, filter, value):
            wrong.append(f"{name} by {filter}={value} does not find {wanted}")
        if ask(name, filter, value.replace("*", "") + "!"):
            wrong.append(f"{name} by {filter}={value}! found something")
    for filter in values:
        if filter not in names and not filter.startswith("tag"):
            wrong.append(f"{name} has no filter {filter}")
assert not wrong, "\n".join(wrong)
print(f"{asked} filters, fine")
