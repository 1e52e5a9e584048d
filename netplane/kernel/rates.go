package kernel

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// What a guest gets is bounded by a token bucket on its tap. What it sends comes in by the
// tap, where Linux can only drop; so it is led through a device of its own (ifb), which has
// a queue with another bucket, and goes on to the bridge from there.

// applyRate makes the buckets of a port, before it comes up. A kernel that lacks them is
// told of once, and bounds nothing.
func (k *Kernel) applyRate(link netlink.Link, p plan.Port, state portState, namespace string) error {
	err := k.shape(link, p, state, namespace)
	if err == nil || !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	if !k.unshaped {
		k.unshaped = true
		k.log.Warn("network rates are not bounded: the kernel needs ifb, sch_tbf, sch_ingress, cls_u32 and act_mirred", "err", err)
	}
	return nil
}

func (k *Kernel) shape(link netlink.Link, p plan.Port, state portState, namespace string) error {
	index := link.Attrs().Index
	if p.Rate == (plan.Rate{}) {
		return k.unshape(link, state, namespace)
	}
	if err := k.applyBucket(index, p.Name, p.Rate, state, namespace); err != nil {
		return err
	}
	name := plan.RateName(p.ENI)
	ifb, err := netlink.LinkByName(name)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		err = k.do("create link "+name+in(namespace), func() error {
			return netlink.LinkAdd(&netlink.Ifb{LinkAttrs: netlink.LinkAttrs{Name: name, MTU: p.MTU, TxQLen: -1}})
		})
		if err == nil {
			ifb, err = netlink.LinkByName(name)
		}
	}
	if err != nil {
		return err
	}
	if err := k.applyBucket(ifb.Attrs().Index, name, p.Rate, state, namespace); err != nil {
		return err
	}
	if err := k.applyLink(ifb, nil, p.MTU, namespace); err != nil {
		return err
	}
	return k.redirect(link, ifb, state, namespace)
}

// bucketOf is a rate as the kernel has it.
func bucketOf(index int, r plan.Rate) *netlink.Tbf {
	b := r.Bucket()
	q := &netlink.Tbf{
		QdiscAttrs: netlink.QdiscAttrs{LinkIndex: index, Handle: netlink.MakeHandle(1, 0), Parent: netlink.HANDLE_ROOT},
		Rate:       b.Rate, Peakrate: b.Peak, Limit: uint32(b.Queue),
		Buffer: uint32(min(b.Burst*1e9/b.Rate/64, 1<<32-1)), // in ticks of 64 ns
	}
	if b.Peak > 0 {
		q.Minburst = uint32(max(b.Peak/1000, 128<<10)) // what it may send at once, at most
	}
	return q
}

func (k *Kernel) applyBucket(index int, name string, r plan.Rate, state portState, namespace string) error {
	want := bucketOf(index, r)
	for _, q := range state.qdiscs[index] {
		have, ok := q.(*netlink.Tbf)
		if ok && have.Rate == want.Rate && have.Peakrate == want.Peakrate && have.Limit == want.Limit && have.Buffer == want.Buffer {
			return nil
		}
	}
	return k.do(fmt.Sprintf("bound %s to %s%s", name, r, in(namespace)), func() error { return netlink.QdiscReplace(want) })
}

// redirect leads what comes in by a port through its ifb. A filter is looked for once a
// port and process: the kernel has no list of all.
func (k *Kernel) redirect(link, ifb netlink.Link, state portState, namespace string) error {
	index := link.Attrs().Index
	key := fmt.Sprint(namespace, " ", index)
	ingress := false
	for _, q := range state.qdiscs[index] {
		ingress = ingress || q.Type() == "ingress"
	}
	if ingress && k.redirects[key] == ifb.Attrs().Index {
		return nil
	}
	hook := netlink.QdiscAttrs{LinkIndex: index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_INGRESS}
	if ingress {
		filters, err := retry(func() ([]netlink.Filter, error) { return netlink.FilterList(link, hook.Handle) })
		if err != nil {
			return err
		}
		for _, f := range filters {
			u, ok := f.(*netlink.U32)
			if ok && u.RedirIndex == ifb.Attrs().Index {
				k.redirects[key] = ifb.Attrs().Index
				return nil
			}
		}
	}
	err := k.do("lead "+link.Attrs().Name+" through "+ifb.Attrs().Name+in(namespace), func() error {
		if ingress { // with a filter that leads elsewhere
			if err := netlink.QdiscDel(&netlink.Ingress{QdiscAttrs: hook}); err != nil {
				return err
			}
		}
		if err := netlink.QdiscAdd(&netlink.Ingress{QdiscAttrs: hook}); err != nil {
			return err
		}
		return netlink.FilterAdd(&netlink.U32{
			FilterAttrs: netlink.FilterAttrs{LinkIndex: index, Parent: hook.Handle, Priority: 1, Protocol: unix.ETH_P_ALL},
			RedirIndex:  ifb.Attrs().Index,
		})
	})
	if err == nil {
		k.redirects[key] = ifb.Attrs().Index
	}
	return err
}

// unshape takes the bounds of a port away.
func (k *Kernel) unshape(link netlink.Link, state portState, namespace string) error {
	for _, q := range state.qdiscs[link.Attrs().Index] {
		if q.Type() != "tbf" && q.Type() != "ingress" {
			continue
		}
		err := k.do(fmt.Sprintf("take %s from %s%s", q.Type(), link.Attrs().Name, in(namespace)), func() error { return netlink.QdiscDel(q) })
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
	delete(k.redirects, fmt.Sprint(namespace, " ", link.Attrs().Index))
	return nil
}
