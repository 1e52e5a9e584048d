package model

import (
	"fmt"
	"time"
)

// Desired is what an instance should be.
type Desired string

// The desired states.
const (
	WantRunning    Desired = "running"
	WantStopped    Desired = "stopped"
	WantTerminated Desired = "terminated"
)

// MetadataOptions are EC2's settings of the metadata service.
type MetadataOptions struct {
	HTTPTokens   string // optional or required
	HopLimit     int    // 1 to 64
	HTTPEndpoint string // enabled or disabled
	InstanceTags string // enabled or disabled
	HTTPIPv6     string // disabled
}

// Outcome is what the end of a boot makes of its instance: a guest that powered
// itself off is stopped or terminated, as its owner asked.
type Outcome struct {
	Epoch   int64
	Desired Desired
	Reason  Reason
	At      time.Time
}

// Placement is what an instance asks of the hosts it is to run on.
type Placement struct {
	Tenancy   string // default (or empty), dedicated or host
	Affinity  string // default (or empty) or host: only the Dedicated Host it is on
	HostID    string // h-...: the Dedicated Host that it must be on; empty is any
	GroupID   string // of a placement group
	Partition int    // of the group: what it is in, or is to be in; 0 is any
	// Chosen says that Partition was the scheduler's choice, which the next start
	// may make anew.
	Chosen bool

	Accel string // kvm or tcg, as its type asks of the hosts; empty is any

	// Which capacity reservations it may run in: open (or empty), none, or a Target.
	Preference string
	Target     string // cr-...
}

// Instance is durable: what the user asked for.
type Instance struct {
	ID string
	Owned
	Zone           string
	ReservationID  string
	LaunchIndex    int
	ImageID        string
	Type           string
	Arch           string
	KeyName        string
	PublicKey      string // of KeyName, as it was at launch
	SubnetID       string
	VPCID          string
	Interfaces     []string // ids, primary first
	RootVolume     string
	RootDevice     string
	UserData       []byte
	Metadata       MetadataOptions
	ShutdownAction string // stop or terminate
	NoAPIStop      bool   // DisableApiStop
	NoAPITerminate bool   // DisableApiTermination
	EBSOptimized   bool
	Monitoring     bool
	CreditSpec     string // standard or unlimited, for burstable types
	AutoRecovery   string // default (or empty) or disabled
	ClientToken    string
	LaunchTime     time.Time // of the latest start
	Created        time.Time
	Tags           Tags
	HostPrivateDNS string // private DNS name, without the domain
	// Hostname is how it is named: ip-name or resource-name. Empty, in rows of before there
	// were others, is ip-name, and ARecord the subnet's.
	Hostname  string
	ARecord   bool // its resource name leads to its address
	Placement Placement

	// Desired, Epoch and what belongs to them are written by Run, Start, Stop, Reboot
	// and TerminateInstances. Epoch numbers the boots; it grows with each start. The
	// lifecycle package sets ForceStop too when a guest does not go down in time, and
	// Transition when its host is silent.
	Desired     Desired
	DesiredAt   time.Time
	Epoch       int64
	LastEpoch   int64 // the highest that a boot was given, those that it never moved to included; 0 is Epoch
	ForceStop   bool
	RebootCount int64 // grows with each RebootInstances; the host compares
	Reason      Reason
	Transition  string // StateTransitionReason

	// Outcome is written by the lifecycle package.
	Outcome Outcome

	// Terminated is written by the lifecycle package when all is released; the row is
	// shown for an hour longer.
	Terminated time.Time
}

// Phase is how far a boot has come. It only moves forward.
type Phase int

// The phases of a boot. From PhaseAssigned to PhaseRunning they follow the host's
// work; PhaseEnded means that no process of the guest is left; PhaseReleased that
// nothing of it is left on the host.
const (
	PhaseAssigned Phase = iota
	PhasePreparing
	PhaseRunning
	PhaseStopping
	PhaseEnded
	PhaseReleased
)

var phaseNames = [...]string{"assigned", "preparing", "running", "stopping", "ended", "released"}

// String returns the phase's name.
func (p Phase) String() string {
	if p < 0 || int(p) >= len(phaseNames) {
		return fmt.Sprintf("phase(%d)", int(p))
	}
	return phaseNames[p]
}

// EndCause says why a boot ended.
type EndCause string

// The causes of a boot's end.
const (
	EndNone     EndCause = ""
	EndAsked    EndCause = "asked"    // stop or terminate
	EndPoweroff EndCause = "poweroff" // the guest shut itself down
	EndCrashed  EndCause = "crashed"  // QEMU died, or the guest's kernel did
	EndFailed   EndCause = "failed"   // it never ran
	EndFenced   EndCause = "fenced"   // its host lost touch; it is started anew, elsewhere if need be
	EndMoved    EndCause = "moved"    // another host has the guest, as the boot of a later epoch
)

