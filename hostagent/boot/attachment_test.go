package boot

import (
	"testing"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/sim"
	"github.com/micacloud/mica/proto/agentpb"
)

// What is told of attachments is what the guest has: an interface is attached when it has its
// link, and detached when the guest has let it go.
func TestAttachmentsAreToldAsTheGuestHasThem(t *testing.T) {
	w := newWorld(t.TempDir())
	told := func(b *agentpb.Boot, want string) {
		t.Helper()
		if got := attachments(mustSettle(t, w, b)); got != want {
			t.Fatalf("told %q, want %q", got, want)
		}
	}
	for range 3 {
		s, _, err := w.step(rewired(boot(1, running), 1, 2))
		if err != nil || attachments(s) != "" {
			t.Fatalf("before it runs: %q %v", attachments(s), err)
		}
	}
	told(rewired(boot(1, running), 1, 2), "a1 attached, a2 attached")
	told(rewired(boot(1, running), 1, 2, 3), "a1 attached, a2 attached, a3 attached")
	told(detaching(rewired(boot(1, running), 1, 2, 3), 1, agentpb.Interface_ASKED), "a1 attached, a2 detached, a3 attached")
	if w.guest().NICs["02:00:00:00:00:02"] != hypervisor.NICGone || w.taps["eni-00000000002"] != TapAbsent {
		t.Errorf("of what was detached there is %v, %v", w.guest().NICs, w.taps)
	}
	w.restart() // the word outlives who gave it
	told(detaching(rewired(boot(1, running), 1, 2, 3), 1, agentpb.Interface_ASKED), "a1 attached, a2 detached, a3 attached")
	told(detaching(rewired(boot(1, running), 1, 3, 4), 2, agentpb.Interface_ASKED), "a1 attached, a3 attached, a4 detached") // never plugged
}

// A guest that lets nothing go keeps its interface, and the address with it, until it is taken
// by force: then the network serves it no more, and what is left in the guest leads nowhere.
func TestAGuestThatLetsNothingGo(t *testing.T) {
	w := newWorld(t.TempDir())
	mustSettle(t, w, rewired(boot(1, running), 1, 2))
	w.hyp.Inject(testInstance, sim.Fault{Deaf: true})
	says := func(b *agentpb.Boot, steps int) string {
		t.Helper()
		last := ""
		for range steps {
			s, next, err := w.step(b)
			if err != nil {
				t.Fatal(err)
			}
			if next > Again {
				w.now = w.now.Add(next)
			}
			last = attachments(s)
			if err := w.falselyTold(b, s); err != nil {
				t.Fatal(err)
			}
		}
		return last
	}
	asked := detaching(rewired(boot(1, running), 1, 2), 1, agentpb.Interface_ASKED)
	if got := says(asked, 300); got != "a1 attached" || !w.served["eni-00000000002"] {
		t.Errorf("a deaf guest: %q, served %v", got, w.served)
	}
	forced := detaching(rewired(boot(1, running), 1, 2), 1, agentpb.Interface_FORCED)
	if got := says(forced, 10); got != "a1 attached, a2 detached" || w.served["eni-00000000002"] {
		t.Errorf("by force: %q, served %v", got, w.served)
	}
	if w.guest().NICs["02:00:00:00:00:02"] != hypervisor.NICUp || w.taps["eni-00000000002"] != TapAttached {
		t.Errorf("the guest's own end is %v, %v", w.guest().NICs, w.taps)
	}
	// Attached again it has to leave first.
	again := rewired(boot(1, running), 1, 2)
	again.Interfaces[1].Attachment = "b2"
	if got := says(again, 20); got != "a1 attached" {
		t.Errorf("attached again: %q", got)
	}
	w.hyp.Inject(testInstance, sim.Fault{})
	if got := attachments(mustSettle(t, w, again)); got != "a1 attached, b2 attached" {
		t.Errorf("when the guest hears again: %q", got)
	}
}
