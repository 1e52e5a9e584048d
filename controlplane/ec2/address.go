package ec2

import (
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerAddresses(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec {
		return wire.Spec{Name: name, Resource: "elastic-ip", Mutates: true}
	}
	allocate := spec("AllocateAddress")
	allocate.Partial = "from Mica's own pool"
	wire.Handle(r, allocate, a.allocateAddress)
	wire.Check(r, "AllocateAddress", checkAllocateAddress)
	wire.Handle(r, spec("AssociateAddress"), a.associateAddress)
	wire.Check(r, "AssociateAddress", checkAssociateAddress)
	wire.Handle(r, spec("DisassociateAddress"), a.disassociateAddress)
	wire.Check(r, "DisassociateAddress", func(in *gen.DisassociateAddressRequest) error {
		return byIDAlone(in.AssociationId, in.PublicIp, "You must specify an association id when unmapping an address from a VPC instance")
	})
	wire.Handle(r, spec("ReleaseAddress"), a.releaseAddress)
	wire.Check(r, "ReleaseAddress", func(in *gen.ReleaseAddressRequest) error {
		return byIDAlone(in.AllocationId, in.PublicIp, "You must specify an allocation id when releasing a VPC elastic IP address")
	})
	wire.Handle(r, wire.Spec{Name: "DescribeAddresses", Resource: "elastic-ip"}, a.describeAddresses)
	wire.Handle(r, wire.Spec{Name: "DescribeAddressesAttribute", Resource: "elastic-ip"}, a.describeAddressesAttribute)
	names := spec("ModifyAddressAttribute")
	names.Partial = "the name is kept and shown; reverse DNS of public addresses is for the pool's owner to serve"
	wire.Handle(r, names, a.modifyAddressAttribute)
	wire.Handle(r, spec("ResetAddressAttribute"), a.resetAddressAttribute)
}

// byIDAlone refuses what names an address by itself: in a VPC, EC2 wants ids.
func byIDAlone(id, address *string, says string) error {
	switch {
	case id == nil && address == nil:
		return apierr.New("MissingParameter", "Either public IP or allocation id must be specified")
	case id != nil && address != nil:
		return apierr.New("InvalidParameterCombination", "You may specify public IP or an id, but not both in the same call")
	case id == nil:
		return apierr.New("InvalidParameterValue", "%s", says)
	}
	return nil
}

func getAddress(c *action.Call, id string) (*model.ElasticIP, error) {
	return require(c, addressKind, store.ElasticIPs, id)
}

// domainVPC is the domain of all Elastic IPs: there is no EC2-Classic.
const domainVPC = "vpc"

func checkAllocateAddress(in *gen.AllocateAddressRequest) error {
	switch {
	case in.CustomerOwnedIpv4Pool != nil:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: customer-owned address pools.")
	case in.PublicIpv4Pool != nil && *in.PublicIpv4Pool != poolOwner:
		return apierr.New("InvalidPublicIpv4PoolID.NotFound", "The pool ID '%s' does not exist.", clip(*in.PublicIpv4Pool))
	case in.Domain != nil && *in.Domain != domainVPC:
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter domain is invalid. There is no EC2-Classic; use 'vpc'.", clip(*in.Domain))
	}
	if in.Address != nil {
		if a, err := netip.ParseAddr(*in.Address); err != nil || !a.Is4() {
			return apierr.New("InvalidParameterValue", "Value (%s) for parameter address is invalid. It is not a valid IPv4 address.", clip(*in.Address))
		}
	}
	_, err := parseTagSpecs(in.TagSpecifications, "elastic-ip")
	return err
}

func (a *API) allocateAddress(c *action.Call, in *gen.AllocateAddressRequest) (*gen.AllocateAddressResult, error) {
	if err := checkAllocateAddress(in); err != nil {
		return nil, err
	}
	if in.NetworkBorderGroup != nil && *in.NetworkBorderGroup != c.Region {
		return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter networkBorderGroup is invalid. Expecting the region, %s.", clip(*in.NetworkBorderGroup), c.Region)
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "elastic-ip")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaAddresses, count(mine(store.ElasticIPs)(c), nil), 1); err != nil {
		return nil, err
	}
	var ip netip.Addr
	if in.Address != nil {
		if ip, _ = netip.ParseAddr(*in.Address); !lifecycle.CanHavePublic(c.Tx, a.deps.PublicPool, ip) {
			return nil, apierr.New("InvalidAddress.NotFound", "Address '%s' is not available.", ip)
		}
	} else if ip, err = lifecycle.PickPublicAddress(c.Tx, a.deps.PublicPool); err != nil {
		return nil, apierr.New("InsufficientAddressCapacity", "There is no free public address: %v.", err)
	}
	e := &model.ElasticIP{ID: ids.New(ids.Address), Owned: owner(c), PublicIP: ip, Created: c.Now(), Tags: tags["elastic-ip"].Clone()}
	return &gen.AllocateAddressResult{
		AllocationId: &e.ID, PublicIp: new(ip.String()), Domain: new(domainVPC), PublicIpv4Pool: new(poolOwner), NetworkBorderGroup: &e.Region,
	}, store.ElasticIPs.Put(c.Tx, e)
}

