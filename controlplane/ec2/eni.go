package ec2

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerInterfaces(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeNetworkInterfaces", Resource: "network-interface"}, a.describeNetworkInterfaces)
	a.registerInterfaceChanges(r)
	a.registerInterfaceAttributes(r)
	a.registerInterfaceAddresses(r)
}

type interfaceRow = joined[*model.Interface]

var interfaceListing = &listing[interfaceRow]{
	action: "DescribeNetworkInterfaces",
	kind:   interfaceKind,
	rows:   joinedRows(store.Interfaces),
	get:    joinedByID(store.Interfaces),
	id:     func(i interfaceRow) string { return i.row.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[interfaceRow]{
		Tags: func(i interfaceRow) map[string]string { return i.row.Tags },
		Fields: map[string]func(interfaceRow) []string{
			"addresses.association.owner-id":  eachAddress(func(x heldAddress) []string { return one(x.owner()) }),
			"addresses.association.public-ip": eachAddress(func(x heldAddress) []string { return addrStr(x.public) }),
			"addresses.primary":               eachAddress(func(x heldAddress) []string { return boolStr(x.primary) }),
			"addresses.private-ip-address":    eachAddress(func(x heldAddress) []string { return addrStr(x.private) }),
			"association.allocation-id":       eachAddress(func(x heldAddress) []string { return one(x.elastic.ID) }),
			"association.association-id":      eachAddress(func(x heldAddress) []string { return one(x.elastic.Association) }),
			"association.ip-owner-id":         eachAddress(func(x heldAddress) []string { return one(x.owner()) }),
			"association.public-dns-name":     eachAddress(func(x heldAddress) []string { return one(x.publicName()) }),
			"association.public-ip":           eachAddress(func(x heldAddress) []string { return addrStr(x.public) }),
			"availability-zone":               func(i interfaceRow) []string { return one(i.row.Zone) },
			"availability-zone-id":            func(i interfaceRow) []string { return one(model.ZoneID(i.row.Zone)) },
			"description":                     func(i interfaceRow) []string { return []string{i.row.Description} },
			"group-id":                        func(i interfaceRow) []string { return i.row.Groups },
			"group-name":                      interfaceGroupNames,
			"interface-type":                  func(i interfaceRow) []string { return one(interfaceType(i.row)) },
			"mac-address":                     func(i interfaceRow) []string { return one(i.row.MAC) },
			"network-interface-id":            func(i interfaceRow) []string { return one(i.row.ID) },
			"operator.managed":                always[interfaceRow]("false"),
			"owner-id":                        func(i interfaceRow) []string { return one(i.row.Account) },
			"private-dns-name":                func(i interfaceRow) []string { return one(privateName(i.row)) },
			"private-ip-address":              eachAddress(func(x heldAddress) []string { return addrStr(x.private) }),
			"requester-id":                    func(i interfaceRow) []string { return one(val(requesterID(i.row))) },
			"requester-managed":               func(i interfaceRow) []string { return boolStr(requesterManaged(i.row)) },
			"source-dest-check":               func(i interfaceRow) []string { return boolStr(i.row.SourceDestCheck) },
			"status":                          func(i interfaceRow) []string { return one(interfaceStatus(i.row)) },
			"subnet-id":                       func(i interfaceRow) []string { return one(i.row.Subnet) },
			"vpc-id":                          func(i interfaceRow) []string { return one(i.row.VPC) },

			"attachment.attach-time":           ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return timeStr(val(t.AttachTime)) }),
			"attachment.attachment-id":         ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return one(val(t.AttachmentId)) }),
			"attachment.delete-on-termination": ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return boolStr(*t.DeleteOnTermination) }),
			"attachment.device-index":          ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return intStr(*t.DeviceIndex) }),
			"attachment.instance-id":           ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return one(val(t.InstanceId)) }),
			"attachment.instance-owner-id":     ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return one(*t.InstanceOwnerId) }),
			"attachment.status":                ofAttachment(func(t *gen.NetworkInterfaceAttachment) []string { return one(*t.Status) }),
			"attachment.nat-gateway-id":        natGatewayOf,

			"ipv6-addresses.ipv6-address": none[interfaceRow],
			"operator.principal":          none[interfaceRow],
		},
	},
}

