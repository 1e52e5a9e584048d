package kernel

import (
	"context"
	"fmt"
	"os/exec"
	"slices"

	"github.com/micacloud/mica/netplane/plan"
)

// Cleanup removes everything of ours from the host, and gives it back the sysctls
// that it had.
func (k *Kernel) Cleanup(ctx context.Context) error {
	empty, err := plan.Build(plan.Host{Prefix: k.cfg.Prefix})
	if err != nil {
		return err
	}
	if err := k.Apply(ctx, empty); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.restoreSysctls(ctx)
}

// Object is one kernel object and the command that shows it to a person.
type Object struct {
	Kind    string // namespace, bridge, tap, set, chain, route, ...
	Name    string
	Command string
	Present bool
}

// Observe lists the objects that the last applied plan has for one interface, or
// for the whole VPC when eniID is empty, and looks whether they are there.
func (k *Kernel) Observe(ctx context.Context, vpcID, eniID string) ([]Object, error) {
	k.mu.Lock()
	d := k.desired
	k.mu.Unlock()
	i := slices.IndexFunc(d.Namespaces, func(n plan.Namespace) bool { return n.VPCID == vpcID })
	if i < 0 {
		return nil, fmt.Errorf("%s: %w", vpcID, ErrNotPlanned)
	}
	objects := d.Objects(d.Namespaces[i], eniID)
	out := make([]Object, 0, len(objects))
	for _, o := range objects {
		cmd := exec.CommandContext(ctx, o.Check[0], o.Check[1:]...)
		text, err := cmd.Output()
		out = append(out, Object{Kind: o.Kind, Name: o.Name, Command: o.Command(), Present: err == nil && (!o.NeedsOutput || len(text) > 0)})
	}
	return out, nil
}
