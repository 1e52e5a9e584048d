package schedule

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// The bounds of a search through an index: ADR 0090 says why they cost nothing.
const (
	ahead    = 8    // untouched hosts in hand before one is chosen
	enough   = 2048 // hosts looked at, after which as many boots as are placed will do
	samples  = 1000 // hosts looked at to explain a refusal
	maxRacks = 16   // racks tried for a cluster placement group
)

// Place decides where the boots of a request go: as many as Max, or as there is room
// for in the zone that has most; none if that is less than Min. Among zones with room
// enough it is the one whose emptiest host is the emptiest, so that work spreads over
// zones. The same view and request always give the same answer.
func Place(v View, r Request) (Placement, Explanation) {
	p := &placer{Hosts: v.Hosts, Policy: v.Policy, r: &r, e: Explanation{Wanted: r.Min, Strategy: cmp.Or(v.Policy.Strategy, Spread)}}
	if r.Group != nil {
		p.group = r.Group.members()
	}
	best := Placement{}
	for _, z := range p.zones() {
		spots := p.fill(z)
		if len(spots) > len(best.Spots) {
			best = Placement{Zone: z.name, Spots: spots}
		}
		if len(spots) == r.Max {
			break
		}
	}
	p.e.Room = len(best.Spots)
	if p.e.Room < r.Min || p.e.Room == 0 {
		p.survey()
		return Placement{}, p.e
	}
	said := p.e.String()
	for i := range best.Spots {
		best.Spots[i].Why += said
	}
	return best, p.e
}

// placer is the work on one request.
type placer struct {
	Hosts
	Policy
	r       *Request
	group   *members
	indexed bool
	e       Explanation
}

// zone is one that boots may go to.
type zone struct {
	name  string
	slots int
	hosts iter.Seq[Host] // those to be taken first coming first; every one is still to be checked
	head  *Host          // the emptiest
}

// zones returns the zones to try, the best first: those with reserved room, then those
// with the emptiest host.
func (p *placer) zones() []*zone {
	var out []*zone
	if !p.fromIndex() {
		out = p.fromAll()
	} else {
		for _, name := range p.r.Zones {
			out = append(out, &zone{name: name, hosts: p.ordered(name, p.e.Strategy)})
		}
	}
	for _, s := range p.r.Slots {
		h, ok := p.Get(s.Host)
		if !ok || p.misplaced(&h) != "" {
			continue
		}
		i := slices.IndexFunc(out, func(z *zone) bool { return z.name == h.Zone })
		if i < 0 {
			i = len(out)
			out = append(out, &zone{name: h.Zone, hosts: func(func(Host) bool) {}})
		}
		out[i].slots = min(p.r.Max, out[i].slots+s.Count)
	}
	if len(out) > 1 && p.indexed {
		for _, z := range out {
			p.findHead(z)
		}
	}
	slices.SortStableFunc(out, func(a, b *zone) int {
		return cmp.Or(cmp.Compare(b.slots, a.slots), p.emptier(a.head, b.head), cmp.Compare(a.name, b.name))
	})
	return out
}

// fromIndex reports whether there is an index for the request.
func (p *placer) fromIndex() bool {
	if p.r.Hosts == nil && len(p.r.Zones) > 0 {
		_, p.indexed = p.Ordered(Index{Zone: p.r.Zones[0], Arch: p.r.Arch, Strategy: Spread})
	}
	return p.indexed
}

// ordered yields the hosts of a zone through the index.
func (p *placer) ordered(zone string, s Strategy) iter.Seq[Host] {
	x := Index{Zone: zone, Arch: p.r.Arch, Strategy: s, MemoryMiB: p.r.MemoryMiB}
	if p.r.Tenancy == Shared {
		hosts, _ := p.Ordered(x)
		return hosts
	}
	// What has an owner, then hosts with nothing on them: the emptiest are first.
	own := x
	own.Owner = p.r.Account
	x.Strategy = Spread
	return func(yield func(Host) bool) {
		if p.r.Tenancy == Dedicated {
			hosts, _ := p.Ordered(own)
			for h := range hosts {
				if !yield(h) {
					return
				}
			}
		}
		hosts, _ := p.Ordered(x)
		for h := range hosts {
			if !h.empty() || !yield(h) {
				return
			}
		}
	}
}

func (p *placer) findHead(z *zone) {
	hosts, _ := p.Ordered(Index{Zone: z.name, Arch: p.r.Arch, Strategy: Spread})
	for h := range hosts {
		z.head = &h
		return
	}
}

