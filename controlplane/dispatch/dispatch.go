// Package dispatch serves the agents: it sends each host its assignments and writes
// what hosts report. It decides nothing: what a report makes of an instance is the
// lifecycle package's.
package dispatch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"reflect"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/proto/agentpb"
)

// Server is the gRPC service for agents.
type Server struct {
	agentpb.UnimplementedControlServer
	DB    store.DB
	Log   *slog.Logger
	Name  string        // of this server
	Lease time.Duration // a host without a word for this long is down
	// Confirm returns nil if this server led after the call began. Hosts get no leases
	// without it. What it may not rest on: answers to questions of before the call.
	Confirm func(context.Context) error
	// Place says whether this server serves agents, else which address does, if that is
	// known; changed is closed when the answer may be another. Nil: it always serves.
	Place func() (here bool, leader string, changed <-chan struct{})
	// HostOf returns the host that a call is proven to come from. Nil, or false, is for
	// callers on this machine, whose word is good.
	HostOf func(ctx context.Context) (host string, proven bool)

	common common

	mu       sync.Mutex
	sessions map[string]*session // by host
	seen     map[string]time.Time
	tunnels  map[string]chan *Tunnel
	watching time.Time // since when Watch runs; zero while it does not
	asked    map[*session]uint64
	asking   bool
}

// session is one connected host.
type session struct {
	host string
	out  chan *agentpb.ToAgent // commands; updates go by the sender itself
	gone <-chan struct{}
	// replaced is closed when the host has a newer session.
	replaced chan struct{}

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan *agentpb.Reply
	// sent is when this server first saw a boot committed: for its timeline, until the
	// host's first report of it is written.
	sent map[string]time.Time
}

func newSession(host string, gone <-chan struct{}) *session {
	return &session{
		host: host, out: make(chan *agentpb.ToAgent, 16), gone: gone, replaced: make(chan struct{}),
		waiting: map[uint64]chan *agentpb.Reply{}, sent: map[string]time.Time{},
	}
}

// errRemoved is the answer to a host that the operator took out of the cluster.
var errRemoved = errors.New("this host was removed from the cluster; it can join again under another id")

// ErrNoHost says that a host is not connected.
var ErrNoHost = errors.New("the host is not connected")

// Session implements agentpb.ControlServer.
func (s *Server) Session(stream agentpb.Control_SessionServer) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	hello := first.GetHello()
	if hello == nil || !ids.Valid(ids.Host, hello.HostId) {
		return status.Error(codes.InvalidArgument, "the first message must be a Hello with a host id")
	}
	if err := s.prove(stream.Context(), hello.HostId); err != nil {
		return err
	}
	if elsewhere, err := s.admit(stream.Context(), hello); err != nil {
		return status.Errorf(codes.Unavailable, "register: %v", err)
	} else if elsewhere != nil {
		return stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Redirect{Redirect: elsewhere}})
	}
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	ses := newSession(hello.HostId, ctx.Done())
	s.enter(ses)
	defer s.leave(ses)
	if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Welcome{Welcome: &agentpb.Welcome{ServerId: s.Name, HeartbeatMs: s.Lease.Milliseconds() / 4}}}); err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		defer cancel()
		sent <- s.send(ctx, stream, ses)
	}()
	received := make(chan error, 1)
	go func() { received <- s.receive(ctx, stream, ses) }()
	select {
	case err = <-received:
	case <-s.displaced(ctx):
		return status.Error(codes.Unavailable, "another server leads")
	case <-ses.replaced:
		return status.Error(codes.Unavailable, "this host has a newer session")
	}
	cancel()
	return errors.Join(err, <-sent)
}

