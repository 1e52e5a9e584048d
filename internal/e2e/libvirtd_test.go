package e2e

import (
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// ownLibvirtd starts a Mica on a libvirtd that the test may stop and start.
func ownLibvirtd(t *testing.T, prefix string) (*Mica, *testkit.Libvirtd) {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "qemu-system-x86_64", "ipset", "iptables", "ebtables")
	d := testkit.NewLibvirtd(t)
	return Start(t, Options{Prefix: prefix, Socket: d.Socket(), Flags: []string{"--accel", "tcg", "--cpu-overcommit", "16"}}), d
}

// launch runs a tiny guest and returns its id at once.
func (m *Mica) launch(t *testing.T, ami string, more ...string) string {
	t.Helper()
	body, err := m.Call("RunInstances", append([]string{"ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1"}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	return instanceID(t, body)
}

// described is an instance as DescribeInstances has it.
type described struct {
	ID       string `xml:"instanceId"`
	State    string `xml:"instanceState>name"`
	Reason   string `xml:"stateReason>message"`
	Address  string `xml:"privateIpAddress"`
	Public   string `xml:"ipAddress"`
	Subnet   string `xml:"subnetId"`
	Token    string `xml:"clientToken"`
	Type     string `xml:"instanceType"`
	Launched string `xml:"launchTime"`
}

// describe returns instances, all of the account's if none is named.
func (m *Mica) describe(t *testing.T, ids ...string) []described {
	t.Helper()
	var params []string
	for i, id := range ids {
		params = append(params, fmt.Sprintf("InstanceId.%d", i+1), id)
	}
	body, err := m.Call("DescribeInstances", params...)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Instances []described `xml:"reservationSet>item>instancesSet>item"`
	}
	if err := xml.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out.Instances
}

// soon waits closely: for a moment that a fault is to be put into.
func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); <-time.After(200 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// left lists what a host has of an instance: QEMU processes, domains and volumes; and
// taps that no namespace has taken in.
func (m *Mica) left(t *testing.T, id string) []string {
	t.Helper()
	var out []string
	name := m.opt.Prefix + "-" + id
	if n := m.processes(t, id); n > 0 {
		out = append(out, fmt.Sprintf("%d QEMU processes of %s", n, name))
	}
	domains, err := exec.Command("virsh", "-c", "qemu+unix:///system?socket="+m.opt.Socket, "list", "--all", "--name").CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, domains)
	}
	if strings.Contains(string(domains), name) {
		out = append(out, "domain "+name)
	}
	links, err := exec.Command("ip", "-br", "link").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(links)) {
		if strings.HasPrefix(line, m.opt.Prefix+"t") {
			out = append(out, "tap "+line)
		}
	}
	return out
}

// volumes counts the files of volumes.
func (m *Mica) volumes() int {
	files, _ := filepath.Glob(filepath.Join(m.Dir, "data", "volumes", "vol-*"))
	return len(files)
}

// echo is a session with the echo service of a tiny guest.
type echo struct {
	t    *testing.T
	conn net.Conn
}

func (m *Mica) echo(t *testing.T, address string) *echo {
	t.Helper()
	e := &echo{t: t}
	testkit.Wait(t, patience, "the echo service", func() (ok bool) {
		var err error
		e.conn, err = net.DialTimeout("tcp", address+":7", 5*time.Second)
		return err == nil
	})
	t.Cleanup(func() { e.conn.Close() })
	return e
}

func (e *echo) say(s string) {
	e.t.Helper()
	_ = e.conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(e.conn, s+"\n"); err != nil {
		e.t.Fatal(err)
	}
	buf := make([]byte, len(s)+1)
	if _, err := io.ReadFull(e.conn, buf); err != nil || string(buf) != s+"\n" {
		e.t.Fatalf("echo of %q: %q %v", s, buf, err)
	}
}

