package ec2

import (
	"net/netip"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

// natKind is how the actions on NAT gateways answer to unknown ids; those on routes have
// words of their own.
var natKind = idKind{ids.NATGateway, "NatGatewayMalformed", "NatGatewayNotFound", "NAT gateway"}

func (a *API) registerNATGateways(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateNatGateway", Resource: "natgateway", Mutates: true, Partial: "one address each"}, a.createNatGateway)
	wire.Check(r, "CreateNatGateway", checkCreateNatGateway)
	wire.Handle(r, wire.Spec{Name: "DeleteNatGateway", Resource: "natgateway", Mutates: true}, a.deleteNatGateway)
	wire.Handle(r, wire.Spec{Name: "DescribeNatGateways", Resource: "natgateway"}, a.describeNatGateways)
}

func checkCreateNatGateway(in *gen.CreateNatGatewayRequest) error {
	private := val(in.ConnectivityType) == "private"
	switch {
	case len(in.SecondaryAllocationIds) > 0 || len(in.SecondaryPrivateIpAddresses) > 0 || val(in.SecondaryPrivateIpAddressCount) > 0:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: secondary addresses of NAT gateways.")
	case private && in.AllocationId != nil:
		return apierr.New("InvalidParameterCombination", "A private NAT gateway takes no allocationId")
	case !private && in.AllocationId == nil:
		return missing("AllocationId")
	}
	if err := checkAddress(in.PrivateIpAddress); err != nil {
		return err
	}
	_, err := parseTagSpecs(in.TagSpecifications, "natgateway")
	return err
}

func (a *API) createNatGateway(c *action.Call, in *gen.CreateNatGatewayRequest) (*gen.CreateNatGatewayResult, error) {
	if err := checkCreateNatGateway(in); err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "natgateway")
	if err != nil {
		return nil, err
	}
	s, err := getSubnet(c, *in.SubnetId)
	if err != nil {
		return nil, err
	}
	n := &model.NATGateway{
		ID: ids.New(ids.NATGateway), Owned: owner(c), VPC: s.VPC, Subnet: s.ID, Private: in.AllocationId == nil,
		State: model.NATPending, Created: c.Now(), Tags: tags["natgateway"].Clone(),
	}
	var e *model.ElasticIP
	if in.AllocationId != nil {
		if e, err = getAddress(c, *in.AllocationId); err != nil {
			return nil, err
		}
		n.Allocation = e.ID
	}
	inZone := func(n *model.NATGateway) bool {
		at := store.Subnets.Get(c, n.Subnet)
		return natLives(n) && at != nil && at.Zone == s.Zone
	}
	if err := a.within(quotaNATGateways, count(mine(store.NATGateways)(c), inZone), 1); err != nil {
		return nil, err
	}
	var at netip.Addr
	if in.PrivateIpAddress != nil {
		at, _ = netip.ParseAddr(*in.PrivateIpAddress)
	}
	if err := equipNAT(c, n, s, e, at); err != nil {
		return nil, err
	}
	c.Made = n.ID
	out := toNatGateway(natRow{n, c})
	// EC2 looks after it has answered, so that one that has failed shows that later.
	out.State, out.FailureCode, out.FailureMessage, out.DeleteTime = new(model.NATPending), nil, nil, nil
	return &gen.CreateNatGatewayResult{NatGateway: out, ClientToken: in.ClientToken}, lifecycle.TendNAT(c.Tx, n.ID)
}

// equipNAT writes a new NAT gateway with its interface and address. What EC2 finds out
// only after it has answered makes a gateway that has failed.
func equipNAT(c *action.Call, n *model.NATGateway, s *model.Subnet, e *model.ElasticIP, at netip.Addr) error {
	if why := natFailure(c, n, e); why.Code != "" {
		return putFailed(c, n, why)
	}
	eni, err := createInterface(c.Tx, n.Owned, interfaceSpec{Subnet: s, PrivateIP: at, Description: "Interface for NAT Gateway " + n.ID})
	if apierr.Is(err, "InsufficientFreeAddressesInSubnet") {
		return putFailed(c, n, model.Reason{Code: "InsufficientFreeAddressesInSubnet", Message: "Subnet has insufficient free addresses to create this NAT gateway"})
	}
	if err != nil {
		return err
	}
	eni.Kind = kindNAT
	if err := store.Interfaces.Put(c.Tx, eni); err != nil {
		return err
	}
	n.Interface, n.PrivateIP = eni.ID, eni.PrivateIP
	if e != nil {
		n.PublicIP = e.PublicIP
		if _, err := lifecycle.AssociateAddress(c.Tx, e.ID, eni.ID, eni.PrivateIP); err != nil {
			return err
		}
	}
	return store.NATGateways.Put(c.Tx, n)
}

