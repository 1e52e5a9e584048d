package labtest

import (
	"fmt"
	"os"
	"path/filepath"
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

// shared returns the lab, whole, and shows its logs if the test fails.
func shared(t *testing.T) *cluster {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "tc", "ebtables", "nsenter", "mkfs.ext4", "libvirtd", "virtlogd", "aws")
	once.Do(func() { one, made = raise(t, 2) })
	if made != nil {
		if one != nil {
			one.logs(t)
		}
		t.Fatal(made)
	}
	t.Cleanup(func() {
		if t.Failed() {
			one.logs(t)
		}
	})
	one.whole(t)
	return one
}

func (c *cluster) logs(t *testing.T) {
	logs, _ := filepath.Glob(filepath.Join(c.Dir, "*", "log", "*.log"))
	for _, f := range logs {
		b, _ := os.ReadFile(f)
		t.Logf("%s:\n%s", f, b[max(0, len(b)-2500):])
	}
}

// deadline is generous: the machine may be busy with other tests.
const deadline = 90 * time.Second
