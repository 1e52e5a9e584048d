// Package schedule decides which hosts take new boots. Place is a pure function of
// what the hosts have left and what is asked for; it never gives a host more than
// it has, and it explains itself in words that a user can act on.
package schedule

import (
	"cmp"
	"iter"
	"slices"
)

// Host is what the scheduler knows of one host.
type Host struct {
	ID     string
	Zone   string
	Rack   string // as the operator says; empty is not known
	Arch   string
	Accel  string // kvm, tcg or sim
	Up     bool
	Closed bool // cordoned or draining

	VCPUs, MemoryMiB int // physical
	// VCPURatio and MemoryPercent are the host's own overcommit; 0 is the policy's.
	VCPURatio, MemoryPercent int

	// What boots and reserved capacity hold of it already.
	UsedVCPUs     int
	UsedMemoryMiB int
	Boots         int
	Reserved      int // how many boots it is to keep room for

	Owner     string // the one account whose dedicated boots may be here; empty if there are none
	Allocated string // the account that has it as a Dedicated Host; empty is none
}

// empty reports whether nothing is on the host, nor will be.
func (h *Host) empty() bool { return h.Boots == 0 && h.Reserved == 0 && h.Allocated == "" }

// Hosts is where Place finds hosts. Its answers may not change while Place runs.
type Hosts interface {
	// Get returns the host of an id.
	Get(id string) (Host, bool)
	// All yields every host, in the order of ids.
	All() iter.Seq[Host]
	// Ordered yields the hosts of an index, those to be taken first coming first, and
	// ok. Hosts that certainly cannot be taken may be missing. Without an index ok is
	// false, and Place goes through All.
	Ordered(x Index) (hosts iter.Seq[Host], ok bool)
}

// Index names hosts that may be taken alike, and their order.
type Index struct {
	Zone, Arch string
	Owner      string   // of dedicated boots; empty: hosts that are open to all
	Strategy   Strategy // Spread: least Load first; Pack: least memory left first
	MemoryMiB  int      // hosts with less left are not wanted
}

// List is Hosts without an index, in the order of ids.
type List []Host

// Get implements Hosts.
func (l List) Get(id string) (Host, bool) {
	i := slices.IndexFunc(l, func(h Host) bool { return h.ID == id })
	if i < 0 {
		return Host{}, false
	}
	return l[i], true
}

// All implements Hosts.
func (l List) All() iter.Seq[Host] { return slices.Values(l) }

// Ordered implements Hosts: there is no index.
func (List) Ordered(Index) (iter.Seq[Host], bool) { return nil, false }

// View is the state that a decision rests on.
type View struct {
	Hosts  Hosts
	Policy Policy
}

// Strategy says which of several hosts with room is taken.
type Strategy string

// The strategies. Spread takes the emptiest host, so that a host's death hurts few;
// Pack the one with least memory left, so that large instances still find room.
const (
	Spread Strategy = "spread"
	Pack   Strategy = "pack"
)

// What is given out of a host if the operator says nothing: most guests' processors
// idle, their memory does not.
const (
	DefaultVCPURatio     = 16
	DefaultMemoryPercent = 100
)

// Policy is the operator's.
type Policy struct {
	Strategy      Strategy // empty is Spread
	VCPURatio     int      // vCPUs for each processor; 0 is DefaultVCPURatio
	MemoryPercent int      // of the memory; 0 is DefaultMemoryPercent
}

// VCPUs is how many vCPUs a host gives out.
func (p Policy) VCPUs(h *Host) int {
	return h.VCPUs * cmp.Or(h.VCPURatio, p.VCPURatio, DefaultVCPURatio)
}

// MemoryMiB is how much memory a host gives out.
func (p Policy) MemoryMiB(h *Host) int {
	return h.MemoryMiB * cmp.Or(h.MemoryPercent, p.MemoryPercent, DefaultMemoryPercent) / 100
}

// full is the Load of a host that has nothing left.
const full = 1_000_000

// Load is how full a host is, from 0 (nothing is on it) to a million, rounded up: of
// memory or vCPUs, whichever is scarcer.
func Load(usedVCPUs, vcpus, usedMiB, mib int) int {
	of := func(used, all int) int {
		switch {
		case used <= 0:
			return 0
		case used >= all:
			return full
		}
		return (used*full + all - 1) / all
	}
	return max(of(usedVCPUs, vcpus), of(usedMiB, mib))
}

// Tenancy says with whom boots may share a host.
type Tenancy int

// The tenancies.
const (
	Shared    Tenancy = iota
	Dedicated         // with dedicated boots of the same account
	OnHost            // on a Dedicated Host that the account has: Request.Hosts
	Whole             // with nothing: a host of its own, to become a Dedicated Host
)

// Request asks for between Min and Max boots of one size, all in one zone.
type Request struct {
	Account   string
	Zones     []string // where it may go; empty is any
	Hosts     []string // the only hosts that will do, such as the root volume's; nil is any
	Arch      string
	Accel     string // that the host must have; empty is any
	VCPUs     int
	MemoryMiB int
	Min, Max  int
	Tenancy   Tenancy
	Group     *Group
	// Slots are capacity reservations' that the boots may take, in the order in which
	// they are to be taken. SlotsOnly leaves all other room alone.
	Slots     []Slot
	SlotsOnly bool
}

// Slot is room on a host that a capacity reservation keeps for a number of boots of the
// request's size.
type Slot struct {
	Reservation string
	Host        string
	Count       int
}

// Spot is where one boot goes.
type Spot struct {
	Host        string
	Partition   int    // of the placement group, from 1; 0 is none
	Reservation string // whose slot it takes; empty is none
	Why         string
}

// Placement is where boots go, all in one zone. It has no spots if fewer than the
// request's Min have room.
type Placement struct {
	Zone  string
	Spots []Spot
}