// TestLibvirtdKilled ends libvirtd with SIGKILL while one guest runs and another is
// launched or terminated, at several moments of that. The one that runs hears nothing
// of it; the launch is finished, or fails with a reason; what is terminated is gone.
func TestLibvirtdKilled(t *testing.T) {
	m, d := ownLibvirtd(t, "lvk")
	ami := m.ImportTiny()
	group := m.Group("open", TCP(7))
	still := m.launch(t, ami, "SecurityGroupId.1", group)
	m.WaitConsole(still, "MICA-TINY: ready", patience)
	session := m.echo(t, m.describe(t, still)[0].Public)
	pid := d.Guests()["lvk-"+still]
	if pid == 0 {
		t.Fatalf("the guest has no QEMU among %v", d.Guests())
	}
	status := func(id string) bool { // libvirtd knows the process
		_, err := os.Stat(filepath.Join(filepath.Dir(d.Socket()), "qemu", "lvk-"+id+".xml"))
		return err == nil
	}
	for _, at := range []struct {
		name string
		when func(id string) bool
	}{
		{"process", func(id string) bool { return m.processes(t, id) > 0 }},
		{"status", status},
		{"started", func(id string) bool { return strings.Contains(m.CLI("explain", "instance", id), "domain-started") }},
	} {
		t.Run(at.name, func(t *testing.T) {
			id := m.launch(t, ami)
			soon(t, at.name, func() bool { return at.when(id) })
			d.Kill()
			session.say("without libvirtd, launching")
			d.Start()
			var g described
			testkit.Wait(t, patience, id+" to run or to have failed", func() bool {
				g = m.describe(t, id)[0]
				return g.State == "running" || g.State == "terminated"
			})
			if g.State == "running" {
				m.WaitConsole(id, "MICA-TINY: init", patience)
			} else if g.Reason == "" {
				t.Errorf("it failed and does not say why: %+v", g)
			}
			if n := m.processes(t, id); g.State == "running" && n != 1 {
				t.Errorf("%d QEMU processes for one instance", n)
			}
			if _, err := m.Call("TerminateInstances", "InstanceId.1", id); err != nil {
				t.Fatal(err)
			}
			if at.name == "process" { // one kill a little later than at once
				soon(t, "the guest to be on its way down", func() bool { return m.describe(t, id)[0].State == "shutting-down" || m.processes(t, id) == 0 })
			}
			d.Kill()
			session.say("without libvirtd, terminating")
			d.Start()
			m.waitState(t, id, "terminated")
			testkit.Wait(t, patience, "nothing to be left of "+id, func() bool { return len(m.left(t, id)) == 0 && m.volumes() == 1 })
		})
	}
	session.say("in the end")
	if now := d.Guests()["lvk-"+still]; now != pid || m.describe(t, still)[0].State != "running" {
		t.Errorf("the guest that ran has QEMU %d, and had %d; it is %s", now, pid, m.describe(t, still)[0].State)
	}
}

// TestHypervisorAway: calls are taken while the hypervisor does not answer, and done when
// it does again; a mica that is killed and restarted meanwhile forgets none of them.
func TestHypervisorAway(t *testing.T) {
	m, d := ownLibvirtd(t, "lva")
	ami := m.ImportTiny()
	ids := map[string]string{}
	for _, name := range []string{"stays", "stops", "starts", "goes", "reboots"} {
		ids[name] = m.launch(t, ami)
	}
	for _, id := range ids {
		m.WaitConsole(id, "MICA-TINY: ready", patience)
	}
	call := func(action, name string, more ...string) {
		t.Helper()
		if _, err := m.Call(action, append([]string{"InstanceId.1", ids[name]}, more...)...); err != nil {
			t.Fatal(err)
		}
	}
	call("StopInstances", "starts", "Force", "true")
	m.waitState(t, ids["starts"], "stopped")
	pid := d.Guests()["lva-"+ids["stays"]]

	d.Signal(syscall.SIGSTOP)
	call("StopInstances", "stops", "Force", "true")
	call("TerminateInstances", "goes")
	call("StartInstances", "starts")
	ids["new"] = m.launch(t, ami)
	for name, want := range map[string]string{"stays": "running", "stops": "stopping", "goes": "shutting-down", "starts": "pending", "new": "pending"} {
		if g := m.describe(t, ids[name])[0]; g.State != want {
			t.Errorf("while libvirtd hangs %s is %s, want %s", name, g.State, want)
		}
	}
	m.Kill()
	d.Kill()
	m.Up() // without any libvirtd: it comes up, says what it knows, and takes calls
	call("RebootInstances", "reboots")
	call("TerminateInstances", "new")
	if g := m.describe(t, ids["stays"])[0]; g.State != "running" {
		t.Errorf("without libvirtd the guest that runs is %s", g.State)
	}
	d.Start()
	for name, want := range map[string]string{"stays": "running", "stops": "stopped", "goes": "terminated", "starts": "running", "new": "terminated", "reboots": "running"} {
		m.waitState(t, ids[name], want)
	}
	m.WaitConsole(ids["starts"], "disk boots=2(?s:.*)MICA-TINY: ready", patience)
	m.WaitConsole(ids["reboots"], "disk boots=2(?s:.*)MICA-TINY: ready", patience)
	for _, name := range []string{"goes", "new"} {
		testkit.Wait(t, patience, "nothing to be left of "+name, func() bool { return len(m.left(t, ids[name])) == 0 })
	}
	testkit.Wait(t, patience, "their volumes to go", func() bool { return m.volumes() == 4 })
	guests := d.Guests()
	if guests["lva-"+ids["stays"]] != pid || len(guests) != 3 {
		t.Errorf("the QEMUs are %v; %d was to stay", guests, pid)
	}
	if n := strings.Count(m.Console(ids["stays"]), "MICA-TINY: init"); n != 1 {
		t.Errorf("the guest that stayed booted %d times", n)
	}
}
