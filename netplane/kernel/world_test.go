package kernel_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// world is one Mica's network on this machine, with guests that are namespaces.
type world struct {
	t      testing.TB
	k      *kernel.Kernel
	host   plan.Host
	guests map[string]*guest
	state  string
	home   *netns.NsHandle // of a host that is a namespace of the test's; nil is this machine
}

// guest stands for a virtual machine: its eth0 is the other end of what stands for
// the tap.
type guest struct {
	w     *world
	name  string // of its namespace
	vpc   string
	iface plan.Interface
	ns    netns.NsHandle
	once  sync.Once
}

// newWorld makes a world of its own names and takes everything of it away at the end.
func newWorld(t testing.TB) *world {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", t.Name(), os.Getpid()))
	return newWorldOf(t, "mt-np-"+hex.EncodeToString(sum[:])[:5])
}

func newWorldOf(t testing.TB, prefix string) *world {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "bridge", "sysctl", "iptables-save", "ebtables-save", "ipset", "conntrack", "busybox")
	sum := sha256.Sum256([]byte(prefix))
	w := &world{t: t, guests: map[string]*guest{}}
	w.host.Prefix = prefix
	// A pool of its own in 198.18.0.0/15, which is for benchmarks.
	w.host.PublicPool = netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, sum[0], sum[1] &^ 15}), 28)
	w.state = t.TempDir()
	w.again()
	t.Cleanup(func() {
		w.onHost(func() {
			if err := w.k.Cleanup(context.Background()); err != nil {
				t.Errorf("cleanup: %v", err)
			}
		})
		if w.home != nil {
			w.home.Close()
		}
	})
	return w
}

// settle makes a namespace the world's host. Its own handle outlives the name, so that
// the world can be cleaned up in it.
func (w *world) settle(ns netns.NsHandle) {
	fd, err := unix.FcntlInt(uintptr(ns), unix.F_DUPFD_CLOEXEC, 0)
	must(w.t, err)
	w.home = new(netns.NsHandle(fd))
}

// onHost runs fn where the world's host is.
func (w *world) onHost(fn func()) {
	if w.home == nil {
		fn()
		return
	}
	inside(w.t, *w.home, fn)
}

// again makes a Kernel that knows nothing, as a restarted agent does.
func (w *world) again() {
	k, err := kernel.New(kernel.Config{Prefix: w.host.Prefix, StateDir: w.state})
	must(w.t, err)
	w.k = k
}

func (w *world) apply() {
	w.t.Helper()
	d, err := plan.Build(w.host)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(d.Warnings) > 0 {
		w.t.Fatalf("the plan warns: %q", d.Warnings)
	}
	if err := w.k.Apply(w.t.Context(), d); err != nil {
		w.t.Fatalf("apply: %v\nsteps so far:\n%s", err, strings.Join(w.k.LastSteps(), "\n"))
	}
}

// update is what an agent does after each change.
func (w *world) update() {
	w.t.Helper()
	d, err := plan.Build(w.host)
	must(w.t, err)
	if err := errors.Join(w.k.Update(w.t.Context(), d), w.k.EndRevoked()); err != nil {
		w.t.Fatalf("update: %v\nsteps so far:\n%s", err, strings.Join(w.k.LastSteps(), "\n"))
	}
}

// execs are the processes that were started for VPCs. The host's own chains are looked at
// whenever anybody on this machine changes its rules, as other tests do.
func execs(before, after kernel.Counts) int {
	return after.Execs - before.Execs - (after.HostExecs - before.HostExecs)
}

func mac(n int) net.HardwareAddr { return net.HardwareAddr{2, 0, 0, 0, byte(n >> 8), byte(n)} }

func vpcID(n int) string    { return fmt.Sprintf("vpc-%017x", n) }
func subnetID(n int) string { return fmt.Sprintf("subnet-%017x", n) }
func sgID(n int) string     { return fmt.Sprintf("sg-%017x", n) }
func eniID(n int) string    { return fmt.Sprintf("eni-%017x", n) }

func addr(s string) netip.Addr     { return netip.MustParseAddr(s) }
func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

var everywhere = prefix("0.0.0.0/0")

func allowAll() plan.Rule {
	return plan.Rule{ID: "sgr-all", Protocol: plan.ProtocolAll, CIDR: everywhere}
}

