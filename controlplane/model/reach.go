package model

import (
	"net/netip"
	"time"
)

// InsightsPath is a question whether one thing can reach another.
type InsightsPath struct {
	ID string // nip-...
	Owned
	Source      string // i-..., eni-... or igw-...
	Destination string // the same, or empty
	Protocol    string // tcp or udp
	// AtSource is the packet when it leaves the source, as far as it is said.
	AtSource Header
	// AtDestination is the packet when it comes to the destination, as far as it is said.
	AtDestination Header
	// Filters says that the request had filters, rather than addresses.
	Filters bool
	Created time.Time
	Tags    Tags
}

// InsightsAnalysis is the answer to an InsightsPath as things were then.
type InsightsAnalysis struct {
	ID string // nia-...
	Owned
	Path    string
	Started time.Time
	Result  Reachability
	Tags    Tags
}

// Header is what matters of a packet. Zero values are what is not said, or not there.
type Header struct {
	Source      netip.Addr
	Destination netip.Addr
	Protocol    string // tcp, udp, icmp, or a number
	FromPort    int    // the source's
	ToPort      int    // the destination's
}

// Back is the header of the answer.
func (h Header) Back() Header {
	h.Source, h.Destination, h.FromPort, h.ToPort = h.Destination, h.Source, h.ToPort, h.FromPort
	return h
}

// The kinds of hops.
const (
	HopInterface  = "network-interface"
	HopGroup      = "security-group"
	HopACL        = "network-acl"
	HopRouteTable = "route-table"
	HopInternet   = "internet-gateway"
	HopNAT        = "nat-gateway"
	HopPeering    = "vpc-peering-connection"
)

// Hop is a component that a packet meets, and what decides there.
type Hop struct {
	Kind   string
	ID     string
	VPC    string
	Subnet string
	Egress bool // of groups and ACLs
	Header Header
	Rule   SecurityRule // its ID is empty if none is
	Entry  ACLEntry     // its Number is 0 if none is
	Route  Route        // its Target is empty if none is
}

// Obstacle is why a packet does not get further: one of EC2's explanation codes.
type Obstacle struct {
	Code   string
	Hop    Hop      // where
	Groups []string // that have no rule for it
	Return bool     // it stops the answer
}

// Reachability is a walk and how it ends.
type Reachability struct {
	Found     bool
	Forward   []Hop
	Return    []Hop
	Obstacles []Obstacle
}
