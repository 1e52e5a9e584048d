package imagestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// nobody is the user that qemu-img runs as when we are root: it reads hostile files.
const nobody = 65534

// A budget bounds one run of qemu-img.
type budget struct {
	wall     time.Duration
	cpu      time.Duration
	fileSize int64 // bytes that it may write to a file
}

// checkBudget allows for a refcount check of the largest images. It reads only.
var checkBudget = budget{wall: 10 * time.Minute, cpu: 5 * time.Minute}

// memoryBudget is the address space that qemu-img may have. Its tables for 16 TiB of
// clusters take 512 MiB.
const memoryBudget = 2 << 30

// checkQcow2 has qemu-img read all tables of an image whose header is known to be
// harmless. Leaked clusters waste space and harm nobody; everything else is refused.
func (s *Store) checkQcow2(ctx context.Context, f *os.File) error {
	if err := f.Chmod(0o444); err != nil { // for nobody
		return err
	}
	out, err := s.qemuImg(ctx, checkBudget, []*os.File{f}, "check", "-q", "-f", "qcow2", "/proc/self/fd/3")
	exit, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil || isExit && exit.ExitCode() == 3:
		return nil
	case isExit && exit.ExitCode() > 0:
		return refuse("qemu-img check", "qemu-img finds the image corrupt: %s", brief(out))
	}
	return err
}

// convertRaw writes src, a raw image, to dst as qcow2.
func (s *Store) convertRaw(ctx context.Context, src, dst *os.File) error {
	if err := src.Chmod(0o444); err != nil {
		return err
	}
	root := os.Geteuid() == 0
	if root {
		if err := dst.Chown(nobody, nobody); err != nil {
			return err
		}
	}
	b := budget{wall: 2 * time.Hour, cpu: time.Hour, fileSize: 1 << 62}
	out, err := s.qemuImg(ctx, b, []*os.File{src, dst},
		"convert", "-q", "-f", "raw", "-O", "qcow2", "/proc/self/fd/3", "/proc/self/fd/4")
	if root {
		err = errors.Join(err, dst.Chown(0, 0))
	}
	switch {
	case err == nil:
		return nil
	case strings.Contains(out, "No space left on device"): // strerror(ENOSPC) in the C locale
		return fmt.Errorf("qemu-img convert: %w", syscall.ENOSPC)
	}
	return fmt.Errorf("qemu-img convert: %w: %s", err, brief(out))
}

// qemuImg runs qemu-img on open files (descriptors 3 and up), with little memory and
// time, and as root also as nobody and without a network. It returns what it said.
func (s *Store) qemuImg(ctx context.Context, b budget, files []*os.File, args ...string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, b.wall, fmt.Errorf("qemu-img took more than %v", b.wall))
	defer cancel()
	limit := []string{
		fmt.Sprintf("--as=%d", int64(memoryBudget)), fmt.Sprintf("--cpu=%d", int64(b.cpu.Seconds())), "--core=0",
		fmt.Sprintf("--fsize=%d", b.fileSize), "--", s.qemu,
	}
	cmd := exec.CommandContext(ctx, "prlimit", append(limit, args...)...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "MALLOC_ARENA_MAX=2"}
	cmd.ExtraFiles = files
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: nobody, Gid: nobody},
			Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC,
		}
	}
	err := cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%w: install qemu-utils and util-linux", err)
	}
	return out.String(), err
}

// brief is the end of a program's output, short enough for an error message.
func brief(out string) string {
	out = strings.Join(strings.Fields(out), " ")
	if len(out) > 300 {
		out = "..." + out[len(out)-300:]
	}
	return out
}
