package ec2

import (
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// The sizes of VPCs' blocks and subnets (Amazon VPC user guide, "VPC CIDR blocks").
const (
	largestBlock  = 16
	smallestBlock = 28
)

// parseBlock reads an IPv4 network. As EC2 does, it takes any address of the network.
func parseBlock(parameter, s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, apierr.New("InvalidParameterValue", "Value (%s) for parameter %s is invalid. This is not a valid CIDR block.", clip(s), parameter)
	}
	return p.Masked(), nil
}

// sized reports whether a block has a size that VPCs and subnets may have.
func sized(p netip.Prefix) bool { return p.Bits() >= largestBlock && p.Bits() <= smallestBlock }

func prefixes(all ...string) (out []netip.Prefix) {
	for _, s := range all {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

var (
	// noVPC are the ranges that no VPC can be in: they mean something else to every host.
	noVPC = prefixes("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")
	// families are the ranges of private use. The blocks of one VPC are of one of them,
	// or of none (Amazon VPC user guide, "CIDR block association restrictions").
	families = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
	// neverAdded are the ranges of which no block can be added to a VPC.
	neverAdded     = prefixes("198.19.0.0/16")
	defaultNetwork = netip.MustParsePrefix("172.31.0.0/16")
	lowTens        = netip.MustParsePrefix("10.0.0.0/15")
	lowestTens     = netip.MustParsePrefix("10.0.0.0/16")
)

func overlapsAny(all []netip.Prefix, p netip.Prefix) bool {
	return slices.ContainsFunc(all, p.Overlaps)
}

// parseVPCBlock reads the first block of a VPC.
func parseVPCBlock(s string) (netip.Prefix, error) {
	p, err := parseBlock("cidrBlock", s)
	if err != nil {
		return p, err
	}
	if !sized(p) || overlapsAny(noVPC, p) {
		return p, apierr.New("InvalidVpc.Range", "The CIDR '%s' is invalid.", p)
	}
	return p, nil
}

// family returns which range of private use a block is in, -1 for none.
func family(p netip.Prefix) int { return slices.IndexFunc(families, p.Overlaps) }

// checkAddedBlock refuses a block that a VPC cannot have beside those that it has.
func checkAddedBlock(have []netip.Prefix, p netip.Prefix) error {
	restricted := func() error {
		return apierr.New("InvalidVpc.Range", "The CIDR '%s' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR.", p)
	}
	is := family(p)
	switch {
	case !sized(p) || overlapsAny(noVPC, p):
		return apierr.New("InvalidVpc.Range", "The CIDR '%s' is invalid.", p)
	case overlapsAny(neverAdded, p):
		return restricted()
	case overlapsAny(have, p):
		return apierr.New("InvalidVpc.Range", "The CIDR '%s' overlaps with a CIDR of the VPC.", p)
	case p.Overlaps(defaultNetwork) && is == family(have[0]):
		return restricted()
	case is >= 0 && is != family(have[0]):
		return restricted()
	case p.Overlaps(lowestTens) && overlapsAny(have, lowTens):
		return restricted()
	}
	return nil
}

// checkBlockRoutes refuses a block that routes or peerings of the VPC lead elsewhere.
func checkBlockRoutes(c *action.Call, v *model.VPC, p netip.Prefix) error {
	for t := range store.RouteTables.By(c, "vpc", v.ID) {
		for _, r := range t.Routes {
			// A smaller block than the route's is fine: the local route is more specific.
			if r.Target != localTarget && r.Destination.IsValid() && p.Contains(r.Destination.Addr()) && p.Bits() <= r.Destination.Bits() {
				return apierr.New("InvalidVpc.Range", "The CIDR '%s' is the same as or larger than the destination %s of a route in %s.", p, r.Destination, t.ID)
			}
		}
	}
	for x := range store.Peerings.By(c, "vpc", v.ID) {
		other := store.VPCs.Get(c, x.Other(v.ID).VPC)
		if x.State == model.PeeringActive && other != nil && overlapsAny(other.CIDRs(), p) {
			return apierr.New("InvalidVpc.Range", "The CIDR '%s' overlaps with a CIDR of a VPC that is peered by %s.", p, x.ID)
		}
	}
	return nil
}
