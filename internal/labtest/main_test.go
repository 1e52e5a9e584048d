package labtest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

var (
	once sync.Once
	one  *cluster
	made error
)

// TestMain ends the lab that the tests shared.
func TestMain(m *testing.M) {
	code := m.Run()
	if one != nil {
		if err := one.end(); err != nil {
			fmt.Fprintln(os.Stderr, "the lab does not end:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// shared returns the lab, whole, and shows its logs if the test fails. Its hosts' lease is so
// long that it does not run out because the machine is busy: that is another test's.
func shared(t *testing.T) *cluster {
	t.Helper()
	need(t)
	once.Do(func() {
		one, made = new(cluster), errors.New("the lab was not made, as an earlier test says")
		made = one.raise(t, 2, time.Minute)
	})
	one.logsOf(t)
	if made != nil {
		t.Fatal(made)
	}
	one.whole(t)
	if err := one.begin(t); err != nil {
		t.Fatal(err)
	}
	return one
}

// need skips the test where a lab cannot be.
func need(t *testing.T) {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "tc", "ebtables", "nsenter", "mkfs.ext4", "libvirtd", "virtlogd", "aws")
}
