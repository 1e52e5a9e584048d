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

// TestMeasuresServersAndGroups: as above, of three servers and of group commit.
func TestMeasuresServersAndGroups(t *testing.T) {
	const d = 300 * time.Millisecond
	for what, fn := range map[string]func() (Result, error){
		"raw, 3 servers":      func() (Result, error) { return RawApply3(t.TempDir(), 16, 512, d) },
		"ours, 3 servers":     func() (Result, error) { return Updates3(t.TempDir(), 16, d) },
		"group commit":        func() (Result, error) { return Grouped(t.TempDir(), true, 16, d) },
		"no group commit":     func() (Result, error) { return Grouped(t.TempDir(), false, 16, d) },
		"a slow disk":         func() (Result, error) { return GroupedSlow(5*time.Millisecond, true, 16, d) },
		"a slow disk, no gc.": func() (Result, error) { return GroupedSlow(5*time.Millisecond, false, 16, d) },
	} {
		r, err := fn()
		if err != nil || r.Rate <= 0 || r.P50 <= 0 {
			t.Errorf("%s: %v, %v", what, r, err)
		}
		if what == "a slow disk, no gc." && r.Rate > 200 {
			t.Errorf("%s: %v, though each takes 5 ms", what, r)
		}
		t.Log(what, r)
	}
}
