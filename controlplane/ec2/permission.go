package ec2

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// permission is what makes two rules of a group and direction the same.
type permission struct {
	protocol string // as model.SecurityRule has it
	from, to int
	cidr     netip.Prefix
	source   string // a group's id
	list     string // a prefix list's id
}

func permissionOf(r *model.SecurityRule) permission {
	return permission{r.Protocol, r.FromPort, r.ToPort, r.CIDR, r.Source, r.PrefixList}
}

// String writes a permission as EC2's messages do.
func (p permission) String() string {
	peer := p.source + p.list
	if peer == "" {
		peer = p.cidr.String()
	}
	any := func(n int) string {
		if n < 0 {
			return "ALL"
		}
		return strconv.Itoa(n)
	}
	switch p.protocol {
	case protoAll:
		return fmt.Sprintf("peer: %s, ALL, ALLOW", peer)
	case protoTCP, protoUDP:
		return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, strings.ToUpper(p.protocol), p.from, p.to)
	case protoICMP:
		return fmt.Sprintf("peer: %s, ICMP, type: %s, code: %s, ALLOW", peer, any(p.from), any(p.to))
	}
	return fmt.Sprintf("peer: %s, protocol: %s, ALLOW", peer, p.protocol)
}

// statedRule is a rule as a request states it, its values checked. Until resolve has
// looked for it, a source group is only named.
type statedRule struct {
	permission
	description string
	pair        *gen.UserIdGroupPair
	// account and vpc are the source group's if that is in another VPC.
	account, vpc string
	// foreign says that the source is of a kind that no rule here can have: an IPv6
	// range.
	foreign bool
}

// The protocols that have names, as EC2 shows them.
const (
	protoAll  = "-1"
	protoTCP  = "tcp"
	protoUDP  = "udp"
	protoICMP = "icmp"
)

// parseProtocol returns a protocol as EC2 shows it.
func parseProtocol(s string) (string, error) {
	switch strings.ToLower(s) {
	case "-1":
		return protoAll, nil
	case "tcp", "6":
		return protoTCP, nil
	case "udp", "17":
		return protoUDP, nil
	case "icmp", "1":
		return protoICMP, nil
	case "icmpv6", "58":
		return "", refuseIPv6("The protocol icmpv6")
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return "", apierr.New("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", clip(s))
	}
	if n == 0 { // iptables takes 0 for all protocols
		return "", apierr.New("InvalidParameterValue", "Invalid value '%s' for IP protocol. Protocol 0 cannot be told apart; use -1 for all protocols.", clip(s))
	}
	return strconv.FormatUint(n, 10), nil
}

func refuseIPv6(what string) error {
	return apierr.New("InvalidParameterValue", "%s is not supported: this network has no IPv6. Use IPv4 ranges, or security groups.", what)
}

// maxICMPType is the highest type that a rule can have: IANA reserves 255, and iptables
// takes it for any type.
const maxICMPType = 254

// parsePorts checks ports, or an ICMP type and code. Protocols without ports have -1,
// whatever was said.
func parsePorts(protocol string, from, to *int64) (int, int, error) {
	switch protocol {
	case protoTCP, protoUDP:
		if from == nil && to == nil {
			return 0, 0, apierr.New("InvalidParameterValue", "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		for _, p := range []*int64{from, to} {
			if p == nil {
				p = new(int64(-1))
			}
			if *p < 0 || *p > 65535 {
				return 0, 0, apierr.New("InvalidPermission.Malformed", "TCP/UDP port (%d) out of range", *p)
			}
		}
		if *from > *to {
			return 0, 0, apierr.New("InvalidParameterValue", "Invalid TCP/UDP port range (%d:%d)", *from, *to)
		}
		return int(*from), int(*to), nil
	case protoICMP:
		if from == nil || to == nil {
			return 0, 0, apierr.New("InvalidParameterValue", "Invalid value 'Must specify both from and to ports with ICMP.' for portRange.")
		}
		if *from < -1 || *from > maxICMPType {
			return 0, 0, apierr.New("InvalidPermission.Malformed", "ICMP type (%d) out of range", *from)
		}
		if *to < -1 || *to > 255 || *from == -1 && *to != -1 {
			return 0, 0, apierr.New("InvalidPermission.Malformed", "ICMP code (%d) out of range", *to)
		}
		return int(*from), int(*to), nil
	}
	return -1, -1, nil
}

// parseCIDR reads an IPv4 range. EC2 drops the bits of the host part when rules are
// authorized and revoked.
func parseCIDR(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, apierr.New("InvalidParameterValue", "CIDR block %s is malformed", clip(s))
	}
	if !p.Addr().Is4() {
		return netip.Prefix{}, refuseIPv6("The range " + clip(s))
	}
	return p.Masked(), nil
}

