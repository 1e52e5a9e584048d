package loop

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func newLoop(do Func[string], keys ...string) *Loop[string] {
	return &Loop[string]{
		Name: "test", Do: do, Workers: 4, Timeout: time.Minute, Resync: 10 * time.Second,
		Keys:    func() iter.Seq[string] { return slices.Values(keys) },
		Backoff: [2]time.Duration{time.Second, 30 * time.Second},
		Log:     slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// TestResyncFindsWhatNoHintTold drops every hint and still converges.
func TestResyncFindsWhatNoHintTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		l := newLoop(func(context.Context, string) (time.Duration, error) { calls.Add(1); return 0, nil }, "a")
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { l.Run(ctx) })
		time.Sleep(35 * time.Second)
		cancel()
		wg.Wait()
		if n := calls.Load(); n != 4 { // at the start and after 10, 20 and 30 s
			t.Errorf("%d calls, want 4", n)
		}
	})
}

// TestBackoffDoublesAndEnds fails five times: the pauses double up to the longest.
func TestBackoffDoublesAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		l := newLoop(func(context.Context, string) (time.Duration, error) {
			at = append(at, time.Since(start).Round(time.Second))
			if len(at) < 4 {
				return 0, errors.New("not yet")
			}
			return 0, nil
		}, "a")
		l.Resync = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		l.Run(ctx)
		if want := []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("called at %v, want %v", at, want)
		}
	})
}

// TestOneKeyIsNeverDoneTwiceAtOnce hints a key from many sides while it is worked on.
func TestOneKeyIsNeverDoneTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var in, most, calls atomic.Int64
		l := newLoop(func(context.Context, string) (time.Duration, error) {
			most.Store(max(most.Load(), in.Add(1)))
			time.Sleep(time.Second)
			in.Add(-1)
			calls.Add(1)
			return 0, nil
		})
		l.Resync = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		for range 10 {
			go func() {
				for range 20 {
					l.Hint("a")
					time.Sleep(100 * time.Millisecond)
				}
			}()
		}
		l.Run(ctx)
		if most.Load() != 1 || calls.Load() < 2 {
			t.Errorf("%d at once, %d calls", most.Load(), calls.Load())
		}
	})
}

// TestPanicAndTerminal: neither stops the loop; a terminal error is not retried.
func TestPanicAndTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var good, bad atomic.Int64
		l := newLoop(func(_ context.Context, k string) (time.Duration, error) {
			switch k {
			case "panics":
				panic("oh")
			case "terminal":
				bad.Add(1)
				return 0, Terminal(io.EOF)
			}
			good.Add(1)
			return 5 * time.Second, nil
		}, "panics", "terminal", "good")
		l.Resync = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 21*time.Second)
		defer cancel()
		l.Run(ctx)
		if good.Load() != 5 || bad.Load() != 1 {
			t.Errorf("good %d times, terminal %d times", good.Load(), bad.Load())
		}
	})
}
