package nemesis

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// nemesis makes trouble: what, when and where follows from the seed alone.
type nemesis struct {
	c       *cluster
	rest    time.Duration // the longest between two faults
	all     []fault
	counter *counter
	rng     *rand.Rand
	down    map[*server]bool
	off     map[*host]bool
	seen    map[string]int
}

// fault is one kind of trouble. It may do nothing where there is nothing to break.
type fault struct {
	name string
	do   func(*nemesis)
}

var faults = []fault{
	{"heal", (*nemesis).heal}, {"heal", (*nemesis).heal}, {"heal", (*nemesis).heal},
	{"partition", (*nemesis).partition}, {"partition one-way", (*nemesis).oneWay},
	{"isolate the leader", func(n *nemesis) { n.isolate(n.leader()) }},
	{"mute the leader", func(n *nemesis) { n.mute(n.leader()) }},
	{"deafen the leader", func(n *nemesis) { n.deafen(n.leader()) }},
	{"crash the leader", func(n *nemesis) { n.crash(n.leader()) }},
	{"crash a server", func(n *nemesis) { n.crash(n.server()) }},
	{"crash all servers", (*nemesis).blackout},
	{"stop a server", (*nemesis).stop},
	{"start servers", (*nemesis).start}, {"start servers", (*nemesis).start}, {"start servers", (*nemesis).start},
	{"slow disk", (*nemesis).slowDisk},
	{"clock jumps", (*nemesis).clock},
	{"transfer leadership", (*nemesis).transfer}, {"snapshot", (*nemesis).snapshot},
	{"cut streams", (*nemesis).cutStreams}, {"repeat reports", (*nemesis).repeat},
	{"isolate a host", (*nemesis).isolateHost},
	{"power off a host", (*nemesis).powerOff}, {"power on hosts", (*nemesis).powerOn}, {"power on hosts", (*nemesis).powerOn},
	{"restart an agent", (*nemesis).restartAgent},
	{"kill a guest", (*nemesis).killGuest}, {"guest powers off", (*nemesis).guestOff},
	{"libvirtd away", (*nemesis).libvirt},
	{"migrate a guest", (*nemesis).migrate}, {"migrate a guest", (*nemesis).migrate}, {"migrate a guest", (*nemesis).migrate},
}

// storms are what a leader with many calls in flight is to stand: it is asked to hand over
// again and again, to servers that cannot take over.
var storms = []fault{
	{"transfer leadership", (*nemesis).transfer}, {"transfer leadership", (*nemesis).transfer}, {"transfer leadership", (*nemesis).transfer},
	{"hand over to the dead", (*nemesis).handOver}, {"hand over to the dead", (*nemesis).handOver}, {"hand over to the dead", (*nemesis).handOver},
	{"heal", (*nemesis).heal}, {"heal", (*nemesis).heal}, {"partition", (*nemesis).partition}, {"partition one-way", (*nemesis).oneWay},
	{"mute the leader", func(n *nemesis) { n.mute(n.leader()) }}, {"isolate the leader", func(n *nemesis) { n.isolate(n.leader()) }},
	{"crash the leader", func(n *nemesis) { n.crash(n.leader()) }}, {"start servers", (*nemesis).start}, {"start servers", (*nemesis).start},
	{"slow disk", (*nemesis).slowDisk}, {"clock jumps", (*nemesis).clock}, {"snapshot", (*nemesis).snapshot},
}

func newNemesis(c *cluster) *nemesis {
	return &nemesis{c: c, rest: 3 * time.Second, all: faults, counter: newCounter(c), rng: rand.New(rand.NewPCG(c.seed, 0x6e656d65)), down: map[*server]bool{}, off: map[*host]bool{}, seen: map[string]int{}}
}

// rage makes trouble for some time.
func (n *nemesis) rage(d time.Duration) {
	for end := time.Now().Add(d); ; {
		time.Sleep(time.Duration(n.rng.Int64N(int64(n.rest))))
		if time.Now().After(end) {
			return
		}
		f := n.all[n.rng.IntN(len(n.all))]
		n.c.note("%s", f.name)
		n.seen[f.name]++
		f.do(n)
	}
}

// calm ends all trouble.
func (n *nemesis) calm() {
	n.c.note("calm")
	n.heal()
	n.start()
	n.powerOn()
	for _, s := range n.c.servers {
		s.slow.Store(0)
		s.skew.Store(0)
	}
	for _, h := range n.c.hosts {
		h.repeat.Store(0)
		h.libvirt(true)
	}
}

func (n *nemesis) server() *server { return n.c.servers[n.rng.IntN(len(n.c.servers))] }
func (n *nemesis) host() *host     { return n.c.hosts[n.rng.IntN(len(n.c.hosts))] }

// leader is who leads now, or any server.
func (n *nemesis) leader() *server {
	any := n.server() // whoever leads: what comes next does not depend on it
	if s := n.c.leading(); s != nil {
		return s
	}
	return any
}

