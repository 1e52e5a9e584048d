package ec2

import (
	"cmp"
	"iter"
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

var prefixListKind = idKind{ids.PrefixList, "InvalidPrefixListId.Malformed", "InvalidPrefixListID.NotFound", "prefix list ID"}

// keptVersions is how many earlier versions of a prefix list are kept: its row has them all.
const keptVersions = 100

// maxEntriesChanged is how many entries one request may add, and how many remove.
const maxEntriesChanged = 100

func (a *API) registerPrefixLists(r *wire.Registry[*action.Call]) {
	handle := func(name string, mutates bool) wire.Spec {
		return wire.Spec{Name: name, Resource: "prefix-list", Mutates: mutates}
	}
	create := handle("CreateManagedPrefixList", true)
	create.Partial = "IPv4 lists alone"
	wire.Handle(r, create, a.createManagedPrefixList)
	wire.Check(r, "CreateManagedPrefixList", checkCreatePrefixList)
	wire.Handle(r, handle("ModifyManagedPrefixList", true), a.modifyManagedPrefixList)
	wire.Check(r, "ModifyManagedPrefixList", checkModifyPrefixList)
	wire.Handle(r, handle("RestoreManagedPrefixListVersion", true), a.restoreManagedPrefixListVersion)
	wire.Handle(r, handle("DeleteManagedPrefixList", true), a.deleteManagedPrefixList)
	wire.Handle(r, handle("DescribeManagedPrefixLists", false), a.describeManagedPrefixLists)
	wire.Handle(r, handle("GetManagedPrefixListEntries", false), a.getManagedPrefixListEntries)
	wire.Handle(r, handle("GetManagedPrefixListAssociations", false), a.getManagedPrefixListAssociations)
	wire.Handle(r, handle("DescribePrefixLists", false), a.describePrefixLists)
}

func getPrefixList(c *action.Call, id *string) (*model.PrefixList, error) {
	return require(c, prefixListKind, store.PrefixLists, val(id))
}

func checkPrefixListName(name string) error {
	switch {
	case name == "" || len(name) > 255:
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter prefixListName is invalid. A name has 1 to 255 characters.", clip(name))
	case strings.HasPrefix(name, "com.amazonaws"):
		return apierr.New("InvalidParameterValue", "Prefix list name cannot start with com.amazonaws")
	}
	return nil
}

func checkCreatePrefixList(in *gen.CreateManagedPrefixListRequest) error {
	if err := checkPrefixListName(val(in.PrefixListName)); err != nil {
		return err
	}
	switch family := val(in.AddressFamily); {
	case family == "IPv6":
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: prefix lists of IPv6.")
	case family != "IPv4":
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter addressFamily is invalid. Expecting one of: IPv4, IPv6.", clip(family))
	case val(in.MaxEntries) < 1:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter maxEntries is invalid. Expecting a value greater than 0.", val(in.MaxEntries))
	}
	if _, err := parsePrefixEntries(in.Entries); err != nil {
		return err
	}
	_, err := parseTagSpecs(in.TagSpecifications, "prefix-list")
	return err
}

// parsePrefixEntries checks the entries of a request, each block once.
func parsePrefixEntries(in []*gen.AddPrefixListEntry) ([]model.PrefixEntry, error) {
	if len(in) > maxEntriesChanged {
		return nil, apierr.New("InvalidParameterValue", "The request adds %d entries. The most that a request may add is %d.", len(in), maxEntriesChanged)
	}
	var out []model.PrefixEntry
	for _, e := range in {
		if e == nil {
			return nil, missing("Entry.Cidr")
		}
		cidr, err := parsePrefixBlock(val(e.Cidr))
		if err != nil {
			return nil, err
		}
		if len(val(e.Description)) > 255 {
			return nil, apierr.New("InvalidParameterValue", "The description of %s is longer than 255 characters.", cidr)
		}
		if blockAt(out, cidr) >= 0 {
			return nil, apierr.New("InvalidParameterValue", "Request cannot contain duplicate Cidr %s", cidr)
		}
		out = append(out, model.PrefixEntry{CIDR: cidr, Description: val(e.Description)})
	}
	return out, nil
}

func parsePrefixBlock(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return p, apierr.New("InvalidParameterValue", "CIDR block %s is malformed", clip(s))
	case !p.Addr().Is4():
		return p, refuseIPv6("The range " + clip(s))
	case p != p.Masked():
		return p, apierr.New("InvalidParameterValue", "The CIDR %s is not in canonical form; %s is the range that it is in", p, p.Masked())
	}
	return p, nil
}

func blockAt(entries []model.PrefixEntry, p netip.Prefix) int {
	return slices.IndexFunc(entries, func(e model.PrefixEntry) bool { return e.CIDR == p })
}

