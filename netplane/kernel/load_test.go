package kernel_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/netplane/plan"
)

// genRule draws any rule that the API may let through: every protocol number, range,
// ICMP type and kind of peer.
func genRule(t *rapid.T) plan.Rule {
	r := plan.Rule{
		ID:       "sgr-drawn",
		Protocol: rapid.OneOf(rapid.SampledFrom([]int{-1, 1, 6, 17}), rapid.IntRange(-1, 255)).Draw(t, "protocol"),
		FromPort: rapid.OneOf(rapid.SampledFrom([]int{-1, 0, 22}), rapid.IntRange(0, 65535)).Draw(t, "from"),
		ICMPType: rapid.IntRange(-1, 255).Draw(t, "type"),
		ICMPCode: rapid.IntRange(-1, 255).Draw(t, "code"),
	}
	r.ToPort = rapid.OneOf(rapid.Just(r.FromPort), rapid.IntRange(max(r.FromPort, 0), 65535), rapid.Just(65535)).Draw(t, "to")
	if rapid.Bool().Draw(t, "by group") {
		r.Group = sgID(rapid.IntRange(1, 4).Draw(t, "group")) // some that nobody describes
		return r
	}
	var a [4]byte
	for i := range a {
		a[i] = rapid.Byte().Draw(t, "octet")
	}
	r.CIDR = netip.PrefixFrom(netip.AddrFrom4(a), rapid.IntRange(0, 32).Draw(t, "bits"))
	return r
}

// TestEveryRuleSetLoads: whatever the rules are, the kernel takes what the plan makes
// of them, prints back what was meant, and is at rest after one Apply.
func TestEveryRuleSetLoads(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.apply()
	rapid.Check(t, func(rt *rapid.T) {
		v := &w.host.VPCs[0]
		v.Groups = nil
		for n := range 2 {
			v.Groups = append(v.Groups, plan.Group{
				ID:      sgID(n + 1),
				Ingress: rapid.SliceOfN(rapid.Custom(genRule), 0, 12).Draw(rt, "ingress"),
				Egress:  rapid.SliceOfN(rapid.Custom(genRule), 0, 12).Draw(rt, "egress"),
			})
		}
		d, err := plan.Build(w.host)
		if err != nil {
			rt.Fatal(err)
		}
		if err := w.k.Apply(t.Context(), d); err != nil {
			rt.Fatalf("%v\n%s", err, d)
		}
		if err := w.k.Apply(t.Context(), d); err != nil || len(w.k.LastSteps()) > 0 {
			rt.Fatalf("not at rest: %v %q", err, w.k.LastSteps())
		}
	})
}

// TestOneChainIsSwappedAmongMany: 1,000 rules of one group change in one step.
func TestOneChainIsSwappedAmongMany(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	var many []plan.Rule
	for n := range 1000 {
		many = append(many, tcp(1+n, prefix("192.0.2.0/24")))
	}
	v.Groups[0].Ingress = many
	w.apply()
	v.Groups[0].Ingress = many[1:]
	before := w.k.Counts()
	w.apply()
	steps := w.k.LastSteps()
	if want := fmt.Sprintf("iptables-restore filter/%s-in in", sgID(1)); len(steps) != 1 || !strings.HasPrefix(steps[0], want) {
		t.Errorf("steps %q, want one: %s", steps, want)
	}
	if n := execs(before, w.k.Counts()); n != 1 { // what is there is known, and is not read
		t.Errorf("%d processes for one rule", n)
	}
}

// TestBrokenVPCDoesNotKeepOthers: a row that makes no sense leaves its own VPC as it
// is and everybody else's in the care of Apply.
func TestBrokenVPCDoesNotKeepOthers(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.boot()
	w.guests[eniID(0x1a)].listen(22)
	w.guests[eniID(0x2a)].listen(22)
	w.host.VPCs[0].Subnets[0].CIDR = netip.Prefix{}
	w.host.VPCs[1].Groups[0].Ingress = nil
	d, err := plan.Build(w.host)
	must(t, err)
	must(t, w.k.Apply(t.Context(), d))
	if !hostReaches(w.pool(1).String() + ":22") {
		t.Error("the broken VPC went down")
	}
	if hostReaches(w.pool(2).String() + ":22") {
		t.Error("the other VPC's change was not made")
	}
}

func TestObserve(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.boot()
	for _, eni := range []string{eniID(0x1a), ""} {
		list, err := w.k.Observe(t.Context(), vpcID(1), eni)
		must(t, err)
		if len(list) < 15 {
			t.Errorf("only %d objects", len(list))
		}
		for _, o := range list {
			if !o.Present {
				t.Errorf("%s %s is not to be seen by %q", o.Kind, o.Name, o.Command)
			}
		}
	}
	w.guests[eniID(0x1a)].remove()
	list, err := w.k.Observe(t.Context(), vpcID(1), eniID(0x1a))
	must(t, err)
	for _, o := range list {
		if want := o.Kind != "tap" && o.Kind != "fdb"; o.Present != want {
			t.Errorf("without its tap: %s %s present is %v, want %v", o.Kind, o.Name, o.Present, want)
		}
	}
}
