package cluster

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/peer"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

// Config says who this server is. All of it is set before New.
type Config struct {
	Member  *pki.Member
	CA      *pki.Authority
	Listen  string // of the cluster's port
	Address string // where others reach it
	Name    string // for people
	DataDir string
	Version string
	Log     *slog.Logger

	// CertificateLife is how long members' certificates are good. Default: 30 days.
	CertificateLife time.Duration
	// RemoveDeadAfter is how long a server may be silent before it is removed, if that is
	// safe for the quorum; 0 never removes one.
	RemoveDeadAfter time.Duration
	// Settings is what joining servers and hosts are told of the cloud, for their role.
	Settings func(pki.Role) (json.RawMessage, error)
}

// Cluster is this server's part in the cluster. Make it with New, give its ends to the
// Node, Attach that, and Run.
type Cluster struct {
	cfg    Config
	port   *Port
	mux    *http.ServeMux
	client *http.Client // to other servers
	node   atomic.Pointer[consensus.Node]
	asker  asker
	health health
}

// New opens the port. Nothing is answered before Attach.
func New(cfg Config) (*Cluster, error) {
	if cfg.CertificateLife <= 0 {
		cfg.CertificateLife = 30 * 24 * time.Hour
	}
	c := &Cluster{cfg: cfg, mux: http.NewServeMux()}
	var err error
	if c.port, err = OpenPort(cfg.Listen, cfg.Address, cfg.Member, c.refused, cfg.Log); err != nil {
		return nil, err
	}
	c.client = &http.Client{Transport: &http.Transport{
		DialTLSContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return c.dial(ctx, address, join.ProtoHTTP)
		},
		MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute, DisableCompression: true,
	}}
	c.asker.ask = c.readIndex
	c.handlers()
	return c, nil
}

// Attach gives the node that the cluster's ends were given to.
func (c *Cluster) Attach(n *consensus.Node) { c.node.Store(n) }

// ID is this server's.
func (c *Cluster) ID() string { return c.cfg.Member.Identity().ID }

// Stream connects the node to the other servers'.
func (c *Cluster) Stream() *consensus.Stream {
	return &consensus.Stream{Listener: c.port.Door(join.ProtoRaft), DialPeer: func(address string, timeout time.Duration) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		return c.dial(ctx, address, join.ProtoRaft)
	}}
}

// Agents is the listener for the agents' gRPC server, which needs Credentials.
func (c *Cluster) Agents() net.Listener { return c.port.Door(join.ProtoGRPC) }

// Close ends the port and what goes over it.
func (c *Cluster) Close() error {
	err := c.port.Close()
	c.client.CloseIdleConnections()
	return err
}

// dial connects to another server, and makes sure that it is one.
func (c *Cluster) dial(ctx context.Context, address, proto string) (net.Conn, error) {
	d := tls.Dialer{Config: c.cfg.Member.ClientConfig(proto, func(who pki.Identity) error {
		if c.refused(who) {
			return pki.ErrRevoked
		}
		return nil
	})}
	return d.DialContext(ctx, "tcp", address)
}

// refused reports whether a member was removed, as far as this server knows.
func (c *Cluster) refused(who pki.Identity) bool {
	n := c.node.Load()
	if n == nil {
		return false
	}
	m := store.Memberships.Get(n.Stale(), who.ID)
	return m != nil && !m.Removed.IsZero()
}

// Resolve returns where a server is now.
func (c *Cluster) Resolve(id string) (string, bool) {
	n := c.node.Load()
	if n == nil {
		return "", false
	}
	s := store.Servers.Get(n.Stale(), id)
	if s == nil {
		return "", false
	}
	return s.Address, true
}

// Run serves and keeps the cluster in order until ctx ends.
func (c *Cluster) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { c.serve(ctx) })
	wg.Go(func() { c.sweep(ctx) })
	wg.Go(func() { c.announce(ctx) })
	wg.Go(func() { c.cfg.Member.KeepFresh(ctx, c.cfg.Log, c.renewSelf) })
	wg.Go(func() { WhileLeading(ctx, c.node.Load(), c.tend) })
	wg.Wait()
}

// sweep ends connections of members as soon as they are removed.
func (c *Cluster) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	n := c.node.Load()
	for {
		before := removals(n.Stale())
		changed := n.Changed()
		if removals(n.Stale()) == before {
			select {
			case <-ctx.Done():
				return
			case <-changed:
			case <-tick.C: // certificates end without a change of the state
			}
		}
		c.port.Sweep(time.Now())
	}
}

// removals counts the members that were shut out.
func removals(v store.View) (n int) {
	for m := range store.Memberships.List(v) {
		if !m.Removed.IsZero() {
			n++
		}
	}
	return n
}

// renewSelf signs this server's own next certificate.
func (c *Cluster) renewSelf(_ context.Context, request []byte) ([]byte, error) {
	if c.refused(c.cfg.Member.Identity()) {
		return nil, pki.ErrRevoked
	}
	return c.cfg.CA.Sign(request, c.cfg.Member.Identity(), c.cfg.CertificateLife)
}

// WhileLeading runs fn whenever the node leads, until it does not or ctx ends.
func WhileLeading(ctx context.Context, n *consensus.Node, fn func(context.Context)) {
	for ctx.Err() == nil {
		changed := n.LeaderChanged()
		if !n.Leader() {
			select {
			case <-ctx.Done():
			case <-changed:
			}
			continue
		}
		lead, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			fn(lead)
		}()
		select {
		case <-ctx.Done():
		case <-changed:
		}
		cancel()
		<-done
	}
}

// HostOf returns the host that a gRPC call on Agents comes from. Calls of other
// listeners have none.
func HostOf(ctx context.Context) (id string, ok bool) {
	if p, is := peer.FromContext(ctx); is {
		if who, is := p.AuthInfo.(Caller); is {
			return who.ID, true
		}
	}
	return "", false
}

var errNoLeader = errors.New("the cluster has no leader at the moment")
