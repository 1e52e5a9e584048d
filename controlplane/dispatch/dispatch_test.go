package dispatch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	hostA    = "host-0000000000000000a"
	instance = "i-00000000000000001"
)

var owner = model.Owned{Account: "123456789012", Region: "eu-central-1"}

// world has a VPC, two groups of which one names the other, and an instance on host A.
func world(t *testing.T, db store.DB) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		for _, err := range []error{
			store.Hosts.Put(tx, &model.Host{ID: hostA, Region: owner.Region, Zone: "eu-central-1a", Name: "a", Up: true, VCPUs: 4, MemoryMiB: 4096}),
			store.VPCs.Put(tx, &model.VPC{ID: "vpc-1", Owned: owner, CIDR: netip.MustParsePrefix("10.0.0.0/16"), DNSSupport: true}),
			store.Subnets.Put(tx, &model.Subnet{ID: "subnet-1", Owned: owner, VPC: "vpc-1", Zone: "eu-central-1a", CIDR: netip.MustParsePrefix("10.0.1.0/24")}),
			store.Subnets.Put(tx, &model.Subnet{ID: "subnet-2", Owned: owner, VPC: "vpc-1", Zone: "eu-central-1a", CIDR: netip.MustParsePrefix("10.0.2.0/24")}),
			store.InternetGateways.Put(tx, &model.InternetGateway{ID: "igw-1", Owned: owner, VPC: "vpc-1"}),
			store.RouteTables.Put(tx, &model.RouteTable{ID: "rtb-1", Owned: owner, VPC: "vpc-1", Main: true, Routes: []model.Route{{Destination: netip.MustParsePrefix("0.0.0.0/0"), Target: "igw-1"}}}),
			store.RouteTables.Put(tx, &model.RouteTable{ID: "rtb-2", Owned: owner, VPC: "vpc-1", Subnets: map[string]string{"subnet-2": "rtbassoc-1"}}),
			store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: "sg-web", Owned: owner, VPC: "vpc-1", Name: "web"}),
			store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: "sg-lb", Owned: owner, VPC: "vpc-1", Name: "lb"}),
			store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: "sg-else", Owned: owner, VPC: "vpc-1", Name: "else"}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-1", Owned: owner, Group: "sg-web", Protocol: "tcp", FromPort: 80, ToPort: 80, Source: "sg-lb"}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-2", Owned: owner, Group: "sg-lb", Protocol: "tcp", FromPort: 443, ToPort: 443, CIDR: netip.MustParsePrefix("0.0.0.0/0")}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-1", Owned: owner, VPC: "vpc-1", Subnet: "subnet-1", MAC: "02:00:00:00:00:01", PrivateIP: netip.MustParseAddr("10.0.1.5"), Groups: []string{"sg-web"}, Instance: instance}),
			store.Interfaces.Put(tx, &model.Interface{ID: "eni-2", Owned: owner, VPC: "vpc-1", Subnet: "subnet-1", MAC: "02:00:00:00:00:02", PrivateIP: netip.MustParseAddr("10.0.1.6"), Groups: []string{"sg-lb"}}),
			store.Volumes.Put(tx, &model.Volume{ID: "vol-1", Owned: owner, Host: hostA, SizeGiB: 8, ImageDigest: "abc", Instance: instance, DeleteOnTermination: true, State: model.VolumeCreating}),
		} {
			if err != nil {
				return err
			}
		}
		i := &model.Instance{
			ID: instance, Owned: owner, Zone: "eu-central-1a", VPCID: "vpc-1", Interfaces: []string{"eni-1"}, RootVolume: "vol-1", Desired: model.WantRunning, Epoch: 1,
			ShutdownAction: "stop", LaunchTime: tx.Now(), DesiredAt: tx.Now(), PublicKey: "ssh-ed25519 AAAA k", KeyName: "k",
		}
		if err := store.Instances.Put(tx, i); err != nil {
			return err
		}
		return lifecycle.Begin(tx, i, lifecycle.Size{VCPUs: 1, MemoryMiB: 512}, hostA, "the only host")
	})
}

func update(t *testing.T, db store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), store.Meta{Action: "test"}, fn); err != nil {
		t.Fatal(err)
	}
}

