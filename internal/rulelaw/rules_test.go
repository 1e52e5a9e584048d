// Package rulelaw holds the API and the hosts' network to each other: no rule that the one
// accepts is left out by the other, on its way by server, agent and plan into the kernel.
// Neither imports the other.
package rulelaw

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/dispatch"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/hostagent/agent"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

const account, region, zone = "111111111111", "eu-central-1", "eu-central-1a"

// cloud takes calls of the API as a server does.
type cloud struct {
	db  *store.Memory
	reg *wire.Registry[*action.Call]
}

func newCloud(t *rapid.T) *cloud {
	c := &cloud{db: store.NewMemory(), reg: wire.NewRegistry[*action.Call](wire.EC2)}
	ec2.Register(c.reg, ec2.Deps{Regions: []ec2.Region{{Name: region, Zones: []ec2.Zone{{Name: zone, ID: "euc1-az1"}}}}})
	err := c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		return ec2.EnsureAccountNetwork(tx, account, region, []string{zone})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cloud) call(name string, form url.Values) error {
	a, err := c.reg.Find(wire.EC2, name)
	if err != nil {
		return err
	}
	in, err := a.Decode(form)
	if err != nil {
		return err
	}
	return c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		_, err := a.Call(&action.Call{Tx: tx, Context: context.Background(), Account: account, Region: region}, in)
		return err
	})
}

var (
	protocols = rapid.OneOf(rapid.SampledFrom([]string{"-1", "tcp", "udp", "icmp", "TCP", "6", "17", "1", "50", "58", "0", "all", "icmpv6", "esp", ""}), rapid.Custom(func(t *rapid.T) string { return strconv.Itoa(rapid.IntRange(-2, 300).Draw(t, "n")) }))
	numbers   = rapid.Custom(func(t *rapid.T) string {
		return strconv.Itoa(rapid.OneOf(rapid.SampledFrom([]int{-1, 0, 1, 80, 254, 255, 256, 65535, 65536}), rapid.IntRange(-3, 70000)).Draw(t, "n"))
	})
	blocks = rapid.OneOf(rapid.SampledFrom([]string{"0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/8", "1.2.3.4/32", "::/0", "10.0.0.0/33", "x", "0.0.0.0/32", "255.255.255.255/32", "224.0.0.0/4"}),
		rapid.Custom(func(t *rapid.T) string {
			b := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(b)), rapid.IntRange(0, 32).Draw(t, "bits")).String()
		}))
)

// loader is a kernel that plans are loaded into, on a machine where that can be.
type loader struct {
	k      *kernel.Kernel
	prefix string
}

