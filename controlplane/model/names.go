package model

import (
	"net/netip"
	"strings"
)

// The kinds of private names that instances have.
const (
	NameByAddress  = "ip-name"       // ip-172-31-0-5
	NameByResource = "resource-name" // i-...
)

// PrivateHostname returns EC2's IP name of a private address: ip-172-31-0-5.
func PrivateHostname(a netip.Addr) string {
	return "ip-" + strings.ReplaceAll(a.String(), ".", "-")
}

// PrivateDomain returns the domain of private names in a region.
func PrivateDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}

// PublicDomain is the domain of a region's public names.
func PublicDomain(region string) string {
	if region == "us-east-1" {
		return "compute-1.amazonaws.com"
	}
	return region + ".compute.amazonaws.com"
}

// PublicHostname returns the public DNS name of a public address, in full.
func PublicHostname(a netip.Addr, region string) string {
	return "ec2-" + strings.ReplaceAll(a.String(), ".", "-") + "." + PublicDomain(region)
}

// ZoneID returns the id of a zone's place, as use1-az1 is of us-east-1a: the region's
// letters, and the zone's number.
func ZoneID(zone string) string {
	region := strings.TrimRight(zone, "abcdefghijklmnopqrstuvwxyz")
	short := ""
	for part := range strings.SplitSeq(region, "-") {
		switch {
		case part == "":
		case len(part) <= 2:
			short += part
		default:
			short += part[:1]
			if strings.HasPrefix(part, "north") && len(part) > 5 || strings.HasPrefix(part, "south") && len(part) > 5 {
				short += part[5:6]
			}
		}
	}
	number := "1"
	if letter := strings.TrimPrefix(zone, region); letter != "" {
		number = string('1' + rune(letter[0]-'a'))
	}
	return short + "-az" + number
}
