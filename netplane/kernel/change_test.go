package kernel_test

import (
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/netplane/plan"
)

func TestLaunchWithKnownGroupsRunsNoProcess(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	w.boot()
	w.apply()
	before := w.k.Counts()
	late := plan.Interface{ID: eniID(0xe), SubnetID: subnetID(1), MAC: mac(0xe), PrivateIP: addr("10.7.1.9"), Groups: []string{sgID(1)}, SourceDestCheck: true}
	v.Interfaces = append(v.Interfaces, late)
	w.apply()
	e := w.addGuest(v.ID, late)
	if n := execs(before, w.k.Counts()); n != 0 {
		t.Errorf("the launch started %d processes, want 0", n)
	}
	w.guests[eniID(0xb)].listen(80)
	if !e.reaches("10.7.1.6:80") {
		t.Error("the new guest does not reach what its group may")
	}

	// Membership too is a matter of sets alone: e leaves web for db.
	before = w.k.Counts()
	c, err := e.dial("10.7.1.6:80")
	must(t, err)
	defer c.Close()
	v.Interfaces[len(v.Interfaces)-1].Groups = []string{sgID(2)}
	w.apply()
	if n := execs(before, w.k.Counts()); n != 0 {
		t.Errorf("a change of membership started %d processes, want 0", n)
	}
	if e.reaches("10.7.1.6:80") || talks(c) {
		t.Error("the guest left the group and still reaches what only the group may")
	}
	if !e.reaches("10.7.1.6:80") == (w.sh(v.ID, "ipset", "test", sgID(2), "10.7.1.9") == "") {
		t.Error("the guest is in no set")
	}
}

func TestRevokedRuleEndsOpenConnections(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	db := &v.Groups[1]
	db.Ingress = []plan.Rule{tcpFrom(80, sgID(1)), tcpFrom(81, sgID(1))}
	w.boot()
	a := w.guests[eniID(0xa)]
	for _, g := range []string{eniID(0xb), eniID(0xc)} {
		w.guests[g].listen(80)
		w.guests[g].listen(81)
	}
	var ended, kept []net.Conn
	for _, ip := range []string{"10.7.1.6", "10.7.2.5"} {
		for port, list := range map[string]*[]net.Conn{"80": &ended, "81": &kept} {
			c, err := a.dial(ip + ":" + port)
			must(t, err)
			defer c.Close()
			if !talks(c) {
				t.Fatalf("%s:%s does not talk", ip, port)
			}
			*list = append(*list, c)
		}
	}
	db.Ingress = slices.Delete(slices.Clone(db.Ingress), 0, 1)
	w.apply()
	for _, c := range ended {
		if talks(c) {
			t.Errorf("%s -> %s still talks after its rule was revoked", c.LocalAddr(), c.RemoteAddr())
		}
		if a.reaches(c.RemoteAddr().String()) {
			t.Errorf("%s can still be reached", c.RemoteAddr())
		}
	}
	for _, c := range kept {
		if !talks(c) {
			t.Errorf("%s -> %s was ended, though another rule allows it", c.LocalAddr(), c.RemoteAddr())
		}
	}
	steps := strings.Join(w.k.LastSteps(), "\n")
	if !strings.Contains(steps, "filter/"+sgID(2)+"-in") || strings.Contains(steps, "filter/FORWARD") {
		t.Errorf("a rule change should swap its one chain:\n%s", steps)
	}
	// Nor may the server's side bring it back by going on talking.
	db.Ingress = nil
	w.apply()
	for _, c := range kept {
		if talks(c) {
			t.Errorf("%s still talks", c.RemoteAddr())
		}
	}
}

