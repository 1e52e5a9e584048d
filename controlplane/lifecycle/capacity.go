package lifecycle

import (
	"iter"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// few is how many hosts a region may have for the scheduler to look at each: up to
// there that is as fast as the index, and the explanation names them all.
const few = 64

// View returns what the scheduler decides on: the hosts of a region, with what they
// have left.
func View(r store.Reader, region string, policy schedule.Policy) schedule.View {
	h := &hosts{r: r, region: region}
	n := 0
	for range h.rows() {
		if n++; n > few {
			h.many = true
			break
		}
	}
	return schedule.View{Hosts: h, Policy: policy}
}

// hosts is schedule.Hosts over the store.
type hosts struct {
	r      store.Reader
	region string
	many   bool
}

func (s *hosts) rows() iter.Seq[*model.Host] {
	return store.Hosts.Prefix(s.r, "zone", store.Key(s.region, ""))
}

// Get implements schedule.Hosts.
func (s *hosts) Get(id string) (schedule.Host, bool) {
	h := store.Hosts.Get(s.r, id)
	if h == nil || h.Region != s.region {
		return schedule.Host{}, false
	}
	u := usage(s.r, id)
	return toHost(h, &u), true
}

// All implements schedule.Hosts. The order is that of zones and ids.
func (s *hosts) All() iter.Seq[schedule.Host] {
	return func(yield func(schedule.Host) bool) {
		for h := range s.rows() {
			if u := usage(s.r, h.ID); !yield(toHost(h, &u)) {
				return
			}
		}
	}
}

// Ordered implements schedule.Hosts.
func (s *hosts) Ordered(x schedule.Index) (iter.Seq[schedule.Host], bool) {
	if !s.many {
		return nil, false
	}
	index, from := "spread", 0
	if x.Strategy == schedule.Pack {
		index, from = "pack", x.MemoryMiB
	}
	prefix := store.Key(s.region, x.Zone, x.Arch, x.Owner, "")
	return func(yield func(schedule.Host) bool) {
		for u := range store.HostUsage.Range(s.r, index, prefix, store.RoomKey(s.region, x.Zone, x.Arch, x.Owner, from)) {
			if h := store.Hosts.Get(s.r, u.ID); h != nil && !yield(toHost(h, u)) {
				return
			}
		}
	}, true
}

func toHost(h *model.Host, u *model.HostUsage) schedule.Host {
	return schedule.Host{
		ID: h.ID, Zone: h.Zone, Rack: h.Rack, Arch: h.Arch, Accel: h.Accel, Up: h.Up, Closed: h.Cordoned || h.Draining,
		VCPUs: h.VCPUs, MemoryMiB: h.MemoryMiB, VCPURatio: h.VCPURatio, MemoryPercent: h.MemoryPercent,
		UsedVCPUs: u.VCPUs + u.ReservedVCPUs, UsedMemoryMiB: u.MemoryMiB + u.ReservedMemoryMiB, Boots: u.Boots, Reserved: u.Reserved,
		Owner: u.Owner, Allocated: u.AllocatedTo,
	}
}

func usage(r store.Reader, host string) model.HostUsage {
	if u := store.HostUsage.Get(r, host); u != nil {
		return *u
	}
	return model.HostUsage{ID: host}
}

// Size is what a boot takes of its host, and how much of the network it may have.
type Size struct {
	VCPUs, MemoryMiB int
	Network          model.NetworkSize
}

// change writes what is held of a host, and where the index has it.
func change(tx *store.Tx, u model.HostUsage) error {
	if u.Dedicated == 0 {
		u.Owner = ""
	}
	r := &u.Room
	r.LeftMiB = r.MemoryMiB - u.MemoryMiB - u.ReservedMemoryMiB
	r.Load = schedule.Load(u.VCPUs+u.ReservedVCPUs, r.VCPUs, u.MemoryMiB+u.ReservedMemoryMiB, r.MemoryMiB)
	return store.HostUsage.Put(tx, &u)
}

// Indexed reports whether the index of hosts has a host as it is.
func Indexed(r store.Reader, policy schedule.Policy, id string) bool {
	u := usage(r, id)
	return u.Room == roomOf(r, policy, &u)
}

// Index brings the index of hosts up to date with a host's row.
func Index(tx *store.Tx, policy schedule.Policy, id string) error {
	u := usage(tx, id)
	room := roomOf(tx, policy, &u)
	switch {
	case u.Room == room:
		return nil
	case store.Hosts.Get(tx, id) == nil && u == (model.HostUsage{ID: id, Room: u.Room}):
		return store.HostUsage.Delete(tx, id)
	}
	u.Room = room
	return change(tx, u)
}

func roomOf(r store.Reader, policy schedule.Policy, u *model.HostUsage) model.Room {
	row := store.Hosts.Get(r, u.ID)
	if row == nil {
		return model.Room{}
	}
	h := toHost(row, u)
	out := model.Room{
		Region: row.Region, Zone: row.Zone, Arch: row.Arch, Open: h.Up && !h.Closed && h.Allocated == "",
		VCPUs: policy.VCPUs(&h), MemoryMiB: policy.MemoryMiB(&h),
	}
	out.LeftMiB = out.MemoryMiB - h.UsedMemoryMiB
	out.Load = schedule.Load(h.UsedVCPUs, out.VCPUs, h.UsedMemoryMiB, out.MemoryMiB)
	return out
}

// Allocate makes a host the Dedicated Host of an id, for an account; without an id it
// is everybody's again.
func Allocate(tx *store.Tx, host, id, account string) error {
	if store.Hosts.Get(tx, host) == nil {
		return nil // it is gone
	}
	u := usage(tx, host)
	u.Allocation, u.AllocatedTo = id, account
	if id != "" {
		u.Room.Open = false // from now on; the control loop opens it again
	}
	return change(tx, u)
}

// ReleasedShown is how long a Dedicated Host that was released is shown.
const ReleasedShown = time.Hour

// ForgetReleased deletes the Dedicated Hosts that were released long ago.
func ForgetReleased(tx *store.Tx) error {
	for d := range store.DedicatedHosts.List(tx) {
		if !d.Released.IsZero() && tx.Now().Sub(d.Released) >= ReleasedShown {
			if err := store.DedicatedHosts.Delete(tx, d.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// hold takes what a boot needs: its host's capacity, or a slot of its reservation, and
// its place in the placement group.
func hold(tx *store.Tx, b *model.Boot) error {
	if b.Reservation != "" {
		if err := takeSlot(tx, b.Reservation, b.Host); err != nil {
			return err
		}
	}
	u := usage(tx, b.Host)
	u.Boots++
	u.VCPUs += b.VCPUs
	u.MemoryMiB += b.MemoryMiB
	if b.Dedicated {
		u.Dedicated++
		u.Owner = b.Account
	}
	if err := change(tx, u); err != nil {
		return err
	}
	return joinGroup(tx, b, 1)
}

// letGoOf gives back what a boot held.
func letGoOf(tx *store.Tx, b *model.Boot) error {
	u := usage(tx, b.Host)
	u.Boots--
	u.VCPUs -= b.VCPUs
	u.MemoryMiB -= b.MemoryMiB
	if b.Dedicated {
		u.Dedicated--
	}
	if u.Boots <= 0 && store.Hosts.Get(tx, b.Host) == nil {
		if err := store.HostUsage.Delete(tx, b.Host); err != nil {
			return err
		}
	} else if err := change(tx, u); err != nil {
		return err
	}
	if err := joinGroup(tx, b, -1); err != nil || b.Reservation == "" {
		return err
	}
	return giveSlot(tx, b.Reservation, b.Host)
}

// joinGroup counts a boot in its placement group.
func joinGroup(tx *store.Tx, b *model.Boot, n int) error {
	if b.Group == "" {
		return nil
	}
	row := model.GroupHost{ID: model.GroupHostID(b.Group, b.Host), Group: b.Group, Host: b.Host, Partition: b.Partition}
	if old := store.GroupHosts.Get(tx, row.ID); old != nil {
		row = *old
	}
	if row.Boots += n; row.Boots <= 0 {
		return store.GroupHosts.Delete(tx, row.ID)
	}
	return store.GroupHosts.Put(tx, &row)
}

// GroupOf returns a placement group as the scheduler knows it, whatever the partition.
func GroupOf(r store.Reader, g *model.PlacementGroup) *schedule.Group {
	out := &schedule.Group{Strategy: schedule.Cluster, Partitions: g.Partitions, Members: members(r, g.ID)}
	switch {
	case g.Strategy == "partition":
		out.Strategy = schedule.Partition
	case g.Strategy == "spread" && g.SpreadLevel == "host":
		out.Strategy = schedule.SpreadHost
	case g.Strategy == "spread":
		out.Strategy = schedule.SpreadRack
	}
	return out
}

// members returns where the boots of a placement group are.
func members(r store.Reader, group string) []schedule.Member {
	var out []schedule.Member
	for g := range store.GroupHosts.By(r, "group", group) {
		m := schedule.Member{Host: g.Host, Partition: g.Partition, Boots: g.Boots}
		if h := store.Hosts.Get(r, g.Host); h != nil {
			m.Rack, m.Zone = h.Rack, h.Zone
		}
		out = append(out, m)
	}
	return out
}
