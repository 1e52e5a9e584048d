package ec2_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

// eni makes a network interface.
func (c *cloud) eni(subnet string, params ...string) *gen.NetworkInterface {
	c.t.Helper()
	return ok[gen.CreateNetworkInterfaceResult](c, "CreateNetworkInterface", append([]string{"SubnetId", subnet}, params...)...).NetworkInterface
}

func (c *cloud) showENI(id string) *gen.NetworkInterface {
	c.t.Helper()
	return ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces", "NetworkInterfaceId.1", id).NetworkInterfaces[0]
}

// privates are an interface's addresses, the primary one first.
func (c *cloud) privates(id string) string {
	return list(c.showENI(id).PrivateIpAddresses, func(a *gen.NetworkInterfacePrivateIpAddress) string { return *a.PrivateIpAddress })
}

// subnetAddress returns an address of a subnet.
func (c *cloud) subnetAddress(subnet string, n int) string {
	a := store.Subnets.Get(c.db.Stale(), subnet).CIDR.Addr()
	for range n {
		a = a.Next()
	}
	return a.String()
}

// natInterface makes an interface as NAT gateways have them.
func (c *cloud) natInterface(subnet string) string {
	c.t.Helper()
	id := *c.eni(subnet).NetworkInterfaceId
	c.update(func(tx *store.Tx) error {
		row := *store.Interfaces.Get(tx, id)
		row.Kind = "nat_gateway"
		gateway := &model.NATGateway{ID: ids.New(ids.NATGateway), Owned: row.Owned, VPC: row.VPC, Subnet: subnet, Interface: id, State: model.NATAvailable}
		return errors.Join(store.Interfaces.Put(tx, &row), store.NATGateways.Put(tx, gateway))
	})
	return id
}

// elastic gives an interface's address an Elastic IP, in both rows.
func (c *cloud) elastic(eni, private, public string) string {
	c.t.Helper()
	id := ids.New(ids.Address)
	c.update(func(tx *store.Tx) error {
		row := *store.Interfaces.Get(tx, eni)
		row.Secondary = slices.Clone(row.Secondary)
		p, a := netip.MustParseAddr(private), netip.MustParseAddr(public)
		if row.PrivateIP == p {
			row.PublicIP = a
		}
		for k := range row.Secondary {
			if row.Secondary[k].IP == p {
				row.Secondary[k].Public = a
			}
		}
		e := &model.ElasticIP{ID: id, Owned: row.Owned, PublicIP: a, Association: ids.New(ids.AddressAssoc), Interface: eni, PrivateIP: p}
		return errors.Join(store.Interfaces.Put(tx, &row), store.ElasticIPs.Put(tx, e))
	})
	return id
}

