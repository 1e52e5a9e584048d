// Package ids makes and recognises EC2's resource ids: a prefix, a dash and 17
// hexadecimal digits.
package ids

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// Prefixes of the ids that Mica gives out, as EC2's.
const (
	Instance        = "i"
	Reservation     = "r"
	Image           = "ami"
	KeyPair         = "key"
	SecurityGroup   = "sg"
	SecurityRule    = "sgr"
	VPC             = "vpc"
	Subnet          = "subnet"
	RouteTable      = "rtb"
	RouteTableAssoc = "rtbassoc"
	InternetGateway = "igw"
	Interface       = "eni"
	Attachment      = "eni-attach"
	Volume          = "vol"
	Snapshot        = "snap"
	DHCPOptions     = "dopt"
	NetworkACL      = "acl"
	NetworkACLAssoc = "aclassoc"
	VPCCIDRAssoc    = "vpc-cidr-assoc"
	NATGateway      = "nat"
	Peering         = "pcx"
	PrefixList      = "pl"
	FlowLog         = "fl"
	EgressOnly      = "eigw"
	InsightsPath    = "nip"
	InsightsResult  = "nia"
	Address         = "eipalloc"
	AddressAssoc    = "eipassoc"
	Host            = "host"
	DedicatedHost   = "h"
	PlacementGroup  = "pg"
	CapacityReserve = "cr"
	Server          = "server"
)

// digits is how many hexadecimal digits follow the dash, and shared how many of them an
// id has of the one that it was made Beside.
const (
	digits = 17
	shared = 8
)

// New returns a fresh random id. Replicated code calls it only inside an update's
// closure, which runs once.
func New(prefix string) string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	return prefix + "-" + hex.EncodeToString(b[:])[:digits]
}

// Beside returns a fresh random id that begins as another resource's does, after the
// prefixes: tables are in the order of ids, so who reads many resources of one kind in that
// order, and with each the one beside it, finds both side by side. Ids Beside one and the
// same differ in 36 random bits. Beside no id it is New.
func Beside(prefix, id string) string {
	fresh := New(prefix)
	_, rest, _ := strings.Cut(id, "-")
	if len(rest) != digits {
		return fresh
	}
	return prefix + "-" + rest[:shared] + fresh[len(prefix)+1+shared:]
}

// Valid reports whether s is well formed under prefix: 17 hexadecimal digits, or
// the 8 of EC2's older ids.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"-")
	if !ok || len(rest) != digits && len(rest) != 8 {
		return false
	}
	for _, c := range rest {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
