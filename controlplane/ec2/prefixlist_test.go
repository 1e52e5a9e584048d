package ec2_test

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) prefixList(most int, blocks ...string) string {
	c.t.Helper()
	params := []string{"PrefixListName", "offices", "AddressFamily", "IPv4", "MaxEntries", strconv.Itoa(most)}
	for n, b := range blocks {
		params = append(params, fmt.Sprintf("Entry.%d.Cidr", n+1), b)
	}
	return *ok[gen.CreateManagedPrefixListResult](c, "CreateManagedPrefixList", params...).PrefixList.PrefixListId
}

func (c *cloud) blocks(list string, params ...string) string {
	c.t.Helper()
	out := ok[gen.GetManagedPrefixListEntriesResult](c, "GetManagedPrefixListEntries", append([]string{"PrefixListId", list}, params...)...)
	return strings.TrimSpace(strings.Join(strings.Fields(fmtEntries(out.Entries)), " "))
}

func fmtEntries(all []*gen.PrefixListEntry) string {
	return list(all, func(e *gen.PrefixListEntry) string { return *e.Cidr })
}

func TestPrefixListLife(t *testing.T) {
	c := newCloud(t)
	made := ok[gen.CreateManagedPrefixListResult](c, "CreateManagedPrefixList", "PrefixListName", "offices", "AddressFamily", "IPv4", "MaxEntries", "5",
		"Entry.1.Cidr", "10.0.0.0/8", "Entry.1.Description", "home", "Entry.2.Cidr", "192.0.2.0/24", "TagSpecification.1.ResourceType", "prefix-list", "TagSpecification.1.Tag.1.Key", "Name").PrefixList
	id := *made.PrefixListId
	if *made.Version != 1 || *made.MaxEntries != 5 || *made.State != "create-complete" || *made.OwnerId != me || *made.PrefixListArn != "arn:aws:ec2:"+region+":"+me+":prefix-list/"+id || len(made.Tags) != 1 {
		t.Errorf("made %+v", made)
	}
	if got := c.blocks(id); got != "10.0.0.0/8 192.0.2.0/24" {
		t.Errorf("has %s", got)
	}
	c.fails("PrefixListVersionMismatch", "version number 1", "ModifyManagedPrefixList", "PrefixListId", id, "CurrentVersion", "2", "AddEntry.1.Cidr", "1.0.0.0/8")
	out := ok[gen.ModifyManagedPrefixListResult](c, "ModifyManagedPrefixList", "PrefixListId", id, "CurrentVersion", "1", "AddEntry.1.Cidr", "1.0.0.0/8", "RemoveEntry.1.Cidr", "10.0.0.0/8").PrefixList
	if *out.Version != 2 || *out.State != "modify-complete" || c.blocks(id) != "1.0.0.0/8 192.0.2.0/24" || c.blocks(id, "TargetVersion", "1") != "10.0.0.0/8 192.0.2.0/24" {
		t.Errorf("changed %+v to %s", out, c.blocks(id))
	}
	out = ok[gen.ModifyManagedPrefixListResult](c, "ModifyManagedPrefixList", "PrefixListId", id, "PrefixListName", "others", "MaxEntries", "3").PrefixList
	if *out.Version != 2 || *out.PrefixListName != "others" || *out.MaxEntries != 3 {
		t.Errorf("renamed %+v", out)
	}
	restored := ok[gen.RestoreManagedPrefixListVersionResult](c, "RestoreManagedPrefixListVersion", "PrefixListId", id, "PreviousVersion", "1", "CurrentVersion", "2").PrefixList
	if *restored.Version != 3 || *restored.State != "restore-complete" || c.blocks(id) != "10.0.0.0/8 192.0.2.0/24" {
		t.Errorf("restored %+v", restored)
	}
	for filter, value := range map[string]string{"prefix-list-id": id, "prefix-list-name": "oth*", "owner-id": me, "tag-key": "Name"} {
		if got := ok[gen.DescribeManagedPrefixListsResult](c, "DescribeManagedPrefixLists", "Filter.1.Name", filter, "Filter.1.Value.1", value).PrefixLists; len(got) != 1 || *got[0].PrefixListId != id {
			t.Errorf("%s finds %d", filter, len(got))
		}
	}
	first := ok[gen.GetManagedPrefixListEntriesResult](c, "GetManagedPrefixListEntries", "PrefixListId", id, "MaxResults", "1")
	second := ok[gen.GetManagedPrefixListEntriesResult](c, "GetManagedPrefixListEntries", "PrefixListId", id, "MaxResults", "1", "NextToken", *first.NextToken)
	if fmtEntries(first.Entries)+" "+fmtEntries(second.Entries) != "10.0.0.0/8 192.0.2.0/24" || second.NextToken != nil || *first.Entries[0].Description != "home" {
		t.Errorf("pages %v, %v", first, second)
	}
	if got := ok[gen.DescribePrefixListsResult](c, "DescribePrefixLists").PrefixLists; len(got) != 0 {
		t.Errorf("services have lists: %v", got)
	}

	web := c.group("web")
	add := []string{"GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "443", "IpPermissions.1.ToPort", "443", "IpPermissions.1.PrefixListIds.1.PrefixListId", id}
	rules := ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", add...).SecurityGroupRules
	if len(rules) != 1 || *rules[0].PrefixListId != id || rules[0].CidrIpv4 != nil {
		t.Errorf("the rule is %+v", rules[0])
	}
	c.fails("InvalidPermission.Duplicate", id, "AuthorizeSecurityGroupIngress", add...)
	shown := ok[gen.DescribeSecurityGroupsResult](c, "DescribeSecurityGroups", "Filter.1.Name", "ip-permission.prefix-list-id", "Filter.1.Value.1", id).SecurityGroups
	if len(shown) != 1 || *shown[0].IpPermissions[0].PrefixListIds[0].PrefixListId != id || len(shown[0].IpPermissions[0].IpRanges) != 0 {
		t.Errorf("the group is %+v", shown)
	}
	users := ok[gen.GetManagedPrefixListAssociationsResult](c, "GetManagedPrefixListAssociations", "PrefixListId", id).PrefixListAssociations
	if len(users) != 1 || *users[0].ResourceId != web || *users[0].ResourceOwner != me {
		t.Errorf("used by %v", users)
	}
	c.fails("DependencyViolation", web, "DeleteManagedPrefixList", "PrefixListId", id)
	ok[gen.RevokeSecurityGroupIngressResult](c, "RevokeSecurityGroupIngress", add...)
	gone := ok[gen.DeleteManagedPrefixListResult](c, "DeleteManagedPrefixList", "PrefixListId", id).PrefixList
	if *gone.State != "delete-complete" {
		t.Errorf("deleted %+v", gone)
	}
	c.fails("InvalidPrefixListID.NotFound", id, "DescribeManagedPrefixLists", "PrefixListId.1", id)
	c.fails("InvalidPrefixListID.NotFound", id, "AuthorizeSecurityGroupIngress", add...)
}

func TestPrefixListErrors(t *testing.T) {
	c := newCloud(t)
	id := c.prefixList(2, "10.0.0.0/8", "192.0.2.0/24")
	create := func(params ...string) []string {
		return append([]string{"PrefixListName", "offices", "AddressFamily", "IPv4", "MaxEntries", "2"}, params...)
	}
	for _, tt := range []struct {
		code, says, action string
		params             []string
	}{
		{"InvalidParameterValue", "com.amazonaws", "CreateManagedPrefixList", create("PrefixListName", "com.amazonaws.eu.s3")},
		{"UnsupportedOperation", "IPv6", "CreateManagedPrefixList", create("AddressFamily", "IPv6")},
		{"InvalidParameterValue", "addressFamily", "CreateManagedPrefixList", create("AddressFamily", "IPX")},
		{"InvalidParameterValue", "maxEntries", "CreateManagedPrefixList", create("MaxEntries", "0")},
		{"PrefixListMaxEntriesExceeded", "has been reached.", "CreateManagedPrefixList", create("MaxEntries", "1001")},
		{"InvalidParameterValue", "10.0.0.0/8", "CreateManagedPrefixList", create("Entry.1.Cidr", "10.0.0.1/8")},
		{"InvalidParameterValue", "malformed", "CreateManagedPrefixList", create("Entry.1.Cidr", "10.0.0.1")},
		{"InvalidParameterValue", "IPv6", "CreateManagedPrefixList", create("Entry.1.Cidr", "::/0")},
		{"InvalidParameterValue", "duplicate", "CreateManagedPrefixList", create("Entry.1.Cidr", "10.0.0.0/8", "Entry.2.Cidr", "10.0.0.0/8")},
		{"PrefixListMaxEntriesExceeded", "may have 2", "CreateManagedPrefixList", create("Entry.1.Cidr", "1.0.0.0/8", "Entry.2.Cidr", "2.0.0.0/8", "Entry.3.Cidr", "3.0.0.0/8")},
		{"PrefixListMaxEntriesExceeded", "may have 2", "ModifyManagedPrefixList", []string{"PrefixListId", id, "CurrentVersion", "1", "AddEntry.1.Cidr", "1.0.0.0/8"}},
		{"PrefixListMaxEntriesExceeded", "may have 1", "ModifyManagedPrefixList", []string{"PrefixListId", id, "MaxEntries", "1"}},
		{"MissingParameter", "CurrentVersion", "ModifyManagedPrefixList", []string{"PrefixListId", id, "AddEntry.1.Cidr", "1.0.0.0/8"}},
		{"InvalidParameterCombination", "same time", "ModifyManagedPrefixList", []string{"PrefixListId", id, "CurrentVersion", "1", "MaxEntries", "9", "AddEntry.1.Cidr", "1.0.0.0/8"}},
		{"InvalidParameterValue", "in both", "ModifyManagedPrefixList", []string{"PrefixListId", id, "CurrentVersion", "1", "RemoveEntry.1.Cidr", "10.0.0.0/8", "AddEntry.1.Cidr", "10.0.0.0/8"}},
		{"InvalidRequest", "192.0.2.0/24", "ModifyManagedPrefixList", []string{"PrefixListId", id, "CurrentVersion", "1", "RemoveEntry.1.Cidr", "10.0.0.0/8", "AddEntry.1.Cidr", "192.0.2.0/24"}},
		{"InvalidParameterValue", "not in the prefix list", "ModifyManagedPrefixList", []string{"PrefixListId", id, "CurrentVersion", "1", "RemoveEntry.1.Cidr", "9.0.0.0/8"}},
		{"InvalidParameterValue", "no version 7", "RestoreManagedPrefixListVersion", []string{"PrefixListId", id, "PreviousVersion", "7", "CurrentVersion", "1"}},
		{"PrefixListVersionMismatch", "", "RestoreManagedPrefixListVersion", []string{"PrefixListId", id, "PreviousVersion", "1", "CurrentVersion", "5"}},
		{"InvalidParameterValue", "no version 9", "GetManagedPrefixListEntries", []string{"PrefixListId", id, "TargetVersion", "9"}},
		{"InvalidPrefixListId.Malformed", "pl-x", "DeleteManagedPrefixList", []string{"PrefixListId", "pl-x"}},
		{"InvalidPrefixListID.NotFound", id, "DescribePrefixLists", []string{"PrefixListId.1", id}},
	} {
		c.fails(tt.code, tt.says, tt.action, tt.params...)
	}
}

// A prefix list counts for as many rules as it may have entries.
func TestPrefixListsCountForTheQuota(t *testing.T) {
	c := newCloud(t)
	web, big, small := c.group("web"), c.prefixList(50), c.prefixList(10)
	rule := func(list, port string) []string {
		return []string{"GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", port, "IpPermissions.1.ToPort", port, "IpPermissions.1.PrefixListIds.1.PrefixListId", list}
	}
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", rule(big, "1")...)
	c.fails("RulesPerSecurityGroupLimitExceeded", "has been reached.", "AuthorizeSecurityGroupIngress", rule(big, "2")...)
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", rule(small, "2")...)
	c.fails("RulesPerSecurityGroupLimitExceeded", "has been reached.", "AuthorizeSecurityGroupIngress", "GroupId", web, "IpProtocol", "tcp", "FromPort", "9", "ToPort", "9", "CidrIp", "10.0.0.0/8")
	c.fails("RulesPerSecurityGroupLimitExceeded", "has been reached.", "ModifyManagedPrefixList", "PrefixListId", small, "MaxEntries", "11")
	ok[gen.ModifyManagedPrefixListResult](c, "ModifyManagedPrefixList", "PrefixListId", small, "MaxEntries", "9")
	ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", "GroupId", web, "IpProtocol", "tcp", "FromPort", "9", "ToPort", "9", "CidrIp", "10.0.0.0/8")
}

// TestPrefixListVersions changes a list at random: each version has, for good, the
// entries that it had when it was made.
func TestPrefixListVersions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCloud(t)
		id := c.prefixList(6)
		now, version := map[string]bool{}, 1
		versions := map[int]string{1: ""}
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			params := []string{"PrefixListId", id, "CurrentVersion", strconv.Itoa(version)}
			next := maps.Clone(now)
			if rapid.IntRange(0, 5).Draw(rt, "restore") == 0 {
				back := rapid.IntRange(1, version).Draw(rt, "version")
				_, _, err := c.raw("RestoreManagedPrefixListVersion", append(params, "PreviousVersion", strconv.Itoa(back))...)
				if (err == nil) != (back < version) {
					rt.Fatalf("restore %d of %d: %v", back, version, err)
				}
				if err == nil {
					next = map[string]bool{}
					for _, b := range strings.Fields(versions[back]) {
						next[b] = true
					}
				}
				now, version = next, version+map[bool]int{true: 1}[err == nil]
			} else {
				block := rapid.SampledFrom([]string{"1.0.0.0/8", "2.0.0.0/8", "3.0.0.0/8", "4.0.0.0/8", "5.0.0.0/8", "6.0.0.0/8", "7.0.0.0/8"}).Draw(rt, "block")
				add := rapid.Bool().Draw(rt, "add")
				name := map[bool]string{true: "AddEntry.1.Cidr", false: "RemoveEntry.1.Cidr"}[add]
				_, _, err := c.raw("ModifyManagedPrefixList", append(params, name, block)...)
				if want := now[block] != add && (!add || len(now) < 6); (err == nil) != want {
					rt.Fatalf("%s %s to %v: %v", name, block, now, err)
				}
				if err == nil {
					delete(next, block)
					if add {
						next[block] = true
					}
					now, version = next, version+1
				}
			}
			versions[version] = strings.Join(slices.Sorted(maps.Keys(now)), " ")
			for v, want := range versions {
				if got := c.blocks(id, "TargetVersion", strconv.Itoa(v)); got != want {
					rt.Fatalf("version %d has %q, want %q", v, got, want)
				}
			}
		}
	})
}

