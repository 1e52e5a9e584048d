package dhcp

import (
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/micacloud/mica/proto/agentpb"
)

const (
	testVPC    = "vpc-0123456789abcdef0"
	testSubnet = "subnet-0123456789abcdef0"
	macA       = "02:ab:cd:00:00:05"
	macB       = "02:ab:cd:00:00:06"
	addrA      = "172.31.16.5"
)

// fakeGuests is an agent's assignments: guest A on the test's subnet, guest B on
// another of the same VPC.
type fakeGuests struct {
	mu    sync.Mutex
	vpc   *agentpb.VPC
	boots map[string]*agentpb.Boot
}

func (f *fakeGuests) BootByMAC(vpcID, mac string) *agentpb.Boot {
	f.mu.Lock()
	defer f.mu.Unlock()
	if vpcID != testVPC {
		return nil
	}
	return f.boots[mac]
}

func (f *fakeGuests) VPC(vpcID string) *agentpb.VPC {
	if vpcID != testVPC {
		return nil
	}
	return f.vpc
}

func newGuests() *fakeGuests {
	boot := func(id, mac, subnet, ip string) *agentpb.Boot {
		return &agentpb.Boot{
			InstanceId: id, Epoch: 2,
			Metadata:   &agentpb.Metadata{Hostname: "ip-fallback.eu-central-1.compute.internal"},
			Interfaces: []*agentpb.Interface{{Id: "eni-" + id, Mac: mac, VpcId: testVPC, SubnetId: subnet, PrivateIp: ip}},
		}
	}
	return &fakeGuests{
		vpc: &agentpb.VPC{
			Id: testVPC, Cidrs: []string{"172.31.0.0/16"}, Domain: "eu-central-1.compute.internal", DnsSupport: true,
			Subnets: []*agentpb.Subnet{{Id: testSubnet, Cidr: "172.31.16.0/20"}, {Id: "subnet-2", Cidr: "172.31.32.0/20"}},
			Names:   []*agentpb.Name{{Host: "ip-172-31-16-5.eu-central-1.compute.internal", Ip: addrA}},
		},
		boots: map[string]*agentpb.Boot{
			macA: boot("i-0123456789abcdef0", "02:AB:CD:00:00:05", testSubnet, addrA),
			macB: boot("i-0fedcba9876543210", macB, "subnet-2", "172.31.32.6"),
		},
	}
}

// guestA is what the server knows of guest A.
func guestA(t testing.TB) guest {
	t.Helper()
	s := New(Config{Guests: newGuests()})
	g, ok := s.lookup(Segment{testVPC, testSubnet, "br0"}, mustMAC(t, macA))
	if !ok {
		t.Fatal("guest A is unknown")
	}
	return g
}

func mustMAC(t testing.TB, s string) net.HardwareAddr {
	t.Helper()
	m, err := net.ParseMAC(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }
