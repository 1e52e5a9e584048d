// Package clustertest runs servers and agents of one cluster as processes on this
// machine, with simulated hosts, and does to them what happens to machines. Its tests are
// what docs/cluster.md promises.
package clustertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/internal/testkit"
)

// The operator's keys in tests, and where the tests' cloud says it is.
const (
	accessKey = "AKIAMICATESTMICATEST"
	secretKey = "mica/test/secret/mica/test/secret/mica00"
	account   = "123456789012"
	region    = "eu-central-1"
)

// patience bounds every wait: a machine may be slow, and busy with other tests.
const patience = 5 * time.Minute

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "mica-cluster-")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "mica")
	cmd := exec.Command("go", "build", "-o", bin, "github.com/micacloud/mica/cmd/mica")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building mica: %w\n%s", err, out)
	}
	return bin, nil
})

// Cluster is servers and agents with directories of their own.
type Cluster struct {
	t       testing.TB
	dir     string
	bin     string
	Servers []*Process
	Agents  []*Process
	all     []*Process // also those that are in neither list any more
}

// Process is a server or an agent; its directories outlive it.
type Process struct {
	t       testing.TB
	c       *Cluster
	Name    string
	HTTP    string // address of the API, of servers
	Address string // of the cluster's port, of servers
	args    []string
	cmd     *exec.Cmd
	exited  chan struct{}
}

// Start begins a cluster and waits until all of it works. Without servers there is only
// its folder.
func Start(t testing.TB, servers, agents int, flags ...string) *Cluster {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "mc") // not t.TempDir: socket paths are short
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t, dir: dir, bin: bin}
	t.Cleanup(c.end)
	if servers == 0 {
		return c
	}
	c.Servers = append(c.Servers, c.Server("s1", append(flags, "--bootstrap", "--region", region, "--zones", "a,b",
		"--account-id", account, "--root-access-key", accessKey, "--root-secret-key", secretKey)...))
	c.Servers[0].Up()
	c.Servers[0].Ready()
	if servers > 1 {
		token := c.Token("server")
		for i := 1; i < servers; i++ {
			s := c.Server(fmt.Sprint("s", i+1), append(flags, "--join", c.Servers[0].Address, "--token", token)...)
			s.Up()
			c.Servers = append(c.Servers, s)
		}
	}
	for _, s := range c.Servers {
		s.Ready()
	}
	for i := range agents {
		a := c.Agent(fmt.Sprint("a", i+1), "--join", c.Servers[i%servers].Address, "--token", c.Token("agent"), "--zone", string("ab"[i%2]))
		a.Up()
		c.Agents = append(c.Agents, a)
	}
	c.Wait("all servers to vote and all hosts to be up", func(o *cluster.Overview) bool {
		return o.Voters == servers && o.Answer == servers && o.Up == agents
	})
	return c
}

// Settled waits until all servers vote and answer.
func (c *Cluster) Settled() {
	c.t.Helper()
	c.Wait("all servers to vote", func(o *cluster.Overview) bool {
		return o.Voters == len(c.Servers) && o.Answer == len(c.Servers)
	})
}

func (c *Cluster) end() {
	for _, p := range c.all {
		if p.cmd != nil {
			p.Signal(syscall.SIGCONT)
			p.Kill()
		}
		if c.t.Failed() {
			c.t.Logf("the end of %s's log:\n%s", p.Name, p.LogTail(2500))
		}
	}
	os.RemoveAll(c.dir)
}

// Server describes a server that is not started yet.
func (c *Cluster) Server(name string, flags ...string) *Process {
	p := &Process{t: c.t, c: c, Name: name, HTTP: freeAddress(c.t), Address: freeAddress(c.t)}
	c.all = append(c.all, p)
	p.args = append([]string{"server", "--listen", "", "--listen-http", p.HTTP, "--cluster-listen", p.Address, "--throttle=false"}, flags...)
	return p
}

// Agent describes an agent, with a simulated host, that is not started yet.
func (c *Cluster) Agent(name string, flags ...string) *Process {
	p := &Process{t: c.t, c: c, Name: name, args: append([]string{"agent", "--hypervisor", "sim"}, flags...)}
	c.all = append(c.all, p)
	return p
}

// freeAddress returns one that nobody listens on, of a port that the kernel gives nobody who
// does not ask for it by number.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 12_000+rand.N(20_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// Data is the process's data directory.
func (p *Process) Data() string { return filepath.Join(p.c.dir, p.Name, "data") }