func TestAssignments(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	got := Assignments(db.Stale(), hostA)
	b := got["boot/"+instance].GetBoot()
	if b == nil || b.Want != agentpb.Boot_WANT_RUNNING || b.Epoch != 1 || b.Interfaces[0].PrivateIp != "10.0.1.5" {
		t.Fatalf("boot: %v", b)
	}
	if m := b.Metadata; m.Hostname != "ip-10-0-1-5.eu-central-1.compute.internal" || m.PublicKey == "" || m.SecurityGroups[0] != "web" || m.Interfaces[0].SubnetCidr != "10.0.1.0/24" {
		t.Errorf("metadata: %v", m)
	}
	v := got["vpc/vpc-1"].GetVpc()
	for _, s := range v.GetSubnets() {
		if want := s.Id == "subnet-1"; s.PublicRoute != want {
			t.Errorf("%s has a public route: %v", s.Id, s.PublicRoute)
		}
	}
	// Rules of groups that interfaces here are in; members alone of those they name.
	if g := got["group/sg-web"].GetGroup(); len(g.GetRules()) != 1 || len(g.Members) != 1 {
		t.Errorf("web: %v", g)
	}
	if g := got["group/sg-lb"].GetGroup(); len(g.GetRules()) != 0 || g.GetMembers()[0] != "10.0.1.6" {
		t.Errorf("lb: %v", g)
	}
	if v := got["volume/vol-1"].GetVolume(); got["group/sg-else"] != nil || v.GetSizeGib() != 8 || v.GetExists() {
		t.Errorf("group and volume: %v", got)
	}
	for _, c := range []struct {
		epoch int64
		state model.VolumeState
		want  bool
	}{{1, model.VolumeInUse, false}, {2, model.VolumeInUse, true}, {2, model.VolumeCreating, false}} {
		update(t, db, func(tx *store.Tx) error {
			i, v := *store.Instances.Get(tx, instance), *store.Volumes.Get(tx, "vol-1")
			i.Epoch, v.State = c.epoch, c.state
			return errors.Join(store.Instances.Put(tx, &i), store.Volumes.Put(tx, &v))
		})
		if got := Assignments(db.Stale(), hostA)["volume/vol-1"].GetVolume().GetExists(); got != c.want {
			t.Errorf("a volume that is %s at boot %d exists: %v", c.state, c.epoch, got)
		}
	}
	if other := Assignments(db.Stale(), "host-0000000000000000b"); len(other) != 0 {
		t.Errorf("another host has %v", other)
	}
}

