package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// refused runs a command of the AWS CLI that must fail with a code.
func (m *Mica) refused(code string, args ...string) {
	m.t.Helper()
	if out, err := m.AWS(args...); err == nil || !strings.Contains(err.Error(), "("+code+")") {
		m.t.Errorf("aws %s: %v %s; want %s", strings.Join(args, " "), err, out, code)
	}
}

// query runs a command of the AWS CLI and returns what a query finds in its answer.
func (m *Mica) query(query string, args ...string) string {
	m.t.Helper()
	return m.MustAWS(nil, append(args, "--query", query, "--output", "text")...)
}

// hostRow is what the tests read of a host.
type hostRow struct {
	ID, Name, Rack           string
	Guests                   int
	Cordoned, Draining       bool
	VCPURatio, MemoryPercent int
}

func (m *Mica) hostRows() map[string]hostRow {
	m.t.Helper()
	b, err := m.Admin("/v1/hosts")
	if err != nil {
		m.t.Fatal(err)
	}
	var all []hostRow
	if err := json.Unmarshal(b, &all); err != nil {
		m.t.Fatal(err)
	}
	out := map[string]hostRow{}
	for _, h := range all {
		out[h.ID] = h
	}
	return out
}

// busy is the one host with guests.
func (m *Mica) busy() hostRow {
	m.t.Helper()
	for _, h := range m.hostRows() {
		if h.Guests > 0 {
			return h
		}
	}
	m.t.Fatal("no host has guests")
	return hostRow{}
}

// TestHostIsDrainedAndRemoved empties a host as an operator does. Its instance is
// stopped with the reason, starts again when the host is open, and keeps the host from
// being removed until it is gone.
func TestHostIsDrainedAndRemoved(t *testing.T) {
	m := Start(t, Options{Sim: true, Flags: []string{"--sim-hosts", "2"}})
	id := m.query("Instances[0].InstanceId", "ec2", "run-instances", "--image-id", m.ImportTiny(), "--instance-type", "t3.nano")
	m.waitState(t, id, "running")
	host := m.busy()
	m.CLI("host", "set", host.Name, "--rack", "r1", "--cpu-ratio", "2", "--memory-ratio", "0.5")
	if h := m.busy(); h.Rack != "r1" || h.VCPURatio != 2 || h.MemoryPercent != 50 {
		t.Errorf("set: %+v", h)
	}
	if out := m.CLI("host", "drain", host.Name, "--wait"); !strings.Contains(out, "stopping "+id) {
		t.Errorf("drain said %q", out)
	}
	m.waitState(t, id, "stopped")
	if why := m.query("Reservations[0].Instances[0].StateReason.Code", "ec2", "describe-instances", "--instance-ids", id); why != "Server.ScheduledStop" {
		t.Errorf("stopped because of %q", why)
	}
	m.refused("InsufficientInstanceCapacity", "ec2", "start-instances", "--instance-ids", id)
	if out := m.CLI("host", "show", host.ID); !strings.Contains(out, "draining") || !strings.Contains(out, "volumes     1") {
		t.Errorf("show:\n%s", out)
	}
	m.CLI("host", "uncordon", host.ID)
	m.MustAWS(nil, "ec2", "start-instances", "--instance-ids", id)
	m.waitState(t, id, "running")
	m.CLI("host", "cordon", host.ID)
	if h := m.busy(); !h.Cordoned || h.Draining {
		t.Errorf("cordoned: %+v", h)
	}
	if out, err := m.tryCLI("host", "remove", host.ID); err == nil || !strings.Contains(out, "1 guests are on it") {
		t.Errorf("a host with a guest was removed: %v %s", err, out)
	}
	m.MustAWS(nil, "ec2", "terminate-instances", "--instance-ids", id)
	m.waitState(t, id, "terminated")
	testkit.Wait(t, patience, "the host is removed", func() bool { // its volume goes a little later
		_, err := m.tryCLI("host", "remove", host.ID)
		return err == nil
	})
	log := m.CLI("log", "show")
	for _, action := range []string{"SetHost", "DrainHost", "UncordonHost", "CordonHost", "RemoveHost"} {
		if !strings.Contains(log, action+" by operator") {
			t.Errorf("the log does not tell of %s", action)
		}
	}
	m.Stop()
	m.Up()
	if h, there := m.hostRows()[host.ID]; there {
		t.Errorf("the removed host is back: %+v", h)
	}
	if len(m.hostRows()) != 1 || !strings.Contains(m.CLI("host", "list"), "up") {
		t.Error("the other host is not there")
	}
}

