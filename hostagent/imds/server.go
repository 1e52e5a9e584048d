package imds

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

// Address is where guests find the service.
var Address = netip.MustParseAddrPort("169.254.169.254:80")

// Names of the steps that Config.Step is told, each once a boot.
const (
	StepFirstToken = "first-token"
	StepUserData   = "user-data-fetched"
)

// refreshEvery is how often a VPC's hop limits are looked at without a hint.
const refreshEvery = 5 * time.Second

// Guests knows the boots of this host. Its answers are read only, and the same
// pointer is given until the boot's assignment changes: what is built from a boot is
// kept by it.
type Guests interface {
	// Boot returns the boot whose interface holds the address in the VPC, or nil.
	Boot(vpcID string, ip netip.Addr) *agentpb.Boot
	// Boots returns all boots with an interface in the VPC.
	Boots(vpcID string) []*agentpb.Boot
}

// Config is what a Server needs from its agent.
type Config struct {
	Guests Guests
	// InNamespace runs fn on a thread inside the VPC's network namespace; sockets
	// made by fn stay there.
	InNamespace func(vpcID string, fn func() error) error
	// Dir keeps the token key and the identity keys over restarts.
	Dir string
	// Step is told a boot's first token and first fetch of user data. May be nil.
	Step func(instanceID string, epoch int64, step string, at time.Time)
	// Rate is how many requests a second an interface may make, and how many at
	// once: 0 is EC2's 1024, less than 0 no limit.
	Rate int
	// Answered is told the status of each answer, for metrics. May be nil.
	Answered func(status int)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	Log *slog.Logger // nil is slog.Default()
}

// Server serves metadata in any number of VPCs.
type Server struct {
	cfg      Config
	tokens   *tokens
	identity *identity

	mu   sync.Mutex
	vpcs map[string]*vpc // those that are being served, or were
}

// New returns a Server; it makes the keys in cfg.Dir when they are not there.
func New(cfg Config) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Rate == 0 {
		cfg.Rate = defaultRate
	}
	if cfg.Step == nil {
		cfg.Step = func(string, int64, string, time.Time) {}
	}
	if cfg.Answered == nil {
		cfg.Answered = func(int) {}
	}
	t, err := openTokens(cfg.Dir, cfg.Now)
	if err != nil {
		return nil, err
	}
	return &Server{cfg: cfg, tokens: t, identity: newIdentity(cfg.Dir, cfg.Now), vpcs: map[string]*vpc{}}, nil
}

// Serve listens in the VPC's namespace until ctx ends (then nil) or listening fails.
// One Serve a VPC at a time; when it has returned, the next can begin at once.
func (s *Server) Serve(ctx context.Context, vpcID string) error {
	v := s.vpc(vpcID)
	caller := ctx
	ctx, cancel := context.WithCancelCause(caller)
	defer cancel(nil)
	srv := &http.Server{
		Handler:        v,
		ConnContext:    connContext,
		ReadTimeout:    10 * time.Second, // head and body
		WriteTimeout:   10 * time.Second,
		IdleTimeout:    30 * time.Second,
		MaxHeaderBytes: 8 << 10,
		ErrorLog:       slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	var wg sync.WaitGroup
	group := newGroup(func(l net.Listener) {
		wg.Go(func() {
			if err := srv.Serve(&limitListener{l, v}); ctx.Err() == nil {
				cancel(err)
			}
		})
	})
	// The listeners are closed, and their accepts gone, before Serve returns: so the
	// next Serve's numbering of the listeners starts from none.
	defer func() {
		cancel(nil)
		_ = srv.Close()
		group.close()
		wg.Wait()
		v.prune()
	}()
	timer := time.NewTicker(refreshEvery)
	defer timer.Stop()
	for {
		err := s.cfg.InNamespace(vpcID, func() error { return group.apply(synackLimits(s.cfg.Guests.Boots(vpcID), vpcID)) })
		if err != nil {
			return fmt.Errorf("listen for metadata requests in %s: %w", vpcID, err)
		}
		v.prune()
		select {
		case <-ctx.Done():
			if caller.Err() != nil {
				return nil
			}
			return fmt.Errorf("serve metadata in %s: %w", vpcID, context.Cause(ctx))
		case <-v.hint:
		case <-timer.C:
		}
	}
}

// Changed is a hint that boots of the VPC came, went or changed. Hop limits are
// looked at again soon even without it.
func (s *Server) Changed(vpcID string) {
	select {
	case s.vpc(vpcID).hint <- struct{}{}:
	default:
	}
}

// Handler answers requests as if they came in the VPC's namespace; callers are known
// by http.Request.RemoteAddr.
func (s *Server) Handler(vpcID string) http.Handler { return s.vpc(vpcID) }

// CertificatePEM returns the certificate that verifies the region's instance identity
// documents of this host.
func (s *Server) CertificatePEM(region string) ([]byte, error) {
	sg, err := s.identity.signer(region)
	if err != nil {
		return nil, err
	}
	return sg.certPEM, nil
}

func (s *Server) vpc(id string) *vpc {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.vpcs[id]
	if v == nil {
		v = &vpc{Server: s, id: id, callers: map[netip.Addr]*caller{}, hint: make(chan struct{}, 1)}
		s.vpcs[id] = v
	}
	return v
}
