package apilaw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

const (
	account      = "123456789012"
	region       = "eu-central-1"
	zone         = "eu-central-1a"
	insightsPath = "nip-0123456789abcdef0"
	image        = "ami-0123456789abcdef0"
)

// registry has all that Mica answers.
func registry() *wire.Registry[*action.Call] {
	r := wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	ec2.Register(r, ec2.Deps{
		Regions:    []ec2.Region{{Name: region, Endpoint: "mica.example", Zones: []ec2.Zone{{Name: zone, ID: "euc1-az1"}}}},
		PublicPool: netip.MustParsePrefix("100.127.0.0/24"),
	})
	sts.Register(r)
	return r
}

func TestLaws(t *testing.T) {
	Check(t, Subject{
		Registry: registry(), DB: newDB, Account: account, Region: region,
		Effects: map[string]func(store.View) url.Values{
			"RunInstances": func(store.View) url.Values {
				return url.Values{"ImageId": {image}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {"2"}}
			},
			"CreateNetworkInterface": func(v store.View) url.Values {
				return url.Values{"SubnetId": {plausible(v)["SubnetId"]}, "SecondaryPrivateIpAddressCount": {"1"}}
			},
			"CreateNetworkInsightsPath": func(v store.View) url.Values {
				return url.Values{"Source": {plausible(v)["NetworkInterfaceId"]}, "DestinationIp": {"198.51.100.1"}, "Protocol": {"tcp"}}
			},
			"StartNetworkInsightsAnalysis": func(store.View) url.Values { return url.Values{"NetworkInsightsPathId": {insightsPath}} },
			"CreateFlowLogs": func(v store.View) url.Values {
				return url.Values{"ResourceType": {"VPC"}, "ResourceId.1": {plausible(v)["VpcId"]}, "TrafficType": {"ALL"}, "LogGroupName": {"flows"}}
			},
			"CreateManagedPrefixList": func(store.View) url.Values {
				return url.Values{"PrefixListName": {"offices"}, "AddressFamily": {"IPv4"}, "MaxEntries": {"2"}, "Entry.1.Cidr": {"10.0.0.0/8"}}
			},
			"CreateNetworkAcl": func(v store.View) url.Values { return url.Values{"VpcId": {plausible(v)["VpcId"]}} },
			"CreateNatGateway": func(v store.View) url.Values {
				return url.Values{"SubnetId": {plausible(v)["SubnetId"]}, "ConnectivityType": {"private"}}
			},
			"CreateRouteTable": ofVPC, "CreateEgressOnlyInternetGateway": ofVPC,
			"AllocateHosts": func(store.View) url.Values {
				return url.Values{"AvailabilityZone": {zone}, "InstanceType": {"t3.nano"}}
			},
			"CreateCapacityReservation": func(store.View) url.Values {
				return url.Values{"AvailabilityZone": {zone}, "InstanceType": {"t3.nano"}, "InstancePlatform": {"Linux/UNIX"}, "InstanceCount": {"1"}}
			},
		},
		Plausible: plausible,
		Foreign:   foreign,
	})
}

// foreign makes another account, with an instance of an image that the first one shares.
func foreign(t testing.TB, db store.DB, call func(string) func(string, url.Values) Answer) World {
	t.Helper()
	const other, shared = "210987654321", "ami-00000000000000001"
	err := db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		public := *store.Images.Get(tx, image)
		public.ID, public.Name, public.SnapshotID, public.Public = shared, "shared", "snap-00000000000000001", true
		return errors.Join(store.Accounts.Put(tx, &model.Account{ID: other}), store.Images.Put(tx, &public), ec2.EnsureAccountNetwork(tx, other, region, []string{zone}))
	})
	if err != nil {
		t.Fatal(err)
	}
	w := World{
		First: call(account), Second: call(other), Changes: func() string { return fmt.Sprint(db.Stale().Version()) },
		Private: image, Shared: shared, KeyName: "admin", GroupName: "web",
	}
	if got := w.First("CreateSecurityGroup", url.Values{"GroupName": {"web"}, "GroupDescription": {"web"}}); got.Status != 200 {
		t.Fatal(got.Text)
	}
	got := w.Second("RunInstances", url.Values{"ImageId": {shared}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {"1"}})
	if got.Status != 200 {
		t.Fatal(got.Text)
	}
	return w
}

// ofVPC is a request that names the account's VPC alone.
func ofVPC(v store.View) url.Values {
	for x := range store.VPCs.By(v, "account", account) {
		return url.Values{"VpcId": {x.ID}}
	}
	return nil
}