func TestWantFollowsTheInstance(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*model.Instance, *model.Boot)
		want   agentpb.Boot_Want
	}{
		{"running", func(*model.Instance, *model.Boot) {}, agentpb.Boot_WANT_RUNNING},
		{"stopped", func(i *model.Instance, b *model.Boot) { i.Desired, b.Phase = model.WantStopped, model.PhaseRunning }, agentpb.Boot_WANT_ENDED},
		{"stopped by force", func(i *model.Instance, b *model.Boot) {
			i.Desired, i.ForceStop, b.Phase = model.WantStopped, true, model.PhaseRunning
		}, agentpb.Boot_WANT_DESTROYED},
		{"terminated, nothing kept", func(i *model.Instance, b *model.Boot) { i.Desired, b.Phase = model.WantTerminated, model.PhaseRunning }, agentpb.Boot_WANT_DESTROYED},
		{"ended by itself, not settled", func(i *model.Instance, b *model.Boot) { b.Phase = model.PhaseEnded }, agentpb.Boot_WANT_ENDED},
		{"a newer boot began", func(i *model.Instance, b *model.Boot) { i.Epoch = 2 }, agentpb.Boot_WANT_DESTROYED},
	} {
		db := store.NewMemory()
		world(t, db)
		update(t, db, func(tx *store.Tx) error {
			i, b := *store.Instances.Get(tx, instance), *store.Boots.Get(tx, model.BootID(instance, 1))
			c.change(&i, &b)
			if err := store.Instances.Put(tx, &i); err != nil {
				return err
			}
			return store.Boots.Put(tx, &b)
		})
		if got := Assignments(db.Stale(), hostA)["boot/"+instance].GetBoot().GetWant(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// dial starts a Server on a socket and opens a session as host A's agent would.
func dial(t *testing.T, s *Server) agentpb.ControlClient {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	agentpb.RegisterControlServer(g, s)
	go g.Serve(l)
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient("unix:"+path, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return agentpb.NewControlClient(conn)
}

func open(t *testing.T, c agentpb.ControlClient) agentpb.Control_SessionClient {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := c.Session(ctx)
	if err != nil {
		t.Fatal(err)
	}
	hello := &agentpb.Hello{HostId: hostA, Name: "a", Region: owner.Region, Zone: "eu-central-1a", Arch: "x86_64", Vcpus: 4, MemoryMib: 4096}
	if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Hello{Hello: hello}}); err != nil {
		t.Fatal(err)
	}
	if m := recv(t, stream); m.GetWelcome() == nil {
		t.Fatalf("first %v", m)
	}
	return stream
}

func recv(t *testing.T, s agentpb.Control_SessionClient) *agentpb.ToAgent {
	t.Helper()
	m, err := s.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSession: complete set, then increments in sequence; reports move the state, and a
// report of an old epoch does not.
func TestSession(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	s := &Server{DB: db, Log: slog.New(slog.DiscardHandler), Name: "s", Lease: time.Minute}
	stream := open(t, dial(t, s))
	first := recv(t, stream).GetUpdate()
	if !first.GetComplete() || first.Seq != 1 || len(first.Put) != 5 {
		t.Fatalf("first update: %v", first)
	}
	// A boot that is new to a connected host is marked committed.
	update(t, db, func(tx *store.Tx) error {
		i := *store.Instances.Get(tx, instance)
		i.ID, i.Interfaces, i.RootVolume = "i-00000000000000002", nil, ""
		if err := store.Instances.Put(tx, &i); err != nil {
			return err
		}
		return lifecycle.Begin(tx, &i, lifecycle.Size{VCPUs: 1, MemoryMiB: 1}, hostA, "")
	})
	recv(t, stream)
	second := &agentpb.BootStatus{InstanceId: "i-00000000000000002", Epoch: 1, Phase: int32(model.PhaseRunning)}
	if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Report{Report: &agentpb.Report{Boots: []*agentpb.BootStatus{second}}}}); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, 5*time.Second, "the step committed", func() bool {
		b := store.Boots.Get(db.Stale(), model.BootID(second.InstanceId, 1))
		return slices.ContainsFunc(b.Steps, func(s model.Step) bool { return s.Name == "committed" && !s.At.Before(b.Created) })
	})
	report := func(epoch int64, phase model.Phase) {
		t.Helper()
		r := &agentpb.Report{Boots: []*agentpb.BootStatus{{InstanceId: instance, Epoch: epoch, Phase: int32(phase), Steps: []*agentpb.Step{{Name: fmt.Sprint("step-", phase), AtUnixNano: 1}}}}}
		if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Report{Report: r}}); err != nil {
			t.Fatal(err)
		}
	}
	state := func() string {
		v := db.Stale()
		return lifecycle.State(v, store.Instances.Get(v, instance)).Name
	}
	report(1, model.PhaseRunning)
	testkit.Wait(t, 5*time.Second, "running", func() bool { return state() == "running" })
	report(0, model.PhaseEnded) // of no boot that is known
	update(t, db, func(tx *store.Tx) error { return lifecycle.Stop(tx, store.Instances.Get(tx, instance), false) })
	next := recv(t, stream).GetUpdate()
	if next.GetComplete() || next.Seq != 3 || len(next.Put) != 1 || next.Put[0].GetBoot().GetWant() != agentpb.Boot_WANT_ENDED {
		t.Fatalf("next update: %v", next)
	}
	if state() != "stopping" {
		t.Errorf("state %s", state())
	}
	report(1, model.PhaseReleased)
	gone := recv(t, stream).GetUpdate()
	if len(gone.GetDel()) == 0 || state() != "stopped" {
		t.Errorf("after the end: %v, %s", gone, state())
	}
	if b := store.Boots.Get(db.Stale(), model.BootID(instance, 1)); len(b.Steps) < 4 {
		t.Errorf("timeline: %v", b.Steps)
	}
}

