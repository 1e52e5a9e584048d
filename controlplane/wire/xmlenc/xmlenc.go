// Package xmlenc appends XML elements to a byte slice. The generated encoders are
// made of it: no reflection and no allocation beyond the answer itself. Elements are
// named by their start tag, "<name>", as that is what is copied.
package xmlenc

import (
	"encoding/base64"
	"strconv"
	"time"
	"unicode/utf8"
)

// Appender is a generated response structure: AppendXML appends its members, but
// not the element around them, which is named by whoever holds it.
type Appender interface {
	AppendXML(b []byte) []byte
}

// Raw is an Appender of members that are encoded already.
type Raw []byte

// AppendXML implements Appender.
func (r Raw) AppendXML(b []byte) []byte { return append(b, r...) }

// end appends the end tag of a start tag.
func end(b []byte, tag string) []byte {
	b = append(b, "</"...)
	return append(b, tag[1:]...)
}

// String appends an element with text, or nothing for nil; so do its siblings.
func String(b []byte, tag string, v *string) []byte {
	if v == nil {
		return b
	}
	return Text(b, tag, *v)
}

// Text appends an element with text.
func Text(b []byte, tag, v string) []byte {
	b = append(b, tag...)
	b = Escape(b, v)
	return end(b, tag)
}

// Int appends a decimal integer.
func Int(b []byte, tag string, v *int64) []byte {
	if v == nil {
		return b
	}
	b = append(b, tag...)
	b = strconv.AppendInt(b, *v, 10)
	return end(b, tag)
}

// Float appends a number without an exponent.
func Float(b []byte, tag string, v *float64) []byte {
	if v == nil {
		return b
	}
	b = append(b, tag...)
	b = strconv.AppendFloat(b, *v, 'f', -1, 64)
	return end(b, tag)
}

// Bool appends true or false.
func Bool(b []byte, tag string, v *bool) []byte {
	if v == nil {
		return b
	}
	b = append(b, tag...)
	b = strconv.AppendBool(b, *v)
	return end(b, tag)
}

// Time appends a time as EC2 writes it: UTC, milliseconds, Z.
func Time(b []byte, tag string, v *time.Time) []byte {
	if v == nil {
		return b
	}
	b = append(b, tag...)
	t := v.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = digits(b, year, 4)
	b = digits(append(b, '-'), int(month), 2)
	b = digits(append(b, '-'), day, 2)
	b = digits(append(b, 'T'), hour, 2)
	b = digits(append(b, ':'), minute, 2)
	b = digits(append(b, ':'), second, 2)
	b = digits(append(b, '.'), t.Nanosecond()/1e6, 3)
	b = append(b, 'Z')
	return end(b, tag)
}

// digits appends the last n digits of a number that is not negative.
func digits(b []byte, v, n int) []byte {
	var text [4]byte
	for i := n - 1; i >= 0; i-- {
		text[i] = byte('0' + v%10)
		v /= 10
	}
	return append(b, text[:n]...)
}

// Blob appends base64.
func Blob(b []byte, tag string, v []byte) []byte {
	if v == nil {
		return b
	}
	b = append(b, tag...)
	b = base64.StdEncoding.AppendEncode(b, v)
	return end(b, tag)
}

// Escape appends s as character data. What XML 1.0 cannot carry becomes U+FFFD.
func Escape(b []byte, s string) []byte {
	i := 0
	for i < len(s) && plain[s[i]] {
		i++
	}
	b = append(b, s[:i]...)
	if i == len(s) {
		return b
	}
	return escape(b, s[i:])
}

func escape(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			b = append(b, s[from:i]...)
			b = append(b, entity(c)...)
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
			b = append(b, s[from:i]...)
			b = append(b, "\uFFFD"...)
			from = i + size
		}
		i += size
	}
	return append(b, s[from:]...)
}

// plain marks the bytes that stand for themselves, whatever is around them.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '<' && c != '>' && c != '&' && c != '"' && c != '\''
	}
	t['\n'], t['\t'] = true, true
	return t
}()

func entity(c byte) string {
	switch c {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '&':
		return "&amp;"
	case '"':
		return "&#34;"
	case '\'':
		return "&#39;"
	case '\r':
		return "&#xD;" // a bare one would reach the client as a line feed
	}
	return "\uFFFD"
}
