package imds

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mdlayher/packet"

	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/proto/agentpb"
)

// world is a VPC's namespace with guests A and B on its bridge, and a container behind
// A whose packets A routes: one hop more.
type world struct {
	vpc, a, b, container *nstest.NS
}

func newWorld(t *testing.T) *world {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "iptables")
	name := func(s string) string { return fmt.Sprintf("mt-imds%d-%s", os.Getpid(), s) }
	w := &world{nstest.New(t, name("v")), nstest.New(t, name("a")), nstest.New(t, name("b")), nstest.New(t, name("c"))}
	w.vpc.MustIP(t, "link add br0 type bridge", "addr add 172.31.0.1/20 dev br0", "link set br0 up", "addr add 169.254.169.254/32 dev lo")
	for port, g := range map[string]struct {
		ns      *nstest.NS
		mac, ip string
	}{"tapa": {w.a, strings.ToLower(macA), addrA}, "tapb": {w.b, "02:00:00:00:00:06", addrB}} {
		if err := nstest.Join(w.vpc, port, g.ns, g.mac); err != nil {
			t.Fatal(err)
		}
		w.vpc.MustIP(t, "link set "+port+" master br0")
		g.ns.MustIP(t, "addr add "+g.ip+"/20 dev eth0", "route add default via 172.31.0.1")
	}
	if err := nstest.Join(w.a, "docker0", w.container, "02:00:00:00:00:99"); err != nil {
		t.Fatal(err)
	}
	w.a.MustIP(t, "addr add 10.200.0.1/24 dev docker0")
	w.container.MustIP(t, "addr add 10.200.0.2/24 dev eth0", "route add default via 10.200.0.1")
	for _, c := range []string{"sh -c echo 1 >/proc/sys/net/ipv4/ip_forward", "iptables -t nat -A POSTROUTING -s 10.200.0.0/24 -o eth0 -j MASQUERADE"} {
		args := strings.Fields(c)
		if args[0] == "sh" {
			args = []string{"sh", "-c", strings.TrimPrefix(c, "sh -c ")}
		}
		if out, err := w.a.Command(t.Context(), args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", c, err, out)
		}
	}
	return w
}

