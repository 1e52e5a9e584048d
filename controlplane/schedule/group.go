package schedule

import (
	"cmp"
	"slices"
)

// GroupStrategy is what a placement group does.
type GroupStrategy int

// The strategies of placement groups. Racks are as the operator names them: a host
// without one is a rack of its own to Spread and Partition, which must not be wrong about
// what fails together, and in one with all such hosts of its zone to Cluster.
const (
	Cluster    GroupStrategy = iota // one zone and rack
	SpreadRack                      // no two in one rack, at most MaxSpread a zone
	SpreadHost                      // no two on one host
	Partition                       // no rack has boots of two partitions
)

// MaxSpread is how many boots of a group that spreads over racks may run in a zone.
const MaxSpread = 7

// Group is the placement group that a request's boots belong to.
type Group struct {
	Strategy   GroupStrategy
	Partitions int // how many there are
	Partition  int // the one that is wanted, from 1; 0 is any
	Members    []Member
}

// Member is a host with boots of the group.
type Member struct {
	Host, Rack, Zone string
	Partition        int
	Boots            int
}

// domain is what fails together, or is close together: a rack.
type domain struct{ zone, rack, host string }

func domainOf(s GroupStrategy, zone, rack, host string) domain {
	switch {
	case s == SpreadHost:
		return domain{zone, "", host}
	case rack != "" || s == Cluster:
		return domain{zone, rack, ""}
	}
	return domain{zone, "", host}
}

// members is what a group has where, the boots being placed included.
type members struct {
	*Group
	domains    map[domain]int         // the partition of each, 0 without partitions
	zones      map[string]int         // boots
	partitions map[string]map[int]int // boots by zone and partition
}

func (g *Group) members() *members {
	m := &members{Group: g, domains: map[domain]int{}, zones: map[string]int{}, partitions: map[string]map[int]int{}}
	for _, x := range g.Members {
		m.add(x)
	}
	return m
}

func (m *members) add(x Member) {
	m.domains[domainOf(m.Strategy, x.Zone, x.Rack, x.Host)] = x.Partition
	m.zones[x.Zone] += x.Boots
	if m.partitions[x.Zone] == nil {
		m.partitions[x.Zone] = map[int]int{}
	}
	m.partitions[x.Zone][x.Partition] += x.Boots
}

// clone returns a copy for trying a zone.
func (m *members) clone() *members {
	c := &members{Group: m.Group, domains: map[domain]int{}, zones: map[string]int{}, partitions: map[string]map[int]int{}}
	for k, v := range m.domains {
		c.domains[k] = v
	}
	for k, v := range m.zones {
		c.zones[k] = v
	}
	for z, of := range m.partitions {
		c.partitions[z] = map[int]int{}
		for k, v := range of {
			c.partitions[z][k] = v
		}
	}
	return c
}

// takes reports whether the group may have one more boot on a host, in a partition if
// it has partitions.
func (m *members) takes(h *Host, partition int) bool {
	d := domainOf(m.Strategy, h.Zone, h.Rack, h.ID)
	have, used := m.domains[d]
	switch m.Strategy {
	case Cluster:
		return used || len(m.domains) == 0
	case SpreadRack:
		return !used && m.zones[h.Zone] < MaxSpread
	case SpreadHost:
		return !used
	}
	return !used || have == partition
}

// may reports whether a host is in question at all, whatever the partition.
func (m *members) may(h *Host) bool {
	if m.Strategy != Partition {
		return m.takes(h, 0)
	}
	have, used := m.domains[domainOf(Partition, h.Zone, h.Rack, h.ID)]
	return !used || m.Partition == 0 || have == m.Partition
}

// order returns the partitions that the next boot may be in, those with fewest boots in
// the zone first.
func (m *members) order(zone string) []int {
	if m.Strategy != Partition {
		return []int{0}
	}
	if m.Partition != 0 {
		return []int{m.Partition}
	}
	all := make([]int, m.Partitions)
	for i := range all {
		all[i] = i + 1
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return cmp.Compare(m.partitions[zone][a], m.partitions[zone][b])
	})
	return all
}