// peered makes a second VPC of an account, with a group of its own, peered with mine.
func (c *cloud) peered(account string) (vpc, group, peering string) {
	c.t.Helper()
	vpc, group, peering = "vpc-0123456789abcdef0", "sg-0123456789abcdef0", "pcx-0123456789abcdef0"
	mine := c.defaultVPC()
	c.update(func(tx *store.Tx) error {
		owned := model.Owned{Account: account, Region: region}
		return errors.Join(
			store.VPCs.Put(tx, &model.VPC{ID: vpc, Owned: owned, CIDR: netip.MustParsePrefix("10.9.0.0/16"), Tenancy: "default"}),
			store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: group, Owned: owned, VPC: vpc, Name: "remote", Description: "remote"}),
			store.Peerings.Put(tx, &model.Peering{ID: peering, Owned: model.Owned{Account: me, Region: region}, State: model.PeeringActive,
				Requester: model.PeeringSide{Owned: model.Owned{Account: me, Region: region}, VPC: mine}, Accepter: model.PeeringSide{Owned: owned, VPC: vpc}}))
	})
	return vpc, group, peering
}

func (c *cloud) setPeering(id, state string) {
	c.t.Helper()
	c.update(func(tx *store.Tx) error {
		row := *store.Peerings.Get(tx, id)
		row.State = state
		return store.Peerings.Put(tx, &row)
	})
}

