package ec2

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func TestCreateSecurityGroup(t *testing.T) {
	w := newWorld(t)
	vpc := w.defaultVPC().ID
	other, _ := w.otherVPC()
	foreign := w.as("999988887777", testRegion)
	foreign.ensureNetwork("eu-central-1a")
	w.group("taken")
	long := strings.Repeat("x", 255)
	for _, tt := range []struct {
		reason            string
		name, description string
		vpc               *string
		code              string
	}{
		{"in the default VPC", "web", "Web servers", nil, ""},
		{"by VPC", "db", "d", &vpc, ""},
		{"every allowed character", "a Z 0 ._-:/()#,@[]+=&;{}!$*", "a Z 0 ._-:/()#,@[]+=&;{}!$*", nil, ""},
		{"the longest", long, long, nil, ""},
		{"a name of another VPC", "taken", "d", &other, ""},
		{"upper case is another name", "Taken", "d", nil, ""},
		{"a taken name", "taken", "d", nil, "InvalidGroup.Duplicate"},
		{"a taken name with spaces behind", "taken  ", "d", nil, "InvalidGroup.Duplicate"},
		{"no name", "", "d", nil, "MissingParameter"},
		{"no description", "x", "", nil, "MissingParameter"},
		{"a name like an id", "sg-web", "d", nil, "InvalidParameterValue"},
		{"the reserved name", "default", "d", nil, "InvalidParameterValue"},
		{"the reserved name with a space", "default ", "d", nil, "InvalidParameterValue"},
		{"too long a name", long + "x", "d", nil, "InvalidParameterValue"},
		{"too long a description", "x", long + "x", nil, "InvalidParameterValue"},
		{"an umlaut", "wäb", "d", nil, "InvalidParameterValue"},
		{"a quote", `w"b`, "d", nil, "InvalidParameterValue"},
		{"a newline", "w\nb", "d", nil, "InvalidParameterValue"},
		{"a description with <", "x", "a<b", nil, "InvalidParameterValue"},
		{"spaces alone", "   ", "d", nil, "InvalidParameterValue"},
		{"an unknown VPC", "x", "d", new("vpc-0123456789abcdef0"), "InvalidVpcID.NotFound"},
		{"a malformed VPC", "x", "d", new("default"), "InvalidVpcID.Malformed"},
		{"another account's VPC", "x", "d", new(foreign.defaultVPC().ID), "InvalidVpcID.NotFound"},
	} {
		_, err := do(w, w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{GroupName: &tt.name, Description: &tt.description, VpcId: tt.vpc})
		wantCode(t, err, tt.code, tt.reason)
	}
	_, err := do(w.as("123456789012", testRegion), w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{GroupName: new("x"), Description: new("d")})
	wantCode(t, err, "VPCIdNotSpecified", "no default VPC")
}

func TestNewSecurityGroup(t *testing.T) {
	w := newWorld(t)
	out := must(w, do, w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{
		GroupName: new("web"), Description: new("Web servers"),
		TagSpecifications: []*gen.TagSpecification{{ResourceType: new("security-group"), Tags: []*gen.Tag{{Key: new("Name"), Value: new("w")}}}},
	})
	got := must(w, look, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupNames: []string{"web"}}).SecurityGroups
	want := []*gen.SecurityGroup{{
		GroupId: out.GroupId, GroupName: new("web"), Description: new("Web servers"), OwnerId: new(testAccount), VpcId: new(w.defaultVPC().ID),
		IpPermissions: []*gen.IpPermission{},
		IpPermissionsEgress: []*gen.IpPermission{{
			IpProtocol: new("-1"), IpRanges: []*gen.IpRange{{CidrIp: new("0.0.0.0/0")}},
			Ipv6Ranges: []*gen.Ipv6Range{}, PrefixListIds: []*gen.PrefixListId{}, UserIdGroupPairs: []*gen.UserIdGroupPair{},
		}},
		Tags: []*gen.Tag{{Key: new("Name"), Value: new("w")}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The first egress rule must be there as a rule too, or Terraform never comes to rest.
	rules := must(w, look, w.api.describeSecurityGroupRules, &gen.DescribeSecurityGroupRulesRequest{Filters: flt("group-id", *out.GroupId)}).SecurityGroupRules
	if len(rules) != 1 || !*rules[0].IsEgress || *rules[0].CidrIpv4 != "0.0.0.0/0" || *rules[0].IpProtocol != "-1" || *rules[0].FromPort != -1 || *rules[0].ToPort != -1 || rules[0].Tags == nil {
		t.Errorf("rules %+v", rules)
	}
	_, err := look(w, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupNames: []string{"web", "wob"}})
	wantCode(t, err, "InvalidGroup.NotFound", "a name that nobody has")
	both := must(w, look, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupNames: []string{"web"}, GroupIds: []string{w.defaultGroup().ID}}).SecurityGroups
	if len(both) != 2 {
		t.Errorf("by name and by id: %d groups", len(both))
	}
}

