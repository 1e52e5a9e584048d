package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) newAddress() (id, ip string) {
	c.t.Helper()
	out := ok[gen.AllocateAddressResult](c, "AllocateAddress")
	return *out.AllocationId, *out.PublicIp
}

func (c *cloud) address(id string) *gen.Address {
	c.t.Helper()
	return ok[gen.DescribeAddressesResult](c, "DescribeAddresses", "AllocationId.1", id).Addresses[0]
}

func TestAllocateAddress(t *testing.T) {
	c := newCloud(t)
	out := ok[gen.AllocateAddressResult](c, "AllocateAddress", "Domain", "vpc", "Address", "100.127.0.77",
		"TagSpecification.1.ResourceType", "elastic-ip", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "x")
	if *out.PublicIp != "100.127.0.77" || *out.Domain != "vpc" || *out.PublicIpv4Pool != "amazon" || *out.NetworkBorderGroup != region {
		t.Errorf("%+v", out)
	}
	for says, in := range map[string][]string{
		"InvalidAddress.NotFound 100.127.0.77":    {"Address", "100.127.0.77"},
		"InvalidAddress.NotFound 100.127.0.0":     {"Address", "100.127.0.0"},
		"InvalidAddress.NotFound 100.127.0.1":     {"Address", "100.127.0.1"},
		"InvalidAddress.NotFound 100.127.0.255":   {"Address", "100.127.0.255"},
		"InvalidAddress.NotFound 8.8.8.8":         {"Address", "8.8.8.8"},
		"InvalidParameterValue address":           {"Address", "one"},
		"InvalidParameterValue domain":            {"Domain", "standard"},
		"InvalidParameterValue networkBorder":     {"NetworkBorderGroup", "us-east-1"},
		"InvalidPublicIpv4PoolID.NotFound pool":   {"PublicIpv4Pool", "ipv4pool-ec2-1"},
		"Unsupported customer-owned":              {"CustomerOwnedIpv4Pool", "x"},
		"InvalidParameterValue valid taggable re": {"TagSpecification.1.ResourceType", "vpc", "TagSpecification.1.Tag.1.Key", "x"},
	} {
		code, text, _ := strings.Cut(says, " ")
		c.fails(code, text, "AllocateAddress", in...)
	}
	for range 4 {
		c.newAddress()
	}
	c.fails("AddressLimitExceeded", "", "AllocateAddress")
	c.as(other, region).newAddress()
	got := ok[gen.DescribeAddressesResult](c, "DescribeAddresses", "Filter.1.Name", "tag:Name", "Filter.1.Value.1", "x").Addresses
	if len(got) != 1 || *got[0].PublicIp != "100.127.0.77" || got[0].AssociationId != nil || got[0].InstanceId != nil {
		t.Errorf("%+v", got)
	}
	if got := ok[gen.DescribeAddressesResult](c, "DescribeAddresses", "PublicIp.1", "100.127.0.77").Addresses; len(got) != 1 {
		t.Errorf("%+v", got)
	}
	c.fails("InvalidAddress.NotFound", "Address '100.127.0.1' not found.", "DescribeAddresses", "PublicIp.1", "100.127.0.1")
	c.as(other, region).fails("InvalidAddress.NotFound", "", "DescribeAddresses", "PublicIp.1", "100.127.0.77")
	ok[gen.ReleaseAddressResult](c, "ReleaseAddress", "AllocationId", *out.AllocationId)
	c.fails("InvalidAllocationID.NotFound", "The allocation ID '"+*out.AllocationId+"' does not exist", "ReleaseAddress", "AllocationId", *out.AllocationId)
	c.fails("InvalidParameterValue", "You must specify an allocation id", "ReleaseAddress", "PublicIp", "100.127.0.77")
	c.fails("MissingParameter", "", "ReleaseAddress")
}

