package ec2

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

type subnetRow = joined[*model.Subnet]

var subnetListing = &listing[subnetRow]{
	action: "DescribeSubnets",
	kind:   subnetKind,
	rows:   joinedRows(store.Subnets),
	get:    joinedByID(store.Subnets),
	id:     func(s subnetRow) string { return s.row.ID },
	limits: wire.PageLimits{Min: 5, Max: 1000},
	filters: wire.FilterTable[subnetRow]{
		Tags: func(s subnetRow) map[string]string { return s.row.Tags },
		Fields: map[string]func(subnetRow) []string{
			"availability-zone":          subnetZone,
			"availabilityZone":           subnetZone,
			"availability-zone-id":       subnetZoneID,
			"availabilityZoneId":         subnetZoneID,
			"available-ip-address-count": func(s subnetRow) []string { return intStr(freeAddresses(s.r, s.row)) },
			"cidr":                       subnetCIDR,
			"cidr-block":                 subnetCIDR,
			"cidrBlock":                  subnetCIDR,
			"default-for-az":             subnetDefault,
			"defaultForAz":               subnetDefault,
			"enable-dns64":               always[subnetRow]("false"),
			"ipv6-native":                always[subnetRow]("false"),
			"map-public-ip-on-launch":    func(s subnetRow) []string { return boolStr(s.row.MapPublicIP) },
			"owner-id":                   func(s subnetRow) []string { return one(s.row.Account) },
			"state":                      always[subnetRow]("available"),
			"subnet-arn":                 func(s subnetRow) []string { return one(subnetARN(s.row)) },
			"subnet-id":                  func(s subnetRow) []string { return one(s.row.ID) },
			"vpc-id":                     func(s subnetRow) []string { return one(s.row.VPC) },

			"map-customer-owned-ip-on-launch":                                         always[subnetRow]("false"),
			"private-dns-name-options-on-launch.hostname-type":                        func(s subnetRow) []string { return one(hostnameType(s.row)) },
			"private-dns-name-options-on-launch.enable-resource-name-dns-a-record":    func(s subnetRow) []string { return boolStr(s.row.ARecord) },
			"private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": always[subnetRow]("false"),

			"customer-owned-ipv4-pool":                    none[subnetRow],
			"enable-lni-at-device-index":                  none[subnetRow],
			"ipv6-cidr-block-association.ipv6-cidr-block": none[subnetRow],
			"ipv6-cidr-block-association.association-id":  none[subnetRow],
			"ipv6-cidr-block-association.state":           none[subnetRow],
			"outpost-arn":                                 none[subnetRow],
		},
	},
}

func subnetZone(s subnetRow) []string    { return one(s.row.Zone) }
func subnetZoneID(s subnetRow) []string  { return one(model.ZoneID(s.row.Zone)) }
func subnetCIDR(s subnetRow) []string    { return prefixStr(s.row.CIDR) }
func subnetDefault(s subnetRow) []string { return boolStr(s.row.Default) }

func subnetARN(s *model.Subnet) string {
	return "arn:aws:ec2:" + s.Region + ":" + s.Account + ":subnet/" + s.ID
}

