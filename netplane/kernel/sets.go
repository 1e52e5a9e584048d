package kernel

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// setState is what the namespace's ipsets were when Apply looked: members by set.
type setState map[string]observedSet

type observedSet struct {
	typ     string
	members map[member]string // MAC, or ""
}

// member is what an entry of a set is known by.
type member struct {
	ip   netip.Addr
	bits int // of a set of networks
}

// ownSets keeps the hands off sets that somebody else may have made for debugging.
var ownSets = regexp.MustCompile(`^(local|public|remote|pairs-[0-9a-f]{11}|(sg|pl)-[0-9a-f]{8,17})$`)

func observeSets() (setState, error) {
	list, err := netlink.IpsetListAll()
	if err != nil {
		return nil, fmt.Errorf("list ipsets: %w", err)
	}
	out := setState{}
	for _, r := range list { // a large set comes in several parts
		s, ok := out[r.SetName]
		if !ok {
			s = observedSet{r.TypeName, map[member]string{}}
			out[r.SetName] = s
		}
		for _, e := range r.Entries {
			if a, ok := netip.AddrFromSlice(e.IP.To4()); ok {
				m := member{ip: a}
				if r.TypeName == plan.SetHashNet {
					m.bits = int(e.CIDR)
				}
				s.members[m] = e.MAC.String()
			}
		}
	}
	return out, nil
}

// growSets creates missing sets and adds missing members. Nothing is taken away yet:
// rules still refer to it, and packets of devices that go are still on their way.
func (k *Kernel) growSets(n plan.Namespace) (setState, error) {
	state, err := observeSets()
	if err != nil {
		return nil, err
	}
	for _, s := range n.Sets {
		have, ok := state[s.Name]
		if ok && have.typ != s.Type { // somebody else's: no rule of ours can have named it
			err := k.do(fmt.Sprintf("destroy set %s in %s, a %s", s.Name, n.Name, have.typ), func() error { return netlink.IpsetDestroy(s.Name) })
			if err != nil {
				return nil, fmt.Errorf("set %s is a %s, not a %s: %w", s.Name, have.typ, s.Type, err)
			}
			delete(state, s.Name)
			have, ok = observedSet{}, false
		}
		if !ok {
			if err := k.makeSet(s, n.Name); err != nil {
				return nil, err
			}
		}
		for _, m := range s.Members {
			mac, there := have.members[member{m.IP, m.Bits}]
			if there && mac == m.MAC {
				continue
			}
			if err := k.addMember(s.Name, n.Name, m, plan.Member{IP: m.IP, MAC: mac}, there); err != nil {
				return nil, err
			}
		}
	}
	return state, nil
}

