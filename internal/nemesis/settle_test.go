package nemesis

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// settleLimit is how long a cloud without faults may take to what it should be: an agent
// that gave up on its server for a while has to be back, and a guest that was asked to
// shut down has two minutes.
const settleLimit = 5 * time.Minute

// settle waits until the cloud is what it should be, everywhere.
func (c *cluster) settle(w *workload) {
	why := ""
	limit := time.Now().Add(settleLimit)
	for ; time.Now().Before(limit); time.Sleep(time.Second) {
		if why = c.unsettled(); why == "" {
			break
		}
	}
	if why != "" {
		c.fail("%v after the last fault: %s", settleLimit, why)
	}
	if w != nil {
		c.acknowledged(w)
	}
	c.witness.addresses()
}

// unsettled says what is not as it should be, or nothing.
func (c *cluster) unsettled() string {
	leader := c.leading()
	if leader == nil {
		return "no server leads"
	}
	v := leader.node().Stale()
	var why []string
	guests := map[string]*host{}
	for _, h := range c.hosts {
		for _, g := range h.guests() {
			guests[model.BootID(g.Instance, g.Epoch)] = h
			if g.State != hypervisor.Running {
				why = append(why, fmt.Sprintf("boot %s/%d on %s is %v", g.Instance, g.Epoch, h.name, g.State))
			}
		}
		if row := store.Hosts.Get(v, h.id); row == nil || !row.Up {
			why = append(why, h.name+" is not up")
		}
	}
	for i := range store.Instances.List(v) {
		state, b := lifecycle.State(v, i), lifecycle.Boot(v, i)
		h := guests[b.ID]
		delete(guests, b.ID)
		switch state {
		case model.StateRunning:
			if b.Phase >= model.PhaseEnded && b.Cause == model.EndFenced && !room(v, i, b) {
				continue // its host lost it, and it waits for room on another
			}
			if h == nil || h.id != b.Host {
				why = append(why, fmt.Sprintf("%s is running, and its host has no guest of boot %d, which is %+v", i.ID, i.Epoch, *b))
			}
		case model.StateStopped, model.StateTerminated:
			if h != nil {
				why = append(why, fmt.Sprintf("%s is %s, and %s runs boot %d", i.ID, state.Name, h.name, i.Epoch))
			}
		default:
			why = append(why, fmt.Sprintf("%s is %s (boot %d is %v on %s)", i.ID, state.Name, b.Epoch, b.Phase, b.Host))
		}
	}
	for id, h := range guests {
		why = append(why, fmt.Sprintf("%s runs boot %s, which nobody wants", h.name, id))
	}
	for eni := range store.Interfaces.List(v) {
		if s := eni.AttachmentState(); s != "" && s != model.Attached {
			why = append(why, fmt.Sprintf("%s is still %s (to %s)", eni.ID, s, eni.Instance))
		}
	}
	for vol := range store.Volumes.List(v) {
		if vol.State == model.VolumeDeleting {
			why = append(why, vol.ID+" is still being deleted")
		}
	}
	return strings.Join(append(why, c.unequal()...), "; ")
}

// room says that some host has room for a lost instance.
func room(v store.Reader, i *model.Instance, b *model.Boot) bool {
	place, _ := schedule.Place(lifecycle.View(v, i.Region, schedule.Policy{}), schedule.Request{
		Account: i.Account, Zones: []string{i.Zone}, Arch: i.Arch, Accel: i.Placement.Accel, VCPUs: b.VCPUs, MemoryMiB: b.MemoryMiB, Min: 1, Max: 1,
	})
	return len(place.Spots) > 0
}

// unequal compares all servers' bytes.
func (c *cluster) unequal() (why []string) {
	var first []byte
	var version store.Version
	for _, s := range c.servers {
		n := s.node()
		if n == nil {
			return append(why, s.name+" is down")
		}
		v := n.Stale()
		b := stateBytes(c, v)
		switch {
		case first == nil:
			first, version = b, v.Version()
		case v.Version() != version:
			why = append(why, fmt.Sprintf("%s is at %v, %s at %v", s.name, v.Version(), c.servers[0].name, version))
		case !bytes.Equal(b, first):
			c.fail("%s has other bytes than %s at %v", s.name, c.servers[0].name, version)
		}
	}
	return why
}

// acknowledged: whatever a user was told of is there.
func (c *cluster) acknowledged(w *workload) {
	leader := c.leader()
	if leader == nil {
		return
	}
	v := leader.node().Stale()
	w.mu.Lock()
	defer w.mu.Unlock()
	for token, m := range w.made {
		for _, id := range m.ids {
			if i := store.Instances.Get(v, id); i == nil || i.ReservationID != m.reservation || i.ClientToken != token {
				c.fail("a client was told of %s in %s by token %s, and there is %+v", id, m.reservation, token, i)
			}
		}
	}
}

// refusals counts the batches that were refused for their parent, in the log that is left.
func (c *cluster) refusals() (n int) {
	leader := c.leading()
	if leader == nil {
		return 0
	}
	_ = leader.node().ReadLog(func(r consensus.LogRecord) error {
		if r.Refused {
			n++
		}
		return nil
	})
	return n
}
