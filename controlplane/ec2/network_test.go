package ec2

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func TestEnsureAccountNetwork(t *testing.T) {
	w := newWorld(t)
	vpcs := must(w, look, w.api.describeVpcs, &gen.DescribeVpcsRequest{}).Vpcs
	if len(vpcs) != 1 || *vpcs[0].CidrBlock != "172.31.0.0/16" || !*vpcs[0].IsDefault || *vpcs[0].State != "available" || *vpcs[0].InstanceTenancy != "default" {
		t.Fatalf("the default VPC is %+v", vpcs)
	}
	vpc := *vpcs[0].VpcId

	subnets := must(w, look, w.api.describeSubnets, &gen.DescribeSubnetsRequest{}).Subnets
	var got []string
	for _, s := range subnets {
		if !*s.DefaultForAz || !*s.MapPublicIpOnLaunch || *s.AvailableIpAddressCount != 4091 || *s.VpcId != vpc {
			t.Errorf("subnet %+v", s)
		}
		got = append(got, *s.AvailabilityZone+" "+*s.AvailabilityZoneId+" "+*s.CidrBlock)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"eu-central-1a euc1-az1 172.31.0.0/20", "eu-central-1b euc1-az2 172.31.16.0/20"}, got); diff != "" {
		t.Error(diff)
	}

	gateways := must(w, look, w.api.describeInternetGateways, &gen.DescribeInternetGatewaysRequest{}).InternetGateways
	if len(gateways) != 1 || len(gateways[0].Attachments) != 1 || *gateways[0].Attachments[0].VpcId != vpc {
		t.Fatalf("internet gateways %+v", gateways)
	}
	tables := must(w, look, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{}).RouteTables
	if len(tables) != 1 || len(tables[0].Associations) != 1 || !*tables[0].Associations[0].Main || tables[0].Associations[0].SubnetId != nil {
		t.Fatalf("route tables %+v", tables)
	}
	got = nil
	for _, r := range tables[0].Routes {
		got = append(got, *r.DestinationCidrBlock+" "+*r.GatewayId+" "+*r.Origin+" "+*r.State)
	}
	if diff := cmp.Diff([]string{"172.31.0.0/16 local CreateRouteTable active", "0.0.0.0/0 " + *gateways[0].InternetGatewayId + " CreateRoute active"}, got); diff != "" {
		t.Error(diff)
	}

	groups := must(w, look, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{}).SecurityGroups
	if len(groups) != 1 || *groups[0].GroupName != "default" {
		t.Fatalf("groups %+v", groups)
	}
	in, out := groups[0].IpPermissions, groups[0].IpPermissionsEgress
	if len(in) != 1 || *in[0].IpProtocol != "-1" || in[0].FromPort != nil || len(in[0].UserIdGroupPairs) != 1 || *in[0].UserIdGroupPairs[0].GroupId != *groups[0].GroupId || *in[0].UserIdGroupPairs[0].UserId != testAccount {
		t.Errorf("the default group lets in %+v", in)
	}
	if len(out) != 1 || *out[0].IpProtocol != "-1" || len(out[0].IpRanges) != 1 || *out[0].IpRanges[0].CidrIp != "0.0.0.0/0" {
		t.Errorf("the default group lets out %+v", out)
	}

	acls := must(w, look, w.api.describeNetworkAcls, &gen.DescribeNetworkAclsRequest{Filters: flt("default", "true")}).NetworkAcls
	if len(acls) != 1 || len(acls[0].Associations) != 2 || len(acls[0].Entries) != 4 {
		t.Errorf("network ACLs %+v", acls)
	}
	options := must(w, look, w.api.describeDhcpOptions, &gen.DescribeDhcpOptionsRequest{DhcpOptionsIds: []string{*vpcs[0].DhcpOptionsId}}).DhcpOptions
	if len(options) != 1 || len(options[0].DhcpConfigurations) != 2 || *options[0].DhcpConfigurations[0].Values[0].Value != "eu-central-1.compute.internal" {
		t.Errorf("DHCP options %+v", options)
	}
}

func TestEnsureAccountNetworkAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	changes, err := store.Rehearse(w.db.Stale(), func(tx *store.Tx) error {
		return EnsureAccountNetwork(tx, w.account, w.region, []string{"eu-central-1a", "eu-central-1b"})
	})
	if err != nil || len(changes) != 0 {
		t.Fatalf("changed %+v, %v", changes, err)
	}
	w.ensureNetwork("eu-central-1a", "eu-central-1b", "eu-central-1c")
	if got := w.subnet("eu-central-1c").CIDR.String(); got != "172.31.32.0/20" {
		t.Errorf("the new zone's subnet is %s", got)
	}
	if n := len(must(w, look, w.api.describeVpcs, &gen.DescribeVpcsRequest{}).Vpcs); n != 1 {
		t.Errorf("%d VPCs", n)
	}
	acl := must(w, look, w.api.describeNetworkAcls, &gen.DescribeNetworkAclsRequest{}).NetworkAcls[0]
	if len(acl.Associations) != 3 {
		t.Errorf("the network ACL serves %d subnets", len(acl.Associations))
	}
}

// Every subnet has a VXLAN identifier of its own, and one from before there were any gets one.
func TestSubnetsHaveVNIs(t *testing.T) {
	w := newWorld(t)
	old := *w.subnet("eu-central-1a")
	old.VNI = 0
	w.update(func(tx *store.Tx) error { return store.Subnets.Put(tx, &old) })
	w.ensureNetwork("eu-central-1a", "eu-central-1b", "eu-central-1c")
	seen := map[int]string{}
	for s := range store.Subnets.List(w.db.Stale()) {
		if other := seen[s.VNI]; s.VNI < firstVNI || s.VNI >= endVNI || other != "" {
			t.Errorf("%s has VNI %d, %s too", s.ID, s.VNI, other)
		}
		seen[s.VNI] = s.ID
	}
}

func TestSixteenZonesFillTheDefaultVPC(t *testing.T) {
	w := newWorld(t)
	var zones []string
	for c := 'a'; c < 'a'+16; c++ {
		zones = append(zones, "eu-central-1"+string(c))
	}
	w.ensureNetwork(zones...)
	err := w.db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		return EnsureAccountNetwork(tx, w.account, w.region, []string{"eu-central-1z"})
	})
	if err == nil || !strings.Contains(err.Error(), "no /20 is free") {
		t.Fatalf("a seventeenth zone: %v", err)
	}
}

func TestAccountsAndRegionsSeeTheirOwn(t *testing.T) {
	w := newWorld(t)
	other, east := w.as("999988887777", testRegion), w.as(testAccount, "us-east-1")
	other.ensureNetwork("eu-central-1a")
	east.ensureNetwork("us-east-1a")
	seen := map[string]bool{}
	for _, v := range []*world{w, other, east} {
		vpcs := must(v, look, v.api.describeVpcs, &gen.DescribeVpcsRequest{}).Vpcs
		if len(vpcs) != 1 || *vpcs[0].OwnerId != v.account || seen[*vpcs[0].VpcId] {
			t.Fatalf("%s in %s sees %+v", v.account, v.region, vpcs)
		}
		seen[*vpcs[0].VpcId] = true
		for _, viewer := range []*world{w, other, east} {
			_, err := look(viewer, viewer.api.describeVpcs, &gen.DescribeVpcsRequest{VpcIds: []string{*vpcs[0].VpcId}})
			want := "InvalidVpcID.NotFound"
			if viewer == v {
				want = ""
			}
			wantCode(t, err, want, "another's VPC by id")
		}
	}
}

func TestDescribeVpcAttribute(t *testing.T) {
	w := newWorld(t)
	vpc := w.defaultVPC().ID
	for attribute, get := range map[string]func(*gen.DescribeVpcAttributeResult) *gen.AttributeBooleanValue{
		"enableDnsSupport":   func(r *gen.DescribeVpcAttributeResult) *gen.AttributeBooleanValue { return r.EnableDnsSupport },
		"enableDnsHostnames": func(r *gen.DescribeVpcAttributeResult) *gen.AttributeBooleanValue { return r.EnableDnsHostnames },
		"enableNetworkAddressUsageMetrics": func(r *gen.DescribeVpcAttributeResult) *gen.AttributeBooleanValue {
			return r.EnableNetworkAddressUsageMetrics
		},
	} {
		out := must(w, look, w.api.describeVpcAttribute, &gen.DescribeVpcAttributeRequest{VpcId: &vpc, Attribute: &attribute})
		if v := get(out); v == nil || *v.Value != (attribute != "enableNetworkAddressUsageMetrics") || *out.VpcId != vpc {
			t.Errorf("%s: %+v", attribute, out)
		}
	}
	_, err := look(w, w.api.describeVpcAttribute, &gen.DescribeVpcAttributeRequest{VpcId: &vpc, Attribute: new("enableMagic")})
	wantCode(t, err, "InvalidParameterValue", "an attribute that is none")
	_, err = look(w, w.api.describeVpcAttribute, &gen.DescribeVpcAttributeRequest{VpcId: new("vpc-00000000000000000"), Attribute: new("enableDnsSupport")})
	wantCode(t, err, "InvalidVpcID.NotFound", "no such VPC")
}