func TestSecurityGroupLimit(t *testing.T) {
	w := newWorld(t)
	w.update(func(tx *store.Tx) error {
		g := *w.defaultGroup()
		for n := range quotaGroups.limit - 1 { // and the default one
			g.ID, g.Name = fmt.Sprintf("sg-%017x", n), fmt.Sprint("g", n)
			if err := store.SecurityGroups.Put(tx, &g); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := do(w, w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{GroupName: new("x"), Description: new("d")})
	wantCode(t, err, "SecurityGroupLimitExceeded", "one too many")
}

func TestDeleteSecurityGroup(t *testing.T) {
	w := newWorld(t)
	used, source, selfish, named := w.group("used"), w.group("source"), w.group("selfish"), w.group("named")
	eni := w.eni(w.subnet("eu-central-1a"), "", used)
	fromGroup := func(group, source string) {
		must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &group, IpPermissions: []*gen.IpPermission{{IpProtocol: new("-1"), UserIdGroupPairs: []*gen.UserIdGroupPair{{GroupId: &source}}}}})
	}
	fromGroup(used, source)
	fromGroup(selfish, selfish)
	for _, tt := range []struct {
		reason   string
		id, name *string
		code     string
	}{
		{"an interface has it", &used, nil, "DependencyViolation"},
		{"another group's rule names it", &source, nil, "DependencyViolation"},
		{"the default group", new(w.defaultGroup().ID), nil, "CannotDelete"},
		{"the default group by name", nil, new("default"), "CannotDelete"},
		{"an unknown id", new("sg-0123456789abcdef0"), nil, "InvalidGroup.NotFound"},
		{"a malformed id", new("named"), nil, "InvalidGroupId.Malformed"},
		{"an unknown name", nil, new("nobody"), "InvalidGroup.NotFound"},
		{"neither", nil, nil, "MissingParameter"},
		{"both", &named, new("named"), "InvalidParameterCombination"},
		{"its own rules do not hold it", &selfish, nil, ""},
		{"by name", nil, new("named"), ""},
		{"twice", &named, nil, "InvalidGroup.NotFound"},
	} {
		_, err := do(w, w.api.deleteSecurityGroup, &gen.DeleteSecurityGroupRequest{GroupId: tt.id, GroupName: tt.name})
		wantCode(t, err, tt.code, tt.reason)
	}
	for r := range store.SecurityRules.List(w.db.Stale()) {
		if r.Group == selfish || r.Group == named {
			t.Errorf("a deleted group left the rule %+v", r)
		}
	}
	w.update(func(tx *store.Tx) error { return deleteInterface(tx, eni.ID) })
	must(w, do, w.api.deleteSecurityGroup, &gen.DeleteSecurityGroupRequest{GroupId: &used})
	must(w, do, w.api.deleteSecurityGroup, &gen.DeleteSecurityGroupRequest{GroupId: &source})
}

func TestResolveGroups(t *testing.T) {
	w := newWorld(t)
	vpc := w.defaultVPC().ID
	_, otherDefault := w.otherVPC()
	var all []string
	for n := range 6 {
		all = append(all, w.group(fmt.Sprint("g", n)))
	}
	for _, tt := range []struct {
		reason     string
		ids, names []string
		want       []string
		code       string
	}{
		{"none is the default group", nil, nil, []string{w.defaultGroup().ID}, ""},
		{"in the order asked for", []string{all[2], all[1]}, []string{"g0"}, []string{all[2], all[1], all[0]}, ""},
		{"each once", []string{all[2], all[2]}, []string{"g2"}, []string{all[2]}, ""},
		{"five", all[:5], nil, all[:5], ""},
		{"six", all, nil, nil, "SecurityGroupsPerInterfaceLimitExceeded"},
		{"a group of another VPC", []string{otherDefault}, nil, nil, "InvalidParameter"},
		{"an unknown id", []string{"sg-0123456789abcdef0"}, nil, nil, "InvalidGroup.NotFound"},
		{"an unknown name", nil, []string{"nobody"}, nil, "InvalidGroup.NotFound"},
		{"a name for an id", []string{"g0"}, nil, nil, "InvalidGroupId.Malformed"},
	} {
		got, err := w.api.resolveGroups(w.view(), vpc, tt.ids, tt.names)
		wantCode(t, err, tt.code, tt.reason)
		if err == nil && !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.reason, got, tt.want)
		}
	}
	if got := groupIdentifiers(w.db.Stale(), []string{all[1], "sg-gone", all[0]}); len(got) != 2 || *got[0].GroupName != "g1" || *got[1].GroupId != all[0] {
		t.Errorf("%+v", got)
	}
}