// poolOwner owns the public addresses that are nobody's Elastic IP, as EC2 names it.
const poolOwner = "amazon"

// serviceAttachment is the prefix of attachments that services make.
const serviceAttachment = "ela-attach"

// natOwner is who EC2 says has the interfaces of NAT gateways attached.
const natOwner = "amazon-aws"

// heldAddress is a private address of an interface with what is bound to it.
type heldAddress struct {
	private, public netip.Addr
	primary         bool
	region          string
	named           bool            // its VPC has enableDnsHostnames: the public address has a name
	elastic         model.ElasticIP // the zero row if the public address is none
}

// heldAddresses are an interface's addresses, the primary one first.
func heldAddresses(r store.Reader, i *model.Interface) []heldAddress {
	v := store.VPCs.Get(r, i.VPC)
	named := v != nil && v.DNSHostnames
	out := []heldAddress{{private: i.PrivateIP, public: i.PublicIP, primary: true, region: i.Region, named: named}}
	for _, s := range i.Secondary {
		out = append(out, heldAddress{private: s.IP, public: s.Public, region: i.Region, named: named})
	}
	for k := range out {
		if !out[k].public.IsValid() {
			continue
		}
		if e := store.ElasticIPs.First(r, "public", out[k].public.String()); e != nil {
			out[k].elastic = *e
		}
	}
	return out
}

// owner is who the public address belongs to, empty without one.
func (x heldAddress) owner() string {
	switch {
	case !x.public.IsValid():
		return ""
	case x.elastic.ID != "":
		return x.elastic.Account
	}
	return poolOwner
}

func (x heldAddress) publicName() string {
	if !x.public.IsValid() || !x.named {
		return ""
	}
	return publicDNSName(x.public, x.region)
}

func (x heldAddress) privateName() string {
	return privateDNSName(x.private) + "." + privateDomain(x.region)
}

func (x heldAddress) association() *gen.NetworkInterfaceAssociation {
	if !x.public.IsValid() {
		return nil
	}
	return &gen.NetworkInterfaceAssociation{
		AllocationId: str(x.elastic.ID), AssociationId: str(x.elastic.Association), IpOwnerId: new(x.owner()),
		PublicDnsName: new(x.publicName()), PublicIp: new(x.public.String()),
	}
}

func eachAddress(of func(heldAddress) []string) func(interfaceRow) []string {
	return func(i interfaceRow) (out []string) {
		for _, x := range heldAddresses(i.r, i.row) {
			out = append(out, of(x)...)
		}
		return out
	}
}

func interfaceGroupNames(i interfaceRow) (names []string) {
	for _, g := range groupIdentifiers(i.r, i.row.Groups) {
		names = append(names, *g.GroupName)
	}
	return names
}

func ofAttachment(of func(*gen.NetworkInterfaceAttachment) []string) func(interfaceRow) []string {
	return func(i interfaceRow) []string {
		if t := toAttachment(i.row); t != nil {
			return of(t)
		}
		return nil
	}
}

func natGatewayOf(i interfaceRow) (out []string) {
	for g := range store.NATGateways.By(i.r, "interface", i.row.ID) {
		out = append(out, g.ID)
	}
	return out
}

// kindNAT is the Kind of interfaces that NAT gateways have.
const kindNAT = "nat_gateway"

func interfaceType(i *model.Interface) string { return nonEmpty(i.Kind, "interface") }

// requesterManaged reports whether an interface belongs to a service, which alone may
// change it.
func requesterManaged(i *model.Interface) bool { return i.Kind == kindNAT }

func requesterID(i *model.Interface) *string {
	if !requesterManaged(i) {
		return nil
	}
	return &i.Account
}

func interfaceStatus(i *model.Interface) string {
	if i.Instance == "" && !requesterManaged(i) {
		return "available"
	}
	return "in-use"
}

