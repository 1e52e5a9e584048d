// Package failpoint lets a test end the process at a named point as a power cut would.
// Without MICA_FAILPOINT in the environment it does nothing.
package failpoint

import (
	"os"
	"strings"
	"syscall"
)

// point and armed are of MICA_FAILPOINT=NAME@FILE: the point counts once FILE is there,
// so that starting up does not set it off. Without a NAME, the file's content is one.
var point, armed, _ = strings.Cut(os.Getenv("MICA_FAILPOINT"), "@")

// Hit kills this process with SIGKILL if MICA_FAILPOINT names this point.
func Hit(name string) {
	if armed == "" || point != "" && name != point {
		return
	}
	named, err := os.ReadFile(armed)
	if err != nil || point == "" && strings.TrimSpace(string(named)) != name {
		return
	}
	if point == "" {
		_ = os.Remove(armed) // the process that is started next goes past it
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way: nothing more is done here
}
