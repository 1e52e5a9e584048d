package kernel_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
)

// stream is numbered datagrams from one guest to another, one every streamPace.
type stream struct {
	name string
	out  *net.UDPConn
	in   *net.UDPConn
	stop chan struct{}
	wg   sync.WaitGroup

	mu   sync.Mutex
	sent uint64
	got  map[uint64]bool
}

const streamPace = 2 * time.Millisecond

// newStream sends from a guest to an address, where a listener hears it.
func newStream(t *testing.T, name string, from *guest, to netip.AddrPort, at *guest, local netip.Addr) *stream {
	t.Helper()
	s := &stream{name: name, stop: make(chan struct{}), got: map[uint64]bool{}}
	at.in(func() {
		var err error
		s.in, err = net.ListenUDP("udp4", &net.UDPAddr{IP: local.AsSlice(), Port: int(to.Port())})
		must(t, err)
		must(t, s.in.SetReadBuffer(4<<20)) // what waits for a busy processor is not lost
	})
	from.in(func() {
		var err error
		s.out, err = net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(to))
		must(t, err)
	})
	s.wg.Go(func() {
		tick := time.NewTicker(streamPace)
		defer tick.Stop()
		for {
			select {
			case <-s.stop:
				return
			case <-tick.C:
			}
			s.mu.Lock()
			s.sent++
			n := s.sent
			s.mu.Unlock()
			_, _ = s.out.Write(binary.BigEndian.AppendUint64(nil, n)) // what cannot be sent does not arrive either
		}
	})
	s.wg.Go(func() {
		buf := make([]byte, 64)
		for {
			n, err := s.in.Read(buf)
			if err != nil {
				return
			}
			if n == 8 {
				s.mu.Lock()
				s.got[binary.BigEndian.Uint64(buf)] = true
				s.mu.Unlock()
			}
		}
	})
	t.Cleanup(s.end)
	return s
}

func (s *stream) end() {
	select {
	case <-s.stop:
	default:
		close(s.stop)
		s.in.Close()
		s.wg.Wait()
		s.out.Close()
	}
}

func (s *stream) number() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// goesOn waits until what is sent from now on arrives, and returns how many of those after a
// number did not, and how many at most of them in a row.
func (s *stream) goesOn(t *testing.T, after uint64) (lost, row int) {
	t.Helper()
	from := s.number()
	testkit.Wait(t, 10*time.Second, "what is sent to arrive: "+s.name, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for n := range s.got {
			if n > from+20 {
				return true
			}
		}
		return false
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	now := 0
	for n := after + 1; n <= from; n++ {
		if s.got[n] {
			now = 0
			continue
		}
		lost++
		now++
		row = max(row, now)
	}
	return lost, row
}

// restartable is a site with streams over each kind of way, and one that is not let in.
func restartable(t *testing.T) (s *site, open []*stream, shut *stream) {
	s = newSite(t)
	s.threeVPCs()
	v := s.vpc(vpcID(vpcA))
	v.Groups[0].Ingress = []plan.Rule{udpFrom(1001, everywhere), udpFrom(1002, everywhere), udpFrom(1003, everywhere)}
	v.Groups[1].Ingress = v.Groups[0].Ingress
	v.Subnets[2].ACL = ""
	s.vpc(vpcID(vpcB)).Groups[0].Ingress = []plan.Rule{udpFrom(1004, everywhere)}
	s.apply()
	guests := map[string]*guest{}
	for _, ip := range []string{"10.1.1.10", "10.1.2.10", "10.1.2.11", "10.11.3.10", "10.2.2.11"} {
		for _, v := range s.vpcs {
			for _, i := range v.Interfaces {
				if w := s.hosts[s.at[i.ID]]; i.PrivateIP == addr(ip) && guests[ip] == nil {
					w.onHost(func() { guests[ip] = w.addGuest(v.ID, i) })
				}
			}
		}
	}
	a1, a2, far, a3, b := guests["10.1.1.10"], guests["10.1.2.10"], guests["10.1.2.11"], guests["10.11.3.10"], guests["10.2.2.11"]
	to := func(a netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a, port) }
	open = []*stream{
		newStream(t, "to another subnet", a2, to(a3.iface.PrivateIP, 1001), a3, netip.Addr{}),
		newStream(t, "to another host", a2, to(far.iface.PrivateIP, 1002), far, netip.Addr{}),
		newStream(t, "from outside to an Elastic IP", s.outside, to(a1.iface.PublicIP, 1003), a1, netip.Addr{}),
		newStream(t, "to a peer on another host", a2, to(b.iface.PrivateIP, 1004), b, netip.Addr{}),
		newStream(t, "by a NAT gateway", a2, to(addr(outsideIP), 1005), s.outside, netip.Addr{}),
	}
	shut = newStream(t, "what nobody lets in", a2, to(far.iface.PrivateIP, 1006), far, netip.Addr{})
	for _, st := range open {
		st.goesOn(t, 0)
	}
	return s, open, shut
}