func TestRevokedICMPRule(t *testing.T) {
	w := newWorld(t)
	v := w.open()
	echo := plan.Rule{ID: "sgr-echo", Protocol: plan.ProtocolICMP, ICMPType: 8, ICMPCode: -1, CIDR: everywhere}
	stamp := plan.Rule{ID: "sgr-stamp", Protocol: plan.ProtocolICMP, ICMPType: 13, ICMPCode: 0, CIDR: everywhere}
	v.Groups[0].Ingress = []plan.Rule{echo, stamp}
	w.boot()
	a := w.guests[eniID(0xa)]
	if !a.pings("10.7.0.11") || !a.pings("10.7.2.12") {
		t.Fatal("no answer to a ping that a rule allows")
	}
	v.Groups[0].Ingress = []plan.Rule{stamp, {ID: "sgr-one", Protocol: plan.ProtocolICMP, ICMPType: 8, ICMPCode: 0, CIDR: prefix("10.7.0.10/32")}}
	w.apply()
	if out := w.sh(v.ID, "conntrack", "-L", "-p", "icmp"); strings.Count(out, "src=10.7.0.10 ") < 2 {
		t.Errorf("a flow that another rule allows was ended: %s", out)
	}
	v.Groups[0].Ingress = []plan.Rule{stamp}
	w.apply()
	if out := w.sh(v.ID, "conntrack", "-L", "-p", "icmp"); strings.Contains(out, "src=") {
		t.Errorf("still tracked: %s", out)
	}
	if a.pings("10.7.0.11") || a.pings("10.7.2.12") {
		t.Error("a ping passed after its rule was revoked")
	}
}

func TestGoneInterfaceLeavesNoOpenDoor(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	w.boot()
	b := w.guests[eniID(0xb)]
	b.listen(80)
	c, err := w.guests[eniID(0xa)].dial("10.7.1.6:80")
	must(t, err)
	defer c.Close()
	if !talks(c) {
		t.Fatal("does not talk")
	}
	v.Interfaces = slices.Delete(slices.Clone(v.Interfaces), 1, 2)
	w.apply()
	if out := w.sh(v.ID, "conntrack", "-L", "-d", "10.7.1.6"); strings.Contains(out, "10.7.1.6") {
		t.Errorf("connections of the gone interface are still tracked:\n%s", out)
	}
	if out := w.sh(v.ID, "ip", "-o", "link"); strings.Contains(out, plan.TapName(w.host.Prefix, eniID(0xb))) {
		t.Errorf("its tap is still there:\n%s", out)
	}
}

// TestAddressIsReused: the private address of a gone interface goes to another with
// another MAC, whose neighbours find it at once.
func TestAddressIsReused(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	w.boot()
	a, old := w.guests[eniID(0xa)], w.guests[eniID(0xb)]
	old.listen(80)
	if !a.reaches("10.7.1.6:80") {
		t.Fatal("does not reach the first holder")
	}
	heir := v.Interfaces[1]
	heir.ID, heir.MAC = eniID(0xbb), mac(0xbb)
	v.Interfaces = append(slices.Delete(slices.Clone(v.Interfaces), 1, 2), heir)
	w.apply()
	if a.reaches("10.7.1.6:80") {
		t.Error("somebody answers before the heir is there")
	}
	g := w.addGuest(v.ID, heir)
	g.listen(80)
	a.in(func() { must(t, run("ip", "neigh", "flush", "dev", "eth0")) })
	if !a.reaches("10.7.1.6:80") {
		t.Error("the heir of the address cannot be reached")
	}
}

