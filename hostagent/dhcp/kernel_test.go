package dhcp

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/mdlayher/packet"

	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/internal/testkit"
)

// world is a VPC's namespace with one bridge, and a guest on it.
type world struct {
	vpc, guest *nstest.NS
	guests     *fakeGuests

	mu    sync.Mutex
	steps []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip")
	name := func(s string) string { return fmt.Sprintf("mt-dhcp%d-%s", os.Getpid(), s) }
	w := &world{vpc: nstest.New(t, name("v")), guest: nstest.New(t, name("g")), guests: newGuests()}
	w.vpc.MustIP(t, "link add br0 type bridge", "addr add 172.31.16.1/20 dev br0", "link set br0 up")
	if err := nstest.Join(w.vpc, "tapa", w.guest, macA); err != nil {
		t.Fatal(err)
	}
	w.vpc.MustIP(t, "link set tapa master br0")
	return w
}

func (w *world) serve(t *testing.T) (stop func()) {
	t.Helper()
	s := New(Config{
		Guests:      w.guests,
		InNamespace: func(_ string, fn func() error) error { return w.vpc.Do(fn) },
		Step: func(id string, epoch int64, step string, _ time.Time) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.steps = append(w.steps, fmt.Sprintf("%s/%d %s", id, epoch, step))
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, Segment{testVPC, testSubnet, "br0"}) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func (w *world) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.steps...)
}

// script is what the clients call: it notes all it is told, and configures the link.
const script = `#!/bin/sh
env >> %[1]s/env.$$
case "$1$reason" in
*bound*|*renew*|BOUND|RENEW|REBOOT)
  [ -n "$new_ip_address" ] && ip=$new_ip_address mask=20
  ip addr replace $ip/20 dev eth0
  mv %[1]s/env.$$ %[1]s/"$(date +%%s%%N)-$1$reason" ;;
esac
`

// clientDir has the script, and takes what it notes.
func clientDir(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "script")
	if err := os.WriteFile(path, fmt.Appendf(nil, script, dir), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// noted is what the script was told in the first event whose name ends so.
func noted(t *testing.T, dir, event string) map[string]string {
	t.Helper()
	var found []string
	testkit.Wait(t, 20*time.Second, "the client's event "+event, func() bool {
		found, _ = filepath.Glob(filepath.Join(dir, "*-"+event))
		return len(found) > 0
	})
	b, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for l := range strings.Lines(string(b)) {
		k, v, _ := strings.Cut(strings.TrimSpace(l), "=")
		out[k] = v
	}
	return out
}

func expect(t *testing.T, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %q, want %q", k, got[k], v)
		}
	}
}

// start runs a client until the test's end.
func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	out := &strings.Builder{}
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		if t.Failed() {
			t.Logf("%s: %s", c.Path, out)
		}
	})
}

func TestUdhcpcGetsAndRenews(t *testing.T) {
	w := newWorld(t)
	testkit.NeedProgram(t, "busybox")
	w.serve(t)
	dir, path := clientDir(t)
	c := w.guest.Command(context.Background(), "busybox", "udhcpc", "-f", "-i", "eth0", "-s", path, "-t", "20", "-T", "1",
		"-O", "mtu", "-O", "hostname", "-O", "domain")
	start(t, c)
	want := map[string]string{
		"ip": addrA, "subnet": "255.255.240.0", "router": "172.31.16.1", "dns": "172.31.0.2", "domain": "eu-central-1.compute.internal",
		"hostname": "ip-172-31-16-5", "lease": "3600", "serverid": "172.31.16.1", "mtu": "1500",
	}
	expect(t, noted(t, dir, "bound"), want)
	if err := c.Process.Signal(syscall.SIGUSR1); err != nil { // renew now, by unicast
		t.Fatal(err)
	}
	expect(t, noted(t, dir, "renew"), want)
	testkit.Wait(t, 5*time.Second, "the step", func() bool { return len(w.told()) > 0 })
	if got := w.told(); len(got) != 1 || got[0] != "i-0123456789abcdef0/2 dhcp-answered" {
		t.Errorf("told %q; a renewal is no step", got)
	}
}

