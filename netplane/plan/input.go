package plan

import (
	"net"
	"net/netip"
)

// Host is everything the plan is made from: what of VPCs is on this host.
type Host struct {
	// Prefix starts every host-global name (namespaces, links, chains), so that
	// several Micas can share a machine. Lower case letters, digits and dashes;
	// empty means "mica".
	Prefix string
	// PublicPool is the host-routed pool that public addresses come from. Invalid
	// means that there is none.
	PublicPool netip.Prefix
	// PoolOnLAN says that the pool is a range of the uplink's own network: this host
	// answers ARP there for the addresses of its guests, who are seen with them.
	PoolOnLAN bool
	// Address is the source address of the host's own packets to public addresses,
	// so what a guest sees when the host connects to it. Invalid lets the kernel choose.
	Address netip.Addr
	// Uplink is the device to the outside. When it is known, guests reach nothing
	// behind the host but by it.
	Uplink string
	// Underlay is this host's address among the other hosts, the end of its tunnels.
	// Invalid means that nothing leads to other hosts.
	Underlay netip.Addr
	MTU      int // of bridges and taps; 0 means 1500
	VPCs     []VPC
}

// VPC is one VPC as far as this host needs to know it.
type VPC struct {
	ID         string // vpc-...
	CIDRs      []netip.Prefix
	Subnets    []Subnet    // at least those with an interface here
	Interfaces []Interface // on this host only
	Remotes    []Remote    // those on other hosts
	// Groups has every group that an interface here is in, or that a rule of such a
	// group names.
	Groups          []Group
	PrefixLists     []PrefixList // that rules of Groups name
	ACLs            []ACL        // of the subnets; one that is not here allows all
	Peerings        []Peering    // that are active
	InternetGateway bool         // public addresses work: 1:1 NAT
	LogFlows        bool         // what is tracked is counted, and what is dropped is shown to NFLOG
	DNS             bool         // the resolver answers at the VPC's base + 2 and 169.254.169.253
}

// Subnet is one subnet. Router is its first usable address when left invalid.
type Subnet struct {
	ID     string // subnet-...
	CIDR   netip.Prefix
	Router netip.Addr
	// Routes are those of the subnet's route table besides the local ones. Without one to
	// the internet gateway an interface's public addresses are not put into force.
	Routes []SubnetRoute
	ACL    string // acl-...
	// VNI is the VXLAN network identifier that the subnet has on all hosts; 0 for a
	// subnet that is on this host alone.
	VNI int
}

// Interface is one network interface (ENI) on this host.
type Interface struct {
	ID              string // eni-...
	SubnetID        string
	MAC             net.HardwareAddr
	PrivateIP       netip.Addr
	PublicIP        netip.Addr // invalid when there is none
	Secondary       []PrivateAddress
	Groups          []string // security group ids
	SourceDestCheck bool
	Rate            Rate   // of the whole instance
	Instance        string // whose interfaces share its rate
	// NAT says that the interface is a NAT gateway's: what stands behind it is not a guest
	// but a namespace that the kernel package makes. It has no groups.
	NAT bool
}

// PrivateAddress is a private address and the public one that stands for it outside, if
// there is one.
type PrivateAddress struct{ IP, Public netip.Addr }

// Addresses are all addresses of the interface, the primary one first.
func (i Interface) Addresses() []PrivateAddress {
	return append([]PrivateAddress{{i.PrivateIP, i.PublicIP}}, i.Secondary...)
}

// SubnetRoute is a route of a route table.
type SubnetRoute struct {
	To netip.Prefix
	// Target is TargetInternet, eni-... or pcx-.... What the VPC doesn't have, or no host
	// has at the moment, is a blackhole.
	Target string
}

// TargetInternet is the internet gateway of the VPC.
const TargetInternet = "igw"

// ToInternet is the route of a public subnet.
func ToInternet() SubnetRoute {
	return SubnetRoute{netip.PrefixFrom(netip.IPv4Unspecified(), 0), TargetInternet}
}

// Peering joins the VPC to another one.
type Peering struct {
	ID    string // pcx-...
	VPC   string // the other one
	CIDRs []netip.Prefix
}

// PrefixList is a managed prefix list.
type PrefixList struct {
	ID    string // pl-...
	CIDRs []netip.Prefix
}

// ACL is a network ACL. What no entry decides is denied.
type ACL struct {
	ID              string     // acl-...
	Ingress, Egress []ACLEntry // in order
}

// ACLEntry is a rule of a network ACL. Ports and ICMP types are as those of a Rule.
type ACLEntry struct {
	Allow              bool
	Protocol           int
	CIDR               netip.Prefix
	FromPort, ToPort   int
	ICMPType, ICMPCode int
}

// Remote is a network interface on another host.
type Remote struct {
	ID        string // eni-...
	SubnetID  string
	MAC       net.HardwareAddr
	PrivateIP netip.Addr
	Secondary []netip.Addr
	Host      netip.Addr // the other host's Underlay
}

// Addresses are all private addresses of the interface, the primary one first.
func (r Remote) Addresses() []netip.Addr { return append([]netip.Addr{r.PrivateIP}, r.Secondary...) }

// Group is a security group.
type Group struct {
	ID      string // sg-...
	Ingress []Rule
	Egress  []Rule
	// Members are all private addresses of the VPC in the group, on whatever host.
	Members []netip.Addr
	// VPC is the peered one that the group is of; empty for this one. Of such a group
	// there are members alone.
	VPC string
}

// Protocol numbers that rules treat specially.
const (
	ProtocolAll  = -1
	ProtocolICMP = 1
	ProtocolTCP  = 6
	ProtocolUDP  = 17
)

// Rule is one permission. Exactly one of CIDR, Group and PrefixList says who the peer is.
type Rule struct {
	ID       string // sgr-..., for people only
	Protocol int    // IANA number, or ProtocolAll
	// FromPort and ToPort are an inclusive range for TCP and UDP; -1 and -1 mean all.
	FromPort, ToPort int
	// ICMPType and ICMPCode are for ICMP alone; -1 means any.
	ICMPType, ICMPCode int
	CIDR               netip.Prefix
	Group              string
	PrefixList         string
}
