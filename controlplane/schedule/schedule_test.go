package schedule

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func host(id, zone string, vcpus, mem int) Host {
	return Host{ID: id, Zone: zone, Arch: "x86_64", Up: true, VCPUs: vcpus, MemoryMiB: mem}
}

// ids are the hosts of a placement.
func ids(p Placement) (out []string) {
	for _, s := range p.Spots {
		out = append(out, s.Host)
	}
	return out
}

func TestPlaceSpreadAndPack(t *testing.T) {
	hosts := []Host{host("h1", "a", 8, 8192), host("h2", "a", 8, 8192), host("h3", "a", 8, 4096)}
	hosts[1].UsedMemoryMiB, hosts[1].Boots = 1024, 1
	req := Request{Arch: "x86_64", VCPUs: 2, MemoryMiB: 1024, Min: 4, Max: 4}
	for strategy, want := range map[Strategy][]string{
		Spread: {"h1", "h3", "h1", "h2"}, // h1 at 0, h3 at 0, then h2 and h1 level with h1 the lighter in boots or name
		Pack:   {"h3", "h3", "h3", "h3"}, // the least memory left
	} {
		p, _ := Place(View{Hosts: List(hosts), Policy: Policy{Strategy: strategy}}, req)
		if diff := cmp.Diff(want, ids(p)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", strategy, diff)
		}
	}
	if hosts[0].UsedMemoryMiB != 0 {
		t.Error("Place changed its view")
	}
}

func TestPlaceAsManyAsFitInOneZone(t *testing.T) {
	v := View{Hosts: List{host("a1", "a", 4, 2048), host("b1", "b", 4, 3072), host("b2", "b", 4, 1024)}}
	p, e := Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 10})
	if p.Zone != "b" || len(p.Spots) != 4 {
		t.Errorf("placed %v in %q, want 4 in b (%v)", ids(p), p.Zone, e)
	}
	p, e = Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 5, Max: 10})
	if len(p.Spots) != 0 {
		t.Errorf("placed %v though fewer than MinCount fit", ids(p))
	}
	if want := "3 of 3 hosts have room; room for 4 of 5 in one zone"; e.String() != want {
		t.Errorf("said %q, want %q", e, want)
	}
	if p, _ = Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 2}); p.Zone != "b" {
		t.Errorf("placed in %q, want the emptier zone when both have room", p.Zone)
	}
	if p, _ = Place(v, Request{Zones: []string{"a"}, VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 3}); p.Zone != "a" || len(p.Spots) != 2 {
		t.Errorf("placed %v in %q, want 2 in a, the only zone allowed", ids(p), p.Zone)
	}
}

func TestExplanation(t *testing.T) {
	down := host("h1", "a", 4, 4096)
	down.Up = false
	full := host("h3", "a", 4, 4096)
	full.UsedMemoryMiB = 4000
	arm := host("h4", "a", 4, 4096)
	arm.Arch = "arm64"
	busy := host("h5", "a", 2, 4096)
	busy.UsedVCPUs = 2 * DefaultVCPURatio
	v := View{Hosts: List{down, host("h2", "b", 4, 4096), full, arm, busy, host("h6", "a", 4, 4096)}}
	p, e := Place(v, Request{Zones: []string{"a"}, Arch: "x86_64", VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	want := "1 of 6 hosts has room: 1 down, 1 in other zones, 1 of another architecture, 1 without memory, 1 without vCPUs"
	if e.String() != want {
		t.Errorf("got  %q\nwant %q", e, want)
	}
	if !strings.HasPrefix(p.Spots[0].Why, "spread: 0 of 4096 MiB and 0 of 64 vCPUs were in use; ") {
		t.Errorf("the boot's own reason is %q", p.Spots[0].Why)
	}
	_, e = Place(v, Request{Hosts: []string{"h3"}, VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	if want := "0 of 1 hosts that will do have room: 1 without memory"; e.String() != want {
		t.Errorf("got  %q\nwant %q", e, want)
	}
	if _, e = Place(View{Hosts: List{}}, Request{Min: 1, Max: 1}); e.String() != "there are no hosts" {
		t.Errorf("without hosts: %q", e)
	}
}

func TestNoGuestWiderThanItsHost(t *testing.T) {
	v := View{Hosts: List{host("h1", "a", 1, 65536), host("h2", "a", 4, 65536)}}
	if p, _ := Place(v, Request{VCPUs: 8, MemoryMiB: 1, Min: 1, Max: 1}); ids(p) != nil {
		t.Errorf("8 vCPUs went to %v, which has 4", ids(p))
	}
	// The smallest EC2 types have two vCPUs; a host with one processor may still run them.
	if p, _ := Place(View{Hosts: v.Hosts.(List)[:1]}, Request{VCPUs: 2, MemoryMiB: 1, Min: 1, Max: 1}); len(p.Spots) != 1 {
		t.Error("a host with one processor took no t3.nano")
	}
}
