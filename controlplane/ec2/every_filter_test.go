package ec2_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/ec2"
)

// TestEveryFilterWithBoto3 asks with Amazon's own client by every filter that a Describe of
// the network has, with a value that one resource has and with one that none has. A filter
// that the script has no value for fails it.
func TestEveryFilterWithBoto3(t *testing.T) {
	names, err := json.Marshal(ec2.NetworkFilters())
	if err != nil {
		t.Fatal(err)
	}
	c, address := serveCloud(t)
	cmd := exec.Command(python(t), filepath.Join("testdata", "every_filter.py"), address, c.image, string(names))
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "fine") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
