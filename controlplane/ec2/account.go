package ec2

import (
	"slices"
	"strconv"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// accountAttribute is a thing that EC2 says of an account in a region.
type accountAttribute struct {
	name  string
	value func(*API, *action.Call) string
}

func fixed(v string) func(*API, *action.Call) string {
	return func(*API, *action.Call) string { return v }
}

func limitOf(q quota) func(*API, *action.Call) string {
	return func(a *API, _ *action.Call) string { return strconv.Itoa(a.limit(q)) }
}

// accountAttributes are all that EC2 has. max-instances is of EC2-Classic and says
// nothing about what a cluster can hold.
var accountAttributes = []accountAttribute{
	{"supported-platforms", fixed("VPC")},
	{"default-vpc", func(_ *API, c *action.Call) string {
		if v := findDefaultVPC(c, c.Account, c.Region); v != nil {
			return v.ID
		}
		return "none"
	}},
	{"max-instances", fixed("20")},
	{"vpc-max-security-groups-per-interface", limitOf(quotaInterfaceGroups)},
	{"max-elastic-ips", limitOf(quotaAddresses)},
	{"vpc-max-elastic-ips", limitOf(quotaAddresses)},
}

func (a *API) describeAccountAttributes(c *action.Call, in *gen.DescribeAccountAttributesRequest) (*gen.DescribeAccountAttributesResult, error) {
	for _, name := range in.AttributeNames {
		if !slices.ContainsFunc(accountAttributes, func(at accountAttribute) bool { return at.name == name }) {
			return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter attributeName is invalid. Unknown attribute.", clip(name))
		}
	}
	out := &gen.DescribeAccountAttributesResult{AccountAttributes: []*gen.AccountAttribute{}}
	for _, at := range accountAttributes {
		if len(in.AttributeNames) == 0 || slices.Contains(in.AttributeNames, at.name) {
			out.AccountAttributes = append(out.AccountAttributes, &gen.AccountAttribute{
				AttributeName:   &at.name,
				AttributeValues: []*gen.AccountAttributeValue{{AttributeValue: new(at.value(a, c))}},
			})
		}
	}
	return out, nil
}
