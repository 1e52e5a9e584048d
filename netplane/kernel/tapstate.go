package kernel

import (
	"context"
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"

	"github.com/micacloud/mica/netplane/plan"
)

// TapState is where a tap is.
type TapState int

// Where a tap can be.
const (
	TapAbsent   TapState = iota
	TapInHost            // in the host's namespace, as CreateTap leaves it
	TapAttached          // in its VPC's namespace, as MoveTap leaves it
)

// TapState says where a tap is, with a look at that one link in two namespaces.
func (k *Kernel) TapState(_ context.Context, name, vpcID string) (TapState, error) {
	there := func() (bool, error) {
		_, err := netlink.LinkByName(name)
		if _, absent := errors.AsType[netlink.LinkNotFoundError](err); absent {
			return false, nil
		}
		return err == nil, err
	}
	ok, err := there()
	if ok || err != nil {
		return TapInHost, err
	}
	namespace := plan.NamespaceName(k.cfg.Prefix, vpcID)
	if !namespaceExists(namespace) {
		return TapAbsent, nil
	}
	if err := inNamespace(namespace, func() (err error) { ok, err = there(); return err }); err != nil {
		return TapAbsent, fmt.Errorf("tap %s: %w", name, err)
	}
	if ok {
		return TapAttached, nil
	}
	return TapAbsent, nil
}
