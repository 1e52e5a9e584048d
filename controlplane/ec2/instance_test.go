package ec2_test

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func mustPrefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func change(c *gen.InstanceStateChange) string {
	return *c.PreviousState.Name + " to " + *c.CurrentState.Name
}

func TestStateChanges(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	stop := func(params ...string) string {
		return list(ok[gen.StopInstancesResult](c, "StopInstances", append(params, "InstanceId.1", id)...).StoppingInstances, change)
	}
	start := func() string {
		return list(ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", id).StartingInstances, change)
	}
	want := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	want(start(), "running to running")
	want(stop(), "running to stopping")
	want(stop("Force", "true"), "stopping to stopping")
	if !c.row(id).ForceStop {
		t.Error("Force after a graceful stop did not count")
	}
	c.fails("IncorrectInstanceState", id, "StartInstances", "InstanceId.1", id)
	c.report(id, model.PhaseReleased, model.EndAsked)
	want(stop(), "stopped to stopped")
	i := c.describe(id)
	if *i.StateReason.Code != "Client.UserInitiatedShutdown" || !strings.HasPrefix(*i.StateTransitionReason, "User initiated (20") || !strings.HasSuffix(*i.StateTransitionReason, " GMT)") {
		t.Errorf("reason %v, transition %q", *i.StateReason.Code, *i.StateTransitionReason)
	}
	launched := *i.LaunchTime
	want(start(), "stopped to pending")
	if i = c.describe(id); !i.LaunchTime.After(launched) || *i.StateReason.Code != "pending" || *i.StateTransitionReason != "" {
		t.Errorf("after a start: %v %q %v", *i.StateReason.Code, *i.StateTransitionReason, *i.LaunchTime)
	}
	want(stop(), "pending to stopping") // a later start may be called off
	c.report(id, model.PhaseReleased, model.EndAsked)
	want(start(), "stopped to pending")
	c.report(id, model.PhaseRunning, "")
	if i = c.describe(id); i.StateReason != nil || *i.StateTransitionReason != "" {
		t.Errorf("a running instance has a reason: %v %q", i.StateReason, *i.StateTransitionReason)
	}
	got := ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id, "InstanceId.2", id)
	want(list(got.TerminatingInstances, change), "running to shutting-down")
	c.report(id, model.PhaseEnded, model.EndAsked)
	want(list(ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id).TerminatingInstances, change), "terminated to terminated")
	for _, action := range []string{"StartInstances", "StopInstances", "RebootInstances"} {
		c.fails("IncorrectInstanceState", id, action, "InstanceId.1", id)
	}
	i = c.describe(id)
	if i.SubnetId != nil || i.PrivateIpAddress != nil || len(i.NetworkInterfaces) != 0 || len(i.SecurityGroups) != 0 || len(i.BlockDeviceMappings) != 0 || *i.State.Code != 48 {
		t.Errorf("terminated, and yet %+v", i)
	}
}

func TestStateChangesThatAreRefused(t *testing.T) {
	c := newCloud(t)
	pending := c.run()
	c.fails("IncorrectInstanceState", "never reached the 'running' state", "StopInstances", "InstanceId.1", pending)
	c.fails("IncorrectInstanceState", "cannot be rebooted", "RebootInstances", "InstanceId.1", pending)
	guarded := c.running("DisableApiTermination", "true", "DisableApiStop", "true")
	c.fails("OperationNotPermitted", "disableApiTermination", "TerminateInstances", "InstanceId.1", pending, "InstanceId.2", guarded)
	c.fails("OperationNotPermitted", "disableApiStop", "StopInstances", "InstanceId.1", guarded)
	c.fails("UnsupportedHibernationConfiguration", "", "StopInstances", "InstanceId.1", c.running(), "Hibernate", "true")
	for _, action := range []string{"StartInstances", "StopInstances", "RebootInstances", "TerminateInstances", "DescribeInstances"} {
		c.fails("InvalidInstanceID.Malformed", "i-xyz", action, "InstanceId.1", "i-xyz")
		c.fails("InvalidInstanceID.NotFound", "'i-00000000000000000' does not exist", action, "InstanceId.1", pending, "InstanceId.2", "i-00000000000000000")
	}
	c.fails("MissingParameter", "", "StopInstances")
	for _, x := range []string{"GetConsoleOutput", "DescribeInstanceAttribute", "ResetInstanceAttribute", "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions"} {
		params := []string{"InstanceId", "i-00000000000000000"}
		switch x {
		case "DescribeInstanceAttribute", "ResetInstanceAttribute":
			params = append(params, "Attribute", "sourceDestCheck")
		case "ModifyInstanceAttribute":
			params = append(params, "DisableApiStop.Value", "true")
		}
		c.fails("InvalidInstanceID.NotFound", "", x, params...)
	}
}

