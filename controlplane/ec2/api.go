// Package ec2 has the actions of EC2's API, a file a resource. An action is a
// function over a transaction; the types of its request and answer are generated
// from AWS's published model, and package wire puts HTTP around it.
package ec2

import (
	"context"
	"net/netip"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/wire"
)

// Zone is an availability zone.
type Zone struct {
	Name string // eu-central-1a
	ID   string // euc1-az1
}

// Region is a region with its zones.
type Region struct {
	Name     string
	Endpoint string // host name, with the port if it is not the scheme's own
	Zones    []Zone
}

// Deps is what the actions need besides the store.
type Deps struct {
	Regions []Region
	// Types are the instance types on offer.
	Types *TypeTable
	// PublicPool is where public addresses come from.
	PublicPool netip.Prefix
	// Quotas raise or lower what an account may have of things, by their names; those
	// without one are EC2's. See QuotaNames.
	Quotas map[string]int
	// Placement is the operator's policy.
	Placement schedule.Policy
	// Console asks an instance's host for what its guest wrote to the serial console,
	// and for when that was: the newest if latest, else the last that was kept. The
	// instance may have no host; then data is empty. Nil answers Unsupported.
	Console func(ctx context.Context, hostID, instanceID string, latest bool) (data []byte, at time.Time, err error)
}

// API answers the actions.
type API struct {
	deps Deps
}

// region returns the region of a name, or nil if the cluster does not serve it.
func (a *API) region(name string) *Region {
	for i := range a.deps.Regions {
		if a.deps.Regions[i].Name == name {
			return &a.deps.Regions[i]
		}
	}
	return nil
}

// Register adds all actions of EC2 to a registry.
func Register(r *wire.Registry[*action.Call], deps Deps) {
	if deps.Types == nil {
		deps.Types = StandardTypes()
	}
	a := &API{deps: deps}
	a.registerInstanceTypes(r)
	a.registerLaunch(r)
	a.registerInstances(r)
	a.registerInstanceStates(r)
	a.registerInstanceStatus(r)
	a.registerInstanceAttributes(r)
	a.registerInstanceNames(r)
	a.registerPlacement(r)
	a.registerImages(r)
	a.registerVolumes(r)
	a.registerKeyPairs(r)
	a.registerNetwork(r)
}
