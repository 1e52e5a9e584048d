package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

var gatewayListing = &listing[*model.InternetGateway]{
	action: "DescribeInternetGateways",
	kind:   gatewayKind,
	rows:   mine(store.InternetGateways),
	get:    mineByID(store.InternetGateways),
	id:     func(g *model.InternetGateway) string { return g.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[*model.InternetGateway]{
		Tags: func(g *model.InternetGateway) map[string]string { return g.Tags },
		Fields: map[string]func(*model.InternetGateway) []string{
			"attachment.state":    gatewayAttached,
			"attachment.vpc-id":   func(g *model.InternetGateway) []string { return one(g.VPC) },
			"internet-gateway-id": func(g *model.InternetGateway) []string { return one(g.ID) },
			"owner-id":            func(g *model.InternetGateway) []string { return one(g.Account) },
		},
	},
}

func gatewayAttached(g *model.InternetGateway) []string {
	if g.VPC == "" {
		return nil
	}
	return []string{"available"}
}

func (a *API) describeInternetGateways(c *action.Call, in *gen.DescribeInternetGatewaysRequest) (*gen.DescribeInternetGatewaysResult, error) {
	rows, next, err := gatewayListing.page(c, selection{in.InternetGatewayIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeInternetGatewaysResult{InternetGateways: described(rows, toGateway), NextToken: next}, nil
}

func toGateway(g *model.InternetGateway) *gen.InternetGateway {
	out := &gen.InternetGateway{
		InternetGatewayId: &g.ID,
		OwnerId:           &g.Account,
		Attachments:       []*gen.InternetGatewayAttachment{},
		Tags:              tagsOrEmpty(g.Tags),
	}
	if g.VPC != "" {
		out.Attachments = append(out.Attachments, &gen.InternetGatewayAttachment{State: new("available"), VpcId: &g.VPC})
	}
	return out
}
