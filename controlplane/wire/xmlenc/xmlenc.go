// Package xmlenc appends XML elements to a byte slice. The generated encoders are
// made of it: no reflection and no allocation beyond the answer itself.
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

// Open appends <name>.
func Open(b []byte, name string) []byte {
	b = append(b, '<')
	b = append(b, name...)
	return append(b, '>')
}

// Close appends </name>.
func Close(b []byte, name string) []byte {
	b = append(b, '<', '/')
	b = append(b, name...)
	return append(b, '>')
}

// String appends an element with text, or nothing for nil; so do its siblings.
func String(b []byte, name string, v *string) []byte {
	if v == nil {
		return b
	}
	return Text(b, name, *v)
}

// Text appends an element with text.
func Text(b []byte, name, v string) []byte {
	b = Open(b, name)
	b = Escape(b, v)
	return Close(b, name)
}

// Int appends a decimal integer.
func Int(b []byte, name string, v *int64) []byte {
	if v == nil {
		return b
	}
	b = Open(b, name)
	b = strconv.AppendInt(b, *v, 10)
	return Close(b, name)
}

// Float appends a number without an exponent.
func Float(b []byte, name string, v *float64) []byte {
	if v == nil {
		return b
	}
	b = Open(b, name)
	b = strconv.AppendFloat(b, *v, 'f', -1, 64)
	return Close(b, name)
}

// Bool appends true or false.
func Bool(b []byte, name string, v *bool) []byte {
	if v == nil {
		return b
	}
	b = Open(b, name)
	b = strconv.AppendBool(b, *v)
	return Close(b, name)
}

// Time appends a time as EC2 writes it: UTC, milliseconds, Z.
func Time(b []byte, name string, v *time.Time) []byte {
	if v == nil {
		return b
	}
	b = Open(b, name)
	b = v.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	return Close(b, name)
}

// Blob appends base64.
func Blob(b []byte, name string, v []byte) []byte {
	if v == nil {
		return b
	}
	b = Open(b, name)
	b = base64.StdEncoding.AppendEncode(b, v)
	return Close(b, name)
}

// Escape appends s as character data. What XML 1.0 cannot carry becomes U+FFFD.
func Escape(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if plain[c] {
				i++
				continue
			}
			b = append(b, s[from:i]...)
			b = append(b, escapes(c)...)
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

// plain marks the ASCII characters that stand for themselves.
var plain = func() (t [utf8.RuneSelf]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		t[c] = c != '<' && c != '>' && c != '&' && c != '"' && c != '\''
	}
	t['\n'], t['\t'] = true, true
	return t
}()

func escapes(c byte) string {
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
