// Package hypervisor is the port to what runs guests: libvirt on a real host, a
// simulation in tests and under --hypervisor=sim. Package hypervisortest holds both
// to the same conduct.
//
// A guest is one boot of an instance, named by (instance, epoch). There is at most
// one guest an instance: whoever wants a newer epoch destroys and forgets the older
// first. A guest that ended stays known, with its cause, until it is forgotten, so
// that a restarted agent still learns why.
package hypervisor

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Hypervisor runs the guests of one host. Every method may be called from many
// goroutines, and honours its context.
type Hypervisor interface {
	// Start makes the guest and starts it paused: its processes and sockets are there,
	// its taps are open, and no instruction of it has run. It is idempotent for one
	// (instance, epoch), and starts over a guest that ended before it was resumed. It
	// fails with ErrEpoch while a guest of another epoch is known.
	Start(ctx context.Context, spec Spec) error

	// Observe returns our guests, or, if instance is not empty, that instance's: one
	// or none.
	Observe(ctx context.Context, instance string) ([]Guest, error)

	// Signal does something to a guest. It fails with ErrNoGuest if there is no such
	// guest and with ErrEpoch if it is of another epoch: a signal never reaches a boot
	// that it was not meant for.
	Signal(ctx context.Context, instance string, epoch int64, s Signal) error

	// Events returns hints that a guest may have changed, until ctx ends. Events can be
	// lost: one without an instance says that any guest may have changed.
	Events(ctx context.Context) <-chan Event

	// Plug brings an interface of a paused or running guest to a state. It is idempotent,
	// and fails as Signal does, with ErrState once the guest has ended. An interface that
	// is new to the guest opens its tap in the host's namespace. NICGone asks the guest to
	// let the interface go, and does not wait for it: until then Observe has it. Asked
	// again, the guest is asked again.
	Plug(ctx context.Context, instance string, epoch int64, nic NIC, want NICState) error
}

// Describer is a hypervisor that can show its guests to people. All of ours are.
type Describer interface {
	// Describe says what an operator would look at for a guest.
	Describe(ctx context.Context, instance string) (Description, error)
}

// The errors that callers tell apart. All others are worth another try.
var (
	// ErrNoGuest: the hypervisor knows no guest of that instance.
	ErrNoGuest = errors.New("no such guest")
	// ErrEpoch: the instance's guest belongs to another boot.
	ErrEpoch = errors.New("the guest is of another epoch")
	// ErrState: the guest's state does not allow the signal, such as resuming one that
	// has ended.
	ErrState = errors.New("the guest's state does not allow this")
	// ErrUnavailable: the hypervisor cannot be reached at present. Guests are not
	// affected.
	ErrUnavailable = errors.New("the hypervisor cannot be reached")
)

// Spec is all that a hypervisor needs to know to start a guest.
type Spec struct {
	Instance  string
	Epoch     int64
	VCPUs     int
	MemoryMiB int64
	Accel     Accel
	Disks     []Disk // the first is the one to boot from
	NICs      []NIC
	MaxNICs   int // that it can have at a time, those plugged later included
	// ConsoleSocket is where the serial console listens (one client at a time), and
	// ConsoleLog the file that everything it says is added to. Both directories exist.
	ConsoleSocket string
	ConsoleLog    string
	VNC           bool // a display on a unix socket; left out where QEMU has none
}

// Accel is how guest instructions run.
type Accel string

// The accelerations.
const (
	KVM Accel = "kvm"
	TCG Accel = "tcg"
)

// Disk is a volume given to a guest. Formats are always said, never found out: the
// guest writes the file's content.
type Disk struct {
	Path    string
	Format  string // qcow2 or raw
	Backing *Disk  // what an overlay rests on, down to the last; nil where nothing is
	Serial  string // shown to the guest, at most 20 bytes; empty for none
}

// NIC is a network interface. Its tap exists in the host's namespace when Start is
// called; once the guest is paused, the tap may be moved to another.
type NIC struct {
	Tap string
	MAC string
	MTU int // 0: the hypervisor's default
}

// NICState is how far a guest has an interface.
type NICState int

// The states of an interface.
const (
	NICGone NICState = iota // the guest has none with that MAC
	NICDown                 // it is there, without a link
	NICUp
)

var nicStateNames = [...]string{"gone", "down", "up"}

// String returns the state's name.
func (s NICState) String() string {
	if s < 0 || int(s) >= len(nicStateNames) {
		return fmt.Sprintf("nic(%d)", int(s))
	}
	return nicStateNames[s]
}

// State is what a guest does.
type State int

// The states of a guest.
const (
	// Paused: its processes are there and no instruction runs.
	Paused State = iota
	// Running: its instructions run.
	Running
	// Ended: none of its processes is there. End says why.
	Ended
)

var stateNames = [...]string{"paused", "running", "ended"}

// String returns the state's name.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("state(%d)", int(s))
	}
	return stateNames[s]
}

// End is why a guest ended.
type End string

// The ends of a guest.
const (
	EndNone      End = ""
	EndPoweroff  End = "poweroff"  // it powered itself off, asked by ACPI or not
	EndCrashed   End = "crashed"   // its process died, or its kernel said that it panicked
	EndDestroyed End = "destroyed" // Destroy
	EndFailed    End = "failed"    // it could not be started
	// EndUnknown: the guest never started, or the hypervisor no longer knows, as it or
	// the host was restarted.
	EndUnknown End = "unknown"
)

// Guest is one boot as the hypervisor sees it.
type Guest struct {
	Instance string
	Epoch    int64
	State    State
	End      End // when State is Ended
	// Stalled is set on a paused guest that the hypervisor paused itself because its
	// disk failed or is full. Resume tries again.
	Stalled bool
	// Reboots counts how often the guest has rebooted, for whatever reason, since this
	// process began to watch, and LastReboot is when it last did.
	Reboots    int
	LastReboot time.Time
	// NICs are the interfaces of a guest that is not ended, by MAC.
	NICs map[string]NICState
}

// Signal is something to do to a guest.
type Signal string

// The signals. All are idempotent.
const (
	Resume   Signal = "resume"   // run a paused guest
	Shutdown Signal = "shutdown" // press the ACPI power button
	Reboot   Signal = "reboot"   // press the button, and start again once it is off
	Reset    Signal = "reset"    // the reset button
	Destroy  Signal = "destroy"  // end it at once; also ends one that is paused
	Forget   Signal = "forget"   // drop what is known of an ended guest
)

// Event is a hint that a guest may have changed.
type Event struct {
	Instance string // empty: look at all of them
	What     string // in the hypervisor's own words, for the log
}

// Description is what an operator would look at.
type Description struct {
	Definition string   // of the guest, such as its domain XML
	Commands   []string // shell commands that show or reach the same
}
