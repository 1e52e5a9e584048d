package ec2

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// perm states a permission for one CIDR, or none if cidr is empty. A port of -99 is not
// sent.
func perm(protocol string, from, to int64, cidr string) *gen.IpPermission {
	p := &gen.IpPermission{IpProtocol: &protocol}
	if from != -99 {
		p.FromPort = &from
	}
	if to != -99 {
		p.ToPort = &to
	}
	if cidr != "" {
		p.IpRanges = []*gen.IpRange{{CidrIp: &cidr}}
	}
	return p
}

func permFrom(protocol string, from, to int64, pair *gen.UserIdGroupPair) *gen.IpPermission {
	p := perm(protocol, from, to, "")
	p.UserIdGroupPairs = []*gen.UserIdGroupPair{pair}
	return p
}

func perms(p ...*gen.IpPermission) []*gen.IpPermission { return p }

// rulesText writes a group's rules of a direction, one a line, without their ids.
func (w *world) rulesText(group string, egress bool) (out []string) {
	for _, r := range rulesOf(w.db.Stale(), group, egress) {
		line := permissionOf(r).String()
		if r.Description != "" {
			line += " # " + r.Description
		}
		out = append(out, line)
	}
	return out
}

func TestAuthorizeValues(t *testing.T) {
	w := newWorld(t)
	ref := w.group("ref")
	_, otherDefault := w.otherVPC()
	foreign := w.as("999988887777", testRegion)
	foreign.ensureNetwork("eu-central-1a")
	const no = -99
	v6 := perm("tcp", 22, 22, "")
	v6.Ipv6Ranges = []*gen.Ipv6Range{{CidrIpv6: new("::/0")}}
	bad6 := perm("tcp", 22, 22, "")
	bad6.Ipv6Ranges = []*gen.Ipv6Range{{CidrIpv6: new("10.0.0.0/8")}}
	list := perm("tcp", 22, 22, "")
	list.PrefixListIds = []*gen.PrefixListId{{PrefixListId: new("pl-0123456789abcdef0")}}
	described := func(text string) *gen.IpPermission {
		p := perm("tcp", 22, 22, "10.0.0.0/8")
		p.IpRanges[0].Description = &text
		return p
	}
	for n, tt := range []struct {
		reason string
		perm   *gen.IpPermission
		rule   string // what comes of it, "" for an error
		code   string
	}{
		{"a port", perm("tcp", 22, 22, "10.0.0.0/8"), "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW", ""},
		{"all ports", perm("udp", 0, 65535, "0.0.0.0/0"), "peer: 0.0.0.0/0, UDP, from port: 0, to port: 65535, ALLOW", ""},
		{"a protocol's name in upper case", perm("TCP", 22, 22, "10.0.0.0/8"), "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW", ""},
		{"tcp by number", perm("6", 22, 22, "10.0.0.0/8"), "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW", ""},
		{"udp by number", perm("17", 53, 53, "10.0.0.0/8"), "peer: 10.0.0.0/8, UDP, from port: 53, to port: 53, ALLOW", ""},
		{"icmp by number", perm("1", 8, 0, "10.0.0.0/8"), "peer: 10.0.0.0/8, ICMP, type: 8, code: 0, ALLOW", ""},
		{"one ICMP type", perm("icmp", 8, -1, "10.0.0.0/8"), "peer: 10.0.0.0/8, ICMP, type: 8, code: ALL, ALLOW", ""},
		{"all ICMP", perm("icmp", -1, -1, "10.0.0.0/8"), "peer: 10.0.0.0/8, ICMP, type: ALL, code: ALL, ALLOW", ""},
		{"all", perm("-1", no, no, "10.0.0.0/8"), "peer: 10.0.0.0/8, ALL, ALLOW", ""},
		{"all does not look at ports", perm("-1", 22, 22, "10.0.0.0/8"), "peer: 10.0.0.0/8, ALL, ALLOW", ""},
		{"a protocol without ports does not either", perm("50", 22, 22, "10.0.0.0/8"), "peer: 10.0.0.0/8, protocol: 50, ALLOW", ""},
		{"the highest protocol", perm("255", no, no, "10.0.0.0/8"), "peer: 10.0.0.0/8, protocol: 255, ALLOW", ""},
		{"a leading zero", perm("050", no, no, "10.0.0.0/8"), "peer: 10.0.0.0/8, protocol: 50, ALLOW", ""},
		{"host bits are dropped", perm("tcp", 22, 22, "10.1.2.3/8"), "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW", ""},
		{"one address", perm("tcp", 22, 22, "10.1.2.3/32"), "peer: 10.1.2.3/32, TCP, from port: 22, to port: 22, ALLOW", ""},
		{"a group by id", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: &ref}), "peer: " + ref + ", TCP, from port: 22, to port: 22, ALLOW", ""},
		{"a group by name", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupName: new("ref")}), "peer: " + ref + ", TCP, from port: 22, to port: 22, ALLOW", ""},
		{"a group with its owner", permFrom("-1", no, no, &gen.UserIdGroupPair{GroupId: &ref, UserId: new(testAccount)}), "peer: " + ref + ", ALL, ALLOW", ""},
		{"a description", described("from the office (new)"), "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW # from the office (new)", ""},

		{"no protocol", &gen.IpPermission{IpRanges: []*gen.IpRange{{CidrIp: new("10.0.0.0/8")}}}, "", "MissingParameter"},
		{"no source", perm("tcp", 22, 22, ""), "", "MissingParameter"},
		{"a protocol that is none", perm("tpc", 22, 22, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"too high a protocol", perm("256", no, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"a negative protocol", perm("-2", no, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"no ports", perm("tcp", no, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"one port of two", perm("tcp", no, 22, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"the other port of two", perm("tcp", 22, no, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"ports of -1", perm("tcp", -1, -1, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"too high a port", perm("udp", 22, 65536, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"ports the wrong way round", perm("tcp", 23, 22, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"no ICMP type", perm("icmp", no, -1, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"no ICMP code", perm("icmp", 8, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"protocol 0, which iptables takes for all", perm("0", no, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"protocol 0 in other words", perm("00", no, no, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"the highest ICMP type", perm("icmp", 254, 255, "10.0.0.0/8"), "peer: 10.0.0.0/8, ICMP, type: 254, code: 255, ALLOW", ""},
		{"the ICMP type that iptables takes for any", perm("icmp", 255, -1, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"too high an ICMP type", perm("icmp", 256, -1, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"too high an ICMP code", perm("icmp", 8, 256, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"a code of all types", perm("icmp", -1, 0, "10.0.0.0/8"), "", "InvalidPermission.Malformed"},
		{"an address without a length", perm("tcp", 22, 22, "10.0.0.1"), "", "InvalidParameterValue"},
		{"too long a prefix", perm("tcp", 22, 22, "10.0.0.0/33"), "", "InvalidParameterValue"},
		{"not four numbers", perm("tcp", 22, 22, "10.0.0/8"), "", "InvalidParameterValue"},
		{"too high a number", perm("tcp", 22, 22, "10.0.0.256/32"), "", "InvalidParameterValue"},
		{"a leading zero in a range", perm("tcp", 22, 22, "010.0.0.0/8"), "", "InvalidParameterValue"},
		{"a word", perm("tcp", 22, 22, "anywhere"), "", "InvalidParameterValue"},
		{"a range with a comment", perm("tcp", 22, 22, "10.0.0.0/8 -j ACCEPT"), "", "InvalidParameterValue"},
		{"IPv6 as a range", perm("tcp", 22, 22, "::/0"), "", "InvalidParameterValue"},
		{"an IPv6 range", v6, "", "InvalidParameterValue"},
		{"an IPv4 range as IPv6", bad6, "", "InvalidParameterValue"},
		{"icmpv6", perm("icmpv6", -1, -1, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"icmpv6 by number", perm("58", -1, -1, "10.0.0.0/8"), "", "InvalidParameterValue"},
		{"a prefix list", list, "", "InvalidPrefixListID.NotFound"},
		{"an unknown group", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: new("sg-0123456789abcdef0")}), "", "InvalidGroup.NotFound"},
		{"a malformed group", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: new("ref")}), "", "InvalidGroupId.Malformed"},
		{"an unknown name", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupName: new("nobody")}), "", "InvalidGroup.NotFound"},
		{"an id and another's name", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: &ref, GroupName: new("default")}), "", "InvalidGroup.NotFound"},
		{"a pair without a group", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{UserId: new(testAccount)}), "", "MissingParameter"},
		{"a group of another VPC", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: &otherDefault}), "", "InvalidGroup.NotFound"},
		{"another account's group", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: new(foreign.defaultGroup().ID)}), "", "InvalidGroup.NotFound"},
		{"another account", permFrom("tcp", 22, 22, &gen.UserIdGroupPair{GroupId: &ref, UserId: new("999988887777")}), "", "InvalidGroup.NotFound"},
		{"a description with a quote", described(`"`), "", "InvalidParameterValue"},
		{"a description with a newline", described("a\nb"), "", "InvalidParameterValue"},
		{"too long a description", described(strings.Repeat("x", 256)), "", "InvalidParameterValue"},
	} {
		for _, egress := range []bool{false, true} {
			g := must(w, do, w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{GroupName: new(fmt.Sprintf("g%d-%v", n, egress)), Description: new("d")}).GroupId
			if egress {
				must(w, do, w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: g, IpPermissions: perms(perm("-1", no, no, "0.0.0.0/0"))})
			}
			var set []*gen.SecurityGroupRule
			var err error
			if egress {
				var out *gen.AuthorizeSecurityGroupEgressResult
				if out, err = do(w, w.api.authorizeEgress, &gen.AuthorizeSecurityGroupEgressRequest{GroupId: g, IpPermissions: perms(tt.perm)}); err == nil {
					set = out.SecurityGroupRules
				}
			} else {
				var out *gen.AuthorizeSecurityGroupIngressResult
				if out, err = do(w, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: g, IpPermissions: perms(tt.perm)}); err == nil {
					set = out.SecurityGroupRules
				}
			}
			wantCode(t, err, tt.code, tt.reason)
			var want []string
			if tt.rule != "" {
				want = []string{tt.rule}
			}
			if diff := cmp.Diff(want, w.rulesText(*g, egress)); diff != "" {
				t.Errorf("%s, egress %v: %s", tt.reason, egress, diff)
			}
			if err != nil {
				continue
			}
			if len(set) != 1 || *set[0].IsEgress != egress || *set[0].GroupId != *g || *set[0].GroupOwnerId != testAccount {
				t.Errorf("%s: the answer has %+v", tt.reason, set)
			}
			// What was authorized can be revoked in the same words.
			if egress {
				_, err = do(w, w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: g, IpPermissions: perms(tt.perm)})
			} else {
				_, err = do(w, w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: g, IpPermissions: perms(tt.perm)})
			}
			wantCode(t, err, "", tt.reason+", revoked")
			if left := w.rulesText(*g, egress); left != nil {
				t.Errorf("%s: revoking left %v", tt.reason, left)
			}
		}
	}
}

