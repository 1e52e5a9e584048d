package wirebench

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The baseline must do the same work: the same elements with the same text. Only
// times differ in form.
func TestBaselineWritesTheSame(t *testing.T) {
	page := Page(3)
	ours := "<DescribeInstancesResult>" + string(page.AppendXML(nil)) + "</DescribeInstancesResult>"
	theirs, err := xml.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	if ours = strings.ReplaceAll(ours, ".000Z<", "Z<"); ours != string(theirs) {
		t.Error(cmp.Diff(ours, string(theirs)))
	}
}

// The bar is a fifth; it has room, so a miss is a loss and not the weather.
func TestFasterThanEncodingXML(t *testing.T) {
	if raceEnabled {
		return // the detector's own cost is all that would be measured
	}
	r, err := DescribeInstances(1000, 11)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes in %v, encoding/xml %v: 1/%.1f", r.Bytes, r.Ours, r.Baseline, float64(r.Baseline)/float64(r.Ours))
	if r.Ours > r.Baseline/5 {
		t.Errorf("encoding took %v, more than a fifth of encoding/xml's %v", r.Ours, r.Baseline)
	}
}

func BenchmarkOurs(b *testing.B) {
	page := Page(1000)
	var answer []byte
	for b.Loop() {
		answer = page.AppendXML(answer[:0])
	}
}

func BenchmarkEncodingXML(b *testing.B) {
	page := Page(1000)
	for b.Loop() {
		if _, err := xml.Marshal(page); err != nil {
			b.Fatal(err)
		}
	}
}