func tcp(port int, cidr netip.Prefix) plan.Rule {
	return plan.Rule{ID: fmt.Sprint("sgr-tcp-", port), Protocol: plan.ProtocolTCP, FromPort: port, ToPort: port, CIDR: cidr}
}

func tcpFrom(port int, group string) plan.Rule {
	return plan.Rule{ID: fmt.Sprint("sgr-tcp-", port), Protocol: plan.ProtocolTCP, FromPort: port, ToPort: port, Group: group}
}

// addGuest makes a guest's namespace, the pair that stands for its tap, and moves the
// host's end as the agent moves a tap. The interface must be in the host and applied.
func (w *world) addGuest(vpc string, i plan.Interface) *guest {
	w.t.Helper()
	g := &guest{w: w, vpc: vpc, iface: i, name: fmt.Sprintf("%s-g%s", w.host.Prefix, i.ID[len(i.ID)-4:])}
	g.create()
	w.guests[i.ID] = g
	tap := plan.TapName(w.host.Prefix, i.ID)
	must(w.t, netlink.LinkAdd(&netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: tap, TxQLen: 1000}, PeerName: "eth0",
		PeerHardwareAddr: i.MAC, PeerNamespace: netlink.NsFd(g.ns),
	}))
	g.in(func() {
		must(w.t, os.WriteFile("/proc/sys/net/ipv6/conf/all/disable_ipv6", []byte("0"), 0))
		eth0 := link(w.t, "eth0")
		must(w.t, netlink.LinkSetUp(link(w.t, "lo")))
		// Without checksums a reader of raw packets could not tell right from wrong.
		must(w.t, netlink.LinkSetUp(eth0))
		g.setAddress(i.PrivateIP)
	})
	must(w.t, w.k.MoveTap(w.t.Context(), tap, vpc))
	// The kernel looks at carriers once a second, and drops what is sent before.
	bridge := plan.BridgeName(i.SubnetID)
	testkit.Wait(w.t, 5*time.Second, "carrier of "+tap, func() (up bool) {
		must(w.t, w.k.InNamespace(vpc, func() error {
			up = link(w.t, tap).Attrs().OperState == netlink.OperUp && link(w.t, bridge).Attrs().OperState == netlink.OperUp
			return nil
		}))
		g.in(func() { up = up && link(w.t, "eth0").Attrs().OperState == netlink.OperUp })
		return up
	})
	return g
}

func (g *guest) subnet() plan.Subnet {
	for _, v := range g.w.host.VPCs {
		for _, s := range v.Subnets {
			if v.ID == g.vpc && s.ID == g.iface.SubnetID {
				return s
			}
		}
	}
	g.w.t.Fatalf("%s has no subnet", g.name)
	return plan.Subnet{}
}

// setAddress gives eth0 one address and the default route. It runs in the guest.
func (g *guest) setAddress(a netip.Addr) {
	s := g.subnet()
	eth0 := link(g.w.t, "eth0")
	must(g.w.t, netlink.AddrAdd(eth0, &netlink.Addr{IPNet: &net.IPNet{IP: a.AsSlice(), Mask: net.CIDRMask(s.CIDR.Bits(), 32)}}))
	router := s.CIDR.Masked().Addr().Next()
	must(g.w.t, netlink.RouteReplace(&netlink.Route{LinkIndex: eth0.Attrs().Index, Gw: router.AsSlice()}))
}

func (g *guest) create() {
	onThread(g.w.t, func() {
		ns, err := netns.NewNamed(g.name)
		must(g.w.t, err)
		g.ns = ns
	})
	g.w.t.Cleanup(g.remove)
}

// remove takes the guest away; its tap goes with it.
func (g *guest) remove() {
	g.once.Do(func() {
		g.in(func() {
			if l, err := netlink.LinkByName("eth0"); err == nil {
				_ = netlink.LinkDel(l)
			}
		})
		g.ns.Close()
		if err := netns.DeleteNamed(g.name); err != nil {
			g.w.t.Errorf("delete %s: %v", g.name, err)
		}
	})
}

// in runs fn on a thread that is in the guest. What fn starts is not.
func (g *guest) in(fn func()) { inside(g.w.t, g.ns, fn) }

func inside(t testing.TB, ns netns.NsHandle, fn func()) {
	onThread(t, func() {
		must(t, netns.Set(ns))
		fn()
	})
}