// fromAll goes through every host, and counts those that will not do by the reason.
func (p *placer) fromAll() []*zone {
	found := map[string][]Host{}
	p.e.Named = p.r.Hosts != nil
	for h := range p.source() {
		p.e.Hosts++
		if why := p.unfit(&h); why != "" {
			p.e.reject(why)
			continue
		}
		p.e.Fit++
		found[h.Zone] = append(found[h.Zone], h)
	}
	var out []*zone
	for _, name := range slices.Sorted(maps.Keys(found)) {
		hosts := found[name]
		head := slices.MinFunc(hosts, func(a, b Host) int { return p.emptier(&a, &b) })
		slices.SortFunc(hosts, func(a, b Host) int { return p.better(&a, &b) })
		out = append(out, &zone{name: name, hosts: slices.Values(hosts), head: &head})
	}
	return out
}

// source yields the hosts that are in question.
func (p *placer) source() iter.Seq[Host] {
	if p.r.Hosts == nil {
		return p.All()
	}
	return func(yield func(Host) bool) {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(p.r.Hosts))) {
			if h, ok := p.Get(id); ok && !yield(h) {
				return
			}
		}
	}
}

// survey explains a refusal that an index gave.
func (p *placer) survey() {
	if !p.indexed {
		return
	}
	room := p.e.Room
	p.e = Explanation{Wanted: p.r.Min, Strategy: p.e.Strategy, Room: room}
	for h := range p.All() {
		if p.e.Hosts == samples {
			p.e.Some = true
			break
		}
		p.e.Hosts++
		if why := p.unfit(&h); why != "" {
			p.e.reject(why)
		} else {
			p.e.Fit++
		}
	}
}

// misplaced says why no boot of the request may be on a host, whatever room it has;
// empty if it may.
func (p *placer) misplaced(h *Host) string {
	switch {
	case p.r.Hosts != nil && !slices.Contains(p.r.Hosts, h.ID):
		return noHost
	case len(p.r.Zones) > 0 && !slices.Contains(p.r.Zones, h.Zone):
		return noZone
	case !h.Up:
		return noUp
	case h.Closed:
		return noClosed
	case p.r.Arch != "" && h.Arch != p.r.Arch:
		return noArch
	case p.r.Accel != "" && h.Accel != p.r.Accel:
		return noAccel
	case p.group != nil && !p.group.may(h):
		return noGroup
	}
	return ""
}

// unfit says why a host cannot take one boot of the request, empty if it can.
func (p *placer) unfit(h *Host) string {
	if why := p.misplaced(h); why != "" {
		return why
	}
	switch t := p.r.Tenancy; {
	case t == OnHost && h.Allocated != p.r.Account, t != OnHost && h.Allocated != "":
		return noAllocated
	case t == Shared && h.Owner != "", t == Dedicated && h.Owner != "" && h.Owner != p.r.Account:
		return noOwner
	case t == Whole && !h.empty(), t == Dedicated && h.Owner == "" && !h.empty():
		return noEmpty
	}
	return p.short(h)
}

// short says what a host has too little of, empty if it has enough.
func (p *placer) short(h *Host) string {
	switch {
	case p.MemoryMiB(h)-h.UsedMemoryMiB < p.r.MemoryMiB:
		return noMemory
	// A guest cannot have more processors than its host: the ratio is for many guests,
	// not for one wide one. One more would only wait for the others.
	case p.r.VCPUs > max(h.VCPUs, 2) || p.VCPUs(h)-h.UsedVCPUs < p.r.VCPUs:
		return noVCPUs
	}
	return ""
}

func (p *placer) load(h *Host) int {
	return Load(h.UsedVCPUs, p.VCPUs(h), h.UsedMemoryMiB, p.MemoryMiB(h))
}

func (p *placer) left(h *Host) int { return p.MemoryMiB(h) - h.UsedMemoryMiB }

// emptier compares hosts as Spread does. No host comes after any.
func (p *placer) emptier(a, b *Host) int {
	if a == nil || b == nil {
		return cmp.Compare(boolInt(a == nil), boolInt(b == nil))
	}
	return cmp.Or(cmp.Compare(p.load(a), p.load(b)), cmp.Compare(a.Boots, b.Boots), cmp.Compare(p.left(b), p.left(a)), cmp.Compare(a.ID, b.ID))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// better is negative if a is to be taken before b. A dedicated boot fills its account's
// hosts first: each further one is lost to everybody else.
func (p *placer) better(a, b *Host) int {
	if p.r.Tenancy == Dedicated && (a.Owner == "") != (b.Owner == "") {
		return cmp.Compare(boolInt(a.Owner == ""), boolInt(b.Owner == ""))
	}
	if p.e.Strategy == Pack {
		return cmp.Or(cmp.Compare(p.left(a), p.left(b)), cmp.Compare(a.ID, b.ID))
	}
	return p.emptier(a, b)
}