func TestGroupsOfPeeredVPCs(t *testing.T) {
	for _, account := range []string{me, other} {
		c := newCloud(t)
		vpc, remote, peering := c.peered(account)
		web := c.group("web")
		rule := []string{"GroupId", web, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "443", "IpPermissions.1.ToPort", "443", "IpPermissions.1.Groups.1.GroupId", remote}
		if account == other {
			c.fails("InvalidGroup.NotFound", remote, "AuthorizeSecurityGroupIngress", rule...) // without the account's id
		}
		rule = append(rule, "IpPermissions.1.Groups.1.UserId", account)
		c.setPeering(peering, model.PeeringPending)
		c.fails("InvalidGroup.NotFound", "different networks", "AuthorizeSecurityGroupIngress", rule...)
		c.setPeering(peering, model.PeeringActive)
		c.fails("InvalidVpcPeeringConnectionID.NotFound", "pcx-1", "AuthorizeSecurityGroupIngress", append(rule, "IpPermissions.1.Groups.1.VpcPeeringConnectionId", "pcx-1")...)
		made := ok[gen.AuthorizeSecurityGroupIngressResult](c, "AuthorizeSecurityGroupIngress", rule...).SecurityGroupRules[0]
		if info := made.ReferencedGroupInfo; *info.GroupId != remote || *info.UserId != account || *info.VpcId != vpc || *info.PeeringStatus != "active" || *info.VpcPeeringConnectionId != peering {
			t.Errorf("the rule names %+v", info)
		}
		pair := func() *gen.UserIdGroupPair {
			return ok[gen.DescribeSecurityGroupsResult](c, "DescribeSecurityGroups", "GroupId.1", web).SecurityGroups[0].IpPermissions[0].UserIdGroupPairs[0]
		}
		if p := pair(); *p.VpcId != vpc || *p.PeeringStatus != "active" || *p.VpcPeeringConnectionId != peering || *p.UserId != account {
			t.Errorf("the group shows %+v", p)
		}
		refs := ok[gen.DescribeSecurityGroupReferencesResult](c.as(account, region), "DescribeSecurityGroupReferences", "GroupId.1", remote).SecurityGroupReferenceSet
		if len(refs) != 1 || *refs[0].ReferencingVpcId != c.defaultVPC() || *refs[0].VpcPeeringConnectionId != peering || *refs[0].GroupId != remote {
			t.Errorf("referred to by %+v", refs)
		}
		staleGroups := func() []*gen.StaleSecurityGroup {
			return ok[gen.DescribeStaleSecurityGroupsResult](c, "DescribeStaleSecurityGroups", "VpcId", c.defaultVPC()).StaleSecurityGroupSet
		}
		if got := staleGroups(); len(got) != 0 {
			t.Errorf("stale at once: %+v", got)
		}
		c.setPeering(peering, model.PeeringDeleted)
		if got := staleGroups(); len(got) != 1 || *got[0].GroupId != web || len(got[0].StaleIpPermissions) != 1 || *got[0].StaleIpPermissions[0].UserIdGroupPairs[0].PeeringStatus != "deleted" || len(got[0].StaleIpPermissionsEgress) != 0 {
			t.Errorf("stale is %+v", got)
		}
		c.setPeering(peering, model.PeeringActive)
		ok[gen.DeleteSecurityGroupResult](c.as(account, region), "DeleteSecurityGroup", "GroupId", remote)
		if got := staleGroups(); len(got) != 1 {
			t.Errorf("a rule of a group that is gone is not stale: %+v", got)
		}
		if p := pair(); *p.UserId != account || *p.GroupId != remote {
			t.Errorf("of a group that is gone, %+v", p)
		}
		ok[gen.RevokeSecurityGroupIngressResult](c, "RevokeSecurityGroupIngress", rule...)
		if got := staleGroups(); len(got) != 0 {
			t.Errorf("stale after the revocation: %+v", got)
		}
	}
}

