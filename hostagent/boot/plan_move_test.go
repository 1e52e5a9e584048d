package boot

import (
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// TestPlanMove: what remains to be done for a guest that comes or goes, for each place in
// which an agent can have died.
func TestPlanMove(t *testing.T) {
	const (
		running = agentpb.Boot_WANT_RUNNING
		attach  = "attach tap00000000001 (eni-00000000001); attach tap00000000002 (eni-00000000002); "
		untaps  = "untap tap00000000001 (eni-00000000001); untap tap00000000002 (eni-00000000002); "
		await   = "wait 1s for the guest to arrive"
		wait    = "wait 1s for the guest to move"
	)
	from := &agentpb.From{Host: "host-a", Epoch: 2}
	comes, came := boot(3, running), boot(3, running)
	comes.From = from
	ended, destroyed := boot(3, agentpb.Boot_WANT_ENDED), boot(3, agentpb.Boot_WANT_DESTROYED)
	coming := func(r *Record) { r.Coming = &Coming{Host: "host-a", Epoch: 2} }
	arrived := func(r *Record) { coming(r); r.Arrived = at }
	goes, stays := boot(3, running), boot(3, running)
	goes.To = &agentpb.To{Epoch: 4, Host: "host-b", Address: "b:1"}
	stays.To = &agentpb.To{Epoch: 4, Host: "host-b", Cancel: true}
	stopping := boot(3, agentpb.Boot_WANT_ENDED)
	stopping.To = goes.To
	begun := func(r *Record) { ran(r); r.Going = 4 }
	gone := func(r *Record) {
		begun(r)
		r.Volume, r.Ended = "vol-1", &Ending{Cause: CauseMoved, At: at}
	}
	paused, on := guest(3, hypervisor.Paused, ""), guest(3, hypervisor.Running, "")
	for _, c := range []struct {
		reason string
		want   *agentpb.Boot
		o      Observed
		steps  string
	}{
		{"a guest is to come: all is made ready, and nothing started", comes, Observed{},
			"accept epoch 3; image epoch 3; volume epoch 3; network epoch 3; tap tap00000000001 (eni-00000000001); tap tap00000000002 (eni-00000000002); receive epoch 3; " + await},
		{"it is on its way: it is not touched", comes, Observed{Record: rec(3, coming), Guest: paused, Taps: inHost(), Expected: true}, await},
		{"nobody waits for it any more in this process, and it is there", comes, Observed{Record: rec(3, coming), Guest: paused, Taps: inHost()}, await},
		{"somebody resumed it by hand while the source may run", comes, Observed{Record: rec(3, coming), Guest: on, Taps: inHost(), Expected: true},
			"destroy epoch 3: it ran before it had arrived; end epoch 3: failed; forget epoch 3; " + untaps + "drop epoch 3; release epoch 3"},
		{"its process here died", comes, Observed{Record: rec(3, coming), Guest: guest(3, hypervisor.Ended, hypervisor.EndCrashed), Taps: inHost(), Expected: true},
			"end epoch 3: failed; forget epoch 3; " + untaps + "drop epoch 3; release epoch 3"},
		{"it is not to come any more: it ends, and its disk goes", destroyed, Observed{Record: rec(3, func(r *Record) { coming(r); r.Volume = "vol-1" }), Guest: paused, Taps: inHost(), Expected: true},
			"destroy epoch 3: asked to end it at once; end epoch 3: asked; forget epoch 3; " + untaps + "drop epoch 3; release epoch 3"},
		{"the same on shared storage: the disk is the source's", destroyed, Observed{Record: rec(3, func(r *Record) { coming(r); r.Volume, r.Coming.Shared = "vol-1", true }), Guest: paused, Taps: inHost(), Expected: true},
			"destroy epoch 3: asked to end it at once; end epoch 3: asked; forget epoch 3; " + untaps + "release epoch 3"},
		{"nobody assigns it any more: it never ran", nil, Observed{Record: rec(3, coming), Guest: paused, Taps: inHost()},
			"destroy epoch 3: it never ran here, and is not to come any more; end epoch 3: failed; forget epoch 3; " + untaps + "drop epoch 3; release epoch 3"},

		{"it is this boot now: network, taps, and it runs", came, Observed{Record: rec(3, coming), Guest: paused, Taps: inHost(), NetworkReady: true},
			"arrive epoch 3; network epoch 3; " + attach + "resume epoch 3; seen epoch 3"},
		{"what is to leave a guest comes along with it", detaching(comesAlong(from), 1, agentpb.Interface_ASKED), Observed{},
			"accept epoch 3; image epoch 3; volume epoch 3; network epoch 3; tap tap00000000001 (eni-00000000001); tap tap00000000002 (eni-00000000002); receive epoch 3; " + await},
		{"an interface was taken by force on its way: that does not keep it from running", detaching(boot(3, running), 1, agentpb.Interface_FORCED),
			Observed{Record: rec(3, arrived), Guest: paused, Taps: map[string]TapState{"eni-00000000001": TapInHost}},
			"network epoch 3; attach tap00000000001 (eni-00000000001); resume epoch 3; seen epoch 3"},
		{"the agent died after it had arrived", came, Observed{Record: rec(3, arrived), Guest: paused, Taps: attached()}, "network epoch 3; resume epoch 3; seen epoch 3"},
		{"it was lost when the source had let go: nothing is started from its disk", came, Observed{Record: rec(3, coming), Taps: inHost()},
			"arrive epoch 3; end epoch 3: crashed; " + untaps + "release epoch 3"},
		{"its tap is gone: it has no network, and cannot be started over", came, Observed{Record: rec(3, arrived), Guest: paused, NetworkReady: true},
			"destroy epoch 3: its tap is gone; end epoch 3: crashed; forget epoch 3; release epoch 3"},
		{"it cannot be resumed", came, Observed{Record: rec(3, func(r *Record) { arrived(r); r.Arrived, r.Resuming = at.Add(-time.Minute), true }), Guest: paused, Taps: attached(), NetworkReady: true},
			"destroy epoch 3: it did not run within 1m0s; end epoch 3: crashed; forget epoch 3; " + untaps + "release epoch 3"},
		{"it was stopped on its way: it runs, to be asked", ended, Observed{Record: rec(3, coming), Guest: paused, Taps: inHost()},
			"arrive epoch 3; network epoch 3; " + attach + "resume epoch 3; seen epoch 3"},

		{"a guest is to go", goes, Observed{Record: rec(3, ran), Guest: on, Taps: attached()}, "go epoch 3, as 4; " + wait},
		{"it goes, and is paused for the last of it", goes, Observed{Record: rec(3, begun), Guest: paused, Taps: attached(), Going: GoingOn}, wait},
		{"it goes, and is to be stopped", stopping, Observed{Record: rec(3, begun), Guest: on, Taps: attached(), Going: GoingOn}, "give-up epoch 3; " + wait},
		{"it was given up", stays, Observed{Record: rec(3, begun), Guest: on, Taps: attached(), Going: GoingOn, GivenUp: true}, wait},
		{"it failed", goes, Observed{Record: rec(3, begun), Guest: on, Taps: attached(), Going: GoingFailed, GoingError: "no wire"}, "stay epoch 3, not 4: no wire"},
		{"it failed and left the guest paused", goes, Observed{Record: rec(3, begun), Guest: paused, Taps: attached(), Going: GoingFailed, GoingError: "no wire"},
			"resume epoch 3; stay epoch 3, not 4: no wire"},
		{"the agent died when the guest was paused on both hosts", goes, Observed{Record: rec(3, begun), Guest: paused, Taps: attached()},
			"resume epoch 3; stay epoch 3, not 4: the host's agent was restarted meanwhile"},
		{"an attempt that failed is not repeated", goes, Observed{Record: rec(3, func(r *Record) { begun(r); r.Stays = 4 }), Guest: on, Taps: attached()}, ""},
		{"it is not to go any more before it began", stays, Observed{Record: rec(3, ran), Guest: on, Taps: attached()}, "stay epoch 3, not 4: it was cancelled before it began"},
		{"the guest died on its way", goes, Observed{Record: rec(3, begun), Guest: guest(3, hypervisor.Ended, hypervisor.EndCrashed), Taps: attached(), Going: GoingFailed},
			"end epoch 3: crashed; forget epoch 3; " + untaps + "release epoch 3"},
		{"the other host has all of it: that is written down first", goes, Observed{Record: rec(3, begun), Guest: paused, Taps: attached(), Going: GoingGone},
			"end epoch 3: moved; let-go epoch 3; destroy epoch 3: its boot has ended; forget epoch 3; " + untaps + "release epoch 3"},
		{"the agent died when it was written down: never again", goes, Observed{Record: rec(3, gone), Guest: paused, Taps: attached()},
			"let-go epoch 3; destroy epoch 3: its boot has ended; forget epoch 3; " + untaps + "wait 10s for the control plane to know that the guest has moved; drop epoch 3; release epoch 3"},
		{"the control plane knows: the disk here goes", destroyed, Observed{Record: rec(3, gone)}, "drop epoch 3; release epoch 3"},
		{"the same on shared storage", destroyed, Observed{Record: rec(3, func(r *Record) { gone(r); r.GoingShared = true })}, "release epoch 3"},
	} {
		c.o.Now = at
		var lines []string
		for _, s := range PlanBoot(c.want, c.o) {
			lines = append(lines, s.String())
		}
		if got := strings.Join(lines, "; "); got != c.steps {
			t.Errorf("%s:\n got %s\nwant %s", c.reason, got, c.steps)
		}
	}
}

// A guest that moved here and was ended as it could not be made to run says so, whoever looks
// next: it is not somebody's doing on the host.
func TestLostOnArrivalSaysSo(t *testing.T) {
	r := rec(3, func(r *Record) {
		r.Coming, r.Arrived, r.Resuming = &Coming{Host: "host-a", Epoch: 2, Shared: true}, at.Add(-time.Minute), true
	})
	want := boot(3, agentpb.Boot_WANT_RUNNING)
	for _, c := range []struct {
		resumed bool
		code    string
	}{{false, "Server.MigrationFailed"}, {true, "Server.InternalError"}} {
		r.Resumed = c.resumed
		var code string
		for _, s := range PlanBoot(want, Observed{Record: r, Guest: guest(3, hypervisor.Ended, hypervisor.EndDestroyed), Taps: attached(), Now: at}) {
			if s.Op == OpEnd {
				code = s.Ending.Code
			}
		}
		if code != c.code {
			t.Errorf("a guest that had run here (%v) ends with %q, want %q", c.resumed, code, c.code)
		}
	}
}

// comesAlong is an assignment of a boot that comes from another host.
func comesAlong(from *agentpb.From) *agentpb.Boot {
	b := boot(3, agentpb.Boot_WANT_RUNNING)
	b.From = from
	return b
}
