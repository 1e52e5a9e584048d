// Package sim is a simulated hypervisor: its guests move through the same states as
// real ones, at once and without a process. It serves tests of everything above the
// hypervisor, scale tests, and `--hypervisor=sim`, where people try their API clients
// against Mica without booting anything.
//
// Faults are injected per instance: see Fault.
package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
)

// Options say how the simulation behaves.
type Options struct {
	// StateDir keeps the guests over a restart of this process, as libvirt does; empty
	// keeps them in memory alone.
	StateDir string
	// BootText is said on the console when a guest is resumed; empty for a default.
	BootText string
	// Now is the clock of reboots; nil for time.Now.
	Now func() time.Time
}

// Fault is what goes wrong with an instance's guests.
type Fault struct {
	Start      error // Start returns it, this often
	StartTimes int   // 0: always
	// Deaf guests ignore the power button, and keep interfaces that they are to let go,
	// as one whose kernel hangs.
	Deaf bool
}

// Hypervisor is a simulated hypervisor. Make it with New.
type Hypervisor struct {
	opt Options

	mu     sync.Mutex
	guests map[string]*guest // by instance
	faults map[string]*Fault
	subs   map[chan hypervisor.Event]struct{}
	down   error // every call's answer, when set
	starts map[string]int
}

type guest struct {
	Spec  hypervisor.Spec
	Guest hypervisor.Guest
}

var (
	_ hypervisor.Hypervisor = (*Hypervisor)(nil)
	_ hypervisor.Describer  = (*Hypervisor)(nil)
)

// New returns a simulation with the guests that StateDir remembers.
func New(opt Options) (*Hypervisor, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	h := &Hypervisor{
		opt:    opt,
		guests: map[string]*guest{},
		faults: map[string]*Fault{},
		subs:   map[chan hypervisor.Event]struct{}{},
		starts: map[string]int{},
	}
	if opt.StateDir == "" {
		return h, nil
	}
	if err := os.MkdirAll(opt.StateDir, 0o700); err != nil {
		return nil, fmt.Errorf("simulated guests: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(opt.StateDir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("simulated guests: %w", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("simulated guest: %w", err)
		}
		g := &guest{}
		if err := json.Unmarshal(b, g); err != nil {
			return nil, fmt.Errorf("simulated guest %s: %w", f, err)
		}
		g.Guest.Reboots, g.Guest.LastReboot = 0, time.Time{}
		h.guests[g.Guest.Instance] = g
	}
	return h, nil
}

// Start implements hypervisor.Hypervisor. Disks without a path are taken as there.
func (h *Hypervisor) Start(ctx context.Context, spec hypervisor.Spec) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	if len(spec.Disks) == 0 {
		return errors.New("a guest needs a disk")
	}
	g := h.guests[spec.Instance]
	if g != nil {
		if g.Guest.Epoch != spec.Epoch {
			return fmt.Errorf("start %s/%d: %w (%d)", spec.Instance, spec.Epoch, hypervisor.ErrEpoch, g.Guest.Epoch)
		}
		if g.Guest.State == hypervisor.Paused || g.Guest.State == hypervisor.Running {
			return nil
		}
	}
	g = &guest{Spec: spec, Guest: hypervisor.Guest{Instance: spec.Instance, Epoch: spec.Epoch}}
	h.guests[spec.Instance] = g
	h.starts[spec.Instance]++
	if err := h.disksThere(spec); err != nil {
		h.become(g, hypervisor.Ended, hypervisor.EndFailed)
		return fmt.Errorf("start %s/%d: %w", spec.Instance, spec.Epoch, err)
	}
	if f := h.faults[spec.Instance]; f != nil && f.Start != nil && (f.StartTimes == 0 || h.starts[spec.Instance] <= f.StartTimes) {
		h.become(g, hypervisor.Ended, hypervisor.EndFailed)
		return f.Start
	}
	g.Guest.NICs = nicsOf(spec)
	h.become(g, hypervisor.Paused, hypervisor.EndNone)
	return nil
}