// made is what hosts' namespaces have that rebuilt ones would have anew: links' numbers and
// tracked connections' ids.
func (s *site) made() string {
	var out strings.Builder
	for n, w := range s.hosts {
		for _, v := range w.host.VPCs {
			fmt.Fprintln(&out, n, v.ID)
			for _, line := range strings.Split(w.sh(v.ID, "ip", "-o", "link"), "\n") {
				out.WriteString(strings.Join(strings.Fields(line)[:min(2, len(strings.Fields(line)))], " ") + "\n")
			}
			var ids []string
			for _, line := range strings.Split(w.sh(v.ID, "conntrack", "-L", "-p", "udp", "-o", "id"), "\n") {
				if at := strings.Index(line, " id="); at >= 0 && strings.Contains(line, "dport=100") {
					ids = append(ids, line[at:])
				}
			}
			slices.Sort(ids)
			fmt.Fprintln(&out, ids)
		}
	}
	return out.String()
}

// TestRestartKeepsPacketsFlowing: agents are killed and come again under streams of packets,
// with nothing to do and in the midst of changes, after any step. Nothing is made anew that
// is there, nothing is lost where nothing was to be done, and what is let in by nobody stays out.
func TestRestartKeepsPacketsFlowing(t *testing.T) {
	s, open, shut := restartable(t)
	mark := func() (out []uint64) {
		for _, st := range open {
			out = append(out, st.number())
		}
		return out
	}
	begun, before := mark(), s.made()
	for range 3 {
		for _, w := range s.hosts {
			w.again()
			w.onHost(w.apply)
			if steps := w.k.LastSteps(); len(steps) > 0 {
				t.Errorf("a new agent on a settled host did %q", steps)
			}
		}
	}
	for n, st := range open {
		if lost, _ := st.goesOn(t, begun[n]); lost > 0 {
			t.Errorf("%s: %d of %d were lost in restarts with nothing to do", st.name, lost, st.number()-begun[n])
		}
	}
	if after := s.made(); after != before {
		t.Errorf("something was made anew:\n%s\nbefore:\n%s", after, before)
	}

	// Killed after each step of a change, now here, now there.
	begun = mark()
	v := s.vpc(vpcID(vpcA))
	rules, acl, kills := v.Groups[0].Ingress, v.ACLs[0].Ingress, 0
	variants := []func(){
		func() { v.Groups[0].Ingress = append(slices.Clone(rules), tcpFrom(99, sgID(webA))) },
		func() { v.Groups[0].Ingress, v.ACLs[0].Ingress = rules, append(slices.Clone(acl), acl...) },
		func() {
			v.Subnets[0].Routes = append(slices.Clone(v.Subnets[0].Routes), to("172.16.0.0/12", eniID(natENI)))
		},
		func() {
			v.Interfaces = append(slices.Clone(v.Interfaces), plan.Interface{ID: eniID(0xa77), SubnetID: subnetID(a2), MAC: mac(0xa77), PrivateIP: addr("10.1.2.77"), Groups: []string{sgID(dbA)}, SourceDestCheck: true})
			s.at[eniID(0xa77)] = 1
		},
		func() {
			v.Interfaces, v.ACLs[0].Ingress = v.Interfaces[:len(v.Interfaces)-1], acl
			v.Subnets[0].Routes = v.Subnets[0].Routes[:len(v.Subnets[0].Routes)-1]
		},
	}
	for _, change := range variants {
		change()
		for n, w := range s.hosts {
			w.host.VPCs = s.view(n)
			d, err := plan.Build(w.host)
			must(t, err)
			for step := 0; ; step++ {
				w.again()
				w.k.CrashAfter(1) // so that each process does one more step, and dies
				w.onHost(func() { err = w.k.Apply(t.Context(), d) })
				if err == nil {
					break
				}
				if kills++; !errors.Is(err, kernel.ErrCrash) || step > 100 {
					t.Fatalf("after %d steps: %v", step, err)
				}
			}
			w.again()
			w.onHost(w.apply)
		}
	}
	for n, st := range open {
		lost, row := st.goesOn(t, begun[n])
		t.Logf("%s: %d of %d lost in %d kills, %v in a row", st.name, lost, st.number()-begun[n], kills, time.Duration(row)*streamPace)
		if time.Duration(row)*streamPace >= time.Second {
			t.Errorf("%s: lost for %v", st.name, time.Duration(row)*streamPace)
		}
	}
	shut.mu.Lock()
	defer shut.mu.Unlock()
	if len(shut.got) > 0 || shut.sent < 100 {
		t.Errorf("%d of %d that nobody lets in arrived", len(shut.got), shut.sent)
	}
}
