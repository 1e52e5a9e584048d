package e2e

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// Points at which the process is killed, as internal/failpoint names them.
var (
	launchPoints = []string{
		"server.committed.RunInstances", "agent.assigned", "network.before", "network.after",
		"boot.before.accept", "boot.after.accept", "boot.after.image", "boot.before.volume", "boot.after.volume",
		"boot.after.tap", "boot.before.start", "boot.after.start", "boot.after.network", "boot.before.attach", "boot.after.attach",
		"boot.before.resume", "boot.after.resume",
	}
	terminatePoints = []string{
		"server.committed.TerminateInstances", "boot.before.destroy", "boot.after.destroy", "boot.before.end", "boot.after.end",
		"boot.after.forget", "boot.before.untap", "boot.after.untap", "boot.after.release", "volume.before", "volume.after",
	}
)

// TestKilledAtEveryPoint ends mica with SIGKILL at 28 points of launching and terminating.
// Each time the next mica finishes the work: one reservation for one token, one guest
// that ever ran, and in the end nothing left.
func TestKilledAtEveryPoint(t *testing.T) {
	m := real(t, "kil")
	ami := m.ImportTiny()
	// Another instance keeps the VPC on the host, so that what is left of the one under
	// test is not swept away with its namespace.
	other := m.Run("--image-id", ami, "--instance-type", "t3.nano")
	m.WaitState(other, "running")
	for _, point := range launchPoints {
		t.Run("launch/"+point, func(t *testing.T) {
			m.Stop()
			m.arm(t, point)
			token := "token-" + strings.ReplaceAll(point, ".", "-")
			run := []string{"ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "ClientToken", token}
			first, callErr := m.Call("RunInstances", run...)
			m.WaitDeath()
			m.disarm(t)
			again, err := m.Call("RunInstances", run...)
			if err != nil {
				t.Fatal(err)
			}
			id := instanceID(t, again)
			if callErr == nil && instanceID(t, first) != id {
				t.Errorf("the token gave %s first, and %s after the crash", instanceID(t, first), id)
			}
			m.waitState(t, id, "running")
			if n := m.processes(t, id); n != 1 {
				t.Errorf("%d QEMU processes for one instance", n)
			}
			if strings.HasSuffix(point, "resume") { // it may have run before the crash
				m.WaitConsole(id, "MICA-TINY: ready", patience)
				if n := strings.Count(m.Console(id), "MICA-TINY: init"); n != 1 {
					t.Errorf("the guest booted %d times", n)
				}
			}
			m.gone(t, id)
		})
	}
	for _, point := range terminatePoints {
		t.Run("terminate/"+point, func(t *testing.T) {
			out, err := m.Call("RunInstances", "ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1")
			if err != nil {
				t.Fatal(err)
			}
			id := instanceID(t, out)
			m.waitState(t, id, "running")
			m.Stop()
			m.arm(t, point)
			_, _ = m.Call("TerminateInstances", "InstanceId.1", id) // its answer may be lost
			m.WaitDeath()
			m.disarm(t)
			m.gone(t, id)
		})
	}
	if g := m.Guest(other); g.State.Name != "running" {
		t.Errorf("the other guest is %s", g.State.Name)
	}
	if n := m.processes(t, other); n != 1 {
		t.Errorf("the other guest has %d processes", n)
	}
}

// TestKilledWhileAnInterfaceComesAndGoes ends mica at points of attaching and detaching. Each
// time the next mica tells what became of it.
func TestKilledWhileAnInterfaceComesAndGoes(t *testing.T) {
	m := Start(t, Options{Sim: true})
	id := m.Run("--image-id", m.ImportTiny(), "--instance-type", "t3.nano")
	g := m.WaitState(id, "running")
	eni := m.made("NetworkInterface.NetworkInterfaceId", "create-network-interface", "--subnet-id", g.Subnet)
	state := regexp.MustCompile("<status>(.*?)</status>")
	until := func(want string) string {
		t.Helper()
		shown := ""
		testkit.Wait(t, time.Minute, "the interface to be "+want, func() bool {
			out, err := m.Call("DescribeNetworkInterfaces", "NetworkInterfaceId.1", eni)
			if err != nil {
				t.Fatal(err)
			}
			shown = string(out)
			return strings.Contains(shown, "<status>"+want+"</status>")
		})
		return shown
	}
	killed := func(point, action string, params ...string) {
		t.Helper()
		m.Stop()
		m.arm(t, point)
		_, _ = m.Call(action, params...) // its answer may be lost
		m.WaitDeath()
		m.disarm(t)
	}
	attach := []string{"NetworkInterfaceId", eni, "InstanceId", id, "DeviceIndex", "1"}
	attachPoints := []string{"server.committed.AttachNetworkInterface", "agent.assigned", "boot.before.enlist", "boot.after.tap", "boot.after.plug", "boot.after.link"}
	detachPoints := []string{"server.committed.DetachNetworkInterface", "agent.assigned", "boot.before.unplug", "boot.after.unplug", "boot.before.delist", "boot.after.delist"}
	for n := range attachPoints {
		killed(attachPoints[n], "AttachNetworkInterface", attach...)
		attachment := regexp.MustCompile("<attachmentId>(.*?)</attachmentId>").FindStringSubmatch(until("attached"))[1]
		killed(detachPoints[n], "DetachNetworkInterface", "AttachmentId", attachment)
		if left := until("available"); len(state.FindAllString(left, -1)) != 1 {
			t.Errorf("detached it is %s", left)
		}
	}
	if got := m.Guest(id); got.State.Name != "running" || len(got.Interfaces) != 1 {
		t.Errorf("in the end the instance is %+v", got)
	}
}

// arm starts mica so that it kills itself the next time it comes to a point.
func (m *Mica) arm(t *testing.T, point string) {
	t.Helper()
	file := filepath.Join(m.Dir, "armed")
	m.Extra["MICA_FAILPOINT"] = point + "@" + file
	m.Up()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// disarm starts mica again as it should be.
func (m *Mica) disarm(t *testing.T) {
	t.Helper()
	delete(m.Extra, "MICA_FAILPOINT")
	if err := os.Remove(filepath.Join(m.Dir, "armed")); err != nil {
		t.Fatal(err)
	}
	m.Up()
}

func instanceID(t *testing.T, body []byte) string {
	t.Helper()
	var out struct {
		ID []string `xml:"instancesSet>item>instanceId"`
	}
	if err := xml.Unmarshal(body, &out); err != nil || len(out.ID) != 1 {
		t.Fatalf("instances %v, %v in %s", out.ID, err, body)
	}
	return out.ID[0]
}

// waitState is WaitState without the AWS CLI's start-up time.
func (m *Mica) waitState(t *testing.T, id, want string) {
	t.Helper()
	var state struct {
		Name []string `xml:"reservationSet>item>instancesSet>item>instanceState>name"`
	}
	testkit.Wait(t, patience, id+" to be "+want, func() bool {
		body, err := m.Call("DescribeInstances", "InstanceId.1", id)
		if err != nil {
			t.Fatal(err)
		}
		state.Name = nil
		if err := xml.Unmarshal(body, &state); err != nil {
			t.Fatal(err)
		}
		return len(state.Name) == 1 && state.Name[0] == want
	})
}

// processes counts an instance's QEMUs, whatever libvirt believes.
func (m *Mica) processes(t *testing.T, id string) int {
	t.Helper()
	out, _ := exec.Command("pgrep", "-fc", "guest="+m.opt.Prefix+"-"+id+",").Output()
	var n int
	if _, err := fmt.Sscan(string(out), &n); err != nil {
		t.Fatalf("pgrep: %q %v", out, err)
	}
	return n
}

// gone terminates an instance and waits until nothing of it is on the host.
func (m *Mica) gone(t *testing.T, id string) {
	t.Helper()
	var nic struct {
		IP []string `xml:"reservationSet>item>instancesSet>item>privateIpAddress"`
	}
	if body, err := m.Call("DescribeInstances", "InstanceId.1", id); err == nil {
		_ = xml.Unmarshal(body, &nic)
	}
	if _, err := m.Call("TerminateInstances", "InstanceId.1", id); err != nil {
		t.Fatal(err)
	}
	m.waitState(t, id, "terminated")
	testkit.Wait(t, patience, "the host to have nothing of "+id, func() bool {
		domains, err := exec.Command("virsh", "-c", "qemu:///system", "list", "--all", "--name").Output()
		if err != nil {
			t.Fatal(err)
		}
		volumes, _ := filepath.Glob(filepath.Join(m.Dir, "data", "volumes", "vol-*"))
		taps := 0
		for _, line := range HostObjects(t) {
			if strings.HasPrefix(line, "ip: kilt") {
				taps++ // in the host's namespace, where a tap is only until it moves
			}
		}
		for _, ip := range nic.IP {
			if ip != "" && m.knows(t, ip) {
				return false
			}
		}
		return !strings.Contains(string(domains), id) && len(volumes) == 1 && taps == 0 && m.processes(t, id) == 0
	})
}

// knows says whether an address is still a member of any set of this Mica's.
func (m *Mica) knows(t *testing.T, ip string) bool {
	t.Helper()
	spaces, err := os.ReadDir("/run/netns")
	if err != nil {
		t.Fatal(err)
	}
	for _, ns := range spaces {
		if strings.HasPrefix(ns.Name(), "kil-") {
			out, err := exec.Command("ip", "netns", "exec", ns.Name(), "ipset", "save").Output()
			if err == nil && strings.Contains(string(out), " "+ip+"\n") {
				return true
			}
		}
	}
	return false
}
