package model

import (
	"net/netip"
	"time"
)

// VPC is a virtual network.
type VPC struct {
	ID string
	Owned
	CIDR         netip.Prefix
	Default      bool
	DNSSupport   bool
	DNSHostnames bool
	AddressUsage bool // enableNetworkAddressUsageMetrics
	DHCPOptions  string
	Tenancy      string
	Created      time.Time
	Tags         Tags
}

// Subnet is a part of a VPC in one zone.
type Subnet struct {
	ID string
	Owned
	VPC         string
	Zone        string
	CIDR        netip.Prefix
	Default     bool // DefaultForAz
	MapPublicIP bool
	VNI         int // VXLAN network identifier, one for each subnet of the cluster
	Created     time.Time
	Tags        Tags
}

// Route is an entry of a route table.
type Route struct {
	Destination netip.Prefix
	Target      string // local, or a gateway's id
	Origin      string // CreateRouteTable, CreateRoute
}

// RouteTable belongs to a VPC; Main serves subnets without an association.
type RouteTable struct {
	ID string
	Owned
	VPC     string
	Main    bool
	MainID  string            // the association id of the main association
	Subnets map[string]string // association id by subnet
	Routes  []Route
	Tags    Tags
}

// InternetGateway joins a VPC to what is outside.
type InternetGateway struct {
	ID string
	Owned
	VPC  string // empty when detached
	Tags Tags
}

// ACLEntry is a rule of a network ACL.
type ACLEntry struct {
	Number   int
	Egress   bool
	Protocol string
	Allow    bool
	CIDR     netip.Prefix
}

// NetworkACL is a VPC's stateless filter; so far the default one alone, which allows all.
type NetworkACL struct {
	ID string
	Owned
	VPC     string
	Default bool
	Subnets map[string]string // association id by subnet
	Entries []ACLEntry
	Tags    Tags
}

// DHCPOptions is a set of DHCP options.
type DHCPOptions struct {
	ID string
	Owned
	Values map[string][]string
	Tags   Tags
}

// SecurityGroup is a named set of rules; the rules are rows of their own.
type SecurityGroup struct {
	ID string
	Owned
	VPC         string
	Name        string
	Description string
	Created     time.Time
	Tags        Tags
}

// SecurityRule is one permission with one source or destination: a CIDR or a group.
type SecurityRule struct {
	ID string
	Owned
	Group       string
	Egress      bool
	Protocol    string       // "-1", "tcp", "udp", "icmp" or a number, as EC2 shows it
	FromPort    int          // -1 where there are none; the type for ICMP
	ToPort      int          // the code for ICMP
	CIDR        netip.Prefix // the zero Prefix if Source is set
	Source      string       // a security group's id
	Description string
	Created     time.Time
	Tags        Tags
}

// Interface is an ENI.
type Interface struct {
	ID string
	Owned
	VPC                 string
	Subnet              string
	Zone                string
	Description         string
	MAC                 string // lower case, with colons
	PrivateIP           netip.Addr
	PublicIP            netip.Addr // the zero Addr if it has none now
	AutoPublicIP        bool       // takes a public address at each start
	Groups              []string   // ids, in the order asked for
	SourceDestCheck     bool
	Instance            string
	DeviceIndex         int
	AttachmentID        string
	Attached            time.Time
	DeleteOnTermination bool
	Created             time.Time
	Tags                Tags
}
