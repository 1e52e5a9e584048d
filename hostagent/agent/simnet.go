package agent

import (
	"context"
	"errors"
	"sync"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// simNetwork serves simulated guests: their taps are names in a table, so that boots go
// through the same steps as on a real host.
type simNetwork struct {
	a    *Agent
	wake chan struct{}
	mu   sync.Mutex
	taps map[string]boot.TapState
}

func newSimNetwork() *simNetwork {
	return &simNetwork{wake: make(chan struct{}, 1), taps: map[string]boot.TapState{}}
}

func (n *simNetwork) set(tap string, s boot.TapState) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.taps[tap] = s
	return nil
}

// Apply implements boot.Network.
func (n *simNetwork) Apply(context.Context, *agentpb.Boot) error { return nil }

// Tap implements boot.Network.
func (n *simNetwork) Tap(_ context.Context, nic boot.NIC) (boot.TapState, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.taps[nic.Tap], nil
}

// CreateTap implements boot.Network.
func (n *simNetwork) CreateTap(_ context.Context, nic boot.NIC) error {
	return n.set(nic.Tap, boot.TapInHost)
}

// AttachTap implements boot.Network.
func (n *simNetwork) AttachTap(_ context.Context, nic boot.NIC) error {
	return n.set(nic.Tap, boot.TapAttached)
}

// RemoveTap implements boot.Network.
func (n *simNetwork) RemoveTap(_ context.Context, nic boot.NIC) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.taps, nic.Tap)
	return nil
}

func (n *simNetwork) changed() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// run says that NAT gateways are as they should be: nothing else here takes time.
func (n *simNetwork) run(ctx context.Context) {
	for {
		n.a.tellNATs(n.a.set.nats(), func(string, string) (bool, bool) { return true, true })
		select {
		case <-ctx.Done():
			return
		case <-n.wake:
		}
	}
}

func (n *simNetwork) leases(*agentpb.Boot) []string { return nil }

func (n *simNetwork) objects(context.Context, *agentpb.Boot) ([]kernel.Object, error) {
	return nil, nil
}

func (n *simNetwork) probe(context.Context, kernel.Probe) (kernel.ProbeResult, error) {
	return kernel.ProbeResult{}, errors.New("this host's guests are simulated: it has no network to send a probe in")
}

func (n *simNetwork) watch(context.Context, kernel.Watch) (watching, error) {
	return nil, errors.New("this host's guests are simulated: it has no network to watch")
}
