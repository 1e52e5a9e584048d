package kernel_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/micacloud/mica/netplane/plan"
)

// change is something that a user does to a site, drawn by chance.
type change struct {
	name string
	do   func(s *site, r *rand.Rand) string
}

// pick draws one of a list.
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// some draws a part of a list, in its order.
func some[T any](r *rand.Rand, list ...T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(T) bool { return r.IntN(2) == 0 })
}

func (s *site) anyVPC(r *rand.Rand) *plan.VPC { return &s.vpcs[r.IntN(len(s.vpcs))] }

// ownGroups are the groups of the VPC itself.
func ownGroups(v *plan.VPC) (out []int) {
	for n, g := range v.Groups {
		if g.VPC == "" {
			out = append(out, n)
		}
	}
	return out
}

// guestOf draws an interface of the VPC that is no NAT gateway's.
func guestOf(v *plan.VPC, r *rand.Rand) *plan.Interface {
	for {
		if i := &v.Interfaces[r.IntN(len(v.Interfaces))]; !i.NAT {
			return i
		}
	}
}

func drawRules(v *plan.VPC, r *rand.Rand) []plan.Rule {
	group := func() string { return v.Groups[r.IntN(len(v.Groups))].ID }
	return some(r, tcp(22, everywhere), tcp(80, everywhere), tcpFrom(22, group()), tcpFrom(80, group()), udpFrom(53, everywhere), ping(),
		udpFrom(53, prefix("10.2.0.0/16")), tcp(80, prefix("10.1.0.0/16")),
		plan.Rule{ID: "sgr-list", Protocol: plan.ProtocolTCP, FromPort: 22, ToPort: 80, PrefixList: plID(1)},
		plan.Rule{ID: "sgr-all", Protocol: plan.ProtocolAll, Group: group()})
}

func drawEntries(r *rand.Rand) []plan.ACLEntry {
	all := plan.ACLEntry{Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}
	if r.IntN(3) == 0 {
		return []plan.ACLEntry{all}
	}
	port := func(allow bool, protocol, from, to int, cidr string) plan.ACLEntry {
		return plan.ACLEntry{Allow: allow, Protocol: protocol, CIDR: prefix(cidr), FromPort: from, ToPort: to}
	}
	return append(some(r,
		port(false, plan.ProtocolTCP, 22, 22, pick(r, "10.1.1.0/24", "10.2.0.0/16", "192.168.7.3/32")), port(false, plan.ProtocolUDP, 53, 53, "10.1.0.0/16"),
		plan.ACLEntry{Protocol: plan.ProtocolICMP, CIDR: everywhere, ICMPType: pick(r, 0, 8), ICMPCode: -1},
		port(true, plan.ProtocolTCP, 80, 80, "0.0.0.0/0")), pick(r, all, all, port(true, plan.ProtocolTCP, 1024, 65535, "0.0.0.0/0"), port(false, plan.ProtocolTCP, 0, 65535, "10.2.0.0/16")))
}

