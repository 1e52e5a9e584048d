package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"

	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

// handshakeLimit is how long a caller may take to say who it is; handshakes is how
// many may be at it at once.
const (
	handshakeLimit = 10 * time.Second
	handshakes     = 256
)

// Port is a server's one port. Who calls is known, and allowed what it asks for, before
// anything else is read from a connection.
type Port struct {
	tcp     net.Listener
	address net.Addr
	member  *pki.Member
	refused func(pki.Identity) bool
	log     *slog.Logger
	doors   map[string]*door // by protocol
	slots   chan struct{}
	closed  chan struct{}
	once    sync.Once

	mu    sync.Mutex
	conns map[*Conn]struct{}
}

// Conn is a connection whose caller is known.
type Conn struct {
	*tls.Conn
	Caller *pki.Identity // nil without a certificate
	port   *Port
}

// Close implements net.Conn.
func (c *Conn) Close() error {
	c.port.mu.Lock()
	delete(c.port.conns, c)
	c.port.mu.Unlock()
	return c.Conn.Close()
}

// advertised is the address that others use, whatever this server listens on.
type advertised string

func (advertised) Network() string  { return "tcp" }
func (a advertised) String() string { return string(a) }

// OpenPort listens. refused says whom the cluster does not know any more.
func OpenPort(listen, address string, member *pki.Member, refused func(pki.Identity) bool, log *slog.Logger) (*Port, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("the cluster's port: %w: choose another with --cluster-listen", err)
	}
	p := &Port{
		tcp: l, address: advertised(address), member: member, refused: refused, log: log,
		doors: map[string]*door{}, slots: make(chan struct{}, handshakes), closed: make(chan struct{}), conns: map[*Conn]struct{}{},
	}
	for _, proto := range []string{join.ProtoRaft, join.ProtoGRPC, join.ProtoHTTP} {
		p.doors[proto] = &door{port: p, conns: make(chan net.Conn, 16), closed: make(chan struct{})}
	}
	go p.accept()
	return p, nil
}

// Door returns the listener of one protocol. Closing it closes nothing else.
func (p *Port) Door(proto string) net.Listener { return p.doors[proto] }

// Address is where others reach this server.
func (p *Port) Address() string { return p.address.String() }

// admit says who may speak what.
func (p *Port) admit(proto string, who *pki.Identity) error {
	if who != nil && p.refused(*who) {
		return fmt.Errorf("%v: %w", who, pki.ErrRevoked)
	}
	switch {
	case p.doors[proto] == nil:
		return errors.New("no protocol of this port was asked for")
	case proto == join.ProtoHTTP: // each path says who may
		return nil
	case proto == join.ProtoRaft && who != nil && who.Role == pki.RoleServer:
		return nil
	case proto == join.ProtoGRPC && who != nil && who.Role == pki.RoleHost:
		return nil
	}
	return fmt.Errorf("%v may not speak %s", who, proto)
}

func (p *Port) accept() {
	cfg := p.member.ServerConfig([]string{join.ProtoRaft, join.ProtoGRPC, join.ProtoHTTP}, p.admit)
	for {
		c, err := p.tcp.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			p.log.Warn("the cluster's port cannot accept", "err", err)
			select {
			case <-time.After(100 * time.Millisecond): // out of file descriptors, most likely
			case <-p.closed:
			}
			continue
		}
		p.slots <- struct{}{}
		go func() {
			defer func() { <-p.slots }()
			p.greet(c, cfg)
		}()
	}
}

// greet learns who calls and hands the connection to what it asks for.
func (p *Port) greet(tcp net.Conn, cfg *tls.Config) {
	c := &Conn{Conn: tls.Server(tcp, cfg), port: p}
	ctx, cancel := context.WithTimeout(context.Background(), handshakeLimit)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		p.log.Debug("refused a connection", "from", tcp.RemoteAddr(), "err", err)
		_ = tcp.Close()
		return
	}
	cs := c.ConnectionState()
	if len(cs.PeerCertificates) > 0 {
		if who, err := pki.IdentityOf(cs.PeerCertificates[0]); err == nil {
			c.Caller = &who
		}
	}
	p.mu.Lock()
	p.conns[c] = struct{}{}
	p.mu.Unlock()
	// A member that was removed meanwhile was not in the table when that was swept.
	if c.Caller != nil && p.refused(*c.Caller) {
		_ = c.Close()
		return
	}
	d := p.doors[cs.NegotiatedProtocol]
	select {
	case d.conns <- c:
	case <-d.closed:
		_ = c.Close()
	case <-p.closed:
		_ = c.Close()
	case <-ctx.Done():
		_ = c.Close()
	}
}

// Sweep ends the connections of members that are refused now, or whose certificate has
// ended.
func (p *Port) Sweep(now time.Time) {
	p.mu.Lock()
	var gone []*Conn
	for c := range p.conns {
		if c.Caller == nil {
			continue
		}
		if p.refused(*c.Caller) || now.After(c.ConnectionState().PeerCertificates[0].NotAfter) {
			gone = append(gone, c)
		}
	}
	p.mu.Unlock()
	for _, c := range gone {
		p.log.Info("ended a connection: its certificate is not good any more", "caller", c.Caller.String())
		_ = c.NetConn().Close() // at once: an orderly end waits for the caller
		_ = c.Close()
	}
}

// Close ends the port and all its connections.
func (p *Port) Close() error {
	var err error
	p.once.Do(func() {
		close(p.closed)
		err = p.tcp.Close()
		p.mu.Lock()
		conns := make([]*Conn, 0, len(p.conns))
		for c := range p.conns {
			conns = append(conns, c)
		}
		p.mu.Unlock()
		for _, c := range conns {
			_ = c.NetConn().Close()
			_ = c.Close()
		}
	})
	return err
}

// door is the listener of one protocol.
type door struct {
	port   *Port
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.conns:
		return c, nil
	case <-d.closed:
	case <-d.port.closed:
	}
	return nil, net.ErrClosed
}

// Close implements net.Listener; the port is closed by itself.
func (d *door) Close() error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

// Addr implements net.Listener.
func (d *door) Addr() net.Addr { return d.port.address }

// Credentials tell a gRPC server on Door(join.ProtoGRPC) who calls: the handshake was
// done by the port.
func Credentials() credentials.TransportCredentials { return doorCredentials{} }

// Caller is a gRPC peer's AuthInfo.
type Caller struct {
	credentials.CommonAuthInfo
	pki.Identity
}

// AuthType implements credentials.AuthInfo.
func (Caller) AuthType() string { return "mica" }

type doorCredentials struct{}

func (doorCredentials) ClientHandshake(context.Context, string, net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errors.New("cluster: these credentials are a server's")
}

func (doorCredentials) ServerHandshake(c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	known, ok := c.(*Conn)
	if !ok || known.Caller == nil {
		return nil, nil, errors.New("cluster: the caller is not known")
	}
	return c, Caller{credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity}, *known.Caller}, nil
}

func (doorCredentials) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls"}
}
func (d doorCredentials) Clone() credentials.TransportCredentials { return d }
func (doorCredentials) OverrideServerName(string) error           { return nil }
