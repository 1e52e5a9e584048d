package ec2

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// Limits on tags (EC2 user guide, "Tag your resources").
const (
	maxTagKey           = 128 // characters
	maxTagValue         = 256
	maxTaggedResources  = 1000 // of one request
	reservedTagPrefix   = "aws:"
	tagResourceKeySplit = "\x1f" // sorts before what ids and keys are made of
)

func (a *API) registerTags(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateTags", Resource: "tag", Mutates: true}, a.createTags)
	wire.Handle(r, wire.Spec{Name: "DeleteTags", Resource: "tag", Mutates: true}, a.deleteTags)
	wire.Handle(r, wire.Spec{Name: "DescribeTags", Resource: "tag"}, a.describeTags)
	wire.Check(r, "CreateTags", func(in *gen.CreateTagsRequest) error { return checkTags(in.Tags) })
}

// taggable is a table whose rows have tags.
type taggable struct {
	kind         idKind
	resourceType string
	all          func(*action.Call) iter.Seq2[string, model.Tags]
	get          func(c *action.Call, id string) (model.Tags, bool)
	put          func(c *action.Call, id string, t model.Tags) error
}

// taggedTable describes a table with tags; at says where they are in a row.
func taggedTable[T any, P ownedRow[T]](resourceType string, kind idKind, t *store.Table[T], id func(*T) string, at func(*T) *model.Tags) taggable {
	rows, get := mine[T, P](t), mineByID[T, P](t)
	return taggable{
		kind:         kind,
		resourceType: resourceType,
		all: func(c *action.Call) iter.Seq2[string, model.Tags] {
			return func(yield func(string, model.Tags) bool) {
				for p := range rows(c) {
					if !yield(id((*T)(p)), *at((*T)(p))) {
						return
					}
				}
			}
		},
		get: func(c *action.Call, id string) (model.Tags, bool) {
			p, ok := get(c, id)
			if !ok {
				return nil, false
			}
			return *at((*T)(p)), true
		},
		put: func(c *action.Call, id string, tags model.Tags) error {
			row := *t.Get(c, id)
			*at(&row) = tags
			return t.Put(c.Tx, &row)
		},
	}
}

// taggables are all resources with tags.
var taggables = []taggable{
	taggedTable("capacity-reservation", capacityKind, store.CapacityReservations, func(r *model.CapacityReservation) string { return r.ID }, func(r *model.CapacityReservation) *model.Tags { return &r.Tags }),
	taggedTable("dedicated-host", dedicatedHostKind, store.DedicatedHosts, func(r *model.DedicatedHost) string { return r.ID }, func(r *model.DedicatedHost) *model.Tags { return &r.Tags }),
	taggedTable("dhcp-options", dhcpOptionsKind, store.DHCPOptions, func(r *model.DHCPOptions) string { return r.ID }, func(r *model.DHCPOptions) *model.Tags { return &r.Tags }),
	taggedTable("egress-only-internet-gateway", egressOnlyKind, store.EgressOnlyGateways, func(r *model.EgressOnlyGateway) string { return r.ID }, func(r *model.EgressOnlyGateway) *model.Tags { return &r.Tags }),
	taggedTable("elastic-ip", addressKind, store.ElasticIPs, func(r *model.ElasticIP) string { return r.ID }, func(r *model.ElasticIP) *model.Tags { return &r.Tags }),
	taggedTable("natgateway", natKind, store.NATGateways, func(r *model.NATGateway) string { return r.ID }, func(r *model.NATGateway) *model.Tags { return &r.Tags }),
	taggedTable("vpc-peering-connection", peeringKind, store.Peerings, func(r *model.Peering) string { return r.ID }, func(r *model.Peering) *model.Tags { return &r.Tags }),
	taggedTable("image", imageKind, store.Images, func(r *model.Image) string { return r.ID }, func(r *model.Image) *model.Tags { return &r.Tags }),
	taggedTable("instance", instanceKind, store.Instances, func(r *model.Instance) string { return r.ID }, func(r *model.Instance) *model.Tags { return &r.Tags }),
	taggedTable("internet-gateway", gatewayKind, store.InternetGateways, func(r *model.InternetGateway) string { return r.ID }, func(r *model.InternetGateway) *model.Tags { return &r.Tags }),
	taggedTable("key-pair", keyPairKind, store.KeyPairs, func(r *model.KeyPair) string { return r.ID }, func(r *model.KeyPair) *model.Tags { return &r.Tags }),
	taggedTable("network-acl", networkACLKind, store.NetworkACLs, func(r *model.NetworkACL) string { return r.ID }, func(r *model.NetworkACL) *model.Tags { return &r.Tags }),
	taggedTable("placement-group", placementGroupKind, store.PlacementGroups, func(r *model.PlacementGroup) string { return r.ID }, func(r *model.PlacementGroup) *model.Tags { return &r.Tags }),
	taggedTable("prefix-list", prefixListKind, store.PrefixLists, func(r *model.PrefixList) string { return r.ID }, func(r *model.PrefixList) *model.Tags { return &r.Tags }),
	taggedTable("network-interface", interfaceKind, store.Interfaces, func(r *model.Interface) string { return r.ID }, func(r *model.Interface) *model.Tags { return &r.Tags }),
	taggedTable("route-table", routeTableKind, store.RouteTables, func(r *model.RouteTable) string { return r.ID }, func(r *model.RouteTable) *model.Tags { return &r.Tags }),
	taggedTable("security-group", securityGroupKind, store.SecurityGroups, func(r *model.SecurityGroup) string { return r.ID }, func(r *model.SecurityGroup) *model.Tags { return &r.Tags }),
	taggedTable("security-group-rule", securityRuleKind, store.SecurityRules, func(r *model.SecurityRule) string { return r.ID }, func(r *model.SecurityRule) *model.Tags { return &r.Tags }),
	taggedTable("subnet", subnetKind, store.Subnets, func(r *model.Subnet) string { return r.ID }, func(r *model.Subnet) *model.Tags { return &r.Tags }),
	taggedTable("vpc-flow-log", flowLogKind, store.FlowLogs, func(r *model.FlowLog) string { return r.ID }, func(r *model.FlowLog) *model.Tags { return &r.Tags }),
	taggedTable("network-insights-path", insightsPathKind, store.InsightsPaths, func(r *model.InsightsPath) string { return r.ID }, func(r *model.InsightsPath) *model.Tags { return &r.Tags }),
	taggedTable("network-insights-analysis", insightsAnalysisKind, store.InsightsAnalyses, func(r *model.InsightsAnalysis) string { return r.ID }, func(r *model.InsightsAnalysis) *model.Tags { return &r.Tags }),
	taggedTable("volume", volumeKind, store.Volumes, func(r *model.Volume) string { return r.ID }, func(r *model.Volume) *model.Tags { return &r.Tags }),
	taggedTable("vpc", vpcKind, store.VPCs, func(r *model.VPC) string { return r.ID }, func(r *model.VPC) *model.Tags { return &r.Tags }),
}

