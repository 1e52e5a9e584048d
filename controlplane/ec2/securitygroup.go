package ec2

import (
	"cmp"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerSecurityGroups(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateSecurityGroup", Resource: "security-group", Mutates: true}, a.createSecurityGroup)
	wire.Check(r, "CreateSecurityGroup", checkCreateSecurityGroup)
	wire.Handle(r, wire.Spec{Name: "DescribeSecurityGroups", Resource: "security-group"}, a.describeSecurityGroups)
	wire.Handle(r, wire.Spec{Name: "DeleteSecurityGroup", Resource: "security-group", Mutates: true}, a.deleteSecurityGroup)
}

func checkCreateSecurityGroup(in *gen.CreateSecurityGroupRequest) error {
	name, description := val(in.GroupName), val(in.Description)
	switch {
	case name == "":
		return apierr.New("MissingParameter", "The request must contain the parameter GroupName")
	case description == "":
		return apierr.New("MissingParameter", "The request must contain the parameter GroupDescription")
	case strings.HasPrefix(name, "sg-"):
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter GroupName is invalid. Group names may not be in the format sg-*.", clip(name))
	case strings.TrimRight(name, " ") == defaultGroupName:
		return apierr.New("InvalidParameterValue", "Cannot use reserved security group name: default")
	case !validGroupText(name) || strings.TrimSpace(name) == "":
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter GroupName is invalid. Valid names are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*", clip(name))
	case !validGroupText(description):
		return apierr.New("InvalidParameterValue", "Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
	}
	_, err := parseTagSpecs(in.TagSpecifications, "security-group")
	return err
}

func (a *API) createSecurityGroup(c *action.Call, in *gen.CreateSecurityGroupRequest) (*gen.CreateSecurityGroupResult, error) {
	if err := checkCreateSecurityGroup(in); err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "security-group")
	if err != nil {
		return nil, err
	}
	var vpc *model.VPC
	if in.VpcId == nil {
		vpc, err = defaultVPC(c)
	} else {
		vpc, err = getVPC(c, *in.VpcId)
	}
	if err != nil {
		return nil, err
	}
	name := strings.TrimRight(*in.GroupName, " ")
	if store.SecurityGroups.First(c, "name", store.Key(vpc.ID, name)) != nil {
		return nil, apierr.New("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, vpc.ID)
	}
	if err := a.within(quotaGroups, count(store.SecurityGroups.By(c, "vpc", vpc.ID), nil), 1); err != nil {
		return nil, err
	}
	g := &model.SecurityGroup{
		ID: ids.New(ids.SecurityGroup), Owned: owner(c), VPC: vpc.ID,
		Name: name, Description: *in.Description, Created: c.Now(), Tags: tags["security-group"].Clone(),
	}
	if err := store.SecurityGroups.Put(c.Tx, g); err != nil {
		return nil, err
	}
	if err := store.SecurityRules.Put(c.Tx, allowAllRule(c.Tx, g, true, anywhere, "")); err != nil {
		return nil, err
	}
	c.Made = g.ID
	return &gen.CreateSecurityGroupResult{GroupId: &g.ID, Tags: toTags(g.Tags)}, nil
}

func (a *API) deleteSecurityGroup(c *action.Call, in *gen.DeleteSecurityGroupRequest) (*gen.DeleteSecurityGroupResult, error) {
	g, err := groupByIDOrName(c, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if g.Name == defaultGroupName {
		return nil, apierr.New("CannotDelete", "the specified group: \"%s\" name: \"%s\" cannot be deleted by a user", g.ID, g.Name)
	}
	for range store.Interfaces.By(c, "group", g.ID) {
		return nil, apierr.New("DependencyViolation", "resource %s has a dependent object", g.ID)
	}
	for r := range store.SecurityRules.By(c, "source", g.ID) {
		if r.Group != g.ID && r.SourceVPC == "" { // a rule in a peered VPC becomes stale
			return nil, apierr.New("DependencyViolation", "resource %s has a dependent object", g.ID)
		}
	}
	return &gen.DeleteSecurityGroupResult{}, deleteGroup(c, g)
}

// deleteGroup deletes a group with its rules.
func deleteGroup(c *action.Call, g *model.SecurityGroup) error {
	for r := range store.SecurityRules.By(c, "group", g.ID) {
		if err := store.SecurityRules.Delete(c.Tx, r.ID); err != nil {
			return err
		}
	}
	return store.SecurityGroups.Delete(c.Tx, g.ID)
}

type groupRow = joined[*model.SecurityGroup]

var groupListing = &listing[groupRow]{
	action:  "DescribeSecurityGroups",
	kind:    securityGroupKind,
	rows:    joinedRows(store.SecurityGroups),
	get:     joinedByID(store.SecurityGroups),
	id:      func(g groupRow) string { return g.row.ID },
	limits:  wire.PageLimits{Min: 5, Max: 1000},
	filters: groupFilters(),
}

func groupFilters() wire.FilterTable[groupRow] {
	fields := map[string]func(groupRow) []string{
		"description": func(g groupRow) []string { return one(g.row.Description) },
		"group-id":    func(g groupRow) []string { return one(g.row.ID) },
		"group-name":  func(g groupRow) []string { return one(g.row.Name) },
		"owner-id":    func(g groupRow) []string { return one(g.row.Account) },
		"vpc-id":      func(g groupRow) []string { return one(g.row.VPC) },
	}
	for prefix, egress := range map[string]bool{"ip-permission.": false, "egress.ip-permission.": true} {
		each := func(of func(groupRow, *model.SecurityRule) []string) func(groupRow) []string {
			return func(g groupRow) (out []string) {
				for r := range store.SecurityRules.By(g.r, "group", g.row.ID) {
					if r.Egress == egress {
						out = append(out, of(g, r)...)
					}
				}
				return out
			}
		}
		fields[prefix+"cidr"] = each(func(_ groupRow, r *model.SecurityRule) []string { return prefixStr(r.CIDR) })
		fields[prefix+"from-port"] = each(func(_ groupRow, r *model.SecurityRule) []string { return intStr(r.FromPort) })
		fields[prefix+"to-port"] = each(func(_ groupRow, r *model.SecurityRule) []string { return intStr(r.ToPort) })
		fields[prefix+"protocol"] = each(func(_ groupRow, r *model.SecurityRule) []string { return one(r.Protocol) })
		fields[prefix+"group-id"] = each(func(_ groupRow, r *model.SecurityRule) []string { return one(r.Source) })
		fields[prefix+"group-name"] = each(func(g groupRow, r *model.SecurityRule) []string {
			if source := store.SecurityGroups.Get(g.r, r.Source); r.Source != "" && source != nil {
				return []string{source.Name}
			}
			return nil
		})
		fields[prefix+"user-id"] = each(func(_ groupRow, r *model.SecurityRule) []string {
			if r.Source == "" {
				return nil
			}
			return []string{sourceAccount(r)}
		})
		fields[prefix+"ipv6-cidr"] = none[groupRow]
		fields[prefix+"prefix-list-id"] = each(func(_ groupRow, r *model.SecurityRule) []string { return one(r.PrefixList) })
	}
	return wire.FilterTable[groupRow]{Fields: fields, Tags: func(g groupRow) map[string]string { return g.row.Tags }}
}

func (a *API) describeSecurityGroups(c *action.Call, in *gen.DescribeSecurityGroupsRequest) (*gen.DescribeSecurityGroupsResult, error) {
	wanted := in.GroupIds
	if len(in.GroupNames) > 0 {
		vpc, err := defaultVPC(c)
		if err != nil {
			return nil, err
		}
		for _, name := range in.GroupNames {
			g := store.SecurityGroups.First(c, "name", store.Key(vpc.ID, name))
			if g == nil {
				return nil, groupNameNotFound(name, vpc.ID)
			}
			wanted = append(slices.Clip(wanted), g.ID)
		}
	}
	rows, next, err := groupListing.page(c, selection{wanted, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeSecurityGroupsResult{SecurityGroups: described(rows, toSecurityGroup), NextToken: next}, nil
}

func toSecurityGroup(g groupRow) *gen.SecurityGroup {
	return &gen.SecurityGroup{
		GroupId:             &g.row.ID,
		GroupName:           &g.row.Name,
		Description:         &g.row.Description,
		OwnerId:             &g.row.Account,
		VpcId:               &g.row.VPC,
		IpPermissions:       toPermissions(g.r, rulesOf(g.r, g.row.ID, false)),
		IpPermissionsEgress: toPermissions(g.r, rulesOf(g.r, g.row.ID, true)),
		Tags:                toTags(g.row.Tags),
	}
}

// rulesOf returns a group's rules of a direction, oldest first.
func rulesOf(r store.Reader, group string, egress bool) []*model.SecurityRule {
	var out []*model.SecurityRule
	for rule := range store.SecurityRules.By(r, "group", group) {
		if rule.Egress == egress {
			out = append(out, rule)
		}
	}
	slices.SortStableFunc(out, func(x, y *model.SecurityRule) int {
		return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// toPermissions shows rules as DescribeSecurityGroups does: those with the same
// protocol and ports together.
func toPermissions(reader store.Reader, rules []*model.SecurityRule) []*gen.IpPermission {
	out := []*gen.IpPermission{}
	byPorts := map[permission]*gen.IpPermission{}
	for _, r := range rules {
		key := permission{protocol: r.Protocol, from: r.FromPort, to: r.ToPort}
		p := byPorts[key]
		if p == nil {
			p = &gen.IpPermission{
				IpProtocol:       &r.Protocol,
				IpRanges:         []*gen.IpRange{},
				Ipv6Ranges:       []*gen.Ipv6Range{},
				PrefixListIds:    []*gen.PrefixListId{},
				UserIdGroupPairs: []*gen.UserIdGroupPair{},
			}
			if hasPorts(r.Protocol) {
				p.FromPort, p.ToPort = new(int64(r.FromPort)), new(int64(r.ToPort))
			}
			byPorts[key] = p
			out = append(out, p)
		}
		switch {
		case r.Source != "":
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, pairOf(reader, r))
		case r.PrefixList != "":
			p.PrefixListIds = append(p.PrefixListIds, &gen.PrefixListId{PrefixListId: &r.PrefixList, Description: str(r.Description)})
		default:
			p.IpRanges = append(p.IpRanges, &gen.IpRange{CidrIp: new(r.CIDR.String()), Description: str(r.Description)})
		}
	}
	return out
}

// sourceAccount is whose the source group of a rule is.
func sourceAccount(r *model.SecurityRule) string { return nonEmpty(r.SourceAccount, r.Account) }

// pairOf shows a rule's source group; of one in another VPC also how that is reached.
func pairOf(reader store.Reader, r *model.SecurityRule) *gen.UserIdGroupPair {
	out := &gen.UserIdGroupPair{GroupId: &r.Source, UserId: new(sourceAccount(r)), Description: str(r.Description)}
	if r.SourceVPC == "" {
		return out
	}
	out.VpcId, out.PeeringStatus = &r.SourceVPC, new(model.PeeringDeleted)
	if g := store.SecurityGroups.Get(reader, r.Group); g != nil {
		if p := peeringBetween(reader, g.VPC, r.SourceVPC); p != nil {
			out.PeeringStatus, out.VpcPeeringConnectionId = &p.State, &p.ID
		}
	}
	return out
}

// hasPorts reports whether a protocol has ports, or ICMP's type and code.
func hasPorts(protocol string) bool {
	return protocol == protoTCP || protocol == protoUDP || protocol == protoICMP
}

func groupNameNotFound(name, vpc string) error {
	return apierr.New("InvalidGroup.NotFound", "The security group '%s' does not exist in VPC '%s'", clip(name), vpc)
}

// groupByIDOrName finds the group that a request is about; names are those of the
// default VPC.
func groupByIDOrName(c *action.Call, id, name *string) (*model.SecurityGroup, error) {
	switch {
	case id != nil && name != nil:
		return nil, apierr.New("InvalidParameterCombination", "The parameter groupName cannot be used with the parameter groupId")
	case id != nil:
		return getGroup(c, *id)
	case name == nil:
		return nil, apierr.New("MissingParameter", "The request must contain the parameter groupName or groupId")
	}
	vpc, err := defaultVPC(c)
	if err != nil {
		return nil, err
	}
	if g := store.SecurityGroups.First(c, "name", store.Key(vpc.ID, *name)); g != nil {
		return g, nil
	}
	return nil, groupNameNotFound(*name, vpc.ID)
}

// resolveGroups returns the ids of the groups that a request gives an interface in a
// VPC: by id and by name, each once, in the order asked for. None at all means the
// VPC's default group.
func (a *API) resolveGroups(c *action.Call, vpc string, wanted, names []string) ([]string, error) {
	if len(wanted) == 0 && len(names) == 0 {
		names = []string{defaultGroupName}
	}
	var out []string
	add := func(g *model.SecurityGroup) {
		if !slices.Contains(out, g.ID) {
			out = append(out, g.ID)
		}
	}
	if err := securityGroupKind.check(wanted...); err != nil {
		return nil, err
	}
	for _, id := range wanted {
		g, err := getGroup(c, id)
		if err != nil {
			return nil, err
		}
		if g.VPC != vpc {
			return nil, apierr.New("InvalidParameter", "Security group %s and the subnet belong to different networks.", id)
		}
		add(g)
	}
	for _, name := range names {
		g := store.SecurityGroups.First(c, "name", store.Key(vpc, name))
		if g == nil {
			return nil, groupNameNotFound(name, vpc)
		}
		add(g)
	}
	return out, a.within(quotaInterfaceGroups, len(out), 0)
}

// groupIdentifiers shows groups by id and name.
func groupIdentifiers(r store.Reader, groups []string) []*gen.GroupIdentifier {
	out := make([]*gen.GroupIdentifier, 0, len(groups))
	for _, id := range groups {
		if g := store.SecurityGroups.Get(r, id); g != nil {
			out = append(out, &gen.GroupIdentifier{GroupId: &g.ID, GroupName: &g.Name})
		}
	}
	return out
}
