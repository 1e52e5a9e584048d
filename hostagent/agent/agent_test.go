package agent

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

const instance = "i-0123456789abcdef0"

func bootItem(epoch int64, want agentpb.Boot_Want) *agentpb.Item {
	return &agentpb.Item{Key: "boot/" + instance, Value: &agentpb.Item_Boot{Boot: &agentpb.Boot{
		InstanceId: instance, Epoch: epoch, Want: want, Vcpus: 1, MemoryMib: 128, RootVolume: "vol-1",
		Interfaces: []*agentpb.Interface{{Id: "eni-0123456789abcdef0", Mac: "02:00:00:00:00:01", VpcId: "vpc-1", SubnetId: "subnet-1", PrivateIp: "10.0.0.5"}},
		Metadata:   &agentpb.Metadata{},
	}}}
}

func volumeItem(deleted bool) *agentpb.Item {
	return &agentpb.Item{Key: "volume/vol-1", Value: &agentpb.Item_Volume{Volume: &agentpb.Volume{Id: "vol-1", SizeGib: 1, InstanceId: instance, Deleted: deleted}}}
}

// servers stands for the control plane: it sends what a test says and keeps what it hears.
type servers struct {
	agentpb.UnimplementedControlServer
	mu       sync.Mutex
	stream   agentpb.Control_SessionServer
	sessions int
	boots    map[int64]*agentpb.BootStatus // by epoch, the newest
	volumes  map[string]agentpb.VolumeStatus_State
	replies  []*agentpb.Reply
}

func (s *servers) Session(stream agentpb.Control_SessionServer) error {
	if _, err := stream.Recv(); err != nil {
		return err
	}
	if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Welcome{Welcome: &agentpb.Welcome{HeartbeatMs: 50}}}); err != nil {
		return err
	}
	s.mu.Lock()
	s.stream, s.sessions = stream, s.sessions+1
	s.mu.Unlock()
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		s.mu.Lock()
		for _, b := range m.GetReport().GetBoots() {
			s.boots[b.Epoch] = b
		}
		for _, v := range m.GetReport().GetVolumes() {
			s.volumes[v.Id] = v.State
		}
		if r := m.GetReply(); r != nil {
			s.replies = append(s.replies, r)
		}
		s.mu.Unlock()
	}
}

func (s *servers) send(t *testing.T, seq uint64, complete bool, del []string, items ...*agentpb.Item) {
	t.Helper()
	testkit.Wait(t, 5*time.Second, "a session", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.stream != nil
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Update{Update: &agentpb.Update{Complete: complete, Seq: seq, Put: items, Del: del}}}); err != nil {
		t.Fatal(err)
	}
}

func (s *servers) waitPhase(t *testing.T, epoch int64, phase int32) {
	t.Helper()
	testkit.Wait(t, 10*time.Second, "the boot's phase", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.boots[epoch].GetPhase() == phase
	})
}

// world is a simulated host with its agent, which can be stopped and started.
type world struct {
	t       *testing.T
	dir     string
	servers *servers
	hyper   *sim.Hypervisor
	socket  string
	stop    func()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	h, err := sim.New(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: dir, hyper: h, servers: &servers{boots: map[int64]*agentpb.BootStatus{}, volumes: map[string]agentpb.VolumeStatus_State{}}, socket: filepath.Join(dir, "s")}
	l, err := net.Listen("unix", w.socket)
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	agentpb.RegisterControlServer(g, w.servers)
	go g.Serve(l)
	t.Cleanup(g.Stop)
	w.start()
	t.Cleanup(func() { w.stop() })
	return w
}

