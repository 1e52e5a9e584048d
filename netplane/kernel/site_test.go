package kernel_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// site is several VPCs on two hosts, with an outside that both hosts have a link to. The
// VPCs are written down once, as the model sees them; each host's view is made from it.
type site struct {
	t       testing.TB
	hosts   [2]*world
	outside *guest
	vpcs    []plan.VPC
	at      map[string]int // the host of each interface
	guests  map[string]*guest
	pool    netip.Prefix
}

const outsideIP = "192.168.7.3"

func newSite(t *testing.T) *site {
	l := newLab(t)
	s := &site{t: t, hosts: [2]*world{l.a, l.b}, outside: l.stranger, at: map[string]int{}, guests: map[string]*guest{}, pool: l.a.host.PublicPool}
	for n, w := range s.hosts {
		w.host.PublicPool, w.host.Uplink, w.host.Address = s.pool, "eth0", addr([]string{hostA, hostB}[n])
		w.host.VPCs = nil
	}
	return s
}

// model is what Reach judges by.
func (s *site) model() plan.Site { return plan.Site{VPCs: s.vpcs, Pool: s.pool} }

func (s *site) vpc(id string) *plan.VPC {
	return &s.vpcs[slices.IndexFunc(s.vpcs, func(v plan.VPC) bool { return v.ID == id })]
}

// view is what of the site one host is told.
func (s *site) view(host int) []plan.VPC {
	needed := map[string]bool{}
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			if s.at[i.ID] == host {
				needed[v.ID] = true
				for _, p := range v.Peerings {
					needed[p.VPC] = true
				}
			}
		}
	}
	var out []plan.VPC
	for _, v := range s.vpcs {
		if !needed[v.ID] {
			continue
		}
		all := v.Interfaces
		v.Interfaces = nil
		v.Groups = slices.Clone(v.Groups)
		for _, i := range all {
			if s.at[i.ID] == host {
				v.Interfaces = append(v.Interfaces, i)
				continue
			}
			r := plan.Remote{ID: i.ID, SubnetID: i.SubnetID, MAC: i.MAC, PrivateIP: i.PrivateIP, Host: s.hosts[1-host].host.Underlay}
			for _, a := range i.Secondary {
				r.Secondary = append(r.Secondary, a.IP)
			}
			v.Remotes = append(v.Remotes, r)
		}
		for g := range v.Groups {
			v.Groups[g].Members = s.members(v.Groups[g].ID)
		}
		out = append(out, v)
	}
	return out
}

// members are the addresses of a group's interfaces, whichever VPC it is of.
func (s *site) members(group string) (out []netip.Addr) {
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			if slices.Contains(i.Groups, group) {
				for _, a := range i.Addresses() {
					out = append(out, a.IP)
				}
			}
		}
	}
	return out
}

// apply brings both hosts, and the routes of the outside to public addresses, up to date.
func (s *site) apply() {
	s.t.Helper()
	for v := range s.vpcs {
		for g := range s.vpcs[v].Groups {
			if gr := &s.vpcs[v].Groups[g]; gr.VPC != "" {
				gr.Members = s.members(gr.ID)
			}
		}
	}
	for n, w := range s.hosts {
		w.host.VPCs = s.view(n)
		w.onHost(w.update)
		if testing.Short() {
			continue
		}
		steps := w.k.LastSteps()
		w.onHost(w.apply)
		if missed := w.k.LastSteps(); len(missed) > 0 {
			s.t.Errorf("Update did\n%s\nand left\n%s", strings.Join(steps, "\n"), strings.Join(missed, "\n"))
		}
	}
	s.routePublic()
}

// routePublic does what the site's own routers do: they know the host of each address.
func (s *site) routePublic() {
	owner := map[netip.Addr]int{}
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			for _, a := range i.Addresses() {
				if a.Public.IsValid() {
					owner[a.Public] = s.at[i.ID]
				}
			}
		}
	}
	for _, g := range []struct {
		in   func(func())
		host int
	}{{s.outside.in, -1}, {s.hosts[0].onHost, 0}, {s.hosts[1].onHost, 1}} {
		g.in(func() {
			eth0 := link(s.t, "eth0").Attrs().Index
			for n := range 14 {
				a := s.public(n)
				_ = netlink.RouteDel(&netlink.Route{Dst: host32(a), LinkIndex: eth0, Priority: 7})
				if h, ok := owner[a]; ok && h != g.host {
					must(s.t, netlink.RouteReplace(&netlink.Route{Dst: host32(a), LinkIndex: eth0, Priority: 7, Gw: s.hosts[h].host.Underlay.AsSlice()}))
				}
			}
		})
	}
}

func host32(a netip.Addr) *net.IPNet { return &net.IPNet{IP: a.AsSlice(), Mask: net.CIDRMask(32, 32)} }

func (s *site) public(n int) netip.Addr {
	a := s.pool.Addr()
	for range n {
		a = a.Next()
	}
	return a
}

