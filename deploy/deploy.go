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
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	ended := make(chan struct{})
	cmd.Cancel = func() error { go terminate(cmd.Process.Pid, ended); return nil }
	cmd.WaitDelay = time.Minute
	err = cmd.Run()
	close(ended)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("building the image %s: %w", name, err)
	}
	return nil
}

// terminate tells a whole process group to end, until it has: a shell that waits for a
// program does not hear, and mmdebstrap loses a signal that comes while it sets up.
// Killed, the script could not undo its mounts.
func terminate(group int, ended <-chan struct{}) {
	for again := time.NewTicker(time.Second); ; {
		_ = syscall.Kill(-group, syscall.SIGTERM) // none left is what is wanted
		select {
		case <-ended:
			again.Stop()
			return
		case <-again.C:
		}
	}
}