// EC2's characters of names and descriptions of groups, and of rules' descriptions
// (CreateSecurityGroup and IpRange in the EC2 API reference).
const (
	groupTextMax   = 255
	groupTextChars = " ._-:/()#,@[]+=&;{}!$*"
)

func validGroupText(s string) bool {
	return len(s) <= groupTextMax && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(groupTextChars, r)
	})
}

func checkRuleDescription(s *string) error {
	if !validGroupText(val(s)) {
		return apierr.New("InvalidParameterValue", "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
	}
	return nil
}

// parsePermissions checks all values of a request's permissions, without a look at what
// exists. Each source makes a rule.
func parsePermissions(perms []*gen.IpPermission) ([]statedRule, error) {
	var out []statedRule
	for _, p := range perms {
		if p == nil || val(p.IpProtocol) == "" {
			return nil, apierr.New("MissingParameter", "The request must contain the parameter ipProtocol")
		}
		protocol, err := parseProtocol(*p.IpProtocol)
		if err != nil {
			return nil, err
		}
		from, to, err := parsePorts(protocol, p.FromPort, p.ToPort)
		if err != nil {
			return nil, err
		}
		sources, err := parseSources(p)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			s.protocol, s.from, s.to = protocol, from, to
			out = append(out, s)
		}
	}
	return out, nil
}

func parseSources(p *gen.IpPermission) ([]statedRule, error) {
	var out []statedRule
	add := func(r statedRule, description *string) error {
		r.description = val(description)
		out = append(out, r)
		return checkRuleDescription(description)
	}
	for _, r := range p.IpRanges {
		cidr, err := parseCIDR(val(r.CidrIp))
		if err != nil {
			return nil, err
		}
		if err := add(statedRule{permission: permission{cidr: cidr}}, r.Description); err != nil {
			return nil, err
		}
	}
	for _, r := range p.Ipv6Ranges {
		cidr, err := netip.ParsePrefix(val(r.CidrIpv6))
		if err != nil || !cidr.Addr().Is6() {
			return nil, apierr.New("InvalidParameterValue", "CIDR block %s is malformed", clip(val(r.CidrIpv6)))
		}
		if err := add(statedRule{permission: permission{cidr: cidr.Masked()}, foreign: true}, r.Description); err != nil {
			return nil, err
		}
	}
	for _, l := range p.PrefixListIds {
		if err := prefixListKind.check(val(l.PrefixListId)); err != nil {
			return nil, err
		}
		if err := add(statedRule{permission: permission{list: *l.PrefixListId}}, l.Description); err != nil {
			return nil, err
		}
	}
	for _, g := range p.UserIdGroupPairs {
		if val(g.GroupId) == "" && val(g.GroupName) == "" {
			return nil, apierr.New("MissingParameter", "Missing source specification: include source security group or CIDR information")
		}
		if err := add(statedRule{pair: g}, g.Description); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, apierr.New("MissingParameter", "Missing source specification: include source security group or CIDR information")
	}
	return out, nil
}

// refuseForeign refuses sources that rules here cannot have.
func refuseForeign(rules []statedRule) error {
	for _, r := range rules {
		if r.foreign {
			return refuseIPv6("The range " + r.cidr.String())
		}
	}
	return nil
}

// resolveSources puts ids in place of the source groups that rules for a group name,
// and refuses a rule that comes twice.
func resolveSources(c *action.Call, group *model.SecurityGroup, rules []statedRule) error {
	seen := map[permission]bool{}
	for i := range rules {
		r := &rules[i]
		if r.pair != nil {
			source, err := sourceGroup(c, group, r.pair)
			if err != nil {
				return err
			}
			r.source = source.ID
			if source.VPC != group.VPC {
				r.account, r.vpc = source.Account, source.VPC
			}
		}
		if seen[r.permission] {
			return apierr.New("InvalidParameterValue", "The same permission must not appear multiple times")
		}
		seen[r.permission] = true
	}
	return nil
}

func sourceGroup(c *action.Call, group *model.SecurityGroup, pair *gen.UserIdGroupPair) (*model.SecurityGroup, error) {
	if id := val(pair.GroupId); id != "" {
		source, err := sourceByID(c, group, pair)
		if err != nil {
			return nil, err
		}
		if name := val(pair.GroupName); name != "" && name != source.Name {
			return nil, groupNameNotFound(name, group.VPC)
		}
		return source, nil
	}
	if user := val(pair.UserId); user != "" && user != c.Account {
		return nil, otherNetwork() // of another account, only the id says which VPC's it is
	}
	source := store.SecurityGroups.First(c, "name", store.Key(group.VPC, *pair.GroupName))
	if source == nil {
		return nil, groupNameNotFound(*pair.GroupName, group.VPC)
	}
	return source, nil
}