// TestElasticIPThroughALife follows an address through its instance's stop and start, a
// move, and the instance's end.
func TestElasticIPThroughALife(t *testing.T) {
	c := newCloud(t)
	i := c.run()
	eip, ip := c.newAddress()
	c.fails("InvalidInstanceID", "The pending instance '"+i+"' is not in a valid state", "AssociateAddress", "AllocationId", eip, "InstanceId", i)
	c.report(i, model.PhaseRunning, "")
	auto := *c.describe(i).PublicIpAddress
	association := *ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", eip, "InstanceId", i).AssociationId
	shown := c.describe(i)
	eni := shown.NetworkInterfaces[0]
	if *shown.PublicIpAddress != ip || *eni.Association.IpOwnerId != me {
		t.Errorf("the instance shows %s of %s", *shown.PublicIpAddress, *eni.Association.IpOwnerId)
	}
	a := c.address(eip)
	if *a.AssociationId != association || *a.InstanceId != i || *a.NetworkInterfaceId != *eni.NetworkInterfaceId || *a.PrivateIpAddress != *shown.PrivateIpAddress || *a.NetworkInterfaceOwnerId != me {
		t.Errorf("%+v", a)
	}
	for name, value := range map[string]string{"instance-id": i, "association-id": association, "network-interface-id": *eni.NetworkInterfaceId, "private-ip-address": *a.PrivateIpAddress, "public-ip": ip, "allocation-id": eip, "network-interface-owner-id": me, "domain": "vpc", "network-border-group": region} {
		if got := ok[gen.DescribeAddressesResult](c, "DescribeAddresses", "Filter.1.Name", name, "Filter.1.Value.1", value).Addresses; len(got) != 1 {
			t.Errorf("%s finds %d", name, len(got))
		}
	}
	if by := c.ids("Filter.1.Name", "network-interface.association.allocation-id", "Filter.1.Value.1", eip); len(by) != 1 || by[0] != i {
		t.Errorf("instances by allocation: %v", by)
	}
	if again := *ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", eip, "InstanceId", i).AssociationId; again != association {
		t.Errorf("associated again as %s", again)
	}
	if v := store.Interfaces.First(c.db.Stale(), "public", auto); v != nil {
		t.Errorf("the address that the instance had is still %s's", v.ID)
	}
	c.fails("InvalidIPAddress.InUse", "Address "+ip+" is in use.", "ReleaseAddress", "AllocationId", eip)

	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	if got := c.describe(i); got.PublicIpAddress == nil || *got.PublicIpAddress != ip {
		t.Errorf("stopped, it has %s", text(got.PublicIpAddress))
	}
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", i)
	c.report(i, model.PhaseRunning, "")
	if got := *c.describe(i).PublicIpAddress; got != ip {
		t.Errorf("started, it has %s", got)
	}

	// Disassociated, it has none until it starts again.
	ok[gen.DisassociateAddressResult](c, "DisassociateAddress", "AssociationId", association)
	c.fails("InvalidAssociationID.NotFound", "The association ID '"+association+"' does not exist", "DisassociateAddress", "AssociationId", association)
	if got := c.describe(i).PublicIpAddress; got != nil {
		t.Errorf("without its Elastic IP it has %s", *got)
	}
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", i)
	c.report(i, model.PhaseRunning, "")
	if got := c.describe(i).PublicIpAddress; got == nil || *got == ip {
		t.Errorf("started without an Elastic IP it has %s", text(got))
	}

	// It moves, unless it must not, and another takes its place.
	j := c.running()
	ok[gen.AssociateAddressResult](c, "AssociateAddress", "PublicIp", ip, "InstanceId", j)
	c.fails("Resource.AlreadyAssociated", "resource "+eip+" is already associated", "AssociateAddress", "AllocationId", eip, "InstanceId", i, "AllowReassociation", "false")
	ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", eip, "InstanceId", i)
	if got := c.describe(j).PublicIpAddress; got != nil {
		t.Errorf("the instance that it left has %s", *got)
	}
	second, otherIP := c.newAddress()
	ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", second, "InstanceId", i)
	if got := c.address(eip); got.AssociationId != nil || *c.describe(i).PublicIpAddress != otherIP {
		t.Errorf("after another came: %+v, %s", got, *c.describe(i).PublicIpAddress)
	}

	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", i)
	c.fails("InvalidInstanceID", "is not in a valid state", "AssociateAddress", "AllocationId", eip, "InstanceId", i)
	c.report(i, model.PhaseReleased, model.EndAsked)
	if got := c.address(second); got.AssociationId != nil || got.NetworkInterfaceId != nil || got.PrivateIpAddress != nil {
		t.Errorf("after the instance's end: %+v", got)
	}
	ok[gen.ReleaseAddressResult](c, "ReleaseAddress", "AllocationId", second)
}

