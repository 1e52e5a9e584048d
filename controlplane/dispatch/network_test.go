package dispatch

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

const hostB = "host-0000000000000000b"

// peered adds to world a second VPC that is peered with the first, a NAT gateway of the
// first on host B, and what routes, rules and ACLs can name.
func peered(t *testing.T, db store.DB) {
	t.Helper()
	block := netip.MustParsePrefix
	update(t, db, func(tx *store.Tx) error {
		for _, err := range []error{
			store.Hosts.Put(tx, &model.Host{ID: hostB, Region: owner.Region, Zone: "eu-central-1a", Name: "b", Up: true, VCPUs: 4, MemoryMiB: 4096, Underlay: netip.MustParseAddr("192.168.7.2")}),
			store.VPCs.Put(tx, &model.VPC{ID: "vpc-2", Owned: owner, CIDR: block("10.1.0.0/16"), Secondary: []model.CIDRBlock{{ID: "x", CIDR: block("10.2.0.0/20")}}}),
			store.VPCs.Put(tx, &model.VPC{ID: "vpc-3", Owned: owner, CIDR: block("10.3.0.0/16")}),
			store.Peerings.Put(tx, &model.Peering{ID: "pcx-1", Owned: owner, Requester: model.PeeringSide{VPC: "vpc-2"}, Accepter: model.PeeringSide{VPC: "vpc-1"}, State: model.PeeringActive}),
			store.Peerings.Put(tx, &model.Peering{ID: "pcx-2", Owned: owner, Requester: model.PeeringSide{VPC: "vpc-3"}, Accepter: model.PeeringSide{VPC: "vpc-1"}, State: model.PeeringPending}),
			store.NATGateways.Put(tx, &model.NATGateway{ID: "nat-1", Owned: owner, VPC: "vpc-1", Subnet: "subnet-1", Interface: "eni-nat", Host: hostB, State: model.NATAvailable}),
			store.NATGateways.Put(tx, &model.NATGateway{ID: "nat-2", Owned: owner, VPC: "vpc-1", Subnet: "subnet-1", Interface: "eni-nat2", Host: hostB, State: model.NATDeleted}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-nat", Owned: owner, VPC: "vpc-1", Subnet: "subnet-1", MAC: "02:00:00:00:00:09", PrivateIP: netip.MustParseAddr("10.0.1.9"), PublicIP: netip.MustParseAddr("100.127.0.9"), Kind: "nat_gateway"}),
			store.NATGateways.Put(tx, &model.NATGateway{ID: "nat-3", Owned: owner, VPC: "vpc-9", Subnet: "subnet-9", Interface: "eni-nat3", Host: hostB, State: model.NATDeleting}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-nat3", Owned: owner, VPC: "vpc-9", Subnet: "subnet-9", MAC: "02:00:00:00:00:0a", PrivateIP: netip.MustParseAddr("10.9.1.9"), Kind: "nat_gateway"}),
			store.PrefixLists.Put(tx, &model.PrefixList{ID: "pl-1", Owned: owner, Entries: []model.PrefixEntry{{CIDR: block("192.0.2.0/24")}, {CIDR: block("198.51.100.0/24")}}}),
			store.RouteTables.Put(tx, &model.RouteTable{ID: "rtb-2", Owned: owner, VPC: "vpc-1", Subnets: map[string]string{"subnet-2": "rtbassoc-1"}, Routes: []model.Route{
				{Destination: block("10.0.0.0/16"), Target: "local"}, {PrefixList: "pl-1", Target: "igw-1"}, {Destination: block("0.0.0.0/0"), Target: "nat-1"},
				{Destination: block("192.0.2.0/24"), Target: "pcx-1"}, {Destination: block("203.0.113.0/24"), Target: "nat-2"}, {Destination: block("203.0.112.0/24"), Target: "igw-gone"},
			}}),
			store.NetworkACLs.Put(tx, &model.NetworkACL{ID: "acl-1", Owned: owner, VPC: "vpc-1", Default: true, Entries: []model.ACLEntry{{Number: 100, Protocol: "-1", Allow: true, CIDR: block("0.0.0.0/0")}}}),
			store.NetworkACLs.Put(tx, &model.NetworkACL{ID: "acl-2", Owned: owner, VPC: "vpc-1", Subnets: map[string]string{"subnet-2": "aclassoc-1"}, Entries: []model.ACLEntry{
				{Number: 200, Protocol: "6", Allow: true, CIDR: block("0.0.0.0/0"), FromPort: 22, ToPort: 22},
				{Number: 100, Protocol: "1", CIDR: block("0.0.0.0/0"), ICMPType: 8, ICMPCode: -1},
			}}),
			store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: "sg-peer", Owned: owner, VPC: "vpc-2", Name: "peer"}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-3", Owned: owner, Group: "sg-web", Protocol: "tcp", FromPort: 80, ToPort: 80, Source: "sg-peer"}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-4", Owned: owner, Group: "sg-web", Protocol: "tcp", FromPort: 80, ToPort: 80, PrefixList: "pl-1"}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-3", Owned: owner, VPC: "vpc-2", Subnet: "subnet-3", MAC: "02:00:00:00:00:03", PrivateIP: netip.MustParseAddr("10.1.1.5"), Groups: []string{"sg-peer"},
				Secondary: []model.PrivateAddress{{IP: netip.MustParseAddr("10.1.1.6")}}}),
		} {
			if err != nil {
				return err
			}
		}
		h := *store.Hosts.Get(tx, hostA)
		h.Underlay = netip.MustParseAddr("192.168.7.1")
		return store.Hosts.Put(tx, &h)
	})
}