// disksThere looks for the disks that have a path, as QEMU would.
func (h *Hypervisor) disksThere(spec hypervisor.Spec) error {
	for _, d := range spec.Disks {
		if d.Path == "" {
			continue
		}
		if _, err := os.Stat(d.Path); err != nil {
			return err
		}
	}
	return nil
}

// Observe implements hypervisor.Hypervisor.
func (h *Hypervisor) Observe(ctx context.Context, instance string) ([]hypervisor.Guest, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return nil, err
	}
	if instance != "" {
		if g := h.guests[instance]; g != nil {
			return []hypervisor.Guest{g.seen()}, nil
		}
		return nil, nil
	}
	all := make([]hypervisor.Guest, 0, len(h.guests))
	for _, id := range slices.Sorted(maps.Keys(h.guests)) {
		all = append(all, h.guests[id].seen())
	}
	return all, nil
}

// nicsOf are the interfaces that a guest begins with.
func nicsOf(spec hypervisor.Spec) map[string]hypervisor.NICState {
	out := map[string]hypervisor.NICState{}
	for _, n := range spec.NICs {
		out[n.MAC] = hypervisor.NICUp
	}
	return out
}

// seen is the guest as callers may keep it.
func (g *guest) seen() hypervisor.Guest {
	out := g.Guest
	out.NICs = maps.Clone(out.NICs)
	return out
}

// Plug implements hypervisor.Hypervisor.
func (h *Hypervisor) Plug(ctx context.Context, instance string, epoch int64, nic hypervisor.NIC, want hypervisor.NICState) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	g, err := h.guest(instance, epoch)
	if err == nil && g.Guest.State == hypervisor.Ended {
		err = hypervisor.ErrState
	}
	if err != nil {
		return fmt.Errorf("plug %s of %s/%d: %w", nic.MAC, instance, epoch, err)
	}
	have := g.Guest.NICs[nic.MAC]
	deaf := h.faults[instance] != nil && h.faults[instance].Deaf
	switch {
	case want == have, want == hypervisor.NICGone && (deaf || g.Guest.State != hypervisor.Running):
		return nil // a guest that does not run lets nothing go
	case want == hypervisor.NICGone:
		delete(g.Guest.NICs, nic.MAC)
	case have == hypervisor.NICGone && len(g.Guest.NICs) >= max(g.Spec.MaxNICs, len(g.Spec.NICs)):
		return fmt.Errorf("plug %s of %s/%d: no slot is free", nic.MAC, instance, epoch)
	default:
		g.Guest.NICs[nic.MAC] = want
	}
	h.save(g)
	h.tell(instance, "interface "+nic.MAC+" "+want.String())
	return nil
}

// guest returns the instance's guest of the epoch; the caller holds mu.
func (h *Hypervisor) guest(instance string, epoch int64) (*guest, error) {
	g := h.guests[instance]
	switch {
	case g == nil:
		return nil, hypervisor.ErrNoGuest
	case g.Guest.Epoch != epoch:
		return nil, fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Guest.Epoch)
	}
	return g, nil
}

// Signal implements hypervisor.Hypervisor.
func (h *Hypervisor) Signal(ctx context.Context, instance string, epoch int64, s hypervisor.Signal) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	g, err := h.guest(instance, epoch)
	if err == nil {
		err = h.signal(g, s)
	}
	if err != nil {
		return fmt.Errorf("%s %s/%d: %w", s, instance, epoch, err)
	}
	return nil
}

