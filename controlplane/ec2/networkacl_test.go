package ec2_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) defaultVPC() string {
	c.t.Helper()
	return *ok[gen.DescribeVpcsResult](c, "DescribeVpcs", "Filter.1.Name", "is-default", "Filter.1.Value.1", "true").Vpcs[0].VpcId
}

func (c *cloud) acl(id string) *gen.NetworkAcl {
	c.t.Helper()
	return ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "NetworkAclId.1", id).NetworkAcls[0]
}

func entries(n *gen.NetworkAcl) string {
	return strings.Join(strings.Fields(list(n.Entries, func(e *gen.NetworkAclEntry) string {
		s := strconv.FormatInt(*e.RuleNumber, 10) + ":" + *e.RuleAction + ":" + *e.Protocol + ":" + *e.CidrBlock
		if e.PortRange != nil {
			s += ":" + strconv.FormatInt(*e.PortRange.From, 10) + "-" + strconv.FormatInt(*e.PortRange.To, 10)
		}
		if e.IcmpTypeCode != nil {
			s += ":" + strconv.FormatInt(*e.IcmpTypeCode.Type, 10) + "/" + strconv.FormatInt(*e.IcmpTypeCode.Code, 10)
		}
		if *e.Egress {
			s += ":out"
		}
		return s
	})), " ")
}

const denyAll = "32767:deny:-1:0.0.0.0/0"

