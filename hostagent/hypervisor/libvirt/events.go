package libvirt

import (
	"context"
	"fmt"
	"strings"
	"time"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// Events implements hypervisor.Hypervisor.
func (d *Driver) Events(ctx context.Context) <-chan hypervisor.Event {
	ch := make(chan hypervisor.Event, 256)
	d.mu.Lock()
	d.subs[ch] = struct{}{}
	d.mu.Unlock()
	context.AfterFunc(ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.subs, ch)
		close(ch)
	})
	return ch
}

// tell hands out a hint. A reader who does not keep up loses it and finds the change
// by looking.
func (d *Driver) tell(instance, what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for ch := range d.subs {
		select {
		case ch <- hypervisor.Event{Instance: instance, What: what}:
		default:
		}
	}
}

// subscribe asks a new session for events, and hints that anything may have changed
// while there was none. Subscriptions last as long as the session: to cancel one on a
// live connection can deadlock the library's reader.
func (d *Driver) subscribe(s *session) error {
	forever := context.Background()
	err := s.within(forever, d.opt.CallLimit, func(l *golibvirt.Libvirt) error {
		life, err := l.LifecycleEvents(forever)
		if err != nil {
			return err
		}
		go func() {
			for e := range life {
				d.event(e.Dom.Name, lifecycleWord(e.Event), false)
			}
		}()
		reboots, err := l.SubscribeEvents(forever, golibvirt.DomainEventIDReboot, nil)
		if err != nil {
			return err
		}
		go func() {
			for e := range reboots {
				if m, ok := e.(*golibvirt.DomainEventCallbackRebootMsg); ok {
					d.event(m.Msg.Dom.Name, "rebooted", true)
				}
			}
		}()
		removed, err := l.SubscribeEvents(forever, golibvirt.DomainEventIDDeviceRemoved, nil)
		if err != nil {
			return err
		}
		go func() {
			for e := range removed {
				if m, ok := e.(*golibvirt.DomainEventCallbackDeviceRemovedMsg); ok {
					d.event(m.Msg.Dom.Name, "let go of "+m.Msg.DevAlias, false)
				}
			}
		}()
		return nil
	})
	if err != nil {
		return fmt.Errorf("subscribe to events: %w", err)
	}
	d.tell("", "connected")
	return nil
}

func (d *Driver) event(domain, what string, reboot bool) {
	instance, ours := strings.CutPrefix(domain, d.opt.Prefix+"-")
	if !ours {
		return
	}
	if reboot {
		d.mu.Lock()
		d.reboots[instance] = d.reboots[instance].add(time.Now())
		d.mu.Unlock()
	}
	d.tell(instance, what)
}

// expectReboot notes that a reboot is asked for: the next reset is that one's.
func (d *Driver) expectReboot(instance string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, ok := d.reboots[instance]; ok {
		d.reboots[instance] = c.over()
	}
}

func (d *Driver) forgetReboots(instance string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.reboots, instance)
}

func lifecycleWord(event int32) string {
	words := []string{"defined", "undefined", "started", "suspended", "resumed", "stopped", "shutdown", "pmsuspended", "crashed"}
	if event < 0 || int(event) >= len(words) {
		return fmt.Sprintf("lifecycle %d", event)
	}
	return words[event]
}