// addMembers adds to the sets of one plan what another has more, and makes its new sets.
func (k *Kernel) addMembers(was, n plan.Namespace) error {
	old := setsByName(was)
	for _, s := range n.Sets {
		before, there := old[s.Name]
		if !there {
			if err := k.makeSet(s, n.Name); err != nil {
				return err
			}
		}
		gone, added := differences(before.Members, s.Members, sameMember, memberOf)
		macs := map[member]plan.Member{}
		for _, m := range gone {
			macs[memberOf(m)] = m
		}
		for _, m := range added {
			other, held := macs[memberOf(m)]
			if err := k.addMember(s.Name, n.Name, m, other, held); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropMembers takes from the sets of one plan what another has no more, and says whether
// there was any.
func (k *Kernel) dropMembers(was, n plan.Namespace) (dropped bool, err error) {
	wanted := setsByName(n)
	for _, s := range was.Sets {
		now, there := wanted[s.Name]
		if !there {
			if err := k.do(fmt.Sprintf("destroy set %s in %s", s.Name, n.Name), func() error { return netlink.IpsetDestroy(s.Name) }); err != nil {
				return false, err
			}
			continue
		}
		gone, added := differences(s.Members, now.Members, sameMember, memberOf)
		for _, m := range gone {
			dropped = true
			if slices.ContainsFunc(added, func(a plan.Member) bool { return memberOf(a) == memberOf(m) }) {
				continue // it has another MAC
			}
			if err := k.do(fmt.Sprintf("remove %s from set %s in %s", m, s.Name, n.Name), func() error { return netlink.IpsetDel(s.Name, entry(m)) }); err != nil {
				return false, err
			}
		}
	}
	return dropped, nil
}

func setsByName(n plan.Namespace) map[string]plan.Set {
	out := make(map[string]plan.Set, len(n.Sets))
	for _, s := range n.Sets {
		out[s.Name] = s
	}
	return out
}

func sameMember(a, b plan.Member) bool { return a == b }

func memberOf(m plan.Member) member { return member{m.IP, m.Bits} }

func (k *Kernel) makeSet(s plan.Set, namespace string) error {
	return k.do(fmt.Sprintf("create set %s in %s", s.Name, namespace), func() error { return createSet(s) })
}

// addMember puts a member into a set, in the place of another one that is held: of the same
// address with another MAC.
func (k *Kernel) addMember(set, namespace string, m, other plan.Member, held bool) error {
	return k.do(fmt.Sprintf("add %s to set %s in %s", m, set, namespace), func() error {
		if held {
			if err := netlink.IpsetDel(set, entry(other)); err != nil {
				return err
			}
		}
		return netlink.IpsetAdd(set, entry(m))
	})
}

// shrinks tells whether shrinkSets will take a member away.
func (state setState) shrinks(n plan.Namespace) bool {
	for _, s := range n.Sets {
		if len(surplus(state[s.Name], s)) > 0 {
			return true
		}
	}
	return false
}

func surplus(have observedSet, want plan.Set) []member {
	wanted := make(map[member]bool, len(want.Members))
	for _, m := range want.Members {
		wanted[member{m.IP, m.Bits}] = true
	}
	var out []member
	for a := range have.members {
		if !wanted[a] {
			out = append(out, a)
		}
	}
	return out
}

// shrinkSets removes members and sets that nobody wants.
func (k *Kernel) shrinkSets(n plan.Namespace, state setState) error {
	wanted := map[string]bool{}
	for _, s := range n.Sets {
		wanted[s.Name] = true
		for _, a := range surplus(state[s.Name], s) {
			m := plan.Member{IP: a.ip, Bits: a.bits, MAC: state[s.Name].members[a]}
			err := k.do(fmt.Sprintf("remove %s from set %s in %s", m, s.Name, n.Name), func() error {
				err := netlink.IpsetDel(s.Name, entry(m))
				if errors.Is(err, nl.IPSetError(nl.IPSET_ERR_EXIST)) {
					return nil
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	for name := range state {
		if wanted[name] || !ownSets.MatchString(name) {
			continue
		}
		err := k.do(fmt.Sprintf("destroy set %s in %s", name, n.Name), func() error { return netlink.IpsetDestroy(name) })
		if err != nil {
			return err
		}
	}
	return nil
}

func entry(m plan.Member) *netlink.IPSetEntry {
	e := &netlink.IPSetEntry{IP: m.IP.AsSlice(), CIDR: uint8(m.Bits)}
	if m.MAC != "" {
		e.MAC, _ = net.ParseMAC(m.MAC) // the plan made it from a MAC
	}
	return e
}

func createSet(s plan.Set) error {
	if s.Type == plan.SetHashNet {
		return netlink.IpsetCreate(s.Name, s.Type, netlink.IpsetCreateOptions{Family: unix.AF_INET})
	}
	if s.Type == plan.SetHashIP {
		// A VPC of five /16 fits.
		return netlink.IpsetCreate(s.Name, s.Type, netlink.IpsetCreateOptions{MaxElements: 1 << 19})
	}
	return createBitmap(s)
}

// createBitmap is what the library can't do: give the range of a bitmap set.
func createBitmap(s plan.Set) error {
	req := nl.NewNetlinkRequest(nl.IPSET_CMD_CREATE|unix.NFNL_SUBSYS_IPSET<<8, nl.GetIpsetFlags(nl.IPSET_CMD_CREATE)|unix.NLM_F_EXCL)
	req.AddData(&nl.Nfgenmsg{NfgenFamily: unix.AF_INET, Version: nl.NFNETLINK_V0})
	req.AddData(nl.NewRtAttr(nl.IPSET_ATTR_PROTOCOL, nl.Uint8Attr(nl.IPSET_PROTOCOL)))
	req.AddData(nl.NewRtAttr(nl.IPSET_ATTR_SETNAME, nl.ZeroTerminated(s.Name)))
	req.AddData(nl.NewRtAttr(nl.IPSET_ATTR_TYPENAME, nl.ZeroTerminated(s.Type)))
	req.AddData(nl.NewRtAttr(nl.IPSET_ATTR_REVISION, nl.Uint8Attr(3)))
	req.AddData(nl.NewRtAttr(nl.IPSET_ATTR_FAMILY, nl.Uint8Attr(unix.AF_INET)))
	data := nl.NewRtAttr(nl.IPSET_ATTR_DATA|int(nl.NLA_F_NESTED), nil)
	ip := nl.NewRtAttr(nl.IPSET_ATTR_IPADDR_IPV4|int(nl.NLA_F_NET_BYTEORDER), s.Range.Masked().Addr().AsSlice())
	data.AddChild(nl.NewRtAttr(nl.IPSET_ATTR_IP|int(nl.NLA_F_NESTED), ip.Serialize()))
	data.AddChild(nl.NewRtAttr(nl.IPSET_ATTR_CIDR, nl.Uint8Attr(uint8(s.Range.Bits()))))
	req.AddData(data)
	_, err := req.Execute(unix.NETLINK_NETFILTER, 0)
	return err
}