// signal does it; the caller holds mu.
func (h *Hypervisor) signal(g *guest, s hypervisor.Signal) error {
	active := g.Guest.State == hypervisor.Paused || g.Guest.State == hypervisor.Running
	switch s {
	case hypervisor.Destroy:
		if active {
			h.become(g, hypervisor.Ended, hypervisor.EndDestroyed)
		}
		return nil
	case hypervisor.Forget:
		if active {
			return hypervisor.ErrState
		}
		delete(h.guests, g.Guest.Instance)
		h.forget(g.Guest.Instance)
		h.tell(g.Guest.Instance, "undefined")
		return nil
	case hypervisor.Resume:
		if !active {
			return hypervisor.ErrState
		}
		if g.Guest.State == hypervisor.Paused {
			g.Guest.Stalled = false
			h.become(g, hypervisor.Running, hypervisor.EndNone)
			h.say(g, h.bootText(g))
		}
		return nil
	}
	if g.Guest.State != hypervisor.Running {
		return hypervisor.ErrState
	}
	deaf := h.faults[g.Guest.Instance] != nil && h.faults[g.Guest.Instance].Deaf
	switch s {
	case hypervisor.Shutdown:
		if !deaf {
			h.say(g, "reboot: Power down\n")
			h.become(g, hypervisor.Ended, hypervisor.EndPoweroff)
		}
	case hypervisor.Reboot:
		if !deaf {
			h.rebooted(g)
		}
	case hypervisor.Reset:
		h.rebooted(g)
	default:
		return fmt.Errorf("no such signal: %q", s)
	}
	return nil
}

// Events implements hypervisor.Hypervisor.
func (h *Hypervisor) Events(ctx context.Context) <-chan hypervisor.Event {
	ch := make(chan hypervisor.Event, 64)
	h.mu.Lock()
	h.subs[ch] = struct{}{}
	h.mu.Unlock()
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, ch)
		close(ch)
	})
	return ch
}

// Describe implements hypervisor.Describer.
func (h *Hypervisor) Describe(ctx context.Context, instance string) (hypervisor.Description, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return hypervisor.Description{}, err
	}
	g := h.guests[instance]
	if g == nil {
		return hypervisor.Description{}, fmt.Errorf("describe %s: %w", instance, hypervisor.ErrNoGuest)
	}
	b, err := json.MarshalIndent(g.Spec, "", "  ")
	if err != nil {
		return hypervisor.Description{}, fmt.Errorf("describe %s: %w", instance, err)
	}
	return hypervisor.Description{Definition: string(b) + "\n", Commands: []string{"# simulated: nothing of it is on the host"}}, nil
}

// usable says why no call works; the caller holds mu.
func (h *Hypervisor) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return h.down
}

// become moves a guest, saves it and tells; the caller holds mu.
func (h *Hypervisor) become(g *guest, s hypervisor.State, end hypervisor.End) {
	g.Guest.State, g.Guest.End = s, end
	if s == hypervisor.Ended {
		g.Guest.NICs = nil
	}
	h.save(g)
	h.tell(g.Guest.Instance, strings.TrimSpace(s.String()+" "+string(end)))
}

func (h *Hypervisor) rebooted(g *guest) {
	g.Guest.Reboots++
	g.Guest.LastReboot = h.opt.Now()
	h.say(g, "reboot: Restarting system\n"+h.bootText(g))
	h.tell(g.Guest.Instance, "rebooted")
}

// tell gives every subscriber a hint. One who does not keep up loses hints, as with
// a real hypervisor.
func (h *Hypervisor) tell(instance, what string) {
	for ch := range h.subs {
		select {
		case ch <- hypervisor.Event{Instance: instance, What: what}:
		default:
		}
	}
}

func (h *Hypervisor) file(instance string) string {
	return filepath.Join(h.opt.StateDir, instance+".json")
}

// save writes a guest for the next process. A simulated guest that is lost with a
// full disk is no loss, so errors end there.
func (h *Hypervisor) save(g *guest) {
	if h.opt.StateDir == "" {
		return
	}
	b, err := json.Marshal(g)
	if err != nil {
		return
	}
	tmp := h.file(g.Guest.Instance) + ".new"
	if os.WriteFile(tmp, b, 0o600) == nil {
		_ = os.Rename(tmp, h.file(g.Guest.Instance))
	}
}

func (h *Hypervisor) forget(instance string) {
	if h.opt.StateDir != "" {
		_ = os.Remove(h.file(instance))
	}
}
