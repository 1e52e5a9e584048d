package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// netPrefix begins the names of all that the benches of the network make.
const netPrefix = "mbnet"

var anywhere = netip.MustParsePrefix("0.0.0.0/0")

func netID(kind string, n int) string { return fmt.Sprintf("%s-%017x", kind, n) }

func hexMAC(n int) net.HardwareAddr {
	return net.HardwareAddr{2, 0, 0, byte(n >> 16), byte(n >> 8), byte(n)}
}

// crowd is a VPC of n interfaces, a hundred in each group. Each group takes a few things
// from anywhere and one from the group before it.
func crowd(n int) plan.VPC {
	v := plan.VPC{
		ID: netID("vpc", 1), CIDRs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")},
		Subnets: []plan.Subnet{{ID: netID("subnet", 1), CIDR: netip.MustParsePrefix("10.0.0.0/18"), VNI: 5001}},
	}
	groups := max(2, n/100)
	for g := range groups {
		tcp := func(port int) plan.Rule {
			return plan.Rule{ID: netID("sgr", port), Protocol: plan.ProtocolTCP, FromPort: port, ToPort: port, CIDR: anywhere}
		}
		byGroup := tcp(5432)
		byGroup.CIDR, byGroup.Group = netip.Prefix{}, netID("sg", (g+groups-1)%groups+1)
		v.Groups = append(v.Groups, plan.Group{
			ID: netID("sg", g+1), Ingress: []plan.Rule{tcp(22), tcp(80), tcp(443), byGroup},
			Egress: []plan.Rule{{ID: "sgr-out", Protocol: plan.ProtocolAll, CIDR: anywhere}},
		})
	}
	for i := range n {
		v.Interfaces = append(v.Interfaces, plan.Interface{
			ID: netID("eni", 0x10000+i), SubnetID: v.Subnets[0].ID, MAC: hexMAC(0x10000 + i), SourceDestCheck: true,
			PrivateIP: netip.AddrFrom4([4]byte{10, 0, byte(1 + i/250), byte(1 + i%250)}), Groups: []string{netID("sg", i%groups+1)},
		})
	}
	return v
}

// network is a kernel with a plan of the bench's own.
type network struct {
	k    *kernel.Kernel
	host plan.Host
}

func newNetwork(v plan.VPC) (*network, error) {
	k, err := kernel.New(kernel.Config{Prefix: netPrefix, Logger: slog.New(slog.DiscardHandler)})
	return &network{k, plan.Host{Prefix: netPrefix, VPCs: []plan.VPC{v}}}, err
}

// apply is what the agent does after each change.
func (n *network) apply(ctx context.Context) error {
	d, err := plan.Build(n.host)
	if err != nil {
		return err
	}
	if len(d.Warnings) > 0 {
		return fmt.Errorf("the plan warns: %q", d.Warnings)
	}
	return n.k.Update(ctx, d)
}

func (n *network) cleanup(ctx context.Context, err *error) {
	*err = errors.Join(*err, n.k.Cleanup(context.WithoutCancel(ctx)))
}