func (p *Process) command(ctx context.Context, args ...string) *exec.Cmd {
	flags := []string{"--data-dir", p.Data(), "--run-dir", filepath.Join(p.c.dir, p.Name, "run")}
	cmd := exec.CommandContext(ctx, p.c.bin, append(args, flags...)...)
	cmd.Env = append(os.Environ(), "HOME="+p.c.dir)
	return cmd
}

// Up starts the process.
func (p *Process) Up(flags ...string) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Join(p.c.dir, p.Name), 0o755); err != nil {
		p.t.Fatal(err)
	}
	log, err := os.OpenFile(filepath.Join(p.c.dir, p.Name, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.cmd = p.command(context.Background(), append(p.args[:len(p.args):len(p.args)], flags...)...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) {
		_ = cmd.Wait() // how it ended is in its log
		close(exited)
	}(p.cmd, p.exited)
}

// Ready waits until a server takes calls.
func (p *Process) Ready() {
	p.t.Helper()
	testkit.Wait(p.t, patience, p.Name+" to be ready", func() bool {
		select {
		case <-p.exited:
			p.t.Fatalf("%s ended:\n%s", p.Name, p.LogTail(4000))
		default:
		}
		resp, err := http.Get("http://" + p.HTTP + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Signal sends a signal to the process.
func (p *Process) Signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

// Kill ends the process as a power cut would.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

// Stop asks it to end.
func (p *Process) Stop() { p.end(syscall.SIGTERM) }

func (p *Process) end(sig syscall.Signal) {
	p.Signal(sig)
	p.Ended()
}

// Ended waits until the process is gone.
func (p *Process) Ended() {
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Errorf("%s did not end", p.Name)
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	p.cmd = nil
}

// LogTail returns the end of the process's log.
func (p *Process) LogTail(n int) string {
	b, _ := os.ReadFile(filepath.Join(p.c.dir, p.Name, "log"))
	return string(b[max(0, len(b)-n):])
}

// ID is a server's.
func (p *Process) ID() string {
	for _, name := range []string{"server-id", "agent/host-id"} {
		if b, err := os.ReadFile(filepath.Join(p.Data(), name)); err == nil {
			return strings.TrimSpace(string(b))
		}
	}
	p.t.Fatalf("%s has no id", p.Name)
	return ""
}

// CLI runs a mica subcommand for this process and returns what it printed.
func (p *Process) CLI(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var stderr bytes.Buffer
	cmd := p.command(ctx, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("mica %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), err
}

// MustCLI is CLI for what must work.
func (p *Process) MustCLI(args ...string) string {
	p.t.Helper()
	out, err := p.CLI(args...)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// Token makes a token to join with, on the newest server that runs.
func (c *Cluster) Token(role string, flags ...string) string {
	c.t.Helper()
	return c.live().MustCLI(append([]string{"token", "create", "--role", role}, flags...)...)
}

func (c *Cluster) live() *Process {
	for i := len(c.Servers) - 1; i >= 0; i-- {
		if c.Servers[i].cmd != nil {
			return c.Servers[i]
		}
	}
	c.t.Fatal("no server runs")
	return nil
}

// Overview asks a server how the cluster is; nil if it does not know.
func (p *Process) Overview() *cluster.Overview {
	out, err := p.CLI("cluster", "status", "--json")
	if err != nil {
		return nil
	}
	o := new(cluster.Overview)
	if err := json.Unmarshal([]byte(out), o); err != nil {
		return nil
	}
	return o
}

// Wait waits for the cluster to be as is wanted.
func (c *Cluster) Wait(what string, ok func(*cluster.Overview) bool) {
	c.t.Helper()
	testkit.Wait(c.t, patience, what, func() bool {
		o := c.live().Overview()
		return o != nil && ok(o)
	})
}

// Leader returns the server that leads, and one that does not.
func (c *Cluster) Leader() (leader, follower *Process) {
	c.t.Helper()
	c.Wait("a leader", func(o *cluster.Overview) bool {
		for _, s := range c.Servers {
			if s.cmd == nil {
				continue
			}
			if s.ID() == o.Leader {
				leader = s
			} else {
				follower = s
			}
		}
		return leader != nil && (follower != nil || len(c.Servers) == 1)
	})
	return leader, follower
}