func TestDhclientGets(t *testing.T) {
	w := newWorld(t)
	testkit.NeedProgram(t, "dhclient")
	w.serve(t)
	dir, path := clientDir(t)
	conf := filepath.Join(dir, "dhclient.conf")
	if err := os.WriteFile(conf, []byte("request subnet-mask, routers, domain-name-servers, domain-name, host-name, interface-mtu, broadcast-address;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, w.guest.Command(context.Background(), "dhclient", "-d", "-1", "-4", "-sf", path, "-cf", conf,
		"-lf", filepath.Join(dir, "leases"), "-pf", filepath.Join(dir, "pid"), "eth0"))
	expect(t, noted(t, dir, "BOUND"), map[string]string{
		"new_ip_address": addrA, "new_subnet_mask": "255.255.240.0", "new_routers": "172.31.16.1", "new_domain_name_servers": "172.31.0.2",
		"new_domain_name": "eu-central-1.compute.internal", "new_host_name": "ip-172-31-16-5", "new_dhcp_lease_time": "3600",
		"new_dhcp_server_identifier": "172.31.16.1", "new_interface_mtu": "1500", "new_broadcast_address": "172.31.31.255",
	})
}

// wire is a guest's own socket on its link, to send anything.
type wire struct {
	*packet.Conn
	t *testing.T
}

