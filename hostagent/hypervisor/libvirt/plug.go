package libvirt

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

// Plug implements hypervisor.Hypervisor. It changes the running domain alone: the saved
// definition is written anew at each start, and a guest that ended never runs again.
func (d *Driver) Plug(ctx context.Context, instance string, epoch int64, nic hypervisor.NIC, want hypervisor.NICState) error {
	fail := func(err error) error {
		return fmt.Errorf("plug %s of %s/%d %s: %w", nic.MAC, instance, epoch, want, err)
	}
	dom, g, err := d.find(ctx, instance)
	switch {
	case err != nil:
		return fail(err)
	case g.Epoch != epoch:
		return fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Epoch))
	case g.State == hypervisor.Ended:
		return fail(hypervisor.ErrState)
	}
	have, err := d.nicsOf(ctx, dom)
	if err != nil {
		return fail(noGuest(err))
	}
	call, err := plugCall(dom, have, nic, want)
	if err != nil || call == nil {
		return err
	}
	err = d.conn.call(ctx, d.opt.CallLimit, call)
	switch {
	case err == nil, want == hypervisor.NICGone && isLettingGo(err):
		return nil
	case hasCode(err, golibvirt.ErrOperationInvalid): // it ended since we looked
		return fail(errors.Join(hypervisor.ErrState, err))
	}
	return fail(noGuest(err))
}

// isLettingGo knows QEMU's answer when a guest is asked to let go of what it is letting go.
func isLettingGo(err error) bool { return strings.Contains(err.Error(), "in the process of unplug") }

// plugCall returns the call that brings an interface to a state; nil if it is there.
func plugCall(dom golibvirt.Domain, have []libvirtxml.DomainInterface, nic hypervisor.NIC, want hypervisor.NICState) (func(*golibvirt.Libvirt) error, error) {
	const live = uint32(golibvirt.DomainDeviceModifyLive)
	for _, i := range have {
		if i.MAC.Address != nic.MAC {
			continue
		}
		if i.Link != nil && linkState(i.Link.State) == want || i.Link == nil && want == hypervisor.NICUp {
			return nil, nil
		}
		if want != hypervisor.NICGone {
			i.Link = link(want)
		}
		text, err := i.Marshal()
		if err != nil {
			return nil, err
		}
		if want == hypervisor.NICGone {
			return func(l *golibvirt.Libvirt) error { return l.DomainDetachDeviceFlags(dom, text, live) }, nil
		}
		return func(l *golibvirt.Libvirt) error {
			return l.DomainUpdateDeviceFlags(dom, text, golibvirt.DomainDeviceModifyLive)
		}, nil
	}
	if want == hypervisor.NICGone {
		return nil, nil
	}
	i := newNIC(nic)
	i.Link = link(want)
	text, err := i.Marshal()
	if err != nil {
		return nil, err
	}
	return func(l *golibvirt.Libvirt) error { return l.DomainAttachDeviceFlags(dom, text, live) }, nil
}

// link is libvirt's word for a state; none is up.
func link(s hypervisor.NICState) *libvirtxml.DomainInterfaceLink {
	if s == hypervisor.NICDown {
		return &libvirtxml.DomainInterfaceLink{State: "down"}
	}
	return &libvirtxml.DomainInterfaceLink{State: "up"}
}

func linkState(word string) hypervisor.NICState {
	if word == "down" {
		return hypervisor.NICDown
	}
	return hypervisor.NICUp
}

// nicsOf reads what interfaces a domain has now.
func (d *Driver) nicsOf(ctx context.Context, dom golibvirt.Domain) ([]libvirtxml.DomainInterface, error) {
	text, err := d.definition(ctx, dom)
	if err != nil {
		return nil, err
	}
	var def libvirtxml.Domain
	if err := def.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("definition of %s: %w", dom.Name, err)
	}
	if def.Devices == nil {
		return nil, nil
	}
	return slices.DeleteFunc(def.Devices.Interfaces, func(i libvirtxml.DomainInterface) bool { return i.MAC == nil }), nil
}

func (d *Driver) definition(ctx context.Context, dom golibvirt.Domain) (text string, err error) {
	err = d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) error {
		text, err = l.DomainGetXMLDesc(dom, 0)
		return err
	})
	return text, err
}

// nicStates reads what each look at a guest needs, at a fraction of what reading the whole
// definition costs.
func nicStates(definition string) (map[string]hypervisor.NICState, error) {
	var def struct {
		NICs []struct {
			MAC struct {
				Address string `xml:"address,attr"`
			} `xml:"mac"`
			Link struct {
				State string `xml:"state,attr"`
			} `xml:"link"`
		} `xml:"devices>interface"`
	}
	if err := xml.Unmarshal([]byte(definition), &def); err != nil {
		return nil, err
	}
	out := map[string]hypervisor.NICState{}
	for _, n := range def.NICs {
		out[n.MAC.Address] = linkState(n.Link.State)
	}
	return out, nil
}
