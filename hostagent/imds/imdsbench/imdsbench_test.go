package imdsbench

import (
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// TestRun runs the measurement briefly. The ratio is make bench's to judge; here it
// must only be no disaster.
func TestRun(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip")
	r, err := Run(t.Context(), 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ours %.0f/s, hello %.0f/s, ratio %.2f", r.Ours, r.Hello, r.Ours/r.Hello)
	if r.Hello == 0 || r.Ours/r.Hello < 0.2 {
		t.Errorf("ours %.0f/s, hello %.0f/s", r.Ours, r.Hello)
	}
}
