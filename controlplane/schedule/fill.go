package schedule

import (
	"container/heap"
	"fmt"
	"iter"
	"slices"
)

// fill places boots in a zone: as many as Max, or as there is room for.
func (p *placer) fill(z *zone) []Spot {
	if p.group == nil || p.group.Strategy != Cluster || len(p.group.domains) > 0 {
		return p.try(z, nil)
	}
	var best []Spot
	tried := map[string]bool{}
	for range maxRacks { // the rack with room for most
		spots := p.try(z, tried)
		if len(spots) > len(best) {
			best = spots
		}
		if len(spots) == 0 || len(spots) == p.r.Max {
			break
		}
		h, _ := p.Get(spots[0].Host)
		tried[h.Rack] = true
	}
	return best
}

// filling is the work on one zone.
type filling struct {
	*placer
	zone  string
	group *members
	slots []Slot
	hand  []*inHand        // a heap, the best first
	held  map[string]*Host // by id, as the boots placed so far leave them
	next  func() (Host, bool)
	fresh int // of hand, those without a boot of this request
	seen  int
	spots []Spot
	avoid map[string]bool // racks
}

type inHand struct {
	*Host
	used bool
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (f *filling) Len() int           { return len(f.hand) }
func (f *filling) Less(i, j int) bool { return f.better(f.hand[i].Host, f.hand[j].Host) < 0 }
func (f *filling) Swap(i, j int)      { f.hand[i], f.hand[j] = f.hand[j], f.hand[i] }
func (f *filling) Push(x any)         { f.hand = append(f.hand, x.(*inHand)) }

// Pop implements heap.Interface.
func (f *filling) Pop() any {
	last := f.hand[len(f.hand)-1]
	f.hand = f.hand[:len(f.hand)-1]
	return last
}

func (p *placer) try(z *zone, avoid map[string]bool) []Spot {
	f := &filling{placer: p, zone: z.name, slots: slices.Clone(p.r.Slots), held: map[string]*Host{}, avoid: avoid}
	if p.group != nil {
		f.group = p.group.clone()
	}
	next, stop := iter.Pull(z.hosts)
	defer stop()
	f.next = next
	for len(f.spots) < p.r.Max && (f.reserved() || !p.r.SlotsOnly && f.room()) {
		continue
	}
	return f.spots
}

// reserved places the next boot in a slot, if one will do.
func (f *filling) reserved() bool {
	for i := range f.slots {
		s := &f.slots[i]
		if s.Count == 0 {
			continue
		}
		h, ok := f.host(s.Host)
		if !ok || h.Zone != f.zone || f.avoid[h.Rack] || f.misplaced(h) != "" {
			s.Count = 0
			continue
		}
		for _, partition := range f.partitions() {
			if f.group == nil || f.group.takes(h, partition) {
				s.Count--
				f.put(h, Spot{Host: h.ID, Partition: partition, Reservation: s.Reservation, Why: "a slot of " + s.Reservation + "; "}, false)
				return true
			}
		}
	}
	return false
}

// host returns a host as the boots placed so far leave it.
func (f *filling) host(id string) (*Host, bool) {
	if h := f.held[id]; h != nil {
		return h, true
	}
	h, ok := f.Get(id)
	if ok {
		f.held[id] = &h
	}
	return &h, ok
}

func (f *filling) partitions() []int {
	if f.group == nil {
		return []int{0}
	}
	return f.group.order(f.zone)
}

// room places the next boot on the best host with room, if there is one.
func (f *filling) room() bool {
	var aside []*inHand
	defer func() {
		for _, h := range aside {
			heap.Push(f, h)
		}
	}()
	order := f.partitions()
	for {
		f.pull(len(aside))
		if len(f.hand) == 0 {
			// Hosts that the first choice of partition could not take may do for another.
			i, partition := f.other(aside, order)
			if i < 0 {
				return false
			}
			h := aside[i]
			aside = slices.Delete(aside, i, i+1)
			f.take(h, partition)
			return true
		}
		h := heap.Pop(f).(*inHand)
		switch {
		case f.unfit(h.Host) != "": // no longer: it has boots of this request
			if !h.used {
				f.fresh--
			}
		case f.group != nil && !f.group.takes(h.Host, order[0]):
			aside = append(aside, h)
		default:
			f.take(h, order[0])
			return true
		}
	}
}

// other finds the first of hosts that takes a boot in a partition, by the order of
// those.
func (f *filling) other(hosts []*inHand, order []int) (index, partition int) {
	for _, partition := range order[1:] {
		if i := slices.IndexFunc(hosts, func(h *inHand) bool { return f.group.takes(h.Host, partition) }); i >= 0 {
			return i, partition
		}
	}
	return -1, 0
}

// pull takes hosts in hand until there are enough to choose from. aside is how many of
// the fresh ones are not in the heap now.
func (f *filling) pull(aside int) {
	for !f.indexed || f.fresh-aside < ahead {
		if f.indexed && f.seen >= enough && len(f.spots) >= f.r.Min {
			return
		}
		found, ok := f.next()
		if !ok {
			return
		}
		f.seen++
		if f.avoid[found.Rack] {
			continue
		}
		h := &found
		if known := f.held[h.ID]; known != nil {
			h = known
		}
		why := f.unfit(h)
		if f.indexed {
			f.e.Hosts, f.e.Some = f.e.Hosts+1, true
			if why != "" {
				f.e.reject(why)
			} else {
				f.e.Fit++
			}
		}
		if why == "" {
			f.held[h.ID] = h
			f.fresh++
			heap.Push(f, &inHand{Host: h})
		}
	}
}

// take puts the next boot on a host of the hand, which is not in the heap.
func (f *filling) take(h *inHand, partition int) {
	why := fmt.Sprintf("%s: %d of %d MiB and %d of %d vCPUs were in use; ", f.e.Strategy, h.UsedMemoryMiB, f.MemoryMiB(h.Host), h.UsedVCPUs, f.VCPUs(h.Host))
	if !h.used {
		h.used = true
		f.fresh--
	}
	f.put(h.Host, Spot{Host: h.ID, Partition: partition, Why: why}, true)
	heap.Push(f, h)
}

// put notes a boot. takesRoom is false for one in a slot, which is counted already.
func (f *filling) put(h *Host, s Spot, takesRoom bool) {
	f.spots = append(f.spots, s)
	h.Boots++
	if takesRoom {
		h.UsedVCPUs += f.r.VCPUs
		h.UsedMemoryMiB += f.r.MemoryMiB
	} else {
		h.Reserved--
	}
	if f.r.Tenancy == Dedicated {
		h.Owner = f.r.Account
	}
	if f.group != nil {
		f.group.add(Member{Host: h.ID, Rack: h.Rack, Zone: h.Zone, Partition: s.Partition, Boots: 1})
	}
}