// A host is asked for an interface by its attachment, and ends that by its word.
func TestAnAttachmentEndsByTheHostsWord(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	s := &Server{DB: db, Log: slog.New(slog.DiscardHandler), Name: "s", Lease: time.Minute}
	stream := open(t, dial(t, s))
	recv(t, stream)
	change := func(do func(*model.Interface)) *agentpb.Interface {
		t.Helper()
		i := *store.Interfaces.Get(db.Stale(), "eni-1")
		do(&i)
		update(t, db, func(tx *store.Tx) error { return store.Interfaces.Put(tx, &i) })
		return recv(t, stream).GetUpdate().GetPut()[0].GetBoot().GetInterfaces()[0]
	}
	say := func(state agentpb.AttachmentStatus_State, want string) {
		t.Helper()
		b := &agentpb.BootStatus{InstanceId: instance, Epoch: 1, Phase: int32(model.PhasePreparing), Attachments: []*agentpb.AttachmentStatus{{Id: "eni-attach-1", State: state}}}
		if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Report{Report: &agentpb.Report{Boots: []*agentpb.BootStatus{b}}}}); err != nil {
			t.Fatal(err)
		}
		testkit.Wait(t, 5*time.Second, "it to be "+want, func() bool { return store.Interfaces.Get(db.Stale(), "eni-1").AttachmentState() == want })
	}
	sent := change(func(i *model.Interface) { i.AttachmentID, i.Arriving = "eni-attach-1", true })
	if sent.Attachment != "eni-attach-1" || sent.Detach != agentpb.Interface_NO {
		t.Errorf("sent %v", sent)
	}
	say(agentpb.AttachmentStatus_ATTACHED, model.Attached)
	for _, x := range []struct {
		how  model.Leaving
		want agentpb.Interface_Detach
	}{{model.LeaveAsked, agentpb.Interface_ASKED}, {model.LeaveForced, agentpb.Interface_FORCED}} {
		if sent := change(func(i *model.Interface) { i.Leaving = x.how }); sent.Detach != x.want {
			t.Errorf("%s: sent %v", x.how, sent)
		}
	}
	say(agentpb.AttachmentStatus_DETACHED, "")
	if left := recv(t, stream).GetUpdate().GetPut()[0].GetBoot().GetInterfaces(); len(left) != 0 {
		t.Errorf("the boot has %v", left)
	}
}