func TestStartNeedsTheVolumesHost(t *testing.T) {
	c := newCloud(t)
	id := c.stopped()
	c.host("host-a2", zoneA, 64, 65536)
	c.update(func(tx *store.Tx) error {
		h := *store.Hosts.Get(tx, "host-a1")
		h.Up = false
		return store.Hosts.Put(tx, &h)
	})
	c.fails("InsufficientInstanceCapacity", "0 of 1 hosts that will do have room: 1 down", "StartInstances", "InstanceId.1", id)
}

func TestStopKeepsAddressAndVolume(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	before := c.describe(id)
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", id)
	c.report(id, model.PhaseReleased, model.EndAsked)
	ok[gen.StartInstancesResult](c, "StartInstances", "InstanceId.1", id)
	after := c.describe(id)
	if *before.PrivateIpAddress != *after.PrivateIpAddress || *before.BlockDeviceMappings[0].Ebs.VolumeId != *after.BlockDeviceMappings[0].Ebs.VolumeId || *before.NetworkInterfaces[0].MacAddress != *after.NetworkInterfaces[0].MacAddress {
		t.Error("a stop changed the address, the volume or the MAC")
	}
}

func TestReboot(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	ok[gen.RebootInstancesResult](c, "RebootInstances", "InstanceId.1", id)
	if got := c.row(id); got.RebootCount != 1 || got.Epoch != 1 {
		t.Errorf("reboot count %d, epoch %d", got.RebootCount, got.Epoch)
	}
	c.wantState(id, "running")
}

func TestGuestsOwnPoweroffAndFailure(t *testing.T) {
	c := newCloud(t)
	id := c.running("InstanceInitiatedShutdownBehavior", "terminate")
	c.report(id, model.PhaseStopping, "")
	if i := c.describe(id); *i.State.Name != "shutting-down" || *i.StateReason.Code != "Client.InstanceInitiatedShutdown" {
		t.Errorf("while the guest goes down: %s %+v", *i.State.Name, i.StateReason)
	}
	c.report(id, model.PhaseEnded, model.EndPoweroff)
	i := c.describe(id)
	if *i.State.Name != "terminated" || *i.StateReason.Code != "Client.InstanceInitiatedShutdown" || *i.StateReason.Message != "Client.InstanceInitiatedShutdown: Instance initiated shutdown" {
		t.Errorf("%s %+v", *i.State.Name, i.StateReason)
	}
	failed := c.run()
	c.report(failed, model.PhaseEnded, model.EndFailed)
	i = c.describe(failed)
	if *i.State.Name != "terminated" || *i.StateReason.Code != "Server.InternalError" || *i.StateTransitionReason != "Server.InternalError" {
		t.Errorf("%s %+v %q", *i.State.Name, i.StateReason, *i.StateTransitionReason)
	}
}