func TestInterfaceLife(t *testing.T) {
	c := newCloud(t)
	subnet, web := c.defaultSubnet(zoneA), c.group("web")
	address := c.subnetAddress(subnet, 77)
	made := c.eni(subnet, "Description", "second", "SecurityGroupId.1", web, "PrivateIpAddress", address, "TagSpecification.1.ResourceType", "network-interface", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "nic")
	id := *made.NetworkInterfaceId
	if *made.Status != "available" || *made.PrivateIpAddress != address || *made.Description != "second" || !*made.SourceDestCheck || *made.RequesterManaged ||
		*made.InterfaceType != "interface" || made.Attachment != nil || *made.Groups[0].GroupId != web || len(made.TagSet) != 1 || !strings.HasPrefix(*made.MacAddress, "02:") {
		t.Errorf("made %+v", made)
	}
	instance := c.running("InstanceType", "t3.small")
	attached := ok[gen.AttachNetworkInterfaceResult](c, "AttachNetworkInterface", "NetworkInterfaceId", id, "InstanceId", instance, "DeviceIndex", "2")
	c.wantAttachment(id, "in-use attaching")
	c.fails("InvalidParameterValue", "is currently in use", "DeleteNetworkInterface", "NetworkInterfaceId", id)
	c.report(instance, model.PhaseRunning, "")
	c.wantAttachment(id, "in-use attached")
	shown := c.showENI(id)
	if at := shown.Attachment; *shown.Status != "in-use" || *at.AttachmentId != *attached.AttachmentId || *at.InstanceId != instance || *at.DeviceIndex != 2 || *at.Status != "attached" || *at.DeleteOnTermination {
		t.Errorf("attached %+v", shown)
	}
	if got := c.describe(instance).NetworkInterfaces; len(got) != 2 || *got[0].Attachment.DeviceIndex != 0 || *got[1].NetworkInterfaceId != id {
		t.Errorf("the instance has %+v", got)
	}
	third := *c.eni(subnet).NetworkInterfaceId
	ok[gen.AttachNetworkInterfaceResult](c, "AttachNetworkInterface", "NetworkInterfaceId", third, "InstanceId", instance, "DeviceIndex", "1")
	if got := c.row(instance).Interfaces; len(got) != 3 || got[1] != third || got[2] != id {
		t.Errorf("the row has %v, want %s before %s", got, third, id)
	}
	c.fails("InvalidParameterValue", "is currently in use", "DeleteNetworkInterface", "NetworkInterfaceId", id)
	detach := []string{"AttachmentId", *attached.AttachmentId}
	ok[gen.DetachNetworkInterfaceResult](c, "DetachNetworkInterface", detach...)
	ok[gen.DetachNetworkInterfaceResult](c, "DetachNetworkInterface", append(detach, "Force", "true")...)
	c.wantAttachment(id, "in-use detaching")
	c.fails("InvalidParameterValue", "is currently in use", "DeleteNetworkInterface", "NetworkInterfaceId", id)
	c.fails("InvalidNetworkInterface.InUse", id, "AttachNetworkInterface", "NetworkInterfaceId", id, "InstanceId", instance, "DeviceIndex", "2")
	c.fails("InvalidParameterValue", "device index '2'", "AttachNetworkInterface", "NetworkInterfaceId", *c.eni(subnet).NetworkInterfaceId, "InstanceId", instance, "DeviceIndex", "2")
	if by := c.enis("Filter.1.Name", "attachment.status", "Filter.1.Value.1", "detaching"); by != id {
		t.Errorf("detaching are %s", by)
	}
	c.report(instance, model.PhaseRunning, "")
	if shown := c.showENI(id); *shown.Status != "available" || shown.Attachment != nil || len(c.row(instance).Interfaces) != 2 {
		t.Errorf("detached %+v", shown)
	}
	c.fails("InvalidAttachmentID.NotFound", *attached.AttachmentId, "DetachNetworkInterface", "AttachmentId", *attached.AttachmentId)
	ok[gen.DeleteNetworkInterfaceResult](c, "DeleteNetworkInterface", "NetworkInterfaceId", id)
	c.fails("InvalidNetworkInterfaceID.NotFound", id, "DescribeNetworkInterfaces", "NetworkInterfaceId.1", id)
	again := c.eni(subnet, "PrivateIpAddress", address) // free again
	at := ok[gen.AttachNetworkInterfaceResult](c, "AttachNetworkInterface", "NetworkInterfaceId", *again.NetworkInterfaceId, "InstanceId", c.stopped(), "DeviceIndex", "1")
	c.wantAttachment(*again.NetworkInterfaceId, "in-use attached")
	ok[gen.DetachNetworkInterfaceResult](c, "DetachNetworkInterface", "AttachmentId", *at.AttachmentId)
	c.wantAttachment(*again.NetworkInterfaceId, "available")
}

// wantAttachment holds an interface's status and its attachment's against what they should
// be, in every place that shows them.
func (c *cloud) wantAttachment(eni, want string) {
	c.t.Helper()
	shown := c.showENI(eni)
	got := *shown.Status
	if at := shown.Attachment; at != nil {
		got += " " + *at.Status
		for _, n := range c.describe(*at.InstanceId).NetworkInterfaces {
			if *n.NetworkInterfaceId == eni && *n.Status+" "+*n.Attachment.Status != want {
				c.t.Errorf("by its instance %s is %s %s, want %s", eni, *n.Status, *n.Attachment.Status, want)
			}
		}
	}
	if got != want {
		c.t.Errorf("%s is %s, want %s", eni, got, want)
	}
}