func TestAuthorizeSets(t *testing.T) {
	w := newWorld(t)
	g := w.group("web")
	add := func(p ...*gen.IpPermission) error {
		_, err := do(w, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: p})
		return err
	}
	wantCode(t, add(perm("tcp", 22, 22, "10.0.0.0/8")), "", "the first")
	err := add(perm("tcp", 22, 22, "10.9.9.9/8"))
	wantCode(t, err, "InvalidPermission.Duplicate", "the same rule in other words")
	if want := `the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists`; apierr.From(err).Message != want {
		t.Errorf("the message is %q", apierr.From(err).Message)
	}
	wantCode(t, add(perm("tcp", 23, 23, "10.0.0.0/8"), perm("6", 22, 22, "10.0.0.0/8")), "InvalidPermission.Duplicate", "one old among new")
	wantCode(t, add(perm("tcp", 23, 23, "10.0.0.0/8"), perm("6", 23, 23, "10.0.0.0/8")), "InvalidParameterValue", "one twice in a request")
	wantCode(t, add(), "MissingParameter", "nothing")
	if got := w.rulesText(g, false); len(got) != 1 {
		t.Errorf("refused requests left %v", got)
	}
	_, err = do(w, w.api.authorizeEgress, &gen.AuthorizeSecurityGroupEgressRequest{GroupId: &g, IpPermissions: perms(perm("tcp", 22, 22, "10.0.0.0/8"))})
	wantCode(t, err, "", "the same rule outwards is another")

	var many []*gen.IpPermission
	for n := range quotaGroupRules.limit {
		many = append(many, perm("udp", int64(n), int64(n), "10.0.0.0/8"))
	}
	wantCode(t, add(many...), "RulesPerSecurityGroupLimitExceeded", "61 rules")
	wantCode(t, add(many[1:]...), "", "60 rules")
	wantCode(t, add(many[0]), "RulesPerSecurityGroupLimitExceeded", "the 61st rule")
	if in, out := len(w.rulesText(g, false)), len(w.rulesText(g, true)); in != quotaGroupRules.limit || out != 2 {
		t.Errorf("%d rules in, %d out", in, out)
	}
}

