// Package accel finds out by measuring whether this host's KVM runs guests at speed.
//
// That /dev/kvm exists and opens says little: nested or emulated KVM may take seconds
// for what hardware does in milliseconds, and guests on it are slower than under
// TCG, QEMU's own translator. So a tiny guest is timed.
package accel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Mode is what the operator asks for, and Accel in a Result what is used.
type Mode string

// The modes. Auto is never a result.
const (
	Auto Mode = "auto"
	KVM  Mode = "kvm"
	TCG  Mode = "tcg"
)

// Limit is how long the probe may take under KVM. Hardware needs tens of
// milliseconds, and starting QEMU is most of the rest.
const Limit = 3 * time.Second

const device = "/dev/kvm"

// Result says what runs guests here, and why.
type Result struct {
	Accel    Mode          `json:"accel"`       // KVM or TCG
	Duration time.Duration `json:"duration_ns"` // how long the probe took; 0 when none ran
	Reason   string        `json:"reason"`      // a sentence for the operator
}

var (
	// ErrTooSlow says that the probe did not end within its limit.
	ErrTooSlow = errors.New("too slow")
	// ErrUnusable says that KVM was demanded and does not run guests at all.
	ErrUnusable = errors.New("KVM is not usable")
)

// Measure decides how guests run. qemu is the program, such as qemu-system-x86_64.
// Auto falls back to TCG; KVM is obeyed even when it is slow, and is ErrUnusable when
// it does not work at all.
func Measure(ctx context.Context, qemu string, mode Mode) (Result, error) {
	switch mode {
	case TCG:
		return Result{Accel: TCG, Reason: "TCG was asked for"}, nil
	case Auto, KVM:
	default:
		return Result{}, fmt.Errorf("acceleration %q: auto, kvm or tcg", string(mode))
	}
	took, err := time.Duration(0), openable(device)
	if err == nil {
		took, err = Probe(ctx, qemu, KVM, Limit)
	}
	switch {
	case ctx.Err() != nil:
		return Result{}, context.Cause(ctx)
	case err == nil:
		return Result{Accel: KVM, Duration: took, Reason: fmt.Sprintf("KVM ran the probe in %v", took.Round(time.Millisecond))}, nil
	case mode == KVM && errors.Is(err, ErrTooSlow):
		return Result{Accel: KVM, Duration: took, Reason: fmt.Sprintf("KVM was asked for, but it is slow (%v); TCG may be faster", err)}, nil
	case mode == KVM:
		return Result{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return Result{Accel: TCG, Duration: took, Reason: fmt.Sprintf("TCG is used because KVM does not run guests at speed: %v", err)}, nil
}

func openable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no %s (no virtualization in the CPU or its firmware, or the kvm module is not loaded)", path)
	case errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		return fmt.Errorf("%s has no KVM behind it", path)
	case err != nil:
		return err
	}
	return f.Close()
}

// Probe boots the probe under KVM or TCG and returns how long QEMU took for it, start
// and end included. ErrTooSlow says that it was stopped at the limit.
func Probe(ctx context.Context, qemu string, mode Mode, limit time.Duration) (time.Duration, error) {
	disk, err := os.CreateTemp("", "mica-probe-*.img")
	if err != nil {
		return 0, err
	}
	defer os.Remove(disk.Name())
	_, err = disk.Write(bootSector())
	if err := errors.Join(err, disk.Close()); err != nil {
		return 0, err
	}
	probing, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(probing, qemu,
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-M", "pc", "-m", "32", "-accel", string(mode),
		"-device", fmt.Sprintf("isa-debug-exit,iobase=%#x,iosize=1", exitPort),
		"-drive", "if=ide,format=raw,file="+disk.Name())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Second
	begin := time.Now()
	err = cmd.Run()
	took := time.Since(begin)
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		return took, context.Cause(ctx)
	case exited && exit.ExitCode() == exitStatus:
		return took, nil
	case probing.Err() != nil:
		return took, fmt.Errorf("%w: the probe was stopped after %v", ErrTooSlow, limit)
	case err == nil:
		return took, errors.New("QEMU ended without running the probe")
	}
	return took, fmt.Errorf("%s: %w: %s", qemu, err, strings.Join(strings.Fields(stderr.String()), " "))
}

// cache is a result that took long to find, and what it holds for.
type cache struct {
	Boot   string // the kernel's boot id
	Device string // /dev/kvm as it was
	QEMU   string
	Mode   Mode
	Result Result
}

// Cached is Measure with a memory in file: what took the probe to its limit is not
// tried again until the host boots, or QEMU or /dev/kvm changes.
func Cached(ctx context.Context, file, qemu string, mode Mode) (Result, error) {
	now := cache{Boot: bootID(), Device: identity(device), QEMU: qemu + " " + identity(lookPath(qemu)), Mode: mode}
	if b, err := os.ReadFile(file); err == nil {
		var then cache
		if json.Unmarshal(b, &then) == nil && then.Boot == now.Boot && then.Device == now.Device && then.QEMU == now.QEMU && then.Mode == mode {
			return then.Result, nil
		}
	}
	r, err := Measure(ctx, qemu, mode)
	if err != nil || r.Duration < Limit {
		return r, err
	}
	now.Result = r
	b, err := json.Marshal(now)
	if err != nil {
		return r, err
	}
	if err := atomicfile.Write(file, b, 0o600); !errors.Is(err, os.ErrNotExist) {
		return r, err
	}
	return r, nil // before the first start there is no folder to remember in
}

func bootID() string {
	b, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(b))
}

func lookPath(program string) string {
	p, _ := exec.LookPath(program)
	return p
}

// identity changes when the file is replaced or changes its mode.
func identity(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "none"
	}
	st := info.Sys().(*syscall.Stat_t)
	return fmt.Sprint(st.Dev, st.Ino, info.Mode(), st.Ctim.Nano())
}
