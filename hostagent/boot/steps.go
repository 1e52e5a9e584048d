package boot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// task is one step's surroundings.
type task struct {
	*Executor
	o        *Observed
	at       time.Time // of the look
	want     *agentpb.Boot
	dir      string
	instance string
}

// do does one step. Whatever it changes is either found again by looking, or saved in
// the record before the change that it speaks of.
func (t *task) do(ctx context.Context, s Step) error {
	signal := func(sig hypervisor.Signal) error { return t.Hypervisor.Signal(ctx, t.instance, s.Epoch, sig) }
	switch s.Op {
	case OpAccept:
		return t.accept()
	case OpImage, OpVolume, OpNetwork:
		return t.ready(ctx, s.Op)
	case OpTap:
		return t.Network.CreateTap(ctx, s.NIC)
	case OpAttach:
		return t.Network.AttachTap(ctx, s.NIC)
	case OpUntap:
		return t.Network.RemoveTap(ctx, s.NIC)
	case OpEnlist, OpDelist, OpPlug, OpLink, OpUnplug, OpStuck, OpCut:
		return t.interfaces(ctx, s)
	case OpStart:
		return t.start(ctx)
	case OpResume:
		return t.resume(ctx, s)
	case OpSeen:
		t.o.Record.Resuming, t.o.Record.Resumed = true, true
		t.o.Record.markOnce(StepResumed, t.at, "")
		return t.save()
	case OpReboot:
		t.o.Record.RebootAsked = t.at
		if err := t.save(); err != nil {
			return err
		}
		return signal(hypervisor.Reboot)
	case OpReset:
		if err := signal(hypervisor.Reset); err != nil {
			return err
		}
		return t.rebooted(s.Count)
	case OpDone:
		return t.rebooted(s.Count)
	case OpButton:
		return t.button(signal)
	case OpDestroy:
		t.log().Info("destroying a guest", "instance_id", t.instance, "boot", s.Epoch, "why", s.Why)
		return signal(hypervisor.Destroy)
	case OpEnd:
		if s.Ending.Cause == CauseCrashed && t.Guardian != nil && t.Guardian.Ended(t.instance, s.Epoch) {
			s.Ending = Ending{Cause: CauseFenced, Code: "Server.HostLost", Message: "Server.HostLost: this host lost touch with the control plane, and its lease ran out"}
		}
		return t.end(s.Ending)
	case OpReceive, OpArrive, OpGo, OpGiveUp, OpStay, OpLetGo, OpDrop:
		return t.move(ctx, s)
	case OpForget:
		return signal(hypervisor.Forget)
	case OpRelease:
		if t.o.Record.Guarded && t.Guardian != nil {
			if err := t.Guardian.Unmark(t.instance); err != nil {
				return err
			}
		}
		if t.Mover != nil {
			t.Mover.Forget(t.instance)
		}
		t.o.Record.Released = t.at
		if err := os.Remove(t.ConsoleSocket(t.instance)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return t.save()
	case OpDiscard:
		return t.discard()
	}
	return fmt.Errorf("no such step: %q", s.Op)
}

func (t *task) save() error { return t.o.Record.save(t.dir) }

func (t *task) accept() error {
	for _, d := range []string{t.dir, filepath.Dir(t.ConsoleSocket(t.instance))} {
		if err := os.MkdirAll(d, 0o711); err != nil { // QEMU's user passes through to its own files
			return err
		}
	}
	if err := syncDir(filepath.Dir(t.dir)); err != nil {
		return err
	}
	r := newRecord(t.want, t.at, t.TapName)
	if err := r.save(t.dir); err != nil {
		return err
	}
	t.o.Record = r
	return nil
}

// ready sees to what the guest rests on.
func (t *task) ready(ctx context.Context, op Op) error {
	l := t.seen(t.instance, t.want.GetEpoch())
	switch op {
	case OpImage:
		if err := t.Volumes.Image(ctx, t.want.GetRootVolume()); err != nil {
			return err
		}
		l.image = true
		t.note(l, StepImage, "")
	case OpVolume:
		fresh := t.o.Record.Coming != nil && !t.o.Record.Coming.Shared
		if fresh { // whatever an attempt before has left is not this guest's
			if err := t.Volumes.Drop(ctx, t.want.GetRootVolume()); err != nil {
				return err
			}
		}
		disk, err := t.Volumes.Volume(ctx, t.want.GetRootVolume())
		if err != nil {
			return err
		}
		l.volume = true
		t.note(l, StepVolume, disk.Path)
	default:
		if err := t.Network.Apply(ctx, t.want); err != nil {
			return err
		}
		if r := t.o.Record; r.Coming != nil && !r.Arrived.IsZero() && t.Mover != nil {
			if err := t.Mover.Settle(ctx, t.want); err != nil { // the guest is more than its connections
				t.log().Warn("a guest arrived without its connections", "instance_id", t.instance, "boot", r.Epoch, "err", err)
			}
		}
		l.network = nicsKey(t.want)
		t.note(l, StepNetwork, "")
	}
	return nil
}

// note marks a moment that need not be on disk by itself.
func (t *task) note(l *live, name, detail string) {
	at := t.now()
	t.o.Record.markOnce(name, at, detail)
	l.moments = append(l.moments, Moment{name, at, detail})
}

func (t *task) start(ctx context.Context) error {
	if err := t.guard(); err != nil {
		return err
	}
	spec, err := t.spec(ctx)
	if err != nil {
		return err
	}
	err = t.Hypervisor.Start(ctx, spec)
	switch {
	case err == nil:
		t.note(t.seen(t.instance, t.want.GetEpoch()), StepStarted, "paused")
		return nil
	case errors.Is(err, hypervisor.ErrUnavailable), errors.Is(err, hypervisor.ErrEpoch), ctx.Err() != nil:
		return err
	}
	t.o.Record.Starts++
	t.o.Record.StartTried, t.o.Record.StartError = t.now(), err.Error()
	return errors.Join(err, t.save())
}

// spec is what the guest is on this host.
func (t *task) spec(ctx context.Context) (hypervisor.Spec, error) {
	disk, err := t.Volumes.Volume(ctx, t.want.GetRootVolume())
	if err != nil {
		return hypervisor.Spec{}, err
	}
	disk.Serial = strings.ReplaceAll(t.want.GetRootVolume(), "-", "") // as EC2's; 20 bytes, virtio's limit
	spec := hypervisor.Spec{
		Instance:      t.instance,
		Epoch:         t.o.Record.Epoch,
		VCPUs:         int(t.want.GetVcpus()),
		MemoryMiB:     t.want.GetMemoryMib(),
		Accel:         t.Accel,
		Disks:         []hypervisor.Disk{disk},
		ConsoleSocket: t.ConsoleSocket(t.instance),
		ConsoleLog:    t.ConsoleLog(t.instance),
		VNC:           t.VNC,
		MaxNICs:       int(t.want.GetMaxInterfaces()),
	}
	for _, n := range t.o.Record.NICs {
		spec.NICs = append(spec.NICs, hypervisor.NIC{Tap: n.Tap, MAC: n.MAC, MTU: t.MTU})
	}
	return spec, nil
}

// resume saves the intent first: from then on the guest may have run, and is never
// started again. That it does run is told before the next step saves it.
func (t *task) resume(ctx context.Context, s Step) error {
	if err := t.guard(); err != nil {
		return err
	}
	if !t.o.Record.Resuming {
		t.o.Record.Resuming = true
		t.o.Record.RebootsDone = t.want.GetRebootCount()
		if err := t.save(); err != nil {
			return err
		}
	}
	if err := t.Hypervisor.Signal(ctx, t.instance, s.Epoch, hypervisor.Resume); err != nil {
		return err
	}
	l := t.seen(t.instance, t.want.GetEpoch())
	l.resumed = t.now()
	if !t.o.Record.Resumed {
		t.o.Record.Resumed = true
		t.note(l, StepResumed, "")
	}
	return nil
}

// guard marks a guest that may be started elsewhere, before it is there, and has it wait
// for the lease. One that was marked stays so for this boot.
func (t *task) guard() error {
	r := t.o.Record
	if t.Guardian == nil || !t.want.GetRecoverable() && !r.Guarded {
		return nil
	}
	if err := t.Guardian.Mark(t.instance, r.Epoch); err != nil { // again after a restart of this host
		return err
	}
	if !r.Guarded {
		r.Guarded = true
		if err := t.save(); err != nil {
			return err
		}
	}
	if err := t.Guardian.May(); err != nil {
		t.log().Warn("a guest waits", "instance_id", t.instance, "boot", r.Epoch, "why", err)
		return ErrNotYet
	}
	return nil
}

func (t *task) rebooted(count int64) error {
	t.o.Record.RebootsDone, t.o.Record.RebootAsked = count, time.Time{}
	return t.save()
}

// button presses the power button. When it was first pressed is saved before: the
// guest's end is then ours.
func (t *task) button(signal func(hypervisor.Signal) error) error {
	if t.o.Record.StopAsked.IsZero() {
		t.o.Record.StopAsked = t.at
	}
	t.o.Record.Button = t.at
	if err := t.save(); err != nil {
		return err
	}
	err := signal(hypervisor.Shutdown)
	if errors.Is(err, hypervisor.ErrState) {
		return nil // it has ended meanwhile: the next look sees it
	}
	return err
}

func (t *task) end(e Ending) error {
	if e.At.IsZero() {
		e.At = t.at
	}
	t.o.Record.Ended = &e
	t.o.Record.mark(StepStopped, e.At, e.Cause)
	t.log().Info("boot ended", "instance_id", t.instance, "boot", t.o.Record.Epoch, "cause", e.Cause, "reason", e.Message)
	return t.save()
}

func (t *task) discard() error {
	t.mu.Lock()
	delete(t.live, t.instance)
	t.mu.Unlock()
	if err := os.RemoveAll(t.dir); err != nil {
		return err
	}
	t.o.Record = nil
	return syncDir(filepath.Dir(t.dir))
}
