package dhcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/mdlayher/packet"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
	"golang.org/x/time/rate"

	"github.com/micacloud/mica/proto/agentpb"
)

// StepAnswered is the step that Config.Step is told when a boot's first address was
// acknowledged. It is told at each acknowledgement of a new lease; renewals are not.
const StepAnswered = "dhcp-answered"

const (
	serverPort = 67
	clientPort = 68
	defaultMTU = 1500
	// leaseTime is EC2's. The address stays the interface's however long a guest
	// does not renew it.
	leaseTime = time.Hour
	// lookEvery is how long the socket may be silent before its bridge is looked at.
	lookEvery = 5 * time.Second
	// maxRate and maxBurst bound the requests of one interface that are answered.
	maxRate  = 10
	maxBurst = 30
	// maxBuckets is when the buckets are begun anew, as nothing tells of interfaces
	// that are gone.
	maxBuckets = 10000
)

// Guests knows the interfaces of this host's boots.
type Guests interface {
	// BootByMAC returns the boot that has an interface with the MAC (lower case, with
	// colons) in the VPC, or nil.
	BootByMAC(vpcID, mac string) *agentpb.Boot
	// VPC returns the VPC, or nil.
	VPC(vpcID string) *agentpb.VPC
}

// Config is what a Server needs from its agent.
type Config struct {
	Guests Guests
	// InNamespace runs fn on a thread inside the VPC's network namespace; sockets
	// made by fn stay there.
	InNamespace func(vpcID string, fn func() error) error
	// Step is told StepAnswered. May be nil.
	Step func(instanceID string, epoch int64, step string, at time.Time)
	// Answered is told the type of each answer sent (OFFER, ACK, NAK), for metrics.
	// May be nil.
	Answered func(kind string)
	MTU      int          // of the guests' interfaces; 0 is 1500
	Log      *slog.Logger // nil is slog.Default()
}

