package ec2

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

var placementGroupKind = idKind{ids.PlacementGroup, "InvalidPlacementGroupId.Malformed", "InvalidPlacementGroup.Unknown", "Placement Group"}

// The strategies of placement groups, and the levels of those that spread.
const (
	groupCluster   = "cluster"
	groupSpread    = "spread"
	groupPartition = "partition"
	levelRack      = "rack"
	levelHost      = "host"
)

// maxPartitions of a placement group, and how many it has if nobody says (EC2 user
// guide, "Placement strategies").
const (
	maxPartitions     = 7
	defaultPartitions = 2
)

func (a *API) registerPlacementGroups(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreatePlacementGroup", Mutates: true, Resource: "placement-group"}, a.createPlacementGroup)
	wire.Check(r, "CreatePlacementGroup", checkCreateGroup)
	wire.Handle(r, wire.Spec{Name: "DeletePlacementGroup", Mutates: true, Resource: "placement-group"}, a.deletePlacementGroup)
	wire.Handle(r, wire.Spec{Name: "DescribePlacementGroups", Resource: "placement-group"}, a.describePlacementGroups)
}

func checkCreateGroup(in *gen.CreatePlacementGroupRequest) error {
	if val(in.GroupName) == "" {
		return missing("GroupName")
	}
	if err := checkKeyName(in.GroupName); err != nil {
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter groupName is invalid: up to 255 ASCII characters are allowed, without spaces at the ends.", clip(*in.GroupName))
	}
	strategy := orDefault(in.Strategy, groupCluster)
	switch n := orDefault(in.PartitionCount, defaultPartitions); {
	case in.PartitionCount != nil && strategy != groupPartition:
		return apierr.New("InvalidParameterCombination", "The parameter partitionCount cannot be used with the strategy '%s'.", strategy)
	case n < 1 || n > maxPartitions:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter partitionCount is invalid. Expecting 1 to %d.", n, maxPartitions)
	case in.SpreadLevel != nil && strategy != groupSpread:
		return apierr.New("InvalidParameterCombination", "The parameter spreadLevel cannot be used with the strategy '%s'.", strategy)
	}
	return nil
}

func (a *API) createPlacementGroup(c *action.Call, in *gen.CreatePlacementGroupRequest) (*gen.CreatePlacementGroupResult, error) {
	tags, err := parseTagSpecs(in.TagSpecifications, "placement-group")
	if err != nil {
		return nil, err
	}
	g := &model.PlacementGroup{
		ID: ids.New(ids.PlacementGroup), Owned: owner(c), Name: *in.GroupName, Strategy: orDefault(in.Strategy, groupCluster),
		Created: c.Now(), Tags: tags["placement-group"].Clone(),
	}
	switch g.Strategy {
	case groupPartition:
		g.Partitions = int(orDefault(in.PartitionCount, defaultPartitions))
	case groupSpread:
		g.SpreadLevel = orDefault(in.SpreadLevel, levelRack)
	}
	err = store.PlacementGroups.Put(c.Tx, g)
	if errors.Is(err, store.ErrExists) {
		return nil, apierr.New("InvalidPlacementGroup.Duplicate", "The Placement Group '%s' already exists.", g.Name)
	}
	return &gen.CreatePlacementGroupResult{PlacementGroup: toPlacementGroup(g)}, err
}

func noGroup(name string) error {
	return apierr.New("InvalidPlacementGroup.Unknown", "The Placement Group '%s' is unknown.", clip(name))
}

// findGroup returns the caller's placement group of a name or an id.
func findGroup(c *action.Call, name, id string) (*model.PlacementGroup, error) {
	if name != "" {
		g := store.PlacementGroups.First(c, "name", store.Key(c.Account, c.Region, name))
		switch {
		case g == nil:
			return nil, noGroup(name)
		case id != "" && g.ID != id:
			return nil, apierr.New("InvalidParameterCombination", "The placement group '%s' does not have the ID '%s'.", clip(name), clip(id))
		}
		return g, nil
	}
	if err := placementGroupKind.check(id); err != nil {
		return nil, err
	}
	if g, ok := mineByID(store.PlacementGroups)(c, id); ok {
		return g, nil
	}
	return nil, noGroup(id)
}

func (a *API) deletePlacementGroup(c *action.Call, in *gen.DeletePlacementGroupRequest) (*gen.DeletePlacementGroupResult, error) {
	g, err := findGroup(c, *in.GroupName, "")
	if err != nil {
		return nil, err
	}
	for i := range store.Instances.By(c, "placement_group", g.ID) {
		if lifecycle.State(c, i) != model.StateTerminated {
			return nil, apierr.New("InvalidPlacementGroup.InUse", "The placement group '%s' is in use and may not be deleted.", g.Name)
		}
	}
	return &gen.DeletePlacementGroupResult{}, store.PlacementGroups.Delete(c.Tx, g.ID)
}

var placementGroupFilters = wire.FilterTable[*model.PlacementGroup]{
	Tags: func(g *model.PlacementGroup) map[string]string { return g.Tags },
	Fields: map[string]func(*model.PlacementGroup) []string{
		"group-arn":    func(g *model.PlacementGroup) []string { return one(groupARN(g)) },
		"group-id":     func(g *model.PlacementGroup) []string { return one(g.ID) },
		"group-name":   func(g *model.PlacementGroup) []string { return one(g.Name) },
		"spread-level": func(g *model.PlacementGroup) []string { return one(g.SpreadLevel) },
		"state":        always[*model.PlacementGroup]("available"),
		"strategy":     func(g *model.PlacementGroup) []string { return one(g.Strategy) },
	},
}

func (a *API) describePlacementGroups(c *action.Call, in *gen.DescribePlacementGroupsRequest) (*gen.DescribePlacementGroupsResult, error) {
	match, err := placementGroupFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	named := []*model.PlacementGroup{}
	add := func(name, id string) error {
		g, err := findGroup(c, name, id)
		if err == nil && !slices.Contains(named, g) {
			named = append(named, g)
		}
		return err
	}
	for _, name := range in.GroupNames {
		if err := add(name, ""); err != nil {
			return nil, err
		}
	}
	for _, id := range in.GroupIds {
		if err := add("", id); err != nil {
			return nil, err
		}
	}
	all := iter.Seq[*model.PlacementGroup](slices.Values(named))
	if len(in.GroupNames)+len(in.GroupIds) == 0 {
		all = mine(store.PlacementGroups)(c)
	}
	out := &gen.DescribePlacementGroupsResult{PlacementGroups: []*gen.PlacementGroup{}}
	for g := range all {
		if match(g) {
			out.PlacementGroups = append(out.PlacementGroups, toPlacementGroup(g))
		}
	}
	return out, nil
}

func groupARN(g *model.PlacementGroup) string {
	return fmt.Sprintf("arn:aws:ec2:%s:%s:placement-group/%s", g.Region, g.Account, g.Name)
}

func toPlacementGroup(g *model.PlacementGroup) *gen.PlacementGroup {
	out := &gen.PlacementGroup{
		GroupId: &g.ID, GroupName: &g.Name, State: new("available"), Strategy: &g.Strategy, GroupArn: new(groupARN(g)),
		SpreadLevel: str(g.SpreadLevel), Tags: tagsOrEmpty(g.Tags),
	}
	if g.Partitions > 0 {
		out.PartitionCount = new(int64(g.Partitions))
	}
	return out
}