func (a *API) describeSubnets(c *action.Call, in *gen.DescribeSubnetsRequest) (*gen.DescribeSubnetsResult, error) {
	rows, next, err := subnetListing.page(c, selection{in.SubnetIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeSubnetsResult{Subnets: described(rows, toSubnet), NextToken: next}, nil
}

func toSubnet(s subnetRow) *gen.Subnet {
	return &gen.Subnet{
		SubnetId:                    &s.row.ID,
		SubnetArn:                   new(subnetARN(s.row)),
		OwnerId:                     &s.row.Account,
		VpcId:                       &s.row.VPC,
		AvailabilityZone:            &s.row.Zone,
		AvailabilityZoneId:          new(model.ZoneID(s.row.Zone)),
		AvailableIpAddressCount:     new(int64(freeAddresses(s.r, s.row))),
		CidrBlock:                   new(s.row.CIDR.String()),
		DefaultForAz:                &s.row.Default,
		MapPublicIpOnLaunch:         &s.row.MapPublicIP,
		MapCustomerOwnedIpOnLaunch:  new(false),
		AssignIpv6AddressOnCreation: new(false),
		EnableDns64:                 new(false),
		Ipv6Native:                  new(false),
		Ipv6CidrBlockAssociationSet: []*gen.SubnetIpv6CidrBlockAssociation{},
		PrivateDnsNameOptionsOnLaunch: &gen.PrivateDnsNameOptionsOnLaunch{
			HostnameType:                    new(hostnameType(s.row)),
			EnableResourceNameDnsARecord:    &s.row.ARecord,
			EnableResourceNameDnsAAAARecord: new(false),
		},
		State: new("available"),
		Tags:  toTags(s.row.Tags),
	}
}

// A subnet's first four addresses and its last one are EC2's own: network, router, DNS,
// future use, broadcast (Amazon VPC user guide, "Subnet CIDR blocks").
const (
	reservedFirst = 4
	reservedLast  = 1
)

// subnetSize returns how many addresses a subnet has, reserved ones too.
func subnetSize(cidr netip.Prefix) uint32 { return 1 << (32 - cidr.Bits()) }

// addressAt returns the n-th address of a subnet.
func addressAt(cidr netip.Prefix, n uint32) netip.Addr {
	b := cidr.Masked().Addr().As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])+n)
	return netip.AddrFrom4(b)
}

// reserved reports whether an address of a subnet is one of EC2's own.
func reserved(cidr netip.Prefix, a netip.Addr) bool {
	b, base := a.As4(), cidr.Masked().Addr().As4()
	n := binary.BigEndian.Uint32(b[:]) - binary.BigEndian.Uint32(base[:])
	return n < reservedFirst || n >= subnetSize(cidr)-reservedLast
}

// freeAddresses returns how many addresses of a subnet can still be given out.
func freeAddresses(r store.Reader, s *model.Subnet) int {
	free := int(subnetSize(s.CIDR)) - reservedFirst - reservedLast
	for i := range store.Interfaces.By(r, "subnet", s.ID) {
		free -= len(i.PrivateIPs())
	}
	return max(free, 0)
}

// pickAddress returns a free address of a subnet: the wanted one, or if wanted is the
// zero Addr the first free one from a random place on, so that an address just given
// back is not soon another's.
func pickAddress(tx *store.Tx, s *model.Subnet, wanted netip.Addr) (netip.Addr, error) {
	if wanted.IsValid() {
		switch {
		case !wanted.Is4() || !s.CIDR.Contains(wanted):
			return netip.Addr{}, apierr.New("InvalidParameterValue", "Address %s does not fall within the subnet's address range", wanted)
		case reserved(s.CIDR, wanted):
			return netip.Addr{}, apierr.New("InvalidParameterValue", "Address %s is in subnet's reserved address range", wanted)
		case addressTaken(tx, s, wanted):
			return netip.Addr{}, apierr.New("InvalidIPAddress.InUse", "Address %s is in use.", wanted)
		}
		return wanted, nil
	}
	usable := subnetSize(s.CIDR) - reservedFirst - reservedLast
	start := rand.Uint32N(usable)
	for i := range usable {
		a := addressAt(s.CIDR, reservedFirst+(start+i)%usable)
		if !addressTaken(tx, s, a) {
			return a, nil
		}
	}
	return netip.Addr{}, apierr.New("InsufficientFreeAddressesInSubnet", "The specified subnet does not have enough free addresses to satisfy the request.")
}

func addressTaken(tx *store.Tx, s *model.Subnet, a netip.Addr) bool {
	return store.Interfaces.First(tx, "address", store.Key(s.ID, a.String())) != nil
}