func TestAuthorizeAnswerAndTags(t *testing.T) {
	w := newWorld(t)
	g, ref := w.group("web"), w.group("ref")
	p := perm("tcp", 80, 443, "10.1.2.3/16")
	p.IpRanges[0].Description = new("office")
	p.UserIdGroupPairs = []*gen.UserIdGroupPair{{GroupId: &ref}}
	spec := []*gen.TagSpecification{{ResourceType: new("security-group-rule"), Tags: []*gen.Tag{{Key: new("Name"), Value: new("r")}}}}
	out := must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(p), TagSpecifications: spec})
	tags := []*gen.Tag{{Key: new("Name"), Value: new("r")}}
	want := []*gen.SecurityGroupRule{
		{SecurityGroupRuleId: out.SecurityGroupRules[0].SecurityGroupRuleId, GroupId: &g, GroupOwnerId: new(testAccount), IsEgress: new(false), IpProtocol: new("tcp"), FromPort: new(int64(80)), ToPort: new(int64(443)), CidrIpv4: new("10.1.0.0/16"), Description: new("office"), Tags: tags},
		{SecurityGroupRuleId: out.SecurityGroupRules[1].SecurityGroupRuleId, GroupId: &g, GroupOwnerId: new(testAccount), IsEgress: new(false), IpProtocol: new("tcp"), FromPort: new(int64(80)), ToPort: new(int64(443)), ReferencedGroupInfo: &gen.ReferencedSecurityGroup{GroupId: &ref, UserId: new(testAccount)}, Tags: tags},
	}
	if diff := cmp.Diff(want, out.SecurityGroupRules); diff != "" || !*out.Return {
		t.Error(diff)
	}
	got := must(w, look, w.api.describeSecurityGroupRules, &gen.DescribeSecurityGroupRulesRequest{SecurityGroupRuleIds: []string{*want[1].SecurityGroupRuleId}})
	if diff := cmp.Diff(want[1:], got.SecurityGroupRules); diff != "" {
		t.Error(diff)
	}
	spec[0].ResourceType = new("instance")
	_, err := do(w, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(perm("-1", -1, -1, "10.0.0.0/8")), TagSpecifications: spec})
	wantCode(t, err, "InvalidParameterValue", "tags for instances")
}

