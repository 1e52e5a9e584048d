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
	InternetGateway bool // public addresses work: 1:1 NAT
	DNS             bool // the resolver answers at the VPC's base + 2 and 169.254.169.253
}

// Subnet is one subnet. Router is its first usable address when left invalid.
type Subnet struct {
	ID     string // subnet-...
	CIDR   netip.Prefix
	Router netip.Addr
	// Public says that the subnet's route table sends 0.0.0.0/0 to the internet
	// gateway. Without it an interface's public address is not put into force.
	Public bool
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
	Groups          []string   // security group ids
	SourceDestCheck bool
}

// Remote is a network interface on another host.
type Remote struct {
	ID        string // eni-...
	SubnetID  string
	MAC       net.HardwareAddr
	PrivateIP netip.Addr
	Host      netip.Addr // the other host's Underlay
}

// Group is a security group.
type Group struct {
	ID      string // sg-...
	Ingress []Rule
	Egress  []Rule
	// Members are all private addresses of the VPC in the group, on whatever host.
	Members []netip.Addr
}

// Protocol numbers that rules treat specially.
const (
	ProtocolAll  = -1
	ProtocolICMP = 1
	ProtocolTCP  = 6
	ProtocolUDP  = 17
)

// Rule is one permission. Exactly one of CIDR and Group says who the peer is.
type Rule struct {
	ID       string // sgr-..., for people only
	Protocol int    // IANA number, or ProtocolAll
	// FromPort and ToPort are an inclusive range for TCP and UDP; -1 and -1 mean all.
	FromPort, ToPort int
	// ICMPType and ICMPCode are for ICMP alone; -1 means any.
	ICMPType, ICMPCode int
	CIDR               netip.Prefix
	Group              string
}
