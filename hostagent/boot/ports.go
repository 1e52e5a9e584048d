package boot

import (
	"context"
	"errors"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// Volumes gives a boot its root volume. Both methods are idempotent. They answer
// ErrNotYet while somebody else's work is under way, and a *Failure when trying again
// is of no use.
type Volumes interface {
	// Image sees to it that the image a volume rests on is on this host.
	Image(ctx context.Context, volume string) error
	// Volume sees to it that the volume's file is on this host, and says where.
	Volume(ctx context.Context, volume string) (hypervisor.Disk, error)
	// Drop removes the volume's file, unless the volume is this host's.
	Drop(ctx context.Context, volume string) error
}

// Mover carries guests from host to host.
type Mover interface {
	// Expect has this host take the guest that becomes the one of spec.
	Expect(spec hypervisor.Spec, from *agentpb.From)
	// Expects says whether it would take, or has taken, a boot's.
	Expects(instance string, epoch int64) bool
	// Forget ends that.
	Forget(instance string)
	// Settle gives a guest that has arrived its connections, before it runs.
	Settle(ctx context.Context, b *agentpb.Boot) error
	// Go moves a guest as the assignment says, as far as to where the other host has all
	// of it and it is paused here. After an error the guest is here.
	Go(ctx context.Context, b *agentpb.Boot) (hypervisor.Sent, error)
}

// Network gives a boot its interfaces. The methods that change are idempotent, and
// may answer ErrNotYet or a *Failure.
type Network interface {
	// Apply makes the boot's VPC ready for its interfaces: namespace, bridges, rules,
	// DHCP and metadata, before any packet of the guest can pass.
	Apply(ctx context.Context, b *agentpb.Boot) error
	// Tap says where an interface's tap is.
	Tap(ctx context.Context, nic NIC) (TapState, error)
	// CreateTap makes the tap in the host's namespace.
	CreateTap(ctx context.Context, nic NIC) error
	// AttachTap moves the tap into its VPC's namespace, onto its bridge, and up.
	AttachTap(ctx context.Context, nic NIC) error
	// RemoveTap deletes the tap, wherever it is.
	RemoveTap(ctx context.Context, nic NIC) error
}

// Guardian ends guests that may be started elsewhere when this host's lease has run out.
// Marked guests begin to run only under a lease.
type Guardian interface {
	// Mark has a boot ended with the lease. It is in force when it returns.
	Mark(instance string, epoch int64) error
	// Unmark ends that.
	Unmark(instance string) error
	// May returns nil if marked guests may begin to run now.
	May() error
	// Ended reports whether the guardian has ended a boot.
	Ended(instance string, epoch int64) bool
}

// NIC names an interface for as long as its tap exists, which may be longer than its
// assignment: it is part of the record.
type NIC struct {
	ID     string `json:"id"`
	Tap    string `json:"tap"`
	VPC    string `json:"vpc"`
	Subnet string `json:"subnet"`
	MAC    string `json:"mac"`

	// Leaving is when the guest was first asked to let go of the interface, and Asked when
	// last. One that leaves is plugged again only when it has left. Stuck is when it was
	// said that the guest does not let go; Cut when the network had been applied without it
	// and it was given up, whatever the guest does.
	Leaving time.Time `json:"leaving,omitzero"`
	Asked   time.Time `json:"asked,omitzero"`
	Stuck   time.Time `json:"stuck,omitzero"`
	Cut     time.Time `json:"cut,omitzero"`
}

// TapState is where a tap is.
type TapState int

// Where a tap can be.
const (
	TapAbsent   TapState = iota
	TapInHost            // in the host's namespace, for QEMU to open
	TapAttached          // in its VPC's namespace
)

// TapName returns the name of an interface's tap: "tap" and the last 11 digits of
// its id, as a link's name has at most 15 bytes.
func TapName(eni string) string { return "tap" + eni[max(0, len(eni)-11):] }

// ErrNotYet is a port's answer when what is asked for is being made. The executor
// looks again later and counts no failure.
var ErrNotYet = errors.New("not ready yet")

// Failure is a port's answer when what is asked for can never be: the boot fails with
// it. Code is EC2's, such as Server.InternalError; Message is for the user.
type Failure struct {
	Code    string
	Message string
}

// Error returns the code and the message.
func (f *Failure) Error() string { return f.Code + ": " + f.Message }
