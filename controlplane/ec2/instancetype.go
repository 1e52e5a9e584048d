package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire"
)

func (a *API) registerInstanceTypes(r *wire.Registry[*action.Call]) {}

// TypeTable holds the instance types on offer.
type TypeTable struct{}

// StandardTypes returns the types that every installation has.
func StandardTypes() *TypeTable { return &TypeTable{} }
