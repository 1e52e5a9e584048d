package ec2

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// ruleMachine holds two groups' rules against a simple model: a set of texts for each
// group and direction.
type ruleMachine struct {
	w      *world
	groups []string
	want   map[ruleSet]map[string]string // description by what is permitted
}

type ruleSet struct {
	group  int
	egress bool
}

func newRuleMachine(t *rapid.T) *ruleMachine {
	w := newWorld(t)
	m := &ruleMachine{w: w, groups: []string{w.group("a"), w.group("b")}, want: map[ruleSet]map[string]string{}}
	for g := range m.groups {
		m.want[ruleSet{g, false}] = map[string]string{}
		m.want[ruleSet{g, true}] = map[string]string{"peer: 0.0.0.0/0, ALL, ALLOW": ""}
	}
	return m
}

// stated is a permission and what it comes to, worked out apart from the code.
type stated struct {
	perm        *gen.IpPermission
	text        string
	description string
	never       bool // no such rule can be
}

func (m *ruleMachine) draw(t *rapid.T) stated {
	protocol := rapid.SampledFrom([]struct {
		from, to *int64
		said     string
		text     string
	}{
		{new(int64(22)), new(int64(22)), "tcp", "TCP, from port: 22, to port: 22"},
		{new(int64(22)), new(int64(22)), "6", "TCP, from port: 22, to port: 22"},
		{new(int64(22)), new(int64(23)), "tcp", "TCP, from port: 22, to port: 23"},
		{new(int64(22)), new(int64(22)), "udp", "UDP, from port: 22, to port: 22"},
		{new(int64(-1)), new(int64(-1)), "icmp", "ICMP, type: ALL, code: ALL"},
		{new(int64(8)), new(int64(-1)), "icmp", "ICMP, type: 8, code: ALL"},
		{nil, nil, "-1", "ALL"},
		{new(int64(1)), new(int64(2)), "-1", "ALL"},
		{nil, nil, "50", "protocol: 50"},
	}).Draw(t, "protocol")
	p := &gen.IpPermission{IpProtocol: &protocol.said, FromPort: protocol.from, ToPort: protocol.to}
	s := stated{perm: p, description: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "description")}
	var description *string
	if s.description != "" {
		description = &s.description
	}
	peer := ""
	switch rapid.IntRange(0, 4).Draw(t, "source") {
	case 0:
		g := rapid.IntRange(0, 1).Draw(t, "group")
		pair := &gen.UserIdGroupPair{GroupId: &m.groups[g], Description: description}
		if rapid.Bool().Draw(t, "by name") {
			pair.GroupId, pair.GroupName = nil, new([]string{"a", "b"}[g])
		}
		p.UserIdGroupPairs, peer = []*gen.UserIdGroupPair{pair}, m.groups[g]
	case 1:
		p.Ipv6Ranges, s.never = []*gen.Ipv6Range{{CidrIpv6: new("::/0"), Description: description}}, true
	default:
		cidr := rapid.SampledFrom([][2]string{{"0.0.0.0/0", "0.0.0.0/0"}, {"10.0.0.0/8", "10.0.0.0/8"}, {"10.1.2.3/8", "10.0.0.0/8"}}).Draw(t, "cidr")
		p.IpRanges, peer = []*gen.IpRange{{CidrIp: &cidr[0], Description: description}}, cidr[1]
	}
	s.text = "peer: " + peer + ", " + protocol.text + ", ALLOW"
	return s
}

func (m *ruleMachine) request(t *rapid.T) (ruleSet, []stated, []*gen.IpPermission) {
	set := ruleSet{rapid.IntRange(0, 1).Draw(t, "of"), rapid.Bool().Draw(t, "egress")}
	var all []stated
	var perms []*gen.IpPermission
	for range rapid.IntRange(1, 4).Draw(t, "count") {
		s := m.draw(t)
		all, perms = append(all, s), append(perms, s.perm)
	}
	return set, all, perms
}

// twice reports whether a request has one permission two times.
func twice(all []stated) bool {
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.text] {
			return true
		}
		seen[s.text] = true
	}
	return false
}

