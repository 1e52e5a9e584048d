package deploy

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed build-debian-image.sh build-tiny-guest.sh tiny-guest
var scripts embed.FS

// BuildImage builds the image named kind ("debian" or "tiny") as a qcow2 at out, from
// this machine's own package sources. What the build says goes to progress.
func BuildImage(ctx context.Context, kind, out string, progress io.Writer) (err error) {
	script := map[string]string{"debian": "build-debian-image.sh", "tiny": "build-tiny-guest.sh"}[kind]
	if script == "" {
		return fmt.Errorf("there is no recipe for an image named %q: debian and tiny can be built", kind)
	}
	dir, err := os.MkdirTemp("", "mica-build-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := unpack(dir); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "bash", filepath.Join(dir, script), out)
	cmd.Stdout, cmd.Stderr = progress, progress
	// The script undoes its mounts when it is told to end; killed, it could not.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building the %s image: %w", kind, err)
	}
	return nil
}

func unpack(dir string) error {
	return fs.WalkDir(scripts, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, path)
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		b, err := scripts.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o755)
	})
}
