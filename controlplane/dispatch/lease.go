package dispatch

import (
	"context"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

// Fencing. A host runs guests that may be started elsewhere only under a lease, which it
// counts from when it sent the heartbeat that the lease answers. The leader counts from
// when it received it, which is later, and waits Margin longer. A lease is given only when
// the leader is sure that it led after the heartbeat came: a leader of later has begun to
// count after that, and gives every host a full lease.

// Margin is how long after a host's lease has run out here its guests are taken for ended:
// for the host's clock to run slower than ours, and for its guardian to do its work.
func (s *Server) Margin() time.Duration { return max(s.Lease/2, time.Second) }

// confirmLimit bounds a question whether this server leads. The host asks again.
const confirmLimit = 5 * time.Second

// askPause is between two questions of which the first had no answer.
const askPause = 20 * time.Millisecond

// askLease answers a heartbeat with a lease as soon as that is safe. All that wait share
// one question.
func (s *Server) askLease(ses *session, number uint64) {
	if s.Confirm == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[*session]uint64{}
	}
	s.asked[ses] = number
	if !s.asking {
		s.asking = true
		go s.giveLeases()
	}
}

// giveLeases works until nobody waits.
func (s *Server) giveLeases() {
	for {
		s.mu.Lock()
		waiting := s.asked
		s.asked, s.asking = nil, len(waiting) > 0
		s.mu.Unlock()
		if len(waiting) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), confirmLimit)
		err := s.Confirm(ctx)
		cancel()
		if err != nil {
			s.askAgain(waiting)
			continue
		}
		for ses, number := range waiting {
			select {
			case ses.out <- &agentpb.ToAgent{Kind: &agentpb.ToAgent_Lease{Lease: &agentpb.Lease{Number: number, TtlMs: s.Lease.Milliseconds()}}}:
			case <-ses.gone:
			default: // its line is full; it asks again
			}
		}
	}
}

// askAgain lets sessions wait on whose question was not answered, such as while servers are
// busy, unless this server leads no more: then whoever does gives the next lease.
func (s *Server) askAgain(waiting map[*session]uint64) {
	if s.Place == nil {
		return
	}
	if here, _, _ := s.Place(); !here {
		return
	}
	time.Sleep(askPause)
	s.mu.Lock()
	defer s.mu.Unlock()
	for ses, number := range waiting {
		select {
		case <-ses.gone:
			continue
		default:
		}
		if s.asked == nil {
			s.asked = map[*session]uint64{}
		}
		s.asked[ses] = max(s.asked[ses], number)
	}
}

func (s *Server) watch() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching = time.Now()
	return s.watching
}

func (s *Server) unwatch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching = time.Time{}
}

// Fenced reports whether a host's marked guests have ended for certain: it has not been
// heard for its lease and the margin, all of which this server has watched.
func (s *Server) Fenced(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watching.IsZero() {
		return false
	}
	since := s.watching
	if last := s.seen[host]; last.After(since) {
		since = last
	}
	return time.Since(since) >= s.Lease+s.Margin()
}