func never(all []stated) bool {
	return slices.ContainsFunc(all, func(s stated) bool { return s.never })
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return apierr.From(err).Code
}

func (m *ruleMachine) authorize(t *rapid.T) {
	set, all, perms := m.request(t)
	rules := m.want[set]
	want := ""
	switch {
	case never(all), twice(all):
		want = "InvalidParameterValue"
	case slices.ContainsFunc(all, func(s stated) bool { _, ok := rules[s.text]; return ok }):
		want = "InvalidPermission.Duplicate"
	}
	var err error
	if set.egress {
		_, err = do(m.w, m.w.api.authorizeEgress, &gen.AuthorizeSecurityGroupEgressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	} else {
		_, err = do(m.w, m.w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	}
	if code(err) != want {
		t.Fatalf("authorize %v: %v, want %q", all, err, want)
	}
	if err == nil {
		for _, s := range all {
			rules[s.text] = s.description
		}
	}
}

func (m *ruleMachine) revoke(t *rapid.T) {
	set, all, perms := m.request(t)
	rules := m.want[set]
	want := ""
	switch {
	case twice(all):
		want = "InvalidParameterValue"
	case never(all), slices.ContainsFunc(all, func(s stated) bool { _, ok := rules[s.text]; return !ok }):
		want = "InvalidPermission.NotFound"
	}
	var err error
	if set.egress {
		_, err = do(m.w, m.w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	} else {
		_, err = do(m.w, m.w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	}
	if code(err) != want {
		t.Fatalf("revoke %v: %v, want %q", all, err, want)
	}
	if err == nil {
		for _, s := range all {
			delete(rules, s.text)
		}
	}
}

// revokeByID takes any rule there is, and tries it in both groups and directions.
func (m *ruleMachine) revokeByID(t *rapid.T) {
	all := slices.Collect(store.SecurityRules.List(m.w.db.Stale()))
	slices.SortFunc(all, func(x, y *model.SecurityRule) int { // ids are random: draw from something that is not
		return slices.Compare([]string{x.Group, permissionOf(x).String()}, []string{y.Group, permissionOf(y).String()})
	})
	rule := rapid.SampledFrom(all).Draw(t, "rule")
	set := ruleSet{rapid.IntRange(0, 1).Draw(t, "of"), rapid.Bool().Draw(t, "egress")}
	want := ""
	if rule.Group != m.groups[set.group] || rule.Egress != set.egress {
		want = "InvalidSecurityGroupRuleId.NotFound"
	}
	var err error
	if set.egress {
		_, err = do(m.w, m.w.api.revokeEgress, &gen.RevokeSecurityGroupEgressRequest{GroupId: &m.groups[set.group], SecurityGroupRuleIds: []string{rule.ID}})
	} else {
		_, err = do(m.w, m.w.api.revokeIngress, &gen.RevokeSecurityGroupIngressRequest{GroupId: &m.groups[set.group], SecurityGroupRuleIds: []string{rule.ID}})
	}
	if code(err) != want {
		t.Fatalf("revoke %s: %v, want %q", rule.ID, err, want)
	}
	if err == nil {
		delete(m.want[set], permissionOf(rule).String())
	}
}

func (m *ruleMachine) describe(t *rapid.T) {
	set, all, perms := m.request(t)
	rules := m.want[set]
	want := ""
	switch {
	case twice(all):
		want = "InvalidParameterValue"
	case never(all), slices.ContainsFunc(all, func(s stated) bool { _, ok := rules[s.text]; return !ok }):
		want = "InvalidPermission.NotFound"
	}
	var err error
	if set.egress {
		_, err = do(m.w, m.w.api.updateDescriptionsEgress, &gen.UpdateSecurityGroupRuleDescriptionsEgressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	} else {
		_, err = do(m.w, m.w.api.updateDescriptionsIngress, &gen.UpdateSecurityGroupRuleDescriptionsIngressRequest{GroupId: &m.groups[set.group], IpPermissions: perms})
	}
	if code(err) != want {
		t.Fatalf("describe %v: %v, want %q", all, err, want)
	}
	if err == nil {
		for _, s := range all {
			rules[s.text] = s.description
		}
	}
}

// check compares both ways of looking at rules with the model.
func (m *ruleMachine) check(t *rapid.T) {
	out, err := look(m.w, m.w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupIds: m.groups})
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range m.groups {
		shown := slices.IndexFunc(out.SecurityGroups, func(g *gen.SecurityGroup) bool { return *g.GroupId == id })
		for _, egress := range []bool{false, true} {
			want := m.want[ruleSet{i, egress}]
			got := map[string]string{}
			for _, r := range rulesOf(m.w.db.Stale(), id, egress) {
				got[permissionOf(r).String()] = r.Description
			}
			if !maps.Equal(got, want) {
				t.Fatalf("group %d, egress %v: %s", i, egress, cmp.Diff(want, got))
			}
			list := out.SecurityGroups[shown].IpPermissions
			if egress {
				list = out.SecurityGroups[shown].IpPermissionsEgress
			}
			n := 0
			for _, p := range list {
				n += len(p.IpRanges) + len(p.UserIdGroupPairs)
			}
			if n != len(want) {
				t.Fatalf("group %d, egress %v: DescribeSecurityGroups shows %d rules of %d", i, egress, n, len(want))
			}
		}
	}
}

// TestRulesAgainstModel runs random sequences of what can be done to rules.
func TestRulesAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newRuleMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"":           m.check,
			"authorize":  m.authorize,
			"authorize2": m.authorize, // more is added than taken away
			"revoke":     m.revoke,
			"revokeByID": func(t *rapid.T) { m.revokeByID(t) },
			"describe":   m.describe,
		})
	})
}

