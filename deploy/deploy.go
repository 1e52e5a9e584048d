// Package deploy carries the scripts that the mica command needs where no source tree
// is: a static binary alone can build an image.
package deploy

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

//go:embed build-debian-image.sh build-tiny-guest.sh tiny-guest
var scripts embed.FS

// builders are the scripts by the name of what they build.
var builders = map[string]string{
	"debian": "build-debian-image.sh",
	"tiny":   "build-tiny-guest.sh",
}

// BuildImage builds the image name (debian or tiny) from the machine's own package
// sources into the qcow2 file out, and tells progress what it does. It needs root and
// the packages that packages.txt lists under images. out appears only when it is
// whole; cancelling ctx lets the script clean up after itself.
func BuildImage(ctx context.Context, name, out string, progress io.Writer) error {
	script, ok := builders[name]
	if !ok {
		return fmt.Errorf("there is no image %q to build: debian or tiny", name)
	}
	dir, err := os.MkdirTemp("", "mica-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, scripts); err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "bash", filepath.Join(dir, script), out)
	cmd.Stdout, cmd.Stderr = progress, progress
	// All of it is told to end: a shell that waits for a program would not hear, and killed it could not undo its mounts.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = time.Minute
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("building the image %s: %w", name, err)
	}
	return nil
}
