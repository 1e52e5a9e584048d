package ec2_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"pgregory.net/rapid"
)

// operators is what users and an operator do to a small cloud, at random.
type operators struct {
	*cloud
	t       *rapid.T
	drawn   int
	groups  []string
	running []string
	off     []string
	kept    []string // capacity reservations
	own     []string // Dedicated Hosts
}

// do calls an action that may be refused, for a reason that EC2 has.
func (o *operators) do(name string, params ...string) any {
	out, _, err := o.raw(name, params...)
	if _, ours := errors.AsType[*apierr.Error](err); err != nil && !ours {
		o.t.Fatalf("%s %q: %v", name, params, err)
	}
	if err != nil {
		return nil
	}
	return any(out)
}

func pick[T any](o *operators, from []T) (T, bool) {
	if len(from) == 0 {
		var zero T
		return zero, false
	}
	o.drawn++
	return rapid.SampledFrom(from).Draw(o.t, fmt.Sprint("pick ", o.drawn)), true
}

func (o *operators) launchAny() {
	kind, _ := pick(o, []string{"t3.micro", "t3.large", "t3.xlarge", "t3.2xlarge"})
	count, _ := pick(o, []string{"1", "3", "9"})
	params := o.launch("InstanceType", kind, "MaxCount", count)
	switch how, _ := pick(o, []string{"plain", "plain", "group", "group", "dedicated", "host", "target", "none"}); how {
	case "group":
		g, _ := pick(o, o.groups)
		params = append(params, "Placement.GroupName", g)
	case "dedicated", "host":
		params = append(params, "Placement.Tenancy", how)
	case "target":
		if id, ok := pick(o, o.kept); ok {
			params = append(params, target, id)
		}
	case "none":
		params = append(params, "CapacityReservationSpecification.CapacityReservationPreference", "none")
	}
	if res, ok := o.do("RunInstances", params...).(*gen.Reservation); ok {
		for _, i := range res.Instances {
			o.report(*i.InstanceId, model.PhaseRunning, "")
			o.running = append(o.running, *i.InstanceId)
		}
	}
}

// end stops or terminates an instance, and lets its host do so.
func (o *operators) end(action string) {
	id, ok := pick(o, o.running)
	if !ok {
		return
	}
	o.do(action, "InstanceId.1", id)
	if b := lifecycle.Boot(o.db.Stale(), o.row(id)); b.Phase < model.PhaseEnded {
		o.ended(id)
	}
	if action == "StopInstances" {
		o.off = append(o.off, id)
	}
	o.sort()
}

// sort looks again at what runs and what is stopped.
func (o *operators) sort() {
	all := append(o.running, o.off...)
	o.running, o.off = nil, nil
	seen := map[string]bool{}
	for _, id := range all {
		switch s := lifecycle.State(o.db.Stale(), o.row(id)); {
		case seen[id]:
		case s == model.StateStopped:
			o.off = append(o.off, id)
		case s == model.StateRunning || s == model.StatePending:
			o.running = append(o.running, id)
		}
		seen[id] = true
	}
}

func (o *operators) start() {
	if id, ok := pick(o, o.off); ok && o.do("StartInstances", "InstanceId.1", id) != nil {
		o.report(id, model.PhaseRunning, "")
		o.sort()
	}
}

func (o *operators) reserve() {
	kind, _ := pick(o, []string{"t3.large", "t3.xlarge"})
	match, _ := pick(o, []string{"open", "targeted"})
	tenancy, _ := pick(o, []string{"default", "default", "dedicated"})
	out, ok := o.do("CreateCapacityReservation", "InstanceType", kind, "InstancePlatform", "Linux/UNIX", "AvailabilityZone", zoneA, "InstanceCount", "3", "InstanceMatchCriteria", match, "Tenancy", tenancy).(*gen.CreateCapacityReservationResult)
	if ok {
		o.kept = append(o.kept, *out.CapacityReservation.CapacityReservationId)
	}
}

func (o *operators) operate() {
	host, _ := pick(o, []string{"host-a1", "host-a2", "host-a3", "host-a4", "host-a5", "host-a6"})
	switch what, _ := pick(o, []string{"cordon", "uncordon", "uncordon", "drain"}); what {
	case "drain":
		var stopped []string
		o.update(func(tx *store.Tx) (err error) { stopped, err = lifecycle.Drain(tx, host); return err })
		for _, id := range stopped {
			o.ended(id)
		}
		o.sort()
	default:
		o.update(func(tx *store.Tx) error { return lifecycle.Cordon(tx, host, what == "cordon") })
	}
	for _, id := range o.kept {
		o.update(func(tx *store.Tx) error { return lifecycle.TendReservation(tx, schedule.Policy{}, id) })
	}
}

