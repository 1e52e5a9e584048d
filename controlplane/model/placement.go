package model

import (
	"maps"
	"time"
)

// HostUsage is what boots and reserved capacity hold of a host, kept by the lifecycle
// package in the transactions that begin and end them.
type HostUsage struct {
	ID        string // the host's
	VCPUs     int
	MemoryMiB int
	Boots     int

	// What capacity reservations keep free.
	Reserved          int // slots
	ReservedVCPUs     int
	ReservedMemoryMiB int

	// Dedicated counts the boots and slots with dedicated tenancy. While there are any,
	// nothing but the Owner's dedicated boots may be on the host.
	Dedicated int
	Owner     string // an account

	// Allocation is the Dedicated Host that this host is, of account AllocatedTo.
	Allocation  string
	AllocatedTo string

	Room Room
}

// Room is where the index of hosts has a host: what it could take, as far as that was
// known when the row was last written. Who finds a host by it looks at the host itself.
type Room struct {
	Region, Zone, Arch string
	Open               bool // it is up, takes new boots, and is no Dedicated Host
	VCPUs, MemoryMiB   int  // all that it gives out
	Load               int  // schedule.Load
	LeftMiB            int
}

// RemovedHost is a host that was taken out of the cluster: it may not register again.
type RemovedHost struct {
	ID      string
	Name    string
	Removed time.Time
}

// DedicatedHost is a host that one account has for itself: EC2's "h-" resource.
type DedicatedHost struct {
	ID string // h-...
	Owned
	Zone           string
	Host           string // the model's Host; empty when released
	InstanceType   string // one of these two is set
	InstanceFamily string
	AutoPlacement  string // on or off
	HostRecovery   string // on or off; kept and shown, nothing acts on it
	Maintenance    string // on or off; likewise
	ClientToken    string
	Allocated      time.Time
	Released       time.Time // zero while it is allocated; shown for an hour longer
	Tags           Tags
}

// PlacementGroup says how instances are to lie to each other.
type PlacementGroup struct {
	ID string // pg-...
	Owned
	Name        string
	Strategy    string // cluster, spread or partition
	Partitions  int    // of a partition group
	SpreadLevel string // rack or host, of a spread group
	Created     time.Time
	Tags        Tags
}

// GroupHost counts a placement group's boots on a host, kept by the lifecycle package.
type GroupHost struct {
	ID        string // GroupHostID(group, host)
	Group     string
	Host      string
	Partition int // 0 without partitions
	Boots     int
}

// GroupHostID names what a placement group has on a host.
func GroupHostID(group, host string) string { return group + "/" + host }

// The states of a capacity reservation.
const (
	ReservationActive    = "active"
	ReservationExpired   = "expired"
	ReservationCancelled = "cancelled"
)

// CapacityReservation keeps room for instances of a type in a zone.
type CapacityReservation struct {
	ID string // cr-...
	Owned
	Zone         string
	InstanceType string
	Arch         string
	Accel        string // as Placement's
	Platform     string
	Tenancy      string // default or dedicated
	EBSOptimized bool
	Ephemeral    bool
	Match        string // open or targeted
	VCPUs        int    // of each slot
	MemoryMiB    int
	Total        int       // how many instances it is for
	End          time.Time // zero is unlimited
	State        string
	Created      time.Time
	Ended        time.Time // when it was cancelled or expired
	Tags         Tags

	// Slots and Used are written by the lifecycle package: free slots by host, and how
	// many boots have one. Together they are Total, unless hosts were lost and there was
	// no room elsewhere.
	Slots map[string]int
	Used  int
}

// Available is how many instances could be started in the reservation.
func (r *CapacityReservation) Available() (n int) {
	for _, free := range r.Slots {
		n += free
	}
	return n
}

// CloneSlots returns a copy of Slots that may be changed.
func (r *CapacityReservation) CloneSlots() map[string]int {
	if r.Slots == nil {
		return map[string]int{}
	}
	return maps.Clone(r.Slots)
}
