// Package schedule decides which hosts take new boots. Place is a pure function of
// what the hosts have left and what is asked for; it never gives a host more than
// it has, and it explains itself in words that a user can act on.
package schedule

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Host is what the scheduler knows of one host.
type Host struct {
	ID        string
	Zone      string
	Arch      string
	Up        bool
	VCPUs     int // physical, before Policy.VCPURatio
	MemoryMiB int

	// What boots hold of it already.
	UsedVCPUs     int
	UsedMemoryMiB int
	Boots         int
}

// View is the state that a decision rests on.
type View struct {
	Hosts  []Host
	Policy Policy
}

// Strategy says which of several hosts with room is taken.
type Strategy string

// The strategies. Spread takes the emptiest host, so that a host's death hurts few;
// Pack the fullest, so that large instances still find room.
const (
	Spread Strategy = "spread"
	Pack   Strategy = "pack"
)

// DefaultVCPURatio is how many vCPUs are given out for one processor of a host if the
// operator says nothing: most guests idle. Memory is never given out twice.
const DefaultVCPURatio = 16

// Policy is the operator's.
type Policy struct {
	Strategy  Strategy // empty is Spread
	VCPURatio int      // vCPUs per processor; 0 is DefaultVCPURatio
}

// Request asks for between Min and Max boots of one size, all in one zone.
type Request struct {
	Zones     []string // where it may go; empty is any
	Host      string   // the only host that will do, such as the root volume's; empty is any
	Arch      string
	VCPUs     int
	MemoryMiB int
	Min, Max  int
}

// Placement is where boots go: one host for each, all in one zone. It is empty if
// fewer than the request's Min have room.
type Placement struct {
	Zone  string
	Hosts []string
}

// Explanation says how the decision came about.
type Explanation struct {
	Hosts    int            // how many there are
	Fit      int            // how many had room for one at least, in any allowed zone
	Rejected map[string]int // hosts by why they had not
	Room     int            // how many boots the best zone had room for, at most Max
	Wanted   int            // Min
	Each     []string       // for each placed boot, why there
	Strategy Strategy
}

// Reasons for which a host is passed over, in the order in which they are told.
const (
	noUp     = "down"
	noZone   = "in other zones"
	noHost   = "not the one with the root volume"
	noArch   = "of another architecture"
	noMemory = "without memory"
	noVCPUs  = "without vCPUs"
)

var reasonOrder = []string{noUp, noZone, noHost, noArch, noMemory, noVCPUs}

// String tells the decision in one sentence, such as "3 of 8 hosts have room: 3 down,
// 2 without memory".
func (e Explanation) String() string {
	var b strings.Builder
	switch {
	case e.Hosts == 0:
		return "there are no hosts"
	case e.Fit == 1:
		fmt.Fprintf(&b, "1 of %d hosts has room", e.Hosts)
	default:
		fmt.Fprintf(&b, "%d of %d hosts have room", e.Fit, e.Hosts)
	}
	sep := ": "
	for _, r := range reasonOrder {
		if n := e.Rejected[r]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", sep, n, r)
			sep = ", "
		}
	}
	if e.Fit > 0 && e.Room < e.Wanted {
		fmt.Fprintf(&b, "; room for %d of %d in one zone", e.Room, e.Wanted)
	}
	return b.String()
}