// enis are the ids of the interfaces that DescribeNetworkInterfaces shows.
func (c *cloud) enis(params ...string) string {
	c.t.Helper()
	return list(ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces", params...).NetworkInterfaces, func(n *gen.NetworkInterface) string { return *n.NetworkInterfaceId })
}

// An instance's own interfaces are on their way as long as it is pending.
func TestInterfacesOfALaunchArrive(t *testing.T) {
	c := newCloud(t)
	made := c.reserve().Instances[0]
	eni := *made.NetworkInterfaces[0].NetworkInterfaceId
	if s := *made.NetworkInterfaces[0].Attachment.Status; s != "attaching" {
		t.Errorf("RunInstances shows %s", s)
	}
	c.wantAttachment(eni, "in-use attaching")
	c.report(*made.InstanceId, model.PhaseRunning, "")
	c.wantAttachment(eni, "in-use attached")
}

func TestInterfacesThatCannotBeAttached(t *testing.T) {
	c := newCloud(t)
	c.host("host-b1", zoneB, 64, 65536)
	subnet := c.defaultSubnet(zoneA)
	instance := c.running() // t3.micro: two interfaces of two addresses
	free, elsewhere, nat := *c.eni(subnet).NetworkInterfaceId, *c.eni(c.defaultSubnet(zoneB)).NetworkInterfaceId, c.natInterface(subnet)
	many := *c.eni(subnet, "SecondaryPrivateIpAddressCount", "2").NetworkInterfaceId
	pending := c.run()
	terminated := c.running()
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", terminated)
	primary := *c.describe(instance).NetworkInterfaces[0].NetworkInterfaceId
	attach := func(eni, i, index string) []string {
		return []string{"NetworkInterfaceId", eni, "InstanceId", i, "DeviceIndex", index}
	}
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameterValue", "already has an interface attached at device index '0'", attach(free, instance, "0")},
		{"InvalidParameterValue", "Device index 2 exceeds the limit for t3.micro", attach(free, instance, "2")},
		{"InvalidParameterValue", "deviceIndex", attach(free, instance, "-1")},
		{"InvalidParameterCombination", "same availability zone", attach(elsewhere, instance, "1")},
		{"InvalidNetworkInterface.InUse", primary, attach(primary, instance, "1")},
		{"AuthFailure", "permission", attach(nat, instance, "1")},
		{"PrivateIpAddressLimitExceeded", "exceed limit", attach(many, instance, "1")},
		{"IncorrectInstanceState", "pending", attach(free, pending, "1")},
		{"IncorrectInstanceState", "shutting-down", attach(free, terminated, "1")},
		{"InvalidInstanceID.NotFound", "i-00000000000000000", attach(free, "i-00000000000000000", "1")},
		{"InvalidNetworkInterfaceID.NotFound", "eni-00000000000000000", attach("eni-00000000000000000", instance, "1")},
		{"InvalidNetworkInterfaceId.Malformed", "eni-x", attach("eni-x", instance, "1")},
		{"InvalidParameterValue", "network card", append(attach(free, instance, "1"), "NetworkCardIndex", "1")},
	} {
		c.fails(tt.code, tt.says, "AttachNetworkInterface", tt.params...)
	}
	ok[gen.AttachNetworkInterfaceResult](c, "AttachNetworkInterface", attach(free, instance, "1")...)
	c.fails("AttachmentLimitExceeded", "Interface count 3 exceeds the limit for t3.micro", "AttachNetworkInterface", attach(*c.eni(subnet).NetworkInterfaceId, instance, "5")...)

	c.fails("OperationNotPermitted", "device index 0", "DetachNetworkInterface", "AttachmentId", *c.showENI(primary).Attachment.AttachmentId)
	service := c.showENI(nat)
	if *service.InterfaceType != "nat_gateway" || !*service.RequesterManaged || *service.Status != "in-use" || *service.RequesterId != me || *service.Attachment.InstanceOwnerId != "amazon-aws" {
		t.Errorf("a NAT gateway's is %+v", service)
	}
	c.fails("OperationNotPermitted", "ela-attach", "DetachNetworkInterface", "AttachmentId", *service.Attachment.AttachmentId)
	c.fails("AuthFailure", "permission", "DeleteNetworkInterface", "NetworkInterfaceId", nat)
	c.fails("AuthFailure", "permission", "ModifyNetworkInterfaceAttribute", "NetworkInterfaceId", nat, "Description.Value", "mine")
	c.fails("AuthFailure", "permission", "ResetNetworkInterfaceAttribute", "NetworkInterfaceId", nat, "SourceDestCheck", "true")
	c.fails("AuthFailure", "permission", "AssignPrivateIpAddresses", "NetworkInterfaceId", nat, "SecondaryPrivateIpAddressCount", "1")
	c.fails("AuthFailure", "permission", "RunInstances", c.launch("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.NetworkInterfaceId", nat)...)
	c.fails("InvalidNetworkInterfaceAttachmentId.Malformed", "eni-attach-1", "DetachNetworkInterface", "AttachmentId", "eni-attach-1")
}