func TestPickAddress(t *testing.T) {
	w := newWorld(t)
	small := &model.Subnet{ID: "subnet-0123456789abcdef0", Owned: model.Owned{Account: w.account, Region: w.region}, VPC: w.defaultVPC().ID, Zone: "eu-central-1a", CIDR: netip.MustParsePrefix("172.31.255.240/28")}
	w.update(func(tx *store.Tx) error { return store.Subnets.Put(tx, small) })

	for _, tt := range []struct{ addr, code string }{
		{"172.31.255.240", "InvalidParameterValue"}, // network
		{"172.31.255.241", "InvalidParameterValue"}, // router
		{"172.31.255.242", "InvalidParameterValue"}, // DNS
		{"172.31.255.243", "InvalidParameterValue"}, // future use
		{"172.31.255.244", ""},
		{"172.31.255.254", ""},
		{"172.31.255.255", "InvalidParameterValue"}, // broadcast
		{"172.31.255.239", "InvalidParameterValue"},
		{"10.0.0.1", "InvalidParameterValue"},
		{"::1", "InvalidParameterValue"},
	} {
		_, err := pickAddress(w.view().Tx, small, netip.MustParseAddr(tt.addr))
		wantCode(t, err, tt.code, tt.addr)
	}

	seen := map[netip.Addr]bool{}
	macs := map[string]bool{}
	for n := 11; n > 0; n-- {
		if got := freeAddresses(w.db.Stale(), small); got != n {
			t.Fatalf("%d are free, want %d", got, n)
		}
		i := w.eni(small, "")
		if seen[i.PrivateIP] || !small.CIDR.Contains(i.PrivateIP) || reserved(small.CIDR, i.PrivateIP) || macs[i.MAC] {
			t.Fatalf("picked %s, %s", i.PrivateIP, i.MAC)
		}
		seen[i.PrivateIP], macs[i.MAC] = true, true
		_, err := pickAddress(w.view().Tx, small, i.PrivateIP)
		wantCode(t, err, "InvalidIPAddress.InUse", "an address in use")
	}
	_, err := pickAddress(w.view().Tx, small, netip.Addr{})
	wantCode(t, err, "InsufficientFreeAddressesInSubnet", "a full subnet")

	var last *model.Interface
	for i := range store.Interfaces.By(w.db.Stale(), "subnet", small.ID) {
		last = i
	}
	w.update(func(tx *store.Tx) error { return deleteInterface(tx, last.ID) })
	got, err := pickAddress(w.view().Tx, small, netip.Addr{})
	if err != nil || got != last.PrivateIP {
		t.Fatalf("%s came free, picked %s, %v", last.PrivateIP, got, err)
	}
}

func TestDefaultSubnet(t *testing.T) {
	w := newWorld(t)
	for zone, want := range map[string]string{"": "eu-central-1a", "eu-central-1b": "eu-central-1b"} {
		if s, err := defaultSubnet(w.view(), zone); err != nil || s.Zone != want {
			t.Errorf("zone %q: %+v, %v", zone, s, err)
		}
	}
	_, err := defaultSubnet(w.view(), "eu-central-1z")
	wantCode(t, err, "MissingInput", "a zone without a default subnet")
	_, err = defaultSubnet(w.as("999988887777", testRegion).view(), "")
	wantCode(t, err, "VPCIdNotSpecified", "an account without a default VPC")
}

func TestMACIsLocalAndUnicast(t *testing.T) {
	mac := macOf("eni-0123456789abcdef0")
	if !strings.HasPrefix(mac, "02:") || len(mac) != 17 || mac != strings.ToLower(mac) || mac != macOf("eni-0123456789abcdef0") || mac == macOf("eni-0123456789abcdef1") {
		t.Error(mac)
	}
}

