// Package kernel makes the kernel's network what a plan wants: it looks, compares, and
// does only what is missing. It is the only package that speaks netlink, ipset,
// iptables and ebtables.
package kernel

import (
	"context"
	"errors"
	"log/slog"

	"github.com/micacloud/mica/netplane/plan"
)

// Config says whose objects these are.
type Config struct {
	// Prefix is the plan's Host.Prefix. Everything on the host whose name begins with
	// it is taken for ours, and removed when no plan wants it.
	Prefix string
	Logger *slog.Logger // nil means slog.Default
}

// Kernel applies plans. Its methods may be called from any goroutine; changes are
// made one at a time.
type Kernel struct{ cfg Config }

// Errors that callers tell apart.
var (
	// ErrNotPlanned means that a tap was to be moved that the last applied plan
	// doesn't have: its filters would not be in force. Apply first.
	ErrNotPlanned = errors.New("the interface is in no applied plan")
	// ErrTapBusy means that a process has the tap open.
	ErrTapBusy = errors.New("the tap is in use")
)

var errNotYet = errors.New("netplane/kernel: not there yet")

// New checks that the programs that are needed exist, and the kernel's features.
func New(cfg Config) (*Kernel, error) { return &Kernel{cfg: cfg}, nil }

// Apply makes the kernel's state the desired one and says nothing when it already
// was. Every object of ours that is not desired is removed.
func (k *Kernel) Apply(ctx context.Context, d plan.Desired) error { return errNotYet }

// CreateTap makes the persistent tap name in the host's namespace, ready for libvirt
// to open (<interface type='ethernet'><target dev='...' managed='no'/>). A tap that
// is already there, in whatever namespace, and that nobody has open is made anew.
func (k *Kernel) CreateTap(ctx context.Context, name string) error { return errNotYet }

// MoveTap brings a tap that QEMU opened into the namespace of its VPC, protects its
// bridge port and then brings it up. A tap that is there already is only checked.
func (k *Kernel) MoveTap(ctx context.Context, name, vpcID string) error { return errNotYet }

// DeleteTap removes a tap wherever it is. One that doesn't exist is no error.
func (k *Kernel) DeleteTap(ctx context.Context, name string) error { return errNotYet }

// InNamespace runs fn on an OS thread that is in the VPC's namespace. Sockets that
// fn makes stay there; goroutines that it starts do not run there.
func (k *Kernel) InNamespace(vpcID string, fn func() error) error { return errNotYet }

// Cleanup removes everything of ours from the host.
func (k *Kernel) Cleanup(ctx context.Context) error { return errNotYet }

// Object is one kernel object and the command that shows it to a person.
type Object struct {
	Kind    string // namespace, bridge, tap, set, chain, route, ...
	Name    string
	Command string
	Present bool
}

// Observe lists the objects that the last applied plan has for one interface, or
// for the whole VPC when eniID is empty.
func (k *Kernel) Observe(ctx context.Context, vpcID, eniID string) ([]Object, error) {
	return nil, errNotYet
}
