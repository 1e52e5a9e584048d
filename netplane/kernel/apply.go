package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/micacloud/mica/netplane/plan"
)

// Apply makes the kernel's state the desired one and does nothing when it already
// is. Every object of ours that is not desired is removed. One VPC that cannot be
// applied doesn't keep the others from it; the error then names it.
func (k *Kernel) Apply(ctx context.Context, d plan.Desired) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	done, err := k.begin(d)
	if err != nil {
		return err
	}
	defer done()
	return errors.Join(k.applyAll(ctx, d), k.endRevoked(), k.refusals())
}

// begin notes the plan and what its application needs until done is called.
func (k *Kernel) begin(d plan.Desired) (done func(), err error) {
	if d.Prefix != k.cfg.Prefix {
		return nil, fmt.Errorf("the plan's prefix is %q, ours is %q", d.Prefix, k.cfg.Prefix)
	}
	k.steps = nil
	if k.host, err = os.Open(threadNS); err != nil {
		return nil, err
	}
	k.settled = false // until all is done
	if !slices.Equal(d.Warnings, k.desired.Warnings) {
		for _, w := range d.Warnings {
			k.log.Warn("part of the network plan was left out", "why", w)
		}
	}
	k.desired = d
	return func() { k.host.Close() }, nil
}

// applyAll looks at everything.
func (k *Kernel) applyAll(ctx context.Context, d plan.Desired) error {
	// The host's chains first: they are in force before any link comes up.
	rest := []error{k.applyRootFilters(ctx, d.Root)}
	var errs []error
	if rest[0] == nil {
		for _, n := range d.Namespaces {
			if err := k.applyNamespace(ctx, d, n); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", n.Name, err))
			}
		}
		rest = append(rest, k.applyRootLinks(d.Root), k.applyPeers(d), k.applyNATs(ctx, d))
	}
	err := errors.Join(append(rest, k.removeOrphans(d))...)
	k.settled = err == nil
	return errors.Join(append(errs, err)...)
}

// AppliedVPC tells whether the last plan of the VPC is in force as a whole. Apply's
// error may be about another one.
func (k *Kernel) AppliedVPC(vpcID string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.applied[vpcID]
	return ok
}

// applyNamespace has filters in force before any device that they guard comes up.
func (k *Kernel) applyNamespace(ctx context.Context, d plan.Desired, n plan.Namespace) error {
	existed := namespaceExists(n.Name)
	if !existed {
		delete(k.tables, n.Name)
		if err := k.do("create namespace "+n.Name, func() error { return createNamespace(n.Name) }); err != nil {
			return err
		}
	}
	before, known := k.applied[n.VPCID]
	delete(k.applied, n.VPCID) // until it is in force again
	var staleSets func() error
	var revoked bool
	err := inNamespace(n.Name, func() error {
		if err := k.applySysctls(n.Sysctls, n.Name); err != nil {
			return err
		}
		sets, err := k.growSets(n)
		if err != nil {
			return err
		}
		changed, err := k.applyTables(ctx, n.Name, n.Tables, n.Bridge)
		staleSets = func() error { return k.shrinkSets(n, sets) }
		revoked = changed || sets.shrinks(n) || !known || !slices.Equal(before.Routes, n.Routes)
		return err
	})
	if err != nil {
		return err
	}
	if err := k.applyVeth(d.Root, n); err != nil {
		return err
	}
	return inNamespace(n.Name, func() error {
		if err := k.applyLinks(n); err != nil {
			return err
		}
		if err := staleSets(); err != nil {
			return err
		}
		if revoked && existed {
			k.revoked[n.VPCID] = true
		}
		k.applied[n.VPCID] = n
		return nil
	})
}

func (k *Kernel) applyNATs(ctx context.Context, d plan.Desired) error {
	var errs []error
	for _, b := range d.NATs {
		if err := k.applyNATBox(ctx, b); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", b.Name, err))
		}
	}
	return errors.Join(errs...)
}

// applyNATBox has a NAT gateway's filters in force before it is tied to its VPC, if that is
// in force itself.
func (k *Kernel) applyNATBox(ctx context.Context, b plan.NATBox) error {
	i := slices.IndexFunc(k.desired.Namespaces, func(n plan.Namespace) bool { return n.Name == b.VPC })
	if i < 0 {
		return nil
	}
	vpc, ok := k.applied[k.desired.Namespaces[i].VPCID]
	if !ok {
		return nil
	}
	delete(k.nats, b.ENI) // until it is in force again
	if !namespaceExists(b.Name) {
		delete(k.tables, b.Name)
		if err := k.do("create namespace "+b.Name, func() error { return createNamespace(b.Name) }); err != nil {
			return err
		}
	}
	err := inNamespace(b.Name, func() error {
		if err := k.applySysctls(b.Sysctls, b.Name); err != nil {
			return err
		}
		_, err := k.applyTables(ctx, b.Name, b.Tables, nil)
		return err
	})
	if err != nil {
		return err
	}
	if err := k.applyNAT(b, vpc); err != nil {
		return err
	}
	k.nats[b.ENI] = true
	return nil
}

// NATState says of a NAT gateway's interface whether it is in force as planned, and whether
// nothing of it is left on this host. Neither is so while its VPC is not as planned.
func (k *Kernel) NATState(vpcID, eniID string) (works, gone bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, current := k.applied[vpcID]
	planned := slices.ContainsFunc(k.desired.NATs, func(b plan.NATBox) bool { return b.ENI == eniID })
	if planned {
		return current && k.nats[eniID], false
	}
	vpcGone := !namespaceExists(plan.NamespaceName(k.cfg.Prefix, vpcID))
	return false, k.settled && (current || vpcGone) && !namespaceExists(plan.NATName(k.cfg.Prefix, eniID))
}

// removeOrphans removes what bears our name and is not wanted.
func (k *Kernel) removeOrphans(d plan.Desired) error {
	names, err := k.ownNamespaces()
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		wanted := slices.ContainsFunc(d.Namespaces, func(n plan.Namespace) bool { return n.Name == name }) ||
			slices.ContainsFunc(d.NATs, func(b plan.NATBox) bool { return b.Name == name })
		if wanted || slices.Contains(d.Keep, name) {
			continue
		}
		errs = append(errs, k.removeNamespace(name))
	}
	return errors.Join(append(errs, k.removeRootLinks(d)...)...)
}

// removeNamespace deletes the devices itself: the namespace may live on for as long
// as some process has a socket in it.
func (k *Kernel) removeNamespace(name string) error {
	for id := range k.applied {
		if plan.NamespaceName(k.cfg.Prefix, id) == name {
			delete(k.applied, id)
			delete(k.revoked, id)
		}
	}
	delete(k.tables, name)
	return k.do("delete namespace "+name, func() error {
		if namespaceExists(name) {
			if err := inNamespace(name, deleteOwnLinks); err != nil {
				return err
			}
		}
		return deleteNamespace(name)
	})
}
