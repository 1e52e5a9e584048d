package consensus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// row is the type of the rows in the tests.
type row struct {
	ID, Name, Host string
	N              int64
}

func table(name string, idx ...store.Index[row]) *store.Table[row] {
	return store.Define("test_"+name, func(r *row) string { return r.ID }, idx...)
}

func field(name string, unique bool, f func(*row) string) store.Index[row] {
	return store.Index[row]{Name: name, Unique: unique, Keys: func(r *row) []string {
		if k := f(r); k != "" {
			return []string{k}
		}
		return nil
	}}
}

var (
	counters = table("counters")
	names    = table("names", field("name", true, func(r *row) string { return r.Name }))
	hosts    = table("hosts")
	vms      = table("vms", field("host", false, func(r *row) string { return r.Host }))
	done     = table("done")

	ctx  = context.Background()
	meta = store.Meta{Action: "Test", Actor: "tester", RequestID: "r"}
)

// add is a read, a change and a write.
func add(tx *store.Tx, t *store.Table[row], id string, n int64) int64 {
	r := row{ID: id}
	if old := t.Get(tx, id); old != nil {
		r = *old
	}
	r.N += n
	if err := t.Put(tx, &r); err != nil {
		panic(err)
	}
	return r.N
}

// server is one simulated server; disk is what it keeps when it restarts.
type server struct {
	*Node
	tr   *raft.InmemTransport
	name string
	disk *disk
	up   bool
	late sync.Map
}

// slowLog is a disk that takes its time.
type slowLog struct{ *raft.InmemStore }

func (l slowLog) StoreLogs(logs []*raft.Log) error {
	time.Sleep(time.Duration(rand.IntN(4000)) * time.Microsecond)
	return l.InmemStore.StoreLogs(logs)
}

func (l slowLog) StoreLog(log *raft.Log) error { return l.StoreLogs([]*raft.Log{log}) }

// lateTransport gets answers late from the servers in late.
type lateTransport struct {
	*raft.InmemTransport
	late *sync.Map
}

func (l lateTransport) AppendEntries(id raft.ServerID, to raft.ServerAddress, req *raft.AppendEntriesRequest, resp *raft.AppendEntriesResponse) error {
	err := l.InmemTransport.AppendEntries(id, to, req, resp)
	if d, ok := l.late.Load(to); ok {
		time.Sleep(d.(time.Duration))
	}
	return err
}

// cluster is servers on a simulated network, in a synctest bubble.
type cluster struct {
	t     testing.TB
	cfg   func(*Config)
	mu    sync.Mutex // for what chaos changes
	nodes []*server
	cut   map[[2]int]bool
}

// node returns a server's node, of now.
func (c *cluster) node(i int) *Node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[i].Node
}

func newCluster(t testing.TB, size int, cfg func(*Config)) *cluster {
	c := &cluster{t: t, cfg: cfg, cut: map[[2]int]bool{}}
	for i := range size {
		c.grow(fmt.Sprint("n", i))
	}
	return c
}

