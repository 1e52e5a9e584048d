package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/store"
)

// TestLeasesRestOnLeadership: a heartbeat is answered only after a question that was asked
// after it; without leadership it is not answered, and the next is.
func TestLeasesRestOnLeadership(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var questions atomic.Int32
		leads := atomic.Bool{}
		release := make(chan struct{})
		s := &Server{DB: store.NewMemory(), Log: slog.New(slog.DiscardHandler), Lease: 30 * time.Second, Confirm: func(context.Context) error {
			questions.Add(1)
			<-release
			if leads.Load() {
				return nil
			}
			return errors.New("not the leader")
		}}
		ses := newSession("", t.Context().Done())
		other := newSession("", t.Context().Done())
		s.askLease(ses, 1)
		synctest.Wait()
		// These come while a question is on its way: it must not answer them.
		s.askLease(ses, 2)
		s.askLease(other, 7)
		release <- struct{}{}
		synctest.Wait()
		if len(ses.out) != 0 || questions.Load() != 2 {
			t.Fatalf("%d leases without leadership, %d questions", len(ses.out), questions.Load())
		}
		leads.Store(true)
		release <- struct{}{}
		synctest.Wait()
		if l := (<-ses.out).GetLease(); l.GetNumber() != 2 || l.TtlMs != 30000 {
			t.Errorf("the lease is %v", l)
		}
		if l := (<-other.out).GetLease(); l.GetNumber() != 7 {
			t.Errorf("the other's is %v", l)
		}
		if len(ses.out) != 0 || questions.Load() != 2 {
			t.Errorf("%d more leases, %d questions", len(ses.out), questions.Load())
		}
	})
}

// TestFenced: after the lease and the margin, all of which this server watched.
func TestFenced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{DB: store.NewMemory(), Log: slog.New(slog.DiscardHandler), Lease: 20 * time.Second}
		s.enter(newSession(hostA, nil))
		time.Sleep(time.Hour)
		if s.Fenced(hostA) {
			t.Fatal("a server that does not watch takes a host for fenced")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.Watch(ctx) }()
		time.Sleep(29 * time.Second)
		if s.Fenced(hostA) {
			t.Fatal("before lease and margin have run out since the watch began")
		}
		time.Sleep(2 * time.Second)
		if !s.Fenced(hostA) {
			t.Fatal("after them it is not fenced")
		}
		s.enter(newSession(hostA, nil)) // it is back
		if s.Fenced(hostA) {
			t.Fatal("a host that is heard is fenced")
		}
		time.Sleep(time.Hour)
		cancel()
		<-done
		if s.Fenced(hostA) {
			t.Fatal("a server that watches no more takes a host for fenced")
		}
	})
}

// TestAQuestionWithoutAnswerIsAskedAgain: while this server leads, a host gets its lease
// from the next question and not from its next heartbeat.
func TestAQuestionWithoutAnswerIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		questions, here := 0, true
		s := &Server{DB: store.NewMemory(), Log: slog.New(slog.DiscardHandler), Lease: 30 * time.Second, Confirm: func(context.Context) error {
			if questions++; questions < 3 {
				return context.DeadlineExceeded
			}
			return nil
		}, Place: func() (bool, string, <-chan struct{}) { return here, "", nil }}
		ses := newSession(hostA, t.Context().Done())
		s.askLease(ses, 4)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(ses.out) != 1 || (<-ses.out).GetLease().GetNumber() != 4 || questions != 3 {
			t.Errorf("%d leases after %d questions", len(ses.out), questions)
		}
		// One that leads no more gives none, and asks no more.
		questions, here = 0, false
		s.askLease(ses, 5)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(ses.out) != 0 || questions != 1 {
			t.Errorf("%d leases after %d questions of a server that does not lead", len(ses.out), questions)
		}
	})
}
