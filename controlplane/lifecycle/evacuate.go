package lifecycle

import (
	"errors"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// How a draining host is emptied: so many guests leave it at once, and one that did not
// come through so often is stopped.
const (
	leavingAtOnce = 2
	leavingTries  = 2
)

// byDrain is who asks for the migrations of a drain.
const byDrain = "drain"

// Evacuated is what one look at a draining host has begun.
type Evacuated struct {
	Moving  []string          // instances that move now
	Waiting []string          // those that will when others have, when they run, or when a host is back
	Stopped map[string]string // those that cannot move, and why
}

// Evacuate cordons a host and has what runs on it moved elsewhere, a few at once. What
// cannot move is stopped, as Drain does it. It is to be called again until the host is
// empty: see Leaving.
func Evacuate(tx *store.Tx, id string, policy schedule.Policy) (out Evacuated, err error) {
	h := store.Hosts.Get(tx, id)
	if h == nil {
		return out, nil
	}
	if !h.Cordoned || !h.Draining {
		next := *h
		next.Cordoned, next.Draining = true, true
		if err := store.Hosts.Put(tx, &next); err != nil {
			return out, err
		}
	}
	out.Stopped = map[string]string{}
	leaving := 0
	for _, b := range live(tx, id) {
		if b.Coming() { // it comes to a host that is to be empty
			if err := CancelMove(tx, b, "host "+id+" is drained"); err != nil {
				return out, err
			}
		}
		if Coming(tx, b.Instance) != nil {
			leaving++
		}
	}
	for _, b := range live(tx, id) {
		i := store.Instances.Get(tx, b.Instance)
		switch {
		case i == nil || i.Epoch != b.Epoch || i.Effective() != model.WantRunning || Coming(tx, i.ID) != nil:
			continue
		case leaving >= leavingAtOnce || b.Phase < model.PhaseRunning: // one that starts moves when it runs
			out.Waiting = append(out.Waiting, i.ID)
			continue
		}
		why, final, err := leave(tx, i, policy)
		if err != nil {
			return out, err
		}
		if why == "" {
			leaving++
			out.Moving = append(out.Moving, i.ID)
			continue
		}
		if !final && away(tx, h) {
			out.Waiting = append(out.Waiting, i.ID)
			continue
		}
		out.Stopped[i.ID] = why
		if err := stopFor(tx, i, model.WantStopped, retired(why)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// away reports whether what cannot move from a host now may be able to soon: hosts lose
// touch for a moment whenever the leader changes, and guests that are on their way hold
// room at both ends. No guest is stopped for that.
func away(r store.Reader, from *model.Host) bool {
	for h := range store.Hosts.By(r, "zone", store.Key(from.Region, from.Zone)) {
		if !h.Up && (h.ID == from.ID || !h.Cordoned) {
			return true
		}
		for _, b := range live(r, h.ID) {
			if i := store.Instances.Get(r, b.Instance); i == nil || i.Epoch != b.Epoch {
				return true
			}
		}
	}
	return false
}

// leave begins to move an instance, or says why it cannot be moved, and whether that is
// final: room and hosts come back.
func leave(tx *store.Tx, i *model.Instance, policy schedule.Policy) (why string, final bool, err error) {
	failed, last := 0, ""
	for b := range store.Boots.By(tx, "instance", i.ID) {
		if b.Move.By == byDrain && b.Move.Epoch == i.Epoch && b.Moves() && b.Phase >= model.PhaseEnded {
			failed, last = failed+1, b.Reason.Message
		}
	}
	if failed >= leavingTries {
		return last, true, nil
	}
	_, err = Migrate(tx, i.ID, "", byDrain, policy)
	if refused, ok := errors.AsType[*apierr.Error](err); ok {
		return refused.Message, refused.Code == "IncorrectInstanceState" && hostOf(tx, i).Up, nil
	}
	return "", false, err
}

// hostOf returns the host of an instance's present boot.
func hostOf(r store.Reader, i *model.Instance) model.Host {
	if b := Boot(r, i); b != nil {
		if h := store.Hosts.Get(r, b.Host); h != nil {
			return *h
		}
	}
	return model.Host{}
}

// Leaving reports whether Evacuate has something to do on a host.
func Leaving(r store.Reader, h *model.Host) bool {
	return h.Draining && slices.ContainsFunc(live(r, h.ID), func(b *model.Boot) bool {
		i := store.Instances.Get(r, b.Instance)
		return b.Coming() && b.Move.Cancel == "" || i != nil && i.Epoch == b.Epoch && i.Effective() == model.WantRunning && Coming(r, i.ID) == nil
	})
}

// retired is the reason for the stop of an instance whose host is drained and which cannot
// be moved.
func retired(why string) model.Reason {
	out := Retired
	out.Message += ", and it cannot be moved: " + strings.TrimPrefix(why, out.Code+": ")
	return out
}
