package consensus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// Node is this server's replica of the state, and its part in the log.
type Node struct {
	cfg     Config
	replica *store.Replica
	raft    *raft.Raft
	disk    *disk
	trans   raft.Transport

	queue chan *call
	stop  chan struct{}
	wg    sync.WaitGroup
	once  sync.Once // closing

	leads atomic.Bool           // an epoch of ours is open
	dead  atomic.Pointer[error] // why this server cannot go on

	mu     sync.Mutex
	own    map[store.Version]*batch // sent from here and of unknown fate
	turned chan struct{}            // closed when leads changes, if anybody waits for that
	moved  chan struct{}            // closed when the known leader changes, likewise
}

var _ store.DB = (*Node)(nil)

// Open starts a node with what Dir has. It returns before there is a leader.
func Open(cfg Config) (*Node, error) {
	if cfg.ID == "" || cfg.Dir == "" && cfg.disk == nil && cfg.Storage == nil {
		return nil, errors.New("consensus: a server needs an id and a folder")
	}
	cfg = cfg.withDefaults()
	n := &Node{cfg: cfg, replica: store.NewReplica(), queue: make(chan *call, 1024), stop: make(chan struct{}), own: map[store.Version]*batch{}}
	rc := cfg.raftConfig()
	var err error
	if n.disk = cfg.disk; n.disk == nil {
		if n.disk, err = openDisk(cfg.Dir, rc.Logger, n.fail); err != nil {
			return nil, fmt.Errorf("consensus: %w", err)
		}
	}
	if err := n.startRaft(rc); err != nil {
		return nil, errors.Join(fmt.Errorf("consensus: %w", err), n.disk.close())
	}
	n.wg.Go(n.run)
	return n, nil
}

func (n *Node) startRaft(rc *raft.Config) error {
	n.trans = n.cfg.trans
	switch {
	case n.trans != nil:
	case n.cfg.Stream != nil:
		n.trans = n.network(rc)
	default:
		_, n.trans = raft.NewInmemTransport(raft.ServerAddress(n.cfg.ID))
	}
	chance := &oneChance{LogStore: n.disk.logs, StableStore: n.disk.stable, fatal: n.fail}
	if n.cfg.Bootstrap {
		self := raft.Configuration{Servers: []raft.Server{{ID: rc.LocalID, Address: n.trans.LocalAddr()}}}
		err := raft.BootstrapCluster(rc, chance, chance, n.disk.snaps, n.trans, self)
		if err != nil && !errors.Is(err, raft.ErrCantBootstrap) { // it has state: nothing to do
			return err
		}
	}
	// Raft looks at its timer anew only when the timeout gets shorter. A sole voter has
	// nobody to wait for, so its is shortened at once.
	rc.HeartbeatTimeout += time.Millisecond
	rc.ElectionTimeout += time.Millisecond
	r, err := raft.NewRaft(rc, fsm{n}, chance, chance, n.disk.snaps, n.trans)
	if err != nil {
		return err
	}
	if err := n.dead.Load(); err != nil {
		return errors.Join(*err, r.Shutdown().Error())
	}
	n.raft = r
	r.RegisterObserver(raft.NewObserver(nil, false, n.observe))
	if n.soleVoter() {
		again := r.ReloadableConfig()
		again.HeartbeatTimeout -= time.Millisecond
		if err := r.ReloadConfig(again); err != nil {
			return errors.Join(err, r.Shutdown().Error())
		}
	}
	return nil
}

// fail stops this server for good: it takes part in nothing any more, and the program is
// ended by the configured Fatal.
func (n *Node) fail(err error) {
	if n.dead.CompareAndSwap(nil, &err) {
		n.cfg.Logger.Error("this server cannot go on", "error", err)
		n.cfg.Fatal(err)
	}
}

// Err returns why this server cannot go on, nil while it can.
func (n *Node) Err() error {
	if err := n.dead.Load(); err != nil {
		return *err
	}
	return nil
}