func TestFlatForm(t *testing.T) {
	w := newWorld(t)
	web := w.group("web")
	ref := w.group("ref")
	port := func(n int64) *int64 { return &n }
	for _, tt := range []struct {
		reason string
		in     gen.AuthorizeSecurityGroupIngressRequest
		rules  []string
		code   string
	}{
		{"a range", gen.AuthorizeSecurityGroupIngressRequest{GroupName: new("web"), IpProtocol: new("tcp"), FromPort: port(22), ToPort: port(22), CidrIp: new("10.0.0.0/8")},
			[]string{"peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW"}, ""},
		{"a group by name", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, SourceSecurityGroupName: new("ref"), SourceSecurityGroupOwnerId: new(testAccount)},
			[]string{"peer: " + ref + ", ICMP, type: ALL, code: ALL, ALLOW", "peer: " + ref + ", TCP, from port: 0, to port: 65535, ALLOW", "peer: " + ref + ", UDP, from port: 0, to port: 65535, ALLOW"}, ""},
		{"no range", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, IpProtocol: new("tcp"), FromPort: port(22), ToPort: port(22)}, nil, "MissingParameter"},
		{"no protocol", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, CidrIp: new("10.0.0.0/8")}, nil, "MissingParameter"},
		{"a group and a protocol", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, SourceSecurityGroupName: new("ref"), IpProtocol: new("tcp")}, nil, "InvalidParameterCombination"},
		{"an owner alone", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, SourceSecurityGroupOwnerId: new(testAccount)}, nil, "MissingParameter"},
		{"both forms", gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, IpProtocol: new("tcp"), IpPermissions: perms(perm("tcp", 22, 22, "10.0.0.0/8"))}, nil, "InvalidParameterCombination"},
		{"no group", gen.AuthorizeSecurityGroupIngressRequest{IpProtocol: new("tcp"), FromPort: port(22), ToPort: port(22), CidrIp: new("10.0.0.0/8")}, nil, "MissingParameter"},
		{"an unknown group", gen.AuthorizeSecurityGroupIngressRequest{GroupName: new("nobody"), IpProtocol: new("tcp"), FromPort: port(22), ToPort: port(22), CidrIp: new("10.0.0.0/8")}, nil, "InvalidGroup.NotFound"},
	} {
		_, err := do(w, w.api.authorizeIngress, &tt.in)
		wantCode(t, err, tt.code, tt.reason)
		got := map[string]bool{}
		for _, line := range w.rulesText(web, false) {
			got[line] = true
		}
		for _, line := range tt.rules {
			if !got[line] {
				t.Errorf("%s: there is no %q among %v", tt.reason, line, got)
			}
		}
		if len(got) != len(tt.rules) {
			t.Errorf("%s: %v", tt.reason, got)
		}
		if err == nil {
			_, err := do(w, w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{
				GroupId: tt.in.GroupId, GroupName: tt.in.GroupName, IpProtocol: tt.in.IpProtocol, FromPort: tt.in.FromPort, ToPort: tt.in.ToPort,
				CidrIp: tt.in.CidrIp, SourceSecurityGroupName: tt.in.SourceSecurityGroupName, SourceSecurityGroupOwnerId: tt.in.SourceSecurityGroupOwnerId,
			})
			wantCode(t, err, "", tt.reason+", revoked")
		}
	}
}

