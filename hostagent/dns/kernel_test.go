package dns

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/internal/testkit"
)

// world is two VPCs' namespaces with the same addresses, and a guest in the first.
type world struct{ vpc, twin, guest *nstest.NS }

func newWorld(t *testing.T) *world {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip")
	name := func(s string) string { return fmt.Sprintf("mt-dns%d-%s", os.Getpid(), s) }
	w := &world{nstest.New(t, name("v")), nstest.New(t, name("w")), nstest.New(t, name("g"))}
	w.vpc.MustIP(t, "link add br0 type bridge", "addr add 172.31.0.1/20 dev br0", "link set br0 up", "addr add 169.254.169.253/32 dev lo", "addr add 172.31.0.2/32 dev lo")
	w.twin.MustIP(t, "addr add 169.254.169.253/32 dev lo", "addr add 172.31.0.2/32 dev lo")
	if err := nstest.Join(w.vpc, "tapa", w.guest, "02:00:00:00:00:05"); err != nil {
		t.Fatal(err)
	}
	w.vpc.MustIP(t, "link set tapa master br0")
	w.guest.MustIP(t, "addr add 172.31.0.5/20 dev eth0", "route add default via 172.31.0.1")
	return w
}

func (w *world) serve(t *testing.T, v *fakeVPCs, up string) (stop func()) {
	t.Helper()
	s := New(Config{VPCs: v, Resolvers: []string{up}, InNamespace: func(id string, fn func() error) error {
		if id == testVPC {
			return w.vpc.Do(fn)
		}
		return w.twin.Do(fn)
	}})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for id := range v.vpcs {
		wg.Go(func() {
			if err := s.Serve(ctx, id); err != nil {
				t.Error(err)
			}
		})
	}
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

// query asks from a namespace.
func query(t *testing.T, ns *nstest.NS, network, server string, q *dns.Msg) (*dns.Msg, error) {
	t.Helper()
	c, err := ns.Dial(nil)(t.Context(), network, server+":53")
	if err != nil {
		return nil, err
	}
	co := &dns.Conn{Conn: c}
	defer co.Close()
	_ = co.SetDeadline(time.Now().Add(2 * time.Second))
	if o := q.IsEdns0(); o != nil {
		co.UDPSize = o.UDPSize()
	}
	if err := co.WriteMsg(q); err != nil {
		return nil, err
	}
	return co.ReadMsg()
}

func (w *world) wait(t *testing.T, ns *nstest.NS) {
	t.Helper()
	testkit.Wait(t, 10*time.Second, "the resolver", func() bool {
		_, err := query(t, ns, "tcp4", "169.254.169.253", question(domain+".", dns.TypeA))
		return err == nil
	})
}

func TestGuestsAsk(t *testing.T) {
	w := newWorld(t)
	v := &fakeVPCs{}
	v.set(newVPC(testVPC, "ip-172-31-0-5."+domain, "172.31.0.5", "shared."+domain, "172.31.0.6"))
	v.set(newVPC("vpc-twin", "shared."+domain, "172.31.0.7", "secret."+domain, "172.31.0.8"))
	up := newResolver(t)
	w.serve(t, v, up.addr)
	w.wait(t, w.guest)
	w.wait(t, w.twin)
	for _, network := range []string{"udp4", "tcp4"} {
		for _, server := range []string{"169.254.169.253", "172.31.0.2"} {
			t.Run(network+" "+server, func(t *testing.T) {
				for _, c := range []struct{ name, want string }{
					{"ip-172-31-0-5." + domain + ".", "172.31.0.5"}, {"shared." + domain + ".", "172.31.0.6"}, {"www.example.org.", "192.0.2.80"},
				} {
					m, err := query(t, w.guest, network, server, question(c.name, dns.TypeA))
					if err != nil || len(m.Answer) != 1 || m.Answer[0].(*dns.A).A.String() != c.want {
						t.Errorf("%s: %v %v", c.name, m, err)
					}
				}
				m, err := query(t, w.guest, network, server, question("secret."+domain+".", dns.TypeA))
				if err != nil || m.Rcode != dns.RcodeNameError {
					t.Errorf("the twin's name: %v %v", m, err)
				}
			})
		}
	}
	if m, err := query(t, w.twin, "udp4", "172.31.0.2", question("shared."+domain+".", dns.TypeA)); err != nil || m.Answer[0].(*dns.A).A.String() != "172.31.0.7" {
		t.Errorf("the twin's own: %v %v", m, err)
	}
}

func TestTruncation(t *testing.T) {
	w := newWorld(t)
	v := &fakeVPCs{}
	v.set(newVPC(testVPC))
	w.serve(t, v, newResolver(t).addr)
	w.wait(t, w.guest)
	big := func(edns uint16) *dns.Msg {
		q := question("big.example.org.", dns.TypeTXT)
		if edns > 0 {
			q.SetEdns0(edns, false)
		}
		return q
	}
	for _, c := range []struct {
		network string
		edns    uint16
		most    int
		cut     bool
	}{{"udp4", 0, 512, true}, {"udp4", 100, 512, true}, {"udp4", 1232, 1232, true}, {"udp4", 65000, 1232, true}, {"tcp4", 0, 65535, false}} {
		m, err := query(t, w.guest, c.network, "172.31.0.2", big(c.edns))
		if err != nil {
			t.Fatal(err)
		}
		m.Compress = true
		if m.Truncated != c.cut || m.Len() > c.most || !c.cut && len(m.Answer) != 200 {
			t.Errorf("%s, EDNS %d: truncated %v, %d bytes, %d answers", c.network, c.edns, m.Truncated, m.Len(), len(m.Answer))
		}
		if (m.IsEdns0() != nil) != (c.edns > 0) {
			t.Errorf("%s, EDNS %d: the answer's EDNS is %v", c.network, c.edns, m.IsEdns0())
		}
	}
}

func TestSupportOffNamesChangeRestart(t *testing.T) {
	w := newWorld(t)
	v := &fakeVPCs{}
	off := newVPC(testVPC)
	off.DnsSupport = false
	v.set(off)
	up := newResolver(t)
	stop := w.serve(t, v, up.addr)
	q := question("new."+domain+".", dns.TypeA)
	if m, err := query(t, w.guest, "udp4", "172.31.0.2", q); err == nil {
		t.Errorf("with DNS support off: %v", m)
	}
	v.set(newVPC(testVPC))
	w.wait(t, w.guest)
	if m, err := query(t, w.guest, "udp4", "172.31.0.2", q); err != nil || m.Rcode != dns.RcodeNameError {
		t.Errorf("before the name is there: %v %v", m, err)
	}
	v.set(newVPC(testVPC, "new."+domain, "172.31.0.9"))
	if m, err := query(t, w.guest, "udp4", "172.31.0.2", q); err != nil || len(m.Answer) != 1 {
		t.Errorf("at once after it is: %v %v", m, err)
	}
	held, err := w.guest.Dial(nil)(t.Context(), "tcp4", "172.31.0.2:53")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	began := time.Now()
	stop() // the guest's open connection does not hold it up
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("stopping took %v", took)
	}
	stop = w.serve(t, v, up.addr)
	w.wait(t, w.guest)
	v.set(off)
	testkit.Wait(t, 10*time.Second, "the resolver to go", func() bool {
		_, err := query(t, w.guest, "udp4", "172.31.0.2", q)
		return err != nil
	})
	stop()
}
