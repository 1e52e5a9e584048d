package ec2

import (
	"maps"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

var networkACLListing = &listing[*model.NetworkACL]{
	action: "DescribeNetworkAcls",
	kind:   networkACLKind,
	rows:   mine(store.NetworkACLs),
	get:    mineByID(store.NetworkACLs),
	id:     func(n *model.NetworkACL) string { return n.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[*model.NetworkACL]{
		Tags: func(n *model.NetworkACL) map[string]string { return n.Tags },
		Fields: map[string]func(*model.NetworkACL) []string{
			"association.association-id": func(n *model.NetworkACL) []string { return slices.Collect(maps.Values(n.Subnets)) },
			"association.network-acl-id": func(n *model.NetworkACL) []string {
				if len(n.Subnets) == 0 {
					return nil
				}
				return []string{n.ID}
			},
			"association.subnet-id": func(n *model.NetworkACL) []string { return slices.Collect(maps.Keys(n.Subnets)) },
			"default":               func(n *model.NetworkACL) []string { return boolStr(n.Default) },
			"entry.cidr":            eachEntry(func(e model.ACLEntry) []string { return prefixStr(e.CIDR) }),
			"entry.egress":          eachEntry(func(e model.ACLEntry) []string { return boolStr(e.Egress) }),
			"entry.icmp.code":       eachEntry(ofICMP(func(e model.ACLEntry) int { return e.ICMPCode })),
			"entry.icmp.type":       eachEntry(ofICMP(func(e model.ACLEntry) int { return e.ICMPType })),
			"entry.port-range.from": eachEntry(ofPorts(func(e model.ACLEntry) int { return e.FromPort })),
			"entry.port-range.to":   eachEntry(ofPorts(func(e model.ACLEntry) int { return e.ToPort })),
			"entry.protocol":        eachEntry(func(e model.ACLEntry) []string { return one(e.Protocol) }),
			"entry.rule-action":     eachEntry(func(e model.ACLEntry) []string { return one(ruleAction(e)) }),
			"entry.rule-number":     eachEntry(func(e model.ACLEntry) []string { return intStr(e.Number) }),
			"network-acl-id":        func(n *model.NetworkACL) []string { return one(n.ID) },
			"owner-id":              func(n *model.NetworkACL) []string { return one(n.Account) },
			"vpc-id":                func(n *model.NetworkACL) []string { return one(n.VPC) },

			"entry.ipv6-cidr": none[*model.NetworkACL],
		},
	},
}

// lastACLEntry is the number of the entries that nobody can remove; EC2 shows them as *.
const lastACLEntry = 32767

// shownEntries are an ACL's entries as EC2 lists them: egress first, by number, with the
// last one of each direction.
func shownEntries(n *model.NetworkACL) []model.ACLEntry {
	out := ownEntries(n)
	for _, egress := range []bool{true, false} {
		out = append(out, model.ACLEntry{Number: lastACLEntry, Egress: egress, Protocol: protoAll, CIDR: anywhere})
	}
	slices.SortFunc(out, func(x, y model.ACLEntry) int {
		if x.Egress != y.Egress {
			return strings.Compare(boolStr(y.Egress)[0], boolStr(x.Egress)[0]) // true is before false
		}
		return x.Number - y.Number
	})
	return out
}

// ownEntries are a copy of an ACL's entries, without the last ones that rows had at first.
func ownEntries(n *model.NetworkACL) []model.ACLEntry {
	return slices.DeleteFunc(slices.Clone(n.Entries), func(e model.ACLEntry) bool { return e.Number >= lastACLEntry })
}

func eachEntry(of func(model.ACLEntry) []string) func(*model.NetworkACL) []string {
	return func(n *model.NetworkACL) (out []string) {
		for _, e := range shownEntries(n) {
			out = append(out, of(e)...)
		}
		return out
	}
}

// The protocols that ACL entries have ports or types of, by number.
const (
	numberICMP = "1"
	numberTCP  = "6"
	numberUDP  = "17"
)

func ofPorts(of func(model.ACLEntry) int) func(model.ACLEntry) []string {
	return func(e model.ACLEntry) []string {
		if e.Protocol != numberTCP && e.Protocol != numberUDP {
			return nil
		}
		return intStr(of(e))
	}
}

func ofICMP(of func(model.ACLEntry) int) func(model.ACLEntry) []string {
	return func(e model.ACLEntry) []string {
		if e.Protocol != numberICMP {
			return nil
		}
		return intStr(of(e))
	}
}

func ruleAction(e model.ACLEntry) string {
	if e.Allow {
		return "allow"
	}
	return "deny"
}

func (a *API) describeNetworkAcls(c *action.Call, in *gen.DescribeNetworkAclsRequest) (*gen.DescribeNetworkAclsResult, error) {
	rows, next, err := networkACLListing.page(c, selection{in.NetworkAclIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeNetworkAclsResult{NetworkAcls: described(rows, toNetworkACL), NextToken: next}, nil
}

func toNetworkACL(n *model.NetworkACL) *gen.NetworkAcl {
	out := &gen.NetworkAcl{
		NetworkAclId: &n.ID,
		OwnerId:      &n.Account,
		VpcId:        &n.VPC,
		IsDefault:    &n.Default,
		Associations: []*gen.NetworkAclAssociation{},
		Entries:      make([]*gen.NetworkAclEntry, 0, len(n.Entries)),
		Tags:         tagsOrEmpty(n.Tags),
	}
	for _, subnet := range slices.Sorted(maps.Keys(n.Subnets)) {
		out.Associations = append(out.Associations, &gen.NetworkAclAssociation{
			NetworkAclAssociationId: new(n.Subnets[subnet]), NetworkAclId: &n.ID, SubnetId: &subnet,
		})
	}
	for _, e := range shownEntries(n) {
		out.Entries = append(out.Entries, toACLEntry(e))
	}
	return out
}

func toACLEntry(e model.ACLEntry) *gen.NetworkAclEntry {
	out := &gen.NetworkAclEntry{
		CidrBlock:  new(e.CIDR.String()),
		Egress:     &e.Egress,
		Protocol:   &e.Protocol,
		RuleAction: new(ruleAction(e)),
		RuleNumber: new(int64(e.Number)),
	}
	switch e.Protocol {
	case numberTCP, numberUDP:
		out.PortRange = &gen.PortRange{From: new(int64(e.FromPort)), To: new(int64(e.ToPort))}
	case numberICMP:
		out.IcmpTypeCode = &gen.IcmpTypeCode{Type: new(int64(e.ICMPType)), Code: new(int64(e.ICMPCode))}
	}
	return out
}
