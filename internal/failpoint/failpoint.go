// Package failpoint lets a test end the process at a named point as a power cut would.
// Without MICA_FAILPOINT in the environment it does nothing.
package failpoint

import (
	"os"
	"strings"
	"syscall"
)

// point and armed are of MICA_FAILPOINT=NAME@FILE: the point counts once FILE is there,
// so that starting up does not set it off.
var point, armed, _ = strings.Cut(os.Getenv("MICA_FAILPOINT"), "@")

// Hit kills this process with SIGKILL if MICA_FAILPOINT names this point.
func Hit(name string) {
	if point == "" || name != point {
		return
	}
	if _, err := os.Stat(armed); err != nil {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way: nothing more is done here
}
