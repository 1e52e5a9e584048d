package clustertest

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/internal/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if bin, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

var requestID = regexp.MustCompile(`<requestId>[^<]*</requestId>|<RequestID>[^<]*</RequestID>`)

// load creates key pairs on all servers, one after the other in each of some workers, and
// keeps what was answered.
type load struct {
	c       *Cluster
	stop    context.CancelFunc
	wg      sync.WaitGroup
	done    atomic.Int64
	mu      sync.Mutex
	said    map[string]*Failure // nil: acknowledged
	longest time.Duration       // between two acknowledgements
}

func (c *Cluster) load(workers int) *load {
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{c: c, stop: cancel, said: map[string]*Failure{}}
	last := time.Now()
	for w := range workers {
		l.wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("key-%d-%d", w, i)
				// Not under ctx: a call's answer is what the test is about. A server that stands
				// still is given up.
				call, cancel := context.WithTimeout(context.Background(), 5*time.Second)
				_, f := c.Servers[(w+i)%len(c.Servers)].Call(call, "CreateKeyPair", "KeyName", name, "KeyType", "ed25519")
				cancel()
				l.mu.Lock()
				l.said[name] = f
				if now := time.Now(); f == nil {
					l.longest, last = max(l.longest, now.Sub(last)), now
					l.done.Add(1)
				}
				l.mu.Unlock()
				select {
				case <-ctx.Done():
				case <-time.After(5 * time.Millisecond):
				}
			}
		})
	}
	return l
}

// passes waits until some more calls were acknowledged.
func (l *load) passes(n int64) {
	l.c.t.Helper()
	until := l.done.Load() + n
	testkit.Wait(l.c.t, patience, "acknowledged calls", func() bool { return l.done.Load() >= until })
}

// check ends the load and compares what was said with what every server has.
func (l *load) check() {
	t := l.c.t
	t.Helper()
	l.stop()
	l.wg.Wait()
	counts := map[string]int{}
	for _, f := range l.said {
		switch {
		case f == nil:
			counts["acknowledged"]++
		case f.Certain():
			counts[f.Code]++
		default:
			counts["unknown"]++
		}
	}
	t.Logf("%v; %v at most without an acknowledgement", counts, l.longest.Round(time.Millisecond))
	for _, s := range l.c.Servers {
		if s.cmd == nil {
			continue
		}
		have := s.KeyNames()
		for name, said := range l.said {
			switch {
			case said == nil && !have[name]:
				t.Errorf("%s: %s was acknowledged and is gone", s.Name, name)
			case said != nil && said.Certain() && have[name]:
				t.Errorf("%s: %s is there, and was refused: %v", s.Name, name, said)
			}
		}
	}
}

// TestAnyServerTakesAnyCall: answers are the same wherever one asks, and a question sees
// what was answered before it, on any server.
func TestAnyServerTakesAnyCall(t *testing.T) {
	c := Start(t, 3, 1)
	ctx := t.Context()
	for i := range 60 {
		name := fmt.Sprint("k", i)
		c.Servers[i%3].Must("CreateKeyPair", "KeyName", name, "KeyType", "ed25519")
		if !c.Servers[(i+1)%3].KeyNames()[name] {
			t.Fatalf("%s made on %s is not seen on %s", name, c.Servers[i%3].Name, c.Servers[(i+1)%3].Name)
		}
	}
	for _, q := range [][]string{
		{"DescribeKeyPairs"}, {"DescribeInstances"}, {"CreateKeyPair", "KeyName", "k1"}, {"CreateKeyPair"}, {"CreateKeyPair", "Nonsense", "1"},
		{"CreateKeyPair", "KeyName", "new", "DryRun", "true"}, {"RunInstances", "ImageId", "ami-00000000000000000", "MinCount", "1", "MaxCount", "1"},
	} {
		var first string
		for i, s := range c.Servers {
			body, f := s.Call(ctx, q[0], q[1:]...)
			answer := requestID.ReplaceAllString(body, "")
			if f != nil {
				answer = f.Error()
			}
			if i == 0 {
				first = answer
			} else if answer != first {
				t.Errorf("%v: %s answers %q, %s %q", q, c.Servers[0].Name, first, s.Name, answer)
			}
		}
	}
	// Console output comes from the host, by way of the leader.
	id := c.launch()
	for _, s := range c.Servers {
		testkit.Wait(t, patience, "console output at "+s.Name, func() bool {
			body, f := s.Call(ctx, "GetConsoleOutput", "InstanceId", id, "Latest", "true")
			return f == nil && strings.Contains(body, "<output>") && !strings.Contains(body, "<output></output>")
		})
	}
}

