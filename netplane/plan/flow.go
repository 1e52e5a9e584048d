package plan

import "net/netip"

// Flow is one connection, as the security groups see it: after the destination was
// translated and before the source is.
type Flow struct {
	Protocol           int
	Src, Dst           netip.Addr
	DstPort            int // of TCP and UDP
	ICMPType, ICMPCode int
	// NATSrc and NATDst are the public addresses that stand for Src and Dst on the
	// outside, invalid when not translated.
	NATSrc, NATDst netip.Addr
}

// Verdict is what the security groups say of a flow, and why.
type Verdict struct {
	Allowed bool
	Reason  string
}
