package dns

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/proto/agentpb"
)

// LinkLocal is the resolver's address that is the same in every VPC.
var LinkLocal = netip.MustParseAddr("169.254.169.253")

const (
	port = 53
	// refreshEvery is how often a VPC is looked at: whether DNS is on, and where.
	refreshEvery = 2 * time.Second
	// maxForwards bounds the questions of one VPC that wait for the host's resolvers,
	// maxForwardsEach those of one interface, so that none can keep the others from asking.
	maxForwards     = 128
	maxForwardsEach = 32
	// maxRate is EC2's limit of packets a second and network interface to the resolver; a question
	// counts as one.
	maxRate    = 1024
	maxBuckets = 10000
	// maxTCP bounds the open TCP connections of one VPC.
	maxTCP = 256
)

// VPCs knows the VPCs of this host. The same pointer is given until the VPC changes.
type VPCs interface {
	// VPC returns the VPC, or nil.
	VPC(vpcID string) *agentpb.VPC
	// InterfaceAt returns the id of the interface on this host that has a private address
	// in the VPC, be it a secondary one, or "".
	InterfaceAt(vpcID string, a netip.Addr) string
}

// Config is what a Server needs from its agent.
type Config struct {
	VPCs VPCs
	// InNamespace runs fn on a thread inside the VPC's network namespace; sockets
	// made by fn stay there.
	InNamespace func(vpcID string, fn func() error) error
	// Resolvers are the host's, as address and port; empty is those of
	// /etc/resolv.conf, which is read again when it changes. They are asked from the
	// namespace of the calling process.
	Resolvers []string
	// ResolvConf is read instead of /etc/resolv.conf.
	ResolvConf string
	// Answered is told the code of each answer (NOERROR, NXDOMAIN, ...) and whether it
	// was about a private name, for metrics. May be nil.
	Answered func(rcode string, private bool)
	Log      *slog.Logger // nil is slog.Default()
}

// Server is the resolver of any number of VPCs.
type Server struct {
	cfg      Config
	upstream *upstream
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Answered == nil {
		cfg.Answered = func(string, bool) {}
	}
	if cfg.ResolvConf == "" {
		cfg.ResolvConf = "/etc/resolv.conf"
	}
	return &Server{cfg: cfg, upstream: newUpstream(cfg.Resolvers, cfg.ResolvConf)}
}

// Serve answers in the VPC's namespace until ctx ends (then nil) or a socket fails.
// While the VPC has DNS support off it has no sockets. Another Serve may follow at
// once.
func (s *Server) Serve(ctx context.Context, vpcID string) error {
	h := &handler{
		zones: &zones{}, vpc: func() *agentpb.VPC { return s.cfg.VPCs.VPC(vpcID) }, interfaceAt: func(a netip.Addr) string { return s.cfg.VPCs.InterfaceAt(vpcID, a) },
		cache: newCache(), upstream: s.upstream, answered: s.cfg.Answered, ctx: ctx,
	}
	ticker := time.NewTicker(refreshEvery)
	defer ticker.Stop()
	for {
		vpc := s.cfg.VPCs.VPC(vpcID)
		if !vpc.GetDnsSupport() {
			if !tick(ctx, ticker) {
				return nil
			}
			continue
		}
		if err := s.session(ctx, vpc, h, ticker); err != nil && ctx.Err() == nil {
			return fmt.Errorf("serve DNS in %s: %w", vpcID, err)
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// tick waits for the next tick, or returns false at ctx's end.
func tick(ctx context.Context, t *time.Ticker) bool {
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// session has the sockets open for as long as DNS support is on and the addresses
// stay the same.
func (s *Server) session(ctx context.Context, vpc *agentpb.VPC, h *handler, ticker *time.Ticker) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	addrs := addresses(vpc)
	servers, err := s.listen(vpc.GetId(), addrs, h)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, srv := range servers {
		wg.Go(func() {
			if err := srv.ActivateAndServe(); err != nil {
				cancel(err)
			}
		})
	}
	defer wg.Wait()
	defer closeAll(servers)
	for tick(ctx, ticker) {
		vpc = s.cfg.VPCs.VPC(vpc.GetId())
		if !vpc.GetDnsSupport() || !slices.Equal(addresses(vpc), addrs) {
			return nil
		}
	}
	return context.Cause(ctx)
}

// addresses are the resolver's in the VPC, link-local first.
func addresses(vpc *agentpb.VPC) []netip.Addr {
	out := []netip.Addr{LinkLocal}
	if len(vpc.GetCidrs()) > 0 {
		if p, err := netip.ParsePrefix(vpc.GetCidrs()[0]); err == nil {
			out = append(out, p.Masked().Addr().Next().Next())
		}
	}
	return out
}

// listen opens a UDP and a TCP socket for each address.
func (s *Server) listen(vpcID string, addrs []netip.Addr, h dns.Handler) (servers []*dns.Server, err error) {
	lc := net.ListenConfig{Control: socketOptions}
	lc.SetMultipathTCP(false)
	conns := new(atomic.Int64)
	err = s.cfg.InNamespace(vpcID, func() error {
		for _, a := range addrs {
			at := netip.AddrPortFrom(a, port).String()
			pc, err := lc.ListenPacket(context.Background(), "udp4", at)
			if err != nil {
				return err
			}
			servers = append(servers, &dns.Server{PacketConn: pc, Handler: h, UDPSize: dns.MinMsgSize})
			l, err := lc.Listen(context.Background(), "tcp4", at)
			if err != nil {
				return err
			}
			servers = append(servers, &dns.Server{
				Listener: &boundedListener{l, conns}, Handler: h, ReadTimeout: 5 * time.Second, MaxTCPQueries: 1024,
			})
		}
		return nil
	})
	if err != nil {
		closeAll(servers)
		return nil, err
	}
	return servers, nil
}

// socketOptions let a restarted agent take the port at once, whether or not the
// address is on its link already.
func socketOptions(_, _ string, rc syscall.RawConn) error {
	var err error
	cerr := rc.Control(func(fd uintptr) {
		if err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err == nil {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_FREEBIND, 1)
		}
	})
	if cerr != nil {
		return cerr
	}
	return err
}

// closeAll ends servers and their open connections. One that has not begun yet cannot
// be shut down; it ends by its socket being closed.
func closeAll(servers []*dns.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, s := range servers {
		_ = s.ShutdownContext(ctx)
		if s.PacketConn != nil {
			_ = s.PacketConn.Close()
		}
		if s.Listener != nil {
			_ = s.Listener.Close()
		}
	}
}

// boundedListener closes connections past maxTCP at once.
type boundedListener struct {
	net.Listener
	open *atomic.Int64
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= maxTCP {
			return &boundedConn{Conn: c, leave: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
		}
		l.open.Add(-1)
		_ = c.Close()
	}
}

type boundedConn struct {
	net.Conn
	leave func()
}

func (c *boundedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
