package benchkit

import (
	"testing"
	"time"
)

// The bars themselves are `make bench`'s; this shows that both sides can be measured.
func TestMeasures(t *testing.T) {
	for _, clients := range []int{1, 256} {
		raw, err := RawApply(t.TempDir(), clients, 512, 300*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := Updates(t.TempDir(), clients, 300*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("raw %v; ours %v; rate %.2f, p50 %.2f", raw, ours, ours.Rate/raw.Rate, float64(ours.P50)/float64(raw.P50))
		if raw.Rate <= 0 || ours.Rate <= 0 || ours.P50 <= 0 {
			t.Error(raw, ours)
		}
	}
}
