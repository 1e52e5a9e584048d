package nemesis

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/control"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/simnet"
)

const (
	account = "111122223333"
	region  = "eu-central-1"
	zone    = "eu-central-1a"
)

// size is how large a cluster is.
type size struct {
	servers, hosts int
	vcpus          int   // of a host
	memory         int64 // of a host, in MiB
	pool           string
	storage        string // that all hosts have; then instances are recovered
	keep           uint64 // entries that stay in the log behind a snapshot
}

// cluster is servers and hosts on one simulated network, in a bubble.
type cluster struct {
	t       testing.TB
	seed    uint64
	began   time.Time
	net     *simnet.Network
	log     *slog.Logger
	types   *ec2.TypeTable
	pool    netip.Prefix
	image   string
	keep    uint64
	servers []*server
	hosts   []*host
	witness *witness
	states  *states

	mu     sync.Mutex
	rng    *rand.Rand // of slow disks
	lines  bytes.Buffer
	failed int
}

// newCluster starts servers and hosts, and waits until they are one cloud.
func newCluster(t testing.TB, seed uint64, z size) *cluster {
	c := &cluster{
		t: t, seed: seed, began: time.Now(), net: simnet.New(seed), types: ec2.StandardTypes(), pool: netip.MustParsePrefix(z.pool),
		keep: z.keep, rng: rand.New(rand.NewPCG(seed, 0x6469736b)),
	}
	c.log = slog.New(slog.NewTextHandler(logLines{c}, &slog.HandlerOptions{ReplaceAttr: c.sinceBeginning}))
	c.witness = &witness{c: c, ran: map[string]*host{}}
	c.states = &states{c: c, phases: map[string]model.Phase{}, hashes: map[int64][32]byte{}}
	for n := range z.servers {
		s := &server{c: c, name: fmt.Sprint("s", n+1)}
		s.disk.Delay = func() time.Duration { return c.writeTime(s) }
		c.servers = append(c.servers, s)
	}
	dir := tempDir(t)
	for n := range z.hosts {
		name := fmt.Sprint("h", n+1)
		c.hosts = append(c.hosts, &host{
			c: c, name: name, id: hostID(n + 1), dir: filepath.Join(dir, name), vcpus: z.vcpus, memory: z.memory, storage: z.storage,
			rng: rand.New(rand.NewPCG(seed, uint64(n))),
		})
	}
	c.form()
	for _, h := range c.hosts {
		h.powerOn()
	}
	c.until(time.Minute, "the hosts to be up", func() bool {
		up := 0
		for h := range store.Hosts.List(c.leader().node().Stale()) {
			if h.Up {
				up++
			}
		}
		return up == len(c.hosts)
	})
	return c
}

// form makes the servers one cluster, with an account and an image.
func (c *cluster) form() {
	for n, s := range c.servers {
		s.start(n == 0)
		if n > 0 {
			c.must(c.leader().node().AddServer(consensus.Server{ID: s.name, Address: s.name + ":raft", Voter: true}))
		}
	}
	c.must(c.leader().node().Update(context.Background(), store.Meta{Action: "test"}, func(tx *store.Tx) error {
		if err := c.ensure(tx); err != nil {
			return err
		}
		i, err := ec2.RegisterLocalImage(tx, ec2.LocalImage{Owner: model.Owned{Account: account, Region: region}, Name: "tiny", Digest: strings.Repeat("a", 64), VirtualBytes: 1 << 30})
		if err == nil {
			c.image = i.ID
		}
		return err
	}))
}

// ensure makes what is to be there before the first call.
func (c *cluster) ensure(tx *store.Tx) error {
	if err := control.RootAccount(tx, account, "key", "secret"); err != nil {
		return err
	}
	return ec2.EnsureAccountNetwork(tx, account, region, []string{zone})
}

// writeTime is how long a server's disk takes for a write.
func (c *cluster) writeTime(s *server) time.Duration {
	most := s.slow.Load()
	if most == 0 {
		most = int64(2 * time.Millisecond)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.rng.Int64N(most))
}

// tempDir is in memory where that can be: hosts write a great many small files durably.
func tempDir(t testing.TB) string {
	if dir, err := os.MkdirTemp("/dev/shm", "mica-nemesis-"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}

// close ends everything, so that the bubble can.
func (c *cluster) close() {
	for _, h := range c.hosts {
		h.powerOff()
	}
	for _, s := range c.servers {
		s.stop()
	}
	c.net.Close()
	time.Sleep(time.Minute) // what Raft still waits for times out
}

// leader waits for a server that leads.
func (c *cluster) leader() *server {
	var leader *server
	c.until(time.Minute, "a leader", func() bool {
		leader = c.leading()
		return leader != nil
	})
	return leader
}

// leading returns a server that leads, by its own word: the one of the newest term; or
// nil.
func (c *cluster) leading() *server {
	var best *server
	var term uint64
	for _, s := range c.servers {
		if n := s.node(); n != nil && n.Leader() && n.Status().Term > term {
			best, term = s, n.Status().Term
		}
	}
	return best
}

// until waits for a condition. The last servers to see it may be late: it asks again and
// again.
func (c *cluster) until(limit time.Duration, what string, ok func() bool) bool {
	c.t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.fail("waited %v in vain for %s", limit, what)
			return false
		}
	}
	return true
}

// httpClient is a node's.
func (c *cluster) httpClient(from string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			name, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return c.net.Dial(ctx, from, name+":api")
		},
		IdleConnTimeout: 10 * time.Second,
	}}
}

// must ends the test if the harness itself does not work.
func (c *cluster) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("seed %d: %v", c.seed, err)
	}
}

// fail reports what must not be. The first few say all there is to say.
func (c *cluster) fail(format string, args ...any) {
	c.t.Helper()
	c.mu.Lock()
	c.failed++
	n := c.failed
	c.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	c.log.Error("VIOLATION", "what", text)
	if n <= 10 {
		c.t.Errorf("seed %d at %v: %s", c.seed, time.Since(c.began).Round(time.Millisecond), text)
	}
}

// note writes what the harness does among the lines of the log.
func (c *cluster) note(format string, args ...any) {
	c.log.Info(">>> " + fmt.Sprintf(format, args...))
}

// logLines keeps the log of a run, to be shown if it fails.
type logLines struct{ c *cluster }

// Write implements io.Writer.
func (l logLines) Write(p []byte) (int, error) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.c.lines.Len() > 64<<20 {
		return len(p), nil
	}
	return l.c.lines.Write(p)
}

func (c *cluster) sinceBeginning(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		a.Value = slog.DurationValue(time.Since(c.began))
	}
	return a
}

// keepLog writes the log of a failed run where it can be read.
func (c *cluster) keepLog() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == 0 && os.Getenv("MICA_KEEP_LOG") == "" {
		return
	}
	name := filepath.Join(os.TempDir(), fmt.Sprintf("mica-nemesis-%s-%d.log", strings.ReplaceAll(c.t.Name(), "/", "-"), c.seed))
	if err := os.WriteFile(name, c.lines.Bytes(), 0o600); err == nil {
		c.t.Logf("what happened is in %s; to run it again: MICA_SEED=%d", name, c.seed)
	}
}