// perInterface is the same filter as is usual without sets of members for dispatch: three
// chains an interface (in, out and who may send), as OpenStack's iptables driver has them.
func perInterface(v plan.VPC) string {
	var chains, rules strings.Builder
	chains.WriteString("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n")
	for n, i := range v.Interfaces {
		tap := plan.TapName(netPrefix, i.ID)
		id := fmt.Sprint(n)
		for _, c := range []string{"i", "o", "s"} {
			fmt.Fprintf(&chains, ":port-%s%s - [0:0]\n", c, id)
		}
		rule := func(chain, r string) { fmt.Fprintf(&rules, "-A %s %s\n", chain, r) }
		rule("FORWARD", "-m physdev --physdev-out "+tap+" --physdev-is-bridged -j port-i"+id)
		rule("FORWARD", "-m physdev --physdev-in "+tap+" --physdev-is-bridged -j port-o"+id)
		rule("INPUT", "-m physdev --physdev-in "+tap+" --physdev-is-bridged -j port-o"+id)
		rule("port-s"+id, fmt.Sprintf("-s %s/32 -m mac --mac-source %s -j RETURN", i.PrivateIP, i.MAC))
		rule("port-s"+id, "-j DROP")
		rule("port-i"+id, "-m state --state RELATED,ESTABLISHED -j RETURN")
		rule("port-i"+id, "-p udp -m udp --sport 67 --dport 68 -j RETURN")
		for _, port := range []int{22, 80, 443} {
			rule("port-i"+id, fmt.Sprintf("-p tcp -m tcp --dport %d -j RETURN", port))
		}
		rule("port-i"+id, "-p tcp -m tcp --dport 5432 -m set --match-set "+v.Groups[n%len(v.Groups)].ID+" src -j RETURN")
		rule("port-i"+id, "-m state --state INVALID -j DROP")
		rule("port-i"+id, "-j DROP")
		rule("port-o"+id, "-s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67 -j RETURN")
		rule("port-o"+id, "-j port-s"+id)
		rule("port-o"+id, "-p udp -m udp --sport 67 --dport 68 -j DROP")
		rule("port-o"+id, "-m state --state RELATED,ESTABLISHED -j RETURN")
		rule("port-o"+id, "-j RETURN")
		rule("port-o"+id, "-m state --state INVALID -j DROP")
		rule("port-o"+id, "-j DROP")
	}
	return chains.String() + rules.String() + "COMMIT\n"
}

// fullRestore loads that into a namespace of its own, where the sets that it names are.
func fullRestore(ctx context.Context, v plan.VPC) (side func() (time.Duration, error), done func(), err error) {
	ns := netPrefix + "-full"
	done = func() { _ = exec.Command("ip", "netns", "del", ns).Run() }
	done()
	if err := command(ctx, "ip", "netns", "add", ns); err != nil {
		return nil, done, err
	}
	for _, g := range v.Groups {
		if err := command(ctx, "ip", "netns", "exec", ns, "ipset", "create", g.ID, "hash:ip"); err != nil {
			return nil, done, err
		}
	}
	input := perInterface(v)
	return func() (time.Duration, error) {
		cmd := exec.CommandContext(ctx, "ip", "netns", "exec", ns, "iptables-restore")
		cmd.Stdin = strings.NewReader(input)
		return timed(cmd.Run)
	}, done, nil
}

// changes measures a change on a host of 1,000 interfaces against loading all rules anew. With
// ended it takes until those connections are ended that the change leaves no rule for.
func changes(change func(v *plan.VPC, round int), ended bool) func(context.Context, bool) (float64, float64, error) {
	return func(ctx context.Context, quick bool) (ours, baseline float64, err error) {
		v := crowd(pick(quick, 50, 1000))
		n, err := newNetwork(v)
		if err != nil {
			return 0, 0, err
		}
		defer n.cleanup(ctx, &err)
		for range 2 { // the second finds how the kernel prints what the first wrote
			if err := n.apply(ctx); err != nil {
				return 0, 0, err
			}
		}
		full, done, err := fullRestore(ctx, v)
		defer done()
		if err != nil {
			return 0, 0, err
		}
		round := 0
		return turns(pick(quick, 1, 9), func() (time.Duration, error) {
			round++
			change(&n.host.VPCs[0], round)
			if !ended {
				return timed(func() error { return n.apply(ctx) })
			}
			if err := n.connect(ctx); err != nil {
				return 0, err
			}
			return timed(func() error { return errors.Join(n.apply(ctx), n.k.EndRevoked()) })
		}, full)
	}
}

