// Package doctor finds out whether a host can run guests well, and says what to do
// where it can't. It changes nothing unless a check's Apply is called.
package doctor

import (
	"context"
	"net/netip"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor/accel"
)

// Status is the outcome of a check.
type Status string

// The outcomes. With a WARN Mica works, but slower or with something missing; with a
// FAIL it doesn't.
const (
	Pass Status = "PASS"
	Warn Status = "WARN"
	Fail Status = "FAIL"
)

// Check is one thing looked at.
type Check struct {
	Name   string `json:"name"` // a few stable words, such as "libvirt socket"
	Status Status `json:"status"`
	Detail string `json:"detail"`        // what was found
	Fix    string `json:"fix,omitempty"` // what the operator does about it; shell commands where there are any
	// Fixable says that Apply may do it: it is harmless, and takes no decision away from the operator.
	Fixable bool `json:"fixable"`

	apply func(context.Context) error
}

// Apply does what Fix says. Only a Fixable check may be applied.
func (c Check) Apply(ctx context.Context) error { return c.apply(ctx) }

// Config says which host is looked at, and for what.
type Config struct {
	DataDir string
	RunDir  string // a Mica that runs here already may hold the ports
	Prefix  string // of host-global names; default "mica"

	QEMU  string     // default qemu-system-x86_64
	Accel accel.Mode // default accel.Auto
	// AccelCache is where a slow measurement is remembered; empty for nowhere.
	AccelCache string

	Listen     []string       // addresses that Mica will listen on; empty ones are left out
	PublicPool netip.Prefix   // routed by this host; zero for none
	PoolOnLAN  bool           // it is a range of a network of this host
	VPCs       []netip.Prefix // ranges of VPCs that guests will be in
}

// checkLimit bounds each check: one that hangs must not keep the others from speaking.
const checkLimit = 30 * time.Second

// Run makes all checks, in an order in which a later one rests on the earlier.
func Run(ctx context.Context, cfg Config) []Check {
	return run(ctx, cfg, &host{run: command})
}

func run(ctx context.Context, cfg Config, h *host) []Check {
	cfg.setDefaults()
	checks := []func(context.Context, Config) Check{
		h.privileges, h.acceleration, h.kvmGroup, h.qemu, h.qemuImg, h.libvirtSocket, h.libvirtVersion,
		h.bridges, h.tunnels, h.taps, h.sets, h.bridgeFilter, h.forwarding,
		h.iptables, h.layer2Filters, h.forwardPolicy, h.firewalld,
		h.ports, h.publicPool, h.vpcOverlap,
		h.dataDirPath, h.freeDisk, h.fsyncTime,
	}
	results := make([]Check, len(checks))
	for i, check := range checks {
		limited, cancel := context.WithTimeout(ctx, checkLimit)
		results[i] = check(limited, cfg)
		results[i].Fixable = results[i].apply != nil
		cancel()
	}
	return results
}

func (c *Config) setDefaults() {
	if c.Prefix == "" {
		c.Prefix = "mica"
	}
	if c.QEMU == "" {
		c.QEMU = "qemu-system-x86_64"
	}
	if c.Accel == "" {
		c.Accel = accel.Auto
	}
	if c.DataDir == "" {
		c.DataDir = "/var/lib/mica"
	}
	if c.RunDir == "" {
		c.RunDir = "/run/mica"
	}
}

// Worst is the gravest status among the checks.
func Worst(checks []Check) Status {
	worst := Pass
	for _, c := range checks {
		if c.Status == Fail || c.Status == Warn && worst == Pass {
			worst = c.Status
		}
	}
	return worst
}
