package operator

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerHosts(handle func(pattern string, h http.HandlerFunc)) {
	handle("GET /v1/hosts", answer(a.hosts))
	handle("GET /v1/hosts/{id}", answer(a.host))
	handle("PATCH /v1/hosts/{id}", answer(a.setHost))
	handle("POST /v1/hosts/{id}/cordon", answer(a.onHost("CordonHost", func(tx *store.Tx, id string) ([]string, error) { return nil, lifecycle.Cordon(tx, id, true) })))
	handle("POST /v1/hosts/{id}/uncordon", answer(a.onHost("UncordonHost", func(tx *store.Tx, id string) ([]string, error) { return nil, lifecycle.Cordon(tx, id, false) })))
	handle("POST /v1/hosts/{id}/drain", answer(a.drain))
	handle("DELETE /v1/hosts/{id}", answer(a.removeHost))
}

// HostView is a host as `mica host list` shows it.
type HostView struct {
	model.Host
	UsedVCPUs         int
	UsedMemoryMiB     int
	ReservedMemoryMiB int
	Guests            int
	DedicatedHost     string // h-...
	Owner             string // of the dedicated instances on it, or of the Dedicated Host
}

// State is a word on whether the host takes instances.
func (h *HostView) State() string {
	switch {
	case !h.Up:
		return "down"
	case h.Draining:
		return "draining"
	case h.Cordoned:
		return "cordoned"
	}
	return "up"
}

// HostDetail is a host as `mica host show` shows it.
type HostDetail struct {
	HostView
	Instances    []InstanceView // that are on it
	Volumes      int            // files of instances, running and stopped
	Reservations map[string]int // free slots, by capacity reservation
}

func hostView(r store.Reader, h *model.Host) HostView {
	row := HostView{Host: *h}
	if u := store.HostUsage.Get(r, h.ID); u != nil {
		row.UsedVCPUs, row.UsedMemoryMiB, row.Guests, row.ReservedMemoryMiB = u.VCPUs, u.MemoryMiB, u.Boots, u.ReservedMemoryMiB
		row.DedicatedHost, row.Owner = u.Allocation, u.AllocatedTo+u.Owner
	}
	return row
}

func (a *API) hosts(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	out := []HostView{}
	for h := range store.Hosts.List(v) {
		out = append(out, hostView(v, h))
	}
	return out, nil
}

// findHost returns the host of an id or a name.
func findHost(r store.Reader, name string) (*model.Host, error) {
	if h := store.Hosts.Get(r, name); h != nil {
		return h, nil
	}
	if h := store.Hosts.First(r, "name", name); h != nil {
		return h, nil
	}
	return nil, apierr.WithStatus(http.StatusNotFound, "InvalidHostID.NotFound", "no host has the id or the name %q", name)
}

func (a *API) host(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	h, err := findHost(v, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := HostDetail{HostView: hostView(v, h), Instances: []InstanceView{}, Reservations: map[string]int{}}
	for b := range store.Boots.By(v, "host", h.ID) {
		if i := store.Instances.Get(v, b.Instance); i != nil && b.Phase < model.PhaseEnded {
			out.Instances = append(out.Instances, a.view(v, i))
		}
	}
	slices.SortFunc(out.Instances, func(x, y InstanceView) int { return strings.Compare(x.ID, y.ID) })
	for range store.Volumes.By(v, "host", h.ID) {
		out.Volumes++
	}
	for c := range store.CapacityReservations.By(v, "slot", h.ID) {
		out.Reservations[c.ID] = c.Slots[h.ID]
	}
	return out, nil
}

// HostSettings are what an operator may say of a host; nil leaves it as it is.
type HostSettings struct {
	Rack          *string `json:"rack,omitempty"`
	VCPURatio     *int    `json:"vcpu_ratio,omitempty"`
	MemoryPercent *int    `json:"memory_percent,omitempty"`
}

func (a *API) setHost(r *http.Request) (any, error) {
	var in HostSettings
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<16))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, apierr.New("InvalidParameterValue", "the host's settings: %v", err)
	}
	if in.VCPURatio != nil && (*in.VCPURatio < 0 || *in.VCPURatio > 1000) || in.MemoryPercent != nil && (*in.MemoryPercent < 0 || *in.MemoryPercent > 1000) {
		return nil, apierr.New("InvalidParameterValue", "an overcommit of up to 1000, or 1000%%, is wanted; 0 is the cluster's")
	}
	return a.onHost("SetHost", func(tx *store.Tx, id string) ([]string, error) {
		next := *store.Hosts.Get(tx, id)
		if in.Rack != nil {
			next.Rack = *in.Rack
		}
		if in.VCPURatio != nil {
			next.VCPURatio = *in.VCPURatio
		}
		if in.MemoryPercent != nil {
			next.MemoryPercent = *in.MemoryPercent
		}
		return nil, store.Hosts.Put(tx, &next)
	})(r)
}

// HostChange is the answer to a command on a host.
type HostChange struct {
	Host    string   `json:"host"`
	Stopped []string `json:"stopped,omitempty"` // the instances that the command stopped
	Moving  []string `json:"moving,omitempty"`  // those that move to other hosts now
	Waiting []string `json:"waiting,omitempty"` // those that move when others have
	// Why some are stopped and not moved.
	Why map[string]string `json:"why,omitempty"`
}

// onHost makes a handler of an audited change of one host.
func (a *API) onHost(action string, change func(*store.Tx, string) ([]string, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var out HostChange
		err := a.DB.Update(r.Context(), store.Meta{Action: action, Actor: "operator"}, func(tx *store.Tx) error {
			h, err := findHost(tx, r.PathValue("id"))
			if err != nil {
				return err
			}
			out.Host = h.ID
			out.Stopped, err = change(tx, h.ID)
			return err
		})
		return out, err
	}
}

func (a *API) removeHost(r *http.Request) (any, error) {
	lost := r.URL.Query().Get("lost") == "true"
	return a.onHost("RemoveHost", func(tx *store.Tx, id string) ([]string, error) {
		if lost {
			if err := lifecycle.GiveUp(tx, id); err != nil {
				return nil, err
			}
		}
		if err := lifecycle.Remove(tx, id); err != nil || a.ShutOut == nil {
			return nil, err
		}
		return nil, a.ShutOut(tx, id)
	})(r)
}

// drain empties a host: by moving what runs, or by stopping it all.
func (a *API) drain(r *http.Request) (any, error) {
	if r.URL.Query().Get("stop") == "true" {
		return a.onHost("DrainHost", lifecycle.Drain)(r)
	}
	var out HostChange
	err := a.DB.Update(r.Context(), store.Meta{Action: "DrainHost", Actor: "operator"}, func(tx *store.Tx) error {
		h, err := findHost(tx, r.PathValue("id"))
		if err != nil {
			return err
		}
		did, err := lifecycle.Evacuate(tx, h.ID, a.Placement)
		out = HostChange{Host: h.ID, Stopped: slices.Sorted(maps.Keys(did.Stopped)), Moving: did.Moving, Waiting: did.Waiting, Why: did.Stopped}
		return err
	})
	return out, err
}