func (w *world) start() {
	w.t.Helper()
	a, err := New(Config{
		HostID: "host-0123456789abcdef0", Name: "h", Zone: "z", Region: "r", VCPUs: 4, MemoryMiB: 1024, DataDir: w.dir, RunDir: w.dir, Prefix: "t",
		HypervisorName: "sim", Hypervisor: w.hyper, Accel: "sim", Log: slog.New(slog.DiscardHandler),
		Dial: func(string) (*grpc.ClientConn, error) {
			return grpc.NewClient("unix:"+w.socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	w.stop = func() { cancel(); <-done }
}

// TestAgentFollowsItsAssignments: a boot runs, ends and is released, its volume goes only
// after it, and a restarted agent goes on from what it saved.
func TestAgentFollowsItsAssignments(t *testing.T) {
	w := newWorld(t)
	w.servers.send(t, 1, true, nil, bootItem(1, agentpb.Boot_WANT_RUNNING), volumeItem(false))
	w.servers.waitPhase(t, 1, boot.PhaseRunning)

	w.stop()
	w.servers.mu.Lock()
	w.servers.stream, w.servers.boots = nil, map[int64]*agentpb.BootStatus{}
	w.servers.mu.Unlock()
	w.start()
	// Nothing was sent yet: what it reports rests on its own disk.
	w.servers.waitPhase(t, 1, boot.PhaseRunning)
	if guests, err := w.hyper.Observe(t.Context(), ""); err != nil || len(guests) != 1 {
		t.Fatalf("guests after the restart: %v %v", guests, err)
	}

	w.servers.send(t, 1, true, nil, bootItem(1, agentpb.Boot_WANT_DESTROYED), volumeItem(true))
	w.servers.waitPhase(t, 1, boot.PhaseReleased)
	testkit.Wait(t, 10*time.Second, "the volume to go", func() bool {
		_, err := os.Stat(filepath.Join(w.dir, "volumes", "vol-1"))
		w.servers.mu.Lock()
		defer w.servers.mu.Unlock()
		return errors.Is(err, os.ErrNotExist) && w.servers.volumes["vol-1"] == agentpb.VolumeStatus_DELETED
	})
	w.servers.send(t, 2, false, []string{"boot/" + instance, "volume/vol-1"})
	testkit.Wait(t, 10*time.Second, "the guest to be forgotten", func() bool {
		guests, err := w.hyper.Observe(t.Context(), "")
		return err == nil && len(guests) == 0
	})
}

// TestGapAsksForEverything: an agent that missed an update begins a new session.
func TestGapAsksForEverything(t *testing.T) {
	w := newWorld(t)
	w.servers.send(t, 1, true, nil)
	w.servers.send(t, 3, false, nil, bootItem(1, agentpb.Boot_WANT_RUNNING))
	testkit.Wait(t, 10*time.Second, "a second session", func() bool {
		w.servers.mu.Lock()
		defer w.servers.mu.Unlock()
		return w.servers.sessions == 2
	})
	if guests, _ := w.hyper.Observe(t.Context(), ""); len(guests) != 0 {
		t.Errorf("it acted on an update after a gap: %v", guests)
	}
}

// TestAnUnassignedGuestIsLeftAlone: only an explicit word ends a guest; the loss of its
// assignment does not.
func TestAnUnassignedGuestIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.servers.send(t, 1, true, nil, bootItem(1, agentpb.Boot_WANT_RUNNING), volumeItem(false))
	w.servers.waitPhase(t, 1, boot.PhaseRunning)
	w.servers.send(t, 2, false, []string{"boot/" + instance, "volume/vol-1"})
	w.servers.send(t, 3, false, nil, bootItem(1, agentpb.Boot_WANT_RUNNING), volumeItem(false))
	w.servers.waitPhase(t, 1, boot.PhaseRunning)
	guests, err := w.hyper.Observe(t.Context(), instance)
	if err != nil || len(guests) != 1 || guests[0].Epoch != 1 {
		t.Errorf("guests: %v %v", guests, err)
	}
}

// TestAHostThatCannotWriteRefuses: a boot whose assignment cannot be written down is
// reported as failed and never run; one that was taken on before stays.
func TestAHostThatCannotWriteRefuses(t *testing.T) {
	w := newWorld(t)
	w.servers.send(t, 1, true, nil, bootItem(1, agentpb.Boot_WANT_RUNNING), volumeItem(false))
	w.servers.waitPhase(t, 1, boot.PhaseRunning)
	// What stands where the file is to be renamed to stops every save, even root's.
	path := filepath.Join(w.dir, "agent", "assignments")
	if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "in the way"), 0o700)); err != nil {
		t.Fatal(err)
	}
	other := bootItem(1, agentpb.Boot_WANT_RUNNING)
	other.Key, other.GetBoot().InstanceId, other.GetBoot().Epoch = "boot/i-00000000000000002", "i-00000000000000002", 7
	w.servers.send(t, 2, false, nil, other)
	w.servers.waitPhase(t, 7, boot.PhaseReleased)
	w.servers.mu.Lock()
	s := w.servers.boots[7]
	w.servers.mu.Unlock()
	if s.Cause != boot.CauseFailed || s.ReasonMessage == "" {
		t.Errorf("reported %v", s)
	}
	guests, err := w.hyper.Observe(t.Context(), "")
	if err != nil || len(guests) != 1 || guests[0].Instance != instance {
		t.Errorf("guests %v %v", guests, err)
	}
}

