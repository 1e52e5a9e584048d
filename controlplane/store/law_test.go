package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// replicated is what every replica runs on the log alone.
var replicated = []string{
	"store/entry.go", "store/replica.go", "store/snapshot.go", "store/reshape.go", "store/codec.go", "store/rowcodec.go", "store/rowdecode.go", "store/decoding.go", "store/schema.go", "store/working.go",
	"tree/tree.go", "tree/leaf.go", "tree/delta.go", "tree/cursor.go", "tree/pack.go",
}

// forbidden says why replicated code cannot use something.
var forbidden = map[string]string{
	"time.Now": "the clock differs from replica to replica", "time.Since": "the clock differs from replica to replica", "time.Until": "the clock differs from replica to replica",
	"math/rand": "random differs", "math/rand/v2": "random differs", "crypto/rand": "random differs", "os": "the machine differs",
	"net": "the network differs", "runtime": "the machine differs",
}

// offences returns what a file does that replicated code must not. maps tells whether an
// expression is a map.
func offences(f *ast.File, isMap func(ast.Expr) bool) []string {
	var out []string
	for _, imp := range f.Imports {
		if why := forbidden[strings.Trim(imp.Path.Value, `"`)]; why != "" {
			out = append(out, "imports "+imp.Path.Value+": "+why)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && forbidden[x.Name+"."+n.Sel.Name] != "" {
				out = append(out, "uses "+x.Name+"."+n.Sel.Name+": "+forbidden[x.Name+"."+n.Sel.Name])
			}
		case *ast.RangeStmt:
			if isMap(n.X) {
				out = append(out, "goes through a map: its order differs")
			}
		case *ast.GoStmt:
			out = append(out, "starts a goroutine: their order differs")
		case *ast.SelectStmt:
			out = append(out, "selects: the choice differs")
		}
		return true
	})
	return out
}

// Replicated code reads no clock, no random, no map order.
func TestReplicatedCodeIsDeterministic(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedFiles | packages.NeedImports | packages.NeedName}, ".", "./tree")
	if err != nil || len(pkgs) != 2 || len(pkgs[0].Errors)+len(pkgs[1].Errors) > 0 {
		t.Fatal(err, pkgs)
	}
	seen := 0
	for _, p := range pkgs {
		for _, f := range p.Syntax {
			name := p.Fset.Position(f.Package).Filename
			for _, want := range replicated {
				if !strings.HasSuffix(name, "/"+want) {
					continue
				}
				seen++
				for _, o := range offences(f, func(x ast.Expr) bool {
					_, ok := p.TypesInfo.TypeOf(x).Underlying().(*types.Map)
					return ok
				}) {
					t.Errorf("%s %s", want, o)
				}
			}
		}
	}
	if seen != len(replicated) {
		t.Errorf("%d of %d files found", seen, len(replicated))
	}
}

func TestTheLawSeesOffences(t *testing.T) {
	const bad = `package x
import "math/rand"
func f(m map[int]int) {
	_ = time.Now()
	for range m {}
	go f(nil)
	select {}
	_ = rand.Int()
}`
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", bad, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := offences(f, func(x ast.Expr) bool { return true }); len(got) != 5 {
		t.Error(got)
	}
}
