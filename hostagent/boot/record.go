package boot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

// Phases of a boot, as BootStatus.phase has them. They equal the control plane's
// model.Phase, which this side may not import.
const (
	PhaseAssigned int32 = iota
	PhasePreparing
	PhaseRunning
	PhaseStopping
	PhaseEnded
	PhaseReleased
)

// Causes of a boot's end, as BootStatus.cause has them. They equal model.EndCause.
const (
	CauseAsked    = "asked"
	CausePoweroff = "poweroff"
	CauseCrashed  = "crashed"
	CauseFailed   = "failed"
	CauseFenced   = "fenced"
	CauseMoved    = "moved"
)

// Names of the moments that a host adds to a boot's timeline.
const (
	StepImage   = "image-ready"
	StepVolume  = "volume-ready"
	StepNetwork = "network-ready"
	StepStarted = "domain-started"
	StepResumed = "resumed"
	StepReboot  = "rebooted"
	StepPlugged = "interface-plugged"
	StepLetGo   = "interface-unplugged"
	StepStuck   = "interface-not-released" // the guest was asked to let it go, and has not
	StepCut     = "interface-cut-off"      // nor had it when it was taken by force
	StepStopped = "stopped"
	StepReady   = "ready-to-receive"
	StepArrived = "arrived"
	StepLeft    = "sent"
)

// Record is what must outlive this process: what was decided, and what nothing on
// the host would tell. All else is looked up each time. It is in boot.json in the
// instance's directory.
type Record struct {
	Instance string    `json:"instance"`
	Epoch    int64     `json:"epoch"`
	Accepted time.Time `json:"accepted"`
	NICs     []NIC     `json:"nics,omitempty"`
	Volume   string    `json:"volume,omitempty"` // its root volume; empty once its file here was dropped

	// Resuming is saved before the guest is resumed. A guest that ended without it
	// never ran an instruction and may be started again; with it, never.
	Resuming bool `json:"resuming,omitempty"`
	// Resumed is saved once the guest was seen to run.
	Resumed bool `json:"resumed,omitempty"`
	// Guarded is saved once the guardian has the guest marked, before it is started.
	Guarded bool `json:"guarded,omitempty"`
	// Starts counts failed starts; StartTried and StartError are the last one's.
	Starts     int       `json:"starts,omitempty"`
	StartTried time.Time `json:"start_tried,omitzero"`
	StartError string    `json:"start_error,omitempty"`

	// RebootsDone is the assignment's reboot count that is dealt with; RebootAsked is
	// when the guest was asked for the next.
	RebootsDone int64     `json:"reboots_done,omitempty"`
	RebootAsked time.Time `json:"reboot_asked,omitzero"`
	// Reboots counts all that were seen, the guest's own included.
	Reboots int `json:"reboots,omitempty"`

	// StopAsked is when the power button was first pressed, and Button when last.
	StopAsked time.Time `json:"stop_asked,omitzero"`
	Button    time.Time `json:"button,omitzero"`

	// Coming is set on a boot that another host's guest moves to. Until Arrived is, the
	// guest is that host's, and is not resumed here.
	Coming  *Coming   `json:"coming,omitempty"`
	Arrived time.Time `json:"arrived,omitzero"`
	// Going is the epoch of the last attempt to move the guest to another host, saved
	// before it begins; Stays the last that failed or was not to be, after which the
	// guest runs here. An attempt is never repeated.
	Going       int64  `json:"going,omitempty"`
	GoingShared bool   `json:"going_shared,omitempty"`
	Stays       int64  `json:"stays,omitempty"`
	StaysWhy    string `json:"stays_why,omitempty"`

	// Ended is saved before anything of the guest is cleared away.
	Ended    *Ending   `json:"ended,omitempty"`
	Released time.Time `json:"released,omitzero"`

	Timeline []Moment `json:"timeline,omitempty"`
}

// Coming is where a boot comes from.
type Coming struct {
	Host   string `json:"host"`
	Epoch  int64  `json:"epoch"`
	Shared bool   `json:"shared,omitempty"` // the volume is on storage that both hosts have
}

// Ending is why a boot ended.
type Ending struct {
	Cause   string    `json:"cause"`
	Code    string    `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
	At      time.Time `json:"at"`
}

// Moment is an entry of the timeline.
type Moment struct {
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Detail string    `json:"detail,omitempty"`
}

// mark adds a moment to the timeline, or replaces the one of that name.
func (r *Record) mark(name string, at time.Time, detail string) {
	for i := range r.Timeline {
		if r.Timeline[i].Name == name {
			r.Timeline[i] = Moment{name, at, detail}
			return
		}
	}
	r.Timeline = append(r.Timeline, Moment{name, at, detail})
}

// markOnce adds a moment unless the timeline has it: work done again after a restart
// does not move it.
func (r *Record) markOnce(name string, at time.Time, detail string) {
	if !r.has(name) {
		r.mark(name, at, detail)
	}
}

// has reports whether the timeline has a moment of that name.
func (r *Record) has(name string) bool {
	return slices.ContainsFunc(r.Timeline, func(m Moment) bool { return m.Name == name })
}

// phase derives how far the boot has come.
func (r *Record) phase() int32 {
	switch {
	case !r.Released.IsZero():
		return PhaseReleased
	case r.Ended != nil:
		return PhaseEnded
	case !r.StopAsked.IsZero():
		return PhaseStopping
	case r.Resumed:
		return PhaseRunning
	default:
		return PhasePreparing
	}
}

// status returns the record as agents report it.
func (r *Record) status() *agentpb.BootStatus {
	s := &agentpb.BootStatus{InstanceId: r.Instance, Epoch: r.Epoch, Phase: r.phase(), Guarded: r.Guarded, Stays: r.Stays, StaysMessage: r.StaysWhy}
	if r.Ended != nil {
		s.Cause, s.ReasonCode, s.ReasonMessage = r.Ended.Cause, r.Ended.Code, r.Ended.Message
	}
	for _, m := range r.Timeline {
		s.Steps = append(s.Steps, &agentpb.Step{Name: m.Name, AtUnixNano: m.At.UnixNano(), Detail: m.Detail})
	}
	return s
}

const recordFile = "boot.json"

// load reads the record of an instance's directory; nil if there is none.
func load(dir string) (*Record, error) {
	b, err := os.ReadFile(filepath.Join(dir, recordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("boot record: %w", err)
	}
	r := &Record{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("boot record %s: %w", filepath.Join(dir, recordFile), err)
	}
	return r, nil
}

// save replaces the record so that a crash leaves the old one or the new one.
func (r *Record) save(dir string) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("boot record: %w", err)
	}
	if err := replace(filepath.Join(dir, recordFile), append(b, '\n')); err != nil {
		return fmt.Errorf("boot record: %w", err)
	}
	return nil
}

func replace(path string, content []byte) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