func TestAssociateAddressRefuses(t *testing.T) {
	c := newCloud(t)
	eip, _ := c.newAddress()
	v := c.vpc("10.0.0.0/16")
	s := c.subnetOf(v, "10.0.1.0/24")
	eni := *ok[gen.CreateNetworkInterfaceResult](c, "CreateNetworkInterface", "SubnetId", s, "PrivateIpAddress", "10.0.1.10", "SecondaryPrivateIpAddressCount", "1").NetworkInterface.NetworkInterfaceId
	in := []string{"AllocationId", eip, "NetworkInterfaceId", eni}
	c.fails("Gateway.NotAttached", "Network "+v+" is not attached to any internet gateway", "AssociateAddress", in...)
	c.gatewayOf(v)
	c.fails("InvalidParameterValue", "10.0.1.99", "AssociateAddress", append(in, "PrivateIpAddress", "10.0.1.99")...)
	c.fails("MissingParameter", "", "AssociateAddress", "AllocationId", eip)
	c.fails("MissingParameter", "", "AssociateAddress", "NetworkInterfaceId", eni)
	c.fails("InvalidParameterCombination", "", "AssociateAddress", append(in, "InstanceId", "i-0123456789abcdef0")...)
	c.fails("InvalidParameterCombination", "", "AssociateAddress", append(in, "PublicIp", "100.127.0.5")...)

	// A secondary address has one of its own.
	row := store.Interfaces.Get(c.db.Stale(), eni)
	ok[gen.AssociateAddressResult](c, "AssociateAddress", append(in, "PrivateIpAddress", row.Secondary[0].IP.String())...)
	two, ip := c.newAddress()
	ok[gen.AssociateAddressResult](c, "AssociateAddress", "AllocationId", two, "NetworkInterfaceId", eni)
	row = store.Interfaces.Get(c.db.Stale(), eni)
	if row.PublicIP.String() != ip || row.Secondary[0].Public.String() != *c.address(eip).PublicIp {
		t.Errorf("%+v", row)
	}
	c.fails("Resource.AlreadyAssociated", eni, "AssociateAddress", append(in, "AllowReassociation", "false", "AllocationId", func() string { id, _ := c.newAddress(); return id }())...)
	ok[gen.DeleteNetworkInterfaceResult](c, "DeleteNetworkInterface", "NetworkInterfaceId", eni)
	if a := c.address(eip); a.AssociationId != nil {
		t.Errorf("of an interface that is gone: %+v", a)
	}
}

func TestAddressNames(t *testing.T) {
	c := newCloud(t)
	eip, _ := c.newAddress()
	if got := ok[gen.ModifyAddressAttributeResult](c, "ModifyAddressAttribute", "AllocationId", eip, "DomainName", "Mail.Example.com").Address; *got.PtrRecord != "mail.example.com." {
		t.Errorf("%+v", got)
	}
	if got := ok[gen.DescribeAddressesAttributeResult](c, "DescribeAddressesAttribute", "AllocationId.1", eip, "Attribute", "domain-name").Addresses; len(got) != 1 || *got[0].PtrRecord != "mail.example.com." {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"", "localhost", "-x.example", "a b.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "example"} {
		c.fails("InvalidParameterValue", "full domain name", "ModifyAddressAttribute", "AllocationId", eip, "DomainName", bad)
	}
	ok[gen.ResetAddressAttributeResult](c, "ResetAddressAttribute", "AllocationId", eip, "Attribute", "domain-name")
	if got := ok[gen.DescribeAddressesAttributeResult](c, "DescribeAddressesAttribute", "AllocationId.1", eip).Addresses; got[0].PtrRecord != nil {
		t.Errorf("%+v", got[0])
	}
}