func TestNetworkACLLife(t *testing.T) {
	c := newCloud(t)
	vpc := c.defaultVPC()
	made := ok[gen.CreateNetworkAclResult](c, "CreateNetworkAcl", "VpcId", vpc, "TagSpecification.1.ResourceType", "network-acl", "TagSpecification.1.Tag.1.Key", "Name").NetworkAcl
	id := *made.NetworkAclId
	if got := entries(made); got != denyAll+":out "+denyAll || *made.IsDefault || *made.VpcId != vpc || len(made.Associations) != 0 || len(made.Tags) != 1 {
		t.Errorf("made %+v with %s", made, got)
	}
	add := func(params ...string) {
		t.Helper()
		ok[gen.CreateNetworkAclEntryResult](c, "CreateNetworkAclEntry", append([]string{"NetworkAclId", id}, params...)...)
	}
	add("RuleNumber", "200", "Egress", "false", "Protocol", "6", "RuleAction", "allow", "CidrBlock", "10.1.2.3/8", "PortRange.From", "80", "PortRange.To", "443")
	add("RuleNumber", "100", "Egress", "false", "Protocol", "icmp", "RuleAction", "deny", "CidrBlock", "0.0.0.0/0", "Icmp.Type", "8", "Icmp.Code", "-1")
	add("RuleNumber", "100", "Egress", "true", "Protocol", "-1", "RuleAction", "allow", "CidrBlock", "0.0.0.0/0")
	add("RuleNumber", "300", "Egress", "true", "Protocol", "50", "RuleAction", "allow", "CidrBlock", "1.2.3.4/32", "PortRange.From", "1", "PortRange.To", "2")
	want := "100:allow:-1:0.0.0.0/0:out 300:allow:50:1.2.3.4/32:out " + denyAll + ":out 100:deny:1:0.0.0.0/0:8/-1 200:allow:6:10.0.0.0/8:80-443 " + denyAll
	if got := entries(c.acl(id)); got != want {
		t.Errorf("it has\n%s, want\n%s", got, want)
	}
	for filter, value := range map[string]string{
		"entry.cidr": "10.0.0.0/8", "entry.icmp.code": "-1", "entry.icmp.type": "8", "entry.port-range.from": "80", "entry.port-range.to": "443",
		"entry.protocol": "50", "entry.rule-number": "300", "network-acl-id": id, "tag:Name": "", "tag-key": "Name",
	} {
		out := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", filter, "Filter.1.Value.1", value).NetworkAcls
		if len(out) != 1 || *out[0].NetworkAclId != id {
			t.Errorf("%s=%s finds %d", filter, value, len(out))
		}
	}
	for filter, value := range map[string]string{"default": "false", "entry.rule-action": "deny", "entry.egress": "true", "vpc-id": vpc, "owner-id": me, "entry.rule-number": "32767"} {
		out := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", filter, "Filter.1.Value.1", value).NetworkAcls
		if want := map[bool]int{true: 1, false: 2}[filter == "default"]; len(out) != want {
			t.Errorf("%s=%s finds %d, want %d", filter, value, len(out), want)
		}
	}
	c.fails("NetworkAclEntryAlreadyExists", "100", "CreateNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "100", "Egress", "true", "Protocol", "-1", "RuleAction", "deny", "CidrBlock", "0.0.0.0/0")
	ok[gen.ReplaceNetworkAclEntryResult](c, "ReplaceNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "100", "Egress", "true", "Protocol", "-1", "RuleAction", "deny", "CidrBlock", "0.0.0.0/0")
	if got := entries(c.acl(id)); !strings.HasPrefix(got, "100:deny:-1:0.0.0.0/0:out ") {
		t.Errorf("replaced: %s", got)
	}
	c.fails("InvalidNetworkAclEntry.NotFound", "77", "ReplaceNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "77", "Egress", "true", "Protocol", "-1", "RuleAction", "deny", "CidrBlock", "0.0.0.0/0")
	ok[gen.DeleteNetworkAclEntryResult](c, "DeleteNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "100", "Egress", "true")
	c.fails("InvalidNetworkAclEntry.NotFound", "100", "DeleteNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "100", "Egress", "true")
	c.fails("InvalidParameterValue", "ruleNumber", "DeleteNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "32767", "Egress", "true")
}

func TestNetworkACLAssociations(t *testing.T) {
	c := newCloud(t)
	vpc, subnet := c.defaultVPC(), c.defaultSubnet(zoneA)
	id := *ok[gen.CreateNetworkAclResult](c, "CreateNetworkAcl", "VpcId", vpc).NetworkAcl.NetworkAclId
	bySubnet := func() *gen.NetworkAclAssociation {
		t.Helper()
		acls := ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls", "Filter.1.Name", "association.subnet-id", "Filter.1.Value.1", subnet).NetworkAcls
		if len(acls) != 1 {
			t.Fatalf("%d ACLs have %s", len(acls), subnet)
		}
		for _, x := range acls[0].Associations {
			if *x.SubnetId == subnet {
				return x
			}
		}
		return nil
	}
	first := bySubnet()
	out := ok[gen.ReplaceNetworkAclAssociationResult](c, "ReplaceNetworkAclAssociation", "AssociationId", *first.NetworkAclAssociationId, "NetworkAclId", id)
	now := bySubnet()
	if *now.NetworkAclId != id || *now.NetworkAclAssociationId != *out.NewAssociationId || *out.NewAssociationId == *first.NetworkAclAssociationId {
		t.Errorf("now %+v", now)
	}
	again := ok[gen.ReplaceNetworkAclAssociationResult](c, "ReplaceNetworkAclAssociation", "AssociationId", *out.NewAssociationId, "NetworkAclId", id)
	if x := bySubnet(); *x.NetworkAclAssociationId != *again.NewAssociationId || *x.NetworkAclId != id {
		t.Errorf("the same again: %+v", x)
	}
	c.fails("InvalidAssociationID.NotFound", *first.NetworkAclAssociationId, "ReplaceNetworkAclAssociation", "AssociationId", *first.NetworkAclAssociationId, "NetworkAclId", id)
	c.fails("DependencyViolation", id, "DeleteNetworkAcl", "NetworkAclId", id)
	c.fails("InvalidParameterValue", "cannot delete default network ACL", "DeleteNetworkAcl", "NetworkAclId", *first.NetworkAclId)
	var elsewhere string
	c.update(func(tx *store.Tx) error {
		row := *store.NetworkACLs.Get(tx, id)
		elsewhere = "acl-0123456789abcdef0"
		row.ID, row.VPC, row.Subnets = elsewhere, "vpc-0123456789abcdef0", nil
		return store.NetworkACLs.Put(tx, &row)
	})
	c.fails("InvalidParameterValue", "belong to different networks", "ReplaceNetworkAclAssociation", "AssociationId", *again.NewAssociationId, "NetworkAclId", elsewhere)
	ok[gen.ReplaceNetworkAclAssociationResult](c, "ReplaceNetworkAclAssociation", "AssociationId", *again.NewAssociationId, "NetworkAclId", *first.NetworkAclId)
	ok[gen.DeleteNetworkAclResult](c, "DeleteNetworkAcl", "NetworkAclId", id)
	c.fails("InvalidNetworkAclID.NotFound", id, "DeleteNetworkAcl", "NetworkAclId", id)
}

func TestNetworkACLEntryErrors(t *testing.T) {
	c := newCloud(t)
	id := *ok[gen.CreateNetworkAclResult](c, "CreateNetworkAcl", "VpcId", c.defaultVPC()).NetworkAcl.NetworkAclId
	entry := func(params ...string) []string {
		return append([]string{"NetworkAclId", id, "RuleNumber", "10", "Egress", "false", "Protocol", "-1", "RuleAction", "allow", "CidrBlock", "10.0.0.0/8"}, params...)
	}
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameterValue", "ruleNumber", entry("RuleNumber", "0")},
		{"InvalidParameterValue", "ruleNumber", entry("RuleNumber", "32767")},
		{"InvalidParameterValue", "RuleAction", entry("RuleAction", "maybe")},
		{"InvalidParameterValue", "Unknown protocol", entry("Protocol", "256")},
		{"InvalidParameterValue", "Unknown protocol", entry("Protocol", "magic")},
		{"InvalidParameterValue", "IPv6", entry("Protocol", "58")},
		{"InvalidParameterCombination", "ipv6CidrBlock", entry("Ipv6CidrBlock", "::/0")},
		{"InvalidParameterValue", "malformed", entry("CidrBlock", "10.0.0.0/33")},
		{"MissingParameter", "portRange", entry("Protocol", "6")},
		{"MissingParameter", "portRange", entry("Protocol", "17", "PortRange.From", "1")},
		{"InvalidParameterValue", "65535", entry("Protocol", "17", "PortRange.From", "1", "PortRange.To", "65536")},
		{"InvalidParameterValue", "range (5:4)", entry("Protocol", "6", "PortRange.From", "5", "PortRange.To", "4")},
		{"MissingParameter", "icmpTypeCode", entry("Protocol", "1")},
		{"InvalidParameterValue", "ICMP type", entry("Protocol", "1", "Icmp.Type", "255", "Icmp.Code", "0")},
		{"InvalidParameterValue", "ICMP code", entry("Protocol", "1", "Icmp.Type", "-1", "Icmp.Code", "0")},
		{"InvalidNetworkAclID.NotFound", "acl-00000000000000000", entry("NetworkAclId", "acl-00000000000000000")},
		{"InvalidNetworkAclId.Malformed", "acl-1", entry("NetworkAclId", "acl-1")},
	} {
		c.fails(tt.code, tt.says, "CreateNetworkAclEntry", tt.params...)
	}
	for n := range 20 {
		ok[gen.CreateNetworkAclEntryResult](c, "CreateNetworkAclEntry", entry("RuleNumber", strconv.Itoa(n+1))...)
	}
	c.fails("NetworkAclEntryLimitExceeded", "has been reached.", "CreateNetworkAclEntry", entry("RuleNumber", "99")...)
	ok[gen.CreateNetworkAclEntryResult](c, "CreateNetworkAclEntry", entry("Egress", "true")...) // the other direction has its own
	c.fails("InvalidVpcID.NotFound", "vpc-00000000000000000", "CreateNetworkAcl", "VpcId", "vpc-00000000000000000")
}

// Rows that were written when the last entries were stored show them once.
func TestOldRowsOfNetworkACLs(t *testing.T) {
	c := newCloud(t)
	id := *ok[gen.DescribeNetworkAclsResult](c, "DescribeNetworkAcls").NetworkAcls[0].NetworkAclId
	c.update(func(tx *store.Tx) error {
		row := *store.NetworkACLs.Get(tx, id)
		for _, egress := range []bool{false, true} {
			row.Entries = append(row.Entries, model.ACLEntry{Number: 32767, Egress: egress, Protocol: "-1", CIDR: row.Entries[0].CIDR})
		}
		return store.NetworkACLs.Put(tx, &row)
	})
	allow := "100:allow:-1:0.0.0.0/0"
	if got, want := entries(c.acl(id)), allow+":out "+denyAll+":out "+allow+" "+denyAll; got != want {
		t.Errorf("shows %s, want %s", got, want)
	}
	ok[gen.DeleteNetworkAclEntryResult](c, "DeleteNetworkAclEntry", "NetworkAclId", id, "RuleNumber", "100", "Egress", "true")
	for _, e := range store.NetworkACLs.Get(c.db.Stale(), id).Entries {
		if e.Number == 32767 {
			t.Error("a changed row keeps the last entry")
		}
	}
}
