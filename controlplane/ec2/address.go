package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
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
	if len(in.AllocationIds) > 0 {
		if err := addressKind.check(in.AllocationIds...); err != nil {
			return nil, err
		}
		return nil, addressKind.missing(in.AllocationIds...)
	}
	return &gen.DescribeAddressesResult{Addresses: []*gen.Address{}}, nil
}
