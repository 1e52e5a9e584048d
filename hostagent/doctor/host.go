package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// host is the machine as the checks see it; tests give it another root and commands.
type host struct {
	root string // prefix of every path that is looked at; "" is the real one
	run  func(ctx context.Context, name string, args ...string) (string, error)
}

// command runs a program and returns what it printed, on both outputs.
func command(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("%s took too long", name)
	}
	return strings.TrimSpace(out.String()), err
}

func (h *host) path(p string) string { return filepath.Join(h.root+"/", p) }

func (h *host) read(p string) string {
	b, err := os.ReadFile(h.path(p))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (h *host) exists(p string) bool {
	_, err := os.Stat(h.path(p))
	return err == nil
}

// sh returns a fix that runs a shell command.
func (h *host) sh(script string) func(context.Context) error {
	return func(ctx context.Context) error {
		if out, err := h.run(ctx, "sh", "-c", script); err != nil {
			return fmt.Errorf("%s: %w: %s", script, err, out)
		}
		return nil
	}
}

func missing(err error) bool { return errors.Is(err, exec.ErrNotFound) }

// user is whom QEMU runs as under libvirt.
type user struct {
	name   string
	uid    uint32
	groups []uint32
}

// qemuUser finds it in libvirt's configuration, or the distributions' defaults.
func (h *host) qemuUser() (user, error) {
	names := []string{"libvirt-qemu", "qemu"}
	for line := range strings.Lines(h.read("/etc/libvirt/qemu.conf")) {
		if k, v, ok := strings.Cut(line, "="); ok && strings.TrimSpace(k) == "user" {
			names = []string{strings.TrimPrefix(strings.Trim(strings.TrimSpace(v), `"`), "+")}
		}
	}
	for _, name := range names {
		if u, ok := h.lookup(name); ok {
			return u, nil
		}
	}
	return user{}, fmt.Errorf("there is no user %s", strings.Join(names, " or "))
}

func (h *host) lookup(name string) (user, bool) {
	for line := range strings.Lines(h.read("/etc/passwd")) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if len(f) < 4 || f[0] != name && f[2] != name {
			continue
		}
		uid, err1 := strconv.ParseUint(f[2], 10, 32)
		gid, err2 := strconv.ParseUint(f[3], 10, 32)
		if err1 != nil || err2 != nil {
			return user{}, false
		}
		return user{name: f[0], uid: uint32(uid), groups: append(h.memberOf(f[0]), uint32(gid))}, true
	}
	return user{}, false
}

func (h *host) memberOf(name string) (groups []uint32) {
	for line := range strings.Lines(h.read("/etc/group")) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if len(f) != 4 {
			continue
		}
		for m := range strings.SplitSeq(f[3], ",") {
			if gid, err := strconv.ParseUint(f[2], 10, 32); m == name && err == nil {
				groups = append(groups, uint32(gid))
			}
		}
	}
	return groups
}
