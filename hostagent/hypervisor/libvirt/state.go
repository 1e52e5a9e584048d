package libvirt

import (
	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// guestState translates libvirt's state and reason.
//
// The reason of a domain that is off is kept by libvirtd in memory: after its restart
// it is "unknown", which is also that of a domain that was never started.
func guestState(state, reason int32) (s hypervisor.State, end hypervisor.End, stalled bool) {
	switch golibvirt.DomainState(state) {
	case golibvirt.DomainShutoff:
		return hypervisor.Ended, endOf(golibvirt.DomainShutoffReason(reason)), false
	case golibvirt.DomainPaused:
		switch golibvirt.DomainPausedReason(reason) {
		case golibvirt.DomainPausedShuttingDown:
			return hypervisor.Running, hypervisor.EndNone, false // its end is on the way
		case golibvirt.DomainPausedIoerror:
			return hypervisor.Paused, hypervisor.EndNone, true
		}
		return hypervisor.Paused, hypervisor.EndNone, false
	default: // running, blocked, or its end is on the way: there is a process
		return hypervisor.Running, hypervisor.EndNone, false
	}
}

func endOf(reason golibvirt.DomainShutoffReason) hypervisor.End {
	switch reason {
	case golibvirt.DomainShutoffShutdown:
		return hypervisor.EndPoweroff
	case golibvirt.DomainShutoffDestroyed:
		return hypervisor.EndDestroyed
	case golibvirt.DomainShutoffCrashed:
		return hypervisor.EndCrashed
	case golibvirt.DomainShutoffFailed:
		return hypervisor.EndFailed
	default: // unknown, or libvirtd itself ended what it could not reach after a restart
		return hypervisor.EndUnknown
	}
}