// resolveLists looks for the prefix lists that new rules name.
func resolveLists(c *action.Call, rules []statedRule) error {
	for _, r := range rules {
		if r.list == "" {
			continue
		}
		if _, err := getPrefixList(c, &r.list); err != nil {
			return err
		}
	}
	return nil
}

func otherNetwork() error {
	return apierr.New("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
}

// sourceByID finds the group that a rule of another is to name: one of the same VPC, or
// of one to which there is an active peering. Groups of another account are named with
// that account's id.
func sourceByID(c *action.Call, group *model.SecurityGroup, pair *gen.UserIdGroupPair) (*model.SecurityGroup, error) {
	user := val(pair.UserId)
	if user == "" || user == c.Account {
		source, err := getGroup(c, *pair.GroupId)
		if err != nil || source.VPC == group.VPC {
			return source, err
		}
	}
	if err := securityGroupKind.check(*pair.GroupId); err != nil {
		return nil, err
	}
	source := store.SecurityGroups.Get(c, *pair.GroupId)
	if source == nil || user != "" && source.Account != user || source.Region != group.Region {
		return nil, otherNetwork()
	}
	p := peeringBetween(c, group.VPC, source.VPC)
	switch {
	case p == nil || p.State != model.PeeringActive:
		return nil, otherNetwork()
	case pair.VpcPeeringConnectionId != nil && *pair.VpcPeeringConnectionId != p.ID:
		return nil, apierr.New("InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '%s' does not exist", clip(*pair.VpcPeeringConnectionId))
	case pair.VpcId != nil && *pair.VpcId != source.VPC:
		return nil, otherNetwork()
	}
	return source, nil
}

// peeringBetween returns the peering of two VPCs: the active one, else the one that
// changed last, or nil.
func peeringBetween(r store.Reader, one, other string) *model.Peering {
	var found *model.Peering
	for p := range store.Peerings.By(r, "vpc", one) {
		if side := p.Other(one); side == nil || side.VPC != other {
			continue
		}
		if p.State == model.PeeringActive {
			return p
		}
		if found == nil || p.Changed.After(found.Changed) {
			found = p
		}
	}
	return found
}

// ruleWeight is for how many rules some count: a prefix list for as many as it may have
// entries.
func ruleWeight(r store.Reader, rules []*model.SecurityRule) (n int) {
	for _, rule := range rules {
		n += listWeight(r, rule.PrefixList)
	}
	return n
}

func listWeight(r store.Reader, list string) int {
	if l := store.PrefixLists.Get(r, list); list != "" && l != nil {
		return l.MaxEntries
	}
	return 1
}

// flatPermission is the older form of a request, of one rule.
type flatPermission struct {
	CIDR, Protocol, SourceName, SourceOwner *string
	From, To                                *int64
}

// permissions returns what a request says in one form or the other.
func (f flatPermission) permissions(perms []*gen.IpPermission) ([]*gen.IpPermission, error) {
	if f == (flatPermission{}) {
		return perms, nil
	}
	if len(perms) > 0 {
		return nil, apierr.New("InvalidParameterCombination", "The parameter ipPermissions may not be used together with cidrIp, ipProtocol, fromPort, toPort or a source security group")
	}
	if f.SourceName == nil && f.SourceOwner != nil {
		return nil, apierr.New("MissingParameter", "The request must contain the parameter sourceSecurityGroupName")
	}
	if f.SourceName == nil {
		p := &gen.IpPermission{IpProtocol: f.Protocol, FromPort: f.From, ToPort: f.To}
		if f.CIDR != nil {
			p.IpRanges = []*gen.IpRange{{CidrIp: f.CIDR}}
		}
		return []*gen.IpPermission{p}, nil
	}
	if f.CIDR != nil || f.Protocol != nil || f.From != nil || f.To != nil {
		return nil, apierr.New("InvalidParameterCombination", "The parameter sourceSecurityGroupName may not be used together with cidrIp, ipProtocol, fromPort or toPort")
	}
	// A source group alone means all of ICMP, UDP and TCP.
	pairs := []*gen.UserIdGroupPair{{GroupName: f.SourceName, UserId: f.SourceOwner}}
	return []*gen.IpPermission{
		{IpProtocol: new(protoICMP), FromPort: new(int64(-1)), ToPort: new(int64(-1)), UserIdGroupPairs: pairs},
		{IpProtocol: new(protoTCP), FromPort: new(int64(0)), ToPort: new(int64(65535)), UserIdGroupPairs: pairs},
		{IpProtocol: new(protoUDP), FromPort: new(int64(0)), ToPort: new(int64(65535)), UserIdGroupPairs: pairs},
	}, nil
}
