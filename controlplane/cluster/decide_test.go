package cluster

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// servers reads a picture: L leader, V voter, S standby with the log, s one without,
// J joined and not yet sent the log; a - after it says that it was silent for an hour, a ~
// for a second, an x that it was shut out.
func servers(picture string) (out []Seen) {
	for _, r := range picture {
		last := len(out) - 1
		switch r {
		case '-':
			out[last].Healthy, out[last].Heard = false, now.Add(-time.Hour)
		case '~':
			out[last].Healthy, out[last].Heard = false, now.Add(-time.Second)
		case 'x':
			out[last].Removed, out[last].Wanted, out[last].Healthy = true, false, false
		default:
			out = append(out, Seen{
				ID: fmt.Sprint("s", len(out)+1), Wanted: true, InRaft: r != 'J', Voter: r == 'L' || r == 'V', Leader: r == 'L',
				Healthy: true, CaughtUp: r != 's' && r != 'J', Heard: now,
			})
		}
	}
	return out
}

func TestDecide(t *testing.T) {
	for _, c := range []struct{ picture, want, reason string }{
		{"L", "", "nothing to do"},
		{"LJ", "add s2", "who joined is sent the log"},
		{"LJ~", "", "but not before it answers"},
		{"LJ-", "shut-out s2", "and not if it never does"},
		{"LS", "", "two voters survive no more than one does"},
		{"LSs", "", "the second standby has not got the log yet"},
		{"LSS", "promote s2", "three do"},
		{"LVS", "promote s3", "on the way to three"},
		{"LVVS", "", "a fourth stands by"},
		{"LVVSS", "promote s4", "five survive two"},
		{"LVVVVSS", "", "more than five only slow each other down"},
		{"LVV~S", "promote s4", "a standby is given the vote at once"},
		{"LVV-V", "shut-out s3", "the replaced one goes"},
		{"LVV-", "", "without a replacement it stays: its return would help, its removal does not"},
		{"LVV~V", "", "it is silent for too short a time"},
		{"LVVV-V-", "shut-out s4", "three of five answer: one of the dead may go"},
		{"LVV-V-V-", "", "two of five answer: nothing can be committed"},
		{"LVVS-", "shut-out s4", "a dead standby is missed by nobody"},
		{"LVVx", "drop s3", "who was shut out leaves Raft"},
		{"LV-V-xJ", "drop s3", "and that comes first"},
	} {
		step := Decide(servers(c.picture), time.Minute, now)
		got := step.Do
		if got != "" {
			got += " " + step.ID
		}
		if got != c.want {
			t.Errorf("%s: %q, wanted %q: %s", c.picture, got, c.want, c.reason)
		}
	}
	if step := Decide(servers("LVV-V"), 0, now); step.Do != "" {
		t.Errorf("removed a dead server though nobody asked for that: %+v", step)
	}
}

// TestDecideKeepsTheQuorum: from wherever it begins, following Decide ends, and on the way
// the voters that answer stay a majority if they were one.
func TestDecideKeepsTheQuorum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		picture := "L"
		for range rapid.IntRange(0, 7).Draw(t, "others") {
			picture += rapid.SampledFrom([]string{"V", "V", "S", "s", "J"}).Draw(t, "kind") + rapid.SampledFrom([]string{"", "", "-", "~", "x"}).Draw(t, "fate")
		}
		all := servers(picture)
		quorum := func() (voters, healthy int) {
			for _, s := range all {
				if s.Voter {
					voters++
					if s.Healthy {
						healthy++
					}
				}
			}
			return voters, healthy
		}
		v, h := quorum()
		had := h >= majority(v)
		for round := 0; ; round++ {
			step := Decide(all, time.Minute, now)
			if step.Do == "" {
				break
			}
			if round > 50 {
				t.Fatalf("%s: no end of changes: %+v", picture, step)
			}
			for i := range all {
				s := &all[i]
				if s.ID != step.ID {
					continue
				}
				switch step.Do {
				case stepAdd:
					s.InRaft, s.CaughtUp = true, true
				case stepPromote:
					s.Voter = true
				case stepShutOut:
					s.Removed, s.Wanted = true, false
				case stepDrop:
					s.InRaft, s.Voter = false, false
				}
			}
			if v, h = quorum(); had && h < majority(v) {
				t.Fatalf("%s: after %+v %d of %d voters answer", picture, step, h, v)
			}
		}
		if v, _ = quorum(); v > maxVoters+2 && had {
			t.Fatalf("%s: %d voters", picture, v)
		}
	})
}

func TestUnsafe(t *testing.T) {
	for _, c := range []struct {
		picture, id string
		safe        bool
	}{
		{"L", "s1", false}, {"LV", "s2", true}, {"LVV", "s3", true}, {"LVV-", "s2", false}, {"LVV-", "s3", true},
		{"LVV-S", "s4", true}, {"LVVV-V-", "s2", false}, {"LVVV-V-", "s5", true},
	} {
		if why := unsafe(servers(c.picture), c.id); (why == "") != c.safe {
			t.Errorf("%s without %s: %q", c.picture, c.id, why)
		}
	}
}
