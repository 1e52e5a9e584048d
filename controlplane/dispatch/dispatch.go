// Package dispatch serves the agents: it sends each host its assignments and writes
// what hosts report. It decides nothing: what a report makes of an instance is the
// lifecycle package's.
package dispatch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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

	common common

	mu       sync.Mutex
	sessions map[string]*session // by host
	seen     map[string]time.Time
	tunnels  map[string]chan *Tunnel
}

// session is one connected host.
type session struct {
	host string
	out  chan *agentpb.ToAgent // commands; updates go by the sender itself
	gone <-chan struct{}

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan *agentpb.Reply
	// sent is when this server first saw a boot committed: for its timeline, until the
	// host's first report of it is written.
	sent map[string]time.Time
}

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
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	if err := s.register(ctx, hello); err != nil {
		return status.Errorf(codes.Unavailable, "register: %v", err)
	}
	ses := &session{host: hello.HostId, out: make(chan *agentpb.ToAgent, 16), gone: ctx.Done(), waiting: map[uint64]chan *agentpb.Reply{}, sent: map[string]time.Time{}}
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
	err = s.receive(ctx, stream, ses)
	cancel()
	return errors.Join(err, <-sent)
}

// register writes the host's row; it is up from now.
func (s *Server) register(ctx context.Context, h *agentpb.Hello) error {
	return s.DB.Update(ctx, store.Meta{Action: "RegisterHost", Actor: h.HostId}, func(tx *store.Tx) error {
		row := model.Host{ID: h.HostId, Registered: tx.Now()}
		if old := store.Hosts.Get(tx, h.HostId); old != nil {
			row = *old
		}
		if !row.Up {
			row.Up, row.UpChanged = true, tx.Now()
		}
		row.Region, row.Zone, row.Name, row.Arch = h.Region, h.Zone, h.Name, h.Arch
		row.VCPUs, row.MemoryMiB, row.Hypervisor, row.Accel = int(h.Vcpus), int(h.MemoryMib), h.Hypervisor, h.Accel
		return store.Hosts.Put(tx, &row)
	})
}

func (s *Server) enter(ses *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions == nil {
		s.sessions, s.seen, s.tunnels = map[string]*session{}, map[string]time.Time{}, map[string]chan *Tunnel{}
	}
	s.sessions[ses.host] = ses // a newer session wins; the older ends with its connection
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
	for {
		changed := s.DB.Changed() // before the look, so that nothing is missed
		if update := book.next(assign(s.DB.Stale(), ses.host, &s.common)); update != nil {
			ses.note(update, time.Now())
			if err := stream.Send(&agentpb.ToAgent{Kind: &agentpb.ToAgent_Update{Update: update}}); err != nil {
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
		Instance: b.InstanceId, Epoch: b.Epoch, Phase: model.Phase(b.Phase), Cause: model.EndCause(b.Cause),
		Reason: model.Reason{Code: b.ReasonCode, Message: b.ReasonMessage},
	}
	for _, st := range b.Steps {
		out.Steps = append(out.Steps, model.Step{Name: st.Name, At: time.Unix(0, st.AtUnixNano).UTC(), Detail: st.Detail})
	}
	return out
}

// Watch marks hosts up and down as their leases run, until ctx ends. A host gets a full
// lease from the moment this server began to watch.
func (s *Server) Watch(ctx context.Context) {
	begun := time.Now()
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

// Connected says whether a host has a session here.
func (s *Server) Connected(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[host] != nil
}

// Command asks a host for something that is no state, and waits for its reply.
func (s *Server) Command(ctx context.Context, host string, c *agentpb.Command) (*agentpb.Reply, error) {
	s.mu.Lock()
	ses := s.sessions[host]
	s.mu.Unlock()
	if ses == nil {
		return nil, fmt.Errorf("%s: %w", host, ErrNoHost)
	}
	reply := make(chan *agentpb.Reply, 1)
	ses.mu.Lock()
	ses.last++
	c.Id = ses.last
	ses.waiting[c.Id] = reply
	ses.mu.Unlock()
	defer func() {
		ses.mu.Lock()
		delete(ses.waiting, c.Id)
		ses.mu.Unlock()
	}()
	select {
	case ses.out <- &agentpb.ToAgent{Kind: &agentpb.ToAgent_Command{Command: c}}:
	case <-ses.gone:
		return nil, fmt.Errorf("%s: %w", host, ErrNoHost)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case r := <-reply:
		if r.Error != "" {
			return nil, errors.New(r.Error)
		}
		return r, nil
	case <-ses.gone:
		return nil, fmt.Errorf("%s: %w", host, ErrNoHost)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *session) answer(r *agentpb.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.waiting[r.Id]; ch != nil {
		delete(s.waiting, r.Id)
		ch <- r
	}
}

// Console returns what a guest wrote to its serial port: what was last kept, or with
// latest what is there now.
func (s *Server) Console(ctx context.Context, host, instance string, latest bool) ([]byte, time.Time, error) {
	r, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_ConsoleOutput{ConsoleOutput: &agentpb.ConsoleOutput{InstanceId: instance, Latest: latest}}})
	if err != nil {
		return nil, time.Time{}, err
	}
	return r.Data, time.Unix(0, r.AtUnixNano).UTC(), nil
}

// Explain returns what a host has of an instance: domain XML, links, rules, and the
// commands that show them, as JSON.
func (s *Server) Explain(ctx context.Context, host, instance string) ([]byte, error) {
	r, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_Explain{Explain: &agentpb.ExplainBoot{InstanceId: instance}}})
	if err != nil {
		return nil, err
	}
	return r.Data, nil
}

// Tunnel is an interactive console: Read gives what the guest writes, Write goes to it.
type Tunnel struct {
	stream agentpb.Control_TunnelServer
	rest   []byte
	done   chan struct{}
	once   sync.Once
}

// OpenConsole asks the host to dial back with the guest's serial port.
func (s *Server) OpenConsole(ctx context.Context, host, instance string) (io.ReadWriteCloser, error) {
	name, ch := rand.Text(), make(chan *Tunnel, 1)
	s.mu.Lock()
	if s.tunnels == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("%s: %w", host, ErrNoHost)
	}
	s.tunnels[name] = ch
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.tunnels, name)
		s.mu.Unlock()
	}()
	if _, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_OpenConsole{OpenConsole: &agentpb.OpenConsole{InstanceId: instance, Tunnel: name}}}); err != nil {
		return nil, err
	}
	select {
	case t := <-ch:
		return t, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Tunnel implements agentpb.ControlServer.
func (s *Server) Tunnel(stream agentpb.Control_TunnelServer) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	s.mu.Lock()
	ch := s.tunnels[first.Tunnel]
	delete(s.tunnels, first.Tunnel)
	s.mu.Unlock()
	if ch == nil {
		return status.Error(codes.NotFound, "nobody asked for this tunnel")
	}
	t := &Tunnel{stream: stream, done: make(chan struct{})}
	ch <- t
	select {
	case <-t.done:
	case <-stream.Context().Done():
	}
	return nil
}

// Read implements io.Reader.
func (t *Tunnel) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		c, err := t.stream.Recv()
		if err != nil {
			return 0, err
		}
		if c.Error != "" {
			return 0, errors.New(c.Error)
		}
		if c.End {
			return 0, io.EOF
		}
		t.rest = c.Data
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// Write implements io.Writer.
func (t *Tunnel) Write(p []byte) (int, error) {
	if err := t.stream.Send(&agentpb.Chunk{Data: p}); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close ends the tunnel.
func (t *Tunnel) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}
