package labtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// dead says whether a process has ended, though its tracer may still keep what is left of it.
func dead(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	return err != nil || strings.Contains(string(b), "State:\tZ")
}

// inject has system calls of a process fail, as strace's -e inject= says. What it returns
// ends that, and tells what strace saw.
func (c *cluster) inject(t *testing.T, pid int, how string) (said func() string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	calls, _, _ := strings.Cut(how, ":")
	cmd := exec.Command("strace", "-f", "-q", "-o", file, "-e", "trace="+calls, "-e", "inject="+how, "-p", strconv.Itoa(pid))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	stop := func() { _ = cmd.Process.Kill(); <-ended }
	t.Cleanup(stop)
	testkit.Wait(t, deadline, "strace to be attached", func() bool {
		select {
		case <-ended:
			return true // the process may have ended by now, as it is to
		default:
		}
		b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
		return err != nil || !strings.Contains(string(b), "TracerPid:\t0\n")
	})
	return func() string {
		stop()
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("strace: %v: %s", err, out.String())
		}
		return string(b)
	}
}
