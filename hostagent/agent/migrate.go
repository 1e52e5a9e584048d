package agent

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// takeGuests serves other hosts' agents until ctx ends.
func (a *Agent) takeGuests(ctx context.Context) {
	if a.mover == nil || a.cfg.Migration == "" {
		return
	}
	for ctx.Err() == nil {
		if err := a.mover.Serve(ctx); err != nil && ctx.Err() == nil {
			a.cfg.Log.Error("no guest can move to this host", "host_id", a.cfg.HostID, "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}

// elsewhere reports whether the interface of a boot is on another host: the guest has not
// come yet, or has gone.
func (a *assignments) elsewhere(b *agentpb.Boot, eni string, over func(*agentpb.Boot) bool) bool {
	if b.From != nil {
		return true
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	return over(b) && a.items["remote/"+eni] != nil
}

// flows carries the tracked connections of a guest's interfaces.
type flows struct{ kernel *kernel.Kernel }

// Dump implements migrate.Flows.
func (f flows) Dump(ctx context.Context, b *agentpb.Boot) ([]byte, error) {
	out := map[string][]kernel.Carried{}
	for vpc, of := range addressesOf(b) {
		var err error
		if out[vpc], err = f.kernel.Flows(ctx, vpc, of); err != nil {
			return nil, err
		}
	}
	return json.Marshal(out)
}

// Restore implements migrate.Flows.
func (f flows) Restore(ctx context.Context, b *agentpb.Boot, text []byte) error {
	var in map[string][]kernel.Carried
	var errs []error
	if len(text) > 0 {
		errs = append(errs, json.Unmarshal(text, &in))
	}
	go announce(b)
	for vpc, of := range addressesOf(b) {
		errs = append(errs, f.kernel.Carry(ctx, vpc, of, in[vpc]))
	}
	return errors.Join(errs...)
}

// addressesOf returns a boot's addresses, private and public, by VPC.
func addressesOf(b *agentpb.Boot) map[string][]netip.Addr {
	out := map[string][]netip.Addr{}
	for _, n := range b.Interfaces {
		for _, text := range []string{n.PrivateIp, n.PublicIp} {
			if a, err := netip.ParseAddr(text); err == nil {
				out[n.VpcId] = append(out[n.VpcId], a)
			}
		}
	}
	return out
}

// announcements are when the neighbours on the uplink are told of what has moved here: a
// router may not believe the first so soon after it heard from the other host.
var announcements = []time.Duration{0, 1200 * time.Millisecond, 2 * time.Second}

// announce tells the neighbours that a boot's public addresses are here.
func announce(b *agentpb.Boot) {
	var public []netip.Addr
	for _, n := range b.Interfaces {
		if a, err := netip.ParseAddr(n.PublicIp); err == nil {
			public = append(public, a)
		}
	}
	for _, pause := range announcements {
		time.Sleep(pause)
		link, _, err := kernel.DefaultUplink()
		if err != nil || link == "" || len(public) == 0 || kernel.Announce(link, public) != nil {
			return // it is a courtesy: the neighbours ask again by themselves
		}
	}
}

// coming names the taps of interfaces that are not here yet, but for their guests' processes.
func (a *Agent) coming() (taps []string) {
	a.set.each("boot/", func(i *agentpb.Item) {
		if b := i.GetBoot(); b.From != nil {
			for _, n := range b.Interfaces {
				taps = append(taps, plan.TapName(a.cfg.Prefix, n.Id))
			}
		}
	})
	return taps
}
