package nemesis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/consensus/simdisk"
	"github.com/micacloud/mica/controlplane/control"
	"github.com/micacloud/mica/controlplane/dispatch"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	front "github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
)

// server is one `mica server`: what it keeps, and the process that runs or does not.
type server struct {
	c    *cluster
	name string
	disk simdisk.Disk
	slow atomic.Int64 // the longest that a write takes
	skew atomic.Int64 // what its wall clock is ahead of the others

	mu  sync.Mutex
	run *process // nil: it is down
}

// process is one run of a server.
type process struct {
	node     *consensus.Node
	registry *wire.Registry[*action.Call]
	front    *front.Server
	peers    *http.Client // to other servers
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	web      *http.Server
	agents   *grpc.Server
}

// hostLease is the product's.
const hostLease = 30 * time.Second

func (s *server) now() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }

// process returns what runs, or nil.
func (s *server) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

// node returns the server's node, or nil while it is down.
func (s *server) node() *consensus.Node {
	if p := s.process(); p != nil {
		return p.node
	}
	return nil
}

// start runs the server on what its disk has, as cmd/mica assembles it.
func (s *server) start(bootstrap bool) {
	l, err := s.c.net.Listen(s.name + ":raft")
	s.c.must(err)
	p := &process{peers: s.c.httpClient(s.name)}
	p.node, err = consensus.Open(consensus.Config{
		ID: s.name, Bootstrap: bootstrap, Storage: s.disk.Open(), Now: s.now, Logger: s.c.log.With("server", s.name),
		Stream: &consensus.Stream{Listener: l, DialPeer: func(address string, timeout time.Duration) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			defer cancel()
			return s.c.net.Dial(ctx, s.name, address)
		}},
		Fatal: func(err error) {
			if !errors.Is(err, simdisk.ErrDead) {
				s.c.fail("%s cannot go on: %v", s.name, err)
			}
		},
		AskLeader:   func(ctx context.Context, leader consensus.Server) (int64, error) { return p.askLeader(ctx, leader.ID) },
		KeepEntries: s.c.keep, SnapshotEvery: s.c.keep,
	})
	s.c.must(err)
	s.assemble(p)
	s.mu.Lock()
	s.run = p
	s.mu.Unlock()
}

// assemble wires the rooms to each other and starts the loops, as cmd/mica does.
func (s *server) assemble(p *process) {
	log := s.c.log.With("server", s.name)
	d := &dispatch.Server{DB: p.node, Log: log, Name: s.name, Lease: hostLease, Confirm: p.confirm, Place: p.place}
	p.registry = wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	ec2.Register(p.registry, ec2.Deps{
		Regions: []ec2.Region{{Name: region, Zones: []ec2.Zone{{Name: zone, ID: model.ZoneID(zone)}}}}, Types: s.c.types, PublicPool: s.c.pool, Console: d.Console,
	})
	sts.Register(p.registry)
	var err error
	p.front, err = front.New(front.Config{Regions: []string{region}, Log: log}, p.node, p.registry, anyone{})
	s.c.must(err)

	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.agents = d.NewServer()
	for port, serve := range map[string]func(net.Listener) error{"agents": p.agents.Serve, "api": p.serveAPI()} {
		l, err := s.c.net.Listen(s.name + ":" + port)
		s.c.must(err)
		p.wg.Go(func() { _ = serve(l) })
	}
	loops := &control.Control{DB: p.node, Log: log, Resync: time.Second, Ensure: s.c.ensure, Now: s.now, Fenced: d.Fenced}
	p.wg.Go(func() { whileLeading(ctx, p.node, d.Watch) })
	p.wg.Go(func() { whileLeading(ctx, p.node, loops.Run) })
	p.wg.Go(func() { s.c.follow(ctx, s.name, p.node) })
}