// serve runs the service in the VPC until the test ends or stop is called.
func (w *world) serve(t *testing.T, s *Server) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, testVPC) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	testkit.Wait(t, 10*time.Second, "the service to listen", func() bool {
		c, err := w.a.Dial(nil)(t.Context(), "tcp4", Address.String())
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return stop
}

func (w *world) inNamespace(_ string, fn func() error) error { return w.vpc.Do(fn) }

// talk sends a raw request from a namespace and returns the answer and the port that it
// came from.
func talk(ns *nstest.NS, request string, limit time.Duration) (response, int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c, err := ns.Dial(nil)(ctx, "tcp4", Address.String())
	if err != nil {
		return response{}, 0, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(limit))
	port := c.LocalAddr().(*net.TCPAddr).Port
	if _, err := io.WriteString(c, request); err != nil {
		return response{}, port, err
	}
	method, _, _ := strings.Cut(request, " ")
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		return response{}, port, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return response{status: r.StatusCode, body: string(body), header: r.Header}, port, err
}

// sniffer notes the TTL of each packet that the service sends to a guest.
type sniffer struct {
	mu     sync.Mutex
	synack map[int]int // local port -> TTL
	data   map[int]int
}

func sniff(t *testing.T, ns *nstest.NS) *sniffer {
	t.Helper()
	var conn *packet.Conn
	err := ns.Do(func() error {
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
	s := &sniffer{synack: map[int]int{}, data: map[int]int{}}
	go func() {
		b := make([]byte, 65536)
		for {
			n, _, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			s.note(b[:n])
		}
	}()
	return s
}

func (s *sniffer) note(b []byte) {
	if len(b) < 54 || !bytes.Equal(b[26:30], []byte{169, 254, 169, 254}) || b[23] != 6 {
		return
	}
	ip := b[14:]
	tcp := ip[int(ip[0]&15)*4:]
	port, flags := int(binary.BigEndian.Uint16(tcp[2:])), tcp[13]
	payload := int(binary.BigEndian.Uint16(ip[2:])) - int(ip[0]&15)*4 - int(tcp[12]>>4)*4
	s.mu.Lock()
	defer s.mu.Unlock()
	if flags&0x12 == 0x12 {
		s.synack[port] = int(ip[8])
	} else if payload > 0 {
		s.data[port] = int(ip[8])
	}
}

func (s *sniffer) ttl(t *testing.T, of map[int]int, port int) (ttl int) {
	t.Helper()
	testkit.Wait(t, 5*time.Second, "the answer's packets", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		ttl = of[port]
		return ttl != 0
	})
	return ttl
}

func TestCasesInNamespace(t *testing.T) {
	w := newWorld(t)
	s, g := newServer(t, func(c *Config) { c.InNamespace = w.inNamespace })
	w.serve(t, s)
	sn := sniff(t, w.a)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g.set(testVPC, bootA(c.mode))
			r, port, err := talk(w.a, c.rawRequest(c.tokensFor(t, s, testID, "i-0fedcba9876543210")), 10*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if c.hops != 0 {
				r.hops = sn.ttl(t, sn.data, port)
			}
			c.check(t, r)
		})
	}
	t.Run("the other guest", func(t *testing.T) {
		g.set(testVPC, bootA())
		r, _, err := talk(w.b, "PUT /latest/api/token HTTP/1.1\r\nHost: x\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\nConnection: close\r\n\r\n", 5*time.Second)
		if err != nil || r.status != 200 {
			t.Fatal(r.status, err)
		}
		get := "GET " + idPath + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-aws-ec2-metadata-token: " + r.body + "\r\n\r\n"
		if own, _, err := talk(w.b, get, 5*time.Second); err != nil || own.body != "i-0fedcba9876543210" {
			t.Errorf("B with its token: %+v %v", own, err)
		}
		if a, _, err := talk(w.a, get, 5*time.Second); err != nil || a.status != 401 {
			t.Errorf("A with B's token: %+v %v", a, err)
		}
	})
	t.Run("HTTP/1.0", func(t *testing.T) {
		r, _, err := talk(w.a, "GET "+idPath+" HTTP/1.0\r\n\r\n", 5*time.Second)
		if err != nil || r.status != 200 || r.body != testID {
			t.Errorf("%+v %v", r, err)
		}
	})
}

const (
	putToken = "PUT /latest/api/token HTTP/1.1\r\nHost: x\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n"
	getID    = "GET " + idPath + " HTTP/1.1\r\nHost: x\r\n\r\n"
)

func getWith(token string) string {
	return "GET " + idPath + " HTTP/1.1\r\nHost: x\r\nX-aws-ec2-metadata-token: " + token + "\r\n\r\n"
}

