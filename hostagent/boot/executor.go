package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/internal/failpoint"
	"github.com/micacloud/mica/proto/agentpb"
)

// Again is Reconcile's answer when there is more to do at once.
const Again = time.Nanosecond

// Executor does the steps of PlanBoot. The exported fields are set before the first
// call and not changed. One instance is reconciled by one goroutine at a time;
// different ones side by side.
type Executor struct {
	Hypervisor hypervisor.Hypervisor
	Volumes    Volumes
	Network    Network
	Guardian   Guardian // nil: no guest here may be started elsewhere
	Mover      Mover    // nil: no guest moves from or to this host
	// Hint has an instance reconciled soon; nil: it is when its wait is over.
	Hint    func(instance string)
	DataDir string // records and console logs are in instances/<id> below
	RunDir  string // console sockets are in consoles below
	Accel   hypervisor.Accel
	VNC     bool                    // give guests a display on a unix socket
	MTU     int                     // of guests' interfaces; 0: the hypervisor's default
	TapName func(eni string) string // names an interface's tap; nil: TapName
	Limits  Limits
	Log     *slog.Logger     // nil: slog.Default
	Now     func() time.Time // nil: time.Now

	mu   sync.Mutex
	live map[string]*live
}

// live is what this process saw to or saw for an instance. Losing it costs looking
// again.
type live struct {
	epoch         int64
	image, volume bool
	network       string // nicsKey of the interfaces that it was applied for; empty if it was not
	reboots       int    // of hypervisor.Guest.Reboots, those in the record
	// moments of the timeline that the next save of the record takes along: they are not
	// worth a wait for the disk, and work that is done again marks them again.
	moments []Moment
	resumed time.Time
	going   *attempt // to move the guest elsewhere; nil: none of this process
}

// Dir returns the directory of an instance's record and console.
func (e *Executor) Dir(instance string) string {
	return filepath.Join(e.DataDir, "instances", instance)
}

// ConsoleLog returns the path of an instance's console log.
func (e *Executor) ConsoleLog(instance string) string {
	return filepath.Join(e.Dir(instance), "console.log")
}

// ConsoleSocket returns the path of an instance's serial console.
func (e *Executor) ConsoleSocket(instance string) string {
	return filepath.Join(e.RunDir, "consoles", instance+".sock")
}

