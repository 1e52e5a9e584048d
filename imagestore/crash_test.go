package imagestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// TestMain lets a test run this binary again as a process that does one operation
// and is killed before its k-th step.
func TestMain(m *testing.M) {
	if op := os.Getenv("MICA_CRASH_OP"); op != "" {
		k, _ := strconv.Atoi(os.Getenv("MICA_CRASH_STEP"))
		crashpoint = func(string) {
			if k--; k == 0 {
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
		if err := operate(op, os.Getenv("MICA_CRASH_DIR"), os.Getenv("MICA_CRASH_ARG")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// operate does one operation on the store in dir.
func operate(op, dir, arg string) error {
	s, err := Open(dir)
	if err != nil {
		return err
	}
	defer s.Close()
	switch op {
	case "import":
		_, err = s.ImportFile(context.Background(), arg, Options{})
	case "create":
		_, err = s.CreateRoot(context.Background(), vol1, arg, 1)
	case "delete volume":
		err = s.DeleteVolume(vol1)
	case "delete image":
		err = s.Delete(arg)
	}
	return err
}

// crash runs the operation in a process that dies at step k, and says whether it did.
func crash(t *testing.T, op, dir, arg string, k int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "MICA_CRASH_OP="+op, "MICA_CRASH_DIR="+dir, "MICA_CRASH_ARG="+arg, "MICA_CRASH_STEP="+strconv.Itoa(k))
	out, err := cmd.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return false
	case ok && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL:
		return true
	}
	t.Fatalf("%s: %v: %s", op, err, out)
	return false
}

// TestCrashAtEveryStep kills each operation before its k-th step, for every k, and
// then asks for it again: it must end where an undisturbed one does.
func TestCrashAtEveryStep(t *testing.T) {
	testkit.NeedProgram(t, "qemu-img")
	src := qcow2(t, "compat=1.1")
	digest := sum(t, src)
	raw := filepath.Join(t.TempDir(), "raw")
	if err := os.WriteFile(raw, bytes.Repeat([]byte("mica"), 1<<18), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		op, arg         string
		before          []string // operations that come first, whole
		images, volumes int      // in the end
		steps           int
	}{
		{op: "import", arg: src, images: 1, steps: 6},
		{op: "import", arg: raw, images: 1, steps: 8},
		{op: "create", arg: digest, before: []string{"import"}, images: 1, volumes: 1, steps: 5},
		{op: "delete volume", before: []string{"import", "create"}, images: 1, steps: 2},
		{op: "delete image", arg: digest, before: []string{"import"}, steps: 2},
	} {
		t.Run(c.op+" "+filepath.Base(c.arg), func(t *testing.T) {
			died := true
			k := 0
			for died {
				k++
				dir := t.TempDir()
				for _, op := range c.before {
					arg := digest
					if op == "import" {
						arg = src
					}
					if err := operate(op, dir, arg); err != nil {
						t.Fatal(err)
					}
				}
				died = crash(t, c.op, dir, c.arg, k)
				checkSound(t, dir)
				if err := operate(c.op, dir, c.arg); err != nil {
					t.Fatalf("again after a crash at step %d: %v", k, err)
				}
				if images, volumes := checkSound(t, dir); images != c.images || volumes != c.volumes {
					t.Errorf("step %d: %d images and %d volumes, want %d and %d", k, images, volumes, c.images, c.volumes)
				}
			}
			if k-1 != c.steps {
				t.Errorf("the operation has %d steps that a crash was tried at, want %d", k-1, c.steps)
			}
		})
	}
}

// checkSound opens the store as a restarted process does and demands that everything
// in it is whole.
func checkSound(t *testing.T, dir string) (images, volumes int) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if odd := leftovers(t, s); odd != nil {
		t.Errorf("left behind: %v", odd)
	}
	all, err := s.List()
	if err != nil {
		t.Error(err)
	}
	for _, i := range all {
		if err := s.Verify(t.Context(), i.Digest); err != nil {
			t.Error(err)
		}
	}
	vols, err := s.Volumes()
	if err != nil {
		t.Error(err)
	}
	for _, v := range vols {
		run(t, "qemu-img", "check", "-q", "-f", "qcow2", v.Path)
	}
	return len(all), len(vols)
}

// TestDiskFull fills a small file system in each operation.
func TestDiskFull(t *testing.T) {
	testkit.NeedRoot(t)
	mount := t.TempDir()
	if err := syscall.Mount("mica-test", mount, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(mount, syscall.MNT_DETACH) })
	s, err := Open(mount)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	check := func(what string, err error, images int) {
		t.Helper()
		if !errors.Is(err, ErrNoSpace) {
			t.Errorf("%s: %v", what, err)
		}
		all, err := s.List()
		if err != nil || len(all) != images {
			t.Errorf("%s: %d images, %v", what, len(all), err)
		}
		if odd := leftovers(t, s); odd != nil {
			t.Errorf("%s: left behind: %v", what, odd)
		}
	}
	_, err = s.ImportFile(t.Context(), qcow2(t, "compat=1.1"), Options{})
	check("importing qcow2", err, 0)
	// The raw bytes fit, the converted copy beside them doesn't.
	_, err = s.Import(t.Context(), bytes.NewReader(bytes.Repeat([]byte("mica"), 600<<8)), Options{})
	check("converting", err, 0)

	small := filepath.Join(t.TempDir(), "small.qcow2")
	run(t, "qemu-img", "create", "-q", "-f", "qcow2", "-o", "cluster_size=4k", small, "8M")
	image, err := s.ImportFile(t.Context(), small, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Leave less than an overlay takes.
	if err := os.WriteFile(filepath.Join(mount, "filler"), make([]byte, 850<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = s.CreateRoot(t.Context(), vol1, image.Digest, 1)
	check("creating a volume", err, 1)
	if _, err := s.Volume(vol1); !errors.Is(err, ErrNotFound) {
		t.Errorf("half a volume: %v", err)
	}
	if err := os.Remove(filepath.Join(mount, "filler")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateRoot(t.Context(), vol1, image.Digest, 1); err != nil {
		t.Errorf("with space again: %v", err)
	}
}
