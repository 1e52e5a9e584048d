package ec2

// The quotas of what filters packets: Amazon VPC user guide, "Amazon VPC quotas".
var (
	quotaGroupRules       = quota{"rules-per-security-group", 60, "RulesPerSecurityGroupLimitExceeded", "rules per security group"}
	quotaInterfaceGroups  = quota{"security-groups-per-interface", 5, "SecurityGroupsPerInterfaceLimitExceeded", "security groups per interface"}
	quotaGroups           = quota{"security-groups-per-vpc", 500, "SecurityGroupLimitExceeded", "security groups"}
	quotaACLs             = quota{"network-acls-per-vpc", 200, "NetworkAclLimitExceeded", "network ACLs"}
	quotaACLEntries       = quota{"rules-per-network-acl", 20, "NetworkAclEntryLimitExceeded", "network ACL entries"}
	quotaInterfaces       = quota{"network-interfaces-per-region", 5000, "NetworkInterfaceLimitExceeded", "network interfaces"}
	quotaPrefixLists      = quota{"prefix-lists-per-region", 100, "PrefixListLimitExceeded", "prefix lists"}
	quotaPrefixEntries    = quota{"entries-per-prefix-list", 1000, "PrefixListMaxEntriesExceeded", "entries of a prefix list"}
	quotaInsightsPaths    = quota{"network-insights-paths-per-region", 100, "NetworkInsightsPathLimitExceeded", "network insights paths"}
	quotaInsightsAnalyses = quota{"network-insights-analyses-per-region", 1000, "NetworkInsightsAnalysisLimitExceeded", "network insights analyses"}
	quotaFlowLogs         = quota{"flow-logs-per-resource", 2, "FlowLogsLimitExceeded", "flow logs of the resource"}
)

var filterQuotas = []quota{
	quotaGroupRules, quotaInterfaceGroups, quotaGroups, quotaACLs, quotaACLEntries, quotaInterfaces, quotaPrefixLists, quotaPrefixEntries, quotaFlowLogs,
	quotaInsightsPaths, quotaInsightsAnalyses,
}
