package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	ec2kit "github.com/micacloud/mica/controlplane/ec2/benchkit"
	"github.com/micacloud/mica/controlplane/lifecycle/benchkit"
	"github.com/micacloud/mica/controlplane/schedule"
)

const seed = 7

// placements returns how many placements a second there are in clouds of two sizes, by
// turns. Both begin as full, and the same is asked of both.
func placements(quick bool, hosts, others int) (ours, baseline float64, err error) {
	clouds := make([]*benchkit.Cloud, 2)
	for i, n := range []int{hosts, others} {
		if clouds[i], err = benchkit.NewCloud(pick(quick, n/50, n), seed, schedule.Policy{}); err != nil {
			return 0, 0, err
		}
	}
	n := pick(quick, 100, 1500) // five rounds leave room in the smaller one
	side := func(c *benchkit.Cloud) func() (time.Duration, error) {
		return func() (time.Duration, error) { return timed(func() error { _, err := c.Place(n); return err }) }
	}
	o, b, err := turns(pick(quick, 1, 5), side(clouds[0]), side(clouds[1]))
	return float64(n) / o, float64(n) / b, err
}

// placementRate compares with a number that the project set itself: it depends on the
// machine, unlike all other comparisons.
func placementRate(hosts int, wanted float64) func(context.Context, bool) (float64, float64, error) {
	return func(_ context.Context, quick bool) (float64, float64, error) {
		rate, _, err := placements(quick, hosts, 1000)
		return rate, wanted, err
	}
}

func placementScale(_ context.Context, quick bool) (float64, float64, error) {
	return placements(quick, 100_000, 1000)
}

func packing(_ context.Context, quick bool) (float64, float64, error) {
	return benchkit.Packing(pick(quick, 1000, 20_000), seed)
}

// fleet is what a large number of instances costs.
type fleet struct {
	each          float64 // bytes of heap an instance
	page, few     float64 // seconds: a page of it, and of a small number
	restore, read float64
	err           error
}

// instances measures a large fleet, once in a run of the program.
var instances = func() func(quick bool) fleet {
	var once sync.Once
	var f fleet
	return func(quick bool) fleet {
		once.Do(func() { f, f.err = measureInstances(pick(quick, 2000, 10_000), pick(quick, 4000, 1_000_000)) })
		return f
	}
}()

func measureInstances(few, many int) (f fleet, err error) {
	small, err := ec2kit.NewCloud(few)
	if err != nil {
		return f, err
	}
	before := ec2kit.Heap()
	large, err := ec2kit.NewCloud(many)
	if err != nil {
		return f, err
	}
	f.each = float64(ec2kit.Heap()-before) / float64(many)
	if f.page, f.few, err = pages(large, many, small, few); err != nil {
		return f, err
	}
	return f, scratch(func(dir string) error {
		ours, read, bytes, err := large.Restore(dir)
		f.restore, f.read = ours.Seconds(), read.Seconds()
		fmt.Fprintf(os.Stderr, "  %d instances: %.2f KiB each, a snapshot of %d MiB read in %v\n", many, f.each/1024, bytes>>20, ours)
		return err
	})
}

// pages asks for pages of a large and of a small fleet by turns, so that what else the
// machine does meets both, and many of them, since one takes no longer than the slice of
// time that another process may take from it. The large fleet has as many pages as are
// asked for, none twice; those of the small one come again, and find what the row cache has
// kept of them, as they do on a server of that size. Both are in one heap: its collections
// are rare and fall on either. A small fleet alone would be collected more often, which
// makes its pages slower: the comparison is the harder one.
func pages(large *ec2kit.Cloud, many int, small *ec2kit.Cloud, few int) (page, fewer float64, err error) {
	rounds := min(300, many/1000-1)
	a, err := large.Pager(rounds)
	if err != nil {
		return 0, 0, err
	}
	b, err := small.Pager(few/1000 - 1)
	if err != nil {
		return 0, 0, err
	}
	return turns(rounds, a, b)
}

func describeScale(_ context.Context, quick bool) (float64, float64, error) {
	f := instances(quick)
	return f.page, f.few, f.err
}

func instanceMemory(_ context.Context, quick bool) (float64, float64, error) {
	f := instances(quick)
	return f.each, 1024, f.err
}

func restore(_ context.Context, quick bool) (float64, float64, error) {
	f := instances(quick)
	return f.restore, f.read, f.err
}
