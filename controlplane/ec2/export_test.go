package ec2

import (
	"maps"
	"slices"

	"github.com/micacloud/mica/controlplane/wire"
)

// NetworkFilters are the names of the filters of each Describe of the network.
func NetworkFilters() map[string][]string {
	return map[string][]string{
		"describe_vpcs":                          namesOf(vpcListing.filters),
		"describe_subnets":                       namesOf(subnetListing.filters),
		"describe_route_tables":                  namesOf(routeTableListing.filters),
		"describe_internet_gateways":             namesOf(gatewayListing.filters),
		"describe_egress_only_internet_gateways": namesOf(egressOnlyListing.filters),
		"describe_nat_gateways":                  namesOf(natListing.filters),
		"describe_addresses":                     namesOf(addressListing.filters),
		"describe_network_interfaces":            namesOf(interfaceListing.filters),
		"describe_network_acls":                  namesOf(networkACLListing.filters),
		"describe_dhcp_options":                  namesOf(dhcpOptionsListing.filters),
		"describe_managed_prefix_lists":          namesOf(prefixListListing.filters),
		"describe_security_groups":               namesOf(groupListing.filters),
		"describe_security_group_rules":          namesOf(ruleListing.filters),
		"get_security_groups_for_vpc":            namesOf(groupsForVPC),
		"describe_vpc_peering_connections":       namesOf(peeringListing.filters),
		"describe_flow_logs":                     namesOf(flowLogListing.filters),
		"describe_network_insights_paths":        namesOf(insightsPathListing.filters),
		"describe_network_insights_analyses":     namesOf(analysisListing.filters),
	}
}

func namesOf[R any](t wire.FilterTable[R]) []string {
	names := slices.Sorted(maps.Keys(t.Fields))
	if t.Tags != nil {
		names = append(names, "tag:Name", "tag-key", "tag-value")
	}
	return names
}
