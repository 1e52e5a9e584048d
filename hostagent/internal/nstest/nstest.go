// Package nstest makes network namespaces for tests and benchmarks of what guests see:
// a stand-in for a VPC's namespace and for the guests on it. It uses the ip program
// alone, so that it shares nothing with the code under test.
package nstest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// NS is a network namespace with a name.
type NS struct{ Name string }

// Open makes a namespace with its loopback up. Close removes it.
func Open(name string) (*NS, error) {
	n := &NS{name}
	if err := run("ip", "netns", "add", name); err != nil {
		return nil, err
	}
	if err := n.IP("link set lo up"); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// New is Open for a test: the namespace goes with it.
func New(t testing.TB, name string) *NS {
	t.Helper()
	n, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// Close removes the namespace with all that is in it.
func (n *NS) Close() error { return run("ip", "netns", "del", n.Name) }

// IP runs the ip program inside, with the words of args; the first that fails ends it.
func (n *NS) IP(args ...string) error {
	for _, a := range args {
		if err := run("ip", append([]string{"-n", n.Name}, strings.Fields(a)...)...); err != nil {
			return err
		}
	}
	return nil
}

// MustIP is IP for a test.
func (n *NS) MustIP(t testing.TB, args ...string) {
	t.Helper()
	if err := n.IP(args...); err != nil {
		t.Fatal(err)
	}
}

// Command is a program to be run inside.
func (n *NS) Command(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", n.Name}, args...)...)
}

// Do runs fn on a thread inside; sockets that it makes stay there.
func (n *NS) Do(fn func() error) error {
	runtime.LockOSThread()
	self, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer self.Close()
	ns, err := os.Open("/run/netns/" + n.Name)
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer ns.Close()
	if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return err
	}
	err = fn()
	if back := unix.Setns(int(self.Fd()), unix.CLONE_NEWNET); back != nil {
		return errors.Join(err, back) // the thread stays locked, and ends with its goroutine
	}
	runtime.UnlockOSThread()
	return err
}

// Dial is a net.Dialer's DialContext from inside, for numeric addresses, from the
// local address if it is not nil.
func (n *NS) Dial(local net.Addr) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		d := net.Dialer{LocalAddr: local}
		d.SetMultipathTCP(false)
		derr := n.Do(func() error { c, err = d.DialContext(ctx, network, addr); return nil })
		return c, errors.Join(derr, err)
	}
}

// Join links a guest's namespace to a host's with a veth: eth0 in the guest, port in
// the host, both up; the guest's has the MAC.
func Join(host *NS, port string, guest *NS, mac string) error {
	if err := host.IP("link add " + port + " type veth peer name eth0 netns " + guest.Name); err != nil {
		return err
	}
	return errors.Join(guest.IP("link set eth0 address "+mac+" up"), host.IP("link set "+port+" up"))
}

func run(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
