package ec2

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/ids"
)

func tag(key, value string) *gen.Tag { return &gen.Tag{Key: &key, Value: &value} }

// tagsText is what DescribeTags shows, a tag a line.
func (w *world) tagsText(filters ...*gen.Filter) []string {
	w.Helper()
	var out []string
	for _, t := range must(w, look, w.api.describeTags, &gen.DescribeTagsRequest{Filters: filters}).Tags {
		out = append(out, fmt.Sprintf("%s %s %s=%s", *t.ResourceType, *t.ResourceId, *t.Key, *t.Value))
	}
	return out
}

// oneOfEach returns the id of one resource of each type that can have tags.
func (w *world) oneOfEach() map[string]string {
	w.Helper()
	owned := model.Owned{Account: w.account, Region: w.region}
	eni := w.eni(w.subnet("eu-central-1a"), "")
	var out map[string]string
	w.update(func(tx *store.Tx) error {
		out = map[string]string{
			"network-interface":   eni.ID,
			"vpc":                 first(store.VPCs.List(tx)).ID,
			"subnet":              first(store.Subnets.List(tx)).ID,
			"route-table":         first(store.RouteTables.List(tx)).ID,
			"internet-gateway":    first(store.InternetGateways.List(tx)).ID,
			"network-acl":         first(store.NetworkACLs.List(tx)).ID,
			"dhcp-options":        first(store.DHCPOptions.List(tx)).ID,
			"security-group":      first(store.SecurityGroups.List(tx)).ID,
			"security-group-rule": first(store.SecurityRules.List(tx)).ID,
			"instance":            ids.New(ids.Instance),
			"image":               ids.New(ids.Image),
			"volume":              ids.New(ids.Volume),
			"key-pair":            ids.New(ids.KeyPair),

			"network-insights-path":     ids.New(ids.InsightsPath),
			"network-insights-analysis": ids.New(ids.InsightsResult),
			"vpc-flow-log":              ids.New(ids.FlowLog),
			"prefix-list":               ids.New(ids.PrefixList),

			"dedicated-host":       ids.New(ids.DedicatedHost),
			"placement-group":      ids.New(ids.PlacementGroup),
			"capacity-reservation": ids.New(ids.CapacityReserve),

			"egress-only-internet-gateway": ids.New(ids.EgressOnly),
			"elastic-ip":                   ids.New(ids.Address),
			"natgateway":                   ids.New(ids.NATGateway),
			"vpc-peering-connection":       ids.New(ids.Peering),
		}
		for _, put := range []error{
			store.Instances.Put(tx, &model.Instance{ID: out["instance"], Owned: owned}),
			store.Images.Put(tx, &model.Image{ID: out["image"], Owned: owned}),
			store.InsightsPaths.Put(tx, &model.InsightsPath{ID: out["network-insights-path"], Owned: owned}),
			store.InsightsAnalyses.Put(tx, &model.InsightsAnalysis{ID: out["network-insights-analysis"], Owned: owned}),
			store.FlowLogs.Put(tx, &model.FlowLog{ID: out["vpc-flow-log"], Owned: owned}),
			store.PrefixLists.Put(tx, &model.PrefixList{ID: out["prefix-list"], Owned: owned}),
			store.Volumes.Put(tx, &model.Volume{ID: out["volume"], Owned: owned}),
			store.DedicatedHosts.Put(tx, &model.DedicatedHost{ID: out["dedicated-host"], Owned: owned}),
			store.PlacementGroups.Put(tx, &model.PlacementGroup{ID: out["placement-group"], Owned: owned, Name: "g"}),
			store.CapacityReservations.Put(tx, &model.CapacityReservation{ID: out["capacity-reservation"], Owned: owned}),
			store.ElasticIPs.Put(tx, &model.ElasticIP{ID: out["elastic-ip"], Owned: owned}),
			store.NATGateways.Put(tx, &model.NATGateway{ID: out["natgateway"], Owned: owned}),
			store.Peerings.Put(tx, &model.Peering{ID: out["vpc-peering-connection"], Owned: owned, Requester: model.PeeringSide{Owned: owned}}),
			store.EgressOnlyGateways.Put(tx, &model.EgressOnlyGateway{ID: out["egress-only-internet-gateway"], Owned: owned}),
			store.KeyPairs.Put(tx, &model.KeyPair{ID: out["key-pair"], Owned: owned, Name: "k"}),
			store.Interfaces.Put(tx, func() *model.Interface { i := *eni; i.Tags = nil; return &i }()),
		} {
			if put != nil {
				return put
			}
		}
		return nil
	})
	return out
}