func (c *cluster) start(i int) {
	n := c.nodes[i]
	_, n.tr = raft.NewInmemTransport(raft.ServerAddress(n.name))
	cfg := Config{ID: n.name, Bootstrap: i == 0, Logger: slog.New(slog.DiscardHandler), Depth: 3, MaxSets: 16,
		disk: n.disk, trans: lateTransport{n.tr, &n.late},
		Fatal:     func(err error) { c.t.Errorf("%s: fatal: %v", n.name, err) },
		AskLeader: func(ctx context.Context, leader Server) (int64, error) { return c.ask(ctx, i, leader) }}
	if c.cfg != nil {
		c.cfg(&cfg)
	}
	node, err := Open(cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	n.Node, n.up = node, true
	c.mu.Unlock()
	c.wire()
}

// ask is the network path of a follower's question.
func (c *cluster) ask(ctx context.Context, from int, leader Server) (int64, error) {
	var to *Node
	c.mu.Lock()
	for j, o := range c.nodes {
		if o.name == leader.ID && o.up && !c.cut[pair(from, j)] {
			to = o.Node
		}
	}
	c.mu.Unlock()
	if to == nil {
		return 0, store.ErrNotLeader
	}
	return to.ReadIndex(ctx)
}

func pair(i, j int) [2]int { return [2]int{min(i, j), max(i, j)} }

func (c *cluster) stop(i int) {
	n := c.nodes[i]
	c.mu.Lock()
	n.up = false
	c.mu.Unlock()
	c.wire()
	if err := n.Close(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cluster) close() {
	for i, n := range c.nodes {
		if n.up {
			c.stop(i)
		}
	}
	time.Sleep(time.Minute) // stragglers of Raft time out
}

// wire connects what is up and not cut.
func (c *cluster) wire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, a := range c.nodes {
		for j, b := range c.nodes {
			if i == j || a.tr == nil || b.tr == nil {
				continue
			}
			a.tr.Disconnect(b.tr.LocalAddr())
			if a.up && b.up && !c.cut[pair(i, j)] {
				a.tr.Connect(b.tr.LocalAddr(), b.tr)
			}
		}
	}
}

func (c *cluster) isolate(i int) {
	c.mu.Lock()
	for j := range c.nodes {
		c.cut[pair(i, j)] = true
	}
	c.mu.Unlock()
	c.wire()
}

func (c *cluster) heal() {
	c.mu.Lock()
	clear(c.cut)
	c.mu.Unlock()
	c.wire()
}

// leader waits for a server that serves updates.
func (c *cluster) leader() (int, *server) {
	for range 1000 {
		for i, n := range c.nodes {
			if n.up && n.Update(ctx, meta, func(*store.Tx) error { return nil }) == nil {
				return i, n
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.t.Fatal("no leader")
	return 0, nil
}

// anywhere runs an update on whichever server takes it.
func (c *cluster) anywhere(fn func(*store.Tx) error) error {
	for i := 0; ; i++ {
		n := c.nodes[i%len(c.nodes)]
		if n.up {
			if err := n.Update(ctx, meta, fn); !errors.Is(err, store.ErrNotLeader) {
				return err
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// stateBytes is the node's snapshot.
func stateBytes(t testing.TB, n *Node) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := n.replica.Snapshot().WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rowsOf is a snapshot without its first frame, which has the version.
func rowsOf(snapshot []byte) string {
	return string(snapshot[8+binary.LittleEndian.Uint32(snapshot):])
}

// sameBytes waits until all servers have applied the same, and compares them.
func (c *cluster) sameBytes() {
	c.t.Helper()
	for range 200 {
		same := true
		for _, n := range c.nodes {
			same = same && n.replica.Version() == c.nodes[0].replica.Version()
		}
		if same {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	want := stateBytes(c.t, c.nodes[0].Node)
	for _, n := range c.nodes {
		if got := stateBytes(c.t, n.Node); !bytes.Equal(got, want) {
			c.t.Errorf("%s: %d bytes at %v, unlike %d bytes at %v", n.name, len(got), n.replica.Version(), len(want), c.nodes[0].replica.Version())
		}
		if err := n.Stale().CheckIndexes(); err != nil {
			c.t.Errorf("%s: %v", n.name, err)
		}
	}
}

// grow starts a further server and lets it join.
func (c *cluster) grow(name string) {
	mem := raft.NewInmemStore()
	d := &disk{logs: slowLog{mem}, stable: mem, snaps: raft.NewInmemSnapshotStore(), close: func() error { return nil }}
	c.mu.Lock()
	c.nodes = append(c.nodes, &server{name: name, disk: d})
	i := len(c.nodes) - 1
	c.mu.Unlock()
	c.start(i)
	if i == 0 {
		for !c.nodes[0].Leader() {
			time.Sleep(10 * time.Millisecond)
		}
		return
	}
	_, leader := c.leader()
	if err := leader.AddServer(Server{ID: name, Address: name, Voter: true}); err != nil {
		c.t.Fatal(err)
	}
}