func checkAssociateAddress(in *gen.AssociateAddressRequest) error {
	switch {
	case in.AllocationId == nil && in.PublicIp == nil:
		return apierr.New("MissingParameter", "Either public IP or allocation id must be specified")
	case in.AllocationId != nil && in.PublicIp != nil:
		return apierr.New("InvalidParameterCombination", "You may specify public IP or allocation id, but not both in the same call")
	case in.InstanceId == nil && in.NetworkInterfaceId == nil:
		return apierr.New("MissingParameter", "Either an instance ID or a network interface ID must be specified")
	case in.InstanceId != nil && in.NetworkInterfaceId != nil:
		return apierr.New("InvalidParameterCombination", "You may specify an instance ID or a network interface ID, but not both in the same call")
	}
	return checkAddress(in.PrivateIpAddress)
}

// addressOf finds the Elastic IP of a request by either of its names.
func addressOf(c *action.Call, id, public *string) (*model.ElasticIP, error) {
	if id != nil {
		return getAddress(c, *id)
	}
	e := store.ElasticIPs.First(c, "public", *public)
	if e == nil || !e.OwnedBy(c.Account, c.Region) {
		return nil, noAddress(*public)
	}
	return e, nil
}

func noAddress(public string) error {
	return apierr.New("InvalidAddress.NotFound", "Address '%s' not found.", clip(public))
}

// addressTarget finds the interface that an Elastic IP is to go to.
func addressTarget(c *action.Call, in *gen.AssociateAddressRequest) (*model.Interface, error) {
	if in.NetworkInterfaceId != nil {
		return changeable(c, in.NetworkInterfaceId)
	}
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	switch i.state {
	case model.StatePending:
		return nil, apierr.New("InvalidInstanceID", "The pending instance '%s' is not in a valid state for this operation.", i.ID)
	case model.StateShuttingDown, model.StateTerminated:
		return nil, apierr.New("InvalidInstanceID", "The instance '%s' is not in a valid state for this operation.", i.ID)
	}
	return soleInterface(c, i.ID)
}

func (a *API) associateAddress(c *action.Call, in *gen.AssociateAddressRequest) (*gen.AssociateAddressResult, error) {
	if err := checkAssociateAddress(in); err != nil {
		return nil, err
	}
	e, err := addressOf(c, in.AllocationId, in.PublicIp)
	if err != nil {
		return nil, err
	}
	eni, err := addressTarget(c, in)
	if err != nil {
		return nil, err
	}
	private := eni.PrivateIP
	if in.PrivateIpAddress != nil {
		private, _ = netip.ParseAddr(*in.PrivateIpAddress)
	}
	may := orDefault(in.AllowReassociation, true)
	switch {
	case !slices.Contains(eni.PrivateIPs(), private):
		return nil, apierr.New("InvalidParameterValue", "The private address %s is not one of network interface '%s'.", private, eni.ID)
	case gatewayOf(c, eni.VPC) == nil:
		return nil, apierr.New("Gateway.NotAttached", "Network %s is not attached to any internet gateway", eni.VPC)
	case e.Interface == eni.ID && e.PrivateIP == private:
		return &gen.AssociateAddressResult{AssociationId: &e.Association}, nil
	case ofGateway(c, e):
		return nil, notYours()
	case e.Association != "" && !may:
		return nil, apierr.New("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", e.ID, e.Association)
	case !may && elasticOf(c, eni.ID, private) != nil:
		return nil, apierr.New("Resource.AlreadyAssociated", "resource %s and %s is already associated with public address %s", eni.ID, private, elasticOf(c, eni.ID, private).PublicIP)
	}
	id, err := lifecycle.AssociateAddress(c.Tx, e.ID, eni.ID, private)
	return &gen.AssociateAddressResult{AssociationId: &id}, err
}

// ofGateway reports whether an Elastic IP is a NAT gateway's, who alone may change it.
func ofGateway(r store.Reader, e *model.ElasticIP) bool {
	i := store.Interfaces.Get(r, e.Interface)
	return i != nil && requesterManaged(i)
}

// elasticOf returns the Elastic IP of a private address of an interface, or nil.
func elasticOf(r store.Reader, eni string, private netip.Addr) *model.ElasticIP {
	for e := range store.ElasticIPs.By(r, "interface", eni) {
		if e.PrivateIP == private {
			return e
		}
	}
	return nil
}

func (a *API) disassociateAddress(c *action.Call, in *gen.DisassociateAddressRequest) (*gen.DisassociateAddressResult, error) {
	if in.AssociationId == nil {
		return nil, missing("associationId")
	}
	e := store.ElasticIPs.First(c, "association", *in.AssociationId)
	switch {
	case e == nil || !e.OwnedBy(c.Account, c.Region):
		return nil, noAssociation(*in.AssociationId)
	case ofGateway(c, e):
		return nil, notYours()
	}
	return &gen.DisassociateAddressResult{}, lifecycle.DisassociateAddress(c.Tx, e.ID)
}

