package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// upLimit is how long a cluster may take to be whole: libvirt's first start asks QEMU
// what it can do, and the agents measure KVM.
const upLimit = 3 * time.Minute

// join makes the tokens that nodes wait for. A node that has joined needs none any more.
func (l *Lab) join(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(l.Dir, "tokens"), 0o700); err != nil {
		return err
	}
	nodes := l.Spec.Nodes()
	for _, n := range nodes[1:] {
		file := tokenFile(l.Dir, n)
		if _, err := os.Stat(file); err == nil {
			continue
		}
		role := "server"
		if n.Host {
			role = "agent"
		}
		var token string
		err := l.retry(ctx, func() (err error) {
			token, err = l.Mica(ctx, nodes[0].Name, "token", "create", "--role", role)
			return err
		})
		if err != nil {
			return fmt.Errorf("a token for %s: %w", n.Name, err)
		}
		if err := atomicfile.Write(file, []byte(strings.TrimSpace(token)+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// whole waits until every server answers and every host is up.
func (l *Lab) whole(ctx context.Context) error {
	return l.retry(ctx, func() error {
		for _, n := range l.Spec.Nodes() {
			if n.Server {
				if err := ready(ctx, l.Spec.Endpoint(n)); err != nil {
					return fmt.Errorf("server %s: %w", n.Name, err)
				}
			}
		}
		hosts, err := l.Mica(ctx, l.Spec.Nodes()[0].Name, "host", "list")
		if err != nil {
			return err
		}
		for _, n := range l.Spec.Nodes() {
			if n.Host && !up(hosts, n.Name) {
				return fmt.Errorf("host %s is not up; its log: %s", n.Name, filepath.Join(l.dir(n.Name), "log", "agent.log"))
			}
		}
		return nil
	})
}

// up reads a host's line of the table that `mica host list` prints.
func up(table, host string) bool {
	for line := range strings.Lines(table) {
		if f := strings.Fields(strings.ReplaceAll(line, "│", " ")); len(f) > 3 && f[1] == host {
			return slices.Contains(f[2:], "up") // behind the zone, and the rack if there is one
		}
	}
	return false
}

func ready(ctx context.Context, endpoint string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

// retry calls fn until it succeeds, and returns its last error when the limit is over.
func (l *Lab) retry(ctx context.Context, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	for {
		err := fn()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Mica runs a mica subcommand inside a node and returns what it prints.
func (l *Lab) Mica(ctx context.Context, node string, args ...string) (string, error) {
	c, err := l.Command(ctx, node, append([]string{l.Spec.Binary}, args...)...)
	if err != nil {
		return "", err
	}
	c.Env = append(os.Environ(), "MICA_DATA_DIR="+filepath.Join(l.dir(node), "data"))
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return string(out), fmt.Errorf("mica %s on %s: %w: %s", strings.Join(args, " "), node, err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}