// Close stops the node. Updates that are under way are answered with
// store.ErrUnknownOutcome, so stop what makes them first.
func (n *Node) Close() error {
	var err error
	n.once.Do(func() {
		// Before Raft is shut down: after that some of its futures never return.
		close(n.stop)
		n.wg.Wait()
		err = n.raft.Shutdown().Error()
		if c, ok := n.trans.(raft.WithClose); ok {
			err = errors.Join(err, c.Close())
		}
		err = errors.Join(err, n.disk.close())
	})
	return err
}

// Leader reports whether this server serves updates.
func (n *Node) Leader() bool { return n.leads.Load() }

// LeaderChanged returns a channel that is closed when Leader changes from what it is now.
// Ask for it before asking for Leader, or a change may be missed.
func (n *Node) LeaderChanged() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.turned == nil {
		n.turned = make(chan struct{})
	}
	return n.turned
}

func (n *Node) setLeads(leads bool) {
	if n.leads.Swap(leads) == leads {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.turned != nil {
		close(n.turned)
		n.turned = nil
	}
}

// LeaderMoved returns a channel that is closed when what LeaderServer says may have
// changed. Ask for it before asking for the leader, or a change may be missed.
func (n *Node) LeaderMoved() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.moved == nil {
		n.moved = make(chan struct{})
	}
	return n.moved
}

// observe is told by Raft what happens; it must not block.
func (n *Node) observe(o *raft.Observation) bool {
	if _, ok := o.Data.(raft.LeaderObservation); ok {
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.moved != nil {
			close(n.moved)
			n.moved = nil
		}
	}
	return false // nothing is queued
}

// AwaitLeader waits until this server or another leads.
func (n *Node) AwaitLeader(ctx context.Context) error {
	for {
		moved, turned := n.LeaderMoved(), n.LeaderChanged()
		if leader := n.LeaderServer(); leader.ID != "" && (leader.ID != n.cfg.ID || n.Leader()) {
			return nil
		}
		select {
		case <-moved:
		case <-turned:
		case <-ctx.Done():
			return fmt.Errorf("no leader: %w", ctx.Err())
		case <-n.stop:
			return store.ErrNotLeader
		}
	}
}

// LeaderServer returns who leads, as far as this server knows; nobody has no ID.
func (n *Node) LeaderServer() Server {
	addr, id := n.raft.LeaderWithID()
	return Server{ID: string(id), Address: n.address(string(id), string(addr)), Voter: true}
}

// address returns where a server is now; configured is where Raft's configuration has it.
func (n *Node) address(id, configured string) string {
	if n.cfg.Resolve != nil {
		if a, ok := n.cfg.Resolve(id); ok {
			return a
		}
	}
	return configured
}

func (n *Node) network(rc *raft.Config) raft.Transport {
	if n.cfg.Resolve == nil { // Raft logs each time that it does not know
		return network(n.cfg.Stream, rc.Logger, nil)
	}
	return network(n.cfg.Stream, rc.Logger, resolver{n})
}

// network is Raft's transport over a stream; addresses may be nil.
func network(stream *Stream, logger hclog.Logger, addresses raft.ServerAddressProvider) raft.Transport {
	return inOrder{raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{
		Stream: stream, MaxPool: 3, Timeout: 10 * time.Second, Logger: logger, ServerAddressProvider: addresses,
		// One at a time: with more, Raft sends by a pipeline. When a follower refuses what comes
		// by it, sending and reading answers may wait for each other for ever; the follower gets
		// heartbeats and never an entry again, and Shutdown never returns.
		MaxRPCsInFlight: 1,
	})}
}

// inOrder gives heartbeats to Raft's own thread as any other request. By their way around
// it one of an old leader, whose term is slow to be written, could put that term in the
// place of a newer one in which this server has voted meanwhile; it then took entries of
// the old leader, which called them committed, and the new one had never seen them.
type inOrder struct{ *raft.NetworkTransport }