// connect has a connection tracked from one interface to another, by a rule that stays.
func (n *network) connect(ctx context.Context) error {
	v := n.host.VPCs[0]
	from, to := netip.AddrPortFrom(v.Interfaces[7].PrivateIP, 40000), netip.AddrPortFrom(v.Interfaces[8].PrivateIP, 80)
	const established, assured = 3, 6
	return n.k.Carry(ctx, v.ID, []netip.Addr{from.Addr()}, []kernel.Carried{{
		Protocol: unix.IPPROTO_TCP, From: from, To: to, ReplyFrom: to, ReplyTo: from, State: established, Status: assured, Seconds: 600,
	}})
}

// regroup moves an interface from one group to another.
func regroup(v *plan.VPC, round int) { v.Interfaces[7].Groups = []string{v.Groups[round%2].ID} }

var (
	membershipChange = changes(regroup, false)
	membershipEnded  = changes(regroup, true)
)

// ruleChange opens or closes a port of one group.
var ruleChange = changes(func(v *plan.VPC, round int) {
	r := v.Groups[0].Ingress[0]
	r.FromPort, r.ToPort = 1000+round, 1000+round
	v.Groups[0].Ingress[0] = r
}, false)

// movedAddress is how long a host with 1,000 interfaces, 500 of them elsewhere, needs to know
// that one of those is on another host now.
func movedAddress(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	v := crowd(pick(quick, 50, 1000))
	for _, i := range v.Interfaces[len(v.Interfaces)/2:] {
		v.Remotes = append(v.Remotes, plan.Remote{ID: i.ID, SubnetID: i.SubnetID, MAC: i.MAC, PrivateIP: i.PrivateIP, Host: netip.MustParseAddr("127.9.0.2")})
	}
	v.Interfaces = v.Interfaces[:len(v.Interfaces)/2]
	n, err := newNetwork(v)
	if err != nil {
		return 0, 0, err
	}
	defer n.cleanup(ctx, &err)
	n.host.Underlay = netip.MustParseAddr("127.9.0.1")
	for range 2 {
		if err := n.apply(ctx); err != nil {
			return 0, 0, err
		}
	}
	var took []time.Duration
	for round := range pick(quick, 1, 9) {
		n.host.VPCs[0].Remotes[3].Host = netip.AddrFrom4([4]byte{127, 9, 0, byte(3 + round%2)})
		d, err := timed(func() error { return n.apply(ctx) })
		if err != nil {
			return 0, 0, err
		}
		took = append(took, d)
	}
	return median(took), 1, nil
}

// inNamespace runs fn on a thread in a named namespace.
func inNamespace(name string, fn func() error) error {
	runtime.LockOSThread()
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	defer home.Close()
	there, err := os.Open("/run/netns/" + name)
	if err != nil {
		return err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		return err
	}
	defer func() {
		if unix.Setns(int(home.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
	}()
	return fn()
}

// guest makes a namespace with an eth0 in place of an interface's guest.
func (n *network) guest(ctx context.Context, i plan.Interface) (name string, done func(), err error) {
	name = fmt.Sprintf("%s-%s", n.host.Prefix, i.ID[len(i.ID)-5:])
	done = func() { _ = exec.Command("ip", "netns", "del", name).Run() }
	done()
	tap := plan.TapName(n.host.Prefix, i.ID)
	script := fmt.Sprintf(`set -e
ip netns add %[1]s
ip link add %[2]s type veth peer name eth0 address %[3]s netns %[1]s
ip -n %[1]s link set lo up
ip -n %[1]s link set eth0 mtu 1450 up
ip -n %[1]s addr add %[4]s/18 dev eth0
ip -n %[1]s route add default via 10.0.0.1`, name, tap, i.MAC, i.PrivateIP)
	if err := command(ctx, "sh", "-c", script); err != nil {
		return name, done, err
	}
	return name, done, n.k.MoveTap(ctx, tap, n.host.VPCs[0].ID)
}

// listen accepts connections in a guest and handles each until ctx ends.
func listen(ctx context.Context, guest string, handle func(net.Conn)) error {
	var l net.Listener
	err := inNamespace(guest, func() (err error) {
		l, err = net.Listen("tcp4", ":5432")
		return err
	})
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); handle(c) }()
		}
	}()
	return nil
}

