package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Process is one that runs in a node.
type Process struct {
	Pid   int    // as the machine counts
	Inner int    // as the node counts
	State byte   // R, S, T, ... as in proc(5)
	Args  string // its command line
	Unit  string // the unit that it is; empty for others
	Guest string // the instance, if it is a QEMU of Mica's
}

var guestName = regexp.MustCompile(`guest=[a-z0-9]+-(i-[0-9a-f]{8,17})`)

// Processes lists what runs in a node, its init first.
func (l *Lab) Processes(node string) ([]Process, error) {
	pid := l.init(node)
	if pid == 0 {
		return nil, nil
	}
	home, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", pid))
	if err != nil {
		return nil, err
	}
	units := map[int]string{}
	files, _ := filepath.Glob(filepath.Join(l.dir(node), "units", "*.pid"))
	for _, f := range files {
		b, _ := os.ReadFile(f)
		if n, err := strconv.Atoi(string(b)); err == nil {
			units[n] = strings.TrimSuffix(filepath.Base(f), ".pid")
		}
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	var out []Process
	for _, dir := range all {
		if ns, err := os.Readlink(dir + "/ns/pid"); err != nil || ns != home {
			continue
		}
		p, err := readProcess(dir)
		if err != nil {
			continue // it ended meanwhile
		}
		p.Unit = units[p.Inner]
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Process) int { return a.Inner - b.Inner })
	return out, nil
}

func readProcess(dir string) (p Process, err error) {
	p.Pid, _ = strconv.Atoi(filepath.Base(dir))
	status, err := os.ReadFile(dir + "/status")
	if err != nil {
		return p, err
	}
	for line := range strings.Lines(string(status)) {
		f := strings.Fields(line)
		switch {
		case len(f) > 1 && f[0] == "State:":
			p.State = f[1][0]
		case len(f) > 1 && f[0] == "NSpid:":
			p.Inner, err = strconv.Atoi(f[len(f)-1])
		}
	}
	line, _ := os.ReadFile(dir + "/cmdline")
	p.Args = strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))
	if m := guestName.FindStringSubmatch(p.Args); m != nil && strings.Contains(p.Args, "qemu-system") {
		p.Guest = m[1]
	}
	if p.State == 'Z' {
		return p, errors.New("ended")
	}
	return p, err
}

// is says whether a person who says what means this process.
func (p Process) is(what string) bool {
	return what == "all" && p.Inner != 1 || p.Unit == what && what != "" || p.Guest == what && what != "" || what == "qemu" && p.Guest != ""
}

// Find returns the processes of a node that what means: a unit, an instance, "qemu" for
// all guests, or "all".
func (l *Lab) Find(node, what string) ([]Process, error) {
	if node != Switch {
		if _, err := l.node(node); err != nil {
			return nil, err
		}
	}
	all, err := l.Processes(node)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(all), func(p Process) bool { return !p.is(what) })
	if len(found) == 0 {
		var names []string
		for _, p := range all {
			if p.Unit != "" {
				names = append(names, p.Unit)
			} else if p.Guest != "" {
				names = append(names, p.Guest)
			}
		}
		return nil, fmt.Errorf("nothing that %q means runs on %s; what does: %s", what, node, strings.Join(names, ", "))
	}
	return found, nil
}

// Kill ends processes of a node at once, as the kernel does when memory is short.
func (l *Lab) Kill(node, what string) error { return l.signal(node, what, syscall.SIGKILL) }

// Pause stops processes of a node; they notice nothing but a jump of the clock.
func (l *Lab) Pause(node, what string) error { return l.signal(node, what, syscall.SIGSTOP) }

// Resume lets paused processes go on.
func (l *Lab) Resume(node, what string) error { return l.signal(node, what, syscall.SIGCONT) }

func (l *Lab) signal(node, what string, sig syscall.Signal) error {
	found, err := l.Find(node, what)
	if err != nil {
		return err
	}
	for _, p := range found {
		if err := syscall.Kill(p.Pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("%s %d on %s: %w", sig, p.Pid, node, err)
		}
	}
	return nil
}

// Restart asks a unit of a node to end, as an upgrade does, and returns when it has been
// started again.
func (l *Lab) Restart(ctx context.Context, node, unit string) error {
	found, err := l.Find(node, unit)
	if err != nil {
		return err
	}
	old := found[0]
	if old.Unit != unit {
		return fmt.Errorf("%q is no unit of %s", unit, node)
	}
	file := filepath.Join(l.dir(node), "units", unit)
	if err := os.WriteFile(file+".restart", nil, 0o600); err != nil {
		return err
	}
	if err := syscall.Kill(old.Pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("%s on %s: %w", unit, node, err)
	}
	for {
		b, err := os.ReadFile(file + ".pid")
		if err == nil && strings.TrimSpace(string(b)) != strconv.Itoa(old.Inner) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s on %s does not come back: %w", unit, node, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Hold keeps a unit of a node down once it ends.
func (l *Lab) Hold(node, unit string) error {
	return os.WriteFile(filepath.Join(l.dir(node), "units", unit+".hold"), nil, 0o600)
}

// Release lets a node's units start that were held down, all if unit is empty.
func (l *Lab) Release(node, unit string) error {
	held, err := filepath.Glob(filepath.Join(l.dir(node), "units", "*.hold"))
	for _, h := range held {
		if unit == "" || filepath.Base(h) == unit+".hold" {
			err = errors.Join(err, os.Remove(h))
		}
	}
	return err
}

// processFD names a process without fear that its pid is used again.
type processFD int

func pidfd(pid int) (processFD, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	return processFD(fd), err
}

// kill ends the process and waits until it has: an init, until all of its namespace have.
func (p processFD) kill() error {
	if err := unix.PidfdSendSignal(int(p), unix.SIGKILL, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	for {
		fds := []unix.PollFd{{Fd: int32(p), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, 30_000)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return err
		case n == 0:
			return errors.New("a process does not end after SIGKILL: it hangs in the kernel")
		default:
			return nil
		}
	}
}

func (p processFD) close() { _ = unix.Close(int(p)) }
