package dispatch

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// change writes a changed copy of a row.
func change[T any](tx *store.Tx, table *store.Table[T], id string, f func(*T)) error {
	row := *table.Get(tx, id)
	f(&row)
	return table.Put(tx, &row)
}

// told is what a VPC's resolver is told, a name a line.
func told(v *agentpb.VPC) string {
	var out []string
	for _, n := range v.GetNames() {
		out = append(out, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", n.Ip, n.Host, n.Resource, n.PublicName)), " "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// What a VPC's resolver knows follows its attributes, its subnets' and its peerings'.
func TestNamesAndOptions(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	vpc := func() *agentpb.VPC { return Assignments(db.Stale(), hostA)["vpc/vpc-1"].GetVpc() }
	if got, want := told(vpc()), "10.0.1.5 ip-10-0-1-5\n10.0.1.6 ip-10-0-1-6"; got != want {
		t.Errorf("at first:\n%s\nwant:\n%s", got, want)
	}
	if d := vpc().Dhcp; d.DomainName != "eu-central-1.compute.internal" || d.DomainNameServers[0] != "AmazonProvidedDNS" {
		t.Errorf("without a row: %v", d)
	}
	other := owner
	other.Account = "210987654321"
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(
			change(tx, store.VPCs, "vpc-1", func(v *model.VPC) { v.DNSHostnames, v.DHCPOptions = true, "dopt-1" }),
			change(tx, store.Subnets, "subnet-1", func(s *model.Subnet) { s.ARecord = true }),
			change(tx, store.Interfaces, "eni-1", func(n *model.Interface) {
				n.PublicIP = netip.MustParseAddr("100.127.0.9")
				n.Secondary = []model.PrivateAddress{{IP: netip.MustParseAddr("10.0.1.9")}, {IP: netip.MustParseAddr("10.0.1.10"), Public: netip.MustParseAddr("100.127.0.10")}}
			}),
			store.DHCPOptions.Put(tx, &model.DHCPOptions{ID: "dopt-1", Owned: owner, Values: map[string][]string{
				"domain-name": {"corp.example.com"}, "domain-name-servers": {"10.0.0.53"}, "ntp-servers": {"10.0.0.123"}, "netbios-name-servers": {"10.0.0.44"}, "netbios-node-type": {"2"},
			}}),
			store.VPCs.Put(tx, &model.VPC{ID: "vpc-2", Owned: other, CIDR: netip.MustParsePrefix("10.2.0.0/16"), DNSSupport: true, DNSHostnames: true}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-9", Owned: other, VPC: "vpc-2", PrivateIP: netip.MustParseAddr("10.2.0.9"), PublicIP: netip.MustParseAddr("100.127.0.11")}),
			store.Peerings.Put(tx, &model.Peering{ID: "pcx-1", Owned: owner, State: model.PeeringActive,
				Requester: model.PeeringSide{Owned: owner, VPC: "vpc-1"}, Accepter: model.PeeringSide{Owned: other, VPC: "vpc-2"}}),
		)
	})
	const at = ".eu-central-1.compute.amazonaws.com"
	own := "10.0.1.10 ip-10-0-1-10 ec2-100-127-0-10" + at + "\n10.0.1.5 ip-10-0-1-5 " + instance + " ec2-100-127-0-9" + at + "\n10.0.1.6 ip-10-0-1-6\n10.0.1.9 ip-10-0-1-9"
	if got := told(vpc()); got != own {
		t.Errorf("with hostnames and resource names:\n%s\nwant:\n%s", got, own)
	}
	// An instance's own options go before its subnet's, and decide what it is called.
	naming := func(kind, label string, record bool) string {
		update(t, db, func(tx *store.Tx) error {
			return change(tx, store.Instances, instance, func(i *model.Instance) { i.Hostname, i.ARecord, i.HostPrivateDNS = kind, record, label })
		})
		return told(vpc())
	}
	if got := naming(model.NameByResource, instance, true); got != own {
		t.Errorf("by its resource name:\n%s", got)
	}
	if m := Assignments(db.Stale(), hostA)["boot/"+instance].GetBoot().Metadata; m.Hostname != instance+".corp.example.com" || m.Interfaces[0].Hostname != "ip-10-0-1-5.eu-central-1.compute.internal" {
		t.Errorf("by its resource name: %v", m)
	}
	if got := naming(model.NameByAddress, "ip-10-0-1-5", false); got != strings.Replace(own, instance+" ", "", 1) {
		t.Errorf("without its A record:\n%s", got)
	}
	naming("", "", false)
	if d := vpc().Dhcp; d.DomainName != "corp.example.com" || d.DomainNameServers[0] != "10.0.0.53" || d.NtpServers[0] != "10.0.0.123" || d.NetbiosNameServers[0] != "10.0.0.44" || d.NetbiosNodeType != 2 {
		t.Errorf("options: %v", d)
	}
	if m := Assignments(db.Stale(), hostA)["boot/"+instance].GetBoot().Metadata; m.Hostname != "ip-10-0-1-5.corp.example.com" || len(m.Interfaces[0].Secondary) != 2 || m.Interfaces[0].Secondary[1].PublicIp != "100.127.0.10" {
		t.Errorf("metadata: %v", m)
	}
	if m := Assignments(db.Stale(), hostA)["boot/"+instance].GetBoot().Metadata; m.PublicHostname != "ec2-100-127-0-9"+at {
		t.Errorf("its public name is %q", m.PublicHostname)
	}
	side := func(requester, accepter bool, state string) string {
		t.Helper()
		update(t, db, func(tx *store.Tx) error {
			return change(tx, store.Peerings, "pcx-1", func(p *model.Peering) {
				p.Requester.RemoteDNS, p.Accepter.RemoteDNS, p.State = requester, accepter, state
			})
		})
		return told(vpc())
	}
	if got, want := side(false, true, model.PeeringActive), own+"\n10.2.0.9 ec2-100-127-0-11"+at; got != want {
		t.Errorf("the peer lets its names be resolved:\n%s\nwant:\n%s", got, want)
	}
	if got := side(true, false, model.PeeringActive); got != own {
		t.Errorf("this VPC lets the peer resolve, which tells this one nothing:\n%s", got)
	}
	if got := side(true, true, model.PeeringDeleted); got != own {
		t.Errorf("of a deleted peering:\n%s", got)
	}
	update(t, db, func(tx *store.Tx) error {
		return change(tx, store.VPCs, "vpc-1", func(v *model.VPC) { v.DNSSupport, v.DNSHostnames, v.DHCPOptions = false, false, "default" })
	})
	if m := Assignments(db.Stale(), hostA)["boot/"+instance].GetBoot().Metadata; m.PublicHostname != "" || m.Interfaces[0].PublicHostname != "" || m.Interfaces[0].PublicIp == "" {
		t.Errorf("without hostnames the guest hears %q", m.PublicHostname)
	}
	if v := vpc(); told(v) != "" || v.DnsSupport || v.Dhcp == nil || v.Dhcp.DomainName != "" || len(v.Dhcp.DomainNameServers) != 0 {
		t.Errorf("without DNS support and options: %v", v)
	}
}
