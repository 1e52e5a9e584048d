package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// address stands for an Elastic IP address. Mica has none yet: nobody can allocate one,
// so every list of them is empty and every id unknown.
type address struct{}

var addressFilters = wire.FilterTable[address]{
	Tags: func(address) map[string]string { return nil },
	Fields: map[string]func(address) []string{
		"allocation-id":              none[address],
		"association-id":             none[address],
		"domain":                     none[address],
		"instance-id":                none[address],
		"network-border-group":       none[address],
		"network-interface-id":       none[address],
		"network-interface-owner-id": none[address],
		"private-ip-address":         none[address],
		"public-ip":                  none[address],
	},
}

func (a *API) describeAddresses(_ *action.Call, in *gen.DescribeAddressesRequest) (*gen.DescribeAddressesResult, error) {
	if _, err := addressFilters.Compile(in.Filters); err != nil {
		return nil, err
	}
	for _, ip := range in.PublicIps {
		return nil, apierr.New("InvalidAddress.NotFound", "Address '%s' not found.", clip(ip))
	}
	if err := noAllocations(in.AllocationIds); err != nil {
		return nil, err
	}
	return &gen.DescribeAddressesResult{Addresses: []*gen.Address{}}, nil
}

// describeAddressesAttribute shows what names Elastic IP addresses have in reverse DNS.
func (a *API) describeAddressesAttribute(c *action.Call, in *gen.DescribeAddressesAttributeRequest) (*gen.DescribeAddressesAttributeResult, error) {
	if err := oneOf("attribute", in.Attribute, "domain-name"); err != nil {
		return nil, err
	}
	scope := store.Key("DescribeAddressesAttribute", c.Account, c.Region)
	if _, err := (wire.PageLimits{Min: 1, Max: 1000}).Page(scope, len(in.AllocationIds), in.MaxResults, in.NextToken); err != nil {
		return nil, err
	}
	if err := noAllocations(in.AllocationIds); err != nil {
		return nil, err
	}
	return &gen.DescribeAddressesAttributeResult{Addresses: []*gen.AddressAttribute{}}, nil
}

// noAllocations refuses allocation ids, as there are none.
func noAllocations(wanted []string) error {
	if len(wanted) == 0 {
		return nil
	}
	if err := addressKind.check(wanted...); err != nil {
		return err
	}
	return addressKind.missing(wanted...)
}
