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

var dhcpOptionsListing = &listing[*model.DHCPOptions]{
	action: "DescribeDhcpOptions",
	kind:   dhcpOptionsKind,
	rows:   mine(store.DHCPOptions),
	get:    mineByID(store.DHCPOptions),
	id:     func(d *model.DHCPOptions) string { return d.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[*model.DHCPOptions]{
		Tags: func(d *model.DHCPOptions) map[string]string { return d.Tags },
		Fields: map[string]func(*model.DHCPOptions) []string{
			"dhcp-options-id": func(d *model.DHCPOptions) []string { return one(d.ID) },
			"key":             func(d *model.DHCPOptions) []string { return slices.Collect(maps.Keys(d.Values)) },
			"owner-id":        func(d *model.DHCPOptions) []string { return one(d.Account) },
			"value":           func(d *model.DHCPOptions) []string { return slices.Concat(slices.Collect(maps.Values(d.Values))...) },
		},
	},
}

func (a *API) describeDhcpOptions(c *action.Call, in *gen.DescribeDhcpOptionsRequest) (*gen.DescribeDhcpOptionsResult, error) {
	rows, next, err := dhcpOptionsListing.page(c, selection{in.DhcpOptionsIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeDhcpOptionsResult{DhcpOptions: described(rows, toDHCPOptions), NextToken: next}, nil
}

func toDHCPOptions(d *model.DHCPOptions) *gen.DhcpOptions {
	out := &gen.DhcpOptions{
		DhcpOptionsId:      &d.ID,
		OwnerId:            &d.Account,
		DhcpConfigurations: []*gen.DhcpConfiguration{},
		Tags:               tagsOrEmpty(d.Tags),
	}
	for _, key := range slices.Sorted(maps.Keys(d.Values)) {
		conf := &gen.DhcpConfiguration{Key: &key, Values: []*gen.AttributeValue{}}
		for _, v := range d.Values[key] {
			conf.Values = append(conf.Values, &gen.AttributeValue{Value: &v})
		}
		out.DhcpConfigurations = append(out.DhcpConfigurations, conf)
	}
	return out
}