// boot makes guests of all interfaces but those of NAT gateways, each with services.
func (s *site) boot() {
	s.t.Helper()
	s.apply()
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			if i.NAT || s.guests[i.ID] != nil {
				continue
			}
			w := s.hosts[s.at[i.ID]]
			var g *guest
			w.onHost(func() { g = w.addGuest(v.ID, i) })
			g.in(func() { must(s.t, run("ip", "link", "set", "eth0", "mtu", "1450")) })
			s.guests[i.ID] = g
			g.serve(i.ID)
		}
	}
	if s.guests[""] == nil {
		s.guests[""] = s.outside
		s.outside.serve("outside")
	}
}

var (
	tcpPorts = []int{22, 80}
	udpPort  = 53
)

// serve answers on each port with the guest's own name.
func (g *guest) serve(name string) {
	var wg sync.WaitGroup
	var open []io.Closer
	g.w.t.Cleanup(func() {
		for _, c := range open {
			c.Close()
		}
		wg.Wait()
	})
	g.in(func() {
		for _, port := range tcpPorts {
			l, err := net.Listen("tcp4", fmt.Sprint(":", port))
			must(g.w.t, err)
			open = append(open, l)
			wg.Go(func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = c.Write([]byte(name))
					c.Close()
				}
			})
		}
		ips := []netip.Addr{{}}
		if g.iface.PrivateIP.IsValid() { // answers by UDP bear the address that was asked
			ips = []netip.Addr{g.iface.PrivateIP, secondary(g.iface)}
			must(g.w.t, run("ip", "addr", "add", ips[1].String()+"/32", "dev", "eth0"))
		}
		for _, ip := range ips {
			u, err := net.ListenUDP("udp4", &net.UDPAddr{IP: ip.AsSlice(), Port: udpPort})
			must(g.w.t, err)
			open = append(open, u)
			wg.Go(func() {
				buf := make([]byte, 64)
				for {
					_, from, err := u.ReadFrom(buf)
					if err != nil {
						return
					}
					_, _ = u.WriteTo([]byte(name), from)
				}
			})
		}
	})
}

// secondary is the one further address that an interface of a site may be given.
func secondary(i plan.Interface) netip.Addr {
	a := i.PrivateIP.As4()
	a[3] += 100
	return netip.AddrFrom4(a)
}

// cell is one square of the matrix: who asks whom for what.
type cell struct {
	from     string // an interface's id, or "" for the outside
	vpc      string
	src, dst netip.Addr
	protocol int
	port     int
}

func (c cell) String() string {
	return fmt.Sprintf("%s (%s) -> %s protocol %d port %d", c.from, c.src, c.dst, c.protocol, c.port)
}

// probe is the cell as the model is asked.
func (c cell) probe() plan.Probe {
	return plan.Probe{VPC: c.vpc, Src: c.src, Dst: c.dst, Protocol: c.protocol, SrcPort: 40000, DstPort: c.port, ICMPType: 8}
}

// cells are all of a site: every interface, and the outside, asks every address.
func (s *site) cells() []cell {
	var out []cell
	targets := map[netip.Addr]bool{addr(outsideIP): true}
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			for _, a := range i.Addresses() {
				targets[a.IP] = !i.NAT || targets[a.IP]
				if a.Public.IsValid() {
					targets[a.Public] = true
				}
			}
		}
	}
	dsts := slices.SortedFunc(maps.Keys(targets), netip.Addr.Compare)
	ask := func(from, vpc string, src netip.Addr) {
		for _, dst := range dsts {
			if dst == src || from != "" && dst == secondary(plan.Interface{PrivateIP: src}) || from == "" && !s.pool.Contains(dst) {
				continue
			}
			for _, p := range tcpPorts {
				out = append(out, cell{from, vpc, src, dst, plan.ProtocolTCP, p})
			}
			out = append(out, cell{from, vpc, src, dst, plan.ProtocolUDP, udpPort}, cell{from, vpc, src, dst, plan.ProtocolICMP, 0})
		}
	}
	for _, v := range s.vpcs {
		for _, i := range v.Interfaces {
			if !i.NAT {
				ask(i.ID, v.ID, i.PrivateIP)
			}
		}
	}
	ask("", "", addr(outsideIP))
	return out
}

// ask sends all of the cells' packets at once, a thread a guest, and returns who answered:
// "" for nobody, "?" where an answer tells no name.
func (s *site) ask(cells []cell, patience time.Duration) map[cell]string {
	by := map[string][]cell{}
	for _, c := range cells {
		by[c.from] = append(by[c.from], c)
	}
	out := map[cell]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for from, list := range by {
		wg.Go(func() {
			var got map[cell]string
			s.guests[from].in(func() { got = askHere(s.t, list, patience) })
			mu.Lock()
			maps.Copy(out, got)
			mu.Unlock()
		})
	}
	wg.Wait()
	return out
}

