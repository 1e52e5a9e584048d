package operator

import (
	"net/http"
	"slices"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// Migration is the answer to a request to move an instance.
type Migration struct {
	Instance string `json:"instance"`
	From     string `json:"from"`
	To       string `json:"to"`
	Epoch    int64  `json:"epoch"` // of the boot that it moves to
	Why      string `json:"why"`   // that host
}

// migrate begins to move an instance to another host.
func (a *API) migrate(r *http.Request) (any, error) {
	var out Migration
	err := a.DB.Update(r.Context(), store.Meta{Action: "MigrateInstance", Actor: "operator"}, func(tx *store.Tx) error {
		i, err := find(tx, r.PathValue("id"))
		if err != nil {
			return err
		}
		to := r.URL.Query().Get("to")
		if to != "" {
			h, err := findHost(tx, to)
			if err != nil {
				return err
			}
			to = h.ID
		}
		b, err := lifecycle.Migrate(tx, i.ID, to, "operator", a.Placement)
		if err != nil {
			return err
		}
		out = Migration{Instance: i.ID, From: b.Move.From, To: b.Host, Epoch: b.Epoch, Why: b.Placement}
		return nil
	})
	return out, err
}

// boots answers with an instance's boots, oldest first, each with its timeline.
func (a *API) boots(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	i, err := find(v, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return bootsOf(v, i.ID), nil
}

func bootsOf(r store.Reader, instance string) []*model.Boot {
	out := slices.Collect(store.Boots.By(r, "instance", instance))
	slices.SortFunc(out, func(x, y *model.Boot) int { return int(x.Epoch - y.Epoch) })
	return out
}