// SetHeartbeatHandler implements raft.Transport.
func (inOrder) SetHeartbeatHandler(func(raft.RPC)) {}

// errUnplaced makes the transport use the configuration's address.
var errUnplaced = errors.New("not resolved")

// resolver tells Raft's transport where servers are.
type resolver struct{ *Node }

// ServerAddr implements raft.ServerAddressProvider.
func (r resolver) ServerAddr(id raft.ServerID) (raft.ServerAddress, error) {
	if r.cfg.Resolve != nil {
		if a, ok := r.cfg.Resolve(string(id)); ok {
			return raft.ServerAddress(a), nil
		}
	}
	return "", errUnplaced
}

// Status is what this server knows of itself and the cluster.
type Status struct {
	ID      string
	State   string // Leader, Follower, Candidate or Shutdown
	Leader  Server
	Servers []Server // of the latest configuration, committed or not
	Term    uint64
	Last    uint64 // index of the newest entry here
	Commit  uint64
	Applied uint64
	Version store.Version
	// Contact is when the leader was last heard; zero on the leader.
	Contact time.Time
	// Waiting is how many updates wait to be run.
	Waiting int
}

// Status returns what this server knows now.
func (n *Node) Status() Status {
	return Status{
		ID: n.cfg.ID, State: n.raft.State().String(), Leader: n.LeaderServer(), Servers: n.Servers(),
		Term: n.raft.CurrentTerm(), Last: n.raft.LastIndex(), Commit: n.raft.CommitIndex(), Applied: n.raft.AppliedIndex(),
		Version: n.replica.Version(), Contact: n.raft.LastContact(), Waiting: len(n.queue),
	}
}

// Servers returns the latest configuration's, committed or not.
func (n *Node) Servers() []Server {
	var out []Server
	for _, s := range n.raft.GetConfiguration().Configuration().Servers {
		out = append(out, Server{ID: string(s.ID), Address: n.address(string(s.ID), string(s.Address)), Voter: s.Suffrage == raft.Voter})
	}
	return out
}

// soleVoter reports whether nobody but this server can be elected. When another joins it
// is false before that one hears of it.
func (n *Node) soleVoter() bool {
	voters, self := 0, false
	for _, s := range n.raft.GetConfiguration().Configuration().Servers {
		if s.Suffrage == raft.Voter {
			voters, self = voters+1, self || s.ID == raft.ServerID(n.cfg.ID)
		}
	}
	return voters == 1 && self
}

// AddServer lets another server join, changes its address, or makes one that is there a
// voter or none. This server must lead.
func (n *Node) AddServer(s Server) error {
	add := n.raft.AddNonvoter
	if s.Voter {
		add = n.raft.AddVoter
	}
	return notLeader(add(raft.ServerID(s.ID), raft.ServerAddress(s.Address), 0, 10*time.Second).Error())
}

// RemoveServer takes a server out of the cluster. This server must lead.
func (n *Node) RemoveServer(id string) error {
	return notLeader(n.raft.RemoveServer(raft.ServerID(id), 0, 10*time.Second).Error())
}

func notLeader(err error) error {
	if errors.Is(err, raft.ErrNotLeader) || errors.Is(err, raft.ErrLeadershipTransferInProgress) {
		return errors.Join(store.ErrNotLeader, err)
	}
	return err
}

// TransferLeadership asks another server to lead, for a shutdown without a gap.
func (n *Node) TransferLeadership() error {
	f, told := n.raft.LeadershipTransfer(), make(chan error, 1)
	go func() { told <- f.Error() }()
	select {
	case err := <-told:
		return err
	case <-n.stop: // Raft does not answer any more once it is shut down
		return store.ErrNotLeader
	}
}

// Snapshot writes a snapshot now.
func (n *Node) Snapshot() error {
	if err := n.raft.Snapshot().Error(); err != nil && !errors.Is(err, raft.ErrNothingNewToSnapshot) {
		return err
	}
	return nil
}
