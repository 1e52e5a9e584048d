// Package guestimg gives tests the guests that they boot: a tiny one that is up in
// seconds, and Debian with its own unmodified cloud-init. deploy/cached-guest.sh
// builds them once into a cache outside the tree.
package guestimg

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

var (
	tiny   = sync.OnceValues(func() (string, error) { return cached("tiny") })
	debian = sync.OnceValues(func() (string, error) { return cached("debian") })
)

// Tiny returns the path of the tiny guest's qcow2 image: Debian's cloud kernel and a
// busybox initramfs, 64 MiB. It takes its address by DHCP, asks IMDSv2, runs user
// data that starts with "#!", does DHCP on interfaces that are plugged in whenever they are, echoes on TCP port 7, serves HTTP on port 80, powers
// off on the ACPI power button, counts its boots on the root volume, and says all of
// this on ttyS0 in lines that start with "MICA-TINY: ", of which the last is
// "MICA-TINY: ready". The image is shared: boot an overlay of it, never itself.
func Tiny(t testing.TB) string {
	t.Helper()
	return need(t, tiny)
}

// Debian returns the path of a Debian qcow2 image, 2 GiB, with cloud-init and an SSH
// server. The image is shared: boot an overlay of it, never itself.
func Debian(t testing.TB) string {
	t.Helper()
	return need(t, debian)
}

func need(t testing.TB, build func() (string, error)) string {
	t.Helper()
	testkit.NeedRoot(t)
	path, err := build()
	if err != nil {
		t.Fatalf("building a test guest: %v", err)
	}
	return path
}

func cached(name string) (string, error) {
	_, self, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(self), "..", "..", "deploy", "cached-guest.sh")
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(script, name)
	cmd.Env = os.Environ()
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", &buildError{name: name, output: stderr.String(), err: err}
	}
	return strings.TrimSpace(stdout.String()), nil
}

// buildError carries what the script said: without it the exit status says nothing.
type buildError struct {
	name, output string
	err          error
}

func (e *buildError) Error() string { return e.name + ": " + e.err.Error() + "\n" + e.output }
func (e *buildError) Unwrap() error { return e.err }
