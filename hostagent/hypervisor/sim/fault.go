package sim

import "github.com/micacloud/mica/hostagent/hypervisor"

// Inject makes f the instance's fault; the zero Fault ends it.
func (h *Hypervisor) Inject(instance string, f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults[instance] = &f
	h.starts[instance] = 0
}

// Fail makes every call return err, as when libvirtd is down; nil ends it. Guests go
// on, and their changes in between cause no events.
func (h *Hypervisor) Fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = err
	if err == nil {
		h.tell("", "connected")
	}
}

// Crash ends the instance's guest as when its process is killed. It reports whether
// there was one to crash.
func (h *Hypervisor) Crash(instance string) bool {
	return h.itself(instance, func(g *guest) { h.become(g, hypervisor.Ended, hypervisor.EndCrashed) })
}

// PowerOff ends the guest from inside, as `poweroff` does.
func (h *Hypervisor) PowerOff(instance string) bool {
	return h.running(instance, func(g *guest) { h.become(g, hypervisor.Ended, hypervisor.EndPoweroff) })
}

// RebootItself reboots the guest from inside, as `reboot` does.
func (h *Hypervisor) RebootItself(instance string) bool {
	return h.running(instance, h.rebooted)
}

// Stall pauses the guest as when its disk is full.
func (h *Hypervisor) Stall(instance string) bool {
	return h.running(instance, func(g *guest) {
		g.Guest.Stalled = true
		h.become(g, hypervisor.Paused, hypervisor.EndNone)
	})
}

// LoseCauses forgets why ended guests ended, as a restarted libvirtd does.
func (h *Hypervisor) LoseCauses() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.guests {
		if g.Guest.State == hypervisor.Ended {
			g.Guest.End = hypervisor.EndUnknown
			h.save(g)
		}
	}
}

// Say adds text to a guest's console.
func (h *Hypervisor) Say(instance, text string) bool {
	return h.running(instance, func(g *guest) { h.say(g, text) })
}

// itself does something to a guest that has processes.
func (h *Hypervisor) itself(instance string, do func(*guest)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.guests[instance]
	if g == nil || g.Guest.State != hypervisor.Paused && g.Guest.State != hypervisor.Running {
		return false
	}
	do(g)
	return true
}

func (h *Hypervisor) running(instance string, do func(*guest)) bool {
	ran := false
	h.itself(instance, func(g *guest) {
		if ran = g.Guest.State == hypervisor.Running; ran {
			do(g)
		}
	})
	return ran
}
