// Command generate writes the Go types of AWS actions from Amazon's published API
// models: api-2.json in the module github.com/aws/aws-sdk-go, which the go command
// downloads and verifies. Only names, types, bounds and enumerations are taken;
// the models' documentation lives in other files, which are not read.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// source is the module that carries the models, and the one place where its
// version is written.
const source = "github.com/aws/aws-sdk-go@v1.55.8"

// module is the path of the module that is written into.
const module = "github.com/micacloud/mica"

// services maps a service to its model within the module and the folder below
// -out that its package goes to.
var services = map[string]struct{ model, dir string }{
	"ec2": {"models/apis/ec2/2016-11-15/api-2.json", "."},
	"sts": {"models/apis/sts/2011-06-15/api-2.json", "sts"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	actions := flag.String("actions", "actions.txt", "`file` with a \"service Action\" a line")
	out := flag.String("out", ".", "`folder` of the generated packages")
	flag.Parse()
	if err := run(*actions, *out); err != nil {
		log.Fatal(err)
	}
}

func run(actionsFile, out string) error {
	wanted, err := readActions(actionsFile)
	if err != nil {
		return err
	}
	dir, err := moduleDir()
	if err != nil {
		return err
	}
	for service, actions := range wanted {
		at := services[service]
		m, err := load(filepath.Join(dir, at.model))
		if err != nil {
			return err
		}
		g, err := newGenerator(m, actions)
		if err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
		if err := g.write(at.model, filepath.Join(out, at.dir), path.Join("/controlplane/wire/gen", at.dir)); err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
	}
	return nil
}

// write writes the files of one package.
func (g *generator) write(from, folder, importPath string) error {
	pkg := path.Base(importPath)
	for name, emit := range map[string]func() error{
		"types_gen.go":      g.types,
		"decode_gen.go":     g.decoders,
		"encode_gen.go":     g.encoders,
		"operations_gen.go": g.operations,
		"table_gen_test.go": func() error { g.table(pkg, importPath); return nil },
	} {
		g.buf.Reset()
		clause := pkg
		if strings.HasSuffix(name, "_test.go") {
			clause += "_test"
		}
		g.printf("// Code generated from %s of %s; DO NOT EDIT.\n\npackage %s\n", from, source, clause)
		if err := emit(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := writeGo(filepath.Join(folder, name), g.buf.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// readActions returns the actions of each service in the order of the file.
func readActions(file string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if _, ok := services[f[0]]; !ok || len(f) != 2 {
			return nil, fmt.Errorf("%s: %q is not \"service Action\" of a known service", file, strings.TrimSpace(line))
		}
		if slices.Contains(out[f[0]], f[1]) {
			return nil, fmt.Errorf("%s: %s %s is there twice", file, f[0], f[1])
		}
		out[f[0]] = append(out[f[0]], f[1])
	}
	return out, nil
}

// moduleDir asks the go command for the folder of source.
func moduleDir() (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", source)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	var answer struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(text, &answer); err == nil {
		err = jsonErr
	}
	if answer.Error != "" {
		err = errors.New(answer.Error)
	}
	if err != nil {
		return "", fmt.Errorf("download %s: %w\n%s", source, err, stderr.Bytes())
	}
	return answer.Dir, nil
}

// writeGo formats and writes, unless the file has that content already: an
// unchanged file keeps its time, and so the build cache its entries.
func writeGo(file string, text []byte) error {
	text, err := format.Source(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, text) {
		return nil
	}
	return os.WriteFile(file, text, 0o644)
}

// sorted returns the keys of m in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
