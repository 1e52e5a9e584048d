package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// DefaultPrefix starts host-global names when Host.Prefix is empty.
const DefaultPrefix = "mica"

// tail is the last n characters of an id's part after the dash, padded with zeros
// on the left: short, stable, and as unique as n hex digits are.
func tail(id string, n int) string {
	if _, hexpart, ok := strings.Cut(id, "-"); ok {
		id = hexpart
	}
	if len(id) < n {
		return strings.Repeat("0", n-len(id)) + id
	}
	return id[len(id)-n:]
}

// tag is what names of links in the host's namespace begin with. Link names have at
// most 15 characters, so that a long prefix is hashed; one with a dash is too, so that
// no prefix's names begin like another's.
func tag(prefix string) string {
	if len(prefix) <= 4 && !strings.Contains(prefix, "-") {
		return prefix
	}
	sum := sha256.Sum256([]byte(prefix))
	return "m" + hex.EncodeToString(sum[:])[:4]
}

// NamespaceName is the network namespace of a VPC.
func NamespaceName(prefix, vpcID string) string { return orDefault(prefix) + "-" + vpcID }

// BridgeName is the bridge of a subnet, inside the VPC's namespace.
func BridgeName(subnetID string) string { return "br-" + tail(subnetID, 11) }

// TunnelName is the VXLAN device of a subnet, inside the VPC's namespace.
func TunnelName(subnetID string) string { return "vx-" + tail(subnetID, 11) }

// TapName is the tap of an interface. It begins with the prefix's own letters, since
// a tap starts its life among other software's in the host's namespace.
func TapName(prefix, eniID string) string { return TapPattern(prefix) + tail(eniID, 9) }

// TapPattern is what the name of every tap of ours begins with; 9 hex digits follow.
func TapPattern(prefix string) string { return tag(orDefault(prefix)) + "t" }

// GatewayName is the host's end of the veth to a VPC's namespace.
func GatewayName(prefix, vpcID string) string {
	return tag(orDefault(prefix)) + "-" + tail(vpcID, 9)
}

func orDefault(prefix string) string {
	if prefix == "" {
		return DefaultPrefix
	}
	return prefix
}