// TestHopLimit asks from a container behind the guest, one routed hop further.
func TestHopLimit(t *testing.T) {
	w := newWorld(t)
	s, g := newServer(t, func(c *Config) { c.InNamespace = w.inNamespace })
	w.serve(t, s)
	sn := sniff(t, w.a)
	mode := func(t *testing.T, m func(*agentpb.Metadata), synack int) {
		t.Helper()
		g.set(testVPC, bootA(m))
		s.Changed(testVPC)
		testkit.Wait(t, 10*time.Second, fmt.Sprintf("SYN-ACKs with TTL %d", synack), func() bool {
			_, port, err := talk(w.a, getID, 5*time.Second)
			return err == nil && sn.ttl(t, sn.synack, port) == synack
		})
	}
	answered := func(t *testing.T, from *nstest.NS, request string) string {
		t.Helper()
		r, _, err := talk(from, request, 5*time.Second)
		if err != nil || r.status != 200 {
			t.Fatalf("%q from %s: %d %v", request, from.Name, r.status, err)
		}
		return r.body
	}
	silent := func(t *testing.T, from *nstest.NS, request string) {
		t.Helper()
		r, _, err := talk(from, request, time.Second)
		if ne, ok := errors.AsType[net.Error](err); !ok || !ne.Timeout() {
			t.Errorf("%q from %s was to time out: %+v %v", request, from.Name, r, err)
		}
	}
	t.Run("optional, one hop", func(t *testing.T) {
		mode(t, hops(1), openTTL)
		token := answered(t, w.a, putToken)
		silent(t, w.container, putToken)
		silent(t, w.container, putToken+getID) // and no later answer carries the token further
		if got := answered(t, w.container, getID); got != testID {
			t.Errorf("version 1 from the container: %q", got)
		}
		if got := answered(t, w.container, getWith(token)); got != testID {
			t.Errorf("the guest's token from the container: %q", got)
		}
	})
	t.Run("optional, two hops", func(t *testing.T) {
		mode(t, hops(2), openTTL)
		answered(t, w.container, getWith(answered(t, w.container, putToken)))
	})
	t.Run("required, one hop", func(t *testing.T) {
		mode(t, hopsRequired(1), 1)
		token := answered(t, w.a, putToken)
		answered(t, w.a, getWith(token))
		silent(t, w.container, putToken)
		silent(t, w.container, getID)
		if r, _, err := talk(w.b, putToken, 5*time.Second); err != nil || r.status != 200 {
			t.Errorf("guest B meanwhile: %+v %v", r, err)
		}
	})
	t.Run("required, two hops", func(t *testing.T) {
		mode(t, hopsRequired(2), 2)
		answered(t, w.container, getWith(answered(t, w.container, putToken)))
	})
	t.Run("optional again", func(t *testing.T) {
		mode(t, hops(1), openTTL)
		answered(t, w.container, getID)
	})
}

// TestRestart starts the service again and again while a guest holds connections.
func TestRestart(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	var token string
	for i := range 5 {
		s, _ := newServer(t, func(c *Config) { c.InNamespace, c.Dir = w.inNamespace, dir })
		stop := w.serve(t, s)
		if i == 0 {
			r, _, err := talk(w.a, putToken, 5*time.Second)
			if err != nil || r.status != 200 {
				t.Fatal(r, err)
			}
			token = r.body
		}
		if r, _, err := talk(w.a, getWith(token), 5*time.Second); err != nil || r.body != testID {
			t.Fatalf("start %d: %+v %v", i, r, err)
		}
		idle, err := w.a.Dial(nil)(t.Context(), "tcp4", Address.String())
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
		stop()
	}
}

// TestConnectionsAreBounded holds more connections than an interface may.
func TestConnectionsAreBounded(t *testing.T) {
	w := newWorld(t)
	s, _ := newServer(t, func(c *Config) { c.InNamespace = w.inNamespace })
	w.serve(t, s)
	var held []net.Conn
	t.Cleanup(func() {
		for _, c := range held {
			_ = c.Close()
		}
	})
	for range maxConns + 20 {
		c, err := w.a.Dial(nil)(t.Context(), "tcp4", Address.String())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	closed := 0
	for _, c := range held {
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.WriteString(c, getID); err == nil {
			if r, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && r.StatusCode == 200 {
				continue
			}
		}
		closed++
	}
	if closed < 15 || closed > 21 {
		t.Errorf("%d of %d connections were refused, want about 20", closed, len(held))
	}
	if r, _, err := talk(w.b, strings.Replace(putToken, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1), 5*time.Second); err != nil || r.status != 200 {
		t.Errorf("the other guest meanwhile: %+v %v", r, err)
	}
	for _, c := range held {
		_ = c.Close()
	}
	testkit.Wait(t, 10*time.Second, "connections to be free again", func() bool {
		r, _, err := talk(w.a, getID, time.Second)
		return err == nil && r.status == 200
	})
}