// TestAcceptedPermissionsAreSound: whatever a request states, what is taken of it is
// within what a firewall can be told, and every refusal is the client's fault.
func TestAcceptedPermissionsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(label string) *int64 {
			return rapid.Ptr(rapid.OneOf(rapid.Int64Range(-3, 300), rapid.Int64Range(65530, 65540), rapid.Int64()), true).Draw(t, label)
		}
		protocol := rapid.OneOf(
			rapid.SampledFrom([]string{"tcp", "TCP", "udp", "icmp", "icmpv6", "-1", "all", "0", "1", "6", "17", "58", "255", "256"}),
			rapid.Map(rapid.IntRange(-5, 300), strconv.Itoa), rapid.String()).Draw(t, "protocol")
		cidr := rapid.OneOf(
			rapid.StringMatching(`(0|10|255|256)\.[0-9]{1,3}\.0\.[0-9]{1,2}/([0-9]|[123][0-9])`),
			rapid.SampledFrom([]string{"::/0", "0.0.0.0/0", "::ffff:10.0.0.0/104", "10.0.0.0/8%eth0"}), rapid.String()).Draw(t, "cidr")
		rules, err := parsePermissions([]*gen.IpPermission{{
			IpProtocol: &protocol, FromPort: number("from"), ToPort: number("to"),
			IpRanges: []*gen.IpRange{{CidrIp: &cidr, Description: rapid.Ptr(rapid.String(), true).Draw(t, "description")}},
		}})
		if err != nil {
			if apierr.From(err).Status != 400 {
				t.Fatalf("%v", err)
			}
			return
		}
		r := rules[0]
		sound := r.cidr.Addr().Is4() && r.cidr == r.cidr.Masked() && validGroupText(r.description)
		switch r.protocol {
		case "tcp", "udp":
			sound = sound && 0 <= r.from && r.from <= r.to && r.to <= 65535
		case "icmp":
			sound = sound && -1 <= r.from && r.from <= 254 && -1 <= r.to && r.to <= 255 && (r.from >= 0 || r.to == -1)
		case "-1":
			sound = sound && r.from == -1 && r.to == -1
		default:
			n, err := strconv.Atoi(r.protocol)
			sound = sound && err == nil && 1 < n && n <= 255 && n != 6 && n != 17 && n != 58 && r.from == -1 && r.to == -1 && strconv.Itoa(n) == r.protocol
		}
		if !sound {
			t.Fatalf("%q from %q gave %+v", protocol, cidr, r)
		}
	})
}