func TestInterfaceAttributes(t *testing.T) {
	c := newCloud(t)
	subnet, web := c.defaultSubnet(zoneA), c.group("web")
	instance := c.running()
	id := *c.describe(instance).NetworkInterfaces[0].NetworkInterfaceId
	attachment := *c.showENI(id).Attachment.AttachmentId
	modify := func(params ...string) {
		t.Helper()
		ok[gen.ModifyNetworkInterfaceAttributeResult](c, "ModifyNetworkInterfaceAttribute", append([]string{"NetworkInterfaceId", id}, params...)...)
	}
	get := func(attribute string) *gen.DescribeNetworkInterfaceAttributeResult {
		t.Helper()
		return ok[gen.DescribeNetworkInterfaceAttributeResult](c, "DescribeNetworkInterfaceAttribute", "NetworkInterfaceId", id, "Attribute", attribute)
	}
	modify("Description.Value", "new text")
	modify("SecurityGroupId.1", web)
	modify("SourceDestCheck.Value", "false")
	modify("Attachment.AttachmentId", attachment, "Attachment.DeleteOnTermination", "false")
	if got := get("description").Description; *got.Value != "new text" {
		t.Errorf("description %+v", got)
	}
	if got := get("groupSet").Groups; len(got) != 1 || *got[0].GroupId != web {
		t.Errorf("groups %+v", got)
	}
	if got := get("sourceDestCheck"); *got.SourceDestCheck.Value || got.Description != nil || got.Attachment != nil {
		t.Errorf("sourceDestCheck %+v", got)
	}
	if got := get("attachment").Attachment; *got.DeleteOnTermination || *got.AttachmentId != attachment {
		t.Errorf("attachment %+v", got)
	}
	ok[gen.ResetNetworkInterfaceAttributeResult](c, "ResetNetworkInterfaceAttribute", "NetworkInterfaceId", id, "SourceDestCheck", "true")
	if !*get("sourceDestCheck").SourceDestCheck.Value {
		t.Error("sourceDestCheck was not reset")
	}
	if !*get("associatePublicIpAddress").AssociatePublicIpAddress || c.showENI(id).Association == nil {
		t.Error("the default subnet gives no public address")
	}
	modify("AssociatePublicIpAddress", "false")
	if *get("associatePublicIpAddress").AssociatePublicIpAddress || c.showENI(id).Association != nil {
		t.Error("the public address stays")
	}
	modify("AssociatePublicIpAddress", "true")
	if c.showENI(id).Association == nil {
		t.Error("a running instance got no public address")
	}
	free := *c.eni(subnet).NetworkInterfaceId
	foreign := c.as(other, region).group("theirs")
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameterCombination", "No attributes specified", []string{"NetworkInterfaceId", id}},
		{"InvalidParameterCombination", "multiple attribute types", []string{"NetworkInterfaceId", id, "Description.Value", "x", "SourceDestCheck.Value", "true"}},
		{"InvalidAttachmentID.NotFound", attachment, []string{"NetworkInterfaceId", free, "Attachment.AttachmentId", attachment, "Attachment.DeleteOnTermination", "true"}},
		{"InvalidGroup.NotFound", foreign, []string{"NetworkInterfaceId", id, "SecurityGroupId.1", foreign}},
		{"InvalidParameterCombination", "Elastic IP", []string{"NetworkInterfaceId", free, "AssociatePublicIpAddress", "true"}},
		{"InvalidParameterValue", "at most 255", []string{"NetworkInterfaceId", id, "Description.Value", strings.Repeat("x", 256)}},
	} {
		c.fails(tt.code, tt.says, "ModifyNetworkInterfaceAttribute", tt.params...)
	}
	six := []string{"NetworkInterfaceId", id}
	for n := range 6 {
		six = append(six, fmt.Sprintf("SecurityGroupId.%d", n+1), c.group(fmt.Sprintf("g%d", n)))
	}
	c.fails("SecurityGroupsPerInterfaceLimitExceeded", "has been reached.", "ModifyNetworkInterfaceAttribute", six...)
	c.fails("InvalidParameterValue", "Attribute", "DescribeNetworkInterfaceAttribute", "NetworkInterfaceId", id, "Attribute", "magic")
	c.fails("MissingParameter", "sourceDestCheck", "ResetNetworkInterfaceAttribute", "NetworkInterfaceId", id)
}