// TestCommand: a reply finds who asked; a host that is away is said at once.
func TestCommand(t *testing.T) {
	s := &Server{DB: store.NewMemory(), Log: slog.New(slog.DiscardHandler), Name: "s", Lease: time.Minute}
	if _, _, err := s.Console(t.Context(), hostA, instance, false); err == nil {
		t.Error("a command to nobody succeeded")
	}
	stream := open(t, dial(t, s))
	go func() {
		for {
			m, err := stream.Recv()
			if err != nil {
				return
			}
			if p := m.GetCommand().GetProbe(); p != nil {
				data, _ := proto.Marshal(&agentpb.ProbeResult{Passed: []string{p.VpcId}, SourcePort: p.SourcePort})
				if p.Source == "" {
					data = []byte("not a result")
				}
				_ = stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Reply{Reply: &agentpb.Reply{Id: m.GetCommand().Id, Data: data}}})
				continue
			}
			if w := m.GetCommand().GetWatch(); w != nil {
				_ = stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Reply{Reply: &agentpb.Reply{Id: m.GetCommand().Id, Error: w.Name}}})
				continue
			}
			if w := m.GetCommand().GetEndWatch(); w != nil {
				data, _ := proto.Marshal(&agentpb.WatchResult{Arrived: w.Name})
				if w.Name == "" {
					data = []byte("not a result")
				}
				_ = stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Reply{Reply: &agentpb.Reply{Id: m.GetCommand().Id, Data: data}}})
				continue
			}
			if c := m.GetCommand(); c != nil {
				_ = stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Reply{Reply: &agentpb.Reply{Id: c.Id, Data: []byte(c.GetConsoleOutput().GetInstanceId()), AtUnixNano: 5}}})
			}
		}
	}()
	testkit.Wait(t, 5*time.Second, "the session", func() bool { return s.Connected(hostA) })
	out, at, err := s.Console(t.Context(), hostA, instance, false)
	if err != nil || string(out) != instance || at.UnixNano() != 5 {
		t.Errorf("%q %v %v", out, at, err)
	}
	did, err := s.Probe(t.Context(), hostA, &agentpb.Probe{VpcId: "vpc-1", Source: "10.0.0.4", SourcePort: 7})
	if err != nil || !slices.Equal(did.Passed, []string{"vpc-1"}) || did.SourcePort != 7 {
		t.Errorf("a probe: %v %v", did, err)
	}
	if did, err := s.Probe(t.Context(), hostA, &agentpb.Probe{}); err == nil {
		t.Errorf("nonsense was read as %v", did)
	}
	if err := s.BeginWatch(t.Context(), hostA, &agentpb.Watch{}); err != nil {
		t.Errorf("a watch: %v", err)
	}
	if err := s.BeginWatch(t.Context(), hostA, &agentpb.Watch{Name: "refused"}); err == nil || err.Error() != "refused" {
		t.Errorf("a watch that is refused: %v", err)
	}
	if err := s.BeginWatch(t.Context(), "host-none", &agentpb.Watch{}); !errors.Is(err, ErrNoHost) {
		t.Errorf("a watch on a host that is away: %v", err)
	}
	if saw, err := s.EndWatch(t.Context(), hostA, &agentpb.EndWatch{Name: "vx-1"}); err != nil || saw.Arrived != "vx-1" {
		t.Errorf("a watch: %v %v", saw, err)
	}
	if saw, err := s.EndWatch(t.Context(), hostA, &agentpb.EndWatch{}); err == nil {
		t.Errorf("nonsense was read as %v", saw)
	}
}

// TestLease: a host without a word is down when its lease is over, and up again when it
// is back.
func TestLease(t *testing.T) {
	db := store.NewMemory()
	s := &Server{DB: db, Log: slog.New(slog.DiscardHandler), Name: "s", Lease: 200 * time.Millisecond}
	go s.Watch(t.Context())
	stream := open(t, dial(t, s))
	up := func() bool { return store.Hosts.Get(db.Stale(), hostA).Up }
	if !up() {
		t.Fatal("a host that registers is up")
	}
	testkit.Wait(t, 5*time.Second, "the host to be down", func() bool { return !up() })
	if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Heartbeat{Heartbeat: &agentpb.Heartbeat{}}}); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, 5*time.Second, "the host to be up", up)
}

// TestNewerSession: a host that comes again is served there, and its older session ends
// although nothing of its connection shows.
func TestNewerSession(t *testing.T) {
	s := &Server{DB: store.NewMemory(), Log: slog.New(slog.DiscardHandler), Name: "s", Lease: time.Minute}
	client := dial(t, s)
	older := open(t, client)
	recv(t, older)
	newer := open(t, client)
	recv(t, newer)
	for {
		if _, err := older.Recv(); err != nil {
			if status.Code(err) != codes.Unavailable {
				t.Errorf("the older ends with %v", err)
			}
			break
		}
	}
	go func() { _, _, _ = s.Console(t.Context(), hostA, instance, false) }()
	if m := recv(t, newer); m.GetCommand() == nil {
		t.Errorf("the newer is sent %v", m)
	}
}

// moving is a store of a server that leads no more when it is written to.
type moving struct {
	store.DB
	moved func()
}

func (m moving) Update(ctx context.Context, _ store.Meta, _ func(*store.Tx) error) error {
	m.moved()
	<-ctx.Done() // it waits for servers that do not answer
	return errors.Join(store.ErrUnknownOutcome, ctx.Err())
}

