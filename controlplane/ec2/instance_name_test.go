package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// names is what DescribeInstances says of an instance's names.
func (c *cloud) names(id string) string {
	c.t.Helper()
	i := c.describe(id)
	record := "no"
	if *i.PrivateDnsNameOptions.EnableResourceNameDnsARecord {
		record = "yes"
	}
	return *i.PrivateDnsNameOptions.HostnameType + " " + record + " " + *i.PrivateDnsName
}

func (c *cloud) wantNames(id, want string) {
	c.t.Helper()
	if got := c.names(id); got != want {
		c.t.Errorf("%s is named %q, want %q", id, got, want)
	}
}

// An instance is named as its subnet says, or its launch, until it is changed.
func TestInstanceNames(t *testing.T) {
	c := newCloud(t)
	s := c.defaultSubnet(zoneA)
	const domain = ".eu-central-1.compute.internal"
	byIP := func(id string) string { return model.PrivateHostname(c.primaryOf(id).PrivateIP) + domain }
	plain := c.running()
	c.wantNames(plain, "ip-name no "+byIP(plain))

	modify := func(params ...string) {
		t.Helper()
		ok[gen.ModifySubnetAttributeResult](c, "ModifySubnetAttribute", append([]string{"SubnetId", s}, params...)...)
	}
	modify("PrivateDnsHostnameTypeOnLaunch", "resource-name")
	modify("EnableResourceNameDnsARecordOnLaunch.Value", "true")
	c.wantNames(plain, "ip-name no "+byIP(plain)) // its launch was before
	id := c.running("SubnetId", s)
	c.wantNames(id, "resource-name yes "+id+domain)
	if got := c.row(id).HostPrivateDNS; got != id {
		t.Errorf("its guest is called %s", got)
	}
	asked := c.running("SubnetId", s, "PrivateDnsNameOptions.HostnameType", "ip-name", "PrivateDnsNameOptions.EnableResourceNameDnsARecord", "false")
	c.wantNames(asked, "ip-name no "+byIP(asked))
	for filter, want := range map[string]string{
		"private-dns-name=" + id + domain: id, "private-dns-name=" + byIP(plain): plain, "private-dns-name=" + byIP(id): "",
		"private-dns-name-options.hostname-type=resource-name": id, "private-dns-name-options.enable-resource-name-dns-a-record=true": id,
	} {
		if got := c.filtered(filter); got != want {
			t.Errorf("%s finds %q, want %q", filter, got, want)
		}
	}

	c.fails("MissingParameter", "", "ModifyPrivateDnsNameOptions", "InstanceId", id)
	c.fails("InvalidParameterValue", "HostnameType", "RunInstances", c.launch("PrivateDnsNameOptions.HostnameType", "nick-name")...)
	c.fails("IncorrectInstanceState", "stopped", "ModifyPrivateDnsNameOptions", "InstanceId", plain, "PrivateDnsHostnameType", "resource-name")
	change := func(id string, params ...string) {
		t.Helper()
		ok[gen.ModifyPrivateDnsNameOptionsResult](c, "ModifyPrivateDnsNameOptions", append([]string{"InstanceId", id}, params...)...)
	}
	change(plain, "PrivateDnsHostnameType", "ip-name", "EnableResourceNameDnsARecord", "true") // of one that runs, as its kind stays
	c.wantNames(plain, "ip-name yes "+byIP(plain))
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", plain)
	c.report(plain, model.PhaseReleased, model.EndAsked)
	change(plain, "PrivateDnsHostnameType", "resource-name")
	c.wantNames(plain, "resource-name yes "+plain+domain)
	if got := c.row(plain).HostPrivateDNS; got != plain {
		t.Errorf("its guest will be called %s", got)
	}
}

// filtered are the ids of the instances that a filter, name=value, finds.
func (c *cloud) filtered(filter string) string {
	c.t.Helper()
	name, value, _ := strings.Cut(filter, "=")
	return strings.Join(c.ids("Filter.1.Name", name, "Filter.1.Value.1", value), " ")
}

// primaryOf is the row of an instance's primary interface.
func (c *cloud) primaryOf(id string) *model.Interface {
	return store.Interfaces.Get(c.db.Stale(), c.row(id).Interfaces[0])
}

// An instance of a program before this one has its subnet's A record, and its address's name.
func TestNamesOfAnOldRow(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	c.update(func(tx *store.Tx) error {
		i, s := *store.Instances.Get(tx, id), *store.Subnets.Get(tx, c.row(id).SubnetID)
		i.Hostname, i.ARecord, s.ARecord = "", false, true
		if err := store.Instances.Put(tx, &i); err != nil {
			return err
		}
		return store.Subnets.Put(tx, &s)
	})
	c.wantNames(id, "ip-name yes "+model.PrivateHostname(c.primaryOf(id).PrivateIP)+".eu-central-1.compute.internal")
}

// A public address has a name where its VPC gives names, and an empty one elsewhere.
func TestPublicNamesAreTheVPCs(t *testing.T) {
	c := newCloud(t)
	id := c.running("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "true")
	eni := c.row(id).Interfaces[0]
	want := model.PublicHostname(c.primaryOf(id).PublicIP, region)
	for _, on := range []string{"true", "false"} {
		ok[gen.ModifyVpcAttributeResult](c, "ModifyVpcAttribute", "VpcId", c.row(id).VPCID, "EnableDnsHostnames.Value", on)
		if on == "false" {
			want = ""
		}
		i, n := c.describe(id), c.showENI(eni)
		for where, got := range map[string]*string{
			"instance": i.PublicDnsName, "its interface": i.NetworkInterfaces[0].Association.PublicDnsName, "its address": i.NetworkInterfaces[0].PrivateIpAddresses[0].Association.PublicDnsName,
			"interface": n.Association.PublicDnsName,
		} {
			if text(got) != want {
				t.Errorf("enableDnsHostnames %s, %s: %q, want %q", on, where, text(got), want)
			}
		}
		if *i.PublicIpAddress == "" {
			t.Error("the address is gone with its name")
		}
		if got := c.filtered("dns-name=ec2-*"); (got == id) != (want != "") {
			t.Errorf("enableDnsHostnames %s: by its name there is %q", on, got)
		}
	}
}