// Place decides where the boots of a request go: as many as Max, or as there is room
// for in the zone that has most; none if that is less than Min. Among zones with room
// enough it is the one with most memory left, so that work spreads over zones. The same
// view and request always give the same answer.
func Place(v View, r Request) (Placement, Explanation) {
	e := Explanation{Hosts: len(v.Hosts), Rejected: map[string]int{}, Wanted: r.Min, Strategy: cmp.Or(v.Policy.Strategy, Spread)}
	zones := map[string][]Host{}
	for _, h := range v.Hosts {
		if why := reject(v.Policy, h, r); why != "" {
			e.Rejected[why]++
			continue
		}
		e.Fit++
		zones[h.Zone] = append(zones[h.Zone], h)
	}
	best := ""
	for _, z := range zoneOrder(zones) {
		room := 0
		for _, h := range zones[z] {
			room = min(r.Max, room+roomFor(v.Policy, h, r))
		}
		if room > e.Room {
			best, e.Room = z, room
		}
	}
	if e.Room < r.Min || e.Room == 0 {
		return Placement{}, e
	}
	p := Placement{Zone: best}
	hosts := zones[best]
	for range e.Room {
		i := pick(v.Policy, hosts, r)
		h := &hosts[i]
		p.Hosts = append(p.Hosts, h.ID)
		e.Each = append(e.Each, fmt.Sprintf("%s: %d of %d MiB and %d of %d vCPUs were in use; %s", e.Strategy, h.UsedMemoryMiB, h.MemoryMiB, h.UsedVCPUs, capacity(v.Policy, *h), e))
		h.UsedVCPUs += r.VCPUs
		h.UsedMemoryMiB += r.MemoryMiB
		h.Boots++
	}
	return p, e
}

// zoneOrder returns the zones to try, those with most memory left first.
func zoneOrder(zones map[string][]Host) []string {
	free := func(z string) (n int) {
		for _, h := range zones[z] {
			n += h.MemoryMiB - h.UsedMemoryMiB
		}
		return n
	}
	return slices.SortedFunc(maps.Keys(zones), func(a, b string) int {
		return cmp.Or(cmp.Compare(free(b), free(a)), cmp.Compare(a, b))
	})
}

// capacity is how many vCPUs a host gives out.
func capacity(p Policy, h Host) int { return h.VCPUs * cmp.Or(p.VCPURatio, DefaultVCPURatio) }

// reject says why a host cannot take one boot of the request, empty if it can.
func reject(p Policy, h Host, r Request) string {
	switch {
	case r.Host != "" && h.ID != r.Host:
		return noHost
	case len(r.Zones) > 0 && !slices.Contains(r.Zones, h.Zone):
		return noZone
	case !h.Up:
		return noUp
	case r.Arch != "" && h.Arch != r.Arch:
		return noArch
	case h.MemoryMiB-h.UsedMemoryMiB < r.MemoryMiB:
		return noMemory
	// A guest cannot have more processors than its host: the ratio is for many guests,
	// not for one wide one. One more would only wait for the others.
	case r.VCPUs > max(h.VCPUs, 2) || capacity(p, h)-h.UsedVCPUs < r.VCPUs:
		return noVCPUs
	}
	return ""
}

// roomFor is how many boots of the request a host can take, at most Max.
func roomFor(p Policy, h Host, r Request) int {
	n := r.Max
	if r.MemoryMiB > 0 {
		n = min(n, (h.MemoryMiB-h.UsedMemoryMiB)/r.MemoryMiB)
	}
	if r.VCPUs > 0 {
		n = min(n, (capacity(p, h)-h.UsedVCPUs)/r.VCPUs)
	}
	return n
}

// pick returns the index of the host that takes the next boot. One of them has room.
func pick(p Policy, hosts []Host, r Request) int {
	best := -1
	for i, h := range hosts {
		if reject(p, h, r) != "" {
			continue
		}
		if best < 0 || better(p, h, hosts[best]) {
			best = i
		}
	}
	return best
}

// better reports whether a is to be taken before b. Fullness is compared as fractions
// of memory without dividing, so that it is exact.
func better(p Policy, a, b Host) bool {
	c := cmp.Compare(a.UsedMemoryMiB*b.MemoryMiB, b.UsedMemoryMiB*a.MemoryMiB)
	if p.Strategy == Pack {
		c = -c
	} else {
		c = cmp.Or(c, cmp.Compare(a.Boots, b.Boots), cmp.Compare(b.MemoryMiB, a.MemoryMiB))
	}
	return cmp.Or(c, cmp.Compare(a.ID, b.ID)) < 0
}