func TestSecondaryAddresses(t *testing.T) {
	c := newCloud(t)
	subnet := c.defaultSubnet(zoneA)
	at := func(n int) string { return c.subnetAddress(subnet, n) }
	a := *c.eni(subnet, "PrivateIpAddresses.1.PrivateIpAddress", at(10), "PrivateIpAddresses.1.Primary", "true", "PrivateIpAddresses.2.PrivateIpAddress", at(11)).NetworkInterfaceId
	b := *c.eni(subnet, "PrivateIpAddress", at(20)).NetworkInterfaceId
	if got := c.privates(a); got != at(10)+" "+at(11) {
		t.Fatalf("made with %s", got)
	}
	out := ok[gen.AssignPrivateIpAddressesResult](c, "AssignPrivateIpAddresses", "NetworkInterfaceId", a, "PrivateIpAddress.1", at(12), "PrivateIpAddress.2", at(13))
	if got := list(out.AssignedPrivateIpAddresses, func(x *gen.AssignedPrivateIpAddress) string { return *x.PrivateIpAddress }); got != at(12)+" "+at(13) || *out.NetworkInterfaceId != a {
		t.Errorf("assigned %s", got)
	}
	out = ok[gen.AssignPrivateIpAddressesResult](c, "AssignPrivateIpAddresses", "NetworkInterfaceId", b, "SecondaryPrivateIpAddressCount", "2")
	if len(out.AssignedPrivateIpAddresses) != 2 || len(c.showENI(b).PrivateIpAddresses) != 3 {
		t.Errorf("assigned %+v", out)
	}
	c.fails("InvalidParameterValue", "["+at(12)+"] assigned, but move is not allowed.", "AssignPrivateIpAddresses", "NetworkInterfaceId", b, "PrivateIpAddress.1", at(12))
	allocation := c.elastic(a, at(12), "100.126.0.200")
	ok[gen.AssignPrivateIpAddressesResult](c, "AssignPrivateIpAddresses", "NetworkInterfaceId", b, "PrivateIpAddress.1", at(12), "AllowReassignment", "true")
	if got := c.privates(a); got != at(10)+" "+at(11)+" "+at(13) {
		t.Errorf("after the move, %s", got)
	}
	moved := c.showENI(b).PrivateIpAddresses[3]
	if *moved.PrivateIpAddress != at(12) || *moved.Primary || moved.Association == nil || *moved.Association.AllocationId != allocation || *moved.Association.IpOwnerId != me {
		t.Errorf("moved %+v with %+v", moved, moved.Association)
	}
	if e := store.ElasticIPs.Get(c.db.Stale(), allocation); e.Interface != b || e.PrivateIP.String() != at(12) {
		t.Errorf("the Elastic IP is at %+v", e)
	}
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameterValue", "primary", []string{"PrivateIpAddress.1", at(20), "AllowReassignment", "true"}},
		{"InvalidParameterValue", "primary", []string{"PrivateIpAddress.1", at(10), "AllowReassignment", "true"}},
		{"InvalidParameterValue", "range", []string{"PrivateIpAddress.1", "10.9.9.9"}},
		{"InvalidParameterValue", "reserved", []string{"PrivateIpAddress.1", at(2)}},
		{"InvalidParameterValue", "more than once", []string{"PrivateIpAddress.1", at(30), "PrivateIpAddress.2", at(30)}},
		{"InvalidParameterCombination", "cannot be used", []string{"PrivateIpAddress.1", at(30), "SecondaryPrivateIpAddressCount", "1"}},
		{"MissingParameter", "provided", nil},
		{"InvalidParameterValue", "greater than 0", []string{"SecondaryPrivateIpAddressCount", "0"}},
		{"PrivateIpAddressLimitExceeded", "exceed limit", []string{"SecondaryPrivateIpAddressCount", "60"}},
		{"UnsupportedOperation", "prefixes", []string{"Ipv4PrefixCount", "1"}},
	} {
		c.fails(tt.code, tt.says, "AssignPrivateIpAddresses", append([]string{"NetworkInterfaceId", a}, tt.params...)...)
	}
	c.fails("InvalidParameterValue", "primary", "UnassignPrivateIpAddresses", "NetworkInterfaceId", b, "PrivateIpAddress.1", at(20))
	c.fails("InvalidParameterValue", "not assigned to interface "+b, "UnassignPrivateIpAddresses", "NetworkInterfaceId", b, "PrivateIpAddress.1", at(12), "PrivateIpAddress.2", at(13))
	ok[gen.UnassignPrivateIpAddressesResult](c, "UnassignPrivateIpAddresses", "NetworkInterfaceId", b, "PrivateIpAddress.1", at(12))
	if e := store.ElasticIPs.Get(c.db.Stale(), allocation); e.Interface != "" || e.Association != "" || e.PrivateIP.IsValid() {
		t.Errorf("the Elastic IP of an address that went is %+v", e)
	}
	second := c.elastic(b, at(20), "100.127.0.201")
	ok[gen.DeleteNetworkInterfaceResult](c, "DeleteNetworkInterface", "NetworkInterfaceId", b)
	if e := store.ElasticIPs.Get(c.db.Stale(), second); e == nil || e.Interface != "" {
		t.Errorf("the Elastic IP of an interface that went is %+v", e)
	}
}

