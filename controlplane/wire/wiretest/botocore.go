// Package wiretest lets tests compare what wire reads and writes with what Amazon's
// own Python client does, driven by the same published model.
package wiretest

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

//go:embed botocore.py
var script string

// models are the published models of services, as paths below their module.
var models = map[string]string{
	"ec2": "models/apis/ec2/2016-11-15/api-2.json",
	"sts": "models/apis/sts/2011-06-15/api-2.json",
}

// Botocore is a running interpreter for one service.
type Botocore struct {
	t   testing.TB
	in  io.Writer
	out *bufio.Reader
}

// Sample is what botocore made: random parameters in their JSON form, and either the
// form that it sends for them or the request id that it read beside them.
type Sample struct {
	Params json.RawMessage `json:"params"`
	Form   string          `json:"form"`
	ID     string          `json:"id"`
}

// Start runs botocore with a service's model. The test is skipped where there is no
// Python with botocore.
func Start(t testing.TB, service, seed string) *Botocore {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sample.py")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python(t), file, filepath.Join(moduleDir(t), models[service]), seed)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &Botocore{t, in, bufio.NewReader(out)}
}

// Request returns random parameters for an action and the form that carries them.
func (b *Botocore) Request(action string) Sample {
	b.t.Helper()
	return b.ask(map[string]any{"action": action})
}

// Parse returns what botocore reads from an answer of an action.
func (b *Botocore) Parse(action string, status int, answer []byte) Sample {
	b.t.Helper()
	return b.ask(map[string]any{"action": action, "status": status, "answer": string(answer)})
}

func (b *Botocore) ask(question map[string]any) Sample {
	b.t.Helper()
	line, err := json.Marshal(question)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		b.t.Fatal(err)
	}
	var s Sample
	if line, err = b.out.ReadBytes('\n'); err != nil {
		b.t.Fatalf("botocore ended: %v", err)
	}
	if err := json.Unmarshal(line, &s); err != nil {
		b.t.Fatalf("%v in %s", err, line)
	}
	return s
}

// python finds an interpreter that has botocore: the one on the PATH, or the system's.
func python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import botocore").Run() == nil {
			return name
		}
	}
	testkit.Skip(t, "needs Python with botocore (python3-boto3)")
	return ""
}

// moduleDir finds the module that the types were generated from.
func moduleDir(t testing.TB) string {
	t.Helper()
	text, err := exec.Command("go", "mod", "download", "-json", "github.com/aws/aws-sdk-go@v1.55.8").Output()
	if err != nil {
		testkit.Skip(t, "needs the module with the published API models: "+err.Error())
	}
	var answer struct{ Dir string }
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Dir
}
