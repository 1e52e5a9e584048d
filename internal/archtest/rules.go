// Package archtest holds the architecture as rules with their reasons, and tests
// that the code keeps them. A rule that stands in the way is changed here, with an
// ADR, never worked around.
package archtest

import (
	"path"
	"strings"
)

// Module is this module's path.
const Module = "github.com/micacloud/mica"

// Rule forbids imports to the packages it speaks of. Patterns are relative to the
// module, or whole import paths of other modules; "x/..." means x and all below it.
type Rule struct {
	From   []string // who is bound
	Except []string // of these, who is not
	Deny   []string // what they must not import
	Reason string
}

// Rules is the import law.
var Rules = []Rule{
	{From: []string{"hostagent/...", "netplane/...", "imagestore/..."}, Deny: []string{"controlplane/..."},
		Reason: "a host's side knows the servers by the protocol alone, so that either can be upgraded, simulated or lost without the other"},
	{From: []string{"controlplane/..."}, Deny: []string{"hostagent/...", "netplane/...", "imagestore/..."},
		Reason: "a server may run on a machine without libvirt, bridges or disks for guests"},
	{From: []string{"netplane/..."}, Deny: []string{"hostagent/...", "imagestore/...", "proto/..."},
		Reason: "the network takes plain values, so that it can be tested and explained without an agent"},
	{From: []string{"imagestore/..."}, Deny: []string{"hostagent/...", "netplane/...", "proto/..."},
		Reason: "images are files with digests; who asks for them is not their business"},
	{From: []string{"controlplane/model"}, Deny: []string{"controlplane/...", "internal/...", "proto/..."},
		Reason: "rows are what everything else shares: whatever they imported, everything would"},
	{From: []string{"controlplane/store/..."}, Deny: []string{"controlplane/consensus/...", "controlplane/ec2/...", "controlplane/wire/...", "controlplane/server/...", "controlplane/lifecycle/...", "proto/..."},
		Reason: "what every replica applies must not depend on who asked for it"},
	{From: []string{"controlplane/ec2/...", "controlplane/sts/..."}, Deny: []string{"controlplane/consensus/...", "controlplane/dispatch/...", "controlplane/control/...", "controlplane/server/...", "controlplane/cluster/..."},
		Reason: "an action is a function over a transaction: it never sees leadership, agents or HTTP"},
	{From: []string{"controlplane/lifecycle"}, Deny: []string{"controlplane/ec2/...", "controlplane/dispatch/...", "controlplane/control/...", "controlplane/consensus/...", "controlplane/wire/..."},
		Reason: "what becomes of an instance is decided in one place that actions, dispatch and control share"},
	{From: []string{"controlplane/server", "controlplane/dispatch", "controlplane/operator", "controlplane/control", "controlplane/consensus"}, Deny: []string{"controlplane/cluster/..."},
		Reason: "how servers reach each other is plugged in: everything else works for one server alone, and is tested so"},
	{From: []string{"controlplane/wire/..."}, Deny: []string{"controlplane/store/...", "controlplane/ec2/...", "controlplane/consensus/..."},
		Reason: "protocols know types, not what the actions do"},
	{From: []string{"controlplane/reach"}, Deny: []string{"controlplane/wire/...", "controlplane/ec2/...", "controlplane/lifecycle/...", "controlplane/server/...", "netplane/...", "hostagent/...", "proto/...", "os", "os/exec", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand", "time"},
		Reason: "whether something can be reached is worked out from rows alone"},
	{From: []string{"controlplane/schedule"}, Deny: []string{"controlplane/store/...", "controlplane/wire/...", "controlplane/ec2/...", "controlplane/server/...", "proto/...", "os", "os/exec", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
		Reason: "placement is a pure function, so that it can be explained and replayed"},
	{From: []string{"netplane/plan"}, Deny: []string{"os", "os/exec", "net/http", "syscall", "golang.org/x/sys/...", "math/rand", "math/rand/v2", "crypto/rand"},
		Reason: "the network plan is a pure function of what is wanted"},
	{From: []string{"deploy/lab"}, Deny: []string{"controlplane/...", "hostagent/...", "netplane/...", "imagestore/...", "proto/..."},
		Reason: "the lab knows Mica as its users do, by commands and their flags: what it breaks must not be part of it"},
	{From: []string{"controlplane/...", "hostagent/...", "netplane/...", "imagestore/..."}, Deny: []string{"deploy/..."},
		Reason: "Mica runs on machines; it does not know that some are the lab's"},
	{From: []string{"..."}, Except: []string{"controlplane/consensus/..."}, Deny: []string{"github.com/hashicorp/raft", "github.com/hashicorp/raft-wal"},
		Reason: "raft has one importing package: its traps are handled once"},
	{From: []string{"..."}, Except: []string{"controlplane/store/..."}, Deny: []string{"controlplane/store/tree"},
		Reason: "how rows are kept is the store's business, and can be changed there alone"},
	{From: []string{"..."}, Except: []string{"hostagent/hypervisor/libvirt/..."}, Deny: []string{"github.com/digitalocean/go-libvirt", "libvirt.org/go/libvirtxml"},
		Reason: "libvirt is behind the hypervisor port"},
	{From: []string{"..."}, Except: []string{"netplane/kernel/..."}, Deny: []string{"github.com/vishvananda/netlink", "github.com/coreos/go-iptables/..."},
		Reason: "only one package changes the kernel's network"},
	{From: []string{"..."}, Deny: []string{"github.com/aws/..."},
		Reason: "clients' libraries belong to the clients' tests, in a module of their own"},
}

// Bound says whether the rule speaks of the package pkg (relative to the module).
func (r Rule) Bound(pkg string) bool {
	return anyMatch(r.From, pkg) && !anyMatch(r.Except, pkg)
}

// Denies says whether the rule forbids the import path imp, relative for packages of
// this module.
func (r Rule) Denies(imp string) bool { return anyMatch(r.Deny, imp) }

func anyMatch(patterns []string, p string) bool {
	for _, pattern := range patterns {
		if prefix, ok := strings.CutSuffix(pattern, "..."); ok {
			prefix = strings.TrimSuffix(prefix, "/")
			if prefix == "" || p == prefix || strings.HasPrefix(p, prefix+"/") {
				return true
			}
		} else if pattern == p {
			return true
		}
	}
	return false
}

// Relative returns an import path relative to the module, or unchanged if it is of
// another.
func Relative(imp string) string {
	if imp == Module {
		return "."
	}
	return strings.TrimPrefix(imp, Module+"/")
}

// Room returns the top-level folder or the two that a package is in, for the diagram.
func Room(pkg string) string {
	parts := strings.Split(pkg, "/")
	return path.Join(parts[:min(len(parts), 2)]...)
}