func newLoader(t testing.TB) *loader {
	if os.Getuid() != 0 {
		t.Log("the plans are not loaded: that takes root")
		return &loader{}
	}
	l := &loader{prefix: fmt.Sprintf("mt-rl%d", os.Getpid())}
	var err error
	if l.k, err = kernel.New(kernel.Config{Prefix: l.prefix, StateDir: t.TempDir()}); err != nil {
		t.Logf("the plans are not loaded: %v", err)
		return &loader{}
	}
	t.Cleanup(func() {
		if err := l.k.Cleanup(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return l
}

// load has the kernel take a plan. After it there is nothing more to do.
func (l *loader) load(t *rapid.T, d plan.Desired) {
	if l.k == nil {
		return
	}
	if err := l.k.Apply(context.Background(), d); err != nil {
		t.Fatalf("%v\n%s", err, d)
	}
	if err := l.k.Apply(context.Background(), d); err != nil || len(l.k.LastSteps()) > 0 {
		t.Fatalf("not at rest: %v %q", err, l.k.LastSteps())
	}
}

// accepted makes a property of calls that the API takes or refuses: whatever it took, the plan
// of a host that has it leaves nothing out, and the kernel takes the plan.
func accepted(l *loader, took *atomic.Int64) func(*rapid.T) {
	return func(t *rapid.T) {
		c := newCloud(t)
		v := c.db.Stale()
		var group, acl string
		for g := range store.SecurityGroups.List(v) {
			group = g.ID
		}
		for n := range store.NetworkACLs.List(v) {
			acl = n.ID
		}
		for n := range rapid.IntRange(1, 3).Draw(t, "lists") {
			form := url.Values{"PrefixListName": {fmt.Sprint("list", n)}, "MaxEntries": {"5"}, "AddressFamily": {"IPv4"}}
			for e := range rapid.IntRange(0, 5).Draw(t, "entries") {
				form.Set(fmt.Sprintf("Entry.%d.Cidr", e+1), blocks.Draw(t, "entry"))
			}
			_ = c.call("CreateManagedPrefixList", form) // one that is refused has bad entries
		}
		lists := []string{"pl-0123456789abcdef0"}
		for list := range store.PrefixLists.List(c.db.Stale()) {
			lists = append(lists, list.ID)
		}
		for n := range rapid.IntRange(1, 12).Draw(t, "rules") {
			protocol, from, to, block := protocols.Draw(t, "protocol"), numbers.Draw(t, "from"), numbers.Draw(t, "to"), blocks.Draw(t, "block")
			if rapid.Bool().Draw(t, "acl") {
				form := url.Values{"NetworkAclId": {acl}, "RuleNumber": {strconv.Itoa(n + 1)}, "Egress": {strconv.FormatBool(rapid.Bool().Draw(t, "egress"))}, "RuleAction": {rapid.SampledFrom([]string{"deny", "allow"}).Draw(t, "action")}, "Protocol": {protocol}, "CidrBlock": {block}}
				form.Set("PortRange.From", from)
				form.Set("PortRange.To", to)
				form.Set("Icmp.Type", from)
				form.Set("Icmp.Code", to)
				if c.call("CreateNetworkAclEntry", form) == nil {
					took.Add(1)
				}
				continue
			}
			name := rapid.SampledFrom([]string{"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"}).Draw(t, "direction")
			form := url.Values{"GroupId": {group}, "IpPermissions.1.IpProtocol": {protocol}, "IpPermissions.1.FromPort": {from}, "IpPermissions.1.ToPort": {to}}
			switch rapid.IntRange(0, 4).Draw(t, "peer") {
			case 0:
				form.Set("IpPermissions.1.Groups.1.GroupId", group)
			case 1:
				form.Set("IpPermissions.1.PrefixListIds.1.PrefixListId", rapid.SampledFrom(lists).Draw(t, "list"))
			default:
				form.Set("IpPermissions.1.IpRanges.1.CidrIp", block)
			}
			if c.call(name, form) == nil {
				took.Add(1)
			}
		}
		d, err := plan.Build(c.host(t, l.prefix, group))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Warnings) > 0 {
			t.Fatalf("the plan leaves something out: %v", d.Warnings)
		}
		if text := d.String(); !strings.Contains(text, group+"-in") {
			t.Fatalf("the group is not in the plan:\n%s", text)
		}
		l.load(t, d)
	}
}

// TestAcceptedRulesLoad: whatever rules, entries and prefix lists the API takes, hosts' kernels
// take.
func TestAcceptedRulesLoad(t *testing.T) {
	var took atomic.Int64
	rapid.Check(t, accepted(newLoader(t), &took))
	if took.Load() < 20 {
		t.Errorf("the API took %d rules of all: nothing is shown", took.Load())
	}
}

// FuzzAcceptedRules is the same, with draws that the fuzzer makes. Each is loaded, so that
// to make one smaller takes long: -fuzzminimizetime 1x.
func FuzzAcceptedRules(f *testing.F) {
	for seed := range 4 {
		r := rand.New(rand.NewPCG(uint64(seed), 0))
		draws := make([]byte, 1<<13)
		for n := range draws {
			draws[n] = byte(r.Uint32())
		}
		f.Add(draws)
	}
	var took atomic.Int64
	f.Fuzz(rapid.MakeFuzz(accepted(newLoader(f), &took)))
}

// host is one that runs an instance in the default VPC's default group, by what servers send
// it and what its agent reads of that.
func (c *cloud) host(t *rapid.T, prefix, group string) plan.Host {
	err := c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		for s := range store.Subnets.List(tx) {
			i := &model.Interface{ID: "eni-0123456789abcdef0", VPC: s.VPC, Subnet: s.ID, MAC: "02:00:00:00:00:01", PrivateIP: s.CIDR.Addr().Next().Next().Next().Next(), Groups: []string{group}, SourceDestCheck: true, Instance: "i-0123456789abcdef0"}
			return errors.Join(
				store.Interfaces.Put(tx, i),
				store.Instances.Put(tx, &model.Instance{ID: i.Instance, Owned: model.Owned{Account: account, Region: region}, VPCID: s.VPC, Interfaces: []string{i.ID}, Epoch: 1}),
				store.Boots.Put(tx, &model.Boot{ID: model.BootID(i.Instance, 1), Instance: i.Instance, Epoch: 1, Host: "host-1"}))
		}
		return errors.New("the account has no subnet")
	})
	if err != nil {
		t.Fatal(err)
	}
	h, errs := agent.NetworkInput(dispatch.Assignments(c.db.Stale(), "host-1"), prefix, netip.Prefix{})
	if len(errs) > 0 {
		t.Fatalf("the agent cannot read what the server sends: %v", errs)
	}
	return h
}
