package deploy

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	testkit.NeedProgram(t, name)
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestScriptsParse reads every script with its own shell, and with shellcheck where it is.
func TestScriptsParse(t *testing.T) {
	var scripts []string
	for _, pattern := range []string{"*.sh", "tiny-guest/*", "debian/p*", "../.ci/run"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, found...)
	}
	if len(scripts) < 15 {
		t.Fatalf("found only %v", scripts)
	}
	for _, s := range scripts {
		b, err := os.ReadFile(s)
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := bytes.Cut(b, []byte("\n"))
		shell := "sh"
		if bytes.Contains(line, []byte("bash")) || s == "demo-env.sh" {
			shell = "bash"
		}
		run(t, shell, "-n", s)
		info, err := os.Stat(s)
		if err != nil || s != "demo-env.sh" && info.Mode()&0o111 == 0 {
			t.Errorf("%s: mode %v, %v", s, info.Mode(), err)
		}
		if _, err := exec.LookPath("shellcheck"); err == nil && shell == "bash" {
			run(t, "shellcheck", "-S", "error", s)
		}
	}
}

// TestNothingIsMissing says that the list can be read, and on a machine that is
// prepared for the tests, that it has what they need.
func TestNothingIsMissing(t *testing.T) {
	testkit.NeedRoot(t)
	if out := run(t, "./install-packages.sh", "-n"); out != "" {
		t.Errorf("missing packages: %q", out)
	}
}

// A fresh machine has none: the list must then come out whole, without comments.
func TestAFreshMachineMissesEverything(t *testing.T) {
	dir := t.TempDir()
	stub := "#!/bin/sh\nexit 0\n"
	if err := os.WriteFile(filepath.Join(dir, "dpkg-query"), []byte(stub), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("./install-packages.sh", "-n")
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	out, err := cmd.Output()
	names := strings.Fields(string(out))
	if err != nil || len(names) < 20 || !slices.Contains(names, "qemu-system-x86") || strings.Contains(string(out), "#") {
		t.Errorf("%v, %q", err, out)
	}
}

// TestPackage builds the package of a stand-in for the binary and looks inside.
func TestPackage(t *testing.T) {
	testkit.NeedProgram(t, "dpkg-deb")
	dir := t.TempDir()
	binary := filepath.Join(dir, "mica")
	if err := os.WriteFile(binary, []byte("#!/bin/sh\necho completion for $2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{"v1.2-3-gabc": "1.2+3+gabc", "0123abc-dirty": "0~git.0123abc+dirty"} {
		out := filepath.Join(dir, want)
		run(t, "./build-deb.sh", binary, out, version)
		debs, err := filepath.Glob(filepath.Join(out, "*.deb"))
		if err != nil || len(debs) != 1 {
			t.Fatalf("%v, %v", debs, err)
		}
		if got := strings.TrimSpace(run(t, "dpkg-deb", "-f", debs[0], "Version")); got != want {
			t.Errorf("version %q is %q in the package, want %q", version, got, want)
		}
		run(t, "dpkg", "--validate-version", want)
		first, err := os.ReadFile(debs[0])
		if err != nil {
			t.Fatal(err)
		}
		run(t, "./build-deb.sh", binary, out, version)
		if second, err := os.ReadFile(debs[0]); err != nil || !bytes.Equal(first, second) {
			t.Errorf("the same source gives another package, %v", err)
		}
		checkContents(t, debs[0])
	}
}

func checkContents(t *testing.T, deb string) {
	t.Helper()
	tree := t.TempDir()
	run(t, "dpkg-deb", "-R", deb, tree)
	for path, content := range map[string]string{
		"usr/bin/mica":                               "completion for",
		"lib/systemd/system/mica.service":            "Type=notify",
		"etc/mica/mica.yaml":                         "data-dir: /var/lib/mica",
		"usr/share/doc/mica/copyright":               "Apache License",
		"usr/lib/modules-load.d/mica.conf":           "br_netfilter",
		"usr/lib/sysctl.d/60-mica.conf":              "net.ipv4.ip_forward",
		"usr/share/bash-completion/completions/mica": "completion for bash",
		"DEBIAN/conffiles":                           "/etc/mica/mica.yaml",
		"DEBIAN/md5sums":                             "usr/bin/mica",
	} {
		b, err := os.ReadFile(filepath.Join(tree, path))
		if err != nil || !strings.Contains(string(b), content) {
			t.Errorf("%s: %v, %q", path, err, b)
		}
	}
	for line := range strings.Lines(run(t, "dpkg-deb", "-c", deb)) {
		if f := strings.Fields(line); f[1] != "root/root" || f[0][5] == 'w' || f[0][8] == 'w' {
			t.Errorf("owner or mode: %s", line)
		}
	}
	if _, err := exec.LookPath("lintian"); err == nil {
		run(t, "lintian", "--fail-on", "error", "--suppress-tags", "no-changelog,extended-description-is-probably-too-short", deb)
	}
}

// TestUnits has systemd read the units; it only warns of what it does not know.
func TestUnits(t *testing.T) {
	testkit.NeedProgram(t, "systemd-analyze")
	b, err := os.ReadFile("systemd/mica.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "mica.service") // the binary need not be installed here
	if err := os.WriteFile(unit, bytes.ReplaceAll(b, []byte("/usr/bin/mica"), []byte("/bin/true")), 0o644); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(run(t, "systemd-analyze", "verify", unit)) {
		if strings.Contains(line, "mica.service") {
			t.Error(line)
		}
	}
}

// The binary builds an image without a source tree.
func TestBuildImage(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "extlinux", "parted", "mkfs.ext4", "qemu-img", "cpio", "busybox")
	dir := t.TempDir()
	out := filepath.Join(dir, "tiny.qcow2")
	var said bytes.Buffer
	if err := BuildImage(t.Context(), "tiny", out, &said); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	run(t, "qemu-img", "check", "-q", "-f", "qcow2", out)
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("beside the image there is %v, %v", left, err)
	}
	if err := BuildImage(t.Context(), "windows", out, &said); err == nil {
		t.Error("built what there is no script for")
	}
}

// A build that is called off must leave no mount, loop device or file.
func TestBuildImageCleansUp(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "mmdebstrap", "extlinux", "parted")
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	said := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("installing")) { // it is in the middle of it
			cancel()
		}
		return len(p), nil
	})
	err := BuildImage(ctx, "debian", filepath.Join(dir, "debian.qcow2"), said)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || left != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil || bytes.Contains(mounts, []byte(dir)) {
		t.Errorf("mounts: %v, %s", err, mounts)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
