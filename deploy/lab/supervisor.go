package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// restart is how long a unit that ended stays down, as in Mica's systemd units.
const restart = time.Second

// supervisor keeps a node's units running. A file NAME.hold in the node's folder units
// keeps one down; NAME.pid has the pid of one that runs, as the node counts; NAME.restart
// has one that ends started again at once.
type supervisor struct {
	dir   string
	units []Unit
	pids  map[int]int // of units that run: index by pid
	next  []time.Time // when each may be started
}

// run starts and reaps until ctx ends. All orphans of the node are its children.
func (s *supervisor) run(ctx context.Context) error {
	child := make(chan os.Signal, 1)
	signal.Notify(child, syscall.SIGCHLD)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		s.reap()
		for i := range s.units {
			if err := s.start(i); err != nil {
				fmt.Fprintln(os.Stderr, time.Now().Format(time.RFC3339), err)
				s.next[i] = time.Now().Add(restart)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-child:
		case <-tick.C:
		}
	}
}

// reap collects what ended: units, and daemons that lost their parent.
func (s *supervisor) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		i, ours := s.pids[pid]
		if !ours {
			continue
		}
		delete(s.pids, pid)
		_ = os.Remove(s.file(i, ".pid"))
		s.next[i] = time.Now().Add(restart)
		if os.Remove(s.file(i, ".restart")) == nil { // somebody asked for it
			s.next[i] = time.Time{}
		}
		how := fmt.Sprintf("exit code %d", status.ExitStatus())
		if status.Signaled() {
			how = status.Signal().String()
		}
		fmt.Fprintf(os.Stderr, "%s %s ended: %s\n", time.Now().Format(time.RFC3339), s.units[i].Name, how)
	}
}

// start starts a unit that is not running, if it may.
func (s *supervisor) start(i int) error {
	for _, running := range s.pids {
		if running == i {
			return nil
		}
	}
	u := s.units[i]
	if time.Now().Before(s.next[i]) {
		return nil
	}
	if _, err := os.Stat(s.file(i, ".hold")); err == nil {
		return nil
	}
	if u.Wait != "" {
		if _, err := os.Stat(u.Wait); err != nil {
			return nil
		}
	}
	path, err := exec.LookPath(u.Argv[0])
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log", u.Name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	// Not exec.Cmd: only one may wait for children, and here that is reap.
	pid, err := syscall.ForkExec(path, u.Argv, &syscall.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: []uintptr{null.Fd(), log.Fd(), log.Fd()}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", u.Name, err)
	}
	s.pids[pid] = i
	return atomicfile.Write(s.file(i, ".pid"), []byte(strconv.Itoa(pid)), 0o600)
}

func (s *supervisor) file(i int, suffix string) string {
	return filepath.Join(s.dir, "units", s.units[i].Name+suffix)
}