// register writes the host's row; it is up from now.
func (s *Server) register(ctx context.Context, h *agentpb.Hello) error {
	return s.DB.Update(ctx, store.Meta{Action: "RegisterHost", Actor: h.HostId}, func(tx *store.Tx) error {
		if store.RemovedHosts.Get(tx, h.HostId) != nil {
			return errRemoved
		}
		row := model.Host{ID: h.HostId, Registered: tx.Now()}
		old := store.Hosts.Get(tx, h.HostId)
		if old != nil {
			row = *old
		}
		if !row.Up {
			row.Up, row.UpChanged = true, tx.Now()
		}
		row.Region, row.Zone, row.Name, row.Arch = h.Region, h.Zone, h.Name, h.Arch
		row.VCPUs, row.MemoryMiB, row.Hypervisor, row.Accel = int(h.Vcpus), int(h.MemoryMib), h.Hypervisor, h.Accel
		row.Storage, row.Migration = h.Storage, h.Migration
		row.Underlay, _ = netip.ParseAddr(h.Underlay)
		if old != nil && reflect.DeepEqual(row, *old) {
			return nil // it was here a moment ago, with another leader
		}
		return store.Hosts.Put(tx, &row)
	})
}

func (s *Server) enter(ses *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions == nil {
		s.sessions, s.seen, s.tunnels = map[string]*session{}, map[string]time.Time{}, map[string]chan *Tunnel{}
	}
	if old := s.sessions[ses.host]; old != nil { // its connection may be dead and not show it
		close(old.replaced)
	}
	s.sessions[ses.host] = ses
	s.seen[ses.host] = time.Now()
	s.Log.Info("host connected", "host_id", ses.host)
}

func (s *Server) leave(ses *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[ses.host] == ses {
		delete(s.sessions, ses.host)
	}
	s.Log.Info("host disconnected", "host_id", ses.host)
}

// send brings the host's assignments up to date, again whenever the state changes.
func (s *Server) send(ctx context.Context, stream agentpb.Control_SessionServer, ses *session) error {
	var book ledger
	var known *agentpb.Servers
	for {
		changed := s.DB.Changed() // before the look, so that nothing is missed
		if store.RemovedHosts.Get(s.DB.Stale(), ses.host) != nil {
			return status.Error(codes.PermissionDenied, errRemoved.Error())
		}
		if update := book.next(assign(s.DB.Stale(), ses.host, &s.common)); update != nil {
			ses.note(update, time.Now())
			if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Update{Update: update}}); err != nil {
				return err
			}
		}
		if now := servers(s.DB.Stale()); len(now.Servers) > 0 && !proto.Equal(now, known) {
			known = now
			if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Servers{Servers: now}}); err != nil {
				return err
			}
		}
		select {
		case <-changed:
		case msg := <-ses.out:
			if err := stream.Send(msg); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Server) receive(ctx context.Context, stream agentpb.Control_SessionServer, ses *session) error {
	for {
		msg, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF), err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		s.mu.Lock()
		s.seen[ses.host] = time.Now()
		s.mu.Unlock()
		switch k := msg.Kind.(type) {
		case *agentpb.FromAgent_Report:
			if err := s.report(ctx, ses, k.Report); err != nil {
				// The agent tells it all again when it is back.
				return status.Errorf(codes.Unavailable, "report: %v", err)
			}
		case *agentpb.FromAgent_Reply:
			ses.answer(k.Reply)
		case *agentpb.FromAgent_Heartbeat:
			if k.Heartbeat.Number != 0 {
				s.askLease(ses, k.Heartbeat.Number)
			}
		default:
			return status.Errorf(codes.InvalidArgument, "unexpected %T", k)
		}
	}
}

