package ec2

import (
	"cmp"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (a *API) registerGroupReferences(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeSecurityGroupReferences", Resource: "security-group"}, a.describeSecurityGroupReferences)
	wire.Handle(r, wire.Spec{Name: "DescribeStaleSecurityGroups", Resource: "security-group"}, a.describeStaleSecurityGroups)
	wire.Handle(r, wire.Spec{Name: "GetSecurityGroupsForVpc", Resource: "security-group"}, a.getSecurityGroupsForVpc)
}

// describeSecurityGroupReferences shows in which peered VPCs rules name the caller's groups.
func (a *API) describeSecurityGroupReferences(c *action.Call, in *gen.DescribeSecurityGroupReferencesRequest) (*gen.DescribeSecurityGroupReferencesResult, error) {
	out := &gen.DescribeSecurityGroupReferencesResult{SecurityGroupReferenceSet: []*gen.SecurityGroupReference{}}
	groups, err := groupListing.named(c, in.GroupId)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		seen := map[string]bool{}
		for rule := range store.SecurityRules.By(c, "source", g.row.ID) {
			in := store.SecurityGroups.Get(c, rule.Group)
			if in == nil || in.VPC == g.row.VPC || seen[in.VPC] {
				continue
			}
			seen[in.VPC] = true
			ref := &gen.SecurityGroupReference{GroupId: &g.row.ID, ReferencingVpcId: &in.VPC}
			if p := peeringBetween(c, g.row.VPC, in.VPC); p != nil {
				ref.VpcPeeringConnectionId = &p.ID
			}
			out.SecurityGroupReferenceSet = append(out.SecurityGroupReferenceSet, ref)
		}
	}
	slices.SortFunc(out.SecurityGroupReferenceSet, func(x, y *gen.SecurityGroupReference) int {
		return cmp.Or(cmp.Compare(*x.GroupId, *y.GroupId), cmp.Compare(*x.ReferencingVpcId, *y.ReferencingVpcId))
	})
	return out, nil
}

// stale reports whether a rule names a group that is gone, or in a VPC that no peering
// leads to any more.
func stale(r store.Reader, g *model.SecurityGroup, rule *model.SecurityRule) bool {
	if rule.SourceVPC == "" {
		return false
	}
	p := peeringBetween(r, g.VPC, rule.SourceVPC)
	return p == nil || p.State != model.PeeringActive || store.SecurityGroups.Get(r, rule.Source) == nil
}

func staleRules(r store.Reader, g *model.SecurityGroup, egress bool) []*gen.StaleIpPermission {
	rules := slices.DeleteFunc(rulesOf(r, g.ID, egress), func(rule *model.SecurityRule) bool { return !stale(r, g, rule) })
	out := []*gen.StaleIpPermission{}
	for _, p := range toPermissions(r, rules) {
		out = append(out, &gen.StaleIpPermission{FromPort: p.FromPort, ToPort: p.ToPort, IpProtocol: p.IpProtocol, IpRanges: []string{}, PrefixListIds: []string{}, UserIdGroupPairs: p.UserIdGroupPairs})
	}
	return out
}

func (a *API) describeStaleSecurityGroups(c *action.Call, in *gen.DescribeStaleSecurityGroupsRequest) (*gen.DescribeStaleSecurityGroupsResult, error) {
	vpc, err := getVPC(c, val(in.VpcId))
	if err != nil {
		return nil, err
	}
	page, err := wire.PageLimits{Min: 5, Max: 255}.Page(store.Key("DescribeStaleSecurityGroups", c.Account, c.Region, vpc.ID), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	isStale := func(g *model.SecurityGroup) bool {
		for rule := range store.SecurityRules.By(c, "group", g.ID) {
			if stale(c, g, rule) {
				return true
			}
		}
		return false
	}
	rows, next := wire.Take(page, store.SecurityGroups.By(c, "vpc", vpc.ID), func(g *model.SecurityGroup) string { return g.ID }, isStale)
	to := func(g *model.SecurityGroup) *gen.StaleSecurityGroup {
		return &gen.StaleSecurityGroup{
			GroupId: &g.ID, GroupName: &g.Name, Description: &g.Description, VpcId: &g.VPC,
			StaleIpPermissions: staleRules(c, g, false), StaleIpPermissionsEgress: staleRules(c, g, true),
		}
	}
	return &gen.DescribeStaleSecurityGroupsResult{StaleSecurityGroupSet: described(rows, to), NextToken: next}, nil
}

var groupsForVPC = wire.FilterTable[*model.SecurityGroup]{
	Tags: func(g *model.SecurityGroup) map[string]string { return g.Tags },
	Fields: map[string]func(*model.SecurityGroup) []string{
		"description":    func(g *model.SecurityGroup) []string { return one(g.Description) },
		"group-id":       func(g *model.SecurityGroup) []string { return one(g.ID) },
		"group-name":     func(g *model.SecurityGroup) []string { return one(g.Name) },
		"owner-id":       func(g *model.SecurityGroup) []string { return one(g.Account) },
		"primary-vpc-id": func(g *model.SecurityGroup) []string { return one(g.VPC) },
	},
}

// getSecurityGroupsForVpc shows the groups that interfaces in a VPC may have: its own.
func (a *API) getSecurityGroupsForVpc(c *action.Call, in *gen.GetSecurityGroupsForVpcRequest) (*gen.GetSecurityGroupsForVpcResult, error) {
	match, err := groupsForVPC.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	vpc, err := getVPC(c, val(in.VpcId))
	if err != nil {
		return nil, err
	}
	page, err := wire.PageLimits{Min: 5, Max: 1000}.Page(store.Key("GetSecurityGroupsForVpc", c.Account, c.Region, vpc.ID), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	rows, next := wire.Take(page, store.SecurityGroups.By(c, "vpc", vpc.ID), func(g *model.SecurityGroup) string { return g.ID }, match)
	to := func(g *model.SecurityGroup) *gen.SecurityGroupForVpc {
		return &gen.SecurityGroupForVpc{
			GroupId: &g.ID, GroupName: &g.Name, Description: &g.Description, OwnerId: &g.Account, PrimaryVpcId: &g.VPC, Tags: tagsOrEmpty(g.Tags),
		}
	}
	return &gen.GetSecurityGroupsForVpcResult{SecurityGroupForVpcs: described(rows, to), NextToken: next}, nil
}
