package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
)

var peeringKind = idKind{ids.Peering, "InvalidVpcPeeringConnectionId.Malformed", "InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection ID"}

// getPeering returns a peering of which one side is the caller's.
func getPeering(c *action.Call, id string) (*model.Peering, error) {
	if err := peeringKind.check(id); err != nil {
		return nil, err
	}
	p := store.Peerings.Get(c, id)
	if p == nil || !p.Requester.OwnedBy(c.Account, c.Region) && !p.Accepter.OwnedBy(c.Account, c.Region) {
		return nil, peeringKind.missing(id)
	}
	return p, nil
}

// endPeering puts a peering into a state from which it does not come back.
func endPeering(c *action.Call, p *model.Peering, state, message string) error {
	next := *p
	next.State, next.Message, next.Changed = state, message, c.Now()
	return store.Peerings.Put(c.Tx, &next)
}
