// Package testkit has what tests of all packages share: waiting for a condition
// without sleeping blindly, and skipping honestly.
package testkit

import (
	_ "embed"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// allowed lists, a line each, "test name: reason" of what a machine truly may lack
// even under MICA_TEST_STRICT=1.
//
//go:embed allowed_skips.txt
var allowed string

// Skip skips the test with a reason. Under MICA_TEST_STRICT=1 that is a failure,
// unless allowed_skips.txt names the test.
func Skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("MICA_TEST_STRICT") == "1" && !mayskip(t.Name()) {
		t.Fatalf("skipped under MICA_TEST_STRICT=1: %s", reason)
	}
	t.Skip(reason)
}

func mayskip(name string) bool {
	for line := range strings.Lines(allowed) {
		if n, _, ok := strings.Cut(line, ":"); ok && n == name {
			return true
		}
	}
	return false
}

// NeedRoot skips the test unless it runs as root (the kernel and guest rings).
func NeedRoot(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("short") // asked for by the caller, so never a failure
	}
	if os.Geteuid() != 0 {
		Skip(t, "needs root")
	}
}

// NeedProgram skips the test unless every program is on the PATH.
func NeedProgram(t testing.TB, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			Skip(t, "needs the program "+n)
		}
	}
}

// Wait polls until ok returns true, or fails the test after limit. what completes
// the sentence "waited in vain for ...".
func Wait(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for pause := time.Millisecond; !ok(); pause = min(2*pause, 100*time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain for %s", limit, what)
		}
		time.Sleep(pause)
	}
}