// whileLeading runs fn whenever the node leads, until it does not or ctx ends.
func whileLeading(ctx context.Context, n *consensus.Node, fn func(context.Context)) {
	for ctx.Err() == nil {
		changed := n.LeaderChanged()
		if n.Leader() {
			leads, cancel := context.WithCancel(ctx)
			go func() {
				defer cancel()
				select {
				case <-changed:
				case <-leads.Done():
				}
			}()
			fn(leads)
			cancel()
			continue
		}
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
}

// place says where agents are served: by the leader alone.
func (p *process) place() (here bool, leader string, changed <-chan struct{}) {
	soon := make(chan struct{})
	time.AfterFunc(50*time.Millisecond, func() { close(soon) })
	if p.node.Leader() {
		return true, "", p.node.LeaderChanged()
	}
	if id := p.node.LeaderServer().ID; id != "" {
		leader = id + ":agents"
	}
	return false, leader, soon
}

// transfer asks the leader to hand over.
func (p *process) transfer() {
	p.wg.Go(func() { _ = p.node.TransferLeadership() }) // the server stops only after it
}

// stop ends the process in order.
func (s *server) stop() {
	s.mu.Lock()
	p := s.run
	s.run = nil
	s.mu.Unlock()
	if p == nil {
		return
	}
	late := time.AfterFunc(stopLimit, func() { // nothing else would end the test
		panic(fmt.Sprintf("seed %d: %s does not stop", s.c.seed, s.name))
	})
	defer late.Stop()
	_ = p.web.Close()
	p.agents.Stop()
	p.cancel()
	p.wg.Wait()
	if err := p.node.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		s.c.fail("closing %s: %v", s.name, err)
	}
	p.peers.CloseIdleConnections()
}

// stopLimit is more than any answer that a stopping server still waits for.
const stopLimit = 2 * time.Minute

// crash ends the process at once: what it had not written is lost, and nobody hears of it
// what it does from now on.
func (s *server) crash() {
	s.disk.Kill()
	s.c.net.Kill(s.name)
	s.stop()
}

// anyone lets every request in, as the operator's own.
type anyone struct{}

// Authenticate implements the front's Authenticator.
func (anyone) Authenticate(*http.Request, []byte) (action.Identity, error) {
	return action.Identity{Account: account, User: "root", AccessKey: "key", Region: region, Service: "ec2"}, nil
}

// forwarded marks a request that a follower has passed on: it goes no further.
const forwarded = "X-Mica-Forwarded"

func (p *process) serveAPI() func(net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /read-index", p.readIndex)
	mux.HandleFunc("/", p.api)
	p.web = &http.Server{Handler: mux}
	return p.web.Serve
}

// api answers an action, or passes a mutation on to the leader.
func (p *process) api(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	form, _ := url.ParseQuery(string(body))
	a, err := p.registry.Find(wire.EC2, form.Get("Action"))
	leader := p.node.LeaderServer()
	if err != nil || !a.Mutates || p.node.Leader() || leader.ID == "" || r.Header.Get(forwarded) != "" {
		p.front.ServeHTTP(w, r)
		return
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, "http://"+leader.ID+"/", strings.NewReader(string(body)))
	if err == nil {
		req.Header = r.Header.Clone()
		req.Header.Set(forwarded, "1")
		var answer *http.Response
		if answer, err = p.peers.Do(req); err == nil {
			whole, readErr := io.ReadAll(answer.Body) // as servers do: half of it is no answer
			answer.Body.Close()
			if err = readErr; err == nil {
				w.WriteHeader(answer.StatusCode)
				_, _ = w.Write(whole)
				return
			}
		}
	}
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, "<Response><Errors><Error><Code>InternalError</Code><Message>%v</Message></Error></Errors></Response>", err)
}

// confirm returns nil if this server led after the call.
func (p *process) confirm(ctx context.Context) error {
	_, err := p.node.ReadIndex(ctx)
	return err
}

func (p *process) readIndex(w http.ResponseWriter, r *http.Request) {
	rev, err := p.node.ReadIndex(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_ = json.NewEncoder(w).Encode(rev)
}

// askLeader is the network path of a follower's question.
func (p *process) askLeader(ctx context.Context, leader string) (rev int64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+leader+"/read-index", nil)
	if err != nil {
		return 0, err
	}
	answer, err := p.peers.Do(req)
	if err != nil {
		return 0, errors.Join(store.ErrNotLeader, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, store.ErrNotLeader
	}
	return rev, json.NewDecoder(answer.Body).Decode(&rev)
}