var changes = []change{
	{"rules of a group", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		g := &v.Groups[pick(r, ownGroups(v)...)]
		g.Ingress = drawRules(v, r)
		if g.Egress = []plan.Rule{allowAll()}; r.IntN(3) == 0 {
			g.Egress = drawRules(v, r)
		}
		return g.ID
	}},
	{"groups of an interface", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		i := guestOf(v, r)
		i.Groups = nil
		for _, n := range ownGroups(v) {
			if r.IntN(2) == 0 || len(ownGroups(v)) == 1 {
				i.Groups = append(i.Groups, v.Groups[n].ID)
			}
		}
		if len(i.Groups) == 0 {
			i.Groups = []string{v.Groups[ownGroups(v)[0]].ID}
		}
		return i.ID
	}},
	{"routes of a subnet", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		t := &v.Subnets[r.IntN(len(v.Subnets))]
		ab, ac, nat := pcxID(0xab), pcxID(0xac), eniID(natENI)
		t.Routes = some(r, to("0.0.0.0/0", pick(r, plan.TargetInternet, plan.TargetInternet, nat)), to("192.168.7.0/24", pick(r, plan.TargetInternet, nat, "nat-gone")),
			to("10.1.0.0/16", pick(r, ab, ac)), to("10.11.0.0/20", pick(r, ab, ac)), to("10.2.0.0/16", pick(r, ab, ac)), to("10.2.1.0/24", pick(r, ab, ac)), to("10.2.2.10/31", pick(r, ab, ac, "pcx-gone")))
		t.Routes = slices.DeleteFunc(t.Routes, func(x plan.SubnetRoute) bool {
			return slices.Contains(v.CIDRs, x.To) || x.Target == nat && t.ID == subnetID(a1)
		})
		return t.ID
	}},
	{"entries of an ACL", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		if len(v.ACLs) == 0 {
			v.ACLs = []plan.ACL{{ID: aclID(9)}}
		}
		a := &v.ACLs[r.IntN(len(v.ACLs))]
		a.Ingress, a.Egress = drawEntries(r), drawEntries(r)
		return a.ID
	}},
	{"ACL of a subnet", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		t := &v.Subnets[r.IntN(len(v.Subnets))]
		t.ACL = ""
		if len(v.ACLs) > 0 && r.IntN(2) == 0 {
			t.ACL = pick(r, v.ACLs...).ID
		}
		return t.ID
	}},
	{"Elastic IP", func(s *site, r *rand.Rand) string {
		one, other := guestOf(s.anyVPC(r), r), guestOf(s.anyVPC(r), r)
		one.PublicIP, other.PublicIP = other.PublicIP, one.PublicIP
		return one.ID + " and " + other.ID
	}},
	{"secondary address", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		i := guestOf(v, r)
		if len(i.Secondary) > 0 {
			i.Secondary = nil
			return i.ID + " loses it"
		}
		i.Secondary = []plan.PrivateAddress{{IP: secondary(*i)}}
		return i.ID
	}},
	{"host of the NAT gateway", func(s *site, r *rand.Rand) string {
		s.at[eniID(natENI)] = 1 - s.at[eniID(natENI)]
		return fmt.Sprint(s.at[eniID(natENI)])
	}},
	{"peering", func(s *site, r *rand.Rand) string {
		a, other := s.vpc(vpcID(vpcA)), s.vpc(pick(r, vpcID(vpcB), vpcID(vpcC)))
		if len(other.Peerings) > 0 {
			other.Peerings = nil
			a.Peerings = slices.DeleteFunc(slices.Clone(a.Peerings), func(p plan.Peering) bool { return p.VPC == other.ID })
			return other.ID + " is no peer"
		}
		id := pcxID(0xab)
		if other.ID == vpcID(vpcC) {
			id = pcxID(0xac)
		}
		other.Peerings = []plan.Peering{{ID: id, VPC: a.ID, CIDRs: a.CIDRs}}
		a.Peerings = append(slices.Clone(a.Peerings), plan.Peering{ID: id, VPC: other.ID, CIDRs: other.CIDRs})
		return other.ID
	}},
	{"prefix list", func(s *site, r *rand.Rand) string {
		v := s.vpc(vpcID(vpcA))
		v.PrefixLists = []plan.PrefixList{{ID: plID(1), CIDRs: some(r, prefix("10.1.0.0/16"), prefix("10.2.1.0/24"), prefix("10.2.2.10/32"), prefix("192.168.7.0/24"), prefix("0.0.0.0/0"))}}
		return plID(1)
	}},
	{"internet gateway", func(s *site, r *rand.Rand) string {
		v := s.anyVPC(r)
		v.InternetGateway = !v.InternetGateway
		return v.ID
	}},
}

// TestMatrixAfterChanges makes random changes, and compares wire and model in the whole
// matrix again and again. MICA_SEED repeats a run, MICA_CHANGES makes a longer one.
func TestMatrixAfterChanges(t *testing.T) {
	seed, count := uint64(time.Now().UnixNano()), 200
	if n, err := strconv.ParseUint(os.Getenv("MICA_SEED"), 10, 64); err == nil {
		seed = n
	}
	if n, err := strconv.Atoi(os.Getenv("MICA_CHANGES")); err == nil {
		count = n
	}
	if testing.Short() {
		count = 40
	}
	t.Logf("to run it again: MICA_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	var allowed, cells int
	for n := 1; n <= count; n++ {
		c := changes[r.IntN(len(changes))]
		what := c.do(s, r)
		t.Logf("%d: %s: %s", n, c.name, what)
		s.apply()
		if n%20 != 0 && n != count {
			continue
		}
		yes, no := s.check(fmt.Sprintf("after %d changes", n))
		if allowed, cells = allowed+yes, cells+yes+no; t.Failed() {
			return
		}
		for _, w := range s.hosts {
			w.onHost(w.apply)
			if steps := w.k.LastSteps(); len(steps) > 0 {
				t.Errorf("after %d changes: not at rest: %q", n, steps)
			}
		}
	}
	t.Logf("%d cells in all, of which %d were allowed", cells, allowed)
	if allowed < cells/50 {
		t.Error("hardly anything was allowed: the changes tell little")
	}
}
