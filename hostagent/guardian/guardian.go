package guardian

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Tick is how often the guardian looks. What runs longer than the lease by mistake, such
// as a guest whose start was under way, ends within it.
const Tick = 100 * time.Millisecond

// Guardian ends marked guests when the lease has run out.
type Guardian struct {
	Folder Folder
	Log    *slog.Logger
	// Processes are where guests run. Nil: this machine's.
	Processes Processes
}

// Processes finds guests and ends them, without anybody's help.
type Processes interface {
	// Guests returns the processes of each domain.
	Guests() (map[string][]int, error)
	// Kill ends a process that is still the domain's; gone waits until it has ended. The
	// error is unix.ESRCH when it is not there.
	Kill(pid int, domain string) (gone func() error, err error)
}

// Ended is what the guardian wrote of a guest that it ended, in times of Now's clock.
type Ended struct {
	Mark
	Pid    int           `json:"pid"`
	Killed time.Duration `json:"killed"` // when the signal was sent
	Gone   time.Duration `json:"gone"`   // when the process was seen to have ended
}

// Run works until ctx ends. It is to be started again at once: while it is away, nobody
// ends anything.
func (g *Guardian) Run(ctx context.Context) error {
	if err := g.Folder.Make(); err != nil {
		return err
	}
	expired := false
	for {
		if err := g.Folder.write("alive", Now()); err != nil {
			g.Log.Error("cannot say that the guardian is alive", "err", err)
		}
		over := Now() >= g.Folder.Until()
		if over {
			g.endAll()
		}
		if over != expired {
			g.Log.Info("the lease", "run_out", over)
			expired = over
		}
		wait := Tick
		if left := g.Folder.Until() - Now(); left > 0 {
			wait = min(wait, left)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// endAll kills every marked guest that runs here, all at once, then waits for each.
func (g *Guardian) endAll() {
	marks, err := g.Folder.Marks()
	if err != nil {
		g.Log.Error("a mark cannot be read", "err", err)
	}
	if len(marks) == 0 {
		return
	}
	processes := g.Processes
	if processes == nil {
		processes = qemus{}
	}
	running, err := processes.Guests()
	if err != nil {
		g.Log.Error("cannot look at the processes", "err", err)
		return
	}
	type victim struct {
		Ended
		gone func() error
	}
	var victims []victim
	for _, m := range marks {
		for _, pid := range running[m.Domain] {
			gone, err := processes.Kill(pid, m.Domain)
			if errors.Is(err, unix.ESRCH) {
				continue
			}
			if err != nil {
				g.Log.Error("cannot end a guest", "instance_id", m.Instance, "boot", m.Epoch, "pid", pid, "err", err)
				continue
			}
			victims = append(victims, victim{Ended{Mark: m, Pid: pid, Killed: Now()}, gone})
		}
	}
	for _, v := range victims {
		if err := v.gone(); err != nil {
			g.Log.Error("a guest does not end", "instance_id", v.Instance, "boot", v.Epoch, "pid", v.Pid, "err", err)
			continue
		}
		v.Gone = Now()
		g.Log.Warn("the lease has run out: a guest was ended, as it may be started elsewhere", "instance_id", v.Instance, "boot", v.Epoch, "pid", v.Pid)
		if err := g.Folder.write(filepath.Join("ended", v.Instance), v.Ended); err != nil {
			g.Log.Error("cannot write down what was ended", "instance_id", v.Instance, "err", err)
		}
	}
}

// qemus are the guests of this machine.
type qemus struct{}

// Guests finds the QEMUs of this host by their domain. It does not ask libvirt, which may
// be what has failed.
func (qemus) Guests() (map[string][]int, error) {
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	out := map[string][]int{}
	for _, d := range dirs {
		pid, err := strconv.Atoi(d.Name())
		if err != nil {
			continue
		}
		if name := domainOf(pid); name != "" {
			out[name] = append(out[name], pid)
		}
	}
	return out, nil
}

// domainOf returns the domain of a process that libvirt started as QEMU, from its
// argument "-name guest=DOMAIN,...".
func domainOf(pid int) string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	args := bytes.Split(line, []byte{0})
	for i := 1; i+1 < len(args); i++ {
		if string(args[i]) != "-name" {
			continue
		}
		if rest, ok := bytes.CutPrefix(args[i+1], []byte("guest=")); ok {
			name, _, _ := bytes.Cut(rest, []byte(","))
			return string(name)
		}
	}
	return ""
}

// Kill implements Processes.
func (qemus) Kill(pid int, domain string) (func() error, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, err
	}
	if domainOf(pid) != domain { // the pid is somebody else's by now
		_ = unix.Close(fd)
		return nil, unix.ESRCH
	}
	if err := unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return func() error {
		defer unix.Close(fd)
		return gone(fd)
	}, nil
}

// gone waits until a killed process has ended. It looks again at the next tick if that
// takes long: a process that waits for a disk cannot be ended by anybody.
func gone(fd int) error {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for deadline := time.Now().Add(2 * time.Second); ; {
		n, err := unix.Poll(fds, int(time.Until(deadline).Milliseconds()))
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return err
		case n == 0:
			return errors.New("it was killed and is still there: it hangs in the kernel")
		}
		return nil
	}
}

// EndedGuest returns what the guardian wrote of an instance, if it ended it.
func (f Folder) EndedGuest(instance string) (Ended, error) {
	var e Ended
	return e, f.read(filepath.Join("ended", instance), &e)
}