func (a *API) createManagedPrefixList(c *action.Call, in *gen.CreateManagedPrefixListRequest) (*gen.CreateManagedPrefixListResult, error) {
	if err := checkCreatePrefixList(in); err != nil {
		return nil, err
	}
	entries, err := parsePrefixEntries(in.Entries)
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "prefix-list")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaPrefixLists, count(mine(store.PrefixLists)(c), nil), 1); err != nil {
		return nil, err
	}
	l := &model.PrefixList{
		ID: ids.New(ids.PrefixList), Owned: owner(c), Name: *in.PrefixListName, MaxEntries: int(min(*in.MaxEntries, 1<<20)),
		Version: 1, Entries: entries, Created: c.Now(), Tags: tags["prefix-list"].Clone(),
	}
	if err := a.checkSize(l); err != nil {
		return nil, err
	}
	c.Made = l.ID
	return &gen.CreateManagedPrefixListResult{PrefixList: toPrefixList(l, "create-complete")}, store.PrefixLists.Put(c.Tx, l)
}

// checkSize holds a list's entries against its bound, and that against the quota.
func (a *API) checkSize(l *model.PrefixList) error {
	if err := a.within(quotaPrefixEntries, l.MaxEntries, 0); err != nil {
		return err
	}
	if len(l.Entries) > l.MaxEntries {
		return apierr.New("PrefixListMaxEntriesExceeded", "You've reached the maximum number of entries for the prefix list: it may have %d.", l.MaxEntries)
	}
	return nil
}

func checkModifyPrefixList(in *gen.ModifyManagedPrefixListRequest) error {
	entries := len(in.AddEntries)+len(in.RemoveEntries) > 0
	if in.PrefixListName != nil {
		if err := checkPrefixListName(*in.PrefixListName); err != nil {
			return err
		}
	}
	switch {
	case in.MaxEntries != nil && entries:
		return apierr.New("InvalidParameterCombination", "You cannot modify the entries of a prefix list and modify the size of a prefix list at the same time.")
	case in.MaxEntries != nil && *in.MaxEntries < 1:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter maxEntries is invalid. Expecting a value greater than 0.", *in.MaxEntries)
	case entries && in.CurrentVersion == nil:
		return missing("CurrentVersion")
	case len(in.RemoveEntries) > maxEntriesChanged:
		return apierr.New("InvalidParameterValue", "The request removes %d entries. The most that a request may remove is %d.", len(in.RemoveEntries), maxEntriesChanged)
	}
	added, err := parsePrefixEntries(in.AddEntries)
	if err != nil {
		return err
	}
	for _, e := range in.RemoveEntries {
		if e == nil {
			return missing("RemoveEntry.Cidr")
		}
		cidr, err := parsePrefixBlock(val(e.Cidr))
		if err != nil {
			return err
		}
		if blockAt(added, cidr) >= 0 {
			return apierr.New("InvalidParameterValue", "Request cannot contain Cidr %s in both AddPrefixListEntries and RemovePrefixListEntries", cidr)
		}
	}
	return nil
}

func (a *API) modifyManagedPrefixList(c *action.Call, in *gen.ModifyManagedPrefixListRequest) (*gen.ModifyManagedPrefixListResult, error) {
	if err := checkModifyPrefixList(in); err != nil {
		return nil, err
	}
	l, err := getPrefixList(c, in.PrefixListId)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(l, in.CurrentVersion); err != nil {
		return nil, err
	}
	entries, err := changedEntries(l, in)
	if err != nil {
		return nil, err
	}
	next := *l
	if len(in.AddEntries)+len(in.RemoveEntries) > 0 {
		next = newVersion(l, entries)
	}
	next.Name = orDefault(in.PrefixListName, l.Name)
	next.MaxEntries = int(min(orDefault(in.MaxEntries, int64(l.MaxEntries)), 1<<20))
	if err := a.checkSize(&next); err != nil {
		return nil, err
	}
	if err := store.PrefixLists.Put(c.Tx, &next); err != nil {
		return nil, err
	}
	if err := a.checkUsers(c, &next); err != nil {
		return nil, err
	}
	return &gen.ModifyManagedPrefixListResult{PrefixList: toPrefixList(&next, "modify-complete")}, nil
}

func checkVersion(l *model.PrefixList, said *int64) error {
	if said != nil && *said != l.Version {
		return apierr.New("PrefixListVersionMismatch", "The prefix list has the version number %d, and the request was made for %d. Look at it again.", l.Version, *said)
	}
	return nil
}

