// Package query reads the parameters of AWS's two form protocols, EC2 Query and
// AWS Query, into a tree ("Filter.1.Value.2=x") that the generated types decode
// themselves from. It is strict: what no type claims is an error.
package query

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/micacloud/mica/internal/apierr"
)

// Limits on the shape of a request. EC2 documents 1,000 ids a call; the others
// bound the work that a hostile request can cause.
const (
	MaxParameters = 10_000
	MaxDepth      = 12
	MaxListItems  = 1_000
	maxName       = 512
)

// Node is a parameter, or a group of those that share a prefix.
type Node struct {
	// Path is the full name as the client sent it, for messages.
	Path string
	// Name is the last part of Path.
	Name string
	// Value is what the client sent for exactly this name, if HasValue.
	Value    string
	HasValue bool

	kids  []*Node
	index map[string]*Node
}

// Kids returns the parts below n in the order of their names.
func (n *Node) Kids() []*Node { return n.kids }

// Kid returns the part of that name, or nil.
func (n *Node) Kid(name string) *Node { return n.index[name] }

// Parse builds the tree of a request's parameters. Each may be given once.
func Parse(form url.Values) (*Node, error) {
	if len(form) > MaxParameters {
		return nil, apierr.New("MalformedQueryString", "The request has %d parameters; the limit is %d.", len(form), MaxParameters)
	}
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names) // so that the same request always fails in the same way
	root := &Node{}
	for _, name := range names {
		if len(form[name]) != 1 {
			return nil, apierr.New("MalformedQueryString", "The parameter %s was given %d times.", clip(name), len(form[name]))
		}
		if err := root.insert(name, form[name][0]); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func (n *Node) insert(name, value string) error {
	if len(name) > maxName || strings.Count(name, ".") >= MaxDepth {
		return unknown(name)
	}
	at := n
	for end := 0; end <= len(name); end++ {
		if end < len(name) && name[end] != '.' {
			continue
		}
		part := name[strings.LastIndexByte(name[:end], '.')+1 : end]
		if part == "" {
			return unknown(name)
		}
		next := at.index[part]
		if next == nil {
			next = &Node{Path: name[:end], Name: part}
			if at.index == nil {
				at.index = map[string]*Node{}
			}
			at.index[part] = next
			at.kids = append(at.kids, next)
		}
		at = next
	}
	at.Value, at.HasValue = value, true
	return nil
}

// items returns the numbered parts below n in numeric order. As with EC2, the
// numbers need not be dense: they only give the order.
func (n *Node) items(d *Decoder) []*Node {
	if n.HasValue {
		d.fail(apierr.New("InvalidQueryParameter", "The parameter %s is a list; number its items: %s.1, %s.2.", n.Path, n.Path, n.Path))
		return nil
	}
	if len(n.kids) > MaxListItems {
		d.fail(apierr.New("InvalidParameterValue", "The parameter %s has %d items; the limit is %d.", n.Path, len(n.kids), MaxListItems))
		return nil
	}
	type numbered struct {
		at   int
		node *Node
	}
	list := make([]numbered, 0, len(n.kids))
	for _, k := range n.kids {
		at, err := strconv.ParseUint(k.Name, 10, 31)
		if err != nil || at == 0 || k.Name[0] == '0' || k.Name[0] == '+' {
			d.fail(unknown(k.Path))
			return nil
		}
		list = append(list, numbered{int(at), k})
	}
	slices.SortFunc(list, func(a, b numbered) int { return a.at - b.at })
	out := make([]*Node, len(list))
	for i, l := range list {
		out[i] = l.node
	}
	return out
}

func unknown(name string) error {
	return apierr.New("UnknownParameter", "The parameter %s is not recognized.", clip(name))
}

// clip bounds what a message repeats of a client's input.
func clip(s string) string {
	if len(s) > 100 {
		return strings.ToValidUTF8(s[:100], "") + "..."
	}
	return s
}
