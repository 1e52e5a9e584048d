package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerDHCPChanges(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec { return wire.Spec{Name: name, Resource: "dhcp-options", Mutates: true} }
	create := spec("CreateDhcpOptions")
	create.Partial = "ipv6-address-preferred-lease-time is refused"
	wire.Handle(r, create, a.createDhcpOptions)
	wire.Check(r, "CreateDhcpOptions", func(in *gen.CreateDhcpOptionsRequest) error {
		if _, err := parseDHCPOptions(in.DhcpConfigurations); err != nil {
			return err
		}
		_, err := parseTagSpecs(in.TagSpecifications, "dhcp-options")
		return err
	})
	wire.Handle(r, spec("DeleteDhcpOptions"), a.deleteDhcpOptions)
	wire.Handle(r, spec("AssociateDhcpOptions"), a.associateDhcpOptions)
}

// noDHCPOptions is what a VPC has instead of a set.
const noDHCPOptions = "default"

// amazonDNS stands for the resolver of the VPC among name servers.
const amazonDNS = "AmazonProvidedDNS"

// dhcpOption says which values an option takes.
type dhcpOption struct {
	most  int
	valid func(string) bool
}

// dhcpOptions are the options that a set may have, from CreateDhcpOptions in the EC2 API
// reference.
var dhcpOptions = map[string]dhcpOption{
	"domain-name":          {1, validDomains},
	"domain-name-servers":  {4, func(s string) bool { return s == amazonDNS || validServer(s) }},
	"ntp-servers":          {4, validServer},
	"netbios-name-servers": {4, validServer},
	"netbios-node-type":    {1, func(s string) bool { return slices.Contains([]string{"1", "2", "4", "8"}, s) }},
}

func validServer(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4() && a.String() == s && !a.IsUnspecified() && !a.IsMulticast()
}

// maxDHCPText is what the length of a DHCP option can be.
const maxDHCPText = 255

// validDomains takes domain names, several with spaces between them: guests that can
// search several take the option so.
func validDomains(s string) bool {
	if s == "" || len(s) > maxDHCPText {
		return false
	}
	for _, name := range strings.Split(s, " ") {
		if !validDomain(name) {
			return false
		}
	}
	return true
}

func validDomain(s string) bool {
	for _, label := range strings.Split(strings.TrimSuffix(s, "."), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
		}) {
			return false
		}
	}
	return true
}

func parseDHCPOptions(all []*gen.NewDhcpConfiguration) (map[string][]string, error) {
	out := map[string][]string{}
	for _, o := range all {
		if o == nil || val(o.Key) == "" {
			return nil, missing("DhcpConfiguration.Key")
		}
		option, known := dhcpOptions[*o.Key]
		switch {
		case *o.Key == "ipv6-address-preferred-lease-time":
			return nil, refuseIPv6("The option " + *o.Key)
		case !known:
			return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter name is invalid. Unknown DHCP option", clip(*o.Key))
		case out[*o.Key] != nil:
			return nil, apierr.New("InvalidParameterValue", "The DHCP option %s was specified more than once.", *o.Key)
		case len(o.Values) == 0:
			return nil, missing("DhcpConfiguration.Value")
		case len(o.Values) > option.most:
			return nil, apierr.New("InvalidParameterValue", "The DHCP option %s has %d values. The most that it may have is %d.", *o.Key, len(o.Values), option.most)
		}
		for _, v := range o.Values {
			if !option.valid(v) {
				return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter value is invalid. Invalid %s", clip(v), *o.Key)
			}
		}
		out[*o.Key] = slices.Clone(o.Values)
	}
	if len(out) == 0 {
		return nil, missing("DhcpConfiguration")
	}
	return out, nil
}

func (a *API) createDhcpOptions(c *action.Call, in *gen.CreateDhcpOptionsRequest) (*gen.CreateDhcpOptionsResult, error) {
	values, err := parseDHCPOptions(in.DhcpConfigurations)
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "dhcp-options")
	if err != nil {
		return nil, err
	}
	d := &model.DHCPOptions{ID: ids.New(ids.DHCPOptions), Owned: owner(c), Values: values, Tags: tags["dhcp-options"].Clone()}
	return &gen.CreateDhcpOptionsResult{DhcpOptions: toDHCPOptions(d)}, store.DHCPOptions.Put(c.Tx, d)
}

func (a *API) deleteDhcpOptions(c *action.Call, in *gen.DeleteDhcpOptionsRequest) (*gen.DeleteDhcpOptionsResult, error) {
	d, err := require(c, dhcpOptionsKind, store.DHCPOptions, val(in.DhcpOptionsId))
	if err != nil {
		return nil, err
	}
	for v := range store.VPCs.By(c, "account", c.Account) {
		if v.DHCPOptions == d.ID {
			return nil, apierr.New("DependencyViolation", "The dhcpOptions '%s' has dependencies and cannot be deleted.", d.ID)
		}
	}
	return &gen.DeleteDhcpOptionsResult{}, store.DHCPOptions.Delete(c.Tx, d.ID)
}

// associateDhcpOptions gives a VPC a set, or none. Guests take it when they renew.
func (a *API) associateDhcpOptions(c *action.Call, in *gen.AssociateDhcpOptionsRequest) (*gen.AssociateDhcpOptionsResult, error) {
	set := val(in.DhcpOptionsId)
	if set != noDHCPOptions {
		d, err := require(c, dhcpOptionsKind, store.DHCPOptions, set)
		if err != nil {
			return nil, err
		}
		set = d.ID
	}
	vpc, err := getVPC(c, val(in.VpcId))
	if err != nil {
		return nil, err
	}
	next := *vpc
	next.DHCPOptions = set
	return &gen.AssociateDhcpOptionsResult{}, store.VPCs.Put(c.Tx, &next)
}
