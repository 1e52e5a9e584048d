package ec2

import (
	"iter"
	"maps"
	"slices"

	"github.com/micacloud/mica/internal/apierr"
)

// quota is a limit on how many of a thing there may be in a place.
type quota struct {
	name  string
	limit int // EC2's default
	code  string
	noun  string // of the message
}

// The quotas that an operator can change. The figures are EC2's defaults: Amazon VPC user
// guide, "Amazon VPC quotas", and EC2 user guide, "Elastic IP address quota".
var (
	quotaVPCs            = quota{"vpcs-per-region", 5, "VpcLimitExceeded", "VPCs"}
	quotaBlocks          = quota{"cidr-blocks-per-vpc", 5, "CidrLimitExceeded", "CIDR blocks of the VPC"}
	quotaSubnets         = quota{"subnets-per-vpc", 200, "SubnetLimitExceeded", "subnets"}
	quotaRouteTables     = quota{"route-tables-per-vpc", 200, "RouteTableLimitExceeded", "route tables"}
	quotaRoutes          = quota{"routes-per-route-table", 50, "RouteLimitExceeded", "routes"}
	quotaGateways        = quota{"internet-gateways-per-region", 5, "InternetGatewayLimitExceeded", "internet gateways"}
	quotaEgressGateways  = quota{"egress-only-internet-gateways-per-region", 5, "EgressOnlyInternetGatewayLimitExceeded", "egress-only internet gateways"}
	quotaNATGateways     = quota{"nat-gateways-per-zone", 5, "NatGatewayLimitExceeded", "NAT Gateways"}
	quotaAddresses       = quota{"elastic-ips-per-region", 5, "AddressLimitExceeded", "addresses"}
	quotaPeerings        = quota{"peerings-per-vpc", 50, "ActiveVpcPeeringConnectionPerVpcLimitExceeded", "active VPC peering connections"}
	quotaPendingPeerings = quota{"pending-peerings-per-region", 25, "OutstandingVpcPeeringConnectionLimitExceeded", "outstanding VPC peering connection requests"}
)

var quotas = []quota{
	quotaVPCs, quotaBlocks, quotaSubnets, quotaRouteTables, quotaRoutes, quotaGateways, quotaEgressGateways, quotaNATGateways, quotaAddresses,
	quotaPeerings, quotaPendingPeerings,
}

// QuotaNames returns the names of the quotas that Deps.Quotas may have, sorted, with EC2's
// defaults.
func QuotaNames() iter.Seq2[string, int] {
	all := map[string]int{}
	for _, q := range slices.Concat(quotas, filterQuotas) {
		all[q.name] = q.limit
	}
	return func(yield func(string, int) bool) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if !yield(name, all[name]) {
				return
			}
		}
	}
}

// limit is what a quota is here.
func (a *API) limit(q quota) int {
	if n, ok := a.deps.Quotas[q.name]; ok {
		return n
	}
	return q.limit
}

// within refuses one thing more, or several, where there are as many as may be.
func (a *API) within(q quota, have, more int) error {
	if limit := a.limit(q); have+more > limit {
		return apierr.New(q.code, "The maximum number of %s has been reached.", q.noun)
	}
	return nil
}

// count counts the rows that a condition holds for; nil is all.
func count[R any](rows iter.Seq[R], when func(R) bool) (n int) {
	for r := range rows {
		if when == nil || when(r) {
			n++
		}
	}
	return n
}
