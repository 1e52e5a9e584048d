package server

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit is a token bucket: PerSecond tokens flow in, up to Burst. A zero PerSecond
// is no limit.
type Limit struct {
	PerSecond float64
	Burst     int
}

// Throttle has the limits of each account, as EC2's for classes of actions.
type Throttle struct {
	Read   Limit
	Mutate Limit
}

// throttle holds the buckets of accounts. Their number is bounded by that of
// accounts, as it is asked only for requests with a good signature.
type throttle struct {
	limits Throttle
	mu     sync.Mutex
	by     map[bucket]*rate.Limiter
}

type bucket struct {
	account string
	mutates bool
}

func newThrottle(limits Throttle) *throttle {
	return &throttle{limits: limits, by: map[bucket]*rate.Limiter{}}
}

func (t *throttle) allow(account string, mutates bool, now time.Time) bool {
	limit := t.limits.Read
	if mutates {
		limit = t.limits.Mutate
	}
	if limit.PerSecond == 0 {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	k := bucket{account, mutates}
	l := t.by[k]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(limit.PerSecond), max(limit.Burst, 1))
		t.by[k] = l
	}
	return l.AllowN(now, 1)
}
