package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/control"
	"github.com/micacloud/mica/controlplane/dispatch"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/pki"
)

// cloud is the control plane's side of `mica up`.
type cloud struct {
	cfg      *config
	log      *slog.Logger
	fail     context.CancelCauseFunc
	node     *consensus.Node
	dispatch *dispatch.Server
	agents   *grpc.Server
	front    *server.Server
	admin    *server.Admin
	operator *operator.API
	metrics  *prometheus.Registry
	ca       *pki.Authority
	bg       *group
	fronts   *group
	cluster  *cluster.Cluster // nil for a server that takes no others
	id       string
	caughtUp atomic.Bool  // with what was committed before this server started
	network  *grpc.Server // for agents of other hosts
	images   *imagestore.Store
	copying  *group // of images; nil for a server without others

	leading struct {
		sync.Mutex
		moved, turned, both <-chan struct{}
	}
}

// startServer opens the state and starts what works on it. The API is served later,
// when the hosts are there.
func startServer(ctx context.Context, fail context.CancelCauseFunc, cfg *config, log *slog.Logger) (*cloud, error) {
	s := &cloud{cfg: cfg, log: log, fail: fail, metrics: prometheus.NewRegistry()}
	s.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := s.openNode(); err != nil {
		return nil, err
	}
	if err := s.assemble(ctx); err != nil {
		return nil, errors.Join(err, s.node.Close())
	}
	return s, nil
}

// assemble wires the rooms to each other and starts the loops and the agents' service.
func (s *cloud) assemble(ctx context.Context) error {
	cfg := s.cfg
	types, err := instanceTypes(cfg.TypesFile)
	if err != nil {
		return err
	}
	id, secret, err := cfg.rootKey()
	if err != nil {
		return err
	}
	s.dispatch = &dispatch.Server{DB: s.node, Log: s.log, Name: s.id, Lease: cfg.HostLease, Confirm: s.confirm}
	registry := wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	ec2.Register(registry, ec2.Deps{
		Regions: s.regions(), Types: types, PublicPool: cfg.pool, Console: s.console,
		Placement: cfg.policy(), Quotas: cfg.quotas,
	})
	sts.Register(registry)
	if s.front, err = s.newFront(registry); err != nil {
		return err
	}
	s.admin = server.NewAdmin(s.log)
	s.operator = &operator.API{
		Placement: cfg.policy(),
		DB:        s.node, Hosts: s.dispatch, Log: s.log, Status: func() any { return s.node.Status() }, ReadLog: s.readLog,
		RegisterImage: s.registerImage, EnsureAccount: s.ensureAccount, ShutOut: cluster.ShutOut,
		Access: operator.Access{Region: cfg.regions[0].Name, Endpoint: s.endpoint(), AccessKey: id, SecretKey: secret, Account: cfg.AccountID},
	}
	if cfg.Listen != "" {
		s.operator.Access.CABundle = s.ca.File()
	}
	s.operator.Register(s.admin.HandleFunc)

	l, err := server.Listen(cfg.agentSocket())
	if err != nil {
		return err
	}
	s.agents = s.dispatch.NewServer()
	c, bg := newGroup(ctx)
	s.bg = bg
	s.joinCluster(c)
	bg.wg.Go(func() { s.end(s.agents.Serve(l)) })
	bg.wg.Go(func() { cluster.WhileLeading(c, s.node, s.dispatch.Watch) })
	loops := &control.Control{DB: s.node, Now: cfg.now, Log: s.log, Resync: time.Second, Fenced: s.dispatch.Fenced, Placement: cfg.policy(), Ensure: func(tx *store.Tx) error { return s.ensure(tx, id, secret) }}
	bg.wg.Go(func() { cluster.WhileLeading(c, s.node, loops.Run) })
	return nil
}

// confirm returns nil if this server led after the call.
func (s *cloud) confirm(ctx context.Context) error {
	_, err := s.node.ReadIndex(ctx)
	return err
}

