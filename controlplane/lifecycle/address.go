package lifecycle

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// ErrNoPublicAddress says that the pool of public addresses is used up.
var ErrNoPublicAddress = errors.New("no public address is left")

// AssignPublicAddress gives an interface a public address from the pool, if it is to
// have one at each start and has none. The first two addresses of the pool and the
// last are never given out: they are the network's, the host's and the broadcast's.
// The search begins anywhere, so that an address rests between two owners.
func AssignPublicAddress(tx *store.Tx, pool netip.Prefix, eni string) error {
	i := store.Interfaces.Get(tx, eni)
	if i == nil || !i.AutoPublicIP || i.PublicIP.IsValid() {
		return nil
	}
	if !pool.IsValid() || !pool.Addr().Is4() {
		return fmt.Errorf("%w: no pool is configured", ErrNoPublicAddress)
	}
	first, n := uint32(2), uint32(1)<<(32-pool.Bits())
	if n < 4 {
		return fmt.Errorf("%w: the pool %s is too small", ErrNoPublicAddress, pool)
	}
	usable := n - 3
	start := rand.Uint32N(usable)
	for k := range usable {
		a := nth(pool, first+(start+k)%usable)
		if store.Interfaces.First(tx, "public", a.String()) == nil {
			next := *i
			next.PublicIP = a
			return store.Interfaces.Put(tx, &next)
		}
	}
	return fmt.Errorf("%w in %s", ErrNoPublicAddress, pool)
}

// ReleasePublicAddress takes back an address that AssignPublicAddress gave.
func ReleasePublicAddress(tx *store.Tx, eni string) error {
	i := store.Interfaces.Get(tx, eni)
	if i == nil || !i.AutoPublicIP || !i.PublicIP.IsValid() {
		return nil
	}
	next := *i
	next.PublicIP = netip.Addr{}
	return store.Interfaces.Put(tx, &next)
}

// nth returns a prefix's address number n.
func nth(p netip.Prefix, n uint32) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += n
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// dropInterfaces ends what a terminated instance has of interfaces: they are deleted,
// or kept without it.
func dropInterfaces(tx *store.Tx, i *model.Instance) error {
	for eni := range store.Interfaces.By(tx, "instance", i.ID) {
		if eni.DeleteOnTermination {
			if err := store.Interfaces.Delete(tx, eni.ID); err != nil {
				return err
			}
			continue
		}
		if err := ReleasePublicAddress(tx, eni.ID); err != nil {
			return err
		}
		next := *store.Interfaces.Get(tx, eni.ID)
		next.Instance, next.AttachmentID, next.DeviceIndex = "", "", 0
		if err := store.Interfaces.Put(tx, &next); err != nil {
			return err
		}
	}
	return nil
}
