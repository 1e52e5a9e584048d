package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Dir        string
	Name       string
	Doc        string
	GoFiles    []string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Name,Doc,GoFiles,Imports", Module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			all = append(all, p)
		}
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

// TestImports holds every import against the law.
func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		for _, imp := range p.Imports {
			for _, r := range Rules {
				if r.Bound(Relative(p.ImportPath)) && r.Denies(Relative(imp)) && Relative(imp) != Relative(p.ImportPath) {
					t.Errorf("%s imports %s: %s", Relative(p.ImportPath), imp, r.Reason)
				}
			}
		}
	}
}

// TestLawBites proves that a breach is seen.
func TestLawBites(t *testing.T) {
	for _, c := range []struct{ from, imp string }{
		{"hostagent/agent", "controlplane/model"},
		{"controlplane/ec2", "controlplane/consensus"},
		{"controlplane/model", "internal/ids"},
		{"cmd/mica", "github.com/hashicorp/raft"},
		{"hostagent/dhcp", "github.com/vishvananda/netlink"},
		{"controlplane/store", "controlplane/ec2"},
	} {
		if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Bound(c.from) && r.Denies(c.imp) }) {
			t.Errorf("%s may import %s", c.from, c.imp)
		}
	}
	if slices.ContainsFunc(Rules, func(r Rule) bool {
		return r.Bound("controlplane/consensus") && r.Denies("github.com/hashicorp/raft")
	}) {
		t.Error("consensus may not import raft")
	}
}

// TestDocs: each package says what it is for, and each exported identifier too.
func TestDocs(t *testing.T) {
	for _, p := range packages(t) {
		rel := Relative(p.ImportPath)
		if p.Doc == "" {
			t.Errorf("%s has no package comment", rel)
		}
		if strings.HasPrefix(rel, "controlplane/wire/gen") || rel == "proto/agentpb" {
			continue // generated: their names are the models' own
		}
		for _, f := range p.GoFiles {
			for _, name := range undocumented(t, filepath.Join(p.Dir, f)) {
				t.Errorf("%s/%s: %s has no doc comment", rel, f, name)
			}
		}
	}
}

func undocumented(t *testing.T, file string) (names []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
						names = append(names, s.Name.Name)
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, s.Names[0].Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver: methods that satisfy well-known interfaces on unexported types
// need no words.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// TestNoSleepInTests: a test that sleeps outside a bubble guesses. Packages whose tests
// have no bubble at all may not sleep; testkit.Wait is for them.
func TestNoSleepInTests(t *testing.T) {
	sleeps, bubbles := map[string][]string{}, map[string]bool{}
	root := repo(t)
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, "_test.go") {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		dir := filepath.Dir(p)
		bubbles[dir] = bubbles[dir] || bytes.Contains(b, []byte("synctest.Test("))
		if bytes.Contains(b, []byte("time."+"Sleep(")) {
			sleeps[dir] = append(sleeps[dir], d.Name())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, files := range sleeps {
		if !bubbles[dir] {
			t.Errorf("%s: %v sleep and know no bubble: wait for a condition instead", dir, files)
		}
	}
}

func repo(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(strings.TrimSpace(string(out)))
}

// TestDiagram keeps the picture of who imports whom true. MICA_UPDATE=1 draws it anew.
func TestDiagram(t *testing.T) {
	edges := map[string]bool{}
	for _, p := range packages(t) {
		from := Room(Relative(p.ImportPath))
		for _, imp := range p.Imports {
			rel := Relative(imp)
			if to := Room(rel); strings.HasPrefix(imp, Module) && to != from && !strings.HasPrefix(to, "internal") {
				edges[fmt.Sprintf("  %q --> %q\n", from, to)] = true
			}
		}
	}
	var b strings.Builder
	b.WriteString("# Who imports whom\n\nDrawn from the code by internal/archtest, whose rules say why; `MICA_UPDATE=1 go test ./internal/archtest` draws it anew.\n\n```\n")
	for _, e := range slices.Sorted(maps.Keys(edges)) {
		b.WriteString(e)
	}
	b.WriteString("```\n\n## The law\n\n| who | must not import | because |\n|---|---|---|\n")
	for _, r := range Rules {
		who := strings.Join(r.From, ", ")
		if len(r.Except) > 0 {
			who += " except " + strings.Join(r.Except, ", ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", who, strings.Join(r.Deny, ", "), r.Reason)
	}
	file := filepath.Join(repo(t), "docs", "imports.md")
	if os.Getenv("MICA_UPDATE") == "1" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != b.String() {
		t.Errorf("docs/imports.md is not what the code says (%v): run MICA_UPDATE=1 go test ./internal/archtest", err)
	}
}

// TestLinks: a relative link in the documentation leads somewhere.
func TestLinks(t *testing.T) {
	root := repo(t)
	link := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	links := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".md" {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), m[1])); err != nil {
				rel, _ := filepath.Rel(root, p)
				t.Errorf("%s links to %s, which is not there", rel, m[1])
			}
		}
		return nil
	})
	if err != nil || links < 10 {
		t.Fatalf("%d links, %v", links, err)
	}
}
