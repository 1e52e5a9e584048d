// Command bench measures Mica against baselines in the same run and prints a JSON line
// for each: what is compared is a ratio, since absolute times are the machine's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

// result is one comparison, as printed.
type result struct {
	Name     string  `json:"name"`
	Ours     float64 `json:"ours"`
	Baseline float64 `json:"baseline"`
	Ratio    float64 `json:"ratio"`
	Bar      float64 `json:"bar"`
	Better   string  `json:"better"` // lower or higher
	OK       bool    `json:"ok"`
}

// bench is one comparison: ours and baseline in the same unit.
type bench struct {
	name    string
	bar     float64
	better  string
	guests  bool // boots guests
	measure func(ctx context.Context, quick bool) (ours, baseline float64, err error)
}

var benches = []bench{
	{"DescribeInstances page of 1000 / encoding/xml (s)", 0.2, "lower", false, describePage},
	{"API mutation p50 with SigV4 and fsync / raw raft Apply p50 (s)", 3, "lower", false, mutationLatency},
	{"256 clients' mutations a second / raw raft Apply's", 0.25, "higher", false, mutationRate},
	{"256 clients' mutations a second, 3 servers / raw raft Apply's on 3", 0.25, "higher", false, clusterRate},
	{"256 clients' mutations a second, group commit / one by one", 2, "higher", false, groupCommit},
	{"256 clients' mutations a second, fsync of 5 ms, group commit / one by one", 20, "higher", false, groupCommitSlow},
	{"256 clients' mutations a second by signed HTTP / raw raft Apply's", 0.05, "higher", false, requestRate},
	{"root volume of a 100 GB image / of a 1 GB image (s)", 1.2, "lower", false, rootVolume},
	{"IMDS GETs a second in the namespace / net/http hello", 0.5, "higher", false, metadataRate},
	{"heartbeats of 10,000 agents, both ends / one core", 0.1, "lower", false, heartbeats},
	{"kill -9 of the leader to the first write, p99 (s) / 1 s", 3, "lower", false, failover},
	{"placements a second, 5,000 hosts / 10,000", 1, "higher", false, placementRate(5000, 10_000)},
	{"placements a second, 100,000 hosts / 5,000", 1, "higher", false, placementRate(100_000, 5000)},
	{"placements a second, 100,000 hosts / 1,000 hosts", 0.5, "higher", false, placementScale},
	{"hosts in use with packing / the least that could be", 1.10, "lower", false, packing},
	{"DescribeInstances page of 1000 of 1,000,000 / of 10,000 (s)", 1.2, "lower", false, describeScale},
	{"memory an instance (B) / 1 KiB", 1.5, "lower", false, instanceMemory},
	{"restoring a snapshot of 1,000,000 instances / reading the file (s)", 10, "lower", false, restore},
	{"membership change among 1,000 interfaces / full iptables-restore (s)", 0.02, "lower", false, membershipChange},
	{"membership change among 1,000 interfaces, connections ended / full iptables-restore (s)", 0.05, "lower", false, membershipEnded},
	{"rule change among 1,000 interfaces / full iptables-restore (s)", 1.0 / 15, "lower", false, ruleChange},
	{"new connection p50, rule of a 20,000-member group / of none (s)", 1.25, "lower", false, newConnection},
	{"a host of 1,000 interfaces knows of a moved address (s) / 1 s", 1, "lower", false, movedAddress},
	{"VXLAN between hosts / plain veth (GiB/s)", 0, "higher", false, tunnelRate}, // told, not judged
	{"RunInstances to domain running / virsh define + start (s)", 1.10, "lower", true, domainRunning},
	{"live migration pause of an idle 256 MiB guest (s) / 500 ms", 1, "lower", true, migrationPause},
	{"RunInstances to SSH banner / raw QEMU to SSH banner (s)", 1.05, "lower", true, sshBanner},
}

func main() {
	only := flag.String("only", "", "run the benches whose name matches `regexp`")
	quick := flag.Bool("quick", false, "short runs, without guests: for trying the program, not for figures")
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // as mica up has it
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only, *quick, os.Stdout.Write); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run does the benches and fails only when one could not be measured.
func run(ctx context.Context, only string, quick bool, write func([]byte) (int, error)) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	var failed []error
	for _, b := range benches {
		if !match.MatchString(b.name) || quick && b.guests {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s ...\n", b.name)
		ours, baseline, err := b.measure(ctx, quick)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", b.name, err))
			continue
		}
		r := b.judge(ours, baseline)
		if !r.OK {
			fmt.Fprintf(os.Stderr, "  missed: %.3g, the bar is %.3g, %s is better\n", r.Ratio, r.Bar, r.Better)
		}
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := write(append(line, '\n')); err != nil {
			return err
		}
	}
	return errors.Join(failed...)
}

func (b bench) judge(ours, baseline float64) result {
	r := result{Name: b.name, Ours: ours, Baseline: baseline, Ratio: ours / baseline, Bar: b.bar, Better: b.better}
	r.OK = r.Ratio <= b.bar
	if b.better == "higher" {
		r.OK = r.Ratio >= b.bar
	}
	return r
}

// median of seconds; of an even number, the mean of the middle two: the larger one of
// two rounds would be the one that the machine disturbed.
func median(d []time.Duration) float64 {
	d = slices.Sorted(slices.Values(d))
	return (d[(len(d)-1)/2] + d[len(d)/2]).Seconds() / 2
}

// timed returns how long fn took.
func timed(fn func() error) (time.Duration, error) {
	began := time.Now()
	err := fn()
	return time.Since(began), err
}

// turns calls a and b by turns, the first in turn alternating, and returns each one's
// median: what else the machine does meets both alike.
func turns(rounds int, a, b func() (time.Duration, error)) (float64, float64, error) {
	var as, bs []time.Duration
	one := func(fn func() (time.Duration, error), to *[]time.Duration) error {
		d, err := fn()
		*to = append(*to, d)
		return err
	}
	for i := range rounds {
		first, second := func() error { return one(a, &as) }, func() error { return one(b, &bs) }
		if i%2 == 1 {
			first, second = second, first
		}
		for _, fn := range []func() error{first, second} {
			if err := fn(); err != nil {
				return 0, 0, err
			}
		}
	}
	// Rounds far apart say that the machine was busy, and the ratio worth little.
	fmt.Fprintf(os.Stderr, "  ours     %s\n  baseline %s\n", spread(as), spread(bs))
	return median(as), median(bs), nil
}

// spread is for people: the rounds in the order they were made, or of many their range.
func spread(d []time.Duration) string {
	if len(d) <= 12 {
		return fmt.Sprint(d)
	}
	return fmt.Sprintf("%d rounds, %v to %v", len(d), slices.Min(d), slices.Max(d))
}
