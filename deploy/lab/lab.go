// Package lab makes a cluster on one machine, for learning and for tests: nodes that are
// machines to each other, with real guests, joined by a switch that can be cut.
//
// A node is a set of namespaces (mount, network, process, host name, IPC) with an init
// of its own. The init holds them: killing it is a power cut, and what a node had
// mounted, linked or running is gone with it. Nothing of a node has a name on the
// machine but one folder and the processes; the whole lab has one link.
//
// The package decides nothing about Mica: a node's units are commands to be kept
// running, as an init system would.
package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Switch is the name of the node that the others are wired to.
const Switch = "switch"

// Machine is the machine's own name as an end of a partition.
const Machine = "machine"

// Lab is one cluster on this machine.
type Lab struct {
	Dir  string // its state; a node's is a folder below
	Spec Spec
	Log  io.Writer // the commands that change the machine, a line each; nil for none
	// Leash, if it is not nil, is the reading end of a pipe: nodes end when nobody has the
	// other end any more, such as a test that was killed.
	Leash *os.File
}

// ErrNone says that no lab is in the folder.
var ErrNone = errors.New("there is no lab here: `mica lab up` makes one")

// Open finds the lab in a folder.
func Open(dir string, log io.Writer) (*Lab, error) {
	b, err := os.ReadFile(filepath.Join(dir, "lab.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	l := &Lab{Dir: dir, Log: log}
	return l, json.Unmarshal(b, &l.Spec)
}

// Create notes a new lab; nothing runs yet.
func Create(dir string, s Spec, log io.Writer) (*Lab, error) {
	if err := s.check(dir); err != nil {
		return nil, err
	}
	if err := vacant(s); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	return &Lab{Dir: dir, Spec: s, Log: log}, atomicfile.Write(filepath.Join(dir, "lab.json"), b, 0o600)
}

// vacant refuses a range that the machine has a way to already.
func vacant(s Spec) error {
	out, err := exec.Command("ip", "-j", "route", "show", "table", "all").Output()
	if err != nil {
		return fmt.Errorf("ip route: %w", err)
	}
	var routes []struct{ Dst string }
	if err := json.Unmarshal(out, &routes); err != nil {
		return err
	}
	for _, r := range routes {
		p, err := netip.ParsePrefix(r.Dst)
		if a, aerr := netip.ParseAddr(r.Dst); err != nil && aerr == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err == nil && p.Bits() > 0 && p.Overlaps(s.Range) {
			return fmt.Errorf("the range %s overlaps with %s, to which this machine has a route: choose another with --range", s.Range, p)
		}
	}
	if _, err := os.Stat("/sys/class/net/" + s.Link()); err == nil {
		return fmt.Errorf("a link %s is there already: is another lab of this name up?", s.Link())
	}
	return nil
}

// Up powers every node on that is off, and returns when the cluster is whole. What runs
// is left alone.
func (l *Lab) Up(ctx context.Context) error {
	for _, n := range append([]Node{{Name: Switch}}, l.Spec.Nodes()...) {
		if err := l.PowerOn(ctx, n.Name); err != nil {
			return fmt.Errorf("node %s: %w; its log: %s", n.Name, err, filepath.Join(l.dir(n.Name), "log", "init.log"))
		}
	}
	if err := l.join(ctx); err != nil {
		return err
	}
	return l.whole(ctx)
}

// PowerOn starts a node that is off, and wires it.
func (l *Lab) PowerOn(ctx context.Context, name string) error {
	if l.init(name) != 0 {
		return nil
	}
	if name == Switch {
		if err := l.prepare(Node{Name: Switch}); err != nil {
			return err
		}
		if err := l.boot(name); err != nil {
			return err
		}
		return l.wireMachine(ctx)
	}
	n, err := l.node(name)
	if err != nil {
		return err
	}
	if err := l.prepare(n); err != nil {
		return err
	}
	if err := l.boot(name); err != nil {
		return err
	}
	if err := l.wire(ctx, n); err != nil {
		return err
	}
	return l.ready(ctx, name)
}

// prepare makes a node's folders, and its disk if it has one of its own.
func (l *Lab) prepare(n Node) error {
	dir := l.dir(n.Name)
	if err := os.MkdirAll(filepath.Join(dir, "log"), 0o711); err != nil {
		return err
	}
	if l.Spec.Shared {
		if err := os.MkdirAll(filepath.Join(l.Dir, "shared"), 0o711); err != nil {
			return err
		}
	}
	for _, d := range []string{"units", "data", "libvirt/lib", "libvirt/log", "libvirt/cache", "libvirt/etc"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o711); err != nil {
			return err
		}
	}
	_ = os.Remove(filepath.Join(dir, "ready"))
	in := nodeSpec{Node: n, Gateway: l.Spec.addr(machineIndex), Prefix: l.Spec.Underlay(), Pool: l.Spec.Pool(), Units: l.Spec.Units(n, l.Dir)}
	b, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(filepath.Join(dir, "hosts"), []byte(l.Spec.names()), 0o644); err != nil {
		return err
	}
	if n.DiskMiB > 0 {
		if err := l.disk(dir, n.DiskMiB); err != nil {
			return err
		}
	}
	return atomicfile.Write(filepath.Join(dir, "node.json"), b, 0o600)
}

// disk makes a small filesystem in a file, to be filled up.
func (l *Lab) disk(dir string, mib int) error {
	file := filepath.Join(dir, "disk.img")
	if _, err := os.Stat(file); err == nil {
		return nil // what is on it is the node's
	}
	if err := l.run("truncate", "-s", strconv.Itoa(mib)+"M", file+".new"); err != nil {
		return err
	}
	if err := l.run("mkfs.ext4", "-q", "-F", "-m", "0", file+".new"); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// boot starts a node's init in namespaces of its own.
func (l *Lab) boot(name string) error {
	dir := l.dir(name)
	log, err := os.OpenFile(filepath.Join(dir, "log", "init.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c := exec.Command(l.Spec.Binary, "lab", "node", dir)
	c.Dir, c.Env = "/", os.Environ()
	c.Stdout, c.Stderr = log, log
	if l.Leash != nil {
		c.ExtraFiles = []*os.File{l.Leash}
		c.Args = append(c.Args, "--leash")
	}
	c.SysProcAttr = &syscall.SysProcAttr{
		Setsid:     true,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
	}
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // it outlives us, or is reaped here
	return atomicfile.Write(filepath.Join(dir, "init.pid"), []byte(strconv.Itoa(c.Process.Pid)), 0o600)
}

// wireMachine gives the machine its one link to the lab.
func (l *Lab) wireMachine(ctx context.Context) error {
	if err := l.ready(ctx, Switch); err != nil {
		return err
	}
	link, s := l.Spec.Link(), l.Spec
	pid := strconv.Itoa(l.init(Switch))
	_ = exec.Command("ip", "link", "del", link).Run() // the switch was off: its end is gone
	if err := l.run("ip", "link", "add", link, "type", "veth", "peer", "name", Machine, "netns", pid); err != nil {
		return err
	}
	return errors.Join(
		quickNeighbours(link),
		l.plug(Machine),
		l.run("ip", "addr", "add", netip.PrefixFrom(s.addr(machineIndex), s.Underlay().Bits()).String(), "dev", link),
		l.run("ip", "link", "set", link, "up"),
		l.run("ip", "route", "replace", s.Pool().String(), "dev", link),
	)
}

// wire plugs a node's eth0 into the switch.
func (l *Lab) wire(_ context.Context, n Node) error {
	port, pid := strconv.Itoa(l.init(Switch)), strconv.Itoa(l.init(n.Name))
	_ = l.enter(Switch, "ip", "link", "del", n.Name).Run() // of before a power cut that has not been cleaned up yet
	if err := l.run("ip", "link", "add", n.Name, "netns", port, "type", "veth", "peer", "name", "eth0", "netns", pid); err != nil {
		return err
	}
	return l.plug(n.Name)
}

func (l *Lab) plug(port string) error {
	return l.do(l.enter(Switch, "ip", "link", "set", port, "master", "br0", "up"))
}

// ready waits until a node's init has made its machine and started its units.
func (l *Lab) ready(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := os.Stat(filepath.Join(l.dir(name), "ready")); err == nil {
			return nil
		}
		if l.init(name) == 0 {
			return errors.New("its init ended")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it did not start: %w", context.Cause(ctx))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Down ends every node and removes the lab's state. It goes on after an error, and may be
// called again.
func (l *Lab) Down(ctx context.Context) error {
	var errs []error
	for _, n := range append(l.Spec.Nodes(), Node{Name: Switch}) {
		errs = append(errs, l.PowerOff(ctx, n.Name))
	}
	if _, err := os.Stat("/sys/class/net/" + l.Spec.Link()); err == nil {
		errs = append(errs, l.run("ip", "link", "del", l.Spec.Link()))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return os.RemoveAll(l.Dir)
}

// PowerOff cuts a node's power: its init is killed, and the kernel ends all the rest.
func (l *Lab) PowerOff(ctx context.Context, name string) error {
	pid := l.init(name)
	if pid == 0 {
		return nil
	}
	fd, err := pidfd(pid)
	if err != nil {
		return err
	}
	defer fd.close()
	if err := fd.kill(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for l.init(name) != 0 || l.attached(name) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("node %s does not end: a process of it hangs in the kernel", name)
		case <-time.After(10 * time.Millisecond):
		}
	}
	_ = os.Remove(filepath.Join(l.dir(name), "init.pid"))
	return nil
}

// attached says whether the kernel still has the node's disk.
func (l *Lab) attached(name string) bool {
	file := filepath.Join(l.dir(name), "disk.img")
	backing, _ := filepath.Glob("/sys/block/loop*/loop/backing_file")
	return slices.ContainsFunc(backing, func(f string) bool {
		b, _ := os.ReadFile(f)
		return strings.TrimSpace(string(b)) == file
	})
}

func (l *Lab) dir(node string) string { return filepath.Join(l.Dir, node) }

func (l *Lab) node(name string) (Node, error) {
	var names []string
	for _, n := range l.Spec.Nodes() {
		if n.Name == name {
			return n, nil
		}
		names = append(names, n.Name)
	}
	return Node{}, fmt.Errorf("there is no node %q: there are %s", name, strings.Join(names, ", "))
}

// init returns the pid of a node's init as the machine has it, 0 if the node is off.
func (l *Lab) init(name string) int {
	b, err := os.ReadFile(filepath.Join(l.dir(name), "init.pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	// A pid is used again; a process with this folder in its command line is ours.
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !slices.Contains(strings.Split(string(line), "\x00"), l.dir(name)) {
		return 0
	}
	return pid
}

// Command returns a command that runs inside a node, as its root.
func (l *Lab) Command(ctx context.Context, node string, argv ...string) (*exec.Cmd, error) {
	if node != Switch {
		if _, err := l.node(node); err != nil {
			return nil, err
		}
	}
	if l.init(node) == 0 {
		return nil, fmt.Errorf("node %s is off: `mica lab start %s`", node, node)
	}
	in := l.enter(node, argv...)
	c := exec.CommandContext(ctx, in.Path, in.Args[1:]...)
	c.WaitDelay = time.Second // what nsenter started in the node outlives it, and has its output
	return c, nil
}

func (l *Lab) enter(node string, argv ...string) *exec.Cmd {
	args := append([]string{"-t", strconv.Itoa(l.init(node)), "-m", "-n", "-p", "-u", "-i", "--"}, argv...)
	return exec.Command("nsenter", args...)
}

func (l *Lab) run(name string, args ...string) error { return l.do(exec.Command(name, args...)) }

// do runs a command that changes the machine, and shows it.
func (l *Lab) do(c *exec.Cmd) error {
	if l.Log != nil {
		fmt.Fprintln(l.Log, "+", strings.Join(c.Args, " "))
	}
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