// changedEntries are a list's entries after a request.
func changedEntries(l *model.PrefixList, in *gen.ModifyManagedPrefixListRequest) ([]model.PrefixEntry, error) {
	out := slices.Clone(l.Entries)
	for _, e := range in.RemoveEntries {
		cidr, err := parsePrefixBlock(val(e.Cidr))
		if err != nil {
			return nil, err
		}
		k := blockAt(out, cidr)
		if k < 0 {
			return nil, apierr.New("InvalidParameterValue", "The CIDR %s is not in the prefix list %s", cidr, l.ID)
		}
		out = slices.Delete(out, k, k+1)
	}
	added, err := parsePrefixEntries(in.AddEntries)
	if err != nil {
		return nil, err
	}
	for _, e := range added {
		if blockAt(out, e.CIDR) >= 0 {
			return nil, apierr.New("InvalidRequest", "The request received was invalid: %s is in the prefix list already.", e.CIDR)
		}
		out = append(out, e)
	}
	return out, nil
}

// newVersion is a list with other entries; those that it had go into its history.
func newVersion(l *model.PrefixList, entries []model.PrefixEntry) model.PrefixList {
	next := *l
	next.History = map[int64][]model.PrefixEntry{l.Version: l.Entries}
	for v, e := range l.History {
		if v > l.Version-keptVersions {
			next.History[v] = e
		}
	}
	next.Version, next.Entries = l.Version+1, entries
	return next
}

