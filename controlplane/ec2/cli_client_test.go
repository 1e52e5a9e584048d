package ec2_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/testkit"
)

// TestEveryActionByCLI calls every action that is registered with the AWS CLI, as
// testdata/cli.txt says, and looks at the answers. An action that the script does not
// call with success is a failure: whoever adds an action adds its command.
func TestEveryActionByCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the command line takes a moment for each command
	}
	t.Parallel()
	interpreter := pythonWithCLI(t)
	c, address := serveCloud(t)
	c.fleet(6)
	key := filepath.Join(t.TempDir(), "key.pub")
	if err := os.WriteFile(key, []byte("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3o5c9QdVY0rVqGQ0yk1sW6a0h0o0cP1kXhXl4m7Z2b me@here"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter, filepath.Join("testdata", "cli.py"), address, filepath.Join("testdata", "cli.txt"),
		"image="+c.image, "account="+me, "other="+other, "region="+region, "key_file="+key)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i := range store.Instances.List(c.db.Stale()) {
		if i.RebootCount != 1 {
			t.Errorf("%s was rebooted %d times", i.ID, i.RebootCount) // no answer shows it
		}
	}
	called := strings.Fields(string(out))
	for a := range c.reg.Actions() {
		switch name := a.Service + ":" + a.Name; {
		case slices.Contains(called, "-"+name):
			t.Logf("this AWS CLI is too old for %s", name)
		case !slices.Contains(called, name):
			t.Errorf("testdata/cli.txt does not call %s of %s", a.Name, a.Service)
		}
	}
}

// pythonWithCLI returns an interpreter that has the AWS CLI as a module.
func pythonWithCLI(t *testing.T) string {
	t.Helper()
	testkit.NeedProgram(t, "aws")
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import awscli.clidriver, jmespath").Run() == nil {
			return name
		}
	}
	testkit.Skip(t, "needs python3 with the AWS CLI's module awscli")
	return ""
}