func plausible(v store.View) map[string]string {
	out := map[string]string{
		"ImageId": image, "InstanceType": "t3.nano", "MinCount": "1", "MaxCount": "2", "AvailabilityZone": zone, "RegionName": region, "ZoneName": zone,
		"MaxResults": "5", "CidrIp": "10.1.0.0/16", "IpProtocol": "tcp", "FromPort": "22", "ToPort": "80", "UserId": account, "OwnerId": account,
		"UserData": "aGVsbG8=", "PublicKeyMaterial": "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUptWngwWmM5UTZtUzBvMGM5VkowVWo3WXlxUXdLY1QxUjV5R0o2bVpsMHcgYmVuY2g=",
		"DeviceName": "/dev/xvda", "VolumeSize": "9", "VolumeType": "gp3", "HttpPutResponseHopLimit": "2", "ResourceType": "instance", "Name": "vpc-id",
		"InstancePlatform": "Linux/UNIX", "InstanceCount": "1", "AvailabilityZoneId": "euc1-az1", "Tenancy": "dedicated", "Strategy": "spread",
		"RuleNumber": "100", "MaxEntries": "5", "AddressFamily": "IPv4", "PrefixListName": "offices", "Cidr": "10.0.0.0/8", "DeviceIndex": "1", "CidrBlock": "10.0.0.0/8", "Protocol": "-1",
	}
	for x := range store.Subnets.List(v) {
		out["SubnetId"] = x.ID
	}
	for x := range store.VPCs.List(v) {
		out["VpcId"], out["PeerVpcId"] = x.ID, x.ID
	}
	for x := range store.RouteTables.List(v) {
		out["RouteTableId"], out["DestinationCidrBlock"] = x.ID, "10.1.0.0/16"
		if x.Main {
			out["AssociationId"] = x.MainID
		}
	}
	for x := range store.InternetGateways.List(v) {
		out["InternetGatewayId"], out["GatewayId"] = x.ID, x.ID
	}
	for x := range store.SecurityGroups.List(v) {
		out["SecurityGroupId"], out["GroupId"], out["ResourceId"], out["SecurityGroup"] = x.ID, x.ID, x.ID, x.Name
	}
	for x := range store.SecurityRules.List(v) {
		out["SecurityGroupRuleId"] = x.ID
	}
	for x := range store.KeyPairs.List(v) {
		out["KeyName"], out["KeyPairId"] = x.Name, x.ID
	}
	for x := range store.Interfaces.List(v) {
		out["NetworkInterfaceId"], out["AttachmentId"] = x.ID, x.AttachmentID
	}
	for x := range store.InsightsPaths.List(v) {
		out["NetworkInsightsPathId"], out["Source"], out["Destination"] = x.ID, x.Source, x.Source
	}
	for x := range store.NetworkACLs.List(v) {
		out["NetworkAclId"] = x.ID
		for _, association := range x.Subnets {
			out["AssociationId"] = association
		}
	}
	for x := range store.DedicatedHosts.List(v) {
		out["HostId"] = x.ID
	}
	for x := range store.PlacementGroups.List(v) {
		out["GroupName"] = x.Name
	}
	for x := range store.CapacityReservations.List(v) {
		out["CapacityReservationId"] = x.ID
	}
	for x := range store.Instances.List(v) {
		out["InstanceId"] = x.ID
	}
	return out
}

// newDB is a cloud with an account, its network, an image and hosts.
func newDB(t testing.TB) store.DB {
	t.Helper()
	db := store.NewMemory()
	err := db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		owned := model.Owned{Account: account, Region: region}
		if err := store.Accounts.Put(tx, &model.Account{ID: account}); err != nil {
			return err
		}
		for _, name := range []string{"1", "2", "3", "4"} {
			if err := store.Hosts.Put(tx, &model.Host{ID: "host-" + name, Region: region, Zone: zone, Name: name, Arch: "x86_64", VCPUs: 16, MemoryMiB: 65536, Hypervisor: "sim", Accel: "sim", Up: true, UpChanged: tx.Now()}); err != nil {
				return err
			}
		}
		if err := store.InsightsPaths.Put(tx, &model.InsightsPath{ID: insightsPath, Owned: owned, Source: "eni-0123456789abcdef0", Destination: "eni-0123456789abcdef1", Protocol: "tcp"}); err != nil {
			return err
		}
		if err := store.Images.Put(tx, &model.Image{ID: image, Owned: owned, Name: "debian", Digest: "00", SizeBytes: 1, VirtualBytes: 1 << 30, Arch: "x86_64", RootDevice: "/dev/xvda", SnapshotID: "snap-0123456789abcdef0", BootMode: "legacy-bios", State: "available", Created: time.Unix(0, 0)}); err != nil {
			return err
		}
		return ec2.EnsureAccountNetwork(tx, account, region, []string{zone})
	})
	if err != nil {
		t.Fatal(err)
	}
	launch(t, db)
	return db
}

// launch runs an instance with a key pair, and lets it come up.
func launch(t testing.TB, db store.DB) {
	t.Helper()
	var id string
	err := db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		owned := model.Owned{Account: account, Region: region}
		if err := store.KeyPairs.Put(tx, &model.KeyPair{ID: "key-0123456789abcdef0", Owned: owned, Name: "admin", Type: "ed25519", PublicKey: "ssh-ed25519 AAAA admin"}); err != nil {
			return err
		}
		run, err := registry().Find(wire.EC2, "RunInstances")
		if err != nil {
			return err
		}
		in, err := run.Decode(url.Values{"ImageId": {image}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {"1"}, "KeyName": {"admin"}})
		if err != nil {
			return err
		}
		out, err := run.Call(&action.Call{Tx: tx, Context: context.Background(), Account: account, Region: region}, in)
		if err != nil {
			return err
		}
		id = *out.(*gen.Reservation).Instances[0].InstanceId
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		i := store.Instances.Get(tx, id)
		host := store.Boots.Get(tx, model.BootID(id, i.Epoch)).Host
		return errors.Join(lifecycle.ReportVolume(tx, host, i.RootVolume, "created", ""),
			lifecycle.ReportBoot(tx, host, lifecycle.BootReport{Instance: id, Epoch: i.Epoch, Phase: model.PhaseRunning}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCoveragePage keeps docs/api.md as the registry says; MICA_UPDATE=1 writes it.
func TestCoveragePage(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "api.md")
	want := wire.Coverage(registry())
	if os.Getenv("MICA_UPDATE") != "" {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, want) {
		t.Errorf("docs/api.md is not what is registered: run make docs (%v)", err)
	}
}