// TestLeadershipMovesBeforeTheWelcome: a host whose registration hangs is sent to the new
// leader as soon as there is one.
func TestLeadershipMovesBeforeTheWelcome(t *testing.T) {
	moved := make(chan struct{})
	s := &Server{DB: moving{store.NewMemory(), sync.OnceFunc(func() { close(moved) })}, Log: slog.New(slog.DiscardHandler), Name: "s", Lease: time.Minute}
	s.Place = func() (bool, string, <-chan struct{}) {
		select {
		case <-moved:
			return false, "10.0.0.2:7443", make(chan struct{})
		default:
			return true, "", moved
		}
	}
	stream, err := dial(t, s).Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&agentpb.FromAgent{Kind: &agentpb.FromAgent_Hello{Hello: &agentpb.Hello{HostId: hostA}}}); err != nil {
		t.Fatal(err)
	}
	if to := recv(t, stream).GetRedirect(); to.GetAddress() != "10.0.0.2:7443" {
		t.Errorf("sent to %v", to)
	}
}

// TestCommonItemsAreTheSameAsFresh: what is made once for all hosts equals what each
// would make, over versions, and keeps its pointer while nothing changes.
func TestCommonItemsAreTheSameAsFresh(t *testing.T) {
	db := store.NewMemory()
	world(t, db)
	var c common
	var last map[string]*agentpb.Item
	for n := range 3 {
		got, fresh := assign(db.Stale(), hostA, &c).all(), Assignments(db.Stale(), hostA)
		if len(got) != len(fresh) {
			t.Fatalf("%d items, %d fresh", len(got), len(fresh))
		}
		for k, item := range fresh {
			if !proto.Equal(got[k], item) {
				t.Errorf("version %d, %s: %v, fresh %v", n, k, got[k], item)
			}
		}
		if n == 1 && (got["vpc/vpc-1"] != last["vpc/vpc-1"] || got["group/sg-lb"] == last["group/sg-lb"]) {
			t.Error("the VPC is another pointer, or the changed group is the same")
		}
		last = got
		update(t, db, func(tx *store.Tx) error {
			e := *store.Interfaces.Get(tx, "eni-2")
			e.Groups = []string{"sg-else"}
			if n == 1 {
				e.Groups = []string{"sg-lb"}
			}
			return store.Interfaces.Put(tx, &e)
		})
	}
}