func (a *API) releaseAddress(c *action.Call, in *gen.ReleaseAddressRequest) (*gen.ReleaseAddressResult, error) {
	if in.AllocationId == nil {
		return nil, missing("allocationId")
	}
	e, err := getAddress(c, *in.AllocationId)
	switch {
	case err != nil:
		return nil, err
	case in.NetworkBorderGroup != nil && *in.NetworkBorderGroup != e.Region:
		return nil, addressKind.missing(e.ID)
	case e.Association != "":
		return nil, apierr.New("InvalidIPAddress.InUse", "Address %s is in use.", e.PublicIP)
	}
	return &gen.ReleaseAddressResult{}, store.ElasticIPs.Delete(c.Tx, e.ID)
}

type addressRow = joined[*model.ElasticIP]

var addressListing = &listing[addressRow]{
	action: "DescribeAddresses",
	kind:   addressKind,
	rows:   joinedRows(store.ElasticIPs),
	get:    joinedByID(store.ElasticIPs),
	id:     func(e addressRow) string { return e.row.ID },
	limits: wire.PageLimits{Min: 1, Max: 1000},
	filters: wire.FilterTable[addressRow]{
		Tags: func(e addressRow) map[string]string { return e.row.Tags },
		Fields: map[string]func(addressRow) []string{
			"allocation-id":              func(e addressRow) []string { return one(e.row.ID) },
			"association-id":             func(e addressRow) []string { return one(e.row.Association) },
			"domain":                     always[addressRow](domainVPC),
			"instance-id":                func(e addressRow) []string { return one(val(toAddress(e).InstanceId)) },
			"network-border-group":       func(e addressRow) []string { return one(e.row.Region) },
			"network-interface-id":       func(e addressRow) []string { return one(e.row.Interface) },
			"network-interface-owner-id": func(e addressRow) []string { return one(val(toAddress(e).NetworkInterfaceOwnerId)) },
			"private-ip-address":         func(e addressRow) []string { return addrStr(e.row.PrivateIP) },
			"public-ip":                  func(e addressRow) []string { return addrStr(e.row.PublicIP) },
		},
	},
}

func (a *API) describeAddresses(c *action.Call, in *gen.DescribeAddressesRequest) (*gen.DescribeAddressesResult, error) {
	wanted := slices.Clone(in.AllocationIds)
	for _, public := range in.PublicIps {
		e, err := addressOf(c, nil, &public)
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, e.ID)
	}
	rows, _, err := addressListing.page(c, selection{wanted, in.Filters, nil, nil})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeAddressesResult{Addresses: described(rows, toAddress)}, nil
}

func toAddress(row addressRow) *gen.Address {
	e := row.row
	out := &gen.Address{
		AllocationId: &e.ID, PublicIp: new(e.PublicIP.String()), Domain: new(domainVPC), PublicIpv4Pool: new(poolOwner),
		NetworkBorderGroup: &e.Region, AssociationId: str(e.Association), NetworkInterfaceId: str(e.Interface), Tags: toTags(e.Tags),
	}
	if i := store.Interfaces.Get(row.r, e.Interface); e.Interface != "" && i != nil {
		out.PrivateIpAddress, out.NetworkInterfaceOwnerId, out.InstanceId = new(e.PrivateIP.String()), &i.Account, str(i.Instance)
	}
	return out
}

// describeAddressesAttribute shows what names Elastic IP addresses have in reverse DNS.
func (a *API) describeAddressesAttribute(c *action.Call, in *gen.DescribeAddressesAttributeRequest) (*gen.DescribeAddressesAttributeResult, error) {
	if err := oneOf("attribute", in.Attribute, "domain-name"); err != nil {
		return nil, err
	}
	l := *addressListing
	l.action = "DescribeAddressesAttribute"
	rows, next, err := l.page(c, selection{in.AllocationIds, nil, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeAddressesAttributeResult{Addresses: described(rows, func(e addressRow) *gen.AddressAttribute { return toAddressName(e.row) }), NextToken: next}, nil
}

func toAddressName(e *model.ElasticIP) *gen.AddressAttribute {
	return &gen.AddressAttribute{AllocationId: &e.ID, PublicIp: new(e.PublicIP.String()), PtrRecord: str(e.PTR)}
}

func (a *API) modifyAddressAttribute(c *action.Call, in *gen.ModifyAddressAttributeRequest) (*gen.ModifyAddressAttributeResult, error) {
	e, err := getAddress(c, *in.AllocationId)
	if err != nil {
		return nil, err
	}
	next := *e
	if next.PTR, err = hostName(val(in.DomainName)); err != nil {
		return nil, err
	}
	return &gen.ModifyAddressAttributeResult{Address: toAddressName(&next)}, store.ElasticIPs.Put(c.Tx, &next)
}

func (a *API) resetAddressAttribute(c *action.Call, in *gen.ResetAddressAttributeRequest) (*gen.ResetAddressAttributeResult, error) {
	e, err := getAddress(c, *in.AllocationId)
	if err != nil {
		return nil, err
	}
	next := *e
	next.PTR = ""
	return &gen.ResetAddressAttributeResult{Address: toAddressName(&next)}, store.ElasticIPs.Put(c.Tx, &next)
}
