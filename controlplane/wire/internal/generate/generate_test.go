package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// What is committed is what the generator writes.
func TestCommittedCodeIsCurrent(t *testing.T) {
	if _, err := moduleDir(); err != nil {
		testkit.Skip(t, "needs the module with the published API models: "+err.Error())
	}
	const committed = "../../gen"
	out := t.TempDir()
	if err := os.Mkdir(filepath.Join(out, "sts"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := run(filepath.Join(committed, "actions.txt"), out); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{".", "sts"} {
		want := generated(t, filepath.Join(out, folder))
		have := generated(t, filepath.Join(committed, folder))
		if len(want) != 5 {
			t.Errorf("%s: %d files", folder, len(want))
		}
		for name, text := range want {
			if !bytes.Equal(have[name], text) {
				t.Errorf("%s/%s is not what the generator writes: run make generate", folder, name)
			}
		}
		for name := range have {
			if want[name] == nil {
				t.Errorf("%s/%s is written by nobody any more", folder, name)
			}
		}
	}
}

func generated(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*_gen*.go"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestReadActions(t *testing.T) {
	for text, says := range map[string]string{
		"ec2 A\n# comment\n\nsts B # why\nec2 C": "",
		"ec2 A\nec2 A":                           "twice",
		"s3 A":                                   "known service",
		"ec2":                                    "known service",
		"ec2 A B":                                "known service",
	} {
		file := filepath.Join(t.TempDir(), "actions.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readActions(file)
		switch {
		case says == "" && (err != nil || strings.Join(got["ec2"], " ") != "A C" || strings.Join(got["sts"], " ") != "B"):
			t.Errorf("%q: %v, %v", text, got, err)
		case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What the generator has no form for must stop it, not be left out.
func TestUnsupportedModels(t *testing.T) {
	in := &ref{Shape: "In"}
	for says, m := range map[string]*model{
		"no action":    {Operations: map[string]*operation{}},
		"no input":     {Operations: map[string]*operation{"A": {}}},
		"is a map":     {Operations: map[string]*operation{"A": {Input: in}}, Shapes: map[string]*shape{"In": {Type: "structure", Members: members{{Name: "M", ref: ref{Shape: "Map"}}}}, "Map": {Type: "map"}}},
		"list of list": {Operations: map[string]*operation{"A": {Input: in}}, Shapes: map[string]*shape{"In": {Type: "structure", Members: members{{Name: "M", ref: ref{Shape: "L"}}}}, "L": {Type: "list", Member: &ref{Shape: "L"}}}},
	} {
		if _, err := newGenerator(m, []string{"A"}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want something about %q", err, says)
		}
	}
}

func TestNames(t *testing.T) {
	for value, want := range map[string]string{"shutting-down": "ShuttingDown", "io1": "Io1", "t3.micro": "T3Micro", "Windows with SQL": "WindowsWithSQL", "": ""} {
		if got := camel(value); got != want {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
	m := &model{Shapes: map[string]*shape{"S": {}, "Named": {LocationName: "own"}}}
	m.Metadata.Protocol = "ec2"
	for _, c := range []struct {
		member       member
		query, inXML string
	}{
		{member{"VpcId", ref{Shape: "S"}}, "VpcId", "VpcId"},
		{member{"VpcId", ref{Shape: "S", LocationName: "vpcId"}}, "VpcId", "vpcId"},
		{member{"A", ref{Shape: "S", LocationName: "aSet", QueryName: "A"}}, "A", "aSet"},
		{member{"A", ref{Shape: "Named"}}, "Own", "own"},
	} {
		if q, x := m.queryName(c.member), m.xmlName(c.member); q != c.query || x != c.inXML {
			t.Errorf("%+v is %s in requests and %s in answers", c.member, q, x)
		}
	}
	m.Metadata.Protocol = "query"
	if q := m.queryName(member{"Arn", ref{Shape: "S", LocationName: "arn"}}); q != "arn" {
		t.Errorf("AWS Query keeps the case of names, not %s", q)
	}
}
