package main

import (
	"bytes"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"
)

// openEnums are the enumerations that an operator may extend, or that are too long
// to be worth constants: their values are not checked on decoding.
var openEnums = []string{"InstanceType"}

// generator emits the code of one service.
type generator struct {
	*model
	actions []string
	inputs  map[string]bool // structures reachable from a request
	outputs map[string]bool // structures reachable from an answer
	roots   map[string]bool // request structures of the actions themselves
	buf     bytes.Buffer
}

func newGenerator(m *model, actions []string) (*generator, error) {
	g := &generator{model: m, actions: actions, inputs: map[string]bool{}, outputs: map[string]bool{}, roots: map[string]bool{}}
	for _, a := range actions {
		op := m.Operations[a]
		if op == nil {
			return nil, fmt.Errorf("the model has no action %s", a)
		}
		if op.Input == nil {
			return nil, fmt.Errorf("%s has no input, which is not supported yet", a)
		}
		g.roots[op.Input.Shape] = true
		if err := g.reach(op.Input.Shape, g.inputs); err != nil {
			return nil, err
		}
		if op.Output == nil {
			continue
		}
		if err := g.reach(op.Output.Shape, g.outputs); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// reach marks the structures that name's values can hold.
func (g *generator) reach(name string, seen map[string]bool) error {
	s := g.Shapes[name]
	switch s.Type {
	case "list":
		if g.Shapes[s.Member.Shape].Type == "list" {
			return fmt.Errorf("%s is a list of lists, which is not supported yet", name)
		}
		return g.reach(s.Member.Shape, seen)
	case "structure":
		if seen[name] {
			return nil
		}
		seen[name] = true
		for _, m := range s.Members {
			if err := g.reach(m.Shape, seen); err != nil {
				return err
			}
		}
	case "map":
		return fmt.Errorf("%s is a map, which is not supported yet", name)
	}
	return nil
}

func (g *generator) printf(form string, args ...any) { fmt.Fprintf(&g.buf, form, args...) }

// scalars maps the model's scalar types to Go's.
var scalars = map[string]string{
	"string": "string", "integer": "int64", "long": "int64", "boolean": "bool",
	"double": "float64", "float": "float64", "timestamp": "time.Time",
}

// goType is the type of a member with that shape.
func (g *generator) goType(name string) string {
	s := g.Shapes[name]
	switch s.Type {
	case "structure":
		return "*" + name
	case "list":
		item := g.Shapes[s.Member.Shape]
		if goType, ok := scalars[item.Type]; ok {
			return "[]" + goType
		}
		return "[]" + g.goType(s.Member.Shape)
	case "blob":
		return "[]byte"
	}
	return "*" + scalars[s.Type]
}

// field is the Go name of a member.
func field(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

func (g *generator) types() error {
	all := map[string]bool{}
	for _, set := range []map[string]bool{g.inputs, g.outputs} {
		for name := range set {
			all[name] = true
		}
	}
	var body bytes.Buffer
	enums := map[string]bool{}
	for _, name := range sorted(all) {
		fmt.Fprintf(&body, "\n// %s is the structure of that name in the model.\ntype %s struct {\n", name, name)
		for _, m := range g.Shapes[name].Members {
			fmt.Fprintf(&body, "\t%s %s%s\n", field(m.Name), g.goType(m.Shape), g.tag(name, m))
			g.noteEnum(m.Shape, enums)
		}
		body.WriteString("}\n")
	}
	for _, a := range sorted(g.void()) {
		fmt.Fprintf(&body, "\n// %sResult is the answer to %s, which says no more than that it succeeded.\ntype %sResult struct{}\n", a, a, a)
	}
	if bytes.Contains(body.Bytes(), []byte("time.Time")) {
		g.printf("\nimport \"time\"\n")
	}
	g.buf.Write(body.Bytes())
	return g.enums(sorted(enums), all)
}

// tag is what encoding/xml would need to write a member as AppendXML does. Answers do
// not go that way; it is what their encoding is measured against, and it shows the name.
func (g *generator) tag(structure string, m member) string {
	if !g.outputs[structure] {
		return ""
	}
	name := g.xmlName(m)
	if s := g.Shapes[m.Shape]; s.Type == "list" && !s.Flattened && !m.Flattened {
		name += ">" + g.itemName(s)
	}
	return " `xml:\"" + name + "\"`"
}

// void holds the actions without an answer of their own.
func (g *generator) void() map[string]bool {
	out := map[string]bool{}
	for _, a := range g.actions {
		if g.Operations[a].Output == nil {
			out[a] = true
		}
	}
	return out
}

func (g *generator) noteEnum(name string, enums map[string]bool) {
	s := g.Shapes[name]
	if s.Type == "list" {
		name = s.Member.Shape
		s = g.Shapes[name]
	}
	if len(s.Enum) > 0 && !slices.Contains(openEnums, name) {
		enums[name] = true
	}
}

// enums emits a constant a value, and the list of an enumeration's values.
func (g *generator) enums(names []string, taken map[string]bool) error {
	for _, name := range names {
		g.printf("\n// The values of %s.\nconst (\n", name)
		for _, value := range g.Shapes[name].Enum {
			constant := name + camel(value)
			if taken[constant] || !token.IsIdentifier(constant) {
				constant = name + "Value" + camel(value)
			}
			if taken[constant] {
				return fmt.Errorf("the constant %s of %s is there twice", constant, name)
			}
			taken[constant] = true
			g.printf("\t%s = %q\n", constant, value)
		}
		g.printf(")\n")
	}
	return nil
}

// camel turns "shutting-down" into ShuttingDown and "io1" into Io1.
func camel(value string) string {
	var b strings.Builder
	up := true
	for _, r := range value {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

func (g *generator) encoders() error {
	g.printf("\nimport %q\n", module+"/controlplane/wire/xmlenc")
	for _, name := range sorted(g.outputs) {
		g.printf("\n// AppendXML implements xmlenc.Appender.\nfunc (v *%s) AppendXML(b []byte) []byte {\n\tif v == nil {\n\t\treturn b\n\t}\n", name)
		for _, m := range g.Shapes[name].Members {
			g.encodeMember(m)
		}
		g.printf("\treturn b\n}\n")
	}
	for _, a := range sorted(g.void()) {
		g.printf("\n// AppendXML implements xmlenc.Appender.\nfunc (v *%sResult) AppendXML(b []byte) []byte {\n", a)
		if g.isEC2() {
			g.printf("\treturn xmlenc.Bool(b, \"<return>\", new(true))\n}\n")
		} else {
			g.printf("\treturn b\n}\n")
		}
	}
	return nil
}

// appenders maps the model's scalar types to the functions of xmlenc.
var appenders = map[string]string{
	"string": "String", "integer": "Int", "long": "Int", "boolean": "Bool",
	"double": "Float", "float": "Float", "timestamp": "Time", "blob": "Blob",
}

func (g *generator) encodeMember(m member) {
	f, name, s := field(m.Name), g.xmlName(m), g.Shapes[m.Shape]
	switch s.Type {
	case "structure":
		g.printf("\tif v.%s != nil {\n\t\tb = append(b, \"<%s>\"...)\n\t\tb = v.%s.AppendXML(b)\n\t\tb = append(b, \"</%s>\"...)\n\t}\n", f, name, f, name)
	case "list":
		item, wrapped := g.itemName(s), !(s.Flattened || m.Flattened)
		if !wrapped {
			item = name
		}
		g.printf("\tif v.%s != nil {\n", f)
		if wrapped {
			g.printf("\t\tb = append(b, \"<%s>\"...)\n", name)
		}
		g.printf("\t\tfor _, e := range v.%s {\n", f)
		switch typ := g.Shapes[s.Member.Shape].Type; typ {
		case "structure":
			g.printf("\t\t\tb = append(b, \"<%s>\"...)\n\t\t\tb = e.AppendXML(b)\n\t\t\tb = append(b, \"</%s>\"...)\n", item, item)
		case "string":
			g.printf("\t\t\tb = xmlenc.Text(b, \"<%s>\", e)\n", item)
		default:
			g.printf("\t\t\tb = xmlenc.%s(b, \"<%s>\", &e)\n", appenders[typ], item)
		}
		g.printf("\t\t}\n")
		if wrapped {
			g.printf("\t\tb = append(b, \"</%s>\"...)\n", name)
		}
		g.printf("\t}\n")
	default:
		g.printf("\tb = xmlenc.%s(b, \"<%s>\", v.%s)\n", appenders[s.Type], name, f)
	}
}
