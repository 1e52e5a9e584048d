// Package benchkit measures placements, for `make bench`: the scheduler in the leader's
// transactions as they are, over clouds of any size. There is no disk and no network in it.
package benchkit

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

const region = "bench-1"

var zones = []string{region + "a", region + "b", region + "c"}

// Cloud is a leader's state with hosts.
type Cloud struct {
	line   *store.Line
	rand   *rand.Rand
	policy schedule.Policy
	boots  int
}

// batch is how many updates share an entry of the log.
const batch = 64

func (c *Cloud) update(n int, fn func(*store.Tx) error) error {
	_, err := c.line.Exec(time.Now(), store.Meta{Action: "bench"}, fn)
	if n%batch == batch-1 {
		c.line.Cut()
	}
	return err
}

// NewCloud makes hosts of a few sizes in three zones, between a fifth and four fifths
// full. The same seed makes the same cloud.
func NewCloud(hosts int, seed uint64, policy schedule.Policy) (*Cloud, error) {
	c := &Cloud{line: store.NewReplica().NewLine(), rand: rand.New(rand.NewPCG(seed, seed)), policy: policy}
	for i := range hosts {
		vcpus := []int{32, 64, 96}[c.rand.IntN(3)]
		h := &model.Host{
			ID: fmt.Sprintf("host-%08x%09x", c.rand.Uint32(), i), Name: fmt.Sprint("bench-", i), Region: region, Zone: zones[i%len(zones)],
			Rack: fmt.Sprint("rack-", i/40), Arch: "x86_64", Hypervisor: "libvirt", Accel: "kvm", Up: true, VCPUs: vcpus, MemoryMiB: vcpus * 4096,
		}
		part := 0.2 + 0.6*c.rand.Float64()
		u := &model.HostUsage{ID: h.ID, Boots: int(part * 20), VCPUs: int(part * float64(vcpus*2)), MemoryMiB: int(part * float64(h.MemoryMiB))}
		err := c.update(i, func(tx *store.Tx) error {
			return errors.Join(store.Hosts.Put(tx, h), store.HostUsage.Put(tx, u), lifecycle.Index(tx, policy, h.ID))
		})
		if err != nil {
			return nil, err
		}
	}
	c.line.Cut()
	return c, nil
}

// sizes are of t3, m5, c5 and r5, small ones more often.
var sizes = []lifecycle.Size{{VCPUs: 2, MemoryMiB: 512}, {VCPUs: 2, MemoryMiB: 1024}, {VCPUs: 2, MemoryMiB: 2048}, {VCPUs: 2, MemoryMiB: 4096}, {VCPUs: 2, MemoryMiB: 8192}, {VCPUs: 4, MemoryMiB: 16384}, {VCPUs: 4, MemoryMiB: 8192}, {VCPUs: 8, MemoryMiB: 32768}}

