package dispatch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/proto/agentpb"
)

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

// Probe has a host send one packet in an interface's place, and returns what its kernel
// did with it.
func (s *Server) Probe(ctx context.Context, host string, p *agentpb.Probe) (*agentpb.ProbeResult, error) {
	r, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_Probe{Probe: p}})
	if err != nil {
		return nil, err
	}
	out := new(agentpb.ProbeResult)
	if err := proto.Unmarshal(r.Data, out); err != nil {
		return nil, fmt.Errorf("%s: its answer cannot be read: %w", host, err)
	}
	return out, nil
}

// BeginWatch has a host look out for a probe. When it returns, nothing of the probe can be
// missed there.
func (s *Server) BeginWatch(ctx context.Context, host string, w *agentpb.Watch) error {
	_, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_Watch{Watch: w}})
	return err
}

// EndWatch ends a watch, and returns what became of the probe on that host.
func (s *Server) EndWatch(ctx context.Context, host string, w *agentpb.EndWatch) (*agentpb.WatchResult, error) {
	r, err := s.Command(ctx, host, &agentpb.Command{Kind: &agentpb.Command_EndWatch{EndWatch: w}})
	if err != nil {
		return nil, err
	}
	out := new(agentpb.WatchResult)
	if err := proto.Unmarshal(r.Data, out); err != nil {
		return nil, fmt.Errorf("%s: its answer cannot be read: %w", host, err)
	}
	return out, nil
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
	ch := s.tunnels[first.Tunnel] // a name that cannot be guessed, told to one host alone
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
