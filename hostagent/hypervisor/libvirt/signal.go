package libvirt

import (
	"context"
	"errors"
	"fmt"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// Signal implements hypervisor.Hypervisor.
func (d *Driver) Signal(ctx context.Context, instance string, epoch int64, s hypervisor.Signal) error {
	fail := func(err error) error { return fmt.Errorf("%s %s/%d: %w", s, instance, epoch, err) }
	dom, g, err := d.find(ctx, instance)
	if err != nil {
		return fail(err)
	}
	if g.Epoch != epoch {
		return fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Epoch))
	}
	call, err := signalCall(dom, g.State, s)
	if err != nil {
		return fail(err)
	}
	if call == nil {
		return nil
	}
	if s == hypervisor.Reboot || s == hypervisor.Reset {
		d.expectReboot(instance)
	}
	err = d.conn.call(ctx, d.opt.CallLimit, call)
	switch {
	case hasCode(err, golibvirt.ErrOperationInvalid): // it changed since we looked
		return d.changed(ctx, instance, s, fail(errors.Join(hypervisor.ErrState, err)))
	case err != nil:
		return fail(noGuest(err))
	}
	if s == hypervisor.Forget {
		d.forgetReboots(instance)
	}
	return nil
}

// changed looks again after libvirt said that the state does not allow a signal: it
// may be that what was asked for has come about by itself.
func (d *Driver) changed(ctx context.Context, instance string, s hypervisor.Signal, err error) error {
	_, g, lookErr := d.find(ctx, instance)
	if lookErr != nil {
		return err
	}
	if s == hypervisor.Destroy && g.State == hypervisor.Ended || s == hypervisor.Resume && g.State == hypervisor.Running {
		return nil
	}
	return err
}

// signalCall returns the call that a signal is in a state; nil if there is nothing to
// do.
func signalCall(dom golibvirt.Domain, state hypervisor.State, s hypervisor.Signal) (func(*golibvirt.Libvirt) error, error) {
	ended, running := state == hypervisor.Ended, state == hypervisor.Running
	switch s {
	case hypervisor.Destroy:
		if ended {
			return nil, nil
		}
		return func(l *golibvirt.Libvirt) error { return l.DomainDestroyFlags(dom, golibvirt.DomainDestroyDefault) }, nil
	case hypervisor.Forget:
		if !ended { // undefining a running domain would only make it forgetful
			return nil, hypervisor.ErrState
		}
		return func(l *golibvirt.Libvirt) error {
			return l.DomainUndefineFlags(dom, golibvirt.DomainUndefineManagedSave|golibvirt.DomainUndefineSnapshotsMetadata)
		}, nil
	case hypervisor.Resume:
		switch {
		case ended:
			return nil, hypervisor.ErrState
		case running:
			return nil, nil
		}
		return func(l *golibvirt.Libvirt) error { return l.DomainResume(dom) }, nil
	}
	if !running {
		return nil, hypervisor.ErrState
	}
	switch s {
	case hypervisor.Shutdown:
		return func(l *golibvirt.Libvirt) error {
			return l.DomainShutdownFlags(dom, golibvirt.DomainShutdownAcpiPowerBtn)
		}, nil
	case hypervisor.Reboot:
		return func(l *golibvirt.Libvirt) error { return l.DomainReboot(dom, golibvirt.DomainRebootAcpiPowerBtn) }, nil
	case hypervisor.Reset:
		return func(l *golibvirt.Libvirt) error { return l.DomainReset(dom, 0) }, nil
	}
	return nil, fmt.Errorf("no such signal: %q", s)
}