// TestNetworkOfAHost: a host has the VPCs of its interfaces and NAT gateways and their peers,
// with routes, ACLs, lists and peers' groups by names that its agent knows.
func TestNetworkOfAHost(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	peered(t, db)
	a, b := Assignments(db.Stale(), hostA), Assignments(db.Stale(), hostB)
	for _, got := range []map[string]*agentpb.Item{a, b} {
		if got["vpc/vpc-1"] == nil || got["vpc/vpc-2"] == nil || got["vpc/vpc-3"] != nil {
			t.Errorf("the VPCs: %v", got)
		}
	}
	if n := b["nat/eni-nat"].GetNat().GetInterface(); n.GetPublicIp() != "100.127.0.9" || n.SourceDestCheck || b["nat/eni-nat2"] != nil || a["nat/eni-nat"] != nil {
		t.Errorf("the NAT gateway: %v", n)
	}
	if gone := b["nat/eni-nat3"].GetNat(); !gone.GetDeleted() || b["nat/eni-nat"].GetNat().Deleted || b["vpc/vpc-9"] != nil {
		t.Errorf("the one that ends: %v", gone)
	}
	if r := a["remote/eni-nat"].GetRemote(); r.GetHost() != "192.168.7.2" || b["remote/eni-1"].GetRemote().GetHost() != "192.168.7.1" {
		t.Errorf("where the NAT gateway is: %v", r)
	}
	v := a["vpc/vpc-1"].GetVpc()
	if len(v.Peerings) != 1 || v.Peerings[0].VpcId != "vpc-2" || !slices.Equal(v.Peerings[0].Cidrs, []string{"10.1.0.0/16", "10.2.0.0/20"}) {
		t.Errorf("peerings: %v", v.Peerings)
	}
	var routes []string
	for _, s := range v.Subnets {
		if want := map[string]string{"subnet-1": "acl-1", "subnet-2": "acl-2"}[s.Id]; s.Acl != want {
			t.Errorf("the ACL of %s is %s", s.Id, s.Acl)
		}
		if s.Id == "subnet-2" {
			for _, r := range s.Routes {
				routes = append(routes, r.Destination+" "+r.Target)
			}
		}
	}
	want := []string{
		"0.0.0.0/0 eni-nat", "192.0.2.0/24 pcx-1", "203.0.113.0/24 blackhole", "203.0.112.0/24 blackhole",
		"192.0.2.0/24 igw", "198.51.100.0/24 igw", // of the list: the route to the block goes before
	}
	if !slices.Equal(routes, want) {
		t.Errorf("routes %q, want %q", routes, want)
	}
	acl := v.Acls[1].Entries
	if v.Acls[1].Id != "acl-2" || acl[0].Protocol != 1 || acl[0].FromPort != 8 || acl[0].ToPort != -1 || acl[0].Allow || acl[1].FromPort != 22 || !acl[1].Allow {
		t.Errorf("the ACL: %v", acl)
	}
	if g := a["group/sg-peer"].GetGroup(); g.GetVpcId() != "vpc-2" || !slices.Equal(g.Members, []string{"10.1.1.5", "10.1.1.6"}) || len(g.Rules) != 0 {
		t.Errorf("the peer's group: %v", g)
	}
	if l := a["list/pl-1"].GetPrefixList(); len(l.GetCidrs()) != 2 || b["list/pl-1"] != nil {
		t.Errorf("the list: %v", l)
	}
}