// image imports an image by one server and returns its AMI.
func (c *Cluster) image(s *Process) string {
	c.t.Helper()
	file := filepath.Join(c.dir, "image.raw")
	if err := os.WriteFile(file, make([]byte, 1<<20), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return s.MustCLI("image", "import", file, "--name", "image")
}

// launch runs an instance and waits until it runs.
func (c *Cluster) launch() string {
	c.t.Helper()
	ami := c.image(c.live()) // which is a follower, mostly
	body := c.live().Must("RunInstances", "ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "ClientToken", ami)
	id := instances(c.t, body)[0]
	c.running(id)
	return id
}

func (c *Cluster) running(id string) {
	c.t.Helper()
	testkit.Wait(c.t, patience, id+" to run", func() bool {
		body, f := c.live().Call(c.t.Context(), "DescribeInstances", "InstanceId.1", id)
		return f == nil && strings.Contains(body, "<name>running</name>")
	})
}

func instances(t testing.TB, body string) []string {
	t.Helper()
	var out struct {
		IDs []string `xml:"instancesSet>item>instanceId"`
	}
	if err := xml.Unmarshal([]byte(body), &out); err != nil || len(out.IDs) == 0 {
		t.Fatalf("no instances in %q: %v", body, err)
	}
	return out.IDs
}

// TestKillLeaderUnderLoad: no acknowledged write is lost, and none that was refused is there.
func TestKillLeaderUnderLoad(t *testing.T) {
	c := Start(t, 3, 0)
	l := c.load(12)
	for range 2 {
		l.passes(100)
		leader, _ := c.Leader()
		leader.Kill()
		l.passes(100)
		leader.Up()
		leader.Ready()
	}
	l.passes(100)
	l.check()
}

// TestOneTokenDuringLeaderChange: many clients with one token, a leader that dies: one
// reservation, and the same answer for all.
func TestOneTokenDuringLeaderChange(t *testing.T) {
	c := Start(t, 3, 2)
	leader, follower := c.Leader()
	ami := c.image(follower)
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	begun := make(chan struct{}, 64)
	for i := range 64 {
		wg.Go(func() {
			for try := 0; try < 200; try++ {
				body, f := c.Servers[(i+try)%3].Call(t.Context(), "RunInstances", "ImageId", ami, "InstanceType", "t3.nano",
					"MinCount", "2", "MaxCount", "2", "ClientToken", "one-token")
				begun <- struct{}{}
				if f == nil {
					var out struct {
						Reservation string   `xml:"reservationId"`
						IDs         []string `xml:"instancesSet>item>instanceId"`
					}
					if err := xml.Unmarshal([]byte(body), &out); err != nil {
						t.Error(err)
					}
					mu.Lock()
					answers[fmt.Sprint(out.Reservation, out.IDs)]++
					mu.Unlock()
					return
				}
				if f.Certain() && f.Code != "Unavailable" {
					t.Errorf("client %d: %v", i, f)
					return
				}
			}
			t.Errorf("client %d gave up", i)
		})
	}
	<-begun
	leader.Kill()
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for waiting := true; waiting; {
		select {
		case <-begun:
		case <-done:
			waiting = false
		}
	}
	if len(answers) != 1 {
		t.Errorf("answers: %v", answers)
	}
	if body := follower.Must("DescribeInstances"); strings.Count(body, "<reservationId>") != 1 {
		t.Errorf("reservations: %s", body)
	}
}

// TestRollingRestart: every server is restarted, one after the other, under load. Nothing
// is lost, no answer is unknown to who asks a server that stays, and guests stay.
func TestRollingRestart(t *testing.T) {
	c := Start(t, 3, 2)
	id := c.launch()
	l := c.load(8)
	for _, s := range c.Servers {
		l.passes(50)
		s.Stop()
		s.Up()
		s.Ready()
		c.Wait("all voters to answer", func(o *cluster.Overview) bool { return o.Answer == 3 })
	}
	for _, a := range c.Agents {
		a.Stop()
		a.Up()
	}
	c.Wait("both hosts to be up", func(o *cluster.Overview) bool { return o.Up == 2 })
	l.passes(50)
	l.check()
	c.running(id)
	body := c.live().Must("DescribeInstances", "InstanceId.1", id)
	if out := c.live().MustCLI("explain", "instance", id); !strings.Contains(out, "Boot 1 ") || strings.Contains(out, "Boot 2 ") {
		t.Errorf("the guest was touched: %s\n%s", out, body)
	}
}

// TestLeaderPaused: a leader that stands still for ten seconds is replaced meanwhile, and
// neither says nor does anything wrong when it goes on.
func TestLeaderPaused(t *testing.T) {
	c := Start(t, 3, 1)
	l := c.load(6)
	l.passes(50)
	leader, _ := c.Leader()
	leader.Signal(syscall.SIGSTOP)
	paused := time.Now()
	l.passes(10) // at the others
	t.Logf("served again after %v", time.Since(paused).Round(time.Millisecond))
	select {
	case <-time.After(10*time.Second - time.Since(paused)):
	case <-t.Context().Done():
	}
	leader.Signal(syscall.SIGCONT)
	l.passes(100)
	c.Wait("all voters to answer and the host to be up", func(o *cluster.Overview) bool { return o.Answer == 3 && o.Up == 1 })
	l.check()
}

// TestAgentsFollowTheLeader: when the leader dies, hosts are with the next one soon, and
// get new work there.
func TestAgentsFollowTheLeader(t *testing.T) {
	c := Start(t, 3, 2)
	leader, follower := c.Leader()
	ami := c.image(follower)
	leader.Kill()
	began := time.Now()
	body := follower.Must("RunInstances", "ImageId", ami, "InstanceType", "t3.nano", "MinCount", "2", "MaxCount", "2", "ClientToken", "one")
	t.Logf("accepted %v after the leader died", time.Since(began).Round(time.Millisecond))
	for _, id := range instances(t, body) {
		c.running(id)
	}
	t.Logf("running %v after the leader died", time.Since(began).Round(time.Millisecond))
}

// TestSilentHostIsImpaired: its instances say so, and stop saying so when it is back. A
// host that merely beats adds nothing to the log.
func TestSilentHostIsImpaired(t *testing.T) {
	const lease = 8 * time.Second // longer than a busy machine stands still
	c := Start(t, 1, 1, "--host-lease", lease.String())
	id := c.launch()
	status := func() string { return c.live().Must("DescribeInstanceStatus", "InstanceId.1", id) }
	testkit.Wait(t, patience, "the checks to pass", func() bool { return strings.Contains(status(), "<status>ok</status>") })
	log := func() string { return c.live().MustCLI("log", "show", "--json") }
	before := log()
	beat := time.Now().Add(lease + lease/4) // longer than the lease: it was extended
	testkit.Wait(t, patience, "some heartbeats", func() bool { return time.Now().After(beat) })
	if after := log(); strings.Count(after, "HostLease") != strings.Count(before, "HostLease") || strings.Count(after, "RegisterHost") != strings.Count(before, "RegisterHost") {
		t.Errorf("heartbeats were logged:\n%s", strings.TrimPrefix(after, before))
	} else if more := strings.TrimPrefix(after, before); more != "" {
		t.Log("logged meanwhile, for other reasons:", more)
	}
	c.Agents[0].Signal(syscall.SIGSTOP)
	testkit.Wait(t, patience, "the instance to be impaired", func() bool { return strings.Contains(status(), "<status>impaired</status>") })
	c.Agents[0].Signal(syscall.SIGCONT)
	testkit.Wait(t, patience, "the checks to pass again", func() bool { return !strings.Contains(status(), "impaired") })
	c.running(id)
}

// TestUpTakesOthers: a server with its host in one process grows to three servers, and its
// host is served by whichever leads.
func TestUpTakesOthers(t *testing.T) {
	c := Start(t, 0, 0)
	up := c.Server("up")
	up.args = []string{"up", "--hypervisor", "sim", "--listen", "", "--listen-http", up.HTTP, "--throttle=false", "--region", region, "--zones", "a,b",
		"--account-id", account, "--root-access-key", accessKey, "--root-secret-key", secretKey}
	up.Up() // alone, at first
	up.Ready()
	if _, err := up.CLI("cluster", "status"); err == nil || !strings.Contains(err.Error(), "--cluster-listen") {
		t.Errorf("a cluster of one that takes no others: %v", err)
	}
	up.Stop()
	up.args = append(up.args, "--cluster-listen", up.Address)
	up.Up()
	up.Ready()
	c.Servers = append(c.Servers, up)
	token := c.Token("server")
	for _, name := range []string{"s2", "s3"} {
		s := c.Server(name, "--join", up.Address, "--token", token)
		s.Up()
		s.Ready()
		c.Servers = append(c.Servers, s)
	}
	all := func(o *cluster.Overview) bool { return o.Voters == 3 && o.Answer == 3 && o.Up == 1 }
	c.Wait("three servers", all)
	up.Stop() // another leads from here on
	up.Up()
	up.Ready()
	c.Wait("three servers again", func(o *cluster.Overview) bool { return all(o) && o.Leader != "server-1" })
	c.launch()
}

// TestTokens: what tokens are good for, and what not.
func TestTokens(t *testing.T) {
	c := Start(t, 1, 1)
	s := c.Servers[0]
	other := Start(t, 1, 0)
	refused := func(why, name string, flags ...string) {
		t.Helper()
		a := c.Agent(name, flags...)
		out, err := a.CLI(a.args...)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: wanted %q: %s %v", name, why, out, err)
		}
	}
	used := c.Agents[0].args[slices.Index(c.Agents[0].args, "--token")+1]
	refused("was used by "+c.Agents[0].ID(), "a2", "--join", s.Address, "--token", used)
	refused("is for a server", "a2", "--join", s.Address, "--token", c.Token("server"))
	refused("another digest", "a2", "--join", s.Address, "--token", other.Token("agent"))
	refused("does not know the token", "a2", "--join", s.Address, "--token", forge(c.Token("agent")))
	revoked := c.Token("agent")
	s.MustCLI("token", "revoke", strings.Split(revoked, ".")[1])
	refused("it was revoked", "a2", "--join", s.Address, "--token", revoked)
	refused("it expired", "a2", "--join", s.Address, "--token", c.Token("agent", "--ttl", "1ns"))
	if _, err := s.CLI("token", "create", "--role", "king"); err == nil {
		t.Error("there is a token for kings")
	}
	lostCertificate(t, c.Agents[0], c.Agent("a3"))
	refused("is a member already", "a3", "--join", s.Address, "--token", c.Token("agent"))
	again := c.Agent("a3", "--join", s.Address, "--token", c.Token("agent", "--host", c.Agents[0].ID()))
	c.Agents[0].Stop()
	again.Up()
	c.Agents[0] = again
	testkit.Wait(t, patience, "the host to be a member again", func() bool { return strings.Contains(again.LogTail(1<<20), "mica agent is up") })
	if list := s.MustCLI("token", "list"); !strings.Contains(list, "revoked") || !strings.Contains(list, "used") || strings.Contains(list, strings.Split(used, ".")[2]) {
		t.Errorf("tokens:\n%s", list)
	}
}

// forge changes the secret of a token.
func forge(token string) string {
	p := strings.Split(token, ".")
	p[2] = strings.Repeat("A", len(p[2]))
	return strings.Join(p, ".")
}

// lostCertificate gives an agent another's id and nothing else of it.
func lostCertificate(t *testing.T, of, to *Process) {
	t.Helper()
	dir := filepath.Join(to.Data(), "agent")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "host-id"), []byte(of.ID()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRemovedMembersAreRefused: a removed host and a removed server are out at once, on
// connections that are open too.
func TestRemovedMembersAreRefused(t *testing.T) {
	c := Start(t, 3, 1)
	leader, follower := c.Leader()
	host := c.Agents[0]
	leader.MustCLI("cluster", "remove", host.ID())
	testkit.Wait(t, patience, "the host's session to end", func() bool {
		return strings.Contains(leader.LogTail(1<<20), "its certificate is not good any more") && strings.Contains(host.LogTail(1<<20), "lost the control plane")
	})
	// It tries again, and again it is refused.
	testkit.Wait(t, patience, "the host to be refused", func() bool { return strings.Contains(host.LogTail(1<<20), "bad certificate") })
	leader.MustCLI("cluster", "remove", follower.ID())
	testkit.Wait(t, patience, "two servers", func() bool {
		o := leader.Overview()
		return o != nil && o.Voters == 2 && len(o.Servers) == 2
	})
	testkit.Wait(t, patience, "the removed server to say so", func() bool {
		return strings.Contains(follower.LogTail(1<<20), "this server was removed")
	})
	leader.Must("CreateKeyPair", "KeyName", "after", "KeyType", "ed25519")
	// With one of two dead the other must stay: the quorum needs it.
	for _, s := range c.Servers {
		if s != leader && s != follower {
			if out, err := leader.CLI("cluster", "remove", leader.ID()); err != nil {
				t.Errorf("a leader that is to go passes leadership on: %s %v", out, err)
			}
			testkit.Wait(t, patience, "the third server to be alone", func() bool {
				o := s.Overview()
				return o != nil && o.Voters == 1 && o.Leader == s.ID()
			})
			if _, err := s.CLI("cluster", "remove", s.ID()); err == nil {
				t.Error("the last server removed itself")
			}
			if have := s.KeyNames(); !have["after"] {
				t.Errorf("after two removals: %v", have)
			}
		}
	}
}

// TestCertificatesRenewInARunningCluster: with a life of seconds all go on.
func TestCertificatesRenewInARunningCluster(t *testing.T) {
	c := Start(t, 3, 1, "--certificate-life", "30s")
	for _, p := range append(c.Servers[:3:3], c.Agents...) {
		testkit.Wait(t, patience, p.Name+" to renew twice", func() bool {
			return strings.Count(p.LogTail(1<<20), "renewed this member's certificate") >= 2
		})
	}
	c.Wait("all to be there", func(o *cluster.Overview) bool { return o.Answer == 3 && o.Up == 1 })
	for _, s := range c.Servers {
		s.Must("CreateKeyPair", "KeyName", "at-"+s.Name, "KeyType", "ed25519")
	}
}

// TestDeadServerIsReplaced: a standby gets the vote of a server that died, which is then
// removed, and may not come back as it was.
func TestDeadServerIsReplaced(t *testing.T) {
	c := Start(t, 3, 0, "--remove-dead-after", "15s")
	standby := c.Server("s4", "--remove-dead-after", "15s", "--join", c.Servers[1].Address, "--token", c.Token("server"))
	standby.Up()
	c.Servers = append(c.Servers, standby)
	standby.Ready()
	c.Wait("a standby", func(o *cluster.Overview) bool {
		return slices.ContainsFunc(o.Servers, func(s cluster.Seen) bool { return s.Role() == "standby" && s.CaughtUp && s.ID == standby.ID() })
	})
	leader, _ := c.Leader()
	dead := c.Servers[0]
	if dead == leader {
		dead = c.Servers[1]
	}
	dead.Kill()
	c.Wait("the standby in its place", func(o *cluster.Overview) bool {
		return o.Voters == 3 && o.Answer == 3 && !slices.ContainsFunc(o.Servers, func(s cluster.Seen) bool { return s.ID == dead.ID() })
	})
	dead.Up()
	testkit.Wait(t, patience, "the removed server to be refused", func() bool {
		return strings.Contains(dead.LogTail(1<<20), "bad certificate")
	})
	c.Wait("three voters still", func(o *cluster.Overview) bool { return o.Voters == 3 && o.Answer == 3 })
}
