package labtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// recorder writes all the time, to one server after the other, and remembers what was
// acknowledged.
type recorder struct {
	c      *cluster
	cancel context.CancelFunc
	done   chan struct{}

	mu    sync.Mutex
	acked []string
	last  time.Time     // of an acknowledgement
	gap   time.Duration // the longest between two
}

// record starts a recorder, which has written once when it returns.
func (c *cluster) record(t *testing.T) *recorder {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &recorder{c: c, cancel: cancel, done: make(chan struct{}), last: time.Now()}
	prefix := fmt.Sprintf("w%d-", time.Now().UnixNano())
	go func() {
		defer close(r.done)
		for n := 0; ctx.Err() == nil; n++ {
			r.write(ctx, c.servers()[n%3], fmt.Sprintf("%s%d-", prefix, n))
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-r.done })
	r.again(t)
	return r
}

func (r *recorder) write(ctx context.Context, server, name string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if _, err := r.c.call(ctx, server, "CreateKeyPair", "KeyName", name, "KeyType", "ed25519"); err != nil {
		return // what became of it is not known, and may be either
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acked = append(r.acked, name)
	r.gap = max(r.gap, time.Since(r.last))
	r.last = time.Now()
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.acked)
}

// again waits until more is acknowledged.
func (r *recorder) again(t *testing.T) {
	t.Helper()
	before := r.count()
	testkit.Wait(t, deadline, "a write to be acknowledged", func() bool { return r.count() > before })
}

// stop ends the writes, and fails the test if any server misses an acknowledged one. It
// tells how long nothing was acknowledged at most.
func (r *recorder) stop(t *testing.T) {
	t.Helper()
	r.cancel()
	<-r.done
	r.c.whole(t)
	for _, s := range r.c.servers() {
		var out string
		testkit.Wait(t, deadline, s+" to say what it has", func() bool {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			var err error
			out, err = r.c.call(ctx, s, "DescribeKeyPairs")
			return err == nil
		})
		for _, name := range r.acked {
			if !strings.Contains(out, "<keyName>"+name+"</keyName>") {
				t.Errorf("%s does not have %s, which was acknowledged", s, name)
			}
		}
	}
	t.Logf("%d writes were acknowledged; the longest pause was %v", len(r.acked), r.gap.Round(time.Millisecond))
}