// Place starts n instances, one an update, half of them in a zone that they name, and
// returns how many a second that were. An instance's boot, its host's capacity and the
// index are written; its other rows are not the scheduler's.
func (c *Cloud) Place(n int) (float64, error) {
	began := time.Now()
	for i := range n {
		size := sizes[c.rand.IntN(len(sizes))]
		r := schedule.Request{Account: "123456789012", Zones: zones, Arch: "x86_64", VCPUs: size.VCPUs, MemoryMiB: size.MemoryMiB, Min: 1, Max: 1}
		if c.rand.IntN(2) == 0 {
			r.Zones = zones[i%len(zones) : i%len(zones)+1]
		}
		c.boots++
		instance := &model.Instance{ID: fmt.Sprintf("i-%017x", c.boots), Epoch: 1}
		err := c.update(i, func(tx *store.Tx) error {
			place, why := schedule.Place(lifecycle.View(tx, region, c.policy), r)
			if len(place.Spots) != 1 {
				return fmt.Errorf("no room for %+v: %v", size, why)
			}
			return lifecycle.BeginIn(tx, instance, size, place.Spots[0])
		})
		if err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// The trace's hosts: equal, and with as many vCPUs to give for their memory as instances
// ask for on average, so that both run out.
const (
	packVCPUs  = 32
	packRatio  = 1
	packMemory = 90112
)

// Packing starts instances of a seeded trace on empty hosts with the strategy pack, as
// they come; after one in five another ends. It returns how many hosts are then in use,
// and how many would be if nothing were left over on any: best-fit decreasing, which knows
// all before it begins, needs as many or more.
func Packing(instances int, seed uint64) (ours, bound float64, err error) {
	c := &Cloud{line: store.NewReplica().NewLine(), rand: rand.New(rand.NewPCG(seed, seed)), policy: schedule.Policy{Strategy: schedule.Pack, VCPURatio: packRatio}}
	for i := range instances/3 + 100 {
		h := &model.Host{ID: fmt.Sprintf("host-%017x", i), Name: fmt.Sprint(i), Region: region, Zone: zones[0], Arch: "x86_64", Up: true, VCPUs: packVCPUs, MemoryMiB: packMemory}
		if err := c.update(i, func(tx *store.Tx) error {
			return errors.Join(store.Hosts.Put(tx, h), lifecycle.Index(tx, c.policy, h.ID))
		}); err != nil {
			return 0, 0, err
		}
	}
	var live []trace
	for i := range instances {
		g := trace{fmt.Sprintf("i-%017x", i), sizes[c.rand.IntN(len(sizes))], ""}
		if err := c.update(i, func(tx *store.Tx) error { return c.begin(tx, &g) }); err != nil {
			return 0, 0, err
		}
		live = append(live, g)
		if c.rand.IntN(5) > 0 {
			continue
		}
		k := c.rand.IntN(len(live))
		if err := c.update(i, func(tx *store.Tx) error { return end(tx, live[k]) }); err != nil {
			return 0, 0, err
		}
		live = slices.Delete(live, k, k+1)
	}
	used, all := map[string]bool{}, []lifecycle.Size{}
	for _, g := range live {
		used[g.host], all = true, append(all, g.size)
	}
	return float64(len(used)), float64(leastHosts(all)), nil
}

// trace is an instance of the trace.
type trace struct {
	id   string
	size lifecycle.Size
	host string
}

func (c *Cloud) begin(tx *store.Tx, g *trace) error {
	place, why := schedule.Place(lifecycle.View(tx, region, c.policy), schedule.Request{
		Zones: zones[:1], Arch: "x86_64", VCPUs: g.size.VCPUs, MemoryMiB: g.size.MemoryMiB, Min: 1, Max: 1,
	})
	if len(place.Spots) != 1 {
		return fmt.Errorf("no room for %+v: %v", g.size, why)
	}
	g.host = place.Spots[0].Host
	i := &model.Instance{ID: g.id, Epoch: 1, Desired: model.WantRunning, DesiredAt: tx.Now(), LaunchTime: tx.Now()}
	return errors.Join(store.Instances.Put(tx, i), lifecycle.BeginIn(tx, i, g.size, place.Spots[0]))
}

func end(tx *store.Tx, g trace) error {
	return lifecycle.ReportBoot(tx, g.host, lifecycle.BootReport{Instance: g.id, Epoch: 1, Phase: model.PhaseReleased, Cause: model.EndPoweroff})
}

// leastHosts is how many hosts the sizes need at the very least: of the vCPUs or of the
// memory, whichever is scarcer. No packing, best-fit decreasing or other, needs fewer.
func leastHosts(all []lifecycle.Size) int {
	vcpus, mib := 0, 0
	for _, s := range all {
		vcpus, mib = vcpus+s.VCPUs, mib+s.MemoryMiB
	}
	return max((vcpus+packVCPUs*packRatio-1)/(packVCPUs*packRatio), (mib+packMemory-1)/packMemory)
}