func TestRevoke(t *testing.T) {
	w := newWorld(t)
	g, other := w.group("web"), w.group("other")
	added := must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(perm("tcp", 22, 22, "10.0.0.0/8"), perm("tcp", 23, 23, "10.0.0.0/8"))}).SecurityGroupRules
	out := rulesOf(w.db.Stale(), g, true)[0].ID
	all6 := perm("-1", -1, -1, "")
	all6.Ipv6Ranges = []*gen.Ipv6Range{{CidrIpv6: new("::/0")}}
	list := perm("-1", -1, -1, "")
	list.PrefixListIds = []*gen.PrefixListId{{PrefixListId: new("pl-0123456789abcdef0")}}
	first, second := *added[0].SecurityGroupRuleId, *added[1].SecurityGroupRuleId
	for _, tt := range []struct {
		reason string
		group  string
		perms  []*gen.IpPermission
		ids    []string
		code   string
	}{
		{"a rule that is not there", g, perms(perm("tcp", 24, 24, "10.0.0.0/8")), nil, "InvalidPermission.NotFound"},
		{"a part of a rule", g, perms(perm("tcp", 22, 22, "10.1.0.0/16")), nil, "InvalidPermission.NotFound"},
		{"one that is there and one that is not", g, perms(perm("tcp", 22, 22, "10.0.0.0/8"), perm("tcp", 24, 24, "10.0.0.0/8")), nil, "InvalidPermission.NotFound"},
		{"an IPv6 range", g, perms(all6), nil, "InvalidPermission.NotFound"},
		{"a prefix list", g, perms(list), nil, "InvalidPermission.NotFound"},
		{"a malformed range", g, perms(perm("tcp", 22, 22, "10.0.0.0")), nil, "InvalidParameterValue"},
		{"another group's rule", other, nil, []string{first}, "InvalidSecurityGroupRuleId.NotFound"},
		{"a rule of the other direction", g, nil, []string{out}, "InvalidSecurityGroupRuleId.NotFound"},
		{"an unknown id", g, nil, []string{"sgr-0123456789abcdef0"}, "InvalidSecurityGroupRuleId.NotFound"},
		{"a known and an unknown id", g, nil, []string{first, "sgr-0123456789abcdef0"}, "InvalidSecurityGroupRuleId.NotFound"},
		{"a malformed id", g, nil, []string{"22"}, "InvalidSecurityGroupRuleId.Malformed"},
		{"ids and permissions", g, perms(perm("tcp", 22, 22, "10.0.0.0/8")), []string{first}, "InvalidParameterCombination"},
		{"nothing", g, nil, nil, "MissingParameter"},
		{"an unknown group", "sg-0123456789abcdef0", nil, []string{first}, "InvalidGroup.NotFound"},
	} {
		_, err := do(w, w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: &tt.group, IpPermissions: tt.perms, SecurityGroupRuleIds: tt.ids})
		wantCode(t, err, tt.code, tt.reason)
		if got := w.rulesText(g, false); len(got) != 2 {
			t.Fatalf("%s left %v", tt.reason, got)
		}
	}
	described := perm("tcp", 22, 22, "10.0.0.0/8")
	described.IpRanges[0].Description = new("another text")
	must(w, do, w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(described)})
	must(w, do, w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: &g, SecurityGroupRuleIds: []string{second}})
	if got := w.rulesText(g, false); got != nil {
		t.Errorf("left %v", got)
	}
	// What Terraform does with each new group.
	_, err := do(w, w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: &g, IpPermissions: perms(perm("-1", 0, 0, "0.0.0.0/0"))})
	wantCode(t, err, "", "the first egress rule")
	_, err = do(w, w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: &g, IpPermissions: perms(all6)})
	wantCode(t, err, "InvalidPermission.NotFound", "the IPv6 egress rule that there is not")
}

