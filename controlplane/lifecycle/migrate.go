package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// A migration is a boot of the next epoch on another host, which the guest of the present
// one moves to. Until the source has said that it let go of its guest for ever, the
// instance's epoch is the source's, and the destination runs nothing. That report is
// what makes the destination's the present one: see moved. The source alone can say that
// the guest stays; whoever wants a migration cancelled asks it.

// MoveLimit is how long a migration may take before it is cancelled.
const MoveLimit = 30 * time.Minute

// Migrate begins to move a running instance to another host, and returns the boot that it
// moves to. to is the id of that host; empty leaves it to the scheduler.
func Migrate(tx *store.Tx, id, to, by string, policy schedule.Policy) (*model.Boot, error) {
	i := store.Instances.Get(tx, id)
	old, err := movable(tx, i)
	if err != nil {
		return nil, err
	}
	was := store.Hosts.Get(tx, old.Host)
	request := shelter(tx, i, old, was)
	if request.Hosts = destinations(tx, i, was); to != "" {
		if to == old.Host {
			return nil, apierr.New("InvalidParameterValue", "instance %s is on host %s", id, to)
		}
		if why := unfit(was, store.Hosts.Get(tx, to)); why != "" {
			return nil, apierr.New("InvalidParameterValue", "instance %s cannot move to host %s: %s", id, to, why)
		}
		request.Hosts = []string{to}
	}
	place, why := schedule.Place(View(tx, i.Region, policy), request)
	if len(place.Spots) == 0 {
		return nil, apierr.New("InsufficientInstanceCapacity", "instance %s has nowhere to move: %s", id, why)
	}
	next := *i
	next.LastEpoch = i.NextEpoch()
	if err := store.Instances.Put(tx, &next); err != nil {
		return nil, err
	}
	spot := place.Spots[0]
	b := newBoot(tx, &next, next.LastEpoch, Size{old.VCPUs, old.MemoryMiB, old.Network}, spot)
	b.Group, b.Partition, b.Dedicated = old.Group, old.Partition, old.Dedicated
	b.Move = model.Move{From: old.Host, Epoch: old.Epoch, By: by}
	if err := store.Boots.Put(tx, b); err != nil {
		return nil, err
	}
	if err := note(tx, old.ID, "moving", fmt.Sprintf("to %s as boot %d, asked by %s", b.Host, b.Epoch, by)); err != nil {
		return nil, err
	}
	return b, hold(tx, b)
}

// movable returns the boot of an instance that can be moved, or says why it cannot.
func movable(r store.Reader, i *model.Instance) (*model.Boot, error) {
	if i == nil {
		return nil, apierr.New("InvalidInstanceID.NotFound", "there is no such instance")
	}
	b := Boot(r, i)
	if State(r, i) != model.StateRunning || b.Phase != model.PhaseRunning {
		return nil, apierr.New("IncorrectInstanceState", "instance %s is %s: only one that runs can be moved", i.ID, State(r, i).Name)
	}
	if m := Coming(r, i.ID); m != nil {
		return nil, apierr.New("IncorrectInstanceState", "instance %s is moving to host %s already", i.ID, m.Host)
	}
	if i.Placement.Tenancy == "host" && i.Placement.Affinity == "host" {
		return nil, apierr.New("IncorrectInstanceState", "instance %s has the affinity of its Dedicated Host, and stays on it", i.ID)
	}
	h := store.Hosts.Get(r, b.Host)
	switch {
	case h == nil || !h.Up:
		return nil, apierr.New("IncorrectInstanceState", "host %s of instance %s is down", b.Host, i.ID)
	case h.Migration == "":
		return nil, apierr.New("IncorrectInstanceState", "host %s has no way to other hosts (see --underlay)", b.Host)
	}
	return b, nil
}

// Coming returns the boot that an instance moves to, or nil.
func Coming(r store.Reader, instance string) *model.Boot {
	for b := range store.Boots.By(r, "instance", instance) {
		if b.Coming() {
			return b
		}
	}
	return nil
}

// destinations are the hosts of the instance's zone that can take its guest.
func destinations(r store.Reader, i *model.Instance, was *model.Host) []string {
	out := []string{}
	for h := range store.Hosts.By(r, "zone", store.Key(i.Region, i.Zone)) {
		if h.ID != was.ID && unfit(was, h) == "" {
			out = append(out, h.ID)
		}
	}
	return out
}

// unfit says why a host cannot take a running guest from another, or nothing.
func unfit(was, h *model.Host) string {
	switch {
	case h == nil:
		return "there is no such host"
	case h.Zone != was.Zone || h.Arch != was.Arch:
		return "it is of another zone or architecture"
	case h.Hypervisor != was.Hypervisor || h.Accel != was.Accel:
		return fmt.Sprintf("it runs guests by %s/%s, and %s by %s/%s", h.Hypervisor, h.Accel, was.ID, was.Hypervisor, was.Accel)
	case h.Storage != was.Storage:
		return fmt.Sprintf("its storage is %q, and that of %s is %q", h.Storage, was.ID, was.Storage)
	case h.Migration == "":
		return "it has no way to other hosts (see --underlay)"
	case !h.Up:
		return "it is down"
	}
	return ""
}

