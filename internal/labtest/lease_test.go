package labtest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/hostagent/guardian"
)

// leases watches how long each host is without a new lease.
type leases struct {
	cancel context.CancelFunc
	done   chan struct{}

	mu    sync.Mutex
	hosts map[string]*held
}

// held is what was seen of a host's lease.
type held struct {
	until   time.Duration // of guardian.Now's clock
	since   time.Duration // when that was first seen
	longest time.Duration // between two leases
	least   time.Duration // that was left of one
}

// watchLeases begins to watch; the test's log says what was seen.
func (c *cluster) watchLeases(t *testing.T) *leases {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &leases{cancel: cancel, done: make(chan struct{}), hosts: map[string]*held{}}
	for _, n := range c.Spec.Nodes() {
		if n.Host {
			l.hosts[n.Name] = &held{}
		}
	}
	go func() {
		defer close(l.done)
		for ctx.Err() == nil {
			for host, h := range l.hosts {
				l.look(h, c.guardianFile(host, "lease"))
			}
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-l.done
		for _, host := range slices.Sorted(maps.Keys(l.hosts)) {
			h := l.hosts[host]
			t.Logf("%s: %v at most between two leases, %v at least left of %v", host, h.longest.Round(10*time.Millisecond), h.least.Round(10*time.Millisecond), c.Spec.Lease)
		}
	})
	return l
}

// guardianFile is a file that a host's guardian and agent share, as this machine sees it.
func (c *cluster) guardianFile(host, name string) string {
	init, _ := os.ReadFile(filepath.Join(c.Dir, host, "init.pid"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(init)))
	return fmt.Sprintf("/proc/%d/root/run/mica/guardian/%s", pid, name)
}

func (l *leases) look(h *held, file string) {
	b, err := os.ReadFile(file)
	var at struct {
		Until time.Duration `json:"until"`
	}
	if err != nil || json.Unmarshal(b, &at) != nil {
		return
	}
	now := guardian.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.since == 0 {
		h.least = at.Until - now
	}
	h.least = min(h.least, at.Until-now)
	if h.since != 0 {
		h.longest = max(h.longest, now-h.since)
	}
	if at.Until != h.until {
		h.until, h.since = at.Until, now
	}
}
