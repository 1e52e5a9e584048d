package kernel_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// TestCrashAfterAnyStep stops Apply after each of its steps, on the way up and on the
// way down, and has a new process go on.
func TestCrashAfterAnyStep(t *testing.T) {
	w := newWorld(t)
	v := w.pair()
	v.InternetGateway = true
	v.Subnets, v.Interfaces = v.Subnets[:1], v.Interfaces[:1]
	v.Interfaces[0].PublicIP = w.pool(1)
	full, err := plan.Build(w.host)
	must(t, err)
	v.Interfaces[0].PublicIP, v.InternetGateway = plan.Host{}.Address, false
	v.Subnets[0].Routes = nil
	v.Groups = v.Groups[:1]
	v.Groups[0].Egress = nil
	small, err := plan.Build(w.host)
	must(t, err)
	empty, err := plan.Build(plan.Host{Prefix: w.host.Prefix})
	must(t, err)

	must(t, w.k.Apply(t.Context(), full))
	want := w.snapshot(vpcID(1))
	must(t, w.k.Apply(t.Context(), small))
	wantSmall := w.snapshot(vpcID(1))
	for _, way := range []struct {
		name     string
		from, to plan.Desired
		want     string
	}{
		{"from nothing", empty, full, want},
		{"to less", full, small, wantSmall},
		{"to nothing", full, empty, ""},
	} {
		for n := 0; ; n++ {
			w.again()
			must(t, w.k.Apply(t.Context(), way.from))
			w.again()
			w.k.CrashAfter(n)
			err := w.k.Apply(t.Context(), way.to)
			if err == nil {
				t.Logf("%s: %d steps", way.name, n)
				w.again() // one that is cleaned up with does not crash
				break
			}
			if !errors.Is(err, kernel.ErrCrash) {
				t.Fatalf("%s, after %d steps: %v", way.name, n, err)
			}
			w.again()
			if err := w.k.Apply(t.Context(), way.to); err != nil {
				t.Fatalf("%s, after a crash after %d steps: %v", way.name, n, err)
			}
			if way.want != "" {
				if got := w.snapshot(vpcID(1)); got != way.want {
					t.Fatalf("%s, after a crash after %d steps: got\n%s\nwant\n%s", way.name, n, got, way.want)
				}
			}
			if must(t, w.k.Apply(t.Context(), way.to)); len(w.k.LastSteps()) > 0 {
				t.Fatalf("%s, after a crash after %d steps: not at rest: %q", way.name, n, w.k.LastSteps())
			}
		}
	}
}

// TestUplink has a host of its own: FORWARD's policy is DROP there as Docker leaves
// it, and beside the uplink there is a network of containers.
func TestUplink(t *testing.T) {
	w := newWorld(t)
	w.twins()
	w.host.VPCs = w.host.VPCs[:1]
	w.host.Uplink, w.host.Address = "uplink", addr("192.0.2.10")
	host, world, box := &guest{w: w, name: w.host.Prefix + "-host"}, &guest{w: w, name: w.host.Prefix + "-world"}, &guest{w: w, name: w.host.Prefix + "-box"}
	for _, g := range []*guest{host, world, box} {
		g.create()
		g.in(func() { must(t, run("ip", "link", "set", "lo", "up")) })
	}
	w.settle(host.ns)
	w.onHost(func() {
		for _, c := range []string{
			"ip link add uplink type veth peer name eth0 netns " + world.name,
			"ip addr add 192.0.2.10/24 dev uplink", "ip link set uplink up", "ip route add default via 192.0.2.1",
			"ip link add docker0 type veth peer name eth0 netns " + box.name,
			"ip addr add 172.17.0.1/16 dev docker0", "ip link set docker0 up",
			"iptables -P FORWARD DROP", "sysctl -qw net.ipv4.ip_forward=0",
		} {
			must(t, run("sh", "-c", c))
		}
	})
	world.in(func() {
		must(t, run("sh", "-c", "ip addr add 192.0.2.1/24 dev eth0; ip link set eth0 up; ip route add "+w.host.PublicPool.String()+" via 192.0.2.10"))
	})
	box.in(func() {
		must(t, run("sh", "-c", "ip addr add 172.17.0.2/16 dev eth0; ip link set eth0 up; ip route add default via 172.17.0.1"))
	})
	world.listen(80)
	box.listen(80)
	hostState := func() (s string) {
		w.onHost(func() {
			for _, c := range []string{"iptables-save | grep -v '^#' | sed 's/\\[.*\\]//'", "ip -o link | sed -e 's/state.*//' -e 's/NO-CARRIER,//' -e s/,LOWER_UP//", "ip route | sed 's/ linkdown//'", "sysctl net.ipv4.ip_forward"} {
				out, err := exec.Command("sh", "-c", c).Output()
				must(t, err)
				s += string(out)
			}
		})
		return s
	}
	before := hostState()
	var a, b *guest
	w.onHost(func() {
		w.boot()
		a, b = w.guests[eniID(0x1a)], w.guests[eniID(0x1b)]
		a.listen(22)
	})
	wire := world.listenOn("eth0")
	if !a.reaches("192.0.2.1:80") {
		t.Error("a guest with a public address does not reach the world")
	}
	for _, f := range wire.ofType(0x800) {
		if src := f[26:30]; !slices.Equal(src, []byte{192, 0, 2, 10}) {
			t.Errorf("the world saw the source %v", src)
		}
	}
	if b.reaches("192.0.2.1:80") {
		t.Error("a guest without a public address reaches the world")
	}
	if a.reaches("172.17.0.2:80") {
		t.Error("a guest reaches a network of the host that is not the uplink")
	}
	if !world.reaches(w.pool(1).String() + ":22") {
		t.Error("the world does not reach a guest's public address that is routed to the host")
	}
	if world.reaches("10.9.0.10:22") {
		t.Error("the world reaches a private address")
	}
	// Docker or firewalld puts its chains first; Apply puts ours back there.
	w.onHost(func() {
		must(t, run("sh", "-c", "iptables -N DOCKER-FORWARD; iptables -I FORWARD -j DOCKER-FORWARD; iptables -A DOCKER-FORWARD -j DROP"))
	})
	if a.reaches("192.0.2.1:80") {
		t.Fatal("the chain that drops everything does not come first")
	}
	w.onHost(w.apply)
	if !a.reaches("192.0.2.1:80") {
		t.Errorf("our chain is not the first again: %q", w.k.LastSteps())
	}
	w.onHost(func() {
		must(t, run("sh", "-c", "iptables -D FORWARD -j DOCKER-FORWARD; iptables -F DOCKER-FORWARD; iptables -X DOCKER-FORWARD"))
	})
	a.remove()
	b.remove()
	w.onHost(func() { must(t, w.k.Cleanup(t.Context())) })
	if after := withoutEmptyNAT(hostState()); after != withoutEmptyNAT(before) {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// withoutEmptyNAT drops a table without rules: iptables has no way to remove one.
func withoutEmptyNAT(s string) string {
	before, table, found := strings.Cut(s, "*nat\n")
	nat, after, ended := strings.Cut(table, "COMMIT\n")
	if !found || !ended || strings.Contains(nat, "-A ") || strings.Contains(nat, " - ") {
		return s
	}
	return before + after
}
