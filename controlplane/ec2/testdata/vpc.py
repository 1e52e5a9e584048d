"""Makes, changes and deletes VPCs and what is in them, as a boto3 user would. argv: endpoint."""
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

ENDPOINT = sys.argv[1]
ec2 = boto3.client("ec2", endpoint_url=ENDPOINT)


def refused(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        got = e.response["Error"]["Code"]
        assert got == code, f"{call.__name__}({args}): {e}, want {code}"
        return
    raise AssertionError(f"{call.__name__}({args}) was done, want {code}")


def wait(waiter, attempts=100, **args):
    ec2.get_waiter(waiter).wait(WaiterConfig={"Delay": 1, "MaxAttempts": attempts}, **args)


def wait_fails(waiter, **args):
    try:
        wait(waiter, attempts=2, **args)
    except WaiterError:
        return
    raise AssertionError(f"{waiter}({args}) ended well")


def tags(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": kind}]}]


# A VPC and its subnets.
refused("DryRunOperation", ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc"))["Vpc"]["VpcId"]
wait("vpc_available", VpcIds=[vpc])
wait("vpc_exists", VpcIds=[vpc])
wait_fails("vpc_exists", VpcIds=["vpc-0123456789abcdef0"])
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
assert ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]
block = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
assert block["CidrBlock"] == "10.1.0.0/16" and block["CidrBlockState"]["State"] == "associating", block
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="eu-central-1a", TagSpecifications=tags("subnet"))["Subnet"]["SubnetId"]
other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
wait("subnet_available", SubnetIds=[subnet, other])
refused("InvalidSubnet.Conflict", ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.1.0/25")
refused("InvalidCidrBlock.InUse", ec2.disassociate_vpc_cidr_block, AssociationId=block["AssociationId"])
ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"]

# Gateways and routes.
gateway = ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway"))["InternetGateway"]["InternetGatewayId"]
wait("internet_gateway_exists", InternetGatewayIds=[gateway])
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
egress = ec2.create_egress_only_internet_gateway(VpcId=vpc, ClientToken="e")["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
assert egress == ec2.create_egress_only_internet_gateway(VpcId=vpc, ClientToken="e")["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
assert ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"][0]["Attachments"][0]["VpcId"] == vpc
table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table"), ClientToken="t")["RouteTable"]
assert {r["DestinationCidrBlock"] for r in table["Routes"]} == {"10.0.0.0/16", "10.1.0.0/16"}, table
table = table["RouteTableId"]
assert ec2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table"), ClientToken="t")["RouteTable"]["RouteTableId"] == table
assert ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)["Return"]
association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
private = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
moved = ec2.replace_route_table_association(AssociationId=association, RouteTableId=private)
assert moved["AssociationState"]["State"] == "associated", moved
back = ec2.replace_route_table_association(AssociationId=moved["NewAssociationId"], RouteTableId=table)["NewAssociationId"]
assert ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"][0]["RouteTableId"] == table

# Elastic IPs and a NAT gateway.
nat_ip = ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip"))
assert ec2.describe_addresses(PublicIps=[nat_ip["PublicIp"]])["Addresses"][0]["Tags"] == [{"Key": "Name", "Value": "elastic-ip"}]
nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=nat_ip["AllocationId"], TagSpecifications=tags("natgateway"))["NatGateway"]["NatGatewayId"]
wait("nat_gateway_available", NatGatewayIds=[nat])
shown = ec2.describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NatGateways"]
assert [n["NatGatewayId"] for n in shown] == [nat] and shown[0]["NatGatewayAddresses"][0]["PublicIp"] == nat_ip["PublicIp"], shown
ec2.create_route(RouteTableId=private, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
eni = ec2.create_network_interface(SubnetId=subnet, SecondaryPrivateIpAddressCount=1)["NetworkInterface"]
address = ec2.allocate_address()
second = [a["PrivateIpAddress"] for a in eni["PrivateIpAddresses"] if not a["Primary"]][0]
bound = ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=eni["NetworkInterfaceId"], PrivateIpAddress=second)["AssociationId"]
seen = ec2.describe_network_interfaces(Filters=[{"Name": "addresses.association.public-ip", "Values": [address["PublicIp"]]}])["NetworkInterfaces"]
assert seen[0]["NetworkInterfaceId"] == eni["NetworkInterfaceId"] and "Association" not in seen[0], seen
assert [a["Association"]["AllocationId"] for a in seen[0]["PrivateIpAddresses"] if not a["Primary"]] == [address["AllocationId"]], seen
refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=address["AllocationId"])
ec2.disassociate_address(AssociationId=bound)
ec2.modify_address_attribute(AllocationId=address["AllocationId"], DomainName="mail.example.com")
assert ec2.describe_addresses_attribute(Attribute="domain-name", AllocationIds=[address["AllocationId"]])["Addresses"][0]["PtrRecord"] == "mail.example.com."
ec2.reset_address_attribute(AllocationId=address["AllocationId"], Attribute="domain-name")
ec2.release_address(AllocationId=address["AllocationId"])
ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])