// nodes are all that are on the network.
func (n *nemesis) nodes() (all []string) {
	for _, s := range n.c.servers {
		all = append(all, s.name)
	}
	for _, h := range n.c.hosts {
		all = append(all, h.name)
	}
	return all
}

func (n *nemesis) heal() { n.c.net.Heal() }

// partition splits everything in two.
func (n *nemesis) partition() {
	side := map[string]bool{}
	for _, name := range n.nodes() {
		side[name] = n.rng.IntN(2) == 0
	}
	for a := range side {
		for b := range side {
			if side[a] != side[b] {
				n.c.net.Cut(a, b)
			}
		}
	}
}

func (n *nemesis) oneWay() {
	all := n.nodes()
	for range 1 + n.rng.IntN(4) {
		n.c.net.Cut(all[n.rng.IntN(len(all))], all[n.rng.IntN(len(all))])
	}
}

func (n *nemesis) mute(s *server) {
	for _, o := range n.c.servers {
		n.c.net.Cut(s.name, o.name)
	}
}

func (n *nemesis) deafen(s *server) {
	for _, o := range n.c.servers {
		n.c.net.Cut(o.name, s.name)
	}
}

// isolate cuts a server off the others; hosts and users still reach it.
func (n *nemesis) isolate(s *server) { n.mute(s); n.deafen(s) }

func (n *nemesis) crash(s *server) {
	if !n.down[s] {
		n.down[s] = true
		n.c.note("crash %s", s.name)
		s.crash()
	}
}

func (n *nemesis) blackout() {
	for _, s := range n.c.servers {
		n.crash(s)
	}
}

func (n *nemesis) stop() {
	if s := n.server(); !n.down[s] {
		n.down[s] = true
		s.stop()
	}
}

func (n *nemesis) start() {
	for _, s := range n.c.servers {
		if n.down[s] {
			n.down[s] = false
			s.start(s == n.c.servers[0])
		}
	}
}

func (n *nemesis) slowDisk() {
	n.server().slow.Store(int64(n.rng.IntN(1500)+1) * int64(time.Millisecond))
}

// clock lets a server's wall clock jump: ten minutes ahead or back, or to the right time.
func (n *nemesis) clock() {
	n.server().skew.Store(int64(n.rng.IntN(3)-1) * int64(10*time.Minute))
}

func (n *nemesis) transfer() {
	if p := n.leader().process(); p != nil {
		p.transfer()
	}
}

// handOver kills a follower, and asks the leader at once to hand over, to that one.
// For the moment that it takes to find out, Raft takes no entry; those sent after it are
// built on what was not taken.
func (n *nemesis) handOver() {
	for _, s := range n.c.servers {
		if s != n.c.leading() && !n.down[s] {
			n.crash(s) // Raft hands over to the first that has everything
			break
		}
	}
	n.transfer()
	n.counter.burst(n.rng, 4)
}

func (n *nemesis) snapshot() {
	if p := n.server().process(); p != nil {
		p.wg.Go(func() { _ = p.node.Snapshot() }) // the server stops only after it
	}
}

func (n *nemesis) cutStreams() { n.reset(n.host()) }

// reset breaks a host's connections to servers.
func (n *nemesis) reset(h *host) {
	for _, s := range n.c.servers {
		n.c.net.Reset(h.name, s.name)
	}
}

func (n *nemesis) repeat() { n.host().repeat.Store(int64(n.rng.IntN(100))) }

func (n *nemesis) isolateHost() {
	h := n.host()
	for _, s := range n.c.servers {
		n.c.net.Cut(h.name, s.name)
		if n.rng.IntN(3) > 0 {
			n.c.net.Cut(s.name, h.name)
		}
	}
}

func (n *nemesis) powerOff() {
	if h := n.host(); !n.off[h] {
		n.off[h] = true
		h.powerOff()
	}
}

func (n *nemesis) powerOn() {
	for _, h := range n.c.hosts {
		if n.off[h] {
			n.off[h] = false
			h.powerOn()
		}
	}
}

func (n *nemesis) restartAgent() {
	h := n.host()
	h.stopAgent()
	h.startAgent()
}

// guest picks one of a host.
func (n *nemesis) guest() (*machine, string) {
	h, pick := n.host(), n.rng.IntN(1000)
	m, all := h.on(), h.guests()
	if m == nil || len(all) == 0 {
		return nil, ""
	}
	return m, all[pick%len(all)].Instance
}

func (n *nemesis) killGuest() {
	if m, i := n.guest(); m != nil {
		m.Crash(i)
	}
}

func (n *nemesis) guestOff() {
	if m, i := n.guest(); m != nil {
		m.PowerOff(i)
	}
}

func (n *nemesis) libvirt() { n.host().libvirt(n.rng.IntN(2) == 0) }

// String lists what was done, for the log.
func (n *nemesis) String() string { return fmt.Sprint(n.seen) }
