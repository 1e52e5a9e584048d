package nemesis

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/guardian"
)

// maxMemory ends a run that grows without bound: in a bubble a loop that never rests lets
// no time pass, so no deadline of the bubble's would end it.
const maxMemory = 3 << 30

func TestMain(m *testing.M) {
	go guard()
	guardian.Clock = func() time.Duration { return time.Duration(time.Now().UnixNano()) } // the bubble's
	os.Exit(m.Run())
}

// guard runs outside of all bubbles, on the machine's own time.
func guard() {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	for range time.Tick(100 * time.Millisecond) {
		metrics.Read(sample)
		if sample[0].Value.Uint64() > maxMemory {
			stacks := make([]byte, 16<<20)
			stacks = stacks[:runtime.Stack(stacks, true)]
			fmt.Fprintf(os.Stderr, "more than %d MiB are in use: ending\n%s\n", maxMemory>>20, stacks)
			os.Exit(3)
		}
	}
}
