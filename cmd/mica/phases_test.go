package main

import (
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/hostagent/boot"
)

// TestPhasesAgree: both sides of the protocol number phases and name causes alike,
// though neither may import the other.
func TestPhasesAgree(t *testing.T) {
	for host, server := range map[int32]model.Phase{
		boot.PhaseAssigned: model.PhaseAssigned, boot.PhasePreparing: model.PhasePreparing, boot.PhaseRunning: model.PhaseRunning,
		boot.PhaseStopping: model.PhaseStopping, boot.PhaseEnded: model.PhaseEnded, boot.PhaseReleased: model.PhaseReleased,
	} {
		if host != int32(server) {
			t.Errorf("phase %v is %d on hosts", server, host)
		}
	}
	for host, server := range map[string]model.EndCause{
		boot.CauseAsked: model.EndAsked, boot.CausePoweroff: model.EndPoweroff, boot.CauseCrashed: model.EndCrashed, boot.CauseFailed: model.EndFailed,
	} {
		if host != string(server) {
			t.Errorf("cause %v is %q on hosts", server, host)
		}
	}
}