// resolveTagged finds the tables of the resources of a tag request. All must exist.
func resolveTagged(c *action.Call, resources []string) ([]taggable, error) {
	if len(resources) == 0 {
		return nil, apierr.New("MissingParameter", "The request must contain the parameter resourceIdSet")
	}
	if len(resources) > maxTaggedResources {
		return nil, apierr.New("InvalidParameterValue", "The request names %d resources. The most that a request may name is %d.", len(resources), maxTaggedResources)
	}
	out := make([]taggable, len(resources))
	for i, id := range resources {
		k := slices.IndexFunc(taggables, func(t taggable) bool { return t.kind.check(id) == nil })
		if k < 0 {
			return nil, apierr.New("InvalidID", "The ID '%s' is not valid", clip(id))
		}
		out[i] = taggables[k]
		if _, ok := out[i].get(c, id); !ok {
			return nil, out[i].kind.missing(id)
		}
	}
	return out, nil
}

func (a *API) createTags(c *action.Call, in *gen.CreateTagsRequest) (*gen.CreateTagsResult, error) {
	tables, err := resolveTagged(c, in.Resources)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) == 0 {
		return nil, apierr.New("MissingParameter", "The request must contain the parameter tagSet")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	for i, id := range in.Resources {
		old, _ := tables[i].get(c, id)
		tags := old.Clone()
		for _, t := range in.Tags {
			tags[*t.Key] = val(t.Value)
		}
		if userTags(tags) > MaxTags {
			return nil, apierr.New("TagLimitExceeded", "The maximum number of Tags for a resource has been reached: '%s' may have %d.", id, MaxTags)
		}
		if maps.Equal(old, tags) {
			continue
		}
		if err := tables[i].put(c, id, tags); err != nil {
			return nil, err
		}
	}
	return &gen.CreateTagsResult{}, nil
}

func (a *API) deleteTags(c *action.Call, in *gen.DeleteTagsRequest) (*gen.DeleteTagsResult, error) {
	tables, err := resolveTagged(c, in.Resources)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		if t == nil || t.Key == nil {
			return nil, apierr.New("MissingParameter", "The request must contain the parameter key")
		}
		if err := refuseReserved(*t.Key); err != nil {
			return nil, err
		}
	}
	for i, id := range in.Resources {
		old, _ := tables[i].get(c, id)
		tags := old.Clone()
		if len(in.Tags) == 0 { // all that the user may delete
			maps.DeleteFunc(tags, func(k, _ string) bool { return !isReserved(k) })
		}
		for _, t := range in.Tags {
			if v, ok := tags[*t.Key]; ok && (t.Value == nil || *t.Value == v) {
				delete(tags, *t.Key)
			}
		}
		if maps.Equal(old, tags) {
			continue
		}
		if err := tables[i].put(c, id, tags); err != nil {
			return nil, err
		}
	}
	return &gen.DeleteTagsResult{}, nil
}

// userTags counts the tags that count for the limit: not those of the system.
func userTags(t model.Tags) (n int) {
	for k := range t {
		if !isReserved(k) {
			n++
		}
	}
	return n
}