func TestTagsOfEveryResource(t *testing.T) {
	w := newWorld(t)
	each := w.oneOfEach()
	if len(each) != len(taggables) {
		t.Fatalf("%d types of %d are tested", len(each), len(taggables))
	}
	var all, want []string
	for kind, id := range each {
		all = append(all, id)
		want = append(want, kind+" "+id+" Name=x", kind+" "+id+" empty=")
	}
	slices.SortFunc(want, func(x, y string) int {
		return strings.Compare(strings.SplitN(x, " ", 2)[1], strings.SplitN(y, " ", 2)[1])
	})
	must(w, do, w.api.createTags, &gen.CreateTagsRequest{Resources: all, Tags: []*gen.Tag{tag("Name", "x"), {Key: new("empty")}}})
	if diff := cmp.Diff(want, w.tagsText()); diff != "" {
		t.Fatal(diff)
	}
	for kind, id := range each {
		if diff := cmp.Diff([]string{kind + " " + id + " Name=x"}, w.tagsText(append(flt("resource-type", kind), flt("tag:Name", "x")...)...)); diff != "" {
			t.Error(diff)
		}
	}
	var paged []string
	for token, more := (*string)(nil), true; more; more = token != nil {
		out := must(w, look, w.api.describeTags, &gen.DescribeTagsRequest{MaxResults: new(int64(5)), NextToken: token})
		for _, tag := range out.Tags {
			paged = append(paged, fmt.Sprintf("%s %s %s=%s", *tag.ResourceType, *tag.ResourceId, *tag.Key, *tag.Value))
		}
		token = out.NextToken
	}
	if diff := cmp.Diff(want, paged); diff != "" {
		t.Error(diff)
	}
	must(w, do, w.api.deleteTags, &gen.DeleteTagsRequest{Resources: all, Tags: []*gen.Tag{{Key: new("empty")}}})
	if got := w.tagsText(flt("key", "empty")...); got != nil {
		t.Errorf("left %v", got)
	}
	must(w, do, w.api.deleteTags, &gen.DeleteTagsRequest{Resources: all})
	if got := w.tagsText(); got != nil {
		t.Errorf("left %v", got)
	}
	if other := w.as("999988887777", testRegion).tagsText(); other != nil {
		t.Errorf("another account sees %v", other)
	}
}

func TestDescribeTagsFilters(t *testing.T) {
	w := newWorld(t)
	vpc, group := w.defaultVPC().ID, w.defaultGroup().ID
	must(w, do, w.api.createTags, &gen.CreateTagsRequest{Resources: []string{vpc}, Tags: []*gen.Tag{tag("Name", "main"), tag("env", "prod")}})
	must(w, do, w.api.createTags, &gen.CreateTagsRequest{Resources: []string{group}, Tags: []*gen.Tag{tag("Name", "g*")}})
	for _, tt := range []struct {
		filter *gen.Filter
		want   int
	}{
		{flt("key", "Name")[0], 2},
		{flt("key", "name")[0], 0},
		{flt("value", "prod", "main")[0], 2},
		{flt("value", `g\*`)[0], 1},
		{flt("resource-id", vpc)[0], 2},
		{flt("resource-type", "security-group")[0], 1},
		{flt("resource-type", "instance")[0], 0},
		{flt("tag:env", "p*")[0], 1},
		{flt("key", "aws:ec2launchtemplate:id")[0], 0},
	} {
		if got := w.tagsText(tt.filter); len(got) != tt.want {
			t.Errorf("%s=%v: %v", *tt.filter.Name, tt.filter.Values, got)
		}
	}
	_, err := look(w, w.api.describeTags, &gen.DescribeTagsRequest{Filters: flt("colour", "red")})
	wantCode(t, err, "InvalidParameterValue", "no such filter")
	_, err = look(w, w.api.describeTags, &gen.DescribeTagsRequest{MaxResults: new(int64(1001))})
	wantCode(t, err, "InvalidParameterValue", "too large a page")
}

