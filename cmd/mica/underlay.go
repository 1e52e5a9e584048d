package main

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/micacloud/mica/hostagent/agent"
	"github.com/micacloud/mica/hostagent/migrate"
	"github.com/micacloud/mica/internal/pki"
)

// tunnelOverhead is what VXLAN adds to a packet over IPv4.
const tunnelOverhead = 50

// peers has a host give guests to others and take theirs, if it has an address among them.
func (c *config) peers(a *agent.Config, member *pki.Member) {
	if !a.Underlay.IsValid() || c.MovePort == 0 || c.Hypervisor == "sim" {
		return
	}
	a.Migration = netip.AddrPortFrom(a.Underlay, uint16(c.MovePort)).String()
	a.Peers = &migrate.TLS{Member: member, Listen: a.Migration}
}

// underlay is this host's address among the others, invalid without one, and the MTU of
// guests' networks.
func (c *config) underlay() (address netip.Addr, mtu int, err error) {
	mtu = c.MTU
	if c.Underlay == "" {
		if mtu == 0 {
			mtu = 1500
		}
		return address, mtu, nil
	}
	if address, err = netip.ParseAddr(c.Underlay); err != nil || !address.Is4() {
		return address, mtu, fmt.Errorf("underlay %q: an IPv4 address is wanted", c.Underlay)
	}
	link, err := linkWith(address)
	if err != nil {
		return address, mtu, err
	}
	most := link.MTU - tunnelOverhead
	switch {
	case mtu == 0:
		mtu = min(most, 1500)
	case mtu > most:
		return address, mtu, fmt.Errorf("mtu %d: %s has %d, which leaves %d beside the tunnels' own headers", mtu, link.Name, link.MTU, most)
	}
	return address, mtu, nil
}

// linkWith finds the device that has an address.
func linkWith(address netip.Addr) (net.Interface, error) {
	links, err := net.Interfaces()
	if err != nil {
		return net.Interface{}, err
	}
	for _, l := range links {
		addresses, err := l.Addrs()
		if err != nil {
			continue // it is gone
		}
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap() == address {
				return l, nil
			}
		}
	}
	return net.Interface{}, fmt.Errorf("underlay %s: no device of this host has it", address)
}
