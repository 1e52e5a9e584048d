// Package loop runs level-triggered reconciliation. A loop is told which key may be
// wrong, never what happened to it; it looks, and makes it right. Hints only cut
// latency: a resync walks every key, desired or observed, so what no hint told is
// found by the same path.
package loop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Func makes one key right. It must be idempotent and safe to stop anywhere. A
// positive again asks to be called for the key after that time.
type Func[K comparable] func(ctx context.Context, key K) (again time.Duration, err error)

// Terminal marks an error that trying again cannot cure: it is logged, and the key
// rests until a hint or a resync.
func Terminal(err error) error { return terminal{err} }

type terminal struct{ error }

// Unwrap lets errors.Is see the cause.
func (t terminal) Unwrap() error { return t.error }

// Loop drives a Func. The exported fields are set before Run and not changed.
type Loop[K comparable] struct {
	Name    string
	Do      Func[K]
	Keys    func() iter.Seq[K] // every key that exists on either side
	Resync  time.Duration      // between full scans
	Backoff [2]time.Duration   // the first pause after an error, and the longest
	Timeout time.Duration      // for one Do
	Workers int                // how many keys at once
	Log     *slog.Logger

	mu      sync.Mutex
	wake    chan struct{}
	dirty   map[K]time.Time // when the key is due
	running map[K]bool
	fails   map[K]int
}

// Hint marks key as perhaps wrong. It never blocks and carries no payload.
func (l *Loop[K]) Hint(key K) { l.at(key, time.Now()) }

// HintAll marks every key.
func (l *Loop[K]) HintAll() {
	for k := range l.Keys() {
		l.Hint(k)
	}
}

func (l *Loop[K]) at(key K, t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.init()
	if old, ok := l.dirty[key]; !ok || t.Before(old) {
		l.dirty[key] = t
	}
	l.kick()
}

// init makes the maps; the caller holds mu.
func (l *Loop[K]) init() {
	if l.dirty == nil {
		l.wake = make(chan struct{}, 1)
		l.dirty, l.running, l.fails = map[K]time.Time{}, map[K]bool{}, map[K]int{}
	}
}

func (l *Loop[K]) kick() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, then waits for the calls in flight.
func (l *Loop[K]) Run(ctx context.Context) {
	l.mu.Lock()
	l.init()
	l.mu.Unlock()
	var wg sync.WaitGroup
	defer wg.Wait()
	resync := time.NewTicker(l.Resync)
	defer resync.Stop()
	slots := make(chan struct{}, max(l.Workers, 1))
	l.HintAll()
	for {
		key, wait, ok := l.next()
		if ok {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			wg.Go(func() {
				defer func() { <-slots }()
				l.one(ctx, key)
			})
			continue
		}
		due := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			due.Stop()
			return
		case <-resync.C:
			l.HintAll()
		case <-due.C:
		case <-l.wake:
		}
		due.Stop()
	}
}

// next takes a due key that nobody works on, or says how long until one is due.
func (l *Loop[K]) next() (key K, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait, now := time.Hour, time.Now()
	for k, t := range l.dirty {
		if l.running[k] {
			continue // its end wakes the loop
		}
		if d := t.Sub(now); d > 0 {
			wait = min(wait, d)
			continue
		}
		delete(l.dirty, k)
		l.running[k] = true
		return k, 0, true
	}
	return key, wait, false
}

func (l *Loop[K]) one(ctx context.Context, key K) {
	c, cancel := context.WithTimeout(ctx, l.Timeout)
	again, err := l.protect(c, key)
	cancel()
	fails := l.finish(key, err)
	if ctx.Err() != nil {
		return
	}
	switch {
	case err == nil && again > 0:
		l.at(key, time.Now().Add(again))
	case err == nil:
	default:
		if _, ok := errors.AsType[terminal](err); ok {
			l.Log.Error("reconcile gave up", "loop", l.Name, "key", key, "err", err)
			return
		}
		pause := min(l.Backoff[0]<<min(fails-1, 16), l.Backoff[1])
		l.Log.Warn("reconcile failed", "loop", l.Name, "key", key, "err", err, "retry", pause)
		l.at(key, time.Now().Add(pause))
	}
}

// finish frees the key and returns how often it failed in a row.
func (l *Loop[K]) finish(key K, err error) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.running, key)
	l.kick()
	if err == nil {
		delete(l.fails, key)
		return 0
	}
	l.fails[key]++
	return l.fails[key]
}

// protect turns a panic of Do into an error: one bad key must not stop the others.
func (l *Loop[K]) protect(ctx context.Context, key K) (again time.Duration, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return l.Do(ctx, key)
}
