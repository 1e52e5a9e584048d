package plan

import (
	"net"
	"net/netip"
)

// Desired is the kernel state that a Host wants, as plain values in a fixed order:
// equal inputs give equal Desired.
type Desired struct {
	Prefix     string
	Namespaces []Namespace // one a VPC, by name
	Root       Root        // what is in the host's own namespace
	NATs       []NATBox
	Peers      []PeerLink
	// Keep names namespaces to leave exactly as they are: those of VPCs whose
	// input made no sense. A bad row must not take a running network down.
	Keep []string
	// Warnings say what of the input was left out, and why.
	Warnings []string
}

// Namespace is the whole of one VPC on this host.
type Namespace struct {
	Name    string // <prefix>-<vpc id>
	VPCID   string
	Sysctls []Sysctl
	Sets    []Set
	Tables  []Table // iptables, wholly ours here
	Bridge  []Table // ebtables, wholly ours here
	Links   []Link
	Ports   []Port // taps, which QEMU opened and MoveTap brought here
	Tunnels []Tunnel
	// Addresses, Routes and Neighbours are those of Links.
	Addresses  []Address
	Routes     []Route
	Policies   []Policy
	Neighbours []Neighbour
	// VPC is the model, to judge tracked connections by (see Allows).
	VPC VPC
}

// Root is what is ours in the host's own namespace.
type Root struct {
	LinkPattern string   // names of our links begin with this
	TapPattern  string   // names of our taps before they move begin with this
	ChainPrefix string   // our chains are this and the name of a built-in one
	KeepLinks   []string // links of the namespaces in Desired.Keep
	Sysctls     []Sysctl
	Links       []Link
	Routes      []Route
	Neighbours  []Neighbour
	// Tables has our own chains only; Jumps ties them to the built-in ones.
	Tables []Table
	Jumps  []Jump
}

// Sysctl is a file below /proc/sys and its value. One that is optional may be missing.
type Sysctl struct {
	Path, Value string
	Optional    bool
}

// Link kinds.
const (
	KindBridge   = "bridge"
	KindVeth     = "veth"
	KindLoopback = "lo"
)

// Link is a network device.
type Link struct {
	Name string
	Kind string
	MAC  net.HardwareAddr
	MTU  int
	// Peer and PeerMAC describe the other end of a veth, in the namespace PeerIn ("" the host's).
	Peer    string
	PeerMAC net.HardwareAddr
	PeerIn  string
}

// Port is a tap in a bridge. Every guest-facing protection of layer 2 hangs on it.
type Port struct {
	Name   string // tap...
	Bridge string
	MAC    net.HardwareAddr // the guest's, the only one this port may send from
	MTU    int
	ENI    string
	Rate   Rate
	Shaper string // ports with the same one have Rate together,
	Shared bool   // if there are several
}

// Tunnel is the VXLAN device that joins a subnet's bridge to those of other hosts. It
// learns nothing and floods nothing: what it knows is what is in Far. Its outer packets
// are the host's own: they leave and enter in the host's namespace.
type Tunnel struct {
	Name   string // vx-...
	Bridge string
	VNI    int
	Local  netip.Addr
	MTU    int
	Far    []Far
}

// Far is where the packets to a MAC go.
type Far struct {
	MAC  net.HardwareAddr
	Host netip.Addr
}

// Address is an address on a link.
type Address struct {
	Link   string
	Prefix netip.Prefix
}

// Route is a route. Unreachable ones and blackholes have no link.
type Route struct {
	To          netip.Prefix
	Via         netip.Addr // on-link next hop, may be invalid
	Link        string
	Source      netip.Addr
	Unreachable bool
	Blackhole   bool
	Table       int // 0 is the main one
	Realm       int // who the next hop is, for rules: see realms
}

// Policy has packets that come in by a link routed by a table.
type Policy struct {
	Link  string
	Table int
}

// Neighbour is a permanent entry of the neighbour table.
type Neighbour struct {
	Link string
	IP   netip.Addr
	MAC  net.HardwareAddr
}

// Set types.
const (
	SetHashIP      = "hash:ip"
	SetBitmapIPMAC = "bitmap:ip,mac"
	SetHashNet     = "hash:net"
)

// Set is an ipset with its members.
type Set struct {
	Name    string
	Type    string
	Range   netip.Prefix // of a bitmap
	Members []Member
}

// Member is an entry of a set; MAC is empty in a set of addresses. In a set of networks
// Bits is the length of the prefix.
type Member struct {
	IP   netip.Addr
	MAC  string
	Bits int
}

// Table is a table of iptables or ebtables.
type Table struct {
	Name   string
	Chains []Chain
}

// Chain is one chain. Rules are written as iptables-save prints them, without "-A chain".
type Chain struct {
	Name   string
	Policy string // of a built-in chain, "" of our own
	Rules  []string
}

// Jump is a rule of a built-in chain that must be its first.
type Jump struct{ Table, Chain, To string }
