package imagestore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

const (
	vol1 = "vol-00000000000000001"
	vol2 = "vol-00000000000000002"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// run runs a program and returns what it printed.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	testkit.NeedProgram(t, name)
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// qcow2 makes an image of some MiB with data in it, by QEMU's own hand.
func qcow2(t testing.TB, options string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "image.qcow2")
	run(t, "qemu-img", "create", "-q", "-f", "qcow2", "-o", options, path, "64M")
	run(t, "qemu-io", "-f", "qcow2", "-c", "write -P 0xab 1M 3M", path)
	return path
}

func sum(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// leftovers returns the names in the store that are neither an image nor a volume.
func leftovers(t testing.TB, s *Store) []string {
	t.Helper()
	var odd []string
	for _, d := range []string{s.imageDir(), s.volumeDir()} {
		entries, err := os.ReadDir(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), extension) {
				odd = append(odd, e.Name())
			}
		}
	}
	return odd
}

func TestImportKeepsAQcow2AsItIs(t *testing.T) {
	for _, options := range []string{"compat=1.1", "compat=0.10", "cluster_size=512", "cluster_size=2M", "compression_type=zstd", "extended_l2=on", "lazy_refcounts=on", "preallocation=metadata"} {
		t.Run(options, func(t *testing.T) {
			s, src := open(t), qcow2(t, options)
			digest := sum(t, src)
			info, err := s.ImportFile(t.Context(), src, Options{SHA256: strings.ToUpper(digest), Format: FormatQcow2})
			if err != nil {
				t.Fatal(err)
			}
			if info.Digest != digest || info.Source != digest || info.VirtualSize != 64<<20 || sum(t, info.Path) != digest {
				t.Errorf("imported %+v of %s", info, digest)
			}
			stat, err := os.Stat(info.Path)
			if err != nil || stat.Mode().Perm() != 0o444 {
				t.Errorf("mode %v, %v: anyone may read an image and nobody write it", stat.Mode(), err)
			}
			again, err := s.ImportFile(t.Context(), src, Options{})
			if err != nil || again != info {
				t.Errorf("importing again: %+v, %v", again, err)
			}
			if odd := leftovers(t, s); odd != nil {
				t.Errorf("left behind: %v", odd)
			}
		})
	}
}

func TestImportConvertsARawImage(t *testing.T) {
	s := open(t)
	raw := make([]byte, 5<<20)
	copy(raw[1<<20:], bytes.Repeat([]byte("mica"), 1000))
	info, err := s.Import(t.Context(), bytes.NewReader(raw), Options{Format: FormatRaw})
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256(raw)
	if info.Source != hex.EncodeToString(want[:]) || info.Digest != sum(t, info.Path) || info.VirtualSize != 5<<20 {
		t.Errorf("imported %+v", info)
	}
	src := filepath.Join(t.TempDir(), "raw")
	if err := os.WriteFile(src, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qemu-img", "compare", "-f", "raw", "-F", "qcow2", src, info.Path)
	again, err := s.ImportFile(t.Context(), src, Options{})
	if err != nil || again != info {
		t.Errorf("importing again: %+v, %v", again, err)
	}
	if owner := run(t, "stat", "-c", "%u", info.Path); strings.TrimSpace(owner) != fmt.Sprint(os.Geteuid()) {
		t.Errorf("the image belongs to user %s", owner)
	}
	if odd := leftovers(t, s); odd != nil {
		t.Errorf("left behind: %v", odd)
	}
}

func TestImportChecksTheDigest(t *testing.T) {
	s, src := open(t), qcow2(t, "compat=1.1")
	for _, digest := range []string{strings.Repeat("0", 64), "abc"} {
		if _, err := s.ImportFile(t.Context(), src, Options{SHA256: digest}); !errors.Is(err, ErrDigest) {
			t.Errorf("digest %s: %v", digest, err)
		}
	}
	if all, err := s.List(); err != nil || len(all) != 0 {
		t.Errorf("stored %v, %v", all, err)
	}
	if odd := leftovers(t, s); odd != nil {
		t.Errorf("left behind: %v", odd)
	}
}

func TestImportStopsWithItsContext(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("the client hung up")
	r := readerFunc(func(p []byte) (int, error) { cancel(gone); clear(p); return len(p), nil }) // endless
	if _, err := s.Import(ctx, r, Options{}); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	if odd := leftovers(t, s); odd != nil {
		t.Errorf("left behind: %v", odd)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestImagesOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.ImportFile(t.Context(), qcow2(t, "compat=1.1"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("a second process opened the store: %v", err)
	}
	s.Close()
	if s, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	info.Source = ""
	if all, err := s.List(); err != nil || len(all) != 1 || all[0] != info {
		t.Errorf("listed %v, %v", all, err)
	}
	if err := s.Verify(t.Context(), info.Digest); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(info.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(info.Path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{1}, 4<<20); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), info.Digest); !errors.Is(err, ErrDigest) {
		t.Errorf("a changed image passed: %v", err)
	}
}

func TestNamesCannotLeaveTheStore(t *testing.T) {
	s := open(t)
	for _, name := range []string{"", "../imagestore.lock", "vol-../../../etc", "vol-0000000000000000Z", strings.Repeat("/", 64)} {
		if _, err := s.Get(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get(%q): %v", name, err)
		}
		if err := s.Delete(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Delete(%q): %v", name, err)
		}
		if _, err := s.CreateRoot(t.Context(), name, strings.Repeat("0", 64), 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("CreateRoot(%q): %v", name, err)
		}
		if err := s.DeleteVolume(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("DeleteVolume(%q): %v", name, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s, src := open(t), qcow2(t, "compat=1.1")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			info, err := s.ImportFile(t.Context(), src, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			for i := range 8 {
				if _, err := s.CreateRoot(t.Context(), fmt.Sprintf("vol-%017x", i), info.Digest, 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	volumes, err := s.Volumes()
	if err != nil || len(volumes) != 8 {
		t.Errorf("%d volumes, %v", len(volumes), err)
	}
	if odd := leftovers(t, s); odd != nil {
		t.Errorf("left behind: %v", odd)
	}
}