// TestPlacementWithAWSCLI calls each action on hosts, placement groups and reserved
// capacity once with the AWS CLI; what they do is shown by the tests of package ec2.
func TestPlacementWithAWSCLI(t *testing.T) {
	m := Start(t, Options{Sim: true, Flags: []string{"--sim-hosts", "8"}})
	zone := m.query("AvailabilityZones[?ends_with(ZoneName, `a`)].ZoneName", "ec2", "describe-availability-zones")
	run := []string{"ec2", "run-instances", "--image-id", m.ImportTiny(), "--instance-type", "t3.nano", "--query", "Instances[].InstanceId", "--output", "text"}

	pg := m.query("PlacementGroup.GroupId", "ec2", "create-placement-group", "--group-name", "s", "--strategy", "spread")
	if got := m.query("PlacementGroups[].GroupId", "ec2", "describe-placement-groups", "--filters", "Name=spread-level,Values=rack"); got != pg {
		t.Errorf("found %q", got)
	}
	spread := strings.Fields(m.MustAWS(nil, append(run, "--count", "3", "--placement", "GroupName=s,AvailabilityZone="+zone)...))
	used := 0
	for _, h := range m.hostRows() {
		if h.Guests > 1 {
			t.Errorf("%s has %d of a spread group", h.ID, h.Guests)
		}
		used += h.Guests
	}
	if used != 3 {
		t.Errorf("%d instances are on hosts", used)
	}
	host := m.query("HostIds[0]", "ec2", "allocate-hosts", "--availability-zone", zone, "--instance-type", "t3.nano", "--quantity", "1")
	m.refused("InsufficientHostCapacity", "ec2", "allocate-hosts", "--availability-zone", zone, "--instance-type", "t3.nano", "--quantity", "1")
	m.MustAWS(nil, "ec2", "modify-hosts", "--host-ids", host, "--auto-placement", "off")
	if got := m.query("Hosts[].State", "ec2", "describe-hosts", "--filter", "Name=auto-placement,Values=off"); got != "available" {
		t.Errorf("the host is %q", got)
	}
	cr := m.query("CapacityReservation.CapacityReservationId", "ec2", "create-capacity-reservation", "--instance-type", "t3.nano", "--instance-platform", "Linux/UNIX", "--availability-zone", zone, "--instance-count", "1")
	m.MustAWS(nil, "ec2", "modify-capacity-reservation", "--capacity-reservation-id", cr, "--instance-count", "2")
	inside := m.MustAWS(nil, append(run, "--count", "1")...)
	if got := m.query("[AvailableInstanceCount,InstanceUsages[0].UsedInstanceCount]", "ec2", "get-capacity-reservation-usage", "--capacity-reservation-id", cr); got != "1\t1" {
		t.Errorf("usage %q", got)
	}
	m.waitState(t, inside, "running")
	m.MustAWS(nil, "ec2", "stop-instances", "--instance-ids", inside)
	m.waitState(t, inside, "stopped")
	m.MustAWS(nil, "ec2", "modify-instance-capacity-reservation-attributes", "--instance-id", inside, "--capacity-reservation-specification", "CapacityReservationPreference=none")
	m.MustAWS(nil, "ec2", "modify-instance-placement", "--instance-id", inside, "--group-name", "s")
	if got := m.query("Reservations[].Instances[].InstanceId", "ec2", "describe-instances", "--filters", "Name=placement-group-name,Values=s"); len(strings.Fields(got)) != 4 {
		t.Errorf("in the group are %q", got)
	}
	m.MustAWS(nil, "ec2", "cancel-capacity-reservation", "--capacity-reservation-id", cr)
	if got := m.query("CapacityReservations[].State", "ec2", "describe-capacity-reservations", "--capacity-reservation-ids", cr); got != "cancelled" {
		t.Errorf("the reservation is %q", got)
	}
	if got := m.query("Successful[0]", "ec2", "release-hosts", "--host-ids", host); got != host {
		t.Errorf("released %q", got)
	}
	m.refused("InvalidPlacementGroup.InUse", "ec2", "delete-placement-group", "--group-name", "s")
	m.MustAWS(nil, append([]string{"ec2", "terminate-instances", "--instance-ids", inside}, spread...)...)
	for _, id := range append(spread, inside) {
		m.waitState(t, id, "terminated")
	}
	m.MustAWS(nil, "ec2", "delete-placement-group", "--group-name", "s")
}
