package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/clustertest"
)

// failover kills the leader of three servers, again and again, and returns how long it
// took until a write was acknowledged: of 99 in 100 no longer. The servers are processes
// on this machine with all that a server does; the clients ask both survivors.
func failover(ctx context.Context, quick bool) (p99, second float64, err error) {
	var took []time.Duration
	err = withTesting(func(t testing.TB) {
		c := clustertest.Start(t, 3, 0)
		for i := 0; i < pick(quick, 2, 100) && ctx.Err() == nil; i++ {
			leader, _ := c.Leader()
			firstWrite(t, c, leader, fmt.Sprint("before-", i))
			killed := time.Now()
			leader.Kill()
			took = append(took, firstWrite(t, c, leader, fmt.Sprint("after-", i)).Sub(killed))
			leader.Up()
			leader.Ready()
			c.Settled()
		}
	})
	if err = errors.Join(err, ctx.Err()); err != nil {
		return 0, 0, err
	}
	slices.Sort(took)
	fmt.Fprintf(os.Stderr, "  %d times: median %v, longest %v\n", len(took), took[len(took)/2], took[len(took)-1])
	return took[(len(took)*99+99)/100-1].Seconds(), 1, nil
}

// firstWrite returns when the first write was acknowledged by one of the servers but one.
func firstWrite(t testing.TB, c *clustertest.Cluster, without *clustertest.Process, name string) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	done := make(chan error, len(c.Servers))
	n := 0
	for _, s := range c.Servers {
		if s == without {
			continue
		}
		n++
		go func() {
			for ctx.Err() == nil {
				call, end := context.WithTimeout(ctx, 5*time.Second)
				_, f := s.Call(call, "CreateKeyPair", "KeyName", name+"-"+s.Name, "KeyType", "ed25519")
				end()
				// A write whose fate was not known, and which is found to be done, is done.
				if f == nil || f.Code == "InvalidKeyPair.Duplicate" {
					done <- nil
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
			done <- ctx.Err()
		}()
	}
	err := <-done
	at := time.Now()
	cancel()
	for range n - 1 { // they do not outlive the round
		<-done
	}
	if err != nil {
		t.Fatalf("no write was acknowledged for a minute: %v", err)
	}
	return at
}

// withTesting runs fn with what tests' clusters report to, and returns what they reported.
func withTesting(fn func(testing.TB)) (err error) {
	r := &reports{}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		err = errors.Join(r.said...)
		for _, clean := range slices.Backward(r.cleanups) {
			clean()
		}
	}()
	fn(r)
	return nil
}

// reports is a testing.TB outside of tests: what fails ends the bench. What it does not
// have is not asked for by clustertest.
type reports struct {
	testing.TB
	said     []error
	cleanups []func()
}

func (r *reports) Helper()                   {}
func (r *reports) Failed() bool              { return len(r.said) > 0 }
func (r *reports) Cleanup(fn func())         { r.cleanups = append(r.cleanups, fn) }
func (r *reports) Logf(f string, a ...any)   { fmt.Fprintf(os.Stderr, "  "+f+"\n", a...) }
func (r *reports) Errorf(f string, a ...any) { r.said = append(r.said, fmt.Errorf(f, a...)) }
func (r *reports) Fatalf(f string, a ...any) { r.Errorf(f, a...); panic(r) }
func (r *reports) Fatal(a ...any)            { r.Fatalf("%s", fmt.Sprint(a...)) }