func TestRunInstancesWithSeveralInterfaces(t *testing.T) {
	c := newCloud(t)
	subnet, web := c.defaultSubnet(zoneA), c.group("web")
	at := func(n int) string { return c.subnetAddress(subnet, n) }
	existing := *c.eni(subnet, "PrivateIpAddress", at(40)).NetworkInterfaceId
	id := c.run("InstanceType", "t3.small",
		"NetworkInterface.1.DeviceIndex", "2", "NetworkInterface.1.NetworkInterfaceId", existing, "NetworkInterface.1.DeleteOnTermination", "false",
		"NetworkInterface.2.DeviceIndex", "0", "NetworkInterface.2.SubnetId", subnet, "NetworkInterface.2.PrivateIpAddresses.1.PrivateIpAddress", at(50), "NetworkInterface.2.PrivateIpAddresses.1.Primary", "true", "NetworkInterface.2.PrivateIpAddresses.2.PrivateIpAddress", at(51),
		"NetworkInterface.3.DeviceIndex", "1", "NetworkInterface.3.SubnetId", subnet, "NetworkInterface.3.SecondaryPrivateIpAddressCount", "2", "NetworkInterface.3.SecurityGroupId.1", web, "NetworkInterface.3.DeleteOnTermination", "true")
	i := c.describe(id)
	got := list(i.NetworkInterfaces, func(n *gen.InstanceNetworkInterface) string {
		return fmt.Sprint(*n.Attachment.DeviceIndex, len(n.PrivateIpAddresses), *n.Attachment.DeleteOnTermination)
	})
	if got != "0 2 true 1 3 true 2 1 false" || *i.PrivateIpAddress != at(50) || *i.NetworkInterfaces[0].PrivateIpAddresses[1].PrivateIpAddress != at(51) || *i.NetworkInterfaces[1].Groups[0].GroupId != web {
		t.Errorf("launched with %s, %+v", got, i)
	}
	for filter, want := range map[string]string{"network-interface.addresses.private-ip-address": at(51), "network-interface.network-interface-id": existing, "network-interface.attachment.device-index": "2"} {
		if got := c.ids("Filter.1.Name", filter, "Filter.1.Value.1", want); len(got) != 1 {
			t.Errorf("%s=%s finds %v", filter, want, got)
		}
	}
	c.fails("InvalidIPAddress.InUse", at(51), "RunInstances", c.launch("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", subnet, "NetworkInterface.1.PrivateIpAddresses.1.PrivateIpAddress", at(51), "NetworkInterface.1.PrivateIpAddresses.1.Primary", "true")...)
	c.report(id, model.PhaseRunning, "")
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id)
	c.report(id, model.PhaseReleased, model.EndAsked)
	left := ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces").NetworkInterfaces
	if len(left) != 1 || *left[0].NetworkInterfaceId != existing || *left[0].Status != "available" {
		t.Errorf("after the end there are %s", list(left, func(n *gen.NetworkInterface) string { return *n.NetworkInterfaceId }))
	}
}

