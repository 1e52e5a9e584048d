package query

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/micacloud/mica/internal/apierr"
)

// Decodable is a generated request structure. DecodeQuery fills it from n and
// reports what is wrong to d.
type Decodable interface {
	DecodeQuery(d *Decoder, n *Node)
}

// Decoder carries the first error found while a tree is decoded.
type Decoder struct{ err error }

// Decode fills v from the tree. Everything in the tree must be claimed by v.
func Decode(n *Node, v Decodable) error {
	var d Decoder
	v.DecodeQuery(&d, n)
	return d.err
}

func (d *Decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// Unknown reports a part that the structure does not have.
func (d *Decoder) Unknown(n *Node) {
	// The deepest first name is what the client wrote.
	for !n.HasValue && len(n.kids) > 0 {
		n = n.kids[0]
	}
	d.fail(unknown(n.Path))
}

// Struct checks that n can be a structure: it has parts and no value of its own.
func (d *Decoder) Struct(n *Node) {
	if n.HasValue && n.Path != "" {
		d.fail(apierr.New("InvalidQueryParameter", "The parameter %s is a structure; give its members.", n.Path))
	}
}

// Require reports a required member that was not sent.
func (d *Decoder) Require(given bool, n *Node, name string) {
	if given || d.err != nil {
		return
	}
	if n.Path != "" {
		name = n.Path + "." + name
	}
	d.fail(apierr.New("MissingParameter", "The request must contain the parameter %s", name))
}

// value returns the value of a scalar.
func (d *Decoder) value(n *Node) (string, bool) {
	if len(n.kids) > 0 {
		d.Unknown(n.kids[0])
		return "", false
	}
	return n.Value, n.HasValue
}

func (d *Decoder) invalid(n *Node, want string) {
	d.fail(apierr.New("InvalidParameterValue", "Value (%s) for parameter %s is invalid. %s", clip(n.Value), n.Path, want))
}

// String reads a string. It must be UTF-8 that XML can carry back.
func (d *Decoder) String(n *Node) *string {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			d.fail(apierr.New("InvalidParameterValue", "The value of parameter %s has a byte at offset %d that is not allowed in text.", n.Path, i))
			return nil
		}
		i += size
	}
	return &s
}

// Enum reads a string that must be one of allowed.
func (d *Decoder) Enum(n *Node, allowed []string) *string {
	s := d.String(n)
	if s == nil {
		return nil
	}
	for _, a := range allowed {
		if a == *s {
			return s
		}
	}
	d.invalid(n, "It is not one of the values that EC2 has for it.")
	return nil
}

// Int reads an integer of at most bits bits.
func (d *Decoder) Int(n *Node, bits int) *int64 {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	i, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		d.invalid(n, "Expecting an integer.")
		return nil
	}
	return &i
}

// Float reads a finite number.
func (d *Decoder) Float(n *Node) *float64 {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		d.invalid(n, "Expecting a number.")
		return nil
	}
	return &f
}

// Bool reads true or false; any case, as some clients write True.
func (d *Decoder) Bool(n *Node) *bool {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	switch s {
	case "true", "True", "TRUE", "1":
		return new(true)
	case "false", "False", "FALSE", "0":
		return new(false)
	}
	d.invalid(n, "Expecting true or false.")
	return nil
}

// Time reads an ISO 8601 time or seconds since 1970.
func (d *Decoder) Time(n *Node) *time.Time {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return new(t.UTC())
		}
	}
	if sec, err := strconv.ParseInt(s, 10, 40); err == nil {
		return new(time.Unix(sec, 0).UTC())
	}
	d.invalid(n, "Expecting a time such as 2006-01-02T15:04:05Z.")
	return nil
}

// Blob reads base64.
func (d *Decoder) Blob(n *Node) []byte {
	s, ok := d.value(n)
	if !ok {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		d.fail(apierr.New("InvalidParameterValue", "The value of parameter %s is not valid base64.", n.Path))
		return nil
	}
	return b
}

// InRange checks an integer against the model's bounds.
func (d *Decoder) InRange(n *Node, v *int64, least, most int64) {
	if v != nil && (*v < least || *v > most) {
		d.invalid(n, "Expecting a value from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10)+".")
	}
}

// Length checks a string's length in characters against the model's bounds.
func (d *Decoder) Length(n *Node, v *string, least, most int) {
	if v == nil {
		return
	}
	if l := utf8.RuneCountInString(*v); l < least || l > most {
		d.invalid(n, "Expecting "+strconv.Itoa(least)+" to "+strconv.Itoa(most)+" characters.")
	}
}

// Count checks a list's length against the model's bounds.
func (d *Decoder) Count(n *Node, have, least, most int) {
	if have < least || have > most {
		d.fail(apierr.New("InvalidParameterValue", "The parameter %s has %d items. Expecting %d to %d.", n.Path, have, least, most))
	}
}

// Items returns the items of a list in order. wrap is the name between the list
// and its numbers in AWS Query ("member"), empty for EC2 Query, whose lists are flat.
func (d *Decoder) Items(n *Node, wrap string) []*Node {
	if wrap == "" {
		return n.items(d)
	}
	if n.HasValue && n.Value == "" && len(n.kids) == 0 {
		return nil // AWS Query sends an empty list as "Name="
	}
	if n.HasValue {
		return n.items(d) // says what is wrong
	}
	var inner *Node
	for _, k := range n.kids {
		if k.Name != wrap {
			d.Unknown(k)
			return nil
		}
		inner = k
	}
	return inner.items(d)
}