// onThread brings the thread home after fn.
func onThread(t testing.TB, fn func()) {
	t.Helper()
	runtime.LockOSThread()
	home, err := netns.Get()
	must(t, err)
	defer func() {
		if netns.Set(home) == nil {
			runtime.UnlockOSThread()
		}
		home.Close()
	}()
	fn()
}

func link(t testing.TB, name string) netlink.Link {
	t.Helper()
	l, err := netlink.LinkByName(name)
	must(t, err)
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listen echoes what it hears on a TCP port, until the test ends.
func (g *guest) listen(port int) {
	g.w.t.Helper()
	var l net.Listener
	g.in(func() {
		var err error
		l, err = net.Listen("tcp4", fmt.Sprint(":", port))
		must(g.w.t, err)
	})
	echoAll(g.w.t, l)
}

func echoAll(t testing.TB, l net.Listener) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				stop := context.AfterFunc(t.Context(), func() { c.Close() })
				defer stop()
				buf := make([]byte, 256)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					if _, err := c.Write(buf[:n]); err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
}

// short is how long a packet that is dropped is waited for: everything is on one
// machine, where one that passes takes well below a millisecond.
const short = 400 * time.Millisecond

// dial connects from the guest.
func (g *guest) dial(to string) (c net.Conn, err error) {
	g.in(func() { c, err = dialHere(to) })
	return c, err
}

// dialHere connects on the calling thread: net.Dial makes its socket there as long as
// it is given one address only.
func dialHere(to string) (net.Conn, error) {
	ap := netip.MustParseAddrPort(to)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), to)
	defer f.Close()
	err = unix.Connect(fd, &unix.SockaddrInet4{Addr: ap.Addr().As4(), Port: int(ap.Port())})
	if err != nil && err != unix.EINPROGRESS {
		return nil, err
	}
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	if n, err := unix.Poll(p, int(short/time.Millisecond)); err != nil || n == 0 {
		return nil, fmt.Errorf("connect to %s: timed out (%v)", to, err)
	}
	if e, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil || e != 0 {
		return nil, fmt.Errorf("connect to %s: %v %w", to, err, unix.Errno(e))
	}
	return net.FileConn(f)
}

// talks sends a word over a connection and waits for it to come back.
func talks(c net.Conn) bool {
	word := []byte("hello")
	_ = c.SetDeadline(time.Now().Add(short))
	if _, err := c.Write(word); err != nil {
		return false
	}
	buf := make([]byte, len(word))
	n, err := c.Read(buf)
	return err == nil && string(buf[:n]) == string(word)
}

// reaches tells whether a new connection works both ways.
func (g *guest) reaches(to string) bool {
	c, err := g.dial(to)
	if err != nil {
		return false
	}
	defer c.Close()
	return talks(c)
}

// pings sends one echo request and waits for the answer.
func (g *guest) pings(to string) bool {
	var out []byte
	g.in(func() { out, _ = exec.Command("busybox", "ping", "-c1", "-W1", to).Output() })
	return strings.Contains(string(out), " 1 packets received")
}

// run runs a command on the calling thread.
func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// sh runs a command in the VPC's namespace and returns what it prints.
func (w *world) sh(vpc string, args ...string) string {
	w.t.Helper()
	full := append([]string{"netns", "exec", plan.NamespaceName(w.host.Prefix, vpc)}, args...)
	out, err := exec.Command("ip", full...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// hostState is everything of the host's that Cleanup must leave as it was.
func hostState(t testing.TB, own string) string {
	t.Helper()
	var b strings.Builder
	for _, c := range [][]string{{"ip", "netns"}, {"ip", "-o", "link"}, {"ip", "route"}, {"iptables-save"}, {"ipset", "list", "-n"}} {
		out, err := exec.Command(c[0], c[1:]...).Output()
		must(t, err)
		for line := range strings.Lines(string(out)) {
			// Only what can be ours: other tests change the host at the same time.
			if strings.Contains(strings.ToLower(line), own) {
				b.WriteString(line)
			}
		}
	}
	fwd, err := os.ReadFile(filepath.Join("/proc/sys/net/ipv4/ip_forward"))
	must(t, err)
	return b.String() + "ip_forward " + string(fwd)
}
