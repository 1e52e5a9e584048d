package xmlenc

import (
	"encoding/xml"
	"testing"
	"time"
)

// What is escaped must come back from a real XML parser as it was, except what XML
// cannot carry at all.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", "<&>\"'", "a\r\nb\tc", "\x00\x1f\x7f", "é€😀", "\xff\xfe", "\uFFFE", "]]>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got struct {
			Text string `xml:",chardata"`
		}
		doc := Text(nil, "<x>", s)
		if err := xml.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%q became %q: %v", s, doc, err)
		}
		if want := carried(s); got.Text != want {
			t.Fatalf("%q came back as %q, want %q", s, got.Text, want)
		}
	})
}

// carried replaces what XML 1.0 has no way to carry.
func carried(s string) string {
	var out []rune
	for _, r := range s { // a bad byte is U+FFFD already
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			r = 0xFFFD
		}
		out = append(out, r)
	}
	return string(out)
}

func TestScalars(t *testing.T) {
	at := time.Date(2026, 11, 21, 1, 2, 3, 45e6, time.FixedZone("", 3600))
	for want, got := range map[string][]byte{
		"<a>-5</a>":                       Int(nil, "<a>", new(int64(-5))),
		"<a>0.5</a>":                      Float(nil, "<a>", new(0.5)),
		"<a>100000000000000000000000</a>": Float(nil, "<a>", new(1e23)),
		"<a>true</a>":                     Bool(nil, "<a>", new(true)),
		"<a>2026-11-21T00:02:03.045Z</a>": Time(nil, "<a>", &at),
		"<a>AAE=</a>":                     Blob(nil, "<a>", []byte{0, 1}),
		"<a></a>":                         String(nil, "<a>", new("")),
	} {
		if string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if b := Blob(Time(Bool(Float(Int(String(nil, "<a>", nil), "<a>", nil), "<a>", nil), "<a>", nil), "<a>", nil), "<a>", nil); len(b) != 0 {
		t.Errorf("nil is left out, not %s", b)
	}
}
