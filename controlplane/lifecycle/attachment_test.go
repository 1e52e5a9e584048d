package lifecycle

import (
	"errors"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// plugged makes a second interface, attached to a guest that may run.
func (w *world) plugged(id, eni string) {
	w.update(func(tx *store.Tx) error {
		i := *store.Instances.Get(tx, id)
		i.Interfaces = append(i.Interfaces[:len(i.Interfaces):len(i.Interfaces)], eni)
		row := &model.Interface{ID: eni, VPC: "vpc-1", MAC: eni, Subnet: "subnet-1", Instance: id, AttachmentID: "at-" + eni, DeviceIndex: len(i.Interfaces) - 1, Arriving: true}
		return errors.Join(store.Instances.Put(tx, &i), store.Interfaces.Put(tx, row))
	})
}

func (w *world) detach(eni string, force bool) {
	w.update(func(tx *store.Tx) error { return Detach(tx, eni, force) })
}

// says reports of a boot with attachments; one after a minus is gone.
func (w *world) says(host, id string, epoch int64, phase model.Phase, cause model.EndCause, attachments ...string) error {
	st := BootReport{Instance: id, Epoch: epoch, Phase: phase, Cause: cause}
	for _, a := range attachments {
		st.Attachments = append(st.Attachments, AttachmentReport{ID: strings.TrimPrefix(a, "-"), Gone: strings.HasPrefix(a, "-")})
	}
	return w.try(func(tx *store.Tx) error { return ReportBoot(tx, host, st) })
}

func (w *world) attachment(eni string) string {
	i := store.Interfaces.Get(w.view(), eni)
	if i == nil {
		return "gone"
	}
	return i.AttachmentState()
}

// Each line is what happens in turn to an instance with a second interface, and what its
// attachment is after that.
func TestAttachmentsFollowTheHostsWord(t *testing.T) {
	type w = world
	running := func(w *w) { w.reported("i", 1, model.PhaseRunning, "") }
	says := func(attachments ...string) func(*w) {
		return func(w *w) {
			if err := w.says("host-1", "i", 1, model.PhaseRunning, "", attachments...); err != nil {
				t.Fatal(err)
			}
		}
	}
	ends := func(cause model.EndCause) func(*w) {
		return func(w *w) { w.reported("i", 1, model.PhaseEnded, cause) }
	}
	detach := func(w *w) { w.detach("eni-2", false) }
	force := func(w *w) { w.detach("eni-2", true) }
	attach := func(w *w) { w.plugged("i", "eni-2") }
	stop := func(w *w) { w.stop("i", false) }
	type step struct {
		do   func(*w)
		want string
	}
	for _, tt := range []struct {
		reason string
		steps  []step
	}{
		{"it arrives, and leaves", []step{{attach, "attaching"}, {says("at-eni-2"), "attached"}, {detach, "detaching"}, {says("at-eni-2"), "detaching"}, {says("-at-eni-2"), ""}}},
		{"by force it is the host's word too", []step{{attach, "attaching"}, {force, "detaching"}, {says(), "detaching"}, {says("-at-eni-2"), ""}}},
		{"none ends that was not to", []step{{attach, "attaching"}, {says("-at-eni-2"), "attaching"}, {says("at-eni-2"), "attached"}, {says("-at-eni-2"), "attached"}}},
		{"another attachment's word does not count", []step{{attach, "attaching"}, {says("at-of-before"), "attaching"}, {detach, "detaching"}, {says("-at-of-before"), "detaching"}}},
		{"it is stopped while it arrives", []step{{attach, "attaching"}, {stop, "attaching"}, {ends(model.EndAsked), "attached"}}},
		{"it is stopped while it leaves", []step{{attach, "attaching"}, {detach, "detaching"}, {stop, "detaching"}, {ends(model.EndAsked), ""}}},
		{"its guest dies while it leaves", []step{{attach, "attaching"}, {detach, "detaching"}, {ends(model.EndCrashed), ""}}},
		{"it leaves one that is stopped at once", []step{{stop, "gone"}, {ends(model.EndAsked), "gone"}, {attach, "attaching"}, {detach, ""}}},
		{"it is terminated while it arrives", []step{{attach, "attaching"}, {func(w *w) { w.terminate("i") }, "attaching"}, {ends(model.EndAsked), ""}}},
		{"it is terminated while it leaves", []step{{attach, "attaching"}, {says("at-eni-2"), "attached"}, {func(w *w) {
			w.update(func(tx *store.Tx) error {
				row := *store.Interfaces.Get(tx, "eni-2")
				row.DeleteOnTermination = true // what was detached before is not deleted with it
				return store.Interfaces.Put(tx, &row)
			})
		}, "attached"}, {detach, "detaching"}, {func(w *w) { w.terminate("i") }, "detaching"}, {ends(model.EndAsked), ""}}},
		{"its host was lost: it arrives with the next boot", []step{{attach, "attaching"}, {ends(model.EndFenced), "attaching"}}},
		{"unless nobody wants one", []step{{attach, "attaching"}, {ends(model.EndFenced), "attaching"}, {stop, "attached"}}},
		{"its host was lost, and took it along", []step{{attach, "attaching"}, {detach, "detaching"}, {ends(model.EndFenced), ""}}},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			w := newWorld(t)
			w.launch("i", nil)
			running(w)
			for n, s := range tt.steps {
				s.do(w)
				if got := w.attachment("eni-2"); got != s.want {
					t.Fatalf("after step %d it is %q, want %q", n, got, s.want)
				}
				if i := store.Interfaces.Get(w.view(), "eni-2"); i != nil && i.Instance == "" && (i.AttachmentID != "" || i.Leaving != "" || i.Arriving) {
					t.Fatalf("after step %d what is free has %+v", n, i)
				}
				if listed := strings.Contains(strings.Join(w.instance("i").Interfaces, " "), "eni-2"); listed != (s.want != "" && s.want != "gone") {
					t.Fatalf("after step %d the instance has %v", n, w.instance("i").Interfaces)
				}
			}
		})
	}
}

// A host that is not the guest's, and one of an older boot, have no say.
func TestOnlyTheGuestsHostSpeaksOfItsAttachments(t *testing.T) {
	w := newWorld(t)
	w.launch("i", nil)
	w.reported("i", 1, model.PhaseRunning, "")
	w.plugged("i", "eni-2")
	w.detach("eni-2", false)
	if err := w.says("host-2", "i", 1, model.PhaseRunning, "", "-at-eni-2"); !errors.Is(err, ErrWrongHost) {
		t.Errorf("another host: %v", err)
	}
	w.stop("i", false)
	w.launch("j", nil)
	w.plugged("j", "eni-3")
	w.detach("eni-3", false)
	w.reported("j", 1, model.PhaseRunning, "")
	if err := w.says("host-1", "i", 1, model.PhaseStopping, "", "-at-eni-3"); err != nil { // of another's guest
		t.Fatal(err)
	}
	if a, b := w.attachment("eni-2"), w.attachment("eni-3"); a != "detaching" || b != "detaching" {
		t.Errorf("they are %q and %q", a, b)
	}
	w.reported("i", 1, model.PhaseReleased, model.EndAsked)
	w.start("i")
	w.plugged("i", "eni-2")
	w.detach("eni-2", false)
	if err := w.says("host-1", "i", 1, model.PhaseRunning, "", "-at-eni-2"); !errors.Is(err, ErrOldEpoch) {
		t.Errorf("an old boot: %v", err)
	}
	if got := w.attachment("eni-2"); got != "detaching" {
		t.Errorf("it is %q", got)
	}
}