func TestDescribeInstancesGroupsByReservation(t *testing.T) {
	c := newCloud(t)
	first := c.reserve("MinCount", "3", "MaxCount", "3")
	second := c.reserve()
	out := ok[gen.DescribeInstancesResult](c, "DescribeInstances")
	if len(out.Reservations) != 2 {
		t.Fatalf("%d reservations", len(out.Reservations))
	}
	for _, r := range out.Reservations {
		want := map[string]int{*first.ReservationId: 3, *second.ReservationId: 1}[*r.ReservationId]
		if len(r.Instances) != want || r.Groups == nil {
			t.Errorf("reservation %s has %d instances, want %d", *r.ReservationId, len(r.Instances), want)
		}
	}
	c.fails("InvalidParameterCombination", "maxResults", "DescribeInstances", "MaxResults", "5", "InstanceId.1", *second.Instances[0].InstanceId)
	c.fails("InvalidParameterValue", "maxResults", "DescribeInstances", "MaxResults", "4")
	c.fails("InvalidParameterValue", "", "DescribeInstances", "Filter.1.Name", "colour", "Filter.1.Value.1", "red")
}

func TestDescribeInstancesPages(t *testing.T) {
	c := newCloud(t)
	c.reserve("MinCount", "12", "MaxCount", "12")
	var got []string
	params := []string{"MaxResults", "5"}
	for n := 0; ; n++ {
		out := ok[gen.DescribeInstancesResult](c, "DescribeInstances", params...)
		for _, r := range out.Reservations {
			for _, i := range r.Instances {
				got = append(got, *i.InstanceId)
			}
		}
		if out.NextToken == nil {
			break
		}
		if n == 0 {
			c.run() // rows change between pages
		}
		params = []string{"MaxResults", "5", "NextToken", *out.NextToken}
	}
	if len(got) < 12 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
		t.Errorf("pages gave %d instances, some twice or missing", len(got))
	}
}

