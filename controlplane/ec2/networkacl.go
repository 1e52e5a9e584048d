package ec2

import (
	"maps"
	"slices"

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
			"entry.protocol":        eachEntry(func(e model.ACLEntry) []string { return one(e.Protocol) }),
			"entry.rule-action":     eachEntry(func(e model.ACLEntry) []string { return one(ruleAction(e)) }),
			"entry.rule-number":     eachEntry(func(e model.ACLEntry) []string { return intStr(e.Number) }),
			"network-acl-id":        func(n *model.NetworkACL) []string { return one(n.ID) },
			"owner-id":              func(n *model.NetworkACL) []string { return one(n.Account) },
			"vpc-id":                func(n *model.NetworkACL) []string { return one(n.VPC) },

			"entry.icmp.code":       none[*model.NetworkACL],
			"entry.icmp.type":       none[*model.NetworkACL],
			"entry.ipv6-cidr":       none[*model.NetworkACL],
			"entry.port-range.from": none[*model.NetworkACL],
			"entry.port-range.to":   none[*model.NetworkACL],
		},
	},
}

func eachEntry(of func(model.ACLEntry) []string) func(*model.NetworkACL) []string {
	return func(n *model.NetworkACL) (out []string) {
		for _, e := range n.Entries {
			out = append(out, of(e)...)
		}
		return out
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
	for _, e := range n.Entries {
		out.Entries = append(out.Entries, &gen.NetworkAclEntry{
			CidrBlock:  new(e.CIDR.String()),
			Egress:     &e.Egress,
			Protocol:   &e.Protocol,
			RuleAction: new(ruleAction(e)),
			RuleNumber: new(int64(e.Number)),
		})
	}
	return out
}
