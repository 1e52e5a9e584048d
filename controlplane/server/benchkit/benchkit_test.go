package benchkit

import (
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/consensus/benchkit"
)

// The bars themselves are `make bench`'s; this shows that both sides can be measured.
func TestMutations(t *testing.T) {
	for _, clients := range []int{1, 256} {
		raw, err := benchkit.RawApply(t.TempDir(), clients, 512, 300*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := Mutations(t.TempDir(), clients, 20*clients)
		if err != nil {
			t.Fatal(err)
		}
		if ours.Clients != clients || ours.Rate <= 0 || ours.P50 <= 0 {
			t.Errorf("%+v", ours)
		}
		t.Logf("raw %v; ours %v: p50 x%.2f, rate x%.2f", raw, ours, float64(ours.P50)/float64(raw.P50), ours.Rate/raw.Rate)
	}
}
