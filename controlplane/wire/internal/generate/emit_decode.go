package main

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (g *generator) decoders() error {
	g.printf("\nimport %q\n", module+"/controlplane/wire/query")
	enums := map[string]bool{}
	for _, name := range sorted(g.inputs) {
		if err := g.decoder(name, enums); err != nil {
			return err
		}
	}
	for _, name := range sorted(enums) {
		g.printf("\nvar values%s = []string{", name)
		for _, v := range g.Shapes[name].Enum {
			g.printf("%q, ", v)
		}
		g.printf("}\n")
	}
	for _, name := range sorted(g.roots) {
		g.traits(name)
	}
	return nil
}

func (g *generator) decoder(name string, enums map[string]bool) error {
	s := g.Shapes[name]
	g.printf("\n// DecodeQuery implements query.Decodable.\nfunc (v *%s) DecodeQuery(d *query.Decoder, n *query.Node) {\n\td.Struct(n)\n\tfor _, k := range n.Kids() {\n\t\tswitch k.Name {\n", name)
	seen := map[string]bool{}
	for _, m := range s.Members {
		q := g.queryName(m)
		if seen[q] {
			return fmt.Errorf("%s has two members that requests call %s", name, q)
		}
		seen[q] = true
		g.printf("\t\tcase %q:\n", q)
		g.decodeMember(m, enums)
	}
	g.printf("\t\tdefault:\n\t\t\td.Unknown(k)\n\t\t}\n\t}\n")
	for _, m := range s.Members {
		if slices.Contains(s.Required, m.Name) {
			given := "v." + field(m.Name) + " != nil"
			if g.Shapes[m.Shape].Type == "list" {
				given = "len(v." + field(m.Name) + ") > 0"
			}
			g.printf("\td.Require(%s, n, %q)\n", given, g.queryName(m))
		}
	}
	g.printf("}\n")
	return nil
}

func (g *generator) decodeMember(m member, enums map[string]bool) {
	f, s := "v."+field(m.Name), g.Shapes[m.Shape]
	switch s.Type {
	case "structure":
		g.printf("\t\t\t%s = new(%s)\n\t\t\t%s.DecodeQuery(d, k)\n", f, m.Shape, f)
	case "list":
		wrap := ""
		if !g.isEC2() && !s.Flattened && !m.Flattened {
			wrap = g.itemName(s)
		}
		item := g.Shapes[s.Member.Shape]
		g.printf("\t\t\t%s = %s{}\n\t\t\tfor _, k := range d.Items(k, %q) {\n", f, g.goType(m.Shape), wrap)
		if item.Type == "structure" {
			g.printf("\t\t\t\te := new(%s)\n\t\t\t\te.DecodeQuery(d, k)\n\t\t\t\t%s = append(%s, e)\n", s.Member.Shape, f, f)
		} else {
			g.printf("\t\t\t\tif e := %s; e != nil {\n\t\t\t\t\t%s = append(%s, *e)\n\t\t\t\t}\n", g.scalar(s.Member.Shape, enums), f, f)
		}
		g.printf("\t\t\t}\n")
		if s.Max != nil || s.Min != nil && *s.Min > 0 {
			least, most := bounds(s)
			g.printf("\t\t\td.Count(k, len(%s), %d, %d)\n", f, least, min(most, math.MaxInt32))
		}
	default:
		g.printf("\t\t\t%s = %s\n", f, g.scalar(m.Shape, enums))
		g.check(f, s)
	}
}

// scalar is the expression that reads a scalar from k.
func (g *generator) scalar(name string, enums map[string]bool) string {
	s := g.Shapes[name]
	switch s.Type {
	case "string":
		if len(s.Enum) == 0 || slices.Contains(openEnums, name) {
			return "d.String(k)"
		}
		enums[name] = true
		return "d.Enum(k, values" + name + ")"
	case "integer":
		return "d.Int(k, 32)"
	case "long":
		return "d.Int(k, 64)"
	}
	return "d." + appenders[s.Type] + "(k)"
}

// check emits the model's bounds on a scalar.
func (g *generator) check(f string, s *shape) {
	if s.Min == nil && s.Max == nil {
		return
	}
	least, most := bounds(s)
	switch s.Type {
	case "integer", "long":
		g.printf("\t\t\td.InRange(k, %s, %d, %d)\n", f, least, most)
	case "string":
		g.printf("\t\t\td.Length(k, %s, %d, %d)\n", f, max(least, 0), min(most, math.MaxInt32))
	}
}