// Step is a moment of a boot's timeline.
type Step struct {
	Name   string // accepted, committed, placed, image-ready, ...
	At     time.Time
	Detail string
}

// NetworkSize is what an instance type may have of the network. Zero is no bound, but for
// Interfaces, where it says that none can be added while the guest runs.
type NetworkSize struct {
	Interfaces   int // at most
	BaselineMbps int // megabits a second, each way, that it always has
	BurstMbps    int // and that it has for a while
}

// Boot is one incarnation of an instance on a host. Its epoch is the fencing token.
type Boot struct {
	ID        string // BootID(instance, epoch)
	Instance  string
	Epoch     int64
	Host      string
	VCPUs     int
	MemoryMiB int
	Network   NetworkSize
	Created   time.Time
	Placement string // why this host, as the scheduler said

	// What it holds besides the host's capacity; given back when it ends.
	Account     string // whose it is
	Dedicated   bool   // it shares its host with its account's dedicated boots alone
	Group       string // placement group
	Partition   int
	Reservation string // the capacity reservation with the slot that it has

	// What follows is written by dispatch, from the host's reports. A report of an old
	// epoch is refused.
	Phase      Phase
	Cause      EndCause
	Reason     Reason
	Steps      []Step // in the order they were reported, one a name
	LastChange time.Time

	// Guarded says that the host's guardian ends the guest when the host's lease has run
	// out. It never goes back to false.
	Guarded bool

	// Move is set on a boot that another host's guest moves to, or did. See lifecycle's
	// migrate.go, which writes it.
	Move Move
}

// Move is how a boot came to its host with a running guest.
type Move struct {
	From   string // host; empty: it was started
	Epoch  int64  // of the boot that moves
	By     string // who asked
	Ready  bool   // the host waits for the guest
	Cancel string // why it is not wanted any more: the source decides whether it is too late
	Done   bool   // the guest is this boot now
}

// Coming reports whether a guest may still move to this boot.
func (b *Boot) Coming() bool { return b.Moves() && b.Phase < PhaseEnded }

// Moves reports whether it is of a migration that is not done: its guest never was here.
func (b *Boot) Moves() bool { return b.Move.From != "" && !b.Move.Done }

// NextEpoch is what the instance's next boot is numbered.
func (i *Instance) NextEpoch() int64 { return max(i.Epoch, i.LastEpoch) + 1 }

// BootID names the boot of an epoch.
func BootID(instance string, epoch int64) string { return fmt.Sprintf("%s/%d", instance, epoch) }

// Effective returns what the instance should be once the end of its present boot is
// taken into account. Terminated wins over all.
func (i *Instance) Effective() Desired {
	if i.Outcome.Epoch == i.Epoch && i.Outcome.Desired != "" && i.Desired != WantTerminated {
		return i.Outcome.Desired
	}
	return i.Desired
}

// State is an instance's state as EC2 names it.
type State struct {
	Code int64
	Name string
}

// EC2's instance states.
var (
	StatePending      = State{0, "pending"}
	StateRunning      = State{16, "running"}
	StateShuttingDown = State{32, "shutting-down"}
	StateTerminated   = State{48, "terminated"}
	StateStopping     = State{64, "stopping"}
	StateStopped      = State{80, "stopped"}
)

// StateOf derives an instance's state from what is wanted of it and from its present
// boot, which is nil when there never was one.
func StateOf(i *Instance, b *Boot) State {
	gone := b == nil || b.Phase >= PhaseEnded
	switch i.Effective() {
	case WantTerminated:
		if gone {
			return StateTerminated
		}
		return StateShuttingDown
	case WantStopped:
		if gone {
			return StateStopped
		}
		return StateStopping
	}
	switch {
	case b == nil || b.Phase < PhaseRunning:
		return StatePending
	case b.Phase == PhaseRunning, b.Phase >= PhaseEnded && b.Cause == EndFenced:
		return StateRunning // one that its host lost is about to run elsewhere: nobody stops it
	case i.ShutdownAction == "terminate" && b.Cause != EndCrashed && b.Cause != EndFailed:
		return StateShuttingDown // the guest is going down by itself; control writes the outcome soon
	default:
		return StateStopping
	}
}

// StateReasonOf returns the reason to show beside the state, zero if there is none.
func StateReasonOf(i *Instance) Reason {
	if i.Desired != WantTerminated && i.Outcome.Epoch == i.Epoch && i.Outcome.Desired != "" {
		return i.Outcome.Reason
	}
	if i.Desired == WantTerminated && i.Outcome.Desired == WantTerminated {
		return i.Outcome.Reason
	}
	return i.Reason
}