func TestPermissionsAreGroupedByPorts(t *testing.T) {
	rule := func(protocol string, from, to int, cidr, source, description string) *model.SecurityRule {
		r := &model.SecurityRule{Owned: model.Owned{Account: testAccount}, Protocol: protocol, FromPort: from, ToPort: to, Source: source, Description: description}
		if cidr != "" {
			r.CIDR, _ = parseCIDR(cidr)
		}
		return r
	}
	got := toPermissions(store.NewMemory().Stale(), []*model.SecurityRule{
		rule("tcp", 22, 22, "10.0.0.0/8", "", "office"),
		rule("-1", -1, -1, "", "sg-1", ""),
		rule("tcp", 22, 22, "", "sg-1", "jump"),
		rule("tcp", 22, 23, "10.0.0.0/8", "", ""),
		rule("tcp", 22, 22, "11.0.0.0/8", "", ""),
		rule("icmp", -1, -1, "10.0.0.0/8", "", ""),
		rule("50", -1, -1, "10.0.0.0/8", "", ""),
	})
	var text []string
	for _, p := range got {
		line := *p.IpProtocol
		if p.FromPort != nil {
			line += fmt.Sprintf(" %d-%d", *p.FromPort, *p.ToPort)
		}
		for _, r := range p.IpRanges {
			line += fmt.Sprintf(" %s(%s)", *r.CidrIp, val(r.Description))
		}
		for _, g := range p.UserIdGroupPairs {
			line += fmt.Sprintf(" %s/%s(%s)", *g.UserId, *g.GroupId, val(g.Description))
		}
		text = append(text, line)
	}
	if diff := cmp.Diff([]string{
		"tcp 22-22 10.0.0.0/8(office) 11.0.0.0/8() 111122223333/sg-1(jump)",
		"-1 111122223333/sg-1()",
		"tcp 22-23 10.0.0.0/8()",
		"icmp -1--1 10.0.0.0/8()",
		"50 10.0.0.0/8()",
	}, text); diff != "" {
		t.Error(diff)
	}
}