func bounds(s *shape) (least, most int64) {
	least, most = math.MinInt64, math.MaxInt64
	if s.Min != nil {
		least = int64(*s.Min)
	}
	if s.Max != nil {
		most = int64(*s.Max)
	}
	if s.Type == "list" {
		least = max(least, 0)
	}
	return least, most
}

// traits emits what the chain asks of every request, whatever its type.
func (g *generator) traits(name string) {
	dryRun, token := "false, false", "nil, false"
	for _, m := range g.Shapes[name].Members {
		switch m.Name {
		case "DryRun":
			dryRun = "v.DryRun != nil && *v.DryRun, true"
		case "ClientToken":
			token = "v.ClientToken, true"
		}
	}
	g.printf("\n// AsksDryRun reports whether the request is a dry run, and whether the action has such a parameter.\nfunc (v *%s) AsksDryRun() (asked, has bool) { return %s }\n", name, dryRun)
	g.printf("\n// Token returns the client token, and whether the action has such a parameter.\nfunc (v *%s) Token() (token *string, has bool) { return %s }\n", name, token)
}

// operations emits the names of all actions that the service has.
func (g *generator) operations() error {
	g.printf("\n// The service as its answers and requests name it.\nconst (\n\tAPIVersion = %q\n\tNamespace = %q\n)\n", g.Metadata.APIVersion, g.Metadata.XMLNamespace)
	g.printf("\n// Operations are all actions of the service, whether Mica has them or not.\nvar Operations = []string{\n")
	for _, name := range sorted(g.Operations) {
		g.printf("\t%q,\n", name)
	}
	g.printf("}\n\n// Generated are the actions whose types this package holds.\nvar Generated = []string{\n")
	for _, name := range g.actions {
		g.printf("\t%q,\n", name)
	}
	g.printf("}\n")
	g.printf("\n// Minimal has, by action, a smallest request that its type takes: what the model\n// requires and no more, with values that mean nothing.\nvar Minimal = map[string]string{\n")
	for _, name := range g.actions {
		form := url.Values{}
		g.minimal(form, "", g.Operations[name].Input.Shape)
		g.printf("\t%q: %q,\n", name, form.Encode())
	}
	g.printf("}\n")
	return nil
}

// minimal adds to form what a value of a shape needs at least.
func (g *generator) minimal(form url.Values, at, name string) {
	s := g.Shapes[name]
	switch s.Type {
	case "structure":
		for _, m := range s.Members {
			if slices.Contains(s.Required, m.Name) {
				g.minimal(form, strings.TrimPrefix(at+"."+g.queryName(m), "."), m.Shape)
			}
		}
		if len(s.Required) == 0 && at != "" && len(s.Members) > 0 {
			m := s.Members[0] // a structure without members has no form
			g.minimal(form, at+"."+g.queryName(m), m.Shape)
		}
	case "list":
		if !g.isEC2() && !s.Flattened {
			at += "." + g.itemName(s)
		}
		g.minimal(form, at+".1", s.Member.Shape)
	case "string":
		least, _ := bounds(s)
		value := strings.Repeat("x", int(max(least, 1)))
		if len(s.Enum) > 0 {
			value = s.Enum[0]
		}
		form.Set(at, value)
	case "boolean":
		form.Set(at, "true")
	case "timestamp":
		form.Set(at, "2026-01-01T00:00:00Z")
	case "blob":
		form.Set(at, "eA==")
	default:
		least, _ := bounds(s)
		form.Set(at, strconv.FormatInt(max(least, 1), 10))
	}
}

// table emits, for tests, how to make a request and an answer of each action.
func (g *generator) table(pkg, path string) {
	g.printf("\nimport (\n\t%q\n\t%q\n\t%q\n)\n", module+path, module+"/controlplane/wire/query", module+"/controlplane/wire/xmlenc")
	g.printf("\nvar table = map[string]func() (query.Decodable, xmlenc.Appender){\n")
	for _, a := range g.actions {
		op, out := g.Operations[a], a+"Result"
		if op.Output != nil {
			out = op.Output.Shape
		}
		g.printf("\t%q: func() (query.Decodable, xmlenc.Appender) { return new(%s.%s), new(%s.%s) },\n", a, pkg, op.Input.Shape, pkg, out)
	}
	g.printf("}\n")
}
