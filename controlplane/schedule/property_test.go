package schedule

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// indexed is a List with an index, as the store's.
type indexed struct {
	List
	Policy
}

func (x indexed) Ordered(q Index) (iter.Seq[Host], bool) {
	var out []Host
	p := &placer{Policy: x.Policy, r: &Request{}}
	for _, h := range x.List {
		if h.Zone == q.Zone && h.Arch == q.Arch && h.Owner == q.Owner && h.Allocated == "" && h.Up && !h.Closed && p.left(&h) >= q.MemoryMiB {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b Host) int {
		if q.Strategy == Pack {
			return p.left(&a) - p.left(&b)
		}
		return p.load(&a) - p.load(&b)
	})
	return slices.Values(out), true
}

const account = "111111111111"

func drawHost(t *rapid.T, i int, p Policy) Host {
	h := Host{
		ID:        fmt.Sprintf("h%02d", i),
		Zone:      rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "zone"),
		Rack:      rapid.SampledFrom([]string{"", "", "r1", "r2", "r3"}).Draw(t, "rack"),
		Arch:      rapid.SampledFrom([]string{"x86_64", "x86_64", "x86_64", "arm64"}).Draw(t, "arch"),
		Accel:     rapid.SampledFrom([]string{"kvm", "tcg"}).Draw(t, "accel"),
		Up:        rapid.IntRange(0, 5).Draw(t, "up") > 0,
		Closed:    rapid.IntRange(0, 5).Draw(t, "closed") == 0,
		VCPUs:     rapid.IntRange(1, 16).Draw(t, "vcpus"),
		MemoryMiB: rapid.IntRange(256, 8192).Draw(t, "mem"),
		VCPURatio: rapid.SampledFrom([]int{0, 0, 1, 8}).Draw(t, "own ratio"),
		// Memory promised twice, too.
		MemoryPercent: rapid.SampledFrom([]int{0, 0, 80, 150}).Draw(t, "own percent"),
	}
	switch rapid.IntRange(0, 5).Draw(t, "use") {
	case 0:
	case 1:
		h.Allocated = rapid.SampledFrom([]string{account, "222222222222"}).Draw(t, "allocated")
	case 2:
		h.Owner, h.Boots = rapid.SampledFrom([]string{account, "222222222222"}).Draw(t, "owner"), 1
		fallthrough
	default:
		h.UsedVCPUs = rapid.IntRange(0, p.VCPUs(&h)).Draw(t, "usedcpu")
		h.UsedMemoryMiB = rapid.IntRange(0, p.MemoryMiB(&h)).Draw(t, "usedmem")
		h.Boots = max(h.Boots, rapid.IntRange(0, 3).Draw(t, "boots"))
		if h.Boots == 0 && h.UsedVCPUs+h.UsedMemoryMiB > 0 {
			h.Reserved = rapid.IntRange(1, 3).Draw(t, "reserved")
		}
	}
	return h
}

func drawGroup(t *rapid.T, hosts List) *Group {
	if rapid.Bool().Draw(t, "no group") {
		return nil
	}
	g := &Group{Strategy: GroupStrategy(rapid.IntRange(0, 3).Draw(t, "group"))}
	if g.Strategy == Partition {
		g.Partitions = rapid.IntRange(1, 7).Draw(t, "partitions")
		g.Partition = rapid.IntRange(0, g.Partitions).Draw(t, "partition")
	}
	m := g.members()
	for _, h := range hosts { // some that keep to the group's rules already
		partition := 0
		if g.Strategy == Partition {
			partition = rapid.IntRange(1, g.Partitions).Draw(t, "member's")
		}
		if rapid.IntRange(0, 3).Draw(t, "member") == 0 && m.takes(&h, partition) {
			x := Member{Host: h.ID, Rack: h.Rack, Zone: h.Zone, Partition: partition, Boots: 1}
			m.add(x)
			g.Members = append(g.Members, x)
		}
	}
	return g
}

