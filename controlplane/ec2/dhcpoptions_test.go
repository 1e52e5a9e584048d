package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func dhcp(pairs ...string) []string {
	var out []string
	n := 0
	for i := 0; i < len(pairs); i += 2 {
		n++
		prefix := "DhcpConfiguration." + string(rune('0'+n)) + "."
		out = append(out, prefix+"Key", pairs[i])
		for k, v := range strings.Split(pairs[i+1], ",") {
			out = append(out, prefix+"Value."+string(rune('1'+k)), v)
		}
	}
	return out
}

func TestDHCPOptionsLife(t *testing.T) {
	c := newCloud(t)
	made := ok[gen.CreateDhcpOptionsResult](c, "CreateDhcpOptions", append(dhcp("domain-name", "example.com corp.example.com", "domain-name-servers", "10.0.0.2,AmazonProvidedDNS", "ntp-servers", "10.0.0.3", "netbios-name-servers", "10.0.0.4", "netbios-node-type", "2"),
		"TagSpecification.1.ResourceType", "dhcp-options", "TagSpecification.1.Tag.1.Key", "Name")...).DhcpOptions
	id, vpc := *made.DhcpOptionsId, c.defaultVPC()
	got := list(made.DhcpConfigurations, func(o *gen.DhcpConfiguration) string {
		return *o.Key + "=" + strings.ReplaceAll(list(o.Values, func(v *gen.AttributeValue) string { return *v.Value }), " ", ",")
	})
	if got != "domain-name=example.com,corp.example.com domain-name-servers=10.0.0.2,AmazonProvidedDNS netbios-name-servers=10.0.0.4 netbios-node-type=2 ntp-servers=10.0.0.3" || len(made.Tags) != 1 {
		t.Errorf("made %s", got)
	}
	for filter, value := range map[string]string{"dhcp-options-id": id, "key": "ntp-servers", "value": "10.0.0.4", "tag-key": "Name"} {
		if out := ok[gen.DescribeDhcpOptionsResult](c, "DescribeDhcpOptions", "Filter.1.Name", filter, "Filter.1.Value.1", value).DhcpOptions; len(out) != 1 || *out[0].DhcpOptionsId != id {
			t.Errorf("%s finds %d", filter, len(out))
		}
	}
	ok[gen.AssociateDhcpOptionsResult](c, "AssociateDhcpOptions", "DhcpOptionsId", id, "VpcId", vpc)
	if got := store.VPCs.Get(c.db.Stale(), vpc).DHCPOptions; got != id {
		t.Errorf("the VPC has %s", got)
	}
	c.fails("DependencyViolation", id, "DeleteDhcpOptions", "DhcpOptionsId", id)
	ok[gen.AssociateDhcpOptionsResult](c, "AssociateDhcpOptions", "DhcpOptionsId", "default", "VpcId", vpc)
	if got := ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "VpcId.1", vpc).Vpcs[0].DhcpOptionsId; *got != "default" {
		t.Errorf("the VPC has %s", *got)
	}
	ok[gen.DeleteDhcpOptionsResult](c, "DeleteDhcpOptions", "DhcpOptionsId", id)
	c.fails("InvalidDhcpOptionID.NotFound", id, "DeleteDhcpOptions", "DhcpOptionsId", id)
	c.fails("InvalidDhcpOptionID.NotFound", id, "AssociateDhcpOptions", "DhcpOptionsId", id, "VpcId", vpc)
}

// No value gets into a guest's configuration that is not what its option takes.
func TestDHCPOptionsErrors(t *testing.T) {
	c := newCloud(t)
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"MissingParameter", "DhcpConfiguration", nil},
		{"InvalidParameterValue", "Unknown DHCP option", dhcp("boot-file", "x")},
		{"InvalidParameterValue", "IPv6", dhcp("ipv6-address-preferred-lease-time", "500")},
		{"InvalidParameterValue", "more than once", dhcp("ntp-servers", "10.0.0.1", "ntp-servers", "10.0.0.2")},
		{"InvalidParameterValue", "most that it may have is 4", dhcp("domain-name-servers", "1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5")},
		{"InvalidParameterValue", "most that it may have is 1", dhcp("domain-name", "a.example,b.example")},
		{"InvalidParameterValue", "Invalid domain-name-servers", dhcp("domain-name-servers", "dns.example.com")},
		{"InvalidParameterValue", "Invalid domain-name-servers", dhcp("domain-name-servers", "::1")},
		{"InvalidParameterValue", "Invalid domain-name-servers", dhcp("domain-name-servers", "10.0.0.1\nnameserver 6.6.6.6")},
		{"InvalidParameterValue", "Invalid ntp-servers", dhcp("ntp-servers", "224.0.0.1")},
		{"InvalidParameterValue", "Invalid netbios-node-type", dhcp("netbios-node-type", "3")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", "example.com\nsearch evil")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", "$(reboot)")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", "a..b")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", "-a.example")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", "a  b")},
		{"InvalidParameterValue", "Invalid domain-name", dhcp("domain-name", strings.Repeat("a.", 130)+"a")},
	} {
		c.fails(tt.code, tt.says, "CreateDhcpOptions", tt.params...)
	}
}