// dialIn connects from a guest, and tries again while its port comes up.
func dialIn(ctx context.Context, guest, to string) (c net.Conn, err error) {
	for range 100 {
		err = inNamespace(guest, func() (err error) {
			c, err = (&net.Dialer{Timeout: 300 * time.Millisecond, FallbackDelay: -1}).DialContext(ctx, "tcp4", to)
			return err
		})
		if err == nil || ctx.Err() != nil {
			return c, err
		}
	}
	return nil, err
}

// newConnection is the time of a new connection between two guests whose only rule names a
// group of 20,000 members, against a rule that names no group.
func newConnection(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	v := crowd(2)
	v.Interfaces[0].Groups, v.Interfaces[1].Groups = []string{v.Groups[0].ID}, []string{v.Groups[1].ID}
	n, err := newNetwork(v)
	if err != nil {
		return 0, 0, err
	}
	defer n.cleanup(ctx, &err)
	many := pick(quick, 200, 20_000)
	for i := range many {
		v.Groups[0].Members = append(v.Groups[0].Members, netip.AddrFrom4([4]byte{10, 0, byte(64 + i/250), byte(1 + i%250)}))
	}
	named, plain := v.Groups[1].Ingress[3], v.Groups[1].Ingress[3]
	plain.Group, plain.CIDR = "", anywhere
	withGroup, without := v, v
	without.Groups = []plan.Group{v.Groups[0], v.Groups[1]}
	without.Groups[0].Members, without.Groups[1].Ingress = nil, []plan.Rule{plain}
	withGroup.Groups = []plan.Group{v.Groups[0], v.Groups[1]}
	withGroup.Groups[1].Ingress = []plan.Rule{named}
	if err := n.apply(ctx); err != nil {
		return 0, 0, err
	}
	a, doneA, err := n.guest(ctx, v.Interfaces[0])
	defer doneA()
	if err != nil {
		return 0, 0, err
	}
	b, doneB, err := n.guest(ctx, v.Interfaces[1])
	defer doneB()
	if err != nil {
		return 0, 0, err
	}
	if err := listen(ctx, b, func(net.Conn) {}); err != nil {
		return 0, 0, err
	}
	to := v.Interfaces[1].PrivateIP.String() + ":5432"
	side := func(v plan.VPC) func() (time.Duration, error) {
		return func() (time.Duration, error) {
			n.host.VPCs[0] = v
			if err := n.apply(ctx); err != nil {
				return 0, err
			}
			return connects(ctx, a, to, pick(quick, 20, 400))
		}
	}
	return turns(pick(quick, 1, 6), side(withGroup), side(without))
}

// connects is the median time of so many new connections.
func connects(ctx context.Context, guest, to string, times int) (time.Duration, error) {
	if c, err := dialIn(ctx, guest, to); err != nil { // the first looks whether it works at all
		return 0, err
	} else {
		c.Close()
	}
	var took []time.Duration
	err := inNamespace(guest, func() error {
		for range times {
			began := time.Now()
			c, err := (&net.Dialer{Timeout: 2 * time.Second, FallbackDelay: -1}).DialContext(ctx, "tcp4", to)
			if err != nil {
				return err
			}
			took = append(took, time.Since(began))
			c.Close()
		}
		return nil
	})
	return time.Duration(median(took) * 1e9), err
}

