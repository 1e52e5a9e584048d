package plan_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/netplane/plan"
)

// packet is the first packet of a connection as netfilter sees it in FORWARD.
type packet struct {
	plan.Flow
	in, out string
	port    string // of the bridge by which it came
	dnat    bool
	realm   int // of the route that it takes
}

// walker reads chains as netfilter does, as far as plans use its matches. It knows
// nothing of the model: what it says and what Allows says are two ways to one truth.
type walker struct {
	t      *rapid.T
	chains map[string]plan.Chain
	sets   map[string]plan.Set
}

func newWalker(t *rapid.T, n plan.Namespace, table string) walker {
	w := walker{t, map[string]plan.Chain{}, map[string]plan.Set{}}
	for _, tb := range n.Tables {
		for _, c := range tb.Chains {
			if tb.Name == table {
				w.chains[c.Name] = c
			}
		}
	}
	for _, s := range n.Sets {
		w.sets[s.Name] = s
	}
	return w
}

// walk returns ACCEPT, DROP, or "" when the chain ends without a verdict.
func (w walker) walk(chain string, p packet) string {
	c, ok := w.chains[chain]
	if !ok {
		w.t.Fatalf("no chain %q", chain)
	}
	for _, rule := range c.Rules {
		matched, verb, target := w.rule(rule, p)
		if !matched {
			continue
		}
		switch {
		case target == "ACCEPT" || target == "DROP":
			return target
		case target == "CT": // goes on
			continue
		case target == "RETURN":
			return ""
		case verb == "-g": // its end is this chain's end
			return w.walk(target, p)
		}
		if v := w.walk(target, p); v != "" {
			return v
		}
	}
	return c.Policy
}

func (w walker) rule(rule string, p packet) (matched bool, verb, target string) {
	matched = true
	f := strings.Fields(rule)
	for i := 0; i < len(f); i++ {
		negate := f[i] == "!"
		if negate {
			i++
		}
		arg := func() string { i++; return f[i] }
		var ok bool
		switch f[i] {
		case "-j", "-g":
			return matched, f[i], f[i+1]
		case "-m":
			ok = arg() != "physdev" || p.port != "" // ports of guests are not in this walk, those of tunnels are
		case "-s":
			ok = netip.MustParsePrefix(arg()).Contains(p.Src)
		case "-d":
			ok = netip.MustParsePrefix(arg()).Contains(p.Dst)
		case "-i":
			ok = wildcard(arg(), p.in)
		case "-o":
			ok = wildcard(arg(), p.out)
		case "-p":
			a := arg()
			ok = map[string]string{"tcp": "6", "udp": "17", "icmp": "1"}[a] == strconv.Itoa(p.Protocol) || a == strconv.Itoa(p.Protocol)
		case "--dport":
			ok = w.port(arg(), p.DstPort)
		case "--icmp-type":
			typ, code, exact := strings.Cut(arg(), "/")
			ok = typ == strconv.Itoa(p.ICMPType) && (!exact || code == strconv.Itoa(p.ICMPCode))
		case "--match-set":
			set, known := w.sets[arg()]
			if !known {
				w.t.Fatalf("%s: no such set", rule)
			}
			a := p.Src
			if arg() == "dst" {
				a = p.Dst
			}
			ok = slices.ContainsFunc(set.Members, func(m plan.Member) bool {
				return m.IP == a || m.Bits > 0 && netip.PrefixFrom(m.IP, m.Bits).Contains(a)
			})
		case "--ctstate":
			states := strings.Split(arg(), ",")
			ok = slices.Contains(states, "DNAT") && p.dnat // it is a first packet
		case "--physdev-in":
			ok = wildcard(arg(), p.port)
		case "--physdev-out":
			arg()
			ok = false
		case "--physdev-is-bridged":
		case "--realm":
			n, err := strconv.ParseInt(arg(), 0, 0)
			ok = err == nil && p.realm == int(n)
		default:
			w.t.Fatalf("%s: unknown word %q", rule, f[i])
		}
		matched = matched && ok != negate
	}
	w.t.Fatalf("%s: no target", rule)
	return false, "", ""
}

func wildcard(pattern, name string) bool {
	if p, ok := strings.CutSuffix(pattern, "+"); ok {
		return strings.HasPrefix(name, p)
	}
	return pattern == name
}

func (w walker) port(arg string, port int) bool {
	from, to, isRange := strings.Cut(arg, ":")
	if !isRange {
		to = from
	}
	lo, err1 := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil {
		w.t.Fatalf("ports %q", arg)
	}
	return lo <= port && port <= hi
}

