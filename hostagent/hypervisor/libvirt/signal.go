package libvirt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
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
	if err != nil && s == hypervisor.Resume && g.State == hypervisor.Paused {
		if took, other := d.takeDisks(ctx, dom); other != nil {
			err = errors.Join(err, other)
		} else if took {
			err = d.conn.call(ctx, d.opt.CallLimit, call)
		}
	}
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

// takeDisks gives a guest's disks to the user that QEMU runs as, and says whether any was not
// its own. On storage that hosts share, libvirt of another host that ended the guest there,
// or its attempt to come, gave the files back to root: QEMU here has them open, and needs
// to open them again when the guest goes on after a migration.
func (d *Driver) takeDisks(ctx context.Context, dom golibvirt.Domain) (took bool, err error) {
	var text string
	err = d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		text, err = l.DomainGetXMLDesc(dom, 0)
		return err
	})
	if err != nil {
		return false, err
	}
	var def libvirtxml.Domain
	if err := def.Unmarshal(text); err != nil || def.Devices == nil {
		return false, err
	}
	s, err := d.own(ctx)
	if err != nil {
		return false, err
	}
	defer s.conn.Close()
	uid, gid, err := d.qemuUser(ctx, s)
	if err != nil {
		return false, err
	}
	for _, disk := range def.Devices.Disks {
		if disk.Source == nil || disk.Source.File == nil || disk.ReadOnly != nil {
			continue
		}
		f, err := os.Stat(disk.Source.File.File)
		if err != nil {
			return took, err
		}
		if f.Sys().(*syscall.Stat_t).Uid == uint32(uid) {
			continue
		}
		if err := os.Lchown(disk.Source.File.File, uid, gid); err != nil {
			return took, err
		}
		took = true
	}
	return took, nil
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