// pending is a cell's socket.
type pending struct {
	cell cell
	fd   int
	at   int // how far a TCP connection is: 0 connects, 1 reads
}

// askHere asks in the calling thread's namespace.
func askHere(t testing.TB, cells []cell, patience time.Duration) map[cell]string {
	out := map[cell]string{}
	var list []*pending
	icmp, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_ICMP)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer unix.Close(icmp)
	id := uint16(os.Getpid()) ^ uint16(time.Now().UnixNano())
	var pings []cell
	for _, c := range cells {
		to := &unix.SockaddrInet4{Addr: c.dst.As4(), Port: c.port}
		switch c.protocol {
		case plan.ProtocolICMP:
			echo := []byte{8, 0, 0, 0, byte(id >> 8), byte(id), byte(len(pings) >> 8), byte(len(pings))}
			binary.BigEndian.PutUint16(echo[2:], ^sum16(0, echo))
			pings = append(pings, c)
			_ = unix.Sendto(icmp, echo, 0, to)
		default:
			kind := unix.SOCK_STREAM
			if c.protocol == plan.ProtocolUDP {
				kind = unix.SOCK_DGRAM
			}
			fd, err := unix.Socket(unix.AF_INET, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				t.Error(err)
				return nil
			}
			defer unix.Close(fd)
			err = unix.Connect(fd, to)
			if kind == unix.SOCK_DGRAM {
				_, _ = unix.Write(fd, []byte("who"))
				list = append(list, &pending{c, fd, 1})
			} else if err == nil || err == unix.EINPROGRESS {
				list = append(list, &pending{c, fd, 0})
			}
		}
	}
	for end := time.Now().Add(patience); time.Now().Before(end) && len(list)+len(pings) > len(out); {
		fds := []unix.PollFd{{Fd: int32(icmp), Events: unix.POLLIN}}
		for _, p := range list {
			ev := int16(unix.POLLIN)
			if p.at == 0 {
				ev = unix.POLLOUT
			}
			fds = append(fds, unix.PollFd{Fd: int32(p.fd), Events: ev})
		}
		if n, _ := unix.Poll(fds, 50); n <= 0 {
			continue
		}
		if fds[0].Revents != 0 {
			buf := make([]byte, 1500)
			if n, _, err := unix.Recvfrom(icmp, buf, 0); err == nil && n >= 28 && buf[20] == 0 && binary.BigEndian.Uint16(buf[24:]) == id {
				if seq := int(binary.BigEndian.Uint16(buf[26:])); seq < len(pings) {
					out[pings[seq]] = "?"
				}
			}
		}
		list = slices.DeleteFunc(list, func(p *pending) bool {
			i := slices.IndexFunc(fds, func(f unix.PollFd) bool { return f.Fd == int32(p.fd) })
			if fds[i].Revents == 0 {
				return false
			}
			if p.at == 0 {
				if e, err := unix.GetsockoptInt(p.fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil || e != 0 {
					return true
				}
				p.at = 1
				return false
			}
			buf := make([]byte, 64)
			if n, err := unix.Read(p.fd, buf); err == nil && n > 0 {
				out[p.cell] = string(buf[:n])
			}
			return true
		})
	}
	return out
}

// check compares wire and model in every cell, and returns how many cells said yes and no.
func (s *site) check(when string) (allowed, denied int) {
	s.t.Helper()
	cells, model := s.cells(), s.model()
	got := s.ask(cells, 1200*time.Millisecond)
	wrong := s.compare(model, cells, got)
	if len(wrong) > 0 { // busy cores lose time, not packets: once more, with patience
		again := s.ask(wrong, 5*time.Second)
		for _, c := range wrong {
			got[c] = again[c]
		}
		wrong = s.compare(model, wrong, got)
	}
	for n, c := range wrong {
		if n == 10 {
			s.t.Errorf("%s: and %d more", when, len(wrong)-n)
			break
		}
		r := model.Reach(c.probe())
		s.t.Errorf("%s: %s: the wire says %q, the model %v (%s: %s)\n  %s", when, c, got[c], r.Allowed, r.Interface, r.Reason, strings.Join(r.Steps, "\n  "))
	}
	for _, c := range cells {
		if model.Reach(c.probe()).Allowed {
			allowed++
		} else {
			denied++
		}
	}
	return allowed, denied
}

// compare are the cells in which wire and model disagree.
func (s *site) compare(model plan.Site, cells []cell, got map[cell]string) (wrong []cell) {
	for _, c := range cells {
		r := model.Reach(c.probe())
		want := ""
		switch {
		case r.Allowed && r.Interface == "" && c.dst != addr(outsideIP): // outside, where nobody has it
		case r.Allowed && c.protocol == plan.ProtocolICMP:
			want = "?"
		case r.Allowed && r.Interface == "":
			want = "outside"
		case r.Allowed:
			want = r.Interface
		}
		if got[c] != want {
			wrong = append(wrong, c)
		}
	}
	return wrong
}