// TestInstanceFilters has a value that matches the one instance, for every filter that
// can match, and one that does not.
func TestInstanceFilters(t *testing.T) {
	c := newCloud(t)
	ok[gen.KeyPair](c, "CreateKeyPair", "KeyName", "k", "KeyType", "ed25519")
	sg := c.group("web")
	id := c.running("KeyName", "k", "ClientToken", "tok", "SecurityGroup.1", "web", "Placement.AvailabilityZone", zoneA, "UserData", b64("x"),
		"TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", "web-1",
		"TagSpecification.2.ResourceType", "network-interface", "TagSpecification.2.Tag.1.Key", "net", "TagSpecification.2.Tag.1.Value", "front")
	c.run("InstanceType", "m5.large", "Placement.AvailabilityZone", zoneA) // another, which must not match
	i := c.describe(id)
	e := i.NetworkInterfaces[0]
	v := i.BlockDeviceMappings[0].Ebs
	stamp := func(x *time.Time) string { return x.UTC().Format("2006-01-02T15:04:05.000Z") }
	for name, value := range map[string]string{
		"client-token": "tok", "instance-id": id, "instance-state-code": "16", "instance-state-name": "running", "instance-type": "t3.m?cro",
		"key-name": "k", "private-ip-address": *i.PrivateIpAddress, "private-dns-name": *i.PrivateDnsName, "instance.group-id": sg,
		"instance.group-name": "we*", "block-device-mapping.volume-id": *v.VolumeId, "block-device-mapping.status": "attached",
		"dns-name": *i.PublicDnsName, "ip-address": text(i.PublicIpAddress), "network-interface.addresses.association.public-ip": text(i.PublicIpAddress),
		"network-interface.mac-address": *e.MacAddress, "network-interface.network-interface-id": *e.NetworkInterfaceId, "network-interface.group-id": sg,
		"network-interface.private-dns-name": *e.PrivateDnsName, "network-interface.attachment.attachment-id": *e.Attachment.AttachmentId, "network-interface.attachment.instance-id": id,
		"network-interface.tag-key": "net", "network-interface.tag-value": "front", "network-interface.addresses.private-ip-address": *i.PrivateIpAddress,
		"network-interface.public-dns-name": *i.PublicDnsName, "tag:Name": "web-*", "tag-key": "Name", "tag-value": "web-1",
	} {
		if value == "<nil>" || value == "" {
			continue // this subnet gives no public addresses
		}
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", value); len(got) != 1 || got[0] != id {
			t.Errorf("%s=%s gave %v, want %s alone", name, value, got, id)
		}
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", "nothing like it"); got != nil {
			t.Errorf("%s matches anything: %v", name, got)
		}
	}
	for name, value := range map[string]string{ // those that all instances share
		"architecture": "x86_64", "availability-zone": zoneA, "availability-zone-id": "euc1-az1", "hypervisor": "xen", "image-id": c.image, "owner-id": me, "root-device-name": "/dev/xvda",
		"root-device-type": "ebs", "subnet-id": *i.SubnetId, "vpc-id": *i.VpcId, "tenancy": "default", "virtualization-type": "hvm", "monitoring-state": "disabled", "source-dest-check": "true",
		"launch-index": "0", "metadata-options.http-tokens": "optional", "metadata-options.http-put-response-hop-limit": "1", "metadata-options.http-endpoint": "enabled",
		"metadata-options.instance-metadata-tags": "disabled", "block-device-mapping.delete-on-termination": "true", "block-device-mapping.device-name": "/dev/xvda", "ena-support": "true",
		"ebs-optimized": "false", "hibernation-options.configured": "false", "platform-details": "Linux/UNIX", "usage-operation": "RunInstances", "maintenance-options.auto-recovery": "default",
		"boot-mode": "legacy-bios", "current-instance-boot-mode": "legacy-bios", "network-interface.subnet-id": *i.SubnetId, "network-interface.vpc-id": *i.VpcId, "network-interface.status": "in-use",
		"network-interface.owner-id": me, "network-interface.attachment.device-index": "0", "network-interface.availability-zone": zoneA, "network-interface.source-dest-check": "true",
		"capacity-reservation-specification.capacity-reservation-preference": "open", "private-dns-name-options.hostname-type": "ip-name",
	} {
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", value); len(got) != 2 {
			t.Errorf("%s=%s gave %v, want both", name, value, got)
		}
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", "nothing like it"); got != nil {
			t.Errorf("%s matches anything: %v", name, got)
		}
	}
	for _, name := range []string{"affinity", "capacity-reservation-id", "host-id", "iam-instance-profile.arn", "instance-lifecycle", "ipv6-address", "kernel-id", "outpost-arn", "placement-group-name",
		"placement-partition-number", "platform", "product-code", "product-code.type", "ramdisk-id", "requester-id", "spot-instance-request-id", "tpm-support", "reason", "state-reason-code", "state-reason-message",
		"network-interface.addresses.association.allocation-id", "network-interface.ipv6-addresses.ipv6-address", "network-interface.requester-id", "network-interface.outpost-arn"} {
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", "x"); got != nil {
			t.Errorf("%s=x gave %v", name, got)
		}
	}
	for name, at := range map[string]*time.Time{"launch-time": i.LaunchTime, "block-device-mapping.attach-time": v.AttachTime} {
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", stamp(at)); !slices.Contains(got, id) {
			t.Errorf("%s=%s gave %v", name, stamp(at), got)
		}
		if got := c.ids("Filter.1.Name", name, "Filter.1.Value.1", "2001-*"); got != nil {
			t.Errorf("%s matches anything: %v", name, got)
		}
	}
	if got := c.ids("Filter.1.Name", "instance-state-name", "Filter.1.Value.1", "running", "Filter.1.Value.2", "pending", "Filter.2.Name", "instance-type", "Filter.2.Value.1", "m5.large"); len(got) != 1 || got[0] == id {
		t.Errorf("AND of filters, OR of values: %v", got)
	}
}