func drawRequest(t *rapid.T, hosts List) Request {
	r := Request{
		Account:   account,
		Zones:     rapid.SampledFrom([][]string{nil, {"a"}, {"b", "a"}, {"c", "b", "a"}}).Draw(t, "zones"),
		Hosts:     rapid.SampledFrom([][]string{nil, nil, nil, {"h00"}, {"h01", "h00"}}).Draw(t, "hosts"),
		Arch:      "x86_64",
		Accel:     rapid.SampledFrom([]string{"", "", "kvm"}).Draw(t, "needs"),
		VCPUs:     rapid.IntRange(1, 4).Draw(t, "v"),
		MemoryMiB: rapid.IntRange(128, 2048).Draw(t, "m"),
		Min:       rapid.IntRange(1, 6).Draw(t, "min"),
		Tenancy:   Tenancy(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(t, "tenancy")),
		Group:     drawGroup(t, hosts),
	}
	r.Max = r.Min + rapid.IntRange(0, 6).Draw(t, "more")
	if r.Tenancy == OnHost {
		r.Hosts = []string{}
		for _, h := range hosts {
			if h.Allocated == account {
				r.Hosts = append(r.Hosts, h.ID)
			}
		}
	}
	for _, h := range hosts {
		if h.Reserved > 0 && rapid.Bool().Draw(t, "slot") {
			r.Slots = append(r.Slots, Slot{Reservation: "cr-" + h.ID, Host: h.ID, Count: rapid.IntRange(1, h.Reserved).Draw(t, "slots")})
		}
	}
	r.SlotsOnly = r.Slots != nil && rapid.Bool().Draw(t, "slots only")
	return r
}

// TestPlaceProperties holds for any view and request, with an index and without: no host
// gets more than it has or what it must not have; tenancies and placement groups hold; the
// count is between Min and Max; the explanation adds up; the answer is the same each time.
// Without a group or slots, a refusal and a smaller number than Max are right, as counting
// by brute force shows.
func TestPlaceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := Policy{
			Strategy:      rapid.SampledFrom([]Strategy{"", Spread, Pack}).Draw(t, "strategy"),
			VCPURatio:     rapid.IntRange(0, 4).Draw(t, "ratio"),
			MemoryPercent: rapid.SampledFrom([]int{0, 100, 120}).Draw(t, "percent"),
		}
		var hosts List
		for i := range rapid.IntRange(0, 12).Draw(t, "hosts") {
			hosts = append(hosts, drawHost(t, i, policy))
		}
		r := drawRequest(t, hosts)
		for _, v := range []View{{hosts, policy}, {indexed{hosts, policy}, policy}} {
			p, e := Place(v, r)
			if p2, e2 := Place(v, r); !cmp.Equal(p, p2) || !cmp.Equal(e, e2) {
				t.Fatalf("two answers: %v and %v", p, p2)
			}
			holds(t, hosts, policy, r, p)
			rejected := 0
			for _, n := range e.Rejected {
				rejected += n
			}
			if rejected+e.Fit != e.Hosts {
				t.Fatalf("%d hosts rejected and %d fit, of %d", rejected, e.Fit, e.Hosts)
			}
			if _, byIndex := v.Hosts.(indexed); !byIndex && r.Hosts == nil && e.Hosts != len(hosts) {
				t.Fatalf("%d hosts of %d were looked at", e.Hosts, len(hosts))
			}
			if r.Group == nil && r.Slots == nil {
				if want := mostIn(hosts, policy, r); len(p.Spots) != want {
					t.Fatalf("%T: placed %d, there was room for %d: %v", v.Hosts, len(p.Spots), want, e)
				}
			}
		}
	})
}

// mostIn counts by brute force how many boots there is room for in the best zone.
func mostIn(hosts List, policy Policy, r Request) int {
	most := map[string]int{}
	for _, h := range hosts {
		for n := 0; n < r.Max && may(h, r) && policy.left(h) >= r.MemoryMiB && policy.VCPUs(&h)-h.UsedVCPUs >= r.VCPUs; n++ {
			most[h.Zone]++
			h.UsedVCPUs += r.VCPUs
			h.UsedMemoryMiB += r.MemoryMiB
			h.Boots++
			if r.Tenancy == Dedicated {
				h.Owner = r.Account
			}
		}
	}
	room := 0
	for _, n := range most {
		room = max(room, min(n, r.Max))
	}
	if room < r.Min {
		return 0
	}
	return room
}

func (p Policy) left(h Host) int { return p.MemoryMiB(&h) - h.UsedMemoryMiB }