// report writes what a host says, each boot in an update of its own: one that is refused
// must not hold up the others.
func (s *Server) report(ctx context.Context, ses *session, r *agentpb.Report) error {
	host := ses.host
	meta := store.Meta{Action: "Report", Actor: host}
	for _, b := range r.Boots {
		st := fromStatus(b)
		if at, ok := ses.committed(st); ok {
			st.Steps = append(st.Steps, model.Step{Name: "committed", At: at.UTC()})
		}
		err := s.DB.Update(ctx, meta, func(tx *store.Tx) error { return lifecycle.ReportBoot(tx, host, st) })
		if errors.Is(err, lifecycle.ErrStale) {
			s.Log.Warn("refused a report of an old boot", "host_id", host, "instance_id", b.InstanceId, "boot", b.Epoch)
			continue
		}
		if err != nil {
			return err
		}
	}
	for _, v := range r.Volumes {
		err := s.DB.Update(ctx, meta, func(tx *store.Tx) error {
			return lifecycle.ReportVolume(tx, host, v.Id, volumeStates[v.State], v.Message)
		})
		if err != nil && !errors.Is(err, lifecycle.ErrStale) {
			return err
		}
	}
	for _, n := range r.Nats {
		err := s.DB.Update(ctx, meta, func(tx *store.Tx) error {
			return lifecycle.ReportNAT(tx, host, n.Id, n.State == agentpb.NATStatus_GONE)
		})
		if err != nil && !errors.Is(err, lifecycle.ErrStale) {
			return err
		}
	}
	return nil
}

// note remembers when boots that are new to the host were there, committed.
func (s *session) note(u *agentpb.Update, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range u.Put {
		if b := item.GetBoot(); b != nil && !u.Complete && b.Want == agentpb.Boot_WANT_RUNNING {
			if id := model.BootID(b.InstanceId, b.Epoch); s.sent[id].IsZero() {
				s.sent[id] = now
			}
		}
	}
}

// committed returns when a boot was first seen committed, until it runs or is over.
func (s *session) committed(r lifecycle.BootReport) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := model.BootID(r.Instance, r.Epoch)
	at, ok := s.sent[id]
	if r.Phase >= model.PhaseRunning {
		delete(s.sent, id)
	}
	return at, ok
}

var volumeStates = map[agentpb.VolumeStatus_State]string{
	agentpb.VolumeStatus_CREATED: "created", agentpb.VolumeStatus_DELETED: "deleted", agentpb.VolumeStatus_FAILED: "failed",
}

func fromStatus(b *agentpb.BootStatus) lifecycle.BootReport {
	out := lifecycle.BootReport{
		Instance: b.InstanceId, Epoch: b.Epoch, Phase: model.Phase(b.Phase), Cause: model.EndCause(b.Cause), Guarded: b.Guarded,
		Ready: b.Ready, Stays: b.Stays, Why: b.StaysMessage,
		Reason: model.Reason{Code: b.ReasonCode, Message: b.ReasonMessage},
	}
	for _, t := range b.Attachments {
		out.Attachments = append(out.Attachments, lifecycle.AttachmentReport{ID: t.Id, Gone: t.State == agentpb.AttachmentStatus_DETACHED})
	}
	for _, st := range b.Steps {
		out.Steps = append(out.Steps, model.Step{Name: st.Name, At: time.Unix(0, st.AtUnixNano).UTC(), Detail: st.Detail})
	}
	return out
}

// Watch marks hosts up and down as their leases run, until ctx ends. A host gets a full
// lease from the moment this server began to watch.
func (s *Server) Watch(ctx context.Context) {
	begun := s.watch()
	defer s.unwatch()
	tick := time.NewTicker(max(s.Lease/10, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for h := range store.Hosts.List(s.DB.Stale()) {
			s.mu.Lock()
			last := s.seen[h.ID]
			s.mu.Unlock()
			if last.Before(begun) {
				last = begun
			}
			if up := time.Since(last) < s.Lease; up != h.Up {
				s.mark(ctx, h.ID, up)
			}
		}
	}
}

func (s *Server) mark(ctx context.Context, host string, up bool) {
	err := s.DB.Update(ctx, store.Meta{Action: "HostLease", Actor: s.Name}, func(tx *store.Tx) error {
		h := store.Hosts.Get(tx, host)
		if h == nil || h.Up == up {
			return nil
		}
		row := *h
		row.Up, row.UpChanged = up, tx.Now()
		return store.Hosts.Put(tx, &row)
	})
	if err != nil && ctx.Err() == nil {
		s.Log.Error("cannot write a host's lease", "host_id", host, "err", err)
	}
}
