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
// have one at each start and has none.
func AssignPublicAddress(tx *store.Tx, pool netip.Prefix, eni string) error {
	i := store.Interfaces.Get(tx, eni)
	if i == nil || !i.AutoPublicIP || i.PublicIP.IsValid() {
		return nil
	}
	a, err := PickPublicAddress(tx, pool)
	if err != nil {
		return err
	}
	next := *i
	next.PublicIP = a
	return store.Interfaces.Put(tx, &next)
}

// The first two addresses of the pool and the last are never given out: they are the
// network's, the host's and the broadcast's.
const (
	poolFirst = 2
	poolLast  = 1
)

// PickPublicAddress returns an address of the pool that nobody has. The search begins
// anywhere, so that an address rests between two owners.
func PickPublicAddress(tx *store.Tx, pool netip.Prefix) (netip.Addr, error) {
	if !pool.IsValid() || !pool.Addr().Is4() {
		return netip.Addr{}, fmt.Errorf("%w: no pool is configured", ErrNoPublicAddress)
	}
	n := uint32(1) << (32 - pool.Bits())
	if n <= poolFirst+poolLast {
		return netip.Addr{}, fmt.Errorf("%w: the pool %s is too small", ErrNoPublicAddress, pool)
	}
	usable := n - poolFirst - poolLast
	start := rand.Uint32N(usable)
	for k := range usable {
		if a := nth(pool, poolFirst+(start+k)%usable); publicFree(tx, a) {
			return a, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("%w in %s", ErrNoPublicAddress, pool)
}

// CanHavePublic reports whether an address is one of the pool's that can be given out, and
// that nobody has.
func CanHavePublic(tx *store.Tx, pool netip.Prefix, a netip.Addr) bool {
	if !pool.IsValid() || !a.Is4() || !pool.Contains(a) {
		return false
	}
	last := nth(pool, uint32(1)<<(32-pool.Bits())-poolLast)
	return !a.Less(nth(pool, poolFirst)) && a.Less(last) && publicFree(tx, a)
}

// publicFree reports whether no interface has a public address now, and no account keeps it.
func publicFree(tx *store.Tx, a netip.Addr) bool {
	return store.Interfaces.First(tx, "public", a.String()) == nil && store.ElasticIPs.First(tx, "public", a.String()) == nil
}

// ReleasePublicAddress takes back an address that AssignPublicAddress gave. An Elastic IP
// stays.
func ReleasePublicAddress(tx *store.Tx, eni string) error {
	i := store.Interfaces.Get(tx, eni)
	if i == nil || !i.AutoPublicIP || !i.PublicIP.IsValid() || store.ElasticIPs.First(tx, "public", i.PublicIP.String()) != nil {
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
// or kept without it. Elastic IPs of those that are deleted stay their owner's.
func dropInterfaces(tx *store.Tx, i *model.Instance) error {
	for eni := range store.Interfaces.By(tx, "instance", i.ID) {
		if eni.DeleteOnTermination {
			if err := errorsOf(LooseElasticIPs(tx, eni.ID, nil), store.Interfaces.Delete(tx, eni.ID)); err != nil {
				return err
			}
			continue
		}
		if err := ReleasePublicAddress(tx, eni.ID); err != nil {
			return err
		}
		if err := store.Interfaces.Put(tx, free(store.Interfaces.Get(tx, eni.ID))); err != nil {
			return err
		}
	}
	return nil
}