// TestAssociationsAndDetachedGateways shows what the default network does not have.
func TestAssociationsAndDetachedGateways(t *testing.T) {
	w := newWorld(t)
	subnet := w.subnet("eu-central-1b").ID
	var custom, lonely, loose string
	w.update(func(tx *store.Tx) error {
		table := *first(store.RouteTables.List(tx))
		table.ID, table.Main, table.MainID, table.Subnets = "rtb-0123456789abcdef0", false, "", map[string]string{subnet: "rtbassoc-0123456789abcdef0"}
		unused := table
		unused.ID, unused.Subnets, unused.Routes = "rtb-0123456789abcdef1", nil, nil
		gateway := *first(store.InternetGateways.List(tx))
		gateway.ID, gateway.VPC = "igw-0123456789abcdef0", ""
		custom, lonely, loose = table.ID, unused.ID, gateway.ID
		return errors.Join(store.RouteTables.Put(tx, &table), store.RouteTables.Put(tx, &unused), store.InternetGateways.Put(tx, &gateway))
	})
	table := must(w, look, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{Filters: flt("association.subnet-id", subnet)}).RouteTables
	if len(table) != 1 || *table[0].RouteTableId != custom {
		t.Fatalf("the table of %s is %+v", subnet, table)
	}
	if a := table[0].Associations; len(a) != 1 || *a[0].SubnetId != subnet || *a[0].Main || *a[0].RouteTableAssociationId != "rtbassoc-0123456789abcdef0" || *a[0].RouteTableId != custom {
		t.Errorf("its associations are %+v", a)
	}
	for filter, want := range map[string]int{"true": 1, "false": 1} {
		if got := must(w, look, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{Filters: flt("association.main", filter)}).RouteTables; len(got) != want {
			t.Errorf("association.main=%s: %d tables", filter, len(got))
		}
	}
	if got := must(w, look, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{Filters: flt("association.route-table-id", "*")}).RouteTables; len(got) != 2 {
		t.Errorf("%d tables are associated", len(got))
	}
	if got := must(w, look, w.api.describeRouteTables, &gen.DescribeRouteTablesRequest{RouteTableIds: []string{lonely}}).RouteTables[0]; got.Associations == nil || got.Routes == nil || len(got.Associations)+len(got.Routes) != 0 {
		t.Errorf("a table without anything is %+v", got)
	}
	gateway := must(w, look, w.api.describeInternetGateways, &gen.DescribeInternetGatewaysRequest{InternetGatewayIds: []string{loose}}).InternetGateways[0]
	if gateway.Attachments == nil || len(gateway.Attachments) != 0 {
		t.Errorf("a detached gateway is %+v", gateway)
	}
	for name, value := range map[string]string{"attachment.state": "*", "attachment.vpc-id": "*"} {
		if got := must(w, look, w.api.describeInternetGateways, &gen.DescribeInternetGatewaysRequest{Filters: flt(name, value)}).InternetGateways; len(got) != 1 {
			t.Errorf("by %s: %d gateways", name, len(got))
		}
	}
	w.eni(w.subnet("eu-central-1a"), "")
	for _, name := range []string{"attachment.instance-id", "attachment.status", "association.public-ip"} {
		if got := must(w, look, w.api.describeNetworkInterfaces, &gen.DescribeNetworkInterfacesRequest{Filters: flt(name, "*")}).NetworkInterfaces; len(got) != 0 {
			t.Errorf("by %s: %d interfaces", name, len(got))
		}
	}
}

func TestSeveralUnknownIDsAreNamedTogether(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ err, want string }{
		{errText(look(w, w.api.describeVpcs, &gen.DescribeVpcsRequest{VpcIds: []string{"vpc-11111111", "vpc-22222222", w.defaultVPC().ID}})), "The vpc IDs 'vpc-11111111, vpc-22222222' do not exist"},
		{errText(look(w, w.api.describeVpcs, &gen.DescribeVpcsRequest{VpcIds: []string{"vpc-11111111"}})), "The vpc ID 'vpc-11111111' does not exist"},
		{errText(look(w, w.api.describeSecurityGroups, &gen.DescribeSecurityGroupsRequest{GroupIds: []string{"sg-11111111", "sg-22222222"}})), "The security groups 'sg-11111111, sg-22222222' do not exist"},
	} {
		if tt.err != tt.want {
			t.Errorf("got %q, want %q", tt.err, tt.want)
		}
	}
}

func errText(_ any, err error) string { return apierr.From(err).Message }
