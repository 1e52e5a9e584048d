package accel

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

const qemu = "qemu-system-x86_64"

func TestBootSector(t *testing.T) {
	b := bootSector()
	if len(b) != 512 || len(code) > 440 || b[510] != 0x55 || b[511] != 0xaa {
		t.Errorf("%d bytes, code %d, signature %x", len(b), len(code), b[510:])
	}
}

// The probe must really run: QEMU's exit status comes from its last instruction.
func TestProbeRunsUnderTCG(t *testing.T) {
	testkit.NeedProgram(t, qemu)
	took, err := Probe(t.Context(), qemu, TCG, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("TCG took %v", took)
}

func TestProbeSeesWhatDoesNotRun(t *testing.T) {
	testkit.NeedProgram(t, qemu)
	whole := code
	t.Cleanup(func() { code = whole })

	code = []byte{0xf4, 0xeb, 0xfd} // hlt forever: a guest that is too slow
	if _, err := Probe(t.Context(), qemu, TCG, time.Second); !errors.Is(err, ErrTooSlow) {
		t.Errorf("a guest that stands still: %v", err)
	}
	code = []byte{0xb0, 0x11, 0xe6, 0xf4} // another exit status
	if took, err := Probe(t.Context(), qemu, TCG, time.Minute); err == nil {
		t.Errorf("a guest that fails passed in %v", took)
	}
	code = whole
	if _, err := Probe(t.Context(), qemu, "nosuch", time.Minute); err == nil || !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("an accelerator that does not exist: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Probe(ctx, qemu, TCG, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// stub is a QEMU that behaves as the shell commands say.
func stub(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "qemu")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMeasure(t *testing.T) {
	if err := openable(device); err != nil {
		testkit.Skip(t, err.Error())
	}
	fast, slow, broken := stub(t, "exit 33"), stub(t, "exec sleep 60"), stub(t, "echo no kvm >&2; exit 1")
	for _, c := range []struct {
		name, qemu string
		mode, want Mode
		err        error
		reason     string
	}{
		{"hardware", fast, Auto, KVM, nil, "ran the probe in"},
		{"hardware, demanded", fast, KVM, KVM, nil, "ran the probe in"},
		{"slow", slow, Auto, TCG, nil, "too slow"},
		{"slow, demanded", slow, KVM, KVM, nil, "slow"},
		{"broken", broken, Auto, TCG, nil, "no kvm"},
		{"broken, demanded", broken, KVM, "", ErrUnusable, ""},
		{"not wanted", broken, TCG, TCG, nil, "asked for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := Measure(t.Context(), c.qemu, c.mode)
			if !errors.Is(err, c.err) || r.Accel != c.want || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
	if _, err := Measure(t.Context(), fast, "hax"); err == nil {
		t.Error("an unknown mode passed")
	}
}

func TestMeasureThisHost(t *testing.T) {
	testkit.NeedProgram(t, qemu)
	r, err := Measure(t.Context(), qemu, Auto)
	if err != nil || r.Accel != KVM && r.Accel != TCG || r.Reason == "" {
		t.Errorf("%+v, %v", r, err)
	}
	t.Log(r)
}

func TestSlowResultsAreRemembered(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accel.json")
	now := cache{Boot: bootID(), Device: identity(device), Mode: Auto, Result: Result{Accel: TCG, Duration: Limit, Reason: "remembered"}}
	program := stub(t, "exit 1")
	now.QEMU = program + " " + identity(program)
	save := func(c cache) {
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*cache){
		"":        func(*cache) {},
		"reboot":  func(c *cache) { c.Boot = "other" },
		"device":  func(c *cache) { c.Device = "other" },
		"program": func(c *cache) { c.QEMU = "other" },
		"mode":    func(c *cache) { c.Mode = KVM },
	} {
		c := now
		change(&c)
		save(c)
		r, err := Cached(t.Context(), file, program, Auto)
		if err != nil || (r.Reason == "remembered") != (name == "") {
			t.Errorf("after a change of %q: %+v, %v", name, r, err)
		}
	}
	// A result that came quickly is not kept.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := Cached(t.Context(), file, program, Auto); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("kept: %v", err)
	}
}
