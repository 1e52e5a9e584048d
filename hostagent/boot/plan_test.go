package boot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// at is the time of all plans in the table.
var at = time.Unix(1e9, 0)

// rec returns a record of an epoch, changed by f.
func rec(epoch int64, f func(*Record)) *Record {
	r := newRecord(boot(epoch, agentpb.Boot_WANT_RUNNING), at.Add(-time.Minute), nil)
	if f != nil {
		f(r)
	}
	return r
}

func ran(r *Record) { r.Resuming, r.Resumed = true, true }

func guest(epoch int64, s hypervisor.State, e hypervisor.End) *hypervisor.Guest {
	g := &hypervisor.Guest{Instance: testInstance, Epoch: epoch, State: s, End: e}
	if s != hypervisor.Ended {
		g.NICs = nics(hypervisor.NICUp, hypervisor.NICUp)
	}
	return g
}

// nics are the guest's interfaces.
func nics(first, second hypervisor.NICState) map[string]hypervisor.NICState {
	out := map[string]hypervisor.NICState{}
	for i, s := range []hypervisor.NICState{first, second} {
		if s != hypervisor.NICGone {
			out[fmt.Sprintf("02:00:00:00:00:%02x", i+1)] = s
		}
	}
	return out
}

// wired returns a guest that runs with these interfaces.
func wired(first, second hypervisor.NICState) *hypervisor.Guest {
	g := guest(3, hypervisor.Running, "")
	g.NICs = nics(first, second)
	return g
}

// leaving is a record whose second interface was asked to go, and was asked last, so long ago.
func leaving(first, last time.Duration) *Record {
	return rec(3, func(r *Record) {
		ran(r)
		r.NICs[1].Leaving, r.NICs[1].Asked = at.Add(-first), at.Add(-last)
	})
}

func inHost() map[string]TapState {
	return map[string]TapState{"eni-00000000001": TapInHost, "eni-00000000002": TapInHost}
}

func attached() map[string]TapState {
	return map[string]TapState{"eni-00000000001": TapAttached, "eni-00000000002": TapAttached}
}

