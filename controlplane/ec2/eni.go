package ec2

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerInterfaces(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeNetworkInterfaces", Resource: "network-interface"}, a.describeNetworkInterfaces)
	wire.Handle(r, wire.Spec{Name: "DescribeAddresses", Resource: "elastic-ip"}, a.describeAddresses)
	wire.Handle(r, wire.Spec{Name: "DescribeAddressesAttribute", Resource: "elastic-ip"}, a.describeAddressesAttribute)
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
			"addresses.association.owner-id":  publicOwner,
			"addresses.association.public-ip": publicIP,
			"addresses.primary":               always[interfaceRow]("true"),
			"addresses.private-ip-address":    privateIP,
			"association.ip-owner-id":         publicOwner,
			"association.public-dns-name":     func(i interfaceRow) []string { return one(publicName(i.row)) },
			"association.public-ip":           publicIP,
			"availability-zone":               func(i interfaceRow) []string { return one(i.row.Zone) },
			"description":                     func(i interfaceRow) []string { return []string{i.row.Description} },
			"group-id":                        func(i interfaceRow) []string { return i.row.Groups },
			"group-name":                      interfaceGroupNames,
			"interface-type":                  always[interfaceRow]("interface"),
			"mac-address":                     func(i interfaceRow) []string { return one(i.row.MAC) },
			"network-interface-id":            func(i interfaceRow) []string { return one(i.row.ID) },
			"owner-id":                        func(i interfaceRow) []string { return one(i.row.Account) },
			"private-dns-name":                func(i interfaceRow) []string { return one(privateName(i.row)) },
			"private-ip-address":              privateIP,
			"requester-managed":               always[interfaceRow]("false"),
			"source-dest-check":               func(i interfaceRow) []string { return boolStr(i.row.SourceDestCheck) },
			"status":                          func(i interfaceRow) []string { return one(interfaceStatus(i.row)) },
			"subnet-id":                       func(i interfaceRow) []string { return one(i.row.Subnet) },
			"vpc-id":                          func(i interfaceRow) []string { return one(i.row.VPC) },

			"attachment.attach-time":           ifAttached(func(i *model.Interface) []string { return timeStr(i.Attached) }),
			"attachment.attachment-id":         ifAttached(func(i *model.Interface) []string { return one(i.AttachmentID) }),
			"attachment.delete-on-termination": ifAttached(func(i *model.Interface) []string { return boolStr(i.DeleteOnTermination) }),
			"attachment.device-index":          ifAttached(func(i *model.Interface) []string { return intStr(i.DeviceIndex) }),
			"attachment.instance-id":           ifAttached(func(i *model.Interface) []string { return one(i.Instance) }),
			"attachment.instance-owner-id":     ifAttached(func(i *model.Interface) []string { return one(i.Account) }),
			"attachment.status":                ifAttached(func(*model.Interface) []string { return []string{"attached"} }),

			"association.allocation-id":   none[interfaceRow],
			"association.association-id":  none[interfaceRow],
			"attachment.nat-gateway-id":   none[interfaceRow],
			"ipv6-addresses.ipv6-address": none[interfaceRow],
			"requester-id":                none[interfaceRow],
		},
	},
}

// poolOwner owns the public addresses that are nobody's Elastic IP, as EC2 names it.
const poolOwner = "amazon"

func publicOwner(i interfaceRow) []string {
	if !i.row.PublicIP.IsValid() {
		return nil
	}
	return []string{poolOwner}
}

func publicIP(i interfaceRow) []string  { return addrStr(i.row.PublicIP) }
func privateIP(i interfaceRow) []string { return addrStr(i.row.PrivateIP) }

func interfaceGroupNames(i interfaceRow) (names []string) {
	for _, g := range groupIdentifiers(i.r, i.row.Groups) {
		names = append(names, *g.GroupName)
	}
	return names
}

func ifAttached(of func(*model.Interface) []string) func(interfaceRow) []string {
	return func(i interfaceRow) []string {
		if i.row.Instance == "" {
			return nil
		}
		return of(i.row)
	}
}

func interfaceStatus(i *model.Interface) string {
	if i.Instance == "" {
		return "available"
	}
	return "in-use"
}

// privateName is the private DNS name of an interface, in full.
func privateName(i *model.Interface) string {
	return privateDNSName(i.PrivateIP) + "." + privateDomain(i.Region)
}

// publicName is the public DNS name of an interface, empty without a public address.
func publicName(i *model.Interface) string {
	if !i.PublicIP.IsValid() {
		return ""
	}
	return publicDNSName(i.PublicIP, i.Region)
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
		InterfaceType:      new("interface"),
		Ipv6Addresses:      []*gen.NetworkInterfaceIpv6Address{},
		MacAddress:         &i.MAC,
		PrivateDnsName:     new(privateName(i)),
		PrivateIpAddress:   new(i.PrivateIP.String()),
		RequesterManaged:   new(false),
		SourceDestCheck:    &i.SourceDestCheck,
		Status:             new(interfaceStatus(i)),
		TagSet:             tagsOrEmpty(i.Tags),
	}
	if i.PublicIP.IsValid() {
		out.Association = &gen.NetworkInterfaceAssociation{
			IpOwnerId: new(poolOwner), PublicDnsName: new(publicName(i)), PublicIp: new(i.PublicIP.String()),
		}
	}
	out.PrivateIpAddresses = []*gen.NetworkInterfacePrivateIpAddress{{
		Association: out.Association, Primary: new(true), PrivateDnsName: out.PrivateDnsName, PrivateIpAddress: out.PrivateIpAddress,
	}}
	if i.Instance != "" {
		out.Attachment = &gen.NetworkInterfaceAttachment{
			AttachTime:          &i.Attached,
			AttachmentId:        &i.AttachmentID,
			DeleteOnTermination: &i.DeleteOnTermination,
			DeviceIndex:         new(int64(i.DeviceIndex)),
			NetworkCardIndex:    new(int64(0)),
			InstanceId:          &i.Instance,
			InstanceOwnerId:     &i.Account,
			Status:              new("attached"),
		}
	}
	return out
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
		InterfaceType:      new("interface"),
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
			Status:              new("attached"),
		},
	}
	if i.PublicIP.IsValid() {
		out.Association = &gen.InstanceNetworkInterfaceAssociation{
			IpOwnerId: new(poolOwner), PublicDnsName: new(publicName(i)), PublicIp: new(i.PublicIP.String()),
		}
	}
	out.PrivateIpAddresses = []*gen.InstancePrivateIpAddress{{
		Association: out.Association, Primary: new(true), PrivateDnsName: out.PrivateDnsName, PrivateIpAddress: out.PrivateIpAddress,
	}}
	return out
}

// interfaceSpec says what interface to make.
type interfaceSpec struct {
	ID                  string // empty: a new one
	Subnet              *model.Subnet
	PrivateIP           netip.Addr // the zero Addr: any free one
	Groups              []string   // ids, from resolveGroups
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
		id = ids.New(ids.Interface) // the MAC is 40 bits of its digest: another id if it is taken
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
		i.AttachmentID, i.Attached = ids.New(ids.Attachment), tx.Now()
	}
	return i, store.Interfaces.Put(tx, i)
}

// deleteInterface removes an interface; its addresses are free at once.
func deleteInterface(tx *store.Tx, id string) error { return store.Interfaces.Delete(tx, id) }

// macOf derives an interface's MAC from its id: a locally administered unicast
// address.
func macOf(eni string) string {
	sum := sha256.Sum256([]byte(eni))
	return fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x", sum[0], sum[1], sum[2], sum[3], sum[4])
}
