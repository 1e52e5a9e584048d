package ec2

import (
	"net/netip"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerSecurityRules(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec {
		return wire.Spec{Name: name, Resource: "security-group-rule", Mutates: true}
	}
	adding := func(name string) wire.Spec {
		s := spec(name)
		s.Partial = "IPv6 ranges are refused"
		return s
	}
	wire.Handle(r, adding("AuthorizeSecurityGroupIngress"), a.authorizeIngress)
	wire.Check(r, "AuthorizeSecurityGroupIngress", func(in *gen.AuthorizeSecurityGroupIngressRequest) error {
		_, err := ingressRules(in)
		return err
	})
	wire.Handle(r, adding("AuthorizeSecurityGroupEgress"), a.authorizeEgress)
	wire.Check(r, "AuthorizeSecurityGroupEgress", func(in *gen.AuthorizeSecurityGroupEgressRequest) error {
		_, err := egressRules(in)
		return err
	})
	wire.Handle(r, spec("RevokeSecurityGroupIngress"), a.revokeIngress)
	wire.Handle(r, spec("RevokeSecurityGroupEgress"), a.revokeEgress)
	wire.Handle(r, adding("ModifySecurityGroupRules"), a.modifySecurityGroupRules)
	wire.Handle(r, spec("UpdateSecurityGroupRuleDescriptionsIngress"), a.updateDescriptionsIngress)
	wire.Handle(r, spec("UpdateSecurityGroupRuleDescriptionsEgress"), a.updateDescriptionsEgress)
	wire.Handle(r, wire.Spec{Name: "DescribeSecurityGroupRules", Resource: "security-group-rule"}, a.describeSecurityGroupRules)
}

// newRules are the checked rules that a request wants added.
type newRules struct {
	stated []statedRule
	tags   model.Tags
}

func parseNewRules(perms []*gen.IpPermission, flat flatPermission, specs []*gen.TagSpecification) (n newRules, err error) {
	if perms, err = flat.permissions(perms); err != nil {
		return n, err
	}
	if len(perms) == 0 {
		return n, apierr.New("MissingParameter", "The request must contain the parameter ipPermissions")
	}
	if n.stated, err = parsePermissions(perms); err != nil {
		return n, err
	}
	if err = refuseForeign(n.stated); err != nil {
		return n, err
	}
	tags, err := parseTagSpecs(specs, "security-group-rule")
	n.tags = tags["security-group-rule"]
	return n, err
}

func ingressRules(in *gen.AuthorizeSecurityGroupIngressRequest) (newRules, error) {
	flat := flatPermission{in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	return parseNewRules(in.IpPermissions, flat, in.TagSpecifications)
}

func egressRules(in *gen.AuthorizeSecurityGroupEgressRequest) (newRules, error) {
	flat := flatPermission{in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	return parseNewRules(in.IpPermissions, flat, in.TagSpecifications)
}

func (a *API) authorizeIngress(c *action.Call, in *gen.AuthorizeSecurityGroupIngressRequest) (*gen.AuthorizeSecurityGroupIngressResult, error) {
	rules, err := ingressRules(in)
	if err != nil {
		return nil, err
	}
	g, err := groupByIDOrName(c, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	added, err := a.authorize(c, g, false, rules)
	if err != nil {
		return nil, err
	}
	return &gen.AuthorizeSecurityGroupIngressResult{Return: new(true), SecurityGroupRules: described(added, ruleIn(c))}, nil
}

func (a *API) authorizeEgress(c *action.Call, in *gen.AuthorizeSecurityGroupEgressRequest) (*gen.AuthorizeSecurityGroupEgressResult, error) {
	rules, err := egressRules(in)
	if err != nil {
		return nil, err
	}
	g, err := getGroup(c, val(in.GroupId))
	if err != nil {
		return nil, err
	}
	added, err := a.authorize(c, g, true, rules)
	if err != nil {
		return nil, err
	}
	return &gen.AuthorizeSecurityGroupEgressResult{Return: new(true), SecurityGroupRules: described(added, ruleIn(c))}, nil
}

// authorize adds rules to a group: all of them, or none.
func (a *API) authorize(c *action.Call, g *model.SecurityGroup, egress bool, n newRules) ([]*model.SecurityRule, error) {
	if err := resolveSources(c, g, n.stated); err != nil {
		return nil, err
	}
	if err := resolveLists(c, n.stated); err != nil {
		return nil, err
	}
	existing := ruleIndex(c, g.ID, egress)
	for _, s := range n.stated {
		if existing[s.permission] != nil {
			return nil, duplicateRule(s.permission)
		}
	}
	more := 0
	for _, s := range n.stated {
		more += listWeight(c, s.list)
	}
	if err := a.within(quotaGroupRules, ruleWeight(c, rulesOf(c, g.ID, egress)), more); err != nil {
		return nil, err
	}
	added := make([]*model.SecurityRule, 0, len(n.stated))
	for _, s := range n.stated {
		rule := &model.SecurityRule{
			ID: ids.New(ids.SecurityRule), Owned: g.Owned, Group: g.ID, Egress: egress,
			Protocol: s.protocol, FromPort: s.from, ToPort: s.to, CIDR: s.cidr, Source: s.source, SourceAccount: s.account, SourceVPC: s.vpc, PrefixList: s.list,
			Description: s.description, Created: c.Now(), Tags: n.tags.Clone(),
		}
		if err := store.SecurityRules.Put(c.Tx, rule); err != nil {
			return nil, err
		}
		added = append(added, rule)
	}
	return added, nil
}

func duplicateRule(p permission) error {
	return apierr.New("InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", p)
}

func ruleNotFound() error {
	return apierr.New("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
}

// ruleIndex returns a group's rules of a direction by what they permit.
func ruleIndex(r store.Reader, group string, egress bool) map[permission]*model.SecurityRule {
	out := map[permission]*model.SecurityRule{}
	for rule := range store.SecurityRules.By(r, "group", group) {
		if rule.Egress == egress {
			out[permissionOf(rule)] = rule
		}
	}
	return out
}

func (a *API) revokeIngress(c *action.Call, in *gen.RevokeSecurityGroupIngressRequest) (*gen.RevokeSecurityGroupIngressResult, error) {
	g, err := groupByIDOrName(c, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	flat := flatPermission{in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	if err := revoke(c, g, false, in.IpPermissions, flat, in.SecurityGroupRuleIds); err != nil {
		return nil, err
	}
	return &gen.RevokeSecurityGroupIngressResult{Return: new(true)}, nil
}

func (a *API) revokeEgress(c *action.Call, in *gen.RevokeSecurityGroupEgressRequest) (*gen.RevokeSecurityGroupEgressResult, error) {
	g, err := getGroup(c, val(in.GroupId))
	if err != nil {
		return nil, err
	}
	flat := flatPermission{in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	if err := revoke(c, g, true, in.IpPermissions, flat, in.SecurityGroupRuleIds); err != nil {
		return nil, err
	}
	return &gen.RevokeSecurityGroupEgressResult{Return: new(true)}, nil
}

// revoke removes rules of a group, named by what they permit or by id: all of them, or
// none.
func revoke(c *action.Call, g *model.SecurityGroup, egress bool, perms []*gen.IpPermission, flat flatPermission, ruleIDs []string) error {
	perms, err := flat.permissions(perms)
	if err != nil {
		return err
	}
	var doomed []*model.SecurityRule
	switch {
	case len(perms) > 0 && len(ruleIDs) > 0:
		return apierr.New("InvalidParameterCombination", "The parameter securityGroupRuleIds cannot be used with the parameter ipPermissions")
	case len(ruleIDs) > 0:
		doomed, err = rulesByID(c, g, egress, ruleIDs)
	case len(perms) > 0:
		doomed, err = rulesByPermission(c, g, egress, perms, nil)
	default:
		err = apierr.New("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
	}
	if err != nil {
		return err
	}
	for _, r := range doomed {
		if err := store.SecurityRules.Delete(c.Tx, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// rulesByPermission finds the rules of a group that a request states; stated, if not
// nil, gets what the request says of each.
func rulesByPermission(c *action.Call, g *model.SecurityGroup, egress bool, perms []*gen.IpPermission, stated *[]statedRule) ([]*model.SecurityRule, error) {
	wanted, err := parsePermissions(perms)
	if err != nil {
		return nil, err
	}
	existing := ruleIndex(c, g.ID, egress)
	if err := resolveStale(c, g, wanted, existing); err != nil {
		return nil, err
	}
	out := make([]*model.SecurityRule, 0, len(wanted))
	for _, w := range wanted {
		r := existing[w.permission]
		if r == nil || w.foreign {
			return nil, ruleNotFound()
		}
		out = append(out, r)
	}
	if stated != nil {
		*stated = wanted
	}
	return out, nil
}

// resolveStale is resolveSources for rules that are there already: they may name groups
// that are gone, or out of reach, since a peering has ended.
func resolveStale(c *action.Call, g *model.SecurityGroup, wanted []statedRule, existing map[permission]*model.SecurityRule) error {
	for i := range wanted {
		w := &wanted[i]
		if w.pair == nil || val(w.pair.GroupId) == "" {
			continue
		}
		named := w.permission
		named.source = *w.pair.GroupId
		if r := existing[named]; r != nil && r.SourceVPC != "" {
			w.source, w.pair = named.source, nil
		}
	}
	return resolveSources(c, g, wanted)
}

// rulesByID finds rules of a group and direction by their ids.
func rulesByID(c *action.Call, g *model.SecurityGroup, egress bool, wanted []string) ([]*model.SecurityRule, error) {
	if err := securityRuleKind.check(wanted...); err != nil {
		return nil, err
	}
	out := make([]*model.SecurityRule, 0, len(wanted))
	for _, id := range wanted {
		r := store.SecurityRules.Get(c, id)
		if r == nil || r.Group != g.ID || r.Egress != egress {
			return nil, securityRuleKind.missing(id)
		}
		out = append(out, r)
	}
	return out, nil
}

func (a *API) updateDescriptionsIngress(c *action.Call, in *gen.UpdateSecurityGroupRuleDescriptionsIngressRequest) (*gen.UpdateSecurityGroupRuleDescriptionsIngressResult, error) {
	g, err := groupByIDOrName(c, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if err := updateDescriptions(c, g, false, in.IpPermissions, in.SecurityGroupRuleDescriptions); err != nil {
		return nil, err
	}
	return &gen.UpdateSecurityGroupRuleDescriptionsIngressResult{Return: new(true)}, nil
}

func (a *API) updateDescriptionsEgress(c *action.Call, in *gen.UpdateSecurityGroupRuleDescriptionsEgressRequest) (*gen.UpdateSecurityGroupRuleDescriptionsEgressResult, error) {
	g, err := groupByIDOrName(c, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if err := updateDescriptions(c, g, true, in.IpPermissions, in.SecurityGroupRuleDescriptions); err != nil {
		return nil, err
	}
	return &gen.UpdateSecurityGroupRuleDescriptionsEgressResult{Return: new(true)}, nil
}

// updateDescriptions writes the descriptions of rules, named by what they permit or by
// id. A description that was not sent is removed.
func updateDescriptions(c *action.Call, g *model.SecurityGroup, egress bool, perms []*gen.IpPermission, named []*gen.SecurityGroupRuleDescription) error {
	var rules []*model.SecurityRule
	var texts []string
	switch {
	case len(perms) > 0 && len(named) > 0:
		return apierr.New("InvalidParameterCombination", "The parameter securityGroupRuleDescriptions cannot be used with the parameter ipPermissions")
	case len(perms) > 0:
		var stated []statedRule
		found, err := rulesByPermission(c, g, egress, perms, &stated)
		if err != nil {
			return err
		}
		rules = found
		for _, s := range stated {
			texts = append(texts, s.description)
		}
	case len(named) > 0:
		for _, n := range named {
			if err := checkRuleDescription(n.Description); err != nil {
				return err
			}
			found, err := rulesByID(c, g, egress, []string{val(n.SecurityGroupRuleId)})
			if err != nil {
				return err
			}
			rules, texts = append(rules, found...), append(texts, val(n.Description))
		}
	default:
		return apierr.New("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided.")
	}
	for i, r := range rules {
		changed := *r
		changed.Description = texts[i]
		if err := store.SecurityRules.Put(c.Tx, &changed); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) modifySecurityGroupRules(c *action.Call, in *gen.ModifySecurityGroupRulesRequest) (*gen.ModifySecurityGroupRulesResult, error) {
	g, err := getGroup(c, val(in.GroupId))
	if err != nil {
		return nil, err
	}
	if len(in.SecurityGroupRules) == 0 {
		return nil, apierr.New("MissingParameter", "The request must contain the parameter securityGroupRule")
	}
	seen := map[string]bool{}
	for _, u := range in.SecurityGroupRules {
		id := val(u.SecurityGroupRuleId)
		if err := securityRuleKind.check(id); err != nil {
			return nil, err
		}
		rule := store.SecurityRules.Get(c, id)
		if rule == nil || rule.Group != g.ID {
			return nil, securityRuleKind.missing(id)
		}
		if seen[id] {
			return nil, apierr.New("InvalidParameterValue", "The same security group rule '%s' must not appear multiple times", id)
		}
		seen[id] = true
		changed, err := modifiedRule(c, g, rule, u.SecurityGroupRule)
		if err != nil {
			return nil, err
		}
		if err := store.SecurityRules.Put(c.Tx, changed); err != nil {
			return nil, err
		}
	}
	// Only the end counts: two rules may change places.
	for _, egress := range []bool{false, true} {
		permits := map[permission]bool{}
		for _, r := range rulesOf(c, g.ID, egress) {
			p := permissionOf(r)
			if permits[p] {
				return nil, duplicateRule(p)
			}
			permits[p] = true
		}
	}
	return &gen.ModifySecurityGroupRulesResult{Return: new(true)}, nil
}

// modifiedRule returns a rule as a request wants it. The request states the whole rule;
// a description that it lacks is removed.
func modifiedRule(c *action.Call, g *model.SecurityGroup, rule *model.SecurityRule, want *gen.SecurityGroupRuleRequest) (*model.SecurityRule, error) {
	if want == nil {
		return nil, apierr.New("MissingParameter", "The request must contain the parameter securityGroupRule")
	}
	p := &gen.IpPermission{IpProtocol: want.IpProtocol, FromPort: want.FromPort, ToPort: want.ToPort}
	sources := 0
	if want.CidrIpv4 != nil {
		if cidr, err := netip.ParsePrefix(*want.CidrIpv4); err == nil && cidr != cidr.Masked() {
			return nil, apierr.New("InvalidParameterValue", "CIDR block %s is malformed; %s is the range that it is in", cidr, cidr.Masked())
		}
		p.IpRanges = []*gen.IpRange{{CidrIp: want.CidrIpv4, Description: want.Description}}
		sources++
	}
	if want.CidrIpv6 != nil {
		p.Ipv6Ranges = []*gen.Ipv6Range{{CidrIpv6: want.CidrIpv6}}
		sources++
	}
	if want.PrefixListId != nil {
		p.PrefixListIds = []*gen.PrefixListId{{PrefixListId: want.PrefixListId}}
		sources++
	}
	if want.ReferencedGroupId != nil {
		p.UserIdGroupPairs = []*gen.UserIdGroupPair{{GroupId: want.ReferencedGroupId, Description: want.Description}}
		sources++
	}
	if sources > 1 {
		return nil, apierr.New("InvalidParameterCombination", "A rule has one of cidrIpv4, cidrIpv6, prefixListId and referencedGroupId, and only one.")
	}
	stated, err := parsePermissions([]*gen.IpPermission{p})
	if err != nil {
		return nil, err
	}
	if err := refuseForeign(stated); err != nil {
		return nil, err
	}
	if err := resolveSources(c, g, stated); err != nil {
		return nil, err
	}
	if err := resolveLists(c, stated); err != nil {
		return nil, err
	}
	s, changed := stated[0], *rule
	changed.Protocol, changed.FromPort, changed.ToPort = s.protocol, s.from, s.to
	changed.CIDR, changed.Source, changed.PrefixList, changed.Description = s.cidr, s.source, s.list, s.description
	changed.SourceAccount, changed.SourceVPC = s.account, s.vpc
	return &changed, nil
}

var ruleListing = &listing[*model.SecurityRule]{
	action: "DescribeSecurityGroupRules",
	kind:   securityRuleKind,
	rows:   mine(store.SecurityRules),
	get:    mineByID(store.SecurityRules),
	id:     func(r *model.SecurityRule) string { return r.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[*model.SecurityRule]{
		Tags: func(r *model.SecurityRule) map[string]string { return r.Tags },
		Fields: map[string]func(*model.SecurityRule) []string{
			"group-id":               func(r *model.SecurityRule) []string { return one(r.Group) },
			"security-group-rule-id": func(r *model.SecurityRule) []string { return one(r.ID) },
		},
	},
}

func (a *API) describeSecurityGroupRules(c *action.Call, in *gen.DescribeSecurityGroupRulesRequest) (*gen.DescribeSecurityGroupRulesResult, error) {
	rows, next, err := ruleListing.page(c, selection{in.SecurityGroupRuleIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeSecurityGroupRulesResult{SecurityGroupRules: described(rows, ruleIn(c)), NextToken: next}, nil
}

// ruleIn shows rules as their own API does.
func ruleIn(r store.Reader) func(*model.SecurityRule) *gen.SecurityGroupRule {
	return func(rule *model.SecurityRule) *gen.SecurityGroupRule { return toRule(r, rule) }
}

func toRule(reader store.Reader, r *model.SecurityRule) *gen.SecurityGroupRule {
	out := &gen.SecurityGroupRule{
		SecurityGroupRuleId: &r.ID,
		GroupId:             &r.Group,
		GroupOwnerId:        &r.Account,
		IsEgress:            &r.Egress,
		IpProtocol:          &r.Protocol,
		FromPort:            new(int64(r.FromPort)),
		ToPort:              new(int64(r.ToPort)),
		Description:         str(r.Description),
		Tags:                tagsOrEmpty(r.Tags),
	}
	switch {
	case r.Source != "":
		out.ReferencedGroupInfo = &gen.ReferencedSecurityGroup{GroupId: &r.Source, UserId: new(sourceAccount(r))}
		if r.SourceVPC != "" {
			p := pairOf(reader, r)
			out.ReferencedGroupInfo.VpcId, out.ReferencedGroupInfo.PeeringStatus, out.ReferencedGroupInfo.VpcPeeringConnectionId = p.VpcId, p.PeeringStatus, p.VpcPeeringConnectionId
		}
	case r.PrefixList != "":
		out.PrefixListId = &r.PrefixList
	default:
		out.CidrIpv4 = new(r.CIDR.String())
	}
	return out
}