// TestInterfaceFilters looks for each of a few interfaces by every filter, and wants that
// one and no other where the value is its own.
func TestInterfaceFilters(t *testing.T) {
	c := newCloud(t)
	subnet, web := c.defaultSubnet(zoneA), c.group("web")
	instance := c.running()
	primary := c.showENI(*c.describe(instance).NetworkInterfaces[0].NetworkInterfaceId)
	nat := c.natInterface(subnet)
	free := c.eni(subnet, "Description", "alone", "SecurityGroupId.1", web, "SecondaryPrivateIpAddressCount", "1", "TagSpecification.1.ResourceType", "network-interface", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "nic")
	id, second := *free.NetworkInterfaceId, *free.PrivateIpAddresses[1].PrivateIpAddress
	allocation := c.elastic(id, second, "100.126.0.200") // no address of the pool, which others take from
	free = c.showENI(id)
	ok[gen.ModifyNetworkInterfaceAttributeResult](c, "ModifyNetworkInterfaceAttribute", "NetworkInterfaceId", id, "SourceDestCheck.Value", "false")
	gateway := ""
	for g := range store.NATGateways.List(c.db.Stale()) {
		gateway = g.ID
	}
	p := *primary.NetworkInterfaceId
	for _, tt := range []struct{ filter, value, want string }{
		{"association.allocation-id", allocation, id}, {"association.association-id", *free.PrivateIpAddresses[1].Association.AssociationId, id},
		{"association.public-ip", "100.126.0.200", id}, {"addresses.association.public-ip", *primary.Association.PublicIp, p},
		{"association.ip-owner-id", me, id}, {"association.ip-owner-id", "amazon", p}, {"addresses.association.owner-id", me, id},
		{"association.public-dns-name", *primary.Association.PublicDnsName, p},
		{"addresses.primary", "false", id}, {"addresses.private-ip-address", second, id}, {"private-ip-address", second, id}, {"private-ip-address", *primary.PrivateIpAddress, p},
		{"attachment.attachment-id", *primary.Attachment.AttachmentId, p}, {"attachment.delete-on-termination", "true", p}, {"attachment.device-index", "0", p},
		{"attachment.instance-id", instance, p}, {"attachment.instance-owner-id", me, p}, {"attachment.instance-owner-id", "amazon-aws", nat}, {"attachment.nat-gateway-id", gateway, nat},
		{"attachment.status", "attached", p + " " + nat}, {"attachment.attach-time", "*Z", p},
		{"availability-zone", zoneA, p + " " + nat + " " + id}, {"availability-zone", zoneB, ""}, {"availability-zone-id", "*", p + " " + nat + " " + id},
		{"description", "alone", id}, {"group-id", web, id}, {"group-name", "web", id}, {"interface-type", "nat_gateway", nat},
		{"ipv6-addresses.ipv6-address", "*", ""}, {"mac-address", *free.MacAddress, id}, {"network-interface-id", id, id}, {"operator.managed", "true", ""},
		{"owner-id", me, p + " " + nat + " " + id}, {"owner-id", other, ""}, {"private-dns-name", *free.PrivateDnsName, id},
		{"requester-id", me, nat}, {"requester-managed", "true", nat}, {"source-dest-check", "false", id}, {"status", "available", id}, {"status", "in-use", p + " " + nat},
		{"subnet-id", subnet, p + " " + nat + " " + id}, {"tag:Name", "nic", id}, {"tag-key", "Name", id}, {"vpc-id", *free.VpcId, p + " " + nat + " " + id},
	} {
		out := ok[gen.DescribeNetworkInterfacesResult](c, "DescribeNetworkInterfaces", "Filter.1.Name", tt.filter, "Filter.1.Value.1", tt.value)
		got := strings.Fields(list(out.NetworkInterfaces, func(n *gen.NetworkInterface) string { return *n.NetworkInterfaceId }))
		want := strings.Fields(tt.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s=%s finds %v, want %v", tt.filter, tt.value, got, want)
		}
	}
	c.fails("InvalidParameterValue", "invalid", "DescribeNetworkInterfaces", "Filter.1.Name", "colour", "Filter.1.Value.1", "blue")
}

