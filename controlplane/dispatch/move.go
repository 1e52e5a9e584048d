package dispatch

import (
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// move says in a boot's assignment where its guest comes from, or is to go. A source hears
// of it when the destination is ready, and always when it is to stay.
func (a *assigner) move(b *model.Boot, i *model.Instance, out *agentpb.Boot) {
	if b.Coming() {
		out.From = &agentpb.From{Host: b.Move.From, Epoch: b.Move.Epoch, Shared: a.shared(b.Move.From, b.Host)}
		for v := range store.Volumes.By(a.r, "instance", i.ID) {
			a.volume(v, true)
		}
		return
	}
	to := lifecycle.Coming(a.r, i.ID)
	if b.Epoch != i.Epoch || to == nil || to.Move.Epoch != b.Epoch || !to.Move.Ready && to.Move.Cancel == "" {
		return
	}
	out.To = &agentpb.To{Epoch: to.Epoch, Host: to.Host, Cancel: to.Move.Cancel != "", Shared: a.shared(b.Host, to.Host)}
	if there := store.Hosts.Get(a.r, to.Host); there != nil {
		out.To.Address = there.Migration
	}
}

// shared says whether two hosts have their volumes on the same storage.
func (a *assigner) shared(one, other string) bool {
	x, y := store.Hosts.Get(a.r, one), store.Hosts.Get(a.r, other)
	return x != nil && y != nil && x.Storage != "" && x.Storage == y.Storage
}