// Hosts with an address among the others are told where the VPC's other interfaces are,
// and only they.
func TestRemotes(t *testing.T) {
	const hostB, second = "host-0000000000000000b", "i-00000000000000002"
	db := store.NewMemory()
	world(t, db)
	place := func(a, b string) {
		t.Helper()
		update(t, db, func(tx *store.Tx) error {
			for id, address := range map[string]string{hostA: a, hostB: b} {
				row := model.Host{ID: id, Region: owner.Region, Zone: "eu-central-1a", Name: id, Up: true, VCPUs: 4, MemoryMiB: 4096}
				row.Underlay, _ = netip.ParseAddr(address)
				if err := store.Hosts.Put(tx, &row); err != nil {
					return err
				}
			}
			return nil
		})
	}
	place("192.168.7.1", "192.168.7.2")
	update(t, db, func(tx *store.Tx) error {
		with := *store.Interfaces.Get(tx, "eni-2")
		with.Instance = second
		i := *store.Instances.Get(tx, instance)
		i.ID, i.Interfaces, i.RootVolume = second, []string{"eni-2"}, "vol-2"
		for _, err := range []error{
			store.Interfaces.Put(tx, &with), store.Instances.Put(tx, &i),
			store.Volumes.Put(tx, &model.Volume{ID: "vol-2", Owned: owner, Host: hostB, SizeGiB: 8, ImageDigest: "abc", Instance: second, State: model.VolumeCreating}),
		} {
			if err != nil {
				return err
			}
		}
		return lifecycle.Begin(tx, &i, lifecycle.Size{VCPUs: 1, MemoryMiB: 512}, hostB, "the other host")
	})
	var shared common // by both hosts, over all versions
	var last assignments
	books := map[string]*ledger{hostA: {}, hostB: {}}
	had := map[string]map[string]*agentpb.Item{hostA: {}, hostB: {}}
	// An agent that applies all updates has what a new one would be given.
	follow := func(host string, made assignments) {
		u := books[host].next(made)
		for _, item := range u.GetPut() {
			had[host][item.Key] = item
		}
		for _, key := range u.GetDel() {
			if had[host][key] == nil {
				t.Errorf("%s is to forget %s, which it has not", host, key)
			}
			delete(had[host], key)
		}
		if want := Assignments(db.Stale(), host); !maps.EqualFunc(had[host], want, func(x, y *agentpb.Item) bool { return proto.Equal(x, y) }) {
			t.Errorf("by its updates %s has %v, and should have %v", host, had[host], want)
		}
		if u := books[host].next(assign(db.Stale(), host, new(common))); u != nil {
			t.Errorf("the same again is %v", u)
		}
	}
	remotes := func(host string) (out []string) {
		last = assign(db.Stale(), host, &shared)
		follow(host, last)
		made, fresh := last.all(), Assignments(db.Stale(), host)
		if !maps.EqualFunc(made, fresh, func(x, y *agentpb.Item) bool { return proto.Equal(x, y) }) {
			t.Errorf("made once for all: %v, fresh %v", made, fresh)
		}
		if again := assign(db.Stale(), host, &shared); !same(again.remotes["vpc-1"], last.remotes["vpc-1"]) {
			t.Error("remotes are made again for each host")
		}
		for key, item := range made {
			if r := item.GetRemote(); r != nil {
				out = append(out, key+" "+r.PrivateIp+" at "+r.Host)
			}
		}
		slices.Sort(out)
		return out
	}
	if got := remotes(hostA); !slices.Equal(got, []string{"remote/eni-2 10.0.1.6 at 192.168.7.2"}) {
		t.Errorf("host A is told %q", got)
	}
	if got := remotes(hostB); !slices.Equal(got, []string{"remote/eni-1 10.0.1.5 at 192.168.7.1"}) {
		t.Errorf("host B is told %q", got)
	}
	before := last.remotes["vpc-1"]
	update(t, db, func(tx *store.Tx) error { // nothing that matters to the network
		i := *store.Instances.Get(tx, second)
		i.Tags = model.Tags{"a": "b"}
		return store.Instances.Put(tx, &i)
	})
	if remotes(hostB); !same(before, last.remotes["vpc-1"]) || len(before) != 2 {
		t.Error("remotes that are as they were are other memory")
	}
	place("192.168.7.3", "192.168.7.2")
	if got := remotes(hostB); !slices.Equal(got, []string{"remote/eni-1 10.0.1.5 at 192.168.7.3"}) {
		t.Errorf("host B is told %q", got)
	}
	remotes(hostA)
	place("192.168.7.1", "")
	if a, b := remotes(hostA), remotes(hostB); len(a)+len(b) > 0 {
		t.Errorf("without an address there is no way: %q %q", a, b)
	}
}

// An update has what differs, in the order of keys, and nothing is none.
func TestLedger(t *testing.T) {
	item := func(key string, size int32) *agentpb.Item {
		return &agentpb.Item{Key: key, Value: &agentpb.Item_Volume{Volume: &agentpb.Volume{Id: key, SizeGib: size}}}
	}
	set := func(items ...*agentpb.Item) map[string]*agentpb.Item {
		out := map[string]*agentpb.Item{}
		for _, i := range items {
			out[i.Key] = i
		}
		return out
	}
	var book ledger
	for n, c := range []struct {
		items    map[string]*agentpb.Item
		put, del []string
	}{
		{set(item("c", 1), item("a", 1), item("b", 1), item("d", 1)), []string{"a", "b", "c", "d"}, nil},
		{set(item("c", 1), item("a", 1), item("b", 1), item("d", 1)), nil, nil},
		{set(item("c", 2), item("e", 1), item("b", 1)), []string{"c", "e"}, []string{"a", "d"}},
		{set(), nil, []string{"b", "c", "e"}},
	} {
		u := book.next(assignments{items: c.items})
		if (u == nil) != (c.put == nil && c.del == nil) {
			t.Fatalf("update %d is %v", n, u)
		}
		if u == nil {
			continue
		}
		var put []string
		for _, i := range u.Put {
			put = append(put, i.Key)
		}
		if !slices.Equal(put, c.put) || !slices.Equal(u.Del, c.del) || u.Complete != (n == 0) {
			t.Errorf("update %d puts %q and deletes %q", n, put, u.Del)
		}
	}
	if first := (&ledger{}).next(assignments{}); first == nil || !first.Complete || first.Seq != 1 {
		t.Errorf("the first update of a host without anything is %v", first)
	}
}
