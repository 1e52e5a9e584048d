package kernel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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
	if p.Rate == (plan.Rate{}) {
		return k.unshape(link, state, namespace, "tbf", "ingress", "clsact")
	}
	up, err := k.shaper(plan.RateName(p.Shaper), p, state, namespace)
	if err != nil {
		return err
	}
	if !p.Shared {
		if err := k.unshape(link, state, namespace, "clsact"); err != nil {
			return err
		}
		if err := k.applyBucket(link.Attrs().Index, p.Name, p.Rate, state, namespace); err != nil {
			return err
		}
		return k.redirect(link, lead{"ingress", []way{{netlink.MakeHandle(0xffff, 0), up}}}, state, namespace)
	}
	down, err := k.shaper(plan.SharedRateName(p.Shaper), p, state, namespace)
	if err != nil {
		return err
	}
	if err := k.unshape(link, state, namespace, "tbf", "ingress"); err != nil {
		return err
	}
	return k.redirect(link, lead{"clsact", []way{{netlink.HANDLE_MIN_INGRESS, up}, {netlink.HANDLE_MIN_EGRESS, down}}}, state, namespace)
}

// shaper is a device with a bucket that packets are led through.
func (k *Kernel) shaper(name string, p plan.Port, state portState, namespace string) (netlink.Link, error) {
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
		return nil, err
	}
	if err := k.applyBucket(ifb.Attrs().Index, name, p.Rate, state, namespace); err != nil {
		return nil, err
	}
	return ifb, k.applyLink(ifb, nil, p.MTU, namespace)
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

// lead is the kind of hook that a port has, and the devices that packets go through from it.
type lead struct {
	kind string // of qdisc: ingress, or clsact for both ways
	ways []way
}

type way struct {
	parent uint32
	to     netlink.Link
}

func (l lead) String() string {
	s := l.kind
	for _, w := range l.ways {
		s += fmt.Sprint(" ", w.to.Attrs().Index)
	}
	return s
}

func hook(kind string, index int) netlink.Qdisc {
	attrs := netlink.QdiscAttrs{LinkIndex: index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_INGRESS}
	if kind == "clsact" {
		return &netlink.Clsact{QdiscAttrs: attrs}
	}
	return &netlink.Ingress{QdiscAttrs: attrs}
}

// redirect leads what comes in by a port, and where its rate is shared what goes out, through
// other devices. A filter is looked for once a port and process: the kernel has no list of all.
func (k *Kernel) redirect(link netlink.Link, l lead, state portState, namespace string) error {
	index := link.Attrs().Index
	key := fmt.Sprint(namespace, " ", index)
	hooked := slices.ContainsFunc(state.qdiscs[index], func(q netlink.Qdisc) bool { return q.Type() == l.kind })
	if hooked && k.redirects[key] == l.String() {
		return nil
	}
	if hooked {
		same := true
		for _, w := range l.ways {
			filters, err := retry(func() ([]netlink.Filter, error) { return netlink.FilterList(link, w.parent) })
			if err != nil {
				return err
			}
			same = same && slices.ContainsFunc(filters, func(f netlink.Filter) bool {
				u, ok := f.(*netlink.U32)
				return ok && u.RedirIndex == w.to.Attrs().Index
			})
		}
		if same {
			k.redirects[key] = l.String()
			return nil
		}
	}
	err := k.do("lead "+link.Attrs().Name+" through "+l.names()+in(namespace), func() error {
		if hooked { // with a filter that leads elsewhere
			if err := netlink.QdiscDel(hook(l.kind, index)); err != nil {
				return err
			}
		}
		if err := netlink.QdiscAdd(hook(l.kind, index)); err != nil {
			return err
		}
		for _, w := range l.ways {
			err := netlink.FilterAdd(&netlink.U32{
				FilterAttrs: netlink.FilterAttrs{LinkIndex: index, Parent: w.parent, Priority: 1, Protocol: unix.ETH_P_ALL},
				RedirIndex:  w.to.Attrs().Index,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		k.redirects[key] = l.String()
	}
	return err
}

func (l lead) names() string {
	var names []string
	for _, w := range l.ways {
		names = append(names, w.to.Attrs().Name)
	}
	return strings.Join(names, " and ")
}

// unshape takes bounds of these kinds off a port.
func (k *Kernel) unshape(link netlink.Link, state portState, namespace string, kinds ...string) error {
	for _, q := range state.qdiscs[link.Attrs().Index] {
		if !slices.Contains(kinds, q.Type()) {
			continue
		}
		err := k.do(fmt.Sprintf("take %s from %s%s", q.Type(), link.Attrs().Name, in(namespace)), func() error { return netlink.QdiscDel(q) })
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
		if q.Type() != "tbf" {
			delete(k.redirects, fmt.Sprint(namespace, " ", link.Attrs().Index))
		}
	}
	return nil
}
