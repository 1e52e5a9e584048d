package benchkit

import (
	"testing"

	"github.com/micacloud/mica/controlplane/schedule"
)

// The bars themselves are `make bench`'s; this shows that all of it can be measured.
func TestMeasures(t *testing.T) {
	for _, n := range []int{50, 500} {
		c, err := NewCloud(n, 1, schedule.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		rate, err := c.Place(300)
		if err != nil || rate <= 0 {
			t.Fatal(rate, err)
		}
		t.Logf("%d hosts: %.0f placements a second", n, rate)
	}
	ours, bound, err := Packing(2000, 1)
	if err != nil || bound <= 0 || ours < bound {
		t.Fatal(ours, bound, err)
	}
	t.Logf("packing: %.0f hosts, %.0f at least", ours, bound)
}

func BenchmarkPlace(b *testing.B) {
	c, err := NewCloud(100_000, 1, schedule.Policy{})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if _, err := c.Place(b.N); err != nil {
		b.Fatal(err)
	}
}
