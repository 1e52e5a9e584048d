package ec2

import (
	"context"
	"net/netip"
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

const (
	testAccount = "111122223333"
	testRegion  = "eu-central-1"
)

// tester is the part of testing.TB that rapid's T has too.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// world is an API over a store in memory, called as one account in one region.
type world struct {
	tester
	db              *store.Memory
	api             *API
	account, region string
}

// newWorld returns a world with the account's default network in two zones.
func newWorld(t tester) *world {
	t.Helper()
	w := &world{
		tester: t,
		db:     store.NewMemory(),
		api: &API{deps: Deps{Regions: []Region{
			{Name: testRegion, Endpoint: "localhost:7777", Zones: []Zone{{"eu-central-1a", "euc1-az1"}, {"eu-central-1b", "euc1-az2"}}},
			{Name: "us-east-1", Endpoint: "localhost:7777", Zones: []Zone{{"us-east-1a", "use1-az1"}}},
		}}},
		account: testAccount,
		region:  testRegion,
	}
	w.ensureNetwork("eu-central-1a", "eu-central-1b")
	return w
}

// as returns the same world seen by another account, or in another region.
func (w *world) as(account, region string) *world {
	v := *w
	v.account, v.region = account, region
	return &v
}

func (w *world) ensureNetwork(zones ...string) {
	w.Helper()
	w.update(func(tx *store.Tx) error { return EnsureAccountNetwork(tx, w.account, w.region, zones) })
}

func (w *world) update(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), store.Meta{}, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) call(tx *store.Tx) *action.Call {
	return &action.Call{Tx: tx, Context: context.Background(), Account: w.account, Region: w.region}
}

// view is a call that only reads.
func (w *world) view() *action.Call { return w.call(w.db.Stale().ReadOnly()) }

// look calls an action that must not write.
func look[In, Out any](w *world, h func(*action.Call, *In) (*Out, error), in *In) (*Out, error) {
	return h(w.view(), in)
}

// do calls an action that may write.
func do[In, Out any](w *world, h func(*action.Call, *In) (*Out, error), in *In) (out *Out, err error) {
	err = w.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		out, err = h(w.call(tx), in)
		return err
	})
	return out, err
}

// must is do or look for calls that succeed.
func must[In, Out any](w *world, run func(*world, func(*action.Call, *In) (*Out, error), *In) (*Out, error), h func(*action.Call, *In) (*Out, error), in *In) *Out {
	w.Helper()
	out, err := run(w, h, in)
	if err != nil {
		w.Fatalf("%+v: %v", in, err)
	}
	return out
}

// wantCode checks that err is a client error with a code; an empty code means none.
func wantCode(t tester, err error, code, reason string) {
	t.Helper()
	switch {
	case code == "" && err != nil:
		t.Errorf("%s: %v", reason, err)
	case code != "" && err == nil:
		t.Errorf("%s: no error, want %s", reason, code)
	case code != "" && !apierr.Is(err, code):
		t.Errorf("%s: %v, want %s", reason, err, code)
	}
}

func flt(name string, values ...string) []*gen.Filter {
	return []*gen.Filter{{Name: &name, Values: values}}
}

func (w *world) defaultVPC() *model.VPC {
	w.Helper()
	v := findDefaultVPC(w.db.Stale(), w.account, w.region)
	if v == nil {
		w.Fatal("no default VPC")
	}
	return v
}

func (w *world) subnet(zone string) *model.Subnet {
	w.Helper()
	for s := range store.Subnets.By(w.db.Stale(), "vpc", w.defaultVPC().ID) {
		if s.Zone == zone {
			return s
		}
	}
	w.Fatalf("no subnet in %s", zone)
	return nil
}

func (w *world) defaultGroup() *model.SecurityGroup {
	return store.SecurityGroups.First(w.db.Stale(), "name", store.Key(w.defaultVPC().ID, "default"))
}

// group makes a security group.
func (w *world) group(name string) string {
	w.Helper()
	out := must(w, do, w.api.createSecurityGroup, &gen.CreateSecurityGroupRequest{GroupName: &name, Description: new("for tests")})
	return *out.GroupId
}

// otherVPC makes a VPC that is not the default one, with a default group.
func (w *world) otherVPC() (vpc, group string) {
	w.Helper()
	w.update(func(tx *store.Tx) error {
		n := accountNetwork{tx: tx, owner: model.Owned{Account: w.account, Region: w.region}}
		if err := n.makeVPC(netip.MustParsePrefix("10.0.0.0/16"), tenancyDefault, nil); err != nil {
			return err
		}
		vpc = n.vpc.ID
		return n.makeGroup()
	})
	return vpc, store.SecurityGroups.First(w.db.Stale(), "name", store.Key(vpc, "default")).ID
}

// eni makes an interface in a subnet, with an instance if it is to be attached.
func (w *world) eni(subnet *model.Subnet, instance string, groups ...string) *model.Interface {
	w.Helper()
	var made *model.Interface
	w.update(func(tx *store.Tx) error {
		c := w.call(tx)
		ids, err := w.api.resolveGroups(c, subnet.VPC, groups, nil)
		if err != nil {
			return err
		}
		made, err = createInterface(tx, model.Owned{Account: w.account, Region: w.region}, interfaceSpec{
			Subnet: subnet, Groups: ids, Description: "for tests", SourceDestCheck: true,
			Instance: instance, DeleteOnTermination: true, Tags: model.Tags{"Name": "eni"},
		})
		return err
	})
	return made
}

var _ tester = (*testing.T)(nil)