func TestWhatIsDeletedByHandIsPutBack(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	v.InternetGateway = true
	v.Interfaces[0].PublicIP = w.host.PublicPool.Addr().Next()
	v.Interfaces[0].Groups = []string{sgID(1), sgID(2)}
	w.boot()
	w.apply()
	ns := plan.NamespaceName(w.host.Prefix, v.ID)
	tap, br := plan.TapName(w.host.Prefix, eniID(0xa)), plan.BridgeName(subnetID(1))
	gw := plan.GatewayName(w.host.Prefix, v.ID)
	chains := strings.ToUpper(w.host.Prefix)
	want := w.snapshot(v.ID)
	inside := func(line string) string { return "ip netns exec " + ns + " " + line }
	for _, damage := range []string{
		inside("iptables -F FORWARD"),
		inside("iptables -P FORWARD ACCEPT"),
		inside("iptables -I FORWARD -j ACCEPT"),
		inside("iptables -t raw -F"),
		inside("iptables -t nat -F"),
		inside("iptables -F " + sgID(2) + "-in"),
		inside("iptables -A " + sgID(2) + "-in -j ACCEPT"),
		inside("iptables -t mangle -A FORWARD -j ACCEPT"),
		inside("iptables -N stray"),
		inside("ebtables -t nat -F"),
		inside("ebtables -F FORWARD"),
		inside("ipset flush local"),
		inside("ipset flush pairs-00000000001"),
		inside("ipset add " + sgID(1) + " 10.7.9.9"),
		inside("sysctl -qw net.bridge.bridge-nf-call-iptables=0"),
		inside("sysctl -qw net.ipv4.ip_forward=0"),
		inside("bridge link set dev " + tap + " locked off learning on"),
		inside("bridge fdb del 02:00:00:00:00:0a dev " + tap + " master"),
		inside("bridge fdb add 02:00:00:00:00:99 dev " + tap + " master static"),
		inside("ip neigh flush dev " + br + " nud permanent"),
		inside("ip link set " + br + " down"),
		inside("ip link set " + tap + " nomaster"),
		inside("ip link del " + br),
		inside("ip addr del 169.254.169.254/32 dev lo"),
		inside("ip addr add 10.7.1.77/24 dev " + br),
		inside("ip route del default"),
		inside("ip link set gw down"),
		"ip link del " + gw,
		"ip link set " + gw + " down",
		"ip route del " + v.Interfaces[0].PublicIP.String(),
		"ip route del unreachable " + w.host.PublicPool.String(),
		"iptables -D FORWARD -j " + chains + "-FORWARD",
		"iptables -F " + chains + "-INPUT",
		"iptables -t nat -F " + chains + "-POSTROUTING",
	} {
		if out, err := exec.Command("sh", "-c", damage).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", damage, err, out)
		}
		w.apply()
		if len(w.k.LastSteps()) == 0 {
			t.Errorf("%s: Apply saw nothing", damage)
		}
		if got := w.snapshot(v.ID); got != want {
			t.Fatalf("%s: not put back; steps\n%s\ngot\n%s\nwant\n%s", damage, strings.Join(w.k.LastSteps(), "\n"), got, want)
		}
		w.apply()
		if steps := w.k.LastSteps(); len(steps) > 0 {
			t.Errorf("%s: not at rest after one Apply: %q", damage, steps)
		}
	}
}

// snapshot is the whole state that Apply is responsible for, as the system's own
// programs print it, without what changes by itself.
func (w *world) snapshot(vpc string) string {
	w.t.Helper()
	ns := plan.NamespaceName(w.host.Prefix, vpc)
	script := `ip netns exec NS sh -c '
iptables-save | grep -v "^#" | sed "s/\[.*\]//"
ebtables-save | grep -v "^#"
ipset list -s | grep -v -e References -e "Size in memory" -e Header
ip -o -4 addr | sed "s/^[0-9]*//" | sort; ip route | sed "s/ linkdown//"; ip neigh show nud permanent | sort
bridge fdb show | grep "static" | sort
bridge -d link | tr -d "\n" | sed -e "s/[0-9]*: \(m[0-9a-f]*t\)/\n\1/g" -e "s/@[^>]*>//g" -e "s/state [a-z]*//g" | sort
ip -o link | sed -e "s/^[0-9]*//" -e "s/@.*<[^>]*>//" -e "s/<.*,UP.*>/<UP>/" -e "s/link.ether.*//" -e "s/state .* mode/mode/" | sort
sysctl net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables'
iptables-save | grep -i PREFIX | sort | sed "s/\[.*\]//"; ip route | grep -e POOL -e GW; true`
	script = strings.NewReplacer("NS", ns, "PREFIX", w.host.Prefix, "GW", plan.GatewayName(w.host.Prefix, vpc),
		"POOL", strings.TrimSuffix(w.host.PublicPool.Addr().String(), ".0")).Replace(script)
	out, err := exec.Command("sh", "-c", script).CombinedOutput()
	if err != nil {
		w.t.Fatalf("snapshot: %v: %s", err, out)
	}
	// An empty table of iptables' is as good as none.
	return dropEmptyTables(string(out))
}

func dropEmptyTables(s string) string {
	var out []string
	for table := range strings.SplitSeq(s, "COMMIT\n") {
		if strings.HasPrefix(table, "*mangle") && !strings.Contains(table, "-A ") {
			continue
		}
		out = append(out, table)
	}
	return strings.Join(out, "COMMIT\n")
}