func (w *world) wire(t *testing.T) *wire {
	t.Helper()
	var conn *packet.Conn
	err := w.guest.Do(func() error {
		ifc, err := net.InterfaceByName("eth0")
		if err == nil {
			conn, err = packet.Listen(ifc, packet.Raw, 0x0800, nil)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &wire{conn, t}
}

func (w *wire) send(b []byte) {
	w.t.Helper()
	if _, err := w.WriteTo(b, &packet.Addr{HardwareAddr: net.HardwareAddr(b[:6])}); err != nil {
		w.t.Fatal(err)
	}
}

// receive returns the answer with the transaction's id, or nil when none comes.
func (w *wire) receive(id dhcpv4.TransactionID, limit time.Duration) *dhcpv4.DHCPv4 {
	w.t.Helper()
	_ = w.SetReadDeadline(time.Now().Add(limit))
	b := make([]byte, 2048)
	for {
		n, _, err := w.ReadFrom(b)
		if err != nil {
			return nil
		}
		if n < 42 {
			continue
		}
		if m, err := dhcpv4.FromBytes(b[42:n]); err == nil && m.TransactionID == id && m.OpCode == dhcpv4.OpcodeBootReply {
			return m
		}
	}
}

// ask sends until an answer comes: the server may just be starting.
func (w *wire) ask(m *dhcpv4.DHCPv4) (rep *dhcpv4.DHCPv4) {
	w.t.Helper()
	testkit.Wait(w.t, 10*time.Second, "an answer to "+m.MessageType().String(), func() bool {
		w.send(clientFrame(w.t, m, "0.0.0.0"))
		rep = w.receive(m.TransactionID, 200*time.Millisecond)
		return rep != nil
	})
	return rep
}

func TestHostileFrames(t *testing.T) {
	w := newWorld(t)
	w.serve(t)
	c := w.wire(t)
	c.ask(request(t, dhcpv4.MessageTypeDiscover))

	other := request(t, dhcpv4.MessageTypeDiscover)
	spoofed := clientFrame(t, other, "0.0.0.0")
	copy(spoofed[6:12], mustMAC(t, macB)) // the frame's sender is not the message's client
	c.send(spoofed)
	relayed := request(t, dhcpv4.MessageTypeDiscover, dhcpv4.WithTransactionID(other.TransactionID), dhcpv4.WithGatewayIP(net.IPv4(172, 31, 16, 9)))
	c.send(clientFrame(t, relayed, "0.0.0.0"))
	good := clientFrame(t, request(t, dhcpv4.MessageTypeDiscover), "0.0.0.0")
	for n := range len(good) { // cut anywhere, with lengths that lie
		if n > 60 {
			c.send(good[:n])
		}
	}
	for i := 14; i < 42+12; i++ { // any header byte wrong
		b := append([]byte{}, good...)
		b[i] ^= 0xff
		c.send(b)
	}
	if m := c.receive(other.TransactionID, 300*time.Millisecond); m != nil {
		t.Errorf("a spoofed or relayed request was answered: %s", m.Summary())
	}
	if m := c.ask(request(t, dhcpv4.MessageTypeDiscover)); m.YourIPAddr.String() != addrA {
		t.Errorf("after all that, the offer is %s", m.Summary())
	}
}

func TestNakAndSilence(t *testing.T) {
	w := newWorld(t)
	w.serve(t)
	c := w.wire(t)
	if m := c.ask(request(t, dhcpv4.MessageTypeRequest, asked("172.31.16.77"))); m.MessageType() != dhcpv4.MessageTypeNak {
		t.Errorf("a wrong address: %s", m.Summary())
	}
	for _, kind := range []dhcpv4.MessageType{dhcpv4.MessageTypeRelease, dhcpv4.MessageTypeDecline} {
		m := request(t, kind, having(addrA), server("172.31.16.1"))
		c.send(clientFrame(t, m, addrA))
		if rep := c.receive(m.TransactionID, 200*time.Millisecond); rep != nil {
			t.Errorf("%v was answered: %s", kind, rep.Summary())
		}
	}
	if m := c.ask(request(t, dhcpv4.MessageTypeRequest, asked(addrA))); m.MessageType() != dhcpv4.MessageTypeAck {
		t.Errorf("after RELEASE and DECLINE the address is refused: %s", m.Summary())
	}
	if got := w.told(); len(got) != 1 {
		t.Errorf("told %q, want one step", got)
	}
}

// TestFloodIsNotAnswered sends more than an interface may.
func TestFloodIsNotAnswered(t *testing.T) {
	w := newWorld(t)
	var answered atomic.Int64
	s := New(Config{
		Guests: w.guests, InNamespace: func(_ string, fn func() error) error { return w.vpc.Do(fn) },
		Answered: func(string) { answered.Add(1) },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, Segment{testVPC, testSubnet, "br0"}) }()
	c := w.wire(t)
	c.ask(request(t, dhcpv4.MessageTypeDiscover))
	began, before := time.Now(), answered.Load()
	for range 2000 {
		c.send(clientFrame(t, request(t, dhcpv4.MessageTypeDiscover), "0.0.0.0"))
	}
	c.ask(request(t, dhcpv4.MessageTypeDiscover)) // and after it, there is an answer again
	most := maxBurst + int64(time.Since(began).Seconds()*maxRate) + 2
	if n := answered.Load() - before; n > most {
		t.Errorf("%d of 2000 were answered, at most %d should be", n, most)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRestartAndBridgeDown(t *testing.T) {
	w := newWorld(t)
	c := w.wire(t)
	for range 3 {
		stop := w.serve(t)
		c.ask(request(t, dhcpv4.MessageTypeDiscover))
		stop()
	}
	w.serve(t)
	c.ask(request(t, dhcpv4.MessageTypeDiscover))
	w.vpc.MustIP(t, "link set br0 down", "link set br0 up")
	c.ask(request(t, dhcpv4.MessageTypeDiscover))
}

func TestBridgeMadeAnewEndsServe(t *testing.T) {
	w := newWorld(t)
	s := New(Config{Guests: w.guests, InNamespace: func(_ string, fn func() error) error { return w.vpc.Do(fn) }})
	done := make(chan error, 1)
	go func() { done <- s.Serve(t.Context(), Segment{testVPC, testSubnet, "br0"}) }()
	w.wire(t).ask(request(t, dhcpv4.MessageTypeDiscover))
	w.vpc.MustIP(t, "link del br0", "link add br0 type bridge", "link set br0 up")
	select {
	case err := <-done:
		if err == nil {
			t.Error("Serve ended without a reason")
		}
	case <-time.After(4 * lookEvery):
		t.Error("Serve goes on with a bridge that is no more")
	}
}