func TestCreateTagsErrors(t *testing.T) {
	w := newWorld(t)
	vpc := w.defaultVPC().ID
	foreign := w.as("999988887777", testRegion)
	foreign.ensureNetwork("eu-central-1a")
	many := func(n int) (out []*gen.Tag) {
		for i := range n {
			out = append(out, tag(fmt.Sprint("k", i), "v"))
		}
		return out
	}
	ok := []*gen.Tag{tag("Name", "x")}
	for _, tt := range []struct {
		reason    string
		resources []string
		tags      []*gen.Tag
		code      string
	}{
		{"no resource", nil, ok, "MissingParameter"},
		{"no tag", []string{vpc}, nil, "MissingParameter"},
		{"no key", []string{vpc}, []*gen.Tag{{Value: new("x")}}, "InvalidTagKey.Malformed"},
		{"an empty key", []string{vpc}, []*gen.Tag{tag("", "x")}, "InvalidTagKey.Malformed"},
		{"the system's key", []string{vpc}, []*gen.Tag{tag("aws:x", "x")}, "InvalidParameterValue"},
		{"the system's key in upper case", []string{vpc}, []*gen.Tag{tag("AWS:x", "x")}, "InvalidParameterValue"},
		{"a key that only looks like it", []string{vpc}, []*gen.Tag{tag("awsome", "x")}, ""},
		{"the longest key and value", []string{vpc}, []*gen.Tag{tag(strings.Repeat("ü", 128), strings.Repeat("ü", 256))}, ""},
		{"too long a key", []string{vpc}, []*gen.Tag{tag(strings.Repeat("k", 129), "x")}, "InvalidParameterValue"},
		{"too long a value", []string{vpc}, []*gen.Tag{tag("k", strings.Repeat("x", 257))}, "InvalidParameterValue"},
		{"a control character", []string{vpc}, []*gen.Tag{tag("k", "a\x00b")}, "InvalidParameterValue"},
		{"a key twice", []string{vpc}, []*gen.Tag{tag("k", "a"), tag("k", "b")}, "InvalidParameterValue"},
		{"keys in other cases", []string{vpc}, []*gen.Tag{tag("k", "a"), tag("K", "b")}, ""},
		{"an id of nothing", []string{"thing-0123456789abcdef0"}, ok, "InvalidID"},
		{"a name", []string{"default"}, ok, "InvalidID"},
		{"an unknown instance", []string{vpc, "i-0123456789abcdef0"}, ok, "InvalidInstanceID.NotFound"},
		{"an unknown group", []string{"sg-0123456789abcdef0"}, ok, "InvalidGroup.NotFound"},
		{"an unknown volume", []string{"vol-0123456789abcdef0"}, ok, "InvalidVolume.NotFound"},
		{"an unknown image", []string{"ami-0123456789abcdef0"}, ok, "InvalidAMIID.NotFound"},
		{"another account's VPC", []string{foreign.defaultVPC().ID}, ok, "InvalidVpcID.NotFound"},
		{"51 tags", []string{vpc}, many(51), "TagLimitExceeded"},
		{"too many resources", slices.Repeat([]string{vpc}, 1001), ok, "InvalidParameterValue"},
	} {
		_, err := do(w, w.api.createTags, &gen.CreateTagsRequest{Resources: tt.resources, Tags: tt.tags})
		wantCode(t, err, tt.code, tt.reason)
	}
	if got := w.tagsText(flt("value", "x")...); len(got) != 1 || !strings.Contains(got[0], "awsome") {
		t.Errorf("refused requests left %v", got)
	}
	group := w.defaultGroup().ID
	must(w, do, w.api.createTags, &gen.CreateTagsRequest{Resources: []string{group}, Tags: many(50)})
	must(w, do, w.api.createTags, &gen.CreateTagsRequest{Resources: []string{group}, Tags: []*gen.Tag{tag("k7", "new")}})
	_, err := do(w, w.api.createTags, &gen.CreateTagsRequest{Resources: []string{vpc, group}, Tags: []*gen.Tag{tag("k50", "v")}})
	wantCode(t, err, "TagLimitExceeded", "the 51st tag of one of two resources")
	if got := w.tagsText(flt("key", "k50")...); got != nil {
		t.Errorf("the other resource got %v", got)
	}
}

