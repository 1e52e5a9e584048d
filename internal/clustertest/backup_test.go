package clustertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/cluster"
)

// TestRestoreOntoNewServers: a backup brings back the cloud on servers that never saw it,
// and the hosts' guests run on.
func TestRestoreOntoNewServers(t *testing.T) {
	c := Start(t, 3, 1)
	id := c.launch()
	leader, follower := c.Leader()
	leader.Must("CreateKeyPair", "KeyName", "kept", "KeyType", "ed25519")
	file := filepath.Join(c.dir, "backup")
	follower.MustCLI("cluster", "backup", file)
	for _, s := range c.Servers {
		s.Kill()
	}

	fresh := c.Server("n1")
	damaged, _ := os.ReadFile(file)
	damaged[len(damaged)/2] ^= 1
	if err := os.WriteFile(file+".damaged", damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.CLI("cluster", "restore", file+".damaged", "--cluster-listen", fresh.Address); err == nil || !strings.Contains(err.Error(), "no whole backup") {
		t.Errorf("a damaged backup: %v", err)
	}
	fresh.MustCLI("cluster", "restore", file, "--cluster-listen", fresh.Address)
	if _, err := fresh.CLI("cluster", "restore", file, "--cluster-listen", fresh.Address); err == nil {
		t.Error("restored over a state")
	}
	fresh.Up()
	c.Servers = []*Process{fresh}
	fresh.Ready()
	second, third := c.Server("n2", "--join", fresh.Address, "--token", c.Token("server")), c.Server("n3", "--join", fresh.Address, "--token", c.Token("server"))
	for _, s := range []*Process{second, third} {
		s.Up()
		s.Ready()
		c.Servers = append(c.Servers, s)
	}
	c.Wait("three new servers", func(o *cluster.Overview) bool { return o.Voters == 3 && o.Answer == 3 && len(o.Servers) == 3 })
	if have := third.KeyNames(); !have["kept"] {
		t.Fatalf("the key is not there: %v", have)
	}
	// The host knows the old authority: a new token brings it in, under its own id.
	host := c.Agents[0]
	host.Stop()
	host.Up("--join", fresh.Address, "--token", c.Token("agent"))
	c.Wait("the host to be up", func(o *cluster.Overview) bool { return o.Up == 1 && o.Hosts == 1 })
	c.running(id)
	if out := c.live().MustCLI("explain", "instance", id); strings.Contains(out, "Boot 2 ") {
		t.Errorf("the guest was started again:\n%s", out)
	}
}

// TestRecoverLostQuorum: with two of three servers lost for good, the third goes on alone,
// after a warning.
func TestRecoverLostQuorum(t *testing.T) {
	c := Start(t, 3, 1)
	id := c.launch()
	c.Servers[0].Must("CreateKeyPair", "KeyName", "kept", "KeyType", "ed25519")
	left := c.Servers[2]
	if have := left.KeyNames(); !have["kept"] { // so that it has it
		t.Fatalf("the key is not there: %v", have)
	}
	for _, s := range c.Servers {
		s.Kill()
	}
	if out, err := left.CLI("cluster", "recover", "--cluster-listen", left.Address); err == nil || !strings.Contains(err.Error(), "must never run again") {
		t.Errorf("recovered without a word: %s %v", out, err)
	}
	left.MustCLI("cluster", "recover", "--yes", "--cluster-listen", left.Address)
	left.Up()
	c.Servers = []*Process{left}
	left.Ready()
	c.Wait("one server and the host", func(o *cluster.Overview) bool { return o.Voters == 1 && len(o.Servers) == 1 && o.Up == 1 })
	if have := left.KeyNames(); !have["kept"] {
		t.Fatalf("the key is not there: %v", have)
	}
	c.running(id)
}
