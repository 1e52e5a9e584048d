package imds

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

const (
	// defaultRate is EC2's limit of packets a second and interface to link-local
	// services; a request counts as one.
	defaultRate = 1024
	// maxConns bounds an interface's open connections, so that no guest can use up
	// the agent's descriptors.
	maxConns = 128
)

// vpc is the service in one VPC. It is the handler of its requests.
type vpc struct {
	*Server
	id   string
	hint chan struct{}

	mu      sync.Mutex
	callers map[netip.Addr]*caller
	strays  int // connections of addresses that no boot holds
}

// caller is one interface of a guest.
type caller struct {
	mu       sync.Mutex
	boot     *agentpb.Boot
	tree     *tree
	tokens   float64 // left in the bucket
	filled   time.Time
	conns    int
	epoch    int64
	reported map[string]bool // steps of this epoch
}

// caller returns who holds the address and what it may read, or nil.
func (v *vpc) caller(ip netip.Addr) (*caller, *tree) {
	boot := v.cfg.Guests.Boot(v.id, ip)
	v.mu.Lock()
	c := v.callers[ip]
	if boot == nil {
		v.mu.Unlock()
		return nil, nil
	}
	if c == nil {
		c = &caller{tokens: float64(v.cfg.Rate), filled: v.cfg.Now()}
		v.callers[ip] = c
	}
	v.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.boot != boot {
		c.boot, c.tree = boot, newTree(boot, v.identity)
		if c.epoch != boot.GetEpoch() || c.reported == nil {
			c.epoch, c.reported = boot.GetEpoch(), map[string]bool{}
		}
	}
	return c, c.tree
}

// allow takes one request from the interface's bucket.
func (c *caller) allow(rate int, now time.Time) bool {
	if rate < 0 {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := now.Sub(c.filled); d > 0 {
		c.tokens = min(float64(rate), c.tokens+d.Seconds()*float64(rate))
		c.filled = now
	}
	if c.tokens < 1 {
		return false
	}
	c.tokens--
	return true
}

// step reports a step of the boot, once.
func (v *vpc) step(c *caller, name string) {
	c.mu.Lock()
	done := c.reported[name]
	c.reported[name] = true
	boot := c.boot
	c.mu.Unlock()
	if !done {
		v.cfg.Step(boot.GetInstanceId(), boot.GetEpoch(), name, v.cfg.Now())
	}
}

// prune forgets interfaces that are no more.
func (v *vpc) prune() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for ip, c := range v.callers {
		c.mu.Lock()
		idle := c.conns == 0
		c.mu.Unlock()
		if idle && v.cfg.Guests.Boot(v.id, ip) == nil {
			delete(v.callers, ip)
		}
	}
}

// limitListener bounds the open connections of each interface: more are closed at
// once.
type limitListener struct {
	net.Listener
	vpc *vpc
}

func (l *limitListener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tc := nc.(*net.TCPConn)
		ip := tc.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap()
		if leave, ok := l.vpc.enter(ip); ok {
			return &conn{TCPConn: tc, ip: ip, leave: sync.OnceFunc(leave)}, nil
		}
		_ = tc.Close()
	}
}

// enter counts a connection of the address, and returns how to take it off again.
func (v *vpc) enter(ip netip.Addr) (leave func(), ok bool) {
	c, _ := v.caller(ip)
	if c == nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.strays >= maxConns {
			return nil, false
		}
		v.strays++
		return func() { v.mu.Lock(); v.strays--; v.mu.Unlock() }, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conns >= maxConns {
		return nil, false
	}
	c.conns++
	return func() { c.mu.Lock(); c.conns--; c.mu.Unlock() }, true
}
