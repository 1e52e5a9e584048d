package ec2

import (
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

// idKind says how a resource's ids look and what EC2 answers to wrong ones. The codes
// are listed in the EC2 API reference, "Error codes for the Amazon EC2 API"; their
// spelling follows no rule.
type idKind struct {
	prefix    string
	malformed string
	notFound  string
	noun      string // of the message: "vpc ID"
}

var (
	vpcKind           = idKind{ids.VPC, "InvalidVpcID.Malformed", "InvalidVpcID.NotFound", "vpc ID"}
	subnetKind        = idKind{ids.Subnet, "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound", "subnet ID"}
	routeTableKind    = idKind{ids.RouteTable, "InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound", "routeTable ID"}
	gatewayKind       = idKind{ids.InternetGateway, "InvalidInternetGatewayId.Malformed", "InvalidInternetGatewayID.NotFound", "internetGateway ID"}
	networkACLKind    = idKind{ids.NetworkACL, "InvalidNetworkAclId.Malformed", "InvalidNetworkAclID.NotFound", "networkAcl ID"}
	dhcpOptionsKind   = idKind{ids.DHCPOptions, "InvalidDhcpOptionsId.Malformed", "InvalidDhcpOptionID.NotFound", "dhcpOption ID"}
	interfaceKind     = idKind{ids.Interface, "InvalidNetworkInterfaceId.Malformed", "InvalidNetworkInterfaceID.NotFound", "networkInterface ID"}
	securityGroupKind = idKind{ids.SecurityGroup, "InvalidGroupId.Malformed", "InvalidGroup.NotFound", "security group"}
	securityRuleKind  = idKind{ids.SecurityRule, "InvalidSecurityGroupRuleId.Malformed", "InvalidSecurityGroupRuleId.NotFound", "security group rule ID"}
	addressKind       = idKind{ids.Address, "InvalidAllocationID.NotFound", "InvalidAllocationID.NotFound", "allocation ID"}
	instanceKind      = idKind{ids.Instance, "InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound", "instance ID"}
	imageKind         = idKind{ids.Image, "InvalidAMIID.Malformed", "InvalidAMIID.NotFound", "image id"}
	volumeKind        = idKind{ids.Volume, "InvalidVolumeID.Malformed", "InvalidVolume.NotFound", "volume"}
	keyPairKind       = idKind{ids.KeyPair, "InvalidKeyPair.NotFound", "InvalidKeyPair.NotFound", "key pair"}
)

// check refuses ids that are not of the kind's form.
func (k idKind) check(wanted ...string) error {
	for _, id := range wanted {
		if !ids.Valid(k.prefix, id) {
			return apierr.New(k.malformed, "Invalid id: \"%s\" (expecting \"%s-...\")", clip(id), k.prefix)
		}
	}
	return nil
}

// missing is the error for ids that nothing of the caller's has. Those of another
// account are no different.
func (k idKind) missing(wanted ...string) error {
	if len(wanted) == 1 {
		return apierr.New(k.notFound, "The %s '%s' does not exist", k.noun, wanted[0])
	}
	return apierr.New(k.notFound, "The %ss '%s' do not exist", k.noun, strings.Join(wanted, ", "))
}

// require returns the caller's row with an id, or EC2's error.
func require[T any, P ownedRow[T]](c *action.Call, k idKind, t *store.Table[T], id string) (P, error) {
	if err := k.check(id); err != nil {
		return nil, err
	}
	p, ok := mineByID[T, P](t)(c, id)
	if !ok {
		return nil, k.missing(id)
	}
	return p, nil
}

// clip bounds what a message repeats of a request.
func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "..."
	}
	return s
}
