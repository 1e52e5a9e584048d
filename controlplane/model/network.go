package model

import (
	"net/netip"
	"time"
)

// DefaultNetwork remembers what an account was given in a region without asking: what
// its owner deleted does not come back by itself.
type DefaultNetwork struct {
	ID    string   // Account/Region
	Zones []string // that got a default subnet, sorted
}

// VPC is a virtual network.
type VPC struct {
	ID string
	Owned
	CIDR         netip.Prefix
	Default      bool
	DNSSupport   bool
	DNSHostnames bool
	AddressUsage bool   // enableNetworkAddressUsageMetrics
	DHCPOptions  string // dopt-..., or "default" for none
	Tenancy      string
	Secondary    []CIDRBlock // in the order they were associated
	Created      time.Time
	Tags         Tags
}

// CIDRBlock is a secondary block of a VPC.
type CIDRBlock struct {
	ID   string // vpc-cidr-assoc-...
	CIDR netip.Prefix
}

// CIDRs are all blocks of the VPC, the primary one first.
func (v *VPC) CIDRs() []netip.Prefix {
	out := []netip.Prefix{v.CIDR}
	for _, b := range v.Secondary {
		out = append(out, b.CIDR)
	}
	return out
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
	// Hostname is how instances are named: ip-name or resource-name. ARecord answers for
	// resource names.
	Hostname string // empty is ip-name
	ARecord  bool   // EnableResourceNameDnsARecord
	VNI      int    // VXLAN network identifier, one for each subnet of the cluster
	Created  time.Time
	Tags     Tags
}

// Route is an entry of a route table. Either Destination or PrefixList says where to.
type Route struct {
	Destination netip.Prefix
	PrefixList  string // pl-...
	// Target is "local", or what the packets go to: igw-..., nat-..., pcx-..., eni-... or
	// eigw-.... It may be gone by now: then the route is a blackhole.
	Target string
	Origin string // CreateRouteTable, CreateRoute
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

// ACLEntry is a rule of a network ACL. The last one of each direction, number 32767,
// denies all, is always there, and is not among a row's entries.
type ACLEntry struct {
	Number   int
	Egress   bool
	Protocol string // a number, "-1" for all
	Allow    bool
	CIDR     netip.Prefix
	FromPort int // of TCP and UDP; both 0 without ports
	ToPort   int
	ICMPType int // of ICMP; -1 is any
	ICMPCode int
}

// NetworkACL is a stateless filter of subnets.
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
	Group    string
	Egress   bool
	Protocol string       // "-1", "tcp", "udp", "icmp" or a number, as EC2 shows it
	FromPort int          // -1 where there are none; the type for ICMP
	ToPort   int          // the code for ICMP
	CIDR     netip.Prefix // the zero Prefix if Source or PrefixList is set
	Source   string       // a security group's id, in this VPC or a peered one
	// SourceAccount and SourceVPC are the source group's if that is in another VPC: both
	// are shown after the group is gone.
	SourceAccount string
	SourceVPC     string
	PrefixList    string // pl-...
	Description   string
	Created       time.Time
	Tags          Tags
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
	PublicIP            netip.Addr // of PrivateIP: an Elastic IP's or one for the time it runs; the zero Addr if it has none now
	AutoPublicIP        bool       // takes a public address at each start
	Secondary           []PrivateAddress
	Kind                string   // interface (or empty) or nat_gateway; the latter belongs to its NAT gateway
	Groups              []string // ids, in the order asked for
	SourceDestCheck     bool
	Instance            string
	DeviceIndex         int
	AttachmentID        string
	Attached            time.Time
	DeleteOnTermination bool
	Created             time.Time
	Tags                Tags

	// Arriving is set with an attachment to a guest that is there, and taken away by the
	// lifecycle package when the host says that the guest has the interface.
	Arriving bool
	// Leaving is what DetachNetworkInterface asked of the guest; the attachment ends when the
	// host says that it is so.
	Leaving Leaving
}

// Leaving is how an interface is to leave a guest.
type Leaving string

// The ways for an interface to leave.
const (
	LeaveNot    Leaving = ""
	LeaveAsked  Leaving = "asked"  // the guest is asked to let it go
	LeaveForced Leaving = "forced" // and its packets are stopped at once, whatever the guest does
)

// The states of an attachment, as EC2 names them. One that is detached is not there.
const (
	Attaching = "attaching"
	Attached  = "attached"
	Detaching = "detaching"
)

// AttachmentState is the state of an interface's attachment, empty without one.
func (i *Interface) AttachmentState() string {
	switch {
	case i.Instance == "":
		return ""
	case i.Leaving != LeaveNot:
		return Detaching
	case i.Arriving:
		return Attaching
	}
	return Attached
}

