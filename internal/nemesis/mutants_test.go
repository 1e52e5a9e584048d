package nemesis

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// mutant is a mistake in the product, and the room it is in. The harness must find it.
type mutant struct {
	name, file string
	old, with  string
}

var mutants = []mutant{
	{"the parent of a batch is not checked", "controlplane/store/replica.go",
		"case cur.Version != e.Parent():", "case false:"},
	{"a report is taken for the present epoch", "controlplane/lifecycle/report.go",
		"b := store.Boots.Get(tx, model.BootID(st.Instance, st.Epoch))\n\ti := store.Instances.Get(tx, st.Instance)",
		"i := store.Instances.Get(tx, st.Instance)\n\tvar b *model.Boot\n\tif i != nil {\n\t\tb = Boot(tx, i)\n\t}"},
	{"a client token is not looked up", "controlplane/server/token.go",
		"if first != nil && ", "if false && first != nil && "},
	{"answered before it is committed", "controlplane/consensus/pipeline.go",
		"l.calls = append(l.calls, c)\n", "l.calls = append(l.calls, c)\n\t\tc.done <- nil\n"},
	{"answered with success when another leader began", "controlplane/consensus/fsm.go",
		"fates = append(fates, told{b, errAgain})", "fates = append(fates, told{b, nil})"},
	{"placed without regard to memory", "controlplane/schedule/place.go",
		"case p.MemoryMiB(h)-h.UsedMemoryMiB < p.r.MemoryMiB:", "case false:"},
	{"capacity is given back when the end begins", "controlplane/lifecycle/report.go",
		"next.Phase >= model.PhaseEnded\n\tif forward", "next.Phase >= model.PhaseStopping\n\tif forward"},
	{"reads do not ask the leader", "controlplane/consensus/read.go",
		"rev, err := n.ReadIndex(ctx)", "rev, err := int64(0), error(nil)"},
	{"a leader trusts that it leads", "controlplane/consensus/read.go",
		"n.leads.Load() && n.soleVoter()", "n.leads.Load()"},
	{"a host is taken for fenced before its guardian is sure", "controlplane/dispatch/lease.go",
		"return time.Since(since) >= s.Lease+s.Margin()", "return time.Since(since) >= s.Lease/2"},
	{"a host's guests run on without a lease", "hostagent/guardian/guardian.go",
		"over := Now() >= g.Folder.Until()", "over := false"},
	{"every host is given every boot", "controlplane/dispatch/assign.go",
		`range store.Boots.By(r, "host", host)`, "range store.Boots.List(r)"},
	{"a guest that arrives does not wait for the source to let go", "hostagent/boot/plan_move.go",
		"case want.GetFrom() == nil:", "case g != nil && g.State == hypervisor.Paused:"},
	{"a stopped guest's address stays", "controlplane/lifecycle/report.go",
		"if err := ReleasePublicAddress(tx, id); err != nil {", "if id == \"\" {\n\t\t\treturn nil\n\t\t}\n\t\tif err := error(nil); err != nil {"},
	{"an end that a host reports again is counted again", "controlplane/lifecycle/report.go",
		"ended := b.Phase < model.PhaseEnded && next.Phase", "ended := next.Phase"},
}

// TestMutants makes each mistake in turn, and runs seeds and scenarios until one fails.
// It takes minutes a mistake: MICA_MUTANTS=1 asks for all, another text for those with
// that in their name.
func TestMutants(t *testing.T) {
	which := os.Getenv("MICA_MUTANTS")
	if which == "" {
		t.Skip("asked for by MICA_MUTANTS=1")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		if which == "1" || strings.Contains(m.name, which) {
			t.Run(m.name, func(t *testing.T) { m.run(t, root) })
		}
	}
}

// violation is how the harness tells of one.
var violation = regexp.MustCompile(`seed \d+ at [^:]+: .*|panic: .*|line \d+, .*|more than .*`)

func (m mutant) run(t *testing.T, root string) {
	file := filepath.Join(root, m.file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(whole), m.old); n != 1 {
		t.Fatalf("%s has %q %d times: the mutant is to be brought up to date", m.file, m.old, n)
	}
	dir := t.TempDir()
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{file: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{changed: strings.Replace(string(whole), m.old, m.with, 1), overlay: string(text)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(dir, "mutant.test")
	build := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("it does not compile: %v\n%s", err, out)
	}
	began := time.Now()
	run := exec.Command(binary, "-test.failfast", "-test.run", "TestSeeds|TestScenarios", "-test.timeout", "10m")
	run.Env = append(os.Environ(), "MICA_SEEDS=60", "MICA_MUTANTS=")
	out, err := run.CombinedOutput()
	if err == nil {
		t.Errorf("NOT FOUND in %v", time.Since(began).Round(time.Second))
		return
	}
	t.Logf("found in %v: %.300s", time.Since(began).Round(time.Second), violation.FindString(string(out)))
}