func TestModifySecurityGroupRules(t *testing.T) {
	w := newWorld(t)
	g, ref := w.group("web"), w.group("ref")
	added := must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(perm("tcp", 22, 22, "10.0.0.0/8"), perm("tcp", 23, 23, "10.0.0.0/8"))}).SecurityGroupRules
	first, second := added[0].SecurityGroupRuleId, added[1].SecurityGroupRuleId
	port := func(n int64) *int64 { return &n }
	rule := func(r gen.SecurityGroupRuleRequest) *gen.SecurityGroupRuleRequest { return &r }
	tcp := func(p int64) *gen.SecurityGroupRuleRequest {
		return &gen.SecurityGroupRuleRequest{IpProtocol: new("tcp"), FromPort: &p, ToPort: &p, CidrIpv4: new("10.0.0.0/8")}
	}
	before := w.rulesText(g, false)
	for _, tt := range []struct {
		reason string
		group  *string
		update []*gen.SecurityGroupRuleUpdate
		code   string
	}{
		{"nothing", &g, nil, "MissingParameter"},
		{"no rule", &g, updates(upd(first, nil)), "MissingParameter"},
		{"no source", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1")}))), "MissingParameter"},
		{"two sources", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), CidrIpv4: new("10.0.0.0/8"), ReferencedGroupId: &ref}))), "InvalidParameterCombination"},
		{"host bits", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), CidrIpv4: new("10.0.0.1/8")}))), "InvalidParameterValue"},
		{"IPv6", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), CidrIpv6: new("::/0")}))), "InvalidParameterValue"},
		{"a prefix list", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), PrefixListId: new("pl-00000000000000000")}))), "InvalidPrefixListID.NotFound"},
		{"an unknown group as source", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), ReferencedGroupId: new("sg-0123456789abcdef0")}))), "InvalidGroup.NotFound"},
		{"bad ports", &g, updates(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("tcp"), FromPort: port(9), ToPort: port(8), CidrIpv4: new("10.0.0.0/8")}))), "InvalidParameterValue"},
		{"an unknown rule", &g, updates(upd(new("sgr-0123456789abcdef0"), tcp(24))), "InvalidSecurityGroupRuleId.NotFound"},
		{"another group's rule", &ref, updates(upd(first, tcp(24))), "InvalidSecurityGroupRuleId.NotFound"},
		{"the other rule's place", &g, updates(upd(first, tcp(23))), "InvalidPermission.Duplicate"},
		{"a rule twice", &g, updates(upd(first, tcp(24)), upd(first, tcp(25))), "InvalidParameterValue"},
		{"a good and a bad one", &g, updates(upd(first, tcp(24)), upd(second, tcp(70000))), "InvalidPermission.Malformed"},
	} {
		_, err := do(w, w.api.modifySecurityGroupRules, &gen.ModifySecurityGroupRulesRequest{GroupId: tt.group, SecurityGroupRules: tt.update})
		wantCode(t, err, tt.code, tt.reason)
		if diff := cmp.Diff(before, w.rulesText(g, false)); diff != "" {
			t.Fatalf("%s changed %s", tt.reason, diff)
		}
	}
	modify := func(u ...*gen.SecurityGroupRuleUpdate) {
		t.Helper()
		must(w, do, w.api.modifySecurityGroupRules, &gen.ModifySecurityGroupRulesRequest{GroupId: &g, SecurityGroupRules: u})
	}
	permits := func(id *string) string {
		r := store.SecurityRules.Get(w.db.Stale(), *id)
		return permissionOf(r).String() + "#" + r.Description
	}
	modify(upd(first, tcp(23)), upd(second, tcp(22)))
	if !strings.Contains(permits(first), "port: 23") || !strings.Contains(permits(second), "port: 22") {
		t.Errorf("two rules did not change places: %s, %s", permits(first), permits(second))
	}
	modify(upd(first, rule(gen.SecurityGroupRuleRequest{IpProtocol: new("-1"), ReferencedGroupId: &ref, Description: new("d")})))
	if want := "peer: " + ref + ", ALL, ALLOW#d"; permits(first) != want {
		t.Errorf("%s, want %s", permits(first), want)
	}
	modify(upd(first, tcp(24)))
	if want := "peer: 10.0.0.0/8, TCP, from port: 24, to port: 24, ALLOW#"; permits(first) != want {
		t.Errorf("%s, want %s", permits(first), want)
	}
}