// end takes the end of something that should have gone on.
func (s *cloud) end(err error) {
	if err != nil && !errors.Is(err, grpc.ErrServerStopped) && !errors.Is(err, net.ErrClosed) {
		s.fail(err)
	}
}

func (s *cloud) regions() []ec2.Region {
	var out []ec2.Region
	for _, r := range s.cfg.regions {
		region := ec2.Region{Name: r.Name, Endpoint: s.hostPort()}
		for _, z := range r.Zones {
			region.Zones = append(region.Zones, ec2.Zone{Name: z, ID: model.ZoneID(z)})
		}
		out = append(out, region)
	}
	return out
}

// ensure makes what is to be there before the first call.
func (s *cloud) ensure(tx *store.Tx, key, secret string) error {
	if err := control.RootAccount(tx, s.cfg.AccountID, key, secret); err != nil {
		return err
	}
	for a := range store.Accounts.List(tx) {
		if err := s.ensureAccount(tx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// ensureAccount makes what an account has from the start in each region.
func (s *cloud) ensureAccount(tx *store.Tx, account string) error {
	for _, r := range s.cfg.regions {
		if err := ec2.EnsureAccountNetwork(tx, account, r.Name, r.Zones); err != nil {
			return err
		}
	}
	return nil
}

func (s *cloud) newFront(registry *wire.Registry[*action.Call]) (*server.Server, error) {
	cfg := server.Config{Pprof: s.cfg.Pprof, Log: s.log, Metrics: s.metrics, Ready: s.ready}
	if s.cluster != nil {
		cfg.Cluster = s.cluster
	}
	for _, r := range s.cfg.regions {
		cfg.Regions = append(cfg.Regions, r.Name)
	}
	if s.cfg.Throttle {
		cfg.Throttle = server.Throttle{Read: server.Limit{PerSecond: 100, Burst: 500}, Mutate: server.Limit{PerSecond: 50, Burst: 200}}
	}
	return server.New(cfg, s.node, registry, server.Signed(&auth.Verifier{Lookup: auth.FromStore(s.node), Skew: s.cfg.Skew, Now: s.cfg.now}))
}

func (s *cloud) ready() error {
	switch leader := s.node.LeaderServer(); {
	case s.node.Leader():
	case leader.ID == "" || leader.ID == s.id:
		return errors.New("no leader is known yet")
	case !s.caughtUp.Load():
		return errors.New("the state is still on its way here")
	}
	return nil
}

// serve opens the admin socket's door, and the API's when the state is as new as the
// cluster's: before that, known keys would look unknown.
func (s *cloud) serve(ctx context.Context) error {
	doors, err := s.doors()
	if err != nil {
		return err
	}
	admin, err := server.Listen(s.cfg.adminSocket())
	if err != nil {
		return err
	}
	c, fronts := newGroup(ctx)
	s.fronts = fronts
	fronts.wg.Go(func() { s.end(s.admin.Serve(c, admin)) })
	fronts.wg.Go(func() {
		if !s.catchUp(c) {
			for _, d := range doors {
				_ = d.Close()
			}
			return
		}
		if len(doors) > 0 {
			s.end(s.front.Serve(c, doors...))
		}
	})
	return nil
}

// catchUp waits until this server has what was committed before it started.
func (s *cloud) catchUp(ctx context.Context) bool {
	for ctx.Err() == nil {
		if _, err := s.node.Read(ctx); err == nil {
			s.caughtUp.Store(true)
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false
}

// doors listens where the API is served.
func (s *cloud) doors() ([]net.Listener, error) {
	var doors []net.Listener
	if s.cfg.ListenHTTP != "" {
		l, err := listen(s.cfg.ListenHTTP)
		if err != nil {
			return nil, err
		}
		doors = append(doors, l)
	}
	if s.cfg.Listen != "" {
		l, err := listen(s.cfg.Listen)
		if err != nil {
			return nil, err
		}
		cert, err := s.ca.Server(s.certNames()...)
		if err != nil {
			return nil, err
		}
		doors = append(doors, server.TLS(l, cert.GetCertificate))
	}
	return doors, nil
}

// settled waits until the first calls will find what they need: a leader, the account,
// and this host's agents.
func (s *cloud) settled(ctx context.Context, hosts int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the server did not settle within a minute; its log says why"))
	defer cancel()
	return wait(ctx, func() bool {
		v := s.node.Stale()
		up := 0
		for h := range store.Hosts.List(v) {
			if h.Up && (s.dispatch.Connected(h.ID) || !s.node.Leader() && s.cluster != nil) {
				up++
			}
		}
		if hosts == 0 && s.ready() != nil {
			return false
		}
		for range store.RemovedHosts.List(v) { // they try, and are refused
			up++
		}
		return up >= hosts && len(slices.Collect(store.VPCs.By(v, "account", s.cfg.AccountID))) >= len(s.cfg.regions)
	})
}

// certNames are what clients may call this server.
func (s *cloud) certNames() []string {
	names := append([]string{"localhost", "127.0.0.1", "::1"}, s.cfg.ServerName...)
	if host, _, err := net.SplitHostPort(s.cfg.Listen); err == nil && host != "" && host != "0.0.0.0" && host != "::" {
		names = append(names, host)
	}
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *cloud) hostPort() string {
	address := s.cfg.Listen
	if address == "" {
		address = s.cfg.ListenHTTP
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if len(s.cfg.ServerName) > 0 {
		host = s.cfg.ServerName[0]
	} else if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func (s *cloud) endpoint() string {
	if s.cfg.Listen == "" {
		return "http://" + s.hostPort()
	}
	return "https://" + s.hostPort()
}

// registerImage makes an image's row in its region.
func (s *cloud) registerImage(tx *store.Tx, in operator.Image) (string, error) {
	if in.Region == "" {
		in.Region = s.cfg.regions[0].Name
	}
	if !slices.ContainsFunc(s.cfg.regions, func(r regionConfig) bool { return r.Name == in.Region }) {
		return "", fmt.Errorf("this cloud has no region %q", in.Region)
	}
	image, err := ec2.RegisterLocalImage(tx, ec2.LocalImage{
		Owner: model.Owned{Account: s.cfg.AccountID, Region: in.Region}, Name: in.Name, Description: in.Description, Arch: in.Arch,
		Digest: in.Digest, SizeBytes: in.SizeBytes, VirtualBytes: in.VirtualBytes, Public: in.Public,
	})
	if err != nil {
		return "", err
	}
	return image.ID, nil
}

func (s *cloud) readLog(ctx context.Context, fn func(any) error) error {
	return s.node.ReadLog(func(r consensus.LogRecord) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range r.Rows {
			r.Rows[i].Row = withoutSecrets(r.Rows[i].Row)
		}
		return fn(r)
	})
}

// withoutSecrets returns a row as it may be shown: who changed what is in the audit
// trail, what opens doors is not.
func withoutSecrets(row any) any {
	const hidden = "(hidden)"
	switch r := row.(type) {
	case *model.AccessKey:
		shown := *r
		shown.Secret = hidden
		return &shown
	case *model.Instance:
		if len(r.UserData) == 0 {
			return r
		}
		shown := *r
		shown.UserData = []byte(hidden)
		return &shown
	case *model.ClientToken:
		shown := *r
		shown.Response = nil
		return &shown
	}
	return row
}

// stop ends the doors first, then what they lead to.
func (s *cloud) stop() {
	if s.fronts != nil {
		s.fronts.stop()
	}
	if s.copying != nil {
		s.copying.stop()
	}
	if s.cluster != nil && s.node.Leader() {
		_ = s.node.TransferLeadership() // or the others wait until they miss this one
	}
	s.agents.Stop()
	if s.network != nil {
		s.network.Stop()
	}
	s.bg.stop()
	if s.cluster != nil {
		_ = s.cluster.Close()
	}
	if err := s.node.Close(); err != nil {
		s.log.Error("closing the log", "err", err)
	}
}

func instanceTypes(path string) (*ec2.TypeTable, error) {
	types := ec2.StandardTypes()
	if path == "" {
		return types, nil
	}
	return types, types.AddFile(path)
}
