package plan

import "fmt"

// Rate bounds what an instance sends and what it gets, each by itself. The zero Rate is
// no bound.
type Rate struct {
	BaselineMbps int // megabits a second that it always has
	BurstMbps    int // and that it has while it has credit; not more than the baseline for none
}

// creditSeconds is how long an interface that was silent may send as fast as it always may
// before its credit is used up; at its burst rate it is so the sooner. EC2 doesn't publish
// the size of its bucket: this is the low end of the "5 to 60 minutes, typically" at which
// types with a small burst use theirs up.
const creditSeconds = 60

// Bucket is a token bucket with the figures that the kernel takes, in bytes and bytes a
// second. Peak is 0 without a burst.
type Bucket struct {
	Rate, Peak   uint64
	Burst, Queue uint64
}

// Bucket returns the bucket that a rate is.
func (r Rate) Bucket() Bucket {
	const leastBurst, leastQueue = 128 << 10, 256 << 10 // two segments of 64 KiB, as guests send them
	b := Bucket{Rate: uint64(r.BaselineMbps) * 1e6 / 8}
	b.Burst = max(b.Rate/100, leastBurst)
	top := b.Rate
	if r.BurstMbps > r.BaselineMbps {
		b.Peak, top = uint64(r.BurstMbps)*1e6/8, uint64(r.BurstMbps)*1e6/8
		b.Burst = max(b.Rate*creditSeconds, leastBurst)
	}
	b.Queue = max(top/100, leastQueue) // what waits at most: 10 ms at full speed
	return b
}

// String is the rate for people.
func (r Rate) String() string {
	if r.BurstMbps > r.BaselineMbps {
		return fmt.Sprintf("%d to %d Mbit/s", r.BaselineMbps, r.BurstMbps)
	}
	return fmt.Sprintf("%d Mbit/s", r.BaselineMbps)
}

// RateName is the device that what an instance's interfaces send goes through on its way to
// their bridges, where it is bounded. It is named after the instance, or after an interface
// that is nobody's.
func RateName(shaper string) string { return "up-" + shaper[max(0, len(shaper)-11):] }

// SharedRateName is the device that what an instance gets by several interfaces goes through.
func SharedRateName(shaper string) string { return "dn-" + shaper[max(0, len(shaper)-11):] }

// share marks the ports that have their rate together.
func share(ports []Port) {
	of := map[string]int{}
	for _, p := range ports {
		if p.Rate != (Rate{}) {
			of[p.Shaper]++
		}
	}
	for i := range ports {
		ports[i].Shared = of[ports[i].Shaper] > 1
	}
}