func TestPlanBoot(t *testing.T) {
	const (
		taps    = "tap tap00000000001 (eni-00000000001); tap tap00000000002 (eni-00000000002); "
		attach  = "attach tap00000000001 (eni-00000000001); attach tap00000000002 (eni-00000000002); "
		untaps  = "untap tap00000000001 (eni-00000000001); untap tap00000000002 (eni-00000000002); "
		ready   = "image epoch 3; volume epoch 3; "
		network = "network epoch 3; "
		leave   = "forget epoch 3; " + untaps + "release epoch 3"
		running = agentpb.Boot_WANT_RUNNING
	)
	const (
		gone, down, up = hypervisor.NICGone, hypervisor.NICDown, hypervisor.NICUp
		second         = "tap00000000002 (eni-00000000002)"
		join           = "attach " + second + "; link " + second
		left           = "untap " + second + "; delist " + second
	)
	single := boot(3, running)
	single.Interfaces = single.Interfaces[:1]
	swapped := boot(3, running)
	slices.Reverse(swapped.Interfaces)
	one := func(r *Record) { ran(r); r.NICs = r.NICs[:1] }
	rebooting := boot(3, running)
	rebooting.RebootCount = 2
	for _, c := range []struct {
		reason string
		want   *agentpb.Boot
		o      Observed
		steps  string
	}{
		{"a new boot on an empty host", boot(3, running), Observed{},
			"accept epoch 3; " + ready + taps + "start epoch 3; " + network + attach + "resume epoch 3; seen epoch 3"},
		{"taps left over by an agent that died: one too far, one just right", boot(3, running),
			Observed{Record: rec(3, nil), Taps: map[string]TapState{"eni-00000000001": TapAttached, "eni-00000000002": TapInHost}},
			ready + "untap tap00000000001 (eni-00000000001); tap tap00000000001 (eni-00000000001); start epoch 3; " + network + attach + "resume epoch 3; seen epoch 3"},
		{"paused, one tap attached", boot(3, running),
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), ImageReady: true, VolumeReady: true, NetworkReady: true,
				Taps: map[string]TapState{"eni-00000000001": TapAttached, "eni-00000000002": TapInHost}},
			"attach tap00000000002 (eni-00000000002); resume epoch 3; seen epoch 3"},
		{"paused, all taps attached: another agent had got so far", boot(3, running),
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), Taps: attached()}, "resume epoch 3; seen epoch 3"},
		{"paused, a tap to attach: not before the network is seen to again", boot(3, running),
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), Taps: inHost()}, "network epoch 3; " + attach + "resume epoch 3; seen epoch 3"},
		{"paused on a tap that is gone: it never ran, so it is started over", boot(3, running),
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), ImageReady: true, VolumeReady: true, NetworkReady: true,
				Taps: map[string]TapState{"eni-00000000002": TapAttached}},
			"destroy epoch 3: it was started on a tap that is gone, and never ran; tap tap00000000001 (eni-00000000001); " +
				"untap tap00000000002 (eni-00000000002); tap tap00000000002 (eni-00000000002); start epoch 3; " + attach + "resume epoch 3; seen epoch 3"},
		{"its start failed once", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Starts = 1 }), Guest: guest(3, hypervisor.Ended, hypervisor.EndFailed), Taps: inHost(),
				ImageReady: true, VolumeReady: true, NetworkReady: true},
			"start epoch 3; " + attach + "resume epoch 3; seen epoch 3"},
		{"its start has just failed, and the failure is the hint that we follow", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Starts, r.StartTried = 2, at.Add(-time.Second) }), Guest: guest(3, hypervisor.Ended, hypervisor.EndFailed), Taps: inHost(),
				ImageReady: true, VolumeReady: true, NetworkReady: true},
			"wait 3s before starting it again; start epoch 3; " + attach + "resume epoch 3; seen epoch 3"},
		{"its start failed too often", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Starts = 3 }), Guest: guest(3, hypervisor.Ended, hypervisor.EndFailed), Taps: inHost()},
			"end epoch 3: failed; " + leave},
		{"it did not get ready in time", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Accepted = at.Add(-time.Hour) })},
			"end epoch 3: failed; release epoch 3"},
		{"the agent died between the intent to resume and resuming", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Resuming = true }), Guest: guest(3, hypervisor.Paused, ""), Taps: attached()},
			"resume epoch 3; seen epoch 3"},
		{"the agent died after resuming", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Resuming = true }), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"seen epoch 3"},
		{"the record was lost, and the guest runs: it is adopted", boot(3, running),
			Observed{Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"accept epoch 3; seen epoch 3"},
		{"all is well", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Running, ""), Taps: attached()}, ""},
		{"an operator paused it", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Paused, ""), Taps: attached()}, ""},
		{"its disk is full", boot(3, running),
			Observed{Record: rec(3, ran), Guest: &hypervisor.Guest{Instance: testInstance, Epoch: 3, State: hypervisor.Paused, Stalled: true}, Taps: attached()},
			"resume epoch 3"},
		{"its disk is still full", boot(3, running),
			Observed{Record: rec(3, ran), Guest: &hypervisor.Guest{Instance: testInstance, Epoch: 3, State: hypervisor.Paused, Stalled: true}, Taps: attached(),
				LastResume: at.Add(-time.Second)},
			"wait 9s for the guest's disk; resume epoch 3"},
		{"two reboots were asked for: one will do", rebooting,
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"reboot epoch 3, count 2; wait 2m0s for the guest to reboot; reset epoch 3, count 2; done epoch 3, count 2"},
		{"the guest takes its time to reboot", rebooting,
			Observed{Record: rec(3, func(r *Record) { ran(r); r.RebootAsked = at.Add(-time.Minute) }), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"wait 1m0s for the guest to reboot; reset epoch 3, count 2; done epoch 3, count 2"},
		{"the guest does not reboot", rebooting,
			Observed{Record: rec(3, func(r *Record) { ran(r); r.RebootAsked = at.Add(-3 * time.Minute) }), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"reset epoch 3, count 2; done epoch 3, count 2"},
		{"the guest has rebooted", rebooting,
			Observed{Record: rec(3, func(r *Record) { ran(r); r.RebootAsked = at.Add(-time.Minute) }), Taps: attached(),
				Guest: &hypervisor.Guest{Instance: testInstance, Epoch: 3, State: hypervisor.Running, Reboots: 1, LastReboot: at, NICs: nics(hypervisor.NICUp, hypervisor.NICUp)}},
			"done epoch 3, count 2"},
		{"it powered itself off", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Ended, hypervisor.EndPoweroff), Taps: attached()},
			"end epoch 3: poweroff; " + leave},
		{"it crashed", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Ended, hypervisor.EndCrashed), Taps: attached()},
			"end epoch 3: crashed; " + leave},
		{"somebody destroyed it on the host", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Ended, hypervisor.EndDestroyed), Taps: attached()},
			"end epoch 3: crashed; " + leave},
		{"the host was restarted: a boot that has run never runs again", boot(3, running),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Ended, hypervisor.EndUnknown)},
			"end epoch 3: crashed; forget epoch 3; release epoch 3"},
		{"somebody undefined it", boot(3, running), Observed{Record: rec(3, ran), Taps: attached()},
			"end epoch 3: crashed; " + untaps + "release epoch 3"},
		{"the agent died after recording the end", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { ran(r); r.Ended = &Ending{Cause: CausePoweroff} }), Guest: guest(3, hypervisor.Ended, hypervisor.EndUnknown), Taps: attached()},
			leave},
		{"released: nothing more", boot(3, running),
			Observed{Record: rec(3, func(r *Record) { r.Ended = &Ending{}; r.Released = at })}, ""},
		{"stop it", boot(3, agentpb.Boot_WANT_ENDED),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"button epoch 3; wait 10s for the guest to power off; end epoch 3: asked; " + leave},
		{"it did not hear the button", boot(3, agentpb.Boot_WANT_ENDED),
			Observed{Record: rec(3, func(r *Record) { ran(r); r.StopAsked, r.Button = at.Add(-10*time.Second), at.Add(-10*time.Second) }), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"button epoch 3; wait 10s for the guest to power off; end epoch 3: asked; " + leave},
		{"it never heard the button", boot(3, agentpb.Boot_WANT_ENDED),
			Observed{Record: rec(3, func(r *Record) { ran(r); r.StopAsked = at.Add(-2 * time.Minute) }), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"destroy epoch 3: it did not power off within 2m0s; end epoch 3: asked; " + leave},
		{"it crashed while it was being stopped: that is as asked", boot(3, agentpb.Boot_WANT_ENDED),
			Observed{Record: rec(3, func(r *Record) { ran(r); r.StopAsked = at }), Guest: guest(3, hypervisor.Ended, hypervisor.EndCrashed), Taps: attached()},
			"end epoch 3: asked; " + leave},
		{"end it at once", boot(3, agentpb.Boot_WANT_DESTROYED),
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Running, ""), Taps: attached()},
			"destroy epoch 3: asked to end it at once; end epoch 3: asked; " + leave},
		{"a paused guest cannot hear the button", boot(3, agentpb.Boot_WANT_ENDED),
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), Taps: attached()},
			"destroy epoch 3: it does not run, so it cannot be asked; end epoch 3: asked; " + leave},
		{"to be ended before anything was done", boot(3, agentpb.Boot_WANT_ENDED), Observed{},
			"accept epoch 3; end epoch 3: asked; release epoch 3"},
		{"an older epoch's guest runs here", boot(3, running),
			Observed{Record: rec(2, ran), Guest: guest(2, hypervisor.Running, ""), Taps: attached()},
			"destroy epoch 2: a newer epoch is assigned; forget epoch 2; " + untaps + "accept epoch 3; " + ready + taps + "start epoch 3; " + network + attach + "resume epoch 3; seen epoch 3"},
		{"a newer epoch's guest runs here: it is left alone", boot(3, agentpb.Boot_WANT_DESTROYED),
			Observed{Record: rec(4, ran), Guest: guest(4, hypervisor.Running, ""), Taps: attached()},
			"refuse epoch 3: epoch 4 is on this host"},
		{"a newer epoch was here", boot(3, running),
			Observed{Record: rec(4, func(r *Record) { r.Ended = &Ending{}; r.Released = at })},
			"refuse epoch 3: epoch 4 is on this host"},
		{"an interface is assigned to a guest that runs", boot(3, running),
			Observed{Record: rec(3, one), Guest: wired(up, gone), Taps: map[string]TapState{"eni-00000000001": TapAttached}},
			"enlist " + second + "; tap " + second + "; plug " + second + "; network epoch 3; " + join},
		{"the agent died after recording it", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, gone), Taps: map[string]TapState{"eni-00000000001": TapAttached}},
			"tap " + second + "; plug " + second + "; network epoch 3; " + join},
		{"it died after making the tap", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, gone), Taps: map[string]TapState{"eni-00000000001": TapAttached, "eni-00000000002": TapInHost}},
			"plug " + second + "; network epoch 3; " + join},
		{"it died after plugging it", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, down), NetworkReady: true, Taps: map[string]TapState{"eni-00000000001": TapAttached, "eni-00000000002": TapInHost}}, join},
		{"it died before giving it the link", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, down), Taps: attached()}, "link " + second},
		{"the guest has let it go unasked", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, gone), NetworkReady: true, Taps: attached()},
			"untap " + second + "; tap " + second + "; plug " + second + "; " + join},
		{"the tap of one without a link is gone: it has to go too", boot(3, running),
			Observed{Record: rec(3, ran), Guest: wired(up, down), Taps: map[string]TapState{"eni-00000000001": TapAttached}}, "unplug " + second},
		{"an interface is taken from a guest that runs", single,
			Observed{Record: rec(3, ran), Guest: wired(up, up), Taps: attached()},
			"unplug " + second + "; wait 1s for the guest to let go of eni-00000000002; " + left},
		{"the guest takes its time", single,
			Observed{Record: leaving(9*time.Second, 9*time.Second), Guest: wired(up, up), Taps: attached()},
			"wait 1s for the guest to let go of eni-00000000002; " + left},
		{"the guest did not hear it", single,
			Observed{Record: leaving(20*time.Second, 10*time.Second), Guest: wired(up, up), Taps: attached()},
			"unplug " + second + "; wait 1s for the guest to let go of eni-00000000002; " + left},
		{"the guest does not let go", single,
			Observed{Record: leaving(2*time.Minute, time.Second), Guest: wired(up, up), Taps: attached()},
			"stuck " + second + "; wait 10s for the guest to let go of eni-00000000002: it has not within 2m0s; " + left},
		{"the guest has let go", single,
			Observed{Record: leaving(time.Minute, time.Second), Guest: wired(up, gone), Taps: attached()}, left},
		{"it is assigned again while it leaves: it leaves first", boot(3, running),
			Observed{Record: leaving(time.Minute, time.Second), Guest: wired(up, up), Taps: attached()},
			"wait 1s for the guest to let go of eni-00000000002; " + left},
		{"one leaves and holds up neither a reboot nor another", func() *agentpb.Boot {
			b := boot(3, running)
			b.RebootCount, b.Interfaces[1] = 1, &agentpb.Interface{Id: "eni-00000000003", VpcId: "vpc-1", Mac: "02:00:00:00:00:03"}
			return b
		}(), Observed{Record: leaving(time.Minute, time.Second), Guest: wired(up, up), Taps: attached()},
			"reboot epoch 3, count 1; wait 2m0s for the guest to reboot; reset epoch 3, count 1; done epoch 3, count 1; enlist tap00000000003 (eni-00000000003); " +
				"tap tap00000000003 (eni-00000000003); plug tap00000000003 (eni-00000000003); network epoch 3; attach tap00000000003 (eni-00000000003); link tap00000000003 (eni-00000000003); " +
				"wait 1s for the guest to let go of eni-00000000002; " + left},
		{"an interface is asked of a guest that runs", detaching(boot(3, running), 1, agentpb.Interface_ASKED),
			Observed{Record: rec(3, ran), Guest: wired(up, up), Taps: attached(), NetworkReady: true},
			"unplug " + second + "; wait 1s for the guest to let go of eni-00000000002; " + left},
		{"one is taken by force: the guest has a moment", detaching(boot(3, running), 1, agentpb.Interface_FORCED),
			Observed{Record: leaving(4*time.Second, 4*time.Second), Guest: wired(up, up), Taps: attached()},
			"wait 1s for the guest to let go of eni-00000000002; " + left},
		{"and then the interface is cut off", detaching(boot(3, running), 1, agentpb.Interface_FORCED),
			Observed{Record: leaving(5*time.Second, 5*time.Second), Guest: wired(up, up), Taps: attached()},
			"network epoch 3; cut " + second + "; wait 1s for the guest to let go of eni-00000000002; " + left},
		{"a boot that has not run is not given what is to leave it", detaching(boot(3, running), 1, agentpb.Interface_ASKED),
			Observed{Record: rec(3, nil), Taps: inHost(), ImageReady: true, VolumeReady: true, NetworkReady: true},
			left + "; start epoch 3; attach tap00000000001 (eni-00000000001); resume epoch 3; seen epoch 3"},
		{"its interfaces were changed before it was started", single,
			Observed{Record: rec(3, nil), Taps: inHost(), ImageReady: true, VolumeReady: true, NetworkReady: true},
			left + "; start epoch 3; attach tap00000000001 (eni-00000000001); resume epoch 3; seen epoch 3"},
		{"its interfaces were changed while it was paused: it is started over", swapped,
			Observed{Record: rec(3, nil), Guest: guest(3, hypervisor.Paused, ""), Taps: inHost(), ImageReady: true, VolumeReady: true, NetworkReady: true},
			"destroy epoch 3: it was started with other interfaces, and never ran; enlist " + second + "; enlist tap00000000001 (eni-00000000001); start epoch 3; " +
				"attach " + second + "; attach tap00000000001 (eni-00000000001); resume epoch 3; seen epoch 3"},
		{"an operator paused it: nothing is plugged", boot(3, running),
			Observed{Record: rec(3, one), Guest: guest(3, hypervisor.Paused, ""), Taps: attached()}, ""},
		{"an orphan runs on", nil,
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Running, ""), Taps: attached()}, ""},
		{"an orphan that has ended is cleared away", nil,
			Observed{Record: rec(3, ran), Guest: guest(3, hypervisor.Ended, hypervisor.EndPoweroff), Taps: attached()},
			"end epoch 3: poweroff; " + leave},
		{"an orphan that was being made is given up", nil,
			Observed{Record: rec(3, nil), Taps: inHost()},
			"end epoch 3: asked; " + untaps + "release epoch 3"},
		{"an orphan's console is kept for a while", nil,
			Observed{Record: rec(3, func(r *Record) { r.Ended = &Ending{}; r.Released = at.Add(-24 * time.Hour) })},
			"wait 144h0m0s to keep the console; discard epoch 3"},
		{"and then goes", nil,
			Observed{Record: rec(3, func(r *Record) { r.Ended = &Ending{}; r.Released = at.Add(-8 * 24 * time.Hour) })},
			"discard epoch 3"},
		{"an ended guest that nobody has heard of", nil,
			Observed{Guest: guest(3, hypervisor.Ended, hypervisor.EndUnknown)}, "forget epoch 3"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			c.o.Now = at
			var got []string
			for _, s := range PlanBoot(c.want, c.o) {
				got = append(got, s.String())
			}
			if diff := cmp.Diff(strings.Split(c.steps, "; "), strings.Split(strings.Join(got, "; "), "; ")); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}
