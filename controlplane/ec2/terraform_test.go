package ec2_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// terraformDir returns a copy of a configuration in testdata, initialised with a
// provider that is on this machine: a test downloads nothing.
func terraformDir(t *testing.T, name string) string {
	t.Helper()
	testkit.NeedProgram(t, "terraform")
	mirror := terraformMirror()
	if mirror == "" {
		testkit.Skip(t, "needs a mirror of Terraform providers with the AWS provider on this machine")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(filepath.Join(dir, "terraform.rc"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := terraform(t, dir, nil, "init"); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
	return dir
}

// terraform runs Terraform in a folder that terraformDir made, and returns its output.
func terraform(t *testing.T, dir string, env []string, args ...string) (string, error) {
	if args[0] != "state" {
		args = append(args, "-no-color", "-input=false")
	}
	cmd := exec.Command("terraform", args...)
	cmd.Dir = dir
	cmd.Env = append(append(clientEnv(t), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "terraform.rc"), "CHECKPOINT_DISABLE=1"), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// terraformMirror finds a folder with providers as Terraform's filesystem_mirror lays
// them out (HOST/hashicorp/aws/VERSION/PLATFORM/terraform-provider-aws_...), where
// people keep such things.
func terraformMirror() (found string) {
	home, _ := os.UserHomeDir()
	for _, root := range []string{home, "/opt", "/usr/local", "/usr/share", "/var/lib"} {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case d.IsDir() && strings.Count(strings.TrimPrefix(path, root), "/") > 8:
				return fs.SkipDir
			case !d.IsDir() && strings.HasPrefix(d.Name(), "terraform-provider-aws_v"):
				found = path
				for range 6 {
					found = filepath.Dir(found)
				}
				return fs.SkipAll
			}
			return nil
		})
		if found != "" {
			return found
		}
	}
	return ""
}