func isReserved(key string) bool {
	return len(key) >= len(reservedTagPrefix) && strings.EqualFold(key[:len(reservedTagPrefix)], reservedTagPrefix)
}

func refuseReserved(key string) error {
	if isReserved(key) {
		return apierr.New("InvalidParameterValue", "Value ( %s ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use", clip(key))
	}
	return nil
}

// checkTags refuses tags that no resource may have, and a key that comes twice.
func checkTags(tags []*gen.Tag) error {
	seen := map[string]bool{}
	for _, t := range tags {
		if t == nil || val(t.Key) == "" {
			return apierr.New("InvalidTagKey.Malformed", "Tag keys must not be empty.")
		}
		key, value := *t.Key, val(t.Value)
		if err := refuseReserved(key); err != nil {
			return err
		}
		switch {
		case utf8.RuneCountInString(key) > maxTagKey:
			return apierr.New("InvalidParameterValue", "Tag key exceeds the maximum length of %d characters", maxTagKey)
		case utf8.RuneCountInString(value) > maxTagValue:
			return apierr.New("InvalidParameterValue", "Tag value exceeds the maximum length of %d characters", maxTagValue)
		case strings.ContainsFunc(key+value, unicode.IsControl) || !utf8.ValidString(key+value):
			return apierr.New("InvalidParameterValue", "The tag '%s' has characters that tags may not have.", clip(strings.ToValidUTF8(key, "?")))
		case seen[key]:
			return apierr.New("InvalidParameterValue", "Duplicate tag key '%s' specified.", key)
		}
		seen[key] = true
	}
	return nil
}

// toTags shows tags in the order of their keys; none are nil.
func toTags(t model.Tags) []*gen.Tag {
	if len(t) == 0 {
		return nil
	}
	out := make([]*gen.Tag, 0, len(t))
	for _, k := range slices.Sorted(maps.Keys(t)) {
		out = append(out, &gen.Tag{Key: &k, Value: new(t[k])})
	}
	return out
}

// parseTagSpecs reads the tags of a request that makes resources, by resource type.
// allowed are the types that the action makes.
func parseTagSpecs(specs []*gen.TagSpecification, allowed ...string) (map[string]model.Tags, error) {
	out := map[string]model.Tags{}
	for _, s := range specs {
		if s == nil || s.ResourceType == nil {
			return nil, apierr.New("InvalidParameterValue", "Tag specification resource type must have a value")
		}
		if !slices.Contains(allowed, *s.ResourceType) {
			return nil, apierr.New("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", clip(*s.ResourceType))
		}
		if out[*s.ResourceType] != nil {
			return nil, apierr.New("InvalidParameterValue", "The same resource type may not be specified more than once in tag specifications")
		}
		if len(s.Tags) == 0 {
			return nil, apierr.New("InvalidParameterValue", "Tag specification must have at least one tag")
		}
		if err := checkTags(s.Tags); err != nil {
			return nil, err
		}
		if len(s.Tags) > MaxTags {
			return nil, apierr.New("TagLimitExceeded", "The maximum number of Tags for a resource is %d; the request has %d.", MaxTags, len(s.Tags))
		}
		tags := model.Tags{}
		for _, t := range s.Tags {
			tags[*t.Key] = val(t.Value)
		}
		out[*s.ResourceType] = tags
	}
	return out, nil
}

// tagRow is one tag of one resource.
type tagRow struct {
	id, resourceType, key, value string
}

func (t tagRow) sortKey() string { return t.id + tagResourceKeySplit + t.key }

var tagFilters = wire.FilterTable[tagRow]{
	Tags: func(t tagRow) map[string]string { return map[string]string{t.key: t.value} },
	Fields: map[string]func(tagRow) []string{
		"key":           func(t tagRow) []string { return []string{t.key} },
		"resource-id":   func(t tagRow) []string { return []string{t.id} },
		"resource-type": func(t tagRow) []string { return []string{t.resourceType} },
		"value":         func(t tagRow) []string { return []string{t.value} },
	},
}

func (a *API) describeTags(c *action.Call, in *gen.DescribeTagsRequest) (*gen.DescribeTagsResult, error) {
	match, err := tagFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	page, err := wire.PageLimits{Min: 5, Max: 1000}.Page(store.Key("DescribeTags", c.Account, c.Region), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	var all []tagRow
	for _, t := range taggables {
		for id, tags := range t.all(c) {
			for k, v := range tags {
				if row := (tagRow{id, t.resourceType, k, v}); match(row) {
					all = append(all, row)
				}
			}
		}
	}
	slices.SortFunc(all, func(x, y tagRow) int { return strings.Compare(x.sortKey(), y.sortKey()) })
	rows, next := wire.Take(page, slices.Values(all), tagRow.sortKey, func(tagRow) bool { return true })
	to := func(t tagRow) *gen.TagDescription {
		return &gen.TagDescription{ResourceId: &t.id, ResourceType: &t.resourceType, Key: &t.key, Value: &t.value}
	}
	return &gen.DescribeTagsResult{Tags: described(rows, to), NextToken: next}, nil
}
