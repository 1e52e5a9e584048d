package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// NATShown is how long a NAT gateway that was deleted, or that failed, is shown.
const NATShown = time.Hour

// natHost says which host is to do a NAT gateway's work: the one that does, as long as it
// can; else the one of the zone that does least of this; empty if none can. A NAT gateway
// takes no capacity.
func natHost(r store.Reader, n *model.NATGateway) string {
	s := store.Subnets.Get(r, n.Subnet)
	if s == nil {
		return ""
	}
	can := func(h *model.Host) bool { return h.Up && !h.Draining && h.Region == s.Region && h.Zone == s.Zone }
	if h := store.Hosts.Get(r, n.Host); h != nil && can(h) {
		return h.ID
	}
	type candidate struct {
		id       string
		cordoned bool
		gateways int
	}
	var all []candidate
	for h := range store.Hosts.By(r, "zone", store.Key(s.Region, s.Zone)) {
		if !can(h) {
			continue
		}
		x := candidate{id: h.ID, cordoned: h.Cordoned}
		for range store.NATGateways.By(r, "host", h.ID) {
			x.gateways++
		}
		all = append(all, x)
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(x, y candidate) int {
		if x.cordoned != y.cordoned {
			if x.cordoned {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(x.gateways, y.gateways), cmp.Compare(x.id, y.id))
	}).id
}

func natWorks(n *model.NATGateway) bool {
	return n.State == model.NATPending || n.State == model.NATAvailable
}

// NATDue returns when TendNAT has something to do if nothing else happens; zero is never.
// It may lie in the past.
func NATDue(r store.Reader, id string, now time.Time) time.Time {
	n := store.NATGateways.Get(r, id)
	switch {
	case n == nil:
		return time.Time{}
	case natWorks(n):
		if natHost(r, n) != n.Host {
			return now
		}
		return time.Time{}
	case n.State == model.NATDeleting:
		if store.Hosts.Get(r, n.Host) == nil {
			return now
		}
		return time.Time{}
	}
	return n.Deleted.Add(NATShown)
}

// TendNAT gives a NAT gateway a host, or another one if its own cannot do its work any
// more, and forgets one that ended long ago. One whose host was removed while it ended has
// ended.
func TendNAT(tx *store.Tx, id string) error {
	n := store.NATGateways.Get(tx, id)
	switch {
	case n == nil:
		return nil
	case n.State == model.NATDeleting:
		if store.Hosts.Get(tx, n.Host) == nil {
			return natGone(tx, n)
		}
		return nil
	case !natWorks(n):
		if tx.Now().Before(n.Deleted.Add(NATShown)) {
			return nil
		}
		return store.NATGateways.Delete(tx, id)
	}
	next := *n
	if next.Host = natHost(tx, n); next.Host == n.Host {
		return nil
	}
	return store.NATGateways.Put(tx, &next)
}

// ReportNAT takes a host's word on a NAT gateway: it works, or is gone from there. Errors are
// kinds of ErrStale, and those of the store.
func ReportNAT(tx *store.Tx, host, id string, gone bool) error {
	n := store.NATGateways.Get(tx, id)
	switch {
	case n == nil:
		return fmt.Errorf("NAT gateway %s: %w", id, ErrStale)
	case n.Host != host:
		return fmt.Errorf("NAT gateway %s: %w but %q's", id, ErrWrongHost, n.Host)
	case gone && n.State == model.NATDeleting:
		return natGone(tx, n)
	case !gone && n.State == model.NATPending:
		next := *n
		next.State = model.NATAvailable
		return store.NATGateways.Put(tx, &next)
	}
	return nil
}

// EndNAT begins the end of a NAT gateway: routes to it lead nowhere from now on. Its addresses
// are its own until its host has done with it.
func EndNAT(tx *store.Tx, id string) error {
	n := store.NATGateways.Get(tx, id)
	switch {
	case n == nil || n.State == model.NATDeleted || n.State == model.NATDeleting:
		return nil
	case n.Host == "":
		return natGone(tx, n)
	}
	next := *n
	next.State = model.NATDeleting
	return store.NATGateways.Put(tx, &next)
}

// natGone ends a NAT gateway: its interface goes, its Elastic IP is its owner's again. It is
// shown as deleted for a while.
func natGone(tx *store.Tx, n *model.NATGateway) error {
	next := *n
	next.State, next.Host, next.Deleted = model.NATDeleted, "", tx.Now()
	return errorsOf(LooseElasticIPs(tx, n.Interface, nil), store.Interfaces.Delete(tx, n.Interface), store.NATGateways.Put(tx, &next))
}