# A peering.
peer = ec2.create_vpc(CidrBlock="192.168.0.0/24")["Vpc"]["VpcId"]
pcx = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer, TagSpecifications=tags("vpc-peering-connection"))["VpcPeeringConnection"]["VpcPeeringConnectionId"]
wait("vpc_peering_connection_exists", VpcPeeringConnectionIds=[pcx])
assert ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx)["VpcPeeringConnection"]["Status"]["Code"] == "active"
options = ec2.modify_vpc_peering_connection_options(VpcPeeringConnectionId=pcx, AccepterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": True})
assert options["AccepterPeeringConnectionOptions"]["AllowDnsResolutionFromRemoteVpc"], options
ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/24", VpcPeeringConnectionId=pcx)
ec2.replace_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/24", NatGatewayId=nat)
ec2.delete_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/24")
assert ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=pcx)["Return"]
wait("vpc_peering_connection_deleted", VpcPeeringConnectionIds=[pcx])
again = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
assert ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=again)["Return"]
pages = ec2.get_paginator("describe_vpc_peering_connections").paginate(PaginationConfig={"PageSize": 5})
assert sorted(p["Status"]["Code"] for page in pages for p in page["VpcPeeringConnections"]) == ["deleted", "rejected"]
ec2.delete_vpc(VpcId=peer)

# Everything has its tags.
named = {t["ResourceType"] for t in ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Name"]}])["Tags"]}
assert named == {"vpc", "subnet", "internet-gateway", "route-table", "elastic-ip", "natgateway", "vpc-peering-connection"}, named

# And it goes, in the only order that works.
refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)
refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnet)
refused("DependencyViolation", ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
ec2.delete_nat_gateway(NatGatewayId=nat)
wait("nat_gateway_deleted", NatGatewayIds=[nat])
assert ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["State"] == "deleted"
wait_fails("nat_gateway_available", NatGatewayIds=[nat])
ec2.release_address(AllocationId=nat_ip["AllocationId"])
ec2.disassociate_route_table(AssociationId=back)
for t in (table, private):
    ec2.delete_route_table(RouteTableId=t)
for s in (subnet, other):
    ec2.delete_subnet(SubnetId=s)
ec2.disassociate_vpc_cidr_block(AssociationId=block["AssociationId"])
ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=egress)
ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
ec2.delete_internet_gateway(InternetGatewayId=gateway)
ec2.delete_vpc(VpcId=vpc)

# The default network, from nothing.
default = ec2.describe_vpcs()["Vpcs"]
assert len(default) == 1 and default[0]["IsDefault"], default
default = default[0]["VpcId"]
for s in ec2.describe_subnets()["Subnets"]:
    ec2.delete_subnet(SubnetId=s["SubnetId"])
for g in ec2.describe_internet_gateways()["InternetGateways"]:
    ec2.detach_internet_gateway(InternetGatewayId=g["InternetGatewayId"], VpcId=default)
    ec2.delete_internet_gateway(InternetGatewayId=g["InternetGatewayId"])
ec2.delete_vpc(VpcId=default)
made = ec2.create_default_vpc()["Vpc"]
assert made["IsDefault"] and made["CidrBlock"] == "172.31.0.0/16", made
subnets = ec2.describe_subnets()["Subnets"]
assert len(subnets) == 2 and all(s["DefaultForAz"] for s in subnets), subnets
ec2.delete_subnet(SubnetId=subnets[0]["SubnetId"])
assert ec2.create_default_subnet(AvailabilityZone=subnets[0]["AvailabilityZone"])["Subnet"]["CidrBlock"] == subnets[0]["CidrBlock"]
tenant = ec2.create_vpc(CidrBlock="10.9.0.0/16", InstanceTenancy="dedicated")["Vpc"]["VpcId"]
assert ec2.modify_vpc_tenancy(VpcId=tenant, InstanceTenancy="default")["ReturnValue"]
print("fine")