// TestAddressesHaveOneHolder does random things with interfaces: no two hold an address,
// an attached one is in its instance's list, and a subnet's free addresses add up.
func TestAddressesHaveOneHolder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCloud(t)
		var subnet string
		c.update(func(tx *store.Tx) error {
			var vpc string
			for v := range store.VPCs.By(tx, "account", me) {
				vpc = v.ID
			}
			subnet = ids.New(ids.Subnet)
			return store.Subnets.Put(tx, &model.Subnet{ID: subnet, Owned: model.Owned{Account: me, Region: region}, VPC: vpc, Zone: zoneA, CIDR: netip.MustParsePrefix("172.31.200.0/27"), VNI: 4095})
		})
		instances := []string{c.running("InstanceType", "t3.small"), c.stopped("InstanceType", "t3.small")}
		address := rapid.Custom(func(t *rapid.T) string { return c.subnetAddress(subnet, rapid.IntRange(0, 33).Draw(t, "address")) })
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			var enis, attachments []string
			for n := range store.Interfaces.By(c.db.Stale(), "subnet", subnet) {
				enis = append(enis, n.ID)
				if n.AttachmentID != "" {
					attachments = append(attachments, n.AttachmentID)
				}
			}
			eni := "eni-00000000000000000"
			if len(enis) > 0 {
				eni = rapid.SampledFrom(enis).Draw(rt, "interface")
			}
			switch rapid.IntRange(0, 7).Draw(rt, "what") {
			case 0:
				_, _, _ = c.raw("CreateNetworkInterface", "SubnetId", subnet, "SecondaryPrivateIpAddressCount", strconv.Itoa(rapid.IntRange(0, 4).Draw(rt, "count")))
			case 1:
				_, _, _ = c.raw("CreateNetworkInterface", "SubnetId", subnet, "PrivateIpAddress", address.Draw(rt, "primary"), "PrivateIpAddresses.1.PrivateIpAddress", address.Draw(rt, "second"))
			case 2:
				_, _, _ = c.raw("AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "PrivateIpAddress.1", address.Draw(rt, "a"), "PrivateIpAddress.2", address.Draw(rt, "b"), "AllowReassignment", strconv.FormatBool(rapid.Bool().Draw(rt, "move")))
			case 3:
				_, _, _ = c.raw("AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "2")
			case 4:
				_, _, _ = c.raw("UnassignPrivateIpAddresses", "NetworkInterfaceId", eni, "PrivateIpAddress.1", address.Draw(rt, "gone"))
			case 5:
				_, _, _ = c.raw("DeleteNetworkInterface", "NetworkInterfaceId", eni)
			case 6:
				_, _, _ = c.raw("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", rapid.SampledFrom(instances).Draw(rt, "instance"), "DeviceIndex", strconv.Itoa(rapid.IntRange(0, 3).Draw(rt, "index")))
			case 7:
				if len(attachments) > 0 {
					_, _, _ = c.raw("DetachNetworkInterface", "AttachmentId", rapid.SampledFrom(attachments).Draw(rt, "attachment"))
				}
			}
			holdsOnce(rt, c, subnet)
		}
	})
}

func holdsOnce(t *rapid.T, c *cloud, subnet string) {
	holder, attached := map[netip.Addr]string{}, map[string]string{}
	for n := range store.Interfaces.By(c.db.Stale(), "subnet", subnet) {
		for _, a := range n.PrivateIPs() {
			if holder[a] != "" {
				t.Fatalf("%s is %s's and %s's", a, holder[a], n.ID)
			}
			holder[a] = n.ID
		}
		if n.Instance != "" {
			attached[n.ID] = n.Instance
		}
	}
	if got := *ok[gen.DescribeSubnetsResult](c, "DescribeSubnets", "SubnetId.1", subnet).Subnets[0].AvailableIpAddressCount; int(got) != 27-len(holder) {
		t.Fatalf("%d of 27 are held, and %d free", len(holder), got)
	}
	for i := range store.Instances.List(c.db.Stale()) {
		at := -1
		for _, id := range i.Interfaces {
			n := store.Interfaces.Get(c.db.Stale(), id)
			if n == nil || n.Instance != i.ID || n.DeviceIndex <= at {
				t.Fatalf("%s lists %v, where %+v is out of place", i.ID, i.Interfaces, n)
			}
			at = n.DeviceIndex
			delete(attached, id)
		}
	}
	if len(attached) > 0 {
		t.Fatalf("%v are attached and not listed", attached)
	}
}