// TestDamagedAssignments are never half believed.
func TestDamagedAssignments(t *testing.T) {
	a := &assignments{path: filepath.Join(t.TempDir(), "d", "assignments")}
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.apply(&agentpb.Update{Complete: true, Seq: 7, Put: []*agentpb.Item{bootItem(1, 0)}}); err != nil {
		t.Fatal(err)
	}
	again := &assignments{path: a.path}
	if err := again.load(); err != nil || !proto.Equal(again.boot(instance), a.boot(instance)) {
		t.Fatalf("read back: %v", err)
	}
	whole, _ := os.ReadFile(a.path)
	for _, bad := range [][]byte{whole[:len(whole)-1], whole[:10], append([]byte{1}, whole[1:]...), {}} {
		if err := os.WriteFile(a.path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (&assignments{path: a.path}).load(); err == nil {
			t.Errorf("%d of %d bytes were believed", len(bad), len(whole))
		}
	}
}

// TestApplySaysWhatChanged, keeps pointers of what did not, and refuses a gap.
func TestApplySaysWhatChanged(t *testing.T) {
	a := &assignments{path: filepath.Join(t.TempDir(), "assignments")}
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.apply(&agentpb.Update{Complete: true, Seq: 1, Put: []*agentpb.Item{bootItem(1, 0), volumeItem(false)}}); err != nil {
		t.Fatal(err)
	}
	before, rev := a.boot(instance), a.revision()
	changed, err := a.apply(&agentpb.Update{Complete: true, Seq: 1, Put: []*agentpb.Item{bootItem(1, 0), volumeItem(true)}})
	if err != nil || len(changed) != 1 || changed[0] != "volume/vol-1" || a.boot(instance) != before || a.revision() == rev {
		t.Errorf("changed %v, %v; same pointer %v", changed, err, a.boot(instance) == before)
	}
	g := guests{a}
	two := bootItem(1, 0)
	two.GetBoot().Interfaces[0].Secondary = []*agentpb.PrivateAddress{{PrivateIp: "10.0.0.105"}}
	for _, a := range []string{"10.0.0.5", "10.0.0.105"} {
		if id := newIndex(map[string]*agentpb.Item{two.Key: two}).interfaces["vpc-1/"+a]; id != "eni-0123456789abcdef0" {
			t.Errorf("%s is of interface %q", a, id)
		}
	}
	if here, other := g.InterfaceAt("vpc-1", netip.MustParseAddr("10.0.0.5")), g.InterfaceAt("vpc-2", netip.MustParseAddr("10.0.0.5")); here != "eni-0123456789abcdef0" || other != "" {
		t.Errorf("the address is of %q, in another VPC of %q", here, other)
	}
	if x := a.index(); x.byAddress["vpc-1/10.0.0.5"] != before || x.byMAC["vpc-1/02:00:00:00:00:01"] != before || len(x.byVPC["vpc-1"]) != 1 {
		t.Errorf("index: %+v", x)
	}
	if _, err := a.apply(&agentpb.Update{Seq: 3}); !errors.Is(err, errGap) {
		t.Errorf("a gap: %v", err)
	}
	if changed, err := a.apply(&agentpb.Update{Seq: 2, Del: []string{"volume/vol-1"}}); err != nil || len(changed) != 1 || a.volume("vol-1") != nil {
		t.Errorf("deleted: %v %v", changed, err)
	}
}

// TestNetworkInput reads what is good and says what is not.
func TestNetworkInput(t *testing.T) {
	a := &assignments{path: filepath.Join(t.TempDir(), "assignments")}
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
	put := []*agentpb.Item{
		bootItem(1, 0),
		{Key: "vpc/vpc-1", Value: &agentpb.Item_Vpc{Vpc: &agentpb.VPC{Id: "vpc-1", Cidrs: []string{"10.0.0.0/16"}, DnsSupport: true, InternetGateway: true,
			Subnets: []*agentpb.Subnet{{Id: "subnet-1", Cidr: "10.0.0.0/24", PublicRoute: true, Vni: 4711}}}}},
		{Key: "remote/eni-2", Value: &agentpb.Item_Remote{Remote: &agentpb.Remote{Id: "eni-2", VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:02", PrivateIp: "10.0.0.6", Host: "192.168.7.2"}}},
		{Key: "remote/eni-3", Value: &agentpb.Item_Remote{Remote: &agentpb.Remote{Id: "eni-3", VpcId: "vpc-2"}}}, // of a VPC that is not here
		{Key: "group/sg-1", Value: &agentpb.Item_Group{Group: &agentpb.Group{Id: "sg-1", VpcId: "vpc-1", Members: []string{"10.0.0.5", "no address"}, Rules: []*agentpb.Rule{
			{Id: "sgr-1", Protocol: 6, FromPort: 22, ToPort: 22, Cidr: "0.0.0.0/0"},
			{Id: "sgr-2", Protocol: 1, FromPort: 8, ToPort: -1, Group: "sg-1"},
			{Id: "sgr-3", Protocol: -1, FromPort: -1, ToPort: -1, Cidr: "0.0.0.0/0", Egress: true},
		}}}},
	}
	if _, err := a.apply(&agentpb.Update{Complete: true, Seq: 1, Put: put}); err != nil {
		t.Fatal(err)
	}
	put[0].GetBoot().BaselineMbps, put[0].GetBoot().BurstMbps = 64, 5000
	host, errs := networkInput(a, "t", netip.MustParsePrefix("100.127.0.0/24"), func(*agentpb.Boot) bool { return false })
	if len(errs) != 1 || len(host.VPCs) != 1 {
		t.Fatalf("errors %v, VPCs %v", errs, host.VPCs)
	}
	bound(&host, a)
	v := host.VPCs[0]
	if want := (plan.Rate{BaselineMbps: 64, BurstMbps: 5000}); v.Interfaces[0].Rate != want {
		t.Errorf("rate: %v, want %v", v.Interfaces[0].Rate, want)
	}
	if !v.DNS || !v.InternetGateway || !slices.Equal(v.Subnets[0].Routes, []plan.SubnetRoute{plan.ToInternet()}) || v.Interfaces[0].PrivateIP.String() != "10.0.0.5" || len(v.Groups) != 1 {
		t.Errorf("VPC: %+v", v)
	}
	if r := v.Remotes; v.Subnets[0].VNI != 4711 || len(r) != 1 || r[0].Host.String() != "192.168.7.2" || r[0].PrivateIP.String() != "10.0.0.6" || r[0].MAC.String() != "02:00:00:00:00:02" {
		t.Errorf("what is on other hosts: %+v", r)
	}
	g := v.Groups[0]
	if r := g.Ingress[0]; r.FromPort != 22 || r.ToPort != 22 || r.ICMPType != -1 {
		t.Errorf("tcp: %+v", r)
	}
	if r := g.Ingress[1]; r.FromPort != -1 || r.ICMPType != 8 || r.ICMPCode != -1 || r.Group != "sg-1" {
		t.Errorf("icmp: %+v", r)
	}
	if len(g.Egress) != 1 || g.Egress[0].Protocol != -1 {
		t.Errorf("egress: %+v", g.Egress)
	}
}

// TestNetworkInputOfPeersAndGateways: what rules name is where plan looks for it.
func TestNetworkInputOfPeersAndGateways(t *testing.T) {
	a := &assignments{path: filepath.Join(t.TempDir(), "assignments")}
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
	put := []*agentpb.Item{
		{Key: "vpc/vpc-1", Value: &agentpb.Item_Vpc{Vpc: &agentpb.VPC{
			Id: "vpc-1", Cidrs: []string{"10.0.0.0/16"}, Peerings: []*agentpb.Peering{{Id: "pcx-1", VpcId: "vpc-2", Cidrs: []string{"10.1.0.0/16"}}},
			Subnets: []*agentpb.Subnet{{Id: "subnet-1", Cidr: "10.0.0.0/24", Acl: "acl-1", PublicRoute: true, Routes: []*agentpb.Route{{Destination: "192.0.2.0/24", Target: "eni-9"}}}},
			Acls: []*agentpb.ACL{{Id: "acl-1", Entries: []*agentpb.ACLEntry{
				{Allow: true, Protocol: 6, FromPort: 22, ToPort: 23, Cidr: "0.0.0.0/0"}, {Egress: true, Protocol: 1, FromPort: 8, ToPort: -1, Cidr: "10.0.0.0/8"}}}},
		}}},
		{Key: "vpc/vpc-2", Value: &agentpb.Item_Vpc{Vpc: &agentpb.VPC{Id: "vpc-2", Cidrs: []string{"10.1.0.0/16"}}}},
		{Key: "group/sg-1", Value: &agentpb.Item_Group{Group: &agentpb.Group{Id: "sg-1", VpcId: "vpc-1", Rules: []*agentpb.Rule{
			{Id: "sgr-1", Protocol: -1, Group: "sg-2"}, {Id: "sgr-2", Protocol: -1, PrefixList: "pl-1"}}}}},
		{Key: "group/sg-2", Value: &agentpb.Item_Group{Group: &agentpb.Group{Id: "sg-2", VpcId: "vpc-2", Members: []string{"10.1.0.5"}}}},
		{Key: "list/pl-1", Value: &agentpb.Item_PrefixList{PrefixList: &agentpb.PrefixList{Id: "pl-1", Cidrs: []string{"192.0.2.0/24"}}}},
		{Key: "nat/eni-9", Value: &agentpb.Item_Nat{Nat: &agentpb.NATGateway{Id: "nat-1", Interface: &agentpb.Interface{
			Id: "eni-9", VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:09", PrivateIp: "10.0.0.9", SourceDestCheck: true,
			Secondary: []*agentpb.PrivateAddress{{PrivateIp: "10.0.0.10", PublicIp: "100.127.0.1"}}}}}},
		{Key: "nat/eni-8", Value: &agentpb.Item_Nat{Nat: &agentpb.NATGateway{Id: "nat-2", Deleted: true, Interface: &agentpb.Interface{
			Id: "eni-8", VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:08", PrivateIp: "10.0.0.8"}}}},
		{Key: "boot/i-1", Value: &agentpb.Item_Boot{Boot: &agentpb.Boot{InstanceId: "i-1", Epoch: 1, Interfaces: []*agentpb.Interface{
			{Id: "eni-5", VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:05", PrivateIp: "10.0.0.5", Detach: agentpb.Interface_ASKED},
			{Id: "eni-6", VpcId: "vpc-1", SubnetId: "subnet-1", Mac: "02:00:00:00:00:06", PrivateIp: "10.0.0.6", Detach: agentpb.Interface_FORCED}}}}},
	}
	if _, err := a.apply(&agentpb.Update{Complete: true, Seq: 1, Put: put}); err != nil {
		t.Fatal(err)
	}
	host, errs := networkInput(a, "t", netip.Prefix{}, func(*agentpb.Boot) bool { return false })
	if len(errs) > 0 || len(host.VPCs) != 2 {
		t.Fatalf("errors %v, VPCs %v", errs, host.VPCs)
	}
	v := host.VPCs[0]
	if len(v.Interfaces) != 2 || v.Interfaces[0].ID != "eni-5" { // one that is asked for has traffic still
		t.Fatalf("interfaces: %+v", v.Interfaces)
	}
	if n := v.Interfaces[1]; !n.NAT || n.SourceDestCheck || n.Secondary[0].Public.String() != "100.127.0.1" {
		t.Errorf("the NAT gateway: %+v", n)
	}
	if len(v.Groups) != 2 || v.Groups[1].ID != "sg-2" || v.Groups[1].VPC != "vpc-2" || len(v.Groups[1].Members) != 1 {
		t.Errorf("groups: %+v", v.Groups)
	}
	if len(v.PrefixLists) != 1 || len(v.PrefixLists[0].CIDRs) != 1 || v.Groups[0].Ingress[1].PrefixList != "pl-1" || len(host.VPCs[1].PrefixLists) != 0 {
		t.Errorf("lists: %+v", v.PrefixLists)
	}
	if s := v.Subnets[0]; s.ACL != "acl-1" || len(s.Routes) != 1 || s.Routes[0].Target != "eni-9" || v.Peerings[0].VPC != "vpc-2" {
		t.Errorf("the subnet: %+v", s)
	}
	if l := v.ACLs[0]; l.Ingress[0].ToPort != 23 || !l.Ingress[0].Allow || l.Egress[0].ICMPType != 8 || l.Egress[0].FromPort != -1 {
		t.Errorf("the ACL: %+v", l)
	}
}