func TestCleanupLeavesNothing(t *testing.T) {
	w := newWorld(t)
	own := strings.ToLower(w.host.Prefix)
	v := w.pair()
	gw := plan.GatewayName(w.host.Prefix, v.ID)
	before := hostState(t, own) + hostState(t, gw)
	v.InternetGateway = true
	v.Interfaces[0].PublicIP = w.host.PublicPool.Addr().Next()
	w.boot()
	tap := plan.TapName(w.host.Prefix, eniID(0xff))
	must(t, w.k.CreateTap(t.Context(), tap)) // which nobody moves
	if during := hostState(t, own) + hostState(t, gw); during == before {
		t.Fatal("nothing of ours to be seen while it runs")
	}
	for _, g := range w.guests {
		g.remove()
	}
	must(t, w.k.Cleanup(t.Context()))
	if after := hostState(t, own) + hostState(t, gw); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if _, err := netlink.LinkByName(tap); err == nil {
		t.Errorf("%s is still there", tap)
	}
	must(t, w.k.Cleanup(t.Context()))
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("a second Cleanup did %q", steps)
	}
}

// TestTwoMicasOnOneHost: one whose prefix begins as the other's does leaves it alone.
func TestTwoMicasOnOneHost(t *testing.T) {
	one := newWorld(t)
	one.twins()
	one.boot()
	one.guests[eniID(0x1a)].listen(22)
	two := newWorldOf(t, one.host.Prefix+"-b")
	two.twins()
	two.apply()
	for range 2 {
		one.apply()
		two.apply()
		if steps := append(one.k.LastSteps(), two.k.LastSteps()...); len(steps) > 0 {
			t.Errorf("they undo each other's work: %q", steps)
		}
	}
	must(t, two.k.Cleanup(t.Context()))
	one.apply()
	if steps := one.k.LastSteps(); len(steps) > 0 {
		t.Errorf("the other's cleanup took something of ours: %q", steps)
	}
	if !hostReaches(one.pool(1).String() + ":22") {
		t.Error("the first does not work any more")
	}
}

func TestOrphansOfAnEarlierRunAreRemoved(t *testing.T) {
	w := newWorld(t)
	w.pair()
	w.host.VPCs = append(w.host.VPCs, plan.VPC{
		ID: vpcID(2), CIDRs: []netip.Prefix{prefix("10.7.0.0/16")}, InternetGateway: true,
		Subnets: []plan.Subnet{{ID: subnetID(9), CIDR: prefix("10.7.1.0/24")}},
	})
	w.apply()
	second := plan.NamespaceName(w.host.Prefix, vpcID(2))
	w.again()
	w.host.VPCs = w.host.VPCs[:1]
	w.apply()
	out, err := exec.Command("ip", "netns").Output()
	must(t, err)
	if strings.Contains(string(out), second) {
		t.Errorf("%s is still there", second)
	}
	if _, err := netlink.LinkByName(plan.GatewayName(w.host.Prefix, vpcID(2))); err == nil {
		t.Error("its link is still there")
	}
	w.again()
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("a new process found work on a settled host: %q", steps)
	}
}

// TestForeignSetGivesWay: a set with the name of one of ours and of another kind is made
// anew, so that it keeps no change of the VPC from being made.
func TestForeignSetGivesWay(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	w.boot()
	w.sh(v.ID, "ipset", "create", sgID(9), "hash:net")
	w.sh(v.ID, "ipset", "add", sgID(9), "10.0.0.0/8")
	v.Groups = append(v.Groups, plan.Group{ID: sgID(9), Egress: []plan.Rule{allowAll()}})
	v.Groups[1].Ingress = []plan.Rule{tcpFrom(80, sgID(9))}
	v.Interfaces[0].Groups = []string{sgID(9)}
	w.apply()
	w.guests[eniID(0xb)].listen(80)
	if !w.guests[eniID(0xa)].reaches("10.7.1.6:80") || w.guests[eniID(0xc)].reaches("10.7.1.6:80") {
		t.Error("the set doesn't have the group's members alone")
	}
	w.apply()
	if steps := w.k.LastSteps(); len(steps) > 0 {
		t.Errorf("not at rest: %q", steps)
	}
}
