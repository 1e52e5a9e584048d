package schedule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func host(id, zone string, vcpus, mem int) Host {
	return Host{ID: id, Zone: zone, Arch: "x86_64", Up: true, VCPUs: vcpus, MemoryMiB: mem}
}

func TestPlaceSpreadAndPack(t *testing.T) {
	hosts := []Host{host("h1", "a", 8, 8192), host("h2", "a", 8, 8192), host("h3", "a", 8, 4096)}
	hosts[1].UsedMemoryMiB, hosts[1].Boots = 1024, 1
	req := Request{Arch: "x86_64", VCPUs: 2, MemoryMiB: 1024, Min: 4, Max: 4}
	for strategy, want := range map[Strategy][]string{
		Spread: {"h1", "h3", "h1", "h2"}, // h1 at 0, h3 at 0, then h2 and h1 level with h1 the lighter in boots or name
		Pack:   {"h2", "h2", "h2", "h2"},
	} {
		p, _ := Place(View{Hosts: hosts, Policy: Policy{Strategy: strategy}}, req)
		if diff := cmp.Diff(want, p.Hosts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", strategy, diff)
		}
	}
	if hosts[0].UsedMemoryMiB != 0 {
		t.Error("Place changed its view")
	}
}

func TestPlaceAsManyAsFitInOneZone(t *testing.T) {
	v := View{Hosts: []Host{host("a1", "a", 4, 2048), host("b1", "b", 4, 3072), host("b2", "b", 4, 1024)}}
	p, e := Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 10})
	if p.Zone != "b" || len(p.Hosts) != 4 {
		t.Errorf("placed %v in %q, want 4 in b (%v)", p.Hosts, p.Zone, e)
	}
	p, e = Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 5, Max: 10})
	if len(p.Hosts) != 0 {
		t.Errorf("placed %v though fewer than MinCount fit", p.Hosts)
	}
	if want := "3 of 3 hosts have room; room for 4 of 5 in one zone"; e.String() != want {
		t.Errorf("said %q, want %q", e, want)
	}
	if p, _ = Place(v, Request{VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 2}); p.Zone != "b" {
		t.Errorf("placed in %q, want the emptier zone when both have room", p.Zone)
	}
	if p, _ = Place(v, Request{Zones: []string{"a"}, VCPUs: 1, MemoryMiB: 1024, Min: 1, Max: 3}); p.Zone != "a" || len(p.Hosts) != 2 {
		t.Errorf("placed %v in %q, want 2 in a, the only zone allowed", p.Hosts, p.Zone)
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
	v := View{Hosts: []Host{down, host("h2", "b", 4, 4096), full, arm, busy, host("h6", "a", 4, 4096)}}
	_, e := Place(v, Request{Zones: []string{"a"}, Arch: "x86_64", VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	want := "1 of 6 hosts has room: 1 down, 1 in other zones, 1 of another architecture, 1 without memory, 1 without vCPUs"
	if e.String() != want {
		t.Errorf("got  %q\nwant %q", e, want)
	}
	if !strings.HasPrefix(e.Each[0], "spread: 0 of 4096 MiB and 0 of 64 vCPUs were in use; ") {
		t.Errorf("the boot's own reason is %q", e.Each[0])
	}
	_, e = Place(v, Request{Host: "h3", VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	if want := "0 of 6 hosts have room: 5 not the one with the root volume, 1 without memory"; e.String() != want {
		t.Errorf("got  %q\nwant %q", e, want)
	}
	if _, e = Place(View{}, Request{Min: 1, Max: 1}); e.String() != "there are no hosts" {
		t.Errorf("without hosts: %q", e)
	}
}

func TestNoGuestWiderThanItsHost(t *testing.T) {
	v := View{Hosts: []Host{host("h1", "a", 1, 65536), host("h2", "a", 4, 65536)}}
	if p, _ := Place(v, Request{VCPUs: 8, MemoryMiB: 1, Min: 1, Max: 1}); p.Hosts != nil {
		t.Errorf("8 vCPUs went to %v, which has 4", p.Hosts)
	}
	// The smallest EC2 types have two vCPUs; a host with one processor may still run them.
	if p, _ := Place(View{Hosts: v.Hosts[:1]}, Request{VCPUs: 2, MemoryMiB: 1, Min: 1, Max: 1}); len(p.Hosts) != 1 {
		t.Error("a host with one processor took no t3.nano")
	}
}

// TestPlaceProperties holds for any view and request: no host gets more than it has or
// what it must not have; the count is between Min and Max, and Max if there is room; a
// refusal is right, as counting by brute force shows; the answer is the same each time.
func TestPlaceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zones := []string{"a", "b", "c"}
		v := View{Policy: Policy{
			Strategy:  rapid.SampledFrom([]Strategy{"", Spread, Pack}).Draw(t, "strategy"),
			VCPURatio: rapid.IntRange(0, 4).Draw(t, "ratio"),
		}}
		for i := range rapid.IntRange(0, 9).Draw(t, "hosts") {
			h := Host{
				ID:        fmt.Sprintf("h%d", i),
				Zone:      rapid.SampledFrom(zones).Draw(t, "zone"),
				Arch:      rapid.SampledFrom([]string{"x86_64", "x86_64", "arm64"}).Draw(t, "arch"),
				Up:        rapid.IntRange(0, 4).Draw(t, "up") > 0,
				VCPUs:     rapid.IntRange(1, 16).Draw(t, "vcpus"),
				MemoryMiB: rapid.IntRange(256, 8192).Draw(t, "mem"),
			}
			h.UsedVCPUs = rapid.IntRange(0, capacity(v.Policy, h)).Draw(t, "usedcpu")
			h.UsedMemoryMiB = rapid.IntRange(0, h.MemoryMiB).Draw(t, "usedmem")
			v.Hosts = append(v.Hosts, h)
		}
		r := Request{
			Zones:     rapid.SampledFrom([][]string{nil, {"a"}, {"b", "a"}, {"c", "b", "a"}}).Draw(t, "zones"),
			Host:      rapid.SampledFrom([]string{"", "", "h0"}).Draw(t, "host"),
			Arch:      "x86_64",
			VCPUs:     rapid.IntRange(1, 4).Draw(t, "v"),
			MemoryMiB: rapid.IntRange(128, 2048).Draw(t, "m"),
			Min:       rapid.IntRange(1, 6).Draw(t, "min"),
		}
		r.Max = r.Min + rapid.IntRange(0, 6).Draw(t, "more")

		p, e := Place(v, r)
		if p2, e2 := Place(v, r); !cmp.Equal(p, p2) || !cmp.Equal(e, e2) {
			t.Fatalf("two answers: %v and %v", p, p2)
		}
		byID, most := map[string]Host{}, map[string]int{}
		for _, h := range v.Hosts {
			byID[h.ID] = h
			if h.Up && h.Arch == r.Arch && (r.Host == "" || r.Host == h.ID) && (len(r.Zones) == 0 || slices.Contains(r.Zones, h.Zone)) && r.VCPUs <= max(h.VCPUs, 2) {
				for c, m := h.UsedVCPUs+r.VCPUs, h.UsedMemoryMiB+r.MemoryMiB; c <= capacity(v.Policy, h) && m <= h.MemoryMiB; c, m = c+r.VCPUs, m+r.MemoryMiB {
					most[h.Zone]++
				}
			}
		}
		room := 0
		for n := range maps.Values(most) {
			room = max(room, n)
		}
		want := min(room, r.Max)
		if room < r.Min {
			want = 0
		}
		if len(p.Hosts) != want || len(e.Each) != want {
			t.Fatalf("placed %d, there was room for %d (%d to %d): %v", len(p.Hosts), room, r.Min, r.Max, e)
		}
		for _, id := range p.Hosts {
			h := byID[id]
			h.UsedVCPUs += r.VCPUs
			h.UsedMemoryMiB += r.MemoryMiB
			byID[id] = h
			if h.UsedVCPUs > capacity(v.Policy, h) || h.UsedMemoryMiB > h.MemoryMiB {
				t.Fatalf("%s has more than it can hold: %+v", id, h)
			}
			if !h.Up || h.Arch != r.Arch || h.Zone != p.Zone || r.Host != "" && id != r.Host {
				t.Fatalf("%s must not have it: %+v", id, h)
			}
		}
		rejected := 0
		for n := range maps.Values(e.Rejected) {
			rejected += n
		}
		if rejected+e.Fit != len(v.Hosts) {
			t.Fatalf("%d hosts rejected and %d fit, of %d", rejected, e.Fit, len(v.Hosts))
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	var v View
	for i := range 1000 {
		v.Hosts = append(v.Hosts, host(fmt.Sprintf("h%04d", i), "a", 64, 262144))
	}
	for b.Loop() {
		Place(v, Request{VCPUs: 2, MemoryMiB: 1024, Min: 1, Max: 1})
	}
}
