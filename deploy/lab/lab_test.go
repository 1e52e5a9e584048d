package lab

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// patience bounds waits: a machine may be slow, and busy with other tests.
const patience = 5 * time.Minute

func TestAddresses(t *testing.T) {
	s := Spec{Name: "lab", Servers: 3, Hosts: 2, Range: netip.MustParsePrefix("10.213.0.0/23")}
	if err := s.check("/var/lib/mica-lab"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range s.Nodes() {
		got = append(got, n.Name+" "+n.Address.String())
	}
	want := "s1 10.213.0.11, s2 10.213.0.12, s3 10.213.0.13, h1 10.213.0.21, h2 10.213.0.22"
	if strings.Join(got, ", ") != want || s.Underlay().String() != "10.213.0.0/24" || s.Pool().String() != "10.213.1.0/24" {
		t.Errorf("%v, underlay %s, pool %s", got, s.Underlay(), s.Pool())
	}
	s.Range = netip.MustParsePrefix("10.213.4.0/24")
	if s.Underlay().String() != "10.213.4.0/25" || s.Pool().String() != "10.213.4.128/25" {
		t.Errorf("half of a /24: %s and %s", s.Underlay(), s.Pool())
	}
}

func TestSpecsThatCannotBe(t *testing.T) {
	good := Spec{Name: "lab", Servers: 3, Hosts: 2, Range: netip.MustParsePrefix("10.213.0.0/23")}
	for want, change := range map[string]func(*Spec) string{
		"name":     func(s *Spec) string { s.Name = "a-very-long-name"; return "/x" },
		"hosts":    func(s *Spec) string { s.Hosts = 65; return "/x" },
		"servers":  func(s *Spec) string { s.Servers = 0; return "/x" },
		"range":    func(s *Spec) string { s.Range = netip.MustParsePrefix("10.213.0.0/25"); return "/x" },
		"absolute": func(*Spec) string { return "x" },
		"below":    func(*Spec) string { return "/run/x" },
	} {
		s := good
		dir := change(&s)
		if err := s.check(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v in %s: %v, want a word about %s", s, dir, err, want)
		}
	}
	taken := good
	taken.Range = netip.MustParsePrefix("127.0.0.0/8")
	if _, err := Create(t.TempDir(), taken, nil); err == nil || !strings.Contains(err.Error(), "--range") {
		t.Errorf("a range that the machine has: %v", err)
	}
}

// raise makes a lab of a name and a range that only this process has, and ends it with the test.
func raise(t *testing.T, s Spec) *Lab {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "tc", "ebtables", "nsenter", "mkfs.ext4", "libvirtd", "virtlogd")
	dir, err := os.MkdirTemp("", "mtlab")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // QEMU's user goes through it
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	pid := os.Getpid()
	s.Name, s.Region, s.Accel = "mt"+strconv.FormatInt(int64(pid), 36), "eu-central-1", "tcg"
	s.Range = netip.MustParsePrefix(fmt.Sprintf("10.%d.%d.0/23", 128+pid%100, pid/100%128*2))
	s.Binary = filepath.Join(dir, "mica")
	if out, err := exec.Command("go", "build", "-o", s.Binary, "github.com/micacloud/mica/cmd/mica").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	l, err := Create(filepath.Join(dir, "lab"), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	var held *os.File
	if l.Leash, held, err = os.Pipe(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	t.Cleanup(func() {
		if t.Failed() {
			logs, _ := filepath.Glob(filepath.Join(l.Dir, "*", "log", "*.log"))
			for _, f := range logs {
				b, _ := os.ReadFile(f)
				t.Logf("%s:\n%s", f, b[max(0, len(b)-3000):])
			}
		}
		if err := l.Down(context.Background()); err != nil { // the test's own context is over
			t.Error(err)
		}
	})
	if err := l.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// sends says whether a datagram gets from one node to another: a listener there, a sender here.
func (l *Lab) sends(t *testing.T, from, to string) bool {
	t.Helper()
	n, err := l.node(to)
	if err != nil {
		t.Fatal(err)
	}
	// The neighbour is asked anew each time: ARP is cut where all else is.
	_ = l.enter(from, "ip", "neigh", "flush", "dev", "eth0").Run()
	_ = l.enter(from, "timeout", "0.3", "bash", "-c", "echo x > /dev/udp/"+n.Address.String()+"/9").Run()
	out, err := l.enter(from, "ip", "neigh", "show", n.Address.String()).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(out), "lladdr")
}

func (l *Lab) waitSends(t *testing.T, from, to string, want bool) {
	t.Helper()
	testkit.Wait(t, patience, fmt.Sprintf("%s to reach %s: %v", from, to, want), func() bool { return l.sends(t, from, to) == want })
}

func TestNodes(t *testing.T) {
	l := raise(t, Spec{Servers: 1, Hosts: 2, DiskMiB: 192})

	// A node is a machine of its own.
	out, err := l.enter("h1", "hostname").Output()
	if err != nil || string(out) != "h1\n" {
		t.Errorf("hostname in h1: %q, %v", out, err)
	}
	if out, err := l.enter("h1", "ls", "/run/netns", "/var/lib/mica-lab-nonesuch").Output(); err == nil || strings.Contains(string(out), "-vpc-") {
		t.Errorf("h1 sees namespaces of the machine: %q", out)
	}
	out, err = l.enter("s1", "df", "--output=size", "-m", l.dir("s1")+"/data").Output()
	if mib, _ := strconv.Atoi(strings.Fields(string(out))[1]); err != nil || mib > 192 {
		t.Errorf("the disk of s1: %q, %v", out, err)
	}
	if err := os.WriteFile(filepath.Join(l.dir("h1"), "data", "kept"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	// The wires.
	l.waitSends(t, "h1", "h2", true)
	if err := l.Partition([]string{"h1"}, []string{"h2", "s1"}, false); err != nil {
		t.Fatal(err)
	}
	if err := l.Partition([]string{"h1"}, []string{"h2"}, true); err != nil { // again: changes nothing
		t.Fatal(err)
	}
	l.waitSends(t, "h1", "h2", false)
	l.waitSends(t, "h2", "s1", true)
	if cuts, err := l.Cuts(); err != nil || len(cuts) != 4 {
		t.Errorf("cuts: %v, %v", cuts, err)
	}
	if err := l.Slow("h2", "1mbit"); err != nil {
		t.Fatal(err)
	}
	if got := l.slowness("h2"); got != "1Mbit" {
		t.Errorf("h2 is bound to %q", got)
	}
	if err := l.Heal(); err != nil {
		t.Fatal(err)
	}
	l.waitSends(t, "h1", "h2", true)
	if got := l.slowness("h2"); got != "" {
		t.Errorf("after heal h2 is bound to %q", got)
	}
	if err := l.Partition([]string{"h1"}, []string{"nobody"}, false); err == nil || !strings.Contains(err.Error(), "h2") {
		t.Errorf("a node that is not there: %v", err)
	}

	// Power.
	if err := l.PowerOff(t.Context(), "h1"); err != nil {
		t.Fatal(err)
	}
	if all, _ := l.Processes("h1"); len(all) != 0 {
		t.Errorf("h1 is off and has %v", all)
	}
	l.waitSends(t, "h2", "h1", false)
	if err := l.PowerOn(t.Context(), "h1"); err != nil {
		t.Fatal(err)
	}
	l.waitSends(t, "h2", "h1", true)
	if _, err := os.Stat(filepath.Join(l.dir("h1"), "data", "kept")); err != nil {
		t.Error(err)
	}
}

func TestUnits(t *testing.T) {
	l := raise(t, Spec{Servers: 1, Hosts: 1})
	pid := func() int {
		nodes, err := l.Status()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range nodes {
			if i := slices.IndexFunc(n.Units, func(u UnitStatus) bool { return u.Name == "libvirtd" }); i >= 0 && n.Units[i].What == "running" {
				return n.Units[i].Pid
			}
		}
		return 0
	}
	testkit.Wait(t, patience, "libvirtd", func() bool { return pid() != 0 })
	first := pid()
	if err := l.Pause("h1", "libvirtd"); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to stop", func() bool { return pid() == 0 })
	if err := l.Resume("h1", "all"); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to go on", func() bool { return pid() == first })
	if err := l.Kill("h1", "libvirtd"); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to be started again", func() bool { return pid() != first && pid() != 0 })
	second := pid()
	if err := l.Restart(t.Context(), "h1", "libvirtd"); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to be restarted", func() bool { return pid() != second && pid() != 0 })
	if err := l.Restart(t.Context(), "h1", "all"); err == nil {
		t.Error("what is no unit was restarted")
	}
	if err := l.Hold("h1", "libvirtd"); err != nil {
		t.Fatal(err)
	}
	if err := l.Kill("h1", "libvirtd"); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to stay down", func() bool {
		nodes, err := l.Status()
		return err == nil && slices.ContainsFunc(nodes[1].Units, func(u UnitStatus) bool { return u.What == "held" })
	})
	if err := l.Kill("h1", "libvirtd"); err == nil || !strings.Contains(err.Error(), "virtlogd") {
		t.Errorf("killing what is not there: %v", err)
	}
	if err := l.Release("h1", ""); err != nil {
		t.Fatal(err)
	}
	testkit.Wait(t, patience, "libvirtd to be back", func() bool { return pid() != 0 })
}

// TestDownLeavesNothing looks for every trace of the lab: namespaces, processes, links,
// routes, mounts, loop devices and files.
func TestDownLeavesNothing(t *testing.T) {
	l := raise(t, Spec{Servers: 1, Hosts: 1, DiskMiB: 192})
	testkit.Wait(t, patience, "libvirtd", func() bool {
		_, err := l.Find("h1", "libvirtd")
		return err == nil
	})
	namespaces := map[string]bool{}
	for _, node := range []string{Switch, "s1", "h1"} {
		for _, kind := range []string{"mnt", "net", "pid", "uts", "ipc"} {
			ns, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", l.init(node), kind))
			if err != nil {
				t.Fatal(err)
			}
			if own, _ := os.Readlink("/proc/self/ns/" + kind); own == ns {
				t.Fatalf("%s shares %s with the machine", node, kind)
			}
			namespaces[ns] = true
		}
	}
	if left := traces(t, l, namespaces); len(left) < 5 {
		t.Fatalf("this test is blind: it sees only %v of a lab that is up", left)
	}
	if err := l.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := traces(t, l, namespaces); len(left) > 0 {
		t.Errorf("left behind:\n%s", strings.Join(left, "\n"))
	}
	if err := l.Down(t.Context()); err != nil {
		t.Errorf("down again: %v", err)
	}
}

// traces lists what is seen of a lab on this machine.
func traces(t *testing.T, l *Lab, namespaces map[string]bool) (out []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/ns/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if ns, _ := os.Readlink(link); namespaces[ns] {
			out = append(out, "process in its namespaces: "+link)
		}
	}
	for _, file := range []string{"/proc/[0-9]*/mountinfo", "/proc/[0-9]*/cmdline", "/sys/block/loop*/loop/backing_file"} {
		files, err := filepath.Glob(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if b, _ := os.ReadFile(f); strings.Contains(string(b), l.Dir) {
				out = append(out, f+" speaks of it")
			}
		}
	}
	for _, c := range [][]string{{"ip", "-br", "link"}, {"ip", "route", "show", "table", "all"}, {"ip", "neigh"}} {
		b, err := exec.Command(c[0], c[1:]...).Output()
		if err != nil {
			t.Fatal(err)
		}
		network := l.Spec.Range.Addr().String()
		network = network[:strings.LastIndex(network, ".")]
		for line := range strings.Lines(string(b)) {
			if strings.Contains(line, l.Spec.Link()) || strings.Contains(line, network+".") {
				out = append(out, strings.Join(c, " ")+": "+line)
			}
		}
	}
	if _, err := os.Stat(l.Dir); err == nil {
		out = append(out, l.Dir)
	}
	return out
}

// TestLeash: a lab whose test is gone ends by itself.
func TestLeash(t *testing.T) {
	l := raise(t, Spec{Servers: 1})
	held := l.Leash
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.PowerOff(t.Context(), "s1"); err != nil {
		t.Fatal(err)
	}
	l.Leash = r
	if err := l.PowerOn(t.Context(), "s1"); err != nil {
		t.Fatal(err)
	}
	l.Leash = held
	w.Close()
	testkit.Wait(t, patience, "the node to end", func() bool { return l.init("s1") == 0 })
	if l.init(Switch) == 0 {
		t.Error("another node ended with it")
	}
}