// may says in other words than the program whether a host may have a boot of a request.
func may(h Host, r Request) bool {
	if !h.Up || h.Closed || h.Arch != r.Arch || r.Accel != "" && h.Accel != r.Accel || r.VCPUs > max(h.VCPUs, 2) ||
		len(r.Zones) > 0 && !slices.Contains(r.Zones, h.Zone) || r.Hosts != nil && !slices.Contains(r.Hosts, h.ID) {
		return false
	}
	switch r.Tenancy {
	case OnHost:
		return h.Allocated == r.Account
	case Whole:
		return h.Allocated == "" && h.Boots == 0 && h.Reserved == 0
	case Dedicated:
		return h.Allocated == "" && (h.Owner == r.Account || h.Owner == "" && h.Boots == 0 && h.Reserved == 0)
	}
	return h.Allocated == "" && h.Owner == ""
}

// holds puts boots on their hosts one by one, and holds each step against the rules.
func holds(t *rapid.T, hosts List, policy Policy, r Request, p Placement) {
	if n := len(p.Spots); n > r.Max || n > 0 && n < r.Min {
		t.Fatalf("placed %d, asked for %d to %d", n, r.Min, r.Max)
	}
	slots := map[string]int{}
	for _, s := range r.Slots {
		slots[s.Reservation] += s.Count
	}
	now := map[string]Host{}
	for _, h := range hosts {
		now[h.ID] = h
	}
	var members []Member
	if r.Group != nil {
		members = slices.Clone(r.Group.Members)
	}
	for _, s := range p.Spots {
		h := now[s.Host]
		if h.Zone != p.Zone {
			t.Fatalf("%s is not in %s", h.ID, p.Zone)
		}
		if s.Reservation != "" {
			if slots[s.Reservation]--; slots[s.Reservation] < 0 || s.Reservation != "cr-"+h.ID || !h.Up || h.Closed || h.Arch != r.Arch {
				t.Fatalf("%+v takes a slot that is not there", s)
			}
			h.Reserved--
		} else {
			if r.SlotsOnly || !may(h, r) {
				t.Fatalf("%s must not have %+v: %+v", h.ID, r, h)
			}
			h.UsedVCPUs += r.VCPUs
			h.UsedMemoryMiB += r.MemoryMiB
		}
		if h.UsedVCPUs > policy.VCPUs(&h) || policy.left(h) < 0 {
			t.Fatalf("%s has more than it can hold: %+v", h.ID, h)
		}
		h.Boots++
		if r.Tenancy == Dedicated {
			h.Owner = r.Account
		}
		now[h.ID] = h
		if r.Group != nil {
			members = append(members, Member{Host: h.ID, Rack: h.Rack, Zone: h.Zone, Partition: s.Partition, Boots: 1})
			grouped(t, r.Group, members)
		}
	}
}

// grouped holds members, the newest last, against their group's rules.
func grouped(t *rapid.T, g *Group, members []Member) {
	last := members[len(members)-1]
	inZone := 0
	for i, m := range members {
		if m.Zone == last.Zone {
			inZone++
		}
		if i == len(members)-1 {
			continue
		}
		together := m.Host == last.Host || m.Zone == last.Zone && m.Rack != "" && m.Rack == last.Rack
		switch {
		case g.Strategy == Cluster && (m.Zone != last.Zone || m.Rack != last.Rack),
			g.Strategy == SpreadRack && together,
			g.Strategy == SpreadHost && m.Host == last.Host,
			g.Strategy == Partition && together && m.Partition != last.Partition:
			t.Fatalf("against the group: %+v beside %+v", last, m)
		}
	}
	switch {
	case g.Strategy == SpreadRack && inZone > MaxSpread:
		t.Fatalf("%d of a spread group in %s", inZone, last.Zone)
	case g.Strategy == Partition && (last.Partition < 1 || last.Partition > g.Partitions || g.Partition != 0 && last.Partition != g.Partition):
		t.Fatalf("partition %d of %d, wanted %d", last.Partition, g.Partitions, g.Partition)
	case g.Strategy != Partition && last.Partition != 0:
		t.Fatalf("partition %d without partitions", last.Partition)
	}
}

func BenchmarkPlace(b *testing.B) {
	var hosts List
	for i := range 1000 {
		hosts = append(hosts, host(fmt.Sprintf("h%04d", i), "a", 64, 262144))
	}
	for b.Loop() {
		Place(View{Hosts: hosts}, Request{VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	}
}