// PrivateAddress is a secondary private address of an interface.
type PrivateAddress struct {
	IP     netip.Addr
	Public netip.Addr // of an Elastic IP; the zero Addr if it has none
}

// PrivateIPs are all private addresses of the interface, the primary one first.
func (i *Interface) PrivateIPs() []netip.Addr {
	out := []netip.Addr{i.PrivateIP}
	for _, s := range i.Secondary {
		out = append(out, s.IP)
	}
	return out
}

// PublicIPs are the public addresses that the interface has.
func (i *Interface) PublicIPs() []netip.Addr {
	var out []netip.Addr
	if i.PublicIP.IsValid() {
		out = append(out, i.PublicIP)
	}
	for _, s := range i.Secondary {
		if s.Public.IsValid() {
			out = append(out, s.Public)
		}
	}
	return out
}

// ElasticIP is a public address that an account keeps. While it is associated, the
// interface has it too, in PublicIP or with a secondary address: both are written in one
// transaction.
type ElasticIP struct {
	ID string // eipalloc-...
	Owned
	PublicIP    netip.Addr
	Association string     // eipassoc-...; empty when it is free
	Interface   string     // eni-..., of an instance or of a NAT gateway
	PrivateIP   netip.Addr // of the interface
	PTR         string     // name in reverse DNS; empty is the address's own
	Created     time.Time
	Tags        Tags
}

// The states of a NAT gateway.
const (
	NATPending   = "pending"
	NATAvailable = "available"
	NATFailed    = "failed"
	NATDeleting  = "deleting"
	NATDeleted   = "deleted" // shown for an hour longer
)

// NATGateway lets a VPC's interfaces without public addresses reach what is outside. One
// host does its work at a time.
type NATGateway struct {
	ID string // nat-...
	Owned
	VPC       string
	Subnet    string
	Private   bool   // ConnectivityType private: it translates to its private address
	Interface string // eni-..., of Kind nat_gateway: its addresses
	// What it was made with, for when the interface is gone.
	Allocation string // of the Elastic IP; empty for a private one
	PublicIP   netip.Addr
	PrivateIP  netip.Addr
	Created    time.Time
	Deleted    time.Time
	Failure    Reason
	Tags       Tags

	// Host and State are written by the lifecycle package.
	Host  string // which does its work; empty while none can
	State string
}

// PeeringSide is one of the two VPCs of a peering.
type PeeringSide struct {
	Owned
	VPC       string
	RemoteDNS bool // AllowDnsResolutionFromRemoteVpc
}

// The states of a peering.
const (
	PeeringPending  = "pending-acceptance"
	PeeringActive   = "active"
	PeeringRejected = "rejected"
	PeeringExpired  = "expired"
	PeeringDeleted  = "deleted"
	PeeringFailed   = "failed"
)

// Peering joins two VPCs. Both sides' owners see it.
type Peering struct {
	ID string // pcx-...
	Owned
	Requester PeeringSide // its owner's
	Accepter  PeeringSide
	State     string
	Message   string
	Created   time.Time
	Expires   time.Time // of a request
	Changed   time.Time
	Tags      Tags
}

// Other returns the side of a peering that is not a VPC's, nil if the VPC is not in it.
func (p *Peering) Other(vpc string) *PeeringSide {
	switch vpc {
	case p.Requester.VPC:
		return &p.Accepter
	case p.Accepter.VPC:
		return &p.Requester
	}
	return nil
}

// PrefixEntry is a block of a prefix list.
type PrefixEntry struct {
	CIDR        netip.Prefix
	Description string
}

// PrefixList is a managed prefix list. Its latest version is in force wherever it is named.
type PrefixList struct {
	ID string // pl-...
	Owned
	Name       string
	MaxEntries int
	Version    int64
	Entries    []PrefixEntry           // of the latest version, in order
	History    map[int64][]PrefixEntry // earlier versions
	Created    time.Time
	Tags       Tags
}

// FlowLog writes down what flows at interfaces, in EC2's format, on the hosts where they are.
type FlowLog struct {
	ID string // fl-...
	Owned
	Resource    string // vpc-..., subnet-... or eni-...
	Traffic     string // ACCEPT, REJECT or ALL
	Destination string // the folder below each host's flow log folder: account, type, name
	// What the user said, to show: the type is cloud-watch-logs or s3.
	DestinationType string
	LogGroup        string
	LogDestination  string // an ARN
	Format          string // EC2's format string; empty is the default
	Interval        int    // seconds of an aggregation: 60 or 600
	Created         time.Time
	Tags            Tags
}

// EgressOnlyGateway is for IPv6 alone, which Mica does not carry: it can be made and
// described, and no route can use it yet.
type EgressOnlyGateway struct {
	ID string // eigw-...
	Owned
	VPC  string
	Tags Tags
}
