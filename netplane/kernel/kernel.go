// Package kernel makes the kernel's network what a plan wants: it looks, compares, and
// does only what is missing. It is the only package that speaks netlink, ipset,
// iptables and ebtables.
//
// Links, addresses, routes, neighbours, set members and tracked connections go over
// netlink; the content of chains goes through iptables-restore, a transaction a table, but
// for public addresses, whose rules change with each launch (translate.go).
// Whether somebody else touched the rules is asked of nf_tables' generation number,
// so that looking again costs no process.
package kernel

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/micacloud/mica/netplane/plan"
)

// Config says whose objects these are.
type Config struct {
	// Prefix is the plan's Host.Prefix. Everything on the host whose name begins with
	// it is taken for ours, and removed when no plan wants it.
	Prefix string
	// StateDir keeps the host's own sysctl values for Cleanup; "" means /run/mica.
	StateDir string
	Logger   *slog.Logger // nil means slog.Default
}

// Kernel applies plans. Its methods may be called from any goroutine; changes are
// made one at a time.
type Kernel struct {
	cfg    Config
	log    *slog.Logger
	legacy bool // iptables without nf_tables: no generation number to ask for

	mu      sync.Mutex
	desired plan.Desired
	applied map[string]plan.Namespace // by VPC id; their filters are in force
	tables  map[string]*tableState    // by namespace, "" is the host's
	counts  Counts
	steps   []string        // of the last Apply, MoveTap, ...
	crash   func() error    // of tests: asked before each step
	settled bool            // all but single VPCs is as the last plan wants it
	revoked map[string]bool // VPCs in whose connections some may be that no rule allows any more
	host    *os.File        // the caller's network namespace, during Apply

	nats map[string]bool // by interface: NAT gateways that were put in force as a whole

	redirects map[string]string // by namespace and index of a port, what it was seen to be led through
	unshaped  bool              // it was said that this kernel cannot bound rates
}

// Counts are what a Kernel did since it was made.
type Counts struct {
	Steps int // changes to the kernel's state
	Execs int // processes started
	// HostExecs are those of them that looked at or changed the host's own chains, which
	// others change too.
	HostExecs int
}

// Errors that callers tell apart.
var (
	// ErrNotPlanned means that a tap was to be moved that the last applied plan
	// doesn't have: its filters would not be in force. Apply first.
	ErrNotPlanned = errors.New("the interface is in no applied plan")
	// ErrTapBusy means that a process has the tap open.
	ErrTapBusy = errors.New("the tap is in use")
)

// programs that Apply runs, all of Debian's packages iptables and ebtables.
var programs = []string{"iptables-save", "iptables-restore", "ebtables-save", "ebtables-restore"}

// New checks that the programs that are needed exist, and loads kernel modules.
func New(cfg Config) (*Kernel, error) {
	cfg.Prefix = cmp.Or(cfg.Prefix, plan.DefaultPrefix)
	cfg.StateDir = cmp.Or(cfg.StateDir, "/run/mica")
	k := &Kernel{
		cfg: cfg, log: cmp.Or(cfg.Logger, slog.Default()),
		applied: map[string]plan.Namespace{}, tables: map[string]*tableState{}, redirects: map[string]string{}, revoked: map[string]bool{}, nats: map[string]bool{},
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			return nil, fmt.Errorf("%w: install the packages iptables and ebtables", err)
		}
	}
	version, err := exec.Command("iptables", "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("iptables --version: %w", err)
	}
	k.legacy = bytes.Contains(version, []byte("legacy"))
	for _, m := range []string{"bridge", "nf_conntrack", "ip_set", "tun", "veth", "vxlan", "sch_tbf", "sch_ingress", "cls_u32", "act_mirred"} {
		loadModule(m)
	}
	loadModule("ifb", "numifbs=0") // the module would make two for nobody
	return k, loadBridgeNetfilter()
}

// loadBridgeNetfilter has iptables see bridged packets in namespaces of ours. In the
// host's own, where it would meet other people's bridges, it is turned off if it was
// not there before.
func loadBridgeNetfilter() error {
	const dir = "/proc/sys/net/bridge/"
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	loadModule("br_netfilter")
	for _, name := range []string{"bridge-nf-call-iptables", "bridge-nf-call-ip6tables", "bridge-nf-call-arptables"} {
		if err := os.WriteFile(dir+name, []byte("0"), 0); err != nil {
			return fmt.Errorf("br_netfilter is missing in the kernel: %w", err)
		}
	}
	return nil
}

// loadModule does what it can: a kernel may have it built in, and a container may
// not load any. What is really missing shows when it is used.
func loadModule(name string, options ...string) {
	if _, err := os.Stat("/sys/module/" + name); err != nil {
		_ = exec.Command("modprobe", append([]string{"-q", name}, options...)...).Run()
	}
}

// Counts tells what was done so far.
func (k *Kernel) Counts() Counts {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.counts
}

// LastSteps are the changes that the last Apply, Update, MoveTap or Cleanup made, and what
// EndRevoked ended after it.
func (k *Kernel) LastSteps() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.steps)
}

// do makes one change and tells of it.
func (k *Kernel) do(what string, fn func() error) error {
	if k.crash != nil {
		if err := k.crash(); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	k.counts.Steps++
	k.steps = append(k.steps, what)
	k.log.Debug("network changed", "step", what)
	return nil
}

// restoreArgs are those of iptables-restore for changing single chains.
func (k *Kernel) restoreArgs() []string {
	if k.legacy {
		return []string{"--noflush", "--wait", "10"} // for the lock that all of them share
	}
	return []string{"--noflush"}
}

// run starts a program in the calling thread's namespace.
func (k *Kernel) run(ctx context.Context, input, name string, args ...string) (string, error) {
	k.counts.Execs++
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errout bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errout
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(errout.String()))
	}
	return out.String(), nil
}
