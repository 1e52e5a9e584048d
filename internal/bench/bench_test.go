package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// TestQuick runs every comparison that boots no guest, so that the program keeps working.
// Whether a bar is met is `make bench`'s to say, on a quiet machine.
func TestQuick(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "qemu-img")
	var want, got []string
	for _, b := range benches {
		if !b.guests {
			want = append(want, b.name)
		}
	}
	write := func(line []byte) (int, error) {
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if r.Ours <= 0 || r.Baseline <= 0 || r.Ratio != r.Ours/r.Baseline {
			t.Errorf("no measurement: %s", line)
		}
		got = append(got, r.Name)
		return len(line), nil
	}
	if err := run(t.Context(), "", true, write); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("measured %q, want %q", got, want)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		better         string
		ours, baseline float64
		ok             bool
	}{
		{"lower", 1.1, 1, true}, {"lower", 1.2, 1, false}, {"lower", 0.5, 1, true},
		{"higher", 1.1, 1, true}, {"higher", 1.2, 1, true}, {"higher", 1, 1, false},
	} {
		r := bench{bar: 1.1, better: c.better}.judge(c.ours, c.baseline)
		if r.OK != c.ok || r.Ratio != c.ours/c.baseline {
			t.Errorf("%s is better, bar 1.1: %+v, want ok %t", c.better, r, c.ok)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		d    []time.Duration
		want float64
	}{
		{[]time.Duration{3 * time.Second}, 3},
		{[]time.Duration{9 * time.Second, time.Second}, 5}, // not the larger of two
		{[]time.Duration{9 * time.Second, time.Second, 2 * time.Second}, 2},
		{[]time.Duration{4 * time.Second, 9 * time.Second, time.Second, 2 * time.Second}, 3},
	} {
		if got := median(c.d); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.d, got, c.want)
		}
	}
}

// TestTurns: each side goes first as often, and the first failure ends it.
func TestTurns(t *testing.T) {
	order := ""
	side := func(name string) func() (time.Duration, error) {
		return func() (time.Duration, error) { order += name; return time.Second, nil }
	}
	if _, _, err := turns(4, side("a"), side("b")); err != nil || order != "abbaabba" {
		t.Errorf("order %s, %v", order, err)
	}
	order = ""
	broken := func() (time.Duration, error) { return 0, errors.New("no") }
	if _, _, err := turns(4, broken, side("b")); err == nil || order != "" {
		t.Errorf("went on after a failure: %q, %v", order, err)
	}
}

// TestHandArgs: the QEMU of our own is the same machine, and takes over nothing that
// libvirt opened for its own.
func TestHandArgs(t *testing.T) {
	from := []string{"/usr/bin/qemu-system-x86_64", "-name", "guest=mica-i-1", "-S",
		"-object", `{"qom-type":"secret","id":"masterKey0","file":"/var/lib/libvirt/qemu/domain-1/master-key.aes"}`,
		"-object", `{"qom-type":"memory-backend-ram","id":"pc.ram","size":2147483648}`,
		"-accel", "tcg", "-uuid", "ec2bf4ca-a31d-880e-8641-3e726b2a6c4f", "-nodefaults",
		"-chardev", "socket,id=charmonitor,fd=36,server=on,wait=off", "-mon", "chardev=charmonitor,id=monitor,mode=control",
		"-blockdev", `{"driver":"file","filename":"/d/images/0a.qcow2","node-name":"b"}`,
		"-blockdev", `{"driver":"file","filename":"/d/volumes/vol-88383f3766b7209a7.qcow2","node-name":"a"}`,
		"-netdev", `{"type":"tap","fd":"38","id":"hostnet0"}`, "-add-fd", "set=0,fd=37,opaque=serial0-log",
		"-device", `{"driver":"isa-serial","chardev":"charserial0"}`}
	out := handArgs(from, "/b/raw.qcow2", "mbtap", "/b")
	got := strings.Join(out, " ")
	for _, s := range []string{"-S", "-accel tcg", "-nodefaults", "-uuid ec2bf4ca", "pc.ram", "/d/images/0a.qcow2", `"/b/raw.qcow2"`, "ifname=mbtap", "isa-serial"} {
		if !strings.Contains(got, s) {
			t.Errorf("no %s in %s", s, got)
		}
	}
	for _, s := range []string{"masterKey0", "fd=", `"fd"`, "charmonitor", "/volumes/", "guest="} {
		if strings.Contains(got, s) {
			t.Errorf("%s in %s", s, got)
		}
	}
}

// TestOneBenchAtATime: a second would take the first one's guests for leftovers.
func TestOneBenchAtATime(t *testing.T) {
	was := lockFile
	lockFile = t.TempDir() + "/lock"
	defer func() { lockFile = was }()
	unlock, err := lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(); err == nil {
		t.Fatal("two benches hold the lock")
	}
	unlock()
	if unlock, err = lock(); err != nil {
		t.Fatal(err)
	}
	unlock()
}