func TestDeleteTags(t *testing.T) {
	w := newWorld(t)
	vpc := w.defaultVPC().ID
	set := func() {
		t.Helper()
		w.update(func(tx *store.Tx) error {
			v := *store.VPCs.Get(tx, vpc)
			v.Tags = model.Tags{"a": "1", "b": "", "aws:system": "x"}
			return store.VPCs.Put(tx, &v)
		})
	}
	for _, tt := range []struct {
		reason string
		tags   []*gen.Tag
		left   string
		code   string
	}{
		{"by key, whatever the value", []*gen.Tag{{Key: new("a")}}, "aws:system=x b=", ""},
		{"by key and value", []*gen.Tag{tag("a", "1")}, "aws:system=x b=", ""},
		{"another value stays", []*gen.Tag{tag("a", "2")}, "a=1 aws:system=x b=", ""},
		{"an empty value is a value", []*gen.Tag{tag("a", ""), tag("b", "")}, "a=1 aws:system=x", ""},
		{"a key that is not there", []*gen.Tag{{Key: new("c")}}, "a=1 aws:system=x b=", ""},
		{"all but the system's", nil, "aws:system=x", ""},
		{"the system's", []*gen.Tag{{Key: new("aws:system")}}, "a=1 aws:system=x b=", "InvalidParameterValue"},
		{"no key", []*gen.Tag{{}}, "a=1 aws:system=x b=", "MissingParameter"},
	} {
		set()
		_, err := do(w, w.api.deleteTags, &gen.DeleteTagsRequest{Resources: []string{vpc}, Tags: tt.tags})
		wantCode(t, err, tt.code, tt.reason)
		var left []string
		for _, tag := range toTags(store.VPCs.Get(w.db.Stale(), vpc).Tags) {
			left = append(left, *tag.Key+"="+*tag.Value)
		}
		if got := strings.Join(left, " "); got != tt.left {
			t.Errorf("%s: left %q, want %q", tt.reason, got, tt.left)
		}
	}
	_, err := do(w, w.api.deleteTags, &gen.DeleteTagsRequest{Resources: []string{"subnet-0123456789abcdef0"}})
	wantCode(t, err, "InvalidSubnetID.NotFound", "an unknown subnet")
	_, err = do(w, w.api.deleteTags, &gen.DeleteTagsRequest{})
	wantCode(t, err, "MissingParameter", "no resource")
}

func TestParseTagSpecs(t *testing.T) {
	spec := func(kind *string, tags ...*gen.Tag) *gen.TagSpecification {
		return &gen.TagSpecification{ResourceType: kind, Tags: tags}
	}
	for _, tt := range []struct {
		reason string
		specs  []*gen.TagSpecification
		code   string
	}{
		{"none", nil, ""},
		{"two types", []*gen.TagSpecification{spec(new("instance"), tag("a", "1")), spec(new("volume"), tag("a", "2"))}, ""},
		{"a type twice", []*gen.TagSpecification{spec(new("instance"), tag("a", "1")), spec(new("instance"), tag("b", "2"))}, "InvalidParameterValue"},
		{"a type that the action does not make", []*gen.TagSpecification{spec(new("vpc"), tag("a", "1"))}, "InvalidParameterValue"},
		{"no type", []*gen.TagSpecification{spec(nil, tag("a", "1"))}, "InvalidParameterValue"},
		{"no tags", []*gen.TagSpecification{spec(new("instance"))}, "InvalidParameterValue"},
		{"a reserved key", []*gen.TagSpecification{spec(new("instance"), tag("aws:x", "1"))}, "InvalidParameterValue"},
	} {
		got, err := parseTagSpecs(tt.specs, "instance", "volume")
		wantCode(t, err, tt.code, tt.reason)
		if err == nil && len(got) != len(tt.specs) {
			t.Errorf("%s: %v", tt.reason, got)
		}
	}
}