func TestSecurityGroupsForVpc(t *testing.T) {
	c := newCloud(t)
	c.peered(me)
	web, vpc := c.group("web"), c.defaultVPC()
	get := func(params ...string) string {
		out := ok[gen.GetSecurityGroupsForVpcResult](c, "GetSecurityGroupsForVpc", append([]string{"VpcId", vpc}, params...)...)
		names := strings.Fields(list(out.SecurityGroupForVpcs, func(g *gen.SecurityGroupForVpc) string { return *g.GroupName }))
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if got := get(); got != "default web" {
		t.Errorf("the VPC has %s", got)
	}
	for filter, value := range map[string]string{"group-id": web, "group-name": "web", "description": "web"} {
		if got := get("Filter.1.Name", filter, "Filter.1.Value.1", value); got != "web" {
			t.Errorf("%s finds %s", filter, got)
		}
	}
	if got := get("Filter.1.Name", "primary-vpc-id", "Filter.1.Value.1", vpc, "Filter.2.Name", "owner-id", "Filter.2.Value.1", me); got != "default web" {
		t.Errorf("by VPC and owner, %s", got)
	}
	c.fails("InvalidVpcID.NotFound", "vpc-00000000000000000", "GetSecurityGroupsForVpc", "VpcId", "vpc-00000000000000000")
}
