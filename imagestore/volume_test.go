package imagestore

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func imported(t testing.TB, s *Store) Info {
	t.Helper()
	info, err := s.ImportFile(t.Context(), qcow2(t, "compat=1.1"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestRootVolumeIsAnOverlayThatQEMUTakes(t *testing.T) {
	s := open(t)
	image := imported(t, s)
	for size, want := range map[int]int64{0: 64 << 20, 1: 1 << 30, 8: 8 << 30, 100: 100 << 30, 16384: 16 << 40} {
		t.Run(fmt.Sprintf("%d GiB", size), func(t *testing.T) {
			id := fmt.Sprintf("vol-%017x", size)
			path, err := s.CreateRoot(t.Context(), id, image.Digest, size)
			if err != nil {
				t.Fatal(err)
			}
			run(t, "qemu-img", "check", "-q", "-f", "qcow2", path)
			var seen struct {
				VirtualSize   int64  `json:"virtual-size"`
				Backing       string `json:"backing-filename"`
				BackingFormat string `json:"backing-filename-format"`
				ActualSize    int64  `json:"actual-size"`
			}
			if err := json.Unmarshal([]byte(run(t, "qemu-img", "info", "--output=json", "-f", "qcow2", path)), &seen); err != nil {
				t.Fatal(err)
			}
			if seen.VirtualSize != want || seen.Backing != image.Path || seen.BackingFormat != "qcow2" || seen.ActualSize > 1<<20 {
				t.Errorf("QEMU sees %+v, want %d bytes over %s", seen, want, image.Path)
			}
			if stat, _ := os.Stat(path); stat.Mode().Perm() != 0o600 {
				t.Errorf("mode %v", stat.Mode())
			}
			// What the image has is read through, and what is written stays in the overlay.
			run(t, "qemu-io", "-f", "qcow2", "-c", "read -P 0xab 1M 3M", "-c", "read -P 0 4M 1M", "-c", "write -P 0xcd 1M 64k", "-c", fmt.Sprintf("write -P 0xef %d 64k", want-64<<10), path)
			run(t, "qemu-io", "-f", "qcow2", "-c", "read -P 0xcd 1M 64k", "-c", fmt.Sprintf("read -P 0xef %d 64k", want-64<<10), path)
			run(t, "qemu-img", "check", "-q", "-f", "qcow2", path)
			info, err := s.Volume(id)
			if err != nil || info.Image != image.Digest || info.VirtualSize != want || info.Path != path || info.Allocated < 128<<10 {
				t.Errorf("the store sees %+v, %v", info, err)
			}
		})
	}
	if err := s.Verify(t.Context(), image.Digest); err != nil {
		t.Errorf("the image changed under its overlays: %v", err)
	}
}

func TestCreateRootAgainLeavesTheVolumeAlone(t *testing.T) {
	s := open(t)
	image := imported(t, s)
	path, err := s.CreateRoot(t.Context(), vol1, image.Digest, 1)
	if err != nil {
		t.Fatal(err)
	}
	run(t, "qemu-io", "-f", "qcow2", "-c", "write -P 0x11 0 64k", path)
	if again, err := s.CreateRoot(t.Context(), vol1, image.Digest, 1); err != nil || again != path {
		t.Fatalf("%s, %v", again, err)
	}
	run(t, "qemu-io", "-f", "qcow2", "-c", "read -P 0x11 0 64k", path)

	other, err := s.ImportFile(t.Context(), qcow2(t, "compat=0.10"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateRoot(t.Context(), vol1, other.Digest, 1); !errors.Is(err, ErrConflict) {
		t.Errorf("another image: %v", err)
	}
}

func TestCreateRootRefuses(t *testing.T) {
	s := open(t)
	big := filepath.Join(t.TempDir(), "big.qcow2")
	run(t, "qemu-img", "create", "-q", "-f", "qcow2", big, "3G")
	image, err := s.ImportFile(t.Context(), big, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateRoot(t.Context(), vol1, image.Digest, 2); !errors.Is(err, ErrTooSmall) {
		t.Errorf("smaller than the image: %v", err)
	}
	if _, err := s.CreateRoot(t.Context(), vol1, image.Digest[:63]+"x", 8); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such image: %v", err)
	}
	if volumes, err := s.Volumes(); err != nil || len(volumes) != 0 {
		t.Errorf("%v, %v", volumes, err)
	}
}

func TestAnImageInUseStays(t *testing.T) {
	s := open(t)
	image := imported(t, s)
	for _, id := range []string{vol1, vol2} {
		if _, err := s.CreateRoot(t.Context(), id, image.Digest, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{vol1, vol2} {
		if err := s.Delete(image.Digest); !errors.Is(err, ErrInUse) {
			t.Fatalf("deleted under %s: %v", id, err)
		}
		for range 2 { // the second time there is nothing to do
			if err := s.DeleteVolume(id); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		if err := s.Delete(image.Digest); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(image.Digest); !errors.Is(err, ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
}

// Making a root volume must not depend on the image's size; the bar is a ratio of 1.2.
func BenchmarkCreateRoot(b *testing.B) {
	for _, gib := range []int{1, 100} {
		b.Run(fmt.Sprintf("image=%dGiB", gib), func(b *testing.B) {
			s := open(b)
			src := filepath.Join(b.TempDir(), "image.qcow2")
			run(b, "qemu-img", "create", "-q", "-f", "qcow2", src, fmt.Sprintf("%dG", gib))
			image, err := s.ImportFile(b.Context(), src, Options{})
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if _, err := s.CreateRoot(b.Context(), fmt.Sprintf("vol-%017x", i), image.Digest, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Two hosts that share the folder make one volume: the slower finds it there, with what
// the faster one's guest has written meanwhile.
func TestASlowHostDoesNotReplaceAVolume(t *testing.T) {
	dir := t.TempDir()
	hosts := map[string]*Store{}
	for _, name := range []string{"h1", "h2"} {
		s, err := OpenShared(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		hosts[name] = s
	}
	image := imported(t, hosts["h1"])
	for _, step := range []string{"create", "write", "fsync", "rename"} {
		t.Run("before "+step, func(t *testing.T) {
			id := fmt.Sprintf("vol-%017x", len(step)<<8|int(step[0]))
			old := crashpoint
			defer func() { crashpoint = old }()
			crashpoint = func(at string) {
				if at != step {
					return
				}
				crashpoint = old
				path, err := hosts["h2"].CreateRoot(t.Context(), id, image.Digest, 1)
				if err != nil {
					t.Fatal(err)
				}
				run(t, "qemu-io", "-f", "qcow2", "-c", "write -P 0xcd 1M 64k", path)
			}
			path, err := hosts["h1"].CreateRoot(t.Context(), id, image.Digest, 1)
			if err != nil {
				t.Fatal(err)
			}
			run(t, "qemu-io", "-f", "qcow2", "-c", "read -P 0xcd 1M 64k", path)
			for name, s := range hosts {
				if left, _ := filepath.Glob(filepath.Join(dir, "volumes", s.temp+"*")); left != nil {
					t.Errorf("%s leaves %v", name, left)
				}
			}
		})
	}
}
