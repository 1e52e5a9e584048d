package kernel

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Announce tells the neighbours on a link that addresses are here now: a gratuitous ARP
// request for each, which updates who has an entry and adds none.
func Announce(link string, addresses []netip.Addr) error {
	l, err := netlink.LinkByName(link)
	if err != nil {
		return fmt.Errorf("announce on %s: %w", link, err)
	}
	mac := l.Attrs().HardwareAddr
	if len(mac) != 6 {
		return nil // a link without neighbours
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("announce on %s: %w", link, err)
	}
	defer unix.Close(fd)
	for _, a := range addresses {
		if err := unix.Sendto(fd, gratuitous(mac, a), 0, &unix.SockaddrLinklayer{Ifindex: l.Attrs().Index}); err != nil {
			return fmt.Errorf("announce %s on %s: %w", a, link, err)
		}
	}
	return nil
}

// gratuitous is an ARP request by which an address asks for itself.
func gratuitous(mac []byte, a netip.Addr) []byte {
	frame := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	frame = append(frame, mac...)
	frame = binary.BigEndian.AppendUint16(frame, unix.ETH_P_ARP)
	frame = append(frame, 0, 1, 8, 0, 6, 4, 0, 1) // Ethernet, IPv4, request
	frame = append(append(frame, mac...), a.AsSlice()...)
	return append(append(frame, 0, 0, 0, 0, 0, 0), a.AsSlice()...)
}
