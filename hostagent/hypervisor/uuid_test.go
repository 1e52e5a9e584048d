package hypervisor

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestUUIDIsLowerCaseAndStartsWithEC2(t *testing.T) {
	form := regexp.MustCompile(`^ec2[0-9a-f]{5}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`i-[0-9a-f]{17}`).Draw(t, "id")
		if u := UUID(id); !form.MatchString(u) {
			t.Fatalf("UUID(%s) = %s", id, u)
		}
	})
}

// A guest keeps its UUID over stop and start and over upgrades of Mica: licences and
// cloud-init's notion of a new instance hang on it.
func TestUUIDNeverChanges(t *testing.T) {
	if got, want := UUID("i-0123456789abcdef0"), "ec2bb8d0-e8c7-833b-9bdc-3eef7f125d96"; got != want {
		t.Errorf("UUID = %s, want %s", got, want)
	}
}
