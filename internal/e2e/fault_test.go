package e2e

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// TestFullDisk: with no space left an import and a launch fail clearly and leave nothing
// half made; with space again both work, and nothing that was acknowledged is lost.
func TestFullDisk(t *testing.T) {
	testkit.NeedRoot(t)
	m := real(t, "ful")
	m.Stop()
	data := filepath.Join(m.Dir, "data")
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o711); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256m,mode=711", "none", data).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	t.Cleanup(func() {
		m.Stop()
		if out, err := m.command(context.Background(), "down").CombinedOutput(); err != nil {
			t.Errorf("mica down: %v %s", err, out)
		}
		testkit.Wait(t, patience, "the full disk to be let go", func() bool { return exec.Command("umount", data).Run() == nil })
	})
	m.Up()
	ami := m.ImportTiny()
	fill := filepath.Join(data, "fill")
	// dd ends when the disk is full: that is what is wanted of it.
	_ = exec.Command("dd", "if=/dev/zero", "of="+fill, "bs=4k").Run()

	before := files(t, filepath.Join(data, "images"))
	out, err := m.command(t.Context(), "image", "import", guestimg.Debian(t), "--name", "too-large").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "space") {
		t.Errorf("import onto a full disk: %v\n%s", err, out)
	}
	if after := files(t, filepath.Join(data, "images")); after != before {
		t.Errorf("images before %s, after %s", before, after)
	}

	body, err := m.Call("RunInstances", "ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1")
	if err == nil {
		id := instanceID(t, body)
		g := m.WaitState(id, "terminated")
		if !strings.HasPrefix(g.Reason.Code, "Server.") || !strings.Contains(g.Reason.Message, "full") && !strings.Contains(g.Reason.Message, "space") {
			t.Errorf("why it was terminated: %+v", g.Reason)
		}
	} else {
		t.Logf("the launch was refused: %v", err) // the log's own disk is full: that is said at once
	}

	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	if m.ended() {
		m.cmd = nil
		m.Up()
	}
	id := m.Run("--image-id", ami, "--instance-type", "t3.nano")
	m.WaitConsole(id, "MICA-TINY: ready", patience)
}

// ended says whether the process has ended by itself.
func (m *Mica) ended() bool {
	select {
	case <-m.exited:
		return true
	default:
		return false
	}
}

func files(t *testing.T, dir string) string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, filepath.Base(p))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out)
}