func TestInstanceStatus(t *testing.T) {
	c := newCloud(t)
	id, pending := c.running(), c.run()
	status := func(params ...string) string {
		return list(ok[gen.DescribeInstanceStatusResult](c, "DescribeInstanceStatus", params...).InstanceStatuses, func(s *gen.InstanceStatus) string {
			return *s.InstanceId + ":" + *s.InstanceState.Name + ":" + *s.SystemStatus.Status + ":" + *s.InstanceStatus.Status
		})
	}
	if got := status(); got != id+":running:ok:ok" {
		t.Errorf("by default only what runs: %s", got)
	}
	if got := status("InstanceId.1", pending); got != "" {
		t.Errorf("a pending one by id: %s", got)
	}
	if got := status("InstanceId.1", pending, "IncludeAllInstances", "true"); got != pending+":pending:not-applicable:not-applicable" {
		t.Errorf("a pending one when all are asked for: %s", got)
	}
	if got := status("Filter.1.Name", "system-status.reachability", "Filter.1.Value.1", "passed"); got != id+":running:ok:ok" {
		t.Errorf("filter: %s", got)
	}
	c.update(func(tx *store.Tx) error {
		h := *store.Hosts.Get(tx, "host-a1")
		h.Up = false
		return store.Hosts.Put(tx, &h)
	})
	if got := status("Filter.1.Name", "system-status.status", "Filter.1.Value.1", "impaired"); got != id+":running:impaired:insufficient-data" {
		t.Errorf("with its host down: %s", got)
	}
	c.fails("InvalidInstanceID.NotFound", "", "DescribeInstanceStatus", "InstanceId.1", "i-00000000000000000")
	c.fails("InvalidParameterCombination", "", "DescribeInstanceStatus", "InstanceId.1", id, "MaxResults", "10")
}

func TestConsoleOutput(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	c.console = func(host, instance string, latest bool) ([]byte, time.Time, error) {
		if host != "host-a1" || instance != id || !latest {
			t.Errorf("asked %s for %s, latest %v", host, instance, latest)
		}
		return []byte(strings.Repeat("x", 70000) + "login: "), at, nil
	}
	out := ok[gen.GetConsoleOutputResult](c, "GetConsoleOutput", "InstanceId", id, "Latest", "true")
	raw, err := base64.StdEncoding.DecodeString(*out.Output)
	if err != nil || len(raw) != 64<<10 || !strings.HasSuffix(string(raw), "login: ") || !out.Timestamp.Equal(at) {
		t.Errorf("%d bytes at %v: %v", len(raw), out.Timestamp, err)
	}
	c.console = func(string, string, bool) ([]byte, time.Time, error) {
		return nil, time.Time{}, errors.New("host is away")
	}
	c.fails("Unavailable", "host is away", "GetConsoleOutput", "InstanceId", id)
}

func TestCreditSpecifications(t *testing.T) {
	c := newCloud(t)
	std, unl, m5 := c.run("CreditSpecification.CpuCredits", "standard"), c.run(), c.run("InstanceType", "m5.large")
	show := func(s *gen.InstanceCreditSpecification) string { return *s.InstanceId + ":" + *s.CpuCredits }
	out := ok[gen.DescribeInstanceCreditSpecificationsResult](c, "DescribeInstanceCreditSpecifications", "InstanceId.1", std)
	if got := list(out.InstanceCreditSpecifications, show); got != std+":standard" {
		t.Error(got)
	}
	out = ok[gen.DescribeInstanceCreditSpecificationsResult](c, "DescribeInstanceCreditSpecifications")
	if got := list(out.InstanceCreditSpecifications, show); got != unl+":unlimited" {
		t.Errorf("without ids those that are unlimited: %s", got)
	}
	c.fails("InvalidParameterValue", m5, "DescribeInstanceCreditSpecifications", "InstanceId.1", m5)
}

func BenchmarkDescribe1000Instances(b *testing.B) {
	c := newCloud(b)
	c.host("big", zoneA, 1<<20, 1<<34)
	for range 10 {
		c.reserve("MinCount", "100", "MaxCount", "100", "InstanceType", "t3.nano",
			"NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "false")
	}
	for b.Loop() {
		out, _, err := c.raw("DescribeInstances", "MaxResults", "1000")
		if err != nil {
			b.Fatal(err)
		}
		if page := out.AppendXML(nil); len(page) < 1_000_000 {
			b.Fatalf("a page of %d bytes", len(page))
		}
	}
}
