package lifecycle

import (
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// How long a request for a peering waits for its answer, and how long what ended is shown
// (Amazon VPC peering guide, "VPC peering connection lifecycle").
const (
	PeeringWaits      = 7 * 24 * time.Hour
	PeeringShown      = 2 * time.Hour      // deleted or failed
	PeeringShownLater = 2 * 24 * time.Hour // rejected or expired
)

// PeeringDue returns when TendPeering has something to do if nothing else happens; zero is
// never. It may lie in the past.
func PeeringDue(r store.Reader, id string) time.Time {
	p := store.Peerings.Get(r, id)
	if p == nil {
		return time.Time{}
	}
	switch p.State {
	case model.PeeringPending:
		return p.Expires
	case model.PeeringDeleted, model.PeeringFailed:
		return p.Changed.Add(PeeringShown)
	case model.PeeringRejected, model.PeeringExpired:
		return p.Changed.Add(PeeringShownLater)
	}
	return time.Time{}
}

// TendPeering ends a request that nobody answered in time, and forgets what ended long ago.
func TendPeering(tx *store.Tx, id string) error {
	due := PeeringDue(tx, id)
	if due.IsZero() || tx.Now().Before(due) {
		return nil
	}
	p := *store.Peerings.Get(tx, id)
	if p.State != model.PeeringPending {
		return store.Peerings.Delete(tx, id)
	}
	p.State, p.Message, p.Changed = model.PeeringExpired, "Expired: nobody accepted the request", tx.Now()
	return store.Peerings.Put(tx, &p)
}