// Server answers on any number of bridges.
type Server struct {
	cfg Config

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // by VPC and MAC
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.MTU == 0 {
		cfg.MTU = defaultMTU
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Step == nil {
		cfg.Step = func(string, int64, string, time.Time) {}
	}
	if cfg.Answered == nil {
		cfg.Answered = func(string) {}
	}
	return &Server{cfg: cfg, buckets: map[string]*rate.Limiter{}}
}

// Segment is one subnet's bridge.
type Segment struct {
	VPCID    string
	SubnetID string
	Device   string // the bridge's name inside the VPC's namespace
}

// Serve answers on a segment until ctx ends (then nil) or its socket fails. Another
// Serve may follow at once.
func (s *Server) Serve(ctx context.Context, seg Segment) error {
	var conn *packet.Conn
	var port *os.File
	var ifc *net.Interface
	err := s.cfg.InNamespace(seg.VPCID, func() (err error) {
		if ifc, err = net.InterfaceByName(seg.Device); err != nil {
			return err
		}
		if port, err = quietPort(seg.Device); err != nil {
			return err
		}
		conn, err = listen(ifc)
		return err
	})
	if port != nil {
		defer port.Close()
	}
	if err != nil {
		return fmt.Errorf("listen for DHCP on %s in %s: %w", seg.Device, seg.VPCID, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := s.loop(ctx, conn, ifc, seg); err != nil && ctx.Err() == nil {
		return fmt.Errorf("answer DHCP on %s in %s: %w", seg.Device, seg.VPCID, err)
	}
	return nil
}

// loop reads requests until the socket fails or its bridge is gone.
func (s *Server) loop(ctx context.Context, conn *packet.Conn, ifc *net.Interface, seg Segment) error {
	buf := make([]byte, 2048)
	for ctx.Err() == nil {
		_ = conn.SetReadDeadline(time.Now().Add(lookEvery))
		n, _, err := conn.ReadFrom(buf)
		switch {
		case err == nil:
			s.receive(conn, ifc.HardwareAddr, seg, buf[:n])
		case errors.Is(err, syscall.ENETDOWN), errors.Is(err, os.ErrDeadlineExceeded):
			// A bridge that is down comes up again with its frames; one that was
			// removed does not, whatever has its name later.
			err := s.cfg.InNamespace(seg.VPCID, func() error {
				now, err := net.InterfaceByName(seg.Device)
				if err == nil && now.Index != ifc.Index {
					err = errors.New("the bridge was made anew")
				}
				return err
			})
			if err != nil {
				return err
			}
		default:
			return err
		}
	}
	return nil
}

// receive answers one frame. What is no valid request is dropped without a word, as a
// guest can send anything.
func (s *Server) receive(conn *packet.Conn, own net.HardwareAddr, seg Segment, b []byte) {
	f, ok := parseFrame(b)
	if !ok {
		return
	}
	req, ok := parseRequest(f)
	if !ok {
		return
	}
	g, ok := s.lookup(seg, f.srcMAC)
	if !ok || !s.allow(seg, f.srcMAC) {
		return
	}
	rep := answer(req, g)
	if rep == nil {
		return
	}
	out := replyFrame(req, rep, g)
	out.srcMAC = own
	if _, err := conn.WriteTo(out.bytes(), &packet.Addr{HardwareAddr: out.dstMAC}); err != nil {
		s.cfg.Log.Warn("cannot send a DHCP answer", "instance_id", g.boot.GetInstanceId(), "vpc_id", seg.VPCID, "err", err)
		return
	}
	s.cfg.Answered(rep.MessageType().String())
	if isNewLease(req, rep) {
		s.cfg.Step(g.boot.GetInstanceId(), g.boot.GetEpoch(), StepAnswered, time.Now())
	}
}

// allow takes a request from the interface's bucket, so that a guest that floods its
// bridge does not cost the host more than reading.
func (s *Server) allow(seg Segment, mac net.HardwareAddr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := seg.VPCID + " " + mac.String()
	b := s.buckets[key]
	if b == nil {
		if len(s.buckets) >= maxBuckets {
			clear(s.buckets)
		}
		b = rate.NewLimiter(maxRate, maxBurst)
		s.buckets[key] = b
	}
	return b.Allow()
}

// lookup finds the interface with the MAC on the segment, and what it is told.
func (s *Server) lookup(seg Segment, mac net.HardwareAddr) (guest, bool) {
	boot := s.cfg.Guests.BootByMAC(seg.VPCID, mac.String())
	vpc := s.cfg.Guests.VPC(seg.VPCID)
	if boot == nil || vpc == nil {
		return guest{}, false
	}
	g := guest{boot: boot, mtu: s.cfg.MTU, mac: mac}
	return g, g.fill(vpc, seg.SubnetID)
}

// Lease is what an interface on a segment is told when it asks, for people.
func (s *Server) Lease(seg Segment, mac net.HardwareAddr) string {
	g, ok := s.lookup(seg, mac)
	if !ok {
		return "no answer: the interface is not on this segment"
	}
	ask, err := dhcpv4.NewDiscovery(mac)
	if err != nil {
		return err.Error()
	}
	rep := answer(ask, g)
	out := fmt.Sprintf("%s/%d router %s mtu %d lease %v", rep.YourIPAddr, g.subnet.Bits(), g.router(), g.mtu, rep.IPAddressLeaseTime(0))
	for _, o := range []struct {
		name  string
		value string
	}{
		{"dns", joined(rep.DNS())}, {"domain", rep.DomainName()}, {"host", rep.HostName()}, {"ntp", joined(rep.NTPServers())}, {"netbios", joined(rep.NetBIOSNameServers())},
	} {
		if o.value != "" {
			out += " " + o.name + " " + o.value
		}
	}
	return out
}

func joined(ips []net.IP) string {
	var out []string
	for _, ip := range ips {
		out = append(out, ip.String())
	}
	return strings.Join(out, ",")
}

// listen opens a packet socket that gets IPv4 frames for UDP port 67 alone.
func listen(ifc *net.Interface) (*packet.Conn, error) {
	filter, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 12, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.ETH_P_IP, SkipTrue: 8},
		bpf.LoadAbsolute{Off: 23, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.IPPROTO_UDP, SkipTrue: 6},
		bpf.LoadAbsolute{Off: 20, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: 0x3fff, SkipTrue: 4}, // a fragment
		bpf.LoadMemShift{Off: 14},
		bpf.LoadIndirect{Off: 16, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: serverPort, SkipTrue: 1},
		bpf.RetConstant{Val: 2048},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		return nil, err
	}
	return packet.Listen(ifc, packet.Raw, unix.ETH_P_IP, &packet.Config{Filter: filter})
}

// quietPort opens the UDP port on the device and reads nothing from it: requests come
// by the packet socket, and with nobody on the port the kernel would answer a guest's
// renewal with "port unreachable".
func quietPort(device string) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "dhcp port on "+device)
	drop := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 0}}
	err = errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &drop[0]}),
		unix.BindToDevice(fd, device),
		unix.Bind(fd, &unix.SockaddrInet4{Port: serverPort}))
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// guest is an interface and what DHCP tells of it.
type guest struct {
	boot   *agentpb.Boot
	mac    net.HardwareAddr
	ip     netip.Addr
	subnet netip.Prefix
	dns    []netip.Addr
	domain string
	host   string
	mtu    int

	ntp, netbios []net.IP
	netbiosNode  byte
}

// router is the subnet's first address, as EC2's; it is the server's identity too.
func (g *guest) router() netip.Addr { return g.subnet.Masked().Addr().Next() }

// fill takes the interface's values from its assignment. False means that the MAC has
// no business on this segment.
func (g *guest) fill(vpc *agentpb.VPC, subnetID string) bool {
	for _, n := range g.boot.GetInterfaces() {
		if m, err := net.ParseMAC(n.GetMac()); err != nil || m.String() != g.mac.String() {
			continue
		}
		if n.GetSubnetId() != subnetID || n.GetVpcId() != vpc.GetId() {
			return false
		}
		var err error
		if g.ip, err = netip.ParseAddr(n.GetPrivateIp()); err != nil {
			return false
		}
	}
	for _, sn := range vpc.GetSubnets() {
		if p, err := netip.ParsePrefix(sn.GetCidr()); err == nil && sn.GetId() == subnetID {
			g.subnet = p.Masked()
		}
	}
	g.domain = vpc.GetDomain()
	if options := vpc.GetDhcp(); options != nil {
		g.domain = options.GetDomainName()
		g.ntp, g.netbios = addresses(options.GetNtpServers()), addresses(options.GetNetbiosNameServers())
		if t := options.GetNetbiosNodeType(); t == 1 || t == 2 || t == 4 || t == 8 { // RFC 2132, 8.7
			g.netbiosNode = byte(t)
		}
	}
	g.host = hostLabel(vpc, g.ip, g.boot)
	g.dns = resolvers(vpc)
	return g.ip.Is4() && g.subnet.Contains(g.ip)
}
