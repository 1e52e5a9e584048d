package kernel_test

import (
	"net/netip"
	"testing"

	"github.com/micacloud/mica/netplane/plan"
)

// many is a VPC with n interfaces in one subnet.
func (w *world) many(n int) *plan.VPC {
	v := w.open()
	v.Interfaces = nil
	for i := range n {
		v.Interfaces = append(v.Interfaces, plan.Interface{
			ID: eniID(0x1000 + i), SubnetID: subnetID(1), MAC: mac(0x1000 + i),
			PrivateIP: netip.AddrFrom4([4]byte{10, 7, 0, byte(10 + i)}), Groups: []string{sgID(1)}, SourceDestCheck: true,
		})
	}
	return v
}

// BenchmarkApplyAtRest is what looking costs when there is nothing to do, with 100 taps.
func BenchmarkApplyAtRest(b *testing.B) {
	w := newWorld(b)
	v := w.many(100)
	w.apply()
	for _, i := range v.Interfaces {
		tap := plan.TapName(w.host.Prefix, i.ID)
		must(b, w.k.CreateTap(b.Context(), tap))
		must(b, w.k.MoveTap(b.Context(), tap, v.ID))
	}
	for b.Loop() {
		w.apply()
	}
	if steps := w.k.LastSteps(); len(steps) > 0 {
		b.Fatalf("%q", steps)
	}
}

// BenchmarkLaunch is the network's part of one launch into a VPC with 100 interfaces:
// Apply, CreateTap, MoveTap.
func BenchmarkLaunch(b *testing.B) {
	w := newWorld(b)
	v := w.many(100)
	w.apply()
	all := v.Interfaces
	tap := plan.TapName(w.host.Prefix, all[99].ID)
	for b.Loop() {
		b.StopTimer()
		v.Interfaces = all[:99]
		w.apply()
		b.StartTimer()
		v.Interfaces = all
		w.apply()
		must(b, w.k.CreateTap(b.Context(), tap))
		must(b, w.k.MoveTap(b.Context(), tap, v.ID))
	}
}
