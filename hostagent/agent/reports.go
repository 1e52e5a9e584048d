package agent

import (
	"maps"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/proto/agentpb"
)

// reports holds the newest status of everything, and which of them the server has not
// heard yet. Statuses are absolute, so that only the newest counts.
type reports struct {
	wake chan struct{} // has a token when there may be something to take

	mu      sync.Mutex
	boots   map[string]*agentpb.BootStatus
	volumes map[string]*agentpb.VolumeStatus
	nats    map[string]*agentpb.NATStatus
	dirty   map[string]bool
}

func newReports() *reports {
	return &reports{wake: make(chan struct{}, 1), boots: map[string]*agentpb.BootStatus{}, volumes: map[string]*agentpb.VolumeStatus{}, nats: map[string]*agentpb.NATStatus{}, dirty: map[string]bool{}}
}

func (r *reports) boot(s *agentpb.BootStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key := "boot/" + s.InstanceId; !proto.Equal(r.boots[key], s) {
		r.boots[key], r.dirty[key] = s, true
		r.kick()
	}
}

// forget drops what is known of an instance, when nothing of it is assigned any more.
func (r *reports) forget(instance string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.boots, "boot/"+instance)
}

func (r *reports) volume(s *agentpb.VolumeStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key := "volume/" + s.Id; !proto.Equal(r.volumes[key], s) {
		r.volumes[key], r.dirty[key] = s, true
		r.kick()
	}
}

// nat takes all that there is to say of NAT gateways; of others nothing is said any more.
func (r *reports) nat(all []*agentpb.NATStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := r.nats
	r.nats = map[string]*agentpb.NATStatus{}
	for _, s := range all {
		key := "nat/" + s.Id
		if r.nats[key] = s; !proto.Equal(said[key], s) {
			r.dirty[key] = true
			r.kick()
		}
	}
}

// reset makes everything unheard.
func (r *reports) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k := range r.boots {
		r.dirty[k] = true
	}
	for k := range r.volumes {
		r.dirty[k] = true
	}
	for k := range r.nats {
		r.dirty[k] = true
	}
	r.kick()
}

// take returns what was not heard yet, or nil.
func (r *reports) take() *agentpb.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out agentpb.Report
	for _, k := range slices.Sorted(maps.Keys(r.dirty)) {
		if b := r.boots[k]; b != nil {
			out.Boots = append(out.Boots, b)
		}
		if v := r.volumes[k]; v != nil {
			out.Volumes = append(out.Volumes, v)
		}
		if n := r.nats[k]; n != nil {
			out.Nats = append(out.Nats, n)
		}
	}
	clear(r.dirty)
	if len(out.Boots)+len(out.Volumes)+len(out.Nats) == 0 {
		return nil
	}
	return &out
}

func (r *reports) kick() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// phase returns how far a boot was when it was last reported, and before any report
// PhaseAssigned.
func (r *reports) phase(instance string, epoch int64) int32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b := r.boots["boot/"+instance]; b != nil && b.Epoch >= epoch {
		return b.Phase
	}
	return boot.PhaseAssigned
}
