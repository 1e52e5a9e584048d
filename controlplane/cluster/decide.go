package cluster

import (
	"fmt"
	"time"
)

// maxVoters bounds how many servers a commit waits for. More are standbys.
const maxVoters = 5

// catchUp is how many entries a server may be behind and still be made a voter.
const catchUp = 256

// Seen is a server as the leader sees it.
type Seen struct {
	ID, Name, Address, Version string

	Wanted   bool // it has a row: it joined and was not removed
	Removed  bool // it was shut out
	InRaft   bool // the log is sent to it
	Voter    bool
	Leader   bool
	Healthy  bool      // it answered the last time
	CaughtUp bool      // it has nearly all of the log
	Heard    time.Time // when it answered last; zero if it was not asked yet
	Last     uint64    // index of the newest entry that it has
	Schema   int
	Err      string // why it did not answer
}

// Role says what a server is, for people.
func (s Seen) Role() string {
	switch {
	case s.Leader:
		return "leader"
	case s.Voter:
		return "voter"
	case s.InRaft:
		return "standby"
	}
	return "joining"
}

// Step is one change of the cluster.
type Step struct {
	Do, ID, Address string
	Why             string
}

// The steps.
const (
	stepAdd     = "add"      // send it the log
	stepPromote = "promote"  // give it a vote
	stepDrop    = "drop"     // out of Raft: it was shut out
	stepShutOut = "shut-out" // it is dead for too long
)

// Decide says what to change next; an empty step is nothing. It keeps the number of
// voters odd: with an even one, one more server could be lost only if one more were
// there, and until then it is one more that a commit waits for.
func Decide(servers []Seen, deadAfter time.Duration, now time.Time) Step {
	var voters, healthy, ready int
	for _, s := range servers {
		switch {
		case s.Removed && s.InRaft:
			return Step{stepDrop, s.ID, s.Address, "it was removed"}
		case s.Voter:
			voters++
			if s.Healthy {
				healthy++
			}
		case s.InRaft && s.Wanted && s.Healthy && s.CaughtUp:
			ready++
		}
	}
	for _, s := range servers {
		if s.Wanted && !s.Removed && !s.InRaft && s.Healthy {
			return Step{stepAdd, s.ID, s.Address, "it joined"}
		}
	}
	if want := odd(min(maxVoters, healthy+ready)); healthy < want {
		for _, s := range servers {
			if s.InRaft && s.Wanted && !s.Voter && s.Healthy && s.CaughtUp {
				return Step{stepPromote, s.ID, s.Address, fmt.Sprintf("%d of %d voters answer, %d are wanted", healthy, voters, want)}
			}
		}
	}
	if deadAfter <= 0 {
		return Step{}
	}
	for _, s := range servers {
		if s.Healthy || s.Leader || s.Removed || s.Heard.IsZero() || now.Sub(s.Heard) < deadAfter {
			continue
		}
		switch {
		case !s.Voter:
			return Step{stepShutOut, s.ID, s.Address, "it has not answered since " + s.Heard.Format(time.RFC3339)}
		case voters-1 >= 3 && healthy >= majority(voters) && healthy >= majority(voters-1):
			return Step{stepShutOut, s.ID, s.Address, fmt.Sprintf("it has not answered since %s, and %d others do", s.Heard.Format(time.RFC3339), healthy)}
		}
	}
	return Step{}
}

// unsafe says why a server cannot be removed without risk to the quorum, or nothing.
func unsafe(servers []Seen, id string) string {
	left, healthy := 0, 0
	for _, s := range servers {
		switch {
		case s.ID == id && !s.Voter:
			return ""
		case s.ID == id || !s.Voter:
		default:
			left++
			if s.Healthy {
				healthy++
			}
		}
	}
	voted := false
	for _, s := range servers {
		voted = voted || s.ID == id && s.Voter
	}
	switch {
	case !voted:
		return ""
	case left == 0:
		return "it is the only voter"
	case healthy < majority(left):
		return fmt.Sprintf("without it %d of %d voters would answer, and %d must", healthy, left, majority(left))
	}
	return ""
}

func majority(n int) int { return n/2 + 1 }

// odd returns the greatest odd number up to n, at least 1.
func odd(n int) int {
	if n%2 == 0 {
		n--
	}
	return max(n, 1)
}
