package ec2

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// lister calls a Describe and returns the ids that it shows and the next token.
type lister func(w *world, ids []string, filters []*gen.Filter, max *int64, token *string) ([]string, *string, error)

func idsOf[T any](list []*T, id func(*T) *string) []string {
	out := []string{}
	for _, x := range list {
		out = append(out, *id(x))
	}
	return out
}

// describes has every paged Describe of this half, with the error codes for its ids.
var describes = map[string]struct {
	list    lister
	kind    idKind
	maximum int64
}{
	"DescribeVpcs": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeVpcs, &gen.DescribeVpcsRequest{VpcIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.Vpcs, func(x *gen.Vpc) *string { return x.VpcId }), out.NextToken, nil
	}, vpcKind, 1000},
	"DescribeSubnets": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeSubnets, &gen.DescribeSubnetsRequest{SubnetIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.Subnets, func(x *gen.Subnet) *string { return x.SubnetId }), out.NextToken, nil
	}, subnetKind, 1000},
	"DescribeRouteTables": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{RouteTableIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.RouteTables, func(x *gen.RouteTable) *string { return x.RouteTableId }), out.NextToken, nil
	}, routeTableKind, 100},
	"DescribeInternetGateways": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeInternetGateways, &gen.DescribeInternetGatewaysRequest{InternetGatewayIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.InternetGateways, func(x *gen.InternetGateway) *string { return x.InternetGatewayId }), out.NextToken, nil
	}, gatewayKind, 1000},
	"DescribeNetworkInterfaces": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeNetworkInterfaces, &gen.DescribeNetworkInterfacesRequest{NetworkInterfaceIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.NetworkInterfaces, func(x *gen.NetworkInterface) *string { return x.NetworkInterfaceId }), out.NextToken, nil
	}, interfaceKind, 1000},
	"DescribeNetworkAcls": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeNetworkAcls, &gen.DescribeNetworkAclsRequest{NetworkAclIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.NetworkAcls, func(x *gen.NetworkAcl) *string { return x.NetworkAclId }), out.NextToken, nil
	}, networkACLKind, 1000},
	"DescribeDhcpOptions": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeDhcpOptions, &gen.DescribeDhcpOptionsRequest{DhcpOptionsIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.DhcpOptions, func(x *gen.DhcpOptions) *string { return x.DhcpOptionsId }), out.NextToken, nil
	}, dhcpOptionsKind, 1000},
	"DescribeSecurityGroups": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.SecurityGroups, func(x *gen.SecurityGroup) *string { return x.GroupId }), out.NextToken, nil
	}, securityGroupKind, 1000},
	"DescribeSecurityGroupRules": {func(w *world, ids []string, f []*gen.Filter, max *int64, token *string) ([]string, *string, error) {
		out, err := look(w, w.api.describeSecurityGroupRules, &gen.DescribeSecurityGroupRulesRequest{SecurityGroupRuleIds: ids, Filters: f, MaxResults: max, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return idsOf(out.SecurityGroupRules, func(x *gen.SecurityGroupRule) *string { return x.SecurityGroupRuleId }), out.NextToken, nil
	}, securityRuleKind, 1000},
}

func TestDescribeByID(t *testing.T) {
	w := newWorld(t)
	w.eni(w.subnet("eu-central-1a"), "")
	other := w.as("999988887777", testRegion)
	other.ensureNetwork("eu-central-1a")
	for name, d := range describes {
		all, next, err := d.list(w, nil, nil, nil, nil)
		if err != nil || len(all) == 0 || next != nil || !slices.IsSorted(all) {
			t.Fatalf("%s: %v, next %v, %v", name, all, next, err)
		}
		got, _, err := d.list(w, []string{all[0], all[0]}, nil, nil, nil)
		if err != nil || !slices.Equal(got, all[:1]) {
			t.Errorf("%s of %s twice: %v, %v", name, all[0], got, err)
		}
		unknown := d.kind.prefix + "-0123456789abcdef0"
		for _, tt := range []struct {
			ids  []string
			code string
		}{
			{[]string{unknown}, d.kind.notFound},
			{[]string{all[0], unknown}, d.kind.notFound},
			{[]string{"x"}, d.kind.malformed},
			{[]string{""}, d.kind.malformed},
			{[]string{d.kind.prefix + "-xyz"}, d.kind.malformed},
			{[]string{unknown, "i-0123456789abcdef0"}, d.kind.malformed},
			{[]string{strings.ToUpper(all[0])}, d.kind.malformed},
		} {
			_, _, err := d.list(w, tt.ids, nil, nil, nil)
			wantCode(t, err, tt.code, fmt.Sprint(name, tt.ids))
		}
		_, _, err = d.list(other, all[:1], nil, nil, nil)
		wantCode(t, err, d.kind.notFound, name+" of another account's")
		got, _, err = d.list(w, all[:1], flt("tag:nobody", "*"), nil, nil)
		if err != nil || len(got) != 0 {
			t.Errorf("%s: ids and filters count together: %v, %v", name, got, err)
		}
	}
}

func TestDescribePages(t *testing.T) {
	w := newWorld(t)
	w.update(func(tx *store.Tx) error { // twelve more of everything
		for n := range 12 {
			if err := copyRows(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	for name, d := range describes {
		all, _, err := d.list(w, nil, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var paged []string
		var token *string
		for {
			rows, next, err := d.list(w, nil, nil, new(int64(5)), token)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			paged = append(paged, rows...)
			if token = next; token == nil {
				break
			}
			if len(rows) != 5 {
				t.Fatalf("%s: a page of %d", name, len(rows))
			}
		}
		if !slices.Equal(all, paged) || name != "DescribeNetworkInterfaces" && len(all) < 13 {
			t.Errorf("%s in pages:\n%v, at once:\n%v", name, paged, all)
		}
		for _, max := range []int64{-1, 0, 4, d.maximum + 1} {
			_, _, err := d.list(w, nil, nil, &max, nil)
			wantCode(t, err, "InvalidParameterValue", fmt.Sprint(name, " MaxResults ", max))
		}
		_, _, err = d.list(w, nil, nil, nil, new("made-up"))
		wantCode(t, err, "InvalidNextToken", name)
	}
	_, token, _ := describes["DescribeSubnets"].list(w, nil, nil, new(int64(5)), nil)
	_, _, err := describes["DescribeVpcs"].list(w, nil, nil, nil, token)
	wantCode(t, err, "InvalidNextToken", "a token of another action")
	_, _, err = describes["DescribeSubnets"].list(w.as("999988887777", testRegion), nil, nil, nil, token)
	wantCode(t, err, "InvalidNextToken", "a token of another account")
}

// copyRows makes one more row of each network table, for numbers only.
func copyRows(tx *store.Tx, n int) error {
	id := func(old string) string { return old[:len(old)-3] + fmt.Sprintf("%03x", n) }
	v := *first(store.VPCs.List(tx))
	v.ID, v.Default = id(v.ID), false
	s := *first(store.Subnets.List(tx))
	s.VNI = 0
	s.ID = id(s.ID)
	rt := *first(store.RouteTables.List(tx))
	rt.ID = id(rt.ID)
	g := *first(store.InternetGateways.List(tx))
	g.ID = id(g.ID)
	acl := *first(store.NetworkACLs.List(tx))
	acl.ID = id(acl.ID)
	o := *first(store.DHCPOptions.List(tx))
	o.ID = id(o.ID)
	sg := *first(store.SecurityGroups.List(tx))
	sg.ID, sg.Name = id(sg.ID), fmt.Sprint("copy", n)
	r := *first(store.SecurityRules.List(tx))
	r.ID = id(r.ID)
	for _, put := range []func() error{
		func() error { return store.VPCs.Put(tx, &v) }, func() error { return store.Subnets.Put(tx, &s) },
		func() error { return store.RouteTables.Put(tx, &rt) }, func() error { return store.InternetGateways.Put(tx, &g) },
		func() error { return store.NetworkACLs.Put(tx, &acl) }, func() error { return store.DHCPOptions.Put(tx, &o) },
		func() error { return store.SecurityGroups.Put(tx, &sg) }, func() error { return store.SecurityRules.Put(tx, &r) },
	} {
		if err := put(); err != nil {
			return err
		}
	}
	return nil
}

func first[R any](rows func(func(*R) bool)) (out *R) {
	for r := range rows {
		return r
	}
	return out
}

// documentedFilters are those of the EC2 API reference for each action.
var documentedFilters = map[string]string{
	"DescribeVpcs":               "cidr cidr-block-association.cidr-block cidr-block-association.association-id cidr-block-association.state dhcp-options-id ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.ipv6-pool ipv6-cidr-block-association.association-id ipv6-cidr-block-association.state is-default owner-id state tag:k tag-key vpc-id",
	"DescribeSubnets":            "availability-zone availabilityZone availability-zone-id availabilityZoneId available-ip-address-count cidr-block cidr cidrBlock customer-owned-ipv4-pool default-for-az defaultForAz enable-dns64 enable-lni-at-device-index ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.association-id ipv6-cidr-block-association.state ipv6-native map-customer-owned-ip-on-launch map-public-ip-on-launch outpost-arn owner-id private-dns-name-options-on-launch.hostname-type private-dns-name-options-on-launch.enable-resource-name-dns-a-record private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record state subnet-arn subnet-id tag:k tag-key vpc-id",
	"DescribeRouteTables":        "association.gateway-id association.route-table-association-id association.route-table-id association.subnet-id association.main owner-id route-table-id route.destination-cidr-block route.destination-ipv6-cidr-block route.destination-prefix-list-id route.egress-only-internet-gateway-id route.gateway-id route.instance-id route.nat-gateway-id route.transit-gateway-id route.origin route.state route.vpc-peering-connection-id tag:k tag-key vpc-id",
	"DescribeInternetGateways":   "attachment.state attachment.vpc-id internet-gateway-id owner-id tag:k tag-key",
	"DescribeNetworkInterfaces":  "association.allocation-id association.association-id addresses.association.owner-id addresses.association.public-ip addresses.primary addresses.private-ip-address association.ip-owner-id association.public-ip association.public-dns-name attachment.attach-time attachment.attachment-id attachment.delete-on-termination attachment.device-index attachment.instance-id attachment.instance-owner-id attachment.status availability-zone description group-id ipv6-addresses.ipv6-address interface-type mac-address network-interface-id owner-id private-dns-name private-ip-address requester-id requester-managed source-dest-check status subnet-id tag:k tag-key vpc-id",
	"DescribeNetworkAcls":        "association.association-id association.network-acl-id association.subnet-id default entry.cidr entry.icmp.code entry.icmp.type entry.ipv6-cidr entry.port-range.from entry.port-range.to entry.protocol entry.rule-action entry.egress entry.rule-number network-acl-id owner-id tag:k tag-key vpc-id",
	"DescribeDhcpOptions":        "dhcp-options-id key value owner-id tag:k tag-key",
	"DescribeSecurityGroups":     "description egress.ip-permission.cidr egress.ip-permission.from-port egress.ip-permission.group-id egress.ip-permission.group-name egress.ip-permission.ipv6-cidr egress.ip-permission.prefix-list-id egress.ip-permission.protocol egress.ip-permission.to-port egress.ip-permission.user-id group-id group-name ip-permission.cidr ip-permission.from-port ip-permission.group-id ip-permission.group-name ip-permission.ipv6-cidr ip-permission.prefix-list-id ip-permission.protocol ip-permission.to-port ip-permission.user-id owner-id tag:k tag-key vpc-id",
	"DescribeSecurityGroupRules": "group-id security-group-rule-id tag:k tag-key",
}

// TestDocumentedFilters: each is taken, one that never matches matches nothing, and a
// name that is not documented is refused.
func TestDocumentedFilters(t *testing.T) {
	w := newWorld(t)
	w.eni(w.subnet("eu-central-1a"), "i-0123456789abcdef0")
	for _, name := range slices.Sorted(maps.Keys(describes)) {
		d := describes[name]
		for _, f := range strings.Fields(documentedFilters[name]) {
			got, _, err := d.list(w, nil, flt(f, "no such value"), nil, nil)
			if err != nil || len(got) != 0 {
				t.Errorf("%s by %s: %v, %v", name, f, got, err)
			}
		}
		_, _, err := d.list(w, nil, flt("colour", "red"), nil, nil)
		wantCode(t, err, "InvalidParameterValue", name)
	}
}

// TestFilterValues gives each filter that can match a value that does, and one close to
// it that does not.
func TestFilterValues(t *testing.T) {
	w := newWorld(t)
	vpc, subnet, group := w.defaultVPC(), w.subnet("eu-central-1a"), w.defaultGroup()
	eni := w.eni(subnet, "i-0123456789abcdef0")
	w.update(func(tx *store.Tx) error {
		row := *store.Interfaces.Get(tx, eni.ID)
		row.PublicIP = netip.MustParseAddr("100.127.0.5")
		return store.Interfaces.Put(tx, &row)
	})
	eni = store.Interfaces.Get(w.db.Stale(), eni.ID)
	web := w.group("web")
	must(w, do, w.api.authorizeIngress, &gen.AuthorizeSecurityGroupIngressRequest{GroupId: &web, IpPermissions: []*gen.IpPermission{
		{IpProtocol: new("tcp"), FromPort: new(int64(80)), ToPort: new(int64(81)), IpRanges: []*gen.IpRange{{CidrIp: new("10.1.0.0/16")}}},
		{IpProtocol: new("udp"), FromPort: new(int64(53)), ToPort: new(int64(53)), UserIdGroupPairs: []*gen.UserIdGroupPair{{GroupId: &group.ID}}},
	}})
	table := first(store.RouteTables.List(w.db.Stale()))
	gateway := first(store.InternetGateways.List(w.db.Stale()))
	acl := first(store.NetworkACLs.List(w.db.Stale()))
	for _, tt := range []struct {
		action string
		want   string // the id that all filters must find
		values map[string]string
	}{
		{"DescribeVpcs", vpc.ID, map[string]string{"cidr": "172.31.0.0/16", "cidr-block-association.cidr-block": "172.31.0.0/*", "cidr-block-association.state": "associated", "cidr-block-association.association-id": "vpc-cidr-assoc-*", "dhcp-options-id": vpc.DHCPOptions, "is-default": "true", "isDefault": "true", "owner-id": testAccount, "state": "available", "vpc-id": vpc.ID}},
		{"DescribeSubnets", subnet.ID, map[string]string{"availability-zone": "eu-central-1a", "availabilityZone": "*1a", "availability-zone-id": "euc1-az1", "availabilityZoneId": "euc1-az1", "available-ip-address-count": "4090", "cidr-block": "172.31.0.0/20", "cidr": "172.31.0.0/20", "cidrBlock": "172.31.0.?/20", "default-for-az": "true", "defaultForAz": "true", "enable-dns64": "false", "ipv6-native": "false", "map-public-ip-on-launch": "true", "owner-id": testAccount, "state": "available", "subnet-arn": "arn:aws:ec2:eu-central-1:" + testAccount + ":subnet/" + subnet.ID, "subnet-id": subnet.ID, "vpc-id": vpc.ID, "private-dns-name-options-on-launch.hostname-type": "ip-name"}},
		{"DescribeRouteTables", table.ID, map[string]string{"association.main": "true", "association.route-table-association-id": table.MainID, "association.route-table-id": table.ID, "owner-id": testAccount, "route-table-id": table.ID, "route.destination-cidr-block": "0.0.0.0/0", "route.gateway-id": gateway.ID, "route.origin": "CreateRoute", "route.state": "active", "vpc-id": vpc.ID}},
		{"DescribeInternetGateways", gateway.ID, map[string]string{"attachment.state": "available", "attachment.vpc-id": vpc.ID, "internet-gateway-id": gateway.ID, "owner-id": testAccount}},
		{"DescribeNetworkInterfaces", eni.ID, map[string]string{"addresses.association.owner-id": "amazon", "addresses.association.public-ip": "100.127.0.5", "addresses.primary": "true", "addresses.private-ip-address": eni.PrivateIP.String(), "association.ip-owner-id": "amazon", "association.public-ip": "100.127.0.*", "association.public-dns-name": "ec2-100-127-0-5.eu-central-1.compute.amazonaws.com", "attachment.attach-time": eni.Attached.UTC().Format("2006-01-02T15:*"), "attachment.attachment-id": eni.AttachmentID, "attachment.delete-on-termination": "true", "attachment.device-index": "0", "attachment.instance-id": "i-0123456789abcdef0", "attachment.instance-owner-id": testAccount, "attachment.status": "attaching", "availability-zone": "eu-central-1a", "description": "for tests", "group-id": group.ID, "group-name": "default", "interface-type": "interface", "mac-address": eni.MAC, "network-interface-id": eni.ID, "owner-id": testAccount, "private-dns-name": "ip-172-31-*.eu-central-1.compute.internal", "private-ip-address": eni.PrivateIP.String(), "requester-managed": "false", "source-dest-check": "true", "status": "in-use", "subnet-id": subnet.ID, "tag:Name": "eni", "tag-key": "Name", "vpc-id": vpc.ID}},
		{"DescribeNetworkAcls", acl.ID, map[string]string{"association.association-id": acl.Subnets[subnet.ID], "association.network-acl-id": acl.ID, "association.subnet-id": subnet.ID, "default": "true", "entry.cidr": "0.0.0.0/0", "entry.egress": "true", "entry.protocol": "-1", "entry.rule-action": "deny", "entry.rule-number": "32767", "network-acl-id": acl.ID, "owner-id": testAccount, "vpc-id": vpc.ID}},
		{"DescribeDhcpOptions", vpc.DHCPOptions, map[string]string{"dhcp-options-id": vpc.DHCPOptions, "key": "domain-name", "value": "AmazonProvidedDNS", "owner-id": testAccount}},
		{"DescribeSecurityGroups", web, map[string]string{"description": "for tests", "egress.ip-permission.cidr": "0.0.0.0/0", "egress.ip-permission.protocol": "-1", "group-id": web, "group-name": "web", "ip-permission.cidr": "10.1.0.0/16", "ip-permission.from-port": "80", "ip-permission.to-port": "81", "ip-permission.group-id": group.ID, "ip-permission.group-name": "default", "ip-permission.protocol": "udp", "ip-permission.user-id": testAccount, "owner-id": testAccount, "vpc-id": vpc.ID}},
	} {
		d := describes[tt.action]
		for f, value := range tt.values {
			got, _, err := d.list(w, nil, flt(f, value), nil, nil)
			if err != nil || !slices.Contains(got, tt.want) {
				t.Errorf("%s by %s=%s: %v, %v", tt.action, f, value, got, err)
			}
			got, _, err = d.list(w, nil, flt(f, strings.ReplaceAll(value, "*", "")+"!"), nil, nil)
			if err != nil || len(got) != 0 {
				t.Errorf("%s by %s=%s!: %v, %v", tt.action, f, value, got, err)
			}
		}
	}
	got, _, err := describes["DescribeSecurityGroups"].list(w, nil, append(flt("ip-permission.protocol", "udp"), flt("ip-permission.cidr", "10.1.0.0/16")...), nil, nil)
	if err != nil || !slices.Equal(got, []string{web}) {
		t.Errorf("filters that different rules match: %v, %v", got, err)
	}
}

func BenchmarkDescribe5000Interfaces(b *testing.B) {
	w := newWorld(b)
	subnet := &model.Subnet{ID: "subnet-0123456789abcdef0", Owned: model.Owned{Account: w.account, Region: w.region}, VPC: w.defaultVPC().ID, Zone: "eu-central-1a", CIDR: defaultVPCBlock}
	w.update(func(tx *store.Tx) error {
		c := w.call(tx)
		for range 5000 {
			if _, err := createInterface(tx, model.Owned{Account: c.Account, Region: c.Region}, interfaceSpec{Subnet: subnet}); err != nil {
				return err
			}
		}
		return nil
	})
	req := &gen.DescribeNetworkInterfacesRequest{Filters: flt("subnet-id", subnet.ID), MaxResults: new(int64(1000))}
	var h func(*action.Call, *gen.DescribeNetworkInterfacesRequest) (*gen.DescribeNetworkInterfacesResult, error) = w.api.describeNetworkInterfaces
	for b.Loop() {
		if out := must(w, look, h, req); len(out.NetworkInterfaces) != 1000 {
			b.Fatal(len(out.NetworkInterfaces))
		}
	}
}
