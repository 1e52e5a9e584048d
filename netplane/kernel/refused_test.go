package kernel_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// spoil puts a rule that no kernel takes into a chain, at a place.
func spoil(t *testing.T, d plan.Desired, chain string, at int) string {
	t.Helper()
	const bad = "-p tcp -m tcp --dport 65537 -j ACCEPT"
	for _, table := range d.Namespaces[0].Tables {
		for n, c := range table.Chains {
			if table.Name == "filter" && c.Name == chain {
				table.Chains[n].Rules = slices.Insert(slices.Clone(c.Rules), at, bad)
				return bad
			}
		}
	}
	t.Fatalf("no chain %s", chain)
	return ""
}

// TestARefusedRuleKeepsNoOther: a rule that the kernel does not take is named, and every
// other is in force: those of its own group, changes of others', and what is launched.
func TestARefusedRuleKeepsNoOther(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	v.ACLs = []plan.ACL{{ID: aclID(1), Egress: []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}}, Ingress: []plan.ACLEntry{
		{Allow: true, Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 80, ToPort: 80}, {Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 81, ToPort: 81}, {Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}}}}
	w.boot()
	a, b, c := w.guests[eniID(0xa)], w.guests[eniID(0xb)], w.guests[eniID(0xc)]
	for _, g := range []*guest{b, c} {
		g.listen(80)
		g.listen(81)
		g.listen(83)
	}
	build := func() plan.Desired {
		t.Helper()
		d, err := plan.Build(w.host)
		must(t, err)
		return d
	}
	fails := func(err error, rule string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%q is not named: %v", rule, err)
		}
	}
	// One of db's rules cannot be, with another of its own and with web's that change now.
	v.Groups[1].Ingress = append(slices.Clone(v.Groups[1].Ingress), tcpFrom(81, sgID(1)))
	v.Groups[0].Egress = append(slices.Clone(v.Groups[0].Egress), tcp(83, everywhere), tcp(81, everywhere))
	v.Interfaces = append(v.Interfaces, plan.Interface{ID: eniID(0xe), SubnetID: subnetID(1), MAC: mac(0xe), PrivateIP: addr("10.7.1.9"), Groups: []string{sgID(1)}, SourceDestCheck: true})
	d := build()
	rule := spoil(t, d, sgID(2)+"-in", 0)
	fails(w.k.Update(t.Context(), d), rule)
	if !w.k.AppliedVPC(v.ID) {
		t.Fatal("the VPC is not in force, so that nothing is launched in it")
	}
	e := w.addGuest(v.ID, v.Interfaces[len(v.Interfaces)-1])
	for _, g := range []*guest{a, e} {
		if !g.reaches("10.7.1.6:80") || !g.reaches("10.7.1.6:81") || g.reaches("10.7.1.6:83") {
			t.Errorf("%s: the other rules are not in force: %s", g.name, w.sh(v.ID, "iptables", "-S"))
		}
	}
	fails(w.k.Apply(t.Context(), d), rule)
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("not at rest: %q", steps)
	}
	if out := w.sh(v.ID, "iptables-save"); strings.Contains(out, "try") {
		t.Errorf("the trial is still there: %s", out)
	}
	// An agent that comes again finds the same.
	w.again()
	fails(w.k.Apply(t.Context(), d), rule)
	if !a.reaches("10.7.1.6:81") {
		t.Error("a new agent took the rules away")
	}
	// An ACL's entry might be there to deny: what comes after it is denied.
	v.Subnets[1].ACL = aclID(1)
	d = build()
	spoil(t, d, aclID(1)+"-in", 1)
	fails(w.k.Apply(t.Context(), d), rule)
	if !a.reaches("10.7.2.5:80") || a.reaches("10.7.2.5:81") || c.pings("10.7.1.5") {
		t.Errorf("not what comes before the entry, and that alone, passes: %s", w.sh(v.ID, "iptables", "-S", aclID(1)+"-in"))
	}
	// When it is put right nothing is left of it.
	w.apply()
	if got := w.sh(v.ID, "iptables", "-S", aclID(1)+"-in"); strings.Count(got, "-A ") != 4 {
		t.Errorf("the ACL is not whole again: %s", got)
	}
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("not at rest: %q", steps)
	}
}

// TestARefusedRuleIsTriedAgain, since what it lacked may be there by then.
func TestARefusedRuleIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.apply()
	d, err := plan.Build(w.host)
	must(t, err)
	spoil(t, d, sgID(2)+"-in", 0)
	var log strings.Builder
	k, err := kernel.New(kernel.Config{Prefix: w.host.Prefix, StateDir: w.state, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	for range 40 {
		if err := k.Update(t.Context(), d); err == nil {
			t.Fatal("it is not told of any more")
		}
	}
	tries := strings.Count(log.String(), "the kernel refuses a rule")
	if tries != 2 {
		t.Errorf("it was tried %d times in 40", tries)
	}
}