// tunnelRate is what a TCP stream carries by a tunnel between guests of two hosts, which are
// namespaces, against a bare veth between two namespaces: bytes a second.
func tunnelRate(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h1, h2 := netPrefix+"-h1", netPrefix+"-h2"
	done := func() {
		_ = exec.Command("ip", "netns", "del", h1).Run()
		_ = exec.Command("ip", "netns", "del", h2).Run()
	}
	done()
	defer done()
	err = command(ctx, "sh", "-c", fmt.Sprintf(`set -e
ip netns add %[1]s; ip netns add %[2]s
ip -n %[1]s link add eth0 type veth peer name eth0 netns %[2]s
ip -n %[1]s addr add 10.99.0.1/24 dev eth0; ip -n %[2]s addr add 10.99.0.2/24 dev eth0
for n in %[1]s %[2]s; do ip -n $n link set lo up; ip -n $n link set eth0 up; done`, h1, h2))
	if err != nil {
		return 0, 0, err
	}
	v := crowd(2)
	v.Groups[0].Ingress = []plan.Rule{{ID: "sgr-in", Protocol: plan.ProtocolAll, CIDR: anywhere}}
	v.Groups[1].Ingress = v.Groups[0].Ingress
	var guests [2]string
	for n, host := range []string{h1, h2} {
		here, there := v.Interfaces[n], v.Interfaces[1-n]
		mine := v
		mine.Interfaces = []plan.Interface{here}
		mine.Remotes = []plan.Remote{{ID: there.ID, SubnetID: there.SubnetID, MAC: there.MAC, PrivateIP: there.PrivateIP, Host: netip.AddrFrom4([4]byte{10, 99, 0, byte(2 - n)})}}
		clean, name, err := benchHost(ctx, host, mine, n)
		defer clean()
		if err != nil {
			return 0, 0, err
		}
		guests[n] = name
	}
	sink := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	if err := errors.Join(listen(ctx, guests[1], sink), listen(ctx, h2, sink)); err != nil {
		return 0, 0, err
	}
	span := pick(quick, 100*time.Millisecond, 2*time.Second)
	side := func(from, to string) func() (time.Duration, error) {
		return func() (time.Duration, error) { return perGiB(ctx, from, to+":5432", span) }
	}
	o, b, err := turns(pick(quick, 1, 4), side(guests[0], v.Interfaces[1].PrivateIP.String()), side(h1, "10.99.0.2"))
	return 1 / o, 1 / b, err
}

// benchHost applies a VPC in a host that is a namespace, with a guest for its one interface.
func benchHost(ctx context.Context, host string, v plan.VPC, n int) (clean func(), guest string, err error) {
	clean = func() {}
	err = inNamespace(host, func() error {
		k, err := kernel.New(kernel.Config{Prefix: fmt.Sprintf("%s%d", netPrefix, n), StateDir: "/run/" + host, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		w := &network{k, plan.Host{Prefix: fmt.Sprintf("%s%d", netPrefix, n), MTU: 1450, Underlay: netip.AddrFrom4([4]byte{10, 99, 0, byte(1 + n)}), VPCs: []plan.VPC{v}}}
		clean = func() {
			_ = inNamespace(host, func() error { return k.Cleanup(context.WithoutCancel(ctx)) })
			_ = os.RemoveAll("/run/" + host)
		}
		if err := w.apply(ctx); err != nil {
			return err
		}
		var done func()
		guest, done, err = w.guest(ctx, v.Interfaces[0])
		before := clean
		clean = func() { done(); before() }
		return err
	})
	return clean, guest, err
}

// perGiB sends for a while and returns how long 1 GiB takes.
func perGiB(ctx context.Context, from, to string, span time.Duration) (time.Duration, error) {
	c, err := dialIn(ctx, from, to)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	buf := make([]byte, 128<<10)
	var sent int
	began := time.Now()
	if err := c.SetDeadline(began.Add(span + 5*time.Second)); err != nil {
		return 0, err
	}
	for time.Since(began) < span {
		n, err := c.Write(buf)
		if err != nil {
			return 0, err
		}
		sent += n
	}
	return time.Duration(float64(time.Since(began)) * float64(1<<30) / float64(sent)), nil
}
