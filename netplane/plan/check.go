package plan

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// check finds what would make the namespace wrong or impossible. What can be left
// out without opening anything is only warned of, when it is left out.
func (n *nsBuilder) check(seen claims) error {
	v := n.vpc
	if !isID(v.ID) {
		return fmt.Errorf("the id is not of the form %s", idForm)
	}
	errs := []error{
		seen.take("VPC", v.ID, v.ID),
		seen.take("link", GatewayName(n.host.Prefix, v.ID), v.ID),
	}
	if len(v.CIDRs) == 0 {
		errs = append(errs, errors.New("no CIDR"))
	}
	for _, c := range v.CIDRs {
		if !c.IsValid() || !c.Addr().Is4() || c.Bits() < 16 || c.Bits() > 28 {
			errs = append(errs, fmt.Errorf("CIDR %v: want IPv4 from /16 to /28", c))
		}
	}
	local := make(claims, 2*len(v.Interfaces)+2*len(v.Remotes)+len(v.Groups)+len(v.Subnets))
	for _, s := range v.Subnets {
		errs = append(errs, n.checkSubnet(s, local))
	}
	for _, i := range v.Interfaces {
		errs = append(errs, n.checkInterface(i, local, seen))
	}
	errs = append(errs, n.checkRemotes(local, seen))
	n.checkPeerings(local)
	n.checkLists(local)
	for _, g := range v.Groups {
		if !isID(g.ID) {
			errs = append(errs, fmt.Errorf("group id %q", g.ID))
		}
		errs = append(errs, local.take("group", g.ID, g.ID))
	}
	return errors.Join(errs...)
}

func (n *nsBuilder) checkSubnet(s Subnet, local claims) error {
	switch {
	case !isID(s.ID):
		return fmt.Errorf("subnet id %q", s.ID)
	case !s.CIDR.IsValid() || !s.CIDR.Addr().Is4() || s.CIDR.Bits() < 16 || s.CIDR.Bits() > 28:
		return fmt.Errorf("%s: CIDR %v: want IPv4 from /16 to /28", s.ID, s.CIDR)
	case !n.vpc.contains(s.CIDR.Addr()):
		return fmt.Errorf("%s: %s is outside of the VPC", s.ID, s.CIDR)
	case !s.CIDR.Contains(s.Router):
		return fmt.Errorf("%s: the router %s is outside of %s", s.ID, s.Router, s.CIDR)
	}
	for _, o := range n.vpc.Subnets {
		if o.ID < s.ID && o.CIDR.Overlaps(s.CIDR) {
			return fmt.Errorf("%s overlaps %s", s.ID, o.ID)
		}
	}
	return local.take("bridge", BridgeName(s.ID), s.ID)
}

func (n *nsBuilder) checkInterface(i Interface, local, seen claims) error {
	s, ok := n.vpc.subnet(i.SubnetID)
	switch {
	case !isID(i.ID):
		return fmt.Errorf("interface id %q", i.ID)
	case !ok:
		return fmt.Errorf("%s: no subnet %q", i.ID, i.SubnetID)
	case len(i.MAC) != 6 || i.MAC[0]&1 != 0 || isZero(i.MAC):
		return fmt.Errorf("%s: MAC %v", i.ID, i.MAC)
	case bytes.Equal(i.MAC, n.router):
		return fmt.Errorf("%s: MAC %v is the router's", i.ID, i.MAC)
	}
	errs := []error{
		local.take("MAC", i.MAC.String(), i.ID),
		seen.take("tap", n.tap(i), i.ID),
	}
	for _, a := range i.Addresses() {
		if !s.CIDR.Contains(a.IP) || a.IP == s.Router || a.IP == s.CIDR.Masked().Addr() || a.IP == DNSOf(n.vpc) {
			return fmt.Errorf("%s: %v is not an address for a guest in %s", i.ID, a.IP, s.CIDR)
		}
		errs = append(errs, local.takeAddr("address", a.IP, i.ID))
	}
	for _, a := range n.vpc.public(i) {
		if n.host.PublicPool.IsValid() && !n.host.PublicPool.Contains(a.Public) {
			errs = append(errs, fmt.Errorf("%s: public address %s is not in %s", i.ID, a.Public, n.host.PublicPool))
		}
		errs = append(errs, seen.takeAddr("public address", a.Public, i.ID))
	}
	return errors.Join(errs...)
}

// checkLists leaves out prefix lists and ACLs that make no sense: rules that name such a
// list match nothing, and a subnet with such an ACL lets nothing pass.
func (n *nsBuilder) checkLists(local claims) {
	n.vpc.PrefixLists = slices.DeleteFunc(n.vpc.PrefixLists, func(l PrefixList) bool {
		bad := !isID(l.ID) || local.take("prefix list", l.ID, l.ID) != nil
		if bad {
			n.warn("prefix list %q is left out: it makes no sense here", l.ID)
		}
		return bad
	})
	n.vpc.ACLs = slices.DeleteFunc(n.vpc.ACLs, func(a ACL) bool {
		bad := !isID(a.ID) || local.take("ACL", a.ID, a.ID) != nil
		if bad {
			n.warn("ACL %q is left out: it makes no sense here", a.ID)
		}
		return bad
	})
}

// checkRemotes leaves out what cannot be reached: another host's row must not take down
// what is here.
func (n *nsBuilder) checkRemotes(local, seen claims) error {
	var errs []error
	for _, s := range n.vpc.Subnets {
		if n.joined(s) {
			if s.VNI >= 1<<24 {
				errs = append(errs, fmt.Errorf("%s: VNI %d: want at most 24 bits", s.ID, s.VNI))
			}
			errs = append(errs, seen.take("VNI", fmt.Sprint(s.VNI), s.ID))
		}
	}
	var kept []Remote
	for _, r := range n.vpc.Remotes {
		s, ok := n.vpc.subnet(r.SubnetID)
		switch {
		case !n.host.Underlay.IsValid():
			continue
		case !ok || !n.joined(s) || !inSubnet(s, r.Addresses()) || !r.Host.Is4() || len(r.MAC) != 6 || r.MAC[0]&1 != 0 || isZero(r.MAC):
			n.warn("%s on another host is left out: it makes no sense here", r.ID)
		case r.Host == n.host.Underlay:
			n.warn("%s is left out: it is said to be on another host and has this one's address", r.ID)
		case local.takeAll("address", r.Addresses(), r.ID) != nil || local.take("MAC", r.MAC.String(), r.ID) != nil:
			n.warn("%s on another host is left out: it has the address or MAC of another interface", r.ID) // on its way from host to host
		default:
			kept = append(kept, r)
		}
	}
	n.vpc.Remotes = kept
	return errors.Join(errs...)
}

func inSubnet(s Subnet, list []netip.Addr) bool {
	return !slices.ContainsFunc(list, func(a netip.Addr) bool { return !s.CIDR.Contains(a) || a == s.Router })
}

func isZero(mac []byte) bool {
	for _, b := range mac {
		if b != 0 {
			return false
		}
	}
	return true
}

// host32 is the prefix of one address.
func host32(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }
