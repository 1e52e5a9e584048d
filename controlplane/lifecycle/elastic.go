package lifecycle

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
)

// AssociateAddress gives a private address of an interface an Elastic IP, and returns the
// id of the association. What either was associated with before no longer is; a public
// address that the interface had for the time it runs goes back to the pool.
func AssociateAddress(tx *store.Tx, elastic, eni string, private netip.Addr) (string, error) {
	if err := DisassociateAddress(tx, elastic); err != nil {
		return "", err
	}
	for other := range store.ElasticIPs.By(tx, "interface", eni) {
		if other.PrivateIP == private {
			if err := DisassociateAddress(tx, other.ID); err != nil {
				return "", err
			}
		}
	}
	e := *store.ElasticIPs.Get(tx, elastic)
	e.Association, e.Interface, e.PrivateIP = ids.New(ids.AddressAssoc), eni, private
	if err := setPublic(tx, eni, private, e.PublicIP); err != nil {
		return "", err
	}
	return e.Association, store.ElasticIPs.Put(tx, &e)
}

// DisassociateAddress ends the association of an Elastic IP, if it has one.
func DisassociateAddress(tx *store.Tx, elastic string) error {
	old := store.ElasticIPs.Get(tx, elastic)
	if old == nil || old.Association == "" {
		return nil
	}
	if store.Interfaces.Get(tx, old.Interface) != nil {
		if err := setPublic(tx, old.Interface, old.PrivateIP, netip.Addr{}); err != nil {
			return err
		}
	}
	return store.ElasticIPs.Put(tx, loose(old))
}

func loose(e *model.ElasticIP) *model.ElasticIP {
	next := *e
	next.Association, next.Interface, next.PrivateIP = "", "", netip.Addr{}
	return &next
}

// LooseElasticIPs ends the associations of an interface's Elastic IPs in their rows: all,
// or those with the given private addresses. The interface's own row is the caller's to
// change or delete.
func LooseElasticIPs(tx *store.Tx, eni string, of []netip.Addr) error {
	for e := range store.ElasticIPs.By(tx, "interface", eni) {
		if of != nil && !slices.Contains(of, e.PrivateIP) {
			continue
		}
		if err := store.ElasticIPs.Put(tx, loose(e)); err != nil {
			return err
		}
	}
	return nil
}

// setPublic writes the public address of a private one.
func setPublic(tx *store.Tx, eni string, private, public netip.Addr) error {
	old := store.Interfaces.Get(tx, eni)
	if old == nil {
		return fmt.Errorf("there is no interface %s", eni)
	}
	next := *old
	if private == old.PrivateIP {
		next.PublicIP = public
		return store.Interfaces.Put(tx, &next)
	}
	k := slices.IndexFunc(old.Secondary, func(s model.PrivateAddress) bool { return s.IP == private })
	if k < 0 {
		return fmt.Errorf("interface %s does not have the address %s", eni, private)
	}
	next.Secondary = slices.Clone(old.Secondary)
	next.Secondary[k].Public = public
	return store.Interfaces.Put(tx, &next)
}
