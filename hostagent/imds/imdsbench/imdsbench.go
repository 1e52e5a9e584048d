// Package imdsbench measures how many metadata requests a second a host answers,
// against a plain net/http handler on the same path: the same namespace, bridge, veth
// and clients.
package imdsbench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/micacloud/mica/hostagent/imds"
	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	vpcID   = "vpc-0123456789abcdef0"
	helloAt = "169.254.169.254:8080"
	// guests is how many addresses ask: each has its own limit of requests a second,
	// which stays on.
	guests  = 64
	clients = 16
	rounds  = 4
)

// Result has the requests a second of both.
type Result struct{ Ours, Hello float64 }

// Run measures for the given time in all, both by turns. It needs root and the ip
// program, and removes what it made.
func Run(ctx context.Context, d time.Duration) (res Result, err error) {
	vpc, err := nstest.Open(fmt.Sprintf("mb-imds%d-v", os.Getpid()))
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, vpc.Close()) }()
	guest, err := nstest.Open(fmt.Sprintf("mb-imds%d-g", os.Getpid()))
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, guest.Close()) }()
	boots, err := network(vpc, guest)
	if err != nil {
		return res, err
	}
	dir, err := os.MkdirTemp("", "imdsbench")
	if err != nil {
		return res, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	if err := serve(ctx, &wg, vpc, boots, dir); err != nil {
		return res, err
	}
	token, err := token(ctx, guest)
	if err != nil {
		return res, err
	}
	for range rounds {
		part := d / (2 * rounds)
		for _, side := range []struct {
			sum  *float64
			addr string
			path string
		}{{&res.Hello, helloAt, "/"}, {&res.Ours, imds.Address.String(), "/latest/meta-data/instance-id"}} {
			rate, err := load(ctx, guest, side.addr, side.path, token, part)
			if err != nil {
				return res, err
			}
			*side.sum += rate / rounds
		}
	}
	return res, nil
}

// boots is the agent's part: all addresses are one instance's, so that one token
// serves, with a limit each.
type boots map[netip.Addr]*agentpb.Boot

// Boot returns the address's boot.
func (b boots) Boot(_ string, ip netip.Addr) *agentpb.Boot { return b[ip] }

// Boots returns none: nothing here has a hop limit.
func (b boots) Boots(string) []*agentpb.Boot { return nil }

func address(i int) netip.Addr { return netip.AddrFrom4([4]byte{172, 31, 0, byte(16 + i)}) }

// network puts a bridge in one namespace and a guest with many addresses on it.
func network(vpc, guest *nstest.NS) (boots, error) {
	err := errors.Join(
		vpc.IP("link add br0 type bridge", "addr add 172.31.0.1/20 dev br0", "link set br0 up", "addr add 169.254.169.254/32 dev lo"),
		nstest.Join(vpc, "tap0", guest, "02:00:00:00:00:05"),
		vpc.IP("link set tap0 master br0"))
	if err != nil {
		return nil, err
	}
	b := boots{}
	for i := range guests {
		b[address(i)] = &agentpb.Boot{InstanceId: "i-0123456789abcdef0", Metadata: &agentpb.Metadata{
			HttpTokens: "required", HopLimit: 1, Region: "bench",
			Interfaces: []*agentpb.InterfaceMeta{{Mac: "02:00:00:00:00:05", VpcId: vpcID, PrivateIp: address(i).String()}},
		}}
		if err := guest.IP("addr add " + address(i).String() + "/20 dev eth0"); err != nil {
			return nil, err
		}
	}
	return b, guest.IP("route add default via 172.31.0.1")
}

// serve starts both sides inside the VPC's namespace.
func serve(ctx context.Context, wg *sync.WaitGroup, vpc *nstest.NS, b boots, dir string) error {
	s, err := imds.New(imds.Config{Guests: b, Dir: dir, InNamespace: func(_ string, fn func() error) error { return vpc.Do(fn) }})
	if err != nil {
		return err
	}
	var l net.Listener
	err = vpc.Do(func() (err error) {
		var lc net.ListenConfig
		lc.SetMultipathTCP(false)
		l, err = lc.Listen(ctx, "tcp4", helloAt)
		return err
	})
	if err != nil {
		return err
	}
	hello := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "i-0123456789abcdef0")
	})}
	wg.Go(func() { _ = s.Serve(ctx, vpcID) })
	wg.Go(func() { _ = hello.Serve(l) })
	context.AfterFunc(ctx, func() { _ = hello.Close() })
	return nil
}

// token asks for a session token, until the service listens.
func token(ctx context.Context, guest *nstest.NS) (string, error) {
	t := &http.Transport{DialContext: guest.Dial(nil)}
	defer t.CloseIdleConnections()
	var last error
	for range 50 {
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://"+imds.Address.String()+"/latest/api/token", nil)
		if err != nil {
			return "", err
		}
		req.Header.Set("X-aws-ec2-metadata-token-ttl-seconds", "21600")
		r, err := t.RoundTrip(req)
		if err == nil {
			defer r.Body.Close()
			b, err := io.ReadAll(r.Body)
			return string(b), err
		}
		last = err
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return "", last
}

// load asks from all clients for a while and returns the answers a second. Each client
// goes through its own share of the guest's addresses, with a kept connection each.
func load(ctx context.Context, guest *nstest.NS, addr, path, token string, d time.Duration) (float64, error) {
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: 169.254.169.254\r\nX-aws-ec2-metadata-token: " + token + "\r\n\r\n")
	var count atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, clients)
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			if err := client(ctx, guest, c, addr, request, start.Add(d), &count); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	return float64(count.Load()) / time.Since(start).Seconds(), <-errs
}

func client(ctx context.Context, guest *nstest.NS, c int, addr string, request []byte, end time.Time, count *atomic.Int64) error {
	type kept struct {
		net.Conn
		r *bufio.Reader
	}
	var conns []kept
	for i := c; i < guests; i += clients {
		nc, err := guest.Dial(&net.TCPAddr{IP: address(i).AsSlice()})(ctx, "tcp4", addr)
		if err != nil {
			return err
		}
		defer nc.Close()
		conns = append(conns, kept{nc, bufio.NewReader(nc)})
	}
	for n := 0; time.Now().Before(end) && ctx.Err() == nil; n++ {
		k := conns[n%len(conns)]
		if _, err := k.Write(request); err != nil {
			return err
		}
		r, err := http.ReadResponse(k.r, nil)
		if err != nil {
			return err
		}
		var body strings.Builder
		if _, err := io.Copy(&body, r.Body); err != nil {
			return err
		}
		if r.StatusCode != http.StatusOK || body.String() != "i-0123456789abcdef0" {
			return fmt.Errorf("%s answered %s: %s", addr, r.Status, body.String())
		}
		count.Add(1)
	}
	return nil
}