// checkUsers holds what names a list against the quotas, in which it counts with as many
// entries as it may have.
func (a *API) checkUsers(c *action.Call, l *model.PrefixList) error {
	for rule := range store.SecurityRules.By(c, "prefix_list", l.ID) {
		if err := a.within(quotaGroupRules, ruleWeight(c, rulesOf(c, rule.Group, rule.Egress)), 0); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) restoreManagedPrefixListVersion(c *action.Call, in *gen.RestoreManagedPrefixListVersionRequest) (*gen.RestoreManagedPrefixListVersionResult, error) {
	l, err := getPrefixList(c, in.PrefixListId)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(l, in.CurrentVersion); err != nil {
		return nil, err
	}
	entries, ok := l.History[val(in.PreviousVersion)]
	if !ok {
		return nil, noVersion(l, val(in.PreviousVersion))
	}
	next := newVersion(l, entries)
	if err := a.checkSize(&next); err != nil {
		return nil, err
	}
	return &gen.RestoreManagedPrefixListVersionResult{PrefixList: toPrefixList(&next, "restore-complete")}, store.PrefixLists.Put(c.Tx, &next)
}

func noVersion(l *model.PrefixList, v int64) error {
	return apierr.New("InvalidParameterValue", "The prefix list %s has no version %d; its latest one is %d.", l.ID, v, l.Version)
}

func (a *API) deleteManagedPrefixList(c *action.Call, in *gen.DeleteManagedPrefixListRequest) (*gen.DeleteManagedPrefixListResult, error) {
	l, err := getPrefixList(c, in.PrefixListId)
	if err != nil {
		return nil, err
	}
	for user := range prefixListUsers(c, l.ID) {
		return nil, apierr.New("DependencyViolation", "The prefix list '%s' is in use by '%s' and cannot be deleted.", l.ID, *user.ResourceId)
	}
	return &gen.DeleteManagedPrefixListResult{PrefixList: toPrefixList(l, "delete-complete")}, store.PrefixLists.Delete(c.Tx, l.ID)
}

// prefixListUsers yields what names a prefix list, each once, in the order of their ids.
func prefixListUsers(r store.Reader, id string) iter.Seq[*gen.PrefixListAssociation] {
	owners := map[string]string{}
	for rule := range store.SecurityRules.By(r, "prefix_list", id) {
		owners[rule.Group] = rule.Account
	}
	list := store.PrefixLists.Get(r, id)
	for t := range store.RouteTables.By(r, "account", list.Account) {
		if slices.ContainsFunc(t.Routes, func(x model.Route) bool { return x.PrefixList == id }) {
			owners[t.ID] = t.Account
		}
	}
	users := make([]*gen.PrefixListAssociation, 0, len(owners))
	for resource, account := range owners {
		users = append(users, &gen.PrefixListAssociation{ResourceId: &resource, ResourceOwner: &account})
	}
	slices.SortFunc(users, func(x, y *gen.PrefixListAssociation) int { return cmp.Compare(*x.ResourceId, *y.ResourceId) })
	return slices.Values(users)
}

var prefixListListing = &listing[*model.PrefixList]{
	action: "DescribeManagedPrefixLists",
	kind:   prefixListKind,
	rows:   mine(store.PrefixLists),
	get:    mineByID(store.PrefixLists),
	id:     func(l *model.PrefixList) string { return l.ID },
	limits: wire.PageLimits{Min: 1, Max: 100},
	filters: wire.FilterTable[*model.PrefixList]{
		Tags: func(l *model.PrefixList) map[string]string { return l.Tags },
		Fields: map[string]func(*model.PrefixList) []string{
			"owner-id":         func(l *model.PrefixList) []string { return one(l.Account) },
			"prefix-list-id":   func(l *model.PrefixList) []string { return one(l.ID) },
			"prefix-list-name": func(l *model.PrefixList) []string { return one(l.Name) },
		},
	},
}

func (a *API) describeManagedPrefixLists(c *action.Call, in *gen.DescribeManagedPrefixListsRequest) (*gen.DescribeManagedPrefixListsResult, error) {
	rows, next, err := prefixListListing.page(c, selection{in.PrefixListIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	to := func(l *model.PrefixList) *gen.ManagedPrefixList {
		if l.Version > 1 {
			return toPrefixList(l, "modify-complete")
		}
		return toPrefixList(l, "create-complete")
	}
	return &gen.DescribeManagedPrefixListsResult{PrefixLists: described(rows, to), NextToken: next}, nil
}

func toPrefixList(l *model.PrefixList, state string) *gen.ManagedPrefixList {
	return &gen.ManagedPrefixList{
		PrefixListId: &l.ID, PrefixListName: &l.Name, AddressFamily: new("IPv4"), State: &state, OwnerId: &l.Account,
		PrefixListArn: new("arn:aws:ec2:" + l.Region + ":" + l.Account + ":prefix-list/" + l.ID),
		MaxEntries:    new(int64(l.MaxEntries)), Version: &l.Version, Tags: tagsOrEmpty(l.Tags),
	}
}

func (a *API) getManagedPrefixListEntries(c *action.Call, in *gen.GetManagedPrefixListEntriesRequest) (*gen.GetManagedPrefixListEntriesResult, error) {
	l, err := getPrefixList(c, in.PrefixListId)
	if err != nil {
		return nil, err
	}
	entries := l.Entries
	if v := in.TargetVersion; v != nil && *v != l.Version {
		var ok bool
		if entries, ok = l.History[*v]; !ok {
			return nil, noVersion(l, *v)
		}
	}
	page, err := wire.PageLimits{Min: 1, Max: 100}.Page(store.Key("GetManagedPrefixListEntries", c.Account, c.Region, l.ID), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	key := func(e model.PrefixEntry) string { return e.CIDR.String() }
	entries = slices.SortedFunc(slices.Values(entries), func(x, y model.PrefixEntry) int { return cmp.Compare(key(x), key(y)) })
	rows, next := wire.Take(page, slices.Values(entries), key, func(model.PrefixEntry) bool { return true })
	to := func(e model.PrefixEntry) *gen.PrefixListEntry {
		return &gen.PrefixListEntry{Cidr: new(e.CIDR.String()), Description: str(e.Description)}
	}
	return &gen.GetManagedPrefixListEntriesResult{Entries: described(rows, to), NextToken: next}, nil
}

func (a *API) getManagedPrefixListAssociations(c *action.Call, in *gen.GetManagedPrefixListAssociationsRequest) (*gen.GetManagedPrefixListAssociationsResult, error) {
	l, err := getPrefixList(c, in.PrefixListId)
	if err != nil {
		return nil, err
	}
	page, err := wire.PageLimits{Min: 5, Max: 255}.Page(store.Key("GetManagedPrefixListAssociations", c.Account, c.Region, l.ID), 0, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	rows, next := wire.Take(page, prefixListUsers(c, l.ID), func(u *gen.PrefixListAssociation) string { return *u.ResourceId }, func(*gen.PrefixListAssociation) bool { return true })
	return &gen.GetManagedPrefixListAssociationsResult{PrefixListAssociations: append([]*gen.PrefixListAssociation{}, rows...), NextToken: next}, nil
}

// describePrefixLists is about the lists of AWS's services, of which there are none here.
func (a *API) describePrefixLists(c *action.Call, in *gen.DescribePrefixListsRequest) (*gen.DescribePrefixListsResult, error) {
	type list struct{}
	filters := wire.FilterTable[list]{Fields: map[string]func(list) []string{"prefix-list-id": none[list], "prefix-list-name": none[list]}}
	if _, err := filters.Compile(in.Filters); err != nil {
		return nil, err
	}
	scope := store.Key("DescribePrefixLists", c.Account, c.Region)
	if _, err := (wire.PageLimits{Min: 1, Max: 1000}).Page(scope, len(in.PrefixListIds), in.MaxResults, in.NextToken); err != nil {
		return nil, err
	}
	if err := prefixListKind.check(in.PrefixListIds...); err != nil {
		return nil, err
	}
	if len(in.PrefixListIds) > 0 {
		return nil, prefixListKind.missing(in.PrefixListIds...)
	}
	return &gen.DescribePrefixListsResult{PrefixLists: []*gen.PrefixList{}}, nil
}