// natFailure says why a NAT gateway cannot work where it is to be.
func natFailure(c *action.Call, n *model.NATGateway, e *model.ElasticIP) model.Reason {
	switch {
	case n.Private:
		return model.Reason{}
	case gatewayOf(c, n.VPC) == nil:
		return model.Reason{Code: "Gateway.NotAttached", Message: "Network " + n.VPC + " has no Internet gateway attached"}
	case e.Association != "":
		return model.Reason{Code: "Resource.AlreadyAssociated", Message: "Elastic IP address " + e.ID + " is already associated"}
	}
	return model.Reason{}
}

func putFailed(c *action.Call, n *model.NATGateway, why model.Reason) error {
	n.State, n.Failure, n.Deleted = model.NATFailed, why, c.Now()
	return store.NATGateways.Put(c.Tx, n)
}

func (a *API) deleteNatGateway(c *action.Call, in *gen.DeleteNatGatewayRequest) (*gen.DeleteNatGatewayResult, error) {
	n, err := require(c, natKind, store.NATGateways, *in.NatGatewayId)
	if err != nil {
		return nil, err
	}
	return &gen.DeleteNatGatewayResult{NatGatewayId: &n.ID}, lifecycle.EndNAT(c.Tx, n.ID)
}

type natRow = joined[*model.NATGateway]

var natListing = &listing[natRow]{
	action: "DescribeNatGateways",
	kind:   natKind,
	rows:   joinedRows(store.NATGateways),
	get:    joinedByID(store.NATGateways),
	id:     func(n natRow) string { return n.row.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[natRow]{
		Tags: func(n natRow) map[string]string { return n.row.Tags },
		Fields: map[string]func(natRow) []string{
			"nat-gateway-id": func(n natRow) []string { return one(n.row.ID) },
			"state":          func(n natRow) []string { return one(n.row.State) },
			"subnet-id":      func(n natRow) []string { return one(n.row.Subnet) },
			"vpc-id":         func(n natRow) []string { return one(n.row.VPC) },
		},
	},
}

func (a *API) describeNatGateways(c *action.Call, in *gen.DescribeNatGatewaysRequest) (*gen.DescribeNatGatewaysResult, error) {
	rows, next, err := natListing.page(c, selection{in.NatGatewayIds, in.Filter, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeNatGatewaysResult{NatGateways: described(rows, toNatGateway), NextToken: next}, nil
}

func toNatGateway(row natRow) *gen.NatGateway {
	n := row.row
	out := &gen.NatGateway{
		NatGatewayId: &n.ID, VpcId: &n.VPC, SubnetId: &n.Subnet, State: &n.State, CreateTime: &n.Created,
		ConnectivityType: new("public"), FailureCode: str(n.Failure.Code), FailureMessage: str(n.Failure.Message), Tags: toTags(n.Tags),
		NatGatewayAddresses: []*gen.NatGatewayAddress{},
	}
	if n.Private {
		*out.ConnectivityType = "private"
	}
	if !n.Deleted.IsZero() {
		out.DeleteTime = &n.Deleted
	}
	x := &gen.NatGatewayAddress{AllocationId: str(n.Allocation), NetworkInterfaceId: str(n.Interface), IsPrimary: new(true), Status: new("succeeded")}
	for _, f := range []struct {
		ip netip.Addr
		at **string
	}{{n.PrivateIP, &x.PrivateIp}, {n.PublicIP, &x.PublicIp}} {
		if f.ip.IsValid() {
			*f.at = new(f.ip.String())
		}
	}
	if e := store.ElasticIPs.Get(row.r, n.Allocation); natLives(n) && e != nil {
		x.AssociationId = str(e.Association)
	}
	if n.State == model.NATFailed {
		*x.Status = "failed"
	}
	if n.Allocation != "" || n.Interface != "" {
		out.NatGatewayAddresses = append(out.NatGatewayAddresses, x)
	}
	return out
}
