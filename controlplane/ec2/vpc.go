package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

var vpcListing = &listing[*model.VPC]{
	action: "DescribeVpcs",
	kind:   vpcKind,
	rows:   mine(store.VPCs),
	get:    mineByID(store.VPCs),
	id:     func(v *model.VPC) string { return v.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[*model.VPC]{
		Tags: func(v *model.VPC) map[string]string { return v.Tags },
		Fields: map[string]func(*model.VPC) []string{
			"cidr":                                  vpcCIDR,
			"cidr-block":                            vpcCIDR,
			"cidr-block-association.cidr-block":     vpcBlocks(func(b model.CIDRBlock) string { return b.CIDR.String() }),
			"cidr-block-association.state":          always[*model.VPC]("associated"),
			"cidr-block-association.association-id": vpcBlocks(func(b model.CIDRBlock) string { return b.ID }),
			"dhcp-options-id":                       vpcDHCPOptions,
			"dhcpOptionsId":                         vpcDHCPOptions,
			"is-default":                            vpcDefault,
			"isDefault":                             vpcDefault,
			"owner-id":                              func(v *model.VPC) []string { return one(v.Account) },
			"state":                                 always[*model.VPC]("available"),
			"vpc-id":                                func(v *model.VPC) []string { return one(v.ID) },

			"ipv6-cidr-block-association.ipv6-cidr-block": none[*model.VPC],
			"ipv6-cidr-block-association.ipv6-pool":       none[*model.VPC],
			"ipv6-cidr-block-association.association-id":  none[*model.VPC],
			"ipv6-cidr-block-association.state":           none[*model.VPC],
		},
	},
}

func vpcCIDR(v *model.VPC) []string { return prefixStr(v.CIDR) }
func vpcBlocks(of func(model.CIDRBlock) string) func(*model.VPC) []string {
	return func(v *model.VPC) (out []string) {
		for _, b := range blocksOf(v) {
			out = append(out, of(b))
		}
		return out
	}
}

// blocksOf are all blocks of a VPC with their associations, the primary one first.
func blocksOf(v *model.VPC) []model.CIDRBlock {
	return append([]model.CIDRBlock{{ID: vpcCIDRAssociation(v), CIDR: v.CIDR}}, v.Secondary...)
}

func vpcDHCPOptions(v *model.VPC) []string { return one(v.DHCPOptions) }
func vpcDefault(v *model.VPC) []string     { return boolStr(v.Default) }

// vpcCIDRAssociation names the association of a VPC's first block: it derives from the
// VPC's id, as there is no row for it.
func vpcCIDRAssociation(v *model.VPC) string {
	return "vpc-cidr-assoc-" + v.ID[len("vpc-"):]
}

func (a *API) describeVpcs(c *action.Call, in *gen.DescribeVpcsRequest) (*gen.DescribeVpcsResult, error) {
	rows, next, err := vpcListing.page(c, selection{in.VpcIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeVpcsResult{Vpcs: described(rows, toVPC), NextToken: next}, nil
}

func toVPC(v *model.VPC) *gen.Vpc {
	out := &gen.Vpc{
		VpcId:           &v.ID,
		OwnerId:         &v.Account,
		CidrBlock:       new(v.CIDR.String()),
		DhcpOptionsId:   &v.DHCPOptions,
		InstanceTenancy: &v.Tenancy,
		IsDefault:       &v.Default,
		State:           new("available"),
		Tags:            toTags(v.Tags),
	}
	for _, b := range blocksOf(v) {
		out.CidrBlockAssociationSet = append(out.CidrBlockAssociationSet, toBlock(b, "associated"))
	}
	return out
}

func (a *API) describeVpcAttribute(c *action.Call, in *gen.DescribeVpcAttributeRequest) (*gen.DescribeVpcAttributeResult, error) {
	v, err := getVPC(c, val(in.VpcId))
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeVpcAttributeResult{VpcId: &v.ID}
	switch val(in.Attribute) {
	case "enableDnsSupport":
		out.EnableDnsSupport = &gen.AttributeBooleanValue{Value: &v.DNSSupport}
	case "enableDnsHostnames":
		out.EnableDnsHostnames = &gen.AttributeBooleanValue{Value: &v.DNSHostnames}
	case "enableNetworkAddressUsageMetrics":
		out.EnableNetworkAddressUsageMetrics = &gen.AttributeBooleanValue{Value: &v.AddressUsage}
	default:
		return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter attribute is invalid. Unknown attribute.", clip(val(in.Attribute)))
	}
	return out, nil
}