func TestUpdateDescriptions(t *testing.T) {
	w := newWorld(t)
	g := w.group("web")
	added := must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &g, IpPermissions: perms(perm("tcp", 22, 22, "10.0.0.0/8"))}).SecurityGroupRules
	id := added[0].SecurityGroupRuleId
	described := perm("tcp", 22, 22, "10.0.0.0/8")
	described.IpRanges[0].Description = new("office")
	text := func() string { return store.SecurityRules.Get(w.db.Stale(), *id).Description }
	in := func(p []*gen.IpPermission, d ...*gen.SecurityGroupRuleDescription) error {
		_, err := do(w, w.api.updateDescriptionsIngress, &gen.UpdateSecurityGroupRuleDescriptionsIngressRequest{GroupName: new("web"), IpPermissions: p, SecurityGroupRuleDescriptions: d})
		return err
	}
	wantCode(t, in(perms(described)), "", "by permission")
	if text() != "office" {
		t.Errorf("the description is %q", text())
	}
	wantCode(t, in(nil, &gen.SecurityGroupRuleDescription{SecurityGroupRuleId: id, Description: new("home")}), "", "by id")
	if text() != "home" {
		t.Errorf("the description is %q", text())
	}
	wantCode(t, in(perms(perm("tcp", 22, 22, "10.0.0.0/8"))), "", "without one")
	if text() != "" {
		t.Errorf("the description is %q", text())
	}
	wantCode(t, in(nil), "MissingParameter", "nothing")
	wantCode(t, in(perms(described), &gen.SecurityGroupRuleDescription{SecurityGroupRuleId: id}), "InvalidParameterCombination", "both")
	wantCode(t, in(perms(perm("tcp", 23, 23, "10.0.0.0/8"))), "InvalidPermission.NotFound", "no such rule")
	wantCode(t, in(nil, &gen.SecurityGroupRuleDescription{SecurityGroupRuleId: new("sgr-0123456789abcdef0")}), "InvalidSecurityGroupRuleId.NotFound", "no such id")
	wantCode(t, in(nil, &gen.SecurityGroupRuleDescription{SecurityGroupRuleId: id, Description: new("ü")}), "InvalidParameterValue", "an umlaut")
	_, err := do(w, w.api.updateDescriptionsEgress, &gen.UpdateSecurityGroupRuleDescriptionsEgressRequest{GroupId: &g, IpPermissions: perms(described)})
	wantCode(t, err, "InvalidPermission.NotFound", "the other direction")
	out := perm("-1", -1, -1, "0.0.0.0/0")
	out.IpRanges[0].Description = new("all")
	_, err = do(w, w.api.updateDescriptionsEgress, &gen.UpdateSecurityGroupRuleDescriptionsEgressRequest{GroupId: &g, IpPermissions: perms(out)})
	wantCode(t, err, "", "egress")
	if got := w.rulesText(g, true); len(got) != 1 || !strings.HasSuffix(got[0], "# all") {
		t.Errorf("egress is %v", got)
	}
}

func upd(id *string, rule *gen.SecurityGroupRuleRequest) *gen.SecurityGroupRuleUpdate {
	return &gen.SecurityGroupRuleUpdate{SecurityGroupRuleId: id, SecurityGroupRule: rule}
}

func updates(u ...*gen.SecurityGroupRuleUpdate) []*gen.SecurityGroupRuleUpdate { return u }
