package ids

import (
	"strings"
	"testing"
)

func TestBeside(t *testing.T) {
	instance := New(Instance)
	seen := map[string]bool{}
	for range 1000 {
		id := Beside(Interface, instance)
		if !Valid(Interface, id) || !strings.HasPrefix(id, "eni-"+instance[2:2+shared]) || seen[id] {
			t.Fatalf("%q beside %q", id, instance)
		}
		seen[id] = true
	}
	for _, none := range []string{"", "i-12345678", "x"} { // an old id has too few digits to share
		a, b := Beside(Interface, none), Beside(Interface, none)
		if !Valid(Interface, a) || a[:4+shared] == b[:4+shared] {
			t.Errorf("%q and %q beside %q", a, b, none)
		}
	}
}