// privateName is the private DNS name of an interface, in full.
func privateName(i *model.Interface) string {
	return privateDNSName(i.PrivateIP) + "." + privateDomain(i.Region)
}

// publicName is the public DNS name of an instance, empty where it has none.
func publicName(i *instanceRow) string {
	if eni := i.primary(); eni != nil {
		return heldAddresses(i.r, eni)[0].publicName()
	}
	return ""
}

func privateDNSName(a netip.Addr) string               { return model.PrivateHostname(a) }
func privateDomain(region string) string               { return model.PrivateDomain(region) }
func publicDNSName(a netip.Addr, region string) string { return model.PublicHostname(a, region) }

func (a *API) describeNetworkInterfaces(c *action.Call, in *gen.DescribeNetworkInterfacesRequest) (*gen.DescribeNetworkInterfacesResult, error) {
	rows, next, err := interfaceListing.page(c, selection{in.NetworkInterfaceIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	to := func(i interfaceRow) *gen.NetworkInterface { return toInterface(c, i.row) }
	return &gen.DescribeNetworkInterfacesResult{NetworkInterfaces: described(rows, to), NextToken: next}, nil
}

// toInterface shows an interface as DescribeNetworkInterfaces does.
func toInterface(r store.Reader, i *model.Interface) *gen.NetworkInterface {
	out := &gen.NetworkInterface{
		NetworkInterfaceId: &i.ID,
		OwnerId:            &i.Account,
		VpcId:              &i.VPC,
		SubnetId:           &i.Subnet,
		AvailabilityZone:   &i.Zone,
		Description:        &i.Description,
		Groups:             groupIdentifiers(r, i.Groups),
		InterfaceType:      new(interfaceType(i)),
		Ipv6Addresses:      []*gen.NetworkInterfaceIpv6Address{},
		MacAddress:         &i.MAC,
		PrivateDnsName:     new(privateName(i)),
		PrivateIpAddress:   new(i.PrivateIP.String()),
		RequesterId:        requesterID(i),
		RequesterManaged:   new(requesterManaged(i)),
		SourceDestCheck:    &i.SourceDestCheck,
		Status:             new(interfaceStatus(i)),
		TagSet:             tagsOrEmpty(i.Tags),
		Attachment:         toAttachment(i),
	}
	for _, x := range heldAddresses(r, i) {
		out.PrivateIpAddresses = append(out.PrivateIpAddresses, &gen.NetworkInterfacePrivateIpAddress{
			Association: x.association(), Primary: new(x.primary), PrivateDnsName: new(x.privateName()), PrivateIpAddress: new(x.private.String()),
		})
	}
	out.Association = out.PrivateIpAddresses[0].Association
	return out
}

// toAttachment shows what an interface is attached to, nil if to nothing.
func toAttachment(i *model.Interface) *gen.NetworkInterfaceAttachment {
	switch {
	case requesterManaged(i):
		return &gen.NetworkInterfaceAttachment{
			AttachmentId: new(serviceAttachment + "-" + strings.TrimPrefix(i.ID, ids.Interface+"-")), DeleteOnTermination: new(false), DeviceIndex: new(int64(1)),
			NetworkCardIndex: new(int64(0)), InstanceOwnerId: new(natOwner), Status: new("attached"),
		}
	case i.Instance == "":
		return nil
	}
	return &gen.NetworkInterfaceAttachment{
		AttachTime:          &i.Attached,
		AttachmentId:        &i.AttachmentID,
		DeleteOnTermination: &i.DeleteOnTermination,
		DeviceIndex:         new(int64(i.DeviceIndex)),
		NetworkCardIndex:    new(int64(0)),
		InstanceId:          &i.Instance,
		InstanceOwnerId:     &i.Account,
		Status:              new(i.AttachmentState()),
	}
}

// toInstanceInterface shows an interface as DescribeInstances does.
func toInstanceInterface(r store.Reader, i *model.Interface) *gen.InstanceNetworkInterface {
	out := &gen.InstanceNetworkInterface{
		NetworkInterfaceId: &i.ID,
		OwnerId:            &i.Account,
		VpcId:              &i.VPC,
		SubnetId:           &i.Subnet,
		Description:        &i.Description,
		Groups:             groupIdentifiers(r, i.Groups),
		InterfaceType:      new(interfaceType(i)),
		Ipv6Addresses:      []*gen.InstanceIpv6Address{},
		MacAddress:         &i.MAC,
		PrivateDnsName:     new(privateName(i)),
		PrivateIpAddress:   new(i.PrivateIP.String()),
		SourceDestCheck:    &i.SourceDestCheck,
		Status:             new("in-use"),
		Attachment: &gen.InstanceNetworkInterfaceAttachment{
			AttachTime:          &i.Attached,
			AttachmentId:        &i.AttachmentID,
			DeleteOnTermination: &i.DeleteOnTermination,
			DeviceIndex:         new(int64(i.DeviceIndex)),
			NetworkCardIndex:    new(int64(0)),
			Status:              new(i.AttachmentState()),
		},
	}
	for _, x := range heldAddresses(r, i) {
		shown := &gen.InstancePrivateIpAddress{Primary: new(x.primary), PrivateDnsName: new(x.privateName()), PrivateIpAddress: new(x.private.String())}
		if x.public.IsValid() {
			shown.Association = &gen.InstanceNetworkInterfaceAssociation{IpOwnerId: new(x.owner()), PublicDnsName: new(x.publicName()), PublicIp: new(x.public.String())}
		}
		out.PrivateIpAddresses = append(out.PrivateIpAddresses, shown)
	}
	out.Association = out.PrivateIpAddresses[0].Association
	return out
}

// interfaceSpec says what interface to make.
type interfaceSpec struct {
	ID                  string // empty: a new one
	Subnet              *model.Subnet
	PrivateIP           netip.Addr   // the zero Addr: any free one
	Secondary           []netip.Addr // wanted ones
	SecondaryCount      int          // and how many more of any
	Groups              []string     // ids, from resolveGroups
	Description         string
	AutoPublicIP        bool
	SourceDestCheck     bool
	Instance            string // attaches the interface from the start
	DeviceIndex         int
	DeleteOnTermination bool
	Tags                model.Tags
}

// createInterface makes an interface with an address of its subnet.
func createInterface(tx *store.Tx, owner model.Owned, s interfaceSpec) (*model.Interface, error) {
	addr, err := pickAddress(tx, s.Subnet, s.PrivateIP)
	if err != nil {
		return nil, err
	}
	id := s.ID
	for id == "" || s.ID == "" && store.Interfaces.First(tx, "mac", store.Key(s.Subnet.VPC, macOf(id))) != nil {
		id = ids.Beside(ids.Interface, s.Instance) // the MAC is 40 bits of its digest: another id if it is taken
	}
	i := &model.Interface{
		ID:                  id,
		Owned:               owner,
		VPC:                 s.Subnet.VPC,
		Subnet:              s.Subnet.ID,
		Zone:                s.Subnet.Zone,
		Description:         s.Description,
		MAC:                 macOf(id),
		PrivateIP:           addr,
		AutoPublicIP:        s.AutoPublicIP,
		Groups:              slices.Clone(s.Groups),
		SourceDestCheck:     s.SourceDestCheck,
		DeleteOnTermination: s.DeleteOnTermination,
		Created:             tx.Now(),
		Tags:                s.Tags.Clone(),
	}
	if s.Instance != "" {
		i.Instance, i.DeviceIndex = s.Instance, s.DeviceIndex
		i.AttachmentID, i.Attached, i.Arriving = ids.New(ids.Attachment), tx.Now(), true
	}
	if err := store.Interfaces.Put(tx, i); err != nil {
		return nil, err
	}
	return addSecondary(tx, s.Subnet, i, s.Secondary, s.SecondaryCount)
}

// macOf derives an interface's MAC from its id: a locally administered unicast
// address.
func macOf(eni string) string {
	sum := sha256.Sum256([]byte(eni))
	return fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x", sum[0], sum[1], sum[2], sum[3], sum[4])
}