// TestChainsAndModelAgree has the chains and Allows judge the same connections.
func TestChainsAndModelAgree(t *testing.T) {
	verdicts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		v := genVPC(t)
		d, err := plan.Build(host(v))
		if err != nil || len(d.Namespaces) != 2 {
			t.Fatalf("no plan: %v %q", err, d.Warnings)
		}
		v = d.Namespaces[0].VPC
		raw, filter := newWalker(t, d.Namespaces[0], "raw"), newWalker(t, d.Namespaces[0], "filter")
		for range 20 {
			f, enters := arriving(v, genFlow(t, v))
			if !enters {
				continue
			}
			p := packet{Flow: f, in: side(v, f.Src), dnat: f.NATDst.IsValid()}
			p.out, p.realm = route(d.Namespaces[0], p.in, f.Dst)
			if slices.ContainsFunc(v.Remotes, func(r plan.Remote) bool { return r.PrivateIP == f.Src }) {
				p.port = plan.TunnelName(v.Subnets[0].ID) // routed where it started, it comes by its destination's subnet
			}
			chains := p.out != "" && raw.walk("PREROUTING", p) == "ACCEPT" && filter.walk("FORWARD", p) == "ACCEPT"
			model := plan.Allows(v, f)
			verdicts[chains]++
			if chains != model.Allowed {
				t.Fatalf("%+v: the chains say %v, the model %v (%s)\n%s", p, chains, model.Allowed, model.Reason, d)
			}
		}
	})
	if verdicts[true] < 10 || verdicts[false] < 10 {
		t.Errorf("the drawn flows do not tell much: %v", verdicts)
	}
}

// arriving completes a flow from outside, which comes by a public address or not at all.
func arriving(v plan.VPC, f plan.Flow) (plan.Flow, bool) {
	if side(v, f.Src) != "gw" {
		return f, true
	}
	for _, i := range v.Interfaces {
		s := v.Subnets[subnetIndex(v, i)]
		public := slices.ContainsFunc(s.Routes, func(r plan.SubnetRoute) bool { return r.Target == plan.TargetInternet })
		if i.PrivateIP == f.Dst && i.PublicIP.IsValid() && public {
			f.NATDst = i.PublicIP
			return f, v.InternetGateway
		}
	}
	return f, false
}

// route looks a packet's way up as the kernel does: in the table of the link by which it
// came, or in the main one, which has the subnets and the way out.
func route(n plan.Namespace, in string, to netip.Addr) (out string, realm int) {
	table := 0
	for _, p := range n.Policies {
		if p.Link == in {
			table = p.Table
		}
	}
	best := -1
	for _, r := range n.Routes {
		if r.Table == table && r.To.Contains(to) && r.To.Bits() > best {
			best, out, realm = r.To.Bits(), r.Link, r.Realm
		}
	}
	if table == 0 || slices.ContainsFunc(n.Policies, func(p plan.Policy) bool { return p.Link == in && bridges(n, in).Contains(to) }) {
		for _, a := range n.Addresses { // bridged, or by the route that comes with a link's address
			if a.Prefix.Bits() > best && a.Prefix.Contains(to) {
				best, out, realm = a.Prefix.Bits(), a.Link, 0
			}
		}
	}
	return out, realm
}

// bridges is the subnet whose packets are bridged.
func bridges(n plan.Namespace, link string) netip.Prefix {
	for _, a := range n.Addresses {
		if a.Link == link {
			return a.Prefix.Masked()
		}
	}
	return netip.Prefix{}
}

func subnetIndex(v plan.VPC, i plan.Interface) int {
	return slices.IndexFunc(v.Subnets, func(s plan.Subnet) bool { return s.ID == i.SubnetID })
}

// side is the device by which an address is reached.
func side(v plan.VPC, a netip.Addr) string {
	for _, s := range v.Subnets {
		if s.CIDR.Contains(a) {
			return plan.BridgeName(s.ID)
		}
	}
	if len(v.Peerings) > 0 && peerCIDR.Contains(a) {
		return plan.PeeringName(peeringID)
	}
	return "gw"
}

// TestOrderOfInputDoesNotMatter: equal sets of things make equal plans.
func TestOrderOfInputDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := genVPC(t)
		one, err := plan.Build(host(v))
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(v.Subnets)
		slices.Reverse(v.Interfaces)
		slices.Reverse(v.Groups)
		for i := range v.Groups {
			slices.Reverse(v.Groups[i].Ingress)
			slices.Reverse(v.Groups[i].Egress)
		}
		two, err := plan.Build(host(v))
		if err != nil {
			t.Fatal(err)
		}
		one.Warnings, two.Warnings = nil, nil
		if one.String() != two.String() {
			t.Fatalf("first:\n%s\nsecond:\n%s", one, two)
		}
	})
}

// TestLaunchAddsNoRule: one more interface in known groups changes sets, ports and
// neighbours, and no chain.
func TestLaunchAddsNoRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := genVPC(t)
		before, err := plan.Build(host(v))
		if err != nil {
			t.Fatal(err)
		}
		v.Interfaces = append(v.Interfaces, plan.Interface{
			ID: "eni-000000000000000ff", SubnetID: v.Subnets[0].ID, MAC: []byte{2, 0, 0, 0, 0, 0xff},
			PrivateIP: netip.MustParseAddr("10.0.0.200"), Groups: []string{v.Groups[0].ID}, SourceDestCheck: true,
		})
		after, err := plan.Build(host(v))
		if err != nil {
			t.Fatal(err)
		}
		a, b := before.Namespaces[0], after.Namespaces[0]
		if fmt.Sprint(a.Tables, a.Bridge, before.Root.Tables) != fmt.Sprint(b.Tables, b.Bridge, after.Root.Tables) {
			t.Fatalf("before:\n%s\nafter:\n%s", before, after)
		}
		if len(b.Ports) != len(a.Ports)+1 {
			t.Fatal("no port")
		}
	})
}