// TestHandDeletedThings: a domain that somebody removes ends its instance with a reason;
// a network that somebody takes apart is put back.
func TestHandDeletedThings(t *testing.T) {
	m := real(t, "del")
	ami := m.ImportTiny()
	group := m.Group("web", TCP(80))
	id := m.Run("--image-id", ami, "--instance-type", "t3.nano", "--security-group-ids", group)
	m.WaitConsole(id, "MICA-TINY: ready", patience)
	g := m.Guest(id)
	if !Reachable(g.PublicIP, 80) {
		t.Fatal("the guest is not reachable")
	}
	ns := "del-" + g.VPC
	for _, damage := range [][]string{
		{"ip", "netns", "exec", ns, "iptables", "-F", "FORWARD"},
		{"ip", "netns", "exec", ns, "ipset", "flush"},
		{"ip", "route", "del", g.PublicIP},
		{"ip", "netns", "exec", ns, "ip", "addr", "flush", "dev", "lo"},
	} {
		if out, err := exec.Command(damage[0], damage[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v %s", damage, err, out)
		}
	}
	testkit.Wait(t, patience, "the network to be put back", func() bool { return Reachable(g.PublicIP, 80) })

	if out, err := exec.Command("virsh", "-c", "qemu:///system", "destroy", "del-"+id).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	stopped := m.WaitState(id, "stopped")
	if !strings.HasPrefix(stopped.Reason.Code, "Server.") {
		t.Errorf("after virsh destroy: %+v", stopped.Reason)
	}
	m.MustAWS(nil, "ec2", "start-instances", "--instance-ids", id)
	m.WaitConsole(id, "disk boots=2(?s:.*)MICA-TINY: ready", patience)
}

// TestRefusedCallsChangeNothing: each gets EC2's code, and the log stays as it was.
func TestRefusedCallsChangeNothing(t *testing.T) {
	m := Start(t, Options{Sim: true, Flags: []string{"--sim-vcpus", "2", "--sim-memory", "4G", "--cpu-overcommit", "1"}})
	ami := m.ImportTiny()
	count := func() int { return strings.Count(m.CLI("log", "show", "--json"), "\n") }
	before := count()
	for _, c := range []struct {
		code   string
		action string
		params []string
	}{
		{"InvalidAction", "NoSuchAction", nil},
		{"UnsupportedOperation", "CreateVpnGateway", nil},
		{"UnknownParameter", "DescribeVpcs", []string{"Nonsense", "1"}},
		{"MissingParameter", "RunInstances", []string{"MinCount", "1", "MaxCount", "1"}},
		{"InvalidAMIID.NotFound", "RunInstances", []string{"ImageId", "ami-0123456789abcdef0", "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1"}},
		{"InvalidAMIID.Malformed", "RunInstances", []string{"ImageId", "ami-x", "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1"}},
		{"InsufficientInstanceCapacity", "RunInstances", []string{"ImageId", ami, "InstanceType", "m5.24xlarge", "MinCount", "1", "MaxCount", "1"}},
		{"InsufficientInstanceCapacity", "RunInstances", []string{"ImageId", ami, "InstanceType", "t3.medium", "MinCount", "50", "MaxCount", "50"}},
		{"InvalidInstanceID.NotFound", "TerminateInstances", []string{"InstanceId.1", "i-0123456789abcdef0"}},
		{"InvalidInstanceID.Malformed", "StopInstances", []string{"InstanceId.1", "vol-1"}},
		{"InvalidParameterValue", "RunInstances", []string{"ImageId", ami, "InstanceType", "t3.nano", "MinCount", "2", "MaxCount", "1"}},
		{"DryRunOperation", "RunInstances", []string{"ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "DryRun", "true"}},
	} {
		_, err := m.Call(c.action, c.params...)
		if err == nil || !strings.Contains(err.Error(), "<Code>"+c.code+"</Code>") {
			t.Errorf("%s %v: %v, want %s", c.action, c.params, err, c.code)
		}
	}
	if after := count(); after != before {
		t.Errorf("%d records in the log, %d before", after, before)
	}
}

// TestManyClientsOneToken: whoever is first makes the reservation; all hear of that one.
func TestManyClientsOneToken(t *testing.T) {
	m := Start(t, Options{Sim: true, Flags: []string{"--sim-hosts", "10"}})
	ami := m.ImportTiny()
	const clients = 32
	ids, errs := make([]string, clients), make([]error, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			var body []byte
			body, errs[i] = m.Call("RunInstances", "ImageId", ami, "InstanceType", "t3.nano", "MinCount", "3", "MaxCount", "3", "ClientToken", "one")
			var out struct {
				Reservation string   `xml:"reservationId"`
				Instances   []string `xml:"instancesSet>item>instanceId"`
			}
			if errs[i] == nil {
				errs[i] = xml.Unmarshal(body, &out)
			}
			slices.Sort(out.Instances)
			ids[i] = out.Reservation + " " + strings.Join(out.Instances, " ")
		})
	}
	wg.Wait()
	for i := range clients {
		if errs[i] != nil || ids[i] != ids[0] || strings.Count(ids[i], "i-") != 3 {
			t.Errorf("client %d: %q, %v; the first got %q", i, ids[i], errs[i], ids[0])
		}
	}
	if log := m.CLI("log", "show"); strings.Count(log, "put reservations r-") != 1 {
		t.Errorf("%d reservations were made", strings.Count(log, "put reservations r-"))
	}
	_, err := m.Call("RunInstances", "ImageId", ami, "InstanceType", "t3.micro", "MinCount", "3", "MaxCount", "3", "ClientToken", "one")
	if err == nil || !strings.Contains(err.Error(), "IdempotentParameterMismatch") {
		t.Errorf("the token with other parameters: %v", err)
	}
}
