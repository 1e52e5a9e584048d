package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/hostagent/metrics"
	"github.com/micacloud/mica/internal/testkit"
)

// snippet is a piece of code in a document: a line of a block, or a span.
type snippet struct{ where, text string }

// userDocs returns the code in README.md and docs, and the whole text by file.
func userDocs(t *testing.T) (code []snippet, text map[string]string) {
	t.Helper()
	top := filepath.Join("..", "..")
	text = map[string]string{}
	read := func(path string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(top, path)
		if err != nil {
			t.Fatal(err)
		}
		text[name] = string(b)
		code = append(code, snippets(name, string(b))...)
	}
	read(filepath.Join(top, "README.md"))
	err := filepath.WalkDir(filepath.Join(top, "docs"), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			read(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code, text
}

var span = regexp.MustCompile("(?s)``(.+?)``|`([^`]+)`")

// snippets finds code as Markdown has it here: fenced, indented by four, or in backticks.
func snippets(name, text string) []snippet {
	var out []snippet
	var prose strings.Builder // spans may run over the end of a line
	fenced, begins, continued := false, 1, ""
	flush := func(at int) {
		for _, m := range span.FindAllStringSubmatchIndex(prose.String(), -1) {
			from, to := max(m[2], m[4]), max(m[3], m[5])
			line := begins + strings.Count(prose.String()[:from], "\n")
			out = append(out, snippet{fmt.Sprintf("%s:%d", name, line), strings.Join(strings.Fields(prose.String()[from:to]), " ")})
		}
		prose.Reset()
		begins = at + 1
	}
	for n, line := range strings.Split(text, "\n") {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence:
			fenced = !fenced
			flush(n + 1)
		case fenced || strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t"):
			flush(n + 1)
			line = continued + strings.TrimSpace(line)
			if continued = ""; strings.HasSuffix(line, "\\") {
				continued = strings.TrimSuffix(line, "\\") + " "
				continue
			}
			out = append(out, snippet{fmt.Sprintf("%s:%d", name, n+1), line})
		case strings.TrimSpace(line) == "":
			flush(n + 1)
		default:
			prose.WriteString(line + "\n")
		}
	}
	flush(0)
	return out
}

var (
	// separators part the commands of a line; what a comment says is read too.
	separators = regexp.MustCompile(`;|&&|\|\||\||&|\$\(|\)|#|\bor:`)
	// before may stand before a command.
	before = regexp.MustCompile(`^(sudo|nohup|time|exec|\$|[A-Z_]+=\S*)$`)
)

// commands returns the arguments of each call of mica in a piece of code.
func commands(text string) [][]string {
	var out [][]string
	for _, part := range separators.Split(text, -1) {
		words := strings.Fields(part)
		for len(words) > 0 && before.MatchString(words[0]) {
			words = words[1:]
		}
		if len(words) > 1 && (words[0] == "mica" || strings.HasSuffix(words[0], "/mica")) {
			out = append(out, words[1:])
		}
	}
	return out
}

// documentedRoot is the command tree with what cobra adds when it runs.
func documentedRoot() *cobra.Command {
	r := root()
	r.InitDefaultHelpCmd()
	r.InitDefaultCompletionCmd("completion")
	return r
}

// checkCommand says what a call of mica names that is not there.
func checkCommand(r *cobra.Command, args []string) error {
	c := r
	for len(args) > 0 {
		a := args[0]
		if a == "--" || strings.HasPrefix(a, "<") || a == "..." {
			return nil
		}
		args = args[1:]
		if strings.HasPrefix(a, "-") {
			if err := checkFlag(c, a); err != nil {
				return err
			}
			continue
		}
		if !c.HasSubCommands() {
			continue // an argument, or the value of a flag
		}
		next := slices.IndexFunc(c.Commands(), func(s *cobra.Command) bool { return s.Name() == a || s.HasAlias(a) })
		if next < 0 {
			return fmt.Errorf("%q has no subcommand %q", c.CommandPath(), a)
		}
		c = c.Commands()[next]
	}
	return nil
}

func checkFlag(c *cobra.Command, arg string) error {
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	found := c.Flags().Lookup(name) != nil || c.InheritedFlags().Lookup(name) != nil
	if !strings.HasPrefix(arg, "--") {
		found = len(name) == 1 && (c.Flags().ShorthandLookup(name) != nil || c.InheritedFlags().ShorthandLookup(name) != nil)
	}
	if !found {
		return fmt.Errorf("%q has no flag %q", c.CommandPath(), arg)
	}
	return nil
}

// TestDocumentedCommandsExist: what the documentation tells people to type is there.
func TestDocumentedCommandsExist(t *testing.T) {
	code, _ := userDocs(t)
	r := documentedRoot()
	seen := 0
	for _, s := range code {
		for _, args := range commands(s.text) {
			seen++
			if err := checkCommand(r, args); err != nil {
				t.Errorf("%s: %s: %v", s.where, s.text, err)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d calls of mica were found: the reading of the documents is broken", seen)
	}
}

// notMica are flags and variables in the documentation that are others'.
var notMica = []string{"--endpoint-url", "MICA_UPDATE", "MICA_SEEDS", "MICA_TEST_STRICT"}

// TestDocumentedSettingsExist: a flag that is named alone belongs to some command, and a
// variable MICA_X to the flag --x.
func TestDocumentedSettingsExist(t *testing.T) {
	r := documentedRoot()
	code, _ := userDocs(t)
	variable := regexp.MustCompile(`\bMICA_[A-Z][A-Z_]*[A-Z]\b`)
	for _, s := range code {
		var names []string
		if word, _, _ := strings.Cut(s.text, " "); strings.HasPrefix(word, "--") {
			names = append(names, strings.SplitN(word, "=", 2)[0])
		}
		for _, v := range variable.FindAllString(s.text, -1) {
			if !slices.Contains(notMica, v) {
				names = append(names, "--"+strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(v, "MICA_")), "_", "-"))
			}
		}
		for _, name := range names {
			if !slices.Contains(notMica, name) && !anyHasFlag(r, name) {
				t.Errorf("%s: %s: no command has the flag %s", s.where, s.text, name)
			}
		}
	}
}

// anyHasFlag looks for a flag in a command and those below it.
func anyHasFlag(c *cobra.Command, name string) bool {
	return checkFlag(c, name) == nil || slices.ContainsFunc(c.Commands(), func(s *cobra.Command) bool { return anyHasFlag(s, name) })
}

// TestTheLabsPageHasItsCommands: docs/lab.md says of each what it does.
func TestTheLabsPageHasItsCommands(t *testing.T) {
	_, text := userDocs(t)
	page := text[filepath.Join("docs", "lab.md")]
	for _, c := range labCommand().Commands() {
		if !c.Hidden && !strings.Contains(page, "\n| `mica lab "+c.Name()) {
			t.Errorf("docs/lab.md has no row for mica lab %s", c.Name())
		}
	}
}

// TestDocumentedCommandsCanFail: the two tests above find what is wrong.
// TestDocumentedQuotas: docs/networking.md has every quota with its default.
func TestDocumentedQuotas(t *testing.T) {
	_, text := userDocs(t)
	for name, limit := range ec2.QuotaNames() {
		if want := fmt.Sprintf("| `%s` | %d |", name, limit); !strings.Contains(text["docs/networking.md"], want) {
			t.Errorf("docs/networking.md lacks %s", want)
		}
	}
}

func TestDocumentedCommandsCanFail(t *testing.T) {
	r := documentedRoot()
	for text, want := range map[string]string{
		"Type `mica up --hypervisor sim`, or `mica`.":                                               "",
		"    AWS_PROFILE=x sudo bin/mica image list && mica host list   # or: mica log show --json": "",
		"    mica ssh NAME -l debian -- ls --color":                                                 "",
		"    systemctl enable --now mica\n    journalctl -u mica -f":                                "",
		"    mica completion bash; mica --version":                                                  "",
		"Type `mica explain\ninstance i-1 --json`.":                                                 "",
		"Type `mica go`.":                                        `"mica" has no subcommand "go"`,
		"```\nmica image bild debian\n```":                       `"mica image" has no subcommand "bild"`,
		"    mica up --hypervisor sim \\\n        --simulated 3": `"mica up" has no flag "--simulated"`,
		"    ls   # or: mica down --all":                         `"mica down" has no flag "--all"`,
		"    curl x | mica log show -j":                          `"mica log show" has no flag "-j"`,
		"Type `mica --regoin=x up`.":                             `"mica" has no flag "--regoin=x"`,
	} {
		var errs []error
		for _, s := range snippets("x.md", text) {
			for _, args := range commands(s.text) {
				errs = append(errs, checkCommand(r, args))
			}
		}
		err := errors.Join(errs...)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
	for _, c := range []struct{ text, where string }{{"a\nb `x\ny` c", "x.md:2"}, {"a\n\n    x", "x.md:3"}} {
		if got := snippets("x.md", c.text); len(got) != 1 || got[0].where != c.where {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

// TestDocumentedMetrics: every mica_ metric in the documentation exists, and every one
// that exists is in operations.md.
func TestDocumentedMetrics(t *testing.T) {
	exist := map[string]bool{}
	for _, f := range scrapeSimulated(t) {
		exist[f] = true
	}
	for _, f := range hostMetrics(t) {
		exist[f] = true
	}
	if !exist["mica_api_requests_total"] {
		t.Errorf("a request was not counted; there are %v", slices.Sorted(maps.Keys(exist)))
	}
	_, text := userDocs(t)
	named := regexp.MustCompile(`\bmica_[a-z0-9_]+`)
	for file, body := range text {
		for _, m := range named.FindAllString(body, -1) {
			if base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(m, ""); !exist[m] && !exist[base] {
				t.Errorf("%s: there is no metric %s", file, m)
			}
		}
	}
	for m := range exist {
		if !strings.Contains(text[filepath.Join("docs", "operations.md")], "`"+m+"`") {
			t.Errorf("docs/operations.md says nothing of %s", m)
		}
	}
}

// hostMetrics are those of what hosts answer to real guests.
func hostMetrics(t *testing.T) []string {
	t.Helper()
	reg := prometheus.NewRegistry()
	s := metrics.NewServices(reg)
	s.IMDS(200)
	s.DHCP("ACK")
	s.DNS("NOERROR", true)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		names = append(names, f.GetName())
	}
	return names
}

// scrapeSimulated runs `mica up --hypervisor sim`, sends it a request, and returns the
// names of its mica_ metrics.
func scrapeSimulated(t *testing.T) []string {
	t.Helper()
	dir, old := t.TempDir(), slog.Default()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	// An address of this machine that nobody else is likely to use.
	address := fmt.Sprintf("127.%d.%d.%d:%d", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250), 20000+rand.IntN(10000))
	r := root()
	r.SetArgs([]string{
		"up", "--hypervisor", "sim", "--data-dir", filepath.Join(dir, "data"), "--run-dir", filepath.Join(dir, "run"),
		"--listen", "", "--listen-http", address, "--log-level", "error",
	})
	go func() { ended <- r.ExecuteContext(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		slog.SetDefault(old)
	}()
	get := func(path string) *http.Response {
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			return nil
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	testkit.Wait(t, 2*time.Minute, "the API", func() bool {
		resp := get("/readyz")
		return resp != nil && resp.StatusCode == http.StatusOK
	})
	get("/?Action=DescribeInstances") // unsigned: refused, and counted
	resp := get("/metrics")
	if resp == nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("metrics: %v", resp)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (mica_\S+) `).FindAllStringSubmatch(string(body), -1) {
		names = append(names, m[1])
	}
	return names
}
