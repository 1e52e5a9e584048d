package benchkit

import (
	"context"
	"testing"
	"time"
)

// TestAgents: the kit measures what it says, at a size that costs nothing. Heartbeats add
// no entry to the log.
func TestAgents(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := Agents(ctx, t.TempDir(), 50, 500*time.Millisecond)
	if err != nil || r.Entries != 0 || r.Share <= 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