// Instances returns the instances that this host knows of: those with a directory
// and those with a guest. With the assignments they are the keys to reconcile.
func (e *Executor) Instances(ctx context.Context) ([]string, error) {
	known := map[string]bool{}
	dirs, err := os.ReadDir(filepath.Join(e.DataDir, "instances"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("instances of this host: %w", err)
	}
	for _, d := range dirs {
		if d.IsDir() {
			known[d.Name()] = true
		}
	}
	guests, err := e.Hypervisor.Observe(ctx, "")
	for _, g := range guests {
		known[g.Instance] = true
	}
	return slices.Sorted(maps.Keys(known)), err
}

// Reconcile looks at an instance, does the next step towards its assignment, and
// says where the boot now is and when to look again unasked: Again when there is more
// to do at once, 0 when all is as it should be until a hint says otherwise. want is
// nil for an instance that is no longer assigned to this host.
//
// The status is nil when nothing may be said: the host knows nothing of the instance,
// or a newer boot of it than the assignment. It is worth reporting beside an error
// too.
func (e *Executor) Reconcile(ctx context.Context, want *agentpb.Boot, instance string) (*agentpb.BootStatus, time.Duration, error) {
	if want != nil && want.GetInstanceId() != instance || !validName(instance) {
		return nil, 0, fmt.Errorf("boot of %q: the assignment is for %q", instance, want.GetInstanceId())
	}
	o, err := e.observe(ctx, want, instance)
	if err != nil {
		return statusOf(o, want), 0, fmt.Errorf("boot of %s: %w", instance, err)
	}
	steps := PlanBoot(want, o)
	if len(steps) == 0 {
		return statusOf(o, want), 0, nil
	}
	step := steps[0]
	switch step.Op {
	case OpWait:
		return statusOf(o, want), max(step.After, Again), nil
	case OpRefuse:
		e.log().Warn("assignment refused", "instance_id", instance, "boot", step.Epoch, "why", step.Why)
		return nil, 0, nil
	}
	e.log().Debug("boot step", "instance_id", instance, "boot", step.Epoch, "step", step.String())
	before := statusOf(o, want) // of what is saved: a step that fails may have got ahead of it
	t := &task{Executor: e, o: &o, at: o.Now, want: want, dir: e.Dir(instance), instance: instance}
	failpoint.Hit("boot.before." + string(step.Op))
	err = t.do(ctx, step)
	failpoint.Hit("boot.after." + string(step.Op))
	if failure, ok := errors.AsType[*Failure](err); ok && o.Record != nil && !o.Record.Resuming && o.Record.Ended == nil {
		err = t.end(Ending{Cause: CauseFailed, Code: failure.Code, Message: failure.Error()})
	}
	switch {
	case errors.Is(err, ErrNotYet):
		return before, o.Limits.Poll, nil
	case err != nil:
		return before, 0, fmt.Errorf("boot of %s: %s: %w", instance, step, err)
	}
	return statusOf(o, want), Again, nil
}

// Plan returns what Reconcile would do, step by step, for people.
func (e *Executor) Plan(ctx context.Context, want *agentpb.Boot, instance string) ([]Step, error) {
	o, err := e.observe(ctx, want, instance)
	if err != nil {
		return nil, fmt.Errorf("boot of %s: %w", instance, err)
	}
	return PlanBoot(want, o), nil
}

// observe looks at all that a plan is made from.
func (e *Executor) observe(ctx context.Context, want *agentpb.Boot, instance string) (Observed, error) {
	o := Observed{Now: e.now(), Limits: e.Limits.withDefaults(), TapName: e.TapName, Taps: map[string]TapState{}}
	var err error
	if o.Record, err = load(e.Dir(instance)); err != nil {
		return o, err
	}
	guests, err := e.Hypervisor.Observe(ctx, instance)
	if err != nil {
		return o, err
	}
	if len(guests) > 0 {
		o.Guest = &guests[0]
	}
	nics, taps := map[string]NIC{}, e.TapName
	if taps == nil {
		taps = TapName
	}
	if want != nil {
		for _, i := range want.GetInterfaces() {
			nics[i.GetId()] = nicOf(i, taps)
		}
	}
	if o.Record != nil && o.Record.Released.IsZero() {
		for _, n := range o.Record.NICs {
			nics[n.ID] = n
		}
	}
	for id, n := range nics {
		if o.Taps[id], err = e.Network.Tap(ctx, n); err != nil {
			return o, err
		}
	}
	l := e.seen(instance, want.GetEpoch())
	if o.Record != nil && o.Record.Epoch == l.epoch {
		for _, m := range l.moments {
			o.Record.markOnce(m.Name, m.At, m.Detail)
		}
	}
	o.ImageReady, o.VolumeReady, o.LastResume = l.image, l.volume, l.resumed
	o.NetworkReady = l.network != "" && l.network == nicsKey(want)
	o.Going, o.GivenUp, o.GoingError = l.going.state()
	o.Expected = want != nil && e.Mover != nil && e.Mover.Expects(instance, want.GetEpoch())
	if r := o.Record; r != nil && r.Epoch == want.GetEpoch() { // files outlive this process
		o.ImageReady, o.VolumeReady = o.ImageReady || r.has(StepImage), o.VolumeReady || r.has(StepVolume)
	}
	return o, e.countReboots(&o, l)
}

// countReboots adds the guest's reboots since the last look to the record.
func (e *Executor) countReboots(o *Observed, l *live) error {
	r, g := o.Record, o.Guest
	if r == nil || g == nil || g.Epoch != r.Epoch || r.Ended != nil || g.Reboots <= l.reboots {
		return nil
	}
	r.Reboots += g.Reboots - l.reboots
	r.mark(StepReboot, g.LastReboot, fmt.Sprintf("%d times", r.Reboots))
	if err := r.save(e.Dir(r.Instance)); err != nil {
		return err
	}
	l.reboots = g.Reboots
	return nil
}

// seen returns what this process knows of an instance's boot. A new epoch starts
// with nothing; epoch 0 (no assignment) asks for whatever there is.
func (e *Executor) seen(instance string, epoch int64) *live {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.live[instance]
	if l == nil || epoch != 0 && l.epoch != epoch {
		l = &live{epoch: epoch}
		if e.live == nil {
			e.live = map[string]*live{}
		}
		e.live[instance] = l
	}
	return l
}

// statusOf reports the record, if it is the assignment's or nobody's; else the
// assignment's boot has only been taken note of.
func statusOf(o Observed, want *agentpb.Boot) *agentpb.BootStatus {
	switch r := o.Record; {
	case r != nil && (want == nil || r.Epoch == want.GetEpoch()):
		s := r.status()
		s.Ready = o.Expected && r.Coming != nil && r.Ended == nil
		s.Attachments = o.attachments(want)
		return s
	case want != nil && o.newest() <= want.GetEpoch():
		return &agentpb.BootStatus{InstanceId: want.GetInstanceId(), Epoch: want.GetEpoch(), Phase: PhaseAssigned}
	}
	return nil
}

// validName keeps an id that goes into paths to one path element.
func validName(id string) bool {
	return id != "" && id != "." && id != ".." && !strings.ContainsAny(id, "/\x00")
}

func (e *Executor) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}

func (e *Executor) log() *slog.Logger {
	if e.Log != nil {
		return e.Log
	}
	return slog.Default()
}
