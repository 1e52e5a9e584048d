package hypervisor

import "context"

// Migrator moves running guests between hosts. Each host works with its own hypervisor
// alone; what the two have to tell each other goes through a Receiver.
//
// At no time do both guests run: the one that arrives is paused, and stays so until its
// host resumes it. The one that leaves is paused once the other has all of it.
type Migrator interface {
	// Send moves a guest as far as to where the other host has all of it and it is paused
	// here. If it returns an error, the guest is here as if nothing had been, running
	// unless the hypervisor went away meanwhile. Ending ctx gives up.
	Send(ctx context.Context, instance string, epoch int64, route Route, to Receiver) (Sent, error)

	// Receive prepares for the guest that was offered, to become the guest of spec.
	Receive(ctx context.Context, spec Spec, route Route, offer Offer) (Arriving, error)
}

// Route is how data gets from host to host: unix sockets at either end, of which the
// hypervisor connects to the sender's and listens on the receiver's.
type Route struct {
	Memory string // path of the socket for the guest's memory
	Disks  string // for its disks; empty: both hosts have the storage that they are on
}

// Offer is what a sender tells of its guest before anything is sent.
type Offer struct {
	Definition string `json:"definition"`
	Cookie     []byte `json:"cookie"`
}

// Answer is the receiver's to an Offer.
type Answer struct {
	Definition string `json:"definition"` // what the guest will be there
	Cookie     []byte `json:"cookie"`
}

// Receiver is the other host, as a sender sees it.
type Receiver interface {
	// Prepare passes an offer on.
	Prepare(ctx context.Context, o Offer) (Answer, error)
	// Finish says that all was sent, or that nothing more will come. The guest there is
	// whole and paused when it returns nil.
	Finish(ctx context.Context, cookie []byte, cancelled bool) error
}

// Sent is a guest that the other host has and that is paused here.
type Sent interface {
	// Release ends the guest here.
	Release(ctx context.Context) error
}

// Arriving is a guest that is on its way here.
type Arriving interface {
	// Answer is for the sender.
	Answer() Answer
	// Finish waits for all of it, or drops it.
	Finish(ctx context.Context, cookie []byte, cancelled bool) error
	// Close drops the guest unless it has finished.
	Close()
}
