package imds

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

const (
	testVPC = "vpc-0123456789abcdef0"
	addrA   = "172.31.0.5"
	addrB   = "172.31.0.6"
	hostA   = "ip-172-31-0-5.eu-central-1.compute.internal"
	macA    = "02:AB:CD:00:00:05" // upper case on purpose: the tree has it in lower
)

var userData = []byte("#!/bin/sh\r\necho hello\x00\xff\n") // any bytes

// fakeGuests is an agent's assignments.
type fakeGuests struct {
	mu    sync.Mutex
	boots map[string]map[netip.Addr]*agentpb.Boot
}

func (f *fakeGuests) Boot(vpcID string, ip netip.Addr) *agentpb.Boot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.boots[vpcID][ip]
}

func (f *fakeGuests) Boots(vpcID string) (out []*agentpb.Boot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.boots[vpcID] {
		out = append(out, b)
	}
	return out
}

// set puts a boot, made anew, at its first interface's address.
func (f *fakeGuests) set(vpcID string, b *agentpb.Boot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.boots == nil {
		f.boots = map[string]map[netip.Addr]*agentpb.Boot{}
	}
	if f.boots[vpcID] == nil {
		f.boots[vpcID] = map[netip.Addr]*agentpb.Boot{}
	}
	f.boots[vpcID][netip.MustParseAddr(b.GetInterfaces()[0].GetPrivateIp())] = b
}

// bootA is the guest that the cases ask as: it has everything.
func bootA(change ...func(*agentpb.Metadata)) *agentpb.Boot {
	m := &agentpb.Metadata{
		Account: "123456789012", Region: "eu-central-1", Zone: "eu-central-1a", ZoneId: "euc1-az1", Partition: "aws",
		Domain: "amazonaws.com", AmiId: "ami-0123456789abcdef0", LaunchIndex: 0, InstanceType: "t3.micro",
		ReservationId: "r-0123456789abcdef0", Hostname: hostA, PublicHostname: "ec2-100-127-0-9.eu-central-1.compute.amazonaws.com",
		KeyName: "my-key", PublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample my-key", UserData: userData,
		SecurityGroups: []string{"default", "ssh"}, Tags: map[string]string{"Name": "web", "a+b=c:d,e@f": "odd", "no/such": "x"},
		HttpTokens: "optional", HopLimit: 1, HttpEndpoint: "enabled", InstanceTags: "enabled", RootDevice: "/dev/xvda", Arch: "x86_64",
		PendingUnixNano: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).UnixNano(),
		Interfaces: []*agentpb.InterfaceMeta{{
			Id: "eni-0123456789abcdef0", Mac: macA, SubnetId: "subnet-0123456789abcdef0", SubnetCidr: "172.31.0.0/20", VpcId: testVPC,
			VpcCidrs: []string{"172.31.0.0/16", "10.9.0.0/16"}, PrivateIp: addrA, PublicIp: "100.127.0.9",
			GroupIds: []string{"sg-0123456789abcdef0", "sg-0123456789abcdef1"}, GroupNames: []string{"default", "ssh"}, Owner: "123456789012",
		}},
	}
	for _, c := range change {
		c(m)
	}
	return &agentpb.Boot{
		InstanceId: "i-0123456789abcdef0", Epoch: 3, Metadata: m,
		Interfaces: []*agentpb.Interface{{Id: "eni-0123456789abcdef0", Mac: macA, VpcId: testVPC, PrivateIp: addrA}},
	}
}

// bootB is another guest, with as little as there can be.
func bootB() *agentpb.Boot {
	return &agentpb.Boot{
		InstanceId: "i-0fedcba9876543210", Epoch: 1,
		Metadata: &agentpb.Metadata{
			Region: "eu-central-1", InstanceType: "t3.nano", HttpTokens: "required", HopLimit: 1,
			Interfaces: []*agentpb.InterfaceMeta{{Mac: "02:00:00:00:00:06", VpcId: testVPC, PrivateIp: addrB}},
		},
		Interfaces: []*agentpb.Interface{{Mac: "02:00:00:00:00:06", VpcId: testVPC, PrivateIp: addrB}},
	}
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

// newServer is a Server with both guests; change may alter its configuration.
func newServer(t testing.TB, change ...func(*Config)) (*Server, *fakeGuests) {
	t.Helper()
	g := &fakeGuests{}
	g.set(testVPC, bootA())
	g.set(testVPC, bootB())
	cfg := Config{Guests: g, Dir: t.TempDir(), Rate: -1}
	for _, c := range change {
		c(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, g
}

func callerIPOf(s string) netip.Addr { return netip.MustParseAddr(s) }