func (o *operators) step() {
	switch what, _ := pick(o, []string{"launch", "launch", "launch", "stop", "terminate", "start", "reserve", "modify", "cancel", "allocate", "release", "operate"}); what {
	case "launch":
		o.launchAny()
	case "stop":
		o.end("StopInstances")
	case "terminate":
		o.end("TerminateInstances")
	case "start":
		o.start()
	case "reserve":
		o.reserve()
	case "modify":
		if id, ok := pick(o, o.kept); ok {
			n, _ := pick(o, []string{"1", "2", "5"})
			o.do("ModifyCapacityReservation", "CapacityReservationId", id, "InstanceCount", n)
		}
	case "cancel":
		if id, ok := pick(o, o.kept); ok {
			o.do("CancelCapacityReservation", "CapacityReservationId", id)
		}
	case "allocate":
		family, _ := pick(o, []string{"on", "off"})
		if out, ok := o.do("AllocateHosts", "AvailabilityZone", zoneA, "InstanceFamily", "t3", "AutoPlacement", family).(*gen.AllocateHostsResult); ok {
			o.own = append(o.own, out.HostIds...)
		}
	case "release":
		if id, ok := pick(o, o.own); ok {
			o.do("ReleaseHosts", "HostId.1", id)
		}
	case "operate":
		o.operate()
	}
}

// held is what boots and reservations hold of a host, counted from their rows.
type held struct {
	boots, vcpus, mib      int
	slots, slotCPU, slotMB int
	dedicated, plain       int
	groups                 map[string]int
}

// check counts everything anew, and holds the rows that are kept along against it.
func (o *operators) check() {
	v := o.db.Stale()
	hosts, used := map[string]*held{}, map[string]int{}
	for h := range store.Hosts.List(v) {
		hosts[h.ID] = &held{groups: map[string]int{}}
	}
	for b := range store.Boots.List(v) {
		if b.Phase >= model.PhaseEnded {
			continue
		}
		h := hosts[b.Host]
		h.boots, h.vcpus, h.mib = h.boots+1, h.vcpus+b.VCPUs, h.mib+b.MemoryMiB
		h.groups[b.Group]++
		used[b.Reservation]++
		if b.Dedicated {
			h.dedicated++
		} else {
			h.plain++
		}
	}
	for r := range store.CapacityReservations.List(v) {
		if r.Used != used[r.ID] || r.Used+r.Available() > r.Total && r.State == model.ReservationActive || r.State != model.ReservationActive && r.Available() > 0 {
			o.t.Fatalf("%d boots are in %+v", used[r.ID], r)
		}
		for host, n := range r.Slots {
			h := hosts[host]
			h.slots, h.slotCPU, h.slotMB = h.slots+n, h.slotCPU+n*r.VCPUs, h.slotMB+n*r.MemoryMiB
			if r.Tenancy == "dedicated" {
				h.dedicated += n
			} else {
				h.plain += n
			}
		}
	}
	for id, h := range hosts {
		o.checkHost(v, id, h)
	}
}

func (o *operators) checkHost(v store.View, id string, h *held) {
	row, u := store.Hosts.Get(v, id), store.HostUsage.Get(v, id)
	if u == nil {
		u = &model.HostUsage{}
	}
	switch {
	case u.Boots != h.boots || u.VCPUs != h.vcpus || u.MemoryMiB != h.mib || u.Reserved != h.slots || u.ReservedVCPUs != h.slotCPU || u.ReservedMemoryMiB != h.slotMB || u.Dedicated != h.dedicated:
		o.t.Fatalf("%s holds %+v, its row says %+v", id, h, u)
	case h.mib+h.slotMB > row.MemoryMiB || h.vcpus+h.slotCPU > row.VCPUs*schedule.DefaultVCPURatio:
		o.t.Fatalf("%s holds more than it has: %+v", id, h)
	case h.dedicated > 0 && h.plain > 0, (u.Owner != "") != (h.dedicated > 0):
		o.t.Fatalf("%s is shared, or its owner %q is wrong: %+v", id, u.Owner, h)
	}
	for b := range store.Boots.By(v, "host", id) {
		i := store.Instances.Get(v, b.Instance)
		if b.Phase < model.PhaseEnded && (i.Placement.Tenancy == "host") != (u.Allocation != "") {
			o.t.Fatalf("%s with tenancy %q is on %s, Dedicated Host %q", i.ID, i.Placement.Tenancy, id, u.Allocation)
		}
	}
	for g, n := range h.groups {
		if row := store.PlacementGroups.Get(v, g); row != nil && row.Strategy == "spread" && n > 1 {
			o.t.Fatalf("%d of the spread group are on %s", n, id)
		}
	}
}

// TestPlacementInAnyOrder: whatever users and the operator do, no host holds more than it
// has, dedicated instances are alone, groups keep their rules, and what is kept of hosts and
// reservations is what can be counted.
func TestPlacementInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := &operators{cloud: newCloud(t), t: rt, groups: []string{"c", "s", "p"}}
		o.fleet(6)
		for name, strategy := range map[string]string{"c": "cluster", "s": "spread", "p": "partition"} {
			o.group2(name, strategy)
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			o.step()
			o.check()
		}
	})
}
