package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// model is what is read of an api-2.json.
type model struct {
	Metadata struct {
		APIVersion   string `json:"apiVersion"`
		Protocol     string `json:"protocol"`
		XMLNamespace string `json:"xmlNamespace"`
	} `json:"metadata"`
	Operations map[string]*operation `json:"operations"`
	Shapes     map[string]*shape     `json:"shapes"`
}

type operation struct {
	Input  *ref `json:"input"`
	Output *ref `json:"output"`
}

// ref is a use of a shape: by a member, by a list, or by an operation.
type ref struct {
	Shape         string `json:"shape"`
	LocationName  string `json:"locationName"`
	QueryName     string `json:"queryName"`
	ResultWrapper string `json:"resultWrapper"`
	Flattened     bool   `json:"flattened"`
}

type shape struct {
	Type         string   `json:"type"`
	Members      members  `json:"members"`
	Member       *ref     `json:"member"`
	Required     []string `json:"required"`
	Enum         []string `json:"enum"`
	Min          *float64 `json:"min"`
	Max          *float64 `json:"max"`
	LocationName string   `json:"locationName"`
	Flattened    bool     `json:"flattened"`
}

// members keeps the model's order.
type members []member

type member struct {
	Name string
	ref
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *members) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil { // the opening brace
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		next := member{Name: name.(string)}
		if err := d.Decode(&next.ref); err != nil {
			return err
		}
		*m = append(*m, next)
	}
	return nil
}

func load(file string) (*model, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var m model
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &m, nil
}

// isEC2 reports whether the service speaks EC2 Query; otherwise it is AWS Query.
func (m *model) isEC2() bool { return m.Metadata.Protocol == "ec2" }

// queryName is the name of a member in a request. EC2 Query capitalises the
// location name, unless there is a name for queries.
func (m *model) queryName(x member) string {
	name := x.LocationName
	if name == "" {
		name = m.Shapes[x.Shape].LocationName
	}
	switch {
	case m.isEC2() && x.QueryName != "":
		return x.QueryName
	case name == "":
		return x.Name
	case m.isEC2():
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return name
}

// xmlName is the name of a member in an answer.
func (m *model) xmlName(x member) string {
	if x.LocationName != "" {
		return x.LocationName
	}
	if s := m.Shapes[x.Shape]; s.LocationName != "" {
		return s.LocationName
	}
	return x.Name
}

// itemName is the element around each item of a list in an answer.
func (m *model) itemName(list *shape) string {
	if list.Member.LocationName != "" {
		return list.Member.LocationName
	}
	if s := m.Shapes[list.Member.Shape]; s.LocationName != "" {
		return s.LocationName
	}
	return "member"
}