// CancelMove asks for a migration to be given up. If it is too late for that, it goes on.
func CancelMove(tx *store.Tx, b *model.Boot, why string) error {
	if !b.Coming() || b.Move.Cancel != "" {
		return nil
	}
	next := *b
	next.Move.Cancel = why
	return store.Boots.Put(tx, &next)
}

// MoveDue returns why a migration is to be cancelled now, or nothing, and if it is not,
// when to look again.
func MoveDue(r store.Reader, b *model.Boot, now time.Time) (why string, due time.Time) {
	if !b.Coming() || b.Move.Cancel != "" {
		return "", time.Time{}
	}
	to := store.Hosts.Get(r, b.Host)
	i := store.Instances.Get(r, b.Instance)
	switch due = b.Created.Add(MoveLimit); {
	case to == nil || !to.Up:
		return fmt.Sprintf("host %s is down", b.Host), now
	case i == nil || i.Effective() != model.WantRunning:
		return "the instance is to end", now
	case !now.Before(due):
		return fmt.Sprintf("it took more than %v", MoveLimit), now
	}
	return "", due
}

// reportComing takes a destination's report of a boot that a guest is to move to. One
// that has ended there before the source let go does not concern the instance.
func reportComing(tx *store.Tx, b *model.Boot, st BootReport) error {
	if st.Phase >= model.PhaseEnded {
		why := st.Reason.Message
		if why == "" {
			why = "the host let go of it"
		}
		return stays(tx, b, st.Phase, why)
	}
	st.Phase = min(st.Phase, model.PhasePreparing)
	next, changed := merge(*b, st)
	if st.Ready && !b.Move.Ready {
		next.Move.Ready, changed = true, true
	}
	if !changed {
		return nil
	}
	next.LastChange = tx.Now()
	return store.Boots.Put(tx, &next)
}

// stays ends a migration: the guest is where it was.
func stays(tx *store.Tx, b *model.Boot, phase model.Phase, why string) error {
	next := *b
	next.Phase, next.Cause, next.LastChange = phase, model.EndFailed, tx.Now()
	next.Reason = model.Reason{Code: "Server.MigrationFailed", Message: clip("Server.MigrationFailed: " + why)}
	if err := store.Boots.Put(tx, &next); err != nil {
		return err
	}
	if err := letGoOf(tx, b); err != nil {
		return err
	}
	return note(tx, model.BootID(b.Instance, b.Move.Epoch), fmt.Sprintf("stays (boot %d)", b.Epoch), why)
}

// staysBySource takes a source's word that its guest will not move as a boot.
func staysBySource(tx *store.Tx, source *model.Boot, epoch int64, why string) error {
	b := store.Boots.Get(tx, model.BootID(source.Instance, epoch))
	if b == nil || !b.Coming() || b.Move.Epoch != source.Epoch {
		return nil
	}
	return stays(tx, b, model.PhaseEnded, why)
}

// moved makes the boot that the guest has moved to the present one. Without such a boot
// the guest is lost; it returns why.
func moved(tx *store.Tx, i *model.Instance, old *model.Boot) (lost *model.Reason, err error) {
	b := Coming(tx, i.ID)
	if b == nil || b.Move.Epoch != old.Epoch {
		why := "the host that the guest had moved to let go of it"
		return &model.Reason{Code: "Server.MigrationFailed", Message: "Server.MigrationFailed: " + why}, nil
	}
	next := *b
	next.Move.Done = true
	next.Phase, next.LastChange = model.PhaseRunning, tx.Now()
	next.Steps = append(slices.Clone(b.Steps), model.Step{Name: "moved", At: tx.Now(), Detail: fmt.Sprintf("from %s, boot %d", old.Host, old.Epoch)})
	if err := store.Boots.Put(tx, &next); err != nil {
		return nil, err
	}
	for v := range store.Volumes.By(tx, "instance", i.ID) {
		row := *v
		row.Host = b.Host
		if err := store.Volumes.Put(tx, &row); err != nil {
			return nil, err
		}
	}
	inst := *i
	inst.Epoch = b.Epoch
	return nil, store.Instances.Put(tx, &inst)
}

// dropComing gives up the migration of a boot that ends otherwise: its host said so, or
// it was fenced.
func dropComing(tx *store.Tx, old *model.Boot, why string) error {
	b := Coming(tx, old.Instance)
	if b == nil || b.Move.Epoch != old.Epoch {
		return nil
	}
	return stays(tx, b, model.PhaseEnded, why)
}

// note adds a moment to a boot's timeline.
func note(tx *store.Tx, id, name, detail string) error {
	b := store.Boots.Get(tx, id)
	if b == nil || len(b.Steps) >= maxSteps {
		return nil
	}
	next := *b
	next.Steps = append(slices.Clone(b.Steps), model.Step{Name: name, At: tx.Now(), Detail: clip(detail)})
	return store.Boots.Put(tx, &next)
}
